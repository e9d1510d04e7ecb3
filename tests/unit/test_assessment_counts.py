"""Page 01 counts what stands below it: every number of the overview is that of the rows of a table, in every report."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from reformlib.check.verdict import OUTCOMES
from reformlib.load.report import load_report
from reformlib.load.rows import each_row
from reformlib.measure.change import changes
from reformlib.present import findings
from reformlib.present.assessment import figures
from reformlib.present.assessment import findings as shown
from reformlib.present.page import Page
from reformlib.present.table import status_of

REPORTS = (
    "tra-vinh-2020",
    "tra-vinh-papi-2024",
    "tra-vinh-par-index-2023",
    "vi-du-binh-nguyen-2025",
    "vi-du-par-index-2023",
)
TABLES = {
    "agree": shown.agreements,
    "show a contradiction": shown.contradictions,
    "need an explanation": shown.open_questions,
    "are of something missing": shown.lacks,
    "of what the report says itself": shown.facts_to_know,
    "are smaller remarks": shown.remarks,
}
TRUST = {
    r"no serious problem was found in (\d+)": "no serious problem found",
    r"(\d+) need care": "use with care",
    r"(\d+) cannot be used as labelled": "not usable",
}


def rows(fragment) -> int:
    """Cards or rows of a table that a function of the page gives."""
    return str(fragment).count('class="finding"') or sum(len(part["rows"]) for part in fragment.parts)


def alike(report, reliability) -> list[object]:
    """What each row of the table of reliability is a fact of: rows with the same figures, which moved, are one."""
    keys = []
    for row in reliability.itertuples():
        one = report.observations.query("indicator == @row.indicator and level == @row.level")
        figures = tuple(one["value"].dropna())
        keys.append((row.indicator, row.level) if len(figures) < 4 or len(set(figures)) == 1 else figures)
    return keys


def rank(word: str) -> int:
    """How grave a word of reliability is."""
    return next((place for place, known in enumerate(TRUST.values(), 1) if known in word), 0)


def counted(page: Page, checks: pd.DataFrame) -> dict[str, str]:
    """The findings of the overview about the checks: what they are about, and number and text."""
    return {str(one.about): f"{one.figure}|{one.text}" for one in figures._checked(page, checks)}


@pytest.mark.parametrize("name", REPORTS)
def test_every_number_of_the_overview_is_the_number_of_rows_it_points_to(name):
    report = load_report(name)
    page, checks = Page(report, "en"), findings.checks(report)
    below = {words: rows(of(page, checks)) for words, of in TABLES.items()}
    assert sum(below.values()) == len(checks)
    told = counted(page, checks)
    for about, words in (
        ("Contradictions that matter", "show a contradiction"),
        ("What needs an explanation", "need an explanation"),
    ):
        assert (about in told) == (below[words] > 0)
        assert about not in told or told[about].startswith(f"{below[words]}|")
    if sentence := told.get("Contradictions that matter"):
        assert f"Of {len(checks)} findings" in sentence
        assert {words: int(re.search(rf"(\d+) {words}", sentence)[1]) for words in below} == below


@pytest.mark.parametrize("name", REPORTS)
def test_the_series_that_the_overview_counts_are_those_of_the_tables(name):
    report = load_report(name)
    page, checks, reliability = Page(report, "en"), findings.checks(report), findings.reliability(report)
    overview = figures.overview(page, changes(report.observations), checks, reliability)
    said = " ".join(one["text"] for one in overview.parts[0]["summary"])
    (table,) = shown.reliabilities(page, reliability).parts
    words = [row[1] for row in table["rows"]]
    worst = {}
    for key, word in zip(alike(report, reliability), words, strict=True):
        worst[key] = max(worst.get(key, ""), word, key=rank)
    for text, word in TRUST.items():
        assert [int(n) for n in re.findall(text, said)] == [sum(word in cell for cell in worst.values())]
    assert re.findall(r"(\d+) series", said) == [str(len(words))]


def test_a_planted_finding_of_each_outcome_is_counted_where_it_stands():
    """One of each outcome as a warning, two as information: 7 findings, every table with its own."""
    page = Page(load_report("tra-vinh-2020"), "en")
    about = dict.fromkeys(findings.TEXTS, "x") | {"check": "mine", "level": "report", "indicators": "", "series": ""}
    planted = [about | {"outcome": outcome, "severity": "warning"} for outcome in OUTCOMES]
    planted += [about | {"outcome": outcome, "severity": "information"} for outcome in ("missing", "stated")]
    checks = pd.DataFrame(planted, columns=findings.COLUMNS)
    assert [rows(of(page, checks)) for of in TABLES.values()] == [1, 1, 1, 1, 1, 2]
    assert (
        "Of 7 findings of the checks 1 agree, 1 show a contradiction, 1 need an explanation, 1 are of something "
        in (counted(page, checks)["Contradictions that matter"])
    )


def test_what_a_check_means_stands_beside_it_also_where_it_agrees():
    report = load_report("tra-vinh-2020")
    page, checks = Page(report, "en"), findings.checks(report)
    agreed, small = str(shown.agreements(page, checks)), str(shown.remarks(page, checks))
    assert "The platform opened only on 12 March 2019" in agreed
    assert "Nothing to object to" not in agreed and "The last step must not be carried forward." in small


def test_a_figure_of_a_part_of_its_year_is_provisional_whatever_else_it_is():
    """The shares of row 11 in the column of 31 March 2020 are of another definition, and of a part of the year."""
    report = load_report("tra-vinh-2020")
    page, points = Page(report, "en"), {(p.indicator, p.level, p.period): p for p in each_row(report.observations)}
    last, whole = (str(status_of(page, points["online_services_used", "3", year])) for year in ("2020", "2019"))
    assert "definition differs" in last and "provisional" in last and "provisional" not in whole
    assert str(status_of(page, points["axis_received", "", "2020"])).count("provisional") == 1
