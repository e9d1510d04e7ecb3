"""Entries of `checks.yml`: the figures, dates and words that one names, looked up in the report, and the rule that it
names, run on them, a function for each kind of entry."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reformlib.check import declared, grim, periods, rules
from reformlib.check.annex import Series, columns, each_series, span_of
from reformlib.check.declared import Cell, Quote, Ref, When, checks_file
from reformlib.check.finding import Finding, SeriesKey, annex_name, cell_place
from reformlib.check.periods import Span
from reformlib.check.rounding import all_exact, exact
from reformlib.check.sentence import Field, Terms, Text, Verbatim, listed, shown, text
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict, cannot_tell, consistent, judged
from reformlib.errors import ReformError, did_you_mean
from reformlib.load.cache import cached_by_owner
from reformlib.load.cells import parse_number
from reformlib.load.period import addressed
from reformlib.load.report import Report

# The tables whose rows a quote may name, by the column of their codes.
QUOTED = {"fact": "facts", "result": "results", "limitation": "limitations", "task": "tasks", "document": "documents"}


@dataclass(frozen=True)
class PrintedFigure:
    """A figure that an entry names: what it is called, its exact value (None where the cell is empty), how it is
    printed (with a decimal point, empty for an empty cell), and its unit, which a number written in words has not."""

    name: object
    value: Fraction | None
    printed: str
    unit: str = ""

    def named(self) -> Terms:
        """The figure with its name."""
        if self.value is None:
            return Terms(((self.name, None),), pattern="{}: {}")
        return Terms(((self.name, Decimal(self.printed), "%" if "%" in self.unit else ""),), pattern="{}: {}{}")


@dataclass(frozen=True)
class Lookup:
    """What an entry names, in one report; collects the `places` where it stands and the `points` it is taken from,
    by series and code of the period, and the `facts`.

    Every method raises ReformError naming file and entry for anything that the report does not have.
    """

    report: Report
    entry: str
    places: list[object] = field(default_factory=list)
    points: list[tuple[SeriesKey, str]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def missing(self, what: str, code: object, codes: Iterable[object]) -> ReformError:
        """The error for a code that is none of `codes`."""
        return ReformError(
            f"checks.yml, entry {self.entry}: no such {what}: {code}",
            where=str(checks_file(self.report)),
            fix=did_you_mean(str(code), map(str, codes)),
        )

    def row(self, key: str, code: str | None) -> dict:
        """A row of the table in which `key` is the column of codes."""
        rows = self.report.rows_by(QUOTED[key], key)
        if code not in rows:
            raise self.missing(key, code, rows)
        row = rows[code]
        if key == "fact":
            self.facts.append(row[key])
        if "section" in row:
            self.places.append(Verbatim(row["section"]))
        return row

    def point(self, cell: Cell) -> tuple[Series, Any]:
        """The series and the observation of a cell of the annex."""
        indicator, level, when = cell
        code, points = str(when), _points(self.report)
        if (indicator, level, code) not in points:
            code = self._period(cell)
        self.places.append(_place(self.report, indicator, level, code))
        self.points.append(((indicator, level), code))
        return points[indicator, level, code]

    def _period(self, cell: Cell) -> str:
        """The code of the period that a cell names otherwise, as by the year."""
        indicator, level, when = cell
        self.check_series([(indicator, level)])
        year, code = (int(when), "") if str(when).isdigit() else (None, str(when))
        try:
            return addressed(columns(self.report).values(), year, code).code
        except ReformError as error:
            what = f"checks.yml, entry {self.entry}: no such cell: [{indicator}, {level!r}, {when}]: {error.what}"
            fix = 'name the period by its code, as "2020-Q1"'
            raise ReformError(what, where=str(checks_file(self.report)), expected=error.expected, fix=fix) from None

    def whole_series(self, key: SeriesKey) -> Series:
        """A series of the annex, all its figures."""
        self.check_series([key])
        self.places.append(cell_place(self.report, [key]))
        series = _series(self.report)[key]
        self.points.extend((key, point.period) for point in series.points)
        return series

    def supposed(self, series: Iterable[SeriesKey]) -> bool:
        """Whether another figure is supposed for one looked up, or for any of some series."""
        whole = {key[:2] for key in self.report.supposed}
        given = {(*key, code) for key, code in self.points} | {(fact,) for fact in self.facts}
        return bool(given & self.report.supposed.keys() or whole & set(series))

    def check_series(self, keys: Iterable[SeriesKey]) -> None:
        """Raise where a series is not in the annex."""
        series = _series(self.report)
        for indicator, level in keys:
            if (indicator, level) not in series:
                codes = [f"[{i}, {v!r}]" for i, v in sorted(series)]
                raise self.missing("series", f"[{indicator}, {level!r}]", codes)

    def figure(self, ref: Ref) -> PrintedFigure:
        """A fact, the figure of a cell, or a number written in words."""
        if ref.number is not None:
            return PrintedFigure("in the words of the report", Fraction(ref.number), str(ref.number))
        if ref.cell is not None:
            series, point = self.point(ref.cell)
            return PrintedFigure(self.places[-1], exact(point.value), series.printed(point), point.unit)
        row = self.row("fact", ref.fact)
        number = parse_number(row["raw"].removesuffix("%"), locale=self.report.meta.locale)
        name = Terms(((Field(row, "subject"), Verbatim(row["section"])),), pattern="{} ({})")
        value, printed = exact(row["value"]), f"{number.value:.{number.decimals}f}"
        if (ref.fact,) in self.report.supposed:
            printed = "" if value is None else str(shown(value, 6))
        return PrintedFigure(name, value, printed, row["unit"])

    def value(self, ref: Ref) -> Fraction | None:
        """A figure, exact; None for an empty cell."""
        if ref.number is not None:
            return Fraction(ref.number)
        return exact(self.point(ref.cell)[1].value if ref.cell else self.row("fact", ref.fact)["value"])

    def values(self, refs: list[Ref]) -> list[Fraction | None]:
        """Several figures, exact; None for an empty cell."""
        return list(map(self.value, refs))

    def total(self, refs: list[Ref]) -> Fraction | None:
        """The sum of figures; None where one is missing."""
        values = all_exact(self.values(refs))
        return sum(values, Fraction(0)) if values else None

    def when(self, when: When) -> date | None:
        """A day; None where a document is dated by month or year only."""
        if when.day is not None:
            return when.day
        if when.cell is not None:
            return self.point(when.cell)[1].as_of.date()
        row = self.row("document", when.document)
        self.places.extend(map(Verbatim, row["cited_in"].split(";")))
        return date.fromisoformat(row["date"]) if len(row["date"]) == 10 else None

    def words(self, quote: Quote) -> tuple[str, object]:
        """The words and their section."""
        for key in QUOTED:
            if (code := getattr(quote, key)) is not None:
                row = self.row(key, code)
                sections = row["section"] if "section" in row else row["cited_in"]
                self.places.extend(map(Verbatim, sections.split(";")))
                return row["quote"], Verbatim(sections.replace(";", "; "))
        parts = _parts(self.report)
        if quote.section not in parts:
            raise self.missing("section", quote.section, parts)
        self.places.append(parts[quote.section])
        return quote.text or "", parts[quote.section]

    def quotation(self, quote: Quote) -> Terms:
        """The words in quotation marks with their section."""
        words, section = self.words(quote)
        return Terms(((Verbatim(words), section),), pattern="“{}” ({})")

    def period(self, quote: Quote) -> tuple[int, int]:
        """The last period that a quote names: its first and last year."""
        words, _ = self.words(quote)
        years = re.findall(r"([12]\d{3})\s*[-–]\s*([12]\d{3})", words)
        if not years:
            raise ReformError(
                f"checks.yml, entry {self.entry}: no period in the quote {words!r}",
                where=str(checks_file(self.report)),
                expected="a period such as 2021 - 2030",
            )
        return int(years[-1][0]), int(years[-1][1])


@cached_by_owner
def _series(report: Report) -> dict[SeriesKey, Series]:
    return {one.key: one for one in each_series(report)}


@cached_by_owner
def _parts(report: Report) -> dict[str, object]:
    """What a quote may be of beside rows of tables, by code: sections, the annex, the title."""
    parts: dict[str, object] = {code: Verbatim(code) for code in report.sections["section"]}
    return parts | {"annex": annex_name(report), "title": "title"}


@cached_by_owner
def _place(report: Report, indicator: str, level: str, code: str) -> Terms:
    return cell_place(report, [(indicator, level)], [code])


@cached_by_owner
def _points(report: Report) -> dict[tuple[str, str, str], tuple[Series, Any]]:
    return {(*one.key, point.period): (one, point) for one in each_series(report) for point in one.points}


def entry_finding(entry: declared.Entry, report: Report) -> Finding:
    """The finding of one entry. Raises ReformError where it names what the report does not have."""
    look = Lookup(report, entry.id)
    verdicts = RULES[entry.rule](entry, look)
    if entry.rule != "statement":
        for quote in entry.quotes:
            look.words(quote)
    if verdicts[0].outcome == INCONSISTENT and entry.failing == CANNOT_TELL:
        verdicts = [replace(verdicts[0], outcome=CANNOT_TELL), *verdicts[1:]]
    if entry.bears_on:
        look.check_series(entry.bears_on)
    series = tuple(dict.fromkeys((key for key, _ in look.points) if entry.bears_on is None else entry.bears_on))
    outcome, where, computation = verdicts[0].outcome, listed(look.places, once=True), listed(verdicts, once=True)
    rests = bool(report.supposed) and look.supposed(series if entry.every_figure else ())
    judgement = entry.rule == "statement"
    outcome = CANNOT_TELL if rests and judgement else outcome
    texts = _texts(entry, outcome)
    if report.supposed:
        others = _of_others(where, None if judgement else computation)
        texts |= {name: words for name, words in others.items() if rests or of_supposed(report, texts[name], series)}
    points = () if entry.every_figure else tuple(look.points)
    return Finding(entry.id, entry.level, entry.severity, outcome, series, where, computation, **texts, points=points)


def of_supposed(report: Report, words: object, series: Iterable[SeriesKey] = ()) -> bool:
    """Whether words of data name a printed figure for which another is supposed: by the number of its row, or as it is
    printed, where it is of one of some series or has three digits that tell it from others.

    >>> from reformlib.load.report import load_report
    >>> from dataclasses import replace
    >>> report = replace(load_report("tra-vinh-2020"), supposed={("axis_units", "", "2020"): 134.0})
    >>> [of_supposed(report, Field({"x_en": one}, "x")) for one in ("See rows 1-3.", "See row 1.", "134 units", "13")]
    [True, False, True, False]
    """
    if not report.supposed or not isinstance(words, Field):
        return False
    own, told, rows, named = {*series}, words.text("en"), [*report.catalogue.rows], set()
    for run in _ROWS.findall(told):
        for first, last in re.findall(rf"({_ROW})(?:(?: to |[-–])({_ROW}))?", run):
            ends = [rows.index(one) for one in (first, last or first) if one in rows]
            named |= {*rows[ends[0] : ends[-1] + 1]} if ends else set()
    numbers = {re.sub(r"\D", "", one) for one in re.findall(r"\d[\d.,]*", told)}
    for key, value in ((one[:2], value) for one, value in report.supposed.items()):
        of_form = key[0] in report.catalogue.by_indicator.index
        if of_form and report.catalogue.row_of(*key) in named:
            return True
        digits = re.sub(r"\D", "", f"{value:.10g}")
        if digits in numbers and (key in own or len(digits.strip("0")) > 2):
            return True
    return False


_ROW = r"[\w.]*\d\w*"
_ROWS = re.compile(rf"\brows? ({_ROW}(?:(?:, | and | to |[-–]){_ROW})*)", re.IGNORECASE)


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
    named = Terms(tuple((Verbatim(body),) for body in bodies), " ≠ ", "“{}”")
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
