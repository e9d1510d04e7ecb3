"""Targets against figures: how far, judged how, at what pace, and in words where no judgement is possible.

The verdict rule. A target whose deadline lies at or before the date of the figure is achieved or missed. One whose
deadline lies later is achieved when the figure meets it already, else open: then the distance, the pace seen and the
pace needed are given. No trend word replaces the verdict. A target is not assessable when nothing in the report can
be compared with it, and the reason is given. A target that no source confirms, that is shown for context only, or that
fell due before the report's first figure, drives no figure.

The pace rule. A pace, the way covered and every ratio of progress rest on whole periods only, from the first figure
with something done on (:func:`reformlib.measure.pace.pace_series`): zeros before anything was there would set the
pace, and a flow over a part of a year is not compared with one over a year. The verdict and the gap take the latest
figure as it is.
"""

import math
from typing import Any

import pandas as pd

from reformlib.check.caveats import objections
from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.dates import earliest
from reformlib.load.fields import FIELDS, frame
from reformlib.load.period import months_of
from reformlib.load.report import Report
from reformlib.load.rows import codes as codes_of
from reformlib.load.rows import each_row, firsts
from reformlib.measure import base
from reformlib.measure.pace import limits, pace_and_ratios, pace_series, series_until
from reformlib.measure.progress import result
from reformlib.measure.targets import COMPARATORS, DRIVING, meets, official_targets

# Why a target and a report cannot be compared, and why a row has no judgement or no ratio; what a comparison rests on;
# the verdicts; whether the target was met at the dates that can be compared.
NOT_COMPARABLE = codes("reason")
REASONS = NOT_COMPARABLE | result.REASONS
CAVEATS = codes("caveat")
VERDICTS = codes("verdict")
JUDGED = ("achieved", "missed", "open")  # those of a target that the report can be held against
HELD = codes("held")
COUNTS_MORE = "counts_more"  # caveat of a figure that counts more than the target asks for, and a reason
FORBIDDEN = "pace_forbidden"  # reason of a row without the pace that its figures would give

# Verdicts on targets that no figure is looked for, by the reason; any other reason makes a target not assessable.
WITHOUT_FIGURE = {"unconfirmed": "unconfirmed", "context": "context", "before_figures": "context"}

CONFLICT_COLUMNS = [
    "indicator", "level", "target_year", "target_id", "instrument", "comparator", "target", "verdict",
    "recommended_use",
]  # fmt: skip


def gaps(report: Report, target_set: str = "all") -> pd.DataFrame:
    """Every official target that the body is held to, compared with the report, one row a target and form row.

    `value`, `target`, `base` are in `unit` (percent, or a code of units.csv); `gap` = value - target, negative when
    short of a target to be raised, positive above one to be lowered to; `gap_units` how many whole services (units,
    dossiers) are lacking or too many, 0 when met,
    missing where their number is not stated; `way` the percentage of the way from `base` to the target that is
    covered. `verdict` is a code of `VERDICTS`, given by the rule at the head of this module. `held` (`HELD`) says
    whether the target was met at every date that can be compared, `held_since` since when.

    `base` and `pace_value` are the first and the last figure that a pace rests on
    (:func:`reformlib.measure.pace.pace_series`): whole periods only, from the first with something done on. `pace_seen`
    is the average change a year between them, `pace_needed` the change a year from the last one to the target (0 when
    met), `ratio_linear` share of the way over share of the time, `ratio_cagr` the ratio of compound growth under
    `rule_set`. A share takes the universe stated for the date of the data at all its dates (caveat `fixed_universe`):
    its ratios are those of the counts. `reason` and `caveat` hold codes of `REASONS` and `CAVEATS`; a judged target
    with a reason lacks a ratio for it, or a pace that a check forbids (:func:`reformlib.check.withheld.withhold`). Only
    targets marked `use` or `use-with-caveat` get figures.

    A target that is a share of something else than the figure, or does not say of what, has a verdict where every base
    that it may mean gives the same one, and no figure, gap or pace: :func:`target_bases` has what can be said.
    A figure that counts more than the target asks for (caveat `counts_more` of target_mapping.csv) lacks at least its
    gap and shows no target to be achieved: 90 % of documents electronic is at best 90 % electronic and signed.

    93.6 % of dossiers went through the electronic one-stop, 6.4 points short of 100 %; 2.10 points a year from 2018 to
    2019, where 2.30 are needed to the end of 2020.
    Raises ReformError for an unknown target set.
    """
    return judged(report, target_set)[[*FIELDS["gaps"]]]


@cached_by_owner
def judged(report: Report, target_set: str) -> pd.DataFrame:
    """:func:`gaps` with two columns more: `measure` ("value", or "share" of the stated universe) and `wanted`
    ("increase" or "decrease")."""
    targets = official_targets(report, target_set)
    return frame("gaps", [_gap(report, target) for target in each_row(targets)], "measure", "wanted")


def conflicts(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Official targets that give one indicator different values for one year, side by side.

    `rows` is what `gaps` gave (all target sets when left out). One row a target, unconfirmed ones included and marked
    so by `verdict`; sorted by form row, year and value. 80 % (unconfirmed) stands beside 90 % for electronic documents
    in 2020.
    """
    rows = gaps(report) if rows is None else rows
    aimed = rows[(rows["indicator"] != "") & rows["target"].notna() & rows["target_year"].notna()]
    values = aimed.groupby(["indicator", "target_year"])["target"].transform("nunique")
    form_row = aimed["indicator"].map(report.catalogue.by_indicator["form_row"])
    differing = aimed.assign(form_row=form_row)[values > 1]
    order = ["form_row", "target_year", "target", "target_id"]
    return differing.sort_values(order, key=report.catalogue.in_order)[CONFLICT_COLUMNS].reset_index(drop=True)


def _gap(report: Report, target: Any) -> dict[str, Any]:
    """One row of :func:`judged`: what the target asks for, and its judgement or the reason why there is none."""
    row = {"target_id": target.id, "deadline": target.due, "target": target.value}
    row |= {name: getattr(target, name) for name in ("indicator", "level", "instrument", "target_set", "target_year")}
    row |= {name: getattr(target, name) for name in ("comparator", "caveat", "recommended_use", "measure", "wanted")}
    row |= dict.fromkeys(("unit", "held", "rule_set", "reason"), "")
    points, reason = _comparable_points(report, target)
    if not points:
        return row | {"verdict": WITHOUT_FIGURE.get(reason, "not_assessable"), "reason": reason}
    if kind := base.relation(report.catalogue, target):
        verdicts = {row["verdict"] for row in _on_bases(report, target, points)}
        verdict = verdicts.pop() if len(verdicts) == 1 else "not_assessable"
        caveat = _caveats(report, target, points)
        return row | {"verdict": verdict, "reason": kind, "as_of": points[0].as_of, "unit": "%", "caveat": caveat}
    found = _judgement(report, target, points)
    if found["verdict"] == "achieved" and COUNTS_MORE in codes_of(found["caveat"]):
        kept = {name: found[name] for name in ("as_of", "unit", "caveat")}
        return row | kept | {"verdict": "not_assessable", "reason": COUNTS_MORE}
    return row | found


@cached_by_owner
def target_bases(report: Report, target_set: str = "all") -> pd.DataFrame:
    """What the report's figure gives for every target that is a share of something else, or does not say of what.

    One row a target, form row and base that it may mean (:func:`reformlib.measure.base.shares`), in percent;
    `share_low` and `share_high` are the same where the size of the base is known. `verdict` is that of the gaps where
    both ends agree, else `not_assessable`. Such a target has no gap, pace or probability, since none would be its own.

    539 services at level 4 are 27.66 % of the 1,949 procedures, short of 30 %, and 47.12 % of the 1,144 services at
    levels 3 and 4, above it. Raises ReformError for an unknown target set.
    """
    rows = []
    for target in each_row(official_targets(report, target_set)):
        points, _reason = _comparable_points(report, target)
        row = target._asdict() | {"target_id": target.id, "target": target.value, "unit": "%", "deadline": target.due}
        if points and base.relation(report.catalogue, target):
            rows += [row | {"as_of": points[0].as_of} | share for share in _on_bases(report, target, points)]
    return frame("target_bases", rows)


def _on_bases(report: Report, target: Any, points: list) -> list[dict[str, Any]]:
    """:func:`reformlib.measure.base.shares`, each with its verdict."""

    def verdict(share: dict[str, Any]) -> str:
        ends = [end for name in ("share_low", "share_high") if (end := share.get(name)) is not None]
        met = {meets(end, target.comparator, target.value, target.direction) for end in ends}
        return _verdict(met.pop(), points[0].as_of, target) if len(met) == 1 else "not_assessable"

    return [share | {"verdict": verdict(share)} for share in base.shares(report, target, points)]


def _verdict(achieved: bool, as_of: pd.Timestamp, target: Any) -> str:
    return "achieved" if achieved else "missed" if as_of >= target.due else "open"


def _without_comparison(target: Any) -> str | None:
    """Why no report can be compared with a target, a code of `NOT_COMPARABLE`; None where one can."""
    reasons = (
        (target.recommended_use == "hold-unless-confirmed", "unconfirmed"),
        (target.recommended_use not in DRIVING, "context"),
        (target.early, "before_figures"),
        (target.indicator == "", "no_indicator"),
        (target.measure == "none", target.reason),
        (math.isnan(target.value) or target.comparator not in COMPARATORS, "qualitative"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _comparable_points(report: Report, target: Any) -> tuple[list, str]:
    """The cells to judge a target by, one a level, else none and the reason, a code of `NOT_COMPARABLE`."""
    if reason := _without_comparison(target):
        return [], reason
    points, reason = _points(report, target)
    if points and target.measure == "share":
        universe = report.universe(target.indicator)
        if not universe:
            return [], "no_report_universe"
        if sum(point.value for point in points) > universe:
            return [], "more_than_universe"
    if points and pd.isna(target.due):
        return [], "no_deadline"
    return points, reason


def _points(report: Report, target: Any) -> tuple[list, str]:
    """The cells of the first date at or after the deadline, else of the latest date with a figure."""
    levels = target.level.split("+")
    if any((target.indicator, level) in report.withheld for level in levels):
        return [], "not_usable"
    observed = [point for point in report.points.get(target.indicator, ()) if point.level in levels]
    if report.catalogue.by_indicator.at[target.indicator, "measure"] == "flow":
        # what is asked for is what happens in a year
        whole = [point for point in observed if not _of_part(point)]
        if observed and not whole:
            return [], "part_of_year"
        observed = whole
    dates = sorted({point.as_of for point in observed})
    due = [when for when in dates if when >= target.due][:1]  # none where the deadline is not given (NaT)
    for when in due or reversed(dates):
        found = [point for point in observed if point.as_of == when and not math.isnan(point.value)]
        points = firsts(found, lambda point: point.level)  # of two periods that end on a day the longer stands first
        if len(points) == len(levels):
            reason = _unfit(points, bool(due))  # a doubtful figure is not passed over for an older one
            return ([], reason) if reason else (points, "")
    return [], "no_figure"


def _unfit(points: list, due: bool) -> str:
    """Why a target, whose deadline is over where `due`, is not judged by some cells: a code of `NOT_COMPARABLE`, or
    none."""
    marked = {point.status for point in points}
    reasons = (
        # the last quarter does not tell whether the year met what was due in it
        (due and any(map(_of_part, points)), "part_of_year"),
        (any(point.bound for point in points), "bound"),
        ("U" in marked, "low_reliability"),
        ("D" in marked, "other_definition"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _of_part(point: Any) -> bool:
    """Whether a figure is of what was summed over less than a year."""
    return point.collect == "S" and months_of(point) < 12


def _judgement(report: Report, target: Any, points: list) -> dict[str, Any]:
    """The columns of :func:`judged` that say how a target fares, by its cells."""
    universe = report.universe(target.indicator) if target.measure == "share" else None
    count, as_of = sum(point.value for point in points), points[0].as_of
    value = 100 * count / universe if universe else count
    series = series_until(report, target.indicator, target.level, target.measure, as_of)
    asked = target.comparator, target.value, target.direction
    achieved, *met = (meets(each, *asked) for each in (value, *series["value"]))
    row = {"unit": "%" if universe else target.indicator_unit, "value": value, "as_of": as_of}
    whole = bool(report.catalogue.by_indicator.at[target.indicator, "whole"])
    row |= {"gap": value - target.value, "gap_units": _lacking(count, universe, target, whole=whole)}
    row |= {"verdict": _verdict(achieved, as_of, target)}
    row |= _held(series, met, achieved)
    nothing, _all = limits(report, target.indicator, target.measure, target.wanted)
    row |= pace_and_ratios(pace_series(series, nothing), target, as_of, achieved)
    row |= _forbidden(report, target, row)
    never_moves = len(series) >= 3 and len(set(series["value"])) == 1
    at_target = achieved and result.same(value, target.value)
    of_figure = {
        "fixed_universe": target.measure == "share" and row.get("pace_seen") is not None,
        "never_moves": never_moves,
        "equals_target": never_moves and at_target,
    }
    return row | {"caveat": _caveats(report, target, points, **of_figure)}


def _forbidden(report: Report, target: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What takes the place of a pace, and of what rests on it, where a check that the report obeys objects to it."""
    series = [(target.indicator, level) for level in target.level.split("+")]
    ends = row.get("base_as_of"), row.get("pace_as_of")
    given = [name for name in ("way", "pace_seen", "ratio_linear", "ratio_cagr") if row.get(name) is not None]
    if not given or not objections(report, series, "pace", *ends, among=report.obeys):
        return {}
    return dict.fromkeys(given) | {"reason": FORBIDDEN}


def _lacking(count: float, universe: float | None, target: Any, *, whole: bool) -> float | None:
    """`whole` services (units, dossiers) missing, else parts of one; None for a share whose base is not
    counted."""
    if universe is None and target.indicator_unit == "%":
        return None
    aim = target.value * universe / 100 if universe else target.value
    # rounded first: 0.3 x 1950 is 585 services, not 585.0000000001 and so 586
    short = round(aim - count if target.wanted == "increase" else count - aim, 9)
    if whole:  # 480 against fewer than 480: one too many
        short = math.floor(short) + 1 if target.comparator in ("<", ">") else math.ceil(short)
    return max(0, short)


def _held(series: pd.DataFrame, met: list[bool], achieved: bool) -> dict[str, Any]:
    if not achieved:
        return {"held": "lost" if any(met) else ""}
    since = max((place + 1 for place, yes in enumerate(met) if not yes), default=0)
    if since >= len(met):
        return {"held": ""}
    return {"held": "since" if since else "every_year", "held_since": series["as_of"].iloc[since]}


def set_after_unit(report: Report, dated: str) -> bool:
    """Whether an instrument of a date, which may lack its day or month, was set when the unit was there no more: one
    of July 2025 after 30 June 2025, one of 2025 not surely."""
    until = report.meta.exists_until
    return until is not None and earliest(dated) > str(until)


def _caveats(report: Report, target: Any, points: list, **of_figure: bool) -> str:
    """Codes of `CAVEATS`: those of target_mapping.csv, then those that the dates call for, and of the figure those that
    hold."""
    as_of, meta = points[0].as_of, report.meta
    before, after = as_of < target.due, as_of > target.due
    holds = {
        "partial_year": any(map(_of_part, points)),
        "before_deadline": before,
        "after_report": bool(meta.issued) and str(target.instrument_date)[:7] > meta.issued[:7],
        "set_after_unit": set_after_unit(report, target.instrument_date),
        "after_unit": meta.exists_until is not None and target.due.date() > meta.exists_until,
        "after_deadline": after,
        "earlier_figure": before and as_of < max(point.as_of for point in report.points[target.indicator]),
        **of_figure,
    }
    return ";".join([*codes_of(target.caveat), *(code for code in holds if holds[code])])
