"""Why a figure is what it is: the printed cell, how it was read, the checks on it, and what was worked out of it."""

import pandas as pd

from reformlib.check.finding import Finding, SeriesKey, cell_place
from reformlib.check.findings import findings
from reformlib.check.verdict import CONSISTENT
from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure.change import changes
from reformlib.measure.gaps import VERDICTS, gaps
from reformlib.present.findings import written
from reformlib.present.gaps import judged
from reformlib.present.page import Page
from reformlib.present.projections.projected import in_ten
from reformlib.present.told import Told
from reformlib.project.chances import target_probabilities
from reformlib.project.what_if import place_of

COLUMNS = ["step", "text", "place"]


def explain(
    report: Report, indicator: str, period: str | int = "", level: str = "", *, language: str = "en"
) -> pd.DataFrame:
    """Where a figure of the annex comes from and what rests on it, in words of `language`.

    The figure is named by indicator, period and perhaps level, or by its place alone, as pages and their evidence have
    it: `report.explain("Annex 7, row 5, 2019")`, or `Phụ lục 7, dòng 11, mức độ 3, năm 2019`.

    One row a fact: `step` (printed, read, check, change, target, chance), `text`, and `place`, where it stands. Checks
    are those not passed that name the figure or its whole series; a target or a change is told where the figure is
    its value or one of the ends of its pace.

    Raises ReformError for an indicator, period or level that the report does not have.

    >>> from reformlib.load.report import load_report
    >>> rows = explain(load_report("tra-vinh-2020"), "signatures", 2019)
    >>> rows.loc[rows["step"] == "printed", "text"].item()
    '1.445'
    >>> rows.loc[rows["step"] == "check", "text"].iloc[-1][:62]
    'Digital signatures: three times as many in 2019 as in 2018. Th'
    """
    page, points = Page(report, language), report.observations
    key = (indicator, str(period), level) if period != "" else _at(report, indicator, level)
    at = place_of(points, key)
    point = next(each_row(points.loc[[at]]))
    indicator, level = point.indicator, point.level
    place, note = page.cited(point), point.note if language == "en" else point.note_vi
    places = "place" if language == "en" else "place_vi"
    read = page._("no figure") if pd.isna(point.value) else page.quantity(point.value, point.unit)
    rows = [("printed", point.raw, place)]
    rows.append(("read", "; ".join(filter(None, [f"{read}, {page.day(point.as_of)}", note])), place))
    rows += [
        ("check", f"{written(one.title, language)}. {written(one.consequence, language)}", written(one.where, language))
        for one in findings(report)
        if one.outcome != CONSISTENT and _about(one, (indicator, level), point.period)
    ]
    rows += [
        ("change", _change(page, row), points.loc[points["place"] == row.first_place, places].iloc[0])
        for row in each_row(changes(points))
        if (row.indicator, row.level) == (indicator, level)
        and pd.notna(row.change)
        and point.as_of in (row.first_as_of, row.last_as_of)
    ]
    return Told([*rows, *_targets(page, indicator, level, point.as_of)], columns=COLUMNS)


def _at(report: Report, place: str, level: str) -> tuple[str, str, str]:
    """Indicator, period and level of the figure at a place. Raises ReformError naming the places that are near."""
    asked, found, near = place.removeprefix(f"{report.folder.name}: ").casefold(), [], []
    for one in each_row(report.observations):
        cell = cell_place(report, [(one.indicator, one.level)], [one.period])
        names = dict.fromkeys([one.place, one.place_vi, written(cell, "en"), written(cell, "vi")])
        if level in ("", one.level) and asked in map(str.casefold, names):
            found.append((one.indicator, one.period, one.level))
        near += [name for name in names if name.casefold().startswith(f"{asked},")]
    if len(found) == 1:
        return found[0]
    if found or near:
        levels = f"a level of: {', '.join(key[2] for key in found)}"
        raise ReformError(f"{place}: several figures", expected=levels if found else f"one of: {'; '.join(near)}")
    return place, "", level


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


def _targets(page: Page, indicator: str, level: str, as_of: pd.Timestamp) -> list[tuple[str, str, str]]:
    """The targets that a figure decides, or whose pace it is an end of, and their chances."""
    chances = target_probabilities(page.report).set_index(["target_id", "indicator", "level"])["p_at_least"]
    rows = []
    for row in each_row(gaps(page.report)):
        used = row.indicator == indicator and level in row.level.split("+") and pd.notna(row.value)
        if not used or as_of not in (row.as_of, row.base_as_of, row.pace_as_of):
            continue
        verdict, place = page._(VERDICTS[row.verdict]), judged.place(page, row)
        text = page._("{target} by {deadline}: {verdict}", verdict=verdict, **judged.words(page, row))
        rows.append(("target", text, place))
        if (key := (row.target_id, row.indicator, row.level)) in chances.index:
            rows.append(("chance", in_ten(page, chances[key]), place))
    return rows
