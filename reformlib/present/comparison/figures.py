"""Several reports in the reader's language: side by side with the official target, and edition against edition.

Reports stand in the order of their names. Up to `FEW` of them are shown one by one; more by their distribution and by
place, so that a page of ten thousand stays a page.
"""

from __future__ import annotations

import textwrap
from collections import Counter

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reformlib import __version__
from reformlib.compare.editions import GROUPS, KINDS
from reformlib.compare.side_by_side import APART, KEY, by_place, known_as
from reformlib.load.contracts import STATUSES
from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.chart import ACCENT, GRID, INK, MUTED, TARGET, chart_axes, figure, gallery, number_axis, svg_of
from reformlib.present.html import Fragment, Shown, bullets, join, paragraph, tag
from reformlib.present.page import Finding, Page, summary
from reformlib.present.table import Column, status, table

FEW = 20  # reports that are shown one by one
NAMED = 5  # units named under the title
MOST_ROWS = 200  # of a table; the command line gives the rest


def heading(page: Page) -> Fragment:
    """Title of the comparison, and the line that says what it rests on."""
    dates = page.report.units["data_date"]
    line = page._(
        "{n} reports of {units} units; figures to {first}.",
        n=page.number(len(page.report.units)),
        units=page.number(_units(page)),
        first=page.day(dates.max()),
    )
    if dates.min() < dates.max():
        line = page._(
            "{n} reports of {units} units; figures to dates from {first} to {last}.",
            n=page.number(len(page.report.units)),
            units=page.number(_units(page)),
            first=page.day(dates.min()),
            last=page.day(dates.max()),
        )
    names = list(dict.fromkeys(page.report.units[f"unit_{page.language}"]))
    more = [page._("and {n} more", n=page.number(len(names) - NAMED))] if len(names) > NAMED else []
    listed = page._("Units: {names}", names="; ".join([*names[:NAMED], *more]))
    return join(
        tag("h1", page._("Reports side by side")), tag("p", line, class_="lead"), tag("p", listed, class_="lead")
    )


def overview(page: Page) -> Fragment:
    """Verdict: what can be compared; then targets, what keeps figures apart, and what later editions say otherwise."""
    unread = _unread(page)
    if len(page.report.units) < 2:
        verdict = page._(
            "A comparison needs at least two reports, and there is one: {unit}. Name more in the parameter reports, "
            "or add folders under data/reports. Its own figures stand below.",
            unit=page.report.units[f"unit_{page.language}"].iloc[0],
        )
        if unread:
            return summary(page, verdict, unread, "compare.each_report")
        return paragraph(verdict, class_="verdict")
    series = page.report.series
    verdict = page._(
        "{some} of {n} series have figures for one date from at least two reports and can be compared, {all} of them "
        "from all {units} units. Differences depend on what each unit counts, out of what total and on which date; "
        "units are not ranked.",
        n=len(series),
        some=int((series["compared"] >= 2).sum()),
        all=int(((series["compared"] >= 2) & series["every_unit"]).sum()) or page._("none"),
        units=page.number(_units(page)),
    )
    aimed = series[series["target"].notna() & (series["compared"] >= 2)].head(3)
    found = unread + [_against_target(page, row) for row in each_row(aimed)]
    apart = page.report.cells["apart"].value_counts().drop("", errors="ignore")
    if len(apart):
        listed = [f"{page._(text)}: {page.number(apart[code])}" for code, text in APART.items() if code in apart]
        found.append(
            Finding(
                f"{page.number(apart.sum())}/{page.number(len(page.report.cells))}",
                page._("Latest figures that are not compared"),
                page._("The reasons: {why}.", why="; ".join(listed)),
                page._("agree on one date, one way of counting and the total for the next round of reports."),
                page._("counted below"),
                "compare.summarise",
            )
        )
    told = page.report.differences["group"].value_counts()
    if told.drop("change", errors="ignore").sum():
        methods, coverage = (page.number(told[code]) if code in told else "" for code in ("method", "coverage"))
        found.append(
            Finding(
                page.number(told.get("revision", 0)),
                page._("Figures that a later edition revises"),
                page._(
                    "Besides, changes of method: {methods}; figures, rows or periods that appeared or vanished: "
                    "{coverage}.",
                    methods=methods or page._("none"),
                    coverage=coverage or page._("none"),
                ),
                page._("ask the units to explain and to confirm which figure stands."),
                page._("counted below"),
                "editions.diff",
            )
        )
    return summary(page, verdict, found, "compare.summarise")


def _unread(page: Page) -> list[Finding]:
    """Reports that are broken: in none of the figures of the page, and named."""
    if not page.report.unread:
        return []
    listed = [
        part
        for name, why in list(page.report.unread.items())[:FEW]
        for part in (name, ": ", page.quoted(textwrap.shorten(why, 120, placeholder=" …"), "en"), "; ")
    ]
    rest = (
        [page._("and {n} more", n=page.number(len(page.report.unread) - FEW))] if len(page.report.unread) > FEW else []
    )
    return [
        Finding(
            page.number(len(page.report.unread)),
            page._("Reports that could not be read"),
            tag(
                "span",
                page._("They are in none of the figures of this page:"),
                " ",
                *(listed + rest if rest else listed[:-1]),
                ".",
            ),
            page._("correct what the command reformlib check tells of them."),
            "reformlib check",
            "compare.each_report",
        )
    ]


def _against_target(page: Page, row) -> Finding:
    low, high = (page.quantity(value, row.unit) for value in (row.low, row.high))
    said = {"meeting": page.number(row.meeting) if row.meeting else page._("none"), "n": page.number(row.compared)}
    said |= {"target": _target(page, row), "year": int(row.target_year), "date": page.day(row.as_of)}
    if low == high:
        text = page._(
            "Of {n} reports compared, {meeting} reach {target}, the target for {year}; at {date} all stand at {low}.",
            low=low,
            **said,
        )
    else:
        text = page._(
            "Of {n} reports compared, {meeting} reach {target}, the target for {year}; at {date} the figures run from "
            "{low} to {high}.",
            low=low,
            high=high,
            **said,
        )
    figure_ = f"{page.number(row.meeting)}/{page.number(row.compared)}"
    everyone = row.meeting == row.compared
    others = page._("ask those that do not reach it for a figure for every year on the way.")
    ask = page._("keep it at this level.") if everyone else others
    place = f"targets.csv, {row.target_id}; {_source(page, row)}"
    return Finding(figure_, _name(page, row), text, ask, place, "compare.summarise")


def series_table(page: Page) -> Fragment:
    """Every series: how many reports can be compared, lowest, median, highest, official target, what it rests on."""

    def told(name: str):
        def show(row):
            value = getattr(row, name)
            if pd.isna(value):
                return "–"
            shown = page.quantity(value, row.unit)
            return Shown(shown, Evidence(float(value), row.unit, rule=f"compare.summarise: {name}"))

        return show

    def count(row):
        text = page._("{n} of {all}", n=page.number(row.compared), all=page.number(row.reports))
        inputs = {"all": Evidence(float(row.reports), "reports", rule="compare.summarise: reports")}
        return Shown(text, Evidence(float(row.compared), "reports", rule="compare.summarise: compared", inputs=inputs))

    def target(row):
        if pd.isna(row.target):
            return "–"
        evidence = Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id}")
        return Shown(f"{_target(page, row)} ({int(row.target_year)})", evidence)

    def meeting(row):
        if pd.isna(row.meeting):
            return "–"
        return Shown(
            page.number(row.meeting),
            Evidence(row.meeting, "reports", rule="compare.summarise: meeting, gaps.meets"),
        )

    return table(
        page,
        each_row(page.report.series),
        [
            Column(page._("Indicator"), lambda r: _name(page, r)),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
            Column(page._("Compared"), count, True),
            Column(page._("As of"), lambda r: "–" if pd.isna(r.as_of) else page.day(r.as_of)),
            Column(page._("Lowest"), told("low"), True),
            Column(page._("Median"), told("median"), True),
            Column(page._("Highest"), told("high"), True),
            Column(page._("Official target"), target, True),
            Column(page._("Reaching it"), meeting, True),
        ],
        caption=page._("Latest figures of all reports, by indicator"),
        origin=lambda r: _source(page, r),
        note=page._(
            "Compared are figures of the date that most reports have; the order is that of the form. Counts of "
            "units of different size differ by size alone: only shares can be compared with each other and a target."
        ),
        fold=False,
    )


def rests_on(page: Page) -> Fragment:
    """What the differences rest on: figures kept apart and why, those that need care, totals."""

    def count(name: str):
        def show(row):
            value = getattr(row, name)
            return Shown(page.number(value), Evidence(float(value), "reports", rule=f"compare.summarise: {name}"))

        return show

    used = [code for code in APART if page.report.series[code].any()]
    return table(
        page,
        each_row(page.report.series),
        [
            Column(page._("Indicator"), lambda r: _name(page, r)),
            Column(page._("Compared"), count("compared"), True),
            Column(page._("of these to be used with care"), count("with_care"), True),
            Column(page._("of these for a part of a year"), count("partial"), True),
            Column(page._("different totals used as the base"), count("universes"), True),
            *(Column(page._("not compared: {why}", why=page._(APART[code])), count(code), True) for code in used),
        ],
        caption=page._("What the differences rest on: number of reports"),
        origin=lambda r: _source(page, r),
        note=page._(
            "Reliability is that of the checks on each report. Ways of counting are those noted in the reports; two "
            "units may count differently without saying so."
        ),
        fold=False,
    )


def charts(page: Page) -> Fragment:
    """One chart a share with figures, or of the one indicator asked for: report by report, or as a distribution."""
    few = len(page.report.units) <= FEW
    rows = page.report.series[(page.report.series["figures"] > 0) if few else (page.report.series["compared"] > 1)]
    if len(set(page.report.series["indicator"])) > 1:
        rows = rows[rows["unit"] == "%"]
    if rows.empty:
        return paragraph(page._("No report has a figure that can be shown."), class_="note")
    draw = _dots if few else _distribution
    return gallery(*(draw(page, row) for row in each_row(rows)))


def _dots(page: Page, row) -> Fragment:
    """Reports one under the other in the order of their names, a hollow mark where a figure is not compared."""
    cells = _cells(page, row)
    labels = ["\n".join(textwrap.wrap(_label(page, cell.report, 40), 20)) for cell in cells]
    lines = 1 + max(label.count("\n") for label in labels)
    with chart_axes(1.05 + (0.14 + 0.18 * lines) * len(cells)) as (fig, axes):
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        for place, cell in enumerate(cells):
            if pd.isna(cell.value):
                axes.annotate(f"○ {page._(APART[cell.apart])}", (0, place), va="center", color=MUTED)
                continue
            fill = ACCENT if cell.apart == "" else "white"
            axes.plot(cell.value, place, "o", color=ACCENT, mfc=fill, ms=7, zorder=3)
            axes.annotate(
                page.quantity(cell.value, row.unit),
                (cell.value, place),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                color=INK if cell.apart == "" else MUTED,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )
        if pd.notna(row.target):
            axes.axvline(row.target, color=TARGET, lw=1.6, ls=(0, (4, 2)), zorder=1)
        top = max(
            [cell.value for cell in cells if pd.notna(cell.value)] + ([row.target] if pd.notna(row.target) else [])
        )
        axes.set_xlim(0, (100 if row.unit == "%" and top <= 100 else max(top, 1)) * 1.22)
        axes.set_ylim(len(cells) - 0.4, -0.6)
        axes.set_yticks(range(len(cells)), labels)
        number_axis(page, axes.xaxis, row.unit)
        svg = svg_of(fig)
    apart = sorted({cell.apart for cell in cells if pd.notna(cell.value)} - {""}, key=list(APART).index)
    legend = "".join(
        f"; {page._('hollow: {why}', why=', '.join(page._(APART[code]) for code in apart))}" if apart else ""
    )
    return figure(
        page,
        svg,
        title=_chart_title(page, row),
        subtitle=_subtitle(page, row) + legend,
        source=_source(page, row),
        alt=_alt(page, row, page._("Dots, one a report in the order of names")),
        data=_cell_table(page, cells, row),
    )


def _distribution(page: Page, row) -> Fragment:
    """How many reports lie where; median and target as lines."""
    values = _compared(page, row)
    with chart_axes(2.5) as (fig, axes):
        axes.hist(values, bins=min(20, max(5, len(values) // 5)), color=ACCENT, edgecolor="white", lw=0.6)
        axes.axvline(row.median, color=INK, lw=1.8)
        axes.annotate(
            page._("median {value}", value=page.quantity(row.median, row.unit)),
            (row.median, 1),
            xycoords=("data", "axes fraction"),
            xytext=(4, -10),
            textcoords="offset points",
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
        if pd.notna(row.target):
            axes.axvline(row.target, color=TARGET, lw=1.6, ls=(0, (4, 2)))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _pos: page.number(y, 0)))
        axes.spines["bottom"].set_color(GRID)
        number_axis(page, axes.xaxis, row.unit)
        svg = svg_of(fig)
    steps = [0, 10, 25, 50, 75, 90, 100]

    def at(step):
        value = float(np.percentile(values, step))
        evidence = Evidence(value, row.unit, rule=f"numpy.percentile of {len(values)} figures, {step}")
        return Shown(page.quantity(value, row.unit), evidence)

    name = _name(page, row)
    table_ = table(
        page,
        steps,
        [
            Column(page._("Share of reports at or below, %"), lambda step: page.number(step)),
            Column(page.unit_name(row.unit), at, True),
        ],
        caption=name,
        origin=lambda step: "numpy.percentile",
        fold=False,
    )
    return figure(
        page,
        svg,
        title=_chart_title(page, row),
        subtitle=page._("Number of reports; {unit}", unit=_subtitle(page, row)),
        source=_source(page, row),
        alt=_alt(page, row, page._("Histogram of the reports")),
        data=table_,
    )


def side_by_side(page: Page) -> Fragment:
    """Every figure with its report, date, status and reliability; of many reports, medians by place instead."""
    if len(page.report.units) > FEW:
        return _by_place(page)
    rows = [(row, cell) for row in each_row(page.report.series) for cell in _cells(page, row)]

    def value(pair):
        row, cell = pair
        if pd.isna(cell.value):
            return "–"
        return Shown(page.quantity(cell.value, row.unit), _evidence(cell))

    return table(
        page,
        rows,
        [
            Column(page._("Indicator"), lambda p: _name(page, p[0])),
            Column(page._("Report"), lambda p: _label(page, p[1].report)),
            Column(page._("Figure"), value, True),
            Column(page._("Unit"), lambda p: page.unit_name(p[0].unit)),
            Column(page._("As of"), lambda p: "–" if pd.isna(p[1].as_of) else page.day(p[1].as_of)),
            Column(page._("Status"), lambda p: status(page, p[1].status)),
            Column(page._("Reliability"), lambda p: reliability_mark(page, p[1].reliability)),
            Column(page._("Compared"), lambda p: page._(APART[p[1].apart]) if p[1].apart else page._("yes")),
        ],
        caption=page._("Every latest figure by indicator and report"),
        origin=lambda p: f"{p[1].report}: {p[1].place_vi}",
    )


def _by_place(page: Page) -> Fragment:
    """Of many reports: by place, how many can be compared and their median, for the shares of the form."""
    reports = page.report.units[f"place_{page.language}"].value_counts()
    medians = {
        (r.place, r.indicator, r.level, r.measure): r
        for r in each_row(by_place(page.report.cells, page.report.units, page.language))
    }
    shares = [row for row in each_row(page.report.series[page.report.series["unit"] == "%"]) if row.compared > 1]
    if len(reports) > MOST_ROWS or not shares:
        note = page._(
            "There are {n} places: too many for a table that is read. `reformlib.compare` gives the figures as data.",
            n=page.number(len(reports)),
        )
        return paragraph(note, class_="note")

    def middle(row):
        def show(place):
            found = medians.get((place, row.indicator, row.level, row.measure))
            if found is None or not found.compared:
                return "–"
            rule = f"compare.by_place: median of {found.compared} figures"
            return Shown(page.quantity(found.median, "%", 1), Evidence(float(found.median), "%", rule=rule))

        return show

    return table(
        page,
        sorted(reports.index),
        [
            Column(page._("Place"), lambda place: place),
            Column(
                page._("Reports"),
                lambda place: Shown(
                    page.number(reports[place]), Evidence(float(reports[place]), "reports", rule="count")
                ),
                True,
            ),
            *(Column(_name(page, row), middle(row), True) for row in shares),
        ],
        caption=page._("Medians of the shares by place, in percent"),
        origin=lambda place: f"report.yml, place: {place}",
    )


def missing(page: Page) -> Fragment:
    """Which reports have no figure, by series; of many reports how many."""
    gone = page.report.cells[page.report.cells["apart"] == "no_figure"]
    if gone.empty:
        return paragraph(page._("Every report has a figure for every series."), class_="note")
    by_series = {key: group["report"].tolist() for key, group in gone.groupby(KEY, sort=False)}

    def key(row):
        return tuple(getattr(row, name) for name in KEY)

    def who(row):
        reports = by_series[key(row)]
        names = [_label(page, report) for report in reports[:FEW]]
        more = [page._("and {n} more", n=page.number(len(reports) - FEW))] if len(reports) > FEW else []
        return bullets([*names, *more])

    return table(
        page,
        [row for row in each_row(page.report.series) if key(row) in by_series],
        [
            Column(page._("Indicator"), lambda r: _name(page, r)),
            Column(
                page._("Reports without a figure"),
                lambda r: Shown(
                    page.number(r.no_figure),
                    Evidence(float(r.no_figure), "reports", rule="compare.summarise: no_figure"),
                ),
                True,
            ),
            Column(page._("Which"), who),
        ],
        caption=page._("Figures that are missing; missing is not zero"),
        origin=lambda r: "; ".join(by_series[key(r)][:FEW]),
        fold=False,
    )


def editions(page: Page) -> Fragment:
    """Edition against edition of one unit: what is told otherwise, and apart from it what has happened."""
    if page.report.differences.empty:
        return Fragment(
            tag(
                "p", page._("No unit has two editions among these reports, or they agree in everything."), class_="note"
            )
        )
    parts = [_pairs(page)]
    for group in ("revision", "method", "coverage", "change"):
        rows = page.report.differences[page.report.differences["group"] == group]
        parts.append(_differences(page, rows, group))
    return join(*parts)


def _pairs(page: Page) -> Fragment:
    told = page.report.differences[["earlier", "later", "group"]].itertuples(index=False, name=None)
    counts = Counter(told)
    pairs = list(dict.fromkeys((earlier, later) for earlier, later, _group in counts))

    def count(group: str):
        def show(pair):
            value = counts[(*pair, group)]
            return Shown(page.number(value), Evidence(float(value), "differences", rule="editions.diff"))

        return show

    return table(
        page,
        pairs[:MOST_ROWS],
        [
            Column(page._("Reporting unit"), lambda pair: _unit(page, pair[0])),
            Column(page._("Editions"), lambda pair: f"{_edition(page, pair[0])} → {_edition(page, pair[1])}"),
            *(Column(page._(text).capitalize(), count(group), True) for group, text in GROUPS.items()),
        ],
        caption=page._("Edition against edition: number of differences"),
        origin=lambda pair: f"report.yml: {pair[0]}, {pair[1]}",
        note=_more(page, len(pairs)),
        fold=False,
    )


def _differences(page: Page, rows: pd.DataFrame, group: str) -> Fragment:
    def subject(r):
        if r.name_vi == r.name_en:  # a heading or a code, as it stands in the files
            return page.quoted(r.name_vi, "vi")
        name = page.text(r, "name")
        return f"{name}, {page._('level {level}', level=r.level)}" if r.level else name

    def figure_(side: str):
        def show(r):
            value, said = getattr(r, side), getattr(r, f"said_{side}")
            report = r.earlier if side == "before" else r.later
            place = f"{report}: {getattr(r, f'place_{side}')}".rstrip(": ")
            if r.kind == "status":
                return page._(STATUSES[said])
            if pd.isna(value) or r.kind == "note":
                return page.quoted(said.replace("\n", "; "), "vi") or "–"
            return Shown(page.quantity(value, r.unit), Evidence(float(value), r.unit, place=place))

        return show

    return table(
        page,
        each_row(rows.head(MOST_ROWS)),
        [
            Column(page._("What"), subject),
            Column(page._("Reporting unit"), lambda r: _unit(page, r.earlier)),
            Column(page._("As of"), lambda r: "–" if pd.isna(r.as_of) else page.day(r.as_of)),
            Column(page._("Kind"), lambda r: page._(KINDS[r.kind])),
            Column(page._("Unit"), lambda r: page.unit_name(r.unit) if r.unit else "–"),
            Column(page._("Earlier edition"), figure_("before"), True),
            Column(page._("Later edition"), figure_("after"), True),
        ],
        caption=page._(GROUPS[group]).capitalize(),
        origin=lambda r: f"{r.earlier} → {r.later}: {r.place_after or r.place_before or r.subject}",
        note=_more(page, len(rows)),
        none=page._("none"),
        fold=group == "change",
    )


def _more(page: Page, rows: int) -> str:
    if rows <= MOST_ROWS:
        return ""
    return page._("{n} more rows; `reformlib diff` gives them all.", n=page.number(rows - MOST_ROWS))


def provenance(page: Page, indicator: str) -> Fragment:
    """The reports that the page rests on, and how to make it again."""
    listed = table(
        page,
        each_row(page.report.units.head(MOST_ROWS)),
        [
            Column(page._("Reporting unit"), lambda r: page.text(r, "unit")),
            Column(page._("Edition"), lambda r: r.edition),
            Column(page._("Figures to"), lambda r: page.day(r.data_date)),
            Column(page._("Report"), lambda r: r.report),
        ],
        caption=page._("Reports that are compared"),
        origin=lambda r: f"report.yml: {r.report}",
        note=""
        if len(page.report.units) <= MOST_ROWS
        else page._("and {n} more", n=page.number(len(page.report.units) - MOST_ROWS)),
    )
    names = page.report.units["report"].head(FEW).tolist() + (["…"] if len(page.report.units) > FEW else [])
    shown = f"reports = {','.join(names)}; language = {page.language}" + (
        f"; indicator = {indicator}" if indicator else ""
    )
    command = " ".join(
        [
            f"reformlib render 04 --language {page.language}",
            *(f"--report {name}" for name in names if len(page.report.units) <= FEW),
        ]
    )
    items = [
        (page._("Parameters"), tag("code", shown)),
        (page._("Made with"), f"reformlib {__version__}"),
        (page._("Command to reproduce"), tag("code", command)),
    ]
    pairs = [part for term, text in items for part in (tag("dt", term), tag("dd", text))]
    return join(listed, tag("dl", *pairs, class_="provenance"))


# --- names and numbers -----------------------------------------------------------------------------------------------


def _units(page: Page) -> int:
    return page.report.units["unit_vi"].map(known_as).nunique()


def _name(page: Page, row) -> str:
    name = page.series_name(row.indicator, row.level)
    return page._("{name}, share of the total", name=name) if row.measure == "share" else name


def _unit(page: Page, report: str) -> str:
    return page.report.rows_by("units", "report")[report][f"unit_{page.language}"]


def _edition(page: Page, report: str) -> str:
    return page.report.rows_by("units", "report")[report]["edition"]


def _label(page: Page, report: str, longest: int = 1000) -> str:
    """Name of the unit, cut to `longest`, with the edition where it has several."""
    name = _unit(page, report)
    several = (page.report.units[f"unit_{page.language}"] == name).sum() > 1
    edition = f" ({_edition(page, report)})" if several else ""
    return textwrap.shorten(name, longest - len(edition), placeholder=" …") + edition


def _cells(page: Page, row) -> list:
    return page.report.cells_of[tuple(getattr(row, name) for name in KEY)]


def _compared(page: Page, row) -> np.ndarray:
    return np.array([cell.value for cell in _cells(page, row) if cell.apart == ""])


def _evidence(cell) -> Evidence:
    place = f"{cell.report}: {cell.place_vi}"
    if cell.measure != "share":
        return Evidence(cell.value, cell.unit, place=place)
    inputs = {
        "count": Evidence(cell.value * cell.universe / 100, "", place=place),
        "universe": Evidence(cell.universe, "", place=f"{cell.report}: report.yml, universes"),
    }
    return Evidence(cell.value, "%", formula="100 * count / universe", inputs=inputs)


def _target(page: Page, row) -> str:
    sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(row.comparator, f"{row.comparator} ")
    return f"{sign}{page.quantity(row.target, row.unit)}"


def _chart_title(page: Page, row) -> str:
    name = _name(page, row)
    if row.compared < 2:
        return page._("{name}: no two figures can be compared", name=name)
    low, high = (page.quantity(value, row.unit) for value in (row.low, row.high))
    if row.low == row.high:
        return page._("{name}: {value} in all {n} reports compared", name=name, value=low, n=page.number(row.compared))
    return page._(
        "{name}: from {low} to {high} in {n} reports", name=name, low=low, high=high, n=page.number(row.compared)
    )


def _subtitle(page: Page, row) -> str:
    parts = [page.unit_name(row.unit)]
    if pd.notna(row.as_of):
        parts.append(page.day(row.as_of))
    if pd.notna(row.target):
        target, year = _target(page, row), int(row.target_year)
        parts.append(page._("dashed line: target {target} for {year}", target=target, year=year))
    return "; ".join(parts)


def _source(page: Page, row) -> str:
    form_row = page.indicator(row.indicator)["form_row"]
    return page._("the reports compared; row {row} of the form", row=form_row)


def _alt(page: Page, row, kind: str) -> str:
    said = _chart_title(page, row)
    more = page._("{n} of {all} reports compared.", n=row.compared, all=row.reports)
    if row.every_unit and row.compared < row.reports:
        more += " " + page._("Every unit is among them.")
    if pd.isna(row.target):
        return f"{kind}. {said}. {more}"
    reaching = page._(
        "{meeting} of those compared reach the target of {target}.",
        meeting=page.number(row.meeting),
        target=_target(page, row),
    )
    return f"{kind}. {said}. {more} {reaching}"


def _cell_table(page: Page, cells: list, row) -> Fragment:
    return table(
        page,
        cells,
        [
            Column(page._("Report"), lambda c: _label(page, c.report)),
            Column(
                page.unit_name(row.unit),
                lambda c: "–" if pd.isna(c.value) else Shown(page.quantity(c.value, row.unit), _evidence(c)),
                True,
            ),
            Column(page._("As of"), lambda c: "–" if pd.isna(c.as_of) else page.day(c.as_of)),
            Column(page._("Compared"), lambda c: page._(APART[c.apart]) if c.apart else page._("yes")),
        ],
        caption=_name(page, row),
        origin=lambda c: f"{c.report}: {c.place_vi}",
        fold=False,
    )
