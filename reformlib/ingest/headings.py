"""The headings of a table: which rows they take, which columns are periods, and what the other columns hold.

An office's form has headings over one to three rows, cells merged, sometimes two languages, periods that are written
in two cells under each other. A row of a table is a list of texts, "" for an empty cell and None for one that a
merged cell covers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile

from reformlib.ingest.source import Cells
from reformlib.ingest.wording import is_period, one_line, told_as
from reformlib.load.labels import unaccented

_NUMBER_WORDS = {"stt", "tt", "so tt", "so thu tu", "no", "thu tu"}
_LABEL_WORDS = ("chi tieu", "noi dung", "tieu chi", "ten chi so", "indicator", "muc tieu", "linh vuc")
_UNIT_WORDS = {"don vi tinh", "dvt", "don vi", "dv tinh", "unit"}
_NOTE_WORDS = ("ghi chu", "note")
ROW_NUMBER = r"(?:[IVX]+|[A-Z]|\d{1,3})(?:\.(?:\d{1,2}|[a-zđ](?!\w)))"  # 8.1, II.3.a: one part more or several
_NO_NAME = re.compile(r"[\d%]|tăng|giảm|so với|tỷ lệ|tỉ lệ", re.IGNORECASE)
PERIOD_LIKE = re.compile(r"\b(19|20)\d\d\b|quý|tháng|tính đến|ước|kỳ|cả năm", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """The headings of a table, in its rows `top` to `bottom`.

    `periods` gives the heading of every column that is a period, `groups` the text above it (a department, a
    district), `others` the heading of columns that are neither a period nor number, label or unit of a row. `keys`
    are the rows of the headings as :func:`row_key` gives them, by which a repeated head is recognised.
    """

    top: int
    bottom: int
    periods: dict[int, str]
    groups: dict[int, str]
    number: int | None
    labels: list[int]
    unit: int | None
    others: dict[int, str]
    keys: frozenset[str]

    def carried_on(self, rows: list[Cells]) -> Head | None:
        """The same columns for a table below, None where it is not as wide as this one."""
        width = len(rows[0]) if rows else 0
        fits = max(self.periods) < width <= max([*self.periods, *self.others]) + 1
        return replace(self, top=-1, bottom=-1) if fits else None

    def is_again(self, rows: list[Cells]) -> bool:
        """Whether a table begins with the same headings, whose accents may be lost on a picture."""
        return {row_key(row) for row in rows[: len(self.keys)]} == self.keys


def find_head(rows: list[Cells], answers: dict[str, str]) -> Head | None:
    """The headings of a table, None where no row holds a period.

    `answers` say what headings mean that are no period as they stand, by their text in lower case.
    """
    for r, row in enumerate(rows):
        periods = _periods(row, answers)
        if not periods or (len(periods) == 1 and not any(map(role, chain(*rows[max(0, r - 2) : r + 1])))):
            continue
        top = bottom = r
        while top > 0 and r - top < 2 and _heads(rows[top - 1]):
            top -= 1
        while bottom + 1 < len(rows) and bottom - r < 2 and _continues_head(rows, top, bottom + 1):
            bottom += 1
        return _columns(rows, top, bottom, r, answers)
    return None


def top_of_new_head(rows: list[Cells], r: int, answers: dict[str, str]) -> int | None:
    """The first row of the headings whose periods stand in row `r`, None where that is a row of figures."""
    periods = _periods(rows[r], answers)
    if not periods or (all(map(str.isdigit, periods)) and not _consecutive_years(periods)):
        return None
    for top in range(r, max(r - 3, -1), -1):
        others = [cell for row in rows[top : r + 1] for cell in row if cell and cell not in periods]
        if any(re.fullmatch(r"[-\d.,%() ]+", cell) for cell in others):
            return None
        if any(role(cell) in ("number", "label") and len(cell) <= 40 for cell in rows[top] if cell):
            return top
    return None


def role(text: str | None) -> str:
    """What a heading names, in one language or two («STT / No.»): "number", "label", "unit", "note" or nothing."""
    for part in (text or "").split("/"):
        plain = re.sub(r"[^a-z ]+", " ", unaccented(one_line(part)).lower()).strip()
        if plain in _NUMBER_WORDS:
            return "number"
        if plain in _UNIT_WORDS:
            return "unit"
        if plain.startswith(_NOTE_WORDS):
            return "note"
        if plain.startswith(_LABEL_WORDS) or plain.endswith(_LABEL_WORDS):
            return "label"
    return ""


def row_key(row: Cells) -> str:
    """A row as one text without accents, by which two rows are compared."""
    return " | ".join(unaccented(one_line(cell)).lower() for cell in row if cell)


def row_number(text: str | None) -> str:
    """The number of a row as a form has it, "" where the text is none.

    >>> row_number("08."), row_number("8.1"), row_number("II.3.a)"), row_number("8 units")
    ('8', '8.1', 'II.3.a', '')
    """
    match = re.fullmatch(rf"0*({ROW_NUMBER}*)\s*[.)]?", text or "")
    return match[1] if match else ""


def distinct(texts: list[str]) -> list[str]:
    """Texts without empty ones and those that repeat the one before, as a merged heading does."""
    return [text for at, text in enumerate(texts) if text and (at == 0 or text != texts[at - 1])]


def _periods(row: Cells, answers: dict[str, str]) -> list[str]:
    return [cell for cell in row if cell and _is_read(cell, answers)]


def _is_read(text: str | None, answers: dict[str, str]) -> bool:
    """Whether a heading is a period, or a mapping file says which period it means."""
    return bool(text) and (is_period(text) or answers.get(one_line(text).lower(), "-") != "-")


def _consecutive_years(cells: list[str]) -> bool:
    years = [int(found[0]) for cell in cells if is_period(cell) and (found := re.search(r"\d{4}", cell))]
    return len(years) > 1 and all(abs(b - a) == 1 for a, b in pairwise(years))


def _heads(row: Cells) -> bool:
    """Whether a row above the periods belongs to the headings: it names a column or spans several."""
    filled = [cell for cell in row if cell]
    names = bool(filled) and len(row) > 1 and (None in row or len(filled) > 1 or bool(role(filled[0])))
    return names and not holds_figures(row)


def holds_figures(row: Cells) -> bool:
    """Whether a row is one of the form: a number, then words, then a figure.

    >>> holds_figures(["5", "Số lượng chữ ký số", "408"]), holds_figures(["1", "2", "3"])
    (True, False)
    """
    filled = [cell for cell in row if cell]
    words = [at for at, cell in enumerate(filled) if len(cell) > 8 and cell[:1].isalpha() and not is_period(cell)]
    figures = bool(words) and any(re.search(r"\d", cell) and not is_period(cell) for cell in filled[words[0] + 1 :])
    return figures and bool(row_number(filled[0]))


def _continues_head(rows: list[Cells], top: int, r: int) -> bool:
    """Whether row `r` still belongs to the headings: it names periods, roles, or whose figures those of a merged period
    are, beside no label or number."""
    named = {c for row in rows[top:r] for c, cell in enumerate(row) if role(cell) in ("number", "label", "unit")}
    filled = {c: cell for c, cell in enumerate(rows[r]) if cell}
    whose = bool(named) and all(rows[r][c] is None for c in named) and None in rows[r - 1][max(named) + 1 :]
    return bool(filled) and all(
        role(cell)
        or (
            c not in named
            and (is_period(cell) or PERIOD_LIKE.search(cell) or told_as(cell) or (whose and _names(cell)))
        )
        for c, cell in filled.items()
    )


def _names(text: str) -> bool:
    """Whether a heading below a period says whose figures those of the column are, such as «Cấp tỉnh»."""
    return not (_NO_NAME.search(text) or role(text) or told_as(text) or PERIOD_LIKE.search(text))


def _columns(rows: list[Cells], top: int, bottom: int, main: int, answers: dict[str, str]) -> Head:
    """What every column of a table is; most periods stand in row `main` of the headings `top` to `bottom`."""
    head, body = rows[top : bottom + 1], rows[bottom + 1 :]
    spread = [_spread(rows, top, r, blanks=r < main) if r <= main else rows[r] for r in range(top, bottom + 1)]
    periods: dict[int, str] = {}
    groups: dict[int, str] = {}
    texts: dict[int, list[str]] = {}
    for c in range(len(rows[main])):
        own = [row[c] or "" for row in head]
        stacked = distinct([row[c] or "" for row in spread])
        planned = "plan" in map(told_as, stacked)
        heading = next((text for text in _readings(stacked, own) if _is_read(text, answers)), None)
        if heading is None or planned:
            texts[c] = stacked if planned else own
        else:
            periods[c], groups[c] = heading, _group(stacked, heading)
    number, labels, unit, others = _beside(texts, body, min(periods))
    return Head(top, bottom, periods, groups, number, labels, unit, others, frozenset(map(row_key, head)))


def _beside(
    texts: dict[int, list[str]], body: list[Cells], first: int
) -> tuple[int | None, list[int], int | None, dict[int, str]]:
    """Columns of number, labels and unit, and the headings of all others, by column.

    `texts` has the headings of every column that is no period, `first` is the first period. Without headings the
    number is a column of numbers before the periods, the label the column with the most text.
    """
    named, others = _named(texts)
    number, unit, label = map(named.get, ("number", "unit", "label"))
    empty = [c for c in texts if c not in named.values() and c not in others]
    # a heading over two columns: the label is split in two cells
    labels = [] if label is None else [label, *takewhile(empty.__contains__, range(label + 1, first))]
    if number is None:
        number = next((c for c in empty if c < first and c not in labels and _mostly_numbers(body, c)), None)
    labels = labels or longest(body, [c for c in texts if c not in (number, unit)])
    return number, labels, unit, {c: text for c, text in others.items() if c not in labels}


def _named(texts: dict[int, list[str]]) -> tuple[dict[str, int], dict[int, str]]:
    """The columns of number, unit and label by what their headings say, and the headings of all others, by column."""
    named: dict[str, int] = {}
    others: dict[int, str] = {}
    for c, own in texts.items():
        roles = set(map(role, own))
        new = next((name for name in ("number", "unit", "label") if name in roles and name not in named), None)
        if new:
            named[new] = c
        elif text := one_line(" ".join(distinct(own))):
            others[c] = text
    return named, others


def _group(stacked: list[str], heading: str) -> str:
    """What stands above a period and is neither a part of it nor the name of a column."""
    lines = [text for text in map(one_line, stacked) if text not in heading and not (is_period(text) or told_as(text))]
    return " · ".join(text for text in lines if not role(text) and unaccented(text.lower()) != "nam")


def _spread(rows: list[Cells], top: int, r: int, *, blanks: bool) -> Cells:
    """A row of headings with a text spread to the right over cells that it covers and, with `blanks`, empty ones.

    A cell that a heading above it covers has nothing to do with the text on its left.
    """
    shown, last = [], ""
    for c, cell in enumerate(rows[r]):
        above = next((rows[k][c] for k in range(r - 1, top - 1, -1) if rows[k][c] is not None), None)
        if cell or (cell is None and above):
            last = "" if not cell or role(cell) else cell
        shown.append(cell or (last if cell is None or blanks else ""))
    return shown


def _readings(stacked: list[str], own: list[str]) -> Iterator[str]:
    """Ways to read a column's headings, the most complete first: all rows together, then each from below."""
    texts = [one_line(text) for text in stacked if text]
    for start in range(len(texts)):
        yield " ".join(texts[start:])
    if len(texts) > 1 and _names(texts[-1]):
        yield from _readings(stacked[:-1], [])
    lowest = next((text for text in reversed(own) if text), "")
    # «Tính đến 31/3» below «Năm 2020» is more than the year; a heading that says more is never cut to its year
    if lowest and not any(PERIOD_LIKE.search(text) and text != lowest for text in texts):
        yield one_line(lowest)


def longest(body: list[Cells], columns: list[int]) -> list[int]:
    """The column with the most text, as a list; an empty one where all are empty."""
    lengths = {c: sum(len(row[c] or "") for row in body) for c in columns}
    return [max(lengths, key=lengths.__getitem__)] if any(lengths.values()) else []


def _mostly_numbers(body: list[Cells], c: int) -> bool:
    texts = [row[c] for row in body if row[c]]
    return bool(texts) and sum(bool(row_number(text)) for text in texts) * 2 > len(texts)
