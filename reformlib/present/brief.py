"""The brief: one sheet for leadership, of what the pages 01 to 03 work out. Result, how far to trust it, what is asked.

Three verdicts, each with a picture whose parts add up to its total, then who is asked for what, by when. The pictures
are rows of signs in the colours of the page; what they show stands in words beside them.
"""

import datetime
import re
from collections.abc import Iterable
from itertools import zip_longest

import pandas as pd
from markupsafe import Markup, escape

from reformlib.check.withheld import withhold
from reformlib.load.rows import each_row
from reformlib.measure.coverage import coverage
from reformlib.measure.gaps import JUDGED
from reformlib.present import outlook
from reformlib.present.assessment import figures as assessment
from reformlib.present.assessment import programme
from reformlib.present.assessment.findings import RELIABILITY_SHAPES
from reformlib.present.findings import RELIABILITY_WORDS, checks, counted_with_care
from reformlib.present.gaps import bases, judged
from reformlib.present.gaps import figures as gaps
from reformlib.present.html import Fragment, join, tag, tags
from reformlib.present.page import Finding, Page, after_unit, title, unit_until
from reformlib.present.projections import figures as projections
from reformlib.present.projections import projected
from reformlib.present.table import Column, table
from reformlib.project.chances import FREQUENCIES, kinds, natural_frequency, paces, target_probabilities
from reformlib.project.series import projections as projected_series

ASKED = 4  # requests that one sheet has room for
NAMED = 4  # targets that are named beside their chances
# What a target may be of all of them, in the order of the bar: sign, English message, class of its colour.
PARTS = {
    "achieved": ("✔", "met", "v-achieved"),
    "missed": ("✘", "missed", "v-missed"),
    "open": ("▶", "not yet due, not yet met", "v-open"),
    "other": ("◇", "a share of something else, or not said of what", "other"),
    "rest": ("○", "not in the report", "v-not_assessable"),
    "unconfirmed": ("?", "not confirmed", "v-unconfirmed"),
    "context": ("·", "context only", "v-context"),
}


def heading(page: Page) -> Fragment:
    """Title of the brief."""
    period = page.period(page.report.meta.period_start, page.report.meta.period_end)
    return title(page, page._("Administrative reform {period}: summary", period=period))


def achieved(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """What the report tells: how much became better, a square for each fact by how far it can be relied on, and what
    the programme came to."""
    trust = assessment.trusted(page, reliability)
    text = page._(
        "No item counted in the report has two figures that can be compared."
        if changes["change"].isna().all()
        else "Of the {n} different series of {annex}, {course}.",
        n=len(trust),
        annex=page.meta("annex"),
        course=assessment.course(page, changes),
    )
    groups = []
    for code, shape in RELIABILITY_SHAPES.items():
        if names := [page.series_name(*key) for key, own in trust.items() if own == code]:
            counted = _counted(page, len(names), RELIABILITY_WORDS[code])
            named = f": {'; '.join(names)}" if code == "not_usable" else ""  # a leader may quote none of these
            groups.append(tag("li", _cells(shape, f"r-{code}", names), " ", counted, named))
    squares = join(tag("p", page._("Reliability of the figures:")), tag("ul", *groups, class_="squares"))
    zeros, came_to = assessment.from_zero(page, changes), programme.verdict(page)
    said = [page._("Of the higher ones: {zeros}.", zeros=zeros)] * bool(zeros) + [came_to] * bool(came_to)
    place = f"{page.meta('annex')}; objectives.csv" if came_to else page.meta("annex")
    return _part(
        page, text, squares, " ".join(said), place, "measure.changes; checks.report.reliability; measure.programme"
    )


def compared(page: Page, rows: pd.DataFrame) -> Fragment:
    """How many official targets can be held against the report, and what came of it: a bar of all of them."""
    each = gaps.parts(rows)
    counts, found = each["part"].value_counts(), each[each["part"].isin(JUDGED)]
    told = {"achieved": judged.met(page, found)}
    told["missed"] = page._("{n} missed", n=counts.get("missed"))
    told["open"] = page._("{n} not yet due and not yet met", n=counts.get("open"))
    text = page._(
        "None of the {n} official targets can be compared directly with a figure of the report."
        if found.empty
        else "Of {n} official targets {judged} can be compared directly with a figure of the report: {told}.",
        n=len(each),
        told=", ".join(text for code, text in told.items() if code in counts),
        judged=len(found),
    )
    text = counted_with_care(page, text, map(judged.used, each_row(found)))
    groups, legend = [], []
    for code, (shape, word, kind) in PARTS.items():
        names = [f"{one.target_id}: {page.wording(one.target_id)}" for one in each_row(each[each["part"] == code])]
        if names:
            groups.append(_cells(shape, kind, names))
            sign = tag("i", shape, class_=kind, aria_hidden="true")
            legend.append(tag("li", sign, " ", _counted(page, len(names), word)))
    words = tag("ul", *legend, class_="legend") if legend else None
    bar = join(tag("div", *groups, class_="bar", aria_hidden="true"), words)
    other = each[each["part"] == "other"]
    whatever = (
        "Of the {n} that are a share of something else, or do not say of what, {some} are {verdict} by each total "
        "known from the report."
    )
    somes = {page._(PARTS[code][1]): int((other["verdict"] == code).sum()) for code in JUDGED}
    said = [page._("The targets concern {whom}.", whom=judged.whom(page, each))] * bool(len(each))
    said += [page._(whatever, n=len(other), some=some, verdict=verdict) for verdict, some in somes.items() if some]
    return _part(page, text, bar, " ".join(said), "targets.csv", "gaps.gaps")


def likely(page: Page, rows: pd.DataFrame) -> Fragment:
    """How many targets are likely to be met, each at its chance on a line from 0 to 100%; `rows` is what
    `measure.gaps.gaps` gave."""
    ahead = outlook.ahead(page, rows)
    counted = ahead[(ahead["chance"] != "") & ~ahead["implied"]].sort_values("p", ascending=False)
    without = bases.ahead(page)
    if counted.empty:
        text, line = page._("No official target can be projected from this report."), None
    else:
        text = page._(
            "If things go on as in the series that the method was learned from, the chance to be met on time is better "
            "than even for {likely} of the {n} targets with a probability{whom}.",
            likely=int((counted["chance"] == "likely").sum()),
            n=len(counted),
            whom=page.whom_by(counted["deadline"].max().year),
        )
        text = counted_with_care(page, text, (projected.used(page, row) for row in each_row(counted)))
        line = _line(page, list(each_row(counted)))
    said = []
    if not counted.empty:
        said.append(page._("None of the series that the method was learned from is one of this report's indicators."))
    if without:
        no_chance = (
            "{n} other official targets for a projected indicator have no probability, as they are a share of "
            "something else or do not say of what."
        )
        said.append(page._(no_chance, n=len({row.target_id for row in without})))
    place, rule = f"{page.meta('annex')}; targets.csv", "projections.outlook"
    return _part(page, text, line, " ".join(said), place, rule)


def _line(page: Page, rows: list) -> Fragment:
    """A line from 0 to 100% with a mark at the chance of each target, no finer than in words; then their names."""
    slots = {code: at for at, code in enumerate(["<1/20", *(f"{n}/10" for n in range(1, 10)), ">19/20"])}
    marks = [(tag("i", title=_aim(page, row)), slots[natural_frequency(row.p)]) for row in rows]
    columns = (tag("span", *(mark for mark, own in marks if own == slot)) for slot in range(len(FREQUENCIES)))
    scale = (tag("small", page.quantity(end, "%")) for end in (0, 50, 100))
    line = tag("div", *columns, class_="chances", aria_hidden="true")
    items = [tag("li", f"{_aim(page, row)}: {_chance(page, row)}") for row in rows[:NAMED]]
    if len(rows) > NAMED:
        items.append(tag("li", page._("and {n} more targets", n=len(rows) - NAMED)))
    scale_line = tag("div", *scale, class_="scale", aria_hidden="true")
    return join(line, scale_line, tag("ul", *items, class_="legend"))


def _chance(page: Page, row) -> str:
    """The probability of a target; of one met before it is due that it holds until then."""
    chance = projected.aimed(page, row, row.p)
    holds = row.verdict == "achieved"
    return page._("{chance} that it holds to the deadline", chance=chance) if holds else chance


def _aim(page: Page, row) -> str:
    """A target with its indicator and year: `Share of electronic documents, 90% (2020)`."""
    return f"{judged.based_name(page, row)}, {judged.aim_by(page, row)}"


def decisions(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame, rows: pd.DataFrame) -> Fragment:
    """What is asked, of whom and by when: the requests of the first findings of each page; a cell stays empty where the
    data say nothing. Requests that say the same are one."""
    report = withhold(page.report)
    held, (*ahead,) = Page(report, page.language), (call(report, rows) for call in (target_probabilities, paces, kinds))
    pages = (
        assessment.findings(page, changes, checks(page.report, page.language), reliability),
        gaps.findings(held, rows, coverage(report)),
        projections.findings(held, projected_series(report), *ahead),
    )
    asked: dict[tuple, list[Finding]] = {}
    ranked = [one for rank in zip_longest(*pages) for one in rank if one]  # the first of each page before the second
    for one in ranked[:ASKED]:
        asked.setdefault((str(one.ask), one.asked), []).append(one)
    after = pd.Timestamp(page.report.meta.data_date)

    def why(row):
        told = [Markup("{}: {} {}").format(one.about, one.figure, _place(page, one.place)) for one in row]
        return Markup("; ").join(told)

    def due(row):
        days = sorted({day for one in row for day in one.due.values() if day > after})
        if len(days) < 2:
            return "".join(map(page.due, days))
        return page._("from {first} to {last}", first=page.day(days[0]), last=page.due(days[-1]))

    columns = [
        Column(page._("Of what"), why),
        Column(page._("Request"), lambda row: tag("strong", _sentence(row[0].ask))),
        Column(page._("Who"), lambda row: row[0].asked or page.meta("unit")),
        Column(page._("Target due"), due),
    ]
    caption = page._("What is asked, of whom and by when")
    if until := unit_until(page):
        day = page.day(until + datetime.timedelta(1))
        caption = page._("What is asked, of whom (from {day}: the body that took over) and by when", day=day)

    def place(row):
        return "; ".join(str(one.place) for one in row)

    listed = table(page, asked.values(), columns, caption, place, fold=False)
    last = page.report.targets["target_year"].fillna(0).max()
    notes = (tag("p", text, class_="note") for text in after_unit(page, last))
    return Fragment(tag("div", listed, *notes, class_="brief"), listed.parts)


def _part(page: Page, text: str, picture: object, said: str, place: str, rule: str) -> Fragment:
    """One of the three: the verdict as heading, a picture, what is said beside it, where it can be followed to."""
    more = tag("p", said, " ", _place(page, place), class_="said")
    shown = join(tag("h2", text, class_="verdict"), picture, more)
    followed = [{"text": one, "rule": rule, "place": place} for one in (text, said) if one]
    return Fragment(tag("section", shown, class_="brief"), [{"summary": followed}])


def _cells(shape: str, kind: str, names: Iterable[str]) -> Markup:
    """A sign for each of the names, which a pointer shows."""
    cells = (tag("i", shape, class_=kind, title=name) for name in names)
    return tags("span", class_="cells", aria_hidden="true")(*cells)


def _counted(page: Page, n: int, word: str) -> Markup:
    return tag("span", tag("strong", str(n)), f" {page._(word)}")


def _sentence(text: object) -> Markup:
    """A request as a sentence; of several in one the first, the others stand on its page."""
    first, more, _ = escape(text).partition("; ")
    return Markup("{}{}{}").format(first[:1].upper(), first[1:], "; …" if more else "")


def _place(page: Page, place: object) -> Markup:
    """A place as a reader knows it: a target by its instrument, objectives as such; the evidence has the files."""
    names = page.catalogue.rows_by("targets", "id")

    def named(found: re.Match) -> str:
        ids = found[1].split(", ")
        if len(ids) > NAMED:
            return page._("official targets")
        instruments = dict.fromkeys(page.instrument(names[one]["instrument"]) for one in ids)
        return f"{', '.join(instruments)}: {', '.join(ids)}"

    text = place if isinstance(place, Markup) else re.sub(r"targets\.csv, (\w+(?:, \w+)*)", named, str(place))
    words = {"objectives.csv": page._("objectives of the period"), "targets.csv": page._("official targets")}
    for file, word in words.items():
        text = text.replace(file, word)
    return tag("span", "(", text, ")", class_="ref")
