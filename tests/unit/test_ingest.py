"""Files of offices to the form: the reference report in all forms, odd layouts, old encodings, questions."""

import csv
import io
import re
import subprocess
import sys
import zipfile

import docx
import pandas as pd
import pytest
import xlsxwriter
from docx.shared import Pt
from hypothesis import given
from hypothesis import strategies as st

from reformlib.errors import ReformError
from reformlib.ingest import account, encodings, folder, readers, sandbox
from reformlib.ingest.run import ingest
from reformlib.load.report import load_report
from reformlib.load.spreadsheet_safe import neutral, restored
from tests import ingest_files as made
from tests import render_helpers
from tests.hostile_files import repacked
from tests.render_helpers import REPO
from tests.synthetic import Layout

HEADS = ["Năm 2015", "Năm 2016", "Năm 2017", "Năm 2018", "Năm 2019", "Năm 2020 (Tính đến 31/3)"]
SIGNED, RATE, SERVICES = (
    "Số lượng chữ ký số",
    "Tỷ lệ công chức có hộp thư điện tử",
    "Số dịch vụ công trực tuyến mức độ 3, mức độ 4",
)


@pytest.fixture(scope="module")
def reference():
    return load_report("tra-vinh-2020")


def grid(rows, **more):
    return Layout("test", rows, **more)


def table(tmp_path, rows, suffix="docx", **more):
    return made.write(grid(rows, **more), tmp_path / f"form.{suffix}")


def value(draft, row, heading):
    return draft.annex.set_index("form_row").at[str(row), heading]


def same_observations(folder, reference):
    columns = ["indicator", "form_row", "level", "year", "as_of", "value", "unit", "raw"]
    found, wanted = load_report(folder).observations[columns], reference.observations[columns]
    pd.testing.assert_frame_equal(found, wanted)


# --- the reference report in all forms -------------------------------------------------------------------------------


def run(path, target, reader=readers.read, **options):
    given = {"unit": "Sở Thông tin và Truyền thông tỉnh Trà Vinh", "edition": "2020"}
    return ingest(path, target, **given | options, form="phu-luc-7", reader=reader)


def test_the_text_of_the_report_gives_the_same_observations(tmp_path, shared, reference):
    with pytest.raises(ReformError, match="1 question") as asked:  # the form shows a part of the years of the title
        run(shared / "source" / "report.txt", tmp_path / "out", reader=sandbox.read)
    assert asked.value.answers.endswith("\nperiod,giai đoạn 2011 - 2020,2011-2020\n")
    run(shared / "source" / "report.txt", tmp_path / "out", reader=sandbox.read, accept=True)
    same_observations(tmp_path / "out", reference)
    meta = load_report(tmp_path / "out").meta
    assert (meta.number, meta.issued, meta.place_vi) == ("/BC-STTTT", "2020-05", "Trà Vinh")
    assert (meta.period_start, meta.period_end, str(meta.data_date)) == (2011, 2020, "2020-03-31")
    assert meta.title_vi == reference.meta.title_vi
    narrative = (tmp_path / "out" / "narrative.txt").read_text(encoding="utf-8")
    assert "6.834 máy tính" in narrative and "Trần Văn Khoản" in narrative


def office_rows(reference, repeat=None):
    """The form as an office lays it out: heads over two rows, numbers with points, the head again on a new page."""
    head = [["STT", "Chỉ tiêu", "Các sở, ban, ngành tỉnh", *[""] * 5], ["", "", *HEADS]]
    body = [[f"{row[0]}.", *row[1:]] for row in reference.annex.to_numpy().tolist()]
    return head + (body[:repeat] + head + body[repeat:] if repeat else body)


MERGES = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 7)]


def test_a_word_file_with_merged_heads_pages_and_a_row_broken_over_them(tmp_path, reference):
    rows = office_rows(reference, repeat=11)
    broken = rows[12]  # row 11 of the form: its label and its cells go on after the page
    assert broken[0] == "11."
    start, rest = "Tỷ lệ dịch vụ công trực tuyến mức độ 3,", "mức độ 4 có phát sinh hồ sơ"
    upper = ["11.", start, *(cell.split("\n")[0] for cell in broken[2:])]
    lower = ["", rest, *(cell.partition("\n")[2] for cell in broken[2:])]
    rows = [*rows[:12], upper, *rows[13:15], lower, *rows[15:]]
    moved = [(t + 13, left, b + 13, right) for t, left, b, right in MERGES]
    path = table(tmp_path, rows, before=["Phụ lục 7", "Thống kê các chỉ tiêu"], merges=MERGES + moved, head=2)
    run(path, tmp_path / "out")
    same_observations(tmp_path / "out", reference)


def test_a_word_file_in_two_tables_with_footnotes(tmp_path, reference):
    document = docx.Document()
    document.add_paragraph("Nơi nhận:")
    document.add_table(2, 2).cell(0, 0).text = "GIÁM ĐỐC"
    rows = office_rows(reference)
    for part in (rows[:9], rows[:2] + rows[9:]):
        made._docx_table(document, part)
        document.add_page_break()
    table = document.tables[1]
    made.raised(table.cell(6, 1).paragraphs[0], "1")  # a marker on the label of row 5
    document.add_paragraph("(1) Gồm chữ ký số của tổ chức và cá nhân.")
    document.save(tmp_path / "form.docx")
    done = run(tmp_path / "form.docx", tmp_path / "out")
    same_observations(tmp_path / "out", reference)
    assert done.draft.form.notes["1"] == "Gồm chữ ký số của tổ chức và cá nhân."
    assert "Gồm chữ ký số" in (tmp_path / "out" / account.ACCOUNT).read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_workbook_with_merged_heads(tmp_path, reference, suffix):
    path = table(tmp_path, office_rows(reference, repeat=8), suffix, merges=MERGES, head=2)
    run(path, tmp_path / "out")
    same_observations(tmp_path / "out", reference)


def test_an_english_workbook_is_read_as_it_shows(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018"], ["5", SIGNED, "1.445"], ["6", RATE, "95,6%"]]
    draft = made.drafted(table(tmp_path, rows, "xlsx"), locale="en")
    assert (value(draft, 5, "Năm 2018"), value(draft, 6, "Năm 2018")) == ("1,445", "95.6%")
    assert draft.open == []


def test_a_folder_of_files_of_one_report(tmp_path, reference):
    folder = tmp_path / "in"
    folder.mkdir()
    document = docx.Document()
    document.add_paragraph("Số: 15/BC-SNV")
    document.save(folder / "a.docx")
    made.write(grid(office_rows(reference), merges=MERGES), folder / "b.xlsx")
    done = run(folder, None)
    assert done.fields["number"] == "15/BC-SNV"
    assert len(done.draft.found) == 14


# --- layouts ---------------------------------------------------------------------------------------------------------


def test_levels_in_rows_of_their_own(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2019"], ["5", SIGNED, "7"], ["10", SERVICES, ""]]
    rows += [["", "- Mức độ 3", "226"], ["", "- Mức độ 4", "12"]]
    assert value(made.drafted(table(tmp_path, rows)), 10, "Năm 2019") == "Mức 3: 226\nMức 4: 12"


def test_levels_in_a_column_of_their_own(tmp_path):
    rows = [["STT", "Chỉ tiêu", "", "Năm 2019"], ["5", SIGNED, "", "7"], ["10", SERVICES, "Mức độ 3", "226"]]
    rows += [["", "", "Mức độ 4", "12"]]
    path = table(tmp_path, rows, merges=[(0, 1, 0, 2), (2, 0, 3, 0), (2, 1, 3, 1)])
    assert value(made.drafted(path), 10, "Năm 2019") == "Mức 3: 226\nMức 4: 12"


def test_headings_split_over_rows(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm", "", "Năm 2020"], ["", "", "2018", "2019", "(Tính đến 31/3)"]]
    rows += [["5", SIGNED, "1", "2", "3"], ["6", RATE, "90%", "91%", "92%"]]
    path = table(tmp_path, rows, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)])
    assert list(made.drafted(path).annex.columns[2:]) == ["Năm 2018", "Năm 2019", "Năm 2020 (Tính đến 31/3)"]


def test_numbered_columns_and_rows_below_the_head_are_no_data(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"], ["(1)", "(2)", "(3)", "(4)"]]
    rows += [["5", SIGNED, "1", "2"], ["6", RATE, "90%", "91%"]]
    draft = made.drafted(table(tmp_path, rows))
    assert [entry["indicator"] for entry in draft.found] == ["signatures", "mailboxes"]
    assert draft.aside == []


def test_groups_of_columns_are_chosen_not_guessed(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Các sở, ban, ngành", "", "UBND cấp huyện", ""]]
    rows += [["", "", "Năm 2018", "Năm 2019", "Năm 2018", "Năm 2019"]]
    rows += [["5", SIGNED, "1", "2", "3", "4"], ["6", RATE, "90%", "91%", "92%", "93%"]]
    path = table(tmp_path, rows, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)])
    with pytest.raises(ReformError, match="more than one table holds the form") as refused:
        made.drafted(path)
    assert "UBND cấp huyện" in refused.value.where
    assert value(made.drafted(path, columns="cấp huyện"), 5, "Năm 2019") == "4"


def test_plans_beside_results_are_told_apart(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018", "", "Năm 2019", ""], ["", "", "KH", "TH", "KH", "TH"]]
    rows += [["5", SIGNED, "1", "2", "3", "4"], ["6", RATE, "90%", "91%", "92%", "93%"]]
    path = table(tmp_path, rows, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)])
    draft = made.drafted(path)
    assert draft.annex.iloc[:, 2:].to_dict("list") == {"Năm 2018": ["2", "91%"], "Năm 2019": ["4", "93%"]}
    assert [remark for remark, _ in draft.remarks].count("plan_column") == 2 and draft.open == []


@pytest.mark.parametrize("merge", [(2, 2, 2, 3), (1, 3, 2, 3)])
def test_a_value_merged_over_periods_or_rows_is_a_question(tmp_path, merge):
    rows = [["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"], ["5", SIGNED, "1", "2"], ["6", RATE, "", "91%"]]
    rows[merge[2]][merge[3]] = ""
    rows[merge[0]][merge[1]] = "28"
    draft = made.drafted(table(tmp_path, rows, merges=[merge]))
    assert any(doubt.why[0] == "merged" for doubt in draft.open)


def test_a_table_on_its_side_is_not_taken_for_the_form(tmp_path):
    rows = [["Năm", SIGNED, RATE], ["2018", "1", "90%"], ["2019", "2", "91%"]]
    with pytest.raises(ReformError, match="the form was not found"):
        made.drafted(table(tmp_path, rows))


def test_missing_rows_and_rows_of_their_own_are_told(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"], ["5", SIGNED, "1", "2"], ["6", RATE, "90%", "91%"]]
    rows += [["15", "Số phòng họp trực tuyến", "3", "4"]]
    draft = made.drafted(table(tmp_path, rows))
    assert len(draft.missing) == 12
    assert [label for _, label, *_ in draft.aside] == ["Số phòng họp trực tuyến"]
    (doubt,) = draft.open  # it has figures
    assert (doubt.why[0], doubt.printed, doubt.answer) == ("left_out", "Số phòng họp trực tuyến", "-")


def test_numbers_that_word_counts_itself_are_no_text(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018"], ["", SIGNED, "1"], ["", RATE, "90%"]]
    draft = made.drafted(table(tmp_path, rows))
    assert [entry["indicator"] for entry in draft.found] == ["signatures", "mailboxes"]


def test_labels_in_two_languages_and_a_column_of_remarks(tmp_path):
    rows = [["STT / No.", "Chỉ tiêu", "Indicator", "Đơn vị tính / Unit", "Năm 2018", "Ghi chú"]]
    rows += [
        ["5", SIGNED, "Digital signatures issued", "chữ ký số", "7", "số liệu cuối năm"],
        ["6", RATE, "", "%", "90%", ""],
    ]
    draft = made.drafted(table(tmp_path, rows))
    assert draft.open == [] and value(draft, 5, "Năm 2018") == "7"
    assert draft.form.notes == {"note 5": "số liệu cuối năm"}


def test_a_column_of_figures_that_no_period_heads_is_a_question(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018", ""], ["5", SIGNED, "1", "2"], ["6", RATE, "90%", "91%"]]
    assert [doubt.printed for doubt in made.drafted(table(tmp_path, rows)).open] == ["column 4"]


def test_a_form_whose_headings_are_not_read_is_pointed_at(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Kỳ trước", "Kỳ này"], ["5", SIGNED, "1", "2"], ["6", RATE, "90%", "91%"]]
    with pytest.raises(ReformError, match=r"table 1: STT \| Chỉ tiêu \| Kỳ trước"):
        made.drafted(table(tmp_path, rows))


# --- empty, zero, several values, units, markers ---------------------------------------------------------------------


def simple(tmp_path, cell, label=SIGNED, suffix="docx", unit=None):
    rows = [["STT", "Chỉ tiêu", *(["Đơn vị tính"] if unit else []), "Năm 2018", "Năm 2019"]]
    first = "1" if label != RATE else "90" if unit else "1%"
    rows += [["", label, *([unit] if unit else []), first, cell]]
    rows += [["3", "Số lượng văn bản nhận trên Trục liên thông VBQG", *(["văn bản"] if unit else []), "5", "6"]]
    return table(tmp_path, rows, suffix)


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "csv", "txt"])
def test_empty_is_not_zero(tmp_path, suffix):
    for cell in ("", "0"):
        assert value(made.drafted(simple(tmp_path, cell, suffix=suffix)), 5, "Năm 2019") == cell


@pytest.mark.parametrize(
    ("cell", "proposed"),
    [
        *((cell, "") for cell in ("-", "x", "N/A")),  # nothing that could be a figure
        *((cell, "?") for cell in ("12/15", "28\n27", "=1+1", "１２", "12\n345", "90 → 95")),  # not clear
        *((cell, "90") for cell in ("khoảng 90", "~90", "90 đơn vị", "đạt 90", "(90)", "90.", "\u202e90")),
        *((cell, "50.572") for cell in ("(50.572)", "50,572", "50.572 (", "chữ ký: 50.572")),
        *((cell, "1445") for cell in ("1 445", "1'445", "1 445 chữ ký")),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_question_and_its_one_figure_is_proposed(tmp_path, cell, proposed):
    (doubt,) = made.drafted(simple(tmp_path, cell, suffix="csv")).open
    assert (doubt.kind, doubt.answer) == ("cell", proposed)


def test_a_share_that_cannot_be_read_is_a_question_and_its_one_figure_is_proposed(tmp_path):
    for cell, proposed in {"đạt 95%": "95%", "95": "95%", "97.7%": "97,7%", "0,95": "?", "9,5 %.": "9,5 %"}.items():
        (doubt,) = made.drafted(simple(tmp_path, cell, label=RATE, suffix="csv")).open
        assert doubt.answer == proposed


def test_accepting_takes_the_figure_proposed_and_loses_none(tmp_path):
    run(simple(tmp_path, "(90)"), tmp_path / "out", accept=True)
    row = load_report(tmp_path / "out").observations.query("indicator == 'signatures' and year == 2019").iloc[0]
    assert (row["value"], row["raw"]) == (90.0, "(90)") and "«90»" in row["note"]
    with pytest.raises(ReformError, match="1 question to settle") as asked:
        run(simple(tmp_path, "12/15"), tmp_path / "other", accept=True)
    assert asked.value.answers == "kind,printed,means\ncell,12/15,?\n"
    # «?» is no answer
    (tmp_path / "answers.csv").write_text(asked.value.answers, encoding="utf-8")
    with pytest.raises(ReformError, match="1 question to settle"):
        run(simple(tmp_path, "12/15"), tmp_path / "other", mapping=tmp_path / "answers.csv")


def test_a_cell_without_any_figure_is_missing_when_accepted(tmp_path):
    run(simple(tmp_path, "N/A"), tmp_path / "out", accept=True)
    report = load_report(tmp_path / "out")
    row = report.observations.query("indicator == 'signatures' and year == 2019").iloc[0]
    assert pd.isna(row["value"]) and row["status"] == "O" and "missing" in row["note"]


def test_a_percent_that_the_unit_column_states(tmp_path):
    path = simple(tmp_path, "91", label=RATE, unit="%")
    run(path, tmp_path / "out")
    row = load_report(tmp_path / "out").observations.query("indicator == 'mailboxes' and year == 2019").iloc[0]
    assert (row["value"], row["raw"]) == (91.0, "91")
    assert "91%" in row["note"]


def test_a_number_without_its_percent_sign_is_a_question(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018"], ["6", RATE, "91"], ["5", SIGNED, "1"]]
    (doubt,) = made.drafted(table(tmp_path, rows)).open
    assert doubt.printed == "91"


def test_a_raised_marker_never_becomes_a_digit(tmp_path):
    path = simple(tmp_path, "28")
    document = docx.Document(path)
    made.raised(document.tables[0].cell(1, 3).paragraphs[0], "1")
    document.add_paragraph("(1) Gồm cả SIM PKI (25).")
    document.save(path)
    draft = made.drafted(path)
    assert value(draft, 5, "Năm 2019") == "28 (1: Gồm cả SIM PKI [25].)"
    assert draft.open == []


def test_a_raised_marker_in_a_workbook_never_becomes_a_digit(tmp_path):
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, up = book.add_worksheet(), book.add_format({"font_script": 1})
        for r, row in enumerate(
            [["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"], ["5", SIGNED, "1", ""], ["6", RATE, "9%", "9%"]]
        ):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
        sheet.write_rich_string(1, 3, "28", up, "1")
    assert value(made.drafted(path), 5, "Năm 2019") == "28 (1)"


@pytest.mark.parametrize(("stored", "code", "shown"), [(0.956, "0.0%", "95,6%"), (0.9, "0%", "90%"), (1, "0%", "100%")])
def test_a_workbook_is_read_as_it_shows(tmp_path, stored, code, shown):
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate([["STT", "Chỉ tiêu", "Năm 2018"], ["6", RATE, ""], ["5", SIGNED, "1"]]):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
        sheet.write_number(1, 2, stored, book.add_format({"num_format": code}))
    assert value(made.drafted(path), 6, "Năm 2018") == shown


def test_a_formula_counts_with_its_stored_result_only(tmp_path):
    for result, asked in ((7, 0), ("", 1)):
        path = tmp_path / f"form{asked}.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for r, row in enumerate([["STT", "Chỉ tiêu", "Năm 2018"], ["5", SIGNED, ""], ["6", RATE, "90%"]]):
                for c, text in enumerate(row):
                    sheet.write_string(r, c, text)
            sheet.write_formula(1, 2, "=3+4", None, result)
        draft = made.drafted(path)
        assert len(draft.open) == asked
        assert value(draft, 5, "Năm 2018") == ("" if asked else "7")


def test_an_old_excel_file(repo, reference):
    draft = made.drafted(repo / "tests" / "files" / "form.xls")
    assert draft.open == []
    assert made.cells(draft.annex) == made.cells(reference.annex)


@pytest.mark.parametrize(
    ("name", "row", "heading", "text"), [("percent", 6, "Năm 2018", "95,6%"), ("raised", 5, "Năm 2019", "28 (1)")]
)
def test_an_old_excel_file_is_read_as_it_is_shown(repo, name, row, heading, text):
    draft = made.drafted(repo / "tests" / "files" / f"{name}.xls")
    assert (draft.open, value(draft, row, heading)) == ([], text)


def test_an_error_and_an_uncomputed_formula_of_an_old_excel_file_are_questions(repo, tmp_path):
    stored = (repo / "tests" / "files" / "errors.xls").read_bytes()
    draft = made.drafted(repo / "tests" / "files" / "errors.xls")
    asked = {doubt.place.split(", ", 2)[2]: (doubt.printed, doubt.why[0]) for doubt in draft.open}
    assert asked == {
        "row 2, Năm 2019": ("#N/A", "formula_error"),
        "row 3, Năm 2020": ("", "uncomputed"),
        "row 4, Năm 2018": ("", "uncomputed"),
    }
    # the result of the first formula, an empty text, made the error of a division by zero
    text, error = b"\x03\0\0\0\0\0\xff\xff", b"\x02\0\x07\0\0\0\xff\xff"
    path = tmp_path / "errors.xls"
    path.write_bytes(stored.replace(text, error, 1))
    assert [doubt.printed for doubt in made.drafted(path).open] == ["#N/A", "#DIV/0!", ""]


def rewritten(path, old, new, more=None):
    """A Word file with a text of its XML replaced, and other parts added."""
    content = path.read_bytes()
    assert old.encode() in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")

    def change(name, part):
        return part.replace(old.encode(), new.encode(), 1) if name == "word/document.xml" else part

    path.write_bytes(repacked(content, change, more))
    return path


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_a_footnote_of_word_is_kept_with_its_number(tmp_path):
    notes = f"""<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"/><w:footnote w:id="2"><w:p><w:r><w:t>Gồm cả
 SIM PKI.</w:t></w:r></w:p></w:footnote></w:footnotes>"""
    path = simple(tmp_path, "28")
    more = {"word/footnotes.xml": notes.encode()}
    rewritten(path, "<w:t>28</w:t>", '<w:t>28</w:t></w:r><w:r><w:footnoteReference w:id="2"/>', more)
    assert value(made.drafted(path), 5, "Năm 2019") == "28 (1: Gồm cả SIM PKI.)"


def test_deleted_and_hidden_text_is_not_read_inserted_text_is(tmp_path):
    deleted = "<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r>"
    path = rewritten(
        simple(tmp_path, "28"), "<w:r><w:t>28</w:t></w:r>", f"{deleted}<w:ins><w:r><w:t>28</w:t></w:r></w:ins>"
    )
    draft = made.drafted(path)
    assert value(draft, 5, "Năm 2019") == "28"
    assert "deleted" in {code for code, _ in readers.read(path).remarks}


# --- matching and answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "row"),
    [
        ("Tỉ lệ VBHC được trao đổi dưới dạng điện tử", 1),
        ("Ty le van ban hanh chinh duoc trao doi duoi dang dien tu", 1),
        ("Số CQCM cấp tỉnh, ĐVHC cấp huyện triển khai ứng dụng PM QLVB", 7),
        ("SỐ DVCTT MỨC 3, 4", 10),
        ("Số lượng chữ kí số (*)", 5),
        ("Số đơn vị xây dựng, sử dụng phần mềm 1 cửa điện tử", None),
        ("Số cơ quan chuyên môn cấp tỉnh, đơn vị hành chính cấp xã có bản Công bố ISO", None),
        ("Số lượng văn bản không nhận trên Trục liên thông VBQG", None),
    ],
)
def test_labels_are_matched_by_words_and_never_quietly(tmp_path, label, row):
    rows = [["Chỉ tiêu", "Năm 2018"], [label, ""], ["Tỷ lệ công chức có hộp thư điện tử", "90%"]]
    draft = made.drafted(table(tmp_path, rows))
    if row:
        assert draft.open == [] and str(row) in set(draft.annex["form_row"])
    else:
        assert [doubt.kind for doubt in draft.open] == ["label"]


def test_number_and_words_that_disagree_are_a_question(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018"], ["4", SIGNED, "7"], ["6", RATE, "90%"]]
    (doubt,) = made.drafted(table(tmp_path, rows)).open
    assert (doubt.answer, doubt.why[0]) == ("signatures", "number_of")
    assert value(made.drafted(table(tmp_path, rows), accept=True), 5, "Năm 2018") == "7"


def test_two_rows_of_one_indicator_are_a_question(tmp_path):
    rows = [["Chỉ tiêu", "Năm 2018"], [SIGNED, "7"], [SIGNED, "8"], [RATE, "90%"]]
    (doubt,) = made.drafted(table(tmp_path, rows)).open
    assert doubt.why[0] == "twice"


def test_a_numbered_row_without_a_label_is_a_question_where_its_label_stands_above_other_figures(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2018"], ["", SIGNED, "7"], ["5", "", "8"], ["6", RATE, "90%"]]
    (doubt,) = made.drafted(table(tmp_path, rows, "csv")).open
    assert (doubt.why[0], doubt.place) == ("twice", "form.csv, row 3")
    rows[2][2] = ""  # a number alone holds no figure that could be lost
    assert made.drafted(table(tmp_path, rows, "csv")).open == []


def test_a_mapping_file_settles_labels_headings_and_cells(tmp_path):
    rows = [["Chỉ tiêu", "Năm 2018", "Quý I/2019"], ["Chữ ký điện tử đã cấp", "7", "8 (ước)"], [RATE, "90%", "x"]]
    path = table(tmp_path, rows)
    answers = tmp_path / "answers.csv"
    with answers.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["kind", "printed", "means"],
                ["label", "Chữ ký điện tử đã cấp", "5"],
                ["heading", "Quý I/2019", "Năm 2019 (Tính đến 31/3)"],
                ["cell", "x", ""],
            ]
        )
    draft = made.drafted(path, mapping=answers)
    assert draft.open == []
    assert value(draft, 5, "Năm 2019 (Tính đến 31/3)") == "8 (ước)"
    label, cell = draft.assumptions
    assert label["label"] == "Chữ ký điện tử đã cấp" and cell["cells"][0]["becomes"] == ""


@pytest.mark.parametrize("answer", ["label,Số chữ ký,5", "cell,khoang 7,7", "heading,Năm 2091,Năm 2019"])
def test_an_answer_that_matches_nothing_in_the_file_is_an_error(tmp_path, answer):
    mapping = tmp_path / "answers.csv"
    mapping.write_text(f"kind,printed,means\ncell,khoảng 7,7\n{answer}\n", encoding="utf-8")
    with pytest.raises(ReformError, match="1 answer of the mapping file match nothing") as refused:
        run(simple(tmp_path, "khoảng 7"), tmp_path / "out", mapping=mapping)
    assert answer.split(",")[1].lower() in refused.value.what
    mapping.write_text(f"kind,printed,means\ncell,khoảng 7,7\nlabel,{SIGNED},5\n", encoding="utf-8")
    run(simple(tmp_path, "khoảng 7"), tmp_path / "out", mapping=mapping)


def test_a_heading_that_cannot_be_read_is_a_question(tmp_path):
    rows = [["Chỉ tiêu", "Năm 2018", "Năm 2019", "Kỳ báo cáo 2020"], [SIGNED, "7", "8", "9"], [RATE, "9%", "9%", "9%"]]
    (doubt,) = made.drafted(table(tmp_path, rows)).open
    assert (doubt.kind, doubt.printed) == ("heading", "Kỳ báo cáo 2020")


# --- old encodings ---------------------------------------------------------------------------------------------------


def legacy(text, encoding):
    letters = {letter: codes for codes, letter in encodings.table(encoding).items()}
    if encoding == "tcvn3":  # capitals with an accent were typed in a font of capitals
        letters |= {c.upper(): letters[c] for c in list(letters) if c.upper() not in letters}
    return "".join(letters.get(c, c) for c in text)


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_every_letter_comes_back(encoding):
    letters = encodings.table(encoding)
    for codes, letter in letters.items():
        assert encodings.decode(codes, encoding) == letter
    text = "Quyết định số 17 của Ủy ban: phường, thuở, khuỷu, giặt, Đồng Tháp, Trà Vinh, nghiệp vụ, ký số".lower()
    assert encodings.decode(legacy(text, encoding), encoding) == text


@pytest.mark.parametrize(("encoding", "font"), [("tcvn3", ".VnTime"), ("vni", "VNI-Times")])
def test_a_word_file_in_old_fonts(tmp_path, reference, encoding, font):
    path = table(
        tmp_path, [[legacy(cell.lower(), encoding) for cell in row] for row in office_rows(reference)], merges=MERGES
    )
    document = docx.Document(path)
    for row in document.tables[0].rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                for run_ in paragraph.runs:
                    made.in_font(run_, font)
                    run_.font.size = Pt(12)
    document.save(path)
    draft = made.drafted(path)
    assert made.cells(draft.annex) == made.cells(reference.annex)
    assert draft.open == []


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258", "utf-16", "utf-8"])
def test_csv_in_every_encoding(tmp_path, reference, encoding):
    rows = office_rows(reference)
    path = tmp_path / "form.csv"
    if encoding in encodings.NAMES:
        content = "\n".join(";".join(f'"{legacy(c.lower(), encoding)}"' for c in row) for row in rows).encode("latin-1")
    elif encoding == "cp1258":
        content = "\n".join(";".join(f'"{c}"' for c in row) for row in rows)
        content = vietnamese_1258(content)
    else:
        content = "\n".join(";".join(f'"{c}"' for c in row) for row in rows).encode(encoding)
    path.write_bytes(content)
    draft = made.drafted(path)
    assert made.cells(draft.annex) == made.cells(reference.annex)
    assert draft.open == []


def vietnamese_1258(text):
    """Windows-1258 writes a letter and its tone apart."""
    import unicodedata

    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            tones = [c for c in apart if c in "\u0300\u0301\u0303\u0309\u0323"]
            base = unicodedata.normalize("NFC", "".join(c for c in apart if c not in tones))
            out += base.encode("cp1258") + "".join(tones).encode("cp1258")
    return out


def test_bytes_in_no_known_encoding_are_refused(tmp_path):
    path = tmp_path / "form.csv"
    path.write_bytes(bytes(range(128, 256)) * 30 + b";1\n")
    with pytest.raises(ReformError, match="cannot be decoded"):
        readers.read(path)


def test_the_process_that_reads_stays_small():
    """Its bound on memory is for the file, not for libraries that reading does not need."""
    code = "import sys; from reformlib.ingest import readers, sandbox, word, xlsx"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print({{'pandas', 'numpy', 'pydantic'}} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "set()\n", done.stderr


# --- the folder ------------------------------------------------------------------------------------------------------


def test_nothing_is_written_while_a_question_is_open(tmp_path):
    with pytest.raises(ReformError, match="1 question to settle") as asked:
        run(simple(tmp_path, "khoảng 7"), tmp_path / "out")
    assert asked.value.answers == "kind,printed,means\ncell,khoảng 7,7\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["form.docx"]


def test_a_report_is_replaced_only_when_told_and_only_whole(tmp_path):
    target = tmp_path / "out"
    run(simple(tmp_path, "7"), target)
    before = (target / "annex.csv").read_bytes()
    path = simple(tmp_path, "8")
    with pytest.raises(ReformError, match="there is a report already"):
        run(path, target)
    with pytest.raises(ReformError, match="not a date"):
        run(path, target, replace=True, given={"data_date": "31/3/2020"})
    assert (target / "annex.csv").read_bytes() == before
    run(path, target, replace=True)
    assert (target / "annex.csv").read_bytes() != before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["form.docx", "out"]


def test_a_folder_that_is_no_report_is_never_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("mine")
    with pytest.raises(ReformError, match="something else than a report"):
        run(simple(tmp_path, "7"), tmp_path / "out", replace=True)


@given(st.text(st.sampled_from("=+-@'\t\r＝ a1,%"), max_size=6) | st.text(max_size=8))
def test_text_for_spreadsheets_is_neutral_and_comes_back(text):
    safe = neutral(text)
    assert restored(safe) == text
    assert safe == text or safe == f"'{text}"
    assert not safe.startswith(("=", "@", "\t", "\r")) and not re.match(r"[+-](?!\d[\d.,]*\s*%?$)", safe)


@pytest.mark.parametrize("name", ["../../etc", "CON", "a/b\\c:d", "nul.txt", "Sở‮ Nội vụ", "x" * 300])
def test_names_never_climb_or_clash(name):
    made_name = folder.report_name(name, "../2020")
    assert set(made_name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and len(made_name) <= 60
    assert made_name.split("-")[0] and made_name not in ("con", "nul")


def test_a_label_that_looks_like_a_formula_is_neutral_in_the_file_and_read_as_printed(tmp_path):
    rows = [["Chỉ tiêu", "Năm 2018"], [f"=HYPERLINK {SIGNED}", "7"], [RATE, "90%"]]
    run(table(tmp_path, rows), tmp_path / "out", accept=True)
    assert "\n5,'=HYPERLINK" in (tmp_path / "out" / "annex.csv").read_text(encoding="utf-8")
    assert load_report(tmp_path / "out").annex["label"][0].startswith("=HYPERLINK")


def test_the_command_from_a_word_file_to_a_folder_that_checks(tmp_path, reference):
    path = table(tmp_path, office_rows(reference), merges=MERGES)
    out = tmp_path / "so-x-2020"
    told = {"unit-en": "Department X", "place": "Tỉnh Y", "place-en": "Y province", "title": "Thử", "title-en": "Trial"}
    options = [part for name, text in told.items() for part in (f"--{name}", text)]
    ingest = ["ingest", str(path), "--unit", "Sở X", "--edition", "2020", "-o", str(out)]
    done = render_helpers.run(REPO, *ingest, *options)
    assert done.code == 0, done.err
    assert done.out.strip() == str(out)
    assert "14 of 14 indicators, 78 filled cells" in done.err
    again = render_helpers.run(REPO, *ingest)
    assert (again.code, "there is a report already" in again.err) == (2, True)
    checked = render_helpers.run(REPO, "check", "--report", str(out))
    assert checked.code == 0, checked.out + checked.err
