"""What a check gives, result by result, and the finding that a reader gets of it; what cells and series are called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reformlib.check.periods import in_time, running_number
from reformlib.check.sentence import Field, PeriodName, Terms, Verbatim, listed, text
from reformlib.check.verdict import CONSISTENT, Verdict
from reformlib.load.cache import cached_by_owner
from reformlib.load.catalogue import Catalogue
from reformlib.load.report import Report
from reformlib.load.rows import grouped

LEVELS = ("cell", "report", "sections", "sources")
SEVERITIES = ("error", "warning", "information")

# What a sentence makes of a series, each more than the one before: it tells a figure, starts from it, sets another
# against it, says how fast that was or carries it forward. Besides: it takes a figure as a share of a total that the
# text states; it counts rows as so many facts.
USES = ("figure", "base", "step", "pace")
SHARE, ROWS = "share", "rows"

# A series of the annex: indicator, service level ("" where the indicator has none).
SeriesKey = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """One thing that a check looked at.

    `verdicts` are given one after another, the first decides; `series` and `periods`, codes, say what it is about;
    `severity` is given where it is not the check's own; `where` (sentences or parts of them) where it is no cell of the
    annex.
    """

    verdicts: tuple[Verdict, ...]
    series: tuple[SeriesKey, ...] = ()
    periods: tuple[str, ...] = ()
    severity: str = ""
    where: tuple[object, ...] = ()

    @property
    def outcome(self) -> str:
        """That of the first verdict, one of `reformlib.check.verdict.OUTCOMES`."""
        return self.verdicts[0].outcome

    @property
    def passes(self) -> bool:
        """Whether nothing is objected to."""
        return self.outcome == CONSISTENT


@dataclass(frozen=True)
class Finding:
    """Results of one check that are reported together.

    `check` is the check's id; `level` what is set against what (one of `LEVELS`); `series` the series it bears on. The
    texts, from `where` on, are sentences in no language; the explanation is an innocent one, where there is.
    `objects_to` are the uses, of `USES`, `SHARE` and `ROWS`, that no sentence may make of the series without saying so,
    and `clause` what it then says, a title that may begin with the name of the series; `points` are the figures
    objected to, by series and code of the period: all of a series that has none here.
    """

    check: str
    level: str
    severity: str
    outcome: str
    series: tuple[SeriesKey, ...]
    where: object
    computation: object
    title: object
    consequence: object
    explanation: object
    objects_to: tuple[str, ...] = ()
    clause: object = ""
    points: tuple[tuple[SeriesKey, str], ...] = ()

    def __repr__(self) -> str:
        about = "; ".join(":".join(filter(None, key)) for key in self.series) or "the report"
        return f"<Finding {self.check}: {self.outcome} ({self.severity}), {about}>"


def annex_name(report: Report) -> Field:
    """What the report calls its annex of indicators."""
    return Field(report.meta, "annex")


def series_name(report: Report, series: SeriesKey) -> object:
    """Short name of a series with its category."""
    name = Field(report.catalogue.rows_by("indicators", "indicator")[series[0]], "short")
    return listed([name, level_name(report.catalogue, series)], ", ") if series[1] else name


def level_name(catalogue: Catalogue, series: SeriesKey) -> Field:
    """Name of the category of a series that has one."""
    return Field(catalogue.level_names[series[0]][series[1]], "name")


def cell_place(report: Report, series: Iterable[SeriesKey], periods: Iterable[str] = ()) -> Terms:
    """Place in the annex: `Annex 7, row 11, level 3, 2019`; rows of other levels apart, `row 9; row 11, level 3`."""
    return cell_places(report, [(series, periods)])


def cell_places(report: Report, cells: Iterable[tuple[Iterable[SeriesKey], Iterable[str]]]) -> Terms:
    """Places in the annex of series, each with the periods of its own: `Annex 7, row 11, level 4, 2017; row 11, level
    3, 2019`."""
    named = [
        listed([_rows(report.catalogue, tuple(sorted(series))), *period_names(periods)], ", ")
        for series, periods in cells
    ]
    return listed([annex_name(report), listed(named)], ", ")


@cached_by_owner
def _rows(catalogue: Catalogue, series: tuple[SeriesKey, ...]) -> Terms:
    """Rows of the annex, those of the same levels together."""
    in_form, own = list(catalogue.rows), catalogue.row_words
    levels: dict[int, dict[str, Field]] = {}
    for indicator, level in series:
        some = levels.setdefault(in_form.index(catalogue.row_of(indicator, level)), {})
        if level and indicator not in own:
            some[level] = level_name(catalogue, (indicator, level))
    alike: dict[tuple[str, ...], list[int]] = {}
    for number in sorted(levels):
        alike.setdefault(tuple(name.text("vi") for name in levels[number].values()), []).append(number)
    places = []
    for numbers in alike.values():
        row = text(
            "row {row}" if len(numbers) == 1 else "rows {row}", row=Verbatim(ranges(numbers, in_form.__getitem__))
        )
        places.append(listed([row, *levels[numbers[0]].values()], ", "))
    return listed(places)


def period_names(codes: Iterable[str]) -> list[object]:
    """Names of periods in the order of time, those of one frequency together, three or more in a row drawn together:
    `2015–2017, 2019`, `Q1 2020`."""
    return list(_period_names(frozenset(codes)))


@lru_cache  # the columns of thousands of reports are headed alike
def _period_names(codes: frozenset[str]) -> tuple[object, ...]:
    names: list[object] = []
    ordered = grouped(sorted(codes, key=in_time), lambda code: running_number(code)[0])
    for frequency, alike in ordered.items():
        shown: list[object] = []
        for _, run in groupby(enumerate(alike), lambda pair: running_number(pair[1])[1] - pair[0]):
            ends = [PeriodName(code) for _, code in run]
            shown += [Terms(((ends[0], ends[-1]),), pattern="{}–{}")] if len(ends) > 2 else ends
        names += [text("{years}", years=listed(shown, ", "))] if frequency == "Y" else shown
    return (*names,)


def ranges(numbers: list[int], name: Callable[[int], str] = str) -> str:
    """Whole numbers with runs of three or more drawn together, each as `name` says it.

    >>> ranges([1, 2, 3, 5, 7, 8])
    '1–3, 5, 7, 8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{name(run[0])}–{name(run[-1])}" if len(run) > 2 else ", ".join(map(name, run)) for run in runs)
