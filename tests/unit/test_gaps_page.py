"""The gap page: every part stands for every set of targets, in both languages, and never mixes them."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from reformlib.load.catalogue import load_catalogue
from reformlib.load.observations import observe
from reformlib.locale import LANGUAGES
from reformlib.measure import coverage, gaps
from reformlib.measure.methods import progress_table
from reformlib.paths import form_names
from reformlib.present.gaps import bullet, judged, methods, pace, targets
from reformlib.present.gaps import coverage as covering
from reformlib.present.gaps import figures as gap
from reformlib.present.page import Page
from tests.one_base import on_one_base

WORDED = ("section", "scope", "evidence_grade")


@pytest.fixture(scope="module")
def report():
    return on_one_base()


def parts(report, language, target_set="all"):
    page, rows = Page(report, language), gaps.gaps(report, target_set)
    judged, told, cover = (
        rows[rows["value"].notna()],
        progress_table(report, target_set),
        coverage.coverage(report),
    )
    return {
        "summary": gap.overview(page, rows, cover),
        "bullets": bullet.bullet_charts(page, judged),
        "key": gap.key_table(page, judged),
        "gaps": gap.gap_table(page, judged),
        "pace": pace.pace_chart(page, judged),
        "methods": methods.methods_table(page, told),
        "disagreements": methods.disagreements(page, told),
        "conflicts": targets.conflicts(page, gaps.conflicts(report, rows)),
        "unassessed": targets.unassessed(page, rows),
        "counted": targets.counted(page, rows),
        "matrix": covering.cover_matrix(page, cover),
        "causes": covering.cover_causes(page, cover),
        "tasks": covering.cover_tasks(page, cover),
        "next": covering.measure_next(page, cover),
        "sources": targets.target_sources(page, judged),
        "others": targets.other_targets(page, rows),
    }


@pytest.mark.parametrize("target_set", ["all", "national_resolution", "provincial_plan"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_stands_for_every_set(report, language, target_set):
    assert all(str(part).strip() for part in parts(report, language, target_set).values())


def test_every_target_that_the_page_names_stands_somewhere_in_words(report):
    """Also one that is only named as asked of the successor."""
    told = {name: str(part) for name, part in parts(report, "en").items()}
    named = {code for text in told.values() for code in re.findall(r"(?<!\w)T\d{3}(?!\d)", text)}
    worded = {code for text in told.values() for code in re.findall(r'id="(T\d{3})"', text)}
    assert named == worded and {"T105", "T109"} <= set(re.findall(r'id="(T\d{3})"', told["others"]))


def test_a_page_of_some_targets_says_of_which_under_its_title_and_in_its_verdict(report):
    page, rows = Page(report, "en"), gaps.gaps(report, "provincial_plan")
    only = "Only targets of: resolutions and plans of the province."
    assert only in str(gap.heading(page, rows)) and only in str(parts(report, "en", "provincial_plan")["summary"])
    assert "Only targets" not in str(gap.heading(page, gaps.gaps(report)))


def test_the_summary_has_a_number_a_comparison_and_what_is_asked(report):
    text = str(parts(report, "en")["summary"])
    assert re.search(
        r"13 can be compared directly with a figure of the report(?: \([^)]*\))?: 1 met already "
        r"by the figure alone, before the deadline, none missed, 12 not yet due",
        text,
    )
    assert "1 met already by the figure alone, before the deadline, none missed, 12 not yet due and not" in text
    assert "level 4, share of the 1,949 administrative procedures on the provincial service portal" in text
    assert "46 online public services short of the target of 30% for 31 December 2020" in text
    assert "changed by +12.0 percentage points a year since 31 December 2017; +3.1 a year are needed" in text
    assert "6.4 percentage points short of the target of 100% for 31 December 2020" in text
    assert "from the full year 2018 to the full year 2019 the change was +2.1 percentage points a year" in text
    assert (
        "100% by 31 December 2025 for the former Trà Vinh: 12.6 percentage points a year; so far +12.0 a year" in text
    )
    # 12 open targets in 9 rows, of which 3 are implied by 100 % in 2025
    assert ">3/6<" in text
    assert "Of 44 tasks in the plan, 1 with a measurable target; of 6 limitations" in text
    assert "5 addressed by tasks (3 only in part), none by a task with a measurable target" in text
    assert 3 <= text.count("<li>") <= 5 and text.count("<li>") == text.count(">Request:<")
    assert "46 dịch vụ công trực tuyến" in str(parts(report, "vi")["summary"])


def test_one_bullet_chart_with_a_row_an_indicator_nearest_deadline_first(report):
    rows = gaps.gaps(report)
    charts = str(bullet.bullet_charts(Page(report, "en"), rows[rows["value"].notna()]))
    assert charts.count("<figure") == 1 and charts.count("<table") == 4  # one axis, all shares
    assert "27.66% (31 March 2020): 30% (2020), 80% (2025), 100% (2025, 2027, 2030)" in charts
    assert "4 figures against their nearest targets: 1 met, 0 missed, 3 not yet reached" in charts


def test_the_disagreement_is_told_in_words(report):
    text = str(parts(report, "en")["disagreements"])
    assert "gives a ratio of 5.29, fast enough" in text and "give 0.73, too slow" in text
    assert "The linear path gives 1.21 either way" in text
    told, whom = (
        "from the first figure above zero: Online public services, level 4: 80% (2025",
        "for the former Trà Vinh)",
    )
    later = (f"Online public services, level 4: 100% ({year} {whom}" for year in (2027, 2030))
    assert f"{told} {whom}; {'; '.join(later)}." in text
    assert "compound growth as Statistics Canada judges it (statcan-2025), the rest of the whole: " in text


def test_a_report_without_causes_and_links_still_has_its_page(report):
    bare = replace(
        report,
        coverage=report.coverage.iloc[:0],
        limitations=report.limitations[report.limitations["kind"] != "cause"],
        folder=Path("elsewhere"),  # its own checks are on the causes too
    )
    assert "The report gives no cause." in str(parts(bare, "en")["causes"])


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "mức độ 4 là nộp cả lệ phí"), ("en", "at level 4 fees are paid")]
)
def test_what_a_form_says_of_its_rows_is_printed_and_of_another_nothing(report, language, said):
    assert said in str(targets.form_notes(Page(report, language)))
    form = report.catalogue.form.model_copy(update={"notes_vi": [], "notes_en": []})
    other = replace(report, catalogue=replace(report.catalogue, form=form))
    assert "<li>" not in str(targets.form_notes(Page(other, language)))


def test_every_text_of_the_targets_is_there_in_both_languages():
    """Sections, who is bound, grades of evidence and how well an indicator fits, of all forms."""
    for form in form_names():
        catalogue = load_catalogue(form)
        texts = {text.replace("[unverified]", "").strip() for name in WORDED for text in catalogue.targets[name]}
        texts |= set(catalogue.target_mapping["mapping_quality"])
        assert texts - {""} <= set(catalogue.words["text_en"])


def test_a_figure_of_a_quarter_is_told_by_its_quarter_and_followed_to_its_column(report):
    cells = {"Quý IV/2019": "90%", "Năm 2019": "88%", "Quý I/2020": "91%"}
    annex = pd.DataFrame([{"form_row": "13", "label": "", **cells}])
    observations = observe(annex, report.catalogue, report.meta, [], Path("annex.csv"))
    page, rows = Page(replace(report, observations=observations), "en"), gaps.gaps(report)
    row = next(rows[rows["target_id"] == "T023"].itertuples(index=False))
    quarter = row._replace(value=91.0, as_of=pd.Timestamp("2020-03-31"))
    assert judged.dated(page, quarter) == "31 March 2020 (Q1 2020)"
    for value, period in ((90.0, "Q4 2019"), (88.0, "2019")):  # both end on one day
        ended = row._replace(value=value, as_of=pd.Timestamp("2019-12-31"))
        assert judged.figure_evidence(page, ended).place.endswith(f", row 13, {period}")
    assert judged.dated(page, ended) == "31 December 2019"


def test_every_target_that_the_page_names_stands_there_with_its_text_and_where_it_was_seen(report):
    shown = "".join(map(str, parts(report, "en", "all").values()))
    explained = re.findall(r'<span id="(T\d+)" class="code">', shown)
    about = report.catalogue.target_mapping["target"]
    assert {"T020", "T039", "T059"} <= set(explained)
    assert set(about) & set(report.targets["id"]) <= set(explained)
    assert 'href="https://vnexpress.net/viet-nam-phan-dau-top-dau-asean-ve-chinh-phu-dien-tu-4008719.html"' in shown
    link = '<a href="https://github.com/who/what/blob/12ab/data/x.json">who/what</a>'
    assert targets.sources("github:who/what@12ab:data/x.json (a note)") == link
