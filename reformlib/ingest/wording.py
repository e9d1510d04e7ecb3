"""Words of files: what is visible of a text, marks in it, headings of periods."""

import re
from functools import lru_cache

from reformlib.errors import ReformError
from reformlib.load.period import parse_period

# words that make a figure ten, a hundred or a million times what is written, for the inside of a pattern
SCALES = r"(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm|chục|nghin|trieu|1[. ]?000)"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUPERSCRIPTS = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")
_YEAR = re.compile(r"(?:19|20)\d\d")


def marker(text: str) -> str:
    """A footnote's marker as it is kept: between brackets, so that it never becomes a digit of a number.

    >>> "1.445" + marker("1")
    '1.445 (1)'
    """
    return f" ({text.strip(' ()[]').translate(_SUPERSCRIPTS)})"


def struck(text: str) -> str:
    """Text that is crossed out: between tildes, so that it is seen and never becomes a part of a number.

    >>> struck("40") + "8"
    '~40~8'
    """
    return f"~{text}~" if text.strip() else text


def spaced_superscripts(text: str) -> str:
    """Unicode's raised digits are markers too: `28¹` gives `28 (1)`."""
    return re.sub("[¹²³⁰⁴-⁹]+", lambda match: marker(match[0]), text)


def visible(text: str) -> str:
    """Text without control characters and direction marks, which show nothing and can reorder what is seen."""
    return _DIRECTION.sub("", _CONTROL.sub("", text))


def reordered(text: str) -> bool:
    """Whether a text holds marks that change the order in which its characters are seen."""
    return bool(_DIRECTION.search(text))


def one_line(text: str) -> str:
    """Text on one line, every run of blanks one space."""
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(4096)
def is_period(text: str | None) -> bool:
    """Whether a heading is read as a period of the years 1990 to 2100."""
    if not text or not _YEAR.search(text):
        return False
    try:
        return 1990 <= parse_period(re.sub(r"\s+", " ", text)).year <= 2100
    except ReformError:
        return False
