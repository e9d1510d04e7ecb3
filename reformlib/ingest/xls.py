"""Excel workbooks of before 2007 (.xls) to tables, through calamine.

It gives numbers without their format, so that a number is marked as doubtful where the format matters, and errors as
empty cells, which :mod:`reformlib.ingest.biff` tells.
"""

import io
import math
import re
import struct
from datetime import date
from decimal import Decimal
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import biff
from reformlib.ingest.number_format import plain_number
from reformlib.ingest.remarks import remark
from reformlib.ingest.sheet import SHEETS, Sheet, day
from reformlib.ingest.source import COLUMNS, ROWS, Source


def read_xls(content: bytes, path: Path, locale: str) -> Source:
    """Read an Excel workbook of before 2007. Raises ReformError for one that is damaged or has a password."""
    import python_calamine as calamine

    source = Source(path.name, locale=locale)
    try:
        with calamine.load_workbook(io.BytesIO(content)) as book:
            raised, untold = biff.untold(content)
            for meta, cells in zip(book.sheets_metadata[:SHEETS], untold[:SHEETS], strict=True):
                if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                place = f"{path.name}, sheet {meta.name}"
                if meta.visible is not calamine.SheetVisibleEnum.Visible:
                    source.remarks.append(remark("hidden", place=place))
                sheet = _sheet(book.get_sheet_by_name(meta.name), place, locale, raised=raised)
                for at, found in cells.items():
                    sheet.put(*at, *found)
                source.grids.append(sheet.grid(source))
    except calamine.PasswordError:
        raise ReformError(
            f"{path.name} is protected by a password", where=str(path), fix="save it without one, or as .xlsx"
        ) from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError, struct.error) as error:
        raise ReformError(f"{path.name} is damaged: {error}", where=str(path), fix="save it as .xlsx") from None
    return source


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
