"""Edition against edition of one unit: what is told otherwise, and apart from it what has happened."""

from collections import Counter
from functools import partial

import pandas as pd
from markupsafe import Markup

from reformlib.compare.editions import GROUPS, KINDS
from reformlib.load.contracts import STATUSES
from reformlib.load.rows import each_row
from reformlib.present.comparison import series
from reformlib.present.comparison.series import MOST_ROWS
from reformlib.present.html import Fragment, join, paragraph
from reformlib.present.page import Page
from reformlib.present.table import Column, table


def editions(page: Page) -> Fragment:
    """Edition against edition of one unit: what is told otherwise, and apart from it what has happened."""
    findings = page.report.differences
    if findings.empty:
        text = page._("No unit has two editions among these reports, or they agree in everything.")
        return paragraph(text, class_="note")
    groups = ("revision", "method", "coverage", "change")
    return join(_pairs(page), *(_differences(page, findings[findings["group"] == group], group) for group in groups))


def _pairs(page: Page) -> Fragment:
    """Two editions a row: how many differences there are, by group."""
    counts = Counter((row.earlier, row.later, row.group) for row in each_row(page.report.differences))
    pairs = list(dict.fromkeys((earlier, later) for earlier, later, _group in counts))

    def count(group: str):
        return lambda pair: page.cell(counts[(*pair, group)], "differences", rule="editions.diff")

    columns = [
        Column(page._("Reporting unit"), lambda pair: series.unit(page, pair[0])),
        Column(page._("Editions"), lambda pair: " → ".join(series.edition(page, report) for report in pair)),
        *(Column(page._(text).capitalize(), count(group), True) for group, text in GROUPS.items()),
    ]
    caption, note = page._("Edition against edition: number of differences"), _more(page, len(pairs))
    shown = pairs[:MOST_ROWS]
    return table(page, shown, columns, caption, lambda p: f"report.yml: {', '.join(p)}", note=note, fold=False)


def _differences(page: Page, rows: pd.DataFrame, group: str) -> Fragment:
    """The differences of one group, those of all pairs together."""

    def subject(r):
        if r.name_vi == r.name_en:  # a heading or a code, as it stands in the files
            return page.quoted(r.name_vi, "vi")
        named = page.marked(page.text(r, "name"))
        return Markup(", ").join([named, page.level_name(r.subject, r.level)]) if r.level else named

    def texts(side: str, report: str, r):
        value, fields = getattr(r, side), getattr(r, f"said_{side}")
        place = f"{getattr(r, report)}: {getattr(r, f'place_{side}')}".rstrip(": ")
        if r.kind == "status":
            return page._(STATUSES[fields])
        if pd.isna(value) or r.kind == "note":
            return page.quoted(fields.replace("\n", "; "), "vi") or "–"
        return page.cell(value, r.unit, text=page.quantity(value, r.unit, beside=(r.before, r.after)), place=place)

    columns = [
        Column(page._("What"), subject),
        Column(page._("Reporting unit"), lambda r: series.unit(page, r.earlier)),
        Column(page._("As of"), lambda r: page.day(r.as_of)),
        Column(page._("Kind"), lambda r: page._(KINDS[r.kind])),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit) if r.unit else "–"),
        Column(page._("Earlier edition"), partial(texts, "before", "earlier"), True),
        Column(page._("Later edition"), partial(texts, "after", "later"), True),
    ]

    def place(r):
        return f"{r.earlier} → {r.later}: {r.place_after or r.place_before or r.subject}"

    heading, shown, more = page._(GROUPS[group]).capitalize(), rows.head(MOST_ROWS), _more(page, len(rows))
    return table(page, shown, columns, heading, place, note=more, none=page._("none"), fold=group == "change")


def _more(page: Page, rows: int) -> str:
    if rows <= MOST_ROWS:
        return ""
    return page._("{n} more rows; `reformlib diff` gives them all.", n=page.number(rows - MOST_ROWS))
