"""Notebooks in real kernels: what can go wrong with them, and that papermill and nbconvert alone give our page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from reformlib.render.page.links import with_links
from tests import render_helpers
from tests.render_helpers import (
    KINDS,
    PAGE,
    REPO,
    RUN,
    code,
    command,
    environment,
    executed,
    finish,
    make_project,
    manifest,
    published,
    shown,
    text,
    tree,
    write_notebook,
)

PLAIN = (PAGE, text("## Phần một\n\nXin chào", "vi"), text("## Part one\n\nHello", "en"), "print(year, share)")


def render(project: Path, *arguments: str, **variables: str):
    """In a process of its own where it has variables of its own."""
    asked = ("render", "--output", "out", *arguments)
    return finish(command(project, *asked, **variables)) if variables else render_helpers.run(project, *asked)


def running(process: subprocess.Popen) -> list[int]:
    """Children of a process: the kernels."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return [int(pid) for pid in listed.stdout.split()]


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "p", **{"01_fine": PLAIN})


def test_a_run_writes_pages_manifests_index_and_nothing_else(project):
    run = render(project, "-p", "year=2019", "--in-place")
    assert run.code == 0, run.err
    assert sorted(tree(project / "out")) == sorted(
        [
            *(f"demo/{language}/01_fine.{kind}" for language in ("en", "vi") for kind in KINDS),
            *RUN,
        ]
    )
    assert sorted(run.out.split()) == [f"out/demo/{language}/01_fine.html" for language in ("en", "vi")]
    assert "2 to render, of 1 report:\n  2 × not rendered yet\n" in run.err and ", 2 of 2, " in run.err
    told = [line.split() for line in run.err.splitlines()]
    assert [line[:-1] for line in told if line[:1] in (["01_fine"], ["all"])] == [
        ["01_fine", "vi", "0", "1", "0", "0"],
        ["01_fine", "en", "0", "1", "0", "0"],
        ["all", "0", "2", "0", "0"],
    ]
    page = (project / "out/demo/en/01_fine.html").read_text(encoding="utf-8")
    assert "<title>A trial document</title>" in page and "2019 0.5" in page and "Xin chào" not in page
    assert manifest(project / "out/demo/en/01_fine.html")["parameters"] == {"language": "en", "year": 2019}


def test_two_time_zones_give_the_same_bytes(project):
    assert render(project, "-l", "vi", TZ="Asia/Ho_Chi_Minh").code == 0
    first = published(project / "out")
    assert render(project, "-l", "vi", "--force", TZ="America/New_York").code == 0
    assert published(project / "out") == first


def test_papermill_and_nbconvert_alone_give_the_same_page(project, tmp_path):
    assert render(project, "-l", "en").code == 0
    ours = (project / "out/demo/en/01_fine.html").read_text(encoding="utf-8")
    plain = _plainly(project, "notebooks/01_fine.ipynb", tmp_path, "en")
    assert plain == with_links(ours, "en", [])
    assert 'class="siblings"' in ours


def test_the_real_notebooks_too(repo, tmp_path):
    """One of them, in one language: the others differ in nothing that matters here."""
    run = render_helpers.run(repo, "render", "03", "-l", "vi", "--output", str(tmp_path / "out"))
    assert run.code == 0, run.err
    (page,) = (tmp_path / "out").glob("*/vi/03*.html")
    plain = _plainly(repo, f"notebooks/{page.stem}.ipynb", tmp_path, "vi")
    assert plain == with_links(page.read_text(encoding="utf-8"), "vi", [])


def _plainly(project: Path, notebook: str, folder: Path, language: str) -> str:
    run = folder / "executed.ipynb"
    steps = [
        ["papermill", notebook, str(run), "-p", "language", language, "--no-progress-bar", "-k", "python3"],
        # by its import name: the entry point exists only where the package is installed
        ["nbconvert", "--to", "reformlib.render.page.exporter.ReformExporter", str(run)],
    ]
    for step in steps:
        done = subprocess.run(
            [sys.executable, "-m", *step], cwd=project, env=environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    return run.with_suffix(".html").read_text(encoding="utf-8")


def test_forms_and_code_are_asked_for_on_the_command_line_and_one_that_fails_costs_no_page(project):
    wanted = ("--to", "pdf", "--to", "xlsx", "--code")
    run = render(project, "-l", "en", *wanted, REFORMLIB_CHROMIUM="/none")
    assert run.code == 1 and "no Chromium found" in run.err and "not made: pdf" in run.err
    assert run.out.split() == ["out/demo/en/01_fine.html", "out/demo/en/01_fine.xlsx"]  # every file written
    assert "print(year, share)" in (project / "out/demo/en/01_fine.html").read_text(encoding="utf-8")
    assert sorted(p.suffix for p in (project / "out/demo/en").iterdir()) == [".html", ".json", ".json", ".xlsx"]


def test_plain_nbconvert_shows_the_code_when_told(tmp_path):
    path = tmp_path / "x.ipynb"
    nbformat.write(executed(code("answer = 42")), path)
    convert = ["-m", "nbconvert", "--to", "reformlib.render.page.exporter.ReformExporter", str(path)]
    done = subprocess.run(
        [sys.executable, *convert, "--ReformExporter.exclude_input=False"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "answer = 42" in path.with_suffix(".html").read_text(encoding="utf-8")


def test_plain_nbconvert_refuses_with_a_non_zero_exit(tmp_path):
    path = write_notebook(tmp_path / "x.ipynb", PAGE)  # never run
    convert = ["-m", "nbconvert", "--to", "reformlib.render.page.exporter.ReformExporter", str(path)]
    done = subprocess.run([sys.executable, *convert], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode != 0
    assert "cell 1: a cell that was not run" in done.stderr
    assert "Traceback" not in done.stderr and str(REPO) not in done.stderr
    assert not path.with_suffix(".html").exists()


RAISES = {
    "raises": ("x = 1\n1 / 0", "ZeroDivisionError: division by zero"),
    "reform": (
        "from reformlib.errors import ReformError\nraise ReformError('no such target', fix='name another')",
        "no such target",
    ),
    "dies": ("import os; os._exit(1)", "it left with exit code 1"),
    "leaves": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "writes": ("with open('side.csv', 'w') as file: file.write('x')", "wrote to its current folder: side.csv"),
    "shows": ("for _ in range(40): print('x' * 1_000_000)", "shows more than 20 million characters"),
    "empty": ("from IPython.display import HTML\nHTML('<figure></figure>')", "an empty figure"),
    "supposes": (
        "from reformlib.present.html import Fragment\nFragment('<p>x</p>', [{'supposed': ['500 in place of 1,445']}])",
        "the page would be one of a what-if, in the place of the report's own",
    ),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """One run over a notebook for every kind of failure and a sound one after them."""
    notebooks = {f"0{number}_{kind}": (PAGE, source) for number, (kind, (source, _)) in enumerate(RAISES.items())}
    project = make_project(tmp_path_factory.mktemp("p") / "p", **notebooks, **{"09_fine": PLAIN})
    return project, render(project, "-l", "vi")


@pytest.mark.parametrize("kind", RAISES)
def test_a_notebook_that_fails_is_told_with_its_cell(failures, kind):
    project, run = failures
    (name,) = {path.stem for path in (project / "notebooks").glob(f"*_{kind}.ipynb")}
    message = RAISES[kind][1]
    told = run.err[run.err.index(f"✕ demo · vi · {name}") :]
    assert message in told[:400] and "fix:" in told[:400] and ("cell 3" in told[:400] or kind in ("writes", "supposes"))
    assert message in manifest(project / f"out/demo/vi/{name}.html")["last_attempt"]["error"]
    assert not (project / f"out/demo/vi/{name}.html").exists()


def test_a_failure_leaves_the_other_notebooks_alone(failures):
    project, run = failures
    assert run.code == 1
    assert run.out.split() == ["out/demo/vi/09_fine.html"]
    assert "1 of 9 documents written" in run.err and "Traceback" not in run.err
    names = sorted(tree(project / "out"))
    assert [name for name in names if name.endswith(".html")] == ["demo/vi/09_fine.html", "index.html"]
    assert str(project) not in (project / "out/index.html").read_text(encoding="utf-8")


def test_the_executed_notebook_of_a_failure_is_kept_aside(failures):
    project, _ = failures
    kept = {path.stem.partition("_")[2] for path in (project / "out/.failed/demo/vi").glob("*.ipynb")}
    assert kept == RAISES.keys() - {"empty", "supposes"}
    assert not list(project.rglob("side.csv"))


def test_debug_shows_the_traceback_of_the_cell(tmp_path):
    project = make_project(tmp_path / "p", **{"01_broken": (PAGE, "def inner():\n    1 / 0\ninner()")})
    run = render(project, "-l", "vi", "--debug")
    assert run.code == 1
    assert "Traceback" in run.err and "inner()" in run.err
    assert "Traceback" not in (project / "out/demo/vi/01_broken.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_a_run_leaves_no_kernel_and_no_half_written_file(tmp_path, number):
    flag = tmp_path / "started"
    slow = f"import time\nfrom pathlib import Path\nPath({str(flag)!r}).touch()\ntime.sleep(600)"
    project = make_project(tmp_path / "p", **{"01_fine": PLAIN, "02_slow": (PAGE, slow), "03_never": PLAIN})
    process = command(project, "render", "--output", "out", "-l", "vi", "--jobs", "1")
    deadline = time.monotonic() + 60
    while not flag.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    kernels = running(process)
    process.send_signal(number)
    run = finish(process, timeout=30)
    assert run.code == 1, run.err
    assert "Stopped" in run.err and "Traceback" not in run.err
    assert kernels
    assert all(_gone(kernel) for kernel in kernels)
    pages = [f"demo/vi/01_fine.{kind}" for kind in KINDS]
    assert sorted(published(project / "out")) == sorted([*pages, "index.html", "manifest.json"])
    assert not list((project / "out").glob(".staging*"))


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_the_kernel_is_of_this_interpreter_whatever_kernelspecs_there_are(tmp_path):
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    spec.joinpath("kernel.json").write_text('{"argv": ["false"], "display_name": "broken", "language": "python"}')
    project = make_project(tmp_path / "p", **{"01_fine": (PAGE, "import sys; print(sys.executable)")})
    run = render(project, "-l", "vi", JUPYTER_PATH=str(tmp_path / "jupyter"), JUPYTER_PREFER_ENV_PATH="0")
    assert run.code == 0, run.err
    assert sys.executable in (project / "out/demo/vi/01_fine.html").read_text(encoding="utf-8")


def test_a_report_folder_elsewhere_is_rendered_without_its_path(project, tmp_path):
    other = make_project(tmp_path / "q", reports=("elsewhere",)) / "data/reports/elsewhere"
    run = render(project, "--report", str(other), "-l", "vi")
    assert run.code == 0, run.err
    written = tree(project / "out")
    assert "elsewhere/vi/01_fine.html" in {name.removeprefix("out/") for name in written}
    assert all(str(tmp_path).encode() not in content for content in written.values())


def test_saved_outputs_of_a_notebook_do_not_leak(tmp_path):
    project = make_project(tmp_path / "p")
    write_notebook(project / "notebooks" / "01_fine.ipynb", PAGE, code("pass", shown("<p>STALE</p>")))
    assert render(project, "-l", "vi").code == 0
    assert "STALE" not in (project / "out/demo/vi/01_fine.html").read_text(encoding="utf-8")
