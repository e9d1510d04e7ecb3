"""Excel workbooks (.xlsx) to tables, from their XML.

calamine gives values without their number format, so 0.9 shown as 90 % would be lost, raised markers would become
digits, and a formula that was never computed would be an empty cell. The form is read as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from reformlib.ingest import encodings
from reformlib.ingest.guard import open_archive
from reformlib.ingest.number_format import FIRST_DAY, HOLDS, SHOWS, show
from reformlib.ingest.remarks import remark
from reformlib.ingest.sheet import SHEETS, Sheet, column_number
from reformlib.ingest.source import COLUMNS, ROWS, Source
from reformlib.ingest.wording import marker, struck
from reformlib.ingest.xml import attribute, child, children, is_set, local, number, parse, stream

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 49: "@"}
_BUILT_IN |= dict.fromkeys((14, 15, 16, 17, 22), "yyyy-mm-dd")


def read_xlsx(content: bytes, path: Path, locale: str) -> Source:
    """Read an Excel workbook: what its cells show, from stored values; formulas and links are never run."""
    archive, source = open_archive(content, path), Source(path.name, locale=locale)
    relations = children(parse(archive, "xl/_rels/workbook.xml.rels", path))
    targets = {attribute(relation, "Id"): attribute(relation, "Target") for relation in relations}
    book = parse(archive, "xl/workbook.xml", path)
    sheets = [e for e in children(child(book, "sheets")) if local(e) == "sheet"]
    mac = attribute(child(book, "workbookPr"), "date1904") in ("1", "true")
    styles = _Styles(parse(archive, "xl/styles.xml", path), date(1904, 1, 1) if mac else FIRST_DAY, source)
    strings = [_rich(item, styles) for item in stream(archive, "xl/sharedStrings.xml", path, "si")]
    parts = set(archive.namelist())
    for sheet in sheets[:SHEETS]:
        target = targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part not in parts:
            continue
        place = f"{path.name}, sheet {attribute(sheet, 'name')}"
        if attribute(sheet, "state") in ("hidden", "veryHidden"):
            source.remarks.append(remark("hidden", place=place))
        elements = stream(archive, part, path, "col", "row", "mergeCell")
        source.grids.append(_sheet(elements, place, strings, styles).grid(source))
    if len(sheets) > SHEETS:
        source.remarks.append(remark("sheets_limit", place=path.name, most=SHEETS))
    if any("vbaProject" in name for name in parts):
        source.remarks.append(remark("macros", place=path.name))
    if any(name.startswith("xl/externalLinks/") for name in parts):
        source.remarks.append(remark("links", place=path.name))
    return source


def _sheet(elements: Iterable, place: str, strings: list[str], styles: _Styles) -> Sheet:
    sheet, row = Sheet(place), 0
    for element in elements:
        hidden = attribute(element, "hidden") in ("1", "true")
        match local(element):
            case "col" if hidden:
                first, last = (number(attribute(element, end), 0, COLUMNS) for end in ("min", "max"))
                sheet.hidden_columns.update(range(first, last + 1))
            case "mergeCell":
                ends = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})", attribute(element, "ref"))
                if ends:
                    sheet.merge(int(ends[2]), column_number(ends[1]), int(ends[4]), column_number(ends[3]))
            case "row":
                row = number(attribute(element, "r"), row + 1, 2_000_000)
                if row <= ROWS:
                    sheet.hidden_rows |= {row} if hidden else set()
                    _row(element, row, sheet, strings, styles)
                elif any(child(cell, "v") is not None for cell in element):
                    sheet.cells[ROWS + 1] = {}  # that there is more is reported, not read
    return sheet


def _row(element, row: int, sheet: Sheet, strings: list[str], styles: _Styles) -> None:
    column = 0
    for cell in element:
        name = re.fullmatch(r"([A-Z]{1,3})[0-9]{1,7}", attribute(cell, "r"))
        column = column_number(name[1]) if name else column + 1
        text, doubt = _cell(cell, strings, styles)
        place = f"{sheet.place}, {attribute(cell, 'r')}"
        if text and styles.is_struck(number(attribute(cell, "s"), 0)):
            doubt = "struck"
        elif doubt.startswith(HOLDS):
            entry = remark("rounded", place=place, stored=doubt.removeprefix(HOLDS), shown=text)
            styles.source.remarks.append(entry)
            doubt = ""
        elif doubt.startswith(SHOWS):
            entry = remark("shown_as", place=place, shown=doubt.removeprefix(SHOWS), read=text)
            styles.source.remarks.append(entry)
            doubt = ""
        sheet.put(row, column, text, doubt)


def _cell(cell, strings: list[str], styles: _Styles) -> tuple[str, str]:
    """What a cell shows, and what is doubtful about it."""
    value = child(cell, "v")
    stored = (value.text or "") if value is not None else ""
    index = number(attribute(cell, "s"), 0)
    kind = attribute(cell, "t")
    if kind == "inlineStr":
        return _rich(child(cell, "is"), styles, styles.font(index)), ""
    if not stored:
        return "", "uncomputed" if child(cell, "f") is not None else ""
    match kind:
        case "s" if not stored.isdigit() or int(stored) >= len(strings):
            return "", "unstored"
        case "s":
            return styles.decoded(strings[int(stored)], styles.font(index)), ""
        case "str":
            return styles.decoded(stored, styles.font(index)), ""
        case "e":
            return stored, "formula_error"
        case "b":
            return ("TRUE" if stored == "1" else "FALSE"), ""
    return show(stored, styles.format(index), styles.source.locale, styles.first_day)


class _Styles:
    """Number formats and fonts of a workbook's cells, by the index that a cell names."""

    def __init__(self, root, first_day: date, source: Source) -> None:
        self.first_day, self.source = first_day, source
        formats = children(child(root, "numFmts"))
        codes = _BUILT_IN | {number(attribute(e, "numFmtId"), 0): attribute(e, "formatCode") for e in formats}
        fonts = children(child(root, "fonts"))
        self.fonts = [attribute(child(font, "name"), "val") for font in fonts]
        self.struck = [is_set(font, "strike") for font in fonts]
        cells = [
            [number(attribute(xf, name), 0) for name in ("numFmtId", "fontId")]
            for xf in children(child(root, "cellXfs"))
        ]
        self.cells = [(codes.get(code) or "General", font) for code, font in cells]

    def format(self, index: int) -> str:
        return self.cells[index][0] if index < len(self.cells) else "General"

    def font(self, index: int) -> str:
        at = self.cells[index][1] if index < len(self.cells) else 0
        return self.fonts[at] if at < len(self.fonts) else ""

    def is_struck(self, index: int) -> bool:
        at = self.cells[index][1] if index < len(self.cells) else len(self.struck)
        return at < len(self.struck) and self.struck[at]

    def decoded(self, text: str, font: str) -> str:
        """Text as Unicode, where its font is one of an old encoding; a remark says so."""
        encoding, capitals = encodings.of_font(font)
        if not encoding or text.isascii():
            return text
        entry = remark("encoding", place=self.source.name, encoding=encodings.NAMES[encoding])
        if entry not in self.source.remarks:
            self.source.remarks.append(entry)
        return encodings.decode(text, encoding, capitals=capitals)


def _rich(item, styles: _Styles, font: str = "") -> str:
    """Text of a string, raised runs as markers between brackets; phonetic hints are no text.

    `font` is that of the cell, "" for a string that several cells may show, each in its font.
    """
    parts = []
    for element in children(item):
        if local(element) == "t":
            parts.append(styles.decoded(element.text or "", font))
        elif local(element) == "r":
            properties, value = child(element, "rPr"), child(element, "t")
            text = (value.text or "") if value is not None else ""
            text = styles.decoded(text, attribute(child(properties, "rFont"), "val"))
            raised = attribute(child(properties, "vertAlign"), "val") == "superscript" and text.strip()
            parts.append(marker(text) if raised else struck(text) if is_set(properties, "strike") else text)
    return "".join(parts)
