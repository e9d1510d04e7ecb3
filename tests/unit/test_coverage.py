"""The cover of the plan: the matrix of the reference report, read by hand from its text."""

import re
import shutil
from dataclasses import replace

import pytest

from reformlib.errors import ReformError
from reformlib.load.report import load_report
from reformlib.measure import coverage
from reformlib.measure.base import NOT_THE_SAME
from reformlib.measure.gaps import gaps
from reformlib.present.gaps import coverage as covering
from reformlib.present.page import Page


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


@pytest.fixture(scope="module")
def cover(report):
    return coverage.coverage(report)


def codes(cell):
    return set(cell.split(";")) - {""}


def item(cover, code):
    (found,) = cover[cover["code"] == code].itertuples(index=False)
    return found


def test_all_limitations_causes_and_tasks_are_there(report, cover):
    counts = cover["kind"].value_counts()
    assert (counts["limitation"], counts["cause"], counts["task"]) == (6, 6, 44)
    assert set(cover.loc[cover["kind"] == "task", "code"]) == set(report.tasks["task"])


def test_computers_without_security_have_nothing_behind_them(cover):
    found = item(cover, "computers_not_secured")
    assert codes(found.findings) == {"no_cause", "no_task", "no_target", "no_official_target"}
    assert (found.causes, found.tasks, found.targets) == ("", "", "")


def test_no_limitation_has_a_task_with_a_measurable_target(cover):
    limitations = cover[cover["kind"] == "limitation"]
    assert limitations["findings"].map(lambda cell: "no_target" in codes(cell)).all()


def test_online_services_are_answered_and_measured_by_official_targets(cover):
    found = item(cover, "online_services_short")
    assert {"online_services"} <= codes(found.tasks) and {"T022", "T066", "T052"} <= codes(found.targets)
    assert codes(found.findings) == {"no_target"}


def test_two_causes_have_no_task(cover):
    causes = cover[(cover["kind"] == "cause") & cover["findings"].str.contains("no_task")]
    assert set(causes["code"]) == {"cause_infrastructure", "cause_paper_files"}
    assert codes(item(cover, "cause_habits").findings) == {"part_only"}
    assert codes(item(cover, "cause_systems_unused").tasks) == {"systems_exploited", "use_of_applications"}


def test_tasks_that_repeat_answer_nothing_or_have_a_target(cover):
    tasks = cover[cover["kind"] == "task"]
    repeats = tasks[tasks["findings"].map(lambda cell: "repeats" in codes(cell))]
    assert set(repeats["code"]) == {"legal_review", "sector_programmes", "coordination"}
    answering = tasks[~tasks["findings"].map(lambda cell: "answers_nothing" in codes(cell))]
    assert set(answering["code"]) == {
        "procedure_simplification",
        "communication",
        "egov_supervision",
        "use_of_applications",
        "systems_exploited",
        "system_regulations",
        "service_portal_quality",
        "online_services",
        "certificates",
    }
    assert tasks.loc[tasks["own_target"] != "", "code"].tolist() == ["procedures_posted"]


def test_official_targets_without_task_and_indicator(cover):
    targets = cover[cover["kind"] == "target"]
    assert "T087" not in set(targets["code"])  # binds central bodies
    assert "T017" not in set(targets["code"])  # its deadline had passed
    neither = targets[targets["findings"].map(lambda cell: codes(cell) == {"no_task", "no_indicator"})]
    assert {"T010", "T069", "T091", "T113"} <= set(neither["code"])
    assert len(neither) == 20
    assert item(cover, "T022").findings == "" and item(cover, "T024").findings == "no_indicator"


def test_every_usable_target_is_judged_or_has_an_indicator_to_be_made(report):
    asked = {code for cell in report.catalogue.missing_indicators["targets"] for code in cell.split(";")}
    targets = report.catalogue.targets.set_index("id")
    usable = targets.index[targets["recommended_use"].isin(["use", "use-with-caveat"])]
    rows = gaps(report)
    judged = set(rows.loc[rows["value"].notna() | rows["reason"].isin(NOT_THE_SAME), "target_id"])
    assert set(usable) - judged - asked == {"T087"}
    assert not asked & judged and asked <= set(usable)


def test_links_carry_a_reason_in_both_languages(report):
    links = coverage.links(report)
    assert (links[["why_vi", "why_en"]].map(len) > 20).all(axis=None)
    assert not links.duplicated(["subject", "relation", "object"]).any()


def test_a_link_in_part_says_so_in_every_table(report, cover):
    """Communication changes habits in part; T023 measures one system of several; certificates are a part of signing."""
    page, part = Page(report, "en"), r" \(in part\)"
    assert re.search(rf"Step up communication\.{part}", str(covering.cover_causes(page, cover)))
    assert re.search(rf"T023</a>?\){part}|\(T023\){part}", str(covering.cover_matrix(page, cover)))
    assert re.search(rf"where signatures are required\.{part}", str(covering.measure_next(page, cover)))
    text = str(covering.cover_causes(page, cover))
    assert "Put existing systems and databases to good use in management and online services.<" in text  # a whole link


def test_a_report_without_links_has_holes_everywhere(report):
    bare = coverage.coverage(replace(report, coverage=report.coverage.iloc[:0]))
    limitations = bare[bare["kind"] == "limitation"]
    assert (
        limitations["findings"].str.contains("no_cause").all() and limitations["findings"].str.contains("no_task").all()
    )


def test_a_link_to_nothing_is_refused(report, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(report.folder, folder)
    path = folder / "coverage.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("T022;T037", "T999;T037"), encoding="utf-8")
    with pytest.raises(ReformError, match=r"coverage\.csv.*T999") as error:
        load_report(folder)
    assert "column object" in str(error.value)


def test_a_series_that_is_withheld_is_an_indicator_all_the_same(report, cover):
    held = coverage.coverage(replace(report, withheld=frozenset({("online_services", "3"), ("online_services", "4")})))
    assert "no_indicator" not in codes(item(cover, "T022").findings)
    assert item(held, "T022").findings == item(cover, "T022").findings
