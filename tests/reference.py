"""The documents of the reference report, as several tests look at them: by the command, and in ordinary kernels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.render_helpers import REPO

REPORT = "tra-vinh-2020"
# renders the reference report again, in one process and plain kernels, and keeps the executed notebooks
AGAIN = """import sys, nbformat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from reformlib.render.engine import execute, cluster as executors
run = execute.execute
def keep(path, parameters, **more):
    notebook = run(path, parameters, **more)
    nbformat.write(notebook, Path(sys.argv[1]) / f"{parameters['language']}-{path.stem}.ipynb")
    return notebook
execute.execute = keep
executors.local = lambda *_, **__: lambda: ThreadPoolExecutor(1)
from reformlib.cli import main
main(["render", "--engine", "kernel", "--report", sys.argv[2], "--output", sys.argv[3]])
"""


def render(folder: Path) -> None:
    """All documents of the report, in a folder."""
    command = ["-m", "reformlib", "render", "--report", REPORT, "--output", str(folder)]
    _run(command, REPO, {})


def render_again(folder: Path) -> None:
    """In ordinary kernels, under another time zone, locale, hash seed and current folder: `pages` and `notebooks`."""
    for name in ("notebooks", "elsewhere/in"):
        (folder / name).mkdir(parents=True)
    away = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7", "COLUMNS": "40"}
    command = ["-c", AGAIN, str(folder / "notebooks"), REPORT, str(folder / "pages")]
    _run(command, folder / "elsewhere" / "in", away)


def _run(arguments: list[str], folder: Path, variables: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
