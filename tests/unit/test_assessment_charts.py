"""Titles, marks and lines of the small charts, from a few points by hand."""

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from reformlib.load.report import load_report
from reformlib.measure import change as measure
from reformlib.present.assessment import series as assessment
from reformlib.present.chart import MARKERS, chart_axes
from reformlib.present.page import Page
from reformlib.present.table import STATUS_SHAPES

NAME = "Digital signatures"


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


def with_values(report, values, statuses=None):
    """A page of the report with other signatures at the ends of 2015, 2016, …, and its row of measure.changes."""
    points = report.observations
    mine = points[points["indicator"] == "signatures"].head(len(values)).copy()
    mine["value"], mine["status"] = values, statuses or "A"
    mine["as_of"] = [pd.Timestamp(f"{year}-12-31") for year in mine["year"]]
    given = replace(report, observations=pd.concat([points[points["indicator"] != "signatures"], mine]))
    changes = measure.changes(given.observations)
    return Page(given, "en"), next(changes[changes["indicator"] == "signatures"].itertuples(index=False))


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([3.0, 5.0, 9.0], "up from 3 (2015) to 9 (2017)"),
        ([9.0, 5.0, 3.0], "down from 9 (2015) to 3 (2017)"),
        ([0.0, 0.0, 9.0], "9 (2017); 0 until 2016"),
        ([9.0, 9.0, 9.0], "9 in every year"),
        ([9.0, 5.0, 9.0], "9 (2015) and 9 (2017)"),
        ([9.0], "9 (2015)"),
    ],
)
def test_a_title_tells_the_figures_that_can_be_compared_and_when_they_were(report, values, title):
    assert f"<strong>{NAME}: {title}</strong>" in str(assessment.series_chart(*with_values(report, values)))


def test_a_series_that_is_not_usable_has_no_figure_for_a_title(report):
    shown = str(assessment.series_chart(*with_values(report, [3.0, 9.0]), usable=False))
    assert f"<strong>{NAME}: no trend, as the figures cannot be right as labelled</strong>" in shown


def test_the_title_of_a_part_of_a_year_has_its_date(report):
    changes = measure.changes(report.observations)
    row = next(changes[changes["indicator"] == "signatures"].itertuples(index=False))
    assert f"{NAME}: up from 408 (2015) to 1,610 (31 March 2020)" in str(
        assessment.series_chart(Page(report, "en"), row)
    )


@pytest.mark.parametrize(
    ("statuses", "lengths"),
    [("AAAA", [4]), ("AABA", [2, 2]), ("AADA", [2, 1, 1]), ("AAUA", [2, 1, 1]), ("AAAP", [3, 1])],
)
def test_lines_end_where_points_cannot_be_compared(report, statuses, lengths):
    given, change = with_values(report, [1.0, 2.0, 3.0, 4.0], list(statuses))
    assert [len(run) for run in assessment.runs(assessment.figures_of(given, change))] == lengths


def test_the_shares_of_a_part_of_a_year_are_joined_to_no_full_year(report):
    changes = measure.changes(report.observations)
    row = next(changes[changes["indicator"] == "e_documents"].itertuples(index=False))
    assert [len(run) for run in assessment.runs(assessment.figures_of(Page(report, "en"), row))] == [5, 1]


def test_marks_of_a_chart_are_the_shapes_of_the_tables():
    filled = {code: mark.get("mfc") != "white" and "fillstyle" not in mark for code, mark in MARKERS.items()}
    shapes = {("o", True): "●", ("D", True): "◆", ("D", False): "◇", ("^", False): "△"}
    for code in "ABDU":
        assert shapes[MARKERS[code]["marker"], filled[code]] == STATUS_SHAPES[code]
    assert MARKERS["P"]["fillstyle"] == "left" and STATUS_SHAPES["P"] == "◐"


def ends_of(first, last, *more):
    return [pd.Timestamp(year, 12, 31) for year in range(first, last + 1)] + [pd.Timestamp(day) for day in more]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (ends_of(2011, 2020), "2012 2014 2016 2018 2020"),
        (ends_of(2011, 2019, "2020-03-31"), "2011 2013 2015 2017 2019 3/2020"),
        (ends_of(2015, 2019, "2020-03-31"), "2015 2016 2017 2018 2019 3/2020"),
        (ends_of(1991, 2019, "2020-03-31"), "1992 1997 2002 2007 2012 2017 3/2020"),
        (ends_of(1960, 2020), None),
        ([pd.Timestamp(2011, 12, 31), *ends_of(2018, 2022)], "2011 2018 2020 2022"),
        (ends_of(2020, 2020), "2020"),
        ([pd.Timestamp("2020-03-31")], "3/2020"),
    ],
)
def test_year_labels_never_touch_and_the_last_one_stays(dates, said):
    times = [measure.decimal_year(when.date()) for when in dates]
    with chart_axes() as (figure, axes):
        axes.plot(times, [150_000 * n for n in range(len(times))])  # the numbers beside take the room they can
        assessment._spread(axes, times)
        assessment._year_axis(axes, dates)
        figure.draw_without_rendering()
        labels = axes.get_xticklabels()
        boxes = [label.get_window_extent() for label in labels]
    assert all(one.x1 + 2 < two.x0 for one, two in pairwise(boxes))
    assert said is None or " ".join(label.get_text() for label in labels) == said
    assert len(labels) >= min(4, len(dates))
