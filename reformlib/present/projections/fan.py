"""Fan charts: where each series with a trend of its own goes, and what its targets ask."""

import numpy as np
import pandas as pd

from reformlib.load.rows import each_row, grouped
from reformlib.present import chart
from reformlib.present.findings import qualified
from reformlib.present.gaps import bases
from reformlib.present.html import Fragment, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.present.table import Column, field_column, table
from reformlib.project.chances import open_targets
from reformlib.project.plan import target_chain
from reformlib.project.series import Projected, project

BANDS = {**chart.BAND, "50": "#5a94cc"}
EDGE = "#3f7fb8"  # where a band ends tells more than how dark it is


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
    series = grouped(each_row(fitted), lambda row: (row.indicator, row.level)).values()
    return join(tag("p", legend, class_="note"), chart.gallery(*(fan_chart(page, group, targets) for group in series)))


def fan_chart(page: Page, rows: list, targets: list) -> Fragment:
    """History, median with the 50, 80 and 95 % intervals, official targets and the straight path through them.

    `rows` are those of one series in `projections.projections`, `targets` those of `projections.open_targets`.
    """
    end = rows[-1]
    series, horizon = project(page.report, end.indicator, end.level, int(end.year)), int(end.year)
    name, unit = page.series_name(end.indicator, end.level), page.unit_of(end.indicator)
    mine = [t for t in targets if (t.indicator, t.level) == (end.indicator, end.level) and t.deadline.year <= horizon]
    last, aimed = series.points["value"].iloc[-1], tuple(target.own for target in mine)
    last_text = projected.value_text(page, last, end.indicator, aimed)
    fields = {"name": name, "last": last_text, **projected.interval(page, end)}
    asked = dict.fromkeys(
        f"{projected.value_text(page, target.own, end.indicator, (last,))} ({page.year(target.deadline.year)})"
        for target in mine
    )
    subtitle = [f"{page.unit_name(unit)}, {series.points['as_of'].iloc[0].year}–{horizon}"]
    if not mine:
        based = [row for row in bases.ahead(page) if (row.indicator, row.level) == (end.indicator, end.level)]
        why = bases.without_number(page, based, named=False)
        text = (
            "official targets without a probability: {why}"
            if based
            else "no official target in this unit for the years ahead"
        )
        subtitle.append(page._(text, why=why))
    if _span(series, rows, mine)[2]:
        subtitle.append(page._("the 95% band leaves the picture; its limits stand in the data"))
    alt = page._(
        "Fan chart of {name} where the latest figure is {last} and the median in {year} is "
        "about {median}, with an 80% interval from {low} to {high}; official targets in the picture: {targets}.",
        targets=", ".join(asked) or page._("none"),
        **fields,
    )
    title = page._("{name}: about {low} to {high} in {year} (80% interval)", **fields)
    title = qualified(page, title, projected.used(page, end))
    svg, data = _fan(page, series, rows, mine), _data(page, rows, f"{name} ({page.unit_name(unit)})")
    place, subtitle = chart.source(page, end.indicator), "; ".join(subtitle)
    subtitle += chart.lower_is_better(page, end.indicator)
    return chart.figure(page, svg, title=title, subtitle=subtitle, source=place, alt=alt, data=data)


def _span(series: Projected, rows: list, targets: list) -> tuple[float, float, bool]:
    """From where to where the picture goes, and whether the widest band is so wide that it is cut at the next."""
    told = [0, *(target.own for target in targets), *series.points["value"]]
    low, high = min(*told, *(row.lo95 for row in rows)), max(*told, *(row.hi95 for row in rows))
    near_low, near_high = min(*told, *(row.lo80 for row in rows)), max(*told, *(row.hi80 for row in rows))
    cut = high - low > 2 * (near_high - near_low)
    return (near_low, near_high, cut) if cut else (low, high, cut)


def _fan(page: Page, series: Projected, rows: list, targets: list) -> bytes:
    """Bands, median, points, the change of a definition, and the path through the targets."""
    end, times, values = rows[-1], series.points["time"].to_numpy(), series.points["value"].to_numpy()
    ahead = np.array([times[-1], *(row.year + 1.0 for row in rows)])
    with chart.chart_axes(3.2) as (fig, axes):
        for share in ("95", "80", "50"):
            low, high = ([values[-1], *(getattr(row, f"{side}{share}") for row in rows)] for side in ("lo", "hi"))
            axes.fill_between(ahead, low, high, fc=BANDS[share], ec=EDGE, lw=0.7)
        _median(axes, ahead, np.array([values[-1], *(row.p50 for row in rows)]), series)
        for part in projected.unbridged(page.report, series):
            axes.plot(times[part], values[part], "o-", color=chart.INK, lw=1.5, ms=5)
        if chain := target_chain(targets, times[-1], values[-1]):
            path = [(times[-1], values[-1]), *((target.due, target.own) for target in chain)]
            axes.plot(*zip(*path, strict=True), color=chart.TARGET, lw=1.5, ls=(0, (5, 1)))
        due, own = [target.due for target in targets], [target.own for target in targets]
        axes.plot(due, own, "D", color=chart.TARGET, ms=6, ls="none")
        text = projected.projected_text(page, end, end.p50)
        chart.label(axes, text, (ahead[-1], end.p50), (5, 0), va="center", color=chart.INK, fontweight="bold")
        low, high, _cut = _span(series, rows, targets)
        axes.set_ylim(1.08 * low, 1.08 * high)
        axes.set_xlim(times[0] - 0.4, ahead[-1] + 2.2)
        span = ahead[-1] - times[0]
        step = 2 if span < 8 else 5 * int(np.ceil(span / 30))
        ticks = range(step * int(np.ceil((times[0] - 1) / step)) + 1, int(ahead[-1]) + 1, step)
        axes.set_xticks(list(ticks), [str(tick - 1) for tick in ticks])
        chart.number_axis(page, axes.yaxis, page.unit_of(end.indicator))
        return chart.svg_of(fig)


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
