"""Tables of the pages: caption, units, a scope on every heading, evidence for every number; they stack on a phone."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from reformlib.load.contracts import STATUSES
from reformlib.load.fields import FIELDS, field
from reformlib.load.period import months_of
from reformlib.load.rows import each_row
from reformlib.present.html import Fragment, Shown, bullets, join, paragraph, tag, tags
from reformlib.present.page import Page

SHORT = 16  # rows of a table that a reader takes in at one go
_BLANKS = re.compile(r"[ \t\r\n]+")
STATUS_SHAPES = {"A": "●", "B": "◆", "D": "◇", "E": "◌", "F": "▷", "O": "○", "M": "∅", "P": "◐", "U": "△"}


@dataclass(frozen=True)
class Column:
    """A column of a printed table: its heading with the unit, how a row shows in it, whether it holds figures, the
    address that its heading leads to.

    On a phone a row is lines of `heading: value`; where a column has a `place` there, three figures stand in a line
    under headings said once, the name over two thirds of the first, and a cell to the `side` of it, `under` it, over
    the `whole` of a line of its own, or `away`."""

    heading: str
    show: Callable
    numeric: bool = False
    address: str = ""
    place: str = ""


class Remarks:
    """Remarks on the rows of a table: letters in a cell, and under the table what each stands for."""

    def __init__(self) -> None:
        self.letter: dict[str, str] = {}

    def letters(self, texts: Iterable[str]) -> str:
        """The letters of remarks, in their order: `a, c`."""
        names = [self.letter.setdefault(text, self._next()) for text in texts]
        return ", ".join(sorted(names, key=lambda name: (len(name), name)))

    def after(self, texts: Iterable[str]) -> str:
        """The letters of remarks, to stand behind what they are about: ` [a, c]`; nothing without remarks."""
        letters = self.letters(texts)
        return f" [{letters}]" if letters else ""

    def _next(self) -> str:
        """a to z, then aa, ab, …"""
        round_, place = divmod(len(self.letter), 26)
        return (chr(ord("a") + round_ - 1) if round_ else "") + chr(ord("a") + place)

    def listed(self) -> Markup | None:
        """All remarks so far, each with its letter."""
        items = [f"[{letter}] {text}" for text, letter in self.letter.items()]
        return bullets(items, class_="note") if items else None


def table(
    page: Page,
    rows: pd.DataFrame | Iterable,
    columns: list[Column],
    caption: str,
    origin: Callable[..., str] = lambda row: "",
    *,
    note: str = "",
    none: str = "",
    fold: bool = True,
    stack: bool = True,
    remarks: Remarks | None = None,
) -> Fragment:
    """A table whose first column heads its rows.

    `rows` are those of a frame, or whatever `Column.show` takes. A number with evidence of its own is a
    `Shown`; `origin` gives the place that the rest of a row was taken from; `none` is said after the caption where
    there are no rows. A long table lies behind a line with its caption but for `fold=False`. With `stack` each row
    becomes a block of lines on a phone, which a table of few narrow columns need not. Raises ValueError for a table
    without a caption, or without rows and `none`, and for a cell with a digit that can be followed to nothing.
    `remarks` that the cells refer to are listed under the table.
    """
    rows = list(each_row(rows) if isinstance(rows, pd.DataFrame) else rows)
    if not rows and none and caption.strip():
        return paragraph(f"{caption}: {none}", class_="note")
    if not rows or not caption.strip():
        raise ValueError(f"a table needs rows and a caption: {caption!r} has {len(rows)} rows")
    shown = [[column.show(row) for column in columns] for row in rows]
    part = {
        "table": caption,
        "columns": [{"label": c.heading, "numeric": c.numeric} for c in columns],
        "rows": [_cells(origin(row), columns, cells) for row, cells in zip(rows, shown, strict=True)],
        "below": [_plain(note)] if note else [],
    }
    below = tag("p", note, class_="note") if note else None, remarks.listed() if remarks else None
    whole = join(Fragment(_element(caption, columns, shown, stack), [part]), *below)
    return folded(page, whole) if fold else whole


def _element(caption: str, columns: list[Column], shown: list[list], stack: bool) -> Markup:
    """The table itself, in a part of the page that scrolls sideways where it is too wide."""
    keys = any(c.place for c in columns)
    heads, cells = [], []
    for c in columns:
        kind = " ".join(filter(None, ["num" * c.numeric, c.place])) or None
        heading = tag("a", c.heading, href=c.address) if c.address else c.heading
        heads.append(tag("th", heading, scope="col", class_=kind))
        cells.append(tags("td", class_=kind, data_label=c.heading if stack and not keys else None))
    line, cells[0] = tags("tr"), tags("th", scope="row")
    texts = ([cell.text if isinstance(cell, Shown) else cell for cell in row] for row in shown)
    body = [line(*(cell(text) for cell, text in zip(cells, row, strict=True))) for row in texts]
    parts = tag("caption", caption), tag("thead", tag("tr", *heads)), tag("tbody", *body)
    element = tag("table", *parts, class_="stack keys" if keys else "stack" if stack else None)
    return tag("div", element, class_="scroll", role="region", aria_label=caption, tabindex="0")


def listing(page: Page, *args, **options) -> Fragment:
    """A :func:`table` of what a report states, which may be nothing."""
    return table(page, *args, none=page._("none in this report"), **options)


def folded(page: Page, fragment: Fragment, *, printed: bool = True) -> Fragment:
    """A table of more than `SHORT` rows behind a line with its caption and number of rows; a shorter one as it is.

    It is printed as the reader left it, open in the full edition. One that is not to be `printed`, a list to look
    things up in, is for the screen and the workbook.
    """
    if not fragment.parts:
        return fragment  # nothing to fold
    (only,) = fragment.parts
    if printed and len(only["rows"]) <= SHORT:
        return fragment
    line = page._("{caption} ({n} rows)", caption=only["table"], n=len(only["rows"]))
    return Fragment(tag("details", tag("summary", line), fragment, class_="fold" if printed else "screen"), [only])


def _cells(place: str, columns: list[Column], shown: list) -> list[dict | str | None]:
    """One row as data (see :func:`reformlib.present.html.evidence_of`): every cell with a digit has evidence."""
    cells: list[dict | str | None] = []
    for column, cell in zip(columns, shown, strict=True):
        text = _plain(cell.text if isinstance(cell, Shown) else cell)
        if isinstance(cell, Shown):
            cells.append({"text": text, **cell.evidence.entry()})
        elif any(character.isdigit() for character in text):
            if not place:
                raise ValueError(f"the number in {column.heading!r}, {text!r}, can be followed to nothing")
            cells.append({"text": text, "place": place})
        else:
            cells.append(text if text or type(cell) is str else None)
    return cells


def _plain(shown: object) -> str:
    """What is read in a cell, a line an item of a list; a no-break space stays, as it is part of how a number is
    written."""
    if type(shown) is not str:
        items = str(escape(shown)).replace("\u00a0", "&nbsp;").split("</li>")
        return "\n".join(filter(None, (_BLANKS.sub(" ", Markup(item).striptags()).strip(" ") for item in items)))
    return _BLANKS.sub(" ", shown).strip(" ")


def series_column(page: Page, *, scoped: bool = False, numbered: bool = False) -> Column:
    """The column that heads rows with `indicator` and `level`; `scoped` says too of whom a row is that is of others,
    `numbered` the row of the form before the name."""

    def show(row):
        name, scope = page.series_name(row.indicator, row.level), page.scope(row.indicator) if scoped else ""
        name = f"{page.catalogue.row_of(row.indicator, row.level)}. {name}" if numbered else name
        return tag("span", name, " ", tag("small", f"({scope})")) if scope else name

    return field_column(page, "gaps", "indicator", show)


def field_column(page: Page, table: str, name: str, show: Callable | None = None) -> Column:
    """The column of a table of fields.csv: its heading in the page's language, and how a row shows in it.

    Without `show` a row shows the name of its unit, the day of its date, the text in the page's language where there
    are two, or the text as it stands; and where the report states none, that it does not.
    """
    name = name if name in FIELDS[table] else f"{name}_{page.language}"
    one = field(table, name)
    word = page.unit_name if name == "unit" else page.day if one["type"] == "date" else str

    def plain(row: object) -> object:
        return word(getattr(row, name)) if getattr(row, name) != "" else page._("not stated")

    return Column(page._(one["title"]), show or plain, one["type"] == "number")


def mark(page: Page, shape: str, word: str, kind: str) -> Markup:
    """A verdict, a status or the like as shape and word, so that no reader needs the colour of its `kind`."""
    return tag("span", f"{shape} {page._(word)}", class_=f"status {kind}")


def status(page: Page, code: str) -> Markup:
    """A status as shape and word."""
    return mark(page, STATUS_SHAPES[code], STATUSES[code], f"s-{code}")


def status_of(page: Page, point: Any) -> Markup:
    """The status of a figure; where that is of a part of its year and has another status for a reason of its own, that
    it is provisional as well."""
    own = status(page, point.status)
    part = point.collect == "S" and point.period.isdigit() and months_of(point) < 12 and pd.notna(point.value)
    return tag("span", own, " ", status(page, "P")) if part and point.status != "P" else own
