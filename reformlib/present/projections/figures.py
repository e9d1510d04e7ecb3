"""The projections in the reader's language: title, findings, fan charts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.present.chart import BAND, INK, MUTED, TARGET, chart_axes, figure, gallery, number_axis, svg_of
from reformlib.present.chart import source as chart_source
from reformlib.present.html import Fragment, Shown, bullets, join, paragraph, tag
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.projections.projected import (
    aim,
    calculated_from,
    in_ten,
    merged,
    projected_cells,
    projected_text,
    rounded_text,
    sentence,
    shown_value,
    target_evidence,
    value_text,
)
from reformlib.present.spark import course
from reformlib.present.table import Column, field_column, table
from reformlib.project import series as rules
from reformlib.project.chances import OTHER_KINDS, natural_frequency, open_targets
from reformlib.project.plan import target_chain

BANDS = {**BAND, "50": "#5a94cc"}
EDGE = "#3f7fb8"  # where a band ends tells more than how dark it is


def heading(page: Page, horizon: int) -> Fragment:
    """Title of the projections."""
    first = page.report.meta.period_end + 1
    return title(page, page._("Administrative reform {first}–{last}: projections", first=first, last=horizon))


def overview(
    page: Page, rows: pd.DataFrame, probabilities: pd.DataFrame, paces: pd.DataFrame, kinds: pd.DataFrame
) -> Fragment:
    """Verdict and findings: the chances, the widest gap in pace, the spread, what cannot be projected."""
    fitted = rows[rows["basis"].str.startswith("fitted")]
    targets = merged(probabilities)
    end = page.report.meta.period_end
    likely, early = ([t for t in targets if holds(t)] for holds in (_likely, lambda t: t.target_year <= end))
    verdict = (
        page._(
            "If things go on as such series usually do, {likely} of {n} different targets for which a probability can "
            "be given are more likely than not to be met on time: {soon} of the {early} due by the end of {end} and "
            "{later} of the {late} due after it.",
            likely=len(likely),
            n=len(targets),
            soon=sum(map(_likely, early)),
            early=len(early),
            end=end,
            later=sum(t.target_year > end for t in likely),
            late=len(targets) - len(early),
        )
        if targets
        else page._("No official target can be projected from this report.")
    )
    own = [target for target in targets if target.basis.startswith("fitted")]
    found = _likeliest(page, own, kinds)
    unlikely = {code for target in own if target.p_at_least < 0.2 for code in target.ids}
    found += _too_fast(page, paces[paces["target_id"].isin(unlikely)])
    if len(fitted):
        found.append(_widest(page, fitted))
    series, alone = (set(zip(frame["indicator"], frame["level"], strict=True)) for frame in (rows, fitted))
    sums = sum("+" in level for _indicator, level in series)
    text = page._(
        "Of {form} series of the form, and sums of levels: {sums}. The others have fewer than three different values, "
        "stand at the ceiling, have too few comparable figures or none, or cannot be used as the checks find them.",
        form=len(series) - sums,
        sums=sums,
    )
    about = page._("Series with a trend of their own")
    ask = page._("define the others and count them anew.")
    counted = f"{len(alone)}/{len(series)}"
    found.append(Finding(counted, about, text, ask, page._("counted below"), "projections.projections"))
    return summary(page, verdict, found, "projections.target_probabilities")


def _likely(target) -> bool:
    return bool(target.p_at_least > 0.5)


def _likeliest(page: Page, own: list, kinds: pd.DataFrame) -> list[Finding]:
    """The likeliest and the least likely target of series with a trend of their own."""
    if not own:
        return []
    best = max(own, key=lambda target: target.p_at_least)
    worst = min(own, key=lambda target: target.p_at_least)
    asks = [
        page._("keep up the pace, and count at the deadline."),
        page._("say what would change the pace, or plan for less."),
    ]
    found = []
    for row, ask in zip([best] if best is worst else [best, worst], asks, strict=False):
        text = page._(
            "Probability of meeting the {target} target due in {year}; the latest figure is {value}.",
            target=aim(page, row),
            year=row.target_year,
            value=_latest(page, row),
        )
        if row is best:
            text += _other_kinds(page, row, kinds)
        name = page.share_name(row.indicator, row.level)
        place = f"targets.csv, {row.ids[0]}; {_from(page, row.indicator)}"
        rule = "projections.target_probabilities"
        found.append(Finding(in_ten(page, row.natural_frequency), name, text, ask, place, rule))
    return found


def _other_kinds(page: Page, row, kinds: pd.DataFrame) -> str:
    """How far the probability moves when the series is taken for another kind of indicator."""
    mine = (kinds["indicator"] == row.indicator) & (kinds["level"] == row.level)
    same = kinds[mine & kinds["target_id"].isin(row.ids)]
    chances = same[list(OTHER_KINDS)].to_numpy()
    if not chances.size:
        return ""
    low, high = (in_ten(page, natural_frequency(p)) for p in (chances.min(), chances.max()))
    if low == high:
        return ""
    return " " + page._("Taken for another kind of indicator: {low} to {high}.", low=low, high=high)


def _latest(page: Page, row) -> str:
    """The latest figure of a series as its target has it: a share of the universe where the target is one."""
    series = rules.project(page.report, row.indicator, row.level)
    value = series.points["value"].iloc[-1]
    if row.indicator in page.report.meta.universes:
        return page.quantity(100 * value / series.ceiling, "%")
    return page.quantity(value, page.unit_of(row.indicator))


def _too_fast(page: Page, paces: pd.DataFrame) -> list[Finding]:
    """The highest pace needed that is beyond what such series ever showed, if one is."""
    fast = paces[paces["pace_needed"] > paces["fastest"]]
    if fast.empty:
        return []
    row = fast.loc[fast["pace_needed"].idxmax()]
    text = page._(
        "Percentage points a year needed to reach {target}; so far {seen} a year since {first}. In the series that "
        "the method was learned from, only 1 in 100 stretches of {window} years was faster than {fastest}.",
        target=f"{page.quantity(row['target'], row['unit'])} ({row['deadline'].year})",
        seen=page.number(row["pace_seen"], 1),
        first=page.day(row["base_as_of"]),
        fastest=page.number(row["fastest"], 1),
        window=row["window"],
    )
    name, ask = page.share_name(row["indicator"], row["level"]), page._("state the additional resources.")
    place = f"targets.csv, {row['target_id']}; {_from(page, row['indicator'])}"
    return [Finding(page.number(row["pace_needed"], 1), name, text, ask, place, "projections.paces")]


def _widest(page: Page, fitted: pd.DataFrame) -> Finding:
    """The series whose 80 % interval at the end is widest beside its median."""
    end = fitted[fitted["year"] == fitted["year"].max()]
    row = next(each_row(end.loc[[((end["hi80"] - end["lo80"]) / end["p50"]).idxmax()]]))
    text = page._(
        "Median projection for {year}; the 80% interval runs from about {low} to {high}, too wide for a single target "
        "figure.",
        year=row.year,
        low=projected_text(page, row, row.lo80),
        high=projected_text(page, row, row.hi80),
    )
    name = page.series_name(row.indicator, row.level)
    middle = page._("about {value}", value=projected_text(page, row, row.p50))
    place = _from(page, row.indicator)
    return Finding(middle, name, text, page._("review it every year."), place, "projections.projections")


def _from(page: Page, indicator: str) -> str:
    """Where the figures stand that a projection was calculated from."""
    return page._("calculated from {place}", place=page.row_place(indicator))


def _by_series(rows: Iterable) -> dict[tuple[str, str], list]:
    """Rows of each indicator and level, in their order."""
    series: dict[tuple[str, str], list] = {}
    for row in rows:
        series.setdefault((row.indicator, row.level), []).append(row)
    return series


def key_table(page: Page, rows: pd.DataFrame, probabilities: pd.DataFrame) -> Fragment:
    """Series with a trend of their own or an official target: course, median, interval, chance of each target."""
    targets = _by_series(merged(probabilities))
    groups = _by_series(each_row(rows[rows["year"].notna()]))  # a definition that ends before the next year leaves none
    shown = [group for key, group in groups.items() if key in targets or group[0].basis.startswith("fitted")]
    if not shown:
        return paragraph(page._("No series has figures enough for a trend of its own."))

    def last(r):
        return r[-1]

    show = projected_cells(page, "projections.projections")

    def projected(*names):
        return lambda r: show(*names)(last(r))

    def latest(r):
        indicator, level = last(r).indicator, last(r).level
        value = rules.project(page.report, indicator, level).points["value"].iloc[-1]
        unit = page.unit_of(indicator)
        text = page.quantity(value, unit)
        return shown_value(page, last(r), value, unit, "projections.project: points", text)

    def chance(t):
        said = in_ten(page, t.natural_frequency)
        if t.p_reached_by < 1:
            return said
        met = rules.project(page.report, t.indicator, t.level).points["as_of"].iloc[-1]
        return page._("met at {date}; {chance} that it holds at the deadline", date=page.day(met), chance=said)

    def chances(r):
        own = targets.get((last(r).indicator, last(r).level), [])
        if not own:
            return page._("no official target")
        words = [f"{aim(page, t)} ({t.target_year}): {chance(t)}" for t in own]
        text = bullets(words)
        rule = "projections.target_probabilities: p_at_least"
        inputs = {t.ids[0]: target_evidence(page, t) for t in own}
        inputs |= {f"{t.ids[0]}, chance": Evidence(float(t.p_at_least), "", rule=rule) for t in own}
        return Shown(text, Evidence(None, "", rule=rule, inputs=inputs))

    year = last(shown[0]).year
    return table(
        page,
        shown,
        [
            Column(page._("Indicator"), lambda r: page.series_name(last(r).indicator, last(r).level)),
            Column(page._("Course and 80% band"), lambda r: _course(page, r)),
            Column(page._("Unit"), lambda r: page.unit_name(page.unit_of(last(r).indicator))),
            Column(page._("Latest figure"), latest, True),
            Column(page._("Median {year}", year=year), projected("p50"), True),
            Column(page._("80% interval {year}", year=year), projected("lo80", "hi80"), True),
            Column(page._("Official targets and their probability"), chances),
            Column(
                page._("Rests on"),
                lambda r: (
                    page._("own trend") if last(r).basis.startswith("fitted") else page._("base rate of its kind")
                ),
            ),
        ],
        caption=page._("What can be said of the coming years"),
        origin=lambda r: calculated_from(page, last(r).indicator, "projections"),
        note=" ".join([page._("Projected values are rounded."), *_based(page, targets)]),
        fold=False,
    )


def _based(page: Page, targets) -> list[str]:
    """Names of the indicators that targets tell as shares, with what they are shares of."""
    shares = dict.fromkeys(indicator for indicator, _level in targets if indicator in page.report.meta.universes)
    return [f"{page.share_name(indicator, '')}." for indicator in shares]


def _course(page: Page, rows: list):
    """History and 80 % band as a small picture."""
    end, unit = rows[-1], page.unit_of(rows[-1].indicator)
    points = rules.project(page.report, end.indicator, end.level).points
    history = list(zip(points["time"], points["value"], strict=True))
    band = [(history[-1][0], history[-1][1], history[-1][1])]
    band += [(row.year + 1.0, row.lo80, row.hi80) for row in rows]
    alt = page._(
        "Course of {name} up to {last}, then an 80% band that widens to {low} – {high} in {year}",
        name=page.series_name(end.indicator, end.level),
        last=value_text(page, history[-1][1], unit),
        low=projected_text(page, end, end.lo80),
        high=projected_text(page, end, end.hi80),
        year=end.year,
    )
    return course([history], alt, band=band)


def _fan_data(page: Page, rows: list, caption: str) -> Fragment:
    """Median and intervals of one series, year by year, and what they rest on."""
    unit = page.unit_of(rows[0].indicator)

    show = projected_cells(page, "projections.projections")
    return table(
        page,
        rows,
        [
            field_column(page, "projections", "year"),
            field_column(page, "projections", "p50", show("p50")),
            Column(page._("50% interval"), show("lo50", "hi50"), True),
            Column(page._("80% interval"), show("lo80", "hi80"), True),
            Column(page._("95% interval"), show("lo95", "hi95"), True),
        ],
        caption=f"{caption} ({page.unit_name(unit)})",
        stack=False,
        origin=lambda r: calculated_from(page, r.indicator, "projections"),
        note=page._("Status: forecast (F). Rests on: {basis}.", basis=sentence(page, rows[-1].basis, rules.BASES)),
        fold=False,
    )


def fan_charts(page: Page, rows: pd.DataFrame) -> Fragment:
    """One fan chart for every series with a trend of its own."""
    fitted = rows[rows["basis"].str.startswith("fitted") & rows["year"].notna()]
    if fitted.empty:
        return paragraph(page._("No series has figures enough for a trend of its own."))
    targets = list(each_row(open_targets(page.report)))
    legend = page._(
        "Points: figures reported; line: median; bands from dark to light: 50, 80 and 95% intervals. Diamond: "
        "official target; orange line: path needed. Dotted line: the definition changes; the dashed median beyond it "
        "rests on an assumption."
    )
    return join(
        tag("p", legend, class_="note"),
        gallery(*(fan_chart(page, group, targets) for group in _by_series(each_row(fitted)).values())),
    )


def fan_chart(page: Page, rows: list, targets: list) -> Fragment:
    """History, median with the 50, 80 and 95 % intervals, official targets and the straight path through them.

    `rows` are those of one series in `projections.projections`, `targets` those of `projections.open_targets`.
    """
    indicator, level, end = rows[0].indicator, rows[0].level, rows[-1]
    horizon = int(end.year)
    series = rules.project(page.report, indicator, level, horizon)
    name, unit = page.series_name(indicator, level), page.unit_of(indicator)
    times, values = series.points["time"].to_numpy(), series.points["value"].to_numpy()
    mine = [row for row in targets if (row.indicator, row.level) == (indicator, level) and row.deadline.year <= horizon]
    chain = target_chain(mine, times[-1], values[-1])
    ahead = np.array([times[-1], *(row.year + 1.0 for row in rows)])
    change = min((year + 1 for year, _code in series.changes), default=np.inf)
    last, high80 = values[-1], max(row.hi80 for row in rows)
    top = max(*(row.hi95 for row in rows), *(row.own for row in mine), *values)
    cropped = top > 2 * high80
    with chart_axes(3.2) as (fig, axes):
        for share in ("95", "80", "50"):
            low, high = ([last, *(getattr(row, f"{side}{share}") for row in rows)] for side in ("lo", "hi"))
            axes.fill_between(ahead, low, high, fc=BANDS[share], ec=EDGE, lw=0.7)
        median = np.array([last, *(row.p50 for row in rows)])
        before = ahead <= change
        axes.plot(ahead[before], median[before], color=INK, lw=2)
        axes.plot(
            ahead[~before | (ahead == change)], median[~before | (ahead == change)], color=INK, lw=2, ls=(0, (3, 2))
        )
        if np.isfinite(change) and change < ahead[-1]:
            axes.axvline(change, color=MUTED, lw=1, ls=(0, (1, 2)))
        axes.plot(times, values, "o-", color=INK, lw=1.5, ms=5)
        if chain:
            path = [(times[-1], last), *((row.due, row.own) for row in chain)]
            axes.plot(*zip(*path, strict=True), color=TARGET, lw=1.5, ls=(0, (5, 1)))
        axes.plot([row.due for row in mine], [row.own for row in mine], "D", color=TARGET, ms=6, ls="none")
        axes.annotate(
            projected_text(page, end, end.p50),
            (ahead[-1], end.p50),
            textcoords="offset points",
            xytext=(5, 0),
            va="center",
            color=INK,
            fontweight="bold",
        )
        axes.set_ylim(0, 1.08 * (high80 if cropped else top))
        axes.set_xlim(times[0] - 0.4, ahead[-1] + 2.2)
        ticks = range(2016, int(ahead[-1]) + 1, 5)
        axes.set_xticks(list(ticks), [str(tick - 1) for tick in ticks])
        number_axis(page, axes.yaxis, unit)
        svg = svg_of(fig)
    low, high = (projected_text(page, end, value) for value in (end.lo80, end.hi80))
    said = [f"{page.unit_name(unit)}, {int(times[0]) - 1}–{horizon}"]
    if not mine:
        said.append(page._("no official target in this unit"))
    if cropped:
        said.append(page._("the 95% band leaves the picture; its limits stand in the data"))
    return figure(
        page,
        svg,
        title=page._(
            "{name}: about {low} to {high} in {year} (80% interval)",
            name=name,
            low=low,
            high=high,
            year=horizon,
        ),
        subtitle="; ".join(said),
        source=chart_source(page, indicator),
        alt=page._(
            "Fan chart of {name} where the latest figure is {last} and the median in {year} is "
            "about {median}, with an 80% interval from {low} to {high}; official targets in the picture: {targets}.",
            name=name,
            last=value_text(page, last, unit),
            median=projected_text(page, end, end.p50),
            year=str(horizon),
            low=low,
            high=high,
            targets=", ".join(dict.fromkeys(f"{value_text(page, row.own, unit)} ({row.deadline.year})" for row in mine))
            or page._("none"),
        ),
        data=_fan_data(page, rows, name),
    )


def separate_levels(page: Page, rows: pd.DataFrame) -> Fragment:
    """A warning where the projections of single levels add up to more than there is."""
    end = {(row.indicator, row.level): row for row in each_row(rows[rows["year"] == rows["year"].max()])}
    items = []
    for (indicator, level), row in end.items():
        if "+" not in level:
            continue
        parts = [(indicator, part) for part in level.split("+")]
        series = rules.project(page.report, indicator, level)
        if series.ceiling is None or not all(part in end for part in parts):
            continue
        total = sum(end[part].p50 for part in parts)
        if total <= series.ceiling:
            continue
        unit = page.unit_of(indicator)
        items.append(
            page._(
                "Do not add the projections of single levels: their medians for {year} add up to about {total}, more "
                "than the {universe} there are. For the total use {name}, whose median is about {together}. A service "
                "that moves up leaves the lower level.",
                year=row.year,
                total=rounded_text(page, total, unit, None),
                together=rounded_text(page, row.p50, unit, series.ceiling),
                universe=page.number(series.ceiling, 0),
                name=page.series_name(indicator, level),
            )
        )
    return Fragment(tag("div", *(tag("p", item, class_="note") for item in items)))


def plateau(page: Page) -> Fragment:
    """The warning that shares slow down, as it was measured."""
    return Fragment(
        tag(
            "p",
            page._(
                "Plateau: in the series that the method was learned from, rising shares kept a median of "
                "35 to 42% of their past pace, and one in five ended below where it stood. An S-curve up "
                "to 100% is a wish, not a projection; none is drawn here. The orange line shows what a "
                "target needs, not what is expected."
            ),
            class_="note",
        )
    )
