"""The exporter: what reaches the page, what is cleaned, what is refused."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from lxml.html import document_fromstring
from markupsafe import Markup
from nbformat import ValidationError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from traitlets.config import Config

from reformlib.present.html import Fragment
from reformlib.present.style import stylesheet
from reformlib.render.page import exporter as module
from reformlib.render.page.exporter import PageRefused, ReformExporter
from reformlib.render.page.fragments import clean, outline, slug
from reformlib.render.page.gates import faults
from reformlib.render.page.links import with_links
from reformlib.render.page.texts import own_texts, points
from tests.render_helpers import BLANK, PIXELS, code, executed, shown, table, text

ALT = "Line chart of one-stop units, from 10 in 2016 to 95 in 2020"
ALT_VI = "Biểu đồ đường của số đơn vị một cửa, từ 10 năm 2016 đến 95 năm 2020"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'>{}</svg>"
EMPTY_SVG = SVG.format("<defs><path d='M0 0'/></defs><g/>")
PAYLOADS = [
    "<script>steal()</script>",
    "<img src=x onerror=steal()>",
    "<svg onload=steal()></svg>",
    "<a href='javascript:steal()'>go</a>",
    "</title><script>steal()</script>",
    '"><script>steal()</script>',
    "<iframe src='https://example.org'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=steal()></style></mglyph></table></mtext></math>",
    "<style>@import 'https://example.org/x.css'</style>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<form action=https://example.org><button>go</button></form>",
    "<object data=https://example.org></object>",
    "<p style='background:url(https://example.org/x)'>x</p>",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
]


def export(*cells, **options):
    notebook = executed(*cells, **{k: options.pop(k) for k in ("language", "title") if k in options})
    return ReformExporter(**options).from_notebook_node(notebook)[0]


def soup(*cells, **options):
    return BeautifulSoup(export(*cells, **options), "html.parser")


def svg(content: str):
    """An SVG output that draws something, with an alternative text."""
    data = {"image/svg+xml": SVG.format(f"<path d='M0 0h9'/>{content}")}
    return new_output("display_data", data, metadata={"alt": ALT_VI})


def refused(*cells, **options):
    with pytest.raises(PageRefused) as caught:
        export(*cells, **options)
    return caught.value


def harmless(page: BeautifulSoup) -> bool:
    """No script, handler, form, frame or address outside the file."""
    dangerous = page.find_all(["script", "iframe", "object", "embed", "form", "base", "link", "use", "button"])
    handlers = [a for tag in page.find_all(True) for a in tag.attrs if a.startswith("on") or a == "style"]
    outside = [tag for tag in page.find_all(src=True) if not tag["src"].startswith("data:image/")]
    links = [tag for tag in page.find_all(href=True) if not re.match(r"#|https://|[\w./-]+\.html", tag["href"])]
    refresh = page.find_all("meta", attrs={"http-equiv": re.compile("refresh", re.I)})
    return not (dangerous or handlers or outside or links or refresh)


def test_the_entry_point_is_declared(repo):
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))
    name = project["project"]["entry-points"]["nbconvert.exporters"]["reform"]
    assert importlib.metadata.EntryPoint("reform", name, "nbconvert.exporters").load() is ReformExporter


def test_head_and_language():
    page = soup(language="en", title="<h1>Reform <b>2020</b> &amp; after</h1>")
    head = [child for child in page.head.children if child.name]
    assert page.html["lang"] == "en"
    assert head[0]["http-equiv"] == "Content-Security-Policy"
    assert head[0]["content"].startswith("default-src 'none'; img-src data:;")
    assert page.title.get_text() == "Reform 2020 & after"
    assert page.select_one("a.skip")["href"] == "#content"
    assert page.select_one("a.skip").get_text() == "Skip to content"


def test_a_title_cannot_leave_the_title_element():
    page = export(title="<h1>&lt;/title&gt;&lt;script&gt;steal()&lt;/script&gt;</h1>")
    assert harmless(BeautifulSoup(page, "html.parser"))
    assert "<title>&lt;/title&gt;&lt;script&gt;" in page


def test_cells_of_the_other_language_and_parameters_are_dropped():
    page = export(text("Xin chào", "vi"), text("Hello", "en"), text("2020"), language="en")
    assert "Hello" in page and "2020" in page
    assert "Xin chào" not in page
    assert "Literal" not in page and "last year" not in page


def test_results_and_displays_both_show_and_code_does_not():
    result = new_output("execute_result", {"text/html": table(), "text/plain": "x"}, execution_count=1)
    page = export(
        code("secret = 1", result), code("b", shown("<p>seen</p>")), code("c", new_output("stream", text="<b>"))
    )
    assert "1.445" in page and "<p>seen</p>" in page and "<pre>&lt;b&gt;</pre>" in page
    assert "secret" not in page
    assert "cell-id" not in page and "jp-" not in page


def test_code_can_be_asked_for():
    page = soup(code("answer = 6 * 7 < 50"), exclude_input=False)
    assert page.select("details.code pre")[-1].get_text() == "answer = 6 * 7 < 50"
    assert [summary.get_text() for summary in page.select("details.code summary")] == [
        "Tham số (ô 1)",
        "Tham số của lần chạy này",
        "Mã lệnh (ô 2)",
        "Mã lệnh (ô 3)",
    ]
    assert not page.select("details[open]") and {pre["lang"] for pre in page.select("details.code pre")} == {"en"}
    assert page.select_one("main").find(True).name == "h1"
    english = soup(code("1"), exclude_input=False, language="en")
    assert english.select("details.code summary")[-1].get_text() == "Code (cell 3)"
    assert not soup(code("answer = 6")).select("details")


def test_code_shows_what_a_cell_said_first():
    page = soup(code("table()", shown("<p>said</p>")), exclude_input=False)
    assert page.find("p", string="said").find_next("pre").get_text() == "table()"


def test_code_and_printed_text_keep_their_empty_lines():
    page = soup(code("a = 1\n\n\nb = 2", new_output("stream", text="x\n\ny")), exclude_input=False)
    assert page.select("details.code pre")[-1].get_text() == "a = 1\n\n\nb = 2"
    assert "x\n\ny" in [pre.get_text() for pre in page.select("pre")]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_code_is_text(payload):
    source = f"text = [{payload}</code></pre></details>]"
    page = soup(code(source), exclude_input=False)
    assert page.select("details.code pre")[-1].get_text() == source
    assert harmless(page)


def test_code_tells_no_folder_of_the_machine():
    notebook = executed(code("1"))
    notebook.cells[0].source += '\nreport: str = ""\nother: str = ""\nyear: int = 0'
    notebook.cells[
        1
    ].source = '# Parameters\nreport = "/home/someone/mine"\nother = "C:\\\\Users\\\\a\\\\b"\nyear = 1\n'
    page = BeautifulSoup(ReformExporter(exclude_input=False).from_notebook_node(notebook)[0], "html.parser")
    assert page.select("details.code pre")[1].get_text().split("\n")[1:4] == [
        'report = "mine"',
        'other = "b"',
        "year = 1",
    ]


def test_code_that_is_not_nfc_is_refused_when_shown():
    cell = code("name = 'Tra\u0300'")
    assert "NFC" in str(refused(cell, exclude_input=False))
    assert export(cell)


def test_images_keep_their_alternative_text():
    data = {"image/png": PIXELS.partition(",")[2], "text/plain": "<Figure>"}
    svg = {"image/svg+xml": SVG.format("<path d='M0 0h9'/>"), "text/plain": "<Figure>"}
    page = soup(
        code("a", new_output("display_data", data, metadata={"image/png": {"alt": ALT_VI, "width": 10}})),
        code("b", new_output("display_data", svg, metadata={"alt": f'{ALT_VI} "quoted"'})),
    )
    first, second = page.select("figure img")
    assert (first["alt"], first["width"]) == (ALT_VI, "10")
    assert second["alt"] == f'{ALT_VI} "quoted"' and second["src"].startswith("data:image/svg+xml;base64,")


def test_contents_have_ascii_anchors_that_differ():
    page = soup(text("## Đo lường"), text("## Đo lường"), code("h", shown("<h2 id='own'>Đích</h2><h3>Bước</h3>")))
    links = [a["href"] for a in page.select("nav.toc ol a")]
    assert links == ["#do-luong", "#do-luong-2", "#own"]
    assert all(page.find(id=link[1:]) for link in links)
    assert page.h3["id"] == "buoc"
    assert page.select_one("nav.toc")["aria-label"] == "Mục lục"
    assert page.h1.find_next("nav", class_="toc")  # after the title


def test_an_id_is_used_once():
    page = soup(code("a", shown("<p id='x'>1</p><p id='x'>2</p><p id='content'>3</p>")))
    assert [tag.get("id") for tag in page.main.find_all("p")] == ["x", None, None]


def test_tables_scroll_in_a_named_region():
    page = soup(
        code("t", shown(table(caption="Năm"))),
        code("t", shown(f"<div class='scroll' role='region' tabindex='0' aria-label='Của nó'>{table()}</div>")),
    )
    regions = page.select("div.scroll")
    assert [(r["role"], r["tabindex"], r["aria-label"]) for r in regions] == [
        ("region", "0", "Năm"),
        ("region", "0", "Của nó"),
    ]


def test_contents_have_results_and_annex_and_a_way_back_up():
    annex = new_markdown_cell("## Phương pháp", metadata={"tags": ["lang-vi", "annex"]})
    contents = soup(text("## Một"), annex, text("## Nguồn")).select_one("nav.toc")
    groups = [[a.get_text() for a in group.find_all("a")] for group in contents.find_all("ol")]
    assert groups == [["Một"], ["Phương pháp", "Nguồn"]] and contents.find_all("ol")[1]["start"] == "2"
    assert [p.get_text() for p in contents.find_all("p")] == ["Mục lục", "Phụ lục"]
    assert contents.select_one("a.up")["href"] == "#content"


def test_codes_lead_to_where_they_are_explained():
    piece = '<p>Theo T1, T22 <b>và T1</b> thì T1.</p><p><span class="code" id="T1">T1</span>: nghĩa</p>'
    page = soup(code("t", shown(piece)))
    assert [a.get_text() for a in page.select('a[href="#T1"]')] == ["T1", "T1", "T1"]
    assert page.select_one("main p").get_text() == "Theo T1, T22 và T1 thì T1."


def test_a_long_table_of_statuses_has_a_choice_of_them():
    kinds = ["v-open"] * 20 + ["v-achieved"] * 3
    rows = "".join(f"<tr><td>a</td><td><span class='status {kind}'>{kind}</span></td></tr>" for kind in kinds)
    head = (
        "<table><caption>Bảng</caption><thead><tr><th scope='col'>Một</th><th scope='col'>Hai</th></tr></thead><tbody>"
    )
    page = soup(code("t", shown(f"{head}{rows}</tbody></table>")))
    told = [
        (choice["value"], label.get_text()) for label in page.select("label") if (choice := label.input).get("value")
    ]
    assert told == [("v-open", " v-open (20)"), ("v-achieved", " v-achieved (3)")]
    assert not soup(code("t", shown(f"{head}{rows[: len(rows) // 23 * 5]}</tbody></table>"))).select("fieldset")


def test_links_to_other_documents_are_absent_until_told():
    assert not soup().select("nav.siblings")
    links = [{"href": "../en/01.html", "title": "A <b>", "language": "en"}]
    page = with_links(export(), "vi", links)
    link = BeautifulSoup(page, "html.parser").select_one("nav.siblings a")
    assert (link["href"], link["lang"], link.get_text()) == ("../en/01.html", "en", "A <b>")
    assert with_links(page, "vi", []) == export()


def test_the_same_notebook_gives_the_same_bytes():
    cells = [text("## Một"), code("t", shown("<p>x</p>"))]
    assert export(*cells) == export(*cells)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_outputs_are_refused_and_taken_out(payload):
    refusal = refused(code("x", shown(f"<p>before</p>{payload}<p>after</p>")))
    assert refusal.cell == 3 and re.search("script|request|not inside the file|empty table", str(refusal))
    page = BeautifulSoup(f"<html><body>{clean(f'<p>before</p>{payload}<p>after</p>')}</body></html>", "html.parser")
    assert harmless(page)
    assert "before" in page.get_text() and "after" in page.get_text()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_text_stay_readable(payload):
    stdout = new_output("stream", name="stdout", text=payload)
    plain = new_output("execute_result", {"text/plain": payload}, execution_count=1)
    cells = [code("a", stdout), code("b", plain), text(f"```mermaid\n{payload}\n```"), text(f"{payload}\n\nafter")]
    page = soup(*cells)
    assert harmless(page)
    assert page.main.get_text().count(payload) >= 4


def test_markdown_links_and_images_stay_inside():
    page = soup(text(f"[a](javascript:steal()) [b](https://chinhphu.vn) [c](#x) ![{ALT_VI}]({PIXELS})"))
    assert harmless(page)
    assert [a.get("href") for a in page.main.find_all("a")] == [None, "https://chinhphu.vn", "#x"]
    assert page.main.img["alt"] == ALT_VI


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (new_code_cell("1 + 1"), "not run"),
        (code("x", new_output("error", ename="ValueError", evalue="bad", traceback=["/home/a"])), "ValueError: bad"),
        (code("x", new_output("display_data", {"application/javascript": "x"})), "a script"),
        (
            code("x", new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}})),
            "a widget",
        ),
        (code("x", new_output("display_data", {"text/vnd.mermaid": "graph"})), "mermaid"),
        (code("x", new_output("display_data", {"application/pdf": "x"})), "cannot be shown"),
        (code("x", new_output("display_data", {"image/png": "AAAA", "text/plain": "x"})), "without alternative text"),
        (code("x", shown(f"<img src='{PIXELS}'>")), "without alternative text"),
        (code("x", shown(f"<img src='{PIXELS}' alt=' '>")), "without alternative text"),
        (code("x", shown("<img src='https://example.org/x.png' alt='a chart of something'>")), "not inside the file"),
        (code("x", shown("<img src='data:text/html,x' alt='a chart of something'>")), "not inside the file"),
        (code("x", shown("<img src='chart.png' alt='a chart of something'>")), "not inside the file"),
        (code("x", shown(f"<img src='{PIXELS}' alt='No description has been provided for this image'>")), "filler"),
        (code("x", shown("<figure></figure>")), "empty figure"),
        (code("x", shown("<table><tr><th>a</th></tr></table>")), "empty table"),
        (code("x", shown("<script>chart()</script>")), "a script or frame (<script>)"),
        (code("x", shown("<p onclick='x()'>x</p>")), "a script (the attribute onclick)"),
        (code("x", shown("<link rel=stylesheet href=https://example.org/x.css>")), "a request or form (<link>)"),
        (code("x", shown("<style>p { background: url(//example.org/x) }</style>")), "a request (<style>"),
        (code("x", shown(f"<img src='{PIXELS}' alt='chart.png'>")), "a file name"),
        (code("x", shown(f"<img src='{PIXELS}' alt='Biểu đồ 1'>")), "filler"),
        (code("x", shown(f"<img src='{PIXELS}' alt='Văn bản điện tử tăng'>")), "alternative text of 20 characters"),
        (
            code("x", shown(f"<figure><img src='{PIXELS}' alt='{ALT_VI}'><figcaption>{ALT_VI}.</figcaption></figure>")),
            "repeats the title",
        ),
        (code("x", shown(f"<img src='{BLANK}' alt='{ALT_VI}'>")), "an empty figure: nothing is drawn"),
        (code("x", shown(f"<img src='data:image/png;base64,AAAA' alt='{ALT_VI}'>")), "an empty figure"),
        (
            code("x", new_output("display_data", {"image/svg+xml": EMPTY_SVG}, metadata={"alt": ALT_VI})),
            "an empty figure: nothing is drawn",
        ),
        (code("x", svg("<script>x()</script>")), "a script or request in an SVG image (<script)"),
        (code("x", svg("<g onclick='x()'/>")), "a script or request in an SVG image (<g onclick=)"),
        (code("x", svg("<image href='https://example.org/x.png'/>")), "a script or request in an SVG image (href="),
        (code("x", svg("<style>path { fill: url(//example.org/x) }</style>")), "in an SVG image (url(//example.org/x)"),
        (code("x", shown(table(cell=" "))), "an empty table (Bảng thử)"),
        (code("x", shown(table(caption=""))), "a table without a caption"),
        (code("x", shown(table(head=""))), "an empty table heading (th) (Bảng thử)"),
        (code("x", shown(table().replace(" scope='col'", ""))), "without scope (Bảng thử)"),
        (text("| a | b |\n|---|---|\n| 1 | 2 |"), "a table without a caption"),
        (code("x", shown("<p>Báo cáo \ue000</p>")), "a missing glyph, a character that fonts lack: U+E000"),
        (text("Báo cáo \ufffd"), "U+FFFD REPLACEMENT CHARACTER"),
        (code("x", new_output("stream", name="stdout", text="\x07")), "U+0007"),
        (code("x", shown("<p>the number of units</p>")), "English text in a page of the other language"),
        (code("x", shown(f"<img src='{PIXELS}' alt='{ALT}'>")), "English text in a page of the other language"),
        (text("Data of this chart"), "English text in a page of the other language"),
        (text("## Number of services"), "English text in a page of the other language"),
        (text("## Latest figures"), "English text in a page of the other language"),
        (code("x", shown("<p class='num'>96.4 %</p>")), "a decimal point in a Vietnamese page: 96.4"),
        (text("## Tỷ lệ 96.4 %"), "a decimal point in a Vietnamese page: 96.4"),
        (code("x", shown("<p>Tra\u0300 Vinh</p>")), "NFC"),
        (code("x", new_output("stream", name="stdout", text="Tra\u0300")), "NFC"),
        (code("x", new_output("stream", name="stderr", text="Glyph 7897 missing from font(s)")), "font lacks"),
        (text("Tra\u0300 Vinh"), "NFC"),
        (text("![](attachment:x.png)"), "missing attachment"),
        (text(f"![]({PIXELS})"), "without alternative text"),
    ],
)
def test_refused_with_the_number_of_the_cell(cell, why):
    # in the source notebook: 1 parameters, 2 title, 3 this; the injected cell is not counted
    refusal = refused(cell)
    assert refusal.cell == 3
    assert why in str(refusal) and "cell 3" in str(refusal)


def test_every_refusal_is_told_at_once():
    refusal = refused(code("a", shown("<figure></figure>")), text("fine"), new_code_cell("b"))
    assert [cell for cell, _ in refusal.problems] == [3, 5]


def test_cells_that_papermill_adds_beside_an_error_are_not_counted():
    marker = new_markdown_cell("<span>An Exception was encountered</span>", metadata={"tags": [module.FAILURE]})
    failed = code("x", new_output("error", ename="ValueError", evalue="bad", traceback=[]))
    notebook = executed(marker, failed)
    notebook.cells.insert(0, marker)
    with pytest.raises(PageRefused, match=r"^cell 3: an error: ValueError: bad$"):
        ReformExporter().from_notebook_node(notebook)


def test_a_picture_may_refer_to_its_own_parts_and_to_data_in_it():
    own = f"<use href='#a'/><image href='{PIXELS}'/><path clip-path='url(#b)' style='fill: url(\"#c\")'/>"
    assert "svg+xml" in export(code("x", svg(own)))


def test_decoration_needs_no_alternative_text():
    assert faults(clean(f"<img src='{PIXELS}' alt='' role='presentation'>"), "vi") == []


def test_colours_of_a_terminal_are_no_missing_glyphs():
    page = export(code("x", new_output("stream", name="stdout", text="\x1b[31mđỏ\x1b[0m")))
    assert "<pre>đỏ</pre>" in page


def test_tables_as_data_travel_beside_what_is_shown_and_are_no_output_of_their_own():
    tables = {"application/vnd.reformlib.tables+json": '[{"table": "beside"}]'}
    beside = new_output("display_data", {"text/html": "<p>seen</p>", **tables})
    assert export(code("x", beside)) == export(code("x", shown("<p>seen</p>")))
    assert "cannot be shown" in str(refused(code("x", new_output("display_data", tables))))


def test_cells_run_out_of_order_are_refused():
    notebook = executed(code("a", shown("<p>a</p>")), code("b", shown("<p>b</p>")))
    notebook.cells[-1].execution_count = notebook.cells[-2].execution_count - 1
    with pytest.raises(PageRefused, match="cell 4: a cell that ran before the one above it"):
        ReformExporter().from_notebook_node(notebook)


def test_what_the_template_loses_is_noticed(monkeypatch):
    monkeypatch.setattr(module, "outline", lambda content, _: outline(content.replace("<tr>", ""), _))
    assert "0 of 2 <tr>" in str(refused(code("t", shown(table()))))


@pytest.mark.parametrize(
    ("language", "piece", "foreign"),
    [
        ("en", "<p>Department of Trà Vinh, Hồ Chí Minh City, café</p>", False),
        ("en", "<p>Resolution 30c/NQ-CP, section II.2.1.đ</p>", False),
        ("en", "<p>the <span lang='vi'>Nghị quyết của Chính phủ</span></p>", False),
        ("en", "<p>the <code>quyết định</code></p>", False),
        ("en", "<p>the Nghị quyết of 2011</p>", True),
        ("en", "<p>Trạng thái</p>", True),  # a message of the library
        ("en", "<p>tỉnh</p>", True),
        ("en", "<p>Báo cáo</p>", True),
        ("en", "<p>Mặt trận, déjà vu</p>", True),
        ("en", f"<img src='{PIXELS}' alt='Biểu đồ đường của số văn bản, từ 10 năm 2016'>", True),
        ("vi", "<p>Chỉ tiêu theo Bank of the South</p>", False),
        ("vi", "<p>VNPT, FPT, e-Government</p>", False),
        ("vi", "<p>targets.csv; coverage.csv; report = tra-vinh-2020</p>", False),
        ("vi", "<p>Data Center, Internet of Things</p>", False),
        ("vi", "<p>Number of services</p>", True),
        ("vi", "<p><span lang='en'>the quality of the data</span></p>", False),
        ("vi", "<p>the quality of the data</p>", True),
        ("vi", "<p>Digital signatures of the units and of the department, số</p>", True),
        ("vi", "<th scope='col'>Status</th>", True),
    ],
)
def test_leftovers_of_the_other_language(language, piece, foreign):
    assert any("of the other language" in fault for fault in faults(clean(piece), language)) == foreign


@pytest.mark.parametrize(
    ("shown_as", "found"),
    [
        ("tăng từ 96.4 % lên 97.25 %", ["96.4", "97.25"]),
        ("1.234 và 1.234.567", []),
        ("ngày 30.6.2025, mục 1.2, phiên bản 0.1", []),
        ("II.2.1.b, P2.1, 817/QĐ-UBND, reformlib 0.1.0", []),
        ("in là «99.5 %»", []),
        ("0.1235 điểm", ["0.1235"]),
    ],
)
def test_decimal_points(shown_as, found):
    assert points(shown_as) == found


def test_texts_of_a_whole_page_are_read_without_its_comments():
    page = document_fromstring("<body><!-- links -->một<!-- /links --> hai<p lang='en'>three</p></body>")
    assert list(own_texts(page, "vi")) == ["một", "hai"]


def test_a_figure_quoted_as_printed_keeps_its_point():
    row = "<tr><th scope='row'>a</th><td>99.5%</td><td class='num'>99,5 %</td></tr>"
    assert faults(f"<table><caption>Bảng</caption>{row}</table>", "vi") == []


@pytest.mark.parametrize(
    ("cells", "title", "why"),
    [
        ([], None, "0 main titles"),
        ([text("# Two")], "<h1>One</h1>", "2 main titles"),
        ([text("### Deep")], "<h1>One</h1>", "level 3 under one of level 1"),
    ],
)
def test_heading_levels(cells, title, why):
    assert why in str(refused(*cells, title=title))


def test_a_notebook_that_does_not_tell_its_language():
    notebook = executed()
    notebook.cells = notebook.cells[2:]
    with pytest.raises(PageRefused, match="parameters"):
        ReformExporter().from_notebook_node(notebook)
    assert "'fr'" in str(refused(language="fr"))


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Đường đến năm 2020", "duong-den-nam-2020"),
        ("Tỷ lệ 96,4 %", "ty-le-96-4"),
        ("!!!", "section"),
        ("A - B", "a-b"),
    ],
)
def test_slugs(heading, anchor):
    assert slug(heading) == anchor


def test_a_page_has_the_rules_for_what_it_holds():
    held = stylesheet('<div class="brief"><i class="r-reliable">x</i></div>')
    assert "--part:var(--good)" in held and ".findings" not in held and "blockquote" not in held
    assert held.count("{") == held.count("}")


def test_the_stylesheet_asks_for_nothing():
    assert "url(" not in stylesheet() and "@import" not in stylesheet()


@pytest.mark.parametrize("before", ["<pre>" + "A" * 10_000_001 + "</pre>", "<div>" * 400 + "</div>" * 400])
def test_what_follows_a_very_long_or_deep_piece_stays_on_the_page(before):
    assert "<p>after</p>" in outline(f"<h1>x</h1>{before}<p>after</p>", str).html


def test_elements_nested_beyond_reading_are_refused_in_words():
    assert "nested" in faults("<div>" * 1_500 + "x" + "</div>" * 1_500, "en")[0]


def test_a_gate_does_not_hang_on_blanks():
    picture = SVG.format("<rect width='9' height='9'/><a href=" + " " * 100_000 + "#a/>")
    assert faults(f'<img alt="{ALT}" src="data:image/svg+xml,{quote(picture)}">', "en") == []


@pytest.mark.parametrize("part", ["cell_type", "output_type"])
def test_a_cell_or_output_of_no_known_kind_is_not_left_out_without_a_word(part):
    notebook = executed(code("x", new_output("display_data", {"text/plain": "seen"})))
    changed = notebook.cells[-1] if part == "cell_type" else notebook.cells[-1].outputs[0]
    assert "seen" in ReformExporter().from_notebook_node(notebook)[0]
    changed[part] = "pyout"
    with pytest.raises(ValidationError):
        ReformExporter().from_notebook_node(notebook)


def test_another_preprocessor_may_run_the_notebook_first():
    """`jupyter nbconvert --execute --to reform` enables one that does."""

    def run(notebook, resources):
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.execution_count is None:
                cell.execution_count = len(notebook.cells)
        return notebook, resources

    notebook = executed(new_code_cell("x = 1"))
    with pytest.raises(PageRefused, match="not run"):
        ReformExporter().from_notebook_node(notebook)
    exporter = ReformExporter(preprocessors=[run])
    assert "</html>" in exporter.from_notebook_node(notebook)[0]


def test_the_page_of_a_what_if_has_a_name_of_its_own():
    """Writers and JupyterLab put the extension behind the name of the notebook."""
    bundle = Fragment(Markup("<p>x</p>"), [{"supposed": ["500 in place of 1,445"]}])._repr_mimebundle_()
    for cells, ending in (((), ".html"), ((code("x", new_output("display_data", bundle)),), "-what-if.html")):
        assert ReformExporter().from_notebook_node(executed(*cells))[1]["output_extension"] == ending


def test_a_setting_of_the_user_for_other_exporters_leaves_the_page_as_it_is():
    notebook = executed()
    own = {
        name: Config({name: {"template_name": "classic"}}) for name in ("Exporter", "TemplateExporter", "HTMLExporter")
    }
    made = {name: ReformExporter(config=config).from_notebook_node(notebook)[0] for name, config in own.items()}
    assert set(made.values()) == {ReformExporter().from_notebook_node(notebook)[0]}
