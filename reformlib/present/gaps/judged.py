"""A target judged by a figure, as the pages show it: a row of `measure.gaps.gaps` in words, numbers and evidence."""

from collections.abc import Iterable
from operator import attrgetter

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import codes, each_row, firsts
from reformlib.measure import targets
from reformlib.measure.gaps import CAVEATS, COUNTS_MORE, JUDGED, VERDICTS, set_after_unit
from reformlib.present.findings import lettered
from reformlib.present.html import Fragment, Shown, paragraph, tag
from reformlib.present.page import Beside, Page
from reformlib.present.table import Column, Remarks, field_column, mark

SHAPES = {"achieved": "✔", "missed": "✘", "open": "▶", "not_assessable": "○", "unconfirmed": "?", "context": "·"}
SIGNS = {">=": "≥ ", "<=": "≤ ", "=": ""}
DATES = {"value": "as_of", "pace_value": "pace_as_of", "base": "base_as_of"}  # column of a figure: that of its date


def by_target(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a target: of one that bears on several rows of the form, the least favourable that has a verdict."""
    rank = rows["verdict"].map(["missed", "open", "achieved", *(code for code in VERDICTS if code not in JUDGED)].index)
    return rows.assign(rank=rank).sort_values(["rank", "reason"], kind="stable").drop_duplicates("target_id")


def met(page: Page, rows: pd.DataFrame) -> str:
    """How many of some targets are met, and whether all of these before they are due: `1 met already, before …`."""
    own = rows[rows["verdict"] == "achieved"]
    early = len(own) and (own["as_of"] < own["deadline"]).all()
    text = "{n} met already by the figure alone, before the deadline" if early else "{n} met"
    return page._(text, n=len(own) or page._("none"))


def late(page: Page, ids: Iterable[str]) -> list[str]:
    """Which of some targets were set when the unit was there no more, so that its successor is asked."""
    dates = page.catalogue.rows_by("targets", "id")
    return sorted(one for one in {*ids} if set_after_unit(page.report, dates[one]["instrument_date"]))


def whom(page: Page, rows: pd.DataFrame) -> str:
    """Whom some targets concern: the unit or its place and, of so many, what took over."""
    if not (n := len(late(page, rows["target_id"]))):
        return page._("the unit")
    day, name = page.day(page.report.meta.exists_until), page.ended
    text = "the unit or its province ({n} of them, set after {day}: of what took over the former {name})"
    if name == page.meta("unit"):
        text = "the unit ({n} of them, set after {day}, are asked of its successor)"
    return page._(text, n=n, day=day, name=name)


def falls(page: Page, row) -> bool:
    """Whether a target is met by falling to it."""
    return targets.falls(page.catalogue, row)


def towards(page: Page, rows: pd.DataFrame, name: str) -> pd.Series:
    """A column of judged rows with its sign turned where a decrease is wanted: more is better in every row."""
    return rows[name] * targets.signs(page.catalogue, rows)


def words(page: Page, row, beside: Beside = ()) -> dict[str, object]:
    """A judged target in words, to fill sentences with: name, value and date, target, deadline and its year, what is
    lacking; the first and the last day of a pace, and where there is one what was seen and what is needed. The value is
    told from the target, the pace seen from the one needed, and the value from the numbers `beside` it too."""
    fields: dict[str, object] = {
        "name": page.series_name(row.indicator, row.level),
        "value": page.quantity(row.value, row.unit, beside=(row.target, *beside)),
        "date": dated(page, row),
        "target": aim(page, row, row.unit, (row.value,)),
        "deadline": page.due(row.deadline),
        "year": row.deadline.year,
        "lacking": lacking(page, row),
        "measure": page._("percentage points") if row.unit == "%" else page.unit_name(row.unit),
    }
    if pd.notna(row.base_as_of):
        fields |= {"first": dated(page, row, "base"), "last": dated(page, row, "pace_value")}
    if pd.notna(row.pace_seen):
        seen, needed = row.pace_seen, row.pace_needed
        fields |= {"seen": page.signed(seen, "", 1, (needed,)), "needed": page.signed(needed, "", 1, (seen,))}
    return fields


def used(row, use: str = "figure") -> tuple:
    """What is made of the series of a judged target where its figure, or its "pace" so far, is told, as
    :func:`reformlib.check.caveats.caveats` takes it."""
    series = [(row.indicator, level) for level in row.level.split("+")]
    return (series, use, row.base_as_of, row.pace_as_of) if use == "pace" else (series, use, None, row.as_of)


def dated(page: Page, row, which: str = "value") -> str:
    """The day of a figure of a gap, and the period where it is summed over another one than a year."""
    day = page.day(getattr(row, DATES[which]))
    when = page.when(cells(page.report, row, which)[0])
    return day if when == day else f"{day} ({when})"


def cells(report: Report, row, which: str = "value") -> list:
    """The observations that a figure of a gap, `value`, `pace_value` or `base`, consists of, one a level.

    Of two periods that end on a day it is the one that has the figure, else the longer.
    """
    levels, as_of = row.level.split("+"), getattr(row, DATES[which])
    points = [point for point in report.points.get(row.indicator, ()) if point.level in levels and point.as_of == as_of]
    points.sort(key=lambda point: point.value != getattr(row, which))
    return firsts(points, attrgetter("level"))


def target_unit(page: Page, row) -> str:
    """The unit that a target of a row of the form is told in: of a share of the stated total it is "%"."""
    mapping = page.catalogue.target_mapping
    of = (mapping["target"] == row.target_id) & (mapping["indicator"] == row.indicator)
    return "%" if (mapping.loc[of, "measure"] == "share").any() else page.unit_of(row.indicator)


def lacking(page: Page, row) -> str:
    """What is missing to a target: in whole services or units where they are counted, else in points."""
    unit = page.unit_of(row.indicator)
    if pd.isna(row.gap_units):
        text = page._("{gap} percentage points", gap=page.number(abs(row.gap)))
    elif page.language == "en" and row.gap_units == 1:
        text = f"1 {page.catalogue.rows_by('units_of_measure', 'unit')[unit]['name_en_singular']}"
    else:
        text = f"{page.number(row.gap_units)} {page.unit_name(unit)}"
    return least(page, row, text)


def at_best(row) -> bool:
    """Whether the figure counts more than the target asks for, so that no less is lacking and no more is likely."""
    return COUNTS_MORE in codes(row.caveat)


def caveats(page: Page, cell: str, *needless: str) -> list[str]:
    """What a comparison rests on, codes of `CAVEATS`, in words, without what needs no saying."""
    return page.words(";".join(code for code in codes(cell) if code not in needless), CAVEATS, "caveat")


def why_at_best(page: Page, row, remarks: Remarks) -> str:
    """The letter of the remark that says so, after a number in a table; nothing of any other row."""
    return remarks.after([page._(CAVEATS[COUNTS_MORE])]) if at_best(row) else ""


def least(page: Page, row, text: str) -> str:
    """What is lacking to a target, or needed for it: `at least 10 points` where the figure is :func:`at_best`."""
    return page._("at least {text}", text=text) if at_best(row) else text


def to_make_good(page: Page, row) -> list[str]:
    """What a share of a part of a year means for a target of all there is in the year, in a sentence; none of others:
    93.6 % up to 31 March leave 6.4 % of the dossiers so far that no later month of the year makes up for."""
    part = "partial_year" in row.caveat and row.as_of.year == row.deadline.year
    if not (part and row.unit == "%" and row.target == 100 > row.value and row.verdict == "open"):
        return []
    rest, date = page.quantity(row.target - row.value, "%"), page.day(row.as_of)
    text = "{target} for the whole year is possible only if the {rest} missing up to {date} is made good too."
    if what := page.indicator(row.indicator)[f"universe_{page.language}"]:
        text = (
            "{target} for the whole year is possible only if the {rest} of {what} missing up to {date} is made good "
            "too."
        )
    return [page._(text, rest=rest, what=what, date=date, target=aim(page, row, "%"))]


def based_name(page: Page, row) -> str:
    """Name of a series, with what it is a share of where the figure is a share."""
    named = page.share_name if row.unit == "%" else page.series_name
    return named(row.indicator, row.level)


def from_the_worst(page: Page, text: str, rows: pd.DataFrame, between: str = " ") -> str:
    """A text about paces, and where those of shares that should fall start, if there are any."""
    if not any(row.unit == "%" and falls(page, row) for row in each_row(rows)):
        return text
    return text + between + page._("Of shares that should fall it is the first figure below 100%.")


def place(page: Page, row) -> str:
    """Where a judged target and its figure stand."""
    return f"targets.csv, {row.target_id}; {page.row_place(row.indicator)}"


def verdict(page: Page, code: str):
    """A verdict as shape and word."""
    return mark(page, SHAPES[code], VERDICTS[code], f"v-{code}")


def verdict_column(page: Page, remarks: Remarks | None = None) -> Column:
    """The column of verdicts; into `remarks` goes what checks have against the figure that one rests on."""

    def show(row):
        why = lettered(page, remarks, *used(row)) if remarks is not None else ""
        return tag("span", verdict(page, row.verdict), why) if why else verdict(page, row.verdict)

    return field_column(page, "gaps", "verdict", show)


def at_least(page: Page, row, unit: str, beside: Beside = ()) -> str:
    """A target with its comparator: `≥ 30%`."""
    return f"{SIGNS.get(row.comparator, f'{row.comparator} ')}{page.quantity(row.target, unit, beside=beside)}"


def aim(page: Page, row, unit: str, beside: Beside = ()) -> str:
    """A target in a sentence: `30%`; one that is a limit, or is to be passed, with its comparator, `≤ 2%`."""
    limit = row.comparator in ("<", "<=", ">")
    return at_least(page, row, unit, beside) if limit else page.quantity(row.target, unit, beside=beside)


def aim_by(page: Page, row) -> str:
    """A target with the year of its deadline, and for whom it is told: `30% (2020)`."""
    return f"{aim(page, row, row.unit)} ({page.year(row.deadline.year)})"


def dated_target(page: Page, row, beside: Beside = ()) -> str:
    """A target with its comparator and day, and for whom it is told: `≥ 30% (31/12/2020)`."""
    due = page.date(row.deadline) + page.whom(row.deadline.date())
    return f"{at_least(page, row, row.unit, beside)} ({due})"


def target_column(page: Page) -> Column:
    """The column of targets, each with its comparator and date: `≥ 30% (31/12/2020)`."""

    def show(row):
        return Shown(dated_target(page, row, (row.value,)), target_evidence(row))

    return field_column(page, "gaps", "target", show)


def target_evidence(row) -> Evidence:
    """Where a target stands in the catalogue."""
    return Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id.split(',')[0]}")


def figure_evidence(page: Page, row, which: str = "value") -> Evidence:
    """What a figure of a gap, `value`, `pace_value` or `base`, rests on: its cell, or its cells as a share."""
    value, unit, points = getattr(row, which), row.unit, cells(page.report, row, which)
    told = {point.level: page.evidence(point) for point in points}
    if len(points) == 1 and points[0].unit == unit:
        return told[row.level]
    named = {f"level_{level}" if level else "count": told[level] for level in row.level.split("+")}
    if unit != "%":
        return Evidence(value, unit, formula=" + ".join(named), inputs=named)
    inputs = named | {"universe": universe_evidence(page, row.indicator)}
    return Evidence(value, "%", formula=f"100 * ({' + '.join(named)}) / universe", inputs=inputs)


def universe_evidence(page: Page, indicator: str) -> Evidence:
    """Where the total stands that a count is a share of."""
    fact = page.report.universe_fact(indicator)
    return Evidence(fact["value"], fact["unit"], place=fact["section"])


def nothing_judged(page: Page) -> Fragment:
    """What stands where no target can be compared with a figure."""
    return paragraph(page._("No target of this set can be compared with a figure of the report."))
