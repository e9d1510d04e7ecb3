"""One document: execute, export and put in place. A page is published whole, with its manifest, or not at all."""

import html
import re
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from reformlib.errors import ReformError
from reformlib.files import FAILED, as_json, place, place_all, unwritable
from reformlib.load.meta import is_made_up, stated
from reformlib.locale import made_up
from reformlib.paths import PROJECT, notebooks_folder, shared_data
from reformlib.present.html import evidence_of, parts
from reformlib.render.engine.environment import digest, environment
from reformlib.render.engine.process import FORKS, environment_variables, in_fork
from reformlib.render.forms import FORMS
from reformlib.render.forms import make as make_forms
from reformlib.render.run.notebooks import Document, read_notebook
from reformlib.render.run.plan import COMPARISON, Job
from reformlib.render.run.staleness import digest_of, inputs, page_hash, read_manifest
from reformlib.render.run.stamps import RACY, stamps

COMPARED = {"vi": "So sánh các báo cáo", "en": "Comparison of reports"}


@dataclass(frozen=True)
class RunSettings:
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


def run(job: Job, settings: RunSettings) -> Outcome:
    """Make one document and publish it: evidence, other forms, page, then manifest, each in one step.

    The unit of work of all executors; touches nothing but its own files. A document that fails leaves the page of an
    earlier run as it is, notes the failure in its manifest and keeps the executed notebook aside in `.failed`.
    Raises Unwritable when the output folder cannot be written to.
    """
    start = time.monotonic()
    try:
        with environment_variables({PROJECT: str(settings.project)}):  # a worker's current folder may be another
            try:
                title, error = _publish(job, settings)
                kept_aside(job).unlink(missing_ok=True)
            except ReformError as refused:
                title, error = "", refused
                record_failure(job, error, settings)
    except OSError as error:
        raise unwritable(job.output, error) from None
    return Outcome(job, title, error, time.monotonic() - start)


def _publish(job: Job, settings: RunSettings) -> tuple[str, ReformError | None]:
    """Make a document and put its files in place; the title of its page, and why another form failed."""
    document, software = job.document, environment()
    if digest(software) != settings.environment:
        raise ReformError(
            "the library or its packages are not those that this run was planned with",
            expected="the same installation on all machines, unchanged while a run lasts",
            fix="install the same version on every worker, then run again",
        )
    # before the notebook reads them: a file that changes meanwhile makes the page stale, never wrongly up to date
    stamped = _stamps(job)
    entry = identity(job) | {"inputs": inputs(job)} | software
    notebook = _executed(job, settings, entry["inputs"], stamped)
    if any("supposed" in part for part in parts(notebook)) and document.notebook.parent == notebooks_folder():
        raise ReformError(
            "the page would be one of a what-if, in the place of the report's own",
            where=document.notebook.name,
            fix="ask what if in a copy: `reformlib explore REPORT NOTEBOOK`",
        )
    text = export(notebook, document, code=job.options.code)
    title = page_title(text)
    tabs = read_notebook(document.notebook).get("metadata", {}).get("tab", {})
    tab = tabs.get(document.language, "")
    if document.variant:  # told from the standard page in lists
        entry["variant"], title = document.variant, f"{title} ({document.variant})"
        tab = f"{tab} ({document.variant})" if tab else ""
    entry |= {"tab": tab, "verdicts": verdicts(text)}
    entry |= {"title": title, "status": "built", "code": job.options.code, "page": page_hash(text)}
    proof = evidence(notebook, document)
    tables = [part for part in parts(notebook) if "table" in part] if "xlsx" in job.options.forms else []
    made, error = make_forms(job.options.forms, text, tables, entry, settings.stage, job.options.layout)
    entry["forms"] = {form: digest_of(content) for form, content in made.items()}
    if "docx" in made:
        entry["layout"] = job.options.layout
    beside = {form: job.page.with_suffix(f".{form}") for form in FORMS}
    files = {job.page.with_suffix(".evidence.json"): as_json(proof, depth=4)}
    files |= {beside[form]: content for form, content in made.items()}
    # the manifest last: a page without its own is made again
    files |= {job.page: text, job.page.with_suffix(".json"): as_json(entry)}
    place_all(files, settings.stage, without=beside.values())
    return title, error


def _executed(job: Job, settings: RunSettings, hashes: dict[str, str], stamped: tuple[str, int]) -> Any:
    """The executed notebook of a document. Its `hashes` and stamps were taken before."""
    from reformlib.render.engine.execute import execute

    document = job.document
    values = dict(document.parameters)
    names = [_name_for_notebook(folder, settings.project) for folder in job.folders]
    if document.takes_reports:
        values["reports"] = ",".join(names)
    elif document.takes_report:
        values["report"] = names[0]
    call = partial(execute, document.notebook, values, engine=settings.engine, label=job.id, debug=settings.debug)
    try:
        if settings.engine != "warm" or not FORKS:
            return call()
        data = {name: sha256 for name, sha256 in hashes.items() if not name.startswith("notebooks/")}
        _load_ahead(job, names[0], digest(data), stamped)
        return in_fork(call)  # this process publishes, untouched by what the cells do
    except OSError as error:  # else taken for one of the output folder, which ends the run
        raise ReformError(f"the notebook cannot be run: {error}", where=document.notebook.name) from None


_ahead = ""  # contents of the report that was loaded


def _load_ahead(job: Job, name: str, contents: str, stamped: tuple[str, int]) -> None:
    """Do once what all documents of a report begin with, for those that this process makes one after another.

    Nothing is kept of a report whose files changed while they were read, or may have, as they had just been written:
    `stamped` are their stamps from before.
    """
    from reformlib.analysis import prepared
    from reformlib.load.report import load_ahead

    global _ahead
    of_one_report = job.document.takes_report and not job.document.takes_reports
    wanted = contents if of_one_report else ""
    if wanted and wanted == _ahead:
        return
    _ahead = wanted
    load_ahead(None)
    if not wanted:
        return
    with suppress(Exception):  # the notebook meets it too, and says where
        with warnings.catch_warnings(record=True) as raised:
            report = prepared(name)
        if stamped[1] < time.time_ns() - RACY and stamped == _stamps(job) and not raised:
            load_ahead(report)


def _stamps(job: Job) -> tuple[str, int]:
    return stamps(*map(str, (*job.folders, *shared_data())))


def _name_for_notebook(folder: Path, project: Path) -> str:
    return folder.name if folder.parent == project / "data" / "reports" else str(folder)


def export(notebook: Any, document: Document, *, code: bool = False) -> str:
    """The page of an executed notebook. Raises ReformError with every reason to refuse it, and the cells."""
    from reformlib.render.page.exporter import PageRefused, ReformExporter

    try:
        return ReformExporter(exclude_input=not code).from_notebook_node(notebook)[0]
    except PageRefused as refusal:
        raise ReformError(
            f"the page was refused: {refusal}", where=document.notebook.name, fix="mend the cells named"
        ) from None


def evidence(notebook: Any, document: Document) -> dict[str, Any]:
    """What every number of a page rests on, as its cells show: sentences of the summary, tables in their order."""
    shown = list(map(evidence_of, parts(notebook)))
    return {
        "document": document.name,
        "language": document.language,
        "summary": [sentence for part in shown for sentence in part.get("summary", [])],
        "tables": [part for part in shown if "table" in part],
    }


def page_title(text: str) -> str:
    """The title of an exported page."""
    found = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def verdicts(text: str) -> list[str]:
    """The verdicts of an exported page that sums others up; none of a page with a single one, which is its own."""
    found = [Markup(one).striptags() for one in re.findall(r'class="verdict"[^>]*>(.*?)</h2>', text, re.DOTALL)]
    return found if len(found) > 1 else []


def record_failure(job: Job, error: ReformError, settings: RunSettings) -> None:
    """Note a failed render in the manifest; a page from an earlier run keeps its own entry. Raises OSError."""
    path = job.page.with_suffix(".json")
    entry = read_manifest(path) if job.page.is_file() else None
    entry = entry or identity(job) | {"title": job.document.name, "status": "failed"}
    entry["last_attempt"] = {"status": "failed", "error": message_of(error, settings.project)}
    place(as_json(entry), path, settings.stage)
    if notebook := getattr(error, "notebook", None):
        import nbformat

        place(nbformat.writes(nbformat.from_dict(notebook)), kept_aside(job), settings.stage)


def message_of(error: ReformError, project: Path) -> str:
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
    metas = [stated(folder) for folder in job.folders]
    entry = {
        "notebook": job.document.name,
        "language": job.document.language,
        "report": job.report,
        "parameters": job.document.parameters,
        "defaults": job.document.defaults,
        "edition": ", ".join(sorted({str(meta.get("edition", "")) for meta in metas} - {""})),
        "data_date": max((str(meta.get("data_date", "")) for meta in metas), default=""),
    }
    if job.report == COMPARISON:
        return entry | {"report_title": COMPARED, "unit": dict.fromkeys(COMPARED, "")}
    texts = (("report_title", "title", job.report), ("unit", "unit", ""), ("place", "place", ""))
    for name, source, missing in texts:
        entry[name] = {code: str(metas[0].get(f"{source}_{code}") or missing) for code in COMPARED}
    if is_made_up(metas[0]):
        entry["made_up"] = True
        entry["unit"] = {code: made_up(name, code) for code, name in entry["unit"].items()}
    return entry
