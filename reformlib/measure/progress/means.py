"""Weighted means over what is available. Source of the rules: the R package COINr (aggregation functions)."""

import math
from collections.abc import Callable, Iterable
from statistics import fmean

from reformlib.errors import ReformError
from reformlib.measure.progress.result import finite

Values = Iterable[float | None]
Weights = Iterable[float] | None


def arithmetic_mean(values: Values, weights: Weights = None, *, availability: float = 0.0) -> float | None:
    """sum(w x) / sum(w); a missing value takes its weight with it.

    `availability`: share of values (0..1) that must be there, else the mean is None. Full compensation: (0, 10) and
    (5, 5) both give 5.

    >>> arithmetic_mean([None, None, None, None, 0.5], [1, 2, 3, 4, 5], availability=0.5) is None
    True
    """
    return _mean(values, weights, availability)


def geometric_mean(values: Values, weights: Weights = None, *, availability: float = 0.0) -> float | None:
    """exp(sum(w ln x) / sum(w)). Raises ReformError for a zero or negative value.

    >>> round(geometric_mean([1, 2, 3]), 6)
    1.817121
    """
    return _mean(values, weights, availability, "geometric", math.log, math.exp)


def harmonic_mean(values: Values, weights: Weights = None, *, availability: float = 0.0) -> float | None:
    """sum(w) / sum(w / x). Raises ReformError for a zero or negative value.

    >>> round(harmonic_mean([1, 2, 3], [2, 1, 1]), 6)
    1.411765
    """
    return _mean(values, weights, availability, "harmonic", _inverse, _inverse)


def _inverse(x: float) -> float:
    return 1 / x


def _mean(values, weights, availability, positive="", scale: Callable = float, back: Callable = float) -> float | None:
    """The weighted mean on a scale of those there are; `positive` names a mean that takes nothing else."""
    values = list(values)
    weights = [1.0] * len(values) if weights is None else list(weights)
    if len(values) != len(weights):
        raise ReformError(f"{len(values)} values but {len(weights)} weights", expected="one weight a value")
    if any(weight < 0 for weight in weights):
        raise ReformError("a negative weight", expected="weights of zero or more")
    numbers = [finite(value) for value in values]
    pairs = [(x, float(w)) for x, w in zip(numbers, weights, strict=True) if x is not None]
    if not pairs or len(pairs) / len(values) < availability or not sum(w for _, w in pairs) > 0:
        return None
    if positive and any(x <= 0 for x, _ in pairs):
        raise ReformError(f"a {positive} mean of a zero or negative value", expected="positive values")
    return back(fmean([scale(x) for x, _ in pairs], [w for _, w in pairs]))
