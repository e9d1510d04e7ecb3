"""Words of a page of a PDF: on lines, in parts that stand apart, and put together again to text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from reformlib.ingest import encodings
from reformlib.ingest.wording import marker, struck

SMALL = 0.9  # of the size of the text beside it that a marker has at most
_RAISED = 0.15  # of that size: what stands as much higher or lower is one whatever its own size
GAP = 0.2  # of the size of a letter: between two words
_COLUMN = 3.0  # of the size of a letter: between two columns of text

_YEAR_IN = re.compile(r"(?:.*\bnăm |\d{1,2}[/.-]\d{1,2}[/.-])(?:19|20)\d\d", re.IGNORECASE)

Box = tuple[float, float, float, float]  # left, top, right, bottom
Word = dict[str, Any]  # of pdfplumber: text, x0, top, x1, bottom, size


def middle(word: Word) -> tuple[float, float]:
    return (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2


def holds(box: Box, word: Word) -> bool:
    x, y = middle(word)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def table_of(cells: Sequence[Box]) -> Any:
    """A table as pdfplumber gives one, of cells that are told otherwise than by the lines of its page."""
    from pdfplumber.table import Table  # here: a picture or a PDF is read, or nothing needs it

    no_page: Any = None
    return Table(no_page, list(cells))


def outside(tables: Iterable[Any], words: Iterable[Word]) -> list[Word]:
    """The words that stand in none of the tables."""
    boxes = [table.bbox for table in tables]
    return [word for word in words if not any(holds(box, word) for box in boxes)]


def loose(table: Any, words: list[Word]) -> list[Word]:
    """The words beside the cells of a table, in its height."""
    _, top, _, bottom = table.bbox
    return [word for word in words if top < middle(word)[1] < bottom and not any(holds(b, word) for b in table.cells)]


def open_ends(tables: Iterable[Box], edges: Sequence[dict[str, Any]], near: float) -> list[float]:
    """Where the upright `edges` of tables end, above or below all rows: there stands a row that a page breaks.

    >>> sides = [{"orientation": "v", "x0": x, "top": 0, "bottom": 50} for x in (0, 100)]
    >>> open_ends([(0, 0, 100, 30)], sides, 1), open_ends([(0, 0, 100, 50)], sides, 1)
    ([50], [])
    """
    ends = []
    for left, top, right, bottom in tables:
        sides = [one for one in edges if one["orientation"] == "v" and left - near <= one["x0"] <= right + near]
        sides = [one for one in sides if one["top"] <= bottom + near and one["bottom"] >= top - near]
        low, high = max(one["bottom"] for one in sides), min(one["top"] for one in sides)
        ends += [end for end in (low, high) if not top - 2 * near < end < bottom + 2 * near]
    return ends


def _is_torn(above: list[Word], line: list[Word]) -> bool:
    """Whether a word goes on in the next line of a narrow cell: it stands alone or no word begins so, and no part is
    a word by itself.

    Geometry does not tell: a space at the end of a line is not in the file. So does a year, «Năm 20» above «19».
    """
    if _YEAR_IN.fullmatch(" ".join(word["text"] for word in above) + line[0]["text"]):
        return True
    start, end = (re.split(r"[\W\d]", text)[at] for text, at in ((above[-1]["text"], -1), (line[0]["text"], 0)))
    apart = encodings.is_syllable(start) and encodings.is_syllable(end)
    alone = len(above) == 1 or not encodings.is_syllable(end)
    return alone and bool(start and end) and not apart and encodings.is_syllable(start + end)


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words by line, from above and from the left; a marker stands on the line whose words it overlaps."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (-word["size"], word["top"])):
        y = middle(word)[1]
        line = next((line for line in lines if line[0]["top"] - 1 <= y <= line[0]["bottom"] + 1), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    return [sorted(line, key=lambda word: word["x0"]) for line in sorted(lines, key=lambda line: line[0]["top"])]


def line_text(words: list[Word], strokes: Sequence[Box]) -> str:
    """The text of a line; what is smaller than the text beside it and not as low is a marker."""
    size = max(word["size"] for word in words)
    base = median(word["bottom"] for word in words if word["size"] == size for _ in word["text"])
    text = ""
    for before, word in pairwise([None, *words]):
        assert word is not None
        shown = word["text"]
        if before is not None and word["x0"] - before["x1"] > GAP * min(word["size"], before["size"]):
            text += " "
        moved = abs(word["bottom"] - base)
        if moved > _RAISED * size or (word["size"] <= SMALL * size and moved > size / 20):
            text += marker(shown)
        else:
            text += struck(shown) if _is_crossed(word, strokes) else shown
    return unicodedata.normalize("NFC", text).strip()


def cell_text(words: Iterable[Word], strokes: Sequence[Box]) -> str:
    """The text of a cell, line by line."""
    text = ""
    for above, line in pairwise([None, *lines_of(words)]):
        assert line is not None
        text += "" if above is None or _is_torn(above, line) else "\n"
        text += line_text(line, strokes)
    return text


def _is_crossed(word: Word, strokes: Sequence[Box]) -> bool:
    """Whether a line goes through the middle of a word."""
    high = word["bottom"] - word["top"]
    low, deep = word["top"] + high * 0.35, word["bottom"] - high * 0.25
    x, _ = middle(word)
    return any(left <= x <= right and low < top and bottom < deep for left, top, right, bottom in strokes)


def paragraphs(words: list[Word]) -> Iterator[str]:
    """The text outside tables: lines that reach the right edge go on in the next one of their size."""
    lines = [part for line in lines_of(words) for part in parts(line, _COLUMN)]
    edge = max((line[-1]["x1"] for line in lines), default=0.0)
    held = ""
    for line, below in pairwise([*lines, None]):
        assert line is not None
        text = line_text(line, ())
        held = f"{held} {text}".strip() if not re.fullmatch(r"\d+", text) else held
        size = line[0]["size"]
        goes_on = below is not None and below[0]["size"] == size and below[0]["top"] - line[0]["bottom"] < size
        if not (goes_on and line[-1]["x1"] > edge - 5 * size) and held:
            yield held
            held = ""


def parts(line: list[Word], wide: float) -> Iterator[list[Word]]:
    """The parts of a line between which the white is wider than so many letters."""
    part = line[:1]
    for before, word in pairwise(line):
        if word["x0"] - before["x1"] > wide * word["size"]:
            yield part
            part = []
        part.append(word)
    yield part
