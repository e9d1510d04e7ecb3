"""The two ways to run cells: the same outputs, and whatever a notebook does stays in its process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat.v4 import new_code_cell

from reformlib.errors import ReformError
from reformlib.render.engine.cluster import same_reports
from reformlib.render.engine.environment import digest, environment
from reformlib.render.engine.execute import execute
from reformlib.render.engine.pool import ProcessPool
from reformlib.render.engine.process import FORKS
from reformlib.render.engine.shell import Meter, RecordingSession
from reformlib.render.page.links import with_links
from reformlib.render.run.document import RunSettings, run
from reformlib.render.run.notebooks import plan
from reformlib.render.run.plan import jobs_of
from tests import pool_helpers as call
from tests.render_helpers import PAGE, command, finish, make_project, manifest, write_notebook

pytestmark = pytest.mark.skipif(not FORKS, reason="processes are forked on Linux only")


@pytest.fixture(scope="module")
def pool():
    with ProcessPool(2) as made:
        yield made


NOTEBOOKS = ("01_assessment", "02_gap_analysis", "03_projections")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_engines_give_the_same_pages_and_evidence(repo, tmp_path, again, language):
    """By the way of a batch: in the warm one the documents follow each other and begin with what the first loaded."""
    (tmp_path / "stage").mkdir()
    settings = RunSettings(tmp_path / "stage", repo, digest(environment()), "warm")
    documents = plan([repo / "notebooks" / f"{name}.ipynb" for name in NOTEBOOKS], [language], {})
    jobs = jobs_of([repo / "data" / "reports" / "tra-vinh-2020"], documents, tmp_path / "pages")
    with ProcessPool(1, affinity=same_reports) as pool:
        outcomes = [future.result() for future in [pool.submit(run, job, settings) for job in jobs]]
    assert [(outcome.title != "", outcome.error) for outcome in outcomes] == [(True, None)] * len(NOTEBOOKS)
    for job in jobs:
        kernel = again / job.page.relative_to(tmp_path)
        page = job.page.read_text("utf-8")
        assert page == with_links(kernel.read_text("utf-8"), language, [])
        assert f'<html lang="{language}"' in page and len(page) > 50_000
        evidence = [path.with_suffix(".evidence.json").read_bytes() for path in (job.page, kernel)]
        assert evidence[0] == evidence[1]


LOADS = """from reformlib.load.report import load_report
first = load_report("tra-vinh-2020").facts
print(*first["raw"])
first.loc[:, "raw"] = "?"
print(*load_report("tra-vinh-2020").facts["raw"])"""


def test_a_document_shows_the_report_as_it_is_when_its_turn_comes(repo, tmp_path):
    """Though one process makes both and had loaded the report for the first."""
    project = make_project(tmp_path / "p", (), **dict.fromkeys(("01_first", "02_second"), (PAGE, LOADS)))
    shutil.copytree(repo / "data", project / "data", dirs_exist_ok=True)
    (tmp_path / "stage").mkdir()
    settings = RunSettings(tmp_path / "stage", project, digest(environment()), "warm")
    documents = plan(sorted((project / "notebooks").glob("*.ipynb")), ["vi"], {})
    folder = project / "data" / "reports" / "tra-vinh-2020"
    first, second = jobs_of([folder], documents, tmp_path / "out")
    file = folder / "facts.csv"
    for path in project.rglob("*"):
        os.utime(path, (1, 1))  # of a file just written nobody can tell whether it changed once more
    alone = replace(second, document=replace(second.document, takes_report=False))
    assert same_reports(first, settings) == same_reports(second, settings) == same_reports(alone, settings)
    with ProcessPool(1, affinity=same_reports) as pool:
        assert pool.submit(run, first, settings).result().error is None
        file.write_text(file.read_text(encoding="utf-8").replace("1.610", "1.611"), encoding="utf-8")
        os.utime(file, (2, 2))
        assert pool.submit(run, second, settings).result().error is None
        assert [job.page.read_text("utf-8").count("1.611") for job in (first, second)] == [0, 2]
        file.write_text(file.read_text(encoding="utf-8").replace("1.611", "1.612"), encoding="utf-8")
        os.utime(file, (3, 3))
        assert pool.submit(run, alone, settings).result().error is None
        assert second.page.read_text("utf-8").count("1.612") == 2
        file.write_text("fact\n1\n", encoding="utf-8")
        broken = pool.submit(run, first, settings).result()
    assert "facts.csv" in str(broken.error) and broken.error.where.startswith("01_first.ipynb, cell")


MANY_KINDS = (
    PAGE,
    "import pandas as pd\npd.DataFrame({f'c{i}': range(3) for i in range(60)})",
    "import numpy as np\npd.DataFrame(np.arange(300).reshape(100, 3))",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('Đường')",
    "fig, axes = plt.subplots()\naxes.scatter([1, 2], [3, 4])\nprint('after')",
    "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    "from IPython.display import display, Markdown\nfor i in 1, 2:\n    print(i)\n    display(Markdown(str(i)))",
    "handle = display('first', display_id=True)\nhandle.update('second')",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "%matplotlib inline\n%time 1 + 1;\nx = !echo from a shell\nx",
    "_",
    "print('10 %\\r100 %')\nprint('ab\\bc')",
    """import enum
class Kind(str, enum.Enum):
    HTML = "text/html"
notes = {}
display({Kind.HTML: "<b>e</b>", "text/plain": "e"}, raw=True, metadata=notes)
display({"text/plain": "f"}, raw=True, metadata=notes)
display({1: "x"}, raw=True)
notes["late"] = 1""",
    """import builtins, os, pickle, sys
class Here: pass
here, shell = get_ipython().profile_dir.location, get_ipython()
print(pickle.loads(pickle.dumps(Here())).__module__, sys.modules["__main__"].__dict__ is globals())
print(*(os.environ[name] for name in ("TERM", "CLICOLOR", "PAGER", "GIT_PAGER")), sys.ps1, sys.ps2)
print(builtins.__IPYTHON__, builtins.display is display, [str(folder) == os.getcwd() for folder in _dh], _ih[0] == "")
print(shell.starting_dir == os.getcwd(), get_ipython() is __import__("IPython").get_ipython())
print(os.path.dirname(here) == str(shell.ipython_dir) == os.environ["IPYTHONDIR"], os.path.isdir(here))""",
)


CHILDREN = """import faulthandler, multiprocessing, os, subprocess, sys
from concurrent.futures import ProcessPoolExecutor
def double(n):
    return 2 * n
faulthandler.enable()
with ProcessPoolExecutor(1) as pool:
    print(*pool.map(double, [20, 21]))
subprocess.run(["echo", "of a child"])
subprocess.run(["echo", "of another"], stdout=sys.stdout)
os.system("echo of a shell")
one = multiprocessing.Process(target=print, args=("of a process",))
one.start(), one.join()"""


def shown(outputs: list[dict]) -> list[dict]:
    """Without what tells the time, printed text in one piece, as on the page."""
    timed = re.compile("Wall time|CPU times")  # on a busy machine a kernel sends the two lines apart
    kept = [one for one in outputs if one.get("name") != "stderr" and not timed.search(str(one.get("text")))]
    return CoalesceStreamsPreprocessor().preprocess_cell(new_code_cell(outputs=kept), {}, 0)[0].outputs


def test_both_engines_give_the_same_outputs_of_every_kind(pool, tmp_path):
    path = str(write_notebook(tmp_path / "x.ipynb", *MANY_KINDS))
    warm, kernel = (shown(pool.submit(call.run_notebook, path, engine).result()) for engine in ("warm", "kernel"))
    assert warm == kernel
    text = json.dumps(warm)
    assert text.count("image/png") == 2 and "c59" in text and '"second"' not in text and "gone" not in text
    assert "__main__ True" in text and "True True [True] True" in text and "True True\\n" in text


def test_what_other_processes_print_is_shown_and_they_know_the_functions_of_the_notebook(pool, tmp_path):
    path = str(write_notebook(tmp_path / "x.ipynb", PAGE, CHILDREN))
    (said,) = (one["text"] for one in shown(pool.submit(call.run_notebook, path, "warm").result()) if "text" in one)
    assert said.splitlines() == ["40 42", "of a child", "of another", "of a shell", "of a process"]


def test_outputs_that_show_nothing_count_too():
    meter = Meter()
    session = RecordingSession(meter)
    for content in ({"data": {"text/plain": ""}, "metadata": {}}, {"data": {}, "metadata": {}}):
        before = meter.count
        session.send(None, "display_data", content)
        assert meter.count > before + 20


def test_what_was_executed_is_written_down_and_the_file_closed(pool, tmp_path):
    path = str(write_notebook(tmp_path / "x.ipynb", PAGE))
    assert pool.submit(call.journals_left_open, path).result() == []


def test_a_process_that_runs_no_cells_knows_of_no_shell(pool):
    """Though the one it was forked from has made the shell that cells get."""
    assert pool.submit(call.marks_of_a_shell).result() == []


FAILS = {
    "display({1: 'x'}, raw=True); 1 / 0": "ZeroDivisionError: division by zero",
    "while True: display({'x' * 1_000_000: ''}, raw=True)": "shows more than 20 million characters",
    "1 / 0": "ZeroDivisionError: division by zero",
    "import os; os._exit(1)": "(exit code 1|the kernel died)",
    "import ctypes; ctypes.string_at(0)": "(SIGSEGV|the kernel died)",
    "for _ in range(40): print('x' * 1_000_000)": "shows more than 20 million characters",
    "def (": "SyntaxError",
}


@pytest.mark.parametrize("engine", ["warm", "kernel"])
@pytest.mark.parametrize("source", FAILS)
def test_a_cell_that_fails_is_named_and_what_was_executed_is_kept(pool, tmp_path, source, engine):
    path = write_notebook(tmp_path / "x.ipynb", PAGE, "print('before')", source, "print('after')")
    with pytest.raises(ReformError, match=FAILS[source]) as caught:
        pool.submit(call.run_notebook, str(path), engine).result()
    assert caught.value.where == "x.ipynb, cell 4" and caught.value.fix
    kept = json.dumps(caught.value.notebook)
    assert "before" in kept and "injected-parameters" in kept and '"after\\n"' not in kept
    assert len(kept) < 25_000_000


@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_time_is_bounded_with_either_engine(tmp_path, engine):
    endless = write_notebook(tmp_path / "endless.ipynb", PAGE, "while True:\n    try:\n        pass\n    except: pass")
    with ProcessPool(1, timeout=8) as pool, pytest.raises(ReformError, match="not finished within 8 s") as caught:
        pool.submit(call.run_notebook, str(endless), engine).result()
    assert caught.value.where == "endless.ipynb, cell 3" or engine == "kernel"


@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_memory_is_bounded_with_either_engine(tmp_path, engine):
    """Without a bound on time: a busy machine may take long to start a kernel."""
    greedy = write_notebook(tmp_path / "greedy.ipynb", PAGE, "len(bytearray(2_000_000_000))")
    with ProcessPool(1, memory=1_500_000_000) as pool:
        with pytest.raises(ReformError, match="memory ran out") as caught:
            pool.submit(call.run_notebook, str(greedy), engine).result()
        assert caught.value.where == "greedy.ipynb, cell 3" and "--memory" in caught.value.fix


MEDDLES = """import os, random, sys
from pathlib import Path
import matplotlib as mpl, pandas as pd, reformlib.locale
print(hasattr(pd, "meddled"), mpl.rcParams["font.size"], os.environ.get("MEDDLED"), os.listdir(), len(sys.modules))
pd.meddled = True
pd.DataFrame.sum = None
mpl.rcParams["font.size"] = 99
os.environ["MEDDLED"] = "1"
reformlib.locale.number = None
random.seed(1)
os.chdir("/")"""


def test_what_a_notebook_changes_does_not_reach_the_next(pool, tmp_path):
    project = make_project(tmp_path / "p", **{"01_meddles": (PAGE, MEDDLES)})
    path = str(project / "notebooks" / "01_meddles.ipynb")
    before = sorted(project.rglob("*"))
    first, second = (pool.submit(call.run_notebook, path, "warm", project=str(project)).result() for _ in range(2))
    assert first == second and "False" in str(first) and "[]" in str(first)
    assert sorted(project.rglob("*")) == before


LEFT = f"4711.{os.getpid()}"  # seconds that no other run of the tests sleeps
FORGED = """import os, pickle, stat, struct
said = b"".join(struct.pack("!i", len(m)) + m for m in map(pickle.dumps, [("done", 1), ("told", {}), ("done", 2)]))
for number in range(3, 100):
    try:
        stat.S_ISSOCK(os.fstat(number).st_mode) and os.write(number, said)
    except OSError:
        pass"""
HOSTILE = {
    "forged": (FORGED, ""),
    "parent": ("import os, time; os.kill(os.getppid(), 9); time.sleep(60)", "SIGKILL|it was killed"),
    "descriptors": ("import os; os.closerange(3, 1000)", "broke its process: OSError"),
    "keyboard": (
        "import os, signal; signal.signal(2, signal.default_int_handler); os.kill(os.getpid(), 2)\n1 + 1",
        "KeyboardInterrupt",
    ),
    "files": ("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))", "exit code 1|OSError"),
    "state": (
        "import os, pathlib\nos.umask(0o777); os.environ.clear(); os.chdir('/'); pathlib.Path.replace = None",
        "",
    ),
    "left": (
        f"import subprocess; subprocess.Popen(['sleep', '{LEFT}'], start_new_session=True); print('x')",
        "",
    ),
}


def test_a_notebook_that_harms_its_process_harms_nothing_else(tmp_path):
    """Neither the other reports, nor the publishing of its own page; and what it started ends with it."""
    bad = {f"0{number}_{name}": (PAGE, source) for number, (name, (source, _)) in enumerate(HOSTILE.items())}
    project = make_project(tmp_path / "p", **bad, **{"08_fine": (PAGE,), "09_fine": (PAGE,)})
    ran = finish(command(project, "render", "--output", "out", "-l", "vi", "--jobs", "2", "--timeout", "60"))
    assert ran.code == 1 and "Traceback" not in ran.err
    for name, reason in [*((n, HOSTILE[n[3:]][1]) for n in bad), ("08_fine", ""), ("09_fine", "")]:
        page = project / "out/demo/vi" / f"{name}.html"
        assert page.exists() != bool(reason), name
        if reason:
            assert re.search(reason, manifest(page)["last_attempt"]["error"]), name
            assert (project / f"out/.failed/demo/vi/{name}.ipynb").exists(), name
        else:
            assert page.stat().st_mode & 0o400, name
    assert LEFT not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout


@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_a_file_written_to_the_current_folder_is_refused_and_gone(pool, tmp_path, engine):
    project = make_project(tmp_path / "p", **{"01_writes": (PAGE, "open('left.txt', 'w').write('x')")})
    before = sorted(project.rglob("*"))
    path = str(project / "notebooks" / "01_writes.ipynb")
    with pytest.raises(ReformError, match=r"wrote to its current folder: left\.txt"):
        pool.submit(call.run_notebook, path, engine, project=str(project)).result()
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("engine", ["warm", "kernel"])
def test_cells_run_in_a_folder_of_their_own_and_find_the_project(pool, tmp_path, engine):
    where = "from reformlib.paths import project_root\nimport os\nprint(project_root(), os.getcwd())"
    project = make_project(tmp_path / "p", **{"01_where": (PAGE, where)})
    outputs = pool.submit(
        call.run_notebook, str(project / "notebooks" / "01_where.ipynb"), engine, project=str(project)
    ).result()
    root, folder = outputs[-1]["text"].split()
    assert root == str(project) and not Path(folder).is_relative_to(project) and not Path(folder).exists()


def test_the_warm_engine_is_refused_outside_the_pool(tmp_path):
    path = write_notebook(tmp_path / "x.ipynb", PAGE)
    before = dict(os.environ)
    with pytest.raises(ValueError, match="ProcessPool"):
        execute(path, {}, engine="warm")
    assert dict(os.environ) == before
