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
from reformlib.compare.side_by_side import APART, KEY, Comparison, by_place, known_as
from reformlib.load.contracts import STATUSES
from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row
from reformlib.locale import day, number, quantity, translator
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.chart import ACCENT, GRID, INK, MUTED, TARGET, chart_axes, figure, gallery, svg_of
from reformlib.present.html import Fragment, Shown, join, quoted, tag
from reformlib.present.page import Finding, summary
from reformlib.present.table import Column, series_name, status, table, unit_name

FEW = 20  # reports that are shown one by one
NAMED = 5  # units named under the title
MOST_ROWS = 200  # of a table; the command line gives the rest


def heading(data: Comparison, language: str) -> Fragment:
    """Title of the comparison, and the line that says what it rests on."""
    _ = translator(language)
    dates = data.units["data_date"]
    line = _(
        "{n} reports of {units} units; figures to {first}.",
        n=number(len(data.units), language),
        units=number(_units(data), language),
        first=day(dates.max(), language),
    )
    if dates.min() < dates.max():
        line = _(
            "{n} reports of {units} units; figures to dates from {first} to {last}.",
            n=number(len(data.units), language),
            units=number(_units(data), language),
            first=day(dates.min(), language),
            last=day(dates.max(), language),
        )
    names = list(dict.fromkeys(data.units[f"unit_{language}"]))
    more = [_("and {n} more", n=number(len(names) - NAMED, language))] if len(names) > NAMED else []
    listed = _("Units: {names}", names="; ".join([*names[:NAMED], *more]))
    return join(tag("h1", _("Reports side by side")), tag("p", line, class_="lead"), tag("p", listed, class_="lead"))


def overview(data: Comparison, language: str) -> Fragment:
    """Verdict: what can be compared; then targets, what keeps figures apart, and what later editions say otherwise."""
    _ = translator(language)
    unread = _unread(data, language)
    if len(data.units) < 2:
        verdict = _(
            "A comparison needs at least two reports, and there is one: {unit}. Name more in the parameter reports, "
            "or add folders under data/reports. Its own figures stand below.",
            unit=data.units[f"unit_{language}"].iloc[0],
        )
        if unread:
            return summary(verdict, unread, language, "compare.each_report")
        return Fragment(tag("p", verdict, class_="verdict"))
    series = data.series
    verdict = _(
        "{some} of {n} series have figures for one date from at least two reports and can be compared, {all} of them "
        "from all {units} units. Differences depend on what each unit counts, out of what total and on which date; "
        "units are not ranked.",
        n=len(series),
        some=int((series["compared"] >= 2).sum()),
        all=int(((series["compared"] >= 2) & series["every_unit"]).sum()) or _("none"),
        units=number(_units(data), language),
    )
    aimed = series[series["target"].notna() & (series["compared"] >= 2)].head(3)
    found = unread + [_against_target(data, row, language) for row in each_row(aimed)]
    apart = data.cells["apart"].value_counts().drop("", errors="ignore")
    if len(apart):
        listed = [f"{_(text)}: {number(apart[code], language)}" for code, text in APART.items() if code in apart]
        found.append(
            Finding(
                f"{number(apart.sum(), language)}/{number(len(data.cells), language)}",
                _("Latest figures that are not compared"),
                _("The reasons: {why}.", why="; ".join(listed)),
                _("agree on one date, one way of counting and the total for the next round of reports."),
                _("counted below"),
                "compare.summarise",
            )
        )
    told = data.differences["group"].value_counts()
    if told.drop("change", errors="ignore").sum():
        methods, coverage = (number(told[code], language) if code in told else "" for code in ("method", "coverage"))
        found.append(
            Finding(
                number(told.get("revision", 0), language),
                _("Figures that a later edition revises"),
                _(
                    "Besides, changes of method: {methods}; figures, rows or periods that appeared or vanished: "
                    "{coverage}.",
                    methods=methods or _("none"),
                    coverage=coverage or _("none"),
                ),
                _("ask the units to explain and to confirm which figure stands."),
                _("counted below"),
                "editions.diff",
            )
        )
    return summary(verdict, found, language, "compare.summarise")


def _unread(data: Comparison, language: str) -> list[Finding]:
    """Reports that are broken: in none of the figures of the page, and named."""
    _ = translator(language)
    if not data.unread:
        return []
    listed = [
        part
        for name, why in list(data.unread.items())[:FEW]
        for part in (name, ": ", quoted(textwrap.shorten(why, 120, placeholder=" …"), "en", language), "; ")
    ]
    rest = [_("and {n} more", n=number(len(data.unread) - FEW, language))] if len(data.unread) > FEW else []
    return [
        Finding(
            number(len(data.unread), language),
            _("Reports that could not be read"),
            tag(
                "span",
                _("They are in none of the figures of this page:"),
                " ",
                *(listed + rest if rest else listed[:-1]),
                ".",
            ),
            _("correct what the command reformlib check tells of them."),
            "reformlib check",
            "compare.each_report",
        )
    ]


def _against_target(data: Comparison, row, language: str) -> Finding:
    _ = translator(language)
    low, high = (quantity(value, row.unit, language) for value in (row.low, row.high))
    said = {"meeting": number(row.meeting, language) if row.meeting else _("none"), "n": number(row.compared, language)}
    said |= {"target": _target(row, language), "year": int(row.target_year), "date": day(row.as_of, language)}
    if low == high:
        text = _(
            "Of {n} reports compared, {meeting} reach {target}, the target for {year}; at {date} all stand at {low}.",
            low=low,
            **said,
        )
    else:
        text = _(
            "Of {n} reports compared, {meeting} reach {target}, the target for {year}; at {date} the figures run from "
            "{low} to {high}.",
            low=low,
            high=high,
            **said,
        )
    figure_ = f"{number(row.meeting, language)}/{number(row.compared, language)}"
    everyone = row.meeting == row.compared
    others = _("ask those that do not reach it for a figure for every year on the way.")
    ask = _("keep it at this level.") if everyone else others
    place = f"targets.csv, {row.target_id}; {_source(data, row, language)}"
    return Finding(figure_, _name(data, row, language), text, ask, place, "compare.summarise")


def series_table(data: Comparison, language: str) -> Fragment:
    """Every series: how many reports can be compared, lowest, median, highest, official target, what it rests on."""
    _ = translator(language)

    def told(name: str):
        def show(row):
            value = getattr(row, name)
            if pd.isna(value):
                return "–"
            shown = quantity(value, row.unit, language)
            return Shown(shown, Evidence(float(value), row.unit, rule=f"compare.summarise: {name}"))

        return show

    def count(row):
        text = _("{n} of {all}", n=number(row.compared, language), all=number(row.reports, language))
        inputs = {"all": Evidence(float(row.reports), "reports", rule="compare.summarise: reports")}
        return Shown(text, Evidence(float(row.compared), "reports", rule="compare.summarise: compared", inputs=inputs))

    def target(row):
        if pd.isna(row.target):
            return "–"
        evidence = Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id}")
        return Shown(f"{_target(row, language)} ({int(row.target_year)})", evidence)

    def meeting(row):
        if pd.isna(row.meeting):
            return "–"
        return Shown(
            number(row.meeting, language),
            Evidence(row.meeting, "reports", rule="compare.summarise: meeting, gaps.meets"),
        )

    return table(
        each_row(data.series),
        [
            Column(_("Indicator"), lambda r: _name(data, r, language)),
            Column(_("Unit"), lambda r: unit_name(data, r.unit, language)),
            Column(_("Compared"), count, True),
            Column(_("As of"), lambda r: "–" if pd.isna(r.as_of) else day(r.as_of, language)),
            Column(_("Lowest"), told("low"), True),
            Column(_("Median"), told("median"), True),
            Column(_("Highest"), told("high"), True),
            Column(_("Official target"), target, True),
            Column(_("Reaching it"), meeting, True),
        ],
        caption=_("Latest figures of all reports, by indicator"),
        origin=lambda r: _source(data, r, language),
        note=_(
            "Compared are figures of the date that most reports have; the order is that of the form. Counts of "
            "units of different size differ by size alone: only shares can be compared with each other and a target."
        ),
    )


def rests_on(data: Comparison, language: str) -> Fragment:
    """What the differences rest on: figures kept apart and why, those that need care, totals."""
    _ = translator(language)

    def count(name: str):
        def show(row):
            value = getattr(row, name)
            return Shown(number(value, language), Evidence(float(value), "reports", rule=f"compare.summarise: {name}"))

        return show

    used = [code for code in APART if data.series[code].any()]
    return table(
        each_row(data.series),
        [
            Column(_("Indicator"), lambda r: _name(data, r, language)),
            Column(_("Compared"), count("compared"), True),
            Column(_("of these to be used with care"), count("with_care"), True),
            Column(_("of these for a part of a year"), count("partial"), True),
            Column(_("different totals used as the base"), count("universes"), True),
            *(Column(_("not compared: {why}", why=_(APART[code])), count(code), True) for code in used),
        ],
        caption=_("What the differences rest on: number of reports"),
        origin=lambda r: _source(data, r, language),
        note=_(
            "Reliability is that of the checks on each report. Ways of counting are those noted in the reports; two "
            "units may count differently without saying so."
        ),
    )


def charts(data: Comparison, language: str) -> Fragment:
    """One chart a share with figures, or of the one indicator asked for: report by report, or as a distribution."""
    few = len(data.units) <= FEW
    rows = data.series[(data.series["figures"] > 0) if few else (data.series["compared"] > 1)]
    if len(set(data.series["indicator"])) > 1:
        rows = rows[rows["unit"] == "%"]
    if rows.empty:
        return Fragment(tag("p", translator(language)("No report has a figure that can be shown."), class_="note"))
    draw = _dots if few else _distribution
    return gallery(*(draw(data, row, language) for row in each_row(rows)))


def _dots(data: Comparison, row, language: str) -> Fragment:
    """Reports one under the other in the order of their names, a hollow mark where a figure is not compared."""
    _ = translator(language)
    cells = _cells(data, row)
    labels = ["\n".join(textwrap.wrap(_label(data, cell.report, language, 40), 20)) for cell in cells]
    lines = 1 + max(label.count("\n") for label in labels)
    with chart_axes(1.05 + (0.14 + 0.18 * lines) * len(cells)) as (fig, axes):
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        for place, cell in enumerate(cells):
            if pd.isna(cell.value):
                axes.annotate(f"○ {_(APART[cell.apart])}", (0, place), va="center", color=MUTED)
                continue
            fill = ACCENT if cell.apart == "" else "white"
            axes.plot(cell.value, place, "o", color=ACCENT, mfc=fill, ms=7, zorder=3)
            axes.annotate(
                quantity(cell.value, row.unit, language),
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
        _value_axis(axes, row.unit, language)
        svg = svg_of(fig)
    apart = sorted({cell.apart for cell in cells if pd.notna(cell.value)} - {""}, key=list(APART).index)
    legend = "".join(f"; {_('hollow: {why}', why=', '.join(_(APART[code]) for code in apart))}" if apart else "")
    return figure(
        svg,
        title=_chart_title(data, row, language),
        subtitle=_subtitle(data, row, language) + legend,
        source=_source(data, row, language),
        alt=_alt(data, row, language, _("Dots, one a report in the order of names")),
        data=_cell_table(data, cells, row, language),
        language=language,
    )


def _distribution(data: Comparison, row, language: str) -> Fragment:
    """How many reports lie where; median and target as lines."""
    _ = translator(language)
    values = _compared(data, row)
    with chart_axes(2.5) as (fig, axes):
        axes.hist(values, bins=min(20, max(5, len(values) // 5)), color=ACCENT, edgecolor="white", lw=0.6)
        axes.axvline(row.median, color=INK, lw=1.8)
        axes.annotate(
            _("median {value}", value=quantity(row.median, row.unit, language)),
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
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _pos: number(y, language, 0)))
        axes.spines["bottom"].set_color(GRID)
        _value_axis(axes, row.unit, language)
        svg = svg_of(fig)
    steps = [0, 10, 25, 50, 75, 90, 100]

    def at(step):
        value = float(np.percentile(values, step))
        evidence = Evidence(value, row.unit, rule=f"numpy.percentile of {len(values)} figures, {step}")
        return Shown(quantity(value, row.unit, language), evidence)

    name = _name(data, row, language)
    table_ = table(
        steps,
        [
            Column(_("Share of reports at or below, %"), lambda step: number(step, language)),
            Column(unit_name(data, row.unit, language), at, True),
        ],
        caption=name,
        origin=lambda step: "numpy.percentile",
    )
    return figure(
        svg,
        title=_chart_title(data, row, language),
        subtitle=_("Number of reports; {unit}", unit=_subtitle(data, row, language)),
        source=_source(data, row, language),
        alt=_alt(data, row, language, _("Histogram of the reports")),
        data=table_,
        language=language,
    )


def side_by_side(data: Comparison, language: str) -> Fragment:
    """Every figure with its report, date, status and reliability; of many reports, medians by place instead."""
    _ = translator(language)
    if len(data.units) > FEW:
        return _by_place(data, language)
    rows = [(row, cell) for row in each_row(data.series) for cell in _cells(data, row)]

    def value(pair):
        row, cell = pair
        if pd.isna(cell.value):
            return "–"
        return Shown(quantity(cell.value, row.unit, language), _evidence(cell))

    return table(
        rows,
        [
            Column(_("Indicator"), lambda p: _name(data, p[0], language)),
            Column(_("Report"), lambda p: _label(data, p[1].report, language)),
            Column(_("Figure"), value, True),
            Column(_("Unit"), lambda p: unit_name(data, p[0].unit, language)),
            Column(_("As of"), lambda p: "–" if pd.isna(p[1].as_of) else day(p[1].as_of, language)),
            Column(_("Status"), lambda p: status(p[1].status, language)),
            Column(_("Reliability"), lambda p: reliability_mark(p[1].reliability, language)),
            Column(_("Compared"), lambda p: _(APART[p[1].apart]) if p[1].apart else _("yes")),
        ],
        caption=_("Every latest figure by indicator and report"),
        origin=lambda p: f"{p[1].report}: {p[1].place_vi}",
        fold=language,
    )


def _by_place(data: Comparison, language: str) -> Fragment:
    """Of many reports: by place, how many can be compared and their median, for the shares of the form."""
    _ = translator(language)
    reports = data.units[f"place_{language}"].value_counts()
    medians = {
        (r.place, r.indicator, r.level, r.measure): r for r in each_row(by_place(data.cells, data.units, language))
    }
    shares = [row for row in each_row(data.series[data.series["unit"] == "%"]) if row.compared > 1]
    if len(reports) > MOST_ROWS or not shares:
        note = _(
            "There are {n} places: too many for a table that is read. `reformlib.compare` gives the figures as data.",
            n=number(len(reports), language),
        )
        return Fragment(tag("p", note, class_="note"))

    def middle(row):
        def show(place):
            found = medians.get((place, row.indicator, row.level, row.measure))
            if found is None or not found.compared:
                return "–"
            rule = f"compare.by_place: median of {found.compared} figures"
            return Shown(quantity(found.median, "%", language, 1), Evidence(float(found.median), "%", rule=rule))

        return show

    return table(
        sorted(reports.index),
        [
            Column(_("Place"), lambda place: place),
            Column(
                _("Reports"),
                lambda place: Shown(
                    number(reports[place], language), Evidence(float(reports[place]), "reports", rule="count")
                ),
                True,
            ),
            *(Column(_name(data, row, language), middle(row), True) for row in shares),
        ],
        caption=_("Medians of the shares by place, in percent"),
        origin=lambda place: f"report.yml, place: {place}",
        fold=language,
    )


def missing(data: Comparison, language: str) -> Fragment:
    """Which reports have no figure, by series; of many reports how many."""
    _ = translator(language)
    gone = data.cells[data.cells["apart"] == "no_figure"]
    if gone.empty:
        return Fragment(tag("p", _("Every report has a figure for every series."), class_="note"))
    by_series = {key: group["report"].tolist() for key, group in gone.groupby(KEY, sort=False)}

    def key(row):
        return tuple(getattr(row, name) for name in KEY)

    def who(row):
        reports = by_series[key(row)]
        names = [_label(data, report, language) for report in reports[:FEW]]
        more = [_("and {n} more", n=number(len(reports) - FEW, language))] if len(reports) > FEW else []
        return tag("ul", *(tag("li", name) for name in [*names, *more]))

    return table(
        [row for row in each_row(data.series) if key(row) in by_series],
        [
            Column(_("Indicator"), lambda r: _name(data, r, language)),
            Column(
                _("Reports without a figure"),
                lambda r: Shown(
                    number(r.no_figure, language),
                    Evidence(float(r.no_figure), "reports", rule="compare.summarise: no_figure"),
                ),
                True,
            ),
            Column(_("Which"), who),
        ],
        caption=_("Figures that are missing; missing is not zero"),
        origin=lambda r: "; ".join(by_series[key(r)][:FEW]),
    )


def editions(data: Comparison, language: str) -> Fragment:
    """Edition against edition of one unit: what is told otherwise, and apart from it what has happened."""
    _ = translator(language)
    if data.differences.empty:
        return Fragment(
            tag("p", _("No unit has two editions among these reports, or they agree in everything."), class_="note")
        )
    parts = [_pairs(data, language)]
    for group in ("revision", "method", "coverage", "change"):
        rows = data.differences[data.differences["group"] == group]
        parts.append(_differences(data, rows, group, language))
    return join(*parts)


def _pairs(data: Comparison, language: str) -> Fragment:
    _ = translator(language)
    told = data.differences[["earlier", "later", "group"]].itertuples(index=False, name=None)
    counts = Counter(told)
    pairs = list(dict.fromkeys((earlier, later) for earlier, later, _group in counts))

    def count(group: str):
        def show(pair):
            value = counts[(*pair, group)]
            return Shown(number(value, language), Evidence(float(value), "differences", rule="editions.diff"))

        return show

    return table(
        pairs[:MOST_ROWS],
        [
            Column(_("Reporting unit"), lambda pair: _unit(data, pair[0], language)),
            Column(_("Editions"), lambda pair: f"{_edition(data, pair[0])} → {_edition(data, pair[1])}"),
            *(Column(_(text).capitalize(), count(group), True) for group, text in GROUPS.items()),
        ],
        caption=_("Edition against edition: number of differences"),
        origin=lambda pair: f"report.yml: {pair[0]}, {pair[1]}",
        note=_more(len(pairs), language),
    )


def _differences(data: Comparison, rows: pd.DataFrame, group: str, language: str) -> Fragment:
    _ = translator(language)

    def subject(r):
        if r.name_vi == r.name_en:  # a heading or a code, as it stands in the files
            return quoted(r.name_vi, "vi", language)
        name = getattr(r, f"name_{language}")
        return f"{name}, {_('level {level}', level=r.level)}" if r.level else name

    def figure_(side: str):
        def show(r):
            value, said = getattr(r, side), getattr(r, f"said_{side}")
            report = r.earlier if side == "before" else r.later
            place = f"{report}: {getattr(r, f'place_{side}')}".rstrip(": ")
            if r.kind == "status":
                return _(STATUSES[said])
            if pd.isna(value) or r.kind == "note":
                return quoted(said.replace("\n", "; "), "vi", language) or "–"
            return Shown(quantity(value, r.unit, language), Evidence(float(value), r.unit, place=place))

        return show

    return table(
        each_row(rows.head(MOST_ROWS)),
        [
            Column(_("What"), subject),
            Column(_("Reporting unit"), lambda r: _unit(data, r.earlier, language)),
            Column(_("As of"), lambda r: "–" if pd.isna(r.as_of) else day(r.as_of, language)),
            Column(_("Kind"), lambda r: _(KINDS[r.kind])),
            Column(_("Unit"), lambda r: unit_name(data, r.unit, language) if r.unit else "–"),
            Column(_("Earlier edition"), figure_("before"), True),
            Column(_("Later edition"), figure_("after"), True),
        ],
        caption=_(GROUPS[group]).capitalize(),
        origin=lambda r: f"{r.earlier} → {r.later}: {r.place_after or r.place_before or r.subject}",
        note=_more(len(rows), language),
        none=_("none"),
        fold=language if group == "change" else "",
    )


def _more(rows: int, language: str) -> str:
    if rows <= MOST_ROWS:
        return ""
    return translator(language)("{n} more rows; `reformlib diff` gives them all.", n=number(rows - MOST_ROWS, language))


def provenance(data: Comparison, language: str, indicator: str) -> Fragment:
    """The reports that the page rests on, and how to make it again."""
    _ = translator(language)
    listed = table(
        each_row(data.units.head(MOST_ROWS)),
        [
            Column(_("Reporting unit"), lambda r: getattr(r, f"unit_{language}")),
            Column(_("Edition"), lambda r: r.edition),
            Column(_("Figures to"), lambda r: day(r.data_date, language)),
            Column(_("Report"), lambda r: r.report),
        ],
        caption=_("Reports that are compared"),
        origin=lambda r: f"report.yml: {r.report}",
        note="" if len(data.units) <= MOST_ROWS else _("and {n} more", n=number(len(data.units) - MOST_ROWS, language)),
        fold=language,
    )
    names = data.units["report"].head(FEW).tolist() + (["…"] if len(data.units) > FEW else [])
    shown = f"reports = {','.join(names)}; language = {language}" + (f"; indicator = {indicator}" if indicator else "")
    command = " ".join(
        [
            f"reformlib render 04 --language {language}",
            *(f"--report {name}" for name in names if len(data.units) <= FEW),
        ]
    )
    items = [
        (_("Parameters"), tag("code", shown)),
        (_("Made with"), f"reformlib {__version__}"),
        (_("Command to reproduce"), tag("code", command)),
    ]
    pairs = [part for term, text in items for part in (tag("dt", term), tag("dd", text))]
    return join(listed, tag("dl", *pairs, class_="provenance"))


# --- names and numbers -----------------------------------------------------------------------------------------------


def _units(data: Comparison) -> int:
    return data.units["unit_vi"].map(known_as).nunique()


def _name(data: Comparison, row, language: str) -> str:
    name = series_name(data, row.indicator, row.level, language)
    return translator(language)("{name}, share of the total", name=name) if row.measure == "share" else name


def _unit(data: Comparison, report: str, language: str) -> str:
    return data.rows_by("units", "report")[report][f"unit_{language}"]


def _edition(data: Comparison, report: str) -> str:
    return data.rows_by("units", "report")[report]["edition"]


def _label(data: Comparison, report: str, language: str, longest: int = 1000) -> str:
    """Name of the unit, cut to `longest`, with the edition where it has several."""
    name = _unit(data, report, language)
    several = (data.units[f"unit_{language}"] == name).sum() > 1
    edition = f" ({_edition(data, report)})" if several else ""
    return textwrap.shorten(name, longest - len(edition), placeholder=" …") + edition


def _cells(data: Comparison, row) -> list:
    return data.cells_of[tuple(getattr(row, name) for name in KEY)]


def _compared(data: Comparison, row) -> np.ndarray:
    return np.array([cell.value for cell in _cells(data, row) if cell.apart == ""])


def _evidence(cell) -> Evidence:
    place = f"{cell.report}: {cell.place_vi}"
    if cell.measure != "share":
        return Evidence(cell.value, cell.unit, place=place)
    inputs = {
        "count": Evidence(cell.value * cell.universe / 100, "", place=place),
        "universe": Evidence(cell.universe, "", place=f"{cell.report}: report.yml, universes"),
    }
    return Evidence(cell.value, "%", formula="100 * count / universe", inputs=inputs)


def _target(row, language: str) -> str:
    sign = {">=": "≥ ", "<=": "≤ ", "=": ""}.get(row.comparator, f"{row.comparator} ")
    return f"{sign}{quantity(row.target, row.unit, language)}"


def _chart_title(data: Comparison, row, language: str) -> str:
    _ = translator(language)
    name = _name(data, row, language)
    if row.compared < 2:
        return _("{name}: no two figures can be compared", name=name)
    low, high = (quantity(value, row.unit, language) for value in (row.low, row.high))
    if row.low == row.high:
        return _("{name}: {value} in all {n} reports compared", name=name, value=low, n=number(row.compared, language))
    return _(
        "{name}: from {low} to {high} in {n} reports", name=name, low=low, high=high, n=number(row.compared, language)
    )


def _subtitle(data: Comparison, row, language: str) -> str:
    _ = translator(language)
    parts = [unit_name(data, row.unit, language)]
    if pd.notna(row.as_of):
        parts.append(day(row.as_of, language))
    if pd.notna(row.target):
        target, year = _target(row, language), int(row.target_year)
        parts.append(_("dashed line: target {target} for {year}", target=target, year=year))
    return "; ".join(parts)


def _source(data: Comparison, row, language: str) -> str:
    form_row = data.catalogue.rows_by("indicators", "indicator")[row.indicator]["form_row"]
    return translator(language)("the reports compared; row {row} of the form", row=form_row)


def _alt(data: Comparison, row, language: str, kind: str) -> str:
    _ = translator(language)
    said = _chart_title(data, row, language)
    more = _("{n} of {all} reports compared.", n=row.compared, all=row.reports)
    if row.every_unit and row.compared < row.reports:
        more += " " + _("Every unit is among them.")
    if pd.isna(row.target):
        return f"{kind}. {said}. {more}"
    reaching = _(
        "{meeting} of those compared reach the target of {target}.",
        meeting=number(row.meeting, language),
        target=_target(row, language),
    )
    return f"{kind}. {said}. {more} {reaching}"


def _cell_table(data: Comparison, cells: list, row, language: str) -> Fragment:
    _ = translator(language)
    return table(
        cells,
        [
            Column(_("Report"), lambda c: _label(data, c.report, language)),
            Column(
                unit_name(data, row.unit, language),
                lambda c: "–" if pd.isna(c.value) else Shown(quantity(c.value, row.unit, language), _evidence(c)),
                True,
            ),
            Column(_("As of"), lambda c: "–" if pd.isna(c.as_of) else day(c.as_of, language)),
            Column(_("Compared"), lambda c: _(APART[c.apart]) if c.apart else _("yes")),
        ],
        caption=_name(data, row, language),
        origin=lambda c: f"{c.report}: {c.place_vi}",
    )


def _value_axis(axes, unit: str, language: str) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(4))
    if unit == "%" and axes.get_xlim()[1] > 100:
        axes.set_xticks(range(0, 101, 25))
    decimals = None if unit == "%" else 0
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _pos: number(x, language, decimals)))
