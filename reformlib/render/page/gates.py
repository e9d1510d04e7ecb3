"""What a page must not hold: each gate names what is wrong in a piece of it and what to do.

A piece is the HTML of one output or Markdown cell after the allow-list. What a gate cannot tell for certain it lets
pass: it must not stop a sound page because of a name.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from urllib.parse import unquote_to_bytes

from bs4 import BeautifulSoup
from lxml.etree import XPath, _Element

from reformlib.locale import messages
from reformlib.render.page.fragments import clean, spaced, text_of, tree

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
# its parts or wider ones, in small letters: what starts with a given letter is found ten times as fast
_ADDRESS = rb"""\s*=\s*(?:["']\s*)?(?!["'#]|data:image/)\S"""
_SIGNS = [
    re.compile(sign)
    for sign in (
        rb"<(?:script|foreignobject|iframe|!entity|\?xml-stylesheet)",
        rb"@import",
        rb"on\w+\s*=",
        rb"script:",
        rb"href" + _ADDRESS,
        rb"src" + _ADDRESS,
        rb"""url\(\s*['"]?(?!['"#]|data:image/)[^)]""",
    )
]
_COUNTED = re.compile(r"<(table|tr|figure|img|h[1-6])\b")
_QUOTED = re.compile("«[^»]*»|“[^”]*”")
# lower-case words with a letter that no other language of Latin script has; é, à and ô are French as well
_VIETNAMESE = re.compile("[đơưăảạấầẩẫậắằẳẵặẻẽẹếềểễệỉịỏọốồổỗộớờởỡợủụứừửữựỳỷỹỵ]")
_ENGLISH = re.compile(r"\b(the|of|and|with|from|are|was|were|which|this|that|for|by|is)\b")
_ACCENTED = re.compile(r"[^\W\d_\x00-\x7f]")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")
_WHOLE = re.compile(r"(?<![\w.@/'-])[^\W\d_]{2,}(?!\w|[.@/-]\w)")  # words that are no part of a file name or of code
# a point between digits that groups no thousands; what has two points is a date, a version or a section
_POINT = re.compile(r"(?<![\w.,/-])\d+\.(?:\d{1,2}|\d{4,})(?![\w/-]|[.,]\d)")
# the same and more, quickly seen to be absent
_POINTED = re.compile(r"\.(?<=\d\.)(?:\d{1,2}|\d{4,})(?![\w/-]|[.,]\d)")
_NUMBERED = re.compile(r"\b(mục|khoản|điểm|điều|phần|chương|bảng|hình|phiên bản|version|v)\s*$", re.IGNORECASE)
_FIGURES = {"caption", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"}
_FIGURE_CLASSES = {"num", "verdict", "findings", "figure"}
_SILENT = ("code", "pre", "kbd", "math", "style")
_TEXTS = XPath("descendant::text()", smart_strings=False)
_LABELS = ("alt", "aria-label", "title")
_LABELLED = XPath(f"({' | '.join(f'descendant::*/@{name}' for name in _LABELS)})/..")
# no element in it has a language of its own, is silent, or lies deep enough to be a fault
_ALL_ALIKE = XPath(
    f"not(descendant::*/@lang | {' | '.join(f'descendant::{tag}' for tag in _SILENT)} | descendant::*[ancestor::*[99]])"
)

_SCRIPT_LINK = re.compile(r":(?<=script:)", re.IGNORECASE)


def _plainly_safe(html: str) -> bool:
    """Whether HTML needs no tree to be seen safe: the allow-list drops nothing of it, as of all the library writes."""
    # as the allow-list writes them; it has two ways for a ", which in its place could be a ' as well
    written = html.replace("\xa0", "&nbsp;").replace("&#39;", "'").replace("&#34;", "'")
    return clean(written if "&#34;" in html else html) == written and not _SCRIPT_LINK.search(html)


def unsafe(html: str) -> list[str]:
    """Scripts and requests in the HTML of an output, before the allow-list would drop them without a word."""
    if _plainly_safe(html):
        return []
    soup = BeautifulSoup(html, "html.parser")
    found = set()
    for element in soup.find_all(True):
        if element.name in _SCRIPTS:
            found.add(f"a script or frame (<{element.name}>)")
        if element.name in _REQUESTS or (element.name == "meta" and element.get("http-equiv")):
            found.add(f"a request or form (<{element.name}>)")
        if element.name == "style" and _OUTSIDE.search(element.get_text()):
            found.add("a request (<style> with an address)")
        for name, value in element.attrs.items():
            if name.startswith("on"):
                found.add(f"a script (the attribute {name})")
            elif re.match(r"\s*(javascript|vbscript):", str(value), re.IGNORECASE):
                found.add(f"a script (a {str(value).strip().partition(':')[0]}: link)")
            elif name == "style" and _OUTSIDE.search(str(value)):
                found.add("a request (a style with an address)")
    return [f"{what}; a page holds only text, tables and images" for what in sorted(found)]


def faults(html: str, language: str) -> list[str]:
    """What is wrong with a piece of a page in a language; empty when nothing is."""
    root = tree(html)
    text = unescape(html)
    try:
        return [
            *_images(root),
            *_figures(root),
            *_tables(root),
            *text_faults(text),
            *leftovers(root, language),
            *(decimal_points(root) if language == "vi" and _POINTED.search(text) else []),
        ]
    except RecursionError:
        return ["elements nested many hundred levels deep; show them side by side"]


def _images(root: _Element) -> Iterator[str]:
    images = list(root.iter("img"))
    if not images:
        return
    titled = [*root.iter("h1", "h2", "h3", "h4", "caption"), *(e for f in root.iter("figcaption") for e in f.iter())]
    titles = {_plain(text_of(element)) for element in titled}
    for image in images:
        alt = image.get("alt", "").strip()
        if not image.get("src"):
            yield "an image that is not inside the file (only data: images are kept)"
        elif not alt and (image.get("role") == "presentation" or image.get("aria-hidden") == "true"):
            continue
        elif not alt:
            yield "an image without alternative text; say what it shows in a sentence with its numbers"
        elif _FILLER.search(alt):
            yield f"filler in place of an alternative text: {alt!r}; say what the image shows"
        elif _FILE.fullmatch(alt):
            yield f"a file name in place of an alternative text: {alt!r}; say what the image shows"
        elif len(alt) < MIN_ALT:
            yield f"an alternative text of {len(alt)} characters: {alt!r}; use {MIN_ALT} or more"
        elif _plain(alt) in titles:
            yield f"an alternative text that repeats the title: {alt!r}; say what the image shows beyond it"


def _figures(root: _Element) -> Iterator[str]:
    for figure in root.iter("figure"):
        if next(figure.iter("img", "table", "math"), None) is None and not spaced(figure):
            yield "an empty figure; draw something in it or leave it out"
    for image in root.iter("img"):
        if not image.get("src"):
            continue
        head, content = _picture(image.get("src"))
        if empty_picture(head, content):
            yield f"an empty figure: nothing is drawn in the image {image.get('alt', '')[:60]!r}"
        if "svg" in head and (found := _live(content)):
            what = found[0].decode("utf-8", "replace").strip()[:60]
            yield f"a script or request in an SVG image ({what}); a picture holds only what it draws"


def _live(svg: bytes) -> re.Match[bytes] | None:
    small = svg.lower()
    return _LIVE.search(svg) if any(sign.search(small) for sign in _SIGNS) else None


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
        extremes = Image.open(io.BytesIO(content)).convert("RGBA").getextrema()
    except (UnidentifiedImageError, OSError):
        return True
    return all(low == high for low, high in extremes)


def _tables(root: _Element) -> Iterator[str]:
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


def text_faults(text: str) -> list[str]:
    """Text that is not NFC, or has a character that the fonts of a page lack."""
    found = [] if unicodedata.is_normalized("NFC", text) else ["text that is not in Unicode form NFC; normalise it"]
    if _lacking().search(text):
        lacking = sorted({*text} - {"\n", "\r", "\t"} - letters())
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '(no character)')}" for c in lacking[:5])
        found.append(f"a missing glyph, a character that fonts lack: {named}; write it in letters")
    return found


@cache
def letters() -> frozenset[str]:
    """Characters of DejaVu Sans: charts are drawn with it, and the fonts of offices hold what it holds.

    Private-use code points and the replacement character are no letters in any font, though it has boxes for some.
    """
    from matplotlib import font_manager, ft2font

    held = map(chr, ft2font.FT2Font(font_manager.findfont("DejaVu Sans")).get_charmap())
    return frozenset(c for c in held if unicodedata.category(c) not in ("Co", "Cn", "Cs", "Cc") and c != "\ufffd")


@cache
def _lacking() -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(letters()))}\n\r\t]")


def leftovers(root: _Element, language: str) -> Iterator[str]:
    """Texts in the other language that are not marked with its `lang`.

    In English: a lower-case word with a letter only Vietnamese has, or an accented one of the library's Vietnamese. In
    Vietnamese: more of the small English words (the, of, and …), two at least, than words with Vietnamese letters; or
    no such letter at all and two words of the library's English, half of the text. In both: a message of the library
    in the other language. So names pass, as they have capitals in English and stand alone in Vietnamese.
    """
    known = _foreign_messages(language)
    for text in own_texts(root, language):
        if text in known or (_is_vietnamese if language == "en" else _is_english)(text):
            other = "Vietnamese" if language == "en" else "English"
            yield f"{other} text in a page of the other language: {text[:60]!r}; translate it or mark it with lang"


def _is_vietnamese(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word == word.lower()]
    return any(_VIETNAMESE.search(word) or word in _vocabulary("vi") for word in words if not word.isascii())


def _is_english(text: str) -> bool:
    foreign = _ACCENTED.search(text)
    if not foreign and not _TWO_LETTERS.search(text):
        return False
    small = len(_ENGLISH.findall(text))
    if foreign and small < 2:
        return False  # as nearly all of a Vietnamese page
    words = re.findall(r"[^\W\d_]+", text)
    accented = sum(not word.isascii() for word in words)
    if small > 1 and small > accented:
        return True
    known = [word for word in _WHOLE.findall(text[:1].lower() + text[1:]) if word in _vocabulary("en")]
    return not accented and len(known) > 1 and 2 * len(known) >= len(words)


@cache
def _vocabulary(language: str) -> frozenset[str]:
    """Lower-case words of the library's messages in a language: in English those no Vietnamese message has, in
    Vietnamese the accented ones."""
    english, vietnamese = (
        {word for text in texts for word in _WHOLE.findall(re.sub(r"{.*?}", " ", text)) if word == word.lower()}
        for texts in zip(*messages("vi").items(), strict=True)
    )
    if language == "en":
        return frozenset(english - vietnamese)
    return frozenset(word for word in vietnamese if not word.isascii())


@cache
def _foreign_messages(language: str) -> frozenset[str]:
    """Messages of the library as they read in the other language, and do not in this one."""
    pairs = [(one, other) for one, other in messages("vi").items() if "{" not in one and len(one) > 3]
    mine = {pair[language == "vi"] for pair in pairs}
    return frozenset({pair[language != "vi"] for pair in pairs} - mine)


def own_texts(element: _Element, language: str) -> Iterator[str]:
    """Texts in the language of the page, alternative texts and labels too: no code, nothing marked as another's."""
    texts: list[str] = []
    labels: list[str] = []
    above = [element, *element.iterancestors()]
    lang = next((e.get("lang").partition("-")[0] for e in above if e.get("lang")), language)
    silent = any(e.tag in _SILENT for e in above)
    if lang == language and not silent and _ALL_ALIKE(element):
        texts += filter(None, map(str.strip, _TEXTS(element)))
        labels += [value.strip() for e in _LABELLED(element) for name in _LABELS if (value := e.get(name))]
    else:
        _read(element, lang, silent, language, texts, labels)
    yield from texts
    yield from labels


def _read(element: _Element, lang: str, silent: bool, language: str, texts: list[str], labels: list[str]) -> None:
    """One walk down the tree, the language at hand: asking every text for its parents takes as long as all the rest."""
    mine = not silent and lang == language
    if mine and element.text and (text := element.text.strip()):
        texts.append(text)
    for child in element:
        if isinstance(child.tag, str):  # no comment
            own = child.get("lang", "").partition("-")[0] or lang
            if own == language:
                labels += [value.strip() for name in _LABELS if (value := child.get(name))]
            _read(child, own, silent or child.tag in _SILENT, language, texts, labels)
        if mine and child.tail and (text := child.tail.strip()):
            texts.append(text)


def decimal_points(root: _Element) -> Iterator[str]:
    """Numbers with a decimal point where a Vietnamese page tells figures: number columns, headings, findings, charts.

    Elsewhere a figure may be quoted as it was printed.
    """
    told = [e for e in root.iter() if e.tag in _FIGURES or _FIGURE_CLASSES & {*e.get("class", "").split()}]
    texts = [text for element in told for text in own_texts(element, "vi")]
    for text in dict.fromkeys([*texts, *(image.get("alt", "") for image in root.iter("img"))]):
        for number in points(text):
            yield f"a decimal point in a Vietnamese page: {number} in {text[:60]!r}; write a comma"


def points(text: str) -> list[str]:
    """Numbers with a decimal point: not thousands, dates, versions, sections nor quotations.

    >>> points("96.4 %, 96,4 %, 1.234, mục 1.2, II.2.1.b, 30.6.2025, «99.5 %»")
    ['96.4']
    """
    text = _QUOTED.sub(" ", text)
    return [found[0] for found in _POINT.finditer(text) if not _NUMBERED.search(text[: found.start()])]


def counted(html: str) -> Counter:
    """Tables, rows, figures, images and headings of a piece: none may be lost between notebook and page."""
    return Counter(_COUNTED.findall(html))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
