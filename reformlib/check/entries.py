"""The rules that entries of `checks.yml` name, run on the report's figures: a function for each kind of entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reformlib.check import declared, periods, rules
from reformlib.check.finding import Finding
from reformlib.check.lookup import Lookup
from reformlib.check.periods import Span
from reformlib.check.sentence import Field, Text, listed, shown, text
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict, cannot_tell, consistent
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
    series = tuple(dict.fromkeys(look.series if entry.bears_on is None else entry.bears_on))
    look.check_series(series)
    outcome = verdicts[0].outcome
    texts = _texts(entry, outcome)
    where, computation = listed(look.places, once=True), listed(verdicts, once=True)
    return Finding(entry.id, entry.level, entry.severity, outcome, series, where, computation, **texts)


def _texts(entry: declared.Entry, outcome: str) -> dict[str, object]:
    """The entry's own title, consequence and explanation; general ones where its own are for another outcome."""
    own = {name: Field(entry, name) for name in declared.OWN_TEXTS}
    agrees = outcome == CONSISTENT
    if agrees == (entry.outcome == CONSISTENT if entry.rule == "statement" else entry.agrees):
        return own
    title = text("No longer so, or it cannot be told: {title}", title=own["title"])
    consequence = text("The computation decides. Ask for the right figure; do not use it before.")
    if agrees:
        title = text("No longer so, the figures agree: {title}", title=own["title"])
        consequence = text("Nothing to object to on this point.")
    return {"title": title, "consequence": consequence, "explanation": Text()}


def _total_of_parts(entry: declared.TotalOfParts, look: Lookup) -> list[Verdict]:
    return [rules.total_of_parts(look.value(entry.total), look.values(entry.parts), sign=entry.sign)]


def _same_everywhere(entry: declared.SameEverywhere, look: Lookup) -> list[Verdict]:
    return [rules.same_everywhere({look.name(ref): look.value(ref) for ref in entry.values})]


def _share(entry: declared.Share, look: Lookup) -> list[Verdict]:
    return [rules.share(look.printed(entry.share), look.total(entry.part), look.total(entry.whole))]


def _relation(entry: declared.Relation, look: Lookup) -> list[Verdict]:
    return [rules.relation(look.value(entry.left), entry.sign, look.value(entry.right))]


def _count_within(entry: declared.CountWithin, look: Lookup) -> list[Verdict]:
    sums = [
        rules.total_of_parts(look.total(refs), look.values(refs)) for refs in (entry.count, entry.bodies) if refs[1:]
    ]
    return [rules.count_within(look.total(entry.count), look.total(entry.bodies), full=entry.full), *sums]


def _same_period(entry: declared.SamePeriod, look: Lookup) -> list[Verdict]:
    return [periods.same_period(*map(look.period, entry.quotes[:2]))]


def _in_order(entry: declared.InOrder, look: Lookup) -> list[Verdict]:
    verdicts = [periods.in_order(look.when(first), look.when(second)) for first, second in entry.pairs]
    return sorted(verdicts, key=lambda verdict: verdict.outcome == CONSISTENT)


def _full_period(entry: declared.FullPeriod, look: Lookup) -> list[Verdict]:
    end = look.point(entry.cells[0]).as_of.date()
    whole = Span(date(end.year, 1, 1), end)
    part = Span(max(entry.since, whole.start), end)
    values = [value for value in look.values([declared.Ref(cell=cell) for cell in entry.cells]) if value is not None]
    paces = [
        consistent(
            "{value} / {days} days = {pace} a day",
            value=value,
            days=span.days,
            pace=shown(periods.per_day(value, span), 1),
        )
        for value in values
        for span in (whole, part)
    ]
    return [periods.comparable("S", whole, part), *paces]


def _implied_total(entry: declared.ImpliedTotal, look: Lookup) -> list[Verdict]:
    return [rules.implied_total(look.value(entry.count), look.printed(entry.share), look.value(entry.other))]


def _statement(entry: declared.Statement, look: Lookup) -> list[Verdict]:
    verdicts = []
    if entry.quotes:
        verdicts.append(Verdict(entry.outcome, "{quotes}", {"quotes": listed(map(look.quotation, entry.quotes))}))
    if entry.values:
        verdicts.append(Verdict(entry.outcome, "{values}", {"values": listed(map(look.named, entry.values))}))
    return [*verdicts, *(_ratio(ratio, look) for ratio in entry.ratios)]


def _ratio(ratio: declared.Ratio, look: Lookup) -> Verdict:
    parts, (whole,) = look.values(ratio.part), look.values([ratio.whole])
    if None in parts or not whole:
        return cannot_tell("one of the figures is missing")
    part = sum(parts)
    numbers = {"part": part, "whole": whole, "share": shown(100 * part / whole, 2)}
    if len(parts) == 1:
        return consistent("{part} / {whole} = {share} %", **numbers)
    return consistent("{parts} = {part}; {part} / {whole} = {share} %", **numbers, parts=listed(parts, " + "))


RULES = {
    "total_of_parts": _total_of_parts,
    "same_everywhere": _same_everywhere,
    "share": _share,
    "relation": _relation,
    "count_within": _count_within,
    "same_period": _same_period,
    "in_order": _in_order,
    "full_period": _full_period,
    "implied_total": _implied_total,
    "statement": _statement,
}
