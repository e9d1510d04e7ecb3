"""What agrees and what does not, in the reader's language: findings of the checks, and how far figures can be used."""

from __future__ import annotations

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.measure.targets import without_indicator
from reformlib.present.findings import RELIABILITY_WORDS
from reformlib.present.html import Fragment, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, series_column, table

SEVERITY_WORDS = {
    "error": "impossible as printed",
    "warning": "needs an explanation",
    "information": "information",
}
OUTCOME_WORDS = {"consistent": "consistent", "inconsistent": "inconsistent", "cannot tell": "cannot tell"}
SEVERITY_SHAPES = {"error": "✘", "warning": "▲", "information": "ℹ"}
RELIABILITY_SHAPES = {"reliable": "✔", "with_care": "▲", "not_usable": "✘", "missing": "○"}


def reliability_mark(page: Page, code: str):
    """A reliability as shape and word."""
    word = page._(RELIABILITY_WORDS[code])
    return tag("span", f"{RELIABILITY_SHAPES[code]} {word}", class_=f"status r-{code}")


def _text(page: Page, row, name: str):
    return page.marked(getattr(row, name))


def _origin(row) -> str:
    """The check that computed the numbers of a row, and the place that it took them from."""
    return f"checks, {row.check}: {row.where}"


def contradictions(page: Page, checks: pd.DataFrame) -> Fragment:
    """Findings of outcome inconsistent, errors and warnings: one card each, with what to do about it."""
    rows = checks[(checks["outcome"] == "inconsistent") & (checks["severity"] != "information")]
    if rows.empty:
        return paragraph(page._("No two figures of the report contradict each other."), class_="note")
    return Fragment(tag("div", *(_card(page, row) for row in each_row(rows)), class_="cards"))


def _card(page: Page, row):
    """What it means stands open; where it was found, how it was computed and what may explain it lie behind a line."""
    parts = [
        (page._("Where"), _text(page, row, "where")),
        (page._("Computation"), _text(page, row, "computation")),
        (page._("Possible explanation"), _text(page, row, "explanation")),
    ]
    pairs = [part for term, text in parts if text for part in (tag("dt", term), tag("dd", text))]
    severity = f"{SEVERITY_SHAPES[row.severity]} {page._(SEVERITY_WORDS[row.severity])}"
    title = _text(page, row, "title")
    line = tag("summary", page._("Computation and possible explanation"), tag("span", ": ", title, class_="vh"))
    return tag(
        "section",
        tag("h3", title),
        tag("p", tag("span", severity, class_=f"status sev-{row.severity}")),
        tag("p", _text(page, row, "consequence")),
        tag("details", line, tag("dl", *pairs), class_="fold"),
        class_="finding",
    )


def open_questions(page: Page, checks: pd.DataFrame) -> Fragment:
    """Warnings that the report's own text cannot settle: what needs an explanation, and why it cannot be told."""
    rows = checks[(checks["outcome"] == "cannot tell") & (checks["severity"] != "information")]
    return table(
        page,
        each_row(rows),
        [
            Column(page._("Question"), lambda r: _text(page, r, "title")),
            Column(page._("Where"), lambda r: _text(page, r, "where")),
            Column(page._("Computation"), lambda r: _text(page, r, "computation")),
            Column(page._("What it means"), lambda r: _text(page, r, "consequence")),
            Column(page._("Possible explanation"), lambda r: _text(page, r, "explanation")),
        ],
        caption=page._("What needs an explanation before it is used"),
        none=page._("none in this report"),
        origin=_origin,
    )


def remarks(page: Page, checks: pd.DataFrame) -> Fragment:
    """Findings of severity information, told in one line each."""
    rows = checks[(checks["outcome"] != "consistent") & (checks["severity"] == "information")]
    return table(
        page,
        each_row(rows),
        [
            Column(page._("Remark"), lambda r: _text(page, r, "title")),
            Column(page._("Outcome"), lambda r: page._(OUTCOME_WORDS[r.outcome])),
            Column(page._("Computation"), lambda r: _text(page, r, "computation")),
        ],
        caption=page._("Smaller remarks"),
        none=page._("none in this report"),
        origin=_origin,
    )


def agreements(page: Page, checks: pd.DataFrame) -> Fragment:
    """Checks that the figures pass: they show what can be relied on."""
    return table(
        page,
        each_row(checks[checks["outcome"] == "consistent"]),
        [
            Column(page._("Check"), lambda r: _text(page, r, "title")),
            Column(page._("Where"), lambda r: _text(page, r, "where")),
            Column(page._("Computation"), lambda r: _text(page, r, "computation")),
        ],
        caption=page._("What agrees"),
        none=page._("none in this report"),
        origin=_origin,
    )


def reliabilities(page: Page, reliability: pd.DataFrame) -> Fragment:
    """How far each series can be used, and why."""
    return table(
        page,
        each_row(reliability),
        [
            series_column(page),
            Column(page._("Reliability"), lambda r: reliability_mark(page, r.reliability)),
            Column(page._("Why"), lambda r: _text(page, r, "reason")),
        ],
        caption=page._("How far each indicator can be relied on"),
        origin=lambda r: "checks",
    )


def not_covered(page: Page) -> Fragment:
    """Goals of the programme's period for which the form has no indicator."""
    return table(
        page,
        [
            row
            for row in each_row(without_indicator(page.report.catalogue))
            if row.target_year <= page.report.meta.period_end
        ],
        [
            Column(page._("Goal"), lambda r: page.text(r, "target")),
            Column(page._("Year"), lambda r: str(int(r.target_year))),
            Column(page._("Evidence"), lambda r: f"targets.csv, {r.id}"),
        ],
        caption=page._("Goals of the period without an indicator in the form"),
        none=page._("none in this report"),
        origin=lambda r: f"targets.csv, {r.id}",
    )
