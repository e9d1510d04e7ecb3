"""Results kept with the report they were worked out from: pages ask for the same series hundreds of times."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

import pandas as pd

from reformlib.load.rows import records

F = TypeVar("F", bound=Callable[..., Any])
_NOT_YET = object()


class CacheOwner:
    """Base of the values that never change and keep what is worked out from them: a report, the catalogue.

    `dataclasses.replace` makes a new owner with an empty cache, which is the way to ask "what if".
    """

    @cached_property
    def cache(self) -> dict[tuple, Any]:
        """Results of functions marked :func:`~reformlib.load.cache.cached_by_owner`, by function and arguments."""
        return {}

    def rows_by(self, table: str, key: str) -> dict[Any, dict[str, Any]]:
        """Rows of the table (a field of this owner) as dicts, by a column in which each code stands once.

        >>> from reformlib.load.catalogue import load_catalogue
        >>> load_catalogue("phu-luc-7").rows_by("indicators", "indicator")["lan"]["form_row"]
        '8'
        """
        return _rows_by(self, table, key)


def cached_by_owner(function: F) -> F:
    """Keep the results of a function in the cache of its first argument, a :class:`CacheOwner`, by the other arguments.

    A DataFrame is handed out as a copy, so that a caller who changes it does not change what the next one gets; other
    results must not be changed. Nothing is kept for arguments that cannot be hashed, such as a DataFrame.
    """

    @wraps(function)
    def cached(owner: CacheOwner, *args, **kwargs):
        key = (function, args, tuple(sorted(kwargs.items())) if kwargs else ())
        try:
            result = owner.cache.get(key, _NOT_YET)
        except TypeError:
            return function(owner, *args, **kwargs)
        if result is _NOT_YET:
            result = owner.cache[key] = function(owner, *args, **kwargs)
        return result.copy() if isinstance(result, pd.DataFrame) else result

    return cast("F", cached)


def keep(owner: CacheOwner, function: Callable[..., Any], result: Any) -> None:
    """Give an owner what a function marked :func:`cached_by_owner` would work out of it, where that is known."""
    owner.cache[(cast("Any", function).__wrapped__, (), ())] = result


@cached_by_owner
def _rows_by(owner: CacheOwner, table: str, key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in records(getattr(owner, table))}
