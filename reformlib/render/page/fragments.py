"""Pieces of a page: the HTML allow-list, and the outline that joins them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import nh3
from lxml.builder import E
from lxml.etree import HTMLParser, XPath, fromstring, strip_tags, tostring

from reformlib.locale import bound
from reformlib.render.widths import fitted

Node = Any  # an element of lxml.etree; its class has no public name
_BLOCKS = "section nav div p ul ol li dl dt dd figure figcaption blockquote pre hr br details summary h1 h2 h3 h4 h5 h6"
_TABLES = "table caption colgroup col thead tbody tfoot tr th td"
_INLINE = "a span abbr strong em b i small sup sub code kbd del q cite dfn mark time img"
_MATH = (
    "math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mtable mtr mtd mstyle mpadded mphantom"
)
# what charts are drawn with in the page itself: shapes and letters, nothing that refers to anything
_DRAWING = "svg path text title"
_LINK = re.compile(r"#\S+|https://\S+|(\.\./)*[\w-]+(/[\w-]+)*\.html(#\S*)?")
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,].")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINK.fullmatch(value) else None
    if name == "src":
        # a picture is long, and a pattern slow to see that there is no space in it
        return value if _IMAGE.match(value) and value.split() == [value] else None
    return value


_PAINT = ("fill", "stroke", "stroke-width", "stroke-dasharray")
# Classes instead of style attributes: a style cannot be checked by name alone.
_KEPT = {
    "tags": set(f"{_BLOCKS} {_TABLES} {_INLINE} {_MATH} {_DRAWING}".split()),
    "attributes": {
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
        "svg": {"width", "height", "viewBox", "font-size"},
        "path": {"d", *_PAINT},
        "text": {"x", "y", "font-weight", "text-anchor", *_PAINT},
    },
    "generic_attribute_prefixes": {"aria-"},
    "url_schemes": {"https", "data"},
    "link_rel": None,
}
_CLEANER = nh3.Cleaner(**_KEPT, attribute_filter=_attribute)
_LONG_WORD = re.compile(r"[^\s&;]{41,}")
ACROSS = 66
MANY = 14  # rows of a table that is worth a choice of what to show
UNLINKED = ("a", "code", "pre", "summary", "caption", "h1", "h2", "h3", "h4", "svg")
_BREAK = "\ufdd0"  # stands for no character in any text: Unicode keeps it for inner use


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


# Without huge_tree, libxml2 silently drops what follows ten million characters of text or 254 levels of elements.
# Not the parser of lxml.html: it looks for a class of every element in Python.
_PARSER = HTMLParser(huge_tree=True)
text_of = XPath("string()", smart_strings=False)


def tree(html: str) -> Node:
    """The elements of HTML under one `div`, parsed in C: a page has thousands, and is looked at twice."""
    root = fromstring(f"<html><body>{html}</body></html>", _PARSER).find("body")
    root.tag = "div"
    if root.text and not root.text.strip():
        root.text = None
    return root


def spaced(element: Node) -> str:
    """The text of an element, a space between the parts of its children."""
    return " ".join(filter(None, map(str.strip, element.itertext())))


@dataclass(frozen=True)
class Outline:
    """A page put together: its title, the body with anchors, contents and table scrollers, what is wrong with it, and
    its own rules: the foot of its sheets, the labels of cells on a phone, the widths of columns on paper."""

    title: str
    html: str
    problems: tuple[str, ...] = ()
    css: str = ""


def outline(content: str, _: Callable[..., str]) -> Outline:
    """Join the pieces: title from the only h1, anchors on h2 and h3, a table of contents, scrollers round tables.

    The contents go into an element of class `toc-slot`, else before the first h2. `problems` says what is wrong
    with the headings. `_` translates into the page's language.
    """
    root = tree(content)
    headings = list(root.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    problems = _problems(headings)
    _unique_ids(root, headings)
    # headings in a section of their own are the parts of one sheet
    listed = [h for h in headings if h.tag == "h2" and next(h.iterancestors("section"), None) is None]
    _contents(root, listed, _)
    filtered = list(_filters(root, _))
    _link_codes(root)
    title = next((" ".join(text_of(h).split()) for h in headings if h.tag == "h1"), "")
    css = "".join([_foot(root, title), *filtered, *_columns(root)])
    for number, scroller in enumerate(root.iterfind(".//div[@class='scroll'][@aria-label]")):
        caption = next(scroller.iter("caption"), None)
        if caption is not None and spaced(caption) == scroller.get("aria-label"):
            caption.set("id", f"c{number}")
            del scroller.attrib["aria-label"]
            scroller.set("aria-labelledby", f"c{number}")
    for table in list(root.iter("table")):
        if not any("scroll" in element.get("class", "").split() for element in table.iterancestors()):
            label = next(map(spaced, table.iter("caption")), "")
            scroller: Node = E.div({"class": "scroll", "role": "region", "tabindex": "0", "aria-label": label})
            replace(table, scroller)
            scroller.append(table)
    for bare in root.xpath(".//span[not(@*)][node()][not(ancestor::*[@aria-hidden])]"):
        bare.tag = "bare"  # it holds together what a cell is of
    strip_tags(root, "bare")
    _let_break(root)
    whole = tostring(root, method="html", encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    parts = re.split(r"(<pre\b.*?</pre>)", whole, flags=re.DOTALL)  # code and printed text keep their empty lines
    html = "".join(part if part.startswith("<pre") else re.sub(r"\n\n+", "\n", part) for part in parts).strip()
    return Outline(title, html.replace(_BREAK, "<wbr>").replace("&nbsp;", "\u00a0"), tuple(problems), css)


def _foot(root: Node, title: str) -> str:
    """The rule for the foot of every sheet: the document and its unit, and the date of its figures."""
    date = next((spaced(lead).rpartition(" · ")[2] for lead in root.iterfind(".//p[@class='lead']")), "")
    return f'@page{{@bottom-left{{content:"{_in_rule(title)}"}}@bottom-right{{content:"{_in_rule(date)}"}}}}'


def _in_rule(text: str) -> str:
    """A text as a string of a stylesheet."""
    return re.sub(r'[\\"<>&\n]', lambda found: f"\\{ord(found[0]):x} ", text)


def _columns(root: Node) -> Iterable[str]:
    """Rules for the columns of tables, those that are alike once: what a cell is called on a phone, widths on paper."""
    rules: dict[tuple[bool, str], list[str]] = {}
    for number, table in enumerate(root.iter("table")):
        for rule in (own := list(_of_columns(table))):
            rules.setdefault(rule, []).append(f".t{number}")
        if own:
            table.set("class", f"{table.get('class', '')} t{number}".strip())
    told = {False: "", True: ""}
    for (printed, rule), of in rules.items():
        tables = ",".join(of)
        told[printed] += f"{tables if len(of) == 1 else f':is({tables})'}{rule}"
    yield f"{told[False]}@media print{{{told[True]}}}"


def _of_columns(table: Node) -> Iterator[tuple[bool, str]]:
    """Rules of one table and whether they are for paper, where a table is as wide as `ACROSS` of its letters are high;
    its cells lose the labels that the rules give."""
    labels = {c.getparent().index(c) + 1: c.attrib.pop("data-label") for c in table.xpath("tbody/tr/td[@data-label]")}
    for at, label in labels.items():
        yield False, f' td:nth-child({at}){{--label:"{_in_rule(label)}"}}'
    rows = [list(row) for row in table.iter("tr")]
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 3:
        return
    pictures = [6 * any(cell.find(".//img") is not None for cell in column) for column in zip(*rows, strict=True)]
    yield True, "{table-layout:fixed}"
    for at, width in enumerate(fitted([[spaced(cell) for cell in row] for row in rows], ACROSS, pictures), 1):
        yield True, f" th:nth-child({at}){{width:{round(100 * width / ACROSS, 1):g}%}}"


def _filters(root: Node, _: Callable[..., str]) -> Iterable[str]:
    """Over a table of many rows with several statuses a choice of the status to show, and the rules that filter; the
    stylesheet hides the choice in a browser that cannot."""
    for number, table in enumerate(root.xpath(f".//table[count(tbody/tr) >= {MANY}]")):
        marks = table.xpath("tbody/tr/td/descendant-or-self::*[contains(@class, 'status ')]")
        kinds = Counter((mark.get("class").split()[-1], spaced(mark)) for mark in marks)
        if not 1 < len(kinds) <= len(marks) == len(table.findall("tbody/tr")):
            continue
        name = {"type": "radio", "name": f"filter-{number}"}
        every = E.label(E.input({**name, "checked": ""}), f" {_('All')}")
        each = (E.label(E.input({**name, "value": kind}), f" {word} ({n})") for (kind, word), n in kinds.items())
        table.addprevious(E.fieldset({"class": "filter"}, E.legend(_("Show by status")), every, *each))
        for kind, _word in kinds:
            yield f"@media screen{{.scroll:has([value={kind}]:checked) tbody tr:not(:has(.{kind})){{display:none}}}}"


def _link_codes(root: Node) -> None:
    """Codes that the page explains somewhere, in an element of class `code`, lead there from everywhere else."""
    named = root.findall(".//*[@class='code'][@id]")
    codes = {element.get("id") for element in named}
    if not codes:
        return
    pattern = re.compile(rf"\b({'|'.join(sorted(codes))})\b")
    for element in list(root.iter("*")):
        if pattern.search(element.text or "") and element.get("class") != "code":
            _linked(element, 0, element.text, pattern)
        if pattern.search(element.tail or ""):
            parent = element.getparent()
            _linked(parent, parent.index(element) + 1, element.tail, pattern)
    for element in named:
        del element.attrib["class"]


def _linked(parent: Node, at: int, text: str, pattern: re.Pattern[str]) -> None:
    """Put links for the codes in a text of `parent` that stands before its child number `at`."""
    if parent.tag in UNLINKED or next(parent.iterancestors(*UNLINKED), None) is not None:
        return
    first, *parts = pattern.split(text)
    links: list[Node] = [E.a(code, href=f"#{code}") for code in parts[::2]]
    for link, after in zip(links, parts[1::2], strict=True):
        link.tail = after
    if at:
        parent[at - 1].tail = first
    else:
        parent.text = first
    parent[at:at] = links


def _let_break(root: Node) -> None:
    """Give words of more than 40 letters places to break at, so that no column is wider than a sheet or a phone, and
    leave numbers with what they are of.

    A mark stands for `<wbr>` until the tree is written, so that text is told from attributes, which may hold a `>`.

    >>> root = tree(f"<p title='{'b' * 41}'>{'a' * 41} c</p>")
    >>> _let_break(root)
    >>> tostring(root, encoding="unicode").count(_BREAK)
    2
    """
    for element in root.iter("*"):
        if element.tag in _DRAWING.split():
            continue
        if element.text:
            text = element.text if element.tag in ("pre", "code") else bound(element.text)
            element.text = _LONG_WORD.sub(_with_breaks, text)
        element.tail = element.tail and _LONG_WORD.sub(_with_breaks, bound(element.tail))


def _with_breaks(word: re.Match[str]) -> str:
    return _BREAK.join(re.findall(".{1,20}", word[0]))


def _problems(headings: list[Node]) -> Iterable[str]:
    """What is wrong with the levels of headings."""
    levels = [int(heading.tag[1]) for heading in headings]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} main titles (h1); a page has exactly one"
    for before, after, heading in zip(levels, levels[1:], headings[1:], strict=False):
        if after > before + 1:
            yield f"a heading of level {after} under one of level {before}: {spaced(heading)}"


def replace(old: Node, new: Node) -> None:
    """Put an element in the place of another; the text after it stays."""
    new.tail, old.tail = old.tail, None
    old.getparent().replace(old, new)


def _unique_ids(root: Node, headings: list[Node]) -> None:
    """Every id once, the first of its name stays; h2 and h3 without one get one from their text."""
    taken = {"content", "contents"}
    for element in root.xpath(".//*[@id]"):
        if element.get("id") in taken:
            del element.attrib["id"]
        else:
            taken.add(element.get("id"))
    for heading in headings:
        if heading.tag in ("h2", "h3") and not heading.get("id"):
            base = slug(spaced(heading))
            name = next(name for name in chain([base], (f"{base}-{n}" for n in count(2))) if name not in taken)
            heading.set("id", name)
            taken.add(name)


def _contents(root: Node, headings: list[Node], _: Callable[..., str]) -> None:
    """A table of contents, where there is more than one heading: the results, from the first of the annex on the annex;
    then a way back up, and for a phone a way to the contents from everywhere under them."""
    if len(headings) < 2:
        return
    title = _("Contents")
    items = [E.li(E.a(spaced(heading), href=f"#{heading.get('id')}")) for heading in headings]
    annex = (n for n, heading in enumerate(headings) if heading.getparent().get("class") == "annex")
    first = next(annex, len(items))
    listed = [E.p(title), E.ol(*items[:first])]
    if items[first:]:
        listed += [E.p(_("Annex")), E.ol({"start": str(first + 1)}, *items[first:])]
    up = E.a({"class": "up", "href": "#content"}, f"↑ {_('Back to the top')}")
    contents: Node = E.nav({"class": "toc", "id": "contents", "aria-label": title}, *listed, up)
    slot = next((e for e in root.iterfind(".//*[@class]") if "toc-slot" in e.get("class").split()), None)
    if slot is not None:
        replace(slot, contents)
    else:
        first = headings[0]
        while first.getparent() is not root:
            first = first.getparent()
        first.addprevious(contents)
    contents.addnext(E.p({"class": "back"}, E.a(f"↑ {title}", href="#contents")))
