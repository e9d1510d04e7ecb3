"""The units of a place together: who has reported and who has not, and the sums of their counts."""

import pandas as pd

from reformlib.compare.rollup import KINDS, POINT, WANTING, Rollup, listed, roll_up
from reformlib.compare.side_by_side import each_report
from reformlib.load.codes import codes
from reformlib.load.evidence import Evidence
from reformlib.load.identity import whose
from reformlib.load.rows import codes as codes_in
from reformlib.load.rows import each_row, grouped
from reformlib.present.comparison import series
from reformlib.present.html import Fragment, join, paragraph
from reformlib.present.page import Page
from reformlib.present.table import Column, Remarks, mark, series_column, table

MOST = 3  # places that are added up on one page
NAMED = 20  # units that a remark names
MISSING = codes("missing_part")  # what keeps a sum from being whole; English messages


def together(page: Page) -> Fragment:
    """Of every place of which units.csv lists the units: who has reported, and the sums of what they count."""
    reported = grouped(each_row(page.report.units), lambda unit: whose("", unit.place_vi)[1])
    known = [units for units in reported.values() if listed(page.catalogue, units[0].place_vi)]
    if not known:
        text = page._(
            "data/units.csv lists no units of these places: who has not reported cannot be told, and nothing is added "
            "up."
        )
        return paragraph(text, class_="note")
    shown: list[object] = []
    for units in known[:MOST]:
        found = roll_up(each_report(unit.folder for unit in units), units[0].place_vi)
        shown += [part(page, page.text(units[0], "place"), found) for part in (_reporting, _sums)]
    if len(known) > MOST:
        text = page._("{n} more places; `reformlib table rollup` gives each.", n=page.number(len(known) - MOST))
        shown.append(paragraph(text, class_="note"))
    return join(*shown)


def _reporting(page: Page, place: str, found: Rollup) -> Fragment:
    """A row a unit of the place: its kind, from when until when it exists, whether it has reported."""

    def reported(body):
        return mark(page, "●", "has reported", "s-A") if body.reports else mark(page, "○", "has not reported", "s-O")

    def exists(body):
        days = [(page._("from {day}"), body.exists_from), (page._("until {day}"), body.exists_until)]
        return ", ".join(text.format(day=page.day(pd.Timestamp(day))) for text, day in days if day) or "–"

    columns = [
        Column(page._("Reporting unit"), lambda body: page.text(body, "name")),
        Column(page._("Kind of body"), lambda body: page._(KINDS[body.kind])),
        Column(page._("Exists"), exists),
        Column(page._("Report"), reported),
        Column(page._("Figures to"), lambda body: page.day(body.data_date)),
        Column(page._("In data/units.csv"), lambda body: page._("yes") if body.listed else page._("no")),
    ]
    caption = page._("{place}: units that have reported and that have not", place=place)
    return table(page, found.bodies, columns, caption, lambda body: body.reports or f"units.csv, {body.body}")


def _sums(page: Page, place: str, found: Rollup) -> Fragment:
    """A row a count and kind of unit: the sum at the date for which most units have a figure, and who is missing."""
    names = dict(zip(found.bodies["body"], found.bodies[f"name_{page.language}"], strict=True))
    parts_of = grouped(each_row(found.parts), lambda part: (part.kind, *(getattr(part, name) for name in POINT)))
    remarks = Remarks()

    def missing(row):
        said = []
        for why in (*WANTING, "not_listed"):
            if bodies := [names[code] for code in codes_in(getattr(row, why))]:
                said.append(page._(MISSING[why], names="; ".join(series.first_of(page, bodies, NAMED))))
        return remarks.after(said).strip() or page._("none")

    def parts(row):
        text = page._("{n} of {all}", n=page.number(row.parts), all=page.number(row.expected))
        inputs = {"all": Evidence(row.expected, "units", rule="rollup.roll_up: expected")}
        return page.cell(row.parts, "units", text=text, rule="rollup.roll_up: parts", inputs=inputs)

    def value(row):
        inputs = {
            f"part_{n}": Evidence(part.value, row.unit, place=f"{part.report}: {page.cited(part)}")
            for n, part in enumerate(parts_of[row.kind, *(getattr(row, name) for name in POINT)], start=1)
        }
        return page.cell(row.value, row.unit, formula=" + ".join(inputs), inputs=inputs)

    shown = found.sums[found.sums["indicator"].isin(page.report.series["indicator"])]
    rows = shown.sort_values(["parts", "as_of", "start"], ascending=[True, True, False])
    rows = rows.drop_duplicates(["kind", *POINT[:3]], keep="last").sort_index()
    since = [Column(page._("From"), lambda row: page.day(row.start) if row.start < row.as_of else "–")]
    columns = [
        series_column(page),
        Column(page._("Kind of body"), lambda row: page._(KINDS[row.kind])),
        Column(page._("Unit"), lambda row: page.unit_name(row.unit)),
        *(since if any(row.start < row.as_of and row.start.dayofyear > 1 for row in each_row(rows)) else []),
        Column(page._("As of"), lambda row: page.day(row.as_of)),
        Column(page._("Sum"), value, True),
        Column(page._("Units added up"), parts, True),
        Column(page._("Missing"), missing),
    ]
    note = page._(
        "Each report is taken for the figures of its own unit. Shares are not added, nor figures of different dates, "
        "nor units of different kinds, since the higher may count what the lower do. A sum with a part missing is not "
        "that of the place."
    )
    caption = page._("{place}: sums of the counts of its units", place=place)
    none = page._("no figure can be added up")
    compared = page._("the reports compared")
    return table(page, rows, columns, caption, lambda row: compared, note=note, none=none, remarks=remarks)
