"""Fan charts: where each series with a trend of its own goes, and what its targets ask."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from reformlib.load.rows import each_row, grouped
from reformlib.measure.change import decimal_year
from reformlib.present import chart
from reformlib.present.findings import qualified
from reformlib.present.gaps import bases
from reformlib.present.html import Fragment, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.present.table import Column, field_column, table
from reformlib.project.chances import open_targets, target_probabilities
from reformlib.project.hindsight import hindsight
from reformlib.project.plan import target_chain
from reformlib.project.series import Projected, project

RIGHT = 58  # points beside the axes for the last median


def fan_charts(page: Page, rows: pd.DataFrame) -> Fragment:
    """One fan chart for every series with a trend of its own."""
    fitted = rows[rows["basis"].str.startswith("fitted") & rows["year"].notna()]
    if fitted.empty:
        return paragraph(page._("No series has a trend of its own."))
    targets = list(each_row(open_targets(page.report)))
    series = grouped(each_row(fitted), lambda row: (row.indicator, row.level))
    fans = [_fan(page, group, targets) for group in series.values() if projected.ranged(group)]
    names = "; ".join(page.series_name(*key) for key, group in series.items() if not projected.ranged(group))
    none = [paragraph(page._("{names}: no usable range for any year, so no chart.", names=names))] if names else []
    if not fans:
        return join(*none)
    left = max(chart.room(page, fan.unit, fan.span) for fan in fans)
    drawn = chart.gallery(*(fan_chart(page, fan, left) for fan in fans))
    return join(tag("p", _legend(page, fans), class_="note"), drawn, *none)


class Fan(NamedTuple):
    """What a fan chart shows of a series, its values in `unit`, that of its targets: `scale` times those projected."""

    every: list  # rows of projections.projections, of this series
    rows: list  # those of them that have a range to go by
    series: Projected
    targets: list  # rows of projections.open_targets
    later: list  # rows of hindsight.hindsight
    scale: float
    unit: str
    shares: tuple[str, ...]  # the bands that the picture holds, widest first
    span: tuple[float, float]


def _legend(page: Page, fans: list[Fan]) -> str:
    """What the marks mean, of those that stand in one of the pictures."""
    parts = ["Points: figures reported; line: median; bands from dark to light: 50, 80 and 95% intervals."]
    if any(fan.targets for fan in fans):
        parts.append(
            "Diamond: official target with its year and its chance; orange line: path needed, not what is expected."
        )
    if any(fan.later for fan in fans):
        parts.append("Square: a figure published later, not used here.")
    if any(change.year < fan.rows[-1].year for fan in fans for change in fan.series.changes):
        parts.append(
            "Dotted line: the definition or the unit changes; the dashed median beyond it rests on an assumption."
        )
    return " ".join(page._(part) for part in parts)


def _fan(page: Page, every: list, targets: list) -> Fan:
    """A series with its targets up to the last year that has a range to go by, and from where to where its picture
    goes.

    A band that would double the height of the next one is left out.
    """
    rows = projected.ranged(every)
    end = rows[-1]
    series = project(page.report, end.indicator, end.level, int(end.year))
    key = (end.indicator, end.level)
    mine = [t for t in targets if (t.indicator, t.level) == key and t.deadline.year <= end.year]
    known = each_row(hindsight(page.report).query("unscored == ''"))
    later = [row for row in known if (row.indicator, row.level) == key and row.as_of.year <= end.year]
    unit, scale = page.unit_of(end.indicator), 1.0
    if mine and all(target.unit == "%" for target in mine) and unit != "%":
        unit, scale = "%", 100 / page.report.universe(end.indicator)
    told = [0, *(target.own for target in mine), *series.points["value"], *(row.value for row in later)]
    lows, highs = ([[getattr(row, end + share) for row in rows] for share in ("80", "95")] for end in ("lo", "hi"))
    near, wide = ((min(*told, *low), max(*told, *high)) for low, high in zip(lows, highs, strict=True))
    shares = ("80", "50") if wide[1] - wide[0] > 2 * (near[1] - near[0]) else ("95", "80", "50")
    low, high = near if len(shares) == 2 else wide
    return Fan(every, rows, series, mine, later, scale, unit, shares, (scale * low, scale * high))


def fan_chart(page: Page, fan: Fan, left: float) -> Fragment:
    """History, median with its intervals, official targets and the straight path through them."""
    end, series, horizon = fan.rows[-1], fan.series, int(fan.rows[-1].year)
    name = page.series_name(end.indicator, end.level)
    last, aimed = series.points["value"].iloc[-1], tuple(target.own for target in fan.targets)
    last_text = projected.value_text(page, last, end.indicator, aimed)
    fields = {"name": name, "last": last_text, **projected.interval(page, end)}
    subtitle = [f"{page.unit_name(fan.unit)}, {series.points['as_of'].iloc[0].year}–{horizon}"]
    if not fan.targets:
        based = [row for row in bases.ahead(page) if (row.indicator, row.level) == (end.indicator, end.level)]
        why = bases.without_number(page, based, named=False)
        none = page._("no official target in this unit for the years ahead")
        subtitle.append(page._("official targets without a probability: {why}", why=why) if based else none)
    if fan.every[-1] is not end:
        subtitle.append(page._("no usable range after {year}", year=horizon))
    if "95" not in fan.shares:
        subtitle.append(page._("the 95% band leaves the picture; its limits stand in the data"))
    alt = page._(
        "Fan chart of {name} where the latest figure is {last} and the median in {year} is "
        "about {median}, with an 80% interval from {low} to {high}; official targets in the picture: {targets}.",
        targets=", ".join(_aims(page, fan).values()) or page._("none"),
        **fields,
    )
    title = page._("{name}: about {low} to {high} in {year} ({nominal})", **fields)
    return chart.figure(
        page,
        _drawn(page, fan, left),
        title=qualified(page, title, projected.used(page, end)),
        subtitle="; ".join(subtitle) + chart.lower_is_better(page, end.indicator),
        source=chart.source(page, end.indicator),
        alt=alt,
        data=_data(page, fan.every, f"{name} ({page.unit_name(page.unit_of(end.indicator))})"),
    )


def _aims(page: Page, fan: Fan) -> dict[tuple[float, float], str]:
    """By date and value what an official target asks, by when, and how likely it is: `80% · 2025 · about 1 in 10`."""
    chances = {(row.target_id, row.indicator, row.level): row for row in each_row(target_probabilities(page.report))}
    last, texts = fan.scale * fan.series.points["value"].iloc[-1], {}
    for target in fan.targets:
        value = fan.scale * target.own
        parts = [page.quantity(value, fan.unit, beside=(last,)), str(target.deadline.year)]
        if row := chances.get((target.target_id, target.indicator, target.level)):
            parts.append(projected.aimed(page, row, row.p_at_least))
        texts.setdefault((target.due, value), " · ".join(parts))
    return texts


def _drawn(page: Page, fan: Fan, left: float) -> Markup:
    """Bands, median, points, what came later, the ceiling, a change of definition, and the path through the targets."""
    rows, series, end = fan.rows, fan.series, fan.rows[-1]
    times, values = series.points["time"].to_numpy(), fan.scale * series.points["value"].to_numpy()
    ahead = np.array([times[-1], *(row.year + 1.0 for row in rows)])
    median = np.array([values[-1], *(fan.scale * row.p50 for row in rows)])
    path = [(times[-1], values[-1])]
    names = {"50": page._("50% interval"), "80": page._("80% interval"), "95": page._("95% interval")}
    with chart.chart_axes(200, left=left, right=RIGHT) as (fig, axes):
        for share in fan.shares:
            low, high = ([values[-1], *(fan.scale * getattr(row, end + share) for row in rows)] for end in ("lo", "hi"))
            band = axes.fill_between(ahead, low, high, fc=chart.BAND[share], ec=chart.EDGE, lw=0.7)
            chart.hint([band], names[share])
        _median(axes, ahead, median, series)
        for part in projected.unbridged(page.report, series):
            axes.plot(times[part], values[part], color=chart.INK, lw=1.5)
        for point in each_row(series.points):
            mark = axes.plot(point.time, fan.scale * point.value, "o", color=chart.INK, ms=5)
            chart.hint(mark, f"{page.day(point.as_of)}: {projected.value_text(page, point.value, end.indicator)}")
        for target in target_chain(fan.targets, times[-1], series.points["value"].iloc[-1]):
            path.append((target.due, fan.scale * target.own))
        axes.plot(*zip(*path, strict=True), color=chart.TARGET, lw=1.5, ls=(0, (5, 1)))
        texts: list[tuple] = [(text, at) for at, text in _aims(page, fan).items()]
        for text, at in texts:
            chart.hint(axes.plot(*at, "D", color=chart.TARGET, mec=chart.PAPER, ms=7), text)
        texts.append((projected.projected_text(page, end, end.p50), (ahead[-1], median[-1]), chart.BESIDE))
        for row in fan.later:
            at = decimal_year(row.as_of.date()), fan.scale * row.value
            text = projected.value_text(page, row.value, end.indicator)
            chart.hint(axes.plot(*at, "s", color=chart.INK, mfc=chart.PAPER, ms=6), f"{page.day(row.as_of)}: {text}")
            texts.append((text, at))
        chart.number_axis(page, axes, "y", fan.unit, fan.span)
        if series.ceiling is not None and fan.scale * series.ceiling <= axes.get_ylim()[1]:
            ceiling = fan.scale * series.ceiling
            axes.axhline(ceiling, color=chart.MUTED, lw=1, ls=(0, (1, 1)))
            texts.append((page._("ceiling {value}", value=page.quantity(ceiling, fan.unit)), (times[0], ceiling)))
        axes.set_xlim(times[0] - 0.4, ahead[-1] + 0.4)
        _years(axes, times[0], ahead[-1])
        lines = [list(zip(*line, strict=True)) for line in ((ahead, median), (times, values))]
        lines += [path, *([at] for _text, at, *_ in texts)]
        chart.label(axes, texts, lines, color=chart.INK, fontweight="bold")
        return chart.svg_of(fig)


def _years(axes, first: float, last: float) -> None:
    """The ends of years, every second one or every fifth."""
    span = last - first
    step = 2 if span < 8 else 5 * int(np.ceil(span / 30))
    ticks = range(step * int(np.ceil((first - 1) / step)) + 1, int(last) + 1, step)
    axes.set_xticks(list(ticks), [str(tick - 1) for tick in ticks])


def _median(axes, ahead: np.ndarray, median: np.ndarray, series: Projected) -> None:
    """The median, dashed from where the definition changes, which a dotted line marks."""
    change = min((change.year + 1 for change in series.changes), default=np.inf)
    before, after = ahead <= change, ahead >= change
    axes.plot(ahead[before], median[before], color=chart.INK, lw=2)
    axes.plot(ahead[after], median[after], color=chart.INK, lw=2, ls=(0, (3, 2)))
    if np.isfinite(change) and change < ahead[-1]:
        axes.axvline(change, color=chart.MUTED, lw=1, ls=(0, (1, 2)))


def _data(page: Page, rows: list, caption: str) -> Fragment:
    """Median and intervals of one series, year by year, and what they rest on."""
    show = projected.projected_cells(page, "projections.projections")
    columns = [
        projected.year_column(page),
        field_column(page, "projections", "p50", show("p50")),
        Column(page._("50% interval"), show("lo50", "hi50"), True),
        Column(page._("80% interval"), show("lo80", "hi80"), True),
        Column(page._("95% interval"), show("lo95", "hi95"), True),
    ]
    note = page._("Status: forecast (F). Rests on: {basis}.", basis=projected.sentence(page, rows[-1].basis))
    place = projected.calculated_from(page, "projections")
    return table(page, rows, columns, caption, place, note=note, stack=False, fold=False)
