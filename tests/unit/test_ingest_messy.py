"""What offices do to a file beyond its layout: text boxes, pictures, formats, hidden columns, units in thousands."""

import os
from datetime import date

import docx
import pandas as pd
import pytest
import xlsxwriter

from reformlib import files
from reformlib.errors import ReformError
from reformlib.ingest import account, readers
from reformlib.ingest import folder as written
from reformlib.ingest.body import Row
from reformlib.ingest.form import Form, find_forms, tables_in
from reformlib.ingest.match import Known
from reformlib.ingest.number_format import show
from reformlib.ingest.run import ingest
from reformlib.ingest.source import Grid, Source
from reformlib.load.blank import contents
from tests import ingest_files as made
from tests.hostile_files import with_main
from tests.synthetic import Layout

HEADS = ["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"]
SIGNED = ["5", "Số lượng chữ ký số", "408", "500"]
RATE = ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", "91%"]


def table(tmp_path, rows, suffix="csv"):
    return made.write(Layout("test", rows), tmp_path / f"form.{suffix}")


def values(draft):
    return {row["form_row"]: list(row.values())[2:] for row in draft.annex.to_dict("records")}


TRUE = {"5": ["408", "500"], "6": ["90%", "91%"]}


def test_a_form_over_two_pages_with_tables_glued_above_and_below_has_its_own_columns():
    first = [
        ["STT", None, "Văn bản", None, "Năm 2015"],
        ["1", None, "Quyết định", None, "2"],
        ["STT", "Chỉ tiêu", None, "Năm 2018", "Năm 2019"],
        ["5", "Số lượng chữ ký số", None, "408", "500"],
    ]
    second = [
        ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", None, "91%"],
        ["Nơi nhận:", None, None, "GIÁM ĐỐC", None],
    ]
    grids = [Grid("a.pdf, page 1, table 1", first), Grid("a.pdf, page 2, table 2", second, {(0, 4): "struck"})]
    source = Source("a.pdf", grids)
    form, *_ = find_forms(source, tables_in(source, {}), Known.of(made.catalogue()), {})
    rows = [row for row in form.rows if row.number]
    assert [list(row.cells.values()) for row in rows] == [["408", "500"], ["90%", "91%"]]
    assert rows[1].doubts == {"Năm 2019": "struck"}


def test_levels_below_years_are_tables_of_which_one_is_picked():
    rows = [
        ["STT", "Chỉ tiêu", "Năm 2018", None, "Năm 2019", None],
        [None, None, "Cấp tỉnh", "Cấp xã", "Cấp tỉnh", "Cấp xã"],
        ["5", "Số lượng chữ ký số", "408", "1", "500", "2"],
        ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", "3%", "91%", "4%"],
    ]
    source = Source("a.docx", [Grid("a.docx, table 1", rows)])
    forms = find_forms(source, tables_in(source, {}), Known.of(made.catalogue()), {})
    assert {form.group: [list(row.cells.values()) for row in form.rows] for form in forms} == {
        "Cấp tỉnh": [["408", "500"], ["90%", "91%"]],
        "Cấp xã": [["1", "2"], ["3%", "4%"]],
    }


# --- Word ------------------------------------------------------------------------------------------------------------


def word(tmp_path, change):
    """The small form in Word, its XML changed."""
    path = tmp_path / "form.docx"
    path.write_bytes(with_main("docx", lambda part: change(part.decode()).encode()))
    return path


def in_a_box(xml, shape):
    start, end = xml.index("<w:tbl>"), xml.index("</w:tbl>") + 8
    box = f"<w:txbxContent>{xml[start:end]}<w:p/></w:txbxContent>"
    return xml[:start] + f"<w:p><w:r>{shape.format(box=box)}</w:r></w:p>" + xml[end:]


@pytest.mark.parametrize(
    "shape",
    [
        "<w:drawing>{box}</w:drawing>",
        "<w:pict>{box}</w:pict>",
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>'
        "<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>",
    ],
)
def test_a_form_in_a_text_box_is_found_once(tmp_path, shape):
    assert values(made.drafted(word(tmp_path, lambda xml: in_a_box(xml, shape)))) == TRUE


def test_a_figure_in_an_equation_is_read(tmp_path):
    math = '<m:oMath xmlns:m="m"><m:r><m:t>408</m:t></m:r></m:oMath>'
    assert values(made.drafted(word(tmp_path, lambda xml: xml.replace("<w:r><w:t>408</w:t></w:r>", math)))) == TRUE


@pytest.mark.parametrize(
    "instead",
    [
        "<w:r><w:drawing/></w:r>",
        "<w:r><w:object/></w:r>",
        "</w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>408</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p>",
    ],
    ids=["picture", "object", "table"],
)
def test_a_cell_with_what_is_no_text_is_a_question_and_not_missing(tmp_path, instead):
    path = word(tmp_path, lambda xml: xml.replace("<w:r><w:t>408</w:t></w:r>", instead))
    (doubt,) = made.drafted(path).open
    assert (doubt.kind, doubt.why[0]) == ("cell", "unreadable")


def test_cells_merged_as_word_did_before_2000_are_a_question(tmp_path):
    def merge(xml):
        at = xml.index("<w:t>408</w:t>")
        for settings in ('<w:tcPr><w:hMerge w:val="restart"/>', "<w:tcPr><w:hMerge/>"):
            start = xml.rindex("<w:tcPr>", 0, at)
            xml = xml[:start] + settings + xml[start + len("<w:tcPr>") :]
            at = xml.index("<w:t>500</w:t>")
        return xml

    assert {doubt.why[0] for doubt in made.drafted(word(tmp_path, merge)).open} == {"merged"}


def test_number_place_and_date_are_read_from_the_table_above_the_letter(tmp_path):
    document = docx.Document()
    made._docx_table(
        document, [["SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI"], ["Số: 12/BC-SNV", "Đồng Tháp, ngày 5 tháng 1 năm 2020"]]
    )
    made._docx_table(document, [HEADS, SIGNED, RATE])
    document.save(tmp_path / "form.docx")
    done = ingest(
        tmp_path / "form.docx",
        None,
        unit="Sở Nội vụ",
        edition="2019",
        form="phu-luc-7",
        reader=readers.read,
    )
    assert [done.fields[name] for name in ("number", "place_vi", "issued")] == ["12/BC-SNV", "Đồng Tháp", "2020-01-05"]


# --- workbooks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("140825", "#,##0,", ("140825", "format")),
        ("12", '0" nghìn"', ("12", "format")),
        ("12", '#,##0"00"', ("12", "format")),
        ("0.5", "# ?/?", ("0,5", "format")),
        ("5", ";;;", ("5", "format")),
        ("5", '[<10]"ít";0', ("5", "format")),
        ("0", '#,##0;-#,##0;"-"', ("0", "shows -")),
        ("0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', ("0", "shows -")),
        ("2019", '"Năm "0', ("2019", "")),
        ("1445", '#,##0" chữ ký"', ("1.445", "")),
        ("1445", "[$-42A]#,##0", ("1.445", "")),
        ("0", "General;General;General", ("0", "")),
        ("0.9", '">"0%', ("0,9", "format")),
        ("5.65", '#,##0.00" tỷ đồng"', ("5,65 tỷ đồng", "")),
        ("5650000", '_-* #,##0\\ "₫"_-;-* #,##0\\ "₫"_-', ("5.650.000 ₫", "")),
        ("-1.5", "#,##0.0 [$₫-42A]", ("-1,5 ₫", "")),
    ],
)
def test_a_format_that_shows_something_else_is_told(stored, code, shown):
    assert show(stored, code) == shown


def test_dates_of_a_workbook_that_counts_from_1904():
    assert show("42368", "dd/mm/yyyy", "vi", date(1904, 1, 1)) == ("31/12/2019", "")


def test_hidden_rows_and_columns_are_told(tmp_path):
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("PL7")
        for r, row in enumerate([HEADS, SIGNED, RATE]):
            sheet.write_row(r, 0, row)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("D:G", None, None, {"hidden": True})
    draft = made.drafted(path)
    assert values(draft) == TRUE
    told = {code: fields["which"] for code, fields in draft.form.remarks + readers.read(path).remarks}
    assert told == {"hidden_rows": "2", "hidden_columns": "D"}


def two_sheets(tmp_path):
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in {"Sở A": [HEADS, SIGNED, RATE], "Sở B": [HEADS, [*SIGNED[:2], "1", "2"], RATE]}.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
    return path


def test_one_of_several_sheets_is_taken_by_its_name(tmp_path):
    path = two_sheets(tmp_path)
    with pytest.raises(ReformError, match="more than one table"):
        made.drafted(path)
    assert values(made.drafted(path, columns="sở b"))["5"] == ["1", "2"]
    with pytest.raises(ReformError, match="no table or group") as error:
        made.drafted(path, columns="Sở C")
    assert "sheet Sở A" in error.value.expected


# --- units -----------------------------------------------------------------------------------------------------------


def with_units(*units):
    heads = [*HEADS[:2], "Đơn vị tính", *HEADS[2:]]
    return [heads, *([*row[:2], unit, *row[2:]] for row, unit in zip((SIGNED, RATE), units, strict=True))]


@pytest.mark.parametrize("unit", ["Nghìn chữ ký", "1.000 chữ ký", "triệu", "%"])
def test_a_count_in_thousands_or_percent_is_a_question(tmp_path, unit):
    doubts = made.drafted(table(tmp_path, with_units(unit, "%"))).open
    assert [(doubt.printed, doubt.why[0]) for doubt in doubts] == [("408", "unit"), ("500", "unit")]


@pytest.mark.parametrize("unit", ["Chữ ký", "công ty", "tỉnh", "ngành", ""])
def test_other_units_of_a_count_are_none(tmp_path, unit):
    assert made.drafted(table(tmp_path, with_units(unit, "%"))).open == []


def test_a_label_in_thousands_is_a_question(tmp_path):
    rows = [HEADS, ["5", "Số lượng chữ ký số (ĐVT: nghìn chữ ký)", "408", "0"], RATE]
    (doubt,) = made.drafted(table(tmp_path, rows)).open
    assert (doubt.printed, doubt.why[0]) == ("408", "unit")


def test_a_table_in_thousands_is_a_question_and_money_is_none(tmp_path):
    rows = [["", "", "", ""], HEADS, SIGNED, RATE]
    for title in ("Đơn vị tính: tỉ", "Đơn vị tính (nghìn)", "Đơn vị tính: nghìn"):
        rows[0][0] = title
        path = table(tmp_path, rows)
        (doubt,) = made.drafted(path).open
        assert (doubt.kind, doubt.printed, doubt.why[0]) == ("heading", title, "unit_title")
    mapping = tmp_path / "answers.csv"
    mapping.write_text("kind,printed,means\nheading,Đơn vị tính: nghìn,-\n", encoding="utf-8")
    assert values(made.drafted(path, mapping=mapping)) == TRUE
    rows[0][0] = "Đơn vị tính: triệu đồng"
    assert made.drafted(table(tmp_path, rows)).open == []


def test_shares_in_a_column_of_percent_are_read_unless_they_may_be_fractions(tmp_path):
    rows = with_units("", "%")
    rows[2][3:] = ["90", "0,91"]
    draft = made.drafted(table(tmp_path, rows))
    (doubt,) = draft.open
    assert (doubt.printed, doubt.why[0]) == ("0,91", "fraction")
    assert [entry["cells"][0]["becomes"] for entry in draft.assumptions] == ["90%"]
    assert doubt.answer == "?"


def test_shares_of_levels_in_a_column_of_percent_are_read(tmp_path):
    rows = with_units("", "%")
    label = "Tỷ lệ dịch vụ công trực tuyến mức độ 3, mức độ 4 có phát sinh hồ sơ"
    rows[2] = ["11", label, "Tỷ lệ %", "Mức 3: 1,3, mức 4: 4,6", "Mức 3: 2,4%\nMức 4: 17"]
    draft = made.drafted(table(tmp_path, rows))
    assert draft.open == []
    read = [entry["cells"][0]["becomes"] for entry in draft.assumptions]
    assert read == ["Mức 3: 1,3%, mức 4: 4,6%", "Mức 3: 2,4%\nMức 4: 17%"]


# --- text ------------------------------------------------------------------------------------------------------------


def test_text_that_excel_saved_keeps_cells_of_several_lines_together(tmp_path):
    label = "Số dịch vụ công trực tuyến mức độ 3, mức độ 4"
    lines = [HEADS, ["10", label, '"Mức 3: 226\nMức 4: 12"', "0"], SIGNED, ['"6"', *RATE[1:]]]
    path = tmp_path / "form.txt"
    path.write_text("Biểu\n" + "\n".join("\t".join(line) for line in lines), encoding="utf-16")
    draft = made.drafted(path)
    assert values(draft) == {**TRUE, "10": ["Mức 3: 226\nMức 4: 12", "0"]}
    assert draft.form.rows[1].place.endswith("row 3")


def test_a_quote_that_never_closes_swallows_no_rows(tmp_path):
    path = tmp_path / "form.txt"
    path.write_text("\n".join("\t".join(row) for row in [HEADS, ["", '"Cổng', "", ""], SIGNED, RATE]), encoding="utf-8")
    assert values(made.drafted(path)) == TRUE


# --- answers ---------------------------------------------------------------------------------------------------------


def answered(tmp_path, draft):
    """The mapping file that an ingestion proposes."""
    path = tmp_path / "answers.csv"
    path.write_text(account.mapping_lines(draft.open, draft.form.rows), encoding="utf-8")
    return path


def test_the_answers_proposed_do_what_accepting_them_does(tmp_path):
    again = SIGNED
    path = table(tmp_path, [HEADS, SIGNED, again, [*RATE[:3], "khoảng 91%"]])
    mapped = made.drafted(path, mapping=answered(tmp_path, made.drafted(path)))
    accepted = made.drafted(path, accept=True)
    assert mapped.open == accepted.open == []
    assert values(mapped) == values(accepted) == {"5": TRUE["5"], "6": ["90%", "khoảng 91%"]}
    assert [entry["cells"] for entry in mapped.assumptions] == [entry["cells"] for entry in accepted.assumptions]


def test_answers_open_in_a_spreadsheet_without_running_anything(tmp_path):
    path = table(tmp_path, [HEADS, [*SIGNED[:2], "=1+1", "500"], [*RATE[:2], "-", "91%"]])
    mapping = answered(tmp_path, made.drafted(path))
    assert mapping.read_text(encoding="utf-8").splitlines()[1:] == ["cell,'=1+1,?", "cell,'-,"]
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("?", ""), encoding="utf-8")
    draft = made.drafted(path, mapping=mapping)
    assert draft.open == [] and [entry["cells"][0]["expects"] for entry in draft.assumptions] == ["=1+1", "-"]


def test_an_answer_for_a_text_leaves_cells_that_are_clear_as_they_are(tmp_path):
    rows = [HEADS, [*SIGNED[:2], "90", "500"], [*RATE[:2], "90", "91%"]]
    path = table(tmp_path, rows)
    mapping = tmp_path / "answers.csv"
    mapping.write_text("kind,printed,means\ncell,90,90%\n", encoding="utf-8")
    draft = made.drafted(path, mapping=mapping)
    assert draft.open == []
    assert [(entry["id"], entry["cells"][0]["becomes"]) for entry in draft.assumptions] == [
        ("ingest-mailboxes-2018", "90%")
    ]


def test_an_answer_for_a_place_and_one_that_cannot_be_used(tmp_path):
    path = table(tmp_path, [HEADS, SIGNED, [*RATE[:2], "x", "x"]])
    mapping = tmp_path / "answers.csv"
    text = 'kind,printed,means\n"cell","form.csv, row 3, Năm 2018",90%\ncell,x,{}\n'
    mapping.write_text(text.format(""), encoding="utf-8")
    draft = made.drafted(path, mapping=mapping)
    assert [entry["cells"][0]["becomes"] for entry in draft.assumptions] == ["90%", ""]
    mapping.write_text(text.format("nhiều"), encoding="utf-8")
    with pytest.raises(ReformError) as error:
        made.drafted(path, mapping=mapping)
    assert error.value.where == "the mapping file's answer for form.csv, row 3, Năm 2019"


def test_a_mapping_file_that_is_no_file_is_refused(tmp_path):
    path = table(tmp_path, [HEADS, SIGNED, RATE])
    with pytest.raises(ReformError, match="mapping file cannot be read"):
        made.drafted(path, mapping=tmp_path)


def test_a_question_without_a_text_is_named_by_its_place():
    row = Row("5", "", {"Năm 2018": ""}, "form.xlsx, sheet A, row 2", doubts={"Năm 2018": "uncomputed"})
    draft = made.draft(
        Form("form.xlsx, sheet A", ["Năm 2018"], [row]),
        made.catalogue(),
        {"label": {}, "heading": {}, "cell": {}},
        {},
        locale="vi",
    )
    assert account.mapping_lines(draft.open, draft.form.rows).splitlines()[1:] == [
        'label,"form.xlsx, sheet A, row 2",signatures',
        'cell,"form.xlsx, sheet A, row 2, Năm 2018",',
    ]


# --- the folder ------------------------------------------------------------------------------------------------------


def a_report(tmp_path, figure):
    path = table(tmp_path, [HEADS, [*SIGNED[:2], figure, "500"], RATE])
    return ingest(
        path,
        tmp_path / "out",
        unit="Sở X",
        edition="2019",
        replace=True,
        form="phu-luc-7",
        reader=readers.read,
    )


@pytest.mark.parametrize("exchange", [True, False])
def test_a_report_that_is_replaced_is_at_no_moment_missing(tmp_path, monkeypatch, exchange):
    a_report(tmp_path, "408")
    if exchange:
        trial = [tmp_path / "x", tmp_path / "y"]
        for folder in trial:
            folder.mkdir()
        able = files.exchanged(*trial)
        for folder in trial:
            folder.rmdir()
        if not able:
            pytest.skip("this system cannot exchange folders")

        def never(*_):
            raise AssertionError("the folder was moved away")

        monkeypatch.setattr(type(tmp_path), "rename", never)
    else:
        monkeypatch.setattr(files, "exchanged", lambda *_: False)
    a_report(tmp_path, "409")
    assert "409" in (tmp_path / "out" / "annex.csv").read_text(encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["form.csv", "out"]


def test_reports_written_beside_each_other_leave_each_other_alone(tmp_path, monkeypatch):
    def in_between(folder, catalogues):
        monkeypatch.setattr(written, "load_report", load)
        written.write(tmp_path / "other", dict(content), replace=False, catalogues=catalogues)
        return load(folder, catalogues)

    a_report(tmp_path, "408")
    content = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "out").iterdir()}
    load = written.load_report
    monkeypatch.setattr(written, "load_report", in_between)
    a_report(tmp_path, "409")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["form.csv", "other", "out"]


def test_what_a_killed_run_left_is_cleared_and_a_run_that_writes_is_not(tmp_path):
    old, young = tmp_path / ".ingest-old", tmp_path / ".ingest-young"
    for left in (old, young):
        (left / "out").mkdir(parents=True)
    os.utime(old, (0, 0))
    a_report(tmp_path, "408")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".ingest-young", "form.csv", "out"]


def test_names_that_no_system_can_write_are_told(tmp_path):
    with pytest.raises(ReformError, match="cannot write the report"):
        written.refuse_existing(tmp_path / ("x" * 300), replace=True)
    with pytest.raises(ReformError, match="no text"):
        contents("x-2019", pd.DataFrame(columns=["form_row", "label", "Năm 2019"]), {"unit_vi": "S\udcff"})


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReformError, match="cannot write the report"):
        written.write(tmp_path / "file" / "out", {}, replace=False)


def test_nothing_of_a_figure_with_a_picture_beside_it_is_lost(tmp_path):
    path = word(tmp_path, lambda xml: xml.replace("<w:t>408</w:t>", "<w:t>408</w:t></w:r><w:r><w:drawing/>"))
    assert values(made.drafted(path)) == TRUE


# --- several tables on one sheet -------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [[], [["", "", "", ""]]])
def test_a_table_above_the_form_lends_it_no_headings(tmp_path, gap):
    above = [["STT", "Văn bản", "Năm 2019", "Năm 2018"], ["1", "Quyết định", "2", "3"]]
    draft = made.drafted(table(tmp_path, [*above, *gap, HEADS, SIGNED, RATE]))
    assert draft.open == []
    assert values(draft) == TRUE and list(draft.annex.columns[2:]) == HEADS[2:]
    assert draft.found[0]["place"] == f"form.csv, row {4 + len(gap)}"


def test_a_form_far_down_the_sheet_is_found(tmp_path):
    rows = [[f"Đoạn {n}", "", "", ""] for n in range(300)]
    assert values(made.drafted(table(tmp_path, [*rows, HEADS, SIGNED, RATE]))) == TRUE


def test_rows_below_a_heading_in_another_order_are_read_by_it(tmp_path):
    rows = [HEADS, SIGNED, [*HEADS[:2], *HEADS[:1:-1]], [*RATE[:2], *RATE[:1:-1]]]
    rows += [["12", "Số đơn vị xây dựng, sử dụng phần mềm một cửa điện tử", "8", "7"]]
    rows += [["7", "Số cơ quan chuyên môn cấp tỉnh, đơn vị hành chính cấp huyện có bản Công bố ISO", "8", "7"]]
    rows.insert(2, ["2", "Số đơn vị kết nối Trục liên thông VBQG", "1", "2"])
    draft = made.drafted(table(tmp_path, rows))
    assert {row: values(draft)[row] for row in TRUE} == TRUE
    assert "tables_joined" in dict(draft.remarks)


def test_figures_that_look_like_years_are_no_heading(tmp_path):
    rows = [HEADS, SIGNED, ["3", "Nội dung khác", "2018", "2019"], ["", "Máy tính", "2018", "2019"], RATE]
    assert values(made.drafted(table(tmp_path, rows))) == TRUE


def test_a_row_of_the_form_in_a_table_that_is_not_read_is_a_question(tmp_path):
    more = ["12", "Số đơn vị xây dựng, sử dụng phần mềm một cửa điện tử", "8", "7"]
    rows = [HEADS, SIGNED, RATE, ["Chỉ tiêu", "STT", "Năm 2018", "Năm 2019"], more]
    path = table(tmp_path, rows)
    here, doubt = made.drafted(path).open
    assert (here.printed, here.why[0]) == ("12", "left_out")  # the table is read by the headings of the first
    assert (doubt.printed, doubt.place, doubt.answer) == (more[1], "form.csv, row 5", "?")
    assert doubt.why[0] == "elsewhere"
    assert made.drafted(path, accept=True).open == [doubt]
    mapping = tmp_path / "answers.csv"
    answers = f'kind,printed,means\nlabel,12,-\nlabel,"{more[1]}",'
    mapping.write_text(f"{answers}-\n", encoding="utf-8")
    left = made.drafted(path, mapping=mapping)
    assert values(left) == TRUE and left.open == []
    mapping.write_text(f"{answers}12\n", encoding="utf-8")
    with pytest.raises(ReformError, match="cannot be taken from this table"):
        made.drafted(path, mapping=mapping)


def test_who_signs_below_the_table_is_no_figure(tmp_path):
    rows = [HEADS, RATE, SIGNED, ["", "", "", ""], ["", "", "NGƯỜI LẬP BIỂU", "GIÁM ĐỐC"]]
    draft = made.drafted(table(tmp_path, rows))
    assert draft.open == [] and values(draft) == TRUE
    assert draft.aside[0][1] == "NGƯỜI LẬP BIỂU GIÁM ĐỐC"


def test_a_column_merged_downwards_beside_the_periods_is_no_period(tmp_path):
    heads = [[*HEADS[:2], "Kết quả", "", "Ghi chú"], ["", "", *HEADS[2:], ""]]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]
    layout = Layout("test", [*heads, [*SIGNED, "Sở cấp"], [*RATE, ""]], merges=merges, head=2)
    for suffix in ("docx", "xlsx"):
        draft = made.drafted(made.write(layout, tmp_path / f"form.{suffix}"))
        assert draft.open == [] and values(draft) == TRUE


def test_what_is_crossed_out_is_a_question(tmp_path):
    crossed = "<w:r><w:rPr><w:strike/></w:rPr><w:t>4</w:t></w:r><w:r><w:t>408</w:t></w:r>"
    path = word(tmp_path, lambda xml: xml.replace("<w:r><w:t>408</w:t></w:r>", crossed))
    assert [doubt.printed for doubt in made.drafted(path).open] == ["~4~408"]
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, line = book.add_worksheet(), book.add_format({"font_strikeout": True})
        for r, row in enumerate([HEADS, SIGNED, RATE]):
            sheet.write_row(r, 0, row)
        sheet.write_string(1, 2, "408", line)
        sheet.write_rich_string(2, 3, line, "90%", book.add_format(), "91%")
    assert [(doubt.printed, doubt.why[0]) for doubt in made.drafted(path).open] == [
        ("408", "struck"),
        ("~90%~91%", "unreadable"),
    ]


@pytest.mark.parametrize("lead", ["{}. ", "{}/ ", "{} - ", "({}) ", "I.{} ", "1.{}. ", "Chỉ tiêu {}: "])
def test_a_number_in_front_of_a_label_is_no_part_of_it(tmp_path, lead):
    rows = [HEADS[1:], *([lead.format(row[0]) + row[1], *row[2:]] for row in (SIGNED, RATE))]
    draft = made.drafted(table(tmp_path, rows))
    assert draft.open == [] and values(draft) == TRUE


def test_two_rows_of_one_number_are_a_question_though_one_label_only_resembles(tmp_path):
    rows = [HEADS, SIGNED, [SIGNED[0], f"{SIGNED[1]} của các cơ quan, đơn vị", "77", "88"], RATE]
    (doubt,) = made.drafted(table(tmp_path, rows)).open
    assert (doubt.kind, doubt.why[0]) == ("label", "twice")
