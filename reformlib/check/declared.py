"""Checks that belong to one report, as data: `checks.yml` in its folder.

The file is a list. An entry with `id` is a check: a rule, the figures it is run on (facts of facts.csv, cells of the
annex), and what its outcome means for the reader, in every language. An entry with `about` says what a finding of a
check that runs on every report means here. Nothing in the file is a result: outcomes and computations come from the
rules, except for `statement`, where two texts stand against each other and no arithmetic can decide. Words fit one
outcome: an entry says which (`agrees`), and is given in general words once its figures give another.
"""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from reformlib.check.sentence import Field as Words
from reformlib.check.verdict import OUTCOMES
from reformlib.errors import ReformError
from reformlib.load.dates import Day
from reformlib.load.report import Report
from reformlib.load.strict_yaml import YamlFile

# The texts of a finding that an entry may give, each in every language.
OWN_TEXTS = ("title", "consequence", "explanation")

Cell = tuple[str, str, int | str]
Severity = Literal["error", "warning", "information"]


class _Part(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class _Objecting(_Part):
    """What no sentence may make of the series without saying so, and the words it then says: the title without them."""

    objects_to: list[Literal["figure", "base", "step", "pace", "share", "rows"]] | None = None
    clause_vi: str = ""
    clause_en: str = ""

    @property
    def clause(self) -> Words | None:
        """The words of its own, None without."""
        return Words(self, "clause") if self.clause_en else None


class _OneOf(_Part):
    """One of the fields is given, and only one."""

    called: ClassVar[str]

    @model_validator(mode="after")
    def _one(self):
        fields = vars(self)
        if sum(value is not None for value in fields.values()) != 1:
            raise ValueError(f"{self.called} is one of: {', '.join(fields)}")
        return self


class Ref(_OneOf):
    """A figure: a fact, a cell of the annex (indicator, service level or "", year or code of the period, such as
    "2020-Q1"), or a number written in words."""

    called: ClassVar[str] = "a figure"

    fact: str | None = None
    cell: Cell | None = None
    number: int | None = None


class When(_OneOf):
    """A date: a day, the date of a document, or the end of the period of a cell."""

    called: ClassVar[str] = "a date"

    day: Day | None = None
    document: str | None = None
    cell: Cell | None = None


class Quote(_Part):
    """Words of the report: those that a row of a table rests on, or words given here with their section."""

    fact: str | None = None
    result: str | None = None
    limitation: str | None = None
    task: str | None = None
    document: str | None = None
    section: str | None = None
    text: str | None = Field(default=None, min_length=3)

    @model_validator(mode="after")
    def _one(self):
        given = [name for name, value in vars(self).items() if value is not None]
        if given != ["section", "text"] and (len(given) != 1 or given[0] in ("section", "text")):
            raise ValueError("a quote is a fact, result, limitation, task or document, or a section with its text")
        return self


Refs = Annotated[list[Ref], Field(min_length=1)]


class Ratio(_Part):
    """Two figures to be given as a share: `1144 / 1949 = 58.7%`."""

    part: Refs
    whole: Ref


class _Entry(_Objecting):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    level: Literal["cell", "report", "sections", "sources"]
    severity: Severity
    title_vi: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    consequence_vi: str = Field(min_length=1)
    consequence_en: str = Field(min_length=1)
    explanation_vi: str = ""
    explanation_en: str = ""
    quotes: list[Quote] = []
    # the words are for figures that agree; without it, for figures that do not
    agrees: bool = False
    # cannot tell: the two need not be the same thing, so that a rule that does not hold proves nothing
    failing: Literal["inconsistent", "cannot tell"] = "inconsistent"
    # series whose reliability depends on it; by default those of the cells
    bears_on: list[tuple[str, str]] | None = None
    # it objects to every figure of those series, not only to the cells that it names
    every_figure: bool = False


class TotalOfParts(_Entry):
    """A total and its parts agree."""

    rule: Literal["total_of_parts"]
    total: Ref
    parts: Refs
    sign: Literal["=", ">="] = "="


class SameEverywhere(_Entry):
    """The same quantity in several places is the same figure."""

    rule: Literal["same_everywhere"]
    values: list[Ref] = Field(min_length=2)


class Share(_Entry):
    """A share is that of its part in its whole, under some rounding."""

    rule: Literal["share"]
    share: Ref
    part: Refs
    whole: Refs


class Relation(_Entry):
    """Two figures stand in a relation."""

    rule: Literal["relation"]
    left: Ref
    sign: Literal["<", "<=", "=", "!=", ">=", ">"]
    right: Ref


class CountWithin(_Entry):
    """A count of bodies is at most the number of bodies there are; `full`: it is that number."""

    rule: Literal["count_within"]
    count: Refs
    bodies: Refs
    full: bool = False


class SamePeriod(_Entry):
    """The first two quotes each name a period such as 2021 - 2030."""

    rule: Literal["same_period"]
    quotes: list[Quote] = Field(min_length=2)


class InOrder(_Entry):
    """In every pair the first date is not after the second."""

    rule: Literal["in_order"]
    pairs: list[tuple[When, When]] = Field(min_length=1)


class FullPeriod(_Entry):
    """Flows were counted from the first day of the period of their cells, one for all; `since` is the day counting can
    have begun."""

    rule: Literal["full_period"]
    cells: list[Cell] = Field(min_length=1)
    since: Day


class ImpliedTotal(_Entry):
    """`count` things for `share` percent of the people: how many people that makes, against another count."""

    rule: Literal["implied_total"]
    count: Ref
    share: Ref
    other: Ref


class MayBeAdded(_Entry):
    """A total that the text gives of a series is the sum of its figures (a flow) or the last of them (a stock)."""

    rule: Literal["may_be_added"]
    total: Ref
    series: tuple[str, str]


class OneBody(_Entry):
    """An act, a scheme or a system is ascribed to one body: `bodies` are the words for it, some of every quote's."""

    rule: Literal["one_body"]
    quotes: list[Quote] = Field(min_length=2)
    bodies: list[str]

    @model_validator(mode="after")
    def _each(self):
        if len(self.bodies) != len(self.quotes):
            raise ValueError("one of `bodies` for every quote")
        return self


class Statement(_Entry):
    """Texts against texts or figures: a reader's judgement, so the outcome is given; words and figures are shown."""

    rule: Literal["statement"]
    outcome: Literal[OUTCOMES]  # pyright: ignore[reportInvalidTypeForm]
    values: list[Ref] = []
    ratios: list[Ratio] = []

    @model_validator(mode="after")
    def _evidence(self):
        if not self.quotes and not self.values:
            raise ValueError("a statement needs quotes or values")
        return self


Compared = TotalOfParts | SameEverywhere | Share | Relation | CountWithin | ImpliedTotal | MayBeAdded
Entry = Annotated[Compared | SamePeriod | InOrder | FullPeriod | OneBody | Statement, Field(discriminator="rule")]


class Subject(_Part):
    """Findings of a check that runs on every report: all of it, of one indicator, of one severity."""

    check: str
    indicator: str = ""
    severity: Literal["", "error", "warning", "information"] = ""


class About(_Objecting):
    """What a finding means in this report, in place of the general words."""

    about: Subject
    title_vi: str = ""
    title_en: str = ""
    consequence_vi: str = ""
    consequence_en: str = ""
    explanation_vi: str = ""
    explanation_en: str = ""

    @model_validator(mode="after")
    def _pairs(self):
        for name in (*OWN_TEXTS, "clause"):
            if bool(getattr(self, f"{name}_vi")) != bool(getattr(self, f"{name}_en")):
                raise ValueError(f"{name} is needed in both languages")
        return self

    def gives(self, name: str) -> bool:
        """Whether it has words of its own for `name`, one of `OWN_TEXTS`."""
        return bool(getattr(self, f"{name}_en"))


_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry, config=ConfigDict(defer_build=True))


def checks_file(report: Report) -> Path:
    """Where a report has its own checks; the file need not be there."""
    return report.folder / "checks.yml"


def read_checks(path: Path) -> tuple[list[Entry], list[About]]:
    """Read a `checks.yml`; no file means none. Raises ReformError naming every entry that is malformed."""
    if not path.is_file():
        return [], []
    file = YamlFile(path)
    content = file.content or []
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise file.error("not a list", expected="entries such as `- id: …`")
    entries, abouts, broken = {}, [], []
    for position, item in enumerate(content):
        name = item.get("id") or f"number {position + 1}"
        try:
            if "about" in item:
                abouts.append(About.model_validate(item))
                continue
            entry = _ENTRY.validate_python(item)
            if entry.id in entries:
                broken.append(f"entry {entry.id}: the id stands twice")
            entries[entry.id] = entry
        except ValidationError as error:
            broken += [f"entry {name}: {fault}" for fault in file.faults(error, (position,))]
    if broken:
        raise ReformError(f"{path.name}: " + "\n  ".join(broken), where=str(path), fix="correct the entries named")
    return list(entries.values()), abouts
