"""What a page depends on, and whether it is still what its inputs give.

A page is made from its notebook, parameters, the report's data, the forms and targets, this library (code,
translations, template), the installed packages and Python. The manifest beside the page has their hashes; a page whose
manifest differs from what is there now is made again, and the difference is the reason given.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from reformlib.paths import shared_data
from reformlib.render.engine.environment import digest, file_hashes
from reformlib.render.page.links import with_links
from reformlib.render.run.notebooks import notebook_sha256
from reformlib.render.run.plan import Job


def inputs(job: Job) -> dict[str, str]:
    """sha256 of every file that a document is made from, by a name that tells no path of the machine."""
    path = job.document.notebook
    hashes = {f"notebooks/{path.name}": notebook_sha256(path)}
    labels = [folder.name for folder in job.folders]
    if len(set(labels)) < len(labels):  # reports/a/2020 and reports/b/2020
        labels = [f"{label}~{number}" for number, label in enumerate(labels, start=1)]
    for label, folder in zip(labels, job.folders, strict=True):
        hashes |= {f"report/{label}/{name}": value for name, value in file_hashes(folder).items()}
    for place in shared_data():
        for name, value in file_hashes(place).items():
            hashes["data/" + (f"{place.name}/{name}" if place.is_dir() else place.name)] = value
    return hashes


def content(path: Path) -> str:
    """Digest of the names and contents of the files under a folder, or of a file."""
    return digest(file_hashes(path))


def key(job: Job, read: Callable[[Path], str], environment_key: str) -> str:
    """One short text that changes when anything does that the document is made from. `read` is :func:`content`, or one
    that keeps what it gave: many jobs are made from the same places."""
    notebook, shared = read(job.document.notebook), [read(place) for place in shared_data()]
    data = [(folder.name, read(folder)) for folder in job.folders]
    return digest([environment_key, notebook, shared, data, job.document.parameters, astuple(job.options)])


def changes(job: Job, entry: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What is no longer as the manifest `entry` of a page has it: "data: annex.csv changed". `now`: environment()."""
    options, library = job.options, entry.get("reformlib", {})
    of_notebook = f"{job.document.notebook.name}, default of parameter "
    reasons = [of_notebook + one for one in _differences(entry.get("defaults"), job.document.defaults)]
    reasons += _changed_files(entry.get("inputs", {}), inputs(job), len(job.folders) == 1)
    reasons += [f"parameter {one}" for one in _differences(entry.get("parameters"), job.document.parameters)]
    if entry.get("code") != options.code:
        reasons.append("code asked for" if options.code else "code no longer asked for")
    reasons += [f"{form} asked for" for form in options.forms if form not in entry.get("forms", {})]
    if "docx" in options.forms and entry.get("layout", options.layout) != options.layout:
        reasons.append(f"layout {options.layout} asked for")
    groups = {"sha256": "library", "locales": "translations", "templates": "template"}
    reasons += [f"{word} changed" for name, word in groups.items() if library.get(name) != now["reformlib"][name]]
    reasons += [f"package {one}" for one in _differences(entry.get("packages"), now["packages"])]
    if entry.get("python") != now["python"]:
        reasons.append(f"Python {entry.get('python')} → {now['python']}")
    return reasons


def _changed_files(was: dict[str, str], now: dict[str, str], alone: bool) -> list[str]:
    """Files whose hashes differ; of a report that stands `alone` without the name of its folder."""
    reasons = []
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            kind, _, file = name.partition("/")
            if kind == "report" and alone:
                file = file.partition("/")[2]
            change = "changed" if name in was and name in now else "added" if name in now else "removed"
            reasons.append(f"{ {'report': 'data', 'notebooks': 'notebook'}.get(kind, kind) }: {file} {change}")
    return reasons


def _differences(was: Any, now: dict[str, Any]) -> list[str]:
    was = was if isinstance(was, dict) else {}
    names = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return [f"{name}: {was.get(name, 'none')} → {now.get(name, 'none')}" for name in names]


def read_manifest(path: Path) -> dict[str, Any] | None:
    """A manifest, or None when the file is not one."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return entry if isinstance(entry, dict) and "notebook" in entry else None


def page_hash(text: str) -> dict[str, Any]:
    """Size and sha256 of a page without its links to others, as `jupyter nbconvert --to reform` gives it."""
    return digest_of(with_links(text, "vi", []).encode())


def digest_of(content: bytes) -> dict[str, Any]:
    """Size and sha256 of a file."""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def there(page: Path, forms: Iterable[str]) -> bool:
    """Whether a page lies there with its manifest, its evidence and its other forms."""
    return all(page.with_suffix(f".{kind}").is_file() for kind in ("html", "json", "evidence.json", *forms))


def intact(page: Path, entry: dict[str, Any]) -> bool:
    """Whether a page and what belongs to it lie there as its manifest says."""
    try:
        return there(page, entry.get("forms", ())) and page_hash(page.read_text("utf-8")) == entry.get("page")
    except (OSError, ValueError):
        return False
