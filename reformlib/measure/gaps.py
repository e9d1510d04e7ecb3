"""Targets against figures: how far, judged how, at what pace, and in words where no judgement is possible.

The verdict rule. A target whose deadline lies at or before the date of the figure is achieved or missed. One whose
deadline lies later is achieved when the figure meets it already, else open: then the distance, the pace seen and the
pace needed are told. No trend word replaces the verdict. A target is not assessable when nothing in the report can
be compared with it, and the reason is given. A target that no source confirms, or that is shown for context only,
drives no figure.

The pace rule. A pace, the way covered and every ratio of progress rest on whole periods only, from the first figure
above zero on (:func:`pace_series`): zeros before anything was there would set the pace, and a flow over a part of a
year is not compared with one over a year. The verdict and the gap take the latest figure as it is.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.measure import progress
from reformlib.measure.pace import NO_RATIO, pace_and_ratios, pace_series, series_until, stated_universe
from reformlib.measure.progress import result
from reformlib.measure.targets import DRIVING, deadline_of, official_targets

# Why a target and an indicator cannot be compared; English messages, translated where they are shown.
SILENT = {
    "qualitative": "the instrument gives no number",
    "no_deadline": "the instrument gives no deadline",
    "no_universe": "a count without the number of bodies it is taken from has no percentage",
    "dossiers_not_services": "the target counts dossiers, the indicator counts services",
    "mechanism_not_software": "the target is about the one-stop mechanism, the indicator about its software",
    "other_documents": "the target and the indicator count different documents",
    "no_volume_target": "no target exists for the number of documents",
    "share_not_units": "the target is a share of dossiers, the indicator a count of units",
    "officials_not_signatures": "the target counts officials, the indicator counts signatures",
    "officials_not_mailboxes": "a digital identity is not a mailbox",
    "sources_differ": "the sources of the target differ on what it counts",
    "date_between": "the deadline lies between two dates of the report, which says nothing about it",
    "no_indicator": "the form has no indicator for this target",
    "no_figure": "the report gives no usable figure",
    "not_usable": "the checks find the figures not usable",
    "low_reliability": "the figure is marked as of low reliability",
    "other_definition": "the figure is marked as counted by another definition",
    "no_report_universe": "the report does not state what the count is a share of",
    "more_than_universe": "the count is larger than what the report states it is a share of",
    "unconfirmed": "the target itself is not confirmed by a source",
    "context": "the target is shown for context only",
}

REASONS = SILENT | NO_RATIO

# What a comparison rests on.
CAVEATS = {
    "portal_base": "the share is taken of all procedures on the provincial portal, as the report does; "
    "on a narrower base it is higher",
    "eligible_base": "the target counts eligible procedures, the report states all: the share is a lower bound and "
    "the shortfall an upper bound",
    "ambiguous_wording": "sources word this target in two ways; it is read as the share of services at level 4",
    "levels_redefined": "levels 3 and 4 are redefined from 2022; level 4 is taken as fully online",
    "signature_not_counted": "the indicator counts electronic exchange, with or without a digital signature",
    "restates": "repeats the target of an earlier instrument",
    "before_deadline": "the figure was taken before the deadline",
    "after_report": "the target was set after the report was written",
    "after_unit": "the target falls due after the reporting unit was merged into another",
    "after_deadline": "the figure was taken after the deadline",
    "partial_year": "the figure covers a part of the year only",
    "earlier_figure": "a later figure exists but cannot be used",
    "fixed_universe": "the total is stated for the date of the data only; shares of earlier years and the number "
    "still lacking take it as constant",
    "never_moves": "the figure is the same at every date reported, so it may be an estimate rather than a count",
    "equals_target": "the figure is exactly the target; ask how it was counted",
}

VERDICTS = {
    "achieved": "achieved",
    "missed": "missed",
    "open": "open",
    "not_assessable": "not assessable",
    "unconfirmed": "unconfirmed target",
    "context": "context only",
}

# Whether the target was met at the dates that can be compared.
HELD = {
    "every_year": "met at every date reported",
    "since": "met without a break since {date}",
    "lost": "met at an earlier date, lost since",
}

COLUMNS = [
    "indicator",
    "level",
    "target_id",
    "instrument",
    "target_set",
    "target_year",
    "deadline",
    "comparator",
    "target",
    "unit",
    "value",
    "as_of",
    "gap",
    "gap_units",
    "verdict",
    "way",
    "held",
    "held_since",
    "base",
    "base_as_of",
    "pace_value",
    "pace_as_of",
    "pace_seen",
    "pace_needed",
    "ratio_linear",
    "ratio_cagr",
    "rule_set",
    "reason",
    "caveat",
    "recommended_use",
]

CONFLICT_COLUMNS = [
    "indicator",
    "level",
    "target_year",
    "target_id",
    "instrument",
    "comparator",
    "target",
    "verdict",
    "recommended_use",
]


def gaps(report: Report, target_set: str = "all") -> pd.DataFrame:
    """Every official target compared with the report, one row a target and form row.

    `value`, `target`, `base` are in `unit` (percent, or a code of units.csv); `gap` = value - target, negative when
    short of a target to be raised; `gap_units` how many whole services (units, dossiers) are lacking, 0 when met,
    missing where their number is not stated; `way` the percentage of the way from `base` to the target that is
    covered. `verdict` is a code of `VERDICTS`, given by the rule at the head of this module. `held` (`HELD`) says
    whether the target was met at every date that can be compared, `held_since` since when.

    `base` and `pace_value` are the first and the last figure that a pace rests on (:func:`pace_series`): whole
    periods only, from the first figure above zero on. `pace_seen` is the average change a year between them,
    `pace_needed` the change a year from the last one to the target (0 when met), `ratio_linear` share of the way over
    share of the time, `ratio_cagr` the ratio of compound growth under `rule_set`. A share takes the universe stated for
    the date of the data at all its dates (caveat `fixed_universe`): its ratios are those of the counts.
    `reason` and `caveat` hold codes of `REASONS` and `CAVEATS`; a judged target with a reason lacks a ratio for it.
    Only targets marked `use` or `use-with-caveat` get figures.

    539 level 4 services of 1949 procedures are 27.66 %, 2.34 points short of 30 %, which is 46 services; 92.0 % of
    the way from 12 services at the end of 2017, 12.02 points a year where 3.12 are needed to the end of 2020.
    Raises ReformError for an unknown target set.
    """
    return _gaps(report, target_set)


def are_all_gaps(report: Report, rows: pd.DataFrame) -> bool:
    """Whether `rows` are what :func:`gaps` gives for all targets."""
    return rows.equals(_gaps(report, "all"))


@cached_by_owner  # not gaps itself: its default and "all" would be kept apart
def _gaps(report: Report, target_set: str) -> pd.DataFrame:
    frame = pd.DataFrame([gap for _, gap in judged(report, target_set)], columns=COLUMNS, dtype=object)
    numeric = ["target", "value", "gap", "gap_units", "way", "base", "pace_value", "pace_seen", "pace_needed"]
    dates = ["deadline", "as_of", "held_since", "base_as_of", "pace_as_of"]
    # a copy lies together in memory, as those that are handed out: to be compared with them in a third of the time
    return typed(frame, [*numeric, "ratio_linear", "ratio_cagr"], dates).copy()


def typed(frame: pd.DataFrame, numeric: list[str], dates: list[str]) -> pd.DataFrame:
    kinds = dict.fromkeys(numeric, float) | dict.fromkeys(dates, "datetime64[ns]") | {"target_year": "Int64"}
    return frame.astype(kinds)


def conflicts(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Official targets that give one indicator different values for one year, side by side.

    `rows` is what `gaps` gave (all target sets when left out). One row a target, unconfirmed ones included and marked
    so by `verdict`; sorted by form row, year and value. 80 % (unconfirmed) stands beside 90 % for electronic documents
    in 2020.
    """
    rows = gaps(report) if rows is None else rows
    aimed = rows[(rows["indicator"] != "") & rows["target"].notna() & rows["target_year"].notna()]
    values = aimed.groupby(["indicator", "target_year"])["target"].transform("nunique")
    order = report.catalogue.indicators.set_index("indicator")["form_row"]
    found = aimed[values > 1].assign(form_row=lambda frame: frame["indicator"].map(order))
    return found.sort_values(["form_row", "target_year", "target", "target_id"])[CONFLICT_COLUMNS].reset_index(
        drop=True
    )


def meets(value: float, comparator: str, target: float, direction: str = "increase") -> bool:
    """Whether a value meets a target; equal to nine digits counts as equal, so no float noise decides.

    "=" is how the instruments write a full coverage ("100%"): at least that much where an increase is wanted.

    >>> meets(27.66, ">=", 30), meets(0.1 + 0.2, ">=", 0.3), meets(80.0, ">", 80)
    (False, True, False)
    """
    if comparator not in _WANTED:
        raise ValueError(f"unknown comparator {comparator!r}")
    wanted = _WANTED[comparator] or direction
    return progress.reached(value, target, direction=wanted, strict=comparator in "<>")


_WANTED = {">=": "increase", ">": "increase", "=": "", "<=": "decrease", "<": "decrease"}


@cached_by_owner
def judged(report: Report, target_set: str) -> tuple[tuple[Any, dict], ...]:
    """Every official target of a set with what :func:`gaps` tells of it."""
    return tuple((row, _gap(report, row)) for row in official_targets(report, target_set))


def _gap(report: Report, row) -> dict:
    mapped = row.indicator is not None
    out = dict.fromkeys(COLUMNS) | {
        "indicator": row.indicator if mapped else "",
        "level": row.level if mapped else "",
        "target_id": row.id,
        "instrument": row.instrument,
        "target_set": row.target_set,
        "target_year": None if math.isnan(row.target_year) else int(row.target_year),
        "deadline": deadline_of(row),
        "comparator": row.comparator,
        "target": None if math.isnan(row.value) else row.value,
        "unit": "",
        "held": "",
        "rule_set": "",
        "reason": "",
        "caveat": row.caveat if mapped else "",
        "recommended_use": row.recommended_use,
    }

    def silent(reason: str, verdict: str = "not_assessable") -> dict:
        return out | {"verdict": verdict, "reason": reason}

    if row.recommended_use not in DRIVING:
        held_back = row.recommended_use == "hold-unless-confirmed"
        return silent(*(("unconfirmed",) * 2 if held_back else ("context",) * 2))
    if not mapped or row.measure == "none":
        return silent(row.reason if mapped else "no_indicator")
    if out["target"] is None or row.comparator not in _WANTED:
        return silent("qualitative")
    points, reason = _points(report, row.indicator, row.level, out["deadline"])
    if reason:
        return silent(reason)
    count, universe = sum(point.value for point in points), None
    if row.measure == "share":
        universe = stated_universe(report, row.indicator)
        if not universe:
            return silent("no_report_universe")
        if count > universe:
            return silent("more_than_universe")
    if out["deadline"] is None:
        return silent("no_deadline")
    as_of = points[0].as_of
    value = 100 * count / universe if universe else count
    out |= {"unit": "%" if universe else row.indicator_unit, "value": value, "as_of": as_of, "gap": value - row.value}
    out |= {"direction": _WANTED[row.comparator] or row.direction}
    out |= {"gap_units": _lacking(count, universe, out)}
    series = series_until(report, row.indicator, row.level, row.measure == "share", as_of)
    met = [meets(each, row.comparator, row.value, row.direction) for each in series["value"]]
    achieved = meets(value, row.comparator, row.value, row.direction)
    out |= _held(series, met, achieved) | pace_and_ratios(pace_series(series, out["direction"]), out, achieved)
    out["caveat"] = ";".join(_caveats(report, row, points, series, universe, achieved, out))
    if achieved:
        return out | {"verdict": "achieved"}
    return out | {"verdict": "missed" if as_of.date() >= out["deadline"] else "open"}


def _points(report: Report, indicator: str, level: str, deadline: date | None) -> tuple[list, str]:
    """The cells to judge by: of the first date at or after the deadline, else of the latest date with a figure."""
    levels = level.split("+")
    if any((indicator, part) in report.withheld for part in levels):
        return [], "not_usable"
    observed = [point for point in report.points.get(indicator, ()) if point.level in levels]
    dates = sorted({point.as_of for point in observed})
    due = [when for when in dates if deadline and when.date() >= deadline][:1]
    reason = "no_figure"
    for when in due or reversed(dates):
        points = [point for point in observed if point.as_of == when and not math.isnan(point.value)]
        if len(points) != len(levels):
            continue
        marked = {point.status for point in points}
        if not marked & set("UD"):
            return points, ""
        reason = "low_reliability" if "U" in marked else "other_definition"
        break  # a doubtful figure is not passed over for an older one
    return [], reason


def _lacking(count: float, universe: float | None, out: dict) -> float | None:
    """Whole services (units, dossiers) missing; None for a share whose base is not counted."""
    if universe is None and out["unit"] == "%":
        return None
    aim = out["target"] * universe / 100 if universe else out["target"]
    short = aim - count if out["direction"] == "increase" else count - aim
    # rounded first: 0.3 x 1950 is 585 services, not 585.0000000001 and so 586
    return max(0, math.ceil(round(short, 9)))


def _held(series: pd.DataFrame, met: list[bool], achieved: bool) -> dict:
    if not achieved:
        return {"held": "lost" if any(met) else "", "held_since": None}
    broken = [place for place, yes in enumerate(met) if not yes]
    since = broken[-1] + 1 if broken else 0
    if since >= len(met):
        return {"held": "", "held_since": None}
    return {"held": "since" if broken else "every_year", "held_since": series["as_of"].iloc[since]}


def _caveats(report: Report, row, points, series, universe, achieved, out) -> list[str]:
    as_of = points[0].as_of
    latest = max(point.as_of for point in report.points[row.indicator])
    found = {
        "partial_year": any(point.status == "P" for point in points),
        "before_deadline": out["deadline"] is not None and as_of.date() < out["deadline"],
        "after_report": bool(report.meta.issued) and str(row.instrument_date)[:7] > report.meta.issued[:7],
        "after_unit": None not in (out["deadline"], report.meta.unit_until)
        and out["deadline"] > report.meta.unit_until,
        "after_deadline": out["deadline"] is not None and as_of.date() > out["deadline"],
        "earlier_figure": as_of < latest and (out["deadline"] is None or as_of.date() < out["deadline"]),
        "fixed_universe": universe is not None and out.get("pace_seen") is not None,
        "never_moves": len(series) >= 3 and series["value"].eq(series["value"].iloc[0]).all(),
    }
    found["equals_target"] = achieved and found["never_moves"] and result.same(out["value"], out["target"])
    return [code for code in row.caveat.split(";") if code] + [code for code, holds in found.items() if holds]
