"""Headings to periods, and what observations of several periods in a year are known and joined by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml

from reformlib.errors import ReformError
from reformlib.load import contracts
from reformlib.load.assumptions import placed
from reformlib.load.catalogue import load_catalogue
from reformlib.load.meta import ReportMeta
from reformlib.load.observations import check_periods, observe
from reformlib.load.period import addressed, parse_period, periods_of, usual_months
from reformlib.load.report import load_report
from reformlib.locale import period_name
from reformlib.measure.change import changes, stretch
from reformlib.measure.coverage import coverage
from reformlib.measure.gaps import gaps
from reformlib.present.gaps import figures
from reformlib.present.page import Page
from reformlib.project.series import left_out, project

FORM = "cchc-2021"
META = {
    "id": "made-up", "edition": "2021", "form": FORM, "unit_vi": "a", "unit_en": "a", "place_vi": "a", "place_en": "a",
    "title_vi": "a", "title_en": "a", "period_start": 2019, "period_end": 2021, "data_date": "2021-12-31",
    "source_vi": "a", "source_en": "a", "annex_vi": "Biểu", "annex_en": "Form",
}  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "code", "start", "end", "kind"),
    [
        ("Quý I/2020 (từ 15/12/2019 đến 14/3/2020)", "2020-Q1", "2019-12-15", "2020-03-14", "quarter"),
        ("Quý 2, năm 2020", "2020-Q2", "2020-04-01", "2020-06-30", "quarter"),
        ("quý IV năm 2020", "2020-Q4", "2020-10-01", "2020-12-31", "quarter"),
        ("6 tháng đầu năm 2020", "2020-S1", "2020-01-01", "2020-06-30", "to_date"),
        ("6 tháng cuối năm 2020", "2020-S2", "2020-07-01", "2020-12-31", "half"),
        ("9 tháng năm 2020", "2020-01-01/P9M", "2020-01-01", "2020-09-30", "to_date"),
        ("12 tháng năm 2020", "2020", "2020-01-01", "2020-12-31", "year"),
        ("Tháng 02/2020", "2020-M02", "2020-02-01", "2020-02-29", "month"),
        ("Năm 2020 (từ 15/12/2019 đến 14/12/2020)", "2020", "2019-12-15", "2020-12-14", "year"),
        ("2020-S2", "2020-S2", "2020-07-01", "2020-12-31", "half"),
        ("2020-01-01/P100D", "2020-01-01/P100D", "2020-01-01", "2020-04-09", "to_date"),
    ],
)
def test_a_heading_names_a_stretch_of_days(heading, code, start, end, kind):
    read = parse_period(heading)
    assert (read.code, str(read.start), str(read.end), read.kind) == (code, start, end, kind)


@pytest.mark.parametrize("heading", ["Ước năm 2020", "Ước thực hiện năm 2020", "Năm 2020 (ước)", "Ước Quý IV/2020"])
def test_an_estimate_is_told_by_its_heading(heading):
    assert parse_period(heading).estimate
    assert not parse_period("Năm 2020").estimate


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(ReformError, match="it ends on 2021-03-14, before it starts, 2021-12-15"):
        parse_period("Quý I/2021 (từ 15/12 đến 14/3/2021)")


@pytest.mark.parametrize("heading", ["Kế hoạch 2021", "Quý V/2020", "Tháng 13/2020", "0 tháng 2020", "13 tháng 2020"])
def test_what_is_no_period_is_refused(heading):
    with pytest.raises(ReformError, match="cannot read the period"):
        parse_period(heading)


def test_time_goes_by_dates_and_a_year_may_have_several_columns():
    headings = ["Năm 2020", "Quý II/2020", "9 tháng năm 2020", "6 tháng đầu năm 2020", "Quý I/2020"]
    read = periods_of(headings)
    assert [one.code for one in read.values()] == ["2020-Q1", "2020-S1", "2020-Q2", "2020-01-01/P9M", "2020"]
    assert usual_months(read.values()) == 3


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (["Năm 2020", "2020"], "share days"),
        (["9 tháng năm 2020", "9 tháng đầu năm 2020"], "2020-01-01/P9M stands twice"),
        (["Quý I/2020 (từ 15/12/2019 đến 14/4/2020)", "Quý II/2020"], "share days"),
    ],
)
def test_one_period_twice_is_an_error(headings, says):
    with pytest.raises(ReformError, match=says):
        periods_of(headings)


def test_a_year_names_its_only_column_and_a_code_any():
    read = list(periods_of(["Năm 2019", "Quý I/2020", "Quý II/2020"]).values())
    assert addressed(read, 2019).code == "2019"
    assert addressed(read, None, "2020-Q2").code == "2020-Q2"
    with pytest.raises(ReformError, match="2 columns are of 2020") as error:
        addressed(read, 2020)
    assert "2020-Q1, 2020-Q2" in error.value.expected


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        ("2020", "2020", "2020"),
        ("2020-Q3", "quý III/2020", "Q3 2020"),
        ("2020-S1", "6 tháng đầu năm 2020", "first half of 2020"),
        ("2020-M02", "tháng 02/2020", "February 2020"),
        ("2020-01-01/P9M", "9 tháng đầu năm 2020", "first 9 months of 2020"),
        ("2020-01-15/P100D", "100 ngày từ 15/01/2020", "100 days from 15 January 2020"),
    ],
)
def test_what_a_period_is_called(code, vi, en):
    assert (period_name(code, "vi"), period_name(code, "en")) == (vi, en)


def annex(headings: list[str], **rows: list[str]) -> pd.DataFrame:
    """annex.csv of the form with some of its rows, by indicator."""
    form = load_catalogue(FORM).by_indicator
    return pd.DataFrame(
        [[str(form.at[code, "form_row"]), form.at[code, "name_vi"], *cells] for code, cells in rows.items()],
        columns=["form_row", "label", *headings],
    )


def observed(headings: list[str], log=(), **rows: list[str]) -> pd.DataFrame:
    table = annex(headings, **rows)
    where = Path("annex.csv")
    entries = placed(list(log), periods_of(headings).values(), where)
    return observe(table, load_catalogue(FORM), ReportMeta.model_validate(META), entries, where)


QUARTERS = ["Quý I/2020", "Quý II/2020", "Quý III/2020", "Quý IV/2020", "Quý I/2021"]


def test_quarters_are_whole_periods_and_flows_join_like_with_like():
    seen = observed(QUARTERS, dossiers=["100", "200", "300", "400", "130"], procedures=["50", "49", "48", "47", "46"])
    assert seen["period"].tolist()[:5] == ["2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4", "2021-Q1"]
    assert set(seen["status"]) == {"A"}
    points = {code: list(rows.itertuples()) for code, rows in seen.groupby("indicator")}
    # quarter I beside quarter I of the year before; a stock at every date
    assert stretch(points["dossiers"]) == [0, 4]
    assert stretch(points["procedures"]) == [0, 1, 2, 3, 4]
    told = changes(seen).set_index("indicator")
    assert told.loc["dossiers", ["first", "last", "change", "years"]].tolist() == [100, 130, 30, 1]
    assert told.loc["procedures", "change"] == -4


def test_columns_within_a_year_are_never_added_or_put_on_one_line():
    headings = ["Quý I/2020", "6 tháng đầu năm 2020", "9 tháng năm 2020", "Năm 2020"]
    seen = observed(headings, dossiers=["100", "300", "600", "1000"])
    assert stretch(list(seen.itertuples())) == [3]  # four periods of unlike length: the year's stands
    assert changes(seen)["reason"].tolist() == ["only one point can be compared"]


def test_of_two_figures_of_one_day_that_of_the_longer_period_stands():
    seen = observed(["Quý II/2020", "6 tháng đầu năm 2020"], procedures=["50", "50"])
    assert seen["period"].tolist() == ["2020-S1", "2020-Q2"]
    assert stretch(list(seen.itertuples())) == [0]


def test_what_covers_less_time_than_usual_is_provisional():
    seen = observed(["Năm 2019", "Năm 2020", "6 tháng đầu năm 2021"], dossiers=["1", "2", "3"], procedures=["1"] * 3)
    by_row = seen.groupby("indicator")["status"].agg(list)
    assert by_row["dossiers"] == ["A", "A", "P"] and by_row["procedures"] == ["A", "A", "A"]
    note = seen.loc[seen["status"] == "P", ["note", "note_vi"]].iloc[0].tolist()
    assert note == [
        "covers 1 January to 30 June 2021 only",
        "chỉ tính từ ngày 01 tháng 01 đến ngày 30 tháng 6 năm 2021",
    ]


def test_of_a_share_of_a_year_so_far_the_first_day_is_not_told():
    headings = ["Năm 2020", "Năm 2021 (Tính đến 30/6)", "6 tháng đầu năm 2022"]
    seen = observed(headings, dossiers=["9"] * 3, dossiers_online=["4%", "5%", "6%"])
    notes = seen.query("indicator == 'dossiers_online'")["note"].tolist()
    assert notes[1] == "column stops at 30 June 2021; whether counted from 1 January is not told"
    assert notes[2] == "covers 1 January to 30 June 2022 only"


def test_an_estimate_has_its_status():
    assert observed(["Năm 2019", "Ước năm 2020"], procedures=["1", "2"])["status"].tolist() == ["A", "E"]


def test_an_entry_of_the_log_names_a_quarter():
    cell = {"indicator": "dossiers", "year": None, "period": "2020-Q2", "level": "", "expects": "200", "becomes": "210"}
    entry = {"id": "typing-error", "status": None, "what_en": "typed", "what_vi": "gõ", "cells": [cell]}
    seen = observed(QUARTERS, [entry], dossiers=["100", "200", "300", "400", "130"])
    assert seen["value"].tolist() == [100, 210, 300, 400, 130]
    wrong = entry | {"cells": [cell | {"period": "", "year": 2020}]}
    with pytest.raises(ReformError, match=r"entry typing-error: .* 4 columns are of 2020"):
        observed(QUARTERS, [wrong], dossiers=["1"] * 5)


@pytest.mark.parametrize(
    ("headings", "issued", "frequencies", "says"),
    [
        (["Năm 2023"], "2023-06-10", [], "row 1, column Năm 2023: ends on 2023-12-31, the report is of 2023-06-10"),
        (["Năm 2022", "Quý I/2023"], "", ["A"], "row 1, column Quý I/2023: the form made-up is not filled in by the q"),
    ],
)
def test_periods_that_a_report_cannot_have(headings, issued, frequencies, says, tmp_path):
    meta = ReportMeta.model_validate(META | {"issued": issued})
    form = load_catalogue(FORM)
    kept = form.form.model_copy(update={"id": "made-up", "frequencies": frequencies})
    form = replace(form, form=kept)
    with pytest.raises(ReformError, match=says):
        check_periods(periods_of(headings), form, meta, tmp_path / "annex.csv")


@pytest.mark.parametrize(
    ("headings", "issued", "frequencies"),
    [
        (["Ước năm 2023"], "2023-06-10", []),
        (["Năm 2023 (Tính đến 31/5)"], "2023-06-10", ["A"]),
        (["6 tháng đầu năm 2023"], "2023-06", ["A"]),
        (["Năm 2023"], "2023", ["A"]),
    ],
)
def test_periods_that_it_can_have(headings, issued, frequencies, tmp_path):
    meta = ReportMeta.model_validate(META | {"issued": issued})
    form = load_catalogue(FORM)
    kept = form.form.model_copy(update={"frequencies": frequencies})
    form = replace(form, form=kept)
    check_periods(periods_of(headings), form, meta, tmp_path / "annex.csv")


def test_a_reporting_year_is_named_after_the_year_it_ends_in():
    read = parse_period("Năm 2020 (từ 15/12/2019 đến 14/12/2020)")
    assert (read.year, read.months, read.cut, read.start) == (2020, 12, False, date(2019, 12, 15))


def report_of(tmp_path, headings: list[str], **rows: list[str]):
    """A report with some rows of the form, made up."""
    folder = tmp_path / META["id"]
    folder.mkdir()
    for name in contracts.REPORT:
        (folder / name).write_text(",".join(contracts.REPORT[name]) + "\n", encoding="utf-8")
    annex(headings, **rows).to_csv(folder / "annex.csv", index=False)
    last = max(one.end for one in periods_of(headings).values())
    about = META | {"data_date": str(last), "made_up": True}
    (folder / "report.yml").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    return load_report(folder)


def test_a_flow_of_a_quarter_is_held_against_no_target_of_a_year_and_not_projected(tmp_path):
    counts, shares = ["100", "200", "300", "400", "130"], ["60%", "62%", "64%", "66%", "68%"]
    figures = {"dossiers": counts, "dossiers_online": shares, "procedures": ["50", "49", "48", "47", "46"]}
    report = report_of(tmp_path, QUARTERS, **figures)
    assert project(report, "dossiers", "").basis == "part_of_year"
    # the law knows series of yearly figures: of five quarters the two that are a year apart
    assert project(report, "procedures", "").points["value"].tolist() == [50, 46]
    left = left_out(report)
    assert left.loc[left["indicator"] == "procedures", "period"].tolist() == ["2020-Q2", "2020-Q3", "2020-Q4"]
    # a share of a quarter is held against a target, and said to be of a part of the year; but no quarter tells whether
    # the year met what was due in it
    judged = gaps(report)
    judged = judged[(judged["indicator"] == "dossiers_online") & judged["value"].notna()]
    assert len(judged) and judged["caveat"].str.contains("partial_year").all()


def test_a_quarter_tells_not_whether_the_year_met_what_was_due_in_it(tmp_path):
    headings = [heading.replace("2021", "2026").replace("2020", "2025") for heading in QUARTERS]
    report = report_of(tmp_path, headings, dossiers=["9"] * 5, dossiers_full_online=["55%", "58%", "62%", "85%", "86%"])
    due = gaps(report).set_index("target_id").loc["T054"]  # 80 % by the end of 2025
    assert (due["verdict"], due["reason"]) == ("not_assessable", "part_of_year")


def test_quarters_of_two_years_are_told_as_no_full_years(tmp_path):
    report = report_of(tmp_path, QUARTERS, dossiers=["9"] * 5, dossiers_online=["43%", "44%", "45%", "46%", "40%"])
    rows = gaps(report)
    text = str(figures.overview(Page(report, "en"), rows, coverage(report)))
    assert "full year" not in text
    assert "it has changed by −3.0 percentage points a year since 31 March 2020 (Q1 2020)" in text


def test_a_zero_over_nothing_keeps_what_else_is_said_of_it():
    found = observed(["Năm 2019", "Năm 2020"], dossiers=["5", "0"], dossiers_online=["40%", "0% (chưa có)"])
    notes = found.loc[found["indicator"] == "dossiers_online", "note"].tolist()
    assert notes[1] == "printed: “chưa có”; printed 0 while row 8 is 0: a true 0% or no base, not told; not used"
