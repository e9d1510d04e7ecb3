"""Kinds of silent misreading: looks that come from styles, units beside the table, lines of their own, formulas."""

import docx
import pytest
import xlsxwriter
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reformlib.ingest.readers import read
from tests import ingest_files as made
from tests.synthetic import Layout

HEADS = ["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"]
RECEIVED = ["3", "Số lượng văn bản nhận trên Trục liên thông VBQG", "12", "13"]
SIGNED = ["5", "Số lượng chữ ký số", "408", "500"]
RATE = ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", "91%"]


def form(*rows, **more):
    width = max(map(len, rows))
    return Layout("test", [[*row, *[""] * (width - len(row))] for row in rows], **more)


def open_doubts(tmp_path, layout, suffix="docx"):
    draft = made.drafted(made.write(layout, tmp_path / f"form.{suffix}"))
    return [(doubt.kind, doubt.why[0], doubt.answer) for doubt in draft.open]


def signed_of(path):
    """The first figure of row 5 and the doubts of a file."""
    draft = made.drafted(path)
    row = draft.annex.set_index("form_row").loc["5"]
    return row["Năm 2018"], [doubt.why[0] for doubt in draft.open]


# --- looks ---------------------------------------------------------------------------------------------------------

RUN = f"<w:r {nsdecls('w')}><w:rPr>{{}}</w:rPr><w:t>9</w:t></w:r>"
LOOKS = {  # of the 9 behind 408: as its own property, as one of a style
    "raised": '<w:vertAlign w:val="superscript"/>',
    "lowered": '<w:vertAlign w:val="subscript"/>',
    "moved": '<w:position w:val="8"/>',
    "struck": "<w:strike/>",
    "hidden": "<w:vanish/>",
}
READ = {
    "raised": ("408 (9)", []),
    "lowered": ("408 (9)", []),
    "moved": ("408 (9)", []),
    "struck": ("408~9~", ["unreadable"]),
    "hidden": ("408", []),
}


def word(tmp_path, look, where):
    """A file of Word whose figure 408 is followed by a 9 of that look, said in the run, in a style or below a style."""
    path = made.write(form(HEADS, SIGNED, RATE), tmp_path / "form.docx")
    document = docx.Document(path)
    paragraph = document.tables[0].cell(1, 2).paragraphs[0]
    if where == "run":
        paragraph._p.append(parse_xml(RUN.format(LOOKS[look])))
    else:
        style = document.styles.add_style("Own", WD_STYLE_TYPE.CHARACTER)
        style.element.append(parse_xml(f"<w:rPr {nsdecls('w')}>{LOOKS[look]}</w:rPr>"))
        if where == "based":
            document.styles.add_style("Based", WD_STYLE_TYPE.CHARACTER).base_style = style
        paragraph._p.append(parse_xml(RUN.format(f'<w:rStyle w:val="{where.capitalize()}"/>')))
    document.save(path)
    return path


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("where", ["run", "own", "based"])
def test_the_effective_look_of_a_figure_in_word_counts(tmp_path, look, where):
    assert signed_of(word(tmp_path, look, where)) == READ[look]


def test_a_style_that_hides_what_is_hidden_shows_it_as_word_does(tmp_path):
    path = word(tmp_path, "hidden", "own")
    document = docx.Document(path)
    style = document.styles.add_style("Hidden", WD_STYLE_TYPE.PARAGRAPH)
    style.element.append(parse_xml(f"<w:rPr {nsdecls('w')}><w:vanish/></w:rPr>"))
    document.tables[0].cell(1, 2).paragraphs[0].style = style
    document.save(path)
    assert signed_of(path)[0] == "9"


@pytest.mark.parametrize("place", ["Normal", "defaults", "own"])
def test_the_font_of_a_style_tells_its_encoding(tmp_path, place):
    # «văn bản từ» in TCVN3: ư is the code of the soft hyphen
    path = made.write(form(HEADS, SIGNED, RATE, before=["v¨n b¶n tõ h\u00ad"]), tmp_path / "form.docx")
    document = docx.Document(path)
    font = parse_xml(f'<w:rFonts {nsdecls("w")} w:ascii=".VnTime" w:hAnsi=".VnTime"/>')
    run = document.paragraphs[0].runs[0]
    if place == "Normal":
        document.styles["Normal"].element.get_or_add_rPr().append(font)
    elif place == "own":
        style = document.styles.add_style("Own", WD_STYLE_TYPE.PARAGRAPH)
        style.element.get_or_add_rPr().append(font)
        document.paragraphs[0].style = style
        run.style = document.styles.add_style("Plain", WD_STYLE_TYPE.CHARACTER)  # one that says no font
    else:
        defaults = document.styles.element.find(".//{*}rPrDefault/{*}rPr")
        defaults.remove(defaults.find("{*}rFonts"))
        defaults.append(font)
    document.save(path)
    source = read(path)
    assert source.paragraphs == ["văn bản từ hư"]
    assert source.grids[0].rows[0][1] == "Chỉ tiêu"  # letters of Unicode are none of TCVN3, whatever their font


def test_the_choice_of_a_drop_down_is_its_text(tmp_path):
    path = made.write(form(HEADS, SIGNED, RATE), tmp_path / "form.docx")
    for chosen, seen in {"": "61", '<w:result w:val="1"/>': "118", '<w:default w:val="1"/>': "118"}.items():
        document = docx.Document(path)
        paragraph = document.tables[0].cell(1, 2).paragraphs[0]
        paragraph.clear()
        entries = '<w:listEntry w:val="61"/><w:listEntry w:val="118"/>'
        field = f"<w:ffData><w:ddList>{chosen}{entries}</w:ddList></w:ffData>"
        paragraph._p.append(
            parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="begin">{field}</w:fldChar></w:r>')
        )
        document.save(tmp_path / "other.docx")
        assert signed_of(tmp_path / "other.docx") == (seen, [])


def test_a_column_deleted_with_tracked_changes_is_left_out_and_a_cell_is_a_question(tmp_path):
    path = made.write(form(HEADS, SIGNED, RATE), tmp_path / "form.docx")
    for rows, left in {(0, 1, 2): [], (1,): ["cell_deleted"]}.items():
        document = docx.Document(path)
        for r in rows:
            cell = document.tables[0].cell(r, 3)._tc
            cell.get_or_add_tcPr().append(parse_xml(f'<w:cellDel {nsdecls("w")} w:id="1" w:author="A"/>'))
        document.save(tmp_path / "other.docx")
        draft = made.drafted(tmp_path / "other.docx")
        assert [doubt.why[0] for doubt in draft.open] == left
        assert ("Năm 2019" in draft.annex) == bool(left)


# --- formulas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "stored", "doubt"),
    [
        ("=Data!A1+Data!A2", 0, ["placeholder"]),  # 200 and 208
        ("=SUM(Data!A1:A2)", 0, ["placeholder"]),
        ("=SUM(Data!$A$1:$B$2)", 0, ["placeholder"]),
        ("=200+208", 0, ["placeholder"]),
        ("='Data'!C1", 0, ["placeholder"]),  # a formula that is none itself
        ("=Data!B1+Data!B2", 0, []),  # 0 and nothing
        ("=SUM(Data!B1:B9)", 0, []),
        ("=Data!A1+Data!A2", 408, []),
    ],
)
def test_a_stored_zero_that_its_cells_do_not_give_is_a_question(tmp_path, formula, stored, doubt):
    with xlsxwriter.Workbook(str(tmp_path / "form.xlsx")) as book:
        sheet, data = book.add_worksheet("PL7"), book.add_worksheet("Data")
        for r, row in enumerate([HEADS, SIGNED, RATE]):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
        sheet.write_formula(1, 2, formula, None, stored)
        for r, row in enumerate([[200, 0], [208]]):
            data.write_row(r, 0, row)
        data.write_formula(0, 2, "=A1*2", None, 0)
    assert signed_of(tmp_path / "form.xlsx") == (str(stored), doubt)


# --- rows ----------------------------------------------------------------------------------------------------------

EMPTY = [*SIGNED[:2], "", ""]
BESIDE = [*HEADS[:2], "Địa bàn", *HEADS[2:]]


@pytest.mark.parametrize(
    "rows",
    [
        [HEADS, EMPTY, ["", "Cấp tỉnh", "100", "120"], ["", "Cấp huyện", "308", "380"], RATE],
        [HEADS, EMPTY, ["", "- Tổ chức", "100", "120"], RATE],
        [HEADS, EMPTY, ["5.1", "Cấp tỉnh", "100", "120"], ["5.2", "Cấp huyện", "308", "380"], RATE],
        [HEADS, EMPTY, ["", "Trong đó: chữ ký số cá nhân", "100", "120"], RATE],
        [HEADS, SIGNED, RATE, ["", "Số máy tính kết nối mạng", "5", "6"]],
        [HEADS, SIGNED, ["5a", "Số máy tính kết nối mạng", "5", "6"], RATE],
        [HEADS, SIGNED, RATE, ["", "Tổng cộng", "5", "6"]],
    ],
)
def test_a_row_with_figures_that_is_left_out_is_a_question(tmp_path, rows):
    assert set(open_doubts(tmp_path, form(*rows), "csv")) == {("label", "left_out", "-")}


@pytest.mark.parametrize(
    "rows",
    [
        [HEADS, EMPTY, ["", "", "100", "120"], RATE],
        [HEADS, EMPTY, ["", "", "", ""], ["", "", "100", "120"], RATE],
        [HEADS, EMPTY, ["", "", "100", "120"], ["", "", "308", "380"], RATE],
        [HEADS, [*SIGNED[:2], "408", ""], ["", "", "", "380"], RATE],
        [BESIDE, [*SIGNED[:2], "Thành phố", "100", ""], ["", "", "Huyện", "", "380"], [*RATE[:2], "", *RATE[2:]]],
        [[*HEADS, "Loại"], [*SIGNED[:3], "", "Thực hiện"], ["", "", "", "500", "Kế hoạch"], RATE],
        [[*HEADS, "Loại"], [*SIGNED[:3], "", "Thành phố"], ["", "", "", "500", "Huyện"], RATE],
    ],
)
def test_a_line_of_figures_without_a_label_is_a_question(tmp_path, rows):
    assert set(open_doubts(tmp_path, form(*rows))) == {("cell", "line", "?")}


def test_of_two_rows_with_one_label_none_is_proposed(tmp_path):
    again = [*SIGNED[:2], "409", "501"]
    assert open_doubts(tmp_path, form(HEADS, SIGNED, again, RATE), "csv") == [("label", "twice", "?")]
    assert open_doubts(tmp_path, form(HEADS, SIGNED, SIGNED, RATE), "csv") == [("label", "twice", "-")]


def figures(tmp_path, layout, suffix="docx"):
    draft = made.drafted(made.write(layout, tmp_path / f"form.{suffix}"))
    return draft.annex["form_row"].tolist(), [doubt.why[0] for doubt in draft.open]


def test_a_table_that_begins_with_rows_before_its_headings_are_repeated(tmp_path):
    rows = [HEADS, RECEIVED, ["", "", "", ""]]
    further = [SIGNED, HEADS, RATE]  # the end of a page stood after row 3
    layout = form(*rows, decoys=[[["Nơi", "nhận"]], further])
    assert figures(tmp_path, layout) == (["3", "5", "6"], [])


def test_a_label_cut_off_by_the_end_of_a_page_is_not_taken_for_another_that_begins_so(tmp_path):
    begin = "Số cơ quan chuyên môn cấp tỉnh, đơn vị hành chính cấp huyện có"
    first = [HEADS, RECEIVED, ["9", begin, "19", "20"]]
    second = [
        HEADS,
        ["", "Cổng/Trang Thông tin điện tử", "", ""],
        ["14", begin, "8", "9"],
        ["", "bản Công bố ISO", "", ""],
    ]
    layout = form(*first, decoys=[[["Nơi", "nhận"]], second])
    assert figures(tmp_path, layout) == (["3", "9", "14"], [])


def test_a_title_over_the_whole_row_is_no_part_of_the_row_above_it(tmp_path):
    layout = form(HEADS, SIGNED, ["B. DỊCH VỤ CÔNG", "", "", ""], RATE, merges=[(2, 0, 2, 3)])
    assert figures(tmp_path, layout) == (["5", "6"], [])


def test_rows_that_ran_into_each_other_in_a_table_that_is_not_read_are_questions(tmp_path):
    label = made.catalogue().labels["iso_declarations"][0]
    lost = [["x", f"{'một hai ba ' * 40} {label} 408"]]
    assert figures(tmp_path, form(HEADS, SIGNED, RATE, decoys=[lost])) == (["5", "6"], ["elsewhere"])
    assert figures(tmp_path, form(HEADS, SIGNED, RATE, after=lost[0])) == (["5", "6"], ["elsewhere"])
    told = f"{lost[0][1].removesuffix('408')} tăng 408"
    assert figures(tmp_path, form(HEADS, SIGNED, RATE, after=[told])) == (["5", "6"], [])


# --- units ---------------------------------------------------------------------------------------------------------

UNITS = [*HEADS[:2], "Đơn vị", *HEADS[2:]]
SENT = ["4", "Số lượng văn bản gửi trên Trục liên thông VBQG", "14", "15"]


@pytest.mark.parametrize(
    "layout",
    [
        form(HEADS, RECEIVED, RATE, ["Ghi chú: số liệu tính bằng nghìn văn bản"]),
        form(HEADS, RECEIVED, RATE, after=["Ghi chú: số văn bản tính theo đơn vị nghìn văn bản."]),
        form(HEADS, RECEIVED, RATE, after=["Số liệu trong bảng tính bằng nghìn."]),
        form(HEADS, RECEIVED, RATE, before=["Phụ lục 7. Kết quả (nghìn văn bản)"]),
        form(HEADS, RECEIVED, RATE, before=["ĐVT: 1.000 văn bản"]),
        form(["Kết quả (đơn vị: nghìn)"], HEADS, RECEIVED, RATE),
        form(HEADS, ["", "", "(nghìn)", "(nghìn)"], RECEIVED, RATE),
        form([*HEADS[:2], "Nghìn văn bản", ""], ["", "", *HEADS[2:]], RECEIVED, RATE, head=2, merges=[(0, 2, 0, 3)]),
        form([*HEADS, "Ghi chú"], [*RECEIVED, "nghìn văn bản"], RATE),
    ],
)
def test_figures_in_thousands_are_a_question_wherever_that_is_told(tmp_path, layout):
    assert open_doubts(tmp_path, layout) == [("heading", "unit_title", "-")]


@pytest.mark.parametrize("below", ["", '"', "nt", "như trên", "〃"])
def test_a_unit_goes_on_below_and_the_figure_in_it_is_proposed(tmp_path, below):
    rows = [UNITS, [*RECEIVED[:2], "Nghìn văn bản", *RECEIVED[2:]], [*SENT[:2], below, *SENT[2:]]]
    proposed = [("cell", "unit", f"{figure} nghìn văn bản") for figure in (12, 13, 14, 15)]
    assert open_doubts(tmp_path, form(*rows, [*RATE[:2], "%", *RATE[2:]]), "csv") == proposed
    merged = form(*rows[:2], [*SENT[:2], "", *SENT[2:]], merges=[(1, 2, 2, 2)])
    assert open_doubts(tmp_path, merged) == proposed


def test_the_unit_of_a_heading_is_the_unit_of_its_figures(tmp_path):
    heads = [*HEADS[:2], "Năm 2018 (%)", "Năm 2019 (%)"]
    draft = made.drafted(made.write(form(heads, [*RATE[:2], "90", "91"], RATE), tmp_path / "form.csv"))
    assert [entry["cells"][0]["becomes"] for entry in draft.assumptions] == ["90%", "91%"]
    thousands = [*HEADS[:2], "Năm 2018 (nghìn văn bản)", "Năm 2019 (nghìn văn bản)"]
    doubts = open_doubts(tmp_path, form(thousands, RECEIVED, RATE), "csv")
    assert doubts == [("cell", "unit", "12 nghìn văn bản"), ("cell", "unit", "13 nghìn văn bản")]
