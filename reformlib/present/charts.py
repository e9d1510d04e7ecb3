"""Charts of the pages: the finding as title, the measure under it, direct labels, alt text and the data."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib import projections as projection_rules
from reformlib.contracts import STATUSES
from reformlib.evidence import observed
from reformlib.load import Report
from reformlib.locale import day, number, quantity, translator
from reformlib.measure import UNJOINABLE, decimal_year
from reformlib.present.html import Fragment, Shown, gathered, image, tag
from reformlib.present.tables import (
    STATUS_SHAPES,
    Column,
    instrument,
    projection_place,
    row_place,
    series_name,
    status,
    table,
    unit_name,
)

INK, MUTED, ACCENT, TARGET, GRID = "#1b1b1b", "#595959", "#0b5394", "#a3410b", "#d9d9d9"
BAND = {"95": "#cfe0f1", "80": "#8fb8dd"}
MARKERS = {"A": "o", "B": "D", "D": "D", "P": "o", "U": "^"}
MIN_ALT = 30

_STYLE = {
    "font.family": "DejaVu Sans",  # bundled with matplotlib and complete for Vietnamese
    "font.size": 11.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "reformlib",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@contextmanager
def _axes(height: float = 2.7):
    """One pair of axes as wide as a phone shows at full size; a missing glyph is an error, not a box."""
    with mpl.rc_context({**sns.axes_style("whitegrid"), **_STYLE}), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure = Figure(figsize=(4.6, height), layout="constrained")
        axes = figure.subplots()
        axes.grid(axis="x", visible=False)
        yield figure, axes


def _svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def figure(svg: bytes, *, title: str, subtitle: str, source: str, alt: str, data: Fragment, language: str) -> Fragment:
    """A chart with its words: title, subtitle, picture, source, and the data folded under it.

    Raises ValueError without title, source or an alt text of at least `MIN_ALT` characters.
    """
    if not title.strip() or not source.strip() or len(alt.strip()) < MIN_ALT:
        raise ValueError(f"a chart needs a title, a source and an alt text of {MIN_ALT} characters: {title!r}")
    _ = translator(language)
    return Fragment(
        tag(
            "figure",
            tag(
                "figcaption",
                tag("strong", title, class_="chart-title"),
                tag("span", subtitle, class_="chart-subtitle"),
            ),
            image(svg, alt),
            tag("p", _("Source: {source}", source=source), class_="source"),
            tag("details", tag("summary", _("Data of this chart: {title}", title=title)), data),
            class_="chart",
        ),
        data.evidence,
    )


def gallery(*charts: Fragment) -> Fragment:
    """Charts side by side where there is room."""
    return Fragment(tag("div", *charts, class_="gallery"), gathered(charts))


def indicator_charts(report: Report, changes: pd.DataFrame, language: str) -> Fragment:
    """One small chart for every series with figures."""
    with_figures = changes[changes["points"] > 0]
    return gallery(*(series_chart(report, row, language) for row in with_figures.itertuples(index=False)))


def series_chart(report: Report, change, language: str) -> Fragment:
    """One indicator over time; points that cannot be joined stand apart. `change` is a row of measure.changes."""
    _ = translator(language)
    name = series_name(report, change.indicator, change.level, language)
    series = report.observations.query("indicator == @change.indicator and level == @change.level")
    seen = series[series["value"].notna()]
    unit = change.unit

    def at(point):
        return quantity(point["value"], unit, language)

    with _axes() as (fig, axes):
        times = [decimal_year(when.date()) for when in seen["as_of"]]
        _joined_lines(axes, seen, times, unit)
        for time, (_i, point) in zip(times, seen.iterrows(), strict=True):
            hollow = point["status"] != "A"
            axes.plot(
                time, point["value"], MARKERS[point["status"]], color=ACCENT, mfc="white" if hollow else ACCENT, ms=7
            )
        for which in {0, len(seen) - 1}:
            axes.annotate(
                at(seen.iloc[which]),
                (times[which], seen["value"].iloc[which]),
                textcoords="offset points",
                xytext=(0, 9),
                ha="center",
                color=ACCENT,
                fontweight="bold",
            )
        top = max(seen["value"].max(), 1)
        axes.set_ylim(0, (100 if unit == "%" and top > 20 else top) * 1.22)
        axes.set_xlim(2015.6, max(times) + 0.45)
        _year_axis(axes, series)
        _number_axis(axes, unit, language)
        svg = _svg(fig)
    first, last = seen.iloc[0], seen.iloc[-1]
    if pd.isna(change.change) or change.change == 0:
        value = quantity(change.last, unit, language)
        title = _("{name}: {value} at {date}", name=name, value=value, date=day(change.last_as_of, language))
    else:
        ends = [quantity(value, unit, language) for value in (change.first, change.last)]
        title = _("{name}: from {first} to {last}", name=name, first=ends[0], last=ends[1])
    alt = _(
        "Line chart of {name} where the first figure is {first} ({first_date}) and the latest {last} ({last_date}); "
        "highest {high}, lowest {low}.",
        name=name,
        first=at(first),
        first_date=day(first["as_of"], language),
        last=at(last),
        last_date=day(last["as_of"], language),
        high=quantity(seen["value"].max(), unit, language),
        low=quantity(seen["value"].min(), unit, language),
    )
    data = table(
        series.itertuples(index=False),
        [
            Column(_("As of"), lambda r: day(r.as_of, language)),
            Column(
                unit_name(report, unit, language),
                lambda r: Shown(quantity(r.value, unit, language), observed(r, report.assumptions)),
                True,
            ),
            Column(_("Status"), lambda r: status(r.status, language)),
        ],
        caption=name,
        origin=lambda r: r.place_vi,
    )
    shown = sorted(set(seen["status"]) - {"A"})
    legend = "".join(f"; {STATUS_SHAPES[code]} {_(STATUSES[code])}" for code in shown)
    subtitle = f"{unit_name(report, unit, language)}, {seen['year'].min()}–{seen['year'].max()}{legend}"
    return figure(
        svg,
        title=title,
        subtitle=subtitle,
        source=source(report, language, change.indicator),
        alt=alt,
        data=data,
        language=language,
    )


def source(report: Report, language: str, indicator: str) -> str:
    """Source line of a chart: the report, and the row of its annex."""
    return f"{report.meta.text('source', language)}; {row_place(report, indicator, language)}"


def bullet_charts(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """One bullet chart a target that has a figure: the bar is the figure, the line the target."""
    return gallery(*(bullet_chart(report, row, language) for row in rows.itertuples(index=False)))


def bullet_chart(report: Report, gap, language: str) -> Fragment:
    """Figure against target on the scale of 0 to 100 %. `gap` is a row of gaps.gaps."""
    _ = translator(language)
    name = series_name(report, gap.indicator, gap.level, language)
    value, target = quantity(gap.value, "%", language, 1), quantity(gap.target, "%", language, 0)
    with _axes(1.25) as (fig, axes):
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
        svg = _svg(fig)
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


def fan_charts(report: Report, projected: pd.DataFrame, language: str) -> Fragment:
    """One fan chart for every projected series."""
    series = projected[["indicator", "level"]].drop_duplicates().itertuples(index=False)
    return gallery(
        *(
            fan_chart(report, projected.query("indicator == @s.indicator and level == @s.level"), language)
            for s in series
        )
    )


def fan_chart(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """History and the projection with its 80 and 95 % intervals."""
    _ = translator(language)
    indicator, level, basis = rows[["indicator", "level", "basis"]].iloc[0]
    name = series_name(report, indicator, level, language)
    history = report.observations.query("indicator == @indicator and level == @level and value.notna()")
    unit = history["unit"].iloc[0]
    last, end = history.iloc[-1], rows.iloc[-1]
    with _axes(3.0) as (fig, axes):
        times = [decimal_year(when.date()) for when in history["as_of"]]
        ahead = [times[-1], *(rows["year"].astype(float) + 1)]
        for share in ("95", "80"):
            low, high = ([last["value"], *rows[f"{side}{share}"]] for side in ("lo", "hi"))
            axes.fill_between(ahead, low, high, color=BAND[share], lw=0)
        axes.plot(ahead, [last["value"], *rows["p50"]], color=ACCENT, lw=2, ls=(0, (4, 2)))
        axes.plot(times, history["value"], "o-", color=INK, lw=1.5, ms=5)
        axes.annotate(
            quantity(end["p50"], unit, language, 0),
            (ahead[-1], end["p50"]),
            textcoords="offset points",
            xytext=(5, 0),
            va="center",
            color=ACCENT,
            fontweight="bold",
        )
        axes.set_ylim(bottom=0)
        axes.set_xlim(2015.6, ahead[-1] + 1.6)
        axes.set_xticks([2016, 2021, 2026, 2031], ["2015", "2020", "2025", "2030"])
        _number_axis(axes, unit, language)
        svg = _svg(fig)
    values = {"median": quantity(end["p50"], unit, language, 0), "year": str(end["year"])}
    low, high = (quantity(end[side], unit, language, 0) for side in ("lo80", "hi80"))
    data = table(
        rows.itertuples(index=False),
        [
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Median"), lambda r: quantity(r.p50, unit, language, 0), True),
            *(
                Column(
                    heading,
                    lambda r, s=s: (
                        f"{quantity(getattr(r, f'lo{s}'), unit, language, 0)} – "
                        f"{quantity(getattr(r, f'hi{s}'), unit, language, 0)}"
                    ),
                    True,
                )
                for heading, s in ((_("80% interval"), "80"), (_("95% interval"), "95"))
            ),
        ],
        caption=name,
        origin=lambda r: projection_place(report, indicator, language),
    )
    return figure(
        svg,
        title=_(
            "{name}: 8 in 10 futures between {low} and {high} in {year}",
            name=name,
            low=low,
            high=high,
            year=values["year"],
        ),
        subtitle=_(
            "{unit}; dashed: median; dark band 80%, light band 95%; {basis}",
            unit=unit_name(report, unit, language),
            basis=_(projection_rules.BASES[basis], points=len(history)),
        ),
        source=source(report, language, indicator),
        alt=_(
            "Fan chart of {name} where the latest figure is {last} and the median in {year} is {median}, "
            "with 80% of the futures between {low} and {high}.",
            name=name,
            last=quantity(last["value"], unit, language),
            low=low,
            high=high,
            **values,
        ),
        data=data,
        language=language,
    )


def _joined_lines(axes, seen: pd.DataFrame, times: list[float], unit: str) -> None:
    """Lines between neighbours that can be compared: none across a break, a definition, a part of a flow's year."""
    for i in range(1, len(seen)):
        here, before = seen.iloc[i], seen.iloc[i - 1]
        partial_flow = unit != "%" and here["status"] == "P"
        if here["status"] == "B" or partial_flow or {here["status"], before["status"]} & UNJOINABLE:
            continue
        axes.plot(times[i - 1 : i + 1], seen["value"].iloc[i - 1 : i + 1], color=ACCENT, lw=2)


def _year_axis(axes, series: pd.DataFrame) -> None:
    ends = [decimal_year(when.date()) for when in series["as_of"]]
    axes.set_xticks(
        ends, [f"{when.month}/{when.year}" if when.month < 12 else str(when.year) for when in series["as_of"]]
    )
    if series["as_of"].iloc[-1].month < 12:  # a part of a year stands close to the year before
        for label, side in zip(axes.get_xticklabels()[-2:], ("right", "left"), strict=True):
            label.set_horizontalalignment(side)


def _number_axis(axes, unit: str, language: str) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(4))
    if unit == "%" and axes.get_ylim()[1] > 100:
        axes.set_yticks(range(0, 101, 25))
    decimals = None if unit == "%" else 0
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _pos: number(y, language, decimals)))
