"""Checks of columns that overlap in time: sums within a year, parts and their whole, figures of one day."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from reformlib.check import periods, rules
from reformlib.check.annex import Series, named
from reformlib.check.finding import Result
from reformlib.check.series import objections, of_each_series
from reformlib.check.verdict import INCONSISTENT
from reformlib.load.period import months_of
from reformlib.load.rows import grouped


@of_each_series
def sums_grow(series: Series) -> Iterable[Result]:
    """What is summed from one day on does not become less: six months are no less than their first quarter.

    Nothing is said of what may be negative, such as what comes in net of what goes out.
    """
    if not series.about.limit_low >= 0:  # no limit is no limit
        return []
    results = []
    for points in grouped(_summed(series), lambda point: point.start).values():
        if len(points) > 1:
            fallen = [one.period for a, b in pairwise(points) if b.value < a.value for one in (a, b)]
            results.append(series.result(rules.never_falls(named(points)), periods=dict.fromkeys(fallen)))
    return objections(results)


@of_each_series
def parts_and_whole(series: Series) -> Iterable[Result]:
    """The figure of a period is the sum of those of its parts, up to rounding; estimates are left out."""
    points = [point for point in _summed(series) if point.status != "E"]
    results = []
    for whole in points:
        for parts in _parts(whole, points):
            unit = max(map(series.rounded_to, (whole, *parts)))
            verdict = periods.time_balance("S", whole.value, [part.value for part in parts], unit=unit)
            bad = verdict.outcome == INCONSISTENT
            results.append(series.result(verdict, periods=[one.period for one in (*parts, whole) if bad]))
    return objections(results)


@of_each_series
def one_day(series: Series) -> Iterable[Result]:
    """What is counted at a date is one figure in every column that ends then, up to rounding."""
    if series.about.time_collect != "E":
        return []
    results = []
    for points in grouped(series.filled, lambda point: point.as_of).values():
        if len(points) > 1:
            units = set(map(series.rounded_to, points))
            verdict = rules.same_everywhere(named(points), unit=max(units) if len(units) > 1 else 0)
            results.append(series.result(verdict, periods=[point.period for point in points]))
    return objections(results)


@of_each_series
def may_be_added(series: Series) -> Iterable[Result]:
    """Figures of a flow are each of their own period, so that they may be added, and no running total.

    Nothing is said with fewer than two figures that are not 0, and of what may be negative.
    """
    figures = [point.value for point in series.one_by_one]
    flow = series.about.measure == "flow" and series.about.limit_low >= 0
    if flow and sum(value > 0 for value in figures) > 1:
        yield series.result(periods.may_be_added(figures))


def _summed(series: Series) -> list:
    """The points of what is summed over periods, in the order of time."""
    summed = series.about.time_collect == "S" and series.about.unit != "%"
    return series.filled if summed else []


def _parts(whole, points: list) -> Iterator[list]:
    """The parts that make up a period, day by day, among some points: those of one length, and any two."""
    inside = [one for one in points if whole.start <= one.start and one.as_of <= whole.as_of and one is not whole]
    several = list(grouped(inside, months_of).values())
    several += [[a, b] for a in inside for b in inside if a.start < b.start and months_of(a) != months_of(b)]
    for parts in several:
        days = [day for one in parts for day in (one.start, one.as_of)]
        steps = [(b - a).days for a, b in zip(days[1::2], days[2::2], strict=False)]
        if len(parts) > 1 and set(steps) == {1} and (days[0], days[-1]) == (whole.start, whole.as_of):
            yield parts
