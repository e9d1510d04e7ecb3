"""What to render: jobs, from the command line or from a plan (`data/reports.yml`)."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from reformlib.errors import ReformError, did_you_mean
from reformlib.load import meta
from reformlib.load.identity import refuse_twins, stated
from reformlib.load.meta import left_to_fill
from reformlib.load.strict_yaml import YamlFile
from reformlib.locale import LANGUAGES, check_language
from reformlib.paths import data_folder
from reformlib.render.run.notebooks import Document, find_notebook, notebook_names, plan

REPORTED = 20  # missing reports that are named at once
COMPARISON = "comparison"  # where the documents over several reports lie
_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Options:
    """What is made of a document besides its page: its code, folded; other `forms`; the `layout` of Word files."""

    code: bool = False
    forms: tuple[str, ...] = ()
    layout: str = "plain"


@dataclass(frozen=True)
class Job:
    """One document to make: `document` of the report(s) in `folders`, as `output/<report>/<language>/<name>.html`.

    Travels to other processes and machines: nothing in it is loaded, all paths are absolute.
    """

    report: str
    folders: tuple[Path, ...]
    document: Document
    output: Path
    options: Options = Options()

    @property
    def id(self) -> str:
        """Its place under the output folder: `tra-vinh-2020/vi/02_gap_analysis`."""
        return f"{self.report}/{self.document.language}/{self.document.name}"

    @property
    def page(self) -> Path:
        """The page; its manifest lies beside it with the suffix .json."""
        return self.output / f"{self.id}.html"


def jobs_of(
    folders: list[Path], documents: list[Document], output: Path, *, named: bool = True, one_by_one: bool = False
) -> list[Job]:
    """Jobs for report folders, report by report; a page lies in a folder of its report folder's name.

    A notebook over a set of reports is made once, over all of them, drafts and made-up ones only where each was asked
    for by its name (`one_by_one`); it needs two, unless `named`.
    Raises ReformError for two jobs that would write the same page, for a name that cannot be a folder everywhere, and
    for two folders of one unit, place and edition.
    """
    refuse_twins(stated(folders))
    asked = ((folder.name, folder, document) for folder in folders for document in documents)
    jobs = _jobs(asked, output.resolve(), named, one_by_one)
    check_names(jobs)
    return jobs


def _jobs(
    asked: Iterable[tuple[str, Path, Document]], output: Path, named: bool, one_by_one: bool = False
) -> list[Job]:
    """Jobs for documents of reports, each with the name of its output folder and the report's own folder; of those over
    several reports one over all that are ready, none over a single report unless `named`."""
    jobs: list[Job] = []
    sets: dict[tuple[Path, str], tuple[Document, list[Path]]] = {}
    for name, folder, document in asked:
        if document.takes_reports:
            sets.setdefault((document.notebook, document.language), (document, []))[1].append(folder)
        else:
            jobs.append(Job(name, (folder,), document, output))
    every = {folder for _, folders in sets.values() for folder in folders}
    fit = {folder: one_by_one or not (left_to_fill(folder) or meta.is_made_up(meta.stated(folder))) for folder in every}
    for document, folders in sets.values():
        ready = tuple(folder for folder in dict.fromkeys(folders) if fit[folder])
        if named or len(ready) > 1:
            jobs.append(Job(COMPARISON, ready or tuple(folders), document, output))
    return jobs


def check_names(jobs: list[Job], place_of: Callable[[str], str] = lambda report: "") -> None:
    """Raise ReformError for report names that cannot be folders everywhere and for two jobs of one page.

    `place_of` gives the place in a plan that asks for a report.
    """
    for name in dict.fromkeys(job.report for job in jobs if not job.document.takes_reports):
        if why := _unfit(name):
            raise ReformError(
                f"{name!r} cannot be the name of an output folder: {why}",
                where=place_of(name),
                expected="letters, digits, hyphens, such as tra-vinh-2020",
                fix="rename the report folder, or give the report an `output` in the plan",
            )
    seen: dict[str, Job] = {}
    for job in jobs:
        # one place on disks that do not tell upper from lower case or keep letters decomposed
        other = seen.setdefault(unicodedata.normalize("NFC", job.id).casefold(), job)
        if other is not job:
            places = " and ".join(dict.fromkeys(f"{j.folders[0]}, {j.document.notebook}" for j in (other, job)))
            raise ReformError(
                f"two documents have the same output: {job.id}.html",
                where=": ".join(filter(None, [place_of(job.report), places])),
                expected="each page once",
                fix="drop one, or give it another `output` in the plan, or render them apart",
            )


def read_plan(path: Path, output: Path, *, complete: bool = False) -> list[Job]:
    """The jobs of a plan file. Raises ReformError, with line and column, for what is wrong in it, and for two folders
    of one unit, place and edition; where it must be `complete`, also for reports that there are not.

    `units` lists units, by name or as mappings with `unit` and whatever differs from `defaults`: `editions`,
    `languages`, `notebooks`, `parameters`, `folder` (of the report, relative to the plan; default
    `data/reports/{unit}-{edition}` of the project), `output` (its name under the output folder; default that of the
    report folder). Names are texts: `02` is the notebook that "02" is, 00016 a unit of five digits.
    A notebook over a set of reports takes all it is planned for; it needs two, unless `notebooks` names it.
    """
    _documents.cache_clear()  # the notebooks may have changed, or be those of another project
    file, content = _read(path)
    asked: list[tuple[str, Path, Document]] = []
    units: dict[str, tuple] = {}  # where the unit of each output stands
    missing: dict[Path, ReformError] = {}
    for number, unit in enumerate(content.units):
        at = ("units", number)
        for name, folder, document in _documents_of(file, at, unit, content.defaults):
            if complete and folder not in missing and not (folder / "report.yml").is_file():
                others = [path.parent.name for path in folder.parent.glob("*/report.yml")]
                fix = did_you_mean(folder.name, others, "correct the unit, the edition or the folder")
                what, expected = f"there is no report in {folder}", "a folder with report.yml"
                missing[folder] = file.error(what, (*at, "folder"), expected, fix)
            asked.append((name, folder, document))
            units[name] = at
    if missing:
        raise ReformError("\n".join(map(str, [*missing.values()][:REPORTED])))
    named = any(settings.notebooks for settings in (content.defaults, *content.units))
    jobs = _jobs(asked, output.resolve(), named)
    refuse_twins(stated(folder for job in jobs for folder in job.folders))
    check_names(jobs, lambda report: file.error("", units.get(report, ())).where)
    return jobs


def _read(path: Path) -> tuple[YamlFile, _Plan]:
    """A plan file and what it says. Raises ReformError for what is missing in it, unknown or malformed."""
    if not path.is_file():
        fix = "name it with --plan"
        raise ReformError(f"no such plan: {path}", expected="a file such as data/reports.yml", fix=fix)
    file = YamlFile(path)
    if not isinstance(file.content or {}, dict):
        raise file.error("the plan holds no fields", expected="defaults: and units:")
    try:
        content = _Plan.model_validate(file.content or {})
    except ValidationError as error:
        problem = error.errors()[0]
        at = problem["loc"]
        if problem["type"] != "extra_forbidden":
            raise file.error(f"{'.'.join(map(str, at))}: {problem['msg'].removeprefix('Value error, ')}", at) from None
        fields = sorted((_Plan if len(at) == 1 else _Settings if at[0] == "defaults" else _Unit).model_fields)
        fix = did_you_mean(str(at[-1]), fields)
        raise file.error(f"no field {at[-1]}", at, f"one of: {', '.join(fields)}", fix) from None
    if not content.units:
        raise file.error("no units are listed", ("units",), "units: [tra-vinh]")
    return file, content


def _documents_of(file: YamlFile, at: tuple, unit: _Unit, defaults: _Settings) -> Iterator[tuple[str, Path, Document]]:
    """Documents of a unit, each with the name of its output and the folder of its report."""

    def given(key: str) -> Any:
        return getattr(unit if key in unit.model_fields_set else defaults, key)

    def fail(key: str, what: str, expected: str, fix: str = "") -> NoReturn:
        of_defaults = key in defaults.model_fields_set - unit.model_fields_set
        error = file.error(what, ("defaults", key) if of_defaults else (*at, key), expected, fix)
        if (where := file.error("", at).where) != error.where:
            error.where += f"; of the unit in {where.removeprefix(f'{file.path}, ')}"
        raise error

    if "." in unit.unit or _unfit(unit.unit):
        raise file.error(f"{unit.unit!r} cannot be a unit", (*at, "unit"), "a name such as tra-vinh")
    if not given("editions"):
        raise file.error(f"{unit.unit} has no editions", at, 'editions: ["2020"], here or under defaults')
    names = [tuple(dict.fromkeys(given(key))) for key in ("notebooks", "languages")]
    parameters = defaults.parameters | unit.parameters
    try:
        documents = _documents(names[0] or tuple(notebook_names()), names[1] or LANGUAGES, tuple(parameters.items()))
    except ReformError as error:
        if error.where:  # a notebook is at fault, not the plan
            raise
        wrong = next((key for key in ("language", "notebook") if key in error.what.partition(":")[0]), "parameter")
        fail(f"{wrong}s", error.what, error.expected, error.fix)
    reports = data_folder() / "reports"
    for edition in dict.fromkeys(given("editions")):
        if _unfit(edition):
            fail("editions", f"{edition!r} cannot be an edition", "a name such as 2020")
        folder, name = (
            given(key).replace("{unit}", unit.unit).replace("{edition}", edition) for key in ("folder", "output")
        )
        place = reports / f"{unit.unit}-{edition}"
        if folder:
            place = Path(os.path.normpath(file.path.resolve().parent / folder))
        for document in documents:
            yield name or place.name, place, document


def chooser(jobs: list[Job], patterns: list[str]) -> Callable[[Job], bool]:
    """Whether a job is one that the patterns name, by its `report/language/notebook` or a part of it.

    Shell patterns (`tra-vinh*`, `*/en/0[12]*`); none means all. Raises ReformError for a pattern that fits no job.
    """

    def fits(job: Job, pattern: str) -> bool:
        return any(fnmatchcase(part, pattern) for part in (job.id, *job.id.split("/")))

    if idle := [pattern for pattern in patterns if not any(fits(job, pattern) for job in jobs)]:
        parts = sorted({part for job in jobs for part in job.id.split("/")})
        raise ReformError(
            f"nothing in the plan fits {', '.join(idle)}",
            expected="a shell pattern of report/language/notebook or of one of them, such as 'tra-vinh*'",
            fix=did_you_mean(idle[0], parts, "see what there is with --dry-run"),
        )
    return lambda job: not patterns or any(fits(job, pattern) for pattern in patterns)


def _unfit(name: str) -> str:
    """Why a text cannot be a folder name on every system, or nothing."""
    if not _NAME.fullmatch(name):
        return "it holds a slash, a space, a leading or closing dot or another sign"
    if name.split(".")[0].casefold() in _RESERVED:
        return "Windows keeps that name for a device"
    if name == COMPARISON:
        return "the documents over several reports lie there"
    return ""


@cache
def _documents(notebooks: tuple[str, ...], languages: tuple[str, ...], parameters: tuple) -> list[Document]:
    """Thousands of units share a few settings: read and checked once."""
    for language in languages:
        check_language(language)
    return plan([find_notebook(name) for name in notebooks], list(languages), dict(parameters))


Names = Annotated[list[str], BeforeValidator(lambda value: value if isinstance(value, list) else [value])]


class _Part(BaseModel):
    """A part of a plan that holds fields; one without a value counts as left out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _given(cls, content: Any) -> dict[str, Any]:
        if not isinstance(content, dict):
            raise ValueError(f"must hold fields, some of: {', '.join(sorted(cls.model_fields))}")
        return {key: value for key, value in content.items() if value is not None}


class _Settings(_Part):
    """What a plan may say of all units, or of one."""

    editions: Names = []
    languages: Names = []
    notebooks: Names = []
    parameters: dict[str, str] = {}
    folder: str = ""
    output: str = ""


class _Unit(_Settings):
    unit: str = ""


class _Plan(_Part):
    defaults: _Settings = _Settings()
    # a name alone is a unit; what is no list lists none
    units: Annotated[
        list[Annotated[_Unit, BeforeValidator(lambda unit: unit if isinstance(unit, dict) else {"unit": unit or ""})]],
        BeforeValidator(lambda units: units if isinstance(units, list) else []),
    ] = []
