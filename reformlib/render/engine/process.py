"""A process of the pool from the inside: its limits, what it reports, and how all that it started ends with it.

Light to import: the heavy libraries live in the preloaded process (`reformlib.render.engine.preload`) only.
"""

import ctypes
import json
import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from reformlib.errors import ReformError

# Elsewhere a fork without exec is not safe (macOS) or not there (Windows): ordinary kernels, in new processes.
FORKS = sys.platform == "linux" and hasattr(os, "fork")
ENGINE: Literal["warm", "kernel"] = "warm" if FORKS else "kernel"
POSIX = os.name == "posix"

# What a page could otherwise take from the moment or the machine. 1980 is the oldest date a zip file can hold; sums
# of one thread come out the same on every number of cores.
FIXED_ENVIRONMENT = {"SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
# Read when matplotlib is imported, as ipykernel sets it; no library is taken from the folder a run is started in.
PRELOAD_ENVIRONMENT = FIXED_ENVIRONMENT | {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONSAFEPATH": "1",
}

IDLE_SECONDS = 5  # that a process waits for a further call before it ends

JOURNAL = "executed.jsonl"  # in the folder of a call: the notebook, then each cell that was executed
OUTCOME = "outcome"  # what a call in a fork gave
PROGRESS = "progress.json"  # the last report of progress; it is there, empty, once a call has begun
PROGRESS_FIELDS = {"label": str, "where": str, "done": int, "of": int}
PROGRESS_SIZE = 10_000  # bytes of a report that are read

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

scratch: Path | None = None  # in a process of the pool: the folder of its call, deleted after it
_calls: Connection | None = None  # in a process of the pool: to the one that waits


@contextmanager
def environment_variables(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables; afterwards they are as they were."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def report_progress(**message: Any) -> None:
    """Leave a note of how far a call of the pool is, for the one that waits; in other processes nothing happens.

    `label` names the call, `where` the place for the error if the process ends there, `done` and `of` count cells.
    """
    if scratch is not None:
        with suppress(OSError):
            (scratch / PROGRESS).write_text(json.dumps(message), encoding="utf-8")


def progress_of(folder: Path) -> dict[str, Any]:
    """The last progress that was reported in the folder of a call; empty when there is none that can be read."""
    with suppress(OSError, ValueError, TypeError), (folder / PROGRESS).open(encoding="utf-8") as file:
        message = json.loads(file.read(PROGRESS_SIZE))
        return {name: kind(message[name]) for name, kind in PROGRESS_FIELDS.items() if name in message}
    return {}


def executed_so_far(folder: Path) -> dict[str, Any] | None:
    """The notebook as far as the journal in the folder of a call has it; None when nothing was executed."""
    notebook = None
    with suppress(OSError, ValueError), (folder / JOURNAL).open(encoding="utf-8") as lines:
        notebook = json.loads(next(lines, "null"))
        for line in lines:
            index, cell = json.loads(line)  # the last line of a crash may be half a line
            notebook["cells"][index] = cell
    return notebook


def out_of_memory() -> ReformError:
    """The error of a report that needs more memory than it may have."""
    return ReformError("memory ran out", fix="allow more with --memory, or work on fewer figures at once")


def in_fork(fn: Callable, /, *args: Any, **kwargs: Any) -> Any:
    """From inside a call of the pool: call `fn` in a fork of this process, then kill all that the fork started.

    Whatever `fn` does to its process (streams, umask, modules, signals), this one stays as it was. A call that ends
    its process ends this one too, and the one that waits gets the exit code. Raises what `fn` raises; an error other
    than ReformError means that the notebook damaged the process and becomes a ReformError.
    """
    if scratch is None or _calls is None:
        raise ValueError("in_fork is for calls of a ProcessPool")
    file = scratch / OUTCOME
    file.touch()  # by this process, as the umask of the other may change
    child = os.fork()
    if not child:
        code = 1
        try:
            _die_with_parent()
            _calls.close()  # nothing that a notebook does may speak for this process
            file.write_bytes(outcome_of(fn, args, kwargs))
            code = 0
        finally:
            os._exit(code)  # threads that a notebook left behind are not waited for
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    kill_descendants(os.getpid())
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:  # what it left behind was handed to this process
            pass
    try:
        kind, value = pickle.loads(file.read_bytes())
    except Exception:
        _calls.send(("ended", code))
        os._exit(0)
    if kind == "done":
        return value
    if isinstance(value, ReformError):
        raise value
    raise ReformError(
        f"the notebook broke its process: {type(value).__name__}: {value}".rstrip(": "),
        fix="see in JupyterLab what it does",
        notebook=executed_so_far(scratch),
    )


def outcome_of(fn: Callable, args: tuple, kwargs: dict) -> bytes:
    """Call `fn`; pickled, ("done", what it returned) or ("error", what it raised)."""
    try:
        outcome = ("done", fn(*args, **kwargs))
    except MemoryError:
        outcome = ("error", out_of_memory())
    except BaseException as error:
        error.add_note(traceback.format_exc())
        outcome = ("error", error)
    try:
        return pickle.dumps(outcome)
    except Exception as error:
        return pickle.dumps(("error", ReformError(f"what the process has to say cannot be sent: {error}")))


def serve(calls: Connection, memory: int | None, debug: bool) -> None:
    """The life of a process of the pool: set its limits, then make each call that comes and send its outcome.

    `memory` bounds the bytes of its data; output of its own goes nowhere unless `debug`. It ends when the connection
    is closed or no call comes for IDLE_SECONDS.
    """
    global scratch, _calls
    _calls = calls
    _contain(memory, debug)
    wait = None  # the first call is on its way
    with suppress(EOFError, OSError):
        while calls.poll(wait):
            folder, fn, args, kwargs = calls.recv()
            scratch = Path(folder)
            (scratch / PROGRESS).touch()
            tempfile.tempdir = os.environ["TMPDIR"] = folder
            if numpy := sys.modules.get("numpy"):
                numpy.random.seed()  # random numbers of its own, as in a process just started
            calls.send_bytes(outcome_of(fn, args, kwargs))
            wait = IDLE_SECONDS
    calls.close()
    os._exit(0)


def _contain(memory: int | None, debug: bool) -> None:
    """Set the limits of this process, and have it end with the one that waits for it."""
    if FORKS:
        _die_with_parent()
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
        with suppress(OSError):  # where memory runs out, the system is to end this before the others
            Path("/proc/self/oom_score_adj").write_text("500")
    if POSIX:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that waits
    threading.Thread(target=_end_with_caller, daemon=True).start()
    if not debug:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(null, stream)
    if memory and POSIX:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _end_with_caller() -> None:
    """Leave nothing behind when the process that waits was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    if POSIX:
        kill_descendants(os.getpid())
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _die_with_parent() -> None:
    """Have the system end this process with the one it was forked from, even in the middle of a compiled loop."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value)


def kill_tree(process: Any) -> None:
    """Kill a process (of multiprocessing) and those it started; one that has ended takes no harm."""
    if POSIX:
        kill_descendants(process.pid)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it left behind where it has ended
    with suppress(ProcessLookupError):
        process.kill()  # it may not lead its group yet


def kill_descendants(root: int) -> None:
    """Kill, on Linux, all that descends from the process `root`, but not itself.

    It is handed what its descendants leave behind, so another look finds what a killed one had just started.
    """
    killed: set[int] = set()
    while True:
        tree = [root]
        for process in tree:
            with suppress(OSError):
                for task in Path(f"/proc/{process}/task").iterdir():
                    tree += map(int, (task / "children").read_text().split())
        if not (left := {*tree[1:]} - killed):
            break
        for process in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        killed |= left
