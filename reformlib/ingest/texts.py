"""Plain text and CSV to tables and paragraphs."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import dropwhile, groupby, islice
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import encodings
from reformlib.ingest.source import ROWS, Source
from reformlib.ingest.wording import is_period

QUOTED_LINES = 20
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def read_text(content: bytes, path: Path, locale: str) -> Source:
    """Read a text file: `.csv` and `.tsv` as one table, other text as paragraphs and tables of lines with tabs.

    Raises ReformError for text that cannot be decoded and for CSV of which two delimiters fit.
    """
    text, encoding = encodings.read_bytes(content)
    source = Source(path.name, locale=locale)
    if not encoding.startswith("utf"):
        source.tell("encoding", encoding=encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix.lower() == ".txt":
        _blocks(text, source)
    else:
        _table(text, path, source)
    return source


def _blocks(text: str, source: Source) -> None:
    """Lines with tabs that follow one another are a table; other lines are paragraphs."""
    for tabbed, block in groupby(_lines(text), key=lambda numbered: "\t" in numbered[1]):
        lines = list(dropwhile(lambda numbered: not numbered[1].strip(), block))
        if tabbed and lines:
            place = f"{source.name}, table {len(source.grids) + 1} (line {lines[0][0]})"
            source.add(place, [_cells(line) for _, line in lines])
        else:
            source.paragraphs += [line.strip() for _, line in lines if line.strip()]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines of a text by number; one whose last quoted cell goes on in the next lines, as Excel writes it, is one."""
    held, start = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        start = start if held else number
        held = f"{held}\n{line}" if held else line
        if not re.search(r'(?:^|\t)"', held) or held.count('"') % 2 == 0:
            yield start, held
            held = ""
        elif held.count("\n") > QUOTED_LINES:  # a quote that never closes is a sign like others
            yield from enumerate(held.split("\n"), start)
            held = ""
    yield from enumerate(held.split("\n"), start) if held else ()


def _cells(line: str) -> list[str | None]:
    cells = line.split("\t")
    if '"' in line and all(not cell.startswith('"') or re.fullmatch(r'"(?:[^"]|"")*"', cell) for cell in cells):
        return [cell[1:-1].replace('""', '"') if cell.startswith('"') else cell for cell in cells]
    return list(cells)


def _table(text: str, path: Path, source: Source) -> None:
    readings = {}
    for mark in DELIMITERS:
        try:
            # strict: a quote that never closes would swallow rows
            readings[mark] = list(
                islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), ROWS + 1)
            )
        except csv.Error:
            continue
    ranked = sorted(((*_fit(rows), mark) for mark, rows in readings.items()), reverse=True)
    if not ranked or ranked[0][:2] == (0, 0.0):
        raise ReformError(
            f"{path.name} holds no table",
            where=str(path),
            expected="rows of cells separated by commas, semicolons, tabs or bars",
            fix="save the table as CSV in UTF-8 again",
        )
    if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2] and readings[ranked[0][2]] != readings[ranked[1][2]]:
        raise ReformError(
            f"{path.name}: cells may be separated by {DELIMITERS[ranked[0][2]]} or {DELIMITERS[ranked[1][2]]}",
            where=str(path),
            fix="save it with one separator, and text that has one between double quotes",
        )
    mark = ranked[0][2]
    source.tell("separator", mark="tab" if mark == "\t" else f"«{mark}»")
    source.add(path.name, readings[mark])


def _fit(rows: list[list[str]]) -> tuple[int, float]:
    """How well a delimiter fits: headings of periods found in one row, then the share of rows as wide as the most."""
    wide = [len(row) for row in rows if len(row) > 1]
    if not wide:
        return 0, 0.0
    most = max(set(wide), key=wide.count)
    return max(sum(map(is_period, row)) for row in rows[:50]), round(wide.count(most) / len(rows), 2)
