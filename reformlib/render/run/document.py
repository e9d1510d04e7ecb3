"""One document: execute, export and put in place. A page is published whole, with its manifest, or not at all."""

from __future__ import annotations

import html
import json
import os
import re
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import yaml

from reformlib.errors import ReformError
from reformlib.files import FAILED, as_json, place, place_all, unwritable
from reformlib.paths import PROJECT, data_folder
from reformlib.present.html import MIMETYPE, evidence_of
from reformlib.render.engine.process import FORKS, in_fork
from reformlib.render.forms import FORMS
from reformlib.render.forms import make as make_forms
from reformlib.render.run.inputs import RACY, digest, digest_of, environment, inputs, page_hash, read_manifest, stamp_of
from reformlib.render.run.parameters import Document
from reformlib.render.run.plan import COMPARISON, Job

COMPARED = {"vi": "So sánh các báo cáo", "en": "Comparison of reports"}


@dataclass(frozen=True)
class How:
    """How a run makes its documents: `stage` lies in the output folder, `project` holds data and notebooks."""

    stage: Path
    project: Path
    environment: str  # key of the library, packages and Python that the run was planned with
    engine: Literal["warm", "kernel"] = "kernel"
    debug: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a document: the title of its page, or the error; both where only another form failed."""

    job: Job
    title: str
    error: ReformError | None
    seconds: float


def run(job: Job, how: How) -> Outcome:
    """Make one document and publish it: evidence, other forms, page, then manifest, each in one step.

    The unit of work of all executors; touches nothing but its own files. A document that fails leaves the page of an
    earlier run as it is, notes the failure in its manifest and keeps the executed notebook aside in `.failed`.
    Raises Unwritable when the output folder cannot be written to.
    """
    start = time.monotonic()
    before = os.environ.get(PROJECT)
    os.environ[PROJECT] = str(how.project)  # a worker's current folder may be another
    try:
        try:
            title, error = _publish(job, how)
        except ReformError as error:
            record_failure(job, error, how)
            return Outcome(job, "", error, time.monotonic() - start)
        kept_aside(job).unlink(missing_ok=True)
        return Outcome(job, title, error, time.monotonic() - start)
    except OSError as error:
        raise unwritable(job.output, error) from None
    finally:
        os.environ.pop(PROJECT) if before is None else os.environ.update({PROJECT: before})


def _publish(job: Job, how: How) -> tuple[str, ReformError | None]:
    from reformlib.render.engine.execute import execute

    document = job.document
    told = environment()
    if digest(told) != how.environment:
        raise ReformError(
            "the library or its packages are not those that this run was planned with",
            expected="the same installation on all machines, unchanged while a run lasts",
            fix="install the same version on every worker, then run again",
        )
    # before the notebook reads them: a file that changes meanwhile makes the page stale, never wrongly fresh
    stamps = _stamps(job)
    entry = identity(job) | {"inputs": (read := inputs(job))} | told
    values = dict(document.parameters)
    named = [_name_for_notebook(folder, how.project) for folder in job.folders]
    if document.takes_reports:
        values["reports"] = ",".join(named)
    elif document.takes_report:
        values["report"] = named[0]
    call = partial(execute, document.notebook, values, engine=how.engine, label=job.id, debug=how.debug)
    try:
        if how.engine == "warm" and FORKS:
            data = {name: sha256 for name, sha256 in read.items() if not name.startswith("notebooks/")}
            _load_ahead(job, named[0], digest(data), stamps)
            notebook = in_fork(call)  # the cells run beside this process, which publishes untouched by them
        else:
            notebook = call()
    except OSError as error:  # else taken for one of the output folder, which ends the run
        raise ReformError(f"the notebook cannot be run: {error}", where=document.notebook.name) from None
    text = export(notebook, document, code=job.options.code)
    title = page_title(text)
    entry |= {"title": title, "status": "built", "code": job.options.code, "page": page_hash(text)}
    proof = evidence(notebook, document)
    tables = [part for part in parts(notebook) if "table" in part] if "xlsx" in job.options.forms else []
    made, error = make_forms(job.options.forms, text, tables, entry, how.stage, job.options.layout)
    entry["forms"] = {form: digest_of(content) for form, content in made.items()}
    if "docx" in made:
        entry["layout"] = job.options.layout
    beside = {form: job.page.with_suffix(f".{form}") for form in FORMS}
    files = {job.page.with_suffix(".evidence.json"): as_json(proof, depth=4)}
    files |= {beside[form]: content for form, content in made.items()}
    # the manifest last: a page without its own is made again
    files |= {job.page: text, job.page.with_suffix(".json"): as_json(entry)}
    place_all(files, how.stage, without=beside.values())
    return title, error


_ahead = ""  # contents of the report that was loaded


def _load_ahead(job: Job, name: str, contents: str, stamps: list) -> None:
    """Do once what all documents of a report begin with, for those that this process makes one after another.

    Nothing is kept of a report whose files changed while they were read, or may have, as they had just been written:
    `stamps` are those from before.
    """
    from reformlib.analysis import Report
    from reformlib.check.withheld import withhold
    from reformlib.load.report import load_ahead, load_report
    from reformlib.measure.coverage import coverage
    from reformlib.measure.gaps import gaps

    global _ahead
    of_one_report = job.document.takes_report and not job.document.takes_reports
    wanted = contents if of_one_report else ""
    if wanted and wanted == _ahead:
        return
    _ahead = wanted
    load_ahead(None)
    if not wanted:
        return
    with suppress(Exception):  # the notebook meets it too, and tells where
        with warnings.catch_warnings(record=True) as noted:
            data = withhold(report := Report.of(load_report(name)))
            gaps(data)
            coverage(data)
        settled = max(newest for _, newest in stamps) < time.time_ns() - RACY
        if settled and stamps == _stamps(job) and not noted:
            load_ahead(report)


def _stamps(job: Job) -> list[tuple[str, int]]:
    return [stamp_of(folder) for folder in (*job.folders, data_folder() / "catalogue")]


def _name_for_notebook(folder: Path, project: Path) -> str:
    return folder.name if folder.parent == project / "data" / "reports" else str(folder)


def export(notebook: Any, document: Document, *, code: bool = False) -> str:
    """The page of an executed notebook. Raises ReformError with every reason to refuse it, and the cells."""
    from reformlib.render.page.exporter import PageRefused

    try:
        return _exporter(code).from_notebook_node(notebook)[0]
    except PageRefused as refusal:
        raise ReformError(
            f"the page was refused: {refusal}", where=document.notebook.name, fix="mend the cells named"
        ) from None


@cache
def _exporter(code: bool) -> Any:
    """One a process: making one reads and compiles all templates."""
    from reformlib.render.page.exporter import ReformExporter

    return ReformExporter(exclude_input=not code)


def evidence(notebook: Any, document: Document) -> dict[str, Any]:
    """What every number of a page rests on, as its cells told: sentences of the summary, tables in their order."""
    told = list(map(evidence_of, parts(notebook)))
    return {
        "document": document.name,
        "language": document.language,
        "summary": [sentence for part in told for sentence in part.get("summary", [])],
        "tables": [part for part in told if "table" in part],
    }


def parts(notebook: Any) -> list[dict[str, Any]]:
    """The tables and summaries that the cells of an executed notebook show, as data (see `evidence_of`)."""
    bundles = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    return [part for bundle in bundles for part in json.loads(bundle.get(MIMETYPE, "[]"))]


def page_title(text: str) -> str:
    """The title of an exported page."""
    return html.unescape(re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1])


def record_failure(job: Job, error: ReformError, how: How) -> None:
    """Note a failed render in the manifest; a page from an earlier run keeps its own entry. Raises OSError."""
    path = job.page.with_suffix(".json")
    entry = read_manifest(path) if job.page.is_file() else None
    entry = entry or identity(job) | {"title": job.document.name, "status": "failed"}
    entry["last_attempt"] = {"status": "failed", "error": told(error, how.project)}
    place(as_json(entry), path, how.stage)
    if notebook := getattr(error, "notebook", None):
        import nbformat

        place(nbformat.writes(nbformat.from_dict(notebook)), kept_aside(job), how.stage)


def told(error: ReformError, project: Path) -> str:
    """The message of an error, without the traceback that --debug adds and without folders of this machine."""
    message = str(error).split("\n\n")[0]
    for place_, name in ((str(project), "."), (str(Path.home()), "~")):
        message = message.replace(place_, name)
    return message


def kept_aside(job: Job) -> Path:
    """Where the executed notebook of a document that failed is kept."""
    return job.output / FAILED / f"{job.id}.ipynb"


def identity(job: Job) -> dict[str, Any]:
    """Whose document it is. Read without a check, which is the notebook's business: a failure has one too."""
    metas = [_meta(folder) for folder in job.folders]
    entry = {
        "notebook": job.document.name,
        "language": job.document.language,
        "report": job.report,
        "parameters": job.document.parameters,
        "edition": ", ".join(sorted({str(meta.get("edition", "")) for meta in metas} - {""})),
        "data_date": max((str(meta.get("data_date", "")) for meta in metas), default=""),
    }
    if job.report == COMPARISON:
        return entry | {"report_title": COMPARED, "unit": dict.fromkeys(COMPARED, "")}
    for name, source, missing in (("report_title", "title", job.report), ("unit", "unit", "")):
        entry[name] = {code: str(metas[0].get(f"{source}_{code}") or missing) for code in COMPARED}
    return entry


def _meta(folder: Path) -> dict[str, Any]:
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load((folder / "report.yml").read_text(encoding="utf-8-sig"), loader)
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}
