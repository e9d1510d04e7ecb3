"""The tables of a page as a workbook: one sheet a table, numbers as numbers, every text as text."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from babel.numbers import parse_decimal

from reformlib.locale import day, number, translator

LONGEST_NAME = 31  # of a sheet; Excel refuses longer ones and []:*?/\
LONGEST_TEXT = 32_767  # of a cell
MOST_DECIMALS = 4  # that a page prints
WIDEST, ACROSS = 48, 190  # characters of a column; of all columns, as A4 across shows them in small print
FIXED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # no time of the render: equal pages, equal bytes
USUAL = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}
TITLE = {"bold": True, "font_size": 13, "text_wrap": False}
LINE = {"font_color": "#566170", "text_wrap": False}
HEAD = {"bold": True, "valign": "bottom", "bottom": 2, "bg_color": "#F3F6FA"}
CELL = {"border": 1, "border_color": "#D5DBE3"}
RIGHT = {"align": "right"}
WHOLE = {"num_format": "0"}  # of a year
_DATE = re.compile(r"\((19|20)\d\d[^()]*\)|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\s[A-Z][a-z]+\s\d{4}")
_YEAR = re.compile(r"(19|20)\d\d( \(.*\))?")
_ONLY_NUMBER = re.compile(r"[+−]?[\d.,]+%?")


def make(page: str, tables: list[dict[str, Any]], entry: dict[str, Any], stage: Path, layout: str) -> bytes:
    """The workbook of a page: contents, its tables in order, and what every number rests on.

    `tables` are as :func:`reformlib.present.html.evidence_of` describes them. Where a cell prints the value of its
    evidence, the cell is that number, with as many decimals as on the page, or as it is printed where that is rounded;
    what the page prints round it (a date, a sign of comparison) stands in a column beside it, the upper end of an
    interval too. All other cells are text. The data of all charts are one sheet, a row a figure.
    """
    language, _ = entry["language"], translator(entry["language"])
    out = io.BytesIO()
    # what begins with = + - or @ is no formula, what looks like an address is no link
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": entry["title"], "subject": entry["unit"][language], "created": FIXED})
    book.set_custom_property("Language", language)
    look = cache(lambda **options: book.add_format(USUAL | options))
    if entry.get("made_up"):
        warning = _("Made-up example: neither the unit nor any of its figures exists.")
        tables = [table | {"above": [warning, *table.get("above", ())]} for table in tables]
    shown = [*(table for table in tables if "chart" not in table), *_of_charts(tables, language)]
    captions = [_("Contents"), *(table["table"] for table in shown), _("Evidence")]
    names = sheet_names(captions)
    first, *between, last = map(book.add_worksheet, names)
    _contents(first, look, entry, names[1:], [*captions[1:-1], _("What every number rests on")])
    for sheet, table in zip(between, shown, strict=True):
        _table(sheet, look, table, language)
    _evidence(last, look, names[1:], shown, _)
    book.close()
    return out.getvalue()


def number_in(text: str, value: float | None, language: str) -> tuple[int, bool] | None:
    """Decimals and whether signed of `value` as `text` prints it, if that is the one number in the text.

    >>> number_in("≥ 90,5% (31/12/2020)", 90.5, "vi"), number_in("1.662 – 2.255", 1662.0, "vi")
    ((1, False), None)
    """
    if value is None:
        return None
    text = _DATE.sub("", text)
    for decimals in range(MOST_DECIMALS + 1):
        before, printed, after = text.partition(number(value, language, decimals))
        if printed and not re.search(r"\d|[−-]$", before) and not re.search(r"\d", after):
            return decimals, printed[0] == "−" or before.endswith("+")
    return None


def sheet_names(captions: list[str]) -> list[str]:
    """Names of sheets in order: numbered between the first and the last, legal, unique, at most 31 characters."""
    names = []
    for place, caption in enumerate(captions):
        inner = 0 < place < len(captions) - 1
        text = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", caption)
        name = f"{place} {text}" if inner else text
        names.append(" ".join(name.split())[:LONGEST_NAME].strip(" '"))
    return names


def _contents(sheet: Any, look: Callable, entry: dict, names: list[str], captions: list[str]) -> None:
    """What the workbook is of, and its sheets by name and caption."""
    language, _ = entry["language"], translator(entry["language"])
    facts = [
        (_("Reporting unit"), entry["unit"][language]),
        (_("Title of the report"), entry["report_title"][language]),
        (_("Edition"), f"{entry['edition']} ({entry['report']})"),
        (_("Figures to"), day(date.fromisoformat(entry["data_date"]), language) if entry["data_date"] else ""),
        (_("Parameters"), ", ".join(f"{name} = {value}" for name, value in entry["parameters"].items())),
        (_("Made with"), f"reformlib {entry['reformlib']['version']}"),
    ]
    facts = [(term, text) for term, text in facts if text]
    sheet.write(0, 0, entry["title"], look(**TITLE))
    for row, (term, text) in enumerate(facts, start=2):
        sheet.write(row, 0, term, look(bold=True))
        sheet.write(row, 1, text, look(text_wrap=False))
    start = len(facts) + 3
    _head(sheet, look, start, {_("Sheet"): 36, _("Table"): 100})
    for row, (name, caption) in enumerate(zip(names, captions, strict=True), start + 1):
        address = "internal:'{}'!A1".format(name.replace("'", "''"))
        sheet.write_url(row, 0, address, look(font_color="#0B5394", underline=1), name)
        sheet.write(row, 1, caption, look())
    _on_paper(sheet)


def _head(sheet: Any, look: Callable, row: int, widths: dict[str, int]) -> None:
    """Headings of columns, with their widths in characters."""
    sheet.write_row(row, 0, widths, look(**HEAD))
    for column, width in enumerate(widths.values()):
        sheet.set_column(column, column, width)


def _columns(table: dict[str, Any], language: str) -> Iterator[tuple[str, list[tuple[str, Any, dict]]]]:
    """Columns of a sheet: heading and cells (text on the page, number or None, looks).

    Behind a column in which the page prints more than the number stands one with what it prints; intervals are two
    columns. A column of small pictures is left out: it draws what stands in its row.
    """
    _ = translator(language)
    columns = (
        (*half, column["numeric"])
        for column, cells in zip(table["columns"], zip(*table["rows"], strict=True), strict=True)
        if None not in cells
        for half in _halves(column["label"], cells, _)
    )
    for heading, cells, numeric in columns:
        shown = [_cell(cell, language, numeric) for cell in cells]
        texts = [text for text, *_rest in shown]
        if all(_YEAR.fullmatch(text) or text in ("", "–") for text in texts):
            years = (float(text[:4]) if text[:4].isdigit() else None for text in texts)
            shown = [(text, year, CELL | RIGHT | WHOLE) for text, year in zip(texts, years, strict=True)]
        yield heading, shown
        if any(value is not None and not _ONLY_NUMBER.fullmatch(text) for text, value, _looks in shown):
            more = [("" if value is None else text, None, CELL) for text, value, _looks in shown]
            yield _("{heading}: as printed", heading=heading), more


def _halves(label: str, cells: Iterable, _: Callable) -> list[tuple[str, Iterable]]:
    """A column as it is, one that holds intervals as two: where they begin and where they end."""
    if not any(isinstance(cell, dict) and "high" in cell for cell in cells):
        return [(label, list(cells))]
    lows, highs = zip(*map(_ends, cells), strict=True)
    return [(_("{heading}: from", heading=label), lows), (_("{heading}: to", heading=label), highs)]


def _ends(cell: str | dict[str, Any]) -> tuple:
    """The two ends of an interval; of another cell itself, twice."""
    if not isinstance(cell, dict) or "high" not in cell:
        return cell, cell
    (low, high), own = cell["text"].split(" – "), {key: part for key, part in cell.items() if key != "high"}
    return own | {"text": low}, own | {"text": high, "value": cell["high"]}


def _cell(cell: str | dict[str, Any], language: str, numeric: bool) -> tuple[str, float | None, dict]:
    """Text on the page, number or None, looks of a cell: the value of its evidence, or the number as printed where that
    is rounded, or stands in a column of numbers."""
    text, proof = text_of(cell), cell if isinstance(cell, dict) else {}
    value, sign = proof.get("value"), False
    if shape := number_in(text, value, language):
        decimals, sign = shape
    elif (numeric or value is not None) and _ONLY_NUMBER.fullmatch(text):
        printed = parse_decimal(text.strip("%").replace("−", "-"), language)
        value, decimals = float(printed), -min(0, int(printed.as_tuple().exponent))
    else:
        return text, None, CELL | (RIGHT if text == "–" else {})
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    if proof.get("unit") == "%" and "%" in text:
        digits += '"%"'
    form = f'+{digits};"−"{digits};{digits}' if sign else f'{digits};"−"{digits}'
    return text, value, CELL | RIGHT | {"num_format": form}


def _of_charts(tables: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The data of all charts as one table, a row a figure; none without charts."""
    _ = translator(language)
    labels = [_("Chart"), _("Series"), _("Row"), _("Measure"), _("Figure"), _("Notes"), _("Source")]
    rows = [
        [table["chart"], table["table"], row[0], label, *half, _others(table["columns"], row), table["source"]]
        for table in tables
        if "chart" in table
        for row in table["rows"]
        for column, cell in zip(table["columns"], row, strict=True)
        if column["numeric"]
        for label, half in _halves(column["label"], [cell], _)
    ]
    columns = [{"label": label, "numeric": label == labels[4]} for label in labels]
    whole = {"table": _("Data of the charts"), "columns": columns, "rows": rows, "below": [], "heads": 4}
    return [whole] if rows else []


def _others(columns: list[dict[str, Any]], row: list[str | dict[str, Any]]) -> str:
    """What a row of the data of a chart tells beside its figures."""
    return "; ".join(text_of(cell) for one, cell in zip(columns[1:], row[1:], strict=True) if not one["numeric"])


def text_of(cell: str | dict[str, Any]) -> str:
    """What the page prints in a cell."""
    return (cell["text"] if isinstance(cell, dict) else cell)[:LONGEST_TEXT]


def _table(sheet: Any, look: Callable, table: dict[str, Any], language: str) -> None:
    """The sheet of a table: caption, lines above, headings, rows, lines below."""
    above = [line for line in table.get("above", ()) if line and line != table["table"]]
    top = len(above) + 2
    bottom = top + len(table["rows"])
    sheet.write(0, 0, table["table"], look(**TITLE))
    sheet.write_column(1, 0, above, look(**LINE))
    sheet.write_column(bottom + 2, 0, table["below"], look(**LINE))
    columns = list(_columns(table, language))
    lines = [1] * (len(table["rows"]) + 1)
    for at, (heading, cells) in enumerate(columns):
        texts = [heading, *(text for text, *_ in cells)]
        width = min(_wide(texts), max(16, min(WIDEST, ACROSS / len(columns))))
        sheet.set_column(at, at, width)
        high = (sum(-(-len(part) // (width - 1)) for part in text.split("\n")) for text in texts)
        lines = [max(pair) for pair in zip(lines, high, strict=True)]
        numeric = any(value is not None for _, value, _ in cells)
        sheet.write(top, at, heading, look(**HEAD | (RIGHT if numeric else {})))
        for row, (text, value, options) in enumerate(cells, top + 1):
            sheet.write(row, at, text if value is None else value, look(**options))
    for row, needed in enumerate(lines, start=top):  # not every program makes room for wrapped text
        sheet.set_row(row, 13 * min(needed, 30) + 2)
    _listed(sheet, top, bottom, len(columns), 1)


def _evidence(sheet: Any, look: Callable, names: list[str], tables: list[dict], _: Callable) -> None:
    """The sheet of what every number rests on; `names` are those of the tables' sheets."""
    widths = {
        **{_("Sheet"): 30, _("Row"): 36, _("Column"): 22, _("As printed"): 24, _("Value"): 14, _("Unit code"): 12},
        **{_("Place"): 40, _("Formula or rule"): 36, _("Inputs"): 60, _("Assumptions"): 16},
    }
    _head(sheet, look, 0, widths)
    proofs = [
        (name, "; ".join(map(text_of, row[: table.get("heads", 1)])), column["label"], cell)
        for name, table in zip(names, tables, strict=False)
        for row in table["rows"]
        for column, cell in zip(table["columns"], row, strict=True)
        if isinstance(cell, dict)
    ]
    for line, (*where, cell) in enumerate(proofs, start=1):
        rule = cell.get("formula") or cell.get("rule", "")
        inputs = "; ".join(f"{key} = {_input(part)}" for key, part in cell.get("inputs", {}).items())
        origin = (cell.get("unit", ""), cell.get("place", ""), rule, inputs, ", ".join(cell.get("assumptions", ())))
        texts = (*where, text_of(cell).replace("\n", "; "), cell.get("value"), *origin)
        sheet.write_row(line, 0, texts, look(text_wrap=False))
    _listed(sheet, 0, len(proofs), len(widths), 0)


def _input(part: dict[str, Any]) -> str:
    origin = part.get("place") or part.get("formula") or part.get("rule", "")
    return f"{part.get('value')} ({origin})" if origin else str(part.get("value"))


def _wide(texts: list[str]) -> float:
    """Width of a column in characters, its heading first: one odd long text among short ones is wrapped."""
    word = max(len(word) for text in texts for word in text.split() or [""])
    lengths = [len(text) for text in texts[1:] if text] or [0]
    usual = min(max(lengths), 1.6 * sum(lengths) / len(lengths) + 4)
    return max(word, usual, len(texts[0]) / 2) * 1.1 + 2


def _listed(sheet: Any, top: int, bottom: int, columns: int, fixed: int) -> None:
    """Headings in row `top` and the first `fixed` columns stay in sight, rows can be filtered, the head is printed on
    every sheet of paper."""
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{bottom + 1}"})
    sheet.autofilter(top, 0, bottom, columns - 1)
    sheet.freeze_panes(top + 1, fixed)
    sheet.repeat_rows(top)
    _on_paper(sheet)


def _on_paper(sheet: Any) -> None:
    """A4 across, as wide as one sheet of paper."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
