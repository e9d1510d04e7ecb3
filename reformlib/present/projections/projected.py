"""A projected value as the pages show it: its text, its unit, and what it rests on."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.evidence import Evidence, observed
from reformlib.load.report import Report
from reformlib.load.rows import records
from reformlib.locale import quantity, translator
from reformlib.present.html import Shown
from reformlib.present.table import row_place
from reformlib.project import series as rules
from reformlib.project.chances import FREQUENCIES


def unit_of(report: Report, indicator: str) -> str:
    return report.catalogue.rows_by("indicators", "indicator")[indicator]["unit"]


def value_text(value: float, unit: str, language: str) -> str:
    """A value as it is reported or asked for: shares to one decimal, counts whole."""
    return quantity(value, unit, language, 1 if unit == "%" else 0)


def rounded_text(value: float, unit: str, ceiling: float | None, language: str) -> str:
    """A projected value, no finer than such intervals allow; the evidence keeps it as it was calculated.

    Shares in whole percent, with a decimal where 0 or 100 would be said of what is neither. Counts with a ceiling are
    as fine as three figures of the ceiling and never above it, others have two significant figures.

    >>> rounded_text(30901.9, "signatures", None, "en"), rounded_text(921.5, "services", 1949, "en")
    ('31,000', '920')
    >>> rounded_text(1948.6, "services", 1949, "en"), rounded_text(99.7, "%", 100, "en")
    ('1,949', '99.7%')
    >>> rounded_text(99.97, "%", 100, "en"), rounded_text(0.03, "%", 100, "en")
    ('99.9%', '0.1%')
    """
    if unit == "%":
        if 0.5 <= value < 99.5 or value in (0, 100):
            return quantity(value, unit, language, 0)
        return quantity(min(max(value, 0.1), 99.9), unit, language, 1)
    digits = len(str(int(value if ceiling is None else ceiling))) - (2 if ceiling is None else 3)
    step = 10 ** max(0, digits)
    told = math.floor(value / step + 0.5) * step
    if ceiling is not None and told > ceiling:
        told = min(math.floor(value + 0.5), ceiling)
    return quantity(told, unit, language, 0)


def projected_text(report: Report, row, value: float, language: str) -> str:
    """A projected value of the series of a row, rounded."""
    series = _projected(report, row.indicator, row.level)
    return rounded_text(value, unit_of(report, row.indicator), series.ceiling, language)


def sentence(codes: str, texts: dict[str, str], language: str) -> str:
    _ = translator(language)
    said = "; ".join(_(texts[code]) for code in codes.split(";") if code)
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


def calculated_from(report: Report, indicator: str, rule: str, language: str) -> str:
    """Reference of a calculated number: the calculation, and the row of the form it starts from."""
    _ = translator(language)
    place = row_place(report, indicator, language)
    return _("calculated: {rule} from {place}", rule=f"projections.{rule}", place=place)


def in_ten(code: str, language: str) -> str:
    """A chance, rounded: `about 6 in 10`, in Vietnamese `khoảng 60 %`."""
    _ = translator(language)
    return _(FREQUENCIES[code])


def shown_value(
    report: Report,
    row,
    value: float,
    unit: str,
    rule: str,
    language: str,
    text: str | None = None,
    high: float | None = None,
) -> Shown:
    inputs = starting_points(report, row.indicator, row.level)
    evidence = Evidence(float(value), unit, rule=rule, inputs=inputs, high=high)
    return Shown(text or value_text(value, unit, language), evidence)


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


def aim(report: Report, row, language: str) -> str:
    """A target as its instrument has it: percent for shares, also where the indicator counts."""
    if row.indicator in report.meta.universes:
        return quantity(row.target, "%", language)
    return quantity(row.target, unit_of(report, row.indicator), language)


def target_evidence(report: Report, row) -> Evidence:
    unit = "%" if row.indicator in report.meta.universes else unit_of(report, row.indicator)
    return Evidence(row.target, unit, place=f"targets.csv, {row.ids[0]}")


def projected_cells(report: Report, rule: str, language: str):
    """Rounded cells of projected values: `show = projected_cells(…)`, then `show("lo80", "hi80")` is an interval's."""

    def show(*names):
        def cell(row):
            if pd.isna(getattr(row, names[0])):
                return "–"
            unit = unit_of(report, row.indicator)
            values = [float(getattr(row, name)) for name in names]
            text = " – ".join(projected_text(report, row, value, language) for value in values)
            told = f"{rule}: {' – '.join(names)}, rounded"
            return shown_value(report, row, values[0], unit, told, language, text, *values[1:])

        return cell

    return show
