"""A sheet of a workbook while it is read: texts by row and column, merged ranges, what is hidden or doubtful."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from xlrd.formula import colname

from reformlib.ingest.number_format import FIRST_DAY, HOLDS, SHOWS, show
from reformlib.ingest.source import CELL, COLUMNS, ROWS, Cells, Source

SHEETS = 60  # of a workbook that are read
_CELL = r"(\$?[A-Z]{1,3})(\$?[0-9]{1,7})"
_CELLS = re.compile(rf"(?:(?:'([^']+)'|([\w.]+))!)?{_CELL}(?::{_CELL})?(?![\w(.])")
_MOST = 2_000  # cells of a range that are looked at
_CHAIN = 4  # formulas that name each other, as far as that is followed


class Style(NamedTuple):
    """How a cell shows what it holds: its number format, its font, whether it is raised or crossed out."""

    format: str = "General"
    font: str = ""
    raised: bool = False
    struck: bool = False


class Formula(NamedTuple):
    """A formula, and how far down and right of the cell that its text is of it stands: one text may serve several."""

    text: str
    down: int = 0
    right: int = 0


@dataclass
class Sheet:
    """What was read of a sheet; rows and columns are counted from 1. `merges` are top, left, bottom, right.

    `zeros` are the formulas whose stored result is 0, `shared` those whose text serves several cells, by its name: the
    text, its row and column.
    """

    name: str
    source: Source
    first_day: date = FIRST_DAY
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    doubts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    shared: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    zeros: dict[tuple[int, int], Formula] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def place(self) -> str:
        """The sheet in words."""
        return f"{self.source.name}, sheet {self.name}"

    def put(self, row: int, column: int, text: str, doubt: str = "", *, crossed: bool = False) -> None:
        """Keep the text of a cell and why it is doubtful; an empty text is an empty cell."""
        if text:
            self.cells.setdefault(row, {})[column] = text[:CELL]
        place = f"{self.place}, {colname(column - 1)}{row}"
        if text and crossed:
            doubt = "struck"
        elif doubt.startswith(HOLDS):
            self.source.tell("rounded", place=place, stored=doubt.removeprefix(HOLDS), shown=text)
            return
        elif doubt.startswith(SHOWS):
            self.source.tell("shown_as", place=place, shown=doubt.removeprefix(SHOWS), read=text)
            return
        if doubt:
            self.doubts[row, column] = doubt

    def number(self, stored: str, style: Style) -> tuple[str, str]:
        """A stored number as the sheet shows it, and what is doubtful about that."""
        return show(stored, style.format, self.source.locale, self.first_day)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Keep a merged range, as long as there are not too many."""
        if len(self.merges) < ROWS * 4:
            self.merges.append((top, left, bottom, right))

    def finish(self) -> None:
        """Add the sheet to its source as a table; what is hidden or more than is read is told."""
        filled = {column for row in self.cells.values() for column in row}
        for code, hidden in (
            ("hidden_rows", [str(row) for row in sorted(self.hidden_rows & self.cells.keys())]),
            ("hidden_columns", [colname(column - 1) for column in sorted(self.hidden_columns & filled)]),
        ):
            if hidden:
                self.source.tell(code, place=self.place, which=", ".join(hidden[:50]))
        bottom = min(max([*self.cells, *(row for row, _ in self.doubts)], default=0), ROWS + 1)
        right = min(max([*filled, *(column for _, column in self.doubts)], default=0), COLUMNS + 1)
        rows: list[Cells] = [
            [self.cells.get(r, {}).get(c, "") for c in range(1, right + 1)] for r in range(1, bottom + 1)
        ]
        for top, left, low, far in self.merges:
            for r in range(top, min(low, bottom) + 1):
                for c in range(left, min(far, right) + 1):
                    if (r, c) != (top, left):
                        rows[r - 1][c - 1] = None
        self.source.add(self.place, rows, {(r - 1, c - 1): why for (r, c), why in self.doubts.items()})


def doubt_zeros(sheets: Mapping[str, Sheet]) -> None:
    """Doubt every stored 0 that the cells which its formula names do not give."""
    for _ in range(_CHAIN):
        for sheet in sheets.values():
            zeros = ((at, formula) for at, formula in sheet.zeros.items() if at not in sheet.doubts)
            sheet.doubts |= {at: "placeholder" for at, formula in zeros if not _is_zero(formula, sheet, sheets)}


def _is_zero(formula: Formula, own: Sheet, sheets: Mapping[str, Sheet]) -> bool:
    """Whether 0 can be the result of a formula on a sheet: it names cells, and none of them holds another figure.

    Programs that write workbooks store 0 for what they do not compute.
    """
    named = list(_CELLS.finditer(formula.text))
    for quoted, plain, *ends in (one.groups() for one in named):
        sheet = sheets.get(quoted or plain, own)
        left, right = (_moved(end, formula.right) for end in (ends[0], ends[2] or ends[0]))
        top, bottom = (_moved(end, formula.down) for end in (ends[1], ends[3] or ends[1]))
        if (right - left + 1) * (bottom - top + 1) > _MOST:
            return False
        cells = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        if any(at in sheet.doubts or re.search("[1-9]", sheet.cells.get(at[0], {}).get(at[1], "")) for at in cells):
            return False
    return bool(named)


def _moved(end: str, by: int) -> int:
    """The number of a row or column as a formula names it, $ for one that does not move with the formula."""
    name = end.lstrip("$")
    return (int(name) if name.isdigit() else column_number(name)) + (0 if end.startswith("$") else by)


def column_number(name: str) -> int:
    """The number of a column by its letters: AB is 28."""
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - 64
    return at
