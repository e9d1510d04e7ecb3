"""What the page of a what-if says of what it supposes."""

from typing import Any

import pandas as pd

from reformlib import locale
from reformlib.load.rows import each_row

MOST = 5  # that are named under a title


def supposed(page: Any) -> list[str]:
    """What a what-if has in place of what, in words: `Annex 7, row 5, 2019: 500 in place of 1,445`; empty of a report
    as it is."""

    def number(value: float, unit: str) -> str:
        return page._("no figure") if pd.isna(value) else page.quantity(value, unit, locale.decimals_of(value))

    said: list[tuple[str, float, float, str]] = []
    for key, was in getattr(page.report, "supposed", {}).items():
        for one in page.report.points.get(key[0], ()):
            if (one.level, one.period) == key[1:]:
                level = f", {page.level_name(one.indicator, one.level)}" if one.level else ""
                said.append((page.cited(one) + level, one.value, was, one.unit))
        targets, facts = page.catalogue.targets, page.report.facts
        for file, rows in (("targets", targets[targets["id"] == key[0]]), ("facts", facts[facts["fact"] == key[0]])):
            for row in each_row(rows):
                said.append((f"{file}.csv, {key[0]}", row.value, was, "%" if "%" in row.unit else ""))
    text = "{place}: {now} in place of {was}"
    return [page._(text, place=place, now=number(now, unit), was=number(was, unit)) for place, now, was, unit in said]


def under_title(page: Any) -> str:
    """What the page of a what-if says of itself under its title."""
    first, more = page.supposed[:MOST], len(page.supposed) - MOST
    told = [*first, page._("{n} more", n=more)] if more > 0 else first
    text = "A what-if, not the report: {told}. What its files say of printed figures, such as the log, is of those."
    return page._(text, told="; ".join(told))
