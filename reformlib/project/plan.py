"""What it would take: yearly milestones on the way to the official targets, and proposals where there are none."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import each_row, firsts
from reformlib.project.chances import _other, open_targets
from reformlib.project.series import Projected, check_horizon, project, series_list, unit_of

# The rule by which a target is proposed, and what it asks for.
PROPOSALS = {
    "official": "official target",
    "proposed": "proposal: the level that the figure at that year's end is at or above with probability 1"
    " in 2; ambitious: 1 in 5",
    "too_wide": "no figure proposed: the interval is too wide; set the target by need and review it every year",
    "no_aim": "no target: a volume is no aim in itself",
    "hold": "proposal: hold the present level; the figures give no ground for more",
    "in_sum": "no target of its own: the official target is for the levels together, and services move up",
    "measure_first": "proposal: measure first; there are no figures that can be compared",
}

MILESTONES = {
    "linear": "official target, straight line",
    "constant_rate": "official target, same percentage growth each year",
    "median": "proposal, at or above at that year's end with probability 1 in 2",
    "one_in_five": "ambitious proposal, at or above at that year's end with probability 1 in 5",
}

# A scenario is a quantile of the predictive distribution in each year.
SCENARIOS = {"low": 0.2, "middle": 0.5, "high": 0.8}

# Where an 80 % interval of an unbounded count ends above this many times its start, no figure is proposed from it.
TOO_WIDE = 3.0


def scenarios(report: Report, horizon: int = 2030) -> pd.DataFrame:
    """Low, middle and high: the 20th, 50th and 80th percentile of each year's distribution, F.

    One row a fitted series and year. A scenario joins the percentiles of single years; no single path need follow it.
    """
    years, rows = check_horizon(report, horizon), []
    for indicator, level in series_list(report):
        series = project(report, indicator, level, horizon)
        mine = [year for year in years if year <= series.last_year(horizon)]
        if series.basis != "fitted" or not mine:
            continue
        values = series.law(np.array(mine) + 1.0).quantile(list(SCENARIOS.values()))
        rows += [
            {"indicator": indicator, "level": level, "year": year, "status": "F", "basis": series.basis_in(year)}
            | dict(zip(SCENARIOS, row, strict=True))
            for year, row in zip(mine, values, strict=True)
        ]
    return pd.DataFrame(rows, columns=["indicator", "level", "year", *SCENARIOS, "status", "basis"])


def path_to(value: float, start: float, nodes: list[tuple[float, float]], at, *, kind: str = "linear") -> np.ndarray:
    """Values at the decimal years `at` on the way from `value` at `start` through `nodes` (decimal year, target).

    Straight between them, or at a constant rate (`constant_rate`: the same factor a year, so a start above zero is
    needed); held after the last. By date, so that a start at a quarter counts as one.

    539 services at 31/3/2020 (2020.2486), 1949 wanted at the end of 2025 (2026.0): 968.4 at the end of 2021 (2022.0)
    on the straight line. Raises ReformError for a constant rate from or to zero, or a target before the data.
    """
    times, values = [start, *(node[0] for node in nodes)], [value, *(node[1] for node in nodes)]
    if np.any(np.diff(times) <= 0):
        raise ReformError("a target lies before the data", where=f"{times[1:]}, data end {start:g}")
    if kind == "linear":
        return np.interp(at, times, values)
    if min(values) <= 0:
        raise ReformError("no constant rate leads from or to zero", fix="use the straight line")
    return np.exp(np.interp(at, times, np.log(values)))


def target_chain(targets: list, start: float, value: float) -> list:
    """The official targets of one series to plan by, rows of :func:`open_targets`, in order of their deadline.

    Firm ones (`use`) go before those with a caveat; of one date the highest; none below what an earlier one asks.
    """
    every = sorted(targets, key=lambda row: row.deadline)
    firm = [row for row in every if row.recommended_use == "use"]
    chosen, level = [], value
    for _, same in groupby(firm or every, key=lambda row: row.deadline):
        row = max(same, key=lambda row: row.own)
        if row.due > start and row.own >= level:
            chosen.append(row)
            level = row.own
    return chosen


def milestones(report: Report, horizon: int = 2030, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Yearly milestones of the period after the report: `indicator, level, path, year, value, unit, target_id, status`.

    `path` is a code of `MILESTONES`. A series with official targets goes through them one after the other
    (:func:`target_chain`), on a straight line and at a constant rate, held after the last and never above the ceiling.
    A fitted series without one (and without one for its level together with others) gets the medians and the 80th
    percentiles of its distribution, a proposal, unless it is a flow or its distribution is :func:`too_wide`. A constant
    rate that gives the straight line's values is left out. Counts are whole: rounded up on the way to a target, down
    for a level to be reached.
    """
    years = [year for year in check_horizon(report, horizon) if year > report.meta.period_end]
    return _milestones(report, horizon, tuple(years), _other(report, rows))


@cached_by_owner
def _milestones(report: Report, horizon: int, years: tuple[int, ...], rows: pd.DataFrame | None) -> pd.DataFrame:
    targets, out = list(each_row(open_targets(report, rows))), []
    for indicator, level in series_list(report):
        series = project(report, indicator, level, horizon)
        unit = unit_of(report, indicator)
        mine = [year for year in years if year <= series.last_year(horizon)]
        at = np.array(mine) + 1.0
        given = {"indicator": indicator, "level": level, "unit": unit, "status": "F"}
        asked = [row for row in targets if (row.indicator, row.level) == (indicator, level)]
        if series.points.empty or not mine:
            continue
        start, value = (float(series.points[name].iloc[-1]) for name in ("time", "value"))
        chain = target_chain(asked, start, value)
        nodes = [(row.due, row.own) for row in chain]
        found: dict[str, np.ndarray] = {}
        if chain:
            found = {"linear": path_to(value, start, nodes, at)}
            if value > 0:
                found |= {"constant_rate": path_to(value, start, nodes, at, kind="constant_rate")}
        elif _may_be_proposed(report, series, targets, mine[-1]):
            law = series.law(at).quantile([0.5, 0.8])
            found = {"median": law[:, 0], "one_in_five": law[:, 1]}
        straight = np.array([])
        for path, values in found.items():
            if series.ceiling is not None:
                values = np.minimum(values, series.ceiling)
            if unit != "%":
                whole = np.ceil if chain else np.floor
                values = whole(np.round(values, 9))
            if path == "constant_rate" and np.allclose(values, straight):
                continue
            straight = values
            for year, each in zip(mine, values, strict=True):
                ids = [row.target_id for row in chain if row.due >= year + 1] or [row.target_id for row in chain][-1:]
                out.append(given | {"path": path, "year": year, "value": float(each), "target_id": "".join(ids[:1])})
    return pd.DataFrame(out, columns=["indicator", "level", "path", "year", "value", "unit", "target_id", "status"])


def too_wide(series: Projected, year: int) -> bool:
    """Whether the 80 % interval at the end of a year is too wide for a figure to be proposed: an unbounded count whose
    upper end is more than `TOO_WIDE` times the lower. Signatures in 2025: 1622 to 13154, a factor of 8.1."""
    if series.ceiling is not None:
        return False
    low, high = series.law(np.array([year + 1.0])).quantile([0.1, 0.9])[0]
    return bool(high > TOO_WIDE * low)


def _may_be_proposed(report: Report, series: Projected, targets: list, year: int) -> bool:
    if series.basis != "fitted" or _in_sum(targets, series.indicator, series.level):
        return False
    return not _is_flow(report, series.indicator) and not too_wide(series, year)


def _is_flow(report: Report, indicator: str) -> bool:
    return bool(report.catalogue.rows_by("indicators", "indicator")[indicator]["measure"] == "flow")


def beyond_the_sum(marks: pd.DataFrame) -> pd.DataFrame:
    """Milestones of a single level that ask for more than those of the levels together: two decisions that differ.

    `marks` is what :func:`milestones` gave. One row a level, the year on the straight line in which they are furthest
    apart: `indicator, level, year, value, together` (a level such as "3+4") and `together_value`. 1949 at level 4 in
    2025, 1560 at levels 3 and 4 together.
    """
    line = [row for row in each_row(marks) if row.path == "linear"]
    sums = [row for row in line if "+" in row.level]
    over = [
        (row.indicator, row.level, row.year, row.value, whole.level, whole.value)
        for row in line
        for whole in sums
        if (row.indicator, row.year) == (whole.indicator, whole.year)
        and row.level in whole.level.split("+")
        and row.value > whole.value
    ]
    over.sort(key=lambda found: found[5] - found[3])
    columns = ["indicator", "level", "year", "value", "together", "together_value"]
    return pd.DataFrame(firsts(over, lambda found: found[:2]), columns=columns)


def _in_sum(targets: list, indicator: str, level: str) -> bool:
    """Whether an official target is about this level together with others."""
    levels = [row.level for row in targets if row.indicator == indicator]
    return any(level in each.split("+") for each in levels if "+" in each)


def proposed_targets(report: Report, horizon: int = 2030, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """One target a series and year (the middle of the period and the horizon, or the year where the series stops).

    `rule` is a code of `PROPOSALS`: the official target where one applies by then (`target_id`), otherwise the median
    (`target`) and the 80th percentile (`ambitious`) of a fitted series, otherwise the present level, otherwise nothing.
    A flow gets none, nor an unbounded count whose interval is :func:`too_wide` at its last year.
    """
    marks = {(row.indicator, row.level, row.path, row.year): row for row in each_row(milestones(report, horizon, rows))}
    last, targets = check_horizon(report, horizon)[-1], list(each_row(open_targets(report, rows)))
    out = []
    for indicator, level in series_list(report):
        series = project(report, indicator, level, horizon)
        end = series.last_year(horizon)
        for year in sorted({min(year, end) for year in (report.meta.period_end + 5, last)}):
            row = {"indicator": indicator, "level": level, "year": year, "unit": unit_of(report, indicator)}
            row["target_id"] = ""
            if mark := marks.get((indicator, level, "linear", year)):
                out.append(row | {"rule": "official", "target": mark.value, "target_id": mark.target_id})
            elif _is_flow(report, indicator):
                out.append(row | {"rule": "no_aim"})
            elif len(series.points) < 2:
                out.append(row | {"rule": "measure_first"})
            elif (indicator, level, "median", year) in marks:
                values = [marks[indicator, level, path, year].value for path in ("median", "one_in_five")]
                out.append(row | {"rule": "proposed", "target": values[0], "ambitious": values[1]})
            elif _in_sum(targets, indicator, level):
                out.append(row | {"rule": "in_sum"})
            elif series.basis == "fitted" and too_wide(series, end):
                out.append(row | {"rule": "too_wide"})
            else:
                out.append(row | {"rule": "hold", "target": series.points["value"].iloc[-1]})
    columns = ["indicator", "level", "year", "rule", "target", "ambitious", "unit", "target_id"]
    frame = pd.DataFrame(out, columns=columns)
    return frame.assign(**frame[["target", "ambitious"]].astype(float))
