"""The nbconvert exporter `reform`: an executed notebook to one HTML file without script or request.

`jupyter nbconvert --to reform executed.ipynb` gives the page that `reformlib render` publishes.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, takewhile
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import Bool, default
from traitlets.config import Config

from reformlib.errors import ReformError
from reformlib.locale import LANGUAGES
from reformlib.present.html import parts
from reformlib.present.style import TEMPLATES, stylesheet
from reformlib.render.page.fragments import Outline, clean, outline
from reformlib.render.page.gates import counted
from reformlib.render.page.outputs import forget, image, markdown, pieces, refusals
from reformlib.render.page.parameters import notebook_parameters
from reformlib.render.page.texts import text_faults

DROPPED = {"parameters", "injected-parameters"}
FAILURE = "papermill-error-cell-tag"
_FOLDERS = re.compile(r'"([A-Za-z]:)?[/\\]([^"\n]*[/\\])?')
_WORDS = {
    "skip": ("Chuyển đến nội dung", "Skip to content"),
    "contents": ("Mục lục", "Contents"),
    "annex": ("Phụ lục", "Annex"),
    "up": ("Về đầu trang", "Back to the top"),
    "all": ("Tất cả", "All"),
    "filter": ("Lọc theo tình trạng", "Show by status"),
    "table": ("Bảng số liệu", "Table"),
    "code": ("Mã lệnh (ô {number})", "Code (cell {number})"),
    "parameters": ("Tham số (ô {number})", "Parameters (cell {number})"),
    "injected-parameters": ("Tham số của lần chạy này", "Parameters of this run"),
}
WORDS = {code: {name: pair[at] for name, pair in _WORDS.items()} for at, code in enumerate(LANGUAGES)}


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


class ReformExporter(HTMLExporter):
    """Renders with the packaged template; refuses (PageRefused) what must not be published."""

    def __init__(self, config: Any = None, **kw: Any) -> None:
        own = {name: dict(section) for name, section in (config or {}).items()}
        for section in own.values():  # a setting of the user's is of other exporters
            section.pop("template_name", None)
        super().__init__(Config(own), **kw)
        self.register_preprocessor(self._publish)  # after all others: one of them may run the notebook
        getattr(self.log, "logger", self.log).addFilter(_in_words)

    export_from_notebook = "Reform report (HTML)"
    exclude_input = Bool(True, help="Leave the code out of the page.").tag(config=True)
    exclude_input_prompt = Bool(True).tag(config=True)
    exclude_output_prompt = Bool(True).tag(config=True)
    optimistic_validation = Bool(True, help="Validate once, after all steps.").tag(config=True)

    @default("template_name")
    def _template_name_default(self) -> str:
        return "reform"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Config:
        """That of nbconvert; what a cell prints is in one piece, as a kernel sends it in as many as its clock makes."""
        config = Config({"CoalesceStreamsPreprocessor": {"enabled": True}})
        config.merge(super().default_config)
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """The filters of nbconvert and those of our template."""
        yield from super().default_filters()
        yield "page_html", clean
        yield "page_markdown", _page_markdown
        yield "page_image", image
        yield "outline", _page_outline
        yield "stylesheet", stylesheet

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """HTML of a notebook that was executed, or is by nbconvert's `--execute`. Raises PageRefused with every problem
        of it and its cell."""
        try:
            # not HTMLExporter's own: it parses the page once more, to mend what `refusals` has refused already
            text, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
            _check_whole(text, resources.pop("page_cells"))
            return text.rstrip() + "\n", resources
        finally:
            forget()

    def _publish(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook with the cells of its page, and what the template is given; the last preprocessor."""
        language = page_language(nb)
        cells = list(kept_cells(nb, language))
        if problems := self._problems(cells, language):
            raise PageRefused(problems)
        shown = self._page_cells(cells, WORDS[language])
        given = {"page_language": language, "words": WORDS[language], "page_cells": shown}
        if any("supposed" in part for part in parts(nb)):  # of a what-if; the page of the report stays as it is
            given["output_extension"] = f"-what-if{self.file_extension}"
        return NotebookNode({**nb, "cells": shown}), {**resources, **given}

    def _problems(self, cells: list[tuple[int, NotebookNode]], language: str) -> list[tuple[int, str]]:
        """All reasons to refuse the page."""
        problems = [(number, why) for number, cell in cells for why in refusals(cell, language)] + disorder(cells)
        if not self.exclude_input:
            problems += [(n, why) for n, cell in cells if cell.cell_type == "code" for why in text_faults(cell.source)]
        return problems

    def _page_cells(self, cells: list[tuple[int, NotebookNode]], words: dict[str, str]) -> list[NotebookNode]:
        """The cells that the page shows, in its order."""
        cells = [(number, _printed(cell)) for number, cell in cells]
        if self.exclude_input:
            return [cell for _, cell in cells if not DROPPED & set(cell.metadata.get("tags", []))]
        return title_first([_labelled(number, cell, words) for number, cell in cells])


def _check_whole(text: str, cells: list[NotebookNode]) -> None:
    """Raise PageRefused where the page lacks a table, row, figure, image or heading that the cells show."""
    wanted = sum((counted(piece) for cell in cells for piece in pieces(cell)), Counter())
    if (held := counted(text.partition("<main")[2])) != wanted:
        lost = ", ".join(f"{held[kind]} of {n} <{kind}>" for kind, n in sorted(wanted.items()) if held[kind] != n)
        raise PageRefused([(0, f"the page does not hold what the cells show ({lost or 'it holds more'})")])


def _printed(cell: NotebookNode) -> NotebookNode:
    """The cell without what it said on stderr, which no page shows."""
    if not cell.get("outputs"):
        return cell
    return NotebookNode({**cell, "outputs": [output for output in cell.outputs if output.get("name") != "stderr"]})


@cache
def exporter(code: bool) -> ReformExporter:
    """The exporter of this process, of pages with their `code` or without; making one reads and compiles templates."""
    return ReformExporter(exclude_input=not code)


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


def title_first(cells: list[NotebookNode]) -> list[NotebookNode]:
    """A page opens with what its first output says; the code up to there follows it, in its order."""
    before = list(takewhile(lambda cell: cell.cell_type == "code" and not cell.outputs, cells))
    if not before or len(before) == len(cells) or cells[len(before)].cell_type != "code":
        return cells
    title = cells[len(before)]
    metadata = {**title.metadata, "transient": {"remove_source": True}}
    shown = NotebookNode({**title, "metadata": NotebookNode(metadata)})
    if "id" in shown:
        shown.id += "-title"
    return [shown, *before, NotebookNode({**title, "outputs": []}), *cells[len(before) + 1 :]]


def _labelled(number: int, cell: NotebookNode, words: dict[str, str]) -> NotebookNode:
    """The cell with the words that its folded code stands behind, naming it as JupyterLab counts it.

    Of a path among the parameters of the run only the last part stays: a page names no folder of a machine.
    """
    kind = next((tag for tag in cell.metadata.get("tags", []) if tag in DROPPED), "code")
    metadata = NotebookNode({**cell.metadata, "label": words[kind].format(number=number)})
    source = _FOLDERS.sub('"', cell.source) if kind == "injected-parameters" else cell.source
    return NotebookNode({**cell, "metadata": metadata, "source": source})


def disorder(cells: list[tuple[int, NotebookNode]]) -> list[tuple[int, str]]:
    """The first cell that ran before the one above it: what it shows may rest on another order than the reader's."""
    ran = [(number, count) for number, cell in cells if (count := cell.get("execution_count")) is not None]
    back = next((number for (_, one), (number, two) in pairwise(ran) if two < one), None)
    return [(back, "a cell that ran before the one above it; restart the kernel and run all cells")] if back else []


@pass_context
def _page_markdown(context: Any, source: str) -> str:
    cell = context.get("cell", {})
    shown = markdown(source, cell.get("attachments"))
    return f'<div class="annex">{shown}</div>' if "annex" in cell.get("metadata", {}).get("tags", []) else shown


def _page_outline(content: str, resources: dict) -> Outline:
    page = outline(content, resources["words"])
    if page.problems:
        raise PageRefused([(0, problem) for problem in page.problems])
    return page
