"""What the plan covers: limitation, cause, task, target; and what should be measured next."""

from collections import Counter

import pandas as pd

from reformlib.load.rows import codes, each_row, grouped
from reformlib.measure.coverage import FINDINGS, links
from reformlib.present.gaps.judged import whom
from reformlib.present.html import Fragment, bullets, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, field_column, listing, table


def cover_matrix(page: Page, cover: pd.DataFrame) -> Fragment:
    """Limitation, cause, task, measurable target: what the report links, and what is missing."""
    if cover[cover["kind"] != "target"].empty:
        return paragraph(page._("The report states no limitations, no causes and no tasks."))
    measures, texts = _measures(page), _texts(page, cover)
    columns = [
        Column(page._("Limitation"), lambda r: page.text(r, "text")),
        Column(page._("Cause"), lambda r: _linked(page, texts, r, "cause", r.causes)),
        Column(page._("Task"), lambda r: _linked(page, texts, r, "task", r.tasks)),
        Column(page._("Target in the plan"), lambda r: r.own_target or page._("none")),
        Column(page._("Official targets that measure it"), lambda r: _measured(page, measures, r)),
        Column(page._("What is missing"), lambda r: bullets(page.words(r.findings, FINDINGS))),
    ]
    caption = page._("Limitation, cause, task and measurable target")
    note = page._(
        "In part: the text is about a part of the matter or a means to it. A link stands only where the text "
        "supports it; the reason for each is in coverage.csv."
    )
    return listing(page, _kind(cover, "limitation"), columns, caption, lambda r: f"coverage.csv, {r.code}", note=note)


def _kind(cover: pd.DataFrame, kind: str) -> list:
    """The rows of measure.coverage that are limitations, causes, tasks or targets."""
    return list(each_row(cover[cover["kind"] == kind]))


def _measures(page: Page) -> dict[str, str]:
    """What each official target measures, where the form or the list of what it lacks says."""
    lacking = page.catalogue.missing_indicators
    names = {code: page.text(row, "name") for row in each_row(lacking) for code in row.targets.split(";")}
    mapped = page.catalogue.target_mapping
    for row in each_row(mapped[mapped["measure"] != "none"]):
        names[row.target] = page.series_name(row.indicator, "")
    return names


def _extent(page: Page, subject: str, objects: list[str]) -> str:
    """That all links of a subject to some objects are in part only, to stand behind them; else nothing."""
    linked = links(page.report)
    linked = linked[(linked["subject"] == subject) & linked["object"].isin(objects)]
    return f" ({page._('in part')})" if len(linked) and (linked["extent"] == "part").all() else ""


def _measured(page: Page, names: dict[str, str], row):
    """What the official targets of a row measure, each with their codes: `Dịch vụ công trực tuyến (T022, T037)`."""
    groups = grouped(codes(row.targets), lambda code: names.get(code, ""))
    told = (f"{name} ({', '.join(same)}){_extent(page, row.code, same)}".strip() for name, same in groups.items())
    return bullets(told, page._("none"))


def _texts(page: Page, cover: pd.DataFrame) -> dict[tuple[str, str], str]:
    """What limitations, causes, tasks and targets say, by kind and code."""
    return {(row.kind, row.code): page.text(row, "text") for row in each_row(cover)}


def _linked(page: Page, texts: dict[tuple[str, str], str], row, kind: str, linked: str):
    """What the plan links to a row: the texts of a kind, by their codes in a cell."""
    named = (f"{texts[kind, code]}{_extent(page, row.code, [code])}" for code in codes(linked))
    return bullets(named, page._("none"))


def cover_causes(page: Page, cover: pd.DataFrame) -> Fragment:
    """The causes the report gives, and the tasks that act on them."""
    causes, texts = _kind(cover, "cause"), _texts(page, cover)
    if cover[cover["kind"] != "target"].empty:
        return Fragment(tag("div"))  # said above
    if not causes:
        return paragraph(page._("The report gives no cause."))
    columns = [
        Column(page._("Cause"), lambda r: page.text(r, "text")),
        Column(page._("Task"), lambda r: _linked(page, texts, r, "task", r.tasks)),
        Column(page._("What is missing"), lambda r: bullets(page.words(r.findings, FINDINGS))),
    ]
    caption = page._("Causes and the tasks that act on them")
    return table(page, causes, columns, caption, lambda r: f"coverage.csv, {r.code}")


def cover_tasks(page: Page, cover: pd.DataFrame) -> Fragment:
    """Tasks counted by domain: how many answer something stated, repeat text, have a measurable target."""
    tasks = _kind(cover, "task")
    if not tasks:
        nothing = cover[cover["kind"] != "target"].empty  # said above
        return Fragment(tag("div")) if nothing else paragraph(page._("The report states no tasks."))

    def count(name, holds):
        number = Counter(task.domain for task in tasks if holds(task))
        return lambda row: page.cell(number[row.domain], "tasks", rule=f"coverage.coverage: {name}")

    def answers(task):
        return "answers_nothing" not in codes(task.findings)

    def repeats(task):
        return "repeats" in codes(task.findings)

    columns = [
        field_column(page, "domains.csv", "name"),
        Column(page._("Tasks"), count("tasks", lambda task: True), True),
        Column(page._("answer a limitation or cause"), count("answers", answers), True),
        Column(page._("repeat part one word for word"), count("repeats", repeats), True),
        Column(page._("have a measurable target"), count("own_target", lambda task: task.own_target != ""), True),
    ]
    caption, rows = page._("Tasks of the plan by domain"), page.report.domains
    note = page._(
        "The report states no limitation in some domains; a task there cannot answer one, which says nothing "
        "against the task."
    )
    shown = listing(page, rows, columns, caption, lambda r: f"domains.csv, {r.domain}", note=note)
    again = [page.text(row, "text") for row in tasks if repeats(row)]
    if not again:
        return shown
    return join(shown, tag("p", page._("Repeated word for word from part one:")), bullets(again))


def measure_next(page: Page, cover: pd.DataFrame) -> Fragment:
    """Indicators that official targets ask for and the form lacks, and whether the plan has a task for them."""
    official, texts = {row.code: row for row in _kind(cover, "target")}, _texts(page, cover)

    def open_targets(r):
        return [code for code in codes(r.targets) if code in official]

    def tasks(r):
        """The tasks of a row, each with the targets that it answers where these are not all of the row's."""
        answers = {target: codes(official[target].tasks) or [""] for target in open_targets(r)}
        named = dict.fromkeys(code for of in answers.values() for code in of)
        said = []
        for code in named:
            found = [target for target, of in answers.items() if code in of]
            text = texts["task", code] + _extent(page, code, found) if code else page._("none")
            said.append(text if len(found) == len(answers) else f"{text} ({', '.join(found)})")
        return bullets(said) if any(named) else said[0]

    if not official:
        return paragraph(page._("No official target that concerns the unit falls due after the date of the data."))
    planned = bool(_kind(cover, "task"))
    note = page._(
        "Of the {n} confirmed targets (context-only ones left out) that concern {whom} and fall due after the date "
        "of the data, {without} have neither a task in the plan nor a comparable indicator in the form."
        if planned
        else "Of the {n} confirmed targets (context-only ones left out) that concern {whom} and fall due after the "
        "date of the data, {without} have no comparable indicator in the form; the report states no tasks.",
        n=len(official),
        whom=whom(page, pd.DataFrame({"target_id": list(official)})),
        without=sum({"no_task", "no_indicator"} <= set(codes(row.findings)) for row in official.values()),
    )
    rows = [r for r in each_row(page.catalogue.missing_indicators) if open_targets(r)]
    if not rows:
        return paragraph(note)
    columns = [
        field_column(page, "missing_indicators.csv", "name"),
        field_column(page, "missing_indicators.csv", "targets", lambda r: ", ".join(open_targets(r))),
        *([Column(page._("Task in the plan"), tasks)] if planned else []),
    ]
    caption = page._("Indicators that the official targets ask for and the form lacks")
    shown = table(page, rows, columns, caption, lambda r: f"missing_indicators.csv, {r.missing}")
    return join(tag("p", note), shown)
