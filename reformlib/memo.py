"""What is worked out once for a report: the pages ask for the same series hundreds of times."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import pandas as pd

from reformlib.tables import records

F = TypeVar("F", bound=Callable[..., Any])


def once_a_report(function: F) -> F:
    """Keep the results of a function of a report and plain arguments with the report, and gone with it.

    A table is handed out as a copy, so that no caller can change what the next one gets. Arguments that cannot be
    kept (a table) are worked out each time.
    """

    @wraps(function)
    def kept(report, *args, **kwargs):
        known = vars(report).setdefault("_worked_out", {})
        key = (function, args, tuple(sorted(kwargs.items())))
        try:
            result = known[key]
        except TypeError:
            return function(report, *args, **kwargs)
        except KeyError:
            result = known[key] = function(report, *args, **kwargs)
        return result.copy() if isinstance(result, pd.DataFrame | dict) else result

    return kept


def rows_of(owner: Any, table: str, key: str) -> dict[str, dict[str, Any]]:
    """Rows of one of the tables of a report or a catalogue by a column of codes, in which each stands once.

    Pages look up the same few codes hundreds of times, and an index made for each would take longer than the rest.

    >>> from reformlib.load import load_catalogue
    >>> rows_of(load_catalogue(), "indicators", "indicator")["lan"]["form_row"]
    8
    """
    known = vars(owner).setdefault("_rows_of", {})
    if (table, key) not in known:
        known[table, key] = {row[key]: row for row in records(getattr(owner, table))}
    return known[table, key]
