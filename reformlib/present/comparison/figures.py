"""Several reports in the reader's language: title, verdict and findings, what it rests on.

Reports stand in the order of their names. Up to `FEW` of them are shown one by one; more by their distribution and by
place, so that a page of ten thousand stays a page.
"""

import textwrap

from markupsafe import Markup, escape

from reformlib.compare.side_by_side import APART, LEFT_OUT, units_of
from reformlib.load.rows import each_row
from reformlib.present.comparison import series
from reformlib.present.comparison.series import FEW, MOST_ROWS
from reformlib.present.html import Fragment, join, paragraph, tag
from reformlib.present.page import Finding, Page, described, summary
from reformlib.present.style import in_jupyter
from reformlib.present.table import Column, table

NAMED = 5  # units named under the title


def heading(page: Page) -> Fragment:
    """Title of the comparison, and the line that says what it rests on."""
    dates = page.report.units["data_date"]
    fields = {"n": page.number(len(dates)), "units": page.number(units_of(page.report.units).nunique())}
    fields |= {"first": page.day(dates.min()), "last": page.day(dates.max())}
    if dates.min() < dates.max():
        one = "{n} reports of one unit; figures to dates from {first} to {last}."
        many = "{n} reports of {units} units; figures to dates from {first} to {last}."
    else:
        one = "{n} reports of one unit; figures to {first}."
        many = "{n} reports of {units} units; figures to {first}."
    line = page._(one if fields["units"] == "1" else many, **fields)
    names = {series.unit(page, report): series.address(page, report) for report in page.report.units["report"]}
    links = [tag("a", name, href=address) for name, address in names.items()]
    named = Markup("; ").join(series.first_of(page, links, NAMED))
    listed = Markup(escape(page._("Units: {names}", names="{names}"))).format(names=named)
    leads = (tag("p", text, class_="lead") for text in (line, listed))
    return join(in_jupyter(page.language) + tag("h1", page._("Reports side by side")), *leads)


def overview(page: Page) -> Fragment:
    """Verdict: what can be compared; then targets, what keeps figures apart, and what later editions say otherwise."""
    outside = [*_unread(page), *_left_out(page)]
    if len(page.report.units) < 2:
        verdict = page._(
            "A comparison needs at least two reports, and there is one: {unit}. Name more in the parameter reports, "
            "or add folders under data/reports. Its own figures stand below.",
            unit=series.unit(page, page.report.units["report"].iloc[0]),
        )
        if outside:
            return summary(page, [verdict], outside, "compare.compare")
        return paragraph(verdict, class_="verdict")
    rows = page.report.series
    compared = rows["compared"] >= 2
    verdict = page._(
        "Series with figures for one date from at least two reports, so that they can be compared: {some} of {n}, "
        "{all} of them from every unit. Differences depend on what each unit counts, out of what total and on which "
        "date; units are not ranked.",
        n=len(rows),
        some=int(compared.sum()),
        all=int((compared & rows["every_unit"]).sum()) or page._("none"),
    )
    aimed = rows[rows["target"].notna() & compared].head(3)
    targets = [_against_target(page, row) for row in each_row(aimed)]
    return summary(page, [verdict], [*outside, *targets, *_apart(page), *_revised(page)], "compare.summarise")


def _unread(page: Page) -> list[Finding]:
    """Reports that are broken: in none of the figures of the page, and named."""
    unread = page.report.unread
    if not unread:
        return []
    said = {report: page.quoted(textwrap.shorten(why, 120, placeholder=" …"), "en") for report, why in unread.items()}
    named = [Markup("{}: {}").format(report, why) for report, why in said.items()]
    listed = Markup("; ").join(series.first_of(page, named, FEW))
    text = tag("span", page._("They are in none of the figures of this page:"), " ", listed, ".")
    about = page._("Reports that could not be read")
    ask = page._("correct what the command reformlib check tells of them.")
    return [Finding(page.number(len(unread)), about, text, ask, "reformlib check", "compare.compare")]


def _left_out(page: Page) -> list[Finding]:
    """Reports that are made up or of another form: in none of the figures of the page, and named."""
    left_out = page.report.left_out
    if left_out.empty:
        return []
    listed = []
    for why, rows in left_out.groupby("why", sort=False):
        names = series.first_of(page, list(rows["report"]), FEW)
        listed.append(f"{page._(LEFT_OUT[str(why)])}: {', '.join(names)}")
    form, why = page.text(page.catalogue.form, "name"), "; ".join(listed)
    text = page._("This page compares reports by {form}; in none of its figures are reports {why}.", form=form, why=why)
    about = page._("Reports that are left out")
    ask = page._("compare those of another form on a page of their own; the parameter form names it.")
    return [Finding(page.number(len(left_out)), about, text, ask, "report.yml", "compare.of_one_form")]


def _against_target(page: Page, row) -> Finding:
    """How many of the reports compared reach the official target of a series."""
    fields = series.words(page, row) | ({} if row.meeting else {"meeting": page._("none")})
    text = (
        "Of {n} reports compared, {meeting} reach {target}, the target for {year}; at {date} all stand at {low}."
        if fields["low"] == fields["high"]
        else "Of {n} reports compared, {meeting} reach {target}, the target for {year}; at {date} the figures run from "
        "{low} to {high}."
    )
    ask = page._("ask those that do not reach it for a figure for every year on the way.")
    if row.meeting == row.compared:
        ask = page._("keep it at this level.")
    at, count = f"targets.csv, {row.target_id}; {series.place(page, row)}", f"{page.number(row.meeting)}/{fields['n']}"
    text = series.qualified(page, page._(text, **fields), row)
    return Finding(count, series.name(page, row), text, ask, at, "compare.summarise")


def _apart(page: Page) -> list[Finding]:
    """How many figures are not compared, and why."""
    counts = page.report.cells["apart"].value_counts().drop("", errors="ignore")
    if counts.empty:
        return []
    listed = [f"{page._(text)}: {page.number(counts[code])}" for code, text in APART.items() if code in counts]
    about, text = page._("Latest figures that are not compared"), page._("The reasons: {why}.", why="; ".join(listed))
    ask = page._("agree on one date, one way of counting and the total for the next round of reports.")
    count = f"{page.number(counts.sum())}/{page.number(len(page.report.cells))}"
    return [Finding(count, about, text, ask, page._("the reports compared"), "compare.summarise")]


def _revised(page: Page) -> list[Finding]:
    """How many figures a later edition revises, beside changes of method and of what is covered."""
    counts = page.report.differences["group"].value_counts()
    if not counts.drop("change", errors="ignore").sum():
        return []
    told = (page.number(counts[code]) if code in counts else page._("none") for code in ("method", "coverage"))
    text = "Besides, changes of method: {methods}; figures, rows or periods that appeared or vanished: {coverage}."
    text = page._(text, **dict(zip(("methods", "coverage"), told, strict=True)))
    number, about = page.number(counts.get("revision", 0)), page._("Figures that a later edition revises")
    ask, place = page._("ask the units to explain and to confirm which figure stands."), page._("the reports compared")
    return [Finding(number, about, text, ask, place, "editions.diff")]


def provenance(page: Page, indicator: str, form: str = "") -> Fragment:
    """The reports that the page rests on, and how to make it again."""
    units = page.report.units

    def linked(row):
        return tag("a", series.unit(page, row.report), href=series.address(page, row.report))

    columns = [
        Column(page._("Reporting unit"), linked),
        Column(page._("Edition"), lambda r: series.edition(page, r.report)),
        Column(page._("Figures to"), lambda r: page.day(r.data_date)),
        Column(page._("Report"), lambda r: r.report),
    ]
    rows, rest = units.head(MOST_ROWS), series.first_of(page, list(units["report"]), MOST_ROWS)[MOST_ROWS:]
    caption = page._("Reports that are compared")
    listed = table(page, rows, columns, caption, lambda r: f"report.yml: {r.report}", note="".join(rest))
    names = units["report"].head(FEW).tolist() + (["…"] if len(units) > FEW else [])
    more = {name: value for name, value in (("indicator", indicator), ("form", form)) if value}
    shown = f"reports = {','.join(names)}; language = {page.language}"
    shown += "".join(f"; {name} = {value}" for name, value in more.items())
    command = ["reformlib render 04 --language", page.language]
    command += [f"--report {report}" for report in names if len(units) <= FEW]
    return join(listed, described(page, {}, shown, " ".join(command)))
