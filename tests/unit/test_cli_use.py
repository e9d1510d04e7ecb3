"""The command line: wrong use, the data commands, what goes to stdout and what to stderr."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest

import reformlib.present.findings  # before a fake takes the place of what it imports  # noqa: F401
from reformlib import cli
from reformlib.errors import ReformError
from reformlib.present import datasets
from tests.render_helpers import command, make_project, write_notebook
from tests.render_helpers import run as in_repo

FRAME = pd.DataFrame(
    {
        "indicator": ["lan", "Trà Vinh, “a”", "x"],
        "year": [2016, 2017, 2018],
        "as_of": pd.to_datetime(["2016-12-31", "2017-12-31", None]),
        "value": [97.7, float("nan"), 1445.0],
        "note": ["", "two\nlines", None],
    }
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = make_project(tmp_path / "p", **{"01_first": (), "02_second": ()})
    monkeypatch.chdir(root)
    fake = ModuleType("reformlib.load.report")
    fake.load_report = Path
    monkeypatch.setitem(sys.modules, "reformlib.load.report", fake)
    real = datasets.dataset
    monkeypatch.setattr(datasets, "dataset", lambda name, report, **kw: FRAME if report else real(name, report, **kw))
    return root


@pytest.fixture
def run(project, capfdbinary):
    def run(*arguments: str):
        with pytest.raises(SystemExit) as caught:
            cli.main(list(arguments))
        out, err = (stream.decode() for stream in capfdbinary.readouterr())
        return caught.value.code or 0, out, err

    return run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["render", "01_frist"], ["no such notebook: 01_frist", "did you mean 01_first?"]),
        (["render", "missing/x.ipynb"], ["no such notebook"]),
        (["render", "--report", "dema"], ["no such report: dema", "did you mean demo?"]),
        (["render", "--report", "notebooks"], ["not a report"]),
        (["render", "--language", "fr"], ["fr", "vi", "en"]),
        (["render", "-p", "yaer=2019"], ["no parameter yaer", "did you mean year?"]),
        (["render", "-p", "year=soon"], ["year", "'soon'", "a whole number"]),
        (["render", "-p", "strict=perhaps"], ["true or false"]),
        (["render", "-p", "level=9"], ["one of: 3, 4"]),
        (["render", "-p", "year"], ["name=value"]),
        (["render", "-p", "language=en"], ["--language en"]),
        (["render", "-p", "report=demo"], ["--report demo"]),
        (["render", "--nothing"], ["No such option"]),
        (["table"], ["Missing argument"]),
        (["table", "observatons"], ["no such table", "did you mean observations?"]),
        (["table", "observations", "--report", "dema"], ["no such report"]),
        (["table", "observations", "--format", "xml"], ["xml", "csv"]),
        (["table", "observations", "--language", "fr"], ["fr"]),
        (["check", "--report", "dema"], ["no such report"]),
        (["rendr"], ["rendr"]),
        (["render", "--all"], ["no such plan", "reports.yml"]),
        (["render", "--plan", "none.yml"], ["no such plan: none.yml"]),
        (["render", "--all", "01"], ["--all renders the plan as it is", "--only"]),
        (["render", "--prune"], ["--prune deletes", "add --all"]),
        (["render", "--only", "nothing*"], ["nothing in the plan fits nothing*"]),
        (["render", "--jobs", "0"], ["--jobs"]),
        (["render", "--limit", "-1"], ["--limit"]),
        (["render", "--engine", "steam"], ["steam"]),
        (["status"], ["no such plan"]),
        (["prune"], ["no such plan"]),
    ],
)
def test_wrong_use_is_told_with_the_fix_and_code_2(run, project, arguments, words):
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert all(word in err for word in words), err
    assert "Traceback" not in err
    assert not (project / "outputs").exists()


def test_a_dry_run_tells_what_and_why_and_does_nothing(run, project):
    (project / "data/reports.yml").write_text("defaults: {editions: [x], folder: reports/demo}\nunits: [demo]\n")
    code, out, err = run("render", "--all", "--dry-run", "--only", "*/vi/*")
    assert (code, err) == (0, "2 of 2 documents would be rendered.\n")
    assert out == "demo/vi/01_first: not rendered yet\ndemo/vi/02_second: not rendered yet\n"
    assert run("render", "--dry-run", "--limit", "3")[2] == "3 of 4 documents would be rendered.\n"
    assert not (project / "outputs").exists()


def test_a_folder_of_report_folders_stands_for_them_all(run, project):
    shutil.copytree(project / "data/reports/demo", project / "data/reports/other")
    (project / "data/reports/other/report.yml").write_text("id: other\n")
    out = run("render", "01", "-l", "vi", "--report", "data/reports", "--dry-run")[1]
    assert out == "demo/vi/01_first: not rendered yet\nother/vi/01_first: not rendered yet\n"


def test_a_broken_plan_is_told_before_anything_runs(run, project):
    (project / "data/reports.yml").write_text("units:\n  - demo\n  bad: [")
    code, _, err = run("render", "--all")
    assert code == 2 and "reports.yml, line 3, column 3" in err and "Traceback" not in err
    assert not (project / "outputs").exists()


def test_two_notebooks_or_reports_of_one_name_cannot_go_in_one_run(run, project, tmp_path):
    twins = [tmp_path / folder / "mine.ipynb" for folder in ("a", "b")]
    for twin in twins:
        twin.parent.mkdir()
        write_notebook(twin)
    assert run("render", *map(str, twins))[0] == 2
    other = make_project(tmp_path / "q") / "data/reports/demo"
    assert run("render", "--report", "demo", "--report", str(other))[0] == 2


def test_an_unreadable_notebook_is_refused_before_anything_runs(run, project):
    (project / "notebooks" / "02_second.ipynb").write_text("{")
    code, _, err = run("render")
    assert code == 2 and "02_second.ipynb cannot be read as a notebook" in err
    assert not (project / "outputs").exists()


def test_an_output_that_cannot_be_written_to_fails_with_code_1(run, project):
    (project / "outputs").write_text("in the way")
    code, _, err = run("render")
    assert code == 1 and "cannot write to outputs" in err and "--output" in err
    assert (project / "outputs").read_text() == "in the way"


def test_broken_data_of_a_table_fails_with_code_1_and_no_traceback(run, project, monkeypatch):
    def broken(folder):
        raise ReformError("3 broken rows in facts.csv:\n  row 2", where="facts.csv")

    monkeypatch.setattr(sys.modules["reformlib.load.report"], "load_report", broken)
    code, _, err = run("table", "observations")
    assert code == 1 and "3 broken rows in facts.csv" in err
    assert "Traceback" not in err


def test_csv_is_utf8_with_decimal_points_and_empty_for_missing(run):
    code, out, err = run("table", "observations")
    assert code == 0 and err == ""
    assert "\r" not in out
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == ["indicator", "year", "as_of", "value", "note"]
    assert rows[1] == ["lan", "2016", "2016-12-31", "97.7", ""]
    assert rows[2] == ["Trà Vinh, “a”", "2017", "2017-12-31", "", "two\nlines"]
    assert rows[3][2:] == ["", "1445.0", ""]


def test_json_has_null_for_missing(run):
    code, out, _ = run("table", "observations", "--format", "json")
    records = json.loads(out)
    assert code == 0
    assert records[0] == {"indicator": "lan", "year": 2016, "as_of": "2016-12-31", "value": 97.7, "note": ""}
    assert (records[1]["value"], records[2]["as_of"], records[2]["note"]) == (None, None, None)
    assert "Trà Vinh" in out


def test_text_is_a_table_that_a_pipe_gets_unbroken(run):
    code, out, _ = run("table", "observations", "--format", "text")
    assert code == 0
    (line,) = [line for line in out.splitlines() if "lan" in line]
    assert "97.7" in line and "2016-12-31" in line and "nan" not in out


def test_list_names_reports_notebooks_parameters_and_tables(run):
    code, out, _ = run("list", "--format", "json")
    listed = json.loads(out)
    assert code == 0
    assert listed["reports"] == ["demo"]
    assert list(listed["notebooks"]) == ["01_first", "02_second"]
    assert listed["notebooks"]["01_first"][2] == {
        "name": "year",
        "type": "int",
        "default": 2020,
        "comment": "last year",
    }
    assert "observations" in listed["tables"]
    text = run("list")[1]
    assert all(word in text for word in ("demo", "01_first", "Literal['vi', 'en']", "last year", "observations"))


def checked(name: str, problems=(), to_fill=(), findings=()) -> SimpleNamespace:
    told = {"problems": list(problems), "to_fill": list(to_fill), "findings": list(findings)}
    return SimpleNamespace(name=name, of_all=False, **told)


def test_what_is_still_to_be_filled_in_is_not_wrong_and_has_a_code_of_its_own(run, monkeypatch):
    fake = ModuleType("reformlib.check.folders")
    fake.check_folders = lambda folders: [checked(f.name, to_fill=["report.yml, unit_en"]) for f in folders]
    monkeypatch.setitem(sys.modules, "reformlib.check.folders", fake)
    code, out, err = run("check")
    assert (code, out) == (3, "to be filled in: report.yml, unit_en\n")
    assert "demo: nothing wrong, 1 part still to be filled in" in err


@pytest.mark.parametrize(("problems", "code"), [([], 0), (["row 3 of facts.csv is broken"], 1)])
def test_check_tells_problems_and_their_number(run, monkeypatch, problems, code):
    fake = ModuleType("reformlib.check.folders")
    fake.check_folders = lambda folders: (checked(folder.name, problems=problems) for folder in folders)
    monkeypatch.setitem(sys.modules, "reformlib.check.folders", fake)
    found, out, err = run("check")
    assert found == code
    assert out.splitlines() == problems
    assert "demo" in err


@pytest.mark.parametrize(
    ("found", "fail_on", "code"),
    [
        ("warning", None, 0),
        ("warning", "warning", 1),
        ("warning", "error", 0),
        ("error", "error", 1),
        ("error", "warning", 1),
        (None, "warning", 0),
    ],
)
def test_check_fails_on_findings_when_asked_to(run, monkeypatch, found, fail_on, code):
    finding = SimpleNamespace(severity=found, title="A fall", where="row 5", computation="500 → 470")
    fake = ModuleType("reformlib.check.folders")
    fake.check_folders = lambda folders: [checked(f.name, findings=[finding] if found else []) for f in folders]
    monkeypatch.setitem(sys.modules, "reformlib.check.folders", fake)
    ended, out, _ = run("check", *(["--fail-on", fail_on] if fail_on else []))
    assert ended == code
    assert out == (f"{found}: A fall (row 5): 500 → 470\n" if found else "")


def test_help_and_version(run):
    assert run("--version")[1] == "reformlib 0.1.0\n"
    for arguments in ([], ["render"], ["table"], ["list"], ["check"], ["new-report"], ["template"]):
        code, out, _ = run(*arguments, "--help")
        assert code == 0 and "Usage: reformlib" in out
    assert "Example" in run("render", "--help")[1]


def test_an_unexpected_error_is_told_without_a_traceback(run, monkeypatch):
    def bug(*_, **__):
        raise RuntimeError("a bug")

    monkeypatch.setattr(datasets, "dataset", bug)
    code, _, err = run("table", "observations")
    assert code == 1 and "unexpected RuntimeError: a bug" in err and "Traceback" not in err
    with pytest.raises(RuntimeError):
        cli.main(["table", "observations", "--debug"])


def test_help_lists_and_the_parent_of_a_run_import_nothing_heavy(repo):
    """Documents are made by other processes, which have loaded that once."""
    code = "import sys; from reformlib.cli import main\nfor command in ('--help', 'list', 'status'):\n"
    code += "    try: main([command])\n    except SystemExit: pass\nimport reformlib.render.run.batch\n"
    code += "sys.stderr.write('heavy: ');"
    code += "print(sorted({'pandas', 'papermill', 'nbconvert', 'matplotlib'} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True)
    assert done.stderr.strip().endswith("heavy: []")


def test_a_reader_that_leaves_early_is_no_error(repo):
    process = command(repo, "table", "observations")
    process.stdout.close()
    process.stdout = io.StringIO()  # communicate() wants one
    process.wait(timeout=60)
    assert process.returncode == 0
    assert process.stderr.read() == ""


def test_real_tables_agree_in_all_formats(repo):
    as_json = json.loads(in_repo(repo, "table", "observations", "--format", "json").out)
    as_csv = list(csv.DictReader(io.StringIO(in_repo(repo, "table", "observations").out)))
    columns = [
        "indicator",
        "form_row",
        "level",
        "name",
        "period",
        "year",
        "start",
        "as_of",
        "collect",
        "value",
        "unit",
        "bound",
        "count",
        "base",
        "status",
        "raw",
        "place",
        "note",
    ]
    assert list(as_csv[0]) == columns
    assert len(as_csv) == len(as_json)
    for row, record in zip(as_csv, as_json, strict=True):
        assert float(row["value"] or "nan") == record["value"] or (row["value"], record["value"]) == ("", None)
        assert row["as_of"] == record["as_of"] and row["as_of"].count("-") == 2
