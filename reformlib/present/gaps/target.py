"""A target as the pages show it: its aim, verdict, instrument, what is lacking, and what its figure rests on."""

from __future__ import annotations

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.evidence import Evidence, observed
from reformlib.load.report import Report
from reformlib.measure import gaps as gap_rules
from reformlib.present.html import Fragment, paragraph, tag
from reformlib.present.page import Page

VERDICT_SHAPES = {
    "achieved": "✔",
    "missed": "✘",
    "open": "▶",
    "not_assessable": "○",
    "unconfirmed": "?",
    "context": "·",
}


def distinct(judged: pd.DataFrame) -> pd.DataFrame:
    """Judged rows, nearest deadline first, one for all targets of a series that share value and deadline."""
    same = ["indicator", "level", "target", "comparator", "deadline"]
    codes, places = judged["target_id"].tolist(), {}
    for place, key in enumerate(zip(*(judged[name].tolist() for name in same), strict=True)):
        places.setdefault(key, []).append(place)
    first = judged.iloc[[alike[0] for alike in places.values()]]
    ids = [", ".join(codes[place] for place in alike) for alike in places.values()]
    return first.assign(target_id=ids).sort_values(["deadline", "target_id"])


def lacking(page: Page, row) -> str:
    """What is missing to a target: in whole services or units where they are counted, else in points."""
    if pd.isna(row.gap_units):
        return page._("{gap} percentage points", gap=page.number(abs(row.gap)))
    unit = page.unit_of(row.indicator)
    if page.language == "en" and row.gap_units == 1:
        return f"1 {page.catalogue.rows_by('units', 'unit')[unit]['name_en_singular']}"
    return f"{page.number(row.gap_units)} {page.unit_name(unit)}"


def verdict(page: Page, code: str):
    """A verdict as shape and word."""
    word = page._(gap_rules.VERDICTS[code])
    return tag("span", f"{VERDICT_SHAPES[code]} {word}", class_=f"status v-{code}")


def aim(page: Page, row) -> str:
    """A target with its comparator and date: `≥ 30 % (31/12/2020)`."""
    sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(row.comparator, f"{row.comparator} ")
    when = page.date(row.deadline)  # a date stays on one line
    return f"{sign}{page.quantity(row.target, row.unit)} ({when})"


def target_evidence(row) -> Evidence:
    return Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id.split(',')[0]}")


def figure_evidence(page: Page, gap, as_of, value: float) -> Evidence:
    """What a figure of a gap rests on: its cell, or its cells as a share of the stated universe."""
    return _figure_evidence(page.report, gap.indicator, gap.level, gap.unit, as_of, value)


@cached_by_owner
def _figure_evidence(report: Report, indicator: str, level: str, unit: str, as_of, value: float) -> Evidence:
    levels = level.split("+")
    points = [point for point in report.points.get(indicator, ()) if point.level in levels and point.as_of == as_of]
    cells = [observed(point, report.assumptions) for point in points]
    if len(cells) == 1 and points[0].unit == unit:
        return cells[0]
    named = {f"level_{level}" if level else "count": cell for level, cell in zip(levels, cells, strict=True)}
    if unit != "%":
        return Evidence(value, unit, formula=" + ".join(named), inputs=named)
    fact = report.rows_by("facts", "fact")[report.meta.universes[indicator]]
    universe = Evidence(fact["value"], fact["unit"], place=fact["section"])
    return Evidence(
        value, "%", formula=f"100 * ({' + '.join(named)}) / universe", inputs={**named, "universe": universe}
    )


def nothing_judged(page: Page) -> Fragment:
    return paragraph(page._("No target of this set can be compared with a figure of the report."))
