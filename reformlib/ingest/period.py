"""The periods of a report: those of its headings. What its text says confirms them, or is a question."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from reformlib.errors import ReformError
from reformlib.ingest.answers import ASIDE, Doubt, answer
from reformlib.ingest.number_format import plain_day
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.wording import is_day, is_period, period_text
from reformlib.load.dates import last_day
from reformlib.load.period import Period, parse_period

Years = tuple[int, int]  # the first and the last

_YEAR = r"((?:19|20)\d\d)"
_STATED = re.compile(
    rf"(?:giai đoạn|thời kỳ|thời kì|từ năm|\d+ năm)\s*\(?\s*(?:từ\s+)?(?:năm\s+)?{_YEAR}"
    rf"\s*(?:[-–—]|đến)\s*(?:hết\s+)?(?:năm\s+)?{_YEAR}(?!\d)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(quý (?:IV|I{1,3}|[1-4])|(?:\d+|ba|sáu|chín) tháng(?: đầu| cuối)?|tháng \d{1,2})\b", re.IGNORECASE
)
_YEAR_IN = re.compile(r"(?:19|20)\d\d")
_ONE_YEAR = re.compile(rf"\bnăm\s+{_YEAR}(?!\d)", re.IGNORECASE)


def period_of(
    headings: list[str], title: str, lines: list[str], answers: dict[str, str], place: str
) -> tuple[Years, list[Doubt]]:
    """The years that a report covers, and the doubt where its text names others than its headings.

    `headings` are those of the form, `title` and `lines` the text, `answers` what a mapping file says of periods,
    `place` the file. A text that names the years of the headings confirms them, whatever else it names: a programme, or
    the years before. Else the first other period that it names, the title's before others, is a question; proposed are
    the years of the headings, but of a title that only begins earlier the title's.

    >>> period_of(["Năm 2021", "Năm 2025"], "", ["Sau giai đoạn 2011 - 2020, giai đoạn 2021 - 2025 đã"], {}, "a.docx")
    ((2021, 2025), [])
    >>> years, (doubt,) = period_of(["Năm 2021", "Năm 2025"], "", ["giai đoạn 2021 - 2030"], {}, "a.docx")
    >>> doubt.printed, doubt.answer
    ('giai đoạn 2021 - 2030', '2021-2025')

    Raises ReformError for an answer that is no period, or one that leaves out years of the headings.
    """
    years = [parse_period(heading).year for heading in headings]
    own = min(years), max(years)
    stated = [*_stated(title), *(found for line in lines for found in _stated(line))]
    one = own[0] == own[1] and str(own[0]) in _ONE_YEAR.findall(title)
    if not stated or one or own in (named for _, named in stated):
        return own, []
    printed, named = stated[0]
    begins_earlier = named[0] < own[0] and named[1] == own[1]
    proposed = named if begins_earlier and printed in title else own
    given = answer(answers, place, printed)
    doubt = Doubt("period", place, printed, remark("period", years=_written(own)), _written(proposed)).answered(given)
    told = proposed if given is None else _read(given, printed)
    if told[0] > own[0] or told[1] < own[1]:
        what = f"the mapping file takes «{printed}» for {given}, which leaves out years of the headings"
        raise ReformError(what, expected=f"years that hold {_written(own)}", fix="correct the answer")
    return told, [doubt]


def known_period(printed: str, about: dict[str, str]) -> tuple[str, Remark | None]:
    """What a heading means, and why that is doubtful.

    `about` is what the text says of itself: `title_vi`, `issued`. A report cannot know the end of a period that it was
    signed before, nor does one of six months have figures of the year; proposed is the period that the title names,
    else that to the day of signing. A day alone is taken for the end of what is counted from the start of its year.

    >>> known_period("Năm 2023", {"title_vi": "Cải cách hành chính 6 tháng đầu năm 2023", "issued": "2023-07-10"})
    ('6 tháng đầu năm 2023', ('premature', {'end': '31/12/2023', 'issued': '10/7/2023'}))
    >>> known_period("Năm 2019", {"issued": "2020-01-05"}), known_period("30/6/2020", {})[0]
    (('Năm 2019', None), 'Năm 2020 (Tính đến 30/6)')
    """
    meaning = period_text(printed)
    period = parse_period(meaning)
    if period.estimate:
        return meaning, None
    day = last_day(about["issued"]) if about.get("issued") else date.max
    named = [text for text in named_periods(about.get("title_vi", "")) if _is_within(parse_period(text), period)]
    if period.end > day:
        why = remark("premature", end=plain_day(period.end), issued=plain_day(day))
        return _until(named[0] if named else meaning, day), why
    if named and period.kind == "year":
        return named[0], remark("title", named=named[0])
    return meaning, remark("day") if is_day(printed) else None


def out_of_order(periods: Mapping[str, Period]) -> dict[str, Remark]:
    """Headings, in the order of their columns, that go back in time where most go on, or on where most go back.

    >>> years = {name: parse_period(name) for name in ("Năm 2019", "Năm 2018", "Năm 2020", "Năm 2021")}
    >>> out_of_order(years)
    {'Năm 2018': ('order', {'before': 'Năm 2019'})}
    """
    pairs = [pair for pair in pairwise(periods.items()) if pair[0][1].end != pair[1][1].end]
    back = [one.end > other.end for (_, one), (_, other) in pairs]
    usual = sum(back) * 2 > len(back)
    return {
        text: remark("order", before=before)
        for ((before, _), (text, _)), way in zip(pairs, back, strict=True)
        if way != usual
    }


def after_gaps(periods: Mapping[str, Period]) -> dict[str, Remark]:
    """Headings before which a year is missing, or a quarter or month among those that follow each other.

    >>> after_gaps({name: parse_period(name) for name in ("Năm 2017", "Năm 2018", "Năm 2020")})
    {'Năm 2020': ('gap', {'before': 'Năm 2018'})}
    """
    found: dict[str, Remark] = {}
    lengths = {0 if one.code == str(one.year) else one.months for one in periods.values()}
    for months in {0, *lengths}:  # 0: all of them, by year
        of_length = {text: one for text, one in periods.items() if not months or one.months == months}
        at = {one.year * 12 if not months else one.end.year * 12 + one.end.month: t for t, one in of_length.items()}
        pairs = list(pairwise(sorted(at)))
        usual = min([12, *(after - before for before, after in pairs)])
        found |= {at[b]: remark("gap", before=at[a]) for a, b in pairs if b - a > usual and at[b] not in found}
    return found


def unreadable(printed: str) -> str:
    """Why a heading names no period, as the parser says it where that is more than that it does not know it."""
    try:
        parse_period(period_text(printed))
    except ReformError as error:
        return error.what.partition("': ")[2]
    return ""


def _until(heading: str, day: date) -> str:
    """A heading of what there can be of a period on a day, `ASIDE` where it has not begun."""
    period = parse_period(heading)
    if period.end <= day:
        return heading
    if period.start > day:
        return ASIDE
    if period.code == str(period.year):
        return f"Năm {period.year} (Tính đến {day.day}/{day.month})"
    return f"{heading} (từ {plain_day(period.start)} đến {plain_day(day)})"


def named_periods(text: str) -> list[str]:
    """Quarters, half-years and months that a text names, as headings, then years.

    >>> named_periods("Kết quả quý I và 6 tháng đầu năm 2023")
    ['quý I năm 2023', '6 tháng đầu năm 2023', 'Năm 2023']
    """
    if is_period(text):
        return [period_text(text)]
    parts = [
        f"{period_text(found[1])} năm {year[0]}"
        for found in _PART.finditer(text)
        if (year := _YEAR_IN.search(text, found.end()))
    ]
    return parts + [f"Năm {year}" for year in _ONE_YEAR.findall(text)]


def _is_within(part: Period, whole: Period) -> bool:
    return whole.start <= part.start and part.end < whole.end


def _stated(text: str) -> Iterator[tuple[str, Years]]:
    """Periods that a text names, as printed and as years."""
    for found in _STATED.finditer(text):
        first, last = int(found[1]), int(found[2])
        if first <= last:
            yield found[0], (first, last)


def _written(years: Years) -> str:
    return f"{years[0]}-{years[1]}" if years[0] < years[1] else str(years[0])


def _read(text: str, printed: str) -> Years:
    found = re.fullmatch(rf"\s*{_YEAR}\s*(?:[-–—]\s*{_YEAR}\s*)?", text)
    years = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if years[0] > years[1]:
        raise ReformError(
            f"the mapping file takes «{printed}» for {text!r}, which is no period",
            expected="the first and the last year that the report covers, such as 2021-2025",
        )
    return years
