"""Load the catalogue and a report folder, every file held against its contract."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import yaml
from pydantic import ValidationError

from reformlib.errors import ReformError, collect
from reformlib.load import contracts, observations
from reformlib.load.cache import CacheOwner
from reformlib.load.cells import parse_number
from reformlib.load.contracts import ReportMeta
from reformlib.load.rows import each_row
from reformlib.paths import data_folder, find_report

STAND_IN = "…"  # for a text of report.yml that is still to be filled in, while the rest is checked
# what stands in a field of report.yml that somebody still has to fill in
OPEN_VI, OPEN_EN = "[cần điền: {}]", "[to be filled in: {}]"
OPEN = re.compile(r"\[(?:cần điền|to be filled in)\b")


# The same safe loader in C where PyYAML was built with it: six times as fast on the folder of a report.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def open_fields(fields: dict[str, object]) -> list[str]:
    """Names of the fields of report.yml that wait to be filled in.

    >>> open_fields({"unit_vi": "Sở Nội vụ", "unit_en": "[to be filled in: name of the unit in English]"})
    ['unit_en']
    """
    return [name for name, value in fields.items() if OPEN.search(str(value))]


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
        found: dict[str, list] = {}
        for point in each_row(self.observations):
            found.setdefault(point.indicator, []).append(point)
        return found


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Load `data/catalogue/`.

    Numbers (limits, target values, years) become floats, missing NaN; everything else stays text.
    Raises ReformError naming every broken row of a file.
    """
    folder = folder or data_folder() / "catalogue"
    tables = _read_tables(folder, contracts.CATALOGUE)
    indicators, targets = tables["indicators.csv"], tables["targets.csv"]
    _known(folder / "indicators.csv", indicators, "unit", tables["units.csv"]["unit"])
    _known(folder / "targets.csv", targets, "instrument", tables["instruments.csv"]["instrument"])
    mapping = tables["target_mapping.csv"]
    _known(folder / "target_mapping.csv", mapping, "target", targets["id"])
    _known(folder / "target_mapping.csv", mapping, "form_row", indicators["form_row"])
    _known(folder / "missing_indicators.csv", tables["missing_indicators.csv"], "targets", targets["id"])
    _known(folder / "projection.csv", tables["projection.csv"], "indicator", indicators["indicator"])
    indicators = indicators.assign(
        form_row=indicators["form_row"].astype(int),
        limit_low=pd.to_numeric(indicators["limit_low"]),
        limit_high=pd.to_numeric(indicators["limit_high"]),
    )
    targets = targets.assign(
        value=pd.to_numeric(targets["value"]),
        target_year=pd.to_numeric(targets["target_year"]),
        confidence_pct=pd.to_numeric(targets["confidence_pct"]),
    )
    return Catalogue(
        folder,
        indicators,
        tables["units.csv"],
        tables["instruments.csv"],
        targets,
        mapping.assign(form_row=mapping["form_row"].astype(int)),
        tables["missing_indicators.csv"],
        tables["projection.csv"],
    )


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
    :func:`reformlib.load.observations.observe`. Raises ReformError saying what is wrong, where, and how to mend it.

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
        lambda: contracts.read_annex(folder / "annex.csv"),
        lambda: read_assumptions(folder / "assumptions.yml"),
    )
    sections = tables["sections.csv"]["section"]
    for name in ("facts.csv", "systems.csv", "results.csv", "limitations.csv", "tasks.csv"):
        _known(folder / name, tables[name], "section", sections)
    facts = tables["facts.csv"]
    _known(folder / "facts.csv", facts, "unit", catalogue.units["unit"])
    _known(folder / "systems.csv", tables["systems.csv"], "facts", facts["fact"])
    _known_links(folder / "coverage.csv", tables, catalogue.targets["id"])
    _known_indicators(folder / "report.yml", meta, catalogue.indicators["indicator"], facts["fact"])
    return Report(
        folder=folder,
        meta=meta,
        catalogue=catalogue,
        annex=annex,
        observations=observations.observe(annex, catalogue.indicators, meta, assumptions, folder / "annex.csv"),
        sections=tables["sections.csv"],
        facts=facts.assign(value=_fact_values(folder / "facts.csv", facts, meta.locale)),
        documents=tables["documents.csv"],
        systems=tables["systems.csv"],
        domains=tables["domains.csv"],
        results=tables["results.csv"],
        limitations=tables["limitations.csv"],
        tasks=tables["tasks.csv"],
        coverage=tables["coverage.csv"],
        assumptions=assumptions,
    )


def _read_tables(folder: Path, files: dict[str, dict]) -> dict[str, pd.DataFrame]:
    read = collect(*(partial(contracts.read_table, folder / name, columns) for name, columns in files.items()))
    return dict(zip(files, read, strict=True))


def read_meta(path: Path, *, draft: bool = False) -> ReportMeta:
    """Read report.yml, `STAND_IN` for the texts that a `draft` lacks.

    Raises ReformError naming every field that is missing, unknown or malformed.
    """
    content = _read_yaml(path)
    if not isinstance(content, dict):
        raise ReformError(f"{path.name} holds no fields", where=str(path), expected="lines such as `id: my-report`")
    if draft:
        content |= dict.fromkeys(_empty_texts(content), STAND_IN)
    try:
        return ReportMeta.model_validate(content)
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc']))}: "
            + ("still to be filled in" if item["input"] in ("", None) else item["msg"])
            for item in error.errors()
        ]
        raise ReformError(f"{path.name}: " + "; ".join(lines), where=str(path)) from None


def empty_texts(path: Path) -> list[str]:
    """Fields of report.yml that every page needs and that are still without a text, or with one that asks for it."""
    return _empty_texts(_read_yaml(path))


def _empty_texts(content: dict) -> list[str]:
    texts = [name for name, field in ReportMeta.model_fields.items() if field.annotation is str and field.metadata]
    return [
        name
        for name in texts
        if name not in ("id", "issued") and (content.get(name) in ("", None) or OPEN.search(str(content[name])))
    ]


def read_assumptions(path: Path) -> list[dict]:
    """Read the log of corrections and assumptions; no file means none. Raises ReformError for a malformed entry."""
    if not path.is_file():
        return []
    try:
        return [observations.Assumption.model_validate(entry).model_dump() for entry in _read_yaml(path) or []]
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise ReformError(f"{path.name}: " + "; ".join(lines), where=str(path)) from None


def _read_yaml(path: Path):
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=SAFE)
    except FileNotFoundError:
        raise ReformError(f"{path.name} is missing", where=str(path), fix="restore the file") from None
    except UnicodeDecodeError:
        raise ReformError(f"{path.name} is not UTF-8 text", where=str(path), fix="save it in UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ReformError(
            f"{path.name} is not valid YAML: {getattr(error, 'problem', error)}", where=f"{path}{place}"
        ) from None


def _known(path: Path, frame: pd.DataFrame, column: str, known: pd.Series) -> None:
    allowed = set(known)
    unknown = [
        f"{path.name}, row {row}, column {column}: must name a row of the other table; found {code!r}"
        for row, cell in enumerate(frame[column], start=2)
        for code in (cell.split(";") if column in ("facts", "targets", "object") else [cell])
        if code and code not in allowed
    ]
    if unknown:
        raise ReformError(
            f"{len(unknown)} unknown codes in {path.name}:\n  " + "\n  ".join(unknown),
            where=str(path),
            expected=f"codes such as {', '.join(sorted(allowed)[:5])}",
        )


def _known_links(path: Path, tables: dict[str, pd.DataFrame], targets: pd.Series) -> None:
    links, about = tables["coverage.csv"], tables["limitations.csv"]
    tasks = tables["tasks.csv"]["task"]
    _known(path, links, "subject", pd.concat([about["limitation"], tasks]))
    objects = {"cause": about.loc[about["kind"] == "cause", "limitation"], "task": tasks, "target": targets}
    for relation, known in objects.items():
        _known(path, links[links["relation"] == relation], "object", known)


def _known_indicators(path: Path, meta: ReportMeta, indicators: pd.Series, facts: pd.Series) -> None:
    for indicator, fact in meta.universes.items():
        if indicator not in set(indicators) or fact not in set(facts):
            raise ReformError(
                f"report.yml: universes: {indicator}: {fact} is unknown",
                where=str(path),
                expected="a code of indicators.csv, then a code of facts.csv",
            )
    for indicator in meta.cumulative:
        if indicator not in set(indicators):
            raise ReformError(
                f"report.yml: cumulative: {indicator} is unknown",
                where=str(path),
                expected="a code of indicators.csv",
            )


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
