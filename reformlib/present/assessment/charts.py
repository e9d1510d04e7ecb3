"""The series of the assessment as charts: lines over time, columns of what is summed, one for all that hardly moved."""

from collections import Counter
from collections.abc import Callable
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import median

import numpy as np
import pandas as pd
from markupsafe import Markup

from reformlib.errors import one_of
from reformlib.load.contracts import STATUSES
from reformlib.load.period import months_of
from reformlib.load.report import Report
from reformlib.load.rows import each_row, firsts
from reformlib.measure.change import UNJOINABLE, changes, decimal_year
from reformlib.present import chart
from reformlib.present.assessment.series import end_of, figures_of, length, runs, series_of, time_of
from reformlib.present.findings import qualified
from reformlib.present.html import Fragment, bullets, join, paragraph
from reformlib.present.page import Page
from reformlib.present.saved import Chart
from reformlib.present.style import in_jupyter
from reformlib.present.table import STATUS_SHAPES, Column, status_of, table

STILL = 0.05  # of the highest figure: a series whose figures differ by no more hardly moved
STRIP = 20  # points of height for the course of such a series
GAP = 14  # points between two of them
EDGE = 14  # points before the first and after the last date
_value = attrgetter("value")


def indicator_charts(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """A chart for every series with figures, one for all that hardly moved, a sentence where none may be drawn."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    rows = [row for row in each_row(changes) if figures_of(page, row)]
    usable = [row for row in rows if trust[row.indicator, row.level] != "not_usable"]
    still = [row for row in usable if _still(figures_of(page, row))]
    moved = [row for row in usable if len(still) < 2 or not _still(figures_of(page, row))]
    left = max((chart.room(page, row.unit, _span(figures_of(page, row))) for row in moved), default=0)
    unfit = "{name}: no trend, as figures do not fit the label"
    names = [page.series_name(row.indicator, row.level) for row in rows if row not in usable]
    said = [page._(unfit, name=name) for name in names]
    return join(
        chart.gallery(*(series_chart(page, row, left) for row in moved)),
        still_chart(page, still) if len(still) > 1 else None,
        bullets(said, class_="note") if said else None,
    )


def plot(report: Report, indicator: str, level: str | None = None, language: str = "en") -> Chart:
    """The chart of an indicator, of one broken down a chart for each category, or of the one named `level`; a sentence
    where it has no figure. `report.plot(…)`; `str()` gives the HTML with its SVG, `save("chart.svg")` or
    `save("chart.png")` a file.

    Raises ReformError for an indicator or a level that the report does not have, naming those near it.
    """
    page, rows = Page(report, language), list(each_row(changes(report.observations)))
    one_of(indicator, (row.indicator for row in rows), "indicator")
    asked = [row for row in rows if row.indicator == indicator]
    if level is not None:
        one_of(level, (row.level for row in asked), f"level of {indicator}")
        asked = [row for row in asked if row.level == level]
    drawn = [series_chart(page, row) for row in asked if figures_of(page, row)]
    shown = join(in_jupyter(page.language), *drawn) if drawn else paragraph(page._("the report gives no figure"))
    return Chart(shown.markup, shown.parts)


def _is_flow(page: Page, change) -> bool:
    return page.indicator(change.indicator)["measure"] == "flow"


def _still(points: list) -> bool:
    low, high = _span(points)
    return len(points) > 1 and high - low <= STILL * max(abs(low), abs(high))


def _span(points: list) -> tuple[float, float]:
    return min(map(_value, points)), max(map(_value, points))


def series_chart(page: Page, change, left: float = 0) -> Fragment:
    """One indicator over time; points that cannot be joined stand apart, sums over a period as columns.

    `change` is a row of measure.changes; `left` the points beside the axes that charts of one gallery share.
    """
    points = figures_of(page, change)
    legend = _marks(page, points)
    if any(_apart(point, _usual(points)) for point in points):
        legend += f"; {page._('grey: over a period of another length')}"
    legend += chart.lower_is_better(page, change.indicator)
    return chart.figure(
        page,
        _drawn(page, change, points, left or chart.room(page, change.unit, _span(points))),
        title=_title(page, change),
        subtitle=f"{page.unit_name(change.unit)}, {_years(points)}{legend}",
        source=chart.source(page, change.indicator),
        alt=_alt(page, change, points),
        data=_data(page, change),
    )


def still_chart(page: Page, rows: list) -> Fragment:
    """Series that hardly moved, one under the other, each from 0 with its first and its latest figure beside it."""
    points = [point for row in rows for point in figures_of(page, row)]
    titles, n, share = [_title(page, row) for row in rows], len(rows), page.quantity(100 * STILL, "%", 0)
    title = "{n} series hardly moved: the figures of each differ by no more than {share}"
    places = dict.fromkeys(page.row_place(row.indicator) for row in rows)
    return chart.figure(
        page,
        _strips(page, rows),
        title=page._(title, n=page.number(n), share=share),
        subtitle=page._("First and latest figure, {years}", years=_years(points)) + _marks(page, points),
        source="; ".join([page.meta("source"), *places]),
        alt=page._("Lines of {n} series that hardly moved: {series}.", n=n, series="; ".join(titles)),
        data=join(*(_data(page, row) for row in rows)),
        told=titles,
        wide=True,
    )


def _data(page: Page, change) -> Fragment:
    """Every observation of a series with its status."""
    columns = [
        Column(page._("As of"), page.when),
        Column(page.unit_name(change.unit), page.observed, True),
        Column(page._("Status"), lambda r: status_of(page, r)),
    ]
    name = page.series_name(change.indicator, change.level)
    return table(page, series_of(page, change), columns, caption=name, stack=False, origin=page.cited, fold=False)


def _years(points: list) -> str:
    years = [point.year for point in points]
    return "–".join(dict.fromkeys(str(year(years)) for year in (min, max)))


def _marks(page: Page, points: list) -> str:
    """The marks of a chart in words."""
    marks = sorted({point.status for point in points} - {"A"})
    return "".join(f"; {STATUS_SHAPES[code]} {page._(STATUSES[code])}" for code in marks)


def _alt(page: Page, change, points: list) -> str:
    """The picture in words: its ends, highest and lowest figure, of periods of one length; of one figure that only."""
    usual = _usual(points)
    told = [point for point in points if not _apart(point, usual)]
    ends = {"first": told[0], "last": told[-1], "low": min(told, key=_value), "high": max(told, key=_value)}
    fields = {"name": page.series_name(change.indicator, change.level)}
    fields |= {which: page.figure(point) for which, point in ends.items()}
    fields |= {f"{which}_date": page.when(ends[which]) for which in ("first", "last")}
    if len(points) == 1:
        text = "Chart of {name} with one figure, {value} ({date}); one figure has no course."
        return page._(text, value=fields["first"], date=fields["first_date"], **fields)
    return page._(
        "Column chart of {name} where the first figure is {first} ({first_date}) and the latest {last} ({last_date}); "
        "highest {high}, lowest {low}."
        if _is_flow(page, change)
        else "Line chart of {name} where the first figure is {first} ({first_date}) and the latest {last} "
        "({last_date}); highest {high}, lowest {low}.",
        **fields,
    )


def _usual(points: list) -> tuple[int, ...]:
    """The length, as of :func:`length`, that most figures of a series are of, of two the longer."""
    lengths = Counter(length(point) for point in points if point.status != "P" or len(points) == 1)
    return max(lengths, key=lambda one: (lengths[one], one), default=())


def _apart(point, usual: tuple[int, ...]) -> bool:
    """Whether a figure is over a period of another length than usual, and no mark of its own sets it apart."""
    return point.status not in {"P"} | UNJOINABLE and length(point) != usual


def _drawn(page: Page, change, points: list, left: float) -> Markup:
    """The picture: line or columns, the axes, and the figures that are named, the ends and that of the title."""
    flow, series = _is_flow(page, change), series_of(page, change)
    when = _middle if flow else time_of
    with chart.chart_axes(left=left) as (fig, axes):
        lines = _columns(page, axes, points) if flow else _line(page, axes, points, runs(series))
        chart.number_axis(page, axes, "y", change.unit, _span(points))
        _time_axis(axes, series, when)
        _name_figures(page, axes, change, points, [(when(point), point.value) for point in points], lines)
        return chart.svg_of(fig)


def _line(page: Page, axes, points: list, lines: list) -> list:
    """Lines, and marks by status; gives what labels must keep clear of."""
    usual, size = _usual(points), 7 if len(points) <= 20 else 4
    for run in lines:
        axes.plot(*zip(*run, strict=True), color=chart.ACCENT, lw=2)
    for point in points:
        color = chart.MUTED if _apart(point, usual) else chart.ACCENT
        mark = axes.plot(time_of(point), point.value, color=color, ms=size, **chart.MARKERS[point.status])
        chart.hint(mark, _hint(page, point))
    return lines


def _columns(page: Page, axes, points: list) -> list:
    """A column for every sum, as wide as its period, a hollow one where the sum is not of a whole one; gives what
    labels must keep clear of."""
    usual, tops = _usual(points), []
    for point in sorted(points, key=months_of, reverse=True):
        middle, value, wide = _middle(point), point.value, months_of(point) / 12 * 0.8
        color = chart.MUTED if _apart(point, usual) else chart.ACCENT
        fill = color if point.status == "A" else chart.PAPER
        bar = axes.bar(middle, value, width=wide, color=fill, ec=color, lw=1.5)
        chart.hint(bar, _hint(page, point))
        begin, end = middle - wide / 2, middle + wide / 2
        line = [(side, height) for side in (begin, middle, end) for height in (0, value, 0)]
        tops.append([*line, (begin, value), (end, value)])
    axes.axhline(0, color=chart.MUTED, lw=0.8)
    return tops


def _strips(page: Page, rows: list) -> Markup:
    """A line from 0 for every series, its name above it, its first and its latest figure beside it."""
    names = [f"{page.series_name(row.indicator, row.level)}, {page.unit_name(row.unit)}" for row in rows]
    every = sorted((point for row in rows for point in series_of(page, row)), key=lambda point: point.as_of)
    with chart.stacked(names, [STRIP + GAP] * len(rows), left=42, right=42) as (fig, axes, feet):
        for row, foot in zip(rows, feet, strict=True):
            points = figures_of(page, row)
            most = max(abs(value) for value in _span(points)) or 1
            base = foot + 1
            for run in runs(series_of(page, row)):
                times, values = np.transpose(run)
                axes.plot(times, base + STRIP * values / most, color=chart.ACCENT, lw=2)
            for point in points:
                at = time_of(point), base + STRIP * point.value / most
                mark = axes.plot(*at, color=chart.ACCENT, ms=6, **chart.MARKERS[point.status])
                chart.hint(mark, _hint(page, point))
                for end, right, ha in ((points[0], -8, "right"), (points[-1], 8, "left")):
                    if point is end:
                        chart.write(axes, page.figure(point), at, right, ha=ha, color=chart.ACCENT, fontweight="bold")
        _time_axis(axes, every, time_of)
        return chart.svg_of(fig)


def _hint(page: Page, point) -> str:
    """What a pointer over a figure is told: `2019: 140,825`, and its status where that is not normal."""
    more = "" if point.status == "A" else f" ({page._(STATUSES[point.status])})"
    return f"{page.when(point)}: {page.figure(point)}{more}"


def _middle(point) -> float:
    """The middle of the period that a figure is summed over, as a decimal year."""
    return (decimal_year(point.start.date()) + time_of(point)) / 2


def _name_figures(page: Page, axes, change, points: list, spots: list, lines: list) -> None:
    """The figures in the picture: that of the title, the first, the last, where each is clear of what is drawn."""
    usual = _usual(points)
    told = [n for n, point in enumerate(points) if not _apart(point, usual)]
    named = dict.fromkeys([*(n for n in told if points[n].as_of == change.last_as_of), told[0], told[-1]])
    texts = [(page.figure(points[n]), spots[n]) for n in named]
    chart.label(axes, texts, [*lines, *([spot] for spot in spots)], color=chart.ACCENT, fontweight="bold")


def _title(page: Page, change) -> str:
    """What a chart shows, in a line: the figures that can be compared and when they were, and what checks say."""
    key, use = [(change.indicator, change.level)], "step" if pd.notna(change.first_as_of) else "figure"
    title = _bare_title(page, change, figures_of(page, change))
    return qualified(page, title, (key, use, change.first_as_of, change.last_as_of))


def _bare_title(page: Page, change, points: list) -> str:
    fields = {"name": page.series_name(change.indicator, change.level)}
    first, last = end_of(page, change, "first"), end_of(page, change, "last")
    if last is None and len(points) > 1:
        return page._("{name}: no figures that can be compared", **fields)
    last = last or points[0]
    fields |= {"last": page.figure(last), "end": _year_or_date(page, last)}
    if first is None:
        return page._("{name}: {last} ({end})", **fields)
    fields |= {"first": page.figure(first), "start": _year_or_date(page, first)}
    series = series_of(page, change)
    if change.change == 0:
        if any(point.value != last.value for point in points):
            return page._("{name}: {first} ({start}) and {last} ({end})", **fields)
        whole = len(points) == len(series) and all(point.period.isdigit() for point in points)
        return page._("{name}: {last} in every year" if whole else "{name}: {last} each time it is reported", **fields)
    if change.first == 0 < change.change:
        return _from_zero(page, series[series.index(first) :], fields)
    if change.change > 0:
        return page._("{name}: up from {first} ({start}) to {last} ({end})", **fields)
    return page._("{name}: down from {first} ({start}) to {last} ({end})", **fields)


def _from_zero(page: Page, series: list, fields: dict[str, str]) -> str:
    """The title of a series that begins with 0: for which periods, and for which nothing is reported."""
    begun = next(place for place, point in enumerate(series) if abs(point.value) > 0)
    zeros, blanks = (_spans(page, series[:begun], blank=blank) for blank in (False, True))
    text = "{name}: {last} ({end}); 0 in {zeros}"
    if blanks:
        text = "{name}: {last} ({end}); 0 in {zeros}, nothing reported for {blanks}"
    return page._(text, zeros=zeros, blanks=blanks, **fields)


def _spans(page: Page, series: list, *, blank: bool) -> str:
    """The periods of a series without a figure, or with one: `2015, 2017–2018`."""
    alike = groupby(series, lambda point: bool(pd.isna(point.value)))
    stretches = [list(same) for holds, same in alike if holds == blank]
    return ", ".join("–".join(dict.fromkeys(page.period_name(same[n].period) for n in (0, -1))) for same in stretches)


def _year_or_date(page: Page, point) -> str:
    """When a figure was, in short: its year where it is of the year's end or of the whole year."""
    text = page.when(point)
    year_end = (point.as_of.month, point.as_of.day) == (12, 31)
    return str(point.as_of.year) if year_end and text == page.day(point.as_of) else text


def _tick(point) -> str:
    """What stands under a point: `2020`, `Q1/2020`, or the month that it ends with, `3/2020`."""
    year, _, part = point.period.partition("-")
    if part.startswith("Q"):
        return f"{part}/{year}"
    return f"{point.as_of.month}/{point.as_of.year}" if part or point.as_of.month < 12 else str(point.as_of.year)


def _time_axis(axes, series: list, when: Callable) -> None:
    """From the first to the last date that is drawn; a label under every date, of many under those that do not touch:
    the last one always, then as many as fit. `when` gives the place of a figure in time."""
    low, high = axes.dataLim.intervalx
    shown = [point for point in series if low <= when(point) <= high]
    lengths = Counter(map(months_of, shown))
    usual = max(lengths, key=lambda one: (lengths[one], one))  # its periods name the days that several end on
    shown.sort(key=lambda point: (point.as_of, months_of(point) != usual))
    points = firsts(shown, lambda point: point.as_of)
    times = [when(point) for point in points]
    steps = [after - before for before, after in pairwise(times)]
    # a part of a year stands close to the year before: the last label goes to the right of its date, that to the left
    beside = ["left", "right"] if steps and steps[-1] < 0.8 * median(steps) else []
    right = 4 + chart.width(_tick(points[-1])) / (1 if beside else 2) - axes.figure.bbox.width + axes.bbox.x1
    point = max(high - low, 0.5) / (axes.bbox.width - EDGE - max(EDGE, right))
    axes.set_xlim(low - EDGE * point, high + max(EDGE, right) * point)
    kept, free = [], float("inf")  # up to where there is room, from the right
    for point, time, side in zip(reversed(points), reversed(times), [*beside, *["center"] * len(points)], strict=False):
        text = _tick(point)
        wide, place = chart.width(text), axes.transData.transform((time, 0))[0]
        start = place - {"left": 0, "center": wide / 2, "right": wide}[side]
        if start + wide + 5 <= free:
            kept.append((time, text, side))
            free = start
    times, texts, sides = zip(*reversed(kept), strict=True)
    axes.set_xticks(times, texts)
    for label, side in zip(axes.get_xticklabels(), sides, strict=True):
        label.set_horizontalalignment(side)
