"""Checks of a report's text tables that need no configuration: its period, its documents, its domains and tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pandas as pd

from reformlib.check import periods
from reformlib.check.finding import Found, say
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT, Terms, Verdict, judged, unknown
from reformlib.load.report import Report
from reformlib.load.rows import each_row

# Who may issue what, by the letters that end a document's number.
ISSUERS = {"CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ"}


def years_covered(report: Report) -> Iterator[Found]:
    """Every year of the period that the report is about has figures in the annex."""
    seen = report.observations.loc[report.observations["value"].notna(), "year"]
    yield _at(_annex(report), periods.covered((report.meta.period_start, report.meta.period_end), list(seen)))


def period_is_over(report: Report) -> Iterator[Found]:
    """The figures reach the end of the period; else its final targets can only be "not yet"."""
    end, until = date(report.meta.period_end, 12, 31), report.meta.data_date
    if until >= end:
        verdict = judged(True, "figures to {until}, the period ends on {end}", until=until, end=end)
    else:
        verdict = unknown(
            "figures to {until}, the period ends on {end}: {days} days are still to come",
            until=until,
            end=end,
            days=(end - until).days,
        )
    yield _at(_annex(report), verdict)


def is_dated(report: Report) -> Iterator[Found]:
    """The report has a number and a day."""
    numbered, dated = bool(re.search(r"\d", report.meta.number)), len(report.meta.issued) == 10
    numbers = {"number": "yes" if numbered else "no", "day": "yes" if dated else "no"}
    outcome = CONSISTENT if numbered and dated else CANNOT_TELL
    yield _at(say("title"), Verdict(outcome, "number printed: {number}; day printed: {day}", numbers))


def domains_have_figures(report: Report) -> Iterator[Found]:
    """Every reform domain has at least one figure in the text or the annex; no report claims to: cannot tell.

    The form's indicators carry no domain; their own domain has figures in the text too wherever it is reported on.
    """
    wanted = sorted(set(report.domains["domain"]))
    if not wanted:
        return
    observed = report.facts[report.facts["kind"] == "observed"]
    missing = [domain for domain in wanted if domain not in set(observed["domain"])]
    numbers = {"found": len(wanted) - len(missing), "all": len(wanted), "missing": ", ".join(missing)}
    places = _sections(report, report.domains[report.domains["domain"].isin(missing or wanted)]["section"])
    if missing:
        yield _at(places, unknown("{found} of {all} domains have a figure; none in {missing}", **numbers))
    else:
        yield _at(places, Verdict(CONSISTENT, "{found} of {all} domains have a figure", numbers))


def figures_are_dated(report: Report) -> Iterator[Found]:
    """A figure of the text says which day or period it is of; one that does not is not wrong: cannot tell."""
    facts = report.facts[report.facts["kind"] == "observed"]
    if facts.empty:
        return
    undated = facts[facts["date"] == ""]
    numbers = {"found": len(undated), "all": len(facts)}
    where = _sections(report, (facts if undated.empty else undated)["section"])
    text = "{found} of {all} figures of the text have no date or period"
    yield _at(where, Verdict(CONSISTENT if undated.empty else CANNOT_TELL, text, numbers))


def shortcomings_are_told(report: Report) -> Iterator[Found]:
    """Not every domain but one or two is without any shortcoming: half of them or more asks for an explanation."""
    none = report.limitations[report.limitations["kind"] == "none_stated"]
    domains = sorted(set(none["domain"]))
    if not len(report.domains):
        return
    yield _at(
        _sections(report, none["section"]) if domains else _sections(report, report.domains["section_limitations"]),
        Verdict(
            CANNOT_TELL if 2 * len(domains) >= len(report.domains) else CONSISTENT,
            "{found} of {all} domains state that there are no shortcomings",
            {"found": len(domains), "all": len(report.domains)},
        ),
    )


def tasks_can_be_measured(report: Report) -> Iterator[Found]:
    """Most proposed tasks name a figure to be reached: fewer than half asks for an explanation."""
    tasks = report.tasks
    if tasks.empty:
        return
    with_target = tasks[tasks["target_raw"] != ""]
    yield _at(
        _sections(report, tasks["section"]),
        Verdict(
            CONSISTENT if 2 * len(with_target) >= len(tasks) else CANNOT_TELL,
            "{found} of {all} tasks have a measurable target",
            {"found": len(with_target), "all": len(tasks)},
        ),
    )


def tasks_are_new(report: Report) -> Iterator[Found]:
    """No paragraph stands word for word both as a result of the past and as a task of the future.

    A standing duty may be both, so nothing is contradicted: cannot tell what was done and what is left to do.
    """
    if report.tasks.empty:
        return
    again = report.tasks[report.tasks["repeats"] != ""]
    numbers = {"found": len(again), "all": len(report.tasks)}
    where = pd.concat([again["repeats"], again["section"]]) if len(again) else report.tasks["section"]
    text = "{found} of {all} tasks repeat a result word for word"
    yield _at(_sections(report, where), Verdict(CONSISTENT if again.empty else CANNOT_TELL, text, numbers))


def document_numbers_rise(report: Report) -> Iterator[Found]:
    """Documents of one series (same letters, same year) have higher numbers the later they are dated."""
    cited, alike = [], {}
    for document in each_row(report.documents):
        found = re.fullmatch(r"(\d+)([-/].+)", document.number)
        if found and len(document.date) == 10:
            cited.append(document.cited_in)
            one = (document.date, int(found[1]), document.number)
            alike.setdefault((found[2], document.date[:4]), []).append(one)
    falls, compared = [], 0
    for _, group in sorted(alike.items()):
        compared += len(group) - 1
        for (day, number, name), (next_day, next_number, next_name) in pairwise(sorted(group, key=lambda one: one[:2])):
            if next_number < number:
                falls.append((name, date.fromisoformat(day), next_name, date.fromisoformat(next_day)))
    if falls:
        names = {number: _same(number) for fall in falls for number in (fall[0], fall[2])}
        verdict = Verdict(INCONSISTENT, "{falls}", {"falls": Terms(falls, pattern="{} ({}) → {} ({})")})
        yield Found((verdict,), names=names, where=_sections(report, cited))
    elif compared:
        text = "{pairs} pairs of documents of one series: in none does the later have a lower number"
        yield _at(_sections(report, cited), Verdict(CONSISTENT, text, {"pairs": compared}))


def document_years_agree(report: Report) -> Iterator[Found]:
    """A number that names its year, such as 130/2005/NĐ-CP, has a date in that year."""
    rows = report.documents[report.documents["date"] != ""]
    year = rows["number"].str.extract(r"^\d+\w*/([12]\d{3})/")[0]
    rows = rows.assign(named=year).dropna(subset=["named"])
    if rows.empty:
        return
    wrong = rows[rows["named"] != rows["date"].str[:4]]
    if wrong.empty:
        yield _at(
            _sections(report, rows["cited_in"]),
            Verdict(CONSISTENT, "{count} numbers name the year of their date", {"count": len(rows)}),
        )
    else:
        yield _listed(report, wrong, "the number names another year than the date: {listed}", INCONSISTENT)


def documents_are_dated(report: Report) -> Iterator[Found]:
    """A document cited by its number has its date too, or a number that names its year, so that it can be found."""
    cited = report.documents[(report.documents["number"] != "") & (report.documents["issuer"] != "")]
    cited = cited[(cited["date"] != "") | ~cited["number"].str.contains(r"/[12]\d{3}/")]
    if cited.empty:
        return
    undated = cited[cited["date"] == ""]
    if undated.empty:
        verdict = Verdict(CONSISTENT, "{count} documents can be found by number and date", {"count": len(cited)})
        yield _at(_sections(report, cited["cited_in"]), verdict)
    else:
        yield _listed(report, undated, "without a date: {listed}", CANNOT_TELL)


def issuers_fit_numbers(report: Report) -> Iterator[Found]:
    """The issuer named in the text is the one that the letters of the number stand for."""
    letters = report.documents["number"].str.extract(r"-([A-Za-z]+)$")[0]
    rows = report.documents[letters.isin(list(ISSUERS)) & (report.documents["issuer_basis"] == "printed")]
    if rows.empty:
        return
    wrong = rows[rows["issuer"] != letters[rows.index].map(ISSUERS)]
    if wrong.empty:
        verdict = Verdict(CONSISTENT, "{count} issuers fit the letters of the number", {"count": len(rows)})
        yield _at(_sections(report, rows["cited_in"]), verdict)
        return
    listed = [(row.number, row.issuer) for row in each_row(wrong)]
    verdict = Verdict(INCONSISTENT, "{listed}", {"listed": Terms(listed, pattern="{}: {}")})
    names = {number: _same(number) for number, _ in listed}
    names |= {issuer: {"en": f"“{issuer}”", "vi": f"“{issuer}”"} for _, issuer in listed}
    yield Found((verdict,), names=names, where=_sections(report, wrong["cited_in"]))


def instruments_agree(report: Report) -> Iterator[Found]:
    """A target's instrument is cited with the date that the catalogue of targets has."""
    known = report.catalogue.instruments[report.catalogue.instruments["date"].str.len() == 10]
    both = report.documents[report.documents["number"] != ""].merge(
        known, on="number", suffixes=("", "_known"), how="inner"
    )
    both = both[both["date"].str.len() == 10]
    if both.empty:
        return
    wrong = both[both["date"] != both["date_known"]]
    if wrong.empty:
        verdict = Verdict(CONSISTENT, "{count} instruments with the date of the target list", {"count": len(both)})
        yield _at(_sections(report, both["cited_in"]), verdict)
        return
    listed = [(r.number, date.fromisoformat(r.date), date.fromisoformat(r.date_known)) for r in each_row(wrong)]
    verdict = Verdict(INCONSISTENT, "{listed}", {"listed": Terms(listed, pattern="{}: {} ≠ {}")})
    names = {item[0]: _same(item[0]) for item in listed}
    yield Found((verdict,), names=names, where=_sections(report, wrong["cited_in"]))


def _at(where, verdict: Verdict) -> Found:
    return Found((verdict,), where=where)


def _annex(report: Report) -> dict[str, str]:
    return {"en": report.meta.annex_en, "vi": report.meta.annex_vi}


def _same(text: str) -> dict[str, str]:
    return {"en": text, "vi": text}


def _sections(report: Report, codes: pd.Series) -> dict[str, str]:
    """Codes of sections, each once, in the order of the report."""
    order = list(report.sections["section"])
    found = {code for cell in codes for code in str(cell).split(";") if code}
    listed = "; ".join(sorted(found, key=lambda code: (order.index(code) if code in order else len(order), code)))
    return _same(listed)


def _listed(report: Report, rows: pd.DataFrame, text: str, outcome: str) -> Found:
    numbers = [(row.number,) for row in each_row(rows)]
    names = {number: _same(number) for (number,) in numbers}
    verdict = Verdict(outcome, text, {"listed": Terms(numbers, ", ")})
    return Found((verdict,), names=names, where=_sections(report, rows["cited_in"]))
