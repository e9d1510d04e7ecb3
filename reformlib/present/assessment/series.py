"""The series of the assessment over time: one small chart each, and a picture in the row of a table."""

from operator import attrgetter

import pandas as pd

from reformlib.load.contracts import STATUSES
from reformlib.load.rows import each_row
from reformlib.measure.change import UNJOINABLE, decimal_year
from reformlib.present import chart
from reformlib.present.html import Fragment
from reformlib.present.page import Page
from reformlib.present.spark import course
from reformlib.present.table import STATUS_SHAPES, Column, status, table

AXIS, LETTER = 250.0, 7.3  # width of the axis of dates and of one of its letters, in points of the print


def course_picture(page: Page, change):
    """The series of a row of measure.changes as a small picture, if it has more than one figure."""
    points = figures_of(page, change)
    if len(points) < 2:
        return "–"
    first, last = points[0], points[-1]
    alt = page._(
        "Course of {name} where {start} has {first} and {end} has {last}",
        name=page.series_name(change.indicator, change.level),
        start=f"{first.as_of:%Y}",
        first=page.figure(first),
        end=f"{last.as_of:%Y}",
        last=page.figure(last),
    )
    return course(runs(points), alt)


def ends(page: Page, change) -> dict[str, str]:
    """First and last figure of a row of measure.changes with their dates, to fill sentences with."""
    return {
        "first": page.as_printed(change.first, change.unit),
        "first_date": page.day(change.first_as_of),
        "last": page.as_printed(change.last, change.unit),
        "last_date": page.day(change.last_as_of),
    }


def indicator_charts(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """One small chart for every series with figures."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    rows = [row for row in each_row(changes) if figures_of(page, row)]
    charts = (series_chart(page, row, usable=trust[row.indicator, row.level] != "not_usable") for row in rows)
    return chart.gallery(*charts)


def series_chart(page: Page, change, *, usable: bool = True) -> Fragment:
    """One indicator over time; points that cannot be joined stand apart. `change` is a row of measure.changes."""
    name, unit = page.series_name(change.indicator, change.level), page.unit_name(change.unit)
    points = figures_of(page, change)
    first, last = points[0], points[-1]
    high, low = (page.figure(which(points, key=attrgetter("value"))) for which in (max, min))
    alt = page._(
        "Line chart of {name} where the first figure is {first} ({first_date}) and the latest {last} ({last_date}); "
        "highest {high}, lowest {low}.",
        name=name,
        first=page.figure(first),
        first_date=page.day(first.as_of),
        last=page.figure(last),
        last_date=page.day(last.as_of),
        high=high,
        low=low,
    )
    columns = [
        Column(page._("As of"), lambda r: page.day(r.as_of)),
        Column(unit, page.observed, True),
        Column(page._("Status"), lambda r: status(page, r.status)),
    ]
    series, place = _series(page, change), lambda r: r.place_vi
    data = table(page, series, columns, caption=name, stack=False, origin=place, fold=False)
    marks = sorted({point.status for point in points} - {"A"})
    legend = "".join(f"; {STATUS_SHAPES[code]} {page._(STATUSES[code])}" for code in marks)
    period = dict.fromkeys(str(year(point.year for point in points)) for year in (min, max))
    subtitle = f"{unit}, {'–'.join(period)}{legend}"
    title = _chart_title(page, change, points, usable)
    svg, place = _line_chart(page, change, points), chart.source(page, change.indicator)
    return chart.figure(
        page, svg, title=title, subtitle=subtitle, source=chart.source(page, change.indicator), alt=alt, data=data
    )


def _line_chart(page: Page, change, points: list) -> bytes:
    """Line, marks by status, and the figures that are named in the picture: the ends and that of the title."""
    times, values = [decimal_year(point.as_of.date()) for point in points], [point.value for point in points]
    top = max(*values, 1)
    with chart.chart_axes() as (fig, axes):
        for run in runs(points):
            axes.plot(*zip(*run, strict=True), color=chart.ACCENT, lw=2)
        for time, point in zip(times, points, strict=True):
            size = 7 if len(points) <= 20 else 4
            axes.plot(time, point.value, color=chart.ACCENT, ms=size, **chart.MARKERS[point.status])
        labelled = {0, len(points) - 1}
        for which in [n for n, point in enumerate(points) if point.as_of == change.last_as_of]:  # the title names it
            if all(abs(values[which] - values[other]) > top / 5 for other in labelled):
                labelled.add(which)
        for which in sorted(labelled):
            below = which and top / 4 < values[which] < values[which - 1]  # clear of the line that comes down to it
            text, at = page.figure(points[which]), (times[which], values[which])
            offset, side = ((0, -9), "top") if below else ((0, 9), "baseline")
            chart.label(axes, text, at, offset, ha="center", va=side, color=chart.ACCENT, fontweight="bold")
        axes.set_ylim(0, (100 if change.unit == "%" and top > 20 else top) * 1.22)
        _spread(axes, times)
        _year_axis(axes, [point.as_of for point in _series(page, change)])
        chart.number_axis(page, axes.yaxis, change.unit)
        return chart.svg_of(fig)


def _chart_title(page: Page, change, points: list, usable: bool) -> str:
    """What a chart shows, in a line: the figures that can be compared and when they were."""
    name = page.series_name(change.indicator, change.level)

    def when(date):
        return str(date.year) if (date.month, date.day) == (12, 31) else page.day(date)

    if not usable:
        return page._("{name}: no trend, as the figures cannot be right as labelled", name=name)
    if pd.isna(change.last):
        return page._("{name}: no figures that can be compared", name=name)
    fields = {"name": name, "last": page.as_printed(change.last, change.unit), "end": when(change.last_as_of)}
    if pd.isna(change.change):
        return page._("{name}: {last} ({end})", **fields)
    fields |= {"first": page.as_printed(change.first, change.unit), "start": when(change.first_as_of)}
    if change.change == 0:
        if all(point.value == change.last for point in points):
            return page._("{name}: {last} in every year", **fields)
        return page._("{name}: {first} ({start}) and {last} ({end})", **fields)
    if change.first == 0 < change.change:
        year = min(point.year for point in points if point.value > 0) - 1
        return page._("{name}: {last} ({end}); 0 until {year}", year=year, **fields)
    if change.change > 0:
        return page._("{name}: up from {first} ({start}) to {last} ({end})", **fields)
    return page._("{name}: down from {first} ({start}) to {last} ({end})", **fields)


def figures_of(page: Page, change) -> list:
    """The observations of a series that have a figure."""
    return [point for point in _series(page, change) if pd.notna(point.value)]


def _series(page: Page, change) -> list:
    return [point for point in page.report.points[change.indicator] if point.level == change.level]


def runs(points: list) -> list[list[tuple[float, float]]]:
    """Stretches of (year, value) that can be compared: none across a break, a definition, a part of a flow's year."""
    stretches: list[list[tuple[float, float]]] = []
    before = ""
    for point in points:
        apart = point.status in ("B", "P") or {point.status, before} & UNJOINABLE
        if apart or not stretches:
            stretches.append([])
        stretches[-1].append((decimal_year(point.as_of.date()), point.value))
        before = point.status
    return stretches


def _spread(axes, times: list[float]) -> None:
    """Room beside the first and the last point."""
    span = max(times) - min(times)
    axes.set_xlim(min(times) - max(0.4, 0.04 * span), max(times) + max(0.45, 0.04 * span))


def _year_axis(axes, dates: list) -> None:
    """A label under every date, of many under those that do not touch: the last one always, then as many as fit."""
    low, high = axes.get_xlim()
    # a part of a year stands close to the year before: the last label goes to the right of its date, that to the left
    beside = ["left", "right"] if dates[-1].month < 12 and len(dates) > 1 else []
    kept, free = [], float("inf")  # up to where there is room, from the right
    for when, side in zip(reversed(dates), [*beside, *["center"] * len(dates)], strict=False):
        text, time = f"{when.month}/{when.year}" if when.month < 12 else str(when.year), decimal_year(when.date())
        width = LETTER * len(text)
        start = (time - low) / (high - low) * AXIS - {"left": 0, "center": width / 2, "right": width}[side]
        if start + width + LETTER / 2 <= free:
            kept.append((time, text, side))
            free = start
    times, texts, sides = zip(*reversed(kept), strict=True)
    axes.set_xticks(times, texts)
    for label, side in zip(axes.get_xticklabels(), sides, strict=True):
        label.set_horizontalalignment(side)
