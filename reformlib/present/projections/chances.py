"""How likely the targets are, and the pace they need beside the pace of such series elsewhere."""

from functools import partial
from operator import attrgetter

import pandas as pd

from reformlib.check.caveats import caveats
from reformlib.load.rows import each_row, firsts, records
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import CAVEATS, FORBIDDEN
from reformlib.present.findings import clauses, lettered
from reformlib.present.gaps import bases, judged
from reformlib.present.html import Fragment, Shown, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.projections.projected import aim_by, aimed, aims, calculated, in_ten, starting_points, used
from reformlib.present.table import Column, Remarks, field_column, series_column, table
from reformlib.project.chances import OTHER_KINDS, open_targets
from reformlib.project.series import BASES


def probability_table(page: Page, probabilities: pd.DataFrame) -> Fragment:
    """The chance of every official target, the two questions apart."""
    targets, remarks, elsewhere = aims(page, probabilities), Remarks(), bases.ahead(page)
    based = page._("Without a probability: {why}.", why=bases.without_number(page, elsewhere))
    if not targets:
        none = page._("No official target can be projected from this report.")
        return paragraph(f"{none} {based}" if elsewhere else none)

    def letters(r):
        texts = page.words(r.basis, BASES, "basis") + page.words(r.caveat, CAVEATS, "caveat")
        return remarks.letters([*texts, *clauses(page.language, caveats(page.report, *used(page, r)))])

    def chance(name, r):
        p, met = getattr(r, name), name == "p_reached_by" and r.p_reached_by == 1
        text = page._("already met by the last figure") if met else aimed(page, r, p)
        inputs = starting_points(page, r.indicator, r.level) | {"target": judged.target_evidence(r)}
        return page.cell(p, "", text=text, rule=f"projections.target_probabilities: {name}", inputs=inputs)

    def instruments(r):
        named = zip(r.instruments, r.ids, strict=True)
        return "; ".join(f"{page.instrument(name)} ({code})" for name, code in named)

    columns = [
        series_column(page),
        Column(page._("Target"), lambda r: Shown(aim_by(page, r), judged.target_evidence(r)), True),
        field_column(page, "target_probabilities", "p_at_least", partial(chance, "p_at_least")),
        field_column(page, "target_probabilities", "p_reached_by", partial(chance, "p_reached_by")),
        Column(page._("Instrument"), instruments),
        Column(page._("Remarks"), letters),
    ]
    caption = page._(
        "How likely each official target is if things go on as in the series that the method was learned from"
    )
    note = "Probabilities are rounded; those of the second question are from {n} simulated paths."
    note = page._(note, n=page.number(4000)) + f" {based}" * bool(elsewhere)
    place = "targets.csv, {}".format
    return table(page, targets, columns, caption, lambda r: place(", ".join(r.ids)), note=note, remarks=remarks)


def kind_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """How the chances change with the kind of indicator that a series is taken for."""
    if open_targets(page.report).empty:  # the table of chances says so
        return Fragment(tag("div"))
    if frame.empty:
        none = (
            "No target with a probability stands at a series with a trend of its own, so no other kind of indicator is "
            "tried."
        )
        return paragraph(page._(none))
    targets = {(row.target_id, row.indicator, row.level): row for row in each_row(open_targets(page.report))}
    # the kinds have hyphens, so that rows with names of their own cannot hold them
    pairs = [(targets[r["target_id"], r["indicator"], r["level"]], r) for r in records(frame)]
    rows = firsts(pairs, lambda pair: attrgetter("indicator", "level", "target", "deadline")(pair[0]))

    def chance(kind, pair):
        row, p = pair[0], pair[1][kind]
        inputs, rule = starting_points(page, row.indicator, row.level), f"projections.kinds: {kind}"
        return page.cell(p, "", text=in_ten(page, p), rule=rule, inputs=inputs)

    columns = [
        Column(page._("Indicator"), lambda pair: page.series_name(pair[0].indicator, pair[0].level)),
        Column(page._("Target"), lambda pair: judged.aim_by(page, pair[0]), True),
        *(Column(page._(words), partial(chance, kind), True) for kind, words in OTHER_KINDS.items()),
    ]
    caption = page._("The probability of meeting the target, by the kind that the indicator is taken for")
    note = page._(
        "The page uses the first column. The spread between the columns is not in the intervals: which experience "
        "applies to this unit is a judgement."
    )
    return table(page, rows, columns, caption, lambda pair: f"targets.csv, {pair[0].target_id}", note=note)


SO_FAR = (
    "The pace so far is that of the gap analysis: from the first figure above zero, whole years only for shares of "
    "flows. That of a series that began at nothing is the pace of a start, which need not go on."
)


def pace_table(page: Page, paces: pd.DataFrame) -> Fragment:
    """Pace needed against the pace seen, or why none is given, and the paces of such indicators in the benchmark."""
    remarks = Remarks()
    rows = firsts(each_row(paces), attrgetter("indicator", "level", "target", "deadline"))
    if not rows:
        return paragraph(page._("No open target has a figure from which a pace can be told."))

    def text(r, name):
        others = (r.pace_needed, r.pace_seen, r.usual, r.fast, r.fastest)
        return page.number(getattr(r, name), 1, others)

    def needed(r):
        told = judged.least(page, r, text(r, "pace_needed"))
        return calculated(page, r, r.pace_needed, r.unit, "gaps.gaps: pace_needed", text=told)

    def seen(r):
        why = lettered(page, remarks, *judged.used(r, "pace"))
        if r.reason == FORBIDDEN:
            return page._("not given: a check objects to it") + why
        return calculated(page, r, r.pace_seen, r.unit, "gaps.gaps: pace_seen", text=text(r, "pace_seen") + why)

    def learned(column, name, r):
        if r.reason == FORBIDDEN:  # it has no pace that another could be like
            return page._("not given")
        rule = f"projection.model.load_prior: pace, {r.family}, {r.window}, {name}"
        return page.cell(getattr(r, column), "%", text=text(r, column), rule=rule)

    def target(r):
        return Shown(f"{judged.aim(page, r, r.unit)} ({page.due(r.deadline)})", judged.target_evidence(r))

    columns = [
        series_column(page),
        Column(page._("Target"), target, True),
        field_column(page, "gaps", "pace_needed", needed),
        field_column(page, "gaps", "pace_seen", seen),
    ]
    caption, notes = page._("Pace needed and pace so far"), []
    if any(r.reason != FORBIDDEN for r in rows):
        fastest = partial(learned, "fastest", "fastest")
        columns += [
            Column(
                page._("Median pace elsewhere, percentage points a year"), partial(learned, "usual", "median"), True
            ),
            Column(page._("One in ten exceeds, percentage points a year"), partial(learned, "fast", "fast"), True),
            Column(page._("One in a hundred exceeds, percentage points a year"), fastest, True),
        ]
        caption = page._("Pace needed, pace so far, and how fast series went on elsewhere from such a level and pace")
        elsewhere = page._(
            "Elsewhere: percentage points a year over five years (ten, where the deadline is more than seven and a "
            "half years away), in the series that the method was learned from, after they had come to a like level at "
            "a like pace, by the figures as reported."
        )
        notes.append(elsewhere)
    if paces["pace_seen"].notna().any():
        notes += [page._(SO_FAR)]
    notes += filter(None, (_counted_from(page, row) for row in rows))
    note = judged.from_the_worst(page, " ".join(notes), paces)
    return table(page, rows, columns, caption, lambda r: f"targets.csv, {r.target_id}", note=note, remarks=remarks)


def _counted_from(page: Page, row) -> str:
    """Where the pace needed of a target is counted from, and what it says little of."""
    fields = judged.words(page, row) | {"target_id": row.target_id, "start": page.quantity(row.pace_value, row.unit)}
    said = []
    if row.pace_as_of != row.as_of:
        said.append(
            "The pace needed of {target_id} is counted from the figure of {last} ({start}); that of {date} ({value}) "
            "is {lacking} short of the target."
        )
    if row.due - decimal_year(row.pace_as_of) <= 1 and row.reason != FORBIDDEN:
        said.append(
            "What {target_id} needs falls within one year: a mean over several years says little of a single one."
        )
    return " ".join([*(page._(text, **fields) for text in said), *judged.to_make_good(page, row)])
