"""What the pages are made with: their templates and their one stylesheet."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

TEMPLATES = Path(__file__).parent / "templates"


def stylesheet() -> str:
    """The one stylesheet of all pages, without its comments and indents: every page carries it."""
    text = (TEMPLATES / "reform" / "style.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|^\s+", "", text, flags=re.DOTALL | re.MULTILINE)


def template(name: str) -> Template:
    """A template of a page that is no notebook, by its file name. Texts put into it are escaped unless Markup."""
    loader = FileSystemLoader(TEMPLATES / "reform")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
