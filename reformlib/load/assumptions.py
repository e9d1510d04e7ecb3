"""assumptions.yml: the log of corrections and assumptions, each applied to the cells of the form that it names."""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reformlib.errors import ReformError, refuse
from reformlib.load.cells import clean
from reformlib.load.contracts import STATUSES
from reformlib.load.period import Period, addressed
from reformlib.load.strict_yaml import YamlFile


class Cell(BaseModel):
    """A cell that an entry of the log is about, and the raw text it must find there.

    Its column is told by the `year`, or, of several in a year, by the code of its `period`.
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", coerce_numbers_to_str=True)

    indicator: str
    year: int | None = None
    period: str = Field("", pattern="^([12][0-9]{3}.*)?$")
    level: str = ""
    expects: str
    becomes: str | None = None

    @model_validator(mode="after")
    def _dated(self):
        if (self.year is None) == (self.period == ""):
            raise ValueError("needs the `year` of its column, or its `period`, such as 2020-Q1")
        return self


class Assumption(BaseModel):
    """One entry of the log of corrections and assumptions."""

    model_config = ConfigDict(defer_build=True, extra="forbid")

    id: str
    kind: Literal["status", "correction", "assumption"]
    status: Literal[tuple(STATUSES)] | None = None  # pyright: ignore[reportInvalidTypeForm]
    cells: list[Cell]
    label: str = ""  # that the row of the cells is printed with, where it is another than the form's
    what_vi: str
    what_en: str
    why_vi: str
    why_en: str
    by: str

    @model_validator(mode="after")
    def _complete(self):
        if self.kind == "status" and not self.status:
            raise ValueError("an entry of kind `status` needs a `status`")
        if self.kind == "correction" and any(cell.becomes is None for cell in self.cells):
            raise ValueError("every cell of an entry of kind `correction` needs `becomes`")
        return self


def read_assumptions(path: Path) -> list[dict]:
    """Read the log of corrections and assumptions; no file means none. Raises ReformError for a malformed entry."""
    if not path.is_file():
        return []
    file = YamlFile(path)
    if not isinstance(file.content or [], list):
        raise file.error("not a list", expected="entries such as `- id: …`")
    return [file.model(Assumption, entry, (number,)).model_dump() for number, entry in enumerate(file.content or [])]


def placed(assumptions: list[dict], periods: Collection[Period], path: Path) -> list[dict]:
    """The entries of the log `path` with the code of the `period` of each of their cells.

    Raises ReformError naming every entry that is about a column which the form does not have.
    """
    found, wrong = [], []
    for entry in assumptions:
        try:
            codes = [addressed(periods, cell["year"], cell["period"]).code for cell in entry["cells"]]
            cells = [cell | {"period": code} for cell, code in zip(entry["cells"], codes, strict=True)]
            found.append(entry | {"cells": cells})
        except ReformError as error:
            wrong.append(f"entry {entry['id']}: names a cell that the form does not have: {error.what}")
    expected = f"columns of the form: {', '.join(one.code for one in periods)}"
    fix = "name the column by its `year`, or by its `period`, such as 2020-Q1"
    refuse(wrong, where=str(path), expected=expected, fix=fix)
    return found


def by_cell(assumptions: list[dict]) -> dict[tuple[str, str], list[tuple[dict, dict]]]:
    """The entries by the cell (indicator, period) that they are about, each with its own words about that cell."""
    cells: dict[tuple[str, str], list[tuple[dict, dict]]] = {}
    for entry in assumptions:
        for cell in entry["cells"]:
            cells.setdefault((cell["indicator"], cell["period"]), []).append((entry, cell))
    return cells


def corrected(entries: list[tuple[dict, dict]], raw: str) -> str:
    """The text to read: `raw`, or what a correction puts in its place. Raises when an entry expects another text."""
    text = raw
    for entry, cell in entries:
        if clean(cell["expects"]) != clean(raw):
            raise ReformError(
                f"entry {entry['id']} of assumptions.yml expects {cell['expects']!r} here, but the cell holds {raw!r}",
                expected="the entry to be revised together with the cell",
            )
        if cell["becomes"] is not None:
            text = clean(cell["becomes"])
    return text
