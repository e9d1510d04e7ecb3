"""Any file that is read to its tables and paragraphs. Runs by itself as a process of its own (see apart)."""

from __future__ import annotations

from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import encodings, guard
from reformlib.ingest.remarks import remark
from reformlib.ingest.source import Source


def read(path: Path, locale: str = "vi") -> Source:
    """Read one file: tables, paragraphs and footnotes as printed, and what of them is doubtful.

    Numbers of a workbook are written as in `locale` (vi 1.445 and 97,7; en 1,445 and 97.7).

    Raises ReformError for a file that is not read, with the way out.
    """
    kind, content = guard.load_bytes(path)
    if kind == "text":
        from reformlib.ingest.texts import read_text

        source = read_text(content, path)
    elif kind == "docx":
        from reformlib.ingest.word import read_word

        source = read_word(guard.open_archive(content, path), path)
    else:
        from reformlib.ingest import sheets

        if kind == "xls":
            source = sheets.read_xls(content, path, locale)
        else:
            reader = sheets.read_xlsx if kind == "xlsx" else sheets.read_ods
            source = reader(guard.open_archive(content, path), path, locale)
    return _unicode(source, path)


def _unicode(source: Source, path: Path) -> Source:
    """Old encodings that no font told: recognised by the words of the whole file, then of each text."""
    texts = [cell for grid in source.grids for row in grid.rows for cell in row if cell] + source.paragraphs
    try:
        whole = encodings.recognise(" ".join(texts)[:200_000])
    except ReformError as error:
        error.where = str(path)
        raise
    found = set()

    def convert(text: str | None) -> str | None:
        if not text or text.isascii():
            return text
        try:
            name = whole or encodings.recognise(text)
        except ReformError:
            return text
        # in a file of an old encoding a text may already be Unicode, converted by its font or typed later
        if not name or (encodings.plausible(text)[0] >= encodings.plausible(encodings.decode(text, name))[0]):
            return text
        found.add(encodings.NAMES[name])
        return encodings.decode(text, name)

    for grid in source.grids:
        grid.rows = [[convert(cell) for cell in row] for row in grid.rows]
    source.paragraphs = [convert(text) for text in source.paragraphs]
    source.notes = {mark: convert(text) for mark, text in source.notes.items()}
    if found:
        source.remarks.append(remark("encoding", place=source.name, encoding=", ".join(sorted(found))))
    return source
