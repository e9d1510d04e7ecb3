"""The layout of a Word file: paper, styles of paragraphs, tables."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from reformlib.render.widths import fitted

TEXT_WIDTH = 160  # mm between the margins of both layouts
LINE = 1.15  # spacing of lines
SIDES = ("top", "left", "bottom", "right")
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")  # what stands after borders in a style
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


@dataclass(frozen=True)
class Layout:
    """Fonts of text and code; margins in mm (top, bottom, left, right); sizes in points of headings by level, body,
    small print, tables and the page number; colour of headings; indent of a first line in mm."""

    font: str
    code: str
    margins: tuple[int, int, int, int]
    headings: tuple[float, float, float, float]
    body: float
    small: float
    table: float
    number: float
    accent: str
    first_line: int


# nd30: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I: A4 (210 x 297 mm); top and bottom margin 20-25 mm, left 30-35 mm,
# right 15-20 mm; Times New Roman, black, 13-14 pt; page number in Arabic figures of 13-14 pt, centred in the top
# margin, not shown on the first page; paragraphs justified, their first line 1 or 1.27 cm in, at least 6 pt apart, line
# spacing single to 1.5; headings bold.
LAYOUTS = {
    # font, of code, margins, headings by level, body, small print, tables, page number, colour, first line
    "nd30": Layout(
        "Times New Roman", "Times New Roman", (20, 20, 30, 15), (14, 14, 13, 13), 13, 11, 10, 13, "000000", 10
    ),
    "plain": Layout("Arial", "Courier New", (20, 20, 25, 25), (18, 14, 12, 11), 10.5, 9, 8.5, 10, "0B5394", 0),
    # the brief, which is one sheet
    "sheet": Layout("Arial", "Courier New", (12, 10, 25, 25), (14, 10, 10, 10), 9, 7.5, 7.5, 9, "0B5394", 0),
}


def laid_out(content: bytes, layout: str, title: str, subject: str, language: str) -> bytes:
    """The Word file that pandoc made, with paper, styles, tables and properties as `layout`, a key of LAYOUTS, asks.

    It tells no time of its making: the same page gives the same bytes.
    """
    look = LAYOUTS[layout]
    document = docx.Document(io.BytesIO(content))
    _paper(document.sections[0], look)
    _styles(document, look)
    body = document.element.body
    for table in body.xpath(".//w:tbl"):
        _table(table, document, look)
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


def _paper(section: Any, look: Layout) -> None:
    """A4 with its margins, the page number in the middle of the top margin from the second page on."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, look.margins)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = '<w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType="end"/>'
    size = f'<w:rPr><w:sz w:val="{round(2 * look.number)}"/></w:rPr>'
    section.header.part.element.find(qn("w:p")).append(_xml(f"<w:r>{size}{field}</w:r>"))


def _styles(document: Any, look: Layout) -> None:
    """Fonts, sizes and distances of the styles that pandoc uses and of those made for the page."""
    styles = document.styles
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        _set_fonts(fonts, look.font)
    styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    names = {style.name for style in styles}
    # size, bold, space before, space after, kept with what follows
    body, small, (one, two, three, four) = look.body, look.small, look.headings
    shapes = {
        **dict.fromkeys(("Normal", "Body Text", "First Paragraph", "Lead"), (body, None, 0, 6, None)),
        "Compact": (body, None, 0, 3, None),
        "Heading 1": (one, True, 0, 12, True),
        "Heading 2": (two, True, 18, 6, True),
        "Heading 3": (three, True, 12, 4, True),
        "Heading 4": (four, True, 10, 4, True),
        "Table Caption": (body, True, 10, 4, True),
        "Table Text": (look.table, None, 1, 1, None),
        "Verdict": (body, True, 6, 4, None),
        "Chart Title": (body, True, 14, 0, True),
        "Chart Subtitle": (small, None, 0, 4, True),
        "Source Line": (small, None, 2, 6, None),
        "Note Line": (small, None, 4, 8, None),
        "Code Name": (small, True, 8, 2, True),
        "Source Code": (look.table, None, 0, 6, None),
    }
    for name in shapes.keys() & names:
        _paragraph_style(styles[name], look, *shapes[name])
    for name in {"Source Code", "Verbatim Char"} & names:
        _set_fonts(styles[name].element.get_or_add_rPr().get_or_add_rFonts(), look.code)
    if "Verbatim Char" in names:
        styles["Verbatim Char"].font.size = None  # that of the text around it


def _set_fonts(fonts: Any, name: str) -> None:
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def _paragraph_style(style: Any, look: Layout, size: float, bold: bool | None, *spacing: Any) -> None:
    """Font and distances of one style; the decree has running text justified with the first line in, and the title in
    the middle."""
    style.font.name, style.font.size = look.font, Pt(size)
    heading = style.name.startswith("Heading")
    style.font.color.rgb = RGBColor.from_string(look.accent if heading else "000000")
    if bold is not None:
        style.font.bold, style.font.italic = bold, False
    shape = style.paragraph_format
    before, after, shape.keep_with_next = spacing
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.0 if style.name in ("Table Text", "Source Line", "Note Line") else LINE
    if style.name == "Verdict":
        sides = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="4" w:color="808080"/>' for side in SIDES)
        style.element.get_or_add_pPr().insert_element_before(_xml(f"<w:pBdr>{sides}</w:pBdr>"), *AFTER_BORDERS)
    if style.name in STYLED_BY_CLASS.values():
        shape.first_line_indent, shape.alignment = Pt(0), WD_ALIGN_PARAGRAPH.LEFT
    if look.first_line and style.name in ("Body Text", "First Paragraph", "Lead", "Verdict"):
        shape.first_line_indent, shape.alignment = Mm(look.first_line), WD_ALIGN_PARAGRAPH.JUSTIFY
    if look.first_line and style.name == "Heading 1":
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _short(table: Any) -> bool:
    """Whether a table stays on one page: one of many words would leave half a page empty before it."""
    charts = table.xpath(".//w:drawing")
    return len(table.tr_lst) <= KEPT_ROWS + 1 and bool(charts or sum(map(len, table.itertext())) <= KEPT_LETTERS)


def _table(table: Any, document: Any, look: Layout) -> None:
    """As wide as the text, thin lines, heading rows shaded and on every page, short rows not broken, columns by
    content. Charts in rows of two have no lines, and halves."""
    charts = bool(table.xpath(".//w:pStyle[@w:val='ChartTitle']"))
    for element in table.tblPr.xpath("w:tblW | w:tblBorders | w:tblCellMar | w:tblLayout"):
        table.tblPr.remove(element)
    sides = (*SIDES, "insideH", "insideV")
    line = f'w:val="{"none" if charts else "single"}" w:sz="4" w:space="0" w:color="808080"'
    for text in (
        '<w:tblW w:w="5000" w:type="pct"/>',
        f"<w:tblBorders>{''.join(f'<w:{side} {line}/>' for side in sides)}</w:tblBorders>",
        '<w:tblLayout w:type="fixed"/>',
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
    ):
        table.tblPr.find(qn("w:tblLook")).addprevious(_xml(text))
    widths = 2 * [round(TEXT_WIDTH / 25.4 * 720)] if charts else _widths(table, look.table)
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
                paragraph.style = "Table Text"
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
