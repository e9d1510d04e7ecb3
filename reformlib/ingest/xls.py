"""Excel workbooks of before 2007 (.xls) to tables, through calamine.

It gives numbers without their format, so that a number is marked as doubtful where the format matters.
"""

import io
import math
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest.number_format import plain_number
from reformlib.ingest.remarks import remark
from reformlib.ingest.sheet import SHEETS, Sheet, day
from reformlib.ingest.source import COLUMNS, ROWS, Source


def read_xls(content: bytes, path: Path, locale: str) -> Source:
    """Read an Excel workbook of before 2007. Raises ReformError for one that is damaged or has a password."""
    import python_calamine as calamine

    source = Source(path.name, locale=locale)
    raised = _has_raised_font(content)
    try:
        with calamine.load_workbook(io.BytesIO(content)) as book:
            for meta in book.sheets_metadata[:SHEETS]:
                if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                place = f"{path.name}, sheet {meta.name}"
                if meta.visible is not calamine.SheetVisibleEnum.Visible:
                    source.remarks.append(remark("hidden", place=place))
                sheet = _sheet(book.get_sheet_by_name(meta.name), place, locale, raised=raised)
                source.grids.append(sheet.grid(source))
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
    for match in re.finditer(rb"\x31\x00(?=[\x0f-\x60]\x00)", content):
        height, escapement = content[match.end() + 2 : match.end() + 4], content[match.end() + 10 : match.end() + 12]
        if escapement == b"\x01\x00" and 80 <= int.from_bytes(height, "little") <= 8000:
            return True
    return False


def _sheet(stored, place: str, locale: str, *, raised: bool) -> Sheet:
    sheet = Sheet(place)
    for r, row in enumerate(stored.to_python(skip_empty_area=False, nrows=ROWS + 1), start=1):
        for c, value in enumerate(row[: COLUMNS + 1], start=1):
            sheet.put(r, c, *_cell(value, locale, raised=raised))
    for (top, left), (bottom, right) in stored.merged_cell_ranges or []:
        sheet.merge(top + 1, left + 1, bottom + 1, right + 1)
    return sheet


def _cell(value: object, locale: str, *, raised: bool) -> tuple[str, str]:
    """The text of a cell, and what is doubtful about it."""
    if value is None or value == "":
        return "", ""
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, float | int):
        text = plain_number(Decimal(f"{value:.15g}"), locale) if math.isfinite(value) else str(value)
        return text, "unformatted"
    if isinstance(value, date):
        return day(value), ""
    return str(value), "raised" if raised and re.search(r"\d{2}\s*$", str(value)) else ""
