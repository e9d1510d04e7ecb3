"""What a plan can take over: scenarios, milestones, proposed targets, tasks and how to measure them."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from reformlib.load.rows import each_row
from reformlib.present.html import Fragment, bullets, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.projections.projected import calculated_from, projected_cells, shown_value, value_text
from reformlib.present.table import Column, series_column, status, table
from reformlib.project.plan import MILESTONES, PROPOSALS, beyond_the_sum


def scenario_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """Low, middle and high at the middle and the end of the period."""
    years = {page.report.meta.period_end + 5, int(frame["year"].max())} if len(frame) else set()
    rows = frame[frame["year"].isin(years)]
    if rows.empty:
        return paragraph(page._("No series has figures enough for a trend of its own."))

    show = projected_cells(page, "projections.scenarios")
    return table(
        page,
        each_row(rows),
        [
            series_column(page),
            Column(page._("Unit"), lambda r: page.unit_name(page.unit_of(r.indicator))),
            Column(page._("Year"), lambda r: str(r.year)),
            Column(page._("Low (20th percentile)"), show("low"), True),
            Column(page._("Middle (median)"), show("middle"), True),
            Column(page._("High (80th percentile)"), show("high"), True),
            Column(page._("Status"), lambda r: status(page, r.status)),
        ],
        caption=page._("Scenarios"),
        origin=lambda r: calculated_from(page, r.indicator, "scenarios"),
        note=page._(
            "In each year 2 in 10 of the simulated outcomes lie at or below the low value, half at or below the middle "
            "one and 8 in 10 at or below the high one; more when many outcomes share one value, such as the ceiling. "
            "Values are rounded."
        ),
    )


def milestone_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """Yearly milestones of every series that has a target or a proposal, to copy into a plan."""
    if frame.empty:
        return paragraph(page._("No series has a target or a proposal."))
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
            unit = page.unit_of(r.indicator)
            rule = f"projections.milestones: {r.path}" + (f", targets.csv {r.ids}" if r.ids else "")
            return shown_value(page, r, r.by_year[year], unit, rule)

        return cell

    def name(r):
        unit = page.unit_of(r.indicator)
        label = page.series_name(r.indicator, r.level)
        return label if unit == "%" else f"{label} ({page.unit_name(unit)})"

    over = [
        page._(
            "In {year}, {name} ({value}) and {sum} ({together}) cannot both be planned: the decisions differ. Choose "
            "one before copying.",
            year=r.year,
            name=page.series_name(r.indicator, r.level),
            value=value_text(page, r.value, page.unit_of(r.indicator)),
            sum=page.series_name(r.indicator, r.together),
            together=value_text(page, r.together_value, page.unit_of(r.indicator)),
        )
        for r in each_row(beyond_the_sum(frame))
    ]
    shown = table(
        page,
        rows,
        [
            Column(page._("Indicator"), name),
            Column(
                page._("Path"),
                lambda r: page._(MILESTONES[r.path]) + (f" ({r.ids})" if r.ids else ""),
            ),
            *(Column(str(year), in_year(year), True) for year in years),
        ],
        caption=page._("Yearly milestones"),
        origin=lambda r: calculated_from(page, r.indicator, "milestones"),
        note=page._(
            "End of each year; after the last official deadline its target is kept. Whole units: up on the way to a "
            "target, down for a proposal. A dash: the series cannot continue. Shares of services are taken of all "
            "procedures on the portal, official ones often of the eligible only, so the milestones are an upper bound. "
            "A path at the same percentage growth is left out where it equals the straight line."
        ),
    )
    return join(*(tag("p", tag("strong", text)) for text in over), shown)


def proposal_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """A target for every indicator: official, or proposed by a stated rule."""

    def show(name):
        def cell(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "–"
            place = f", targets.csv {r.target_id}" if r.target_id else ""
            rule = f"projections.proposed_targets: {r.rule}{place}"
            decimals = None if r.unit == "%" else 0
            return shown_value(page, r, value, r.unit, rule, page.quantity(value, r.unit, decimals))

        return cell

    return table(
        page,
        each_row(frame),
        [
            series_column(page),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
            Column(page._("Year"), lambda r: str(r.year)),
            Column(page._("Target"), show("target"), True),
            Column(page._("Ambitious"), show("ambitious"), True),
            Column(
                page._("Where it comes from"),
                lambda r: page._(PROPOSALS[r.rule]) + (f" ({r.target_id})" if r.target_id else ""),
            ),
        ],
        caption=page._("Targets of the next period: official, or proposed"),
        origin=lambda r: calculated_from(page, r.indicator, "proposed_targets"),
        note=page._("Proposals are the calculation's, not an office's; counts in the unit of the indicator."),
    )


def tasks(page: Page, cover: pd.DataFrame) -> Fragment:
    """Tasks of the plan with the measurable targets and indicators each can be followed by."""
    names = {row.domain: page.text(row, "name") for row in each_row(page.report.domains)}
    asked = {row.code: row.targets for row in each_row(cover) if row.kind == "task"}
    wording = page.catalogue.rows_by("targets", "id")
    form = page.catalogue.rows_by("indicators", "form_row")
    mapping = [link for link in each_row(page.catalogue.target_mapping) if link.measure != "none"]

    def official(r):
        codes = [code for code in asked.get(r.task, "").split(";") if code]
        return (
            bullets(f"{wording[code][f'target_{page.language}']} ({code})" for code in codes)
            if codes
            else page._("none")
        )

    def indicators(r):
        codes = [code for code in asked.get(r.task, "").split(";") if code]
        found = dict.fromkeys((link.form_row, link.level) for link in mapping if link.target in codes)
        items = [page.series_name(form[row]["indicator"], level) for row, level in found]
        return "; ".join(items) or page._("none")

    task = Column(page._("Task"), lambda r: page.text(r, "text"))
    domain = Column(page._("Domain"), lambda r: names.get(r.domain, "–"))
    can, cannot = [], []
    for row in each_row(page.report.tasks):
        (can if asked.get(row.task) or row.target_raw else cannot).append(row)

    def place(r):
        return f"{r.section}; coverage.csv, {r.task}"

    first = table(
        page,
        can,
        [
            task,
            domain,
            Column(page._("Target in the plan"), lambda r: page.text(r, "target") or page._("none stated")),
            Column(page._("Official targets"), official),
            Column(page._("Indicator of the form"), indicators),
        ],
        caption=page._("Tasks that a target can measure"),
        none=page._("none in this report"),
        origin=place,
    )
    if not cannot:
        return first
    second = table(page, cannot, [task, domain], caption=page._("Tasks that no target measures"), origin=place)
    note = page._(
        "{n} of {of} tasks of the plan can be measured by no target.", n=len(cannot), of=len(page.report.tasks)
    )
    return join(first, tag("p", note), second)
