"""The projections in the reader's language: title, findings, the table of what can be said, warnings."""

from dataclasses import replace

import pandas as pd

from reformlib import locale
from reformlib.check.caveats import caveats, told_once
from reformlib.load.evidence import Evidence
from reformlib.load.rows import codes, each_row, grouped
from reformlib.measure.gaps import gaps
from reformlib.present.findings import clauses, counted_with_care, qualified
from reformlib.present.gaps import bases, judged
from reformlib.present.html import Fragment, Shown, bullets, paragraph, tag
from reformlib.present.outlook import measured, why_both
from reformlib.present.page import Finding, Page, summary, title
from reformlib.present.projections import projected
from reformlib.present.spark import course
from reformlib.present.table import Column, Remarks, series_column, table
from reformlib.project.chances import OTHER_KINDS, open_targets, outlook
from reformlib.project.plan import too_wide
from reformlib.project.series import BASES, LAWFUL, backtest, project

# What a projection lacks that no figure of the office would give, codes of `reformlib.project.series.BASES`.
NO_HELP = ("not_comparable", "no_family", "all_zero")


def heading(page: Page, horizon: int) -> Fragment:
    """Title of the projections."""
    return title(page, page._("Administrative reform {period}: projections", period=_ahead(page, horizon)))


def targets_heading(page: Page, horizon: int) -> Fragment:
    """Heading of the targets of the years ahead."""
    return Fragment(tag("h2", page._("Targets {period}", period=_ahead(page, horizon))))


def tasks_heading(page: Page, horizon: int) -> Fragment:
    """Heading of the tasks of the years ahead."""
    return Fragment(tag("h2", page._("Tasks {period} and how each can be measured", period=_ahead(page, horizon))))


def _ahead(page: Page, horizon: int) -> str:
    """The years after those of the data, to the horizon."""
    return page.period(min(page.report.meta.data_date.year + 1, horizon), horizon) + page.whom_by(horizon)


def overview(
    page: Page, rows: pd.DataFrame, probabilities: pd.DataFrame, paces: pd.DataFrame, kinds: pd.DataFrame
) -> Fragment:
    """Verdict and findings."""
    ahead = outlook(page.report, gaps(page.report), probabilities)
    found = findings(page, rows, probabilities, paces, kinds)
    said = [*_verdict(page, ahead), *why_both(page, ahead)]
    return summary(page, said, found, "projections.outlook", rows["year"].fillna(0).max())


def findings(
    page: Page, rows: pd.DataFrame, probabilities: pd.DataFrame, paces: pd.DataFrame, kinds: pd.DataFrame
) -> list[Finding]:
    """On the chances, the widest gap in pace, the spread, what cannot be projected."""
    fitted = rows[rows["basis"].str.startswith("fitted")]
    targets = projected.aims(page, probabilities)
    own = [target for target in targets if projected.is_fitted(target)]
    unlikely = {code for target in own if target.p_at_least < 0.2 for code in target.ids}
    return [
        *_likeliest(page, own, kinds),
        *_too_fast(page, paces[paces["target_id"].isin(unlikely)]),
        *bases.without_chance(page),
        *_widest(page, fitted),
        *_own_trends(page, rows, fitted),
    ]


def _verdict(page: Page, ahead: pd.DataFrame) -> list[str]:
    """How many different targets are more likely than not to be met, then how many more count with them; `ahead` as for
    :func:`overview`."""
    given = ahead[ahead["chance"] != ""]
    if given.empty:
        return [page._("No official target can be projected from this report.")]
    end, counted = page.report.meta.period_end, given[~given["implied"]]
    early, likely = counted["deadline"].dt.year <= end, counted["chance"] == "likely"
    fields = {"likely": int(likely.sum()), "n": len(counted), "end": end}
    fields |= {"soon": int((likely & early).sum()), "early": int(early.sum())}
    fields |= {"later": int((likely & ~early).sum()), "late": int((~early).sum())}
    when = "all are due by the end of {end}" if early.any() else "all are due after the end of {end}"
    if 0 < early.sum() < len(counted):
        when = "{soon} of the {early} due by the end of {end} and {later} of the {late} due after it"
    text = page._(
        "If things go on as in the series that the method was learned from, none of them one of this report's "
        "indicators, the number of different targets more likely than not to be met on time is {likely} of the {n} for "
        "which a probability can be given: {when}.",
        when=page._(when, **fields) + page.whom_by(counted["deadline"].max().year),
        **fields,
    )
    text = counted_with_care(page, text, (projected.used(page, row) for row in each_row(counted)))
    nested = len(given) - len(counted)
    return [
        text,
        page._("{n} more count with a stricter or earlier one of the same indicator.", n=nested) * bool(nested),
    ]


def _own_trends(page: Page, rows: pd.DataFrame, fitted: pd.DataFrame) -> list[Finding]:
    """How many series have a trend of their own, where others have none."""
    same = told_once(page.report)
    frames = (rows, fitted, rows[rows["p50"].notna() | rows["basis"].str.startswith("fitted")])
    keys = (set(zip(frame["indicator"], frame["level"], strict=True)) for frame in frames)
    series, alone, told = ({same.get(key, key) for key in some} for some in keys)
    if series == alone:
        return []
    sums, none = sum("+" in level for _indicator, level in series), len(series - told)
    fields = {"form": len(series) - sums, "sums": sums, "none": none, "rate": len(series - alone) - none}
    said = [
        "Counted are the {form} different series of the form (rows with the same figures count once), and sums of "
        "categories ({sums})."
        if sums
        else "Counted are the {form} different series of the form (rows with the same figures count once)."
    ]
    if fields["rate"]:
        said.append(
            "Of the others {rate} are told by the base rate of their shape and level, as their figures are few, hardly "
            "differ or stand at a limit."
        )
    if none:
        said.append(
            "{none} others are not projected, as the report has no figures of them that can be used, or nothing "
            "like them was measured, or its intervals did not hold."
        )
    text = " ".join(page._(sentence, **fields) for sentence in said)
    if unstated := int(rows["basis"].str.contains("no_universe").sum()):
        text += " " + page._("Of {n} of them the report does not state the total.", n=unstated)
    about = page._("Series with a trend of their own")
    lacking = rows[~rows["basis"].str.contains("|".join((*LAWFUL, *NO_HELP)))]
    names = "; ".join(dict.fromkeys(page.series_name(row.indicator, row.level) for row in each_row(lacking)))
    ask = "give usable figures of: {names}." if names else "state how figures that hardly differ are counted."
    count, ask = f"{len(alone)}/{len(series)}", page._(ask, names=names)
    return [Finding(count, about, text, ask, page.meta("annex"), "projections.projections")]


def _likeliest(page: Page, own: list, kinds: pd.DataFrame) -> list[Finding]:
    """The likeliest and the least likely target of series with a trend of their own."""
    if not own:
        return []
    best, worst = (chosen(own, key=lambda target: target.p_at_least) for chosen in (max, min))
    asks = {
        worst: page._(
            "report to the competent authority that the target is hardly met at this pace, and what would change that."
        ),
        best: page._("keep up the pace, and count at the deadline."),
    }
    findings = []
    for aim in dict.fromkeys([best, worst]):
        (latest,) = projected.latest(page, aim)
        text = page._(
            "Probability of meeting the {target} target due in {year}; the latest figure is {value}.",
            target=projected.aim_text(page, aim),
            year=page.year(aim.target_year),
            value=page.quantity(latest, aim.unit, beside=(aim.target,)),
        )
        text = qualified(page, text, projected.used(page, aim))
        text += _other_kinds(page, aim, kinds) if aim is best else ""
        name = page.scoped(page.share_name(aim.indicator, aim.level), aim.indicator)
        chance, place = projected.aimed(page, aim, aim.p_at_least), _from(page, aim.indicator, aim.target_id)
        due = {one.target_id: one.deadline for one in each_row(open_targets(page.report)) if one.target_id in aim.ids}
        findings.append(Finding(chance, name, text, asks[aim], place, "projections.target_probabilities", due=due))
    return findings


def _other_kinds(page: Page, aim, kinds: pd.DataFrame) -> str:
    """How far the probability moves when the series is taken for another kind of indicator."""
    mine = (kinds["indicator"] == aim.indicator) & (kinds["level"] == aim.level)
    chances = kinds.loc[mine & kinds["target_id"].isin(aim.ids), list(OTHER_KINDS)].to_numpy()
    if not chances.size:
        return ""
    low, high = (projected.in_ten(page, p) for p in (chances.min(), chances.max()))
    text = page._("Taken for another kind of indicator: {low} to {high}.", low=low, high=high)
    return f" {text}" if low != high else ""


def _too_fast(page: Page, paces: pd.DataFrame) -> list[Finding]:
    """The highest pace needed that is beyond what such series ever showed, if one is."""
    fast = paces[(paces["pace_needed"].abs() > paces["fastest"].abs()) & paces["pace_seen"].notna()]
    if fast.empty:
        return []
    row = next(each_row(fast.loc[[fast["pace_needed"].abs().idxmax()]]))
    text = page._(
        "Percentage points a year needed to reach {target}; so far {seen} a year since {first}.",
        target=judged.aim_by(page, row),
        seen=page.number(row.pace_seen, 1, (row.pace_needed,)),
        first=page.day(row.base_as_of),
    )
    text = qualified(page, text, projected.used(page, row))
    text += " " + page._(
        "In the series that the method was learned from, only 1 in 100 stretches of {window} years that began at a "
        "like level and pace was faster than {fastest}.",
        fastest=page.number(row.fastest, 1, (row.pace_needed,)),
        window=row.window,
    )
    name = page.scoped(page.share_name(row.indicator, row.level), row.indicator)
    ask, place = page._("state the additional resources."), _from(page, row.indicator, row.target_id)
    needed = page.number(row.pace_needed, 1, (row.pace_seen, row.fastest))
    return [Finding(needed, name, text, ask, place, "projections.paces", due={row.target_id: row.deadline})]


def _widest(page: Page, fitted: pd.DataFrame) -> list[Finding]:
    """A series whose 80% interval at the end is too wide for a figure to be proposed, first of all one without a range
    to go by."""
    end = fitted["year"].max()
    last = list(each_row(fitted[fitted["year"] == end]))  # a series that stops may have no year
    wide = [row for row in last if too_wide(project(page.report, row.indicator, row.level), end)]
    if not wide:
        return []
    row = max(wide, key=lambda row: pd.isna(row.p50))
    if pd.isna(row.p50):
        own = [one for one in each_row(fitted) if _series(one) == _series(row)]
        width = page._("no usable range")
        fields = {"why": projected.sentence(page, "too_wide"), "last": projected.last_range(page, own)}
        text = page._("Projection for {year}. {why}; {last}.", year=page.year(end), **fields)
    else:
        fields = projected.interval(page, row)
        width = projected.in_unit(page, page._("about {low} to {high}", **fields), row.indicator)
        text = page._("Projection for {year}, too wide for a single target figure ({nominal}).", **fields)
    text = qualified(page, text, projected.used(page, row))
    name = page.scoped(page.series_name(row.indicator, row.level), row.indicator)
    ask = page._("set the target by need and review it every year.")
    return [Finding(width, name, text, ask, _from(page, row.indicator), "projections.projections")]


def _from(page: Page, indicator: str, target: str = "") -> str:
    """Where the figures stand that a projection was calculated from, after its target."""
    place = page._("calculated from {place}", place=page.row_place(indicator))
    return f"targets.csv, {target}; {place}" if target else place


def key_table(page: Page, rows: pd.DataFrame, probabilities: pd.DataFrame) -> Fragment:
    """Series with a trend of their own or an official target: course, median, interval, chance of each target."""
    targets, elsewhere = grouped(projected.aims(page, probabilities), _series), grouped(bases.ahead(page), _series)
    groups = grouped(each_row(rows[rows["year"].notna()]), _series)  # one that ends before the next year has none
    told = {*targets, *elsewhere}
    ends = [group[-1] for key, group in groups.items() if key in told or projected.is_fitted(group[0])]
    if not ends:
        return paragraph(page._("No series has a trend of its own."))

    def latest(r):
        value, unit = project(page.report, r.indicator, r.level).points["value"].iloc[-1], page.unit_of(r.indicator)
        text = page.quantity(value, unit, locale.decimals_of(value))
        return projected.calculated(page, r, value, unit, "projections.project: points", text=text)

    def chances(r):
        own, based = targets.get(_series(r), []), elsewhere.get(_series(r), [])
        none = page._("no probability: {why}", why=bases.without_number(page, based))
        if not own:
            return none if based else page._("no official target in this unit for the years ahead")
        rule = "projections.target_probabilities: p_at_least"
        inputs = {aim.target_id: judged.target_evidence(aim) for aim in own}
        inputs |= {f"{aim.target_id}, chance": Evidence(aim.p_at_least, "", rule=rule) for aim in own}
        items = [f"{projected.aim_by(page, aim)}: {_chance(page, aim, remarks)}" for aim in own]
        text = bullets([*items, none] if based else items)
        return Shown(text, Evidence(None, "", rule=rule, inputs=inputs))

    def range_of(r):
        if pd.notna(r.p50):
            return show("lo80", "hi80")(r)
        if not (told := projected.ranged(groups[_series(r)])):
            return page._("no usable range")
        rule = "projections.projections: lo80 – hi80 of the last year with numbers, rounded"
        text, unit = projected.last_range(page, told), page.unit_of(r.indicator)
        return projected.calculated(page, r, told[-1].lo80, unit, rule, text=text, high=told[-1].hi80)

    def rests(r):
        told = (projected.ranged(groups[_series(r)]) or [r])[-1]
        return projected.rests_on(page, told) + remarks.after(_remarks_on(page, told))

    remarks = Remarks()
    show, year = projected.projected_cells(page, "projections.projections"), page.year_cell(ends[0].year)
    columns = [
        series_column(page, scoped=True),
        Column(page._("Course and 80% band"), lambda r: _course(page, groups[_series(r)]), place="side"),
        replace(projected.unit_column(page), place="whole"),
        Column(page._("Latest figure"), latest, True),
        Column(page._("Median {year}", year=year), show("p50"), True),
        Column(page._("80% interval {year}", year=year), range_of, True),
        Column(page._("Official targets and their probability"), chances, place="whole"),
        Column(page._("Rests on"), rests, place="whole"),
    ]
    shares = dict.fromkeys(indicator for indicator, _level in targets if indicator in page.report.meta.universes)
    note = [page._("Projected values are rounded."), projected.how_held(page, rows)]
    note += [f"{page.share_name(indicator, '')}." for indicator in shares]
    caption, place = page._("Projections of the coming years"), projected.calculated_from(page, "projections")
    return table(page, ends, columns, caption, place, note=" ".join(note), remarks=remarks, fold=False)


def _series(row) -> tuple[str, str]:
    return row.indicator, row.level


def _remarks_on(page: Page, row) -> list[str]:
    """What is to be known of a projection: what checks have against its figures; what changes under it, but for the
    unit itself, which the years name; how many figures held out its interval missed."""
    why = clauses(page.language, caveats(page.report, *projected.used(page, row)))
    changed = page.catalogue.rows_by("reclassifications", "reclassification")
    why += page.words(";".join(code for code in codes(row.basis) if code in changed), BASES, "basis")
    tried = [one.inside for one in each_row(backtest(page.report)) if _series(one) == _series(row)]
    text = "figures held out that the 80% interval missed: {missed} of {n}"
    return why + [page._(text, missed=tried.count(False), n=len(tried))] * (False in tried)


def _chance(page: Page, aim, remarks: Remarks) -> str:
    """The probability of a target; of one that the last figure meets, that it still does at the deadline."""
    chance = projected.aimed(page, aim, aim.p_at_least) + judged.why_at_best(page, aim, remarks)
    if aim.p_reached_by < 1:
        return chance
    met = page.day(project(page.report, aim.indicator, aim.level).points["as_of"].iloc[-1])
    return page._("met at {date}; {chance} that it holds at the deadline", date=met, chance=chance)


def _course(page: Page, rows: list):
    """History and 80% band as a small picture."""
    end, told = rows[-1], projected.ranged(rows)
    points = project(page.report, end.indicator, end.level).points
    history = list(zip(points["time"], points["value"], strict=True))
    runs = [history[part] for part in projected.unbridged(page.report, project(page.report, end.indicator, end.level))]
    time, value = history[-1]
    alt = page._(
        "Course of {name} up to {last}, then an 80% band that widens to {low} – {high} in {year}"
        if told
        else "Course of {name} up to {last}; no usable range for any year",
        name=page.series_name(end.indicator, end.level),
        last=projected.value_text(page, value, end.indicator),
        **(projected.interval(page, told[-1]) if told else {}),
    )
    band = [(time, value, value), *((row.year + 1.0, row.lo80, row.hi80) for row in told)]
    return course(runs, alt, band=band)


def separate_levels(page: Page, rows: pd.DataFrame) -> Fragment:
    """Whether categories of one total are projected as its parts, and what may be added."""
    told = {_series(row) for row in each_row(rows[rows["p50"].notna()])}
    items = []
    for indicator, level in sorted(told):
        parts = [(indicator, part) for part in level.split("+")]
        if len(parts) < 2 or not project(page.report, *parts[0]).together:
            continue
        text = page._(
            "{names} are projected as parts of their sum: they add up to it in every draw. Their medians are that of "
            "the sum, split by the median shares: they add up but for rounding. Ends of intervals do not add up: for "
            "the total use {name}. It is assumed that what moves from one category to another leaves the first.",
            names="; ".join(page.series_name(*part) for part in parts),
            name=page.series_name(indicator, level),
        )
        items.append(tag("p", text, class_="note"))
    return Fragment(tag("div", *items))


def plateau(page: Page) -> Fragment:
    """The warning that shares slow down, as it was measured."""
    text = page._(
        "Plateau: in the series that the method was learned from, rising shares reported by offices kept a median of "
        "{kept} of their past pace over one to ten years, and {below} of them came to stand below where they were. An "
        "S-curve up to 100% is a wish, not a projection; none is drawn here.",
        kept=measured(page, "kept"),
        below=measured(page, "below"),
    )
    return paragraph(text, class_="note")
