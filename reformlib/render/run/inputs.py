"""What a page depends on, and whether it is still what its inputs give.

A page is made from its notebook, parameters, the report's data, the catalogue, this library (code, translations,
template), the installed packages and Python. The manifest beside the page has their hashes; a page whose manifest
differs from what is there now is made again, and the difference is the reason told.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from dataclasses import astuple, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reformlib import __version__
from reformlib.paths import PACKAGE, data_folder
from reformlib.render.page.links import with_links
from reformlib.render.run.plan import Job

CACHE = ".cache.json"
RACY = 2_000_000_000  # nanoseconds: a file changed so shortly before it was hashed may change again unseen
# packages whose version can show on a page; the others of the lock (JupyterLab, tests, tools) cannot
PACKAGES = """
babel beautifulsoup4 bleach contourpy cycler defusedxml fonttools ipykernel ipython ipython_pygments_lexers jinja2
jupyterlab_pygments kiwisolver lxml markupsafe matplotlib matplotlib_inline mistune nbclient nbconvert nbformat nh3
numpy pandas pandocfilters papermill pillow pydantic pydantic_core pygments pypandoc_binary pyparsing
python_calamine python_dateutil python_docx pytz pyyaml rapidfuzz resvg_py scipy seaborn soupsieve tinycss2 traitlets
tzdata webencodings xlsxwriter
"""


@dataclass
class Hashes:
    """Contents of folders, as one digest each; a folder whose files have the same size, time and inode is not read.

    Kept in one small file of the output folder; a file that cannot be read is as good as none.
    """

    path: Path
    known: dict[str, list[str]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, output: Path) -> Hashes:
        """The hashes that an earlier run left in `output`."""
        path = output / CACHE
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            known, left = dict(kept["known"]), dict(kept["left"])
            sound = all(isinstance(pair, list) and len(pair) == 2 for pair in known.values())
        except (OSError, ValueError, KeyError, TypeError):
            sound = False
        return cls(path, known, left) if sound else cls(path)

    def of(self, folder: Path) -> str:
        """Digest of the names and contents of the files under a folder; of one that is not there, the empty text."""
        name = str(folder)
        if name not in self.seen:
            stamp, newest = stamp_of(folder)
            if stamp and self.known.get(name, [""])[0] == stamp:
                self.seen[name] = self.known[name][1]
            else:
                began = time.time_ns()
                self.seen[name] = digest(file_hashes(folder)) if stamp else ""
                self.known.pop(name, None)
                if stamp and newest < began - RACY:
                    self.known[name] = [stamp, self.seen[name]]
        return self.seen[name]

    def untouched(self, folder: Path) -> bool:
        """Whether no file has come into or gone from a folder of pages since the last run ended."""
        return self.left.get(str(folder)) == _changed(folder)

    def leave(self, folder: Path) -> None:
        """Remember a folder of pages as it lies there now."""
        self.left[str(folder)] = _changed(folder)

    def text(self) -> str:
        """What :meth:`load` reads."""
        known = {name: pair for name, pair in self.known.items() if name in self.seen or Path(name).exists()}
        return json.dumps({"known": known, "left": self.left})


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def stamp_of(folder: Path) -> tuple[str, int]:
    """Name, size, time and inode of all files under a folder as one text, and the newest time."""
    rows, newest = [], 0
    for path in files(folder):
        status = path.stat()
        newest = max(newest, status.st_mtime_ns)
        rows.append((path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns, status.st_ino))
    return (digest(rows) if rows else ""), newest


def files(root: Path) -> list[Path]:
    """All files under a folder but hidden ones, in the order of their names; a file stands for itself."""
    if root.is_file():
        return [root]
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] != "." and name != "__pycache__")
        found += [Path(folder, name) for name in names if name[0] != "."]
    return sorted(found)


def file_hashes(root: Path) -> dict[str, str]:
    """sha256 of every file under a folder, by its path in it."""
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files(root)}


def digest(content: Any) -> str:
    """A short digest of something JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


@cache
def environment() -> dict[str, Any]:
    """The library, the packages and the Python of this process, as manifests hold them; found out once."""
    library: dict[str, dict[str, str]] = {"sha256": {}, "locales": {}, "templates": {}}
    for path in files(PACKAGE):
        parts = path.relative_to(PACKAGE).parts
        if parts[0] != "_project":
            group = next((name for name in ("locales", "templates") if name in parts), "sha256")
            library[group]["/".join(parts)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "reformlib": {"version": __version__} | {name: digest(group) for name, group in library.items()},
        "python": platform.python_version(),
        "packages": installed(),
    }


def installed() -> dict[str, str]:
    """Versions of the packages that can show on a page, from the names of their folders: importlib is slow."""
    shown, found = set(PACKAGES.split()), {}
    for folder in filter(None, sys.path):
        for path in Path(folder).glob("*.dist-info"):
            name, _, version = path.stem.lower().partition("-")
            if name in shown:
                found.setdefault(name, version)
    return dict(sorted(found.items()))


def inputs(job: Job) -> dict[str, str]:
    """sha256 of every file that a document is made from, by a name that tells no path of the machine."""
    path = job.document.notebook
    found = {f"notebooks/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""}
    labels = [folder.name for folder in job.folders]
    if len(set(labels)) < len(labels):  # reports/a/2020 and reports/b/2020
        labels = [f"{label}~{number}" for number, label in enumerate(labels, start=1)]
    for label, folder in zip(labels, job.folders, strict=True):
        found |= {f"report/{label}/{name}": value for name, value in file_hashes(folder).items()}
    found |= {f"catalogue/{name}": value for name, value in file_hashes(data_folder() / "catalogue").items()}
    return found


def key(job: Job, hashes: Hashes, environment_key: str) -> str:
    """One short text that changes when anything does that the document is made from; reads what changed only."""
    notebook = hashes.of(job.document.notebook)
    catalogue = hashes.of(data_folder() / "catalogue")
    data = [(folder.name, hashes.of(folder)) for folder in job.folders]
    return digest([environment_key, notebook, catalogue, data, job.document.parameters, astuple(job.options)])


def changes(job: Job, entry: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What is no longer as the manifest `entry` of a page has it: "data: annex.csv changed". `now`: environment()."""
    found = []
    was, there = entry.get("inputs", {}), inputs(job)
    for name in sorted(was.keys() | there.keys()):
        if was.get(name) != there.get(name):
            kind, _, rest = name.partition("/")
            said = "changed" if name in was and name in there else "added" if name in there else "removed"
            if kind == "report":
                folder, _, rest = rest.partition("/")
                rest = rest if len(job.folders) == 1 else f"{folder}/{rest}"
            found.append(f"{ {'report': 'data', 'notebooks': 'notebook'}.get(kind, kind) }: {rest} {said}")
    found += [
        f"parameter {difference}" for difference in _differences(entry.get("parameters"), job.document.parameters)
    ]
    options = job.options
    if entry.get("code") != options.code:
        found.append("code asked for" if options.code else "code no longer asked for")
    found += [f"{form} asked for" for form in options.forms if form not in entry.get("forms", {})]
    if "docx" in options.forms and entry.get("layout", options.layout) != options.layout:
        found.append(f"layout {options.layout} asked for")
    library = entry.get("reformlib", {})
    for name, word in (("sha256", "library"), ("locales", "translations"), ("templates", "template")):
        if library.get(name) != now["reformlib"][name]:
            found.append(f"{word} changed")
    found += [f"package {difference}" for difference in _differences(entry.get("packages"), now["packages"])]
    if entry.get("python") != now["python"]:
        found.append(f"Python {entry.get('python')} → {now['python']}")
    return found


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


def intact(page: Path, entry: dict[str, Any]) -> bool:
    """Whether a page and what belongs to it lie there as its manifest says."""
    beside = [page.with_suffix(f".{kind}") for kind in ("evidence.json", *entry.get("forms", {}))]
    try:
        return all(path.is_file() for path in beside) and page_hash(page.read_text("utf-8")) == entry.get("page")
    except (OSError, ValueError):
        return False
