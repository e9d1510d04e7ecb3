"""What columns of tables ask of one another, beyond the contract of each: `RULES`, and of categories."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.errors import refuse
from reformlib.load.codes import codes
from reformlib.load.rows import distinct, records

Row = dict[str, Any]
LIMITS = ("limit_low", "limit_high")


def _first(row: Row, before: list[Row], *columns: str) -> Row:
    """The first row that says in some columns what a row says: the row itself where none before it does."""
    return next(one for one in (*before, row) if all(one[column] == row[column] for column in columns))


# Table, column and what a cell of it must, with other cells of its row between braces; whether a row, given the rows
# before it, breaks that. All cells are texts there but `limit_low` and `limit_high`, which are numbers.
RULES: dict[tuple[str, str, str], Callable[[Row, list[Row]], bool]] = {
    ("indicators", "limit_high", "not be below limit_low, nor equal it"): lambda r, _: (
        r["limit_high"] <= r["limit_low"]
    ),
    ("categories", "category", "not stand twice for {indicator}"): lambda r, before: (
        _first(r, before, "indicator", "category") is not r
    ),
    ("categories", "form_row", "be filled for all categories of {indicator}, or for none"): (
        lambda r, before: bool(r["form_row"]) != bool(_first(r, before, "indicator")["form_row"])
    ),
    ("categories", "form_row", "stand in the form once"): (
        lambda r, before: r["form_row"] != "" and (r["of_indicator"] or _first(r, before, "form_row") is not r)
    ),
    ("target_mapping", "reason", "be filled, as measure is none"): lambda r, _: (
        r["measure"] == "none" and not r["reason"]
    ),
    ("remarks", "code", "not stand in the list twice"): lambda r, before: _first(r, before, "list", "code") is not r,
    ("remarks", "code", "not stand in codes.csv already"): lambda r, _: r["code"] in codes(r["list"]),
    ("projection", "ceiling", "not be limit_high, which is empty in indicators.csv"): (
        lambda r, _: r["ceiling"] == "limit_high" and isnan(r["limit_high"])
    ),
    ("projection", "ceiling", "be none where family is unbounded, and only there"): (
        lambda r, _: (r["family"] == "unbounded") != (r["ceiling"] == "none")
    ),
    ("projection", "ceiling", "not be none, as indicators.csv has a limit_high"): (
        lambda r, _: r["ceiling"] == "none" and not isnan(r["limit_high"])
    ),
    ("projection", "family", "be unbounded, as indicators.csv has no limit_low"): (
        lambda r, _: r["family"] != "unbounded" and isnan(r["limit_low"])
    ),
    ("targets", "recommended_use", "drive no figure, as evidence is unconfirmed"): (
        lambda r, _: r["evidence"] == "unconfirmed" and r["recommended_use"].startswith("use")
    ),
    ("objective_evidence", "objective", "be measurable, as bears is figure"): (
        lambda r, _: r["bears"] == "figure" and r["kind"] != "measurable"
    ),
    ("objective_evidence", "facts", "be a share in %, or what was cut and what is left, as bears is figure"): (
        lambda r, _: r["bears"] == "figure" and not r["indicators"] and r["unit"] != "%" and r["facts"].count(";") != 1
    ),
} | {
    ("objectives", column, "be filled, as kind is measurable"): (
        lambda r, _, column=column: r["kind"] == "measurable" and r[column] == ""
    )
    for column in ("comparator", "value", "target_year")
}


def check_rules(where: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Hold rows of tables as they were read, by name, against `RULES`; those of one that is not there wait.

    Raises ReformError naming file, row, column, rule and value of everything that is wrong.
    """
    wrong = []
    for (table, column, must), broken in RULES.items():
        rows = tables.get(table, ())
        asked = [row | {name: float(row[name] or "nan") for name in LIMITS if name in row} for row in rows]
        wrong += [
            f"{table}.csv, row {at + 2}, column {column}: must {must.format_map(row)}; found {row[column]!r}"
            for at, row in enumerate(rows)
            if broken(asked[at], asked[:at])
        ]
    refuse(wrong, where=str(where), fix="correct the cells named")


def check_categories(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """No two categories of a row are known by one word; target_mapping.csv names those there are.

    Raises ReformError with every word and category that is wrong.
    """
    wrong, declared = [], set()
    said: dict[tuple[str, str], str] = {}
    for place, row in enumerate(records(tables["categories"]), start=2):
        indicator, category = row["indicator"], row["category"]
        declared.add((indicator, category))
        wrong += [
            f"categories.csv, row {place}, column words: {word!r} stands for {first} of {indicator} already"
            for word in map(str.casefold, distinct(*row["words"].split(";"), row["name_vi"]))
            for first in [said.setdefault((indicator, word), category)]
            if first != category
        ]
    wrong += [
        f"target_mapping.csv, row {place}, column level: {category!r} is no category of {row['indicator']}"
        for place, row in enumerate(records(tables["target_mapping"]), start=2)
        for category in filter(None, row["level"].split("+"))
        if (row["indicator"], category) not in declared
    ]
    refuse(wrong, where=str(folder), expected="rows of categories.csv", fix="correct the cells")
