"""GRIM: can a printed mean or share come from whole numbers at all?

The mean of n whole numbers is a multiple of 1/n. A printed mean is possible when some multiple, rounded to the
printed decimals, gives it. Source: Brown & Heathers (2017), The GRIM Test, Social Psychological and Personality
Science 8(4); conventions and vectors from R package scrutiny.

The test is blind once n x items >= 10^d for d printed decimals (10^(d+2) for percents): every value is then possible.
"""

import math
from fractions import Fraction

from reformlib.check.rounding import (
    CUT_OR_RAISED,
    TO_NEAREST,
    Figure,
    Number,
    as_printed,
    exact,
    printed,
    round_to,
    single_roundings,
)
from reformlib.check.sentence import listed, shown
from reformlib.check.verdict import CANNOT_TELL, Verdict, cannot_tell, consistent, inconsistent, judged
from reformlib.errors import ReformError


def grim(
    x: str,
    n: Number,
    *,
    items: Number = 1,
    percent: bool = False,
    rounding: str | None = "up_or_down",
    threshold: Number = 5,
    symmetric: bool = False,
) -> bool:
    """Whether a mean `x` of `n` whole numbers (each the mean of `items`) is possible.

    `x` is text, so that zeros at the end count; with `percent` it is a share in percent of n. `rounding` names one
    convention or a pair (see `rounding.ROUNDINGS`); None means not rounded.

    >>> grim("5.27", 43), grim("5.19", 32), grim("71", 43, percent=True)
    (False, True, False)

    Raises ReformError where `x` is not text, `n` no whole number above zero, `rounding` unknown.
    """
    value, decimals, count = _inputs(x, n, items, percent)
    below = math.floor(value * count)
    # No convention swaps the order of two numbers, and all but anti_trunc leave a rounded number as it is. So if any
    # multiple of 1/n rounds to x, the nearest one below or above x does; by anti_trunc, one beside x itself.
    return any(
        round_to(Fraction(k, count), decimals, way, threshold=threshold, symmetric=symmetric) == value
        for way in single_roundings(rounding)
        for k in (below - 1, below, below + 1)
    )


def numerators(share: str, base: Number, *, rounding: str | None = "up_or_down") -> list[int]:
    """The whole numbers, from 0 to `base`, that make a share print as `share` percent.

    >>> numerators("1.3", 226), numerators("0.13", 498), numerators("50", 3)
    ([3], [], [])
    """
    value, decimals, count = _inputs(share, base, 1, percent=True)
    return _printing(value, decimals, count, single_roundings(rounding))


def _printing(value: Fraction, decimals: int, count: int, ways: tuple[str, ...]) -> list[int]:
    """The whole numbers that make a share of `count` print as `value` by any of some conventions."""
    units, top = 10**decimals, int(value * 10**decimals)
    # No convention moves a number by more than one printed unit.
    low, high = max(-((1 - top) * count // units), 0), min((top + 1) * count // units, count)
    shares = ((k, Fraction(k, count)) for k in range(low, high + 1))
    return [k for k, share in shares if any(round_to(share, decimals, way) == value for way in ways)]


def share_of_count(share: str, base: Figure) -> Verdict:
    """Can `share` percent be the share of `base` things that come whole (services, offices, files)?

    Inconsistent only if no whole number gives it under any convention: to the nearest (half up, half down, half even),
    cut off, or always raised. Cannot tell where the base is missing or zero, or so large that every value is possible.

    >>> share_of_count("17.1", 203).computation.partition(";")[0]
    'no whole number out of 203 prints as 17.1% under any rounding: 34 gives 16.7488%, 35 gives 17.2414%'
    """
    value, decimals = printed(share)
    stated = as_printed(value, decimals)
    if base is None or not exact(base):
        return cannot_tell("the number of which {share}% is a share is not known, or zero", share=stated)
    count = _count(base, 1)
    impossible = _impossible_share(count, decimals)
    numbers = {"share": stated, "base": count, "power": shown(impossible * 100, 1)}
    if not 0 <= value <= 100:
        return inconsistent("{share}% is no share of {base}: it lies outside 0 to 100%", **numbers)
    if not impossible:
        return cannot_tell("out of {base} every share such as {share}% is possible", share=stated, base=count)
    nearest = _printing(value / 100, decimals + 2, count, TO_NEAREST)
    other = nearest or _printing(value / 100, decimals + 2, count, CUT_OR_RAISED)
    if not other:
        below = math.floor(value * count / 100)
        low, high = (Fraction(100 * k, count) for k in (below, below + 1))
        return inconsistent(
            "no whole number out of {base} prints as {share}% under any rounding: {below} gives {low}%, {above} "
            "gives {high}%; {power}% of such shares would be impossible",
            **numbers | {"below": below, "above": below + 1, "low": low, "high": high},
        )
    numbers |= {"found": listed(other, ", ")}
    if nearest:
        return consistent(
            "{found} out of {base} prints as {share}%; {power}% of such shares would be impossible", **numbers
        )
    return consistent(
        "{found} out of {base} prints as {share}% only if cut off or raised, not rounded to the nearest; "
        "{power}% of such shares would be impossible",
        **numbers,
    )


def possible_bases(
    share: str, low: int, high: int, *, roundings: tuple[str, ...] = (*TO_NEAREST, *CUT_OR_RAISED)
) -> list[int]:
    """The bases from `low` to `high` of which some whole number prints as `share` percent.

    For a count that grew from `low` to `high` in the period: where the share fits no base at all, no date of counting
    within the period explains it. Any convention by default; pass `TO_NEAREST` for ordinary rounding only.

    >>> possible_bases("17.23", 203, 390, roundings=TO_NEAREST), possible_bases("0.13", 440, 498)
    ([238, 267, 296, 325, 354, 383], [])
    """
    value, decimals = printed(share)
    if not 0 <= value <= 100:
        return []
    top, bottom, units = value.numerator, value.denominator * 100, 10 ** (decimals + 2)
    # No convention moves a number by more than one printed unit, to the nearest by more than half of it; one that is
    # nearer than that is what some convention gives. Only at the very edge, and of one alone, arithmetic decides.
    nearest, both = set(roundings) <= set(TO_NEAREST), set(CUT_OR_RAISED) <= set(roundings)

    unit = units * (2 if nearest else 1)

    def computed(base: int) -> bool:
        below = top * base // bottom
        return any(
            round_to(Fraction(100 * k, base), decimals, way) == value
            for k in (below, below + 1, below - 1)  # as in `grim`
            for way in roundings
        )

    bases = []
    for base in range(max(low, 1), high + 1):
        rest, reach = top * base % bottom, bottom * base
        apart = min(rest, bottom - rest) * unit
        if apart <= reach and ((apart < reach and (nearest or both)) or computed(base)):
            bases.append(base)
    return bases


def implied_total(count: Figure, share: str, other: Figure) -> Verdict:
    """How many people there are if `count` is `share` percent of them, rounding left open, against another count.

    Another count inside that range is consistent; outside it the two may count different people: cannot tell.

    >>> implied_total(6834, "90", 7021).computation
    '6834 / 90% = 7552 to 7635; 7021 is 91.96 to 92.97% of that'
    """
    number, against, percent = exact(count), exact(other), exact(share)
    if number is None or against is None or not percent:
        return cannot_tell("one of the figures is missing")
    half = Fraction(1, 2 * 10 ** printed(share)[1])
    low, high = math.ceil(100 * number / (percent + half)), math.floor(100 * number / (percent - half))
    numbers = {"count": number, "share": percent, "low": low, "high": high, "other": against}
    numbers |= {"least": shown(100 * against / high, 2), "most": shown(100 * against / low, 2)}
    text = "{count} / {share}% = {low} to {high}; {other} is {least} to {most}% of that"
    return judged(low <= against <= high, text, CANNOT_TELL, **numbers)


def _impossible_share(count: int, decimals: int) -> Fraction:
    """The share of the printable percents from 0 to 100 that no whole number gives: the power of the test.

    Every convention gives the printed unit below a number or the one above it: of numbers that lie two units apart or
    more each gives two, but one of those that are a whole unit.
    """
    units = 10 ** (decimals + 2)
    if 2 * count > units:  # numbers nearer than two units leave none out
        return Fraction(0)
    return 1 - Fraction(2 * count + 1 - math.gcd(units, count), units + 1)


def _inputs(x: str, n: Number, items: Number, percent: bool) -> tuple[Fraction, int, int]:
    value, decimals = printed(x)
    if percent:
        value, decimals = value / 100, decimals + 2
    return value, decimals, _count(n, items)


def _count(n: Number, items: Number) -> int:
    size, parts = exact(n), exact(items)
    if size is None or parts is None or size <= 0 or parts <= 0 or size.denominator * parts.denominator != 1:
        raise ReformError(f"n = {n}, items = {items}", expected="whole numbers above zero")
    return int(size * parts)
