"""Where documents are made: processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(
    jobs: int, *, memory: int | None = None, timeout: float | None = None, debug: bool = False
) -> Callable[[], Executor]:
    """An executor that gives every document a process of its own on this machine."""

    def start() -> Executor:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        class Pool(ProcessPoolExecutor):
            def __exit__(self, kind, error, trace):
                if kind:
                    for process in list((self._processes or {}).values()):
                        process.terminate()
                    self.shutdown(cancel_futures=True)
                return super().__exit__(kind, error, trace)

        return Pool(jobs, multiprocessing.get_context("spawn"), max_tasks_per_child=1)

    return start
