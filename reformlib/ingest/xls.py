"""Excel workbooks of before 2007 (.xls) to tables, through xlrd: what their cells show, as in :mod:`xlsx`."""

import io
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from reformlib.ingest import guard
from reformlib.ingest.number_format import FIRST_DAY
from reformlib.ingest.sheet import SHEETS, Sheet, Style
from reformlib.ingest.source import COLUMNS, ROWS, Run, Source


def read_xls(content: bytes, path: Path, locale: str) -> Source:
    """Read an Excel workbook of before 2007. Raises ReformError for one that has a password or is no workbook."""
    import xlrd
    from xlrd.biffh import XLRDError

    source = Source(path.name, locale=locale)
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except XLRDError as error:
        raise guard.locked(path) if "encrypted" in str(error) else guard.damaged(path, f"damaged: {error}") from None
    fonts = [(font.name, font.escapement == 1, bool(font.struck_out)) for font in book.font_list]
    styles = [Style(book.format_map[xf.format_key].format_str, *fonts[xf.font_index]) for xf in book.xf_list]
    for stored in book.sheets()[:SHEETS]:
        sheet = Sheet(stored.name, source, date(1904, 1, 1) if book.datemode else FIRST_DAY)
        if stored.visibility:
            source.tell("hidden", place=sheet.place)
        for r in range(min(stored.nrows, ROWS + 1)):
            for c, cell in enumerate(stored.row_slice(r, 0, COLUMNS + 1)):
                style = styles[stored.cell_xf_index(r, c)]
                runs = _runs(cell.value, style, stored.rich_text_runlist_map.get((r, c), []), fonts)
                sheet.put(r + 1, c + 1, *_cell(cell, sheet, style, runs), crossed=style.struck)
        for top, bottom, left, right in stored.merged_cells:
            sheet.merge(top + 1, left + 1, bottom, right)
        sheet.hidden_rows |= {r + 1 for r, row in stored.rowinfo_map.items() if row.hidden}
        sheet.hidden_columns |= {c + 1 for c, column in stored.colinfo_map.items() if column.hidden}
        sheet.finish()
    return source


def _runs(text: Any, style: Style, starts: list[tuple[int, int]], fonts: list[tuple[str, bool, bool]]) -> list[Run]:
    """The runs of a cell's text: of its own font up to the first place where another `starts`."""
    if not isinstance(text, str):
        return []
    places = [(0, (style.font, style.raised, False)), *((at, fonts[font]) for at, font in starts), (len(text), None)]
    return [(text[at:end], *font) for (at, font), (end, _) in pairwise(places) if font]


def _cell(cell: Any, sheet: Sheet, style: Style, runs: list[Run]) -> tuple[str, str]:
    """What a cell shows, and what is doubtful about it."""
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:  # a formula without a result is one whose text is empty
            return sheet.source.text(runs), "" if cell.value else "uncomputed"
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return sheet.number(repr(cell.value), style)
        case xlrd.XL_CELL_BOOLEAN:
            return ("TRUE" if cell.value else "FALSE"), ""
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#"), "formula_error"
    return "", ""
