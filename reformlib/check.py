"""Check report folders and the catalogue: what `load` would refuse, stale descriptions, figures that contradict."""

from __future__ import annotations

from reformlib import datapackage
from reformlib.checks.report import checks
from reformlib.errors import ReformError
from reformlib.load import load_catalogue, load_report


def check_report(name_or_path: str) -> list[str]:
    """Problems of one report and of the catalogue, in plain words; an empty list when there is none.

    All broken files are read, not only the first. A file that no longer matches its datapackage.json is a
    problem too, with the command that describes the folder again.
    """
    problems = []
    try:
        catalogue = load_catalogue()
        problems += datapackage.stale(catalogue.folder)
    except ReformError as error:
        return [str(error)]
    try:
        report = load_report(name_or_path, catalogue)
        problems += datapackage.stale(report.folder)
    except ReformError as error:
        problems.append(str(error))
    return problems


def contradictions(name_or_path: str) -> list:
    """Findings of a report whose outcome is inconsistent, gravest first; rows of `reformlib.checks.report.checks`.

    Information is left out: it asks for no answer.
    """
    found = checks(load_report(name_or_path))
    found = found[(found["outcome"] == "inconsistent") & (found["severity"] != "information")]
    return list(found.itertuples(index=False))
