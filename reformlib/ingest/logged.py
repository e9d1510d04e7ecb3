"""What an ingestion reads otherwise than it is printed, as entries of assumptions.yml."""

import re
from typing import Any

from reformlib.ingest.remarks import placed
from reformlib.locale import translator


def _(message: str, **fields: Any) -> tuple[str, str]:
    """A message in Vietnamese and in English; a field may be a pair that differs."""
    vi, en = ({k: v[at] if isinstance(v, tuple) else v for k, v in fields.items()} for at in range(2))
    return translator("vi")(message, **vi), message.format(**en)


_REASONS = {
    "mapping": _("the mapping file says so"),
    "unit": _("the form gives the unit as %"),
    "accepted": _("the cell cannot be read; taken as missing until it is confirmed"),
    "proposed": _("the cell cannot be taken as it stands; this reading was accepted when the file was ingested"),
    "overlap": _("the annexes that were joined differ in this cell"),
    "estimate": _("its column is one of estimates"),
    "label": _("its printed label is another than the form's; this reading was accepted when the file was ingested"),
}


def cell_entry(series: tuple[str, str], period: str, text: str, becomes: str, why: str, place: str) -> dict:
    """The entry for a cell that is read as `becomes`, "" for a missing figure; `why` is a reason of this module.

    `series` is the indicator, and the category where that has a row of its own; `period` is the code of its column.
    """
    read = _shown(becomes) if becomes else ("chưa có số liệu", "missing")
    what = _("The cell {text} is read as {read}.", text=_shown(text), read=read)
    return _entry(_name(series, period), [_cell(series, period, text, becomes)], what, why, place)


def label_entry(indicator: Any, label: str, cells: dict[str, str], place: str) -> dict:
    """The entry for a row whose printed label is another than that of its indicator, a row of the catalogue.

    `cells` are the texts of the row by the code of their period. Without the entry
    :func:`reformlib.load.form.check_labels` refuses the row.
    """
    named = [{"indicator": indicator.indicator, **address(period), "expects": text} for period, text in cells.items()]
    about = {"row": indicator.form_row, "name": (_shown(indicator.name_vi), indicator.name_en)}
    what = _("The row {label} is taken for indicator {row}, {name}.", label=_shown(label), **about)
    return _entry(f"{indicator.indicator}-label", named, what, "label", place) | {"label": label}


def overlap_entry(series: tuple[str, str], period: str, text: str, becomes: str | None, others: dict[str, str]) -> dict:
    """The entry for a cell of which the annexes that were joined say different things.

    `text` is taken, or with `becomes` that in its place, "" for a missing figure; `others` are the other texts, by
    their place.
    """
    said = ", ".join(map(_shown, dict.fromkeys(others.values())))
    taken = ("chưa có số liệu", "Missing") if becomes == "" else _shown(text if becomes is None else becomes)
    what = _("{taken} is taken, not {said}.", taken=taken, said=said)
    return _entry(_name(series, period), [_cell(series, period, text, becomes)], what, "overlap", "; ".join(others))


def estimate_entry(series: tuple[str, str], period: str, text: str, place: str) -> dict:
    """The entry for an estimate in a column that later became one of figures: its status is E."""
    what = _("{text} is an estimate.", text=_shown(text))
    entry = _entry(_name(series, period), [_cell(series, period, text, None)], what, "estimate", place)
    return entry | {"kind": "status", "status": "E"}


def address(period: str) -> dict[str, int | str]:
    """How an entry names a period, given by its code: by the year where it is one.

    >>> address("2019"), address("2020-Q1")
    ({'year': 2019}, {'period': '2020-Q1'})
    """
    return {"year": int(period)} if period.isdigit() else {"period": period}


def _name(series: tuple[str, str], period: str) -> str:
    return "-".join([*filter(None, series), period])


def _cell(series: tuple[str, str], period: str, text: str, becomes: str | None) -> dict:
    about = {name: code for name, code in zip(("indicator", "level"), series, strict=True) if code}
    return about | address(period) | {"expects": text} | ({} if becomes is None else {"becomes": becomes})


def _entry(name: str, cells: list[dict], what: tuple[str, str], why: str, place: str) -> dict:
    why_vi, why_en = _REASONS[why]
    where_en = "".join(part if part.isascii() else _shown(part) for part in re.split("([,;] )", place))
    return {
        "id": f"ingest-{name.lower().replace('/', '-')}",
        "kind": "assumption",
        "cells": cells,
        "what_vi": what[0],
        "what_en": what[1],
        "why_vi": f"{why_vi[0].upper()}{why_vi[1:]} ({placed(place, 'vi')}).",
        "why_en": f"{why_en[0].upper()}{why_en[1:]} ({where_en}).",
        "by": "reformlib ingest",
    }


def _shown(words: str) -> str:
    # between «» a page of the other language marks the words as Vietnamese
    return f"«{words.translate({0xAB: '“', 0xBB: '”'})}»"
