"""The assessment in the reader's language: title, summary, scoreboard."""

from collections import Counter
from datetime import date

import pandas as pd

from reformlib.check.caveats import caveats, objections, told_once
from reformlib.check.finding import SeriesKey
from reformlib.check.findings import RELIABILITY
from reformlib.check.verdict import CONSISTENT
from reformlib.load.codes import codes
from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row, firsts, grouped
from reformlib.measure.change import changes as measured
from reformlib.present.assessment import programme
from reformlib.present.assessment.findings import reliability_mark
from reformlib.present.assessment.series import course_picture, end_of, ends, figures_of
from reformlib.present.findings import clauses, lettered, qualified
from reformlib.present.html import Fragment, Shown, tag
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.table import Column, Remarks, series_column, status_of, table

MINOR = codes("smaller_remarks")  # by their outcome; English messages


def heading(page: Page) -> Fragment:
    """Title of the assessment."""
    period = page.period(page.report.meta.period_start, page.report.meta.period_end)
    return title(page, page._("Administrative reform {period}: assessment", period=period))


def overview(page: Page, changes: pd.DataFrame, checks: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """Verdict on the programme and on the annex, then the findings."""
    said = [programme.verdict(page), _of_the_annex(page, changes, reliability)]
    found = findings(page, changes, checks, reliability)
    return summary(page, said, found, "measure.programme; checks.report.reliability", date.max.year)


def findings(page: Page, changes: pd.DataFrame, checks: pd.DataFrame, reliability: pd.DataFrame) -> list[Finding]:
    """On the programme, what rose most, or fell where that is wanted, what contradicts itself, what is missing: the
    gravest of each first."""
    changes = sound(page, changes)
    better = _better(page, changes)
    stocks = changes["indicator"].map(page.catalogue.by_indicator["measure"]) == "stock"
    grown = changes.loc[better[(better > 0) & stocks].sort_values(ascending=False).index[:2]]
    risen = [_growth(page, row, reliability) for row in each_row(grown)]
    checked = _checked(page, checks)
    return [*programme.findings(page), *risen[:1], *checked[:1], *_without(page), *checked[1:], *risen[1:]]


def less_is_wanted(page: Page, changes: pd.DataFrame) -> pd.Series:
    """Which rows of measure.changes should fall."""
    return changes["indicator"].map(page.catalogue.by_indicator["direction"]) == "decrease"


def _better(page: Page, changes: pd.DataFrame) -> pd.Series:
    """How much better the rows of measure.changes that are a fact of their own became: more, or less where that is
    wanted."""
    same = told_once(page.report)
    own = [same[row.indicator, row.level] == (row.indicator, row.level) for row in each_row(changes)]
    return changes["change"].mask(less_is_wanted(page, changes), -changes["change"])[own]


def improved(page: Page, facts: pd.DataFrame) -> list:
    """The rows of :func:`sound` that are a fact of their own and rose, or fell where that is wanted."""
    return list(each_row(facts.loc[_better(page, facts).loc[lambda better: better > 0].index]))


def trusted(page: Page, reliability: pd.DataFrame) -> dict[SeriesKey, str]:
    """How far each fact that the annex tells can be relied on: rows that tell the same count once, as the worst."""
    same = told_once(page.report)
    facts = grouped(each_row(reliability), lambda row: same[row.indicator, row.level])
    return {key: min((row.reliability for row in rows), key=RELIABILITY.index) for key, rows in facts.items()}


def _of_the_annex(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> str:
    """The annex in one sentence: how many facts it tells, how many of them rose and by what step, how far they can be
    relied on. Rows that tell the same count once, as the worst of them can be relied on."""
    trust = trusted(page, reliability)
    worst = Counter(trust.values())
    fields = {"annex": page.meta("annex"), "facts": len(trust), "n": len(reliability)}
    fields["rows"] = reliability["indicator"].nunique()
    among = page._(
        "Of {n} series in {annex}"
        if len(trust) == len(reliability)
        else "{annex} has {rows} rows in {n} series, {facts} where rows with the same figures count once",
        **fields,
    )
    return page._(
        "{among}: {course}. Reliability: no serious problem was found in {reliable}, {with_care} need care, "
        "{not_usable} cannot be used as labelled, {missing} without a figure.",
        among=among,
        course=course(page, changes),
        **{code: worst[code] for code in RELIABILITY},
    )


def course(page: Page, changes: pd.DataFrame) -> str:
    """How many of the facts that the annex tells rose, how many of them from a 0, and how many a check qualifies."""
    risen = improved(page, sound(page, changes))
    text = page._(
        "none has two figures that can be compared, so no course can be told"
        if changes["change"].isna().all()
        else "the latest comparable figure of {up} is higher than the first, or lower where less is wanted"
        if less_is_wanted(page, changes).any()
        else "the latest comparable figure of {up} is higher than the first",
        up=len(risen),
    )
    zeros = from_zero(page, risen)
    return text + (f" ({zeros})" if zeros else "") + with_care(page, risen)


def with_care(page: Page, risen: list) -> str:
    """How many of some rows of :func:`improved` a check qualifies, to stand behind a count of them."""
    if not (doubted := sum(bool(caveats(page.report, *stretch(row))) for row in risen)):
        return ""
    more = ", each with a caveat" if doubted > 1 else ", with a caveat"
    return page._(more if doubted == len(risen) else ", {doubted} of them with a caveat", doubted=doubted)


def from_zero(page: Page, risen: list) -> str:
    """How many of some rows of :func:`improved` rose from a 0, by what checks say of it; "" where none did."""
    explained = [_explained(page, row) for row in risen if row.first == 0]
    why, bare = Counter(reason for reasons in explained for reason in reasons), explained.count([])
    zeros = [page._("{n} from a 0 that a check explains: {why}", n=n, why=reason) for reason, n in why.items()]
    return "; ".join(zeros + [page._("{n} from a 0 without a remark of its own", n=bare)] * bool(bare))


def sound(page: Page, changes: pd.DataFrame) -> pd.DataFrame:
    """measure.changes, what starts at a 0 that a check forbids to start from told from the first figure that none does,
    else without a change; `since` is the day of the first comparable figure all the same.

    The 0 services of 2015 and 2016 may mean not counted: the 605 of 2020 are 379 more than the 226 of 2017."""
    rows, points = [], page.report.observations
    for row in each_row(changes.assign(since=changes["first_as_of"])):
        if row.first == 0 and objections(page.report, *stretch(row, "base")):
            series, own = [(row.indicator, row.level)], points[points["indicator"] == row.indicator]
            days = (one.as_of for one in figures_of(page, row) if row.first_as_of < one.as_of < row.last_as_of)
            day = next((one for one in days if not objections(page.report, series, "base", one, row.last_as_of)), None)
            told = measured(own[(own["level"] == row.level) & (own["as_of"] >= (day or row.last_as_of))])
            told = told.assign(reason="none: the first figure is in doubt") if day is None else told
            row = row._replace(**{str(name): value for name, value in told.iloc[0].items()})
        rows.append(row)
    return pd.DataFrame(rows, columns=[*changes, "since"]).set_index(changes.index)


def _explained(page: Page, row) -> list[str]:
    """What checks that agree say of the first figure of a row of measure.changes."""
    found = (one for one in caveats(page.report, *stretch(row, "base")) if "base" in one.objects_to)
    return clauses(page.language, (one for one in found if one.outcome == CONSISTENT))


def stretch(row, use: str = "step") -> tuple[list[SeriesKey], str, date, date]:
    """What a sentence on the change of a row of :func:`sound` makes of its series, as
    :func:`reformlib.check.caveats.caveats` takes it: it tells why the change starts where it does, too."""
    return [(row.indicator, row.level)], use, row.since if use == "step" else row.first_as_of, row.last_as_of


def _without(page: Page) -> list[Finding]:
    """The years of the programme before the first figure."""
    meta, observations = page.report.meta, page.report.observations
    told = observations.loc[observations["value"].notna(), "year"]
    if told.empty or told.min() <= meta.period_start:
        return []
    fields = {"start": meta.period_start, "before": told.min() - 1, "first": told.min(), "last": told.max()}
    fields["annex"] = page.meta("annex")
    text = page._(
        "{annex} has figures for {first} only; the programme began in {start}, so change over the whole of it cannot "
        "be assessed."
        if told.min() == told.max()
        else "{annex} has figures for {first} to {last} only; the years {start} to {before} have none, so change "
        "over the whole programme cannot be assessed.",
        **fields,
    )
    facts = page.report.facts
    dates = facts.loc[facts["kind"] == "observed", "date"]
    if undated := int((dates == "").sum()):
        counts = {"n": undated, "results": len(dates), "all": len(facts), "other": len(facts) - len(dates)}
        said = "{n} of the {results} results among the text's {all} figures have no date{others}."
        if undated == len(dates):
            said = "None of the {n} results among the text's {all} figures has a date{others}."
        others = page._(" (the other {other} are requirements or targets)", **counts) if counts["other"] else ""
        text += " " + page._(said, **counts, others=others)
    about = page._("Years of the programme without a figure")
    ask = page._("add the figures of {start} to {before}, or limit the assessment to the years reported.", **fields)
    count = f"{told.min() - meta.period_start}/{meta.period_end - meta.period_start + 1}"
    return [Finding(count, about, text, ask, page.meta("annex"))]


def _growth(page: Page, row, reliability: pd.DataFrame) -> Finding:
    """How far a series has come, and whether its figures can be relied on."""
    name = page.series_name(row.indicator, row.level)
    trust = next(one for one in each_row(reliability) if (one.indicator, one.level) == (row.indicator, row.level))
    ask = page._("keep this way of counting; where the classes change, report both ways.")
    if trust.reliability != "reliable" and caveats(page.report, *stretch(row)):
        ask = page._("explain before use.")
    elif trust.reliability != "reliable":
        reasons = trust.reason.split("; ")
        why = next((one for one in reasons if one.startswith(f"{name}: ")), reasons[0]).removeprefix(f"{name}: ")
        ask = page.marked(page._("explain before use ({reason}).", reason=why[:1].lower() + why[1:]))
    text = "From {first} ({first_date}) down to {last} {unit} ({last_date})"
    if row.change > 0:
        text = "From {first} ({first_date}) to {last} {unit} ({last_date})"
    text = page._(text, unit=page.unit_name(row.unit), **ends(page, row))
    if pd.notna(row.annual_change) and not objections(page.report, *stretch(row, "pace")):
        whole = page.indicator(row.indicator)["whole"]
        text += page._(", on average {pace} a year", pace=page.signed(row.annual_change, "", 0 if whole else None))
    figure, place = page.figure(end_of(page, row, "last")), page.row_place(row.indicator, row.level)
    name = page.scoped(name, row.indicator)
    text = qualified(page, f"{text}.", stretch(row), stretch(row, "pace"))
    return Finding(figure, name, text, ask, place, "measure.changes")


def _checked(page: Page, checks: pd.DataFrame) -> list[Finding]:
    """What contradicts itself, and what needs an explanation: how many, and the gravest of them."""
    objections = checks[checks["outcome"] != "consistent"]
    grave = objections[objections["severity"] != "information"]
    minor = objections.loc[objections["severity"] == "information", "outcome"].value_counts()
    wrong, open_, missing, stated = (grave[grave["outcome"] == outcome] for outcome in MINOR)
    text = page._(
        "Of {n} findings of the checks {agree} agree, {wrong} show a contradiction, {open} need an explanation, "
        "{missing} are of something missing, {stated} of what the report says itself, and {minor} are smaller "
        "remarks ({kinds}). The gravest:",
        n=len(checks),
        agree=len(checks) - len(objections),
        wrong=len(wrong),
        open=len(open_),
        missing=len(missing),
        stated=len(stated),
        minor=minor.sum(),
        kinds=", ".join(page._(text, n=minor[code]) for code, text in MINOR.items() if code in minor),
    )
    about, ask = page._("Contradictions that matter"), page._("settle each of them before its figures are used.")
    found = _gravest(page, wrong, about, text, ask)
    text = page._("Neither supported nor refuted by the text. The first:")
    ask = page._("let the reporting unit explain them, with the way of counting.")
    return found + _gravest(page, open_, page._("What needs an explanation"), text, ask)


def _gravest(page: Page, rows: pd.DataFrame, about: str, text: str, ask: str) -> list[Finding]:
    """How many findings there are, and the first of them."""
    if rows.empty:
        return []
    fields = tag("span", text, " ", tag("em", page.marked(rows["title"].iloc[0])), ".")
    return [Finding(str(len(rows)), about, fields, ask, page.marked(rows["where"].iloc[0]), "checks.report.checks")]


def scoreboard(page: Page, changes: pd.DataFrame, reliability: pd.DataFrame) -> Fragment:
    """The form's indicators: reliability, course, comparable figures, change and pace, status of the latest figure."""
    trust = {(one.indicator, one.level): one.reliability for one in each_row(reliability)}
    remarks = Remarks()
    # of two figures of one day the longer period's, which stands first
    points = sorted(each_row(page.report.observations), key=lambda p: (p.as_of, pd.notna(p.value)), reverse=True)
    latest = {(p.indicator, p.level): p for p in firsts(points, lambda p: (p.indicator, p.level))}

    def dated(row, end):
        if trust[row.indicator, row.level] == "not_usable" or (point := end_of(page, row, end)) is None:
            return "–"
        return Shown(tag("span", page.figure(point), " ", page.dated(point)), page.evidence(point))

    def change(row):
        return "–" if trust[row.indicator, row.level] == "not_usable" else _change(page, row, remarks)

    def trusted(row):
        why = lettered(page, remarks, *stretch(row)) if pd.notna(row.change) else ""
        return tag("span", reliability_mark(page, trust[row.indicator, row.level]), why)

    columns = [
        series_column(page, scoped=True, numbered=True),
        Column(page._("Reliability"), trusted, place="side"),
        Column(page._("Course"), lambda r: course_picture(page, r), place="away"),
        Column(page._("Unit"), lambda r: page.unit_name(r.unit), place="under"),
        Column(page._("First comparable figure"), lambda r: dated(r, "first"), True),
        Column(page._("Latest comparable figure"), lambda r: dated(r, "last"), True),
        Column(page._("Change, and average a year"), change, True),
        Column(
            page._("Status of the newest figure"),
            lambda r: status_of(page, latest[r.indicator, r.level]),
            place="side",
        ),
    ]
    caption = page._("Indicators of the form: change over the figures that can be compared")
    note = page._(
        "The number before a name is its row in {annex}. Calculated: change = latest − first; average a year = "
        "change ÷ years between the dates. Shares change in percentage points; part of a year is never compared "
        "with a full year.",
        annex=page.meta("annex"),
    )

    def place(row) -> str:
        return page.row_place(row.indicator, row.level)

    return table(page, sound(page, changes), columns, caption, place, note=note, remarks=remarks, fold=False)


def average(page: Page, row, pace: float) -> str:
    """An average a year of a row of measure.changes: over a handful of dates it has no hundredths, but for scores, of
    which a hundredth may be much; over a single year it is the change."""
    fine = pace == row.change or page.indicator(row.indicator)["measure"] == "score"
    return page.signed(pace, "", 0 if abs(pace) >= 10 and pace != row.change else None if fine else 1)


def _change(page: Page, row, remarks: Remarks):
    """The change of a row of measure.changes and, under it, its average a year; else why there is none, what checks
    forbid as letters of the `remarks` under the table."""
    if pd.isna(row.change):
        return page._(row.reason)
    inputs = {end: page.evidence(end_of(page, row, end)) for end in ("first", "last")}
    pace: dict[str, Evidence] = {}
    if row.reason:
        under = f"({page._(row.reason)})"
    elif why := clauses(page.language, objections(page.report, *stretch(row, "pace"))):
        under = page._("(no average a year: see [{letters}])", letters=remarks.letters(why))
    else:
        under = page._("({pace} a year)", pace=average(page, row, row.annual_change))
        years = {"years": Evidence(row.years, "years", rule="measure.decimal_year")}
        pace = {"pace": Evidence(row.annual_change, row.unit, formula="(last - first) / years", inputs=inputs | years)}
    points = f" {page._('points')}" if row.unit == "%" else ""
    text = tag("span", page.signed(row.change, ""), points, " ", tag("small", under))
    return Shown(text, Evidence(row.change, row.unit, formula="last - first", inputs=inputs | pace))
