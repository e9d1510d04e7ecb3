"""What agrees and what does not, in the reader's language: findings of the checks, and how far figures can be used."""

from __future__ import annotations

import pandas as pd

from reformlib.check.findings import RELIABILITY_WORDS
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import translator
from reformlib.measure.targets import without_indicator
from reformlib.present.html import Fragment, marked, tag
from reformlib.present.table import Column, series_column, table

SEVERITY_WORDS = {
    "error": "impossible as printed",
    "warning": "needs an explanation",
    "information": "information",
}
OUTCOME_WORDS = {"consistent": "consistent", "inconsistent": "inconsistent", "cannot tell": "cannot tell"}
SEVERITY_SHAPES = {"error": "✘", "warning": "▲", "information": "ℹ"}
RELIABILITY_SHAPES = {"reliable": "✔", "with_care": "▲", "not_usable": "✘", "missing": "○"}


def reliability_mark(code: str, language: str):
    """A reliability as shape and word."""
    word = translator(language)(RELIABILITY_WORDS[code])
    return tag("span", f"{RELIABILITY_SHAPES[code]} {word}", class_=f"status r-{code}")


def _text(row, name: str, language: str):
    return marked(getattr(row, f"{name}_vi" if language == "vi" else name), language)


def _origin(row, language: str) -> str:
    """The check that computed the numbers of a row, and the place that it took them from."""
    return f"checks, {row.check}: {row.where_vi if language == 'vi' else row.where}"


def contradictions(report: Report, checks: pd.DataFrame, language: str) -> Fragment:
    """Findings of outcome inconsistent, errors and warnings: one card each, with what to do about it."""
    _ = translator(language)
    rows = checks[(checks["outcome"] == "inconsistent") & (checks["severity"] != "information")]
    if rows.empty:
        return Fragment(tag("p", _("No two figures of the report contradict each other."), class_="note"))
    return Fragment(tag("div", *(_card(row, language) for row in each_row(rows)), class_="cards"))


def _card(row, language: str):
    """What it means stands open; where it was found, how it was computed and what may explain it lie behind a line."""
    _ = translator(language)
    parts = [
        (_("Where"), _text(row, "where", language)),
        (_("Computation"), _text(row, "computation", language)),
        (_("Possible explanation"), _text(row, "explanation", language)),
    ]
    pairs = [part for term, text in parts if text for part in (tag("dt", term), tag("dd", text))]
    severity = f"{SEVERITY_SHAPES[row.severity]} {_(SEVERITY_WORDS[row.severity])}"
    title = _text(row, "title", language)
    line = tag("summary", _("Computation and possible explanation"), tag("span", ": ", title, class_="vh"))
    return tag(
        "section",
        tag("h3", title),
        tag("p", tag("span", severity, class_=f"status sev-{row.severity}")),
        tag("p", _text(row, "consequence", language)),
        tag("details", line, tag("dl", *pairs), class_="fold"),
        class_="finding",
    )


def open_questions(report: Report, checks: pd.DataFrame, language: str) -> Fragment:
    """Warnings that the report's own text cannot settle: what needs an explanation, and why it cannot be told."""
    _ = translator(language)
    rows = checks[(checks["outcome"] == "cannot tell") & (checks["severity"] != "information")]
    return table(
        each_row(rows),
        [
            Column(_("Question"), lambda r: _text(r, "title", language)),
            Column(_("Where"), lambda r: _text(r, "where", language)),
            Column(_("Computation"), lambda r: _text(r, "computation", language)),
            Column(_("What it means"), lambda r: _text(r, "consequence", language)),
            Column(_("Possible explanation"), lambda r: _text(r, "explanation", language)),
        ],
        caption=_("What needs an explanation before it is used"),
        none=_("none in this report"),
        fold=language,
        origin=lambda r: _origin(r, language),
    )


def remarks(report: Report, checks: pd.DataFrame, language: str) -> Fragment:
    """Findings of severity information, told in one line each."""
    _ = translator(language)
    rows = checks[(checks["outcome"] != "consistent") & (checks["severity"] == "information")]
    return table(
        each_row(rows),
        [
            Column(_("Remark"), lambda r: _text(r, "title", language)),
            Column(_("Outcome"), lambda r: _(OUTCOME_WORDS[r.outcome])),
            Column(_("Computation"), lambda r: _text(r, "computation", language)),
        ],
        caption=_("Smaller remarks"),
        none=_("none in this report"),
        origin=lambda r: _origin(r, language),
        fold=language,
    )


def agreements(report: Report, checks: pd.DataFrame, language: str) -> Fragment:
    """Checks that the figures pass: they show what can be relied on."""
    _ = translator(language)
    return table(
        each_row(checks[checks["outcome"] == "consistent"]),
        [
            Column(_("Check"), lambda r: _text(r, "title", language)),
            Column(_("Where"), lambda r: _text(r, "where", language)),
            Column(_("Computation"), lambda r: _text(r, "computation", language)),
        ],
        caption=_("What agrees"),
        none=_("none in this report"),
        origin=lambda r: _origin(r, language),
        fold=language,
    )


def reliabilities(report: Report, reliability: pd.DataFrame, language: str) -> Fragment:
    """How far each series can be used, and why."""
    _ = translator(language)
    return table(
        each_row(reliability),
        [
            series_column(report, language),
            Column(_("Reliability"), lambda r: reliability_mark(r.reliability, language)),
            Column(_("Why"), lambda r: _text(r, "reason", language)),
        ],
        caption=_("How far each indicator can be relied on"),
        fold=language,
        origin=lambda r: "checks",
    )


def not_covered(report: Report, language: str) -> Fragment:
    """Goals of the programme's period for which the form has no indicator."""
    _ = translator(language)
    return table(
        [row for row in without_indicator(report) if row.target_year <= report.meta.period_end],
        [
            Column(_("Goal"), lambda r: getattr(r, f"target_{language}")),
            Column(_("Year"), lambda r: str(int(r.target_year))),
            Column(_("Evidence"), lambda r: f"targets.csv, {r.id}"),
        ],
        caption=_("Goals of the period without an indicator in the form"),
        none=_("none in this report"),
        fold=language,
        origin=lambda r: f"targets.csv, {r.id}",
    )
