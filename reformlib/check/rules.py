"""Named consistency rules over plain figures, each with three outcomes.

The first part are validation types of the European Statistical System ("Main types of validation rules for ESS data",
version 1.03, Eurostat 2018; abbreviations as there), with the errata of its examples corrected, each noted. The second
part are the rules that a reform report needs. All arithmetic is exact (`rounding.exact`); a missing figure is never
taken for zero, it makes the outcome "cannot tell".
"""

import operator
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from reformlib.check.periods import Period, common_frequency, is_absent, running_number, written_period
from reformlib.check.rounding import (
    CUT_OR_RAISED,
    TO_NEAREST,
    Figure,
    Number,
    all_exact,
    as_printed,
    exact,
    printed,
    round_to,
)
from reformlib.check.sentence import PeriodName, Terms, listed, shown
from reformlib.check.verdict import Verdict, cannot_tell, consistent, inconsistent, judged
from reformlib.errors import ReformError

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}

# Figures this close are the same one: what sums of floats leave over (the default of R package validate).
SAME = Fraction(1, 10**8)

# --- validation types of the ESS ---------------------------------------------------------------------------------


def in_range(value: Figure, *, low: Figure = None, high: Figure = None) -> Verdict:
    """VIR: the value lies in its range, both ends included; without any limit given, at least 0.

    >>> [in_range(v, low=1).outcome for v in (0, 21)]
    ['inconsistent', 'consistent']
    """
    number, bottom, top = exact(value), exact(low), exact(high)
    if bottom is None and top is None:
        bottom = Fraction(0)
    if number is None:
        return cannot_tell("there is no value")
    if bottom is not None and number < bottom:
        return inconsistent("{value} is less than {low}", value=number, low=bottom)
    if top is not None and number > top:
        return inconsistent("{value} is more than {high}", value=number, high=top)
    return consistent("{value} is in its range", value=number)


def relation(left: Figure, sign: str, right: Figure) -> Verdict:
    """VCO: two figures stand in a relation that must hold: `<`, `<=`, `=`, `!=`, `>=`, `>`.

    Figures no further apart than `SAME` are equal, whatever the sign. A part less than half of its total (example G2):
    `relation(120, "<", Fraction(200, 2))` is inconsistent. Raises ReformError for another sign.
    """
    if sign not in OPERATORS:
        raise ReformError(f"unknown relation: {sign}", expected=f"one of: {' '.join(OPERATORS)}")
    a, b = exact(left), exact(right)
    if a is None or b is None:
        return cannot_tell("one of the two figures is missing")
    holds = OPERATORS[sign](a, a if abs(a - b) <= SAME else b)
    # What does not hold is shown by what holds instead: 134 > 19.
    true = sign if holds else "=" if abs(a - b) <= SAME else "<" if a < b else ">"
    return judged(holds, "{left} {sign} {right}", left=a, sign=true, right=b)


def total_of_parts(
    total: Figure, parts: Sequence[Figure], *, relative: Figure = None, unit: Figure = None, sign: str = "="
) -> Verdict:
    """VAD: a total and its parts agree.

    Exactly, unless `relative` gives a tolerance (`|total - sum| / |total|` strictly below it; 0.01 is the ESS default)
    or `unit` says that all figures were rounded to multiples of it: each of the k parts and the total may then be off
    by half a unit, so the difference by (k + 1) x unit / 2. `sign=">="` is for parts that do not cover the whole.

    Worked: 201 against 100 + 50 + 50 passes at 1%, 204 does not (example G1); 57.66 + 9.56 + 18.83 + 5 = 91.05
    against a printed 91.04 passes with unit 0.01, since 0.01 <= 5 x 0.005.
    Raises ReformError for another sign, or when both tolerances are given.
    """
    if sign not in ("=", ">=") or (relative is not None and unit is not None):
        raise ReformError("unclear rule for a total", expected="sign = or >=, and one tolerance at most")
    whole, terms = exact(total), all_exact(parts)
    if whole is None or not terms:
        return cannot_tell("the total or one of its parts is missing")
    difference = whole - sum(terms, Fraction(0))
    apart = abs(difference)
    numbers = {"total": whole, "sum": whole - difference, "parts": listed(terms, " + "), "difference": difference}
    if sign == ">=" and difference >= -SAME:
        return consistent("{parts} = {sum}, not more than {total}", **numbers)
    if unit is not None:
        bound = (len(terms) + 1) * exact(unit) / 2
        text = "{parts} = {sum} against {total}: {difference} apart, rounding explains at most {bound}"
        return judged(apart <= bound, text, **numbers, bound=bound)
    if relative is not None and whole:
        ratio, limit = apart / abs(whole), exact(relative)
        text = "{parts} = {sum} against {total}: {share}% of the total apart, less than {limit}% allowed"
        return judged(ratio < limit, text, **numbers, share=ratio * 100, limit=limit * 100)
    if apart <= SAME:
        return consistent("{parts} = {sum}", **numbers)
    return inconsistent("{parts} = {sum}, not {total}: {difference} apart", **numbers)


def no_gaps(
    periods: Sequence[Period],
    *,
    first: Period = None,
    last: Period = None,
    frequency: str | None = None,
    step: int = 1,
) -> Verdict:
    """RTS: every period from `first` to `last` is there (by default from the earliest to the latest seen).

    Periods as 2018 or "2018-A1", "2018S2" (half-years), "2018Q3" or "2018-Q3", "2018-07" or "2018M07"; `frequency` Y
    or A, S, Q, M, by default the one they are written in; of every `step` one is wanted, so with 4 the same quarter of
    every year. Raises ReformError for text that is no period, and for
    periods of several frequencies or another than `frequency`.

    >>> no_gaps([2008, 2010]).computation
    'missing: 2009'
    >>> no_gaps(["2019-Q4", "2020-Q2"]).computation
    'missing: 2020-Q1'
    """
    kind = common_frequency([*periods, first, last], frequency)
    seen = {running_number(period)[1] for period in periods if not is_absent(period)}
    start = min(seen, default=None) if first is None else running_number(first)[1]
    end = max(seen, default=None) if last is None else running_number(last)[1]
    if start is None or end is None:
        return cannot_tell("there are no periods")
    missing = [number for number in range(start, end + 1, step) if number not in seen]
    names = {number: PeriodName(written_period(number, kind)) for number in (start, end, *missing)}
    if missing:
        return inconsistent("missing: {missing}", missing=listed(map(names.get, missing), ", "))
    return consistent("{start} to {end} without a gap", start=names[start], end=names[end])


def no_duplicates(keys: Sequence[tuple[object, ...]]) -> Verdict:
    """RWD: no two rows have the same key.

    >>> no_duplicates([("lan", 2019), ("lan", 2020), ("lan", 2019)]).computation
    'more than once: lan 2019'
    """
    twice = [" ".join(map(str, key)) for key, times in Counter(keys).items() if times > 1]
    if not twice:
        return consistent("{rows} rows, no key twice", rows=len(keys))
    return inconsistent("more than once: {keys}", keys="; ".join(twice))


# --- rules of a reform report --------------------------------------------------------------------------------------


def share(stated: str, numerator: Figure, base: Figure) -> Verdict:
    """A stated percentage against its numerator and base, computed again under every rounding convention.

    Inconsistent only if no convention gives it; if only cutting off or raising does, consistent, and the text notes it.
    `stated` is text with a decimal point, so that its decimals count.

    >>> share("31.04", 605, 1949).computation
    '605 / 1949 = 31.0416%, stated 31.04%'
    """
    value, decimals = printed(stated)
    top, bottom, number = exact(numerator), exact(base), as_printed(value, decimals)
    if top is None or bottom is None:
        return cannot_tell("the count or the base of {stated}% is not known", stated=number)
    if bottom == 0:
        return cannot_tell("{stated}% of nothing: the base is 0", stated=number)
    computed = 100 * top / bottom
    numbers = {"numerator": top, "base": bottom, "computed": shown(computed, max(4, decimals + 2)), "stated": number}
    ways = {way for way in (*TO_NEAREST, *CUT_OR_RAISED) if round_to(computed, decimals, way) == value}
    text = "{numerator} / {base} = {computed}%, stated {stated}%"
    if ways and not ways & {*TO_NEAREST}:
        text += " (cut off or raised, not rounded to the nearest)"
    return judged(bool(ways), text, **numbers)


def same_everywhere(values: Mapping[Any, Figure], *, unit: Number = 0) -> Verdict:
    """The same quantity in several places is the same figure, up to rounding to `unit`.

    `values`: what a place is called (text or a sentence) -> figure.
    """
    figures = {place: number for place, value in values.items() if (number := exact(value)) is not None}
    if len(figures) < 2:
        return cannot_tell("the figure stands in {places} place", places=len(figures))
    apart = max(figures.values()) - min(figures.values())
    return judged(apart <= max(exact(unit), SAME), "{listed}", listed=Terms(tuple(figures.items()), pattern="{}: {}"))


def count_within(count: Figure, bodies: Figure, *, full: bool = False) -> Verdict:
    """A count of bodies is at most the number of bodies there are; with `full` (a claim of "all") it is that number."""
    return relation(count, "=" if full else "<=", bodies)


def never_falls(series: Mapping[Any, Figure]) -> Verdict:
    """A cumulative count does not fall. `series`: period (a `PeriodName`, so that every language names it) -> figure,
    in order; missing periods are passed over.

    >>> never_falls({2016: 500, 2017: 470, 2018: 479}).computation
    '2016 → 2017: 500 → 470'
    """
    figures = _figures(series)
    if len(figures) < 2:
        return cannot_tell("fewer than two figures")
    falls = [(a, b, x, y) for (a, x), (b, y) in pairwise(figures) if y < x]
    if falls:
        return inconsistent("{falls}", falls=Terms(tuple(falls), pattern="{} → {}: {} → {}"))
    return consistent("no fall in {points} figures", points=len(figures))


def moves(series: Mapping[Any, Figure], *, points: int = 4, limits: Sequence[Number] = ()) -> Verdict:
    """A measured series changes at least once. One that stands still over `points` figures or more may be a measurement
    repeated, a target or an estimate copied: cannot tell. At one of its natural `limits` standing still is expected.
    """
    figures = _figures(series)
    if len(figures) < points:
        return cannot_tell("{found} figures, {needed} are needed", found=len(figures), needed=points)
    values = {value for _, value in figures}
    if len(values) > 1:
        return consistent("{different} different figures in {points}", different=len(values), points=len(figures))
    (only,) = values
    numbers = {"value": only, "first": figures[0][0], "last": figures[-1][0], "points": len(figures)}
    if only in map(exact, limits):
        return consistent("{value} in all {points} figures, its natural limit", **numbers)
    return cannot_tell("{value} in all {points} figures from {first} to {last}: measured or assumed?", **numbers)


def same_decimals(series: Mapping[Any, str]) -> Verdict:
    """All figures of a series are printed with the same number of decimals. `series`: period -> printed text.

    A change suggests another calculation or source. Zeros at the end that a spreadsheet dropped are the innocent
    explanation; so a figure printed whole (100, 0, 90) is left out.
    """
    decimals = [(period, count) for period, text in series.items() if text and (count := printed(text)[1])]
    if len(decimals) < 2:
        return cannot_tell("fewer than two figures with decimals")
    same = len({count for _, count in decimals}) == 1
    return judged(same, "decimals printed: {listed}", listed=Terms(tuple(decimals), ", ", "{}: {}"))


def rate_has_base(rate: Figure, base: Figure) -> Verdict:
    """A rate exists only where its base is above zero; a printed 0 over a base of 0 says "none", not "0%"."""
    value, bottom = exact(rate), exact(base)
    if value is None or bottom is None:
        return cannot_tell("the rate or its base is missing")
    return judged(bottom > 0, "a rate of {rate}% over a base of {base}", rate=value, base=bottom)


def change_within(
    before: Figure, after: Figure, *, factor: Number, base_before: Number = 1, base_after: Number = 1
) -> Verdict:
    """A figure moves by less than `factor` up or down between two periods.

    A larger jump is not impossible, so it is no contradiction: cannot tell whether the definition is still the same.
    Neither where a figure is zero or missing, nor where the bases differ (a rate whose base changed is not joined).
    """
    a, b, limit = exact(before), exact(after), exact(factor)
    if a is None or b is None or a <= 0 or b <= 0:
        return cannot_tell("a figure is missing or zero")
    old, new = exact(base_before), exact(base_after)
    if old != new:
        return cannot_tell("the base changed from {old} to {new}", old=old, new=new)
    ratio = max(a, b) / min(a, b)
    numbers = {"before": a, "after": b, "ratio": shown(ratio, 1), "limit": limit}
    if ratio < limit:
        return consistent("{before} → {after}: a factor of {ratio}, less than {limit}", **numbers)
    return cannot_tell("{before} → {after}: a factor of {ratio}; is it still the same definition?", **numbers)


def _figures(series: Mapping[Any, Figure]) -> list[tuple[Any, Fraction]]:
    return [(period, value) for period, raw in series.items() if (value := exact(raw)) is not None]
