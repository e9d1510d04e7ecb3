"""A page as a Word file: pandoc converts the HTML, python-docx lays out the pages."""

from __future__ import annotations

import base64
import importlib.util
import io
import os
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from reformlib.errors import ReformError

MISSING = {"pypandoc": "pypandoc-binary", "resvg_py": "resvg-py"}
LOCALES = {"vi": "vi-VN", "en": "en-GB"}
SECONDS = 120
SHARPNESS = 2.5  # points of a picture for one of the page: charts stay sharp on paper
KEPT_ROWS = 8  # a table of so many rows stays on one page
IN_TABLE = 20  # mm, a picture in a table at most
TEXT_WIDTH = 160  # mm between the margins of both layouts
STYLED_BY_CLASS = {
    "lead": "Lead",
    "verdict": "Verdict",
    "chart-title": "Chart Title",
    "chart-subtitle": "Chart Subtitle",
    "source": "Source Line",
    "note": "Note Line",
    "codename": "Code Name",
}
_WORDS = re.compile(r"[ \n\t]").split
STYLED = frozenset(STYLED_BY_CLASS.values())
# Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I: A4 (210 x 297 mm); top and bottom margin 20-25 mm, left 30-35 mm,
# right 15-20 mm; Times New Roman, black, 13-14 pt; page number in Arabic figures of 13-14 pt, centred in the top
# margin, not shown on the first page; paragraphs justified, their first line 1 or 1.27 cm in, at least 6 pt apart, line
# spacing single to 1.5; headings bold.
STYLES: dict[str, dict[str, Any]] = {
    "nd30": {
        "font": "Times New Roman",
        "margins": (20, 20, 30, 15),
        "body": 13,
        "code": "Times New Roman",
        "title": 14,
        "headings": (14, 13, 13),
        "table": 10,
        "small": 11,
        "number": 13,
        "accent": "000000",
        "first_line": 10,
        "line": 1.15,
    },
    "plain": {
        "font": "Arial",
        "margins": (20, 20, 25, 25),
        "body": 10.5,
        "code": "Courier New",
        "title": 18,
        "headings": (14, 12, 11),
        "table": 8.5,
        "small": 9,
        "number": 10,
        "accent": "0B5394",
        "first_line": 0,
        "line": 1.15,
    },
}


def missing() -> ReformError | None:
    """The error of an installation without the packages of the extra."""
    lacking = [name for module, name in MISSING.items() if not importlib.util.find_spec(module)]
    if not lacking:
        return None
    return ReformError(
        f"no Word file: not installed: {', '.join(lacking)}", fix='install the extra: pip install "reformlib[docx]"'
    )


def make(page: str, tables: list[dict[str, Any]], entry: dict[str, Any], stage: Path, layout: str) -> bytes:
    """The Word file of a page; `layout` is a key of STYLES: `nd30` as Nghị định 30/2020/NĐ-CP lays out, or `plain`.

    Tables keep caption and heading rows, pictures their alternative text, headings their levels. The document is what
    the page says, without its navigation; what is folded on screen is open. No state title, number or signature is
    added: those are the office's. The same page gives the same bytes. Raises ReformError when a package of the extra
    is not installed or pandoc refuses.
    """
    if error := missing():
        raise error
    with tempfile.TemporaryDirectory(prefix="docx-", dir=stage) as name:
        content = _pandoc(flat(page), entry, Path(name))
    return _timeless(_laid_out(content, entry, STYLES[layout]))


def flat(page: str) -> str:
    """The body of a page as pandoc reads it best: no navigation, nothing folded, pictures as PNG, figures unwrapped."""
    soup = BeautifulSoup(page, "html.parser")
    main = soup.find("main")
    for element in main.select("nav, summary"):
        if element.find_parent("details", class_="code"):
            element.name = "p"
            element["class"] = "codename"
        else:
            element.decompose()
    for picture in main.find_all("img"):
        _as_png(picture)
    for separator in main.select("h1 .vh"):
        separator.replace_with(soup.new_tag("br"))
    for caption in main.find_all("figcaption"):
        caption.unwrap()
    for element in main.find_all(["details", "figure", "section"]):
        element.unwrap()
    for element in main.select(".scroll, .gallery"):
        element.unwrap()
    for kind, style in STYLED_BY_CLASS.items():
        for element in main.select(f".{kind}"):
            if element.name in ("p", "div") and not element.find_parent(["table", "li"]):
                _styled(element, style)
    for element in main.select("tbody th, .findings .figure"):
        strong = soup.new_tag("strong")
        strong.extend(list(element.contents))
        element.append(strong)
    for cell in main.select(".num"):
        cell["style"] = "text-align: right"
    for element in main.find_all(["dl", "ul", "ol", "p", "div", "table", "td", "th", "tr"]):
        for attribute in ("role", "tabindex", "aria-label", "class"):
            del element[attribute]
    return main.decode_contents()


def _styled(element: Tag, style: str) -> None:
    """A paragraph of a style of its own: pandoc takes it from a div around it."""
    element.name = "p"
    wrapper = BeautifulSoup("", "html.parser").new_tag("div", attrs={"data-custom-style": style})
    element.wrap(wrapper)


def _as_png(picture: Tag) -> None:
    """A picture that Word shows everywhere, at its own size or as wide as the text; drawn by resvg, no font needed."""
    import resvg_py

    widest = IN_TABLE if picture.find_parent("table") else TEXT_WIDTH
    kind, _, data = picture.get("src", "").partition(";base64,")
    if kind == "data:image/svg+xml":
        how = {"dpi": 96, "zoom": SHARPNESS, "background": "#ffffff", "skip_system_fonts": True}
        try:
            drawn = bytes(resvg_py.svg_to_bytes(svg_string=base64.b64decode(data).decode("utf-8"), **how))
        except ValueError as error:
            raise ReformError(f"no Word file: a picture cannot be drawn: {error}", where=picture["alt"]) from None
        width = int.from_bytes(drawn[16:20], "big") / SHARPNESS
        picture["src"] = f"data:image/png;base64,{base64.b64encode(drawn).decode('ascii')}"
        picture["width"] = f"{min(width / 96 * 25.4, widest):.1f}mm"
    elif picture.get("width", "").isdigit():
        picture["width"] = f"{min(int(picture['width']) / 96 * 25.4, widest):.1f}mm"
    del picture["height"]


def _pandoc(html: str, entry: dict[str, Any], folder: Path) -> bytes:
    """What pandoc makes of the HTML; it may read and ask for nothing beside it."""
    import pypandoc

    target = folder / "page.docx"
    arguments = [
        *("--from=html", "--to=docx", "--sandbox", "--wrap=none", f"--output={target}"),
        f"--metadata=lang:{LOCALES[entry['language']]}",
    ]
    try:
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), *arguments],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
        )
        told = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == 0 and target.is_file():
            return target.read_bytes()
    except (OSError, subprocess.TimeoutExpired) as error:
        told = str(error)
    raise ReformError(f"no Word file: pandoc failed: {told[:300]}", fix='install again: pip install "reformlib[docx]"')


def _laid_out(content: bytes, entry: dict[str, Any], look: dict[str, Any]) -> bytes:
    """Page, fonts, tables, page number and properties."""
    import docx
    from docx.oxml.ns import qn

    document = docx.Document(io.BytesIO(content))
    _page(document.sections[0], look)
    _styles(document, look)
    for table in document.tables:
        _table(table, look)
    for picture in document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"):
        picture.attrib.pop("descr", None)  # pandoc repeats the whole picture there; the alternative text is on docPr
    for inline in document.element.body.iter(qn("wp:inline")):
        for side in ("distT", "distB", "distL", "distR"):  # without them LibreOffice moves a picture 3 mm
            inline.set(side, "0")
    properties = document.core_properties
    properties.title, properties.subject = entry["title"][:255], entry["unit"][entry["language"]][:255]
    properties.language = LOCALES[entry["language"]]
    for name in ("created", "modified"):  # a page tells no time of its render
        for element in properties._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            properties._element.remove(element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(section: Any, look: dict[str, Any]) -> None:
    """A4 with its margins, the page number in the middle of the top margin from the second page on."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom, left, right = look["margins"]
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(look["number"])
    for kind in ("begin", None, "end"):
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            run._r.append(_element("w:instrText"))
            run._r[-1].text = "PAGE"


def _styles(document: Any, look: dict[str, Any]) -> None:
    """Fonts, sizes and distances of the styles that pandoc uses and of those made for the page."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), look["font"])
    names = {style.name for style in document.styles}
    if "Table Text" not in names:
        document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    body, small, table = look["body"], look["small"], look["table"]
    one, two, three = look["headings"]
    # size, bold, space before, space after, kept with what follows
    sizes = {
        "Normal": (body, None, 0, 6, None),
        "Body Text": (body, None, 0, 6, None),
        "First Paragraph": (body, None, 0, 6, None),
        "Compact": (body, None, 0, 3, None),
        "Heading 1": (look["title"], True, 0, 12, True),
        "Heading 2": (one, True, 18, 6, True),
        "Heading 3": (two, True, 12, 4, True),
        "Heading 4": (three, True, 10, 4, True),
        "Table Caption": (body, True, 10, 4, True),
        "Table Text": (table, None, 1, 1, None),
        "Lead": (body, None, 0, 6, None),
        "Verdict": (body, True, 6, 6, None),
        "Chart Title": (body, True, 14, 0, True),
        "Chart Subtitle": (small, None, 0, 4, True),
        "Source Line": (small, None, 2, 6, None),
        "Note Line": (small, None, 4, 8, None),
        "Code Name": (small, True, 8, 2, True),
        "Source Code": (table, None, 0, 6, None),
    }
    for name in sizes.keys() & names | {"Table Text"}:
        style = document.styles[name]
        size, bold, before, after, kept = sizes[name]
        style.font.name, style.font.size, style.font.color.rgb = look["font"], Pt(size), RGBColor(0, 0, 0)
        if bold is not None:
            style.font.bold, style.font.italic = bold, False
        layout = style.paragraph_format
        layout.space_before, layout.space_after, layout.keep_with_next = Pt(before), Pt(after), kept
        layout.line_spacing = 1.0 if name == "Table Text" else look["line"]
        if name in STYLED:
            layout.first_line_indent, layout.alignment = Pt(0), WD_ALIGN_PARAGRAPH.LEFT
        if name.startswith("Heading") and look["accent"]:
            style.font.color.rgb = RGBColor.from_string(look["accent"])
    for name in {"Source Code", "Verbatim Char"} & names:
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), look["code"])
    _paragraphs(document.styles, look, names)


def _paragraphs(styles: Any, look: dict[str, Any], names: set[str]) -> None:
    """Running text; the decree has it justified with the first line in, and the title in the middle."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    if not look["first_line"]:
        return
    for name in {"Body Text", "First Paragraph", "Lead", "Verdict"} & names:
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        styles[name].paragraph_format.first_line_indent = Mm(look["first_line"])
    styles["Heading 1"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(table: Any, look: dict[str, Any]) -> None:
    """As wide as the text, thin lines, heading rows shaded and on every page, no row broken, columns by content."""
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    for name in ("w:tblW", "w:tblBorders", "w:tblCellMar", "w:tblLayout"):
        for element in properties.findall(qn(name)):
            properties.remove(element)
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="808080"))
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="60", type="dxa"))
    known = properties.find(qn("w:tblLook"))
    at = list(properties).index(known) if known is not None else len(properties)
    for element in (_element("w:tblW", w="5000", type="pct"), borders, _element("w:tblLayout", type="fixed"), margins):
        properties.insert(at, element)
        at += 1
    widths = _widths([[cell.text for cell in row.cells] for row in table.rows], _pictures(table), look["table"])
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=False):
        column.set(qn("w:w"), str(width))
    last = len(table.rows) - 1
    for number, row in enumerate(table.rows):
        heading = row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
        row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit"))
        for cell, width in zip(row._tr.tc_lst, widths, strict=False):
            shape = cell.get_or_add_tcPr()
            if shape.find(qn("w:gridSpan")) is None:
                shape.insert(0, _element("w:tcW", w=str(width), type="dxa"))
            if heading:
                ground = _element("w:shd", val="clear", color="auto", fill="EDEDED")
                shape.insert_element_before(ground, "w:noWrap", "w:tcMar", "w:vAlign")
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                if paragraph.style.name in ("Compact", "Body Text", "First Paragraph", "Normal"):
                    paragraph.style = "Table Text"
                # a heading row or the half of a short table is not left at the foot of a page
                paragraph.paragraph_format.keep_with_next = heading or (last <= KEPT_ROWS and number < last) or None
                for run in paragraph.runs:
                    run.bold = True if heading else run.bold


def _pictures(table: Any) -> list[int]:
    """Widths of the widest picture of each column, in twentieths of a point."""
    from docx.oxml.ns import qn

    widths = [0] * len(table.columns)
    for row in table.rows:
        for at, cell in enumerate(row.cells):
            for extent in cell._tc.iter(qn("wp:extent")):
                widths[at] = max(widths[at], int(extent.get("cx")) // 635)
    return widths


def _widths(rows: list[list[str]], pictures: list[int], size: float) -> list[int]:
    """Widths of columns in twentieths of a point: what the text needs, at least the longest word or widest picture."""
    total = round(TEXT_WIDTH / 25.4 * 1440)
    columns = list(zip(*[row for row in rows if len(row) == max(map(len, rows))], strict=True))
    ems = [
        # not at no-break spaces, which hold a number and its unit together; headings are bold, so wider
        max(len(word) * (0.5 if at and line else 0.62) for line, text in enumerate(column) for word in _WORDS(text))
        for at, column in enumerate(columns)
    ]
    least = [max(em * size * 20, picture) + 140 for em, picture in zip(ems, pictures, strict=True)]
    texts = [max(1.0, (sum(len(text) ** 2 for text in column) / len(column)) ** 0.5) for column in columns]
    if sum(least) >= total:
        return [round(total * width / sum(least)) for width in least]
    widths, free = list(least), set(range(len(columns)))
    while free:  # columns whose share would not hold their longest word get that; the others share the rest
        rest = total - sum(widths[at] for at in range(len(columns)) if at not in free)
        share = {at: rest * texts[at] / sum(texts[i] for i in free) for at in free}
        if not (narrow := {at for at in free if share[at] < least[at]}):
            return [round(share.get(at, widths[at])) for at in range(len(columns))]
        free -= narrow
    return [round(width) for width in widths]


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _timeless(content: bytes) -> bytes:
    """The same file without the time of its writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return out.getvalue()
