"""A form with what all forms share: its rows, their breakdown, the official targets, units of measure, bodies."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from reformlib.errors import ReformError, collect
from reformlib.load import contracts
from reformlib.load.cache import CacheOwner, cached_by_owner
from reformlib.load.cells import NO_LEVELS, NO_WORDS, CellValue, parse_cell, unit_words
from reformlib.load.form_rules import check_categories, check_rules
from reformlib.load.identity import whose
from reformlib.load.period import MONTHS
from reformlib.load.rows import distinct, each_row, grouped, records
from reformlib.load.strict_yaml import YamlFile
from reformlib.load.validate import Columns, check_references, framed, read_columns, read_csv
from reformlib.paths import data_folder, find_form

READING = ("indicators.csv", "categories.csv")  # of a form, what its cells are read by


class FormMeta(BaseModel):
    """form.yml: what an official form is called, and the words by which its heading is known."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$")
    name_vi: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    title_vi: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    source_vi: str = Field(min_length=1)
    source_en: str = Field(min_length=1)
    heading_words: list[str] = []
    # the periods that it may be filled in for, by their letters in SDMX; none: any
    frequencies: list[Literal[tuple(MONTHS)]] = []  # pyright: ignore[reportInvalidTypeForm]
    # what a reader has to know of its rows, such as what a category stands for
    notes_vi: list[str] = []
    notes_en: list[str] = []

    @field_validator("notes_en")
    @classmethod
    def _in_both_languages(cls, notes: list[str], info: ValidationInfo) -> list[str]:
        if len(notes) != len(info.data.get("notes_vi", notes)):
            raise ValueError(f"must be as many as notes_vi, {len(info.data['notes_vi'])}; found {len(notes)}")
        return notes


@dataclass(frozen=True, eq=False)
class Catalogue(CacheOwner):
    """One official form, and what all forms share: official targets, their instruments, units of measure, bodies.

    `indicators` has two columns more: `levels`, the codes of the categories that a row is broken down by, between
    semicolons, after an empty one where they stand in rows of their own; `whole`, whether it counts things that come
    whole, by their unit and the form's decimals.
    """

    folder: Path
    form: FormMeta
    indicators: pd.DataFrame
    categories: pd.DataFrame
    target_mapping: pd.DataFrame
    missing_indicators: pd.DataFrame
    projection: pd.DataFrame
    reclassifications: pd.DataFrame
    remarks: pd.DataFrame
    units: pd.DataFrame
    units_of_measure: pd.DataFrame
    instruments: pd.DataFrame
    targets: pd.DataFrame
    bases: pd.DataFrame
    words: pd.DataFrame
    objectives: pd.DataFrame

    @cached_property
    def by_indicator(self) -> pd.DataFrame:
        """The form's indicators by their code."""
        return self.indicators.set_index("indicator")

    @cached_property
    def bodies(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The rows of units.csv by what a unit is known by: :func:`reformlib.load.identity.whose`."""
        return {whose(row["name_vi"], row["place_vi"]): row for row in records(self.units)}

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """What the row of each indicator may be called, by its code: its name, then its other printed labels."""
        return {
            row["indicator"]: distinct(row["name_vi"], *row["words"].split(";")) for row in records(self.indicators)
        }

    @cached_property
    def rows(self) -> dict[str, Any]:
        """The printed rows by number, in the order of the form: rows of `indicators`, with those of categories that
        stand in a row of their own. `levels` are the codes of the categories in the cells of the row, "" for none.

        >>> [(row.indicator, row.levels) for row in load_catalogue("phu-luc-7").rows.values()][9]
        ('online_services', '3;4')
        """
        rows = {}
        for ind in each_row(self.indicators):
            own = [row for row in self._categories.get(ind.indicator, ()) if row["form_row"]]
            rows[ind.form_row] = ind._replace(levels="") if own else ind
            rows |= {row["form_row"]: ind._replace(form_row=row["form_row"], levels=row["category"]) for row in own}
        return rows

    def row_of(self, indicator: str, level: str = "") -> str:
        """The number of the row that a series stands in: the category's where it has one, else the indicator's.

        >>> load_catalogue("phu-luc-7").row_of("online_services", "3")
        '10'
        """
        own = [row["form_row"] for row in self._categories.get(indicator, ()) if row["category"] == level]
        return next(filter(None, own), self.rows_by("indicators", "indicator")[indicator]["form_row"])

    def series_of(self, number: str) -> tuple[str, str]:
        """The indicator and the category that a row is of, by its number; "" for a category that has no row to itself.

        >>> load_catalogue("phu-luc-7").series_of("10")
        ('online_services', '')
        """
        row = self.rows[number]
        return row.indicator, row.levels if row.indicator in self.row_words else ""

    def row_name(self, number: str, language: str, *, whole: bool = False) -> str:
        """What a row is called, by its number: the category's name where it has a row of its own, with `whole` after
        that of its indicator."""
        name = getattr(self.rows[number], f"name_{language}")
        rows = (row for rows in self._categories.values() for row in rows)
        own = next((row[f"name_{language}"] for row in rows if row["form_row"] == number), "")
        return f"{name}, {_in_sentence(own)}" if own and whole else own or name

    @cached_property
    def _categories(self) -> dict[str, list[dict[str, Any]]]:
        return grouped(records(self.categories), itemgetter("indicator"))

    @cached_property
    def level_words(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The words that stand before the figure of each category, by its code, of each indicator that has some in its
        cells.

        >>> load_catalogue("phu-luc-7").level_words["online_services"]["3"]
        ('mức 3', 'mức độ 3')
        """
        return self._words(own=False)

    @cached_property
    def row_words(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The words that label the row of each category, by its code, of each indicator that has some in rows."""
        return self._words(own=True)

    def _words(self, *, own: bool) -> dict[str, dict[str, tuple[str, ...]]]:
        words: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in (row for row in records(self.categories) if bool(row["form_row"]) == own):
            words.setdefault(row["indicator"], {})[row["category"]] = distinct(*row["words"].split(";"), row["name_vi"])
        return words

    @cached_property
    def level_names(self) -> dict[str, dict[str, dict[str, str]]]:
        """What each category is called in a sentence, by its code, of each indicator that has some.

        >>> load_catalogue("phu-luc-7").level_names["online_services"]["3"]
        {'name_vi': 'mức độ 3', 'name_en': 'level 3'}
        """
        return {
            code: {row["category"]: {name: _in_sentence(row[name]) for name in ("name_vi", "name_en")} for row in rows}
            for code, rows in self._categories.items()
        }

    @cached_property
    def unit_words(self) -> dict[str, dict[str, Decimal]]:
        """What may stand behind a figure of each unit, by its code: see :func:`reformlib.load.cells.unit_words`.

        >>> load_catalogue("phu-luc-7").unit_words["documents"]["nghìn văn bản"]
        Decimal('1E+3')
        """
        return {
            row["unit"]: unit_words((*names, *filter(None, row["words"].split(";"))), _scale(row["scale"]))
            for row in records(self.units_of_measure)
            for names in [[row[name] for name in ("name_vi", "name_en", "name_en_singular")]]
        }

    def in_order(self, column: pd.Series) -> pd.Series:
        """A key to sort tables by: a column `form_row` in the order of the form, any other as it is.

        >>> load_catalogue("phu-luc-7").in_order(pd.Series(["10", "9"], name="form_row")).tolist()
        [9, 8]
        """
        order = {row: at for at, row in enumerate(self.rows)}
        return column.map(order) if column.name == "form_row" else column

    def reclassified(self, indicator: str) -> list[Any]:
        """The rows of reclassifications.csv that are about an indicator, as the table has them.

        >>> [row.reclassification for row in load_catalogue("phu-luc-7").reclassified("lan")]
        ['districts_end']
        """
        return [row for row in each_row(self.reclassifications) if indicator in row.indicators.split(";")]

    def parse(self, indicator: str, raw: str, locale: str) -> list[CellValue]:
        """One printed cell of an indicator's row, read as the form says: see :func:`reformlib.load.cells.parse_cell`.

        >>> [value.value for value in load_catalogue("phu-luc-7").parse("signatures", "1.445", "vi")]
        [1445.0]
        """
        return parse_cell(raw, locale=locale, **_reading(self, indicator))

    @cached_property
    def sha256(self) -> str:
        """sha256 of what the cells of the form are read by: its rows and their categories, line ends aside."""
        parts = [(self.folder / file).read_bytes().replace(b"\r\n", b"\n") for file in READING]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    @cached_property
    def row_digests(self) -> dict[str, str]:
        """A short digest of each row, with its categories, by the row's number: which rows have changed since.

        Kept in the datapackage.json of a report (`reformlib.load.datapackage`).
        """
        indicators, categories = (records(framed(read_csv(self.folder / file))) for file in READING)
        return {
            number: hashlib.sha256(json.dumps([row, parts], ensure_ascii=False).encode()).hexdigest()[:16]
            for row in indicators
            for parts in [[one for one in categories if one["indicator"] == row["indicator"]]]
            for number in [row["form_row"], *(one["form_row"] for one in parts if one.get("form_row"))]
        }

    def instrument(self, code: str) -> dict[str, str]:
        """What an instrument is called, by language: its type and number, or its name where it has no number."""
        row = self.rows_by("instruments", "instrument")[code]
        if not row["number"]:
            return {"vi": row["name_vi"], "en": row["name_en"]}
        after = code.partition(row["number"])[2]  # a year tells two instruments of one number apart
        year = after if after.strip(" ()").isdigit() else ""
        return {"vi": code, "en": f"{row['type_en']} {row['number']}{year}"}


@cached_by_owner
def _reading(form: Catalogue, indicator: str) -> dict[str, Any]:
    """What the cells of an indicator's row are read by."""
    row = form.rows_by("indicators", "indicator")[indicator]
    decimals = None if pd.isna(row["decimals"]) else int(row["decimals"])
    words = NO_WORDS if row["unit"] == "%" else form.unit_words[row["unit"]]
    levels = form.level_words.get(indicator, NO_LEVELS)
    return {"unit": row["unit"], "decimals": decimals, "levels": levels, "whole": row["whole"], "words": words}


def _scale(cell: float) -> float:
    return 1 if pd.isna(cell) else cell


def _in_sentence(name: str) -> str:
    """A name without the capital that it begins with, where that is its only one: «Mức độ 3», but not «UBND»."""
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name


def load_catalogue(form: str | Path) -> Catalogue:
    """Load a form by its name under `data/forms/` or by its folder, with the targets and units of the project.

    Numbers (form rows, limits, target values, years) become numbers, missing NaN; everything else stays text. A form
    may add targets, instruments and units of measure of its own, and lack reclassifications and remarks. Raises
    ReformError naming every broken cell.

    >>> load_catalogue("phu-luc-7").by_indicator.loc["online_services", "levels"]
    '3;4'
    """
    folder, data = find_form(form), data_folder()
    may, own = (there(folder, files) for files in (contracts.FORM_MAY, contracts.FORM_MORE))
    meta, tables, shared, targets = collect(
        lambda: read_form(folder),
        lambda: read_tables(folder, contracts.FORM | may),
        lambda: read_tables(data, contracts.SHARED),
        lambda: read_tables(data / "targets", contracts.TARGETS),
    )
    tables = {stem(file): pd.DataFrame(columns=[*fields]) for file, fields in contracts.FORM_MAY.items()} | tables
    shared |= targets
    whole = tables | _with_own(folder, shared, read_tables(folder, own))
    limits, categories = whole["indicators"][["indicator", "limit_low", "limit_high"]], tables["categories"]
    asked = tables | {"projection": tables["projection"].merge(limits, how="left")}
    asked["categories"] = categories.assign(of_indicator=categories["form_row"].isin(whole["indicators"]["form_row"]))
    collect(
        lambda: check_all_references(folder, contracts.FORM | may | own, whole),
        lambda: check_all_references(data / "targets", contracts.TARGETS, whole | targets),
        lambda: check_rules(data / "targets", targets),
        lambda: check_rules(folder, asked),
        lambda: check_categories(folder, tables),
    )
    for file, columns in (contracts.FORM | contracts.FORM_MORE).items():
        for name in (name for name, field in columns.items() if field["type"] not in ("string", "date")):
            whole[stem(file)][name] = pd.to_numeric(whole[stem(file)][name])
    return Catalogue(folder, meta, **whole | {"indicators": _indicators(whole)})


def _with_own(folder: Path, shared: dict[str, pd.DataFrame], own: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The shared tables with the rows that a form adds; what a shared table says too does no harm."""
    added = dict(shared)
    for name, more in own.items():
        key = next(iter(contracts.FORM_MORE[f"{name}.csv"]))
        taken = {row[key]: row for row in records(shared[name])}
        for place, row in enumerate(records(more), 2):
            if taken.get(row[key], row) != row:
                cell = f"{name}.csv, row {place}, column {key}"
                what = f"{cell}: {row[key]!r} stands in the shared one, with another text"
                fix = "choose another code, or delete the row"
                raise ReformError(what, where=str(folder / f"{name}.csv"), fix=fix)
        added[name] = pd.concat([shared[name], more[~more[key].isin(taken)]], ignore_index=True)
    return added


def _indicators(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """indicators.csv with the columns of :class:`Catalogue`."""
    rows, scales = tables["indicators"], tables["units_of_measure"].set_index("unit")["scale"].map(_scale)
    # a category in a row of its own leaves that of the indicator free for a total
    parts = tables["categories"].groupby("indicator", sort=False)
    free = parts["form_row"].first().ne("").map({True: ";", False: ""})
    levels = free.str.cat(parts["category"].agg(";".join))
    counted = rows["measure"].isin(["stock", "flow"]) & (rows["unit"] != "%") & (rows["unit"].map(scales) == 1)
    return rows.assign(
        levels=rows["indicator"].map(levels).fillna("").astype(object), whole=counted & ~(rows["decimals"] > 0)
    )


def there(folder: Path, files: dict[str, dict]) -> dict[str, dict]:
    """Those of the files that a folder has."""
    return {file: columns for file, columns in files.items() if (folder / file).is_file()}


def read_form(folder: Path) -> FormMeta:
    """Read form.yml of a form. Raises ReformError naming every field that is missing, unknown or malformed."""
    file = YamlFile(folder / "form.yml")
    if not isinstance(file.content, dict):
        raise file.error("it holds no fields", expected="lines such as `id: my-form`")
    return file.model(FormMeta, file.content)


def read_tables(folder: Path, files: dict[str, dict]) -> dict[str, pd.DataFrame]:
    """The tables of a folder by name, as :func:`read_files` has them, as frames."""
    return {name: framed(columns) for name, columns in read_files(folder, files).items()}


def read_files(folder: Path, files: dict[str, dict]) -> dict[str, Columns]:
    """The tables of a folder by name, texts by column: `facts` of facts.csv. Raises ReformError naming every broken
    cell."""
    tables = collect(*(partial(read_columns, folder / file, columns) for file, columns in files.items()))
    return dict(zip(map(stem, files), tables, strict=True))


def check_all_references(folder: Path, files: dict[str, dict], tables: Mapping[str, Columns | pd.DataFrame]) -> None:
    """Hold every code in the tables of a folder against the table that it names. Raises ReformError."""
    check = partial(check_references, tables=tables)
    collect(*(partial(check, folder / file, tables[stem(file)], columns) for file, columns in files.items()))


def stem(file: str) -> str:
    """The name of a table: `facts` of facts.csv."""
    return file.removesuffix(".csv")
