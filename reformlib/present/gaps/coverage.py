"""What the plan covers: limitation, cause, task, target; and what should be measured next."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.measure import coverage as cover_rules
from reformlib.present.html import Fragment, Shown, bullets, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, table


def cover_matrix(page: Page, cover: pd.DataFrame) -> Fragment:
    """Limitation, cause, task, measurable target: what the report links, and what is missing."""
    links, measures = cover_rules.links(page.report), _measures(page)
    texts = _texts(page, cover)
    part = set(links.loc[links["extent"] == "part", ["subject", "object"]].itertuples(index=False, name=None))

    def listed(column, of):
        def show(r):
            codes = [code for code in getattr(r, column).split(";") if code]
            items = [
                tag("li", texts[of, code], f" ({page._('in part')})" if (r.code, code) in part else None)
                for code in codes
            ]
            return tag("ul", *items) if items else page._("none")

        return show

    return table(
        page,
        each_row(cover[cover["kind"] == "limitation"]),
        [
            Column(page._("Limitation"), lambda r: page.text(r, "text")),
            Column(page._("Cause"), listed("causes", "cause")),
            Column(page._("Task"), listed("tasks", "task")),
            Column(page._("Target in the plan"), lambda r: r.own_target or page._("none")),
            Column(page._("Official targets that measure it"), lambda r: _measured(page, measures, r.targets)),
            Column(page._("What is missing"), lambda r: _flags(page, r)),
        ],
        caption=page._("Limitation, cause, task and measurable target"),
        none=page._("none in this report"),
        origin=lambda r: f"coverage.csv, {r.code}",
        note=page._(
            "In part: the text is about a part of the matter or a means to it. A link stands only where the text "
            "supports it; the reason for each is in coverage.csv."
        ),
    )


def _measures(page: Page) -> dict[str, str]:
    """What each official target measures, where the form or the list of what it lacks says."""
    lacking = page.catalogue.missing_indicators
    names = {code: page.text(row, "name") for row in each_row(lacking) for code in row.targets.split(";")}
    mapped = page.catalogue.target_mapping.merge(page.catalogue.indicators[["form_row", "indicator"]], on="form_row")
    for row in each_row(mapped[mapped["measure"] != "none"]):
        names[row.target] = page.series_name(row.indicator, "")
    return names


def _measured(page: Page, names: dict[str, str], codes: str):
    """What official targets measure, each with their codes: `Dịch vụ công trực tuyến (T022, T037)`."""
    groups: dict[str, list[str]] = {}
    for code in filter(None, codes.split(";")):
        groups.setdefault(names.get(code, ""), []).append(code)
    items = [tag("li", f"{name} ({', '.join(found)})".strip()) for name, found in groups.items()]
    return tag("ul", *items) if items else page._("none")


def _texts(page: Page, cover: pd.DataFrame) -> dict[tuple[str, str], str]:
    """What limitations, causes, tasks and targets say, by kind and code."""
    return dict(zip(zip(cover["kind"], cover["code"], strict=True), cover[f"text_{page.language}"], strict=True))


def _flags(page: Page, row):
    said = [page._(cover_rules.FINDINGS[code]) for code in row.findings.split(";") if code]
    return bullets(said) if said else "–"


def cover_causes(page: Page, cover: pd.DataFrame) -> Fragment:
    """The causes the report gives, and the tasks that act on them."""
    causes = cover[cover["kind"] == "cause"]
    if causes.empty:
        return paragraph(page._("The report gives no cause."))
    texts = _texts(page, cover)

    def tasks(r):
        items = [tag("li", texts["task", code]) for code in r.tasks.split(";") if code]
        return tag("ul", *items) if items else page._("none")

    return table(
        page,
        each_row(causes),
        [
            Column(page._("Cause"), lambda r: page.text(r, "text")),
            Column(page._("Task"), tasks),
            Column(page._("What is missing"), lambda r: _flags(page, r)),
        ],
        caption=page._("Causes and the tasks that act on them"),
        origin=lambda r: f"coverage.csv, {r.code}",
    )


def cover_tasks(page: Page, cover: pd.DataFrame) -> Fragment:
    """Tasks counted by domain: how many answer something stated, repeat text, have a measurable target."""
    tasks = list(each_row(cover[cover["kind"] == "task"]))

    def count(domain, column, holds):
        chosen = [task for task in tasks if task.domain == domain and holds(task)]
        evidence = Evidence(float(len(chosen)), "tasks", rule=f"coverage.coverage: {column}")
        return Shown(page.number(len(chosen)), evidence)

    def answers(task):
        return "answers_nothing" not in task.findings.split(";")

    def repeats(task):
        return "repeats" in task.findings.split(";")

    def measured(task):
        return task.own_target != ""

    shown = table(
        page,
        each_row(page.report.domains),
        [
            Column(page._("Domain"), lambda r: page.text(r, "name")),
            Column(page._("Tasks"), lambda r: count(r.domain, "tasks", lambda task: True), True),
            Column(page._("answer a limitation or cause"), lambda r: count(r.domain, "answers", answers), True),
            Column(page._("repeat part one word for word"), lambda r: count(r.domain, "repeats", repeats), True),
            Column(
                page._("have a measurable target"),
                lambda r: count(r.domain, "own_target", measured),
                True,
            ),
        ],
        caption=page._("Tasks of the plan by domain"),
        origin=lambda r: f"domains.csv, {r.domain}",
        none=page._("none in this report"),
        note=page._(
            "The report states no limitation in some domains; a task there cannot answer one, which says nothing "
            "against the task."
        ),
    )
    again = [page.text(row, "text") for row in tasks if repeats(row)]
    if not again:
        return shown
    return join(shown, tag("p", page._("Repeated word for word from part one:")), bullets(again))


def measure_next(page: Page, cover: pd.DataFrame) -> Fragment:
    """Indicators that official targets ask for and the form lacks, and whether the plan has a task for them."""
    official, texts = cover[cover["kind"] == "target"].set_index("code"), _texts(page, cover)

    def open_targets(r):
        return [code for code in r.targets.split(";") if code in official.index]

    def tasks(r):
        codes = dict.fromkeys(code for t in open_targets(r) for code in official.at[t, "tasks"].split(";") if code)
        items = [tag("li", texts["task", code]) for code in codes]
        return tag("ul", *items) if items else page._("none")

    rows = [r for r in each_row(page.catalogue.missing_indicators) if open_targets(r)]
    without = official["findings"].str.split(";").map(lambda codes: {"no_task", "no_indicator"} <= set(codes))
    note = page._(
        "Of {n} official targets that were still open at the date of the data and bind the province, {without} have "
        "neither a task in the plan nor a comparable indicator in the form.",
        n=len(official),
        without=int(without.sum()),
    )
    if not rows:
        return paragraph(note)
    shown = table(
        page,
        rows,
        [
            Column(page._("What should be measured"), lambda r: page.text(r, "name")),
            Column(page._("Official targets that ask for it"), lambda r: ", ".join(open_targets(r))),
            Column(page._("Task in the plan"), tasks),
        ],
        caption=page._("Indicators that the official targets ask for and the form lacks"),
        origin=lambda r: f"missing_indicators.csv, {r.missing}",
    )
    return join(tag("p", note), shown)
