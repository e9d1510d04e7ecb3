"""From a file to a report folder: read, find the form, match its labels, ask or write."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import account, folder, sandbox
from reformlib.ingest.answers import read_mapping
from reformlib.ingest.draft import Draft, draft
from reformlib.ingest.facts import facts_of, lines_of
from reformlib.ingest.form import Form, find_forms, labelled_tables
from reformlib.ingest.guard import SUFFIXES
from reformlib.ingest.period import period_of
from reformlib.ingest.source import Grid, Source
from reformlib.load.catalogue import Catalogue

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
    catalogue: Catalogue,
    mapping: Path | None = None,
    columns: str = "",
    accept: bool = False,
    replace: bool = False,
    reader: Callable[[Path, str], Source] = sandbox.read,
) -> Ingested:
    """Make a report folder of a file, or of a folder of files that belong to one report.

    `target` is the folder to write, None writes nothing; `given` are fields of report.yml that the file need not
    state (data_date, unit_en, …); `columns` names the sheet, the table or the group of columns to take where the form
    stands in several. Cells stand in `annex.csv` as printed. Raises ReformError for a file that is refused, for a form
    that is not found, and for doubts that neither `mapping` nor `accept` settles; then nothing is written.
    """
    answers = read_mapping(mapping)
    given = given or {}
    indicators = catalogue.indicators
    locale = given.get("locale") or "vi"
    sources = [reader(file, locale) for file in _files(path)]
    form, source = the_form(sources, list(indicators["name_vi"]), answers["heading"], columns, path)
    paragraphs = [text for read in sources for text in read.paragraphs]
    made = draft(form, indicators, answers, accept=accept, locale=locale)
    made = dataclasses.replace(made, remarks=[entry for read in sources for entry in read.remarks] + made.remarks)
    if made.annex.empty or len(made.annex.columns) < 3:
        raise ReformError("no row of the form is left", where=form.place, fix="see the mapping file")
    letterhead = [line for read in sources for grid in read.grids[:1] for line in _lines(grid)]
    facts = facts_of(letterhead + paragraphs)
    headings, title = list(made.annex.columns[2:]), given.get("title_vi") or facts.get("title_vi", "")
    years, doubts = period_of(headings, title, lines_of(paragraphs), answers["period"], source.name)
    made = made.with_doubts(doubts, accept=accept)
    fields = folder.metadata(unit, edition, given, facts, headings, years)
    fields |= {"form": catalogue.form.id, "form_sha256": catalogue.sha256}
    labels = {row.indicator: (row.name_vi, row.name_en) for row in indicators.itertuples()}
    lines = account.lines(made, fields, labels)
    if made.open:
        raise _questions(made, lines)
    if target is not None:
        content = folder.files(fields, made.annex, made.assumptions, paragraphs)
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


def the_form(
    sources: list[Source], names: list[str], answers: dict[str, str], columns: str, path: Path
) -> tuple[Form, Source]:
    """The one form among all tables. Raises ReformError where there is none, or more than one."""
    every = [(form, source) for source in sources for form in find_forms(source, names, answers)]
    forms = _called(every, columns) if columns and every else every
    if not forms:
        raise _no_form(sources, names, path)
    if len(forms) > 1:
        raise ReformError(
            "more than one table holds the form",
            where="; ".join(f"{f.place}{f' («{f.group}»)' if f.group else ''}: {f.fit} rows" for f, _ in forms),
            fix="take one with --columns and words of the heading above its columns, or the end of its place, such as "
            "--columns 'sheet PL7'; files of several reports are ingested one by one",
        )
    form, source = forms[0]
    if form.twice:
        raise ReformError(
            f"a year heads more than one column: {', '.join(form.twice)}",
            where=form.place,
            fix="remove the columns that are not meant (plans, other units), or name a group with --columns",
        )
    return form, source


def _called(forms: list[tuple[Form, Source]], columns: str) -> list[tuple[Form, Source]]:
    """Forms whose group of columns holds the words, else those whose place ends in them."""
    words = columns.casefold()
    of_group = [(form, source) for form, source in forms if words in form.group.casefold()]
    chosen = of_group or [(form, source) for form, source in forms if form.place.casefold().endswith(words)]
    if not chosen:
        expected = "; ".join(f"{form.place} «{form.group}»" for form, _ in forms)
        raise ReformError(f"no table or group of columns is called {columns!r}", expected=expected)
    return chosen


def _no_form(sources: list[Source], names: list[str], path: Path) -> ReformError:
    lines = [line for source in sources for line in labelled_tables(source, names)]
    hint = "; its labels stand in:\n    " + "\n    ".join(lines) if lines else ""
    return ReformError(
        f"the form was not found among {sum(len(source.grids) for source in sources)} tables{hint}",
        where=str(path),
        expected="a table whose headings are periods (`Năm 2019`) and whose labels are those of the catalogue",
        fix="name the file that holds it; what other headings mean can be told in a mapping file, such as\n"
        "    kind,printed,means\n    heading,Quý I/2020,Năm 2020 (Tính đến 31/3)",
    )


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
