"""What a check has found in a report, and how it is told in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reformlib import locale
from reformlib.check.verdict import CONSISTENT, Verdict
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report

LEVELS = ("cell", "report", "sections", "sources")
SEVERITIES = ("error", "warning", "information")

# A text in every language, by language code.
Both = Mapping[str, str]
Series = tuple[str, str]

_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}


@dataclass(frozen=True)
class Found:
    """One thing that a check of the package looked at.

    `verdicts` are told one after another, the first decides; `series` (indicator, service level) and `years` say what
    it is about; `severity` is given where it is not the check's own; `names` translates words inside the verdicts
    (English → both languages); `where` is given where it is no cell of the annex.
    """

    verdicts: tuple[Verdict, ...]
    series: tuple[Series, ...] = ()
    years: tuple[int, ...] = ()
    severity: str = ""
    names: Mapping[str, Both] = field(default_factory=dict, hash=False)
    where: Both | None = None

    @property
    def outcome(self) -> str:
        return self.verdicts[0].outcome


@dataclass(frozen=True)
class Check:
    """A check that runs on any report: what it looks at and what its findings mean.

    `title` tells an exception ({name}: the series), `passed` that there is none. The texts are English messages.
    """

    id: str
    level: str
    severity: str
    run: Callable
    title: str
    passed: str
    consequence: str
    explanation: str = ""


def say(message: str, **fields: object) -> Both:
    """An English message in every language; a field may itself be a text in every language."""
    return {
        language: locale.translator(language)(
            message,
            **{name: value[language] if isinstance(value, Mapping) else value for name, value in fields.items()},
        )
        for language in locale.LANGUAGES
    }


def join(texts: list[Both], separator: str = "; ") -> Both:
    """Several texts as one, in every language; repeated ones once."""
    return {language: separator.join(dict.fromkeys(t[language] for t in texts)) for language in locale.LANGUAGES}


def tell(verdicts: tuple[Verdict, ...], names: Mapping[str, Both] | None = None) -> Both:
    """The computations of verdicts in every language, numbers, dates and percent signs as its readers write them."""
    return join([{language: _text(one, language, names or {}) for language in locale.LANGUAGES} for one in verdicts])


def _text(verdict: Verdict, language: str, names: Mapping[str, Both]) -> str:
    translate, percent = locale.translator(language), "\u00a0%" if language == "vi" else "%"

    def word(text: str) -> str:
        if text in names:
            return names[text][language]
        # Years, signs, and sentences of fields alone are the same in every language.
        bare = re.sub(r"\{\w+\}", "", text)
        told = translate(text) if any(c.isalpha() for c in bare) else _SIGNS.get(text, text)
        return told.replace(" %", percent)

    def number(value: object) -> str:
        if isinstance(value, date):
            return locale.day(value, language)
        decimals = max(0, -value.as_tuple().exponent) if hasattr(value, "as_tuple") else 0
        return locale.number(value, language, decimals)

    return verdict.text(translate=word, number=number)


@cached_by_owner
def series_name(report: Report, series: Series) -> Both:
    """Short name of a series with its service level."""
    row = report.catalogue.rows_by("indicators", "indicator")[series[0]]
    name = {language: row[f"short_{language}"] for language in locale.LANGUAGES}
    return join([name, say("level {level}", level=series[1])], ", ") if series[1] else name


@cached_by_owner
def cell_place(report: Report, series: tuple[Series, ...], years: tuple[int, ...] = ()) -> Both:
    """Place in the annex: `Annex 7, row 11, level 3, 2019`; rows of other levels apart, `row 9; row 11, level 3`."""
    rows = report.catalogue.rows_by("indicators", "indicator")
    levels: dict[int, list[str]] = {}
    for indicator, level in series:
        levels.setdefault(int(rows[indicator]["form_row"]), []).append(level)
    alike: dict[tuple[str, ...], list[int]] = {}
    for number in sorted(levels):
        alike.setdefault(tuple(sorted({level for level in levels[number] if level})), []).append(number)
    told = []
    for some, numbers in alike.items():
        parts = [say("row {row}" if len(numbers) == 1 else "rows {row}", row=ranges(numbers))]
        level = "levels {level}" if len(some) > 1 else "level {level}"
        told.append(join(parts + ([say(level, level=", ".join(some))] if some else []), ", "))
    place = [{"en": report.meta.annex_en, "vi": report.meta.annex_vi}, join(told)]
    return join(place + ([say("{years}", years=ranges(sorted(set(years))))] if years else []), ", ")


def ranges(numbers: list[int]) -> str:
    """Whole numbers with runs of three or more drawn together.

    >>> ranges([1, 2, 3, 5, 7, 8])
    '1–3, 5, 7, 8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def passes(found: Found) -> bool:
    """Whether nothing is objected to."""
    return found.outcome == CONSISTENT
