"""A layout as a Word file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from reformlib.ingest import encodings
from tests.ingest_files import in_font
from tools.corpus.shapes import Shape

_FONTS = ("Times New Roman", "Arial", "Calibri")
_OLD_FONT = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_ALIGN = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
_SIDES = {"h": ("top", "bottom"), "v": ("left", "right"), "bottom": ("bottom",)}


@cache
def _codes(encoding: str) -> dict[str, str]:
    return {letter: code for code, letter in encodings.table(encoding).items()}


def _in_old_letters(text: str, encoding: str) -> Iterator[tuple[str, str]]:
    """Text as an old encoding writes it, with the font that shows it so; capitals of TCVN3 have a font of their own."""
    codes, last, font = _codes(encoding), "", _OLD_FONT[encoding]
    for letter in text:
        own, code = _OLD_FONT[encoding], codes.get(letter, letter)
        if encoding == "tcvn3" and letter not in codes and not letter.isascii() and letter.lower() in codes:
            own, code = ".VnTimeH", codes[letter.lower()]
        if own != font:
            yield last, font
            last, font = "", own
        last += code
    yield last, font


def _put(paragraph, text: str, encoding: str = "", *, raised: bool = False) -> None:
    for part, font in _in_old_letters(text, encoding) if encoding in _OLD_FONT else [(text, "")]:
        run = paragraph.add_run(part)
        run.font.superscript = raised or None
        if font:
            in_font(run, font)


def _with_borders(cell, sides: tuple[str, ...]) -> None:
    all_sides = OxmlElement("w:tcBorders")
    for name in ("top", "left", "bottom", "right"):
        side = OxmlElement(f"w:{name}")
        side.set(qn("w:val"), "single" if name in sides else "nil")
        side.set(qn("w:sz"), "4")
        all_sides.append(side)
    cell._tc.get_or_add_tcPr().append(all_sides)


def _dress(cell, shape: Shape, r: int, c: int, last: int) -> None:
    """A cell of the form as the layout wants it."""
    if c > 1 and shape.align:
        cell.paragraphs[0].alignment = _ALIGN[shape.align]
    if shape.borders in ("h", "v"):
        _with_borders(cell, _SIDES[shape.borders])
    elif shape.borders == "three" and r in (0, last):
        _with_borders(cell, _SIDES["bottom" if r else "h"])
    elif shape.borders == "zebra" and r % 2 == 0:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "D9E2F3")
        cell._tc.get_or_add_tcPr().append(shade)
    if shape.centred:
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        cell._tc.get_or_add_tcPr().append(middle)


def _table(document, rows: list[list[str]], shape: Shape, *, own: bool):
    """A table; `own` for one of the form, which looks as the layout wants it."""
    table = document.add_table(len(rows), len(rows[0]))
    if shape.borders == "all" or not own:
        table.style = "Table Grid"
    for r, row in enumerate(rows):
        for c, (cell, text) in enumerate(zip(table.rows[r].cells, row, strict=True)):
            labels_only = "tcvn3" if shape.font == "tcvn3-labels" and c == 1 else shape.font
            _put(cell.paragraphs[0], text, labels_only if own else "")
            if own:
                _put(cell.paragraphs[0], shape.marks.get((r, c), ""), raised=True)
                _dress(cell, shape, r, c, len(rows) - 1)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(shape.pad * 40)
    if own:
        _merge(table, shape)
        _size(table, rows, shape)
    return table


def _merge(table, shape: Shape) -> None:
    for top, left, bottom, right in shape.merges:
        table.cell(top, left).merge(table.cell(bottom, right))
        for paragraph in table.cell(top, left).paragraphs[1:]:  # merging keeps those of the cells that it covers
            if not paragraph.text:
                paragraph._p.getparent().remove(paragraph._p)
    for row in table.rows[: shape.head] if shape.repeat else ():
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _size(table, rows: list[list[str]], shape: Shape) -> None:
    table.autofit = False
    count, whole, label = len(rows[0]), 25 if shape.landscape else 16, 3 if shape.narrow else 6
    longest = max(range(count), key=lambda c: sum(len(row[c]) for row in rows))
    other = (whole - label - 1.2) / (count - 2)
    widths = [1.2 if c == 0 != longest else label if c == longest else other for c in range(count)]
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _add_notes(document, table, shape: Shape) -> None:
    """Footnotes of Word's own."""
    space = 'xml:space="preserve"'
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{at}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for at, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    notes = "".join(
        f'<w:footnote w:id="{at}"><w:p><w:r><w:footnoteRef/></w:r>'
        f"<w:r><w:t {space}> {text}</w:t></w:r></w:p></w:footnote>"
        for at, text in enumerate(shape.notes.values(), 1)
    )
    content = f"<w:footnotes {nsdecls('w')}>{separators}{notes}</w:footnotes>"
    part = Part(PackURI("/word/footnotes.xml"), _NOTES, content.encode(), document.part.package)
    document.part.relate_to(part, _RELATION)
    for at, (r, c) in enumerate(shape.notes, 1):
        mark = f'<w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{at}"/>'
        table.cell(r, c).paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}>{mark}</w:r>"))


def write_word(shape: Shape, path: Path, number: int) -> None:
    """Write a layout; `number` chooses the font."""
    document = docx.Document()
    page, style = document.sections[0], document.styles["Normal"]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.3)
    if shape.landscape:
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Cm(29.7), Cm(21)
    style.font.name, style.font.size = _FONTS[number % 3], Pt(shape.size)
    if shape.letterhead:
        head = document.add_table(1, 2)
        head.cell(0, 0).text = "SỞ NỘI VỤ\nSố: 45/BC-SNV"
        head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTrà Vinh, ngày 12 tháng 01 năm 2024"
    for text in shape.before[3 * shape.letterhead :]:
        _put(document.add_paragraph(), text, shape.font)
    for rows in shape.decoys[:1]:
        _table(document, rows, shape, own=False)
    table = _table(document, shape.rows, shape, own=True)
    for rows in shape.more:
        document.add_paragraph("")
        _table(document, rows, shape, own=True)
    for rows in shape.decoys[1:]:
        _table(document, rows, shape, own=False)
    for text in shape.after:
        _put(document.add_paragraph(), text, shape.font)
    if shape.letterhead:
        foot = document.add_table(1, 2)
        foot.cell(0, 0).text = "Nơi nhận:\n- Như trên;\n- Lưu: VT."
        foot.cell(0, 1).text = "GIÁM ĐỐC"
    if shape.notes:
        _add_notes(document, table, shape)
    document.add_paragraph("")
    document.save(str(path))
