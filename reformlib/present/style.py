"""What the pages are made with: their templates and their one stylesheet."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

TEMPLATES = Path(__file__).parent / "templates"


# classes and elements of what is put around a page and, when it is finished, into it
FRAME = {".skip", ".siblings", ".form", "html", "body", "main", "nav", "ul", "li", "a", "span"}
_NAME = re.compile(r"\.[a-zA-Z][\w-]*|(?<![\w.@:-])[a-z][a-z\d]*")


@cache
def _rules() -> str:
    """The one stylesheet of all pages, without comments and blanks."""
    text = (TEMPLATES / "reform" / "style.css").read_text(encoding="utf-8")
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


def template(name: str) -> Template:
    """A template of a page that is no notebook, by its file name. Texts put into it are escaped unless Markup."""
    loader = FileSystemLoader(TEMPLATES / "reform")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
