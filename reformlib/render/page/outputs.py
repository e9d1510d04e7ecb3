"""What a cell shows: Markdown, images and outputs as cleaned HTML, and why one cannot be published."""

import base64
import html
import re
from functools import lru_cache

from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults, unsafe
from reformlib.render.page.prose import unfolded
from reformlib.render.page.texts import text_faults

FORBIDDEN = {
    "application/javascript": "a script",
    "application/vnd.jupyter.widget-view+json": "a widget",
    "text/vnd.mermaid": "a mermaid diagram",
}
# types that a page shows, the first of an output; what has another one beside it, such as tables as data, is no fault
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
_ANSI = re.compile(r"\x1b\[[\d;]*[A-Za-z]")  # colours of a terminal, left out of the page


class _Markdown(IPythonRenderer):
    """Markdown with raw HTML shown as text and no diagram that would want a script."""

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{html.escape(code)}</code></pre>\n"


def _reader(attachments: dict | None = None) -> MarkdownWithMath:
    renderer = _Markdown(escape=True, exclude_anchor_links=True, attachments=attachments)
    return MarkdownWithMath(renderer=renderer)


_READER = _reader()  # making one builds its patterns


def markdown(source: str, attachments: dict | None = None) -> str:
    """Markdown to cleaned HTML."""
    source = unfolded(source)
    return clean(_reader(attachments).render(source)) if attachments else _markdown(source)


@lru_cache(maxsize=256)
def _markdown(source: str) -> str:
    """Every cell is asked for three times: for its faults, for the page, for what must be found on it."""
    return clean(_READER.render(source))


def forget() -> None:
    """Empty what is kept of the pieces of one page."""
    clean.cache_clear()
    _markdown.cache_clear()


def image(output: NotebookNode, mimetype: str) -> str:
    """An image output as a figure; its alternative text is `metadata["alt"]` of the output or of its type."""
    data = output.data[mimetype]
    if mimetype == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    notes = {**output.metadata, **output.metadata.get(mimetype, {})}
    size = "".join(f' {name}="{int(notes[name])}"' for name in ("width", "height") if name in notes)
    source = f"data:{mimetype};base64,{''.join(data.split())}"
    return clean(f'<figure><img src="{source}" alt="{html.escape(str(notes.get("alt", "")))}"{size}></figure>')


def pieces(cell: NotebookNode) -> list[str]:
    """The HTML of what a cell shows, as it goes into the page."""
    if cell.cell_type == "markdown":
        return [markdown(cell.source, cell.get("attachments"))]
    outputs = cell.get("outputs", []) if cell.cell_type == "code" else []
    return [piece for output in outputs if "data" in output and (piece := _piece(output)) is not None]


def _piece(output: NotebookNode) -> str | None:
    """The HTML of an output; None where it is shown as plain text."""
    mimetype = _shown(output)
    if mimetype == "text/html":
        return clean(output.data[mimetype])
    if mimetype == "text/markdown":
        return markdown(output.data[mimetype])
    return image(output, mimetype) if mimetype and mimetype.startswith("image/") else None


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
    mimetype = _shown(output)
    if mimetype is None:
        return [f"an output that cannot be shown: {', '.join(output.data)}"]
    piece = _piece(output)
    if piece is None:
        return text_faults(_ANSI.sub("", output.data[mimetype]))
    return (unsafe(output.data[mimetype]) if mimetype == "text/html" else []) + faults(piece, language)
