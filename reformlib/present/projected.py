"""A projected value as the pages show it: its text, its unit, and what it rests on."""

from __future__ import annotations

import pandas as pd

from reformlib import projections as rules
from reformlib.evidence import Evidence, observed
from reformlib.load import Report
from reformlib.locale import quantity, translator
from reformlib.memo import once_a_report, rows_of
from reformlib.present.html import Shown
from reformlib.present.table import row_place


@once_a_report
def unit_of(report: Report, indicator: str) -> str:
    return rows_of(report.catalogue, "indicators", "indicator")[indicator]["unit"]


def value_text(value: float, unit: str, language: str) -> str:
    """A projected value: shares to one decimal, counts whole."""
    return quantity(value, unit, language, 1 if unit == "%" else 0)


def sentence(codes: str, texts: dict[str, str], language: str) -> str:
    _ = translator(language)
    said = "; ".join(_(texts[code]) for code in codes.split(";") if code)
    return said[:1].upper() + said[1:]


@once_a_report
def starting_points(report: Report, indicator: str, level: str) -> dict[str, Evidence]:
    """The points that a projection starts from."""
    used = set(rules.project(report, indicator, level).points["as_of"])
    points = report.observations[
        (report.observations["indicator"] == indicator)
        & report.observations["level"].isin(level.split("+"))
        & report.observations["as_of"].isin(used)
    ]
    return {
        f"y{point.as_of:%Y%m%d}{f'_level_{point.level}' if point.level else ''}": observed(point, report.assumptions)
        for point in points.itertuples(index=False)
    }


def calculated_from(report: Report, indicator: str, rule: str, language: str) -> str:
    """Reference of a calculated number: the calculation, and the row of the form it starts from."""
    _ = translator(language)
    place = row_place(report, indicator, language)
    return _("calculated: {rule} from {place}", rule=f"projections.{rule}", place=place)


def in_ten(code: str, language: str) -> str:
    """A chance as a natural frequency: `about 6 in 10`."""
    _ = translator(language)
    return _(rules.FREQUENCIES[code])


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
    rows = []
    for _, same in probabilities.groupby(keys, sort=False):
        first = same.iloc[0].copy()
        first["ids"], first["instruments"] = tuple(same["target_id"]), tuple(same["instrument"])
        codes = dict.fromkeys(code for cell in same["caveat"] for code in cell.split(";") if code)
        first["caveat"] = ";".join(codes)
        rows.append(first)
    return list(pd.DataFrame(rows).itertuples(index=False)) if rows else []


def aim(report: Report, row, language: str) -> str:
    """A target as its instrument has it: percent for shares, also where the indicator counts."""
    if row.indicator in report.meta.universes:
        return quantity(row.target, "%", language)
    return quantity(row.target, unit_of(report, row.indicator), language)


def target_evidence(report: Report, row) -> Evidence:
    unit = "%" if row.indicator in report.meta.universes else unit_of(report, row.indicator)
    return Evidence(row.target, unit, place=f"targets.csv, {row.ids[0]}")


def projected_cells(report: Report, rule: str, language: str):
    """Cells of projected values: `show = projected_cells(…)`, then `show("lo80", "hi80")` shows a row's interval."""

    def show(*names):
        def cell(row):
            if pd.isna(getattr(row, names[0])):
                return "–"
            unit = unit_of(report, row.indicator)
            values = [float(getattr(row, name)) for name in names]
            text = " – ".join(value_text(value, unit, language) for value in values)
            told = f"{rule}: {' – '.join(names)}"
            return shown_value(report, row, values[0], unit, told, language, text, *values[1:])

        return cell

    return show
