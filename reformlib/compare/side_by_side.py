"""Several reports side by side: the latest figure of every series, what keeps figures apart, official targets.

Pure functions on tidy frames; a report is read, reduced to its rows and let go, so any number of them streams, of many
some on each processor. Nothing here ranks units: a difference is given together with what it rests on.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.check.caveats import caveats
from reformlib.check.findings import reliability
from reformlib.compare.editions import differences
from reformlib.errors import ReformError, counted, one_of
from reformlib.load.binding import applies, figures_from
from reformlib.load.cache import CacheOwner, cached_by_owner
from reformlib.load.catalogue import Catalogue
from reformlib.load.codes import codes
from reformlib.load.fields import FIELDS, frame
from reformlib.load.identity import alphabetical, refuse_twins, whose
from reformlib.load.labels import spelled
from reformlib.load.many import of_many
from reformlib.load.period import months_of
from reformlib.load.report import Report, load_report
from reformlib.load.rows import each_row, grouped
from reformlib.measure.base import SAME, relation
from reformlib.measure.targets import DRIVING, meets, on_the_form
from reformlib.paths import expand_reports, report_names

# Why a figure is not set beside those of other units; English messages, translated where they are shown. The gravest
# comes first, and a figure has one.
APART = codes("apart")

# Why a report is in none of the figures of a page; English messages, translated where they are shown.
LEFT_OUT = codes("not_compared")

# Reliability of a figure, the worst first.
TRUST = ("not_usable", "with_care", "missing", "reliable")

KEY = ["indicator", "level", "measure"]
UNITS = [*FIELDS["compared_reports"]]
TARGETS = [*KEY, "target_id", "instrument", "comparator", "target", "target_year"]
SERIES = [
    *KEY, "unit", "reports", "every_unit", "figures", "compared", "as_of", "low", "median", "high", *APART, "with_care",
    "qualified", "partial", "universes", "target_id", "target", "comparator", "target_year", "meeting",
]  # fmt: skip


def units_of(frame: pd.DataFrame) -> pd.Series:
    """:func:`whose` of every row, from its columns `unit_vi` and `place_vi`."""
    return pd.Series(list(map(whose, frame["unit_vi"], frame["place_vi"])), index=frame.index, dtype=object)


@dataclass(frozen=True, eq=False)
class Comparison(CacheOwner):
    """Several reports side by side: `units` and `cells` of :func:`stack`, `series` of :func:`summarise`, and the
    `differences` of neighbouring editions of one unit, :func:`reformlib.compare.editions.differences`; `unread` are
    folders that are broken, by name, and what is wrong with each; `left_out` are reports that are made up or of another
    form, as `units` has them, with a code of `LEFT_OUT` in `why`."""

    catalogue: Catalogue
    units: pd.DataFrame
    cells: pd.DataFrame
    series: pd.DataFrame
    differences: pd.DataFrame
    unread: dict[str, str] = field(default_factory=dict)
    left_out: pd.DataFrame = field(default_factory=lambda: frame("compared_reports", [], "why"))

    def __repr__(self) -> str:
        reports = counted(len(self.units), "report")
        return f"<Comparison of {reports} by {self.catalogue.form.id}: {len(self.series)} series>"

    @cached_property
    def cells_of(self) -> dict[tuple, list]:
        """The cells as rows, in their order, by `KEY`."""
        return grouped(each_row(self.cells), attrgetter(*KEY))


def compare(reports: str | Iterable[str] = "", indicator: str = "", form: str = "") -> Comparison:
    """Set reports side by side: names or paths, between commas or as a list; all reports of the project for none.

    `indicator` is the code of one to look at, empty for all. Figures of two forms are never set beside each other:
    compared are the reports of `form`, for an empty text of the one that most of them have; made-up ones take part
    where they are named. Who is left out stands in `left_out`, a report that is broken in `unread`. Raises ReformError
    for a report, an indicator or a form that is unknown, and where no report can be read.
    """
    folders, catalogues = find_reports(reports), {}
    read = [*of_many(partial(_read, catalogues), folders, copies=True)]
    unread = {folder.name: one for folder, one in zip(folders, read, strict=True) if isinstance(one, ReformError)}
    units, stacked = _in_order(one for one in read if not isinstance(one, ReformError))
    if units.empty and unread:
        raise next(iter(unread.values()))
    named = bool(reports.strip() if isinstance(reports, str) else reports)
    units, left_out = of_one_form(units, form, made_up=named)
    stacked = stacked[stacked["report"].isin(units["report"])].reset_index(drop=True)
    here = (one for one in catalogues.values() if one.sha256 == units["rows"].iat[0])  # of many, in other processes
    catalogue = next(here, None) or load_report(units["folder"].tolist()[0], catalogues).catalogue
    if indicator:
        one_of(indicator, catalogue.indicators["indicator"], "indicator", "leave it empty for all")
        stacked = stacked[stacked["indicator"] == indicator].reset_index(drop=True)
    stacked, series = summarise(stacked, catalogue, units)
    folder_of = dict(zip(units["report"], units["folder"], strict=True))
    between = differences([(folder_of[before], folder_of[after]) for before, after in same_unit(units)], catalogues)
    if indicator:
        between = between[between["subject"] == indicator].reset_index(drop=True)
    reasons = {name: str(error.what).partition("\n")[0] for name, error in unread.items()}
    return Comparison(catalogue, units, stacked, series, between, reasons, left_out)


def of_one_form(units: pd.DataFrame, form: str = "", *, made_up: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The reports of one form, the one named or else the one that most have; and those left out, with `why`.

    Forms are one where their `rows` are the same; a made-up report counts for none, and is left out unless `made_up`,
    but where there is no other. Raises ReformError where no report is of `form`.

    Of two reports of one form and one of another, the third is left out: `other_form`.
    """
    asked = units[units["form"] == form] if form else units
    if asked.empty:
        expected = f"one of: {', '.join(sorted(set(units['form'])))}"
        raise ReformError(f"no report of the form {form} is among them", expected=expected, fix="or leave it empty")
    real = asked[~asked["made_up"]]
    counted = (asked if real.empty else real)["rows"].value_counts(sort=False)
    alike = units["rows"] == counted.idxmax()  # of two as frequent, that of the first name
    taken = alike if made_up or real.empty else alike & ~units["made_up"]
    why = alike.map({True: "made_up", False: "other_form"})
    return units[taken].reset_index(drop=True), units.assign(why=why)[~taken].reset_index(drop=True)


def find_reports(names: str | Iterable[str]) -> list[Path]:
    """Folders of reports from their names or paths, between commas or as a list; all of the project for none.

    A folder that holds report folders stands for them all. Raises ReformError for a name that is no report, or one
    that stands twice.
    """
    given = [name.strip() for name in names.split(",") if name.strip()] if isinstance(names, str) else list(names)
    folders = expand_reports(given or report_names())
    if twice := sorted(folder.name for folder, times in Counter(folders).items() if times > 1):
        raise ReformError(f"named twice: {', '.join(twice)}", expected="each report once")
    return folders


def each_report(folders: Iterable[Path]) -> Iterator[Report]:
    """Load reports one after another; each form is read once. Raises ReformError for one that is broken."""
    return map(partial(load_report, catalogues={}), folders)


def _read(catalogues: dict[Path, Catalogue], folders: list[Path]) -> Iterator[tuple[dict, list] | ReformError]:
    """:func:`unit` and :func:`cells` of the report in each folder; the error of one that is broken."""
    for folder in folders:
        try:
            report = load_report(folder, catalogues)
            yield unit(report), cells(report)
            report.cache.clear()  # its series hold the report, a ring that would wait for the garbage collector
        except ReformError as error:  # of checks.yml only when its figures are judged
            yield error


def stack(reports: Iterable[Report]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Units and cells of reports: what :func:`unit` and :func:`cells` give of each, one under the other.

    Units are ordered by name and place, then by the date of the data; never by a value. A report is let go before the
    next is read. `editions` counts the reports of a unit, `namesake` says that a unit of another place bears its name.
    Raises ReformError where two reports have one id, and where two are of one unit, place and edition.
    """
    return _in_order((unit(report), cells(report)) for report in reports)


def _in_order(read: Iterable[tuple[dict, list]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    units, rows = [], []
    for row, figures in read:
        units.append(row)
        rows += figures
    table = frame("compared_reports", units)
    if len(again := table.loc[table["report"].duplicated(keep=False)]):
        where = " and ".join(map(str, again.loc[again["report"] == again["report"].iat[0], "folder"]))
        what, fix = f"two reports have the id {again['report'].iat[0]}", "correct `id` in one report.yml"
        raise ReformError(what, where=where, fix=fix)
    refuse_twins(table[["folder", "unit_vi", "place_vi", "edition"]].itertuples(index=False, name=None))
    whose = units_of(table)
    table["editions"] = whose.groupby(whose).transform("size")
    table["namesake"] = whose.groupby(table["unit_vi"].map(spelled)).transform("nunique") > 1
    by_name = {name: table[name].map(alphabetical) for name in ("unit_vi", "place_vi", "edition")}
    order = table.assign(**by_name).sort_values(["unit_vi", "place_vi", "data_date", "edition", "report"]).index
    table = table.loc[order].reset_index(drop=True)
    stacked = frame("compared_cells", rows)
    rank = dict(zip(table["report"], table.index, strict=True))
    return table, stacked.sort_values("report", key=lambda ids: ids.map(rank), kind="stable", ignore_index=True)


def unit(report: Report) -> dict:
    """Who reports, as of when, by which form (`rows` is the sha256 of it), and the `targets` that bind it and are due
    after its first figure: a row of units."""
    meta, since = report.meta, figures_from(report)
    binding = tuple(one.id for one in _official(report.catalogue) if applies(one, report) and not one.due < since)
    row = {"report": meta.id, "folder": report.folder, "rows": report.catalogue.sha256, "targets": binding}
    return row | {name: getattr(meta, name) for name in UNITS if name not in row}


def cells(report: Report) -> list[dict[str, Any]]:
    """The latest figure of every series of one report, and of the shares that official targets are about: rows of the
    table `compared_cells`.

    One row a series, also where there is no figure. `start` is the first day of what is summed over a period, of a
    day's figure the day itself; of several periods that end on a day the longest stands. `measure` is `value` (the
    figure in `unit`), or `share` (a count as a percentage of the `universe` that the report states; levels such as
    `3+4` are added). `part` says that the figure covers a part of a year. `reliability` is that of the checks, of a sum
    the worst of its levels. `apart` is a code of `APART` that keeps the figure from a comparison, or empty;
    `other_date` and `other_period` are given later, among all reports.

    539 of 1949 services at level 4 are 27.66 %: a row `online_services`, `4`, `share`.
    """
    trust = {(r.indicator, r.level): r.reliability for r in reliability(report)}
    return [_cell(report, trust, *series) for series in _series(report.catalogue)]


def _cell(
    report: Report, trust: dict[tuple[str, str], str], indicator: str, level: str, measure: str, unit: str
) -> dict[str, Any]:
    """A row of :func:`cells`: the figures of the latest date at which every level has one, added."""
    levels = level.split("+")
    told = [point for point in reversed(report.points.get(indicator, ())) if not math.isnan(point.value)]
    by_date = [{(p.as_of, counted_from(p)): p for p in told if p.level == one} for one in levels]
    worst = min((trust.get((indicator, one), "missing") for one in levels), key=TRUST.index)
    row: dict[str, Any] = {"report": report.meta.id, "indicator": indicator, "level": level, "measure": measure}
    row |= {"unit": unit, "reliability": worst, "part": False, "raw": "", "place": "", "place_vi": ""}
    row["qualified"] = False
    common = set.intersection(*map(set, by_date))
    if not common:
        return row | {"status": "O", "apart": "no_figure"}
    as_of, start = max(common, key=lambda days: (days[0], days[0] - days[1]))
    latest = [points[as_of, start] for points in by_date]
    status = next((point.status for point in latest if point.status != "A"), "A")
    row |= {name: getattr(latest[0], name) for name in ("raw", "place", "place_vi")} | {"start": start, "as_of": as_of}
    if any(point.bound for point in latest):
        return row | {"status": status, "apart": "bound"}
    row |= {"value": sum(point.value for point in latest), "status": status, "part": status == "P"}
    row |= {"apart": kept_apart(row["value"], status, worst)}
    row["qualified"] = bool(caveats(report, [(indicator, one) for one in levels], "figure", None, as_of))
    return row | (_share(row["value"], report.universe(indicator)) if measure == "share" else {})


def counted_from(point: Any) -> pd.Timestamp:
    """The first day of what is summed over a period; of a day's figure the day itself, whatever its column is of."""
    return point.start if point.collect == "S" else point.as_of


def kept_apart(value: float | None, status: str, trust: str) -> str:
    """Why a figure is neither set beside others nor added to them: a code of `APART`, or nothing.

    `status` is its code of CL_OBS_STATUS, `trust` the reliability of its series (a code of `TRUST`).

    >>> kept_apart(19, "A", "reliable"), kept_apart(19, "D", "with_care"), kept_apart(19, "A", "not_usable")
    ('', 'other_definition', 'not_usable')
    """
    if value is None or pd.isna(value):
        return "no_figure"
    if trust == "not_usable":
        return "not_usable"
    return {"D": "other_definition", "U": "low_reliability", "F": "forecast"}.get(status, "")


def _share(count: float, universe: float | None) -> dict[str, Any]:
    if not universe or universe <= 0:
        return {"value": None, "apart": "no_universe"}
    if count > universe:
        return {"value": None, "universe": universe, "apart": "more_than_universe"}
    return {"value": 100 * count / universe, "universe": universe}


def targets(catalogue: Catalogue, units: pd.DataFrame) -> pd.DataFrame:
    """Official targets that the figures of all units can be held against: confirmed ones with a number and a year, that
    every unit is held to, due after the first figure of each."""
    binding = set.intersection(*map(set, units["targets"])) if len(units) else set()
    rows = on_the_form(catalogue)
    rows = rows[rows["id"].isin(binding) & rows["recommended_use"].isin(DRIVING)]
    rows = rows[rows["measure"].isin(["value", "share"])]
    rows = rows[rows["value"].notna() & rows["target_year"].notna() & (rows["comparator"] != "n/a")]
    same = [relation(catalogue, row) == SAME for row in each_row(rows)]
    rows = rows[pd.Series(same, index=rows.index, dtype=bool)]  # of a form without targets there are none
    rows = rows.rename(columns={"id": "target_id", "value": "target"})
    return rows.sort_values(["target_year", "target_id"])[TARGETS].reset_index(drop=True)


def summarise(stacked: pd.DataFrame, catalogue: Catalogue, units: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each series says of all units: the cells, completed, and one row a series.

    Figures are compared at one date, the one that most of them have (of two, the later), and what is summed over a
    period with its like, from the day that most of those count from (of two, the earlier): a quarter's never with a
    year's. `other_date` and `other_period` mark the others in the cells given back. In the rows: `reports` and how many
    of them have `figures`; `every_unit` whether every unit, of several editions any one, is among those compared;
    `compared` how many can be set side by side at `as_of`, with their `low`, `median` and `high`; the number of cells
    apart, by code of `APART`; `with_care`, `qualified` and `partial` how many of those compared need care, are
    qualified by a check, or cover a part of a year;
    `universes` how many different totals the shares compared are taken of. `target` is the official target due first
    after `as_of`, else the last one before, and `meeting` how many of those compared reach it.
    """
    keys, comparable, rows = [stacked[name] for name in KEY], stacked["apart"] == "", []
    # the date and the first day that most have
    when = stacked["as_of"].where(comparable).groupby(keys).transform(lambda dates: dates.mode().max())
    of_date = comparable & (stacked["as_of"] == when)
    since = stacked["start"].where(of_date).groupby(keys).transform(lambda days: days.mode().min())
    apart = stacked["apart"].mask(comparable, "other_date").mask(of_date, "other_period")
    stacked = stacked.assign(apart=apart.mask(of_date & (stacked["start"] == since), ""))
    whose = units_of(units).set_axis(units["report"])
    official = dict(list(targets(catalogue, units).groupby(KEY)))
    for key, group in stacked.groupby(KEY, sort=False):
        compared = group[group["apart"] == ""]
        values = compared["value"]
        row = dict(zip(KEY, key, strict=True)) | {"unit": group["unit"].iat[0], "as_of": compared["as_of"].max()}
        row |= {"every_unit": compared["report"].map(whose).nunique() == whose.nunique()}
        row |= {"reports": len(group), "figures": int(group["value"].notna().sum()), "compared": len(compared)}
        row |= {"low": values.min(), "median": values.median(), "high": values.max()}
        row |= group["apart"].value_counts().reindex(list(APART), fill_value=0).to_dict()
        row |= {"with_care": int((compared["reliability"] == "with_care").sum())}
        row |= {"qualified": int(compared["qualified"].sum())}
        row |= {"partial": int(compared["part"].sum()), "universes": compared["universe"].nunique()}
        rows.append(row | _target(official.get(key), row, compared, catalogue))
    frame = pd.DataFrame(rows, columns=SERIES)
    numeric = ["low", "median", "high", "target", "target_year", "meeting"]
    return stacked, frame.assign(as_of=pd.to_datetime(frame["as_of"])).astype(dict.fromkeys(numeric, float))


def by_place(stacked: pd.DataFrame, units: pd.DataFrame, language: str = "vi") -> pd.DataFrame:
    """Many units in few rows: by place, for every series how many figures can be compared, and their median."""
    places = units.set_index("report")[f"place_{language}"]
    cells_ = stacked.assign(place=stacked["report"].map(places), value=stacked["value"].where(stacked["apart"] == ""))
    groups = cells_.groupby(["place", *KEY], sort=False)["value"]
    return groups.agg(compared="count", low="min", median="median", high="max").reset_index()


@cached_by_owner
def _official(catalogue: Catalogue) -> list[Any]:
    """The official targets, a row each with the day it is `due`, NaT where it has none."""
    return list(each_row(on_the_form(catalogue).drop_duplicates("id")))


@cached_by_owner
def _series(catalogue: Catalogue) -> list[tuple[str, str, str, str]]:
    """Every series of the form, each followed by the shares of it that targets are about: `KEY` and the unit."""
    mapped = catalogue.target_mapping[catalogue.target_mapping["measure"] == "share"]
    series = []
    for about in each_row(catalogue.indicators):
        series += [(about.indicator, level, "value", about.unit) for level in about.levels.split(";")]
        levels = sorted(set(mapped.loc[mapped["indicator"] == about.indicator, "level"]))
        series += [(about.indicator, level, "share", "%") for level in levels]
    return series


def _target(official: pd.DataFrame | None, row: dict, compared: pd.DataFrame, catalogue: Catalogue) -> dict[str, Any]:
    """The columns of :func:`summarise` on the official target, from the targets of one series."""
    if official is None or pd.isna(row["as_of"]):
        return {}
    flow = catalogue.by_indicator.at[row["indicator"], "measure"] == "flow"
    if flow and any(months_of(cell) < 12 for cell in each_row(compared)):
        return {}  # what is asked for is what happens in a year
    due = official[official["target_year"] >= row["as_of"].year]
    target = due.iloc[0] if len(due) else official.iloc[-1]
    direction = catalogue.rows_by("indicators", "indicator")[row["indicator"]]["direction"]
    met = [meets(value, target["comparator"], target["target"], direction) for value in compared["value"]]
    return {name: target[name] for name in ("target_id", "target", "comparator", "target_year")} | {"meeting": sum(met)}


def same_unit(units: pd.DataFrame) -> list[tuple[str, str]]:
    """Neighbouring editions of one unit (:func:`reformlib.load.identity.whose`), older first: pairs of report ids."""
    ordered = units.assign(whose=units_of(units)).sort_values(["data_date", "edition", "report"])
    editions = grouped(each_row(ordered), attrgetter("whose")).values()
    return [(before.report, after.report) for group in editions for before, after in pairwise(group)]
