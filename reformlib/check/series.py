"""Checks of the annex that need no configuration: every series against its limits, its base, its neighbours, its past.

Each function takes a report and yields what it looked at. Where it has nothing to work on it is silent: a check that
was not possible is not a check that was passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import pandas as pd

from reformlib.check import periods, rules
from reformlib.check.finding import Found
from reformlib.check.finding import Series as Key
from reformlib.check.grim import possible_bases, share_of_count
from reformlib.check.periods import Span
from reformlib.check.rounding import TO_NEAREST, exact
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict, judged, shown, unknown
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.cells import parse_cell
from reformlib.load.report import Report
from reformlib.load.rows import each_row

# A figure that moves by this factor from one year to the next, or a rate whose base does, asks for an explanation;
# what passes is told in words (report.CHECKS), "fivefold".
STEEP = 5
# Growth per day in a part of a year against that of the year before.
PACE = 3
# Fewer equal figures in a row are nothing to wonder at.
STILL = 4


@dataclass(frozen=True)
class _Series:
    """One series of the annex: its row of the catalogue, its service level, its points oldest first."""

    about: object
    level: str
    points: tuple

    @property
    def key(self) -> Key:
        return self.about.indicator, self.level

    @cached_property
    def known(self) -> list:
        return [point for point in self.points if not math.isnan(point.value)]

    @cached_property
    def by_year(self) -> dict[str, float]:
        return {str(p.year): p.value for p in self.known}

    def found(self, *verdicts: Verdict, years: tuple[int, ...] = (), severity: str = "") -> Found:
        return Found(verdicts, (self.key,), years, severity)


def each_series(report: Report) -> Iterator[_Series]:
    """Every series of the annex, in the order of the form."""
    return iter(_all_series(report))


@cached_by_owner
def _all_series(report: Report) -> tuple[_Series, ...]:
    return tuple(_read_series(report))


def _read_series(report: Report) -> Iterator[_Series]:
    for about in each_row(report.catalogue.indicators):
        mine = sorted(report.points.get(about.indicator, ()), key=lambda point: point.as_of)
        for level in about.levels.split(";"):
            points = tuple(point for point in mine if point.level == level)
            if points:
                yield _Series(about, level, points)


def in_range(report: Report) -> Iterator[Found]:
    """Every figure lies within the natural limits of its indicator."""
    for series in each_series(report):
        low, high = exact(series.about.limit_low), exact(series.about.limit_high)
        verdicts = [(p.year, rules.in_range(p.value, low=low, high=high)) for p in series.known]
        yield from _each_year(series, verdicts)


def whole_counts(report: Report) -> Iterator[Found]:
    """A count has no decimals."""
    for series in each_series(report):
        if series.about.unit != "%":
            verdicts = [
                (p.year, judged(float(p.value).is_integer(), "{value} of a thing that is counted", value=_shown(p)))
                for p in series.known
            ]
            yield from _each_year(series, verdicts)


def no_duplicates(report: Report) -> Iterator[Found]:
    """A year stands once in a series."""
    for series in each_series(report):
        years = pd.DataFrame({"year": [point.year for point in series.points]})
        yield series.found(rules.no_duplicates(years, ["year"]))


def no_gaps(report: Report) -> Iterator[Found]:
    """From its first figure to the latest year of the form a series has a figure for every year."""
    last = int(report.observations["year"].max()) if len(report.observations) else 0
    for series in each_series(report):
        # M is an answer: the figure cannot exist.
        seen = [point.year for point in series.points if not math.isnan(point.value) or point.status == "M"]
        if seen:
            yield series.found(rules.no_gaps(seen, last=last))


def has_figures(report: Report) -> Iterator[Found]:
    """A row of the form is filled in at least one year. An empty row is no contradiction: cannot tell."""
    filled = 0
    for series in each_series(report):
        if series.known:
            filled += 1
        else:
            yield series.found(
                unknown("no figure in any of {points} periods; empty is not zero", points=len(series.points))
            )
    if filled:
        yield Found((Verdict(CONSISTENT, "{points} series have figures", {"points": filled}),))


def never_falls(report: Report) -> Iterator[Found]:
    """A stock does not fall. Impossible only where report.yml names it `cumulative`, else it may count what is held."""
    for series in each_series(report):
        if series.about.measure == "stock" and len(series.known) > 1:
            verdict = rules.never_falls(series.by_year)
            if verdict.outcome == INCONSISTENT:
                text = "{falls}; impossible if all so far are counted, possible if only those held at the date are"
                if cumulative := series.about.indicator in report.meta.cumulative:
                    text = "{falls}, though all so far are counted"
                verdict = Verdict(INCONSISTENT if cumulative else CANNOT_TELL, text, verdict.numbers)
            years = [y for a, b in pairwise(series.known) if b.value < a.value for y in (a.year, b.year)]
            yield series.found(verdict, years=tuple(dict.fromkeys(years)))


def moves(report: Report) -> Iterator[Found]:
    """A measured series changes now and then, unless it has reached a natural limit.

    A rate or a flow that stands still asks for an explanation; a count of bodies may well be complete. Where it stands
    still at the value of an official target, that is told too.
    """
    for series in each_series(report):
        if len(series.known) >= STILL:
            limits = [v for v in (series.about.limit_low, series.about.limit_high) if not math.isnan(v)]
            verdict, names = rules.moves(series.by_year, points=STILL, limits=limits), {}
            still = verdict.outcome == CANNOT_TELL and series.about.unit == "%"
            target = _target_met(report, series) if still else None
            if target is not None:
                name = report.catalogue.instrument(target.instrument)
                names[name["en"]] = name
                verdict = unknown(
                    "{value} % in all {points} figures from {first} to {last}, as is the target of {instrument} for "
                    "{year}: measured or assumed?",
                    **verdict.numbers,
                    instrument=name["en"],
                    year=str(int(target.target_year)),
                )
            severity = "information" if series.about.measure == "stock" else "warning"
            yield Found((verdict,), (series.key,), severity=severity, names=names)


def _target_met(report: Report, series: _Series):
    """The first official target, of those that may drive a figure, that the latest share equals; None without one."""
    targets = report.catalogue.targets.merge(report.catalogue.target_mapping, left_on="id", right_on="target")
    same = targets[
        targets["recommended_use"].isin(["use", "use-with-caveat"])
        & (targets["measure"] == "value")
        & (targets["form_row"] == series.about.form_row)
        & (targets["level"] == series.level)
        & (targets["value"] == series.known[-1].value)
        & targets["target_year"].notna()
    ]
    return next(each_row(same), None)


def same_decimals(report: Report) -> Iterator[Found]:
    """The figures of a rate are printed with one number of decimals."""
    for series in each_series(report):
        if series.about.unit == "%":
            texts = {str(p.year): printed_value(report, series.about, p) for p in series.known}
            verdict = rules.same_decimals(texts)
            if verdict.outcome != CANNOT_TELL:
                yield series.found(verdict)


def rate_has_base(report: Report) -> Iterator[Found]:
    """A rate exists only over a base above zero.

    A printed 0 over a base of 0 is a way of filling a form (information); any other rate of nothing is impossible
    (error). Where the base column only names the bodies taking part, a 0 may be true: cannot tell.
    """
    for series in each_series(report):
        base = _base(report, series)
        verdicts = []
        for point in series.points:
            text, under = printed_value(report, series.about, point), base.get(point.year)
            if text is None or under is None:
                continue
            verdict = rules.rate_has_base(text, under)
            if verdict.outcome == INCONSISTENT and float(text) == 0 and not _counted(report, series):
                verdict = unknown(
                    "0 % while {base} take part: a true zero, or a share without a base?", base=int(under)
                )
            verdicts.append((point.year, verdict, "information" if float(text) == 0 else "error"))
        bad = [item for item in verdicts if item[1].outcome != CONSISTENT]
        for year, verdict, severity in bad:
            yield series.found(verdict, years=(year,), severity=severity)
        if verdicts and not bad:
            yield series.found(verdicts[-1][1])


def share_of_its_count(report: Report) -> Iterator[Found]:
    """A share of whole things is one that some number of them gives (GRIM), where row and base have the same levels.

    Error where no base between the previous column's count and this one's gives it, so that no date of counting in the
    year explains it; warning where only the count printed in the same column does not. Silent where every share is
    possible.
    """
    return iter(_shares_of_counts(report))


@cached_by_owner
def _shares_of_counts(report: Report) -> tuple[Found, ...]:
    return tuple(_each_share(report))


def _each_share(report: Report) -> Iterator[Found]:
    for series in each_series(report):
        if not _counted(report, series):
            continue
        base, before = _base(report, series), None
        for point in series.known:
            count, text = base.get(point.year), printed_value(report, series.about, point)
            if not count or not count.is_integer():
                continue
            verdict = share_of_count(text, count)
            earlier = base.get(point.year - 1, before)
            low, high = sorted((int(count), 1 if earlier is None else int(earlier)))
            before = count
            if verdict.outcome == CONSISTENT:
                yield series.found(verdict, years=(point.year,))
            elif verdict.outcome == INCONSISTENT:
                nearest = possible_bases(text, low, high, roundings=TO_NEAREST)
                bases = nearest or possible_bases(text, low, high)
                rounded = "by ordinary rounding" if nearest else "only if cut off or raised"
                told = _other_bases(bases, low, high, rounded)
                yield series.found(verdict, told, years=(point.year,), severity="" if bases else "error")


def steep_change(report: Report) -> Iterator[Found]:
    """A figure does not move by a factor of `STEEP` within a year without a word.

    A count that rises steeply is a roll-out more often than not (information); a rate, or a fall, needs an explanation.
    """
    for series in each_series(report):
        verdicts = []
        for a, b in pairwise(series.known):
            if a.value <= 0 or b.value <= 0 or not _same_length(series, a, b):
                continue
            severity = "information" if series.about.unit != "%" and b.value > a.value else "warning"
            verdicts.append(((a.year, b.year), rules.change_within(a.value, b.value, factor=STEEP), severity))
        for years, verdict, severity in verdicts:
            if verdict.outcome != CONSISTENT:
                yield series.found(verdict, years=years, severity=severity)
        if verdicts and all(v.outcome == CONSISTENT for _, v, _ in verdicts):
            yield series.found(verdicts[-1][1])


def same_base(report: Report) -> Iterator[Found]:
    """Two rates are set side by side only if what they are rates of has not grown or shrunk by a factor of `STEEP`.

    Silent on a share that cannot be one of its base, for what it is a share of is not known; and where such a one is
    passed over, on what the rest of its series agrees in.
    """
    unfit = {(one.series, year) for one in share_of_its_count(report) if one.severity == "error" for year in one.years}
    for series in each_series(report):
        base = _base(report, series)
        refuted = {year for key, year in unfit if key == (series.key,)}
        pairs = [
            (a, b, base[a.year], base[b.year])
            for a, b in pairwise(series.known)
            if base.get(a.year, 0) > 0 and base.get(b.year, 0) > 0 and not {a.year, b.year} & refuted
        ]
        steep = [item for item in pairs if max(item[2:]) / min(item[2:]) >= STEEP]
        text = "{a} % with a base of {old} by its label → {b} % with {new}: the base changed by a factor of {ratio}"
        if not _counted(report, series):
            text = (
                "{a} % while {old} take part → {b} % while {new} take part: their number differs by a factor of {ratio}"
            )
        for a, b, old, new in steep:
            verdict = unknown(
                text,
                a=shown(exact(a.value)),
                b=shown(exact(b.value)),
                old=shown(exact(old)),
                new=shown(exact(new)),
                ratio=shown(Fraction(int(max(old, new)), int(min(old, new))), 1),
            )
            yield series.found(verdict, years=(a.year, b.year))
        if pairs and not steep and not refuted:
            yield series.found(Verdict(CONSISTENT, "no base changed by a factor of {limit}", {"limit": STEEP}))


def whole_periods(report: Report) -> Iterator[Found]:
    """The latest figure of a flow, or of a share of flows, covers a period as long as the one before."""
    for series in each_series(report):
        if series.about.time_collect != "S" or len(series.known) < 2:
            continue
        a, b = series.known[-2:]
        first, second = _span(a), _span(b)
        if _same_length(series, a, b):
            yield series.found(periods.comparable("S", first, second))
        elif series.about.unit == "%":
            yield series.found(
                unknown(
                    "{before} % over {first} days, {after} % over {second} days",
                    before=_shown(a),
                    first=first.days,
                    after=_shown(b),
                    second=second.days,
                ),
                years=(a.year, b.year),
            )
        else:
            yield series.found(
                unknown(
                    "{before} / {first} days = {old} a day; {after} / {second} days = {new} a day",
                    before=_shown(a),
                    first=first.days,
                    old=shown(periods.per_day(a.value, first), 1),
                    after=_shown(b),
                    second=second.days,
                    new=shown(periods.per_day(b.value, second), 1),
                ),
                years=(a.year, b.year),
            )


def pace_in_part(report: Report) -> Iterator[Found]:
    """A stock does not grow `PACE` times as fast per day in a part of a year as in the year before."""
    for series in each_series(report):
        if series.about.measure != "stock" or len(series.known) < 3:
            continue
        a, b, c = series.known[-3:]
        part, year = _span(c), _span(b)
        if part.days >= 365 or not a.value < b.value < c.value:
            continue
        old, new = Fraction(exact(b.value - a.value), year.days), Fraction(exact(c.value - b.value), part.days)
        numbers = {
            "more": shown(exact(b.value - a.value)),
            "first": year.days,
            "added": shown(exact(c.value - b.value)),
            "second": part.days,
            "ratio": shown(new / old, 1),
        }
        text = "+{more} in {first} days, then +{added} in {second} days: {ratio} times the pace"
        yield series.found(
            Verdict(CONSISTENT if new < PACE * old else CANNOT_TELL, text, numbers), years=(b.year, c.year)
        )


def not_identical(report: Report) -> Iterator[Found]:
    """Two rows do not hold the same figures in every year, unless nothing moves in them."""
    alike: dict[tuple, list[_Series]] = {}
    for series in each_series(report):
        if len(series.known) >= STILL and len(set(series.by_year.values())) > 1:
            alike.setdefault((series.about.unit, *series.by_year.items()), []).append(series)
    for group in alike.values():
        if len(group) > 1:
            verdict = unknown(
                "{rows} rows are equal in all {points} periods", rows=len(group), points=len(group[0].known)
            )
            yield Found((verdict,), tuple(series.key for series in group))
        else:
            yield group[0].found(Verdict(CONSISTENT, "no other row has the same figures"))


def printed_value(report: Report, about, point) -> str | None:
    """The figure of a point as printed, with a decimal point and all its decimals: `0.13`; None for an empty cell.

    Where a logged correction replaced the printed one, the figure that was read.
    """
    levels = tuple(level for level in about.levels.split(";") if level)
    try:
        read = parse_cell(point.raw, unit=about.unit, levels=levels, locale=report.meta.locale)
    except ReformError:  # an entry of the log says how the cell is read, or that it is not
        read = []
    for cell in read:
        if cell.level == point.level and (math.isnan(point.value) or cell.value == point.value):
            return f"{cell.value:.{cell.decimals}f}"
    return None if math.isnan(point.value) else str(shown(exact(point.value), 6))


def _shown(point):
    return shown(exact(point.value))


def _each_year(series: _Series, verdicts: list[tuple[int, Verdict]]) -> Iterator[Found]:
    bad = [(year, verdict) for year, verdict in verdicts if verdict.outcome != CONSISTENT]
    for year, verdict in bad:
        yield series.found(verdict, years=(year,))
    if verdicts and not bad:
        yield series.found(verdicts[-1][1])


def _base(report: Report, series: _Series) -> dict[int, float]:
    """The base of a rate by year: of the same level where the base has levels."""
    if not series.about.base:
        return {}
    return {
        point.year: point.value
        for other in each_series(report)
        if other.about.indicator == series.about.base and other.level in (series.level, "")
        for point in other.known
    }


def _counted(report: Report, series: _Series) -> bool:
    """Whether the base counts the things the rate is a share of: both are broken down by the same levels.

    Else the base only says where the rate exists, such as the units that run a system for a share of dossiers.
    """
    rows = report.catalogue.by_indicator["levels"]
    return bool(series.about.base and series.about.levels and rows.get(series.about.base) == series.about.levels)


def _span(point) -> Span:
    return Span(date(point.year, 1, 1), point.as_of.date())


def _same_length(series: _Series, a, b) -> bool:
    collect = series.about.time_collect
    return periods.comparable(collect, _span(a), _span(b)).outcome == CONSISTENT


def _other_bases(bases: list[int], low: int, high: int, rounded: str) -> Verdict:
    if not bases:
        return Verdict(INCONSISTENT, "nor does any count from {low} to {high}", {"low": low, "high": high})
    return Verdict(
        CANNOT_TELL,
        "{n} other counts from {low} to {high} would give it {rounded}; "
        "the one nearest to the end of the year is {near}",
        {"n": len(bases), "low": low, "high": high, "near": max(bases), "rounded": rounded},
    )
