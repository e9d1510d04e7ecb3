"""The day of a figure whose column names none: it is dated the last day of its period, an assumption; what if not.

A year's column without a day could hold figures collected in mid-December or in January. Every number that rests on
the time between two figures is worked out again with those of such columns a month earlier and a month later.
"""

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.measure.change import changes
from reformlib.measure.gaps import judged

# A day as a heading prints it: 31/3.
_DAY = re.compile(r"(?<!\d)\d{1,2}[/-]\d{1,2}(?!\d)")
MONTHS = (-1, 1)
# In words, an English message.
ASSUMPTION = (
    "Figures counted at a date, in a column that names no day, are dated the last day of its period: 31 December for a "
    "year."
)


def assumed(report: Report) -> pd.Series:
    """Which observations are counted at a date that their column does not name.

    >>> from reformlib.load.report import load_report
    >>> tra_vinh = load_report("tra-vinh-2020")
    >>> sorted(set(tra_vinh.observations.loc[assumed(tra_vinh), "period"]))
    ['2015', '2016', '2017', '2018', '2019']
    """
    undated = [period.code for heading, period in report.headings.items() if not _DAY.search(heading)]
    return (report.observations["collect"] == "E") & report.observations["period"].isin(undated)


def movable(report: Report) -> frozenset[str]:
    """The indicators with a figure of :func:`assumed`: what rests on none of them is not moved.

    >>> from reformlib.load.report import load_report
    >>> sorted(movable(load_report("tra-vinh-2020")) & {"signatures", "e_documents_share", "one_stop_share"})
    ['signatures']
    """
    return frozenset(report.observations.loc[assumed(report), "indicator"])


@cached_by_owner
def redated(report: Report, months: int) -> Report:
    """The report with the figures of :func:`assumed` so many months later, at the end of that month: of 31 December,
    -1 makes 30 November, 1 makes 31 January."""
    points = report.observations
    moved = points["as_of"].mask(assumed(report), points["as_of"] + pd.offsets.MonthEnd(months))
    return replace(report, observations=points.assign(as_of=moved))


def between(told: pd.Series, others: list[pd.Series]) -> pd.DataFrame:
    """`told` with the least (`low`) and the most (`high`) that it and the `others`, row by row, come to.

    283 beside 277 and 289: told 283, low 277, high 289.
    """
    every = pd.concat([told, *others], axis=1).astype(float)
    return pd.DataFrame({"told": told.astype(float), "low": every.min(axis=1), "high": every.max(axis=1)})


@cached_by_owner
def moved_changes(report: Report) -> pd.DataFrame:
    """The average a year of every series (:func:`reformlib.measure.change.changes`), `told`, and from `low` to `high`
    where figures without a day are of a month earlier or later.

    Signatures, 1,202 in 4.249 years: 282.9 a year; in 4.334 years 277.4, in 4.164 years 288.7.
    """
    rows, *others = (changes(one.observations) for one in (report, *(redated(report, n) for n in MONTHS)))
    return rows[["indicator", "level", "unit", "change"]].join(
        between(rows["annual_change"], [other["annual_change"] for other in others])
    )


@cached_by_owner
def moved_gaps(report: Report) -> pd.DataFrame:
    """The pace so far of every target (:func:`reformlib.measure.gaps.gaps`), `told`, and from `low` to `high` where
    figures without a day are of a month earlier or later; `verdict_moves` and `enough_moves` whether the verdict, and
    whether the pace is enough, would be another then.

    39.8 % at the end of 2021, 93.98 % on 30 June 2025: told 15.50 points a year, low 15.13, high 15.88.
    """
    rows, *others = (judged(one, "all") for one in (report, *(redated(report, n) for n in MONTHS)))
    signs = rows["wanted"].map({"decrease": -1, "increase": 1})

    def enough(one: pd.DataFrame) -> pd.Series:
        return (signs * (one["pace_seen"] - one["pace_needed"])).ge(0)

    paces = between(rows["pace_seen"], [other["pace_seen"] for other in others])
    return rows.join(paces).assign(
        verdict_moves=np.any([other["verdict"] != rows["verdict"] for other in others], axis=0),
        enough_moves=np.any([enough(other) != enough(rows) for other in others], axis=0),
    )
