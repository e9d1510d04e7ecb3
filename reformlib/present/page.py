"""A page: a report in one language; and the parts of every page: title, verdict and findings, provenance."""

import datetime
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from reformlib import __version__, locale
from reformlib.errors import ReformError
from reformlib.load.catalogue import Catalogue
from reformlib.load.codes import codes as code_list
from reformlib.load.dates import last_whole_year
from reformlib.load.evidence import Evidence, entries_on
from reformlib.load.identity import whose
from reformlib.load.rows import codes, each_row
from reformlib.present.html import Fragment, Shown, join, marked, quoted, tag, terms
from reformlib.present.style import in_jupyter
from reformlib.present.supposed import supposed, under_title

Beside = tuple[float, ...]  # numbers that another must not be read as, since they stand beside it
MOST_FINDINGS = 5  # that a leader is asked to act on


@dataclass(frozen=True)
class Page:
    """A report in one language: its texts, numbers and dates, and the names of its series, as the reader sees them.

    `report` is a Report, for the page about several a Comparison, and None where there is neither, as in the account
    of an ingestion. Raises ReformError for a language that there is not.
    """

    report: Any
    language: str

    def __post_init__(self) -> None:
        locale.check_language(self.language)
        if not (self.report is None or hasattr(self.report, "catalogue")):
            raise ReformError(f"not a report: {self.report!r}", expected="what rl.load_report gives")

    @cached_property
    def held(self) -> "Page":
        """The page of the same report :func:`reformlib.check.withheld.withhold` gives, as targets are judged by it."""
        from reformlib.check.withheld import withhold  # here: a table as it was read asks no check

        return Page(withhold(self.report), self.language)

    @property
    def catalogue(self) -> Catalogue:
        """The form and the official targets that the report rests on."""
        return self.report.catalogue

    def _(self, message: str, **fields: object) -> str:
        """An English message in the page's language, its fields filled in; named as gettext's tools expect it.

        Raises MissingTranslation, a ReformError, for a message without translation.
        """
        return locale.translator(self.language)(message, **fields)

    @cached_property
    def supposed(self) -> list[str]:
        """What a what-if has in place of what, in words; empty of a report as it is."""
        return supposed(self)

    def if_so(self, text: str) -> str:
        """A title or verdict, of a what-if with the words that it is one: `What if: From 408 to 500`."""
        return self._("What if: {text}", text=text) if self.supposed else text

    def number(self, value: float | None, decimals: int | None = None, beside: Beside = ()) -> str:
        """:func:`reformlib.locale.number` in the page's language."""
        return locale.number(value, self.language, decimals, beside)

    def quantity(self, value: float | None, unit: str, decimals: int | None = None, beside: Beside = ()) -> str:
        """:func:`reformlib.locale.quantity` in the page's language."""
        return locale.quantity(value, unit, self.language, decimals, beside)

    def when(self, point) -> str:
        """When an observation is of: its day; the period where it is summed over another one than a year."""
        year = point.collect != "S" or point.period.isdigit()
        return self.day(point.as_of) if year else self.period_name(point.period)

    def dated(self, point) -> Markup:
        """The same in brackets, to stand by a figure or under it."""
        return tag("small", f"({self.when(point)})", class_="date")

    def signed(self, value: float | None, unit: str = "", decimals: int | None = None, beside: Beside = ()) -> str:
        """:func:`reformlib.locale.signed` in the page's language."""
        return locale.signed(value, unit, self.language, decimals, beside)

    def day(self, value: datetime.date) -> str:
        """:func:`reformlib.locale.day` in the page's language; a dash where there is none."""
        return "–" if pd.isna(value) else locale.day(value, self.language)

    def date(self, value: datetime.date) -> str:
        """A day whose parts stay on one line."""
        return self.day(value).replace(" ", "\u00a0")

    def period(self, first: int, last: int) -> str:
        """:func:`reformlib.locale.period` in the page's language."""
        return locale.period(first, last, self.language)

    def period_name(self, code: str) -> str:
        """:func:`reformlib.locale.period_name` in the page's language."""
        return locale.period_name(code, self.language)

    def partial_date(self, text: str) -> str:
        """:func:`reformlib.locale.partial_date` in the page's language."""
        return locale.partial_date(text, self.language)

    def text(self, row: object, name: str) -> str:
        """A column that each row has in both languages: `page.text(row, "name")` is `row.name_vi` or `row.name_en`."""
        return getattr(row, f"{name}_{self.language}")

    def words(self, cell: str, texts: dict[str, str], own: str = "") -> list[str]:
        """The codes in a cell in words: `texts` gives the English message of each.

        `own` is a list in which the form or the report has codes of its own: `reason`, `caveat`, `basis`.
        """
        said = self._own.get(own, {}) if own else {}
        return [said[code] if code in said else self._(texts[code]) for code in codes(cell)]

    @cached_property
    def _own(self) -> dict[str, dict[str, str]]:
        """By list and code, what codes mean that the form or the report has of its own."""
        own: dict[str, dict[str, str]] = {"reason": {}, "caveat": {}, "basis": {}}
        for row in each_row(self.catalogue.remarks):
            own[row.list][row.code] = self.text(row, "text")
        for row in each_row(self.catalogue.reclassifications):
            own["basis"][row.reclassification] = self.text(row, "name")
        if until := self.report.meta.exists_until:
            fields = {"name": self.ended, "day": self.day(until), "year": str(last_whole_year(until))}
            own["basis"] |= {code: self._(text, **fields) for code, text in code_list("change").items()}
            told = {code: code_list("caveat")[code] for code in ("after_unit", "set_after_unit")}
            own["caveat"] |= {code: self._(text, **fields) for code, text in told.items()}
        return own

    @property
    def ended(self) -> str:
        """The name of what ended on the last day of the unit: of its place or of itself."""
        return self.report.ending[f"name_{self.language}"]

    def whom(self, day: datetime.date) -> str:
        """For whom something is said of a day after the unit's last, to stand behind the day; "" of any other day."""
        until = self.report.meta.exists_until
        return " " + self._("for the former {name}", name=self.ended) if until and day > until else ""

    def due(self, day: datetime.date) -> str:
        """A day, and for whom what is said of it is said: `31 December 2025 for the former Trà Vinh`."""
        return self.day(day) + self.whom(pd.Timestamp(day).date())

    def year(self, year: int) -> str:
        """A year, and for whom what is said of its end is said: `2025 for the former Trà Vinh`."""
        return f"{year}{self.whom(datetime.date(int(year), 12, 31))}"

    def year_cell(self, year: int) -> str:
        """The same in a cell or at the head of a column: `2025 (the former Trà Vinh)`."""
        later = self.whom(datetime.date(int(year), 12, 31))
        return f"{year} ({self._('the former {name}', name=self.ended)})" if later else str(year)

    def whom_by(self, year: int) -> str:
        """For whom what is said of the years up to one is said, to stand behind them; "" where the unit goes on."""
        until = self.report.meta.exists_until
        if not until or year <= last_whole_year(until):
            return ""
        first = str(last_whole_year(until) + 1)
        return f" ({self._('from {year} for the former {name}', year=first, name=self.ended)})"

    def meta(self, name: str) -> str:
        """A text of report.yml that it has in both languages, such as `unit`, `source`, `annex`."""
        return self.report.meta.text(name, self.language)

    def marked(self, text: str) -> Markup | str:
        """Text of the page's language, with quotations marked that are Vietnamese on another page."""
        return marked(text, self.language)

    def quoted(self, text: str, language: str) -> Markup | str:
        """Text in `language`, marked where that is not the page's."""
        return quoted(text, language, self.language)

    def cell(
        self, value: float | None, unit: str, *, text: Any = None, decimals: int | None = None, **origin: Any
    ) -> Shown | str:
        """A number with what it rests on, a dash where there is none. `origin` is a place, a formula or a rule, and its
        inputs, as :class:`reformlib.load.evidence.Evidence` takes them; `text` is shown in place of the number.
        """
        if pd.isna(value):
            return "–"
        text = self.quantity(value, unit, decimals) if text is None else text
        return Shown(text, Evidence(value, unit, **origin))

    def figure(self, point) -> str:
        """An observation with every decimal it was printed with, of a bound with its sign: `> 90%`."""
        sign = {">=": "≥", "<=": "≤"}.get(point.bound, point.bound)
        text = self.quantity(point.value, point.unit, locale.decimals_of(point.value))
        return f"{sign}\u00a0{text}" if sign else text

    def cited(self, point) -> str:
        """Where an observation stands: `Annex 7, row 10, 2019`; in Vietnamese with the heading as printed."""
        return point.place if self.language == "en" else point.place_vi

    def evidence(self, point) -> Evidence:
        """What an observation rests on: its place and the entries of the log that touch it; a bound is no value."""
        applied = entries_on(self.report.assumptions, point.indicator, point.level, point.period)
        value = None if point.bound else point.value
        return Evidence(value, point.unit, place=self.cited(point), assumptions=applied)

    def observed(self, point) -> Shown:
        """The value of an observation, with its evidence."""
        return Shown(self.figure(point), self.evidence(point))

    def indicator(self, code: str) -> dict[str, Any]:
        """The form's row of an indicator, by column."""
        return self.catalogue.rows_by("indicators", "indicator")[code]

    def unit_of(self, indicator: str) -> str:
        """Code of the unit that an indicator is counted in."""
        return self.indicator(indicator)["unit"]

    def unit_name(self, unit: str) -> str:
        """Name of a unit; the percent sign stays."""
        units = self.catalogue.rows_by("units_of_measure", "unit")
        return unit if unit == "%" else units[unit][f"name_{self.language}"]

    def series_name(self, indicator: str, level: str, *, short: bool = True) -> str:
        """Name of a series, with its categories: `Online public services, level 3 and level 4`."""
        name = self.indicator(indicator)[f"{'short' if short else 'name'}_{self.language}"]
        return f"{name}, {self.level_name(indicator, level)}" if level else name

    def level_name(self, indicator: str, level: str) -> str:
        """Name of a category of an indicator, of several joined by "+" the names of all."""
        names, told = self.catalogue.level_names.get(indicator, {}), f"name_{self.language}"
        *first, last = (names[code][told] if code in names else code for code in level.split("+"))
        return self._("{first} and {last}", first=", ".join(first), last=last) if first else last

    def share_name(self, indicator: str, level: str) -> str:
        """Name of a series that targets tell as a share, with what it is a share of: `…, share of the 1,949 …`.

        A share whose total the report does not state keeps its name.
        """
        name, total = self.series_name(indicator, level), self.report.universe(indicator)
        if total is None:
            return name
        what = self.indicator(indicator)[f"universe_{self.language}"]
        return self._("{name}, share of the {n} {what}", name=name, n=self.number(total), what=what)

    def scope(self, indicator: str) -> str:
        """Of whom a row is that is of another body than the reporting unit: `province-wide`; "" of any other."""
        return self.meta("scope") if indicator in self.report.meta.scope_rows else ""

    def scoped(self, name: str, indicator: str) -> str:
        """A name of a series with :meth:`scope`, where it has one."""
        scope = self.scope(indicator)
        return f"{name} ({scope})" if scope else name

    def row_place(self, indicator: str, level: str = "") -> str:
        """Place of an indicator, or of a category in a row of its own, in the form: `Phụ lục 7, dòng 10`."""
        return self._("{annex}, row {row}", annex=self.meta("annex"), row=self.catalogue.row_of(indicator, level))

    def wording(self, target: str) -> str:
        """What an official target says, by its code."""
        return self.catalogue.rows_by("targets", "id")[target][f"target_{self.language}"]

    def base(self, code: str) -> str:
        """What a share is taken of, in words; "" of no code."""
        return self.catalogue.rows_by("bases", "base")[code][f"name_{self.language}"] if code else ""

    def instrument(self, name: str) -> str:
        """What an instrument is called."""
        return self.catalogue.instrument(name)[self.language]


@dataclass(frozen=True)
class Finding:
    """One finding of a summary: its number, what the number is of, the comparison, what is asked, the place that its
    numbers can be followed to, the function that calculated them where they do not stand there; who is asked, where
    that is not the reporting unit, and the deadlines of the targets that are named in it, by code."""

    figure: str
    about: object
    text: object
    ask: object
    place: str
    rule: str = ""
    asked: str = ""
    due: Mapping[str, datetime.date] = field(default_factory=dict)


def title(page: Page, heading: str, *notes: str) -> Fragment:
    """The page's title with period and unit, the line that says what it rests on, and `notes` on it."""
    meta, date = page.report.meta, page.date(page.report.meta.data_date)
    edition = locale.edition(meta.edition, page.language)
    unit = tag("span", tag("span", " · ", class_="vh"), page.meta("unit"), class_="unit")
    issued = page.partial_date(meta.issued).replace(" ", "\u00a0") if meta.issued else ""
    text = "Edition {edition} · Figures to {date}"
    if issued:
        text = "Report of {issued} · Edition {edition} · Figures to {date}"
    line = page._(text, issued=issued, edition=edition, date=date)
    shown = [in_jupyter(page.language) + tag("h1", page.if_so(heading), " ", unit), tag("p", line, class_="lead")]
    notes = (under_title(page), *notes) if page.supposed else notes
    if meta.made_up:
        warning = page._("Made-up example: neither the unit nor any of its figures exists.")
        shown.append(tag("p", tag("strong", warning), class_="note"))
    shown += [tag("p", note, class_="note") for note in notes]
    return Fragment(join(*shown).markup, [{"supposed": page.supposed}] if page.supposed else [])


def what_ended(page: Page) -> dict[str, tuple[datetime.date, str]]:
    """Which of the unit and the place that its figures are of end: by name the last day and what took over."""
    meta, name, ends = page.report.meta, f"name_{page.language}", {}
    unit = page.catalogue.bodies.get(whose(meta.unit_vi, meta.place_vi), {})
    if unit.get("exists_until"):
        ends[unit[name]] = datetime.date.fromisoformat(unit["exists_until"]), unit[f"successor_{page.language}"]
    if meta.exists_until:
        ends[page.ended] = meta.exists_until, page.meta("successor")
    return ends


def after_unit(page: Page, year: int) -> list[str]:
    """For a page that says something of the years up to one: which of the unit and its place have ended by then, what
    took over, and what is assumed; nothing where they go on."""
    if not page.whom_by(year):
        return []
    said = []
    for name, (day, successor) in what_ended(page).items():
        text = "{name}: until {day}, then {successor}." if successor else "{name}: until {day}."
        said.append(page._(text, name=name, day=page.day(day), successor=successor))
    assumed = page._(
        "What is said here of a later day is for the former {name}: that it is counted on by itself is an assumption, "
        "and no figure is converted to what took over.",
        name=page.ended,
    )
    return [" ".join([*said, assumed])]


def summary(page: Page, first: list[str], findings: list[Finding], rule: str, year: int = 0) -> Fragment:
    """What is said first of all: the verdict, a sentence that a phone shows whole, and notes on it; then the findings:
    number, comparison, reference, request; those beyond the first `MOST_FINDINGS` in a line each; then, where the page
    goes on to a `year` after the unit's last, whom it is about.

    `rule` is the function that counts what is said first; it goes to the evidence beside the page.
    """
    verdict, *notes = filter(None, [page.if_so(first[0]), *first[1:]])
    items, further = [], []
    followed = [{"text": text, "rule": rule} for text in (verdict, *notes)]
    for place, finding in enumerate(findings):
        figure, about = escape(finding.figure), escape(finding.about)
        name, ref = tag("strong", finding.about), tag("span", f"({finding.place})", class_="ref")
        if place < MOST_FINDINGS:
            number, said = tag("div", figure, class_="figure"), (name, ". ", finding.text, " ", ref)
            ask = tag("p", tag("strong", page._("Request"), ":"), " ", finding.ask, class_="ask")
            items.append(tag("li", number, tag("p", *said, class_="said"), ask))
            parts = figure, about
        else:
            further.append(tag("p", name, f" ({figure}): ", finding.text, " ", ref, class_="note further"))
            parts = about, Markup(f"({figure}):")
        text = Markup(" ").join((*parts, escape(finding.text))).striptags()
        followed.append({"text": text, "place": finding.place} | ({"rule": finding.rule} if finding.rule else {}))
    listed = tag("ul", *items, class_="findings") if findings else None
    told = (tag("p", note, class_="note") for note in notes)
    after = (tag("p", note, class_="note") for note in (after_unit(page, year) if year else []))
    shown = join(tag("p", verdict, class_="verdict"), *told, listed, *further, *after)
    return Fragment(shown.markup, [{"summary": followed}])


def provenance(page: Page, notebook: str, **parameters: object) -> Fragment:
    """What the page of a notebook, such as "02", rests on and how to make it again. `parameters` are those of the
    notebook, but for the two that every page has."""
    meta = page.report.meta
    given = {"report": meta.id, "language": page.language} | parameters
    about: dict[str, object] = {
        page._("Source"): page.meta("source"),
        page._("Title of the report"): page.quoted(meta.title_vi, "vi"),
        page._("Figures to"): page.day(meta.data_date),
        page._("Edition"): f"{locale.edition(meta.edition, page.language)} ({meta.id})",
    }
    command = ["reformlib", "render", notebook, "--report", meta.id, "--language", page.language]
    command += [part for name, value in parameters.items() for part in ("-p", f"{name}={value}")]
    if page.supposed:  # what is supposed stands in the notebook
        command = ["jupyter", "nbconvert", "--execute", "--to", "reform", "NOTEBOOK"]
    return described(page, about, ", ".join(f"{name} = {value}" for name, value in given.items()), shlex.join(command))


def described(page: Page, about: dict[str, object], parameters: str, command: str) -> Fragment:
    """A list of terms and what they are: those of `about`, then how the page was made and can be made again."""
    about = about | {
        page._("Parameters"): tag("code", parameters),
        page._("Made with"): f"reformlib {__version__}",
        page._("Command to reproduce"): tag("code", command),
    }
    return Fragment(terms(about, class_="provenance"))
