"""Weighted means over what is available. Source of the rules: the R package COINr (aggregation functions)."""

import math
from collections.abc import Iterable
from statistics import fmean

from reformlib.errors import ReformError
from reformlib.measure.progress.result import finite


def arithmetic_mean(
    values: Iterable[float | None], weights: Iterable[float] | None = None, *, availability: float = 0.0
) -> float | None:
    """sum(w x) / sum(w); a missing value takes its weight with it.

    `availability`: share of values (0..1) that must be there, else the mean is None. Full compensation: (0, 10) and
    (5, 5) both give 5.

    >>> arithmetic_mean([None, None, None, None, 0.5], [1, 2, 3, 4, 5], availability=0.5) is None
    True
    """
    pairs = _available(values, weights, availability)
    return fmean([x for x, _ in pairs], [w for _, w in pairs]) if pairs else None


def geometric_mean(
    values: Iterable[float | None], weights: Iterable[float] | None = None, *, availability: float = 0.0
) -> float | None:
    """exp(sum(w ln x) / sum(w)). Raises ReformError for a zero or negative value.

    >>> round(geometric_mean([1, 2, 3]), 6)
    1.817121
    """
    pairs = _positive(_available(values, weights, availability), "geometric")
    return math.exp(fmean([math.log(x) for x, _ in pairs], [w for _, w in pairs])) if pairs else None


def harmonic_mean(
    values: Iterable[float | None], weights: Iterable[float] | None = None, *, availability: float = 0.0
) -> float | None:
    """sum(w) / sum(w / x). Raises ReformError for a zero or negative value.

    >>> round(harmonic_mean([1, 2, 3], [2, 1, 1]), 6)
    1.411765
    """
    pairs = _positive(_available(values, weights, availability), "harmonic")
    return 1 / fmean([1 / x for x, _ in pairs], [w for _, w in pairs]) if pairs else None


def _available(values, weights, availability) -> list[tuple[float, float]]:
    values = list(values)
    weights = [1.0] * len(values) if weights is None else list(weights)
    if len(values) != len(weights):
        raise ReformError(f"{len(values)} values but {len(weights)} weights", expected="one weight a value")
    if any(weight < 0 for weight in weights):
        raise ReformError("a negative weight", expected="weights of zero or more")
    numbers = [finite(value) for value in values]
    pairs = [(x, float(w)) for x, w in zip(numbers, weights, strict=True) if x is not None]
    if not pairs or len(pairs) / len(values) < availability or not sum(w for _, w in pairs) > 0:
        return []
    return pairs


def _positive(pairs: list[tuple[float, float]], name: str) -> list[tuple[float, float]]:
    if any(x <= 0 for x, _ in pairs):
        raise ReformError(f"a {name} mean of a zero or negative value", expected="positive values")
    return pairs
