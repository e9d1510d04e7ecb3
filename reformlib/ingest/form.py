"""The form among the tables of a file: its headings wherever they stand, its rows put together again.

A form in an office's file has headings over one to three rows, cells merged, rows broken over pages with the heading
repeated, labels split in two, footnotes below. What is put together here is told in `Form.remarks`; what cannot be
told for sure becomes a doubt of its cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from reformlib.ingest.match import CERTAIN, LIKELY, bare, score, spelled
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.source import SCALES, Grid, Source, reordered, spaced_superscripts, visible
from reformlib.ingest.texts import is_period
from reformlib.load.cells import clean

_NUMBER_WORDS = {"stt", "tt", "so tt", "so thu tu", "no", "thu tu"}
_LABEL_WORDS = ("chi tieu", "noi dung", "tieu chi", "ten chi so", "indicator", "muc tieu", "linh vuc")
_UNIT_WORDS = {"don vi tinh", "dvt", "don vi", "dv tinh", "unit"}
_NOTE_WORDS = ("ghi chu", "note")
_PERIOD_LIKE = re.compile(r"\b(19|20)\d\d\b|quý|tháng|tính đến|ước|kỳ|cả năm", re.IGNORECASE)
_NOTE_LINE = re.compile(
    r"^(?:ghi chú|chú thích|note)\b|^(?:\(?(\d{1,2}|\*{1,3}|[a-z])\)|(\*{1,3})|\[(\d{1,2})\])\s*:?\s*\S", re.IGNORECASE
)
_LEVEL_LABEL = re.compile(
    r"^[-+•–\s]*(?:trong đó:?\s*)?(?:số\s+)?(?:dịch vụ công\s+|dvc\s+)?(?:trực tuyến\s+)?"
    r"(?:mức(?: độ)?|mđ)\s*([0-9])\s*:?$",
    re.IGNORECASE,
)
# a unit for all figures of a table; money is never counted in this form
_IN_THOUSANDS = re.compile(rf"(?:đơn vị(?: tính)?|đvt)\s*[:(]*\s*{SCALES}\b(?!\s*đồng)", re.IGNORECASE)
_LEAD = re.compile(  # the number in front of a label: «8. », «8/», «I.8 », «Chỉ tiêu 8: »
    r"^(?:chỉ tiêu\s+)?(?:(?P<number>\d{1,3})\s*[.)/:–-]+|(?:[IVX]+|\d{1,2})(?:\.\d{1,3})+[.)/:–-]*)\s*(?=[^\W\d])",
    re.IGNORECASE,
)
PARTS = 100  # tables that may stand under each other on one sheet


@dataclass
class Row:
    """A row of the form as put together: printed number, label, a text by heading, and what is doubtful in it."""

    number: str
    label: str
    cells: dict[str, str]
    place: str
    unit: str = ""
    doubts: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """The form found in a file. `aside` are columns that are no period, by heading; `groups` the heads above them."""

    place: str
    headings: list[str]
    rows: list[Row]
    notes: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    # headings that seem to be periods and cannot be read, or that change what figures mean, and why they are doubtful
    unread: list[tuple[str, str]] = field(default_factory=list)
    group: str = ""
    fit: int = 0
    twice: list[str] = field(default_factory=list)  # years that head two columns
    elsewhere: list[tuple[str, str]] = field(default_factory=list)  # labels in other tables of the file, by place


@dataclass(frozen=True)
class _Part:
    """A table, or one of several that stand under each other; `above` counts the rows of the grid before it."""

    place: str
    rows: list[list[str | None]]
    doubts: dict[tuple[int, int], str]
    above: int = 0

    def row(self, r: int) -> str:
        return f"{self.place}, row {self.above + r + 1}"


@dataclass(frozen=True)
class _Head:
    top: int
    bottom: int
    periods: dict[int, str]
    groups: dict[int, str]
    number: int | None
    labels: list[int]
    unit: int | None
    others: dict[int, str]
    texts: tuple


def find_forms(source: Source, names: list[str], readings: dict[str, str]) -> list[Form]:
    """Every table that holds the form, the fullest first; tables that continue one another are one.

    `names` are the catalogue's labels, `readings` what headings mean where they cannot be read by themselves. A
    table counts when it has headings of periods and at least two rows (or half of its rows) with a label that comes
    near to the catalogue's. Each group of columns (departments, districts, communes) with periods of its own is a
    form by itself.
    """
    forms: list[Form] = []
    last: tuple[_Head, Form, int] | None = None
    taken: set[int] = set()
    parts = [part for grid in source.grids for part in _parts(grid, source, readings)]
    for index, part in enumerate(parts):
        rows = part.rows
        head = _head(rows, readings)
        if head is None and last and last[2] == index - 1 and _same_width(rows, last[0]):
            head = replace(last[0], top=-1, bottom=-1)
        if head is None:
            continue
        group_names = list(dict.fromkeys(head.groups.values()))
        years = [re.search(r"\d{4}", readings.get(_line(h).lower(), h))[0] for h in head.periods.values()]
        split = len(set(years)) < len(years) and len(group_names) > 1
        found = []
        for group in group_names if split else [""]:
            periods = {c: h for c, h in head.periods.items() if not split or head.groups[c] == group}
            periods = _single(periods, rows[head.bottom + 1 :])
            name = group if split else " · ".join(g for g in group_names if g)
            found.append(_read(part, head, periods, names, name))
        for form in found:
            previous = next((f for f in forms if _continues(form, f)), None)
            if previous is not None and (form.fit or (last and last[2] == index - 1)):
                _append(previous, form, names)
            elif form.fit >= 2 or (form.fit and form.fit * 2 >= len(form.rows)):
                forms.append(form)
            else:
                continue
            if form.fit:
                taken.add(index)
        if forms:
            last = (head, forms[-1], index)
    elsewhere = _labels([part for index, part in enumerate(parts) if index not in taken], names) if forms else []
    said = [text for text in map(_line, source.paragraphs) if len(text) < 100 and _IN_THOUSANDS.search(text)]
    for form in forms:
        _number_check(form)
        form.notes = {**source.notes, **_foot_notes(source.paragraphs), **form.notes}
        form.unread += [(text, "unit_title") for text in dict.fromkeys(said)]
        form.elsewhere = list(elsewhere)
    return sorted(forms, key=lambda form: -form.fit)


def _labels(parts: list[_Part], names: list[str]) -> list[tuple[str, str]]:
    """Place and text of the labels of the form that stand in tables which are not read as a part of it."""
    cells = ((part.row(r), cell) for part in parts for r, row in enumerate(part.rows) for cell in row if cell)
    found = ((place, _line(_LEAD.sub("", cell))) for place, cell in islice(cells, 5000) if len(cell) < 400)
    return [(place, text) for place, text in found if any(score(text, name) >= CERTAIN for name in names)]


def _single(periods: dict[int, str], body) -> dict[int, str]:
    """Without columns that a merged heading covers and that hold nothing."""
    seen, kept = set(), {}
    for c, heading in periods.items():
        if heading in seen and not any(row[c] for row in body):
            continue
        seen.add(heading)
        kept[c] = heading
    return kept


def labelled_tables(source: Source, names: list[str]) -> list[str]:
    """Tables that hold labels of the form but no heading that is read as a period, with their first row."""
    found = []
    for grid in source.grids:
        texts = {clean(visible(cell)) for row in grid.rows for cell in row if cell}
        near = sum(any(score(text, name) >= LIKELY for name in names) for text in list(texts)[:2000])
        if near >= 2:
            head = next((row for row in grid.rows if sum(bool(cell) for cell in row) > 1), [])
            found.append(f"{grid.place}: {' | '.join(_line(cell) for cell in head if cell)[:200]}")
    return found


def _tidied(grid: Grid, source: Source) -> tuple[list[list[str | None]], dict[tuple[int, int], str]]:
    """The grid's texts cleaned, all rows of one width, and its doubts by cell."""
    width = max((len(row) for row in grid.rows), default=0)
    doubts = {(r, c): why for r, c, why in grid.doubts}
    rows: list[list[str | None]] = []
    for r, row in enumerate(grid.rows):
        cells: list[str | None] = []
        for c, cell in enumerate([*row, *[""] * (width - len(row))]):
            if cell and reordered(cell):
                doubts[r, c] = "direction"
            cells.append(None if cell is None else spaced_superscripts(clean(visible(cell))))
        rows.append(cells)
    return rows, doubts


def _parts(grid: Grid, source: Source, readings: dict[str, str]) -> list[_Part]:
    """The tables of a grid: an office puts several under each other on one sheet, each with headings of its own."""
    rows, doubts = _tidied(grid, source)
    starts, known = [0], _key_set(rows, readings)
    for r in range(1, len(rows)):
        top = _new_head(rows, r, readings)
        if top is not None and top > starts[-1] and _key(rows[r]) not in known:
            starts.append(top)
            known = _key_set(rows[top:], readings)
            if len(starts) > PARTS:
                break
    if starts == [0]:
        return [_Part(grid.place, rows, doubts)]
    ends = [*starts[1:], len(rows)]
    return [
        _Part(
            grid.place,
            rows[start:end],
            {(r - start, c): why for (r, c), why in doubts.items() if start <= r < end},
            start,
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _key_set(rows, readings: dict[str, str]) -> set[str]:
    head = _head(rows, readings)
    return set(head.texts) if head else set()


def _new_head(rows, r: int, readings: dict[str, str]) -> int | None:
    """The first row of the headings whose periods stand in row `r`, None where that is a row of figures."""
    own = [cell for cell in rows[r] if cell and (is_period(cell) or _told(cell, readings))]
    years = [int(re.search(r"\d{4}", cell)[0]) for cell in own if is_period(cell)]
    bare_years = all(cell.isdigit() for cell in own)
    if not own or (bare_years and (len(years) < 2 or any(abs(b - a) != 1 for a, b in pairwise(years)))):
        return None
    for top in (r, r - 1, r - 2):
        others = [cell for k in range(max(top, 0), r + 1) for cell in rows[k] if cell and cell not in own]
        if any(re.fullmatch(r"[-\d.,%() ]+", cell) for cell in others) or top < 0:
            return None
        if any(_role(cell) in ("number", "label") and len(cell) <= 40 for cell in rows[top] if cell):
            return top
    return None


def _head(rows: list[list[str | None]], readings: dict[str, str]) -> _Head | None:
    """Where the headings stand; None where no row holds a period."""
    for r, row in enumerate(rows):
        own = {c: cell for c, cell in enumerate(row) if cell and (is_period(cell) or _told(cell, readings))}
        if not own or (
            len(own) == 1 and not any(_role(cell) for above in rows[max(0, r - 2) : r + 1] for cell in above)
        ):
            continue
        top = r
        while top > 0 and r - top < 2 and _heads(rows[top - 1]):
            top -= 1
        bottom = r
        while bottom + 1 < len(rows) and bottom - r < 2 and _continues_head(rows, top, bottom + 1):
            bottom += 1
        return _columns(rows, top, bottom, r, readings)
    return None


def _told(text: str, readings: dict[str, str]) -> bool:
    """Whether a mapping file says which period a heading means."""
    return readings.get(_line(text).lower(), "-") != "-"


def _heads(row: list[str | None]) -> bool:
    """Whether a row above the periods belongs to the headings: it names a column or spans several."""
    filled = [cell for cell in row if cell]
    return bool(filled) and (len(row) > 1) and (any(map(_role, filled)) or None in row or len(filled) > 1)


def _continues_head(rows: list[list[str | None]], top: int, r: int) -> bool:
    """Whether row `r` still belongs to the headings: it names periods or roles, beside no label or number."""
    named = [c for above in rows[top:r] for c, cell in enumerate(above) if _role(cell) in ("number", "label", "unit")]
    filled = {c: cell for c, cell in enumerate(rows[r]) if cell}
    return bool(filled) and all(
        _role(cell) or (c not in named and (is_period(cell) or _PERIOD_LIKE.search(cell))) for c, cell in filled.items()
    )


def _columns(rows: list[list[str | None]], top: int, bottom: int, main: int, readings: dict[str, str]) -> _Head:
    width = len(rows[main])
    filled = [_filled(rows, top, r, blanks=r < main) if r <= main else rows[r] for r in range(top, bottom + 1)]
    periods, groups, others = {}, {}, {}
    number, labels, unit = None, [], None
    for c in range(width):
        own = [rows[r][c] or "" for r in range(top, bottom + 1)]
        stacked = _distinct([filled[r - top][c] or "" for r in range(top, bottom + 1)])
        heading = next((text for text in _readings_of(stacked, own) if is_period(text) or _told(text, readings)), None)
        if heading is not None:
            periods[c] = heading
            groups[c] = " · ".join(
                t
                for t in map(_line, stacked)
                if t not in heading and not is_period(t) and not _role(t) and bare(t.lower()) != "nam"
            )
            continue
        roles = [role for role in map(_role, own) if role]
        text = _line(" ".join(_distinct(own)))
        if "number" in roles and number is None:
            number = c
        elif "unit" in roles and unit is None:
            unit = c
        elif "label" in roles and not labels:
            labels.append(c)
        elif text:
            others[c] = text
    first = min(periods)
    if labels:  # a heading over two columns: the label is split in two cells
        for c in range(labels[-1] + 1, first):
            if c in (number, unit) or c in others:
                break
            labels.append(c)
    body = rows[bottom + 1 :]
    free = [c for c in range(width) if c not in periods and c not in (number, unit) and c not in labels]
    if number is None:
        number = next((c for c in free if c < first and c not in others and _numbers(body, c)), None)
    if not labels:
        weights = {c: sum(len(row[c] or "") for row in body) for c in free if c != number}
        labels = [max(weights, key=weights.get)] if weights and max(weights.values()) else []
        for c in labels:
            others.pop(c, None)
    return _Head(
        top, bottom, periods, groups, number, labels, unit, others, tuple(_key(r) for r in rows[top : bottom + 1])
    )


def _read(part: _Part, head: _Head, periods: dict[int, str], names: list[str], group: str) -> Form:
    """Rows of one group of columns, put together."""
    rows, doubts = part.rows, part.doubts
    form = Form(part.place, [_line(h) for h in periods.values()], [], group=group)
    # a column of figures that no period heads is a question: its heading may have been misread
    body = rows[head.bottom + 1 :]
    spare = [
        c for c in range(len(rows[0])) if c not in head.periods and c not in (head.number, head.unit, *head.labels)
    ]
    for c in spare:
        text = head.others.get(c, "")
        if any(row[c] for row in body) and _role(text) != "note" and (_PERIOD_LIKE.search(text) or _figures(body, c)):
            form.unread.append((text or f"column {c + 1}", "heading"))
        elif text and _role(text) != "note" and text not in form.aside:
            form.aside.append(text)
    above = [_line(cell) for row in rows[: max(head.top, 0)] for cell in row if cell]
    form.unread += [(text, "unit_title") for text in dict.fromkeys(above) if _IN_THOUSANDS.search(text)]
    if head.bottom > head.top:
        form.remarks.append(remark("head_rows", place=part.place, n=head.bottom - head.top + 1))
    headings = list(map(_line, periods.values()))
    years = [found[0] for h in headings if (found := re.search(r"(?:19|20)\d\d", h))]
    form.twice = sorted({year for year in years if years.count(year) > 1})
    # Word's own numbering is no text: a column of numbers can be empty
    numbered = head.number is not None and any(_bare_number(row[head.number] or "") for row in body)
    repeated = gap = False
    for r in range(head.bottom + 1, len(rows)):
        row = rows[r]
        if not any(row) and not any((r, c) in doubts for c in periods):
            gap = True
            continue
        if _key(row) in head.texts:
            if not repeated:
                form.remarks.append(remark("head_repeated", place=part.row(r)))
            repeated = True
            continue
        if _counting(row):
            continue
        place = part.row(r)
        number = _bare_number(row[head.number] or "") if head.number is not None else ""
        labels = [_line(row[c] or "") for c in head.labels]
        level = _LEVEL_LABEL.match(labels[-1]) if len(labels) > 1 and labels[0] else None
        label = " ".join(_distinct(labels[:-1] if level else labels))
        cells = {_line(h): row[c] or "" for c, h in periods.items()}
        if level:  # the level has a cell of its own beside the label
            cells = {h: f"Mức {level[1]}: {text}" if text else "" for h, text in cells.items()}
        unsure = {_line(h): doubts[r, c] for c, h in periods.items() if (r, c) in doubts}
        unit = _line(row[head.unit] or "") if head.unit is not None else ""
        if not number and not numbered and (lead := _LEAD.match(label)):
            number, label = lead["number"] or "", label[lead.end() :]
        valued = any(cells.values()) or bool(unsure)
        for c in (c for c, text in head.others.items() if _role(text) == "note" and row[c]):
            form.notes[f"note {number or label}".strip()] = _line(row[c])
        first_text = next((cell for cell in row if cell), "")
        if not valued and _NOTE_LINE.match(first_text) and not any(score(label, n) >= LIKELY for n in names):
            _note(form, _line(" ".join(cell for cell in row if cell)))
            continue
        across = {
            h: "merged"
            for h, c in zip(map(_line, periods.values()), periods, strict=True)
            if _spans(rows, r, c, periods)
        }
        words = " ".join(filter(None, cells.values()))
        if gap and not (number or label or unsure) and not re.search(r"\d", words):
            label = _line(words)  # who signs below the table
            cells = dict.fromkeys(cells, "")
        current = Row(number, label, cells, place, unit, {**across, **unsure})
        before = form.rows[-1] if form.rows else None
        covered_label = bool(head.labels) and row[head.labels[0]] is None
        if before is not None and not number and _belongs(before, current, names, numbered, covered_label, repeated):
            _join(before, current, form)
        elif number or label or valued:
            form.rows.append(current)
        repeated = gap = False
    form.fit = sum(any(score(row.label, name) >= LIKELY for name in names) for row in form.rows if row.label)
    return form


def _spans(rows, r: int, c: int, periods: dict[int, str]) -> bool:
    """Whether a body cell and its neighbour among the periods, or the row above, are one merged cell."""
    if rows[r][c] is None:
        return True
    return c + 1 in periods and bool(rows[r][c]) and rows[r][c + 1] is None


def _belongs(before: Row, row: Row, names: list[str], numbered: bool, covered: bool, broken: bool) -> bool:
    """Whether a row without a number goes on with the row before it."""
    if _LEVEL_LABEL.match(row.label):
        return True
    if not row.label:
        return numbered or broken or covered
    own = max(score(row.label, name) for name in names)
    together, alone = (
        max(score(text, name) for name in names) for text in (f"{before.label} {row.label}", before.label)
    )
    if numbered or broken:
        return together > alone and (together >= own or broken)
    return together > alone and together > own


def _join(before: Row, row: Row, form: Form) -> None:
    level = _LEVEL_LABEL.match(row.label)
    if level:
        form.remarks.append(remark("level_row", place=row.place, level=level[1]))
    else:
        form.remarks.append(remark("row_joined", place=row.place))
        before.label = f"{before.label} {row.label}".strip()
    for heading, text in row.cells.items():
        if level and text and not re.search(r"mức", text, re.IGNORECASE):
            text = f"Mức {level[1]}: {text}"
        first = before.cells[heading]
        before.cells[heading] = f"{first}\n{text}" if first and text else first or text
    before.doubts |= row.doubts


def _continues(form: Form, before: Form) -> bool:
    """Whether a table with the same headings carries on the form: none of its rows stands there already."""
    if form.headings != before.headings or form.group != before.group:
        return False
    known = {spelled(row.label) for row in before.rows if row.label}
    numbers = {row.number for row in before.rows if row.number}
    return not any(
        spelled(row.label) in known or (row.number and row.number in numbers) for row in form.rows if row.label
    )


def _append(form: Form, more: Form, names: list[str]) -> None:
    form.remarks += [remark("table_joined", place=more.place, first=form.place), *more.remarks]
    for at, row in enumerate(more.rows):
        numbered = any(r.number for r in form.rows)
        if at == 0 and not row.number and _belongs(form.rows[-1], row, names, numbered, False, True):
            _join(form.rows[-1], row, form)
        else:
            form.rows.append(row)
    form.notes |= more.notes
    form.unread += [entry for entry in more.unread if entry not in form.unread]
    form.aside += [text for text in more.aside if text not in form.aside]
    form.fit = sum(any(score(row.label, name) >= LIKELY for name in names) for row in form.rows if row.label)


def _number_check(form: Form) -> None:
    numbers = [int(row.number) for row in form.rows if row.number.isdigit()]
    gaps = [f"{a} → {b}" for a, b in pairwise(numbers) if b != a + 1]
    if gaps:
        form.remarks.append(remark("numbers_jump", place=form.place, gaps=", ".join(gaps)))


def _note(form: Form, text: str) -> None:
    found = _NOTE_LINE.match(text)
    mark = next((group for group in found.groups() if group), "") if found else ""
    body = re.sub(r"^\(?\[?(?:\d{1,2}|\*{1,3}|[a-z])[)\]]?\s*:?\s*", "", text) if mark else text
    form.notes[mark or f"note {len(form.notes) + 1}"] = body


def _foot_notes(paragraphs: list[str]) -> dict[str, str]:
    """Notes written as paragraphs below a table: «(1) …», «* …», «Ghi chú: …» after it."""
    notes = {}
    for text in paragraphs:
        found = re.match(r"^(?:\((\d{1,2}|\*{1,3})\)|(\*{1,3}))\s*:?\s*(?=[^\s*])(.+)$", visible(text), re.DOTALL)
        if found:
            notes.setdefault(found[1] or found[2], clean(found[3]))
    return notes


def _filled(rows, top: int, r: int, *, blanks: bool) -> list[str | None]:
    """A row of headings with a text spread to the right over cells that it covers and, with `blanks`, empty ones.

    A cell that a heading above it covers has nothing to do with the text on its left.
    """
    shown, last = [], ""
    for c, cell in enumerate(rows[r]):
        above = next((rows[k][c] for k in range(r - 1, top - 1, -1) if rows[k][c] is not None), None)
        if cell or (cell is None and above):
            last = "" if not cell or _role(cell) else cell
        shown.append(cell or (last if cell is None or blanks else ""))
    return shown


def _readings_of(stacked: list[str], own: list[str]):
    """Ways to read a column's headings, the most complete first: all rows together, then each from below."""
    texts = [_line(text) for text in stacked if text]
    for start in range(len(texts)):
        yield " ".join(texts[start:])
    lowest = next((text for text in reversed(own) if text), "")
    # «Tính đến 31/3» below «Năm 2020» is more than the year; a heading that says more is never cut to its year
    if lowest and not any(_PERIOD_LIKE.search(text) and text != lowest for text in texts):
        yield _line(lowest)


def _role(text: str | None) -> str:
    """What a heading names, in one language or two («STT / No.»): "number", "label", "unit", "note" or nothing."""
    for part in (text or "").split("/"):
        plain = re.sub(r"[^a-z ]+", " ", bare(_line(part)).lower()).strip()
        if plain in _NUMBER_WORDS:
            return "number"
        if plain in _UNIT_WORDS:
            return "unit"
        if plain.startswith(_NOTE_WORDS):
            return "note"
        if plain.startswith(_LABEL_WORDS) or plain.endswith(_LABEL_WORDS):
            return "label"
    return ""


def _counting(row: list[str | None]) -> bool:
    """Whether a row only numbers the columns: «(1) (2) (3)», «A B 1 2 3»."""
    texts = [cell for cell in row if cell]
    if len(texts) < 3 or len(texts) < len([c for c in row if c is not None]) - 1:
        return False
    if not all(re.fullmatch(r"\(?(?:\d{1,2}|[A-Z])\)?", text) for text in texts):
        return False
    numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdigit()]
    return len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers))


def _numbers(body, c: int) -> bool:
    texts = [row[c] for row in body if row[c]]
    return bool(texts) and sum(bool(_bare_number(text)) for text in texts) * 2 > len(texts)


def _figures(body, c: int) -> bool:
    """Whether most texts of a column are figures."""
    texts = [row[c] for row in body if row[c]]
    return sum(bool(re.match(r"[-–]?\d[\d.,]*\s*%?($|\s|\()", text)) for text in texts) * 2 > len(texts)


def _bare_number(text: str) -> str:
    found = re.fullmatch(r"0*(\d{1,3})\s*[.)]?", text)
    return found[1] if found else ""


def _same_width(rows, head: _Head) -> bool:
    return (
        bool(rows) and len(rows[0]) >= max(head.periods) + 1 and len(rows[0]) <= max([*head.periods, *head.others]) + 1
    )


def _key(row: list[str | None]) -> str:
    return " | ".join(bare(_line(cell or "")).lower() for cell in row if cell)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _distinct(texts: list[str]) -> list[str]:
    """Texts without those that repeat the one before: a merged heading told twice."""
    return [text for at, text in enumerate(texts) if text and (at == 0 or text != texts[at - 1])]
