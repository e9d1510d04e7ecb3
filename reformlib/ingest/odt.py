"""OpenDocument texts (.odt) to tables and paragraphs, from their XML."""

from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest.guard import open_archive
from reformlib.ingest.opendocument import Texts, mark_of, rows_of
from reformlib.ingest.source import CELL, COLUMNS, ROWS, UNREAD, Cells, Source
from reformlib.ingest.xml import attribute, child, children, local, number, parse

_TEXT = ("p", "h")
_THROUGH = ("list", "list-item", "list-header", "section", "index-body", "text-box", "numbered-paragraph")
_PICTURES = ("{*}image", "{*}object", "{*}control")


def read_odt(content: bytes, path: Path, locale: str) -> Source:
    """Read an OpenDocument text. Raises ReformError where it has no text."""
    archive, source = open_archive(content, path), Source(path.name, locale=locale)
    root = parse(archive, "content.xml", path)
    body = child(root, "body", "text")
    if body is None:
        raise ReformError(f"{path.name} holds no text", where=str(path), fix="ask for the file again")
    if next(body.iter("{*}deletion"), None) is not None:
        source.tell("deleted")
    _blocks(body, source, Texts(archive, root, source, path))
    return source


def _blocks(parent, source: Source, texts: Texts) -> None:
    for element in children(parent):
        name = local(element)
        if name in _TEXT:
            if text := texts.of_paragraph(element).strip():
                source.paragraphs.append(text)
            _notes(element, source, texts)
            for box in element.iter("{*}text-box"):
                _blocks(box, source, texts)
        elif name == "table":
            _table(element, source, texts)
        elif name in _THROUGH and attribute(element, "display") != "none":
            _blocks(element, source, texts)


def _notes(parent, source: Source, texts: Texts) -> None:
    for note in parent.iter("{*}note"):
        lines = [line for part in note if local(part) == "note-body" for line in part.iter("{*}p")]
        source.notes[mark_of(note)] = "\n".join(map(texts.of_paragraph, lines)).strip()


def _table(table, source: Source, texts: Texts) -> None:
    at = len(source.grids)
    source.add("", [])  # keeps its place before tables in its cells
    rows: list[Cells] = []
    for row in rows_of(table):
        cells: Cells = []
        for cell in children(row):
            covered = local(cell) == "covered-table-cell"
            text = None if covered else _text(cell, source, texts)
            cells += [text] * number(attribute(cell, "number-columns-repeated"), 1, COLUMNS)
            _notes(cell, source, texts)
        rows += [cells[: COLUMNS + 1]] * min(number(attribute(row, "number-rows-repeated"), 1), ROWS + 1)
        if len(rows) > ROWS:
            break
    inner = source.grids[at + 1 :]
    del source.grids[at:]
    source.add(f"{source.name}, table {at + 1}", rows)
    source.grids += inner


def _text(parent, source: Source, texts: Texts) -> str:
    """Text of a cell, paragraphs on lines of their own. A table inside it is one more table.

    Such a table, and a picture in a cell without text, leave a sign that is no figure: nothing is missing there.
    """
    lines = []
    for element in children(parent):
        name = local(element)
        if name in _TEXT:
            lines += [texts.of_paragraph(element), *(_text(box, source, texts) for box in element.iter("{*}text-box"))]
        elif name == "table":
            _table(element, source, texts)
            lines.append(UNREAD)
        elif name in _THROUGH:
            lines.append(_text(element, source, texts))
    if not any(lines) and next(parent.iter(*_PICTURES), None) is not None:
        return UNREAD
    return "\n".join(lines)[:CELL].strip("\n")
