"""The series of a report's annex: their points, what they are shares of, and their figures as printed."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from reformlib.check import periods
from reformlib.check.finding import Result, SeriesKey
from reformlib.check.periods import Span
from reformlib.check.rounding import exact
from reformlib.check.sentence import PeriodName, shown
from reformlib.check.verdict import Verdict
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.cells import CellValue
from reformlib.load.period import Period, likeness
from reformlib.load.report import Report
from reformlib.load.rows import each_row, firsts, grouped


@dataclass(frozen=True, eq=False)
class Series:
    """One series of the annex: its row of the catalogue, its service level, its points in the order of time."""

    report: Report
    about: Any
    level: str
    points: tuple

    def __repr__(self) -> str:
        name = ":".join(filter(None, self.key))
        return f"<Series {name}: {len(self.filled)} of {len(self.points)} periods have a figure>"

    @property
    def key(self) -> SeriesKey:
        """Indicator and service level."""
        return self.about.indicator, self.level

    @cached_property
    def filled(self) -> list:
        """The points that have a figure, which a bound is not."""
        return [point for point in self.points if not math.isnan(point.value) and not point.bound]

    @cached_property
    def strands(self) -> list[list]:
        """The points that have a figure, those together that can be set one after another: of what is summed over a
        period quarters with the same quarter of other years, of a day's figure all, each day once."""
        return [firsts(alike, lambda point: point.as_of) for alike in grouped(self.filled, likeness).values()]

    @cached_property
    def pairs(self) -> list[tuple]:
        """Neighbours of a strand, of periods that may be compared."""
        pairs = (pair for strand in self.strands for pair in pairwise(strand))
        return [pair for pair in pairs if self.same_length(*pair)]

    @cached_property
    def one_by_one(self) -> list:
        """The points that have a figure, of periods that follow one another without overlapping."""
        chain: list = []
        for point in self.filled:
            if not chain or point.start > chain[-1].as_of:
                chain.append(point)
        return chain

    @cached_property
    def base(self) -> dict[str, Any]:
        """The points of the base of a rate by period: of the same level where the base has levels."""
        bases = [other for other in each_series(self.report) if other.about.indicator == self.about.base]
        return {p.period: p for other in bases if other.level in (self.level, "") for p in other.filled}

    @cached_property
    def is_part_of_base(self) -> bool:
        """Whether the base counts the things the rate is a share of: both are broken down by the same levels.

        Else the base only says where the rate exists, such as the units that run a system for a share of dossiers.
        """
        base = self.report.catalogue.rows_by("indicators", "indicator").get(self.about.base)
        return bool(base and self.about.levels and base["levels"] == self.about.levels)

    def printed(self, point) -> str:
        """The figure of a point as printed, with a decimal point and all its decimals: `0.13`; "" for an empty cell.

        Where a logged correction or a what-if replaced the printed one, that figure.
        """
        if cell := self._cell(point):
            return f"{cell.value:.{cell.decimals}f}"
        return "" if math.isnan(point.value) else str(shown(exact(float(point.value)), 6))

    def _cell(self, point) -> CellValue | None:
        """What is printed of a point; None where the cell is empty, or another figure stands for it."""
        if (*self.key, point.period) in self.report.supposed:
            return None
        of_level = (
            one for one in _read(self.report, self.about.indicator, point.raw) if one.level in ("", point.level)
        )
        return next((one for one in of_level if math.isnan(point.value) or one.value == point.value), None)

    def rounded_to(self, point) -> Fraction:
        """The unit that a figure is rounded to: 1/100 for 5.65, 10 for 5.65 thousand, 0 for what is counted."""
        cell = self._cell(point)
        if cell and cell.scaled and not cell.decimals:
            zeros = len(f"{point.value:.0f}") - len(f"{point.value:.0f}".rstrip("0"))
            return Fraction(10**zeros)
        decimals = len(self.printed(point).partition(".")[2])
        return Fraction(0 if self.about.whole and not decimals else 1, 10**decimals)

    def same_length(self, a, b) -> bool:
        """Whether the figures of two points cover periods that may be compared, of one and the same body."""
        began = self.report.meta.exists_from
        if began and a.as_of.date() < began <= b.as_of.date():
            return False
        return self.about.time_collect in periods.ANY_LENGTH or periods.same_length(span_of(a), span_of(b))

    def result(self, *verdicts: Verdict, periods: Iterable[str] = (), severity: str = "") -> Result:
        """A result about this series, in the periods of these codes."""
        return Result(verdicts, (self.key,), tuple(periods), severity)


@cached_by_owner
def each_series(report: Report) -> tuple[Series, ...]:
    """Every series of the annex, in the order of the form."""
    series = []
    for about in each_row(report.catalogue.indicators):
        mine = sorted(report.points.get(about.indicator, ()), key=lambda point: (point.as_of, point.start))
        for level in about.levels.split(";"):
            points = tuple(point for point in mine if point.level == level)
            if points:
                series.append(Series(report, about, level, points))
    return tuple(series)


@cached_by_owner
def _read(report: Report, indicator: str, raw: str) -> list[CellValue]:
    try:
        return report.catalogue.parse(indicator, raw, report.meta.locale)
    except ReformError:  # an entry of the log says how the cell is read, or that it is not
        return []


@cached_by_owner
def columns(report: Report) -> dict[str, Period]:
    """The periods of the annex by their code, in the order of time."""
    return {one.code: one for one in report.headings.values()}


@cached_by_owner
def rhythm(report: Report) -> str:
    """What the columns of the annex are of, an English message: `year`, or `period` where some are of less."""
    return "year" if all(code.isdigit() for code in columns(report)) else "period"


def named(points: Iterable) -> dict[PeriodName, float]:
    """Figures by period, named in no language yet."""
    return {PeriodName(point.period): point.value for point in points}


def span_of(point) -> Span:
    """The days that a point is of."""
    return Span(point.start.date(), point.as_of.date())
