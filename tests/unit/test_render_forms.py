"""Other forms of a page: what is in the Word file and the workbook, and that hostile text stays text in them."""

from __future__ import annotations

import base64
import importlib.util
import io
import os
import re
import subprocess
import zipfile

import pytest
from docx import Document as WordFile
from python_calamine import CalamineWorkbook

from reformlib.errors import ReformError
from reformlib.load.evidence import Evidence
from reformlib.load.report import load_report
from reformlib.present.assessment.narrative import observations
from reformlib.present.chart import chart_axes, figure, svg_of
from reformlib.present.html import Fragment, Shown, bullets, image, tag
from reformlib.present.page import Page
from reformlib.present.projections.basis import assumptions
from reformlib.present.table import Column, table
from reformlib.render import forms
from reformlib.render.forms import docx, pdf, xlsx

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("https://example.org")',
    "<script>x</script>",
    "https://example.org",
]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="331.2pt" height="194.4pt" viewBox="0 0 331 194">'
    '<path d="M0 0 L331 194" stroke="#000"/></svg>'
)
ALT = "Line chart of one-stop units, from 10 in 2016 to 95 in 2020"
ENTRY = {
    "title": "Đánh giá 2011–2020",
    "language": "vi",
    "report": "demo",
    "report_title": {"vi": "Báo cáo", "en": "Report"},
    "unit": {"vi": "Sở Thông tin", "en": "Department"},
    "edition": "2020",
    "data_date": "2020-03-31",
    "parameters": {"language": "vi"},
    "reformlib": {"version": "0"},
}
DATA = {
    "table": "Chỉ tiêu: các năm",
    "columns": [
        {"label": "Chỉ tiêu", "numeric": False},
        {"label": "Giá trị (%)", "numeric": True},
        {"label": "Mục tiêu", "numeric": False},
        {"label": "Tăng", "numeric": False},
        {"label": "Khoảng", "numeric": False},
    ],
    "rows": [
        [
            "Một cửa",
            {"text": "96,4%", "value": 96.4, "unit": "%", "place": "Phụ lục 7, row 10"},
            {"text": "≥ 90% (31/12/2020)", "value": 90.0, "unit": "%", "place": "T1"},
            {
                "text": "+1.202",
                "value": 1202.0,
                "unit": "units",
                "formula": "last - first",
                "inputs": {"last": {"value": 1610.0, "place": "P1"}, "first": {"value": 408.0, "place": "P2"}},
            },
            {"text": "1.660 – 2.300", "value": 1662.0, "high": 2255.4, "unit": "units", "rule": "lo – hi"},
        ],
        [
            "Chữ ký số",
            {"text": "–", "value": None, "unit": "%", "place": "Phụ lục 7, row 11"},
            *("chưa có", "không", "–"),
        ],
    ],
    "below": ["Cách tính: số mới nhất."],
}
TABLE = """<div class="scroll"><table class="stack"><caption>Chỉ tiêu: các năm</caption>
<thead><tr><th scope="col">Chỉ tiêu</th><th scope="col" class="num">Giá trị (%)</th><th scope="col">Mục tiêu</th>
<th scope="col">Tăng</th><th scope="col">Khoảng</th></tr></thead><tbody>
<tr><th scope="row">Một cửa</th><td class="num">96,4%</td>
<td>≥ 90% <small>(31/12/2020)</small></td><td>+1.202</td><td>1.660 – 2.300</td></tr>
<tr><th scope="row">Chữ ký số</th><td class="num">–</td><td>chưa có</td><td>không</td><td>–</td></tr>
</tbody></table></div>
<p class="note">Cách tính: số mới nhất.</p>"""


def page(body: str, language: str = "vi") -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>x</title></head><body>'
        '<a class="skip" href="#content">Bỏ qua</a>'
        f'<nav class="siblings"><a href="x.html">Tài liệu khác</a></nav><main id="content">{body}</main></body></html>'
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def book(*tables: dict, **more):
    content = xlsx.make(page("<h1>x</h1>"), list(tables), ENTRY | more, None, "plain")
    return content, CalamineWorkbook.from_filelike(io.BytesIO(content))


def member(content: bytes, pattern: str) -> str:
    """The text of all files in an Office file whose name holds the pattern."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return "".join(file.read(name).decode() for name in file.namelist() if re.search(pattern, name))


@pytest.fixture
def pandoc():
    """The packages of the extra. With CI set their absence is a failure."""
    if error := forms.missing("docx"):
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))


def word(tmp_path, body: str, layout: str = "nd30", **more):
    content = docx.make(page(body), [], ENTRY | more, tmp_path, layout)
    return content, WordFile(io.BytesIO(content))


def test_a_sheet_holds_numbers_where_the_evidence_has_them_and_what_the_page_prints_beside():
    content, read = book(DATA)
    rows = read.get_sheet_by_name("1 Chỉ tiêu các năm").to_python()
    assert rows[0][0] == "Chỉ tiêu: các năm"
    assert rows[2] == [
        "Chỉ tiêu",
        "Giá trị (%)",
        "Mục tiêu",
        "Mục tiêu: nguyên văn",
        "Tăng",
        "Khoảng: từ",
        "Khoảng: đến",
    ]
    assert rows[3] == ["Một cửa", 96.4, 90.0, "≥ 90% (31/12/2020)", 1202.0, 1660.0, 2300.0]
    assert rows[4] == ["Chữ ký số", "–", "chưa có", "", "không", "–", "–"]
    assert rows[6][0] == "Cách tính: số mới nhất."
    assert '#,##0.0"%"' in member(content, "styles").replace("&quot;", '"')


def test_the_first_sheet_tells_what_the_workbook_is_and_the_last_what_numbers_rest_on():
    _, read = book(DATA)
    assert read.sheet_names == ["Mục lục", "1 Chỉ tiêu các năm", "Căn cứ"]
    first = read.get_sheet_by_index(0).to_python()
    told = {row[0]: row[1] for row in first if row[0]}
    assert first[0][0] == "Đánh giá 2011–2020"
    assert told["Đơn vị báo cáo"] == "Sở Thông tin" and told["Số liệu đến"] == "31/3/2020"
    assert told["1 Chỉ tiêu các năm"] == "Chỉ tiêu: các năm"
    last = read.get_sheet_by_index(2).to_python()
    (grown,) = [row for row in last if row[2] == "Tăng"]
    assert grown[1] == "Một cửa" and grown[4] == 1202.0 and grown[7] == "last - first"
    assert grown[8] == "last = 1610.0 (P1); first = 408.0 (P2)"
    assert [row[4] for row in last if row[2] == "Giá trị (%)"] == [96.4, ""]


@pytest.mark.parametrize(("language", "cited"), [("vi", "Phụ lục 7, dòng"), ("en", "Annex 7, row")])
def test_a_workbook_cites_the_form_in_one_language(language, cited):
    shown = Page(load_report("tra-vinh-2020"), language)
    _, read = book(*observations(shown).parts, *assumptions(shown).parts, language=language)
    *_, form, projection, evidence = (read.get_sheet_by_name(name).to_python() for name in read.sheet_names)
    found = [set(re.findall("Phụ lục 7, dòng|Annex 7, row", str(sheet))) for sheet in (form, projection, evidence)]
    assert found == [{cited}, set(), {cited}]
    assert re.search(rf"y2019\d+ = [\d.]+ \({cited}", str(evidence))  # an input too


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("vi", "en", "value", "expected"),
    [
        ("96,4%", "96.4%", 96.4, (1, False)),
        ("1.234", "1,234", 1234.0, (0, False)),
        ("+4,47", "+4.47", 4.472, (2, True)),
        ("−52,34 điểm", "−52.34 points", -52.34479, (2, True)),
        ("0,13% (31/12/2019)", "0.13% (31 December 2019)", 0.13, (2, False)),
        ("≥ 90% (31/12/2020)", "≥ 90% (31\u00a0December\u00a02020)", 90.0, (0, False)),  # kept on one line
        ("1.662 – 2.255", "1,662 – 2,255", 1662.0, None),
        ("từ 19 đến 21", "from 19 to 21", 19.0, None),
        ("mức độ 3", "level 3", 4.0, None),
        ("–", "–", None, None),
        ("90% (2020 tính cho Trà Vinh cũ)", "90% (2020 for the former Trà Vinh)", 90.0, (0, False)),
        ("1.500", "1,500", 1.5, None),
    ],
)
def test_a_printed_number_is_one_only_if_it_is_the_value(language, vi, en, value, expected):
    assert xlsx.number_in(vi if language == "vi" else en, value, language) == expected


def test_the_same_page_gives_the_same_workbook_with_no_time_of_now():
    first, _ = book(DATA)
    assert book(DATA)[0] == first
    assert "1980-01-01" in member(first, "core")


def test_hostile_texts_are_no_formulas_and_no_links():
    tables = [
        {
            "table": text,
            "columns": [{"label": text, "numeric": False}, {"label": "x", "numeric": False}],
            "rows": [[cell, {"text": cell, "place": cell}] for cell in HOSTILE],
            "above": [text],
            "below": [text],
        }
        for text in HOSTILE
    ]
    content, read = book(*tables, title="=cmd|' /C calc'!A0", unit={"vi": "=1+1", "en": ""})
    assert "<f>" not in member(content, r"worksheets/sheet\d") and "TargetMode" not in member(content, "rels")
    rows = read.get_sheet_by_index(2).to_python()
    assert rows[0][0] == "+1"
    assert [row[:2] for row in rows[3 : 3 + len(HOSTILE)]] == [[text, text] for text in HOSTILE]
    assert read.get_sheet_by_index(0).to_python()[0][0] == "=cmd|' /C calc'!A0"


def test_a_column_of_small_pictures_has_no_place_in_a_workbook():
    picture = Fragment(tag("span", image(SVG.encode(), ALT)))
    columns = [Column("Tên", str), Column("Diễn biến", lambda row: "–" if row == "b" else picture), Column("Tăng", str)]
    _, read = book(*table(Page(None, "vi"), ["a", "b"], columns, caption="Bảng").parts)
    rows = read.get_sheet_by_index(1).to_python()
    assert rows[2:5] == [["Tên", "Tăng"], ["a", "a"], ["b", "b"]]


def test_names_of_sheets_are_legal_unique_and_short():
    captions = ["Mục lục", "a/b:c*?[d]\\e", "Rất dài " * 9, "Rất dài " * 9, "'quoted'", "", "Căn cứ"]
    names = xlsx.sheet_names(captions)
    assert len({name.lower() for name in names}) == len(captions)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in names)


def test_a_number_without_a_value_in_its_evidence_is_one_in_a_column_of_numbers_only():
    rows = [["Một cửa", {"text": "96,4%", "place": "Phụ lục 7, row 10"}, "90", "1", "2"]]
    _, read = book(DATA | {"rows": rows})
    assert read.get_sheet_by_index(1).to_python()[3][1:3] == [96.4, "90"]


def test_charts_give_one_table_a_row_a_figure_and_an_interval_two():
    told = Shown("90 – 99", Evidence(90.2, "units", rule="lo – hi", high=98.7))
    shown = [("2020", Shown("95", Evidence(95.0, "units", place="P1"))), ("2030", told)]
    columns = [
        Column("Năm", lambda row: row[0]),
        Column("Số", lambda row: row[1], True),
        Column("Ghi", lambda row: "F"),
    ]
    data = table(Page(None, "vi"), shown, columns, caption="Một cửa", origin=lambda row: "P1")
    drawn = figure(
        Page(None, "vi"), SVG.encode(), title="Tăng", subtitle="đơn vị", source="Báo cáo", alt=ALT, data=data
    )
    _, read = book(*drawn.parts)
    assert read.sheet_names[1:] == ["1 Số liệu của các biểu đồ", "Căn cứ"]
    rows = read.get_sheet_by_index(1).to_python()
    assert rows[2] == ["Biểu đồ", "Dòng số liệu", "Dòng", "Đại lượng", "Số liệu", "Ghi chú", "Nguồn"]
    assert rows[3:6] == [
        ["Tăng", "Một cửa", 2020.0, "Số", 95.0, "F", "Báo cáo"],
        ["Tăng", "Một cửa", 2030.0, "Số: từ", 90.2, "F", "Báo cáo"],
        ["Tăng", "Một cửa", 2030.0, "Số: đến", 98.7, "F", "Báo cáo"],
    ]
    assert read.get_sheet_by_index(2).to_python()[1][1] == "Tăng; Một cửa; 2020; Số"


def test_items_of_a_list_are_lines_of_their_cell():
    columns = [Column("Tên", str), Column("Gồm", lambda row: bullets(["a", "b"]))]
    _, read = book(*table(Page(None, "vi"), ["x"], columns, caption="Bảng").parts)
    assert read.get_sheet_by_index(1).to_python()[3] == ["x", "a\nb"]


FIGURE = f"""<figure class="chart"><figcaption><div class="chart-title"><strong>Tăng gấp đôi</strong></div>
<div class="chart-subtitle">%, 2015–2020</div></figcaption>
<img alt="{ALT}" src="data:image/svg+xml;base64,{base64.b64encode(SVG.encode()).decode()}">
<p class="source">Nguồn: Báo cáo</p><details><summary>Số liệu của biểu đồ</summary>{TABLE}</details></figure>"""


def test_a_word_file_keeps_headings_tables_captions_and_alternative_texts(pandoc, tmp_path):
    body = f'<h1>Tiêu đề</h1><nav class="toc"><a href="#a">Phần</a></nav><h2 id="a">Phần</h2><p>Lời</p>{FIGURE}'
    content, read = word(tmp_path, body)
    texts = [(paragraph.style.name, paragraph.text) for paragraph in read.paragraphs if paragraph.text]
    assert texts == [
        ("Heading 1", "Tiêu đề"),
        ("Heading 2", "Phần"),
        ("First Paragraph", "Lời"),
        ("Chart Title", "Tăng gấp đôi"),
        ("Chart Subtitle", "%, 2015–2020"),
        ("Source Line", "Nguồn: Báo cáo"),
        ("Table Caption", "Chỉ tiêu: các năm"),
        ("Note Line", "Cách tính: số mới nhất."),
    ]
    (table,) = read.tables
    assert [cell.text for cell in table.rows[1].cells] == [
        "Một cửa",
        "96,4%",
        "≥ 90% (31/12/2020)",
        "+1.202",
        "1.660 – 2.300",
    ]
    document = member(content, "word/document.xml")
    assert document.count("<w:tblHeader") == 1 and document.count("<w:cantSplit") == 3
    assert re.findall(r'<wp:docPr[^>]* descr="([^"]*)"', document) == [ALT]
    assert "base64" not in document
    (picture,) = read.inline_shapes
    assert 110 < picture.width.mm < 120  # 331.2 pt at 96 points an inch


def test_in_a_word_file_findings_are_a_table_charts_stand_in_twos_and_long_lists_are_left_to_the_workbook(
    pandoc, tmp_path
):
    finding = (
        '<li><div class="figure">5</div><p class="said"><strong>Mâu thuẫn</strong></p><p class="ask">Làm rõ</p></li>'
    )
    drawn = FIGURE.replace("<details>", '<details class="data">')
    body = f"""<h1>x</h1><p class="verdict">Chưa đạt.</p><ul class="findings">{finding}</ul>
<div class="gallery">{drawn}{drawn}{drawn}</div>
<details class="fold"><summary>Từng ô (20 dòng)</summary>{TABLE}</details>"""
    content, read = word(tmp_path, body)
    findings, charts = read.tables
    assert [cell.text for cell in findings.rows[0].cells] == ["5", "Mâu thuẫn", "Làm rõ"]
    assert [len(row.cells) for row in charts.rows] == [2, 2]
    assert charts.cell(0, 1).text.split("\n")[0] == "Tăng gấp đôi" and "Nguồn: Báo cáo" in charts.cell(1, 0).text
    assert {round(picture.width.mm) for picture in read.inline_shapes} == {76}
    assert read.paragraphs[-1].text == "Từng ô (20 dòng): xem trong tệp Excel và trên trang"
    assert "<w:pBdr>" in member(content, "word/styles.xml")


def test_a_chart_in_the_page_is_a_picture_in_a_word_file(pandoc, tmp_path):
    with chart_axes(60) as (drawing, axes):
        axes.plot([0, 1], [0, 1])
        bare = str(svg_of(drawing))
        axes.annotate("Một cửa", (0.5, 0.5))
        named = str(svg_of(drawing))
    page = "<h1>x</h1>" + "".join(f'<div role="img" aria-label="{ALT}">{svg}</div>' for svg in (bare, named))
    content, read = word(tmp_path, page)
    assert re.findall(r'<wp:docPr[^>]* descr="([^"]*)"', member(content, "word/document.xml")) == [ALT, ALT]
    assert [116 < picture.width.mm < 118 for picture in read.inline_shapes] == [True, True]
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        one, two = (file.read(name) for name in file.namelist() if name.startswith("word/media/"))
    assert one != two  # its letters are drawn, without a font of the machine


def test_nothing_in_a_word_file_is_wider_than_the_text(pandoc, tmp_path):
    wide = SVG.replace("331.2pt", "9000pt").replace("194.4pt", "10pt")
    picture = f'<p><img alt="{ALT}" src="data:image/svg+xml;base64,{base64.b64encode(wide.encode()).decode()}"></p>'
    cells = "".join(f"<td>{'dài ' * n} Trường_dài_không_ngắt</td>" for n in range(1, 13))
    _, read = word(tmp_path, f"<h1>x</h1>{picture}<table><tbody><tr>{cells}</tr></tbody></table>")
    section = read.sections[0]
    text = section.page_width - section.left_margin - section.right_margin
    assert read.inline_shapes[0].width <= text
    assert sum(column.width for column in read.tables[0].columns) <= text


def test_the_layout_of_the_decree(pandoc, tmp_path):
    """Nghị định 30/2020/NĐ-CP, Phụ lục I: page, margins, letters, page number."""
    content, read = word(tmp_path, f"<h1>Tiêu đề</h1><h2>Phần</h2><p>Lời</p>{TABLE}")
    section = read.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25 and 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35 and 15 <= round(section.right_margin.mm) <= 20
    assert section.different_first_page_header_footer and not section.first_page_header.paragraphs[0].text
    header = section.header.paragraphs[0]
    assert header.alignment == 1 and 13 <= header.runs[0].font.size.pt <= 14
    assert "PAGE" in header._p.xml
    for name in ("First Paragraph", "Heading 1", "Heading 2"):
        style = read.styles[name]
        assert style.font.name == "Times New Roman" and 13 <= style.font.size.pt <= 14
        assert str(style.font.color.rgb) == "000000"
    assert read.styles["Heading 1"].font.bold and read.styles["Heading 2"].font.bold
    fonts = "".join(re.findall(r"<w:rFonts[^>]*>", member(content, "word/styles.xml")))
    assert set(re.findall('"([^"]+)"', fonts)) == {"Times New Roman"} and "Theme" not in fonts


def test_a_word_file_tells_its_language_title_and_no_time(pandoc, tmp_path):
    content, read = word(tmp_path, "<h1>Tiêu đề</h1><p>Lời <span lang='en'>word</span></p>", layout="plain")
    assert read.core_properties.title == "Đánh giá 2011–2020" and read.core_properties.language == "vi-VN"
    assert 'w:val="vi-VN"' in member(content, "word/styles.xml") and 'w:val="en"' in member(content, "document.xml")
    assert not re.search(r"dcterms:(created|modified)", member(content, "core"))
    assert word(tmp_path, "<h1>Tiêu đề</h1><p>Lời <span lang='en'>word</span></p>", layout="plain")[0] == content
    assert not list(tmp_path.iterdir())


def test_hostile_texts_stay_text_in_a_word_file(pandoc, tmp_path):
    texts = [*HOSTILE, "]]><w:p/>", "{=openxml}", "$x$ `code`{=openxml}", "![](file:///etc/passwd)", "\\input{x}"]
    body = "<h1>x</h1>" + "".join(
        f"<p>{escaped(text)}</p><table><tr><td>{escaped(text)}</td></tr></table>" for text in texts
    )
    content, read = word(tmp_path, body, title="</dc:title><x/>")
    assert [paragraph.text for paragraph in read.paragraphs if paragraph.text][1:] == texts
    assert [table.rows[0].cells[0].text for table in read.tables] == texts
    assert "TargetMode" not in member(content, r"document\.xml\.rels") and "root:" not in member(content, "document")
    assert read.core_properties.title == "</dc:title><x/>"


def test_a_picture_is_not_fetched(pandoc, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    content, _ = word(tmp_path, f'<h1>x</h1><p><img src="{tmp_path}/secret.txt" alt="{ALT}"></p>')
    assert "secret" not in member(content, "media|document").replace(str(tmp_path), "").replace("/secret.txt", "")


def test_code_stands_in_a_word_file_under_its_name(pandoc, tmp_path):
    code = '<pre lang="en"><code>a = 1 &lt; 2\nb</code></pre>'
    folded = f'<details class="code"><summary>Mã lệnh (ô 3)</summary>{code}</details>'
    _, read = word(tmp_path, f"<h1>x</h1>{folded}")
    texts = [(paragraph.style.name, paragraph.text) for paragraph in read.paragraphs if paragraph.text][1:]
    assert texts == [("Code Name", "Mã lệnh (ô 3)"), ("Source Code", "a = 1 < 2\nb")]


@pytest.mark.parametrize(("form", "package"), [("xlsx", "xlsxwriter"), ("docx", "pypandoc-binary")])
def test_a_form_without_its_package_says_how_to_get_it(monkeypatch, tmp_path, form, package):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    made, error = forms.make((form,), page("<h1>x</h1>"), [], ENTRY, tmp_path, "plain")
    assert not made and package in error.what and f"reformlib[{form}]" in error.fix


def test_a_pdf_without_a_browser_says_the_way_out(monkeypatch, tmp_path):
    monkeypatch.setenv("REFORMLIB_CHROMIUM", str(tmp_path / "none"))
    made, error = forms.make(("pdf",), page("<h1>x</h1>"), [], ENTRY, tmp_path, "plain")
    assert not made and "no Chromium" in error.what
    assert "REFORMLIB_CHROMIUM" in error.fix and "print" in error.fix


@pytest.mark.parametrize(
    ("script", "told"),
    [("exit 3", "exit code 3"), ("exit 0", "printed nothing"), ("sleep 60 & sleep 60", "within 0.5 s")],
)
def test_a_browser_that_does_not_print_is_told_and_ended(monkeypatch, tmp_path, script, told):
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\n{script}\n")
    browser.chmod(0o755)
    monkeypatch.setenv("REFORMLIB_CHROMIUM", str(browser))
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(pdf.subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1])
    (tmp_path / "stage").mkdir()
    with pytest.raises(ReformError, match=re.escape(told)):
        pdf.make(page("<h1>x</h1>"), [], ENTRY, tmp_path / "stage", "plain")
    alive = subprocess.run(["ps", "-o", "stat=", "-g", str(started[0].pid)], capture_output=True, text=True).stdout
    assert all(state.startswith("Z") for state in alive.split())
    assert not list((tmp_path / "stage").iterdir())


def test_a_picture_that_cannot_be_drawn_is_told(pandoc, tmp_path):
    picture = f'<img alt="{ALT}" src="data:image/svg+xml;base64,{base64.b64encode(b"<svg>").decode()}">'
    with pytest.raises(ReformError, match="cannot be drawn") as caught:
        word(tmp_path, f"<h1>x</h1><p>{picture}</p>")
    assert caught.value.where == ALT


def test_what_a_converter_stumbles_over_costs_no_page(monkeypatch, tmp_path):
    monkeypatch.setattr(xlsx, "sheet_names", lambda *_: 1 / 0)
    made, error = forms.make(("xlsx",), page(TABLE), [DATA], ENTRY, tmp_path, "plain")
    assert not made and "no xlsx: unexpected ZeroDivisionError" in error.what


def test_one_form_that_fails_loses_no_other(monkeypatch, tmp_path):
    monkeypatch.setenv("REFORMLIB_CHROMIUM", str(tmp_path / "none"))
    made, error = forms.make(("pdf", "xlsx"), page(TABLE), [DATA], ENTRY, tmp_path, "plain")
    assert list(made) == ["xlsx"] and "no Chromium" in error.what
    made, error = forms.make(("xlsx",), page(TABLE), [DATA], ENTRY, tmp_path, "plain")
    assert list(made) == ["xlsx"] and error is None
