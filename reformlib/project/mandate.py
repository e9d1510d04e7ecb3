"""The scenario that a mandate is enforced, beside the projections and never in them.

Series of coverage elsewhere know no deadlines, nor do the distributions learned from them. What a mandate can do is
seen where a report has roll-outs of its own: from next to nothing to nearly all within a year.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from reformlib.check.caveats import caveats
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.project.chances import open_targets
from reformlib.project.horizon import horizon_of
from reformlib.project.law import no_range
from reformlib.project.series import each_series, project

# A roll-out: from at most this share of all to at least that one, within so many years (a year between two reports of
# the same quarter may be a few days longer).
LITTLE, NEARLY_ALL, YEAR = 0.2, 0.8, 1.05
SCENARIO = "enforced"


def roll_outs(report: Report) -> pd.DataFrame:
    """Roll-outs of units that the report shows: `indicator, level, since, before, until, after, last, ceiling`, a row a
    series; `last` is the day of the last figure.

    One that starts from a figure which a check objects to start from, agreeing or not, is none: units could not be on
    an axis before it opened. Units that use the one-stop software: 5 at the end of 2017, 134 of 134 at the end of 2018.
    """
    rows = []
    for series in each_series(report, horizon_of(report)):
        about = report.catalogue.rows_by("projection", "indicator").get(series.indicator, {})
        if not series.ceiling or about.get("ceiling") != "bodies":
            continue
        points = list(each_row(series.points))
        for first, last in pairwise(points):
            enough = first.value <= LITTLE * series.ceiling and last.value >= NEARLY_ALL * series.ceiling
            step = [(series.indicator, series.level)], "base", first.as_of, last.as_of
            started = not any("base" in one.objects_to for one in caveats(report, *step))
            if enough and started and last.time - first.time <= YEAR:
                told = [first.as_of, first.value, last.as_of, last.value, points[-1].as_of, series.ceiling]
                rows.append([series.indicator, series.level, *told])
    columns = ["indicator", "level", "since", "before", "until", "after", "last", "ceiling"]
    return pd.DataFrame(rows, columns=columns)


def enforced(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the series of targets that ask for more would stand at on the deadline if each target were enforced, beside
    the median of things as they go, NaN without a range to go by: `indicator, level, target_id, deadline, target,
    median, scenario`, in the unit of the indicator. Targets that the last figure meets are left out. `rows` is what
    `gaps` gave.

    It has no probability: nothing measured says how often a mandate is enforced.
    """
    out = []
    for row in each_row(open_targets(report, rows)):
        series = project(report, row.indicator, row.level, row.deadline.year)
        if row.sign < 0 or series.ceiling is None or row.deadline.year > series.last_year(row.deadline.year):
            continue
        law = series.law([row.due])
        if law is not None and row.own > series.points["value"].iloc[-1]:
            median = float(np.where(no_range(law), np.nan, law.quantile(0.5))[0])
            out.append([row.indicator, row.level, row.target_id, row.deadline, row.own, median, SCENARIO])
    columns = ["indicator", "level", "target_id", "deadline", "target", "median", "scenario"]
    return pd.DataFrame(out, columns=columns)
