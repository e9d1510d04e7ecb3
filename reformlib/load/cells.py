"""Printed cells to values: what stands in a cell of the form, never a guess.

A printed number is read by its locale. In Vietnamese (`vi`) the point groups thousands and the comma starts the
decimals, so `1.445` is 1445 and `97,7 %` is 97.7; in English (`en`) it is the other way round, so `1.445` is
1.445. A text that is neither raises ReformError.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial

from reformlib.errors import ReformError

# group separator, decimal separator
LOCALES = {"vi": (".", ","), "en": (",", ".")}

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t"), " ") | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None
)
_SPACES, _BREAKS = re.compile(r" +"), re.compile(r" *\n[ \n]*")
NO_LEVELS: Mapping[str, Sequence[str]] = {}
NO_WORDS: Mapping[str, Decimal] = {}
# words that make one of a unit so many
SCALES = {
    "chục": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9,
    "nghìn tỷ": 10**12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9,
}  # fmt: skip
_BOUNDS = {
    ">": re.compile(r"(?:>(?!=)|(?:trên|hơn|above|over|more than)\b)\s*", re.IGNORECASE),
    ">=": re.compile(r"(?:≥|>=|(?:ít nhất|tối thiểu|không dưới|at least)\b)\s*", re.IGNORECASE),
    "<": re.compile(r"(?:<(?!=)|(?:dưới|below|under|less than)\b)\s*", re.IGNORECASE),
    "<=": re.compile(r"(?:≤|<=|(?:tối đa|không quá|at most)\b)\s*", re.IGNORECASE),
}
_BARE = re.compile(r"[0-9.,]+ ?%?")  # a figure with nothing to it
_DIGITS = r"(?P<sign>[-−–]?)(?P<whole>[1-9][0-9]{0,2}(?:[%s][0-9]{3})+|[0-9]+)(?:[%s](?P<part>[0-9]+))?"
_NUMBER = {locale: re.compile(_DIGITS % marks) for locale, marks in LOCALES.items()}
_NOTE = re.compile(r"^(?P<value>[^()]*?)\s*\((?P<note>[^()]+)\)$", re.DOTALL)
_FIGURE = r"(?<![0-9.,])[0-9]+(?:[.,][0-9]+)*(?![.,]?[0-9])"
_OF = rf"(?P<count>{_FIGURE})\s*/\s*(?P<base>{_FIGURE})(?P<tail>\s*[^\W\d][^\d()/%=,;:]*?)?\s*"
_SHARE_OF = re.compile(rf"(?P<share>{_FIGURE})\s*%\s*[(=]\s*{_OF}\)?")
_OF_SHARE = re.compile(
    rf"{_OF}(?:[(=,;:]?\s*(?:(?:đạt|chiếm|bằng|tỷ lệ|tỉ lệ)\s*)*(?P<share>{_FIGURE})\s*%\s*\)?)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Number:
    """A printed number: its value, how many decimals were printed, and whether another locale reads it otherwise."""

    value: float
    decimals: int
    ambiguous: bool


@dataclass(frozen=True)
class CellValue:
    """One value of a cell. `level` is "" or the category's code; `printed` the figure as printed, without its note.

    `bound` is `>`, `>=`, `<` or `<=` where the value only bounds what is meant, else ""; `count` and `base` are those
    that a share is printed with, or a count and what it is taken of; `scaled` says that the figure is printed in
    another unit than the row's, `ambiguous` that another locale reads it otherwise.
    """

    level: str
    value: float
    printed: str
    decimals: int
    note: str = ""
    ambiguous: bool = False
    scaled: bool = False
    bound: str = ""
    count: float | None = None
    base: float | None = None


def clean(text: str) -> str:
    """NFC text with every blank an ordinary space, runs of spaces one, no zero-width marks; line breaks stay."""
    if text.isascii() and text.isalnum():
        return text
    text = unicodedata.normalize("NFC", text).translate(_BLANKS).replace("\r\n", "\n").replace("\r", "\n")
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


@lru_cache(maxsize=4096)
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
    if not (read := _NUMBER[locale].fullmatch(printed)):
        raise ReformError(
            f"cannot read {printed!r} as a number",
            expected=f"digits; thousands grouped by {LOCALES[locale][0]!r}, decimals after {LOCALES[locale][1]!r} "
            f"(locale {locale})",
            fix="correct the cell, or the report's `locale` if its figures are written the other way",
        )
    whole = read["whole"].replace(LOCALES[locale][0], "")
    if len(whole) > 15:  # more than a float holds exactly, and than anything counted here
        raise ReformError(f"a number of {len(whole)} digits", expected="at most 15 digits", fix="correct the cell")
    part = read["part"] or ""
    value = float(f"{'-' if read['sign'] else ''}{whole}.{part or 0}")
    # One separator followed by exactly three digits is the case that the other locale would read otherwise.
    return Number(value, len(part), bool(re.fullmatch(r"[-−–]?[1-9][0-9]{0,2}[.,][0-9]{3}", printed)))


def unit_words(names: Iterable[str], scale: float) -> dict[str, Decimal]:
    """What may stand behind a figure of a unit, and how many of the unit one of it is.

    `names` are those of the unit, `scale` how many of what is counted it stands for.

    >>> words = unit_words(["tỷ đồng", "billion dong"], 1e9)
    >>> words["tỷ đồng"], words["tỷ"], words["triệu đồng"]
    (Decimal('1'), Decimal('1'), Decimal('0.001'))
    """
    words: dict[str, Decimal] = {}
    for name in (clean(name).casefold() for name in names):
        bare = re.sub(rf"^(?:{'|'.join(SCALES)})\b ?", "", name)
        for word, times in {"": 1, **SCALES}.items() if scale == 1 or bare != name else ():
            one = (Decimal(times) / Decimal(scale)).normalize()
            words |= dict.fromkeys(filter(None, (word, f"{word} {bare}".strip())), one)
        words[name] = Decimal(1)
    return words


def parse_cell(
    raw: str,
    *,
    unit: str,
    levels: Mapping[str, Sequence[str]] = NO_LEVELS,
    locale: str = "vi",
    decimals: int | None = None,
    whole: bool = False,
    words: Mapping[str, Decimal] = NO_WORDS,
) -> list[CellValue]:
    """Read one cell of the form: no value, one value, or one value a category.

    `unit` is "%" for a rate, anything else for a count. `levels` gives the categories that the indicator is broken down
    by: their words, one of which stands before the figure of each, by code. A lone 0 stands for every category, since
    parts of nothing are nothing. `decimals` is the most that a figure may be printed with; None: any. Of what comes
    `whole`, three decimals are refused: another locale reads them as thousands. `words` may stand behind a figure, see
    :func:`unit_words`.

    >>> levels = {"3": ("mức 3", "mức độ 3"), "4": ("mức 4", "mức độ 4")}
    >>> [(v.level, v.value) for v in parse_cell("Mức độ 3: 498 , mức 4: 390", unit="services", levels=levels)]
    [('3', 498.0), ('4', 390.0)]
    >>> parse_cell("100% (tỷ lệ tại 5 đơn vị)", unit="%")[0].note
    'tỷ lệ tại 5 đơn vị'
    >>> [(v.value, v.bound) for v in parse_cell("trên 90 %", unit="%")]
    [(90.0, '>')]
    >>> [(v.value, v.count, v.base) for v in parse_cell("4.561/5.650 (80,7 %)", unit="%")]
    [(80.7, 4561.0, 5650.0)]
    >>> parse_cell("850 triệu đồng", unit="vnd_billion", words=unit_words(["tỷ đồng"], 1e9))[0].value
    0.85
    >>> parse_cell("  ", unit="%")
    []

    Raises ReformError saying what cannot be read, and where a share is not that of its count and base; the caller adds
    which cell.
    """
    read = partial(_parse_value, unit=unit, locale=locale, decimals=decimals, whole=whole, words=words)
    if not (text := clean(raw)):
        return []
    if not levels:
        return [read(text, "")]

    def refused(what: str) -> ReformError:
        return ReformError(what, expected=f"`{', '.join(level_texts(levels).values())}`")

    found = marks(text, levels)
    ends = [*(mark.start() for _, mark in found), len(text)][1:]
    parts = [(level, text[mark.end() : end].strip(" ,;.\n")) for (level, mark), end in zip(found, ends, strict=True)]
    others = [part for _, part in parts] or [text]
    if any(":" in re.sub(r"\([^()]*\)", "", part) for part in others):
        raise refused(f"a part of {text!r} is no category of this row")
    if not found:
        value = read(text, "")
        if value.value == 0 and not value.bound:
            return [replace(value, level=level) for level in levels]
        raise refused(f"cannot tell which of its parts {text!r} is")
    if text[: found[0][1].start()].strip():
        raise refused(f"cannot read {text!r}")
    if len({level for level, _ in parts}) < len(parts):
        raise refused(f"a part stands twice in {text!r}")
    return [read(part, level) for level, part in parts]


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
    squeezed, words = _marked(tuple((code, tuple(words)) for code, words in levels.items()))
    found = words.finditer(text) if squeezed else ()
    return [(squeezed[re.sub(r"\s", "", mark[1]).casefold()], mark) for mark in found]


@lru_cache  # of the few rows of a form that are broken down
def _marked(levels: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    codes = {clean(word).casefold(): code for code, words in levels for word in words}
    words = (re.escape(word).replace(r"\ ", r"\s*") for word in sorted(codes, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({'|'.join(words)})\s*:", re.IGNORECASE)
    return {re.sub(r"\s", "", word): code for word, code in codes.items()}, pattern


def _parse_value(
    text: str, level: str, *, unit: str, locale: str, decimals: int | None, whole: bool, words: Mapping[str, Decimal]
) -> CellValue:
    figure, note, bound, count, base = text, "", "", None, None
    if not _BARE.fullmatch(text):
        parts = _SHARE_OF.fullmatch(text) or _OF_SHARE.fullmatch(text)
        if not parts and (noted := _NOTE.match(text)):
            figure, note = noted["value"], clean(noted["note"]).replace("\n", " ")
            parts = _OF_SHARE.fullmatch(figure)
        if parts:
            figure, told, count, base = _of_base(parts, unit, locale, words)
            note = "; ".join(filter(None, (told, note)))
        bound, figure = bound_of(figure)
    percent = figure.endswith("%")
    printed = figure.removesuffix("%").strip()
    number, one = _number(printed, locale, {} if percent else words)
    if unit == "%" and not percent and number.value != 0:
        raise ReformError(f"no percent sign in {text!r}", expected="a share such as 97,7%")
    if unit != "%" and percent:
        raise ReformError(f"a percent sign in {text!r}", expected="a count, as the indicator's unit says")
    if decimals is not None and number.decimals > decimals:
        expected = f"at most {decimals} decimals" if decimals else "a whole number, as a count is"
        raise ReformError(f"decimals in {text!r}", expected=expected)
    if whole and number.ambiguous and number.decimals:
        group = LOCALES[locale][0]
        raise ReformError(f"decimals in {text!r}, which may stand for thousands", expected=f"thousands after {group!r}")
    value, places = float(Decimal(str(number.value)) * one), max(0, number.decimals - one.adjusted())
    return CellValue(level, value, printed, places, note, number.ambiguous, one != 1, bound, count, base)


def bound_of(text: str) -> tuple[str, str]:
    """The sign of a figure that is printed as a bound, "" for any other, and the text without it.

    >>> bound_of("trên 90 %"), bound_of("≤ 5"), bound_of("từ 90 % trở lên"), bound_of("90 %")
    (('>', '90 %'), ('<=', '5'), ('>=', '90 %'), ('', '90 %'))
    """
    for sign, words in _BOUNDS.items():
        if match := words.match(text):
            return sign, text[match.end() :]
    if match := re.fullmatch(r"(?:từ\s+)?(.+?)\s+trở (lên|xuống)", text, re.IGNORECASE):
        return ">=" if match[2].casefold() == "lên" else "<=", match[1]
    return "", text


def _number(printed: str, locale: str, words: Mapping[str, Decimal]) -> tuple[Number, Decimal]:
    """A figure with or without its unit, and how many of the row's unit one of its own is."""
    match = re.fullmatch(r"(.*?[0-9])\s*([^\W\d].*)", printed, re.DOTALL)
    one = match and words.get(match[2].casefold())
    return parse_number(match[1] if match and one else printed, locale=locale), one or Decimal(1)


def _of_base(
    parts: re.Match[str], unit: str, locale: str, words: Mapping[str, Decimal]
) -> tuple[str, str, float, float]:
    """The figure that a row of that unit asks for, of a count, its base and the share that they give; what stands
    behind them and is no unit; count and base, in the row's unit."""
    text, tail, share = parts[0], (parts["tail"] or "").strip(), parts["share"]
    one = words.get(tail.casefold())
    if one is None and re.search(rf"\b(?:{'|'.join(SCALES)})\b", tail, re.IGNORECASE):
        raise ReformError(f"cannot read {text!r} in the unit of the row")
    count, base = (Decimal(str(parse_number(parts[name], locale=locale).value)) for name in ("count", "base"))
    if share is None:  # two figures, or a day
        raise ReformError(f"no share in {text!r}", expected="a count, its base and their share, 4.561/5.650 (80,7%)")
    printed = parse_number(share, locale=locale)
    given = Fraction(count) * 100 / Fraction(base) if base else Fraction(0)
    # rounded to the nearest or cut off, in digits of its last place
    short = (given - Fraction(str(printed.value))) * 10**printed.decimals
    if not Fraction(-1, 2) <= short < 1 or (count and not base):
        raise ReformError(
            f"{share} % is not what {parts['count']} of {parts['base']} give, in {text!r}",
            expected=f"{float(given):.{printed.decimals + 1}f} %, rounded" if base else "no share of nothing",
        )
    known = one or Decimal(1)
    figure = f"{share}%" if unit == "%" else f"{parts['count']} {tail if one else ''}".strip()
    return figure, "" if one else tail, float(count * known), float(base * known)
