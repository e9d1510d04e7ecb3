"""What a reader hands on: the tables of a file cell by cell, its paragraphs and its footnotes, as printed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from reformlib.ingest import encodings
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.wording import marker, struck

ROWS, COLUMNS, CELL = 5_000, 300, 20_000  # of a table, and characters of a cell, that are read; more is only reported

Cells = list[str | None]
NO_DOUBTS: Mapping[tuple[int, int], str] = {}
UNREAD = "\ufffd"  # stands for what is no text
Run = tuple[str, str, bool, bool]  # a stretch of text: the text, its font, whether it is raised, whether crossed out


class Look(NamedTuple):
    """Font, and whether text is raised or lowered, crossed out, hidden; None where that is not said."""

    font: str | None = None
    raised: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None

    def under(self, upper: "Look") -> "Look":
        """The look where `upper` says more: what it says counts."""
        return Look._make(own if own is not None else below for own, below in zip(upper, self, strict=True))

    def run(self, text: str) -> Run:
        """A stretch of text that looks so."""
        return "" if self.hidden else text, self.font or "", bool(self.raised), bool(self.struck)


PLAIN = Look()


@dataclass
class Grid:
    """A table, or one of several that stand under each other; `above` counts the rows before it.

    A cell that a merged one covers is None. `doubts` says, by row and column, why a cell cannot be trusted: a code of
    `remarks.MESSAGES`, of a scan with its confidence and the name of its picture behind it.
    """

    place: str
    rows: list[Cells]
    doubts: dict[tuple[int, int], str] = field(default_factory=dict)
    above: int = 0

    def row(self, r: int) -> str:
        """The place of row `r` in words."""
        return f"{self.place}, row {self.above + r + 1}"


@dataclass
class Source:
    """A file as read. `notes` are footnotes by their marker, `remarks` what the reader of the account should know,
    `locale` how numbers of a workbook are written out, `pictures` what cells of scans look like, by a name."""

    name: str
    grids: list[Grid] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    locale: str = "vi"
    pictures: dict[str, str] = field(default_factory=dict)

    def tell(self, code: str, **fields: object) -> None:
        """Add a remark, by its code, about the file or the `place` in it that is named; each is told once."""
        entry = remark(code, **({"place": self.name} | fields))
        if entry not in self.remarks:
            self.remarks.append(entry)

    def add(self, place: str, rows: list[Cells], doubts: Mapping[tuple[int, int], str] = NO_DOUBTS) -> None:
        """Add a table, as far as it is read; that it has more rows or columns is told."""
        if len(rows) > ROWS:
            self.tell("rows_limit", place=place, most=ROWS)
        if any(len(row) > COLUMNS for row in rows):
            self.tell("columns_limit", place=place, most=COLUMNS)
        within = {(r, c): why for (r, c), why in doubts.items() if r < ROWS and c < COLUMNS}
        self.grids.append(Grid(place, [row[:COLUMNS] for row in rows[:ROWS]], within))

    def text(self, runs: Iterable[Run]) -> str:
        """Text of some runs: Unicode where a font is one of an old encoding, raised ones as markers of footnotes."""
        return "".join(self._run(*run) for run in runs)

    def _run(self, text: str, font: str, raised: bool, crossed: bool) -> str:
        encoding, capitals = encodings.of_font(font)
        if encoding and not text.isascii() and not encodings.is_unicode(text):
            self.tell("encoding", encoding=encodings.NAMES[encoding])
            text = encodings.decode(text, encoding)
        text = text.upper() if capitals else text
        if raised and text.strip():
            return marker(text)
        return struck(text) if crossed else text

    def plain(self) -> dict:
        """For JSON."""
        grids = [(grid.place, grid.rows, list(grid.doubts.items())) for grid in self.grids]
        return asdict(self) | {"grids": grids}

    @classmethod
    def of(cls, plain: dict) -> "Source":
        """From JSON."""
        grids = [Grid(place, rows, {tuple(at): why for at, why in doubts}) for place, rows, doubts in plain["grids"]]
        return cls(**plain | {"grids": grids, "remarks": [tuple(entry) for entry in plain["remarks"]]})
