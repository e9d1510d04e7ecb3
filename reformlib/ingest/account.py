"""The account of an ingestion: what was read where, what is missing or doubtful; for the terminal and as a page."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable

from markupsafe import Markup

from reformlib.ingest.answers import Doubt
from reformlib.ingest.body import Row
from reformlib.ingest.draft import Draft
from reformlib.ingest.remarks import Remark, in_words, placed, remark
from reformlib.load.meta import open_fields
from reformlib.load.period import parse_period
from reformlib.load.spreadsheet_safe import neutral
from reformlib.present.html import join, quoted, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, table

ACCOUNT = "ingestion.html"
_SHOWN = 20  # rows left out that the terminal lists


def all_remarks(made: Draft) -> list[Remark]:
    """What was seen and done, in order, each once."""
    entries = list(made.remarks)
    entries += [remark("column_aside", place=made.form.place, heading=text) for text in made.form.aside]
    if made.form.group:
        entries.append(remark("group", place=made.form.place, group=made.form.group))
    return [entry for at, entry in enumerate(entries) if entry not in entries[:at]]


def lines(made: Draft, fields: dict, labels: dict[str, tuple[str, str]]) -> list[str]:
    """The account in English, line by line. `labels` gives both names of an indicator."""
    _ = Page(None, "en")._
    entries = [f"form found: {fields['form']} in {made.form.place}; periods: {', '.join(made.annex.columns[2:])}"]
    entries.append(
        f"{len(made.found)} of {len(labels)} indicators, {sum(e['filled'] for e in made.found)} filled cells"
    )
    entries += [f"  not found: {code} («{labels[code][0]}»)" for code in made.missing]
    for place, label, name, score in made.aside[:_SHOWN]:
        like = f"; resembles «{name}», score {score:.0f}" if name else ""
        entries.append(f"  left out: {place}: «{_short(label)}»{like}")
    if len(made.aside) > _SHOWN:
        entries.append(f"  left out: {len(made.aside) - _SHOWN} more rows, listed in {ACCOUNT}")
    entries += [f"  note: {in_words(entry, _)}" for entry in all_remarks(made)]
    entries += [f"  settled by the {_SETTLERS[d.settled]}: {question(d)}" for d in made.doubts if d.settled]
    entries += [f"  to fill in: report.yml, {name}" for name in open_fields(fields)]
    return entries


_SETTLERS = {"mapping": "mapping file", "accepted": "option --accept"}


def question(doubt: Doubt) -> str:
    """A doubt in one English line, with its score and what `--accept` takes for its answer."""
    _ = Page(None, "en")._
    score = f" (score {doubt.score:.0f})" if doubt.score is not None else ""
    proposed = {"-": "left out", "": "missing"}.get(doubt.answer, doubt.answer)
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


def page(made: Draft, fields: dict, labels: dict[str, tuple[str, str]], source: str) -> str:
    """The account as one offline page, Vietnamese first, then English. `labels` gives both names of an indicator."""
    from reformlib.present.style import stylesheet, template

    sections = {language: Markup(str(_section(made, fields, labels, source, language))) for language in ("vi", "en")}
    titles = {language: Page(None, language)._("Account of the ingestion") for language in ("vi", "en")}
    return template("ingestion.html.j2").render(
        css=Markup(stylesheet()), sections=sections, titles=titles, skip=Page(None, "vi")._("Skip to content")
    )


def _section(made: Draft, fields: dict, labels: dict[str, tuple[str, str]], source: str, language: str):
    shown_on = Page(None, language)
    _ = shown_on._

    def name(code: str) -> str:
        return labels[code][0 if language == "vi" else 1]

    lead = _(
        "{file}: form {form} in {place}; {found} of {all} indicators, {cells} filled cells, {doubts} doubts settled.",
        file=source,
        form=fields["form"],
        place=placed(made.form.place, language),
        found=len(made.found),
        all=len(labels),
        cells=sum(entry["filled"] for entry in made.found),
        doubts=len(made.doubts),
    )
    rows = table(
        shown_on,
        made.found,
        [
            Column(_("Indicator"), lambda e: name(e["indicator"])),
            Column(_("Label as printed"), lambda e: quoted(e["label"], "vi", language)),
            Column(_("Where"), lambda e: placed(e["place"], language)),
            Column(_("Score"), lambda e: f"{e['score']:.0f}", numeric=True),
            Column(_("Filled cells"), lambda e: str(e["filled"]), numeric=True),
        ],
        caption=_("Rows of the form and the indicators they were taken for"),
        origin=lambda e: e["place"],
        fold=False,
    )
    parts = [tag("p", lead, class_="lead"), tag("h3", _("What was found")), rows]
    lists = {
        _("Periods and the last day of each"): [
            f"{heading}: {shown_on.day(parse_period(heading).end)}" for heading in made.annex.columns[2:]
        ],
        _("Indicators that were not found"): [name(code) for code in made.missing],
        _("Rows left out"): [_aside(entry, _, language) for entry in made.aside],
        _("Doubts and how they were settled"): [_doubt(doubt, name, _, language) for doubt in made.doubts],
        _("Footnotes"): [f"({mark}) {text}" for mark, text in _used_notes(made).items()],
        _("Remarks"): [placed(in_words(entry, _), language) for entry in all_remarks(made)],
        _("Fields of report.yml to be filled in"): [tag("code", field) for field in open_fields(fields)],
    }
    parts += [
        join(tag("h3", heading), tag("ul", *(tag("li", item) for item in items)))
        for heading, items in lists.items()
        if items
    ]
    return join(*parts)


def _aside(entry, _: Callable[..., str], language: str):
    place, label, name, score = entry
    text = f"{placed(place, language)}: «{label or '–'}»"
    return text + (f"; {_('resembles «{name}», score {score}', name=name, score=f'{score:.0f}')}" if name else "")


def _doubt(doubt: Doubt, name: Callable[[str], str], _: Callable[..., str], language: str):
    answers = {"-": _("left out"), "": _("missing")}
    answer = answers.get(doubt.answer) or (name(doubt.answer) if doubt.kind == "label" else doubt.answer)
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
