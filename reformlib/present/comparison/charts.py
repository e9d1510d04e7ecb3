"""Charts of a comparison: report by report for a few, the distribution of many."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib.compare.side_by_side import APART
from reformlib.load.rows import each_row
from reformlib.present import chart
from reformlib.present.comparison import series
from reformlib.present.comparison.series import FEW
from reformlib.present.html import Fragment, paragraph
from reformlib.present.page import Page
from reformlib.present.table import Column, table

BOX = {"facecolor": "white", "edgecolor": "none"}


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
    data = table(page, figures, columns, series.name(page, row), lambda c: f"{c.report}: {c.place_vi}", fold=False)
    alt = _alt(page, row, page._("Dots, one a report in the order of names"))
    return _figure(page, row, _dot_chart(page, row, figures), subtitle, alt, data)


def _drawn(one) -> bool:
    """Whether a figure is a mark: there is one, and it is of a period as long as the others'."""
    return pd.notna(one.value) and one.apart != "other_period"


def _figure(page: Page, row, svg: bytes, subtitle: str, alt: str, data: Fragment) -> Fragment:
    title, place = series.title(page, row), series.place(page, row)
    return chart.figure(page, svg, title=title, subtitle=subtitle, source=place, alt=alt, data=data)


def _dot_chart(page: Page, row, figures: list) -> bytes:
    short = series.short_labels(page, 40)
    labels = ["\n".join(textwrap.wrap(short[one.report], 20)) for one in figures]
    lines = 1 + max(text.count("\n") for text in labels)
    with chart.chart_axes(1.05 + (0.14 + 0.18 * lines) * len(figures)) as (fig, axes):
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        for at, one in enumerate(figures):
            if not _drawn(one):
                axes.annotate(f"○ {page._(APART[one.apart])}", (0, at), va="center", color=chart.MUTED)
                continue
            fill, color = ("white", chart.MUTED) if one.apart else (chart.ACCENT, chart.INK)
            axes.plot(one.value, at, "o", color=chart.ACCENT, mfc=fill, ms=7, zorder=3)
            text, box = series.figure(page, row, one.value), BOX | {"pad": 0.8}
            chart.label(axes, text, (one.value, at), (7, 0), va="center", color=color, bbox=box)
        if pd.notna(row.target):
            axes.axvline(row.target, color=chart.TARGET, lw=1.6, ls=(0, (4, 2)), zorder=1)
        told = [*(one.value for one in figures if _drawn(one)), row.target]
        top, low = np.nanmax(told), min(0, np.nanmin(told))
        axes.set_xlim(1.22 * low, (100 if row.unit == "%" and top <= 100 else max(top, 1)) * 1.22)
        axes.set_ylim(len(figures) - 0.4, -0.6)
        axes.set_yticks(range(len(figures)), labels)
        chart.number_axis(page, axes.xaxis, row.unit)
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


def _histogram(page: Page, row, values: np.ndarray) -> bytes:
    with chart.chart_axes(2.5) as (fig, axes):
        axes.hist(values, bins=min(20, max(5, len(values) // 5)), color=chart.ACCENT, edgecolor="white", lw=0.6)
        axes.axvline(row.median, color=chart.INK, lw=1.8)
        text, style = page._("median {value}", value=series.figure(page, row, row.median)), {"bbox": BOX | {"pad": 1}}
        chart.label(axes, text, (row.median, 1), (4, -10), xycoords=("data", "axes fraction"), color=chart.INK, **style)
        if pd.notna(row.target):
            axes.axvline(row.target, color=chart.TARGET, lw=1.6, ls=(0, (4, 2)))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _pos: page.number(y, 0)))
        axes.spines["bottom"].set_color(chart.GRID)
        chart.number_axis(page, axes.xaxis, row.unit)
        return chart.svg_of(fig)


def _subtitle(page: Page, row) -> str:
    parts = [page.unit_name(row.unit)]
    if pd.notna(row.as_of):
        parts.append(series.compared_when(page, row))
    if pd.notna(row.target):
        parts.append(page._("dashed line: target {target} for {year}", **series.words(page, row)))
    return "; ".join(parts)


def _alt(page: Page, row, kind: str) -> str:
    more = page._("{n} of {all} reports compared.", n=row.compared, all=row.reports)
    if row.every_unit and row.compared < row.reports:
        more += " " + page._("Every unit is among them.")
    if pd.notna(row.target):
        more += " " + page._("{meeting} of those compared reach the target of {target}.", **series.words(page, row))
    return f"{kind}. {series.title(page, row)}. {more}"
