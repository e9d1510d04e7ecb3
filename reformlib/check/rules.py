"""Named consistency rules over plain figures, each with three outcomes.

The first part are validation types of the European Statistical System ("Main types of validation rules for ESS data",
version 1.03, Eurostat 2018; abbreviations as there), with the errata of its examples put right and said so. The second
part are the rules that a reform report needs. All arithmetic is exact (`rounding.exact`); a missing figure is never
taken for zero, it makes the outcome "cannot tell".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from reformlib.check.rounding import CUT_OR_RAISED, TO_NEAREST, Number, as_printed, exact, printed, round_to
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Terms, Verdict, judged, shown, unknown
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

# How a period is written, by frequency (SDMX CL_FREQ, A told as Y): parts of a year, and the way back to text.
_NOTATIONS = {
    "Y": (1, r"([12]\d{3})(?:\.0|-?A1)?()", "{}"),
    "S": (2, r"([12]\d{3})-?S([12])", "{}S{}"),
    "Q": (4, r"([12]\d{3})-?Q([1-4])", "{}Q{}"),
    "M": (12, r"([12]\d{3})(?:-|-?M)(0?[1-9]|1[0-2])", "{}-{:02d}"),
}

# --- validation types of the ESS ---------------------------------------------------------------------------------


def in_range(value: Number | None, *, low: Number | None = None, high: Number | None = None) -> Verdict:
    """VIR: the value lies in its range, both ends included; without any limit given, at least 0.

    >>> [in_range(v, low=1).outcome for v in (0, 21)]
    ['inconsistent', 'consistent']
    """
    number, bottom, top = exact(value), exact(low), exact(high)
    if bottom is None and top is None:
        bottom = Fraction(0)
    if number is None:
        return unknown("there is no value")
    if bottom is not None and number < bottom:
        return Verdict(INCONSISTENT, "{value} is less than {low}", {"value": shown(number), "low": shown(bottom)})
    if top is not None and number > top:
        return Verdict(INCONSISTENT, "{value} is more than {high}", {"value": shown(number), "high": shown(top)})
    return Verdict(CONSISTENT, "{value} is in its range", {"value": shown(number)})


def relation(left: Number | None, sign: str, right: Number | None) -> Verdict:
    """VCO: two figures stand in a relation that must hold: `<`, `<=`, `=`, `!=`, `>=`, `>`.

    Figures no further apart than `SAME` are equal, whatever the sign. A part less than half of its total (example G2):
    `relation(120, "<", Fraction(200, 2))` is inconsistent. Raises ReformError for another sign.
    """
    if sign not in OPERATORS:
        raise ReformError(f"unknown relation: {sign}", expected=f"one of: {' '.join(OPERATORS)}")
    a, b = exact(left), exact(right)
    if a is None or b is None:
        return unknown("one of the two figures is missing")
    return _related(OPERATORS[sign](a, a if abs(a - b) <= SAME else b), a, sign, b)


def implies(premise: Verdict, conclusion: Verdict) -> Verdict:
    """A rule with a condition: wherever the premise holds, the conclusion must. Its verdict is the conclusion's.

    A premise that does not hold leaves nothing to object to; one that cannot be told makes the whole unknown, unless
    the conclusion holds anyway.
    """
    if premise.outcome == CONSISTENT or conclusion.outcome == CONSISTENT:
        return conclusion
    return Verdict(
        CONSISTENT if premise.outcome == INCONSISTENT else premise.outcome, premise.template, premise.numbers
    )


def total_of_parts(
    total: Number | None,
    parts: Sequence[Number | None],
    *,
    relative: Number | None = None,
    unit: Number | None = None,
    sign: str = "=",
) -> Verdict:
    """VAD: a total and its parts agree.

    Exactly, unless `relative` gives a tolerance (|total - sum| / |total| strictly below it; 0.01 is the ESS default)
    or `unit` says that all figures were rounded to multiples of it: each of the k parts and the total may then be off
    by half a unit, so the difference by (k + 1) x unit / 2. `sign=">="` is for parts that do not cover the whole.

    Worked: 201 against 100 + 50 + 50 passes at 1 %, 204 does not (example G1); 57.66 + 9.56 + 18.83 + 5 = 91.05
    against a printed 91.04 passes with unit 0.01, since 0.01 <= 5 x 0.005.
    Raises ReformError for another sign, or when both tolerances are given.
    """
    if sign not in ("=", ">=") or (relative is not None and unit is not None):
        raise ReformError("unclear rule for a total", expected="sign = or >=, and one tolerance at most")
    whole, known = exact(total), [exact(part) for part in parts]
    if whole is None or None in known or not known:
        return unknown("the total or one of its parts is missing")
    found = sum(known, Fraction(0))
    difference = whole - found
    numbers = {
        "total": shown(whole),
        "sum": shown(found),
        "parts": Terms([(shown(part),) for part in known], " + "),
        "difference": shown(difference),
    }
    if sign == ">=" and difference >= -SAME:
        return Verdict(CONSISTENT, "{parts} = {sum}, not more than {total}", numbers)
    if relative is not None:
        if whole == 0:
            return _exactly(abs(difference) <= SAME, numbers)
        ratio, limit = abs(difference) / abs(whole), exact(relative)
        return judged(
            ratio < limit,
            "{parts} = {sum} against {total}: {share} % of the total apart, less than {limit} % allowed",
            **numbers,
            share=shown(ratio * 100),
            limit=shown(limit * 100),
        )
    if unit is None:
        return _exactly(abs(difference) <= SAME, numbers)
    bound = (len(known) + 1) * exact(unit) / 2
    return judged(
        abs(difference) <= bound,
        "{parts} = {sum} against {total}: {difference} apart, rounding explains at most {bound}",
        **numbers,
        bound=shown(bound),
    )


def not_outlier(value: Number | None, previous: Sequence[Number | None], *, k: Number = 2, points: int = 5) -> Verdict:
    """VNO: the value lies within median +- k MAD of the `points` before it (MAD unscaled).

    Cannot tell with fewer earlier points, or when at least half of them equal the median: a MAD of 0 measures no
    spread, and any movement at all would be called an outlier.

    Worked (C3.1): after 220, 160, 240, 200, 190 (median 200, MAD 20) 230 passes and 250 does not. In C3.2 the
    document prints MAD = 20; it is 10.
    """
    number = exact(value)
    known = [point for point in map(exact, previous) if point is not None][-points:]
    if number is None or len(known) < points:
        return unknown("{found} earlier points, {needed} are needed", found=len(known), needed=points)
    middle = _median(known)
    spread = _median([abs(point - middle) for point in known])
    limit = exact(k) * spread
    numbers = {
        "value": shown(number),
        "median": shown(middle),
        "mad": shown(spread),
        "limit": shown(limit),
        "distance": shown(abs(number - middle)),
    }
    if spread == 0 and number != middle:
        return Verdict(CANNOT_TELL, "the earlier points hardly differ (MAD 0), so {value} has no scale", numbers)
    return judged(
        abs(number - middle) <= limit,
        "{value} is {distance} from the median {median} of earlier points; {limit} allowed (MAD {mad})",
        **numbers,
    )


def annual_sums(
    adjusted: Sequence[Number | None], raw: Sequence[Number | None], *, relative: Number = "0.01"
) -> Verdict:
    """VSA: over a year, seasonally adjusted and raw figures add up to nearly the same.

    The difference is taken as a share of the adjusted sum, as the document's text does (the R package divides by the
    raw one). Worked (H3): 126 against 137 differs by 8.7 %.
    """
    left, right = [exact(v) for v in adjusted], [exact(v) for v in raw]
    if None in left or None in right or len(left) != len(right) or not left:
        return unknown("the two years do not have the same known periods")
    a, b, limit = sum(left), sum(right), exact(relative)
    if a == 0:
        return unknown("the adjusted figures add up to 0")
    ratio = abs(b - a) / abs(a)
    return judged(
        ratio < limit,
        "{sum_sa} adjusted against {sum_nsa} raw: {percent} % apart, less than {limit} % allowed",
        sum_sa=shown(a),
        sum_nsa=shown(b),
        percent=shown(ratio * 100, 2),
        limit=shown(limit * 100),
    )


def revision(previous: Number | None, revised: Number | None, *, tolerance: Number = 10) -> Verdict:
    """VRT: a revised value is within `tolerance` percent of the previous one (the document's VTL divides by the new).

    Worked (I2): 52 -> 70 is +34.62 %, inconsistent at 20.
    """
    return _apart(exact(previous), exact(revised), exact(tolerance), "{old} → {new}: {percent} %, {limit} % allowed")


def mirror(own: Number | None, other: Number | None, *, tolerance: Number = 10) -> Verdict:
    """VMP: the same flow as two partners report it, within `tolerance` percent of the other's figure.

    Worked (F1): 230 against 200 is +15 %, inconsistent at 10; 150 against 157 is -4.5 %.
    """
    return _apart(
        exact(other), exact(own), exact(tolerance), "{new} against {old} by the partner: {percent} %, {limit} % allowed"
    )


def records_revised(
    records: int, *, updated: int = 0, added: int = 0, deleted: int = 0, maximum: Number = 10
) -> Verdict:
    """RRL: at most `maximum` percent of the records were changed, added or deleted between two editions.

    Worked: 1 + 1 + 1 of 12 records is 25 %. (The formula printed in the document is that of another rule.)
    """
    touched, limit = updated + added + deleted, exact(maximum)
    if records <= 0:
        return unknown("there are no records to compare with")
    return judged(
        Fraction(100 * touched, records) <= limit,
        "{touched} of {records} records revised = {percent} %, {limit} % allowed",
        touched=touched,
        records=records,
        percent=shown(Fraction(100 * touched, records), 2),
        limit=shown(limit),
    )


def no_gaps(
    periods: Sequence[int | str | None],
    *,
    first: int | str | None = None,
    last: int | str | None = None,
    frequency: str | None = None,
) -> Verdict:
    """RTS: every period from `first` to `last` is there (by default from the earliest to the latest seen).

    Periods as 2018 or "2018-A1", "2018S2" (half-years), "2018Q3" or "2018-Q3", "2018-07" or "2018M07"; `frequency` Y
    or A, S, Q, M, by default the one they are written in. Raises ReformError for text that is no period, and for
    periods of several frequencies or another than `frequency`.

    >>> no_gaps([2008, 2010]).computation
    'missing: 2009'
    >>> no_gaps(["2019Q4", "2020Q2"]).computation
    'missing: 2020Q1'
    """
    given = [period for period in (*periods, first, last) if not _absent(period)]
    kinds = {period: _period(period) for period in given}
    kind = "Y" if frequency in ("A", None) else frequency
    if frequency is None and kinds:
        kind = next(iter(kinds.values()))[0]
    odd = [period for period, (written, _) in kinds.items() if written != kind]
    if odd or kind not in _NOTATIONS:
        raise ReformError(
            f"cannot read the period {odd[0]!r} with frequency {kind}" if odd else f"unknown frequency: {frequency}",
            expected=f"periods of one frequency: {', '.join(_NOTATIONS)}",
        )
    seen = {kinds[period][1] for period in periods if not _absent(period)}
    if not seen and (first is None or last is None):
        return unknown("there are no periods")
    start = min(seen) if first is None else kinds[first][1]
    end = max(seen) if last is None else kinds[last][1]
    missing = [_written(number, kind) for number in range(start, end + 1) if number not in seen]
    if missing:
        return Verdict(INCONSISTENT, "missing: {missing}", {"missing": ", ".join(missing)})
    return Verdict(
        CONSISTENT, "{start} to {end} without a gap", {"start": _written(start, kind), "end": _written(end, kind)}
    )


def no_duplicates(frame: pd.DataFrame, key: Sequence[str]) -> Verdict:
    """RWD: no two rows have the same key. Raises ReformError when a key column is absent."""
    absent = [column for column in key if column not in frame.columns]
    if absent or not key:
        raise ReformError(f"no such key column: {', '.join(absent) or '(none given)'}")
    again = frame.duplicated(list(key))
    if not again.any():
        return Verdict(CONSISTENT, "{rows} rows, no key twice", {"rows": len(frame)})
    twice = frame.loc[again, list(key)].drop_duplicates()
    keys = "; ".join(" ".join(map(str, row)) for row in twice.itertuples(index=False, name=None))
    return Verdict(INCONSISTENT, "more than once: {keys}", {"keys": keys})


# --- rules of a reform report --------------------------------------------------------------------------------------


def share(stated: str, numerator: Number | None, base: Number | None) -> Verdict:
    """A stated percentage against its numerator and base, computed again under every rounding convention.

    Inconsistent only if no convention gives it; if only cutting off or raising does, consistent and said so.
    `stated` is text with a decimal point, so that its decimals count.

    >>> share("31.04", 605, 1949).computation
    '605 / 1949 = 31.0416 %, stated 31.04 %'
    """
    value, decimals = printed(stated)
    top, bottom = exact(numerator), exact(base)
    if top is None or bottom is None:
        return unknown("the count or the base of {stated} % is not known", stated=as_printed(value, decimals))
    if bottom == 0:
        return unknown("{stated} % of nothing: the base is 0", stated=as_printed(value, decimals))
    computed = 100 * top / bottom
    numbers = {
        "numerator": shown(top),
        "base": shown(bottom),
        "computed": shown(computed, max(4, decimals + 2)),
        "stated": as_printed(value, decimals),
    }
    text = "{numerator} / {base} = {computed} %, stated {stated} %"
    if any(round_to(computed, decimals, way) == value for way in TO_NEAREST):
        return Verdict(CONSISTENT, text, numbers)
    if any(round_to(computed, decimals, way) == value for way in CUT_OR_RAISED):
        return Verdict(CONSISTENT, text + " (cut off or raised, not rounded to the nearest)", numbers)
    return Verdict(INCONSISTENT, text, numbers)


def same_everywhere(values: Mapping[str, Number | None], *, unit: Number = 0) -> Verdict:
    """The same quantity in several places is the same figure, up to rounding to `unit`. `values`: place -> figure."""
    known = {place: exact(value) for place, value in values.items()}
    known = {place: value for place, value in known.items() if value is not None}
    if len(known) < 2:
        return unknown("the figure stands in {places} place", places=len(known))
    listed = Terms([(str(place), shown(value)) for place, value in known.items()], pattern="{}: {}")
    apart = max(known.values()) - min(known.values())
    return judged(apart <= max(exact(unit), SAME), "{listed}", listed=listed)


def count_within(count: Number | None, bodies: Number | None, *, full: bool = False) -> Verdict:
    """A count of bodies is at most the number of bodies there are; with `full` (a claim of "all") it is that number."""
    return relation(count, "=" if full else "<=", bodies)


def never_falls(series: Mapping[Hashable, Number | None]) -> Verdict:
    """A cumulative count does not fall. `series`: period -> figure, in order; missing periods are passed over.

    >>> never_falls({2016: 500, 2017: 470, 2018: 479}).computation
    '2016 → 2017: 500 → 470'
    """
    known = _known(series)
    if len(known) < 2:
        return unknown("fewer than two figures")
    falls = [(str(a), str(b), shown(x), shown(y)) for (a, x), (b, y) in pairwise(known) if y < x]
    if falls:
        return Verdict(INCONSISTENT, "{falls}", {"falls": Terms(falls, pattern="{} → {}: {} → {}")})
    return Verdict(CONSISTENT, "no fall in {points} figures", {"points": len(known)})


def moves(series: Mapping[Hashable, Number | None], *, points: int = 4, limits: Sequence[Number] = ()) -> Verdict:
    """A measured series changes at least once. One that stands still over `points` figures or more may be a measurement
    repeated, a target or an estimate copied: cannot tell. At one of its natural `limits` standing still is expected.
    """
    known = _known(series)
    if len(known) < points:
        return unknown("{found} figures, {needed} are needed", found=len(known), needed=points)
    values = {value for _, value in known}
    if len(values) > 1:
        return Verdict(
            CONSISTENT, "{different} different figures in {points}", {"different": len(values), "points": len(known)}
        )
    only = values.pop()
    numbers = {"value": shown(only), "first": str(known[0][0]), "last": str(known[-1][0]), "points": len(known)}
    if only in map(exact, limits):
        return Verdict(CONSISTENT, "{value} in all {points} figures, its natural limit", numbers)
    return unknown("{value} in all {points} figures from {first} to {last}: measured or assumed?", **numbers)


def same_decimals(series: Mapping[Hashable, str]) -> Verdict:
    """All figures of a series are printed with the same number of decimals. `series`: period -> printed text.

    A change suggests another calculation or source. Zeros at the end that a spreadsheet dropped are the innocent
    explanation; so a figure printed whole (100, 0, 90) is left out.
    """
    decimals = {period: printed(text)[1] for period, text in series.items() if text}
    counted = {period: count for period, count in decimals.items() if count}
    if len(counted) < 2:
        return unknown("fewer than two figures with decimals")
    listed = Terms([(str(period), count) for period, count in counted.items()], ", ", "{}: {}")
    return judged(len(set(counted.values())) == 1, "decimals printed: {listed}", listed=listed)


def rate_has_base(rate: Number | None, base: Number | None) -> Verdict:
    """A rate exists only where its base is above zero; a printed 0 over a base of 0 says "none", not "0 %"."""
    value, bottom = exact(rate), exact(base)
    if value is None or bottom is None:
        return unknown("the rate or its base is missing")
    return judged(bottom > 0, "a rate of {rate} % over a base of {base}", rate=shown(value), base=shown(bottom))


def change_within(
    before: Number | None, after: Number | None, *, factor: Number, base_before: Number = 1, base_after: Number = 1
) -> Verdict:
    """A figure moves by less than `factor` up or down between two periods.

    A larger jump is not impossible, so it is no contradiction: cannot tell whether the definition is still the same.
    Neither where a figure is zero or missing, nor where the bases differ (a rate whose base changed is not joined).
    """
    a, b, limit = exact(before), exact(after), exact(factor)
    if a is None or b is None or a <= 0 or b <= 0:
        return unknown("a figure is missing or zero")
    if exact(base_before) != exact(base_after):
        return unknown(
            "the base changed from {old} to {new}", old=shown(exact(base_before)), new=shown(exact(base_after))
        )
    ratio = max(a / b, b / a)
    numbers = {"before": shown(a), "after": shown(b), "ratio": shown(ratio, 1), "limit": shown(limit)}
    if ratio < limit:
        return Verdict(CONSISTENT, "{before} → {after}: a factor of {ratio}, less than {limit}", numbers)
    return unknown("{before} → {after}: a factor of {ratio}; is it still the same definition?", **numbers)


# --- helpers -------------------------------------------------------------------------------------------------------


def _related(holds: bool, a: Fraction, sign: str, b: Fraction) -> Verdict:
    # What does not hold is told by what holds instead: 134 > 19.
    told = sign if holds else "=" if abs(a - b) <= SAME else "<" if a < b else ">"
    return judged(holds, "{left} {sign} {right}", left=shown(a), sign=told, right=shown(b))


def _exactly(holds: bool, numbers: Mapping[str, object]) -> Verdict:
    text = "{parts} = {sum}" if holds else "{parts} = {sum}, not {total}: {difference} apart"
    return judged(holds, text, **numbers)


def _apart(old: Fraction | None, new: Fraction | None, limit: Fraction, text: str) -> Verdict:
    if old is None or new is None:
        return unknown("one of the two figures is missing")
    if old == 0 and new != 0:
        return unknown("a change from 0 has no percentage")
    percent = Fraction(0) if old == new else 100 * (new - old) / abs(old)
    return judged(
        abs(percent) <= limit, text, old=shown(old), new=shown(new), percent=shown(percent, 2), limit=shown(limit)
    )


def _known(series: Mapping[Hashable, Number | None]) -> list[tuple[Hashable, Fraction]]:
    return [(period, value) for period, raw in series.items() if (value := exact(raw)) is not None]


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _absent(period: object) -> bool:
    return period is None or period == "" or period != period


def _period(value: int | str) -> tuple[str, int]:
    """Frequency and running number of a period: 2018 is ("Y", 2018), "2018Q3" is ("Q", 8074)."""
    for frequency, (parts, notation, _) in _NOTATIONS.items():
        found = re.fullmatch(notation, str(value).strip())
        if found:
            return frequency, int(found[1]) * parts + int(found[2] or 1) - 1
    raise ReformError(f"cannot read the period {value!r}", expected="a period such as 2018, 2018Q3 or 2018-07")


def _written(number: int, frequency: str) -> str:
    parts, _, text = _NOTATIONS[frequency]
    return text.format(number // parts, number % parts + 1)
