"""What an ingestion reads otherwise than it is printed, as entries of assumptions.yml."""

from typing import Any

from reformlib.ingest.remarks import placed
from reformlib.load.period import Period, parse_period

_REASONS = {
    "mapping": ("tệp đối chiếu nêu như vậy", "the mapping file says so"),
    "unit": ("cột đơn vị tính của biểu ghi %", "the form gives the unit as %"),
    "accepted": (
        "không đọc được ô này; coi là chưa có số liệu cho đến khi được xác nhận",
        "the cell cannot be read; taken as missing until it is confirmed",
    ),
    "label": (
        "nhãn in trong biểu khác tên chỉ tiêu; cách hiểu này đã được chấp nhận khi tiếp nhận tệp",
        "its printed label is another than the form's; this reading was accepted when the file was ingested",
    ),
}


def cell_entry(series: tuple[str, str], heading: str, text: str, becomes: str, why: str, place: str) -> dict:
    """The entry for a cell that is read as `becomes`, "" for a missing figure; `why` is a reason of this module.

    `series` is the indicator, and the category where that has a row of its own.
    """
    read = (_shown(becomes), _shown(becomes)) if becomes else ("chưa có số liệu", "missing")
    period = parse_period(heading)
    about = {name: code for name, code in zip(("indicator", "level"), series, strict=True) if code}
    cells = [about | _column(period) | {"expects": text, "becomes": becomes}]
    what = f"Ô ghi {_shown(text)} được đọc là {read[0]}.", f"The cell {_shown(text)} is read as {read[1]}."
    return _entry("-".join([*about.values(), period.code.replace("/", "-")]), cells, what, why, place)


def label_entry(indicator: Any, label: str, cells: dict[str, str], place: str) -> dict:
    """The entry for a row whose printed label is another than that of its indicator, a row of the catalogue.

    `cells` are the texts of the row by heading. Without the entry :func:`reformlib.load.form.check_labels` refuses it.
    """
    named = [
        {"indicator": indicator.indicator, **_column(parse_period(heading)), "expects": text}
        for heading, text in cells.items()
    ]
    what = (
        f"Dòng {_shown(label)} được hiểu là chỉ tiêu {indicator.form_row}, {_shown(indicator.name_vi)}.",
        f"The row {_shown(label)} is taken for indicator {indicator.form_row}, {indicator.name_en}.",
    )
    return _entry(f"{indicator.indicator}-label", named, what, "label", place) | {"label": label}


def _entry(name: str, cells: list[dict], what: tuple[str, str], why: str, place: str) -> dict:
    why_vi, why_en = _REASONS[why]
    where_en = ", ".join(part if part.isascii() else _shown(part) for part in place.split(", "))
    return {
        "id": f"ingest-{name}",
        "kind": "assumption",
        "cells": cells,
        "what_vi": what[0],
        "what_en": what[1],
        "why_vi": f"{why_vi[0].upper()}{why_vi[1:]} ({placed(place, 'vi')}).",
        "why_en": f"{why_en[0].upper()}{why_en[1:]} ({where_en}).",
        "by": "reformlib ingest",
    }


def _column(period: Period) -> dict[str, str | int]:
    """How an entry names the column of a period: by its year where it is one."""
    return {"year": period.year} if period.code == str(period.year) else {"period": period.code}


def _shown(words: str) -> str:
    # between «» a page of the other language marks the words as Vietnamese
    return f"«{words.translate({0xAB: '“', 0xBB: '”'})}»"
