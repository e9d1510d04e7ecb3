"""Series and reports of a comparison, as the page shows them: names, numbers, places and evidence."""

from itertools import takewhile

import pandas as pd

from reformlib import locale
from reformlib.compare.side_by_side import KEY
from reformlib.load.evidence import Evidence
from reformlib.load.identity import full_name
from reformlib.present.findings import with_note
from reformlib.present.gaps.judged import at_least
from reformlib.present.html import Shown
from reformlib.present.page import Page
from reformlib.present.table import Column

FEW = 20  # reports that are shown one by one
BESIDE = 8  # reports that fit beside each other
YEAR = pd.Timedelta(days=360)  # what is longer is a year, also one of other days than the calendar's
MOST_ROWS = 200  # of a table; the command line gives the rest


def key(row) -> tuple:
    """What tells one series of a comparison from the others."""
    return tuple(getattr(row, name) for name in KEY)


def cells(page: Page, row) -> list:
    """The latest figures of a series, one a report."""
    return page.report.cells_of[key(row)]


def when(page: Page, one) -> str:
    """The day that a figure is of; of what is summed over less than a year its first and its last day."""
    day, part = page.day(one.as_of), one.start < one.as_of < one.start + YEAR
    return f"{page.day(one.start)} – {day}" if part else day


def compared_when(page: Page, row) -> str:
    """What the figures of a series that are compared are of."""
    return next((when(page, one) for one in cells(page, row) if one.apart == ""), page.day(row.as_of))


def name(page: Page, row) -> str:
    """Name of a series; of counts that are told as shares of a total, that too."""
    named = page.series_name(row.indicator, row.level)
    return page._("{name}, share of the total", name=named) if row.measure == "share" else named


def name_column(page: Page) -> Column:
    """The column that heads rows of series."""
    return Column(page._("Indicator"), lambda row: name(page, row))


def unit(page: Page, report: str) -> str:
    """Name of the unit that made a report, with its place where units of other places bear the same name."""
    made = page.report.rows_by("units", "report")[report]
    where = made[f"place_{page.language}"] if made["namesake"] else ""
    named = full_name(made[f"unit_{page.language}"], where)
    return locale.made_up(named, page.language) if made["made_up"] else named


def edition(page: Page, report: str) -> str:
    """Edition of a report, as the page's language names it."""
    return locale.edition(page.report.rows_by("units", "report")[report]["edition"], page.language)


def label(page: Page, report: str) -> str:
    """Name of the unit, with the edition where it has several."""
    named, several = unit(page, report), page.report.rows_by("units", "report")[report]["editions"] > 1
    return f"{named} ({edition(page, report)})" if several else named


def short_labels(page: Page, longest: int) -> dict[str, str]:
    """The label of every report; where one is longer than `longest` all without the words that they begin and end with
    in common, so that what tells them apart stays: `… Trà Vinh`, `… Vĩnh Long`."""
    names = {report: label(page, report) for report in page.report.units["report"]}
    words = [name.split() for name in names.values()]
    if len(set(names.values())) < 2 or max(map(len, names.values())) <= longest:
        return names
    first, ends = _shared(words), _shared([name[::-1] for name in words])
    last = max(0, min(ends, min(map(len, words)) - first - 1))
    rest = (name[first : len(name) - last] for name in words)
    before, after = "… " * (first > 0), " …" * (last > 0)
    return dict(zip(names, (f"{before}{' '.join(own)}{after}" for own in rest), strict=True))


def _shared(names: list[list[str]]) -> int:
    """How many words all names begin with."""
    return sum(1 for _ in takewhile(lambda same: len(set(same)) == 1, zip(*names, strict=False)))


def address(page: Page, report: str) -> str:
    """Where the documents of a report are listed."""
    return f"../../index.html#{page.language}-{report}"


def first_of(page: Page, items: list, most: int) -> list:
    """Up to `most` of the items, and how many more there are."""
    return items[:most] + ([page._("and {n} more", n=page.number(len(items) - most))] if len(items) > most else [])


def place(page: Page, row) -> str:
    """Where the figures of a series stand."""
    return page._("the reports compared; row {row} of the form", row=page.catalogue.row_of(row.indicator, row.level))


def words(page: Page, row) -> dict[str, object]:
    """A series in words, to fill sentences with: its name, how many of all reports are compared, the lowest, median and
    highest figure, the date, the target with its year, and how many reach it."""
    fields: dict[str, object] = {"name": name(page, row), "n": page.number(row.compared), "date": page.day(row.as_of)}
    fields |= {which: figure(page, row, getattr(row, which)) for which in ("low", "median", "high")}
    if pd.notna(row.target):
        target = at_least(page, row, row.unit, (row.low, row.median, row.high))
        fields |= {"target": target, "year": int(row.target_year), "meeting": page.number(row.meeting)}
    return fields


def figure(page: Page, row, value: float) -> str:
    """A figure of a series, told from the lowest, median and highest one and from the target; of things that come whole
    without decimals, also where the median lies between two."""
    decimals = 0 if row.measure != "share" and page.indicator(row.indicator)["whole"] else None
    return page.quantity(value, row.unit, decimals, beside=(row.low, row.median, row.high, row.target))


def title(page: Page, row) -> str:
    """What a chart of a series shows, in a line."""
    said = words(page, row)
    if row.low == row.high:
        return qualified(page, page._("{name}: {value} in each of {n} reports", value=said["low"], **said), row)
    return qualified(page, page._("{name}: from {low} to {high} in {n} reports", **said), row)


def qualified(page: Page, text: str, row) -> str:
    """A sentence or title about the figures of a series, with how many of them a check qualifies."""
    note = page._("(checks qualify the figures of {some} of the {n} reports)", some=row.qualified, n=row.compared)
    return with_note(text, note) if row.qualified else text


def cell(page: Page, row, one) -> Shown | str:
    """The figure of one report with what it rests on: its cell, or its cell as a share of the total stated."""
    at, text = f"{one.report}: {page.cited(one)}", figure(page, row, one.value)
    if one.measure != "share":
        return page.cell(one.value, one.unit, text=text, place=at)
    inputs = {
        "count": Evidence(one.value * one.universe / 100, "", place=at),
        "universe": Evidence(one.universe, "", place=f"{one.report}: report.yml, universes"),
    }
    return page.cell(one.value, "%", text=text, formula="100 * count / universe", inputs=inputs)
