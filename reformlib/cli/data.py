"""Commands that read: table, list, check, diff; and describe, which writes the description of a folder."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer import Argument, Option

from reformlib.cli.options import Debug, Language, OneReport, Reports, TextOrJson
from reformlib.cli.say import print_text, print_wrapped, say, wrapped, wrong_use
from reformlib.errors import ReformError, counted

if TYPE_CHECKING:
    import pandas as pd

    from reformlib.check.folders import Checked

commands = typer.Typer()


@commands.command(
    epilog="Examples:  reformlib table observations > observations.csv  ·  "
    "reformlib table gaps --format json  ·  reformlib table facts --format text --language en"
)
def table(
    name: Annotated[str, Argument(help="Name of the table; `reformlib list` has them all.")],
    report: OneReport = None,
    form: Annotated[
        Literal["csv", "json", "text"],
        Option("--format", "-f", help="csv: UTF-8, decimal point, missing empty. json: records, missing null."),
    ] = "csv",
    language: Annotated[Language, Option("--language", "-l", help="Of remarks and reasons.")] = Language.en,
    debug: Debug = False,
) -> None:
    """Print a table that the notebooks use, on stdout."""
    from reformlib.present.names import check_name

    with wrong_use():
        folder = _folder(report)
        check_name(name)
    from reformlib.load.report import load_report
    from reformlib.present.datasets import dataset

    _print_frame(dataset(name, load_report(folder), language=language), form)


@commands.command(
    name="explain",
    epilog='Examples:  reformlib explain "Annex, row 5, 2019" --language en  ·  reformlib explain INDICATOR 2019',
)
def explain_(
    figure: Annotated[
        list[str],
        Argument(help="Place of a figure as a page prints it; or its indicator, period and perhaps level."),
    ],
    report: OneReport = None,
    language: Annotated[Language, Option("--language", "-l", help="Of the words.")] = Language.en,
    debug: Debug = False,
) -> None:
    """Tell where a figure comes from and what rests on it: cell, reading, checks, changes, targets."""
    with wrong_use():
        folder = _folder(report)
        from reformlib.load.report import load_report
        from reformlib.present.explain import explain

        told = explain(load_report(folder), *(figure if len(figure) <= 3 else [" ".join(figure)]), language=language)
    print_text(f"{told!r}\n")


def _folder(report: str | None) -> Path:
    """The folder of the report asked for, or of the only one."""
    from reformlib.load.meta import default_reports
    from reformlib.paths import find_report

    names = [report] if report else default_reports()
    if len(names) != 1:
        raise ReformError("which report?", expected=f"--report, with one of: {', '.join(names)}")
    return find_report(names[0])


@commands.command("list")
def list_(form: TextOrJson = "text", debug: Debug = False) -> None:
    """List reports, notebooks with their parameters, and tables."""
    from reformlib.load.meta import is_made_up, stated
    from reformlib.paths import RULE, find_project, find_report, report_names
    from reformlib.present.names import NAMES
    from reformlib.render.page.parameters import declared_parameters
    from reformlib.render.run.notebooks import find_notebook, notebook_names, read_notebook, stray_notebooks

    with wrong_use():
        root, rule = find_project()
    names = report_names()
    made_up = [name for name in names if is_made_up(stated(find_report(name)))]
    notebooks = {name: declared_parameters(read_notebook(find_notebook(name)), name) for name in notebook_names()}
    if form == "json":
        listed = {
            name: [
                {"name": p.name, "type": p.type_name, "default": p.default, "comment": p.comment} for p in parameters
            ]
            for name, parameters in notebooks.items()
        }
        content = {"project": str(root), "project_rule": rule, "reports": names, "made_up": made_up}
        content["notebooks"] = listed
        return print_text(json.dumps(content | {"tables": NAMES}, ensure_ascii=False, indent=2) + "\n")
    print_wrapped("Project", f"{root} ({rule})")
    print_wrapped("How it is found", RULE)
    reports = [f"{name} (made-up example)" if name in made_up else name for name in names]
    print_wrapped("Reports", ", ".join(reports) or "none yet")
    for name, parameters in notebooks.items():
        print_wrapped(f"Notebook {name}, with -p NAME=VALUE, --report and --language")
        for p in parameters:
            print_wrapped(wrapped(f"{p.name}: {p.type_name} = {p.default!r}", 4), p.comment, 8)
    print_wrapped("Tables (reformlib table NAME)", ", ".join(NAMES))
    for line in stray_notebooks():
        say(f"▲ {line}", "yellow")
    return None


@commands.command()
def check(
    report: Reports = None,
    fail_on: Annotated[
        Literal["error", "warning"] | None,
        Option(help="Exit with 1 also when figures contradict each other, at this severity or a graver one."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Hold data files against their contracts, and the figures of a report against each other.

    Exit codes: 1 when a file is broken, with --fail-on also when a report contradicts itself; 3 when nothing is wrong
    but parts that a page needs are still to be filled in; 0 else, whatever is told of the figures. What is found goes
    to stdout, a line each; a line on each report, and of several a count, to stderr. A folder that holds report folders
    stands for them all; they are read by all processors, a few at a time, however many there are, and every one is
    looked at.
    """
    from reformlib.paths import expand_reports, report_names

    with wrong_use():
        folders = expand_reports(report or report_names())
    from reformlib.check.folders import check_folders
    from reformlib.present.findings import written

    failed, unfilled, looked_at = [], [], 0
    for checked in check_folders(folders):
        looked_at += not checked.of_all
        say(_verdict(checked))
        for line in [*checked.problems, *(f"to be filled in: {part}" for part in checked.to_fill)]:
            typer.echo(line)
        for finding in checked.findings:
            title, where, how = (written(text, "en") for text in (finding.title, finding.where, finding.computation))
            typer.echo(f"{finding.severity}: {title} ({where}): {how}")
        grave = fail_on and any(f.severity in ("error", fail_on) for f in checked.findings)
        if checked.problems or grave:
            failed.append(checked.name)
        elif checked.to_fill:
            unfilled.append(checked.name)
    for sign, names, words in (("✕", failed, "not in order"), ("◌", unfilled, "to be filled in")):
        if names and looked_at > 1:
            say(f"{sign} {words}: {len(names)} of {looked_at} reports ({', '.join(names)})")
    if failed or unfilled:
        raise typer.Exit(1 if failed else 3)


def _verdict(checked: Checked) -> str:
    """One line on what a look at a folder gave: of its files, what is to be filled in, and figures that disagree."""
    severities = Counter(finding.severity for finding in checked.findings)
    figures = " and ".join(counted(number, name) for name, number in severities.items())
    if checked.problems:
        return f"✕ {checked.name}: {counted(len(checked.problems), 'problem')}"
    if checked.to_fill:
        return f"◌ {checked.name}: nothing wrong, {counted(len(checked.to_fill), 'part')} still to be filled in"
    return f"▲ {checked.name}: files in order, {figures} in the figures" if figures else f"● {checked.name}: in order"


@commands.command(
    epilog="Examples:  reformlib describe data/reports/so-noi-vu-2025  ·  "
    "reformlib describe data data/targets data/forms/phu-luc-7"
)
def describe(
    folders: Annotated[
        list[str],
        Argument(help="Report, by its name or folder; folder of a form, of the targets, or data.", metavar="FOLDER"),
    ],
    debug: Debug = False,
) -> None:
    """Write datapackage.json of folders again, after their files were edited: title, source, fields, sha256.

    The paths of the files written are printed on stdout.
    """
    from reformlib.load.datapackage import is_shared, write
    from reformlib.paths import find_report, refuse_packaged

    with wrong_use():
        places = [Path(name) if is_shared(Path(name)) else find_report(name) for name in folders]
        for folder in places:
            refuse_packaged(folder)
    for folder in places:
        typer.echo(write(folder))


@commands.command(
    epilog="Examples:  reformlib diff tra-vinh-2020 tra-vinh-2021  ·  reformlib diff A B --format json --exit-code"
)
def diff(
    before: Annotated[str, Argument(help="The earlier edition: name or path of a report.", metavar="A")],
    after: Annotated[str, Argument(help="The later edition of the same unit.", metavar="B")],
    form: Annotated[Literal["text", "csv", "json"], Option("--format", "-f")] = "text",
    language: Annotated[Language, Option("--language", "-l", help="Of the words.")] = Language.en,
    exit_code: Annotated[
        bool, Option("--exit-code", help="Exit with 1 when B says something of A's time otherwise.")
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
    from reformlib.load.codes import codes
    from reformlib.load.identity import full_name, whose
    from reformlib.load.report import load_report
    from reformlib.present.datasets import differences

    first, second = map(load_report, folders)
    metas = (first.meta, second.meta)
    if len({whose(meta.unit_vi, meta.place_vi) for meta in metas}) > 1:
        names = " · ".join(full_name(meta.unit_vi, meta.place_vi) for meta in metas)
        say(f"▲ A and B are of different units: {names}", "yellow")
    if first.meta.data_date > second.meta.data_date:
        say(f"▲ A has later figures than B: {first.meta.data_date} · {second.meta.data_date}", "yellow")
    frame = differences(first, second, language=language)
    if form == "text":
        _print_differences(frame)
    else:
        _print_frame(frame, form)
    counts = frame["group"].value_counts()
    groups = codes("difference_group")
    say("; ".join(f"{groups[str(group)]}: {count}" for group, count in counts.items()) or "no difference")
    if exit_code and frame["group"].ne("change").any():  # a change is what happened since
        raise typer.Exit(1)


def _print_differences(frame: pd.DataFrame) -> None:
    """Differences for people: under what each kind of them is, a line on what is told, and where it stands in B."""
    from reformlib.load.rows import each_row

    told = _plain(frame).map(lambda cell: "" if cell is None else cell)
    for what, rows in told.groupby("what", sort=False):
        print_wrapped(str(what))
        for row in each_row(rows):
            subject = ", ".join(str(part) for part in (row.name or row.subject, row.level, row.as_of) if part)
            change = f"{row.said_before or row.before} → {row.said_after or row.after}".strip()
            print_wrapped(wrapped(f"{subject}: {change}", 4), str(row.place_after or row.place_before), 8)


def _print_frame(frame: pd.DataFrame, form: str) -> None:
    """A table on stdout as csv, json (records) or text. Missing is empty, in json null; dates stand without a time."""
    if form == "csv":
        print_text(_csv(frame))
    elif form == "json":
        print_text(json.dumps(_plain(frame).to_dict("records"), ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        from reformlib.present.told import as_text

        print_text(f"{as_text(frame)}\n")


def _csv(frame: pd.DataFrame) -> str:
    """CSV that a spreadsheet can open without running anything: a text that looks like a formula gets an apostrophe."""
    from reformlib.load.spreadsheet_safe import neutral

    texts = frame.select_dtypes(exclude=["number", "bool", "datetime"]).columns
    safe = frame.assign(**{c: frame[c].map(lambda v: neutral(v) if isinstance(v, str) else v) for c in map(str, texts)})
    return safe.to_csv(index=False, lineterminator="\n")


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Python values only: missing None, dates as ISO text."""
    dates = frame.select_dtypes("datetime").columns
    frame = frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d") for name in map(str, dates)}).astype(object)
    return frame.where(frame.notna(), None)
