"""Cover of the plan: limitation, cause, task of the next period, measurable target, and what has none of them.

The links are data (`coverage.csv` of the report): each with the words that support it, none made to fill a hole.
"""

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.fields import FIELDS
from reformlib.load.report import Report
from reformlib.measure.base import NOT_THE_SAME
from reformlib.measure.gaps import gaps
from reformlib.measure.targets import DRIVING

FINDINGS = codes("finding")


@cached_by_owner
def links(report: Report) -> pd.DataFrame:
    """The links one by one: `subject`, `relation` (cause, task, target), `object`, `extent`, `why_vi`, `why_en`."""
    split = report.coverage.assign(object=report.coverage["object"].str.split(";"))
    return split.explode("object", ignore_index=True)


@cached_by_owner
def coverage(report: Report) -> pd.DataFrame:
    """The matrix: one row a limitation, cause, task and official target still open at the date of the data.

    `kind` is limitation, cause, task or target, `code` its code; `causes`, `tasks`, `targets` hold the codes linked
    to it (`targets`: official targets that measure it), `answers` the limitations and causes a task is linked to,
    `own_target` the measurable targets that the plan itself gives (for a limitation or a cause: those of its tasks),
    `findings` codes of `FINDINGS`; several codes are joined by ";". Official targets are those that may drive a
    figure (`use`, `use-with-caveat`), whose deadline lies after the date of the data, and that the body is held to.

    In the Trà Vinh report 1 of 6 limitations has no cause, no task and no official target (computers without security
    devices), and none of the 6 is answered by a task with a measurable target of its own.
    """
    rows = pd.concat([_shortcomings(report), _tasks(report), _targets(report)], ignore_index=True)
    return rows.reindex(columns=[*FIELDS["coverage"]]).fillna("")


def _linked(code: pd.Series, rows: pd.DataFrame, relation: str, by: str, of: str) -> pd.Series:
    """What some :func:`links` have in the column `of` for each code in the column `by`, in one relation."""
    found = rows[rows["relation"] == relation].groupby(by)[of].agg(lambda values: ";".join(dict.fromkeys(values)))
    return code.map(found).fillna("")


def _flags(**holds: pd.Series) -> list[str]:
    """The names of what holds of each row."""
    flags = pd.DataFrame(holds)
    return [";".join(flags.columns[row]) for row in flags.to_numpy(dtype=bool)]


def _shortcomings(report: Report) -> pd.DataFrame:
    rows = report.limitations[report.limitations["kind"] != "none_stated"].rename(columns={"limitation": "code"})
    code, limitation = rows["code"], rows["kind"] == "limitation"
    every = links(report)
    every = every.assign(own=every["object"].map(report.tasks.set_index("task")["target_raw"]))
    causes, tasks, targets = (_linked(code, every, kind, "subject", "object") for kind in ("cause", "task", "target"))
    stated = _linked(code, every[every["own"] != ""], "task", "subject", "own")
    findings = _flags(
        no_cause=limitation & (causes == ""),
        no_task=tasks == "",
        part_only=_linked(code, every, "task", "subject", "extent") == "part",
        no_target=limitation & (stated == ""),
        no_official_target=limitation & (targets == ""),
    )
    return rows.assign(causes=causes, tasks=tasks, targets=targets, own_target=stated, findings=findings)


def _tasks(report: Report) -> pd.DataFrame:
    rows = report.tasks.rename(columns={"task": "code", "target_raw": "own_target"}).assign(kind="task")
    every = links(report)
    answers = _linked(rows["code"], every, "task", "object", "subject")
    findings = _flags(
        answers_nothing=answers == "", repeats=rows["repeats"] != "", no_own_target=rows["own_target"] == ""
    )
    official = _linked(rows["code"], every, "target", "subject", "object")
    return rows.assign(answers=answers, targets=official, findings=findings)


def _targets(report: Report) -> pd.DataFrame:
    official = gaps(report)
    after_data = official["deadline"] > pd.Timestamp(report.meta.data_date)
    official = official[official["recommended_use"].isin(DRIVING) & after_data]
    # a series that the checks rule out, or that is a share of something else, is an indicator all the same
    there = official["reason"].isin(["not_usable", *NOT_THE_SAME])
    lacking = (official["value"].isna() & ~there).groupby(official["target_id"]).all()
    rows = report.catalogue.targets.set_index("id").loc[lacking.index, ["target_vi", "target_en"]]
    rows = rows.rename_axis("code").reset_index().rename(columns={"target_vi": "text_vi", "target_en": "text_en"})
    every = links(report)
    tasks = _linked(rows["code"], every[every["subject"].isin(report.tasks["task"])], "target", "object", "subject")
    findings = _flags(no_task=tasks == "", no_indicator=lacking.reset_index(drop=True))
    return rows.assign(kind="target", tasks=tasks, findings=findings)
