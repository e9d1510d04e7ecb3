"""How likely the targets are, and the pace they need beside the pace of such series elsewhere."""

from __future__ import annotations

from operator import attrgetter, itemgetter

import pandas as pd

from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row, firsts, records
from reformlib.measure.gaps import CAVEATS
from reformlib.present.html import Fragment, Shown, paragraph
from reformlib.present.page import Page
from reformlib.present.projections.projected import aim, in_ten, merged, shown_value, starting_points, target_evidence
from reformlib.present.table import Column, Remarks, field_column, series_column, table
from reformlib.project import series as rules
from reformlib.project.chances import OTHER_KINDS, natural_frequency, open_targets


def _target(page: Page, row) -> Evidence:
    return Evidence(row.target, row.unit, place=f"targets.csv, {row.target_id}")


def probability_table(page: Page, probabilities: pd.DataFrame) -> Fragment:
    """The chance of every official target, the two questions apart."""
    targets = merged(probabilities)
    if not targets:
        return paragraph(page._("No official target can be projected from this report."))
    remarks = Remarks()

    def letters(r):
        texts = [page._(rules.BASES[code]) for code in r.basis.split(";")]
        texts += [page._(CAVEATS[code]) for code in r.caveat.split(";") if code]
        return remarks.letters(texts)

    def chance(name):
        def cell(r):
            p = getattr(r, name)
            text = in_ten(page, natural_frequency(p))
            if name == "p_reached_by" and p == 1:
                text = page._("already met by the last figure")
            inputs = starting_points(page.report, r.indicator, r.level) | {"target": target_evidence(page, r)}
            return Shown(text, Evidence(p, "", rule=f"projections.target_probabilities: {name}", inputs=inputs))

        return cell

    return table(
        page,
        targets,
        [
            series_column(page),
            Column(
                page._("Target"),
                lambda r: Shown(f"{aim(page, r)} ({r.target_year})", target_evidence(page, r)),
                True,
            ),
            field_column(page, "target_probabilities", "p_at_least", chance("p_at_least")),
            field_column(page, "target_probabilities", "p_reached_by", chance("p_reached_by")),
            Column(
                page._("Instrument"),
                lambda r: "; ".join(
                    f"{page.instrument(name)} ({code})" for name, code in zip(r.instruments, r.ids, strict=True)
                ),
            ),
            Column(page._("Remarks"), letters),
        ],
        caption=page._("How likely each official target is if things go on as such series usually do"),
        origin=lambda r: f"targets.csv, {', '.join(r.ids)}",
        note=page._(
            "Probabilities are rounded. At or above: the figure of the deadline meets the target. Reached: the figure "
            "of some year's end up to the deadline meets it, even if it falls back afterwards; from {n} simulated "
            "paths.",
            n=page.number(4000),
        ),
        remarks=remarks,
    )


def kind_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """How the chances change with the kind of indicator that a series is taken for."""
    if frame.empty:
        return paragraph(page._("No official target can be projected from this report."))
    targets = {(row.target_id, row.indicator, row.level): row for row in each_row(open_targets(page.report))}
    rows = []
    for row in records(frame):
        of = targets[row["target_id"], row["indicator"], row["level"]]
        rows.append(row | {"target": of.target, "unit": of.unit, "year": of.deadline.year})

    def chance(kind):
        def cell(r):
            p = r[kind]
            evidence = Evidence(
                p,
                "",
                rule=f"projections.kinds: {kind}",
                inputs=starting_points(page.report, r["indicator"], r["level"]),
            )
            return Shown(in_ten(page, natural_frequency(p)), evidence)

        return cell

    return table(
        page,
        firsts(rows, itemgetter("indicator", "level", "target", "year")),
        [
            Column(page._("Indicator"), lambda r: page.series_name(r["indicator"], r["level"])),
            Column(page._("Target"), lambda r: f"{page.quantity(r['target'], r['unit'])} ({r['year']})", True),
            *(Column(page._(words), chance(kind), True) for kind, words in OTHER_KINDS.items()),
        ],
        caption=page._("The probability of being at or above, by the kind that the indicator is taken for"),
        origin=lambda r: f"targets.csv, {r['target_id']}",
        note=page._(
            "The page uses the first column. The spread between the columns is not in the intervals: which experience "
            "applies to this province is a judgement."
        ),
    )


def pace_table(page: Page, paces: pd.DataFrame) -> Fragment:
    """Pace needed against the pace seen and the paces of such indicators in the benchmark."""
    rows = firsts(each_row(paces), attrgetter("indicator", "level", "target", "deadline"))
    if not rows:
        return paragraph(page._("No open target has a figure from which a pace can be told."))

    def pace(name, rule):
        def cell(r):
            value = getattr(r, name)
            if pd.isna(value):
                return "–"
            return shown_value(page, r, value, r.unit, rule, page.number(value, 1))

        return cell

    def learned(column, name=""):
        def cell(r):
            value = getattr(r, column)
            rule = f"projection.model.load_prior: pace, {r.family}, {r.window}, {name or column}"
            return Shown(page.number(value, 1), Evidence(float(value), "%", rule=rule))

        return cell

    return table(
        page,
        rows,
        [
            series_column(page),
            Column(
                page._("Target"),
                lambda r: Shown(f"{page.quantity(r.target, r.unit)} ({page.day(r.deadline)})", _target(page, r)),
                True,
            ),
            field_column(page, "gaps", "pace_needed", pace("pace_needed", "gaps.gaps: pace_needed")),
            field_column(page, "gaps", "pace_seen", pace("pace_seen", "gaps.gaps: pace_seen")),
            Column(
                page._("Half of the stretches elsewhere exceed, percentage points a year"),
                learned("usual", "median"),
                True,
            ),
            Column(page._("One in ten exceeds, percentage points a year"), learned("fast"), True),
            Column(page._("One in a hundred exceeds, percentage points a year"), learned("fastest"), True),
        ],
        caption=page._("Pace needed, pace so far, and how fast the series of the same family went elsewhere"),
        origin=lambda r: f"targets.csv, {r.target_id}",
        note=page._(
            "Elsewhere: percentage points a year over five years (ten, where the deadline is more than seven and a "
            "half years away), in the series that the method was learned from. The pace so far is that of the "
            "gap analysis: from the first figure above zero, whole years only for shares of flows. That of services is "
            "the pace of a start from nothing, which need not go on."
        ),
    )
