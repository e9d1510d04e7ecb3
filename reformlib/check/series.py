"""Checks of the annex that need no configuration: every series against its limits, its base, its neighbours, its past.

Each check takes a report, or a series where it is marked `of_each_series`, and yields its results. Where it has nothing
to work on it yields none: a check that was not possible is not a check that was passed.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import wraps
from itertools import pairwise

import pandas as pd

from reformlib.check import grim, periods, rules
from reformlib.check.annex import Series, each_series, span_of
from reformlib.check.finding import Result
from reformlib.check.rounding import TO_NEAREST, exact
from reformlib.check.sentence import Field, shown
from reformlib.check.verdict import (
    CANNOT_TELL,
    CONSISTENT,
    INCONSISTENT,
    Verdict,
    cannot_tell,
    consistent,
    inconsistent,
    judged,
    plausible,
)
from reformlib.load.cache import cached_by_owner
from reformlib.load.dates import last_whole_year
from reformlib.load.report import Report
from reformlib.load.rows import each_row

# A figure that moves by this factor from one year to the next, or a rate whose base does, asks for an explanation;
# what passes is written in words (checks.csv), "fivefold".
STEEP = 5
# Growth per day in a part of a year against that of the year before.
PACE = 3
# Fewer equal figures in a row are nothing to wonder at.
STILL = 4


def of_each_series(check: Callable[[Series], Iterable[Result]]) -> Callable[[Report], Iterator[Result]]:
    """A check of one series as a check of a report: it is run on every series."""

    @wraps(check)
    def of_report(report: Report) -> Iterator[Result]:
        for series in each_series(report):
            yield from check(series)

    return of_report


@of_each_series
def in_range(series: Series) -> Iterable[Result]:
    """Every figure lies within the natural limits of its indicator."""
    low, high = exact(series.about.limit_low), exact(series.about.limit_high)
    return _each_figure(series, lambda value: rules.in_range(value, low=low, high=high))


@of_each_series
def whole_counts(series: Series) -> Iterable[Result]:
    """What comes whole has no decimals."""
    if not series.about.whole:
        return []
    text = "{value} of a thing that is counted"
    return _each_figure(series, lambda value: judged(float(value).is_integer(), text, value=exact(value)))


@of_each_series
def no_duplicates(series: Series) -> Iterable[Result]:
    """A year stands once in a series."""
    years = pd.DataFrame({"year": [point.year for point in series.points]})
    yield series.result(rules.no_duplicates(years, ["year"]))


@of_each_series
def no_gaps(series: Series) -> Iterable[Result]:
    """From its first figure to the latest year of the form, or the last before what it counts came to an end, a series
    has a figure for every year."""
    # M is an answer: the figure cannot exist.
    seen = [point.year for point in series.points if not math.isnan(point.value) or point.status == "M"]
    if seen:
        ends = [
            last_whole_year(date.fromisoformat(change.until))
            for change in series.report.catalogue.reclassified(series.about.indicator)
            if change.beyond == "cut"
        ]
        last = min([int(series.report.observations["year"].max()), *ends])
        yield series.result(rules.no_gaps(seen, last=last))


def has_figures(report: Report) -> Iterator[Result]:
    """A row of the form is filled in at least one year. An empty row is no contradiction: cannot tell."""
    text = "no figure in any of {points} periods; empty is not zero"
    empty = [series for series in each_series(report) if not series.filled]
    for series in empty:
        yield series.result(cannot_tell(text, points=len(series.points)))
    if filled := len(each_series(report)) - len(empty):
        yield Result((consistent("{points} series have figures", points=filled),))


@of_each_series
def never_falls(series: Series) -> Iterable[Result]:
    """A stock does not fall, but where fewer is better. Impossible only where report.yml names it `cumulative`, else it
    may count what is held."""
    cumulative = series.about.indicator in series.report.meta.cumulative
    wanted = series.about.direction == "decrease" and not cumulative
    if series.about.measure != "stock" or len(series.filled) < 2 or wanted:
        return
    verdict = rules.never_falls(series.by_year)
    if verdict.outcome == INCONSISTENT:
        text = "{falls}; impossible if all so far are counted, possible if only those held at the date are"
        if cumulative:
            verdict = inconsistent("{falls}, though all so far are counted", **verdict.numbers)
        else:
            verdict = cannot_tell(text, **verdict.numbers)
    years = [y for a, b in pairwise(series.filled) if b.value < a.value for y in (a.year, b.year)]
    yield series.result(verdict, years=tuple(dict.fromkeys(years)))


@of_each_series
def moves(series: Series) -> Iterable[Result]:
    """A measured series changes now and then, unless it has reached a natural limit.

    A rate or a flow that stands still asks for an explanation; a count of bodies may well be complete. Where it stands
    still at the value of an official target, the text names it.
    """
    if len(series.filled) < STILL:
        return
    limits = [v for v in (series.about.limit_low, series.about.limit_high) if not math.isnan(v)]
    verdict = rules.moves(series.by_year, points=STILL, limits=limits)
    still = verdict.outcome == CANNOT_TELL and series.about.unit == "%"
    if still and (target := _target_met(series)) is not None:
        names = series.report.catalogue.instrument(target.instrument)
        instrument = Field({f"name_{language}": name for language, name in names.items()}, "name")
        verdict = cannot_tell(
            "{value} % in all {points} figures from {first} to {last}, as is the target of {instrument} for {year}: "
            "measured or assumed?",
            **verdict.numbers,
            instrument=instrument,
            year=str(int(target.target_year)),
        )
    yield series.result(verdict, severity="information" if series.about.measure == "stock" else "warning")


def _target_met(series: Series):
    """The first official target, of those that may drive a figure, that the latest share equals; None without one."""
    report = series.report
    targets = report.targets.merge(report.catalogue.target_mapping, left_on="id", right_on="target")
    same = {"measure": "value", "indicator": series.about.indicator, "level": series.level}
    same |= {"value": series.filled[-1].value}
    targets = targets[targets["recommended_use"].isin(["use", "use-with-caveat"]) & targets["target_year"].notna()]
    return next(each_row(targets[(targets[list(same)] == pd.Series(same)).all(axis=1)]), None)


@of_each_series
def same_decimals(series: Series) -> Iterable[Result]:
    """The figures of a rate are printed with one number of decimals."""
    if series.about.unit == "%":
        verdict = rules.same_decimals({str(p.year): series.printed(p) for p in series.filled})
        if verdict.outcome != CANNOT_TELL:
            yield series.result(verdict)


@of_each_series
def rate_has_base(series: Series) -> Iterable[Result]:
    """A rate exists only over a base above zero.

    A printed 0 over a base of 0 is a way of filling a form (information); any other rate of nothing is impossible
    (error). Where the base column only names the bodies taking part, a 0 may be true: cannot tell.
    """
    results = []
    for point in series.points:
        rate, base = series.printed(point), series.base.get(point.year)
        if not rate or base is None:
            continue
        verdict, is_zero = rules.rate_has_base(rate, base), float(rate) == 0
        if verdict.outcome == INCONSISTENT and is_zero and not series.is_part_of_base:
            verdict = cannot_tell("0 % while {base} take part: a true zero, or a share without a base?", base=int(base))
        severity = "information" if is_zero else "error"
        results.append(series.result(verdict, years=(point.year,), severity=severity))
    return _objections(results)


@cached_by_owner
def share_of_count(report: Report) -> tuple[Result, ...]:
    """A share of whole things is one that some number of them gives (GRIM), where row and base have the same levels.

    Error where no base between the previous column's count and this one's gives it, so that no date of counting in the
    year explains it; warning where only the count printed in the same column does not.
    """
    return tuple(one for series in each_series(report) if series.is_part_of_base for one in _shares(series))


def _shares(series: Series) -> Iterator[Result]:
    before = None
    for point in series.filled:
        count, share = series.base.get(point.year), series.printed(point)
        if not count or not count.is_integer():
            continue
        earlier, before = series.base.get(point.year - 1, before), count
        verdict = grim.share_of_count(share, count)
        if verdict.outcome == CONSISTENT:
            yield series.result(verdict, years=(point.year,))
        elif verdict.outcome == INCONSISTENT:
            low, high = sorted((int(count), 1 if earlier is None else int(earlier)))
            nearest = grim.possible_bases(share, low, high, roundings=TO_NEAREST)
            bases = nearest or grim.possible_bases(share, low, high)
            others = _other_bases(bases, low, high, "by ordinary rounding" if nearest else "only if cut off or raised")
            yield series.result(verdict, others, years=(point.year,), severity="" if bases else "error")


def _other_bases(bases: list[int], low: int, high: int, rounded: str) -> Verdict:
    numbers = {"low": low, "high": high, "n": len(bases), "near": max(bases, default=None), "rounded": rounded}
    if not bases:
        return inconsistent("nor does any count from {low} to {high}", **numbers)
    return cannot_tell(
        "{n} other counts from {low} to {high} would give it {rounded}; "
        "the one nearest to the end of the year is {near}",
        **numbers,
    )


@of_each_series
def steep_change(series: Series) -> Iterable[Result]:
    """A figure does not move by a factor of `STEEP` within a year without a word.

    A count that rises steeply is a roll-out more often than not (information); a rate, or a fall, needs an explanation.
    """
    results = []
    for a, b in pairwise(series.filled):
        if a.value > 0 and b.value > 0 and series.same_length(a, b):
            verdict = rules.change_within(a.value, b.value, factor=STEEP)
            severity = "information" if series.about.unit != "%" and b.value > a.value else "warning"
            results.append(series.result(verdict, years=(a.year, b.year), severity=severity))
    return _objections(results)


@of_each_series
def same_base(series: Series) -> Iterable[Result]:
    """Two rates are set side by side only if what they are rates of has not grown or shrunk by a factor of `STEEP`.

    Nothing is said of a share that cannot be one of its base, for what it is a share of is not known; and where such a
    one is passed over, nothing of what the rest of its series agrees in.
    """
    impossible = [one for one in share_of_count(series.report) if one.severity == "error"]
    refuted = {year for one in impossible if one.series == (series.key,) for year in one.years}
    text = "{a} % while {old} take part → {b} % while {new} take part: their number differs by a factor of {ratio}"
    if series.is_part_of_base:
        text = "{a} % with a base of {old} by its label → {b} % with {new}: the base changed by a factor of {ratio}"
    results = []
    for a, b in pairwise(series.filled):
        old, new = series.base.get(a.year, 0), series.base.get(b.year, 0)
        if not (old > 0 and new > 0) or {a.year, b.year} & refuted:
            continue
        verdict = consistent("no base changed by a factor of {limit}", limit=STEEP)
        if max(old, new) / min(old, new) >= STEEP:
            numbers = dict(zip(("a", "b", "old", "new"), map(exact, (a.value, b.value, old, new)), strict=True))
            ratio = Fraction(int(max(old, new)), int(min(old, new)))
            verdict = cannot_tell(text, **numbers, ratio=shown(ratio, 1))
        results.append(series.result(verdict, years=(a.year, b.year)))
    return [one for one in _objections(results) if not (one.passes and refuted)]


@of_each_series
def whole_periods(series: Series) -> Iterable[Result]:
    """The latest figure of a flow, or of a share of flows, covers a period as long as the one before."""
    if series.about.time_collect != "S" or len(series.filled) < 2:
        return
    a, b = series.filled[-2:]
    first, second = span_of(a), span_of(b)
    if series.same_length(a, b):
        yield series.result(periods.comparable("S", first, second))
        return
    numbers = {"before": exact(a.value), "first": first.days, "after": exact(b.value), "second": second.days}
    text = "{before} % over {first} days, {after} % over {second} days"
    if series.about.unit != "%":
        text = "{before} / {first} days = {old} a day; {after} / {second} days = {new} a day"
        numbers |= {"old": shown(periods.per_day(a.value, first), 1), "new": shown(periods.per_day(b.value, second), 1)}
    yield series.result(cannot_tell(text, **numbers), years=(a.year, b.year))


@of_each_series
def pace_in_part(series: Series) -> Iterable[Result]:
    """A stock does not grow `PACE` times as fast per day in a part of a year as in the year before."""
    if series.about.measure != "stock" or len(series.filled) < 3:
        return
    a, b, c = series.filled[-3:]
    year, part = span_of(b).days, span_of(c).days
    if part >= 365 or not a.value < b.value < c.value:
        return
    more, added = exact(float(b.value - a.value)), exact(float(c.value - b.value))
    ratio = (added / part) / (more / year)
    numbers = {"more": more, "first": year, "added": added, "second": part, "ratio": shown(ratio, 1)}
    text = "+{more} in {first} days, then +{added} in {second} days: {ratio} times the pace"
    yield series.result(plausible(ratio < PACE, text, **numbers), years=(b.year, c.year))


def not_identical(report: Report) -> Iterator[Result]:
    """Two rows do not hold the same figures in every year, unless nothing moves in them."""
    alike: dict[tuple, list[Series]] = {}
    for series in each_series(report):
        if len(series.filled) >= STILL and len(set(series.by_year.values())) > 1:
            alike.setdefault((series.about.unit, *series.by_year.items()), []).append(series)
    for group in alike.values():
        verdict = consistent("no other row has the same figures")
        if len(group) > 1:
            text = "{rows} rows are equal in all {points} periods"
            verdict = cannot_tell(text, rows=len(group), points=len(group[0].filled))
        yield Result((verdict,), tuple(series.key for series in group))


def _each_figure(series: Series, rule: Callable[[float], Verdict]) -> list[Result]:
    return _objections(series.result(rule(point.value), years=(point.year,)) for point in series.filled)


def _objections(results: Iterable[Result]) -> list[Result]:
    """The results that object to something; where none does the last one, as one that holds for the whole series."""
    results = list(results)
    bad = [result for result in results if not result.passes]
    return bad or [replace(result, years=(), severity="") for result in results[-1:]]
