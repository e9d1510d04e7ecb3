"""Any file that is read to its tables and paragraphs. Runs in a process of its own (see sandbox)."""

import io
from importlib import import_module
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import encodings, guard
from reformlib.ingest.guard import KINDS
from reformlib.ingest.source import Source


def read(path: Path, locale: str = "vi") -> Source:
    """Read one file: tables, paragraphs and footnotes as printed, and what of them is doubtful.

    Numbers of a workbook are written as in `locale` (vi 1.445 and 97,7; en 1,445 and 97.7).

    Raises ReformError for a file that is not read, with the way out.
    """
    kind, content = guard.load_bytes(path)
    if KINDS[kind]["through"]:
        from reformlib.ingest.office import converted

        kind, content = converted(content, kind, path)
    module, name = KINDS[kind]["reader"].split(".")  # no other reader is loaded: that takes longer than reading
    source = getattr(import_module(f"reformlib.ingest.{module}"), name)(content, path, locale)
    return _unicode(source, path)


def values(path: Path) -> dict[str, list[list]]:
    """What the cells of an Excel workbook hold, row by row, by sheet: texts, numbers, truth values and dates.

    Raises ReformError for a file that is no workbook, and for a formula whose result is not stored, with the way out.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _kind, content = guard.load_bytes(path)  # what is locked, cut off, or unpacks to far more than it is, ends here
    for grid in read(path).grids:
        for (row, column), why in grid.doubts.items():
            if why in ("uncomputed", "placeholder"):
                raise ReformError(
                    "a formula without a stored result",
                    where=f"{grid.place}, row {row + 1}, column {column + 1}",
                    fix="type the figure, or open the workbook in Excel or LibreOffice and save it",
                )
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise ReformError(f"{path.name} cannot be read as a workbook: {error}", where=str(path)) from None


def _unicode(source: Source, path: Path) -> Source:
    """Old encodings that no font names: recognised by the words of the whole file, then of each text."""
    texts = [cell for grid in source.grids for row in grid.rows for cell in row if cell] + source.paragraphs
    try:
        whole = encodings.recognise(" ".join(texts)[:200_000])
    except ReformError as error:
        error.where = str(path)
        raise

    def convert(text: str) -> str:
        return text if text.isascii() else decoded(text).replace("\u00ad", "")  # but for TCVN3 a place to break a word

    def decoded(text: str) -> str:
        try:
            name = whole or encodings.recognise(text)
        except ReformError:
            return text
        # in a file of an old encoding a text may already be Unicode, converted by its font or typed later
        if not name or (encodings.plausible(text)[0] >= encodings.plausible(encodings.decode(text, name))[0]):
            return text
        source.tell("encoding", encoding=encodings.NAMES[name])
        return encodings.decode(text, name)

    for grid in source.grids:
        grid.rows = [[cell and convert(cell) for cell in row] for row in grid.rows]
    source.paragraphs = [convert(text) for text in source.paragraphs]
    source.notes = {mark: convert(text) for mark, text in source.notes.items()}
    return source
