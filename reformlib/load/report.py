"""Load a report folder with the form that it names, every file held against its contract."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd

from reformlib.errors import ReformError, collect, refuse
from reformlib.load import contracts, form
from reformlib.load.assumptions import placed, read_assumptions
from reformlib.load.binding import applies
from reformlib.load.cache import CacheOwner
from reformlib.load.catalogue import Catalogue, check_all_references, read_files, stem, there
from reformlib.load.cells import parse_number
from reformlib.load.form_rules import check_rules
from reformlib.load.identity import whose
from reformlib.load.meta import ReportMeta, read_meta
from reformlib.load.observations import observe, periods_in
from reformlib.load.period import Period
from reformlib.load.rows import each_row, grouped
from reformlib.load.validate import Columns, check_codes, framed, read_annex
from reformlib.paths import find_report

# the tables of a form that reports name rows of, and the columns of their codes
_CODES = {"indicators": "indicator", "targets": "id", "units_of_measure": "unit", "objectives": "objective"}


@dataclass(frozen=True, eq=False)
class Report(CacheOwner):
    """One report: its metadata, the annex as printed, the observations read from it, and the narrative's tables.

    `withheld` are the series (indicator, level) that no target is compared with and nothing is projected from:
    :func:`reformlib.check.withheld.withhold`, which also gives the `doubted` figures (indicator, level, period), with
    which no projection begins, and the findings that paces obey (`obeys`). A report never changes; what if a
    figure were another is asked with `reformlib.project.what_if.what_if`. What it gives has in `supposed` what
    the other values stand in place of: by (indicator, level, period) of a figure, (target,) and (indicator, level,
    target) of a target, (fact,) of a total.
    """

    folder: Path
    meta: ReportMeta
    catalogue: Catalogue
    annex: pd.DataFrame
    observations: pd.DataFrame
    sections: pd.DataFrame
    facts: pd.DataFrame
    documents: pd.DataFrame
    systems: pd.DataFrame
    domains: pd.DataFrame
    results: pd.DataFrame
    limitations: pd.DataFrame
    tasks: pd.DataFrame
    coverage: pd.DataFrame
    later: pd.DataFrame
    objective_evidence: pd.DataFrame
    context: pd.DataFrame
    assumptions: list[dict]
    withheld: frozenset[tuple[str, str]] = frozenset()
    doubted: frozenset[tuple[str, str, str]] = frozenset()
    obeys: tuple = ()
    supposed: Mapping[tuple[str, ...], float] = field(default_factory=dict)

    @cached_property
    def headings(self) -> dict[str, Period]:
        """The periods of the columns of the annex by their headings, in the order of time."""
        return periods_in(self.annex, self.folder / "annex.csv")

    @cached_property
    def points(self) -> dict[str, list]:
        """The observations as rows, in their order, by indicator."""
        return grouped(each_row(self.observations), attrgetter("indicator"))

    @cached_property
    def targets(self) -> pd.DataFrame:
        """The official targets that the body is held to, :func:`reformlib.load.binding.applies`, rows of targets.csv.

        >>> report = load_report("tra-vinh-2020")
        >>> len(report.targets), len(report.catalogue.targets)
        (115, 125)
        """
        rows = self.catalogue.targets
        binding = pd.Series([applies(row, self) for row in each_row(rows)], index=rows.index, dtype=bool)
        return rows[binding].reset_index(drop=True)

    @cached_property
    def ending(self) -> dict[str, str]:
        """Whose last day `exists_until` is, `name_vi` and `name_en`, and its `source`: the place that the figures are
        of, where units.csv has that day for it, else the unit.

        >>> load_report("tra-vinh-2020").ending["name_en"]
        'Trà Vinh'
        """
        meta = self.meta
        for name in (meta.place_vi, meta.unit_vi):
            body = self.catalogue.bodies.get(whose(name, meta.place_vi), {})
            if body.get("exists_until") == str(meta.exists_until):
                return {key: body[key] for key in ("name_vi", "name_en")} | {"source": f"units.csv, {body['unit']}"}
        return {"name_vi": meta.unit_vi, "name_en": meta.unit_en, "source": "report.yml"}

    def supposes(self, codes: Iterable[str]) -> bool:
        """Whether a what-if has another value for an indicator or a fact among some codes."""
        return not {key[0] for key in self.supposed}.isdisjoint(codes)

    def universe_fact(self, indicator: str) -> dict | None:
        """The row of facts.csv that states what a count of the indicator is a share of; None where none is stated."""
        fact = self.meta.universes.get(indicator)
        return None if fact is None else self.rows_by("facts", "fact")[fact]

    def universe(self, indicator: str) -> float | None:
        """What a count of the indicator is a share of, as the report states it; None where it states nothing.

        >>> load_report("tra-vinh-2020").universe("online_services")
        1949.0
        """
        fact = self.universe_fact(indicator)
        return None if fact is None else fact["value"]


_ahead: Report | None = None


def load_ahead(report: Report | None) -> None:
    """Let processes forked from this one begin with `report`, and what was worked out of it; None: with none.

    There, the first :func:`load_report` of its folder hands it out; the next reads the folder again.
    """
    global _ahead
    _ahead = report


def load_report(
    name_or_path: str | os.PathLike[str], catalogues: dict[Path, Catalogue] | None = None, *, draft: bool = False
) -> Report:
    """Load one report by its name under `data/reports/` or by the path of its folder, with the form that it names.

    `catalogues` keeps the forms read, by folder, for who loads many reports: it is added to. A `draft` may lack texts
    of report.yml: `STAND_IN` takes their place, so that the rest can be checked. `facts` gains a column `value` (float)
    read from `raw`; `observations` is described in :func:`reformlib.load.observations.observe`. Raises ReformError
    naming everything that is wrong and where it stands.

    >>> report = load_report("tra-vinh-2020")
    >>> report.observations.query("indicator == 'signatures' and year == 2020")["value"].item()
    1610.0
    """
    folder = find_report(name_or_path)
    if _ahead and folder == _ahead.folder and not draft:
        ahead = _ahead
        load_ahead(None)
        return ahead
    meta, tables, annex, assumptions = collect(
        lambda: read_meta(folder / "report.yml", draft=draft),
        lambda: read_files(folder, contracts.REPORT | there(folder, contracts.REPORT_MAY)),
        lambda: read_annex(folder / "annex.csv"),
        lambda: read_assumptions(folder / "assumptions.yml"),
    )
    tables = {stem(file): {name: [] for name in fields} for file, fields in contracts.REPORT_MAY.items()} | tables
    catalogue = form.of_report(folder, meta, catalogues)
    form.check_unchanged(folder, meta, catalogue, annex)
    meta = form.completed(meta, catalogue)
    codes = {name: {key: [*catalogue.rows_by(name, key)]} for name, key in _CODES.items()}
    check_all_references(folder, contracts.REPORT | contracts.REPORT_MAY, tables | codes)
    _check_links(folder / "coverage.csv", tables, codes["targets"]["id"])
    _check_evidence(folder / "objective_evidence.csv", tables, catalogue)
    _check_indicators(folder / "report.yml", meta, codes["indicators"]["indicator"], tables["facts"]["fact"])
    frames: dict[str, Any] = {name: framed(columns) for name, columns in tables.items()}
    frames["facts"]["value"] = _fact_values(folder / "facts.csv", tables["facts"]["raw"], meta.locale)
    periods = periods_in(annex, folder / "annex.csv")
    assumptions = placed(assumptions, periods.values(), folder / "assumptions.yml")
    _, points = collect(
        lambda: form.check_labels(folder / "annex.csv", annex, catalogue, assumptions),
        lambda: observe(annex, catalogue, meta, assumptions, folder / "annex.csv"),
    )
    return Report(folder, meta, catalogue, annex, points, **frames, assumptions=assumptions)


def _check_links(path: Path, tables: dict[str, Columns], targets: list[str]) -> None:
    """What a link of coverage.csv gives its subject is a cause, a task or a target, as its `relation` says."""
    links, about = tables["coverage"], tables["limitations"]
    causes = [code for code, kind in zip(about["limitation"], about["kind"], strict=True) if kind == "cause"]
    for relation, codes in {"cause": causes, "task": tables["tasks"]["task"], "target": targets}.items():
        cells = [cell if of == relation else "" for cell, of in zip(links["object"], links["relation"], strict=True)]
        check_codes(path, "object", cells, codes, ";", f"must name a {relation}, as relation says")


def _check_evidence(path: Path, tables: dict[str, Columns], catalogue: Catalogue) -> None:
    """What is to be held against the value of an objective is a share in percent, of one that has a value."""
    units = dict(zip(tables["facts"]["fact"], tables["facts"]["unit"], strict=True))
    objectives, rows = catalogue.rows_by("objectives", "objective"), tables["objective_evidence"]
    kinds = [objectives[code]["kind"] for code in rows["objective"]]
    more = {"kind": kinds, "unit": [units.get(code, "") for code in rows["facts"]]}
    check_rules(path, {"objective_evidence": framed(rows | more)})


def _check_indicators(path: Path, meta: ReportMeta, indicators: list[str], facts: list[str]) -> None:
    """The codes in report.yml are those of rows of the form and of facts.csv."""
    parts = [fact for one in meta.own_results for fact in (one.part, one.whole)]
    named = (
        ("universes", meta.universes, indicators),
        ("universes", meta.universes.values(), facts),
        ("cumulative", meta.cumulative, indicators),
        ("scope_rows", meta.scope_rows, indicators),
        ("own_results", parts, facts),
    )
    for name, given, known in named:
        if unknown := [code for code in given if code not in known]:
            expected = f"a code of {'facts' if known is facts else 'indicators'}.csv"
            raise ReformError(f"report.yml: {name}: {unknown[0]} is unknown", where=str(path), expected=expected)


def _fact_values(path: Path, cells: list[str], locale: str) -> list[float]:
    values, broken = [], []
    for row, raw in enumerate(cells, start=2):
        try:
            values.append(parse_number(raw.removesuffix("%"), locale=locale).value)
        except ReformError as error:
            broken.append(f"{path.name}, row {row}, column raw: {error.what}")
    refuse(broken, f"{len(broken)} unreadable figures in {path.name}", where=str(path))
    return values
