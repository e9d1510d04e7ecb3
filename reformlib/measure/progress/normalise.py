"""Values put on a common scale, and values with a best point in the middle turned into values with one direction.

Sources: the R package COINr for goalposts and distance to target; Open SDG, "Progress measurement methodology",
for the transforms around a best point (Goldilocks transforms).
"""

import numpy as np
from numpy.typing import ArrayLike

from reformlib.errors import ReformError
from reformlib.measure.progress.result import sign_of

# Below this share of its budget spent, distance from 100 % says nothing (Open SDG on indicator 16.6.1).
BUDGET_FLOOR = 25.0


def goalposts(
    values: ArrayLike, *, low: float, high: float, direction: int | str, scale: float = 1.0
) -> np.ndarray | float:
    """(x - low) / (high - low) * scale, cut to 0..scale; counted from `high` down where a decrease is wanted.

    >>> goalposts(1, low=0, high=10, direction=1), goalposts([-1, 11], low=0, high=10, direction=-1).tolist()
    (0.1, [1.0, 0.0])
    """
    if not high > low:
        raise ReformError(f"goalposts {low:g} and {high:g}", expected="low below high")
    x = np.asarray(values, dtype=float)
    share = (x - low) if sign_of(direction) > 0 else (high - x)
    return _like(values, np.clip(share / (high - low), 0, 1) * scale)


def distance_to_target(
    values: ArrayLike, *, target: float, direction: int | str, cap: bool = False
) -> np.ndarray | float:
    """Share of the way from the worst value seen to the target: (x - min) / (target - min), or, where a decrease is
    wanted, (max - x) / (max - target); above 1 is beyond the target unless capped.

    Raises ReformError when the worst value already meets the target: there is no way to measure.

    >>> distance_to_target([0, 5, 11], target=10, direction=1).tolist()
    [0.0, 0.5, 1.1]
    """
    x = np.asarray(values, dtype=float)
    if not np.isfinite(x).any():
        raise ReformError("no value to measure a distance from", expected="at least one number")
    sign = sign_of(direction)
    worst = np.nanmin(x) if sign > 0 else np.nanmax(x)
    way = sign * (target - worst)
    if not way > 0:
        raise ReformError(f"all values already meet the target {target:g}", fix="report them as achieved")
    share = sign * (x - worst) / way
    return _like(values, np.minimum(share, 1.0) if cap else share)


def goldilocks_parity(ratio: float) -> float:
    """max(y, 1/y): distance of a ratio from parity, 1 best. 0.8 gives 1.25. Raises ReformError unless positive."""
    if not ratio > 0:
        raise ReformError(f"a ratio of {ratio:g} has no inverse", expected="a positive ratio")
    return max(ratio, 1 / ratio)


def goldilocks_around(value: float, centre: float) -> float:
    """`centre + |y - centre|`: distance from a best point as a value to be lowered to it. 30 around 50 gives 70."""
    return centre + abs(value - centre)


def goldilocks_budget(percent_spent: float) -> float | None:
    """`100 + |y - 100|` for the share of a budget that was spent; None below 25 %, where it does not apply.

    >>> goldilocks_budget(93), goldilocks_budget(12)
    (107.0, None)
    """
    return None if percent_spent < BUDGET_FLOOR else float(goldilocks_around(percent_spent, 100))


def _like(values: ArrayLike, result: np.ndarray) -> np.ndarray | float:
    return float(result) if np.ndim(values) == 0 else result
