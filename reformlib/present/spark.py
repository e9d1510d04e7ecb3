"""Small pictures in a table's row: the course of a series, a figure beside its target.

Written as SVG by hand: a few hundred bytes, where a plotting library takes five thousand and a hundredth of a second.
The colours have contrast 3 or more on white and on the dark page, so the pictures need no ground.
"""

from collections.abc import Sequence

from markupsafe import Markup

from reformlib.present.html import image, tag

LINE, MARK, GROUND = "#2f7dbb", "#c05a1c", "#7d8794"
WIDTH, HEIGHT, EDGE = 96, 26, 4


def course(
    runs: list[list[tuple[float, float]]], alt: str, *, band: Sequence[tuple[float, float, float]] = ()
) -> Markup:
    """A line over time, on a ground from zero or what lies below it. `runs` are stretches of (time, value) whose points
    can be joined; `band` holds (time, low, high) of what is expected after them."""
    times = [x for run in runs for x, _ in run] + [x for x, _, _ in band]
    values = [y for run in runs for _, y in run] + [edge for _, *edges in band for edge in edges]
    top, low = max(*values, 1e-9), min(*values, 0)
    start, span = min(times), (max(times) - min(times)) or 1

    def at(x: float, y: float) -> str:
        across = EDGE + (x - start) / span * (WIDTH - 2 * EDGE)
        return f"{across:.0f},{HEIGHT - EDGE - (y - low) / (top - low) * (HEIGHT - 2 * EDGE):.1f}"

    parts = []
    if band:
        edge = [at(x, low) for x, low, _ in band] + [at(x, high) for x, _, high in reversed(band)]
        look = f"fill='{LINE}' fill-opacity='.35' stroke='{LINE}' stroke-width='.7'"
        parts.append(f"<path d='M{'L'.join(edge)}z' {look}/>")
    for run in runs:
        d = "L".join(at(x, y) for x, y in run)
        parts.append(f"<path d='M{d}' fill='none' stroke='{LINE}' stroke-width='2'/>")
        if run is runs[-1] or len(run) == 1:
            x, y = at(*run[-1]).split(",")
            parts.append(f"<circle cx='{x}' cy='{y}' r='3' fill='{LINE}'/>")
    return _picture("".join(parts), alt)


def bar(value: float, target: float, top: float, alt: str) -> Markup:
    """A bar from zero to the figure and a mark at the target, on a ground to `top`, or further where they are."""
    low = min(value, target, 0)
    scale, middle = (WIDTH - 2) / ((max(value, target, top) - low) or 1), HEIGHT // 2
    start = f" x='{(min(value, 0) - low) * scale:.1f}'" if low else ""
    return _picture(
        f"<rect y='{middle - 5}' width='{WIDTH - 2}' height='10' fill='{GROUND}' opacity='.3'/>"
        f"<rect{start} y='{middle - 5}' width='{abs(value) * scale:.1f}' height='10' fill='{LINE}'/>"
        f"<rect x='{(target - low) * scale - 1:.1f}' y='{middle - 9}' width='3' height='18' fill='{MARK}'/>",
        alt,
    )


def _picture(content: str, alt: str) -> Markup:
    box = f"viewBox='0 0 {WIDTH} {HEIGHT}' width='{WIDTH}' height='{HEIGHT}'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {box}>{content}</svg>"
    return tag("span", image(svg.encode(), alt), class_="spark")
