"""A column that names no day is dated its last one: what a month earlier or later would change, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from reformlib.load.report import load_report
from reformlib.measure.change import decimal_year
from reformlib.measure.dating import assumed, moved_changes, moved_gaps, redated
from reformlib.measure.gaps import gaps
from reformlib.present.assessment.narrative import assumptions
from reformlib.present.gaps.pace import dating
from reformlib.present.page import Page
from reformlib.present.projections import basis
from reformlib.project.series import projections


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


def dates(report, indicator):
    points = report.observations[report.observations["indicator"] == indicator]
    return [when.date() for when in points["as_of"]]


def test_only_days_that_no_heading_names_are_moved(report):
    """Figures counted at a date in columns of whole years; 31/3/2020 is printed, a flow is of its whole year."""
    ends = [date(year, 12, 31) for year in range(2015, 2020)] + [date(2020, 3, 31)]
    assert dates(report, "signatures") == dates(redated(report, -1), "axis_received") == ends
    assert dates(redated(report, -1), "signatures") == [*(date(y, 11, 30) for y in range(2015, 2020)), ends[-1]]
    assert dates(redated(report, 1), "signatures") == [*(date(y, 1, 31) for y in range(2016, 2021)), ends[-1]]
    headings = {name: f"{name} (Tính đến 31/12)" for name in report.annex.columns[2:-1]}
    assert not assumed(replace(report, annex=report.annex.rename(columns=headings))).any()


def test_paces_by_hand(report):
    """408 → 1,610: over 4.249 years 282.9; from 30 November 4.334 years, 277.4; from 31 January 4.164 years, 288.7."""
    rows = moved_changes(report).set_index(["indicator", "level"])
    end = decimal_year(date(2020, 3, 31))
    by_hand = [(1610 - 408) / (end - decimal_year(day)) for day in (date(2015, 11, 30), date(2016, 1, 31))]
    told = rows.loc[("signatures", "")]
    assert [round(value, 1) for value in (told.low, told.told, told.high)] == [277.4, 282.9, 288.7]
    assert [told.low, told.high] == pytest.approx(by_hand)
    # a share of flows is of whole years, however its stocks are dated
    share = rows.loc[("one_stop_share", "")]
    assert share.low == share.told == share.high == pytest.approx(2.1)


@pytest.fixture(scope="module")
def half(report):
    """The made-up example with the last column cut at 30 June 2025, as its heading then says."""
    example = load_report("vi-du-binh-nguyen-2025")
    last, points = example.annex.columns[-1], example.observations
    cut = points["as_of"].mask(points["period"] == "2025", pd.Timestamp("2025-06-30"))
    annex = example.annex.rename(columns={last: "Năm 2025 (Tính đến 30/6)"})
    return replace(example, annex=annex, observations=points.assign(as_of=cut))


def test_paces_of_targets_by_hand(half):
    """39.8 % to 93.98 % of eligible procedures in 3.5 years, or 3.58, or 3.41: against 100 % at the end of 2027."""
    rows = moved_gaps(half)
    assert list(rows["target_id"]) == list(gaps(half)["target_id"])
    told = rows[rows["target_id"] == "T106"].iloc[0]
    end, rise = decimal_year(date(2025, 6, 30)), 93.98 - 39.8
    days = (date(2021, 12, 31), date(2021, 11, 30), date(2022, 1, 31))
    assert [told.told, told.low, told.high] == pytest.approx([rise / (end - decimal_year(day)) for day in days])
    assert not rows["enough_moves"].any()
    said = str(dating(Page(half, "en"), gaps(half)))
    assert "from 15.13 to 15.88 percentage points a year instead of 15.50" in said


def test_a_pace_that_is_enough_on_one_day_only_is_found(half):
    """15.50 points a year, or 15.88; needed are 15.6, that is 39.06 points in 2.504 years."""
    catalogue = half.catalogue
    due = catalogue.targets["id"] == "T106"
    near = catalogue.targets.assign(value=catalogue.targets["value"].mask(due, 93.98 + 15.6 * 2.504))
    what_if = replace(half, catalogue=replace(catalogue, targets=near))
    rows = moved_gaps(what_if)
    assert rows.loc[rows["target_id"] == "T106", "enough_moves"].tolist() == [True]


def test_a_verdict_that_rests_on_the_day_is_found():
    """24.1 % at the end of 2021 misses 30 % due then; dated a month earlier, the next, 38.6 %, is judged."""
    example = load_report("vi-du-binh-nguyen-2025")
    rows = moved_gaps(example).set_index("target_id")
    moved = rows[rows["verdict_moves"]]
    assert set(moved["verdict"]) == {"missed"} and not moved["enough_moves"].any()
    assert (moved.loc["T088", "value"], moved.loc["T088", "target"]) == (24.1, 30)
    earlier, later = (gaps(redated(example, months)).set_index("target_id").loc["T088"] for months in (-1, 1))
    assert (earlier.verdict, earlier.value, earlier.as_of.date()) == ("achieved", 38.6, date(2022, 11, 30))
    assert (later.verdict, later.value) == ("missed", 24.1)
    said = f"{len(moved)} of {rows['value'].notna().sum()} verdicts would differ"
    assert said in str(dating(Page(example, "en"), gaps(example)))


def test_what_the_pages_say_of_it(report):
    page = Page(report, "en")
    (table,) = assumptions(page).parts
    what, why, kind, cells = (cell if isinstance(cell, str) else cell["text"] for cell in table["rows"][-1])
    assert (kind, cells) == ("assumption", "all counted at a date, 2015 – 2019") and "31 December" in what
    # a check forbids the pace of the signatures, which would differ: the page gives none
    assert why == "The heading does not say."
    points = report.observations
    fallen = (points["indicator"] == "signatures") & points["year"].isin([2017, 2018])
    rising = points["value"].mask(fallen, points["year"].map({2017: 570.0, 2018: 679.0}))
    kept = replace(report, observations=points.assign(value=rising), folder=report.folder / "elsewhere")
    assert [cells for *_, cells in table["rows"]][-2]["text"].count("20") == 6  # zeros of rows 11 (two levels) and 13
    (table,) = assumptions(Page(kept, "en")).parts
    assert "(Digital signatures: +277 to +289 a year instead of +283), the rest not" in str(table["rows"][-1])
    rows = gaps(report)
    said = str(dating(page, rows))
    assert said.count("None of the 3 targets compared rests on such a figure.") == 1  # three shares of periods
    assert "verdicts would differ" not in said
    assert "no median would move by more than 2%" in str(basis.dating(page, projections(report, 2030)))
    # where every column names its day nothing is assumed, and nothing said
    headings = {name: f"{name} (Tính đến 31/12)" for name in report.annex.columns[2:-1]}
    dated = Page(replace(report, annex=report.annex.rename(columns=headings)), "en")
    assert len(assumptions(dated).parts[0]["rows"]) == len(table["rows"]) - 1 and str(dating(dated, rows)) == ""
