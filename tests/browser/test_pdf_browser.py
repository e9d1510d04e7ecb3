"""A page printed to PDF by Chromium: tags, language, title, bookmarks, A4, page numbers, all of its text."""

from __future__ import annotations

import io
import os
import re

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from reformlib.render.forms import pdf
from reformlib.render.page.exporter import ReformExporter
from tests.render_helpers import code, executed, shown, text

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def prints():
    """Make a PDF. With CI set the absence of a browser is a failure, or a fault would hide behind a skip."""
    if error := pdf.missing():
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
    return lambda page, stage: pdf.make(page, {}, {}, stage, "plain")


def words(found: str) -> str:
    return re.sub(r"\s+", "", found)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_brief_is_one_sheet(prints, rendered, tmp_path, language):
    page = (rendered / f"tra-vinh-2020/{language}/00_brief.html").read_text(encoding="utf-8")
    assert len(PdfReader(io.BytesIO(prints(page, tmp_path))).pages) == 1


def test_a_document_as_pdf(prints, rendered, tmp_path):
    page = (rendered / "tra-vinh-2020/vi/02_gap_analysis.html").read_text(encoding="utf-8")
    content = prints(page, tmp_path)
    read, soup = PdfReader(io.BytesIO(content)), BeautifulSoup(page, "html.parser")
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "vi"
    assert read.metadata.title == soup.title.get_text()
    assert {(round(p.mediabox.width / 72 * 25.4), round(p.mediabox.height / 72 * 25.4)) for p in read.pages} <= {
        (210, 297),
        (297, 210),
    }
    headings = [h.get_text(" ") for h in soup.select("h1, h2, h3, h4, h5, h6") if _printed(h)]
    # the separator in a title is for those who hear it; paper may show it or not
    bookmarks, headings = (
        [" ".join(title.replace("·", " ").split()) for title in titles]
        for titles in ([item.title for item in _flat(read.outline)], headings)
    )
    assert bookmarks == headings
    pages = [sheet.extract_text() for sheet in read.pages]
    assert [number for number, sheet in enumerate(pages, 1) if sheet.split()[0] == str(number)] == list(
        range(2, len(pages) + 1)
    )
    printed = words("".join(pages))
    for heading in soup.select("main h1, main h2"):
        assert all(words(part) in printed for part in heading.stripped_strings if part != "·")
    for cell in [c for c in soup.select("main td, main th") if _printed(c)]:
        assert all(part in printed for part in map(words, cell.stripped_strings)), cell
    assert b"file:" not in content and str(tmp_path).encode() not in content
    assert not list(tmp_path.iterdir())
    assert prints(page, tmp_path) == content  # no date, no number of this run


def test_hostile_texts_are_printed_as_text(prints, tmp_path):
    payload = "<img src=x onerror=document.title='ran'>"
    shown_as = payload.replace("<", "&lt;")
    page = ReformExporter().from_notebook_node(
        executed(text(f"## {payload}"), code("x", shown(f"<p>{shown_as}</p>")), title=f"<h1>{shown_as}</h1>")
    )[0]
    read = PdfReader(io.BytesIO(prints(page, tmp_path)))
    assert read.metadata.title == payload
    assert words(read.pages[0].extract_text()).count(words(payload)) >= 3


def test_bookmarks_cells_and_languages_are_those_of_the_page(prints, tmp_path):
    heading = "Đầu biểu ghi các sở, ban, ngành tỉnh, nhưng có dòng tính cả cấp huyện"
    cells = "<tr><th>Tỷ lệ</th><td>95</td><td>  </td><td></td><td>97</td></tr>"
    style = "@page { size: A4; margin: 20mm; @top-center { content: counter(page) } }"
    style += " body { font-family: DejaVu Sans } h3 { font-size: 20pt; width: 8cm } table { border-collapse: collapse }"
    page = f"""<!DOCTYPE html><html lang="en"><head><title>x</title><style>{style}</style></head><body><h1>x</h1>
        <p>He wrote <span lang="vi">“chưa có”</span>, <span>twice</span>.</p><table>{cells}</table>
        <div style="break-before: page; height: 240mm">x</div><h3>{heading}</h3><p>y</p></body></html>"""
    read = PdfReader(io.BytesIO(prints(page, tmp_path)))
    assert heading.split(",")[0] in " ".join(read.pages[2].extract_text().split())  # the end of a page pushed it on
    assert [item.title for item in _flat(read.outline)] == ["x", heading]
    tags = list(_tags(read.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    assert sum(one["/S"] in ("/TH", "/TD") for one in tags) == 5
    assert [one["/Lang"] for one in tags if "/Lang" in one] == ["en", "vi"]
    assert [_unmarked(page) for page in read.pages] == [0, 0, 0]  # the numbers of pages are artifacts


def test_code_is_printed_only_where_it_is_open(prints, tmp_path):
    page = ReformExporter(exclude_input=False).from_notebook_node(executed(code("secret = 1", shown("<p>said</p>"))))[0]
    closed = PdfReader(io.BytesIO(prints(page, tmp_path))).pages[0].extract_text()
    assert "said" in closed and "secret" not in closed and "Mã lệnh" not in closed
    opened = page.replace('<details class="code">', '<details class="code" open>')
    assert "secret = 1" in PdfReader(io.BytesIO(prints(opened, tmp_path))).pages[0].extract_text()


def _flat(outline):
    for item in outline:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def _unmarked(page) -> int:
    """How many texts of a sheet are neither tagged nor artifacts."""
    depth, found = 0, 0
    for line in page.get_contents().get_data().splitlines():
        depth += line.endswith(b"BDC") - (line == b"EMC")
        found += line == b"BT" and not depth
    assert b"/Artifact" in page.get_contents().get_data()
    return found


def _tags(node):
    """Every element of the tree of tags, depth first."""
    node = node.get_object()
    for child in node if isinstance(node, list) else [node]:
        child = child.get_object()
        if isinstance(child, dict):
            if "/S" in child:
                yield child
            if "/K" in child:
                yield from _tags(child["/K"])


def _printed(element) -> bool:
    """Whether paper shows it: a fold that is not opened for print does not show what is in it."""
    return all("fold" in fold.get("class", []) for fold in element.find_parents("details"))
