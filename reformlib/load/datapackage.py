"""Frictionless datapackage.json of a data folder: title, source, licence, fields, sha256.

`reformlib describe FOLDER…` (also `python -m reformlib.load.datapackage FOLDER…`) writes it again after files were
edited.
"""

import hashlib
import json
import re
import shlex
import sys
from pathlib import Path

from reformlib.load import contracts
from reformlib.load.catalogue import Catalogue, read_form, there
from reformlib.load.form import of_report
from reformlib.load.meta import read_meta
from reformlib.load.validate import read_rows

LICENCE = {
    "name": "other-pd",
    "title": "Official administrative documents, outside copyright (Viet Nam: Law on Intellectual Property, art. 15)",
}


def is_shared(folder: Path) -> bool:
    """Whether a folder holds a form, the targets or the units, and no report."""
    return any((folder / name).is_file() for name in ("form.yml", "targets.csv", "units.csv"))


def describe(folder: Path, catalogues: dict[Path, Catalogue] | None = None) -> dict:
    """The description of a folder of a report, of a form, or of what all share, made from its files and the contracts.

    `catalogues` are forms read before, by folder. Raises ReformError where report.yml or form.yml cannot be read.
    """
    more: dict = {}
    package, files = _files(folder)
    if (folder / "report.yml").is_file():
        meta = read_meta(folder / "report.yml")
        name, title, source = meta.id, meta.title_vi, meta.source_vi
        description = f"{meta.unit_en}: {meta.title_en}. The annex and the narrative's figures as printed."
        # with a digest of every row of the form that the report was made by: which have changed is told when one has
        catalogue = of_report(folder, meta, catalogues)
        more = {"form": {"name": meta.form, "sha256": catalogue.sha256, "rows": catalogue.row_digests}}
    elif (folder / "form.yml").is_file():
        form = read_form(folder)
        name, title, source = form.id, f"{form.name_vi}: {form.title_vi}", form.source_vi
        description = f"{form.name_en}: {form.title_en}. Its rows, and the targets they bear on."
    else:
        name, title = "units", "Bodies that report, units of measure"
        if (folder / "targets.csv").is_file():
            name, title = "targets", "Official targets and their instruments"
        description, source = "Shared by all forms and reports.", "The sources named in the rows"
    resources = [_resource(folder / name, package) for name in files]
    head = {"name": name, "title": title, "description": description, "sources": [{"title": source}], **more}
    return {"profile": "data-package", **head, "licenses": [LICENCE], "resources": resources}


def _files(folder: Path) -> tuple[dict[str, dict], list[str]]:
    """The contracts of the tables that a folder has, by file, and all files there that are described."""
    if (folder / "report.yml").is_file():
        package = contracts.REPORT | contracts.REPORT_MAY
        others = ["annex.csv", "report.yml", "assumptions.yml", "checks.yml"]
    elif (folder / "form.yml").is_file():
        package, others = contracts.FORM | contracts.FORM_MAY | contracts.FORM_MORE, ["form.yml"]
    else:
        package, others = contracts.TARGETS if (folder / "targets.csv").is_file() else contracts.SHARED, []
    return there(folder, package), sorted(name for name in (*package, *others) if (folder / name).is_file())


def stale(folder: Path) -> list[str]:
    """Files that differ from what datapackage.json says of them, a sentence each; empty where none does."""
    path = folder / "datapackage.json"
    fix = f"run `{command(folder)}`"
    if not path.is_file():
        return [f"{folder.name}: datapackage.json is missing; {fix}"]
    try:
        described = {item["path"]: item["hash"] for item in json.loads(path.read_text(encoding="utf-8"))["resources"]}
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        return [f"{folder.name}/datapackage.json is not a data package; {fix}"]
    actual = {name: _digest(_content(folder / name)) for name in _files(folder)[1]}
    return [
        f"{folder.name}/{name} differs from datapackage.json; if that is right, {fix}"
        for name in sorted(described.keys() | actual.keys())
        if described.get(name) != actual.get(name)
    ]


def command(folder: Path) -> str:
    """The command that describes a folder again, to be typed in the current folder."""
    here = Path.cwd()
    return f"reformlib describe {shlex.quote(str(folder.relative_to(here) if folder.is_relative_to(here) else folder))}"


def _content(path: Path) -> bytes:
    # Line ends are not content: a checkout on Windows must give the same hash.
    return path.read_bytes().replace(b"\r\n", b"\n")


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _resource(path: Path, package: dict[str, dict]) -> dict:
    content = _content(path)
    resource = {"name": path.stem, "path": path.name, "bytes": len(content), "hash": _digest(content)}
    resource["encoding"] = "utf-8"
    if path.suffix != ".csv":
        return resource
    header = read_rows(path)[0]
    fields = package.get(path.name) or contracts.ANNEX
    columns = {name: fields.get(name, contracts.PRINTED) for name in header}
    schema = contracts.table_schema(columns, package)
    return resource | {"profile": "tabular-data-resource", "mediatype": "text/csv", "schema": schema}


def write(folder: Path, catalogues: dict[Path, Catalogue] | None = None) -> Path:
    """Write datapackage.json of a folder, as :func:`describe` has it; its path. Raises ReformError as that does.

    The report.yml of a report then names its form as it is now. `catalogues` are forms read before, by folder.
    """
    path, about = folder / "datapackage.json", folder / "report.yml"
    catalogues = {} if catalogues is None else catalogues
    if about.is_file():
        sha256 = of_report(folder, read_meta(about), catalogues).sha256
        text = re.sub(r"^form_sha256:.*\n?", "", about.read_text(encoding="utf-8"), flags=re.MULTILINE)
        text = re.sub(r"^form:.*$", rf"\g<0>\nform_sha256: {sha256}", text, count=1, flags=re.MULTILINE)
        about.write_text(text, encoding="utf-8")
    path.write_text(json.dumps(describe(folder, catalogues), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(Path(name))
