"""Checks of a report's text tables that need no configuration: its period, its documents, its domains and tasks."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from reformlib.check import periods
from reformlib.check.finding import Result, annex_name
from reformlib.check.sentence import Terms, Verbatim, listed
from reformlib.check.verdict import MISSING, STATED, Verdict, consistent, inconsistent, judged, missing, stated
from reformlib.load.cache import cached_by_owner
from reformlib.load.catalogue import Catalogue
from reformlib.load.report import Report
from reformlib.load.rows import each_row, grouped

# Who may issue what, by the letters that end a document's number.
ISSUERS = {"CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ"}


def years_covered(report: Report) -> Iterator[Result]:
    """Every year of the period that the report is about has figures in the annex."""
    seen = {point.year for points in report.points.values() for point in points if not math.isnan(point.value)}
    verdict = periods.covered((report.meta.period_start, report.meta.period_end), seen)
    yield Result((verdict,), where=(annex_name(report),))


def period_is_over(report: Report) -> Iterator[Result]:
    """The figures reach the end of the period; else its final targets can only be "not yet"."""
    end, until = date(report.meta.period_end, 12, 31), report.meta.data_date
    verdict = consistent("figures to {until}, the period ends on {end}", until=until, end=end)
    if until < end:
        text = "figures to {until}, the period ends on {end}: {days} days are still to come"
        verdict = stated(text, until=until, end=end, days=(end - until).days)
    yield Result((verdict,), where=(annex_name(report),))


def unit_is_there(report: Report) -> Iterator[Result]:
    """No figure is dated after the last day of the unit or of its place; says nothing of one that goes on."""
    end, until = report.meta.exists_until, report.meta.data_date
    if end and end < until:
        verdict = inconsistent("figures to {until}, the last day of the unit is {end}", until=until, end=end)
        yield Result((verdict,), where=(annex_name(report),))


def is_dated(report: Report) -> Iterator[Result]:
    """The report has a number and a day."""
    numbered, dated = bool(re.search(r"\d", report.meta.number)), len(report.meta.issued) == 10
    numbers = {"number": "yes" if numbered else "no", "day": "yes" if dated else "no"}
    verdict = judged(numbered and dated, "number printed: {number}; day printed: {day}", MISSING, **numbers)
    yield Result((verdict,), where=("title",))


def domains_have_figures(report: Report) -> Iterator[Result]:
    """Every reform domain has at least one figure in the text or the annex.

    The form's indicators carry no domain; their own domain has figures in the text too wherever it is reported on.
    """
    domains = sorted(set(report.domains["domain"]))
    if not domains:
        return
    with_figures = {row["domain"] for row in _observed(report)}
    without = [domain for domain in domains if domain not in with_figures]
    numbers = {"found": len(domains) - len(without), "all": len(domains)}
    verdict = consistent("{found} of {all} domains have a figure", **numbers)
    if without:
        verdict = missing(
            "{found} of {all} domains have a figure; none in {missing}", **numbers, missing=", ".join(without)
        )
    where = [row.section for row in each_row(report.domains) if row.domain in (without or domains)]
    yield Result((verdict,), where=_sections(report, where))


def figures_are_dated(report: Report) -> Iterator[Result]:
    """A figure of the text says which day or period it is of; one that does not is not wrong."""
    if figures := _observed(report):
        undated = [row for row in figures if not row["date"]]
        where = [row["section"] for row in undated or figures]
        text = "{found} of {all} results told in figures have no date or period"
        yield _counted(report, not undated, MISSING, text, len(undated), len(figures), where)


def shortcomings_are_told(report: Report) -> Iterator[Result]:
    """Not every domain but one or two is without any shortcoming: half of them or more asks for an explanation."""
    if domains := list(report.domains["section_limitations"]):
        none = [row for row in each_row(report.limitations) if row.kind == "none_stated"]
        count = len({row.domain for row in none})
        where = [row.section for row in none] or domains
        text = "{found} of {all} domains state that there are no shortcomings"
        yield _counted(report, 2 * count < len(domains), STATED, text, count, len(domains), where)


def tasks_can_be_measured(report: Report) -> Iterator[Result]:
    """Most proposed tasks name a figure to be reached: fewer than half asks for an explanation."""
    if tasks := list(each_row(report.tasks)):
        count = sum(task.target_raw != "" for task in tasks)
        text, where = "{found} of {all} tasks have a measurable target", [task.section for task in tasks]
        yield _counted(report, 2 * count >= len(tasks), MISSING, text, count, len(tasks), where)


def tasks_are_new(report: Report) -> Iterator[Result]:
    """No paragraph stands word for word both as a result of the past and as a task of the future.

    A standing duty may be both, so nothing is contradicted.
    """
    if tasks := list(each_row(report.tasks)):
        again = [task for task in tasks if task.repeats]
        where = [code for task in again for code in (task.repeats, task.section)] or [task.section for task in tasks]
        text = "{found} of {all} tasks repeat a result word for word"
        yield _counted(report, not again, STATED, text, len(again), len(tasks), where)


def document_numbers_rise(report: Report) -> Iterator[Result]:
    """Documents of one series (same letters, same year) have higher numbers the later they are dated."""
    alike = {}
    for document in each_row(report.documents):
        number = re.fullmatch(r"(\d+)([-/].+)", document.number)
        if number and len(document.date) == 10:
            one = (date.fromisoformat(document.date), int(number[1]), Verbatim(document.number), document.cited_in)
            alike.setdefault((number[2], document.date[:4]), []).append(one)
    pairs = [pair for _, group in sorted(alike.items()) for pair in pairwise(sorted(group, key=lambda one: one[:2]))]
    pairs = [(one, later) for one, later in pairs if one[0] < later[0]]  # those of one day have no order
    cited = [document[3] for pair in pairs for document in pair]
    falls = [(name, day, later, later_day) for (day, a, name, _), (later_day, b, later, _) in pairs if b < a]
    if falls:
        verdict = inconsistent("{falls}", falls=Terms(tuple(falls), pattern="{} ({}) → {} ({})"))
        yield Result((verdict,), where=_sections(report, cited))
    elif pairs:
        text = "{pairs} pairs of documents of one series: in none does the later have a lower number"
        yield Result((consistent(text, pairs=len(pairs)),), where=_sections(report, cited))


def document_years_agree(report: Report) -> Iterator[Result]:
    """A number that names its year, such as 130/2005/NĐ-CP, has a date in that year."""
    named = [(row, re.match(r"\d+\w*/([12]\d{3})/", row.number)) for row in each_row(report.documents) if row.date]
    rows = [row for row, year in named if year]
    wrong = [row for row, year in named if year and year[1] != row.date[:4]]
    failed = inconsistent("the number names another year than the date: {listed}", listed=_numbers(wrong))
    return _documents(report, rows, wrong, "{count} numbers name the year of their date", failed)


def documents_are_dated(report: Report) -> Iterator[Result]:
    """A document cited by its number has its date too, or a number that names its year, so that it can be found."""
    rows = [row for row in each_row(report.documents) if row.number and row.issuer]
    rows = [row for row in rows if row.date or not re.search(r"/[12]\d{3}/", row.number)]
    undated = [row for row in rows if not row.date]
    failed = missing("without a date: {listed}", listed=_numbers(undated))
    return _documents(report, rows, undated, "{count} documents can be found by number and date", failed)


def issuers_fit_numbers(report: Report) -> Iterator[Result]:
    """The issuer named in the text is the one that the letters of the number stand for."""
    printed = [row for row in each_row(report.documents) if row.issuer_basis == "printed"]
    rows = [row for row in printed if _letters(row.number) in ISSUERS]
    wrong = [row for row in rows if row.issuer != ISSUERS[_letters(row.number)]]
    items = [(Verbatim(row.number), Verbatim(row.issuer)) for row in wrong]
    failed = inconsistent("{listed}", listed=Terms(tuple(items), pattern="{}: “{}”"))
    return _documents(report, rows, wrong, "{count} issuers fit the letters of the number", failed)


def instruments_agree(report: Report) -> Iterator[Result]:
    """An instrument that has targets, for its date is known without the report, is cited with the date that the
    catalogue has."""
    known = _dates_known(report.catalogue)
    cited = [
        (row, day) for row in each_row(report.documents) if len(row.date) == 10 for day in known.get(row.number, ())
    ]
    rows, wrong = [row for row, _ in cited], [(row, day) for row, day in cited if row.date != day]
    days = [(Verbatim(row.number), *map(date.fromisoformat, (row.date, day))) for row, day in wrong]
    failed = inconsistent("{listed}", listed=Terms(tuple(days), pattern="{}: {} ≠ {}"))
    wrong_rows = [row for row, _ in wrong]
    return _documents(report, rows, wrong_rows, "{count} instruments with the date of the target list", failed)


@cached_by_owner
def _dates_known(catalogue: Catalogue) -> dict[str, list[str]]:
    """The days of the instruments that have targets, by their number."""
    with_targets = set(catalogue.targets["instrument"])
    dated = (row for row in each_row(catalogue.instruments) if len(row.date) == 10 and row.instrument in with_targets)
    return {number: [row.date for row in rows] for number, rows in grouped(dated, lambda row: row.number).items()}


def _letters(number: str) -> str:
    """The letters that a document's number ends with: `CP` of 30c/NQ-CP."""
    ending = re.search(r"-([A-Za-z]+)$", number)
    return ending[1] if ending else ""


def _observed(report: Report) -> list[dict[str, Any]]:
    return [row for row in report.rows_by("facts", "fact").values() if row["kind"] == "observed"]


def _counted(
    report: Report, holds: bool, otherwise: str, text: str, count: int, total: int, where: list[str]
) -> Result:
    """How many of all; too many or too few contradict nothing, but are certain."""
    return Result((judged(holds, text, otherwise, found=count, all=total),), where=_sections(report, where))


def _numbers(documents: list) -> Terms:
    return listed([Verbatim(row.number) for row in documents], ", ")


def _documents(report: Report, rows: list, wrong: list, passed: str, failed: Verdict) -> Iterator[Result]:
    """`failed` where there is a `wrong` one among the documents looked at, else their count; nothing without any."""
    if rows:
        verdict = failed if wrong else consistent(passed, count=len(rows))
        yield Result((verdict,), where=_sections(report, [row.cited_in for row in wrong or rows]))


def _sections(report: Report, codes: Iterable[str]) -> tuple[Verbatim, ...]:
    """Codes of sections, each once, in the order of the report."""
    order = report.rows_by("sections", "section")
    named = {code for cell in codes for code in cell.split(";") if code}
    return (*map(Verbatim, [*filter(named.__contains__, order), *sorted(named - order.keys())]),)
