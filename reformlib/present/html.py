"""Safe HTML: every text is escaped where it enters, so no data cell can become markup."""

import base64
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from reformlib.load.evidence import Evidence

# tables and summaries of a cell's output as data, beside its HTML
MIMETYPE = "application/vnd.reformlib.tables+json"


@dataclass(frozen=True)
class Shown:
    """A number as it is shown, with the evidence for it."""

    text: str
    evidence: Evidence


class Fragment:
    """A piece of a page. Notebooks show it as HTML; `str()` gives the markup.

    `parts` holds its tables and summaries as data, each number with its evidence (see :func:`evidence_of`). They
    travel beside the HTML in the notebook's output, so that other forms of the page need not read the HTML.
    """

    def __init__(self, markup: Markup, parts: list[dict] | None = None) -> None:
        self.markup = markup
        self.parts = parts or []

    @property
    def evidence(self) -> list[dict]:
        """What every number of the piece rests on, part by part."""
        return [evidence_of(part) for part in self.parts]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {"text/html": str(self.markup), "text/plain": repr(self)}
        # as one text: what handles notebooks looks at every part of an object, several times over
        return bundle | ({MIMETYPE: json.dumps(self.parts, ensure_ascii=False)} if self.parts else {})

    def __html__(self) -> str:
        return str(self.markup)

    __str__ = __html__

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.markup)} characters>"


def parts(notebook: Any) -> list[dict[str, Any]]:
    """The tables and summaries that the cells of an executed notebook show, as data: parts of a `Fragment`."""
    bundles = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    return [part for bundle in bundles for part in json.loads(bundle.get(MIMETYPE, "[]"))]


def evidence_of(part: dict) -> dict:
    """What the numbers of a part of a page rest on: a summary as it is, of a table the cells that have evidence.

    A table is `{"table": caption, "columns": [{"label", "numeric"}], "rows": [cells], "above": lines, "below": lines}`;
    a cell is its text, None for a picture, or `{"text", "value", "unit", "place", ...}` where it has evidence
    (:meth:`reformlib.load.evidence.Evidence.entry`). Gives `{"table": caption, "rows": [{label: cell}]}`.
    """
    if "table" not in part:
        return part
    labels, rows = [column["label"] for column in part["columns"]], []
    for row in part["rows"]:
        proofs = {label: cell for label, cell in zip(labels, row, strict=True) if isinstance(cell, dict)}
        rows.append({label: cell | {"text": " ".join(cell["text"].split())} for label, cell in proofs.items()})
    return {"table": part["table"], "rows": rows}


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """One element. Children and attributes are escaped unless they are markup; `class_` and `for_` lose their `_`.

    >>> tag("p", "1 < 2", tag("b", "!"), class_="note")
    Markup('<p class="note">1 &lt; 2<b>!</b></p>')
    """
    return tags(name, **attributes)(*children)


def tags(name: str, **attributes: object) -> Callable[..., Markup]:
    """What makes elements that differ in their children only: their attributes are escaped once.

    >>> tags("td", class_="num")("1 < 2") == tag("td", "1 < 2", class_="num")
    True
    """
    # plain strings of escaped parts: a page has thousands of elements, and Markup.format takes five times as long
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    shown = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    if name in ("img", "br", "hr"):
        return lambda: Markup(f"<{name}{shown}>")

    def element(*children: object) -> Markup:
        inner = "".join([c if type(c) is Markup else escape(c) for c in children if c is not None])
        return Markup(f"<{name}{shown}>{inner}</{name}>")

    return element


def join(*parts: object) -> Fragment:
    """Several pieces as one, with the parts of them all."""
    return Fragment(Markup("\n").join(escape(part) for part in parts if part is not None), gathered(parts))


def paragraph(text: object, **attributes: object) -> Fragment:
    """A paragraph as a piece of a page: what stands where a table or chart has nothing to show."""
    return Fragment(tag("p", text, **attributes))


def bullets(items: Iterable[object], none: str = "–", **attributes: object) -> Markup:
    """A list of bullets, `none` without items."""
    shown = [tag("li", item) for item in items]
    return tag("ul", *shown, **attributes) if shown else escape(none)


def terms(about: dict[str, object], **attributes: object) -> Markup:
    """A list of terms and what each of them is."""
    pairs = [part for term, text in about.items() for part in (tag("dt", term), tag("dd", text))]
    return tag("dl", *pairs, **attributes)


def gathered(pieces) -> list[dict]:
    """The parts of all pieces, in order."""
    return [part for piece in pieces if isinstance(piece, Fragment) for part in piece.parts]


def image(svg: bytes, alt: str) -> Markup:
    """An SVG as a data URI: shown as a picture, so nothing in it can run or ask for anything."""
    data = base64.b64encode(svg).decode("ascii")
    return tag("img", src=f"data:image/svg+xml;base64,{data}", alt=alt)


def marked(text: str, page: str) -> Markup | str:
    """Text of the page's language with quotations («…», “…”) marked as Vietnamese where they are, on another page."""
    if page == "vi":
        return text
    parts = re.split("(«[^»]*»|“[^”]*”)", text)
    foreign = [part[:1] in ("«", "“") and not part[1:-1].isascii() for part in parts]
    shown = (tag("span", part, lang="vi") if vi else escape(part) for part, vi in zip(parts, foreign, strict=True))
    return Markup("").join(shown) if any(foreign) else text


def language_of(text: str) -> str:
    """The language of a free text that is in one of the two, told by its letters.

    >>> language_of("Nghị quyết 203/2025/QH15"), language_of("targets.csv, T045")
    ('vi', 'en')
    """
    return "vi" if any(letter.isalpha() and not letter.isascii() for letter in text) else "en"


def quoted(text: str, language: str, page: str) -> Markup | str:
    """Text in its own language, marked where that is not the page's."""
    return text if language == page or not text else tag("span", text, lang=language)
