"""OpenDocument workbooks (.ods) to tables: the text that their cells show, from their XML."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from reformlib.ingest.guard import open_archive
from reformlib.ingest.number_format import plain_number
from reformlib.ingest.sheet import SHEETS, Sheet
from reformlib.ingest.source import COLUMNS, ROWS, Source
from reformlib.ingest.wording import marker
from reformlib.ingest.xml import attribute, child, children, local, number, parse

_GROUPS = ("table-header-rows", "table-rows", "table-row-group")
_HIDDEN = ("collapse", "filter")


def read_ods(content: bytes, path: Path, locale: str) -> Source:
    """Read an OpenDocument workbook: the text that its cells show."""
    root = parse(open_archive(content, path), "content.xml", path)
    raised = {
        attribute(style, "name")
        for style in children(child(root, "automatic-styles"))
        if attribute(child(style, "text-properties"), "text-position").startswith(("super", "33", "58"))
    }
    source = Source(path.name, locale=locale)
    tables = [e for e in children(child(root, "body", "spreadsheet")) if local(e) == "table"]
    for table in tables[:SHEETS]:
        sheet = Sheet(attribute(table, "name"), source)
        _read(table, sheet, raised)
        sheet.finish()
    return source


def _read(table, sheet: Sheet, raised: set[str]) -> None:
    at = 0
    for column in table.iter("{*}table-column"):
        times = number(attribute(column, "number-columns-repeated"), 1, COLUMNS)
        if attribute(column, "visibility") in _HIDDEN:
            sheet.hidden_columns.update(range(at + 1, at + times + 1))
        at += times
    above = 0
    for row in table.iter("{*}table-row"):
        parent = row.getparent()
        if parent is not table and local(parent) not in _GROUPS:
            continue
        repeated = number(attribute(row, "number-rows-repeated"), 1, 2_000_000)
        for at in range(above + 1, min(above + repeated, ROWS + 1) + 1) or [ROWS + 1]:  # that there is more is told
            if not _row(row, at, sheet, raised):
                break
            sheet.hidden_rows |= {at} if attribute(row, "visibility") in _HIDDEN else set()
        above += repeated


def _row(row, at: int, sheet: Sheet, raised: set[str]) -> bool:
    """Keep the cells of row `at`; whether there is anything in it."""
    column, filled = 1, False
    for cell in row:
        times = number(attribute(cell, "number-columns-repeated"), 1, 20_000)
        text, doubt = _text(cell, raised), ""
        kind, stored = attribute(cell, "value-type"), attribute(cell, "value") or attribute(cell, "date-value")
        if not text and local(cell) == "table-cell" and (stored or attribute(cell, "formula")):
            doubt = "unstored" if stored else "uncomputed"
        elif text and kind in ("float", "percentage", "currency"):
            text, doubt = _in_locale(text, attribute(cell, "value"), sheet.source.locale, percent=kind == "percentage")
        if text or doubt:
            filled = True
            for at_column in range(column, min(column + times, COLUMNS + 2)):
                sheet.put(at, at_column, text, doubt)
        if local(cell) == "table-cell":
            down, across = (number(attribute(cell, f"number-{way}-spanned"), 1) for way in ("rows", "columns"))
            if down > 1 or across > 1:
                sheet.merge(at, column, at + down - 1, column + across - 1)
        column += times
    return filled


def _text(cell, raised: set[str]) -> str:
    return "\n".join("".join(_runs(part, raised)) for part in cell if local(part) == "p").strip()


def _runs(parent, raised: set[str]) -> Iterator[str]:
    yield parent.text or ""
    for element in parent:
        match local(element):
            case "s":
                yield " " * number(attribute(element, "c"), 1, 100)
            case "line-break":
                yield "\n"
            case "tab":
                yield " "
            case "span" | "a":
                text = "".join(_runs(element, raised))
                yield marker(text) if attribute(element, "style-name") in raised and text.strip() else text
        yield element.tail or ""


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
        for places in range(len(shown[0]) if shown else 0):
            rounded = stored.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
            if shown and re.sub(r"\D", "", f"{rounded:f}") == re.sub(r"\D", "", shown[0]):
                return text.replace(shown[0], plain_number(rounded, locale, places), 1), ""
    except InvalidOperation:
        return text, "unstored"
    return text, "format"
