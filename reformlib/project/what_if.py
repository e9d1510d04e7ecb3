"""A report as it would be if a figure, a target or a total were another, and what then comes out otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from numbers import Real
from typing import TypeVar

import pandas as pd

from reformlib.check.findings import findings
from reformlib.errors import ReformError, one_of
from reformlib.load.report import Report
from reformlib.measure.change import changes
from reformlib.measure.gaps import gaps
from reformlib.project.chances import target_probabilities
from reformlib.project.series import projections

R = TypeVar("R", bound=Report)
COLUMNS = ["table", "of", "column", "before", "after"]


def what_if(
    report: R,
    figures: Mapping[tuple[str, ...], float | None] | None = None,
    *,
    targets: Mapping[str, float] | None = None,
    totals: Mapping[str, float] | None = None,
) -> R:
    """The report with other values, everything else as it is; the report itself stays as it was.

    `figures` are values by (indicator, period) or (indicator, period, level), None to leave a figure out, as a mapping
    or a Series of pandas; `targets`
    values by the code of an official target; `totals` what a count is a share of, by indicator. Text of the source and
    places stay those of the report: the note of a changed figure says what it was.

    Raises ReformError for a figure, a target or a total that the report does not have, naming those near it.

    >>> from reformlib.load.report import load_report
    >>> report = load_report("tra-vinh-2020")
    >>> other = what_if(report, {("signatures", "2019"): 1450})
    >>> float((other.observations["value"] - report.observations["value"]).sum())
    5.0
    """
    points = report.observations.copy()
    for key, value in ({} if figures is None else figures).items():
        at = place_of(points, key)
        was = points.at[at, "value"]
        if not (value is None or isinstance(value, Real)):
            raise ReformError(
                f"not a figure: {value!r}", where=f"of {key}", expected="a number, or None to leave it out"
            )
        points.loc[at, ["note", "note_vi"]] = [f"what if: {was:g} were {value}", f"giả sử: {was:g} là {value}"]
        points.at[at, "value"] = float("nan") if value is None else float(value)
    catalogue = report.catalogue
    if targets:
        for code in targets:
            one_of(code, catalogue.targets["id"], "target")
        known = catalogue.targets["id"].map(targets)
        catalogue = replace(catalogue, targets=catalogue.targets.assign(value=known.fillna(catalogue.targets["value"])))
    facts = report.facts
    if totals:
        for code in totals:
            one_of(code, report.meta.universes, "indicator with a stated total")
        other = {report.meta.universes[indicator]: value for indicator, value in totals.items()}
        facts = facts.assign(value=facts["fact"].map(other).fillna(facts["value"]))
    return replace(report, observations=points, catalogue=catalogue, facts=facts)


def place_of(points: pd.DataFrame, key: tuple[str, ...]) -> int:
    """The row of the figure of an indicator, a period and, where there are levels, a level among observations.

    Raises ReformError for one that is not there, naming what there is.
    """
    if isinstance(key, str) or len(key) not in (2, 3):
        raise ReformError(f"not a place of a figure: {key!r}", expected="('signatures', 2019), a level behind the year")
    indicator, period, level = (*map(str, key), "")[:3]
    one_of(indicator, points["indicator"], "indicator")
    rows = points[points["indicator"] == indicator]
    found = rows[(rows["period"] == period) & (rows["level"] == level)]
    if len(found) == 1:
        return found.index[0]
    levels = [one for one in rows["level"].unique() if one]
    raise ReformError(
        f"no figure of {indicator}{f', level {level}' * bool(level)}, in {period or '(no period)'}",
        expected=f"a period of: {', '.join(rows['period'].unique())}"
        + (f"; and a level of: {', '.join(levels)}, such as ('{indicator}', '{period}', '3')" if levels else ""),
    )


def difference(before: Report, after: Report) -> pd.DataFrame:
    """What is worked out of one report otherwise than of another by the same form.

    One row a cell that differs: `table` (observations, checks, changes, gaps, probabilities, projections), `of` what
    the row is of, codes between commas, `column`, `before` and `after`; missing where only one has the row. Where two
    editions are to be compared as reports, :func:`reformlib.compare.editions.diff` tells revisions apart from news.

    If 1,445 signatures of 2019 were 500, the first months of 2020 would be far faster than the year before: the check
    `pace-in-part` then names signatures among its series, and every year of their projection differs.
    """
    if not isinstance(after, Report):
        raise ReformError(f"not a report: {after!r}", expected="what rl.load_report or report.what_if gives")
    rows = [row for name, key in KEYS.items() for row in _differences(name, key, before, after)]
    return pd.DataFrame(rows, columns=COLUMNS)


# what tells the rows of a table from each other
KEYS = {
    "observations": ["indicator", "level", "period"],
    "checks": ["check", "series", "points"],
    "changes": ["indicator", "level"],
    "gaps": ["target_id", "indicator", "level"],
    "probabilities": ["target_id", "indicator", "level"],
    "projections": ["indicator", "level", "year"],
}


def _tables(report: Report, name: str) -> pd.DataFrame:
    if name == "checks":
        rows = [(one.check, one.series, one.points, one.severity, one.outcome) for one in findings(report)]
        found = pd.DataFrame(rows, columns=["check", "series", "points", "severity", "outcome"])
        return found.assign(**{name: found[name].map(_joined) for name in ("series", "points")})
    made = {"gaps": gaps, "probabilities": target_probabilities, "projections": projections}
    if name == "changes":
        return changes(report.observations)
    return made[name](report) if name in made else report.observations


def _joined(codes: Iterable) -> str:
    """Series, or series with a period each, as one text: `signatures:2019`."""
    parts = ([part for one in code for part in ([one] if isinstance(one, str) else one)] for code in codes)
    return " ".join(":".join(filter(None, code)) for code in parts)


def _differences(name: str, key: list[str], before: Report, after: Report) -> list[tuple]:
    frames = [_tables(report, name).astype(object) for report in (before, after)]
    frames = [frame.where(frame.notna(), None).fillna(dict.fromkeys(key, "")) for frame in frames]
    old, new = (frame.drop_duplicates(key).set_index(key) for frame in frames)
    rows = []
    for of in dict.fromkeys([*old.index, *new.index]):
        subject = ", ".join(str(part) for part in of if part != "")
        if of not in old.index or of not in new.index:
            rows.append((name, subject, "", *("there" if of in frame.index else None for frame in (old, new))))
            continue
        one, other = old.loc[of], new.loc[of]
        rows += [(name, subject, column, one[column], other[column]) for column in old if one[column] != other[column]]
    return rows
