"""How a cell of the form is read: its text for the annex, and a doubt where it cannot be taken as it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from reformlib.errors import ReformError
from reformlib.ingest.answers import OPEN, Doubt, answer_for, key_of
from reformlib.ingest.body import Row
from reformlib.ingest.logged import cell_entry
from reformlib.ingest.number_format import plain_number
from reformlib.ingest.remarks import Remark, coded, remark
from reformlib.ingest.wording import SCALES, in_thousands, unit_of, visible
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import LOCALES, clean, marks
from reformlib.load.labels import unaccented

_PERCENT = re.compile(r"%|phần trăm", re.IGNORECASE)
_SCALED = re.compile(rf"\b{SCALES}\b", re.IGNORECASE)
_UNIT_HEAD = re.compile(r"^(?:đvt|đơn vị(?: tính)?)\s*:?\s*")

_APART = r"(?<![\d.,/])"  # a figure, no part of a date
_BOTH_WAYS = re.compile(rf"{_APART}[1-9]\d{{0,2}}[.,]\d{{3}}(?![.,/]?\d)")

# doubts of a cell that holds no figure, and of one whose figure may be another's or another
_NO_FIGURE = ("uncomputed", "placeholder", "formula_error", "struck")
_UNCLEAR = ("line", "fraction", "unstored", "locale")

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
    series = catalogue.series_of(indicator.form_row)
    text, place = _with_notes(row.cells[printed], notes), f"{row.place}, {printed}"
    doubts: list[Doubt] = []
    assumptions: list[dict] = []
    remarks: list[Remark] = []
    why, detail, percent = _trouble(text, row, printed, indicator, catalogue, parse)
    if percent:
        assumptions.append(cell_entry(series, heading, text, percent, "unit", place))
        remarks.append(remark("percent_unit", place=place, printed=text, read=percent))
    given = answer_for(answers, place, text, parse) if why or key_of(place) in answers else None
    if given is not None:
        doubts.append(Doubt("cell", place, text, remark("told"), given, settled="mapping"))
        if given != text:
            assumptions.append(cell_entry(series, heading, text, given, "mapping", place))
    elif why:
        shown = _as_words(text, catalogue.level_words.get(indicator.indicator, {})) if why[0] == "scan" else text
        proposed = _proposal(shown, why[0], _units(row, printed), parse)
        doubts.append(Doubt("cell", place, text, why, proposed, detail=detail))
        if proposed not in (text, OPEN):
            assumptions.append(
                cell_entry(series, heading, text, proposed, "proposed" if proposed else "accepted", place)
            )
    elif not percent:
        name = catalogue.rows_by("units_of_measure", "unit")[indicator.unit]["name_vi"]
        for value in (value for value in parse(text) if value.scaled):
            read = f"{plain_number(Decimal(str(value.value)), locale)} {name}"
            remarks.append(remark("rescaled", place=place, printed=value.printed, read=read))
    return Reading(text, doubts, assumptions, remarks)


def _trouble(
    text: str, row: Row, printed: str, indicator: Any, catalogue: Catalogue, parse: Parse
) -> tuple[Remark | None, str, str]:
    """Why a cell cannot be taken as it stands, what the parser reported, and the share that is read instead.

    A share is read where the row gives its unit as per cent; 0.9 may then stand for 90 %, which is a doubt.
    """
    if doubtful := row.doubts.get(printed):
        return coded(doubtful), "", ""
    if not text:
        return None, "", ""
    units, share = _units(row, printed), indicator.unit == "%"
    values, detail = _parsed(text, parse)
    if values is not None:
        units += [value.note.partition(": ")[2] for value in values if in_thousands(value.note.partition(": ")[2])]
        other = [] if share else [unit for unit in units if _differs(unit, catalogue.unit_words[indicator.unit])]
        if not other or not any(value.value for value in values):
            return None, "", ""
        own = catalogue.rows_by("units_of_measure", "unit")[indicator.unit]["name_vi"]
        return remark("unit", unit=other[0], own=own), "", ""
    levels = catalogue.level_words.get(indicator.indicator, {})
    given = _with_percent(text, levels) if levels else f"{text}%"
    values = _parsed(given, parse)[0] if share and any(map(_PERCENT.search, units)) else None
    if values is None:
        return remark("unreadable"), detail, ""
    if any(0 < value.value <= 1 for value in values):
        return remark("fraction"), "", ""
    return None, "", given


def _proposal(text: str, why: str, units: Sequence[str], parse: Parse) -> str:
    """How a doubtful cell may be meant: the one figure in it, "" where there is none to read, `OPEN` where that is not
    clear.

    >>> from reformlib.load.cells import parse_cell
    >>> parse = partial(parse_cell, unit="units")
    >>> [_proposal(text, "unreadable", [], parse) for text in ("(50.572)", "1 445", "28 đơn vị", "408/420", "x")]
    ['50.572', '1445', '28', '?', '']
    """
    shown = visible(re.sub("~[^~]*~", "", text)).strip()
    if not any(map(str.isdigit, shown)) or why in _NO_FIGURE:
        return OPEN if why == "scan" else ""  # something stands there
    if why in _UNCLEAR:
        return OPEN
    if why == "unit":
        names = [_UNIT_HEAD.sub("", clean(unit).casefold()) for unit in units]
        ways = [text if _PERCENT.search(name) else f"{text} {name}" for name in names]
    else:
        joined = re.sub(r"(?<=\d)(?:[^\S\n]|')(?=\d{3}(?!\d))", "", shown)
        figures = re.findall(r"\d+(?:[.,]\d+)*(?:\s*%)?", joined)
        ways = [text, shown, joined, joined.replace(";", ":"), *(figures if len(figures) == 1 else ())]
        ways += [way.translate(str.maketrans(".,", ",.")) for way in ways]
        ways += [f"{way}%" for way in ways if re.search("[1-9]", way.partition(",")[0])]
    return next((way for way in ways if _parsed(way, parse)[0]), OPEN)


def in_locale(rows: list[Row], locale: str) -> list[Row]:
    """The rows of a table; where some figures are such as only another locale writes them, and none as only this one
    does, those that both can read, a thousand times apart, are doubtful.

    >>> row = Row("5", "Chữ ký số", {"2019": "1.445", "2020": "61.5"}, "table 1, row 2")
    >>> in_locale([row], "vi")[0].doubts, in_locale([row, replace(row, cells={"2019": "61,5"})], "vi")[0].doubts
    ({'2019': 'locale en'}, {})
    """
    other = next(name for name in LOCALES if name != locale)
    texts = [text for one in rows for text in one.cells.values()]
    own, strange = (any(map(_only_in(name).search, texts)) for name in (locale, other))
    if own or not strange:
        return rows

    def both_ways(row: Row) -> dict[str, str]:
        return {heading: f"locale {other}" for heading, text in row.cells.items() if _BOTH_WAYS.search(text)}

    return [replace(row, doubts=both_ways(row) | row.doubts) for row in rows]


@cache
def _only_in(locale: str) -> re.Pattern[str]:
    """A figure that no other locale can read: with other than three decimals, or with two signs of thousands."""
    group, decimal = map(re.escape, LOCALES[locale])
    whole = rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})"
    return re.compile(rf"{_APART}(?:\d+{decimal}(?:\d\d?|\d{{4,}})|{whole}+{decimal}\d+|{whole}{{2,}})(?![.,/]?\d)")


def _as_words(text: str, levels: Levels) -> str:
    """A text of a picture, whose words can only be those of categories.

    >>> _as_words("Múc 3: 41, mur 4: 7", {"3": ("mức 3",), "4": ("mức 4",)})
    'mức 3: 41, mức 4: 7'
    """
    words = {unaccented(word): word for texts in levels.values() for one in texts for word in one.split()}

    def meant(found: re.Match[str]) -> str:
        return next((words[near] for near in get_close_matches(unaccented(found[0].lower()), words, 1)), found[0])

    return re.sub(r"[^\W\d_]+", meant, text)


def _parsed(text: str, parse: Parse) -> tuple[list | None, str]:
    """The values of a text; where there are none None, and what the parser reported."""
    try:
        return parse(text), ""
    except ReformError as error:
        return None, error.what + (f"; expected {error.expected}" if error.expected else "")


def _differs(unit: str, words: Mapping[str, Decimal]) -> bool:
    """Whether the unit that a row gives makes its figures another number of what is counted in the unit of `words`."""
    one = words.get(_UNIT_HEAD.sub("", clean(unit).casefold()))
    return bool(_PERCENT.search(unit) or _SCALED.search(unit)) if one is None else one != 1


def _with_percent(text: str, levels: Levels) -> str:
    """A text with a percent sign behind the figure of each category that has none."""
    for _, mark in reversed(marks(text, levels)):
        if bare := re.match(r"\s*\d+(?:[.,]\d+)*(?![\d.,]*\s*%)", text[mark.end() :]):
            end = mark.end() + bare.end()
            text = f"{text[:end]}%{text[end:]}"
    return text


def _units(row: Row, printed: str) -> list[str]:
    """The units of a cell: in a column of its own, in the brackets of its label, in its heading."""
    match = re.search(r"\(\s*(?:(?:đvt|đơn vị)[^:)]*:?)?\s*([^)]*)\)\s*$", row.label, re.IGNORECASE)
    return [unit for unit in (row.unit, match[1].strip() if match else "", unit_of(printed)) if unit]


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
