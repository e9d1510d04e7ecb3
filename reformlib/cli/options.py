"""Options of the commands, and the choices that some of them offer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer


class Severity(StrEnum):
    """How grave a finding is."""

    error = "error"
    warning = "warning"

    @property
    def and_graver(self) -> tuple[str, ...]:
        """This severity and every graver one."""
        return ("error",) if self is Severity.error else ("error", "warning")


class Language(StrEnum):
    """Languages of a page, the default order."""

    vi = "vi"
    en = "en"


class Form(StrEnum):
    """Other forms of a page."""

    pdf = "pdf"
    docx = "docx"
    xlsx = "xlsx"


# of several commands
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        "-r",
        help="Name under data/reports, path of a report folder, or a folder of them. Repeatable; default all.",
    ),
]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", "-f")]

# of what runs a plan
Plan = Annotated[Path | None, typer.Option("--plan", help="Another plan than data/reports.yml.")]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="PATTERN", help="Only documents whose report/language/notebook, or a part of it, fits."
    ),
]

# of `render`: what to make
Notebooks = Annotated[
    list[str] | None,
    typer.Argument(
        help="Names (or their start, such as 01) or paths of .ipynb files; default all.", metavar="NOTEBOOK"
    ),
]
Languages = Annotated[list[Language] | None, typer.Option("--language", "-l", help="Repeatable; default both.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="For the notebooks that have it. Repeatable."),
]
Forms = Annotated[
    list[Form] | None,
    typer.Option("--to", help="Also as PDF (Chromium prints it), Word file, or workbook of its tables. Repeatable."),
]
DocxStyle = Annotated[
    Literal["plain", "nd30"],
    typer.Option(help="Layout of Word files; nd30: as Nghị định 30/2020/NĐ-CP, Phụ lục I."),
]
Code = Annotated[bool, typer.Option("--code", help="Show the code of every step, folded, for analysts.")]
All = Annotated[bool, typer.Option("--all", help="Everything in the plan, data/reports.yml.")]
Limit = Annotated[int | None, typer.Option(min=0, help="At most so many documents in this run.")]
Force = Annotated[bool, typer.Option("--force", help="Also what is up to date.")]
Prune = Annotated[bool, typer.Option("--prune", help="With --all: delete what is no longer in the plan.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would be rendered and why; do nothing.")]

# of `render`: how to make it
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="At once; default one a processor.")]
FailFast = Annotated[
    bool, typer.Option("--fail-fast/--keep-going", help="Stop at the first failure, or go on with the others.")
]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds that a document may take.")]
Memory = Annotated[int | None, typer.Option(min=256, help="Megabytes that a document may use.")]
Engine = Annotated[
    Literal["warm", "kernel"] | None,
    typer.Option(help="warm: forked from a process that has imported everything (Linux); kernel: ipykernel."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Render on the workers of this scheduler, tcp://host:8786; `local` for a trial here.",
    ),
]

# of the empty form
Years = Annotated[
    str | None,
    typer.Option(help="Years of the form: 2021-2025, or 2019,2021,2023.", metavar="YEARS", show_default=False),
]
Until = Annotated[
    str, typer.Option(help="Day and month to which the last year is counted, such as 31/3; default the whole year.")
]
