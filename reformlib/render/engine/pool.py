"""Processes forked from one that has imported everything; the cells of every document run in one of their own.

Importing what a report needs takes seconds; a fork takes milliseconds and shares nothing that a report could change
for the next one. The fork server of `multiprocessing` does the forking. Pools of kept libraries (concurrent.futures,
pebble) do not serve: they end a process, but not what it started, cannot have calls of one report follow each other in
one process, and report no progress.
"""

import multiprocessing
import pickle
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, forkserver
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError
from reformlib.render.engine import process as in_process

POLL = 0.5  # seconds between two looks at the progress of a call
ATTEMPTS = 4  # to make a call whose process was lost
PAUSE = 0.1  # seconds until the system knows for sure that the fork server has ended
SERVER_LOST = 255  # exit code that multiprocessing gives a process whose fork server has gone
SIGNALS = {
    "SIGKILL": "it was killed, as systems do when memory runs out",
    "SIGSEGV": "it crashed: a compiled library touched memory that is not its own (SIGSEGV)",
    "SIGABRT": "it crashed: a compiled library gave up (SIGABRT)",
}


@dataclass(eq=False)
class _Process:
    """A process of the pool, the connection for its calls, and the affinity of the calls it has made."""

    handle: Any
    calls: connection.Connection
    affinity: Any
    used: bool = False


class _Lost(Exception):
    """A call whose process was lost through no fault of its own; `error` is what to raise if it happens again."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class ProcessPool(Executor):
    """Runs every call in a process of its own, or of calls alike, at most `jobs` at once.

    `memory` bounds the bytes of data a process may hold (of which the libraries take about 200 MB), `timeout` the
    seconds of a call. A process that crashes or exceeds them gives ReformError in its Future and harms no other; its
    `notebook` is what had been executed. `on_progress` gets what the calls report, in a thread of this process; see
    :func:`reformlib.render.engine.process.report_progress`. Leaving the context by an exception kills all processes.

    Calls for which `affinity` gives the same may follow each other in one process, as they can share what it has
    loaded; None stands for a process of one's own. It is for calls that leave their process as it was, see
    :func:`reformlib.render.engine.process.in_fork`.

    >>> with ProcessPool(2) as pool:
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
        on_progress: Callable[[dict[str, Any]], None] = lambda message: None,
        affinity: Callable[..., Any] = lambda *args, **kwargs: None,
    ) -> None:
        self._memory, self._timeout, self._debug = memory, timeout, debug
        self._on_progress, self._affinity = on_progress, affinity
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="report")
        self._lock = threading.Lock()  # a process must not be started while another thread asks what became of one
        self._processes: set[_Process] = set()
        self._idle: list[_Process] = []
        self._stopped = False
        self._context: Any = multiprocessing.get_context("forkserver" if in_process.FORKS else "spawn")
        if in_process.FORKS:
            _start_server(self._context)

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Call `fn` in a process of the pool; it, its arguments and its result must pickle."""
        return self._threads.submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; end the processes that have none. See `concurrent.futures.Executor.shutdown`."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        with self._lock:
            while self._idle:
                self._end(self._idle.pop())

    def __exit__(self, kind, error, trace) -> None:
        if kind is not None:  # kill all processes now; calls that have not begun never do
            with self._lock:
                self._stopped = True
                for process in self._processes:
                    in_process.kill_tree(process.handle)
        self.shutdown(cancel_futures=self._stopped)

    def _run(self, fn: Callable, args: tuple, kwargs: dict) -> Any:
        """Make a call, again where its process had ended before, or the fork server was killed and with it all."""
        affinity = self._affinity(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._call(self._process(affinity), fn, args, kwargs)
            except _Lost as lost:
                if attempt == ATTEMPTS or self._stopped:
                    raise lost.error from None
                time.sleep(PAUSE)
        raise AssertionError

    def _process(self, affinity: Any) -> _Process:
        """One that has made calls of this affinity and waits, or a new one, in the place of one that waits."""
        with self._lock:
            if self._stopped:
                raise CancelledError
            for process in self._idle:
                if process.affinity == affinity:
                    self._idle.remove(process)
                    return process
            if self._idle:
                self._end(self._idle.pop(0))
            here, there = self._context.Pipe()
            handle = self._context.Process(target=in_process.serve, args=(there, self._memory, self._debug))
            try:
                if in_process.FORKS:
                    _start_server(self._context)
                handle.start()
            except (OSError, EOFError) as error:
                here.close()
                raise _Lost(error) from None
            finally:
                there.close()
            process = _Process(handle, here, affinity)
            self._processes.add(process)
            return process

    def _end(self, process: _Process) -> None:
        self._processes.discard(process)
        in_process.kill_tree(process.handle)
        process.handle.join()
        process.calls.close()

    def _call(self, process: _Process, fn: Callable, args: tuple, kwargs: dict) -> Any:
        """Have a process make a call in a folder of its own; then keep it for the next, or end it."""
        keep = False
        with tempfile.TemporaryDirectory(prefix="reformlib-", ignore_cleanup_errors=True) as folder:
            try:
                with suppress(OSError):  # it has ended, and is asked why below
                    process.calls.send((folder, fn, args, kwargs))
                outcome = self._outcome(process, Path(folder))
                keep = process.affinity is not None and not self._memory  # which would count what it made before
                return outcome
            finally:
                with self._lock:
                    if keep and not self._stopped:
                        in_process.kill_descendants(process.handle.pid)
                        process.used = True
                        self._idle.append(process)
                    else:
                        self._end(process)

    def _outcome(self, process: _Process, folder: Path) -> Any:
        """Wait for what comes of a call.

        Raises what the call raised, ReformError when it takes too long or its process ended, _Lost, and
        CancelledError when the pool was stopped.
        """
        end = time.monotonic() + (self._timeout or float("inf"))
        code = None
        while True:
            left = max(0, end - time.monotonic())
            ready = connection.wait([process.calls, process.handle.sentinel], min(left, POLL))
            if not ready:
                if left <= POLL:
                    fix = "allow more with --timeout, or see in JupyterLab what that cell does"
                    raise _failed(f"not finished within {self._timeout:g} s", fix, folder)
                if progress := in_process.progress_of(folder):
                    self._on_progress(progress)
                continue
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
            code = value  # "ended": that of its fork
            break
        self._raise_for_end(process, folder, code)

    def _raise_for_end(self, process: _Process, folder: Path, code: int | None) -> None:
        """Raise why a process ended in the middle of a call; `code` is the exit code of its fork, if that ended it."""
        if code is None:
            with self._lock:
                in_process.kill_tree(process.handle)  # it may live on with its connection closed
                process.handle.join()
                code = int(process.handle.exitcode)
        if self._stopped:
            raise CancelledError
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}" if code < 0 else ""
        reason = SIGNALS.get(name) or (f"it was ended by {name}" if name else f"it left with exit code {code}")
        error = _failed(f"the process of the report ended: {reason}", "see in JupyterLab what it does", folder)
        waited = process.used and not (folder / in_process.PROGRESS).exists()
        raise _Lost(error) if waited or code == SERVER_LOST else error


def _failed(what: str, fix: str, folder: Path) -> ReformError:
    where = in_process.progress_of(folder).get("where", "")
    return ReformError(what, where=where, fix=fix, notebook=in_process.executed_so_far(folder))


def _start_server(context: Any) -> None:
    """Start the fork server if there is none, once for all pools; it imports what it needs while this one goes on."""
    with in_process.environment_variables(in_process.PRELOAD_ENVIRONMENT):
        context.set_forkserver_preload(["reformlib.render.engine.preload"])
        forkserver.ensure_running()
