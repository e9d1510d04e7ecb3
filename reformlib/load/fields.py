"""The columns of every table, said once in fields.csv: type, rules, references, heading and meaning.

Data files are held against it (:mod:`reformlib.load.validate`), `datapackage.json` and the guide of a blank folder are
written from it, and the tables of the pages take their headings from it. Adding a column is adding a row:

- `table`: a data file, `facts.csv`. `name`: `name_*` stands for two columns, `name_vi` and `name_en`.
- `type`: one of `TYPES`, or a regular expression that the whole text matches.
- `required`, `unique`: the word itself where a cell must be filled, and where no two may be the same.
- `allowed`: the values there are, between semicolons; or the largest one, `<=100`.
- `delimiter`: between the values where a cell may hold several.
- `refers`: the columns, `table.name` between blanks, in one of which a value must stand.
- `title`: the heading on a page, in English, a key of the translations. `description`: what a cell holds.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

# The type in the standard, and what a text of a data file looks like.
TYPES = {
    "text": ("string", ""),
    "integer": ("integer", "[0-9]+"),
    "number": ("number", r"-?[0-9]+(?:\.[0-9]+)?"),
    "year": ("year", "[12][0-9]{3}"),
    "digit": ("string", "[0-9]"),
    "day": ("string", r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?"),  # may lack day, or month and day
    "code": ("string", r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"),
    "domain": ("string", "[1-6]"),
    "section": ("string", r"\w+(?:\.\w+)*"),  # II.2.1.đ: headings are lettered in Vietnamese
    "target": ("string", "T[0-9]{3}"),
}


def _read() -> dict[str, dict[str, dict[str, Any]]]:
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    with (Path(__file__).parent / "fields.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
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
        "required": bool(row["required"]),
        "unique": bool(row["unique"]),
        "pattern": pattern if kind == "string" else "",
        "enum": row["allowed"].split(";") if row["allowed"] and not maximum else None,
        "maximum": int(maximum[1]) if maximum else None,
    }
    field = {
        "type": kind,
        "title": row["title"],
        "description": row["description"],
        "constraints": {name: rule for name, rule in rules.items() if rule},
        "delimiter": row["delimiter"],
        "refers": row["refers"].split(),
    }
    return {name: value for name, value in field.items() if value or name == "constraints"}


# By table and column: a field of a Frictionless Table Schema, but for its name.
FIELDS = _read()
