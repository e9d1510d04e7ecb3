"""The projections in the reader's language: summary, fan charts, chances of the targets, milestones, tasks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reformlib import projections as rules
from reformlib.evidence import Evidence, observed
from reformlib.gaps import CAVEATS
from reformlib.load import Report
from reformlib.locale import day, number, quantity, translator
from reformlib.memo import once_a_report
from reformlib.present.chart import BAND, INK, MUTED, TARGET, chart_axes, figure, gallery, number_axis, svg_of
from reformlib.present.chart import source as chart_source
from reformlib.present.gap import instrument
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import Finding, summary, title
from reformlib.present.spark import course
from reformlib.present.table import Column, folded, row_place, series_name, status, table, unit_name
from reformlib.projection.model import MEASURED, load_prior

BANDS = {**BAND, "50": "#5a94cc"}


def heading(report: Report, horizon: int, language: str) -> Fragment:
    """Title of the projections."""
    _ = translator(language)
    first = report.meta.period_end + 1
    return title(report, _("Administrative reform {first}–{last}: projections", first=first, last=horizon), language)


# ------------------------------------------------------------------------------------------ shared pieces


def _unit(report: Report, indicator: str) -> str:
    return report.catalogue.indicators.set_index("indicator").at[indicator, "unit"]


def _value(value: float, unit: str, language: str) -> str:
    """A projected value: shares to one decimal, counts whole."""
    return quantity(value, unit, language, 1 if unit == "%" else 0)


def _words(codes: str, texts: dict[str, str], language: str) -> str:
    _ = translator(language)
    said = "; ".join(_(texts[code]) for code in codes.split(";") if code)
    return said[:1].upper() + said[1:]


@once_a_report
def _inputs(report: Report, indicator: str, level: str) -> dict[str, Evidence]:
    """The points that a projection starts from."""
    used = set(rules.project(report, indicator, level).points["as_of"])
    points = report.observations[
        (report.observations["indicator"] == indicator)
        & report.observations["level"].isin(level.split("+"))
        & report.observations["as_of"].isin(used)
    ]
    return {
        f"y{point.as_of:%Y%m%d}{f'_level_{point.level}' if point.level else ''}": observed(point, report.assumptions)
        for point in points.itertuples(index=False)
    }


def _place(report: Report, indicator: str, rule: str, language: str) -> str:
    """Reference of a calculated number: the calculation, and the row of the form it starts from."""
    _ = translator(language)
    place = row_place(report, indicator, language)
    return _("calculated: {rule} from {place}", rule=f"projections.{rule}", place=place)


def _target(row) -> Evidence:
    return Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id}")


def _chance(code: str, language: str) -> str:
    _ = translator(language)
    return _(rules.FREQUENCIES[code])


def _shown(report: Report, row, value: float, unit: str, rule: str, language: str, text: str | None = None) -> Shown:
    inputs = _inputs(report, row.indicator, row.level)
    return Shown(text or _value(value, unit, language), Evidence(float(value), unit, rule=rule, inputs=inputs))


def _name(report: Report, language: str):
    return lambda row: series_name(report, row.indicator, row.level, language)


def merged(probabilities: pd.DataFrame) -> list:
    """Targets of one series, value and deadline as one row, their codes and instruments joined."""
    keys = ["indicator", "level", "target_year", "target"]
    rows = []
    for _, same in probabilities.groupby(keys, sort=False):
        first = same.iloc[0].copy()
        first["ids"], first["instruments"] = tuple(same["target_id"]), tuple(same["instrument"])
        codes = dict.fromkeys(code for cell in same["caveat"] for code in cell.split(";") if code)
        first["caveat"] = ";".join(codes)
        rows.append(first)
    return list(pd.DataFrame(rows).itertuples(index=False)) if rows else []


# ------------------------------------------------------------------------------------------ summary


def overview(
    report: Report, rows: pd.DataFrame, probabilities: pd.DataFrame, paces: pd.DataFrame, language: str
) -> Fragment:
    """Verdict and findings: the chances, the widest gap in pace, the spread, what cannot be projected."""
    _ = translator(language)
    fitted = rows[rows["basis"].str.startswith("fitted")]
    targets = merged(probabilities)
    likely = [target for target in targets if target.p_at_least >= 0.5]
    verdict = (
        _(
            "If things go on as such series usually do, {likely} of {n} different targets for which a chance can be "
            "given are at least as likely as not to be met at their deadline.",
            likely=len(likely),
            n=len(targets),
        )
        if targets
        else _("No official target can be projected from this report.")
    )
    own = [target for target in targets if target.basis.startswith("fitted")]
    found = _likeliest(report, own, language)
    unlikely = {code for target in own if target.p_at_least < 0.2 for code in target.ids}
    found += _too_fast(report, paces[paces["target_id"].isin(unlikely)], language)
    if len(fitted):
        found.append(_widest(report, fitted, language))
    series, alone = (len(frame[["indicator", "level"]].drop_duplicates()) for frame in (rows, fitted))
    text = _(
        "The others have fewer than three different values, stand at the ceiling, have too few comparable figures, or "
        "none."
    )
    about = _("Series with a trend of their own")
    found.append(Finding(f"{alone}/{series}", about, text, _("define the others and count them anew.")))
    return summary(verdict, found, language)


def _likeliest(report: Report, own: list, language: str) -> list[Finding]:
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
            "Chance of {target} at the end of {year}; the latest figure is {value}.",
            target=_aim(report, row, language),
            year=row.target_year,
            value=_latest(report, row, language),
        )
        name = series_name(report, row.indicator, row.level, language)
        found.append(Finding(_chance(row.natural_frequency, language), name, text, ask))
    return found


def _latest(report: Report, row, language: str) -> str:
    """The latest figure of a series as its target has it: a share of the universe where the target is one."""
    series = rules.project(report, row.indicator, row.level)
    value = series.points["value"].iloc[-1]
    if row.indicator in report.meta.universes:
        return quantity(100 * value / series.ceiling, "%", language)
    return quantity(value, _unit(report, row.indicator), language)


def _too_fast(report: Report, paces: pd.DataFrame, language: str) -> list[Finding]:
    """The highest pace needed that is beyond what such series ever showed, if one is."""
    _ = translator(language)
    fast = paces[paces["pace_needed"] > paces["fastest"]]
    if fast.empty:
        return []
    row = fast.loc[fast["pace_needed"].idxmax()]
    text = _(
        "Points a year needed for {target}; {seen} were seen, and in the series that the method was learned from, only "
        "one stretch of {window} years in a hundred was faster than {fastest}.",
        target=f"{quantity(row['target'], row['unit'], language)} ({row['deadline'].year})",
        seen=number(row["pace_seen"], language, 1),
        fastest=number(row["fastest"], language, 1),
        window=row["window"],
    )
    name = series_name(report, row["indicator"], row["level"], language)
    return [Finding(number(row["pace_needed"], language, 1), name, text, _("name the extra means."))]


def _widest(report: Report, fitted: pd.DataFrame, language: str) -> Finding:
    """The series whose 80 % interval at the end is widest beside its median."""
    _ = translator(language)
    end = fitted[fitted["year"] == fitted["year"].max()]
    row = next(end.loc[[((end["hi80"] - end["lo80"]) / end["p50"]).idxmax()]].itertuples(index=False))
    unit = _unit(report, row.indicator)
    text = _(
        "Median of {year}; at least 8 of 10 futures lie between {low} and {high}, too wide a band for a fixed figure.",
        year=row.year,
        low=_value(row.lo80, unit, language),
        high=_value(row.hi80, unit, language),
    )
    name = series_name(report, row.indicator, row.level, language)
    return Finding(_value(row.p50, unit, language), name, text, _("review it every year."))


def key_table(report: Report, rows: pd.DataFrame, probabilities: pd.DataFrame, language: str) -> Fragment:
    """Series with a trend of their own or an official target: course, median, interval, chance of each target."""
    _ = translator(language)
    targets: dict[tuple[str, str], list] = {}
    for target in merged(probabilities):
        targets.setdefault((target.indicator, target.level), []).append(target)
    shown = [
        group
        for key, group in rows.groupby(["indicator", "level"], sort=False)
        if key in targets or group["basis"].iloc[0].startswith("fitted")
    ]
    if not shown:
        return Fragment(tag("p", _("No series has figures enough for a trend of its own.")))

    def last(r):
        return r.iloc[-1]

    def projected(*names):
        def cell(r):
            end, unit = last(r), _unit(report, last(r).indicator)
            text = " – ".join(_value(end[name], unit, language) for name in names)
            rule = f"projections.projections: {' – '.join(names)}"
            return _shown(report, end, end[names[0]], unit, rule, language, text)

        return cell

    def latest(r):
        indicator, level = last(r).indicator, last(r).level
        value = rules.project(report, indicator, level).points["value"].iloc[-1]
        unit = _unit(report, indicator)
        text = quantity(value, unit, language)
        return _shown(report, last(r), value, unit, "projections.project: points", language, text)

    def chances(r):
        own = targets.get((last(r).indicator, last(r).level), [])
        if not own:
            return _("no official target")
        words = [
            f"{_aim(report, t, language)} ({t.target_year}): {_chance(t.natural_frequency, language)}" for t in own
        ]
        text = tag("ul", *(tag("li", word) for word in words))
        inputs = {t.ids[0]: _at(report, t) for t in own}
        return Shown(text, Evidence(None, "", rule="projections.target_probabilities: p_at_least", inputs=inputs))

    year = last(shown[0]).year
    return table(
        shown,
        [
            Column(_("Indicator"), lambda r: series_name(report, last(r).indicator, last(r).level, language)),
            Column(_("Course and 80% band"), lambda r: _course(report, r, language)),
            Column(_("Unit"), lambda r: unit_name(report, _unit(report, last(r).indicator), language)),
            Column(_("Latest figure"), latest, True),
            Column(_("Median {year}", year=year), projected("p50"), True),
            Column(_("80% interval {year}", year=year), projected("lo80", "hi80"), True),
            Column(_("Official targets and their chance"), chances),
            Column(
                _("Rests on"),
                lambda r: _("own trend") if last(r).basis.startswith("fitted") else _("base rate of its kind"),
            ),
        ],
        caption=_("What can be said of the coming years"),
        origin=lambda r: _place(report, last(r).indicator, "projections", language),
    )


def _course(report: Report, rows: pd.DataFrame, language: str):
    """History and 80 % band as a small picture."""
    _ = translator(language)
    end, unit = rows.iloc[-1], _unit(report, rows.iloc[-1].indicator)
    points = rules.project(report, end.indicator, end.level).points
    history = list(zip(points["time"], points["value"], strict=True))
    band = [(history[-1][0], history[-1][1], history[-1][1])]
    band += [(row.year + 1.0, row.lo80, row.hi80) for row in rows.itertuples(index=False)]
    alt = _(
        "Course of {name} up to {last}, then an 80% band that widens to {low} – {high} in {year}",
        name=series_name(report, end.indicator, end.level, language),
        last=_value(history[-1][1], unit, language),
        low=_value(end.lo80, unit, language),
        high=_value(end.hi80, unit, language),
        year=end.year,
    )
    return course([history], alt, band=band)


def _aim(report: Report, row, language: str) -> str:
    """A target as its instrument has it: percent for shares, also where the indicator counts."""
    if row.indicator in report.meta.universes:
        return quantity(row.target, "%", language)
    return quantity(row.target, _unit(report, row.indicator), language)


# ------------------------------------------------------------------------------------------ fan charts


def _fan_data(report: Report, rows: pd.DataFrame, caption: str, language: str) -> Fragment:
    """Median and intervals of one series, year by year, and what they rest on."""
    _ = translator(language)
    unit = _unit(report, rows["indicator"].iloc[0])

    def show(*names):
        def cell(r):
            text = " – ".join(_value(getattr(r, name), unit, language) for name in names)
            rule = f"projections.projections: {' – '.join(names)}"
            return _shown(report, r, getattr(r, names[0]), unit, rule, language, text)

        return cell

    return table(
        rows.itertuples(index=False),
        [
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Median"), show("p50"), True),
            Column(_("50% interval"), show("lo50", "hi50"), True),
            Column(_("80% interval"), show("lo80", "hi80"), True),
            Column(_("95% interval"), show("lo95", "hi95"), True),
        ],
        caption=f"{caption} ({unit_name(report, unit, language)})",
        origin=lambda r: _place(report, r.indicator, "projections", language),
        note=_("Status: forecast (F). Rests on: {basis}.", basis=_words(rows["basis"].iloc[-1], rules.BASES, language)),
    )


def fan_charts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """One fan chart for every series with a trend of its own."""
    fitted = rows[rows["basis"].str.startswith("fitted")]
    _ = translator(language)
    if fitted.empty:
        return Fragment(tag("p", _("No series has figures enough for a trend of its own.")))
    targets = rules.open_targets(report)
    groups = fitted.groupby(["indicator", "level"], sort=False)
    legend = _(
        "Points: figures reported; line: median; bands from dark to light: 50, 80 and 95% of the futures. Diamond: "
        "official target; orange line: path needed. Dotted line: the definition changes; the dashed median beyond it "
        "rests on an assumption."
    )
    return join(
        tag("p", legend, class_="note"),
        gallery(*(fan_chart(report, group, targets, language) for _key, group in groups)),
    )


def fan_chart(report: Report, rows: pd.DataFrame, targets: pd.DataFrame, language: str) -> Fragment:
    """History, median with the 50, 80 and 95 % intervals, official targets and the straight path through them."""
    _ = translator(language)
    indicator, level = rows[["indicator", "level"]].iloc[0]
    horizon = int(rows["year"].iloc[-1])
    series = rules.project(report, indicator, level, horizon)
    name, unit = series_name(report, indicator, level, language), _unit(report, indicator)
    times, values = series.points["time"].to_numpy(), series.points["value"].to_numpy()
    mine = targets[(targets["indicator"] == indicator) & (targets["level"] == level)]
    mine = mine[mine["deadline"].dt.year <= horizon]
    chain = rules.target_chain(mine, times[-1], values[-1])
    ahead = np.array([times[-1], *(rows["year"].astype(float) + 1)])
    change = min((year + 1 for year, _code in series.changes), default=np.inf)
    last, end = values[-1], rows.iloc[-1]
    top = max(rows["hi95"].max(), mine["own"].max() if len(mine) else 0, values.max())
    cropped = top > 2 * rows["hi80"].max()
    with chart_axes(3.2) as (fig, axes):
        for share in ("95", "80", "50"):
            low, high = ([last, *rows[f"{side}{share}"]] for side in ("lo", "hi"))
            axes.fill_between(ahead, low, high, color=BANDS[share], lw=0)
        median = np.array([last, *rows["p50"]])
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
        axes.plot(mine["due"], mine["own"], "D", color=TARGET, ms=6, ls="none")
        axes.annotate(
            _value(end["p50"], unit, language),
            (ahead[-1], end["p50"]),
            textcoords="offset points",
            xytext=(5, 0),
            va="center",
            color=INK,
            fontweight="bold",
        )
        axes.set_ylim(0, 1.08 * (rows["hi80"].max() if cropped else top))
        axes.set_xlim(times[0] - 0.4, ahead[-1] + 2.2)
        ticks = range(2016, int(ahead[-1]) + 1, 5)
        axes.set_xticks(list(ticks), [str(tick - 1) for tick in ticks])
        number_axis(axes, unit, language)
        svg = svg_of(fig)
    low, high = (_value(end[side], unit, language) for side in ("lo80", "hi80"))
    said = [f"{unit_name(report, unit, language)}, {int(times[0]) - 1}–{horizon}"]
    if mine.empty:
        said.append(_("no official target in this unit"))
    if cropped:
        said.append(_("the 95% band leaves the picture; its limits stand in the data"))
    return figure(
        svg,
        title=_(
            "{name}: at least 8 in 10 futures from {low} to {high} in {year}",
            name=name,
            low=low,
            high=high,
            year=horizon,
        ),
        subtitle="; ".join(said),
        source=chart_source(report, language, indicator),
        alt=_(
            "Fan chart of {name} where the latest figure is {last} and the median in {year} is "
            "{median}, with at least 80% of the futures between {low} and {high}; official targets in"
            " the picture: {targets}.",
            name=name,
            last=_value(last, unit, language),
            median=_value(end["p50"], unit, language),
            year=str(horizon),
            low=low,
            high=high,
            targets=", ".join(
                dict.fromkeys(
                    f"{_value(r.own, unit, language)} ({r.deadline.year})" for r in mine.itertuples(index=False)
                )
            )
            or _("none"),
        ),
        data=_fan_data(report, rows, name, language),
        language=language,
    )


def separate_levels(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """A warning where the projections of single levels add up to more than there is."""
    _ = translator(language)
    end = rows[rows["year"] == rows["year"].max()].set_index(["indicator", "level"])
    items = []
    for indicator, level in end.index:
        if "+" not in level:
            continue
        series = rules.project(report, indicator, level)
        parts = [end.at[(indicator, part), "p50"] for part in level.split("+")]
        items.append(
            _(
                "Levels are projected one by one and must not be added: the medians of {year} add up to {total}, the "
                "sum projected as one series has the median {together} of {universe}. Services that move up leave the "
                "lower level, so for the total use {name}.",
                year=end["year"].iloc[0],
                total=number(sum(parts), language, 0),
                together=number(end.at[(indicator, level), "p50"], language, 0),
                universe=number(series.ceiling, language, 0),
                name=series_name(report, indicator, level, language),
            )
        )
    return Fragment(tag("div", *(tag("p", item, class_="note") for item in items)))


# ------------------------------------------------------------------------------------------ targets


def probability_table(report: Report, probabilities: pd.DataFrame, language: str) -> Fragment:
    """The chance of every official target, the two questions apart."""
    _ = translator(language)
    targets = merged(probabilities)
    if not targets:
        return Fragment(tag("p", _("No official target can be projected from this report.")))
    remarks: dict[str, str] = {}

    def letters(r):
        texts = [_(rules.BASES[code]) for code in r.basis.split(";")]
        texts += [_(CAVEATS[code]) for code in r.caveat.split(";") if code]
        return ", ".join(sorted(remarks.setdefault(text, chr(ord("a") + len(remarks))) for text in texts))

    def chance(name):
        def cell(r):
            p = getattr(r, name)
            text = _chance(rules.natural_frequency(p), language)
            if name == "p_reached_by" and p == 1:
                text = _("already met by the last figure")
            inputs = _inputs(report, r.indicator, r.level) | {"target": _at(report, r)}
            return Shown(text, Evidence(p, "", rule=f"projections.target_probabilities: {name}", inputs=inputs))

        return cell

    shown = table(
        targets,
        [
            Column(_("Indicator"), _name(report, language)),
            Column(
                _("Target"),
                lambda r: Shown(f"{_aim(report, r, language)} ({r.target_year})", _at(report, r)),
                True,
            ),
            Column(_("At or above at the deadline"), chance("p_at_least"), True),
            Column(_("Reached at some year's end by then"), chance("p_reached_by"), True),
            Column(
                _("Instrument"),
                lambda r: "; ".join(
                    f"{instrument(report, name, language)} ({code})"
                    for name, code in zip(r.instruments, r.ids, strict=True)
                ),
            ),
            Column(_("Remarks"), letters),
        ],
        caption=_("How likely each official target is if things go on as such series usually do"),
        origin=lambda r: f"targets.csv, {', '.join(r.ids)}",
        note=_(
            "Chances are rounded. At or above: the figure of the deadline meets the target. Reached: the figure of "
            "some "
            "year's end up to the deadline meets it, even if it falls back afterwards; from {n} simulated paths.",
            n=number(4000, language),
        ),
    )
    listed = (tag("li", f"[{letter}] {text}") for text, letter in remarks.items())
    return folded(join(shown, tag("ul", *listed, class_="note")), language)


def _at(report: Report, row) -> Evidence:
    unit = "%" if row.indicator in report.meta.universes else _unit(report, row.indicator)
    return Evidence(row.target, unit, place=f"targets.csv, {row.ids[0]}")


def pace_table(report: Report, paces: pd.DataFrame, language: str) -> Fragment:
    """Pace needed against the pace seen and the paces of such indicators in the benchmark."""
    _ = translator(language)
    rows = paces.drop_duplicates(["indicator", "level", "target", "deadline"])
    if rows.empty:
        return Fragment(tag("p", _("No open target has a figure from which a pace can be told.")))

    def pace(name, rule):
        def cell(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "–"
            return _shown(report, r, value, r.unit, rule, language, number(value, language, 1))

        return cell

    def learned(name):
        def cell(r):
            rule = f"projection.model.load_prior: pace, {r.family}, {r.window}, {name}"
            return Shown(
                number(getattr(r, name), language, 1),
                Evidence(float(getattr(r, name)), "%", rule=rule),
            )

        return cell

    return table(
        rows.rename(columns={"usual": "median"}).itertuples(index=False),
        [
            Column(_("Indicator"), _name(report, language)),
            Column(
                _("Target"),
                lambda r: Shown(f"{quantity(r.target, r.unit, language)} ({day(r.deadline, language)})", _target(r)),
                True,
            ),
            Column(_("Needed, points a year"), pace("pace_needed", "gaps.gaps: pace_needed"), True),
            Column(_("Seen so far, points a year"), pace("pace_seen", "gaps.gaps: pace_seen"), True),
            Column(_("Half of the stretches elsewhere exceed"), learned("median"), True),
            Column(_("One in ten exceeds"), learned("fast"), True),
            Column(_("One in a hundred exceeds"), learned("fastest"), True),
        ],
        caption=_("Pace needed, pace seen, and how fast the series of the same family went elsewhere"),
        fold=language,
        origin=lambda r: f"targets.csv, {r.target_id}",
        note=_(
            "Elsewhere: percentage points a year over five years (ten, where the deadline is more than seven and a "
            "half years away), in the series that the method was learned from. The pace seen of services counts their "
            "start from zero, which is not repeated."
        ),
    )


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


# ------------------------------------------------------------------------------------------ plans


def scenario_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """Stalled, as is and accelerated at the middle and the end of the period."""
    _ = translator(language)
    years = {report.meta.period_end + 5, int(frame["year"].max())} if len(frame) else set()
    rows = frame[frame["year"].isin(years)]
    if rows.empty:
        return Fragment(tag("p", _("No series has figures enough for a trend of its own.")))

    def show(name):
        def cell(r):
            unit = _unit(report, r.indicator)
            return _shown(report, r, getattr(r, name), unit, f"projections.scenarios: {name}", language)

        return cell

    return table(
        rows.itertuples(index=False),
        [
            Column(_("Indicator"), _name(report, language)),
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Stalled"), show("stalled"), True),
            Column(_("As is"), show("as_is"), True),
            Column(_("Accelerated"), show("accelerated"), True),
            Column(_("Status"), lambda r: status(r.status, language)),
        ],
        caption=_("Scenarios"),
        fold=language,
        origin=lambda r: _place(report, r.indicator, "scenarios", language),
        note=_(
            "Rule: in each year at least 2 in 10 futures lie at or below the stalled value, at least "
            "half at or below the value as is, at least 8 in 10 at or below the accelerated value; "
            "exactly so, unless many futures share one value, such as the ceiling."
        ),
    )


def milestone_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """Yearly milestones of every series that has a target or a proposal, to copy into a plan."""
    _ = translator(language)
    if frame.empty:
        return Fragment(tag("p", _("No series has a target or a proposal.")))
    years = sorted(frame["year"].unique())
    rows = []
    for (indicator, level, path), group in frame.groupby(["indicator", "level", "path"], sort=False):
        values = group.set_index("year")["value"]
        ids = ", ".join(dict.fromkeys(code for code in group["target_id"] if code))
        rows.append({"indicator": indicator, "level": level, "path": path, "ids": ids, "values": values})

    def in_year(year):
        def cell(r):
            if year not in r.values_.index:
                return "–"
            unit = _unit(report, r.indicator)
            rule = f"projections.milestones: {r.path}" + (f", targets.csv {r.ids}" if r.ids else "")
            return _shown(report, r, r.values_[year], unit, rule, language)

        return cell

    def name(r):
        unit = _unit(report, r.indicator)
        label = series_name(report, r.indicator, r.level, language)
        return label if unit == "%" else f"{label} ({unit_name(report, unit, language)})"

    frame = pd.DataFrame(rows).rename(columns={"values": "values_"})
    return table(
        frame.itertuples(index=False),
        [
            Column(_("Indicator"), name),
            Column(
                _("Path"),
                lambda r: _(rules.MILESTONES[r.path]) + (f" ({r.ids})" if r.ids else ""),
            ),
            *(Column(str(year), in_year(year), True) for year in years),
        ],
        caption=_("Yearly milestones"),
        fold=language,
        origin=lambda r: _place(report, r.indicator, "milestones", language),
        note=_(
            "End of each year; after the last official deadline its target is kept. Whole units: up on the way to a "
            "target, down for a proposal. A dash: the series cannot continue. Shares of services are taken of all "
            "procedures on the portal, official ones often of the eligible only, so the milestones are an upper bound; "
            "and level 4 alone may be asked more than levels 3 and 4 together, since the targets come from different "
            "decisions."
        ),
    )


def proposal_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """A target for every indicator: official, or proposed by a stated rule."""
    _ = translator(language)

    def show(name):
        def cell(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "–"
            place = f", targets.csv {r.target_id}" if r.target_id else ""
            rule = f"projections.proposed_targets: {r.rule}{place}"
            decimals = None if r.unit == "%" else 0
            return _shown(report, r, value, r.unit, rule, language, quantity(value, r.unit, language, decimals))

        return cell

    return table(
        frame.itertuples(index=False),
        [
            Column(_("Indicator"), _name(report, language)),
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Target"), show("target"), True),
            Column(_("Ambitious"), show("ambitious"), True),
            Column(
                _("Where it comes from"),
                lambda r: _(rules.PROPOSALS[r.rule]) + (f" ({r.target_id})" if r.target_id else ""),
            ),
        ],
        caption=_("Targets of the next period: official, or proposed"),
        fold=language,
        origin=lambda r: _place(report, r.indicator, "proposed_targets", language),
        note=_("Proposals are the calculation's, not an office's; counts in the unit of the indicator."),
    )


def tasks(report: Report, cover: pd.DataFrame, language: str) -> Fragment:
    """Tasks of the plan with the measurable targets and indicators each can be followed by."""
    _ = translator(language)
    names = report.domains.set_index("domain")[f"name_{language}"]
    asked = cover[cover["kind"] == "task"].set_index("code")["targets"]
    wording = report.catalogue.targets.set_index("id")[f"target_{language}"]
    mapping = report.catalogue.target_mapping.merge(report.catalogue.indicators[["form_row", "indicator"]])
    mapping = mapping[mapping["measure"] != "none"]

    def official(r):
        codes = [code for code in asked.get(r.task, "").split(";") if code]
        return tag("ul", *(tag("li", f"{wording[code]} ({code})") for code in codes)) if codes else _("none")

    def indicators(r):
        codes = [code for code in asked.get(r.task, "").split(";") if code]
        found = mapping[mapping["target"].isin(codes)][["indicator", "level"]].drop_duplicates()
        items = [series_name(report, each.indicator, each.level, language) for each in found.itertuples(index=False)]
        return "; ".join(items) or _("none")

    linked = report.tasks["task"].map(lambda code: bool(asked.get(code, "")))
    measured = linked | (report.tasks["target_raw"] != "")
    task = Column(_("Task"), lambda r: getattr(r, f"text_{language}"))
    domain = Column(_("Domain"), lambda r: names.get(r.domain, "–"))
    can, cannot = report.tasks[measured], report.tasks[~measured]

    def place(r):
        return f"{r.section}; coverage.csv, {r.task}"

    first = table(
        can.itertuples(index=False),
        [
            task,
            domain,
            Column(_("Target in the plan"), lambda r: getattr(r, f"target_{language}") or _("none stated")),
            Column(_("Official targets"), official),
            Column(_("Indicator of the form"), indicators),
        ],
        caption=_("Tasks that a target can measure"),
        none=_("none in this report"),
        fold=language,
        origin=place,
    )
    if cannot.empty:
        return first
    second = table(
        cannot.itertuples(index=False),
        [task, domain],
        caption=_("Tasks that no target measures"),
        fold=language,
        origin=place,
    )
    note = _("{n} of {of} tasks of the plan can be measured by no target.", n=len(cannot), of=len(report.tasks))
    return join(first, tag("p", note), second)


# ------------------------------------------------------------------------------------------ what it rests on


def unprojected(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Series without a trend of their own: why, and the base rate of their kind where there is one."""
    _ = translator(language)
    others = rows[~rows["basis"].str.startswith("fitted")]
    last = others.groupby(["indicator", "level"], sort=False).tail(1)
    if last.empty:
        return Fragment(tag("p", _("Every series has a trend of its own.")))

    def base(*names):
        def cell(r):
            if pd.isna(r.p50):
                return "–"
            unit = _unit(report, r.indicator)
            text = " – ".join(_value(getattr(r, name), unit, language) for name in names)
            rule = f"projections.projections, base rate: {' – '.join(names)}"
            return _shown(report, r, getattr(r, names[0]), unit, rule, language, text)

        return cell

    return table(
        last.itertuples(index=False),
        [
            Column(_("Indicator"), _name(report, language)),
            Column(_("Why"), lambda r: _words(r.basis, rules.BASES, language)),
            Column(_("Year"), lambda r: "–" if pd.isna(r.year) else str(r.year)),
            Column(_("Base rate: median"), base("p50"), True),
            Column(_("Base rate: 80% interval"), base("lo80", "hi80"), True),
        ],
        caption=_("Series without a trend of their own"),
        fold=language,
        origin=lambda r: _place(report, r.indicator, "projections", language),
        note=_(
            "The base rate is what indicators of the same kind did from such a last figure. It uses "
            "only the last figure, no trend of this series, and proposes no target; chances of "
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
        "D": _("counted by another definition"),
        "U": _("of low reliability"),
        "P": _("a part of a year, not comparable with whole years"),
    }
    return table(
        told.itertuples(index=False),
        [
            Column(_("Indicator"), _name(report, language)),
            Column(_("Date of the figure"), lambda r: day(r.as_of, language)),
            Column(
                _("Figure"),
                lambda r: Shown(quantity(r.value, r.unit, language), observed(r, report.assumptions)),
                True,
            ),
            Column(_("Why it is left out"), lambda r: reasons.get(r.status, _("stands before a break in the series"))),
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
        rows.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, "", language)),
            Column(_("Ceiling"), ceiling, True),
            Column(_("What changes"), lambda r: _words(r.change, rules.BASES, language) or "–"),
            Column(_("What is assumed"), lambda r: getattr(r, f"note_{language}")),
            Column(_("Source"), lambda r: r.source),
        ],
        caption=_("Structure that changes, and what is assumed"),
        fold=language,
        origin=lambda r: f"projection.csv, {r.indicator}",
    )


def _shown_ceiling(report: Report, series, rule: str, language: str) -> Shown:
    unit = _unit(report, series.indicator)
    inputs = {}
    if rule == "universe":
        fact = report.facts.set_index("fact").loc[report.meta.universes[series.indicator]]
        inputs = {"universe": Evidence(fact["value"], fact["unit"], place=fact["section"])}
    elif rule == "bodies":
        inputs = _inputs(report, series.indicator, series.level)
    evidence = Evidence(series.ceiling, unit, rule=f"projection.csv, ceiling: {rule}", inputs=inputs)
    return Shown(quantity(series.ceiling, unit, language, 0), evidence)


def score(language: str) -> Fragment:
    """Measured coverage and skill of the method, as learned and tested."""
    _ = translator(language)
    measured = load_prior()["score"]
    unseen = pd.read_csv(MEASURED).query("tested == 'indicators held out'").iloc[0]
    rows = pd.DataFrame({share: measured["coverage"][share] for share in ("50", "80", "95")})
    rows.insert(0, "ahead", range(1, len(rows) + 1))

    def cell(share):
        def show(r):
            value = r[list(rows).index(share)]
            rule = f"projection.model.load_prior: score, coverage, {share}"
            return Shown(quantity(value, "%", language, 1), Evidence(value, "%", rule=rule))

        return show

    chosen = rows[rows["ahead"].isin([1, 3, 5, 10])]
    return table(
        chosen.itertuples(index=False, name=None),
        [
            Column(_("Years ahead"), lambda r: str(int(r[0]))),
            Column(_("50% intervals covered"), cell("50"), True),
            Column(_("80% intervals covered"), cell("80"), True),
            Column(_("95% intervals covered"), cell("95"), True),
        ],
        caption=_("How often the intervals of the method held what happened"),
        origin=lambda r: "projection/prior.json, score",
        note=_(
            "Series of six figures, forecast one to ten years ahead by numbers learned from other "
            "countries; skill over a random walk {skill} (0: no better, 1: perfect). For kinds of "
            "indicators never seen the skill falls to about {unseen} and an 80% interval holds about "
            "{held} of 100; for indices the method falls short of the skill it aims at, and the 50% "
            "intervals one and ten years ahead are somewhat too wide. This report's indicators are "
            "such unseen kinds, so the intervals above are likely too narrow and the chances less "
            "certain than they look.",
            skill=number(measured["skill_over_random_walk"], language, 2),
            unseen=number(unseen["skill"], language, 2),
            held=number(unseen["cover80"], language, 0),
        ),
    )


def backtest_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """The report's own series, forecast without their last figure."""
    _ = translator(language)
    if frame.empty:
        return Fragment(tag("p", _("No series leaves a figure to hold out.")))

    def show(*names):
        def cell(r):
            unit = _unit(report, r.indicator)
            text = " – ".join(_value(getattr(r, name), unit, language) for name in names)
            return _shown(report, r, getattr(r, names[0]), unit, "projections.backtest", language, text)

        return cell

    return table(
        frame.itertuples(index=False),
        [
            Column(_("Indicator"), _name(report, language)),
            Column(_("Forecast from figures to"), lambda r: day(r.origin, language)),
            Column(_("Date of the figure"), lambda r: day(r.as_of, language)),
            Column(_("Median"), show("p50"), True),
            Column(_("80% interval"), show("lo80", "hi80"), True),
            Column(_("What happened"), show("value"), True),
            Column(_("Within"), lambda r: _("yes") if r.inside else _("no")),
        ],
        caption=_("The report's own series, forecast without the last figure"),
        fold=language,
        origin=lambda r: _place(report, r.indicator, "backtest", language),
        note=_(
            "{inside} of {n} within, three months ahead. Six figures leave one to hold out, and the levels are not "
            "independent: this illustrates the method and measures nothing.",
            inside=int(frame["inside"].sum()),
            n=len(frame),
        ),
    )


def kind_table(report: Report, frame: pd.DataFrame, language: str) -> Fragment:
    """How the chances change with the kind of indicator that a series is taken for."""
    _ = translator(language)
    if frame.empty:
        return Fragment(tag("p", _("No official target can be projected from this report.")))
    targets = rules.open_targets(report).set_index(["target_id", "indicator", "level"])
    given = [targets.loc[(row.target_id, row.indicator, row.level)] for row in frame.itertuples(index=False)]
    frame = frame.assign(
        target=[row["target"] for row in given],
        unit=[row["unit"] for row in given],
        year=[row["deadline"].year for row in given],
    ).drop_duplicates(["indicator", "level", "target", "year"])

    def chance(kind):
        def cell(r):
            p = r[kind]
            evidence = Evidence(
                p, "", rule=f"projections.kinds: {kind}", inputs=_inputs(report, r["indicator"], r["level"])
            )
            return Shown(_chance(rules.natural_frequency(p), language), evidence)

        return cell

    return table(
        frame.to_dict("records"),
        [
            Column(_("Indicator"), lambda r: series_name(report, r["indicator"], r["level"], language)),
            Column(_("Target"), lambda r: f"{quantity(r['target'], r['unit'], language)} ({r['year']})", True),
            *(Column(_(words), chance(kind), True) for kind, words in rules.OTHER_KINDS.items()),
        ],
        caption=_("The chance of being at or above, by the kind that the indicator is taken for"),
        fold=language,
        origin=lambda r: f"targets.csv, {r['target_id']}",
        note=_(
            "The page uses the first column. The spread between the columns is not in the intervals: which experience "
            "applies to this province is a judgement."
        ),
    )
