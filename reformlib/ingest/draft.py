"""The form as found, matched and questioned: rows of the annex, the doubts, what was settled and how."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from reformlib.errors import ReformError
from reformlib.ingest.body import Row
from reformlib.ingest.form import Form
from reformlib.ingest.match import best
from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.wording import SCALES
from reformlib.load.cells import clean, parse_cell, parse_period
from reformlib.load.neutral import restored
from reformlib.load.rows import each_row

MAPPING_KINDS = ("label", "heading", "cell")
ASIDE = "-"
MAPPING_LIMIT = 1_000_000  # bytes
_PERCENT = re.compile(r"%|phần trăm", re.IGNORECASE)
_SCALED = re.compile(rf"\b{SCALES}\b", re.IGNORECASE)
_LEVEL_NUMBER = re.compile(r"(mức(?:\s+độ)?\s*\d\s*:\s*\d+(?:[.,]\d+)*)(?![\d.,]*\s*%)", re.IGNORECASE)


@dataclass(frozen=True)
class Doubt:
    """A question that the file leaves open, and what `--accept` would take for its answer."""

    kind: str  # label, heading or cell: what a mapping file can answer
    place: str
    printed: str
    why: Remark
    answer: str  # an indicator, a heading, how a cell is read; "-" sets a row or column aside
    score: float | None = None
    settled: str = ""  # "mapping", "accepted" or "" while it is open
    detail: str = ""  # what the parser said, in English


@dataclass
class Draft:
    """What becomes of the form: the annex, readings to record as assumptions, doubts, and rows left out.

    `found` has one entry an indicator: indicator, form_row, printed number, label, place, score, cells filled.
    """

    form: Form
    annex: pd.DataFrame
    found: list[dict]
    missing: list[str]
    aside: list[tuple[str, str, str, float]]  # place, label, what it resembles, score
    doubts: list[Doubt]
    assumptions: list[dict] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def open(self) -> list[Doubt]:
        """Doubts that nobody settled."""
        return [doubt for doubt in self.doubts if not doubt.settled]


def read_mapping(path: Path | None) -> dict[str, dict[str, str]]:
    """Answers to doubts from a CSV file with the columns kind, printed, means; by kind, then by the text or its place.

    Raises ReformError for a file that is not one.
    """
    answers: dict[str, dict[str, str]] = {kind: {} for kind in MAPPING_KINDS}
    if path is None:
        return answers
    try:
        if not path.is_file() or path.stat().st_size > MAPPING_LIMIT:
            raise OSError("no file, or one of more than a million bytes")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {(key or "").strip(): cell for key, cell in row.items()} for row in csv.DictReader(file, strict=True)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReformError(
            f"the mapping file cannot be read: {error}", where=str(path), expected="CSV in UTF-8"
        ) from None
    for number, row in enumerate(rows, start=2):
        kind = (row.get("kind") or "").strip()
        if set(row) != {"kind", "printed", "means"} or kind not in MAPPING_KINDS or row["means"] is None:
            raise ReformError(
                "the mapping file has a row that is not understood",
                where=f"{path}, row {number}",
                expected=f"columns kind, printed, means; kind one of: {', '.join(MAPPING_KINDS)}",
            )
        answers[kind][_key(restored(row["printed"]))] = restored(row["means"]).strip()
    return answers


def draft(
    form: Form, indicators: pd.DataFrame, answers: dict[str, dict[str, str]], *, accept: bool, locale: str
) -> Draft:
    """Match the form's rows, read its cells once to see that they can be read, and list every doubt.

    `indicators` is the catalogue's table, `answers` what a mapping file settles, `locale` how figures are written.
    With `accept` every open doubt takes its proposed answer. Raises ReformError for answers that name no indicator.
    """
    by_code = {ind.indicator: ind for ind in each_row(indicators)}
    names = {code: (str(ind.form_row), ind.name_vi) for code, ind in by_code.items()}
    made = Draft(form, pd.DataFrame(), [], [], [], [], remarks=list(form.remarks))
    taken = _assign(form, names, answers["label"], made, accept)
    headings = _headings(form, answers["heading"], made, accept)
    lines = {}
    for code, (row, score) in taken.items():
        ind = by_code[code]
        texts = {}
        for printed, heading in headings.items():
            texts[heading] = _cell(row, printed, heading, ind, answers["cell"], made, accept, locale)
        lines[int(ind.form_row)] = {"form_row": str(ind.form_row), "label": row.label, **texts}
        made.found.append(
            {
                "indicator": code,
                "form_row": str(ind.form_row),
                "number": row.number,
                "label": row.label,
                "place": row.place,
                "score": score,
                "filled": sum(bool(text) for text in texts.values()),
            }
        )
    made.found.sort(key=lambda entry: int(entry["form_row"]))
    made.missing = [code for code in by_code if code not in taken]
    _elsewhere(form, names, answers["label"], made, accept)
    columns = ["form_row", "label", *headings.values()]
    made.annex = pd.DataFrame([lines[n] for n in sorted(lines)], columns=columns, dtype=str)
    return made


def _assign(form: Form, names, answers: dict[str, str], made: Draft, accept: bool) -> dict[str, tuple[Row, float]]:
    """The row of every indicator. A row that two could mean, or two rows that mean one, stay a question."""
    rows_of = {row: code for code, (row, _) in names.items()}
    taken: dict[str, tuple[Row, float]] = {}
    matched = [(row, best(row.label, row.number, names)) for row in form.rows]
    proposals = []
    for row, match in matched:
        given = _answer(answers, row.place, row.label)
        if given is not None:
            code = rows_of.get(given, given)
            if code != ASIDE and code not in names:
                raise ReformError(
                    f"the mapping file takes «{row.label}» for {given!r}, which is no indicator",
                    expected=f"a code such as {', '.join(list(names)[:3])}, a form row, or - to leave the row out",
                )
            made.doubts.append(Doubt("label", row.place, row.label, remark("told"), code, match.score, "mapping"))
            proposals.append((row, code, match.score, 2))
        elif match.certain:
            proposals.append((row, match.indicator, match.score, 1))
        elif match.indicator:
            proposals.append((row, match.indicator, match.score, 0))
        else:
            proposals.append((row, ASIDE, match.score, 1))
    for row, code, score, sure in sorted(proposals, key=lambda p: (-p[3], -p[2])):
        why = next(m.why for r, m in matched if r is row) or remark("told")
        if code == ASIDE:
            made.aside.append((row.place, row.label, "", score))
        elif code in taken and sure == 2:
            raise ReformError(f"the mapping file takes two rows for {code}: {taken[code][0].place}, {row.place}")
        elif code in taken:
            other = taken[code][0]
            # a row that only resembles it may be the right one if it has the same printed number
            if (sure == 1 or (row.number and row.number == other.number)) and not _answered(other, made):
                doubt = Doubt(
                    "label", row.place, row.label, remark("twice", name=names[code][1], place=other.place), ASIDE, score
                )
                made.doubts.append(replace(doubt, settled="accepted" if accept else ""))
            made.aside.append((row.place, row.label, names[code][1], score))
        else:
            if sure == 0:
                made.doubts.append(Doubt("label", row.place, row.label, why, code, score, "accepted" if accept else ""))
            taken[code] = (row, score)
    return taken


def _elsewhere(form: Form, names, answers: dict[str, str], made: Draft, accept: bool) -> None:
    """A row that the form lacks and that another table of the file has is a question: its figures would be lost."""
    for place, label in form.elsewhere:
        match = best(label, "", names)
        if match.certain and match.indicator in made.missing:
            given = _answer(answers, place, label)
            if given not in (None, ASIDE):
                raise ReformError(
                    f"«{label}» cannot be taken from this table",
                    where=place,
                    fix="put the row into the table of the form, or answer - to leave it out",
                )
            settled = "mapping" if given else "accepted" if accept else ""
            made.doubts.append(Doubt("label", place, label, remark("elsewhere"), ASIDE, match.score, settled))


def _answered(row: Row, made: Draft) -> bool:
    return any(doubt.place == row.place and doubt.settled == "mapping" for doubt in made.doubts)


def _headings(form: Form, answers: dict[str, str], made: Draft, accept: bool) -> dict[str, str]:
    """How each printed heading of a period stands in the annex."""
    headings = {}
    for printed in form.headings:
        meaning = answers.get(_key(printed), printed)
        if _key(printed) in answers:
            made.doubts.append(Doubt("heading", form.place, printed, remark("told"), meaning, None, "mapping"))
        if meaning != ASIDE:
            parse_period(meaning)
            headings[printed] = meaning
    for printed, why in form.unread:
        if _key(printed) not in answers:
            settled = "accepted" if accept else ""
            made.doubts.append(Doubt("heading", form.place, printed, remark(why), ASIDE, None, settled))
    return headings


def _cell(row: Row, printed: str, heading: str, ind, answers, made: Draft, accept: bool, locale: str) -> str:
    """The text of a cell for the annex; a doubt where it cannot be read, with what is read instead as an assumption."""
    text = _with_notes(row.cells[printed], made.form.notes)
    place = f"{row.place}, {printed}"
    levels = tuple(level for level in ind.levels.split(";") if level)
    doubtful = row.doubts.get(printed, "")
    if doubtful == "unformatted" and (ind.unit != "%" or text == "0"):
        doubtful = ""
    why, detail = remark(doubtful) if doubtful else None, ""
    if not doubtful and text:
        unit = _unit_said(row)
        why, detail = _trouble(text, unit, ind, levels, locale)
        if why and ind.unit == "%" and _PERCENT.search(unit):
            read = _LEVEL_NUMBER.sub(r"\1%", text) if levels else f"{text}%"
            again, _ = _trouble(read, unit, ind, levels, locale)
            if not again and not _fraction(read, ind, levels, locale):
                made.assumptions.append(_assumption(ind.indicator, heading, text, read, "unit", place))
                made.remarks.append(remark("percent_unit", place=place, printed=text, read=read))
                why = None
            elif not again:
                why, detail = remark("fraction"), ""
    if not why and _key(place) not in answers:
        return text
    given = _answer(answers, place, text)
    if given is not None:
        made.doubts.append(Doubt("cell", place, text, remark("told"), given, None, "mapping"))
        try:
            parse_cell(given, unit=ind.unit, levels=levels, locale=locale)
        except ReformError as error:
            error.where = f"the mapping file's answer for {place}"
            raise
        if given != text:
            made.assumptions.append(_assumption(ind.indicator, heading, text, given, "mapping", place))
        return text
    made.doubts.append(Doubt("cell", place, text, why, "", None, "accepted" if accept else "", detail))
    if text:
        made.assumptions.append(_assumption(ind.indicator, heading, text, "", "accepted", place))
    return text


def _trouble(text: str, unit: str, ind, levels: tuple[str, ...], locale: str) -> tuple[Remark | None, str]:
    """Why the text of a cell cannot be taken as it stands, in a row that gives `unit`; what the parser said."""
    try:
        values = parse_cell(text, unit=ind.unit, levels=levels, locale=locale)
    except ReformError as error:
        return remark("unreadable"), error.what + (f"; expected {error.expected}" if error.expected else "")
    if ind.unit != "%" and (_PERCENT.search(unit) or _SCALED.search(unit)) and any(v.value for v in values):
        return remark("unit", unit=unit), ""
    return None, ""


def _fraction(text: str, ind, levels: tuple[str, ...], locale: str) -> bool:
    """Whether a share is at most 1: of a column in per cent, 0.9 may be meant for 90 %."""
    return any(0 < v.value <= 1 for v in parse_cell(text, unit=ind.unit, levels=levels, locale=locale))


def _unit_said(row: Row) -> str:
    """The unit that a row gives, in a column of its own or in the brackets of its label."""
    said = re.search(r"\(\s*(?:(?:đvt|đơn vị)[^:)]*:?)?\s*([^)]*)\)\s*$", row.label, re.IGNORECASE)
    return " ".join(filter(None, [row.unit, said[1].strip() if said else ""]))


def _with_notes(text: str, notes: dict[str, str]) -> str:
    """A cell whose footnote is known carries the note's words in its brackets, as the form itself writes them.

    >>> _with_notes("1.445 (1)", {"1": "Gồm cả SIM PKI (25)."})
    '1.445 (1: Gồm cả SIM PKI [25].)'
    """
    found = re.fullmatch(r"(.*?[\d%])\s*(?:\((\d{1,2}|\*{1,3}|[a-z])\)|(\*{1,3})|\[(\d{1,2})\])", text, re.DOTALL)
    if not found:
        return text
    mark = found[2] or found[3] or found[4]
    if mark not in notes:
        return f"{found[1]} ({mark})" if found[3] or found[4] else text
    words = re.sub(r"\s+", " ", notes[mark].replace("(", "[").replace(")", "]")).strip()
    return f"{found[1]} ({mark}: {words})"


def _assumption(indicator: str, heading: str, text: str, becomes: str, why: str, place: str) -> dict:
    reasons = {
        "mapping": ("tệp đối chiếu nêu như vậy", "the mapping file says so"),
        "unit": ("cột đơn vị tính của biểu ghi %", "the form gives the unit as %"),
        "accepted": (
            "không đọc được ô này; coi là chưa có số liệu cho đến khi được xác nhận",
            "the cell cannot be read; taken as missing until it is confirmed",
        ),
    }
    why_vi, why_en = reasons[why]
    shown_vi, shown_en = (f"«{becomes}»", f"«{becomes}»") if becomes else ("chưa có số liệu", "missing")
    year = parse_period(heading).year
    return {
        "id": f"ingest-{indicator}-{year}",
        "kind": "assumption",
        "cells": [{"indicator": indicator, "year": year, "expects": text, "becomes": becomes}],
        "what_vi": f"Ô ghi «{text}» được đọc là {shown_vi}.",
        "what_en": f"The cell «{text}» is read as {shown_en}.",
        "why_vi": f"{why_vi[0].upper()}{why_vi[1:]} ({place}).",
        "why_en": f"{why_en[0].upper()}{why_en[1:]} ({place}).",
        "by": "reformlib ingest",
    }


def _answer(answers: dict[str, str], place: str, text: str) -> str | None:
    """What the mapping file says of a place, else of the text that stands there."""
    return answers.get(_key(place), answers.get(_key(text)) if text else None)


def _key(text: str) -> str:
    return clean(text).replace("\n", " ").lower()
