"""What the report states, in tables: domains, systems, documents, figures of the text, the annex, assumptions."""

from functools import partial

from reformlib.check.caveats import objections
from reformlib.load.codes import codes
from reformlib.load.rows import each_row
from reformlib.measure.dating import ASSUMPTION, assumed, moved_changes
from reformlib.present.assessment.figures import average
from reformlib.present.html import Fragment, bullets
from reformlib.present.page import Page
from reformlib.present.table import Column, field_column, listing, status_of


def domains(page: Page) -> Fragment:
    """The six reform domains: results, limitations and causes as reported."""
    results, limitations = list(each_row(page.report.results)), list(each_row(page.report.limitations))

    def shortcomings(domain: str, kind: str):
        about = [r for r in limitations if r.domain == domain]
        if any(r.kind == "none_stated" for r in about):
            return page._("the report says: none")
        return bullets(page.text(r, "text") for r in about if r.kind == kind)

    def achieved(row):
        return bullets(page.text(one, "text") for one in results if one.domain == row.domain)

    columns = [
        Column(page._("Domain"), lambda r: f"{r.domain}. {page.text(r, 'name')}"),
        Column(page._("Results reported"), achieved),
        Column(page._("Limitations reported"), lambda r: shortcomings(r.domain, "limitation")),
        Column(page._("Causes reported"), lambda r: shortcomings(r.domain, "cause")),
    ]
    caption, rows = page._("The six reform domains as reported"), page.report.domains
    return listing(page, rows, columns, caption, lambda r: f"{r.section_results}; {r.section_limitations}")


def systems(page: Page) -> Fragment:
    """Information systems, platforms and infrastructure with coverage and status."""
    column = partial(field_column, page, "systems.csv")
    words = codes("system_status")
    status = column("status", lambda r: page._(words[r.status]))
    columns = [column("name"), status, column("coverage"), column("section")]
    caption = page._("Information systems, platforms and infrastructure")
    return listing(page, page.report.systems, columns, caption, lambda r: r.section)


def documents(page: Page) -> Fragment:
    """Legal and administrative documents that the report cites."""
    column = partial(field_column, page, "documents.csv")

    def issuer(row):
        return getattr(row, f"issuer_{page.language}", "") or page.quoted(row.issuer, "vi") or page._("not stated")

    columns = [
        Column(page._("Document"), lambda r: f"{page.text(r, 'type')} {r.number}"),
        column("date", lambda r: page.partial_date(r.date) if r.date else page._("not stated")),
        column("issuer", issuer),
        column("title"),
        column("cited_in", lambda r: r.cited_in.replace(";", "; ")),
    ]
    return listing(page, page.report.documents, columns, page._("Documents cited"), lambda r: r.cited_in)


def facts(page: Page) -> Fragment:
    """Figures of the narrative, as printed, with their place."""
    column = partial(field_column, page, "facts.csv")
    columns = [
        column("subject"),
        column("raw", lambda r: page.quoted(f"{r.qualifier} {r.raw}".strip(), "vi")),
        field_column(page, "observations", "value", lambda r: page.cell(r.value, r.unit, place=r.section)),
        column("unit"),
        column("section"),
    ]
    results = int((page.report.facts["kind"] == "observed").sum())
    note = page._("Results are {n} of them, the others are rules and aims.", n=results)
    caption = page._("Figures of the narrative")
    return listing(page, page.report.facts, columns, caption, lambda r: r.section, note=note)


def observations(page: Page) -> Fragment:
    """The annex, every cell as printed beside the value read from it."""
    column = partial(field_column, page, "observations")
    vi = page.language == "vi"

    columns = [
        column("indicator", lambda r: f"{r.form_row}. {page.series_name(r.indicator, r.level)}"),
        Column(page._("Date, or end of period"), page.when),
        column("raw", lambda r: page.quoted(r.raw.replace("\n", "; "), "vi") or page._("(empty)")),
        column("value", page.observed),
        column("unit"),
        column("status", partial(status_of, page)),
        column("place", page.cited),
        column("note", lambda r: r.note_vi if vi else page.marked(r.note)),
    ]
    rows, caption = page.report.observations, page._("The annex cell by cell")
    return listing(page, rows, columns, caption, page.cited)


def _dates(page: Page) -> list[dict]:
    """An entry as of the log: the day that figures are dated where their column names none, and what rests on it."""
    dated = page.report.observations[assumed(page.report)]
    if dated.empty:
        return []
    moved = []
    for row in each_row(moved_changes(page.report)):
        if objections(page.report, [(row.indicator, row.level)], "pace"):  # the page gives no average a year
            continue
        told, low, high = (average(page, row, pace) for pace in (row.told, row.low, row.high))
        if len({told, low, high}) > 1:
            fields = {"name": page.series_name(row.indicator, row.level), "low": low, "high": high, "told": told}
            moved.append(page._("{name}: {low} to {high} a year instead of {told}", **fields))
    why = page._("The heading does not say.")
    if moved:
        why += " " + page._(
            "If all of them were of a month earlier or later, some averages a year of this page would differ "
            "({moved}), the rest not.",
            moved="; ".join(moved),
        )
    ends = dict.fromkeys(page.period_name(str(code)) for code in dated["period"].iloc[[0, -1]])
    cells = page._("all counted at a date, {periods}", periods=" – ".join(ends))
    place = page.meta("annex")
    return [_assumed(page, page._(ASSUMPTION), why, cells, place)]


def _assumed(page: Page, what: str, why: str, cells: object, place: str) -> dict:
    """An entry as of the log."""
    told = {f"what_{page.language}": what, f"why_{page.language}": why}
    return told | {"kind": "assumption", "cells": cells, "place": place}


def _without_base(page: Page) -> list[dict]:
    """An entry as of the log: the zeros of shares that are not used, as the row that their base rests on is 0."""
    points = page.report.observations.query("status == 'M'")
    what = page._("A 0 printed for a share is not used where the row that its base rests on is 0.")
    why = page._("It may be a true 0% or a share of nothing, which cannot be told; no change is computed from it.")
    cells = points[["indicator", "level", "period"]].to_dict("records")
    return [_assumed(page, what, why, cells, "annex.csv; indicators.csv, base")] if cells else []


def assumptions(page: Page) -> Fragment:
    """The log of corrections and assumptions, and what every report assumes of its dates."""
    kinds = {"status": page._("status"), "correction": page._("correction"), "assumption": page._("assumption")}

    def cells(entry):
        if isinstance(listed := entry["cells"], str):
            return listed
        named = (f"{page.series_name(c['indicator'], c['level'])}, {page.period_name(c['period'])}" for c in listed)
        return "; ".join(named)

    columns = [
        Column(page._("What"), lambda e: page.marked(e[f"what_{page.language}"])),
        Column(page._("Why"), lambda e: page.marked(e[f"why_{page.language}"])),
        Column(page._("Kind"), lambda e: kinds[e["kind"]]),
        Column(page._("Cells"), cells),
    ]
    caption = page._("Corrections and assumptions")

    def place(entry):
        return f"assumptions.yml, {entry['id']}" if "id" in entry else entry["place"]

    return listing(page, [*page.report.assumptions, *_without_base(page), *_dates(page)], columns, caption, place)
