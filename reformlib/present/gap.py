"""The gap analysis in the reader's language: title, findings, targets against figures."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib import gaps as gap_rules
from reformlib.evidence import Evidence
from reformlib.load import Report
from reformlib.locale import day, number, quantity, signed, translator
from reformlib.present.chart import ACCENT, MUTED, TARGET, chart_axes, figure, gallery, source, svg_of
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import Finding, summary, title
from reformlib.present.spark import bar
from reformlib.present.table import Column, folded, row_place, series_column, series_name, table, unit_name
from reformlib.present.target import (
    aim,
    distinct,
    figure_evidence,
    instrument,
    lacking,
    nothing_judged,
    own_unit,
    target_evidence,
    verdict,
)

GROUND = "#ececec"


def heading(report: Report, language: str) -> Fragment:
    """Title of the gap analysis."""
    _ = translator(language)
    date = day(report.meta.data_date, language)
    return title(report, _("Distance to the official targets at {date}", date=date), language)


def overview(report: Report, rows: pd.DataFrame, cover: pd.DataFrame, language: str) -> Fragment:
    """Verdict and findings of the gap analysis: each a number, what it is held against, and what is asked."""
    _ = translator(language)
    judged = rows[rows["value"].notna()]
    counts = judged.drop_duplicates("target_id")["verdict"].value_counts()
    verdict = _(
        "Of {n} official targets, {judged} can be held against a figure of the report: {achieved} achieved, "
        "{missed} missed, {open} open at the date of the data.",
        n=rows["target_id"].nunique(),
        judged=judged["target_id"].nunique(),
        achieved=counts.get("achieved", 0),
        missed=counts.get("missed", 0),
        open=counts.get("open", 0),
    )
    nearest = distinct(judged).drop_duplicates(["indicator", "level"])
    urgent = nearest[nearest["deadline"] == nearest["deadline"].min()]
    found = [_finding(report, row, language) for row in urgent.head(3).itertuples(index=False)]
    rising = judged[(judged["verdict"] == "open") & (judged["pace_seen"] > 0)]
    slow = rising[rising["pace_needed"] > rising["pace_seen"]]
    if len(slow):
        hardest = slow.loc[(slow["pace_needed"] / slow["pace_seen"]).idxmax()]
        times = number(hardest.pace_needed / hardest.pace_seen, language, 1)
        text = _(
            "{target} by {deadline} needs {needed} points a year, {times} times the pace seen of {seen}.",
            target=quantity(hardest.target, hardest.unit, language),
            deadline=day(hardest.deadline, language),
            needed=number(hardest.pace_needed, language, 1),
            times=times,
            seen=number(hardest.pace_seen, language, 1),
        )
        name = series_name(report, hardest.indicator, hardest.level, language)
        ask = _("set a number for every year on the way.")
        found.append(Finding(f"× {times}", name, text, ask, _place(report, hardest, language), "gaps.gaps"))
    found.append(_cover_finding(cover, language))
    return summary(verdict, found, language, "gaps.gaps")


def _place(report: Report, row, language: str) -> str:
    """Where a judged target and its figure stand."""
    return f"targets.csv, {row.target_id}; {row_place(report, row.indicator, language)}"


def _finding(report: Report, row, language: str) -> Finding:
    _ = translator(language)
    said = {
        "target": quantity(row.target, row.unit, language),
        "deadline": day(row.deadline, language),
        "date": day(row.as_of, language),
    }
    if row.verdict == "achieved" and "never_moves" in row.caveat:
        text = _(
            "At {date} it meets the target of {target} by {deadline}, but the figure is the same at every date "
            "reported.",
            **said,
        )
        ask = _("count it, and say how.")
    elif row.verdict == "achieved":
        text = _("At {date} it meets the target of {target} by {deadline}.", **said)
        ask = _("hold it.")
    elif row.verdict == "missed" or pd.isna(row.pace_seen):
        said["lacking"] = lacking(report, row, language)
        text = _("At {date} it is {lacking} short of the target of {target} by {deadline}.", **said)
        ask = _("say why.") if row.verdict == "missed" else _("give comparable figures.")
    else:
        said["lacking"] = lacking(report, row, language)
        said |= {name: signed(getattr(row, f"pace_{name}"), "", language, 1) for name in ("seen", "needed")}
        text = _(
            "At {date} it is {lacking} short of the target of {target} by {deadline}; {seen} points a year seen, "
            "{needed} needed.",
            **said,
        )
        if row.ratio_linear < 0 and "partial_year" in row.caveat:
            text += " " + _("The last figure covers a part of the year only.")
            ask = _("give the figure of the full year, and say what turned it away from the target.")
        elif row.ratio_linear < 0:
            ask = _("find what turned it away from the target.")
        elif row.pace_seen >= row.pace_needed:
            ask = _("keep the pace.")
        else:
            ask = _("a faster pace.")
    name = series_name(report, row.indicator, row.level, language)
    place = _place(report, row, language)
    return Finding(quantity(row.value, row.unit, language), name, text, ask, place, "gaps.gaps")


def _cover_finding(cover: pd.DataFrame, language: str) -> Finding:
    _ = translator(language)
    limitations, tasks = cover[cover["kind"] == "limitation"], cover[cover["kind"] == "task"]
    text = _(
        "Of {n} limitations the report states, {answered} are answered by a task, {part} of them in part only, and "
        "{measured} by one with a measurable target.",
        n=len(limitations),
        part=int(limitations["findings"].str.contains("part_only").sum()),
        answered=int((limitations["tasks"] != "").sum()),
        measured=int((limitations["own_target"] != "").sum()),
    )
    measurable = f"{int((tasks['own_target'] != '').sum())}/{len(tasks)}"
    about, ask = _("Tasks with a measurable target"), _("a number and a year for each task.")
    return Finding(measurable, about, text, ask, _("counted below"), "coverage.coverage")


def key_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Every comparable target beside its figure: verdict, picture, distance."""
    if rows.empty:
        return nothing_judged(language)
    _ = translator(language)
    return table(
        distinct(rows).itertuples(index=False),
        [
            series_column(report, language),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Figure and target"), lambda r: _against(report, r, language)),
            Column(_("Figure"), lambda r: _figure(report, r, language), True),
            Column(_("Target"), lambda r: Shown(aim(r, language), target_evidence(r)), True),
            Column(_("Gap"), lambda r: _gap(report, r, language), True),
        ],
        caption=_("The comparable targets at a glance, nearest deadline first"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
        note=_("Gap = figure − target; the bar is the figure, the mark the target."),
    )


def _against(report: Report, row, language: str):
    """The figure as a bar with a mark at the target."""
    _ = translator(language)
    alt = _(
        "Bar of {name} at {value} with a mark at the target of {target}",
        name=series_name(report, row.indicator, row.level, language),
        value=quantity(row.value, row.unit, language),
        target=quantity(row.target, row.unit, language),
    )
    return bar(row.value, row.target, 100 if row.unit == "%" else max(row.value, row.target), alt)


def _figure(report: Report, row, language: str) -> Shown:
    text = f"{quantity(row.value, row.unit, language)} ({day(row.as_of, language)})"
    return Shown(text, figure_evidence(report, row, row.as_of, row.value))


def _gap(report: Report, row, language: str) -> Shown:
    _ = translator(language)
    inputs = {"figure": figure_evidence(report, row, row.as_of, row.value), "target": target_evidence(row)}
    text = signed(row.gap, "", language) + (f" {_('points')}" if row.unit == "%" else "")
    return Shown(text, Evidence(row.gap, row.unit, formula="figure - target", inputs=inputs))


def gap_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets with figures: what is lacking in own units, the part of the way covered, instruments and remarks.

    Targets that share value and deadline stand in one row; what a comparison rests on is lettered under the table.
    """
    if rows.empty:
        return nothing_judged(language)
    _ = translator(language)
    remarks: dict[str, str] = {}

    def letters(r):
        said = [_(gap_rules.CAVEATS[code]) for code in r.caveat.split(";") if code and code not in _told(r)]
        if r.held:
            since = day(r.held_since, language) if r.held == "since" else ""
            said.insert(0, _(gap_rules.HELD[r.held], date=since))
        return ", ".join(sorted(remarks.setdefault(text, chr(ord("a") + len(remarks))) for text in said))

    def instruments(r):
        same = rows[
            (rows[_SERIES] == [r.indicator, r.level]).all(axis=1) & rows["target_id"].isin(r.target_id.split(", "))
        ]
        items = [
            f"{instrument(report, one.instrument, language)} ({one.target_id}) [{letters(one)}]".replace(" []", "")
            for one in same.itertuples(index=False)
        ]
        return tag("ul", *(tag("li", item) for item in items)) if len(items) > 1 else items[0]

    def own(r):
        if pd.isna(r.gap_units):
            return _("total not stated")
        inputs = {"target": target_evidence(r), **figure_evidence(report, r, r.as_of, r.value).inputs}
        unit = own_unit(report, r.indicator)
        return Shown(lacking(report, r, language), Evidence(r.gap_units, unit, rule="gaps.gaps", inputs=inputs))

    def way(r):
        if pd.isna(r.way):
            return _("none to go")
        inputs = {
            "figure": figure_evidence(report, r, r.as_of, r.value),
            "base": figure_evidence(report, r, r.base_as_of, r.base),
            "target": target_evidence(r),
        }
        formula = "100 * (figure - base) / (target - base)"
        return Shown(quantity(r.way, "%", language, 1), Evidence(r.way, "%", formula=formula, inputs=inputs))

    shown = table(
        distinct(rows).itertuples(index=False),
        [
            series_column(report, language),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Target"), lambda r: Shown(aim(r, language), target_evidence(r)), True),
            Column(_("Still lacking"), own, True),
            Column(_("Way covered"), way, True),
            Column(_("Instrument and remarks"), instruments),
        ],
        caption=_("Official targets held against the report's figures"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
        note=_(
            "Calculated: still lacking = whole services or units; way covered = (figure − first comparable figure) ÷ "
            "(target − first comparable figure), negative when it leads away."
        ),
    )
    listed = (tag("li", f"[{letter}] {text}") for text, letter in remarks.items())
    return folded(join(shown, tag("ul", *listed, class_="note") if remarks else None), language)


_SERIES = ["indicator", "level"]


def _told(row) -> tuple[str, ...]:
    """Caveats that the row says already: an open target is seen before its deadline."""
    return ("before_deadline",) if row.verdict == "open" else ()


def bullet_charts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """One bullet chart a comparable indicator: the bar is the figure, the lines its targets, nearest first."""
    if rows.empty:
        return nothing_judged(language)
    groups = distinct(rows).groupby(["indicator", "level", "as_of"], sort=False)
    return gallery(*(bullet_chart(report, group, language) for _key, group in groups))


def bullet_chart(report: Report, group: pd.DataFrame, language: str) -> Fragment:
    """Figure against its targets. `group` are rows of gaps.gaps that share the figure, nearest deadline first."""
    _ = translator(language)
    near = group.iloc[0]
    name = series_name(report, near.indicator, near.level, language)
    value = quantity(near.value, near.unit, language)
    lines = {
        aimed: ", ".join(dict.fromkeys(str(when.year) for when in rows["deadline"]))
        for aimed, rows in group.groupby("target", sort=False)
    }
    labels = {aimed: f"{quantity(aimed, near.unit, language)} ({years})" for aimed, years in lines.items()}
    top = 100 if near.unit == "%" else max(near.value, *lines)
    with chart_axes(1.75) as (fig, axes):
        axes.barh(0, top, height=0.9, color=GROUND, ec=MUTED, lw=0.6)
        axes.barh(0, near.value, height=0.45, color=ACCENT)
        for place, (aimed, label) in enumerate(labels.items()):
            axes.plot([aimed, aimed], [-0.5, 0.5], color=TARGET, lw=4, solid_capstyle="butt")
            side = "right" if aimed > 0.25 * top else "left"
            end = min(aimed + 0.02 * top, 1.03 * top) if side == "right" else aimed
            up = place % 2 == 0
            axes.text(
                end,
                0.62 if up else -0.62,
                label,
                ha=side,
                va="bottom" if up else "top",
                color=TARGET,
                fontweight="bold",
            )
        inside = near.value > 0.25 * top
        axes.text(
            near.value - 0.02 * top if inside else near.value + 0.03 * top,
            0,
            value,
            ha="right" if inside else "left",
            va="center",
            color="white" if inside else ACCENT,
            fontweight="bold",
        )
        axes.set(xlim=(0, 1.04 * top), ylim=(-1.25, 1.25), yticks=[])
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _pos: quantity(x, near.unit, language, 0)))
        svg = svg_of(fig)
    said = {"name": name, "value": value, "target": quantity(near.target, near.unit, language)}
    said["year"] = near.deadline.year
    titles = {
        "achieved": _("{name}: {value}, the {year} target of {target} is achieved", **said),
        "missed": _("{name}: {value}, the {year} target of {target} is missed", **said),
        "open": _("{name}: {value}, the {year} target of {target} is not yet reached", **said),
    }
    as_of = day(near.as_of, language)
    alt = _(
        "Bullet chart of {name} where the figure is {value} at {date} and the targets are {targets}.",
        name=name,
        value=value,
        date=as_of,
        targets="; ".join(labels.values()),
    )
    figures = [(_("Figure, {date}", date=as_of), Shown(value, figure_evidence(report, near, near.as_of, near.value)))]
    figures += [
        (
            _("Target, {date} ({id})", date=day(row.deadline, language), id=row.target_id),
            Shown(quantity(row.target, row.unit, language), target_evidence(row)),
        )
        for row in group.itertuples(index=False)
    ]
    unit = unit_name(report, near.unit, language)
    data = table(
        figures,
        [Column(_("Item"), lambda r: r[0]), Column(unit, lambda r: r[1], True)],
        caption=name,
        stack=False,
        origin=lambda r: f"targets.csv; {row_place(report, near.indicator, language)}",
    )
    return figure(
        svg,
        title=titles[near.verdict],
        subtitle=_("Bar: figure at {date}; lines: targets, with their years", date=as_of),
        source=source(report, language, near.indicator),
        alt=alt,
        data=data,
        language=language,
    )
