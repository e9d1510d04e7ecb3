"""Safe HTML: every text is escaped where it enters, so no data cell can become markup."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from reformlib.load.evidence import MIMETYPE, Evidence


@dataclass(frozen=True)
class Shown:
    """A number as it is shown, with the evidence for it."""

    text: str
    evidence: Evidence


class Fragment:
    """A piece of a page. Notebooks show it as HTML; `str()` gives the markup.

    `evidence` holds, table by table, what every number in it rests on; it travels beside the HTML in the notebook's
    output, so that whoever publishes the page can write it to a file.
    """

    def __init__(self, markup: Markup, evidence: list[dict] | None = None) -> None:
        self.markup = markup
        self.evidence = evidence or []

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {"text/html": str(self.markup), "text/plain": repr(self)}
        # as one text: what handles notebooks looks at every part of an object, several times over
        return bundle | ({MIMETYPE: json.dumps(self.evidence, ensure_ascii=False)} if self.evidence else {})

    def __html__(self) -> str:
        return str(self.markup)

    def __str__(self) -> str:
        return str(self.markup)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.markup)} characters>"


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """One element. Children and attributes are escaped unless they are markup; `class_` and `for_` lose their `_`.

    >>> tag("p", "1 < 2", tag("b", "!"), class_="note")
    Markup('<p class="note">1 &lt; 2<b>!</b></p>')
    """
    return tags(name, **attributes)(*children)


def tags(name: str, **attributes: object) -> Callable[..., Markup]:
    """What makes elements that differ in their children only: their attributes are escaped once.

    >>> tags("td", role="cell")("1 < 2") == tag("td", "1 < 2", role="cell")
    True
    """
    # plain strings of escaped parts: a page has thousands of elements, and Markup.format takes five times as long
    shown = "".join(
        [
            f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
            for key, value in attributes.items()
            if value is not None
        ]
    )
    if name in ("img", "br", "hr"):
        return lambda: Markup(f"<{name}{shown}>")

    def element(*children: object) -> Markup:
        inner = "".join([c if type(c) is Markup else escape(c) for c in children if c is not None])
        return Markup(f"<{name}{shown}>{inner}</{name}>")

    return element


def join(*parts: object) -> Fragment:
    """Several pieces as one, with the evidence of them all."""
    return Fragment(Markup("\n").join(escape(part) for part in parts if part is not None), gathered(parts))


def gathered(parts) -> list[dict]:
    """Evidence of all pieces, in order."""
    return [table for part in parts if isinstance(part, Fragment) for table in part.evidence]


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


def quoted(text: str, language: str, page: str) -> Markup | str:
    """Text in its own language, marked where that is not the page's."""
    return text if language == page or not text else tag("span", text, lang=language)
