"""Text that a spreadsheet must not run: cells beginning with = + - @ are written with an apostrophe before them.

A CSV file has no way to say "this is text"; Excel and LibreOffice take such a cell for a formula, which can start
programs or send data. A printed number keeps its sign: it is no formula.
"""

import re

_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*\s*%?")


def neutral(text: str) -> str:
    """The text for a cell of a CSV file.

    >>> neutral("=1+1"), neutral("-5"), neutral("Mức 3: 5"), neutral("'=x")
    ("'=1+1", '-5', 'Mức 3: 5', "''=x")
    """
    bare = text.lstrip("'")
    risky = text.startswith(_RISKY) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky or (bare != text and bare.startswith(_RISKY)) else text


def restored(text: str) -> str:
    """The text as it was before :func:`neutral`.

    >>> restored(neutral("=1+1")), restored(neutral("'=x")), restored("'a")
    ('=1+1', "'=x", "'a")
    """
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
