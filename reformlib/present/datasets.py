"""The tables that the notebooks use, by name, for people and machines that want them without a page.

What a table is worked out with is imported when it is asked for: `reformlib table observations` needs no projections.
"""

from pkgutil import resolve_name

import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import codes, each_row
from reformlib.present.names import TOGETHER, check_name
from reformlib.present.page import Page

_CAVEATS, _BASES, _METHODS = "measure.gaps:CAVEATS", "project.series:BASES", "measure.methods"
_PROGRESS = {"facts": f"{_METHODS}:FACTS", "told": f"{_METHODS}:TOLD", "story": f"{_METHODS}:STORIES"}
_WORDS_OF = {"judgement": "JUDGEMENTS", "scope": "JUDGED_OF", "bears": "BEARS", "grade": "GRADES"}
_PROGRAMME = {column: f"measure.programme:{words}" for column, words in _WORDS_OF.items()}
_HINDSIGHT = {"within": "project.hindsight:WITHIN", "unscored": "project.hindsight:UNSCORED"}
_CHANCES = {"natural_frequency": "project.chances:FREQUENCIES", "basis": _BASES, "caveat": _CAVEATS}
# Of a table that is calculated: the function, and of its columns with codes where their words are; "" where a cell is
# an English message itself.
CALCULATED: dict[str, tuple[str, dict[str, str]]] = {
    "changes": ("measure.change:changes", {"reason": ""}),
    "gaps": ("measure.gaps:gaps", {"reason": "measure.gaps:REASONS", "caveat": _CAVEATS}),
    "target_bases": ("measure.gaps:target_bases", {"verdict": "measure.gaps:VERDICTS"}),
    "progress": (f"{_METHODS}:progress_table", {"label": "", "reason": ""} | _PROGRESS),
    "programme": ("measure.programme:programme", _PROGRAMME),
    "coverage": ("measure.coverage:coverage", {"findings": "measure.coverage:FINDINGS"}),
    "projections": ("project.series:projections", {"basis": _BASES}),
    "hindsight": ("project.hindsight:with_editions", _HINDSIGHT),
    "target_probabilities": ("project.chances:target_probabilities", _CHANCES),
}
HIDDEN = ["first_place", "last_place", "text_vi", "text_en", "counts_vi", "counts_en", "why_vi", "why_en"]


def differences(before: Report, after: Report, *, language: str = "en") -> pd.DataFrame:
    """What one edition says otherwise than the other, :func:`reformlib.compare.editions.diff`, with its codes in words.

    `what` tells group and kind in `language`, `name` the subject.
    """
    from reformlib.compare.editions import GROUPS, KINDS, diff

    page, frame = Page(before, language), diff(before, after)
    what = [f"{page._(GROUPS[row.group])}: {page._(KINDS[row.kind])}" for row in each_row(frame)]
    frame.insert(2, "what", pd.Series(what, dtype=object))
    frame.insert(4, "name", frame[f"name_{language}"])
    return frame.drop(columns=["name_vi", "name_en"])


def dataset(name: str, report: Report, *, language: str = "en") -> pd.DataFrame:
    """One table by its name.

    Remarks, reasons and caveats come as words in `language`; numbers stay numbers, missing stays missing, dates
    are dates; series and targets are named beside their codes (:func:`named`). `observations` has the columns
    indicator, form_row, level, name, year, as_of, value, unit, status, raw, place, note. Raises ReformError naming the
    tables there are.
    """
    check_name(name)
    return named(report, _dataset(name, report, language), language)


def named(report: Report, frame: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """A table with names beside its codes: `name` behind `indicator` or `level`, `wording` behind `target_id`.

    A code that the form or the targets do not have is named by an empty text; a table that has a column of that name
    keeps it. Raises ReformError for a language that there is not.

    >>> from reformlib.load.report import load_report
    >>> named(load_report("tra-vinh-2020"), pd.DataFrame({"indicator": ["lan"], "value": [71]}), "vi")
      indicator                            name  value
    0       lan  Cơ quan dùng mạng nội bộ (LAN)     71
    """
    if not isinstance(frame, pd.DataFrame):
        raise ReformError(f"not a table: {frame!r}", expected="a DataFrame, such as report.observations")
    page, frame = Page(report, language), frame.copy(deep=False)
    series, targets = (page.catalogue.rows_by(*key) for key in (("indicators", "indicator"), ("targets", "id")))
    if "indicator" in frame and "name" not in frame:
        levels = frame["level"] if "level" in frame else [""] * len(frame)
        pairs = zip(frame["indicator"], levels, strict=True)
        names = [page.series_name(code, level) if code in series else "" for code, level in pairs]
        behind = list(frame.columns).index("level" if "level" in frame else "indicator") + 1
        frame.insert(behind, "name", pd.Series(names, frame.index, dtype=object))
    if "target_id" in frame and "wording" not in frame:
        says = [page.wording(code) if code in targets else "" for code in frame["target_id"]]
        frame.insert(list(frame.columns).index("target_id") + 1, "wording", pd.Series(says, frame.index, dtype=object))
    return frame


def _dataset(name: str, report: Report, language: str) -> pd.DataFrame:
    if name in CALCULATED:
        return _calculated(name, Page(report, language))
    if name in TOGETHER:
        return _together(name, Page(report, language))
    if name in ("checks", "reliability"):
        return resolve_name(f"reformlib.present.findings:{name}")(report, language)
    if name == "observations":
        frame = report.observations
        if language == "vi":
            frame = frame.assign(place=frame["place_vi"], note=frame["note_vi"])
        return frame.drop(columns=["place_vi", "note_vi"])
    return getattr(report, name)


def _calculated(name: str, page: Page) -> pd.DataFrame:
    """A table that is calculated, its codes in words."""
    given = page.report.observations if name == "changes" else page.held.report
    frame = in_words(page, name, resolve_name(f"reformlib.{CALCULATED[name][0]}")(given))
    if name == "gaps":
        held = resolve_name("reformlib.measure.gaps:HELD")
        told = [page._(held[row.held], date=page.day(row.held_since)) if row.held else "" for row in each_row(frame)]
        frame = frame.assign(held=told)
    if name == "hindsight":
        frame = frame.assign(**{column: frame[f"{column}_{page.language}"] for column in ("counts", "why")})
    if name == "programme":
        cited = {point.place: page.cited(point) for point in each_row(page.report.observations)}
        frame = frame.assign(compared=frame["compared"].replace(cited))
    if "text_vi" in frame:
        frame.insert(3, "text", frame[f"text_{page.language}"])
    return frame.drop(columns=HIDDEN, errors="ignore")


def in_words(page: Page, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table that is calculated, or some of its columns, with the codes of reasons, caveats and the like in words."""

    def words(column: str, cell: str, where: str) -> str:
        if not where:
            return page._(cell) if cell else ""
        return "; ".join(page.words(cell, resolve_name(f"reformlib.{where}"), column))

    columns = {column: where for column, where in CALCULATED[name][1].items() if column in frame}
    return frame.assign(**{name: [words(name, cell, at) for cell in frame[name]] for name, at in columns.items()})


def _together(name: str, page: Page) -> pd.DataFrame:
    """The units of the report's place together: their sums, the missing named, or who has reported and who has not."""
    from reformlib.compare.rollup import KINDS, WANTING, of_place

    found, name_ = of_place(page.report), f"name_{page.language}"
    names = dict(zip(found.bodies["body"], found.bodies[name_], strict=True))
    frame = found.sums if name == "rollup" else found.bodies
    frame = frame.assign(kind=[page._(KINDS[kind]) for kind in frame["kind"]])
    if name == "rollup":
        named = {
            column: ["; ".join(names[code] for code in codes(cell)) for cell in frame[column]]
            for column in (*WANTING, "not_listed")
        }
        return frame.assign(**named)
    frame.insert(1, "name", frame[name_])
    frame.insert(2, "reported", frame["reports"] != "")
    return frame.drop(columns=["name_vi", "name_en"])
