"""Processes forked from one that has imported everything; the cells of every document run in one of their own.

Importing what a report needs takes seconds; a fork takes milliseconds and shares nothing that a report could change
for the next one. Light to import: the heavy libraries live in the warm
process (`reformlib.render.engine.preload`) only.
"""

from __future__ import annotations

import contextlib
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
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection, forkserver
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError

# Elsewhere a fork without exec is not safe (macOS) or not there (Windows): ordinary kernels, in fresh processes.
FORKS = sys.platform == "linux"
ENGINE = "warm" if FORKS else "kernel"
POSIX = os.name == "posix"

# What a page could otherwise take from the moment or the machine. 1980 is the oldest date a zip file can hold; sums
# of one thread come out the same on every number of cores.
FIXED = {"SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
# Read when matplotlib is imported, as ipykernel sets it; no library is taken from the folder a run is started in.
WARM = FIXED | {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONSAFEPATH": "1"}

LINGER = 5  # seconds that a process waits for a further call before it goes

JOURNAL = "executed.jsonl"
OUTCOME = "outcome"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
SIGNALS = {
    "SIGKILL": "it was killed, as systems do when memory runs out",
    "SIGSEGV": "it crashed: a compiled library touched memory that is not its own (SIGSEGV)",
    "SIGABRT": "it crashed: a compiled library gave up (SIGABRT)",
}

scratch: Path | None = None  # in a process of the pool: its folder, deleted after it
_parent: connection.Connection | None = None
_beside: connection.Connection | None = None  # where cells run apart: to the process beside


def tell(**message: Any) -> None:
    """From inside a process of the pool: say to the one who waits how far it is. Elsewhere nothing happens.

    `where` is named when the process crashes; `group` is a process group to end with it.
    """
    if _beside is not None:
        _beside.send_bytes(json.dumps(message).encode())
    elif _parent is not None:
        _parent.send(("told", message))


def apart(fn: Callable, /, *args: Any, **kwargs: Any) -> Any:
    """From inside a forked process of the pool: call `fn` in one forked from it, and end all that it started.

    Whatever `fn` does to its process (streams, umask, modules, signals), this one stays as it was. A call that ends
    its process ends this one too, and the one who waits is told why.
    """
    file = scratch / OUTCOME
    file.touch()  # by this process, whose umask is its own
    hear, say = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if not child:
        code = 1
        try:
            os.setsid()
            _die_with_parent()
            _speak_to(say)
            file.write_bytes(_outcome_of(fn, args, kwargs))
            code = 0
        finally:
            os._exit(code)  # threads that a notebook left behind are not waited for
    say.close()
    tell(group=child)
    relay = threading.Thread(target=_relay, args=(hear,), daemon=True)
    relay.start()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _end_all(os.getpid(), [child])
    relay.join(5)  # nobody is left who could speak
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:  # what it left behind, handed to this process and ended
            pass
    try:
        kind, value = pickle.loads(file.read_bytes())
    except Exception:
        _parent.send(("ended", code))
        os._exit(0)
    if kind == "error" and not isinstance(value, ReformError):
        raise ReformError(
            f"the notebook broke its process: {type(value).__name__}: {value}".rstrip(": "),
            fix="see in JupyterLab what it does",
            notebook=executed_so_far(scratch),
        )
    if kind == "error":
        raise value
    return value


def _speak_to(beside: connection.Connection) -> None:
    """In the process of cells: leave the connection on which the process beside gets its next call."""
    global _beside
    _parent.close()
    _beside = beside


def _relay(hear: connection.Connection) -> None:
    """Pass on how far cells are, and nothing else that they may send."""
    with contextlib.suppress(EOFError, OSError), hear:
        while True:
            said = hear.recv_bytes()
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                told = json.loads(said)
                tell(**{name: told[name] for name in ("label", "where", "done", "of") if name in told})


class WarmPool(Executor):
    """Runs every call in a process of its own, or of calls alike, at most `jobs` at once.

    `memory` bounds the bytes of data a process may hold (of which the libraries take about 200 MB), `timeout` its
    seconds. A process that crashes or goes beyond gives ReformError in its Future and harms no other; its `notebook`
    is what had been executed. `told` hears what the processes :func:`tell`, in a thread of this process. Leaving the
    context by an exception ends all processes at once.

    Calls for which `near` gives the same may follow each other in one process, as they can share what it has loaded;
    None stands for a process of one's own. It is for calls that leave their process as it was, see :func:`apart`.

    >>> with WarmPool(2) as pool:
    ...     pool.submit(pow, 2, 10).result()
    1024
    """

    def __init__(
        self,
        jobs: int,
        *,
        memory: int | None = None,
        timeout: float | None = None,
        debug: bool = False,
        told: Callable[[dict[str, Any]], None] = lambda message: None,
        near: Callable[..., Any] = lambda *args, **kwargs: None,
    ) -> None:
        self._memory, self._timeout, self._debug, self._told, self._near = memory, timeout, debug, told, near
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="report")
        self._lock = threading.Lock()  # a process must not be started while another thread asks what became of one
        self._processes: set[_Process] = set()
        self._idle: list[_Process] = []
        self._stopped = self._closed = False
        self._context = multiprocessing.get_context("forkserver" if FORKS else "spawn")
        if FORKS:
            _start_warming(self._context)

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Call `fn` in a process of the pool; it, its arguments and its result must pickle."""
        return self._threads.submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._closed = not wait  # who comes later finds nobody to end its process
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        with self._lock:
            while self._idle:
                self._leave(self._idle.pop())

    def stop(self) -> None:
        """End all processes now; what has not been started never is."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                _end(process.handle)
        self.shutdown(cancel_futures=True)

    def __exit__(self, kind, error, trace) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.stop()

    def _run(self, fn: Callable, args: tuple, kwargs: dict) -> Any:
        for last in (False, True):
            with self._lock:
                before = self._warm()
            try:
                return self._once(fn, args, kwargs)
            except (ReformError, OSError, EOFError):
                with self._lock:
                    # killed, it took with it all that ran: not to be held against a report
                    if last or self._stopped or self._warm() == before:
                        raise
        raise AssertionError

    def _warm(self) -> int | None:
        """The warm process, started again if it was killed."""
        if not FORKS:
            return None
        _start_warming(self._context)
        return forkserver._forkserver._forkserver_pid

    def _once(self, fn: Callable, args: tuple, kwargs: dict) -> Any:
        near = self._near(*args, **kwargs)
        while True:
            process = self._process(near)
            with contextlib.suppress(_Gone):
                return self._call(process, fn, args, kwargs)

    def _process(self, near: Any) -> _Process:
        """One that has made what is `near` and waits, or a new one in the place of one that waits for other calls."""
        with self._lock:
            if self._stopped:
                raise CancelledError
            for process in self._idle:
                if process.near == near:
                    self._idle.remove(process)
                    return process
            if self._idle:
                self._leave(self._idle.pop(0))
            here, there = self._context.Pipe()
            handle = self._context.Process(target=_work, args=(there, self._memory, self._debug))
            handle.start()
            there.close()
            process = _Process(handle, here, near)
            self._processes.add(process)
            return process

    def _leave(self, process: _Process, groups: list[int] | tuple = ()) -> None:
        self._processes.discard(process)
        _end(process.handle, groups)
        process.handle.join()
        process.calls.close()

    def _call(self, process: _Process, fn: Callable, args: tuple, kwargs: dict) -> Any:
        groups: list[int] = []
        again = False
        with tempfile.TemporaryDirectory(prefix="reformlib-", ignore_cleanup_errors=True) as folder:
            try:
                with contextlib.suppress(OSError):  # it has ended, and is asked why below
                    process.calls.send((folder, fn, args, kwargs))
                outcome = self._outcome(process, Path(folder), groups)
                again = process.near is not None and not self._memory  # which would count what it made before
                return outcome
            finally:
                with self._lock:
                    if again and not self._stopped and not self._closed:
                        _end_all(process.handle.pid, ())
                        process.used = True
                        self._idle.append(process)
                    else:
                        self._leave(process, groups)

    def _outcome(self, process: _Process, folder: Path, groups: list[int]) -> Any:
        deadline = time.monotonic() + self._timeout if self._timeout else None
        begun, where, code = False, "", None
        while True:
            left = max(0, deadline - time.monotonic()) if deadline else None
            ready = connection.wait([process.calls, process.handle.sentinel], left)
            if not ready:
                raise _failed(
                    f"not finished within {self._timeout:g} s",
                    where,
                    "allow more with --timeout, or see in JupyterLab what that cell does",
                    folder,
                )
            if process.calls not in ready:  # what it left behind may hold the connection open
                break
            try:
                kind, value = process.calls.recv()
            except (EOFError, OSError, pickle.UnpicklingError):
                break
            if kind == "done":
                return value
            if kind == "error":
                raise value
            if kind == "ended":
                code = value
                break
            begun = True
            if "group" in value:
                groups.append(value["group"])
            elif value:
                where = value.get("where", where)
                self._told(value)
        if code is None:
            with self._lock:
                _end(process.handle)  # it may live on with its pipe closed
                process.handle.join()
                code = process.handle.exitcode
        if self._stopped:
            raise CancelledError
        if process.used and not begun:
            raise _Gone
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}" if code < 0 else ""
        reason = SIGNALS.get(name) or (f"it was ended by {name}" if name else f"it left with exit code {code}")
        raise _failed(f"the process of the report ended: {reason}", where, "see in JupyterLab what it does", folder)


@dataclass(eq=False)
class _Process:
    """A process of the pool, the connection that it takes calls and tells through, and what it is near to."""

    handle: Any
    calls: connection.Connection
    near: Any
    used: bool = False


class _Gone(Exception):
    """A process that had made a call ended before it took the next."""


def executed_so_far(folder: Path) -> dict[str, Any] | None:
    """The notebook as far as the journal in a process's folder tells of it; None when nothing was executed."""
    notebook = None
    with contextlib.suppress(OSError, ValueError), (folder / JOURNAL).open(encoding="utf-8") as lines:
        notebook = json.loads(next(lines, "null"))
        for line in lines:
            index, cell = json.loads(line)  # the last line of a crash may be half a line
            notebook["cells"][index] = cell
    return notebook


def _failed(what: str, where: str, fix: str, folder: Path) -> ReformError:
    return ReformError(what, where=where, fix=fix, notebook=executed_so_far(folder))


def _end(process: Any, groups: list[int] | tuple = ()) -> None:
    """Kill a process and those it started; one that has ended takes no harm."""
    if POSIX:
        _end_all(process.pid, groups)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        process.kill()  # it may not lead its group yet


def _end_all(root: int, groups: Iterable[int]) -> None:
    """Kill process groups, and on Linux all that descends from the process `root`, but not itself.

    It is handed what its descendants leave behind, so another look finds what a killed one had just started.
    """
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    killed: set[int] = set()
    while True:
        found = [root]
        for process in found:
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{process}/task").iterdir():
                    found += map(int, (task / "children").read_text().split())
        if not (left := {*found[1:]} - killed):
            return
        for process in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        killed |= left


def _start_warming(context: Any) -> None:
    """Start the warm process, once for all pools; it warms itself while this one goes on."""
    kept = {name: os.environ.get(name) for name in WARM}
    os.environ.update(WARM)
    try:
        context.set_forkserver_preload(["reformlib.render.engine.preload"])
        forkserver.ensure_running()
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _work(calls: connection.Connection, memory: int | None, debug: bool) -> None:
    """In a process of the pool: shut it in, make what is called for and send what comes of it, end without looking
    back."""
    global scratch, _parent
    _parent = calls
    if FORKS:
        _close_copy_of_the_warm_process()
        _die_with_parent()
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
        with contextlib.suppress(OSError):  # where memory runs out, the system is to end this before the others
            Path("/proc/self/oom_score_adj").write_text("500")
    if POSIX:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard speaks to the one who waits
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if not debug:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(null, stream)
    if memory and POSIX:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    patience = None  # the first call comes
    with contextlib.suppress(EOFError, OSError):
        while calls.poll(patience):
            patience = LINGER
            folder, fn, args, kwargs = calls.recv()
            scratch = Path(folder)
            tempfile.tempdir = os.environ["TMPDIR"] = folder
            if FORKS:
                from reformlib.render.engine import preload as warmed

                warmed.reseed()
            tell()  # it has begun
            calls.send_bytes(_outcome_of(fn, args, kwargs))
    calls.close()
    os._exit(0)


def _outcome_of(fn: Callable, args: tuple, kwargs: dict) -> bytes:
    """Call; what came of it, pickled."""
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


def out_of_memory(where: str = "") -> ReformError:
    """A report that needs more than it may have."""
    return ReformError("memory ran out", where=where, fix="allow more with --memory, or work on fewer figures at once")


def _close_copy_of_the_warm_process() -> None:
    with contextlib.suppress(OSError, AttributeError, TypeError):
        os.close(forkserver._forkserver._forkserver_alive_fd)  # a copy keeps the warm process from noticing
        forkserver._forkserver._forkserver_alive_fd = None


def _die_with_parent() -> None:
    """The warm process ends when the one who waits is gone, and with it this one; a thread alone (below) may never
    get its turn beside a compiled loop."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value)


def _end_with_parent() -> None:
    """Leave nothing behind when the one who waits was killed."""
    multiprocessing.parent_process().join()
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    if POSIX:
        _end_all(os.getpid(), ())
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
