"""What is worked out of one report otherwise than of another: of the same figures supposed to be others."""

from collections.abc import Callable

import pandas as pd

from reformlib.check.finding import Finding
from reformlib.check.findings import CHECKS, findings
from reformlib.check.verdict import CONSISTENT
from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure.change import changes
from reformlib.measure.gaps import REASONS, gaps
from reformlib.present.findings import written
from reformlib.present.page import Page
from reformlib.project.chances import open_targets, target_probabilities
from reformlib.project.series import BASES, project, projections

COLUMNS = ["table", "of", "column", "before", "after"]
TEXTS = ("title", "consequence", "explanation")
KEYS = ["target_id", "indicator", "level"]

# what tells the rows of a table from each other, and what of them is told
MATTERS = {
    "observations": (["indicator", "level", "period"], ["value"]),
    "changes": (
        ["indicator", "level"],
        ["first_as_of", "first", "last_as_of", "last", "change", "annual_change", "reason"],
    ),
    "gaps": (KEYS, ["as_of", "value", "target", "gap", "verdict", "pace_needed", "reason"]),
    "probabilities": (KEYS, ["p_at_least", "basis"]),
    "projections": (["indicator", "level"], ["year", "lo80", "p50", "hi80", "basis"]),
    "checks": (["check", "indicator", "level"], ["outcome", "periods", *TEXTS]),
}


def difference(before: Report, after: Report, *, language: str = "en") -> pd.DataFrame:
    """What is worked out of one report otherwise than of another by the same form, in words of `language`.

    One row a cell that differs, of the columns of `MATTERS`: `table` (observations, changes, gaps, probabilities,
    projections of the last year that has a range, then checks), `of` what the row is of, codes between commas,
    `column`, `before` and `after`; missing where only one has the row. `basis` and `reason` say in words what a number
    rests on, or why there is none. Of a check on a series `outcome` is the gravest, `periods` are those objected to;
    of its texts the first that differs is told. Where two editions are to be compared as reports,
    :func:`reformlib.compare.editions.diff` tells revisions apart from news.

    If 1,445 signatures of 2019 were 500, the first months of 2020 would be far faster than the year before: the check
    `pace-in-part`, consistent, then cannot tell, and their projection of 2020 has a range no more.
    """
    if not isinstance(after, Report):
        raise ReformError(f"not a report: {after!r}", expected="what rl.load_report or report.what_if gives")
    pages = Page(before, language), Page(after, language)
    return pd.DataFrame([row for name in MATTERS for row in _differences(name, pages)], columns=COLUMNS)


def _table(name: str, page: Page) -> pd.DataFrame:
    """The rows of one report, with codes of reasons in words."""
    made = MADE[name](page.report) if name in MADE else _outcomes(page)
    words = {column: texts for column, texts in (("basis", BASES), ("reason", REASONS)) if column in made}
    if name == "changes":  # its reasons are English messages
        return made.assign(reason=[page._(cell) if cell else "" for cell in made["reason"]])
    return made.assign(
        **{
            column: ["; ".join(page.words(cell, texts, column)) for cell in made[column]]
            for column, texts in words.items()
        }
    )


def _last_ranges(report: Report) -> pd.DataFrame:
    """Of every projected series its last year that has a range, one without a year where none has."""
    rows = projections(report).sort_values("lo80", key=pd.isna, ascending=False, kind="stable")
    rows = rows.drop_duplicates(["indicator", "level"], keep="last")
    return rows.assign(year=rows["year"].where(rows["lo80"].notna()))


def _chances(report: Report) -> pd.DataFrame:
    """The chances of open targets, and of those that have none what their series rests on."""
    given = target_probabilities(report)[[*KEYS, "p_at_least", "basis"]]
    rows = open_targets(report)
    bases = [project(report, row.indicator, row.level, row.deadline.year).basis for row in each_row(rows)]
    lacking = rows[KEYS].assign(p_at_least=float("nan"), basis=bases)
    return pd.concat([given, lacking]).drop_duplicates(KEYS)


MADE: dict[str, Callable[[Report], pd.DataFrame]] = {
    "observations": lambda report: report.observations,
    "changes": lambda report: changes(report.observations),
    "gaps": gaps,
    "probabilities": _chances,
    "projections": _last_ranges,
}


def _outcomes(page: Page) -> pd.DataFrame:
    """What every check says of every series; of a check on none what it says."""
    told: dict[tuple, tuple[Finding, set[str]]] = {}
    for one in findings(page.report):  # the gravest first
        for key in one.series or [("", "")]:
            _, periods = told.setdefault((one.check, *key), (one, set()))
            periods.update(code for series, code in one.points if series == key and one.outcome != CONSISTENT)
    of_all = {check.id for check in CHECKS}  # what these say of series that pass depends on the others
    rows = []
    for key, (one, periods) in told.items():
        quiet = one.outcome == CONSISTENT and one.check in of_all
        texts = ("" if quiet else written(getattr(one, name), page.language) for name in TEXTS)
        rows.append((*key, one.outcome, ", ".join(sorted(periods)), *texts))
    return pd.DataFrame(rows, columns=[name for names in MATTERS["checks"] for name in names])


def _differences(name: str, pages: tuple[Page, Page]) -> list[tuple]:
    key, columns = MATTERS[name]
    frames = [_table(name, page).astype(object) for page in pages]
    frames = [frame.where(frame.notna() & (frame != ""), None) for frame in frames]
    old, new = (
        {row[: len(key)]: row[len(key) :] for row in frame[key + columns].itertuples(index=False, name=None)}
        for frame in (frame.drop_duplicates(key) for frame in frames)
    )
    rows, nothing = [], [None] * len(columns)
    for of in dict.fromkeys([*old, *new]):
        subject = ", ".join(str(part) for part in of if part is not None)
        pairs = zip(columns, old.get(of, nothing), new.get(of, nothing), strict=True)
        told = [(name, subject, column, one, other) for column, one, other in pairs if one != other]
        texts = [row for row in told if row[2] in TEXTS]
        rows += [row for row in told if row not in texts[1:]]
    return rows
