"""The account of an ingestion: what was read where, what is missing or doubtful; for the terminal and as a page."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from reformlib.ingest.answers import Doubt
from reformlib.ingest.body import Row
from reformlib.ingest.draft import Draft
from reformlib.ingest.remarks import in_words, placed, remark
from reformlib.load.meta import open_fields
from reformlib.load.period import parse_period
from reformlib.load.spreadsheet_safe import neutral
from reformlib.present.html import bullets, join, quoted, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, table

ACCOUNT = "ingestion.html"
Labels = dict[str, dict[str, str]]  # the names of an indicator by language, by its code
_SHOWN = 20  # of each list, in the terminal


def lines(made: Draft, fields: dict, labels: Labels, source: str) -> list[str]:
    """The account in English, line by line: what is clear, and the lists of the page, the longest cut short."""
    shown_on = Page(None, "en")
    entries = [_lead(made, fields, labels, source, shown_on)]
    for heading, items in _lists(made, labels, shown_on, {}).items():
        more = [f"  {len(items) - _SHOWN} more, listed in {ACCOUNT}"] if len(items) > _SHOWN else []
        entries += [f"{heading}:", *(f"  {item}" for item in items[:_SHOWN]), *more] if items else []
    return entries + [f"to fill in: report.yml, {name}" for name in open_fields(fields)]


def question(doubt: Doubt) -> str:
    """A doubt in one English line, with its score and what `--accept` takes for its answer."""
    _ = Page(None, "en")._
    score = f" (score {doubt.score:.0f})" if doubt.score is not None else ""
    proposed = {"-": "left out", "": "missing", "?": "to be answered"}.get(doubt.answer, doubt.answer)
    why = in_words(doubt.why, _) + (f" [{doubt.detail}]" if doubt.detail else "")
    return f"{doubt.place}: {doubt.kind} «{_short(doubt.printed)}» → {proposed}{score}: {why}"


def mapping_lines(doubts: list[Doubt], rows: Iterable[Row] = ()) -> str:
    """The lines of a mapping file that would settle doubts as proposed, to be looked through and changed.

    What has no text, a label that two of the `rows` of a table have, and a cell of which two tables differ is named by
    its place.
    """
    labels = Counter((row.place.rpartition(", row ")[0], row.label) for row in rows)
    several = {label for (_, label), times in labels.items() if times > 1}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["kind", "printed", "means"])
    named = [
        (d, not d.printed or (d.kind == "label" and d.printed in several) or d.why[0] in ("overlap", "undated"))
        for d in doubts
    ]
    writer.writerows(dict.fromkeys((d.kind, neutral(d.place if place else d.printed), d.answer) for d, place in named))
    return out.getvalue()


def page(made: Draft, fields: dict, labels: Labels, source: str, pictures: Mapping[str, str]) -> str:
    """The account as one offline page, Vietnamese first, then English; `source` names the files, `pictures` are what
    cells of scans look like, by name."""
    return in_both_languages(
        lambda shown_on: shown_on._("Account of the ingestion"),
        lambda shown_on: _section(made, fields, labels, source, shown_on, pictures),
    )


def in_both_languages(title: Callable[[Page], str], section: Callable[[Page], Any]) -> str:
    """An offline page, Vietnamese first, then English, of what `title` and `section` say in each language."""
    from reformlib.present.style import stylesheet, template

    pages = {language: Page(None, language) for language in ("vi", "en")}
    return template("ingestion.html.j2").render(
        css=Markup(stylesheet()),
        sections={language: Markup(str(section(shown_on))) for language, shown_on in pages.items()},
        titles={language: title(shown_on) for language, shown_on in pages.items()},
        skip=pages["vi"]._("Skip to content"),
    )


def _lead(made: Draft, fields: dict, labels: Labels, source: str, shown_on: Page) -> str:
    return shown_on._(
        "{file}: form {form} in {place}; {found} of {all} indicators, {cells} filled cells, {doubts} doubts settled.",
        file=source,
        form=fields["form"],
        place=placed(made.form.place, shown_on.language),
        found=len(made.found),
        all=len(labels),
        cells=sum(entry["filled"] for entry in made.found),
        doubts=len(made.doubts) - len(made.open),
    )


def _section(made: Draft, fields: dict, labels: Labels, source: str, shown_on: Page, pictures: Mapping[str, str]):
    _, language = shown_on._, shown_on.language
    rows = table(
        shown_on,
        made.found,
        [
            Column(_("Indicator"), lambda e: labels[e["indicator"]][language]),
            Column(_("Label as printed"), lambda e: quoted(e["label"], "vi", language)),
            Column(_("Where"), lambda e: placed(e["place"], language)),
            Column(_("Score"), lambda e: f"{e['score']:.0f}", numeric=True),
            Column(_("Filled cells"), lambda e: str(e["filled"]), numeric=True),
        ],
        caption=_("Rows of the form and the indicators they were taken for"),
        origin=lambda e: e["place"],
        fold=False,
    )
    lead = tag("p", _lead(made, fields, labels, source, shown_on), class_="lead")
    lists = _lists(made, labels, shown_on, pictures)
    lists[_("Questions that are open")] = [_pictured(question(doubt), doubt, pictures) for doubt in made.open]
    lists[_("Fields of report.yml to be filled in")] = [tag("code", field) for field in open_fields(fields)]
    parts = [join(tag("h3", heading), bullets(items)) for heading, items in lists.items() if items]
    return join(lead, tag("h3", _("What was found")), rows, *parts)


def _lists(made: Draft, labels: Labels, shown_on: Page, pictures: Mapping[str, str]) -> dict[str, list]:
    """What else there is to tell, by heading."""
    _, language = shown_on._, shown_on.language
    remarks = [
        *made.remarks,
        *(remark("column_aside", place=made.form.place, heading=text) for text in made.form.aside),
        *([remark("group", place=made.form.place, group=made.form.group)] if made.form.group else []),
    ]
    settled = [doubt for doubt in made.doubts if doubt.settled]
    return {
        _("Periods and the last day of each"): [
            f"{heading}: {shown_on.day(parse_period(heading).end)}" for heading in made.annex.columns[2:]
        ],
        _("Indicators that were not found"): [labels[code][language] for code in made.missing],
        _("Rows left out"): [_aside(entry, _, language) for entry in made.aside],
        _("Doubts and how they were settled"): [
            _pictured(_doubt(doubt, labels, _, language), doubt, pictures) for doubt in settled
        ],
        _("Footnotes"): [f"({mark}) {text}" for mark, text in _used_notes(made).items()],
        _("Remarks"): list(dict.fromkeys(placed(in_words(entry, _), language) for entry in remarks)),
    }


def _pictured(text: str, doubt: Doubt, pictures: Mapping[str, str]) -> Any:
    """A doubt in words, with the picture of a cell that was read from one."""
    shown = pictures.get(doubt.why[1].get("picture", ""))
    return join(text, tag("br"), tag("img", src=shown, alt=doubt.printed)) if shown else text


def _aside(entry, _: Callable[..., str], language: str) -> str:
    place, label, name, score = entry
    text = f"{placed(place, language)}: «{label or '–'}»"
    return text + (f"; {_('resembles «{name}», score {score}', name=name, score=f'{score:.0f}')}" if name else "")


def _doubt(doubt: Doubt, labels: Labels, _: Callable[..., str], language: str) -> str:
    answer = {"-": _("left out"), "": _("missing")}.get(doubt.answer, doubt.answer)
    if doubt.kind == "label" and doubt.answer in labels:
        answer = labels[doubt.answer][language]
    how = _("by the mapping file") if doubt.settled == "mapping" else _("by accepting the proposal")
    score = f" ({_('score {score}', score=f'{doubt.score:.0f}')})" if doubt.score is not None else ""
    why = placed(in_words(doubt.why, _), language)
    return f"{placed(doubt.place, language)}: «{_short(doubt.printed)}» → {answer}{score}; {why}; {how}"


def _used_notes(made: Draft) -> dict[str, str]:
    """Footnotes whose marker stands in a row that was taken, and those that stand in the table itself."""
    texts = " ".join([row.label + " ".join(row.cells.values()) for row in made.form.rows])
    return {
        m: t
        for m, t in made.form.notes.items()
        if m.startswith("note") or re.search(rf"[(\[]?{re.escape(m)}[)\]]", texts)
    }


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= 90 else f"{text[:88]}…"
