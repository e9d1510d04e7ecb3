"""Which official form a file holds, and in which of its tables: by the labels of its rows, else it is a question."""

from itertools import combinations
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest.answers import key_of
from reformlib.ingest.form import Form, find_forms, labelled_tables, tables_in
from reformlib.ingest.match import Known, best
from reformlib.ingest.source import Source
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import clean
from reformlib.load.labels import spelled, unaccented

Figures = dict[tuple[str, str], str]  # texts of a table by row and heading
Tables = list[tuple[Form, Source]]  # those of a file that hold a form, each with what it was read from


def chosen(
    sources: list[Source], catalogues: list[Catalogue], answers: dict[str, str], columns: str, path: Path
) -> tuple[Catalogue, Tables]:
    """The official form that a file holds, and the table that holds it, or several that are parts of one report.

    `sources` is what was read, `catalogues` the forms there are, `answers` what headings mean, `columns` the table that
    is asked for, `path` the file. Of several forms it is the one that knows every label for certain, else the one that
    knows half of them or more; where that are several, the one whose heading the file has. Raises ReformError where
    none is found, where none fits or several do, and for a form that stands in tables of several reports.
    """
    forms = {catalogue.form.id: catalogue for catalogue in catalogues}
    known = {name: Known.of(catalogue) for name, catalogue in forms.items()}
    if not forms:
        raise ReformError("there is no official form", expected="folders with form.yml under data/forms")
    read = [(source, tables_in(source, answers)) for source in sources]
    tables = {
        name: [(form, source) for source, own in read for form in find_forms(source, own, one, answers)]
        for name, one in known.items()
    }
    name = next(iter(forms)) if len(forms) == 1 else _fitting(sources, forms, known, tables, path)
    return forms[name], _of_one_report(tables[name], sources, known[name], columns, path)


def _fitting(
    sources: list[Source], forms: dict[str, Catalogue], known: dict[str, Known], tables: dict[str, Tables], path: Path
) -> str:
    """The name of the one form of several that fits the labels of a file."""
    shares = {name: _share_known(tables[name], one) for name, one in known.items()}
    found = {name: share for name, share in shares.items() if share is not None}
    if not found:
        raise _no_form(sources, list(known.values()), path)
    fitting = [name for name, share in found.items() if share == 1] or [n for n, share in found.items() if share >= 0.5]
    if len(fitting) > 1:
        fitting = [name for name in fitting if _is_headed(sources, forms[name])] or fitting
    if len(fitting) == 1:
        return fitting[0]
    several = f"{len(fitting)} forms fit the labels" if fitting else "no form fits the labels"
    raise ReformError(
        f"which form is it? {several}",
        where=str(path),
        expected="; ".join(f"{name}, which knows {found[name]:.0%} of the labels" for name in fitting or found),
        fix=f"name it, or the folder of another: --form {next(iter(fitting or found))}",
    )


def _share_known(tables: Tables, known: Known) -> float | None:
    """The share of the rows with figures whose label a form knows for certain; None where it is not found.

    Of several tables that hold it, of the one with most.
    """
    shares = []
    for form, _ in tables:
        rows = [row for row in form.rows if row.label and row.has_figures()]
        certain = sum(best(row.label, "", known).certain for row in rows)
        shares.append(certain / len(rows) if rows else 0.0)
    return max(shares, default=None)


def _is_headed(sources: list[Source], catalogue: Catalogue) -> bool:
    """Whether the words by which the heading of a form is known stand in the text or the cells of a file."""
    texts = [text for source in sources for text in source.paragraphs]
    texts += [cell for source in sources for grid in source.grids for row in grid.rows for cell in row if cell]
    words = [unaccented(word.lower()) for word in catalogue.form.heading_words]
    return any(word in unaccented(text.lower()) for text in texts for word in words)


def _of_one_report(tables: Tables, sources: list[Source], known: Known, columns: str, path: Path) -> Tables:
    """The tables that hold the form. Raises ReformError where there is none, or where they are of several reports."""
    forms = _called(tables, columns) if columns and tables else tables
    if not forms:
        raise _no_form(sources, [known], path)
    told = [(form.group, _figures(form)) for form, _ in forms]
    if any(_apart(one, other) for one, other in combinations(told, 2)):
        raise ReformError(
            "more than one table holds the form",
            where="; ".join(f"{f.place}{f' («{f.group}»)' if f.group else ''}: {f.fit} rows" for f, _ in forms),
            fix="take one with --columns and words of the heading above its columns, or the end of its place, such as "
            "--columns 'sheet PL7'; files of several reports are ingested one by one",
        )
    if twice := [form for form, _ in forms if form.twice]:
        raise ReformError(
            f"a period heads more than one column: {', '.join(twice[0].twice)}",
            where=twice[0].place,
            fix="remove the columns that are not meant (plans, other units), or name a group with --columns",
        )
    return forms


def _apart(one: tuple[str, Figures], other: tuple[str, Figures]) -> bool:
    """Whether two tables are of two bodies, or one of plans: under other words, or half of what both tell differs."""
    (group, a), (other_group, b) = one, other
    both = a.keys() & b.keys()
    return group != other_group or (bool(both) and sum(a[cell] == b[cell] for cell in both) * 2 <= len(both))


def _figures(form: Form) -> Figures:
    """The texts of a table by row and heading."""
    texts = (
        (spelled(row.label) or row.number, head, clean(text)) for row in form.rows for head, text in row.cells.items()
    )
    return {(label, key_of(head)): text for label, head, text in texts if text}


def _called(forms: Tables, columns: str) -> Tables:
    """Forms whose group of columns holds the words, else those whose place ends in them."""
    words = columns.casefold()
    of_group = [(form, source) for form, source in forms if words in form.group.casefold()]
    chosen = of_group or [(form, source) for form, source in forms if form.place.casefold().endswith(words)]
    if not chosen:
        expected = "; ".join(f"{form.place} «{form.group}»" for form, _ in forms)
        raise ReformError(f"no table or group of columns is called {columns!r}", expected=expected)
    return chosen


def _no_form(sources: list[Source], forms: list[Known], path: Path) -> ReformError:
    lines = dict.fromkeys(line for source in sources for known in forms for line in labelled_tables(source, known))
    hint = "; its labels stand in:\n    " + "\n    ".join(lines) if lines else ""
    return ReformError(
        f"the form was not found among {sum(len(source.grids) for source in sources)} tables{hint}",
        where=str(path),
        expected="a table whose headings are periods (`Năm 2019`) and whose labels are those of an official form",
        fix="name the file that holds it; what other headings mean can be told in a mapping file, such as\n"
        "    kind,printed,means\n    heading,Kỳ báo cáo,Quý I/2024",
    )
