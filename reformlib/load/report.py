"""Load the catalogue and a report folder, every file held against its contract."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property, partial
from operator import attrgetter
from pathlib import Path

import pandas as pd

from reformlib.errors import ReformError, collect
from reformlib.load import contracts
from reformlib.load.assumptions import read_assumptions
from reformlib.load.cache import CacheOwner
from reformlib.load.cells import parse_number
from reformlib.load.meta import ReportMeta, read_meta
from reformlib.load.observations import observe
from reformlib.load.rows import each_row, grouped
from reformlib.load.validate import check_codes, check_references, read_annex, read_table
from reformlib.paths import data_folder, find_report


@dataclass(frozen=True, eq=False)
class Catalogue(CacheOwner):
    """What all reports share: the form's indicators, units, official targets and their instruments."""

    folder: Path
    indicators: pd.DataFrame
    units: pd.DataFrame
    instruments: pd.DataFrame
    targets: pd.DataFrame
    target_mapping: pd.DataFrame
    missing_indicators: pd.DataFrame
    projection: pd.DataFrame

    @cached_property
    def by_indicator(self) -> pd.DataFrame:
        """The form's indicators by their code."""
        return self.indicators.set_index("indicator")

    def instrument(self, code: str) -> dict[str, str]:
        """What an instrument is called, by language: its type and number, or its name where it has no number."""
        row = self.rows_by("instruments", "instrument")[code]
        if not row["number"]:
            return {"vi": row["name_vi"], "en": row["name_en"]}
        return {"vi": code, "en": f"{row['type_en']} {row['number']}"}


@dataclass(frozen=True, eq=False)
class Report(CacheOwner):
    """One report: its metadata, the annex as printed, the observations read from it, and the narrative's tables.

    `withheld` are the series (indicator, level) that no target is compared with and nothing is projected from:
    :func:`reformlib.check.withheld.withhold`. A report never changes; what if a figure were another is asked of
    `dataclasses.replace(report, observations=…)`, since results are kept with the report they were worked out from.
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
    assumptions: list[dict]
    withheld: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def points(self) -> dict[str, list]:
        """The observations as rows, in their order, by indicator."""
        return grouped(each_row(self.observations), attrgetter("indicator"))

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


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Load `data/catalogue/`.

    Numbers (form rows, limits, target values, years) become numbers, missing NaN; everything else stays text.
    Raises ReformError naming every broken cell of every file.
    """
    folder = folder or data_folder() / "catalogue"
    tables = _read_tables(folder, contracts.CATALOGUE)
    collect(
        lambda: _check_references(folder, contracts.CATALOGUE, tables),
        lambda: _check_pairs(folder, tables),
    )
    for file, columns in contracts.CATALOGUE.items():
        for name in (name for name, field in columns.items() if field["type"] != "string"):
            tables[_stem(file)][name] = pd.to_numeric(tables[_stem(file)][name])
    return Catalogue(folder, **tables)


_ahead: Report | None = None


def load_ahead(report: Report | None) -> None:
    """Let processes forked from this one begin with `report`, and what was worked out of it; None: with none.

    There, the first :func:`load_report` of its folder hands it out; the next reads the folder again.
    """
    global _ahead
    _ahead = report


def load_report(
    name_or_path: str | os.PathLike[str], catalogue: Catalogue | None = None, *, draft: bool = False
) -> Report:
    """Load one report by its name under `data/reports/` or by the path of its folder.

    A `draft` may lack texts of report.yml: `STAND_IN` takes their place, so that the rest can be checked. `facts`
    gains a column `value` (float) read from `raw`; `observations` is described in
    :func:`reformlib.load.observations.observe`. Raises ReformError naming everything that is wrong and where it stands.

    >>> report = load_report("tra-vinh-2020")
    >>> report.observations.query("indicator == 'signatures' and year == 2020")["value"].item()
    1610.0
    """
    folder = find_report(name_or_path)
    if _ahead and folder == _ahead.folder and not catalogue and not draft:
        ahead = _ahead
        load_ahead(None)
        return ahead
    catalogue = catalogue or load_catalogue()
    meta, tables, annex, assumptions = collect(
        lambda: read_meta(folder / "report.yml", draft=draft),
        lambda: _read_tables(folder, contracts.REPORT),
        lambda: read_annex(folder / "annex.csv"),
        lambda: read_assumptions(folder / "assumptions.yml"),
    )
    codes = {name: getattr(catalogue, name) for name in ("indicators", "targets", "units")}
    _check_references(folder, contracts.REPORT, tables | codes)
    _check_links(folder / "coverage.csv", tables, catalogue.targets["id"])
    _check_indicators(folder / "report.yml", meta, catalogue.indicators["indicator"], tables["facts"]["fact"])
    tables["facts"]["value"] = _fact_values(folder / "facts.csv", tables["facts"], meta.locale)
    points = observe(annex, catalogue.indicators, meta, assumptions, folder / "annex.csv")
    return Report(folder, meta, catalogue, annex, points, **tables, assumptions=assumptions)


def _read_tables(folder: Path, files: dict[str, dict]) -> dict[str, pd.DataFrame]:
    """The tables of a folder by name: `facts` of facts.csv."""
    tables = collect(*(partial(read_table, folder / file, columns) for file, columns in files.items()))
    return dict(zip(map(_stem, files), tables, strict=True))


def _check_references(folder: Path, files: dict[str, dict], tables: dict[str, pd.DataFrame]) -> None:
    check = partial(check_references, tables=tables)
    collect(*(partial(check, folder / file, tables[_stem(file)], columns) for file, columns in files.items()))


def _check_pairs(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Columns of the catalogue of which one asks something of the other."""
    mapping, projection, targets = (tables[name] for name in ("target_mapping", "projection", "targets"))
    counts = [projection[name].str.count("[^;]+") for name in ("until", "change")]
    unconfirmed, driving = targets["evidence"] == "unconfirmed", targets["recommended_use"].str.startswith("use")
    rules = {
        "target_mapping.csv, row {}, column reason: must be filled, as measure is none": (
            (mapping["measure"] == "none") & (mapping["reason"] == "")
        ),
        "projection.csv, row {}, column change: must have one code for each year of until": counts[0] != counts[1],
        "targets.csv, row {}, column recommended_use: must drive no figure, as evidence is unconfirmed": (
            unconfirmed & driving
        ),
    }
    wrong = [rule.format(row + 2) for rule, broken in rules.items() for row in broken.index[broken]]
    if wrong:
        raise ReformError("\n".join(wrong), where=str(folder), fix="correct the cells named")


def _stem(file: str) -> str:
    return file.removesuffix(".csv")


def _check_links(path: Path, tables: dict[str, pd.DataFrame], targets: pd.Series) -> None:
    """What a link of coverage.csv gives its subject is a cause, a task or a target, as its `relation` says."""
    links, about = tables["coverage"], tables["limitations"]
    causes = about.loc[about["kind"] == "cause", "limitation"]
    for relation, codes in {"cause": causes, "task": tables["tasks"]["task"], "target": targets}.items():
        check_codes(path, links.loc[links["relation"] == relation, "object"], codes, ";")


def _check_indicators(path: Path, meta: ReportMeta, indicators: pd.Series, facts: pd.Series) -> None:
    codes, stated = set(indicators), set(facts)
    unknown = [
        (f"universes: {indicator}: {fact}", "a code of indicators.csv, then a code of facts.csv")
        for indicator, fact in meta.universes.items()
        if indicator not in codes or fact not in stated
    ]
    unknown += [(f"cumulative: {code}", "a code of indicators.csv") for code in meta.cumulative if code not in codes]
    for what, expected in unknown[:1]:
        raise ReformError(f"report.yml: {what} is unknown", where=str(path), expected=expected)


def _fact_values(path: Path, facts: pd.DataFrame, locale: str) -> list[float]:
    values, broken = [], []
    for row, raw in enumerate(facts["raw"], start=2):
        try:
            values.append(parse_number(raw.removesuffix("%"), locale=locale).value)
        except ReformError as error:
            broken.append(f"{path.name}, row {row}, column raw: {error.what}")
    if broken:
        raise ReformError(
            f"{len(broken)} unreadable figures in {path.name}:\n  " + "\n  ".join(broken), where=str(path)
        )
    return values
