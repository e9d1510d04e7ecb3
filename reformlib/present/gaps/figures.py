"""The gap analysis in the reader's language: title, findings, targets against figures."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.measure import gaps as gap_rules
from reformlib.present.chart import ACCENT, MUTED, TARGET, chart_axes, figure, gallery, source, svg_of
from reformlib.present.gaps.target import (
    aim,
    distinct,
    figure_evidence,
    lacking,
    nothing_judged,
    target_evidence,
    verdict,
)
from reformlib.present.html import Fragment, Shown, bullets
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.spark import bar
from reformlib.present.table import Column, Remarks, series_column, table

GROUND = "#ececec"


def heading(page: Page) -> Fragment:
    """Title of the gap analysis."""
    date = page.day(page.report.meta.data_date)
    return title(page, page._("Distance to the official targets at {date}", date=date))


def overview(page: Page, rows: pd.DataFrame, cover: pd.DataFrame) -> Fragment:
    """Verdict and findings of the gap analysis: each a number, what it is compared with, and what is asked."""
    judged = rows[rows["value"].notna()]
    counts = judged.drop_duplicates("target_id")["verdict"].value_counts()
    told = {code: counts.get(code, 0) for code in ("achieved", "missed", "open")}
    verdict = page._(
        "Of the {n} official targets collected (national and provincial), only {judged} can be compared with a figure "
        "of the report; {unconfirmed} are not confirmed and {context} are context only. On the figures reported, "
        "{achieved} met, {missed} missed, {open} not yet due and not yet met.",
        n=rows["target_id"].nunique(),
        judged=judged["target_id"].nunique(),
        unconfirmed=rows.loc[rows["verdict"] == "unconfirmed", "target_id"].nunique(),
        context=rows.loc[rows["verdict"] == "context", "target_id"].nunique(),
        **{code: count or page._("none") for code, count in told.items()},
    )
    nearest = distinct(judged).drop_duplicates(["indicator", "level"])
    urgent = nearest[nearest["deadline"] == nearest["deadline"].min()]
    found = [_finding(page, row) for row in each_row(urgent.head(3))]
    found += _slow(page, judged)
    found.append(_cover_finding(page, cover))
    return summary(page, verdict, found, "gaps.gaps")


def _place(page: Page, row) -> str:
    """Where a judged target and its figure stand."""
    return f"targets.csv, {row.target_id}; {page.row_place(row.indicator)}"


def _slow(page: Page, judged: pd.DataFrame) -> list[Finding]:
    """How many open targets need a faster pace than the one so far, and the highest pace that they need."""
    paced = distinct(judged[(judged["verdict"] == "open") & judged["pace_seen"].notna()])
    slow = paced[paced["pace_needed"] > paced["pace_seen"]]
    if slow.empty:
        return []
    row = next(each_row(slow.loc[[slow["pace_needed"].idxmax()]]))
    text = page._(
        "The highest need: {name}, {target} by {deadline}: {needed} percentage points a year; so far {seen} a year "
        "from {first} to {last}.",
        name=page.series_name(row.indicator, row.level),
        target=page.quantity(row.target, row.unit),
        deadline=page.day(row.deadline),
        needed=page.number(row.pace_needed, 1),
        seen=page.signed(row.pace_seen, "", 1),
        first=page.day(row.base_as_of),
        last=page.day(row.pace_as_of),
    )
    about, ask = (
        page._("Open targets that need a faster pace than so far"),
        page._("set a figure for every year on the way."),
    )
    place = _place(page, row)
    return [Finding(f"{len(slow)}/{len(paced)}", about, text, ask, place, "gaps.gaps")]


def _finding(page: Page, row) -> Finding:
    said = {
        "target": page.quantity(row.target, row.unit),
        "deadline": page.day(row.deadline),
        "date": page.day(row.as_of),
        "lacking": lacking(page, row),
    }
    if row.verdict == "achieved" and "never_moves" in row.caveat:
        text = page._(
            "At {date} it equals or exceeds the target of {target} for {deadline}, but it is the same at every date "
            "reported.",
            **said,
        )
        ask = page._("measure it, and state the method.")
    elif row.verdict == "achieved":
        text = page._("At {date} it meets the target of {target} for {deadline}.", **said)
        ask = page._("keep it at this level.")
    elif row.verdict == "missed" or pd.isna(row.pace_seen):
        text = page._("At {date} it is {lacking} short of the target of {target} for {deadline}.", **said)
        ask = page._("explain why.") if row.verdict == "missed" else page._("give comparable figures.")
    elif "partial_year" in row.caveat:
        said |= {"seen": page.signed(row.pace_seen, "", 1), "first": row.base_as_of.year}
        text = page._(
            "For the part of the year up to {date} it is {lacking} short of the target of {target} for {deadline}. "
            "From the full year {first} to the full year {last} the change was {seen} percentage points a year; part "
            "of a year is not compared with them.",
            last=row.pace_as_of.year,
            **said,
        )
        ask = page._("give the figure of the full year {year}.", year=row.as_of.year)
    else:
        said |= {"seen": page.signed(row.pace_seen, "", 1), "first": page.day(row.base_as_of)}
        text = page._(
            "At {date} it is {lacking} short of the target of {target} for {deadline}. It has changed by {seen} "
            "percentage points a year since {first}; {needed} a year are needed.",
            needed=page.signed(row.pace_needed, "", 1),
            **said,
        )
        if row.ratio_linear < 0:
            ask = page._("find what turned it away from the target.")
        elif row.pace_seen >= row.pace_needed:
            ask = page._("keep the pace.")
        else:
            ask = page._("speed up.")
    figure_, place = page.quantity(row.value, row.unit), _place(page, row)
    return Finding(figure_, _name(page, row), text, ask, place, "gaps.gaps")


def _name(page: Page, row) -> str:
    """Name of a series, with what it is a share of where the figure is a share."""
    named = page.share_name if row.unit == "%" else page.series_name
    return named(row.indicator, row.level)


def _cover_finding(page: Page, cover: pd.DataFrame) -> Finding:
    limitations, tasks = cover[cover["kind"] == "limitation"], cover[cover["kind"] == "task"]
    measurable = int((tasks["own_target"] != "").sum())
    text = page._(
        "Of {tasks} tasks in the plan, {measurable} with a measurable target; of {n} limitations that the report "
        "states, {answered} addressed by tasks ({part} only in part), {measured} by a task with a measurable target.",
        tasks=len(tasks),
        measurable=measurable or page._("none"),
        n=len(limitations),
        part=int(limitations["findings"].str.contains("part_only").sum()),
        answered=int((limitations["tasks"] != "").sum()),
        measured=int((limitations["own_target"] != "").sum()) or page._("none"),
    )
    about, ask = page._("Tasks with a measurable target"), page._("set a figure and a year for each task.")
    return Finding(f"{measurable}/{len(tasks)}", about, text, ask, page._("counted below"), "coverage.coverage")


def key_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """Every comparable target beside its figure: verdict, picture, distance."""
    if rows.empty:
        return nothing_judged(page)
    shown = distinct(rows)
    series = pd.MultiIndex.from_frame(shown[_SERIES])
    order = series.drop_duplicates()  # those of one series together, the nearest deadline first
    shown = shown.iloc[order.get_indexer(series).argsort(kind="stable")]
    shares = shown[(shown["unit"] == "%") & shown["indicator"].isin(page.report.meta.universes)]
    based = [page.share_name(indicator, "") for indicator in shares["indicator"].unique()]
    return table(
        page,
        each_row(shown),
        [
            series_column(page),
            Column(page._("Verdict"), lambda r: verdict(page, r.verdict)),
            Column(page._("Figure and target"), lambda r: _against(page, r)),
            Column(page._("Figure"), lambda r: _figure(page, r), True),
            Column(page._("Target"), lambda r: Shown(aim(page, r), target_evidence(r)), True),
            Column(page._("Gap"), lambda r: _gap(page, r), True),
        ],
        caption=page._("The comparable targets at a glance, by indicator and deadline"),
        origin=lambda r: f"targets.csv, {r.target_id}; {page.row_place(r.indicator)}",
        note=" ".join(
            [
                page._(
                    "Gap = figure − target, of shares in percentage points (pp); the bar is the figure, the mark the "
                    "target."
                ),
                page._(
                    "{n} targets stand in {rows} rows: targets of equal value and deadline share one.",
                    n=rows["target_id"].nunique(),
                    rows=len(shown),
                ),
                *(f"{text}." for text in based),
            ]
        ),
        fold=False,
    )


def _against(page: Page, row):
    """The figure as a bar with a mark at the target."""
    alt = page._(
        "Bar of {name} at {value} with a mark at the target of {target}",
        name=page.series_name(row.indicator, row.level),
        value=page.quantity(row.value, row.unit),
        target=page.quantity(row.target, row.unit),
    )
    return bar(row.value, row.target, 100 if row.unit == "%" else max(row.value, row.target), alt)


def _figure(page: Page, row) -> Shown:
    when = page.date(row.as_of)  # a date stays on one line
    text = f"{page.quantity(row.value, row.unit)} ({when})"
    return Shown(text, figure_evidence(page, row, row.as_of, row.value))


def _gap(page: Page, row) -> Shown:
    inputs = {"figure": figure_evidence(page, row, row.as_of, row.value), "target": target_evidence(row)}
    text = page.signed(row.gap, "") + (f" {page._('pp')}" if row.unit == "%" else "")
    return Shown(text, Evidence(row.gap, row.unit, formula="figure - target", inputs=inputs))


def gap_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """Targets with figures: what is lacking in own units, the part of the way covered, instruments and remarks.

    Targets that share value and deadline stand in one row; what a comparison rests on is lettered under the table.
    """
    if rows.empty:
        return nothing_judged(page)
    remarks = Remarks()
    each = list(each_row(rows))

    def letters(r):
        said = [page._(gap_rules.CAVEATS[code]) for code in r.caveat.split(";") if code and code not in _told(r)]
        if r.held:
            since = page.day(r.held_since) if r.held == "since" else ""
            said.insert(0, page._(gap_rules.HELD[r.held], date=since))
        return remarks.letters(said)

    def instruments(r):
        ids = r.target_id.split(", ")
        same = [one for one in each if (one.indicator, one.level) == (r.indicator, r.level) and one.target_id in ids]
        items = [
            f"{page.instrument(one.instrument)} ({one.target_id}) [{letters(one)}]".replace(" []", "") for one in same
        ]
        return bullets(items) if len(items) > 1 else items[0]

    def own(r):
        if pd.isna(r.gap_units):
            return page._("total not stated")
        inputs = {"target": target_evidence(r), **figure_evidence(page, r, r.as_of, r.value).inputs}
        unit = page.unit_of(r.indicator)
        return Shown(lacking(page, r), Evidence(r.gap_units, unit, rule="gaps.gaps", inputs=inputs))

    def way(r):
        if pd.isna(r.way):
            return page._("none to go")
        inputs = {
            "figure": figure_evidence(page, r, r.pace_as_of, r.pace_value),
            "base": figure_evidence(page, r, r.base_as_of, r.base),
            "target": target_evidence(r),
        }
        formula = "100 * (figure - base) / (target - base)"
        return Shown(page.quantity(r.way, "%", 1), Evidence(r.way, "%", formula=formula, inputs=inputs))

    return table(
        page,
        each_row(distinct(rows)),
        [
            series_column(page),
            Column(page._("Verdict"), lambda r: verdict(page, r.verdict)),
            Column(page._("Target"), lambda r: Shown(aim(page, r), target_evidence(r)), True),
            Column(page._("Still lacking"), own, True),
            Column(page._("Way covered"), way, True),
            Column(page._("Instrument and remarks"), instruments),
        ],
        caption=page._("Official targets compared with the report's figures"),
        origin=lambda r: f"targets.csv, {r.target_id}; {page.row_place(r.indicator)}",
        note=page._(
            "Calculated: still lacking = whole services or units; way covered = (figure − first figure) ÷ (target − "
            "first figure), negative when it leads away. First figure: the first above zero that can be compared; of "
            "a figure over a part of a year, the way covered is that of the last full year."
        ),
        remarks=remarks,
    )


_SERIES = ["indicator", "level"]


def _told(row) -> tuple[str, ...]:
    """Caveats that the row says already: an open target is seen before its deadline."""
    return ("before_deadline",) if row.verdict == "open" else ()


def bullet_charts(page: Page, rows: pd.DataFrame) -> Fragment:
    """One bullet chart a comparable indicator: the bar is the figure, the lines its targets, nearest first."""
    if rows.empty:
        return nothing_judged(page)
    groups = distinct(rows).groupby(["indicator", "level", "as_of"], sort=False)
    return gallery(*(bullet_chart(page, group) for _key, group in groups))


def _measured(page: Page, row) -> str:
    """What a chart measures: what a share is a share of, or else the indicator's full name."""
    based = _name(page, row)
    if row.level or based != page.series_name(row.indicator, row.level):
        return f"{based}, {page.unit_name(row.unit)}"
    full = page.series_name(row.indicator, "", short=False)
    return f"{full}, {page.unit_name(row.unit)}"


def bullet_chart(page: Page, group: pd.DataFrame) -> Fragment:
    """Figure against its targets. `group` are rows of gaps.gaps that share the figure, nearest deadline first."""
    near = next(each_row(group))
    name = page.series_name(near.indicator, near.level)
    value = page.quantity(near.value, near.unit)
    targets = list(each_row(group))
    lines: dict[float, dict[str, None]] = {}
    for row in targets:
        lines.setdefault(row.target, {})[str(row.deadline.year)] = None
    labels = {aimed: f"{page.quantity(aimed, near.unit)} ({', '.join(years)})" for aimed, years in lines.items()}
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
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _pos: page.quantity(x, near.unit, 0)))
        svg = svg_of(fig)
    said = {"name": name, "value": value, "target": page.quantity(near.target, near.unit)}
    said["year"] = near.deadline.year
    said["date"] = page.day(near.as_of)
    unmoved = "never_moves" in near.caveat
    titles = {
        "achieved": page._("{name}: {value} at every date, the {year} target is {target}; no method is stated", **said)
        if unmoved
        else page._("{name}: {value} at {date}, the {year} target of {target} is met", **said),
        "missed": page._("{name}: {value}, the {year} target of {target} is missed", **said),
        "open": page._("{name}: {value}, the {year} target of {target} is not yet reached", **said),
    }
    as_of = page.day(near.as_of)
    alt = page._(
        "Bullet chart of {name} where the figure is {value} at {date} and the targets are {targets}.",
        name=name,
        value=value,
        date=as_of,
        targets="; ".join(labels.values()),
    )
    figures = [
        (page._("Figure, {date}", date=as_of), Shown(value, figure_evidence(page, near, near.as_of, near.value)))
    ]
    figures += [
        (
            page._("Target, {date} ({id})", date=page.day(row.deadline), id=row.target_id),
            Shown(page.quantity(row.target, row.unit), target_evidence(row)),
        )
        for row in targets
    ]
    unit = page.unit_name(near.unit)
    data = table(
        page,
        figures,
        [Column(page._("Item"), lambda r: r[0]), Column(unit, lambda r: r[1], True)],
        caption=name,
        stack=False,
        origin=lambda r: f"targets.csv; {page.row_place(near.indicator)}",
        fold=False,
    )
    return figure(
        page,
        svg,
        title=titles[near.verdict],
        subtitle=page._(
            "{what}. Bar: figure at {date}; lines: targets, with their years",
            what=_measured(page, near),
            date=as_of,
        ),
        source=source(page, near.indicator),
        alt=alt,
        data=data,
    )
