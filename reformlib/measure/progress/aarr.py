"""Average annual rates: of reduction (AARR, positive when a value falls) and of change (AROC, positive when it rises).

Sources: UNICEF technical note on AARR (2007); the WHO-authored R package DSIR (`aarr`) for the regression and
end-point forms; the R package billionaiRe of WHO's Triple Billion targets for rates of change and their caps.
"""

import math
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from statistics import fmean, linear_regression

from reformlib.measure.progress.growth import cagr
from reformlib.measure.progress.points import Point, observations
from reformlib.measure.progress.result import REASONS, Rate

DUPLICATED_YEARS = "some years have several values"


def aarr_from_slope(slope: float) -> float:
    """1 - exp(b) for the least-squares slope b of ln(value) on year.

    >>> round(100 * aarr_from_slope(-0.06613), 1)
    6.4
    """
    return -math.expm1(slope)


def aarr_regression(years: Iterable, values: Iterable) -> Rate:
    """AARR by regression: 1 - exp(b), b the least-squares slope of ln(value) on year, all observations counting.

    120, 100, 70, 55 in 2000, 2005, 2010, 2015: 0.0525 a year.
    """

    def rate(observed: list[Point]) -> float:
        at, numbers = zip(*observed, strict=True)
        return aarr_from_slope(linear_regression(at, [math.log(number) for number in numbers]).slope)

    return _rate(years, values, rate)


def aarr_endpoint(years: Iterable, values: Iterable) -> Rate:
    """AARR between the first and the last year: 1 - (v1 / v0)^(1 / years). Values of one year are averaged.

    >>> round(aarr_endpoint([2010, 2000, 2005], [80, 100, 95]).value, 6)
    0.022067
    """

    def rate(observed: list[Point]) -> float | None:
        (first, start), (last, end) = _ends(observed)
        growth = cagr(start, end, last - first)
        return None if growth is None else -growth

    return _rate(years, values, rate)


def required_aarr(current_value: float, current_year: float, *, target: float, target_year: float) -> Rate:
    """Reduction a year that still reaches the target: 1 - (target / v)^(1 / (T - t)).

    >>> round(required_aarr(80, 2010, target=40, target_year=2030).value, 6)
    0.034064
    """
    if not target_year > current_year:
        return Rate(None, REASONS["target_year"])
    if not (current_value > 0 and target > 0):
        return Rate(None, REASONS["not_positive"])
    rate = cagr(current_value, target, target_year - current_year)
    return Rate(0.0 - rate) if rate is not None else Rate(None, REASONS["too_large"])


def aroc(
    first_value: float,
    earlier_year: float,
    last_value: float,
    later_year: float,
    *,
    lowest: float | None = None,
    highest: float | None = None,
) -> Rate:
    """Rate of change a year, (v1 / v0)^(1 / years) - 1, held between `lowest` and `highest`.

    >>> round(aroc(10, 2017, 29, 2018).value, 12), aroc(10, 2017, 29, 2018, highest=1.5).value
    (1.9, 1.5)
    """
    if not later_year > earlier_year:
        return Rate(None, REASONS["one_year"])
    if first_value == 0:
        return Rate(None, REASONS["zero_base"])
    if first_value * last_value < 0:
        return Rate(None, REASONS["sign_change"])
    rate = cagr(first_value, last_value, later_year - earlier_year)
    if rate is None:
        return Rate(None, REASONS["too_large"])
    if highest is not None:
        rate = min(rate, highest)
    return Rate(rate if lowest is None else max(rate, lowest))


def _rate(years: Iterable, values: Iterable, rate: Callable[[list[Point]], float | None]) -> Rate:
    """The rate of observations that are all positive and of two years at least, else the reason why there is none."""
    observed = observations(years, values)
    distinct = {year for year, _ in observed}
    note = DUPLICATED_YEARS if len(distinct) < len(observed) else ""
    if any(value <= 0 for _, value in observed):
        return Rate(None, REASONS["not_positive"], note)
    if len(distinct) < 2:
        return Rate(None, REASONS["one_year"], note)
    value = rate(observed)
    if value is None:
        return Rate(None, REASONS["too_large"], note)
    return Rate(value + 0.0, "", note)  # + 0.0: -0.0 would print as a fall


def _ends(observed: list[Point]) -> tuple[Point, Point]:
    """The first and the last year, each with the mean of its values."""
    means = [(year, fmean(value for _, value in same)) for year, same in groupby(observed, key=itemgetter(0))]
    return means[0], means[-1]
