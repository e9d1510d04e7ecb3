"""Many reports at once: a folder, or a list that says whose each file is; one account over all.

A report that is there already is left alone, so that a run can be taken up again. What a file lacks harms no other: it
is told with its questions or with why it is refused.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError
from reformlib.files import place_all, staging
from reformlib.ingest.account import in_both_languages
from reformlib.ingest.answers import rows_of
from reformlib.ingest.folder import default_folder, refuse_existing, report_name
from reformlib.ingest.guard import SUFFIXES
from reformlib.ingest.run import Questions, catalogues_of, ingest
from reformlib.present.html import bullets
from reformlib.present.page import Page
from reformlib.present.table import Column, table

LIST = ("file", "unit", "edition")  # columns that every list has
MORE = ("mapping", "columns", "place_vi", "place_en", "unit_en", "title_vi", "title_en", "data_date", "locale")
ACCOUNT = "ingestion-all.html"
_TOLD = 30  # lines of what is told of a file


@dataclass(frozen=True)
class Job:
    """A file, or a folder of files of one report, its unit and edition; what else a list says of it: `given` are fields
    of report.yml."""

    file: Path
    unit: str
    edition: str
    mapping: Path | None = None
    columns: str = ""
    given: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: "written", "there", "asked" or "refused"; the report's folder, what was told, and where
    something is asked the answers proposed, of a scan with its pages of pictures."""

    job: Job
    state: str
    folder: Path
    told: str = ""
    answers: str = ""
    pages: dict[str, str] = field(default_factory=dict)


def jobs_of(path: Path, edition: str = "") -> list[Job]:
    """The jobs of a list, a CSV file with the columns of `LIST` and some of `MORE`; files lie beside it where no folder
    is named. Of a folder each file or folder in it is one, its unit called as it is, of that edition.

    Raises ReformError for a list without these columns or with an empty cell in them, for a folder without `edition`,
    and where two would be one report.
    """
    if path.is_dir():
        if not edition:
            raise ReformError("a folder says no edition", where=str(path), fix="name it: --edition 2024")
        jobs = [Job(p, p.stem, edition) for p in sorted(path.iterdir()) if any(map(_is_read, _inside(p)))]
    else:
        jobs = _listed(path)
    names: dict[str, Job] = {}
    for job in jobs:
        first = names.setdefault(report_name(job.unit, job.edition), job)
        if first is not job:
            raise ReformError(f"{first.file.name} and {job.file.name} are one report: {job.unit}, {job.edition}")
    if not jobs:
        raise ReformError("there is no file to read", where=str(path))
    return jobs


def _inside(path: Path) -> list[Path]:
    return list(path.iterdir()) if path.is_dir() else [path]


def _is_read(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in (*SUFFIXES, ".zip") and not path.name.startswith(("~$", "."))


def _listed(path: Path) -> list[Job]:
    jobs = []
    for number, row in enumerate(rows_of(path, "list"), start=2):
        cells = {name: (text or "").strip() for name, text in row.items() if name}
        if not all(cells.get(name) for name in LIST) or not cells.keys() <= {*LIST, *MORE}:
            expected = f"columns {', '.join(LIST)}, all filled in; perhaps {', '.join(MORE)}"
            raise ReformError(
                "the list has a row that is not understood", where=f"{path}, row {number}", expected=expected
            )
        file, unit, edition, mapping, columns = (cells.pop(name, "") for name in (*LIST, "mapping", "columns"))
        answers = path.parent / mapping if mapping else None
        jobs.append(Job(path.parent / file, unit, edition, answers, columns, cells))
    return jobs


def ingest_all(
    jobs: Sequence[Job], folder: Path | None, *, workers: int | None = None, done: Callable = print, **options: Any
) -> list[Outcome]:
    """Make a report folder of every job, in `folder`, by default among the reports of the project; some at once.

    `done` is called with every outcome as it comes; `options` are those of :func:`reformlib.ingest.run.ingest`. A file
    that fails harms no other.
    """
    outcomes, options = [], {"catalogues": catalogues_of(options.get("form")), **options}
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:  # each file is read in a process of its own
        for outcome in pool.map(partial(_outcome, folder=folder, options=options), jobs):
            done(outcome)
            outcomes.append(outcome)
    return outcomes


def _outcome(job: Job, *, folder: Path | None, options: dict[str, Any]) -> Outcome:
    target = folder / report_name(job.unit, job.edition) if folder else default_folder(job.unit, job.edition)
    replace = bool(options.get("replace"))
    if (target / "report.yml").is_file() and not replace:
        return Outcome(job, "there", target)
    own = {"unit": job.unit, "edition": job.edition, "mapping": job.mapping, "columns": job.columns, "given": job.given}
    try:
        refuse_existing(target, replace=replace)
        made = ingest(job.file, target, **options | own)
    except Questions as asked:
        return Outcome(job, "asked", target, asked.what, asked.answers, asked.pages)
    except ReformError as error:
        return Outcome(job, "refused", target, str(error))
    return Outcome(job, "written", made.folder, made.account[0])


def write_account(outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Write the account of all, and beside it the answers proposed for each report that asks; the path of the page."""
    content = in_both_languages(
        lambda shown_on: shown_on._("Account of all ingestions"), partial(_section, list(outcomes))
    )
    files: dict[Path, str | bytes] = {folder / ACCOUNT: content}
    files |= {folder / "answers" / f"{one.folder.name}.csv": one.answers for one in outcomes if one.answers}
    files |= {folder / "answers" / f"{name}.html": page for one in outcomes for name, page in one.pages.items()}
    with staging(folder) as stage:
        place_all(files, stage)
    return folder / ACCOUNT


def _section(outcomes: list[Outcome], shown_on: Page) -> Any:
    _ = shown_on._
    states = {
        "written": _("read whole"),
        "there": _("was there already"),
        "asked": _("has questions"),
        "refused": _("refused"),
    }
    return table(
        shown_on,
        outcomes,
        [
            Column(_("File"), lambda one: one.job.file.name),
            Column(_("Unit"), lambda one: one.job.unit),
            Column(_("Edition"), lambda one: one.job.edition),
            Column(_("What became of it"), lambda one: states[one.state]),
            Column(_("Told"), lambda one: bullets(one.told.splitlines()[:_TOLD], lang="en")),
        ],
        caption=_("Files and what became of them"),
        origin=lambda one: str(one.job.file),
        fold=False,
    )
