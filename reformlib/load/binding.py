"""Which official targets a body is held to: by its kind, its place, and the years that its figures are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.identity import whose

if TYPE_CHECKING:
    from reformlib.load.report import Report

# What lies below a body of each kind, within its place: it is held to what is asked of those too.
BELOW = {"ministry": (), "province": ("district", "commune"), "district": ("commune",), "commune": ()}


@cached_by_owner
def figures_from(report: Report) -> pd.Timestamp:
    """The first day of the period of the first figure; of the report's period where there is no figure.

    The figures of Trà Vinh begin in 2015, so that of its period, 2011 to 2020, nothing is known before.

    >>> from reformlib.load.report import load_report
    >>> figures_from(load_report("tra-vinh-2020"))
    Timestamp('2015-01-01 00:00:00')
    """
    starts = [point.start for points in report.points.values() for point in points if not pd.isna(point.value)]
    return min(starts, default=pd.Timestamp(report.meta.period_start, 1, 1))


def applies(target: Any, report: Report) -> bool:
    """Whether an official target, a row of `targets.csv`, is one that the body of a report is held to.

    - Its kind: a body is held to what binds its kind, all, or what lies below it (`BELOW`); none to a figure of the
      whole country.
    - Its place: a target that binds one place binds the bodies of that place only.
    - The instrument was in force: its period, where it has one, does not end before the figures begin.

    A deadline before the figures begin is told by :func:`reformlib.measure.targets.official_targets`, since such a
    target is still part of what the body was asked.

    >>> from reformlib.load.report import load_report
    >>> report = load_report("tra-vinh-2020")
    >>> [row.id for row in report.catalogue.targets.itertuples() if row.place and applies(row, report)]
    ['T113', 'T114', 'T115', 'T116', 'T117', 'T118']
    """
    level = report.meta.level
    if target.applies_to != "all" and not {level, *BELOW[level]} & set(target.applies_to.split(";")):
        return False
    if target.place and whose("", target.place) != whose("", report.meta.place_vi):
        return False
    ends = report.catalogue.rows_by("instruments", "instrument")[target.instrument]["period_end"]
    return pd.isna(ends) or ends >= figures_from(report).year
