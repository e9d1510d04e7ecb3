"""Excel workbooks (.xlsx) to tables, from their XML.

calamine gives values without their number format, so 0.9 shown as 90 % would be lost, raised markers would become
digits, and a formula that was never computed would be an empty cell. The form is read as it is shown.
"""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from reformlib.ingest.guard import open_archive
from reformlib.ingest.number_format import FIRST_DAY
from reformlib.ingest.sheet import SHEETS, Formula, Sheet, Style, column_number, doubt_zeros
from reformlib.ingest.source import COLUMNS, ROWS, Run, Source
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
    styles = _styles(parse(archive, "xl/styles.xml", path))
    strings = [_runs(item) for item in stream(archive, "xl/sharedStrings.xml", path, "si")]
    parts, read = set(archive.namelist()), {}
    for stored in sheets[:SHEETS]:
        target = targets.get(next((v for k, v in stored.attrib.items() if k.endswith("}id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part not in parts:
            continue
        sheet = Sheet(attribute(stored, "name"), source, date(1904, 1, 1) if mac else FIRST_DAY)
        if attribute(stored, "state") in ("hidden", "veryHidden"):
            source.tell("hidden", place=sheet.place)
        _read(stream(archive, part, path, "col", "row", "mergeCell"), sheet, strings, styles)
        read[sheet.name] = sheet
    doubt_zeros(read)
    for sheet in read.values():
        sheet.finish()
    if len(sheets) > SHEETS:
        source.tell("sheets_limit", most=SHEETS)
    if any("vbaProject" in name for name in parts):
        source.tell("macros")
    if any(name.startswith("xl/externalLinks/") for name in parts):
        source.tell("links")
    return source


def _read(elements: Iterable, sheet: Sheet, strings: list[list[Run]], styles: dict[int, Style]) -> None:
    row = 0
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


def _row(element, row: int, sheet: Sheet, strings: list[list[Run]], styles: dict[int, Style]) -> None:
    column = 0
    for cell in element:
        name = re.fullmatch(r"([A-Z]{1,3})[0-9]{1,7}", attribute(cell, "r"))
        column = column_number(name[1]) if name else column + 1
        style = styles.get(number(attribute(cell, "s"), 0), Style())
        sheet.put(row, column, *_cell(cell, sheet, strings, style), crossed=style.struck)
        _keep_zero(child(cell, "f"), child(cell, "v"), row, column, sheet)


def _keep_zero(formula, value, row: int, column: int, sheet: Sheet) -> None:
    """Keep a formula whose stored result is 0, and one whose text serves several cells."""
    name = attribute(formula, "si")
    if name and formula.text:
        sheet.shared[name] = formula.text, row, column
    if formula is not None and value is not None and re.fullmatch(r"-?0(?:\.0)?", value.text or ""):
        text, top, left = sheet.shared.get(name, ("", row, column)) if name else (formula.text or "", row, column)
        sheet.zeros[row, column] = Formula(text, row - top, column - left)


def _cell(cell, sheet: Sheet, strings: list[list[Run]], style: Style) -> tuple[str, str]:
    """What a cell shows, and what is doubtful about it."""
    value = child(cell, "v")
    stored = (value.text or "") if value is not None else ""
    kind = attribute(cell, "t")
    if not stored and kind != "inlineStr":
        return "", "uncomputed" if child(cell, "f") is not None else ""
    match kind:
        case "s" if not stored.isdigit() or int(stored) >= len(strings):
            return "", "unstored"
        case "s" | "str" | "inlineStr":
            runs = strings[int(stored)] if kind == "s" else _runs(child(cell, "is")) or [(stored, "", False, False)]
            return sheet.source.text((run[0], run[1] or style.font, *run[2:]) for run in runs), ""
        case "e":
            return stored, "formula_error"
        case "b":
            return ("TRUE" if stored == "1" else "FALSE"), ""
    return sheet.number(stored, style)


def _styles(root) -> dict[int, Style]:
    """The look of a workbook's cells by the index that a cell names."""
    formats = children(child(root, "numFmts"))
    codes = _BUILT_IN | {number(attribute(e, "numFmtId"), 0): attribute(e, "formatCode") for e in formats}
    fonts = dict(enumerate(children(child(root, "fonts"))))
    styles = {}
    for at, cell in enumerate(children(child(root, "cellXfs"))):
        code, font = number(attribute(cell, "numFmtId"), 0), fonts.get(number(attribute(cell, "fontId"), 0))
        name = attribute(child(font, "name"), "val")
        styles[at] = Style(codes.get(code) or "General", name, struck=is_set(font, "strike"))
    return styles


def _runs(item) -> list[Run]:
    """The runs of a string, font "" for that of the cell; phonetic hints are no text."""
    runs: list[Run] = []
    for element in children(item):
        if local(element) == "t":
            runs.append((_unescaped(element.text), "", False, False))
        elif local(element) == "r":
            properties, value = child(element, "rPr"), child(element, "t")
            raised = attribute(child(properties, "vertAlign"), "val") in ("superscript", "subscript")
            text = "" if value is None else _unescaped(value.text)
            runs.append((text, attribute(child(properties, "rFont"), "val"), raised, is_set(properties, "strike")))
    return runs


def _unescaped(text: str | None) -> str:
    """Text of a string, in which Excel writes what XML cannot hold, and an underscore before an x, by its code.

    >>> _unescaped("Số_x000D_ 5"), _unescaped("a_x005F_x0041_")
    ('Số\\r 5', 'a_x0041_')
    """
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text or "")
