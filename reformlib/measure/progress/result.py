"""What every progress method returns, the reasons for which one cannot speak, and how numbers are compared."""

import math
from dataclasses import dataclass

import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.codes import codes

# Every message a Progress or a Rate can carry as its reason, by its code in tables.
REASONS = codes("progress_reason")

NOT_AVAILABLE = "not_available"
NOT_AVAILABLE_LABEL = "Not available"

# A threshold is met when a number equals it to nine significant digits: 1 -> 1.005 in a year is 0.5 %, though
# binary floats make it 0.4999999999999893 %. Published series lie no nearer to a threshold than this.
RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12

_DIRECTIONS = {1: 1, -1: -1, "increase": 1, "decrease": -1}


@dataclass(frozen=True)
class Progress:
    """The judgement of one method on one series.

    `value` is the method's own measure (ratio or yearly growth), None where the method cannot speak; `score` its
    place on the rule set's scale, None where it has none; `status` a code of the rule set; `label` the status in
    English, `reason` why there is no value ("" otherwise), both keys of the translation catalogue; `rule_set` the
    name of the rules; `achieved` whether the target is met, whatever the pace.
    """

    value: float | None
    score: float | None
    status: str
    label: str
    reason: str
    rule_set: str
    achieved: bool = False


@dataclass(frozen=True)
class Rate:
    """A yearly rate as a fraction; `value` None has a `reason`, `note` says what was done to the input."""

    value: float | None
    reason: str = ""
    note: str = ""


def sign_of(direction: int | str) -> int:
    """1 where an increase is wanted, -1 where a decrease is. Takes 1, -1, "increase" or "decrease".

    >>> sign_of("decrease")
    -1
    """
    try:
        return _DIRECTIONS[direction]
    except (KeyError, TypeError):
        expected = "1 or 'increase', -1 or 'decrease'"
        raise ReformError(f"unknown direction: {direction!r}", expected=expected) from None


def finite(value: float | None) -> float | None:
    """The value as a float; None where it is missing, NaN or infinite."""
    if pd.isna(value):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def same(left: float, right: float, *, exact: bool = False) -> bool:
    """Equal to rounding: nine significant digits, or 1e-12 near zero."""
    if exact:
        return left == right
    return math.isclose(left, right, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)


def at_least(value: float, threshold: float, *, exact: bool = False) -> bool:
    """value >= threshold, to rounding."""
    return value >= threshold or same(value, threshold, exact=exact)


def above(value: float, threshold: float, *, exact: bool = False) -> bool:
    """value > threshold, to rounding."""
    return value > threshold and not same(value, threshold, exact=exact)


def reached(value: float, target: float, *, direction: int | str, strict: bool = False, exact: bool = False) -> bool:
    """Whether a value meets a target in the wanted direction; `strict` asks for more than the target itself.

    >>> reached(80, 80, direction="increase"), reached(81, 80, direction="decrease")
    (True, False)
    """
    sign = sign_of(direction)
    compare = above if strict else at_least
    return compare(sign * value, sign * target, exact=exact)


def no_way_to_go(base: float, target: float, direction: int | str) -> str:
    """Why no progress was required from the base to the target, one of `REASONS`; "" where some was.

    >>> no_way_to_go(60, 90, "increase"), no_way_to_go(95, 90, "increase")
    ('', 'the base value was already past the target, so no progress was required')
    """
    if same(base, target):
        return REASONS["base_is_target"]
    return REASONS["base_past_target"] if reached(base, target, direction=direction) else ""
