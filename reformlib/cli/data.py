"""Commands that read: table, list, check, diff; and describe, which writes the description of a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer import Argument, Option

from reformlib.cli.options import Debug, Language, Reports, Severity, TextOrJson
from reformlib.cli.say import print_table, print_text, say, wrong_use
from reformlib.errors import ReformError

if TYPE_CHECKING:
    import pandas as pd

commands = typer.Typer()


@commands.command(
    epilog="Examples:  reformlib table observations > observations.csv  ·  "
    "reformlib table gaps --format json  ·  reformlib table facts --format text --language en"
)
def table(
    name: Annotated[str, Argument(help="Name of the table; `reformlib list` has them all.")],
    report: Annotated[
        str | None, Option("--report", "-r", help="Name or path of a report; not needed when there is one only.")
    ] = None,
    form: Annotated[
        Literal["csv", "json", "text"],
        Option("--format", "-f", help="csv: UTF-8, decimal point, missing empty. json: records, missing null."),
    ] = "csv",
    language: Annotated[Language, Option("--language", "-l", help="Of remarks and reasons.")] = Language.en,
    debug: Debug = False,
) -> None:
    """Print a table that the notebooks use, on stdout."""
    from reformlib.paths import find_report, report_names

    with wrong_use():
        names = report_names()
        if report is None and len(names) != 1:
            raise ReformError("which report?", expected=f"--report, with one of: {', '.join(names)}")
        folder = find_report(report or names[0])
        from reformlib.present.datasets import check_name, dataset

        check_name(name)
    from reformlib.load.report import load_report

    _print_frame(dataset(name, load_report(folder), language=language), form)


@commands.command("list")
def list_(form: TextOrJson = "text", debug: Debug = False) -> None:
    """List reports, notebooks with their parameters, and tables."""
    from reformlib.paths import report_names
    from reformlib.present.datasets import NAMES
    from reformlib.render.page.parameters import declared_parameters
    from reformlib.render.run.notebooks import find_notebook, notebook_names, read_notebook

    notebooks = {name: declared_parameters(read_notebook(find_notebook(name)), name) for name in notebook_names()}
    if form == "json":
        listed = {
            name: [
                {"name": p.name, "type": p.type_name, "default": p.default, "comment": p.comment} for p in parameters
            ]
            for name, parameters in notebooks.items()
        }
        content = {"reports": report_names(), "notebooks": listed, "tables": NAMES}
        return print_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    print_table(["report"], [[name] for name in report_names()])
    print_table(
        ["notebook", "parameter", "type", "default", "meaning"],
        [[name, p.name, p.type_name, repr(p.default), p.comment] for name, ps in notebooks.items() for p in ps],
    )
    return print_table(["table"], [[name] for name in NAMES])


@commands.command()
def check(
    report: Reports = None,
    fail_on: Annotated[
        Severity | None,
        Option(help="Exit with 1 also when figures contradict each other, at this severity or a graver one."),
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
    from reformlib.present.findings import written

    failed = unfilled = False
    for checked in check_folders(folders):
        state = f"{len(checked.problems)} problems" if checked.problems else "in order"
        if checked.to_fill and not checked.problems:
            state = f"nothing wrong, {len(checked.to_fill)} parts still to be filled in"
        say(f"{'✕' if checked.problems else '◌' if checked.to_fill else '●'} {checked.name}: {state}")
        for line in [*checked.problems, *(f"to be filled in: {part}" for part in checked.to_fill)]:
            typer.echo(line)
        for finding in checked.findings:
            title, where, how = (written(text, "en") for text in (finding.title, finding.where, finding.computation))
            typer.echo(f"{finding.severity}: {title} ({where}): {how}")
        grave = bool(fail_on) and any(f.severity in fail_on.and_graver for f in checked.findings)
        failed |= bool(checked.problems) or grave
        unfilled |= bool(checked.to_fill)
    if failed or unfilled:
        raise typer.Exit(1 if failed else 3)


@commands.command(
    epilog="Examples:  reformlib describe data/reports/so-noi-vu-2025  ·  reformlib describe data/catalogue"
)
def describe(
    folders: Annotated[list[Path], Argument(help="Report folder, or the catalogue.", metavar="FOLDER")],
    debug: Debug = False,
) -> None:
    """Write datapackage.json of folders again, after their files were edited: title, source, fields, sha256.

    The paths of the files written are printed on stdout.
    """
    from reformlib.load.datapackage import write

    with wrong_use():
        for folder in folders:
            if not any((folder / name).is_file() for name in ("report.yml", "indicators.csv")):
                raise ReformError(f"not a data folder: {folder}", expected="a report folder, or the catalogue")
    for folder in folders:
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
    for_people = form == "text"
    _print_frame(frame.drop(columns=["group", "kind", "place_before"]) if for_people else frame, form)
    counts = frame["group"].value_counts()
    say("; ".join(f"{GROUPS[str(group)]}: {count}" for group, count in counts.items()) or "no difference")
    if exit_code and frame["group"].isin(TOLD_OTHERWISE).any():
        raise typer.Exit(1)


def _print_frame(frame: pd.DataFrame, form: str) -> None:
    """A table on stdout as csv, json (records) or text. Missing is empty, in json null; dates stand without a time."""
    if form == "csv":
        print_text(_csv(frame))
    elif form == "json":
        print_text(json.dumps(_plain(frame).to_dict("records"), ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        texts = _plain(frame).map(lambda cell: "" if cell is None else cell)
        print_table(texts.columns, texts.itertuples(index=False))


def _csv(frame: pd.DataFrame) -> str:
    """CSV that a spreadsheet can open without running anything: a text that looks like a formula gets an apostrophe."""
    from reformlib.load.neutral import neutral

    texts = frame.select_dtypes(exclude=["number", "bool", "datetime"]).columns
    safe = frame.assign(**{c: frame[c].map(lambda v: neutral(v) if isinstance(v, str) else v) for c in map(str, texts)})
    return safe.to_csv(index=False, lineterminator="\n")


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Python values only: missing None, dates as ISO text."""
    dates = frame.select_dtypes("datetime").columns
    frame = frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d") for name in map(str, dates)}).astype(object)
    return frame.where(frame.notna(), None)
