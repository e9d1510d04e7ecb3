"""The figures that a pace is told from, the pace so far and the pace that a target needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.measure import progress
from reformlib.measure.change import decimal_year, stretch
from reformlib.measure.progress import result

# Why a judged target has no ratio of progress: the reasons of reformlib.measure.progress, by code.
NO_RATIO = {
    name.lower(): getattr(result, name)
    for name in (
        "NO_BASE",
        "ONE_POINT",
        "ZERO_BASE",
        "SIGN_CHANGE",
        "ZERO_TARGET",
        "TARGET_SIGN",
        "BASE_IS_TARGET",
        "BASE_PAST_TARGET",
        "TARGET_YEAR",
        "TOO_LARGE",
    )
}

CAGR_RULES = "statcan-2025"


@cached_by_owner
def target_series(report: Report, indicator: str, level: str, *, share: bool = False) -> pd.DataFrame:
    """The figures that can be joined, in the unit of the target: `as_of`, `time` (decimal year), `value`, `status`.

    Levels such as "3+4" are added date by date. `share` makes a count the percentage of the universe that the report
    states; at the dates before, it is the same universe that the count is divided by.

    >>> from reformlib.load.report import load_report
    >>> target_series(load_report("tra-vinh-2020"), "online_services", "3+4", share=True)["value"].round(1).tolist()
    [0.0, 0.0, 12.2, 33.0, 45.6, 58.7]
    """
    parts = [_joined(report, indicator, part) for part in level.split("+")]
    found = [(when, [part[when] for part in parts]) for when in parts[0] if all(when in part for part in parts)]
    values = np.array([sum(value for value, _ in points) for _, points in found], dtype=float)
    universe = stated_universe(report, indicator) if share else None
    return pd.DataFrame(
        {
            "as_of": np.array([when.to_datetime64() for when, _ in found], dtype="datetime64[ns]"),
            "time": [decimal_year(when.date()) for when, _ in found],
            "value": values * 100 / universe if universe else values,
            "status": ["P" if any(status == "P" for _, status in points) else "A" for _, points in found],
        }
    )


@cached_by_owner
def _joined(report: Report, indicator: str, level: str) -> dict[pd.Timestamp, tuple[float, str]]:
    """Value and status by date of the figures that can be joined."""
    points = [point for point in report.points.get(indicator, ()) if point.level == level]
    return {points[place].as_of: (points[place].value, points[place].status) for place in stretch(points)}


def pace_series(series: pd.DataFrame, direction: str = "increase") -> pd.DataFrame:
    """The figures of :func:`target_series` that a pace is told from: whole periods, from the first above zero on.

    A figure over a part of a year (status P) is left out, since it is not compared with one over a year. Zeros at the
    start of a series to be raised are left out where a figure above zero follows: the years before anything was there,
    or was counted, would set the pace.

    >>> from reformlib.load.report import load_report
    >>> tra_vinh = load_report("tra-vinh-2020")
    >>> pace_series(target_series(tra_vinh, "online_services", "4"))["value"].tolist()
    [12.0, 203.0, 390.0, 539.0]
    """
    chosen = (series["status"] != "P").to_numpy()
    if direction == "increase":
        begun = chosen & np.maximum.accumulate(chosen & (series["value"].to_numpy() > 0))
        chosen = begun if begun.any() else chosen
    return series[chosen]


@cached_by_owner
def series_until(report: Report, indicator: str, level: str, share: bool, as_of: pd.Timestamp) -> pd.DataFrame:
    """The figures of :func:`target_series` up to the one that is judged."""
    series = target_series(report, indicator, level, share=share)
    return series[series["as_of"] <= as_of]


def pace_and_ratios(series: pd.DataFrame, out: dict, achieved: bool) -> dict:
    """Base, paces and ratios over the figures of :func:`pace_series`, and why a ratio is missing."""
    due = decimal_year(out["deadline"]) if out["deadline"] else None
    found = {"pace_needed": 0.0 if achieved and due and due > decimal_year(out["as_of"].date()) else None}
    if series.empty or due is None:
        return found
    values, times = series["value"].tolist(), series["time"].tolist()
    base, start, value, now = values[0], times[0], values[-1], times[-1]
    given = {"target": out["target"], "target_year": due, "direction": out["direction"]}
    if due > now and due > decimal_year(out["as_of"].date()) and not achieved:
        found["pace_needed"] = progress.required_pace(value, now, **given)
    # over less than a year no yearly pace is told
    linear = progress.linear_progress(base, start if now - start >= 1 else now, value, now, **given)
    cagr = progress.progress(base, start, value, now, rules=CAGR_RULES, **given)
    way = progress.share_of_way(base, value, out["target"])
    codes = {text: code for code, text in NO_RATIO.items()}
    return found | {
        "base": base,
        "base_as_of": series["as_of"].iat[0],
        "pace_value": value,
        "pace_as_of": series["as_of"].iat[-1],
        "way": None if way is None else 100 * way,
        "pace_seen": progress.pace(base, start, value, now) if now - start >= 1 else None,
        "ratio_linear": linear.value,
        "ratio_cagr": cagr.value,
        "rule_set": "linear" if cagr.value is None else f"linear;{CAGR_RULES}",
        "reason": ";".join(dict.fromkeys(codes[text] for text in (linear.reason, cagr.reason) if text)),
    }


def stated_universe(report: Report, indicator: str) -> float | None:
    fact = report.meta.universes.get(indicator)
    return None if fact is None else report.rows_by("facts", "fact")[fact]["value"]
