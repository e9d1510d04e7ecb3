"""Pace so far and pace needed, as a chart and as a table."""

from functools import partial
from operator import attrgetter

import pandas as pd
from markupsafe import Markup

from reformlib.load.evidence import Evidence
from reformlib.load.fields import field
from reformlib.load.rows import each_row, grouped
from reformlib.measure.change import decimal_year
from reformlib.measure.dating import ASSUMPTION, movable, moved_gaps
from reformlib.measure.gaps import FORBIDDEN, REASONS
from reformlib.measure.pace import CAGR_RULES
from reformlib.measure.targets import distinct
from reformlib.present import chart, outlook
from reformlib.present.findings import counted_with_care, lettered, objected
from reformlib.present.gaps import judged
from reformlib.present.gaps.bars import Bar, bars
from reformlib.present.html import Fragment, join, paragraph
from reformlib.present.page import Page
from reformlib.present.table import Column, Remarks, field_column, series_column, table


def pace_chart(page: Page, rows: pd.DataFrame) -> Fragment:
    """Pace so far (bar) against pace needed (line) for every open target with a pace."""
    open_rows = distinct(rows[rows["verdict"] == "open"])
    without, open_rows = _forbidden(page, open_rows), open_rows[open_rows["pace_seen"].notna()]
    if open_rows.empty:
        return paragraph(without or page._("No open target has a figure from which a pace can be told."))
    needed = judged.towards(page, open_rows, "pace_needed")
    counted = outlook.ahead(page, rows).query("pace != '' and not implied")
    most = next(each_row(open_rows.loc[[needed.idxmax()]]))
    alt = page._(
        "Bar chart of the pace so far against the pace needed where the highest need is {needed} {measure} a "
        "year ({name}, {target} by {deadline}) and the pace so far there is {seen}.",
        **judged.words(page, most) | {"needed": page.number(most.pace_needed, 1, (most.pace_seen,))},
    )
    subtitle = page._(
        "Percentage points a year. Bar: pace so far, from the first figure above zero, whole years only where part "
        "of a year cannot be compared; line: pace needed"
        if _shares(open_rows)
        else "A year, in the unit of the indicator. Bar: pace so far, from the first figure that is not 0, whole years "
        "only where part of a year cannot be compared; line: pace needed"
    )
    subtitle = judged.from_the_worst(page, subtitle, open_rows, ". ")
    title = page._(
        "{slow} of {n} different open targets compared with a figure need a faster pace than so far"
        if len(counted) == len(open_rows)
        else "{slow} of {n} different open targets compared with a figure need a faster pace than so far; those that "
        "another implies count with it",
        slow=int((counted["pace"] == "slow").sum()),
        n=len(counted),
    )
    title += page.whom_by(open_rows["deadline"].max().year)
    title = counted_with_care(page, title, (judged.used(row, "pace") for row in each_row(counted)))
    svg, data = bars(_rows(page, open_rows), "", page.number, ground=False), pace_table(page, open_rows)
    source = f"{page.meta('source')}; {page.meta('annex')}"
    shown = chart.figure(page, svg, title=title, subtitle=subtitle, source=source, alt=alt, data=data, wide=True)
    return join(shown, paragraph(without)) if without else shown


def _forbidden(page: Page, rows: pd.DataFrame) -> str:
    """Of which series no pace is given, as a check objects to it, and why; nothing where there is none."""
    named = {
        page.series_name(row.indicator, row.level): objected(page, *judged.used(row, "pace"))
        for row in each_row(rows[rows["reason"] == FORBIDDEN])
    }
    told = "; ".join(f"{name} ({why})" for name, why in named.items())
    return page._("No pace so far is given where a check objects to it: {told}.", told=told) if told else ""


def dating(page: Page, rows: pd.DataFrame) -> Fragment:
    """What would be said otherwise if the figures whose column names no day were of a month earlier or later."""
    moved = moved_gaps(page.report)
    moved = moved[moved["target_id"].isin(rows["target_id"]) & moved["value"].notna()]
    if moved.empty or not movable(page.report):
        return Fragment(Markup())
    if not moved["indicator"].isin(movable(page.report)).any():
        none = page._("None of the {n} targets compared rests on such a figure.", n=len(moved))
        return paragraph(f"{page._(ASSUMPTION)} {none}", class_="note")
    paced = moved[moved["told"].notna() & (moved["pace_needed"].abs() > 0)]
    text = page._(
        "This is an assumption: if all of them were of a month earlier or later, {verdicts} of {n} verdicts would "
        "differ."
        if paced.empty
        else "This is an assumption: if all of them were of a month earlier or later, {verdicts} of {n} verdicts would "
        "differ, and {enough} of {paced} targets would change between a pace that is enough and one that is not.",
        verdicts=int(moved["verdict_moves"].sum()),
        n=len(moved),
        enough=int(paced["enough_moves"].sum()),
        paced=len(paced),
    )
    text = f"{page._(ASSUMPTION)} {text}"
    width = (paced["high"] - paced["low"]) / paced["told"].abs()
    if (width > 0).any():
        most = next(each_row(paced.loc[[width.idxmax()]]))
        ends = {name: page.number(getattr(most, name), 2) for name in ("low", "high", "told")}
        text += " " + page._(
            "The pace so far that would move most is that of {name}: from {low} to {high} {measure} a year instead of "
            "{told}.",
            **judged.words(page, most) | ends,
        )
    return paragraph(text, class_="note")


def _shares(rows: pd.DataFrame) -> bool:
    """Whether all targets are shares, whose paces are percentage points."""
    return bool((rows["unit"] == "%").all())


def _rows(page: Page, rows: pd.DataFrame) -> list[Bar]:
    """A bar for the pace so far of every series, with a mark for what each of its targets needs."""
    found = []
    paces = grouped(each_row(rows), attrgetter("indicator", "level", "base_as_of", "pace_as_of"))
    for group in paces.values():
        first, marks = group[0], []
        for row in group:
            marks.append((row.pace_needed, page._("{target} ({year}): {needed} needed", **judged.words(page, row))))
        years = page._("pace so far: {first}–{last}", first=first.base_as_of.year, last=first.pace_as_of.year)
        name, seen = page.series_name(first.indicator, first.level), judged.words(page, first)["seen"]
        found.append(Bar(name, first.pace_seen, f"{years}: {seen}", marks))
    return found


def pace_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """Pace so far and needed with the two ratios; a ratio that does not exist says why."""
    remarks = Remarks()

    def inputs(r, *names):
        rests = {"target": judged.target_evidence(r), "last": judged.figure_evidence(page, r, "pace_value")}
        rests["first"] = judged.figure_evidence(page, r, "base")
        return {name: rests[name] for name in names}

    def a_year(name, dates, of, r):
        """A pace in points a year, by the years between two dates of the row."""
        start, end = (decimal_year(getattr(r, date).date()) for date in dates)
        given = inputs(r, *of) | {"years": Evidence(end - start, "years", rule="measure.decimal_year")}
        value, formula = getattr(r, name), field("gaps", name)["formula"]
        text = page.signed(value, "", 2, (r.pace_seen, r.pace_needed))
        text = text if _shares(rows) or pd.isna(value) else f"{text} {judged.words(page, r)['measure']}"
        text += lettered(page, remarks, *judged.used(r, "pace")) if name == "pace_seen" else ""
        text = judged.least(page, r, text) if name == "pace_needed" else text
        return page.cell(value, r.unit, text=text, formula=formula, inputs=given)

    def ratio(name, rule, r):
        if pd.isna(getattr(r, name)):
            return "; ".join(page.words(r.reason, REASONS, "reason")) or "–"
        return page.cell(getattr(r, name), "", decimals=2, rule=rule, inputs=inputs(r, "last", "first", "target"))

    seen = partial(a_year, "pace_seen", ("base_as_of", "pace_as_of"), ("last", "first"))
    needed = partial(a_year, "pace_needed", ("pace_as_of", "deadline"), ("last", "target"))
    paces = [field_column(page, "gaps", "pace_seen", seen), field_column(page, "gaps", "pace_needed", needed)]
    if not _shares(rows):
        paces = [Column(page._("So far, a year"), seen, True), Column(page._("Needed, a year"), needed, True)]
    columns = [
        series_column(page),
        judged.target_column(page),
        Column(page._("Period of the pace so far"), lambda r: f"{page.day(r.base_as_of)} – {page.day(r.pace_as_of)}"),
        *paces,
        field_column(page, "gaps", "ratio_linear", partial(ratio, "ratio_linear", "progress.linear_progress")),
        field_column(page, "gaps", "ratio_cagr", partial(ratio, "ratio_cagr", f"progress.progress: {CAGR_RULES}")),
    ]
    caption, place = page._("Pace so far and pace needed"), partial(judged.place, page)
    note = page._(
        "The ratios compare with a path from the first figure to the target, so they are not the quotient of the two "
        "paces."
    )
    return table(page, rows, columns, caption, place, note=note, remarks=remarks, fold=False)
