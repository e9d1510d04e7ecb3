"""What the projections rest on: what was left out, assumptions, and how well the method does."""

import math

import numpy as np
import pandas as pd
from markupsafe import Markup

from reformlib.check.caveats import caveats
from reformlib.load.codes import codes
from reformlib.load.dates import last_whole_year
from reformlib.load.rows import codes as codes_in
from reformlib.load.rows import each_row
from reformlib.measure.dating import ASSUMPTION, MONTHS, between, movable, redated
from reformlib.measure.pace import target_series
from reformlib.present.findings import clauses
from reformlib.present.gaps import judged
from reformlib.present.html import Fragment, Shown, language_of, paragraph
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.present.table import Column, Remarks, field_column, series_column, table
from reformlib.project.chances import OTHER_KINDS, target_probabilities
from reformlib.project.law import load_prior, load_scores
from reformlib.project.series import LAWFUL, doubted_days, project, projections, series_list

# Why figures of a status are left out, and the families of the law in words; English messages.
LEFT_OUT = codes("status_left_out")
KINDS = OTHER_KINDS | {"index": "index", "unbounded": "count without a ceiling"}


def unprojected(page: Page, rows: pd.DataFrame) -> Fragment:
    """Series without a trend of their own: why, and where there is one the base rate of their shape and level."""
    others = [row for row in each_row(rows) if not projected.is_fitted(row)]
    end = {(row.indicator, row.level): row for row in others}
    last = end | {(row.indicator, row.level): row for row in projected.ranged(others)}
    if not last:
        return paragraph(page._("Every series has a trend of its own."))

    remarks = Remarks()

    def why(row):
        own, changes = codes_in(row.basis), {one.code for one in project(page.report, row.indicator, row.level).changes}
        own = own if own[0] in LAWFUL else own[:1]  # what is not projected stops nowhere
        shared = [code for code in own if code in changes or pd.isna(row.p50)]  # of many series: said under the table
        told = [projected.sentence(page, ";".join(code for code in own if code not in shared))]
        if end[row.indicator, row.level] is not row:
            told.append(page._("no usable range after {year}", year=page.year(row.year)))
        return f"{'; '.join(told)}{remarks.after(projected.sentence(page, code) for code in shared)}".strip()

    base = projected.projected_cells(page, "projections.projections, base rate")
    columns = [
        series_column(page),
        Column(page._("Why"), why),
        projected.unit_column(page),
        projected.year_column(page),
        Column(page._("Base rate: median"), base("p50"), True),
        Column(page._("Base rate: 80% interval"), base("lo80", "hi80"), True),
        Column(page._("Measured elsewhere"), lambda r: projected.held(page, r) or "–"),
    ]
    note = page._(
        "The base rate is what series of such a shape (all figures equal, two values, few figures) did from such a "
        "level. It uses no trend of this series and proposes no target; probabilities of official targets that rest on "
        "it are marked. Where too few such series were measured, or the interval held too seldom, no base rate is "
        "given; a series with a trend of its own is projected all the same, with how often the intervals of such "
        "series held."
    )
    note += " " + projected.how_held(page, rows)
    caption, place = page._("Series without a trend of their own"), projected.calculated_from(page, "projections")
    return table(page, last.values(), columns, caption, place, note=note, remarks=remarks)


def dating(page: Page, rows: pd.DataFrame) -> Fragment:
    """What would be projected otherwise if the figures whose column names no day were of a month earlier or later."""
    moving = movable(page.report)
    if rows.empty or not moving:
        return Fragment(Markup())
    others = [redated(page.report, months) for months in MONTHS]
    horizon = int(rows["year"].max())
    medians = between(rows["p50"], [projections(one, horizon=horizon)["p50"] for one in others])
    width = ((medians[["low", "high"]].sub(medians["told"], axis=0)).abs().max(axis=1) / medians["told"]).fillna(0)
    given = [target_probabilities(one) for one in (page.report, *others)]
    told = [one["natural_frequency"] for one in given]
    text = page._(
        "This is an assumption: if all of them were of a month earlier or later, no median would move by more than "
        "{most}.",
        most=page.quantity(math.ceil(100 * width.max()), "%", 0),
    )
    moved, text = np.any([one != told[0] for one in told[1:]], axis=0), f"{page._(ASSUMPTION)} {text}"
    if len(moved):
        rests = given[0]["indicator"].isin(moving).any()
        chances = "None of the {n} probabilities rests on such a figure."
        chances = "{moved} of {n} probabilities would be told in another number." if rests else chances
        text += " " + page._(chances, moved=int(moved.sum()), n=len(moved))
    return paragraph(text, class_="note")


def points_left_out(page: Page, frame: pd.DataFrame) -> Fragment:
    """Figures that no projection uses, and what is printed but has no known base, with the reason."""
    points = frame[frame["value"].notna() | (frame["status"] == "M")]
    if points.empty:
        return paragraph(page._("Every figure of the report is used."))
    note, remarks = "note_vi" if page.language == "vi" else "note", Remarks()

    def why(r):
        if r.status == "M":
            return f"[{remarks.letters([getattr(r, note) or page._(codes('status')['M'])])}]"
        if r.bound:
            return page._(codes("reason")["bound"])
        if r.status in LEFT_OUT:
            return page._(LEFT_OUT[r.status])
        if (r.indicator, r.level) in page.report.withheld:
            return page._("the checks find the figures not usable")
        if r.as_of in doubted_days(page.report, r.indicator, r.level):
            found = caveats(page.report, [(r.indicator, r.level)], "base", r.as_of, page.report.meta.data_date)
            told = page._("no trend starts from it: {why}", why="; ".join(clauses(page.language, found)))
            return f"[{remarks.letters([told])}]"
        if r.as_of in target_series(page.report, r.indicator, r.level)["as_of"].array:
            return page._("of several figures a year those a year apart are used")
        return page._("stands before a break in the series")

    columns = [
        series_column(page),
        Column(page._("Date of the figure"), page.when),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit)),
        Column(page._("Figure"), lambda r: page.observed(r) if pd.notna(r.value) else r.raw, True),
        Column(page._("Why it is left out"), why),
    ]
    caption = page._("Figures left out of the projections")
    return table(page, points, columns, caption, lambda r: page.row_place(r.indicator, r.level), remarks=remarks)


def assumptions(page: Page) -> Fragment:
    """What changes under each series, what is assumed of it, its ceiling, and the source."""
    reported = set(page.report.observations["indicator"])
    rows = page.catalogue.projection[page.catalogue.projection["indicator"].isin(reported)]
    levels = dict(reversed(series_list(page.report)))  # of each indicator the first
    changing = {code: [change.code for change in project(page.report, code, levels[code]).changes] for code in levels}
    notes, sources = _what_changes(page)

    remarks = Remarks()

    def source(r):
        text = "; ".join(dict.fromkeys(filter(None, [*map(sources.get, changing[r.indicator]), r.source]))) or "–"
        return page.quoted(text, "vi") if language_of(text) == "vi" else text

    def assumed(r):
        shared = [f"{projected.sentence(page, code)}. {notes.get(code, '')}".strip() for code in changing[r.indicator]]
        if r.ceiling == "bodies" and project(page.report, r.indicator, levels[r.indicator]).ceiling is not None:
            counted = "The ceiling is the largest count reported, which assumes that every unit has been counted."
            shared.append(page._(counted))
        own = page.text(r, "note")
        return f"{own}{remarks.after(shared)}".strip() or "–"

    columns = [
        Column(page._("Indicator"), lambda r: page.series_name(r.indicator, "")),
        projected.unit_column(page),
        Column(page._("Ceiling"), lambda r: _ceiling(page, r, levels[r.indicator]), True),
        field_column(page, "projection.csv", "note", assumed),
        field_column(page, "projection.csv", "source", source),
    ]
    caption = page._("Structure that changes, and what is assumed")
    return table(page, rows, columns, caption, lambda r: f"projection.csv, {r.indicator}", remarks=remarks)


def _what_changes(page: Page) -> tuple[dict[str, str], dict[str, str]]:
    """Notes and sources of reclassifications of the form and of the end of the unit, by their codes."""
    rows = page.catalogue.rows_by("reclassifications", "reclassification")
    notes, sources = ({code: row[name] for code, row in rows.items()} for name in (f"note_{page.language}", "source"))
    if until := page.report.meta.exists_until:
        ending, successor = page.report.ending, page.meta("successor")
        sources |= dict.fromkeys(codes("change"), ending["source"])
        year, name = str(last_whole_year(until) + 1), ending[f"name_{page.language}"]
        text = "From {year} {name} is assumed to be counted on by itself."
        if successor:
            text = "From {year} {name}, then a part of {successor}, is assumed to be counted on by itself."
        notes["unit_counted_on"] = page._(text, year=year, name=name, successor=successor)
    return notes, sources


def _ceiling(page: Page, row, level: str) -> Shown | str:
    """The ceiling of a series, with the total or the points that it comes from."""
    ceiling, unit = project(page.report, row.indicator, level).ceiling, page.unit_of(row.indicator)
    if ceiling is None:
        return page._("no count is reported, so there is no ceiling" if row.ceiling == "bodies" else "none")
    inputs = projected.starting_points(page, row.indicator, level) if row.ceiling == "bodies" else {}
    if row.ceiling == "universe":
        inputs = {"universe": judged.universe_evidence(page, row.indicator)}
    return page.cell(ceiling, unit, decimals=0, rule=f"projection.csv, ceiling: {row.ceiling}", inputs=inputs)


def score(page: Page, rows: pd.DataFrame) -> Fragment:
    """Measured coverage and skill of the method, as learned and tested, and for the kinds of what is projected in the
    `rows` of `projections`."""
    measured = load_prior()["score"]
    tested = [row for row in load_scores() if row["tested"] == "kinds held out" and row["by"] in ("all", "family")]
    unseen = {row["group"]: row for row in tested}
    series = rows.loc[rows["p50"].notna(), ["indicator", "level"]].drop_duplicates()
    own = dict.fromkeys(project(page.report, row.indicator, row.level).family for row in each_row(series))
    told = []
    for family in own:
        skill, held = (float(unseen[family][name]) for name in ("skill", "cover80"))
        fields = {"kind": page._(KINDS[family]), "skill": page.number(skill, 2), "held": page.number(held, 0)}
        told.append(page._("{kind}: {skill}, {held} of 100", **fields))

    def covered(share):
        rule = f"projection.model.load_prior: score, coverage, {share}"
        return lambda ahead: page.cell(measured["coverage"][share][ahead - 1], "%", decimals=1, rule=rule)

    columns = [
        Column(page._("Years ahead"), str),
        Column(page._("50% intervals covered"), covered("50"), True),
        Column(page._("80% intervals covered"), covered("80"), True),
        Column(page._("95% intervals covered"), covered("95"), True),
    ]
    note = page._(
        "Series of six figures, forecast one to ten years ahead by numbers learned from other countries; skill over a "
        "random walk (the last value kept) {skill} (0: no better, 1: perfect). This report's indicators are none of "
        "those learned from. Where kinds of indicators were left out whole, with all that are like them, the skill "
        "fell to {unseen}, and an 80% interval, wider for them than for the kinds in this table, held {held} of 100. "
        "Of the families they belong to: {told}. How much it held for series like each indicator stands beside it.",
        skill=page.number(measured["skill_over_random_walk"], 2),
        unseen=page.number(float(unseen["all"]["skill"]), 2),
        held=page.number(float(unseen["all"]["cover80"]), 0),
        told="; ".join(told) or page._("none"),
    )
    caption = page._("How often the intervals of the method held what happened")
    return table(page, [1, 3, 5, 10], columns, caption, lambda r: "projection/prior.json, score", note=note, fold=False)


def backtest_table(page: Page, frame: pd.DataFrame) -> Fragment:
    """The report's own series, forecast without their last figure."""
    if frame.empty:
        return paragraph(page._("No series leaves a figure to hold out."))

    def happened(r):
        return projected.calculated(page, r, r.value, page.unit_of(r.indicator), "projections.backtest: value")

    show = projected.projected_cells(page, "projections.backtest")
    columns = [
        series_column(page),
        Column(page._("Rests on"), lambda r: projected.trend_or_rate(page, r)),
        Column(page._("Forecast from figures to"), lambda r: page.day(r.origin)),
        Column(page._("Date of the figure"), lambda r: page.day(r.as_of)),
        projected.unit_column(page),
        Column(page._("Median"), show("p50"), True),
        Column(page._("80% interval"), show("lo80", "hi80"), True),
        Column(page._("What happened"), happened, True),
        Column(page._("Within"), lambda r: page._("yes") if r.inside else page._("no")),
    ]
    days, inside, own = (frame["as_of"] - frame["origin"]).dt.days, frame["inside"], frame["basis"] == "fitted"
    note = page._(
        "{inside} of {n} within, three months ahead. The series are not independent: this "
        "illustrates the method and measures nothing."
        if days.between(88, 93).all()
        else "{inside} of {n} within, up to {years} years ahead. Forecasts that overlap are not independent, nor are "
        "the series: this illustrates the method and measures nothing.",
        inside=int(inside.sum()),
        n=len(frame),
        years=page.number(round(days.max() / 365.25, 1)),
    )
    if own.any() and not own.all():
        fields = {"inside": int(inside[own].sum()), "n": int(own.sum())}
        fields |= {"held": int(inside[~own].sum()), "others": int((~own).sum())}
        text = "With a trend of its own {inside} of {n} are within, by a base rate {held} of {others}."
        note = f"{note} {page._(text, **fields)}"
    caption = page._("The report's own series, forecast without the last figure")
    return table(page, frame, columns, caption, projected.calculated_from(page, "backtest"), note=note)
