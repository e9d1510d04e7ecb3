"""How a cell of the form is read: its text for the annex, and a doubt where it cannot be taken as it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reformlib.errors import ReformError
from reformlib.ingest.answers import Doubt, answer, key_of
from reformlib.ingest.body import Row
from reformlib.ingest.logged import cell_entry
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.wording import SCALES
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import marks

_PERCENT = re.compile(r"%|phần trăm", re.IGNORECASE)
_SCALED = re.compile(rf"\b{SCALES}\b", re.IGNORECASE)

Parse = Callable[[str], list]  # the text of a cell to its values, or ReformError
Levels = Mapping[str, Sequence[str]]  # words of the categories of a row, by code


@dataclass(frozen=True)
class Reading:
    """A cell as read: its text for the annex, doubts about it, entries of assumptions.yml, remarks."""

    text: str
    doubts: list[Doubt]
    assumptions: list[dict]
    remarks: list[Remark]


def read_cell(
    row: Row,
    printed: str,
    heading: str,
    indicator: Any,
    catalogue: Catalogue,
    answers: dict[str, str],
    notes: dict[str, str],
    locale: str,
) -> Reading:
    """Read the cell of a row under the heading `printed`, which means the period `heading`.

    `indicator` is its row of the `catalogue`, `answers` what a mapping file says of cells, `notes` the footnotes by
    their marker. Raises ReformError for an answer that is no figure of the indicator.
    """
    parse = partial(catalogue.parse, indicator.indicator, locale=locale)
    series = indicator.indicator, indicator.levels if indicator.indicator in catalogue.row_words else ""
    text, place = _with_notes(row.cells[printed], notes), f"{row.place}, {printed}"
    doubts: list[Doubt] = []
    assumptions: list[dict] = []
    remarks: list[Remark] = []
    why, detail, percent = _trouble(
        text, row, printed, indicator, catalogue.level_words.get(indicator.indicator, {}), parse
    )
    if percent:
        assumptions.append(cell_entry(series, heading, text, percent, "unit", place))
        remarks.append(remark("percent_unit", place=place, printed=text, read=percent))
    given = answer(answers, place, text) if why or key_of(place) in answers else None
    if given is not None:
        doubts.append(Doubt("cell", place, text, remark("told"), given, settled="mapping"))
        try:
            parse(given)
        except ReformError as error:
            error.where = f"the mapping file's answer for {place}"
            raise
        if given != text:
            assumptions.append(cell_entry(series, heading, text, given, "mapping", place))
    elif why:
        doubts.append(Doubt("cell", place, text, why, "", detail=detail))
        if text:
            assumptions.append(cell_entry(series, heading, text, "", "accepted", place))
    return Reading(text, doubts, assumptions, remarks)


def _trouble(
    text: str, row: Row, printed: str, indicator: Any, levels: Levels, parse: Parse
) -> tuple[Remark | None, str, str]:
    """Why a cell cannot be taken as it stands, what the parser reported, and the share that is read instead.

    A share is read where the row gives its unit as per cent; 0.9 may then stand for 90 %, which is a doubt.
    """
    doubtful = row.doubts.get(printed, "")
    if doubtful and (doubtful != "unformatted" or (indicator.unit == "%" and text != "0")):
        return remark(doubtful), "", ""
    if not text:
        return None, "", ""
    unit = _unit(row)
    why, detail = _unreadable(text, unit, indicator, parse)
    if not (why and indicator.unit == "%" and _PERCENT.search(unit)):
        return why, detail, ""
    share = _with_percent(text, levels) if levels else f"{text}%"
    if _unreadable(share, unit, indicator, parse)[0]:
        return why, detail, ""
    if any(0 < value.value <= 1 for value in parse(share)):
        return remark("fraction"), "", ""
    return None, "", share


def _unreadable(text: str, unit: str, indicator: Any, parse: Parse) -> tuple[Remark | None, str]:
    """Why a text is no figure of an indicator in a row that gives `unit`; what the parser reported."""
    try:
        values = parse(text)
    except ReformError as error:
        return remark("unreadable"), error.what + (f"; expected {error.expected}" if error.expected else "")
    scaled = indicator.unit != "%" and (_PERCENT.search(unit) or _SCALED.search(unit))
    return (remark("unit", unit=unit), "") if scaled and any(value.value for value in values) else (None, "")


def _with_percent(text: str, levels: Levels) -> str:
    """A text with a percent sign behind the figure of each category that has none."""
    for _, mark in reversed(marks(text, levels)):
        if bare := re.match(r"\s*\d+(?:[.,]\d+)*(?![\d.,]*\s*%)", text[mark.end() :]):
            end = mark.end() + bare.end()
            text = f"{text[:end]}%{text[end:]}"
    return text


def _unit(row: Row) -> str:
    """The unit that a row gives, in a column of its own or in the brackets of its label."""
    match = re.search(r"\(\s*(?:(?:đvt|đơn vị)[^:)]*:?)?\s*([^)]*)\)\s*$", row.label, re.IGNORECASE)
    return " ".join(filter(None, [row.unit, match[1].strip() if match else ""]))


def _with_notes(text: str, notes: dict[str, str]) -> str:
    """A cell whose footnote is known carries the note's words in its brackets, as the form itself writes them.

    >>> _with_notes("1.445 (1)", {"1": "Gồm cả SIM PKI (25)."})
    '1.445 (1: Gồm cả SIM PKI [25].)'
    """
    match = re.fullmatch(r"(.*?[\d%])\s*(?:\((\d{1,2}|\*{1,3}|[a-z])\)|(\*{1,3})|\[(\d{1,2})\])", text, re.DOTALL)
    if not match:
        return text
    mark = match[2] or match[3] or match[4]
    if mark not in notes:
        return f"{match[1]} ({mark})" if match[3] or match[4] else text
    words = re.sub(r"\s+", " ", notes[mark].replace("(", "[").replace(")", "]")).strip()
    return f"{match[1]} ({mark}: {words})"
