"""The rules that entries of `checks.yml` name, run on the report's figures: a function for each kind of entry."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from reformlib.check import declared, grim, periods, rules
from reformlib.check.annex import span_of
from reformlib.check.finding import Finding
from reformlib.check.lookup import Lookup
from reformlib.check.periods import Span
from reformlib.check.rounding import all_exact, exact
from reformlib.check.sentence import Field, Terms, Text, Verbatim, listed, shown, text
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict, cannot_tell, consistent, judged
from reformlib.load.report import Report


def entry_finding(entry: declared.Entry, report: Report) -> Finding:
    """The finding of one entry. Raises ReformError where it names what the report does not have."""
    look = Lookup(report, entry.id)
    verdicts = RULES[entry.rule](entry, look)
    if entry.rule != "statement":
        for quote in entry.quotes:
            look.words(quote)
    if verdicts[0].outcome == INCONSISTENT and entry.failing == CANNOT_TELL:
        verdicts = [replace(verdicts[0], outcome=CANNOT_TELL), *verdicts[1:]]
    series = tuple(dict.fromkeys((key for key, _ in look.points) if entry.bears_on is None else entry.bears_on))
    look.check_series(series)
    outcome, where, computation = verdicts[0].outcome, listed(look.places, once=True), listed(verdicts, once=True)
    rests = look.supposed(series if entry.every_figure else ())
    judgement = entry.rule == "statement"
    outcome = CANNOT_TELL if rests and judgement else outcome
    texts = _texts(entry, outcome)
    if rests or look.names_supposed(texts.values(), series):
        texts |= _of_others(where, None if judgement else computation)
    points = () if entry.every_figure else tuple(look.points)
    return Finding(entry.id, entry.level, entry.severity, outcome, series, where, computation, **texts, points=points)


def _of_others(where: object, computation: object | None) -> dict[str, Any]:
    """Words of an entry for figures of a what-if: its own are of the printed ones. A rule has computed with them; a
    judgement is not made again."""
    title = text("{where}: judged on the printed figures, not judged again on those supposed", where=where)
    if computation is not None:
        title = text("{where}: with the figures supposed {computation}", where=where, computation=computation)
    consequence = text("What was said of the printed figures need not hold for those supposed.")
    return {"title": title, "consequence": consequence, "explanation": Text(), "clause": title}


def _texts(entry: declared.Entry, outcome: str) -> dict[str, Any]:
    """The entry's own title, consequence and explanation, and what it objects to; where its own are for another
    outcome general ones, which object to the figures where they do not agree."""
    own: dict[str, Any] = {name: Field(entry, name) for name in declared.OWN_TEXTS}
    agrees = outcome == CONSISTENT
    if agrees == (entry.outcome == CONSISTENT if entry.rule == "statement" else entry.agrees):
        return own | {"objects_to": tuple(entry.objects_to or ()), "clause": entry.clause or own["title"]}
    title = text("No longer so, or it cannot be told: {title}", title=own["title"])
    consequence = text("The computation decides. Ask for the right figure; do not use it before.")
    if agrees:
        title = text("No longer so, the figures agree: {title}", title=own["title"])
        consequence = text("Nothing to object to on this point.")
    texts = {"title": title, "consequence": consequence, "explanation": Text()}
    return texts | {"objects_to": () if agrees else ("figure",), "clause": title}


def _count_within(entry: declared.CountWithin, look: Lookup) -> list[Verdict]:
    several = [refs for refs in (entry.count, entry.bodies) if len(refs) > 1]
    sums = [rules.total_of_parts(look.total(refs), look.values(refs)) for refs in several]
    return [rules.count_within(look.total(entry.count), look.total(entry.bodies), full=entry.full), *sums]


def _in_order(entry: declared.InOrder, look: Lookup) -> list[Verdict]:
    verdicts = [periods.in_order(look.when(first), look.when(second)) for first, second in entry.pairs]
    return sorted(verdicts, key=lambda verdict: verdict.outcome == CONSISTENT)


def _full_period(entry: declared.FullPeriod, look: Lookup) -> list[Verdict]:
    points = [look.point(cell)[1] for cell in entry.cells]
    whole = span_of(points[0])
    part = Span(max(entry.since, whole.start), whole.end)
    verdicts = [periods.comparable("S", whole, part)]
    values = [value for point in points if (value := exact(point.value)) is not None]
    for value in values:
        for span in (whole, part):
            pace = shown(periods.per_day(value, span), 1)
            verdicts.append(consistent("{value} / {days} days = {pace} a day", value=value, days=span.days, pace=pace))
    return verdicts


def _statement(entry: declared.Statement, look: Lookup) -> list[Verdict]:
    quotes = [look.quotation(quote) for quote in entry.quotes]
    values = [look.figure(ref).named() for ref in entry.values]
    evidence = [listed(part) for part in (quotes, values) if part]
    verdicts = [Verdict(entry.outcome, "{evidence}", {"evidence": part}) for part in evidence]
    return verdicts + [_ratio(ratio, look) for ratio in entry.ratios]


def _ratio(ratio: declared.Ratio, look: Lookup) -> Verdict:
    parts, whole = all_exact(look.values(ratio.part)), look.value(ratio.whole)
    if not parts or not whole:
        return cannot_tell("one of the figures is missing")
    part = sum(parts, Fraction(0))
    numbers = {"part": part, "whole": whole, "share": shown(100 * part / whole, 2)}
    if len(parts) == 1:
        return consistent("{part} / {whole} = {share}%", **numbers)
    return consistent("{parts} = {part}; {part} / {whole} = {share}%", **numbers, parts=listed(parts, " + "))


def _same_everywhere(entry: declared.SameEverywhere, look: Lookup) -> list[Verdict]:
    figures = map(look.figure, entry.values)
    return [rules.same_everywhere({figure.name: figure.value for figure in figures})]


def _may_be_added(entry: declared.MayBeAdded, look: Lookup) -> list[Verdict]:
    series, total = look.whole_series(entry.series), look.value(entry.total)
    figures = [point.value for point in series.one_by_one]
    return [periods.may_be_added(figures, total, collect=series.about.time_collect)]


def _one_body(entry: declared.OneBody, look: Lookup) -> list[Verdict]:
    for quote, body in zip(entry.quotes, entry.bodies, strict=True):
        words, _ = look.words(quote)
        if body not in words:
            raise look.missing("body in the quote", body, [words])
    bodies = list(dict.fromkeys(entry.bodies))
    named = Terms([(Verbatim(body),) for body in bodies], " ≠ ", "“{}”")
    return [
        judged(len(bodies) == 1, "{bodies}; {quotes}", bodies=named, quotes=listed(map(look.quotation, entry.quotes)))
    ]


RULES: dict[str, Callable[[Any, Lookup], list[Verdict]]] = {
    "total_of_parts": lambda one, look: [
        rules.total_of_parts(look.value(one.total), look.values(one.parts), sign=one.sign)
    ],
    "same_everywhere": _same_everywhere,
    "share": lambda one, look: [
        rules.share(look.figure(one.share).printed, look.total(one.part), look.total(one.whole))
    ],
    "relation": lambda one, look: [rules.relation(look.value(one.left), one.sign, look.value(one.right))],
    "count_within": _count_within,
    "same_period": lambda one, look: [periods.same_period(*map(look.period, one.quotes[:2]))],
    "in_order": _in_order,
    "full_period": _full_period,
    "implied_total": lambda one, look: [
        grim.implied_total(look.value(one.count), look.figure(one.share).printed, look.value(one.other))
    ],
    "may_be_added": _may_be_added,
    "one_body": _one_body,
    "statement": _statement,
}
