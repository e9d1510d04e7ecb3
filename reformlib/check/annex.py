"""The series of a report's annex: their points, what they are shares of, and their figures as printed."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from reformlib.check import periods
from reformlib.check.finding import Result, SeriesKey
from reformlib.check.periods import Span
from reformlib.check.rounding import exact
from reformlib.check.sentence import shown
from reformlib.check.verdict import CONSISTENT, Verdict
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import each_row


@dataclass(frozen=True, eq=False)
class Series:
    """One series of the annex: its row of the catalogue, its service level, its points oldest first."""

    report: Report
    about: Any
    level: str
    points: tuple

    @property
    def key(self) -> SeriesKey:
        """Indicator and service level."""
        return self.about.indicator, self.level

    @cached_property
    def filled(self) -> list:
        """The points that have a figure, which a bound is not."""
        return [point for point in self.points if not math.isnan(point.value) and not point.bound]

    @cached_property
    def by_year(self) -> dict[str, float]:
        """The figures by year, as text so that years are not written as numbers."""
        return {str(p.year): p.value for p in self.filled}

    @cached_property
    def base(self) -> dict[int, float]:
        """The base of a rate by year: of the same level where the base has levels."""
        bases = [other for other in each_series(self.report) if other.about.indicator == self.about.base]
        return {p.year: p.value for other in bases if other.level in (self.level, "") for p in other.filled}

    @cached_property
    def is_part_of_base(self) -> bool:
        """Whether the base counts the things the rate is a share of: both are broken down by the same levels.

        Else the base only says where the rate exists, such as the units that run a system for a share of dossiers.
        """
        levels = self.report.catalogue.by_indicator["levels"].get(self.about.base)
        return bool(self.about.base and self.about.levels and levels == self.about.levels)

    def printed(self, point) -> str:
        """The figure of a point as printed, with a decimal point and all its decimals: `0.13`; "" for an empty cell.

        Where a logged correction replaced the printed one, the figure that was read.
        """
        try:
            cells = self.report.catalogue.parse(self.about.indicator, point.raw, self.report.meta.locale)
        except ReformError:  # an entry of the log says how the cell is read, or that it is not
            cells = []
        for cell in cells:
            if cell.level == point.level and (math.isnan(point.value) or cell.value == point.value):
                return f"{cell.value:.{cell.decimals}f}"
        return "" if math.isnan(point.value) else str(shown(exact(float(point.value)), 6))

    def same_length(self, a, b) -> bool:
        """Whether the figures of two points cover periods that may be compared."""
        return periods.comparable(self.about.time_collect, span_of(a), span_of(b)).outcome == CONSISTENT

    def result(self, *verdicts: Verdict, years: tuple[int, ...] = (), severity: str = "") -> Result:
        """A result about this series."""
        return Result(verdicts, (self.key,), years, severity)


@cached_by_owner
def each_series(report: Report) -> tuple[Series, ...]:
    """Every series of the annex, in the order of the form."""
    series = []
    for about in each_row(report.catalogue.indicators):
        mine = sorted(report.points.get(about.indicator, ()), key=lambda point: point.as_of)
        for level in about.levels.split(";"):
            points = tuple(point for point in mine if point.level == level)
            if points:
                series.append(Series(report, about, level, points))
    return tuple(series)


def span_of(point) -> Span:
    """The days from the start of a point's year to its date."""
    return Span(date(point.year, 1, 1), point.as_of.date())
