"""Parts of every page: title, findings, provenance."""

from __future__ import annotations

from reformlib import __version__
from reformlib.load import Report
from reformlib.locale import day, partial_date, translator
from reformlib.present.html import Fragment, join, quoted, tag


def title(report: Report, heading: str, language: str) -> Fragment:
    """The page's title with unit and period, and the line that says what it rests on."""
    _ = translator(language)
    meta = report.meta
    line = _(
        "{unit}. Report of {issued}, edition {edition}; figures to {date}.",
        unit=meta.text("unit", language),
        issued=partial_date(meta.issued, language),
        edition=meta.edition,
        date=day(meta.data_date, language),
    )
    return join(tag("h1", heading), tag("p", line, class_="lead"))


def findings(items: list) -> Fragment:
    """Findings as a list."""
    return Fragment(tag("ul", *(tag("li", item) for item in items), class_="findings"))


def provenance(report: Report, language: str, parameters: dict[str, object]) -> Fragment:
    """What the page rests on and how to make it again."""
    _ = translator(language)
    meta = report.meta
    shown = ", ".join(f"{name} = {value}" for name, value in parameters.items())
    items = [
        (_("Source"), meta.text("source", language)),
        (_("Title of the report"), quoted(meta.title_vi, "vi", language)),
        (_("Figures to"), day(meta.data_date, language)),
        (_("Edition"), f"{meta.edition} ({meta.id})"),
        (_("Parameters"), tag("code", shown)),
        (_("Made with"), f"reformlib {__version__}"),
        (_("Command to reproduce"), tag("code", f"reformlib render --report {meta.id} --language {language}")),
    ]
    pairs = [part for term, text in items for part in (tag("dt", term), tag("dd", text))]
    return Fragment(tag("dl", *pairs, class_="provenance"))
