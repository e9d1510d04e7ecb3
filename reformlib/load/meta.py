"""report.yml: who wrote a report, what it covers, as of when; and which of its texts are still to be filled in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reformlib.errors import ReformError

STAND_IN = "…"  # for a text of report.yml that is still to be filled in, while the rest is checked
# what stands in a field of report.yml that somebody still has to fill in
OPEN_VI, OPEN_EN = "[cần điền: {}]", "[to be filled in: {}]"
OPEN = re.compile(r"\[(?:cần điền|to be filled in)\b")
# The same safe loader in C where PyYAML was built with it: six times as fast on the folder of a report.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


def open_fields(fields: dict[str, object]) -> list[str]:
    """Names of the fields of report.yml that wait to be filled in.

    >>> open_fields({"unit_vi": "Sở Nội vụ", "unit_en": "[to be filled in: name of the unit in English]"})
    ['unit_en']
    """
    return [name for name, value in fields.items() if OPEN.search(str(value))]


def read_meta(path: Path, *, draft: bool = False) -> ReportMeta:
    """Read report.yml, `STAND_IN` for the texts that a `draft` lacks.

    Raises ReformError naming every field that is missing, unknown or malformed.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise ReformError(f"{path.name} holds no fields", where=str(path), expected="lines such as `id: my-report`")
    if draft:
        content |= dict.fromkeys(_empty_texts(content), STAND_IN)
    try:
        return ReportMeta.model_validate(content)
    except ValidationError as error:
        raise malformed(path, error, empty="still to be filled in") from None


def malformed(path: Path, error: ValidationError, *, empty: str = "") -> ReformError:
    """What pydantic finds wrong with the fields of a file, in one line; `empty` is said of a field without a value."""
    lines = [
        f"{'.'.join(map(str, item['loc']))}: {empty if empty and item['input'] in ('', None) else item['msg']}"
        for item in error.errors()
    ]
    return ReformError(f"{path.name}: " + "; ".join(lines), where=str(path))


def empty_texts(path: Path) -> list[str]:
    """Fields of report.yml that every page needs and that are still without a text, or with one that asks for it."""
    return _empty_texts(read_yaml(path))


def _empty_texts(content: dict) -> list[str]:
    texts = [name for name, field in ReportMeta.model_fields.items() if field.annotation is str and field.metadata]
    return [
        name
        for name in texts
        if name not in ("id", "issued") and (content.get(name) in ("", None) or OPEN.search(str(content[name])))
    ]


def read_yaml(path: Path) -> Any:
    """Contents of a YAML file. Raises ReformError where it is missing, not UTF-8, or no YAML."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=SAFE)
    except FileNotFoundError:
        raise ReformError(f"{path.name} is missing", where=str(path), fix="restore the file") from None
    except UnicodeDecodeError:
        raise ReformError(f"{path.name} is not UTF-8 text", where=str(path), fix="save it in UTF-8") from None
    except (yaml.YAMLError, ValueError) as error:  # also a date that does not exist
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ReformError(
            f"{path.name} is not valid YAML: {getattr(error, 'problem', error)}", where=f"{path}{place}"
        ) from None
