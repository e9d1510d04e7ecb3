"""Exact numbers and every way in which a printed one may have been rounded.

Nothing here is a float: 0.1 is one tenth, so that a figure at the very edge of a rounding interval falls on the
side where arithmetic puts it.

The names of the conventions are those of two public implementations, so that their published cases can be run as
they stand: R package scrutiny (`up`, `down`, `even`, `up_from`, `down_from`, `ceiling`, `floor`, `trunc`,
`anti_trunc`, and the pairs `up_or_down`, `up_from_or_down_from`, `ceiling_or_floor`) and Python's `decimal`
(`ROUND_HALF_UP` …). They differ below zero: scrutiny's `up` moves a tie to the larger number unless `symmetric`,
`ROUND_HALF_UP` away from zero; and `anti_trunc` moves every number but 0 away from zero, a round one too.
"""

import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Real
from typing import overload

from reformlib.errors import ReformError

Number = int | float | str | Decimal | Fraction
Figure = Number | None  # None is a missing one

HALF = Fraction(1, 2)
_PRINTED = re.compile(r"[-−+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


@overload
def exact(value: Number) -> Fraction:
    """Of a number that is given."""


@overload
def exact(value: Figure) -> Fraction | None:
    """Of a figure that may be missing."""


def exact(value):
    """The number itself as a fraction; None for a missing one (None, NaN, "").

    A float counts as the decimal it prints as: 0.1 is 1/10. Raises ReformError for text that is no number.

    >>> exact("17.10"), exact(0.1), exact(float("nan"))
    (Fraction(171, 10), Fraction(1, 10), None)
    """
    if type(value) is Fraction:
        return value
    if value is None or value == "" or value != value:
        return None
    try:
        if not isinstance(value, (str, float, int, Decimal, Real)) or isinstance(value, bool):
            raise ValueError
        return _read(str(value))
    except (ValueError, OverflowError, ZeroDivisionError):
        raise ReformError(f"not a number: {value!r}", expected="a number, with a decimal point") from None


@lru_cache(maxsize=4096)
def _read(text: str) -> Fraction:
    return Fraction(text.strip().replace("−", "-"))


def all_exact(values: Iterable[Figure]) -> list[Fraction]:
    """Numbers as fractions; none at all where one is missing.

    >>> all_exact([1, "2.5"]), all_exact([1, None])
    ([Fraction(1, 1), Fraction(5, 2)], [])
    """
    numbers = [exact(value) for value in values]
    given = [number for number in numbers if number is not None]
    return given if len(given) == len(numbers) else []


def printed(text: str) -> tuple[Fraction, int]:
    """Value and number of decimals of a printed number; zeros at the end count.

    Only text will do: 17.10 as a number has lost the zero that says it was rounded to hundredths. The decimal mark
    is a point; a figure with a comma goes through `cells.parse_number` first.

    >>> printed("17.10")
    (Fraction(171, 10), 2)
    """
    if not isinstance(text, str):
        raise ReformError(
            f"a printed number must be text, not {type(text).__name__}",
            expected="text such as '17.10': zeros at the end count, and a number loses them",
        )
    body = text.strip().removesuffix("%").strip()
    if not _PRINTED.fullmatch(body):
        raise ReformError(f"not a printed number: {text!r}", expected="digits, with a decimal point if any")
    return exact(body.removesuffix(".")), len(body.partition(".")[2])


def as_printed(value: Fraction, decimals: int) -> Decimal:
    """The way back from `printed`: a number that keeps the zeros at its end.

    >>> str(as_printed(*printed("17.10")))
    '17.10'
    """
    return Decimal(int(value * 10**decimals)).scaleb(-decimals)


def _away(step: Callable[[Fraction], int]) -> Callable[[Fraction, Fraction], int]:
    """The same rounding on both sides of zero."""
    return lambda s, t: step(abs(s)) * (-1 if s < 0 else 1)


def _05up(s: Fraction) -> int:
    cut = math.floor(s)
    return cut + 1 if cut % 5 == 0 and s != cut else cut


# Each takes the number in units of the last decimal, and the threshold in tenths of that unit.
_SIMPLE: dict[str, Callable[[Fraction, Fraction], int]] = {
    "up": lambda s, t: math.floor(s + HALF),
    "down": lambda s, t: math.ceil(s - HALF),
    "even": lambda s, t: round(s),
    "up_from": lambda s, t: math.floor(s + 1 - t / 10),
    "down_from": lambda s, t: math.ceil(s - 1 + t / 10),
    "ceiling": lambda s, t: math.ceil(s),
    "floor": lambda s, t: math.floor(s),
    "trunc": lambda s, t: math.trunc(s),
    "anti_trunc": _away(lambda s: math.floor(s) + 1 if s else 0),
    "ROUND_HALF_UP": _away(lambda s: math.floor(s + HALF)),
    "ROUND_HALF_DOWN": _away(lambda s: math.ceil(s - HALF)),
    "ROUND_HALF_EVEN": lambda s, t: round(s),
    "ROUND_CEILING": lambda s, t: math.ceil(s),
    "ROUND_FLOOR": lambda s, t: math.floor(s),
    "ROUND_DOWN": lambda s, t: math.trunc(s),
    "ROUND_UP": _away(math.ceil),
    "ROUND_05UP": _away(_05up),
}
_PAIRS = {
    "up_or_down": ("up", "down"),
    "up_from_or_down_from": ("up_from", "down_from"),
    "ceiling_or_floor": ("ceiling", "floor"),
}
EXACT = "exact"  # not rounded at all
ROUNDINGS = (*_PAIRS, *_SIMPLE, EXACT)

# What a typist or a spreadsheet does; and what remains possible when figures were cut off or always raised.
TO_NEAREST = ("up", "down", "even")
CUT_OR_RAISED = ("ceiling", "floor")


def single_roundings(rounding: str | None) -> tuple[str, ...]:
    """The conventions behind a name: two for a pair such as `up_or_down`, else the one. None means `exact`."""
    rounding = rounding or EXACT
    if rounding not in ROUNDINGS:
        raise ReformError(f"unknown rounding: {rounding}", expected=f"one of: {', '.join(ROUNDINGS)}")
    return _PAIRS.get(rounding, (rounding,))


def round_to(
    value: Number, decimals: int, rounding: str = "up", *, threshold: Number = 5, symmetric: bool = False
) -> Fraction:
    """Round to `decimals` by one convention; below zero, to tens, hundreds and so on.

    `threshold` (0 to 10, tenths of the last unit) only matters to `up_from` and `down_from`: `up_from` goes up when
    the part cut off is at least the threshold; `down_from` is its mirror image and goes down when that part is at
    most 10 minus the threshold. `symmetric` rounds a negative number like its absolute value.

    >>> round_to("2.345", 2, "up"), round_to("2.345", 2, "even")
    (Fraction(47, 20), Fraction(117, 50))
    """
    number = exact(value)
    if rounding == EXACT:
        return number
    if rounding not in _SIMPLE:
        raise ReformError(f"not a single rounding: {rounding}", expected=f"one of: {', '.join(_SIMPLE)}")
    limit = exact(threshold)
    if rounding.endswith("_from") and not 0 < limit < 10:
        raise ReformError(f"a threshold of {threshold}", expected="more than 0 and less than 10")
    units = 10**decimals if decimals >= 0 else Fraction(1, 10**-decimals)
    scaled = number * units
    if symmetric and scaled < 0 and rounding in ("up", "down", "up_from", "down_from"):
        return Fraction(-_SIMPLE[rounding](-scaled, limit)) / units
    return Fraction(_SIMPLE[rounding](scaled, limit)) / units
