"""Charts of the pages: the finding as title, the measure under it, direct labels, alt text and the data.

Matplotlib draws them with text as text (`svg.fonttype: none`) in a box of fixed edges, so that those of one gallery
stand in line; :func:`svg_of` keeps of its SVG what the page needs. It stands in the page itself: letters are the
reader's own, can be found and copied, and the stylesheet gives each colour its light and its dark. Room is measured
with DejaVu Sans, which is wider than the fonts of offices.
"""

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from lxml.etree import fromstring
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from reformlib.locale import bound
from reformlib.present.html import Fragment, bullets, gathered, tag
from reformlib.present.page import Page

# style.css has a rule for every one of them
INK, MUTED, ACCENT, TARGET, GRID, PAPER = "#1b1b1b", "#595959", "#0b5394", "#a3410b", "#d9d9d9", "#ffffff"
GROUND, BAND = "#ececec", {"95": "#cfe0f1", "80": "#8fb8dd", "50": "#5a94cc"}
EDGE = "#3f7fb8"  # where a band ends tells more than how dark it is
# A point by its status, in the shapes of reformlib.present.table.STATUS_SHAPES.
MARKERS: dict[str, dict[str, Any]] = {
    "A": {"marker": "o"},
    "B": {"marker": "D"},
    "D": {"marker": "D", "mfc": PAPER},
    "E": {"marker": "o", "mfc": PAPER},
    "P": {"marker": "o", "fillstyle": "left", "markerfacecoloralt": PAPER},
    "U": {"marker": "^", "mfc": PAPER},
}
MIN_ALT = 30
FONT, SIZE, WIDTH = "DejaVu Sans", 11.5, 331  # bundled with matplotlib and complete for Vietnamese; points
LINE = 15  # points from one line of text to the next
_STYLE = {
    "font.family": FONT,
    "font.size": SIZE,
    "svg.fonttype": "none",
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.pad": 5,
    "ytick.major.pad": 5,
    "grid.color": GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
# where a label may stand beside its point: points to the right and up, and what of the text is there
BESIDE = (8, 0, "left", "center")
SIDES = (
    (0, 9, "center", "baseline"),
    (0, -9, "center", "top"),
    (-4, 9, "left", "baseline"),
    (4, 9, "right", "baseline"),
    (-4, -9, "left", "top"),
    (4, -9, "right", "top"),
    (-13, 16, "left", "baseline"),
    (13, 16, "right", "baseline"),
    (-8, 0, "right", "center"),
    BESIDE,
)


@contextmanager
def chart_axes(height: float = 150, *, left: float = 8, right: float = 8, above: float = 20):
    """A figure as wide as a phone shows at full size with axes `height` points high, and room beside them in points.

    A letter that the font lacks is an error, not a box.
    """
    style: dict[Any, Any] = {**sns.axes_style("whitegrid"), **_STYLE}
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        below = 22  # for the numbers of the axis
        whole = height + above + below
        figure = Figure(figsize=(WIDTH / 72, whole / 72), dpi=72)
        figure.patch.set_visible(False)
        axes = figure.add_axes((left / WIDTH, below / whole, 1 - (left + right) / WIDTH, height / whole))
        axes.patch.set_gid("class:plot")
        axes.grid(axis="x", visible=False)
        yield figure, axes


def hint(drawn: Iterable[Any], text: str) -> None:
    """What a pointer over these artists is told."""
    for artist in drawn:
        artist.set_gid(f"title:{text}")


def svg_of(figure: Figure) -> Markup:
    """The figure as SVG to stand in a page, the same bytes each time. Raises ValueError where no data is drawn, or some
    beside the axes."""
    for axes in figure.axes:
        data, view = axes.dataLim.get_points(), np.sort(axes.viewLim.get_points(), axis=0)
        if not axes.has_data() or not np.isfinite(data).all():
            raise ValueError("an empty chart: axes without a mark")
        room = 1e-6 * (view[1] - view[0])
        if (data[0] < view[0] - room).any() or (data[1] > view[1] + room).any():
            raise ValueError(f"data beside the axes of a chart: {data.tolist()} in {view.tolist()}")
    out = io.BytesIO()
    # not savefig, which draws all of it once more to lay it out
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})
    width, height = (f"{72 * size:.0f}" for size in figure.get_size_inches())
    shape = {"width": f"{width}pt", "height": f"{height}pt", "viewBox": f"0 0 {width} {height}", "font-size": str(SIZE)}
    return tag("svg", *_parts(fromstring(out.getvalue())), **shape)


_KEPT = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-weight", "text-anchor")
_SVG = "{http://www.w3.org/2000/svg}"


def _parts(root: Any) -> Iterator[Markup]:
    """Paths and texts of matplotlib's SVG in the order they are drawn, without groups, definitions and clipping.

    In a group named `class:…` or `title:…` they have that class, or that text to hover. A text is of one line.
    """
    defined = {path.get("id"): path for path in root.iterfind(f".//{_SVG}defs/{_SVG}path")}
    for one in root.iter(f"{_SVG}path", f"{_SVG}use", f"{_SVG}text"):
        if one.getparent().tag == f"{_SVG}defs":
            continue
        style = dict(part.split(": ", 1) for part in one.get("style", "").split("; ") if part)
        kept = {name.replace("-", "_"): style.get(name) for name in _KEPT}
        if one.tag == f"{_SVG}text":
            yield tag("text", one.text, x=_short(one.get("x")), y=_short(one.get("y")), **kept)
            continue
        path = defined[one.get("{http://www.w3.org/1999/xlink}href")[1:]] if one.tag == f"{_SVG}use" else one
        drawn, *at = path.get("d"), float(one.get("x", 0)), float(one.get("y", 0))
        # a point is drawn as eight curves: two arcs say it in a fifth of the bytes
        d = _circle(drawn, *at) if drawn.count("C") == 8 else _moved(drawn, *at)
        if d.count(" ") > 1:  # a line of one point shows nothing
            groups = (group.get("id", "") for group in one.iterancestors())
            names = dict(name.split(":", 1) for name in groups if ":" in name)
            told = tag("title", names["title"]) if "title" in names else None
            yield tag("path", told, d=d, class_=names.get("class"), **kept)


def _circle(path: str, x: float, y: float) -> str:
    """A point as two arcs around its middle; matplotlib draws it from its lowest point."""
    radius = abs(float(path.split()[2]))
    r, across = _short(radius), _short(2 * radius)
    return f"M{_short(x)} {_short(y - radius)}a{r} {r} 0 1 1 0 {across}a{r} {r} 0 1 1 0 -{across}z"


def _short(number: str | float) -> str:
    """A coordinate to a tenth of a point."""
    text = f"{float(number):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _moved(path: str, right: float, down: float) -> str:
    """A path at another place, its coordinates in tenths of a point."""
    number = r"(-?[\d.]+) (-?[\d.]+)\s*"
    moved = re.sub(number, lambda at: f"{_short(float(at[1]) + right)} {_short(float(at[2]) + down)} ", path)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", moved).strip()


def figure(
    page: Page,
    svg: Markup,
    *,
    title: str,
    subtitle: str,
    source: str,
    alt: str,
    data: Fragment,
    told: Sequence[str] = (),
    wide: bool = False,
) -> Fragment:
    """A chart with its words: title, subtitle, picture, source, and the data folded under it.

    `told` says in a line each what else is in the picture; a `wide` one has its words beside it where there is room.
    Raises ValueError without title, source or an alt text of at least `MIN_ALT` characters.
    """
    if not title.strip() or not source.strip() or len(alt.strip()) < MIN_ALT:
        raise ValueError(f"a chart needs a title, a source and an alt text of {MIN_ALT} characters: {title!r}")
    heads = tag("div", tag("strong", title), class_="chart-title"), tag("div", subtitle, class_="chart-subtitle")
    line = tag("summary", page._("Data of this chart"), tag("span", ": ", title, class_="vh"))
    parts = (
        tag("figcaption", *heads),
        tag("div", svg, class_="picture", role="img", aria_label=alt),
        bullets(told, class_="told") if told else None,
        tag("p", page._("Source: {source}", source=source), class_="source"),
        tag("details", line, data, class_="data"),
    )
    shown = tag("figure", *parts, class_="chart wide" if wide else "chart")
    return Fragment(shown, [part | {"chart": title, "source": source} for part in data.parts])


def gallery(*charts: Fragment) -> Fragment:
    """Charts side by side where there is room."""
    return Fragment(tag("div", *charts, class_="gallery"), gathered(charts))


def source(page: Page, indicator: str) -> str:
    """Source line of a chart: the report, the row of its annex, and of whom it is where not of the unit."""
    of_it = page.supposed and page.report.supposes([indicator])
    places = [page.meta("source"), page.row_place(indicator), *([page._("figures supposed, what if")] if of_it else [])]
    return page.scoped("; ".join(places), indicator)


def lower_is_better(page: Page, indicator: str) -> str:
    """The end of a subtitle that says which way is better, where that is down."""
    return f"; {page._('lower is better')}" if page.indicator(indicator)["direction"] == "decrease" else ""


def ticks(unit: str, low: float, high: float) -> list[float]:
    """Up to six round numbers around `low` and `high` and 0: tens, fives and twos, of shares none above 100 but where
    they are.

    >>> ticks("signatures", 3, 19), ticks("%", 90, 97.7)
    ([0.0, 5.0, 10.0, 15.0, 20.0], [0.0, 20.0, 40.0, 60.0, 80.0, 100.0])
    """
    top = 100 if unit == "%" and 20 < high <= 100 else max(high, 0)
    found = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(min(low, 0), top if top > min(low, 0) else 1)
    return [float(tick) for tick in found]


def number_axis(page: Page, axes, axis: str, unit: str, span: tuple[float, float]) -> None:
    """The `x` or the `y` axis of numbers in a unit, from the first to the last of its :func:`ticks`."""
    at = ticks(unit, *span)
    axes.set(**{f"{axis}ticks": at, f"{axis}ticklabels": list(map(page.number, at)), f"{axis}lim": (at[0], at[-1])})


def room(page: Page, unit: str, span: tuple[float, float]) -> float:
    """Points beside the axes that the numbers of a chart take."""
    return 12 + max(width(page.number(tick)) for tick in ticks(unit, *span))


def font_files() -> list[str]:
    """The files of the font, regular and bold."""
    return [findfont(FontProperties(family=FONT, weight=weight)) for weight in ("normal", "bold")]


@lru_cache(maxsize=4096)
def width(text: str, weight: str = "normal") -> float:
    """Points that a text is wide, in the widest font that a page is likely to be shown in."""
    font = FontProperties(family=FONT, weight=weight, size=SIZE)
    return text_to_path.get_text_width_height_descent(text, font, False)[0]


def write(axes, text: str, at: tuple[float, float], right: float, **style: object) -> None:
    """A text beside a point of a chart, so many points to the right; `ha` of `style` says with which end."""
    axes.annotate(text, at, xytext=(right, 0), textcoords="offset points", va="center", **style)


def label(axes, texts: Iterable[tuple], lines: Iterable[Sequence], **style: object) -> None:
    """Texts beside points of a chart, each with its point and perhaps the one of SIDES to try first.

    In the order given, each stands where it is clear of the others, of `lines` (points of the data in their order) and
    of the edges. A text that is so nowhere is left out: the data are under the chart.
    """
    runs = [axes.transData.transform(np.asarray(line, dtype=float)) for line in lines]
    ink = np.vstack([part for run in runs for part in (run, *(np.linspace(*pair, 40) for pair in pairwise(run)))])
    frame, taken = Bbox([[axes.bbox.x0 - 2, axes.bbox.y0], axes.figure.bbox.max]), []
    for text, at, *first in texts:
        note = axes.annotate(text, at, textcoords="offset points", xytext=(0, 0), **style)
        for right, up, ha, va in (*first, *SIDES):
            note.set(ha=ha, va=va, position=(right, up))
            box = note.get_window_extent()
            inside = all(frame.contains(*corner) for corner in (box.min, box.max))
            if inside and not box.count_overlaps(taken) and not box.count_contains(ink):
                taken.append(box.padded(2))
                break
        else:
            note.remove()


def flags(places: Sequence[tuple[float, str]], whole: float) -> list[tuple[int, float, str]]:
    """Where texts at points of a line of `whole` points stand so that none meets another, in the order given: the lane,
    counted from the line, the point that the text ends or begins at, and which: `right` or `left`.

    >>> flags([(0, "one"), (10, "two"), (90, "three")], 100)
    [(1, 0, 'left'), (0, 10, 'left'), (0, 90, 'right')]
    """
    stood: dict[int, tuple[int, float, str]] = {}
    taken: list[tuple[int, float, float]] = []
    # from the middle to the ends: what comes later stands higher, and the line to it passes beside the others
    for n in sorted(range(len(places)), key=lambda n: abs(places[n][0] - whole / 2)):
        at, text = places[n]
        wide = width(text, "bold") + 4
        ha = "right" if at > whole / 2 else "left"
        tied = max(at, min(wide, whole)) if ha == "right" else min(at, max(0, whole - wide))
        start = tied - wide if ha == "right" else tied
        lane = 1 + max((lane for lane, low, high in taken if start < high and low < start + wide), default=-1)
        stood[n] = lane, tied, ha
        taken.append((lane, start, start + wide))
    return [stood[n] for n in range(len(places))]


def flag(axes, place: tuple[int, float, str], height: float, text: str, **style: object) -> None:
    """A text where :func:`flags` puts it, at a height of the axes' data."""
    _lane, tied, ha = place
    write(axes, text, (0, height), tied, xycoords=("axes points", "data"), ha=ha, fontweight="bold", **style)


def wrapped(text: str, room: float = WIDTH - 4) -> list[str]:
    """A text in lines that fit into `room` points in bold letters."""
    lines: list[str] = []
    for word in bound(text).split(" "):
        if lines and width(f"{lines[-1]} {word}", "bold") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


@contextmanager
def stacked(names: Iterable[str], heights: Iterable[float], *, left: float, right: float, above: float = 4):
    """Axes that count in points, for rows one under the other, each a name over so many points: the figure, its axes,
    and the foot of every row in turn. Its name is drawn as it is come to, from the left edge of the picture."""
    texts = [wrapped(name) for name in names]
    steps = [len(lines) * LINE + height for lines, height in zip(texts, heights, strict=True)]

    def feet(axes, top: float) -> Iterator[float]:
        for lines, step in zip(texts, steps, strict=True):
            for n, text in enumerate(lines):
                flag(axes, (0, 2 - axes.bbox.x0, "left"), top - (n + 0.5) * LINE, text)
            top -= step
            yield top

    with chart_axes(sum(steps), left=left, right=right, above=above) as (fig, axes):
        axes.set(ylim=(0, sum(steps)), yticks=[])
        axes.spines["left"].set_visible(False)
        yield fig, axes, feet(axes, sum(steps))
