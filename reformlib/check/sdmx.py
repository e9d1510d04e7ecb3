"""Code lists of SDMX that the rules and the tables use, the rows of sdmx.csv.

CL_OBS_STATUS is version 2.2. M is not "missing" in general: use O (reason unknown) or L (not collected).
CL_TIME_PER_COLLECT is what a figure says of its period.
"""

from reformlib.paths import packaged

_ROWS = packaged("check/sdmx.csv")
OBS_STATUS, TIME_COLLECT = (
    {row["code"]: row["name"] for row in _ROWS if row["list"] == name}
    for name in ("CL_OBS_STATUS", "CL_TIME_PER_COLLECT")
)
