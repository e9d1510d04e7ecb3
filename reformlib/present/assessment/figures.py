"""The assessment in the reader's language: summary, scoreboard, series, domains, systems, evidence."""

from __future__ import annotations

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.contracts import STATUSES
from reformlib.load.evidence import Evidence, observed
from reformlib.load.report import Report
from reformlib.load.rows import each_row, records
from reformlib.locale import day, partial_date, quantity, signed, translator
from reformlib.measure.change import UNJOINABLE, decimal_year
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.chart import (
    ACCENT,
    MARKERS,
    chart_axes,
    figure,
    gallery,
    number_axis,
    source,
    svg_of,
)
from reformlib.present.html import Fragment, Shown, marked, quoted, tag
from reformlib.present.page import Finding, summary, title
from reformlib.present.spark import course
from reformlib.present.table import (
    STATUS_SHAPES,
    Column,
    row_place,
    series_name,
    status,
    table,
    unit_name,
)


def heading(report: Report, language: str) -> Fragment:
    """Title of the assessment."""
    _ = translator(language)
    period = f"{report.meta.period_start}–{report.meta.period_end}"
    return title(report, _("Administrative reform {period}: assessment", period=period), language)


def overview(
    report: Report, changes: pd.DataFrame, checks: pd.DataFrame, reliability: pd.DataFrame, language: str
) -> Fragment:
    """Verdict in one sentence; then what rose most, what contradicts itself and what is missing."""
    _ = translator(language)
    counts = reliability["reliability"].value_counts()
    verdict = _(
        "Of {n} series in {annex}, {up} rose as reported; {reliable} raise no objection, {care} need care, {unusable} "
        "cannot be used as labelled, and for {missing} there is no figure.",
        n=len(reliability),
        annex=report.meta.text("annex", language),
        up=int((changes["change"] > 0).sum()),
        reliable=counts.get("reliable", 0),
        care=counts.get("with_care", 0),
        unusable=counts.get("not_usable", 0),
        missing=counts.get("missing", 0),
    )
    grown = each_row(_grown(report, changes).head(2))
    found = [_growth(report, row, reliability, language) for row in grown]
    found += _checked(checks, language)
    years = sorted(report.observations.loc[report.observations["value"].notna(), "year"].unique())
    start, end = report.meta.period_start, report.meta.period_end
    if years and years[0] > start:
        gap = {"start": start, "before": years[0] - 1}
        found.append(
            Finding(
                f"{years[0] - start}/{end - start + 1}",
                _("Years of the programme without a figure"),
                _(
                    "Figures exist for {first} to {last} only; the years {start} to {before} have none, so change "
                    "over the whole programme cannot be assessed.",
                    first=years[0],
                    last=years[-1],
                    **gap,
                ),
                _("add the figures of {start} to {before}, or limit the assessment to the years reported.", **gap),
                report.meta.text("annex", language),
            )
        )
    return summary(verdict, found, language, "checks.report.reliability")


def _grown(report: Report, changes: pd.DataFrame) -> pd.DataFrame:
    measures = report.catalogue.indicators.set_index("indicator")["measure"]
    grown = changes[(changes["change"] > 0) & (changes["indicator"].map(measures) == "stock")]
    return grown.sort_values("change", ascending=False)


def _growth(report: Report, row, reliability: pd.DataFrame, language: str) -> Finding:
    _ = translator(language)
    name = series_name(report, row.indicator, row.level, language)
    trust = next(one for one in records(reliability) if (one["indicator"], one["level"]) == (row.indicator, row.level))
    if trust["reliability"] == "reliable":
        ask = _("keep this way of counting; where the classes change, report both ways.")
    else:
        reasons = trust["reason_vi" if language == "vi" else "reason"].split("; ")
        own = next((reason for reason in reasons if reason.startswith(f"{name}: ")), reasons[0])
        why = own.removeprefix(f"{name}: ")
        ask = marked(_("explain before use ({reason}).", reason=why[:1].lower() + why[1:]), language)
    text = _(
        "From {first} ({first_date}) to {last} {unit} ({last_date})",
        first=quantity(row.first, row.unit, language),
        first_date=day(row.first_as_of, language),
        last=quantity(row.last, row.unit, language),
        last_date=day(row.last_as_of, language),
        unit=unit_name(report, row.unit, language),
    )
    if pd.notna(row.annual_change):
        text += _(", on average {pace} a year", pace=signed(row.annual_change, "", language, 0))
    text += "."
    place = row_place(report, row.indicator, language)
    return Finding(quantity(row.last, row.unit, language), name, text, ask, place, "measure.changes")


def _checked(checks: pd.DataFrame, language: str) -> list[Finding]:
    """What contradicts itself, and what needs an explanation: how many, and the gravest of them."""
    _ = translator(language)
    grave = checks[checks["severity"] != "information"]
    counts = {
        "agree": int((checks["outcome"] == "consistent").sum()),
        "wrong": int((grave["outcome"] == "inconsistent").sum()),
        "open": int((grave["outcome"] == "cannot tell").sum()),
    }
    texts = {
        "inconsistent": (
            _("Contradictions that matter"),
            _(
                "Of {n} checks {agree} agree, {wrong} show a contradiction, {open} need an explanation and {minor} are "
                "smaller remarks. The gravest:",
                n=len(checks),
                minor=len(checks) - sum(counts.values()),
                **counts,
            ),
            _("settle each of them before its figures are used."),
        ),
        "cannot tell": (
            _("What needs an explanation"),
            _("Missing, or neither supported nor refuted by the text. The first:"),
            _("let the reporting unit explain or add them, with the way of counting."),
        ),
    }
    found = []
    for outcome, (about, text, ask) in texts.items():
        rows = grave[grave["outcome"] == outcome]
        if len(rows):
            first = rows.iloc[0]["title_vi" if language == "vi" else "title"]
            said = tag("span", text, " ", tag("em", marked(first, language)), ".")
            found.append(Finding(str(len(rows)), about, said, ask, _("counted below"), "checks.report.checks"))
    return found


def scoreboard(report: Report, changes: pd.DataFrame, reliability: pd.DataFrame, language: str) -> Fragment:
    """The form's indicators: reliability, course, comparable figures, change and pace, status of the latest figure."""
    _ = translator(language)
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    rows = report.catalogue.rows_by("indicators", "indicator")
    points = sorted(each_row(report.observations), key=lambda point: point.as_of)
    latest = {(point.indicator, point.level): point.status for point in points}

    def name(row):
        return f"{rows[row.indicator]['form_row']}. {series_name(report, row.indicator, row.level, language)}"

    def dated(row, end):
        if pd.isna(getattr(row, end)):
            return "–"
        when = tag("small", f"({day(getattr(row, f'{end}_as_of'), language)})", class_="date")
        value = quantity(getattr(row, end), row.unit, language)
        return Shown(tag("span", value, " ", when), _end(report, row, end))

    return table(
        each_row(changes),
        [
            Column(_("Indicator"), name),
            Column(_("Reliability"), lambda r: reliability_mark(trust[r.indicator, r.level], language)),
            Column(_("Course"), lambda r: _course(report, r, language)),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(_("First figure"), lambda r: dated(r, "first"), True),
            Column(_("Latest figure"), lambda r: dated(r, "last"), True),
            Column(_("Change, and average a year"), lambda r: _change(report, r, language), True),
            Column(_("Latest status"), lambda r: status(latest[r.indicator, r.level], language)),
        ],
        caption=_("Indicators of the form: change over the figures that can be compared"),
        origin=lambda r: row_place(report, r.indicator, language),
        note=_(
            "The number before a name is its row in {annex}. Calculated: change = latest − first; average a year = "
            "change ÷ years between the dates. Shares change in percentage points; part of a year is never compared "
            "with a full year.",
            annex=report.meta.text("annex", language),
        ),
    )


def _course(report: Report, change, language: str):
    """The series as a small picture, if it has more than one figure."""
    _ = translator(language)
    seen = _seen(report, change)
    if len(seen) < 2:
        return "–"
    name = series_name(report, change.indicator, change.level, language)
    ends = [quantity(seen[place].value, change.unit, language) for place in (0, -1)]
    years = [f"{seen[place].as_of:%Y}" for place in (0, -1)]
    alt = _(
        "Course of {name} where {start} has {first} and {end} has {last}",
        name=name,
        start=years[0],
        first=ends[0],
        end=years[1],
        last=ends[1],
    )
    return course(_runs(seen), alt)


def _end(report: Report, row, end: str) -> Evidence:
    """What the first or the last figure of a row of measure.changes rests on."""
    return observed(_points(report)[row.indicator, row.level, getattr(row, f"{end}_as_of")], report.assumptions)


@cached_by_owner
def _points(report: Report) -> dict[tuple, object]:
    return {(point.indicator, point.level, point.as_of): point for point in each_row(report.observations)}


def _change(report: Report, row, language: str):
    """The change of a row of measure.changes and, under it, its average a year; else why there is none."""
    _ = translator(language)
    if pd.isna(row.change):
        return _(row.reason)

    inputs = {"first": _end(report, row, "first"), "last": _end(report, row, "last")}
    pace, under = {}, f"({_(row.reason)})" if row.reason else ""
    if pd.notna(row.annual_change):
        # an average over a handful of dates has no hundredths
        decimals = 0 if abs(row.annual_change) >= 10 else 1 if row.annual_change else None
        under = _("({pace} a year)", pace=signed(row.annual_change, "", language, decimals))
        years = {"years": Evidence(row.years, "years", rule="measure.decimal_year")}
        pace = {"pace": Evidence(row.annual_change, row.unit, formula="(last - first) / years", inputs=inputs | years)}
    points = f" {_('points')}" if row.unit == "%" else ""
    text = tag("span", signed(row.change, "", language), points, " ", tag("small", under))
    return Shown(text, Evidence(row.change, row.unit, formula="last - first", inputs=inputs | pace))


def indicator_charts(report: Report, changes: pd.DataFrame, reliability: pd.DataFrame, language: str) -> Fragment:
    """One small chart for every series with figures."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    return gallery(
        *(
            series_chart(report, row, language, usable=trust[row.indicator, row.level] != "not_usable")
            for row in each_row(changes)
            if _seen(report, row)
        )
    )


def series_chart(report: Report, change, language: str, *, usable: bool = True) -> Fragment:
    """One indicator over time; points that cannot be joined stand apart. `change` is a row of measure.changes."""
    _ = translator(language)
    name = series_name(report, change.indicator, change.level, language)
    series = _series(report, change)
    seen = _seen(report, change)
    values = [point.value for point in seen]
    unit = change.unit

    def at(point):
        return quantity(point.value, unit, language)

    with chart_axes() as (fig, axes):
        times = [decimal_year(point.as_of.date()) for point in seen]
        for run in _runs(seen):
            axes.plot(*zip(*run, strict=True), color=ACCENT, lw=2)
        for time, point in zip(times, seen, strict=True):
            axes.plot(time, point.value, color=ACCENT, ms=7, **MARKERS[point.status])
        top = max(*values, 1)
        labelled = {0, len(seen) - 1}
        for which in [n for n, point in enumerate(seen) if point.as_of == change.last_as_of]:  # the title names it
            if all(abs(values[which] - values[other]) > top / 5 for other in labelled):
                labelled.add(which)
        for which in sorted(labelled):
            below = which and top / 4 < values[which] < values[which - 1]  # clear of the line that comes down to it
            axes.annotate(
                at(seen[which]),
                (times[which], values[which]),
                textcoords="offset points",
                xytext=(0, -9 if below else 9),
                ha="center",
                va="top" if below else "baseline",
                color=ACCENT,
                fontweight="bold",
            )
        axes.set_ylim(0, (100 if unit == "%" and top > 20 else top) * 1.22)
        axes.set_xlim(min(times) - 0.4, max(times) + 0.45)
        _year_axis(axes, series)
        number_axis(axes, unit, language)
        svg = svg_of(fig)
    first, last = seen[0], seen[-1]
    title = _chart_title(report, change, seen, usable, language)
    alt = _(
        "Line chart of {name} where the first figure is {first} ({first_date}) and the latest {last} ({last_date}); "
        "highest {high}, lowest {low}.",
        name=name,
        first=at(first),
        first_date=day(first.as_of, language),
        last=at(last),
        last_date=day(last.as_of, language),
        high=quantity(max(values), unit, language),
        low=quantity(min(values), unit, language),
    )
    data = table(
        series,
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
        stack=False,
        origin=lambda r: r.place_vi,
    )
    shown = sorted({point.status for point in seen} - {"A"})
    legend = "".join(f"; {STATUS_SHAPES[code]} {_(STATUSES[code])}" for code in shown)
    years = [point.year for point in seen]
    subtitle = f"{unit_name(report, unit, language)}, {min(years)}–{max(years)}{legend}"
    return figure(
        svg,
        title=title,
        subtitle=subtitle,
        source=source(report, language, change.indicator),
        alt=alt,
        data=data,
        language=language,
    )


def _chart_title(report: Report, change, seen: list, usable: bool, language: str) -> str:
    """What a chart shows, in a line: the figures that can be compared and when they were."""
    _ = translator(language)
    name = series_name(report, change.indicator, change.level, language)

    def when(date):
        return str(date.year) if (date.month, date.day) == (12, 31) else day(date, language)

    if not usable:
        return _("{name}: no trend, as the figures cannot be right as labelled", name=name)
    if pd.isna(change.last):
        return _("{name}: no figures that can be compared", name=name)
    said = {"name": name, "last": quantity(change.last, change.unit, language), "end": when(change.last_as_of)}
    if pd.isna(change.change):
        return _("{name}: {last} ({end})", **said)
    said |= {"first": quantity(change.first, change.unit, language), "start": when(change.first_as_of)}
    if change.change == 0:
        if all(point.value == change.last for point in seen):
            return _("{name}: {last} in every year", **said)
        return _("{name}: {first} ({start}) and {last} ({end})", **said)
    if change.first == 0 < change.change:
        year = min(point.year for point in seen if point.value > 0) - 1
        return _("{name}: {last} ({end}); 0 until {year}", year=year, **said)
    if change.change > 0:
        return _("{name}: up from {first} ({start}) to {last} ({end})", **said)
    return _("{name}: down from {first} ({start}) to {last} ({end})", **said)


def _seen(report: Report, change) -> list:
    return [point for point in _series(report, change) if pd.notna(point.value)]


def _series(report: Report, change) -> list:
    return [point for point in report.points[change.indicator] if point.level == change.level]


def _runs(seen: list) -> list[list[tuple[float, float]]]:
    """Stretches of points that can be compared: none across a break, a definition, a part of a flow's year."""
    runs: list[list[tuple[float, float]]] = []
    before = ""
    for point in seen:
        apart = point.status in ("B", "P") or {point.status, before} & UNJOINABLE
        if apart or not runs:
            runs.append([])
        runs[-1].append((decimal_year(point.as_of.date()), point.value))
        before = point.status
    return runs


def _year_axis(axes, series: list) -> None:
    dates = [point.as_of for point in series]
    ends = [decimal_year(when.date()) for when in dates]
    axes.set_xticks(ends, [f"{when.month}/{when.year}" if when.month < 12 else str(when.year) for when in dates])
    if dates[-1].month < 12:  # a part of a year stands close to the year before
        for label, side in zip(axes.get_xticklabels()[-2:], ("right", "left"), strict=True):
            label.set_horizontalalignment(side)


def domains(report: Report, language: str) -> Fragment:
    """The six reform domains: results, limitations and causes as reported."""
    _ = translator(language)

    results, limitations = list(each_row(report.results)), list(each_row(report.limitations))

    def listed(rows: list):
        items = [tag("li", getattr(r, f"text_{language}")) for r in rows]
        return tag("ul", *items) if items else "–"

    def shortcomings(domain: str, kind: str):
        about = [r for r in limitations if r.domain == domain]
        if any(r.kind == "none_stated" for r in about):
            return _("the report says: none")
        return listed([r for r in about if r.kind == kind])

    return table(
        each_row(report.domains),
        [
            Column(_("Domain"), lambda r: f"{r.domain}. {getattr(r, f'name_{language}')}"),
            Column(_("Results reported"), lambda r: listed([one for one in results if one.domain == r.domain])),
            Column(_("Limitations reported"), lambda r: shortcomings(r.domain, "limitation")),
            Column(_("Causes reported"), lambda r: shortcomings(r.domain, "cause")),
        ],
        caption=_("The six reform domains as reported"),
        none=_("none in this report"),
        fold=language,
        origin=lambda r: f"{r.section_results}; {r.section_limitations}",
    )


def systems(report: Report, language: str) -> Fragment:
    """Information systems, platforms and infrastructure with coverage and status."""
    _ = translator(language)
    words = {"deployed": _("deployed"), "in_progress": _("in progress"), "planned": _("planned")}
    return table(
        each_row(report.systems),
        [
            Column(_("System"), lambda r: getattr(r, f"name_{language}")),
            Column(_("Status"), lambda r: words[r.status]),
            Column(_("Coverage reported"), lambda r: getattr(r, f"coverage_{language}") or _("not stated")),
            Column(_("Section"), lambda r: r.section),
        ],
        caption=_("Information systems, platforms and infrastructure"),
        none=_("none in this report"),
        fold=language,
        origin=lambda r: r.section,
    )


def documents(report: Report, language: str) -> Fragment:
    """Legal and administrative documents that the report cites."""
    _ = translator(language)
    return table(
        each_row(report.documents),
        [
            Column(_("Document"), lambda r: f"{getattr(r, f'type_{language}')} {r.number}"),
            Column(_("Date"), lambda r: partial_date(r.date, language) if r.date else _("not stated")),
            Column(_("Issuer"), lambda r: quoted(r.issuer, "vi", language) or _("not stated")),
            Column(_("Subject"), lambda r: getattr(r, f"title_{language}") or _("not stated")),
            Column(_("Cited in"), lambda r: r.cited_in.replace(";", "; ")),
        ],
        caption=_("Documents cited"),
        none=_("none in this report"),
        origin=lambda r: r.cited_in,
        fold=language,
    )


def facts(report: Report, language: str) -> Fragment:
    """Figures of the narrative, as printed, with their place."""
    _ = translator(language)

    def value(row):
        return Shown(quantity(row.value, row.unit, language), Evidence(row.value, row.unit, place=row.section))

    return table(
        each_row(report.facts),
        [
            Column(_("Subject"), lambda r: getattr(r, f"subject_{language}")),
            Column(_("As printed"), lambda r: quoted(f"{r.qualifier} {r.raw}".strip(), "vi", language)),
            Column(_("Value"), value, True),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(_("Section"), lambda r: r.section),
        ],
        caption=_("Figures of the narrative"),
        none=_("none in this report"),
        origin=lambda r: r.section,
        fold=language,
    )


def observations(report: Report, language: str) -> Fragment:
    """The annex, every cell as printed beside the value read from it."""
    _ = translator(language)
    vi = language == "vi"

    def value(row):
        return Shown(quantity(row.value, row.unit, language), observed(row, report.assumptions))

    return table(
        each_row(report.observations),
        [
            Column(_("Indicator"), lambda r: f"{r.form_row}. {series_name(report, r.indicator, r.level, language)}"),
            Column(_("As of"), lambda r: day(r.as_of, language)),
            Column(_("As printed"), lambda r: quoted(r.raw.replace("\n", "; "), "vi", language) or _("(empty)")),
            Column(_("Value"), value, True),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(_("Status"), lambda r: status(r.status, language)),
            Column(_("Place"), lambda r: quoted(r.place_vi, "vi", language)),
            Column(_("Note"), lambda r: r.note_vi if vi else marked(r.note, language)),
        ],
        caption=_("The annex cell by cell"),
        origin=lambda r: r.place_vi,
        fold=language,
    )


def assumptions(report: Report, language: str) -> Fragment:
    """The log of corrections and assumptions."""
    _ = translator(language)
    kinds = {"status": _("status"), "correction": _("correction"), "assumption": _("assumption")}

    def cells(entry):
        return "; ".join(
            f"{series_name(report, c['indicator'], c['level'], language)}, {c['year']}" for c in entry["cells"]
        )

    return table(
        report.assumptions,
        [
            Column(_("What"), lambda e: marked(e[f"what_{language}"], language)),
            Column(_("Why"), lambda e: marked(e[f"why_{language}"], language)),
            Column(_("Kind"), lambda e: kinds[e["kind"]]),
            Column(_("Cells"), cells),
        ],
        caption=_("Corrections and assumptions"),
        none=_("none in this report"),
        fold=language,
        origin=lambda e: f"assumptions.yml, {e['id']}",
    )
