"""What is worked out of one report otherwise than of another: of the same figures supposed to be others."""

import pandas as pd

from reformlib.check.finding import Finding
from reformlib.check.findings import CHECKS, findings
from reformlib.check.verdict import CONSISTENT
from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure.change import changes
from reformlib.measure.gaps import gaps
from reformlib.present.datasets import in_words
from reformlib.present.findings import written
from reformlib.present.page import Page
from reformlib.project.chances import open_targets, target_probabilities
from reformlib.project.series import project, projections

COLUMNS = ["table", "of", "column", "before", "after"]
TEXTS = ("title", "consequence", "explanation")
KEYS = ["target_id", "indicator", "level"]

SERIES = ["indicator", "level"]

# what tells the rows of a table from each other, and what of them is told
MATTERS = {
    "observations": ([*SERIES, "period"], ["value"]),
    "changes": (SERIES, ["first_as_of", "first", "last_as_of", "last", "change", "annual_change", "reason"]),
    "gaps": (KEYS, ["as_of", "value", "target", "gap", "verdict", "pace_needed", "reason"]),
    "probabilities": (KEYS, ["p_at_least", "basis"]),
    "projections": (SERIES, ["year", "lo80", "p50", "hi80", "basis"]),
    "checks": (["check", *SERIES], ["outcome", "periods", *TEXTS]),
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
    old, new = (_tables(Page(report, language)) for report in (before, after))
    return pd.DataFrame([row for name in MATTERS for row in _differences(name, old[name], new[name])], columns=COLUMNS)


def _tables(page: Page) -> dict[str, pd.DataFrame]:
    """The tables of one report, with codes of reasons in words."""
    return {
        "observations": page.report.observations,
        "changes": in_words(page, "changes", changes(page.report.observations)),
        "gaps": in_words(page, "gaps", gaps(page.report)),
        "probabilities": in_words(page, "target_probabilities", _chances(page.report)),
        "projections": in_words(page, "projections", _last_ranges(page.report)),
        "checks": _outcomes(page),
    }


def _last_ranges(report: Report) -> pd.DataFrame:
    """Of every projected series its last year that has a range, one without a year where none has."""
    rows = projections(report).sort_values("lo80", key=pd.isna, ascending=False, kind="stable")
    rows = rows.drop_duplicates(SERIES, keep="last")
    return rows.assign(year=rows["year"].where(rows["lo80"].notna()))


def _chances(report: Report) -> pd.DataFrame:
    """The chances of open targets, and of those that have none what their series rests on."""
    given = target_probabilities(report)[[*KEYS, "p_at_least", "basis"]]
    rows = open_targets(report)
    bases = [project(report, row.indicator, row.level, row.deadline.year).basis for row in each_row(rows)]
    lacking = rows[KEYS].assign(p_at_least=float("nan"), basis=bases)
    return pd.concat([given, lacking]).drop_duplicates(KEYS)


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


def _differences(name: str, before: pd.DataFrame, after: pd.DataFrame) -> list[tuple]:
    key, columns = MATTERS[name]
    old, new = (_by_key(frame, key, columns) for frame in (before, after))
    rows, nothing = [], [None] * len(columns)
    for of in dict.fromkeys([*old, *new]):
        subject = ", ".join(str(part) for part in of if part is not None)
        pairs = zip(columns, old.get(of, nothing), new.get(of, nothing), strict=True)
        told = [(name, subject, column, one, other) for column, one, other in pairs if one != other]
        texts = [row for row in told if row[2] in TEXTS]
        rows += [row for row in told if row not in texts[1:]]
    return rows


def _by_key(frame: pd.DataFrame, key: list[str], columns: list[str]) -> dict[tuple, tuple]:
    """The cells of a table by the key of their row, nothing as None."""
    frame = frame.drop_duplicates(key)[key + columns].astype(object)
    frame = frame.where(frame.notna() & (frame != ""), None)
    return {row[: len(key)]: row[len(key) :] for row in frame.itertuples(index=False, name=None)}
