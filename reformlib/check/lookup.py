"""Figures, dates and words that an entry of `checks.yml` names, looked up in the report."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reformlib.check.annex import each_series, printed_value
from reformlib.check.declared import Cell, Quote, Ref, When, checks_file
from reformlib.check.finding import SeriesKey, annex_name, cell_place
from reformlib.check.rounding import exact
from reformlib.check.sentence import Field, Terms, Verbatim
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.cells import parse_number
from reformlib.load.report import Report

# The tables whose rows a quote may name, by the column of their codes.
QUOTED = {"fact": "facts", "result": "results", "limitation": "limitations", "task": "tasks", "document": "documents"}


@cached_by_owner
def _points(report: Report) -> dict[Cell, object]:
    return {(p.indicator, p.level, p.year): p for series in each_series(report) for p in reversed(series.points)}


@dataclass(frozen=True)
class Lookup:
    """What an entry names, in one report; collects the `places` where it stands and the `series` it is taken from.

    Every method raises ReformError naming file and entry for anything that the report does not have.
    """

    report: Report
    entry: str
    places: list[object] = field(default_factory=list)
    series: list[SeriesKey] = field(default_factory=list)

    def missing(self, what: str, code: object, codes: Iterable[object]) -> ReformError:
        """The error for a code that is none of `codes`."""
        close = difflib.get_close_matches(str(code), [str(one) for one in codes], n=1)
        return ReformError(
            f"checks.yml, entry {self.entry}: no such {what}: {code}",
            where=str(checks_file(self.report)),
            fix=f"did you mean {close[0]}?" if close else "",
        )

    def row(self, key: str, code: str) -> dict:
        """A row of the table in which `key` is the column of codes."""
        rows = self.report.rows_by(QUOTED[key], key)
        if code not in rows:
            raise self.missing(key, code, rows)
        row = rows[code]
        if "section" in row:
            self.places.append(Verbatim(row["section"]))
        return row

    def point(self, cell: Cell):
        """The observation of a cell of the annex."""
        indicator, level, year = cell
        points = _points(self.report)
        if cell not in points:
            cells = [f"[{i}, {v!r}, {y}]" for i, v, y in points]
            raise self.missing("cell", f"[{indicator}, {level!r}, {year}]", cells)
        self.places.append(cell_place(self.report, [(indicator, level)], [year]))
        self.series.append((indicator, level))
        return points[cell]

    def check_series(self, keys: Iterable[SeriesKey]) -> None:
        """Raise where a series is not in the annex."""
        series = {one.key for one in each_series(self.report)}
        for indicator, level in keys:
            if (indicator, level) not in series:
                codes = [f"[{i}, {v!r}]" for i, v in sorted(series)]
                raise self.missing("series", f"[{indicator}, {level!r}]", codes)

    def value(self, ref: Ref) -> float | None:
        """A figure; None where the cell is empty."""
        if ref.number is not None:
            return ref.number
        value = self.row("fact", ref.fact)["value"] if ref.fact is not None else self.point(ref.cell).value
        return None if math.isnan(value) else float(value)

    def values(self, refs: list[Ref]) -> list[Fraction | None]:
        """Several figures, exact."""
        return [exact(self.value(ref)) for ref in refs]

    def total(self, refs: list[Ref]) -> Fraction | None:
        """The sum of figures; None where one is missing."""
        values = self.values(refs)
        return None if None in values else sum(values, Fraction(0))

    def printed(self, ref: Ref) -> str:
        """The figure as printed, with a decimal point; empty for an empty cell."""
        if ref.number is not None:
            return str(ref.number)
        if ref.fact is not None:
            raw = self.row("fact", ref.fact)["raw"]
            number = parse_number(raw.removesuffix("%"), locale=self.report.meta.locale)
            return f"{number.value:.{number.decimals}f}"
        point = self.point(ref.cell)
        about = next(one.about for one in each_series(self.report) if one.about.indicator == point.indicator)
        return printed_value(self.report, about, point) or ""

    def name(self, ref: Ref) -> object:
        """What the figure is called: the subject of a fact with its section, the place of a cell."""
        if ref.number is not None:
            return "in the words of the report"
        if ref.cell is not None:
            point = self.point(ref.cell)
            return cell_place(self.report, [(point.indicator, point.level)], [point.year])
        row = self.row("fact", ref.fact)
        return Terms([(Field(row, "subject"), Verbatim(row["section"]))], pattern="{} ({})")

    def named(self, ref: Ref) -> Terms:
        """The figure with its name."""
        name, value, digits = self.name(ref), self.value(ref), self.printed(ref)
        unit = " %" if value is not None and "%" in self.unit(ref) else ""
        return Terms([(name, None if value is None else Decimal(digits), unit)], pattern="{}: {}{}")

    def unit(self, ref: Ref) -> str:
        """The unit of a figure; none for a number written in words."""
        if ref.number is not None:
            return ""
        return self.row("fact", ref.fact)["unit"] if ref.fact is not None else self.point(ref.cell).unit

    def when(self, when: When) -> date | None:
        """A day; None where a document is dated by month or year only."""
        if when.day is not None:
            return when.day
        if when.cell is not None:
            return self.point(when.cell).as_of.date()
        row = self.row("document", when.document)
        self.places.extend(map(Verbatim, row["cited_in"].split(";")))
        return date.fromisoformat(row["date"]) if len(row["date"]) == 10 else None

    def words(self, quote: Quote) -> tuple[str, object]:
        """The words and their section."""
        for key in QUOTED:
            if (code := getattr(quote, key)) is not None:
                row = self.row(key, code)
                sections = row["section"] if "section" in row else row["cited_in"]
                self.places.extend(map(Verbatim, sections.split(";")))
                return row["quote"], Verbatim(sections.replace(";", "; "))
        parts = {code: Verbatim(code) for code in self.report.sections["section"]}
        parts |= {"annex": annex_name(self.report), "title": "title"}
        if quote.section not in parts:
            raise self.missing("section", quote.section, parts)
        self.places.append(parts[quote.section])
        return quote.text, parts[quote.section]

    def quotation(self, quote: Quote) -> Terms:
        """The words in quotation marks with their section."""
        words, section = self.words(quote)
        return Terms([(Verbatim(words), section)], pattern="“{}” ({})")

    def period(self, quote: Quote) -> tuple[int, int]:
        """The last period that a quote names: its first and last year."""
        words, _ = self.words(quote)
        years = re.findall(r"([12]\d{3})\s*[-–]\s*([12]\d{3})", words)
        if not years:
            raise ReformError(
                f"checks.yml, entry {self.entry}: no period in the quote {words!r}",
                where=str(checks_file(self.report)),
                expected="a period such as 2021 - 2030",
            )
        return int(years[-1][0]), int(years[-1][1])
