"""Cover of the plan: limitation, cause, task of the next period, measurable target, and what has none of them.

The links are data (`coverage.csv` of the report): each with the words that support it, none made to fill a hole.
"""

from __future__ import annotations

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import each_row, records
from reformlib.measure.gaps import gaps
from reformlib.measure.targets import DRIVING

FINDINGS = {
    "no_cause": "no cause is named for it",
    "no_task": "no task answers it",
    "part_only": "its tasks answer it in part only",
    "no_target": "the plan has no measurable target for it",
    "no_official_target": "no official target measures it",
    "answers_nothing": "answers no limitation or cause stated",
    "repeats": "repeats text of part one word for word",
    "no_own_target": "has no measurable target in the plan",
    "no_indicator": "the form has no comparable indicator",
}

# Scopes of targets.csv that bind others than a province.
ELSEWHERE = ("central", "country", "ministry")

COLUMNS = [
    "kind",
    "code",
    "domain",
    "text_vi",
    "text_en",
    "causes",
    "tasks",
    "answers",
    "targets",
    "own_target",
    "findings",
]


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
    figure (`use`, `use-with-caveat`), whose deadline lies after the date of the data, and that bind the province.

    In the Trà Vinh report 1 of 6 limitations has no cause, no task and no official target (computers without security
    devices), and none of the 6 is answered by a task with a measurable target of its own.
    """
    rows = [*_shortcomings(report), *_tasks(report), *_targets(report)]
    return pd.DataFrame(rows, columns=COLUMNS).fillna("")


def _codes(values) -> str:
    return ";".join(dict.fromkeys(values))


def _flags(**found: bool) -> str:
    return ";".join(code for code, holds in found.items() if holds)


def _shortcomings(report: Report) -> list[dict]:
    all_links = records(links(report))
    own = dict(zip(report.tasks["task"], report.tasks["target_raw"], strict=True))
    rows = []
    for item in each_row(report.limitations[report.limitations["kind"] != "none_stated"]):
        given = [link for link in all_links if link["subject"] == item.limitation]
        objects = {
            kind: [link["object"] for link in given if link["relation"] == kind] for kind in ("cause", "task", "target")
        }
        extents = [link["extent"] for link in given if link["relation"] == "task"]
        stated = [own[task] for task in objects["task"] if own[task]]
        limitation = item.kind == "limitation"
        rows.append(
            {
                "kind": item.kind,
                "code": item.limitation,
                "domain": item.domain,
                "text_vi": item.text_vi,
                "text_en": item.text_en,
                "causes": _codes(objects["cause"]),
                "tasks": _codes(objects["task"]),
                "targets": _codes(objects["target"]),
                "own_target": _codes(stated),
                "findings": _flags(
                    no_cause=limitation and not objects["cause"],
                    no_task=not objects["task"],
                    part_only=bool(extents) and set(extents) == {"part"},
                    no_target=limitation and not stated,
                    no_official_target=limitation and not objects["target"],
                ),
            }
        )
    return rows


def _tasks(report: Report) -> list[dict]:
    given = records(links(report))
    rows = []
    for task in each_row(report.tasks):
        answers = [link["subject"] for link in given if (link["relation"], link["object"]) == ("task", task.task)]
        official = [link["object"] for link in given if (link["relation"], link["subject"]) == ("target", task.task)]
        rows.append(
            {
                "kind": "task",
                "code": task.task,
                "domain": task.domain,
                "text_vi": task.text_vi,
                "text_en": task.text_en,
                "answers": _codes(answers),
                "targets": _codes(official),
                "own_target": task.target_raw,
                "findings": _flags(
                    answers_nothing=not answers, repeats=bool(task.repeats), no_own_target=not task.target_raw
                ),
            }
        )
    return rows


def _targets(report: Report) -> list[dict]:
    all_links = records(links(report))
    known = set(report.tasks["task"])
    to_tasks = [link for link in all_links if link["relation"] == "target" and link["subject"] in known]
    official = gaps(report)
    official = official[official["recommended_use"].isin(DRIVING)]
    official = official[official["deadline"] > pd.Timestamp(report.meta.data_date)]
    targets = report.catalogue.rows_by("targets", "id")
    lacking: dict[str, list[bool]] = {}
    for row in each_row(official):
        if targets[row.target_id]["scope"] not in ELSEWHERE:
            # a series that the checks rule out is an indicator all the same
            lacking.setdefault(row.target_id, []).append(pd.isna(row.value) and row.reason != "not_usable")
    rows = []
    for code in sorted(lacking):
        tasks = [link["subject"] for link in to_tasks if link["object"] == code]
        rows.append(
            {
                "kind": "target",
                "code": code,
                "text_vi": targets[code]["target_vi"],
                "text_en": targets[code]["target_en"],
                "tasks": _codes(tasks),
                "findings": _flags(no_task=not tasks, no_indicator=all(lacking[code])),
            }
        )
    return rows
