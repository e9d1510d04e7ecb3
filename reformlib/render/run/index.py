"""The list of documents, `outputs/index.html`: what is built, failed, stale or missing, in both languages.

Each language has its own documents under it; a report made in one language only stands under both.

A long list is split into pages of some hundred documents, sorted by unit; the first page then has the names of all
units, so that the browser's own search finds each. Where there are too many for it, they have a page of their own.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from reformlib.files import place
from reformlib.load.identity import alphabetical, full_name, twins
from reformlib.locale import day, translator
from reformlib.present.style import stylesheet, template
from reformlib.render.forms import FORMS
from reformlib.render.page.links import LANGUAGE_NAMES
from reformlib.render.run.document import identity
from reformlib.render.run.ledger import DocumentStatus, Ledger

ON_A_PAGE = 500  # documents; less than 1 MB
NAMED = 3_000  # reports that the first page names; more are named on a page in each language
NAMES = "index-names-{}.html"
COLUMNS = {"vi": ("Tài liệu", "Tình trạng"), "en": ("Document", "Status")}
STATES = {
    "failed": "✕ Not built",
    "kept": "▲ Built; the latest run failed",
    "stale": "▲ To be rendered again",
    "missing": "○ Not rendered yet",
    "dropped": "– No longer in the plan",
    "built": "● Built",
}
TROUBLES = 100  # documents that failed or are stale, listed on the first page of a long list


def write_index(ledger: Ledger, statuses: list[DocumentStatus], stage: Path, *, whole: bool = False) -> None:
    """Write `index.html` and, where the list is long, the pages it is split into. Raises OSError.

    `statuses` are those of the planned documents; others that lie there are listed too; those that were of a `whole`
    plan once, as no longer planned. Pages of an earlier, longer list go.
    """
    pages = index_pages(ledger, statuses, whole=whole)
    for name, text in pages.items():
        place(text, ledger.output / name, stage)
    for path in ledger.output.glob("index-*.html"):
        if path.name not in pages:
            path.unlink()


def index_pages(ledger: Ledger, statuses: list[DocumentStatus], *, whole: bool = False) -> dict[str, str]:
    """The pages of the list by file name, Vietnamese first, then English; equal lists give equal bytes."""
    reports = _reports(ledger, {status.job.id: status for status in statuses}, whole)
    listing = template("listing.html.j2")
    common = {
        "translators": {language: translator(language) for language in LANGUAGE_NAMES},
        "columns": COLUMNS,
        "names": LANGUAGE_NAMES,
        "css": Markup(stylesheet()),
        "day": lambda iso, language: day(date.fromisoformat(iso), language),
        "states": STATES,
        "languages": tuple(LANGUAGE_NAMES),
        "all_names": {language: NAMES.format(language) for language in LANGUAGE_NAMES},
    }
    most = max((len(report["rows"]) for report in reports), default=1)  # documents of a report
    size = max(1, ON_A_PAGE // max(most, 1))
    parts = [reports[at : at + size] for at in range(0, len(reports), size)]
    if len(parts) < 2:
        return {"index.html": listing.render(reports=reports, groups=[], **common)}
    width = len(str(len(parts)))
    names = [f"index-{number:0{width}}.html" for number in range(1, len(parts) + 1)]
    groups = [
        {"href": name, "reports": part, "counts": Counter(row["state"] for report in part for row in report["rows"])}
        for name, part in zip(names, parts, strict=True)
    ]
    every = ((group["href"], report, row) for group in groups for report in group["reports"] for row in report["rows"])
    troubles = [one for one in every if one[2]["state"] in ("failed", "kept", "stale")][:TROUBLES]
    named = len(reports) <= NAMED
    pages = {"index.html": listing.render(reports=[], groups=groups, named=named, troubles=troubles, **common)}
    for language in () if named else LANGUAGE_NAMES:
        alone = common | {"languages": (language,)}
        pages[NAMES.format(language)] = listing.render(reports=[], groups=groups, named=True, part=True, **alone)
    for name, part in zip(names, parts, strict=True):
        pages[name] = listing.render(reports=part, groups=[], part=True, **common)
    return pages


def _reports(ledger: Ledger, statuses: dict[str, DocumentStatus], whole: bool) -> list[dict[str, Any]]:
    """The reports in the order of their units, each with the rows of its documents."""
    documents = {report: {*group["documents"]} for report, group in ledger.reports.items()}
    planned = {status.job.report: status.job for status in statuses.values()}
    for identifier in statuses:
        report, _, document = identifier.partition("/")
        documents.setdefault(report, set()).add(document)
    reports = []
    for report, places in documents.items():
        group = ledger.reports.get(report)
        if group is None:  # planned, and nothing of it lies there
            group = identity(planned[report])
        rows = [
            _row(report, document, group, statuses.get(f"{report}/{document}"), whole)
            for document in places
            if document.partition("/")[0] in LANGUAGE_NAMES
        ]
        languages = {row["language"] for row in rows}
        for row in rows:
            row["alone"] = len(languages) == 1  # then it stands in the other language's part of the list too
        rows.sort(key=lambda row: (list(LANGUAGE_NAMES).index(row["language"]), row["notebook"]))
        both = dict.fromkeys(LANGUAGE_NAMES, report)
        head = {"edition": group.get("edition", ""), "data_date": group.get("data_date", "")}
        unit, where = (group.get(name) or dict.fromkeys(LANGUAGE_NAMES, "") for name in ("unit", "place"))
        head["unit"] = {language: full_name(unit[language], where[language]) for language in LANGUAGE_NAMES}
        reports.append(head | {"id": report, "title": group.get("report_title", both), "rows": rows, "where": where})
    reports.sort(key=lambda r: (*map(alphabetical, (r["unit"]["vi"], r["edition"])), r["id"]))
    alike = twins((r["id"], r["unit"]["vi"], r["where"]["vi"], r["edition"]) for r in reports)
    first_of = {again: first for first, again, _name in alike}
    return [report | {"twin": first_of.get(report["id"], "")} for report in reports]


def _row(report: str, document: str, group: dict, status: DocumentStatus | None, whole: bool) -> dict[str, Any]:
    language, _, name = document.partition("/")
    row = group.get("documents", {}).get(document, {})
    there, error = row.get("status") == "built", row.get("error", "")
    kind = ("kept" if there else "failed") if error else "built" if there else "missing"
    note = error
    if status is None:
        kind = "dropped" if whole and row.get("planned") else kind
    elif status.status == "stale":
        kind, note = "stale", status.reason
    elif status.status == "draft":  # what its operator still has to do is no news for a reader
        note = ""
    told = {"language": language, "notebook": name, "title": row.get("title", name), "state": kind}
    told |= {"note": note.partition("\n")[0][:300], "verdicts": row.get("verdicts", []) if there else []}
    page = "/".join(map(quote, (report, language, name)))
    forms = {word: f"{page}.{form}" for form, word in FORMS.items() if there and form in row.get("forms", [])}
    return told | {"href": f"{page}.html" if there else "", "forms": forms}
