"""Several annexes of one report as one: a year, a quarter or a part of the form each, in files, sheets or folders.

What two of them say of one cell is compared as figures; where they differ it is a question, and what is taken is told
in assumptions.yml. Nothing is added up, and nothing takes the place of a figure but another figure of the same cell.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest.answers import Doubt, answer_for
from reformlib.ingest.logged import address, estimate_entry, overlap_entry
from reformlib.ingest.remarks import remark
from reformlib.load.assumptions import corrected
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import clean
from reformlib.load.period import Period, parse_period, periods_of


@dataclass(frozen=True)
class Part:
    """One of the annexes: `annex` as :func:`reformlib.load.observations.observe` reads it, the `log` about its cells,
    and where a row of the form stands in it, by its number."""

    annex: pd.DataFrame
    log: list[dict]
    places: dict[str, str]

    @cached_property
    def periods(self) -> dict[str, Period]:
        """The period of each heading, in the order of time."""
        return periods_of(self.annex.columns[2:])


@dataclass(frozen=True)
class Joined:
    """The annex that all parts make, its log, and the cells of which they say different things."""

    annex: pd.DataFrame
    log: list[dict]
    doubts: list[Doubt]


@dataclass(frozen=True)
class _Said:
    """What a part says of a cell: its number among the parts, text, figures by category, place."""

    part: int
    text: str
    figures: frozenset[tuple[str, float]]
    place: str
    estimate: bool


class _Row(NamedTuple):
    """A row of the form: its number, its series (indicator, and category with a row of its own), how cells are read."""

    number: str
    series: tuple[str, str]
    parse: Callable[[str], list]


_NOTHING = _Said(-1, "", frozenset(), "", estimate=False)


def join(parts: Sequence[Part], catalogue: Catalogue, answers: dict[str, str], locale: str) -> Joined:
    """The annexes of one form as one, a column each period in the order of time, rows in the order of the form.

    `answers` are those of a mapping file about cells, `locale` is how figures are written. An empty cell gives way to
    a figure; of two texts of one figure the later part's stands. Of two figures the later part's is proposed, and the
    doubt is open unless `answers` settle it. A year to 31 March and the whole year are two columns.

    Signatures of 2019 as 1445 in one part and 1450 in the next: one doubt, 1450 proposed.
    """
    parts = sorted(parts, key=lambda part: max(period.end for period in part.periods.values()))
    heads = _headings(parts)
    codes = {heading: period.code for heading, period in periods_of(heads).items()}
    rows, log, doubts = [], [], []
    kept: dict[tuple[str, str], int] = {}  # the part whose cell it is, by row and heading
    for form_row in catalogue.rows:
        having = {at for at, part in enumerate(parts) if form_row in part.places}
        if not having:
            continue
        series = catalogue.series_of(form_row)
        row = _Row(form_row, series, partial(catalogue.parse, series[0], locale=locale))
        cells = []
        for heading, columns in heads.items():
            said = [_said(parts[at], at, text, row) for at, text in columns.items() if at in having]
            taken, doubt, entry = _taken(said, row, heading, codes[heading], answers)
            kept[form_row, heading] = taken.part
            cells.append(taken.text)
            doubts += filter(None, [doubt])
            log += filter(None, [entry])
        # the label goes with the entry of the log that allows it, and that with the cells of its part
        times = Counter(kept[form_row, heading] for heading in heads)
        label = parts[max(having, key=lambda at: (times[at], at))].annex.set_index("form_row").at[form_row, "label"]
        rows.append([form_row, label, *cells])
    annex = pd.DataFrame(rows, columns=["form_row", "label", *heads], dtype=str)
    return Joined(annex, _log(parts, heads, codes, kept, catalogue) + log, doubts)


def _headings(parts: Sequence[Part]) -> dict[str, dict[int, str]]:
    """The heading of every period in the order of time, and how each part that has it heads it, by its number.

    Of two headings of one period it is the later part's, of an estimate and a figure the figure's.
    """
    found: dict[tuple[date, date, str], dict[int, str]] = {}
    for at, part in enumerate(parts):
        for heading, period in part.periods.items():
            found.setdefault((period.end, period.start, period.kind), {})[at] = heading
    return {
        max(columns.items(), key=lambda pair: (not parse_period(pair[1]).estimate, pair[0]))[1]: columns
        for _, columns in sorted(found.items())
    }


def _said(part: Part, at: int, heading: str, row: _Row) -> _Said:
    """What a part says of a cell."""
    text = str(part.annex.set_index("form_row").at[row.number, heading])
    about = row.series[0], part.periods[heading].code
    entries = [(entry, cell) for entry in part.log for cell in entry["cells"] if _of(cell) == about]
    entries = [pair for pair in entries if pair[1].get("level", "") == row.series[1] or not row.series[1]]
    figures: frozenset[tuple[str, float]] = frozenset()
    with suppress(ReformError):  # a text that cannot be read is a question already
        figures = frozenset((value.level, value.value) for value in row.parse(corrected(entries, text)))
    return _Said(at, text, figures, f"{part.places[row.number]}, {heading}", parse_period(heading).estimate)


def _taken(
    said: list[_Said], row: _Row, heading: str, period: str, answers: dict[str, str]
) -> tuple[_Said, Doubt | None, dict | None]:
    """What is taken of what is said of a cell, the doubt and the entry of the log where figures differ."""
    filled = sorted((one for one in said if one.figures), key=lambda one: (not one.estimate, one.part))
    if not filled:
        return (said[-1] if said else _NOTHING), None, None
    taken = filled[-1]
    if all(one.figures == taken.figures for one in filled):
        alone = taken.estimate and not parse_period(heading).estimate
        return taken, None, estimate_entry(row.series, period, taken.text, taken.place) if alone else None
    return _settled(filled, row, period, answers)


def _settled(filled: list[_Said], row: _Row, period: str, answers: dict[str, str]) -> tuple[_Said, Doubt | None, dict]:
    """What is taken of a cell of which `filled` say different things: the last, or what the answers say.

    That a figure takes the place of an estimate is told in the log, not asked.
    """
    taken, becomes = filled[-1], None
    others = [one for one in filled if one.figures != taken.figures]
    places = "; ".join(one.place for one in [*others, taken])
    why = remark("overlap", others="; ".join(f"«{clean(one.text)}» ({one.place})" for one in others))
    printed, given = clean(taken.text), answer_for(answers, places, "", row.parse)
    if given is not None:
        same = [one for one in filled if clean(one.text) == clean(given)]
        taken, becomes = (same[-1], None) if same else (taken, given)
    left = {one.place: clean(one.text) for one in filled if one.figures != taken.figures or becomes is not None}
    entry = overlap_entry(row.series, period, taken.text, becomes, left)
    if given is None and not taken.estimate and all(one.estimate for one in others):
        return taken, None, entry
    return taken, Doubt("cell", places, printed, why, printed).answered(given), entry


def _of(cell: dict) -> tuple[str, str]:
    """The indicator and the code of the period that an entry of the log is about."""
    return cell["indicator"], str(cell.get("period") or cell["year"])


def _log(
    parts: Sequence[Part],
    heads: dict[str, dict[int, str]],
    codes: dict[str, str],
    kept: dict[tuple[str, str], int],
    catalogue: Catalogue,
) -> list[dict]:
    """The entries of all logs about the cells that are taken, one entry where parts have the same."""
    log: list[dict] = []
    for at, part in enumerate(parts):
        of = {part.periods[columns[at]].code: heading for heading, columns in heads.items() if at in columns}
        for entry in part.log:
            cells = [
                {name: cell[name] for name in cell if name not in ("year", "period")} | address(codes[of[code]])
                for cell in entry["cells"]
                for indicator, code in [_of(cell)]
                if kept.get((catalogue.row_of(indicator, cell.get("level", "")), of[code])) == at
            ]
            same = next((one for one in log if one | {"id": 0, "cells": 0} == entry | {"id": 0, "cells": 0}), None)
            if same:
                same["cells"] = same["cells"] + cells
            elif cells:
                taken = {one["id"] for one in log}
                names = (f"{entry['id']}{more}" for more in ["", *(f"-{n}" for n in range(2, len(log) + 2))])
                log.append(entry | {"id": next(name for name in names if name not in taken), "cells": cells})
    return log
