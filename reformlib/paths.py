"""Where the project lies: a checkout around the current folder, else the copy inside the package."""

import csv
import os
import re
from pathlib import Path

from reformlib.errors import ReformError, none_such

PACKAGE = Path(__file__).resolve().parent
PROJECT = "REFORMLIB_PROJECT"
COPY = PACKAGE / "_project"  # what a wheel carries
RULE = (
    f"the folder in the environment variable {PROJECT}, else the current folder or the nearest one above it with "
    "data/forms and notebooks, else, only to read, what came with the package"
)


def packaged(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the package, by column: of `load/codes.csv`.

    >>> packaged("load/types.csv")[1]["pattern"]
    '[0-9]+'
    """
    with (PACKAGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_project(folder: Path) -> bool:
    return (folder / "data" / "forms").is_dir() and (folder / "notebooks").is_dir()


def find_project() -> tuple[Path, str]:
    """The project folder, which holds `data/` and `notebooks/`, and by which part of `RULE` it is the one.

    The variable is set for cells too, which run in a folder of their own. What came with the package is the checkout
    that it is installed from, or the copy inside a wheel. Raises ReformError where the variable names no project, and
    where there is none at all.
    """
    expected = "a folder with data/forms and notebooks"
    if named := os.environ.get(PROJECT):
        if _is_project(Path(named)):
            return Path(named), f"named by {PROJECT}"
        raise ReformError(f"{PROJECT} names no project", where=named, expected=expected, fix="correct it, or unset it")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if _is_project(folder):
            return folder, "the current folder" if folder == here else "above the current folder"
    for folder in (PACKAGE.parent, COPY):
        if _is_project(folder):
            return folder, "came with the package, read only; `reformlib init` makes a project"
    raise ReformError(
        "no project data found",
        where=f"the current folder {here} and its parents",
        expected=expected,
        fix="change to the project folder, or install reformlib again",
    )


def project_root() -> Path:
    """Folder that holds `data/` and `notebooks/`: see :func:`find_project`."""
    return find_project()[0]


def refuse_packaged(folder: Path) -> Path:
    """The folder, to be written to. Raises ReformError where it lies in a project that only came with the package."""
    root, rule = find_project()
    if rule.startswith("came") and folder.resolve().is_relative_to(root.resolve()):
        raise ReformError(
            "there is no project here to write to",
            where=str(Path.cwd()),
            expected=RULE,
            fix="run `reformlib init` to make one here, or change to the project's folder",
        )
    return folder


def make_project(folder: Path) -> Path:
    """Make a project in a folder: forms, targets, the plan, the notebooks, and the reference report as an example.

    Raises ReformError where there is one, or something in the way; nothing that is there is touched.
    """
    if inside := next((name for name in ("data", "notebooks") if os.path.lexists(folder / name)), ""):
        what = "there is a project already" if _is_project(folder) else f"there is a folder {inside} already"
        raise ReformError(what, where=str(folder.absolute()), fix="name another folder: `reformlib init FOLDER`")
    source = COPY if _is_project(COPY) else PACKAGE.parent
    try:
        for file in (file for name in _carried(source) for file in (source / name, *(source / name).rglob("*"))):
            name = file.relative_to(source)
            if file.is_file() and not any(part.startswith(".") for part in name.parts):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(file.read_bytes())  # not its mode: what is installed may be read only
    except OSError as error:
        raise ReformError(f"cannot make a project: {error.strerror}", where=str(error.filename or folder)) from None
    return folder


def _carried(source: Path) -> list[str]:
    """What of a project goes into a new one: of what a wheel carries all, of a checkout what its wheel would carry.

    So no report of a checkout's own does. Raises OSError where the checkout does not tell.
    """
    if source == COPY:
        return ["."]
    import tomllib  # here: nothing else is read of it

    stated = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))
    return list(stated["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"])


def data_folder() -> Path:
    """The folder `data/` of the project."""
    return project_root() / "data"


def notebooks_folder() -> Path:
    """The folder `notebooks/` of the project."""
    return project_root() / "notebooks"


def form_names() -> list[str]:
    """Names of the official forms under `data/forms/`, sorted."""
    return sorted(path.parent.name for path in (data_folder() / "forms").glob("*/form.yml"))


def find_form(name_or_path: str | os.PathLike[str], where: str = "") -> Path:
    """Folder of an official form, from its name under `data/forms/` or from the path of its folder.

    Raises ReformError when there is none; the message lists the names there are, and `where` it was named.
    """
    text = os.fspath(name_or_path)
    for path in (data_folder() / "forms" / text, Path(text)):
        if text and (path / "form.yml").is_file():
            return path.resolve()
    otherwise = "correct the name, or add the form (docs/forms.md)"
    raise none_such("form", text, "a folder with form.yml", form_names(), otherwise, where)


def chosen_form(name: str | None) -> Path:
    """Folder of the form named, or of the only one there is. Raises ReformError where several are to choose from."""
    if name:
        return find_form(name)
    names = form_names()
    if len(names) != 1:
        raise ReformError("which form?", expected=f"--form with one of: {', '.join(names) or '(none yet)'}")
    return find_form(names[0])


def shared_data() -> list[Path]:
    """Files and folders of `data/` that all reports share: forms, targets, units, units of measure."""
    return [data_folder() / name for name in ("forms", "targets", "units.csv", "units_of_measure.csv")]


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
        path = Path(_told(name))
        inside = path.is_dir() and not (path / "report.yml").is_file() and sorted(path.glob("*/report.yml"))
        folders += [file.parent.resolve() for file in inside] if inside else [find_report(name)]
    return folders


def _told(name_or_path: str | os.PathLike[str]) -> str:
    """A name or a path as text, also of a name in digits of which papermill made a number. Raises ReformError for
    anything else, such as a report that is loaded."""
    if isinstance(name_or_path, int):
        return str(name_or_path)
    if isinstance(name_or_path, str | os.PathLike):
        return os.fspath(name_or_path)
    what = f"a report is asked for by its name or its folder, not by {type(name_or_path).__name__}"
    raise ReformError(what, expected=f"such as {(report_names() or ['data/reports/tra-vinh-2020'])[0]!r}")


def find_report(name_or_path: str | os.PathLike[str]) -> Path:
    """Folder of a report, from its name under `data/reports/` or from the path of a report folder.

    Raises ReformError when there is none; the message lists the names there are.
    """
    text = _told(name_or_path)
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
    raise none_such("report", text, "a report folder", report_names(), "run `reformlib list`")
