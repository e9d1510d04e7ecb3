"""A chart as a file of its own, with the words without which it would say more than its figures allow."""

import importlib.util
import os
from pathlib import Path
from typing import Any

from lxml import html
from lxml.etree import tostring
from markupsafe import Markup

from reformlib.errors import ReformError
from reformlib.present.chart import FONT, INK, LINE, SIZE, WIDTH, font_files, wrapped
from reformlib.present.html import Fragment, tag


class Chart(Fragment):
    """Charts of a page, that can be saved."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the charts one below another, each with title, subtitle and source, and give the path.

        Raises ReformError for a name that ends neither in `.svg` nor in `.png`, and where there is nothing drawn.
        """
        file, drawn = Path(path), _sheet(str(self))
        if not drawn or file.suffix not in (".svg", ".png"):
            what = f"not a kind of picture: {file.name}" if drawn else "no chart to save: the report gives no figure"
            raise ReformError(what, expected="a name that ends in .svg or .png" if drawn else "")
        if file.suffix == ".svg":
            file.write_text(drawn, encoding="utf-8")
        elif not importlib.util.find_spec("resvg_py"):
            raise ReformError("no PNG: not installed: resvg-py", fix='pip install "reformlib[docx]", or save as .svg')
        else:
            import resvg_py

            fonts: dict[str, Any] = {"skip_system_fonts": True, "font_files": font_files(), "font_family": FONT}
            file.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=drawn, background="#ffffff", zoom=3, **fonts)))
        return file


def _sheet(markup: str) -> str:
    """The charts of a piece of a page as one SVG; empty without any."""
    down, parts = 0.0, list[Markup]()
    for figure in html.fromstring(f"<div>{markup}</div>").iter("figure"):
        caption, svg = figure.find("figcaption"), figure.find(".//svg")
        (source,) = figure.find_class("source")
        for words in caption:
            lines = _lines(words, down)
            parts, down = parts + lines, down + LINE * len(lines)
        inner = Markup("".join(tostring(child, encoding="unicode", with_tail=False) for child in svg))
        parts.append(tag("g", inner, transform=f"translate(0 {down})"))
        down += float(svg.get("height").removesuffix("pt"))
        lines = _lines(source, down)
        parts, down = parts + lines, down + LINE * (len(lines) + 1)
    about = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {down:.0f}", "width": WIDTH}
    style = {"font_size": SIZE, "font_family": f"{FONT}, sans-serif"}
    return str(tag("svg", *parts, height=f"{down:.0f}", **about, **style)) if parts else ""


def _lines(words: Any, down: float) -> list[Markup]:
    """The words of an element as lines below a height; bold where any of them are."""
    text, weight = words.text_content(), None if words.find("strong") is None else "bold"
    lines = enumerate(wrapped(text) if text else [], 1)
    return [tag("text", line, x=4, y=down + at * LINE, fill=INK, font_weight=weight) for at, line in lines]
