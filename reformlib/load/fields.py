"""The columns of every table, said once in fields.csv: type, rules, references, heading and meaning.

Data files are held against it (:mod:`reformlib.load.validate`), `datapackage.json` and the guide of a blank folder are
written from it; tables that are worked out take their columns, their order and types from it, and pages their headings.
Adding a column is adding a row:

- `table`: a data file, `facts.csv`, or a table that is worked out, `gaps`.
- `name`: `name_*` stands for two columns, `name_vi` and `name_en`.
- `type`: a name of types.csv, or a regular expression that the whole text matches.
- `required`: the word itself where a cell must be filled; `optional` where the whole column may be left out, as files
  of before there was one do.
- `unique`: the word itself where no two cells may be the same.
- `allowed`: the values there are, between semicolons; or the largest one, `<=100`.
- `delimiter`: between the values where a cell may hold several.
- `refers`: the columns, `table.name` between blanks, in one of which a value must stand; or the list of codes.csv that
  it must be a code of, `codes.reason`.
- `unit`: `{unit}` is the unit in the column of that name. `digits`: decimals shown. `formula`: over the names that the
  evidence of a number on a page gives.
- `title`: the heading on a page, in English, a key of the translations. `description`: what a cell holds.
"""

import re
from typing import Any

import numpy as np
import pandas as pd

from reformlib.paths import packaged

# The type in the standard, and what a text of a data file looks like.
TYPES = {row["name"]: (row["type"], row["pattern"]) for row in packaged("load/types.csv")}
_DTYPES = {"integer": "int64", "number": "float64", "year": "Int64", "date": "datetime64[ns]", "boolean": "bool"}


def _read() -> dict[str, dict[str, dict[str, Any]]]:
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for row in packaged("load/fields.csv"):
        languages = {"vi": ", in Vietnamese", "en": ", in English"} if row["name"].endswith("_*") else {"": ""}
        for language, more in languages.items():
            name = row["name"].removesuffix("*") + language
            field = _field(row | {"description": row["description"] + more})
            tables.setdefault(row["table"], {})[name] = field
    return tables


def _field(row: dict[str, str]) -> dict[str, Any]:
    kind, pattern = TYPES.get(row["type"], ("string", row["type"]))
    if row["delimiter"]:
        kind, pattern = "string", rf"{pattern}(?:{re.escape(row['delimiter'])}{pattern})*"
    maximum = re.fullmatch("<=([0-9]+)", row["allowed"])
    rules = {
        "required": row["required"] == "required",
        "unique": bool(row["unique"]),
        "pattern": pattern if kind == "string" else "",
        "enum": row["allowed"].split(";") if row["allowed"] and not maximum else None,
        "maximum": int(maximum[1]) if maximum else None,
    }
    field = {"type": kind, "title": row["title"], "description": row["description"]}
    field |= {"constraints": {name: rule for name, rule in rules.items() if rule}}
    field |= {name: row[name] for name in ("delimiter", "unit", "formula")} | {"digits": int(row["digits"] or 0)}
    dated = row["type"] in ("day", "whole_day", "dated")  # dates in it are days of the calendar
    field |= {"dated": dated, "refers": row["refers"].split(), "optional": row["required"] == "optional"}
    return {name: value for name, value in field.items() if value or name == "constraints"}


# By table and column: a field of a Frictionless Table Schema, but for its name.
FIELDS = _read()


def field(table: str, name: str) -> dict[str, Any]:
    """What is said of one column; parts that do not apply are missing. Raises KeyError for one that there is not.

    >>> field("gaps", "way")["unit"], field("gaps", "way")["formula"]
    ('%', '100 * (figure - base) / (target - base)')
    """
    return FIELDS[table][name]


def frame(table: str, rows: list[dict[str, Any]], *more: str) -> pd.DataFrame:
    """Rows as a frame with the columns of a table that is worked out, and `more`, in their order and of their types;
    what else a row holds is left out.

    Texts stay Python objects; numbers that are missing are NaN, dates NaT, years NA.

    >>> frame("projections", [{"indicator": "lan", "year": 2021}]).dtypes[["year", "p50"]].tolist()
    [Int64Dtype(), dtype('float64')]
    """
    types: dict[str, Any] = {name: _DTYPES.get(one["type"], "object") for name, one in FIELDS[table].items()}
    types |= dict.fromkeys(more, "object")
    cells = {name: [row.get(name, np.nan) for row in rows] for name in types}
    return pd.DataFrame({name: _array(column, types[name]) for name, column in cells.items()})


def _array(cells: list, dtype: Any) -> Any:
    # pandas takes three times as long; one cell after the other, as some hold lists
    return np.fromiter(cells, object, len(cells)) if dtype == "object" else pd.array(cells, dtype)
