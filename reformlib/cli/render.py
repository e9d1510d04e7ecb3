"""Commands that make pages, tell how it stands with them, and delete what is no longer wanted."""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer import Option

from reformlib.cli import options as given
from reformlib.cli.say import print_text, print_wrapped, say, wrong_use
from reformlib.errors import ReformError, counted

if TYPE_CHECKING:
    from reformlib.render.run.batch import Summary
    from reformlib.render.run.plan import Job

commands = typer.Typer()


@commands.command(
    epilog="Examples:  reformlib render  ·  reformlib render 02 --report tra-vinh-2020 --language en  ·  "
    "reformlib render 03 -p horizon=2025 --output /tmp/trial  ·  reformlib render --all --only 'tra-vinh*' --dry-run"
)
def render(
    context: typer.Context,
    notebooks: given.Notebooks = None,
    report: given.Reports = None,
    language: given.Languages = None,
    output: given.Output = Path("outputs"),
    parameter: given.Parameters = None,
    in_place: given.InPlace = False,
    to: given.Forms = None,
    docx_style: given.DocxStyle = "plain",
    code: given.Code = False,
    all_: given.All = False,
    plan: given.Plan = None,
    only: given.Only = None,
    limit: given.Limit = None,
    force: given.Force = False,
    prune: given.Prune = False,
    yes: given.Yes = False,
    dry_run: given.DryRun = False,
    jobs: given.Jobs = None,
    fail_fast: given.FailFast = False,
    timeout: given.Timeout = 900,
    memory: given.Memory = None,
    engine: given.Engine = None,
    scheduler: given.Scheduler = None,
    debug: given.Debug = False,
) -> None:
    """Make what is not up to date: OUTPUT/REPORT/LANGUAGE/NOTEBOOK.html, and the list OUTPUT/index.html.

    A document is made again when its notebook, parameters or data, the catalogue, the library or its packages changed
    or when it failed before. With -p, a page of other values stands beside the standard one, under its own name. One
    that fails leaves its earlier page in place and does not stop the others. With --to also as NOTEBOOK.pdf, .docx or
    .xlsx beside the page; those of an earlier page are removed when it is made again without them. A form that cannot
    be made costs no page, but the exit code is 1. Printed on stdout are the paths of files written; OUTPUT/render.log
    is the log, OUTPUT/manifest.json a list. Drafts, still to be filled in, and notebooks that are no documents are
    named and skipped. Exit codes: 0 done; 1 a document failed, or a draft was asked for by its name; 2 wrong use.
    """
    from reformlib.render.run.plan import Options, chooser

    whole, asked = all_ or plan is not None, (notebooks, report, language, parameter)
    with wrong_use():
        if whole and any(asked):
            raise ReformError(
                "--all renders the plan as it is", fix="narrow it with --only, or leave out --all, --plan"
            )
        if prune and not whole:
            raise ReformError("--prune deletes what a plan does not have", fix="add --all, or --plan FILE")
        planned = _planned(plan, output) if whole else _asked(*asked, output, own_name=not in_place)
        wanted = chooser(planned, only or [])
        if prune and not dry_run:
            _ask_to_delete(_dropped(planned, output), yes)
    possible, lacking = _forms(to)
    planned = [replace(job, options=Options(code, possible, docx_style)) for job in planned]
    if dry_run:
        return _dry_run(planned, wanted, output, force, limit)
    _tell_strays(notebooks)
    how = {"wanted": wanted, "whole": whole, "prune": prune, "force": force, "limit": limit, "fail_fast": fail_fast}
    how |= {"command": None if force or lacking else context.obj, "sources": _sources(plan, whole, report or [])}
    how |= {"limits": {"memory": memory and memory << 20, "timeout": timeout}, "engine": engine, "debug": debug}
    return _tell(_run(planned, output, jobs=jobs, scheduler=scheduler, **how), output, lacking, report or [])


def _run(
    planned: list[Job],
    output: Path,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    engine: Literal["warm", "kernel"] | None = None,
    limits: dict[str, Any],
    debug: bool,
    **how: Any,
) -> Summary:
    """Run a batch here or on a scheduler's workers; `how` is handed to :func:`reformlib.render.run.batch.render`."""
    from rich.console import Console

    from reformlib.render.engine import cluster as executors
    from reformlib.render.engine.process import ENGINE
    from reformlib.render.run import batch
    from reformlib.render.run.terminal import Terminal

    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    width = jobs or executors.cores()
    with Terminal(output, Console(stderr=True, highlight=False)) as watch:
        if scheduler:
            start = partial(executors.Cluster, scheduler, width, **limits)
        else:
            start = executors.local(width, **limits, debug=debug, on_progress=watch.progress)
        summary = batch.render(
            planned, output, start, width, watch, tell=watch.say, engine=engine or ENGINE, debug=debug, **how
        )
    if summary.due:
        watch.summary()
    return summary


def _forms(asked: list[given.Form] | None) -> tuple[tuple[str, ...], list[str]]:
    """Which of the forms asked for can be made on this machine, and which cannot, with the reason told."""
    from reformlib.render.forms import missing

    reasons = {str(form): missing(str(form)) for form in dict.fromkeys(asked or [])}
    for reason in filter(None, reasons.values()):
        say(f"✕ {reason}", "red")
    return tuple(form for form, reason in reasons.items() if not reason), [f for f, reason in reasons.items() if reason]


def _tell(summary: Summary, output: Path, lacking: list[str], reports: list[str]) -> None:
    """What a run made and what it could not make; exit code 1 for the latter, also for a draft among `reports`."""
    if summary.due:
        seconds, index = f"{summary.seconds:.0f} s", output / "index.html"
        say(f"{summary.written} of {counted(summary.due, 'document')} written in {seconds}; index: {index}")
    for identifier in summary.pruned:
        say(f"  deleted: {identifier}")
    failed: dict[tuple[str, str], list[str]] = {}
    for outcome in summary.failed:
        reason = outcome.error.what.partition("\n")[0] if outcome.error else ""
        name = f"{outcome.job.document.language} · {outcome.job.document.name}"
        failed.setdefault((outcome.job.report, reason), []).append(name)
    for (report, reason), names in failed.items():
        say(f"  failed: {report} · {', '.join(names)}: {reason}", "red")
    _tell_drafts(summary.drafts)
    if summary.stopped:
        say(summary.stopped)
    if lacking:
        say(f"  not made: {', '.join(lacking)}; the reason stands above", "red")
    asked = {Path(name).name for name in reports} & summary.drafts.keys()
    if summary.failed or summary.stopped or lacking or asked:
        raise typer.Exit(1)


def _tell_drafts(drafts: dict[str, str]) -> None:
    for report, reason in drafts.items():
        say(f"◌ {report} is a draft and is skipped; to be filled in: {reason}", "yellow")


def _tell_strays(notebooks: list[str] | None) -> None:
    """Name the notebooks that are no documents, where none is asked for by its name."""
    from reformlib.render.run.notebooks import stray_notebooks

    for line in [] if notebooks else stray_notebooks():
        say(f"▲ {line}", "yellow")


@commands.command(epilog="Examples:  reformlib status  ·  reformlib status --format json --output /srv/pages")
def status(
    output: given.Output = Path("outputs"),
    plan: given.Plan = None,
    only: given.Only = None,
    form: given.TextOrJson = "text",
    debug: given.Debug = False,
) -> None:
    """Tell how it stands with every document of the plan: built, failed, stale (and what changed), missing or draft.

    Documents that are no longer in the plan, which `reformlib prune` deletes, and those that never were in it are told
    too. Reads only.
    """
    with wrong_use():
        from reformlib.render.run.plan import chooser

        planned = _planned(plan, output)
        wanted = chooser(planned, only or [])
    from reformlib.render.run.ledger import Survey

    survey = Survey(output)
    rows = [(one.job.id, one.status, one.reason) for one in survey.statuses(planned) if wanted(one.job)]
    if not only:
        dropped = {*survey.ledger.dropped(planned)}
        rows += [
            (name, *(("dropped", "no longer in the plan") if name in dropped else ("unplanned", "not in the plan")))
            for name in survey.ledger.unplanned(planned)
        ]
    if form == "json":
        listed = [{"document": name, "state": state, "reason": reason} for name, state, reason in rows]
        return print_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
    for name, state, reason in rows:
        if state != "built":
            print_wrapped(f"{state:9} {name}", " ".join(reason.split()), 10)
    counts = Counter(state for _, state, _ in rows)
    say("; ".join(f"{state}: {count}" for state, count in counts.items()))
    return None


@commands.command(epilog="Examples:  reformlib prune --dry-run  ·  reformlib prune --yes")
def prune(
    output: given.Output = Path("outputs"),
    plan: given.Plan = None,
    yes: given.Yes = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Print what would be deleted; delete nothing.")] = False,
    debug: given.Debug = False,
) -> None:
    """Delete the documents that were in the plan once and no longer are, and nothing else.

    They are shown first, and deleted when that is confirmed. Exit codes: 0 done; 1 not confirmed; 2 wrong use, also
    where there is no terminal to ask at and no --yes.
    """
    with wrong_use():
        planned = _planned(plan, output)
        names = _dropped(planned, output)
        if dry_run:
            print_text("".join(f"{name}\n" for name in names))
            return say(f"{counted(len(names), 'document')} would be deleted")
        _ask_to_delete(names, yes)
    summary = _run(planned, output, limits={}, debug=debug, wanted=lambda _: False, whole=True, prune=True)
    _tell(summary, output, [], [])
    return say(f"{counted(len(summary.pruned), 'document')} deleted")


def _dropped(planned: list[Job], output: Path) -> list[str]:
    from reformlib.render.run.ledger import Ledger

    return Ledger.load(output.resolve()).dropped(planned)


def _ask_to_delete(names: list[str], yes: bool) -> None:
    """Show what would be deleted, and go on when that is confirmed; raises ReformError where nobody can be asked."""
    if yes or not names:
        return
    for name in names:
        say(f"  to delete: {name}")
    if not sys.stdin.isatty():
        raise ReformError("nothing was deleted: there is no terminal to ask at", fix="add --yes")
    if not typer.confirm(f"Delete {counted(len(names), 'document')}?", err=True):
        say("nothing was deleted")
        raise typer.Exit(1)


def _sources(plan: Path | None, whole: bool, reports: list[str]) -> list[Path]:
    """Files and folders that decide what is planned; of the reports that are named, the folders given by path."""
    from reformlib.paths import data_folder, notebooks_folder, shared_data

    planned = plan or data_folder() / ("reports.yml" if whole else "reports")
    folders = [Path(name).resolve() for name in reports if Path(name).is_dir()]
    return [notebooks_folder(), *shared_data(), planned.resolve(), *folders]


def _asked(
    notebooks: list[str] | None,
    reports: list[str] | None,
    languages: list[given.Language] | None,
    parameters: list[str] | None,
    output: Path,
    *,
    own_name: bool = True,
) -> list[Job]:
    """The jobs that the command line names: reports x languages x notebooks, default all that are not made up."""
    from reformlib.load.meta import default_reports, left_to_fill
    from reformlib.paths import expand_reports
    from reformlib.render.run.notebooks import find_notebook, notebook_names, parse_assignments, plan
    from reformlib.render.run.plan import jobs_of

    folders = list(dict.fromkeys(expand_reports(reports or default_reports())))
    paths = list(dict.fromkeys(find_notebook(name) for name in notebooks or notebook_names()))
    codes = [str(code) for code in dict.fromkeys(languages or given.Language)]
    documents = plan(paths, codes, parse_assignments(parameters or []), own_name=own_name)
    one_by_one = len(reports or []) == len(folders)
    jobs = jobs_of(folders, documents, output, named=bool(notebooks), one_by_one=one_by_one)
    taken = {folder for job in jobs for folder in job.folders}  # of these the run tells what is to be filled in
    _tell_drafts({one.name: "; ".join(left) for one in folders if one not in taken and (left := left_to_fill(one))})
    return jobs


def _planned(plan: Path | None, output: Path) -> list[Job]:
    """The jobs of a plan file, each of a report that is there."""
    from reformlib.paths import data_folder
    from reformlib.render.run.plan import read_plan

    return read_plan(plan or data_folder() / "reports.yml", output, complete=True)


def _dry_run(planned: list[Job], wanted: Callable[[Job], bool], output: Path, force: bool, limit: int | None) -> None:
    from reformlib.render.run.batch import drafts_of, due_of
    from reformlib.render.run.ledger import Survey

    statuses = Survey(output).statuses(planned)
    due = due_of(statuses, wanted, force)[:limit]
    for state in due:
        typer.echo(f"{state.job.id}: {state.reason}")
    say(f"{len(due)} of {counted(sum(map(wanted, planned)), 'document')} would be rendered.")
    _tell_drafts(drafts_of(statuses, wanted))
