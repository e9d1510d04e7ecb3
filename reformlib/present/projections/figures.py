"""The projections in the reader's language: title, findings, fan charts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import day, number, quantity, translator
from reformlib.present.chart import BAND, INK, MUTED, TARGET, chart_axes, figure, gallery, number_axis, svg_of
from reformlib.present.chart import source as chart_source
from reformlib.present.gaps.target import share_name
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import Finding, summary, title
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
    unit_of,
    value_text,
)
from reformlib.present.spark import course
from reformlib.present.table import Column, row_place, series_name, table, unit_name
from reformlib.project import series as rules
from reformlib.project.chances import OTHER_KINDS, natural_frequency, open_targets
from reformlib.project.plan import target_chain

BANDS = {**BAND, "50": "#5a94cc"}
EDGE = "#3f7fb8"  # where a band ends tells more than how dark it is


def heading(report: Report, horizon: int, language: str) -> Fragment:
    """Title of the projections."""
    _ = translator(language)
    first = report.meta.period_end + 1
    return title(report, _("Administrative reform {first}–{last}: projections", first=first, last=horizon), language)


def overview(
    report: Report,
    rows: pd.DataFrame,
    probabilities: pd.DataFrame,
    paces: pd.DataFrame,
    kinds: pd.DataFrame,
    language: str,
) -> Fragment:
    """Verdict and findings: the chances, the widest gap in pace, the spread, what cannot be projected."""
    _ = translator(language)
    fitted = rows[rows["basis"].str.startswith("fitted")]
    targets = merged(probabilities)
    end = report.meta.period_end
    likely, early = ([t for t in targets if holds(t)] for holds in (_likely, lambda t: t.target_year <= end))
    verdict = (
        _(
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
        else _("No official target can be projected from this report.")
    )
    own = [target for target in targets if target.basis.startswith("fitted")]
    found = _likeliest(report, own, kinds, language)
    unlikely = {code for target in own if target.p_at_least < 0.2 for code in target.ids}
    found += _too_fast(report, paces[paces["target_id"].isin(unlikely)], language)
    if len(fitted):
        found.append(_widest(report, fitted, language))
    series, alone = (set(zip(frame["indicator"], frame["level"], strict=True)) for frame in (rows, fitted))
    sums = sum("+" in level for _indicator, level in series)
    text = _(
        "Of {form} series of the form, and sums of levels: {sums}. The others have fewer than three different values, "
        "stand at the ceiling, have too few comparable figures or none, or cannot be used as the checks find them.",
        form=len(series) - sums,
        sums=sums,
    )
    about = _("Series with a trend of their own")
    ask = _("define the others and count them anew.")
    counted = f"{len(alone)}/{len(series)}"
    found.append(Finding(counted, about, text, ask, _("counted below"), "projections.projections"))
    return summary(verdict, found, language, "projections.target_probabilities")


def _likely(target) -> bool:
    return bool(target.p_at_least > 0.5)


def _likeliest(report: Report, own: list, kinds: pd.DataFrame, language: str) -> list[Finding]:
    """The likeliest and the least likely target of series with a trend of their own."""
    _ = translator(language)
    if not own:
        return []
    best = max(own, key=lambda target: target.p_at_least)
    worst = min(own, key=lambda target: target.p_at_least)
    asks = [_("keep up the pace, and count at the deadline."), _("say what would change the pace, or plan for less.")]
    found = []
    for row, ask in zip([best] if best is worst else [best, worst], asks, strict=False):
        text = _(
            "Probability of meeting the {target} target due in {year}; the latest figure is {value}.",
            target=aim(report, row, language),
            year=row.target_year,
            value=_latest(report, row, language),
        )
        if row is best:
            text += _other_kinds(row, kinds, language)
        name = share_name(report, row.indicator, row.level, language)
        place = f"targets.csv, {row.ids[0]}; {_from(report, row.indicator, language)}"
        rule = "projections.target_probabilities"
        found.append(Finding(in_ten(row.natural_frequency, language), name, text, ask, place, rule))
    return found


def _other_kinds(row, kinds: pd.DataFrame, language: str) -> str:
    """How far the probability moves when the series is taken for another kind of indicator."""
    mine = (kinds["indicator"] == row.indicator) & (kinds["level"] == row.level)
    same = kinds[mine & kinds["target_id"].isin(row.ids)]
    chances = same[list(OTHER_KINDS)].to_numpy()
    if not chances.size:
        return ""
    low, high = (in_ten(natural_frequency(p), language) for p in (chances.min(), chances.max()))
    if low == high:
        return ""
    return " " + translator(language)("Taken for another kind of indicator: {low} to {high}.", low=low, high=high)


def _latest(report: Report, row, language: str) -> str:
    """The latest figure of a series as its target has it: a share of the universe where the target is one."""
    series = rules.project(report, row.indicator, row.level)
    value = series.points["value"].iloc[-1]
    if row.indicator in report.meta.universes:
        return quantity(100 * value / series.ceiling, "%", language)
    return quantity(value, unit_of(report, row.indicator), language)


def _too_fast(report: Report, paces: pd.DataFrame, language: str) -> list[Finding]:
    """The highest pace needed that is beyond what such series ever showed, if one is."""
    _ = translator(language)
    fast = paces[paces["pace_needed"] > paces["fastest"]]
    if fast.empty:
        return []
    row = fast.loc[fast["pace_needed"].idxmax()]
    text = _(
        "Percentage points a year needed to reach {target}; so far {seen} a year since {first}. In the series that "
        "the method was learned from, only 1 in 100 stretches of {window} years was faster than {fastest}.",
        target=f"{quantity(row['target'], row['unit'], language)} ({row['deadline'].year})",
        seen=number(row["pace_seen"], language, 1),
        first=day(row["base_as_of"], language),
        fastest=number(row["fastest"], language, 1),
        window=row["window"],
    )
    name, ask = share_name(report, row["indicator"], row["level"], language), _("state the additional resources.")
    place = f"targets.csv, {row['target_id']}; {_from(report, row['indicator'], language)}"
    return [Finding(number(row["pace_needed"], language, 1), name, text, ask, place, "projections.paces")]


def _widest(report: Report, fitted: pd.DataFrame, language: str) -> Finding:
    """The series whose 80 % interval at the end is widest beside its median."""
    _ = translator(language)
    end = fitted[fitted["year"] == fitted["year"].max()]
    row = next(each_row(end.loc[[((end["hi80"] - end["lo80"]) / end["p50"]).idxmax()]]))
    text = _(
        "Median projection for {year}; the 80% interval runs from about {low} to {high}, too wide for a single target "
        "figure.",
        year=row.year,
        low=projected_text(report, row, row.lo80, language),
        high=projected_text(report, row, row.hi80, language),
    )
    name = series_name(report, row.indicator, row.level, language)
    middle = _("about {value}", value=projected_text(report, row, row.p50, language))
    place = _from(report, row.indicator, language)
    return Finding(middle, name, text, _("review it every year."), place, "projections.projections")


def _from(report: Report, indicator: str, language: str) -> str:
    """Where the figures stand that a projection was calculated from."""
    return translator(language)("calculated from {place}", place=row_place(report, indicator, language))


def _by_series(rows: Iterable) -> dict[tuple[str, str], list]:
    """Rows of each indicator and level, in their order."""
    series: dict[tuple[str, str], list] = {}
    for row in rows:
        series.setdefault((row.indicator, row.level), []).append(row)
    return series


def key_table(report: Report, rows: pd.DataFrame, probabilities: pd.DataFrame, language: str) -> Fragment:
    """Series with a trend of their own or an official target: course, median, interval, chance of each target."""
    _ = translator(language)
    targets = _by_series(merged(probabilities))
    groups = _by_series(each_row(rows[rows["year"].notna()]))  # a definition that ends before the next year leaves none
    shown = [group for key, group in groups.items() if key in targets or group[0].basis.startswith("fitted")]
    if not shown:
        return Fragment(tag("p", _("No series has figures enough for a trend of its own.")))

    def last(r):
        return r[-1]

    show = projected_cells(report, "projections.projections", language)

    def projected(*names):
        return lambda r: show(*names)(last(r))

    def latest(r):
        indicator, level = last(r).indicator, last(r).level
        value = rules.project(report, indicator, level).points["value"].iloc[-1]
        unit = unit_of(report, indicator)
        text = quantity(value, unit, language)
        return shown_value(report, last(r), value, unit, "projections.project: points", language, text)

    def chance(t):
        said = in_ten(t.natural_frequency, language)
        if t.p_reached_by < 1:
            return said
        met = rules.project(report, t.indicator, t.level).points["as_of"].iloc[-1]
        return _("met at {date}; {chance} that it holds at the deadline", date=day(met, language), chance=said)

    def chances(r):
        own = targets.get((last(r).indicator, last(r).level), [])
        if not own:
            return _("no official target")
        words = [f"{aim(report, t, language)} ({t.target_year}): {chance(t)}" for t in own]
        text = tag("ul", *(tag("li", word) for word in words))
        rule = "projections.target_probabilities: p_at_least"
        inputs = {t.ids[0]: target_evidence(report, t) for t in own}
        inputs |= {f"{t.ids[0]}, chance": Evidence(float(t.p_at_least), "", rule=rule) for t in own}
        return Shown(text, Evidence(None, "", rule=rule, inputs=inputs))

    year = last(shown[0]).year
    return table(
        shown,
        [
            Column(_("Indicator"), lambda r: series_name(report, last(r).indicator, last(r).level, language)),
            Column(_("Course and 80% band"), lambda r: _course(report, r, language)),
            Column(_("Unit"), lambda r: unit_name(report, unit_of(report, last(r).indicator), language)),
            Column(_("Latest figure"), latest, True),
            Column(_("Median {year}", year=year), projected("p50"), True),
            Column(_("80% interval {year}", year=year), projected("lo80", "hi80"), True),
            Column(_("Official targets and their probability"), chances),
            Column(
                _("Rests on"),
                lambda r: _("own trend") if last(r).basis.startswith("fitted") else _("base rate of its kind"),
            ),
        ],
        caption=_("What can be said of the coming years"),
        origin=lambda r: calculated_from(report, last(r).indicator, "projections", language),
        note=" ".join([_("Projected values are rounded."), *_based(report, targets, language)]),
    )


def _based(report: Report, targets, language: str) -> list[str]:
    """Names of the indicators that targets tell as shares, with what they are shares of."""
    shares = dict.fromkeys(indicator for indicator, _level in targets if indicator in report.meta.universes)
    return [f"{share_name(report, indicator, '', language)}." for indicator in shares]


def _course(report: Report, rows: list, language: str):
    """History and 80 % band as a small picture."""
    _ = translator(language)
    end, unit = rows[-1], unit_of(report, rows[-1].indicator)
    points = rules.project(report, end.indicator, end.level).points
    history = list(zip(points["time"], points["value"], strict=True))
    band = [(history[-1][0], history[-1][1], history[-1][1])]
    band += [(row.year + 1.0, row.lo80, row.hi80) for row in rows]
    alt = _(
        "Course of {name} up to {last}, then an 80% band that widens to {low} – {high} in {year}",
        name=series_name(report, end.indicator, end.level, language),
        last=value_text(history[-1][1], unit, language),
        low=projected_text(report, end, end.lo80, language),
        high=projected_text(report, end, end.hi80, language),
        year=end.year,
    )
    return course([history], alt, band=band)


def _fan_data(report: Report, rows: list, caption: str, language: str) -> Fragment:
    """Median and intervals of one series, year by year, and what they rest on."""
    _ = translator(language)
    unit = unit_of(report, rows[0].indicator)

    show = projected_cells(report, "projections.projections", language)
    return table(
        rows,
        [
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Median"), show("p50"), True),
            Column(_("50% interval"), show("lo50", "hi50"), True),
            Column(_("80% interval"), show("lo80", "hi80"), True),
            Column(_("95% interval"), show("lo95", "hi95"), True),
        ],
        caption=f"{caption} ({unit_name(report, unit, language)})",
        stack=False,
        origin=lambda r: calculated_from(report, r.indicator, "projections", language),
        note=_("Status: forecast (F). Rests on: {basis}.", basis=sentence(rows[-1].basis, rules.BASES, language)),
    )


def fan_charts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """One fan chart for every series with a trend of its own."""
    fitted = rows[rows["basis"].str.startswith("fitted") & rows["year"].notna()]
    _ = translator(language)
    if fitted.empty:
        return Fragment(tag("p", _("No series has figures enough for a trend of its own.")))
    targets = list(each_row(open_targets(report)))
    legend = _(
        "Points: figures reported; line: median; bands from dark to light: 50, 80 and 95% intervals. Diamond: "
        "official target; orange line: path needed. Dotted line: the definition changes; the dashed median beyond it "
        "rests on an assumption."
    )
    return join(
        tag("p", legend, class_="note"),
        gallery(*(fan_chart(report, group, targets, language) for group in _by_series(each_row(fitted)).values())),
    )


def fan_chart(report: Report, rows: list, targets: list, language: str) -> Fragment:
    """History, median with the 50, 80 and 95 % intervals, official targets and the straight path through them.

    `rows` are those of one series in `projections.projections`, `targets` those of `projections.open_targets`.
    """
    _ = translator(language)
    indicator, level, end = rows[0].indicator, rows[0].level, rows[-1]
    horizon = int(end.year)
    series = rules.project(report, indicator, level, horizon)
    name, unit = series_name(report, indicator, level, language), unit_of(report, indicator)
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
            projected_text(report, end, end.p50, language),
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
        number_axis(axes, unit, language)
        svg = svg_of(fig)
    low, high = (projected_text(report, end, value, language) for value in (end.lo80, end.hi80))
    said = [f"{unit_name(report, unit, language)}, {int(times[0]) - 1}–{horizon}"]
    if not mine:
        said.append(_("no official target in this unit"))
    if cropped:
        said.append(_("the 95% band leaves the picture; its limits stand in the data"))
    return figure(
        svg,
        title=_(
            "{name}: about {low} to {high} in {year} (80% interval)",
            name=name,
            low=low,
            high=high,
            year=horizon,
        ),
        subtitle="; ".join(said),
        source=chart_source(report, language, indicator),
        alt=_(
            "Fan chart of {name} where the latest figure is {last} and the median in {year} is "
            "about {median}, with an 80% interval from {low} to {high}; official targets in the picture: {targets}.",
            name=name,
            last=value_text(last, unit, language),
            median=projected_text(report, end, end.p50, language),
            year=str(horizon),
            low=low,
            high=high,
            targets=", ".join(
                dict.fromkeys(f"{value_text(row.own, unit, language)} ({row.deadline.year})" for row in mine)
            )
            or _("none"),
        ),
        data=_fan_data(report, rows, name, language),
        language=language,
    )


def separate_levels(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """A warning where the projections of single levels add up to more than there is."""
    _ = translator(language)
    end = {(row.indicator, row.level): row for row in each_row(rows[rows["year"] == rows["year"].max()])}
    items = []
    for (indicator, level), row in end.items():
        if "+" not in level:
            continue
        parts = [(indicator, part) for part in level.split("+")]
        series = rules.project(report, indicator, level)
        if series.ceiling is None or not all(part in end for part in parts):
            continue
        total = sum(end[part].p50 for part in parts)
        if total <= series.ceiling:
            continue
        unit = unit_of(report, indicator)
        items.append(
            _(
                "Do not add the projections of single levels: their medians for {year} add up to about {total}, more "
                "than the {universe} there are. For the total use {name}, whose median is about {together}. A service "
                "that moves up leaves the lower level.",
                year=row.year,
                total=rounded_text(total, unit, None, language),
                together=rounded_text(row.p50, unit, series.ceiling, language),
                universe=number(series.ceiling, language, 0),
                name=series_name(report, indicator, level, language),
            )
        )
    return Fragment(tag("div", *(tag("p", item, class_="note") for item in items)))


def plateau(language: str) -> Fragment:
    """The warning that shares slow down, as it was measured."""
    _ = translator(language)
    return Fragment(
        tag(
            "p",
            _(
                "Plateau: in the series that the method was learned from, rising shares kept a median of "
                "35 to 42% of their past pace, and one in five ended below where it stood. An S-curve up "
                "to 100% is a wish, not a projection; none is drawn here. The orange line shows what a "
                "target needs, not what is expected."
            ),
            class_="note",
        )
    )
