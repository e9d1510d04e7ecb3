"""A table of a page without lines on the sides of its cells: told by the white between its columns.

It is found by its headings: two periods or more on one line. Its columns are parted by white that no word of it stands
in, its rows by lines across the page, where there are any, else by wider white.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from reformlib.ingest.pdf_words import Box, Word, line_text, lines_of, parts
from reformlib.ingest.wording import is_period

_RIVER = 0.6  # of the size of a letter: white between two columns
_END = 3.0  # of the size of a letter: white between a table and what follows
_RULES = 3  # lines within a table from which on they part its rows; fewer part its head from its body
_UNEVEN = 0.2  # of the size of a letter: that the white between rows is wider than that within one

Line = list[Word]


class Row(NamedTuple):
    """The cells of a row, as pdfplumber gives them."""

    cells: list[Box]


class Table(NamedTuple):
    """A table, as pdfplumber gives one, and the edges of its columns."""

    bbox: Box
    rows: list[Row]
    columns: list[float]


def table_in_white(words: list[Word], edges: Iterable[dict[str, Any]], before: Sequence[float]) -> Table | None:
    """The table of a page that its headings tell, or that goes on with columns that have the edges `before`.

    `words` are those of no other table, `edges` the lines drawn on the page. None where there is no such table, or its
    columns cannot be told apart.
    """
    lines = [line for line in lines_of(words) if line]
    at = next((at for at, line in enumerate(lines) if len(_periods(line)) > 1), None)
    if at is None:
        own = _going_on(lines, before) if before else []
        columns = list(before)
    else:
        seeds = _periods(lines[at])
        own = _above(lines[: at + 1], seeds) + _below(lines[at:], seeds)
        columns = _columns([word for line in own for word in line])
        if any(sum(left < edge < right for edge in columns) != 1 for (_, left), (right, _) in pairwise(seeds)):
            return None
    if len(own) < 2:
        return None
    rules = [one for one in edges if one["orientation"] == "h"]
    rows = _rows(own, [one["top"] for one in rules if one["x0"] < columns[-1] and one["x1"] > columns[0]])
    boxes = [Row([(left, top, right, low) for left, right in pairwise(columns)]) for top, low in pairwise(rows)]
    return Table((columns[0], rows[0], columns[-1], rows[-1]), boxes, columns)


def _periods(line: Line) -> list[tuple[float, float]]:
    """Where the headings of periods on a line begin and end, the same one not twice."""
    found = {text: _ends(part) for part in parts(line, _RIVER) if is_period(text := line_text(part, ()))}
    return list(found.values())


def _ends(part: Line) -> tuple[float, float]:
    return part[0]["x0"], max(word["x1"] for word in part)


def _crosses(line: Line, seeds: Sequence[tuple[float, float]]) -> bool:
    """Whether a part of a line stands in two columns."""
    spans = map(_ends, parts(line, _RIVER))
    return any(sum(left < end and start < right for left, right in seeds) > 1 for start, end in spans)


def _gap(upper: Line, lower: Line) -> float:
    """The white between two lines, in letters."""
    return (min(w["top"] for w in lower) - max(w["bottom"] for w in upper)) / lower[0]["size"]


def _below(lines: list[Line], seeds: Sequence[tuple[float, float]]) -> list[Line]:
    """The lines after the first that belong to a table with columns there."""
    own: list[Line] = []
    for upper, lower in pairwise(lines):
        if _crosses(lower, seeds) or _gap(upper, lower) > _END:
            break
        own.append(lower)
    return own


def _above(lines: list[Line], seeds: Sequence[tuple[float, float]]) -> list[Line]:
    """The lines right above the last one, the headings, that stand in their columns, as those of other columns do."""
    own = [lines[-1]]
    for line in reversed(lines[:-1]):
        if _crosses(line, seeds) or len(list(parts(line, _RIVER))) < 2 or _gap(line, own[0]) > 1:
            break
        own.insert(0, line)
    return own


def _going_on(lines: list[Line], columns: Sequence[float]) -> list[Line]:
    """The first lines of a page that stand in the columns of the page before."""
    own: list[Line] = []
    for line in lines:
        spans = list(map(_ends, parts(line, _RIVER)))
        if any(start < edge < end for start, end in spans for edge in columns) or (own and _gap(own[-1], line) > _END):
            break
        own.append(line)
    return own


def _columns(words: Sequence[Word]) -> list[float]:
    """The edges of columns: the middle of every white that goes through all words."""
    least = _RIVER * median(word["size"] for word in words)
    edges, right = [min(word["x0"] for word in words) - 1], 0.0
    for word in sorted(words, key=lambda word: word["x0"]):
        if right and word["x0"] - right > least:
            edges.append((right + word["x0"]) / 2)
        right = max(right, word["x1"])
    return [*edges, right + 1]


def _rows(lines: Sequence[Line], rules: Iterable[float]) -> list[float]:
    """The edges of rows: lines drawn across, else white that is wider than the white within a row."""
    top, low = (end(word[side] for line in lines for word in line) for end, side in ((min, "top"), (max, "bottom")))
    across = [rule for rule in sorted(rules) if top < rule < low]
    if len(across) >= _RULES:
        return [top - 1, *(rule for before, rule in pairwise([top, *across]) if rule - before > 2), low + 1]
    whites: list[tuple[float, float]] = []
    bottom = max(word["bottom"] for word in lines[0])
    for line in lines[1:]:
        start, end = min(word["top"] for word in line), max(word["bottom"] for word in line)
        whites += [(bottom, start)] if start > bottom - 1 else []
        bottom = max(bottom, end)
    wide = [after - before for before, after in whites]
    size = lines[0][0]["size"]
    least = (min(wide) + max(wide)) / 2 if wide and max(wide) - min(wide) > _UNEVEN * size else -size
    cuts = [pair for pair in whites if pair[1] - pair[0] > least or any(pair[0] <= rule <= pair[1] for rule in across)]
    return [top - 1, *(sum(pair) / 2 for pair in cuts), low + 1]
