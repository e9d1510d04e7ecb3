"""The gap analysis in the reader's language: title, findings, targets against figures."""

import math
from collections.abc import Container
from dataclasses import replace
from functools import partial

import pandas as pd

from reformlib.load.codes import codes as codes_of
from reformlib.load.evidence import Evidence
from reformlib.load.fields import field
from reformlib.load.rows import each_row, grouped
from reformlib.measure.base import NOT_THE_SAME
from reformlib.measure.gaps import FORBIDDEN, HELD, JUDGED, target_bases
from reformlib.measure.targets import distinct
from reformlib.present import outlook
from reformlib.present.findings import counted_with_care, lettered, qualified
from reformlib.present.gaps import bases, judged
from reformlib.present.html import Fragment, Shown, bullets, tag
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.spark import bar
from reformlib.present.table import Column, Remarks, field_column, series_column, table

SERIES = ["indicator", "level"]
SETS = codes_of("target_set")


def heading(page: Page, rows: pd.DataFrame) -> Fragment:
    """Title of the gap analysis of `rows` of `gaps`."""
    date = page.day(page.report.meta.data_date)
    return title(page, page._("Distance to the official targets at {date}", date=date), *_only(page, rows))


def _only(page: Page, rows: pd.DataFrame) -> list[str]:
    """Which targets the page is of, where not of all."""
    if rows["target_id"].nunique() == len(page.report.targets):
        return []
    named = page.words(";".join(dict.fromkeys(rows["target_set"])), SETS, "target_set")
    return [page._("Only targets of: {sets}.", sets="; ".join(named) or page._("none"))]


def overview(page: Page, rows: pd.DataFrame, cover: pd.DataFrame) -> Fragment:
    """Verdict and findings of the gap analysis: each a number, what it is compared with, and what is asked."""
    found, notes = findings(page, rows, cover), outlook.why_both(page, outlook.ahead(page, rows))
    last = page.report.targets["target_year"].fillna(0).max()
    return summary(page, [*_verdict(page, rows), *notes], found, "gaps.gaps", last)


def findings(page: Page, rows: pd.DataFrame, cover: pd.DataFrame) -> list[Finding]:
    """On the targets due first, those of another base, the pace of the others, the tasks, the unit's own results."""
    comparable = rows[rows["value"].notna()]
    nearest = distinct(comparable).drop_duplicates(SERIES)
    urgent = nearest[nearest["deadline"] == nearest["deadline"].min()]
    dated, based = [_finding(page, row) for row in each_row(urgent.head(3))], bases.findings(page, rows)
    ahead = outlook.ahead(page, rows)
    first = [*dated[:2], *based[:1], *_slow(page, ahead, set(urgent["target_id"])), *_cover_finding(page, cover)]
    return [*first, *dated[2:], *based[1:], *_own_results(page)]


def parts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a target, as `judged.by_target` gives it, and its `part` of them all: its verdict by a figure of the
    same base; "other", a share of something else; "rest", what the report does not have; "unconfirmed"; "context"."""
    each = judged.by_target(rows)
    part = each["verdict"].replace("not_assessable", "rest").mask(each["reason"].isin(NOT_THE_SAME), "other")
    return each.assign(part=part)


def _verdict(page: Page, rows: pd.DataFrame) -> list[str]:
    """How many targets there are, what is found of each that can be compared, then of the others: the numbers add up to
    all."""
    each = parts(rows)
    figures, counts = each[each["part"].isin(JUDGED)], each["part"].value_counts()
    fields = {name: int(counts.get(name, 0)) for name in ("other", "rest", "unconfirmed", "context")}
    fields |= {"n": len(each), "judged": len(figures), "whom": judged.whom(page, each)}
    if figures.empty:
        none = page._(
            "None of the {n} official targets that concern {whom} can be compared directly with a figure of the "
            "report: {other} are shares of something else or do not say of what, {rest} ask for what it does not have, "
            "{unconfirmed} are not confirmed and {context} are context only.",
            **fields,
        )
        return [" ".join([*_only(page, rows), none]), " ".join(_whatever(page, each))]
    compared = page._(
        "Of the {n} official targets that concern {whom}, {judged} can be compared directly with a figure of the "
        "report: {met}, {missed} missed, {open} not yet due and not yet met.",
        **fields,
        met=judged.met(page, figures),
        **{code: counts.get(code, 0) or page._("none") for code in JUDGED},
    )
    others = page._(
        "Of the others, {other} are shares of something else or do not say of what, {rest} ask for what the report "
        "does not have, {unconfirmed} are not confirmed and {context} are context only.",
        **fields,
    )
    compared = counted_with_care(page, compared, map(judged.used, each_row(figures)))
    return [" ".join([*_only(page, rows), compared]), " ".join([others, *_whatever(page, each)])]


def _whatever(page: Page, each: pd.DataFrame) -> list[str]:
    """Of targets that are a share of something else, those with one verdict by each total that the report gives."""
    rows, found = each[each["part"] == "other"], target_bases(page.report)
    known, said = found[found["of_low"].notna()].sort_values("of_low", ascending=False), []
    of_known, whatever = codes_of("verdict_by_totals"), codes_of("verdict_by_any_total")
    for code in JUDGED:
        if ids := sorted(rows.loc[rows["verdict"] == code, "target_id"]):
            totals = dict.fromkeys(bases.total(page, row) for row in each_row(known[known["target_id"].isin(ids)]))
            texts = of_known if totals else whatever
            said.append(page._(texts[code], targets=", ".join(ids), totals="; ".join(totals)))
    return said


def _slow(page: Page, ahead: pd.DataFrame, told: Container[str] = ()) -> list[Finding]:
    """How many open targets need a faster pace than the one so far, and the highest pace that they need. `ahead` is
    what :func:`reformlib.present.outlook.ahead` gave; the need of a target that is `told` already is not told again."""
    unmet = ahead[(ahead["verdict"] == "open") & ahead["value"].notna()]
    counted = unmet[~unmet["implied"]]
    paced, slow = (counted[counted["pace"].isin(codes)] for codes in (["enough", "slow"], ["slow"]))
    if slow.empty:
        return []
    row = next(each_row(slow.loc[[judged.towards(page, slow, "pace_needed").idxmax()]]))
    parts = {
        "{n} counted with a stricter or earlier one of the same indicator": len(unmet) - len(counted),
        "{n} without a pace so far": len(counted) - len(paced),
        "{n} with a pace that is enough": len(paced) - len(slow),
        "{n} with too slow a pace": len(slow),
    }
    targets = len(set(", ".join(unmet["target_id"]).split(", ")))
    text = "Targets compared and not yet met: {targets}; different in what they ask: {n}, of these {parts}."
    if targets == len(unmet):
        text = "Targets compared and not yet met: {n}, of these {parts}."
    told_parts = ", ".join(page._(part, n=n) for part, n in parts.items() if n)
    text = page._(text, targets=targets, n=len(unmet), parts=told_parts)
    text = counted_with_care(page, text, (judged.used(one, "pace") for one in each_row(paced)))
    highest = page._(
        "The highest need: {name}, {target} by {deadline}: {needed} {measure} a year; so far {seen} a year "
        "from {first} to {last}.",
        **judged.words(page, row) | {"needed": page.number(row.pace_needed, 1, (row.pace_seen,))},
    )
    if row.target_id not in told:
        text = f"{text} {qualified(page, highest, judged.used(row, 'pace'))}"
    about = page._("Open targets compared with a figure that need a faster pace than so far")
    about += page.whom_by(paced["deadline"].max().year)
    ask, places = page._("set a figure for every year on the way."), map(page.row_place, slow["indicator"])
    place = "; ".join([f"targets.csv, {', '.join(slow['target_id'])}", *dict.fromkeys(places)])
    return [Finding(f"{len(slow)}/{len(paced)}", about, text, ask, place, "gaps.gaps")]


def _finding(page: Page, row) -> Finding:
    """What the figure of a judged target means, and what is asked."""
    first, ask, *pace = _told(page, row, judged.words(page, row))
    # one sentence, so that what a check qualifies is said once
    text = "; ".join([first.removesuffix("."), *(one[:1].lower() + one[1:].removesuffix(".") for one in pace)]) + "."
    text = qualified(page, text, *(judged.used(row, use) for use in ("figure", *("pace" for _ in pace))))
    figure, name = page.quantity(row.value, row.unit, beside=(row.target,)), judged.based_name(page, row)
    name = page.scoped(name, row.indicator)
    return Finding(figure, name, text, ask, judged.place(page, row), "gaps.gaps", due={row.target_id: row.deadline})


def _own_results(page: Page) -> list[Finding]:
    """What the text states of the unit itself, where rows of the form are of others."""
    facts, findings = page.report.rows_by("facts", "fact"), []
    for stated in page.report.meta.own_results:
        part, whole = (facts[fact] for fact in (stated.part, stated.whole))
        value, of = (page.number(fact["value"]) for fact in (part, whole))
        about, total = (fact[f"subject_{page.language}"] for fact in (part, whole))
        about = page._("Of the unit itself: {name}", name=about[:1].lower() + about[1:])
        text = f"{value} ({part['section']}). {total}: {of} ({whole['section']}). {page.text(stated, 'note')}."
        ask, place = page._("state what it counts, and of what."), f"{part['section']}; {whole['section']}"
        findings.append(Finding(value, about, text, ask, place, "report.yml, own_results"))
    return findings


def _told(page: Page, row, said: dict[str, object]) -> tuple[str, ...]:
    """What a figure means for a target, what is asked, and in sentences of their own the pace, where there is one, and
    what a part of a year leaves to be made good."""
    # quarters go with the same quarter
    of_part = "partial_year" in row.caveat and judged.cells(page.report, row)[0].period.isdigit()
    said |= {"when": page._("For the part of the year up to {date}" if of_part else "At {date}", **said)}
    missed = page._("explain why.") if row.verdict == "missed" else ""
    if row.verdict == "achieved" and "never_moves" in row.caveat:
        text = "{when} it meets the target of {target} for {deadline}, but it is the same at every date reported."
        if "equals_target" in row.caveat:
            text = "{when} it equals the target of {target} for {deadline}, but it is the same at every date reported."
        return page._(text, **said), page._("measure it, and state the method.")
    if row.verdict == "achieved":
        text = page._("{when} it meets the target of {target} for {deadline}.", **said)
        return text, page._("keep it at this level.")
    if math.isclose(row.gap, 0, abs_tol=1e-9) and not row.gap_units > 0:
        text = page._("{when} it stands at {value}; the target of {target} for {deadline} asks for better.", **said)
        return text, missed or page._("speed up.")
    short = "{when} it is {lacking} short of the target of {target} for {deadline}."
    if judged.falls(page, row):
        short = "{when} it is {lacking} above the target of {target} for {deadline}."
    if missed or (pd.isna(row.pace_seen) and row.reason != FORBIDDEN):
        return page._(short, **said), missed or page._("give comparable figures.")
    return page._(short, **said), *_paced(page, row, said, of_part=of_part)


def _paced(page: Page, row, said: dict[str, object], *, of_part: bool) -> tuple[str, ...]:
    """What is asked for an open target, in sentences of their own what a part of a year leaves to be made good, and the
    pace or that none is given."""
    none = page._("No average a year is given: a check objects to it.") if row.reason == FORBIDDEN else ""
    if of_part:
        pace = none or page._(
            "From the full year {first} to the full year {last} the change was {seen} {measure} a year; part of a year "
            "is not compared with them.",
            **said | {"first": row.base_as_of.year, "last": row.pace_as_of.year},
        )
        ask = page._("give the figure of the full year {year}.", year=row.as_of.year)
        return ask, *judged.to_make_good(page, row), pace
    if none:
        return page._("explain before use."), none
    pace = page._("It has changed by {seen} {measure} a year since {first}; {needed} a year are needed.", **said)
    if row.ratio_linear < 0:
        return page._("find what turned it away from the target."), pace
    enough = row.pace_seen <= row.pace_needed if judged.falls(page, row) else row.pace_seen >= row.pace_needed
    return page._("keep the pace.") if enough else page._("speed up."), pace


def _cover_finding(page: Page, cover: pd.DataFrame) -> list[Finding]:
    """How many tasks have a measurable target, and how many limitations have a task; nothing without tasks."""
    limitations, tasks = cover[cover["kind"] == "limitation"], cover[cover["kind"] == "task"]
    if tasks.empty:
        return []
    measurable = int((tasks["own_target"] != "").sum())
    text = page._(
        "Of {tasks} tasks in the plan, {measurable} with a measurable target; the report states no limitation."
        if limitations.empty
        else "Of {tasks} tasks in the plan, {measurable} with a measurable target; of {n} limitations that the report "
        "states, {answered} addressed by tasks ({part} only in part), {measured} by a task with a measurable target.",
        tasks=len(tasks),
        measurable=measurable or page._("none"),
        n=len(limitations),
        part=int(limitations["findings"].str.contains("part_only").sum()),
        answered=int((limitations["tasks"] != "").sum()),
        measured=int((limitations["own_target"] != "").sum()) or page._("none"),
    )
    about, ask = page._("Tasks with a measurable target"), page._("set a figure and a year for each task.")
    told = page.report.limitations.query("kind == 'limitation'"), page.report.tasks
    place = "; ".join(dict.fromkeys(section for rows in told for section in rows["section"]))
    return [Finding(f"{measurable}/{len(tasks)}", about, text, ask, place, "coverage.coverage")]


def key_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """Every comparable target beside its figure: verdict, picture, distance."""
    if rows.empty:
        return judged.nothing_judged(page)
    series = grouped(each_row(distinct(rows)), lambda row: (row.indicator, row.level)).values()
    shown = [row for same in series for row in same]  # those of one series together, the nearest deadline first
    shares = dict.fromkeys(row.indicator for row in shown if row.unit == "%")
    remarks = Remarks()
    text = "Gap = figure − target, of shares in percentage points (pp); the bar is the figure, the mark the target."
    note = [page._(text)]
    if (n := rows["target_id"].nunique()) != len(shown):
        text = "{n} targets stand in {rows} rows: targets of equal value and deadline share one."
        note.append(page._(text, n=n, rows=len(shown)))
    note += [f"{page.share_name(one, '')}." for one in shares if one in page.report.meta.universes]

    def value(row):
        figure = page.quantity(row.value, row.unit, beside=(row.target,))
        text = tag("span", figure, " ", page.dated(judged.cells(page.report, row)[0]))
        return Shown(text, judged.figure_evidence(page, row))

    def gap(row):
        text = page.signed(row.gap) + (f" {page._('pp')}" if row.unit == "%" else "")
        if judged.at_best(row):
            text = page._("{gap} (at least)", gap=text) + judged.why_at_best(page, row, remarks)
        inputs = {"figure": judged.figure_evidence(page, row), "target": judged.target_evidence(row)}
        return page.cell(row.gap, row.unit, text=text, formula=field("gaps", "gap")["formula"], inputs=inputs)

    columns = [
        series_column(page, scoped=True),
        replace(judged.verdict_column(page, remarks), place="side"),
        Column(page._("Figure and target"), lambda r: _against(page, r), place="whole"),
        field_column(page, "gaps", "value", value),
        judged.target_column(page),
        field_column(page, "gaps", "gap", gap),
    ]
    caption = page._("The comparable targets at a glance, by indicator and deadline")
    place = partial(judged.place, page)
    return table(page, shown, columns, caption, place, note=" ".join(note), remarks=remarks, fold=False)


def _against(page: Page, row):
    """The figure as a bar with a mark at the target."""
    alt = page._("Bar of {name} at {value} with a mark at the target of {target}", **judged.words(page, row))
    whole = row.unit == "%" and min(row.value, row.target) >= 0
    return bar(row.value, row.target, 100 if whole else 0, alt)


def gap_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """Targets with figures: what is lacking in own units, the part of the way covered, instruments and remarks.

    Targets that share value and deadline stand in one row; what a comparison rests on is lettered under the table.
    """
    if rows.empty:
        return judged.nothing_judged(page)
    remarks, each = Remarks(), {(row.indicator, row.level, row.target_id): row for row in each_row(rows)}

    def instruments(r):
        own = [each[r.indicator, r.level, code] for code in r.target_id.split(", ")]
        named = ((one, f"{page.instrument(one.instrument)} ({one.target_id})") for one in own)
        items = [name + remarks.after(_remarks(page, one)) for one, name in named]
        return bullets(items) if len(items) > 1 else items[0]

    def own(r):
        if pd.isna(r.gap_units):
            return page._("total not stated")
        inputs = {"target": judged.target_evidence(r), **judged.figure_evidence(page, r).inputs}
        text = judged.lacking(page, r)
        text = page._("{lacking} too many", lacking=text) if r.gap_units and judged.falls(page, r) else text
        return Shown(text, Evidence(r.gap_units, page.unit_of(r.indicator), rule="gaps.gaps", inputs=inputs))

    def way(r):
        if pd.isna(r.base):
            return page._("no point can be compared with another")
        if r.reason == FORBIDDEN and r.verdict != "achieved":
            return page._("not given: a check objects to it") + lettered(page, remarks, *judged.used(r, "pace"))
        if pd.isna(r.way):
            return page._("none to go")
        if r.base_as_of == r.pace_as_of:
            return page._("one figure only")
        inputs = {
            "figure": judged.figure_evidence(page, r, "pace_value"),
            "base": judged.figure_evidence(page, r, "base"),
            "target": judged.target_evidence(r),
        }
        text = page.quantity(r.way, "%", 1) + lettered(page, remarks, *judged.used(r, "pace"))
        return page.cell(r.way, "%", text=text, formula=field("gaps", "way")["formula"], inputs=inputs)

    columns = [
        series_column(page),
        judged.verdict_column(page),
        judged.target_column(page),
        Column(page._("Still lacking"), own, True),
        field_column(page, "gaps", "way", way),
        Column(page._("Instrument and remarks"), instruments),
    ]
    note = page._(
        "Calculated: still lacking = a number, rounded up; way covered = (figure − first figure) ÷ (target − "
        "first figure), negative when it leads away. First figure: the first above zero that can be compared; of "
        "a figure over a part of a year, the way covered is that of the latest figure that compares with the first."
    )
    note = judged.from_the_worst(page, note, rows)
    caption, shown = page._("Official targets compared with the report's figures"), distinct(rows)
    return table(page, shown, columns, caption, lambda r: judged.place(page, r), note=note, remarks=remarks)


def _remarks(page: Page, row) -> list[str]:
    """What a comparison rests on; that an open target is seen before its deadline needs no saying."""
    said = judged.caveats(page, row.caveat, "before_deadline" if row.verdict == "open" else "")
    if row.held and pd.notna(row.base_as_of) and row.base_as_of != row.pace_as_of:  # of one figure nothing is held
        said.insert(0, page._(HELD[row.held], date=page.day(row.held_since) if row.held == "since" else ""))
    return said
