"""Many report folders, looked at a share at a time on all processors."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from functools import partial
from itertools import chain
from multiprocessing import current_process, get_start_method
from pathlib import Path
from typing import TypeVar

from reformlib.errors import ReformError

T = TypeVar("T")
SHARE = 50  # folders that a process is given at once


def of_many(look: Callable[[list[Path]], Iterable[T]], folders: list[Path], *, copies: bool = False) -> Iterator[T]:
    """What `look` gives of folders, in their order; of more than `SHARE` a share at a time on each processor.

    `look` takes folders and is a function of a module, as it is called in other processes. All is looked at here where
    this process may have no children; with `copies` also where a new process is no copy of this one, so that it would
    begin with the program of the caller. Raises ReformError where a process was ended from outside.
    """
    shares = [folders[at : at + SHARE] for at in range(0, len(folders), SHARE)]
    apart = len(shares) > 1 and not current_process().daemon and (not copies or get_start_method() == "fork")
    with ProcessPoolExecutor() if apart else nullcontext() as pool:
        try:
            yield from chain.from_iterable(pool.map(partial(_listed, look), shares) if pool else map(look, shares))
        except BrokenProcessPool:
            what = "a process that read some of the reports was ended from outside, as when memory runs out"
            raise ReformError(what, fix="name fewer reports, or run it where there is more memory") from None


def _listed(look: Callable[[list[Path]], Iterable[T]], share: list[Path]) -> list[T]:
    return list(look(share))
