"""The form as an Excel workbook that an office fills in, and back: every cell a text, read as it was written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest import sandbox
from reformlib.load.blank import FIELDS
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import level_texts
from reformlib.load.contracts import STATUSES
from reformlib.load.period import parse_period
from reformlib.load.rows import records
from reformlib.locale import translator

FORM, REMARKS, REPORT = "Biểu - Form", "Ghi chú - Remarks", "Báo cáo - Report"
HEADS = ["STT / No.", "Chỉ tiêu", "Indicator", "Đơn vị tính / Unit"]
REMARK_HEADS = {
    "row": "Dòng / Row",
    "year": "Năm / Year",
    "level": "Phân tổ / Category",
    "status": "Trạng thái / Status",
    "what_vi": "Nội dung (tiếng Việt)",
    "what_en": "What (English)",
    "why_vi": "Lý do (tiếng Việt)",
    "why_en": "Why (English)",
}
_HELP = {
    "%": "Ghi kèm dấu %, ví dụ 97,7% / with the percent sign, such as 97,7%",
    "whole": "Số nguyên, ví dụ 1.445 / a whole number, such as 1.445",
    "": "Có thể có chữ số thập phân, ví dụ 5,65 / may have decimals, such as 5,65",
    "decimals": "Tối đa {decimals} chữ số thập phân, ví dụ 87,5 / at most {decimals} decimals, such as 87,5",
    "levels": "Ghi từng phân tổ: {levels} / each category by name",
}
_LOOK = {
    "locked": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "bg_color": "#e8eef5", "border": 1},
    "title": {"bold": True, "font_size": 13},
    # a text format and a quote before it: what is typed stays as typed
    "open": {"locked": False, "num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "quote_prefix": True},
}
_TOP = 3  # rows above the heads of the form
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Filled:
    """What a workbook holds: the form (`form_row`, `label`, a text column a period), texts of report.yml, and remarks
    with the columns of `REMARK_HEADS`."""

    annex: pd.DataFrame
    fields: dict[str, str]
    remarks: pd.DataFrame


def write_workbook(
    path: Path, catalogue: Catalogue, annex: pd.DataFrame, fields: Mapping[str, str] | None = None
) -> None:
    """Write the form as a workbook: labels and units locked, cells to be filled in open, statuses as a drop-down.

    `annex` is the form (`form_row`, `label`, a text column a period), empty or filled; `fields` texts of report.yml,
    beside which the workbook says which form it holds.
    Every cell is a text: nothing is a formula, nothing loses a sign or a zero. Equal arguments give equal bytes.
    Raises ReformError where xlsxwriter is not installed, the file exists or cannot be written, or a cell holds a
    control character, which Excel cannot keep.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    except ImportError:
        raise ReformError("the package xlsxwriter is not installed", fix="pip install 'reformlib[xlsx]'") from None
    for row, cells in enumerate(annex.to_numpy().tolist(), start=2):
        if any(_CONTROL.search(cell) for cell in cells):
            raise ReformError("a control character in a cell", where=f"row {row} of the form", fix="remove it")
    if path.exists():
        raise ReformError("this file is there already", where=str(path), fix="choose another name")
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"created": datetime(2000, 1, 1), "title": catalogue.form.name_vi}
    )  # the moment would change the bytes
    look = {name: book.add_format(properties) for name, properties in _LOOK.items()}
    _write_form(book.add_worksheet(FORM), look, catalogue, annex)
    _write_remarks(book.add_worksheet(REMARKS), look, catalogue, annex)
    made_by = {"form": catalogue.form.id, "form_sha256": catalogue.sha256}
    _write_fields(book.add_worksheet(REPORT), look, {**(fields or {}), **made_by})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.close()
    except (OSError, FileCreateError) as error:
        raise ReformError(f"cannot write {path.name}: {error}", where=str(path)) from None


def _write_form(sheet: Any, look: dict, catalogue: Catalogue, annex: pd.DataFrame) -> None:
    units = catalogue.units_of_measure.set_index("unit")
    indicators = catalogue.rows
    form = catalogue.form
    title = f"{form.name_vi}: {form.title_vi} / {form.name_en}: {form.title_en}"
    sheet.write(0, 0, title, look["title"])
    sheet.write(1, 0, "Ô trống là thiếu số liệu, không phải số 0 / An empty cell is a missing figure, not a zero")
    sheet.write_row(_TOP, 0, [*HEADS, *annex.columns[2:]], look["head"])
    for at, (form_row, label, *cells) in enumerate(annex.to_numpy().tolist(), start=_TOP + 1):
        indicator = indicators.get(form_row)
        name, unit = (catalogue.row_name(form_row, "en"), indicator.unit) if indicator else ("", "")
        both = unit if unit in ("%", "") else f"{units.at[unit, 'name_vi']} / {units.at[unit, 'name_en']}"
        sheet.write_row(at, 0, [form_row, label, name, both], look["locked"])
        sheet.write_row(at, len(HEADS), cells, look["open"])
        message = _help(catalogue, indicator) if indicator else ""
        if cells and message:
            help_ = {"validate": "any", "input_title": f"Dòng {form_row}"[:32], "input_message": message[:255]}
            sheet.data_validation(at, len(HEADS), at, len(HEADS) + len(cells) - 1, help_)
    _set_widths(sheet, [8, 44, 44, 20, *[16] * max(1, len(annex.columns) - 2)])
    sheet.freeze_panes(_TOP + 1, 2)
    sheet.protect(options={"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP)


def _help(catalogue: Catalogue, indicator: Any) -> str:
    """How the cells of an indicator, a row of the catalogue, are to be filled in."""
    if levels := catalogue.level_words.get(indicator.indicator):
        return _HELP["levels"].format(levels=", ".join(level_texts(levels).values()))
    if indicator.unit != "%" and indicator.decimals > 0:
        return _HELP["decimals"].format(decimals=int(indicator.decimals))
    return _HELP["%" if indicator.unit == "%" else "whole" if indicator.whole else ""]


def _write_remarks(sheet: Any, look: dict, catalogue: Catalogue, annex: pd.DataFrame) -> None:
    help_ = "Một dòng cho mỗi ô cần lưu ý; trạng thái chọn trong danh sách / One row a cell that needs a remark"
    sheet.write(0, 0, help_)
    sheet.write_row(1, 0, list(REMARK_HEADS.values()), look["head"])
    for row in range(2, 42):
        sheet.write_row(row, 0, [""] * len(REMARK_HEADS), look["open"])
    years = list(dict.fromkeys(re.findall(r"[12][0-9]{3}", " ".join(annex.columns[2:]))))
    statuses = [f"{code} - {translator('vi')(words)}" for code, words in STATUSES.items()]
    levels = list(dict.fromkeys(f"{row['category']} - {row['name_vi']}" for row in records(catalogue.categories)))
    for column, choices in enumerate((list(annex["form_row"]), years, levels, statuses)):
        # Excel keeps at most 255 characters of choices
        if choices and len(",".join(choices)) <= 255:
            sheet.data_validation(2, column, 41, column, {"validate": "list", "source": choices})
    _set_widths(sheet, [10, 10, 10, 22, 40, 40, 40, 40])
    sheet.protect()


def _write_fields(sheet: Any, look: dict, fields: Mapping[str, str]) -> None:
    for row, (name, comment) in enumerate(FIELDS.items()):
        sheet.write(row, 0, name, look["head"])
        sheet.write(row, 1, fields.get(name, ""), look["open"])
        sheet.write(row, 2, comment, look["locked"])
    _set_widths(sheet, [14, 60, 60])
    sheet.protect()


def _set_widths(sheet: Any, widths: list[int]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def read_workbook(path: Path, reader: Callable[[Path], dict[str, list[list]]] = sandbox.values) -> Filled:
    """Read a workbook that `write_workbook` made and a person filled in.

    Raises ReformError where the file is none, its sheets or heads were changed so that they cannot be read, and for a
    cell that holds a number with decimals or a date instead of a text: Excel keeps 97,7 % as 0.977, and what was meant
    is not clear.
    """
    sheets = reader(path)
    missing = [name for name in (FORM, REMARKS, REPORT) if name not in sheets]
    if missing:
        raise ReformError(
            f"{path.name} is no workbook of the form: no sheet {', '.join(missing)}",
            where=str(path),
            fix="make one with `reformlib template`; read another office's file with `reformlib ingest`",
        )
    form, remarks, report = (
        [[_text(path, name, r, c, value) for c, value in enumerate(row)] for r, row in enumerate(sheets[name])]
        for name in (FORM, REMARKS, REPORT)
    )
    width = len(REMARK_HEADS)
    rows = [(row + [""] * width)[:width] for row in remarks[2:] if any(row)]
    log_rows = pd.DataFrame(rows, columns=list(REMARK_HEADS), dtype=str)
    for name in ("level", "status"):
        log_rows[name] = log_rows[name].str.split(" ").str[0]
    fields = {row[0]: row[1] for row in report if len(row) > 1 and row[0] in FIELDS and row[1]}
    return Filled(_read_form(path, form), fields, log_rows)


def _read_form(path: Path, rows: list[list[str]]) -> pd.DataFrame:
    """The form from the texts of its sheet: `form_row`, `label`, a text column a period."""
    first = len(HEADS)
    head = rows[_TOP] if len(rows) > _TOP else []
    where = f"sheet {FORM}, row {_TOP + 1}"
    if head[:first] != HEADS or len(head) <= first:
        expected = ", ".join(HEADS) + ", then one column a period"
        raise ReformError(f"{path.name}: the heads of the form were changed", where=where, expected=expected)
    last = max((c for c, text in enumerate(head) if text), default=0) + 1
    heads = head[first:last]
    years = [parse_period(text).year for text in heads]
    if len(set(years)) < len(years):
        raise ReformError(f"{path.name}: a year heads two columns", where=where)
    body = [(row + [""] * last)[:last] for row in rows[_TOP + 1 :] if any(row)]
    annex = pd.DataFrame([row[:2] + row[first:] for row in body], dtype=str)
    return annex.reindex(columns=range(2 + len(heads))).set_axis(["form_row", "label", *heads], axis="columns")


def log(filled: Filled, catalogue: Catalogue, by: str) -> list[dict]:
    """Entries of assumptions.yml from the remarks of a workbook; `by` says whose they are.

    Raises ReformError naming every remark that is not complete or names a cell that the form does not have.
    """
    printed = filled.annex.set_index("form_row")
    years = {found[0]: head for head in filled.annex.columns[2:] if (found := re.search(r"[12][0-9]{3}", head))}
    entries, broken = [], []
    for number, remark in enumerate(records(filled.remarks), start=1):
        row, year, level, status = (remark[name] for name in ("row", "year", "level", "status"))
        empty = [REMARK_HEADS[name] for name, text in remark.items() if not text and name != "level"]
        if empty:
            broken.append(f"to be filled in: {', '.join(empty)}")
        elif row not in catalogue.rows or row not in printed.index or year not in years:
            broken.append(f"the form has no row {row}, year {year}")
        elif status not in STATUSES:
            broken.append(f"no such status: {status}")
        else:
            about = catalogue.rows[row]
            level = about.levels if about.indicator in catalogue.row_words else level
            cell = {"indicator": about.indicator, "year": int(year)} | ({"level": level} if level else {})
            cell["expects"] = printed.at[row, years[year]]
            head = {"id": f"remark-{number}", "kind": "status", "status": status, "cells": [cell]}
            texts = {name: remark[name] for name in ("what_vi", "what_en", "why_vi", "why_en")}
            entries.append(head | texts | {"by": by})
            continue
        broken[-1] = f"sheet {REMARKS}, remark {number}: {broken[-1]}"
    if broken:
        raise ReformError("remarks that cannot be used:\n  " + "\n  ".join(broken), fix="correct the rows named")
    return entries


def _text(path: Path, sheet: str, row: int, column: int, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and float(value).is_integer():
        return str(int(value))  # typed into a cell that lost its text format: a whole number is what it looks like
    raise ReformError(
        f"{path.name}: a cell holds {value!r} instead of a text",
        where=f"sheet {sheet}, row {row + 1}, column {column + 1}",
        expected="text as printed, such as 97,7%",
        fix="set the format of the cell to Text and type the figure again",
    )
