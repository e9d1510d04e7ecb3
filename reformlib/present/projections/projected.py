"""Projected values and the targets they are held against, as the page shows them: text, unit, and what they rest on."""

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.evidence import Evidence
from reformlib.load.report import Report
from reformlib.load.rows import codes, each_row, firsts, grouped
from reformlib.present.gaps import judged
from reformlib.present.html import Shown
from reformlib.present.page import Beside, Page
from reformlib.present.table import Column
from reformlib.project.accuracy import accuracy
from reformlib.project.chances import FREQUENCIES, natural_frequency
from reformlib.project.series import BASES, Projected, project

# How many years later it was measured whether intervals hold, columns `cover80_1y` to `cover80_10y` of scores.csv.
LATER = {1: "a year later", 3: "three years later", 5: "five years later", 10: "ten years later"}


def aims(page: Page, probabilities: pd.DataFrame) -> list:
    """The rows of `target_probabilities`, one for all targets of a series that share value, direction and year: the
    first of them, with all their `ids`, `instruments` and caveats.

    `target` is in `unit`, that of the instrument: percent for shares, also where the indicator counts.
    """
    rows = each_row(probabilities.assign(unit="", ids=None, instruments=None))
    groups = grouped(rows, lambda r: (r.indicator, r.level, r.target_year, r.target, judged.falls(page, r)))
    found = []
    for same in groups.values():
        indicator = same[0].indicator
        unit = "%" if indicator in page.report.meta.universes else page.unit_of(indicator)
        caveat = ";".join(dict.fromkeys(code for row in same for code in codes(row.caveat)))
        ids, instruments = ([getattr(row, name) for row in same] for name in ("target_id", "instrument"))
        found.append(same[0]._replace(unit=unit, caveat=caveat, ids=tuple(ids), instruments=tuple(instruments)))
    return found


def aim_text(page: Page, aim) -> str:
    """A target as its instrument has it, told from the latest figure."""
    return judged.aim(page, aim, aim.unit, latest(page, aim))


def aim_by(page: Page, aim) -> str:
    """A target with its year, and for whom it is told: `100% (2025 for the former Trà Vinh)`."""
    return f"{aim_text(page, aim)} ({page.year(aim.target_year)})"


def latest(page: Page, aim) -> Beside:
    """The latest figure of a series as its target has it, a share of the universe where that is one; or none."""
    series = project(page.report, aim.indicator, aim.level)
    whole = series.ceiling if aim.indicator in page.report.meta.universes else 100
    return tuple(100 * value / whole for value in series.points["value"].iloc[-1:])


def is_fitted(row) -> bool:
    """Whether a projection rests on a trend of its own series."""
    return row.basis.startswith("fitted")


def used(page: Page, row) -> tuple:
    """What a projection makes of the series of a row, as :func:`reformlib.check.caveats.caveats` takes it: one with a
    trend of its own carries the pace of all points forward, another starts from the last."""
    series = project(page.report, row.indicator, row.level)
    keys = [(row.indicator, level) for level in row.level.split("+")]
    first, last = series.points["as_of"].iloc[[0, -1]]
    return (keys, "pace", first, last) if is_fitted(series) else (keys, "figure", None, last)


def in_ten(page: Page, p: float) -> str:
    """A probability, rounded: `about 6 in 10`, in Vietnamese `khoảng 60%`."""
    return page._(FREQUENCIES[natural_frequency(p)])


def aimed(page: Page, row, p: float) -> str:
    """A probability of a target: of one whose figure counts more than it asks for the most that it can be, which
    "fewer than 1 in 20" says by itself."""
    chance, least = in_ten(page, p), natural_frequency(p) == "<1/20"
    return page._("at most {chance}", chance=chance) if judged.at_best(row) and not least else chance


def rests_on(page: Page, row) -> str:
    """What a projection rests on, and how often 80% intervals of series like it held elsewhere (:func:`held`)."""
    return "; ".join(part for part in (trend_or_rate(page, row), held(page, row)) if part)


def trend_or_rate(page: Page, row) -> str:
    """What a projection rests on, in two or three words."""
    return page._("own trend") if is_fitted(row) else page._("base rate of its shape and level")


def measured(report: Report, indicator: str, level: str, end: float) -> tuple[int, dict[int, float]]:
    """Which of the years of `LATER` is nearest to the decimal year `end`, and of 100 figures how many 80% intervals
    held by then, and before, in the cell of accuracy that a series lies in, as far as that was measured.

    >>> from reformlib.load.report import load_report
    >>> nearest, share = measured(load_report("tra-vinh-2020"), "e_documents", "", 2031.0)
    >>> nearest, sorted(share)
    (10, [1, 5])
    """
    series = project(report, indicator, level)
    row, last = accuracy(series) or {}, series.points["time"].max()
    nearest = min(LATER, key=lambda years: abs(end - last - years))
    told = {years: row.get(f"cover80_{years}y") for years in LATER if years <= nearest}
    return nearest, {years: float(share) for years, share in told.items() if share}


def held(page: Page, row) -> str:
    """How often 80% intervals held in the cell of accuracy that a series lies in: of one with a trend so long after
    its last figure as the year of the row is, of another at all times measured up to then; "" where none was."""
    if pd.isna(row.year):
        return ""
    nearest, shares = measured(page.report, row.indicator, row.level, row.year + 1.0)
    if is_fitted(row):
        shares = {years: share for years, share in shares.items() if years == nearest}
    told = _of_100(page, shares)
    if told and nearest not in shares:
        told += ", " + page._("not measured {later}", later=page._(LATER[nearest]))
    return page._("80% held: {held}", held=told) if told else ""


def held_around(page: Page, row, end: float) -> str:
    """How often 80% intervals held in the cell of accuracy of the series of a row, at the last of the years measured
    that is over by the decimal year `end` and the first that is not; "" where none was."""
    last = project(page.report, row.indicator, row.level).points["time"].max()
    shares = measured(page.report, row.indicator, row.level, last + max(LATER))[1]
    before, after = ([years for years in shares if (years <= end - last) == over] for over in (True, False))
    return _of_100(page, {years: shares[years] for years in (*before[-1:], *after[:1])})


def _of_100(page: Page, shares: dict[int, float]) -> str:
    told = ((page.number(share, 0), page._(LATER[years])) for years, share in shares.items())
    return ", ".join(page._("{held} of 100 {later}", held=held, later=later) for held, later in told)


def how_held(page: Page, rows: pd.DataFrame) -> str:
    """What :func:`held` tells, in a sentence, and in another of parts of a sum where the rows have any."""
    text = page._(
        "80% held: of 100 figures that came so many years later in stretches elsewhere, at a like level and pace or of "
        "a like shape and level, so many lay within the 80% interval; those stretches are of kinds of indicators that "
        "were left out of the learning, as this report's indicators are."
    )
    if any(project(page.report, row.indicator, row.level).together for row in each_row(rows)):
        text += " " + page._(
            "Parts of a sum alone were measured otherwise, a less strict test: on published shares split by another "
            "share of the same country, with numbers learned from those very series."
        )
    return text


def nominal(page: Page, row) -> str:
    """What an interval of a row with a trend is called: 80% by the calculation, and what such intervals held."""
    nearest, shares = measured(page.report, row.indicator, row.level, row.year + 1.0)
    if nearest not in shares:
        return page._("80% interval")
    text = "80% interval by calculation; for series like this one such intervals held {held} of 100"
    return page._(text, held=page.number(shares[nearest], 0))


def sentence(page: Page, basis: str) -> str:
    """What a projection rests on, codes of `BASES` and of what changes, as a sentence without its full stop."""
    text = "; ".join(page.words(basis, BASES, "basis"))
    return text[:1].upper() + text[1:]


def unit_column(page: Page) -> Column:
    """The column with the unit of an indicator."""
    return Column(page._("Unit"), lambda row: page.unit_name(page.unit_of(row.indicator)))


def year_column(page: Page) -> Column:
    """The column of years."""
    return Column(page._("Year"), lambda row: "–" if pd.isna(row.year) else page.year_cell(row.year))


def value_text(page: Page, value: float, indicator: str, beside: Beside = ()) -> str:
    """A value as it is reported or asked for: shares to one decimal, what comes whole without."""
    unit = page.unit_of(indicator)
    return page.quantity(value, unit, 1 if unit == "%" else 0 if page.indicator(indicator)["whole"] else None, beside)


def rounded_text(page: Page, value: float, unit: str, ceiling: float | None, *, whole: bool = True) -> str:
    """A projected value, no finer than such intervals allow; the evidence keeps it as it was calculated.

    Shares in whole percent, with a decimal where 0 or 100 would be said of what is neither. Counts with a ceiling are
    as fine as three figures of the ceiling and never above it, others have two significant figures; decimals only where
    they need not be `whole`.

    >>> page = Page(None, "en")
    >>> rounded_text(page, 30901.9, "signatures", None), rounded_text(page, 921.5, "services", 1949)
    ('31,000', '920')
    >>> rounded_text(page, 1948.6, "services", 1949), rounded_text(page, 99.7, "%", 100)
    ('1,949', '99.7%')
    >>> rounded_text(page, 99.97, "%", 100), rounded_text(page, 0.03, "%", 100)
    ('99.9%', '0.1%')
    >>> rounded_text(page, 7.4468, "points", 10, whole=False), rounded_text(page, 0.0468, "vnd", None, whole=False)
    ('7.4', '0.047')
    >>> rounded_text(page, 0.0, "vnd", None, whole=False)
    '0'
    """
    if not value:
        return page.quantity(value, unit, 0)
    if unit == "%":
        if 0 < value < 0.5 or 99.5 <= value < 100:
            return page.quantity(min(max(value, 0.1), 99.9), unit, 1)
        return page.quantity(value, unit, 0)
    size = abs(value if ceiling is None else ceiling)
    digits = math.floor(math.log10(size)) + 1 - (2 if ceiling is None else 3)
    digits, nearest = max(0, digits) if whole else digits, math.floor(value + 0.5)
    if ceiling is not None and math.floor(value / 10**digits + 0.5) * 10**digits > ceiling:
        return page.quantity(min(nearest, ceiling), unit, 0 if whole else None)
    return page.quantity(nearest if whole and not digits else value, unit, -digits)


def in_unit(page: Page, text: str, indicator: str) -> str:
    """A value with its unit where that is none of things that come whole, such as points or a billion dong."""
    about = page.indicator(indicator)
    return text if about["whole"] or about["unit"] == "%" else f"{text} {page.unit_name(about['unit'])}"


def projected_text(page: Page, row, value: float) -> str:
    """A projected value of the series of a row, rounded."""
    ceiling = project(page.report, row.indicator, row.level).ceiling
    whole = page.indicator(row.indicator)["whole"]
    return rounded_text(page, value, page.unit_of(row.indicator), ceiling, whole=whole)


def interval(page: Page, row) -> dict[str, object]:
    """A row of `projections` in words, to fill sentences with: year, median and the ends of the 80% interval; how far
    that holds (:func:`nominal`)."""
    values = {"median": row.p50, "low": row.lo80, "high": row.hi80}
    texts = {name: projected_text(page, row, value) for name, value in values.items()}
    return {"year": page.year(row.year), "nominal": nominal(page, row), **texts}


def ranged(rows: Iterable) -> list:
    """Those rows of `projections`, by year, that have a range to go by."""
    return [row for row in rows if pd.notna(row.p50)]


def last_range(page: Page, rows: list) -> str:
    """The last range to go by among the rows of a series."""
    if not (told := ranged(rows)):
        return page._("none in any year")
    return page._("the last range told: {low} – {high} ({year})", **interval(page, told[-1]))


def unbridged(report: Report, series: Projected) -> list[slice]:
    """The points of a series in parts: between two of them lies a date for which nothing is reported."""
    levels, dates = series.level.split("+"), list(series.points["as_of"])
    told = [point for point in report.points.get(series.indicator, ()) if point.level in levels]
    filled = {point.as_of for point in told if pd.notna(point.value)}
    blanks = [point.as_of for point in told if point.as_of not in filled]
    cuts = [n for n in range(1, len(dates)) if any(dates[n - 1] < day < dates[n] for day in blanks)]
    return [slice(start, end) for start, end in zip([0, *cuts], [*cuts, len(dates)], strict=True)]


def starting_points(page: Page, indicator: str, level: str) -> dict[str, Evidence]:
    """The points that a projection starts from."""
    return {name: page.evidence(point) for name, point in _points_used(page.report, indicator, level)}


@cached_by_owner
def _points_used(report: Report, indicator: str, level: str) -> list[tuple[str, Any]]:
    """The same points with their names, found once for the many cells of a page."""
    series, levels = project(report, indicator, level).points, level.split("+")
    used = dict(zip(series["as_of"], series["value"], strict=True))
    points = [point for point in report.points.get(indicator, ()) if point.level in levels and point.as_of in used]
    points.sort(key=lambda point: (point.as_of, point.value != used[point.as_of]))  # of one day the figure itself
    points = firsts(points, lambda point: (point.as_of, point.level))
    return [(f"y{point.as_of:%Y%m%d}{f'_level_{point.level}' if point.level else ''}", point) for point in points]


def calculated_from(page: Page, rule: str) -> Callable[..., str]:
    """For the rows of a table: the calculation, and the row of the form that it starts from."""

    text, rule = "calculated: {rule} from {place}", f"projections.{rule}"
    return lambda row: page._(text, rule=rule, place=page.row_place(row.indicator, row.level))


def calculated(
    page: Page, row, value: float, unit: str, rule: str, *, text: str = "", high: float | None = None
) -> Shown | str:
    """A number that was calculated from the points of the series of a row."""
    inputs = starting_points(page, row.indicator, row.level)
    text = text or value_text(page, value, row.indicator)
    return page.cell(value, unit, text=text, rule=rule, inputs=inputs, high=high)


def projected_cells(page: Page, rule: str) -> Callable[..., Callable]:
    """Rounded cells of projected values: `show = projected_cells(…)`, then `show("lo80", "hi80")` is an interval."""

    def cell(names: tuple[str, ...], row):
        if pd.isna(getattr(row, names[0])):
            return "–"
        values = [float(getattr(row, name)) for name in names]
        text = " – ".join(projected_text(page, row, value) for value in values)
        fields = f"{rule}: {' – '.join(names)}, rounded"
        high, unit = values[-1] if len(values) > 1 else None, page.unit_of(row.indicator)
        return calculated(page, row, values[0], unit, fields, text=text, high=high)

    return lambda *names: partial(cell, names)
