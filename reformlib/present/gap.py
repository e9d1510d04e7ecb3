"""The gap analysis in the reader's language: targets against figures, pace, methods, conflicts, cover of the plan."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib import coverage as cover_rules
from reformlib import gaps as gap_rules
from reformlib.evidence import Evidence, observed
from reformlib.load import Report
from reformlib.locale import day, messages, number, quantity, signed, translator
from reformlib.present.chart import ACCENT, INK, MUTED, TARGET, chart_axes, figure, gallery, source, svg_of
from reformlib.present.html import Fragment, Shown, join, quoted, tag
from reformlib.present.page import Finding, summary, title
from reformlib.present.spark import bar
from reformlib.present.table import Column, folded, row_place, series_name, table, unit_name

VERDICT_SHAPES = {
    "achieved": "✔",
    "missed": "✘",
    "open": "▶",
    "not_assessable": "○",
    "unconfirmed": "?",
    "context": "·",
}
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
        found.append(Finding(f"× {times}", name, text, _("set a number for every year on the way.")))
    return summary(verdict, [*found, _cover_finding(cover, language)], language)


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
    return Finding(quantity(row.value, row.unit, language), name, text, ask)


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
    return Finding(measurable, _("Tasks with a measurable target"), text, _("a number and a year for each task."))


def key_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Every comparable target beside its figure: verdict, picture, distance."""
    if rows.empty:
        return _nothing(language)
    _ = translator(language)
    return table(
        distinct(rows).itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Figure and target"), lambda r: _against(report, r, language)),
            Column(_("Figure"), lambda r: _figure(report, r, language), True),
            Column(_("Target"), lambda r: Shown(aim(r, language), _target_evidence(r)), True),
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
    inputs = {"figure": figure_evidence(report, row, row.as_of, row.value), "target": _target_evidence(row)}
    text = signed(row.gap, "", language) + (f" {_('points')}" if row.unit == "%" else "")
    return Shown(text, Evidence(row.gap, row.unit, formula="figure - target", inputs=inputs))


def distinct(judged: pd.DataFrame) -> pd.DataFrame:
    """Judged rows, nearest deadline first, one for all targets of a series that share value and deadline."""
    same = ["indicator", "level", "target", "comparator", "deadline"]
    ids = judged.groupby(same, sort=False)["target_id"].transform(", ".join)
    return judged.assign(target_id=ids).drop_duplicates(same).sort_values(["deadline", "target_id"])


def lacking(report: Report, row, language: str) -> str:
    """What is missing to a target: in whole services or units where they are counted, else in points."""
    _ = translator(language)
    if pd.isna(row.gap_units):
        return _("{gap} points", gap=number(abs(row.gap), language))
    unit = _own_unit(report, row.indicator)
    if language == "en" and row.gap_units == 1:
        return f"1 {report.catalogue.units.set_index('unit').at[unit, 'name_en_singular']}"
    return f"{number(row.gap_units, language)} {unit_name(report, unit, language)}"


def _own_unit(report: Report, indicator: str) -> str:
    return report.catalogue.indicators.set_index("indicator").at[indicator, "unit"]


def verdict(code: str, language: str):
    """A verdict as shape and word."""
    word = translator(language)(gap_rules.VERDICTS[code])
    return tag("span", f"{VERDICT_SHAPES[code]} {word}", class_=f"status v-{code}")


def instrument(report: Report, name: str, language: str):
    """An instrument's name in the reader's language."""
    return report.catalogue.instrument(name)[language]


def _method(rule_set: str, language: str) -> str:
    return f"{translator(language)(gap_rules.METHODS[rule_set])} ({rule_set})"


def aim(row, language: str) -> str:
    """A target with its comparator and date: `≥ 30 % (31/12/2020)`."""
    sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(row.comparator, f"{row.comparator} ")
    return f"{sign}{quantity(row.target, row.unit, language)} ({day(row.deadline, language)})"


def gap_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets with figures: what is lacking in own units, the part of the way covered, instruments and remarks.

    Targets that share value and deadline stand in one row; what a comparison rests on is lettered under the table.
    """
    if rows.empty:
        return _nothing(language)
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
        inputs = {"target": _target_evidence(r), **figure_evidence(report, r, r.as_of, r.value).inputs}
        unit = _own_unit(report, r.indicator)
        return Shown(lacking(report, r, language), Evidence(r.gap_units, unit, rule="gaps.gaps", inputs=inputs))

    def way(r):
        if pd.isna(r.way):
            return _("none to go")
        inputs = {
            "figure": figure_evidence(report, r, r.as_of, r.value),
            "base": figure_evidence(report, r, r.base_as_of, r.base),
            "target": _target_evidence(r),
        }
        formula = "100 * (figure - base) / (target - base)"
        return Shown(quantity(r.way, "%", language, 1), Evidence(r.way, "%", formula=formula, inputs=inputs))

    shown = table(
        distinct(rows).itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Target"), lambda r: Shown(aim(r, language), _target_evidence(r)), True),
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


def _target_evidence(row) -> Evidence:
    return Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id.split(',')[0]}")


def figure_evidence(report: Report, gap, as_of, value: float) -> Evidence:
    """What a figure of a gap rests on: its cell, or its cells as a share of the stated universe."""
    levels = gap.level.split("+")
    points = report.observations[
        (report.observations["indicator"] == gap.indicator)
        & report.observations["level"].isin(levels)
        & (report.observations["as_of"] == as_of)
    ]
    cells = [observed(point, report.assumptions) for point in points.itertuples(index=False)]
    if len(cells) == 1 and points["unit"].iloc[0] == gap.unit:
        return cells[0]
    named = {f"level_{level}" if level else "count": cell for level, cell in zip(levels, cells, strict=True)}
    if gap.unit != "%":
        return Evidence(value, gap.unit, formula=" + ".join(named), inputs=named)
    fact = report.facts.set_index("fact").loc[report.meta.universes[gap.indicator]]
    universe = Evidence(fact["value"], fact["unit"], place=fact["section"])
    return Evidence(
        value, "%", formula=f"100 * ({' + '.join(named)}) / universe", inputs={**named, "universe": universe}
    )


def bullet_charts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """One bullet chart a comparable indicator: the bar is the figure, the lines its targets, nearest first."""
    if rows.empty:
        return _nothing(language)
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
        axes.barh(0, top, height=0.9, color=GROUND)
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
            Shown(quantity(row.target, row.unit, language), _target_evidence(row)),
        )
        for row in group.itertuples(index=False)
    ]
    unit = unit_name(report, near.unit, language)
    data = table(
        figures,
        [Column(_("Item"), lambda r: r[0]), Column(unit, lambda r: r[1], True)],
        caption=name,
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


def pace_chart(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Pace seen (bar) against pace needed (line) for every open target with a pace."""
    _ = translator(language)
    open_rows = distinct(rows[(rows["verdict"] == "open") & rows["pace_seen"].notna()])
    if open_rows.empty:
        return Fragment(tag("p", _("No open target has a figure from which a pace can be told.")))
    groups = list(open_rows.groupby(["indicator", "level"], sort=False))
    high = max(open_rows["pace_needed"].max(), open_rows["pace_seen"].max(), 0)
    low = min(open_rows["pace_seen"].min(), 0)
    lines = 1.4 * len(groups) + 2 * len(open_rows)
    with chart_axes(0.205 * lines + 0.6) as (fig, axes):
        y = 0.0
        for (indicator, level), group in groups:
            axes.text(low, y, series_name(report, indicator, level, language), fontweight="bold", va="center")
            y -= 1
            for row in group.itertuples(index=False):
                words = _(
                    "{target} ({year}): seen {seen}, needed {needed}",
                    target=quantity(row.target, row.unit, language),
                    year=row.deadline.year,
                    seen=signed(row.pace_seen, "", language, 1),
                    needed=signed(row.pace_needed, "", language, 1),
                )
                axes.text(low, y, words, va="center", color=INK)
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
        "Bar chart of the pace seen against the pace needed where the highest need is {needed} points a year ({name}, "
        "{target} by {deadline}) and the pace seen there is {seen}.",
        needed=number(most.pace_needed, language, 1),
        seen=signed(most.pace_seen, "", language, 1),
        name=series_name(report, most.indicator, most.level, language),
        target=quantity(most.target, most.unit, language),
        deadline=day(most.deadline, language),
    )
    return figure(
        svg,
        title=_(
            "{slow} of {n} different open targets need a faster pace than the one seen", slow=slow, n=len(open_rows)
        ),
        subtitle=_("Points a year. Bar: pace seen since the first comparable figure; line: pace needed"),
        source=f"{report.meta.text('source', language)}; {report.meta.text('annex', language)}",
        alt=alt,
        data=pace_table(report, open_rows, language),
        language=language,
    )


def pace_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Pace seen and needed with the two ratios; a ratio that does not exist says why."""
    _ = translator(language)

    def ends(r):
        return {
            "last": figure_evidence(report, r, r.as_of, r.value),
            "first": figure_evidence(report, r, r.base_as_of, r.base),
        }

    def seen(r):
        years = gap_rules.decimal_year(r.as_of.date()) - gap_rules.decimal_year(r.base_as_of.date())
        inputs = ends(r) | {"years": Evidence(years, "years", rule="measure.decimal_year")}
        evidence = Evidence(r.pace_seen, r.unit, formula="(last - first) / years", inputs=inputs)
        return Shown(signed(r.pace_seen, "", language, 2), evidence)

    def needed(r):
        years = gap_rules.decimal_year(r.deadline.date()) - gap_rules.decimal_year(r.as_of.date())
        inputs = {"last": ends(r)["last"], "target": _target_evidence(r)}
        inputs["years"] = Evidence(years, "years", rule="measure.decimal_year")
        evidence = Evidence(r.pace_needed, r.unit, formula="(target - last) / years", inputs=inputs)
        return Shown(signed(r.pace_needed, "", language, 2), evidence)

    def ratio(name, rule):
        def show(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "; ".join(_(gap_rules.REASONS[code]) for code in r.reason.split(";") if code) or "–"
            inputs = ends(r) | {"target": _target_evidence(r)}
            return Shown(number(value, language, 2), Evidence(value, "", rule=rule, inputs=inputs))

        return show

    return table(
        rows.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Target"), lambda r: Shown(aim(r, language), _target_evidence(r)), True),
            Column(_("Seen so far, points a year"), seen, True),
            Column(_("Needed, points a year"), needed, True),
            Column(_("Linear path ratio"), ratio("ratio_linear", "progress.linear_progress"), True),
            Column(_("Compound growth ratio"), ratio("ratio_cagr", f"progress.progress: {gap_rules.CAGR_RULES}"), True),
        ],
        caption=_("Pace seen and pace needed"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
    )


def methods_table(report: Report, judged: pd.DataFrame, language: str) -> Fragment:
    """The same facts under every rule set. `judged` is what gaps.progress_table gave."""
    _ = translator(language)
    if judged.empty:
        return _nothing(language)
    rows = judged[(judged["facts"] == "reported") & (judged["told"] == "done")]
    rows = rows.sort_values(["target_year", "target_id"], kind="stable")
    rows = rows.drop_duplicates(["indicator", "level", "target", "target_year", "rule_set"])
    wide = [dict(group.set_index("rule_set").iterrows()) for _key, group in rows.groupby(_KEYS, sort=False)]

    def cell(name):
        return lambda r: _judgement(report, r[name], language)

    def cagr(r):
        first, second = r["statcan-2025"], r["eurostat-2026"]
        if not first["label"] or pd.isna(first["value"]):
            return _judgement(report, first, language)
        words = "; ".join(f"{_(one['label'])}, {_method(one.name, language)}" for one in (first, second))
        return Shown(f"{number(first['value'], language, 2)}: {words}", _judged_evidence(report, first))

    return table(
        wide,
        [
            Column(_("Target"), lambda r: _judged_name(report, r["linear"], language)),
            Column(_("Linear path"), cell("linear")),
            Column(_("Compound growth"), cagr),
            Column("Destatis", cell("destatis")),
            Column(_("UN Progress Chart"), cell("un-progress-chart-2023")),
        ],
        caption=_("Progress by each published method, on all comparable figures"),
        fold=language,
        origin=lambda r: f"targets.csv, {r['linear']['target_id']}",
        note=_(
            "The number is the method's own measure: a ratio of progress made to progress needed, for Destatis the "
            "part of the open gap that the trend leaves. The verdict does not rest on these."
        ),
    )


_KEYS = ["indicator", "level", "target_id"]


def _judged_name(report: Report, row, language: str) -> str:
    name = series_name(report, row["indicator"], row["level"], language)
    target = row["target"] if row.get("told", "done") == "done" else 100 - row["target"]
    return f"{name}: {quantity(target, '%', language)} ({row['target_year']})"


def _judged_evidence(report: Report, row) -> Evidence:
    target = Evidence(row["target"], "%", rule="gaps.progress_table")
    if row["told"] == "done":
        target = Evidence(row["target"], "%", place=f"targets.csv, {row['target_id']}")
    inputs = {
        "base": Evidence(row["base"], "%", rule="gaps.target_series"),
        "current": Evidence(row["current"], "%", rule="gaps.target_series"),
        "target": target,
    }
    value = None if pd.isna(row["value"]) else row["value"]
    return Evidence(value, "", rule=f"gaps.progress_table: {row.name}", inputs=inputs)


def _judgement(report: Report, row, language: str):
    _ = translator(language)
    if row["story"] == "silent":
        return _(row["reason"])
    if pd.isna(row["value"]):
        return _(row["label"])
    return Shown(f"{number(row['value'], language, 2)}: {_(row['label'])}", _judged_evidence(report, row))


def disagreements(report: Report, judged: pd.DataFrame, language: str) -> Fragment:
    """Where rule sets tell different stories on the same facts, as sentences and as a table."""
    _ = translator(language)
    unique = judged.sort_values(["target_year", "target_id"], kind="stable").drop_duplicates(
        ["indicator", "level", "target", "target_year", "facts", "told", "rule_set"]
    )
    found = []
    for _key, group in unique.groupby([*_KEYS, "facts"], sort=False):
        if group["disagree"].any():
            found.append(group.set_index("rule_set"))
    if not found:
        return Fragment(tag("p", _("No method tells another story than the linear path.")))

    def other(group):
        rows = group[group["disagree"]]
        twice = rows.reset_index().round({"value": 9}).duplicated(["rule_set", "value", "story"]).to_numpy()
        rows = rows[~twice]  # a method that is blind to the telling speaks once
        said = [
            f"{_method(name, language)}, {_(gap_rules.TOLD[row['told']])}: {number(row['value'], language, 2)}, "
            f"{_(gap_rules.STORIES[row['story']])}"
            if pd.notna(row["value"])
            else f"{_method(name, language)}, {_(gap_rules.TOLD[row['told']])}: {_(gap_rules.STORIES[row['story']])}"
            for name, row in rows.iterrows()
        ]
        text = tag("ul", *(tag("li", item) for item in said))
        inputs = {f"{name}, {row['told']}": _judged_evidence(report, row) for name, row in rows.iterrows()}
        return Shown(text, Evidence(None, "", rule="gaps.progress_table", inputs=inputs))

    def linear(group):
        row = group[group["told"] == "done"].loc["linear"]
        text = f"{number(row['value'], language, 2)}: {_(gap_rules.STORIES[row['story']])}"
        return Shown(text, _judged_evidence(report, row))

    shown = table(
        found,
        [
            Column(_("Target"), lambda g: _judged_name(report, g[g["told"] == "done"].iloc[0], language)),
            Column(_("Figures used"), lambda g: _(gap_rules.FACTS[g["facts"].iloc[0]])),
            Column(_("Linear path"), linear),
            Column(_("Judgements that differ"), other),
        ],
        caption=_("Where the methods disagree on the same facts"),
        fold=language,
        origin=lambda g: f"targets.csv, {g['target_id'].iloc[0]}",
    )
    sentences = [
        text for text in (_told_two_ways(report, found, language), _two_methods(report, found, language)) if text
    ]
    return join(*(tag("p", text) for text in sentences), shown)


def _told_two_ways(report: Report, found: list[pd.DataFrame], language: str) -> str:
    """The sentence on a share told as done and as not done, from the first case in which the stories differ."""
    _ = translator(language)
    for group in found:
        two = {told: rows.loc[gap_rules.CAGR_RULES] for told, rows in group.groupby("told")}
        stories = {told: row["story"] for told, row in two.items()}
        if len(two) == 2 and "silent" not in stories.values() and stories["done"] != stories["not_done"]:
            return _(
                "{name}, {facts}: the compound growth of the share done gives a ratio of {done}, {story}; the same "
                "facts told as the share not done give {left}, {other}. The linear path gives {linear} either way.",
                name=_judged_name(report, two["done"], language),
                facts=_(gap_rules.FACTS[two["done"]["facts"]]),
                done=number(two["done"]["value"], language, 2),
                story=_(gap_rules.STORIES[stories["done"]]),
                left=number(two["not_done"]["value"], language, 2),
                other=_(gap_rules.STORIES[stories["not_done"]]),
                linear=number(group[group["told"] == "done"].loc["linear", "value"], language, 2),
            )
    return ""


def _two_methods(report: Report, found: list[pd.DataFrame], language: str) -> str:
    """The sentence on compound growth against the linear path, from the case in which they lie furthest apart."""
    _ = translator(language)
    cases = []
    for group in found:
        done = group[group["told"] == "done"]
        linear, cagr = done.loc["linear"], done.loc[gap_rules.CAGR_RULES]
        if cagr["disagree"]:
            cases.append((abs(cagr["value"] - linear["value"]), linear, cagr))
    if not cases:
        return ""
    _far, linear, cagr = max(cases, key=lambda case: case[0])
    return _(
        "{name}, {facts}: the linear path gives {linear}, {story}; compound growth gives {cagr}, {other}, because it "
        "carries the growth of a small start forward.",
        name=_judged_name(report, linear, language),
        facts=_(gap_rules.FACTS[linear["facts"]]),
        linear=number(linear["value"], language, 2),
        story=_(gap_rules.STORIES[linear["story"]]),
        cagr=number(cagr["value"], language, 2),
        other=_(gap_rules.STORIES[cagr["story"]]),
    )


def conflicts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets that give one indicator different values for one year. `rows` is what gaps.conflicts gave."""
    _ = translator(language)
    if rows.empty:
        return Fragment(tag("p", _("No two targets give one indicator different values for one year.")))
    wording = report.catalogue.targets.set_index("id")[f"target_{language}"]

    def value(r):
        sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(r.comparator, f"{r.comparator} ")
        text = f"{sign}{quantity(r.target, '%', language)}"
        return Shown(text, Evidence(r.target, "%", place=f"targets.csv, {r.target_id}"))

    return table(
        rows.itertuples(index=False),
        [
            Column(
                _("Indicator and year"), lambda r: f"{series_name(report, r.indicator, '', language)}, {r.target_year}"
            ),
            Column(_("Target"), value, True),
            Column(_("Wording"), lambda r: wording[r.target_id]),
            Column(_("Instrument"), lambda r: f"{instrument(report, r.instrument, language)} ({r.target_id})"),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
        ],
        caption=_("Targets for one indicator and year that differ"),
        fold=language,
        origin=lambda r: f"targets.csv, {r.target_id}",
        note=_(
            "Unconfirmed targets are shown only; no figure rests on them. Services, procedures and "
            "dossiers are different bases, and levels differ."
        ),
    )


def unassessed(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets that bear on an indicator of the form and cannot be judged, grouped by reason."""
    _ = translator(language)
    wording = report.catalogue.targets.set_index("id")[f"target_{language}"]
    order = report.catalogue.indicators.set_index("indicator")["form_row"]
    about = rows[rows["value"].isna() & (rows["indicator"] != "")]
    if about.empty:
        return Fragment(tag("p", _("Every target that bears on the form can be judged.")))
    about = about.assign(
        form_row=about["indicator"].map(order), rank=about["verdict"].map(list(gap_rules.VERDICTS).index)
    ).sort_values(["rank", "reason", "form_row", "target_id"])
    groups = [group for _key, group in about.groupby("reason", sort=False)]

    def listed(group):
        items = [
            f"{series_name(report, indicator, '', language)}: "
            + "; ".join(f"{wording[r.target_id]} ({_year(r)}{r.target_id})" for r in same.itertuples(index=False))
            for indicator, same in group.groupby("indicator", sort=False)
        ]
        return tag("ul", *(tag("li", item) for item in items))

    return table(
        groups,
        [
            Column(_("Why"), lambda g: _(gap_rules.REASONS[g["reason"].iloc[0]])),
            Column(_("Verdict"), lambda g: verdict(g["verdict"].iloc[0], language)),
            Column(_("Indicators and targets"), listed),
        ],
        caption=_("Targets that bear on the form and cannot be judged by this report, and why"),
        fold=language,
        origin=lambda g: "targets.csv, " + ", ".join(g["target_id"]),
    )


def _year(row) -> str:
    return "" if pd.isna(row.target_year) else f"{row.target_year}, "


def counted(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """All targets counted by what they may be used for, and by why they cannot be judged."""
    _ = translator(language)
    first = rows.sort_values("value", na_position="last").drop_duplicates("target_id")
    groups = [
        (verdict_code, reason, group["target_id"].tolist(), int((group["indicator"] != "").sum()))
        for (verdict_code, reason), group in first.assign(
            reason=first["reason"].where(first["value"].isna(), "")
        ).groupby(["verdict", "reason"], sort=False)
    ]
    order = list(gap_rules.VERDICTS)
    groups.sort(key=lambda g: (order.index(g[0]), -len(g[2])))

    def count(value, ids):
        return Shown(number(value, language), Evidence(float(value), "targets", rule="gaps.gaps: " + ", ".join(ids)))

    return table(
        groups,
        [
            Column(_("Verdict"), lambda g: verdict(g[0], language)),
            Column(_("Why"), lambda g: _(gap_rules.REASONS[g[1]]) if g[1] else _("held against a figure")),
            Column(_("Targets"), lambda g: count(len(g[2]), g[2]), True),
            Column(_("of these bearing on the form"), lambda g: count(g[3], g[2]), True),
        ],
        caption=_("Official targets by verdict and reason"),
        fold=language,
    )


def cover_matrix(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Limitation, cause, task, measurable target: what the report links, and what is missing."""
    _ = translator(language)
    links = cover_rules.links(report)
    part = set(links.loc[links["extent"] == "part", ["subject", "object"]].itertuples(index=False, name=None))

    def listed(column, of):
        def show(r):
            codes = [code for code in getattr(r, column).split(";") if code]
            items = [
                tag("li", _text(cover, of, code, language), f" ({_('in part')})" if (r.code, code) in part else None)
                for code in codes
            ]
            return tag("ul", *items) if items else _("none")

        return show

    return table(
        cover[cover["kind"] == "limitation"].itertuples(index=False),
        [
            Column(_("Limitation"), lambda r: getattr(r, f"text_{language}")),
            Column(_("Cause"), listed("causes", "cause")),
            Column(_("Task"), listed("tasks", "task")),
            Column(_("Target in the plan"), lambda r: r.own_target or _("none")),
            Column(_("Official targets that measure it"), lambda r: _measured(report, r.targets, language)),
            Column(_("What is missing"), lambda r: _flags(r, language)),
        ],
        caption=_("Limitation, cause, task and measurable target"),
        none=_("none in this report"),
        fold=language,
        origin=lambda r: f"coverage.csv, {r.code}",
        note=_(
            "In part: the text is about a part of the matter or a means to it. A link stands only where the text "
            "supports it; the reason for each is in coverage.csv."
        ),
    )


def _measured(report: Report, codes: str, language: str):
    """What official targets measure, each with their codes: `Dịch vụ công trực tuyến (T022, T037)`."""
    _ = translator(language)
    lacking = report.catalogue.missing_indicators
    names = {
        code: getattr(row, f"name_{language}")
        for row in lacking.itertuples(index=False)
        for code in row.targets.split(";")
    }
    mapped = report.catalogue.target_mapping.merge(
        report.catalogue.indicators[["form_row", "indicator"]], on="form_row"
    )
    for row in mapped[mapped["measure"] != "none"].itertuples(index=False):
        names[row.target] = series_name(report, row.indicator, "", language)
    groups: dict[str, list[str]] = {}
    for code in filter(None, codes.split(";")):
        groups.setdefault(names.get(code, ""), []).append(code)
    items = [tag("li", f"{name} ({', '.join(found)})".strip()) for name, found in groups.items()]
    return tag("ul", *items) if items else _("none")


def _text(cover: pd.DataFrame, kind: str, code: str, language: str) -> str:
    return cover.loc[(cover["kind"] == kind) & (cover["code"] == code), f"text_{language}"].iloc[0]


def _flags(row, language: str):
    _ = translator(language)
    said = [_(cover_rules.FINDINGS[code]) for code in row.findings.split(";") if code]
    return tag("ul", *(tag("li", text) for text in said)) if said else "–"


def cover_causes(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """The causes the report gives, and the tasks that act on them."""
    _ = translator(language)
    causes = cover[cover["kind"] == "cause"]
    if causes.empty:
        return Fragment(tag("p", _("The report gives no cause.")))

    def tasks(r):
        items = [tag("li", _text(cover, "task", code, language)) for code in r.tasks.split(";") if code]
        return tag("ul", *items) if items else _("none")

    return table(
        causes.itertuples(index=False),
        [
            Column(_("Cause"), lambda r: getattr(r, f"text_{language}")),
            Column(_("Task"), tasks),
            Column(_("What is missing"), lambda r: _flags(r, language)),
        ],
        caption=_("Causes and the tasks that act on them"),
        fold=language,
        origin=lambda r: f"coverage.csv, {r.code}",
    )


def cover_tasks(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Tasks counted by domain: how many answer something stated, repeat text, have a measurable target."""
    _ = translator(language)
    tasks = cover[cover["kind"] == "task"]
    flagged = tasks["findings"].str.split(";")

    def count(domain, column, holds):
        chosen = tasks[(tasks["domain"] == domain) & holds]
        evidence = Evidence(float(len(chosen)), "tasks", rule=f"coverage.coverage: {column}")
        return Shown(number(len(chosen), language), evidence)

    every = pd.Series(True, index=tasks.index)
    answers = flagged.map(lambda codes: "answers_nothing" not in codes)
    repeats = flagged.map(lambda codes: "repeats" in codes)
    measured = tasks["own_target"] != ""
    shown = table(
        report.domains.itertuples(index=False),
        [
            Column(_("Domain"), lambda r: getattr(r, f"name_{language}")),
            Column(_("Tasks"), lambda r: count(r.domain, "tasks", every), True),
            Column(_("answer a limitation or cause"), lambda r: count(r.domain, "answers", answers), True),
            Column(_("repeat part one word for word"), lambda r: count(r.domain, "repeats", repeats), True),
            Column(_("have a measurable target"), lambda r: count(r.domain, "own_target", measured), True),
        ],
        caption=_("Tasks of the plan by domain"),
        none=_("none in this report"),
        fold=language,
        note=_(
            "The report states no limitation in some domains; a task there cannot answer one, which says nothing "
            "against the task."
        ),
    )
    again = [getattr(row, f"text_{language}") for row in tasks[repeats].itertuples(index=False)]
    if not again:
        return shown
    return join(shown, tag("p", _("Repeated word for word from part one:")), tag("ul", *(tag("li", t) for t in again)))


def measure_next(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Indicators that official targets ask for and the form lacks, and whether the plan has a task for them."""
    _ = translator(language)
    official = cover[cover["kind"] == "target"].set_index("code")

    def open_targets(r):
        return [code for code in r.targets.split(";") if code in official.index]

    def tasks(r):
        codes = dict.fromkeys(code for t in open_targets(r) for code in official.at[t, "tasks"].split(";") if code)
        items = [tag("li", _text(cover, "task", code, language)) for code in codes]
        return tag("ul", *items) if items else _("none")

    rows = [r for r in report.catalogue.missing_indicators.itertuples(index=False) if open_targets(r)]
    without = official["findings"].str.split(";").map(lambda codes: {"no_task", "no_indicator"} <= set(codes))
    note = _(
        "Of {n} official targets that were still open at the date of the data and bind the province, {without} have "
        "neither a task in the plan nor a comparable indicator in the form.",
        n=len(official),
        without=int(without.sum()),
    )
    if not rows:
        return Fragment(tag("p", note))
    shown = table(
        rows,
        [
            Column(_("What should be measured"), lambda r: getattr(r, f"name_{language}")),
            Column(_("Official targets that ask for it"), lambda r: ", ".join(open_targets(r))),
            Column(_("Task in the plan"), tasks),
        ],
        caption=_("Indicators that the official targets ask for and the form lacks"),
        fold=language,
        origin=lambda r: f"missing_indicators.csv, {r.missing}",
    )
    return join(tag("p", note), shown)


def target_sources(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """The targets that drive a figure: wording, article, whom they bind, and how well each is evidenced."""
    _ = translator(language)

    def article(r):
        unverified = "[unverified]" in r.section
        said = [
            instrument(report, r.instrument, language),
            _free(r.section.replace("[unverified]", "").strip(), language),
        ]
        return tag("span", said[0], "; ", said[1], f" ({_('article not verified')})" if unverified else None)

    if rows.empty:
        return _nothing(language)
    used = report.catalogue.targets[report.catalogue.targets["id"].isin(rows["target_id"])]
    return table(
        used.itertuples(index=False),
        [
            Column(_("Target"), lambda r: f"{r.id}: {getattr(r, f'target_{language}')}"),
            Column(_("Instrument and article"), article),
            Column(_("Binds"), lambda r: _free(r.scope, language)),
            Column(_("Fits the indicator"), lambda r: _free(r.mapping_quality, language)),
            Column(_("Evidence"), lambda r: _free(r.evidence_grade or r.evidence, language)),
        ],
        caption=_("The targets behind the figures and their evidence"),
        fold=language,
        origin=lambda r: f"targets.csv, {r.id}",
    )


def _free(text: str, language: str):
    """Free text of the catalogue: translated where it is known, else in its own language and marked so."""
    known = messages(language).get(text)
    if known:
        return known
    return quoted(text, "en" if text.isascii() else "vi", language)


def _nothing(language: str) -> Fragment:
    return Fragment(tag("p", translator(language)("No target of this set can be held against a figure of the report.")))
