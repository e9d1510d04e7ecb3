"""Workbooks to tables: .xlsx and .ods from their XML, .xls through calamine.

calamine gives values without their number format, so 0.9 shown as 90 % would be lost, raised markers would become
digits, and a formula that was never computed would be an empty cell. The form is read as it is shown, so .xlsx and
.ods are read here; for .xls, where the format stays unknown, a number is marked as doubtful where it matters.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import encodings
from reformlib.ingest.remarks import remark
from reformlib.ingest.source import CELL, COLUMNS, ROWS, Grid, Source
from reformlib.ingest.wording import SCALES, marker, struck
from reformlib.ingest.xml import attribute, child, local, number, parse, stream

SHEETS = 60
_FIRST_DAY = date(1899, 12, 30)  # from which workbooks count their days
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 49: "@"}
_BUILT_IN |= dict.fromkeys((14, 15, 16, 17, 22), "yyyy-mm-dd")
HOLDS, SHOWS = "holds ", "shows "  # what a cell holds or shows beyond what is read; no doubt, told as a remark


def read_xlsx(archive: zipfile.ZipFile, path: Path, locale: str) -> Source:
    """Read an Excel workbook: what its cells show, from stored values; formulas and links are never run."""
    source = Source(path.name, locale=locale)
    targets = {
        attribute(r, "Id"): attribute(r, "Target")
        for r in _children(parse(archive, "xl/_rels/workbook.xml.rels", path))
    }
    book = parse(archive, "xl/workbook.xml", path)
    sheets = [e for e in _children(child(book, "sheets")) if local(e) == "sheet"]
    mac = attribute(child(book, "workbookPr"), "date1904") in ("1", "true")
    styles = _Styles(parse(archive, "xl/styles.xml", path), date(1904, 1, 1) if mac else _FIRST_DAY)
    strings = [_rich(item, styles, source) for item in stream(archive, "xl/sharedStrings.xml", path, "si")]
    for sheet in sheets[:SHEETS]:
        name = attribute(sheet, "name")
        target = targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part not in archive.namelist():
            continue
        place = f"{path.name}, sheet {name}"
        if attribute(sheet, "state") in ("hidden", "veryHidden"):
            source.remarks.append(remark("hidden", place=place))
        elements = stream(archive, part, path, "col", "row", "mergeCell")
        source.grids.append(_sheet(elements, place, strings, styles, source))
    if len(sheets) > SHEETS:
        source.remarks.append(remark("sheets_limit", place=path.name, most=SHEETS))
    if any("vbaProject" in name for name in archive.namelist()):
        source.remarks.append(remark("macros", place=path.name))
    if any(name.startswith("xl/externalLinks/") for name in archive.namelist()):
        source.remarks.append(remark("links", place=path.name))
    return source


def _sheet(elements: Iterable, place: str, strings: list[str], styles: _Styles, source: Source) -> Grid:
    cells: dict[int, dict[int, str | None]] = {}
    doubts: list[tuple[int, int, str]] = []
    merges, more = [], False
    row_number = 0
    hidden: tuple[set[int], set[int]] = set(), set()  # rows, columns
    for element in elements:
        if local(element) == "col":
            if attribute(element, "hidden") in ("1", "true"):
                first, last = (number(attribute(element, end), 0, COLUMNS) for end in ("min", "max"))
                hidden[1].update(range(first, last + 1))
            continue
        if local(element) == "mergeCell":
            ends = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})", attribute(element, "ref"))
            if ends and len(merges) < ROWS * 4:
                merges.append((int(ends[2]), _column(ends[1]), int(ends[4]), _column(ends[3])))
            continue
        row_number = number(attribute(element, "r"), row_number + 1, 2_000_000)
        if row_number > ROWS:
            if not more and any(child(cell, "v") is not None for cell in element):
                more = True
                cells[row_number] = {}  # told, not read
            continue
        if attribute(element, "hidden") in ("1", "true"):
            hidden[0].add(row_number)
        column_number = 0
        for cell in element:
            where = re.fullmatch(r"([A-Z]{1,3})[0-9]{1,7}", attribute(cell, "r"))
            column_number = _column(where[1]) if where else column_number + 1
            text, doubt = _cell(cell, strings, styles, source)
            if text and styles.struck(number(attribute(cell, "s"), 0)):
                doubt = "struck"
            if doubt.startswith(HOLDS):
                at = f"{place}, {attribute(cell, 'r')}"
                source.remarks.append(remark("rounded", place=at, stored=doubt.removeprefix(HOLDS), shown=text))
            elif doubt.startswith(SHOWS):
                at = f"{place}, {attribute(cell, 'r')}"
                source.remarks.append(remark("shown_as", place=at, shown=doubt.removeprefix(SHOWS), read=text))
            elif doubt:
                doubts.append((row_number - 1, column_number - 1, doubt))
            if text:
                cells.setdefault(row_number, {})[column_number] = text[:CELL]
    _tell_hidden(*hidden, cells, place, source)
    return _grid(place, cells, merges, doubts, source)


def _tell_hidden(rows: set[int], columns: set[int], cells: dict[int, dict], place: str, source: Source) -> None:
    """Hidden rows and columns that hold something: the file says it, and a reader of the file does not see it."""
    filled = {c for row in cells.values() for c in row}
    names = {"hidden_rows": [str(r) for r in sorted(rows & cells.keys())]}
    names["hidden_columns"] = [_letters(c) for c in sorted(columns & filled)]
    for code, found in names.items():
        if found:
            source.remarks.append(remark(code, place=place, which=", ".join(found[:50])))


def _grid(place: str, cells: dict[int, dict[int, str | None]], merges, doubts, source: Source) -> Grid:
    """A grid from cells by row and column, both counted from 1, with what merged ranges cover."""
    bottom = min(max([*cells, *(row + 1 for row, _, _ in doubts)], default=0), ROWS)
    right = max((max(row, default=0) for row in cells.values()), default=0)
    if right > COLUMNS:
        source.remarks.append(remark("columns_limit", place=place, most=COLUMNS))
    right = min(max([right, *(column + 1 for _, column, _ in doubts)], default=0), COLUMNS)
    if max(cells, default=0) > ROWS:
        source.remarks.append(remark("rows_limit", place=place, most=ROWS))
    rows: list[list[str | None]] = [
        [cells.get(r, {}).get(c, "") for c in range(1, right + 1)] for r in range(1, bottom + 1)
    ]
    for top, left, low, far in merges:
        for r in range(top, min(low, bottom) + 1):
            for c in range(left, min(far, right) + 1):
                if (r, c) != (top, left):
                    rows[r - 1][c - 1] = None
    return Grid(place, rows, [(r, c, why) for r, c, why in doubts if r < bottom and c < right])


def _cell(cell, strings: list[str], styles: _Styles, source: Source) -> tuple[str, str]:
    """What a cell shows, and what is doubtful about it."""
    kind, value = attribute(cell, "t"), child(cell, "v")
    stored = (value.text or "") if value is not None else ""
    index = number(attribute(cell, "s"), 0)
    if kind == "inlineStr":
        return _rich(child(cell, "is"), styles, source, index), ""
    if child(cell, "f") is not None and not stored:
        return "", "uncomputed"
    if not stored:
        return "", ""
    if kind == "s":
        if not stored.isdigit() or int(stored) >= len(strings):
            return "", "unstored"
        return styles.converted(strings[int(stored)], index, source), ""
    if kind == "str":
        return styles.converted(stored, index, source), ""
    if kind == "e":
        return stored, "formula_error"
    if kind == "b":
        return ("TRUE" if stored == "1" else "FALSE"), ""
    return show(stored, styles.format(index), source.locale, styles.first_day)


def show(stored: str, code: str, locale: str = "vi", first_day: date = _FIRST_DAY) -> tuple[str, str]:
    """A stored number as a workbook of that locale shows it, and what is doubtful about that.

    >>> show("0.956", "0.0%"), show("1445", "#,##0"), show("0.9", "General"), show("0.956", "0.0%", "en")
    (('95,6%', ''), ('1.445', ''), ('0,9', ''), ('95.6%', ''))
    """
    try:
        value = Decimal(stored)
        if not value.is_finite() or abs(value) > Decimal("1e15"):
            raise InvalidOperation
    except InvalidOperation:
        return stored[:50], "unstored"
    # a workbook stores binary fractions: 0.07 times 100 is kept as 7.000000000000001
    value = Decimal(f"{value:.15g}")
    sections = [re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", part) for part in code.split(";")]
    section = sections[0]
    if re.search(r"[ymdhs]", section, re.IGNORECASE) and "general" not in section.lower():
        return _day(value, first_day), "" if value < 100_000 else "unstored"
    if _otherwise(code, section):
        return _plain(value, locale), "format"
    percent = re.search(r" *%", section)
    sign = percent[0] if percent else ""
    shown = value * 100 if percent else value
    pattern = re.search(r"[0#?]+(?:[.]([0#?]+))?(?=[^.0#?]*$)", section.replace(",", ""))
    grouped = bool(re.search(r"[0#?],[0#?]", section))
    if not pattern or "E" in section.upper().replace("GENERAL", ""):
        return _plain(shown, locale) + sign, ""
    places = pattern[1] or ""
    rounded = shown.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    doubt = f"{HOLDS}{_plain(shown, locale)}{sign}" if rounded != shown else ""
    if not value and len(sections) > 2 and not re.search("[0#]|general", sections[2], re.IGNORECASE):
        doubt = SHOWS + re.sub(r'["?\\]|_.|\*.', "", code.split(";")[2]).strip()
    fixed = len(places.rstrip("#?")) if "0" in places else None
    return _plain(rounded, locale, fixed, grouped=grouped) + sign, doubt


def _otherwise(code: str, section: str) -> bool:
    """Whether a number format shows something else than the number: divided by a thousand, in words, not at all.

    >>> _otherwise("#,##0,", "#,##0,"), _otherwise("# ?/?", "# ?/?"), _otherwise(";;;", ""), _otherwise("0", "0")
    (True, True, True, False)
    """
    written = "".join(quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|\\(.)', code.split(";")[0]))
    if re.search(rf"\d|%|\b{SCALES}\b", written, re.IGNORECASE):  # beside a number, read as a part of it
        return True
    if "general" in code.lower() or section.strip() == "@":
        return False
    scaled = re.search(r"[0#?],+(?![0#?,])", section)
    return bool(scaled or "/" in section or re.search(r"\[[<>=]", code) or not re.search("[0#?]", section))


def _plain(value: Decimal, locale: str, places: int | None = None, *, grouped: bool = False) -> str:
    """A number in the writing of a locale, with so many decimals, or as many as it has."""
    comma = "," if grouped else ""
    text = f"{value:{comma}.{places}f}" if places is not None else f"{value:{comma}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if locale == "en" else text.translate(str.maketrans(".,", ",."))


def _day(value: Decimal, first: date) -> str:
    """A date as an office writes it."""
    if not 0 < value < 100_000:
        return f"{value:f}"
    day = first + timedelta(days=int(value))
    return f"{day.day}/{day.month}/{day.year}"


class _Styles:
    """Number formats and fonts of a workbook's cells, by the index that a cell names."""

    def __init__(self, root, first_day: date) -> None:
        self.first_day = first_day
        codes = {
            number(attribute(e, "numFmtId"), 0): attribute(e, "formatCode") for e in _children(child(root, "numFmts"))
        }
        fonts = _children(child(root, "fonts"))
        self.fonts = [attribute(child(font, "name"), "val") for font in fonts]
        self.crossed = {at for at, font in enumerate(fonts) if _crossed(font)}
        self.cells = [
            (
                codes.get(number(attribute(xf, "numFmtId"), 0))
                or _BUILT_IN.get(number(attribute(xf, "numFmtId"), 0), "General"),
                number(attribute(xf, "fontId"), 0),
            )
            for xf in _children(child(root, "cellXfs"))
        ]

    def format(self, index: int) -> str:
        return self.cells[index][0] if index < len(self.cells) else "General"

    def font(self, index: int) -> str:
        at = self.cells[index][1] if index < len(self.cells) else 0
        return self.fonts[at] if at < len(self.fonts) else ""

    def struck(self, index: int) -> bool:
        return index < len(self.cells) and self.cells[index][1] in self.crossed

    def converted(self, text: str, index: int, source: Source) -> str:
        return _converted(text, self.font(index), source)


def _converted(text: str, font: str, source: Source) -> str:
    encoding, capitals = encodings.of_font(font)
    if not encoding or text.isascii():
        return text
    entry = remark("encoding", place=source.name, encoding=encodings.NAMES[encoding])
    if entry not in source.remarks:
        source.remarks.append(entry)
    return encodings.decode(text, encoding, capitals=capitals)


def _rich(item, styles: _Styles, source: Source, index: int | None = None) -> str:
    """Text of a string, raised runs as markers between brackets; phonetic hints are no text."""
    parts = []
    for element in _children(item):
        if local(element) == "t":
            text = element.text or ""
            parts.append(styles.converted(text, index, source) if index is not None else text)
        elif local(element) == "r":
            text = (child(element, "t").text or "") if child(element, "t") is not None else ""
            properties = child(element, "rPr")
            text = _converted(text, attribute(child(properties, "rFont"), "val"), source)
            raised = attribute(child(properties, "vertAlign"), "val") == "superscript" and text.strip()
            parts.append(marker(text) if raised else struck(text) if _crossed(properties) else text)
    return "".join(parts)


def _crossed(font) -> bool:
    """Whether a font crosses its text out."""
    stated = child(font, "strike")
    return stated is not None and attribute(stated, "val") not in ("0", "false")


def read_ods(archive: zipfile.ZipFile, path: Path, locale: str) -> Source:
    """Read an OpenDocument workbook: the text that its cells show."""
    source = Source(path.name, locale=locale)
    root = parse(archive, "content.xml", path)
    raised = {
        attribute(style, "name")
        for style in _children(child(root, "automatic-styles"))
        if attribute(child(style, "text-properties"), "text-position").startswith(("super", "33", "58"))
    }
    tables = [e for e in _children(child(root, "body", "spreadsheet")) if local(e) == "table"]
    for table in tables[:SHEETS]:
        source.grids.append(_ods_sheet(table, f"{path.name}, sheet {attribute(table, 'name')}", raised, source))
    return source


def _ods_sheet(table, place: str, raised: set[str], source: Source) -> Grid:
    cells: dict[int, dict[int, str | None]] = {}
    merges, doubts, row_number = [], [], 0
    hidden: tuple[set[int], set[int]] = set(), set()  # rows, columns
    at = 0
    for column in table.iter("{*}table-column"):
        times = number(attribute(column, "number-columns-repeated"), 1, COLUMNS)
        if attribute(column, "visibility") in ("collapse", "filter"):
            hidden[1].update(range(at + 1, at + times + 1))
        at += times
    for row in table.iter("{*}table-row"):
        if row.getparent() is not table and local(row.getparent()) not in (
            "table-header-rows",
            "table-rows",
            "table-row-group",
        ):
            continue
        repeated = number(attribute(row, "number-rows-repeated"), 1, 2_000_000)
        column_number, filled = 0, {}
        for cell in row:
            times = number(attribute(cell, "number-columns-repeated"), 1, 20_000)
            text = _ods_text(cell, raised)
            shown = min(times, COLUMNS + 1 - min(column_number, COLUMNS + 1)) if text else 0
            for offset in range(1, shown + 1):
                filled[column_number + offset] = text[:CELL]
            if local(cell) == "table-cell":
                down, across = (number(attribute(cell, f"number-{w}-spanned"), 1) for w in ("rows", "columns"))
                if (down > 1 or across > 1) and len(merges) < ROWS * 4:
                    merges.append((row_number + 1, column_number + 1, row_number + down, column_number + across))
                stored = attribute(cell, "value") or attribute(cell, "date-value")
                if not text and (stored or attribute(cell, "formula")):
                    doubts.append((row_number, column_number, "unstored" if stored else "uncomputed"))
                elif attribute(cell, "value-type") == "float" and text:
                    filled[column_number + 1] = _ungrouped(text, attribute(cell, "value"))
            column_number += times
        if filled:
            for offset in range(1, min(repeated, ROWS + 1) + 1):
                cells[row_number + offset] = filled
                if attribute(row, "visibility") in ("collapse", "filter"):
                    hidden[0].add(row_number + offset)
                if len(cells) > ROWS:
                    break
        row_number += repeated
    _tell_hidden(*hidden, cells, place, source)
    return _grid(place, cells, merges, [d for d in doubts if d[0] < ROWS], source)


def _ods_text(cell, raised: set[str]) -> str:
    lines = []
    for paragraph in cell:
        if local(paragraph) == "p":
            lines.append("".join(_ods_runs(paragraph, raised)))
    return "\n".join(lines).strip()


def _ods_runs(parent, raised: set[str]):
    yield parent.text or ""
    for element in parent:
        name = local(element)
        if name == "s":
            yield " " * number(attribute(element, "c"), 1, 100)
        elif name == "line-break":
            yield "\n"
        elif name == "tab":
            yield " "
        elif name in ("span", "a"):
            text = "".join(_ods_runs(element, raised))
            yield marker(text) if attribute(element, "style-name") in raised and text.strip() else text
        yield element.tail or ""


def _ungrouped(text: str, value: str) -> str:
    """A shown number without the groups of its workbook's language, which may be English: 140,825 is 140825."""
    plain = re.sub(r"[\s\u00a0.,]", "", text)
    if plain.isdigit() and value.removesuffix(".0") == plain:
        return plain
    return text


def read_xls(content: bytes, path: Path, locale: str) -> Source:
    """Read an Excel workbook of before 2007. Numbers come without their format, and are marked as doubtful."""
    import python_calamine as calamine

    source = Source(path.name, locale=locale)
    try:
        with calamine.load_workbook(io.BytesIO(content)) as book:
            for meta in book.sheets_metadata[:SHEETS]:
                if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                place = f"{path.name}, sheet {meta.name}"
                if meta.visible is not calamine.SheetVisibleEnum.Visible:
                    source.remarks.append(remark("hidden", place=place))
                sheet = book.get_sheet_by_name(meta.name)
                source.grids.append(_xls_sheet(sheet, place, source, raised=_has_raised_font(content)))
    except calamine.PasswordError:
        raise ReformError(
            f"{path.name} is protected by a password", where=str(path), fix="save it without one, or as .xlsx"
        ) from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise ReformError(f"{path.name} is damaged: {error}", where=str(path), fix="save it as .xlsx") from None
    return source


def _has_raised_font(content: bytes) -> bool:
    """Whether an .xls may hold raised text: a FONT record (0x31) of a likely length and height, escapement 1.

    What only looks like one costs a question, no figure.
    """
    for found in re.finditer(rb"\x31\x00(?=[\x0f-\x60]\x00)", content):
        height, escapement = content[found.end() + 2 : found.end() + 4], content[found.end() + 10 : found.end() + 12]
        if escapement == b"\x01\x00" and 80 <= int.from_bytes(height, "little") <= 8000:
            return True
    return False


def _xls_sheet(sheet, place: str, source: Source, *, raised: bool) -> Grid:
    cells: dict[int, dict[int, str | None]] = {}
    doubts = []
    for r, row in enumerate(sheet.to_python(skip_empty_area=False, nrows=ROWS + 1), start=1):
        for c, value in enumerate(row[: COLUMNS + 1], start=1):
            if value == "" or value is None:
                continue
            if isinstance(value, bool):
                text = "TRUE" if value else "FALSE"
            elif isinstance(value, float | int):
                text = _plain(Decimal(f"{value:.15g}"), source.locale) if math.isfinite(value) else str(value)
                doubts += [(r - 1, c - 1, "unformatted")]
            elif isinstance(value, datetime | date):
                text = f"{value.day}/{value.month}/{value.year}"
            else:
                text = str(value)
                if raised and re.search(r"\d{2}\s*$", text):
                    doubts.append((r - 1, c - 1, "raised"))
            cells.setdefault(r, {})[c] = text[:CELL]
    merges = [(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in (sheet.merged_cell_ranges or [])[: ROWS * 4]]
    return _grid(place, cells, merges, doubts, source)


def _children(element) -> list:
    return [] if element is None else [e for e in element if isinstance(e.tag, str)]


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at


def _letters(column: int) -> str:
    """The name of a column: 28 is AB."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name
