"""Tables of a comparison: the series, what differences rest on, report beside report, what is missing."""

from functools import partial

import pandas as pd

from reformlib.compare.side_by_side import APART, by_place
from reformlib.load.evidence import Evidence
from reformlib.load.identity import alphabetical
from reformlib.load.rows import each_row, grouped
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.comparison import series
from reformlib.present.comparison.series import BESIDE, FEW, MOST_ROWS
from reformlib.present.findings import RELIABILITY_WORDS
from reformlib.present.html import Fragment, Shown, bullets, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, Remarks, status, table

MARKS = {"": "▲", "no_figure": "○", "not_usable": "✘"}  # of what is compared with care, or apart; else a rhomb


def _figure(page: Page, which: str, row, unit: str = ""):
    """The cell of a column of compare.summarise, in the unit of the row or in `unit`."""
    if not unit and row.compared < 2:  # a single figure has no lowest nor highest
        return "–"
    text = None if unit else series.figure(page, row, getattr(row, which))
    return page.cell(getattr(row, which), unit or row.unit, text=text, rule=f"compare.summarise: {which}")


def series_table(page: Page) -> Fragment:
    """Every series: of a few reports the figure of each; of more how many can be compared, the lowest, median and
    highest; the official target."""
    few, remarks = len(page.report.units) <= BESIDE, Remarks()

    def meeting(row):
        return page.cell(row.meeting, "reports", rule="compare.summarise: meeting, gaps.meets")

    columns = [
        series.name_column(page),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
        *(_each(page, remarks) if few else _spread(page)),
        Column(page._("Official target"), partial(_target, page), True),
        *([] if few else [Column(page._("Reaching it"), meeting, True)]),
    ]
    note = page._(
        "A figure without a mark is compared with the others; the order is that of the form. Counts of units of "
        "different size differ by size alone: only shares can be compared with each other and a target."
        if few
        else "Compared are figures of the date that most reports have; the order is that of the form. Counts of "
        "units of different size differ by size alone: only shares can be compared with each other and a target."
    )
    caption, rows = page._("Latest figures of all reports, by indicator"), page.report.series
    place = partial(series.place, page)
    return table(page, rows, columns, caption, place, note=note, fold=False, remarks=remarks)


def _spread(page: Page) -> list[Column]:
    """How many of the figures of a series can be compared, of what date, and the lowest, median and highest of them."""

    def count(row):
        text = page._("{n} of {all}", n=page.number(row.compared), all=page.number(row.reports))
        inputs = {"all": Evidence(row.reports, "reports", rule="compare.summarise: reports")}
        return page.cell(row.compared, "reports", text=text, rule="compare.summarise: compared", inputs=inputs)

    return [
        Column(page._("Compared"), count, True),
        Column(page._("As of"), lambda r: series.compared_when(page, r)),
        Column(page._("Lowest"), partial(_figure, page, "low"), True),
        Column(page._("Median"), partial(_figure, page, "median"), True),
        Column(page._("Highest"), partial(_figure, page, "high"), True),
    ]


def _each(page: Page, remarks: Remarks) -> list[Column]:
    """The figure of every report, with a mark and a letter where it is not compared or needs care."""
    short = series.short_labels(page, 24)

    def marked(row, one):
        shown = series.cell(page, row, one)
        if not one.apart and one.reliability != "with_care":
            return shown
        why = APART[one.apart] if one.apart else RELIABILITY_WORDS["with_care"]
        sign = MARKS.get(one.apart, "◇") + remarks.after([page._(why)])
        if not isinstance(shown, Shown):
            return sign
        return Shown(tag("span", shown.text, " ", tag("small", sign)), shown.evidence)

    def of(report, row):
        return next((marked(row, one) for one in series.cells(page, row) if one.report == report), "–")

    return [Column(short[report], partial(of, report), True, series.address(page, report)) for report in short]


def _target(page: Page, row):
    text = "" if pd.isna(row.target) else "{target} ({year})".format(**series.words(page, row))
    return page.cell(row.target, row.unit, text=text, place=f"targets.csv, {row.target_id}")


def rests_on(page: Page) -> Fragment:
    """What the differences rest on: figures kept apart and why, those that need care, totals."""
    used = [code for code in APART if page.report.series[code].any()]
    headings = {
        "compared": page._("Compared"),
        "with_care": page._("of these to be used with care"),
        "partial": page._("of these for a part of a year"),
        "universes": page._("different totals used as the base"),
    }
    headings |= {code: page._("not compared: {why}", why=page._(APART[code])) for code in used}
    counts = [Column(text, partial(_figure, page, which, unit="reports"), True) for which, text in headings.items()]
    note = page._(
        "Reliability is that of the checks on each report. Ways of counting are those noted in the reports; two "
        "units may count differently without saying so."
    )
    caption, rows = page._("What the differences rest on: number of reports"), page.report.series
    columns = [series.name_column(page), *counts]
    return table(page, rows, columns, caption, lambda r: series.place(page, r), note=note, fold=False)


def side_by_side(page: Page) -> Fragment:
    """Every figure with its report, date, status and reliability; of many reports, medians by place instead."""
    if len(page.report.units) > FEW:
        return _by_place(page)
    rows = [(row, figure) for row in each_row(page.report.series) for figure in series.cells(page, row)]
    columns = [
        Column(page._("Indicator"), lambda p: series.name(page, p[0])),
        Column(page._("Report"), lambda p: series.label(page, p[1].report)),
        Column(page._("Figure"), lambda p: series.cell(page, p[0], p[1]), True),
        Column(page._("Unit"), lambda p: page.unit_name(p[0].unit)),
        Column(page._("As of"), lambda p: series.when(page, p[1])),
        Column(page._("Status"), lambda p: status(page, p[1].status)),
        Column(page._("Reliability"), lambda p: reliability_mark(page, p[1].reliability)),
        Column(page._("Compared"), lambda p: page._(APART[p[1].apart]) if p[1].apart else page._("yes")),
    ]
    caption = page._("Every latest figure by indicator and report")
    return table(page, rows, columns, caption, lambda p: f"{p[1].report}: {page.cited(p[1])}")


def _by_place(page: Page) -> Fragment:
    """Of many reports: by place, how many can be compared and their median, for the shares of the form."""
    counts = page.report.units[f"place_{page.language}"].value_counts()
    rows = page.report.series
    shares = list(each_row(rows[(rows["unit"] == "%") & (rows["compared"] > 1)]))
    if len(counts) > MOST_ROWS or not shares:
        note = page._(
            "There are {n} places: too many for a table that is read. `reformlib.compare` gives the figures as data.",
            n=page.number(len(counts)),
        )
        return paragraph(note, class_="note")
    by = each_row(by_place(page.report.cells, page.report.units, page.language))
    medians = {(row.place, series.key(row)): row for row in by}

    def median(row, at):
        one = medians.get((at, series.key(row)))
        if one is None or not one.compared:
            return "–"
        return page.cell(one.median, "%", decimals=1, rule=f"compare.by_place: median of {one.compared} figures")

    columns = [
        Column(page._("Place"), str),
        Column(page._("Reports"), lambda at: page.cell(counts[at], "reports", rule="count"), True),
        *(Column(series.name(page, row), partial(median, row), True) for row in shares),
    ]
    caption = page._("Medians of the shares by place, in percent")
    return table(page, sorted(counts.index, key=alphabetical), columns, caption, lambda at: f"report.yml, place: {at}")


def missing(page: Page) -> Fragment:
    """Which reports have no figure, by series; of many reports how many."""
    without = page.report.cells[page.report.cells["apart"] == "no_figure"]
    if without.empty:
        return paragraph(page._("Every report has a figure for every series."), class_="note")
    reports = {of: [row.report for row in rows] for of, rows in grouped(each_row(without), series.key).items()}

    def which(row):
        few = [series.label(page, report) for report in reports[series.key(row)][:FEW]]
        return bullets([*few, *series.first_of(page, reports[series.key(row)], FEW)[FEW:]])

    columns = [
        series.name_column(page),
        Column(page._("Reports without a figure"), partial(_figure, page, "no_figure", unit="reports"), True),
        Column(page._("Which"), which),
    ]
    rows = [row for row in each_row(page.report.series) if series.key(row) in reports]
    caption = page._("Figures that are missing; missing is not zero")
    return table(page, rows, columns, caption, lambda r: "; ".join(reports[series.key(r)][:FEW]), fold=False)
