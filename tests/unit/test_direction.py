"""Indicators where lower is better, and values below zero: from the file to what the pages say. Figures by hand."""

from __future__ import annotations

import base64
import re

import pytest

from reformlib.check.findings import findings
from reformlib.check.verdict import CONSISTENT
from reformlib.ingest import readers
from reformlib.ingest.run import ingest
from reformlib.load.report import load_report
from reformlib.load.rows import each_row
from reformlib.measure import change, gaps
from reformlib.present import chart
from reformlib.present.assessment.charts import series_chart
from reformlib.present.gaps import bullet, figures, judged
from reformlib.present.page import Page
from reformlib.present.projections.chances import probability_table
from reformlib.present.spark import bar
from reformlib.project import forecast
from reformlib.project.chances import target_probabilities
from reformlib.project.plan import milestones, proposed_targets
from tests.form_files import write_form

YEARS = "Chỉ tiêu,Năm 2021,Năm 2022,Năm 2023,Năm 2024,Năm 2025"
LATE, OVERDUE, CHANGE = [20, 17, 14, 9, 6], [12, 11, 9, 8, 6], [2, -1.5, -3, -5, -7.5]
FORM = [
    ("late", "Tỷ lệ hồ sơ giải quyết quá hạn", "%", "rate", "S", "0", "100", '20%,17%,14%,9%,6%'),
    ("overdue", "Tỷ lệ văn bản xử lý chậm", "%", "rate", "S", "0", "100", '12%,11%,9%,8%,6%'),
    ("waiting", "Số hồ sơ tồn đọng cuối kỳ", "documents", "stock", "E", "0", "", "900,800,700,600,480"),
    ("posts", "Mức thay đổi biên chế so với năm trước", "%", "rate", "E", "", "", '2%,"-1,5%",-3%,-5%,"-7,5%"'),
]  # fmt: skip
TARGETS = [
    ("T901", "late", "<=", "2", "2028"), ("T902", "late", "=", "0", "2030"),
    ("T903", "waiting", "<=", "100", "2030"), ("T904", "posts", "<=", "-10", "2027"),
    ("T905", "waiting", "<", "480", "2025"), ("T906", "overdue", "<", "6", "2025"),
]  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("falling")
    names = ("indicator", "name_vi", "unit", "measure", "time_collect", "limit_low", "limit_high")
    rows = [dict(zip(names, row, strict=False)) | {"form_row": str(at)} for at, row in enumerate(FORM, start=1)]
    rows = [row | {"short_vi": row["name_vi"], "direction": "decrease"} for row in rows]
    rows = [row | dict.fromkeys(("name_en", "short_en"), row["indicator"].capitalize()) for row in rows]
    about = {"instrument": "Nghị quyết 76/NQ-CP", "section": "x", "scope": "all", "applies_to": "all"}
    about |= {"evidence": "source seen", "recommended_use": "use", "source": "x", "unit": "x"}
    about |= {"instrument_date": "2021-07-15", "confidence_pct": "90"}
    targets = [
        about | dict(zip(("id", "comparator", "value", "target_year"), (code, sign, value, year), strict=True))
        | {"target_en": code, "target_vi": code} for code, _row, sign, value, year in TARGETS
    ]  # fmt: skip
    fits = {"measure": "value", "mapping_quality": "direct"}
    mapping = [fits | {"target": code, "indicator": row} for code, row, *_rest in TARGETS]
    form = write_form(folder / "falling", rows, targets=targets, target_mapping=mapping)
    file = folder / "report.csv"
    file.write_text("\n".join([YEARS, *(f"{row[1]},{row[7]}" for row in FORM), ""]), encoding="utf-8")
    about = {"unit": "Bộ Tư pháp", "edition": "2025", "reader": readers.read}
    return load_report(ingest(file, folder / "report", form=form, **about).folder)


@pytest.fixture(scope="module")
def rows(report):
    return gaps.judged(report, "all")


def test_distance_and_pace_are_those_of_a_fall(rows):
    of = rows[rows["value"].notna()].set_index("target_id")
    # 6 % late, at most 2 % wanted at the end of 2028: 14 of 18 points in 4 of 7 years
    assert of.loc["T901", ["verdict", "gap", "pace_seen"]].tolist() == ["open", 4, -3.5]
    assert of.loc["T901", "pace_needed"] == pytest.approx(-4 / 3)
    assert of.loc["T901", "ratio_linear"] == pytest.approx((14 / 18) / (4 / 7))
    assert of.loc["T903", ["gap", "gap_units"]].tolist() == [380, 380]
    # from +2 to -7.5 %, at most -10 % wanted at the end of 2027: 9.5 of 12 points in 4 of 6 years
    assert of.loc["T904", ["gap", "pace_seen", "pace_needed"]].tolist() == [2.5, -2.375, -1.25]
    assert of.loc["T904", "ratio_linear"] == pytest.approx((9.5 / 12) / (4 / 6))


def test_a_target_is_as_likely_as_that_of_what_is_done_of_the_same_whole(report):
    chances = target_probabilities(report).set_index("target_id")
    on_time = forecast(
        range(2022, 2027), [100 - value for value in LATE], family="share-reported", ceiling=100, at=[2029.0, 2031.0]
    )
    assert chances.at["T901", "p_at_least"] == pytest.approx(on_time.probability_at_least(98)[0])
    # none late at all is not what a share cannot fall below
    assert (
        chances.at["T902", "p_at_least"] == pytest.approx(on_time.probability_at_least(100)[1])
        and chances.at["T902", "p_at_least"] < 0.6
    )
    assert (chances["p_reached_by"] >= chances["p_at_least"]).all()
    # what lies below zero is as likely as the amount by which it does
    below = forecast(range(2022, 2027), [-value for value in CHANGE], family="unbounded", floor=None, at=[2028.0])
    assert chances.at["T904", "p_at_least"] == pytest.approx(below.probability_at_least(10)[0])


def test_the_way_leads_down_and_a_proposal_asks_for_less(report):
    marks = {code: group["value"].tolist() for code, group in milestones(report, 2030).groupby(["indicator", "path"])}
    assert marks["late", "linear"] == pytest.approx([6 - 4 / 3, 6 - 8 / 3, 2, 1, 0])
    assert ("late", "constant_rate") not in marks  # no rate leads to 0
    assert marks["waiting", "linear"] == [404, 328, 252, 176, 100]
    assert marks["waiting", "constant_rate"][0] == 350  # 480 * (100 / 480) ** (1 / 5) = 350.7: fewer, not more
    assert marks["posts", "linear"] == [-8.75, -10, -10, -10, -10]
    done = forecast(
        range(2022, 2027), [100 - value for value in OVERDUE], family="share-reported", ceiling=100, at=[2031.0]
    ).quantile([0.5, 0.8])[0]
    proposal = proposed_targets(report, 2030).set_index("indicator").loc["overdue"]
    assert [proposal["target"], proposal["ambitious"]] == pytest.approx((100 - done).tolist())
    assert proposal["ambitious"] < proposal["target"] < 6


def test_no_check_objects_to_what_may_fall_or_lie_below_zero(report):
    raised = {one.check for one in findings(report) if one.outcome != CONSISTENT}
    assert not raised & {"in-range", "never-falls"}


def test_the_pages_say_which_way_is_better(report, rows):
    page = Page(report, "en")
    shown = {row.target_id: row for row in each_row(rows[rows["value"].notna()])}
    text, ask, pace = figures._told(page, shown["T901"], judged.words(page, shown["T901"]))
    assert text.startswith(
        "At 31 December 2025 it is 4 percentage points above the target of ≤ 2% for 31 December 2028."
    )
    assert ask == "keep the pace."  # 14 of 20 points in 4 years, 4 more in 3
    assert pace == ("It has changed by −3.5 percentage points a year since 31 December 2021; −1.3 a year are needed.")
    assert "380 documents too many" in str(figures.gap_table(page, rows[rows["value"].notna()]))
    assert "≤ −10% (2027)" in str(probability_table(page, target_probabilities(report)))
    posts = next(row for row in each_row(change.changes(report.observations)) if row.indicator == "posts")
    assert "Posts: down from 2%" in (text := str(series_chart(page, posts))) and "; lower is better" in text


def test_a_limit_that_is_to_be_passed_is_not_missed_by_nothing(report, rows):
    """480 documents against fewer than 480, 6 % against less than 6 %."""
    page, shown = Page(report, "en"), {row.target_id: row for row in each_row(rows)}
    assert [shown[code].verdict for code in ("T905", "T906")] == ["missed", "missed"] and shown["T905"].gap_units == 1
    one, share = (figures._told(page, shown[code], judged.words(page, shown[code]))[0] for code in ("T905", "T906"))
    assert one == "At 31 December 2025 it is 1 document above the target of < 480 for 31 December 2025."
    assert share == "At 31 December 2025 it stands at 6%; the target of < 6% for 31 December 2025 asks for better."


def test_pictures_hold_what_lies_below_zero(report, rows):
    page = Page(report, "vi")
    posts = rows[rows["target_id"] == "T904"]
    assert "càng thấp càng tốt" in chart.lower_is_better(page, "posts")
    assert "−7,5%" in str(bullet.bullet_charts(page, posts))
    # from -10 on the left to 0 on the right of 94 points, the bar over three quarters of them
    picture = base64.b64decode(re.search('base64,([^"]+)', bar(-7.5, -10, 0, "bar"))[1]).decode()
    assert "x='23.5' y='8' width='70.5'" in picture
    assert "width='0.0'" in base64.b64decode(re.search('base64,([^"]+)', bar(0, 0, 0, "none of none"))[1]).decode()


def test_the_way_of_a_part_of_a_year_is_told_of_what_compares_and_of_no_full_year(report, rows):
    for language in ("en", "vi"):
        text = str(figures.gap_table(Page(report, language), rows[rows["value"].notna()]))
        assert "last full year" not in text and "năm trọn vẹn" not in text
