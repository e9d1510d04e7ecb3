"""What the plan covers: limitation, cause, task, target; and what should be measured next."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import number, translator
from reformlib.measure import coverage as cover_rules
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.table import Column, series_name, table


def cover_matrix(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Limitation, cause, task, measurable target: what the report links, and what is missing."""
    _ = translator(language)
    links, measures = cover_rules.links(report), _measures(report, language)
    texts = _texts(cover, language)
    part = set(links.loc[links["extent"] == "part", ["subject", "object"]].itertuples(index=False, name=None))

    def listed(column, of):
        def show(r):
            codes = [code for code in getattr(r, column).split(";") if code]
            items = [
                tag("li", texts[of, code], f" ({_('in part')})" if (r.code, code) in part else None) for code in codes
            ]
            return tag("ul", *items) if items else _("none")

        return show

    return table(
        each_row(cover[cover["kind"] == "limitation"]),
        [
            Column(_("Limitation"), lambda r: getattr(r, f"text_{language}")),
            Column(_("Cause"), listed("causes", "cause")),
            Column(_("Task"), listed("tasks", "task")),
            Column(_("Target in the plan"), lambda r: r.own_target or _("none")),
            Column(_("Official targets that measure it"), lambda r: _measured(measures, r.targets, language)),
            Column(_("What is missing"), lambda r: _flags(r, language)),
        ],
        caption=_("Limitation, cause, task and measurable target"),
        none=_("none in this report"),
        fold=language,
        origin=lambda r: f"coverage.csv, {r.code}",
        note=_(
            "In part: the text is about a part of the matter or a means to it. A link stands only where the text "
            "supports it; the reason for each is in coverage.csv."
        ),
    )


def _measures(report: Report, language: str) -> dict[str, str]:
    """What each official target measures, where the form or the list of what it lacks says."""
    lacking = report.catalogue.missing_indicators
    names = {code: getattr(row, f"name_{language}") for row in each_row(lacking) for code in row.targets.split(";")}
    mapped = report.catalogue.target_mapping.merge(
        report.catalogue.indicators[["form_row", "indicator"]], on="form_row"
    )
    for row in each_row(mapped[mapped["measure"] != "none"]):
        names[row.target] = series_name(report, row.indicator, "", language)
    return names


def _measured(names: dict[str, str], codes: str, language: str):
    """What official targets measure, each with their codes: `Dịch vụ công trực tuyến (T022, T037)`."""
    _ = translator(language)
    groups: dict[str, list[str]] = {}
    for code in filter(None, codes.split(";")):
        groups.setdefault(names.get(code, ""), []).append(code)
    items = [tag("li", f"{name} ({', '.join(found)})".strip()) for name, found in groups.items()]
    return tag("ul", *items) if items else _("none")


def _texts(cover: pd.DataFrame, language: str) -> dict[tuple[str, str], str]:
    """What limitations, causes, tasks and targets say, by kind and code."""
    return dict(zip(zip(cover["kind"], cover["code"], strict=True), cover[f"text_{language}"], strict=True))


def _flags(row, language: str):
    _ = translator(language)
    said = [_(cover_rules.FINDINGS[code]) for code in row.findings.split(";") if code]
    return tag("ul", *(tag("li", text) for text in said)) if said else "–"


def cover_causes(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """The causes the report gives, and the tasks that act on them."""
    _ = translator(language)
    causes = cover[cover["kind"] == "cause"]
    if causes.empty:
        return Fragment(tag("p", _("The report gives no cause.")))
    texts = _texts(cover, language)

    def tasks(r):
        items = [tag("li", texts["task", code]) for code in r.tasks.split(";") if code]
        return tag("ul", *items) if items else _("none")

    return table(
        each_row(causes),
        [
            Column(_("Cause"), lambda r: getattr(r, f"text_{language}")),
            Column(_("Task"), tasks),
            Column(_("What is missing"), lambda r: _flags(r, language)),
        ],
        caption=_("Causes and the tasks that act on them"),
        fold=language,
        origin=lambda r: f"coverage.csv, {r.code}",
    )


def cover_tasks(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Tasks counted by domain: how many answer something stated, repeat text, have a measurable target."""
    _ = translator(language)
    tasks = list(each_row(cover[cover["kind"] == "task"]))

    def count(domain, column, holds):
        chosen = [task for task in tasks if task.domain == domain and holds(task)]
        evidence = Evidence(float(len(chosen)), "tasks", rule=f"coverage.coverage: {column}")
        return Shown(number(len(chosen), language), evidence)

    def answers(task):
        return "answers_nothing" not in task.findings.split(";")

    def repeats(task):
        return "repeats" in task.findings.split(";")

    def measured(task):
        return task.own_target != ""

    shown = table(
        each_row(report.domains),
        [
            Column(_("Domain"), lambda r: getattr(r, f"name_{language}")),
            Column(_("Tasks"), lambda r: count(r.domain, "tasks", lambda task: True), True),
            Column(_("answer a limitation or cause"), lambda r: count(r.domain, "answers", answers), True),
            Column(_("repeat part one word for word"), lambda r: count(r.domain, "repeats", repeats), True),
            Column(
                _("have a measurable target"),
                lambda r: count(r.domain, "own_target", measured),
                True,
            ),
        ],
        caption=_("Tasks of the plan by domain"),
        origin=lambda r: f"domains.csv, {r.domain}",
        none=_("none in this report"),
        fold=language,
        note=_(
            "The report states no limitation in some domains; a task there cannot answer one, which says nothing "
            "against the task."
        ),
    )
    again = [getattr(row, f"text_{language}") for row in tasks if repeats(row)]
    if not again:
        return shown
    return join(shown, tag("p", _("Repeated word for word from part one:")), tag("ul", *(tag("li", t) for t in again)))


def measure_next(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Indicators that official targets ask for and the form lacks, and whether the plan has a task for them."""
    _ = translator(language)
    official, texts = cover[cover["kind"] == "target"].set_index("code"), _texts(cover, language)

    def open_targets(r):
        return [code for code in r.targets.split(";") if code in official.index]

    def tasks(r):
        codes = dict.fromkeys(code for t in open_targets(r) for code in official.at[t, "tasks"].split(";") if code)
        items = [tag("li", texts["task", code]) for code in codes]
        return tag("ul", *items) if items else _("none")

    rows = [r for r in each_row(report.catalogue.missing_indicators) if open_targets(r)]
    without = official["findings"].str.split(";").map(lambda codes: {"no_task", "no_indicator"} <= set(codes))
    note = _(
        "Of {n} official targets that were still open at the date of the data and bind the province, {without} have "
        "neither a task in the plan nor a comparable indicator in the form.",
        n=len(official),
        without=int(without.sum()),
    )
    if not rows:
        return Fragment(tag("p", note))
    shown = table(
        rows,
        [
            Column(_("What should be measured"), lambda r: getattr(r, f"name_{language}")),
            Column(_("Official targets that ask for it"), lambda r: ", ".join(open_targets(r))),
            Column(_("Task in the plan"), tasks),
        ],
        caption=_("Indicators that the official targets ask for and the form lacks"),
        fold=language,
        origin=lambda r: f"missing_indicators.csv, {r.missing}",
    )
    return join(tag("p", note), shown)
