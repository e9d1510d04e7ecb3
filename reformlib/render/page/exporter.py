"""The nbconvert exporter `reform`: an executed notebook to one HTML file without script or request.

`jupyter nbconvert --to reform executed.ipynb` gives the page that `reformlib render` publishes.
"""

from __future__ import annotations

import base64
import copy
import html
import logging
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import Bool, default

from reformlib.errors import ReformError
from reformlib.locale import LANGUAGES
from reformlib.render.page.fragments import Outline, clean, outline
from reformlib.render.page.gates import counted, faults, text_faults, unsafe
from reformlib.render.run.parameters import notebook_parameters

TEMPLATES = Path(__file__).parent / "templates"
DROPPED = {"parameters", "injected-parameters"}
FAILURE = "papermill-error-cell-tag"
FORBIDDEN = {
    "application/javascript": "a script",
    "application/vnd.jupyter.widget-view+json": "a widget",
    "text/vnd.mermaid": "a mermaid diagram",
}
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
_ANSI = re.compile(r"\x1b\[[\d;]*[A-Za-z]")  # colours of a terminal, left out of the page
_FOLDERS = re.compile(r'"([A-Za-z]:)?[/\\]([^"\n]*[/\\])?')
WORDS = {
    "vi": {
        "skip": "Chuyển đến nội dung",
        "contents": "Mục lục",
        "table": "Bảng số liệu",
        "code": "Mã lệnh (ô {number})",
        "parameters": "Tham số (ô {number})",
        "injected-parameters": "Tham số của lần chạy này",
    },
    "en": {
        "skip": "Skip to content",
        "contents": "Contents",
        "table": "Table",
        "code": "Code (cell {number})",
        "parameters": "Parameters (cell {number})",
        "injected-parameters": "Parameters of this run",
    },
}


class PageRefused(ConversionException):
    """The notebook cannot be published. `problems` holds (cell number from 1 as in the source notebook, or 0; why)."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        self.cell = problems[0][0]
        super().__init__("\n".join(f"cell {cell}: {why}" if cell else why for cell, why in problems))


class _Markdown(IPythonRenderer):
    """Markdown with raw HTML shown as text and no diagram that would want a script."""

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{html.escape(code)}</code></pre>\n"


def markdown(source: str, attachments: dict | None = None) -> str:
    """Markdown to cleaned HTML."""
    return clean(_reader(attachments).render(source)) if attachments else _markdown(source)


def _reader(attachments: dict | None = None) -> MarkdownWithMath:
    renderer = _Markdown(escape=True, exclude_anchor_links=True, attachments=attachments)
    return MarkdownWithMath(renderer=renderer)


_READER = _reader()  # making one builds its patterns


@lru_cache(maxsize=256)
def _markdown(source: str) -> str:
    """Every cell is asked for three times: for its faults, for the page, for what must be found on it."""
    return clean(_READER.render(source))


def image(output: NotebookNode, mimetype: str) -> str:
    """An image output as a figure; its alternative text is `metadata["alt"]` of the output or of its type."""
    data = output.data[mimetype]
    if mimetype == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    notes = {**output.metadata, **output.metadata.get(mimetype, {})}
    size = "".join(f' {name}="{int(notes[name])}"' for name in ("width", "height") if name in notes)
    source = f"data:{mimetype};base64,{''.join(data.split())}"
    return clean(f'<figure><img src="{source}" alt="{html.escape(str(notes.get("alt", "")))}"{size}></figure>')


def _in_words(record: logging.LogRecord) -> bool:
    """The log line of a refused page without the traceback that nbconvert adds: it names folders of the machine."""
    if record.exc_info and isinstance(record.exc_info[1], PageRefused):
        record.msg, record.args = f"{record.getMessage()}: the page was refused\n{record.exc_info[1]}", ()
        record.exc_info = None
    return True


class ReformExporter(HTMLExporter):
    """Renders with the packaged template; refuses (PageRefused) what must not be published."""

    def __init__(self, config: Any = None, **kw: Any) -> None:
        super().__init__(config, **kw)
        getattr(self.log, "logger", self.log).addFilter(_in_words)

    export_from_notebook = "Reform report (HTML)"
    exclude_input = Bool(True, help="Leave the code out of the page.").tag(config=True)
    exclude_input_prompt = Bool(True).tag(config=True)
    exclude_output_prompt = Bool(True).tag(config=True)

    @default("template_name")
    def _template_name_default(self) -> str:
        return "reform"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def default_filters(self):
        """The filters of nbconvert and those of our template."""
        yield from super().default_filters()
        yield "page_html", clean
        yield "page_markdown", _page_markdown
        yield "page_image", image
        yield "outline", _page_outline

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """HTML of an executed notebook. Raises PageRefused with every problem found and its cell."""
        try:
            return self._page(nb, resources, **kw)
        finally:  # what is kept of one page is for that page
            clean.cache_clear()
            _markdown.cache_clear()

    def _page(self, nb: NotebookNode, resources: dict[str, Any] | None, **kw: Any) -> tuple[str, dict[str, Any]]:
        language = page_language(nb)
        cells = list(kept_cells(nb, language))
        problems = [(number, why) for number, cell in cells for why in refusals(cell, language)] + disorder(cells)
        if not self.exclude_input:
            problems += [(n, why) for n, cell in cells if cell.cell_type == "code" for why in text_faults(cell.source)]
        if problems:
            raise PageRefused(problems)
        resources = self._init_resources(resources)
        resources["page_language"] = language
        resources["words"] = WORDS[language]
        resources["css"] = stylesheet()
        cells = [(number, _printed_whole(cell)) for number, cell in cells]
        if self.exclude_input:
            shown = [cell for _, cell in cells if not DROPPED & set(cell.metadata.get("tags", []))]
        else:
            shown = title_first([_labelled(number, cell, WORDS[language]) for number, cell in cells])
        page = NotebookNode({**nb, "cells": [_of_page(cell) for cell in shown]})
        # not HTMLExporter's own: it parses the page once more, to mend what `refusals` has refused already
        text, resources = TemplateExporter.from_notebook_node(self, page, resources, **kw)
        wanted = sum((counted(piece) for cell in shown for piece in pieces(cell)), Counter())
        if (found := counted(text.partition("<main")[2])) != wanted:
            lost = ", ".join(f"{found[kind]} of {n} <{kind}>" for kind, n in sorted(wanted.items()) if found[kind] != n)
            raise PageRefused([(0, f"the page does not hold what the cells show ({lost or 'it holds more'})")])
        return text.rstrip() + "\n", resources

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """nbconvert's steps, without two further copies of the copy of the notebook that it has made."""
        resources = copy.deepcopy(resources)
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        self._validate_preprocessor(nb, self)  # what no template knows would be missing from the page
        return nb, resources


def _of_page(cell: NotebookNode) -> NotebookNode:
    """The cell without what travels beside the page only, such as evidence: everything is copied on the way."""
    if not cell.get("outputs"):
        return cell
    outputs = [
        NotebookNode({**output, "data": NotebookNode({m: v for m, v in output.data.items() if m in SHOWN})})
        if "data" in output
        else output
        for output in cell.outputs
    ]
    return NotebookNode({**cell, "outputs": outputs})


def _printed_whole(cell: NotebookNode) -> NotebookNode:
    """The cell with its printed text in one piece; a kernel sends it in as many as its clock makes of it."""
    if len(cell.get("outputs", [])) < 2:
        return cell
    whole: list[NotebookNode] = []
    for output in cell.outputs:
        if output.output_type != "stream":
            whole.append(output)
        elif output.name == "stdout":
            if whole and whole[-1].output_type == "stream":
                whole[-1] = NotebookNode({**whole[-1], "text": whole[-1].text + output.text})
            else:
                whole.append(output)
    return NotebookNode({**cell, "outputs": whole})


def stylesheet() -> str:
    """The one stylesheet of all pages."""
    return (TEMPLATES / "reform" / "style.css").read_text(encoding="utf-8").strip()


def page_language(nb: NotebookNode) -> str:
    """The language an executed notebook was run in. Raises PageRefused when it does not tell."""
    try:
        language = notebook_parameters(nb).get("language")
    except ReformError as error:
        raise PageRefused([(0, str(error))]) from None
    if language not in LANGUAGES:
        raise PageRefused([(0, f"the parameter language is {language!r}, expected one of: {', '.join(LANGUAGES)}")])
    return language


def kept_cells(nb: NotebookNode, language: str):
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
    said = NotebookNode({**title, "metadata": NotebookNode(metadata)})
    if "id" in said:
        said.id += "-title"
    return [said, *before, NotebookNode({**title, "outputs": []}), *cells[len(before) + 1 :]]


def _labelled(number: int, cell: NotebookNode, words: dict[str, str]) -> NotebookNode:
    """The cell with the words that its folded code stands behind, naming it as JupyterLab counts it.

    Of a path among the parameters of the run only the last part is told: a page names no folder of a machine.
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


def pieces(cell: NotebookNode) -> list[str]:
    """The HTML of what a cell shows, as it goes into the page."""
    if cell.cell_type == "markdown":
        return [markdown(cell.source, cell.get("attachments"))]
    outputs = cell.get("outputs", []) if cell.cell_type == "code" else []
    return [piece for output in outputs if "data" in output and (piece := _piece(output)) is not None]


def _piece(output: NotebookNode) -> str | None:
    """The HTML of an output; None where it is shown as plain text."""
    shown = _shown(output)
    if shown == "text/html":
        return clean(output.data[shown])
    if shown == "text/markdown":
        return markdown(output.data[shown])
    return image(output, shown) if shown and shown.startswith("image/") else None


def _shown(output: NotebookNode) -> str | None:
    return next((mimetype for mimetype in SHOWN if mimetype in output.data), None)


def refusals(cell: NotebookNode, language: str) -> list[str]:
    """Why a cell cannot be published; empty when it can."""
    if cell.cell_type == "markdown":
        try:
            return [why for piece in pieces(cell) for why in faults(piece, language)]
        except InvalidNotebook as error:
            return [str(error)]
    if cell.cell_type != "code" or not cell.source.strip():
        return []
    if cell.get("execution_count") is None:
        return ["a cell that was not run; run the notebook from first to last first"]
    return [problem for output in cell.outputs for problem in _output_refusals(output, language)]


def _output_refusals(output: NotebookNode, language: str) -> list[str]:
    if output.output_type == "error":
        return [f"an error: {output.ename}: {output.evalue}"]
    if output.output_type == "stream":
        if output.name == "stderr" and "missing from font" in output.text:
            return ["a chart with a letter that its font lacks"]
        return text_faults(_ANSI.sub("", output.text)) if output.name == "stdout" else []
    for mimetype, name in FORBIDDEN.items():
        if mimetype in output.data:
            return [f"{name}; a page holds only text, tables and images"]
    shown = _shown(output)
    if shown is None:
        return [f"an output that cannot be shown: {', '.join(output.data)}"]
    piece = _piece(output)
    if piece is None:
        return text_faults(_ANSI.sub("", output.data[shown]))
    return (unsafe(output.data[shown]) if shown == "text/html" else []) + faults(piece, language)


@pass_context
def _page_markdown(context, source: str) -> str:
    return markdown(source, context.get("cell", {}).get("attachments"))


def _page_outline(content: str, resources: dict) -> Outline:
    page = outline(content, resources["words"])
    if page.problems:
        raise PageRefused([(0, problem) for problem in page.problems])
    return page
