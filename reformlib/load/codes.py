"""What the codes in tables mean: English texts, keys of the translations, said once in codes.csv.

A row of codes.csv is one code: `list` is what it is a code of, `code` stands in the tables, `text` on a page.
"""

import csv
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    with (Path(__file__).parent / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lists.setdefault(row["list"], {})[row["code"]] = row["text"]
    return lists


def codes(name: str) -> dict[str, str]:
    """The texts of a list by code, in their order. Raises KeyError for a list that there is not.

    >>> codes("told")
    {'done': 'share as reported', 'not_done': 'the rest of the whole'}
    """
    return dict(_lists()[name])
