"""OpenDocument workbooks (.ods) to tables: the text that their cells show, from their XML."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from reformlib.ingest.guard import open_archive
from reformlib.ingest.number_format import SHOWS, plain_number
from reformlib.ingest.opendocument import Texts, rows_of
from reformlib.ingest.sheet import SHEETS, Sheet
from reformlib.ingest.source import COLUMNS, ROWS, Look, Source
from reformlib.ingest.xml import attribute, child, children, local, number, parse

_HIDDEN = ("collapse", "filter")


def read_ods(content: bytes, path: Path, locale: str) -> Source:
    """Read an OpenDocument workbook: the text that its cells show."""
    archive, source = open_archive(content, path), Source(path.name, locale=locale)
    root = parse(archive, "content.xml", path)
    texts = Texts(archive, root, source, path)
    tables = [e for e in children(child(root, "body", "spreadsheet")) if local(e) == "table"]
    for table in tables[:SHEETS]:
        sheet = Sheet(attribute(table, "name"), source)
        _read(table, sheet, texts)
        sheet.finish()
    return source


def _read(table, sheet: Sheet, texts: Texts) -> None:
    at, styles = 0, []
    for column in table.iter("{*}table-column"):
        times = number(attribute(column, "number-columns-repeated"), 1, COLUMNS)
        styles += [attribute(column, "default-cell-style-name")] * times
        if attribute(column, "visibility") in _HIDDEN:
            sheet.hidden_columns.update(range(at + 1, at + times + 1))
        at += times
    above = 0
    for row in rows_of(table):
        repeated = number(attribute(row, "number-rows-repeated"), 1, 2_000_000)
        for at in range(above + 1, min(above + repeated, ROWS + 1) + 1) or [ROWS + 1]:  # that there is more is told
            if not _row(row, at, sheet, texts, styles):
                break
            sheet.hidden_rows |= {at} if attribute(row, "visibility") in _HIDDEN else set()
        above += repeated


def _row(row, at: int, sheet: Sheet, texts: Texts, styles: list[str]) -> bool:
    """Keep the cells of row `at`; whether there is anything in it."""
    column, filled = 1, False
    for cell in row:
        times = number(attribute(cell, "number-columns-repeated"), 1, 20_000)
        style = attribute(cell, "style-name") or attribute(row, "default-cell-style-name")
        look = texts.look("table-cell", style or (styles[column - 1] if column <= len(styles) else ""))
        text, doubt = _cell(cell, texts, look._replace(struck=None), sheet.source.locale)
        if text or doubt:
            filled = True
            for at_column in range(column, min(column + times, COLUMNS + 2)):
                sheet.put(at, at_column, text, doubt, crossed=bool(look.struck))
        if local(cell) == "table-cell":
            down, across = (number(attribute(cell, f"number-{way}-spanned"), 1) for way in ("rows", "columns"))
            if down > 1 or across > 1:
                sheet.merge(at, column, at + down - 1, column + across - 1)
        column += times
    return filled


def _cell(cell, texts: Texts, look: Look, locale: str) -> tuple[str, str]:
    """What a cell shows, and what is doubtful about it."""
    text = "\n".join(texts.of_paragraph(p, look) for p in cell if local(p) == "p").strip()
    kind, stored = attribute(cell, "value-type"), attribute(cell, "value") or attribute(cell, "date-value")
    if not text and local(cell) == "table-cell" and (stored or attribute(cell, "formula")):
        return "", "unstored" if stored else "uncomputed"
    if text and kind in ("float", "percentage", "currency"):
        return _in_locale(text, attribute(cell, "value"), locale, percent=kind == "percentage")
    return text, ""


def _in_locale(text: str, value: str, locale: str, *, percent: bool) -> tuple[str, str]:
    """A number that a cell shows in the writing of a locale, whatever the language of its workbook, and what is
    doubtful about it: that it shows another number than is stored.

    >>> _in_locale("140,825", "140825", "vi", percent=False), _in_locale("97.7%", "0.9768", "vi", percent=True)
    (('140825', ''), ('97,7%', ''))
    >>> _in_locale("5.650", "5.65", "vi", percent=False), _in_locale("6", "5650", "vi", percent=False)
    (('5,650', ''), ('6', 'format'))
    """
    shown = re.search(r"\d(?:[\d.,\s]*\d)?", text)
    try:
        stored = abs(Decimal(value)) * (100 if percent else 1)
        if not stored and re.fullmatch(r"[\s–—-]+", text):
            return "0", f"{SHOWS}{text.strip()}"
        for places in range(len(shown[0]) if shown else 0):
            rounded = stored.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
            if shown and re.sub(r"\D", "", f"{rounded:f}") == re.sub(r"\D", "", shown[0]):
                return text.replace(shown[0], plain_number(rounded, locale, places), 1), ""
    except InvalidOperation:
        return text, "unstored"
    return text, "format"
