"""Commands that make a project, scratch notebooks, a report folder, or the form to be filled in."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from reformlib.cli import options as given
from reformlib.cli.say import print_text, say, wrong_use
from reformlib.errors import ReformError

commands = typer.Typer()


@contextmanager
def _answers_proposed() -> Iterator[None]:
    """Questions raised inside: the answers that are proposed to them are printed, as CSV for --mapping; the pictures of
    what was read from scans are written into the current folder."""
    from reformlib.ingest.run import Questions

    try:
        yield
    except Questions as asked:
        print_text(asked.answers)
        for name, page in asked.pages.items():
            (Path() / f"{name}-questions.html").write_text(page, encoding="utf-8")
            say(f"● the questions with their pictures: {name}-questions.html")
        raise


@commands.command(epilog="Examples:  reformlib init  ·  reformlib init reports-2025")
def init(
    folder: Annotated[Path, Argument(help="Folder to make it in; default the current one.")] = Path(),
    debug: given.Debug = False,
) -> None:
    """Make a project: the catalogue, the plan, the notebooks, and the reference report as an example.

    Nothing that is there is touched. The path of the folder is printed on stdout.
    """
    from reformlib.paths import make_project

    with wrong_use():
        made = make_project(folder)
    say("● a project; next, in it: reformlib new-report NAME, reformlib ingest FILE, or reformlib render")
    typer.echo(made.absolute())


@commands.command(
    epilog="Examples:  reformlib explore tra-vinh-2020  ·  reformlib explore tra-vinh-2020 02 -l en --no-open"
)
def explore(
    report: Annotated[str, Argument(help="Name of a report under data/reports, or the path of its folder.")],
    notebooks: given.Notebooks = None,
    language: Annotated[given.Language, Option("--language", "-l", help="Of prose and words.")] = given.Language.vi,
    open_: Annotated[bool, Option("--open/--no-open", help="Open them in JupyterLab.")] = True,
    debug: given.Debug = False,
) -> None:
    """Write scratch notebooks on a report, to be changed freely, and open them in JupyterLab.

    They lie in explore/REPORT of the project, which git ignores and no page rests on; one that is there is kept as it
    is. By default they are the tutorials; NOTEBOOK may be one of them, or a document such as 02. Printed on stdout:
    their paths.
    """
    from reformlib.paths import data_folder, find_report, project_root, refuse_packaged
    from reformlib.render.run.notebooks import find_notebook, scratch_copy, tutorials

    with wrong_use():
        folder = find_report(report)
        target = refuse_packaged(project_root() / "explore") / folder.name
        paths = [find_notebook(name, also=tutorials()) for name in notebooks or []] or tutorials()
    named = folder.name if folder.parent == data_folder() / "reports" else str(folder)
    made = [scratch_copy(path, target, str(language), {"report": named}) for path in paths]
    for place, new in made:
        say(f"{'●' if new else '▲ there already, kept as it is:'} {place.name}")
        typer.echo(place)
    if open_ and made and subprocess.run([sys.executable, "-m", "jupyterlab", str(made[0][0])]).returncode:
        say("✘ JupyterLab did not run; why stands above. The notebooks are written: open them in any Jupyter.")
        raise typer.Exit(1)


@commands.command(
    "new-report",
    epilog='Examples:  reformlib new-report so-noi-vu-2025 --form cchc-2021 --unit "Sở Nội vụ" --edition 2025 '
    "--years 2021-2025  ·  "
    "reformlib new-report so-noi-vu-2025 --from form.xlsx",
)
def new_report(
    name: Annotated[str, Argument(help="Name of the report and of its folder, such as so-noi-vu-2025.")],
    unit: Annotated[str, Option(help="Unit that reports, in Vietnamese.")] = "",
    unit_en: Annotated[str, Option(help="The unit in English.")] = "",
    edition: Annotated[str, Option(help="Edition, such as 2025.")] = "",
    years: given.Years = None,
    until: given.Until = "",
    form: given.OfficialForm = None,
    source: Annotated[
        Path | None,
        Option("--from", metavar="FILE.xlsx", help="Workbook of `reformlib template`, filled in.", dir_okay=False),
    ] = None,
    output: Annotated[Path | None, Option("--output", "-o", help="Folder to make it in; default data/reports.")] = None,
    debug: given.Debug = False,
) -> None:
    """Make an empty, commented report folder, or one from a workbook that was filled in.

    The path of the folder is printed on stdout. `reformlib check` then says what is still to be filled in.
    """
    from reformlib.ingest import workbook
    from reformlib.load import blank
    from reformlib.load.catalogue import load_catalogue
    from reformlib.load.form import carried
    from reformlib.load.meta import left_to_fill
    from reformlib.paths import chosen_form, data_folder, refuse_packaged

    with wrong_use():
        blank.check_name(name)
        target = (output or refuse_packaged(data_folder() / "reports")) / name
        if source is None:
            if not (unit and edition and years):
                raise ReformError(
                    "a new report needs --unit, --edition and --years", fix="give them, or --from FILE.xlsx"
                )
            heads = blank.headings(years, until)
        elif years or until:
            raise ReformError("--years and --until stand in the workbook", fix="leave them out, or leave out --from")
    filled = workbook.read_workbook(source) if source else None
    with wrong_use():
        place = chosen_form(form or (filled and filled.fields.get("form")))
    catalogue = load_catalogue(place)
    fields = {"unit_vi": unit, "unit_en": unit_en, "edition": edition}
    if source and filled:
        annex, entries = filled.annex, workbook.log(filled, catalogue, by=source.name)
        fields = filled.fields | {key: text for key, text in fields.items() if text}
        if (held := fields.get("form", catalogue.form.id)) != catalogue.form.id:
            raise ReformError(f"{source.name} holds the form {held}", where=str(source), fix=f"--form {held}")
    else:
        annex, entries = blank.empty_form(catalogue, heads), []
    fields = {"form": catalogue.form.id, "form_sha256": catalogue.sha256} | fields
    made = blank.new_folder(target, annex, fields, entries, carried(place))
    left = left_to_fill(made)
    todo = f"fill in {' and '.join(left)}, then run" if left else "nothing is left to fill in; run"
    say(f"● {made.name}: {todo} `reformlib describe {made}` and `reformlib check --report {made}`")
    typer.echo(made)


@commands.command(
    epilog="Examples:  reformlib template form.xlsx --form cchc-2021 --years 2021-2025  ·  "
    "reformlib template copy.xlsx --report tra-vinh-2020"
)
def template(
    file: Annotated[Path, Argument(help="The workbook to write.", metavar="FILE.xlsx")],
    report: Annotated[
        str | None, Option("--report", "-r", help="Fill it with the form of this report: name or path.")
    ] = None,
    form: given.OfficialForm = None,
    years: given.Years = None,
    until: given.Until = "",
    debug: given.Debug = False,
) -> None:
    """Write the form as an Excel workbook to be filled in; `reformlib new-report NAME --from FILE.xlsx` reads it."""
    from reformlib.ingest import workbook
    from reformlib.load import blank as folder
    from reformlib.load.catalogue import load_catalogue
    from reformlib.load.report import load_report
    from reformlib.paths import chosen_form, find_report

    with wrong_use():
        if file.suffix != ".xlsx":
            raise ReformError(f"cannot write {file.name}", expected="a name that ends in .xlsx")
        if (report is None) == (years is None):
            raise ReformError("which years?", fix="give --years, or --report for a form that is filled in")
        if report and form:
            raise ReformError("a report names its form", fix="leave out --form, or --report")
        heads = folder.headings(years, until) if years else []
        place = find_report(report) if report else chosen_form(form)
    if report:
        data = load_report(place)
        fields = {key: str(value) for key, value in data.meta.model_dump().items() if key in folder.FIELDS}
        workbook.write_workbook(file, data.catalogue, data.annex, fields)
    else:
        catalogue = load_catalogue(place)
        workbook.write_workbook(file, catalogue, folder.empty_form(catalogue, heads))
    typer.echo(file)


@commands.command(
    epilog="Examples:  reformlib ingest so-noi-vu.docx --unit 'Sở Nội vụ tỉnh X' --edition 2024  ·  "
    "reformlib ingest phu-luc-7.xlsx --unit 'UBND huyện Y' --edition 2024 --mapping answers.csv --replace"
)
def ingest(
    files: given.Files,
    unit: given.Unit,
    edition: given.Edition,
    output: given.ReportFolder = None,
    form: given.OfficialForm = None,
    mapping: given.Mapping = None,
    columns: given.Columns = "",
    accept: given.Accept = False,
    replace: given.Replace = False,
    data_date: given.DataDate = "",
    unit_en: given.UnitEnglish = "",
    place: given.Place = "",
    place_en: given.PlaceEnglish = "",
    title: given.Title = "",
    title_en: given.TitleEnglish = "",
    locale: given.Locale = "vi",
    catalogue: given.GoneCatalogue = None,
    debug: given.Debug = False,
) -> None:
    """Make a report folder of a colleague's file or files: find the form, match its labels, tell what is doubtful.

    Files, sheets and tables that hold a year, a quarter or a part of the form each become one report.

    Nothing is guessed quietly: an uncertain label, heading or cell is shown with its score and nothing is written
    until --mapping or --accept settles it. Printed on stdout: the folder's path, or the answers proposed, as CSV for
    --mapping.
    """
    from reformlib.ingest.folder import default_folder, refuse_existing
    from reformlib.ingest.run import ingest as make
    from reformlib.paths import find_form

    with wrong_use():
        official = find_form(form) if form else None
        target = output or default_folder(unit, edition)
        refuse_existing(target, replace=replace)
    stated = {"data_date": data_date, "unit_en": unit_en, "place_vi": place, "place_en": place_en}
    stated |= {"title_vi": title, "title_en": title_en, "locale": locale}
    settled = {"mapping": mapping, "columns": columns, "accept": accept, "replace": replace}
    with _answers_proposed():
        made = make(files, target, unit=unit, edition=edition, given=stated, form=official, **settled)
    for line in made.account:
        say(line)
    say(f"● written: {made.folder}; the account of it: {made.folder / 'ingestion.html'}")
    say(f"next: reformlib check --report {made.folder}  ·  reformlib render --report {made.folder}")
    typer.echo(made.folder)


@commands.command(
    "ingest-all",
    epilog="Examples:  reformlib ingest-all danh-sach.csv  ·  reformlib ingest-all bao-cao --edition 2024 --jobs 4",
)
def ingest_all(
    source: Annotated[
        Path, Argument(help="CSV with the columns file, unit, edition; or a folder of which each file is a report.")
    ],
    edition: Annotated[str, Option(help="Edition of every report of a folder.")] = "",
    output: Annotated[
        Path | None, Option("--output", "-o", help="Folder for the report folders; default data/reports.")
    ] = None,
    form: given.OfficialForm = None,
    accept: given.Accept = False,
    replace: given.Replace = False,
    jobs: given.Jobs = None,
    debug: given.Debug = False,
) -> None:
    """Make a report folder of every file of a list or a folder, and one account of them all.

    A report that is there already is left alone, so a run that was stopped is taken up again. A file with questions or
    one that is refused harms no other; the answers proposed lie beside the account, to be named in the list's column
    mapping. Printed on stdout: the paths of the folders written.
    """
    from reformlib.ingest import batch
    from reformlib.paths import data_folder, find_form

    with wrong_use():
        official = find_form(form) if form else None
        listed = batch.jobs_of(source, edition)
    settled = {"accept": accept, "replace": replace, "form": official}
    outcomes = batch.ingest_all(
        listed, output, workers=jobs, done=lambda one: say(f"{one.job.file.name}: {one.state}"), **settled
    )
    account = batch.write_account(outcomes, output or data_folder() / "reports")
    for one in outcomes:
        if one.state == "written":
            typer.echo(one.folder)
    say(f"● the account of all: {account}")
    failed = [one.job.file.name for one in outcomes if one.state in ("asked", "refused")]
    if failed:
        fix = f"see {account.name}; answers proposed lie in answers/, name them in the column mapping of the list"
        raise ReformError(f"not written: {len(failed)} of {len(outcomes)}: {', '.join(failed[:10])}", fix=fix)


@commands.command(
    "ingest-agencies",
    epilog="Examples:  reformlib ingest-agencies par-index-2023.xlsx --edition 2023  ·  "
    'reformlib ingest-agencies diem.docx --edition 2023 --form par-index --period "Năm 2023" --output reports',
)
def ingest_agencies(
    file: Annotated[Path, Argument(help="A file whose table has agencies as rows and indicators as columns.")],
    edition: given.Edition,
    output: Annotated[
        Path | None, Option("--output", "-o", help="Folder for the report folders; default data/reports.")
    ] = None,
    period: Annotated[str, Option(help="Heading that all figures are of, where the file does not name it.")] = "",
    form: given.OfficialForm = None,
    mapping: given.Mapping = None,
    accept: given.Accept = False,
    replace: given.Replace = False,
    title: given.Title = "",
    title_en: given.TitleEnglish = "",
    locale: given.Locale = "vi",
    debug: given.Debug = False,
) -> None:
    """Make a report folder of every agency of a table that has agencies as rows and indicators as columns.

    Doubts are asked as `ingest` asks them, for all agencies together, and nothing is written until they are settled.
    Printed on stdout: the paths of the folders, or the answers proposed, as CSV for --mapping.
    """
    from reformlib.ingest.agencies import ingest_agencies as make
    from reformlib.paths import find_form

    with wrong_use():
        official = find_form(form) if form else None
    stated = {"title_vi": title, "title_en": title_en, "locale": locale}
    settled = {"mapping": mapping, "accept": accept, "replace": replace, "given": stated}
    with _answers_proposed():
        made, left_out = make(file, output, edition=edition, period=period, form=official, **settled)
    for row in left_out:
        say(f"left out: {row}")
    say(f"● written: {len(made)} reports; next: reformlib check, and reformlib render 04 to set them side by side")
    for one in made:
        typer.echo(one.folder)


@commands.command(
    epilog="Examples:  reformlib join so-noi-vu-2023 so-noi-vu-2024 so-noi-vu-2025  ·  "
    "reformlib join A B --output data/reports/so-noi-vu-2023-2025 --mapping answers.csv"
)
def join(
    reports: Annotated[list[str], Argument(help="Reports of one unit: names or paths.", metavar="REPORT...")],
    output: given.ReportFolder = None,
    edition: Annotated[str, Option(help="Edition of the whole; default the first and the last, as 2023-2025.")] = "",
    mapping: given.Mapping = None,
    accept: given.Accept = False,
    replace: given.Replace = False,
    debug: given.Debug = False,
) -> None:
    """Join report folders of one unit, a year or a quarter each, into one.

    What two of them say of one cell is compared; figures that differ are asked about, and nothing is written until
    --mapping or --accept settles it. Texts stand side by side, codes of earlier ones with their edition. Printed on
    stdout: the folder's path, or the answers proposed, as CSV for --mapping.
    """
    from reformlib.ingest.folder import refuse_existing
    from reformlib.ingest.join_reports import join_reports
    from reformlib.paths import find_report

    with wrong_use():
        folders = [find_report(name) for name in reports]
        if output:
            refuse_existing(output, replace=replace)
    with _answers_proposed():
        made = join_reports(folders, output, edition=edition, mapping=mapping, accept=accept, replace=replace)
    say(f"● written: {made}; next: reformlib check --report {made}")
    typer.echo(made)
