"""The command `reformlib`. Data goes to stdout, everything said to people to stderr.

Exit codes: 0 done; 1 something failed (and what); 2 wrong use; 3 nothing wrong, but not complete. Heavy imports wait
inside the commands.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reformlib import __version__
from reformlib.errors import ReformError

if TYPE_CHECKING:
    import pandas as pd

    from reformlib.render.run.plan import Job

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Severity(StrEnum):
    """How grave a finding is."""

    error = "error"
    warning = "warning"

    @property
    def and_graver(self) -> tuple[str, ...]:
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


Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        "-r",
        help="Name under data/reports, path of a report folder, or a folder of them. Repeatable; default all.",
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")]
Plan = Annotated[Path | None, typer.Option("--plan", help="Another plan than data/reports.yml.")]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="PATTERN", help="Only documents whose report/language/notebook, or a part of it, fits."
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


def main(argv: list[str] | None = None) -> None:
    """Run the command line; always ends in SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Vietnamese must survive a terminal set to another encoding
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = sys.argv[1:] if argv is None else argv
    try:
        app(args=arguments, prog_name="reformlib", obj=arguments)
    except KeyboardInterrupt:
        say("Stopped by the keyboard (Ctrl-C).")
    except Exception as error:
        if "--debug" in arguments:
            raise
        if isinstance(error, ReformError):
            say(f"✕ {error}")
        else:
            say(f"✕ unexpected {type(error).__name__}: {error}\n  fix: run again with --debug and report what it says")
    sys.exit(1)


def say(text: str, style: str = "") -> None:
    """One message to people, on stderr, never wrapped nor taken for markup."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text, style=style))


@contextmanager
def wrong_use() -> Iterator[None]:
    """Errors raised inside are the caller's: exit code 2."""
    try:
        yield
    except ReformError as error:
        say(f"✕ {error}", "red")
        raise typer.Exit(2) from None


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reformlib {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and leave.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Administrative-reform reports, held as data, as documents: assessment, gap analysis, targets."""


@app.command(
    epilog="Examples:  reformlib render  ·  reformlib render 02 --report tra-vinh-2020 --language en  ·  "
    "reformlib render 03 -p horizon=2025 --output /tmp/trial  ·  reformlib render --all --only 'tra-vinh*' --dry-run"
)
def render(
    context: typer.Context,
    notebooks: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names (or their start, such as 01) or paths of .ipynb files; default all.", metavar="NOTEBOOK"
        ),
    ] = None,
    report: Reports = None,
    language: Annotated[
        list[Language] | None, typer.Option("--language", "-l", help="Repeatable; default both.")
    ] = None,
    output: Output = Path("outputs"),
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="For the notebooks that have it. Repeatable."),
    ] = None,
    to: Annotated[
        list[Form] | None,
        typer.Option(
            "--to", help="Also as PDF (Chromium prints it), Word file, or workbook of its tables. Repeatable."
        ),
    ] = None,
    docx_style: Annotated[
        Literal["plain", "nd30"],
        typer.Option(help="Layout of Word files; nd30: as Nghị định 30/2020/NĐ-CP, Phụ lục I."),
    ] = "plain",
    code: Annotated[bool, typer.Option("--code", help="Show the code of every step, folded, for analysts.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Everything in the plan, data/reports.yml.")] = False,
    plan: Plan = None,
    only: Only = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many documents in this run.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also what is up to date.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="With --all: delete what is no longer in the plan.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be rendered and why; do nothing.")
    ] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="At once; default one a processor.")] = None,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast/--keep-going", help="Stop at the first failure, or go on with the others.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that a document may take.")] = 900,
    memory: Annotated[int | None, typer.Option(min=256, help="Megabytes that a document may use.")] = None,
    engine: Annotated[
        Literal["warm", "kernel"] | None,
        typer.Option(help="warm: forked from a process that has imported everything (Linux); kernel: ipykernel."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Render on the workers of this scheduler, tcp://host:8786; `local` for a trial here.",
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Make what is not up to date: OUTPUT/REPORT/LANGUAGE/NOTEBOOK.html, and the list OUTPUT/index.html.

    A document is made again when its notebook, parameters or data, the catalogue, the library or its packages changed
    or when it failed before. One that fails leaves its earlier page in place and does not stop the others. With --to
    also as NOTEBOOK.pdf, .docx or .xlsx beside the page; those of an earlier page are removed when it is made again
    without them. A form that cannot be made costs no page, but the exit code is 1. The paths of the pages written are
    printed on stdout; a log is kept in OUTPUT/render.log, a list in OUTPUT/manifest.json.
    """
    from reformlib.render.forms import missing
    from reformlib.render.run.plan import Options, chooser

    with wrong_use():
        if all_ or plan:
            if notebooks or report or language or parameter:
                raise ReformError(
                    "--all renders the plan as it is", fix="narrow it with --only, or leave --all and --plan out"
                )
            planned = _planned(plan, output)
        elif prune:
            raise ReformError("--prune deletes what a plan does not have", fix="add --all, or --plan FILE")
        else:
            planned = _asked(notebooks, report, language, parameter, output)
        wanted = chooser(planned, only or [])
    lacks = {str(form): missing(str(form)) for form in dict.fromkeys(to or [])}
    for lack in filter(None, lacks.values()):
        say(f"✕ {lack}", "red")
    options = Options(code, tuple(form for form, lack in lacks.items() if not lack), docx_style)
    planned = [replace(job, options=options) for job in planned]
    if dry_run:
        return _dry_run(planned, wanted, output, force, limit)
    from reformlib.render.engine import cluster as executors
    from reformlib.render.engine.pool import ENGINE
    from reformlib.render.run import batch
    from reformlib.render.run.terminal import Watch

    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    width = jobs or executors.cores()
    with Watch(output, Console(stderr=True, highlight=False)) as watch:
        limits = {"memory": memory and memory << 20, "timeout": timeout}
        if scheduler:
            start = executors.cluster(scheduler, width, **limits)
        else:
            start = executors.local(width, **limits, debug=debug, told=watch.told)
        summary = batch.render(
            planned,
            output,
            start,
            width,
            watch,
            tell=watch.say,
            wanted=wanted,
            whole=all_ or plan is not None,
            prune=prune,
            force=force,
            limit=limit,
            fail_fast=fail_fast,
            engine=engine or ENGINE,
            debug=debug,
            command=None if force or any(lacks.values()) else context.obj,
            sources=[*_sources(all_, plan), *(Path(name).resolve() for name in report or [] if Path(name).is_dir())],
        )
    if summary.due:
        watch.summary()
        seconds, index = f"{summary.seconds:.0f} s", output / "index.html"
        say(f"{summary.written} of {summary.due} documents written in {seconds}; index: {index}")
    _tell_pruned(summary.pruned)
    for outcome in summary.failed:
        reason = outcome.error.what.partition("\n")[0]
        job = outcome.job
        say(f"  failed: {job.report} · {job.document.language} · {job.document.name}: {reason}", "red")
    if summary.stopped:
        say(summary.stopped)
    lacking = [form for form, lack in lacks.items() if lack]
    if lacking:
        say(f"  not made: {', '.join(lacking)}; the reason stands above", "red")
    if summary.failed or summary.stopped or lacking:
        raise typer.Exit(1)
    return None


def _tell_pruned(pruned: list[str]) -> None:
    for identifier in pruned:
        say(f"  deleted: {identifier}")


@app.command(epilog="Examples:  reformlib status  ·  reformlib status --format json --output /srv/pages")
def status(
    output: Output = Path("outputs"),
    plan: Plan = None,
    only: Only = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", "-f")] = "text",
    debug: Debug = False,
) -> None:
    """Tell how it stands with every document of the plan: built, failed, stale (and what changed) or missing.

    Documents that are no longer in the plan are told too. Reads only.
    """
    with wrong_use():
        from reformlib.render.run.plan import chooser

        planned = _planned(plan, output)
        wanted = chooser(planned, only or [])
    from reformlib.render.run.batch import dropped
    from reformlib.render.run.ledger import Survey

    survey = Survey(output)
    rows = [(state.job.id, state.state, state.reason) for state in survey.states(planned) if wanted(state.job)]
    if not only:
        rows += [(name, "dropped", "no longer in the plan") for name in dropped(survey.built, planned)]
    if form == "json":
        listed = [{"document": name, "state": state, "reason": reason} for name, state, reason in rows]
        return _print(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
    if told := [row for row in rows if row[1] != "built"]:
        _print_table(["document", "state", "reason"], [(n, s, r.replace("\n", " ")) for n, s, r in told])
    counts = Counter(state for _, state, _ in rows)
    say("; ".join(f"{state}: {count}" for state, count in counts.items()))
    return None


@app.command()
def prune(output: Output = Path("outputs"), plan: Plan = None, debug: Debug = False) -> None:
    """Delete the documents that are no longer in the plan, and nothing else."""
    with wrong_use():
        planned = _planned(plan, output)
    from reformlib.render.engine import cluster as executors
    from reformlib.render.run import batch
    from reformlib.render.run.terminal import Watch

    with Watch(output, Console(stderr=True, highlight=False)) as watch:
        summary = batch.render(
            planned,
            output,
            executors.local(1),
            1,
            watch,
            tell=watch.say,
            wanted=lambda _: False,
            whole=True,
            prune=True,
        )
    _tell_pruned(summary.pruned)
    say(f"{len(summary.pruned)} documents deleted")


def _sources(all_: bool, plan: Path | None) -> list[Path]:
    """What besides the reports themselves decides what is planned."""
    from reformlib.paths import data_folder, notebooks_folder

    planned = (plan or data_folder() / "reports.yml") if all_ or plan else data_folder() / "reports"
    return [notebooks_folder(), data_folder() / "catalogue", planned.resolve()]


def _asked(
    notebooks: list[str] | None,
    reports: list[str] | None,
    languages: list[Language] | None,
    parameters: list[str] | None,
    output: Path,
) -> list[Job]:
    """The jobs that the command line names: reports x languages x notebooks, default all of each."""
    from reformlib.paths import expand_reports, report_names
    from reformlib.render.run.parameters import find_notebook, notebook_names, parse_assignments, plan
    from reformlib.render.run.plan import jobs_of

    folders = list(dict.fromkeys(expand_reports(reports or report_names())))
    paths = list(dict.fromkeys(find_notebook(name) for name in notebooks or notebook_names()))
    codes = [str(code) for code in dict.fromkeys(languages or Language)]
    documents = plan(paths, codes, parse_assignments(parameters or []))
    return jobs_of(folders, documents, output, named=bool(notebooks))


def _planned(plan: Path | None, output: Path) -> list[Job]:
    """The jobs of a plan file."""
    from reformlib.paths import data_folder
    from reformlib.render.run.plan import read_plan

    return read_plan(plan or data_folder() / "reports.yml", output)


def _dry_run(planned: list[Job], wanted: Callable[[Job], bool], output: Path, force: bool, limit: int | None) -> None:
    from reformlib.render.run.batch import due_of
    from reformlib.render.run.ledger import Survey

    due = due_of(Survey(output).states(planned), wanted, force)[:limit]
    for state in due:
        typer.echo(f"{state.job.id}: {state.reason}")
    say(f"{len(due)} of {sum(map(wanted, planned))} documents would be rendered.")


@app.command(
    epilog="Examples:  reformlib table observations > observations.csv  ·  "
    "reformlib table gaps --format json  ·  reformlib table facts --format text --language en"
)
def table(
    name: Annotated[str, typer.Argument(help="Name of the table; `reformlib list` has them all.")],
    report: Annotated[
        str | None, typer.Option("--report", "-r", help="Name or path of a report; not needed when there is one only.")
    ] = None,
    form: Annotated[
        Literal["csv", "json", "text"],
        typer.Option("--format", "-f", help="csv: UTF-8, decimal point, missing empty. json: records, missing null."),
    ] = "csv",
    language: Annotated[Language, typer.Option("--language", "-l", help="Of remarks and reasons.")] = Language.en,
    debug: Debug = False,
) -> None:
    """Print a table that the notebooks use, on stdout."""
    from reformlib.paths import find_report, report_names

    with wrong_use():
        known = report_names()
        if report is None and len(known) != 1:
            raise ReformError("which report?", expected=f"--report, with one of: {', '.join(known)}")
        folder = find_report(report or known[0])
        from reformlib.present.datasets import NAMES, dataset

        if name not in NAMES:
            dataset(name, None, language=language)  # raises, naming the nearest
    from reformlib.load.report import load_report

    frame = dataset(name, load_report(folder), language=language)
    if form == "text":
        _print_table(frame.columns, _texts(frame).itertuples(index=False))
    else:
        _print(_csv(frame) if form == "csv" else _records(frame))


@app.command("list")
def list_(
    form: Annotated[Literal["text", "json"], typer.Option("--format", "-f")] = "text", debug: Debug = False
) -> None:
    """List reports, notebooks with their parameters, and tables."""
    from reformlib.paths import report_names
    from reformlib.present.datasets import NAMES
    from reformlib.render.run.parameters import declared_parameters, find_notebook, notebook_names, read_notebook

    notebooks = {name: declared_parameters(read_notebook(find_notebook(name)), name) for name in notebook_names()}
    if form == "json":
        listed = {
            name: [
                {"name": p.name, "type": p.type_name, "default": p.default, "comment": p.comment} for p in parameters
            ]
            for name, parameters in notebooks.items()
        }
        content = {"reports": report_names(), "notebooks": listed, "tables": NAMES}
        return _print(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    _print_table(["report"], [[name] for name in report_names()])
    _print_table(
        ["notebook", "parameter", "type", "default", "meaning"],
        [[name, p.name, p.type_name, repr(p.default), p.comment] for name, ps in notebooks.items() for p in ps],
    )
    _print_table(["table"], [[name] for name in NAMES])
    return None


@app.command()
def check(
    report: Reports = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(help="Exit with 1 also when figures contradict each other, at this severity or a graver one."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Hold data files against their contracts, and the figures of a report against each other.

    Exit codes: 1 when a file is broken, with --fail-on also when a report contradicts itself; 3 when nothing is wrong
    but parts that a page needs are still to be filled in. A folder that holds report folders stands for
    them all; they are read one at a time, however many there are.
    """
    from reformlib.paths import expand_reports, report_names

    with wrong_use():
        folders = expand_reports(report or report_names())
    from reformlib.check.folders import check_folders

    failed = unfilled = False
    for checked in check_folders(folders):
        state = f"{len(checked.problems)} problems" if checked.problems else "in order"
        if checked.to_fill and not checked.problems:
            state = f"nothing wrong, {len(checked.to_fill)} parts still to be filled in"
        say(f"{'✕' if checked.problems else '◌' if checked.to_fill else '●'} {checked.name}: {state}")
        for line in [*checked.problems, *(f"to be filled in: {part}" for part in checked.to_fill)]:
            typer.echo(line)
        for finding in checked.findings:
            typer.echo(f"{finding.severity}: {finding.title} ({finding.where}): {finding.computation}")
        found = bool(fail_on) and any(f.severity in fail_on.and_graver for f in checked.findings)
        failed |= bool(checked.problems) or found
        unfilled |= bool(checked.to_fill)
    if failed or unfilled:
        raise typer.Exit(1 if failed else 3)


@app.command(
    epilog="Examples:  reformlib diff tra-vinh-2020 tra-vinh-2021  ·  reformlib diff A B --format json --exit-code"
)
def diff(
    before: Annotated[str, typer.Argument(help="The earlier edition: name or path of a report.", metavar="A")],
    after: Annotated[str, typer.Argument(help="The later edition of the same unit.", metavar="B")],
    form: Annotated[Literal["text", "csv", "json"], typer.Option("--format", "-f")] = "text",
    language: Annotated[Language, typer.Option("--language", "-l", help="Of the words.")] = Language.en,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 when B says something of A's time otherwise.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Tell what a later edition of a unit's report says otherwise, apart from what has happened since.

    Figures revised, methods changed, figures that appeared or vanished, and new figures. Exit code 0 whatever the
    differences; with --exit-code 1 when there are any but new figures.
    """
    from reformlib.paths import find_report

    with wrong_use():
        folders = [find_report(before), find_report(after)]
        if folders[0] == folders[1]:
            raise ReformError("A and B are the same report", expected="two editions")
    from reformlib.compare.editions import GROUPS, TOLD_OTHERWISE
    from reformlib.load.report import load_catalogue, load_report
    from reformlib.present.datasets import differences

    catalogue = load_catalogue()
    first, second = (load_report(folder, catalogue) for folder in folders)
    if first.meta.unit_vi != second.meta.unit_vi:
        say(f"▲ A and B name different units: {first.meta.unit_vi} · {second.meta.unit_vi}", "yellow")
    if first.meta.data_date > second.meta.data_date:
        say(f"▲ A has later figures than B: {first.meta.data_date} · {second.meta.data_date}", "yellow")
    frame = differences(first, second, language=language)
    if form == "text":
        shown = frame.drop(columns=["group", "kind", "place_before"])
        _print_table(shown.columns, _texts(shown).itertuples(index=False))
    else:
        _print(_csv(frame) if form == "csv" else _records(frame))
    counts = frame["group"].value_counts()
    say("; ".join(f"{GROUPS[group]}: {count}" for group, count in counts.items()) or "no difference")
    if exit_code and frame["group"].isin(TOLD_OTHERWISE).any():
        raise typer.Exit(1)


Years = Annotated[
    str | None,
    typer.Option(help="Years of the form: 2021-2025, or 2019,2021,2023.", metavar="YEARS", show_default=False),
]
Until = Annotated[
    str, typer.Option(help="Day and month to which the last year is counted, such as 31/3; default the whole year.")
]


@app.command(
    "new-report",
    epilog='Examples:  reformlib new-report so-noi-vu-2025 --unit "Sở Nội vụ" --edition 2025 --years 2021-2025  ·  '
    "reformlib new-report so-noi-vu-2025 --from form.xlsx",
)
def new_report(
    name: Annotated[str, typer.Argument(help="Name of the report and of its folder, such as so-noi-vu-2025.")],
    unit: Annotated[str, typer.Option(help="Unit that reports, in Vietnamese.")] = "",
    unit_en: Annotated[str, typer.Option(help="The unit in English.")] = "",
    edition: Annotated[str, typer.Option(help="Edition, such as 2025.")] = "",
    years: Years = None,
    until: Until = "",
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE.xlsx", help="Workbook of `reformlib template`, filled in.", dir_okay=False
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to make it in; default data/reports.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Make an empty, commented report folder, or one from a workbook that was filled in.

    The path of the folder is printed on stdout. `reformlib check` then says what is still to be filled in.
    """
    from reformlib.ingest import workbook
    from reformlib.load import blank as folder
    from reformlib.load.report import load_catalogue
    from reformlib.paths import data_folder

    entries: list[dict] = []
    with wrong_use():
        folder.check_name(name)
        fields = {"unit_vi": unit, "unit_en": unit_en, "edition": edition}
        if source is None:
            if not (unit and edition and years):
                raise ReformError(
                    "a new report needs --unit, --edition and --years", fix="give them, or --from FILE.xlsx"
                )
            heads = folder.headings(years, until)
        elif years or until:
            raise ReformError("--years and --until stand in the workbook", fix="leave them out, or leave out --from")
    catalogue = load_catalogue()
    if source is None:
        form = folder.empty_form(catalogue.indicators, heads)
    else:
        filled = workbook.read_workbook(source)
        form, entries = filled.annex, workbook.log(filled, catalogue, by=source.name)
        fields = filled.fields | {key: text for key, text in fields.items() if text}
    made = folder.new_folder((output or data_folder() / "reports") / name, form, fields, entries)
    say(f"● {made.name}: fill in report.yml and annex.csv, then run `reformlib check --report {made}`")
    typer.echo(made)


@app.command(
    epilog="Examples:  reformlib template form.xlsx --years 2021-2025  ·  "
    "reformlib template copy.xlsx --report tra-vinh-2020"
)
def template(
    file: Annotated[Path, typer.Argument(help="The workbook to write.", metavar="FILE.xlsx")],
    report: Annotated[
        str | None, typer.Option("--report", "-r", help="Fill it with the form of this report: name or path.")
    ] = None,
    years: Years = None,
    until: Until = "",
    debug: Debug = False,
) -> None:
    """Write the form as an Excel workbook to be filled in; `reformlib new-report NAME --from FILE.xlsx` reads it."""
    from reformlib.ingest import workbook
    from reformlib.load import blank as folder
    from reformlib.load.report import load_catalogue, load_report
    from reformlib.paths import find_report

    with wrong_use():
        if file.suffix != ".xlsx":
            raise ReformError(f"cannot write {file.name}", expected="a name that ends in .xlsx")
        if (report is None) == (years is None):
            raise ReformError("which years?", fix="give --years, or --report for a form that is filled in")
        heads = folder.headings(years, until) if years else []
        found = find_report(report) if report else None
    catalogue = load_catalogue()
    if found:
        data = load_report(found, catalogue)
        fields = {key: str(value) for key, value in data.meta.model_dump().items() if key in folder.FIELDS}
        workbook.write_workbook(file, catalogue, data.annex, fields)
    else:
        workbook.write_workbook(file, catalogue, folder.empty_form(catalogue.indicators, heads))
    typer.echo(file)


@app.command(
    epilog="Examples:  reformlib ingest so-noi-vu.docx --unit 'Sở Nội vụ tỉnh X' --edition 2024  ·  "
    "reformlib ingest phu-luc-7.xlsx --unit 'UBND huyện Y' --edition 2024 --mapping answers.csv --replace"
)
def ingest(
    file: Annotated[
        Path,
        typer.Argument(
            help="Word (.docx), Excel (.xlsx, .xls), .ods, .csv, .tsv or .txt; or a folder of files of one report."
        ),
    ],
    unit: Annotated[str, typer.Option(help="Name of the unit in Vietnamese.")],
    edition: Annotated[str, typer.Option(help="Edition of the report, such as 2024 or 2024-q1.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Report folder to write; default data/reports/UNIT-EDITION.")
    ] = None,
    catalogue: Annotated[Path | None, typer.Option(help="Folder of another catalogue than data/catalogue.")] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="CSV with the columns kind, printed, means: answers to what is doubtful.")
    ] = None,
    columns: Annotated[
        str,
        typer.Option(
            help="Words of the heading above the columns to take, or the end of their place (sheet PL7), where there "
            "are several."
        ),
    ] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Take every doubtful match as proposed; cells not read become missing.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a report that lies there already.")] = False,
    data_date: Annotated[
        str, typer.Option(help="Last day of the figures (2020-03-31); default the end of the last period.")
    ] = "",
    unit_en: Annotated[str, typer.Option(help="Name of the unit in English.")] = "",
    place: Annotated[str, typer.Option(help="Province or place, in Vietnamese.")] = "",
    place_en: Annotated[str, typer.Option(help="Province or place, in English.")] = "",
    title: Annotated[str, typer.Option(help="Title of the report, in Vietnamese.")] = "",
    title_en: Annotated[str, typer.Option(help="Title of the report, in English.")] = "",
    locale: Annotated[
        Literal["vi", "en"], typer.Option(help="How figures are written: vi 1.445 and 97,7; en 1,445 and 97.7.")
    ] = "vi",
    debug: Debug = False,
) -> None:
    """Make a report folder of a colleague's file: find the form, match its labels, tell what is doubtful.

    Nothing is guessed quietly: an uncertain label, heading or cell is shown with its score and nothing is written
    until --mapping or --accept settles it. Printed on stdout: the folder's path, or the answers proposed, as CSV for
    --mapping.
    """
    from reformlib.ingest.folder import default_folder, refuse_existing
    from reformlib.ingest.run import Questions
    from reformlib.ingest.run import ingest as make
    from reformlib.load.report import load_catalogue

    with wrong_use():
        target = output or default_folder(unit, edition)
        refuse_existing(target, replace=replace)
    try:
        made = make(
            file,
            target,
            unit=unit,
            edition=edition,
            given={
                "data_date": data_date,
                "unit_en": unit_en,
                "place_vi": place,
                "place_en": place_en,
                "title_vi": title,
                "title_en": title_en,
                "locale": locale,
            },
            catalogue=load_catalogue(catalogue) if catalogue else None,
            mapping=mapping,
            columns=columns,
            accept=accept,
            replace=replace,
        )
    except Questions as asked:
        _print(asked.answers)
        raise
    for line in made.account:
        say(line)
    say(f"● written: {made.folder}; the account of it: {made.folder / 'ingestion.html'}")
    say(f"next: reformlib check --report {made.folder}  ·  reformlib render --report {made.folder}")
    typer.echo(made.folder)


def _print(text: str) -> None:
    """Bytes to stdout: UTF-8 and LF on every machine. A reader such as `head` may leave when it has seen enough."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at the exit fails again


def _print_table(columns: Any, rows: Any) -> None:
    # as wide as it needs to be where no terminal bounds it, or a pipe would get cells broken over lines
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 10_000)
    shown = Table()
    for column in columns:
        shown.add_column(Text(str(column)))
    for row in rows:
        shown.add_row(*(Text(str(cell)) for cell in row))
    with console.capture() as captured:
        console.print(shown)
    _print(captured.get())


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """All cells as text, as in CSV: missing empty, dates without a time."""
    return _plain(frame).map(lambda cell: "" if cell is None else cell)


def _csv(frame: pd.DataFrame) -> str:
    """CSV that a spreadsheet can open without running anything: a text that looks like a formula gets an apostrophe."""
    from reformlib.load.neutral import neutral

    texts = frame.select_dtypes("object").columns
    safe = frame.assign(**{c: frame[c].map(lambda v: neutral(v) if isinstance(v, str) else v) for c in texts})
    return safe.to_csv(index=False, lineterminator="\n")


def _records(frame: pd.DataFrame) -> str:
    records = _plain(frame).to_dict("records")
    return json.dumps(records, ensure_ascii=False, indent=1, default=str) + "\n"


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Python values only: missing None, dates as ISO text."""
    dates = frame.select_dtypes("datetime").columns
    frame = frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d") for name in dates}).astype(object)
    return frame.where(frame.notna(), None)
