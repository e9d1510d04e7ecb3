"""Two editions of one unit's report: what was told before and is told otherwise now, apart from what has happened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from reformlib.load.cells import clean, parse_period
from reformlib.load.report import Catalogue, Report, load_report
from reformlib.load.rows import each_row

# What a row is about; English messages, translated where they are shown.
GROUPS = {
    "revision": "revised",
    "method": "method changed",
    "coverage": "appeared or vanished",
    "change": "new figures",
}
KINDS = {
    "value": "another figure for the same date",
    "status": "the same figure with another status",
    "label": "another label of the row",
    "note": "another remark in the cell",
    "universe": "another total that shares are taken of",
    "log": "another correction or assumption",
    "way_of_writing": "figures written in another way",
    "appeared": "a figure that was not there",
    "vanished": "a figure that is there no more",
    "period_appeared": "an earlier period that was not there",
    "period_vanished": "a period that is there no more",
    "row_appeared": "a row of the form that was not there",
    "row_vanished": "a row of the form that is there no more",
    "fact_changed": "another figure in the text",
    "fact_appeared": "a figure of the text that was not there",
    "fact_vanished": "a figure of the text that is there no more",
    "later_date": "the same year, counted to a later date",
    "new_period": "a new period",
}
# Groups that say something else of a time that was told of before.
TOLD_OTHERWISE = ("revision", "method", "coverage")

COLUMNS = [
    "group",
    "kind",
    "subject",
    "name_vi",
    "name_en",
    "level",
    "as_of",
    "unit",
    "before",
    "after",
    "said_before",
    "said_after",
    "place_before",
    "place_after",
]


def diff(before: Report, after: Report) -> pd.DataFrame:
    """What the edition `after` says otherwise than `before`, and what it adds.

    One row a difference: `group` (a code of `GROUPS`) and `kind` (of `KINDS`); `subject` an indicator, a heading of
    the form, a figure of facts.csv, an entry of the log, or a field of report.yml; `as_of` the date it is about;
    `before` and `after` the values in `unit`, missing where there is none; `said_…` what is printed, `place_…` where.

    Revised is another figure for the same series and the same date. A figure of a year that was then counted to an
    earlier date, and one of a date later than the earlier edition's data, are new figures, told beside the latest
    figure of the edition before. A figure that only one edition has for a date both could have told is one that
    appeared or vanished. Figures of the text are matched by their code.

    Signatures of 2019 told as 1445, then as 1450: a row `revision`, `value`, `signatures`, 1445, 1450.
    """
    rows = [*_cells(before, after), *_form(before, after), *_methods(before, after), *_facts(before, after)]
    named = ("name_vi", "name_en")
    rows = [row | dict(zip(named, _names(before, after, row["subject"]), strict=True)) for row in rows]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = list(GROUPS)
    frame = frame.assign(as_of=pd.to_datetime(frame["as_of"]), **frame[["before", "after"]].astype(float))
    return frame.sort_values("group", key=lambda codes: codes.map(order.index), kind="stable", ignore_index=True)


def differences(pairs: Iterable[tuple[Path, Path]], catalogue: Catalogue) -> pd.DataFrame:
    """:func:`diff` of every pair of report folders, the ids of both before it in `earlier` and `later`."""
    found = []
    for folders in pairs:
        before, after = (load_report(folder, catalogue) for folder in folders)
        frame = diff(before, after)
        frame.insert(0, "earlier", before.meta.id)
        frame.insert(1, "later", after.meta.id)
        found.append(frame)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["earlier", "later", *COLUMNS])


def _cells(before: Report, after: Report):
    old, new = _points(before), _points(after)
    shared = set(before.observations["indicator"]) & set(after.observations["indicator"])
    told_until = before.meta.data_date
    heads = [{parse_period(head).year: head for head in report.annex.columns[2:]} for report in (before, after)]
    for year, head in heads[0].items():
        if year not in heads[1]:
            yield _told("coverage", "period_vanished", head, {"said_before": head})
    for year, head in heads[1].items():
        if year not in heads[0] and parse_period(head).as_of <= told_until:
            yield _told("coverage", "period_appeared", head, {"said_after": head})
    for key in dict.fromkeys([*old, *new]):
        a, b = old.get(key), new.get(key)
        point = b if b is not None else a
        if point.indicator not in shared or (b is None and key[2] not in heads[1]):
            continue  # told once, as a row or a period of the form
        had, has = a is not None and a.value == a.value, b is not None and b.value == b.value
        if had and has and a.as_of == b.as_of:
            if a.value != b.value:
                yield _row("revision", "value", a, b)
            elif a.status != b.status:
                yield _row("revision", "status", a, b, said=(a.status, b.status))
            if _remark(a.raw) != _remark(b.raw):
                yield _row("method", "note", a, b)
        elif had and has and b.as_of > a.as_of:
            yield _row("change", "later_date", a, b)
        elif had and has:
            yield _row("revision", "value", a, b)
        elif has and key[2] not in heads[0]:
            if b.as_of.date() > told_until:
                yield _row("change", "new_period", _latest(old, b), b)
        elif has:
            yield _row("coverage", "appeared", a, b)
        elif had:
            yield _row("coverage", "vanished", a, b)


def _points(report: Report) -> dict[tuple[str, str, int], object]:
    return {(p.indicator, p.level, p.year): p for p in each_row(report.observations)}


def _latest(points: dict, of) -> object | None:
    """The latest figure of the same series."""
    known = [p for p in points.values() if (p.indicator, p.level) == (of.indicator, of.level) and p.value == p.value]
    return max(known, key=lambda p: p.as_of, default=None)


def _row(group: str, kind: str, a, b, said: tuple[str, str] | None = None) -> dict:
    point = b if b is not None else a
    return {
        "group": group,
        "kind": kind,
        "subject": point.indicator,
        "level": point.level,
        "as_of": point.as_of,
        "unit": point.unit,
        "before": None if a is None else a.value,
        "after": None if b is None else b.value,
        "said_before": said[0] if said else "" if a is None else a.raw,
        "said_after": said[1] if said else "" if b is None else b.raw,
        "place_before": "" if a is None else a.place,
        "place_after": "" if b is None else b.place,
    }


def _remark(raw: str) -> str:
    """What stands in brackets in a cell."""
    return "; ".join(re.findall(r"\(([^()]*)\)", clean(raw)))


def _names(before: Report, after: Report, subject: str) -> tuple[str, str]:
    about = before.catalogue.indicators
    about = about[about["indicator"] == subject]
    if len(about):
        return about["short_vi"].iat[0], about["short_en"].iat[0]
    for report in (after, before):
        facts = report.facts[report.facts["fact"] == subject]
        if len(facts):
            return facts["subject_vi"].iat[0], facts["subject_en"].iat[0]
    entry = next((e for report in (after, before) for e in report.assumptions if e["id"] == subject), None)
    return (entry["what_vi"], entry["what_en"]) if entry else (subject, subject)


def _form(before: Report, after: Report):
    names = before.catalogue.indicators.set_index(before.catalogue.indicators["form_row"].astype(str))["indicator"]
    old, new = (report.annex.set_index("form_row")["label"] for report in (before, after))
    for row in dict.fromkeys([*old.index, *new.index]):
        a, b = old.get(row), new.get(row)
        if a is None or b is None:
            kind, group = ("row_appeared" if a is None else "row_vanished"), "coverage"
        elif clean(a).casefold() != clean(b).casefold():
            kind, group = "label", "method"
        else:
            continue
        said = {"said_before": a or "", "said_after": b or "", "place_before": f"annex.csv, {row}"}
        yield _told(group, kind, names[row], said | {"place_after": f"annex.csv, {row}"})


def _methods(before: Report, after: Report):
    for indicator in dict.fromkeys([*before.meta.universes, *after.meta.universes]):
        a, b = (report.meta.universes.get(indicator, "") for report in (before, after))
        if a != b:
            told = _sides(*(_fact(report, name) for report, name in ((before, a), (after, b))))
            yield _told("method", "universe", indicator, told)
    if before.meta.locale != after.meta.locale:
        said = {"said_before": before.meta.locale, "said_after": after.meta.locale}
        yield _told("method", "way_of_writing", "locale", said)
    old, new = ({entry["id"]: entry for entry in report.assumptions} for report in (before, after))
    for name in dict.fromkeys([*old, *new]):
        a, b = (_entry(log.get(name)) for log in (old, new))
        if a != b:
            said = {
                "said_before": old.get(name, {}).get("what_vi", ""),
                "said_after": new.get(name, {}).get("what_vi", ""),
            }
            yield _told("method", "log", name, said)


def _entry(entry: dict | None) -> tuple | None:
    """What an entry does: kind, status, series and what becomes of them; its cells move with the years."""
    if entry is None:
        return None
    about = sorted({(cell["indicator"], cell["level"], cell["becomes"] or "") for cell in entry["cells"]})
    return entry["kind"], entry["status"], tuple(about), entry["what_vi"]


def _facts(before: Report, after: Report):
    old, new = ({row.fact: row for row in each_row(report.facts)} for report in (before, after))
    for name in dict.fromkeys([*old, *new]):
        a, b = old.get(name), new.get(name)
        said = _sides(a, b)
        if a is None or b is None:
            yield _told("coverage", "fact_appeared" if a is None else "fact_vanished", name, said)
        elif (a.value, a.unit, said["said_before"]) != (b.value, b.unit, said["said_after"]):
            # a figure that names another date is a figure of that date
            moved = a.date != b.date or (not a.date and before.meta.data_date != after.meta.data_date)
            yield _told("change" if moved else "revision", "fact_changed", name, said)


def _fact(report: Report, name: str):
    return next((row for row in each_row(report.facts) if row.fact == name), None)


def _sides(a, b) -> dict:
    """A figure of the text before and after, None where it is not there."""
    known = b or a
    return {
        "unit": known.unit if known else "",
        "before": a and a.value,
        "after": b and b.value,
        "said_before": f"{a.qualifier} {a.raw}".strip() if a else "",
        "said_after": f"{b.qualifier} {b.raw}".strip() if b else "",
        "place_before": a.section if a else "",
        "place_after": b.section if b else "",
    }


def _told(group: str, kind: str, subject: str, said: dict) -> dict:
    empty = dict.fromkeys(COLUMNS) | {"level": "", "unit": "", "said_before": "", "said_after": ""}
    return empty | {"place_before": "", "place_after": ""} | {"group": group, "kind": kind, "subject": subject} | said
