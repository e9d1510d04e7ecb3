"""Targets that are a share of something else than the figure, or do not say of what: what can be said of them."""

from functools import partial
from operator import attrgetter

import pandas as pd

from reformlib.check.finding import SHARE
from reformlib.load.codes import codes
from reformlib.load.evidence import Evidence
from reformlib.load.rows import each_row, firsts, grouped
from reformlib.measure.base import NARROWER, UNSTATED
from reformlib.measure.gaps import target_bases
from reformlib.present.findings import lettered, qualified
from reformlib.present.gaps import judged
from reformlib.present.html import Fragment, Shown, paragraph
from reformlib.present.page import Finding, Page
from reformlib.present.table import Column, Remarks, series_column, table
from reformlib.project.chances import without_base

TARGET = ["indicator", "level", "deadline", "target", "comparator"]


def on_bases(page: Page, rows: pd.DataFrame) -> list[list]:
    """The rows of `target_bases` of the targets in `rows` of `gaps`, by target, one for all of equal value and
    deadline: nearest deadline first."""
    found = target_bases(page.report)
    found = found[found["target_id"].isin(rows["target_id"])].sort_values([*TARGET, "target_id"], kind="stable")
    targets = []
    for alike in grouped(each_row(found), attrgetter(*TARGET)).values():
        ids = ", ".join(dict.fromkeys(row.target_id for row in alike))
        targets.append([row._replace(target_id=ids) for row in alike if row.target_id == alike[0].target_id])
    return sorted(targets, key=lambda rows: (rows[0].deadline, rows[0].target_id))


def base_name(page: Page, row) -> str:
    """What a share is taken of, with its number where that is known."""
    name = page.base(row.base)
    if row.of_low != row.of_high:
        return name
    if row.of_low == page.report.universe(row.indicator):  # as the form calls what its figures are a share of
        name = page.indicator(row.indicator)[f"universe_{page.language}"]
    return f"{page.number(row.of_low)} {name}"


def share(page: Page, row) -> str:
    """The share of a base, or its lowest and highest."""
    if pd.isna(row.share_low):
        return page._("cannot be told")
    low, high = (page.quantity(end, "%", beside=(row.target,)) for end in (row.share_low, row.share_high))
    return low if low == high else page._("{low} to {high}", low=low, high=high)


def base_table(page: Page, rows: pd.DataFrame) -> Fragment:
    """What the figure gives on every base that a target may mean; `rows` is what `gaps` gave."""
    targets = on_bases(page, rows)
    if not targets:
        return paragraph(page._("Every target that can be compared is a share of what the report counts."))
    remarks, caveats = Remarks(), dict(zip(rows["target_id"], rows["caveat"], strict=True))

    def taken(row):
        rule, name = "gaps.target_bases", base_name(page, row)
        if row.of_low != row.of_high and pd.notna(row.of_low):
            low, high = page.number(row.of_low), page.number(row.of_high)
            return page._("{name}: at least {low}, at most {high}", name=name, low=low, high=high)
        return page.cell(row.of_low, "", text=name, rule=rule) if pd.notna(row.of_low) else name

    def shown(row):
        inputs = {"highest": Evidence(row.share_high, "%", rule="gaps.target_bases: share_high")}
        text = share(page, row) + lettered(page, remarks, *judged.used(row, SHARE))
        return Shown(text, Evidence(row.share_low, "%", rule="gaps.target_bases: share_low", inputs=inputs))

    def named(row):
        needless, ids = ("before_deadline", "after_unit"), row.target_id.split(", ")
        return ", ".join(code + remarks.after(judged.caveats(page, caveats[code], *needless)) for code in ids)

    columns = [
        series_column(page),
        Column(page._("Target"), lambda r: Shown(judged.dated_target(page, r), judged.target_evidence(r)), True),
        Column(page._("Code"), named),
        Column(page._("Share of"), taken),
        Column(page._("Then the figure is"), shown, True),
        Column(page._("Verdict on it"), lambda r: judged.verdict(page, r.verdict)),
    ]
    note = page._(
        "At least: what is counted belongs to the base, so it is no smaller; at most: it is a part of what the report "
        "counts. No gap, pace or probability is given, since none would be that of the target."
    )
    caption = page._("Targets that are a share of something else, or do not say of what")
    each, place = [row for same in targets for row in same], partial(judged.place, page)
    return table(page, each, columns, caption, place, note=note, remarks=remarks)


def ahead(page: Page) -> list:
    """Targets of another base that fall due after the data, rows of `gaps`: no probability can be given for them."""
    return list(each_row(without_base(page.report)))


def without_chance(page: Page) -> list[Finding]:
    """How many targets no probability can be given for, as they are of another base."""
    if not (rows := ahead(page)):
        return []
    targets = page.catalogue.rows_by("targets", "id")
    by_base = grouped(rows, lambda row: (row.reason, targets[row.target_id]["base"] if row.reason == NARROWER else ""))
    asks = []
    for (reason, base), same in by_base.items():
        series = "; ".join(dict.fromkeys(page.series_name(row.indicator, row.level) for row in same))
        asks.append(page._(codes("ask_base")[reason], ids=_codes_of(same), of=series, base=page.base(base)))
    about, why = page._("Official targets for a projected indicator without a probability"), without_number(page, rows)
    ask = f"{'. '.join(asks[:1] + [one[:1].upper() + one[1:] for one in asks[1:]])}."
    text, place = f"{why[:1].upper()}{why[1:]}.", f"targets.csv, {_codes_of(rows)}"
    if late := judged.late(page, (row.target_id for row in rows)):
        text += f" {', '.join(late)}: {'; '.join(judged.caveats(page, 'set_after_unit'))}."
    asked = answered_by(page, _codes_of([row for row in rows if row.reason == UNSTATED]))
    due = {row.target_id: row.deadline for row in next(iter(by_base.values()))}  # a brief tells the first request
    number, rule = str(len({row.target_id for row in rows})), "project.chances.without_base"
    return [Finding(number, about, text, ask, place, rule, asked, due)]


def without_number(page: Page, rows: list, *, named: bool = True) -> str:
    """Why no number can be told of some targets, each reason with the codes of its own where they are `named`."""
    why = codes("no_chance")
    return "; ".join(
        page._(why[reason]) + (f" ({_codes_of(same)})" if named else "")
        for reason, same in grouped(rows, lambda row: row.reason).items()
    )


def _codes_of(rows: list) -> str:
    return ", ".join(dict.fromkeys(row.target_id for row in rows))


def findings(page: Page, rows: pd.DataFrame) -> list[Finding]:
    """What can be said of the target due first of each kind: one that does not say of what it is a share, and one of a
    base that the report does not count."""
    return [_finding(page, same) for same in firsts(on_bases(page, rows), lambda same: len(same) > 1)]


def _finding(page: Page, same: list) -> Finding:
    row, told = same[0], [share(page, one) for one in same]
    fields: dict[str, object] = {
        "target": judged.aim(page, row, "%"),
        "deadline": page.due(row.deadline),
        "date": page.day(row.as_of),
        "base": base_name(page, row),
    }
    if len(same) > 1:
        of_each = (page._("{share} of the {base}", base=base_name(page, one), share=share(page, one)) for one in same)
        fields["shares"] = "; ".join(of_each)
        text = page._("The target of {target} for {deadline} does not say of what. At {date}: {shares}.", **fields)
        ask = page._("ask the competent authority what the target is a share of.")
        asked = answered_by(page, row.target_id)
    else:
        stated = (
            "The target of {target} for {deadline} is a share of the {base}, whose number the report does not state."
        )
        text = f"{page._(stated, **fields)} {_between(page, row, fields)}"
        ask, asked = page._("state the number of {base}.", **fields), ""
    name = page.scoped(page.series_name(row.indicator, row.level), row.indicator)
    text, place = qualified(page, text, judged.used(row, SHARE)), judged.place(page, row)
    due = {one: row.deadline for one in row.target_id.split(", ")}  # noqa: C420 - typed, which fromkeys is not
    return Finding(" / ".join(told), name, text, ask, place, "gaps.target_bases", asked, due)


def answered_by(page: Page, ids: str) -> str:
    """Who issued the instruments of targets, and so can tell what they are shares of, each with its targets; the unit
    has to ask. Nothing without a target."""
    targets, instruments = (page.catalogue.rows_by(*key) for key in (("targets", "id"), ("instruments", "instrument")))
    rows = {one: instruments[targets[one]["instrument"]] for one in ids.split(", ") if one}
    issuers = grouped(rows, lambda one: rows[one][f"issuer_{page.language}"])
    told = ", ".join(f"{issuer} ({', '.join(same)})" for issuer, same in issuers.items())
    return page._("{unit}; to be answered by: {told}", unit=page.meta("unit"), told=told) if told else ""


def total(page: Page, row) -> str:
    """The size of a base, of one that is the sum of categories with these: `605 + 539 = 1,144`."""
    mapped = page.catalogue.target_mapping
    mapped = mapped[(mapped["target"] == row.target_id) & (mapped["indicator"] == row.indicator)]
    levels = mapped["base_levels"].iloc[0]
    points = (point for point in page.report.points[row.indicator] if point.as_of == row.as_of)
    parts = [point.value for point in points if point.level in levels.split("+")]
    told = page.number(row.of_low)
    return f"{' + '.join(map(page.number, parts))} = {told}" if len(parts) > 1 and sum(parts) == row.of_low else told


def _between(page: Page, row, fields: dict[str, object]) -> str:
    """The ends of a share whose base can have any size between two, each with what it would mean."""
    if pd.isna(row.share_low):
        return page._("Nothing can be said of it.")
    ends = {name: page.quantity(getattr(row, f"share_{name}"), "%", beside=(row.target,)) for name in ("low", "high")}
    if pd.isna(row.counted):
        return page._("At {date} it is {low} or more.", **ends, **fields)
    sizes = {"all": page.number(row.of_high), "count": page.number(row.of_low)}
    sizes["unit"] = page.unit_name(page.unit_of(row.indicator))
    text = "At {date}: {low} if all {all} belong to them, {high} if only the {count} {unit} counted do."
    return page._(text, **ends, **sizes, **fields)
