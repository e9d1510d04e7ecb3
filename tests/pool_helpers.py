"""What the tests of the pool run in its processes; a process imports this module by its name."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.render.engine import process


def me() -> tuple[int, int]:
    """This process and the one it was forked from."""
    return os.getpid(), os.getppid()


def me_for(name: str, seconds: float = 0) -> tuple[int, int]:
    time.sleep(seconds)
    return me()


def me_soon_gone(name: str) -> int:
    process.IDLE_SECONDS = 0.1
    return os.getpid()


def threads_of_the_warm_process() -> int:
    return len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))


def imported() -> bool:
    """Whether the heavy libraries were there before anything was called."""
    return {"pandas", "seaborn", "papermill", "nbconvert"} <= set(sys.modules)


def numbers() -> tuple[float, float]:
    import numpy

    return random.random(), float(numpy.random.random())  # noqa: NPY002 (the global state is what is asked about)


def numbers_for(name: str) -> tuple[float, float]:
    return numbers()


def leave(code: int) -> None:
    process.report_progress(where="x.ipynb, cell 3")
    os._exit(code)


def touch_nothing() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def abort_for(name: str) -> None:
    os.abort()


def refuse_for(name: str) -> None:
    refuse()


def loop() -> None:
    process.report_progress(where="x.ipynb, cell 7")
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.01)


def blow_up() -> int:
    return len(bytearray(2_000_000_000))


def refuse() -> None:
    raise ReformError("no such target", where="here", fix="name another", notebook={"cells": []})


def raise_ordinary() -> None:
    raise KeyError("x")


def unsendable() -> object:
    return lambda: None


def meddle(marker: str) -> tuple:
    """Change what a process shares with itself, and tell what was found."""
    import matplotlib as mpl
    import pandas as pd

    found = (os.environ.get("MEDDLED"), hasattr(pd, "meddled"), mpl.rcParams["font.size"], str(Path.cwd()))
    os.environ["MEDDLED"] = pd.meddled = marker
    mpl.rcParams["font.size"] = 99
    os.chdir("/")
    return found


def leave_a_child_behind(file: str) -> str:
    child = subprocess.Popen(["sleep", "600"])
    Path(file).write_text(str(child.pid))
    Path("left.txt").exists()
    return str(process.scratch)


def end_the_warm_process_once(file: str) -> tuple[str | None, ...]:
    """Kill the process that all are forked from, the first time; what a process finds that it was set up with."""
    if not Path(file).exists():
        Path(file).touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return tuple(os.environ.get(name) for name in process.PRELOAD_ENVIRONMENT if name != "PYTHONSAFEPATH")


def wait_with_a_child(file: str) -> None:
    leave_a_child_behind(file)
    time.sleep(600)


def run_notebook(path: str, engine: str, language: str = "vi", project: str | None = None):
    """Execute a notebook; its outputs."""
    from reformlib.render.engine.execute import execute

    if project:
        os.chdir(project)
    notebook = execute(Path(path), {"language": language}, engine=engine)
    return [o for cell in notebook.cells for o in cell.get("outputs", [])]


def marks_of_a_shell() -> list[str]:
    """What a shell of IPython leaves on its process, as far as it is found on this one."""
    import IPython

    marks = {
        "prompts": hasattr(sys, "ps1"),
        "builtins": hasattr(builtins, "__IPYTHON__") or hasattr(builtins, "display"),
        "__main__": hasattr(sys.modules["__main__"], "get_ipython"),
        "environment": "CLICOLOR_FORCE" in os.environ,
        "get_ipython": IPython.get_ipython() is not None,
    }
    return [name for name, found in marks.items() if found]


def journals_left_open(path: str) -> list[str]:
    """Files of this process that still write down what is executed, after a notebook was run."""
    run_notebook(path, "warm")
    assert (process.scratch / process.JOURNAL).stat().st_size
    opened = [handle.resolve().name for handle in Path("/proc/self/fd").iterdir()]
    return [name for name in opened if name == process.JOURNAL]
