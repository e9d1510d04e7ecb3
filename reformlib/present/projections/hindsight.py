"""What came later: figures that were published since, held against the projections of this page."""

from functools import partial

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.measure.change import decimal_year
from reformlib.present.html import Fragment, join, language_of, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.present.table import Column, series_column, table
from reformlib.project.hindsight import UNSCORED, WITHIN, hindsight, outcomes


def what_came_later(page: Page) -> Fragment:
    """The heading, the later figures that count what the form counts, and those that do not; nothing without any."""
    rows = hindsight(page.report)
    if rows.empty:
        return join()
    scored, others = rows[rows["unscored"] == ""], rows[rows["unscored"] != ""]
    tables = (_scored, scored), (_outcomes, outcomes(page.report, rows)), (_others, others)
    shown = (part(page, some) for part, some in tables if len(some))
    return join(tag("h2", page._("What came later")), paragraph(_told(page, scored)), *shown)


def _told(page: Page, scored: pd.DataFrame) -> str:
    if scored.empty:
        return page._("None of the later figures can be held against a projection; why is told of each.")
    inside = scored["within"].isin(["50", "80"]).sum()
    text = page._(
        "Later figures taken as counting the same (an assumption): {n}; of these within the 80% interval projected "
        "here: {inside}; so few show little. An 80% interval should hold eight in ten.",
        n=page.number(len(scored)),
        inside=page.number(int(inside)),
    )
    for row in each_row(scored):
        if held := projected.held_around(page, row, decimal_year(row.as_of.date())):
            name = page.series_name(row.indicator, row.level)
            text += " " + page._("For series like {name} it held {held}.", name=name, held=held)
    return text


def _figure(page: Page, row):
    return page.cell(row.value, row.unit, place=_place(row))


def _scored(page: Page, rows: pd.DataFrame) -> Fragment:
    show = projected.projected_cells(page, "hindsight.hindsight")
    columns = [
        series_column(page),
        Column(page._("Date of the figure"), lambda r: page.due(r.as_of)),
        projected.unit_column(page),
        Column(page._("Median"), show("p50"), True),
        Column(page._("80% interval"), show("lo80", "hi80"), True),
        Column(page._("What happened"), partial(_figure, page), True),
        Column(page._("What is counted"), lambda r: f"{page.text(r, 'counts')} ({page.text(r, 'why')})"),
        Column(page._("Within"), lambda r: page._(WITHIN[r.within])),
        Column(page._("Source"), lambda r: page.quoted(r.source, language_of(r.source))),
    ]
    return table(page, rows, columns, page._("Projected for the day of the figure, and what happened"), _place)


def _outcomes(page: Page, rows: pd.DataFrame) -> Fragment:
    def chance(row):
        text, rule = projected.in_ten(page, row.p_given), "projections.outcomes: p_given"
        return projected.calculated(page, row, row.p_given, "", rule, text=text)

    columns = [
        series_column(page),
        Column(page._("Target"), lambda r: r.target_id),
        Column(page._("Date of the figure"), lambda r: page.due(r.as_of)),
        Column(page._("Met"), lambda r: page._("yes") if r.met else page._("no")),
        Column(page._("Chance given to what happened"), chance, True),
    ]
    caption = page._("Targets that have fallen due since")
    return table(page, rows, columns, caption, lambda row: f"targets.csv, {row.target_id}")


def _others(page: Page, rows: pd.DataFrame) -> Fragment:
    columns = [
        Column(page._("What is counted"), lambda r: page.text(r, "counts")),
        Column(page._("Date of the figure"), lambda r: page.day(r.as_of)),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
        Column(page._("Figure"), partial(_figure, page), True),
        Column(page._("Why it is held against no projection"), lambda r: _why(page, r)),
        Column(page._("Source"), lambda r: page.quoted(r.source, language_of(r.source))),
    ]
    return table(page, rows, columns, page._("Later figures that are shown only"), _place)


def _why(page: Page, row) -> str:
    more = page.text(row, "why") if row.unscored == "other_definition" else ""
    return ": ".join(filter(None, (page._(UNSCORED[row.unscored]), more)))


def _place(row) -> str:
    return f"later.csv, {row.later}"
