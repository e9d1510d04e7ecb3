"""The form as an Excel workbook that an office fills in, and back: every cell a text, read as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest import sandbox
from reformlib.load.blank import FIELDS
from reformlib.load.cells import parse_period
from reformlib.load.contracts import STATUSES
from reformlib.load.report import Catalogue
from reformlib.load.rows import records

FORM, REMARKS, REPORT = "Biểu - Form", "Ghi chú - Remarks", "Báo cáo - Report"
HEADS = ["STT / No.", "Chỉ tiêu", "Indicator", "Đơn vị tính / Unit"]
REMARK_HEADS = {
    "row": "Dòng / Row",
    "year": "Năm / Year",
    "level": "Mức độ / Level",
    "status": "Trạng thái / Status",
    "what_vi": "Nội dung (tiếng Việt)",
    "what_en": "What (English)",
    "why_vi": "Lý do (tiếng Việt)",
    "why_en": "Why (English)",
}
STATUS_WORDS = {
    "A": "bình thường",
    "B": "gián đoạn chuỗi",
    "D": "định nghĩa khác",
    "E": "ước tính",
    "F": "dự báo",
    "O": "thiếu số liệu",
    "M": "không thể có",
    "P": "sơ bộ",
    "U": "độ tin cậy thấp",
}
_HELP = {
    "%": "Ghi kèm dấu %, ví dụ 97,7% / with the percent sign, such as 97,7%",
    "": "Số nguyên, ví dụ 1.445 / a whole number, such as 1.445",
    "levels": "Ghi từng mức độ: {levels} / each level by name",
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

    `annex` is the form (`form_row`, `label`, a text column a period), empty or filled; `fields` texts of report.yml.
    Every cell is a text: nothing is a formula, nothing loses a sign or a zero. Equal arguments give equal bytes.
    Raises ReformError where xlsxwriter is not installed, the file exists or cannot be written, or a cell holds a
    control character, which Excel cannot keep.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise ReformError("the package xlsxwriter is not installed", fix="pip install 'reformlib[xlsx]'") from None
    for row, cells in enumerate(annex.to_numpy().tolist()):
        if any(_CONTROL.search(cell) for cell in cells):
            raise ReformError("a control character in a cell", where=f"row {row + 2} of the form", fix="remove it")
    if path.exists():
        raise ReformError("this file is there already", where=str(path), fix="choose another name")
    about = catalogue.indicators.set_index(catalogue.indicators["form_row"].astype(str))
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1), "title": "Phụ lục 7"})  # the moment would change the bytes
    look = {
        "locked": book.add_format({"text_wrap": True, "valign": "top"}),
        "head": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#e8eef5", "border": 1}),
        "title": book.add_format({"bold": True, "font_size": 13}),
        # a text format and a quote before it: what is typed stays as typed
        "open": book.add_format(
            {"locked": False, "num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "quote_prefix": True}
        ),
    }
    _form(book, look, catalogue, about, annex)
    _remarks(book, look, annex)
    _report(book, look, fields or {})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise ReformError(f"cannot write {path.name}: {error}", where=str(path)) from None


def _form(book, look: dict, catalogue: Catalogue, about: pd.DataFrame, annex: pd.DataFrame) -> None:
    units = catalogue.units.set_index("unit")
    sheet = book.add_worksheet(FORM)
    sheet.write_string(0, 0, "Phụ lục 7: kết quả hiện đại hóa hành chính / Annex 7: modernisation", look["title"])
    sheet.write_string(
        1, 0, "Ô trống là thiếu số liệu, không phải số 0 / An empty cell is a missing figure, not a zero"
    )
    for column, head in enumerate([*HEADS, *annex.columns[2:]]):
        sheet.write_string(_TOP, column, head, look["head"])
    for at, (form_row, label, *cells) in enumerate(annex.to_numpy().tolist(), start=_TOP + 1):
        known = about.loc[form_row] if form_row in about.index else None
        unit = "" if known is None else known["unit"]
        both = unit if unit in ("%", "") else f"{units.at[unit, 'name_vi']} / {units.at[unit, 'name_en']}"
        for column, text in enumerate([form_row, label, "" if known is None else known["name_en"], both]):
            sheet.write_string(at, column, text, look["locked"])
        for column, text in enumerate(cells, start=len(HEADS)):
            if text:
                sheet.write_string(at, column, text, look["open"])
            else:
                sheet.write_blank(at, column, None, look["open"])
        levels = [] if known is None else [level for level in known["levels"].split(";") if level]
        message = _HELP["%" if unit == "%" else ""]
        if levels:
            message = _HELP["levels"].format(levels=", ".join(f"Mức {level}: …" for level in levels))
        if cells:
            help_ = {"validate": "any", "input_title": f"Dòng {form_row}"[:32], "input_message": message[:255]}
            sheet.data_validation(at, len(HEADS), at, len(HEADS) + len(cells) - 1, help_)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 2, 44)
    sheet.set_column(3, 3, 20)
    sheet.set_column(4, 3 + max(1, len(annex.columns) - 2), 16)
    sheet.freeze_panes(_TOP + 1, 2)
    sheet.protect(options={"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP)


def _remarks(book, look: dict, annex: pd.DataFrame) -> None:
    sheet = book.add_worksheet(REMARKS)
    said = "Một dòng cho mỗi ô cần lưu ý; trạng thái chọn trong danh sách / One row a cell that needs a remark"
    sheet.write_string(0, 0, said)
    for column, head in enumerate(REMARK_HEADS.values()):
        sheet.write_string(1, column, head, look["head"])
        for row in range(2, 42):
            sheet.write_blank(row, column, None, look["open"])
    years = list(dict.fromkeys(re.findall(r"[12][0-9]{3}", " ".join(annex.columns[2:]))))
    statuses = [f"{code} - {word}" for code, word in STATUS_WORDS.items()]
    for column, choices in enumerate((list(annex["form_row"]), years, ["3", "4"], statuses)):
        # Excel keeps at most 255 characters of choices
        if choices and len(",".join(choices)) <= 255:
            sheet.data_validation(2, column, 41, column, {"validate": "list", "source": choices})
    sheet.set_column(0, 2, 10)
    sheet.set_column(3, 3, 22)
    sheet.set_column(4, 7, 40)
    sheet.protect()


def _report(book, look: dict, fields: Mapping[str, str]) -> None:
    sheet = book.add_worksheet(REPORT)
    for row, (name, comment) in enumerate(FIELDS.items()):
        sheet.write_string(row, 0, name, look["head"])
        text = fields.get(name, "")
        if text:
            sheet.write_string(row, 1, text, look["open"])
        else:
            sheet.write_blank(row, 1, None, look["open"])
        sheet.write_string(row, 2, comment, look["locked"])
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 2, 60)
    sheet.protect()


def read_workbook(path: Path, reader: Callable[[Path], dict[str, list[list]]] = sandbox.values) -> Filled:
    """Read a workbook that `write_workbook` made and a person filled in.

    Raises ReformError where the file is none, its sheets or heads were changed so that they cannot be read, and for a
    cell that holds a number with decimals or a date instead of a text: Excel keeps 97,7 % as 0.977, and what was meant
    cannot be told.
    """
    rows = reader(path)
    missing = [name for name in (FORM, REMARKS, REPORT) if name not in rows]
    if missing:
        raise ReformError(
            f"{path.name} is no workbook of the form: no sheet {', '.join(missing)}",
            where=str(path),
            fix="make one with `reformlib template`; read another office's file with `reformlib ingest`",
        )
    text = {
        name: [[_text(path, name, r, c, v) for c, v in enumerate(row)] for r, row in enumerate(sheet)]
        for name, sheet in ((name, rows[name]) for name in (FORM, REMARKS, REPORT))
    }
    head = text[FORM][_TOP] if len(text[FORM]) > _TOP else []
    if head[: len(HEADS)] != HEADS or len(head) <= len(HEADS):
        raise ReformError(
            f"{path.name}: the heads of the form were changed",
            where=f"sheet {FORM}, row {_TOP + 1}",
            expected=", ".join(HEADS) + ", then one column a period",
        )
    heads = head[len(HEADS) :]
    while heads and not heads[-1]:
        heads.pop()
    years = [parse_period(text).year for text in heads]
    if len(set(years)) < len(years):
        raise ReformError(f"{path.name}: a year heads two columns", where=f"sheet {FORM}, row {_TOP + 1}")
    width = len(HEADS) + len(heads)
    body = [row[:width] + [""] * (width - len(row)) for row in text[FORM][_TOP + 1 :] if any(row)]
    annex = pd.DataFrame([row[:2] + row[len(HEADS) :] for row in body], dtype=str)
    annex = annex.reindex(columns=range(width - 2)).set_axis(["form_row", "label", *heads], axis="columns")
    wide = len(REMARK_HEADS)
    said = [(row + [""] * wide)[:wide] for row in text[REMARKS][2:] if any(row)]
    remarks = pd.DataFrame(said, columns=list(REMARK_HEADS), dtype=str)
    remarks["status"] = remarks["status"].str.split(" ").str[0]
    fields = {row[0]: row[1] for row in text[REPORT] if len(row) > 1 and row[0] in FIELDS and row[1]}
    return Filled(annex, fields, remarks)


def log(filled: Filled, catalogue: Catalogue, by: str) -> list[dict]:
    """Entries of assumptions.yml from the remarks of a workbook; `by` says whose they are.

    Raises ReformError naming every remark that is not complete or names a cell that the form does not have.
    """
    codes = dict(zip(catalogue.indicators["form_row"].astype(str), catalogue.indicators["indicator"], strict=True))
    printed = filled.annex.set_index("form_row")
    years = {re.search(r"[12][0-9]{3}", head)[0]: head for head in filled.annex.columns[2:]}
    entries, broken = [], []
    for number, remark in enumerate(records(filled.remarks), start=1):
        place = f"sheet {REMARKS}, remark {number}"
        empty = [REMARK_HEADS[name] for name, text in remark.items() if not text and name != "level"]
        if empty:
            broken.append(f"{place}: to be filled in: {', '.join(empty)}")
        elif remark["row"] not in codes or remark["row"] not in printed.index or remark["year"] not in years:
            broken.append(f"{place}: the form has no row {remark['row']}, year {remark['year']}")
        elif remark["status"] not in STATUSES:
            broken.append(f"{place}: no such status: {remark['status']}")
        else:
            cell = {"indicator": codes[remark["row"]], "year": int(remark["year"])}
            cell |= {"level": remark["level"]} if remark["level"] else {}
            cell["expects"] = printed.at[remark["row"], years[remark["year"]]]
            told = {name: remark[name] for name in ("what_vi", "what_en", "why_vi", "why_en")}
            head = {"id": f"remark-{number}", "kind": "status", "status": remark["status"], "cells": [cell]}
            entries.append(head | told | {"by": by})
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
