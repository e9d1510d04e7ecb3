"""Change of the observed series: change, average annual change, share of a universe."""

import calendar
from datetime import date
from operator import attrgetter
from typing import Any

import pandas as pd

from reformlib.load.fields import frame
from reformlib.load.period import likeness
from reformlib.load.rows import each_row, firsts, grouped

# Points that cannot be joined with others in one change: no value, another definition, too little trust.
UNJOINABLE = frozenset("DOMU")


def decimal_year(when: date) -> float:
    """A date on the scale of years, counted to the end of its day.

    >>> decimal_year(date(2019, 12, 31)), round(decimal_year(date(2020, 3, 31)), 4)
    (2020.0, 2020.2486)
    """
    days = 366 if calendar.isleap(when.year) else 365
    return when.year + when.timetuple().tm_yday / days


def years_between(first: date, last: date) -> float:
    """The time from the end of one day to that of a later one: whole years where the calendar says so, else the
    difference of their :func:`decimal_year`, which a leap year moves a little.

    >>> years_between(date(2020, 3, 31), date(2021, 3, 31)), years_between(date(2015, 12, 31), date(2019, 12, 31))
    (1.0, 4.0)
    """
    if (first.month, first.day) == (last.month, last.day):
        return float(last.year - first.year)
    return decimal_year(last) - decimal_year(first)


def joined(observations: pd.DataFrame, indicator: str, level: str = "") -> pd.DataFrame:
    """The latest stretch of one series whose points can be compared, oldest first.

    Left out are points without a value, with another definition or of low reliability (status O, M, D, U); a
    break (B) starts a new stretch. What is summed over a period joins like with like only, quarters with the same
    quarter of other years: of several such groups the one with the most points, of two the later. A flow over less time
    than usual (status P) is left out too; a share of flows stays, marked P. Of two figures of one day, that of the
    longer period stands.
    """
    series = observations[(observations["indicator"] == indicator) & (observations["level"] == level)]
    return series.iloc[stretch(list(each_row(series)))]


def stretch(points: list) -> list[int]:
    """Places of the points of :func:`joined`, oldest first, among all those of one series, rows of the observations."""
    left_out = UNJOINABLE if points and points[0].unit == "%" else UNJOINABLE | {"P"}
    places = [place for place, point in enumerate(points) if point.status not in left_out]
    places.sort(key=lambda place: points[place].as_of)
    breaks = [count for count, place in enumerate(places) if points[place].status == "B"]
    places = places[breaks[-1] :] if breaks else places
    groups = grouped((place for place in places if points[place].status != "P"), lambda place: likeness(points[place]))
    chosen = max(groups.values(), key=lambda group: (len(group), points[group[-1]].as_of), default=[])
    places = [place for place in places if place in chosen or points[place].status == "P"]
    return firsts(places, lambda place: points[place].as_of)


def changes(observations: pd.DataFrame) -> pd.DataFrame:
    """Change of every series over the latest stretch that can be compared, parts of a year left out.

    One row an indicator and level: first and last point with their dates and their places in the form, `change` =
    last - first in the series' unit (percentage points for a share), `years` between the dates with fractions,
    `annual_change` = change / years. Signatures, 408 at the end of 2015 and 1610 at 31 March 2020: 1202 in 4.249 years,
    282.9 a year. Over less than a year no yearly pace is given, nor for a rise from 0: the years before anything was
    there, or was counted, would set it. `reason` says in words why a row has no change or no pace.
    """
    series = grouped(each_row(observations), attrgetter("indicator", "level"))
    return frame("changes", [_change(points) for points in series.values()])


def _change(points: list) -> dict[str, Any]:
    """The row of :func:`changes` for one series, all its points given."""
    # a share over a part of a year is no share of a full year
    chosen = [point for point in (points[place] for place in stretch(points)) if point.status != "P"]
    row = {name: getattr(points[0], name) for name in ("indicator", "level", "unit")}
    row |= {"points": len(chosen), "reason": "", "first_place": "", "last_place": ""}
    if not chosen:
        figures = any(pd.notna(point.value) for point in points)
        reason = "no point can be compared with another" if figures else "the report gives no figure"
        return row | {"reason": reason}
    first, last = chosen[0], chosen[-1]
    row |= {"last_as_of": last.as_of, "last": last.value, "last_place": last.place}
    if len(chosen) == 1:
        return row | {"reason": "only one point can be compared"}
    years, change = years_between(first.as_of, last.as_of), last.value - first.value
    row |= {"first_as_of": first.as_of, "first": first.value, "first_place": first.place}
    row |= {"change": change, "years": years}
    if years < 1:
        return row | {"reason": "the points are less than a year apart"}
    if first.value == 0 < change:
        return row | {"reason": "starts at 0"}
    return row | {"annual_change": change / years}
