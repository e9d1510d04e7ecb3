"""Titles, marks and lines of the small charts, from a few points by hand."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from reformlib.load.observations import observe
from reformlib.load.report import load_report
from reformlib.measure import change as measure
from reformlib.present.assessment import charts, figures
from reformlib.present.assessment import series as assessment
from reformlib.present.chart import MARKERS, PAPER, WIDTH, chart_axes, width
from reformlib.present.page import Page
from reformlib.present.table import STATUS_SHAPES

NAME, NAN = "Digital signatures", float("nan")
ELSEWHERE = Path("elsewhere")  # with no checks of the report's own, which are on its own figures


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


def with_columns(report, cells, indicator="signatures"):
    """A page of the report with other figures of an indicator, by heading, and its row of measure.changes."""
    row = report.catalogue.by_indicator.at[indicator, "form_row"]
    annex = pd.DataFrame([{"form_row": row, "label": "", **cells}])
    meta = report.meta.model_copy(update={"issued": "", "data_date": date(2030, 12, 31)})
    told = observe(annex, report.catalogue, meta, [], Path("annex.csv"))
    given = replace(report, observations=told, annex=annex, folder=ELSEWHERE)
    return Page(given, "en"), next(measure.changes(given.observations).itertuples(index=False))


def with_values(report, values, statuses=None):
    """A page of the report with other signatures at the ends of 2015, 2016, …, and its row of measure.changes."""
    points = report.observations
    mine = points[points["indicator"] == "signatures"].head(len(values)).copy()
    mine["value"], mine["status"] = values, statuses or "A"
    mine["as_of"] = [pd.Timestamp(f"{year}-12-31") for year in mine["year"]]
    told = pd.concat([points[points["indicator"] != "signatures"], mine])
    given = replace(report, observations=told, folder=ELSEWHERE)
    changes = measure.changes(given.observations)
    return Page(given, "en"), next(changes[changes["indicator"] == "signatures"].itertuples(index=False))


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([3.0, 5.0, 9.0], "up from 3 (2015) to 9 (2017)"),
        ([9.0, 5.0, 3.0], "down from 9 (2015) to 3 (2017)"),
        ([0.0, 0.0, 9.0], "9 (2017); 0 in 2015–2016"),
        ([9.0, 9.0, 9.0], "9 in every year"),
        ([9.0, 5.0, 9.0], "9 (2015) and 9 (2017)"),
        ([9.0], "9 (2015)"),
        ([0.0, -3.0, 9.0], "9 (2017); 0 in 2015"),
        ([0.0, NAN, NAN, 19.0], "19 (2018); 0 in 2015, nothing reported for 2016–2017"),
        ([0.0, NAN, 0.0, 19.0], "19 (2018); 0 in 2015, 2017, nothing reported for 2016"),
        ([9.0, NAN, 9.0], "9 each time it is reported"),
        ([0.004, 99.9, 99.996], "up from 0.004 (2015) to 99.996 (2017)"),
    ],
)
def test_a_title_tells_the_figures_that_can_be_compared_and_when_they_were(report, values, title):
    shown = str(charts.series_chart(*with_values(report, values)))
    assert f"<strong>{NAME}: {title}</strong>" in shown or f"<strong>{NAME}: {title} (with care: " in shown


def test_a_series_that_is_not_usable_has_a_sentence_and_no_chart(report):
    given, change = with_values(report, [3.0, 9.0])
    trust = pd.DataFrame([{"indicator": "signatures", "level": "", "reliability": "not_usable"}])
    shown = str(charts.indicator_charts(given, pd.DataFrame([change]), trust))
    assert f"<li>{NAME}: no trend, as figures do not fit the label</li>" in shown and "<figure" not in shown


def test_series_that_hardly_moved_share_a_chart_and_keep_their_titles(report):
    page, changes = Page(report, "en"), measure.changes(report.observations)
    trust = pd.DataFrame(
        [{"indicator": one.indicator, "level": one.level, "reliability": "reliable"} for one in changes.itertuples()]
    )
    shown = str(
        charts.indicator_charts(page, changes[changes["indicator"].isin(["lan", "portals", "signatures"])], trust)
    )
    assert shown.count("<figure") == 2  # 27 to 28 is less than 5 % of 28; 408 to 1,610 is not
    assert "2 series hardly moved: the figures of each differ by no more than 5%" in shown
    assert (
        shown.count("up from 27 (2015) to 28 (31 March 2020) (with care: ") == 4
    )  # said under the title, and to the ear
    assert shown.count(">27</text>") == shown.count(">28</text>") == 2


def test_sums_are_columns_and_a_part_of_a_year_is_hollow(report):
    changes = measure.changes(report.observations)
    row = next(changes[changes["indicator"] == "axis_received"].itertuples(index=False))
    shown = str(charts.series_chart(Page(report, "en"), row))
    assert "Column chart of Documents received over the exchange platform where" in shown
    columns = dict(re.findall(r'fill="(#\w+)" stroke="#0b5394" stroke-width="1.5"><title>([^<]+)', shown))
    assert columns == {
        "#0b5394": "31 December 2019: 140,825",
        "#ffffff": "31 March 2020: 32,398 (provisional)",
    }


def test_the_title_of_a_part_of_a_year_has_its_date(report):
    changes = measure.changes(report.observations)
    row = next(changes[changes["indicator"] == "signatures"].itertuples(index=False))
    assert f"{NAME}: up from 408 (2015) to 1,610 (31 March 2020)" in str(charts.series_chart(Page(report, "en"), row))


@pytest.mark.parametrize(
    ("statuses", "lengths"),
    [("AAAA", [4]), ("AAOA", [2, 1]), ("AABA", [2, 2]), ("AADA", [2, 1, 1]), ("AAUA", [2, 1, 1]), ("AAAP", [3, 1])],
)
def test_lines_end_where_points_cannot_be_compared(report, statuses, lengths):
    values = [NAN if status == "O" else 1.0 + n for n, status in enumerate(statuses)]
    given, change = with_values(report, values, list(statuses))
    assert [len(run) for run in assessment.runs(assessment.series_of(given, change))] == lengths


def test_the_shares_of_a_part_of_a_year_are_joined_to_no_full_year(report):
    changes = measure.changes(report.observations)
    row = next(changes[changes["indicator"] == "e_documents"].itertuples(index=False))
    assert [len(run) for run in assessment.runs(assessment.series_of(Page(report, "en"), row))] == [5, 1]


def test_marks_of_a_chart_are_the_shapes_of_the_tables():
    filled = {code: mark.get("mfc") != PAPER and "fillstyle" not in mark for code, mark in MARKERS.items()}
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
        (ends_of(1991, 2019, "2020-03-31"), "1991 1996 2001 2006 2011 2016 3/2020"),
        (ends_of(1960, 2020), None),
        ([pd.Timestamp(2011, 12, 31), *ends_of(2018, 2022)], "2011 2018 2020 2022"),
        (ends_of(2020, 2020), "2020"),
        ([pd.Timestamp("2020-03-31")], "3/2020"),
    ],
)
def test_year_labels_never_touch_and_the_last_one_stays(dates, said):
    times = [measure.decimal_year(when.date()) for when in dates]
    start = [pd.Timestamp(when.year, 1, 1) for when in dates]
    series = [
        SimpleNamespace(start=day, as_of=when, period=str(when.year)) for day, when in zip(start, dates, strict=True)
    ]
    with chart_axes(left=50) as (_, axes):
        axes.plot(times, [0 for _ in times])
        charts._time_axis(axes, series, charts.time_of)
        labels = axes.get_xticklabels()
        places = [axes.transData.transform((tick, 0))[0] for tick in axes.get_xticks()]
    share = {"left": 0, "center": 0.5, "right": 1}  # of a label that lies to the left of its tick
    wide = [width(label.get_text()) for label in labels]
    starts = [at - share[one.get_ha()] * size for at, one, size in zip(places, labels, wide, strict=True)]
    ends = [start + size for start, size in zip(starts, wide, strict=True)]
    assert all(end + 2 < start for end, start in zip(ends, starts[1:], strict=False))
    assert starts[0] >= 0 and ends[-1] <= WIDTH
    assert said is None or " ".join(label.get_text() for label in labels) == said
    assert len(labels) >= min(4, len(dates))


QUARTERS = {f"Quý {number}/2020": str(100 * (4 - n)) for n, number in enumerate(("I", "II", "III", "IV"))}


def test_what_is_summed_over_quarters_is_told_by_quarter_and_joined_to_no_other_length(report):
    given, change = with_columns(report, QUARTERS | {"Năm 2020": "1000", "Quý I/2021": "390"}, "axis_received")
    runs = [[value for _, value in run] for run in assessment.runs(assessment.series_of(given, change))]
    assert runs == [[1000], [400, 300, 200, 100, 390]]
    chart = str(charts.series_chart(given, change))
    assert "Documents received over the exchange platform: down from 400 (Q1 2020) to 390 (Q1 2021)" in chart
    assert "the first figure is 400 (Q1 2020) and the latest 390 (Q1 2021); highest 400, lowest 100." in chart
    assert "grey: over a period of another length" in chart
    assert "Q1 2020 400, Q1 2021 390" in str(assessment.course_picture(given, change))


def test_what_is_counted_at_the_end_of_quarters_is_one_line_by_date(report):
    given, change = with_columns(report, QUARTERS | {"Năm 2020": "100", "Quý I/2021": "90"})
    (run,) = assessment.runs(assessment.series_of(given, change))
    assert [value for _, value in run] == [400, 300, 200, 100, 90]
    assert f"{NAME}: down from 400 (31 March 2020) to 90 (31 March 2021)" in str(charts.series_chart(given, change))


def test_cumulative_months_stand_apart_on_a_chart(report):
    cells = {"Quý I/2020": "10", "6 tháng đầu năm 2020": "25", "9 tháng năm 2020": "45", "Năm 2020": "70"}
    given, change = with_columns(report, cells, "axis_received")
    assert [len(run) for run in assessment.runs(assessment.series_of(given, change))] == [1, 1, 1, 1]


def test_ticks_name_quarters_months_and_years():
    periods = {"2020-Q1": "2020-03-31", "2020-01-01/P9M": "2020-09-30", "2020": "2020-12-31", "2021-M05": "2021-05-31"}
    points = [SimpleNamespace(period=code, as_of=pd.Timestamp(day)) for code, day in periods.items()]
    assert [charts._tick(point) for point in points] == ["Q1/2020", "9/2020", "2020", "5/2021"]


def test_one_figure_has_no_course(report):
    given, change = with_columns(report, {"Năm 2020 (Tính đến 31/3)": "32.398"}, "axis_received")
    shown = str(charts.series_chart(given, change))
    assert "Documents received over the exchange platform: 32,398 (31 March 2020)" in shown
    assert "with one figure, 32,398 (31 March 2020); one figure has no course." in shown
    assert assessment.course_picture(given, change) == "–"


@pytest.mark.parametrize("values", [[90, 95, 105, 180, 250, 140], [-2, -7.5, -3], [0.2, 0.7], [99.9, 100]])
@pytest.mark.parametrize("unit", ["%", "signatures"])
def test_an_axis_holds_its_data_and_says_no_tick_twice(report, monkeypatch, values, unit):
    given, change = with_values(report, [float(value) for value in values])
    drawn = []
    monkeypatch.setattr(charts.chart, "svg_of", drawn.append)
    charts._drawn(given, change._replace(unit=unit), charts.figures_of(given, change), 60)
    (axes,) = drawn[0].axes
    low, high = axes.get_ylim()
    assert low <= min(values) and max(values) <= high
    texts = [label.get_text() for label in axes.get_yticklabels()]
    assert len(set(texts)) == len(texts) >= 3
    assert unit != "%" or max(values) > 100 or max(axes.get_yticks()) <= 100


def test_time_is_the_order_of_dates_not_of_columns(report):
    annex, path = report.annex, Path("annex.csv")
    columns = [*annex.columns[:2], *reversed(annex.columns[2:])]
    turned = observe(annex[columns], report.catalogue, report.meta, report.assumptions, path)
    pd.testing.assert_frame_equal(turned, report.observations)


def test_the_latest_status_is_that_of_the_longer_period_that_ends_on_a_day(report):
    cells = {"Năm 2018": "900", "Năm 2019": "1000", "Quý IV/2019": "300"}
    page, change = with_columns(report, cells, "axis_received")
    trust = pd.DataFrame([{"indicator": "axis_received", "level": "", "reliability": "reliable"}])
    shown = str(figures.scoreboard(page, pd.DataFrame([change]), trust))
    assert "normal" in shown and "provisional" not in shown


def test_the_key_table_has_no_figure_that_cannot_be_used(report):
    page, change = with_columns(report, {"Năm 2018": "900", "Năm 2019": "1000"}, "axis_received")
    for code, figures_shown in (("with_care", True), ("not_usable", False)):
        trust = pd.DataFrame([{"indicator": "axis_received", "level": "", "reliability": code}])
        (told,) = figures.scoreboard(page, pd.DataFrame([change]), trust).parts
        assert ("1,000" in str(told["rows"]), "+100" in str(told["rows"])) == (figures_shown, figures_shown)
