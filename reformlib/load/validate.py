"""Data files read as text and held against their contract, before anything is converted.

Every broken cell is reported at once, with file, row, column, rule and value; rows are counted as a spreadsheet shows
them, the header being row 1.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from reformlib.errors import ReformError, collect, counted, refuse
from reformlib.load.codes import codes as code_list
from reformlib.load.contracts import ANNEX, PRINTED
from reformlib.load.dates import impossible_dates
from reformlib.load.fields import TYPES
from reformlib.load.spreadsheet_safe import restored

DIGITS = 15  # that a float holds exactly


def read_table(path: Path, columns: dict[str, dict]) -> pd.DataFrame:
    """Read one data file as text and hold it against its contract.

    `path` is a UTF-8 CSV file with a header; `columns` its fields by name (:mod:`reformlib.load.contracts`). Returns a
    frame of NFC text in the contract's column order, empty cells as "". Raises ReformError naming file, row, column,
    rule and value of everything that is wrong.
    """
    return _validated(path, read_csv(path), columns)


def _validated(path: Path, frame: pd.DataFrame, columns: dict[str, dict]) -> pd.DataFrame:
    lacking = [name for name in columns if name not in frame]
    wrong = [f"column {name} is missing" for name in lacking if not columns[name].get("optional")]
    wrong += [f"column {name} is unknown" for name in frame if name not in columns]
    if wrong:
        raise ReformError(
            f"{path.name}: {'; '.join(wrong)}", where=str(path), expected=", ".join(columns), fix="correct row 1"
        )
    broken = sorted(
        (row, f"{path.name}, row {row}, column {name}: {rule}; found {cell!r}")
        for name, cells in zip(map(str, frame), frame.to_numpy().T.tolist(), strict=True)
        for row, cell, rule in broken_cells(cells, columns[name])
    )
    what, fix = f"{counted(len(broken), 'broken cell')} in {path.name}", "`reformlib check` reads the folder again"
    refuse([line for _, line in broken], what, where=str(path), fix=f"correct the cells named; {fix}")
    return frame if list(frame) == list(columns) else frame.reindex(columns=list(columns), fill_value="")


def read_annex(path: Path) -> pd.DataFrame:
    """Read the form as printed: `form_row`, `label`, then one text column a period.

    Raises ReformError where the file has no period column or a form row stands twice.
    """
    frame = read_csv(path)
    header = list(map(str, frame))
    if header[:2] != list(ANNEX) or len(header) < 3:
        raise ReformError(
            f"{path.name}: unexpected columns",
            where=f"{path}, row 1",
            expected="form_row, label, then one column a period such as `Năm 2019`",
        )
    # what was written so that a spreadsheet runs nothing is read as it was printed
    return _validated(path, frame, dict.fromkeys(header, PRINTED) | ANNEX).map(restored)


def broken_cells(cells: Iterable[str], field: dict) -> list[tuple[int, str, str]]:
    """Row, cell and rule of every cell of a column that does not keep the contract of its field.

    >>> broken_cells(["1", "one", ""], {"type": "integer", "constraints": {"required": True}})
    [(3, 'one', 'must look like [0-9]+'), (4, '', 'must be filled')]
    """
    cells, rules = list(cells), field["constraints"]
    required, allowed, number = rules.get("required"), rules.get("enum"), field["type"] in ("integer", "number")
    pattern = rules.get("pattern") or TYPES.get(field["type"], ("", ""))[1]
    fits = re.compile(pattern).fullmatch if pattern and not allowed else None

    def broken(cell: str) -> str:
        if not cell and not required:
            return ""
        if allowed:
            return "" if cell in allowed else f"must be one of: {', '.join(allowed)}"
        if required and not cell.strip():
            return "must be filled"
        if fits and not fits(cell):
            return f"must look like {pattern}"
        if number and len(re.sub("[^0-9]", "", cell)) > DIGITS:
            return f"must have at most {DIGITS} digits"
        if field.get("dated") and impossible_dates(cell):
            return "must be a date that exists"
        if "maximum" in rules and float(cell) > rules["maximum"]:
            return f"must be at most {rules['maximum']}"
        return ""

    told = {cell: broken(cell) for cell in set(cells)}
    if rules.get("unique") and len(told) < len(cells):
        told |= {cell: "must not stand twice" for cell in told if not told[cell] and cells.count(cell) > 1}
    return [(row, cell, told[cell]) for row, cell in enumerate(cells, start=2) if told[cell]]


def check_references(
    path: Path, frame: pd.DataFrame, columns: dict[str, dict], tables: dict[str, pd.DataFrame]
) -> None:
    """Hold every code of one file that names a row of another against that: `tables` by name, `facts`.

    What refers to `codes.reason` holds codes of the list `reason` of codes.csv, or of the form's own in `remarks`.
    Raises ReformError with every unknown code.
    """
    steps = []
    for name, field in columns.items():
        keys, delimiter = [key.split(".") for key in field.get("refers", ())], field.get("delimiter")
        if keys and keys[0][0] == "codes":
            kind, own = keys[0][1], tables["remarks"]
            codes = {*code_list(kind), *own.loc[own["list"] == kind, "code"]}
            rule = f"must be a code of the list {kind} in codes.csv or remarks.csv"
            steps.append(partial(check_codes, path, frame[name], codes, delimiter, rule=rule))
        elif keys:
            codes = {code for table, column in keys for code in tables[table][column]}
            rule = f"must name a row of {' or '.join(f'{table}.csv' for table, _ in keys)}"
            steps.append(partial(check_codes, path, frame[name], codes, delimiter, rule=rule))
    collect(*steps)


def check_codes(path: Path, cells: pd.Series, codes: Iterable[str], delimiter: str | None = None, *, rule: str) -> None:
    """Hold the codes in the cells of a column, several between `delimiter`, against those there are.

    Raises ReformError naming every code that is none of `codes`, with the `rule` that it breaks.
    """
    allowed = set(codes)
    unknown = [
        f"{path.name}, row {place}, column {cells.name}: {rule}; found {code!r}"
        for place, cell in zip(cells.index + 2, cells, strict=True)
        for code in (cell.split(delimiter) if delimiter else [cell])
        if code and code not in allowed
    ]
    what = f"{counted(len(unknown), 'unknown code')} in {path.name}"
    expected = f"codes such as {', '.join(sorted(allowed)[:5])}" if allowed else ""
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


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file as text, its header the names of the columns.

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
    cells = np.array(body, dtype=object).reshape(len(body), len(header))  # a column at a time takes four times as long
    return pd.DataFrame(cells, columns=header)
