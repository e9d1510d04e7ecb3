"""Figures against their targets, as bullet charts."""

import pandas as pd

from reformlib.load.codes import codes
from reformlib.load.rows import each_row, grouped
from reformlib.measure.targets import distinct
from reformlib.present import chart
from reformlib.present.findings import counted_with_care, qualified
from reformlib.present.gaps import judged
from reformlib.present.gaps.bars import Bar, bars
from reformlib.present.html import Fragment, Shown, join, tag
from reformlib.present.page import Page
from reformlib.present.table import Column, table


def bullet_charts(page: Page, rows: pd.DataFrame) -> Fragment:
    """A chart a unit of what can be compared, a row an indicator: the bar is the figure, the marks its targets."""
    figures = grouped(each_row(distinct(rows)), lambda row: (row.indicator, row.level, row.as_of)).values()
    units = grouped(figures, lambda targets: targets[0].unit).values()
    # without any the table under it says so
    return join(*(bullet_chart(page, group) for group in units)) if len(rows) else Fragment(tag("div"))


def bullet_chart(page: Page, figures: list[list]) -> Fragment:
    """Figures in one unit against their targets: of each its rows of measure.gaps, nearest deadline first."""
    nearest = [targets[0] for targets in figures]
    titles = [_title(page, targets) for targets in figures]
    unit, verdicts = nearest[0].unit, [row.verdict for row in nearest]
    counts = {verdict: page.number(verdicts.count(verdict)) for verdict in ("achieved", "missed", "open")}
    counts["n"] = page.number(len(figures))
    title = "{n} figures against their nearest targets: {achieved} met, {missed} missed, {open} not yet reached"
    title = counted_with_care(page, page._(title, **counts), map(judged.used, nearest))
    subtitle = page._("{unit}. Bar: latest figure; lines: targets, with their years", unit=page.unit_name(unit))
    rows = [_bar(page, targets) for targets in figures]
    series = "; ".join(f"{row.name} {row.text}: {', '.join(text for _, text in row.marks)}" for row in rows)
    alt = page._("Bullet chart, where the targets of each figure are: {series}.", series=series)
    places = [page.scoped(page.row_place(row.indicator), row.indicator) for row in nearest]
    return chart.figure(
        page,
        bars(rows, unit, lambda value: page.quantity(value, unit), ground=min(row.value for row in rows) >= 0),
        title=titles[0] if len(figures) == 1 else title,
        subtitle=subtitle,
        source="; ".join([page.meta("source"), *dict.fromkeys(places)]),
        alt=alt,
        data=join(*(_data(page, targets) for targets in figures)),
        told=titles if len(figures) > 1 else (),
        wide=True,
    )


def _bar(page: Page, targets: list) -> Bar:
    """A figure, when it is of, and its targets with their years."""
    nearest, marks = targets[0], []
    for target, same in grouped(targets, lambda row: row.target).items():
        years = ", ".join(dict.fromkeys(str(row.deadline.year) for row in same))
        marks.append((target, f"{page.quantity(target, nearest.unit, beside=(nearest.value,))} ({years})"))
    fields = judged.words(page, nearest, tuple(target for target, _ in marks))
    return Bar(_measured(page, nearest), nearest.value, f"{fields['value']} ({fields['date']})", marks)


def _title(page: Page, targets: list) -> str:
    """Whether the target whose deadline is nearest is reached, and what checks say of the figure."""
    nearest = targets[0]
    fields = judged.words(page, nearest, tuple(row.target for row in targets))
    never_moves = nearest.verdict == "achieved" and "never_moves" in nearest.caveat
    title = codes("figure_against_target")["never_moves" if never_moves else nearest.verdict]
    return qualified(page, page._(title, **fields), judged.used(nearest))


def _measured(page: Page, row) -> str:
    """What a chart measures: what a share is a share of, or else the indicator's full name."""
    name = judged.based_name(page, row)
    if not row.level and name == page.series_name(row.indicator, row.level):
        name = page.series_name(row.indicator, "", short=False)
    return name


def _data(page: Page, targets: list) -> Fragment:
    """The figure and its targets, each with what it rests on."""
    nearest = targets[0]
    fields = judged.words(page, nearest, tuple(row.target for row in targets))
    figures = [(page._("Figure, {date}", **fields), Shown(str(fields["value"]), judged.figure_evidence(page, nearest)))]
    for row in targets:
        name = page._("Target, {date} ({id})", date=page.due(row.deadline), id=row.target_id)
        value = page.quantity(row.target, row.unit, beside=(row.value,))
        figures.append((name, Shown(value, judged.target_evidence(row))))
    columns = [Column(page._("Item"), lambda r: r[0]), Column(page.unit_name(nearest.unit), lambda r: r[1], True)]
    place = f"targets.csv; {page.row_place(nearest.indicator)}"
    return table(page, figures, columns, caption=str(fields["name"]), stack=False, origin=lambda r: place, fold=False)
