"""report.yml: who wrote a report, what it covers, as of when; and which of its texts are still to be filled in."""

import csv
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, ValidationInfo, field_validator

from reformlib import locale
from reformlib.errors import ReformError
from reformlib.load.dates import Day, PartialDate
from reformlib.load.strict_yaml import YamlFile
from reformlib.paths import find_report, form_names, report_names

STAND_IN = "…"  # for a text of report.yml that is still to be filled in, while the rest is checked
# what stands in a field of report.yml that somebody still has to fill in
OPEN_VI, OPEN_EN = "[cần điền: {}]", "[to be filled in: {}]"
OPEN = re.compile(r"\[(?:cần điền|to be filled in)\b")
# a field with nothing after its colon, and no list or fields of its own below: only then the file is read as YAML
_EMPTY = re.compile(r""":[ \t]*(?:""|''|null|~)?[ \t]*(?:#.*)?$(?!\n[ \t]*- |\n[ \t]+\w+:)""", re.MULTILINE)
Text = Annotated[str, Field(min_length=1)]
_TRUTH = TypeAdapter(bool)  # once: the folders of thousands of reports are asked


class OwnResult(BaseModel):
    """What the text states of the unit itself where rows of the form are of others: a part and its whole, facts of
    facts.csv, and what is to be known of the two."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    part: str
    whole: str
    note_vi: Text
    note_en: Text


class ReportMeta(BaseModel):
    """report.yml: who wrote the report, what it covers, as of when."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$")
    edition: str = Field(min_length=1)
    form: str = Field(min_length=1)  # whose rows annex.csv holds: a folder of data/forms, or form/ beside
    form_sha256: str = ""  # of its rows as they were when the report was made
    level: Literal["ministry", "province", "district", "commune"] = "province"  # kind of body that reports
    made_up: bool = False  # an example: no figure of it was ever reported
    secondary: bool = False  # collected by others from what was published; the unit did not write it
    unit_vi: Text
    unit_en: Text
    place_vi: Text
    place_en: Text
    title_vi: Text
    title_en: Text
    number: str = ""
    issued: PartialDate = ""
    period_end: int = Field(ge=1900, le=2200)
    period_start: int = Field(ge=1900, le=2200)
    data_date: Day
    annex_vi: str = ""  # what the report calls the form; else the form's own name
    annex_en: str = ""
    locale: Literal["vi", "en"] = "vi"
    source_vi: Text
    source_en: Text
    # first and last day of the unit and who took over, where units.csv says nothing of it or otherwise
    exists_from: Day | None = None
    exists_until: Day | None = None
    successor_vi: str = ""
    successor_en: str = ""
    # what a count is a share of: the fact that states its universe at the data date, by indicator
    universes: dict[str, str] = {}
    # counts that the report declares to be of everything so far, by indicator: they cannot fall
    cumulative: list[str] = []
    # indicators that are of another body than the unit, and of whom
    scope_rows: list[str] = []
    scope_vi: str = ""
    scope_en: str = Field("", validate_default=True)
    own_results: list[OwnResult] = []

    @field_validator("period_start")
    @classmethod
    def _before_the_end(cls, year: int, info: ValidationInfo) -> int:
        if year > info.data.get("period_end", year):
            raise ValueError(f"{year} lies after period_end, {info.data['period_end']}")
        return year

    @field_validator("scope_en")
    @classmethod
    def _named(cls, name: str, info: ValidationInfo) -> str:
        if info.data.get("scope_rows") and not (name and info.data.get("scope_vi")):
            raise ValueError("rows of another body need its name in both languages, scope_vi and scope_en")
        return name

    def text(self, name: str, language: str) -> str:
        """The field `name` in the page's language: `meta.text("unit", "en")`; what is made up is called so."""
        text = getattr(self, f"{name}_{language}")
        return locale.made_up(text, language) if self.made_up and name in ("unit", "source") else text


def stated(folder: Path) -> dict:
    """The fields of a folder's report.yml as they are typed, however wrong; none where it cannot be read."""
    with suppress(OSError, ReformError):
        return _fields(folder / "report.yml")[1]
    return {}


def is_made_up(fields: dict[str, object], mark: str = "made_up") -> bool:
    """Whether a report.yml, however broken it is else, says that the report is an example, or carries another mark.

    >>> is_made_up({"made_up": "true"}), is_made_up({"made_up": "perhaps"}), is_made_up({})
    (True, False, False)
    """
    try:
        return _TRUTH.validate_python(fields.get(mark, False))
    except ValidationError:
        return False


def default_reports() -> list[str]:
    """Names of the reports that a command takes where none is named: those of the units themselves; where there are
    none those that others collected, and else those made up."""
    fields = {name: stated(find_report(name)) for name in report_names()}
    real = [name for name in fields if not is_made_up(fields[name])]
    return [name for name in real if not is_made_up(fields[name], "secondary")] or real or list(fields)


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
    file, content = _fields(path)
    if draft:
        content = content | dict.fromkeys(_empty_texts(content), STAND_IN)
    try:
        return ReportMeta.model_validate(content)
    except ValidationError as error:
        wrong = file.invalid(error, empty="still to be filled in")
        kinds = {(item["type"], *item["loc"][:1]) for item in error.errors()}
        if any(kind == "extra_forbidden" for kind, *_ in kinds):
            wrong.expected = f"the fields {', '.join(ReportMeta.model_fields)}"
        if ("missing", "form") in kinds:
            wrong.fix = f"add `form: NAME` with the form that annex.csv holds: {', '.join(form_names()) or 'none yet'}"
        raise wrong from None


def _fields(path: Path) -> tuple[YamlFile, dict]:
    file = YamlFile(path)
    if not isinstance(file.content, dict):
        raise file.error("it holds no fields", expected="lines such as `id: my-report`")
    return file, file.content


def left_to_fill(folder: Path) -> list[str]:
    """Where something is to be filled in: texts of report.yml that are there but empty or ask for it, in one line;
    an annex without any figure.

    Empty for a report, and for a folder whose files cannot be read, which is broken. Thousands of folders are looked
    at before a run: a report.yml without an empty value is not parsed.

    >>> left_to_fill(Path("data/reports/tra-vinh-2020"))
    []
    """
    left: list[str] = []
    with suppress(OSError, UnicodeDecodeError, ReformError, csv.Error):
        text = (folder / "report.yml").read_text(encoding="utf-8-sig")
        if OPEN.search(text) or _EMPTY.search(text):
            there = set(re.findall(r"^(\w+):", text, re.MULTILINE))
            if names := [name for name in _empty_texts(_fields(folder / "report.yml")[1]) if name in there]:
                left.append(f"report.yml: {', '.join(names)}")
        with (folder / "annex.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        if rows and not any(cell.strip() for row in rows for cell in row[2:]):
            left.append("annex.csv: the figures")
    return left


def _empty_texts(content: dict) -> list[str]:
    """Fields of report.yml that every page needs and that are still without a text, or with one that asks for it."""
    texts = [name for name, field in ReportMeta.model_fields.items() if field.annotation is str and field.metadata]
    return [
        name
        for name in texts
        if name not in ("id", "issued", "form") and (content.get(name) in ("", None) or OPEN.search(str(content[name])))
    ]
