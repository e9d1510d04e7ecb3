"""The annex as printed to tidy observations, each with its place, SDMX status and note."""

from datetime import date
from pathlib import Path

import pandas as pd

from reformlib.errors import ReformError, counted, refuse
from reformlib.load.assumptions import by_cell, corrected
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import LOCALES, CellValue
from reformlib.load.dates import last_day
from reformlib.load.fields import frame
from reformlib.load.meta import ReportMeta
from reformlib.load.period import KINDS, Period, periods_of, usual_months
from reformlib.load.rows import records
from reformlib.locale import period_name

NO_VALUE = CellValue("", float("nan"), "", 0)  # of an empty cell


def observe(
    annex: pd.DataFrame, catalogue: Catalogue, meta: ReportMeta, assumptions: list[dict], path: Path
) -> pd.DataFrame:
    """Read the printed form into tidy observations.

    `annex` has `form_row`, `label` and one text column a period; `catalogue` is its form. The result has one row an
    indicator, level and period, periods in their order, with the columns that fields.csv says: `value` a float in
    `unit`, NaN where the cell is empty (status O) or where a rate has no base (status M, the printed 0 stays in `raw`);
    `start` and `as_of` the first and last day of the `period`; `place` such as "Annex 7, row 10, 2019"; `note` in
    English, with the words printed in brackets first; `place_vi`, whose heading is as printed, and `note_vi` say the
    same in Vietnamese. A flow, or a share of flows, over less time than the columns of the report usually cover is
    provisional (P); what the heading calls an estimate has status E. Of low reliability (U) is a figure that is printed
    as a bound, which stands in `bound`; `count` and `base` are those that a share is printed with, or a count with its
    base. The first figure of a series after the body began (`exists_from`) has status B where there are earlier ones:
    those are of another body.

    Raises ReformError naming every cell that cannot be read, every form row that the catalogue lacks, every
    entry of the log whose expected text is no longer there, and headings of periods that the report cannot know or the
    form is not for (:func:`check_periods`).
    """
    # time goes by the dates that the headings tell, wherever their columns stand
    periods = periods_in(annex, path)
    check_periods(periods, catalogue, meta, path)
    usual = usual_months(periods.values())
    by_row = catalogue.rows
    unknown = [row for row in annex["form_row"] if row not in by_row]
    if unknown:
        what = f"form rows not in the form: {', '.join(unknown)}"
        raise ReformError(what, where=str(path), expected=", ".join(by_row))
    log, rows, broken = by_cell(assumptions), [], []
    for file_row, printed in enumerate(records(annex), start=2):
        ind = by_row[printed["form_row"]]
        own = ind.indicator in catalogue.row_words
        if own and not ind.levels and not any(printed[heading].strip() for heading in periods):
            continue  # no total, only a heading of the rows of its categories
        for heading, period in periods.items():
            entries = log.get((ind.indicator, period.code), [])
            entries = [pair for pair in entries if not own or pair[1]["level"] == ind.levels]
            short = ind.time_collect == "S" and (period.cut or period.months < usual)
            try:
                rows += _read_cell(ind, period, printed[heading], entries, meta, catalogue, heading, short=short)
            except ReformError as error:
                more = f"; expected {error.expected}" if error.expected else ""
                place = f"{path.name}, row {file_row} (form row {ind.form_row}), column {heading}"
                broken.append(f"{place}: {error.what}{more}")
    broken += _elsewhere(assumptions, {by_row[row].indicator for row in annex["form_row"]})
    refuse(
        broken,
        f"{counted(len(broken), 'cell')} of the form cannot be read",
        where=str(path),
        fix="correct the cells named; what is printed in them decides, nothing is guessed",
    )
    _mark_baseless_rates(rows, catalogue.rows_by("indicators", "indicator"))
    _mark_new_body(rows, meta, log)
    return frame("observations", rows)


def _elsewhere(assumptions: list[dict], in_form: set[str]) -> list[str]:
    """The entries of the log of which no cell is of an indicator that the annex has, as errors."""
    return [
        f"assumptions.yml, entry {entry['id']}: names a cell that the form does not have"
        for entry in assumptions
        if not any(cell["indicator"] in in_form for cell in entry["cells"])
    ]


def periods_in(annex: pd.DataFrame, path: Path) -> dict[str, Period]:
    """The periods of the columns of annex.csv, the file `path`, by heading, in the order of time.

    Raises ReformError as :func:`reformlib.load.period.periods_of` does.
    """
    try:
        return periods_of(annex.columns[2:])
    except ReformError as error:
        raise ReformError(error.what, where=f"{path}, row 1", expected=error.expected, fix=error.fix) from None


def check_periods(periods: dict[str, Period], form: Catalogue, meta: ReportMeta, path: Path) -> None:
    """Raise ReformError for periods that the form is not filled in for, and for those that were not over when the
    report was issued and are not called an estimate."""
    kinds = [KINDS[letter] for letter in form.form.frequencies]
    wrong = [
        f"{path.name}, row 1, column {heading}: the form {form.form.id} is not filled in by the {one.kind}"
        for heading, one in periods.items()
        if kinds and one.kind not in (*kinds, "to_date")
    ]
    last = last_day(meta.issued) if meta.issued else date.max
    wrong += [
        f"{path.name}, row 1, column {heading}: ends on {one.end}, the report is of {meta.issued}"
        for heading, one in periods.items()
        if one.end > last and not one.estimate
    ]
    refuse(
        wrong,
        where=str(path),
        expected="periods of the form that were over when the report was issued",
        fix="say what the figures are of: `Năm 2020 (Tính đến 31/3)`, or `Ước năm 2020` for an estimate; or "
        "correct `issued` in report.yml, or `frequencies` in form.yml",
    )


def _read_cell(
    ind, period: Period, raw: str, entries, meta: ReportMeta, form: Catalogue, heading: str, *, short: bool
) -> list[dict]:
    """The observations of one printed cell: one, or one a level that the indicator is broken down by."""
    levels, rows = ind.levels.split(";"), []
    read = form.parse(ind.indicator, corrected(entries, raw), meta.locale)
    values = {value.level or levels[0]: value for value in read}
    about = {"indicator": ind.indicator, "form_row": ind.form_row, "unit": ind.unit, "collect": ind.time_collect}
    about |= {"period": period.code, "year": period.year, "start": period.start, "as_of": period.end, "raw": raw}
    about |= {"place": f"{meta.annex_en}, row {ind.form_row}, {period_name(period.code, 'en')}"}
    about |= {"place_vi": f"{meta.annex_vi}, dòng {ind.form_row}, {heading}"}
    for level in levels:
        value = values.get(level, NO_VALUE)
        touching = [entry for entry, cell in entries if cell["level"] in ("", level)]
        status = _status(value, touching, period, short=short)
        told = ind.unit != "%" or not period.cut or "từ" in heading
        notes = _notes(value, period if short and value.printed else None, meta.locale, told=told)
        notes += [(entry["what_en"], entry["what_vi"]) for entry in touching]
        row = {"level": level, "value": value.value, "bound": value.bound, "count": value.count, "base": value.base}
        row |= {"status": status, "note": "; ".join(en for en, _ in notes), "note_vi": "; ".join(vi for _, vi in notes)}
        rows.append(about | row)
    return rows


def _status(value: CellValue, touching: list[dict], period: Period, *, short: bool) -> str:
    """The status of a figure: that of the last entry of the log that gives one, else by what is printed and when."""
    given = [entry["status"] for entry in touching if entry["status"]]
    read = "U" if value.bound else "P" if short else "E" if period.estimate else "A"
    return given[-1] if given else read if value.printed else "O"


def _notes(value: CellValue, short: Period | None, locale: str, *, told: bool) -> list[tuple[str, str]]:
    """What is said of a figure, which covers a `short` period where there is one; in English and in Vietnamese.

    `told` is whether its first day is: a count of a year so far is from its start, a share may be of all so far.
    """
    notes = []
    if value.note:
        notes.append((f"printed: “{value.note}”", f"ghi trong ô: “{value.note}”"))
    if short:
        start, end = short.start, short.end
        year = f"{start.year}" if start.year < end.year else ""
        en = f"covers {start.day} {start:%B} {year}".rstrip() + f" to {end.day} {end:%B %Y} only"
        vi = f"chỉ tính từ {_day_vi(start)}{year and f' năm {year}'} đến {_day_vi(end)} năm {end.year}"
        if not told:
            en = f"column stops at {end.day} {end:%B %Y}; whether counted from {start.day} {start:%B} is not told"
            vi = f"cột tính đến ngày {end.day}/{end.month}/{end.year}; chưa rõ có tính từ ngày {start:%d/%m} hay không"
        notes.append((en, vi))
    if value.ambiguous or value.scaled:
        notes.append(_read_as(value, locale))
    if value.bound:
        printed = f"{value.bound} {value.printed}"
        notes.append((f"printed as a bound: {printed}", f"chỉ nêu giới hạn: {printed}"))
    return notes


def _read_as(value: CellValue, locale: str) -> tuple[str, str]:
    """What is said of a figure that another locale, or a reader of another unit, reads otherwise; English, then
    Vietnamese."""
    number = f"{value.value:.15g}"
    marks = dict(zip(LOCALES[locale], ("phân cách hàng nghìn", "là dấu thập phân"), strict=True))
    # between «» the page of the other language marks the words as Vietnamese
    printed = value.printed if value.printed.isascii() else f"«{value.printed}»"
    en, vi = f"{printed} read as {number}", f"{value.printed} đọc là {number.replace('.', ',')}"
    if not value.ambiguous:
        return en, vi
    mark = next(mark for mark in value.printed if mark in marks)
    uses = dict(zip(LOCALES[locale], ("groups thousands", "is the decimal mark"), strict=True))
    name_en, name_vi = ("point", "chấm") if mark == "." else ("comma", "phẩy")
    return f"{en} (the {name_en} {uses[mark]})", f"{vi} (dấu {name_vi} {marks[mark]})"


def _day_vi(day: date) -> str:
    # months 1 and 2 and days below 10 are written with a 0 in administrative Vietnamese
    return f"ngày {day.day:02d} tháng {day.month if day.month > 2 else f'{day.month:02d}'}"


def _mark_baseless_rates(rows: list[dict], about: dict[str, dict]) -> None:
    """Status M for a printed 0 of a rate where the row that its base rests on is 0, by assumption: there may be nothing
    to take it of. The 0 stays in `raw`."""
    nothing = [row for row in rows if row["value"] == 0]
    zero = {(row["indicator"], row["period"], row["level"]) for row in nothing}
    for row in nothing:
        base, period = about[row["indicator"]]["base"], row["period"]
        own = row["unit"] == "%" and row["base"] == 0
        if own or zero & {(base, period, row["level"]), (base, period, "")}:
            row |= {"status": "M", "value": float("nan")}
            number = "" if own else about[base]["form_row"]
            en, vi = (f"row {number}", f"dòng {number}") if number else ("its base", "tổng số")
            en = f"printed 0 while {en} is 0: a true 0% or no base, not told; not used"
            vi = f"ghi 0 khi {vi} bằng 0: chưa rõ là 0% thật hay chưa có tổng số để tính; không sử dụng"
            row |= {"note": _with(row["note"], en), "note_vi": _with(row["note_vi"], vi)}


def _mark_new_body(rows: list[dict], meta: ReportMeta, log: dict) -> None:
    """Status B for the first figure of a series after the body began, where figures before it are of the body or bodies
    that it took over from; an entry of the log that gives the cell a status decides otherwise."""
    if not meta.exists_from:
        return
    began, before = meta.exists_from, set()
    for row in sorted(rows, key=lambda row: row["as_of"]):
        series = row["indicator"], row["level"]
        usable = row["status"] in ("A", "E") or (row["status"] == "P" and row["unit"] == "%")
        if not usable or row["as_of"] < began:
            before |= {series} if usable else set()
        elif series in before:
            before.remove(series)
            entries = log.get((row["indicator"], row["period"]), [])
            if not any(entry["status"] and cell["level"] in ("", row["level"]) for entry, cell in entries):
                day = f"{began.day} {began:%B} {began.year}"
                row["status"] = "B"
                row["note"] = _with(row["note"], f"from {day} of another body than before: not joined")
                told = f"từ {_day_vi(began)} năm {began.year} là số liệu của đơn vị khác trước đó: không nối chuỗi"
                row["note_vi"] = _with(row["note_vi"], told)


def _with(note: str, more: str) -> str:
    return "; ".join(filter(None, (note, more)))
