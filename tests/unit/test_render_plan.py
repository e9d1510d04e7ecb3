"""Plans: units x editions x languages x notebooks to jobs, and what is wrong with one, told with line and column."""

from __future__ import annotations

import pickle

import pytest

from reformlib.errors import ReformError
from reformlib.render.run.notebooks import plan
from reformlib.render.run.plan import chooser, jobs_of, read_plan
from tests.render_helpers import PARAMETERS, make_project, write_notebook

SETS = PARAMETERS.replace('report: str = "demo"  # name of a report', 'reports: str = ""  # names of reports')


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = make_project(
        tmp_path / "p", reports=("an-2020", "an-2025", "binh-2020"), **{"01_first": (), "02_second": ()}
    )
    write_notebook(root / "notebooks" / "04_sets.ipynb", parameters=SETS)
    monkeypatch.chdir(root)
    return root


def read(project, text: str):
    path = project / "data" / "reports.yml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path, project / "out")


def ids(jobs) -> list[str]:
    return [job.id for job in jobs]


def test_units_by_editions_by_languages_by_notebooks(project):
    jobs = read(
        project,
        """
defaults: {editions: [2020, "2025"], notebooks: ["01", 02_second]}
units:
  - an
  - unit: binh
    editions: 2020
    languages: [en]
    notebooks: [02_second]
    parameters: {year: 2019, strict: true}
""",
    )
    assert ids(jobs) == [
        *(f"an-{e}/{lang}/{name}" for e in (2020, 2025) for lang in ("vi", "en") for name in ("01_first", "02_second")),
        "binh-2020/en/02_second",
    ]
    assert jobs[0].folders == (project / "data/reports/an-2020",)
    assert jobs[-1].document.parameters == {"year": 2019, "strict": True, "language": "en"}
    assert pickle.loads(pickle.dumps(jobs[-1])) == jobs[-1]


def test_all_notebooks_and_languages_where_nothing_is_said_and_a_set_of_two_reports(project):
    jobs = read(project, 'defaults: {editions: ["2020"]}\nunits: [an, binh]\n')
    assert len(jobs) == 2 * 2 * 2 + 2
    assert ids(jobs)[-2:] == ["comparison/vi/04_sets", "comparison/en/04_sets"]
    assert [folder.name for folder in jobs[-1].folders] == ["an-2020", "binh-2020"]


def test_a_set_of_one_report_only_when_named(project):
    assert len(read(project, 'defaults: {editions: ["2020"]}\nunits: [an]\n')) == 4
    named = 'defaults: {editions: ["2020"], notebooks: [04_sets], languages: vi}\nunits: [an]\n'
    assert ids(read(project, named)) == ["comparison/vi/04_sets"]
    documents = plan([project / "notebooks/04_sets.ipynb"], ["vi"], {})
    folders = [project / "data/reports/an-2020"]
    assert ids(jobs_of(folders, documents, project / "out", named=False)) == []
    assert ids(jobs_of(folders, documents, project / "out")) == ["comparison/vi/04_sets"]


def test_a_folder_elsewhere_and_another_place_for_its_pages(project):
    jobs = read(
        project,
        """
defaults: {editions: ["2020"], languages: vi, notebooks: "01"}
units:
  - {unit: an, folder: "../elsewhere/{unit}/{edition}", output: "{unit}-{edition}-other"}
""",
    )
    assert ids(jobs) == ["an-2020-other/vi/01_first"]
    assert jobs[0].folders == (project / "elsewhere/an/2020",)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("units:\n  - an\n  bad: [", "line 3, column 3", "not valid YAML"),
        ("unit: [an]\n", "line 1, column 1", "no field unit"),
        ("units: []\n", "line 1, column 1", "no units are listed"),
        ("", "reports.yml", "no units are listed"),
        ("- an\n", "line 1, column 1", "the plan holds no fields"),
        ("units: [an]\n", "line 1, column 9", "an has no editions"),
        ("defaults:\n  editons: [2020]\nunits: [an]\n", "line 2, column 3", "no field editons"),
        ("defaults: {editions: [2020]}\nunits:\n  - unit: ../an\n", "line 3, column 5", "'../an' cannot be a unit"),
        ("defaults: {editions: [2020]}\nunits:\n  - a/b\n", "line 3, column 5", "'a/b' cannot be a unit"),
        ("defaults: {editions: [2020]}\nunits:\n  - a.b\n", "line 3, column 5", "'a.b' cannot be a unit"),
        ("defaults: {editions: [2020]}\nunits:\n  - con\n", "line 3, column 5", "'con' cannot be a unit"),
        ("defaults: {editions: [a/b]}\nunits:\n  - an\n", "line 3, column 5", "'a/b' cannot be an edition"),
        ("defaults: {editions: [2020], languages: [fr]}\nunits:\n  - an\n", "line 3, column 5", "unknown language: fr"),
        ("defaults: {editions: [2020], notebooks: [9]}\nunits:\n  - an\n", "line 3, column 5", "no such notebook: 9"),
        (
            "defaults: {editions: [2020]}\nunits:\n  - unit: an\n    parameters: {yaer: 1}\n",
            "line 3, column 5",
            "no parameter yaer",
        ),
        (
            "defaults: {editions: [2020]}\nunits:\n  - unit: an\n    parameters: {year: [1]}\n",
            "line 4, column 18",
            "units.0.parameters.year: Input should be a valid string",
        ),
        ("defaults: {editions: [2020]}\nunits:\n  - unit: an\n    unit: binh\n", "line 4, column 5", "given twice"),
        ("defaults: {editions: {a: 1}}\nunits: [an]\n", "line 1, column 12", "editions"),
        ("defaults: {editions: [2020]}\nunits: [an, an]\n", "reports.yml", "same output: an-2020/vi/01_first.html"),
        (
            "defaults: {editions: [2020], output: same}\nunits: [an, binh]\n",
            "reports.yml",
            "same output: same/vi/01_first.html",
        ),
        ("defaults: {editions: [2020], output: a/../b}\nunits: [an]\n", "reports.yml", "cannot be the name"),
        ("defaults: {editions: [2020], output: nul.x}\nunits: [an]\n", "reports.yml", "Windows keeps that name"),
        ("defaults: {editions: [2020], output: comparison}\nunits: [an]\n", "reports.yml", "several reports lie there"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(project, text, place, words):
    with pytest.raises(ReformError) as caught:
        read(project, text)
    assert words in str(caught.value) and place in caught.value.where


def test_a_default_that_cannot_be_is_the_fault_of_its_notebook(project):
    path = project / "notebooks/01_first.ipynb"
    path.write_text(path.read_text("utf-8").replace("year: int = 2020", "year: int = 'soon'"), "utf-8")
    with pytest.raises(ReformError, match="parameters cell of 01_first: the default of year is 'soon'") as caught:
        read(project, "defaults: {editions: [2020]}\nunits: [an]\n")
    assert "reports.yml" not in str(caught.value) and "reformlib explore" in caught.value.fix


def test_reports_that_differ_in_case_only_have_one_output_on_some_disks(project):
    text = "defaults: {editions: [2020]}\nunits: [{unit: an, output: x}, {unit: binh, output: X}]\n"
    with pytest.raises(ReformError, match="same output"):
        read(project, text)


def test_a_plan_that_is_not_there(project):
    with pytest.raises(ReformError, match="no such plan"):
        read_plan(project / "none.yml", project / "out")


@pytest.mark.parametrize(
    ("patterns", "count"), [([], 12), (["an*"], 8), (["*/vi/01*"], 3), (["02_second", "binh-2020"], 8), (["en"], 6)]
)
def test_patterns_choose_by_the_whole_or_a_part(project, patterns, count):
    jobs = read(
        project,
        'defaults: {editions: [2020], notebooks: ["01", "02"]}\nunits: [{unit: an, editions: [2020, 2025]}, binh]',
    )
    assert sum(map(chooser(jobs, patterns), jobs)) == count


def test_a_pattern_that_fits_nothing_is_told(project):
    jobs = read(project, "defaults: {editions: [2020]}\nunits: [an]")
    with pytest.raises(ReformError, match="nothing in the plan fits am-2020") as caught:
        chooser(jobs, ["am-2020"])
    assert "an-2020" in caught.value.fix


def test_the_plan_of_the_project_is_in_order(repo, monkeypatch):
    monkeypatch.chdir(repo)
    jobs = read_plan(repo / "data" / "reports.yml", repo / "outputs")
    assert jobs and all((folder / "report.yml").is_file() for job in jobs for folder in job.folders)
