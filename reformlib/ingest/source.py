"""What a reader hands on: the tables of a file cell by cell, its paragraphs and its footnotes, as printed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from reformlib.ingest.remarks import Remark

ROWS, COLUMNS, CELL = (
    5_000,
    300,
    20_000,
)  # of a table that are read, and characters of a cell; more is reported, not read


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
