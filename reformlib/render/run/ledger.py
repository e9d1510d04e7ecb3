"""What lies in the output folder: `manifest.json`, the one list of all documents, and what each still needs."""

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from reformlib.files import FAILED, as_json, place
from reformlib.load.meta import left_to_fill
from reformlib.render.engine.environment import digest, environment
from reformlib.render.forms import FORMS
from reformlib.render.page.links import label, relink
from reformlib.render.run.plan import Job
from reformlib.render.run.staleness import changes, content, intact, key, read_manifest, there

MANIFEST = "manifest.json"
OF_REPORT = ("report_title", "unit", "place", "edition", "data_date")


@dataclass(frozen=True)
class DocumentStatus:
    """How it stands with a planned document: built, stale, failed, missing or draft, and why it is not built."""

    job: Job
    status: str
    reason: str = ""


@dataclass
class Ledger:
    """The documents of an output folder, by report, then `language/name`; kept in `manifest.json`.

    A document's own manifest beside its page is what counts; this list spares reading thousands of them. It holds no
    time and no path, so equal outputs have equal lists.
    """

    output: Path
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, output: Path) -> Self:
        """The list as the last run left it; where there is none that can be read, made from the documents."""
        ledger = cls(output)
        try:
            content = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
            ledger.reports = {name: dict(entry) for name, entry in content["reports"].items()}
            if not all(isinstance(entry["documents"], dict) for entry in ledger.reports.values()):
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            ledger.reports = {}
            for path in sorted(output.glob("*/*/*.json")):
                if not path.name.endswith(".evidence.json") and not path.parts[-3].startswith("."):
                    ledger.take(path.parts[-3], path.parts[-2], path.stem)
        return ledger

    def take(self, report: str, language: str, name: str, inputs_key: str = "") -> dict[str, Any] | None:
        """Take over the manifest of a document, None if there is none; `inputs_key` is the key of its inputs."""
        path = self.output / report / language / f"{name}.json"
        entry = read_manifest(path)
        group = self.reports.setdefault(report, {"documents": {}})
        group.pop("links", None)  # a page that was made again, or by a run that was killed, has none
        if entry is None:
            group["documents"].pop(f"{language}/{name}", None)
        else:
            group |= {field: entry[field] for field in OF_REPORT if field in entry}
            page = path.with_suffix(".html").is_file() and entry.get("status") == "built"
            row = {"title": entry.get("title", name), "status": "built" if page else "failed", "key": inputs_key}
            if group["documents"].get(f"{language}/{name}", {}).get("planned"):
                row["planned"] = True
            row |= {field: entry[field] for field in ("tab", "verdicts", "variant") if entry.get(field)}
            if forms := entry.get("forms"):
                row["forms"] = sorted(forms)
            if error := entry.get("last_attempt", {}).get("error"):
                row["error"] = error
            group["documents"][f"{language}/{name}"] = row
        if not group["documents"]:
            del self.reports[report]
        return entry

    def note_planned(self, jobs: Iterable[Job]) -> None:
        """Note of documents that they are of the plan: no other is ever deleted as no longer planned."""
        for job in jobs:
            if row := self.row(job.id):
                row["planned"] = True

    def dropped(self, jobs: list[Job]) -> list[str]:
        """Documents that were of the plan once and are none of the `jobs` that it has now."""
        return [identifier for identifier in self.unplanned(jobs) if self.row(identifier).get("planned")]

    def unplanned(self, jobs: list[Job]) -> list[str]:
        """Documents that lie there and are none of the `jobs` of the plan."""
        planned = {job.id for job in jobs}
        lying = (f"{report}/{place}" for report, group in self.reports.items() for place in group["documents"])
        return [identifier for identifier in lying if identifier not in planned]

    def drop(self, identifier: str) -> None:
        """Delete a document and what lies beside it, and folders that are empty then. Raises OSError."""
        report, language, name = identifier.split("/", 2)
        page = self._page(report, language, name)
        # the manifest first: what a stop leaves has none and is no document any more
        for kind in ("json", "html", "evidence.json", *FORMS):
            page.with_suffix(f".{kind}").unlink(missing_ok=True)
        (self.output / FAILED / f"{identifier}.ipynb").unlink(missing_ok=True)
        for folder in (page.parent, page.parent.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()
        self.take(report, language, name)

    def row(self, identifier: str) -> dict[str, Any]:
        """The row of a document, `report/language/name`; empty when there is none."""
        report, _, name = identifier.partition("/")
        return self.reports.get(report, {}).get("documents", {}).get(name, {})

    def pages(self, report: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The rows of the pages of a report, by language and name."""
        documents = self.reports.get(report, {}).get("documents", {})
        return {tuple(place.split("/", 1)): row for place, row in documents.items() if row["status"] == "built"}

    def link(self, report: str, stage: Path) -> None:
        """Give the pages of a report their links to each other, where they do not have them yet. Raises OSError."""
        if report not in self.reports or self.reports[report].get("links") == self._links(report):
            return
        there = {place: row for place, row in self.pages(report).items() if self._page(report, *place).is_file()}
        relink(self.output / report, there, stage)
        self.reports[report]["links"] = self._links(report)

    def _page(self, report: str, language: str, name: str) -> Path:
        return self.output / report / language / f"{name}.html"

    def _links(self, report: str) -> str:
        return digest(sorted([*place, label(row), *row.get("forms", [])] for place, row in self.pages(report).items()))


class Survey:
    """What the planned documents need; every folder is read once, so that they are held against one state of it."""

    def __init__(self, output: Path) -> None:
        self.output = output.resolve()
        self.ledger = Ledger.load(self.output)
        self.environment = environment()
        self.environment_key = digest(self.environment)
        self._content, self._left_to_fill = cache(content), cache(left_to_fill)

    def statuses(self, jobs: list[Job]) -> list[DocumentStatus]:
        """The status of each job."""
        return [self.status(job) for job in jobs]

    def key(self, job: Job) -> str:
        """One short text for all that a job is made from; see :func:`reformlib.render.run.staleness.key`."""
        return key(job, self._content, self.environment_key)

    def status(self, job: Job) -> DocumentStatus:
        """Built, stale, failed, missing, or of a draft. A list that disagrees with what lies there is set right."""
        key_now, row = self.key(job), self.ledger.row(job.id)
        if left := [text for place_ in job.folders for text in self._left_to_fill(place_)]:
            return DocumentStatus(job, "draft", f"to be filled in: {'; '.join(left)}")
        built = row.get("key") == key_now and row["status"] == "built" and "error" not in row
        if built and there(job.page, row.get("forms", ())):
            return DocumentStatus(job, "built")
        entry = self.ledger.take(job.report, job.document.language, job.document.name)
        if entry is None:
            return DocumentStatus(job, "missing", "not rendered yet")
        if "last_attempt" in entry:
            return DocumentStatus(job, "failed", f"failed: {entry['last_attempt'].get('error', '')}")
        if reasons := changes(job, entry, self.environment):
            return DocumentStatus(job, "stale", "; ".join(reasons))
        if not intact(job.page, entry):
            return DocumentStatus(job, "stale", "the page is gone or was changed by hand")
        self.ledger.row(job.id)["key"] = key_now
        return DocumentStatus(job, "built")

    def save(self, stage: Path) -> None:
        """Keep the list for the next run. Raises OSError."""
        place(as_json({"format": 1, "reports": self.ledger.reports}), self.output / MANIFEST, stage)
