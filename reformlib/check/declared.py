"""Checks that belong to one report, as data: `checks.yml` in its folder.

The file is a list. An entry with `id` is a check: a rule, the figures it is run on (facts of facts.csv, cells of the
annex), and what its outcome means for the reader, in both languages. An entry with `about` says what a finding of a
check that runs on every report means here. Nothing in the file is a result: outcomes and computations come from the
rules, except for `statement`, where two texts stand against each other and no arithmetic can decide. Words fit one
outcome: an entry says which (`agrees`), and is told in general words once its figures give another.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from reformlib import locale
from reformlib.check import periods, rules
from reformlib.check.finding import Both, Found, Series, cell_place, join, say
from reformlib.check.periods import Span
from reformlib.check.rounding import exact
from reformlib.check.series import printed_value
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Terms, Verdict, judged, shown, unknown
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.cells import parse_number
from reformlib.load.meta import SAFE
from reformlib.load.report import Report
from reformlib.load.rows import each_row


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ref(_Part):
    """A figure: a fact, a cell of the annex (indicator, service level or "", year), or a number written in words."""

    fact: str | None = None
    cell: tuple[str, str, int] | None = None
    number: int | None = None

    @model_validator(mode="after")
    def _one(self):
        if sum(part is not None for part in (self.fact, self.cell, self.number)) != 1:
            raise ValueError("a figure is one of: fact, cell, number")
        return self


class When(_Part):
    """A date: a day, the date of a document, or the end of the period of a cell."""

    day: date | None = None
    document: str | None = None
    cell: tuple[str, str, int] | None = None

    @model_validator(mode="after")
    def _one(self):
        if sum(part is not None for part in (self.day, self.document, self.cell)) != 1:
            raise ValueError("a date is one of: day, document, cell")
        return self


class Quote(_Part):
    """Words of the report: those that a row of a table rests on, or words given here with their section."""

    fact: str | None = None
    result: str | None = None
    limitation: str | None = None
    task: str | None = None
    document: str | None = None
    section: str | None = None
    text: str | None = Field(default=None, min_length=3)

    @model_validator(mode="after")
    def _one(self):
        rows = [self.fact, self.result, self.limitation, self.task, self.document]
        shape = (sum(row is not None for row in rows), self.section is None, self.text is None)
        if shape not in ((1, True, True), (0, False, False)):
            raise ValueError("a quote is a fact, result, limitation, task or document, or a section with its text")
        return self


class Ratio(_Part):
    """Two figures to be told as a share: `1144 / 1949 = 58.7 %`."""

    part: list[Ref] = Field(min_length=1)
    whole: Ref


class _Entry(_Part):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    level: Literal["cell", "report", "sections", "sources"]
    severity: Literal["error", "warning", "information"]
    title_vi: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    consequence_vi: str = Field(min_length=1)
    consequence_en: str = Field(min_length=1)
    explanation_vi: str = ""
    explanation_en: str = ""
    quotes: list[Quote] = []
    # the words tell that figures agree; without it, that they do not
    agrees: bool = False
    # cannot tell: the two need not be the same thing, so that a rule that does not hold proves nothing
    failing: Literal["inconsistent", "cannot tell"] = "inconsistent"
    # series whose reliability depends on it; by default those of the cells
    bears_on: list[tuple[str, str]] | None = None

    def check(self, see: Lookup) -> tuple[Verdict, ...]:
        """The verdict on this report's figures."""
        raise NotImplementedError


class TotalOfParts(_Entry):
    rule: Literal["total_of_parts"]
    total: Ref
    parts: list[Ref] = Field(min_length=1)
    sign: Literal["=", ">="] = "="

    def check(self, see):
        return (rules.total_of_parts(see.value(self.total), [see.value(p) for p in self.parts], sign=self.sign),)


class SameEverywhere(_Entry):
    rule: Literal["same_everywhere"]
    values: list[Ref] = Field(min_length=2)

    def check(self, see):
        return (rules.same_everywhere({see.name(ref): see.value(ref) for ref in self.values}),)


class Share(_Entry):
    rule: Literal["share"]
    share: Ref
    part: list[Ref] = Field(min_length=1)
    whole: list[Ref] = Field(min_length=1)

    def check(self, see):
        return (rules.share(see.printed(self.share), see.total(self.part), see.total(self.whole)),)


class Relation(_Entry):
    rule: Literal["relation"]
    left: Ref
    sign: Literal["<", "<=", "=", "!=", ">=", ">"]
    right: Ref

    def check(self, see):
        return (rules.relation(see.value(self.left), self.sign, see.value(self.right)),)


class CountWithin(_Entry):
    rule: Literal["count_within"]
    count: list[Ref] = Field(min_length=1)
    bodies: list[Ref] = Field(min_length=1)
    full: bool = False

    def check(self, see):
        told = [see.sum(refs) for refs in (self.count, self.bodies) if len(refs) > 1]
        return (rules.count_within(see.total(self.count), see.total(self.bodies), full=self.full), *told)


class SamePeriod(_Entry):
    """The first two quotes each name a period such as 2021 - 2030."""

    rule: Literal["same_period"]
    quotes: list[Quote] = Field(min_length=2)

    def check(self, see):
        return (periods.same_period(*(see.period(quote) for quote in self.quotes[:2])),)


class InOrder(_Entry):
    """In every pair the first date is not after the second."""

    rule: Literal["in_order"]
    pairs: list[tuple[When, When]] = Field(min_length=1)

    def check(self, see):
        found = [periods.in_order(see.when(a), see.when(b)) for a, b in self.pairs]
        return tuple(sorted(found, key=lambda verdict: verdict.outcome == CONSISTENT))


class FullPeriod(_Entry):
    """Flows were counted from the first day of the period of their cells, all of one year; `since` is the day counting
    can have begun."""

    rule: Literal["full_period"]
    cells: list[tuple[str, str, int]] = Field(min_length=1)
    since: date

    def check(self, see):
        end = see.point(self.cells[0]).as_of.date()
        whole = Span(date(end.year, 1, 1), end)
        part = Span(max(self.since, whole.start), end)
        values = [see.value(Ref(cell=cell)) for cell in self.cells]
        paces = [_pace(value, span) for value in values if value is not None for span in (whole, part)]
        return (periods.comparable("S", whole, part), *paces)


class ImpliedTotal(_Entry):
    """`count` things for `share` percent of the people: how many people that makes, against another count."""

    rule: Literal["implied_total"]
    count: Ref
    share: Ref
    other: Ref

    def check(self, see):
        return (implied_total(see.value(self.count), see.printed(self.share), see.value(self.other)),)


class Statement(_Entry):
    """Texts against texts or figures: a reader's judgement, so the outcome is given; words and figures are shown."""

    rule: Literal["statement"]
    outcome: Literal["consistent", "inconsistent", "cannot tell"]
    values: list[Ref] = []
    ratios: list[Ratio] = []

    @model_validator(mode="after")
    def _evidence(self):
        if not self.quotes and not self.values:
            raise ValueError("a statement needs quotes or values")
        return self

    def check(self, see):
        told = []
        if self.quotes:
            told.append(Verdict(self.outcome, "{quotes}", {"quotes": Terms([(see.quoted(q),) for q in self.quotes])}))
        if self.values:
            told.append(Verdict(self.outcome, "{values}", {"values": Terms([(see.told(ref),) for ref in self.values])}))
        return (*told, *(_share(see, ratio) for ratio in self.ratios))


Entry = Annotated[
    TotalOfParts
    | SameEverywhere
    | Share
    | Relation
    | CountWithin
    | SamePeriod
    | InOrder
    | FullPeriod
    | ImpliedTotal
    | Statement,
    Field(discriminator="rule"),
]


class Finding(_Part):
    """Findings of a check that runs on every report: all of it, of one indicator, of one severity."""

    check: str
    indicator: str = ""
    severity: Literal["", "error", "warning", "information"] = ""


class About(_Part):
    """What a finding means in this report, in place of the general words."""

    about: Finding
    title_vi: str = ""
    title_en: str = ""
    consequence_vi: str = ""
    consequence_en: str = ""
    explanation_vi: str = ""
    explanation_en: str = ""

    @model_validator(mode="after")
    def _pairs(self):
        for name in ("title", "consequence", "explanation"):
            if bool(getattr(self, f"{name}_vi")) != bool(getattr(self, f"{name}_en")):
                raise ValueError(f"{name} is needed in both languages")
        return self


_ENTRY, _ABOUT = TypeAdapter(Entry), TypeAdapter(About)


@cached_by_owner
def _points(report: Report) -> MappingProxyType:
    """Observations by indicator, level and year."""
    points: dict[tuple, Any] = {}
    for point in each_row(report.observations):
        points.setdefault((point.indicator, point.level, point.year), point)
    return MappingProxyType(points)


@cached_by_owner
def _indicators(report: Report) -> MappingProxyType:
    """Rows of the catalogue by indicator."""
    return MappingProxyType({row.indicator: row for row in each_row(report.catalogue.indicators)})


@cached_by_owner
def _series(report: Report) -> frozenset[Series]:
    """The series of the annex."""
    return frozenset(zip(report.observations["indicator"], report.observations["level"], strict=True))


def read_checks(path: Path, declared: bytes) -> tuple[list[_Entry], list[About]]:
    """Read what the file `checks.yml` at `path` holds. Raises ReformError naming every entry that is malformed."""
    try:
        content = yaml.load(declared.decode("utf-8-sig"), SAFE) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReformError(f"{path.name} is not valid YAML: {error}", where=str(path)) from None
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise ReformError(f"{path.name} is not a list", where=str(path), expected="entries such as `- id: …`")
    entries, abouts, broken = [], [], []
    for position, item in enumerate(content, start=1):
        name = item.get("id") or f"number {position}"
        try:
            if "about" in item:
                abouts.append(_ABOUT.validate_python(item))
            else:
                entries.append(_ENTRY.validate_python(item))
        except ValidationError as error:
            broken += [f"entry {name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            broken.append(f"entry {entry.id}: the id stands twice")
        seen.add(entry.id)
    if broken:
        raise ReformError(f"{path.name}: " + "\n  ".join(broken), where=str(path), fix="correct the entries named")
    return entries, abouts


def words(entry: _Entry, found: Found) -> dict[str, Both]:
    """Title, consequence and explanation of an entry; general ones where they were written for another outcome."""
    texts = {
        name: {language: getattr(entry, f"{name}_{language}") for language in locale.LANGUAGES}
        for name in ("title", "consequence", "explanation")
    }
    agrees = found.outcome == CONSISTENT
    if agrees == (entry.outcome == CONSISTENT if entry.rule == "statement" else entry.agrees):
        return texts
    none = dict.fromkeys(locale.LANGUAGES, "")
    if agrees:
        title = say("No longer so, the figures agree: {title}", title=texts["title"])
        return {"title": title, "consequence": say("Nothing to object to on this point."), "explanation": none}
    return {
        "title": say("No longer so, or it cannot be told: {title}", title=texts["title"]),
        "consequence": say("The computation decides. Ask for the right figure; do not use it before."),
        "explanation": none,
    }


@dataclass(frozen=True)
class Lookup:
    """Figures, dates and words that an entry names; collects where they stand and what they are called.

    Raises ReformError naming file and entry for anything that the report does not have.
    """

    report: Report
    entry: str
    names: dict[str, Both] = field(default_factory=dict)
    places: list[Both] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)

    def missing(self, what: str, found: object, known: object) -> ReformError:
        near = difflib.get_close_matches(str(found), [str(k) for k in known], n=1)
        return ReformError(
            f"checks.yml, entry {self.entry}: no such {what}: {found}",
            where=str(self.report.folder / "checks.yml"),
            fix=f"did you mean {near[0]}?" if near else "",
        )

    def row(self, table: str, key: str, code: str):
        rows = self.report.rows_by(table, key)
        if code not in rows:
            raise self.missing(key, code, rows)
        row = rows[code]
        if "section" in row:
            self.places.append(_both(row["section"]))
        return row

    def point(self, cell: tuple[str, str, int]):
        indicator, level, year = cell
        points = _points(self.report)
        if cell not in points:
            known = [f"[{i}, {v!r}, {y}]" for i, v, y in points]
            raise self.missing("cell", f"[{indicator}, {level!r}, {year}]", known)
        self.places.append(cell_place(self.report, ((indicator, level),), (year,)))
        self.series.append((indicator, level))
        return points[cell]

    def value(self, ref: Ref) -> float | None:
        if ref.number is not None:
            return ref.number
        value = self.row("facts", "fact", ref.fact)["value"] if ref.fact is not None else self.point(ref.cell).value
        return None if math.isnan(value) else float(value)

    def total(self, refs: list[Ref]) -> Fraction | None:
        values = [exact(self.value(ref)) for ref in refs]
        return None if None in values else sum(values, Fraction(0))

    def sum(self, refs: list[Ref]) -> Verdict:
        """A sum told with its parts."""
        return rules.total_of_parts(self.total(refs), [self.value(ref) for ref in refs])

    def printed(self, ref: Ref) -> str:
        """The figure as printed, with a decimal point."""
        if ref.fact is not None:
            raw = self.row("facts", "fact", ref.fact)["raw"]
            number = parse_number(raw.removesuffix("%"), locale=self.report.meta.locale)
            return f"{number.value:.{number.decimals}f}"
        if ref.number is not None:
            return str(ref.number)
        point = self.point(ref.cell)
        return printed_value(self.report, _indicators(self.report)[point.indicator], point) or ""

    def name(self, ref: Ref) -> str:
        """What the figure is called, in English; the other language is kept in `names`."""
        if ref.fact is not None:
            row = self.row("facts", "fact", ref.fact)
            name = {k: f"{row[f'subject_{k}']} ({row['section']})" for k in ("vi", "en")}
        elif ref.cell is not None:
            point = self.point(ref.cell)
            name = cell_place(self.report, ((point.indicator, point.level),), (point.year,))
        else:
            name = say("in the words of the report")
        self.names[name["en"]] = name
        return name["en"]

    def told(self, ref: Ref) -> str:
        """A figure with its name, as `name` gives it."""
        name = self.names[self.name(ref)]
        value, text = self.value(ref), self.printed(ref)
        unit = "%" if "%" in self.unit(ref) else ""
        decimals = len(text.partition(".")[2])
        told = {k: f"{name[k]}: {locale.quantity(value, unit, k, decimals)}" for k in locale.LANGUAGES}
        self.names[told["en"]] = told
        return told["en"]

    def unit(self, ref: Ref) -> str:
        """The unit of a figure; none for a number written in words."""
        if ref.number is not None:
            return ""
        return self.row("facts", "fact", ref.fact)["unit"] if ref.fact is not None else self.point(ref.cell).unit

    def when(self, when: When) -> date | None:
        if when.day is not None:
            return when.day
        if when.cell is not None:
            return self.point(when.cell).as_of.date()
        row = self.row("documents", "document", when.document)
        self.places.extend(_both(section) for section in row["cited_in"].split(";"))
        return date.fromisoformat(row["date"]) if len(row["date"]) == 10 else None

    def words(self, quote: Quote) -> tuple[str, Both]:
        """The words and their section."""
        tables = (("facts", "fact"), ("results", "result"), ("limitations", "limitation"), ("tasks", "task"))
        for table, key in (*tables, ("documents", "document")):
            code = getattr(quote, key)
            if code is not None:
                row = self.row(table, key, code)
                sections = row["section"] if "section" in row else row["cited_in"]
                self.places.extend(_both(section) for section in sections.split(";"))
                return row["quote"], _both(sections.replace(";", "; "))
        special = {
            "annex": {"en": self.report.meta.annex_en, "vi": self.report.meta.annex_vi},
            "title": say("title"),
        }
        if quote.section not in special and quote.section not in set(self.report.sections["section"]):
            raise self.missing("section", quote.section, [*special, *self.report.sections["section"]])
        section = special.get(quote.section) or _both(quote.section)
        self.places.append(section)
        return quote.text, section

    def quoted(self, quote: Quote) -> str:
        text, section = self.words(quote)
        told = {"en": f"“{text}” ({section['en']})", "vi": f"“{text}” ({section['vi']})"}
        self.names[told["en"]] = told
        return told["en"]

    def period(self, quote: Quote) -> tuple[int, int]:
        """The last period that a quote names."""
        text, _ = self.words(quote)
        found = re.findall(r"([12]\d{3})\s*[-–]\s*([12]\d{3})", text)
        if not found:
            raise ReformError(
                f"checks.yml, entry {self.entry}: no period in the quote {text!r}",
                where=str(self.report.folder / "checks.yml"),
                expected="a period such as 2021 - 2030",
            )
        return int(found[-1][0]), int(found[-1][1])


def run(entry: _Entry, report: Report) -> Found:
    """The outcome of one entry on the report's figures."""
    see = Lookup(report, entry.id)
    verdicts = entry.check(see)
    if entry.rule != "statement":
        for quote in entry.quotes:
            see.words(quote)
    if verdicts[0].outcome == INCONSISTENT and entry.failing == CANNOT_TELL:
        verdicts = (replace(verdicts[0], outcome=CANNOT_TELL), *verdicts[1:])
    touched = see.series if entry.bears_on is None else [tuple(item) for item in entry.bears_on]
    known = _series(report)
    for series in touched:
        if series not in known:
            raise see.missing("series", f"[{series[0]}, {series[1]!r}]", [f"[{i}, {v!r}]" for i, v in sorted(known)])
    return Found(
        verdicts, tuple(dict.fromkeys(touched)), severity=entry.severity, names=see.names, where=join(see.places)
    )


def implied_total(count: float | None, share: str, other: float | None) -> Verdict:
    """How many people there are if `count` is `share` percent of them, rounding left open, against another count.

    Another count inside that range is consistent; outside it the two may count different people: cannot tell.

    >>> implied_total(6834, "90", 7021).computation
    '6834 / 90 % = 7552 to 7635; 7021 is 91.96 to 92.97 % of that'
    """
    number, against, percent = exact(count), exact(other), exact(share)
    if number is None or against is None or not percent:
        return unknown("one of the figures is missing")
    half = Fraction(1, 2 * 10 ** len(share.partition(".")[2]))
    low, high = math.ceil(100 * number / (percent + half)), math.floor(100 * number / (percent - half))
    numbers = {"count": shown(number), "share": shown(percent), "low": low, "high": high, "other": shown(against)}
    text = "{count} / {share} % = {low} to {high}; {other} is {least} to {most} % of that"
    numbers |= {"least": shown(100 * against / high, 2), "most": shown(100 * against / low, 2)}
    return Verdict(CONSISTENT if low <= against <= high else CANNOT_TELL, text, numbers)


def _share(see: Lookup, ratio: Ratio) -> Verdict:
    part, whole = see.total(ratio.part), exact(see.value(ratio.whole))
    if part is None or not whole:
        return unknown("one of the figures is missing")
    numbers = {"part": shown(part), "whole": shown(whole), "share": shown(100 * part / whole, 2)}
    if len(ratio.part) == 1:
        return judged(True, "{part} / {whole} = {share} %", **numbers)
    numbers["parts"] = Terms([(shown(exact(see.value(ref))),) for ref in ratio.part], " + ")
    return judged(True, "{parts} = {part}; {part} / {whole} = {share} %", **numbers)


def _pace(value: float, span: Span) -> Verdict:
    numbers = {"value": shown(exact(value)), "days": span.days, "pace": shown(periods.per_day(value, span), 1)}
    return judged(True, "{value} / {days} days = {pace} a day", **numbers)


def _both(text: str) -> Mapping[str, str]:
    return {"en": text, "vi": text}
