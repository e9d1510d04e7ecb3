"""The series of the assessment over time: one small chart each, and a picture in the row of a table."""

from collections import Counter
from itertools import groupby, pairwise
from statistics import median

import pandas as pd

from reformlib.load.contracts import STATUSES
from reformlib.load.period import likeness, months_of
from reformlib.load.rows import each_row, firsts, grouped
from reformlib.measure.change import UNJOINABLE, decimal_year
from reformlib.present import chart
from reformlib.present.findings import qualified
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
        "Course of {name} where {start} has {first} and {end} has {last}"
        if first.period.isdigit() and last.period.isdigit()
        else "Course of {name}: {start} {first}, {end} {last}",
        name=page.series_name(change.indicator, change.level),
        start=page.period_name(first.period),
        first=page.figure(first),
        end=page.period_name(last.period),
        last=page.figure(last),
    )
    return course(runs(series_of(page, change)), alt)


def end_of(page: Page, change, end: str):
    """The observation that is the "first" or the "last" of a row of measure.changes; None where there is none."""
    place = getattr(change, f"{end}_place")
    return next((point for point in series_of(page, change) if point.place == place), None)


def ends(page: Page, change) -> dict[str, str]:
    """First and last figure of a row of measure.changes with their dates, to fill sentences with."""
    first, last = (end_of(page, change, end) for end in ("first", "last"))
    return {
        "first": page.figure(first),
        "first_date": page.when(first),
        "last": page.figure(last),
        "last_date": page.when(last),
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
    columns = [
        Column(page._("As of"), page.when),
        Column(unit, page.observed, True),
        Column(page._("Status"), lambda r: status(page, r.status)),
    ]
    series, place = series_of(page, change), lambda r: r.place_vi
    data = table(page, series, columns, caption=name, stack=False, origin=place, fold=False)
    marks = sorted({point.status for point in points} - {"A"})
    legend = "".join(f"; {STATUS_SHAPES[code]} {page._(STATUSES[code])}" for code in marks)
    if any(_apart(point, _usual(points)) for point in points):
        legend += f"; {page._('grey: over a period of another length')}"
    period = dict.fromkeys(str(year(point.year for point in points)) for year in (min, max))
    subtitle = f"{unit}, {'–'.join(period)}{legend}{chart.lower_is_better(page, change.indicator)}"
    title, alt = _chart_title(page, change, points, usable), _alt(page, change, points)
    if usable:
        key, use = [(change.indicator, change.level)], "step" if pd.notna(change.first_as_of) else "figure"
        title = qualified(page, title, (key, use, change.first_as_of, change.last_as_of))
    svg, source = _line_chart(page, change, points), chart.source(page, change.indicator)
    return chart.figure(page, svg, title=title, subtitle=subtitle, source=source, alt=alt, data=data)


def _alt(page: Page, change, points: list) -> str:
    """The picture in words: its ends, highest and lowest figure, of periods of one length; of one figure that only."""
    usual = _usual(points)
    told = [point for point in points if not _apart(point, usual)]
    fields = {"name": page.series_name(change.indicator, change.level)}
    if len(points) == 1:
        return page._(
            "Chart of {name} with one figure, {value} ({date}); one figure has no course.",
            value=page.figure(points[0]),
            date=page.when(points[0]),
            **fields,
        )
    for which, point in (("first", told[0]), ("last", told[-1])):
        fields |= {which: page.figure(point), f"{which}_date": page.when(point)}
    return page._(
        "Line chart of {name} where the first figure is {first} ({first_date}) and the latest {last} ({last_date}); "
        "highest {high}, lowest {low}.",
        high=page.figure(max(told, key=lambda point: point.value)),
        low=page.figure(min(told, key=lambda point: point.value)),
        **fields,
    )


def _usual(points: list) -> tuple[int, ...]:
    """The length, as of :func:`length`, that most figures of a series are of, of two the longer."""
    lengths = Counter(length(point) for point in points if point.status != "P" or len(points) == 1)
    return max(lengths, key=lambda one: (lengths[one], one), default=())


def length(point) -> tuple[int, ...]:
    """Months of the period that a figure is summed over; nothing for a figure of a day."""
    return likeness(point)[2:]


def _apart(point, usual: tuple[int, ...]) -> bool:
    """Whether a figure is over a period of another length than usual, and no mark of its own sets it apart."""
    return point.status not in {"P"} | UNJOINABLE and length(point) != usual


def _line_chart(page: Page, change, points: list) -> bytes:
    """Line, marks by status, and the figures that are named in the picture: the ends and that of the title."""
    times, values, usual = [_time(point) for point in points], [point.value for point in points], _usual(points)
    top, low = max(*values, 1), min(*values, 0)
    with chart.chart_axes() as (fig, axes):
        for run in runs(series_of(page, change)):
            axes.plot(*zip(*run, strict=True), color=chart.ACCENT, lw=2)
        for time, point in zip(times, points, strict=True):
            size, color = 7 if len(points) <= 20 else 4, chart.MUTED if _apart(point, usual) else chart.ACCENT
            axes.plot(time, point.value, color=color, ms=size, **chart.MARKERS[point.status])
        _spread(axes, times)
        axes.set_ylim(1.22 * low, (max(100, top) if change.unit == "%" and top > 20 else top) * 1.22)
        _name_figures(page, axes, change, points, (low, top))
        _time_axis(axes, series_of(page, change))
        chart.number_axis(page, axes.yaxis, change.unit)
        return chart.svg_of(fig)


def _name_figures(page: Page, axes, change, points: list, span: tuple[float, float]) -> None:
    """The figures in the picture: the first, the last, and that of the title where it stands clear of them."""
    times, values, usual = [_time(point) for point in points], [point.value for point in points], _usual(points)
    (low, top), (before, after) = span, axes.get_xlim()
    named = [n for n, point in enumerate(points) if not _apart(point, usual)]
    labelled = {named[0], named[-1]}
    for which in [n for n in named if points[n].as_of == change.last_as_of]:  # the title names it
        if all(abs(values[which] - values[other]) > (top - low) / 5 for other in labelled):
            labelled.add(which)
    for which in sorted(labelled):
        # clear of the line that comes down to it
        below = which > 0 and values[which] < values[which - 1] and (low < 0 or values[which] > top / 4)
        text, at = page.figure(points[which]), (times[which], values[which])
        # of many years the first one stands close to the axis
        room = AXIS * (times[which] - before) / (after - before) + LETTER
        ha = "left" if room < LETTER * len(text) / 2 else "center"
        above_axis = low < 0 or values[which] > 0.2 * axes.get_ylim()[1]
        below |= ha == "left" and which == 0 and max(values[:3]) > values[0] and above_axis
        offset, side = ((0, -9), "top") if below else ((0, 9), "baseline")
        chart.label(axes, text, at, offset, ha=ha, va=side, color=chart.ACCENT, fontweight="bold")


def _chart_title(page: Page, change, points: list, usable: bool) -> str:
    """What a chart shows, in a line: the figures that can be compared and when they were."""
    fields = {"name": page.series_name(change.indicator, change.level)}
    if not usable:
        return page._("{name}: no trend, as the figures cannot be right as labelled", **fields)
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
    """The title of a series that begins with 0: until when, and for which periods nothing is reported."""
    begun = next(place for place, point in enumerate(series) if abs(point.value) > 0)
    zeros, blanks = (_spans(page, series[:begun], blank=blank) for blank in (False, True))
    if blanks:
        return page._(
            "{name}: {last} ({end}); 0 in {zeros}, nothing reported for {blanks}", zeros=zeros, blanks=blanks, **fields
        )
    return page._("{name}: {last} ({end}); 0 until {year}", year=_year_or_date(page, series[begun - 1]), **fields)


def _spans(page: Page, series: list, *, blank: bool) -> str:
    """The periods of a series without a figure, or with one: `2015, 2017–2018`."""
    stretches = (
        list(same) for holds, same in groupby(series, lambda point: bool(pd.isna(point.value))) if holds == blank
    )
    return ", ".join("–".join(dict.fromkeys(page.period_name(same[n].period) for n in (0, -1))) for same in stretches)


def _year_or_date(page: Page, point) -> str:
    """When a figure was, in short: its year where it is of the year's end or of the whole year."""
    text = page.when(point)
    year_end = (point.as_of.month, point.as_of.day) == (12, 31)
    return str(point.as_of.year) if year_end and text == page.day(point.as_of) else text


def figures_of(page: Page, change) -> list:
    """The observations of a series that have a figure; what is counted on a day stands once."""
    return [point for point in _once(series_of(page, change)) if pd.notna(point.value)]


def series_of(page: Page, change) -> list:
    """All observations of the series of a row of measure.changes, in the order of time."""
    return [point for point in page.report.points[change.indicator] if point.level == change.level]


def _once(points: list) -> list:
    """Of several figures of one day the first that there is; every one of what is summed over periods."""
    filled = sorted(points, key=lambda point: (point.as_of, pd.isna(point.value)))
    return firsts(filled, lambda point: (point.as_of, length(point)))


def _time(point) -> float:
    return decimal_year(point.as_of.date())


def runs(points: list) -> list[list[tuple[float, float]]]:
    """Stretches of (time, value) that can be compared: none across a blank, a break, a definition, a part of a flow's
    year, nor from a period to one of another length."""
    stretches: list[list[tuple[float, float]]] = []
    for same in grouped(_once(points), length).values():
        before = "O"
        for point in same:
            if pd.notna(point.value):
                if point.status in ("B", "P") or {point.status, before} & UNJOINABLE:
                    stretches.append([])
                stretches[-1].append((_time(point), point.value))
            before = point.status
    return sorted(stretches, key=lambda run: run[-1])


def _spread(axes, times: list[float]) -> None:
    """Room beside the first and the last point."""
    span = max(times) - min(times)
    left, right = (
        max(min(most, share * span) if span else most, 0.04 * span) for most, share in ((0.4, 0.2), (0.45, 0.225))
    )
    axes.set_xlim(min(times) - left, max(times) + right)


def _tick(point) -> str:
    """What stands under a point: `2020`, `Q1/2020`, or the month that it ends with, `3/2020`."""
    year, _, part = point.period.partition("-")
    if part.startswith("Q"):
        return f"{part}/{year}"
    return f"{point.as_of.month}/{point.as_of.year}" if part or point.as_of.month < 12 else str(point.as_of.year)


def _time_axis(axes, series: list) -> None:
    """A label under every date, of many under those that do not touch: the last one always, then as many as fit."""
    low, high = axes.get_xlim()
    shown = [point for point in series if low <= _time(point) <= high]  # a label beyond it would stretch the axis
    lengths = Counter(map(months_of, shown))
    usual = max(lengths, key=lambda one: (lengths[one], one))  # its periods name the days that several end on
    shown.sort(key=lambda point: (point.as_of, months_of(point) != usual))
    points = firsts(shown, lambda point: point.as_of)
    times = [_time(point) for point in points]
    steps = [after - before for before, after in pairwise(times)]
    # a part of a year stands close to the year before: the last label goes to the right of its date, that to the left
    beside = ["left", "right"] if steps and steps[-1] < 0.6 * median(steps) else []
    kept, free = [], float("inf")  # up to where there is room, from the right
    for point, time, side in zip(reversed(points), reversed(times), [*beside, *["center"] * len(points)], strict=False):
        text = _tick(point)
        width = LETTER * len(text)
        start = (time - low) / (high - low) * AXIS - {"left": 0, "center": width / 2, "right": width}[side]
        if start + width + LETTER / 2 <= free:
            kept.append((time, text, side))
            free = start
    times, texts, sides = zip(*reversed(kept), strict=True)
    axes.set_xticks(times, texts)
    for label, side in zip(axes.get_xticklabels(), sides, strict=True):
        label.set_horizontalalignment(side)
