"""Cover of the plan: limitation, cause, task of the next period, measurable target, and what has none of them.

The links are data (`coverage.csv` of the report): each with the words that support it, none made to fill a hole.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.fields import frame
from reformlib.load.report import Report
from reformlib.load.rows import each_row
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
    rows = [*_shortcomings(report), *_tasks(report), *_targets(report)]
    return frame("coverage", rows).fillna("")


def _codes(values: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(values))


def _flags(**holds: bool) -> str:
    return ";".join(code for code in holds if holds[code])


def _linked(report: Report, relation: str, by: str, of: str) -> dict[str, list[str]]:
    """For one relation, the values of the column `of` of :func:`links` by the column `by`."""
    rows = links(report)
    groups = rows[rows["relation"] == relation].groupby(by, sort=False)[of]
    return {str(code): values.tolist() for code, values in groups}


def _shortcomings(report: Report) -> list[dict[str, Any]]:
    causes, tasks, targets = (_linked(report, kind, "subject", "object") for kind in ("cause", "task", "target"))
    extents = _linked(report, "task", "subject", "extent")
    own = dict(zip(report.tasks["task"], report.tasks["target_raw"], strict=True))
    rows = []
    for item in each_row(report.limitations[report.limitations["kind"] != "none_stated"]):
        code, limitation = item.limitation, item.kind == "limitation"
        stated = [own[task] for task in tasks.get(code, ()) if own[task]]
        row = {name: getattr(item, name) for name in ("kind", "domain", "text_vi", "text_en")} | {"code": code}
        row |= {"causes": _codes(causes.get(code, ())), "tasks": _codes(tasks.get(code, ()))}
        row |= {"targets": _codes(targets.get(code, ())), "own_target": _codes(stated)}
        findings = _flags(
            no_cause=limitation and code not in causes,
            no_task=code not in tasks,
            part_only=set(extents.get(code, ())) == {"part"},
            no_target=limitation and not stated,
            no_official_target=limitation and code not in targets,
        )
        rows.append(row | {"findings": findings})
    return rows


def _tasks(report: Report) -> list[dict[str, Any]]:
    answers, official = _linked(report, "task", "object", "subject"), _linked(report, "target", "subject", "object")
    rows = []
    for task in each_row(report.tasks):
        row = {name: getattr(task, name) for name in ("domain", "text_vi", "text_en")}
        row |= {"kind": "task", "code": task.task, "own_target": task.target_raw}
        row |= {"answers": _codes(answers.get(task.task, ())), "targets": _codes(official.get(task.task, ()))}
        flags = {"answers_nothing": task.task not in answers, "repeats": bool(task.repeats)}
        rows.append(row | {"findings": _flags(**flags, no_own_target=not task.target_raw)})
    return rows


def _targets(report: Report) -> list[dict[str, Any]]:
    planned = set(report.tasks["task"])
    tasks = _linked(report, "target", "object", "subject")
    official = gaps(report)
    after_data = official["deadline"] > pd.Timestamp(report.meta.data_date)
    official = official[official["recommended_use"].isin(DRIVING) & after_data]
    # a series that the checks rule out, or that is a share of something else, is an indicator all the same
    there = official["reason"].isin(["not_usable", *NOT_THE_SAME])
    official = official.assign(lacking=official["value"].isna() & ~there)
    targets = report.catalogue.rows_by("targets", "id")
    rows = []
    for code, lacking in official.groupby("target_id")["lacking"].all().items():
        answered = [subject for subject in tasks.get(str(code), ()) if subject in planned]
        row = {"kind": "target", "code": code, "tasks": _codes(answered)}
        row |= {"text_vi": targets[code]["target_vi"], "text_en": targets[code]["target_en"]}
        rows.append(row | {"findings": _flags(no_task=not answered, no_indicator=lacking)})
    return rows
