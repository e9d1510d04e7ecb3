"""Rows of a table for loops: what the pages are made of, row by row."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows with their columns as attributes: `frame.itertuples(index=False)` in less than half its time.

    pandas makes a class for every call and looks at every cell by itself; a page asks for the rows of hundreds of small
    tables of the same few kinds.

    >>> [row.level for row in each_row(pd.DataFrame({"level": ["3", "4"], "value": [498.0, 390.0]}))]
    ['3', '4']
    """
    return map(_kind(tuple(frame.columns)), *_columns(frame))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows by column: `frame.to_dict("records")` in less than half its time.

    >>> records(pd.DataFrame({"level": ["3"], "value": [498.0]}))
    [{'level': '3', 'value': 498.0}]
    """
    return [dict(zip(frame.columns, cells, strict=True)) for cells in zip(*_columns(frame), strict=True)]


def _columns(frame: pd.DataFrame) -> list[list]:
    return [column.tolist() for _, column in frame.items()]


@lru_cache
def _kind(columns: tuple[str, ...]) -> type:
    return namedtuple("Row", columns, rename=True)
