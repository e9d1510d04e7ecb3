"""A page as a Word file: pandoc converts the HTML, :mod:`reformlib.render.forms.word` lays out the pages."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pypandoc
import resvg_py
from lxml.builder import E
from lxml.etree import strip_attributes, strip_elements, strip_tags, tostring

from reformlib.errors import ReformError
from reformlib.locale import translator
from reformlib.present.chart import FONT, font_files
from reformlib.render.forms.word import STYLED_BY_CLASS, TEXT_WIDTH, laid_out
from reformlib.render.page.fragments import Node, replace, spaced, tree

LOCALES = {"vi": "vi-VN", "en": "en-GB"}
LAYOUTS = Path(__file__).parent / "layouts"
SECONDS = 120
SHARPNESS = 2.5  # points of a picture for one of the page: charts stay sharp on paper
IN_TABLE, IN_PAIR = 20, 76  # mm, a picture in a table at most, beside another


def make(page: str, tables: list[dict[str, Any]], entry: dict[str, Any], stage: Path, layout: str) -> bytes:
    """The Word file of a page; `layout` is `nd30` as Nghị định 30/2020/NĐ-CP lays out, or `plain`.

    Tables keep caption and heading rows, pictures their alternative text, headings their levels. The document is what
    the page says, without its navigation; of lists that are folded on the screen it says that the workbook has them,
    and data of charts stand there too. No state title, number or signature is
    added: those are the office's. The same page gives the same bytes. Raises ReformError when pandoc refuses.
    """
    own = entry["language"]
    layout = "sheet" if layout == "plain" and 'class="brief"' in page else layout
    made = _pandoc(flat(page, own), LOCALES[own], layout)
    return laid_out(made, entry["title"], entry["unit"][own], LOCALES[own])


def flat(page: str, language: str) -> str:
    """The body of a page as pandoc reads it best: no navigation, nothing folded, pictures as PNG, findings as a table,
    charts in rows of two."""
    main = tree(page).find(".//main")
    for summary in main.findall(".//details[@class='code']/summary"):
        summary.tag, summary.attrib["class"] = "p", "codename"
    _leave_out(main, language)
    strip_elements(main, "nav", "summary", "fieldset", with_tail=False)
    for separator in _of_class(main, "vh", "h1//"):
        replace(separator, E.br())
    _in_rows(main)
    for drawing in main.xpath(".//*[@role='img'][.//svg]"):
        _as_image(drawing)
    for unit in _of_class(main, "under", "tr/"):  # under its name, as on a phone: a sheet has no room for its column
        line: Node = E.br()
        line.tail, row = "".join(unit.itertext()), unit.getparent()
        row[0].append(line)
        row.remove(unit)
    for picture in main.iter("img"):
        _as_png(picture)
    for element in _of_class(main, "scroll"):
        element.tag = "section"
    listed = [*_of_class(main, "squares"), *_of_class(main, "legend")]
    if _of_class(main, "brief"):  # one sheet has no room for a list of where it comes from
        listed += _of_class(main, "provenance")
    for words in listed:
        words.set("class", "source")
        _in_a_line(words)
    for drawn in [*_of_class(main, "bar"), *_of_class(main, "chances"), *_of_class(main, "scale")]:
        drawn.getparent().remove(drawn)  # by the stylesheet alone; what it shows stands under it in words
    for said in main.xpath(".//section[@class='brief']/p[@class='said']"):
        said.set("class", "source")
    for remarks in main.iterfind(".//ul[@class='note']"):
        remarks.tag, remarks.attrib["class"] = "div", ""
        for remark in remarks:
            remark.tag, remark.attrib["class"] = "p", "note"
    strip_tags(main, "figcaption", "details", "figure", "section", "wbr")
    for kind, style in STYLED_BY_CLASS.items():
        for element in _of_class(main, kind):
            inside = element.xpath("ancestor::li | ancestor::table[not(@class='pairs')]")
            if element.tag in ("p", "div", "h2") and not inside:
                _styled(element, style)
    for element in [*main.iterfind(".//tbody//th"), *_of_class(main, "figure", "td/")]:
        strong: Node = E.strong(*element)
        strong.text, element.text = element.text, None
        element.append(strong)
    for cell in _of_class(main, "num"):
        cell.set("style", "text-align: right")
    main.attrib.clear()
    strip_attributes(main, "role", "tabindex", "aria-label", "aria-labelledby", "class")
    return tostring(main, method="html", encoding="unicode")


def _leave_out(main: Node, language: str) -> None:
    """Take away what is for the screen, the data of charts, and long lists but for where they are."""
    for left in [*_of_class(main, "screen"), *_of_class(main, "data"), *_of_class(main, "back")]:
        left.getparent().remove(left)
    for fold in main.xpath(".//details[@class='fold'][.//table]"):
        told = translator(language)("{table}: in the workbook and on the page", table=spaced(fold[0]))
        replace(fold, E.p({"class": "note"}, told))


def _in_rows(main: Node) -> None:
    """Charts of a gallery in rows of two, findings and facts that are named in a row each."""
    for gallery in _of_class(main, "gallery"):
        cells = [E.td(*figure) for figure in gallery]
        rows = (E.tr(*cells[at : at + 2], *[E.td()][: at + 2 - len(cells)]) for at in range(0, len(cells), 2))
        replace(gallery, E.table({"class": "pairs"}, E.tbody(*rows)))
    for listed in [*_of_class(main, "findings"), *_of_class(main, "named")]:
        rows = (E.tr(*(E.td(part) for part in one)) for one in listed)
        replace(listed, E.table(E.tbody(*rows)))


def _of_class(main: Node, name: str, within: str = "") -> list[Node]:
    """Elements of a class, in parents that the XPath `within` leads to."""
    return main.xpath(f".//{within}*[contains(concat(' ', @class, ' '), ' {name} ')]")


def _in_a_line(items: Node) -> None:
    """A list of a few words each as one paragraph."""
    items.tag = "p"
    for item in items[:-1]:
        item.tail = ": " if item.tag == "dt" else " \u00a0 "
    strip_tags(items, "li", "dt", "dd")


def _styled(element: Node, style: str) -> None:
    """Give a paragraph a style of its own: pandoc takes it from a div around it."""
    element.tag = "p"
    wrapper: Node = E.div({"data-custom-style": style})
    replace(element, wrapper)
    wrapper.append(element)


def _as_image(drawing: Node) -> None:
    """A drawing in the page as a picture with its name for its alternative text."""
    svg = next(drawing.iter("svg"))
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    svg.set("viewBox", svg.attrib.pop("viewbox"))  # a page writes names small, a picture by itself may not
    data = base64.b64encode(tostring(svg, with_tail=False)).decode("ascii")
    replace(drawing, E.img(src=f"data:image/svg+xml;base64,{data}", alt=drawing.get("aria-label", "")))


def _as_png(picture: Node) -> None:
    """A picture that Word shows everywhere, at its own size or as wide as the text; drawn by resvg, in one font."""
    kind, _, data = picture.get("src", "").partition(";base64,")
    width = float(picture.get("width", "0")) if picture.get("width", "").isdigit() else 0.0
    if kind == "data:image/svg+xml":
        options = {"dpi": 96, "zoom": SHARPNESS, "background": "#ffffff", "skip_system_fonts": True}
        options |= {"font_files": font_files(), "font_family": FONT}
        try:
            drawn = bytes(resvg_py.svg_to_bytes(svg_string=base64.b64decode(data).decode("utf-8"), **options))
        except ValueError as error:
            raise ReformError(f"no Word file: a picture cannot be drawn: {error}", where=picture.get("alt")) from None
        width = int.from_bytes(drawn[16:20], "big") / SHARPNESS
        picture.set("src", f"data:image/png;base64,{base64.b64encode(drawn).decode('ascii')}")
    if width:
        pair = next(picture.iterancestors("table"), None)
        widest = TEXT_WIDTH if pair is None else IN_PAIR if pair.get("class") == "pairs" else IN_TABLE
        picture.set("width", f"{min(width / 96 * 25.4, widest):.1f}mm")
    picture.attrib.pop("height", None)


def _pandoc(html: str, language: str, layout: str) -> bytes:
    """What pandoc makes of the HTML in a layout; it may read and ask for nothing beside these."""
    arguments = ["--from=html", "--to=docx", "--sandbox", "--wrap=none", "--output=-", f"--metadata=lang:{language}"]
    arguments.append(f"--reference-doc={LAYOUTS / layout}.docx")
    try:
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), *arguments],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode == 0 and done.stdout:
            return done.stdout
        reason = done.stderr.decode("utf-8", "replace").strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    raise ReformError(
        f"no Word file: pandoc failed: {reason[:300]}", fix='install again: pip install "reformlib[docx]"'
    )
