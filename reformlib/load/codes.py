"""What the codes in tables mean: English texts, keys of the translations, said once in codes.csv.

A row of codes.csv is one code: `list` is what it is a code of, `code` stands in the tables, `text` on a page.
"""

from functools import lru_cache

from reformlib.paths import packaged


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    for row in packaged("load/codes.csv"):
        lists.setdefault(row["list"], {})[row["code"]] = row["text"]
    return lists


def codes(name: str) -> dict[str, str]:
    """The texts of a list by code, in their order. Raises KeyError for a list that there is not.

    >>> codes("told")
    {'done': 'share as reported', 'not_done': 'the rest of the whole'}
    """
    return dict(_lists()[name])
