"""Documents: the notebooks of a project, each in a language and with checked parameters."""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError, none_such
from reformlib.locale import check_language
from reformlib.paths import notebooks_folder
from reformlib.render.page.parameters import declared_parameters, parse_values, refuse_unknown
from reformlib.render.page.prose import unfolded

OF_RUN = ("language", "report", "reports")  # parameters that options of a command set, not -p


@dataclass(frozen=True)
class Document:
    """One page to make: a notebook, run in one language with these (checked) parameters."""

    notebook: Path
    language: str
    parameters: dict[str, Any]
    takes_report: bool = True
    takes_reports: bool = False  # a set of reports, compared on one page
    defaults: dict[str, Any] = field(default_factory=dict)  # of all parameters of the notebook
    variant: str = ""  # parameters of a page that stands beside the standard one: `target_set=direction`

    @property
    def name(self) -> str:
        """Name of the page: that of the notebook, of a variant with its parameters: `02_gap_analysis-horizon-2025`."""
        return "-".join(filter(None, [self.notebook.stem, re.sub(r"[^\w-]+", "-", self.variant, flags=re.ASCII)[:80]]))


def notebook_names() -> list[str]:
    """Names of the notebooks of the project that are documents, sorted, without .ipynb; strays are none."""
    return [path.stem for path in _notebooks() if not _stray(path)]


def stray_notebooks() -> list[str]:
    """What is said of each notebook of the project that is no document: a trial of somebody in JupyterLab."""
    return [f"{path.name} is no document and is skipped: {why}" for path in _notebooks() if (why := _stray(path))]


def _notebooks() -> list[Path]:
    return sorted(path for path in notebooks_folder().glob("*.ipynb") if not path.name.startswith("."))


def _stray(path: Path) -> str:
    """Why a notebook is no document, or nothing; one that cannot be read is told when it is asked for."""
    if re.fullmatch(r"Untitled\d*|.*-Copy\d+", path.stem):
        return "JupyterLab gave it its name"
    with suppress(ReformError):
        cells = read_notebook(path)["cells"]
        if not any("parameters" in cell.get("metadata", {}).get("tags", []) for cell in cells):
            return "it has no cell tagged `parameters`"
    return ""


def tutorials() -> list[Path]:
    """The notebooks of the project to explore a report with, in their order; they are no documents."""
    return sorted((notebooks_folder() / "explore").glob("[!.]*.ipynb"))


def scratch_copy(path: Path, folder: Path, language: str, values: dict[str, str]) -> tuple[Path, bool]:
    """A copy of a notebook in a folder, to be changed freely, and whether it is new: one that lies there is kept.

    It begins with the texts `values` in its parameters cell, without outputs, and in prose of the one language. Raises
    OSError.
    """
    place = folder / path.name
    if place.exists():
        return place, False
    content, cells = read_notebook(path), []
    for cell in content["cells"]:
        tags = cell.get("metadata", {}).get("tags", [])
        if any(tag.startswith("lang-") and tag != f"lang-{language}" for tag in tags):
            continue
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        else:
            cell["source"] = unfolded("".join(cell["source"]))
        if "parameters" in tags:
            source = "".join(cell["source"])
            for name, text in (values | {"language": language}).items():
                written = f"{name}: str = {json.dumps(text, ensure_ascii=False)}"
                source = re.sub(f'^{name}: str = "[^"]*"', lambda _, new=written: new, source, flags=re.MULTILINE)
            cell["source"] = source
        cells.append(cell)
    folder.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content | {"cells": cells}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return place, True


def find_notebook(name_or_path: str, *, also: list[Path] | None = None) -> Path:
    """File of a notebook: its name (with or without .ipynb), the start of its name ("01"), or the path of a file.

    Found are the documents, and what is listed `also`. Raises ReformError with the names there are when none or more
    than one fits.
    """
    there = {path.stem: path for path in [*_notebooks(), *(also or [])]}
    names, stem = list(there), name_or_path.removesuffix(".ipynb")
    fitting = [name for name in names if name == stem] or [name for name in names if stem and name.startswith(stem)]
    if len(fitting) == 1:
        return there[fitting[0]]
    path = Path(name_or_path)
    if path.suffix == ".ipynb" and path.is_file():
        return path.resolve()
    if fitting:
        what, expected = f"more than one notebook starts with {stem}", f"one of: {', '.join(fitting)}"
        raise ReformError(what, expected=expected, fix="write more of its name")
    raise none_such("notebook", name_or_path, "an .ipynb file", names, "run `reformlib list`")


def read_notebook(path: Path) -> dict:
    """The notebook's JSON. Plain json, as nbformat takes a second to import. Raises ReformError if it is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content["cells"], list):
            return content
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error) or type(error).__name__
    else:
        reason = "it has no list of cells"
    raise ReformError(
        f"{path.name} cannot be read as a notebook: {reason}", where=str(path), fix="open it in JupyterLab and save it"
    )


def notebook_sha256(path: Path) -> str:
    """sha256 of what a page takes from a notebook: its cells, their tags and its tab, without what they gave when they
    were run in JupyterLab. Empty for a notebook that cannot be read."""
    with suppress(ReformError):
        content = read_notebook(path)
        about = content.get("metadata", {})
        taken = [
            [cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags"), cell.get("attachments")]
            for cell in content["cells"]
        ]
        taken += [about.get("tab"), about.get("kernelspec", {}).get("name")]
        return hashlib.sha256(json.dumps(taken, sort_keys=True).encode()).hexdigest()
    return ""


def plan(paths: list[Path], languages: list[str], texts: dict[str, str], *, own_name: bool = False) -> list[Document]:
    """The documents of a run, languages outermost. Each notebook gets the parameters that it declares.

    `texts` are the `name=value` of the command line; by their `own_name`, pages of other values than the defaults, and
    of a copy of a document, do not take the place of the standard ones. Raises ReformError, before anything runs, for
    a notebook that cannot be read, a parameter that none of the notebooks has, and a value of the wrong type.
    """
    for key in OF_RUN:
        if key in texts:
            if key == "language":
                check_language(texts[key])
            raise ReformError(f"{key} is not set by -p", fix=f"use --{key.removesuffix('s')} {texts[key]}")
    declared = {path: declared_parameters(read_notebook(path), path.stem) for path in paths}
    names = {p.name: p for parameters in declared.values() for p in parameters}
    refuse_unknown(texts, names, ", ".join(path.stem for path in paths))
    documents = []
    for language in languages:
        for path, parameters in declared.items():
            own = {p.name for p in parameters}
            mine = {key: text for key, text in texts.items() if key in own} | {"language": language}
            values = parse_values(parameters, mine, path.stem)
            defaults = {p.name: p.default for p in parameters if p.name not in OF_RUN}
            others = [f"{key}={value}" for key, value in values.items() if defaults.get(key, value) != value]
            if path.parent != notebooks_folder() and (notebooks_folder() / path.name).exists():
                others.insert(0, "scratch copy")
            variant = ", ".join(others) if own_name else ""
            takes = "report" in own, "reports" in own
            documents.append(Document(path, language, values, *takes, defaults=defaults, variant=variant))
    return documents


def parse_assignments(pairs: list[str]) -> dict[str, str]:
    """Split `name=value` texts of the command line. Raises ReformError for one without a name or an equals sign."""
    texts = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not re.fullmatch(r"[^\W\d]\w*", key):
            raise ReformError(f"not a parameter: {pair!r}", expected="name=value, such as -p year=2019")
        if key in texts:
            raise ReformError(f"the parameter {key} is given twice", expected="each name once")
        texts[key] = value
    return texts
