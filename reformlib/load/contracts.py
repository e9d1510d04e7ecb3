"""What the files of a form, of the targets and of a report must look like: their columns, of
:mod:`reformlib.load.fields`."""

from reformlib.load.codes import codes
from reformlib.load.fields import FIELDS

STATUSES = codes("status")  # SDMX CL_OBS_STATUS 2.2, the codes this package uses


def _files(*names: str) -> dict[str, dict]:
    return {f"{name}.csv": FIELDS[f"{name}.csv"] for name in names}


SHARED = _files("units", "units_of_measure")
TARGETS = _files("instruments", "targets", "bases", "words", "objectives")
FORM = _files("indicators", "categories", "target_mapping", "missing_indicators", "projection")
FORM_MAY = _files("reclassifications", "remarks")  # that a form may lack
FORM_MORE = _files("units_of_measure") | TARGETS  # that a form may add to the shared ones
REPORT = _files("sections", "facts", "documents", "systems", "domains", "results", "limitations", "tasks", "coverage")
REPORT_MAY = _files("later", "objective_evidence", "context")  # that a report may lack
ANNEX = FIELDS["annex.csv"]  # then one column a period, headed as printed, of PRINTED
PRINTED = {"type": "string", "description": "Cell as printed", "constraints": {}}


def table_schema(columns: dict[str, dict], package: dict[str, dict]) -> dict:
    """The Table Schema of one file for its `datapackage.json`, the key and foreign keys in the terms of the standard.

    `columns` are its fields by name; `package` the contracts of the files beside it. A reference to a file of another
    folder, to one of two columns, or of several codes in a cell cannot be said so; it stays with its field.
    """
    foreign = [
        {"fields": name, "reference": {"resource": table, "fields": column}}
        for name, field in columns.items()
        if len(field.get("refers", ())) == 1 and "delimiter" not in field
        for table, column in [field["refers"][0].split(".")]
        if f"{table}.csv" in package
    ]
    schema = {"fields": [{"name": name, **field} for name, field in columns.items()], "missingValues": [""]}
    keys = [name for name, field in columns.items() if field["constraints"].get("unique")]
    return schema | ({"primaryKey": keys[0]} if keys else {}) | ({"foreignKeys": foreign} if foreign else {})
