"""Why a figure is what it is: the printed cell, how it was read, the checks on it, and what was worked out of it."""

from collections.abc import Iterator

import pandas as pd

from reformlib.check.finding import Finding, SeriesKey
from reformlib.check.findings import findings
from reformlib.check.place import cells_at
from reformlib.check.verdict import CONSISTENT
from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.locale import LANGUAGES, translator
from reformlib.measure.change import changes
from reformlib.measure.gaps import VERDICTS, gaps
from reformlib.present.assessment.series import end_of
from reformlib.present.findings import written
from reformlib.present.gaps import judged
from reformlib.present.page import Page
from reformlib.present.projections.projected import in_ten, interval, ranged
from reformlib.present.told import Told
from reformlib.project.chances import target_probabilities
from reformlib.project.series import Projected, project, projections, series_list
from reformlib.project.what_if import place_of

Row = tuple[str, str, str]
COLUMNS = ["step", "text", "place"]


def explain(
    report: Report, indicator: str, period: str | int = "", level: str = "", *, language: str = "en"
) -> pd.DataFrame:
    """Where a figure of the annex comes from and what rests on it, in words of `language`.

    The figure is named by indicator, period and perhaps level, or by its place alone, as pages, tables and the evidence
    of a page have it: `report.explain("Annex 7, row 5, 2019")`, or `Phụ lục 7, dòng 11, mức độ 3, năm 2019`. Of a place
    of several figures, and of a series by its name, each is told in turn. A place may also be a row of a table
    (`targets.csv, T023`), a check (`checks, one-stop-units`) or a section of the text (`II.6.1.b`).

    One row a fact: `step` (printed, read, check, change, target, projection, chance; table, section), `text`, and
    `place`, where it stands. Checks are those not passed that name the figure or its whole series; a target or a change
    is told where the figure is its value or one of the ends of its pace, a projection, of the last year that has a
    range, and its chances where they are worked out from it.

    Raises ReformError for an indicator, period, level or place that the report does not have.

    >>> from reformlib.load.report import load_report
    >>> rows = explain(load_report("tra-vinh-2020"), "signatures", 2019)
    >>> rows.loc[rows["step"] == "printed", "text"].item()
    '1.445'
    >>> rows.loc[rows["step"] == "check", "text"].iloc[-1][:62]
    'Digital signatures: three times as many in 2019 as in 2018. Th'
    """
    page = Page(report, language)
    if not isinstance(indicator, str):
        raise ReformError(f"not a place of a figure: {indicator!r}", expected="a place as a page prints it, or a code")
    words = [] if "," in indicator else indicator.split()  # "signatures 2019", as it stands in quotes in a shell
    if period == "" and 1 < len(words) <= 3 and words[0].partition(":")[0] in page.catalogue.by_indicator.index:
        indicator, period, level = (*words, level)[:3]
    if period != "":
        indicator, _, part = indicator.partition(":")
        level = level or part
        return Told([*_figure(page, (indicator, str(period), level))], columns=COLUMNS)
    rows = dict.fromkeys(row for piece in indicator.split(";") for row in _piece(page, piece.strip(), level))
    if not rows:
        place_of(report, (indicator, "", level))  # says what there is
    return Told([*rows], columns=COLUMNS)


def _piece(page: Page, piece: str, level: str) -> Iterator[Row]:
    """What is known of a part of a place: its figures, or the check, the rows or the sections that it names."""
    report = page.report
    about, _, after = piece.partition(": ")  # the check, the calculation or the report that it is told of
    file, _, codes = about.partition(", ")
    if file == "checks":
        piece = after
        yield from (_check(page, one) for one in findings(report) if codes in ("", one.check))
    at = max(piece.casefold().find(report.meta.text("annex", code).casefold()) for code in LANGUAGES)
    yield from (
        row for key in cells_at(report, piece[max(at, 0) :]) if level in ("", key[2]) for row in _figure(page, key)
    )
    if at < 0:
        yield from _table(page, file, codes)
        yield from (row for code in piece.split(", ") for row in _section(page, code))


def _table(page: Page, file: str, codes: str) -> Iterator[Row]:
    """The rows of a table by their codes; a column of it; without either the codes that there are."""
    stem, _, kind = file.partition(".")
    holder = next((one for one in (page.catalogue, page.report) if hasattr(one, stem)), None)
    if kind == "json":
        yield "table", page._("a file of the package, not of the report"), f"{file}, {codes}"
    if kind not in ("csv", "yml") or holder is None:
        return
    frame = pd.DataFrame(getattr(holder, stem)).astype(str)
    for code in codes.split(", ") if len(frame) else ():
        told = [one.items() for one in frame[frame.iloc[:, 0] == code].to_dict("records")]
        texts = ["; ".join(f"{name}: {text}" for name, text in one if _shown(page, str(name), text)) for one in told]
        if not told and code in ("", *frame):
            texts = ["; ".join(filter(None, frame[code or frame.columns[0]]))]
        yield from (("table", text, ", ".join(filter(None, [file, code]))) for text in texts)


def _shown(page: Page, name: str, text: str) -> bool:
    """Whether a cell of a table says something in the page's language."""
    return text not in ("", "nan", "NaT", "None") and name[-3:] not in {f"_{code}" for code in LANGUAGES} - {
        f"_{page.language}"
    }


def _section(page: Page, code: str) -> Iterator[Row]:
    """The title of a section of the text, and the figures that it gives."""
    report = page.report
    if code in ("title", *(translator(one)("title") for one in LANGUAGES)):
        yield "section", page.meta("title"), code
    for row in each_row(report.sections[report.sections["section"] == code]):
        yield "section", page.text(row, "title"), code
    for fact in each_row(report.facts[report.facts["section"] == code]):
        yield "printed", fact.quote, code
        yield "read", f"{page.text(fact, 'subject')}: {page.quantity(fact.value, fact.unit)}", code


def _figure(page: Page, key: tuple[str, ...]) -> Iterator[Row]:
    """A figure of the annex, from its cell to what rests on it."""
    report, points = page.report, page.report.observations
    point = next(each_row(points.loc[[place_of(report, key)]]))
    place, note = page.cited(point), point.note if page.language == "en" else point.note_vi
    read = page._("no figure") if pd.isna(point.value) else page.quantity(point.value, point.unit)
    yield "printed", point.raw, place
    read = f"{page.level_name(point.indicator, point.level)}: {read}" if point.level else read
    yield "read", "; ".join(filter(None, [f"{read}, {page.day(point.as_of)}", note])), place
    for one in findings(report):
        if one.outcome != CONSISTENT and _about(one, (point.indicator, point.level), point.period):
            yield _check(page, one)
    for row in each_row(changes(points)):
        of_it = (row.indicator, row.level) == (point.indicator, point.level) and pd.notna(row.change)
        if of_it and point.as_of in (row.first_as_of, row.last_as_of):
            yield "change", _change(page, row), page.cited(end_of(page, row, "first"))
    yield from _targets(page, point.indicator, point.level, point.as_of)


def _check(page: Page, one: Finding) -> Row:
    title, consequence, where = (written(text, page.language) for text in (one.title, one.consequence, one.where))
    return "check", f"{title}. {consequence}", where


def _about(one: Finding, key: SeriesKey, period: str) -> bool:
    """Whether a finding is about the figure of a period, or about the whole series."""
    periods = [code for series, code in one.points if series == key]
    return key in one.series and (not periods or period in periods)


def _change(page: Page, row) -> str:
    unit = page._("percentage points") if row.unit == "%" else page.unit_name(row.unit)
    return page._(
        "{change} from {first} to {last}",
        change=f"{page.signed(row.change)} {unit}",
        first=page.day(row.first_as_of),
        last=page.day(row.last_as_of),
    )


def _targets(page: Page, indicator: str, level: str, as_of: pd.Timestamp) -> Iterator[Row]:
    """What pages make of a figure: targets that it decides or whose pace it ends, projections it goes into, chances."""
    page, report = page.held, page.held.report
    for row in each_row(gaps(report)):
        used = row.indicator == indicator and level in row.level.split("+") and pd.notna(row.value)
        if used and as_of in (row.as_of, row.base_as_of, row.pace_as_of):
            verdict = page._(VERDICTS[row.verdict])
            text = page._("{target} by {deadline}: {verdict}", verdict=verdict, **judged.words(page, row))
            yield "target", text, judged.place(page, row)
    rows, chances = projections(report), target_probabilities(report)
    for key in series_list(report):
        if key[0] != indicator or not _from(project(report, *key), level, as_of):
            continue
        own = rows[(rows["indicator"] == indicator) & (rows["level"] == key[1])]
        text = page._("none in any year")
        for row in ranged(each_row(own))[-1:]:
            text = page._("80% interval {year}: {low} – {high}", **interval(page, row))
        yield "projection", f"{page.series_name(*key)}: {text}", page.row_place(indicator, key[1].split("+")[0])
        for row in each_row(chances[(chances["indicator"] == indicator) & (chances["level"] == key[1])]):
            yield "chance", f"{page.wording(row.target_id)}: {in_ten(page, row.p_at_least)}", judged.place(page, row)


def _from(series: Projected, level: str, as_of: pd.Timestamp) -> bool:
    """Whether the figure of a level at a day goes into a projection; a category rests on all of its total."""
    parts = series.together or (series,)
    return any(level in one.level.split("+") and as_of in set(one.carried["as_of"]) for one in parts)
