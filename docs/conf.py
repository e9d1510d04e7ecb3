"""How `make docs` builds the site of docs/ with Sphinx: everything strict, nothing fetched, nothing written twice.

README, CONTRIBUTING and CHANGELOG are pages as they are, the methods and the reference are the docstrings, and tables
of checks, rule sets, scores and columns are the files that the package itself reads.
"""

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

import reformlib

ROOT = Path(__file__).resolve().parents[1]

project = "reformlib"
copyright = "2026 The reformlib authors"
release = version = reformlib.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["examples", "static"]
root_doc = "index"
html_theme = "furo"
html_title = f"reformlib {release}"
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # a page read from a folder may not fetch another to quote it
html_static_path = ["static"]
html_css_files = ["tables.css"]
smartquotes = False  # --to stays --to

# Markdown: links to headings of a page are checked too.
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_block"]

# Docstrings: `name` is code; what they refer to has to be on the site, but for other libraries, whose own sites are not
# asked for.
default_role = "code"
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!reformlib\.).*\..*"), ("py:class", r"(?!reformlib\.).*|.*\.[A-Z]")]
suppress_warnings = ["ref.python"]  # a type of a signature may be a class of the face and the one that it is made of
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_type_aliases = {"ArrayLike": "ArrayLike"}


class Rows(SphinxDirective):
    """The rows of a CSV or YAML file of the repository as a table, or as one table for each value of the column `by`.

    `columns` are those to show, `where` is COLUMN=VALUE of the rows to show. A YAML file is a mapping of mappings,
    whose key is the column `name`.
    """

    required_arguments = 1
    option_spec: ClassVar = dict.fromkeys(["columns", "where", "by"], directives.unchanged_required)

    def run(self) -> list[nodes.Node]:
        path = ROOT / self.arguments[0]
        self.env.note_dependency(str(path))
        text = path.read_text("utf-8-sig")
        if path.suffix == ".yml":
            rows = [{"name": name, **fields} for name, fields in yaml.safe_load(text).items()]
        else:
            rows = list(csv.DictReader(text.splitlines()))
        columns = self.options["columns"].split()
        if "where" in self.options:
            name, value = self.options["where"].split("=")
            rows = [row for row in rows if row[name] == value]
        if not rows:
            raise self.error(f"no row of {self.arguments[0]} is shown")
        if "by" not in self.options:
            return [table(columns, rows)]
        found = []
        for value in dict.fromkeys(row[self.options["by"]] for row in rows):
            part = [row for row in rows if row[self.options["by"]] == value]
            section = nodes.section("", nodes.title("", value), table(columns, part), ids=[nodes.make_id(value)])
            self.state.document.note_implicit_target(section)
            found.append(section)
        return found


class Commands(SphinxDirective):
    """Help of every command, a section each, as Typer writes it."""

    def run(self) -> list[nodes.Node]:
        ask = [sys.executable, "-m", "typer", "reformlib.cli", "utils", "docs", "--name", "reformlib"]
        told = subprocess.run(ask, check=True, capture_output=True, text=True).stdout
        return self.parse_text_to_nodes(told.partition("\n")[2], allow_section_headings=True)


def table(columns: list[str], rows: list[dict]) -> nodes.table:
    """A table of plain texts under the names of the columns; a column that is empty in all rows is left out.

    Codes in one cell get a space after the semicolon, so that a line may end there.
    """
    columns = [name for name in columns if any(row[name] for row in rows)]

    def row(cells: list[str]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", re.sub(r";(?=\S)", "; ", cell))) for cell in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
    group += nodes.thead("", row(columns))
    group += nodes.tbody("", *(row([str(one[name]) for name in columns]) for one in rows))
    return nodes.table("", group, classes=["colwidths-auto"])


def rewritten(text: str) -> str:
    """Links of README, CONTRIBUTING and CHANGELOG, and links to them, as they are on the site."""
    text = re.sub(r"\]\(docs/", "](", text)
    pages = {"README": "index", "CONTRIBUTING": "contributing", "CHANGELOG": "changelog"}
    return re.sub(r"\]\((?:\.\./)?(README|CONTRIBUTING|CHANGELOG)\.md", lambda m: f"]({pages[m[1]]}.md", text)


def qualified(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Names that a docstring takes from its own module keep their meaning where the thing is shown under another."""
    module = sys.modules.get(getattr(thing, "__module__", ""))

    def full(match: re.Match) -> str:
        meant = getattr(module, match[2], None)
        return f":{match[1]}:`~{meant.__module__}.{match[2]}`" if hasattr(meant, "__module__") else match[0]

    lines[:] = [re.sub(r":(func|class):`(\w+)`", full, line) for line in lines]


def refuse_elsewhere(app: Sphinx, error: Exception | None) -> None:
    """The site is read without a network: no style, script, picture or font of it may lie elsewhere."""
    for page in [] if error else [*app.outdir.rglob("*.html"), *app.outdir.rglob("*.css")]:
        asks = r"""(?:<(?:script|img|link)\b[^>]*(?:src|href)="|url\(["']?|@import ["'])((?:https?:)?//[^"')]+)"""
        if found := re.search(asks, page.read_text("utf-8")):
            raise ExtensionError(f"{page.name} asks {found[1]}: the site has to be whole without a network")


def setup(app: Sphinx) -> None:
    """Add the directives, and mend links as files are read."""
    app.add_directive("rows", Rows)
    app.add_directive("commands", Commands)

    def read(app: Sphinx, name: object, *rest: list[str]) -> None:
        rest[-1][0] = rewritten(rest[-1][0])

    app.connect("source-read", read)
    app.connect("include-read", read)
    app.connect("autodoc-process-docstring", qualified)
    app.connect("build-finished", refuse_elsewhere)
    app.add_lexer("csv", TextLexer)
