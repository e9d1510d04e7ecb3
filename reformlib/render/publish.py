"""Execute, export and put in place: a page is published whole, with its manifest, or not at all."""

from __future__ import annotations

import hashlib
import html
import importlib.metadata
import json
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reformlib import __version__
from reformlib.errors import ReformError
from reformlib.evidence import MIMETYPE
from reformlib.paths import PACKAGE, data_folder, project_root
from reformlib.render.execute import execute
from reformlib.render.exporter import PageRefused, ReformExporter
from reformlib.render.forms import FORMS
from reformlib.render.forms import make as make_forms
from reformlib.render.parameters import Document

STAGING = ".staging-"
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}
ALL_DOCUMENTS = {"vi": "Tất cả tài liệu", "en": "All documents"}
PACKAGES = ("babel", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "scipy", "seaborn")


@dataclass(frozen=True)
class Outcome:
    """What became of a document: its page, or the error."""

    report: str
    document: Document
    page: Path | None
    error: ReformError | None
    seconds: float


def publish(
    report: Any,
    documents: list[Document],
    output: Path,
    *,
    code: bool = False,
    forms: tuple[str, ...] = (),
    layout: str = "plain",
    debug: bool = False,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> None:
    """Render the documents of one report into `output/<report id>/<language>/<notebook>.html`.

    `report` is a loaded report (`.meta`, `.folder`). Each document is executed and checked by itself; then those
    that succeeded are exported with links to each other and moved into place. With `code` the pages hold their code,
    folded. `forms` (see `render.forms`) are made of each page and lie beside it; a form that was not made now and lies
    there from an earlier run is removed, as it would tell what the page no longer says. `layout` is that of Word files.
    `done` hears of every document once; of one with a page and an error, a form could not be made.
    A document that fails leaves the page of an earlier run as it is and notes the failure in its manifest.
    On KeyboardInterrupt the finished ones are still published. Raises ReformError when `output` cannot be written.
    """
    folder = output / report.meta.id
    ready: list[tuple[Document, Any, str, float]] = []
    in_project = report.folder.parent == data_folder() / "reports"
    named = report.folder.name if in_project else str(report.folder)
    with staging(output) as stage:
        try:
            for document in documents:
                start = time.monotonic()
                label = f"{report.meta.id} {document.language} {document.name}"
                try:
                    values = document.parameters | ({"report": named} if document.takes_report else {})
                    notebook = execute(document.notebook, values, label=label, debug=debug)
                    title = page_title(export(notebook, document, code=code))
                    ready.append((document, notebook, title, time.monotonic() - start))
                except ReformError as error:
                    record_failure(report, document, folder, stage, error)
                    done(Outcome(report.meta.id, document, None, error, time.monotonic() - start))
        finally:
            titles = published_titles(folder)
            titles |= {(document.language, document.name): title for document, _, title, _ in ready}
            for document, notebook, title, seconds in ready:
                text = export(notebook, document, siblings(document, titles), code=code)
                page = page_path(folder, document)
                proof, entry = evidence(notebook, document), manifest(report, document, title, text, code=code)
                made, error = make_forms(forms, text, proof, entry, stage, layout)
                entry["forms"] = {form: _digest(content) for form, content in made.items()}
                beside = {form: page.with_suffix(f".{form}") for form in FORMS}
                files = {
                    page: text,
                    page.with_suffix(".evidence.json"): _json(proof),
                    page.with_suffix(".json"): _json(entry),
                }
                files |= {beside[form]: content for form, content in made.items()}
                _place_all(files, stage, without=list(beside.values()))
                done(Outcome(report.meta.id, document, page, error, seconds))


def export(notebook: Any, document: Document, links: list[dict[str, str]] | None = None, *, code: bool = False) -> str:
    """The page of an executed notebook. Raises ReformError with every reason to refuse it, and the cells."""
    try:
        return ReformExporter(siblings=links or [], exclude_input=not code).from_notebook_node(notebook)[0]
    except PageRefused as refusal:
        raise ReformError(
            f"the page was refused: {refusal}", where=document.notebook.name, fix="mend the cells named"
        ) from None


def evidence(notebook: Any, document: Document) -> dict[str, Any]:
    """What every number in the tables of a page rests on, as its cells told: tables in their order on the page."""
    bundles = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    tables = [table for bundle in bundles for table in bundle.get(MIMETYPE, [])]
    return {"document": document.name, "language": document.language, "tables": tables}


def page_title(text: str) -> str:
    """The title of an exported page."""
    return html.unescape(re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1])


def page_path(folder: Path, document: Document) -> Path:
    """Where the page of a document lies; its manifest lies beside it with the suffix .json."""
    return folder / document.language / f"{document.name}.html"


def published_titles(folder: Path) -> dict[tuple[str, str], str]:
    """Titles of the pages that lie in a report's folder, by language and name."""
    titles = {}
    for path in sorted(folder.glob("*/*.json")):
        if path.with_suffix(".html").is_file() and (entry := read_manifest(path)):
            titles[path.parent.name, path.stem] = entry.get("title", path.stem)
    return titles


def siblings(document: Document, titles: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """Links of a page: the same document in other languages, the other documents of its language, the index."""
    here = document.language
    links = [
        {"href": f"../{language}/{quote(name)}.html", "title": LANGUAGE_NAMES.get(language, language)}
        | {"language": language}
        for language, name in sorted(titles)
        if name == document.name and language != here
    ]
    links += [
        {"href": f"{quote(name)}.html", "title": titles[language, name], "language": here}
        for language, name in sorted(titles)
        if name != document.name and language == here
    ]
    return [*links, {"href": "../../index.html", "title": ALL_DOCUMENTS[here], "language": here}]


def manifest(report: Any, document: Document, title: str, text: str, *, code: bool = False) -> dict[str, Any]:
    """What a page was made from. No time of the render and no path of the machine: equal inputs, equal bytes."""
    entry = _identity(report, document) | {"title": title, "status": "built", "code": code}
    entry["page"] = _digest(text.encode())
    entry["inputs"] = {f"notebooks/{document.notebook.name}": _sha256([document.notebook])}
    for name, root in ((f"report/{report.meta.id}", report.folder), ("catalogue", data_folder() / "catalogue")):
        for path in _files(root):
            entry["inputs"][f"{name}/{path.relative_to(root).as_posix()}"] = _sha256([path])
    code = [p for p in _files(PACKAGE) if not {"_project", "__pycache__"} & set(p.parts)]
    entry["reformlib"] = {"version": __version__, "sha256": _sha256(code)}
    entry["python"] = platform.python_version()
    entry["packages"] = {name: importlib.metadata.version(name) for name in PACKAGES}
    return entry


def record_failure(report: Any, document: Document, folder: Path, stage: Path, error: ReformError) -> None:
    """Note a failed render in the manifest; a page from an earlier run keeps its own entry."""
    path = page_path(folder, document).with_suffix(".json")
    entry = read_manifest(path) if path.with_suffix(".html").is_file() else None
    entry = entry or _identity(report, document) | {"title": document.name, "status": "failed"}
    message = str(error).split("\n\n")[0]  # with --debug a traceback follows
    for place, name in ((str(project_root()), "."), (str(Path.home()), "~")):
        message = message.replace(place, name)
    entry["last_attempt"] = {"status": "failed", "error": message}
    _place(_json(entry), path, stage)


def read_manifest(path: Path) -> dict[str, Any] | None:
    """A manifest, or None when the file is not one."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return entry if isinstance(entry, dict) and "notebook" in entry else None


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """A folder on the file system of `output` to write in before moving. Clears what killed runs left behind.

    Raises ReformError when `output` cannot be written to, also while it is open.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        for left in output.glob(f"{STAGING}*"):
            if not _running(left.name.removeprefix(STAGING).partition("-")[0]):
                shutil.rmtree(left, ignore_errors=True)
        stage = Path(tempfile.mkdtemp(prefix=f"{STAGING}{os.getpid()}-", dir=output))
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise ReformError(
            f"cannot write to {output}: {error.strerror or error}",
            where=str(error.filename or output),
            fix="free the folder and the disk, or name another folder with --output",
        ) from None


def prepare(output: Path) -> None:
    """Make the output folder and see that it can be written to. Raises ReformError."""
    with staging(output):
        pass


def place(text: str, target: Path) -> None:
    """Write one file of `output` in one step; `target` lies directly in it. Raises ReformError."""
    with staging(target.parent) as stage:
        _place(text, target, stage)


def _place(text: str, target: Path, stage: Path) -> None:
    _place_all({target: text}, stage)


def _place_all(files: dict[Path, str | bytes], stage: Path, *, without: list[Path] | None = None) -> None:
    """Write all drafts, then move them into place; before that remove the files of an earlier run in `without`."""
    for target, content in files.items():
        draft = stage / target.name
        if isinstance(content, bytes):
            draft.write_bytes(content)
        else:
            draft.write_text(content, encoding="utf-8", newline="\n")
    for target in without or []:
        target.unlink(missing_ok=True)
    for target in files:
        target.parent.mkdir(parents=True, exist_ok=True)
        (stage / target.name).replace(target)


def _running(pid: str) -> bool:
    """Whether a process other than this one has that number; where that cannot be asked, assume it has."""
    if os.name != "posix":
        return True
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return int(pid) != os.getpid()


def _identity(report: Any, document: Document) -> dict[str, Any]:
    meta = report.meta
    return {
        "notebook": document.name,
        "language": document.language,
        "report": meta.id,
        "report_title": {"vi": meta.title_vi, "en": meta.title_en},
        "unit": {"vi": meta.unit_vi, "en": meta.unit_en},
        "edition": str(meta.edition),
        "data_date": str(meta.data_date),
        "parameters": document.parameters,
    }


def _json(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _files(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith("."))


def _digest(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _sha256(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        if len(paths) > 1:  # names and lengths too, or moving text between files would not show
            digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
