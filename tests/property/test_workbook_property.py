"""The workbook of the form: what is written is what is read, whatever stands in a cell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reformlib.errors import ReformError
from reformlib.ingest import readers, workbook
from reformlib.load.blank import empty_form, headings, new_folder
from reformlib.load.catalogue import load_catalogue
from reformlib.load.report import load_report
from tests.hostile_files import repacked
from tests.synthetic import annex, consistent

xlsxwriter = pytest.importorskip("xlsxwriter")
CATALOGUE = load_catalogue("phu-luc-7")
FORM = empty_form(CATALOGUE, headings("2018-2020", "31/3"))
AWKWARD = ["25%/30", "0", "", "=1+1", "+1", "-5", "@SUM(A1)", "00012", "1.445", "12345678901234567890", "a\nb", "'x"]
AWKWARD += [
    "_x0041_",
    " a ",
    "x (1)",
    "#N/A",
    "TRUE",
    "1e5",
    "https://example.org",
    "<b>&amp;",
    "\u202eabc",
    "é e\u0301",
]
CELLS = st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELLS, min_size=42, max_size=42), CELLS.filter(lambda text: "\n" not in text))
def test_what_is_written_is_read(tmp_path_factory, cells, unit):
    form = FORM.copy()
    form.iloc[:, 2:] = pd.Series(cells, dtype=str).to_numpy().reshape(14, 3)
    first, second = (tmp_path_factory.mktemp("book") / "form.xlsx" for _ in range(2))
    for path in (first, second):
        workbook.write_workbook(path, CATALOGUE, form, {"unit_vi": unit})
    assert first.read_bytes() == second.read_bytes()
    read = workbook.read_workbook(first, readers.values)  # here, not in a process of its own
    pd.testing.assert_frame_equal(read.annex, form)
    made_by = {"form": "phu-luc-7", "form_sha256": CATALOGUE.sha256}
    assert read.fields == made_by | ({"unit_vi": unit} if unit else {})
    assert read.remarks.empty


def test_the_reference_report_survives_the_workbook(tmp_path):
    report = load_report("tra-vinh-2020")
    workbook.write_workbook(tmp_path / "form.xlsx", CATALOGUE, report.annex)
    assert workbook.read_workbook(tmp_path / "form.xlsx").annex.equals(report.annex)


def filled(path: Path, cell: object, remark: tuple[str, ...] = ()) -> Path:
    """A workbook as a person leaves it: one cell typed over, one remark."""
    form = annex(consistent(1), headings("2014-2019"))
    workbook.write_workbook(path, CATALOGUE, form)
    read = CalamineWorkbook.from_path(str(path))
    sheets = {name: read.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in read.sheet_names}
    sheets[workbook.FORM][8][4] = cell
    sheets[workbook.REMARKS].append(list(remark))
    path.unlink()
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def test_a_whole_number_typed_as_a_number_is_read_and_a_fraction_is_asked_about(tmp_path):
    read = workbook.read_workbook(filled(tmp_path / "a.xlsx", 1445))
    assert read.annex.iloc[4, 2] == "1445"
    with pytest.raises(ReformError, match=r"0\.977 instead of a text"):
        workbook.read_workbook(filled(tmp_path / "b.xlsx", 0.977))


def test_a_remark_becomes_an_entry_of_the_log_and_marks_its_cell(tmp_path):
    remark = ("5", "2016", "", "B - gián đoạn chuỗi", "Đếm lại.", "Counted again.", "Đổi phần mềm.", "New software.")
    read = workbook.read_workbook(filled(tmp_path / "a.xlsx", "7", remark))
    (entry,) = workbook.log(read, CATALOGUE, by="a.xlsx")
    assert entry["cells"] == [{"indicator": "signatures", "year": 2016, "expects": read.annex.iloc[4, 4]}]
    texts = dict.fromkeys(("unit_vi", "unit_en", "place_vi", "place_en", "title_vi", "title_en", "edition"), "x")
    folder = new_folder(
        tmp_path / "unit", read.annex, read.fields | texts | {"source_vi": "x", "source_en": "x"}, [entry]
    )
    points = load_report(folder).observations.query("indicator == 'signatures' and year == 2016")
    assert points["status"].tolist() == ["B"]
    short = workbook.Filled(read.annex, {}, read.remarks.assign(why_en=""))
    with pytest.raises(ReformError, match="remark 1: to be filled in: Why"):
        workbook.log(short, CATALOGUE, by="a.xlsx")


def with_cell(path: Path, cell: str) -> Path:
    """A workbook of the form with one more cell in its first sheet, as XML."""
    workbook.write_workbook(path, CATALOGUE, FORM)

    def change(name, part):
        return part.replace(b"</sheetData>", f"{cell}</sheetData>".encode()) if name.endswith("sheet1.xml") else part

    path.write_bytes(repacked(path.read_bytes(), change))
    return path


@pytest.mark.parametrize(
    ("head", "told"), [("Năm hai nghìn", "cannot read the period"), ("Năm 2019", "a year heads two columns")]
)
def test_a_head_that_was_changed_is_told(tmp_path, head, told):
    form = FORM.set_axis([*FORM.columns[:2], head, *FORM.columns[3:]], axis="columns")
    workbook.write_workbook(tmp_path / "a.xlsx", CATALOGUE, form)
    with pytest.raises(ReformError, match=told):
        workbook.read_workbook(tmp_path / "a.xlsx", readers.values)


def test_a_cell_at_the_far_corner_ends_no_process(tmp_path):
    path = with_cell(tmp_path / "a.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(ReformError, match=r"a\.xlsx could not be read"):
        workbook.read_workbook(path)


def test_a_formula_without_a_result_is_refused(tmp_path):
    path = with_cell(tmp_path / "a.xlsx", '<row r="30"><c r="E30"><f>1+1</f></c></row>')
    with pytest.raises(ReformError, match="a formula without a stored result"):
        workbook.read_workbook(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"row,label\n1,x\n"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(ReformError):
        workbook.read_workbook(path)
    with pytest.raises(ReformError, match="no such file"):
        workbook.read_workbook(tmp_path / "b.xlsx")
    with pytest.raises(ReformError, match="there already"):
        workbook.write_workbook(path, CATALOGUE, FORM)
