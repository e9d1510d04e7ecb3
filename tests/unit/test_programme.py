"""What the programme's objectives came to: the rule by hand, planted evidence, and what the page says of it."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from reformlib.check.withheld import withhold
from reformlib.errors import ReformError
from reformlib.load.fields import FIELDS
from reformlib.load.form_rules import check_rules
from reformlib.load.report import load_report
from reformlib.load.validate import framed, read_columns
from reformlib.measure.programme import by_domain, judged, judged_together, programme
from reformlib.present.assessment import programme as shown
from reformlib.present.assessment.findings import not_covered
from reformlib.present.page import Page
from tests.conftest import REPO


@pytest.fixture(scope="module")
def report():
    return withhold(load_report("tra-vinh-2020"))


@pytest.fixture(scope="module")
def rows(report):
    return programme(report).set_index("objective")


def planted(report, *rows: dict):
    """The report with other evidence; each row says objective, bears, extent and what it names."""
    blank = dict.fromkeys(FIELDS["objective_evidence.csv"], "") | {"scope": "place", "why_vi": "vì", "why_en": "as"}
    return replace(report, objective_evidence=pd.DataFrame([blank | row for row in rows]))


def seen(report, **grades: str):
    """The report, its objectives seen or not as `grades` says of each; those not named: from memory."""
    made = report.catalogue.objectives
    made = made.assign(grade=made["objective"].map(grades).fillna("memory"))
    return replace(report, catalogue=replace(report.catalogue, objectives=made))


@pytest.mark.parametrize(
    ("evidence", "judgement"),
    [
        ([("outcome", "direct")], "reached"),
        ([("met", "direct"), ("activity", "part"), ("claim", "direct")], "reached"),
        ([("met", "part")], "in_part"),
        ([("met", "direct"), ("against", "part")], "in_part"),
        ([("outcome", "part"), ("unmet", "direct")], "in_part"),
        ([("unmet", "direct"), ("activity", "direct")], "not_reached"),
        ([("against", "part")], "no_evidence"),
        ([("claim", "direct"), ("activity", "direct"), ("undecided", "direct")], "no_evidence"),
        ([], "no_evidence"),
    ],
)
def test_the_rule_of_an_objective_by_hand(evidence, judgement):
    assert judged(evidence) == judgement


@pytest.mark.parametrize(
    ("judgements", "together"),
    [
        (["reached", "reached", "unconfirmed"], "reached"),
        (["reached", "no_evidence"], "in_part"),
        (["in_part", "not_reached"], "in_part"),
        (["not_reached", "no_evidence"], "not_reached"),
        (["no_evidence", "unconfirmed"], "no_evidence"),
        (["unconfirmed"], "no_objective"),
        ([], "no_objective"),
    ],
)
def test_the_rule_of_a_domain_by_hand(judgements, together):
    assert judged_together(judgements) == together


def test_only_what_was_seen_and_is_of_the_period_is_judged(report, rows):
    about = report.catalogue.objectives.set_index("objective").loc[rows.index]
    assert about["period_start"].ge(2011).all() and about["period_end"].le(2020).all()
    assert (rows["judgement"] == "unconfirmed").tolist() == (about["grade"] == "memory").tolist()
    assert rows["judgement"].value_counts().to_dict() == {
        "unconfirmed": 22,
        "no_evidence": 19,
        "in_part": 10,
        "not_reached": 1,
    }


def test_the_domains_of_the_report(report):
    domains = by_domain(report).set_index("domain")
    assert domains["judgement"].to_dict() == {
        **{"1": "no_evidence", "2": "in_part", "3": "in_part"},
        **{"4": "in_part", "5": "no_objective", "6": "in_part"},
    }
    assert domains["scope"].tolist() == ["", "unit", "unit", "unit", "", "place;untold"]
    assert domains["none_stated"].tolist() == [True] * 5 + [False]
    assert {"quality_management", "reception_desk"} <= set(domains.loc["2", "systems"].split(";"))


def test_nothing_found_lists_the_sections_that_were_searched(rows):
    assert rows.loc["P004", ["judgement", "searched"]].tolist() == ["no_evidence", "II.1.1;II.1.2;I.1;I.2;I.3;III"]
    assert (rows["searched"] != "").equals(rows["judgement"] == "no_evidence")


def test_no_objective_that_was_seen(report):
    none = seen(report)
    assert set(by_domain(none)["judgement"]) == {"no_objective"}
    page = Page(none, "en")
    assert shown.findings(page) == [] and "The confirmed objectives one by one: none" in str(shown.programme(page))


def test_evidence_on_an_objective_from_memory_judges_nothing(report):
    outcome = {"objective": "P021", "bears": "outcome", "extent": "direct"}
    assert programme(planted(report, outcome)).set_index("objective").loc["P021", "judgement"] == "unconfirmed"


@pytest.mark.parametrize(
    ("row", "judgement"),
    [
        ({"bears": "outcome", "extent": "direct"}, "reached"),
        ({"bears": "outcome", "extent": "direct", "scope": "unit"}, "in_part"),  # one unit is a part of the state
        ({"bears": "outcome", "extent": "direct", "scope": "untold"}, "in_part"),  # as may some bodies of the place
        ({"bears": "outcome", "extent": "part"}, "in_part"),
        ({"bears": "activity", "extent": "direct"}, "no_evidence"),
    ],
)
def test_planted_evidence(report, row, judgement):
    own = programme(planted(report, {"objective": "P003"} | row)).set_index("objective").loc["P003"]
    assert (own["judgement"], own["scope"]) == (
        judgement,
        "" if judgement == "no_evidence" else row.get("scope", "place"),
    )


def test_a_figure_that_contradicts_is_not_reached(report):
    figure = {"objective": "P037", "bears": "figure", "extent": "direct", "facts": "staff_cut_share"}
    facts = report.facts.assign(value=report.facts["value"].mask(report.facts["fact"] == "staff_cut_share", 9.9))
    below = replace(planted(report, figure), facts=facts)
    own = programme(below).set_index("objective").loc["P037"]
    assert (own["judgement"], own["bears"], own["value"], own["target"]) == ("not_reached", "unmet", 9.9, 10)


@pytest.mark.parametrize(("asked", "judgement", "scope"), [(100, "not_reached", "untold"), (99, "no_evidence", "")])
def test_short_of_all_is_short_whoever_it_is_of(report, asked, judgement, scope):
    """90 % of the departments or of the province: not 100 % of all in either; of less than all it cannot be told."""
    made = report.catalogue.objectives
    made = made.assign(value=made["value"].mask(made["objective"] == "P028", asked))
    figure = {"objective": "P028", "bears": "figure", "extent": "direct", "indicators": "e_documents"}
    asking = replace(report, catalogue=replace(report.catalogue, objectives=made))
    held = planted(asking, figure | {"scope": "untold"})
    own = programme(held).set_index("objective").loc["P028"]
    assert (own["value"], own["bears"], own["judgement"], own["scope"]) == (90, "unmet", judgement, scope)


def test_words_without_their_requirement_are_against_a_part_only(report, rows):
    assert rows.loc["P053", ["judgement", "bears"]].tolist() == ["no_evidence", "undecided;against"]
    assert rows.loc[["P051", "P054", "P050"], "scope"].tolist() == ["untold", "untold", "place"]


def test_a_goal_without_an_indicator_is_judged_alike_in_both_places(report, rows):
    (told,) = not_covered(Page(report, "en")).parts
    codes = ("P008", "P009", "P043", "P055")
    assert [row[2]["text"] for row in told["rows"]] == [f"no evidence ({code})" for code in codes]
    reached = planted(report, {"objective": "P055", "bears": "outcome", "extent": "direct"})
    assert "reached (P055)" in str(not_covered(Page(reached, "en")))


def test_what_was_cut_is_taken_of_that_and_of_what_is_left(rows):
    # 4 of 4 + 28 posts
    assert rows.loc["P040", ["value", "target", "bears"]].tolist() == [100 * 4 / 32, 10, "met"]


def test_an_official_target_is_judged_as_the_gap_analysis_does(report, rows):
    gaps = {row.target_id: row for row in load_gaps(report)}
    for code, target in {"P053": "T022", "P054": "T023", "P051": "T020"}.items():
        if pd.notna(gaps[target].value):
            assert rows.loc[code, "compared"] == target and rows.loc[code, "value"] == gaps[target].value
            assert rows.loc[code, "bears"].startswith("met" if gaps[target].verdict == "achieved" else "unmet")


def load_gaps(report):
    from reformlib.measure.gaps import gaps

    found = gaps(report)
    return found[found["indicator"] != "one_stop_units"].itertuples(index=False)


def test_a_figure_in_need_of_care_reaches_nothing_by_itself(report):
    figure = {"objective": "P028", "bears": "figure", "extent": "direct", "indicators": "e_documents"}
    own = programme(planted(report, figure)).set_index("objective").loc["P028"]
    assert (own["judgement"], own["value"], own["target"]) == ("in_part", 90, 60)


def test_a_series_that_is_withheld_decides_nothing(report):
    figure = {"objective": "P028", "bears": "figure", "extent": "direct", "indicators": "e_documents"}
    held = replace(planted(report, figure), withheld=frozenset({("e_documents", "")}))
    assert programme(held).set_index("objective").loc["P028", ["judgement", "bears"]].tolist() == [
        "no_evidence",
        "undecided",
    ]


@pytest.mark.parametrize("name", ["vi-du-binh-nguyen-2025", "tra-vinh-papi-2024", "vi-du-par-index-2023"])
def test_a_report_without_evidence_has_no_such_section(name):
    page = Page(load_report(name), "vi")
    assert str(shown.programme(page)) == shown.verdict(page) == "" and shown.findings(page) == []


def text_of(part: object) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", str(part)))


def test_the_page_in_both_languages(report):
    page = Page(report, "en")
    text = text_of(shown.programme(page))
    assert "found: work done; searched: II.1.1; II.1.2; I.1; I.2; I.3; III" in text
    assert "Quality management system (TCVN ISO 9001:2015)" in text and "no confirmed objective" in text
    assert shown.verdict(page) == (
        "Of 6 reform domains none is shown to have reached all confirmed objectives of the period (4 reached in part, "
        "that is with an objective reached at least in part, 3 of them by the reporting unit only; 1 no evidence; "
        "1 no confirmed objective)."
    )
    assert text.count("not told; by 31 March 2020, not yet due)") == 1
    assert text.count("not told; by its figure alone T020 is achieved, as on page 02)") == 1
    first = text_of(shown.findings(page)[0].text)
    assert first.startswith(
        "Reached in part: 10, 6 of them by the reporting unit only; 4 of those 6 rest on one and the same result (the "
        "report: Posts were cut by 12.5%, ahead of schedule). Not reached by 31 March 2020: 1, of which not yet due: "
        "1. No evidence: 19. Due after 2020: 6 of the 30."
    )
    rows = programme(report).query("judgement != 'unconfirmed'")["objective"]
    assert sum(f", due 2021; {one})" in text for one in rows) == 6  # each can be counted in the rows
    reached, silent = shown.findings(page)
    assert "(7 of the 30 were due by 31 March 2020)" in reached.about
    assert "(1 of the 5 without a confirmed objective)" in silent.about
    assert "(Resolution 30c/NQ-CP) set 7 of the 30, reached in part: 1; 9 other instruments" in first
    figures = [(one.figure, one.place) for one in shown.findings(page)]
    assert figures == [("0/30", "objectives.csv"), ("5/6", "II.1.2, II.2.2, II.3.2, II.4.2, II.5.2")]
    vi = Page(report, "vi")
    assert "Đánh giá chương trình theo sáu lĩnh vực" in text_of(shown.programme(vi))
    assert "đặt ra 7/30 mục tiêu, trong đó đạt một phần: 1;" in text_of(shown.findings(vi)[0].text)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("\nP001,activity", "\nP999,activity", r"objective_evidence\.csv, row 2, column objective: must name a row"),
        ("\nP001,activity", "\nP001,result", r"objective_evidence\.csv, row 2, column bears: must be one of"),
        ("\nP001,activity", "\nP001,figure", r"row 2, column objective: must be measurable, as bears is figure"),
        ("staff_cut_share", "civil_servant_posts", r"column facts: must be a share in %, or what was cut"),
        ("legal_review", "legal_reviews", r"row 2, column results: must name a row of results\.csv"),
    ],
)
def test_a_broken_row_of_evidence_is_told_with_its_place(tmp_path, before, after, message):
    folder = shutil.copytree(REPO / "data" / "reports" / "tra-vinh-2020", tmp_path / "tra-vinh-2020")
    file = folder / "objective_evidence.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ReformError, match=message):
        load_report(folder)


def test_a_measurable_objective_needs_its_value(tmp_path):
    columns = read_columns(REPO / "data" / "targets" / "objectives.csv", FIELDS["objectives.csv"])
    at = columns["objective"].index("P008")
    columns["value"][at] = ""
    with pytest.raises(ReformError, match=rf"objectives\.csv, row {at + 2}, column value: must be filled, as kind is"):
        check_rules(tmp_path, {"objectives": framed(columns)})
