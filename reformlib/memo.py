"""What is worked out once for a report: the pages ask for the same series hundreds of times."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import pandas as pd

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
