"""Parts of every page: title, verdict and findings, provenance."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from reformlib import __version__
from reformlib.load.report import Report
from reformlib.locale import day, partial_date, translator
from reformlib.present.html import Fragment, join, quoted, tag


@dataclass(frozen=True)
class Finding:
    """One finding of a summary: its number, what the number is of, the comparison, what is asked, the place that its
    numbers can be followed to, and the function that calculated them where they do not stand there."""

    figure: str
    about: object
    text: object
    ask: object
    place: str
    rule: str = ""


def title(report: Report, heading: str, language: str) -> Fragment:
    """The page's title with period and unit, and the line that says what it rests on."""
    _ = translator(language)
    meta = report.meta
    unit = tag("span", tag("span", " · ", class_="vh"), meta.text("unit", language), class_="unit")
    date = day(meta.data_date, language).replace(" ", "\u00a0")  # a date stays on one line
    if meta.issued:
        issued = partial_date(meta.issued, language).replace(" ", "\u00a0")
        line = _(
            "Report of {issued} · Edition {edition} · Figures to {date}", issued=issued, edition=meta.edition, date=date
        )
    else:
        line = _("Edition {edition} · Figures to {date}", edition=meta.edition, date=date)
    return join(tag("h1", heading, " ", unit), tag("p", line, class_="lead"))


def summary(verdict: str, findings: list[Finding], language: str, rule: str) -> Fragment:
    """The verdict in one sentence, then the findings: number, comparison, reference, request.

    `rule` is the function that counts what the verdict tells; it goes to the evidence beside the page.
    """
    _ = translator(language)
    items = (
        tag(
            "li",
            tag("div", finding.figure, class_="figure"),
            tag(
                "p",
                *(tag("strong", finding.about), ". ", finding.text, " "),
                tag("span", f"({finding.place})", class_="ref"),
                class_="said",
            ),
            tag("p", tag("strong", _("Request"), ":"), " ", finding.ask, class_="ask"),
        )
        for finding in findings
    )
    followed = [{"text": verdict, "rule": rule}]
    for finding in findings:
        text = Markup(" ").join(map(escape, (finding.figure, finding.about, finding.text))).striptags()
        followed.append({"text": text, "place": finding.place} | ({"rule": finding.rule} if finding.rule else {}))
    page = join(tag("p", verdict, class_="verdict"), tag("ul", *items, class_="findings"))
    return Fragment(page.markup, [{"summary": followed}])


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
