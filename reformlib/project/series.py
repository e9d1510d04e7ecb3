"""Where each series goes if things go on as they do: the projected distribution of every series of a report.

The distributions come from :mod:`reformlib.project.law`, learned on many short series; what kind of indicator a series
is, its ceiling and where its definition changes are data of the form (`projection.csv`, `reclassifications.csv`), when
the unit itself ends is said of the unit (`units.csv`, `report.yml`). Counts stay counts: a target for a share of a
universe is turned into the count it asks for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from reformlib.load.cache import CacheOwner, cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.dates import last_whole_year
from reformlib.load.fields import frame
from reformlib.load.report import Report
from reformlib.measure.pace import target_series
from reformlib.measure.targets import official_targets
from reformlib.project import Forecast, forecast
from reformlib.project.composition import Drawn, split
from reformlib.project.horizon import check_horizon, horizon_of
from reformlib.project.law import comparable, no_range
from reformlib.project.window import MAX_HORIZON, MIN_DISTINCT, MIN_POINTS

QUANTILES = {"lo95": 0.025, "lo80": 0.1, "lo50": 0.25, "p50": 0.5, "hi50": 0.75, "hi80": 0.9, "hi95": 0.975}

# What a row rests on; English messages, translated where they are shown. Codes of reclassifications.csv of the form,
# and of `change`, where the unit itself ends, stand beside them.
BASES = codes("basis")

# Codes of `BASES` with which a series has a distribution.
LAWFUL = ("fitted", "few_points", "few_values", "at_ceiling", "at_floor")

# So many last figures at the ceiling, or at the floor of what should fall, count as a stand there.
AT_LIMIT = 3
# Figures held out of a series, one after another, to show how the method does.
HELD_OUT = 10

# Months of a whole year; the usual distance of points, in years, below which there are several in a year; and how far
# apart two days of the year may lie, two weeks, to be taken for the same.
WHOLE_YEAR, SEVERAL_A_YEAR, DAYS_APART = 12, 0.75, 0.04


class Change(NamedTuple):
    """What changes under a series: the last whole year before it, its code, and whether the series is `cut` there."""

    year: int
    code: str
    cut: bool


@dataclass(frozen=True, eq=False)
class Projected(CacheOwner):
    """One series with its distribution: `unit`, whether it counts what comes whole, whether it is a flow (counts what
    happened in a period); the `points` used (as_of, time, value, status); `ceiling` and `floor`, None where there is
    none; `basis`, a code of `BASES`; whether it `falls` where it gets better; `changes`, what changes under it after
    its last point, in order of time; `together`, where it is one of the categories of a total that are projected so
    that they add up: their sum, then each of them."""

    indicator: str
    level: str
    unit: str
    is_whole: bool
    is_flow: bool
    points: pd.DataFrame
    family: str
    ceiling: float | None
    floor: float | None
    basis: str
    falls: bool = False
    changes: tuple[Change, ...] = ()
    together: tuple["Projected", ...] = ()

    def law(self, at: ArrayLike) -> Forecast | Drawn | None:
        """The distribution at decimal years `at` (2031.0 is the end of 2030), None where nothing is projected."""
        return self._law(tuple(np.ravel(at)))

    @cached_by_owner  # several tables of a document rest on one distribution
    def _law(self, at: tuple[float, ...]) -> Forecast | Drawn | None:
        if self.basis not in LAWFUL:
            return None
        if self.together:
            whole, *parts = (one.law_from(one.used, at) for one in self.together)
            return split(whole, parts)[[one.level for one in self.together[1:]].index(self.level)]
        return self.law_from(self.used, at)

    @property
    def used(self) -> pd.DataFrame:
        """The points of the law: of a stand at a limit after one leap, which is no trend, the last."""
        return self.points.iloc[-AT_LIMIT:] if self.basis in ("at_ceiling", "at_floor") else self.points

    @property
    def carried(self) -> pd.DataFrame:
        """The points that a projection is worked out from: of few points without a trend the last, else those used;
        of a series that is not projected none."""
        if self.basis not in LAWFUL:
            return self.points.iloc[:0]
        return self.used.iloc[-1:] if self.basis == "few_points" else self.used

    def as_learned(self, points: pd.DataFrame) -> np.ndarray:
        """Values as the law takes them, which was learned on what rises: of a share not done what is done of the same
        whole, of a series below zero the amount by which it is below."""
        values = points["value"].to_numpy()
        if self.whole is not None:
            return self.whole - values
        return -values if self.floor is None and values[-1] < 0 else values

    def law_from(self, points: pd.DataFrame, at: ArrayLike) -> Forecast:
        """The distribution at decimal years `at` that some points give, turned back where they were turned."""
        values, last = self.as_learned(points), float(points["value"].iloc[-1])
        law = forecast(points["time"], values, family=self.family, at=at, ceiling=self.ceiling, floor=self.floor)
        if self.whole is None:
            return law if values[-1] == last else law.mirrored()
        # what was reported stays as it is, to the last digit
        told = (("last", last), ("floor", self.floor), ("ceiling", self.ceiling))
        return replace(law.mirrored(self.whole), **{name: np.full_like(law.last, value) for name, value in told})

    @property
    def whole(self) -> float | None:
        """What a share not done, which should fall, and the share done add up to; None for every other series."""
        return self.floor + self.ceiling if self.falls and self.floor is not None and self.ceiling is not None else None

    def years_of(self, years: list[int]) -> list[int]:
        """Those of the years that the series is projected to."""
        return [year for year in years if year <= self.last_year(year)]

    def quantiles_at_ends_of(self, years: list[int], probabilities: list[float]) -> np.ndarray:
        """Quantiles at the ends of calendar years, a row a year, NaN where there is no range to go by
        (:func:`reformlib.project.law.no_range`). Raises ValueError where nothing is projected."""
        law = self.law(np.array(years) + 1.0)
        if law is None:
            raise ValueError(f"nothing is projected for {self.indicator} {self.level}")
        return np.where(no_range(law)[:, None], np.nan, law.quantile(probabilities))

    @cached_by_owner
    def as_kind(self, family: str) -> "Projected":
        """The same series taken for another kind of indicator."""
        return replace(self, family=family, together=tuple(one.as_kind(family) for one in self.together))

    def last_year(self, horizon: int) -> int:
        """The last year that the series is projected to."""
        return min([horizon, *(change.year for change in self.changes if change.cut)])

    def basis_in(self, year: int) -> str:
        """Codes of what the row of a year rests on."""
        codes = [change.code for change in self.changes if change.cut or year > change.year]
        return ";".join([self.basis, *codes])


@cached_by_owner
def series_list(report: Report) -> tuple[tuple[str, str], ...]:
    """The series of the form (indicator, level), and after their levels the sums ("3+4") that official targets are
    about."""
    pairs = list(dict.fromkeys(zip(report.observations["indicator"], report.observations["level"], strict=True)))
    targets = official_targets(report)
    for indicator, level in dict.fromkeys(zip(targets["indicator"], targets["level"], strict=True)):
        parts = [(indicator, part) for part in level.split("+")]
        if len(parts) > 1 and all(part in pairs for part in parts):
            pairs.insert(pairs.index(parts[-1]) + 1, (indicator, level))
    return tuple(pairs)


def each_series(report: Report, horizon: int) -> Iterator[Projected]:
    """:func:`project` of all of :func:`series_list`."""
    return (project(report, indicator, level, horizon) for indicator, level in series_list(report))


@cached_by_owner
def project(report: Report, indicator: str, level: str, horizon: int = 0) -> Projected:
    """One series with what its projection rests on.

    The ceiling is 100 for a percentage, the universe that the report states (1949 procedures on the portal) for
    services, the largest count for units where every one is counted, none for signatures. A count with a known total is
    projected as the share that it is: the learned family `count-ceiling` knows women's seats in parliaments only.

    A share of a flow over a part of a year (P) stays as the last point, at its date; a count over a part of a year is
    left out, as is a figure that the report has as `doubted`. A series that it has `withheld`
    (:func:`reformlib.check.withheld.withhold`) has no points.
    """
    series, horizon = _projected(report, indicator, level), horizon_of(report, horizon)
    if len(series.points) and horizon + 1 - series.points["time"].iloc[-1] > MAX_HORIZON:
        return _projected(report, indicator, level, too_old=True)
    return replace(series, together=_together(report, series))


def _together(report: Report, series: Projected) -> tuple[Projected, ...]:
    """The sum and the categories of it that a series is projected with, if all of them have a distribution."""
    if series.basis not in LAWFUL or "+" in series.level:
        return ()
    sums = [level for indicator, level in series_list(report) if indicator == series.indicator and "+" in level]
    whole = next((level for level in sums if series.level in level.split("+")), "")
    found = tuple(_projected(report, series.indicator, level) for level in (whole, *whole.split("+")) if level)
    return found if all(one.basis in LAWFUL for one in found) else ()


@cached_by_owner
def _projected(
    report: Report, indicator: str, level: str, *, too_old: bool = False, known: int | None = None
) -> Projected:
    """:func:`project` by itself; from the first `known` points only, as if no others were known."""
    rule = report.catalogue.rows_by("projection", "indicator").get(indicator)
    limits = report.catalogue.rows_by("indicators", "indicator")[indicator]
    withheld = any((indicator, part) in report.withheld for part in level.split("+"))
    told = target_series(report, indicator, level)
    if withheld:
        told = told.iloc[:0]
    points = _yearly(told[~told["as_of"].isin(doubted_days(report, indicator, level))]).iloc[:known]
    floor = None if pd.isna(limits["limit_low"]) else float(limits["limit_low"])
    about = (indicator, level, limits["unit"], limits["whole"], limits["measure"] == "flow", points)
    if rule is None:
        return Projected(*about, "", None, floor, "no_family")
    ceiling = _ceiling(report, indicator, rule["ceiling"], limits["limit_high"], points["value"])
    changes = _changes(report, indicator, points["as_of"].max(), ends=rule["ceiling"] == "bodies")
    falls = limits["direction"] == "decrease"
    basis = "not_usable" if withheld else _basis(points, rule["ceiling"], ceiling, floor, falls, too_old)
    if limits["measure"] == "flow" and (points["months"] < WHOLE_YEAR).any():
        basis = "part_of_year"
    series = Projected(*about, rule["family"], ceiling, floor, basis, falls, changes)
    alone = basis == "fitted" or basis not in LAWFUL
    if alone or comparable(series.as_learned(series.used), series.family, ceiling, floor):
        return series
    return replace(series, basis="not_comparable")


def doubted_days(report: Report, indicator: str, level: str) -> list[pd.Timestamp]:
    """The days of the figures of a series, or of one that it is the sum of, which the report has as `doubted`."""
    parts = level.split("+")
    told = (point for point in report.points.get(indicator, ()) if point.level in parts)
    return [point.as_of for point in told if (indicator, point.level, point.period) in report.doubted]


def _yearly(points: pd.DataFrame) -> pd.DataFrame:
    """The points that lie whole years before the last, of a series with several a year: the law was learned on series
    of yearly figures."""
    apart = points["time"].diff().iloc[1:-1]  # the last may be a part of a year
    if apart.empty or apart.median() >= SEVERAL_A_YEAR:
        return points
    ago = points["time"].iloc[-1] - points["time"]
    return points[(ago - ago.round()).abs() < DAYS_APART]


def _changes(report: Report, indicator: str, last: pd.Timestamp, *, ends: bool) -> tuple[Change, ...]:
    """What changes under a series after its `last` point: reclassifications of the form, then the end of the unit.

    A count of bodies `ends` with the unit; anything else is assumed to be counted on. One that has been cut by then
    has no more to lose.
    """
    dated = [
        (date.fromisoformat(row.until), row.reclassification, row.beyond == "cut")
        for row in report.catalogue.reclassified(indicator)
    ]
    dated.sort()
    until = report.meta.exists_until
    if until and not any(cut and day <= until for day, _, cut in dated):
        dated.append((until, "unit_ends" if ends else "unit_counted_on", ends))
    known_until = report.meta.data_date if pd.isna(last) else last.date()
    return tuple(Change(last_whole_year(day), *what) for day, *what in dated if day >= known_until)


def _ceiling(report: Report, indicator: str, rule: str, limit: float, values: pd.Series) -> float | None:
    if rule == "limit_high":
        return None if pd.isna(limit) else float(limit)
    if rule == "universe":
        return report.universe(indicator)
    if rule == "bodies" and len(values):
        return float(values.max())
    return None


def _basis(
    points: pd.DataFrame, rule: str, ceiling: float | None, floor: float | None, falls: bool, too_old: bool
) -> str:
    values = points["value"].tolist()
    if not values:
        return "no_figure"
    at_limit = "at_floor" if falls else "at_ceiling"
    reasons = (
        (rule == "bodies" and ceiling == 0, "all_zero"),
        (rule != "none" and ceiling is None, "no_universe"),
        (ceiling is not None and max(values) > ceiling, "above_ceiling"),
        (floor is not None and min(values) < floor, "below_floor"),
        (too_old, "too_old"),
        (ceiling is None and not any(values), "all_zero"),
        (len(values) < MIN_POINTS, "few_points"),
        (len(set(values)) < MIN_DISTINCT, "few_values"),
        (ceiling is not None and set(values[-AT_LIMIT:]) == {floor if falls else ceiling}, at_limit),
    )
    return next((reason for holds, reason in reasons if holds), "fitted")


@cached_by_owner
def projections(report: Report, horizon: int = 0) -> pd.DataFrame:
    """Yearly distribution of every series at the end of each year to `horizon`, in the indicator's unit.

    Median and the 50, 80 and 95 % intervals, within the natural limits; status F, scenario `as_is`. `basis` holds
    codes of `BASES` joined by ";". A series without a trend has the base rate of its shape and level, marked so, where
    that was measured. One without projection has one row without numbers; one that cannot continue stops at the year
    that its basis names. A year without a range to go by (:func:`reformlib.project.law.no_range`) has no numbers, and
    `too_wide` in its basis. Points left out: :func:`left_out`.
    `horizon` 0: as :func:`reformlib.project.horizon.horizon_of`. Raises ReformError for one that cannot be
    projected (:func:`reformlib.project.horizon.check_horizon`).
    """
    years, rows = check_horizon(report, horizon), []
    for series in each_series(report, years[-1]):
        row = {"indicator": series.indicator, "level": series.level, "status": "F", "scenario": "as_is"}
        ahead = series.years_of(years)
        if not ahead or series.basis not in LAWFUL:
            rows.append(row | {"basis": series.basis_in(years[0])})
            continue
        for year, band in zip(ahead, series.quantiles_at_ends_of(ahead, list(QUANTILES.values())), strict=True):
            basis = series.basis_in(year) + ";too_wide" * bool(np.isnan(band[0]))
            rows.append(row | {"year": year, "basis": basis} | dict(zip(QUANTILES, band, strict=True)))
    return frame("projections", rows)


def left_out(report: Report) -> pd.DataFrame:
    """Points that no projection uses: `indicator, level, as_of, value, status`, rows of `Report.observations`.

    Status O, M, D, U cannot be joined; what stands before a break belongs to another series; a flow over a part of a
    year (P) is not compared with whole years; of a series with several points a year those a year apart are used; of a
    series withheld no point is used, nor a figure doubted. What is printed but not read is among them.
    """
    points = report.observations
    series = list(zip(points["indicator"], points["level"], strict=True))
    order = list(dict.fromkeys(series))
    used = {one: set(_projected(report, *one).points["as_of"]) for one in order}
    left = [place for place, when in enumerate(points["as_of"]) if when not in used[series[place]]]
    left.sort(key=lambda place: order.index(series[place]))
    return points.iloc[left].reset_index(drop=True)


def unit_of(report: Report, indicator: str) -> str:
    """The unit of an indicator, a code of units.csv or "%"."""
    return report.catalogue.rows_by("indicators", "indicator")[indicator]["unit"]


@cached_by_owner
def backtest(report: Report) -> pd.DataFrame:
    """Every series forecast from its points but the last ones: one with a trend without at most the last `HELD_OUT`,
    wherever five points are left to start from, one with a base rate without the last.

    `indicator, level, origin, as_of, value, basis, p50, lo80, hi80, inside`: the points after each origin for which
    there is a range to go by, what the forecast rests on, and whether the 80 % interval holds them. Six points leave
    one origin and one point: an illustration, no measure. Of 90, 90, 90, 90, 90 and 90 % the last is within what the
    first five say.
    """
    rows = []
    for series in each_series(report, report.meta.data_date.year + 1):
        n = len(series.points) if series.basis in LAWFUL else 0
        for count in range(max(MIN_POINTS, n - HELD_OUT) if series.basis == "fitted" else n - 1, n):
            then = _projected(report, series.indicator, series.level, known=count)
            if then.basis not in LAWFUL:
                continue
            origin, later = then.points.iloc[-1], series.points.iloc[count:]
            later = later[later["time"] <= origin["time"] + MAX_HORIZON]
            if later.empty:
                continue
            about, law = [series.indicator, series.level, origin["as_of"]], then.law_from(then.used, later["time"])
            bands = zip(later["as_of"], later["value"], law.quantile([0.1, 0.5, 0.9]), no_range(law), strict=True)
            rows += [
                [*about, when, value, then.basis, middle, low, high, low <= value <= high]
                for when, value, (low, middle, high), wide in bands
                if not wide
            ]
    columns = ["indicator", "level", "origin", "as_of", "value", "basis", "p50", "lo80", "hi80", "inside"]
    return pd.DataFrame(rows, columns=columns)
