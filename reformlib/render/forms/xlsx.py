"""The tables of a page as a workbook: one sheet a table, numbers as numbers, every text as text."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from reformlib.errors import ReformError
from reformlib.locale import day, translator

LONGEST_NAME = 31  # of a sheet; Excel refuses longer ones and []:*?/\
LONGEST_TEXT = 32_767  # of a cell
WIDEST, ACROSS = 48, 190  # characters of a column; of all columns, as A4 across shows them in small print
FIXED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # no time of the render: equal pages, equal bytes
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}")
_NUMBER = {
    "vi": re.compile(
        r"(?<![\d.,])[+−-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d.,]*\d)|(?<![\d.,])[+−-]?\d+(?:,\d+)?(?![\d.,]*\d)"
    ),
    "en": re.compile(
        r"(?<![\d.,])[+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.,]*\d)|(?<![\d.,])[+−-]?\d+(?:\.\d+)?(?![\d.,]*\d)"
    ),
}


def missing() -> ReformError | None:
    """The error of an installation without xlsxwriter."""
    if importlib.util.find_spec("xlsxwriter"):
        return None
    return ReformError(
        "no workbook: the package xlsxwriter is not installed", fix='install the extra: pip install "reformlib[xlsx]"'
    )


def make(page: str, evidence: dict[str, Any], entry: dict[str, Any], stage: Path, layout: str) -> bytes:
    """The workbook of a page: contents, its tables in order, and what every number rests on.

    Where the evidence holds the value of a cell, the cell is that number, shown with as many decimals as on the page;
    what the page prints round it (a date, a sign of comparison) stands in a column beside it. All other cells are
    text. Raises ReformError when xlsxwriter is not installed.
    """
    if error := missing():
        raise error
    import xlsxwriter

    language, _ = entry["language"], translator(entry["language"])
    tables = read_tables(page, evidence, language)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": entry["title"], "subject": entry["unit"][language], "created": FIXED})
    book.set_custom_property("Language", language)
    styles = _Styles(book, language)
    names = sheet_names([_("Contents"), *(table["caption"] for table in tables), _("Evidence")])
    _contents(book.add_worksheet(names[0]), styles, entry, tables, names, _)
    for name, table in zip(names[1:], tables, strict=False):
        _sheet(book.add_worksheet(name), styles, table)
    _evidence(book.add_worksheet(names[-1]), styles, tables, names, _)
    book.close()
    return out.getvalue()


def read_tables(page: str, evidence: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The tables of a page in order: caption, lines above and below, headings, rows of (text, evidence or None).

    The evidence of a table is the one of its caption, each taken once, and only if it has as many rows. A column of
    small pictures is left out: it draws what stands in its row.
    """
    left = list(evidence.get("tables", []))
    found = []
    for element in BeautifulSoup(page, "html.parser").select("main table"):
        caption = _text(element.caption) if element.caption else ""
        body = [row for row in element.find_all("tr") if row.find("td")]
        known = next((t for t in left if _squeezed(t["table"]) == caption and len(t["rows"]) == len(body)), None)
        if known:
            left.remove(known)
        head = element.thead.find_all("tr")[-1] if element.thead else None
        headings = [_text(cell) for cell in head.find_all(["th", "td"])] if head else []
        proofs = known["rows"] if known else [{}] * len(body)
        rows = [
            _row(row, headings, {_squeezed(k): v for k, v in proof.items()})
            for row, proof in zip(body, proofs, strict=True)
        ]
        drawn = {at for row in body for at, cell in enumerate(row.find_all(["th", "td"])) if _only_a_picture(cell)}
        headings, *rows = ([cell for at, cell in enumerate(row) if at not in drawn] for row in (headings, *rows))
        found.append({"caption": caption, "headings": headings, "rows": rows, **_around(element, caption)})
    return found


def _only_a_picture(cell: Tag) -> bool:
    return cell.find("img") is not None and not cell.get_text(strip=True)


def _row(row: Tag, headings: list[str], proof: dict[str, dict]) -> list[tuple[str, dict | None]]:
    cells = []
    for cell in row.find_all(["th", "td"]):
        heading = headings[len(cells)] if len(cells) < len(headings) else ""
        cells.append((_text(cell), proof.get(heading)))
        cells += [("", None)] * (int(cell.get("colspan", 1)) - 1)
    return cells


def _around(element: Tag, caption: str) -> dict[str, list[str]]:
    """What stands above and below a table: title and subtitle of its chart, its notes, its source."""
    above, below = [], []
    if figure := element.find_parent("figure"):
        above = [_text(part) for part in figure.select(".chart-title, .chart-subtitle")]
        below = [_text(part) for part in figure.select(".source")]
    after = (element.find_parent(class_="scroll") or element).find_next_sibling()
    if after is not None and "note" in after.get("class", []):
        below.insert(0, _text(after))
    return {"above": [line for line in above if line and line != caption], "below": [line for line in below if line]}


def _text(element: Tag) -> str:
    """The words of an element, pictures by their alternative text, parts that the page separates kept apart."""
    parts = [
        item.get("alt", "") if isinstance(item, Tag) else str(item)
        for item in element.descendants
        if not isinstance(item, Tag) or item.name == "img"
    ]
    joiner = " " if element.find(["li", "br", "p", "dt", "dd"]) else ""
    return _squeezed(joiner.join(parts))


def _squeezed(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()  # a no-break space stays: it is part of how a number is written


def number_in(text: str, value: float | None, language: str) -> tuple[int, bool] | None:
    """Decimals and whether signed of a number as printed, if `text` prints that one number and `value` is it.

    >>> number_in("≥ 90,5 % (31/12/2020)", 90.5, "vi"), number_in("1.662 – 2.255", 1662.0, "vi")
    ((1, False), None)
    """
    found = _NUMBER[language].findall(_DATE.sub("", text))
    if value is None or len(found) != 1:
        return None
    plain = found[0].replace("−", "-")
    plain = plain.replace(".", "").replace(",", ".") if language == "vi" else plain.replace(",", "")
    decimals = len(plain.partition(".")[2])
    try:
        rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None
    return (decimals, plain[0] in "+-") if rounded == Decimal(plain) else None


def sheet_names(captions: list[str]) -> list[str]:
    """Names of sheets in order: numbered between the first and the last, legal, unique, at most 31 characters."""
    names = []
    for number, caption in enumerate(captions):
        inner = 0 < number < len(captions) - 1
        text = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", caption)
        name = f"{number} {text}" if inner else text
        names.append(" ".join(name.split())[:LONGEST_NAME].strip(" '"))
    return names


class _Styles:
    """The few looks of cells, made once each."""

    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language = book, language
        self.made: dict[tuple, Any] = {}

    def get(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self.made:
            base = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}
            self.made[key] = self.book.add_format(base | look)
        return self.made[key]

    def number(self, decimals: int, signed: bool, percent: bool) -> Any:
        digits = "#,##0" + ("." + "0" * decimals if decimals else "")
        unit = ('"\u00a0%"' if self.language == "vi" else '"%"') if percent else ""
        digits += unit
        form = f'+{digits};"−"{digits};{digits}' if signed else f'{digits};"−"{digits}'
        return self.get(num_format=form, align="right", border=1, border_color="#D5DBE3")

    @property
    def title(self) -> Any:
        return self.get(bold=True, font_size=13, text_wrap=False)

    @property
    def line(self) -> Any:
        return self.get(font_color="#566170", text_wrap=False)

    @property
    def head(self) -> Any:
        return self.get(bold=True, valign="bottom", bottom=2, bg_color="#F3F6FA")

    @property
    def head_right(self) -> Any:
        return self.get(bold=True, valign="bottom", bottom=2, bg_color="#F3F6FA", align="right")

    @property
    def cell(self) -> Any:
        return self.get(border=1, border_color="#D5DBE3")

    @property
    def missing(self) -> Any:
        return self.get(border=1, border_color="#D5DBE3", align="right")


def _write(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Always text: what begins with = + - or @ is no formula, what looks like an address is no link."""
    sheet.write_string(row, column, text[:LONGEST_TEXT], style)


def _contents(sheet: Any, styles: _Styles, entry: dict, tables: list[dict], names: list[str], _: Any) -> None:
    language = entry["language"]
    _write(sheet, 0, 0, entry["title"], styles.title)
    facts = [
        (_("Reporting unit"), entry["unit"][language]),
        (_("Title of the report"), entry["report_title"][language]),
        (_("Edition"), f"{entry['edition']} ({entry['report']})"),
        (_("Figures to"), day(date.fromisoformat(entry["data_date"]), language) if entry["data_date"] else ""),
        (_("Parameters"), ", ".join(f"{name} = {value}" for name, value in entry["parameters"].items())),
        (_("Made with"), f"reformlib {entry['reformlib']['version']}"),
    ]
    facts = [(term, text) for term, text in facts if text]
    for row, (term, text) in enumerate(facts, start=2):
        _write(sheet, row, 0, term, styles.get(bold=True))
        _write(sheet, row, 1, text, styles.get(text_wrap=False))
    start = len(facts) + 3
    for column, heading in enumerate((_("Sheet"), _("Table"))):
        _write(sheet, start, column, heading, styles.head)
    for row, (name, caption) in enumerate(
        zip(names[1:], [*(table["caption"] for table in tables), _("What every number rests on")], strict=True),
        start + 1,
    ):
        quoted = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{quoted}'!A1", styles.get(font_color="#0B5394", underline=1), name)
        _write(sheet, row, 1, caption, styles.get())
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 100)
    _on_paper(sheet, None)


def _columns(table: dict[str, Any], language: str) -> Iterator[tuple[str, list[tuple]]]:
    """Columns of a sheet: heading and cells (text, number or None, how the number shows).

    Behind a column in which the page prints more than the number stands one with what it prints.
    """
    _ = translator(language)
    for at in range(max(len(row) for row in table["rows"])):
        heading = table["headings"][at] if at < len(table["headings"]) else ""
        cells, more = [], False
        for row in table["rows"]:
            text, proof = row[at] if at < len(row) else ("", None)
            shown = number_in(text, proof.get("value"), language) if proof else None
            if shown:
                cells.append((text, proof["value"], (*shown, proof.get("unit") == "%" and "%" in text)))
                more |= not re.fullmatch(r"[+−-]?[\d.,]+\s?%?", text)
            else:
                cells.append((text, None, None))
        yield heading, cells
        if more:
            yield (
                _("{heading}: as printed", heading=heading),
                [(t if n is not None else "", None, None) for t, n, _s in cells],
            )


def _sheet(sheet: Any, styles: _Styles, table: dict[str, Any]) -> None:
    _write(sheet, 0, 0, table["caption"], styles.title)
    for row, line in enumerate(table["above"], start=1):
        _write(sheet, row, 0, line, styles.line)
    top = len(table["above"]) + 2
    columns = list(_columns(table, styles.language))
    lines = [1] * (len(table["rows"]) + 1)
    for at, (heading, cells) in enumerate(columns):
        width = min(_wide(heading, [text for text, *_ in cells]), max(16, min(WIDEST, ACROSS / len(columns))))
        sheet.set_column(at, at, width)
        _write(
            sheet, top, at, heading, styles.head if all(number is None for _, number, _ in cells) else styles.head_right
        )
        for row, (text, number, shape) in enumerate(cells, start=1):
            if number is None:
                _write(sheet, top + row, at, text, styles.missing if text == "–" else styles.cell)
            else:
                sheet.write_number(top + row, at, number, styles.number(*shape))
        for row, text in enumerate([heading, *(text for text, *_ in cells)]):
            lines[row] = max(lines[row], -(-len(text) // (width - 1)))
    for row, needed in enumerate(lines, start=top):  # not every program makes room for wrapped text by itself
        sheet.set_row(row, 13 * min(needed, 30) + 2)
    bottom = top + len(table["rows"])
    for row, line in enumerate(table["below"], start=bottom + 2):
        _write(sheet, row, 0, line, styles.line)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{bottom + 1}"})
    sheet.autofilter(top, 0, bottom, len(columns) - 1)
    sheet.freeze_panes(top + 1, 1)
    _on_paper(sheet, top)


def _evidence(sheet: Any, styles: _Styles, tables: list[dict], names: list[str], _: Any) -> None:
    headings = (
        *(_("Sheet"), _("Row"), _("Column"), _("As printed"), _("Value"), _("Unit code"), _("Place")),
        *(_("Formula or rule"), _("Inputs"), _("Assumptions")),
    )
    for column, heading in enumerate(headings):
        _write(sheet, 0, column, heading, styles.head)
    line = 0
    for name, table in zip(names[1:], tables, strict=False):
        for row in table["rows"]:
            for heading, (text, proof) in zip(table["headings"], row, strict=False):
                if not proof:
                    continue
                line += 1
                inputs = "; ".join(f"{key} = {_input(part)}" for key, part in proof.get("inputs", {}).items())
                rule = proof.get("formula") or proof.get("rule", "")
                texts = (
                    name,
                    row[0][0],
                    heading,
                    text,
                    "",
                    proof.get("unit", ""),
                    proof.get("place", ""),
                    rule,
                    inputs,
                )
                for column, item in enumerate((*texts, ", ".join(proof.get("assumptions", ())))):
                    _write(sheet, line, column, item, styles.get(text_wrap=False))
                if proof.get("value") is not None:
                    sheet.write_number(line, 4, proof["value"], styles.get(text_wrap=False))
    for column, size in enumerate((30, 36, 22, 24, 14, 12, 40, 36, 60, 16)):
        sheet.set_column(column, column, size)
    sheet.ignore_errors({"number_stored_as_text": f"A1:J{line + 1}"})
    sheet.autofilter(0, 0, line, len(headings) - 1)
    sheet.freeze_panes(1, 0)
    _on_paper(sheet, 0)


def _input(part: dict[str, Any]) -> str:
    origin = part.get("place") or part.get("formula") or part.get("rule", "")
    return f"{part.get('value')} ({origin})" if origin else str(part.get("value"))


def _wide(heading: str, texts: list[str]) -> float:
    """Width of a column in characters: one odd long text among short ones is wrapped rather than shown in full."""
    word = max(len(word) for text in (heading, *texts) for word in text.split() or [""])
    lengths = [len(text) for text in texts if text] or [0]
    usual = min(max(lengths), 1.6 * sum(lengths) / len(lengths) + 4)
    return max(word, usual, len(heading) / 2) * 1.1 + 2


def _on_paper(sheet: Any, head: int | None) -> None:
    """A4 across, as wide as one sheet of paper, the head on every one."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if head is not None:
        sheet.repeat_rows(head)
