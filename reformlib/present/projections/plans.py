"""What a plan can take over: scenarios, also that a mandate is enforced, milestones, proposed targets, tasks."""

from functools import partial

import pandas as pd
from markupsafe import Markup

from reformlib.load.rows import codes, each_row, firsts, grouped
from reformlib.present.findings import qualified
from reformlib.present.gaps import bases
from reformlib.present.gaps.judged import at_best
from reformlib.present.html import Fragment, bullets, join, paragraph, tag
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.present.table import Column, listing, series_column, status, table
from reformlib.project.chances import open_targets
from reformlib.project.horizon import YEARS_AHEAD
from reformlib.project.mandate import enforced, roll_outs
from reformlib.project.plan import MILESTONES, PROPOSALS, beyond_the_sum


def mandates(page: Page) -> Fragment:
    """What roll-outs of the report did, and where its targets would stand if they were enforced like these."""
    rows = firsts(each_row(enforced(page.report)), lambda row: (row.indicator, row.level, row.target, row.deadline))
    seen = list(each_row(roll_outs(page.report)))
    if not rows or not seen:
        return Fragment(Markup())
    told = "; ".join(_told(page, row) for row in seen)
    text = page._(
        "Scenario, not a projection: what if a target is met in full at its deadline? The projections were learned "
        "from series without a deadline that binds. In this report: {told}. Whether by a mandate, the report does not "
        "say, and units connected are not documents or dossiers handled. Nothing measured says how often a mandate is "
        "enforced, so the scenario has no probability and is in no interval of this page.",
        told=told,
    )

    def value(row, name, of=""):
        number, rule = getattr(row, name), f"mandate.enforced: {name}{of}"
        if pd.isna(number):
            return page._("no usable range")
        shown = projected.projected_text(page, row, number)
        return projected.calculated(page, row, number, page.unit_of(row.indicator), rule, text=shown)

    columns = [
        series_column(page),
        projected.unit_column(page),
        Column(page._("Deadline"), lambda row: page.due(row.deadline)),
        Column(page._("Median if things go on as such series do"), lambda row: value(row, "median"), True),
        Column(page._("If the target is met in full"), lambda row: value(row, "target", f" {row.target_id}"), True),
    ]
    caption, place = page._("Scenario: the target is met in full"), projected.calculated_from(page, "mandate.enforced")
    return join(paragraph(text, class_="note"), table(page, rows, columns, caption, place))


def _told(page: Page, row) -> str:
    """A roll-out in words, with what checks have against its figures and the last one, which is taken as the total."""
    text = page._(
        "{name} rose from {before} on {since} to {after} on {until}",
        name=page.series_name(row.indicator, row.level),
        before=projected.value_text(page, row.before, row.indicator),
        since=page.day(row.since),
        after=projected.value_text(page, row.after, row.indicator),
        until=page.day(row.until),
    )
    series = [(row.indicator, row.level)]
    return qualified(page, text, (series, "step", row.since, row.until), (series, "figure", None, row.last))


def scenario_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """Low, middle and high, `YEARS_AHEAD` years after the data and at the horizon."""
    if frame.empty:
        return paragraph(page._("No series has a trend of its own and a usable range."))
    years = {page.report.meta.data_date.year + YEARS_AHEAD, int(frame["year"].max())}
    last = [frame[frame["year"] <= year].groupby(["indicator", "level"]).tail(1) for year in years]
    rows = pd.concat(last).drop_duplicates().sort_index()
    show = projected.projected_cells(page, "projections.scenarios")
    columns = [
        series_column(page),
        projected.unit_column(page),
        projected.year_column(page),
        Column(page._("Low (20th percentile)"), show("low"), True),
        Column(page._("Middle (median)"), show("middle"), True),
        Column(page._("High (80th percentile)"), show("high"), True),
        Column(page._("Measured elsewhere"), lambda r: projected.held(page, r) or "–"),
        Column(page._("Status"), lambda r: status(page, r.status)),
    ]
    note = page._(
        "In each year 2 in 10 of the projected outcomes lie at or below the low value, half at or below the middle "
        "one and 8 in 10 at or below the high one; more when many outcomes share one value, such as the ceiling. "
        "Values are rounded."
    )
    if rows.groupby(["indicator", "level"])["year"].max().lt(max(years)).any():
        note += " " + page._("A series is told up to the last year for which it gives a usable range.")
    place = projected.calculated_from(page, "scenarios")
    return table(page, rows, columns, page._("Scenarios"), place, note=note)


def milestone_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """Yearly milestones of every series that has a target or a proposal, to copy into a plan."""
    if frame.empty:
        return paragraph(page._("No series has a target or a proposal."))
    paths = grouped(each_row(frame), lambda mark: (mark.indicator, mark.level, mark.path))

    def targets(marks):
        return ", ".join(dict.fromkeys(mark.target_id for mark in marks if mark.target_id))

    def in_year(year, marks):
        mark = next((mark for mark in marks if mark.year == year), None)
        if mark is None:
            return "–"
        rule = f"projections.milestones: {mark.path}" + (f", targets.csv {targets(marks)}" if targets(marks) else "")
        text = projected.value_text(page, mark.value, mark.indicator, (marks[-1].value,))
        return projected.calculated(page, mark, mark.value, page.unit_of(mark.indicator), rule, text=text)

    def name(marks):
        unit, label = page.unit_of(marks[0].indicator), page.series_name(marks[0].indicator, marks[0].level)
        return label if unit == "%" else f"{label} ({page.unit_name(unit)})"

    def path(marks):
        first, text = marks[0], page._(MILESTONES[marks[0].path])
        if first.year > first.target_year:
            return _official(page, "kept", first)
        if first.before:
            text += f" ({page._('first {before}, then {targets}', before=first.before, targets=targets(marks))})"
        elif targets(marks):
            text += f" ({targets(marks)})"
        if marks[-1].year > marks[-1].target_year:
            text += page._("; to {year}, then kept (proposal)", year=page.year(int(marks[-1].target_year)))
        return text

    columns = [
        Column(page._("Indicator"), name),
        Column(page._("Path"), path),
        *(Column(page.year_cell(year), partial(in_year, year), True) for year in sorted(frame["year"].unique())),
    ]
    place, note = projected.calculated_from(page, "milestones"), _of_paths(page, frame)
    caption = page._("Yearly milestones")
    shown = table(page, paths.values(), columns, caption, lambda marks: place(marks[0]), note=note)
    return join(*_contradictions(page, frame), shown)


def _of_paths(page: Page, frame: pd.DataFrame) -> str:
    """How the milestones are to be read."""
    note = page._(
        "End of each year; after the last official deadline its target is kept. Whole units: towards the better on the "
        "way to a target, towards the worse for a proposal. A dash: the series cannot continue. Shares are taken of "
        "the total that the report states; a target that is a share of another total, or does not say of what, has no "
        "path. A path at the same percentage growth is left out where it equals the straight line."
    )
    if (frame["before"] != "").any():
        note += " " + page._(
            "A path that first keeps a target due before {year} rises from that deadline on only, so each year takes "
            "more than the pace needed from the latest figure.",
            year=frame["year"].min(),
        )
    asking_more = {row.target_id for row in each_row(open_targets(page.report)) if at_best(row)}
    if ids := asking_more & set(frame["target_id"]):
        note += " " + page._(
            "Of a target that asks for more than the figure counts ({ids}) the path starts at the figure or below it: "
            "each year takes at least so much.",
            ids=", ".join(sorted(ids)),
        )
    return note


def _contradictions(page: Page, frame: pd.DataFrame) -> list:
    """Warnings of levels that are to have more than the levels together."""
    warnings = []
    for r in each_row(beyond_the_sum(page.catalogue, frame)):
        text = page._(
            "In {year}, {name} ({value}) and {sum} ({together}) cannot both be planned: the decisions differ. Choose "
            "one before copying.",
            year=page.year(r.year),
            name=page.series_name(r.indicator, r.level),
            value=projected.value_text(page, r.value, r.indicator, (r.together_value,)),
            sum=page.series_name(r.indicator, r.together),
            together=projected.value_text(page, r.together_value, r.indicator, (r.value,)),
        )
        warnings.append(tag("p", tag("strong", text)))
    return warnings


def _official(page: Page, rule: str, row) -> str:
    """The rule that a target comes from; of an official one with its code, and of one kept the year it was due in."""
    year = "" if pd.isna(row.target_year) else int(row.target_year)
    based = [one for one in bases.ahead(page) if (one.indicator, one.level) == (row.indicator, row.level)]
    told = page._(PROPOSALS[rule], target=row.target_id, year=year, why=bases.without_number(page, based))
    if rule != "hold_ceiling":
        return told
    if page.catalogue.rows_by("projection", "indicator")[row.indicator]["ceiling"] == "bodies":
        told = page._("proposal: hold the largest number reported, taken as the total")
    return qualified(page, told, projected.used(page, row))


def proposal_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """A target for every indicator: official, or proposed by a stated rule; years of which the same is said are one
    row."""

    def said(r):
        return r.indicator, r.level, str(r.target), str(r.ambitious), _official(page, r.rule, r)

    def years(r):
        told = grouped(r.year, lambda year: "" if pd.isna(year) else page.year(year).removeprefix(str(year)))
        return "; ".join(", ".join("–" if pd.isna(one) else str(one) for one in same) + of for of, same in told.items())

    rows = [same[0]._replace(year=[r.year for r in same]) for same in grouped(each_row(frame), said).values()]

    def show(r, value):
        rule = f"projections.proposed_targets: {r.rule}" + (f", targets.csv {r.target_id}" if r.target_id else "")
        text = page.quantity(value, r.unit, 0 if page.indicator(r.indicator)["whole"] else None)
        return projected.calculated(page, r, value, r.unit, rule, text=text)

    columns = [
        series_column(page),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
        Column(page._("Year"), years),
        Column(page._("Target"), lambda r: show(r, r.target), True),
        *[Column(page._("Ambitious"), lambda r: show(r, r.ambitious), True)] * bool(frame["ambitious"].notna().any()),
        Column(page._("Where it comes from"), lambda r: _official(page, r.rule, r)),
    ]
    caption, place = page._("Targets of the next period: official, or proposed"), "proposed_targets"
    note = page._("Proposals are the calculation's, not an office's; counts in the unit of the indicator.")
    return table(page, rows, columns, caption, projected.calculated_from(page, place), note=note)


def tasks(page: Page, cover: pd.DataFrame) -> Fragment:
    """Tasks of the plan with the measurable targets and indicators each can be followed by."""
    names = {row.domain: page.text(row, "name") for row in each_row(page.report.domains)}
    targets = {row.code: codes(row.targets) for row in each_row(cover) if row.kind == "task"}
    form = page.catalogue.rows_by("indicators", "indicator")
    mapping = [link for link in each_row(page.catalogue.target_mapping) if link.measure != "none"]

    def official(r):
        return bullets((f"{page.wording(code)} ({code})" for code in targets.get(r.task, [])), page._("none"))

    def indicators(r):
        of = targets.get(r.task, [])
        linked = dict.fromkeys((link.indicator, link.level) for link in mapping if link.target in of)
        return "; ".join(page.series_name(form[row]["indicator"], level) for row, level in linked) or page._("none")

    if page.report.tasks.empty:
        return paragraph(page._("The report states no tasks."))

    def place(r):
        return f"{r.section}; tasks.csv, {r.task}"

    columns = [
        Column(page._("Task"), lambda r: page.text(r, "text")),
        Column(page._("Domain"), lambda r: names.get(r.domain, "–")),
        Column(page._("Target in the plan"), lambda r: page.text(r, "target") or page._("none stated")),
        Column(page._("Official targets"), official),
        Column(page._("Indicator of the form"), indicators),
    ]
    rows = grouped(each_row(page.report.tasks), lambda r: bool(targets.get(r.task) or r.target_raw))
    can, cannot = rows.get(True, []), rows.get(False, [])
    first = listing(page, can, columns, page._("Tasks that have a target"), place)
    if not cannot:
        return first
    note = page._(
        "{n} of {of} tasks of the plan can be measured by no target, be it the plan's own or an official one. Tasks "
        "with a target of the plan's own, which alone the gap analysis counts: {own} of {of}.",
        n=len(cannot),
        of=len(page.report.tasks),
        own=int(((cover["kind"] == "task") & (cover["own_target"] != "")).sum()),
    )
    columns = [
        Column(page._("Domain"), lambda same: names.get(same[0].domain, "–")),
        Column(page._("Task"), lambda same: bullets(page.text(r, "text") for r in same)),
    ]
    by_domain, caption = grouped(cannot, lambda r: r.domain).values(), page._("Tasks that no target measures")
    rest = table(page, by_domain, columns, caption, lambda same: "; ".join(map(place, same)))
    return join(first, tag("p", note), rest)
