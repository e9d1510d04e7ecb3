"""How fast reports are made, side by side in one run: ratios of whole processes, since seconds differ by machine.

    python tools/bench.py             24 renders a way, three rounds; most of an hour on two cores
    python tools/bench.py --quick     6 renders, one round, a batch of 200 in place of 2000
    python tools/bench.py --only own,cold
    python tools/bench.py --only check,ingest --base ../before     against the build of a checkout, with its own .venv
    python tools/bench.py --only check --size 10000                so many reports; also many, idle, ingest

Every round runs all ways one after another on the project's own notebooks, and a ratio is taken within a round.
Prints the table and writes it to outputs/bench.csv.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import logging
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import yaml

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "outputs" / "bench.csv"
UNIT = "tra-vinh-2020"
LANGUAGES = ("vi", "en")
TRIES = 15
PAIRS = 3
BOTH = 2  # at once, in every way but one by one


@dataclass(frozen=True)
class Row:
    """A line of the result: what was measured, the figures of all rounds, and the bound that is set to them.

    The median is held against it, of CPU seconds the least: what else the machine does makes them more, never fewer.
    On a machine that others use too the median is up to a third more, and stands beside it.
    """

    name: str
    unit: str
    figures: list[float]
    bound: str = ""
    held: Callable[[list[float]], float] = statistics.median

    @property
    def said(self) -> str:
        return f"{self.bound}, the least" if self.bound and self.held is min else self.bound

    @property
    def met(self) -> str:
        if not self.bound:
            return ""
        sign, limit = self.bound.split()
        figure = self.held(self.figures)
        return "yes" if (figure >= float(limit) if sign == ">=" else figure <= float(limit)) else "NO"


# ---------------------------------------------------------------------------------------------- projects


def project(folder: Path, copies: int, notebooks: str = "0[123]*") -> Path:
    """Notebooks and the catalogue, and so many copies of the report under other names.

    The comparison is left out of batches: it is one page for all reports, and the commands would make one of each.
    """
    (folder / "notebooks").mkdir(parents=True)
    for path in (ROOT / "notebooks").glob(f"{notebooks}.ipynb"):
        shutil.copy(path, folder / "notebooks")
    _shared_data(folder)
    for number in range(1, copies + 1):
        _report(folder, f"unit-{number}-2020")
    return folder


def _shared_data(folder: Path, source: Path = ROOT) -> None:
    """The forms, targets and units of the repository, or of another checkout."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for place in (source / "data").iterdir():
        if place.is_dir() and place.name != "reports":
            shutil.copytree(place, folder / "data" / place.name)
        elif place.suffix in (".csv", ".json"):
            shutil.copy(place, folder / "data")


def small_project(folder: Path, copies: int, notebooks: int = 1, languages: tuple[str, ...] = ("vi",)) -> Path:
    """Notebooks that show a title, and so many reports: the cost of the batch itself."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [
        new_code_cell(
            'report: str = ""  # name of a report\nlanguage: str = "vi"  # language of the page',
            metadata={"tags": ["parameters"]},
        ),
        new_code_cell("from IPython.display import HTML\nHTML(f'<h1>{report}</h1>')"),
    ]
    (folder / "notebooks").mkdir(parents=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for number in range(1, notebooks + 1):
        nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "notebooks" / f"0{number}_small.ipynb")
    _shared_data(folder)
    for number in range(1, copies + 1):
        _report(folder, f"unit-{number}-2020")
    plan = {"defaults": {"editions": ["2020"], "languages": list(languages)}}
    plan["units"] = [f"unit-{number}" for number in range(1, copies + 1)]
    (folder / "data" / "reports.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    return folder


def _report(folder: Path, name: str, source: Path = ROOT) -> None:
    target = folder / "data" / "reports" / name
    shutil.copytree(source / "data" / "reports" / UNIT, target)
    file = target / "report.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(content | {"id": name, "place_vi": name}, allow_unicode=True), encoding="utf-8")


def described(folder: Path, copies: int, source: Path = ROOT, notebooks: str = "04*") -> Path:
    """A project of so many copies of the report of a checkout, described by that checkout's own build."""
    (folder / "notebooks").mkdir(parents=True)
    for path in (source / "notebooks").glob(f"{notebooks}.ipynb"):
        shutil.copy(path, folder / "notebooks")
    _shared_data(folder, source)
    _report(folder, "unit-1-2020", source)
    module = (
        "reformlib.datapackage" if (source / "reformlib" / "datapackage.py").is_file() else "reformlib.load.datapackage"
    )
    first = folder / "data" / "reports" / "unit-1-2020"
    seconds([str(source / ".venv" / "bin" / "python"), "-m", module, str(first)], folder)
    for number in range(2, copies + 1):
        _namesake(first, f"unit-{number}-2020")
    return folder


def _namesake(first: Path, name: str) -> None:
    """A described report under another name; its files but for two are those of the first, or 10,000 were gigabytes."""
    other, about, package = first.with_name(name), "report.yml", "datapackage.json"
    shutil.copytree(first, other, copy_function=os.link, ignore=shutil.ignore_patterns(about, package))
    texts = [(first / about).read_bytes(), (first / about).read_bytes().replace(first.name.encode(), name.encode())]
    (other / about).write_bytes(texts[1])
    told = (first / package).read_text(encoding="utf-8").replace(first.name, name)
    (other / package).write_text(told.replace(*(hashlib.sha256(text).hexdigest() for text in texts)), encoding="utf-8")


def documents(folder: Path) -> list[tuple[str, str, str]]:
    """Every render: path of the notebook, language, report."""
    notebooks = sorted(str(path) for path in (folder / "notebooks").glob("*.ipynb"))
    reports = sorted(path.name for path in (folder / "data" / "reports").iterdir() if path.is_dir())
    return [(notebook, language, report) for report in reports for language in LANGUAGES for notebook in notebooks]


# ---------------------------------------------------------------------------------------------- ways


def seconds(command: list[str], folder: Path, **more: str) -> float:
    """Wall time of a whole process that must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env={**os.environ, **more}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return time.perf_counter() - start


def cpu_seconds(command: list[str], folder: Path, **more: str) -> float:
    """CPU of a whole process that must succeed, and of its children."""
    before = _cpu(resource.RUSAGE_CHILDREN)
    seconds(command, folder, **more)
    return _cpu(resource.RUSAGE_CHILDREN) - before


def plainly(folder: Path, out: Path, document: tuple[str, str, str]) -> None:
    """One document by the commands of papermill and nbconvert."""
    notebook, language, report = document
    run = out / f"{report}-{language}-{Path(notebook).name}"
    given = ["-p", "language", language, "-p", "report", report]
    seconds([_tool("papermill"), notebook, str(run), *given, "--no-progress-bar", "-k", "python3"], folder)
    seconds([_tool("jupyter"), "nbconvert", "--log-level", "ERROR", "--to", "reform", str(run)], folder)


def by_commands(folder: Path, out: Path, width: int, some: list | None = None) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(width) as pool:
        for future in [pool.submit(plainly, folder, out, one) for one in some or documents(folder)]:
            future.result()
    return time.perf_counter() - start


def kernels(folder: Path, out: Path) -> float:
    """papermill's API with ordinary kernels, two processes that stay."""
    return _in_processes(_with_kernel, folder, out, [[one] for one in documents(folder)])


def speed_of_light(folder: Path, out: Path) -> float:
    """Two processes that have imported everything and run the cells in themselves: fast, and not isolated."""
    every = documents(folder)
    with _warm_environment(folder), ProcessPoolExecutor(BOTH, get_context("spawn")) as pool:
        list(pool.map(_in_this_process, [[], []], [str(out)] * BOTH))  # both import while the other does
        start = time.perf_counter()
        list(pool.map(_in_this_process, [every[::2], every[1::2]], [str(out)] * BOTH))
        return time.perf_counter() - start


def light(folder: Path, out: Path) -> float:
    """The speed of light with its start-up: two processes that each import everything once and make half of it."""
    from reformlib.render.engine.process import PRELOAD_ENVIRONMENT

    every = documents(folder)
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import bench; bench._in_this_process"
    start = time.perf_counter()
    with ThreadPoolExecutor(BOTH) as pool:
        commands = [[sys.executable, "-c", f"{code}({share!r}, {str(out)!r})"] for share in (every[::2], every[1::2])]
        for future in [
            pool.submit(seconds, one, folder, **PRELOAD_ENVIRONMENT, REFORMLIB_PROJECT=str(folder)) for one in commands
        ]:
            future.result()
    return time.perf_counter() - start


def isolated(folder: Path, out: Path) -> float:
    """What a batch does for its documents, publishing included, in processes forked from one that is warm."""
    from reformlib.render.engine.cluster import same_reports
    from reformlib.render.engine.pool import ProcessPool
    from reformlib.render.run.batch import _outcomes

    jobs, how = _planned(folder, out)
    silent = SimpleNamespace(started=lambda job: None)
    with _warm_environment(folder), ProcessPool(1) as first:
        first.submit(pow, 2, 2).result()
    with _warm_environment(folder), ProcessPool(BOTH, affinity=same_reports) as pool:
        start = time.perf_counter()
        for outcome in _outcomes(jobs, lambda: nullcontext(pool), BOTH, how, silent):
            if outcome.error:
                raise outcome.error
        return time.perf_counter() - start


def _planned(folder: Path, out: Path, languages: tuple[str, ...] = LANGUAGES) -> tuple[list, object]:
    """The jobs of a project and how a batch makes them."""
    from reformlib.render.engine.environment import digest, environment
    from reformlib.render.run.document import RunSettings
    from reformlib.render.run.notebooks import plan
    from reformlib.render.run.plan import jobs_of

    (out / "stage").mkdir(parents=True)
    reports = sorted(path for path in (folder / "data" / "reports").iterdir() if path.is_dir())
    documents = plan(sorted((folder / "notebooks").glob("*.ipynb")), list(languages), {})
    return jobs_of(reports, documents, out), RunSettings(out / "stage", folder, digest(environment()), "warm")


def ours(folder: Path, out: Path, *more: str) -> float:
    shutil.rmtree(out, ignore_errors=True)
    return seconds([_tool("reformlib"), "render", "--output", str(out), *more], folder)


@contextmanager
def workers(folder: Path, count: int):
    """A scheduler and workers of one processor each, started as docs/operators.md says; yields its address."""
    file = folder / "scheduler.json"
    known = ["--scheduler-file", str(file)]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *known]]
    commands += [["worker", "--nthreads", "1", "--no-dashboard", *known]] * count
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with ExitStack() as started:
        for command in commands:
            process = started.enter_context(subprocess.Popen([_tool("dask"), *command], cwd=folder, **quiet))
            started.callback(process.terminate)
            while not file.exists():  # workers look for it
                if process.poll() is not None:
                    raise SystemExit("the scheduler has ended; is the extra `cluster` installed?")
                time.sleep(0.1)
        from distributed import Client

        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)
            address = client.scheduler.address
        yield address


def _in_processes(work: Callable, folder: Path, out: Path, shares: list[list]) -> float:
    start = time.perf_counter()
    with _warm_environment(folder), ProcessPoolExecutor(BOTH, get_context("spawn")) as pool:
        for future in [pool.submit(work, share, str(out)) for share in shares]:
            future.result()
    return time.perf_counter() - start


@contextmanager
def _warm_environment(folder: Path):
    from reformlib.render.engine.process import PRELOAD_ENVIRONMENT

    kept = dict(os.environ)
    os.environ.update(PRELOAD_ENVIRONMENT | {"REFORMLIB_PROJECT": str(folder)})
    os.environ.pop("PYTHONSAFEPATH")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _with_kernel(share: list, out: str) -> None:
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    for notebook, language, report in share:
        parameters = {"language": language, "report": report}
        done = papermill.execute_notebook(notebook, None, parameters, kernel_name="python3", progress_bar=False)
        _export(done, notebook, language, report, out)


def _in_this_process(share: list, out: str) -> None:
    from reformlib.render.engine import process
    from reformlib.render.engine.execute import execute

    with tempfile.TemporaryDirectory() as folder:
        process.scratch = Path(folder)
        for notebook, language, report in share:
            (process.scratch / process.JOURNAL).unlink(missing_ok=True)
            done = execute(Path(notebook), {"language": language, "report": report}, engine="warm")
            _export(done, notebook, language, report, out)


def _export(done, notebook: str, language: str, report: str, out: str) -> None:
    from reformlib.render.run.document import export
    from reformlib.render.run.notebooks import Document

    page = export(done, Document(Path(notebook), language, {"language": language}))
    Path(out, f"{report}-{language}-{Path(notebook).stem}.html").write_text(page, encoding="utf-8")


def _tool(name: str) -> str:
    """A command of this environment."""
    return str(Path(sys.executable).parent / name)


# ---------------------------------------------------------------------------------------------- what is measured


def batch(folder: Path, rounds: int, copies: int) -> list[Row]:
    """All ways over the same documents, round by round.

    The batch and the speed of light are taken more than once a round; with all other ways goes their first time.
    """
    here = project(folder / "batch", copies)
    numbers = count()
    out = lambda: _new(folder / f"out-{next(numbers)}")  # noqa: E731
    took: dict[str, list[float]] = {}
    ways: dict[str, Callable[[], float]] = {
        "papermill and nbconvert commands, one by one": lambda: by_commands(here, out(), 1),
        "the same, two at a time": lambda: by_commands(here, out(), BOTH),
        "papermill's API, ordinary kernels, two processes": lambda: kernels(here, out()),
        # next to each other and more than once, as the machine is not the same a minute later
        (alight := "speed of light: two processes, not isolated"): lambda: light(here, out()),
        (render := "reformlib render"): lambda: ours(here, out(), "--jobs", str(BOTH)),
        "speed of light, the clock started when they are warm": lambda: speed_of_light(here, out()),
        "a process a document, published, the clock started when the pool is warm": lambda: isolated(here, out()),
        "reformlib render --scheduler local": lambda: ours(here, out(), "--jobs", str(BOTH), "--scheduler", "local"),
    }
    near = (alight, render)
    with workers(here, BOTH) as address:
        ways["reformlib render --scheduler tcp://…, two workers there"] = lambda: ours(
            here, out(), "--scheduler", address
        )
        for number in range(rounds):
            for name, way in ways.items():
                took.setdefault(name, []).append(way())
                _say(f"round {number + 1}: {name}: {took[name][-1]:.1f} s")
            for pair in range(1, PAIRS):
                for name in near[:: -1 if pair % 2 else 1]:
                    took[name].append(ways[name]())
                    _say(f"round {number + 1}: {name}: {took[name][-1]:.1f} s")
    rows = [Row(f"{len(documents(here))} renders: {name}", "s", figures) for name, figures in took.items()]
    firsts = (figures[:: len(figures) // rounds] for figures in took.values())
    slow, two, _, _, mine, warm, pool, trial, there = firsts
    return [
        *rows,
        Row("batch against one by one", "times as fast", _ratios(slow, mine), ">= 22"),
        Row("batch against two at a time", "times as fast", _ratios(two, mine), ">= 12"),
        Row(
            "batch against the speed of light, whole processes",
            "times as fast",
            _ratios(took[alight], took[render]),
            ">= 0.9",
        ),
        Row("the same, both warm when the clock starts", "times as fast", _ratios(warm, pool)),
        Row("two local workers against the local pool", "times as long", _ratios(there, mine), "<= 1.15"),
        Row("the same, the workers started by the run", "times as long", _ratios(trial, mine)),
    ]


def built(folder: Path, rounds: int, copies: int, base: Path | None) -> list[Row]:
    """The same documents as in `batch`, by this build and by another one of its own data and notebooks."""
    if not base:
        return []
    took: dict[Path, list[float]] = {ROOT: [], base: []}
    here = {source: described(folder / f"built-{n}", copies, source, "0[123]*") for n, source in enumerate(took)}
    for number, source in ((number, source) for number in range(rounds) for source in took):
        out = folder / f"built-out-{source.name}-{number}"
        command = [str(source / ".venv" / "bin" / "reformlib"), "render", "--output", str(out), "--jobs", str(BOTH)]
        took[source].append(seconds(command, here[source]))
        _say(f"round {number + 1}: {source.name}: {took[source][-1]:.1f} s")
    name = f"{6 * copies} renders, whole command, against the other build"
    return [Row(name, "times as long", _ratios(took[ROOT], took[base]), "<= 1.05")]


def cold(folder: Path, rounds: int) -> list[Row]:
    """One report, nothing running yet, against the commands."""
    here = project(folder / "cold", 1, "02*")
    some = [one for one in documents(here) if one[1] == "vi"]
    mine, commands = [], []
    for number in range(max(3, rounds)):
        mine.append(ours(here, folder / f"cold-{number}", "-l", "vi"))
        commands.append(by_commands(here, _new(folder / f"cold-plain-{number}"), 1, some))
        _say(f"cold: {mine[-1]:.1f} s, by the commands {commands[-1]:.1f} s")
    return [Row("one cold report against the commands", "times as long", _ratios(mine, commands), "<= 0.5")]


def idle(folder: Path, size: int, times: int) -> list[Row]:
    """A batch in which everything is up to date against a bare Python, and the memory of the one who waits.

    Once as batches are (six documents a report: three notebooks in two languages), once with a report a document.
    """
    usual = small_project(folder / "idle", -(-size // 6), 3, LANGUAGES)
    single = small_project(folder / "idle-single", size)
    few, many = 24, size
    plan = ("render", "--all", "--force", "--output", str(folder / "peak"), "--limit")
    peaks = [_peak(single, *plan, str(number)) for number in (few, many)]
    _say(f"peak of the parent: {peaks[0]:.0f} and {peaks[1]:.0f} MB")
    rows = [Row(f"parent at {many} against {few} reports", "times the memory", [peaks[1] / peaks[0]], "<= 1.1")]
    for here, name, bound in ((usual, "documents of six a report", "<= 5"), (single, "documents of one a report", "")):
        plan = [_tool("reformlib"), "render", "--all", "--output", str(folder / "out" / here.name)]
        _say(f"first run over {size} {name}: {seconds(plan, here):.0f} s")
        time.sleep(3)  # what changed within two seconds of a run is looked at again
        mine, bare = [], []
        for _ in range(times + 1):
            mine.append(seconds(plan, here))
            bare.append(seconds([sys.executable, "-c", "pass"], here))
        mine, bare = mine[1:], bare[1:]
        rows += [
            Row(f"nothing to do, {size} {name}", "s", mine),
            Row("the same against python -c pass", "times as long", _ratios(mine, bare), bound),
        ]
    return rows


_PEAK = """
import resource, sys
from reformlib.cli import main
try:
    main(sys.argv[1:])
except SystemExit as leave:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    raise
"""


def _peak(here: Path, *arguments: str) -> float:
    """The most memory, in MB, that the process of a command had."""
    command = [sys.executable, "-c", _PEAK, *arguments]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def commands(times: int) -> list[Row]:
    """CPU of whole commands, and of those that need pandas against pandas alone."""
    own = [_tool("reformlib")]
    ways = {
        "python -c 'import pandas'": [sys.executable, "-c", "import pandas"],
        "reformlib table observations": [*own, "table", "observations", "--report", UNIT],
        "reformlib check": [*own, "check", "--report", UNIT],
        **{f"reformlib {name}": [*own, name] for name in ("list", "status", "--help")},
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, command in ways.items():
            took[name].append(cpu_seconds(command, ROOT))
    (_, pandas), (_, table), (_, check), *light = took.items()
    return [
        *(
            Row(name, "s CPU", figures, "<= 0.3" if (name, figures) in light else "", min)
            for name, figures in took.items()
        ),
        Row("table observations against pandas", "times the CPU", _ratios(table, pandas), "<= 1.6"),
        Row("check of one report against pandas", "times the CPU", _ratios(check, pandas), "<= 1.6"),
    ]


def check(folder: Path, size: int, times: int, base: Path | None) -> list[Row]:
    """`check` over many reports: CPU of each that is added, against another build where one is given, and memory."""
    took: dict[Path, list[float]] = {}
    for source in filter(None, (ROOT, base)):
        here = described(folder / f"check-{len(took)}", size, source)
        tool, first = str(source / ".venv" / "bin" / "reformlib"), "unit-1-2020"
        for _ in range(times):
            more = cpu_seconds([tool, "check"], here) - cpu_seconds([tool, "check", "--report", first], here)
            took.setdefault(source, []).append(1000 * more / (size - 1))
        _say(f"check: {source.name}: {min(took[source]):.1f} ms a report")
    few = [part for number in range(1, size // 10 + 1) for part in ("--report", f"unit-{number}-2020")]
    here = folder / "check-0"
    memory = _peak(here, "check") / _peak(here, "check", *few)
    rows = [Row(f"check over {size} reports, a report", "ms CPU", took[ROOT], "", min)]
    rows.append(Row(f"check over {size} against {size // 10} reports", "times the memory", [memory], "<= 1.1"))
    if base:
        ratio = _ratios(took[ROOT], took[base])
        rows.append(Row("check, a report, against the other build", "times the CPU", ratio, "<= 0.25"))
    return rows


def many(folder: Path, size: int) -> list[Row]:
    """The comparison of many units, each read from its folder."""
    here, out = described(folder / "many", size), folder / "many-out"
    took = ours(here, out, "-l", "vi")
    megabytes = max(path.stat().st_size for path in out.rglob("*.html")) / 1e6
    rows = [Row(f"04 over {size} units, one language", "s", [took], "<= 20" if size == 1000 else "")]
    return [*rows, Row("its largest page", "MB", [megabytes], "<= 1")]


def ingest(folder: Path, size: int, times: int, base: Path | None) -> list[Row]:
    """A Word file ingested, against another build where one is given; many, against pandoc where it is installed."""
    file, made, took = ROOT / "docs" / "examples" / "bao-cao-vi-du.docx", count(), {}
    about = ("--unit", "Sở Thử nghiệm", "--edition", "2025", "--accept", "--output")
    for _ in range(times):
        for source in filter(None, (ROOT, base)):
            command = [str(source / ".venv" / "bin" / "reformlib"), "ingest", str(file), *about]
            seconds_cpu = cpu_seconds([*command, str(folder / f"made-{next(made)}")], source)
            took.setdefault(source, []).append(seconds_cpu)
    rows = [Row("ingest of one docx", "s CPU", took[ROOT], "", min)]
    if base:
        ratio = [min(took[ROOT]) / min(took[base])]
        rows.append(Row("ingest of one docx, against the other build", "times the CPU", ratio, "<= 0.4"))
    files = _new(folder / "files")
    for number in range(size):
        shutil.copy(file, files / f"Sở Thử {number}.docx")
    whole = seconds([_tool("reformlib"), "ingest-all", str(files), *about[2:], str(_new(folder / "all"))], ROOT)
    rows.append(Row(f"ingest of {size} docx", "s", [whole]))
    if shutil.which("pandoc"):
        plain = sum(seconds(["pandoc", "-f", "docx", "-t", "plain", str(one)], ROOT) for one in files.iterdir())
        rows.append(Row("the same against pandoc, one by one", "times as long", [whole / plain], "<= 2.0"))
    return rows


def setup(folder: Path) -> list[Row]:
    """The lock installed from nothing, as make does it against pip by itself; nothing is kept from before."""
    took = []
    for name, command in (
        ("make", ["tools/install.py"]),
        ("pip", ["-m", "pip", "install", "-q", "--no-deps", "-r", "requirements.lock"]),
    ):
        place = folder / name
        seconds([sys.executable, "-m", "venv", str(place)], ROOT)
        caches = {"PIP_CACHE_DIR": str(place / "kept"), "UV_CACHE_DIR": str(place / "kept-uv")}
        took.append(seconds([str(place / "bin" / "python"), *command], ROOT, **caches))
        _say(f"set-up by {name}: {took[-1]:.0f} s")
    return [Row("set-up against pip install of the lock", "times as long", [took[0] / took[1]], "<= 0.5")]


def spread(folder: Path, size: int) -> list[Row]:
    """Six documents of each of so many reports, on one worker of a scheduler and on two."""
    here, took = project(folder / "spread", size), []
    for width in (1, 2):
        with workers(here, width) as address:
            took.append(ours(here, folder / "spread-out", "--scheduler", address))
        (here / "scheduler.json").unlink(missing_ok=True)
        _say(f"{len(documents(here))} documents on {width}: {took[-1]:.0f} s")
    return [Row(f"two workers against one, {6 * size} documents", "times as fast", [took[0] / took[1]], ">= 1.7")]


def own(folder: Path, times: int) -> list[Row]:
    """CPU of a report's own work in the pool: each figure, and all the rest, its page included and published.

    What the documents of a report share, loading and checking it, is a row of its own: a process does it once.
    """
    from reformlib.render.engine.cluster import same_reports
    from reformlib.render.engine.pool import ProcessPool

    here = project(folder / "own", 1, "*")
    jobs, how = _planned(here, folder / "own-out", ("vi",))
    told: dict[str, list[tuple[int, float, float, float]]] = {job.document.name: [] for job in jobs}
    shared, yardstick = [], []
    with _warm_environment(here), ProcessPool(1, affinity=same_reports) as pool:
        for number in range(times):  # one document after another, as a minute can be a slow one
            for job in jobs:
                first, *tries = [pool.submit(_own_work, job, how).result() for _ in range(TRIES + 1)]
                told[job.document.name] += tries
                if job is jobs[0]:
                    shared.append(first[3])
                yardstick.append(_loop())
            _say(f"own work: round {number + 1}: least {[round(min(one[2] for one in t), 3) for t in told.values()]} s")
    rows = []
    for name, tries in told.items():
        if drawn := tries[0][0]:
            figures = [1000 * seconds / drawn for _, seconds, _, _ in tries]
            rows.append(Row(f"{name}: a figure (of {drawn}), {len(tries)} tries", "ms CPU", figures, "<= 80", min))
        rest = [seconds for _, _, seconds, _ in tries]
        rows.append(Row(f"{name}: all the rest, {len(tries)} tries", "s CPU", rest, "<= 0.3", min))
    rows.append(Row("a loop of three million steps, to compare machines and hours by", "s CPU", yardstick))
    return [*rows, Row("a report loaded and checked, once for its documents in a process", "s CPU", shared)]


def _loop() -> float:
    start = time.process_time()
    for number in range(3_000_000):
        number * number
    return time.process_time() - start


def _own_work(job, how) -> tuple[int, float, float, float]:
    """Number of figures, CPU seconds of all of them, of the rest, and of what the documents of a report share."""
    from reformlib.present import chart
    from reformlib.render.engine import process
    from reformlib.render.run import document as publish

    note = process.scratch / "drawn"  # the cells run in a process of their own
    original, load = chart.chart_axes, publish._load_ahead
    shared: list[float] = []

    @contextmanager
    def timed(*args, **kwargs):
        start = time.process_time()
        with original(*args, **kwargs) as made:
            yield made
        with note.open("a") as file:
            print(time.process_time() - start, file=file)

    def loaded(*args):
        start = time.process_time()
        load(*args)
        shared.append(time.process_time() - start)

    modules = [m for n, m in sys.modules.items() if n.startswith("reformlib.present")]
    patched = [module for module in modules if getattr(module, "chart_axes", None) is original]
    for module in patched:
        module.chart_axes = timed
    publish._load_ahead = loaded
    start = _cpu()
    try:
        outcome = publish.run(job, how)
    finally:
        took = _cpu() - start
        publish._load_ahead = load
        for module in patched:
            module.chart_axes = original
    if outcome.error:
        raise outcome.error
    drawn = [float(line) for line in note.read_text().split()] if note.exists() else []
    return len(drawn), sum(drawn), took - sum(drawn) - sum(shared), sum(shared)


def _cpu(*whose: int) -> float:
    """CPU seconds of this process and of those it waited for, or of one of the two."""
    every = whose or (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(who)[:2]) for who in every)


# ---------------------------------------------------------------------------------------------- the table


def _ratios(above: list[float], below: list[float]) -> list[float]:
    return [a / b for a, b in zip(above, below, strict=True)]


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def show(rows: list[Row]) -> None:
    """Print the table and write it as CSV."""
    heads = ("measured", "unit", "min", "median", "max", "bound", "met")
    lines = [
        (row.name, row.unit, *(f"{f(row.figures):.3g}" for f in (min, statistics.median, max)), row.said, row.met)
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    for line in (heads, *lines):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    RESULT.parent.mkdir(exist_ok=True)
    with RESULT.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *lines])


PARTS = ("own", "cold", "idle", "batch", "commands", "check")
LONG = ("built", "many", "ingest", "setup", "spread")  # only where they are asked for


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="6 renders, one round, 200 reports")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of: {', '.join((*PARTS, *LONG))}")
    parser.add_argument("--size", type=int, help="reports of check, many, idle and spread, files of ingest")
    parser.add_argument(
        "--base",
        type=Path,
        help="checkout of another build, with its .venv, for built, check and ingest",
    )
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every process of every way would compile the library anew
    rounds, copies = (1, 1) if asked.quick else (3, 4)
    size = lambda quick, whole: asked.size or (quick if asked.quick else whole)  # noqa: E731
    base = asked.base and asked.base.resolve()
    with tempfile.TemporaryDirectory(prefix="reformlib-bench-") as name:
        folder = Path(name)
        make = {
            "own": lambda: own(folder, 2 if asked.quick else 5),
            "cold": lambda: cold(folder, rounds),
            "idle": lambda: idle(folder, size(200, 2400), 3 if asked.quick else 10),
            "batch": lambda: batch(folder, rounds, copies),
            "built": lambda: built(folder, 3, 4, base),
            "commands": lambda: commands(5),
            "check": lambda: check(folder, size(100, 1000), rounds, base),
            "many": lambda: many(folder, size(200, 1000)),
            "ingest": lambda: ingest(folder, size(20, 200), rounds, base),
            "setup": lambda: setup(folder),
            "spread": lambda: spread(folder, size(4, 20)),
        }
        rows = [row for part in asked.only.split(",") for row in make[part]()]
    show(rows)


if __name__ == "__main__":
    main()
