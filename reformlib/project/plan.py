"""What it would take: yearly milestones on the way to the official targets, and proposals where there are none."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.catalogue import Catalogue
from reformlib.load.codes import codes
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.project.chances import open_targets, without_base
from reformlib.project.horizon import YEARS_AHEAD, check_horizon, horizon_of
from reformlib.project.law import apart
from reformlib.project.series import Projected, each_series

# The rule by which a target is proposed, and what it asks for.
PROPOSALS = codes("proposal")
MILESTONES = codes("milestone")
MILESTONE_COLUMNS = [
    "indicator", "level", "path", "year", "value", "unit", "target_id", "target_year", "before", "status", "basis",
]  # fmt: skip

# A scenario is a quantile of the predictive distribution in each year.
SCENARIOS = {"low": 0.2, "middle": 0.5, "high": 0.8}

# Where an 80 % interval of an unbounded count ends above this many times its start, no figure is proposed from it.
TOO_WIDE = 3.0


def scenarios(report: Report, horizon: int = 0) -> pd.DataFrame:
    """Low, middle and high: the 20th, 50th and 80th percentile of each year's distribution, F.

    One row a fitted series and year with a range to go by (:func:`reformlib.project.law.no_range`). A scenario joins
    the percentiles of single years; no single path need follow it.
    Raises ReformError for a horizon that cannot be projected (:func:`reformlib.project.horizon.check_horizon`).
    """
    years, rows = check_horizon(report, horizon), []
    for series in each_series(report, years[-1]):
        ahead = series.years_of(years)
        if series.basis == "fitted" and ahead:
            values = series.quantiles_at_ends_of(ahead, list(SCENARIOS.values()))
            rows += [
                [series.indicator, series.level, year, *row, "F", series.basis_in(year)]
                for year, row in zip(ahead, values, strict=True)
                if np.isfinite(row[0])
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

    Firm ones (`use`) go before those with a caveat; of one date the one that asks most, the highest or, where a
    decrease is wanted, the lowest; none that asks less than an earlier one.
    """
    every = sorted(targets, key=lambda row: row.deadline)
    firm = [row for row in every if row.recommended_use == "use"]
    chosen, level = [], value
    for _, same in groupby(firm or every, key=lambda row: row.deadline):
        row = max(same, key=lambda row: row.sign * row.own)
        if row.due > start and row.sign * row.own >= row.sign * level:
            chosen.append(row)
            level = row.own
    return chosen


def milestones(report: Report, horizon: int = 0, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Yearly milestones of the years after the data, a row a year (`MILESTONE_COLUMNS`).

    `path` is a code of `MILESTONES`; `target_id` the target that a year leads to or keeps, `target_year` the year that
    it falls due in; `before` those that the path kept to before the first of the years; `basis` what the year rests on,
    codes of the lists basis and change. A series with official targets goes through them one after the other
    (:func:`target_chain`), on a straight line and at a constant rate, held after the last and never beyond the limits.
    A fitted series without one (and without one for its level together with others) gets the medians and the 80th
    percentiles of its distribution, the 20th where it should fall, a proposal, unless it is a flow or its distribution
    is :func:`too_wide`, or its last median worse than the present level. A constant rate that gives the straight line's
    values, or leads to zero or below, is left out. Counts are whole: rounded towards the better on the way to a target,
    towards the worse for a level to be reached.
    """
    horizon = horizon_of(report, horizon)
    years = [year for year in check_horizon(report, horizon) if year > report.meta.data_date.year]
    targets, unplanned = _targets(report, rows)
    marks = []
    for series in each_series(report, horizon):
        if len(series.points) and (ahead := series.years_of(years)):
            marks += _milestones_of(series, targets, unplanned, ahead)
    return pd.DataFrame(marks, columns=MILESTONE_COLUMNS)


def _targets(report: Report, rows: pd.DataFrame | None) -> tuple[list, dict[tuple[str, str], str]]:
    """The targets that can be planned by, and the series that nothing may be proposed for, with the rule that says why:
    a target of another base applies to it, or one to it and other categories together."""
    targets, elsewhere = (list(each_row(frame)) for frame in (open_targets(report, rows), without_base(report, rows)))
    rules: dict[tuple[str, str], str] = {}
    for row in (*targets, *elsewhere):
        parts = row.level.split("+")
        rules |= {(row.indicator, part): "in_sum" for part in parts if len(parts) > 1}
    return targets, rules | {(row.indicator, row.level): "other_base" for row in elsewhere}


def _milestones_of(series: Projected, targets: list, unplanned: dict, years: list[int]) -> list[list]:
    """The rows of :func:`milestones` for one series."""
    start, value = (float(series.points[name].iloc[-1]) for name in ("time", "value"))
    own = [row for row in targets if (row.indicator, row.level) == (series.indicator, series.level)]
    chain = target_chain(own, start, value)
    paths: dict[str, np.ndarray]
    if chain:
        nodes, at = [(row.due, row.own) for row in chain], np.array(years) + 1.0
        kinds = ["linear", "constant_rate"] if min(value, *(row.own for row in chain)) > 0 else ["linear"]
        paths = {kind: path_to(value, start, nodes, at, kind=kind) for kind in kinds}
    elif _may_be_proposed(series, unplanned, years[-1]):
        likely = [0.5, 0.2 if series.falls else 0.8]
        paths = dict(zip(("median", "one_in_five"), series.quantiles_at_ends_of(years, likely).T, strict=True))
    else:
        return []
    down = chain[-1].sign < 0 if chain else not series.falls
    paths = {path: _whole(series, values, np.floor if down else np.ceil) for path, values in paths.items()}
    if "constant_rate" in paths and np.allclose(paths["constant_rate"], paths["linear"]):
        del paths["constant_rate"]
    before, of = ";".join(row.target_id for row in chain[:-1] if row.due <= years[0]), (series.indicator, series.level)
    return [
        [*of, path, year, float(each), series.unit, *_leads_to(chain, year), before, "F", series.basis_in(year)]
        for path, values in paths.items()
        for year, each in zip(years, values, strict=True)
    ]


def _whole(series: Projected, values: np.ndarray, rounded: Callable) -> np.ndarray:
    """Values within the limits, those of what comes whole `rounded`."""
    if series.floor is not None or series.ceiling is not None:
        values = np.clip(values, series.floor, series.ceiling)
    return rounded(np.round(values, 9)) if series.is_whole else values


def _leads_to(chain: list, year: int) -> tuple[str, float]:
    """Code and year of the target that a year leads to: the first one due after it, else the last; none of no chain."""
    ahead = [row for row in chain if row.due >= year + 1] or chain[-1:]
    return (ahead[0].target_id, ahead[0].deadline.year) if ahead else ("", np.nan)


def too_wide(series: Projected, year: int) -> bool:
    """Whether the 80 % interval at the end of a year is too wide for a figure to be proposed: no range to go by
    (:func:`reformlib.project.law.no_range`), or that of an unbounded count whose far end from zero is more than
    `TOO_WIDE` times the near one. Certificates of which 1622 to 13154 are projected: 8.1 times, no figure."""
    low, high = series.quantiles_at_ends_of([year], [0.1, 0.9])[0]
    return bool(np.isnan(low) or (series.ceiling is None and apart(low, high, TOO_WIDE)))


def _may_be_proposed(series: Projected, unplanned: dict, year: int) -> bool:
    if series.basis != "fitted" or series.is_flow or (series.indicator, series.level) in unplanned:
        return False
    # nobody plans to get worse: where that is what is likely, the present level is held
    ahead = series.quantiles_at_ends_of([year], [0.5])[0][0] - series.points["value"].iloc[-1]
    return not too_wide(series, year) and (ahead <= 0 if series.falls else ahead >= 0)


def beyond_the_sum(catalogue: Catalogue, marks: pd.DataFrame) -> pd.DataFrame:
    """Milestones of a single level that ask for more than those of the levels together: two decisions that differ.

    `marks` is what :func:`milestones` gave. One row a level, the year on the straight line in which they are furthest
    apart: `indicator, level, year, value, together` (a level such as "3+4") and `together_value`. Levels that should
    fall are left out: they may each be lower than asked. 1949 at level 4 in 2025, 1560 at levels 3 and 4 together.
    """
    rising = marks["indicator"].map(catalogue.by_indicator["direction"]) == "increase"
    line = marks.loc[rising & (marks["path"] == "linear"), ["indicator", "level", "year", "value"]]
    pairs = line.merge(line.rename(columns={"level": "together", "value": "together_value"}), on=["indicator", "year"])
    part = [level != whole and level in whole.split("+") for level, whole in pairs[["level", "together"]].to_numpy()]
    pairs = pairs[np.array(part, dtype=bool) & (pairs["value"] > pairs["together_value"])]
    furthest = (pairs["together_value"] - pairs["value"]).sort_values(kind="stable").index
    return pairs.loc[furthest].drop_duplicates(["indicator", "level"], ignore_index=True)


def proposed_targets(report: Report, horizon: int = 0, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """One target a series and year: `YEARS_AHEAD` years after the data and the horizon, or where the series stops.

    `rule` is a code of `PROPOSALS`: the official target where one applies by then (`target_id`), kept after its
    `target_year`, otherwise the median (`target`) and the 80th percentile (`ambitious`, the 20th of what should fall)
    of a fitted series, otherwise the present level, otherwise nothing. A flow gets none, nor an unbounded count whose
    interval is :func:`too_wide` at its last year, nor what has ended. `basis` as in :func:`milestones`.
    """
    years, unplanned = check_horizon(report, horizon), _targets(report, rows)[1]
    last = years[-1]
    marks = {(row.indicator, row.level, row.path, row.year): row for row in each_row(milestones(report, last, rows))}
    out = []
    for series in each_series(report, last):
        end = series.last_year(last)
        for year in sorted({min(year, end) for year in (report.meta.data_date.year + YEARS_AHEAD, last)}):
            of_year = {path: marks.get((series.indicator, series.level, path, year)) for path in MILESTONES}
            row = {"indicator": series.indicator, "level": series.level, "year": year, "unit": series.unit}
            row["basis"] = series.basis_in(year)
            proposal = {"rule": "ended"} if end < years[0] else _proposal(series, unplanned, of_year, end)
            out.append(row | {"target_id": ""} | proposal)
    columns = ["indicator", "level", "year", "rule", "target", "ambitious", "unit", "target_id", "target_year", "basis"]
    return pd.DataFrame(out, columns=columns).astype(dict.fromkeys(("target", "ambitious", "target_year"), float))


def _proposal(series: Projected, unplanned: dict, marks: dict[str, Any], end: int) -> dict[str, Any]:
    """The target of one series and year: `rule`, and what it gives. `marks` are the year's milestones by path."""
    if mark := marks["linear"]:
        rule = "official" if mark.year <= mark.target_year else "kept"
        told = {"target_id": mark.target_id, "target_year": mark.target_year}
        return told | {"rule": rule, "target": mark.value}
    if unplanned.get((series.indicator, series.level)) == "other_base":
        return {"rule": "other_base"}
    if series.is_flow:
        return {"rule": "no_aim"}
    if len(series.points) < 2:
        return {"rule": "measure_first"}
    if marks["median"]:
        return {"rule": "proposed", "target": marks["median"].value, "ambitious": marks["one_in_five"].value}
    if (series.indicator, series.level) in unplanned:
        return {"rule": "in_sum"}
    if series.basis == "fitted" and too_wide(series, end):
        return {"rule": "too_wide"}
    last = series.points["value"].iloc[-1]
    best = series.floor if series.falls else series.ceiling
    return {"rule": "hold_ceiling" if last == best else "hold", "target": last}
