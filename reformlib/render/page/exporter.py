"""The nbconvert exporter `reform`: an executed notebook to one HTML file without script or request.

`jupyter nbconvert --to reform executed.ipynb` gives the page that `reformlib render` publishes.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from nbconvert.exporters.exporter import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import Bool
from traitlets.config import Config

from reformlib.errors import ReformError
from reformlib.locale import LANGUAGES, translator
from reformlib.present.html import parts, tag
from reformlib.present.style import stylesheet, template
from reformlib.render.page.fragments import outline
from reformlib.render.page.gates import counted
from reformlib.render.page.outputs import shown
from reformlib.render.page.parameters import notebook_parameters
from reformlib.render.page.texts import text_faults

DROPPED = {"parameters", "injected-parameters"}
FAILURE = "papermill-error-cell-tag"
_FOLDERS = re.compile(r'"([A-Za-z]:)?[/\\]([^"\n]*[/\\])?')


class PageRefused(ConversionException):
    """The notebook cannot be published. `problems` holds (cell number from 1 as in the source notebook, or 0; why)."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        self.cell = problems[0][0]
        super().__init__("\n".join(f"cell {cell}: {why}" if cell else why for cell, why in problems))


def _in_words(record: logging.LogRecord) -> bool:
    """The log line of a refused page without the traceback that nbconvert adds: it names folders of the machine."""
    if record.exc_info and isinstance(record.exc_info[1], PageRefused):
        record.msg, record.args = f"{record.getMessage()}: the page was refused\n{record.exc_info[1]}", ()
        record.exc_info = None
    return True


class ReformExporter(Exporter):
    """An executed notebook as a page; refuses (PageRefused) what must not be published."""

    export_from_notebook = "Reform report (HTML)"
    output_mimetype = "text/html"
    file_extension = ".html"
    exclude_input = Bool(True, help="Leave the code out of the page.").tag(config=True)
    optimistic_validation = Bool(True, help="Validate once, after all steps.").tag(config=True)

    def __init__(self, config: Any = None, **kw: Any) -> None:
        super().__init__(config, **kw)
        getattr(self.log, "logger", self.log).addFilter(_in_words)

    @property
    def default_config(self) -> Config:
        """That of nbconvert's own pages; what a cell prints is in one piece, as a kernel sends it in as many as its
        clock makes."""
        steps = ("CoalesceStreamsPreprocessor", "RegexRemovePreprocessor", "TagRemovePreprocessor")
        return Config({step: {"enabled": True} for step in steps})

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """HTML of a notebook that was executed, or is by nbconvert's `--execute`. Raises PageRefused with every problem
        of it and its cell."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        language = page_language(nb)
        cells = [PageCell(number, cell, *shown(cell, language)) for number, cell in kept_cells(nb, language)]
        problems = [(one.number, why) for one in cells for why in one.faults] + disorder(cells)
        _, pieces = translator(language), [one.html for one in cells if not one.tags & DROPPED]
        if not self.exclude_input:
            problems += [(one.number, why) for one in cells for why in text_faults(one.code)]
            pieces = with_code(cells, _)
        if problems:
            raise PageRefused(problems)
        page = outline("\n".join(pieces), _)
        if problems := [*page.problems, *lost(pieces, page.html)]:
            raise PageRefused([(0, problem) for problem in problems])
        if any("supposed" in part for part in parts(nb)):  # of a what-if; the page of the report stays as it is
            resources["output_extension"] = f"-what-if{self.file_extension}"
        css = f"{stylesheet(page.html)}\n{page.css}"
        text = template("index.html.j2").render(page=page, language=language, css=css, skip=_("Skip to content"))
        return text.rstrip() + "\n", resources


class PageCell(NamedTuple):
    """A cell of the page's language: its number in the source notebook, what it shows, why that cannot be published."""

    number: int
    cell: NotebookNode
    html: str
    faults: list[str]

    @property
    def tags(self) -> set[str]:
        """Its tags."""
        return set(self.cell.metadata.get("tags", []))

    @property
    def code(self) -> str:
        """Its code; empty where there is none, or where it asks nbconvert to leave it out."""
        left_out = self.cell.metadata.get("transient", {}).get("remove_source")
        return "" if left_out or self.cell.cell_type != "code" else self.cell.source


def with_code(cells: list[PageCell], _: Callable[..., str]) -> list[str]:
    """What the cells show, each before its code, which is folded behind words that name the cell as JupyterLab counts
    it. A page opens with what is shown first; the code up to there follows it.

    Of a path among the parameters of the run only the last part stays: a page names no folder of a machine.
    """

    def folded(one: PageCell) -> str:
        source, named = one.code, _("Code (cell {number})", number=one.number)
        if "injected-parameters" in one.tags:
            source, named = _FOLDERS.sub('"', source), _("Parameters of this run")
        elif "parameters" in one.tags:
            named = _("Parameters (cell {number})", number=one.number)
        code = tag("pre", tag("code", source), lang="en")
        return str(tag("details", tag("summary", named), "\n", code, "\n", class_="code")) if source.strip() else ""

    opening, pieces = next((one for one in cells if one.html), None), []
    for one in cells:
        pieces += [folded(one)] if one is opening else [one.html, folded(one)]
    return [opening.html, *pieces] if opening else pieces


def lost(pieces: list[str], page: str) -> list[str]:
    """What is wrong where the page lacks a table, row, figure, image or heading of its pieces."""
    wanted, held = sum(map(counted, pieces), Counter()), counted(page)
    if held == wanted:
        return []
    missing = ", ".join(f"{held[kind]} of {n} <{kind}>" for kind, n in sorted(wanted.items()) if held[kind] != n)
    return [f"the page does not hold what the cells show ({missing or 'it holds more'})"]


def page_language(nb: NotebookNode) -> str:
    """The language an executed notebook was run in. Raises PageRefused when it does not tell."""
    try:
        language = notebook_parameters(nb).get("language")
    except ReformError as error:
        raise PageRefused([(0, str(error))]) from None
    if language not in LANGUAGES:
        raise PageRefused([(0, f"the parameter language is {language!r}, expected one of: {', '.join(LANGUAGES)}")])
    return language


def kept_cells(nb: NotebookNode, language: str) -> Iterator[tuple[int, NotebookNode]]:
    """Cells of the page's language with their number in the source notebook, where papermill added none."""
    others = {f"lang-{other}" for other in LANGUAGES if other != language}
    number = 0
    for cell in nb.cells:
        tags = set(cell.metadata.get("tags", []))
        if FAILURE in tags:  # papermill's words beside an error; the error itself is refused
            continue
        number += "injected-parameters" not in tags
        if not others & tags:
            yield number, cell


def disorder(cells: list[PageCell]) -> list[tuple[int, str]]:
    """The first cell that ran before the one above it: what it shows may rest on another order than the reader's."""
    ran = [(one.number, count) for one in cells if (count := one.cell.get("execution_count")) is not None]
    back = next((number for (_, one), (number, two) in pairwise(ran) if two < one), None)
    return [(back, "a cell that ran before the one above it; restart the kernel and run all cells")] if back else []
