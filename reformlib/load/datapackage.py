"""Frictionless datapackage.json of a data folder: title, source, licence, fields, sha256.

`reformlib describe FOLDER…` (also `python -m reformlib.load.datapackage FOLDER…`) writes it again after files were
edited.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path

from reformlib.load import contracts
from reformlib.load.report import read_meta

LICENCE = {
    "name": "other-pd",
    "title": "Official administrative documents, outside copyright (Viet Nam: Law on Intellectual Property, art. 15)",
}
_ANNEX = {"form_row": "Row of the form (Phụ lục 7)", "label": "Label as printed"}


def describe(folder: Path) -> dict:
    """The description of a catalogue or report folder, made from its files and the contracts."""
    if (folder / "report.yml").is_file():
        meta = read_meta(folder / "report.yml")
        head = {
            "name": meta.id,
            "title": meta.title_vi,
            "description": f"{meta.unit_en}: {meta.title_en}. The annex and the narrative's figures as printed.",
            "sources": [{"title": meta.source_vi}],
        }
        files, known = [*contracts.REPORT, "annex.csv", "report.yml", "assumptions.yml", "checks.yml"], contracts.REPORT
    else:
        head = {
            "name": "catalogue",
            "title": "The form's indicators and the official targets",
            "description": "Shared by all reports: indicators of the form Phụ lục 7, units, targets, instruments.",
            "sources": [{"title": "Phụ lục 7 of the 2011-2020 review reports; the sources named in targets.csv"}],
        }
        files, known = list(contracts.CATALOGUE), contracts.CATALOGUE
    resources = [_resource(folder / name, known.get(name)) for name in sorted(files) if (folder / name).is_file()]
    return {"profile": "tabular-data-package", **head, "licenses": [LICENCE], "resources": resources}


def stale(folder: Path) -> list[str]:
    """What datapackage.json says of the folder that is no longer so, file by file."""
    path = folder / "datapackage.json"
    fix = f"run `reformlib describe {folder.name}` in its parent folder"
    if not path.is_file():
        return [f"{folder.name}: datapackage.json is missing; {fix}"]
    try:
        said = {item["path"]: item["hash"] for item in json.loads(path.read_text(encoding="utf-8"))["resources"]}
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        return [f"{folder.name}/datapackage.json is not a data package; {fix}"]
    found = {item["path"]: item["hash"] for item in describe(folder)["resources"]}
    return [
        f"{folder.name}/{name} differs from datapackage.json; if that is right, {fix}"
        for name in sorted(said.keys() | found.keys())
        if said.get(name) != found.get(name)
    ]


def _resource(path: Path, columns: dict | None) -> dict:
    # Line ends are not content: a checkout on Windows must give the same hash.
    content = path.read_bytes().replace(b"\r\n", b"\n")
    resource = {
        "name": path.stem,
        "path": path.name,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "encoding": "utf-8",
    }
    if path.suffix == ".csv":
        described = {name: column.description for name, column in columns.items()} if columns else _ANNEX
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        fields = [
            {"name": name, "type": "string", "description": described.get(name, "Cell as printed")} for name in header
        ]
        resource |= {"mediatype": "text/csv", "schema": {"fields": fields, "missingValues": [""]}}
    return resource


def write(folder: Path) -> Path:
    """Write datapackage.json of a folder, as :func:`describe` has it; its path. Raises ReformError as that does."""
    path = folder / "datapackage.json"
    path.write_text(json.dumps(describe(folder), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(Path(name))
