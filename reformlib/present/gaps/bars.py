"""Lying bars with marks on them: a figure and its targets, a pace and what is needed."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from reformlib.present import chart

THICK, GAP, LEFT, RIGHT = 14, 14, 12, 24  # points: of a bar, between two rows, beside the axes


class Bar(NamedTuple):
    """A row: its name, the bar's value and what stands under its end, and values with what stands over their marks."""

    name: str
    value: float
    text: str
    marks: Sequence[tuple[float, str]]


def bars(rows: Sequence[Bar], unit: str, text: Callable[[float], str], *, ground: bool) -> Markup:
    """Bars of one axis in a unit, one under the other; on a ground from end to end where a whole is known.

    `text` writes the numbers of the axis.
    """
    values = [value for row in rows for value in (row.value, *(value for value, _ in row.marks))]
    at = chart.ticks(unit, min(values), max(values))
    whole = chart.WIDTH - LEFT - RIGHT

    def spot(value: float) -> float:
        return (value - at[0]) / (at[-1] - at[0]) * whole

    flags = [chart.flags([(spot(value), words) for value, words in row.marks], whole) for row in rows]
    lanes = [2 + max((lane for lane, *_ in over), default=-1) for over in flags]
    heights = [count * chart.LINE + THICK + GAP for count in lanes]
    names = [row.name for row in rows]
    with chart.stacked(names, heights, left=LEFT, right=RIGHT, above=2) as (fig, axes, feet):
        axes.set(xlim=(at[0], at[-1]), xticks=at, xticklabels=[text(one) for one in at])
        axes.grid(visible=False)
        for row, over, low in zip(rows, flags, feet, strict=True):
            foot = low + GAP + chart.LINE
            middle = foot + THICK / 2
            if ground:
                axes.barh(middle, at[-1] - at[0], left=at[0], height=THICK, color=chart.GROUND, ec=chart.MUTED, lw=0.6)
            bar = axes.barh(middle, row.value, height=THICK * 0.6, color=chart.ACCENT)
            chart.hint(bar, f"{row.name}: {row.text}")
            axes.plot([0, 0], [foot, foot + THICK], color=chart.MUTED, lw=0.8)
            for (value, words), flag in zip(row.marks, over, strict=True):
                lane, *_ = flag
                line = axes.plot([value, value], [foot - 2, foot + THICK + 2], color=chart.TARGET, lw=3.5)
                chart.hint(line, words)
                if lane:
                    ends = foot + THICK, foot + THICK + lane * chart.LINE + 2
                    axes.plot([value, value], ends, color=chart.TARGET, lw=0.8)
                chart.flag(axes, flag, foot + THICK + (lane + 0.55) * chart.LINE, words, color=chart.TARGET)
            (under,) = chart.flags([(spot(row.value), row.text)], whole)
            chart.flag(axes, under, foot - 0.6 * chart.LINE, row.text, color=chart.ACCENT)
        return chart.svg_of(fig)
