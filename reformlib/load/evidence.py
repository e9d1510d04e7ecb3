"""Where a number on a page comes from: a cell of the source, or a calculation that can be run again."""

import math
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Evidence:
    """A number with its origin.

    Either `place` names the cell of the source ("Annex 7, row 10, 2019"; "II.6.1.b"; "targets.csv, T022"),
    or `formula` is an expression over the names in `inputs`, each with its own value and place: `last - first`.
    `rule` instead of `formula` names a function of the package whose result cannot be written on a line.
    `assumptions` lists the entries of the log that were applied; of an interval `value` is the lower end and `high` the
    upper one.
    """

    value: float | None
    unit: str
    place: str = ""
    formula: str = ""
    rule: str = ""
    inputs: dict[str, "Evidence"] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    high: float | None = None

    def __post_init__(self) -> None:
        if bool(self.place) + bool(self.formula) + bool(self.rule) != 1:
            raise ValueError("evidence is a place, a formula or a rule")

    def entry(self) -> dict:
        """As plain data, empty parts left out. Its inputs are not to be changed: calculations share them."""
        return dict(self._entry)

    @cached_property  # the points of a series are inputs of every number projected from it
    def _entry(self) -> dict:
        entry: dict = {"value": None if self.value is None or math.isnan(self.value) else float(self.value)}
        entry |= {name: text for name in ("unit", "place", "formula", "rule") if (text := getattr(self, name))}
        if self.inputs:
            entry["inputs"] = {name: inner._entry for name, inner in self.inputs.items()}
        if self.assumptions:
            entry["assumptions"] = list(self.assumptions)
        if self.high is not None:
            entry["high"] = float(self.high)
        return entry


def entries_on(assumptions: list[dict], indicator: str, level: str, period: str) -> tuple[str, ...]:
    """Ids of the entries of the log that touch the cell of a series and period."""
    return tuple(
        entry["id"]
        for entry in assumptions
        for cell in entry["cells"]
        if (cell["indicator"], cell["period"]) == (indicator, period) and cell["level"] in ("", level)
    )
