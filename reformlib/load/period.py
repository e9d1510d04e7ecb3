"""The period that a column's heading names, as a stretch of days and as the standard writes it.

Codes are those of SDMX for TIME_PERIOD (SDMX 2.1, section 6, "Time and Time Format"): a year `2020`, a half-year
`2020-S1`, a quarter `2020-Q1`, a month `2020-M05`, anything else its first day and its length, `2020-01-01/P9M`.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

from reformlib.errors import ReformError
from reformlib.load.cells import clean

# Months of the periods that have a letter in the standard (CL_FREQ, but for A, which TIME_PERIOD leaves out).
MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}
KINDS = {"A": "year", "S": "half", "Q": "quarter", "M": "month"}

_COUNTS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "đầu": 1, "cuối": 2, "": 1}
_DAY = r"(?:ngày\s+)?(\d{1,2})[/-](\d{1,2})(?:[/-]([12]\d{3}))?"
_OF = r"(?:\s*[/-]\s*|,\s*|\s+)(?:năm\s+)?([12]\d{3})"
# What a heading may name: the letter of its frequency, T for so many months from the start of the year, and a pattern
# of which the groups are number and year.
_NAMES = [
    ("A", r"()(?:năm\s+)?([12]\d{3})"),
    ("Q", rf"quý\s+(IV|I{{1,3}}|[1-4]){_OF}"),
    ("S", rf"6\s+tháng\s+(đầu|cuối)(?:\s+năm)?{_OF}"),
    ("T", rf"(\d{{1,2}})\s+tháng(?:\s+đầu)?(?:\s+năm)?{_OF}"),
    ("M", rf"tháng\s+(\d{{1,2}}){_OF}"),
]
_CODE = re.compile(r"([12]\d{3})-([ASQM])(\d{1,2})")
_RANGE = re.compile(r"([12]\d{3}-\d\d-\d\d)/P(\d{1,3})([MD])")
_OWN_DAYS = re.compile(rf"\s*\(?\s*(?:từ\s+){_DAY}\s*(?:đến|-|–)\s*(?:hết\s+)?{_DAY}\s*\)?$", re.IGNORECASE)
_UNTIL = re.compile(rf"\s*\(?\s*tính đến\s+(?:hết\s+)?{_DAY}\s*\)?$", re.IGNORECASE)
_ESTIMATE = re.compile(r"^ước(?:\s+(?:thực hiện|đạt|tính|TH))?\s+|\s*\(\s*ước(?:\s+[^()]*)?\)$", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included, that a heading names.

    `code` is what it names, in the standard: "Năm 2020 (Tính đến 31/3)" is `2020`, of which it holds the days from
    `start` to `end`. `kind` is year, half, quarter or month, or to_date where it begins with the year and ends before
    it; `estimate` whether its figures are said to be estimated.
    """

    code: str
    start: date
    end: date
    kind: str
    estimate: bool = False

    @cached_property
    def year(self) -> int:
        """The year it is named after: that of its last day but where a reporting year ends later."""
        return int(self.code[:4])

    @cached_property
    def days(self) -> int:
        """Days in it: 366 for the whole of 2020, 91 for its first quarter."""
        return (self.end - self.start).days + 1

    @cached_property
    def months(self) -> int:
        """Its length in months, rounded: 3 for a quarter, also one of 90 days."""
        return _months(self.days)

    @cached_property
    def cut(self) -> bool:
        """Whether it names a year and ends before that is over."""
        return self.code == str(self.year) and self.end < months_after(self.start, 12) - timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has none.

    >>> months_after(date(2019, 12, 15), 3), months_after(date(2019, 8, 31), 6)
    (datetime.date(2020, 3, 15), datetime.date(2020, 2, 29))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache  # the columns of thousands of reports are headed alike
def parse_period(heading: str) -> Period:
    """Read a column's heading: what period it names, which days of it the figures are of.

    Read are years (`Năm 2019`, `2019`), `Năm 2020 (Tính đến 31/3)`, `Quý I/2020`, `6 tháng đầu năm 2020`, `9 tháng năm
    2020`, `Tháng 5/2020`, any of these with days of its own, `(từ 15/12/2019 đến 14/3/2020)`, or as an estimate, `Ước
    năm 2020`, and the codes of the standard.

    >>> parse_period("Năm 2020 (Tính đến 31/3)").end, parse_period("Quý I/2020").code
    (datetime.date(2020, 3, 31), '2020-Q1')
    >>> parse_period("Quý I/2020 (từ 15/12/2019 đến 14/3/2020)").days
    91

    Raises ReformError for another text, a day that does not exist, and a period that ends before it starts.
    """
    text = clean(heading).replace("\n", " ")
    estimate = bool(_ESTIMATE.search(text))
    try:
        return replace(_named(_ESTIMATE.sub("", text)), estimate=estimate)
    except ValueError as error:
        raise ReformError(
            f"cannot read the period in the heading {heading!r}{f': {error}' if error.args else ''}",
            expected="`Năm 2019`, or `Năm 2020 (Tính đến 31/3)` for a part of a year; `Quý I/2020`, `6 tháng đầu năm "
            "2020`, `9 tháng năm 2020`, `Tháng 5/2020`, perhaps with days: `(từ 15/12/2019 đến 14/3/2020)`",
        ) from None


def _named(text: str) -> Period:
    """The period of a heading; ValueError, with a reason where there is one, for what is none."""
    if ranged := _RANGE.fullmatch(text):
        start = date.fromisoformat(ranged[1])
        months, days = (int(ranged[2]), 0) if ranged[3] == "M" else (0, int(ranged[2]))
        return _dated(text, start, months_after(start, months) + timedelta(days=days - 1))
    own, until = _OWN_DAYS.search(text), _UNTIL.search(text)
    tail = own or until
    code, start, end = _calendar(text[: tail.start()] if tail else text)
    if until:
        day, month, year = until.groups()
        if code != code[:4] or (year and year != code):
            raise ValueError(f"tính đến … stands after a year and names a day of it, not after {code}")
        end = date(start.year, int(month), int(day))
    if own:
        parts = [int(part or 0) for part in own.groups()]
        last = parts[5] or int(code[:4])
        start, end = date(parts[2] or last, parts[1], parts[0]), date(last, parts[4], parts[3])
    return _dated(code, start, end)


def _calendar(text: str) -> tuple[str, date, date]:
    """Code, first and last day of a period of the calendar."""
    if written := _CODE.fullmatch(text):
        year, letter, number = (written[1], written[2], written[3] or "1")
    else:
        found = [(letter, match) for letter, name in _NAMES if (match := re.fullmatch(name, text, re.IGNORECASE))]
        if not found:
            raise ValueError
        letter, (number, year) = found[0][0], found[0][1].groups()
    first = date(int(year), 1, 1)
    count = _COUNTS.get(number.lower()) or int(number)
    if letter == "T" and count in (6, 12):  # which the standard has a name for
        letter, count = ("S", 1) if count == 6 else ("A", 1)
    if letter == "T":
        code, start, months = f"{first}/P{count}M", first, count
    else:
        months = MONTHS[letter]
        start = date(first.year, (count - 1) * months + 1, 1)
        code = {"A": year, "M": f"{year}-M{count:02}"}.get(letter, f"{year}-{letter}{count}")
    if not 0 < months <= 12:
        raise ValueError
    return code, start, months_after(start, months) - timedelta(days=1)


def _dated(code: str, start: date, end: date) -> Period:
    if end < start:
        raise ValueError(f"it ends on {end}, before it starts, {start}")
    letter = "A" if len(code) == 4 else code[5]
    kind = KINDS.get(letter, "to_date")
    period = Period(code, start, end, kind)
    return replace(period, kind="to_date") if period.cut or code.endswith("-S1") else period


def periods_of(headings: Iterable[str]) -> dict[str, Period]:
    """The periods of some headings, by heading, in the order of time: of their ends, of one end the longer first.

    A year that is named again with another end ("Năm 2020 (Tính đến 31/3)" beside "Năm 2020") takes as its code the
    days that it covers.

    >>> [one.code for one in periods_of(["Năm 2020", "Quý I/2020", "Năm 2020 (Tính đến 31/3)"]).values()]
    ['2020-Q1', '2020-01-01/P3M', '2020']

    Raises ReformError for headings that cannot be read, for one period twice, and for two of one kind that overlap.
    """
    read = {heading: parse_period(heading) for heading in headings}
    twice = {code for code, count in Counter(one.code for one in read.values()).items() if count > 1}
    for heading, one in read.items():
        if one.code in twice and one.cut:
            whole = one.end + timedelta(days=1) == months_after(one.start, one.months)
            length = f"{one.months}M" if whole else f"{one.days}D"
            read[heading] = replace(one, code=f"{one.start}/P{length}")
    ordered = sorted(read.items(), key=lambda pair: (pair[1].end, pair[1].start))
    for place, (heading, one) in enumerate(ordered):
        for other, before in ordered[:place]:
            overlap = one.kind == before.kind != "to_date" and one.start <= before.end
            if one.code == before.code or overlap:
                raise ReformError(
                    f"the columns {other!r} and {heading!r} share days" if overlap else
                    f"the period {one.code} stands twice in the headings",
                    expected="each period once",
                    fix="correct the headings, or leave one of the columns out",
                )  # fmt: skip
    return dict(ordered)


def usual_months(periods: Collection[Period]) -> int:
    """How many months the columns of a report usually cover: as most of them do, of two lengths the longer.

    A year that is not over counts as a year.

    >>> usual_months([parse_period("Năm 2019"), parse_period("Năm 2020 (Tính đến 31/3)")])
    12
    """
    lengths = Counter(12 if one.cut else one.months for one in periods)
    return max(lengths, key=lambda months: (lengths[months], months))


def likeness(point: Any) -> tuple[int, ...]:
    """What two figures, rows of the observations, must have alike to be set side by side: of what is summed over a
    period its place in the year and its length in months, of a day's figure nothing."""
    return (point.start.month, point.start.day, months_of(point)) if point.collect == "S" else ()


def months_of(point: Any) -> int:
    """The length of the period of a figure, a row of the observations, in months."""
    return _months((point.as_of - point.start).days + 1)


def _months(days: int) -> int:
    return round(days * 12 / 365.25)


def addressed(periods: Collection[Period], year: int | None, code: str = "") -> Period:
    """The period that an entry of a log names: by its `code`, else by its `year`.

    Raises ReformError where there is none, or several of the year.
    """
    named = [one for one in periods if one.code == (code or str(year))]
    named = named or [one for one in periods if not code and one.year == year]
    if len(named) == 1:
        return named[0]
    codes = ", ".join(one.code for one in named or periods)
    raise ReformError(
        f"{len(named) or 'no'} columns are of {code or year}",
        expected=f"one of: {codes}",
        fix="name the period by its code, as `period: 2020-Q1`",
    )
