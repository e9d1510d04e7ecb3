"""What the projections rest on: what was left out, assumptions, and how well the method does."""

from __future__ import annotations

import pandas as pd

from reformlib.load.evidence import Evidence, observed
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import day, number, quantity, translator
from reformlib.present.html import Fragment, Shown, tag
from reformlib.present.projections.projected import (
    calculated_from,
    projected_cells,
    sentence,
    shown_value,
    starting_points,
    unit_of,
)
from reformlib.present.table import Column, row_place, series_column, series_name, table, unit_name
from reformlib.project import series as rules
from reformlib.project.law import load_prior, load_scores


def unprojected(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Series without a trend of their own: why, and the base rate of their kind where there is one."""
    _ = translator(language)
    last = {(row.indicator, row.level): row for row in each_row(rows) if not row.basis.startswith("fitted")}
    if not last:
        return Fragment(tag("p", _("Every series has a trend of its own.")))

    base = projected_cells(report, "projections.projections, base rate", language)
    return table(
        last.values(),
        [
            series_column(report, language),
            Column(_("Why"), lambda r: sentence(r.basis, rules.BASES, language)),
            Column(_("Unit"), lambda r: unit_name(report, unit_of(report, r.indicator), language)),
            Column(_("Year"), lambda r: "–" if pd.isna(r.year) else str(r.year)),
            Column(_("Base rate: median"), base("p50"), True),
            Column(_("Base rate: 80% interval"), base("lo80", "hi80"), True),
        ],
        caption=_("Series without a trend of their own"),
        fold=language,
        origin=lambda r: calculated_from(report, r.indicator, "projections", language),
        note=_(
            "The base rate is what indicators of the same kind did from such a last figure. It uses "
            "only the last figure, no trend of this series, and proposes no target; probabilities of "
            "official targets that rest on it are marked."
        ),
    )


def points_left_out(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """Figures that no projection uses, with their status."""
    _ = translator(language)
    told = frame[frame["value"].notna()]
    if told.empty:
        return Fragment(tag("p", _("Every figure of the report is used.")))
    reasons = {
        "D": _("counted in another way"),
        "U": _("of low reliability"),
        "P": _("a part of a year, not comparable with whole years"),
    }

    def why(r):
        if r.status in reasons:
            return reasons[r.status]
        if (r.indicator, r.level) in report.withheld:
            return _("the checks find the figures not usable")
        return _("stands before a break in the series")

    return table(
        each_row(told),
        [
            series_column(report, language),
            Column(_("Date of the figure"), lambda r: day(r.as_of, language)),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(
                _("Figure"),
                lambda r: Shown(quantity(r.value, r.unit, language), observed(r, report.assumptions)),
                True,
            ),
            Column(_("Why it is left out"), why),
        ],
        caption=_("Figures left out of the projections"),
        fold=language,
        origin=lambda r: row_place(report, r.indicator, language),
    )


def assumptions(report: Report, language: str) -> Fragment:
    """What changes under each series, what is assumed of it, its ceiling, and the source."""
    _ = translator(language)
    known = set(report.observations["indicator"])
    rows = report.catalogue.projection[report.catalogue.projection["indicator"].isin(known)]

    def ceiling(r):
        level = next(level for indicator, level in rules.series_list(report) if indicator == r.indicator)
        series = rules.project(report, r.indicator, level)
        if series.ceiling is None:
            return _("none")
        return _shown_ceiling(report, series, r.ceiling, language)

    return table(
        each_row(rows),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, "", language)),
            Column(_("Unit"), lambda r: unit_name(report, unit_of(report, r.indicator), language)),
            Column(_("Ceiling"), ceiling, True),
            Column(_("What changes"), lambda r: sentence(r.change, rules.BASES, language) or "–"),
            Column(_("What is assumed"), lambda r: getattr(r, f"note_{language}")),
            Column(_("Source"), lambda r: r.source),
        ],
        caption=_("Structure that changes, and what is assumed"),
        fold=language,
        origin=lambda r: f"projection.csv, {r.indicator}",
    )


def _shown_ceiling(report: Report, series, rule: str, language: str) -> Shown:
    unit = unit_of(report, series.indicator)
    inputs = {}
    if rule == "universe":
        fact = report.rows_by("facts", "fact")[report.meta.universes[series.indicator]]
        inputs = {"universe": Evidence(fact["value"], fact["unit"], place=fact["section"])}
    elif rule == "bodies":
        inputs = starting_points(report, series.indicator, series.level)
    evidence = Evidence(series.ceiling, unit, rule=f"projection.csv, ceiling: {rule}", inputs=inputs)
    return Shown(quantity(series.ceiling, unit, language, 0), evidence)


def score(language: str) -> Fragment:
    """Measured coverage and skill of the method, as learned and tested."""
    _ = translator(language)
    measured = load_prior()["score"]
    unseen = next(row for row in load_scores() if row["tested"] == "indicators held out")

    def cell(share):
        def show(ahead):
            value = measured["coverage"][share][ahead - 1]
            rule = f"projection.model.load_prior: score, coverage, {share}"
            return Shown(quantity(value, "%", language, 1), Evidence(value, "%", rule=rule))

        return show

    return table(
        [1, 3, 5, 10],
        [
            Column(_("Years ahead"), str),
            Column(_("50% intervals covered"), cell("50"), True),
            Column(_("80% intervals covered"), cell("80"), True),
            Column(_("95% intervals covered"), cell("95"), True),
        ],
        caption=_("How often the intervals of the method held what happened"),
        origin=lambda r: "projection/prior.json, score",
        note=_(
            "Series of six figures, forecast one to ten years ahead by numbers learned from other "
            "countries; skill over a random walk (the last value kept) {skill} (0: no better, 1: perfect). For kinds "
            "of indicators never seen the skill falls to about {unseen} and an 80% interval holds about "
            "{held} of 100; for indices the method falls short of the skill it aims at, and the 50% "
            "intervals one and ten years ahead are somewhat too wide. This report's indicators are "
            "such unseen kinds, so the intervals above are likely too narrow and the probabilities less "
            "certain than the numbers say.",
            skill=number(measured["skill_over_random_walk"], language, 2),
            unseen=number(float(unseen["skill"]), language, 2),
            held=number(float(unseen["cover80"]), language, 0),
        ),
    )


def backtest_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """The report's own series, forecast without their last figure."""
    _ = translator(language)
    if frame.empty:
        return Fragment(tag("p", _("No series leaves a figure to hold out.")))

    show = projected_cells(report, "projections.backtest", language)

    def happened(r):
        unit = unit_of(report, r.indicator)
        return shown_value(report, r, r.value, unit, "projections.backtest: value", language)

    return table(
        each_row(frame),
        [
            series_column(report, language),
            Column(_("Forecast from figures to"), lambda r: day(r.origin, language)),
            Column(_("Date of the figure"), lambda r: day(r.as_of, language)),
            Column(_("Unit"), lambda r: unit_name(report, unit_of(report, r.indicator), language)),
            Column(_("Median"), show("p50"), True),
            Column(_("80% interval"), show("lo80", "hi80"), True),
            Column(_("What happened"), happened, True),
            Column(_("Within"), lambda r: _("yes") if r.inside else _("no")),
        ],
        caption=_("The report's own series, forecast without the last figure"),
        fold=language,
        origin=lambda r: calculated_from(report, r.indicator, "backtest", language),
        note=_(
            "{inside} of {n} within, three months ahead. Six figures leave one to hold out, and the levels are not "
            "independent: this illustrates the method and measures nothing.",
            inside=int(frame["inside"].sum()),
            n=len(frame),
        ),
    )
