"""The form among the tables of a file: headings and rows read, tables that continue one another put together.

What is put together stands in `Form.remarks`; what is not certain becomes a doubt of its cell.
"""

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from reformlib.errors import ReformError
from reformlib.ingest.answers import key_of
from reformlib.ingest.body import LEAD, Row, belongs, fit, joined, read_body
from reformlib.ingest.facts import facts_of
from reformlib.ingest.headings import PERIOD_LIKE, Head, find_head, holds_figures, role, row_key, top_of_new_head
from reformlib.ingest.match import CERTAIN, LIKELY, Known
from reformlib.ingest.period import named_periods
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.source import Cells, Grid, Source
from reformlib.ingest.wording import (
    SCALES,
    in_thousands,
    one_line,
    period_text,
    reordered,
    spaced_superscripts,
    told_as,
    unit_of,
    visible,
)
from reformlib.load.cells import clean
from reformlib.load.labels import spelled
from reformlib.load.period import parse_period

# a unit for all figures of a table, or for those that are money
_MONEY = re.compile(rf"(?:đơn vị(?: tính)?|đvt)\s*[:(]*\s*((?:{SCALES}\s+)*(?:đồng|vn[dđ]))", re.IGNORECASE)
_LONG = 400  # letters that no label has
TABLES = 100  # that may stand under each other on one sheet

Headed = tuple[Grid, str, Head | None]  # a table, the heading that was dated by what stands around it, its headings


@dataclass(frozen=True)
class Form:
    """The form found in a file. `aside` are columns that are no period, by heading; `group` the heads above them.

    `unread` are headings that seem to be periods and cannot be read, or that change what figures mean, and why they
    are doubtful; `twice` periods that head two columns; `elsewhere` labels in other tables of the file, by place;
    `above` what stands over the headings; `undated` the heading of figures whose period stands elsewhere; `money` the
    unit that the text around it gives for money; `fit` how many rows have a label like one of the catalogue's.
    """

    place: str
    headings: list[str]
    rows: list[Row]
    notes: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    group: str = ""
    fit: int = 0
    twice: list[str] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    undated: str = ""
    money: str = ""
    pictured: dict[str, str] = field(default_factory=dict)


def tables_in(source: Source, answers: dict[str, str]) -> list[Headed]:
    """The tables of a file with their headings; `answers` says what headings mean that are no period as they stand."""
    return [_dated(table, source, answers) for grid in source.grids for table in tables_of(grid, answers)]


def find_forms(source: Source, tables: list[Headed], known: Known, answers: dict[str, str]) -> list[Form]:
    """Every table of a file that holds the form, the fullest first; tables that continue one another are one.

    `known` has the labels of the form, `answers` are those of :func:`tables_in`. A table counts when it has headings of
    periods and at least two rows (or half of its rows) with a label that is like one of the form's. Each group of
    columns (departments, districts, communes) with periods of its own is a form.
    """
    forms: list[Form] = []
    read: set[int] = set()  # tables that are a part of a form
    before: tuple[Head, int] | None = None  # the last table with headings
    for at, (table, undated, own) in enumerate(tables):
        previous = before[0] if before and before[1] == at - 1 else None
        carried = previous and previous.carried_on(table.rows)
        again = carried and carried.is_again(table.rows)
        head = carried if again else own or carried
        if head is None:
            continue
        for form in _forms(table, head, known, answers):
            if _add(forms, replace(form, undated=undated), known, follows=previous is not None) and form.fit:
                read.add(at)
        if forms:
            before = head, at
    unread = [table for at, (table, *_) in enumerate(tables) if at not in read]
    elsewhere = _labels(unread, source, known) if forms else []
    return sorted((_completed(form, source, elsewhere) for form in forms), key=lambda form: -form.fit)


def labelled_tables(source: Source, known: Known) -> list[str]:
    """Tables that hold labels of the form but no heading that is read as a period, with their first row."""
    lines = []
    for grid in source.grids:
        texts = list({clean(visible(cell)) for row in grid.rows for cell in row if cell})
        if sum(known.likeness(text) >= LIKELY for text in texts[:2000]) >= 2:
            head = next((row for row in grid.rows if sum(map(bool, row)) > 1), [])
            lines.append(f"{grid.place}: {' | '.join(one_line(cell) for cell in head if cell)[:200]}")
    return lines


def _dated(table: Grid, source: Source, answers: dict[str, str]) -> Headed:
    """A table, one with a column of figures that no period heads with that which is named around it, and the headings.

    The name of its sheet, what stands above it and the title of the text are searched in this order.
    """
    if head := find_head(table.rows, answers):
        return table, "", head
    for r, row in enumerate(table.rows):
        figures = [c for c, cell in enumerate(row) if cell and _heads_figures(cell)]
        if len(figures) != 1 or "label" not in map(role, row):
            continue
        above = [cell for upper in table.rows[:r] for cell in upper if cell]
        texts = [table.place.rpartition(", sheet ")[2], *above, facts_of(source.paragraphs).get("title_vi", "")]
        named = [answers.get(key_of(table.place), ""), *(period for text in texts for period in named_periods(text))]
        if period := next(filter(None, named), ""):
            dated = [*row[: figures[0]], period, *row[figures[0] + 1 :]]
            table = replace(table, rows=[*table.rows[:r], dated, *table.rows[r + 1 :]])
            return table, row[figures[0]] or "", find_head(table.rows, answers)
    return table, "", None


def _heads_figures(text: str) -> bool:
    return told_as(text) == "result" or spelled(text) in ("số liệu", "giá trị", "kỳ báo cáo", "trong kỳ", "số lượng")


def tables_of(grid: Grid, answers: dict[str, str]) -> list[Grid]:
    """The tables of a grid: an office puts several under each other on one sheet, each with headings of its own."""
    rows, doubts = _tidied(grid)
    starts, keys = [0], _head_keys(rows, answers, first=True)
    for r in range(1, len(rows)):
        top = top_of_new_head(rows, r, answers) if len(starts) <= TABLES else None
        if top is not None and top > starts[-1] and row_key(rows[r]) not in keys:
            starts.append(top)
            keys = _head_keys(rows[top:], answers)
    return [
        _own_columns(Grid(grid.place, rows[a:b], {(r - a, c): why for (r, c), why in doubts.items() if a <= r < b}, a))
        for a, b in pairwise([*starts, len(rows)])
    ]


def _own_columns(table: Grid) -> Grid:
    """A table without the columns in which no row with a figure has a cell: those of what is glued to it."""
    figures = [row for row in table.rows if any(map(str.isdigit, "".join(filter(None, row))))]
    own = [c for c, cells in enumerate(zip(*figures, strict=True)) if any(cell is not None for cell in cells)]
    if not own or len(own) == len(table.rows[0]):
        return table
    doubts = {(r, own.index(c)): why for (r, c), why in table.doubts.items() if c in own}
    return replace(table, rows=[[row[c] for c in own] for row in table.rows], doubts=doubts)


def _tidied(grid: Grid) -> tuple[list[Cells], dict[tuple[int, int], str]]:
    """The grid's texts cleaned, all rows of one width, and its doubts by cell."""
    width = max(map(len, grid.rows), default=0)
    cells = ((r, c, cell) for r, row in enumerate(grid.rows) for c, cell in enumerate(row) if cell)
    doubts = grid.doubts | {(r, c): "direction" for r, c, cell in cells if reordered(cell)}
    texts = [[cell if cell is None else spaced_superscripts(clean(visible(cell))) for cell in row] for row in grid.rows]
    return [row + [""] * (width - len(row)) for row in texts], doubts


def _add(forms: list[Form], form: Form, known: Known, *, follows: bool) -> bool:
    """Add what a table holds to the form that it carries on, or as a form; False where it is neither."""
    for at, earlier in enumerate(forms):
        if (form.fit or follows) and _continues(form, earlier, known):
            forms[at] = _extended(earlier, form, known)
            return True
    if form.fit >= 2 or 0 < len(form.rows) <= form.fit * 2:
        forms.append(form)
        return True
    return False


def _head_keys(rows: list[Cells], answers: dict[str, str], *, first: bool = False) -> frozenset[str]:
    """The rows of the headings that a table begins with; of the `first` one none where rows of figures go before."""
    head = find_head(rows, answers)
    return head.keys if head and not (first and any(map(holds_figures, rows[: head.top]))) else frozenset()


def _forms(table: Grid, head: Head, known: Known, answers: dict[str, str]) -> list[Form]:
    """The form in every group of columns of a table, or in all of them where no year stands twice."""
    groups = list(dict.fromkeys(head.groups.values()))
    if len(groups) == 1 or not _twice(head.periods.values(), answers):
        return [_read(table, head, head.periods, known, " · ".join(filter(None, groups)), answers)]
    by_group = {group: {c: text for c, text in head.periods.items() if head.groups[c] == group} for group in groups}
    return [_read(table, head, periods, known, group, answers) for group, periods in by_group.items()]


def _twice(headings: Iterable[str], answers: dict[str, str]) -> list[str]:
    """Periods that two headings name; a year so far and the whole of it are two."""
    found: Counter[tuple[str, date]] = Counter()
    for text in headings:
        with suppress(ReformError):
            period = parse_period(answers.get(key_of(text), period_text(text)))
            found[period.code, period.end] += 1
    return [code for (code, _), times in found.items() if times > 1]


def _read(table: Grid, head: Head, periods: dict[int, str], known: Known, group: str, answers: dict[str, str]) -> Form:
    """The form in the columns of one group."""
    below = table.rows[head.bottom + 1 :]
    periods = _filled(periods, [row for row in below if not head.labels or row[head.labels[0]] is not None])
    unread, aside, plans = _beside(head, below, len(table.rows[0]))
    above = [one_line(cell) for row in table.rows[: max(head.top, 0)] for cell in row if cell]
    headings = [one_line(text) for text in periods.values()]
    body = read_body(table, head, periods, known)
    told = [
        cell for row in table.rows[max(head.top, 0) : head.bottom + 1] for cell in row if cell and not unit_of(cell)
    ]
    told += [text for row in body.rows if not row.label for text in row.cells.values()]
    stacked = [remark("head_rows", place=table.place, n=head.bottom - head.top + 1)] if head.bottom > head.top else []
    stacked += [remark("plan_column", place=table.place, heading=text) for text in plans]
    return Form(
        table.place,
        headings,
        body.rows,
        body.notes,
        stacked + body.remarks,
        aside,
        unread + _in_thousands([*above, *map(one_line, told), *body.notes.values()]),
        group,
        fit(body.rows, known),
        _twice(headings, answers),
        above=above,
        pictured={one_line(text): why for c, text in periods.items() if (why := _pictured(table, head, c))},
    )


def _pictured(table: Grid, head: Head, c: int) -> str:
    """Why the heading of a column is doubtful, as one that was read from a picture."""
    whys = (table.doubts.get((r, c), "") for r in range(max(head.top, 0), head.bottom + 1))
    return next((why for why in whys if why.startswith("scan")), "")


def _filled(periods: dict[int, str], rows: list[Cells]) -> dict[int, str]:
    """Without columns that a merged heading covers and that hold nothing; of who signs right below the table Word makes
    a row of it, whose cells part its columns."""
    kept: dict[int, str] = {}
    for c, heading in periods.items():
        if heading not in kept.values() or any(row[c] for row in rows):
            kept[c] = heading
    return kept


def _beside(head: Head, below: list[Cells], width: int) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Columns beside the periods that may be one, with why they are doubtful, and headings of others and of plans.

    A column of figures that no period heads is a question: its heading may have been misread.
    """
    unread, aside, plans = [], [], []
    for c in range(width):
        text = head.others.get(c, "")
        if c in head.periods or c in (head.number, head.unit, *head.labels) or role(text) == "note":
            continue
        texts = [cell for row in below if (cell := row[c])]
        if told_as(text) == "plan":
            plans.append(text)
        elif texts and (PERIOD_LIKE.search(text) or _mostly_figures(texts)):
            unread.append((text or f"column {c + 1}", "heading"))
        elif text and text not in aside:
            aside.append(text)
    return unread, aside, plans


def _mostly_figures(texts: list[str]) -> bool:
    return sum(bool(re.match(r"[-–]?\d[\d.,]*\s*%?($|\s|\()", text)) for text in texts) * 2 > len(texts)


def _in_thousands(texts: list[str]) -> list[tuple[str, str]]:
    """Texts that give a unit such as a thousand for all figures, as a doubt."""
    return [(text, "unit_title") for text in dict.fromkeys(texts) if in_thousands(text)]


def _continues(form: Form, before: Form, known: Known) -> bool:
    """Whether a table with the same headings carries on the form: none of its rows stands there already."""
    if form.headings != before.headings or form.group != before.group:
        return False
    # the end of a page may have broken the label of the last row, so that it is the beginning of another's
    labels = {spelled(row.label) for row in before.rows[:-1] if row.label and not known.category(row.label)}
    numbers = {row.number for row in before.rows if row.number}
    again = (
        row.number in numbers or (not row.number and spelled(row.label) in labels) for row in form.rows if row.label
    )
    return not any(again)


def _extended(form: Form, more: Form, known: Known) -> Form:
    """The form with the rows of a table that carries it on; the first of them may belong to its last row."""
    rows, added = list(form.rows), list(more.rows)
    remarks = [*form.remarks, remark("table_joined", place=more.place, first=form.place), *more.remarks]
    numbered = any(row.number for row in rows)
    if added and not added[0].number and belongs(rows[-1], added[0], known, numbered, False, True):
        rows[-1], note = joined(rows[-1], added.pop(0), known)
        remarks.append(note)
    return replace(
        form,
        rows=rows + added,
        remarks=remarks,
        notes=form.notes | more.notes,
        unread=form.unread + [entry for entry in more.unread if entry not in form.unread],
        aside=list(dict.fromkeys(form.aside + more.aside)),
        fit=fit(rows + added, known),
    )


def _completed(form: Form, source: Source, elsewhere: list[tuple[str, str]]) -> Form:
    """The form with what the text around it says: footnotes, a unit in thousands, its labels in other tables."""
    numbers = [int(row.number) for row in form.rows if row.number.isdigit()]
    gaps = ", ".join(f"{a} → {b}" for a, b in pairwise(numbers) if b != a + 1)
    lines = [text for text in map(one_line, source.paragraphs) if len(text) < 100]
    return replace(
        form,
        notes={**source.notes, **_foot_notes(source.paragraphs), **form.notes},
        remarks=form.remarks + ([remark("numbers_jump", place=form.place, gaps=gaps)] if gaps else []),
        unread=form.unread + _in_thousands(lines),
        money=next((unit[1] for text in [*form.above, *lines] if (unit := _MONEY.search(text))), ""),
        elsewhere=elsewhere,
    )


def _labels(tables: list[Grid], source: Source, known: Known) -> list[tuple[str, str]]:
    """Place and text of the labels of the form that stand in tables which are not read as a part of it, or in text
    right before a figure, as a table does whose cells were lost."""
    cells = [(table.row(r), cell) for table in tables for r, row in enumerate(table.rows) for cell in row if cell][
        :5000
    ]
    texts = ((place, one_line(LEAD.sub("", cell))) for place, cell in cells if len(cell) < _LONG)
    names = [name for labels in known.labels.values() for name in labels]
    whole = [(place, cell) for place, cell in cells if len(cell) >= _LONG]  # rows that ran into each other
    whole += [(source.name, text) for text in source.paragraphs if len(text) >= _LONG]
    found = [(place, text) for place, text in texts if known.likeness(text) >= CERTAIN]
    before_figure = re.compile(rf"({'|'.join(map(re.escape, names))})\s*(?:\w+ \d\s*:\s*)?\d", re.IGNORECASE)
    return found + [(place, name) for place, text in whole for name in before_figure.findall(one_line(text))]


def _foot_notes(paragraphs: list[str]) -> dict[str, str]:
    """Notes written as paragraphs below a table: «(1) …», «* …»; the first of each marker."""
    notes: dict[str, str] = {}
    for text in paragraphs:
        match = re.match(r"^(?:\((\d{1,2}|\*{1,3})\)|(\*{1,3}))\s*:?\s*(?=[^\s*])(.+)$", visible(text), re.DOTALL)
        if match:
            notes.setdefault(match[1] or match[2], clean(match[3]))
    return notes
