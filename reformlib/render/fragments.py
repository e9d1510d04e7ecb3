"""Pieces of a page: the HTML allow-list, and the outline that joins them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import nh3
from bs4 import BeautifulSoup, Tag

_BLOCKS = "section nav div p ul ol li dl dt dd figure figcaption blockquote pre hr br details summary h1 h2 h3 h4 h5 h6"
_TABLES = "table caption colgroup col thead tbody tfoot tr th td"
_INLINE = "a span abbr strong em b i small sup sub code kbd del q cite dfn mark time img"
_MATH = (
    "math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mtable mtr mtd mstyle mpadded mphantom"
)
_LINK = re.compile(r"#\S+|https://\S+|(\.\./)*[\w-]+(/[\w-]+)*\.html(#\S*)?")
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]\S+")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINK.fullmatch(value) else None
    if name == "src":
        return value if _IMAGE.fullmatch(value) else None
    return value


# Classes instead of style attributes: a style cannot be checked by name alone.
_CLEANER = nh3.Cleaner(
    tags=set(f"{_BLOCKS} {_TABLES} {_INLINE} {_MATH}".split()),
    attributes={
        "*": {"id", "class", "lang", "title", "role", "tabindex"},
        "a": {"href", "hreflang"},
        "img": {"src", "alt", "width", "height"},
        "th": {"scope", "colspan", "rowspan", "abbr"},
        "td": {"colspan", "rowspan", "headers", "data-label"},
        "col": {"span"},
        "colgroup": {"span"},
        "ol": {"start", "reversed"},
        "details": {"open"},
        "time": {"datetime"},
        "math": {"display"},
        "mo": {"stretchy", "fence", "separator", "lspace", "rspace"},
        "mi": {"mathvariant"},
        "mspace": {"width"},
        "mover": {"accent"},
    },
    generic_attribute_prefixes={"aria-"},
    attribute_filter=_attribute,
    url_schemes={"https", "data"},
    link_rel=None,
)


@lru_cache(maxsize=512)
def clean(html: str) -> str:
    """The HTML that the allow-list keeps: no script, handler, style attribute, form, or address outside the file."""
    return _CLEANER.clean(html)


def slug(text: str) -> str:
    """ASCII anchor of a heading: lower case, đ as d, accents off, words joined by hyphens.

    >>> slug("Mục tiêu đến năm 2020")
    'muc-tieu-den-nam-2020'
    """
    flat = unicodedata.normalize("NFKD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", flat).strip("-") or "section"


@dataclass(frozen=True)
class Outline:
    """A page put together: its title, the body with anchors, contents and table scrollers, what is wrong with it."""

    title: str
    html: str
    problems: tuple[str, ...] = ()


def outline(content: str, words: dict[str, str]) -> Outline:
    """Join the pieces: title from the only h1, anchors on h2 and h3, a table of contents, scrollers round tables.

    The contents go into an element of class `toc-slot`, else before the first h2. `problems` says what is wrong
    with the headings.
    """
    soup = BeautifulSoup(content, "html.parser")
    headings = soup.find_all(re.compile(r"h[1-6]"))
    levels = [int(heading.name[1]) for heading in headings]
    problems = [] if levels.count(1) == 1 else [f"{levels.count(1)} main titles (h1); a page has exactly one"]
    problems += [
        f"a heading of level {after} under one of level {before}: {heading.get_text(' ', strip=True)}"
        for before, after, heading in zip(levels, levels[1:], headings[1:], strict=False)
        if after > before + 1
    ]
    _unique_ids(soup, headings)
    _toc(soup, [heading for heading in headings if heading.name == "h2"], words)
    for table in soup.find_all("table"):
        if not table.find_parent(class_="scroll"):
            label = table.caption.get_text(" ", strip=True) if table.caption else words["table"]
            scroller = {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": label}
            table.wrap(soup.new_tag("div", attrs=scroller))
    title = next((" ".join(h.get_text().split()) for h in headings if h.name == "h1"), "")
    parts = re.split(r"(<pre\b.*?</pre>)", str(soup), flags=re.DOTALL)  # code and printed text keep their empty lines
    html = "".join(part if part.startswith("<pre") else re.sub(r"\n{2,}", "\n", part) for part in parts).strip()
    return Outline(title, html, tuple(problems))


def _unique_ids(soup: BeautifulSoup, headings: list[Tag]) -> None:
    taken = {"content"}
    for element in soup.find_all(id=True):
        if element["id"] in taken:
            del element["id"]
        else:
            taken.add(element["id"])
    for heading in headings:
        if heading.name in ("h2", "h3") and not heading.get("id"):
            base = name = slug(heading.get_text(" ", strip=True))
            number = 1
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            heading["id"] = name
            taken.add(name)


def _toc(soup: BeautifulSoup, headings: list[Tag], words: dict[str, str]) -> None:
    if len(headings) < 2:
        return
    nav = soup.new_tag("nav", attrs={"class": "toc", "aria-label": words["contents"]})
    items = soup.new_tag("ol")
    for heading in headings:
        link = soup.new_tag("a", attrs={"href": f"#{heading['id']}"})
        link.string = heading.get_text(" ", strip=True)
        item = soup.new_tag("li")
        item.append(link)
        items.append(item)
    line = soup.new_tag("summary")
    line.string = words["contents"]
    fold = soup.new_tag("details")
    fold.extend([line, items])
    nav.append(fold)
    if slot := soup.select_one(".toc-slot"):
        slot.replace_with(nav)
        return
    first = headings[0]
    while first.parent is not soup:
        first = first.parent
    first.insert_before(nav)
