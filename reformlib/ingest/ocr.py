"""Pictures of pages to words and lines, through tesseract where it is installed.

A page is turned straight, its lines are found and taken away, and every cell between them is read apart from the
others: what stands in the next column cannot run into it. What is read so is never taken as it stands.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reformlib.errors import ReformError
from reformlib.ingest.pdf_words import Box, Word, open_ends, table_of

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 300  # at which lines are found
_READ = 0.6  # of that: at 300 dpi letters are larger than those that tesseract has learned, and figures come out wrong
LONGEST = 5_000  # pixels of a page on its long side
SECONDS = 100
INSTALL = "apt install tesseract-ocr tesseract-ocr-vie"
_DARK = 150  # of 255: what is darker is ink
_FAINT = 200  # what is darker may be a line
_EVEN = 3  # pixels on each side that a pixel of a line is evened out with
_LONG = DPI // 3  # of a line, at least
_NEAR = 8  # pixels between what is one line
_INK = 12  # dark pixels of a cell at least in which something is written
_EDGE = 6  # pixels at the sides of a cell that its lines may leave
_MARGIN = 48  # pixels of white around a cell that is read
_FIGURE = re.compile(r"(?=.*\d)[\dóoOlI|sS.,%]+")  # digits, and letters that digits are taken for
_DIGITS = str.maketrans("óoOlI|sS", "60011155")
_STEPS = (0.5, 0.1)  # of an angle, in degrees: a first look, a closer one
_LETTER = 40.0  # pixels of a letter: 10 points
_MOST = 3.0  # degrees that a page may be turned


class Scan(NamedTuple):
    """A page as read: its picture turned straight, the tables between its lines, these, its words, in pixels.

    Each word has its confidence, 0 to 100, as `conf`.
    """

    image: Image
    tables: list[Any]
    edges: list[dict[str, Any]]
    words: list[Word]

    def cut_out(self, box: Box) -> str:
        """The picture of a part, as the address of a picture on a page."""
        out = io.BytesIO()
        small = self.image.crop(_wider(box, 0, 0)).convert("L")
        small.resize((max(1, small.width // 2), max(1, small.height // 2))).quantize(8).save(out, "PNG", optimize=True)
        return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()

    def has_ink(self, box: Box) -> bool:
        """Whether anything stands in a cell."""
        left, top, right, bottom = _wider(box, -_EDGE * 2, -_EDGE * 2)
        if right <= left or bottom <= top:
            return False
        return sum(self.image.crop((left, top, right, bottom)).histogram()[:_DARK]) >= _INK


def scanned(picture: Image, path: Path) -> Scan:
    """Read the picture of a page. Raises ReformError where no tesseract that knows Vietnamese is installed."""
    image = _straight(picture.convert("L"))
    edges = _lines(image)
    bare = image.copy()
    for edge in edges:
        aside, along = (2, 4) if edge["orientation"] == "h" else (4, 2)
        bare.paste(255, _wider((edge["x0"], edge["top"], edge["x1"], edge["bottom"]), aside, along))
    tables = _tables(edges)
    if ends := open_ends([table.bbox for table in tables], edges, _NEAR):
        wide = min(edge["x0"] for edge in edges), max(edge["x1"] for edge in edges)
        tables = _tables(edges + [_edge("h", *wide, end) for end in ends])
    cells = [box for table in tables for box in table.cells]
    scan = Scan(bare, tables, edges, [])
    written = [box for box in cells if scan.has_ink(box)]
    words = [word for column in _columns(written) for word in _words_in(bare, column, path)]
    for box in cells:
        bare.paste(255, _wider(box, 0, 0))
    return Scan(image, tables, edges, words + _read(bare, path, "3"))


def _columns(boxes: Sequence[Box]) -> list[list[Box]]:
    """Cells by column: figures below long labels are taken for letters, those below other figures are not."""
    columns: list[list[Box]] = []
    for box in sorted(boxes):
        if not columns or box[0] - columns[-1][0][0] > _NEAR:
            columns.append([])
        columns[-1].append(box)
    return columns


def _wider(box: Box, aside: int, along: int) -> tuple[int, int, int, int]:
    """A box in whole pixels, so much wider and higher on each side."""
    left, top, right, bottom = map(int, box)
    return left - aside, top - along, right + aside, bottom + along


def _straight(image: Image) -> Image:
    """A page turned so that its lines are level: where the rows of its pixels differ most."""
    import numpy as np
    from PIL.Image import Resampling

    small = image.resize((image.width // 4, image.height // 4))

    def unevenness(angle: float) -> float:
        rows = np.asarray(small.rotate(angle, fillcolor=255)).mean(axis=1)
        return float(np.square(np.diff(rows)).sum())

    angle, wide = 0.0, _MOST
    for step in _STEPS:
        count = round(wide / step)
        angle = max((angle + step * at for at in range(-count, count + 1)), key=unevenness)
        wide = step
    return image.rotate(angle, fillcolor=255, resample=Resampling.BICUBIC) if angle else image


def _lines(image: Image) -> list[dict[str, Any]]:
    """The level and upright lines of a page, as edges of pdfplumber."""
    import numpy as np

    grey = np.asarray(image, dtype=np.float32)
    edges = []
    for orientation, level in (("h", grey), ("v", grey.T)):
        # along a line noise evens out; a pixel of slack on either side, as a line of a scan is not quite level
        sums = np.pad(np.cumsum(np.pad(level, ((0, 0), (_EVEN, _EVEN)), mode="edge"), axis=1), ((0, 0), (1, 0)))
        ink = (sums[:, 2 * _EVEN + 1 :] - sums[:, : -2 * _EVEN - 1]) < _FAINT * (2 * _EVEN + 1)
        near = ink.copy()
        near[1:] |= ink[:-1]
        near[:-1] |= ink[1:]
        for at, start, end in _runs(near):
            edges.append(_edge(orientation, start, end, at))
    return [edge for edge in edges if _is_drawn(edge, edges)]


def _edge(orientation: str, start: float, end: float, at: float) -> dict[str, Any]:
    """A line as an edge of pdfplumber."""
    across, down = (("x0", "x1"), ("top", "bottom"))[:: 1 if orientation == "h" else -1]
    ends = dict(zip(across, (start, end), strict=True)) | dict.fromkeys(down, at)
    sizes = {"width": ends["x1"] - ends["x0"], "height": ends["bottom"] - ends["top"]}
    return ends | sizes | {"orientation": orientation, "object_type": "line"}


def _is_drawn(edge: dict[str, Any], edges: Sequence[dict[str, Any]]) -> bool:
    """Whether what looks like a line is one and not the feet of a word's letters: it is long, or meets another."""
    if edge["width"] + edge["height"] >= 3 * _LONG:
        return True
    near = 2 * _NEAR
    return any(
        other["x0"] - near < x < other["x1"] + near and other["top"] - near < y < other["bottom"] + near
        for other in edges
        if other["orientation"] != edge["orientation"]
        for x, y in ((edge["x0"], edge["top"]), (edge["x1"], edge["bottom"]))
    )


def _runs(ink: Any) -> list[tuple[int, int, int]]:
    """Long dark runs of the rows of a picture: row, start and end, of those of one line the middle one."""
    import numpy as np

    found: list[list[int]] = []
    padded = np.pad(ink.astype(np.int8), ((0, 0), (1, 1)))
    changes = np.diff(padded, axis=1)
    for at in np.flatnonzero(ink.sum(axis=1) >= _LONG):
        starts, ends = np.flatnonzero(changes[at] == 1), np.flatnonzero(changes[at] == -1)
        for start, end in zip(starts, ends, strict=True):
            if end - start < _LONG:
                continue
            same = next(
                (r for r in reversed(found) if at - r[1] <= 2 and start < r[3] + _NEAR and end > r[2] - _NEAR), None
            )
            if same is None:
                found.append([int(at), int(at), int(start), int(end)])
            else:
                same[1:] = [int(at), min(same[2], int(start)), max(same[3], int(end))]
    return [((top + low) // 2, start, end) for top, low, start, end in found]


def _tables(edges: list[dict[str, Any]]) -> list[Any]:
    """The tables that lines make, as pdfplumber finds them."""
    from pdfplumber import table as finder

    merged = finder.merge_edges(edges, _NEAR, _NEAR, _NEAR * 3, _NEAR * 3)
    crossings = finder.edges_to_intersections(merged, _NEAR * 2, _NEAR * 2)
    return list(map(table_of, finder.cells_to_tables(finder.intersections_to_cells(crossings))))


def _words_in(image: Image, boxes: Sequence[Box], path: Path) -> list[Word]:
    """The words in cells: these under each other in one picture, which is read."""
    from PIL import Image as pictures

    cuts = [image.crop(_wider(box, -_EDGE, -_EDGE)) for box in boxes]
    tops = list(accumulate((cut.height + _MARGIN for cut in cuts), initial=_MARGIN))
    tall = pictures.new("L", (max(cut.width for cut in cuts) + 2 * _MARGIN, tops[-1]), 255)
    for cut, top in zip(cuts, tops, strict=False):
        tall.paste(cut, (_MARGIN, top))
    words = []
    for word in _read(tall, path, "6"):
        at = max(0, bisect_right(tops, (word["top"] + word["bottom"]) / 2 + _MARGIN / 2) - 1)
        right, down = boxes[at][0] + _EDGE - _MARGIN, boxes[at][1] + _EDGE - tops[at]
        moved = {"x0": right, "x1": right, "top": down, "bottom": down}
        words.append(word | {side: word[side] + by for side, by in moved.items()})
    return words


def _read(image: Image, path: Path, layout: str) -> list[Word]:
    """The words that tesseract sees in a picture; `layout` is how it looks for them."""
    program = shutil.which("tesseract")
    if program is None:
        raise _unread(path, "reading one takes tesseract, which is not installed")
    out = io.BytesIO()
    small = image.resize((max(1, round(image.width * _READ)), max(1, round(image.height * _READ))))
    small.save(out, "PNG", compress_level=1)
    # the letters of English besides make figures more certain
    command = [program, "stdin", "stdout", "-l", "vie+eng", "--psm", layout, "--dpi", str(int(DPI * _READ)), "tsv"]
    options = {"capture_output": True, "timeout": SECONDS, "env": {**os.environ, "OMP_THREAD_LIMIT": "1"}}
    try:
        done = subprocess.run(command, input=out.getvalue(), check=False, **options)
    except subprocess.TimeoutExpired:
        raise _unread(path, f"tesseract takes more than {SECONDS} seconds for a page") from None
    if done.returncode:
        raise _unread(path, f"tesseract says {done.stderr.decode(errors='replace').strip().partition('.')[0]!r}")
    words, upper, lower = [], 0.0, 0.0
    for line in done.stdout.decode("utf-8", errors="replace").splitlines()[1:]:
        level, *counts, conf, text = line.split("\t")
        left, top, wide, high = (int(count) / _READ for count in counts[-4:])
        if level == "4":  # a line, whose words stand as high as each other, whatever letters they have
            upper, lower = top, top + high
        elif level == "5" and text.strip():
            sides = {"x0": left, "top": upper, "x1": left + wide, "bottom": lower}
            text = text.translate(_DIGITS) if _FIGURE.fullmatch(text) else text
            words.append({"text": text, **sides, "size": _LETTER, "conf": float(conf)})
    return words


def _unread(path: Path, why: str) -> ReformError:
    return ReformError(
        f"{path.name} has a page that is a picture, as a scan is: {why}",
        where=str(path),
        fix=f"ask the office for the Word or Excel file; or let the picture be read: {INSTALL}",
    )
