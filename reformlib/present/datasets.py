"""The tables that the notebooks use, by name, for people and machines that want them without a page.

What a table is worked out with is imported when it is asked for: `reformlib table observations` needs no projections.
"""

from __future__ import annotations

import difflib

import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import day, translator

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
    "progress",
    "coverage",
    "checks",
    "reliability",
    "projections",
    "target_probabilities",
)


def differences(before: Report, after: Report, *, language: str = "en") -> pd.DataFrame:
    """What one edition says otherwise than the other, :func:`reformlib.compare.editions.diff`, with its codes in words.

    `what` tells group and kind in `language`, `name` the subject.
    """
    from reformlib.compare.editions import GROUPS, KINDS, diff

    _ = translator(language)
    frame = diff(before, after)
    what = [f"{_(GROUPS[row.group])}: {_(KINDS[row.kind])}" for row in each_row(frame)]
    frame.insert(2, "what", pd.Series(what, dtype=object))
    frame.insert(4, "name", frame[f"name_{language}"])
    return frame.drop(columns=["name_vi", "name_en"])


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
        from reformlib.measure.change import changes

        frame = changes(report.observations).drop(columns=["first_place", "last_place"])
        return frame.assign(reason=frame["reason"].map(lambda text: _(text) if text else ""))
    if name == "gaps":
        from reformlib.check.withheld import withhold
        from reformlib.measure.gaps import CAVEATS, HELD, REASONS, gaps

        frame = gaps(withhold(report))
        held = [_(HELD[r.held], date=day(r.held_since, language)) if r.held else "" for r in frame.itertuples()]
        return frame.assign(reason=words(frame["reason"], REASONS), caveat=words(frame["caveat"], CAVEATS), held=held)
    if name == "progress":
        from reformlib.check.withheld import withhold
        from reformlib.measure.methods import FACTS, STORIES, TOLD, progress_table

        frame = progress_table(withhold(report))
        said = {"facts": words(frame["facts"], FACTS), "told": words(frame["told"], TOLD)}
        said |= {field: frame[field].map(lambda text: _(text) if text else "") for field in ("label", "reason")}
        return frame.assign(story=words(frame["story"], STORIES), **said)
    if name == "coverage":
        from reformlib.check.withheld import withhold
        from reformlib.measure.coverage import FINDINGS, coverage

        frame = coverage(withhold(report))
        text = frame[f"text_{language}"]
        frame = frame.drop(columns=["text_vi", "text_en"]).assign(findings=words(frame["findings"], FINDINGS))
        frame.insert(3, "text", text)
        return frame
    if name in ("checks", "reliability"):
        from reformlib.present.findings import checks, reliability

        return (checks if name == "checks" else reliability)(report, language)
    if name == "projections":
        from reformlib.check.withheld import withhold
        from reformlib.project.series import BASES, projections

        frame = projections(withhold(report))
        return frame.assign(basis=words(frame["basis"], BASES))
    if name == "target_probabilities":
        from reformlib.check.withheld import withhold
        from reformlib.measure.gaps import CAVEATS
        from reformlib.project.chances import FREQUENCIES, target_probabilities
        from reformlib.project.series import BASES

        frame = target_probabilities(withhold(report))
        frame = frame.assign(natural_frequency=frame["natural_frequency"].map(lambda code: _(FREQUENCIES[code])))
        return frame.assign(basis=words(frame["basis"], BASES), caveat=words(frame["caveat"], CAVEATS))
    return report.catalogue.targets if name == "targets" else getattr(report, name)
