"""The gap analysis in the reader's language: title, findings, targets against figures."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import day, number, quantity, signed, translator
from reformlib.measure import gaps as gap_rules
from reformlib.present.chart import ACCENT, MUTED, TARGET, chart_axes, figure, gallery, source, svg_of
from reformlib.present.gaps.target import (
    aim,
    distinct,
    figure_evidence,
    instrument,
    lacking,
    nothing_judged,
    own_unit,
    share_name,
    target_evidence,
    verdict,
)
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import Finding, summary, title
from reformlib.present.spark import bar
from reformlib.present.table import Column, folded, row_place, series_column, series_name, table, unit_name

GROUND = "#ececec"


def heading(report: Report, language: str) -> Fragment:
    """Title of the gap analysis."""
    _ = translator(language)
    date = day(report.meta.data_date, language)
    return title(report, _("Distance to the official targets at {date}", date=date), language)


def overview(report: Report, rows: pd.DataFrame, cover: pd.DataFrame, language: str) -> Fragment:
    """Verdict and findings of the gap analysis: each a number, what it is compared with, and what is asked."""
    _ = translator(language)
    judged = rows[rows["value"].notna()]
    counts = judged.drop_duplicates("target_id")["verdict"].value_counts()
    told = {code: counts.get(code, 0) for code in ("achieved", "missed", "open")}
    verdict = _(
        "Of the {n} official targets collected (national and provincial), only {judged} can be compared with a figure "
        "of the report; {unconfirmed} are not confirmed and {context} are context only. On the figures reported, "
        "{achieved} met, {missed} missed, {open} not yet due and not yet met.",
        n=rows["target_id"].nunique(),
        judged=judged["target_id"].nunique(),
        unconfirmed=rows.loc[rows["verdict"] == "unconfirmed", "target_id"].nunique(),
        context=rows.loc[rows["verdict"] == "context", "target_id"].nunique(),
        **{code: count or _("none") for code, count in told.items()},
    )
    nearest = distinct(judged).drop_duplicates(["indicator", "level"])
    urgent = nearest[nearest["deadline"] == nearest["deadline"].min()]
    found = [_finding(report, row, language) for row in each_row(urgent.head(3))]
    found += _slow(report, judged, language)
    found.append(_cover_finding(cover, language))
    return summary(verdict, found, language, "gaps.gaps")


def _place(report: Report, row, language: str) -> str:
    """Where a judged target and its figure stand."""
    return f"targets.csv, {row.target_id}; {row_place(report, row.indicator, language)}"


def _slow(report: Report, judged: pd.DataFrame, language: str) -> list[Finding]:
    """How many open targets need a faster pace than the one so far, and the highest pace that they need."""
    _ = translator(language)
    paced = distinct(judged[(judged["verdict"] == "open") & judged["pace_seen"].notna()])
    slow = paced[paced["pace_needed"] > paced["pace_seen"]]
    if slow.empty:
        return []
    row = next(each_row(slow.loc[[slow["pace_needed"].idxmax()]]))
    text = _(
        "The highest need: {name}, {target} by {deadline}: {needed} percentage points a year; so far {seen} a year "
        "from {first} to {last}.",
        name=series_name(report, row.indicator, row.level, language),
        target=quantity(row.target, row.unit, language),
        deadline=day(row.deadline, language),
        needed=number(row.pace_needed, language, 1),
        seen=signed(row.pace_seen, "", language, 1),
        first=day(row.base_as_of, language),
        last=day(row.pace_as_of, language),
    )
    about, ask = _("Open targets that need a faster pace than so far"), _("set a figure for every year on the way.")
    place = _place(report, row, language)
    return [Finding(f"{len(slow)}/{len(paced)}", about, text, ask, place, "gaps.gaps")]


def _finding(report: Report, row, language: str) -> Finding:
    _ = translator(language)
    said = {
        "target": quantity(row.target, row.unit, language),
        "deadline": day(row.deadline, language),
        "date": day(row.as_of, language),
        "lacking": lacking(report, row, language),
    }
    if row.verdict == "achieved" and "never_moves" in row.caveat:
        text = _(
            "At {date} it equals or exceeds the target of {target} for {deadline}, but it is the same at every date "
            "reported.",
            **said,
        )
        ask = _("measure it, and state the method.")
    elif row.verdict == "achieved":
        text = _("At {date} it meets the target of {target} for {deadline}.", **said)
        ask = _("keep it at this level.")
    elif row.verdict == "missed" or pd.isna(row.pace_seen):
        text = _("At {date} it is {lacking} short of the target of {target} for {deadline}.", **said)
        ask = _("explain why.") if row.verdict == "missed" else _("give comparable figures.")
    elif "partial_year" in row.caveat:
        said |= {"seen": signed(row.pace_seen, "", language, 1), "first": row.base_as_of.year}
        text = _(
            "For the part of the year up to {date} it is {lacking} short of the target of {target} for {deadline}. "
            "From the full year {first} to the full year {last} the change was {seen} percentage points a year; part "
            "of a year is not compared with them.",
            last=row.pace_as_of.year,
            **said,
        )
        ask = _("give the figure of the full year {year}.", year=row.as_of.year)
    else:
        said |= {"seen": signed(row.pace_seen, "", language, 1), "first": day(row.base_as_of, language)}
        text = _(
            "At {date} it is {lacking} short of the target of {target} for {deadline}. It has changed by {seen} "
            "percentage points a year since {first}; {needed} a year are needed.",
            needed=signed(row.pace_needed, "", language, 1),
            **said,
        )
        if row.ratio_linear < 0:
            ask = _("find what turned it away from the target.")
        elif row.pace_seen >= row.pace_needed:
            ask = _("keep the pace.")
        else:
            ask = _("speed up.")
    figure_, place = quantity(row.value, row.unit, language), _place(report, row, language)
    return Finding(figure_, _name(report, row, language), text, ask, place, "gaps.gaps")


def _name(report: Report, row, language: str) -> str:
    """Name of a series, with what it is a share of where the figure is a share."""
    named = share_name if row.unit == "%" else series_name
    return named(report, row.indicator, row.level, language)


def _cover_finding(cover: pd.DataFrame, language: str) -> Finding:
    _ = translator(language)
    limitations, tasks = cover[cover["kind"] == "limitation"], cover[cover["kind"] == "task"]
    measurable = int((tasks["own_target"] != "").sum())
    text = _(
        "Of {tasks} tasks in the plan, {measurable} with a measurable target; of {n} limitations that the report "
        "states, {answered} addressed by tasks ({part} only in part), {measured} by a task with a measurable target.",
        tasks=len(tasks),
        measurable=measurable or _("none"),
        n=len(limitations),
        part=int(limitations["findings"].str.contains("part_only").sum()),
        answered=int((limitations["tasks"] != "").sum()),
        measured=int((limitations["own_target"] != "").sum()) or _("none"),
    )
    about, ask = _("Tasks with a measurable target"), _("set a figure and a year for each task.")
    return Finding(f"{measurable}/{len(tasks)}", about, text, ask, _("counted below"), "coverage.coverage")


def key_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Every comparable target beside its figure: verdict, picture, distance."""
    if rows.empty:
        return nothing_judged(language)
    _ = translator(language)
    shown = distinct(rows)
    series = pd.MultiIndex.from_frame(shown[_SERIES])
    order = series.drop_duplicates()  # those of one series together, the nearest deadline first
    shown = shown.iloc[order.get_indexer(series).argsort(kind="stable")]
    shares = shown[(shown["unit"] == "%") & shown["indicator"].isin(report.meta.universes)]
    based = [share_name(report, indicator, "", language) for indicator in shares["indicator"].unique()]
    return table(
        each_row(shown),
        [
            series_column(report, language),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Figure and target"), lambda r: _against(report, r, language)),
            Column(_("Figure"), lambda r: _figure(report, r, language), True),
            Column(_("Target"), lambda r: Shown(aim(r, language), target_evidence(r)), True),
            Column(_("Gap"), lambda r: _gap(report, r, language), True),
        ],
        caption=_("The comparable targets at a glance, by indicator and deadline"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
        note=" ".join(
            [
                _(
                    "Gap = figure − target, of shares in percentage points (pp); the bar is the figure, the mark the "
                    "target."
                ),
                _(
                    "{n} targets stand in {rows} rows: targets of equal value and deadline share one.",
                    n=rows["target_id"].nunique(),
                    rows=len(shown),
                ),
                *(f"{text}." for text in based),
            ]
        ),
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
    when = day(row.as_of, language).replace(" ", "\u00a0")  # a date stays on one line
    text = f"{quantity(row.value, row.unit, language)} ({when})"
    return Shown(text, figure_evidence(report, row, row.as_of, row.value))


def _gap(report: Report, row, language: str) -> Shown:
    _ = translator(language)
    inputs = {"figure": figure_evidence(report, row, row.as_of, row.value), "target": target_evidence(row)}
    text = signed(row.gap, "", language) + (f" {_('pp')}" if row.unit == "%" else "")
    return Shown(text, Evidence(row.gap, row.unit, formula="figure - target", inputs=inputs))


def gap_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets with figures: what is lacking in own units, the part of the way covered, instruments and remarks.

    Targets that share value and deadline stand in one row; what a comparison rests on is lettered under the table.
    """
    if rows.empty:
        return nothing_judged(language)
    _ = translator(language)
    remarks: dict[str, str] = {}
    each = list(each_row(rows))

    def letters(r):
        said = [_(gap_rules.CAVEATS[code]) for code in r.caveat.split(";") if code and code not in _told(r)]
        if r.held:
            since = day(r.held_since, language) if r.held == "since" else ""
            said.insert(0, _(gap_rules.HELD[r.held], date=since))
        return ", ".join(sorted(remarks.setdefault(text, chr(ord("a") + len(remarks))) for text in said))

    def instruments(r):
        ids = r.target_id.split(", ")
        same = [one for one in each if (one.indicator, one.level) == (r.indicator, r.level) and one.target_id in ids]
        items = [
            f"{instrument(report, one.instrument, language)} ({one.target_id}) [{letters(one)}]".replace(" []", "")
            for one in same
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
            "figure": figure_evidence(report, r, r.pace_as_of, r.pace_value),
            "base": figure_evidence(report, r, r.base_as_of, r.base),
            "target": target_evidence(r),
        }
        formula = "100 * (figure - base) / (target - base)"
        return Shown(quantity(r.way, "%", language, 1), Evidence(r.way, "%", formula=formula, inputs=inputs))

    shown = table(
        each_row(distinct(rows)),
        [
            series_column(report, language),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Target"), lambda r: Shown(aim(r, language), target_evidence(r)), True),
            Column(_("Still lacking"), own, True),
            Column(_("Way covered"), way, True),
            Column(_("Instrument and remarks"), instruments),
        ],
        caption=_("Official targets compared with the report's figures"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
        note=_(
            "Calculated: still lacking = whole services or units; way covered = (figure − first figure) ÷ (target − "
            "first figure), negative when it leads away. First figure: the first above zero that can be compared; of "
            "a figure over a part of a year, the way covered is that of the last full year."
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


def _measured(report: Report, row, language: str) -> str:
    """What a chart measures: what a share is a share of, or else the indicator's full name."""
    based = _name(report, row, language)
    if row.level or based != series_name(report, row.indicator, row.level, language):
        return f"{based}, {unit_name(report, row.unit, language)}"
    full = series_name(report, row.indicator, "", language, short=False)
    return f"{full}, {unit_name(report, row.unit, language)}"


def bullet_chart(report: Report, group: pd.DataFrame, language: str) -> Fragment:
    """Figure against its targets. `group` are rows of gaps.gaps that share the figure, nearest deadline first."""
    _ = translator(language)
    near = next(each_row(group))
    name = series_name(report, near.indicator, near.level, language)
    value = quantity(near.value, near.unit, language)
    targets = list(each_row(group))
    lines: dict[float, dict[str, None]] = {}
    for row in targets:
        lines.setdefault(row.target, {})[str(row.deadline.year)] = None
    labels = {aimed: f"{quantity(aimed, near.unit, language)} ({', '.join(years)})" for aimed, years in lines.items()}
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
    said["date"] = day(near.as_of, language)
    unmoved = "never_moves" in near.caveat
    titles = {
        "achieved": _("{name}: {value} at every date, the {year} target is {target}; no method is stated", **said)
        if unmoved
        else _("{name}: {value} at {date}, the {year} target of {target} is met", **said),
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
        for row in targets
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
        subtitle=_(
            "{what}. Bar: figure at {date}; lines: targets, with their years",
            what=_measured(report, near, language),
            date=as_of,
        ),
        source=source(report, language, near.indicator),
        alt=alt,
        data=data,
        language=language,
    )
