"""A column that names no day is dated its last one: what a month earlier or later would change, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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


def test_verdicts_and_paces_of_the_reference_report(report):
    """Level 4, 12 to 539 of 1,949 from the end of 2017: 27.04 points in 2.249 years; no verdict moves."""
    rows = moved_gaps(report)
    assert list(rows["target_id"]) == list(gaps(report)["target_id"])
    assert not rows["verdict_moves"].any() and not rows["enough_moves"].any()
    level_4 = rows[rows["target_id"] == "T022"].iloc[0]
    points = 100 * (539 - 12) / 1949
    years = [decimal_year(date(2020, 3, 31)) - decimal_year(d) for d in (date(2017, 11, 30), date(2018, 1, 31))]
    assert [level_4.low, level_4.high] == pytest.approx([points / span for span in years])


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
    assert "(Digital signatures: +277 to +289 a year instead of +283), the rest not" in why
    rows = gaps(report)
    said = str(dating(page, rows))
    judged = rows["value"].notna().sum()
    assert f"0 of {judged} verdicts would differ" in said
    assert "from 11.59 to 12.50 percentage points a year instead of 12.02" in said
    assert "no median would move by more than 4%" in str(basis.dating(page, projections(report, 2030)))
    # where every column names its day nothing is assumed, and nothing said
    headings = {name: f"{name} (Tính đến 31/12)" for name in report.annex.columns[2:-1]}
    dated = Page(replace(report, annex=report.annex.rename(columns=headings)), "en")
    assert len(assumptions(dated).parts[0]["rows"]) == len(table["rows"]) - 1 and str(dating(dated, rows)) == ""
