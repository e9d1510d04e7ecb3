"""What a page must not hold: each gate names what is wrong in a piece of it and what to do.

A piece is the HTML of one output or Markdown cell after the allow-list.
"""

import base64
import binascii
import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_to_bytes

from lxml.etree import XPath

from reformlib.render.page.fragments import Node, spaced, text_of, tree
from reformlib.render.page.texts import decimal_points, leftovers, text_faults

MIN_ALT = 30
_FILLER = re.compile(
    r"no description has been provided|^(an? |the )?(image|picture|chart|graph|figure|plot|diagram|hình( ảnh| vẽ)?|ảnh|"
    r"biểu đồ|sơ đồ)[\s\d.:()_-]*$",
    re.IGNORECASE,
)
_FILE = re.compile(r"[\w-]+\.(png|jpe?g|gif|svg|webp|pdf)\b", re.IGNORECASE)
_SCRIPTS = ("script", "iframe", "frame", "object", "embed", "applet")
_REQUESTS = ("link", "base", "form", "input", "button", "audio", "video", "source")
_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)
# in an SVG: scripts, foreign content, handlers, and addresses other than of its own parts or of data in it
_LIVE = re.compile(
    rb"""<(?:script|foreignObject|iframe)\b|<!ENTITY|<\?xml-stylesheet|@import|<[^<>]*\son\w+\s*=|(?:java|vb)script:|"""
    rb"""\b(?:href|src)\s*=\s*(?:["']\s*)?(?!["'#]|data:image/)\S+|url\(\s*['"]?(?!['"#]|data:image/)[^)]+""",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"<(table|tr|figure|img|svg|h[1-6])\b")
_TOO_DEEP = XPath("/".join(400 * "*"))  # elements 400 levels down


def unsafe(html: str) -> list[str]:
    """Scripts and requests in the HTML of an output, before the allow-list would drop them without a word."""
    reasons = {reason for element in tree(html).iter("*") for reason in _live_parts(element)}
    return [f"{what}; a page holds only text, tables and images" for what in sorted(reasons)]


def _live_parts(element: Node) -> Iterator[str]:
    """What in one element runs, asks for something or sends it."""
    if element.tag in _SCRIPTS:
        yield f"a script or frame (<{element.tag}>)"
    if element.tag in _REQUESTS or (element.tag == "meta" and element.get("http-equiv")):
        yield f"a request or form (<{element.tag}>)"
    if element.tag == "style" and _OUTSIDE.search(element.text or ""):
        yield "a request (<style> with an address)"
    for name, value in element.items():
        if name.startswith("on"):
            yield f"a script (the attribute {name})"
        elif re.match(r"\s*(javascript|vbscript):", value, re.IGNORECASE):
            yield f"a script (a {value.strip().partition(':')[0]}: link)"
        elif name == "style" and _OUTSIDE.search(value):
            yield "a request (a style with an address)"


def faults(html: str, language: str) -> list[str]:
    """What is wrong with a piece of a page in a language; empty when nothing is."""
    root = tree(html)
    if _TOO_DEEP(root):
        return ["elements nested many hundred levels deep; show them side by side"]
    found = [*_images(root), *_figures(root), *_tables(root), *text_faults(unescape(html)), *leftovers(root, language)]
    return [*found, *decimal_points(root)] if language == "vi" else found


def _images(root: Node) -> Iterator[str]:
    images, drawings = list(root.iter("img")), list(root.iter("svg"))
    titled = [*root.iter("h1", "h2", "h3", "h4", "caption"), *(e for f in root.iter("figcaption") for e in f.iter("*"))]
    titles = {_plain(text_of(element)) for element in titled} if images or drawings else set()
    for drawing in drawings:
        named = next((e for e in (drawing, *drawing.iterancestors()) if e.get("role") == "img"), drawing)
        yield from _alt_faults(named.get("aria-label", "").strip(), titles)
    for image in images:
        alt = image.get("alt", "").strip()
        decorative = image.get("role") == "presentation" or image.get("aria-hidden") == "true"
        if not image.get("src"):
            yield "an image that is not inside the file (only data: images are kept)"
        elif alt or not decorative:
            yield from _alt_faults(alt, titles)


def _alt_faults(alt: str, titles: set[str]) -> Iterator[str]:
    """What is wrong with the alternative text of an image that tells something."""
    if not alt:
        yield "an image without alternative text; say what it shows in a sentence with its numbers"
    elif _FILLER.search(alt):
        yield f"filler in place of an alternative text: {alt!r}; say what the image shows"
    elif _FILE.fullmatch(alt):
        yield f"a file name in place of an alternative text: {alt!r}; say what the image shows"
    elif len(alt) < MIN_ALT:
        yield f"an alternative text of {len(alt)} characters: {alt!r}; use {MIN_ALT} or more"
    elif _plain(alt) in titles:
        yield f"an alternative text that repeats the title: {alt!r}; say what the image shows beyond it"


def _figures(root: Node) -> Iterator[str]:
    for figure in root.iter("figure"):
        if next(figure.iter("img", "table", "math"), None) is None and not spaced(figure):
            yield "an empty figure; draw something in it or leave it out"
    for drawing in root.iter("svg"):
        if next(drawing.iter("path", "text"), None) is None:
            yield "an empty figure: nothing is drawn in an SVG"
    for image in root.iter("img"):
        if not image.get("src"):
            continue
        head, content = _picture(image.get("src"))
        if empty_picture(head, content):
            yield f"an empty figure: nothing is drawn in the image {image.get('alt', '')[:60]!r}"
        if "svg" in head and (live := _LIVE.search(content)):
            what = live[0].decode("utf-8", "replace").strip()[:60]
            yield f"a script or request in an SVG image ({what}); a picture holds only what it draws"


def _picture(source: str) -> tuple[str, bytes]:
    """Type and content of an image in the file; what cannot be decoded is empty."""
    head, _, data = source.partition(",")
    content = unquote_to_bytes(data)
    if head.endswith(";base64"):
        try:
            return head, base64.b64decode(content)
        except binascii.Error:
            return head, b""
    return head, content


def empty_picture(head: str, content: bytes) -> bool:
    """Whether an image in the file shows nothing: an SVG without a drawing element, a bitmap of one colour."""
    if "svg" in head:
        shapes = re.sub(rb"<(defs|clipPath|metadata)\b.*?</\1>", b"", content, flags=re.DOTALL)
        return not re.search(rb"<(path|rect|circle|ellipse|line|polyline|polygon|use|text|image)\b", shapes)
    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(io.BytesIO(content)).convert("RGBA").getcolors(1) is not None  # None: more than one
    except (UnidentifiedImageError, OSError):
        return True


def _tables(root: Node) -> Iterator[str]:
    for table in root.iter("table"):
        caption = next(map(spaced, table.iter("caption")), "")
        name = f" ({caption[:60]})" if caption else ""
        if not any(spaced(cell) or cell.find(".//img") is not None for cell in table.iter("td")):
            yield f"an empty table{name}; give it rows or leave it out"
        if not caption:
            yield "a table without a caption; show it with reformlib.present.table.table, which asks for one"
        heads = list(table.iter("th"))
        if any(not spaced(th) for th in heads):
            yield f"an empty table heading (th){name}; name the column"
        if any(th.get("scope") not in ("col", "row", "colgroup", "rowgroup") for th in heads):
            yield f"a table heading (th) without scope{name}; show it with reformlib.present.table.table"


def counted(html: str) -> Counter:
    """Tables, rows, figures, images and headings of a piece: none may be lost between notebook and page."""
    return Counter(_COUNTED.findall(html))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
