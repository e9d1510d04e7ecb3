"""What a check objects to stands in every headline that makes it of the figures: planted checks, and the headlines."""

import re
from dataclasses import replace

import pytest

import reformlib as rl
from reformlib.check.caveats import caveats, told_once
from reformlib.present.findings import counted_with_care
from reformlib.present.page import Page
from reformlib.present.projections import figures
from reformlib.present.projections.projected import aims
from reformlib.project.chances import kinds, paces, target_probabilities
from tests.one_base import same_base
from tests.synthetic import write_report

PLANTED = """
- id: planted
  level: report
  severity: {severity}
  rule: statement
  outcome: cannot tell
  values: [{cells}]
  objects_to: [{uses}]
  title_vi: "Chỉ để thử"
  title_en: "Planted: a Word of doubt"
  consequence_vi: a
  consequence_en: a
"""
DOUBT = "(note: a Word of doubt)"  # a check of severity information


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The reference report without its own checks, and of figures that no other check objects to but where one is
    planted."""
    return replace(rl.load_report("tra-vinh-2020"), folder=tmp_path_factory.mktemp("bare"))


@pytest.fixture
def plant(bare, tmp_path):
    """The report with a check that objects to uses of the figures of cells, such as `[lan, "", 2015]`."""

    def planted(uses, *cells, severity="information"):
        told = ", ".join(f"{{ cell: {cell} }}" for cell in cells)
        (tmp_path / "checks.yml").write_text(PLANTED.format(uses=uses, cells=told, severity=severity), encoding="utf-8")
        return replace(bare, folder=tmp_path)

    return planted


def by_check(report, use, since, until, series=("axis_units", "")):
    days = (None if day is None else report.meta.data_date.fromisoformat(day) for day in (since, until))
    return "planted" in [one.check for one in caveats(report, [series], use, *days)]


@pytest.mark.parametrize(
    ("uses", "use", "since", "until", "bears"),
    [
        ("figure", "figure", None, "2017-12-31", True),
        ("figure", "figure", None, "2018-12-31", False),
        ("figure", "pace", "2017-12-31", "2019-12-31", True),
        ("figure", "pace", "2015-12-31", "2019-12-31", False),  # the figure in between is not told
        ("step", "figure", None, "2017-12-31", False),
        ("step", "step", "2015-12-31", "2019-12-31", True),
        ("step", "pace", "2016-12-31", "2017-12-31", True),
        ("step", "step", "2017-12-31", "2019-12-31", False),  # it begins where the doubtful step ends
        ("pace", "step", "2015-12-31", "2019-12-31", False),
        ("pace", "pace", "2015-12-31", "2019-12-31", True),
        ("base", "step", "2015-12-31", "2016-12-31", False),
    ],
)
def test_a_check_bears_on_what_makes_of_the_figures_what_it_objects_to(plant, uses, use, since, until, bears):
    report = plant(uses, '[axis_units, "", 2016]', '[axis_units, "", 2017]')
    assert by_check(report, use, since, until) is bears
    assert not by_check(report, use, since, until, series=("lan", ""))


def test_rows_that_are_one_fact_are_counted_once(bare):
    same = told_once(bare)
    assert same["portals", ""] == same["lan", ""] == same["document_software", ""] == ("document_software", "")
    assert len(set(same.values())) == len(same) - 2


def overview(report):
    page, made = Page(report, "en"), rl.pages.assessment
    changes, checks, trust = report.changes(), report.checks("en"), report.reliability("en")
    return str(made.overview(page, changes, checks, trust)), str(made.scoreboard(page, changes, trust))


def test_growth_is_told_with_what_a_check_has_against_its_step(bare, plant):
    shown, table = overview(plant("step", '[signatures, "", 2018]', '[signatures, "", 2019]'))
    doubts = "(with care: a count that falls, 2016, 2017; a Word of doubt)."
    assert f"From 408 (31 December 2015) to 1,610 digital signatures (31 March 2020) {doubts}" in shown
    assert "a Word of doubt" in table
    assert "a Word of doubt" not in "".join(overview(bare))
    assert "a Word of doubt" not in overview(plant("step", '[lan, "", 2018]', '[lan, "", 2019]'))[0]


def test_no_pace_is_told_that_a_check_forbids(bare, plant):
    pace, instead = "(+2.1 a year)", "(no average a year: see ["
    assert pace in overview(bare)[1]
    table = overview(plant("pace", '[one_stop_share, "", 2018]', '[one_stop_share, "", 2019]'))[1]
    assert pace not in table and instead in table


def test_growth_starts_at_the_first_figure_that_no_check_doubts():
    """0 services in 2015 and 2016 may mean not counted: the 539 of 2020 are set against the 12 of 2017."""
    shown, table = overview(rl.load_report("tra-vinh-2020"))
    rise = (
        "From 12 (31 December 2017) to 539 online public services (31 March 2020) (note: a steep change from one year "
    )
    assert f"{rise}to the next, 2017, 2018; the 0 of 2015 and 2016" in shown and "From 0 " not in shown
    for change in ("+379", "+527"):  # 605 - 226, 539 - 12; the pace a check forbids
        assert f"{change} <small>(no average a year: see [" in table
    assert table.count("(starts at 0)") == 4  # rows 2 to 4, of which a check that agrees says why, and 12


def test_the_verdict_counts_the_steps_that_a_check_qualifies(bare, plant):
    risen = "the latest comparable figure of 9 is higher than the first (6 from a 0 without a remark of its own)"
    assert f"{risen}, 3 of them with a caveat" in overview(bare)[0]
    assert f"{risen}, 4 of them with a caveat" in overview(plant("figure", '[axis_units, "", 2020]'))[0]


def test_the_title_of_a_chart_tells_what_a_check_has_against_its_figures(bare, plant):
    report = plant("base", '[axis_units, "", 2018]', '[axis_units, "", 2019]')
    shown, plain = (
        str(rl.pages.assessment.indicator_charts(Page(one, "en"), one.changes(), one.reliability("en")))
        for one in (report, bare)
    )
    title = "Units connected to the document exchange platform: 19 (31 March 2020); 0 in 2015–2018"
    assert f"<strong>{title}</strong>" in plain and f"<strong>{title} {DOUBT}</strong>" in shown


def shown(notebook, report):
    """The pages of the gap analysis and of the projections: the overview, the key table and the charts, as text."""
    made = rl.pages.gaps if notebook == "02" else rl.pages.projections
    report = report.withhold()
    page, rows = Page(report, "en"), report.gaps()
    if notebook == "02":
        held = rows[rows["value"].notna()]
        parts = made.overview(page, rows, report.plan_coverage()), made.key_table(page, held)
        return *map(str, parts), f"{made.bullet_charts(page, held)}{made.pace_chart(page, held)}"
    ahead, chances = report.projections(), report.target_probabilities(rows)
    head = made.overview(page, ahead, chances, report.paces(rows), report.kinds(rows))
    return str(head), str(made.key_table(page, ahead, chances)), str(made.fan_charts(page, ahead))


@pytest.fixture(scope="module")
def plain(bare):
    return {notebook: shown(notebook, bare) for notebook in ("02", "03")}


def times(texts, words):
    return [text.count(words) for text in texts]


@pytest.mark.parametrize(
    ("notebook", "uses", "cells", "told"),
    [
        # 02: the finding, the row of the table, the line on the row under the title of the chart
        ("02", "figure", ['[e_documents, "", 2020]'], [1, 1, 1]),
        ("02", "figure", ['[online_services, "4", 2020]'], [2, 0, 0]),  # targets of another base
        # the sentence on the figure and its pace, the table of paces; its need is not told again
        ("02", "pace", ['[one_stop_share, "", 2018]', '[one_stop_share, "", 2019]'], [1, 0, 1]),
        ("02", "share", ['[online_services, "4", 2020]'], [2, 0, 0]),  # what is taken of a total
        ("03", "share", ['[online_services, "4", 2020]'], [0, 0, 0]),
        # 03: the widest interval, the row of the table, the title of the fan
        ("03", "pace", ['[signatures, "", 2018]', '[signatures, "", 2019]'], [1, 1, 2]),
        ("03", "figure", ['[one_stop_share, "", 2020]'], [0, 1, 0]),
    ],
)
def test_headlines_on_targets_and_projections_tell_what_a_check_has_against_them(
    plant, plain, notebook, uses, cells, told
):
    assert times(plain[notebook], "a Word of doubt") == [0, 0, 0]
    assert times(shown(notebook, plant(uses, *cells)), "a Word of doubt") == told


def test_verdicts_and_counts_tell_how_many_of_their_figures_a_check_qualifies(plant, plain):
    counted = "(the figures behind {} of the {} carry a caveat)"
    assert counted.format(1, 3) in shown("02", plant("figure", '[one_stop_share, "", 2020]'))[0]
    verdict = plain["03"][0].partition("</p>")[0]
    assert "a caveat" not in verdict
    assert counted.format(1, 3) in shown("03", plant("figure", '[one_stop_share, "", 2020]'))[0].partition("</p>")[0]


@pytest.mark.parametrize(
    ("doubted", "sound", "en", "vi"),
    [
        (0, 2, "", ""),
        (1, 0, " (the figure behind it carries a caveat)", " (số liệu này cần lưu ý)"),
        (2, 0, " (the figures behind both carry a caveat)", " (số liệu của cả hai mục tiêu cần lưu ý)"),
        (3, 0, " (the figures behind all 3 carry a caveat)", " (số liệu của cả 3 mục tiêu cần lưu ý)"),
        (1, 1, " (the figures behind 1 of the 2 carry a caveat)", " (số liệu của 1/2 mục tiêu này cần lưu ý)"),
        (2, 1, " (the figures behind 2 of the 3 carry a caveat)", " (số liệu của 2/3 mục tiêu này cần lưu ý)"),
    ],
)
def test_how_many_figures_carry_a_caveat_is_said_by_number(plant, doubted, sound, en, vi):
    report = plant("figure", '[axis_units, "", 2020]')
    uses = [([("axis_units", "")], "figure")] * doubted + [([("lan", "")], "figure")] * sound
    for language, note in (("en", en), ("vi", vi)):
        assert counted_with_care(Page(report, language), "A.", uses) == f"A{note}."


def test_no_pace_of_a_target_is_told_that_a_check_forbids(plant, plain):
    """Of a share that never moves in any case; of the other as well once a check objects to its base, step or pace."""
    instead, given = "No pace so far is given where a check objects to it: {}", "+2.10"
    own, other = "Share of electronic documents (the same figure every year)", "Dossiers through electronic one-stop ("
    assert given in plain["02"][2] and instead.format(own) in plain["02"][2]
    for uses in ("base", "step", "pace"):
        doubted = plant(uses, '[one_stop_share, "", 2018]', '[one_stop_share, "", 2019]').withhold()
        page, rows = Page(doubted, "en"), doubted.gaps().query("value == value")
        told = str(rl.pages.gaps.pace_chart(page, rows))
        assert instead.format(f"{other}a Word of doubt); {own}") in told and given not in told
        assert set(rows.loc[rows["reason"] == "pace_forbidden", "target_id"]) == {"T020", "T023", "T056"}
        assert doubted.progress_table().empty
        assert "not given: a check objects to it [" in str(rl.pages.gaps.gap_table(page, rows))
    agreed = replace(doubted, obeys=tuple(replace(one, outcome="consistent") for one in doubted.obeys))
    assert agreed.gaps()["pace_seen"].notna().sum() == 3


def test_methods_and_targets_that_differ_tell_what_checks_have_against_their_figures():
    """Of a report whose paces obey no check: the table, the sentence and the table of disagreements; the verdicts."""
    report = rl.load_report("tra-vinh-2020")
    page, told, rows = Page(report, "en"), report.progress_table(), report.gaps()
    why = "the share of 2018 is of the very year in which the system grew from 5 to 134 units"
    assert str(rl.pages.gaps.methods_table(page, told)).count(why) == 1
    sentence, table = str(rl.pages.gaps.disagreements(page, told)).split("</p>", 1)
    assert (
        f"(with care: whether departments or whole province is not told; {why};" in sentence and table.count(why) == 1
    )
    shown = str(rl.pages.gaps.conflicts(page, report.conflicts(rows)))
    assert "how it is measured is not stated" in shown and "if each procedure counts as one service" in shown


def test_the_likeliest_and_the_fastest_target_tell_what_a_check_has_against_them(bare, plant):
    """Findings that a series with a trend of its own and a target of its own base gives."""
    doubted = plant("pace", '[online_services, "4", 2018]', '[online_services, "4", 2019]')
    plain, told = (_of_targets(replace(one, catalogue=same_base(one.catalogue))) for one in (bare, doubted))
    assert [finding.text.count("a Word of doubt") for finding in plain] == [0, 0, 0]
    assert [finding.text.count("a Word of doubt") for finding in told] == [1, 1, 1]
    *chances, fastest = (finding.text for finding in told)
    assert all(re.search(r"; the latest figure is 27.66% \(note: .*a Word of doubt\)\.", text) for text in chances)
    assert "a Word of doubt). In the series that the method was learned from, only 1 in 100" in fastest


def _of_targets(report):
    """What is found of the likeliest, of the least likely and of the fastest target of level 4."""
    page, rows = Page(report, "en"), report.gaps().query("indicator == 'online_services' and level == '4'")
    own = aims(page, target_probabilities(report, rows))
    return [*figures._likeliest(page, own, kinds(report, rows)), *figures._too_fast(page, paces(report, rows))]


def test_every_figure_of_a_summary_has_a_place(plain):
    assert all("counted below" not in text for texts in plain.values() for text in texts)


@pytest.mark.parametrize("uses", ["figure", "pace"])
def test_a_comparison_tells_how_many_of_its_figures_a_check_qualifies(tmp_path, uses):
    made = [write_report(tmp_path, seed) for seed in (1, 2)]
    plain = compared(made)
    cell = '[e_documents, "", 2019]'
    told = f"\n{PLANTED.format(uses=uses, cells=f'{{ cell: {cell} }}', severity='information')}"
    (made[0].folder / "checks.yml").write_text(told, encoding="utf-8")
    note = "(checks qualify the figures of 1 of the 2 reports)"
    # the finding on the target, and the title of the chart, which stands twice, and its alt text
    assert times(plain, note) == [0, 0]
    assert times(compared(made), note) == ([1, 3] if uses == "figure" else [0, 0])


def compared(made):
    page = Page(rl.compare_reports(",".join(str(one.folder) for one in made), "e_documents"), "en")
    return str(rl.pages.comparison.overview(page)), str(rl.pages.comparison.charts(page))


def test_rows_of_another_body_say_so_and_what_the_unit_states_of_itself_stands_apart(bare, plain):
    scope = "(province-wide, compiled by the department)"
    assert f"Online public services, level 3 {scope}</strong>" in overview(bare)[0]
    assert f"Online public services, level 4 {scope}</strong>" in plain["02"][0]
    assert "Digital signatures (" not in overview(bare)[0]
    assert all(scope in part for part in (overview(bare)[1], plain["03"][1], plain["03"][2]))
    assert "in operation</strong> (36): 36 (II.2.1.d)" in plain["02"][0]
    own = bare.meta.model_copy(update={"own_results": [], "scope_rows": []})
    without = shown("02", replace(bare, meta=own))[0]
    assert "(36): 36" not in without and scope not in without
