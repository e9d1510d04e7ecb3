"""Options of the commands, and the choices that some of them offer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, BadParameter, Option


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
Debug = Annotated[bool, Option("--debug", help="Show tracebacks.")]
Output = Annotated[Path, Option("--output", "-o", help="Folder to write to.")]
Reports = Annotated[
    list[str] | None,
    Option(
        "--report",
        "-r",
        help="Name under data/reports, path of a report folder, or a folder of them. Repeatable; default all.",
    ),
]
OneReport = Annotated[
    str | None, Option("--report", "-r", help="Name or path of a report; not needed when there is one only.")
]
TextOrJson = Annotated[Literal["text", "json"], Option("--format", "-f")]

# of what runs a plan
Plan = Annotated[Path | None, Option("--plan", help="Another plan than data/reports.yml.")]
Only = Annotated[
    list[str] | None,
    Option("--only", metavar="PATTERN", help="Only documents whose report/language/notebook, or a part of it, fits."),
]

# of `render`: what to make
Notebooks = Annotated[
    list[str] | None,
    Argument(help="Names (or their start, such as 01) or paths of .ipynb files; default all.", metavar="NOTEBOOK"),
]
Languages = Annotated[list[Language] | None, Option("--language", "-l", help="Repeatable; default both.")]
Parameters = Annotated[
    list[str] | None,
    Option("--parameter", "-p", metavar="NAME=VALUE", help="For the notebooks that have it. Repeatable."),
]
InPlace = Annotated[
    bool, Option("--in-place", help="With -p: take the place of the standard page, not a name of its own.")
]
Forms = Annotated[
    list[Form] | None,
    Option("--to", help="Also as PDF (Chromium prints it), Word file, or workbook of its tables. Repeatable."),
]
DocxStyle = Annotated[
    Literal["plain", "nd30"],
    Option(help="Layout of Word files; nd30: as Nghị định 30/2020/NĐ-CP, Phụ lục I."),
]
Code = Annotated[bool, Option("--code", help="Show the code of every step, folded, for analysts.")]
All = Annotated[bool, Option("--all", help="Everything in the plan, data/reports.yml.")]
Limit = Annotated[int | None, Option(min=0, help="At most so many documents in this run.")]
Force = Annotated[bool, Option("--force", help="Also what is up to date.")]
Prune = Annotated[bool, Option("--prune", help="With --all: delete what is no longer in the plan.")]
Yes = Annotated[bool, Option("--yes", "-y", help="Delete without asking.")]
DryRun = Annotated[bool, Option("--dry-run", help="Tell what would be rendered and why; do nothing.")]

# of `render`: how to make it
Jobs = Annotated[int | None, Option("--jobs", "-j", min=1, help="At once; default one a processor.")]
FailFast = Annotated[
    bool, Option("--fail-fast/--keep-going", help="Stop at the first failure, or go on with the others.")
]
Timeout = Annotated[float, Option(min=1, help="Seconds that a document may take.")]
Memory = Annotated[int | None, Option(min=256, help="Megabytes that a document may use.")]
Engine = Annotated[
    Literal["warm", "kernel"] | None,
    Option(help="warm: forked from a process that has imported everything (Linux); kernel: ipykernel."),
]
Scheduler = Annotated[
    str | None,
    Option(
        metavar="ADDRESS",
        help="Render on the workers of this scheduler, tcp://host:8786; `local` for a trial here.",
    ),
]

# of what a new report folder says of itself
OfficialForm = Annotated[
    str | None,
    Option(
        "--form",
        metavar="FORM",
        help="Official form: its name under data/forms, or its folder. Not needed where there is one only; `ingest` "
        "finds it by the labels of the file.",
    ),
]
Years = Annotated[
    str | None,
    Option(help="Years of the form: 2021-2025, or 2019,2021,2023.", metavar="YEARS", show_default=False),
]
Until = Annotated[
    str, Option(help="Day and month to which the last year is counted, such as 31/3; default the whole year.")
]

# of `ingest`
Files = Annotated[
    list[Path],
    Argument(
        help="Word (.docx), Excel (.xlsx, .xls), .ods, .csv, .tsv or .txt, or a folder of them; several where they "
        "belong to one report, as a year each.",
        metavar="FILE...",
    ),
]
Unit = Annotated[str, Option(help="Name of the unit in Vietnamese.")]
Edition = Annotated[str, Option(help="Edition of the report, such as 2024 or 2024-q1.")]
ReportFolder = Annotated[
    Path | None, Option("--output", "-o", help="Report folder to write; default data/reports/UNIT-EDITION.")
]
Mapping = Annotated[Path | None, Option(help="CSV with the columns kind, printed, means: answers to what is doubtful.")]
Columns = Annotated[
    str,
    Option(
        help="Words of the heading above the columns to take, or the end of their place (sheet PL7), where there "
        "are several."
    ),
]
Accept = Annotated[
    bool, Option("--accept", help="Take every answer that is proposed; those without one stay questions.")
]
Replace = Annotated[bool, Option("--replace", help="Replace a report that lies there already.")]
DataDate = Annotated[str, Option(help="Last day of the figures (2020-03-31); default the end of the last period.")]
UnitEnglish = Annotated[str, Option(help="Name of the unit in English.")]
Place = Annotated[str, Option(help="Province or place, in Vietnamese.")]
PlaceEnglish = Annotated[str, Option(help="Province or place, in English.")]
Title = Annotated[str, Option(help="Title of the report, in Vietnamese.")]
TitleEnglish = Annotated[str, Option(help="Title of the report, in English.")]
Locale = Annotated[Literal["vi", "en"], Option(help="How figures are written: vi 1.445 and 97,7; en 1,445 and 97.7.")]


def _gone(value: str | None) -> None:
    if value is not None:
        raise BadParameter("it is gone; name the official form, or its folder: --form NAME")


GoneCatalogue = Annotated[str | None, Option("--catalogue", hidden=True, callback=_gone)]
