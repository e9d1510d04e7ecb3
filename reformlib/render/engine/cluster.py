"""Where documents are made: processes of this machine, or workers of a cluster (`distributed`) on any number of them.

A cluster gets the same jobs. They name files, so the project, the reports and the output folder must be reachable
under the same paths on every machine, and the same version of this package be installed there.
"""

import contextlib
import logging
import multiprocessing
import os
import socket
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from functools import cache
from typing import Any

from reformlib.errors import ReformError
from reformlib.render.engine.pool import ProcessPool

ANSWER_SECONDS = 10  # seconds for a scheduler to answer and for a first worker to be there
JOBS_PER_THREAD = 2  # jobs handed to the scheduler for every thread of a worker, so that none waits for its next


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(jobs: int, **options: Any) -> Callable[[], Executor]:
    """An executor that runs the cells of every document in a process of their own on this machine.

    `options` are those of :class:`reformlib.render.engine.pool.ProcessPool`.
    """
    return lambda: ProcessPool(jobs, affinity=same_reports, **options)


class Cluster(Executor):
    """Hands documents to the scheduler at `address`; each gets a process of its own on the worker that makes it.

    "local" stands for `jobs` workers started here for a trial. What a worker was making when it was lost is made by
    another. Making one raises ReformError where nobody answers.
    """

    def __init__(self, address: str, jobs: int, *, memory: int | None = None, timeout: float | None = None) -> None:
        try:
            import distributed
        except ImportError:
            raise ReformError(
                "renders on several machines need the package distributed", fix="pip install 'reformlib[cluster]'"
            ) from None
        self._limits = (memory, timeout)
        self._open = contextlib.ExitStack()
        # what it logs of workers that come and go, with tracebacks, is reported by us
        self._open.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        try:
            where: dict[str, Any] = {"address": address}
            if address == "local":
                where = {"n_workers": jobs, "threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
            client = distributed.Client(**where, timeout=ANSWER_SECONDS, set_as_default=False)
            self._client = self._open.enter_context(client)
            self._client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            self._open.close()
            nobody = isinstance(error, TimeoutError) and hasattr(self, "_client")
            raise ReformError(
                f"the scheduler {address} has no workers" if nobody else f"no scheduler answers at {address}",
                expected=f"an answer within {ANSWER_SECONDS} s",
                fix=f"start one with `dask worker {address}`"
                if nobody
                else "start one with `dask scheduler` and name the address that it shows, such as tcp://host:8786",
            ) from None
        self._pool = self._client.get_executor(pure=False)

    @property
    def width(self) -> int:
        """Jobs to hand over at a time; grows with the workers that join. Raises CancelledError like `submit`."""
        try:
            threads: Any = self._client.nthreads()  # a coroutine of an asynchronous client only
            return max(1, JOBS_PER_THREAD * sum(threads.values()))
        except Exception:
            raise CancelledError from None

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Call `fn` in a process of its own on a worker. Raises CancelledError when the scheduler has gone."""
        try:
            return self._pool.submit(on_worker, self._limits, fn, *args, **kwargs)
        except Exception:
            raise CancelledError from None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler. See `concurrent.futures.Executor.shutdown`."""
        self._pool.shutdown(wait=wait and not cancel_futures)
        self._open.close()

    def __exit__(self, kind, error, trace) -> None:
        self.shutdown(cancel_futures=kind is not None)


def on_worker(limits: tuple[int | None, float | None], fn: Callable, job: Any, settings: Any) -> Any:
    """In a worker: call `fn(job, settings)` in a process of its own."""
    if not settings.stage.is_dir() or not settings.project.is_dir():
        missing = settings.project if settings.stage.is_dir() else settings.stage.parent
        raise ReformError(
            f"{missing} is not there on the worker {socket.gethostname()}",
            expected="project, reports and output folder under the same paths on every machine",
            fix="share the folder, or start the worker where it is shared",
        )
    return _pool(*limits).submit(fn, job, settings).result()


@cache
def _pool(memory: int | None, timeout: float | None) -> ProcessPool:
    # a worker under a nanny may have no children by default; those of the pool end with it
    multiprocessing.current_process().daemon = False
    # as many at once as the worker has threads
    return ProcessPool(64, memory=memory, timeout=timeout, affinity=same_reports)


def same_reports(job: Any, settings: Any) -> Any:
    """What two jobs have in common that can be made in one process, whose cells run in others forked from it."""
    return (job.folders, settings) if settings.engine == "warm" else None
