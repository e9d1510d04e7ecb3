"""Printed cells to values: what stands in a cell of the form, never a guess.

A printed number is read by its locale. In Vietnamese (`vi`) the point groups thousands and the comma starts the
decimals, so `1.445` is 1445 and `97,7 %` is 97.7; in English (`en`) it is the other way round, so `1.445` is
1.445. A text that is neither raises ReformError.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reformlib.errors import ReformError

# group separator, decimal separator
LOCALES = {"vi": (".", ","), "en": (",", ".")}

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t"), " ") | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None
)
NO_LEVELS: Mapping[str, Sequence[str]] = {}
_NOTE = re.compile(r"^(?P<value>[^()]*?)\s*\((?P<note>[^()]+)\)$", re.DOTALL)


@dataclass(frozen=True)
class Number:
    """A printed number: its value, how many decimals were printed, and whether another locale reads it otherwise."""

    value: float
    decimals: int
    ambiguous: bool


@dataclass(frozen=True)
class CellValue:
    """One value of a cell. `level` is "" or the category's code; `printed` the number as printed."""

    level: str
    value: float
    printed: str
    decimals: int
    percent: bool
    note: str
    ambiguous: bool


@dataclass(frozen=True)
class Period:
    """What a column's heading says: the year, the end of the period, and whether it is less than a year."""

    year: int
    as_of: date
    partial: bool


def clean(text: str) -> str:
    """NFC text with every blank an ordinary space, runs of spaces one, no zero-width marks; line breaks stay."""
    text = unicodedata.normalize("NFC", text).translate(_BLANKS).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r" *\n[ \n]*", "\n", re.sub(r" +", " ", text)).strip()


def parse_number(text: str, *, locale: str = "vi") -> Number:
    """Read one printed number by its locale.

    >>> parse_number("1.445").value, parse_number("1.445", locale="en").value
    (1445.0, 1.445)
    >>> parse_number("31,04").decimals
    2

    Raises ReformError where the text is no number of that locale: `97.7` in Vietnamese, `1.44.5`, `12a`.
    """
    if locale not in LOCALES:
        raise ReformError(f"unknown number locale: {locale}", expected=f"one of: {', '.join(LOCALES)}")
    printed = clean(text)
    group, decimal = map(re.escape, LOCALES[locale])
    read = re.fullmatch(
        rf"(?P<sign>[-−]?)(?P<whole>[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[0-9]+)(?:{decimal}(?P<part>[0-9]+))?",
        printed,
    )
    if not read:
        raise ReformError(
            f"cannot read {printed!r} as a number",
            expected=f"digits; thousands grouped by {LOCALES[locale][0]!r}, decimals after {LOCALES[locale][1]!r} "
            f"(locale {locale})",
            fix="correct the cell, or the report's `locale` if its figures are written the other way",
        )
    whole = re.sub(group, "", read["whole"])
    if len(whole) > 15:  # more than a float holds exactly, and than anything counted here
        raise ReformError(f"a number of {len(whole)} digits", expected="at most 15 digits", fix="correct the cell")
    part = read["part"] or ""
    value = float(f"{'-' if read['sign'] else ''}{whole}.{part or 0}")
    # One separator followed by exactly three digits is the case that the other locale would read otherwise.
    ambiguous = bool(re.fullmatch(r"[-−]?[1-9][0-9]{0,2}[.,][0-9]{3}", printed))
    return Number(value, len(part), ambiguous)


def parse_cell(
    raw: str,
    *,
    unit: str,
    levels: Mapping[str, Sequence[str]] = NO_LEVELS,
    locale: str = "vi",
    decimals: int | None = None,
) -> list[CellValue]:
    """Read one cell of the form: no value, one value, or one value a category.

    `unit` is "%" for a rate, anything else for a count. `levels` gives the categories that the indicator is broken down
    by: their words, one of which stands before the figure of each, by code. A lone 0 stands for every category, since
    parts of nothing are nothing. `decimals` is the most that a figure may be printed with: None for a share any, for
    anything else none.

    >>> levels = {"3": ("mức 3", "mức độ 3"), "4": ("mức 4", "mức độ 4")}
    >>> [(v.level, v.value) for v in parse_cell("Mức độ 3: 498 , mức 4: 390", unit="services", levels=levels)]
    [('3', 498.0), ('4', 390.0)]
    >>> parse_cell("100% (tỷ lệ tại 5 đơn vị)", unit="%")[0].note
    'tỷ lệ tại 5 đơn vị'
    >>> parse_cell("  ", unit="%")
    []

    Raises ReformError saying what cannot be read; the caller adds which cell.
    """
    text = clean(raw)
    if not text:
        return []
    expected = f"`{', '.join(level_texts(levels).values())}`"
    found = marks(text, levels)
    ends = [*(mark.start() for _, mark in found), len(text)][1:]
    parts = [(level, text[mark.end() : end].strip(" ,;.\n")) for (level, mark), end in zip(found, ends, strict=True)]
    others = [part for _, part in parts] or [text]
    if levels and any(":" in re.sub(r"\([^()]*\)", "", part) for part in others):
        raise ReformError(f"a part of {text!r} is no category of this row", expected=expected)
    if not found:
        value = _parse_value(text, "", unit, locale, decimals)
        if not levels:
            return [value]
        if value.value == 0:
            return [CellValue(level, 0.0, value.printed, 0, value.percent, value.note, False) for level in levels]
        raise ReformError(f"cannot tell which of its parts {text!r} is", expected=expected)
    if text[: found[0][1].start()].strip():
        raise ReformError(f"cannot read {text!r}", expected=expected)
    if len({level for level, _ in parts}) < len(parts):
        raise ReformError(f"a part stands twice in {text!r}", expected=expected)
    return [_parse_value(part, level, unit, locale, decimals) for level, part in parts]


def level_texts(levels: Mapping[str, Sequence[str]], figure: str = "…") -> dict[str, str]:
    """How the figure of each category is written in a cell, by its code: the first of its words stands before it.

    >>> level_texts({"3": ("mức 3", "mức độ 3")}, "498")
    {'3': 'Mức 3: 498'}
    """
    return {code: f"{words[0][:1].upper()}{words[0][1:]}: {figure}" for code, words in levels.items()}


def marks(text: str, levels: Mapping[str, Sequence[str]]) -> list[tuple[str, re.Match[str]]]:
    """Where the words of a category stand before a colon in a text, after the category's code.

    >>> [(code, mark[0]) for code, mark in marks("Mức 4: 7", {"4": ("mức 4",)})]
    [('4', 'Mức 4:')]
    """
    codes = {clean(word).casefold(): code for code, words in levels.items() for word in words}
    if not codes:
        return []
    words = (re.escape(word).replace(r"\ ", r"\s*") for word in sorted(codes, key=len, reverse=True))
    found = re.finditer(rf"(?<!\w)({'|'.join(words)})\s*:", text, re.IGNORECASE)
    squeezed = {re.sub(r"\s", "", word): code for word, code in codes.items()}
    return [(squeezed[re.sub(r"\s", "", mark[1]).casefold()], mark) for mark in found]


def parse_period(heading: str) -> Period:
    """Read a column's heading: `Năm 2019`, `Năm 2020 (Tính đến 31/3)`, `2019`.

    >>> parse_period("Năm 2020 (Tính đến 31/3)")
    Period(year=2020, as_of=datetime.date(2020, 3, 31), partial=True)
    """
    text = clean(heading).replace("\n", " ")
    read = re.fullmatch(
        r"(?:năm\s+)?(?P<year>[12][0-9]{3})(?:\s*\(?\s*tính đến(?: hết)?(?: ngày)?\s+(?P<day>[0-9]{1,2})[/-]"
        r"(?P<month>[0-9]{1,2})(?:[/-](?P<again>[12][0-9]{3}))?\s*\)?)?",
        text,
        re.IGNORECASE,
    )
    try:
        if not read or (read["again"] and read["again"] != read["year"]):
            raise ValueError
        year = int(read["year"])
        as_of = date(year, int(read["month"] or 12), int(read["day"] or 31))
    except ValueError:
        raise ReformError(
            f"cannot read the period in the heading {heading!r}",
            expected="`Năm 2019`, or `Năm 2020 (Tính đến 31/3)` for a part of a year",
        ) from None
    return Period(year, as_of, as_of != date(year, 12, 31))


def _parse_value(text: str, level: str, unit: str, locale: str, decimals: int | None) -> CellValue:
    noted = _NOTE.match(text)
    body, note = (noted["value"], clean(noted["note"]).replace("\n", " ")) if noted else (text, "")
    percent = body.endswith("%")
    printed = body.removesuffix("%").strip()
    number = parse_number(printed, locale=locale)
    if unit == "%" and not percent and number.value != 0:
        raise ReformError(f"no percent sign in {text!r}", expected="a share such as 97,7%")
    if unit != "%" and percent:
        raise ReformError(f"a percent sign in {text!r}", expected="a count, as the indicator's unit says")
    most = 0 if decimals is None and unit != "%" else decimals
    if most is not None and number.decimals > most:
        expected = f"at most {most} decimals" if most else "a whole number, as a count is"
        raise ReformError(f"decimals in {text!r}", expected=expected)
    return CellValue(level, number.value, printed, number.decimals, percent, note, number.ambiguous)
