"""Figures against their targets, as bullet charts."""

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.measure.targets import distinct
from reformlib.present import chart
from reformlib.present.findings import qualified
from reformlib.present.gaps import judged
from reformlib.present.html import Fragment, Shown, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, table

GROUND = "#ececec"


def bullet_charts(page: Page, rows: pd.DataFrame) -> Fragment:
    """One bullet chart a comparable indicator: the bar is the figure, the lines its targets, nearest first."""
    if rows.empty:
        return Fragment(tag("div"))  # the table under it says so
    groups = distinct(rows).groupby(["indicator", "level", "as_of"], sort=False)
    return chart.gallery(*(bullet_chart(page, list(each_row(group))) for _key, group in groups))


def bullet_chart(page: Page, targets: list) -> Fragment:
    """Figure against its targets: rows of measure.gaps that share the figure, nearest deadline first."""
    nearest = targets[0]
    fields, unit = judged.words(page, nearest, tuple(row.target for row in targets)), nearest.unit
    years: dict[float, dict[str, None]] = {}
    for row in targets:
        years.setdefault(row.target, {})[str(row.deadline.year)] = None
    labels = {
        target: f"{page.quantity(target, unit, beside=(nearest.value,))} ({', '.join(dates)})"
        for target, dates in years.items()
    }
    titles = {
        "achieved": page._(
            "{name}: {value} at every date, the {year} target is {target}; no method is stated", **fields
        )
        if "never_moves" in nearest.caveat
        else page._("{name}: {value} at {date}, the {year} target of {target} is met", **fields),
        "missed": page._("{name}: {value}, the {year} target of {target} is missed", **fields),
        "open": page._("{name}: {value}, the {year} target of {target} is not yet reached", **fields),
    }
    alt = page._(
        "Bullet chart of {name} where the figure is {value} at {date} and the targets are {targets}.",
        targets="; ".join(labels.values()),
        **fields,
    )
    subtitle = page._(
        "{what}. Bar: figure at {date}; lines: targets, with their years", what=_measured(page, nearest), **fields
    )
    svg, place, data = (
        _bullet(page, nearest, str(fields["value"]), labels),
        chart.source(page, nearest.indicator),
        _data(page, targets, fields),
    )
    title = qualified(page, titles[nearest.verdict], judged.used(nearest))
    return chart.figure(page, svg, title=title, subtitle=subtitle, source=place, alt=alt, data=data)


def _measured(page: Page, row) -> str:
    """What a chart measures: what a share is a share of, or else the indicator's full name."""
    name = judged.based_name(page, row)
    if not row.level and name == page.series_name(row.indicator, row.level):
        name = page.series_name(row.indicator, "", short=False)
    return f"{name}, {page.unit_name(row.unit)}"


def _bullet(page: Page, row, text: str, labels: dict[float, str]) -> bytes:
    """A bar from zero to the figure on a ground, and a labelled line at every target, above and below by turns."""
    low = min(row.value, *labels, 0)
    top = max(row.value, *labels, 100 if row.unit == "%" and low == 0 else 0)
    span = (top - low) or 1  # none of what should be none
    with chart.chart_axes(1.75) as (fig, axes):
        axes.barh(0, span, left=low, height=0.9, color=GROUND, ec=chart.MUTED, lw=0.6)
        axes.barh(0, row.value, height=0.45, color=chart.ACCENT)
        for place, (target, label) in enumerate(labels.items()):
            axes.plot([target, target], [-0.5, 0.5], color=chart.TARGET, lw=4, solid_capstyle="butt")
            side = "right" if target > low + 0.25 * span else "left"
            end = min(target + 0.02 * span, top + 0.03 * span) if side == "right" else target
            y, above = (0.62, "bottom") if place % 2 == 0 else (-0.62, "top")
            axes.text(end, y, label, ha=side, va=above, color=chart.TARGET, fontweight="bold")
        x, side, color = max(row.value, 0) + 0.03 * span, "left", chart.ACCENT
        if abs(row.value) > 0.25 * span:
            inside = 0.02 if row.value < 0 else -0.02
            x, side, color = row.value + inside * span, "left" if row.value < 0 else "right", "white"
        axes.text(x, 0, text, ha=side, va="center", color=color, fontweight="bold")
        axes.set(xlim=(low - 0.04 * span if low else 0, top + 0.04 * span), ylim=(-1.25, 1.25))
        chart.lying_axes(axes, lambda value: page.quantity(value, row.unit))
        return chart.svg_of(fig)


def _data(page: Page, targets: list, fields: dict) -> Fragment:
    """The figure and its targets, each with what it rests on."""
    nearest = targets[0]
    figures = [(page._("Figure, {date}", **fields), Shown(fields["value"], judged.figure_evidence(page, nearest)))]
    for row in targets:
        name = page._("Target, {date} ({id})", date=page.due(row.deadline), id=row.target_id)
        figures.append(
            (name, Shown(page.quantity(row.target, row.unit, beside=(row.value,)), judged.target_evidence(row)))
        )
    columns = [Column(page._("Item"), lambda r: r[0]), Column(page.unit_name(nearest.unit), lambda r: r[1], True)]
    place = f"targets.csv; {page.row_place(nearest.indicator)}"
    return table(page, figures, columns, caption=fields["name"], stack=False, origin=lambda r: place, fold=False)
