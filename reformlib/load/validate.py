"""Data files read as text and held against their contract, before anything is converted.

Every broken cell is reported at once, with file, row, column, rule and value; rows are counted as a spreadsheet shows
them, the header being row 1.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import filterfalse
from pathlib import Path

import numpy as np
import pandas as pd

from reformlib.errors import ReformError, collect, counted, refuse
from reformlib.load.codes import codes as code_list
from reformlib.load.contracts import ANNEX, PRINTED
from reformlib.load.dates import impossible_dates
from reformlib.load.fields import TYPES
from reformlib.load.spreadsheet_safe import restored

Columns = dict[str, list[str]]  # the cells of a table
DIGITS = 15  # that a float holds exactly


def read_columns(path: Path, columns: dict[str, dict]) -> Columns:
    """Read one data file as text and hold it against its contract.

    `path` is a UTF-8 CSV file with a header; `columns` its fields by name (:mod:`reformlib.load.contracts`). Returns
    NFC text by column, in the contract's order, empty cells as "". Raises ReformError naming file, row, column, rule
    and value of everything that is wrong.
    """
    return _validated(path, read_csv(path), columns)


def framed(columns: Columns) -> pd.DataFrame:
    """Texts by column as a frame: all at once, a column at a time takes four times as long.

    >>> framed({"fact": ["a", "b"], "raw": ["1", ""]})["raw"].tolist()
    ['1', '']
    """
    return pd.DataFrame(np.array([*columns.values()], dtype=object).T, columns=[*columns], dtype=object)


def _validated(path: Path, given: Columns, columns: dict[str, dict]) -> Columns:
    wrong = [f"column {name} is missing" for name in columns if not (name in given or columns[name].get("optional"))]
    wrong += [f"column {name} is unknown" for name in given if name not in columns]
    if wrong:
        what, expected = f"{path.name}: {'; '.join(wrong)}", ", ".join(columns)
        raise ReformError(what, where=str(path), expected=expected, fix="correct row 1")
    broken = sorted(
        (row, f"{path.name}, row {row}, column {name}: {rule}; found {cell!r}")
        for name, cells in given.items()
        for row, cell, rule in broken_cells(cells, columns[name])
    )
    what, fix = f"{counted(len(broken), 'broken cell')} in {path.name}", "`reformlib check` reads the folder again"
    refuse([line for _, line in broken], what, where=str(path), fix=f"correct the cells named; {fix}")
    return {name: given.get(name) or [""] * len(next(iter(given.values()))) for name in columns}


def read_annex(path: Path) -> pd.DataFrame:
    """Read the form as printed: `form_row`, `label`, then one text column a period.

    Raises ReformError where the file has no period column or a form row stands twice.
    """
    cells = read_csv(path)
    header = [*cells]
    if header[:2] != list(ANNEX) or len(header) < 3:
        what, expected = "unexpected columns", "form_row, label, then one column a period such as `Năm 2019`"
        raise ReformError(f"{path.name}: {what}", where=f"{path}, row 1", expected=expected)
    # what was written so that a spreadsheet runs nothing is read as it was printed
    cells = _validated(path, cells, dict.fromkeys(header, PRINTED) | ANNEX)
    return framed({name: [*map(restored, column)] for name, column in cells.items()})


def broken_cells(cells: Iterable[str], field: dict) -> list[tuple[int, str, str]]:
    """Row, cell and rule of every cell of a column that does not keep the contract of its field.

    >>> broken_cells(["1", "one", ""], {"type": "integer", "constraints": {"required": True}})
    [(3, 'one', 'must look like [0-9]+'), (4, '', 'must be filled')]
    """
    cells, required = list(cells), field["constraints"].get("required")
    told: dict[str, str] = {}
    for rule, kept in _rules(field):
        told |= dict.fromkeys(filterfalse(kept, set(cells).difference(told, () if required else [""])), rule)
    if field["constraints"].get("unique") and len(set(cells)) < len(cells):
        told |= {cell: "must not stand twice" for cell in set(cells) if cell not in told and cells.count(cell) > 1}
    return [(row, cell, told[cell]) for row, cell in enumerate(cells, start=2) if cell in told] if told else []


def _rules(field: dict) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The rules of a field, each with what is true of a cell that keeps it; of those broken the first is told."""
    rules, kind = field["constraints"], field["type"]
    if allowed := rules.get("enum"):
        yield f"must be one of: {', '.join(allowed)}", allowed.__contains__
        return
    if rules.get("required"):
        yield "must be filled", str.strip
    if pattern := rules.get("pattern") or TYPES.get(kind, ("", ""))[1]:
        yield f"must look like {pattern}", re.compile(pattern).fullmatch
    if kind in ("integer", "number"):
        yield f"must have at most {DIGITS} digits", lambda cell: len(re.sub("[^0-9]", "", cell)) <= DIGITS
    if field.get("dated"):
        yield "must be a date that exists", lambda cell: not impossible_dates(cell)
    if (most := rules.get("maximum")) is not None:
        yield f"must be at most {most}", lambda cell: float(cell) <= most


def check_references(
    path: Path, cells: Columns | pd.DataFrame, columns: dict[str, dict], tables: Mapping[str, Columns | pd.DataFrame]
) -> None:
    """Hold every code of one file that names a row of another against that: `tables` by name, `facts`.

    A table is a frame, or lists by column. What refers to `codes.reason` holds codes of the list `reason` of codes.csv,
    or of the form's own in `remarks`. Raises ReformError with every unknown code.
    """
    steps = []
    for name, field in columns.items():
        keys, delimiter = [key.split(".") for key in field.get("refers", ())], field.get("delimiter", "")
        if keys and keys[0][0] == "codes":
            kind, own = keys[0][1], tables["remarks"]
            codes = {*code_list(kind), *(code for of, code in zip(own["list"], own["code"], strict=True) if of == kind)}
            rule = f"must be a code of the list {kind} in codes.csv or remarks.csv"
            steps.append(partial(check_codes, path, name, cells[name], codes, delimiter, rule))
        elif keys:
            codes = {code for table, column in keys for code in tables[table][column]}
            rule = f"must name a row of {' or '.join(f'{table}.csv' for table, _ in keys)}"
            steps.append(partial(check_codes, path, name, cells[name], codes, delimiter, rule))
    collect(*steps)


def check_codes(path: Path, column: str, cells: Iterable[str], codes: Iterable[str], delimiter: str, rule: str) -> None:
    """Hold the codes in the cells of a column, several between `delimiter` where there is one, against those there are.

    Raises ReformError naming every code that is none of `codes`, with the `rule` that it breaks.
    """
    allowed, parts = set(codes), [cell.split(delimiter) if delimiter else [cell] for cell in cells]
    unknown = [
        f"{path.name}, row {place}, column {column}: {rule}; found {code!r}"
        for place, found in enumerate(parts, start=2)
        for code in found
        if code and code not in allowed
    ]
    what = f"{counted(len(unknown), 'unknown code')} in {path.name}"
    expected = f"codes such as {', '.join(sorted(allowed)[:5])}" if unknown and allowed else ""
    refuse(unknown, what, where=str(path), expected=expected, fix="correct the cells, or add the rows that they name")


def read_rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file, the header first, as NFC text; empty rows at its end are left out.

    Raises ReformError for a file that is missing, not UTF-8, no CSV, without a header, or separated by something else
    than commas.
    """

    def wrong(what: str, place: str = "", *, expected: str = "", fix: str = "") -> ReformError:
        return ReformError(f"{path.name}{what}", where=f"{path}{place}", expected=expected, fix=fix)

    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise wrong(" is missing", fix="restore the file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise wrong(" is not UTF-8 text", f", line {line}", fix="save it as CSV in UTF-8") from None
    except OSError as error:
        raise wrong(f" cannot be read: {error.strerror}") from None
    text = unicodedata.normalize("NFC", text)
    first = text.partition("\n")[0]
    for mark, name in {";": "semicolons", "\t": "tabs"}.items():
        if mark in first and "," not in first:
            fix = "save it as CSV with commas (LibreOffice: field delimiter; Excel: list separator of the system)"
            raise wrong(f": cells are separated by {name}", ", row 1", expected="commas", fix=fix)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise wrong(f" is not valid CSV: {error}") from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise wrong(" is empty", expected="a header and rows")
    return rows


def read_csv(path: Path) -> Columns:
    """A CSV file as text by column, its header the names of the columns.

    Raises ReformError as :func:`read_rows` does, for a column without a name or with that of another, and for rows that
    have more or fewer cells than the header.
    """
    header, *body = read_rows(path)
    if unnamed := [str(place) for place, name in enumerate(header, 1) if not name.strip()]:
        what, fix = f"{path.name}: no name over column {', '.join(unnamed)}", "delete the column, or name it in row 1"
        raise ReformError(what, where=f"{path}, row 1", fix=fix)
    if len(set(header)) < len(header):
        raise ReformError(f"{path.name}: a column name stands twice", where=f"{path}, row 1")
    ragged = [f"row {place} has {len(row)} cells" for place, row in enumerate(body, 2) if len(row) != len(header)]
    if ragged:
        cells, fix = f"{len(header)} cells in every row", "put text that has a comma between double quotes"
        raise ReformError(f"{path.name}: {'; '.join(ragged)}", where=str(path), expected=cells, fix=fix)
    return {name: [row[at] for row in body] for at, name in enumerate(header)}
