"""PDF as a program writes it, drawn by matplotlib from a layout of the form: text in cells with lines around them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tests.synthetic import Layout

WIDE, HIGH, SIZE, LINE = 842, 595, 8, 10  # of a page, of letters and from line to line, in points
MARK = "^"  # before what is raised in a cell


def write_pdf(
    layout: Layout, path: Path, *, each: int = 8, lines: bool = True, crossed: str = "", image: str = ""
) -> None:
    """The layout on pages of so many rows, its headings on each; `crossed` is a word with a line through it.

    `lines` draws those around cells; `image` is a picture that covers every page: "alone" or "below" the text.
    """
    body = range(layout.head, len(layout.rows))
    pages = [body[at : at + each] for at in range(0, len(body), each)] or [body]
    with matplotlib.rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}), PdfPages(path) as book:
        for number, part in enumerate(pages):
            figure = Figure(figsize=(WIDE / 72, HIGH / 72))
            FigureCanvasAgg(figure)  # measures text
            if image:
                figure.figimage([[0.9] * 842] * 595, cmap="gray", vmin=0, vmax=1)
            y = HIGH - 30
            if image != "alone":
                for text in layout.before if number == 0 else ():
                    y = _write(figure, 30, y, [text], "") - 6
                y = _table(figure, layout, [*range(layout.head), *part], y, lines, crossed)
                for text in layout.after if part is pages[-1] else ():
                    y = _write(figure, 30, y - 12, [text], "")
            book.savefig(figure)


def _table(figure: Figure, layout: Layout, rows: list[int], y: float, lines: bool, crossed: str) -> float:
    columns = len(layout.rows[0])
    long = [max(len(row[c]) for row in layout.rows) for c in range(columns)]
    room = (WIDE - 40) / sum(min(max(n, 9), 40) for n in long)
    lefts = [20.0]
    for n in long:
        lefts.append(lefts[-1] + min(max(n, 9), 40) * room)
    spans = {(top, left): (low, far) for top, left, low, far in layout.merges}
    covered = {
        (r, c) for (t, left), (b, f) in spans.items() for r in range(t, b + 1) for c in range(left, f + 1)
    } - spans.keys()
    texts = {}
    for r in rows:
        for c in (c for c in range(columns) if (r, c) not in covered):
            far = spans.get((r, c), (r, c))[1]
            letters = max(4, int((lefts[far + 1] - lefts[c] - 6) / (SIZE * 0.62)))
            texts[r, c] = [
                part for line in layout.rows[r][c].split("\n") for part in textwrap.wrap(line, letters) or [""]
            ]
    tops = [y]
    for r in rows:
        own = [len(text) for (at, c), text in texts.items() if at == r and spans.get((r, c), (r, c))[0] == r]
        tops.append(tops[-1] - LINE * max(own, default=1) - 6)
    for (r, c), text in texts.items():
        low, far = spans.get((r, c), (r, c))
        top, bottom = tops[rows.index(r)], tops[rows.index(low) + 1]
        _write(figure, lefts[c] + 3, top - 2, text, crossed)
        if lines:
            xs = [lefts[c], lefts[far + 1], lefts[far + 1], lefts[c], lefts[c]]
            _draw(figure, xs, [top, top, bottom, bottom, top], 0.8)
    return tops[-1]


def _write(figure: Figure, x: float, y: float, lines: list[str], crossed: str) -> float:
    for line in lines:
        y -= LINE
        plain, _, mark = line.partition(MARK)
        shown = figure.text(x / WIDE, y / HIGH, plain, size=SIZE)
        if mark or (crossed and plain == crossed):
            right = shown.get_window_extent().x1 * 72 / figure.dpi
            if mark:
                figure.text((right + 0.3) / WIDE, (y + 3.5) / HIGH, mark, size=SIZE * 0.6)
            else:
                _draw(figure, [x, right], [y + SIZE * 0.3] * 2, 0.6)
    return y


def _draw(figure: Figure, xs: list[float], ys: list[float], wide: float) -> None:
    figure.add_artist(Line2D([x / WIDE for x in xs], [y / HIGH for y in ys], linewidth=wide, color="black"))
