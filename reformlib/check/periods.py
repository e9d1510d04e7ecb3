"""Stocks, flows, dates and periods: what a figure says of time, and what may be compared with what."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from reformlib.check.rounding import Figure, Number, all_exact, exact
from reformlib.check.sdmx import TIME_COLLECT
from reformlib.check.sentence import Terms, listed
from reformlib.check.verdict import Verdict, cannot_tell, consistent, judged, missing
from reformlib.errors import ReformError
from reformlib.load.period import parse_period

# How a period is written, by frequency (SDMX CL_FREQ, A is Y here): parts of a year, and the way back to text.
NOTATIONS = {
    "Y": (1, r"([12]\d{3})(?:\.0|-?A1)?()", "{}"),
    "S": (2, r"([12]\d{3})-?S([12])", "{}-S{}"),
    "Q": (4, r"([12]\d{3})-?Q([1-4])", "{}-Q{}"),
    "M": (12, r"([12]\d{3})(?:-|-?M)(0?[1-9]|1[0-2])", "{}-M{:02d}"),
}

# Of these, codes of SDMX CL_TIME_PER_COLLECT, figures of periods of any length may be compared.
ANY_LENGTH = "EBMY"

# None, "" and NaN are no period.
Period = int | str | None


@dataclass(frozen=True)
class Span:
    """A stretch of days, both ends included. Raises ReformError when it ends before it starts."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ReformError(f"a period from {self.start} to {self.end}", expected="an end not before the start")

    @property
    def days(self) -> int:
        """Days in it: 366 for the whole of 2020, 91 for its first quarter."""
        return (self.end - self.start).days + 1

    @property
    def years(self) -> Fraction:
        """Its length in years: months over twelve where it covers whole ones, from any day, else days over 365.25.

        >>> Span(date(2020, 1, 1), date(2020, 3, 31)).years
        Fraction(1, 4)
        """
        after = self.end + timedelta(days=1)
        if self.start.day == after.day:
            return Fraction(12 * (after.year - self.start.year) + after.month - self.start.month, 12)
        return Fraction(self.days * 100, 36525)


def comparable(collect: str, first: Span, second: Span) -> Verdict:
    """May two figures of one series be set side by side? `collect` is a code of SDMX CL_TIME_PER_COLLECT.

    A stock (E, B, M: one day's figure) always, each with its date. A flow (S), an average (A) or an extreme (H, L) only
    over the same length: the same number of months, or within a day where a leap year makes the difference. An
    annualised flow (Y) always: it is a rate.
    """
    _check_collect(collect)
    numbers = {"first": first.days, "second": second.days}
    if collect in ANY_LENGTH:
        return consistent("a figure of one day or per year: {first} and {second} days do not matter", **numbers)
    return judged(same_length(first, second), "{first} days against {second} days", **numbers)


def same_length(first: Span, second: Span) -> bool:
    """Whether two periods are as long as one another: within a day, or of the same number of months."""
    return abs(first.days - second.days) <= 1 or first.years == second.years


def per_day(value: Number, span: Span) -> Fraction:
    """A flow over the days it was counted in. 140825 in the 365 days of 2019 is 385.8 a day."""
    return exact(value) / span.days


def over_the_year(collect: str, parts: Sequence[Figure]) -> Fraction:
    """The figure of the whole from those of its equal parts, in order (SDMX CL_TIME_PER_COLLECT).

    S the sum; A the mean; E the last; B the first; H the highest; L the lowest; M the middle one; Y the mean, since
    each part is already annualised. Quarters 10, 20, 30, 40: S 100, A 25, E 40, B 10.
    Raises ReformError for another code, no parts, or M with an even number of parts.
    """
    _check_collect(collect)
    values = all_exact(parts)
    if not values or (collect == "M" and len(values) % 2 == 0):
        raise ReformError(f"no figure of the whole from {len(parts)} parts by {collect}", expected="all parts known")
    total = sum(values, Fraction(0))
    whole = {"S": total, "A": total / len(values), "Y": total / len(values), "H": max(values), "L": min(values)}
    return (whole | {"E": values[-1], "B": values[0], "M": values[len(values) // 2]})[collect]


def time_balance(collect: str, whole: Figure, parts: Sequence[Figure], *, unit: Number = 0) -> Verdict:
    """The figure of a year and those of its parts obey the series' time balance, up to rounding to `unit`.

    A sum of k rounded parts may be off by (k + 1) x unit / 2, anything else by one unit.
    Cannot tell where a figure is missing, or where an even number of parts has no middle one (M).
    """
    _check_collect(collect)
    value, count = exact(whole), len(parts)
    if value is None or not all_exact(parts):
        return cannot_tell("the figure of the whole or of a part is missing")
    if collect == "M" and count % 2 == 0:
        return cannot_tell("{parts} parts have no middle one", parts=count)
    expected = over_the_year(collect, parts)
    bound = exact(unit) * (Fraction(count + 1, 2) if collect == "S" else 1)
    numbers = {"expected": expected, "parts": listed(all_exact(parts), "; "), "value": value}
    return judged(abs(value - expected) <= bound, "{expected} from the parts {parts}; printed {value}", **numbers)


def may_be_added(figures: Sequence[Number], total: Figure = None, *, collect: str = "S") -> Verdict:
    """Are figures of periods one after another each of its own period, so that their sum means something?

    What is counted from a first day on cannot fall, so a fall shows that they are; without one, and without a `total`
    that the text gives, it cannot be told. The total is the sum of a flow (`collect` S), the last figure of a stock or
    a running total.

    >>> may_be_added([0, 140825, 32398]).computation
    '140825 → 32398: a running total cannot fall, so each figure is of its own period; 173223 in all'
    >>> may_be_added([408, 1445, 1610], 1610, collect="E").computation
    '1610 is the last figure, not their sum 3463: they are not to be added'
    """
    exactly = [exact(figure) for figure in figures]
    if not exactly:
        return cannot_tell("fewer than two figures")
    last, wanted = exactly[-1], exact(total)
    numbers = {"last": last, "sum": sum(exactly, Fraction(0)), "total": wanted}
    if wanted is None:
        falls = [pair for pair in pairwise(exactly) if pair[1] < pair[0]]
        if not falls:
            return cannot_tell("no figure is below the one before: of one period each, or all so far?")
        text = "{falls}: a running total cannot fall, so each figure is of its own period; {sum} in all"
        return consistent(text, falls=Terms(tuple(falls[-1:]), pattern="{} → {}"), **numbers)
    if numbers["sum"] != last and wanted == last:
        text = "{total} is the last figure, not their sum {sum}: they are not to be added"
        return judged(collect != "S", text, **numbers)
    if numbers["sum"] != last and wanted == numbers["sum"]:
        return judged(collect == "S", "{total} is the sum of the figures, each of its own period", **numbers)
    return cannot_tell("{total} against the last figure {last} and the sum {sum}", **numbers)


def in_order(earlier: date | None, later: date | None) -> Verdict:
    """One date is not after another: a document and the one it amends, a period and the report on it."""
    if earlier is None or later is None:
        return cannot_tell("one of the two dates is not given")
    text = "{earlier} is not after {later}" if earlier <= later else "{earlier} is after {later}"
    return judged(earlier <= later, text, earlier=earlier, later=later)


def same_period(first: tuple[int, int], second: tuple[int, int]) -> Verdict:
    """Two statements of the same period (first and last year) agree."""
    a, b, c, d = map(str, (*first, *second))
    return judged(first == second, "{a}-{b} and {c}-{d}", a=a, b=b, c=c, d=d)


def covered(wanted: tuple[int, int], seen: Collection[int]) -> Verdict:
    """Every year of a period that a report is about has figures. A year without any contradicts nothing: missing.

    >>> covered((2011, 2014), [2013]).computation
    '1 of 4 years have figures; none for 2011, 2012, 2014'
    """
    years = range(wanted[0], wanted[1] + 1)
    without = [str(year) for year in years if year not in seen]
    if not without:
        return consistent("{years} of {years} years have figures", years=len(years))
    numbers = {"found": len(years) - len(without), "years": len(years), "missing": ", ".join(without)}
    return missing("{found} of {years} years have figures; none for {missing}", **numbers)


def is_absent(period: object) -> bool:
    """Whether a period is not given: None, empty text or NaN."""
    return period is None or period == "" or period != period


def in_time(code: str) -> tuple[date, date]:
    """Where a period stands in the order of time, by its code: that of its end, of one end the longer first."""
    period = parse_period(code)
    return period.end, period.start


@lru_cache
def running_number(period: Period) -> tuple[str, int]:
    """Frequency and running number of a period: 2018 is ("Y", 2018), "2018-Q3" is ("Q", 8074).

    What has no letter in the standard comes once a year: "2018-01-01/P9M" is ("-01-01/P9M", 2018).
    Raises ReformError for text that is no period.
    """
    for frequency, (parts, notation, _) in NOTATIONS.items():
        if match := re.fullmatch(notation, str(period).strip()):
            return frequency, int(match[1]) * parts + int(match[2] or 1) - 1
    if match := re.fullmatch(r"([12]\d{3})(-\d\d-\d\d/P\d+[MD])", str(period)):
        return match[2], int(match[1])
    raise ReformError(f"cannot read the period {period!r}", expected="a period such as 2018, 2018Q3 or 2018-07")


def written_period(number: int, frequency: str) -> str:
    """The way back from :func:`running_number`: the code in the standard.

    >>> written_period(8074, "Q")
    '2018-Q3'
    """
    parts, _, text = NOTATIONS.get(frequency, (1, "", f"{{}}{frequency}"))
    return text.format(number // parts, number % parts + 1)


def common_frequency(periods: Sequence[Period], frequency: str | None = None) -> str:
    """The frequency that all periods are written in, those not given passed over: Y, S, Q or M; A is the same as Y.

    Raises ReformError for text that is no period, for periods of several frequencies, or of another than `frequency`.
    """
    kinds = [(period, running_number(period)[0]) for period in periods if not is_absent(period)]
    wanted = "Y" if frequency == "A" else frequency or (kinds[0][1] if kinds else "Y")
    odd = [period for period, written in kinds if written != wanted]
    if odd or (frequency and wanted not in NOTATIONS):
        raise ReformError(
            f"cannot read the period {odd[0]!r} with frequency {wanted}" if odd else f"unknown frequency: {frequency}",
            expected=f"periods of one frequency: {', '.join(NOTATIONS)}",
        )
    return wanted


def _check_collect(collect: str) -> None:
    if collect not in TIME_COLLECT:
        raise ReformError(f"unknown time balance: {collect!r}", expected=f"one of: {', '.join(TIME_COLLECT)}")
