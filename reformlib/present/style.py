"""What the pages are made with: their templates and their one stylesheet."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

TEMPLATES = Path(__file__).parent / "templates"


FRAME = {"skip", "siblings", "form"}  # classes of what is put around a page and, when it is finished, into it
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")


@cache
def _rules() -> str:
    """The one stylesheet of all pages, without comments and blanks."""
    text = (TEMPLATES / "reform" / "style.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,]|(?<=[\w-]): )\s*", lambda found: found[1].strip(), " ".join(text.split()))


def stylesheet(html: str = "") -> str:
    """The one stylesheet, which every page carries; of the page `html` the rules for the classes that it has."""
    if not html:
        return _rules()
    held = FRAME.union(*map(str.split, re.findall(r'class="([^"]*)"', html)))

    def needed(selector: str) -> bool:
        while "(" in selector:  # what stands in brackets is one of several, or not there
            selector = re.sub(r"\([^()]*\)", "", selector)
        return held.issuperset(_CLASS.findall(selector))

    def kept(rule: re.Match[str]) -> str:
        selectors = list(filter(needed, re.split(r",(?![^(]*\))", rule[1])))
        return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    return re.sub(r"([^{};]+)\{([^{}]*)\}", kept, _rules())


def template(name: str) -> Template:
    """A template of a page that is no notebook, by its file name. Texts put into it are escaped unless Markup."""
    loader = FileSystemLoader(TEMPLATES / "reform")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
