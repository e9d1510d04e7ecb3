"""A table of a page without lines on the sides of its cells: told by the white between its columns.

It is found by its headings: two periods or more on one line. Its columns are parted by white that no word of it stands
in, its rows by lines across the page, where there are any, else by wider white.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from reformlib.ingest.pdf_words import Word, line_text, lines_of, parts, table_of
from reformlib.ingest.wording import is_period

_RIVER = 0.6  # of the size of a letter: white between two columns
_APART = 1.5  # of the size of a letter: white between figures, wider than any in a line of text
_END = 3.0  # of the size of a letter: white between a table and what follows
_RULES = 3  # lines within a table from which on they part its rows; fewer part its head from its body
_UNEVEN = 0.2  # of the size of a letter: that the white between rows is wider than that within one

Line = list[Word]
Edge = dict[str, Any]  # of pdfplumber: a line drawn on the page


def table_in_white(words: list[Word], edges: Sequence[Edge]) -> Any:
    """The table of a page that its headings tell; None where there is none, or its columns cannot be told apart.

    `words` are those of no other table, `edges` the lines drawn on the page.
    """
    lines = lines_of(words)
    at = next((at for at, line in enumerate(lines) if len(_periods(line)) > 1), None)
    if at is None:
        return None
    seeds = _periods(lines[at])
    own = _above(lines[: at + 1], seeds) + _below(lines[at:], seeds)
    columns = _columns([word for line in own for word in line])
    apart = all(sum(left < edge < right for edge in columns) == 1 for (_, left), (right, _) in pairwise(seeds))
    return _table(own, edges, columns) if apart and len(own) > 1 else None


def table_below(words: list[Word], edges: Sequence[Edge], columns: Sequence[float], top: float = 0.0) -> Any:
    """The rows that go on, in the same columns, with a table that ends at `top` or on the page before."""
    own: list[Line] = []
    for line in lines_of(word for word in words if word["top"] > top - 1):
        spans = list(map(_ends, parts(line, _RIVER)))
        gap = _gap(own[-1], line) if own else (line[0]["top"] - top) / line[0]["size"] if top else 0
        if gap > _END or any(start < edge < end for start, end in spans for edge in columns):
            break
        own.append(line)
    return _table(own, edges, columns) if any(map(holds_row, own)) else None


def holds_row(line: Line) -> bool:
    """Whether a line ends in two figures with white between them, as a row of a form does."""
    texts = [line_text(part, ()) for part in parts(line, _APART)]
    return len(texts) > 2 and all(re.fullmatch(r"\d[\d.,]*\s*%?", text) for text in texts[-2:])


def _table(own: list[Line], edges: Sequence[Edge], columns: Sequence[float]) -> Any:
    rules = [one for one in edges if one["orientation"] == "h"]
    rows = _rows(own, [one["top"] for one in rules if one["x0"] < columns[-1] and one["x1"] > columns[0]])
    return table_of([(left, top, right, low) for top, low in pairwise(rows) for left, right in pairwise(columns)])


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
    """The edges of rows: lines drawn across, and white that is wider than the least, which parts the lines of a cell.

    Without lines across, and where all white is alike, every line of text is a row.
    """
    top, low = (end(word[side] for line in lines for word in line) for end, side in ((min, "top"), (max, "bottom")))
    across = [rule for rule in sorted(rules) if top < rule < low]
    whites = list(_whites(lines))
    ruled = [(before, after) for before, after in whites if any(before - 1 <= rule <= after + 1 for rule in across)]
    wide = {pair: pair[1] - pair[0] for pair in whites if pair not in ruled}
    least = min(wide.values(), default=0.0) + _UNEVEN * lines[0][0]["size"]
    if len(across) < _RULES and max(wide.values(), default=0.0) <= least:
        least = -1.0
    cuts = sorted([*ruled, *(pair for pair, white in wide.items() if white > least)])
    return [top - 1, *(sum(pair) / 2 for pair in cuts), low + 1]


def _whites(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """The white between lines, from above: where each begins and ends; none where lines stand beside each other."""
    bottom = max(word["bottom"] for word in lines[0])
    for line in lines[1:]:
        if (start := min(word["top"] for word in line)) > bottom - 1:
            yield bottom, start
        bottom = max(bottom, *(word["bottom"] for word in line))
