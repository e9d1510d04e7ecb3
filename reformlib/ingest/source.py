"""What a reader hands on: the tables of a file cell by cell, its paragraphs and its footnotes, as printed."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field

from reformlib.ingest.remarks import Remark

ROWS, COLUMNS, CELL = 5_000, 300, 20_000  # of a table that are read, and characters of a cell; more is told, not read
# words that make a figure ten, a hundred or a million times what is written, for the inside of a pattern
SCALES = r"(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm|chục|nghin|trieu|1[. ]?000)"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUPERSCRIPTS = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")


@dataclass
class Grid:
    """A table. A cell that a merged one covers is None; `doubts` says what of a cell cannot be trusted, and why."""

    place: str
    rows: list[list[str | None]]
    doubts: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass
class Source:
    """A file as read. `notes` are footnotes by their marker, `remarks` what the reader of the account should know,
    `locale` how numbers of a workbook are written out."""

    name: str
    grids: list[Grid] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    locale: str = "vi"

    def plain(self) -> dict:
        """For JSON."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict) -> Source:
        """From JSON."""
        grids = [Grid(g["place"], g["rows"], [tuple(d) for d in g["doubts"]]) for g in plain["grids"]]
        return cls(plain["name"], grids, plain["paragraphs"], plain["notes"], [tuple(r) for r in plain["remarks"]])


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
    return re.sub("[¹²³⁰⁴-⁹]+", lambda found: marker(found[0]), text)


def visible(text: str) -> str:
    """Text without control characters and direction marks, which show nothing and can reorder what is seen."""
    return _DIRECTION.sub("", _CONTROL.sub("", text))


def reordered(text: str) -> bool:
    """Whether a text holds marks that change the order in which its characters are seen."""
    return bool(_DIRECTION.search(text))
