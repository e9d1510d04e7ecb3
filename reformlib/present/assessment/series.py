"""The series of the assessment over time: their figures, what of them can be joined, and a picture in a table's row."""

import pandas as pd

from reformlib.load.period import likeness
from reformlib.load.rows import firsts, grouped
from reformlib.measure.change import UNJOINABLE, decimal_year
from reformlib.present.page import Page
from reformlib.present.spark import course


def course_picture(page: Page, change):
    """The series of a row of measure.changes as a small picture, if it has more than one figure."""
    points = figures_of(page, change)
    if len(points) < 2:
        return "–"
    first, last = points[0], points[-1]
    fields = {"start": page.period_name(first.period), "end": page.period_name(last.period)}
    fields |= {"first": page.figure(first), "last": page.figure(last)}
    text = "Course of {name}: {start} {first}, {end} {last}"
    if first.period.isdigit() and last.period.isdigit():
        text = "Course of {name} where {start} has {first} and {end} has {last}"
    alt = page._(text, name=page.series_name(change.indicator, change.level), **fields)
    return course(runs(series_of(page, change)), alt)


def end_of(page: Page, change, end: str):
    """The observation that is the "first" or the "last" of a row of measure.changes; None where there is none."""
    place = getattr(change, f"{end}_place")
    return next((point for point in series_of(page, change) if point.place == place), None)


def ends(page: Page, change) -> dict[str, str]:
    """First and last figure of a row of measure.changes with their dates, to fill sentences with."""
    points = {end: end_of(page, change, end) for end in ("first", "last")}
    dates = {f"{end}_date": page.when(point) for end, point in points.items()}
    return {end: page.figure(point) for end, point in points.items()} | dates


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


def time_of(point) -> float:
    """The day of a figure as a decimal year."""
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
                stretches[-1].append((time_of(point), point.value))
            before = point.status
    return sorted(stretches, key=lambda run: run[-1])


def length(point) -> tuple[int, ...]:
    """Months of the period that a figure is summed over; nothing for a figure of a day."""
    return likeness(point)[2:]
