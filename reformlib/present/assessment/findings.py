"""What agrees and what does not, in the reader's language: findings of the checks, and how far figures can be used."""

import pandas as pd

from reformlib.load.codes import codes as code_list
from reformlib.load.rows import codes, each_row
from reformlib.measure.programme import JUDGEMENTS, programme
from reformlib.measure.targets import without_indicator
from reformlib.present.findings import RELIABILITY_WORDS
from reformlib.present.html import Fragment, paragraph, tag, terms
from reformlib.present.page import Page
from reformlib.present.table import Column, listing, mark, series_column, table

SEVERITY_WORDS, OUTCOME_WORDS, HEADINGS = map(code_list, ("severity", "outcome", "finding_text"))
SEVERITY_SHAPES = {"error": "✘", "warning": "▲", "information": "ℹ"}
RELIABILITY_SHAPES = {"reliable": "✔", "with_care": "▲", "not_usable": "✘", "missing": "○"}


def reliability_mark(page: Page, code: str):
    """A reliability as shape and word."""
    return mark(page, RELIABILITY_SHAPES[code], RELIABILITY_WORDS[code], f"r-{code}")


def _text(page: Page, name: str, heading: str = "") -> Column:
    """A column of a text of the checks; a dash where it says no more than that a check agrees."""
    nothing = page._("Nothing to object to on this point.")

    def show(row):
        text = getattr(row, name)
        return "–" if text == nothing else page.marked(text)

    return Column(heading or page._(HEADINGS[name]), show)


def _findings(page: Page, rows: pd.DataFrame, columns: list[Column], caption: str) -> Fragment:
    """A table of findings; their numbers are those of the check, from the place that it names."""
    none = page._("no such finding of the checks")
    return table(page, rows, columns, caption, lambda row: f"checks, {row.check}: {row.where}", none=none)


def contradictions(page: Page, checks: pd.DataFrame) -> Fragment:
    """Findings of outcome inconsistent, errors and warnings: one card each, with what to do about it."""
    rows = checks[(checks["outcome"] == "inconsistent") & (checks["severity"] != "information")]
    if rows.empty:
        return paragraph(page._("No two figures of the report contradict each other."), class_="note")
    return Fragment(tag("div", *(_card(page, row) for row in each_row(rows)), class_="cards"))


def _card(page: Page, row):
    """What it means stands open; where it was found, how it was computed and what may explain it lie behind a line."""
    texts = {name: getattr(row, name) for name in ("where", "computation", "explanation")}
    parts = terms({page._(HEADINGS[name]): page.marked(text) for name, text in texts.items() if text})
    title, severity = page.marked(row.title), row.severity
    line = tag("summary", page._("Computation and possible explanation"), tag("span", ": ", title, class_="vh"))
    shown = mark(page, SEVERITY_SHAPES[severity], SEVERITY_WORDS[severity], f"sev-{severity}")
    means, more = tag("p", page.marked(row.consequence)), tag("details", line, parts, class_="fold")
    return tag("section", tag("h3", title), tag("p", shown), means, more, class_="finding")


def open_questions(page: Page, checks: pd.DataFrame) -> Fragment:
    """Warnings that the report's own text cannot settle: what needs an explanation, and why it cannot be told."""
    caption = page._("What needs an explanation before it is used")
    return _warnings(page, checks, "cannot tell", page._("Question"), caption)


def lacks(page: Page, checks: pd.DataFrame) -> Fragment:
    """Warnings of what the report does not have: certain, so nothing is asked but the thing itself."""
    return _warnings(page, checks, "missing", page._("What is missing"), page._("What the report does not have"))


def facts_to_know(page: Page, checks: pd.DataFrame) -> Fragment:
    """Warnings of what the report itself says or shows, and a reader of its figures must know."""
    caption = page._("What the report says itself, and its reader must know")
    return _warnings(page, checks, "stated", page._("What is stated"), caption)


def _warnings(page: Page, checks: pd.DataFrame, outcome: str, heading: str, caption: str) -> Fragment:
    """Errors and warnings of one outcome, a row each: where, how computed, what it means, what may explain it."""
    rows = checks[(checks["outcome"] == outcome) & (checks["severity"] != "information")]
    return _findings(page, rows, [_text(page, "title", heading), *(_text(page, name) for name in HEADINGS)], caption)


def remarks(page: Page, checks: pd.DataFrame) -> Fragment:
    """Findings of severity information, told in one line each."""
    rows = checks[(checks["outcome"] != "consistent") & (checks["severity"] == "information")]
    columns = [
        _text(page, "title", page._("Remark")),
        Column(page._("Outcome"), lambda r: page._(OUTCOME_WORDS[r.outcome])),
        _text(page, "computation"),
        _text(page, "consequence"),
    ]
    return _findings(page, rows, columns, page._("Smaller remarks"))


def agreements(page: Page, checks: pd.DataFrame) -> Fragment:
    """Checks that the figures pass: they show what can be relied on."""
    texts = (_text(page, name) for name in ("where", "computation", "consequence"))
    columns = [_text(page, "title", page._("Check")), *texts]
    return _findings(page, checks[checks["outcome"] == "consistent"], columns, page._("What agrees"))


def reliabilities(page: Page, reliability: pd.DataFrame) -> Fragment:
    """How far each series can be used, and why."""
    columns = [
        series_column(page),
        Column(page._("Reliability"), lambda r: reliability_mark(page, r.reliability)),
        _text(page, "reason", page._("Why")),
    ]
    caption = page._("How far each indicator can be relied on")
    return table(page, reliability, columns, caption, lambda r: "checks")


def not_covered(page: Page) -> Fragment:
    """Goals of the programme's period for which the form has no indicator, and what the text shows of the same."""
    goals, objectives = each_row(without_indicator(page.report)), page.catalogue.rows_by("objectives", "objective")
    judged = list(each_row(programme(page.held.report)))

    def otherwise(row):
        same = [one for one in judged if row.id in codes(objectives[one.objective]["targets"])]
        return "; ".join(f"{page._(JUDGEMENTS[one.judgement])} ({one.objective})" for one in same) or "–"

    columns = [
        Column(page._("Goal"), lambda r: page.text(r, "target")),
        Column(page._("Year"), lambda r: str(int(r.target_year))),
        Column(page._("Judged by the text"), otherwise),
        Column(page._("Evidence"), lambda r: f"targets.csv, {r.id}"),
    ]
    caption = page._("Usable goals of the period on which no row of the form bears")
    rows = [row for row in goals if row.target_year <= page.report.meta.period_end]
    return listing(page, rows, columns, caption, lambda r: f"targets.csv, {r.id}")
