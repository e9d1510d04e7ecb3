"""The projections in the reader's language: summary, intervals, fan charts, tasks."""

from __future__ import annotations

import pandas as pd

from reformlib import projections as projection_rules
from reformlib.evidence import Evidence, observed
from reformlib.load import Report
from reformlib.locale import number, quantity, translator
from reformlib.measure import decimal_year, joined
from reformlib.present.chart import (
    ACCENT,
    BAND,
    INK,
    chart_axes,
    figure,
    gallery,
    number_axis,
    source,
    svg_of,
)
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import findings, title
from reformlib.present.table import Column, row_place, series_name, status, table, unit_name


def heading(report: Report, horizon: int, language: str) -> Fragment:
    """Title of the projections."""
    _ = translator(language)
    first = report.meta.period_end + 1
    return title(
        report,
        _(
            "Administrative reform {first}–{last}: projections, {place}",
            first=first,
            last=horizon,
            place=report.meta.text("place", language),
        ),
        language,
    )


def summary(report: Report, projections: pd.DataFrame, language: str) -> Fragment:
    """Verdict and findings of the projections."""
    _ = translator(language)
    projected = projections[projections["p50"].notna()]
    n, of = (frame[["indicator", "level"]].drop_duplicates().shape[0] for frame in (projected, projections))
    verdict = _(
        "{n} of {of} series have enough figures to be projected; the bands are wide because six figures say little "
        "about ten years.",
        n=n,
        of=of,
    )
    units = report.catalogue.indicators.set_index("indicator")["unit"]
    last = projected[projected["year"] == projected["year"].max()]
    points = [
        _(
            "{name} in {year}: median {median}, with 80% of the futures between {low} and {high} {unit}.",
            name=series_name(report, row.indicator, row.level, language),
            year=row.year,
            median=number(row.p50, language, 0),
            low=number(row.lo80, language, 0),
            high=number(row.hi80, language, 0),
            unit=unit_name(report, units[row.indicator], language),
        )
        for row in last.itertuples(index=False)
    ]
    return join(tag("p", verdict, class_="verdict"), findings(points) if points else None)


def projection_table(report: Report, rows: pd.DataFrame, language: str, years: list[int]) -> Fragment:
    """Projected medians and intervals in the chosen years."""
    _ = translator(language)
    units = report.catalogue.indicators.set_index("indicator")["unit"]

    def show(*names):
        return lambda r: projected(report, r, names, units[r.indicator], language)

    return table(
        rows[rows["year"].isin(years)].itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Median"), show("p50"), True),
            Column(_("80% interval"), show("lo80", "hi80"), True),
            Column(_("95% interval"), show("lo95", "hi95"), True),
            Column(_("Status"), lambda r: status(r.status, language)),
        ],
        caption=_("Projections: median and intervals"),
        origin=lambda r: projection_place(report, r.indicator, language),
    )


def projected(report: Report, row, names: tuple[str, ...], unit: str, language: str) -> Shown:
    """A projected value or interval, with the points it starts from as evidence."""
    points = joined(report.observations, row.indicator, row.level)
    inputs = {f"y{point.year}": observed(point, report.assumptions) for point in points.itertuples(index=False)}
    values = [getattr(row, name) for name in names]
    text = " – ".join(quantity(value, unit, language, 1 if unit == "%" else 0) for value in values)
    return Shown(text, Evidence(values[0], unit, rule=f"projections.projections: {' – '.join(names)}", inputs=inputs))


def projection_place(report: Report, indicator: str, language: str) -> str:
    """Reference of a projected number: the calculation, and the row of the form it starts from."""
    place = row_place(report, indicator, language)
    return translator(language)("calculated: projections.projections from {place}", place=place)


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
    with chart_axes(3.0) as (fig, axes):
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
        number_axis(axes, unit, language)
        svg = svg_of(fig)
    values = {"median": quantity(end["p50"], unit, language, 0), "year": str(end["year"])}
    low, high = (quantity(end[side], unit, language, 0) for side in ("lo80", "hi80"))
    data = table(
        rows.itertuples(index=False),
        [
            Column(_("Year"), lambda r: str(r.year)),
            *(
                Column(heading, lambda r, names=names: projected(report, r, names, unit, language), True)
                for heading, names in (
                    (_("Median"), ("p50",)),
                    (_("80% interval"), ("lo80", "hi80")),
                    (_("95% interval"), ("lo95", "hi95")),
                )
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


def unprojected(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Series without projection, each with the reason."""
    _ = translator(language)
    return table(
        rows.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Why"), lambda r: _(projection_rules.BASES[r.basis])),
        ],
        caption=_("Series that are not projected, and why"),
        origin=lambda r: row_place(report, r.indicator, language),
    )


def tasks(report: Report, language: str) -> Fragment:
    """Tasks proposed for 2021-2030 with their measurable target, if any."""
    _ = translator(language)
    names = report.domains.set_index("domain")[f"name_{language}"]
    return table(
        report.tasks.itertuples(index=False),
        [
            Column(_("Task"), lambda r: getattr(r, f"text_{language}")),
            Column(_("Domain"), lambda r: names.get(r.domain, "–")),
            Column(
                _("Measurable target"),
                lambda r: f"{r.target_raw} {getattr(r, f'target_{language}')}" if r.target_raw else _("none stated"),
            ),
            Column(_("Section"), lambda r: r.section),
        ],
        caption=_("Tasks proposed for 2021-2030"),
        origin=lambda r: r.section,
    )
