"""Charts of the pages: the finding as title, the measure under it, direct labels, alt text and the data."""

import io
import re
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib.present.html import Fragment, gathered, image, tag
from reformlib.present.page import Page

INK, MUTED, ACCENT, TARGET, GRID = "#1b1b1b", "#595959", "#0b5394", "#a3410b", "#d9d9d9"
BAND = {"95": "#cfe0f1", "80": "#8fb8dd"}
# A point by its status, in the shapes of reformlib.present.table.STATUS_SHAPES.
MARKERS: dict[str, dict[str, Any]] = {
    "A": {"marker": "o"},
    "B": {"marker": "D"},
    "D": {"marker": "D", "mfc": "white"},
    "E": {"marker": "o", "mfc": "white"},
    "P": {"marker": "o", "fillstyle": "left", "markerfacecoloralt": "white"},
    "U": {"marker": "^", "mfc": "white"},
}
MIN_ALT = 30


_STYLE = {
    "font.family": "DejaVu Sans",  # bundled with matplotlib and complete for Vietnamese
    "font.size": 11.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "reformlib",
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@contextmanager
def chart_axes(height: float = 2.7):
    """One pair of axes as wide as a phone shows at full size; a missing glyph is an error, not a box."""
    style: dict[Any, Any] = {**sns.axes_style("whitegrid"), **_STYLE}
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure = Figure(figsize=(4.6, height), layout="constrained")
        axes = figure.subplots()
        axes.grid(axis="x", visible=False)
        yield figure, axes


def svg_of(figure: Figure) -> bytes:
    """The figure as SVG: the same bytes each time, and few of them. Raises ValueError where no data is drawn."""
    if not all(axes.has_data() and np.isfinite(axes.dataLim.get_points()).all() for axes in figure.axes):
        raise ValueError("an empty chart: axes without a mark")
    out = io.StringIO()
    # not savefig, which draws all of it once more to lay it out
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
    return _compact(out.getvalue()).encode()


def _compact(svg: str) -> str:
    """The same picture without metadata, comments, unused names, and digits finer than a hundredth of a point."""
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r"DejaVuSans(-Bold)?-", lambda font: "b" if font[1] else "g", svg)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda name: name[0] if name[1] in used else "", svg)
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(path[0].split())), svg)
    exact = re.compile(r'(?<= d=")[^"]*|(?<= [xy]=")[^"]*|(?<=translate\()[^)]*')
    svg = exact.sub(
        lambda place: re.sub(r"\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), place[0]), svg
    )
    svg = re.sub(r'(<use [^>]*)transform="translate\(([-\d.]+) 0\)"', r'\1x="\2"', svg)  # letters in a line
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace("xlink:href", "href")
    return re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><").replace("; ", ";").strip()


def figure(page: Page, svg: bytes, *, title: str, subtitle: str, source: str, alt: str, data: Fragment) -> Fragment:
    """A chart with its words: title, subtitle, picture, source, and the data folded under it.

    Raises ValueError without title, source or an alt text of at least `MIN_ALT` characters.
    """
    if not title.strip() or not source.strip() or len(alt.strip()) < MIN_ALT:
        raise ValueError(f"a chart needs a title, a source and an alt text of {MIN_ALT} characters: {title!r}")
    return Fragment(
        tag(
            "figure",
            tag(
                "figcaption",
                tag("div", tag("strong", title), class_="chart-title"),
                tag("div", subtitle, class_="chart-subtitle"),
            ),
            image(svg, alt),
            tag("p", page._("Source: {source}", source=source), class_="source"),
            tag(
                "details",
                tag("summary", page._("Data of this chart"), tag("span", ": ", title, class_="vh")),
                data,
                class_="fold",
            ),
            class_="chart",
        ),
        [
            part | {"above": [title, subtitle], "below": [*part["below"], page._("Source: {source}", source=source)]}
            for part in data.parts
        ],
    )


def gallery(*charts: Fragment) -> Fragment:
    """Charts side by side where there is room."""
    return Fragment(tag("div", *charts, class_="gallery"), gathered(charts))


def source(page: Page, indicator: str) -> str:
    """Source line of a chart: the report, the row of its annex, and of whom it is where not of the unit."""
    return page.scoped(f"{page.meta('source')}; {page.row_place(indicator)}", indicator)


def lower_is_better(page: Page, indicator: str) -> str:
    """The end of a subtitle that says which way is better, where that is down."""
    return f"; {page._('lower is better')}" if page.indicator(indicator)["direction"] == "decrease" else ""


def number_axis(page: Page, axis, unit: str) -> None:
    """An axis of numbers in a unit, `axes.xaxis` or `axes.yaxis`: few ticks, none above 100% in the room over it."""
    axis.set_major_locator(MaxNLocator(4))
    low, high = axis.get_view_interval()
    if unit == "%" and low >= 0 and 100 < high <= 1.23 * 100:
        axis.set_ticks(range(0, 101, 25))
    axis.set_major_formatter(FuncFormatter(lambda value, _pos: page.number(value)))


def label(axes, text: str, at: tuple[float, float], offset: tuple[float, float], **style: object) -> None:
    """A text beside a point of a chart, `offset` in points of the print."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", **style)


def lying_axes(axes, text: Callable[[float], str]) -> None:
    """Axes of lying bars: no grid, nothing on the left, about five ticks below, written by `text`."""
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _pos: text(value)))
