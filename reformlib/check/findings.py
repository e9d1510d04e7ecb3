"""All checks on one report, as a table; and from it how far each series can be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from reformlib import locale
from reformlib.check import narrative, series
from reformlib.check.declared import About, read_checks, run, words
from reformlib.check.finding import (
    LEVELS,
    SEVERITIES,
    Both,
    Check,
    Found,
    cell_place,
    join,
    passes,
    say,
    series_name,
    tell,
)
from reformlib.check.verdict import CANNOT_TELL, CONSISTENT, INCONSISTENT
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import records

TEXTS = ("where", "computation", "consequence", "title", "explanation")
COLUMNS = [
    *("check", "level", "severity", "outcome", *TEXTS, "indicators", "series"),
    *(f"{name}_vi" for name in TEXTS),
]
RELIABILITY = ("not_usable", "with_care", "reliable", "missing")

# Words for `RELIABILITY`; English messages, translated where they are shown.
RELIABILITY_WORDS = {
    "reliable": "no objection found",
    "with_care": "use with care",
    "not_usable": "not usable",
    "missing": "no figure",
}

_OUTCOMES = (INCONSISTENT, CANNOT_TELL, CONSISTENT)

# Every check that runs on any report, in the order in which findings of one rank are told.
CHECKS: tuple[Check, ...] = (
    Check(
        "share-of-count",
        "report",
        "warning",
        series.share_of_its_count,
        "{name}: a share that no whole number of the things counted gives",
        "The shares are shares of the counts they stand under",
        "It cannot be a share of the count printed for the same column, as its label says. Compute no number of things "
        "from it, and hold it against no target, before its base is known.",
        "The share may be taken of something else than its label says, or of the count at another date in the year.",
    ),
    Check(
        "in-range",
        "cell",
        "error",
        series.in_range,
        "{name}: a figure outside its natural limits",
        "All figures lie within their natural limits",
        "The figure cannot be right as printed. Ask for the right one; do not use it before.",
    ),
    Check(
        "whole-counts",
        "cell",
        "error",
        series.whole_counts,
        "{name}: a count that is not a whole number",
        "All counts are whole numbers",
        "Things that are counted come whole. Ask whether it is an average or a slip; do not use it before.",
    ),
    Check(
        "no-duplicates",
        "report",
        "error",
        series.no_duplicates,
        "{name}: a year stands twice",
        "No year stands twice in a series",
        "Two figures for one year cannot both be the figure of that year. Ask which one holds.",
    ),
    Check(
        "rate-has-base",
        "report",
        "information",
        series.rate_has_base,
        "{name}: a share without a base",
        "Every share has a base above zero",
        "With nothing under it a share of 0 is no measured result: it shows neither success nor failure. Start the "
        "series after it.",
        "Whoever fills in a form may put 0 where there is nothing to count yet.",
    ),
    Check(
        "moves",
        "report",
        "warning",
        series.moves,
        "{name}: the same figure every year",
        "Every series moves, or stands at its natural limit",
        "It may be measured, estimated or copied; as it stands it shows no development and proves no achievement.",
        "A rounded figure can really have stayed the same.",
    ),
    Check(
        "never-falls",
        "report",
        "warning",
        series.never_falls,
        "{name}: a count that falls",
        "No count held at a date falls",
        "If the figure counts everything so far, it cannot fall; if it counts what is in use, growth is net of losses. "
        "Settle which before a pace is computed.",
        "Things go out of use, expire or are merged.",
    ),
    Check(
        "steep-change",
        "report",
        "warning",
        series.steep_change,
        "{name}: a steep change from one year to the next",
        "No figure rises fivefold or falls to a fifth from one year to the next",
        "Read the two figures as one series only after the reason is known; compute no average pace across the step.",
        "A roll-out, a campaign or a new way of counting explains it.",
    ),
    Check(
        "same-base",
        "report",
        "warning",
        series.same_base,
        "{name}: the base of the share has changed",
        "The base of no share has grown fivefold or shrunk to a fifth from one year to the next",
        "The two shares have different bases: their difference shows neither progress nor decline.",
        "The system behind it was being rolled out.",
    ),
    Check(
        "whole-periods",
        "report",
        "warning",
        series.whole_periods,
        "{name}: the latest figure covers part of a year",
        "All figures of a flow cover periods of the same length",
        "Do not compare it with a full year or scale it up to one. Show it as provisional.",
        "The form asks for the figure at this date.",
    ),
    Check(
        "pace-in-part",
        "report",
        "information",
        series.pace_in_part,
        "{name}: far faster in the last months than in the year before",
        "No stock grew several times faster in the last months than in the year before",
        "The last step must not be carried forward.",
        "A campaign before a deadline, or a count taken later than its heading says, explains it.",
    ),
    Check(
        "no-gaps",
        "report",
        "warning",
        series.no_gaps,
        "{name}: a year without a figure",
        "No series has a gap",
        "Missing is not zero. No change can be computed across the gap without saying so.",
    ),
    Check(
        "has-figures",
        "report",
        "warning",
        series.has_figures,
        "{name}: the row is empty",
        "Every row of the form has figures",
        "Empty is not zero: the indicator cannot be assessed. Ask for the figures.",
    ),
    Check(
        "same-decimals",
        "report",
        "information",
        series.same_decimals,
        "{name}: the number of decimals changes",
        "Every share keeps its number of decimals",
        "Another number of decimals suggests another source or another way of calculating from that year.",
        "Zeros at the end may have been dropped.",
    ),
    Check(
        "not-identical",
        "report",
        "information",
        series.not_identical,
        "{name}: the same figures in every year",
        "No two rows have the same figures",
        "Several rows carry the information of one.",
        "Full coverage of the same bodies looks just like this.",
    ),
    Check(
        "years-covered",
        "report",
        "warning",
        narrative.years_covered,
        "Years of the programme without any figure",
        "Every year of the programme has figures",
        "No change over the whole period can be computed; targets of the years without figures cannot be judged.",
        "The form has only these columns.",
    ),
    Check(
        "figures-are-dated",
        "sections",
        "warning",
        narrative.figures_are_dated,
        "Figures in the text carry no date or period",
        "Every figure in the text has its date or period",
        "Do not pair a figure of the text with one of the annex as of one date without saying so; compute no yearly "
        "average from them.",
        "A review of a whole period may mean the period, or the day of writing, without saying so.",
    ),
    Check(
        "period-is-over",
        "report",
        "information",
        narrative.period_is_over,
        "The review closes before its period ends",
        "The figures reach the end of the period",
        "A target for the end of the period that is not yet reached cannot be called missed.",
        "Reviews are ordered before the period ends.",
    ),
    Check(
        "domains-have-figures",
        "report",
        "warning",
        narrative.domains_have_figures,
        "Reform domains without any figure",
        "Every reform domain has figures",
        "What is told of these domains cannot be measured or compared.",
        "Other annexes may hold them.",
    ),
    Check(
        "shortcomings-are-told",
        "sections",
        "warning",
        narrative.shortcomings_are_told,
        "Most domains state that they have no shortcomings",
        "Shortcomings are told for most domains",
        "A statement that there is nothing to improve is not evidence that there is nothing to improve.",
        "Forms of this kind often ask for a word under every heading.",
    ),
    Check(
        "tasks-can-be-measured",
        "report",
        "warning",
        narrative.tasks_can_be_measured,
        "Most proposed tasks name no measurable target",
        "Most proposed tasks name a measurable target",
        "The coming period cannot be monitored from this text. Set a figure, a baseline and a date for each task.",
        "Chapters on orientation are often without figures.",
    ),
    Check(
        "tasks-are-new",
        "sections",
        "warning",
        narrative.tasks_are_new,
        "Results and tasks in the same words",
        "No result is repeated as a task",
        "What stands both as a result and as a task tells neither what was done nor what is to be done.",
        "They may be standing duties that continue.",
    ),
    Check(
        "issuers-fit-numbers",
        "cell",
        "information",
        narrative.issuers_fit_numbers,
        "A document with an issuer that its number does not fit",
        "Issuers fit the numbers of their documents",
        "Cite the document with the issuer that its number stands for.",
        "Possibly a slip of the pen.",
    ),
    Check(
        "document-numbers-rise",
        "report",
        "information",
        narrative.document_numbers_rise,
        "A later document has a lower number",
        "Numbers of documents rise with their dates",
        "One of the dates or numbers cannot be right as printed; look the documents up before citing them.",
    ),
    Check(
        "document-years-agree",
        "cell",
        "information",
        narrative.document_years_agree,
        "A document's number and its date name different years",
        "Numbers and dates of documents name the same year",
        "Look the document up before citing it.",
    ),
    Check(
        "documents-are-dated",
        "cell",
        "information",
        narrative.documents_are_dated,
        "Documents cited without a date",
        "Every document cited has its date",
        "Numbers start again every year, those of the Party every term: without a date the document cannot be found "
        "with certainty.",
        "Well-known documents are often cited in short.",
    ),
    Check(
        "instruments-agree",
        "sources",
        "information",
        narrative.instruments_agree,
        "An instrument is cited with another date than in the target list",
        "Instruments are cited with the dates of the target list",
        "Look the instrument up before citing it.",
    ),
    Check(
        "is-dated",
        "cell",
        "information",
        narrative.is_dated,
        "The report has no number or no day",
        "The report has its number and day",
        "Cite it with the month only; ask whether a signed version exists.",
        "Copies made before signing look like this.",
    ),
)


def checks(report: Report) -> pd.DataFrame:
    """Every check on a report: those that run on any, and the entries of `checks.yml` in its folder.

    One row a finding: `check` the rule's id; `level` cell, report, sections or sources (what is set against what);
    `severity` error (logically impossible), warning (needs an explanation) or information; `outcome` consistent,
    inconsistent or cannot tell; `where`, `computation`, `consequence`, `title`, `explanation` (an innocent one, where
    there is) in English, the same with `_vi` in Vietnamese; `indicators` the indicators whose figures it bears on and
    `series` the same with the service level (`online_services_used:3`), both joined by `;`. A check that runs on every
    series has one row for all those it has nothing to object to. Inconsistent findings come first, then those
    that cannot be told, then consistent ones; within each, errors before warnings before information.

    Raises ReformError naming file and entry where checks.yml is malformed or names what the report does not have.
    """
    return _checks(report, *declarations(report))


def declarations(report: Report) -> tuple[Path, bytes]:
    """The file of a report's own checks and its contents, empty where there is none."""
    path = report.folder / "checks.yml"
    return path, path.read_bytes() if path.is_file() else b""


@cached_by_owner
def _checks(report: Report, path: Path, declared: bytes) -> pd.DataFrame:
    entries, abouts = read_checks(path, declared)
    _known_abouts(report, abouts)
    rows = []
    for check in CHECKS:
        groups = _groups(check, check.run(report))
        rows += [_row(report, check, group, abouts, alone=len(groups) == 1) for group in groups]
    for entry in entries:
        found = run(entry, report)
        texts = words(entry, found) | {"where": found.where, "computation": tell(found.verdicts, found.names)}
        rows.append(_told(entry.id, entry.level, entry.severity, found.outcome, found.series, texts))
    rows.sort(key=lambda row: (_OUTCOMES.index(row["outcome"]), SEVERITIES.index(row["severity"])))
    return pd.DataFrame(rows, columns=COLUMNS)


def reliability(report: Report, findings: pd.DataFrame) -> pd.DataFrame:
    """How far each series of the annex can be relied on, from the findings of :func:`checks` and nothing else.

    One row an indicator and service level, in the order of the form. The rule: `missing` where no year has a figure;
    `not_usable` where an inconsistent finding of severity error bears on the series; `with_care` where any other
    error, or a warning, is inconsistent or cannot be told; else `reliable`. Findings of severity information change
    nothing. `reason` (and `reason_vi`) is the titles of the findings that decided.
    """
    rows = []
    decides = findings[(findings["outcome"] != CONSISTENT) & (findings["severity"] != "information")]
    decides = records(decides)
    for one in series.each_series(report):
        key = _key(one.key)
        opened = [row for row in decides if key in row["series"].split(";")]
        fatal = [row for row in opened if row["outcome"] == INCONSISTENT and row["severity"] == "error"]
        if not one.known:
            code, reason = "missing", say("no figure in any year")
        elif opened:
            code = "not_usable" if fatal else "with_care"
            because = fatal or opened
            reason = {"en": "; ".join(row["title"] for row in because)}
            reason["vi"] = "; ".join(row["title_vi"] for row in because)
        else:
            code, reason = "reliable", say("no error and no warning; smaller remarks may apply")
        rows.append((*one.key, code, reason["en"], reason["vi"]))
    return pd.DataFrame(rows, columns=["indicator", "level", "reliability", "reason", "reason_vi"])


def _groups(check: Check, found) -> list[list[Found]]:
    """What is told together: all that passed; else findings of one indicator, outcome and severity."""
    groups: dict[tuple, list[Found]] = {}
    for one in found:
        indicators = tuple(dict.fromkeys(indicator for indicator, _ in one.series))
        key = (True,) if passes(one) else (False, indicators, one.outcome, one.severity or check.severity)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _row(report: Report, check: Check, group: list[Found], abouts: list[About], *, alone: bool) -> dict:
    first = group[0]
    keys = tuple(dict.fromkeys(key for one in group for key in one.series))
    years = tuple(dict.fromkeys(year for one in group for year in one.years))
    passed = passes(first)
    severity = check.severity if passed else first.severity or check.severity
    well = say(check.passed)
    texts = {
        "title": (well if alone else say("The others: {text}", text=well))
        if passed
        else say(check.title, name=_names(report, keys)),
        "where": first.where or (cell_place(report, keys, years) if keys else _annex(report)),
        "computation": _computation(group, passed),
        "consequence": say("Nothing to object to on this point.") if passed else say(check.consequence),
        "explanation": say(check.explanation) if check.explanation and not passed else {"en": "", "vi": ""},
    }
    if not passed:
        for about in abouts:
            wanted = about.about
            if (
                wanted.check == check.id
                and wanted.severity in ("", severity)
                and (not wanted.indicator or wanted.indicator in {indicator for indicator, _ in keys})
            ):
                texts |= {
                    name: _pair(about, name) for name in ("title", "consequence", "explanation") if _has(about, name)
                }
    return _told(check.id, check.level, severity, first.outcome, keys, texts)


def _computation(group: list[Found], passed: bool) -> Both:
    if len(group) == 1:
        return tell(group[0].verdicts, group[0].names)
    if passed:
        return say("{series} series, nothing to object to", series=str(len(group)))
    several_levels = len({one.series for one in group}) > 1
    parts = []
    for one in group:
        label = [say("{years}", years=", ".join(map(str, one.years)))] if one.years else []
        label += [say("level {level}", level=level) for _, level in one.series if level and several_levels]
        told = tell(one.verdicts, one.names)
        parts.append(join([join(label, ", "), told], ": ") if label else told)
    return join(parts)


def _names(report: Report, keys: tuple) -> Both:
    """Names of the series; levels of one indicator together."""
    if len({indicator for indicator, _ in keys}) == 1 and len(keys) > 1:
        keys = ((keys[0][0], ""),)
    return join([series_name(report, key) for key in keys])


def _annex(report: Report) -> Both:
    return {"en": report.meta.annex_en, "vi": report.meta.annex_vi}


def _pair(entry: object, name: str) -> Both:
    return {language: getattr(entry, f"{name}_{language}") for language in locale.LANGUAGES}


def _has(about: About, name: str) -> bool:
    return bool(getattr(about, f"{name}_en"))


def _key(key: tuple[str, str]) -> str:
    return ":".join(part for part in key if part)


def _told(check: str, level: str, severity: str, outcome: str, keys: tuple, texts: Mapping[str, Both]) -> dict:
    assert level in LEVELS
    row = {"check": check, "level": level, "severity": severity, "outcome": outcome}
    row |= {name: texts[name]["en"] for name in TEXTS}
    row |= {"indicators": ";".join(dict.fromkeys(indicator for indicator, _ in keys))}
    row |= {"series": ";".join(_key(key) for key in keys)}
    return row | {f"{name}_vi": texts[name]["vi"] for name in TEXTS}


def _known_abouts(report: Report, abouts: list[About]) -> None:
    known, indicators = {check.id for check in CHECKS}, set(report.catalogue.indicators["indicator"])
    for about in abouts:
        wanted = about.about
        if wanted.check not in known or (wanted.indicator and wanted.indicator not in indicators):
            raise ReformError(
                f"checks.yml, about {wanted.check} {wanted.indicator}: no such check or indicator".replace(" :", ":"),
                where=str(report.folder / "checks.yml"),
                expected=f"a check: {', '.join(sorted(known))}; an indicator of indicators.csv, or none",
            )
