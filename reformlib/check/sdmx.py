"""Code lists of SDMX that the rules and the tables use."""

# CL_OBS_STATUS, version 2.2. M is not "missing" in general: use O (reason unknown) or L (not collected).
OBS_STATUS = {
    "A": "Normal value",
    "B": "Time series break",
    "D": "Definition differs",
    "E": "Estimated value",
    "F": "Forecast value",
    "G": "Experimental value",
    "H": "Missing value; holiday or weekend",
    "I": "Value imputed by a receiving agency",
    "J": "Derogation",
    "K": "Data included in another category",
    "L": "Missing value; data exist but were not collected",
    "M": "Missing value; data cannot exist",
    "N": "Not significant",
    "O": "Missing value",
    "P": "Provisional value",
    "Q": "Missing value; suppressed",
    "S": "Strike and other special events",
    "U": "Low reliability",
    "V": "Unvalidated value",
    "W": "Includes data from another category",
}

# CL_TIME_PER_COLLECT: what a figure says of its period.
TIME_COLLECT = {
    "A": "Average of observations through period",
    "B": "Beginning of period",
    "E": "End of period",
    "H": "Highest in period",
    "L": "Lowest in period",
    "M": "Middle of period",
    "S": "Summed through period",
    "Y": "Annualised summed",
}
