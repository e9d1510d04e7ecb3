"""What the tables of a form ask of one another, beyond the contract of each column."""

import re
from pathlib import Path

import pandas as pd

from reformlib.errors import refuse
from reformlib.load.codes import codes
from reformlib.load.rows import distinct, records


def check_rules(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Columns of which one asks something of the other."""
    rules = {}
    if "target_mapping" in tables:
        mapping, remarks = tables["target_mapping"], tables["remarks"]
        general = [row["code"] in codes(row["list"]) for row in records(remarks)]
        low, high = (pd.to_numeric(tables["indicators"][name]) for name in ("limit_low", "limit_high"))
        rules = {
            "indicators.csv, row {}, column limit_high: must not be below limit_low, nor equal it": high <= low,
            "target_mapping.csv, row {}, column reason: must be filled, as measure is none": (
                (mapping["measure"] == "none") & (mapping["reason"] == "")
            ),
            "remarks.csv, row {}, column code: stands in the list twice": remarks.duplicated(["list", "code"]),
            "remarks.csv, row {}, column code: stands in codes.csv already": pd.Series(general, dtype=bool),
        }
        rules |= _projection_rules(tables["projection"], tables["indicators"].set_index("indicator"))
    if "targets" in tables:
        targets = tables["targets"]
        driving = targets["recommended_use"].str.startswith("use")
        rule = "targets.csv, row {}, column recommended_use: must drive no figure, as evidence is unconfirmed"
        rules[rule] = driving & (targets["evidence"] == "unconfirmed")
    if "objectives" in tables:
        rows = tables["objectives"]
        for column in ("comparator", "value", "target_year"):
            lacking = (rows["kind"] == "measurable") & (rows[column] == "")
            rules[f"objectives.csv, row {{}}, column {column}: must be filled, as kind is measurable"] = lacking
    wrong = [
        f"{rule.format(row + 2)}; found {tables[file][column][row]!r}"
        for rule, broken in rules.items()
        for file, column in re.findall(r"^(\w+)\.csv, row {}, column (\w+):", rule)
        for row in broken.index[broken]
    ]
    refuse(wrong, where=str(folder), fix="correct the cells named")


def _projection_rules(rows: pd.DataFrame, form: pd.DataFrame) -> dict[str, pd.Series]:
    """What each row of projection.csv must agree on with itself and with the limits of its indicator."""
    free, none = rows["family"] == "unbounded", rows["ceiling"] == "none"
    low, high = (pd.to_numeric(rows["indicator"].map(form[name])) for name in ("limit_low", "limit_high"))
    rules = {
        "ceiling: must not be limit_high, which is empty in indicators.csv": rows["ceiling"].eq("limit_high")
        & high.isna(),
        "ceiling: must be none where family is unbounded, and only there": free != none,
        "ceiling: must not be none, as indicators.csv has a limit_high": none & high.notna(),
        "family: must be unbounded, as indicators.csv has no limit_low": ~free & low.isna(),
    }
    return {f"projection.csv, row {{}}, column {rule}": broken for rule, broken in rules.items()}


def check_categories(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """A category is declared once, by words that no other of its row has; target_mapping.csv names declared ones.

    All categories of an indicator stand in rows of their own or none does, each in one that no other row has.
    """
    wrong, declared, taken = [], set(), set(tables["indicators"]["form_row"])
    in_rows: dict[str, bool] = {}
    said: dict[tuple[str, str], str] = {}
    for place, row in enumerate(records(tables["categories"]), start=2):
        where, number = f"categories.csv, row {place}", row["form_row"]
        indicator, category, in_row = row["indicator"], row["category"], f"{where}, column form_row"
        if (indicator, category) in declared:
            wrong.append(f"{where}: category {category} of {indicator} stands twice")
        if in_rows.setdefault(indicator, bool(number)) != bool(number):
            wrong.append(f"{in_row}: all categories of {indicator} have a row of their own, or none has")
        if number and number in taken:
            wrong.append(f"{in_row}: row {number} stands in the form twice")
        wrong += [
            f"{where}, column words: {word!r} stands for {first} of {indicator} already"
            for word in map(str.casefold, distinct(*row["words"].split(";"), row["name_vi"]))
            for first in [said.setdefault((indicator, word), category)]
            if first != category
        ]
        declared.add((indicator, category))
        taken.add(number)
    wrong += [
        f"target_mapping.csv, row {place}, column level: {category!r} is no category of {row['indicator']}"
        for place, row in enumerate(records(tables["target_mapping"]), start=2)
        for category in filter(None, row["level"].split("+"))
        if (row["indicator"], category) not in declared
    ]
    refuse(wrong, where=str(folder), expected="rows of categories.csv", fix="correct the cells")
