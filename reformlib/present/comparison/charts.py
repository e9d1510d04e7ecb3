"""Charts of a comparison: report by report for a few, the distribution of many."""

import numpy as np
import pandas as pd
from markupsafe import Markup

from reformlib.compare.side_by_side import APART
from reformlib.load.rows import each_row
from reformlib.locale import bound
from reformlib.present import chart
from reformlib.present.comparison import series
from reformlib.present.comparison.series import FEW
from reformlib.present.html import Fragment, paragraph
from reformlib.present.page import Page
from reformlib.present.table import Column, table

ROW, EDGE, RIGHT, HIGHEST = 24, 12, 60, 48  # points: of a line of marks, beside the axes, for numbers of reports


def charts(page: Page) -> Fragment:
    """One chart a share with figures, or of the one indicator asked for: report by report, or as a distribution."""
    rows = page.report.series
    several = len(set(rows["indicator"])) > 1
    rows = rows[rows["compared"] > 1]
    if several:
        rows = rows[rows["unit"] == "%"]
    if rows.empty:
        return paragraph(page._("No two figures can be compared, so nothing is drawn."), class_="note")
    draw = _dots if len(page.report.units) <= FEW else _distribution
    return chart.gallery(*(draw(page, row) for row in each_row(rows)))


def _dots(page: Page, row) -> Fragment:
    """Reports one under the other in the order of their names, a hollow mark where a figure is not compared."""
    figures = series.cells(page, row)
    shown = [one for one in figures if _drawn(one)]
    apart = sorted({one.apart for one in shown} - {""}, key=list(APART).index)
    subtitle = _subtitle(page, row)
    if apart:
        subtitle += f"; {page._('hollow: {why}', why=', '.join(page._(APART[code]) for code in apart))}"
    columns = [
        Column(page._("Report"), lambda c: series.label(page, c.report)),
        Column(page.unit_name(row.unit), lambda c: series.cell(page, row, c), True),
        Column(page._("As of"), lambda c: series.when(page, c)),
        Column(page._("Compared"), lambda c: page._(APART[c.apart]) if c.apart else page._("yes")),
    ]
    data = table(page, figures, columns, series.name(page, row), lambda c: f"{c.report}: {page.cited(c)}", fold=False)
    alt = _alt(page, row, page._("Dots, one a report in the order of names"))
    return _figure(page, row, _dot_chart(page, row, figures), subtitle, alt, data)


def _drawn(one) -> bool:
    """Whether a figure is a mark: there is one, and it is of a period as long as the others'."""
    return pd.notna(one.value) and one.apart != "other_period"


def _figure(page: Page, row, svg: Markup, subtitle: str, alt: str, data: Fragment) -> Fragment:
    title, place = series.title(page, row), series.place(page, row)
    return chart.figure(page, svg, title=title, subtitle=subtitle, source=place, alt=alt, data=data)


def _dot_chart(page: Page, row, figures: list) -> Markup:
    """A line for every report, its name over it and its figure beside the mark; the target as an upright line."""
    targets = [row.target] if pd.notna(row.target) else []
    told = [*(one.value for one in figures if _drawn(one)), *targets]
    short = series.short_labels(page, 80)
    names = [bound(short[one.report]) for one in figures]
    with chart.stacked(names, [ROW] * len(names), left=EDGE, right=RIGHT) as (fig, axes, feet):
        chart.number_axis(page, axes, "x", row.unit, (min(told), max(told)))
        for one, name, foot in zip(figures, names, feet, strict=True):
            at, target = (one.value, foot + ROW / 2), [(value, foot + end) for value in targets for end in (2, ROW - 2)]
            if not _drawn(one):
                chart.write(axes, f"○ {page._(APART[one.apart])}", (0, at[1]), 0, color=chart.MUTED)
                continue
            axes.plot(axes.get_xlim(), [foot + 2] * 2, color=chart.GRID, lw=1)
            axes.plot(*zip(*target, strict=True), color=chart.TARGET, lw=3) if target else None
            fill, color = (chart.PAPER, chart.MUTED) if one.apart else (chart.ACCENT, chart.INK)
            text = series.figure(page, row, one.value)
            chart.hint(axes.plot(*at, "o", color=chart.ACCENT, mfc=fill, ms=8), f"{name}: {text}")
            lines = [[at], target] if target else [[at]]
            chart.label(axes, [(text, at, chart.BESIDE, chart.SIDES[-2])], lines, color=color, fontweight="bold")
        return chart.svg_of(fig)


def _distribution(page: Page, row) -> Fragment:
    """How many reports lie where; median and target as lines."""
    values = np.array([one.value for one in series.cells(page, row) if one.apart == ""])

    def share(step):
        rule = f"numpy.percentile of {len(values)} figures, {step}"
        return page.cell(float(np.percentile(values, step)), row.unit, rule=rule)

    columns = [
        Column(page._("Share of reports at or below, %"), page.number),
        Column(page.unit_name(row.unit), share, True),
    ]
    steps = [0, 10, 25, 50, 75, 90, 100]
    data = table(page, steps, columns, series.name(page, row), lambda step: "numpy.percentile", fold=False)
    subtitle = page._("Number of reports; {unit}", unit=_subtitle(page, row))
    alt = _alt(page, row, page._("Histogram of the reports"))
    return _figure(page, row, _histogram(page, row, values), subtitle, alt, data)


def _histogram(page: Page, row, values: np.ndarray) -> Markup:
    told = [*values, *([row.target] if pd.notna(row.target) else [])]
    with chart.chart_axes(left=HIGHEST, right=RIGHT) as (fig, axes):
        chart.number_axis(page, axes, "x", row.unit, (min(told), max(told)))
        bins = min(20, max(5, len(values) // 5))
        span = None if np.ptp(values) else axes.get_xlim()  # equal figures have no width to be divided
        counts, *_ = axes.hist(values, bins=bins, range=span, color=chart.ACCENT, ec=chart.PAPER, lw=0.6)
        chart.number_axis(page, axes, "y", "", (0, float(np.max(counts))))
        high = axes.get_ylim()[1]
        axes.plot([row.median] * 2, [0, high], color=chart.INK, lw=1.8)
        if pd.notna(row.target):
            axes.plot([row.target] * 2, [0, high], color=chart.TARGET, lw=2)
        text = page._("median {value}", value=series.figure(page, row, row.median))
        chart.label(axes, [(text, (row.median, high))], [[(row.median, high)]], color=chart.INK)
        return chart.svg_of(fig)


def _subtitle(page: Page, row) -> str:
    parts = [page.unit_name(row.unit)]
    if pd.notna(row.as_of):
        parts.append(series.compared_when(page, row))
    if pd.notna(row.target):
        parts.append(page._("upright line: target {target} for {year}", **series.words(page, row)))
    return "; ".join(parts)


def _alt(page: Page, row, kind: str) -> str:
    more = page._("{n} of {all} reports compared.", n=row.compared, all=row.reports)
    if row.every_unit and row.compared < row.reports:
        more += " " + page._("Every unit is among them.")
    if pd.notna(row.target):
        more += " " + page._("{meeting} of those compared reach the target of {target}.", **series.words(page, row))
    return f"{kind}. {series.title(page, row)}. {more}"
