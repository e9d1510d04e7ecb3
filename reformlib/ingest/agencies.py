"""Tables with agencies as rows and indicators as columns, as scores of many are published: one report each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError
from reformlib.ingest import sandbox
from reformlib.ingest.body import counts_columns
from reformlib.ingest.folder import default_folder, refuse_existing, report_name
from reformlib.ingest.headings import longest, row_number
from reformlib.ingest.match import Known, best
from reformlib.ingest.run import Ingested, read_report, refuse_open, refuse_strange
from reformlib.ingest.source import Grid, Source
from reformlib.ingest.wording import is_period, one_line
from reformlib.load.catalogue import load_catalogue
from reformlib.load.labels import spelled, unaccented
from reformlib.paths import form_names

HEAD = ["STT", "Chỉ tiêu"]
_YEAR = re.compile(r"\bnăm\s+((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_PART = re.compile(r"\b(?:quý|tháng)\b", re.IGNORECASE)
_RANK = re.compile(r"(?:xep |thu )?hang\b|thu bac\b|vi thu\b|rank")
_SUMMARY = re.compile(r"(?:trung binh|binh quan|trung vi|tong|cong|ca nuoc|cao nhat|thap nhat|average|total|mean)\b")


@dataclass(frozen=True)
class Agencies:
    """The agencies of a table, each with its row turned into a form of its own; `left_out` are rows of no agency
    and columns of ranks."""

    forms: dict[str, Grid]
    left_out: list[str]


def ingest_agencies(
    path: Path, folder: Path | None, *, edition: str, period: str = "", form: str | Path | None = None, **options: Any
) -> tuple[list[Ingested], list[str]]:
    """Make a report folder of every agency of a file, and tell the rows and columns that are left out.

    The folders lie in `folder`, by default among the reports of the project; `period` is the heading that all figures
    are of, where the file names none or several; `options` are those of :func:`reformlib.ingest.run.ingest`. An agency
    that data/units.csv has brings its names and place. Raises ReformError where no form has columns for its rows, where
    two rows are one agency, and for doubts of any of them; then nothing is written.
    """
    given = options.pop("given", None) or {}
    source = options.pop("reader", sandbox.read)(path, given.get("locale") or "vi")
    known = {name: Known.of(load_catalogue(name)) for name in ([form] if form else form_names())}
    found = {name: agencies_of(source, one, period) for name, one in known.items()}
    name = max(found, key=lambda name: max((len(grid.rows) for grid in found[name].forms.values()), default=0))
    if not found[name].forms:
        what = f"{path.name}: no table has agencies as rows and indicators as columns"
        raise ReformError(what, where=str(path), expected="labels of a form over the columns", fix="name it: --form")
    bodies = load_catalogue(name).bodies
    makes, again = [], bool(options.pop("replace", False))
    for agency, grid in found[name].forms.items():
        body = next((row for row in bodies.values() if spelled(row["name_vi"]) == spelled(agency)), None)
        about = {"unit_en": body["name_en"]} | {key: body[key] for key in ("place_vi", "place_en")} if body else {}
        # the agency did not write the table: its source is who published it
        about |= {"source_vi": given.get("title_vi") or path.name, "source_en": given.get("title_en") or path.name}
        target = folder / report_name(agency, edition) if folder else default_folder(agency, edition)
        refuse_existing(target, replace=again)
        more = {"unit": agency, "edition": edition, "form": name, "given": about | given}
        makes.append(read_report(path, [replace(source, grids=[grid])], target, **more, **options))
    refuse_strange(options.get("mapping"), makes)
    refuse_open(makes)
    for made in makes:
        made.write(replace=again)
    return makes, found[name].left_out


def agencies_of(source: Source, known: Known, period: str = "") -> Agencies:
    """The agencies in the tables of a file, by the labels of a form that stand over their columns.

    Below the labels may stand the headings of several periods; else `period` is that of all figures, or the one year
    that the words above the table name. Rows without a figure, averages, totals and numbers of columns are no agency.
    Raises ReformError for an agency that stands in two rows, and where no period is named, or several are.
    """
    forms: dict[str, Grid] = {}
    left_out: list[str] = []
    for grid in source.grids:
        top = _head(grid, known)
        if top is None:
            continue
        labels = _spread(grid.rows[top])
        columns = [c for c, text in enumerate(labels) if best(text, "", known).certain]
        ranks = [c for c in columns if _is_rank(grid, top, c)]
        left_out += [f"{grid.place}, column {c + 1}: ranks in «{labels[c]}»" for c in ranks]
        scores = [c for c in columns if c not in ranks]
        dated = _dated(grid, top, scores)
        headings = dated or dict.fromkeys(scores, period or _period(grid, top, source))
        _refuse_twice(grid, top, labels, headings)
        names = longest(grid.rows[top + 1 :], list(range(min(columns))))  # none where figures stand in the first column
        for r in range(top + 1 + bool(dated), len(grid.rows)):
            row = grid.rows[r]
            agency = one_line(row[names[0]] or "") if names else ""
            if not _has_figure(row, headings) or counts_columns(row):
                continue
            if not agency or row_number(agency.strip("()")) or _SUMMARY.match(unaccented(spelled(agency))):
                left_out.append(f"{grid.place}, row {r + 1}: «{agency}», no agency")
                continue
            if agency in forms:
                what = f"«{agency}» stands in two rows"
                raise ReformError(what, where=f"{forms[agency].place}; row {r + 1}", fix="delete one of them")
            forms[agency] = _turned(grid, r, labels, headings)
    return Agencies(forms, left_out)


def _has_figure(row: Sequence[str | None], columns: Iterable[int]) -> bool:
    return any(c < len(row) and re.search(r"\d", row[c] or "") for c in columns)


def _is_rank(grid: Grid, top: int, column: int) -> bool:
    """Whether one of the two rows below the labels calls a column a rank, which stands beside a score."""
    below = [row[column] or "" for row in grid.rows[top + 1 : top + 3] if column < len(row)]
    return any(_RANK.match(unaccented(spelled(one_line(cell)))) for cell in below)


def _dated(grid: Grid, top: int, columns: list[int]) -> dict[int, str]:
    """The heading of a period that stands below the label of each column, where there are any."""
    below = _spread(grid.rows[top + 1]) if top + 1 < len(grid.rows) else []
    return {c: below[c] for c in columns if c < len(below) and is_period(below[c])}


def _refuse_twice(grid: Grid, top: int, labels: list[str], headings: dict[int, str]) -> None:
    """Raise ReformError for two columns of one indicator and period: which holds the figures is not known."""
    told: dict[tuple[str, str], int] = {}
    for c, heading in headings.items():
        first = told.setdefault((labels[c], heading), c)
        if first != c:
            raise ReformError(
                f"«{labels[c]}», {heading} heads two columns: {first + 1} and {c + 1}",
                where=f"{grid.place}, row {top + 1}",
                expected="one column an indicator and period; one of ranks has `Xếp hạng` below its label",
                fix="delete the columns that are not meant",
            )


def _head(grid: Grid, known: Known) -> int | None:
    """The row that holds labels of two indicators or more, None where there is none."""
    matches = [[best(one_line(cell), "", known) for cell in row if cell] for row in grid.rows[:20]]
    counts = [len({match.indicator for match in row if match.certain}) for row in matches]
    return counts.index(max(counts)) if max(counts, default=0) >= 2 else None


def _spread(row: list[str | None]) -> list[str]:
    """The labels of a row over all columns that they cover."""
    texts: list[str] = []
    for cell in row:
        texts.append(one_line(cell) if cell is not None else texts[-1] if texts else "")
    return texts


def _period(grid: Grid, top: int, source: Source) -> str:
    """The one year that the words above a table name, as a heading."""
    texts = [grid.place, *(cell for row in grid.rows[:top] for cell in row if cell), *source.paragraphs]
    years = {year for text in texts for year in _YEAR.findall(text)}
    if len(years) != 1 or any(_PART.search(text) for text in texts if _YEAR.search(text)):
        told = ", ".join(sorted(years)) or "none"
        what = f"which period are the figures of? Years named: {told}"
        raise ReformError(what, where=grid.place, expected="one period", fix='name it: --period "Năm 2023"')
    return f"Năm {years.pop()}"


def _turned(grid: Grid, r: int, labels: list[str], headings: dict[int, str]) -> Grid:
    """The row of an agency as a form: a line an indicator, a column a period."""
    periods = list(dict.fromkeys(headings.values()))
    lines: dict[str, list[str | None]] = {
        label: ["", label, *[""] * len(periods)] for label in dict.fromkeys(labels[c] for c in headings)
    }
    why, doubts = {c: code for (row, c), code in grid.doubts.items() if row == r}, {}
    for c, heading in headings.items():
        at = len(HEAD) + periods.index(heading)
        lines[labels[c]][at] = grid.rows[r][c]
        if c in why:
            doubts[list(lines).index(labels[c]) + 1, at] = why[c]
    head: list[str | None] = [*HEAD, *periods]
    return Grid(f"{grid.place}, row {r + 1}", [head, *lines.values()], doubts)
