"""The figures that a pace rests on, the pace so far, and the pace that a target needs."""

from typing import Any

import numpy as np
import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.period import months_of
from reformlib.load.report import Report
from reformlib.measure import progress
from reformlib.measure.change import decimal_year, stretch, years_between
from reformlib.measure.progress import result

CAGR_RULES = "statcan-2025"


@cached_by_owner
def target_series(report: Report, indicator: str, level: str, *, share: bool = False) -> pd.DataFrame:
    """The figures that can be joined, in the unit of the target: `as_of`, `time` (decimal year), `value`, `status`.

    Levels such as "3+4" are added date by date. `share` makes a count the percentage of the universe that the report
    states; at the dates before, it is the same universe that the count is divided by. `status` is P where a figure
    covers a part of a year, else A; `months` the length of its period.

    >>> from reformlib.load.report import load_report
    >>> target_series(load_report("tra-vinh-2020"), "online_services", "3+4", share=True)["value"].round(1).tolist()
    [0.0, 0.0, 12.2, 33.0, 45.6, 58.7]
    """
    parts = []
    for part in level.split("+"):
        points = [point for point in report.points.get(indicator, ()) if point.level == part]
        parts.append({points[place].as_of: points[place] for place in stretch(points)})
    dates = [when for when in parts[0] if all(when in part for part in parts)]
    values = np.array([sum(part[when].value for part in parts) for when in dates], dtype=float)
    universe = report.universe(indicator) if share else None
    return pd.DataFrame(
        {
            "as_of": np.array([when.to_datetime64() for when in dates], dtype="datetime64[ns]"),
            "time": [decimal_year(when) for when in dates],
            "value": values * 100 / universe if universe else values,
            "status": ["P" if any(part[when].status == "P" for part in parts) else "A" for when in dates],
            "months": [months_of(parts[0][when]) for when in dates],
        }
    )


@cached_by_owner
def series_until(report: Report, indicator: str, level: str, measure: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """The figures of :func:`target_series` up to the one that is judged; shares where the `measure` is "share"."""
    series = target_series(report, indicator, level, share=measure == "share")
    return series[series["as_of"] <= as_of]


def limits(report: Report, indicator: str, measure: str, wanted: str = "increase") -> tuple[float, float]:
    """Where a series starts from and where it ends when all is done: its natural limits, NaN where it has none.

    0 and 100 for what is told as a "share" of the stated total; turned round where a decrease is `wanted`.

    >>> from reformlib.load.report import load_report
    >>> limits(load_report("tra-vinh-2020"), "one_stop_share", "value", "decrease")
    (100.0, 0.0)
    """
    row = report.catalogue.rows_by("indicators", "indicator")[indicator]
    low, high = (0.0, 100.0) if measure == "share" else (float(row["limit_low"]), float(row["limit_high"]))
    return (low, high) if wanted == "increase" else (high, low)


def pace_series(series: pd.DataFrame, nothing: float = 0.0) -> pd.DataFrame:
    """The figures of :func:`target_series` that a pace is measured from: whole periods, from the first with something
    done.

    A figure over a part of a year (status P) is left out, since it is not compared with one over a year. Figures at the
    start that stand at `nothing`, the first of :func:`limits`, are left out where another figure follows: the years
    before anything was there, or was counted, would set the pace.

    >>> from reformlib.load.report import load_report
    >>> tra_vinh = load_report("tra-vinh-2020")
    >>> pace_series(target_series(tra_vinh, "online_services", "4"))["value"].tolist()
    [12.0, 203.0, 390.0, 539.0]
    """
    chosen = (series["status"] != "P").to_numpy()
    begun = chosen & np.maximum.accumulate(chosen & (series["value"].to_numpy() != nothing))
    return series[begun if begun.any() else chosen]


def pace_and_ratios(series: pd.DataFrame, target: Any, as_of: pd.Timestamp, achieved: bool) -> dict[str, Any]:
    """Base, paces and ratios of a judged target, and why a ratio is missing: columns of :func:`reformlib.measure.gaps`.

    `series` is what :func:`pace_series` gave, `target` a row of :func:`reformlib.measure.targets.official_targets`,
    `as_of` the date of the figure judged. Sources of the ratios:
    :func:`~reformlib.measure.progress.linear.linear_progress` and, under `CAGR_RULES`,
    :func:`~reformlib.measure.progress.growth.progress`.

    95.6 % (2018) and 97.7 % (2019) against 100 % in 2020: pace 2.1 points a year, 2.3 needed, linear ratio 0.955.
    """
    due = decimal_year(target.due)
    ahead = due > decimal_year(as_of)
    needed = 0.0 if achieved and ahead else None
    if series.empty:
        return {"pace_needed": needed}
    values, dates, now = series["value"].tolist(), series["as_of"], series["time"].iloc[-1]
    base, value, start = values[0], values[-1], now - years_between(dates.iloc[0], dates.iloc[-1])
    aim = {"target": target.value, "target_year": due, "direction": target.wanted}
    if ahead and due > now and not achieved:
        needed = progress.required_pace(value, now, **aim)
    a_year_apart = now - start >= 1  # over less than a year no yearly pace is given
    linear = progress.linear_progress(base, start if a_year_apart else now, value, now, **aim)
    cagr = progress.progress(base, start, value, now, rules=CAGR_RULES, **aim)
    codes = {text: code for code, text in result.REASONS.items()}
    beyond = linear.reason == result.REASONS["base_past_target"]  # from where there is no way to the target
    way = None if beyond else progress.share_of_way(base, value, target.value)
    seen = progress.pace(base, start, value, now) if a_year_apart else None
    row = {"base": base, "base_as_of": dates.iat[0], "pace_value": value, "pace_as_of": dates.iat[-1]}
    row |= {"way": None if way is None else 100 * way, "pace_seen": seen, "pace_needed": needed}
    row |= {"ratio_linear": linear.value, "ratio_cagr": cagr.value}
    row |= {"rule_set": "linear" if cagr.value is None else f"linear;{CAGR_RULES}"}
    return row | {"reason": ";".join(dict.fromkeys(codes[text] for text in (linear.reason, cagr.reason) if text))}
