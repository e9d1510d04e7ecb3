"""Paths from the latest value to a later year: straight, at a constant rate, by a stated change, back to an old trend.

Each path is a Series of values indexed by year. Scenario vocabulary: the R package billionaiRe (WHO's Triple Billion
targets). A path is a supposition, not an observation; its values carry the SDMX status F.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reformlib.errors import ReformError
from reformlib.measure.progress.aarr import aroc
from reformlib.measure.progress.result import sign_of


def linear_path(value: float, year: int, *, target: float, target_year: int) -> pd.Series:
    """Straight line from the value to the target, one point a year, both ends exact.

    >>> linear_path(68, 2018, target=99, target_year=2025).round(2).tolist()
    [68.0, 72.43, 76.86, 81.29, 85.71, 90.14, 94.57, 99.0]
    """
    years = _years(year, target_year)
    return _path(years, np.linspace(value, target, len(years)))


def constant_rate_path(
    value: float,
    year: int,
    *,
    rate: float,
    to_year: int,
    lowest: float | None = None,
    highest: float | None = None,
) -> pd.Series:
    """The value growing by `rate` a year (a fraction), held between the natural limits.

    88 growing by 1/87 a year from 2018: 95.33 in 2025. Raises ReformError for a rate below -1.
    """
    if rate < -1:
        raise ReformError(f"a yearly rate of {rate:g} loses more than everything", expected="a rate of -1 or more")
    years = _years(year, to_year)
    return _path(years, value * (1.0 + rate) ** (np.array(years) - year)).clip(lowest, highest)


def target_rate_path(value: float, year: int, *, target: float, target_year: int) -> pd.Series:
    """The value growing at the one rate that reaches the target. Raises ReformError where no such rate exists."""
    last = _years(year, target_year)[-1]
    rate = aroc(value, year, target, target_year)
    if rate.value is None:
        raise ReformError(f"no constant rate leads from {value:g} to {target:g}: {rate.reason}", fix="use linear_path")
    path = constant_rate_path(value, year, rate=rate.value, to_year=target_year)
    return path.where(path.index < last, float(target))  # exact, not to rounding


def percent_change_path(value: float, year: int, *, percent: float, target_year: int) -> pd.Series:
    """Straight line to the value changed by `percent` of itself in the target year.

    >>> float(percent_change_path(68, 2018, percent=-3, target_year=2025)[2025])
    65.96
    """
    return linear_path(value, year, target=value * (100 + percent) / 100, target_year=target_year)


def keep_better(path: pd.Series, reported: Mapping[int, float], *, direction: int | str) -> pd.Series:
    """The path with reported values in its place wherever they are better in the wanted direction.

    68 -> 99 (2018-2025) with 79, 80, 81 reported for 2019-2021 keeps 79 and 80; 81 lies below the path (81.29).
    """
    sign = sign_of(direction)
    better = pd.Series(dict(reported), dtype=float).reindex(path.index)
    return path.where(~(sign * better > sign * path), better)


def previous_trajectory(
    observed: Mapping[int, float], projection: Mapping[int, float], *, recovery_year: int
) -> pd.Series:
    """Back to the trajectory of before a shock: the last value observed stays until the recovery year, from which
    the projection made before the shock holds again.

    55 observed in 2021, 64-67 once projected for 2022-2025, recovery in 2023: 55, 65, 66, 67.
    """
    if not observed or not projection:
        raise ReformError("a return needs an observed value and a projection made before the shock")
    last = max(observed)
    ahead = {year: value for year, value in sorted(projection.items()) if year > last}
    held = {year: observed[last] if year < recovery_year else value for year, value in ahead.items()}
    return _path(list(held), np.array(list(held.values()), dtype=float))


def _years(first: int, last: int) -> list[int]:
    if not last > first:
        raise ReformError(f"a path from {first} to {last}", expected="a later year than the first")
    return list(range(int(first), int(last) + 1))


def _path(years, values) -> pd.Series:
    return pd.Series(values, index=pd.Index(years, name="year"), name="value", dtype=float)
