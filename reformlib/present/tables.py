"""Tables of the pages: caption, units, a scope on every heading, rows that stack on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup, escape

from reformlib import gaps as gap_rules
from reformlib import projections as projection_rules
from reformlib.contracts import STATUSES
from reformlib.evidence import Evidence, observed
from reformlib.load import Report
from reformlib.locale import day, number, quantity, signed, translator
from reformlib.present.html import Fragment, Shown, join, quoted, tag

STATUS_SHAPES = {"A": "●", "B": "◆", "D": "◇", "E": "◌", "F": "▷", "O": "○", "M": "∅", "P": "◐", "U": "△"}
VERDICT_SHAPES = {
    "achieved": "✔",
    "missed": "✘",
    "open": "▶",
    "not_assessable": "○",
    "unconfirmed": "?",
    "context": "·",
}


@dataclass(frozen=True)
class Column:
    """A column of a printed table: its heading with the unit, how a row shows in it, whether it holds figures."""

    heading: str
    show: Callable
    numeric: bool = False


def table(
    rows: Iterable, columns: list[Column], *, caption: str, origin: Callable[..., str] = lambda row: "", note: str = ""
) -> Fragment:
    """A table whose first column heads its rows.

    `rows` are whatever `Column.show` takes, usually `frame.itertuples()`. A number with evidence of its own is a
    `Shown`; `origin` gives the place that the rest of a row was taken from. Raises ValueError for a table without
    rows or caption, and for a cell with a digit that can be followed to nothing.
    """
    rows = list(rows)
    if not rows or not caption.strip():
        raise ValueError(f"a table needs rows and a caption: {caption!r} has {len(rows)} rows")
    head = tag(
        "tr",
        *(tag("th", c.heading, scope="col", role="columnheader", class_="num" if c.numeric else None) for c in columns),
        role="row",
    )
    body, followed = [], []
    for row in rows:
        shown = [c.show(row) for c in columns]
        texts = [cell.text if isinstance(cell, Shown) else cell for cell in shown]
        cells = [tag("th", texts[0], scope="row", role="rowheader")]
        cells += [
            tag("td", text, role="cell", class_="num" if c.numeric else None, data_label=c.heading)
            for c, text in zip(columns[1:], texts[1:], strict=True)
        ]
        body.append(tag("tr", *cells, role="row"))
        followed.append(_follow(row, columns, shown, origin))
    element = tag(
        "table",
        tag("caption", caption),
        tag("thead", head, role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        role="table",
        class_="stack",
    )
    scroller = tag("div", element, class_="scroll", role="region", aria_label=caption, tabindex="0")
    return join(
        Fragment(scroller, [{"table": caption, "rows": followed}]), tag("p", note, class_="note") if note else None
    )


def _follow(row, columns: list[Column], shown: list, origin: Callable[..., str]) -> dict[str, dict]:
    """Evidence of one row, by heading: of every cell that holds a digit."""
    place, cells = origin(row), {}
    for column, cell in zip(columns, shown, strict=True):
        text = Markup(escape(cell.text if isinstance(cell, Shown) else cell)).striptags()
        if isinstance(cell, Shown):
            cells[column.heading] = {"text": text, **cell.evidence.entry()}
        elif any(character.isdigit() for character in text):
            if not place:
                raise ValueError(f"the number in {column.heading!r}, {text!r}, can be followed to nothing")
            cells[column.heading] = {"text": text, "place": place}
    return cells


def series_name(report: Report, indicator: str, level: str, language: str, *, short: bool = True) -> str:
    """Name of a series in the page's language, with its service level."""
    _ = translator(language)
    row = report.catalogue.indicators.set_index("indicator").loc[indicator]
    name = row[f"{'short' if short else 'name'}_{language}"]
    return f"{name}, {_('level {level}', level=level.replace('+', ' + '))}" if level else name


def unit_name(report: Report, unit: str, language: str) -> str:
    """Name of a unit in the page's language; the percent sign stays."""
    return unit if unit == "%" else report.catalogue.units.set_index("unit").at[unit, f"name_{language}"]


def row_place(report: Report, indicator: str, language: str) -> str:
    """Place of an indicator in the form: `Phụ lục 7, dòng 10`."""
    row = report.catalogue.indicators.set_index("indicator").at[indicator, "form_row"]
    return translator(language)("{annex}, row {row}", annex=report.meta.text("annex", language), row=row)


def status(code: str, language: str):
    """A status as shape and word."""
    return tag("span", f"{STATUS_SHAPES[code]} {translator(language)(STATUSES[code])}", class_=f"status s-{code}")


def verdict(code: str, language: str):
    """A verdict as shape and word."""
    word = translator(language)(gap_rules.VERDICTS[code])
    return tag("span", f"{VERDICT_SHAPES[code]} {word}", class_=f"status v-{code}")


def scoreboard(report: Report, changes: pd.DataFrame, language: str) -> Fragment:
    """The form's indicators with first and latest comparable figure, change and average annual change."""
    _ = translator(language)
    latest = report.observations.sort_values("as_of").groupby(["indicator", "level"]).last()["status"]
    points = {(p.indicator, p.level, p.as_of): p for p in report.observations.itertuples(index=False)}

    def origin(row, end):
        return observed(points[row.indicator, row.level, getattr(row, f"{end}_as_of")], report.assumptions)

    def dated(row, end):
        if pd.isna(getattr(row, end)):
            return "–"
        when = day(getattr(row, f"{end}_as_of"), language)
        return Shown(f"{quantity(getattr(row, end), row.unit, language)} ({when})", origin(row, end))

    def change(row, name, formula):
        value = getattr(row, name)
        if pd.isna(value):
            return _(row.reason)
        inputs = {"first": origin(row, "first"), "last": origin(row, "last")}
        if "years" in formula:
            inputs["years"] = Evidence(row.years, "years", rule="measure.decimal_year")
        text = signed(value, "", language) + (f" {_('points')}" if row.unit == "%" else "")
        return Shown(text, Evidence(value, row.unit, formula=formula, inputs=inputs))

    return table(
        changes.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(_("First figure"), lambda r: dated(r, "first"), True),
            Column(_("Latest figure"), lambda r: dated(r, "last"), True),
            Column(_("Change"), lambda r: change(r, "change", "last - first"), True),
            Column(_("Average a year"), lambda r: change(r, "annual_change", "(last - first) / years"), True),
            Column(_("Latest status"), lambda r: status(latest[r.indicator, r.level], language)),
            Column(_("Evidence"), lambda r: row_place(report, r.indicator, language)),
        ],
        caption=_("Indicators of the form: change over the figures that can be compared"),
        origin=lambda r: row_place(report, r.indicator, language),
        note=_(
            "Calculated: change = latest − first; average a year = change ÷ years between the dates. Shares change "
            "in percentage points; part of a year is never compared with a full year."
        ),
    )


def observations(report: Report, language: str) -> Fragment:
    """The annex, every cell as printed beside the value read from it."""
    _ = translator(language)
    vi = language == "vi"

    def value(row):
        return Shown(quantity(row.value, row.unit, language), observed(row, report.assumptions))

    return table(
        report.observations.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: f"{r.form_row}. {series_name(report, r.indicator, r.level, language)}"),
            Column(_("As of"), lambda r: day(r.as_of, language)),
            Column(_("As printed"), lambda r: quoted(r.raw.replace("\n", "; "), "vi", language) or _("(empty)")),
            Column(_("Value"), value, True),
            Column(_("Status"), lambda r: status(r.status, language)),
            Column(_("Place"), lambda r: quoted(r.place_vi, "vi", language)),
            Column(_("Note"), lambda r: r.note_vi if vi else r.note),
        ],
        caption=_("The annex cell by cell"),
        origin=lambda r: r.place_vi,
    )


def facts(report: Report, language: str) -> Fragment:
    """Figures of the narrative, as printed, with their place."""
    _ = translator(language)

    def value(row):
        return Shown(quantity(row.value, row.unit, language), Evidence(row.value, row.unit, place=row.section))

    return table(
        report.facts.itertuples(index=False),
        [
            Column(_("Subject"), lambda r: getattr(r, f"subject_{language}")),
            Column(_("As printed"), lambda r: quoted(f"{r.qualifier} {r.raw}".strip(), "vi", language)),
            Column(_("Value"), value, True),
            Column(_("Unit"), lambda r: unit_name(report, r.unit, language)),
            Column(_("Section"), lambda r: r.section),
        ],
        caption=_("Figures of the narrative"),
        origin=lambda r: r.section,
    )


def domains(report: Report, language: str) -> Fragment:
    """The six reform domains: results, limitations and causes as reported."""
    _ = translator(language)

    def listed(frame: pd.DataFrame):
        items = [tag("li", getattr(r, f"text_{language}")) for r in frame.itertuples(index=False)]
        return tag("ul", *items) if items else "–"

    def shortcomings(domain: str, kind: str):
        about = report.limitations[(report.limitations["domain"] == domain)]
        if (about["kind"] == "none_stated").any():
            return _("the report says: none")
        return listed(about[about["kind"] == kind])

    return table(
        report.domains.itertuples(index=False),
        [
            Column(_("Domain"), lambda r: f"{r.domain}. {getattr(r, f'name_{language}')}"),
            Column(_("Results reported"), lambda r: listed(report.results[report.results["domain"] == r.domain])),
            Column(_("Limitations reported"), lambda r: shortcomings(r.domain, "limitation")),
            Column(_("Causes reported"), lambda r: shortcomings(r.domain, "cause")),
        ],
        caption=_("The six reform domains as reported"),
        origin=lambda r: f"{r.section_results}; {r.section_limitations}",
    )


def systems(report: Report, language: str) -> Fragment:
    """Information systems, platforms and infrastructure with coverage and status."""
    _ = translator(language)
    words = {"deployed": _("deployed"), "in_progress": _("in progress"), "planned": _("planned")}
    return table(
        report.systems.itertuples(index=False),
        [
            Column(_("System"), lambda r: getattr(r, f"name_{language}")),
            Column(_("Status"), lambda r: words[r.status]),
            Column(_("Coverage reported"), lambda r: getattr(r, f"coverage_{language}") or _("not stated")),
            Column(_("Section"), lambda r: r.section),
        ],
        caption=_("Information systems, platforms and infrastructure"),
        origin=lambda r: r.section,
    )


def documents(report: Report, language: str) -> Fragment:
    """Legal and administrative documents that the report cites."""
    _ = translator(language)
    return table(
        report.documents.itertuples(index=False),
        [
            Column(_("Document"), lambda r: f"{getattr(r, f'type_{language}')} {r.number}"),
            Column(_("Date"), lambda r: r.date or _("not stated")),
            Column(_("Issuer"), lambda r: quoted(r.issuer, "vi", language) or _("not stated")),
            Column(_("Subject"), lambda r: getattr(r, f"title_{language}") or _("not stated")),
            Column(_("Cited in"), lambda r: r.cited_in.replace(";", "; ")),
        ],
        caption=_("Documents cited"),
        origin=lambda r: r.cited_in,
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
            Column(_("What"), lambda e: e[f"what_{language}"]),
            Column(_("Why"), lambda e: e[f"why_{language}"]),
            Column(_("Kind"), lambda e: kinds[e["kind"]]),
            Column(_("Cells"), cells),
        ],
        caption=_("Corrections and assumptions"),
        origin=lambda e: f"assumptions.yml, {e['id']}",
    )


def gap_table(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets with figures: target, value, gap and verdict."""
    _ = translator(language)

    def aim(r):
        return Evidence(r.target, "%", place=f"targets.csv, {r.target_id}")

    def target(r):
        sign = {">=": "≥", "<=": "≤"}.get(r.comparator, r.comparator)
        return Shown(f"{sign} {quantity(r.target, '%', language)}", aim(r))

    def figure(r):
        text = f"{quantity(r.value, '%', language, 2)} ({day(r.as_of, language)})"
        return Shown(text, figure_evidence(report, r))

    def gap(r):
        inputs = {"figure": figure_evidence(report, r), "target": aim(r)}
        text = f"{signed(r.gap, '', language, 2)} {_('points')}"
        return Shown(text, Evidence(r.gap, "%", formula="figure - target", inputs=inputs))

    def lacking(r):
        if pd.isna(r.gap_units):
            return "–"
        inputs = {"target": aim(r), **figure_evidence(report, r).inputs}
        evidence = Evidence(r.gap_units, "services", rule="gaps.gaps", inputs=inputs)
        return Shown(number(r.gap_units, language), evidence)

    def caveats(r):
        return "; ".join(_(gap_rules.CAVEATS[code]) for code in r.caveat.split(";") if code) or "–"

    return table(
        rows.itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Target"), target, True),
            Column(_("Figure"), figure, True),
            Column(_("Gap"), gap, True),
            Column(_("Services lacking"), lacking, True),
            Column(_("Deadline"), lambda r: day(r.deadline, language)),
            Column(_("Instrument"), lambda r: f"{instrument(report, r.instrument, language)} ({r.target_id})"),
            Column(_("What it rests on"), caveats),
        ],
        caption=_("Official targets held against the report's figures"),
        origin=lambda r: f"targets.csv, {r.target_id}; {row_place(report, r.indicator, language)}",
        note=_(
            "Calculated: gap = figure − target, in percentage points; services lacking = whole services short."
        ),
    )


def figure_evidence(report: Report, gap) -> Evidence:
    """What the figure of a gap rests on: its cell, or its cells as a share of the stated universe."""
    levels = gap.level.split("+")
    points = report.observations[
        (report.observations["indicator"] == gap.indicator)
        & report.observations["level"].isin(levels)
        & (report.observations["as_of"] == gap.as_of)
    ]
    cells = [observed(point, report.assumptions) for point in points.itertuples(index=False)]
    if points["unit"].iloc[0] == "%":
        return cells[0]
    named = {f"level_{level}": cell for level, cell in zip(levels, cells, strict=True)}
    fact = report.facts.set_index("fact").loc[report.meta.universes[gap.indicator]]
    universe = Evidence(fact["value"], fact["unit"], place=fact["section"])
    return Evidence(
        gap.value, "%", formula=f"100 * ({' + '.join(named)}) / universe", inputs={**named, "universe": universe}
    )


def instrument(report: Report, name: str, language: str):
    """An instrument's name: as the catalogue has it in Vietnamese, type and number in English."""
    if language == "vi":
        return name
    row = report.catalogue.instruments.set_index("instrument").loc[name]
    return f"{row['type_en']} {row['number']}".strip()


def unassessed(report: Report, rows: pd.DataFrame, language: str) -> Fragment:
    """Targets without a figure, each with the reason."""
    _ = translator(language)
    wording = report.catalogue.targets.set_index("id")[f"target_{language}"]
    return table(
        rows.itertuples(index=False),
        [
            Column(_("Target"), lambda r: wording[r.target_id]),
            Column(_("Verdict"), lambda r: verdict(r.verdict, language)),
            Column(_("Why"), lambda r: _(gap_rules.REASONS[r.reason])),
            Column(
                _("Indicator"),
                lambda r: series_name(report, r.indicator, r.level, language) if r.indicator else _("none in the form"),
            ),
            Column(_("Year"), lambda r: "–" if pd.isna(r.target_year) else str(r.target_year)),
            Column(_("Instrument"), lambda r: f"{instrument(report, r.instrument, language)} ({r.target_id})"),
        ],
        caption=_("Targets that cannot be judged by this report, and why"),
        origin=lambda r: f"targets.csv, {r.target_id}",
    )


def projection_table(report: Report, rows: pd.DataFrame, language: str, years: list[int]) -> Fragment:
    """Projected medians and intervals in the chosen years."""
    _ = translator(language)
    units = report.catalogue.indicators.set_index("indicator")["unit"]

    def band(r, low, high):
        unit = units[r.indicator]
        low, high = (quantity(getattr(r, end), unit, language, 1 if unit == "%" else 0) for end in (low, high))
        return f"{low} – {high}"

    return table(
        rows[rows["year"].isin(years)].itertuples(index=False),
        [
            Column(_("Indicator"), lambda r: series_name(report, r.indicator, r.level, language)),
            Column(_("Year"), lambda r: str(r.year)),
            Column(_("Median"), lambda r: quantity(r.p50, units[r.indicator], language, 0), True),
            Column(_("80% interval"), lambda r: band(r, "lo80", "hi80"), True),
            Column(_("95% interval"), lambda r: band(r, "lo95", "hi95"), True),
            Column(_("Status"), lambda r: status(r.status, language)),
        ],
        caption=_("Projections: median and intervals"),
        origin=lambda r: projection_place(report, r.indicator, language),
    )


def projection_place(report: Report, indicator: str, language: str) -> str:
    """Reference of a projected number: the calculation, and the row of the form it starts from."""
    place = row_place(report, indicator, language)
    return translator(language)("calculated: projections.projections from {place}", place=place)


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
