"""Pace so far and pace needed, as a chart and as a table."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.measure import gaps as gap_rules
from reformlib.measure.change import decimal_year
from reformlib.measure.pace import CAGR_RULES
from reformlib.present.chart import ACCENT, INK, MUTED, TARGET, chart_axes, figure, svg_of
from reformlib.present.gaps.target import aim, distinct, figure_evidence, target_evidence
from reformlib.present.html import Fragment, Shown, paragraph
from reformlib.present.page import Page
from reformlib.present.table import Column, series_column, table


def pace_chart(page: Page, rows: pd.DataFrame) -> Fragment:
    """Pace so far (bar) against pace needed (line) for every open target with a pace."""
    open_rows = distinct(rows[(rows["verdict"] == "open") & rows["pace_seen"].notna()])
    if open_rows.empty:
        return paragraph(page._("No open target has a figure from which a pace can be told."))
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
            said = page._("pace so far: {first}–{last}", first=first, last=last)
            name = page.series_name(indicator, level)
            write(y, name, fontweight="bold")
            write(y - 1, said, color=MUTED)
            y -= 2
            for row in each_row(group):
                words = page._(
                    "{target} ({year}): so far {seen}, needed {needed}",
                    target=page.quantity(row.target, row.unit),
                    year=row.deadline.year,
                    seen=page.signed(row.pace_seen, "", 1),
                    needed=page.signed(row.pace_needed, "", 1),
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
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _pos: page.number(x)))
        svg = svg_of(fig)
    slow = int((open_rows["pace_needed"] > open_rows["pace_seen"]).sum())
    most = open_rows.loc[open_rows["pace_needed"].idxmax()]
    alt = page._(
        "Bar chart of the pace so far against the pace needed where the highest need is {needed} percentage points a "
        "year ({name}, {target} by {deadline}) and the pace so far there is {seen}.",
        needed=page.number(most.pace_needed, 1),
        seen=page.signed(most.pace_seen, "", 1),
        name=page.series_name(most.indicator, most.level),
        target=page.quantity(most.target, most.unit),
        deadline=page.day(most.deadline),
    )
    return figure(
        page,
        svg,
        title=page._(
            "{slow} of {n} different open targets need a faster pace than so far", slow=slow, n=len(open_rows)
        ),
        subtitle=page._(
            "Percentage points a year. Bar: pace so far, from the first figure above zero, whole years only where part "
            "of a year cannot be compared; line: pace needed"
        ),
        source=f"{page.meta('source')}; {page.meta('annex')}",
        alt=alt,
        data=pace_table(page, open_rows),
    )


def _period(page: Page, row) -> str:
    """From which figure to which the pace so far is told: `31/12/2017 – 31/3/2020`."""
    return f"{page.day(row.base_as_of)} – {page.day(row.pace_as_of)}"


def pace_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """Pace so far and needed with the two ratios; a ratio that does not exist says why."""

    def ends(r):
        return {
            "last": figure_evidence(page, r, r.pace_as_of, r.pace_value),
            "first": figure_evidence(page, r, r.base_as_of, r.base),
        }

    def seen(r):
        years = decimal_year(r.pace_as_of.date()) - decimal_year(r.base_as_of.date())
        inputs = ends(r) | {"years": Evidence(years, "years", rule="measure.decimal_year")}
        evidence = Evidence(r.pace_seen, r.unit, formula="(last - first) / years", inputs=inputs)
        return Shown(page.signed(r.pace_seen, "", 2), evidence)

    def needed(r):
        years = decimal_year(r.deadline.date()) - decimal_year(r.pace_as_of.date())
        inputs = {"last": ends(r)["last"], "target": target_evidence(r)}
        inputs["years"] = Evidence(years, "years", rule="measure.decimal_year")
        evidence = Evidence(r.pace_needed, r.unit, formula="(target - last) / years", inputs=inputs)
        return Shown(page.signed(r.pace_needed, "", 2), evidence)

    def ratio(name, rule):
        def show(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "; ".join(page._(gap_rules.REASONS[code]) for code in r.reason.split(";") if code) or "–"
            inputs = ends(r) | {"target": target_evidence(r)}
            return Shown(page.number(value, 2), Evidence(value, "", rule=rule, inputs=inputs))

        return show

    return table(
        page,
        each_row(rows),
        [
            series_column(page),
            Column(page._("Target"), lambda r: Shown(aim(page, r), target_evidence(r)), True),
            Column(page._("Period of the pace so far"), lambda r: _period(page, r)),
            Column(page._("So far, percentage points a year"), seen, True),
            Column(page._("Needed, percentage points a year"), needed, True),
            Column(page._("Linear path ratio"), ratio("ratio_linear", "progress.linear_progress"), True),
            Column(page._("Compound growth ratio"), ratio("ratio_cagr", f"progress.progress: {CAGR_RULES}"), True),
        ],
        caption=page._("Pace so far and pace needed"),
        origin=lambda r: f"targets.csv, {r.target_id}; {page.row_place(r.indicator)}",
        fold=False,
    )
