"""From a file to a report folder: read, find the form, match its labels, ask or write."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import account, folder, sandbox
from reformlib.ingest.answers import read_mapping
from reformlib.ingest.choice import chosen
from reformlib.ingest.draft import Draft, draft
from reformlib.ingest.facts import facts_of, lines_of
from reformlib.ingest.guard import SUFFIXES
from reformlib.ingest.match import Known
from reformlib.ingest.period import period_of
from reformlib.ingest.source import Grid, Source
from reformlib.load.catalogue import load_catalogue
from reformlib.load.form import carried
from reformlib.paths import form_names

FILES = 200  # of a folder


@dataclasses.dataclass(frozen=True)
class Ingested:
    """What was made: the folder, the draft behind it, the fields of its report.yml, the account line by line."""

    folder: Path
    draft: Draft
    fields: dict
    account: list[str]


def ingest(
    path: Path,
    target: Path | None,
    *,
    unit: str,
    edition: str,
    given: dict[str, str] | None = None,
    form: str | Path | None = None,
    mapping: Path | None = None,
    columns: str = "",
    accept: bool = False,
    replace: bool = False,
    reader: Callable[[Path, str], Source] = sandbox.read,
) -> Ingested:
    """Make a report folder of a file, or of a folder of files that belong to one report.

    `target` is the folder to write, None writes nothing; `given` are fields of report.yml that the file need not
    state (data_date, unit_en, …); `form` is the official form by its name or folder, None the one of the project whose
    labels the file has; `columns` names the sheet, the table or the group of columns to take where it stands in
    several. Cells stand in `annex.csv` as printed; a form that is none of the project's goes into the report's own
    folder. Raises ReformError for a file that is refused, for a form that is not found, and for doubts that neither
    `mapping` nor `accept` settles; then nothing is written.
    """
    answers = read_mapping(mapping)
    given = given or {}
    catalogues = [load_catalogue(name) for name in ([form] if form else form_names())]
    locale = given.get("locale") or "vi"
    sources = [reader(file, locale) for file in _files(path)]
    catalogue, found, source = chosen(sources, catalogues, answers["heading"], columns, path)
    paragraphs = [text for read in sources for text in read.paragraphs]
    made = draft(found, catalogue, answers, accept=accept, locale=locale)
    made = dataclasses.replace(made, remarks=[entry for read in sources for entry in read.remarks] + made.remarks)
    if made.annex.empty or len(made.annex.columns) < 3:
        raise ReformError("no row of the form is left", where=found.place, fix="see the mapping file")
    letterhead = [line for read in sources for grid in read.grids[:1] for line in _lines(grid)]
    facts = facts_of(letterhead + paragraphs)
    headings, title = list(made.annex.columns[2:]), given.get("title_vi") or facts.get("title_vi", "")
    years, doubts = period_of(headings, title, lines_of(found.above + paragraphs), answers["period"], source.name)
    made = made.with_doubts(doubts, accept=accept)
    fields = folder.metadata(target, unit, edition, given, facts, headings, years)
    fields |= {"form": catalogue.form.id, "form_sha256": catalogue.sha256}
    labels = {
        key: (catalogue.row_name(number, "vi", whole=True), catalogue.row_name(number, "en", whole=True))
        for key, number in Known.of(catalogue).numbers.items()
    }
    lines = account.lines(made, fields, labels)
    if made.open:
        raise _questions(made, lines)
    if target is not None:
        content = folder.files(fields, made.annex, made.assumptions, paragraphs) | carried(catalogue.folder)
        content[account.ACCOUNT] = account.page(made, fields, labels, source.name)
        folder.write(target, content, replace=replace, catalogues={catalogue.folder: catalogue})
    return Ingested(target or Path(fields["id"]), made, fields, lines)


def _lines(grid: Grid) -> list[str]:
    """Lines of a small table: number, place and date of a letter stand in one above its text."""
    if len(grid.rows) > 6:
        return []
    return [line for row in grid.rows for cell in row if cell for line in cell.split("\n")]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith(("~$", ".")))
    if not files or len(files) > FILES:
        raise ReformError(
            f"{len(files)} files to read in {path.name}", where=str(path), expected=f"1 to {FILES} files of one report"
        )
    return files


class Questions(ReformError):
    """Doubts that nobody settled. `answers` is a mapping file that settles them as proposed."""

    answers = ""


def _questions(made: Draft, lines: list[str]) -> Questions:
    asked = "\n  ".join(account.question(doubt) for doubt in made.open)
    error = Questions(
        f"{len(made.open)} {'question' if len(made.open) == 1 else 'questions'} to settle before anything is "
        f"written:\n  {asked}\n  what is clear so far:\n    " + "\n    ".join(lines),
        where=made.form.place,
        expected="answers in a mapping file (--mapping FILE); the answers proposed are printed on stdout, ready for it",
        fix="correct the answers that are wrong; --accept takes them all as they stand",
    )
    error.answers = account.mapping_lines(made)
    return error
