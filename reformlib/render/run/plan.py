"""What to render: jobs, from the command line or from a plan (`data/reports.yml`)."""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import yaml

from reformlib.errors import ReformError
from reformlib.locale import LANGUAGES, check_language
from reformlib.render.run.parameters import Document, find_notebook, notebook_names, plan

COMPARISON = "comparison"  # where the documents over several reports lie
KEYS = ("editions", "languages", "notebooks", "parameters", "folder", "output")
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


def jobs_of(folders: list[Path], documents: list[Document], output: Path, *, named: bool = True) -> list[Job]:
    """Jobs for report folders, report by report; a page lies in a folder of its report folder's name.

    A notebook over a set of reports is made once, over all of them; it needs two, unless `named`.
    Raises ReformError for two jobs that would write the same page, and for a name that cannot be a folder everywhere.
    """
    output = output.resolve()
    jobs = [
        Job(f.name, (f,), document, output) for f in folders for document in documents if not document.takes_reports
    ]
    if named or len(folders) > 1:
        jobs += [Job(COMPARISON, tuple(folders), document, output) for document in documents if document.takes_reports]
    check_names(jobs)
    return jobs


def check_names(jobs: list[Job]) -> None:
    """Raise ReformError for report names that cannot be folders everywhere and for two jobs of one page."""
    for name in dict.fromkeys(job.report for job in jobs if not job.document.takes_reports):
        if why := _unfit(name):
            raise ReformError(
                f"{name!r} cannot be the name of an output folder: {why}",
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
                where=places,
                expected="each page once",
                fix="drop one, or give it another `output` in the plan, or render them apart",
            )


def read_plan(path: Path, output: Path) -> list[Job]:
    """The jobs of a plan file. Raises ReformError, with line and column, for what is wrong in it.

    `units` lists units, by name or as mappings with `unit` and whatever differs from `defaults`: `editions`,
    `languages`, `notebooks`, `parameters`, `folder` (of the report, relative to the plan; default
    `reports/{unit}-{edition}`), `output` (its name under the output folder; default that of the report folder).
    A notebook over a set of reports takes all it is planned for; it needs two, unless `notebooks` names it.
    """
    plan_file = _PlanFile(path)
    content = plan_file.content
    plan_file.known((), {"defaults", "units"})
    defaults = content.get("defaults") or {}
    plan_file.known(("defaults",), set(KEYS))
    units = content.get("units")
    if not isinstance(units, list) or not units:
        plan_file.fail(("units",), "no units are listed", "units: [tra-vinh]")
    jobs: list[Job] = []
    sets: dict[tuple[Path, str], tuple[Document, list[Path]]] = {}
    named = False
    for number, item in enumerate(units):
        at = ("units", number)
        entry = item if isinstance(item, dict) else {"unit": item}
        plan_file.known(at, {"unit", *KEYS})
        unit = str(entry.get("unit") or "")
        if "." in unit or _unfit(unit):
            plan_file.fail((*at, "unit"), f"{unit!r} cannot be a unit", "a name such as tra-vinh")
        given = {key: plan_file.names(at if key in entry else ("defaults",), key) for key in KEYS[:3]}
        named |= bool(given["notebooks"])
        parameters = plan_file.values(("defaults",)) | plan_file.values(at)
        try:
            documents = _documents(
                tuple(given["notebooks"] or notebook_names()),
                tuple(given["languages"] or LANGUAGES),
                tuple(parameters.items()),
            )
        except ReformError as error:
            plan_file.fail(at, error.what, error.expected, error.fix)
        if not given["editions"]:
            plan_file.fail(at, f"{unit} has no editions", 'editions: ["2020"], here or under defaults')
        for edition in given["editions"]:
            if _unfit(edition):
                plan_file.fail((*at, "editions"), f"{edition!r} cannot be an edition", "a name such as 2020")
            texts = {key: entry.get(key, defaults.get(key)) for key in ("folder", "output")}
            fields = {"{unit}": unit, "{edition}": edition}
            folder, name = (_fill(str(texts[key] or ""), fields) for key in ("folder", "output"))
            place = Path(os.path.normpath(path.resolve().parent / (folder or f"reports/{unit}-{edition}")))
            for document in documents:
                if document.takes_reports:
                    sets.setdefault((document.notebook, document.language), (document, []))[1].append(place)
                else:
                    jobs.append(Job(name or place.name, (place,), document, output.resolve()))
    for document, places in sets.values():
        folders = tuple(dict.fromkeys(places))
        if named or len(folders) > 1:
            jobs.append(Job(COMPARISON, folders, document, output.resolve()))
    try:
        check_names(jobs)
    except ReformError as error:
        where = f"{path}: {error.where}" if error.where else str(path)
        raise ReformError(error.what, where=where, expected=error.expected, fix=error.fix) from None
    return jobs


def chooser(jobs: list[Job], patterns: list[str]) -> Callable[[Job], bool]:
    """Whether a job is one that the patterns name, by its `report/language/notebook` or a part of it.

    Shell patterns (`tra-vinh*`, `*/en/0[12]*`); none means all. Raises ReformError for a pattern that fits no job.
    """

    def fits(job: Job, pattern: str) -> bool:
        return any(fnmatchcase(part, pattern) for part in (job.id, *job.id.split("/")))

    if idle := [pattern for pattern in patterns if not any(fits(job, pattern) for job in jobs)]:
        near = difflib.get_close_matches(idle[0], sorted({part for job in jobs for part in job.id.split("/")}), n=1)
        raise ReformError(
            f"nothing in the plan fits {', '.join(idle)}",
            expected="a shell pattern of report/language/notebook or of one of them, such as 'tra-vinh*'",
            fix=f"did you mean {near[0]}?" if near else "see what there is with --dry-run",
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


def _fill(text: str, fields: dict[str, str]) -> str:
    for field, value in fields.items():
        text = text.replace(field, value)
    return text


@cache
def _documents(notebooks: tuple[str, ...], languages: tuple[str, ...], parameters: tuple) -> list[Document]:
    """Thousands of units share a few settings: read and checked once."""
    for language in languages:
        check_language(language)
    return plan([find_notebook(name) for name in notebooks], list(languages), dict(parameters))


class _PlanFile:
    """The content of a plan and where each part of it stands."""

    def __init__(self, path: Path) -> None:
        self.path, self.marks = path, {}
        loader = None
        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(path.read_text(encoding="utf-8-sig"))
            node = loader.get_single_node()
            self.content = self._built(loader, node, ()) if node else {}
        except FileNotFoundError:
            raise ReformError(
                f"no such plan: {path}", expected="a file such as data/reports.yml", fix="name it with --plan"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ReformError(f"{path.name} cannot be read: {error}", where=str(path), fix="save it in UTF-8") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            problem = getattr(error, "problem", None) or error
            raise ReformError(f"{path.name} is not valid YAML: {problem}", where=f"{path}{place}") from None
        finally:
            if loader:
                loader.dispose()
        if not isinstance(self.content, dict):
            self.fail((), "the plan holds no fields", "defaults: and units:")

    def _built(self, loader: Any, node: yaml.Node, at: tuple) -> Any:
        self.marks[at] = node.start_mark
        if isinstance(node, yaml.MappingNode):
            content = {}
            for key_node, value_node in node.value:
                key = key_node.value
                if key in content:
                    self.marks[(*at, key)] = key_node.start_mark
                    self.fail((*at, key), f"{key} is given twice", "each field once")
                content[key] = self._built(loader, value_node, (*at, key))
                self.marks[(*at, key)] = key_node.start_mark
            return content
        if isinstance(node, yaml.SequenceNode):
            return [self._built(loader, item, (*at, number)) for number, item in enumerate(node.value)]
        return loader.construct_object(node)

    def fail(self, at: tuple, what: str, expected: str = "", fix: str = "") -> NoReturn:
        while at and at not in self.marks:
            at = at[:-1]
        mark = self.marks.get(at)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ReformError(f"{self.path.name}: {what}", where=f"{self.path}{place}", expected=expected, fix=fix)

    def part(self, at: tuple) -> Any:
        content: Any = self.content
        for key in at:
            content = content.get(key) if isinstance(content, dict) else content[key]
        return content

    def known(self, at: tuple, keys: set[str]) -> None:
        """Refuse what is no mapping (a bare unit is fine) and fields that do not exist."""
        content = self.part(at)
        if content is None or (at[:1] == ("units",) and isinstance(content, str | int)):
            return
        if not isinstance(content, dict):
            self.fail(at, f"{'.'.join(map(str, at))} must hold fields", ", ".join(sorted(keys)))
        for key in content:
            if key not in keys:
                near = difflib.get_close_matches(str(key), keys, n=1)
                fix = f"did you mean {near[0]}?" if near else ""
                self.fail((*at, key), f"no field {key}", f"one of: {', '.join(sorted(keys))}", fix)

    def names(self, at: tuple, key: str) -> list[str]:
        """A list of names, or one name; numbers such as an edition's year are names too."""
        content = (self.part(at) or {}).get(key) if isinstance(self.part(at) or {}, dict) else None
        if content is None:
            return []
        items = content if isinstance(content, list) else [content]
        for item in items:
            if isinstance(item, bool) or not isinstance(item, str | int):
                self.fail((*at, key), f"{key}: {item!r} is no name", f"a list such as {key}: [a, b]")
        return list(dict.fromkeys(map(str, items)))

    def values(self, at: tuple) -> dict[str, str]:
        """Parameters as the texts that the command line would give."""
        part = self.part(at)
        content = (part.get("parameters") if isinstance(part, dict) else None) or {}
        if not isinstance(content, dict):
            self.fail((*at, "parameters"), "parameters must hold fields", "parameters: {horizon: 2030}")
        for key, value in content.items():
            if not isinstance(value, str | int | float):
                self.fail((*at, "parameters", key), f"{key}: {value!r} cannot be a parameter", "a text or a number")
        return {key: str(value) for key, value in content.items()}
