"""From a file to a report folder: read, find the form, match its labels, ask or write."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reformlib.errors import ReformError, counted
from reformlib.ingest import account, folder, sandbox
from reformlib.ingest.answers import Doubt, accepted, key_of, read_mapping
from reformlib.ingest.body import Row
from reformlib.ingest.choice import Tables, chosen
from reformlib.ingest.draft import Draft, draft, joined
from reformlib.ingest.facts import facts_of, lines_of
from reformlib.ingest.guard import is_document, unpack
from reformlib.ingest.match import Known
from reformlib.ingest.period import period_of
from reformlib.ingest.source import Source
from reformlib.load.catalogue import Catalogue, load_catalogue
from reformlib.load.form import carried
from reformlib.locale import LANGUAGES
from reformlib.paths import form_names

FILES = 200  # of a folder


@dataclasses.dataclass(frozen=True)
class Ingested:
    """What was made of `sources`: the folder, the draft behind it, the fields of its report.yml.

    `files` names those of the sources that hold the form.
    """

    folder: Path
    draft: Draft
    fields: dict
    catalogue: Catalogue
    files: str
    sources: list[Source]

    @property
    def account(self) -> list[str]:
        """The account in English, line by line."""
        return account.lines(self.draft, self.fields, _names(self.catalogue), self.files)

    def page(self) -> str:
        """The account as a page, with the pictures of what was read from scans."""
        pictures = {name: shown for source in self.sources for name, shown in source.pictures.items()}
        return account.page(self.draft, self.fields, _names(self.catalogue), self.files, pictures)

    def write(self, *, replace: bool) -> None:
        """Write the folder, as :func:`reformlib.ingest.folder.write` does."""
        paragraphs = _paragraphs(self.sources)
        content = folder.files(self.fields, self.draft.annex, self.draft.assumptions, paragraphs)
        content |= carried(self.catalogue.folder)
        content[account.ACCOUNT] = self.page()
        folder.write(self.folder, content, replace=replace, catalogues={self.catalogue.folder: self.catalogue})


def ingest(
    paths: Path | Sequence[Path],
    target: Path | None,
    *,
    given: dict[str, str] | None = None,
    replace: bool = False,
    reader: Callable[[Path, str], Source] = sandbox.read,
    **options: Any,
) -> Ingested:
    """Make a report folder of a file, or of files that belong to one report, or a folder of them.

    `target` is the folder to write, None writes nothing; `given` and `options` are those of :func:`read_report`.
    Raises ReformError for a file that is refused, for a form that is not found, and for doubts that nothing settles;
    then nothing is written.
    """
    given = given or {}
    with TemporaryDirectory() as unpacked:
        files = _files(paths, Path(unpacked))
        sources = [reader(file, given.get("locale") or "vi") for file in files]
    made = read_report(files[0], sources, target, given=given, **options)
    refuse_strange(options.get("mapping"), [made])
    refuse_open([made])
    if target is not None:
        made.write(replace=replace)
    return made


def read_report(
    path: Path,
    sources: list[Source],
    target: Path | None,
    *,
    unit: str,
    edition: str,
    given: dict[str, str],
    form: str | Path | None = None,
    mapping: Path | None = None,
    columns: str = "",
    accept: bool = False,
    catalogues: Sequence[Catalogue] = (),
) -> Ingested:
    """What the sources, of which `path` is the first, make together; nothing is asked or written yet.

    `given` are fields of report.yml that a file need not state (data_date, unit_en, …); `form` is the official form
    by its name or folder, None the one of the project whose labels the file has, `catalogues` what was read of it
    or them; `columns` names the sheet, the table or the group of columns to take where it stands in several. Cells
    stand in `annex.csv` as printed; a form that is none of the project's goes into the report's own folder.
    `mapping` settles doubts, `accept` all that are left. Raises ReformError for a form that is not found.
    """
    answers = read_mapping(mapping)
    catalogues = catalogues or catalogues_of(form)
    catalogue, tables = chosen(sources, list(catalogues), answers["heading"], columns, path)
    facts = _facts(tables, sources)
    made = _draft(tables, catalogue, answers, facts, given.get("locale") or "vi")
    if made.annex.empty or len(made.annex.columns) < 3:
        raise ReformError("no row of the form is left", where=made.form.place, fix="see the mapping file")
    names = ", ".join(dict.fromkeys(source.name for _, source in tables))
    lines = [line for form, _ in tables for line in form.above] + _paragraphs(sources)
    headings, title = list(made.annex.columns[2:]), given.get("title_vi") or facts.get("title_vi", "")
    years, doubts = period_of(headings, title, lines_of(lines), answers["period"], names)
    fields = folder.metadata(target, unit, edition, given, facts, headings, years)
    fields |= {"form": catalogue.form.id, "form_sha256": catalogue.sha256}
    doubts = made.doubts + doubts
    remarks = [entry for read in sources for entry in read.remarks] + made.remarks
    made = dataclasses.replace(made, doubts=accepted(doubts) if accept else doubts, remarks=remarks)
    return Ingested(target or Path(fields["id"]), made, fields, catalogue, names, sources)


def catalogues_of(form: str | Path | None) -> list[Catalogue]:
    """The catalogue of a form, or of all forms of the project where that is None."""
    return [load_catalogue(name) for name in ([form] if form else form_names())]


def refuse_strange(mapping: Path | None, reports: Sequence[Ingested]) -> None:
    """Raise ReformError for answers of a mapping file that match nothing in any of some reports, as a slip does."""
    if mapping is None:
        return
    known = {key_of(text) for one in reports for text in _texts(one)}
    strange = [f"{kind} «{key}»" for kind, own in read_mapping(mapping).items() for key in own if key not in known]
    if strange:
        raise ReformError(
            f"{counted(len(strange), 'answer')} of the mapping file match nothing: {'; '.join(strange[:10])}",
            where=str(mapping),
            expected="what is printed in the file, or the place that the question names",
            fix="correct the column `printed`, or delete the row",
        )


def _texts(made: Ingested) -> Iterator[str]:
    """What an answer may name: what is asked, labels, headings, and every cell."""
    for doubt in made.draft.doubts:
        yield from (doubt.place, doubt.printed)
    yield from (row.label for row in made.draft.form.rows)
    yield from made.draft.form.headings
    for grid in (grid for source in made.sources for grid in source.grids):
        yield from (cell for row in grid.rows for cell in row if cell)


def refuse_open(reports: Sequence[Ingested]) -> None:
    """Raise Questions where doubts of some reports are open: those of all together."""
    asked = [one.draft for one in reports if one.draft.open]
    if asked:
        doubts = [doubt for made in asked for doubt in made.open]
        clear = [line for one in reports if one.draft.open for line in one.account]
        error = questions(doubts, asked[0].form.place, clear, [row for made in asked for row in made.form.rows])
        error.pages = {one.folder.name: one.page() for one in reports if any(source.pictures for source in one.sources)}
        raise error


def _paragraphs(sources: list[Source]) -> list[str]:
    return [text for read in sources for text in read.paragraphs]


def _draft(tables: Tables, catalogue: Catalogue, answers: dict, facts: dict[str, str], locale: str) -> Draft:
    """What the tables make together, each held against what its own file says of itself."""
    drafts = []
    for form, source in tables:
        about = facts | facts_of(_text(source, form.above))
        about["title_vi"] = " · ".join([about.get("title_vi", ""), *form.above])
        drafts.append(draft(form, catalogue, answers, about, locale=locale))
    return joined(drafts, catalogue, answers, locale=locale)


def _text(source: Source, above: Sequence[str] = ()) -> list[str]:
    """The text of a file, with its letterhead, which may stand in a small table or `above` the form in a sheet."""
    small = [grid for grid in source.grids[:1] if len(grid.rows) <= 6]
    letterhead = [line for grid in small for row in grid.rows for cell in row if cell for line in cell.split("\n")]
    return letterhead + source.paragraphs + [*above]


def _facts(tables: Tables, sources: list[Source]) -> dict[str, str]:
    """What the files say of themselves: those of the tables before others, the one that was signed last before all."""
    told = [(False, facts_of(_text(source))) for source in sources]
    told += [(True, facts_of(_text(source, form.above))) for form, source in tables]
    whole: dict[str, str] = {}
    for _, facts in sorted(told, key=lambda one: (one[0], one[1].get("issued", ""))):
        whole |= facts
    return whole


def _names(catalogue: Catalogue) -> account.Labels:
    """The names of the rows of a form by language, by what they are known as."""
    return {
        key: {language: catalogue.row_name(number, language, whole=True) for language in LANGUAGES}
        for key, number in Known.of(catalogue).numbers.items()
    }


def _files(paths: Path | Sequence[Path], unpacked: Path) -> list[Path]:
    """The files named, those of the folders named, and those of a .zip, which are `unpacked` there."""
    files: list[Path] = []
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.suffix.lower() == ".zip" and path.is_file() and (found := unpack(path, unpacked)):
            files += found
            continue
        inside = sorted(path.iterdir()) if path.is_dir() else []
        files += list(filter(is_document, inside)) or [path]
    if len(files) > FILES or (len(files) == 1 and files[0].is_dir()):
        what = f"{0 if files[0].is_dir() else len(files)} files to read in {files[0].name}"
        raise ReformError(what, where=str(files[0]), expected=f"1 to {FILES} files of one report")
    return files


class Questions(ReformError):
    """Doubts that nobody settled. `answers` is a mapping file that settles them as proposed, `pages` are the accounts
    with the pictures of what was read from scans, by report."""

    answers = ""
    pages: dict[str, str]


def questions(doubts: list[Doubt], where: str, clear: Iterable[str] = (), rows: Iterable[Row] = ()) -> Questions:
    """The error that asks open doubts, with what is clear so far; `rows` are those of the tables that were read."""
    asked = "\n  ".join(map(account.question, doubts))
    told = "".join(f"\n    {line}" for line in clear)
    error = Questions(
        f"{counted(len(doubts), 'question')} to settle before anything is written:\n  {asked}"
        + (f"\n  what is clear so far:{told}" if told else ""),
        where=where,
        expected="answers in a mapping file (--mapping FILE); the answers proposed are printed on stdout, ready for it",
        fix="correct the answers that are wrong and answer each ?; --accept takes all others as they stand",
    )
    error.answers, error.pages = account.mapping_lines(doubts, rows), {}
    return error
