"""The findings of the checks as tables, written in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from reformlib import locale
from reformlib.check.caveats import caveats, objections
from reformlib.check.finding import Finding
from reformlib.check.findings import findings
from reformlib.check.findings import reliability as judge
from reformlib.check.sentence import Field, PeriodName, Verbatim, write
from reformlib.load.codes import codes

if TYPE_CHECKING:
    from reformlib.load.report import Report
    from reformlib.present.page import Page
    from reformlib.present.table import Remarks

TEXTS = ("where", "computation", "consequence", "title", "explanation")
COLUMNS = ["check", "level", "severity", "outcome", *TEXTS, "indicators", "series"]

RELIABILITY_WORDS = codes("reliability")
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}


def written(value: object, language: str) -> str:
    """A sentence of a check, or a part of one, with numbers and dates as the language has them."""
    translate = locale.translator(language)

    def word(text: str) -> str:
        # Years, signs, and most sentences of fields alone are the same in every language.
        has_words = any(c.isalpha() for c in re.sub(r"\{\w+\}", "", text))
        is_message = has_words or text in locale.messages(language)
        return translate(text) if is_message else _SIGNS.get(text, text)

    def number(value: object) -> str:
        if isinstance(value, Verbatim):
            return value.words
        if isinstance(value, PeriodName):
            return locale.period_name(value.code, language)
        if isinstance(value, Field):
            return value.text(language)
        if isinstance(value, date):
            return locale.day(value, language)
        decimals = max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
        return locale.number(value, language, decimals)

    return write(value, word, number)


def clauses(language: str, findings: Iterable[Finding]) -> list[str]:
    """The clauses of findings, each without the name of its series: `fewer in 2017 than in 2016`."""
    parts = (written(one.clause, language).partition(": ") for one in findings)
    told = (rest or whole for whole, _, rest in parts)
    return list(dict.fromkeys(text[:1].lower() + text[1:] for text in told))


def qualified(page: Page, text: str, *uses: tuple) -> str:
    """A sentence or title about series, in which stands what :func:`reformlib.check.caveats.caveats` has against the
    uses that it makes of them: `From 408 to 1,610 (with care: fewer in 2017 than in 2016).`"""
    found = [one for use in uses for one in caveats(page.report, *use)]
    if not (why := "; ".join(clauses(page.language, found))):
        return text
    remarks = all(one.severity == "information" for one in found)  # what a check has no objection to is a remark
    return with_note(text, page._("(note: {why})" if remarks else "(with care: {why})", why=why))


def objected(page: Page, *use: Any) -> str:
    """Why checks forbid a use of series (:func:`reformlib.check.caveats.objections`), in words."""
    return "; ".join(clauses(page.language, objections(page.report, *use)))


def lettered(page: Page, remarks: Remarks, *use: Any) -> str:
    """What checks have against a use of series, as letters of the `remarks` under a table: ` [a, b]`, or nothing."""
    return remarks.after(clauses(page.language, caveats(page.report, *use)))


def with_note(text: str, note: str) -> str:
    """A sentence or title with a note in it, before its full stop.

    >>> with_note("It rose.", "(once)"), with_note("Growth", "(once)")
    ('It rose (once).', 'Growth (once)')
    """
    stop = "." * text.endswith(".")
    return f"{text.removesuffix(stop)} {note}{stop}"


def counted_with_care(page: Page, text: str, uses: Iterable[tuple]) -> str:
    """A sentence or title that counts figures, one a use of :func:`reformlib.check.caveats.caveats`, with how many of
    them a check qualifies: `3 of 9 need a faster pace (the figures behind 2 of the 9 carry a caveat).`"""
    uses = list(uses)
    doubted = sum(bool(caveats(page.report, *use)) for use in uses)
    every = {1: "(the figure behind it carries a caveat)", 2: "(the figures behind both carry a caveat)"}
    note = every.get(doubted, "(the figures behind all {n} carry a caveat)")
    note = note if doubted == len(uses) else "(the figures behind {doubted} of the {n} carry a caveat)"
    return with_note(text, page._(note, doubted=doubted, n=len(uses))) if doubted else text


def checks(report: Report, language: str = "en") -> pd.DataFrame:
    """Every check on a report, :func:`reformlib.check.findings.findings`, in words.

    One row a finding: `check` the rule's id; `level` cell, report, sections or sources (what is set against what);
    `severity` error (logically impossible), warning (needs an explanation) or information; `outcome` one of
    `reformlib.check.verdict.OUTCOMES`; `where`, `computation`, `consequence`, `title`, `explanation` (an innocent one,
    where there is) in `language`; `indicators` the indicators whose figures it bears on and `series` the same with the
    service level (`online_services_used:3`), both joined by `;`. Gravest first.
    """
    rows = []
    for one in findings(report):
        row = {name: getattr(one, name) for name in ("check", "level", "severity", "outcome")}
        row |= {name: written(getattr(one, name), language) for name in TEXTS}
        row["indicators"] = ";".join(dict.fromkeys(indicator for indicator, _ in one.series))
        row["series"] = ";".join(":".join(filter(None, key)) for key in one.series)
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def reliability(report: Report, language: str = "en") -> pd.DataFrame:
    """How far each series can be relied on, :func:`reformlib.check.findings.reliability`, with the reason in words.

    One row an indicator and service level, in the order of the form: indicator, level, reliability (a code of
    `RELIABILITY_WORDS`), reason.
    """
    rows = [
        (one.indicator, one.level, one.reliability, "; ".join(written(reason, language) for reason in one.reasons))
        for one in judge(report)
    ]
    return pd.DataFrame(rows, columns=["indicator", "level", "reliability", "reason"])
