"""Where each series goes by itself, how likely each target is, and what it would take.

The distributions come from `reformlib.project`, learned on many short series; what kind of indicator a series is,
its ceiling and where its definition changes are data (`projection.csv` of the catalogue). Counts stay counts: a target
for a share of a universe is turned into the count it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.cache import CacheOwner, cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import each_row, firsts
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import DRIVING, are_all_gaps, gaps, target_series
from reformlib.project import Forecast, forecast
from reformlib.project.law import MAX_HORIZON, MIN_DISTINCT, MIN_POINTS, load_prior

COLUMNS = [
    "indicator",
    "level",
    "year",
    "p50",
    "lo80",
    "hi80",
    "lo95",
    "hi95",
    "status",
    "scenario",
    "basis",
    "lo50",
    "hi50",
]
QUANTILES = {
    "lo95": 0.025,
    "lo80": 0.1,
    "lo50": 0.25,
    "p50": 0.5,
    "hi50": 0.75,
    "hi80": 0.9,
    "hi95": 0.975,
}

# What changes under a series; codes of `change` in projection.csv.
CHANGES = {
    "levels_redefined": "assumes that levels 3 and 4, redefined from 2022, are counted on",
    "province_merged": "assumes that the area of the province, merged on 1 July 2025, is counted on",
    "districts_end": "stops at the end of 2024: the district level ends on 1 July 2025",
    "province_ends": "stops at the end of 2024: the province is merged on 1 July 2025",
}

# What a row rests on; English messages, translated where they are shown.
BASES = {
    "fitted": "trend of the series, shrunk by what many short series did",
    "few_points": "no trend is fitted, fewer than five points can be joined: base rate of its kind of indicator",
    "few_values": "no trend is fitted, fewer than three different values: base rate of its kind of indicator",
    "at_ceiling": "no trend is fitted, the last three figures stand at the ceiling: base rate of its kind of indicator",
    "not_usable": "no projection: the checks find the figures not usable",
    "no_figure": "no projection: the report gives no usable figure",
    "no_family": "no projection: the catalogue does not say what kind of indicator it is",
    "no_universe": "no projection: the report does not state what the count is a share of",
    "above_ceiling": "no projection: a figure lies above the ceiling",
    "below_floor": "no projection: a figure lies below the natural limit",
    "all_zero": "no projection: zero throughout, and no ceiling says how large a step could be",
    "too_old": "no projection: the last usable figure is more than fifteen years before the horizon",
} | CHANGES

LAWFUL = ("fitted", "few_points", "few_values", "at_ceiling")
AT_CEILING = 3

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

FREQUENCIES = {"<1/20": "fewer than 1 in 20", ">19/20": "more than 19 in 20"} | {
    f"{n}/10": f"about {n} in 10" for n in range(1, 10)
}

# A scenario is a quantile of the predictive distribution in each year.
SCENARIOS = {"low": 0.2, "middle": 0.5, "high": 0.8}

# Where an 80 % interval of an unbounded count ends above this many times its start, no figure is proposed from it.
TOO_WIDE = 3.0

LAST_HORIZON = 2035

OTHER_KINDS = {
    "share-reported": "share reported by offices",
    "share-modelled": "share estimated by models",
    "count-ceiling": "count with a ceiling (learned from seats in parliaments)",
}

PROBABILITY_COLUMNS = [
    "indicator",
    "level",
    "target_id",
    "instrument",
    "target_year",
    "target",
    "p_at_least",
    "p_reached_by",
    "natural_frequency",
    "scenario",
    "basis",
    "caveat",
]


@dataclass(frozen=True, eq=False)
class Projected(CacheOwner):
    """One series with its distribution: `points` used (as_of, time, value, status), `ceiling` None where there is
    none, `law` None where nothing is projected, `basis` a code of `BASES`, `changes` the last year before each change,
    `cut` whether the series stops at the first of them."""

    indicator: str
    level: str
    points: pd.DataFrame
    family: str
    ceiling: float | None
    floor: float
    basis: str
    changes: tuple[tuple[int, str], ...] = ()
    cut: bool = False

    def law(self, at) -> Forecast | None:
        """The distribution at decimal years `at` (2031.0 is the end of 2030)."""
        return self._law(tuple(np.ravel(at)))

    @cached_by_owner  # with the series here: several tables of a document rest on one distribution
    def _law(self, at: tuple[float, ...]) -> Forecast | None:
        if self.basis not in LAWFUL:
            return None
        # a stand at the ceiling after one leap has no trend; too few points for one make the model give the base rate
        points = self.points.iloc[-AT_CEILING:] if self.basis == "at_ceiling" else self.points
        return forecast(
            points["time"],
            points["value"],
            family=self.family,
            ceiling=self.ceiling,
            floor=self.floor,
            at=at,
        )

    @cached_by_owner
    def as_kind(self, family: str) -> Projected:
        """The same series taken for another kind of indicator."""
        return replace(self, family=family)

    def last_year(self, horizon: int) -> int:
        """The last year that the series is projected to."""
        return min([horizon, *(year for year, _ in self.changes if self.cut)])

    def basis_in(self, year: int) -> str:
        """Codes of what the row of a year rests on."""
        codes = [code for until, code in self.changes if self.cut or year > until]
        return ";".join([self.basis, *codes])


def check_horizon(report: Report, horizon: int) -> list[int]:
    """The years to project, from the first that ends after the data.

    Raises ReformError for a horizon that is not a whole year, lies before the data, after 2035, or ends more than
    fifteen years after the data (for figures to 31/3/2020 the last year is 2034).
    """
    first = report.meta.data_date.year + (decimal_year(report.meta.data_date) == report.meta.data_date.year + 1)
    last = min(LAST_HORIZON, int(decimal_year(report.meta.data_date) + MAX_HORIZON) - 1)
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or not first <= horizon <= last:
        raise ReformError(
            f"the horizon {horizon} cannot be projected",
            where=f"figures to {report.meta.data_date}",
            expected=f"a year from {first} to {last}; the method was measured ten years ahead",
        )
    return list(range(first, int(horizon) + 1))


def series_list(report: Report) -> list[tuple[str, str]]:
    """The series of the form, and the sums of levels ("3+4") that official targets are about."""
    return list(_series_list(report))


@cached_by_owner
def _series_list(report: Report) -> tuple[tuple[str, str], ...]:
    seen = list(dict.fromkeys(zip(report.observations["indicator"], report.observations["level"], strict=True)))
    indicators = report.catalogue.rows_by("indicators", "form_row")
    mapping = report.catalogue.target_mapping
    for row, level in dict.fromkeys(zip(mapping["form_row"], mapping["level"], strict=True)):
        if "+" not in level:
            continue
        pair = (indicators[row]["indicator"], level)
        parts = [(pair[0], part) for part in pair[1].split("+")]
        if all(part in seen for part in parts):
            seen.insert(seen.index(parts[-1]) + 1, pair)
    return tuple(seen)


@cached_by_owner
def project(report: Report, indicator: str, level: str, horizon: int = 2030) -> Projected:
    """One series with what its projection rests on.

    The ceiling is 100 for a percentage, the universe that the report states (1949 procedures on the portal) for
    services, the largest count for units where every one is counted, none for signatures. A count with a known total is
    projected as the share that it is: the learned family `count-ceiling` knows women's seats in parliaments only.

    A share of a flow over a part of a year (P) stays as the last point, at its date; a count over a part of a year is
    left out. A series that the report has `withheld` (:func:`reformlib.check.withheld.usable`) has no points.
    """
    series = _projected(report, indicator, level)
    if len(series.points) and horizon + 1 - series.points["time"].iloc[-1] > MAX_HORIZON:
        return _projected(report, indicator, level, too_old=True)
    return series


@cached_by_owner
def _projected(report: Report, indicator: str, level: str, *, too_old: bool = False) -> Projected:
    how = report.catalogue.rows_by("projection", "indicator").get(indicator)
    limits = report.catalogue.rows_by("indicators", "indicator")[indicator]
    withheld = any((indicator, part) in report.withheld for part in level.split("+"))
    points = target_series(report, indicator, level)
    if withheld:
        points = points.iloc[:0]
    floor = 0.0 if pd.isna(limits["limit_low"]) else float(limits["limit_low"])
    if how is None:
        return Projected(indicator, level, points, "", None, floor, "no_family")
    ceiling = _ceiling(report, indicator, how["ceiling"], limits["limit_high"], points["value"])
    until = [int(year) for year in how["until"].split(";") if year]
    cut = how["beyond"] == "cut"
    codes = [code for code in how["change"].split(";") if code]
    changes = tuple(zip(until, codes, strict=True))
    basis = "not_usable" if withheld else _basis(points, how["ceiling"], ceiling, floor, too_old)
    return Projected(indicator, level, points, how["family"], ceiling, floor, basis, changes, cut)


def _ceiling(report: Report, indicator: str, rule: str, limit: float, values: pd.Series) -> float | None:
    if rule == "limit_high":
        return None if pd.isna(limit) else float(limit)
    if rule == "universe":
        fact = report.meta.universes.get(indicator)
        return None if fact is None else float(report.rows_by("facts", "fact")[fact]["value"])
    if rule == "bodies" and len(values):
        return float(values.max())
    return None


def _basis(points: pd.DataFrame, rule: str, ceiling: float | None, floor: float, too_old: bool) -> str:
    values = points["value"].tolist()
    if not values:
        return "no_figure"
    if rule == "bodies" and ceiling == 0:
        return "all_zero"
    if rule != "none" and ceiling is None:
        return "no_universe"
    if ceiling is not None and max(values) > ceiling:
        return "above_ceiling"
    if min(values) < floor:
        return "below_floor"
    if too_old:
        return "too_old"
    if len(values) >= MIN_POINTS and ceiling is not None and set(values[-AT_CEILING:]) == {ceiling}:
        return "at_ceiling" if len(set(values)) >= MIN_DISTINCT else "few_values"
    few = "few_points" if len(values) < MIN_POINTS else "few_values" if len(set(values)) < MIN_DISTINCT else "fitted"
    return "all_zero" if few != "fitted" and ceiling is None and not any(values) else few


def projections(report: Report, horizon: int = 2030) -> pd.DataFrame:
    """Yearly distribution of every series at the end of each year to `horizon`, in the indicator's unit.

    Median and the 50, 80 and 95 % intervals, within the natural limits; status F, scenario `as_is`. `basis` holds
    codes of `BASES` joined by ";". With fewer than five joined points or three different values no trend is fitted and
    the base rate of its kind stands there, marked so. A series without projection has one row without numbers; one
    that cannot continue stops at the year that its basis names. Points left out: :func:`left_out`.
    Raises ReformError for a horizon before the data or after 2035.
    """
    years, rows = check_horizon(report, horizon), []
    for indicator, level in series_list(report):
        series = project(report, indicator, level, horizon)
        row = {"indicator": indicator, "level": level, "status": "F", "scenario": "as_is"}
        mine = [year for year in years if year <= series.last_year(horizon)]
        law = series.law(np.array(mine) + 1.0) if mine else None
        if law is None:
            rows.append(row | {"basis": series.basis_in(years[0])})
            continue
        bands = law.quantile(list(QUANTILES.values()))
        rows += [
            row | {"year": year, "basis": series.basis_in(year)} | dict(zip(QUANTILES, band, strict=True))
            for year, band in zip(mine, bands, strict=True)
        ]
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    columns |= {name: np.array(columns[name], dtype=float) for name in QUANTILES}
    return pd.DataFrame(columns | {"year": pd.array(columns["year"], dtype="Int64")})


def left_out(report: Report) -> pd.DataFrame:
    """Points that no projection uses: `indicator, level, as_of, value, status`, rows of `Report.observations`.

    Status O, M, D, U cannot be joined; what stands before a break belongs to another series; a flow over a part of a
    year (P) is not compared with whole years; of a series withheld no point is used.
    """
    points = report.observations
    series = list(zip(points["indicator"], points["level"], strict=True))
    order = list(dict.fromkeys(series))
    used = {one: set() if one in report.withheld else set(target_series(report, *one)["as_of"]) for one in order}
    left = [place for place, when in enumerate(points["as_of"]) if when not in used[series[place]]]
    left.sort(key=lambda place: order.index(series[place]))
    return points.iloc[left].reset_index(drop=True)


def natural_frequency(p: float) -> str:
    """A probability as a rounded natural frequency, a code of `FREQUENCIES`.

    Below 0.05 "fewer than 1 in 20", above 0.95 "more than 19 in 20", otherwise the nearest tenth, halves up.

    >>> natural_frequency(0.03), natural_frequency(0.05), natural_frequency(0.25), natural_frequency(0.97)
    ('<1/20', '1/10', '3/10', '>19/20')
    """
    if not 0 <= p <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    if p < 0.05:
        return "<1/20"
    if p > 0.95:
        return ">19/20"
    return f"{min(9, max(1, int(np.floor(10 * p + 0.5 + 1e-9))))}/10"


def _unit(report: Report, indicator: str) -> str:
    return report.catalogue.rows_by("indicators", "indicator")[indicator]["unit"]


def own_target(report: Report, row) -> float:
    """The target of a row of `gaps.gaps` in the indicator's own unit: 30 % of 1949 procedures is 584.7 services."""
    if row.unit == _unit(report, row.indicator):
        return float(row.target)
    fact = report.meta.universes[row.indicator]
    return float(row.target * report.rows_by("facts", "fact")[fact]["value"] / 100)


def open_targets(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of `gaps.gaps` that can be projected to: usable, with a figure, due after the data; `own` is the target
    in the indicator's unit, `due` the deadline as a decimal year."""
    return _open_targets(report, _other(report, rows))


def _other(report: Report, rows: pd.DataFrame | None) -> pd.DataFrame | None:
    """`rows`, None where :func:`reformlib.measure.gaps.gaps` gave them: what rests on those is worked out once."""
    return None if rows is None or are_all_gaps(report, rows) else rows


@cached_by_owner
def _open_targets(report: Report, rows: pd.DataFrame | None) -> pd.DataFrame:
    rows = gaps(report) if rows is None else rows
    chosen = rows[
        rows["recommended_use"].isin(DRIVING)
        & rows["value"].notna()
        & rows["target"].notna()
        & (rows["deadline"] > pd.Timestamp(report.meta.data_date))
    ]
    chosen = chosen.assign(
        own=[own_target(report, row) for row in each_row(chosen)],
        due=[decimal_year(when.date()) for when in chosen["deadline"]],
    )
    return chosen.sort_values(["deadline", "target_id"], ignore_index=True)


def target_probabilities(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """How likely each usable official target is if things go on as they do.

    `target` is in the unit of the instrument. `p_at_least`: at or above the target at the deadline; `p_reached_by`: at
    or above it at the end of some year up to the deadline, from 4000 simulated paths with a fixed seed.
    `natural_frequency` rounds `p_at_least` (:func:`natural_frequency`). `caveat` holds codes of `gaps.CAVEATS`,
    `basis` codes of `BASES`; a series that stops before the deadline has no row. `rows` is what `gaps.gaps` gave.
    """
    found = []
    for row in each_row(open_targets(report, rows)):
        year = row.deadline.year
        series = project(report, row.indicator, row.level, year)
        if year > series.last_year(year) or row.comparator in ("<", "<=") or year > LAST_HORIZON:
            continue
        ends = np.arange(report.meta.data_date.year + 1, row.due + 1e-9)
        start = series.points["time"].iloc[-1] if len(series.points) else 0.0
        law = series.law(np.unique(np.append(ends[ends > start], row.due)))
        if law is None:
            continue
        target = np.nextafter(row.own, np.inf) if row.comparator == ">" else row.own
        at_least = float(law.probability_at_least(target)[-1])
        found.append(
            {name: getattr(row, name) for name in PROBABILITY_COLUMNS[:6]}
            | {
                "target_year": year,
                "p_at_least": at_least,
                # reached by the deadline includes standing there at the deadline; simulation error must not hide it
                "p_reached_by": max(at_least, float(law.reached_by(target)[-1])),
                "natural_frequency": natural_frequency(at_least),
                "scenario": "as_is",
                "basis": series.basis_in(year),
                "caveat": ";".join(code for code in row.caveat.split(";") if code != "before_deadline"),
            }
        )
    frame = pd.DataFrame(found, columns=PROBABILITY_COLUMNS)
    return frame.assign(
        **frame[["target", "p_at_least", "p_reached_by"]].astype(float),
        target_year=frame["target_year"].astype("Int64"),
    )


def kinds(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much the choice of the kind of indicator matters: the probability of each open target of a fitted series
    under every kind that a count or share with a ceiling could be. `indicator, level, target_id`, then one column a
    kind (`OTHER_KINDS`): P(at or above at the deadline)."""
    found = []
    for row in each_row(open_targets(report, rows)):
        series = project(report, row.indicator, row.level, row.deadline.year)
        if series.basis != "fitted" or series.ceiling is None or row.deadline.year > series.last_year(LAST_HORIZON):
            continue
        laws = {kind: series.as_kind(kind).law([row.due]) for kind in OTHER_KINDS}
        chances = {kind: float(law.probability_at_least(row.own)[0]) for kind, law in laws.items()}
        found.append({"indicator": row.indicator, "level": row.level, "target_id": row.target_id} | chances)
    return pd.DataFrame(found, columns=["indicator", "level", "target_id", *OTHER_KINDS])


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
        unit = _unit(report, indicator)
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
            row = {"indicator": indicator, "level": level, "year": year, "unit": _unit(report, indicator)}
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


def paces(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The pace each open target needs, the pace so far, and how fast such indicators went in the benchmark.

    Rows of :func:`open_targets` whose need is above zero, with `family` and `usual`, `fast`, `fastest`: the median, the
    pace that one window in ten and one in a hundred exceeded over five (or, more than seven and a half years away, ten)
    years; in points of the range a year, so they compare with shares only.
    """
    chosen = open_targets(report, rows)
    chosen = chosen[(chosen["unit"] == "%") & (chosen["pace_needed"] > 0)].copy()
    learned, found = load_prior()["pace"], []
    for row in each_row(chosen):
        series = project(report, row.indicator, row.level, row.deadline.year)
        window = "5" if row.due - decimal_year(row.as_of.date()) <= 7.5 else "10"
        pace = learned.get(series.family, {}).get(window, {})
        found.append(
            {"family": series.family, "window": int(window), "usual": pace.get("median")}
            | {name: pace.get(name) for name in ("fast", "fastest", "n")}
        )
    columns = ["family", "window", "usual", "fast", "fastest", "n"]
    return chosen.assign(**{name: [row[name] for row in found] for name in columns})


def backtest(report: Report) -> pd.DataFrame:
    """Every fitted series forecast from its points but the last ones, wherever five points are left to start from.

    `indicator, level, origin, as_of, value, p50, lo80, hi80, inside`: the points after each origin and whether the
    80 % interval holds them. Six points leave one origin and one point: an illustration, no measure.
    """
    rows = []
    for indicator, level in series_list(report):
        series = project(report, indicator, level, report.meta.data_date.year + 1)
        if series.basis != "fitted":
            continue
        times, values = series.points["time"].to_numpy(), series.points["value"].to_numpy()
        for count in range(MIN_POINTS, len(values)):
            if len(set(values[:count])) < MIN_DISTINCT:
                continue
            law = forecast(
                times[:count],
                values[:count],
                family=series.family,
                ceiling=series.ceiling,
                floor=series.floor,
                at=times[count:],
            )
            dates = series.points["as_of"]
            for when, value, (low, middle, high) in zip(
                dates[count:], values[count:], law.quantile([0.1, 0.5, 0.9]), strict=True
            ):
                row = {"indicator": indicator, "level": level, "origin": dates.iloc[count - 1], "as_of": when}
                row |= {"value": value, "p50": middle, "lo80": low, "hi80": high, "inside": low <= value <= high}
                rows.append(row)
    columns = ["indicator", "level", "origin", "as_of", "value", "p50", "lo80", "hi80", "inside"]
    return pd.DataFrame(rows, columns=columns)
