"""What is worked out once for a report: the pages ask for the same series hundreds of times."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from reformlib.load.rows import records

F = TypeVar("F", bound=Callable[..., Any])


class _UnderWay(threading.local):
    """The reports, by identity, of which this thread is working something out."""

    def __init__(self) -> None:
        self.reports: set[int] = set()


_under_way_here = _UnderWay()


def once_a_report(function: F) -> F:
    """Keep the results of a function of a report and plain arguments with the report, and gone with it.

    A table is handed out as a copy, so that no caller can change what the next one gets; `function.itself` gives what
    is kept to those who only look at it. With an argument that is a table nothing is kept. All that is kept goes when a
    table of the report or its catalogue was changed in place, as somebody may who asks what if.
    """
    itself = _keeping(function, look=True)

    @wraps(function)
    def copied(report, *args, **kwargs):
        result = itself(report, *args, **kwargs)
        return result.copy() if isinstance(result, pd.DataFrame | dict) else result

    copied.itself = itself
    return copied


def looked_up(function: F) -> F:
    """:func:`once_a_report` for names and the like, of which a page asks thousands: neither looks for changes nor
    copies."""
    return _keeping(function, look=False)


def looks_once(function: F) -> F:
    """For a function of a report that asks for hundreds of kept results: they look for changes once, when it begins."""

    @wraps(function)
    def looking(report, *args, **kwargs):
        _forget_if_changed(report)
        with _under_way(report):
            return function(report, *args, **kwargs)

    return looking


@contextmanager
def _under_way(report: Any) -> Iterator[None]:
    """What this thread asks for meanwhile is of the same tables, and need not look for changes."""
    reports = _under_way_here.reports
    outermost = id(report) not in reports
    reports.add(id(report))
    try:
        yield
    finally:
        if outermost:
            reports.remove(id(report))


def _keeping(function: F, *, look: bool) -> F:
    @wraps(function)
    def kept(report, *args, **kwargs):
        if look:
            _forget_if_changed(report)
        known = vars(report).setdefault("_worked_out", {})
        key = (function, args, tuple(sorted(kwargs.items())))
        try:
            if key in known:
                return known[key]
        except TypeError:  # a table among the arguments
            known = None
        with _under_way(report):
            result = function(report, *args, **kwargs)
        if known is not None:
            known[key] = result
        return result

    return kept


def _forget_if_changed(report: Any) -> None:
    """Let go of what was worked out of other tables. Tells them by their cells' places in memory: 20 microseconds."""
    if id(report) in _under_way_here.reports:
        return
    kept = vars(report)
    tables = kept["_tables"] if "_tables" in kept else _tables(report)
    now = _places(tables)
    if kept.get("_places") == now:
        return
    for table in tables:
        table._consolidate_inplace()  # or pandas does so at some moment, and it would look like a change
    now = _places(tables)
    if kept.get("_places", now) != now:
        for owner in filter(is_dataclass, (report, getattr(report, "catalogue", None))):
            for name in vars(owner).keys() - {field.name for field in fields(owner)}:
                del vars(owner)[name]
    kept |= {"_tables": tables, "_places": now}


def _tables(report: Any) -> list[pd.DataFrame]:
    owners = filter(is_dataclass, (report, getattr(report, "catalogue", None)))
    values = [getattr(owner, field.name) for owner in owners for field in fields(owner)]
    return [value for value in values if isinstance(value, pd.DataFrame)]


def _places(tables: list[pd.DataFrame]) -> list[bytes]:
    return [np.asarray(cells).tobytes() for table in tables for cells in table._mgr.arrays]


def rows_of(owner: Any, table: str, key: str) -> dict[str, dict[str, Any]]:
    """Rows of one of the tables of a report or a catalogue by a column of codes, in which each stands once.

    Pages look up the same few codes hundreds of times, and an index made for each would take longer than the rest.

    >>> from reformlib.load.report import load_catalogue
    >>> rows_of(load_catalogue(), "indicators", "indicator")["lan"]["form_row"]
    8
    """
    known = vars(owner).setdefault("_rows_of", {})
    if (table, key) not in known:
        known[table, key] = {row[key]: row for row in records(getattr(owner, table))}
    return known[table, key]
