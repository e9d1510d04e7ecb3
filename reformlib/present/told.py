"""Tables to be read rather than computed with: their texts whole, as text and in a notebook."""

import shutil
import textwrap
from itertools import zip_longest

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.present.html import tag


class Told(pd.DataFrame):
    """A table whose texts show whole, in a notebook from the left, elsewhere as :func:`as_text` has them."""

    @property
    def _constructor(self) -> type:  # what pandas makes rows and columns taken from it with
        return Told

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        heads = (tag("th", name, style="text-align:left") for name in self.columns)
        rows = (tag("tr", *(tag("td", _cell(one), style="text-align:left") for one in row)) for row in each_row(self))
        return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))


def as_text(frame: pd.DataFrame) -> str:
    """A table as lines that the terminal has room for, 80 columns where there is none.

    Where the longest text would take more than four lines, it stands row by row, a line or more for every cell
    that has something in it. Missing is empty, dates stand without a time, numbers with four decimals at most.

    >>> print(as_text(pd.DataFrame({"level": ["3", "4"], "value": [498.0, None]})))
    level  value
    3      498
    4
    """
    width = max(shutil.get_terminal_size().columns, 40)
    names, rows = [str(name) for name in frame.columns], [[_cell(one) for one in row] for row in each_row(frame)]
    if not rows:
        return f"no row of: {', '.join(names)}"
    wide = [max(map(len, cells)) for cells in zip(names, *rows, strict=True)]
    longest = wide.index(max(wide))
    room = min(width + 2 - 2 * len(wide) - sum(wide), 0) + wide[longest]
    if 4 * room >= wide[longest]:
        wide[longest] = room
        split = ([textwrap.wrap(*pair) for pair in zip(row, wide, strict=True)] for row in (names, *rows))
        lines = (zip_longest(*cells, fillvalue="") for cells in split)
        placed = ((cell.ljust(room) for cell, room in zip(line, wide, strict=True)) for row in lines for line in row)
        return "\n".join("  ".join(line).rstrip() for line in placed)
    head = max(map(len, names)) + 2
    return "\n\n".join(
        "\n".join(
            textwrap.fill(cell, width, initial_indent=f"{name}:".ljust(head), subsequent_indent=" " * head)
            for name, cell in zip(names, row, strict=True)
            if cell
        )
        for row in rows
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if value is None or value is pd.NaT else str(value)
