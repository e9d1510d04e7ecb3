"""The assessment in the reader's language: summary, scoreboard, series, domains, systems, evidence."""

from __future__ import annotations

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.contracts import STATUSES
from reformlib.load.evidence import Evidence, observed
from reformlib.load.report import Report
from reformlib.load.rows import each_row, records
from reformlib.measure.change import UNJOINABLE, decimal_year
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.chart import ACCENT, MARKERS, chart_axes, figure, gallery, number_axis, source, svg_of
from reformlib.present.html import Fragment, Shown, tag
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.spark import course
from reformlib.present.table import STATUS_SHAPES, Column, status, table


def heading(page: Page) -> Fragment:
    """Title of the assessment."""
    period = f"{page.report.meta.period_start}–{page.report.meta.period_end}"
    return title(page, page._("Administrative reform {period}: assessment", period=period))


def overview(page: Page, changes: pd.DataFrame, checks: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """Verdict in one sentence; then what rose most, what contradicts itself and what is missing."""
    counts = reliability["reliability"].value_counts()
    verdict = page._(
        "Of {n} series in {annex}, {up} rose as reported; {reliable} raise no objection, {care} need care, {unusable} "
        "cannot be used as labelled, and for {missing} there is no figure.",
        n=len(reliability),
        annex=page.meta("annex"),
        up=int((changes["change"] > 0).sum()),
        reliable=counts.get("reliable", 0),
        care=counts.get("with_care", 0),
        unusable=counts.get("not_usable", 0),
        missing=counts.get("missing", 0),
    )
    grown = each_row(_grown(page, changes).head(2))
    found = [_growth(page, row, reliability) for row in grown]
    found += _checked(page, checks)
    years = sorted(page.report.observations.loc[page.report.observations["value"].notna(), "year"].unique())
    start, end = page.report.meta.period_start, page.report.meta.period_end
    if years and years[0] > start:
        gap = {"start": start, "before": years[0] - 1}
        found.append(
            Finding(
                f"{years[0] - start}/{end - start + 1}",
                page._("Years of the programme without a figure"),
                page._(
                    "Figures exist for {first} to {last} only; the years {start} to {before} have none, so change "
                    "over the whole programme cannot be assessed.",
                    first=years[0],
                    last=years[-1],
                    **gap,
                ),
                page._("add the figures of {start} to {before}, or limit the assessment to the years reported.", **gap),
                page.meta("annex"),
            )
        )
    return summary(page, verdict, found, "checks.report.reliability")


def _grown(page: Page, changes: pd.DataFrame) -> pd.DataFrame:
    measures = page.catalogue.indicators.set_index("indicator")["measure"]
    grown = changes[(changes["change"] > 0) & (changes["indicator"].map(measures) == "stock")]
    return grown.sort_values("change", ascending=False)


def _growth(page: Page, row, reliability: pd.DataFrame) -> Finding:
    name = page.series_name(row.indicator, row.level)
    trust = next(one for one in records(reliability) if (one["indicator"], one["level"]) == (row.indicator, row.level))
    if trust["reliability"] == "reliable":
        ask = page._("keep this way of counting; where the classes change, report both ways.")
    else:
        reasons = trust["reason_vi" if page.language == "vi" else "reason"].split("; ")
        own = next((reason for reason in reasons if reason.startswith(f"{name}: ")), reasons[0])
        why = own.removeprefix(f"{name}: ")
        ask = page.marked(page._("explain before use ({reason}).", reason=why[:1].lower() + why[1:]))
    text = page._(
        "From {first} ({first_date}) to {last} {unit} ({last_date})",
        first=page.quantity(row.first, row.unit),
        first_date=page.day(row.first_as_of),
        last=page.quantity(row.last, row.unit),
        last_date=page.day(row.last_as_of),
        unit=page.unit_name(row.unit),
    )
    if pd.notna(row.annual_change):
        text += page._(", on average {pace} a year", pace=page.signed(row.annual_change, "", 0))
    text += "."
    place = page.row_place(row.indicator)
    return Finding(page.quantity(row.last, row.unit), name, text, ask, place, "measure.changes")


def _checked(page: Page, checks: pd.DataFrame) -> list[Finding]:
    """What contradicts itself, and what needs an explanation: how many, and the gravest of them."""
    grave = checks[checks["severity"] != "information"]
    counts = {
        "agree": int((checks["outcome"] == "consistent").sum()),
        "wrong": int((grave["outcome"] == "inconsistent").sum()),
        "open": int((grave["outcome"] == "cannot tell").sum()),
    }
    texts = {
        "inconsistent": (
            page._("Contradictions that matter"),
            page._(
                "Of {n} checks {agree} agree, {wrong} show a contradiction, {open} need an explanation and {minor} are "
                "smaller remarks. The gravest:",
                n=len(checks),
                minor=len(checks) - sum(counts.values()),
                **counts,
            ),
            page._("settle each of them before its figures are used."),
        ),
        "cannot tell": (
            page._("What needs an explanation"),
            page._("Missing, or neither supported nor refuted by the text. The first:"),
            page._("let the reporting unit explain or add them, with the way of counting."),
        ),
    }
    found = []
    for outcome, (about, text, ask) in texts.items():
        rows = grave[grave["outcome"] == outcome]
        if len(rows):
            first = rows.iloc[0]["title_vi" if page.language == "vi" else "title"]
            said = tag("span", text, " ", tag("em", page.marked(first)), ".")
            found.append(Finding(str(len(rows)), about, said, ask, page._("counted below"), "checks.report.checks"))
    return found


def scoreboard(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """The form's indicators: reliability, course, comparable figures, change and pace, status of the latest figure."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    rows = page.catalogue.rows_by("indicators", "indicator")
    points = sorted(each_row(page.report.observations), key=lambda point: point.as_of)
    latest = {(point.indicator, point.level): point.status for point in points}

    def name(row):
        return f"{rows[row.indicator]['form_row']}. {page.series_name(row.indicator, row.level)}"

    def dated(row, end):
        if pd.isna(getattr(row, end)):
            return "–"
        when = tag("small", f"({page.day(getattr(row, f'{end}_as_of'))})", class_="date")
        value = page.quantity(getattr(row, end), row.unit)
        return Shown(tag("span", value, " ", when), _end(page, row, end))

    return table(
        page,
        each_row(changes),
        [
            Column(page._("Indicator"), name),
            Column(page._("Reliability"), lambda r: reliability_mark(page, trust[r.indicator, r.level])),
            Column(page._("Course"), lambda r: _course(page, r)),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
            Column(page._("First figure"), lambda r: dated(r, "first"), True),
            Column(page._("Latest figure"), lambda r: dated(r, "last"), True),
            Column(page._("Change, and average a year"), lambda r: _change(page, r), True),
            Column(page._("Latest status"), lambda r: status(page, latest[r.indicator, r.level])),
        ],
        caption=page._("Indicators of the form: change over the figures that can be compared"),
        origin=lambda r: page.row_place(r.indicator),
        note=page._(
            "The number before a name is its row in {annex}. Calculated: change = latest − first; average a year = "
            "change ÷ years between the dates. Shares change in percentage points; part of a year is never compared "
            "with a full year.",
            annex=page.meta("annex"),
        ),
        fold=False,
    )


def _course(page: Page, change):
    """The series as a small picture, if it has more than one figure."""
    seen = _seen(page, change)
    if len(seen) < 2:
        return "–"
    name = page.series_name(change.indicator, change.level)
    ends = [page.quantity(seen[place].value, change.unit) for place in (0, -1)]
    years = [f"{seen[place].as_of:%Y}" for place in (0, -1)]
    alt = page._(
        "Course of {name} where {start} has {first} and {end} has {last}",
        name=name,
        start=years[0],
        first=ends[0],
        end=years[1],
        last=ends[1],
    )
    return course(_runs(seen), alt)


def _end(page: Page, row, end: str) -> Evidence:
    """What the first or the last figure of a row of measure.changes rests on."""
    return observed(
        _points(page.report)[row.indicator, row.level, getattr(row, f"{end}_as_of")], page.report.assumptions
    )


@cached_by_owner
def _points(report: Report) -> dict[tuple, object]:
    return {(point.indicator, point.level, point.as_of): point for point in each_row(report.observations)}


def _change(page: Page, row):
    """The change of a row of measure.changes and, under it, its average a year; else why there is none."""
    if pd.isna(row.change):
        return page._(row.reason)

    inputs = {"first": _end(page, row, "first"), "last": _end(page, row, "last")}
    pace, under = {}, f"({page._(row.reason)})" if row.reason else ""
    if pd.notna(row.annual_change):
        # an average over a handful of dates has no hundredths
        decimals = 0 if abs(row.annual_change) >= 10 else 1 if row.annual_change else None
        under = page._("({pace} a year)", pace=page.signed(row.annual_change, "", decimals))
        years = {"years": Evidence(row.years, "years", rule="measure.decimal_year")}
        pace = {"pace": Evidence(row.annual_change, row.unit, formula="(last - first) / years", inputs=inputs | years)}
    points = f" {page._('points')}" if row.unit == "%" else ""
    text = tag("span", page.signed(row.change, ""), points, " ", tag("small", under))
    return Shown(text, Evidence(row.change, row.unit, formula="last - first", inputs=inputs | pace))


def indicator_charts(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """One small chart for every series with figures."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    return gallery(
        *(
            series_chart(page, row, usable=trust[row.indicator, row.level] != "not_usable")
            for row in each_row(changes)
            if _seen(page, row)
        )
    )


def series_chart(page: Page, change, *, usable: bool = True) -> Fragment:
    """One indicator over time; points that cannot be joined stand apart. `change` is a row of measure.changes."""
    name = page.series_name(change.indicator, change.level)
    series = _series(page, change)
    seen = _seen(page, change)
    values = [point.value for point in seen]
    unit = change.unit

    def at(point):
        return page.quantity(point.value, unit)

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
        number_axis(page, axes, unit)
        svg = svg_of(fig)
    first, last = seen[0], seen[-1]
    title = _chart_title(page, change, seen, usable)
    alt = page._(
        "Line chart of {name} where the first figure is {first} ({first_date}) and the latest {last} ({last_date}); "
        "highest {high}, lowest {low}.",
        name=name,
        first=at(first),
        first_date=page.day(first.as_of),
        last=at(last),
        last_date=page.day(last.as_of),
        high=page.quantity(max(values), unit),
        low=page.quantity(min(values), unit),
    )
    data = table(
        page,
        series,
        [
            Column(page._("As of"), lambda r: page.day(r.as_of)),
            Column(
                page.unit_name(unit),
                lambda r: Shown(page.quantity(r.value, unit), observed(r, page.report.assumptions)),
                True,
            ),
            Column(page._("Status"), lambda r: status(page, r.status)),
        ],
        caption=name,
        stack=False,
        origin=lambda r: r.place_vi,
        fold=False,
    )
    shown = sorted({point.status for point in seen} - {"A"})
    legend = "".join(f"; {STATUS_SHAPES[code]} {page._(STATUSES[code])}" for code in shown)
    years = [point.year for point in seen]
    subtitle = f"{page.unit_name(unit)}, {min(years)}–{max(years)}{legend}"
    return figure(page, svg, title=title, subtitle=subtitle, source=source(page, change.indicator), alt=alt, data=data)


def _chart_title(page: Page, change, seen: list, usable: bool) -> str:
    """What a chart shows, in a line: the figures that can be compared and when they were."""
    name = page.series_name(change.indicator, change.level)

    def when(date):
        return str(date.year) if (date.month, date.day) == (12, 31) else page.day(date)

    if not usable:
        return page._("{name}: no trend, as the figures cannot be right as labelled", name=name)
    if pd.isna(change.last):
        return page._("{name}: no figures that can be compared", name=name)
    said = {"name": name, "last": page.quantity(change.last, change.unit), "end": when(change.last_as_of)}
    if pd.isna(change.change):
        return page._("{name}: {last} ({end})", **said)
    said |= {"first": page.quantity(change.first, change.unit), "start": when(change.first_as_of)}
    if change.change == 0:
        if all(point.value == change.last for point in seen):
            return page._("{name}: {last} in every year", **said)
        return page._("{name}: {first} ({start}) and {last} ({end})", **said)
    if change.first == 0 < change.change:
        year = min(point.year for point in seen if point.value > 0) - 1
        return page._("{name}: {last} ({end}); 0 until {year}", year=year, **said)
    if change.change > 0:
        return page._("{name}: up from {first} ({start}) to {last} ({end})", **said)
    return page._("{name}: down from {first} ({start}) to {last} ({end})", **said)


def _seen(page: Page, change) -> list:
    return [point for point in _series(page, change) if pd.notna(point.value)]


def _series(page: Page, change) -> list:
    return [point for point in page.report.points[change.indicator] if point.level == change.level]


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


def domains(page: Page) -> Fragment:
    """The six reform domains: results, limitations and causes as reported."""
    results, limitations = list(each_row(page.report.results)), list(each_row(page.report.limitations))

    def listed(rows: list):
        items = [tag("li", page.text(r, "text")) for r in rows]
        return tag("ul", *items) if items else "–"

    def shortcomings(domain: str, kind: str):
        about = [r for r in limitations if r.domain == domain]
        if any(r.kind == "none_stated" for r in about):
            return page._("the report says: none")
        return listed([r for r in about if r.kind == kind])

    return table(
        page,
        each_row(page.report.domains),
        [
            Column(page._("Domain"), lambda r: f"{r.domain}. {page.text(r, 'name')}"),
            Column(page._("Results reported"), lambda r: listed([one for one in results if one.domain == r.domain])),
            Column(page._("Limitations reported"), lambda r: shortcomings(r.domain, "limitation")),
            Column(page._("Causes reported"), lambda r: shortcomings(r.domain, "cause")),
        ],
        caption=page._("The six reform domains as reported"),
        none=page._("none in this report"),
        origin=lambda r: f"{r.section_results}; {r.section_limitations}",
    )


def systems(page: Page) -> Fragment:
    """Information systems, platforms and infrastructure with coverage and status."""
    words = {"deployed": page._("deployed"), "in_progress": page._("in progress"), "planned": page._("planned")}
    return table(
        page,
        each_row(page.report.systems),
        [
            Column(page._("System"), lambda r: page.text(r, "name")),
            Column(page._("Status"), lambda r: words[r.status]),
            Column(page._("Coverage reported"), lambda r: page.text(r, "coverage") or page._("not stated")),
            Column(page._("Section"), lambda r: r.section),
        ],
        caption=page._("Information systems, platforms and infrastructure"),
        none=page._("none in this report"),
        origin=lambda r: r.section,
    )


def documents(page: Page) -> Fragment:
    """Legal and administrative documents that the report cites."""
    return table(
        page,
        each_row(page.report.documents),
        [
            Column(page._("Document"), lambda r: f"{page.text(r, 'type')} {r.number}"),
            Column(page._("Date"), lambda r: page.partial_date(r.date) if r.date else page._("not stated")),
            Column(page._("Issuer"), lambda r: page.quoted(r.issuer, "vi") or page._("not stated")),
            Column(page._("Subject"), lambda r: page.text(r, "title") or page._("not stated")),
            Column(page._("Cited in"), lambda r: r.cited_in.replace(";", "; ")),
        ],
        caption=page._("Documents cited"),
        none=page._("none in this report"),
        origin=lambda r: r.cited_in,
    )


def facts(page: Page) -> Fragment:
    """Figures of the narrative, as printed, with their place."""

    def value(row):
        return Shown(page.quantity(row.value, row.unit), Evidence(row.value, row.unit, place=row.section))

    return table(
        page,
        each_row(page.report.facts),
        [
            Column(page._("Subject"), lambda r: page.text(r, "subject")),
            Column(page._("As printed"), lambda r: page.quoted(f"{r.qualifier} {r.raw}".strip(), "vi")),
            Column(page._("Value"), value, True),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
            Column(page._("Section"), lambda r: r.section),
        ],
        caption=page._("Figures of the narrative"),
        none=page._("none in this report"),
        origin=lambda r: r.section,
    )


def observations(page: Page) -> Fragment:
    """The annex, every cell as printed beside the value read from it."""
    vi = page.language == "vi"

    def value(row):
        return Shown(page.quantity(row.value, row.unit), observed(row, page.report.assumptions))

    return table(
        page,
        each_row(page.report.observations),
        [
            Column(page._("Indicator"), lambda r: f"{r.form_row}. {page.series_name(r.indicator, r.level)}"),
            Column(page._("As of"), lambda r: page.day(r.as_of)),
            Column(page._("As printed"), lambda r: page.quoted(r.raw.replace("\n", "; "), "vi") or page._("(empty)")),
            Column(page._("Value"), value, True),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
            Column(page._("Status"), lambda r: status(page, r.status)),
            Column(page._("Place"), lambda r: page.quoted(r.place_vi, "vi")),
            Column(page._("Note"), lambda r: r.note_vi if vi else page.marked(r.note)),
        ],
        caption=page._("The annex cell by cell"),
        origin=lambda r: r.place_vi,
    )


def assumptions(page: Page) -> Fragment:
    """The log of corrections and assumptions."""
    kinds = {"status": page._("status"), "correction": page._("correction"), "assumption": page._("assumption")}

    def cells(entry):
        return "; ".join(f"{page.series_name(c['indicator'], c['level'])}, {c['year']}" for c in entry["cells"])

    return table(
        page,
        page.report.assumptions,
        [
            Column(page._("What"), lambda e: page.marked(e[f"what_{page.language}"])),
            Column(page._("Why"), lambda e: page.marked(e[f"why_{page.language}"])),
            Column(page._("Kind"), lambda e: kinds[e["kind"]]),
            Column(page._("Cells"), cells),
        ],
        caption=page._("Corrections and assumptions"),
        none=page._("none in this report"),
        origin=lambda e: f"assumptions.yml, {e['id']}",
    )
