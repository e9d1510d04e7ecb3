"""Languages of a page: translated strings, numbers and dates as its readers write them."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache, partial
from pathlib import Path

from reformlib.errors import ReformError

LANGUAGES = ("vi", "en")
_CATALOGUES = Path(__file__).parent / "locales"


def check_language(language: str) -> str:
    """The language, or ReformError naming those there are."""
    if language not in LANGUAGES:
        raise ReformError(f"unknown language: {language}", expected=f"one of: {', '.join(LANGUAGES)}")
    return language


@cache
def messages(language: str) -> dict[str, str]:
    """Translations by English message; English itself needs none."""
    if check_language(language) == "en":
        return {}
    from babel.messages.pofile import read_po  # here: most commands write no page

    with (_CATALOGUES / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


class MissingTranslation(ReformError, LookupError):
    """A message that the catalogue of a language lacks."""


def translator(language: str) -> Callable[..., str]:
    """A function that translates an English message and fills its fields.

    >>> translator("vi")("as of {date}", date="31/3/2020")
    'tính đến 31/3/2020'

    Raises MissingTranslation for a message without translation: a page never mixes languages.
    """
    texts = messages(language)

    def translate(message: str, **fields) -> str:
        if language != "en" and not texts.get(message):
            raise MissingTranslation(
                f"no {language} translation of {message!r}",
                where=f"reformlib/locales/{language}.po",
                fix=f"add the msgid to locales/{language}.po, with its msgstr",
            )
        return texts.get(message, message).format(**fields) if fields else texts.get(message, message)

    return translate


# how Vietnamese offices name what a report covers, and the same in English
_EDITIONS = {
    r"(\d+) tháng đầu năm (.+)": r"first \1 months of \2",
    r"(\d+) tháng cuối năm (.+)": r"last \1 months of \2",
    r"(\d+) tháng(?:,? năm)? (.+)": r"\1 months of \2",
    r"quý ([IV1-4]+)(?:/|,? năm )(.+)": r"quarter \1 of \2",
    r"năm (\d+)": r"\1",
}


def edition(name: str, language: str) -> str:
    """The name of an edition on a page; on an English one, other Vietnamese words are a name, with capitals.

    >>> edition("6 tháng đầu năm 2020", "en"), edition("Quý I/2020", "en"), edition("sơ kết 2020", "en")
    ('first 6 months of 2020', 'quarter I of 2020', 'Sơ Kết 2020')
    """
    if language == "vi" or name.isascii():
        return name
    for pattern, english in _EDITIONS.items():
        if match := re.fullmatch(pattern, name.strip(), re.IGNORECASE):
            return match.expand(english)
    if not re.fullmatch(r"[\w ./,–-]+", name):  # no name: shown letter for letter
        return name
    return " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


def decimals_apart(value: float, beside: Iterable[float], least: int = 2) -> int:
    """The fewest decimals, `least` or more, with which a number is read as none of those `beside` it that it is not.

    Two numbers that each have as many as this asks for beside the other are never printed alike. Equal to nine
    digits is equal, as for :func:`reformlib.measure.targets.meets`. Below 0, whole tens, hundreds, ….

    >>> decimals_apart(99.996, [100]), decimals_apart(27.66, [30]), decimals_apart(2045, [2040], -2)
    (3, 2, -1)
    """
    places = least
    for other in beside:
        if math.isnan(other) or math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-12):
            continue
        # with this many the two cannot round to one number; the most with which they do is one less or fewer
        enough = math.ceil(-math.log10(abs(value - other)))
        alike = (n for n in range(enough, places - 1, -1) if _rounded(value, n) == _rounded(other, n))
        places = max(places, next(alike, places - 1) + 1)
    return places


def decimals_of(value: float) -> int:
    """How many decimals a number has.

    >>> decimals_of(90.0), decimals_of(97.694)
    (0, 3)
    """
    return 0 if math.isnan(value) else max(0, -int(Decimal(repr(float(value))).normalize().as_tuple().exponent))


def _rounded(value: float, places: int) -> Decimal:
    # repr gives the digits that were printed, so 2.675 rounds to 2.68 and not to its binary neighbour
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=4096)
def number(value: float | None, language: str, decimals: int | None = None, beside: tuple[float, ...] = ()) -> str:
    """A number as its readers write it; missing is an en dash.

    `decimals` None shows up to two, without trailing zeros. Halves are rounded up, as offices do. There are more
    decimals where the number would else be read as 0, or as one of those that stand `beside` it.

    >>> number(1234.5, "vi"), number(1234.5, "en"), number(float("nan"), "vi")
    ('1.234,5', '1,234.5', '–')
    >>> number(0.004, "en"), number(99.996, "en", 0, beside=(100.0,))
    ('0.004', '99.996')
    """
    if value is None or math.isnan(value):
        return "–"
    places = decimals_apart(float(value), (0.0, *beside), 2 if decimals is None else decimals)
    pattern = "#,##0." + ("0" if decimals is not None else "#") * places if places > 0 else "#,##0"
    return _writes(pattern, language)(_rounded(value, places) + 0).replace("-", "−")


@cache  # pattern and language are read once, not for every number
def _writes(pattern: str, language: str) -> Callable[[Decimal], str]:
    from babel import Locale
    from babel.numbers import parse_pattern

    return partial(parse_pattern(pattern).apply, locale=Locale.parse(language))


def quantity(
    value: float | None, unit: str, language: str, decimals: int | None = None, beside: tuple[float, ...] = ()
) -> str:
    """A number with its percent sign where the unit is a share, without a space as CLDR has it; 100% is nothing less.

    >>> quantity(96.4, "%", "vi"), quantity(96.4, "%", "en"), quantity(19.0, "units", "en"), quantity(99.996, "%", "en")
    ('96,4%', '96.4%', '19', '99.996%')
    """
    text = number(value, language, decimals, (*beside, 100.0) if unit == "%" else beside)
    return f"{text}%" if unit == "%" and text != "–" else text


def signed(
    value: float | None, unit: str, language: str, decimals: int | None = None, beside: tuple[float, ...] = ()
) -> str:
    """A difference with its sign; a zero has none."""
    text = quantity(value, unit, language, decimals, beside)
    return f"+{text}" if value is not None and value > 0 and any(c in "123456789" for c in text) else text


_COUNTED = re.compile(
    r"\b(mức độ|mức|dòng|mục|phụ lục|levels?|rows?|annex|section) (?=\d)|(?<=\d) (?=%)|(?<=[≥≤]) (?=\d)"
    r"|(?<=\b[a-z],) (?=[a-z]\b[,\]])",  # letters of remarks: [a, b]
    re.IGNORECASE,
)


def bound(text: str) -> str:
    """A text in which no line ends between a number and the word that says what it is of.

    >>> bound("mức độ 4, row 10: 80 %").split(" ")
    ['mức\xa0độ\xa04,', 'row\xa010:', '80\xa0%']
    """
    return _COUNTED.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def day(value: date, language: str) -> str:
    """A date: `31/3/2020` in Vietnamese, `31 March 2020` in English.

    Days below 10 and the months 1 and 2 take a zero in Vietnamese (Nghị định 30/2020/NĐ-CP, Phụ lục I).

    >>> day(date(2025, 7, 1), "vi"), day(date(2018, 11, 23), "vi"), day(date(2019, 2, 8), "vi")
    ('01/7/2025', '23/11/2018', '08/02/2019')
    """
    if language == "vi":
        return f"{value:%d}/{_month(value.month)}/{value.year}"
    return f"{value.day} {value:%B %Y}"


def _month(number: int) -> str:
    return f"{number:02}" if number < 3 else str(number)


def partial_date(text: str, language: str) -> str:
    """A date that may lack its day or month, as the data files write it.

    >>> partial_date("2020-05", "vi"), partial_date("2020-05", "en"), partial_date("2018-06-21", "vi")
    ('tháng 5 năm 2020', 'May 2020', '21/6/2018')
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return day(date(*parts), language)
    if len(parts) == 2:
        year, month = parts
        return f"tháng {_month(month)} năm {year}" if language == "vi" else f"{date(year, month, 1):%B %Y}"
    return text


def period(first: int, last: int, language: str) -> str:
    """A period of years as a title has it.

    >>> period(2021, 2030, "vi"), period(2025, 2025, "vi"), period(2021, 2030, "en"), period(2025, 2025, "en")
    ('giai đoạn 2021–2030', 'năm 2025', '2021–2030', '2025')
    """
    years = str(first) if first == last else f"{first}–{last}"
    if language == "vi":
        return f"{'năm' if first == last else 'giai đoạn'} {years}"
    return years


def period_name(code: str, language: str) -> str:
    """What a period is called in a sentence, by its code in the standard (:mod:`reformlib.load.period`).

    >>> period_name("2020", "vi"), period_name("2020-Q1", "vi"), period_name("2020-Q1", "en")
    ('2020', 'quý I/2020', 'Q1 2020')
    >>> period_name("2020-01-01/P9M", "vi"), period_name("2020-S2", "en")
    ('9 tháng đầu năm 2020', 'second half of 2020')
    """
    year, _, part = code.partition("-")
    if not part:
        return year
    if "/" in code:
        length = code.partition("/P")[2]
        count, months = int(length[:-1]), length.endswith("M")
        if months and part.startswith("01-01"):
            return f"{count} tháng đầu năm {year}" if language == "vi" else f"first {count} months of {year}"
        first = day(date.fromisoformat(code[:10]), language)
        if language == "vi":
            return f"{count} {'tháng' if months else 'ngày'} từ {first}"
        return f"{count} {'months' if months else 'days'} from {first}"
    number = int(part[1:])
    if part[0] == "Q":
        return f"quý {('I', 'II', 'III', 'IV')[number - 1]}/{year}" if language == "vi" else f"Q{number} {year}"
    if part[0] == "S":
        which = ("đầu", "cuối") if language == "vi" else ("first", "second")
        return f"6 tháng {which[number - 1]} năm {year}" if language == "vi" else f"{which[number - 1]} half of {year}"
    return f"tháng {_month(number)}/{year}" if language == "vi" else f"{date(2000, number, 1):%B} {year}"


def made_up(name: str, language: str) -> str:
    """The name of a unit or a source that is made up, which says so wherever it stands.

    >>> made_up("Sở Nội vụ", "vi"), made_up("Department of Home Affairs", "en")
    ('Sở Nội vụ (ví dụ giả định)', 'Department of Home Affairs (made-up example)')
    """
    return f"{name} ({'ví dụ giả định' if language == 'vi' else 'made-up example'})"
