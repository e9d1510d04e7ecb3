"""The rows of the form below its headings, put together again, over pages and rows of levels and notes."""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from reformlib.ingest.headings import ROW_NUMBER, Head, distinct, role, row_key, row_number
from reformlib.ingest.match import LIKELY, Known
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.source import Cells, Grid
from reformlib.ingest.wording import in_thousands, one_line, told_as
from reformlib.load.cells import level_texts

_NOTE_LINE = re.compile(
    r"^(?:ghi chú|chú thích|note)\b|^(?:\(?(\d{1,2}|\*{1,3}|[a-z])\)|(\*{1,3})|\[(\d{1,2})\])\s*:?\s*\S", re.IGNORECASE
)
_DITTO = re.compile(r"[\"”“〃\s'′″]+|[-\s]*(?:nt|như trên)[-\s]*", re.IGNORECASE)
LEAD = re.compile(  # the number in front of a label: «8. », «8/», «I.8 », «Chỉ tiêu 8: »
    rf"^(?:(?i:chỉ tiêu)\s+)?(?P<number>{ROW_NUMBER}+|\d{{1,3}}(?=\s*[.)/:–-]))\s*[.)/:–-]*\s*(?=[^\W\d])"
)


@dataclass(frozen=True)
class Row:
    """A row of the form as put together: printed number, label, a text by heading, and what is doubtful in it.

    `line` names it where an indicator has several lines: plan, result, part of the year before.
    """

    number: str
    label: str
    cells: dict[str, str]
    place: str
    unit: str = ""
    doubts: dict[str, str] = field(default_factory=dict)
    line: str = ""

    def has_figures(self) -> bool:
        """Whether any cell is filled, or cannot be read at all."""
        return any(self.cells.values()) or self.has_doubts()

    def has_digits(self) -> bool:
        """Whether a cell holds a figure, or the file gives a reason to doubt one."""
        return self.has_doubts() or any(map(str.isdigit, "".join(self.cells.values())))

    def has_doubts(self) -> bool:
        """Whether the file gives a reason to doubt a cell, beyond that it is merged with others."""
        return any(why != "merged" for why in self.doubts.values())


@dataclass
class Body:
    """The rows below the headings, the notes among them by their marker, and what was done to put them together."""

    rows: list[Row] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def read_body(table: Grid, head: Head, periods: dict[int, str], known: Known) -> Body:
    """The rows of a table below its headings; `periods` gives the heading of every column that is read.

    `known` has the labels of the form: a row without a number goes on with the row before it where the two together
    are more like one of them.
    """
    body = Body()
    below = range(head.bottom + 1, len(table.rows))
    # Word's own numbering is no text: a column of numbers can be empty
    numbered = head.number is not None and any(row_number(table.rows[r][head.number]) for r in below)
    after_head = after_gap = False
    unit = ""
    for r in below:
        cells = table.rows[r]
        if not any(cells) and not any((r, c) in table.doubts for c in periods):
            after_gap = True
        elif row_key(cells) in head.keys:
            body.remarks += [] if after_head else [remark("head_repeated", place=table.row(r))]
            after_head = True
        elif not counts_columns(cells):
            row = _row(table, r, head, periods, known, numbered, unit)
            unit = row.unit
            for c in (c for c, text in head.others.items() if role(text) == "note" and cells[c]):
                body.notes[f"note {row.number or row.label}".strip()] = one_line(cells[c] or "")
            if _is_note(cells, row, known):
                mark, text = _note(one_line(" ".join(filter(None, cells))))
                body.notes[mark or f"note {len(body.notes) + 1}"] = text
                continue
            covered = bool(head.labels) and cells[head.labels[0]] is None
            _add(body, _signed(row) if after_gap else row, known, numbered, covered, after_head)
            after_head = after_gap = False
    return body


def fit(rows: list[Row], known: Known) -> int:
    """How many rows have a label that is like one of the form's."""
    return sum(known.likeness(row.label) >= LIKELY for row in rows if row.label)


def belongs(before: Row, row: Row, known: Known, numbered: bool, covered: bool, broken: bool) -> bool:
    """Whether a row without a number goes on with the row before it.

    `numbered`: other rows of the table have numbers; `covered`: its label is covered by a merged cell; `broken`: a
    page or a table ended between the two.
    """
    if known.level(row.label):
        return True
    if known.category(row.label):
        return False
    if not row.label:
        return numbered or broken or covered
    own, alone, together = map(known.likeness, (row.label, before.label, f"{before.label} {row.label}"))
    return together > alone and (broken or together > own or (numbered and together == own))


def joined(before: Row, row: Row, known: Known) -> tuple[Row, Remark]:
    """Two rows as one, and a remark that says so; a level that has a row of its own becomes a part of the cells."""
    level = known.level(row.label) if row.has_figures() else ""
    cells = dict(before.cells)
    for heading, text in row.cells.items():
        if level and not known.has_level(text):
            text = _of_level(text, level)
        cells[heading] = "\n".join(filter(None, [cells[heading], text]))
    doubts = before.doubts | row.doubts
    if level:
        return replace(before, cells=cells, doubts=doubts), remark("level_row", place=row.place, level=level)
    label = f"{before.label} {row.label}".strip()
    return replace(before, label=label, cells=cells, doubts=doubts), remark("row_joined", place=row.place)


def _row(table: Grid, r: int, head: Head, periods: dict[int, str], known: Known, numbered: bool, above: str) -> Row:
    """One row of a table as a row of the form; `above` is the unit of the row before."""
    row = table.rows[r]
    unit = "" if head.unit is None else _unit(row[head.unit], above)
    line, level, number, label = _named(row, head, min(periods), known, numbered)
    headings = {c: one_line(heading) for c, heading in periods.items()}
    cells = {heading: _of_level(row[c] or "", level) for c, heading in headings.items()}
    merged = {heading: "merged" for c, heading in headings.items() if _is_merged(row, c, periods)}
    doubts = {heading: table.doubts[r, c] for c, heading in headings.items() if (r, c) in table.doubts}
    return Row(number, label, cells, table.row(r), unit, merged | doubts, line)


def _named(row: Cells, head: Head, first: int, known: Known, numbered: bool) -> tuple[str, str, str, str]:
    """What a row is called: its line, the level that has a cell of its own beside the label, number, label."""
    number, *labels = (one_line(row[c] or "") if c is not None else "" for c in (head.number, *head.labels))
    if head.number is not None and head.labels and row[head.labels[0]] is None and not row_number(number):
        labels[0] = number  # a title over the whole row begins where the numbers stand
    number = _known(row_number(number), known)
    level = known.level(labels[-1]) if len(labels) > 1 and labels[0] else ""
    line = _line(row, labels, head, first)
    label = " ".join(text for text in distinct(labels[:-1] if level else labels) if text != line)
    if not number and not numbered and (lead := LEAD.match(label)):
        number, label = _known(lead["number"], known), label[lead.end() :]
    return line, level, number, label


def _unit(cell: str | None, above: str) -> str:
    """The unit of a row, that of the row `above` where its cell is merged with it, repeats it, or says none though that
    makes every figure a thousand times what is written."""
    unit = one_line(cell or "")
    goes_on = cell is None or _DITTO.fullmatch(unit) or (not unit and in_thousands(above))
    return above if goes_on else unit


def _line(row: Cells, labels: list[str], head: Head, first: int) -> str:
    """What a line of a row is called, in its label or in a column before the `first` period."""
    beside = [one_line(row[c] or "") for c, text in head.others.items() if c < first and role(text) != "note"]
    return next((text for text in [*labels, *beside] if told_as(text)), next(filter(None, beside), ""))


def _known(number: str, known: Known) -> str:
    """A number of one part, or one that the form has: an office numbers the categories of row 7 as 7.1, 7.2 too."""
    return number if number.isdigit() or number in known.numbers.values() else ""


def _of_level(text: str, level: str) -> str:
    return level_texts({"": (level,)}, text)[""] if level and text else text


def _is_merged(row: Cells, c: int, periods: dict[int, str]) -> bool:
    """Whether a cell and its neighbour among the periods, or the row above, are one merged cell."""
    return row[c] is None or (c + 1 in periods and bool(row[c]) and row[c + 1] is None)


def _is_note(cells: Cells, row: Row, known: Known) -> bool:
    if row.has_figures() or not _NOTE_LINE.match(next(filter(None, cells), "")):
        return False
    return known.likeness(row.label) < LIKELY


def _note(text: str) -> tuple[str, str]:
    """The marker of a note, "" where it has none, and its words."""
    match = _NOTE_LINE.match(text)
    mark = next((group for group in match.groups() if group), "") if match else ""
    return mark, re.sub(r"^\(?\[?(?:\d{1,2}|\*{1,3}|[a-z])[)\]]?\s*:?\s*", "", text) if mark else text


def _signed(row: Row) -> Row:
    """A row after an empty one: words without a number, a label or a figure say who signs below the table."""
    words = " ".join(filter(None, row.cells.values()))
    if row.number or row.label or row.has_doubts() or re.search(r"\d", words):
        return row
    return replace(row, label=one_line(words), cells=dict.fromkeys(row.cells, ""))


def _add(body: Body, row: Row, known: Known, numbered: bool, covered: bool, broken: bool) -> None:
    """Add a row, or put it together with the row before; one that holds nothing is left out, and so are plans.

    A line of figures without number and label is doubtful, but for a result, a category, and where a page ended: it may
    be a part of the row before, or of another.
    """
    if told_as(row.line) == "plan" and row.has_figures():
        body.remarks.append(remark("plan_row", place=row.place, words=row.line))
        row = replace(row, cells=dict.fromkeys(row.cells, ""), doubts={})
        if not (row.number or row.label):
            return
    alone = body.rows and not (row.number or row.label) and told_as(row.line) != "result"
    if alone and not (broken and row.line in ("", body.rows[-1].line)):
        new = {heading: "line" for heading, text in row.cells.items() if text and not known.has_level(text)}
        row = replace(row, doubts=row.doubts | new)
    if body.rows and not row.number and belongs(body.rows[-1], row, known, numbered, covered, broken):
        body.rows[-1], note = joined(body.rows[-1], row, known)
        body.remarks.append(note)
    elif row.number or row.label or row.has_figures():
        body.rows.append(row)


def counts_columns(row: Cells) -> bool:
    """Whether a row only numbers the columns: «(1) (2) (3)», «A B 1 2 3»."""
    texts = [cell for cell in row if cell]
    if len(texts) < 3 or len(texts) < len([c for c in row if c is not None]) - 1:
        return False
    if not all(re.fullmatch(r"\(?(?:\d{1,2}|[A-Z])\)?", text) for text in texts):
        return False
    numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdigit()]
    return len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers))
