"""A sheet of a workbook while it is read: texts by row and column, merged ranges, what is hidden or doubtful."""

from dataclasses import dataclass, field
from datetime import date

from reformlib.ingest.remarks import remark
from reformlib.ingest.source import CELL, COLUMNS, ROWS, Grid, Source

SHEETS = 60  # of a workbook that are read


@dataclass
class Sheet:
    """What was read of a sheet; rows and columns are counted from 1. `merges` are top, left, bottom, right."""

    place: str
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    doubts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, text: str, doubt: str = "") -> None:
        """Keep the text of a cell and why it is doubtful; an empty text is an empty cell."""
        if text:
            self.cells.setdefault(row, {})[column] = text[:CELL]
        if doubt:
            self.doubts[row, column] = doubt

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Keep a merged range, as long as there are not too many."""
        if len(self.merges) < ROWS * 4:
            self.merges.append((top, left, bottom, right))

    def grid(self, source: Source) -> Grid:
        """The sheet as a table; what is hidden or more than is read becomes a remark of the source."""
        filled = {column for row in self.cells.values() for column in row}
        for code, hidden in (
            ("hidden_rows", [str(row) for row in sorted(self.hidden_rows & self.cells.keys())]),
            ("hidden_columns", [letters(column) for column in sorted(self.hidden_columns & filled)]),
        ):
            if hidden:
                source.remarks.append(remark(code, place=self.place, which=", ".join(hidden[:50])))
        if max(filled, default=0) > COLUMNS:
            source.remarks.append(remark("columns_limit", place=self.place, most=COLUMNS))
        if max(self.cells, default=0) > ROWS:
            source.remarks.append(remark("rows_limit", place=self.place, most=ROWS))
        bottom = min(max([*self.cells, *(row for row, _ in self.doubts)], default=0), ROWS)
        right = min(max([*filled, *(column for _, column in self.doubts)], default=0), COLUMNS)
        rows: list[list[str | None]] = [
            [self.cells.get(r, {}).get(c, "") for c in range(1, right + 1)] for r in range(1, bottom + 1)
        ]
        for top, left, low, far in self.merges:
            for r in range(top, min(low, bottom) + 1):
                for c in range(left, min(far, right) + 1):
                    if (r, c) != (top, left):
                        rows[r - 1][c - 1] = None
        doubts = [(r - 1, c - 1, why) for (r, c), why in self.doubts.items() if r <= bottom and c <= right]
        return Grid(self.place, rows, doubts)


def column_number(name: str) -> int:
    """The number of a column by its letters: AB is 28."""
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - 64
    return at


def letters(column: int) -> str:
    """The letters of a column by its number: 28 is AB."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def day(value: date) -> str:
    """A date as an office writes it: 5/1/2020."""
    return f"{value.day}/{value.month}/{value.year}"
