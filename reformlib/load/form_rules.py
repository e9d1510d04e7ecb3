"""What columns of tables ask of one another, beyond the contract of each: `RULES`, and of categories."""

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pandas as pd

from reformlib.errors import refuse
from reformlib.load.codes import codes
from reformlib.load.rows import distinct, each_row, records


def _again(*columns: str) -> Callable[..., bool]:
    """Whether a row says in some columns what one before it says."""
    said = attrgetter(*columns)
    return lambda r, before: said(r) in map(said, before)


# Table, column and what a cell of it must, with other cells of its row between braces; whether a row, given those
# before it, breaks that. All columns are texts there but `limit_low` and `limit_high`, which are numbers.
RULES: dict[tuple[str, str, str], Callable[..., bool]] = {
    ("indicators", "limit_high", "not be below limit_low, nor equal it"): lambda r, _: r.limit_high <= r.limit_low,
    ("categories", "category", "not stand twice for {indicator}"): _again("indicator", "category"),
    # broken where the first category of the indicator is filled and this one is not, or the other way round
    ("categories", "form_row", "be filled for all categories of {indicator}, or for none"): (
        lambda r, before: [one.form_row != "" for one in before if one.indicator == r.indicator][:1] == [not r.form_row]
    ),
    ("categories", "form_row", "stand in the form once"): (
        lambda r, before: r.form_row != "" and (r.of_indicator or r.form_row in [one.form_row for one in before])
    ),
    ("target_mapping", "reason", "be filled, as measure is none"): lambda r, _: r.measure == "none" and not r.reason,
    ("remarks", "code", "not stand in the list twice"): _again("list", "code"),
    ("remarks", "code", "not stand in codes.csv already"): lambda r, _: r.code in codes(r.list),
    ("projection", "ceiling", "not be limit_high, which is empty in indicators.csv"): (
        lambda r, _: r.ceiling == "limit_high" and pd.isna(r.limit_high)
    ),
    ("projection", "ceiling", "be none where family is unbounded, and only there"): (
        lambda r, _: (r.family == "unbounded") != (r.ceiling == "none")
    ),
    ("projection", "ceiling", "not be none, as indicators.csv has a limit_high"): (
        lambda r, _: r.ceiling == "none" and not pd.isna(r.limit_high)
    ),
    ("projection", "family", "be unbounded, as indicators.csv has no limit_low"): (
        lambda r, _: r.family != "unbounded" and pd.isna(r.limit_low)
    ),
    ("targets", "recommended_use", "drive no figure, as evidence is unconfirmed"): (
        lambda r, _: r.evidence == "unconfirmed" and r.recommended_use.startswith("use")
    ),
    ("objective_evidence", "objective", "be measurable, as bears is figure"): (
        lambda r, _: r.bears == "figure" and r.kind != "measurable"
    ),
    ("objective_evidence", "facts", "be a share in %, or what was cut and what is left, as bears is figure"): (
        lambda r, _: r.bears == "figure" and not r.indicators and r.unit != "%" and r.facts.count(";") != 1
    ),
} | {
    ("objectives", column, "be filled, as kind is measurable"): (
        lambda r, _, column=column: r.kind == "measurable" and not getattr(r, column)
    )
    for column in ("comparator", "value", "target_year")
}


def check_rules(where: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Hold tables as they were read, by name, against `RULES`; those of one that is not there wait.

    Raises ReformError naming file, row, column, rule and value of everything that is wrong.
    """
    wrong = []
    for (table, column, must), broken in RULES.items():
        rows = tables.get(table)
        if rows is None or rows.empty:
            continue
        limits = {name: pd.to_numeric(rows[name]) for name in ("limit_low", "limit_high") if name in rows}
        asked = [*each_row(rows.assign(**limits) if limits else rows)]
        for at in [at for at, row in enumerate(asked) if broken(row, asked[:at])]:
            cell, row = f"{table}.csv, row {at + 2}, column {column}", rows.iloc[at]
            wrong.append(f"{cell}: must {must.format_map(row)}; found {row[column]!r}")
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
