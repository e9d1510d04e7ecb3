"""Sentences of the pages: title, verdict, findings, provenance."""

from __future__ import annotations

import pandas as pd

from reformlib import __version__
from reformlib.load import Report
from reformlib.locale import day, number, quantity, signed, translator
from reformlib.present.html import Fragment, join, quoted, tag
from reformlib.present.tables import series_name, unit_name


def title(report: Report, heading: str, language: str) -> Fragment:
    """The page's title with unit and period, and the line that says what it rests on."""
    _ = translator(language)
    meta = report.meta
    line = _(
        "{unit}. Report of {issued}, edition {edition}; figures to {date}.",
        unit=meta.text("unit", language),
        issued=meta.issued,
        edition=meta.edition,
        date=day(meta.data_date, language),
    )
    return join(tag("h1", heading), tag("p", line, class_="lead"))


def findings(items: list) -> Fragment:
    """Findings as a list."""
    return Fragment(tag("ul", *(tag("li", item) for item in items), class_="findings"))


def assessment_title(report: Report, language: str) -> Fragment:
    """Title of the assessment."""
    _ = translator(language)
    period = f"{report.meta.period_start}–{report.meta.period_end}"
    return title(
        report,
        _(
            "Administrative reform {period}: assessment, {place}",
            period=period,
            place=report.meta.text("place", language),
        ),
        language,
    )


def gap_title(report: Report, language: str) -> Fragment:
    """Title of the gap analysis."""
    _ = translator(language)
    return title(
        report,
        _(
            "Distance to the official targets at {date}, {place}",
            date=day(report.meta.data_date, language),
            place=report.meta.text("place", language),
        ),
        language,
    )


def projection_title(report: Report, horizon: int, language: str) -> Fragment:
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


def assessment_summary(report: Report, changes: pd.DataFrame, language: str) -> Fragment:
    """Verdict and findings of the assessment."""
    _ = translator(language)
    whole = changes.groupby("indicator", sort=False)
    rose = int((whole["change"].max() > 0).sum())
    still = int((whole["change"].max() == 0).sum())
    other = whole.ngroups - rose - still
    years = sorted(report.observations.loc[report.observations["value"].notna(), "year"].unique())
    verdict = _(
        "Of {n} indicators of the form, {rose} rose over the figures that can be compared, {still} never moved, "
        "and {other} cannot be compared over time or have no figure.",
        n=whole.ngroups,
        rose=rose,
        still=still,
        other=other,
    )
    measures = report.catalogue.indicators.set_index("indicator")["measure"]
    grown = changes[(changes["change"] > 0) & (changes["indicator"].map(measures) == "stock")]
    points = []
    for row in grown.sort_values("change", ascending=False).head(3).itertuples(index=False):
        points.append(
            _(
                "{name}: from {first} ({first_date}) to {last} ({last_date}), on average {pace} {unit} a year.",
                name=series_name(report, row.indicator, row.level, language),
                first=quantity(row.first, row.unit, language),
                first_date=day(row.first_as_of, language),
                last=quantity(row.last, row.unit, language),
                last_date=day(row.last_as_of, language),
                pace=signed(row.annual_change, "", language, 0),
                unit=unit_name(report, row.unit, language),
            )
        )
    points.append(
        _(
            "Figures exist for {first} to {last} only; the years {start} to {before} of the programme have none.",
            first=years[0],
            last=years[-1],
            start=report.meta.period_start,
            before=years[0] - 1,
        )
    )
    empty = sorted(set(report.observations["indicator"]) - set(report.observations.dropna(subset="value")["indicator"]))
    if empty:
        names = "; ".join(series_name(report, code, "", language) for code in empty)
        points.append(_("No figure at all is given for: {names}.", names=names))
    return join(tag("p", verdict, class_="verdict"), findings(points))


def gap_summary(report: Report, gaps: pd.DataFrame, language: str) -> Fragment:
    """Verdict and findings of the gap analysis."""
    _ = translator(language)
    judged = gaps[gaps["value"].notna()]
    counts = judged["verdict"].value_counts()
    verdict = _(
        "Of {n} official targets, {judged} can be held against a figure of the report: {achieved} achieved, "
        "{missed} missed, {open} open at the date of the data.",
        n=gaps["target_id"].nunique(),
        judged=judged["target_id"].nunique(),
        achieved=counts.get("achieved", 0),
        missed=counts.get("missed", 0),
        open=counts.get("open", 0),
    )
    points = [
        _(
            "{name}: {value} against {target} by {deadline}, {gap} points ({instrument}).",
            name=series_name(report, row.indicator, row.level, language),
            value=quantity(row.value, "%", language, 2),
            target=quantity(row.target, "%", language),
            deadline=day(row.deadline, language),
            gap=signed(row.gap, "", language, 2),
            instrument=row.target_id,
        )
        for row in judged.sort_values(["target_year", "target_id"]).head(5).itertuples(index=False)
    ]
    return join(tag("p", verdict, class_="verdict"), findings(points) if points else None)


def projection_summary(report: Report, projections: pd.DataFrame, language: str) -> Fragment:
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


def provenance(report: Report, language: str, parameters: dict[str, object]) -> Fragment:
    """What the page rests on and how to make it again."""
    _ = translator(language)
    meta = report.meta
    shown = ", ".join(f"{name} = {value}" for name, value in parameters.items())
    items = [
        (_("Source"), meta.text("source", language)),
        (_("Title of the report"), quoted(meta.title_vi, "vi", language)),
        (_("Figures to"), day(meta.data_date, language)),
        (_("Edition"), f"{meta.edition} ({meta.id})"),
        (_("Parameters"), shown),
        (_("Made with"), f"reformlib {__version__}"),
        (_("To make it again"), tag("code", f"reformlib render --report {meta.id} --language {language}")),
    ]
    pairs = [part for term, text in items for part in (tag("dt", term), tag("dd", text))]
    return Fragment(tag("dl", *pairs, class_="provenance"))
