"""A new report folder: whole or not at all, never over another, and checked while it is being filled."""

from __future__ import annotations

import pytest

from reformlib import cli
from reformlib.check.folders import check_report
from reformlib.errors import ReformError
from reformlib.load.blank import check_name, empty_form, headings, new_folder
from reformlib.load.catalogue import load_catalogue
from reformlib.load.meta import read_meta
from reformlib.load.report import load_report
from tests.synthetic import consistent

FIELDS = {"unit_vi": 'Sở "Nội vụ": số 1 # Đ', "edition": "2025", "form": "phu-luc-7"}


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue("phu-luc-7")


@pytest.fixture
def form(catalogue):
    return empty_form(catalogue, headings("2014-2019"))


def test_a_new_folder_is_read_and_says_what_is_still_to_be_filled_in(tmp_path, catalogue, form):
    folder = new_folder(tmp_path / "so-noi-vu-2025", form, FIELDS)
    checked = check_report(folder)
    assert checked.problems == [] and checked.findings == []
    assert [part.partition(",")[2].strip() for part in checked.to_fill[:-2]] == [
        *("unit_en", "place_vi", "place_en", "title_vi", "title_en", "source_vi", "source_en")
    ]
    assert "no figure in any cell yet" in checked.to_fill[-2] and "datapackage.json" in checked.to_fill[-1]
    meta = read_meta(folder / "report.yml", draft=True)
    assert (meta.unit_vi, meta.period_start, str(meta.data_date)) == (FIELDS["unit_vi"], 2014, "2019-12-31")
    with pytest.raises(ReformError, match="unit_en: still to be filled in"):
        load_report(folder)


def test_a_wrong_cell_is_wrong_and_a_right_one_is_not_while_the_rest_is_empty(tmp_path, catalogue, form):
    rows = consistent(1)
    form.iloc[4, 2:] = rows[5]
    folder = new_folder(tmp_path / "unit-2019", form, FIELDS)
    assert not any("annex.csv" in part for part in check_report(folder).to_fill)
    path = folder / "annex.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(rows[5][0], "many"), encoding="utf-8")
    (problem,) = check_report(folder).problems
    assert "row 6 (form row 5), column Năm 2014" in problem


def test_nothing_that_is_there_is_touched(tmp_path, form):
    taken = tmp_path / "unit-2019"
    taken.mkdir()
    (taken / "notes.txt").write_text("mine")
    with pytest.raises(ReformError, match="there already"):
        new_folder(taken, form, FIELDS)
    assert [path.name for path in tmp_path.rglob("*")] == ["unit-2019", "notes.txt"]


@pytest.mark.parametrize("fields", [{"data_date": "soon"}, {"period_start": "2014\nid: other"}, {"locale": "fr"}])
def test_a_text_that_would_break_the_folder_leaves_none(tmp_path, form, fields):
    with pytest.raises(ReformError):
        new_folder(tmp_path / "unit-2019", form, FIELDS | fields)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "con", "nul.2020", "../up", "a/b", "A", "sở", "x" * 61, "a..b", "-a", "a\n"])
def test_names_that_are_no_folder_everywhere_are_refused(name):
    with pytest.raises(ReformError, match="cannot be the name"):
        check_name(name)


@pytest.mark.parametrize(
    ("years", "until"), [("2025-2021", ""), ("20", ""), ("1900-2025", ""), ("2020", "31/2"), ("", "")]
)
def test_years_that_cannot_be_read_are_refused(years, until):
    with pytest.raises(ReformError):
        headings(years, until)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new-report", "Con"], ["cannot be the name"]),
        (["new-report", "demo-2025", "--unit", "x"], ["--edition", "--years"]),
        (["template", "form.xls", "--years", "2020"], ["ends in .xlsx"]),
        (["template", "form.xlsx"], ["--years", "--report"]),
    ],
)
def test_wrong_use_is_told_with_code_2(capfd, arguments, words):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    told = capfd.readouterr().err
    assert all(word in told for word in words)


def test_from_a_template_to_a_folder_on_the_command_line(tmp_path, capfd):
    def run(*arguments) -> str:
        with pytest.raises(SystemExit) as caught:
            cli.main([str(argument) for argument in arguments])
        assert not caught.value.code, capfd.readouterr().err
        return capfd.readouterr().out

    book = tmp_path / "form.xlsx"
    assert run("template", book, "--report", "tra-vinh-2020") == f"{book}\n"
    made = tmp_path / "copy-2020"
    assert run("new-report", "copy-2020", "--from", book, "--form", "phu-luc-7", "--output", tmp_path) == f"{made}\n"
    first, again = load_report("tra-vinh-2020"), load_report(made)
    assert again.annex.equals(first.annex)
    assert (again.meta.unit_vi, again.meta.data_date) == (first.meta.unit_vi, first.meta.data_date)
