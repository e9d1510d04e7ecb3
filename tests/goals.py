"""`python -m tests.goals [FOLDER]`: every goal of the pages, wanted and measured, as a table.

Exit code 1 if one is missed.

Renders the reference report anew, or looks at the pages in FOLDER, an output of `reformlib render`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.browser.measures import GOALS, OPEN, Row, Site, browser_path, chromium
from tests.reference import render


def main(folder: Path | None = None) -> int:
    path = browser_path()
    if not path:
        print("no Chromium on PATH; install it or name it in REFORMLIB_CHROMIUM", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="goals-") as made, chromium(path) as browser:
        scratch = Path(made)

        def made(name: str, make: Callable[[Path], None]) -> Path:
            (scratch / name).mkdir()
            make(scratch / name)
            return scratch / name

        folder = folder or made("pages", render)
        site = Site(browser, folder.resolve(), scratch, made)
        rows = []
        for number, (goal, measure) in enumerate((GOALS | OPEN).items(), 1):
            print(f"\r{goal} ({number} of {len(GOALS | OPEN)}) ", end="", file=sys.stderr, flush=True)
            rows.append(measure(site))
    print(file=sys.stderr)
    show(rows)
    return int(any(not row.ok for row in rows))


def show(rows: list[Row]) -> None:
    """The table, then every fault of the goals missed."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table("goal", "what", "wanted", "measured", "ok")
    for row in rows:
        table.add_row(*(Text(t) for t in (row.goal, row.what, row.wanted, row.measured, "● yes" if row.ok else "✕ no")))
    console.print(table)
    for row in rows:
        for fault in row.faults:
            console.print(Text(f"{row.goal}: {fault}"))


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
