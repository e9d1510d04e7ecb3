"""What every data file must look like, as a Frictionless Table Schema: types, patterns, enumerations, keys, references.

The one place where this is said: files are held against it (:mod:`reformlib.load.validate`), `datapackage.json` and
the guide of a blank folder are written from it.
"""

from __future__ import annotations

import re

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

# What a cell of a type other than text looks like.
TYPES = {"integer": "[0-9]+", "number": r"-?[0-9]+(?:\.[0-9]+)?", "year": "[12][0-9]{3}"}

_CODE = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
_DATE = r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?"
_SECTION = r"\w+(?:\.\w+)*"  # II.2.1.đ: headings are lettered in Vietnamese


def _field(
    description: str, pattern: str = "", *, type: str = "string", delimiter: str = "", refers: str = "", **constraints
) -> dict:
    """A field of a Table Schema, but for its name; filled unless `required=False`.

    A cell holds one value, or several between `delimiter`; `refers` names the columns in one of which a value stands,
    as `table.column`, between blanks.
    """
    if delimiter:
        pattern += rf"(?:{re.escape(delimiter)}{pattern})*"
    constraints = {"required": True, **constraints} | ({"pattern": pattern} if pattern else {})
    field = {"type": type, "description": description, "constraints": {k: v for k, v in constraints.items() if v}}
    return field | ({"delimiter": delimiter} if delimiter else {}) | ({"refers": refers.split()} if refers else {})


def _one_of(description: str, *values: str, required: bool = True) -> dict:
    return _field(description, required=required, enum=list(values))


def _both(name: str, description: str, *, required: bool = True) -> dict[str, dict]:
    return {
        f"{name}_vi": _field(f"{description}, in Vietnamese", required=required),
        f"{name}_en": _field(f"{description}, in English", required=required),
    }


_QUOTE = _field("Words of the report that the row rests on, as printed; emphasis marks and line breaks left out")
_PLACE = _field("Section of the report, by its printed numbering", _SECTION)
_OF_SECTION = _PLACE | {"refers": ["sections.section"]}
_DOMAIN = _field("Reform domain, 1 to 6; empty where the text is about none of them", "[1-6]", required=False)
_NOTE = _field("Remark for the reader", required=False)


CATALOGUE = {
    "indicators.csv": {
        "indicator": _field("Code of the indicator", _CODE, unique=True),
        "form_row": _field("Row of the form (Phụ lục 7)", type="integer", unique=True),
        "levels": _field("Service levels the cell is broken down by", "[0-9]", delimiter=";", required=False),
        **_both("name", "Name; the Vietnamese as printed in the form"),
        **_both("short", "Short name for charts"),
        "unit": _field("Unit of measure, a code of units.csv", refers="units.unit"),
        "measure": _one_of("Stock (at a date), flow (over a period) or rate (a share)", "stock", "flow", "rate"),
        "time_collect": _one_of(
            "SDMX CL_TIME_PER_COLLECT: E at the end of the period, S summed over it; for a rate, of its parts",
            "E",
            "S",
        ),
        "direction": _one_of("Direction that counts as progress", "increase", "decrease"),
        "limit_low": _field("Natural lower limit", type="number", required=False),
        "limit_high": _field("Natural upper limit", type="number", required=False),
        **_both("universe", "What the count or share is measured against", required=False),
        "base": _field("Indicator whose zero leaves this rate without a base", _CODE, required=False),
    },
    "units.csv": {
        "unit": _field("Code of the unit", unique=True),
        **_both("name", "Name"),
        "name_en_singular": _field("English name for one"),
    },
    "instruments.csv": {
        "instrument": _field("Instrument as targets.csv names it", unique=True),
        **_both("type", "Type of document"),
        "number": _field("Number", required=False),
        "date": _field("Date", required=False),
        **_both("issuer", "Issuer", required=False),
        **_both("name", "What it is about", required=False),
        "target_set": _one_of(
            "Set of targets it belongs to",
            "national_resolution",
            "sector_programme",
            "provincial_plan",
            "direction",
        ),
        "period_start": _field("First year it covers", type="year", required=False),
        "period_end": _field("Last year it covers", type="year", required=False),
        "note": _NOTE,
    },
    "targets.csv": {
        "id": _field("Code of the target", "T[0-9]{3}", unique=True),
        "instrument": _field("Legal or administrative instrument that sets it", refers="instruments.instrument"),
        "instrument_date": _field("Date of the instrument as known"),
        "section": _field("Article or section", required=False),
        **_both("target", "Short wording"),
        "phuluc7_indicator": _field("Form rows it bears on, or `other`", r"(?:other|[0-9]+(?:;[0-9]+)*)"),
        "mapping_quality": _field("How well it maps on the indicator"),
        "scope": _field("Bodies it binds"),
        "comparator": _one_of("How the value is compared", ">=", ">", "=", "<=", "<", "n/a"),
        "value": _field("Target value", type="number", required=False),
        "unit": _field("Unit and base of the value"),
        "target_year": _field("Year to be reached", type="year", required=False),
        "deadline": _field("Date where the instrument gives one", required=False),
        "evidence": _one_of("Whether the source was seen", "source seen", "unconfirmed"),
        "evidence_grade": _field("Grade of the evidence", required=False),
        "confidence_pct": _field("Confidence in the row, percent", type="integer", maximum=100),
        "source": _field("Where it was read", required=False),
        "recommended_use": _one_of(
            "What the row may drive", "use", "use-with-caveat", "context-only", "hold-unless-confirmed"
        ),
        "notes": _field("Remarks", required=False),
    },
    "target_mapping.csv": {
        "target": _field("Code of the target", "T[0-9]{3}", refers="targets.id"),
        "form_row": _field("Row of the form it bears on", type="integer", refers="indicators.form_row"),
        "level": _field("Service levels that count towards it", "[0-9]", delimiter="+", required=False),
        "measure": _one_of(
            "The indicator's value, its share of the stated universe, or nothing comparable", "value", "share", "none"
        ),
        "reason": _field("Why nothing is comparable, a code of gaps.REASONS", "[a-z_]+", required=False),
        "caveat": _field("What the comparison rests on, codes of gaps.CAVEATS", "[a-z_;]+", required=False),
    },
    "missing_indicators.csv": {
        "missing": _field("Code of an indicator that official targets ask for and the form lacks", _CODE, unique=True),
        **_both("name", "What would be measured"),
        "targets": _field("Official targets that ask for it", "T[0-9]{3}", delimiter=";", refers="targets.id"),
    },
    "projection.csv": {
        "indicator": _field("Code of the indicator", _CODE, unique=True, refers="indicators.indicator"),
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
        "until": _field("Last years before the definition changes", "[12][0-9]{3}", delimiter=";", required=False),
        "change": _field("What changes then, codes of projections.CHANGES", "[a-z_;]+", required=False),
        "beyond": _one_of("After a change: continued under the assumption noted, or cut", "assumed", "cut"),
        **_both("note", "What the ceiling and the continuation assume"),
        "source": _field("Where the change is stated"),
    },
}

ANNEX = {
    "form_row": CATALOGUE["indicators.csv"]["form_row"],
    "label": _field("Label as printed", required=False),
}  # then one column a period, headed as printed, of PRINTED
PRINTED = _field("Cell as printed", required=False)

REPORT = {
    "sections.csv": {
        "section": _field("Code of the section", _SECTION, unique=True),
        **_both("title", "Heading"),
    },
    "facts.csv": {
        "fact": _field("Code of the figure", _CODE, unique=True),
        "section": _OF_SECTION,
        "domain": _DOMAIN,
        "kind": _one_of("Observed figure, rule (norm) or proposed target", "observed", "norm", "target"),
        **_both("subject", "What is measured"),
        "raw": _field("Figure as printed"),
        "unit": _field("Unit of measure, a code of units.csv", refers="units.unit"),
        "date": _field("Date of the figure where stated", _DATE, required=False),
        "qualifier": _field("Qualifier as printed (khoảng, trên)", required=False),
        "quote": _QUOTE,
        "note": _NOTE,
    },
    "documents.csv": {
        "document": _field("Code of the document", _CODE, unique=True),
        **_both("type", "Type of document"),
        "number": _field("Number as printed", required=False),
        "date": _field("Date as printed", _DATE, required=False),
        "issuer": _field("Issuer", required=False),
        "issuer_basis": _one_of("Issuer printed, or read off the number", "printed", "number", required=False),
        **_both("title", "Subject", required=False),
        "cited_in": _field("Sections that cite it", _SECTION, delimiter=";"),
        "quote": _QUOTE,
        "note": _NOTE,
    },
    "systems.csv": {
        "system": _field("Code of the system", _CODE, unique=True),
        "kind": _one_of("Kind", "system", "platform", "infrastructure", "service", "integration"),
        "status": _one_of("Status in the text", "deployed", "in_progress", "planned"),
        **_both("name", "Name; the Vietnamese as printed"),
        **_both("coverage", "Coverage as reported", required=False),
        "facts": _field(
            "Figures of facts.csv that state the coverage", _CODE, delimiter=";", refers="facts.fact", required=False
        ),
        "section": _OF_SECTION,
        "quote": _QUOTE,
        "note": _NOTE,
    },
    "domains.csv": {
        "domain": _field("Reform domain", "[1-6]", unique=True),
        **_both("name", "Name"),
        "section": _PLACE,
        "section_results": _PLACE,
        "section_limitations": _PLACE,
        "section_tasks": _PLACE,
    },
    "results.csv": {
        "result": _field("Code of the result", _CODE, unique=True),
        "domain": _DOMAIN,
        "section": _OF_SECTION,
        **_both("text", "Result in short"),
        "quote": _QUOTE,
    },
    "limitations.csv": {
        "limitation": _field("Code of the limitation or cause", _CODE, unique=True),
        "domain": _DOMAIN,
        "section": _OF_SECTION,
        "kind": _one_of("Limitation, cause, or the statement that there is none", "limitation", "cause", "none_stated"),
        **_both("text", "Limitation or cause in short"),
        "quote": _QUOTE,
    },
    "tasks.csv": {
        "task": _field("Code of the task", _CODE, unique=True),
        "domain": _DOMAIN,
        "section": _OF_SECTION,
        **_both("text", "Task in short"),
        "target_raw": _field("Measurable target as printed", required=False),
        "target_unit": _field("Unit of the target", required=False),
        **_both("target", "What the target measures", required=False),
        "repeats": _field("Section of part one that it repeats word for word", _SECTION, required=False),
        "quote": _QUOTE,
    },
    "coverage.csv": {
        "subject": _field(
            "A limitation, cause or task, by its code", _CODE, refers="limitations.limitation tasks.task"
        ),
        "relation": _one_of("What it is given: a cause, a task, an official target", "cause", "task", "target"),
        "object": _field("The causes, tasks or targets, by their codes", "[A-Za-z0-9_.-]+", delimiter=";"),
        "extent": _one_of("Whether the text is about the subject itself or a part of it", "direct", "part"),
        **_both("why", "What in the text supports the link"),
    },
}


def table_schema(columns: dict[str, dict], package: dict[str, dict]) -> dict:
    """The Table Schema of one file for its `datapackage.json`, the key and foreign keys in the terms of the standard.

    `columns` are its fields by name; `package` the contracts of the files beside it. A reference to a file of another
    folder, to one of two columns, or of several codes in a cell cannot be said so; it stays with its field.
    """
    foreign = [
        {"fields": name, "reference": {"resource": table, "fields": column}}
        for name, field in columns.items()
        if len(field.get("refers", ())) == 1 and "delimiter" not in field
        for table, column in [field["refers"][0].split(".")]
        if f"{table}.csv" in package
    ]
    schema = {"fields": [{"name": name, **field} for name, field in columns.items()], "missingValues": [""]}
    keys = [name for name, field in columns.items() if field["constraints"].get("unique")]
    return schema | ({"primaryKey": keys[0]} if keys else {}) | ({"foreignKeys": foreign} if foreign else {})
