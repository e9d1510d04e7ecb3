"""What of a report folder is still to be filled in: a folder that somebody fills in is a draft."""

import csv
import re
from contextlib import suppress
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.load.meta import OPEN, empty_texts

_EMPTY = re.compile(r""":[ \t]*(?:""|''|null|~)?[ \t]*(?:#.*)?$""", re.MULTILINE)


def left_to_fill(folder: Path) -> list[str]:
    """Where something is to be filled in: texts of report.yml that are there but empty or ask for it, in one line;
    an annex without any figure.

    Empty for a report, and for a folder whose files cannot be read, which is broken. Thousands of folders are looked
    at before a run: a report.yml without an empty value is not parsed.

    >>> left_to_fill(Path("data/reports/tra-vinh-2020"))
    []
    """
    left: list[str] = []
    with suppress(OSError, UnicodeDecodeError, ReformError, csv.Error):
        text = (folder / "report.yml").read_text(encoding="utf-8-sig")
        if OPEN.search(text) or _EMPTY.search(text):
            there = set(re.findall(r"^(\w+):", text, re.MULTILINE))
            if names := [name for name in empty_texts(folder / "report.yml") if name in there]:
                left.append(f"report.yml: {', '.join(names)}")
        with (folder / "annex.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        if rows and not any(cell.strip() for row in rows for cell in row[2:]):
            left.append("annex.csv: the figures")
    return left
