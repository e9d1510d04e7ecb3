"""Two editions of one unit's report: what the later one states otherwise, kept apart from what has happened since."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import clean
from reformlib.load.codes import codes
from reformlib.load.fields import frame
from reformlib.load.identity import refuse_twins
from reformlib.load.period import Period, likeness
from reformlib.load.report import Report, load_report
from reformlib.load.rows import each_row

# What a row is about; English messages, translated where they are shown.
GROUPS = codes("difference_group")
KINDS = codes("difference")

TEXTS = ["level", "unit", "said_before", "said_after", "place_before", "place_after"]


def diff(before: Report, after: Report) -> pd.DataFrame:
    """What the edition `after` says otherwise than `before`, and what it adds.

    One row a difference: `group` (a code of `GROUPS`) and `kind` (of `KINDS`); `subject` an indicator, a heading of
    the form, a figure of facts.csv, an entry of the log, or a field of report.yml; `as_of` the date it is about;
    `before` and `after` the values in `unit`, missing where there is none; `said_…` what is printed, `place_…` where.

    Revised is another figure for the same series and the same period. A figure of a year that was then counted to an
    earlier date, and one of a date later than the earlier edition's data, are new figures, set beside the latest
    figure of the edition before, of a period like its own. A figure that only one edition has for a date both could
    have told is one that appeared or vanished. Figures of the text are matched by their code.

    Raises ReformError where both are folders of one unit, place and edition, and where they are by two forms.

    Signatures of 2019 stated as 1445, then as 1450: a row `revision`, `value`, `signatures`, 1445, 1450.
    """
    if not isinstance(after, Report):
        raise ReformError(f"not a report: {after!r}", expected="what rl.load_report gives of a later edition")
    metas = ((one.folder, one.meta) for one in (before, after))
    refuse_twins((folder, meta.unit_vi, meta.place_vi, meta.edition) for folder, meta in metas)
    forms = list(dict.fromkeys(one.meta.form for one in (before, after)))
    if len(forms) > 1:
        where, fix = f"{before.folder} and {after.folder}", "compare editions by one form"
        raise ReformError(f"the reports are by two forms: {', '.join(forms)}", where=where, fix=fix)
    rows = [*_periods(before, after), *_cells(before, after), *_form(before, after)]
    rows += [*_methods(before, after), *_facts(before, after)]
    names = {subject: _names(before, after, subject) for subject in {row["subject"] for row in rows}}
    named = [row | dict(zip(("name_vi", "name_en"), names[row["subject"]], strict=True)) for row in rows]
    return frame("differences", named).sort_values(
        "group", key=lambda codes: codes.map(list(GROUPS).index), kind="stable", ignore_index=True
    )


def differences(pairs: Iterable[tuple[Path, Path]], catalogues: dict[Path, Catalogue] | None = None) -> pd.DataFrame:
    """:func:`diff` of every pair of report folders, the ids of both in `earlier` and `later`."""
    frames = [frame("differences", [], "earlier", "later")]
    for folders in pairs:
        before, after = (load_report(folder, catalogues) for folder in folders)
        frames.append(diff(before, after).assign(earlier=before.meta.id, later=after.meta.id))
    return pd.concat(frames[1:] or frames, ignore_index=True)


def _both(old: Mapping, new: Mapping) -> Iterator[tuple]:
    """Every key of two editions, those of the earlier one first, with what stands under it in each, else None."""
    return ((key, old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new]))


def _headings(report: Report) -> dict[str, tuple[str, Period]]:
    """The headings of the annex by the code of the period they are about."""
    return {one.code: (heading, one) for heading, one in report.headings.items()}


def _as_before(old: dict[str, tuple[str, Period]], new: dict[str, tuple[str, Period]]) -> dict[str, str]:
    """What the later edition's periods go by, by their code: by that of the period of the same days in the earlier one,
    else by their own. So "Năm 2020 (Tính đến 31/3)" stays one period where "Năm 2020" stands beside it later."""
    days = {(one.start, one.end): code for code, (_, one) in old.items()}
    found = {code: days[one.start, one.end] for code, (_, one) in new.items() if (one.start, one.end) in days}
    taken = set(found.values())
    return {code: found.get(code, f"{code}, new" if code in taken else code) for code in new}


def _periods(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    """Periods of the form that are there no more, or that the earlier edition could have had."""
    old, new = _headings(before), _headings(after)
    known = _as_before(old, new)
    for _code, a, b in _both(old, {known[code]: one for code, one in new.items()}):
        if b is None:
            yield _row("coverage", "period_vanished", a[0], said_before=a[0])
        elif a is None and b[1].end <= before.meta.data_date:
            yield _row("coverage", "period_appeared", b[0], said_after=b[0])


def _cells(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    """Differences of the cells of indicators and periods that both editions have, and figures of new periods."""
    had, has = _headings(before), _headings(after)
    known = _as_before(had, has)
    old = {(p.indicator, p.level, p.period): p for p in each_row(before.observations)}
    new = {(p.indicator, p.level, known[p.period]): p for p in each_row(after.observations)}
    shared = set(before.observations["indicator"]) & set(after.observations["indicator"])
    for (indicator, _level, period), a, b in _both(old, new):
        if indicator not in shared or period not in known.values():
            continue  # stated once, as a row or a period of the form
        if period in had:
            yield from (_figures(group, kind, a, b) for group, kind in _kinds(a, b))
        elif _has_value(b) and b.as_of.date() > before.meta.data_date:
            yield _figures("change", "new_period", _latest(old, b, after.meta.exists_from), b)


def _has_value(point: Any) -> bool:
    return point is not None and pd.notna(point.value)


def _kinds(a: Any, b: Any) -> Iterator[tuple[str, str]]:
    """How two cells of one series and period differ: codes of `GROUPS` and `KINDS`."""
    if not (_has_value(a) and _has_value(b)):
        if _has_value(a) or _has_value(b):
            yield "coverage", "vanished" if _has_value(a) else "appeared"
    elif b.as_of > a.as_of:
        yield "change", "later_date"
    elif a.as_of > b.as_of or (a.value, a.bound) != (b.value, b.bound):
        yield "revision", "value"
    elif a.status != b.status:
        yield "revision", "status"
    if _has_value(a) and _has_value(b) and a.as_of == b.as_of and _remark(a.raw) != _remark(b.raw):
        yield "method", "note"


def _latest(points: dict, of: Any, began: date | None) -> Any:
    """The latest figure of the same series that may stand beside one, a quarter's beside the same quarter's; None where
    there is none, as where the body began between the two."""
    same = [p for p in points.values() if (p.indicator, p.level) == (of.indicator, of.level) and _has_value(p)]
    if began and of.as_of.date() >= began:
        same = [p for p in same if p.as_of.date() >= began]
    return max((p for p in same if likeness(p) == likeness(of)), key=lambda p: p.as_of, default=None)


def _figures(group: str, kind: str, a: Any, b: Any) -> dict[str, Any]:
    """A difference of two cells, either of which may be missing."""
    point = a if b is None else b
    row = _row(group, kind, point.indicator, level=point.level, as_of=point.as_of, unit=point.unit)
    for side, cell in (("before", a), ("after", b)):
        if cell is not None:
            said = cell.status if kind == "status" else cell.raw
            row |= {side: cell.value, f"said_{side}": said, f"place_{side}": cell.place}
    return row


def _remark(raw: str) -> str:
    """What stands in brackets in a cell."""
    return "; ".join(re.findall(r"\(([^()]*)\)", clean(raw)))


def _names(before: Report, after: Report, subject: str) -> tuple[str, str]:
    """What a subject is called in Vietnamese and English: an indicator, a figure of the text, an entry of the log."""
    if about := before.catalogue.rows_by("indicators", "indicator").get(subject):
        return about["short_vi"], about["short_en"]
    for report in (after, before):
        if fact := report.rows_by("facts", "fact").get(subject):
            return fact["subject_vi"], fact["subject_en"]
    entry = next((e for report in (after, before) for e in report.assumptions if e["id"] == subject), None)
    return (entry["what_vi"], entry["what_en"]) if entry else (subject, subject)


def _form(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    """Rows of the form that only one edition has, or that another label names."""
    for row, a, b in _both(
        *(dict(zip(one.annex["form_row"], one.annex["label"], strict=True)) for one in (before, after))
    ):
        if a is None or b is None:
            group, kind = "coverage", "row_appeared" if a is None else "row_vanished"
        elif clean(a).casefold() != clean(b).casefold():
            group, kind = "method", "label"
        else:
            continue
        places = dict.fromkeys(("place_before", "place_after"), f"annex.csv, {row}")
        yield _row(group, kind, before.catalogue.rows[row].indicator, said_before=a or "", said_after=b or "", **places)


def _methods(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    """Other totals that shares are taken of, another way of writing figures, other entries of the log."""
    for indicator, a, b in _both(before.meta.universes, after.meta.universes):
        if a != b:
            facts = (before.universe_fact(indicator), after.universe_fact(indicator))
            yield _row("method", "universe", indicator, **_sides(*facts))
    if before.meta.locale != after.meta.locale:
        yield _row("method", "way_of_writing", "locale", said_before=before.meta.locale, said_after=after.meta.locale)
    for name, a, b in _both(*({entry["id"]: entry for entry in one.assumptions} for one in (before, after))):
        if _effect(a) != _effect(b):
            said_before, said_after = (entry["what_vi"] if entry else "" for entry in (a, b))
            yield _row("method", "log", name, said_before=said_before, said_after=said_after)


def _effect(entry: dict | None) -> tuple | None:
    """What an entry does: kind, status, series and what becomes of them; its cells move with the years."""
    if entry is None:
        return None
    about = sorted({(cell["indicator"], cell["level"], cell["becomes"] or "") for cell in entry["cells"]})
    return entry["kind"], entry["status"], tuple(about), entry["what_vi"]


def _facts(before: Report, after: Report) -> Iterator[dict[str, Any]]:
    """Figures of the text that only one edition has, or that differ."""
    for name, a, b in _both(before.rows_by("facts", "fact"), after.rows_by("facts", "fact")):
        sides = _sides(a, b)
        if a is None or b is None:
            yield _row("coverage", "fact_appeared" if a is None else "fact_vanished", name, **sides)
        elif (a["value"], a["unit"], sides["said_before"]) != (b["value"], b["unit"], sides["said_after"]):
            # a figure that names another date is a figure of that date
            moved = a["date"] != b["date"] or (not a["date"] and before.meta.data_date != after.meta.data_date)
            yield _row("change" if moved else "revision", "fact_changed", name, **sides)


def _sides(a: dict | None, b: dict | None) -> dict[str, Any]:
    """A figure of the text before and after, either of which may be missing."""
    sides = {"unit": (b or a or {}).get("unit", "")}
    for side, fact in (("before", a), ("after", b)):
        if fact is not None:
            said = f"{fact['qualifier']} {fact['raw']}".strip()
            sides |= {side: fact["value"], f"said_{side}": said, f"place_{side}": fact["section"]}
    return sides


def _row(group: str, kind: str, subject: str, **more: Any) -> dict[str, Any]:
    return dict.fromkeys(TEXTS, "") | {"group": group, "kind": kind, "subject": subject, **more}
