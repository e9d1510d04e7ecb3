"""The gap analysis in the reader's language: summary, targets against figures, targets that cannot be judged."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter

from reformlib import gaps as gap_rules
from reformlib.evidence import Evidence, observed
from reformlib.load import Report
from reformlib.locale import day, number, quantity, signed, translator
from reformlib.present.chart import (
    ACCENT,
    TARGET,
    chart_axes,
    figure,
    gallery,
    source,
    svg_of,
)
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import findings, title
from reformlib.present.table import Column, row_place, series_name, table

VERDICT_SHAPES = {
    "achieved": "✔",
    "missed": "✘",
    "open": "▶",
    "not_assessable": "○",
    "unconfirmed": "?",
    "context": "·",
}


def heading(report: Report, language: str) -> Fragment:
    """Title of the gap analysis."""
    _ = translator(language)
    return title(
        report,
        _(
            "Distance to the official targets at {date}, {place}",
            date=day(report.meta.data_date, language),
            place=report.meta.text("place", language),
        ),
        language,
    )


def summary(report: Report, gaps: pd.DataFrame, language: str) -> Fragment:
    """Verdict and findings of the gap analysis."""
    _ = translator(language)
    judged = gaps[gaps["value"].notna()]
    counts = judged["verdict"].value_counts()
    verdict = _(
        "Of {n} official targets, {judged} can be held against a figure of the report: {achieved} achieved, "
        "{missed} missed, {open} open at the date of the data.",
        n=gaps["target_id"].nunique(),
        judged=judged["target_id"].nunique(),
        achieved=counts.get("achieved", 0),
        missed=counts.get("missed", 0),
        open=counts.get("open", 0),
    )
    points = [
        _(
            "{name}: {value} against {target} by {deadline}, {gap} points ({instrument}).",
            name=series_name(report, row.indicator, row.level, language),
            value=quantity(row.value, "%", language, 2),
            target=quantity(row.target, "%", language),
            deadline=day(row.deadline, language),
            gap=signed(row.gap, "", language, 2),
            instrument=row.target_id,
        )
        for row in judged.sort_values(["target_year", "target_id"]).head(5).itertuples(index=False)
    ]
    return join(tag("p", verdict, class_="verdict"), findings(points) if points else None)


def verdict(code: str, language: str):
    """A verdict as shape and word."""
    word = translator(language)(gap_rules.VERDICTS[code])
    return tag("span", f"{VERDICT_SHAPES[code]} {word}", class_=f"status v-{code}")


def instrument(report: Report, name: str, language: str):
    """An instrument's name: as the catalogue has it in Vietnamese, type and number in English."""
    if language == "vi":
        return name
    row = report.catalogue.instruments.set_index("instrument").loc[name]
    return f"{row['type_en']} {row['number']}".strip()


def gap_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets with figures: target, value, gap and verdict."""
    _ = translator(language)

    def aim(r):
        return Evidence(r.target, "%", place=f"targets.csv, {r.target_id}")

    def target(r):
        sign = {">=": "≥", "<=": "≤"}.get(r.comparator, r.comparator)
        return Shown(f"{sign} {quantity(r.target, '%', language)}", aim(r))

    def figure(r):
        text = f"{quantity(r.value, '%', language, 2)} ({day(r.as_of, language)})"
        return Shown(text, figure_evidence(report, r))

    def gap(r):
        inputs = {"figure": figure_evidence(report, r), "target": aim(r)}
        text = f"{signed(r.gap, '', language, 2)} {_('points')}"
        return Shown(text, Evidence(r.gap, "%", formula="figure - target", inputs=inputs))

    def lacking(r):
        if pd.isna(r.gap_units):
            return "–"
        inputs = {"target": aim(r), **figure_evidence(report, r).inputs}
        evidence = Evidence(r.gap_units, "services", rule="gaps.gaps", inputs=inputs)
        return Shown(number(r.gap_units, language), evidence)

    def caveats(r):
        return "; ".join(_(gap_rules.CAVEATS[code]) for code in r.caveat.split(";") if code) or "–"

    return table(
        rows.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Target"), target, True),
            Column(_("Figure"), figure, True),
            Column(_("Gap"), gap, True),
            Column(_("Services lacking"), lacking, True),
            Column(_("Deadline"), lambda r: day(r.deadline, language)),
            Column(_("Instrument"), lambda r: f"{instrument(report, r.instrument, language)} ({r.target_id})"),
            Column(_("What it rests on"), caveats),
        ],
        caption=_("Official targets held against the report's figures"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
        note=_("Calculated: gap = figure − target, in percentage points; services lacking = whole services short."),
    )


def figure_evidence(report: Report, gap) -> Evidence:
    """What the figure of a gap rests on: its cell, or its cells as a share of the stated universe."""
    levels = gap.level.split("+")
    points = report.observations[
        (report.observations["indicator"] == gap.indicator)
        & report.observations["level"].isin(levels)
        & (report.observations["as_of"] == gap.as_of)
    ]
    cells = [observed(point, report.assumptions) for point in points.itertuples(index=False)]
    if points["unit"].iloc[0] == "%":
        return cells[0]
    named = {f"level_{level}": cell for level, cell in zip(levels, cells, strict=True)}
    fact = report.facts.set_index("fact").loc[report.meta.universes[gap.indicator]]
    universe = Evidence(fact["value"], fact["unit"], place=fact["section"])
    return Evidence(
        gap.value, "%", formula=f"100 * ({' + '.join(named)}) / universe", inputs={**named, "universe": universe}
    )


def bullet_charts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """One bullet chart a target that has a figure: the bar is the figure, the line the target."""
    return gallery(*(bullet_chart(report, row, language) for row in rows.itertuples(index=False)))


def bullet_chart(report: Report, gap, language: str) -> Fragment:
    """Figure against target on the scale of 0 to 100 %. `gap` is a row of gaps.gaps."""
    _ = translator(language)
    name = series_name(report, gap.indicator, gap.level, language)
    value, target = quantity(gap.value, "%", language, 1), quantity(gap.target, "%", language, 0)
    with chart_axes(1.25) as (fig, axes):
        axes.barh(0, 100, height=0.9, color="#ececec")
        axes.barh(0, gap.value, height=0.45, color=ACCENT)
        axes.plot([gap.target, gap.target], [-0.5, 0.5], color=TARGET, lw=4)
        inside = gap.value > 35
        axes.text(
            gap.value - 2 if inside else max(gap.value, gap.target if gap.target - gap.value < 25 else 0) + 3,
            0,
            value,
            ha="right" if inside else "left",
            va="center",
            color="white" if inside else ACCENT,
            fontweight="bold",
        )
        axes.set(xlim=(0, 104), ylim=(-0.6, 0.6), yticks=[])
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _pos: quantity(x, "%", language, 0)))
        svg = svg_of(fig)
    words = {
        "achieved": _("{name}: {value}, target {target} achieved", name=name, value=value, target=target),
        "missed": _("{name}: {value}, target {target} missed", name=name, value=value, target=target),
        "open": _("{name}: {value}, target {target} not yet reached", name=name, value=value, target=target),
    }
    deadline, as_of = day(gap.deadline, language), day(gap.as_of, language)
    alt = _(
        "Bullet chart of {name} where the figure is {value} at {date} and the target is {target} by {deadline}.",
        name=name,
        value=value,
        date=as_of,
        target=target,
        deadline=deadline,
    )
    data = table(
        [(_("Figure, {date}", date=as_of), value), (_("Target, {date}", date=deadline), target)],
        [Column(_("Item"), lambda r: r[0]), Column("%", lambda r: r[1], True)],
        caption=name,
        origin=lambda r: f"targets.csv, {gap.target_id}; {row_place(report, gap.indicator, language)}",
    )
    by = instrument(report, gap.instrument, language)
    return figure(
        svg,
        title=words[gap.verdict],
        subtitle=_("Bar: figure at {date}; line: target by {deadline} ({by})", date=as_of, deadline=deadline, by=by),
        source=source(report, language, gap.indicator),
        alt=alt,
        data=data,
        language=language,
    )


def unassessed(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets without a figure, each with the reason."""
    _ = translator(language)
    wording = report.catalogue.targets.set_index("id")[f"target_{language}"]
    return table(
        rows.itertuples(index=False),
        [
            Column(_("Target"), lambda r: wording[r.target_id]),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Why"), lambda r: _(gap_rules.REASONS[r.reason])),
            Column(
                _("Indicator"),
                lambda r: series_name(report, r.indicator, r.level, language) if r.indicator else _("none in the form"),
            ),
            Column(_("Year"), lambda r: "–" if pd.isna(r.target_year) else str(r.target_year)),
            Column(_("Instrument"), lambda r: f"{instrument(report, r.instrument, language)} ({r.target_id})"),
        ],
        caption=_("Targets that cannot be judged by this report, and why"),
        origin=lambda r: f"targets.csv, {r.target_id}",
    )
