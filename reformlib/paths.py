"""Where the project lies: a checkout around the current folder, else the copy inside the package."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

from reformlib.errors import ReformError

PACKAGE = Path(__file__).resolve().parent
PROJECT = "REFORMLIB_PROJECT"


def project_root() -> Path:
    """Folder that holds `data/` and `notebooks/`.

    The nearest of: the folder in the environment variable REFORMLIB_PROJECT (set for cells, which run in a folder of
    their own), the current folder and its parents (a checkout, also from inside `notebooks/`), the folder the
    package was installed from, the copy that travels inside the installed package.
    """
    here = Path.cwd()
    named = [Path(os.environ[PROJECT])] if os.environ.get(PROJECT) else []
    for folder in (*named, here, *here.parents, PACKAGE.parent, PACKAGE / "_project"):
        if (folder / "data" / "catalogue").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise ReformError(
        "no project data found",
        where=f"the current folder {here} and its parents",
        expected="a folder with data/catalogue and notebooks",
        fix="change to the project folder, or install reformlib again",
    )


def data_folder() -> Path:
    """The folder `data/` of the project."""
    return project_root() / "data"


def notebooks_folder() -> Path:
    """The folder `notebooks/` of the project."""
    return project_root() / "notebooks"


def report_names() -> list[str]:
    """Names of the report folders under `data/reports/`, sorted."""
    reports = data_folder() / "reports"
    return sorted(p.parent.name for p in reports.glob("*/report.yml")) if reports.is_dir() else []


def expand_reports(names: list[str]) -> list[Path]:
    """Report folders of names and paths; a folder that holds report folders, and is none itself, stands for them all.

    Raises ReformError as :func:`find_report` does.
    """
    folders: list[Path] = []
    for name in names:
        path = Path(name)
        inside = path.is_dir() and not (path / "report.yml").is_file() and sorted(path.glob("*/report.yml"))
        folders += [file.parent.resolve() for file in inside] if inside else [find_report(name)]
    return folders


def find_report(name_or_path: str | os.PathLike[str]) -> Path:
    """Folder of a report, from its name under `data/reports/` or from the path of a report folder.

    Raises ReformError when there is none; the message lists the names there are.
    """
    text = os.fspath(name_or_path)
    if re.fullmatch(r"[\w-]+(\.[\w-]+)*", text):
        named = data_folder() / "reports" / text
        if (named / "report.yml").is_file():
            return named
    path = Path(text)
    if text and path.is_dir():
        if (path / "report.yml").is_file():
            return path.resolve()
        raise ReformError(
            "this folder is not a report",
            where=text,
            expected="a folder with report.yml",
            fix="copy a folder under data/reports and change it",
        )
    names = report_names()
    close = difflib.get_close_matches(text, names, n=1)
    raise ReformError(
        f"no such report: {text or '(empty)'}",
        expected=f"the path of a report folder, or one of: {', '.join(names) or '(none yet)'}",
        fix=f"did you mean {close[0]}?" if close else "run `reformlib list`",
    )
