"""Where documents are made: processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from reformlib.render.warm import WarmPool


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(
    jobs: int,
    *,
    memory: int | None = None,
    timeout: float | None = None,
    debug: bool = False,
    told: Callable[[dict[str, Any]], None] = lambda message: None,
) -> Callable[[], Executor]:
    """An executor that gives every document a process of its own on this machine; see WarmPool."""
    return lambda: WarmPool(jobs, memory=memory, timeout=timeout, debug=debug, told=told)
