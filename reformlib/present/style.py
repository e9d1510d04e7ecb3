"""What the pages are made with: their templates and their one stylesheet."""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

from reformlib.locale import LANGUAGES
from reformlib.present.html import tag

TEMPLATES = Path(__file__).parent / "templates"


# classes and elements of what is put around a page and, when it is finished, into it
FRAME = {".skip", ".siblings", ".form", "html", "body", "main", "nav", "ul", "li", "a", "span"}
_NAME = re.compile(r"\.[a-zA-Z][\w-]*|(?<![\w.@:-])[a-z][a-z\d]*")


@cache
def _rules(file: str = "style.css") -> str:
    """The rules of a stylesheet, by default the one of all pages, without comments and blanks."""
    text = (TEMPLATES / "reform" / file).read_text(encoding="utf-8")
    text = " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())
    text = re.sub(r"\s*([{};,>]|(?<=[\w-]): )\s*", lambda found: found[1].strip(), text)
    return re.sub(r"(?<=[ :,(-])0(?=\.\d)|;(?=\})", "", text)


def stylesheet(html: str = "") -> str:
    """The one stylesheet, which every page carries; of the page `html` the rules for what it has."""
    if not html:
        return _rules()
    classes = " ".join(re.findall(r'class="([^"]*)"', html)).split()
    held = FRAME.union(re.findall(r"<([a-z]\w*)", html), (f".{name}" for name in classes))

    def needed(selector: str) -> bool:
        attributes = re.findall(r"\[([\w-]+=[^\]]+)\]", selector)
        selector = re.sub(r"\[[^\]]*\]", "", selector)
        while "(" in selector:  # what stands in brackets is one of several, or not there
            selector = re.sub(r"\([^()]*\)", "", selector)
        return held.issuperset(_NAME.findall(selector)) and all(one in html for one in attributes)

    def kept(rule: re.Match[str]) -> str:
        selectors = list(filter(needed, re.split(r",(?![^(]*\))", rule[1])))
        return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    rules = re.sub(r"@(media|supports)[^{}]*\{\}", "", re.sub(r"([^{};]+)\{([^{}]*)\}", kept, _rules()))
    return re.sub(r"(--[\w-]+):[^;}]*;?", lambda found: found[0] if f"var({found[1]}" in rules else "", rules)


def in_jupyter(language: str) -> Markup:
    """A style for JupyterLab, voila and `nbconvert --to html`, which the page itself leaves out: prose in the page's
    language, where the cells tell theirs; texts of tables from the left; charts on paper in a dark theme, as their ink
    is for it; the unit below the title; nothing twice that only a screen reader is told."""
    others = ",".join(f".celltag_lang-{code}" for code in LANGUAGES if code != language)
    return tag("style", Markup(_rules("jupyter.css").replace("OTHERS", others).replace("LANGUAGE", language)))


@cache
def template(name: str):
    """A template of a page, by its file name. Texts put into it are escaped unless Markup."""
    from jinja2 import Environment, FileSystemLoader  # a table on the command line needs none

    loader = FileSystemLoader(TEMPLATES / "reform")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
