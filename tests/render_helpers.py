"""Small projects, notebooks and reports for the tests of rendering: no real data, no second of loading."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

REPO = Path(__file__).resolve().parents[1]
PIXELS = (  # one dark point beside a light one
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR42mNg+A8AAQIBANEay48AAAAASUVORK5CYII="
)
BLANK = (  # one point
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg=="
)
PARAMETERS = """from typing import Literal

report: str = "demo"  # name of a report
language: Literal["vi", "en"] = "vi"  # language of the page
year: int = 2020  # last year
share: float = 0.5  # a share
strict: bool = False  # refuse more
level: Literal[3, 4] = 4  # service level"""
PAGE = """from IPython.display import HTML
HTML({"vi": "<h1>Tài liệu thử</h1>", "en": "<h1>A trial document</h1>"}[language] + f"<p class='lead'>{year}</p>")"""
# a report without data
REPORT = """id: {name}
edition: "2020"
data_date: 2020-03-31
unit_vi: Đơn vị
unit_en: Unit
title_vi: Báo cáo thử
title_en: Trial report
"""


def code(source: str, *outputs: Any, tags: tuple[str, ...] = (), run: int | None = 1):
    """A code cell that ran, with these outputs."""
    return new_code_cell(source, outputs=list(outputs), execution_count=run, metadata={"tags": list(tags)})


def table(cell: str = "1.445", caption: str = "Bảng thử", head: str = "Năm") -> str:
    """A table as a page wants it: caption, scope, a row."""
    return f"<table><caption>{caption}</caption><tr><th scope='col'>{head}</th></tr><tr><td>{cell}</td></tr></table>"


def shown(html: str, **metadata: Any):
    """An HTML output."""
    return new_output("display_data", {"text/html": html, "text/plain": "…"}, metadata=metadata)


def text(source: str, language: str | None = None):
    """A Markdown cell, tagged with its language."""
    return new_markdown_cell(source, metadata={"tags": [f"lang-{language}"] if language else []})


def executed(*cells: Any, language: str = "vi", title: str | None = "<h1>2011–2020</h1>"):
    """An executed notebook in a language, with a title."""
    first = [
        code(PARAMETERS, tags=("parameters",)),
        code(f'# Parameters\nlanguage = "{language}"\n', tags=("injected-parameters",)),
    ]
    made = [*first, *([code("title", shown(title))] if title else []), *cells]
    for count, cell in enumerate(made, 1):
        if cell.get("execution_count"):
            cell.execution_count = count
    return new_notebook(cells=made)


def write_notebook(path: Path, *cells: Any, parameters: str = PARAMETERS) -> Path:
    """A notebook that was not run: the parameters, then the cells (source text or cells)."""
    made = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=[first, *made], metadata=kernel), path)
    return path


def make_project(root: Path, reports: tuple[str, ...] = ("demo",), **notebooks: tuple) -> Path:
    """A project folder: notebooks as keyword arguments, reports without data."""
    (root / "notebooks").mkdir(parents=True)
    (root / "data" / "forms" / "demo").mkdir(parents=True)
    (root / "data" / "forms" / "demo" / "indicators.csv").write_text("indicator\n")
    for name in reports:
        (root / "data" / "reports" / name).mkdir(parents=True)
        (root / "data" / "reports" / name / "report.yml").write_text(REPORT.format(name=name), encoding="utf-8")
    for name, cells in notebooks.items():
        write_notebook(root / "notebooks" / f"{name}.ipynb", *cells)
    return root


def copy_data(root: Path, report: str = "tra-vinh-2020") -> None:
    """The catalogue and one report: a command that looks at every report looks at few."""
    shutil.copytree(REPO / "data", root / "data", ignore=shutil.ignore_patterns("reports"), dirs_exist_ok=True)
    shutil.copytree(REPO / "data/reports" / report, root / "data/reports" / report)


def environment(**more: str) -> dict[str, str]:
    """The environment of a command: this checkout importable, and what `light` leaves out not."""
    path = os.pathsep.join(filter(None, [str(REPO), str(REPO / "tests" / "light"), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "200", **more}


def command(project: Path, *arguments: str, **more: str) -> subprocess.Popen:
    """Start `reformlib …` in a project."""
    return subprocess.Popen(
        [sys.executable, "-m", "reformlib", *arguments],
        cwd=project,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen, timeout: float = 120) -> SimpleNamespace:
    """Wait for a command: its exit code, stdout and stderr."""
    out, err = process.communicate(timeout=timeout)
    return SimpleNamespace(code=process.returncode, out=out, err=err)


def run(project: Path, *arguments: str, stdin: str = "", **more: str) -> SimpleNamespace:
    """What `reformlib …` does in a project, in this process: its exit code, stdout and stderr.

    A process of its own imports pandas, and to render starts a fork server: seven seconds, where this takes less than
    one. Use `command` where the process is what is tested: signals, an environment that documents see, harm done.
    """
    from reformlib.__main__ import main

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    before = signal.getsignal(signal.SIGTERM)
    with (
        contextlib.chdir(project),
        mock.patch.dict(os.environ, {"COLUMNS": "200", **more}),
        mock.patch.multiple(sys, argv=["reformlib", *arguments], stdin=io.StringIO(stdin)),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            signal.signal(signal.SIGTERM, before)
    out, err = (stream.buffer.getvalue().decode() for stream in streams)
    return SimpleNamespace(code=code, out=out, err=err)


# runs commands one after another, each in a fork, its words in files; at the end their exit codes
IN_FORKS = """import json, os, sys
import pandas
from reformlib.__main__ import main
codes = []
for number, arguments in enumerate(json.loads(sys.argv[1])):
    if not (child := os.fork()):
        for stream in (1, 2):
            os.dup2(os.open(f"{sys.argv[2]}/{number}-{stream}", os.O_CREAT | os.O_WRONLY), stream)
        sys.argv[1:] = arguments
        main()
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(codes))
"""


def in_forks(folder: Path, variables: dict[str, str], *commands: list[str], **options: Any) -> list[SimpleNamespace]:
    """What `reformlib …` does in a folder, each command in a process of its own, all forked from one.

    For another library than the one of the tests, or another user: the imports of many commands are done once.
    """
    with tempfile.TemporaryDirectory() as said:
        told = [sys.executable, "-c", IN_FORKS, json.dumps(commands), said]
        kept = {name: value for name, value in os.environ.items() if name != "REFORMLIB_PROJECT"}
        env = {**kept, "PYTHONDONTWRITEBYTECODE": "1", **variables}
        done = subprocess.run(
            told, cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options
        )
        assert done.returncode == 0, done.stderr
        words = [[Path(said, f"{n}-{stream}").read_text("utf-8") for stream in (1, 2)] for n in range(len(commands))]
    ended = [SimpleNamespace(code=c, out=o, err=e) for c, (o, e) in zip(json.loads(done.stdout), words, strict=True)]
    for command, one in zip(commands, ended, strict=True):
        assert "Traceback" not in one.err, (command, one.err)
    return ended


KINDS = ("evidence.json", "html", "json")  # what lies in outputs for a document


RUN = (".lock", "index.html", "manifest.json", "render.log")  # and for a run


def tree(folder: Path) -> dict[str, bytes]:
    """All files under a folder, hidden ones too; but not the note of a run with nothing to do, which has its moods."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".uptodate"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def published(folder: Path) -> dict[str, bytes]:
    """The files that equal inputs make equal: all but the log, the times of files, the lock, what is kept aside."""
    return {name: data for name, data in tree(folder).items() if name != "render.log" and name[0] != "."}


def manifest(page: Path) -> dict[str, Any]:
    """The manifest beside a page."""
    return json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
