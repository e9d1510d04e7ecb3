"""The gap page: every part stands for every set of targets, in both languages, and never mixes them."""

from dataclasses import replace

import pytest

from reformlib import coverage, gaps
from reformlib.load import load_report
from reformlib.locale import LANGUAGES
from reformlib.present import cover as covering
from reformlib.present import gap, methods, pace, targets


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


def parts(report, language, target_set="all"):
    rows = gaps.gaps(report, target_set)
    judged, told, cover = (
        rows[rows["value"].notna()],
        gaps.progress_table(report, target_set),
        coverage.coverage(report),
    )
    return {
        "summary": gap.overview(report, rows, cover, language),
        "bullets": gap.bullet_charts(report, judged, language),
        "key": gap.key_table(report, judged, language),
        "gaps": gap.gap_table(report, judged, language),
        "pace": pace.pace_chart(report, judged, language),
        "methods": methods.methods_table(report, told, language),
        "disagreements": methods.disagreements(report, told, language),
        "conflicts": targets.conflicts(report, gaps.conflicts(report, rows), language),
        "unassessed": targets.unassessed(report, rows, language),
        "counted": targets.counted(report, rows, language),
        "matrix": covering.cover_matrix(report, cover, language),
        "causes": covering.cover_causes(report, cover, language),
        "tasks": covering.cover_tasks(report, cover, language),
        "next": covering.measure_next(report, cover, language),
        "sources": targets.target_sources(report, judged, language),
    }


@pytest.mark.parametrize("target_set", ["all", "national_resolution", "provincial_plan"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_stands_for_every_set(report, language, target_set):
    assert all(str(part).strip() for part in parts(report, language, target_set).values())


def test_the_summary_has_a_number_a_comparison_and_what_is_asked(report):
    text = str(parts(report, "en")["summary"])
    assert "Of 118 official targets, 13 can be held against a figure" in text
    short = "short of the target of"
    assert f"46 online public services {short} 30% by 31 December 2020; +6.5 points a year seen, +3.1 needed" in text
    assert f"6.4 points {short} 100% by 31 December 2020; −1.6 points a year seen, +8.5 needed" in text
    assert "needs 12.6 points a year, 1.9 times the pace seen of 6.5" in text
    assert "Of 6 limitations the report states, 5 are answered by a task, 3 of them in part only, and 0 by one" in text
    assert 3 <= text.count("<li>") <= 5 and text.count("<li>") == text.count(">Request:<")
    assert "46 dịch vụ công trực tuyến" in str(parts(report, "vi")["summary"])


def test_one_bullet_chart_an_indicator_nearest_deadline_first(report):
    rows = gaps.gaps(report)
    charts = str(gap.bullet_charts(report, rows[rows["value"].notna()], "en"))
    assert charts.count("<figure") == 4
    assert "the targets are 30% (2020); 80% (2025); 100% (2025, 2027, 2030)" in charts


def test_the_disagreement_is_told_in_words(report):
    text = str(parts(report, "en")["disagreements"])
    assert "gives a ratio of 5.29, fast enough" in text and "give 0.73, too slow" in text
    assert "The linear path gives 1.21 either way" in text
    assert "compound growth as Statistics Canada judges it (statcan-2025), share not done: " in text


def test_a_report_without_causes_and_links_still_has_its_page(report):
    bare = replace(
        report,
        coverage=report.coverage.iloc[:0],
        limitations=report.limitations[report.limitations["kind"] != "cause"],
    )
    assert "The report gives no cause." in str(parts(bare, "en")["causes"])
