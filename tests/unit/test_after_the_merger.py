"""After a merger: what is another body's is not joined, and what is said of a later date says for whom."""

import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup

from reformlib import analysis, pages
from reformlib.compare.editions import diff
from reformlib.load.report import load_report
from reformlib.measure.change import changes
from reformlib.measure.pace import target_series
from reformlib.present.page import Page, after_unit
from reformlib.project.hindsight import _of_edition
from reformlib.project.series import left_out

LOG = """
- id: recomputed
  kind: status
  status: A
  cells: [{indicator: INDICATOR, year: 2025, expects: "EXPECTS"}]
  what_vi: a
  what_en: a
  why_vi: a
  why_en: a
  by: a
"""


@pytest.fixture(scope="module")
def moved(repo, tmp_path_factory):
    """The scores of 2011 to 2024 as those of another place, dated `years` later."""

    def make(place: str, years: int, name: str):
        folder = tmp_path_factory.mktemp(name) / name
        shutil.copytree(repo / "data/reports/tra-vinh-papi-2024", folder)
        about = folder / "report.yml"
        text = about.read_text("utf-8").replace("Trà Vinh", place).replace("2024-12-31", f"{2024 + years}-12-31")
        text = text.replace('edition: "2024"', f'edition: "{2024 + years}"')
        about.write_text(re.sub("^issued:.*\n", "", text, flags=re.MULTILINE), "utf-8")
        (folder / "assumptions.yml").write_text("[]", "utf-8")
        annex = folder / "annex.csv"
        head, *rows = annex.read_text("utf-8").splitlines(keepends=True)
        head = re.sub(r"Năm (\d{4})", lambda year: f"Năm {int(year[1]) + years}", head)
        annex.write_text(head + "".join(rows), "utf-8")
        return folder

    return make


@pytest.mark.parametrize(("place", "first", "n"), [("An Giang", 2025, 2), ("Nghệ An", 2013, 14)])
def test_a_province_of_the_old_name_begins_anew(moved, place, first, n):
    """An Giang took Kiên Giang in on 1 July 2025: of its scores of 2013 to 2026 those of 2025 and 2026 are its own.
    Nghệ An went on as it was."""
    report = load_report(moved(place, 2, "moved"))
    series = next(iter(report.points))
    assert report.meta.exists_from == (date(2025, 7, 1) if n == 2 else None)
    joined = target_series(report, series, "")
    assert (len(joined), joined["as_of"].dt.year.iloc[0]) == (n, first)
    row = changes(report.observations).set_index("indicator").loc[series]
    assert row["first_as_of"].year == first
    assert len(left_out(report).query("indicator == @series")) == 14 - n
    marked = report.observations.query("status == 'B'")
    assert set(marked["year"]) == ({2025} if n == 2 else set())
    assert (
        marked["note"].str.contains("1 July 2025").all() and marked["note_vi"].str.contains("01 tháng 7 năm 2025").all()
    )


def test_the_log_may_say_that_a_series_goes_on(moved):
    folder = moved("An Giang", 2, "logged")
    before = load_report(folder)
    series = next(iter(before.points))
    raw = next(point.raw for point in before.points[series] if point.year == 2025)
    (folder / "assumptions.yml").write_text(LOG.replace("INDICATOR", series).replace("EXPECTS", raw), "utf-8")
    report = load_report(folder)
    other = list(report.points)[1]
    assert (len(target_series(report, series, "")), len(target_series(report, other, ""))) == (14, 2)


def test_a_later_edition_of_another_body_scores_nothing(moved):
    old, new = load_report(moved("An Giang", 0, "old")), load_report(moved("An Giang", 2, "new"))
    assert (str(old.meta.exists_until), old.meta.exists_from) == ("2025-06-30", None)
    assert {row.definition for row in _of_edition(old, new)} == {"other"}
    # nor does its first figure stand beside the last of the old area
    assert diff(old, new).query("kind == 'new_period'")["before"].isna().all()
    on = [load_report(moved("Nghệ An", years, "on")) for years in (0, 2)]
    assert {row.definition for row in _of_edition(*on)} == {"same"}
    assert diff(*on).query("kind == 'new_period'")["before"].notna().any()


@pytest.fixture(scope="module")
def report():
    return analysis.load_report("tra-vinh-2020").withhold()


def shown(report, language):
    """What pages 02 and 03 say of years ahead: fragments by name."""
    page, rows, judged = Page(report, language), report.projections(), report.gaps()
    given, paces, kinds = report.target_probabilities(judged), report.paces(judged), report.kinds(judged)
    ahead, horizon = judged[judged["value"].notna()], report.horizon()
    return {
        "heading": pages.projections.heading(page, horizon),
        "overview": pages.projections.overview(page, rows, given, paces, kinds),
        "key": pages.projections.key_table(page, rows, given),
        "chances": pages.projections.probability_table(page, given),
        "kinds": pages.projections.kind_table(page, kinds),
        "paces": pages.projections.pace_table(page, paces),
        "scenarios": pages.projections.scenario_table(page, report.scenarios()),
        "milestones": pages.projections.milestone_table(page, report.milestones(0, judged)),
        "proposals": pages.projections.proposal_table(page, report.proposed_targets(0, judged)),
        "gaps": pages.gaps.key_table(page, ahead),
        "slow": pages.gaps.overview(page, judged, report.plan_coverage()),
        "pace": pages.gaps.pace_chart(page, ahead),
    }


def told(fragment):
    """Rows of tables, paragraphs and headings in words, each a text."""
    soup = BeautifulSoup(str(fragment), "html.parser")
    return [part.get_text(" ") for part in soup.find_all(["tr", "p", "h1", "h2", "figcaption"])]


@pytest.mark.parametrize(("language", "former"), [("en", "the former Trà Vinh"), ("vi", "Trà Vinh cũ")])
def test_what_is_said_of_a_later_year_says_for_whom(report, language, former):
    """The province ended on 30 June 2025: every row, sentence and heading with a year from 2025 on names it."""
    said = shown(report, language)
    later = {name: [text for text in told(one) if re.search(r"\b20(2[5-9]|3\d)\b", text)] for name, one in said.items()}
    asked = ("successor of Trà Vinh", "kế thừa Trà Vinh")  # of whom a target set after the last day is asked
    silent = {
        name: [text for text in texts if not any(one in text for one in (former, *asked))]
        for name, texts in later.items()
    }
    assert {name: texts for name, texts in silent.items() if texts} == {}
    assert sum(map(len, later.values())) > 25


def test_a_unit_that_goes_on_is_called_by_no_other_name(report):
    on = replace(report, meta=report.meta.model_copy(update={"exists_until": None}))
    assert not [text for one in shown(on, "en").values() for text in told(one) if "former" in text]


def test_the_note_names_the_department_and_the_province_by_their_own_days(report):
    """The department was merged four months before the province was."""
    (note,) = after_unit(Page(report, "en"), 2030)
    assert re.findall(r"until ([^,]*), then (.*?)\.", note) == [
        ("28 February 2025", "Department of Science and Technology of Trà Vinh province"),
        ("30 June 2025", "Vĩnh Long province"),
    ]
    assert after_unit(Page(report, "en"), 2024) == []
    page = Page(report, "en")
    assert (page.year(2024), page.year(2025)) == ("2024", "2025 for the former Trà Vinh")
    assert (page.due(date(2025, 6, 30)), page.due(date(2025, 7, 1))) == (
        "30 June 2025",
        "1 July 2025 for the former Trà Vinh",
    )
