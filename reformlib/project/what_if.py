"""A report as it would be if a figure, a target or a total were another, and what then comes out otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from numbers import Real
from typing import TypeVar

import pandas as pd

from reformlib.check.findings import findings
from reformlib.check.verdict import CONSISTENT
from reformlib.errors import ReformError, one_of
from reformlib.load.report import Report
from reformlib.load.rows import each_row
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
    points, supposed = report.observations.copy(), dict(report.supposed)
    for key, value in ({} if figures is None else figures).items():
        at = place_of(points, key)
        point = next(each_row(points.loc[[at]]))
        if not (value is None or isinstance(value, Real)):
            raise ReformError(
                f"not a figure: {value!r}", where=f"of {key}", expected="a number, or None to leave it out"
            )
        points.loc[at, ["note", "note_vi"]] = [
            f"what if: {point.value:g} were {value}",
            f"giả sử: {point.value:g} là {value}",
        ]
        points.at[at, "value"] = float("nan") if value is None else float(value)
        supposed.setdefault((point.indicator, point.level, point.period), point.value)
    catalogue = report.catalogue
    if targets:
        for code in targets:
            one_of(code, catalogue.targets["id"], "target")
        was, known = catalogue.rows_by("targets", "id"), catalogue.targets["id"].map(targets)
        for row in each_row(catalogue.target_mapping[catalogue.target_mapping["target"].isin(list(targets))]):
            supposed.setdefault((row.indicator, row.level, row.target), was[row.target]["value"])
        catalogue = replace(catalogue, targets=catalogue.targets.assign(value=known.fillna(catalogue.targets["value"])))
    facts = report.facts
    if totals:
        for code in totals:
            one_of(code, report.meta.universes, "indicator with a stated total")
        other = {report.meta.universes[indicator]: value for indicator, value in totals.items()}
        supposed = {(fact,): report.rows_by("facts", "fact")[fact]["value"] for fact in other} | supposed
        facts = facts.assign(value=facts["fact"].map(other).fillna(facts["value"]))
    return replace(report, observations=points, catalogue=catalogue, facts=facts, supposed=supposed)


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

    One row a cell that differs, of the columns of `MATTERS`: `table` (observations, checks, changes, gaps,
    probabilities, projections of the last year that has a range), `of` what the row is of, codes between commas,
    `column`, `before` and `after`; missing where only one has the row. Of a check on a series `outcome` is the gravest,
    `periods` are those objected to. Where two editions are to be compared as reports,
    :func:`reformlib.compare.editions.diff` tells revisions apart from news.

    If 1,445 signatures of 2019 were 500, the first months of 2020 would be far faster than the year before: the check
    `pace-in-part`, consistent, then cannot tell, and their projection of 2020 has a range no more.
    """
    if not isinstance(after, Report):
        raise ReformError(f"not a report: {after!r}", expected="what rl.load_report or report.what_if gives")
    rows = [row for name in MATTERS for row in _differences(name, before, after)]
    return pd.DataFrame(rows, columns=COLUMNS)


# what tells the rows of a table from each other, and what of them is told
MATTERS = {
    "observations": (["indicator", "level", "period"], ["value"]),
    "checks": (["check", "indicator", "level"], ["outcome", "periods"]),
    "changes": (
        ["indicator", "level"],
        ["first_as_of", "first", "last_as_of", "last", "change", "annual_change", "reason"],
    ),
    "gaps": (
        ["target_id", "indicator", "level"],
        ["as_of", "value", "target", "gap", "verdict", "pace_needed", "reason"],
    ),
    "probabilities": (["target_id", "indicator", "level"], ["p_at_least"]),
    "projections": (["indicator", "level"], ["year", "lo80", "p50", "hi80"]),
}


def _tables(report: Report, name: str) -> pd.DataFrame:
    if name == "checks":
        return _outcomes(report)
    if name == "projections":
        return projections(report).dropna(subset=["lo80", "hi80"]).drop_duplicates(["indicator", "level"], keep="last")
    made = {"gaps": gaps, "probabilities": target_probabilities}
    if name == "changes":
        return changes(report.observations)
    return made[name](report) if name in made else report.observations


def _outcomes(report: Report) -> pd.DataFrame:
    """What every check says of every series; of a check on none what it says."""
    told: dict[tuple, tuple[str, set[str]]] = {}
    for one in findings(report):  # the gravest first
        for key in one.series or [("", "")]:
            _, periods = told.setdefault((one.check, *key), (one.outcome, set()))
            periods.update(code for series, code in one.points if series == key and one.outcome != CONSISTENT)
    rows = [(*key, outcome, ", ".join(sorted(periods))) for key, (outcome, periods) in told.items()]
    return pd.DataFrame(rows, columns=[name for names in MATTERS["checks"] for name in names])


def _differences(name: str, before: Report, after: Report) -> list[tuple]:
    key, columns = MATTERS[name]
    frames = [_tables(report, name).astype(object) for report in (before, after)]
    frames = [frame.where(frame.notna() & (frame != ""), None) for frame in frames]
    old, new = (
        {row[: len(key)]: row[len(key) :] for row in frame[key + columns].itertuples(index=False, name=None)}
        for frame in (frame.drop_duplicates(key) for frame in frames)
    )
    rows, nothing = [], [None] * len(columns)
    for of in dict.fromkeys([*old, *new]):
        subject = ", ".join(str(part) for part in of if part is not None)
        pairs = zip(columns, old.get(of, nothing), new.get(of, nothing), strict=True)
        rows += [(name, subject, column, one, other) for column, one, other in pairs if one != other]
    return rows
