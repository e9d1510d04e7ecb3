"""Checks of the annex that need no configuration: every series against its limits, its base, its neighbours, its past.

Each check takes a report, or a series where it is marked `of_each_series`, and yields its results. Where it has nothing
to work on it yields none: a check that was not possible is not a check that was passed.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import wraps
from itertools import pairwise

from reformlib.check import grim, periods, rules
from reformlib.check.annex import Series, columns, each_series, named, span_of
from reformlib.check.finding import Result
from reformlib.check.rounding import TO_NEAREST, exact
from reformlib.check.sentence import Field, PeriodName, shown
from reformlib.check.verdict import (
    CANNOT_TELL,
    CONSISTENT,
    INCONSISTENT,
    MISSING,
    Verdict,
    cannot_tell,
    consistent,
    inconsistent,
    judged,
    missing,
    stated,
)
from reformlib.load.binding import applies
from reformlib.load.cache import cached_by_owner
from reformlib.load.catalogue import Catalogue
from reformlib.load.period import likeness, usual_months
from reformlib.load.report import Report
from reformlib.load.rows import each_row, grouped

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
    """Every figure lies within the natural limits of its indicator; one without limits may be anything."""
    low, high = series.about.limit_low, series.about.limit_high
    if math.isnan(low) and math.isnan(high):
        return []
    outside = [point for point in series.filled if point.value < low or point.value > high]
    return _each_figure(series, outside, lambda value: rules.in_range(value, low=low, high=high))


@of_each_series
def whole_counts(series: Series) -> Iterable[Result]:
    """What comes whole has no decimals."""
    if not series.about.whole:
        return []
    text = "{value} of a thing that is counted"
    parts = [point for point in series.filled if not point.value.is_integer()]
    return _each_figure(series, parts, lambda value: judged(value.is_integer(), text, value=exact(value)))


@of_each_series
def no_duplicates(series: Series) -> Iterable[Result]:
    """A period stands once in a series."""
    yield series.result(rules.no_duplicates([(point.period,) for point in series.points]))


@of_each_series
def no_gaps(series: Series) -> Iterable[Result]:
    """From its first figure to the latest column of the form, or the last before what it counts came to an end, a
    series has a figure for every year, and for every quarter, month … where the form has columns of them.

    Quarters and the like follow the rhythm of the columns: where those are of one quarter of every year, only that one
    is missed. Of years beside quarters, each are looked at by themselves; a row that is never filled in for one of the
    two is not missed there, but for what is later than all its figures.
    """
    # M is an answer: the figure cannot exist.
    seen = [point.period for point in series.points if not math.isnan(point.value) or point.status == "M"]
    until = _last_day(series.report.catalogue, series.about.indicator)
    verdicts = [verdict for due in _due(series.report, until) for verdict in _gaps(seen, *due)]
    if verdicts:
        gaps = [replace(one, outcome=MISSING) for one in verdicts if one.outcome != CONSISTENT]
        yield series.result(*(gaps or verdicts))


@cached_by_owner
def _last_day(catalogue: Catalogue, indicator: str) -> date:
    """When what an indicator counts came to an end."""
    cut = (date.fromisoformat(one.until) for one in catalogue.reclassified(indicator) if one.beyond == "cut")
    return min(cut, default=date.max)


@cached_by_owner
def _due(report: Report, until: date) -> list[tuple[str, int, list[str]]]:
    """The columns of each frequency up to a day, after the frequency and the step from one to the next, as most are
    apart, of two steps the longer."""
    codes = [code for code in columns(report) if periods.in_time(code)[0] <= until]
    due = []
    for frequency, alike in grouped(codes, lambda code: periods.running_number(code)[0]).items():
        steps = Counter(b - a for a, b in pairwise(periods.running_number(code)[1] for code in alike))
        step = 1 if frequency == "Y" else max(steps, key=lambda step: (steps[step], step), default=1)
        due.append((frequency, step, alike))
    return due


def _gaps(seen: list[str], frequency: str, step: int, codes: list[str]) -> Iterator[Verdict]:
    """Which columns of one frequency a row with the figures `seen` lacks, and which periods between them."""
    mine = [code for code in seen if periods.running_number(code)[0] == frequency]
    later = [code for code in codes if seen and periods.in_time(code)[0] > periods.in_time(seen[-1])[0]]
    if mine or later:
        yield rules.no_gaps(mine, first=None if mine else later[0], last=codes[-1], step=step)


def has_figures(report: Report) -> Iterator[Result]:
    """A row of the form is filled in at least one year. An empty row is no contradiction: missing."""
    text = "no figure in any of {points} periods; empty is not zero"
    empty = [one for one in each_series(report) if not one.filled and not any(point.bound for point in one.points)]
    for series in empty:
        yield series.result(missing(text, points=len(series.points)))
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
    verdict = rules.never_falls(named(series.strands[0]))
    if verdict.outcome == INCONSISTENT:
        text = "{falls}; impossible if all so far are counted, possible if only those held at the date are"
        if cumulative:
            verdict = inconsistent("{falls}, though all so far are counted", **verdict.numbers)
        else:
            verdict = cannot_tell(text, **verdict.numbers)
    fallen = [one.period for a, b in pairwise(series.strands[0]) if b.value < a.value for one in (a, b)]
    yield series.result(verdict, periods=dict.fromkeys(fallen))


@of_each_series
def moves(series: Series) -> Iterable[Result]:
    """A measured series changes now and then, unless it has reached a natural limit.

    A rate or a flow that stands still asks for an explanation; a count of bodies may well be complete. Where it stands
    still at the value of an official target, the text names it.
    """
    if len(series.filled) < STILL:
        return
    limits = [v for v in (series.about.limit_low, series.about.limit_high) if not math.isnan(v)]
    verdict = rules.moves(named(series.filled), points=STILL, limits=limits)
    still = verdict.outcome == CANNOT_TELL and series.about.unit == "%"
    if still and (target := _target_met(series)) is not None:
        names = series.report.catalogue.instrument(target.instrument)
        instrument = Field({f"name_{language}": name for language, name in names.items()}, "name")
        verdict = cannot_tell(
            "{value}% in all {points} figures from {first} to {last}, as is the target of {instrument} for {year}: "
            "measured or assumed?",
            **verdict.numbers,
            instrument=instrument,
            year=PeriodName(str(int(target.target_year))),
        )
    yield series.result(verdict, severity="information" if series.about.measure == "stock" else "warning")


def _target_met(series: Series):
    """The first official target, of those that may drive a figure, that the latest share equals; None without one."""
    asked = (*series.key, series.filled[-1].value)
    equal = [row for row in _values_asked(series.report.catalogue) if (row.indicator, row.level, row.value) == asked]
    return next((row for row in equal if applies(row, series.report)), None)


@cached_by_owner
def _values_asked(catalogue: Catalogue) -> list:
    """The targets that may drive a figure and name its value, each with a series that it is mapped to."""
    rows = catalogue.targets.merge(catalogue.target_mapping, left_on="id", right_on="target")
    usable = rows["recommended_use"].isin(["use", "use-with-caveat"]) & rows["target_year"].notna()
    return list(each_row(rows[usable & (rows["measure"] == "value")]))


@of_each_series
def same_decimals(series: Series) -> Iterable[Result]:
    """The figures of a rate are printed with one number of decimals."""
    if series.about.unit == "%":
        verdict = rules.same_decimals({PeriodName(p.period): series.printed(p) for p in series.filled})
        if verdict.outcome != CANNOT_TELL:
            yield series.result(verdict)


@of_each_series
def rate_has_base(series: Series) -> Iterable[Result]:
    """A rate exists only over a base above zero.

    A printed 0 over a base of 0 is a way of filling a form, or a true 0 of a base not counted: cannot tell
    (information). Any other rate of nothing is impossible (error).
    """
    results = []
    based = [(point, series.base[point.period]) for point in series.points if point.period in series.base]
    rates = [(rate, point, base) for point, base in based if (rate := series.printed(point))]
    for rate, point, base in [one for one in rates if one[2].value <= 0] or rates[-1:]:
        verdict, is_zero = rules.rate_has_base(rate, base.value), float(rate) == 0
        if verdict.outcome == INCONSISTENT and is_zero:
            while_0 = "0% while {base} take part: a true zero, or a share without a base?"
            of_0 = "0% of {base}: a true zero, or a share without a base?"
            verdict = cannot_tell(of_0 if series.is_part_of_base else while_0, base=exact(base.value))
        severity = "information" if is_zero else "error"
        results.append(series.result(verdict, periods=[point.period], severity=severity))
    return objections(results)


@cached_by_owner
def share_of_count(report: Report) -> tuple[Result, ...]:
    """A share of whole things is one that some number of them gives (GRIM), where row and base have the same levels.

    Error where no base between the previous column's count and this one's gives it, so that no date of counting in the
    year explains it; warning where only the count printed in the same column does not.
    """
    return tuple(one for series in each_series(report) if series.is_part_of_base for one in _shares(series))


def _shares(series: Series) -> Iterator[Result]:
    for point in series.filled:
        base, share = series.base.get(point.period), series.printed(point)
        if base is None or not base.value or not base.value.is_integer():
            continue
        verdict = grim.share_of_count(share, base.value)
        if verdict.outcome == CONSISTENT:
            yield series.result(verdict, periods=[point.period])
        elif verdict.outcome == INCONSISTENT:
            before = [one for one in series.base.values() if one.as_of < base.start and likeness(one) == likeness(base)]
            low, high = sorted((int(base.value), int(before[-1].value) if before else 1))
            nearest = grim.possible_bases(share, low, high, roundings=TO_NEAREST)
            bases = nearest or grim.possible_bases(share, low, high)
            others = _other_bases(bases, low, high, "by ordinary rounding" if nearest else "only if cut off or raised")
            yield series.result(verdict, others, periods=[point.period], severity="" if bases else "error")


def _other_bases(bases: list[int], low: int, high: int, rounded: str) -> Verdict:
    numbers = {"low": low, "high": high, "n": len(bases), "near": max(bases, default=None), "rounded": rounded}
    if not bases:
        return inconsistent("nor does any count from {low} to {high}", **numbers)
    return cannot_tell(
        "{n} other counts from {low} to {high} would give it {rounded}; "
        "the one nearest to the figure of the column is {near}",
        **numbers,
    )


@of_each_series
def steep_change(series: Series) -> Iterable[Result]:
    """A figure does not move by a factor of `STEEP` within a year without a word.

    A count that rises steeply is a roll-out more often than not (information); a rate, or a fall, needs an explanation.
    """
    results = []
    steps = [(a, b) for a, b in series.pairs if a.value > 0 and b.value > 0]
    # what moves by clearly less passes at once: a limit below STEEP leaves room for floats; the last step is kept
    steep = [(a, b) for a, b in steps[:-1] if not STEEP - 1 > a.value / b.value > 1 / (STEEP - 1)]
    for a, b in [*steep, *steps[-1:]]:
        verdict = rules.change_within(a.value, b.value, factor=STEEP)
        severity = "information" if series.about.unit != "%" and b.value > a.value else "warning"
        results.append(series.result(verdict, periods=[a.period, b.period], severity=severity))
    return objections(results)


@of_each_series
def same_base(series: Series) -> Iterable[Result]:
    """Two rates are set side by side only if what they are rates of has not grown or shrunk by a factor of `STEEP`.

    Nothing is said of a share that cannot be one of its base, for what it is a share of is not known; and where such a
    one is passed over, nothing of what the rest of its series agrees in.
    """
    impossible = [one for one in share_of_count(series.report) if one.severity == "error"]
    refuted = {period for one in impossible if one.series == (series.key,) for period in one.periods}
    text = "{a}% while {old} take part → {b}% while {new} take part: their number differs by a factor of {ratio}"
    if series.is_part_of_base:
        text = "{a}% with a base of {old} by its label → {b}% with {new}: the base changed by a factor of {ratio}"
    results = []
    base_is_summed = any(one.collect == "S" for one in series.base.values())
    for a, b in series.pairs if base_is_summed else pairwise(series.filled):
        old, new = (series.base[one.period].value if one.period in series.base else 0 for one in (a, b))
        if not (old > 0 and new > 0) or {a.period, b.period} & refuted:
            continue
        verdict = consistent("no base changed by a factor of {limit}", limit=STEEP)
        if max(old, new) / min(old, new) >= STEEP:
            numbers = dict(zip(("a", "b", "old", "new"), map(exact, (a.value, b.value, old, new)), strict=True))
            ratio = max(numbers["old"], numbers["new"]) / min(numbers["old"], numbers["new"])
            verdict = stated(text, **numbers, ratio=shown(ratio, 1))
        results.append(series.result(verdict, periods=[a.period, b.period]))
    return [one for one in objections(results) if not (one.passes and refuted)]


@of_each_series
def whole_periods(series: Series) -> Iterable[Result]:
    """The latest figure of a flow, or of a share of flows, covers a period as long as usual, or as all before it."""
    if series.about.time_collect != "S" or len(series.filled) < 2:
        return
    # of two that end on one day the longer
    b = next(point for point in series.filled if point.as_of == series.filled[-1].as_of)
    latest = columns(series.report)[b.period]
    usual = not latest.cut and latest.months >= usual_months(columns(series.report).values())
    if usual and (a := next((one for one in series.filled[-2::-1] if series.same_length(one, b)), None)):
        yield series.result(periods.comparable("S", span_of(a), span_of(b)))
        return
    longer = (one for one in series.filled[::-1] if span_of(one).days > span_of(b).days)
    a = next((one for one in longer if not series.same_length(one, b)), None)
    if not a:
        return
    first, second = span_of(a), span_of(b)
    numbers = {"before": exact(a.value), "first": first.days, "after": exact(b.value), "second": second.days}
    text = "{before}% over {first} days, {after}% over {second} days"
    if latest.cut:  # a share up to a day may be counted from any other
        text = "{before}% over {first} days, {after}% up to {day} (from which day is not told)"
        numbers |= {"day": b.as_of.date()}
    if series.about.unit != "%":
        text = "{before} / {first} days = {old} a day; {after} / {second} days = {new} a day"
        a_day = periods.per_day(a.value, first), periods.per_day(b.value, second)
        # a little is not nothing
        numbers |= {name: shown(n, 1) or shown(n) for name, n in zip(("old", "new"), a_day, strict=True)}
    yield series.result(stated(text, **numbers), periods=[a.period, b.period])


@of_each_series
def pace_in_part(series: Series) -> Iterable[Result]:
    """A stock does not grow `PACE` times as fast per day in a part of a year as in the year before."""
    if series.about.measure != "stock" or len(series.filled) < 3:
        return
    b, c = series.strands[0][-2:]
    before = [one for one in series.filled if (b.as_of - one.as_of).days >= 365]
    part = (c.as_of - b.as_of).days
    if part >= 365 or not before or not before[-1].value < b.value < c.value:
        return
    a, year = before[-1], (b.as_of - before[-1].as_of).days
    more, added = exact(float(b.value - a.value)), exact(float(c.value - b.value))
    ratio = (added / part) / (more / year)
    numbers = {"more": more, "first": year, "added": added, "second": part, "ratio": shown(ratio, 1)}
    text = "+{more} in {first} days, then +{added} in {second} days: {ratio} times the pace"
    yield series.result(judged(ratio < PACE, text, CANNOT_TELL, **numbers), periods=[b.period, c.period])


def not_identical(report: Report) -> Iterator[Result]:
    """Two rows do not hold the same figures in every period, unless nothing moves in them."""
    alike: dict[tuple, list[Series]] = {}
    for series in each_series(report):
        figures = named(series.filled)
        if len(figures) >= STILL and len(set(figures.values())) > 1:
            alike.setdefault((series.about.unit, *figures.items()), []).append(series)
    for group in alike.values():
        verdict = consistent("no other row has the same figures")
        if len(group) > 1:
            text = "{rows} rows are equal in all {points} periods"
            verdict = stated(text, rows=len(group), points=len(group[0].filled))
        yield Result((verdict,), tuple(series.key for series in group))


def _each_figure(series: Series, broken: list, rule: Callable[[float], Verdict]) -> list[Result]:
    """What the rule says of the figures that break it, of the last where none does."""
    points = broken or series.filled[-1:]
    return objections(series.result(rule(point.value), periods=[point.period]) for point in points)


def objections(results: Iterable[Result]) -> list[Result]:
    """The results that object to something; where none does the last one, as one that holds for the whole series."""
    results = list(results)
    bad = [result for result in results if not result.passes]
    return bad or [Result(result.verdicts, result.series) for result in results[-1:]]
