"""Broken data files: everything that is wrong, at once, with file, row, column, rule and value."""

import csv
import re
import shutil
import unicodedata

import pandas as pd
import pytest

import reformlib as rl
from reformlib.check.folders import check_folders, check_report
from reformlib.errors import ReformError
from reformlib.load.catalogue import load_catalogue
from reformlib.load.datapackage import write
from reformlib.load.report import load_report
from reformlib.load.validate import broken_cells
from reformlib.paths import find_report


@pytest.fixture
def folder(repo, tmp_path):
    """A copy of the reference report that a test may break."""
    return shutil.copytree(repo / "data" / "reports" / "tra-vinh-2020", tmp_path / "copy")


def edit(path, row, column, value):
    """Write a value into a cell; `row` as a spreadsheet counts, the header being row 1."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_a_copied_folder_loads_like_the_original(folder):
    assert load_report(folder).observations.equals(load_report("tra-vinh-2020").observations)


def test_the_order_of_time_is_that_of_the_dates_not_of_the_columns(folder):
    annex, plain = pd.read_csv(folder / "annex.csv", dtype=str, keep_default_na=False), rl.load_report("tra-vinh-2020")
    moved = annex.columns[[0, 1, 7, 4, 6, 2, 5, 3]]  # 3/2020, 2017, 2019, 2015, 2018, 2016
    annex[moved].to_csv(folder / "annex.csv", index=False)
    write(folder)
    report = rl.load_report(folder)
    assert list(report.annex.columns) == list(moved)  # as printed
    for name in ("observations", "changes", "checks", "gaps", "projections"):
        pd.testing.assert_frame_equal(report.table(name), plain.table(name))


def test_every_broken_row_is_named_with_row_column_rule_and_value(folder):
    edit(folder / "facts.csv", 3, "domain", "9")
    edit(folder / "facts.csv", 5, "quote", " ")
    edit(folder / "facts.csv", 7, "kind", "guess")
    with pytest.raises(ReformError) as error:
        load_report(folder)
    message = str(error.value)
    assert "3 broken cells in facts.csv" in message
    assert "row 3, column domain: must look like [1-6]; found '9'" in message
    assert "row 5, column quote: must be filled; found ' '" in message
    assert "row 7, column kind: must be one of: observed, norm, target; found 'guess'" in message


def test_broken_rows_of_several_files_are_told_at_once(folder):
    edit(folder / "facts.csv", 3, "domain", "9")
    edit(folder / "tasks.csv", 4, "quote", "")
    edit(folder / "annex.csv", 2, "form_row", "row 1")
    with pytest.raises(ReformError) as error:
        load_report(folder)
    message = str(error.value)
    for place in (
        "facts.csv, row 3, column domain",
        "tasks.csv, row 4, column quote",
        "annex.csv, row 2, column form_row",
    ):
        assert place in message


def test_a_limit_of_zero_is_a_limit():
    assert broken_cells(["0", "3", ""], {"type": "integer", "constraints": {"maximum": 0}}) == [
        (3, "3", "must be at most 0")
    ]


def test_a_code_that_stands_twice_is_named(folder):
    with (folder / "facts.csv").open(encoding="utf-8", newline="") as file:
        first = next(iter(csv.DictReader(file)))["fact"]
    edit(folder / "facts.csv", 3, "fact", first)
    with pytest.raises(ReformError, match=f"row 3, column fact: must not stand twice; found '{first}'"):
        load_report(folder)


@pytest.mark.parametrize(("column", "table"), [("section", "sections"), ("unit", "units_of_measure")])
def test_a_code_of_another_table_must_exist(folder, column, table):
    edit(folder / "facts.csv", 2, column, "nowhere")
    with pytest.raises(ReformError, match=f"row 2, column {column}: must name a row of {table}.csv"):
        load_report(folder)


def test_every_unreadable_cell_of_the_form_is_named(folder):
    edit(folder / "annex.csv", 2, "Năm 2015", "khoảng 90%")
    edit(folder / "annex.csv", 4, "Năm 2019", "1.44")
    with pytest.raises(ReformError) as error:
        load_report(folder)
    message = str(error.value)
    assert "2 cells of the form cannot be read" in message
    assert "annex.csv, row 2 (form row 1), column Năm 2015: cannot read 'khoảng 90'" in message
    assert "annex.csv, row 4 (form row 3), column Năm 2019: cannot read '1.44'" in message


def test_an_entry_of_the_log_fails_when_its_cell_changed(folder):
    edit(folder / "annex.csv", 6, "Năm 2020 (Tính đến 31/3)", "1.611")
    with pytest.raises(ReformError, match=r"entry signatures-are-a-stock .* expects '1.610' here, but .* '1.611'"):
        load_report(folder)


def test_a_correction_is_applied_visibly(folder):
    with (folder / "assumptions.yml").open("a", encoding="utf-8") as file:
        file.write(
            "- id: typing-error\n  kind: correction\n  by: test\n"
            '  cells: [{ indicator: lan, year: 2015, expects: "27", becomes: "26" }]\n'
            "  what_vi: Sửa 27 thành 26.\n  what_en: 27 becomes 26.\n  why_vi: Thử.\n  why_en: A trial.\n"
        )
    row = load_report(folder).observations.query("indicator == 'lan' and year == 2015").iloc[0]
    assert (row["value"], row["raw"], row["note"], row["note_vi"]) == (26, "27", "27 becomes 26.", "Sửa 27 thành 26.")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("facts.csv", None, "facts.csv is missing"),
        ("facts.csv", b"", "facts.csv is empty"),
        ("facts.csv", "fact,ti\u1ebfng".encode("utf-16"), "not UTF-8"),
        ("facts.csv", b"fact,section\nx,y\n", "column domain is missing"),
        ("facts.csv", b"fact,fact\nx,y\n", "stands twice"),
        ("facts.csv", b"fact,section\nx,y,z\n", "row 2 has 3 cells"),
        ("facts.csv", b'fact,"sec\n', "not valid CSV"),
        ("annex.csv", b"form_row,label\n1,x\n", "unexpected columns"),
        (
            "annex.csv",
            "form_row,label,2015,2016,2017,2018,2019,2020 (Tính đến 31/3)\n99,x,1,1,1,1,1,1\n".encode(),
            "form rows not in the form: 99",
        ),
        ("report.yml", b"id: [", "not valid YAML"),
        ("report.yml", b"id: x\ncolour: red\n", "colour"),
        ("report.yml", b"- a\n", "holds no fields"),
        ("assumptions.yml", b"- id: x\n", "kind: Field required"),
    ],
)
def test_unreadable_files_are_told_in_plain_words(folder, name, content, says):
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ReformError, match=says):
        load_report(folder)


def test_a_file_saved_by_a_spreadsheet_with_a_mark_and_decomposed_letters_reads_the_same(folder):
    path = folder / "annex.csv"
    path.write_text(unicodedata.normalize("NFD", path.read_text(encoding="utf-8")), encoding="utf-8-sig")
    assert load_report(folder).observations.equals(load_report("tra-vinh-2020").observations)


def test_check_finds_nothing_wrong_with_the_shipped_data_and_every_edit(folder):
    (shipped,) = check_folders([find_report("tra-vinh-2020")])
    assert (shipped.problems, shipped.to_fill) == ([], [])
    edit(folder / "facts.csv", 2, "note", "edited")
    (problem,) = check_report(folder).problems
    assert "facts.csv differs from datapackage.json" in problem


@pytest.fixture
def project(repo, tmp_path, monkeypatch):
    """A project of its own with the data of the repository; its folder data/."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("REFORMLIB_PROJECT", str(tmp_path))
    return shutil.copytree(repo / "data", tmp_path / "data")


def test_targets_are_held_against_their_contract_too(project):
    edit(project / "targets" / "targets.csv", 2, "value", "sixty")
    edit(project / "targets" / "targets.csv", 3, "recommended_use", "maybe")
    with pytest.raises(ReformError, match=r"2 broken cells in targets\.csv"):
        load_catalogue("phu-luc-7")


@pytest.mark.parametrize(
    ("file", "column", "value", "says"),
    [
        ("target_mapping.csv", "reason", "no_reason", "column reason: must be a code of the list reason in codes.csv"),
        ("target_mapping.csv", "reason", "", "column reason: must be filled, as measure is none"),
        ("target_mapping.csv", "caveat", "restates;odd", "column caveat: must be a code of the list caveat"),
        ("target_mapping.csv", "indicator", "nothing", "column indicator: must name a row of indicators.csv"),
        ("target_mapping.csv", "level", "5", "column level: '5' is no category of portals"),
        ("target_mapping.csv", "mapping_quality", "", "column mapping_quality: must be filled"),
        ("remarks.csv", "code", "mechanism_not_software", "column code: must not stand in the list twice"),
        ("remarks.csv", "code", "no_figure", "column code: must not stand in codes.csv already"),
        ("remarks.csv", "list", "verdict", "column list: must be one of: reason, caveat"),
        ("reclassifications.csv", "until", "2025", "column until: must look like"),
        ("reclassifications.csv", "until", "2025-02-30", "column until: must be a date that exists"),
        ("reclassifications.csv", "indicators", "lan;odd", "column indicators: must name a row of indicators.csv"),
        ("reclassifications.csv", "beyond", "", "column beyond: must be one of: assumed, cut"),
        ("indicators.csv", "indicator", "axis_units", "column indicator: must not stand twice"),
        ("categories.csv", "indicator", "nothing", "column indicator: must name a row of indicators.csv"),
        (
            "indicators.csv",
            "limit_high",
            "-1",
            "column limit_high: must not be below limit_low, nor equal it; found '-1'",
        ),
        (
            "indicators.csv",
            "limit_high",
            "0",
            "column limit_high: must not be below limit_low, nor equal it; found '0'",
        ),
        (
            "categories.csv",
            "words",
            "mức độ 4",
            "column words: 'mức độ 4' stands for 3 of online_services_used already",
        ),
        (
            "categories.csv",
            "category",
            "4",
            "column category: must not stand twice for online_services_used",
        ),
    ],
)
def test_a_form_is_held_against_itself(project, file, column, value, says):
    form = project / "forms" / "phu-luc-7"
    # T003: nothing to compare; mechanism_not_software twice; the end of districts; level 3 of services used
    edit(form / file, 3 if file == "reclassifications.csv" else 4, column, value)
    with pytest.raises(ReformError) as error:
        load_catalogue(form)
    assert re.search(rf"{file}, row [3-5](, |: ){re.escape(says)}", str(error.value)), error.value


@pytest.mark.parametrize(
    ("file", "column", "value", "says"),
    [
        ("projection.csv", "ceiling", "bodies", "ceiling: must be none where family is unbounded, and only there"),
        ("indicators.csv", "limit_high", "9", "ceiling: must not be none, as indicators.csv has a limit_high"),
        ("indicators.csv", "limit_low", "", "family: must be unbounded, as indicators.csv has no limit_low"),
        ("projection.csv", "ceiling", "limit_high", "row 4, column ceiling: must not be limit_high, which is empty"),
    ],
)
def test_projections_keep_within_the_limits_of_the_form(project, file, column, value, says):
    form = project / "forms" / "phu-luc-7"
    edit(form / file, 2 if value == "" else 4, column, value)  # a share of all documents; documents received
    with pytest.raises(ReformError, match=re.escape(says)):
        load_catalogue(form)


def test_notes_of_a_form_are_in_both_languages(project):
    form = project / "forms" / "phu-luc-7"
    text = (form / "form.yml").read_text(encoding="utf-8")
    (form / "form.yml").write_text(text.partition("notes_en:")[0] + "notes_en: []\n", encoding="utf-8")
    with pytest.raises(ReformError, match=r"form\.yml.*notes_en.*as many as notes_vi, 1; found 0"):
        load_catalogue(form)


def test_a_target_that_no_source_confirms_drives_no_figure(project):
    edit(project / "targets" / "targets.csv", 4, "evidence", "unconfirmed")
    edit(project / "targets" / "targets.csv", 4, "recommended_use", "use")
    with pytest.raises(ReformError, match=r"targets\.csv, row 4, column recommended_use: must drive no figure"):
        load_catalogue("phu-luc-7")


def without_lan(form):
    lines = (form / "projection.csv").read_text("utf-8").splitlines(keepends=True)
    (form / "projection.csv").write_text("".join(line for line in lines if not line.startswith("lan,")), "utf-8")
    write(form)


def test_an_indicator_that_nothing_says_how_to_project_is_told(project):
    without_lan(project / "forms" / "phu-luc-7")
    of_form, report = check_folders([project / "reports" / "tra-vinh-2020"])
    assert (of_form.name, of_form.of_all, report.problems) == ("form phu-luc-7", True, [])
    (problem,) = of_form.problems
    assert problem.startswith("projection.csv has no row of lan:")


def test_reports_looked_at_in_several_processes_are_told_as_by_one(project, monkeypatch):
    without_lan(project / "forms" / "phu-luc-7")
    report = project / "reports" / "tra-vinh-2020"
    broken = shutil.copytree(report, report.with_name("broken"))
    (broken / "annex.csv").unlink()
    monkeypatch.setattr("reformlib.load.many.SHARE", 1)
    told = [(one.name, len(one.problems), len(one.findings)) for one in check_folders([report, broken])]
    assert told == [("form phu-luc-7", 1, 0), ("tra-vinh-2020", 0, 5), ("broken", 2, 0)]


def test_a_form_changed_since_the_report_was_made_is_told_with_its_rows(project):
    edit(project / "forms" / "phu-luc-7" / "indicators.csv", 4, "unit", "signatures")
    with pytest.raises(ReformError) as error:
        load_report("tra-vinh-2020")
    assert error.value.what.endswith("was made: row 3 (now: Số lượng văn bản nhận trên Trục liên thông VBQG)")
    assert "indicators.csv" in error.value.where and "reformlib describe" in error.value.fix
    write(project / "reports" / "tra-vinh-2020")
    assert load_report("tra-vinh-2020").meta.form_sha256 == load_catalogue("phu-luc-7").sha256


def test_a_row_added_to_the_form_changes_nothing_for_a_report_without_it(project):
    with (project / "forms" / "phu-luc-7" / "indicators.csv").open("a", encoding="utf-8") as file:
        file.write("staff,15,Số công chức,Staff,Công chức,Staff,persons,stock,E,increase,0,,,,,,\n")
    assert len(load_report("tra-vinh-2020").annex) == 14


def test_a_report_may_carry_its_own_form(project):
    folder = project / "reports" / "tra-vinh-2020"
    shutil.move(project / "forms" / "phu-luc-7", folder / "form")
    assert load_report(folder).catalogue.folder == folder / "form"
    edit_text(folder / "report.yml", "form: phu-luc-7", "form: phu-luc-8")
    with pytest.raises(ReformError, match="names the form phu-luc-8, its folder form holds phu-luc-7"):
        load_report(folder)


def test_a_form_that_there_is_not(project):
    edit_text(project / "reports" / "tra-vinh-2020" / "report.yml", "form: phu-luc-7", "form: phu-luc-8")
    with pytest.raises(ReformError) as error:
        load_report("tra-vinh-2020")
    assert "no such form: phu-luc-8" in str(error.value) and "did you mean phu-luc-7?" in str(error.value)
    assert "report.yml, field form" in error.value.where


def test_a_report_from_before_forms_were_named_is_told_what_to_add(project):
    path = project / "reports" / "tra-vinh-2020" / "report.yml"
    edit_text(path, "form: phu-luc-7\n", "unit_until: 2025-06-30\n")
    with pytest.raises(ReformError) as error:
        load_report("tra-vinh-2020")
    assert "unit_until: Extra inputs" in error.value.what and "exists_until" in error.value.expected
    assert "add `form: NAME`" in error.value.fix and "phu-luc-7" in error.value.fix


def edit_text(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_no_report_of_that_name():
    with pytest.raises(ReformError) as error:
        load_report("tra-vinh-2021")
    assert "did you mean tra-vinh-2020?" in str(error.value)


def test_a_folder_that_is_no_report(tmp_path):
    with pytest.raises(ReformError, match="not a report"):
        load_report(tmp_path)


def test_an_instrument_without_a_number_is_called_by_its_name():
    catalogue = load_catalogue("phu-luc-7")
    assert catalogue.instrument("Nghị quyết 17/NQ-CP")["en"] == "Resolution 17/NQ-CP"
    found = catalogue.instrument("Kết luận Thủ tướng, họp UBQG CPĐT")
    assert found["en"] == "Conclusions at the meeting of the National Committee on E-Government"
    assert all(all(catalogue.instrument(code).values()) for code in catalogue.instruments["instrument"])


def test_indicators_and_facts_that_report_yml_names_are_those_of_form_and_report(tmp_path):
    source = load_report("tra-vinh-2020").folder
    folder = tmp_path / "copy"
    shutil.copytree(source, folder)
    path = folder / "report.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "cumulative: [signatures]\n", encoding="utf-8")
    assert load_report(folder).meta.cumulative == ["signatures"]
    path.write_text(text + "cumulative: [signature]\n", encoding="utf-8")
    with pytest.raises(ReformError, match="cumulative: signature is unknown"):
        load_report(folder)
    for wrong, table in (("portal: procedures", "indicators"), ("portals: procedure", "facts")):
        path.write_text(text.replace("universes:\n", f"universes:\n  {wrong}\n", 1), encoding="utf-8")
        with pytest.raises(ReformError, match=r"universes: (portal|procedure) is unknown") as error:
            load_report(folder)
        assert error.value.expected == f"a code of {table}.csv"
    path.write_text(text.replace("  - portals", "  - portal"), encoding="utf-8")
    with pytest.raises(ReformError, match="scope_rows: portal is unknown"):
        load_report(folder)
    path.write_text(text.replace("part: department_online_services", "part: services"), encoding="utf-8")
    with pytest.raises(ReformError, match="own_results: services is unknown") as error:
        load_report(folder)
    assert error.value.expected == "a code of facts.csv"
    path.write_text(text.replace("scope_en: province-wide, compiled by the department", ""), encoding="utf-8")
    with pytest.raises(ReformError, match="scope_en: still to be filled in"):
        load_report(folder)
