"""Where each indicator goes by itself: a simple damped trend with intervals, until a learned model replaces it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from reformlib.load import Report
from reformlib.measure import decimal_year, joined

COLUMNS = ["indicator", "level", "year", "p50", "lo80", "hi80", "lo95", "hi95", "status", "scenario", "basis"]

BASES = {
    "damped": "damped trend on {points} points",
    "few_points": "no projection: fewer than five points can be joined",
    "few_values": "no projection: fewer than three different values",
    "no_figure": "no projection: the report gives no usable figure",
}

DAMPING = 0.8  # a year's step keeps four fifths of the step before it


def projections(report: Report, *, horizon: int = 2030) -> pd.DataFrame:
    """Yearly projections of every series to the end of `horizon`.

    One row an indicator, level and year: median and the 80 and 95 % intervals in the indicator's unit, held
    within its natural limits, status F. A series without five joined points or three different values gets one
    row without numbers and the reason in `basis`, a code of `BASES`.
    """
    rows = []
    limits = report.catalogue.indicators.set_index("indicator")[["limit_low", "limit_high"]]
    for indicator, level in report.observations[["indicator", "level"]].drop_duplicates().itertuples(index=False):
        series = joined(report.observations, indicator, level)
        basis = "no_figure" if series.empty else "few_points" if len(series) < 5 else "damped"
        if basis == "damped" and series["value"].nunique() < 3:
            basis = "few_values"
        row = {"indicator": indicator, "level": level, "status": "F", "scenario": "as_is", "basis": basis}
        if basis != "damped":
            rows.append(row)
            continue
        times = np.array([decimal_year(when.date()) for when in series["as_of"]])
        bands = damped_trend(times, series["value"].to_numpy(), np.arange(math.floor(times[-1]) + 1, horizon + 2))
        bands = bands.clip(*limits.loc[indicator])
        rows += [row | {"year": year - 1} | bands.loc[year].to_dict() for year in bands.index]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(year=frame["year"].astype("Int64"))


def damped_trend(times: np.ndarray, values: np.ndarray, at: np.ndarray) -> pd.DataFrame:
    """Median and intervals of a damped trend at the times `at` (decimal years; 2021.0 is the end of 2020).

    The mean yearly step fades by `DAMPING` a year (Gardner and McKenzie 1985, damped trend); the spread of the
    steps about it grows with the square root of time, with Student's t for so few steps.
    """
    steps = np.diff(values) / np.diff(times)
    ahead = at - times[-1]
    median = values[-1] + steps.mean() * DAMPING * (1 - DAMPING**ahead) / (1 - DAMPING)
    spread = steps.std(ddof=1) * np.sqrt(ahead + ahead**2 / len(steps))
    bands = {"p50": median}
    for share in (80, 95):
        reach = stats.t.ppf(0.5 + share / 200, len(steps) - 1) * spread
        bands |= {f"lo{share}": median - reach, f"hi{share}": median + reach}
    return pd.DataFrame(bands, index=at)
