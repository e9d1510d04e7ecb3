"""The scenario that a mandate is enforced: labelled, and beside the projections."""

import pandas as pd
from markupsafe import Markup

from reformlib.load.rows import each_row, firsts
from reformlib.present.findings import qualified
from reformlib.present.html import Fragment, join, paragraph
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.present.table import Column, series_column, table
from reformlib.project.mandate import enforced, roll_outs


def mandates(page: Page) -> Fragment:
    """What roll-outs of the report did, and where its targets would stand if they were enforced like these."""
    rows = firsts(each_row(enforced(page.report)), lambda row: (row.indicator, row.level, row.target, row.deadline))
    seen = list(each_row(roll_outs(page.report)))
    if not rows or not seen:
        return Fragment(Markup())
    told = "; ".join(_told(page, row) for row in seen)
    text = page._(
        "Scenario, not a projection: what if a target is met in full at its deadline? The projections were learned "
        "from series without a deadline that binds. In this report: {told}. Whether by a mandate, the report does not "
        "say, and units connected are not documents or dossiers handled. Nothing measured says how often a mandate is "
        "enforced, so the scenario has no probability and is in no interval of this page. If a target were met in full "
        "at its deadline, the figure would be:",
        told=told,
    )

    def value(row, name, of=""):
        number, rule = getattr(row, name), f"mandate.enforced: {name}{of}"
        if pd.isna(number):
            return page._("no usable range")
        shown = projected.projected_text(page, row, number)
        return projected.calculated(page, row, number, page.unit_of(row.indicator), rule, text=shown)

    columns = [
        series_column(page),
        projected.unit_column(page),
        Column(page._("Deadline"), lambda row: page.due(row.deadline)),
        Column(page._("Median if things go on as such series do"), lambda row: value(row, "median"), True),
        Column(page._("If the target is met in full"), lambda row: value(row, "target", f" {row.target_id}"), True),
    ]
    caption, place = page._("Scenario: the target is met in full"), projected.calculated_from(page, "mandate.enforced")
    return join(paragraph(text, class_="note"), table(page, rows, columns, caption, place))


def _told(page: Page, row) -> str:
    """A roll-out in words, with what checks have against its figures and the last one, which is taken as the total."""
    text = page._(
        "{name} rose from {before} on {since} to {after} on {until}",
        name=page.series_name(row.indicator, row.level),
        before=projected.value_text(page, row.before, row.indicator),
        since=page.day(row.since),
        after=projected.value_text(page, row.after, row.indicator),
        until=page.day(row.until),
    )
    series = [(row.indicator, row.level)]
    return qualified(page, text, (series, "step", row.since, row.until), (series, "figure", None, row.last))
