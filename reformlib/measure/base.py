"""What a target is a share of, held against what the figure of the report is a share of."""

from typing import Any

import pandas as pd

from reformlib.load.catalogue import Catalogue
from reformlib.load.report import Report
from reformlib.load.rows import codes

SAME, NARROWER, UNSTATED, OTHER = "", "narrower_base", "base_unstated", "other_base"
NOT_THE_SAME = (NARROWER, UNSTATED, OTHER)  # codes of the list reason


def relation(catalogue: Catalogue, target: Any) -> str:
    """How the base of a target, a row of :func:`reformlib.measure.targets.on_the_form`, stands to that of the figure.

    `SAME`: they are the same. `NARROWER`: the target's is a part of the figure's, how large a part is not known.
    `UNSTATED`: the instrument names a base that may mean the figure's or another. `OTHER`: none of these.

    >>> from types import SimpleNamespace
    >>> from reformlib.load.catalogue import load_catalogue
    >>> relation(load_catalogue("phu-luc-7"), SimpleNamespace(base="eligible_procedures", figure_base="procedures"))
    'narrower_base'
    """
    if target.figure_base in ("", target.base):
        return SAME
    base = catalogue.rows_by("bases", "base").get(target.base, {"may_be": "", "part_of": ""})
    if target.figure_base in codes(base["may_be"]):
        return UNSTATED
    return NARROWER if base["part_of"] == target.figure_base else OTHER


def shares(report: Report, target: Any, points: list) -> list[dict[str, Any]]:
    """What the figure gives on every base that the target may mean: `base`, `counted`, `of_low`, `of_high`,
    `share_low`, `share_high` of the table `target_bases`; missing where nothing can be said.

    `points` are the cells compared. A narrower base holds all that is counted and no more than the figure's base: 539
    services of 1,949 procedures are 27.66 % to 100 % of those that are eligible. A base that may mean the whole or some
    categories gives a share of each: 539 of 1,949 procedures 27.66 %, of 1,144 services at levels 3 and 4 47.12 %.
    Where a decrease is wanted nothing can be said of a part.
    """
    figure, kind = sum(point.value for point in points), relation(report.catalogue, target)
    of = report.universe(target.indicator) if target.measure == "share" else None
    count = figure if of else None
    value = 100 * figure / of if of else figure
    whole = {"base": target.figure_base, "counted": count, "of_low": of, "of_high": of}
    whole |= {"share_low": value, "share_high": value}
    if kind == NARROWER:
        upward = target.wanted == "increase"
        ends = {"share_low": value if upward else None, "share_high": 100.0 if upward else None}
        return [whole | {"base": target.base, "of_low": count} | ends]
    if kind == UNSTATED:
        bases = codes(report.catalogue.rows_by("bases", "base")[target.base]["may_be"])
        return [whole if base == target.figure_base else _of_levels(report, target, points, base) for base in bases]
    return []


def _of_levels(report: Report, target: Any, points: list, base: str) -> dict[str, Any]:
    """The share of the categories that `base_levels` names, at the date of the figure."""
    levels = target.base_levels.split("+")
    parts = [
        point.value
        for point in report.points[target.indicator]
        if point.level in levels and (point.period, point.as_of) == (points[0].period, points[0].as_of)
    ]
    of, count = sum(parts), sum(point.value for point in points)
    if not target.base_levels or len(parts) < len(levels) or pd.isna(of) or not of:
        return {"base": base}
    share = 100 * count / of
    return {"base": base, "counted": count, "of_low": of, "of_high": of, "share_low": share, "share_high": share}
