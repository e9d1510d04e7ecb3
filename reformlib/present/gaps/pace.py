"""Pace so far and pace needed, as a chart and as a table."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import day, number, quantity, signed, translator
from reformlib.measure import gaps as gap_rules
from reformlib.measure.change import decimal_year
from reformlib.measure.pace import CAGR_RULES
from reformlib.present.chart import ACCENT, INK, MUTED, TARGET, chart_axes, figure, svg_of
from reformlib.present.gaps.target import (
    aim,
    distinct,
    figure_evidence,
    target_evidence,
)
from reformlib.present.html import Fragment, Shown, tag
from reformlib.present.table import Column, row_place, series_column, series_name, table


def pace_chart(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Pace so far (bar) against pace needed (line) for every open target with a pace."""
    _ = translator(language)
    open_rows = distinct(rows[(rows["verdict"] == "open") & rows["pace_seen"].notna()])
    if open_rows.empty:
        return Fragment(tag("p", _("No open target has a figure from which a pace can be told.")))
    groups = list(open_rows.groupby(["indicator", "level"], sort=False))
    high = max(open_rows["pace_needed"].max(), open_rows["pace_seen"].max(), 0)
    low = min(open_rows["pace_seen"].min(), 0)
    lines = 2.4 * len(groups) + 2 * len(open_rows)
    with chart_axes(0.205 * lines + 0.6) as (fig, axes):

        def write(y, words, **kept):
            # the room is that of the bars, whatever is written over it
            axes.text(low, y, words, va="center", **kept).set_in_layout(False)

        y = 0.0
        for (indicator, level), group in groups:
            first, last = (group[name].iloc[0].year for name in ("base_as_of", "pace_as_of"))
            said = _("pace so far: {first}–{last}", first=first, last=last)
            name = series_name(report, indicator, level, language)
            write(y, name, fontweight="bold")
            write(y - 1, said, color=MUTED)
            y -= 2
            for row in each_row(group):
                words = _(
                    "{target} ({year}): so far {seen}, needed {needed}",
                    target=quantity(row.target, row.unit, language),
                    year=row.deadline.year,
                    seen=signed(row.pace_seen, "", language, 1),
                    needed=signed(row.pace_needed, "", language, 1),
                )
                write(y, words, color=INK)
                axes.plot([0, 0], [y - 1.3, y - 0.5], color=MUTED, lw=1)
                axes.barh(y - 0.9, row.pace_seen, height=0.5, color=ACCENT)
                axes.plot([row.pace_needed] * 2, [y - 1.3, y - 0.5], color=TARGET, lw=4, solid_capstyle="butt")
                y -= 2
            y -= 0.4
        axes.set(ylim=(y + 0.4, 0.8), xlim=(low - 0.02 * (high - low), high + 0.04 * (high - low)), yticks=[])
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _pos: number(x, language)))
        svg = svg_of(fig)
    slow = int((open_rows["pace_needed"] > open_rows["pace_seen"]).sum())
    most = open_rows.loc[open_rows["pace_needed"].idxmax()]
    alt = _(
        "Bar chart of the pace so far against the pace needed where the highest need is {needed} percentage points a "
        "year ({name}, {target} by {deadline}) and the pace so far there is {seen}.",
        needed=number(most.pace_needed, language, 1),
        seen=signed(most.pace_seen, "", language, 1),
        name=series_name(report, most.indicator, most.level, language),
        target=quantity(most.target, most.unit, language),
        deadline=day(most.deadline, language),
    )
    return figure(
        svg,
        title=_("{slow} of {n} different open targets need a faster pace than so far", slow=slow, n=len(open_rows)),
        subtitle=_(
            "Percentage points a year. Bar: pace so far, from the first figure above zero, whole years only where part "
            "of a year cannot be compared; line: pace needed"
        ),
        source=f"{report.meta.text('source', language)}; {report.meta.text('annex', language)}",
        alt=alt,
        data=pace_table(report, open_rows, language),
        language=language,
    )


def _period(row, language: str) -> str:
    """From which figure to which the pace so far is told: `31/12/2017 – 31/3/2020`."""
    return f"{day(row.base_as_of, language)} – {day(row.pace_as_of, language)}"


def pace_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Pace so far and needed with the two ratios; a ratio that does not exist says why."""
    _ = translator(language)

    def ends(r):
        return {
            "last": figure_evidence(report, r, r.pace_as_of, r.pace_value),
            "first": figure_evidence(report, r, r.base_as_of, r.base),
        }

    def seen(r):
        years = decimal_year(r.pace_as_of.date()) - decimal_year(r.base_as_of.date())
        inputs = ends(r) | {"years": Evidence(years, "years", rule="measure.decimal_year")}
        evidence = Evidence(r.pace_seen, r.unit, formula="(last - first) / years", inputs=inputs)
        return Shown(signed(r.pace_seen, "", language, 2), evidence)

    def needed(r):
        years = decimal_year(r.deadline.date()) - decimal_year(r.pace_as_of.date())
        inputs = {"last": ends(r)["last"], "target": target_evidence(r)}
        inputs["years"] = Evidence(years, "years", rule="measure.decimal_year")
        evidence = Evidence(r.pace_needed, r.unit, formula="(target - last) / years", inputs=inputs)
        return Shown(signed(r.pace_needed, "", language, 2), evidence)

    def ratio(name, rule):
        def show(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "; ".join(_(gap_rules.REASONS[code]) for code in r.reason.split(";") if code) or "–"
            inputs = ends(r) | {"target": target_evidence(r)}
            return Shown(number(value, language, 2), Evidence(value, "", rule=rule, inputs=inputs))

        return show

    return table(
        each_row(rows),
        [
            series_column(report, language),
            Column(_("Target"), lambda r: Shown(aim(r, language), target_evidence(r)), True),
            Column(_("Period of the pace so far"), lambda r: _period(r, language)),
            Column(_("So far, percentage points a year"), seen, True),
            Column(_("Needed, percentage points a year"), needed, True),
            Column(_("Linear path ratio"), ratio("ratio_linear", "progress.linear_progress"), True),
            Column(_("Compound growth ratio"), ratio("ratio_cagr", f"progress.progress: {CAGR_RULES}"), True),
        ],
        caption=_("Pace so far and pace needed"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
    )
