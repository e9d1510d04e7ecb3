"""The tables that the notebooks use, by name, for people and machines that want them without a page."""

from __future__ import annotations

import difflib

import pandas as pd

from reformlib.errors import ReformError
from reformlib.gaps import CAVEATS, REASONS, gaps
from reformlib.load import Report
from reformlib.locale import translator
from reformlib.measure import changes
from reformlib.projections import BASES, projections

NAMES = (
    "observations",
    "changes",
    "facts",
    "documents",
    "systems",
    "domains",
    "results",
    "limitations",
    "tasks",
    "targets",
    "gaps",
    "projections",
)


def dataset(name: str, report: Report, *, language: str = "en") -> pd.DataFrame:
    """One table by its name.

    Remarks, reasons and caveats come as words in `language`; numbers stay numbers, missing stays missing, dates
    are dates. `observations` has the columns indicator, form_row, level, year, as_of, value, unit, status, raw,
    place, note. Raises ReformError naming the tables there are.
    """
    _ = translator(language)
    if name not in NAMES:
        near = difflib.get_close_matches(name, NAMES, n=1)
        raise ReformError(
            f"no such table: {name}",
            expected=f"one of: {', '.join(NAMES)}",
            fix=f"did you mean {near[0]}?" if near else "",
        )

    def words(codes: pd.Series, texts: dict[str, str]) -> pd.Series:
        return codes.map(lambda cell: "; ".join(_(texts[code]) for code in cell.split(";") if code))

    if name == "observations":
        frame = report.observations
        if language == "vi":
            frame = frame.assign(place=frame["place_vi"], note=frame["note_vi"])
        return frame.drop(columns=["place_vi", "note_vi"])
    if name == "changes":
        frame = changes(report.observations)
        return frame.assign(reason=frame["reason"].map(lambda text: _(text) if text else ""))
    if name == "gaps":
        frame = gaps(report)
        return frame.assign(reason=words(frame["reason"], REASONS), caveat=words(frame["caveat"], CAVEATS))
    if name == "projections":
        frame = projections(report)
        used = report.observations.dropna(subset="value").groupby(["indicator", "level"]).size()
        basis = [_(BASES[r.basis], points=used.get((r.indicator, r.level), 0)) for r in frame.itertuples(index=False)]
        return frame.assign(basis=basis)
    return report.catalogue.targets if name == "targets" else getattr(report, name)
