"""A report as it would be if a figure, a target or a total were another."""

from collections.abc import Mapping
from dataclasses import replace
from numbers import Real
from typing import Any, TypeVar, cast

import pandas as pd

from reformlib.check.place import cells_at
from reformlib.check.withheld import withhold
from reformlib.errors import ReformError, one_of
from reformlib.load.report import Report
from reformlib.load.rows import each_row

R = TypeVar("R", bound=Report)


def what_if(
    report: R,
    figures: Mapping[str | tuple[str, ...], float | None] | None = None,
    *,
    targets: Mapping[str, float] | None = None,
    totals: Mapping[str, float] | None = None,
) -> R:
    """The report with other values, everything else as it is; the report itself stays as it was.

    `figures` are values by (indicator, period), (indicator, period, level) or the place that a page prints, None to
    leave a figure out, as a mapping or a Series of pandas; `targets` values by the code of an official target;
    `totals` what a count is a share of, by indicator. Text of the source and places stay those of the report: the note
    of a changed figure says what it was. Of a report without its unusable series they are looked for again.

    Raises ReformError for a figure, a target or a total that the report does not have, naming those near it.

    >>> from reformlib.load.report import load_report
    >>> report = load_report("tra-vinh-2020")
    >>> other = what_if(report, {("signatures", "2019"): 1450})
    >>> float((other.observations["value"] - report.observations["value"]).sum())
    5.0
    """
    _check_given(figures, targets, totals)
    points, supposed = _other_figures(report, {} if figures is None else figures)
    catalogue = report.catalogue
    if targets:
        for code in targets:
            one_of(code, catalogue.targets["id"], "target")
        was, known = catalogue.rows_by("targets", "id"), catalogue.targets["id"].map(targets)
        supposed = {(code,): was[code]["value"] for code in targets} | supposed
        for row in each_row(catalogue.target_mapping[catalogue.target_mapping["target"].isin(list(targets))]):
            supposed.setdefault((row.indicator, row.level, row.target), was[row.target]["value"])
        catalogue = replace(catalogue, targets=catalogue.targets.assign(value=known.fillna(catalogue.targets["value"])))
    facts = report.facts
    if totals:
        for code in totals:
            one_of(code, report.meta.universes, "indicator with a stated total")
        other = {report.meta.universes[indicator]: value for indicator, value in totals.items()}
        supposed = {(fact,): report.rows_by("facts", "fact")[fact]["value"] for fact in other} | supposed
        facts = facts.assign(value=facts["fact"].map(other).fillna(facts["value"]))
    other = replace(report, observations=points, catalogue=catalogue, facts=facts, supposed=supposed)
    return cast(R, withhold(other)) if report.obeys else other


def _other_figures(report: Report, figures: Mapping) -> tuple[pd.DataFrame, dict[tuple[str, ...], float]]:
    """The observations with other values, and what those stand in place of."""
    points, supposed = report.observations.copy(), dict(report.supposed)
    for key, value in figures.items():
        at = place_of(report, key)
        point = next(each_row(points.loc[[at]]))
        was, now = ("" if one is None or one != one else f"{one:.10g}" for one in (point.value, value))
        points.loc[at, ["note", "note_vi"]] = [
            f"what if: {now or 'no figure'} in place of {was or 'no figure'}",
            f"giả sử: {now or 'không có số liệu'} thay cho {was or 'không có số liệu'}",
        ]
        points.at[at, "value"] = float("nan") if value is None else float(value)
        if value is None or pd.isna(point.value):  # missing now, or no longer
            points.at[at, "status"] = "O" if value is None else "A"
        supposed.setdefault((point.indicator, point.level, point.period), point.value)
    return points, supposed


def _check_given(*given: Any) -> None:
    """Raise ReformError for what is no mapping, and for a value in it that is no number."""
    for values in filter(lambda one: one is not None, given):
        if not hasattr(values, "items"):
            expected = "a mapping from what would be otherwise to its value"
            raise ReformError(f"not what would be otherwise: {values!r}", expected=expected)
        for key, value in values.items():
            left_out = value is None and values is given[0]
            if not left_out and not (isinstance(value, Real) and float(value) - float(value) == 0):
                expected = "a number" + ", or None to leave it out" * (values is given[0])
                raise ReformError(f"not a figure: {value!r}", where=f"of {key}", expected=expected)


def place_of(report: Report, key: str | tuple[str, ...]) -> int:
    """The row of a figure among the observations: named by its place as a page prints it, or by indicator, period and,
    where there are levels, a level.

    Raises ReformError for one that is not there, naming what there is.

    >>> from reformlib.load.report import load_report
    >>> report = load_report("tra-vinh-2020")
    >>> [int(place_of(report, key)) for key in ("Annex 7, row 5, 2019", ("signatures", 2019))]
    [28, 28]
    """
    points = report.observations
    if isinstance(key, str):
        cells = cells_at(report, key)
        if len(cells) > 1:
            raise ReformError(f"{key}: several figures", expected=f"one of: {'; '.join(map(str, cells))}")
        key = cells[0] if cells else key
    if not isinstance(key, tuple) or len(key) not in (2, 3):
        told = "('signatures', 2019), a level behind the year, or the place of a figure as a page prints it"
        raise ReformError(f"not a place of a figure: {key!r}", expected=told)
    indicator, period, level = (*map(str, key), "")[:3]
    one_of(indicator, points["indicator"], "indicator")
    rows = points[points["indicator"] == indicator]
    found = rows[(rows["period"] == period) & (rows["level"] == level)]
    if len(found) == 1:
        return found.index[0]
    levels = [one for one in rows["level"].unique() if one]
    raise ReformError(
        f"no figure of {indicator}{f', level {level}' * bool(level)}, in {period or '(no period)'}",
        expected=f"a period of: {', '.join(rows['period'].unique())}"
        + (f"; and a level of: {', '.join(levels)}, such as ('{indicator}', '{period}', '3')" if levels else ""),
    )
