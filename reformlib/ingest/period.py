"""The years that a report covers: those of its headings. What its text says confirms them, or is a question."""

import re
from collections.abc import Iterator

from reformlib.errors import ReformError
from reformlib.ingest.answers import Doubt, answer
from reformlib.ingest.remarks import remark
from reformlib.load.period import parse_period

Years = tuple[int, int]  # the first and the last

_YEAR = r"((?:19|20)\d\d)"
_STATED = re.compile(
    rf"(?:giai đoạn|thời kỳ|thời kì|từ năm|\d+ năm)\s*\(?\s*(?:từ\s+)?(?:năm\s+)?{_YEAR}"
    rf"\s*(?:[-–—]|đến)\s*(?:hết\s+)?(?:năm\s+)?{_YEAR}(?!\d)",
    re.IGNORECASE,
)
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
    why = remark("period", years=_written(own))
    if given is None:
        return proposed, [Doubt("period", place, printed, why, _written(proposed))]
    told = _read(given, printed)
    if told[0] > own[0] or told[1] < own[1]:
        what = f"the mapping file takes «{printed}» for {given}, which leaves out years of the headings"
        raise ReformError(what, expected=f"years that hold {_written(own)}", fix="correct the answer")
    return told, [Doubt("period", place, printed, why, given, settled="mapping")]


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
