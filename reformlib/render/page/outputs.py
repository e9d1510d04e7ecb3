"""What a cell shows: Markdown, images and outputs as cleaned HTML, and why one cannot be published."""

import base64
import html
import re

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


def shown(cell: NotebookNode, language: str) -> tuple[str, list[str]]:
    """The HTML of what a cell shows, and why it cannot be published on a page of the language."""
    if cell.cell_type == "markdown":
        try:
            piece = _markdown(cell.source, cell.get("attachments"))
        except InvalidNotebook as error:
            return "", [str(error)]
        annex = "annex" in cell.metadata.get("tags", [])
        return f'<div class="annex">{piece}</div>' if annex else piece, faults(piece, language)
    if cell.cell_type != "code":
        return "", []
    if cell.source.strip() and cell.get("execution_count") is None:
        return "", ["a cell that was not run; run the notebook from first to last first"]
    found = [_output(output, language) for output in cell.outputs]
    return "\n".join(piece for piece, _ in found if piece), [why for _, whys in found for why in whys]


def _output(output: NotebookNode, language: str) -> tuple[str, list[str]]:
    """The HTML of an output, and why it cannot be published; what was said on stderr is not shown."""
    if output.output_type == "error":
        return "", [f"an error: {output.ename}: {output.evalue}"]
    if output.output_type == "stream" and output.name == "stderr":
        return "", ["a chart with a letter that its font lacks"] if "missing from font" in output.text else []
    if output.output_type == "stream":
        return _printed(output.text)
    for mimetype, name in FORBIDDEN.items():
        if mimetype in output.data:
            return "", [f"{name}; a page holds only text, tables and images"]
    mimetype = next((mimetype for mimetype in SHOWN if mimetype in output.data), None)
    if mimetype is None:
        return "", [f"an output that cannot be shown: {', '.join(output.data)}"]
    data = output.data[mimetype]
    if mimetype == "text/html":
        piece = clean(data)
        return piece, unsafe(data) + faults(piece, language)
    if mimetype in ("text/plain", "text/latex"):
        return _printed(data)
    piece = _markdown(data) if mimetype == "text/markdown" else _image(output, mimetype)
    return piece, faults(piece, language)


def _printed(text: str) -> tuple[str, list[str]]:
    text = _ANSI.sub("", text)
    return f"<pre>{html.escape(text)}</pre>", text_faults(text)


def _markdown(source: str, attachments: dict | None = None) -> str:
    """Markdown to cleaned HTML."""
    reader = _reader(attachments) if attachments else _READER
    return clean(reader.render(unfolded(source)))


def _image(output: NotebookNode, mimetype: str) -> str:
    """An image output as a figure; its alternative text is `metadata["alt"]` of the output or of its type."""
    data = output.data[mimetype]
    if mimetype == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    notes = {**output.metadata, **output.metadata.get(mimetype, {})}
    size = "".join(f' {name}="{int(notes[name])}"' for name in ("width", "height") if name in notes)
    source = f"data:{mimetype};base64,{''.join(data.split())}"
    return clean(f'<figure><img src="{source}" alt="{html.escape(str(notes.get("alt", "")))}"{size}></figure>')
