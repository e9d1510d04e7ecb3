"""What the projections rest on: what was left out, assumptions, and how well the method does."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence, observed
from reformlib.load.rows import each_row
from reformlib.present.html import Fragment, Shown, paragraph
from reformlib.present.page import Page
from reformlib.present.projections.projected import (
    calculated_from,
    projected_cells,
    sentence,
    shown_value,
    starting_points,
)
from reformlib.present.table import Column, field_column, series_column, table
from reformlib.project import series as rules
from reformlib.project.law import load_prior, load_scores


def unprojected(page: Page, rows: pd.DataFrame) -> Fragment:
    """Series without a trend of their own: why, and the base rate of their kind where there is one."""
    last = {(row.indicator, row.level): row for row in each_row(rows) if not row.basis.startswith("fitted")}
    if not last:
        return paragraph(page._("Every series has a trend of its own."))

    base = projected_cells(page, "projections.projections, base rate")
    return table(
        page,
        last.values(),
        [
            series_column(page),
            Column(page._("Why"), lambda r: sentence(page, r.basis, rules.BASES)),
            Column(page._("Unit"), lambda r: page.unit_name(page.unit_of(r.indicator))),
            Column(page._("Year"), lambda r: "–" if pd.isna(r.year) else str(r.year)),
            Column(page._("Base rate: median"), base("p50"), True),
            Column(page._("Base rate: 80% interval"), base("lo80", "hi80"), True),
        ],
        caption=page._("Series without a trend of their own"),
        origin=lambda r: calculated_from(page, r.indicator, "projections"),
        note=page._(
            "The base rate is what indicators of the same kind did from such a last figure. It uses "
            "only the last figure, no trend of this series, and proposes no target; probabilities of "
            "official targets that rest on it are marked."
        ),
    )


def points_left_out(page: Page, frame: pd.DataFrame) -> Fragment:
    """Figures that no projection uses, with their status."""
    told = frame[frame["value"].notna()]
    if told.empty:
        return paragraph(page._("Every figure of the report is used."))
    reasons = {
        "D": page._("counted in another way"),
        "U": page._("of low reliability"),
        "P": page._("a part of a year, not comparable with whole years"),
    }

    def why(r):
        if r.status in reasons:
            return reasons[r.status]
        if (r.indicator, r.level) in page.report.withheld:
            return page._("the checks find the figures not usable")
        return page._("stands before a break in the series")

    return table(
        page,
        each_row(told),
        [
            series_column(page),
            Column(page._("Date of the figure"), lambda r: page.day(r.as_of)),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
            Column(
                page._("Figure"),
                lambda r: Shown(page.quantity(r.value, r.unit), observed(r, page.report.assumptions)),
                True,
            ),
            Column(page._("Why it is left out"), why),
        ],
        caption=page._("Figures left out of the projections"),
        origin=lambda r: page.row_place(r.indicator),
    )


def assumptions(page: Page) -> Fragment:
    """What changes under each series, what is assumed of it, its ceiling, and the source."""
    known = set(page.report.observations["indicator"])
    rows = page.catalogue.projection[page.catalogue.projection["indicator"].isin(known)]

    def ceiling(r):
        level = next(level for indicator, level in rules.series_list(page.report) if indicator == r.indicator)
        series = rules.project(page.report, r.indicator, level)
        if series.ceiling is None:
            return page._("none")
        return _shown_ceiling(page, series, r.ceiling)

    return table(
        page,
        each_row(rows),
        [
            Column(page._("Indicator"), lambda r: page.series_name(r.indicator, "")),
            Column(page._("Unit"), lambda r: page.unit_name(page.unit_of(r.indicator))),
            Column(page._("Ceiling"), ceiling, True),
            field_column(page, "projection.csv", "change", lambda r: sentence(page, r.change, rules.BASES) or "–"),
            field_column(page, "projection.csv", "note"),
            field_column(page, "projection.csv", "source"),
        ],
        caption=page._("Structure that changes, and what is assumed"),
        origin=lambda r: f"projection.csv, {r.indicator}",
    )


def _shown_ceiling(page: Page, series, rule: str) -> Shown:
    unit = page.unit_of(series.indicator)
    inputs = {}
    if rule == "universe":
        fact = page.report.rows_by("facts", "fact")[page.report.meta.universes[series.indicator]]
        inputs = {"universe": Evidence(fact["value"], fact["unit"], place=fact["section"])}
    elif rule == "bodies":
        inputs = starting_points(page.report, series.indicator, series.level)
    evidence = Evidence(series.ceiling, unit, rule=f"projection.csv, ceiling: {rule}", inputs=inputs)
    return Shown(page.quantity(series.ceiling, unit, 0), evidence)


def score(page: Page) -> Fragment:
    """Measured coverage and skill of the method, as learned and tested."""
    measured = load_prior()["score"]
    unseen = next(row for row in load_scores() if row["tested"] == "indicators held out")

    def cell(share):
        def show(ahead):
            value = measured["coverage"][share][ahead - 1]
            rule = f"projection.model.load_prior: score, coverage, {share}"
            return Shown(page.quantity(value, "%", 1), Evidence(value, "%", rule=rule))

        return show

    return table(
        page,
        [1, 3, 5, 10],
        [
            Column(page._("Years ahead"), str),
            Column(page._("50% intervals covered"), cell("50"), True),
            Column(page._("80% intervals covered"), cell("80"), True),
            Column(page._("95% intervals covered"), cell("95"), True),
        ],
        caption=page._("How often the intervals of the method held what happened"),
        origin=lambda r: "projection/prior.json, score",
        note=page._(
            "Series of six figures, forecast one to ten years ahead by numbers learned from other "
            "countries; skill over a random walk (the last value kept) {skill} (0: no better, 1: perfect). For kinds "
            "of indicators never seen the skill falls to about {unseen} and an 80% interval holds about "
            "{held} of 100; for indices the method falls short of the skill it aims at, and the 50% "
            "intervals one and ten years ahead are somewhat too wide. This report's indicators are "
            "such unseen kinds, so the intervals above are likely too narrow and the probabilities less "
            "certain than the numbers say.",
            skill=page.number(measured["skill_over_random_walk"], 2),
            unseen=page.number(float(unseen["skill"]), 2),
            held=page.number(float(unseen["cover80"]), 0),
        ),
        fold=False,
    )


def backtest_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """The report's own series, forecast without their last figure."""
    if frame.empty:
        return paragraph(page._("No series leaves a figure to hold out."))

    show = projected_cells(page, "projections.backtest")

    def happened(r):
        unit = page.unit_of(r.indicator)
        return shown_value(page, r, r.value, unit, "projections.backtest: value")

    return table(
        page,
        each_row(frame),
        [
            series_column(page),
            Column(page._("Forecast from figures to"), lambda r: page.day(r.origin)),
            Column(page._("Date of the figure"), lambda r: page.day(r.as_of)),
            Column(page._("Unit"), lambda r: page.unit_name(page.unit_of(r.indicator))),
            Column(page._("Median"), show("p50"), True),
            Column(page._("80% interval"), show("lo80", "hi80"), True),
            Column(page._("What happened"), happened, True),
            Column(page._("Within"), lambda r: page._("yes") if r.inside else page._("no")),
        ],
        caption=page._("The report's own series, forecast without the last figure"),
        origin=lambda r: calculated_from(page, r.indicator, "backtest"),
        note=page._(
            "{inside} of {n} within, three months ahead. Six figures leave one to hold out, and the levels are not "
            "independent: this illustrates the method and measures nothing.",
            inside=int(frame["inside"].sum()),
            n=len(frame),
        ),
    )
