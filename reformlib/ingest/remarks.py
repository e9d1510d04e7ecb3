"""Everything that an ingestion reports of a file, by code, so that the account can be in either language.

A remark or a reason for a doubt is a pair of a code and the fields of its message; it crosses processes as JSON.
"""

import re
from collections.abc import Callable

from reformlib.load.codes import codes

Remark = tuple[str, dict]
_PLACES = {"table": "bảng", "row": "dòng", "sheet": "trang tính", "line": "dòng", "page": "trang"}

MESSAGES = codes("remark") | codes("doubt")  # what was seen and done; why something is doubtful


def remark(code: str, **fields: object) -> Remark:
    """A remark; the code must be one of `MESSAGES`."""
    assert code in MESSAGES, code
    return code, {name: str(value) for name, value in fields.items()}


def coded(doubt: str) -> Remark:
    """The remark that the doubt of a grid stands for.

    >>> coded("merged"), coded("scan 91 a.pdf, 7")
    (('merged', {}), ('scan', {'confidence': '91', 'picture': 'a.pdf, 7'}))
    """
    code, *fields = doubt.split(" ", 2)
    names = ("locale",) if code == "locale" else ("confidence", "picture")
    return remark(code, **dict(zip(names, fields, strict=False)))


def in_words(entry: Remark, translate: Callable[..., str]) -> str:
    """The remark in words."""
    code, fields = entry
    return translate(MESSAGES[code], **fields) if fields else translate(MESSAGES[code])


def placed(text: str, language: str) -> str:
    """A place, or a remark that names one, with the words for tables and rows of a language.

    >>> placed("a.docx, table 1, row 4", "vi")
    'a.docx, bảng 1, dòng 4'
    """
    if language == "en":
        return text
    return re.sub(rf"(?<=, |.\()({'|'.join(_PLACES)})(?= )", lambda match: _PLACES[match[1]], text)
