"""What an operator types into data files: read, or refused with file, row or line, and field."""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from tests import render_helpers
from tests.render_helpers import REPO, copy_data, make_project

NAME = "tra-vinh-2020"
PAGE = ("from IPython.display import HTML\nHTML('<h1>Trang thử</h1>')", "HTML(f\"<p class='lead'>{year}</p>\")")


def run(folder: Path, *arguments: str):
    """`reformlib …` in a project; what it prints together."""
    done = render_helpers.run(folder, *arguments)
    assert "Traceback" not in done.err and "unexpected" not in done.err, done.err
    return done


def check(project: Path, *, describe: bool = False) -> tuple[int, str]:
    """Exit code and words of `reformlib check`, of a folder that is described first where wanted."""
    if describe:
        run(project, "describe", f"data/reports/{NAME}")
    done = run(project, "check")
    return done.code, done.out


@pytest.fixture
def project(tmp_path) -> Path:
    """A project with the catalogue and the reference report, and no notebook."""
    copy_data(tmp_path)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def lines_with(path: Path, line: str, at: int | None = None) -> None:
    """A line in report.yml, in place of that of its field; the last one, or at an index."""
    field = line.split(":")[0]
    kept = [text for text in path.read_text(encoding="utf-8").splitlines() if not text.startswith(f"{field}:")]
    kept.insert(len(kept) if at is None else at, line)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


@pytest.mark.parametrize("day", ["2019-02-29", "2019-13-01", "2019-04-31", "2019-00-10", "2019-00"])
@pytest.mark.parametrize(("table", "row"), [("documents.csv", 4), ("facts.csv", 3)])
def test_an_impossible_date_in_a_table_names_file_row_and_column(project, table, row, day):
    path = project / "data/reports" / NAME / table
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index("date")] = day
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    code, words = check(project)
    assert code == 1
    assert all(part in words for part in (f"{table}, row {row}, column date", "a date that exists", day)), words


@pytest.mark.parametrize(
    ("table", "column", "cell", "rule"),
    [
        ("targets/targets.csv", "deadline", "before 2019-06-31", "a date that exists"),
        ("targets/instruments.csv", "date", "2021-02-29", "a date that exists"),
        ("forms/phu-luc-7/indicators.csv", "limit_high", "1" * 400, "15 digits"),
    ],
)
def test_a_date_or_number_of_the_catalogue_is_held_against_its_value(project, table, column, cell, rule):
    path = project / "data" / table
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index(column)] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    code, words = check(project)
    assert code == 1
    assert all(part in words for part in (f"{Path(table).name}, row 2, column {column}", rule)), words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("data_date", "2020-06-31"),
        ("data_date", "2020"),
        ("data_date", "2020-3-31"),
        ("issued", '"2020-06-31"'),
        ("issued", '"2020-00"'),
        ("issued", '"2020-13-01"'),
        ("exists_until", "2025-02-30"),
        ("period_start", "2021"),
    ],
)
def test_an_impossible_date_in_report_yml_names_file_field_and_line_and_stops_no_other(project, field, value):
    shutil.copytree(project / "data/reports" / NAME, project / "data/reports/a-2020")
    lines_with(project / "data/reports/a-2020/report.yml", f"{field}: {value}", at=2)
    done = run(project, "check")
    assert done.code == 1
    assert "report.yml: line 3, " + field in done.out, done.out
    assert f" {NAME}: " in done.err, done.err


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("assumptions.yml", "- {id: x, kind: assumption, cells: [], date: 2020-02-31}\n", "date"),
        ("checks.yml", "- id: x\n  rule: in_order\n  pairs: [[{day: 2020-02-31}, {day: 2020-03-01}]]\n", "day"),
        ("checks.yml", "- id: x\n  id: y\n", "id is given twice"),
        ("assumptions.yml", "- {id: x, id: y}\n", "id is given twice"),
        ("report.yml", "edition: '2021'\n", "edition is given twice"),
    ],
)
def test_what_is_wrong_in_yaml_names_file_field_and_line_and_stops_no_other(project, name, text, place):
    shutil.copytree(project / "data/reports" / NAME, project / "data/reports/a-2020")
    path = project / "data/reports/a-2020" / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    run(project, "describe", "data/reports/a-2020")
    done = run(project, "check")
    assert done.code == 1
    assert all(word in done.out for word in (name, "line ", place)), done.out
    assert f" {NAME}: " in done.err, done.err


@pytest.mark.parametrize("line", ["edition: 2020", "edition: 2020.10", "issued: 2020-05-12", "number: 016"])
def test_what_is_typed_without_quotes_is_the_text_that_was_typed(project, line):
    lines_with(project / "data/reports" / NAME / "report.yml", line)
    code, words = check(project, describe=True)
    assert (code, words.count("report.yml")) == (0, 0), words


def test_codes_in_a_plan_are_texts(tmp_path):
    root = make_project(tmp_path / "p", ("00016-0016",), **{"01_first": PAGE})
    plan = root / "data/reports.yml"
    plan.write_text("units:\n- unit: 00016\n  editions: [0016]\n  languages: [vi]\n")
    done = run(root, "render", "--all", "--dry-run")
    assert (done.code, done.out) == (0, "00016-0016/vi/01_first: not rendered yet\n"), done.err


def test_yaml_text_is_normalised_as_csv_is(project):
    folder = project / "data/reports" / NAME
    for name in ("report.yml", "assumptions.yml", "checks.yml"):
        path = folder / name
        path.write_text(unicodedata.normalize("NFD", path.read_text(encoding="utf-8")), encoding="utf-8")
    code, words = check(project, describe=True)
    assert code == 0 and words == unicodedata.normalize("NFC", words)
    done = run(project, "table", "observations", "--report", NAME)
    assert done.code == 0 and done.out == unicodedata.normalize("NFC", done.out)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",", ";", "separated by semicolons"),
        (",", "\t", "separated by tabs"),
        ("\n", ",,\n", "no name over column"),
    ],
)
def test_a_table_of_another_separator_is_refused_in_words_that_fit(project, old, new, says):
    path = project / "data/reports" / NAME / "sections.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    code, words = check(project)
    assert code == 1 and "sections.csv" in words and says in words, words


@pytest.mark.parametrize("table", ["sections.csv", "annex.csv"])
def test_a_mark_at_the_beginning_and_empty_rows_at_the_end_are_no_content(project, table):
    path = project / "data/reports" / NAME / table
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "," * text.partition("\n")[0].count(",") + "\n\n  \n", encoding="utf-8-sig")
    code, words = check(project, describe=True)
    assert code == 0, words


def test_after_an_edit_check_says_the_command_that_describes_the_folder(project):
    lines_with(project / "data/reports" / NAME / "report.yml", 'number: "12/BC-STTTT"')
    code, words = check(project)
    assert code == 1 and f"run `reformlib describe data/reports/{NAME}`" in words, words
    assert check(project, describe=True)[0] == 0


def test_a_table_that_is_no_csv_can_be_described_in_words_only(project):
    (project / "data/reports" / NAME / "tasks.csv").write_text("")
    done = run(project, "describe", f"data/reports/{NAME}")
    assert done.code != 0 and "tasks.csv is empty" in done.err, done.err


@pytest.mark.parametrize("notebook", ["01_assessment", "04_comparison"])
def test_pages_of_ingested_reports_can_be_made_in_english(project, notebook):
    shutil.copytree(REPO / "notebooks", project / "notebooks", dirs_exist_ok=True)
    with (project / f"data/reports/{NAME}/annex.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    folders = []
    for year, cell in (("2019", "khoảng mười ba máy"), ("2020", "khoảng «mười hai» máy")):
        rows[1][4] = cell
        head = ["STT", "Nội dung", *(f"Năm {one}" for one in range(2015, 2020))]
        with (project / f"Báo cáo {year}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *(row[:7] for row in rows)])
        unit = ("--unit", "Sở Thử tỉnh Trà Vinh", "--edition", f"6 tháng đầu năm {year}")
        done = run(
            project, "ingest", f"Báo cáo {year}.csv", *unit, "--accept", "--output", f"data/reports/so-thu-{year}"
        )
        assert done.code == 0, done.err
        path = project / f"data/reports/so-thu-{year}/report.yml"
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\[(cần điền|to be filled in): [^]]*]", "Trial", text), encoding="utf-8")
        folders += ["--report", str(path.parent)]
    done = run(project, "render", notebook, "--language", "en", *folders)
    assert done.code == 0, done.err
