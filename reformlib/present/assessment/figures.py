"""The assessment in the reader's language: title, summary, scoreboard."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence, entries_on
from reformlib.load.rows import each_row, records
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.assessment.series import course_picture
from reformlib.present.html import Fragment, Shown, tag
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.table import Column, status, table


def heading(page: Page) -> Fragment:
    """Title of the assessment."""
    period = f"{page.report.meta.period_start}–{page.report.meta.period_end}"
    return title(page, page._("Administrative reform {period}: assessment", period=period))


def overview(page: Page, changes: pd.DataFrame, checks: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """Verdict in one sentence; then what rose most, what contradicts itself and what is missing."""
    counts = reliability["reliability"].value_counts()
    verdict = page._(
        "Of {n} series in {annex}, {up} rose as reported; {reliable} raise no objection, {care} need care, {unusable} "
        "cannot be used as labelled, and for {missing} there is no figure.",
        n=len(reliability),
        annex=page.meta("annex"),
        up=int((changes["change"] > 0).sum()),
        reliable=counts.get("reliable", 0),
        care=counts.get("with_care", 0),
        unusable=counts.get("not_usable", 0),
        missing=counts.get("missing", 0),
    )
    grown = each_row(_grown(page, changes).head(2))
    found = [_growth(page, row, reliability) for row in grown]
    found += _checked(page, checks)
    years = sorted(page.report.observations.loc[page.report.observations["value"].notna(), "year"].unique())
    start, end = page.report.meta.period_start, page.report.meta.period_end
    if years and years[0] > start:
        gap = {"start": start, "before": years[0] - 1}
        found.append(
            Finding(
                f"{years[0] - start}/{end - start + 1}",
                page._("Years of the programme without a figure"),
                page._(
                    "Figures exist for {first} to {last} only; the years {start} to {before} have none, so change "
                    "over the whole programme cannot be assessed.",
                    first=years[0],
                    last=years[-1],
                    **gap,
                ),
                page._("add the figures of {start} to {before}, or limit the assessment to the years reported.", **gap),
                page.meta("annex"),
            )
        )
    return summary(page, verdict, found, "checks.report.reliability")


def _grown(page: Page, changes: pd.DataFrame) -> pd.DataFrame:
    measures = page.catalogue.indicators.set_index("indicator")["measure"]
    grown = changes[(changes["change"] > 0) & (changes["indicator"].map(measures) == "stock")]
    return grown.sort_values("change", ascending=False)


def _growth(page: Page, row, reliability: pd.DataFrame) -> Finding:
    name = page.series_name(row.indicator, row.level)
    trust = next(one for one in records(reliability) if (one["indicator"], one["level"]) == (row.indicator, row.level))
    if trust["reliability"] == "reliable":
        ask = page._("keep this way of counting; where the classes change, report both ways.")
    else:
        reasons = trust["reason"].split("; ")
        own = next((reason for reason in reasons if reason.startswith(f"{name}: ")), reasons[0])
        why = own.removeprefix(f"{name}: ")
        ask = page.marked(page._("explain before use ({reason}).", reason=why[:1].lower() + why[1:]))
    text = page._(
        "From {first} ({first_date}) to {last} {unit} ({last_date})",
        first=page.quantity(row.first, row.unit),
        first_date=page.day(row.first_as_of),
        last=page.quantity(row.last, row.unit),
        last_date=page.day(row.last_as_of),
        unit=page.unit_name(row.unit),
    )
    if pd.notna(row.annual_change):
        text += page._(", on average {pace} a year", pace=page.signed(row.annual_change, "", 0))
    text += "."
    place = page.row_place(row.indicator)
    return Finding(page.quantity(row.last, row.unit), name, text, ask, place, "measure.changes")


def _checked(page: Page, checks: pd.DataFrame) -> list[Finding]:
    """What contradicts itself, and what needs an explanation: how many, and the gravest of them."""
    grave = checks[checks["severity"] != "information"]
    counts = {
        "agree": int((checks["outcome"] == "consistent").sum()),
        "wrong": int((grave["outcome"] == "inconsistent").sum()),
        "open": int((grave["outcome"] == "cannot tell").sum()),
    }
    texts = {
        "inconsistent": (
            page._("Contradictions that matter"),
            page._(
                "Of {n} checks {agree} agree, {wrong} show a contradiction, {open} need an explanation and {minor} are "
                "smaller remarks. The gravest:",
                n=len(checks),
                minor=len(checks) - sum(counts.values()),
                **counts,
            ),
            page._("settle each of them before its figures are used."),
        ),
        "cannot tell": (
            page._("What needs an explanation"),
            page._("Missing, or neither supported nor refuted by the text. The first:"),
            page._("let the reporting unit explain or add them, with the way of counting."),
        ),
    }
    found = []
    for outcome, (about, text, ask) in texts.items():
        rows = grave[grave["outcome"] == outcome]
        if len(rows):
            first = rows.iloc[0]["title"]
            said = tag("span", text, " ", tag("em", page.marked(first)), ".")
            found.append(Finding(str(len(rows)), about, said, ask, page._("counted below"), "checks.report.checks"))
    return found


def scoreboard(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """The form's indicators: reliability, course, comparable figures, change and pace, status of the latest figure."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    rows = page.catalogue.rows_by("indicators", "indicator")
    points = sorted(each_row(page.report.observations), key=lambda point: point.as_of)
    latest = {(point.indicator, point.level): point.status for point in points}

    def name(row):
        return f"{rows[row.indicator]['form_row']}. {page.series_name(row.indicator, row.level)}"

    def dated(row, end):
        if pd.isna(getattr(row, end)):
            return "–"
        when = tag("small", f"({page.day(getattr(row, f'{end}_as_of'))})", class_="date")
        value = page.quantity(getattr(row, end), row.unit)
        return Shown(tag("span", value, " ", when), _end(page, row, end))

    columns = [
        Column(page._("Indicator"), name),
        Column(page._("Reliability"), lambda r: reliability_mark(page, trust[r.indicator, r.level])),
        Column(page._("Course"), lambda r: course_picture(page, r)),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
        Column(page._("First figure"), lambda r: dated(r, "first"), True),
        Column(page._("Latest figure"), lambda r: dated(r, "last"), True),
        Column(page._("Change, and average a year"), lambda r: _change(page, r), True),
        Column(page._("Latest status"), lambda r: status(page, latest[r.indicator, r.level])),
    ]
    caption = page._("Indicators of the form: change over the figures that can be compared")
    note = page._(
        "The number before a name is its row in {annex}. Calculated: change = latest − first; average a year = "
        "change ÷ years between the dates. Shares change in percentage points; part of a year is never compared "
        "with a full year.",
        annex=page.meta("annex"),
    )
    return table(page, changes, columns, caption, lambda r: page.row_place(r.indicator), note=note, fold=False)


def _end(page: Page, row, end: str) -> Evidence:
    """What the first or the last figure of a row of measure.changes rests on."""
    year = getattr(row, f"{end}_as_of").year
    applied = entries_on(page.report.assumptions, row.indicator, row.level, year)
    return Evidence(getattr(row, end), row.unit, place=getattr(row, f"{end}_place"), assumptions=applied)


def _change(page: Page, row):
    """The change of a row of measure.changes and, under it, its average a year; else why there is none."""
    if pd.isna(row.change):
        return page._(row.reason)

    inputs = {"first": _end(page, row, "first"), "last": _end(page, row, "last")}
    pace, under = {}, f"({page._(row.reason)})" if row.reason else ""
    if pd.notna(row.annual_change):
        # an average over a handful of dates has no hundredths
        decimals = 0 if abs(row.annual_change) >= 10 else 1 if row.annual_change else None
        under = page._("({pace} a year)", pace=page.signed(row.annual_change, "", decimals))
        years = {"years": Evidence(row.years, "years", rule="measure.decimal_year")}
        pace = {"pace": Evidence(row.annual_change, row.unit, formula="(last - first) / years", inputs=inputs | years)}
    points = f" {page._('points')}" if row.unit == "%" else ""
    text = tag("span", page.signed(row.change, ""), points, " ", tag("small", under))
    return Shown(text, Evidence(row.change, row.unit, formula="last - first", inputs=inputs | pace))
