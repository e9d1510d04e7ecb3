"""The operator's command line: nothing misplaced, nothing deleted unasked, one bad thing never stops the rest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import render_helpers
from tests.render_helpers import REPO, copy_data, in_forks, make_project, tree

PAGE = (
    "from IPython.display import HTML\nHTML('<h1>Trang thử</h1>')",
    "HTML(f\"<p class='lead'>{year}</p>\")",
)
PLAN = "defaults: {editions: [x], folder: 'reports/{unit}', languages: [vi]}\nunits: [one, two]\n"


def run(folder: Path, *arguments: str, stdin: str = "", **more: str) -> SimpleNamespace:
    """`reformlib …` in a folder, with what is typed at it."""
    done = render_helpers.run(folder, *arguments, stdin=stdin, **more)
    assert "Traceback" not in done.err
    return done


@pytest.fixture
def project(tmp_path) -> Path:
    """Three reports without data, two of them in the plan."""
    root = make_project(tmp_path / "p", ("one", "two", "three"), **{"01_first": PAGE, "02_second": PAGE})
    (root / "data" / "reports.yml").write_text(PLAN)
    return root


@pytest.fixture
def real(tmp_path) -> Path:
    """A project with the notebooks, the catalogue and the reference report."""
    root = tmp_path / "real"
    copy_data(root)
    shutil.copytree(REPO / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return root


# --- prune: asks, and touches nothing that was never in the plan


@pytest.fixture
def dropped(project) -> Path:
    """All of the plan is rendered, and a report beside it; then one unit leaves the plan."""
    assert run(project, "render", "--all").code == 0
    assert run(project, "render", "01", "--report", "three", "--language", "vi").code == 0
    (project / "data" / "reports.yml").write_text(PLAN.replace("[one, two]", "[one]"))
    return project


def pages(project: Path) -> set[str]:
    return {path.parent.parent.name + "/" + path.stem for path in (project / "outputs").glob("*/vi/*.html")}


def test_prune_deletes_nothing_before_it_was_told_yes(dropped):
    before = pages(dropped)
    done = run(dropped, "prune", "--dry-run")
    assert done.code == 0
    assert "two/vi/01_first" in done.out and "two/vi/02_second" in done.out
    assert "three" not in done.out and "one/vi" not in done.out
    assert pages(dropped) == before
    for typed in ("", "n\n"):
        refused = run(dropped, "prune", stdin=typed)
        assert refused.code != 0
        assert "two/vi/01_first" in refused.out + refused.err
        assert pages(dropped) == before
    assert "--yes" in run(dropped, "prune").err


def test_prune_keeps_what_was_never_in_the_plan(dropped):
    assert run(dropped, "prune", "--yes").code == 0
    assert pages(dropped) == {"one/01_first", "one/02_second", "three/01_first"}
    assert "three" in (dropped / "outputs" / "index.html").read_text(encoding="utf-8")


def test_status_tells_what_left_the_plan_from_what_was_never_in_it(dropped):
    rows = {row["document"]: row for row in json.loads(run(dropped, "status", "--format", "json").out)}
    assert rows["two/vi/01_first"]["reason"] == "no longer in the plan"
    assert rows["three/vi/01_first"]["reason"] == "not in the plan"
    assert rows["two/vi/01_first"]["state"] != rows["three/vi/01_first"]["state"]


# --- a draft, a broken folder, a stray notebook


def test_a_draft_is_named_and_skipped_and_the_rest_is_made(real):
    about = ["--form", "phu-luc-7", "--unit", "Sở Thử nghiệm", "--edition", "2025", "--years", "2021-2025"]
    made = run(real, "new-report", "so-noi-vu-2025", *about)
    assert made.code == 0
    done = run(real, "render", "02", "--language", "vi")
    assert done.code == 0, done.err
    assert "so-noi-vu-2025" in done.err and "draft" in done.err
    assert (real / "outputs/tra-vinh-2020/vi/02_gap_analysis.html").is_file()
    assert not (real / "outputs/so-noi-vu-2025").exists()
    index = (real / "outputs/index.html").read_text(encoding="utf-8")
    assert "to be filled in" not in index and "cần điền" not in index
    # a page over all reports is one over the others; named by its operator, it is an error
    later = real / "data/reports/later-2021"
    shutil.copytree(real / "data/reports/tra-vinh-2020", later)
    replaced(later / "report.yml", 'id: tra-vinh-2020\nedition: "2020"', 'id: later-2021\nedition: "2021"')
    done = run(real, "render", "04", "--language", "vi")
    assert done.code == 0 and done.err.count("so-noi-vu-2025") == 1, done.err
    page = (real / "outputs/comparison/vi/04_comparison.html").read_text(encoding="utf-8")
    assert "Sở Thử nghiệm" not in page
    asked = run(real, "render", "02", "--language", "vi", "--report", "so-noi-vu-2025")
    assert asked.code == 1 and "so-noi-vu-2025" in asked.err and "to be filled in" in asked.err


def test_a_broken_folder_is_named_once_and_fails_while_the_rest_is_made(real):
    broken = real / "data/reports/broken-2020"
    shutil.copytree(real / "data/reports/tra-vinh-2020", broken)
    (broken / "annex.csv").write_text("form_row,label\n")
    refused = run(real, "render", "02")  # as long as it says that it is the report that it was copied from
    assert refused.code == 2 and "tra-vinh-2020" in refused.err, refused.err
    replaced(broken / "report.yml", 'edition: "2020"', 'edition: "2021"')
    done = run(real, "render", "02")
    assert done.code == 1
    assert (real / "outputs/tra-vinh-2020/vi/02_gap_analysis.html").is_file()
    assert (real / "outputs/tra-vinh-2020/en/02_gap_analysis.html").is_file()
    assert "broken-2020" in done.err and "annex.csv" in done.err
    assert done.err.count("annex.csv holds") + done.err.count("annex.csv:") <= 2


@pytest.mark.parametrize("name", ["Untitled.ipynb", "notes.ipynb", ".ipynb_checkpoints/01_first-checkpoint.ipynb"])
def test_a_stray_notebook_is_named_and_skipped(project, name):
    stray = project / "notebooks" / name
    stray.parent.mkdir(exist_ok=True)
    cells = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    stray.write_text(json.dumps(cells))
    for arguments in (["render", "--report", "one", "--language", "vi"], ["render", "--all"]):
        done = run(project, *arguments)
        assert done.code == 0, done.err
        assert (stray.name in done.err) == (not name.startswith("."))
    assert pages(project) == {"one/01_first", "one/02_second", "two/01_first", "two/02_second"}
    assert run(project, "list").code == 0
    assert run(project, "status").code == 0


def test_check_over_folders_checks_all_of_them(real):
    for name, damage in (("a-2020", "report.yml"), ("b-2020", "annex.csv"), ("c-2020", "")):
        shutil.copytree(real / "data/reports/tra-vinh-2020", real / f"data/reports/{name}")
        replaced(real / f"data/reports/{name}/report.yml", 'edition: "2020"', f"edition: {name}")
        run(real, "describe", name)
        if damage:
            (real / f"data/reports/{name}/{damage}").write_text("{\n")
    done = run(real, "check")
    assert done.code == 1
    for name in ("a-2020", "b-2020", "c-2020", "tra-vinh-2020"):
        assert name in done.err
    assert f"2 of {len(list((real / 'data/reports').iterdir()))}" in done.err


# --- the plan is held against what there is before anything runs


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("defaults: {editions: [x], folder: 'reports/{unit}'}\nunits:\n- one\n- tow\n", ["line 4", "two"]),
        ("defaults:\n  editions: [x]\nunits:\n- unit: one\n  folder: reports/none\n", ["line 5", "reports/none"]),
        (
            "defaults: {folder: 'reports/{unit}'}\nunits:\n- unit: one\n  editions: [x, x]\n  notebooks: [03]\n",
            ["line 5"],
        ),
        ("units:\n- unit: one\n  editions: [00016]\n", ["line 2", "one-00016"]),
        ("units:\n- unit: 00016\n  editions: ['x']\n", ["line 2", "00016-x"]),
        ("defaults: {editions: [x]}\nunits: [one]\nunits: [two]\n", ["line 3", "units", "twice"]),
    ],
)
def test_what_a_plan_gets_wrong_is_told_with_its_line_before_anything_runs(project, plan, words):
    (project / "data" / "reports.yml").write_text(plan)
    for arguments in (["render", "--all"], ["render", "--all", "--dry-run"], ["status"]):
        done = run(project, *arguments)
        assert done.code == 2, done.err
        assert all(word in done.err for word in words), done.err
    assert not (project / "outputs").exists()


def test_a_plan_outside_data_finds_the_reports_of_the_project(project):
    (project / "plans").mkdir()
    plan = project / "plans" / "mine.yml"
    plan.write_text("units:\n- unit: one\n  editions: [x]\n  folder: ../data/reports/one\n")
    assert run(project, "render", "--plan", str(plan), "--dry-run").code == 0
    plan.write_text("units:\n- unit: demo\n  editions: ['2020']\n")
    shutil.copytree(project / "data/reports/one", project / "data/reports/demo-2020")
    done = run(project, "render", "--plan", str(plan), "--dry-run")
    assert done.code == 0 and "demo-2020/vi/01_first" in done.out, done.err


@pytest.mark.parametrize("named", ["[02]", '["02"]', "[02_second]", "['02_second']", "02"])
def test_a_notebook_is_named_with_or_without_quotes(project, named):
    plan = (
        f"defaults: {{editions: [x], folder: 'reports/{{unit}}', languages: [vi], notebooks: {named}}}\nunits: [one]\n"
    )
    (project / "data" / "reports.yml").write_text(plan)
    done = run(project, "render", "--all", "--dry-run")
    assert (done.code, done.out) == (0, "one/vi/02_second: not rendered yet\n"), done.err


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- where things go, from an installed wheel


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The package as a wheel puts it, built from a checkout in which a local report lies."""
    source = tmp_path_factory.mktemp("source")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (REPO / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, source / name)
    shutil.copytree(source / "data/reports/tra-vinh-2020", source / "data/reports/local-2025")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(source / "dist")]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = (source / "dist").glob("*.whl")
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def installed(site: Path, folder: Path, *commands: list[str]) -> list[SimpleNamespace]:
    """`reformlib …` from the unpacked wheel, one after another, in a folder that is no project."""
    (folder / "home").mkdir(exist_ok=True)
    return in_forks(folder, {"PYTHONPATH": str(site), "HOME": str(folder / "home")}, *commands)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in folder.rglob("*") if p.is_file()}


def test_a_wheel_carries_no_local_report(site):
    assert (site / "reformlib/_project/data/reports/tra-vinh-2020/report.yml").is_file()
    assert not (site / "reformlib/_project/data/reports/local-2025").exists()


FORM = "STT,Nội dung,Năm 2019,Năm 2020\n2,Số máy tính,10,12\n"


def test_every_command_that_writes_asks_for_a_project_or_works_in_the_current_one(site, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "form.csv").write_text(FORM, encoding="utf-8")
    before = listing(site)
    new = [
        "new-report",
        "so-a-2025",
        "--form",
        "cchc-2021",
        "--unit",
        "Sở A",
        "--edition",
        "2025",
        "--years",
        "2021-2025",
    ]
    asked = (new, ["ingest", "form.csv", "--unit", "Sở A", "--edition", "2020", "--accept"])
    for arguments, done in zip(asked, installed(site, empty, *asked), strict=True):
        assert done.code == 2, (arguments, done.err)
        assert "reformlib init" in done.err
    assert {p.name for p in empty.iterdir()} == {"form.csv", "home"}
    made, done, again = installed(site, empty, ["init"], new, ["init"])
    assert made.code == 0
    assert (empty / "data/forms").is_dir() and (empty / "data/units.csv").is_file()
    assert (empty / "notebooks").is_dir()
    assert done.code == 0 and (empty / "data/reports/so-a-2025/report.yml").is_file(), done.err
    assert again.code != 0 and "already" in again.err
    more = (["render", "02", "-l", "en", "--report", "tra-vinh-2020"], ["status"], ["prune", "--dry-run"])
    assert [done.code for done in installed(site, empty, *more)] == [0, 0, 0]
    assert listing(site) == before


def test_list_tells_where_the_project_lies_and_by_which_rule(site, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done, made = installed(site, empty, ["list"], ["init", "mine"])
    assert done.code == 0 and "REFORMLIB_PROJECT" in done.out + done.err and "reformlib init" in done.out + done.err
    assert str(site / "reformlib/_project") in done.out + done.err
    assert made.code == 0
    (done,) = installed(site, empty / "mine", ["list"])
    assert str(empty / "mine") in done.out + done.err


# --- words


@pytest.mark.parametrize("command", ["list", "status", "diff"])
def test_tables_fit_eighty_columns(project, real, command):
    if command == "diff":
        shutil.copytree(real / "data/reports/tra-vinh-2020", real / "data/reports/later-2021")
        replaced(real / "data/reports/later-2021/annex.csv", "97,7 %", "98 %")
        replaced(real / "data/reports/later-2021/report.yml", 'edition: "2020"', 'edition: "2021"')
        project = real
        arguments = ["diff", "tra-vinh-2020", "later-2021"]
    else:
        arguments = [command]
    done = run(project, *arguments, COLUMNS="80")
    assert done.code == 0, done.err
    assert max(map(len, (done.out + done.err).splitlines())) <= 80


def test_one_of_a_thing_is_told_as_one(project):
    done = run(project, "render", "01", "--report", "one", "--language", "vi")
    assert "1 reports" not in done.err and "1 documents" not in done.err, done.err


def test_every_file_written_is_named_on_stdout(project):
    done = run(project, "render", "01", "--report", "one", "--language", "vi", "--to", "xlsx")
    assert done.code == 0, done.err
    named = set(done.out.split())
    made = {f"outputs/{name}" for name in tree(project / "outputs") if name.startswith("one/")}
    assert {name for name in made if name.endswith((".html", ".xlsx"))} <= named


def test_a_language_that_there_is_not_is_answered_with_those_there_are(project):
    done = run(project, "render", "-p", "language=fr")
    assert done.code == 2 and "vi, en" in done.err and "--language fr" not in done.err, done.err


def test_completion_is_offered_and_describe_takes_the_name_that_check_gives(real):
    assert "--install-completion" in run(real, "--help").out
    (real / "data/reports/tra-vinh-2020/datapackage.json").write_text("{}")
    told = run(real, "check", "--report", "tra-vinh-2020").out
    assert "reformlib describe" in told
    assert run(real, "describe", "tra-vinh-2020").code == 0
    done = run(real, "check", "--report", "tra-vinh-2020")
    assert done.code == 0 and "in order" in done.err and "● tra-vinh-2020: in order" not in done.err
