"""The brief: one sheet for leadership, of what the pages 01 to 03 work out. Result, how far to trust it, what is asked.

Three verdicts, each with a picture whose parts add up to its total, then who is asked for what, by when. The pictures
are rows of signs in the colours of the page; what they show stands in words beside them.
"""

import re
from collections.abc import Iterable
from itertools import zip_longest

import pandas as pd
from markupsafe import Markup

from reformlib.check.caveats import caveats, told_once
from reformlib.check.finding import SEVERITIES, SeriesKey
from reformlib.check.findings import RELIABILITY
from reformlib.load.rows import each_row, grouped
from reformlib.measure.coverage import coverage
from reformlib.measure.gaps import JUDGED
from reformlib.present import outlook
from reformlib.present.assessment import figures as assessment
from reformlib.present.assessment import programme
from reformlib.present.assessment.findings import RELIABILITY_SHAPES
from reformlib.present.assessment.series import ends
from reformlib.present.findings import RELIABILITY_WORDS, checks, clauses, counted_with_care, qualified
from reformlib.present.gaps import figures as gaps
from reformlib.present.gaps import judged
from reformlib.present.html import Fragment, join, tag, tags
from reformlib.present.page import Finding, Page, after_unit, title, what_ended
from reformlib.present.projections import figures as projections
from reformlib.present.projections import projected
from reformlib.present.table import Column, table
from reformlib.project.chances import FREQUENCIES, kinds, natural_frequency, paces, target_probabilities
from reformlib.project.series import projections as projected_series

ASKED = 4  # requests that one sheet has room for
NAMED = 3  # results, doubts and targets that are named
TABS = ("1 Assessment", "2 Gaps", "3 Projections")  # as the notebooks name their pages; English messages
DOUBTS = ("not_usable", "with_care")  # what of reliability is a doubt, the gravest first
# What a target may be of all of them, in the order of the bar: sign, English message, class of its colour.
PARTS = {
    "achieved": ("✔", "met", "v-achieved"),
    "missed": ("✘", "missed", "v-missed"),
    "open": ("▶", "not yet due, not yet met", "v-open"),
    "other": ("◇", "of another base, or the base is not named", "other"),
    "rest": ("○", "not in the report", "v-not_assessable"),
    "unconfirmed": ("?", "not confirmed", "v-unconfirmed"),
    "context": ("·", "context only", "v-context"),
}


def heading(page: Page) -> Fragment:
    """Title of the brief."""
    period = page.period(page.report.meta.period_start, page.report.meta.period_end)
    return title(page, page._("Administrative reform {period}: summary", period=period))


def achieved(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """What the report tells: facts that became better, by name, with what checks say of each; then how many did, and
    what the programme came to.

    Named are `NAMED` of those that can be used: the most reliable first, those that start from a 0 last, then by the
    change as a part of the larger of its two figures. 12 services that became 539 (98%) stand before 226 that became
    605 (63%).
    """
    trust = assessment.trusted(page, reliability)
    facts = assessment.sound(page, changes)
    risen = assessment.improved(page, facts)
    text = (
        "No item counted in the report has two figures that can be compared."
        if changes["change"].isna().all()
        else "Results as reported: {up} of {n} comparable items rose, or fell where less is wanted{with_care}"
        if assessment.less_is_wanted(page, changes).any()
        else "Results as reported: {up} of {n} comparable items rose{with_care}"
    )
    n = sum((row.indicator, row.level) in trust for row in each_row(facts.dropna(subset=["change"])))
    text = page._(text, up=len(risen), n=n, with_care=assessment.with_care(page, risen))
    told = [row for row in risen if trust[row.indicator, row.level] != "not_usable"]
    told.sort(key=lambda row: (-RELIABILITY.index(trust[row.indicator, row.level]), row.first == 0, -_size(row)))
    items = [_risen(page, row) for row in told[:NAMED]]
    picture, said = tag("ul", *items, class_="named") if items else None, programme.verdict(page)
    more = "From the first to the latest comparable figure; {n} more items: see {page}."
    more = more if risen[len(items) :] else "From the first to the latest comparable figure."
    more = page._(more, n=len(risen) - len(items), page=page._(TABS[0])) if items else ""
    place = f"{page.meta('annex')}; objectives.csv" if said else page.meta("annex")
    rule = "measure.changes; checks.report.reliability; measure.programme"
    return _part(page, text, picture, f"{more} {said}".strip(), place, rule)


def _size(row) -> float:
    """A change as a part of the larger of its two figures."""
    return abs(row.change) / max(abs(row.first), abs(row.last)) if row.change else 0.0


def _risen(page: Page, row) -> Markup:
    """A fact that became better: both figures, from when to when, what checks say of it, where it stands."""
    figures, days = _course(page, row)
    note = qualified(page, days, assessment.stretch(row), assessment.stretch(row, "pace"))
    return _named(page, "↑" if row.change > 0 else "↓", figures, (row.indicator, row.level), note)


def _course(page: Page, row) -> tuple[str, str]:
    """First and last figure, with their unit where the name of the series does not tell it; from when to when."""
    told, unit = ends(page, row), page.unit_name(row.unit)
    needless = row.unit == "%" or unit.lower() in page.series_name(row.indicator, row.level).lower()
    text = "{last}, unchanged" if told["first"] == told["last"] else "{first} → {last}"
    figures = page._(text, **told) + ("" if needless else f" {unit}")
    return figures, f"{told['first_date']}\u00a0– {told['last_date']}"


def _named(page: Page, sign: Markup | str, figures: str, series: SeriesKey, note: str) -> Markup:
    """A fact in a list: its sign and figures, name and of whom, what is said of it, its place."""
    of = f" ({scope}): " if (scope := page.scope(series[0])) else ": "
    place = _place(page, page.row_place(series[0], series[1].split("+")[0]))
    said = tag("p", tag("strong", page.series_name(*series)), of, note, " ", place, class_="said")
    return tag("li", tag("strong", sign, " ", figures, class_="figure"), " ", said)


def doubtful(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame, rows: pd.DataFrame) -> Fragment:
    """What is in doubt: a square for each fact by how far it can be relied on, and by name, with what a check has
    against each, `NAMED` of those in doubt: what no leader may quote, then what an official target rests on, then what
    changed most. `rows` is what `measure.gaps.gaps` gave."""
    trust, groups = assessment.trusted(page, reliability), []
    by_code = grouped(trust, trust.__getitem__)
    for code, shape in RELIABILITY_SHAPES.items():
        if names := [page.series_name(*key) for key in by_code.get(code, ())]:
            counted = _counted(page, len(names), RELIABILITY_WORDS[code])
            groups.append(tag("li", _cells(shape, f"r-{code}", names), " ", counted))
    aimed = {(row.indicator, level) for row in each_row(rows[rows["value"].notna()]) for level in row.level.split("+")}
    facts = {(row.indicator, row.level): row for row in each_row(assessment.sound(page, changes))}
    order = {key: (key not in aimed, -_size(facts[key])) for key in trust}
    doubts = [key for code in DOUBTS for key in sorted(by_code.get(code, ()), key=order.__getitem__)]
    alike = grouped(doubts, lambda key: (key[0], trust[key], _against(page, key)))
    items = [_doubted(page, keys, facts, *of) for of, keys in alike.items()][:NAMED]
    words = {code: page._(RELIABILITY_WORDS[code]) for code in DOUBTS if code in by_code}
    told = ", ".join(f"{len(by_code[code])}/{len(trust)} {word}" for code, word in words.items())
    text = "In doubt: {told}" if told else "In doubt: no serious problem was found in any of {n} items"
    named = tag("ul", *items, class_="named") if items else None
    text, picture = page._(text, told=told, n=len(trust)), join(named, tag("ul", *groups, class_="squares"))
    return _part(page, text, picture, "", page.meta("annex"), "checks.report.reliability")


def _doubted(page: Page, keys: list, facts: dict, indicator: str, trust: str, why: str) -> Markup:
    """A fact in doubt, or those of several levels of which the same is said: its figures where they can be used."""
    known = len(keys) == 1 and trust == "with_care" and pd.notna(facts[keys[0]].change)
    figures = word = page._(RELIABILITY_WORDS[trust])
    if known:  # its sign, which by two figures reads as a rise, has its word near
        figures, days = _course(page, facts[keys[0]])
        why = f"{word}; {days}; {why}"
    sign = tag("i", RELIABILITY_SHAPES[trust], class_=f"r-{trust}", aria_hidden="true")
    return _named(page, sign, figures, (indicator, "+".join(level for _, level in keys)), why)


def _against(page: Page, key: SeriesKey) -> str:
    """What a check has against a fact in doubt: the gravest, then the one about the fewest series."""
    same = [one for one, first in told_once(page.report).items() if first == key]
    found = [one for one in caveats(page.report, same, "pace") if one.severity != "information"]
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), len(one.series)))
    return "; ".join(clauses(page.language, found)[:1])


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
    words = tag("ul", *legend, tag("li", _place(page, "targets.csv")), class_="legend") if legend else None
    bar = join(tag("div", *groups, class_="bar", aria_hidden="true"), words)
    return _part(page, text, bar, "", "targets.csv", "gaps.gaps")


def likely(page: Page, rows: pd.DataFrame) -> Fragment:
    """How many targets are likely to be met, each at its chance on a line from 0 to 100%; `rows` is what
    `measure.gaps.gaps` gave."""
    ahead = outlook.ahead(page, rows)
    counted = ahead[(ahead["chance"] != "") & ~ahead["implied"]].sort_values("p", ascending=False)
    if counted.empty:
        text, line = page._("No official target can be projected from this report."), None
    else:
        text = page._(
            "Outlook: the chance to be met on time is better than even for {likely} of the {n} targets with a "
            "probability.",
            likely=int((counted["chance"] == "likely").sum()),
            n=len(counted),
        )
        text = counted_with_care(page, text, (projected.used(page, row) for row in each_row(counted)))
        line = _line(page, list(each_row(counted)))
    learned = page._(
        "If things go on as in the series that the method was learned from, none of them one of this report's "
        "indicators."
    )
    place, rule = f"{page.meta('annex')}; targets.csv", "projections.outlook"
    return _part(page, text, line, "" if counted.empty else learned, place, rule)


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
    return page._("{chance} that it holds at the deadline", chance=chance) if holds else chance


def _aim(page: Page, row) -> str:
    """A target with its indicator and year: `Share of electronic documents, 90% (2020)`."""
    return f"{judged.based_name(page, row)}, {judged.aim_by(page, row)}"


def decisions(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame, rows: pd.DataFrame) -> Fragment:
    """What is asked, of whom and by when: the requests of the first findings of each page; a cell stays empty where the
    data say nothing. Requests that say the same are one."""
    held, report = page.held, page.held.report
    ahead = [call(report, rows) for call in (target_probabilities, paces, kinds)]
    pages = (
        assessment.findings(page, changes, checks(page.report, page.language), reliability),
        gaps.findings(held, rows, coverage(report)),
        projections.findings(held, projected_series(report), *ahead),
    )
    own = {page.scoped(page.series_name(*key), key[0]) for key in told_once(page.report)}
    asked: dict[tuple, list[Finding]] = {}
    if doubted := [code for code in assessment.trusted(page, reliability).values() if code in DOUBTS]:
        about, ask = page._("Items in doubt"), page._("explain the figures in doubt before they are used.")
        first = Finding(str(len(doubted)), about, "", ask, page.meta("annex"), "checks.report.reliability")
        asked[str(ask), ""] = [first]
    ranked = [one for rank in zip_longest(*pages) for one in rank if one]  # the first of each page before the second
    shown = ranked[: ASKED - len(asked)]
    for one in shown:
        asked.setdefault((str(one.ask), one.asked), []).append(one)
    after = pd.Timestamp(page.report.meta.data_date)

    def request(row):
        of = [one.about for one in row if one.about in own]  # a request that is about a series begins with its name
        first = f"{str(row[0].ask).partition('. ')[0].removesuffix('.')}."
        return tag("strong", f"{'; '.join(of)}: {first}" if of else f"{first[:1].upper()}{first[1:]}")

    def why(row):
        told = [Markup("{}: {} {}").format(one.about, one.figure, _place(page, one.place)) for one in row]
        return Markup("; ").join(told)

    def due(row):
        days = {code: pd.Timestamp(day).date() for one in row for code, day in one.due.items() if day > after}
        of = grouped(sorted(days, key=days.__getitem__), days.__getitem__)
        if len(of) < 2:
            return "".join(map(page.due, of))
        names = {day: str(day.year) if (day.month, day.day) == (12, 31) else page.day(day) for day in of}
        told = grouped(of, page.whom)  # for whom it is said once, behind all the days that it is said of
        each = (", ".join(f"{names[day]} ({', '.join(of[day])})" for day in same) for same in told.values())
        return "; ".join(map("{}{}".format, each, told))

    unit = page.meta("unit")
    who = page._("The successor of the reporting unit") if what_ended(page) else unit
    columns = [
        Column(page._("Request"), request),
        Column(page._("Why"), why),
        Column(page._("Who"), lambda row: (row[0].asked or unit).replace(unit, who)),
        Column(page._("Deadline of the target"), due),
    ]

    found = zip(TABS, pages, strict=True)
    more = [page._(tab) for tab, own in found if any(one not in shown or ". " in str(one.ask) for one in own)]
    caption = page._("Requests (others: see {pages})", pages=", ".join(more)) if more else page._("Requests")
    listed = table(page, asked.values(), columns, caption, lambda row: "; ".join(one.place for one in row), fold=False)
    last = page.report.targets["target_year"].fillna(0).max()
    notes = (tag("p", text, class_="note") for text in after_unit(page, last))
    return Fragment(tag("div", listed, *notes, class_="brief"), listed.parts)


def _part(page: Page, text: str, picture: object, said: str, place: str, rule: str) -> Fragment:
    """A part of the sheet: the verdict as heading, a picture, what is said beside it, where it can be followed to."""
    more = tag("p", said, " ", _place(page, place), class_="said") if said else None
    text = page.if_so(text)
    shown = join(tag("h2", text, class_="verdict"), picture, more)
    followed = [{"text": one, "rule": rule, "place": place} for one in (text, said) if one]
    return Fragment(tag("section", shown, class_="brief"), [{"summary": followed}])


def _cells(shape: str, kind: str, names: Iterable[str]) -> Markup:
    """A sign for each of the names, which a pointer shows."""
    cells = (tag("i", shape, class_=kind, title=name) for name in names)
    return tags("span", class_="cells", aria_hidden="true")(*cells)


def _counted(page: Page, n: int, word: str) -> Markup:
    return tag("span", tag("strong", str(n)), f" {page._(word)}")


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
