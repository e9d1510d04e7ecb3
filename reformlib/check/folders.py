"""Check report folders and what they share: what is wrong, what is to be filled in, figures that contradict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from reformlib.check.finding import Finding
from reformlib.check.findings import findings
from reformlib.check.verdict import INCONSISTENT
from reformlib.errors import ReformError
from reformlib.load import datapackage
from reformlib.load.catalogue import Catalogue
from reformlib.load.identity import stated, twins
from reformlib.load.many import of_many
from reformlib.load.meta import STAND_IN
from reformlib.load.report import Report, load_report
from reformlib.paths import data_folder


@dataclass(frozen=True)
class Checked:
    """What a look at one folder gave.

    `problems` is what is wrong, in plain words; `to_fill` what a page cannot do without and is still empty, which is
    not wrong while a folder is being filled; `findings` the figures that contradict each other, gravest first, without
    those of severity information, which ask for no answer. `of_all`: it is shared by reports, and none of them.
    """

    name: str
    problems: list[str] = field(default_factory=list)
    to_fill: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    of_all: bool = False


def check_folders(folders: Iterable[Path]) -> Iterator[Checked]:
    """Look at report folders in their order; nothing of a folder is kept when the next is looked at.

    What all reports share comes first, and each form before the first report that names it, where something is wrong.
    That a folder is of one unit, place and edition with an earlier one is a problem of it. Of many folders a share at a
    time is looked at by each processor, in a process that reads the forms for itself. Raises ReformError where such a
    process was ended from outside.
    """
    data = data_folder()
    if problems := [problem for folder in (data, data / "targets") for problem in datapackage.stale(folder)]:
        yield Checked("data", problems, of_all=True)
    folders, forms = list(folders), set()
    again = {folder: f"report.yml: {name} is in {other} too" for other, folder, name in twins(stated(folders))}
    order = iter(folders)
    for checked in of_many(_one_by_one, folders):
        if not checked.of_all and (folder := next(order)) in again:
            yield replace(checked, problems=[*checked.problems, again[folder]])
        elif checked.name not in forms:
            yield checked
        forms |= {checked.name} if checked.of_all else set()


def _one_by_one(folders: list[Path]) -> Iterator[Checked]:
    """What a look at each folder gave, before it at a form that it is the first to name, where something is wrong."""
    catalogues: dict[Path, Catalogue] = {}
    for folder in folders:
        read, checked = len(catalogues), check_report(folder, catalogues)
        for catalogue in list(catalogues.values())[read:]:
            if problems := datapackage.stale(catalogue.folder) + _without_kind(catalogue):
                yield Checked(f"form {catalogue.form.id}", problems, of_all=True)
        yield checked


def _without_kind(catalogue: Catalogue) -> list[str]:
    """Indicators that projection.csv has no row of, a sentence each: page 03 would project nothing for them."""
    return [
        f"projection.csv has no row of {indicator}: nothing is projected for it; copy that of an indicator of its kind"
        for indicator in catalogue.indicators["indicator"]
        if indicator not in set(catalogue.projection["indicator"])
    ]


def check_report(folder: Path, catalogues: dict[Path, Catalogue] | None = None) -> Checked:
    """Look at one report folder, every file of it, also one that is still being filled.

    A file that no longer matches its datapackage.json is a problem, with the command that describes the folder again;
    a folder without that file is not described yet.
    """
    described = (folder / "datapackage.json").is_file()
    try:
        report = load_report(folder, catalogues, draft=True)
        problems = datapackage.stale(folder) if described else []
        contradictions = [] if problems else _contradictions(report)
        report.cache.clear()  # its series hold the report, a ring that would wait for the garbage collector
    except ReformError as error:
        return Checked(folder.name, [str(error)])
    to_fill = [f"report.yml, {name}" for name, given in report.meta if given == STAND_IN]
    if not report.observations["value"].notna().any():
        to_fill.append("annex.csv: no figure in any cell yet")
    if not described:
        to_fill.append(f"datapackage.json: when all is filled in, run `{datapackage.command(folder)}`")
    return Checked(folder.name, problems, to_fill, contradictions)


def _contradictions(report: Report) -> list[Finding]:
    return [one for one in findings(report) if one.outcome == INCONSISTENT and one.severity != "information"]
