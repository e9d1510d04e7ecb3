"""Which official form a file holds, and in which of its tables: by the labels of its rows, else it is a question."""

from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest.form import Form, find_forms, labelled_tables
from reformlib.ingest.match import Known, best
from reformlib.ingest.source import Source
from reformlib.load.catalogue import Catalogue
from reformlib.load.labels import unaccented

Tables = list[tuple[Form, Source]]  # those of a file that hold a form, each with what it was read from


def chosen(
    sources: list[Source], catalogues: list[Catalogue], answers: dict[str, str], columns: str, path: Path
) -> tuple[Catalogue, Form, Source]:
    """The official form that a file holds, and the table that holds it.

    `sources` is what was read, `catalogues` the forms there are, `answers` what headings mean, `columns` the table that
    is asked for, `path` the file. Of several forms it is the one that knows every label for certain, else the one that
    knows half of them or more; where that are several, the one whose heading the file has. Raises ReformError where
    none is found, where none fits or several do, and for a form that stands in several tables.
    """
    forms = {catalogue.form.id: catalogue for catalogue in catalogues}
    known = {name: Known.of(catalogue) for name, catalogue in forms.items()}
    if not forms:
        raise ReformError("there is no official form", expected="folders with form.yml under data/forms")
    tables = {
        name: [(form, source) for source in sources for form in find_forms(source, one, answers)]
        for name, one in known.items()
    }
    name = next(iter(forms)) if len(forms) == 1 else _fitting(sources, forms, known, tables, path)
    return forms[name], *_the_table(tables[name], sources, known[name], columns, path)


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


def _the_table(tables: Tables, sources: list[Source], known: Known, columns: str, path: Path) -> tuple[Form, Source]:
    """The one form among all tables. Raises ReformError where there is none, or more than one."""
    forms = _called(tables, columns) if columns and tables else tables
    if not forms:
        raise _no_form(sources, [known], path)
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
        "    kind,printed,means\n    heading,Quý I/2020,Năm 2020 (Tính đến 31/3)",
    )
