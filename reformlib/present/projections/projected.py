"""A projected value as the pages show it: its text, its unit, and what it rests on."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.evidence import Evidence, observed
from reformlib.load.report import Report
from reformlib.load.rows import records
from reformlib.present.html import Shown
from reformlib.present.page import Page
from reformlib.project import series as rules
from reformlib.project.chances import FREQUENCIES


def value_text(page: Page, value: float, unit: str) -> str:
    """A value as it is reported or asked for: shares to one decimal, counts whole."""
    return page.quantity(value, unit, 1 if unit == "%" else 0)


def rounded_text(page: Page, value: float, unit: str, ceiling: float | None) -> str:
    """A projected value, no finer than such intervals allow; the evidence keeps it as it was calculated.

    Shares in whole percent, with a decimal where 0 or 100 would be said of what is neither. Counts with a ceiling are
    as fine as three figures of the ceiling and never above it, others have two significant figures.

    >>> page = Page(None, "en")
    >>> rounded_text(page, 30901.9, "signatures", None), rounded_text(page, 921.5, "services", 1949)
    ('31,000', '920')
    >>> rounded_text(page, 1948.6, "services", 1949), rounded_text(page, 99.7, "%", 100)
    ('1,949', '99.7%')
    >>> rounded_text(page, 99.97, "%", 100), rounded_text(page, 0.03, "%", 100)
    ('99.9%', '0.1%')
    """
    if unit == "%":
        if 0.5 <= value < 99.5 or value in (0, 100):
            return page.quantity(value, unit, 0)
        return page.quantity(min(max(value, 0.1), 99.9), unit, 1)
    digits = len(str(int(value if ceiling is None else ceiling))) - (2 if ceiling is None else 3)
    step = 10 ** max(0, digits)
    told = math.floor(value / step + 0.5) * step
    if ceiling is not None and told > ceiling:
        told = min(math.floor(value + 0.5), ceiling)
    return page.quantity(told, unit, 0)


def projected_text(page: Page, row, value: float) -> str:
    """A projected value of the series of a row, rounded."""
    series = _projected(page.report, row.indicator, row.level)
    return rounded_text(page, value, page.unit_of(row.indicator), series.ceiling)


def sentence(page: Page, codes: str, texts: dict[str, str]) -> str:
    said = "; ".join(page._(texts[code]) for code in codes.split(";") if code)
    return said[:1].upper() + said[1:]


@cached_by_owner
def _projected(report: Report, indicator: str, level: str) -> rules.Projected:
    return rules.project(report, indicator, level)


@cached_by_owner
def starting_points(report: Report, indicator: str, level: str) -> dict[str, Evidence]:
    """The points that a projection starts from."""
    used = set(_projected(report, indicator, level).points["as_of"])
    levels = level.split("+")
    return {
        f"y{point.as_of:%Y%m%d}{f'_level_{point.level}' if point.level else ''}": observed(point, report.assumptions)
        for point in report.points.get(indicator, ())
        if point.level in levels and point.as_of in used
    }


def calculated_from(page: Page, indicator: str, rule: str) -> str:
    """Reference of a calculated number: the calculation, and the row of the form it starts from."""
    place = page.row_place(indicator)
    return page._("calculated: {rule} from {place}", rule=f"projections.{rule}", place=place)


def in_ten(page: Page, code: str) -> str:
    """A chance, rounded: `about 6 in 10`, in Vietnamese `khoảng 60 %`."""
    return page._(FREQUENCIES[code])


def shown_value(
    page: Page, row, value: float, unit: str, rule: str, text: str | None = None, high: float | None = None
) -> Shown:
    inputs = starting_points(page.report, row.indicator, row.level)
    evidence = Evidence(float(value), unit, rule=rule, inputs=inputs, high=high)
    return Shown(text or value_text(page, value, unit), evidence)


def merged(probabilities: pd.DataFrame) -> list:
    """Targets of one series, value and deadline as one row, their codes and instruments joined."""
    keys = ["indicator", "level", "target_year", "target"]
    alike: dict[tuple, list[dict]] = {}
    for row in records(probabilities):
        alike.setdefault(tuple(row[key] for key in keys), []).append(row)
    rows = []
    for same in alike.values():
        ids, instruments = (tuple(row[name] for row in same) for name in ("target_id", "instrument"))
        codes = dict.fromkeys(code for row in same for code in row["caveat"].split(";") if code)
        rows.append(same[0] | {"ids": ids, "instruments": instruments, "caveat": ";".join(codes)})
    return [SimpleNamespace(**row) for row in rows]


def aim(page: Page, row) -> str:
    """A target as its instrument has it: percent for shares, also where the indicator counts."""
    if row.indicator in page.report.meta.universes:
        return page.quantity(row.target, "%")
    return page.quantity(row.target, page.unit_of(row.indicator))


def target_evidence(page: Page, row) -> Evidence:
    unit = "%" if row.indicator in page.report.meta.universes else page.unit_of(row.indicator)
    return Evidence(row.target, unit, place=f"targets.csv, {row.ids[0]}")


def projected_cells(page: Page, rule: str):
    """Rounded cells of projected values: `show = projected_cells(…)`, then `show("lo80", "hi80")` is an interval."""

    def show(*names):
        def cell(row):
            if pd.isna(getattr(row, names[0])):
                return "–"
            unit = page.unit_of(row.indicator)
            values = [float(getattr(row, name)) for name in names]
            text = " – ".join(projected_text(page, row, value) for value in values)
            told = f"{rule}: {' – '.join(names)}, rounded"
            return shown_value(page, row, values[0], unit, told, text, *values[1:])

        return cell

    return show
