"""What every data file must look like: columns, meanings, rules. The data dictionary is made from here too.

Files are checked as text, before anything is converted, and every broken row is reported at once with file, row,
column, rule and value.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pydantic import BaseModel, ConfigDict, Field

from reformlib.errors import ReformError
from reformlib.load.neutral import restored
from reformlib.load.rows import each_row

STATUSES = {
    "A": "normal",
    "B": "break in the series",
    "D": "definition differs",
    "E": "estimated",
    "F": "forecast",
    "O": "missing",
    "M": "cannot exist",
    "P": "provisional",
    "U": "low reliability",
}  # SDMX CL_OBS_STATUS 2.2, the codes this package uses

USES = ["use", "use-with-caveat", "context-only", "hold-unless-confirmed"]
Text = Annotated[str, Field(min_length=1)]


class ReportMeta(BaseModel):
    """report.yml: who wrote the report, what it covers, as of when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$")
    edition: str = Field(min_length=1)
    unit_vi: Text
    unit_en: Text
    place_vi: Text
    place_en: Text
    title_vi: Text
    title_en: Text
    number: str = ""
    issued: str = Field(default="", pattern=r"^([12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?)?$")
    period_start: int = Field(ge=1900, le=2200)
    period_end: int = Field(ge=1900, le=2200)
    data_date: date
    annex_vi: Text
    annex_en: Text
    locale: Literal["vi", "en"] = "vi"
    source_vi: Text
    source_en: Text
    unit_until: date | None = None  # last day of the unit, where it has been merged since
    # what a count is a share of: the fact that states its universe at the data date, by indicator
    universes: dict[str, str] = {}
    # counts that the report declares to be of everything so far, by indicator: they cannot fall
    cumulative: list[str] = []

    def text(self, name: str, language: str) -> str:
        """The field `name` in the page's language: `meta.text("unit", "en")`."""
        return getattr(self, f"{name}_{language}")


def _column(description: str, pattern: str | None = None, *, required: bool = True, unique: bool = False) -> pa.Column:
    """A text column: filled unless `required` is false, and matching `pattern` where it is filled."""
    checks = []
    if required:
        checks.append(pa.Check.str_matches(r"(?s).*\S", error="must be filled"))
    if pattern:
        whole = rf"^(?:{pattern})$" if required else rf"^(?:{pattern})?$"
        checks.append(pa.Check.str_matches(whole, error=f"must look like {pattern}"))
    return pa.Column(str, checks, unique=unique, description=description)


def _one_of(description: str, *values: str, required: bool = True) -> pa.Column:
    allowed = list(values) if required else ["", *values]
    return pa.Column(str, pa.Check.isin(allowed, error=f"must be one of: {', '.join(values)}"), description=description)


_CODE = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
_DATE = r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?"
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_SECTION = r"\w+(?:\.\w+)*"  # II.2.1.đ: headings are lettered in Vietnamese
_SECTIONS = rf"{_SECTION}(?:;{_SECTION})*"

_QUOTE = _column("Words of the report that the row rests on, as printed; emphasis marks and line breaks left out")
_PLACE = _column("Section of the report, by its printed numbering", _SECTION)
_DOMAIN = _column("Reform domain, 1 to 6; empty where the text is about none of them", "[1-6]", required=False)
_NOTE = _column("Remark for the reader", required=False)


def _both(name: str, description: str, *, required: bool = True) -> dict[str, pa.Column]:
    return {
        f"{name}_vi": _column(f"{description}, in Vietnamese", required=required),
        f"{name}_en": _column(f"{description}, in English", required=required),
    }


CATALOGUE = {
    "indicators.csv": {
        "indicator": _column("Code of the indicator", _CODE, unique=True),
        "form_row": _column("Row of the form (Phụ lục 7)", "[0-9]+", unique=True),
        "levels": _column("Service levels the cell is broken down by", "[0-9](?:;[0-9])*", required=False),
        **_both("name", "Name; the Vietnamese as printed in the form"),
        **_both("short", "Short name for charts"),
        "unit": _column("Unit of measure, a code of units.csv"),
        "measure": _one_of("Stock (at a date), flow (over a period) or rate (a share)", "stock", "flow", "rate"),
        "time_collect": _one_of(
            "SDMX CL_TIME_PER_COLLECT: E at the end of the period, S summed over it; for a rate, of its parts",
            "E",
            "S",
        ),
        "direction": _one_of("Direction that counts as progress", "increase", "decrease"),
        "limit_low": _column("Natural lower limit", _NUMBER, required=False),
        "limit_high": _column("Natural upper limit", _NUMBER, required=False),
        **_both("universe", "What the count or share is measured against", required=False),
        "base": _column("Indicator whose zero leaves this rate without a base", _CODE, required=False),
    },
    "units.csv": {
        "unit": _column("Code of the unit", unique=True),
        **_both("name", "Name"),
        "name_en_singular": _column("English name for one"),
    },
    "instruments.csv": {
        "instrument": _column("Instrument as targets.csv names it", unique=True),
        **_both("type", "Type of document"),
        "number": _column("Number", required=False),
        "date": _column("Date", required=False),
        **_both("issuer", "Issuer", required=False),
        **_both("name", "What it is about", required=False),
        "target_set": _one_of(
            "Set of targets it belongs to",
            "national_resolution",
            "sector_programme",
            "provincial_plan",
            "direction",
        ),
        "period_start": _column("First year it covers", "[12][0-9]{3}", required=False),
        "period_end": _column("Last year it covers", "[12][0-9]{3}", required=False),
        "note": _NOTE,
    },
    "targets.csv": {
        "id": _column("Code of the target", "T[0-9]{3}", unique=True),
        "instrument": _column("Legal or administrative instrument that sets it"),
        "instrument_date": _column("Date of the instrument as known"),
        "section": _column("Article or section", required=False),
        **_both("target", "Short wording"),
        "phuluc7_indicator": _column("Form rows it bears on, or `other`", r"other|[0-9]+(?:;[0-9]+)*"),
        "mapping_quality": _column("How well it maps on the indicator"),
        "scope": _column("Bodies it binds"),
        "comparator": _one_of("How the value is compared", ">=", ">", "=", "<=", "<", "n/a"),
        "value": _column("Target value", _NUMBER, required=False),
        "unit": _column("Unit and base of the value"),
        "target_year": _column("Year to be reached", "[12][0-9]{3}", required=False),
        "deadline": _column("Date where the instrument gives one", required=False),
        "evidence": _one_of("Whether the source was seen", "source seen", "unconfirmed"),
        "evidence_grade": _column("Grade of the evidence", required=False),
        "confidence_pct": _column("Confidence in the row, percent", "[0-9]{1,3}"),
        "source": _column("Where it was read", required=False),
        "recommended_use": _one_of("What the row may drive", *USES),
        "notes": _column("Remarks", required=False),
    },
    "target_mapping.csv": {
        "target": _column("Code of the target", "T[0-9]{3}"),
        "form_row": _column("Row of the form it bears on", "[0-9]+"),
        "level": _column("Service levels that count towards it", r"[0-9](?:\+[0-9])*", required=False),
        "measure": _one_of(
            "The indicator's value, its share of the stated universe, or nothing comparable", "value", "share", "none"
        ),
        "reason": _column("Why nothing is comparable, a code of gaps.REASONS", "[a-z_]+", required=False),
        "caveat": _column("What the comparison rests on, codes of gaps.CAVEATS", "[a-z_;]+", required=False),
    },
    "missing_indicators.csv": {
        "missing": _column("Code of an indicator that official targets ask for and the form lacks", _CODE, unique=True),
        **_both("name", "What would be measured"),
        "targets": _column("Official targets that ask for it", r"T[0-9]{3}(?:;T[0-9]{3})*"),
    },
    "projection.csv": {
        "indicator": _column("Code of the indicator", _CODE, unique=True),
        "family": _one_of(
            "Kind of indicator, as the projections were learned",
            "share-reported",
            "share-modelled",
            "index",
            "count-ceiling",
            "unbounded",
        ),
        "ceiling": _one_of(
            "Ceiling: the natural upper limit, the universe that the report states, the largest count reported (every "
            "body is counted), or none",
            "limit_high",
            "universe",
            "bodies",
            "none",
        ),
        "until": _column("Last years before the definition changes", "[12][0-9]{3}(?:;[12][0-9]{3})*", required=False),
        "change": _column("What changes then, codes of projections.CHANGES", "[a-z_;]+", required=False),
        "beyond": _one_of("After a change: continued under the assumption noted, or cut", "assumed", "cut"),
        **_both("note", "What the ceiling and the continuation assume"),
        "source": _column("Where the change is stated"),
    },
}

REPORT = {
    # annex.csv: form_row, label, then one column a period, headed as printed
    "sections.csv": {
        "section": _column("Code of the section", _SECTION, unique=True),
        **_both("title", "Heading"),
    },
    "facts.csv": {
        "fact": _column("Code of the figure", _CODE, unique=True),
        "section": _PLACE,
        "domain": _DOMAIN,
        "kind": _one_of("Observed figure, rule (norm) or proposed target", "observed", "norm", "target"),
        **_both("subject", "What is measured"),
        "raw": _column("Figure as printed"),
        "unit": _column("Unit of measure, a code of units.csv"),
        "date": _column("Date of the figure where stated", _DATE, required=False),
        "qualifier": _column("Qualifier as printed (khoảng, trên)", required=False),
        "quote": _QUOTE,
        "note": _NOTE,
    },
    "documents.csv": {
        "document": _column("Code of the document", _CODE, unique=True),
        **_both("type", "Type of document"),
        "number": _column("Number as printed", required=False),
        "date": _column("Date as printed", _DATE, required=False),
        "issuer": _column("Issuer", required=False),
        "issuer_basis": _one_of("Issuer printed, or read off the number", "printed", "number", required=False),
        **_both("title", "Subject", required=False),
        "cited_in": _column("Sections that cite it", _SECTIONS),
        "quote": _QUOTE,
        "note": _NOTE,
    },
    "systems.csv": {
        "system": _column("Code of the system", _CODE, unique=True),
        "kind": _one_of("Kind", "system", "platform", "infrastructure", "service", "integration"),
        "status": _one_of("Status in the text", "deployed", "in_progress", "planned"),
        **_both("name", "Name; the Vietnamese as printed"),
        **_both("coverage", "Coverage as reported", required=False),
        "facts": _column("Figures of facts.csv that state the coverage", rf"{_CODE}(?:;{_CODE})*", required=False),
        "section": _PLACE,
        "quote": _QUOTE,
        "note": _NOTE,
    },
    "domains.csv": {
        "domain": _column("Reform domain", "[1-6]", unique=True),
        **_both("name", "Name"),
        "section": _PLACE,
        "section_results": _PLACE,
        "section_limitations": _PLACE,
        "section_tasks": _PLACE,
    },
    "results.csv": {
        "result": _column("Code of the result", _CODE, unique=True),
        "domain": _DOMAIN,
        "section": _PLACE,
        **_both("text", "Result in short"),
        "quote": _QUOTE,
    },
    "limitations.csv": {
        "limitation": _column("Code of the limitation or cause", _CODE, unique=True),
        "domain": _DOMAIN,
        "section": _PLACE,
        "kind": _one_of("Limitation, cause, or the statement that there is none", "limitation", "cause", "none_stated"),
        **_both("text", "Limitation or cause in short"),
        "quote": _QUOTE,
    },
    "tasks.csv": {
        "task": _column("Code of the task", _CODE, unique=True),
        "domain": _DOMAIN,
        "section": _PLACE,
        **_both("text", "Task in short"),
        "target_raw": _column("Measurable target as printed", required=False),
        "target_unit": _column("Unit of the target", required=False),
        **_both("target", "What the target measures", required=False),
        "repeats": _column("Section of part one that it repeats word for word", _SECTION, required=False),
        "quote": _QUOTE,
    },
    "coverage.csv": {
        "subject": _column("A limitation, cause or task, by its code", _CODE),
        "relation": _one_of("What it is given: a cause, a task, an official target", "cause", "task", "target"),
        "object": _column("The causes, tasks or targets, by their codes", r"[A-Za-z0-9_.-]+(?:;[A-Za-z0-9_.-]+)*"),
        "extent": _one_of("Whether the text is about the subject itself or a part of it", "direct", "part"),
        **_both("why", "What in the text supports the link"),
    },
}


def read_table(path: Path, columns: dict[str, pa.Column]) -> pd.DataFrame:
    """Read one data file as text and hold it against its contract.

    `path` is a UTF-8 CSV file with a header; `columns` its contract. Returns a frame of NFC text in the
    contract's column order, empty cells as "". Raises ReformError naming file, row, column, rule and value of
    everything that is wrong; rows are counted as a spreadsheet shows them, the header being row 1.
    """
    frame = _read_csv(path)
    missing = [name for name in columns if name not in frame]
    unknown = [name for name in frame if name not in columns]
    if missing or unknown:
        found = [f"column {name} is missing" for name in missing] + [f"column {name} is unknown" for name in unknown]
        raise ReformError(
            f"{path.name}: {'; '.join(found)}",
            where=str(path),
            expected=", ".join(columns),
            fix="correct row 1",
        )
    if list(frame) != list(columns):
        frame = frame[list(columns)]
    if all(map(_plainly_right, frame.to_numpy().T.tolist(), columns.values())):
        return frame
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.sort_values(["index", "column"], kind="stable")
        lines = [
            f"{path.name}, row {int(case.index) + 2}, column {case.column}: {_rule(str(case.check))}; "
            f"found {str(case.failure_case)!r}"
            for case in each_row(cases.rename(columns={"index": "row"}).assign(index=cases["index"]))
        ]
        raise ReformError(
            f"{len(lines)} broken {'cell' if len(lines) == 1 else 'cells'} in {path.name}:\n  " + "\n  ".join(lines),
            where=str(path),
            fix="correct the cells named; `reformlib check` reads the folder again",
        ) from None
    return frame


def read_annex(path: Path) -> pd.DataFrame:
    """Read the form as printed: `form_row`, `label`, then one text column a period.

    Raises ReformError where the file has no period column or a form row stands twice.
    """
    frame = _read_csv(path)
    if list(frame.columns[:2]) != ["form_row", "label"] or len(frame.columns) < 3:
        raise ReformError(
            f"{path.name}: unexpected columns",
            where=f"{path}, row 1",
            expected="form_row, label, then one column a period such as `Năm 2019`",
        )
    fixed = {name: CATALOGUE["indicators.csv"]["form_row"] if name == "form_row" else pa.Column(str) for name in frame}
    # what was written so that a spreadsheet runs nothing is read as it was printed
    return read_table(path, fixed).map(restored)


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ReformError(
            f"{path.name} is missing", where=str(path), fix="restore the file, or run `reformlib list`"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ReformError(
            f"{path.name} is not UTF-8 text", where=f"{path}, line {line}", fix="save it as CSV in UTF-8"
        ) from None
    except OSError as error:
        raise ReformError(f"{path.name} cannot be read: {error.strerror}", where=str(path)) from None
    text = unicodedata.normalize("NFC", text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ReformError(f"{path.name} is not valid CSV: {error}", where=str(path)) from None
    if not rows:
        raise ReformError(f"{path.name} is empty", where=str(path), expected="a header and rows")
    header, body = rows[0], rows[1:]
    if len(set(header)) < len(header):
        raise ReformError(f"{path.name}: a column name stands twice", where=f"{path}, row 1")
    ragged = [
        f"row {number} has {len(row)} cells" for number, row in enumerate(body, start=2) if len(row) != len(header)
    ]
    if ragged:
        raise ReformError(
            f"{path.name}: {'; '.join(ragged)}",
            where=str(path),
            expected=f"{len(header)} cells in every row",
            fix="put text that has a comma between double quotes",
        )
    return pd.DataFrame(body, columns=header, dtype=object)


def _plainly_right(cells: list[str], column: pa.Column) -> bool:
    """Whether a column keeps the rules of its contract: the answer of pandera, forty times as fast.

    pandera is asked where something is wrong, since it tells what; over thousands of reports its time for those
    where nothing is wrong would be longer than that of all else.
    """
    distinct = set(cells)
    if column.unique and len(distinct) < len(cells):
        return False
    for check in column.checks:
        rule = check.statistics
        if "allowed_values" in rule:
            right = distinct <= set(rule["allowed_values"])
        else:
            right = "pattern" in rule and all(map(re.compile(rule["pattern"]).match, distinct))
        if not right:
            return False
    return True


def _rule(check: str) -> str:
    return "must not stand twice" if check == "field_uniqueness" else check
