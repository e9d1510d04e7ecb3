"""The layout of a Word file, as far as pandoc and the files of `layouts` leave it open: tables, pictures, properties.

`layouts/NAME.docx` is the reference file that pandoc takes paper, margins, styles and page number from; to change one,
open it in Word. `nd30` is laid out as Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, has it: A4 (210 x 297 mm); top and
bottom margin 20-25 mm, left 30-35 mm, right 15-20 mm; Times New Roman, black, 13-14 pt; page number in Arabic figures
of 13-14 pt, centred in the top margin, not shown on the first page; paragraphs justified, their first line 1 or 1.27 cm
in, at least 6 pt apart, line spacing single to 1.5; headings bold. `sheet` is for the brief, which is one sheet.
"""

import io
import re
import zipfile
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from reformlib.render.widths import fitted

TEXT_WIDTH = 160  # mm between the margins of all layouts
TABLE_TEXT = "Table Text"  # style of what stands in cells
KEPT_ROWS, KEPT_LETTERS = 8, 1_500  # a table of so many stays on one page
MOST_ITEMS = 6  # paragraphs beyond one a cell in a row that is not broken
STYLED_BY_CLASS = {
    "lead": "Lead",
    "verdict": "Verdict",
    "chart-title": "Chart Title",
    "chart-subtitle": "Chart Subtitle",
    "source": "Source Line",
    "note": "Note Line",
    "codename": "Code Name",
}


def laid_out(content: bytes, title: str, subject: str, language: str) -> bytes:
    """The Word file that pandoc made, with its tables laid out and its properties set.

    It tells no time of its making: the same page gives the same bytes.
    """
    document: Any = docx.Document(io.BytesIO(content))
    body = document.element.body
    for table in body.xpath(".//w:tbl"):
        _table(table, document)
    for picture in body.xpath(".//pic:cNvPr"):
        picture.attrib.pop("descr", None)  # pandoc repeats the whole picture there; the alternative text is on docPr
    for inline in body.xpath(".//wp:inline"):
        for side in ("distT", "distB", "distL", "distR"):  # without them LibreOffice moves a picture 3 mm
            inline.set(side, "0")
    properties = document.core_properties
    properties.title, properties.subject, properties.language = title[:255], subject[:255], language
    out = io.BytesIO()
    document.save(out)
    return _timeless(out.getvalue())


def _xml(text: str) -> Any:
    """An element of WordprocessingML from its text."""
    return parse_xml(re.sub(r"^<[\w:]+", lambda name: f"{name[0]} {nsdecls('w')}", text))


def _short(table: Any) -> bool:
    """Whether a table stays on one page: one of many words would leave half a page empty before it."""
    charts = table.xpath(".//w:drawing")
    return len(table.tr_lst) <= KEPT_ROWS + 1 and bool(charts or sum(map(len, table.itertext())) <= KEPT_LETTERS)


def _table(table: Any, document: Any) -> None:
    """As wide as the text, thin lines, heading rows shaded and on every page, short rows not broken, columns by
    content. Charts in rows of two have no lines, and halves."""
    charts = bool(table.xpath(".//w:pStyle[@w:val='ChartTitle']"))
    for element in table.tblPr.xpath("w:tblW | w:tblBorders | w:tblCellMar | w:tblLayout"):
        table.tblPr.remove(element)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = f'w:val="{"none" if charts else "single"}" w:sz="4" w:space="0" w:color="808080"'
    for text in (
        '<w:tblW w:w="5000" w:type="pct"/>',
        f"<w:tblBorders>{''.join(f'<w:{side} {line}/>' for side in sides)}</w:tblBorders>",
        '<w:tblLayout w:type="fixed"/>',
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
    ):
        table.tblPr.find(qn("w:tblLook")).addprevious(_xml(text))
    size = document.styles[TABLE_TEXT].font.size.pt
    widths = 2 * [round(TEXT_WIDTH / 25.4 * 720)] if charts else _widths(table, size)
    for column, width in zip(table.tblGrid.gridCol_lst, widths, strict=False):
        column.set(qn("w:w"), str(width))
    short = _short(table)
    for number, row in enumerate(table.tr_lst, start=1):
        heading = bool(row.xpath("w:trPr/w:tblHeader"))
        if charts or len(row.xpath("w:tc/w:p")) < len(row.tc_lst) + MOST_ITEMS:
            row.get_or_add_trPr().insert(0, _xml("<w:cantSplit/>"))
        for cell, width in zip(row.tc_lst, widths, strict=False):
            _cell(cell, width, heading)
        # a heading row or the half of a short table is not left at the foot of a page
        kept = heading or (short and number < len(table.tr_lst)) or None
        for element in row.iter(qn("w:p")):
            paragraph = Paragraph(element, document)
            if paragraph.style and paragraph.style.name in ("Compact", "Body Text", "First Paragraph", "Normal"):
                paragraph.style = TABLE_TEXT
            paragraph.paragraph_format.keep_with_next = kept
            if element.xpath("w:pPr/w:numPr"):  # an item of a list
                paragraph.paragraph_format.left_indent = Mm(3)
                paragraph.paragraph_format.first_line_indent = Mm(-3)
            for run in paragraph.runs if heading else ():
                run.bold = True


def _cell(cell: Any, width: int, heading: bool) -> None:
    """The width of a cell, and the ground of a heading."""
    properties = cell.get_or_add_tcPr()
    if not properties.xpath("w:gridSpan"):
        properties.insert(0, _xml(f'<w:tcW w:w="{width}" w:type="dxa"/>'))
    if heading:
        ground = _xml('<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>')
        properties.insert_element_before(ground, "w:noWrap", "w:tcMar", "w:vAlign")


def _widths(table: Any, size: float) -> list[int]:
    """Widths of columns in twentieths of a point, by what their text needs in letters of `size` points; a column holds
    its widest picture too. Rows with joined cells do not count."""
    rows = [row.tc_lst for row in table.tr_lst if not row.xpath(".//w:gridSpan")]
    texts = [["\n".join(paragraph.text for paragraph in cell.p_lst) for cell in cells] for cells in rows]
    columns = zip(*rows, strict=False)
    extents = ([one.cx for cell in cells for one in cell.xpath(".//wp:extent")] for cells in columns)
    pictures = [max(found, default=0) / 12700 / size for found in extents]
    return [round(20 * size * width) for width in fitted(texts, TEXT_WIDTH / 25.4 * 72 / size, pictures)]


def _timeless(content: bytes) -> bytes:
    """The same file without the times of its writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", b"", part)
            new.writestr(entry, part)
    return out.getvalue()
