"""The units of a place together: who has reported, and sums of what may be added.

Only counts are added, of units of one kind, at one date or over one period: never shares and scores, never a district
and its communes, never over a gap. Where a part is missing, the sum says whose, and that it is not whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from reformlib.check.findings import reliability
from reformlib.compare.side_by_side import counted_from, kept_apart
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.catalogue import Catalogue
from reformlib.load.codes import codes
from reformlib.load.identity import alphabetical, stated, whose
from reformlib.load.meta import is_made_up
from reformlib.load.meta import stated as fields_of
from reformlib.load.report import Report, load_report
from reformlib.load.rows import each_row
from reformlib.paths import find_report, report_names

KINDS = codes("kind_of_body")  # in the order in which they stand; English messages
BODIES = ["body", "kind", "name_vi", "name_en", "listed", "exists_from", "exists_until", "reports", "data_date"]
WANTING = ["not_reported", "no_figure", "set_aside"]  # why a body is no part of a sum
POINT = ["form_row", "indicator", "level", "unit", "start", "as_of"]
PARTS = ["kind", *POINT, "body", "report", "value", "status", "place", "place_vi"]
SUMS = ["kind", *POINT, "value", "status", "parts", "expected", "whole", *WANTING, "not_listed"]


@dataclass(frozen=True)
class Rollup:
    """The units of a place together.

    `bodies` are those that data/units.csv lists of the place, and those that have reported besides: `body` its code
    there, else the id of its report; `kind` a code of `KINDS`; `listed`; first and last day, where they are known;
    `reports` the ids of its reports, empty where it has not reported, and `data_date` the last date of their figures.

    `sums` has a row for each kind of body, count and period with a figure, `start` its first day, of what is counted at
    a date that date: `value` the sum of the figures of `parts` bodies out of `expected`; `status` of the parts that
    have another than A; `whole` where no part is missing and units.csv lists every part; and the codes of bodies that
    have no report with this date (`not_reported`), none but an empty cell (`no_figure`), a figure that cannot be added
    (`set_aside`: not usable, of low reliability, counted in another way, a forecast), and of those that units.csv does
    not list (`not_listed`).

    `parts` are the figures that the sums are of, each with its body, its report and its place there.
    """

    place: str
    bodies: pd.DataFrame
    sums: pd.DataFrame
    parts: pd.DataFrame


def roll_up(reports: Iterable[Report], place: str) -> Rollup:
    """The units of a place (its Vietnamese name) together, as their reports tell; those of other places are passed by.

    Of several editions of a unit the latest that has a figure of the date counts. Raises ReformError where the reports
    are by different forms.

    Three departments, 12, 20 and an empty cell: a sum of 32, 2 parts of 3, not whole, `no_figure` the third.
    """
    where, made, parts, catalogue = whose("", place)[1], [], [], None
    for report in reports:
        own, at = whose(report.meta.unit_vi, report.meta.place_vi)
        if at != where:
            continue
        catalogue = catalogue or report.catalogue
        if report.catalogue.sha256 != catalogue.sha256:
            what = f"a sum over two forms: {catalogue.form.id} and {report.meta.form}"
            raise ReformError(what, where=str(report.folder), fix="add up reports by one form")
        made.append((own, report.meta))
        parts.append(_counts(report).assign(own=own, report=report.meta.id, date=report.meta.data_date))
    if catalogue is None:
        return Rollup(place, *(pd.DataFrame(columns=columns) for columns in (BODIES, SUMS, PARTS)))
    bodies = _bodies(catalogue, where, made)
    points = pd.concat(parts).assign(empty=lambda frame: frame["apart"] == "no_figure")
    points = points.sort_values(["empty", "date"], ascending=[False, True], kind="stable")
    points = points.drop_duplicates(["own", *POINT], keep="last").sort_values(POINT, key=catalogue.in_order)
    added = points[points["apart"] == ""].merge(bodies[["own", "body", "kind"]], on="own")
    sums, added = _sums(bodies, points, added), added.sort_values(POINT[:3], key=catalogue.in_order)
    return Rollup(place, bodies.drop(columns="own"), sums, added[PARTS].reset_index(drop=True))


@cached_by_owner
def of_place(report: Report) -> Rollup:
    """:func:`roll_up` of the place of a report: with it all reports of the project by its form, made-up ones only with
    a made-up one. Raises ReformError where one of them is broken."""
    where = whose("", report.meta.place_vi)[1]
    folders = [find_report(name) for name in report_names()]
    alike = [
        folder
        for folder, _unit, place, _edition in stated(folders)
        if whose("", place)[1] == where and is_made_up(fields_of(folder)) == report.meta.made_up
    ]
    catalogues = {report.catalogue.folder: report.catalogue}
    others = map(partial(load_report, catalogues=catalogues), (folder for folder in alike if folder != report.folder))
    same_form = (one for one in others if one.catalogue.sha256 == report.catalogue.sha256)
    return roll_up([report, *same_form], report.meta.place_vi)


def listed(catalogue: Catalogue, place: str) -> bool:
    """Whether units.csv lists bodies of a place besides the place itself."""
    where = whose("", place)[1]
    return any(own and at == where for own, at in catalogue.bodies)


def _counts(report: Report) -> pd.DataFrame:
    """The figures of a report that are counts, by `POINT`, each with why it is kept apart."""
    form = report.catalogue.by_indicator
    counts = form.index[form["measure"].isin(["stock", "flow"]) & (form["unit"] != "%")]
    points = report.observations[report.observations["indicator"].isin(counts)]
    trust = {(row.indicator, row.level): row.reliability for row in reliability(report)}
    apart = [kept_apart(one.value, one.status, trust[one.indicator, one.level]) for one in each_row(points)]
    starts = [counted_from(one) for one in each_row(points)]
    return points[[*POINT, "value", "status", "place", "place_vi"]].assign(apart=apart, start=starts)


def _bodies(catalogue: Catalogue, where: str, made: list[tuple]) -> pd.DataFrame:
    """The table of bodies, with `own`, what each is known by in its place; the place itself is no part of it."""
    rows: dict[str, dict[str, Any]] = {}
    for (own, at), body in catalogue.bodies.items():
        if own and at == where:
            about = {name: body[name] for name in ("name_vi", "name_en", "exists_from", "exists_until")}
            rows[own] = {"own": own, "body": body["unit"], "kind": body["level"], "listed": True, "ids": []} | about
    for own, meta in sorted(made, key=lambda one: one[1].data_date):
        if not own:
            continue
        about = {"body": meta.id, "kind": meta.level, "name_vi": meta.unit_vi, "name_en": meta.unit_en, "listed": False}
        about |= {name: str(getattr(meta, name) or "") for name in ("exists_from", "exists_until")}
        row = rows.setdefault(own, {"own": own, "ids": [], **about})
        row |= {"ids": [*row["ids"], meta.id], "data_date": meta.data_date}
    ordered = sorted(rows.values(), key=lambda row: (list(KINDS).index(row["kind"]), alphabetical(row["name_vi"])))
    bodies = [row | {"reports": ";".join(row["ids"])} for row in ordered]
    frame = pd.DataFrame(bodies, columns=["own", *BODIES])
    return frame.assign(data_date=pd.to_datetime(frame["data_date"]))


def _sums(bodies: pd.DataFrame, points: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """A row for each kind of body, count and period for which one of them has a figure that may be added, of those
    `added`: its parts, and who is missing and why. A body that is not there that day, or that units.csv does not list
    and that reports nothing of it, is not missed."""
    about = bodies[["kind"]].drop_duplicates().merge(added[["kind", *POINT]].drop_duplicates(), on="kind")
    each = about.merge(bodies, on="kind").merge(points, how="left", on=["own", *POINT])
    each = each.fillna({"apart": "not_reported"})
    day, apart = each["as_of"].dt.strftime("%Y-%m-%d"), each["apart"]
    there = (each["exists_from"] <= day) & (day <= each["exists_until"].replace("", "9"))
    each["why"] = apart.where(apart.isin(["", *WANTING]), "set_aside")
    missed = there & (each["listed"] | (apart != "not_reported"))
    rows = []
    for key, group in each[(apart == "") | missed].groupby(["kind", *POINT], sort=False):
        parts = group[group["why"] == ""]
        named = {name: group.loc[group["why"] == name, "body"] for name in WANTING}
        named["not_listed"] = group.loc[~group["listed"], "body"]
        row = dict(zip(["kind", *POINT], key, strict=True)) | {"value": parts["value"].sum()}
        row |= {"status": ";".join(sorted({*parts["status"]} - {"A"})), "parts": len(parts), "expected": len(group)}
        row |= {"whole": all(one.empty for one in named.values())}
        rows.append(row | {name: ";".join(codes) for name, codes in named.items()})
    return pd.DataFrame(rows, columns=SUMS)
