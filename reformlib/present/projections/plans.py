"""What a plan can take over: scenarios, milestones, proposed targets, tasks and how to measure them."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import quantity, translator
from reformlib.present.html import Fragment, join, tag
from reformlib.present.projections.projected import (
    calculated_from,
    projected_cells,
    shown_value,
    unit_of,
    value_text,
)
from reformlib.present.table import Column, series_column, series_name, status, table, unit_name
from reformlib.project.plan import MILESTONES, PROPOSALS, beyond_the_sum


def scenario_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """Low, middle and high at the middle and the end of the period."""
    _ = translator(language)
    years = {report.meta.period_end + 5, int(frame["year"].max())} if len(frame) else set()
    rows = frame[frame["year"].isin(years)]
    if rows.empty:
        return Fragment(tag("p", _("No series has figures enough for a trend of its own.")))

    show = projected_cells(report, "projections.scenarios", language)
    return table(
        each_row(rows),
        [
            series_column(report, language),
            Column(_("Unit"), lambda r: unit_name(report, unit_of(report, r.indicator), language)),
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Low (20th percentile)"), show("low"), True),
            Column(_("Middle (median)"), show("middle"), True),
            Column(_("High (80th percentile)"), show("high"), True),
            Column(_("Status"), lambda r: status(r.status, language)),
        ],
        caption=_("Scenarios"),
        fold=language,
        origin=lambda r: calculated_from(report, r.indicator, "scenarios", language),
        note=_(
            "In each year 2 in 10 of the simulated outcomes lie at or below the low value, half at or below the middle "
            "one and 8 in 10 at or below the high one; more when many outcomes share one value, such as the ceiling. "
            "Values are rounded."
        ),
    )


def milestone_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """Yearly milestones of every series that has a target or a proposal, to copy into a plan."""
    _ = translator(language)
    if frame.empty:
        return Fragment(tag("p", _("No series has a target or a proposal.")))
    years = sorted(frame["year"].unique())
    paths: dict[tuple, list] = {}
    for mark in each_row(frame):
        paths.setdefault((mark.indicator, mark.level, mark.path), []).append(mark)
    rows = [
        SimpleNamespace(
            indicator=indicator,
            level=level,
            path=path,
            ids=", ".join(dict.fromkeys(mark.target_id for mark in marks if mark.target_id)),
            by_year={mark.year: mark.value for mark in marks},
        )
        for (indicator, level, path), marks in paths.items()
    ]

    def in_year(year):
        def cell(r):
            if year not in r.by_year:
                return "–"
            unit = unit_of(report, r.indicator)
            rule = f"projections.milestones: {r.path}" + (f", targets.csv {r.ids}" if r.ids else "")
            return shown_value(report, r, r.by_year[year], unit, rule, language)

        return cell

    def name(r):
        unit = unit_of(report, r.indicator)
        label = series_name(report, r.indicator, r.level, language)
        return label if unit == "%" else f"{label} ({unit_name(report, unit, language)})"

    over = [
        _(
            "In {year}, {name} ({value}) and {sum} ({together}) cannot both be planned: the decisions differ. Choose "
            "one before copying.",
            year=r.year,
            name=series_name(report, r.indicator, r.level, language),
            value=value_text(r.value, unit_of(report, r.indicator), language),
            sum=series_name(report, r.indicator, r.together, language),
            together=value_text(r.together_value, unit_of(report, r.indicator), language),
        )
        for r in each_row(beyond_the_sum(frame))
    ]
    shown = table(
        rows,
        [
            Column(_("Indicator"), name),
            Column(
                _("Path"),
                lambda r: _(MILESTONES[r.path]) + (f" ({r.ids})" if r.ids else ""),
            ),
            *(Column(str(year), in_year(year), True) for year in years),
        ],
        caption=_("Yearly milestones"),
        fold=language,
        origin=lambda r: calculated_from(report, r.indicator, "milestones", language),
        note=_(
            "End of each year; after the last official deadline its target is kept. Whole units: up on the way to a "
            "target, down for a proposal. A dash: the series cannot continue. Shares of services are taken of all "
            "procedures on the portal, official ones often of the eligible only, so the milestones are an upper bound. "
            "A path at the same percentage growth is left out where it equals the straight line."
        ),
    )
    return join(*(tag("p", tag("strong", text)) for text in over), shown)


def proposal_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """A target for every indicator: official, or proposed by a stated rule."""
    _ = translator(language)

    def show(name):
        def cell(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "–"
            place = f", targets.csv {r.target_id}" if r.target_id else ""
            rule = f"projections.proposed_targets: {r.rule}{place}"
            decimals = None if r.unit == "%" else 0
            return shown_value(report, r, value, r.unit, rule, language, quantity(value, r.unit, language, decimals))

        return cell

    return table(
        each_row(frame),
        [
            series_column(report, language),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Target"), show("target"), True),
            Column(_("Ambitious"), show("ambitious"), True),
            Column(
                _("Where it comes from"),
                lambda r: _(PROPOSALS[r.rule]) + (f" ({r.target_id})" if r.target_id else ""),
            ),
        ],
        caption=_("Targets of the next period: official, or proposed"),
        fold=language,
        origin=lambda r: calculated_from(report, r.indicator, "proposed_targets", language),
        note=_("Proposals are the calculation's, not an office's; counts in the unit of the indicator."),
    )


def tasks(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Tasks of the plan with the measurable targets and indicators each can be followed by."""
    _ = translator(language)
    names = {row.domain: getattr(row, f"name_{language}") for row in each_row(report.domains)}
    asked = {row.code: row.targets for row in each_row(cover) if row.kind == "task"}
    wording = report.catalogue.rows_by("targets", "id")
    form = report.catalogue.rows_by("indicators", "form_row")
    mapping = [link for link in each_row(report.catalogue.target_mapping) if link.measure != "none"]

    def official(r):
        codes = [code for code in asked.get(r.task, "").split(";") if code]
        return (
            tag("ul", *(tag("li", f"{wording[code][f'target_{language}']} ({code})") for code in codes))
            if codes
            else _("none")
        )

    def indicators(r):
        codes = [code for code in asked.get(r.task, "").split(";") if code]
        found = dict.fromkeys((link.form_row, link.level) for link in mapping if link.target in codes)
        items = [series_name(report, form[row]["indicator"], level, language) for row, level in found]
        return "; ".join(items) or _("none")

    task = Column(_("Task"), lambda r: getattr(r, f"text_{language}"))
    domain = Column(_("Domain"), lambda r: names.get(r.domain, "–"))
    can, cannot = [], []
    for row in each_row(report.tasks):
        (can if asked.get(row.task) or row.target_raw else cannot).append(row)

    def place(r):
        return f"{r.section}; coverage.csv, {r.task}"

    first = table(
        can,
        [
            task,
            domain,
            Column(_("Target in the plan"), lambda r: getattr(r, f"target_{language}") or _("none stated")),
            Column(_("Official targets"), official),
            Column(_("Indicator of the form"), indicators),
        ],
        caption=_("Tasks that a target can measure"),
        none=_("none in this report"),
        fold=language,
        origin=place,
    )
    if not cannot:
        return first
    second = table(
        cannot,
        [task, domain],
        caption=_("Tasks that no target measures"),
        fold=language,
        origin=place,
    )
    note = _("{n} of {of} tasks of the plan can be measured by no target.", n=len(cannot), of=len(report.tasks))
    return join(first, tag("p", note), second)
