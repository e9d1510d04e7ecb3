"""All checks on one report, and from their findings how far each series can be relied on."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reformlib.check import narrative, overlaps, series
from reformlib.check.annex import each_series, rhythm
from reformlib.check.declared import OWN_TEXTS, About, checks_file, read_checks
from reformlib.check.entries import entry_finding, of_supposed
from reformlib.check.finding import (
    LEVELS,
    ROWS,
    SEVERITIES,
    SHARE,
    USES,
    Finding,
    Result,
    SeriesKey,
    annex_name,
    cell_places,
    level_name,
    period_names,
    series_name,
)
from reformlib.check.sentence import Field, Terms, Text, listed, text
from reformlib.check.verdict import CONSISTENT, INCONSISTENT, OUTCOMES
from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import grouped

# Of so many series that agree each computation is shown; of more their number.
FEW = 3
RELIABILITY: tuple[str, ...] = ("not_usable", "with_care", "reliable", "missing")
_MODULES = {"series": series, "overlaps": overlaps, "narrative": narrative}


@dataclass(frozen=True)
class Check:
    """A check that runs on any report, a row of checks.csv: what it looks at, what its findings mean, and what they
    object to, as :class:`reformlib.check.finding.Finding` says.

    `title` names an exception ({name}: the series), `passed` says that there is none. The texts are English messages;
    {year} in them is what the columns of the report are of, a year or a period.
    """

    id: str
    level: str
    severity: str
    run: Callable[[Report], Iterable[Result]]
    title: str
    passed: str
    consequence: str
    explanation: str
    objects_to: tuple[str, ...]


@dataclass(frozen=True)
class Reliability:
    """How far one series can be relied on: a code of `RELIABILITY`, and sentences that say why."""

    indicator: str
    level: str
    reliability: str
    reasons: tuple[object, ...]


def read_table(path: Path) -> tuple[Check, ...]:
    """The table of checks, in the order in which findings of one rank are reported.

    Raises ReformError for a row with another level or severity than there are, or a function that there is not.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    for row in rows:
        row["id"], function = row.pop("check"), row.pop("function")
        row["objects_to"] = tuple(filter(None, row["objects_to"].split(";")))
        module, _, name = function.partition(".")
        row["run"] = getattr(_MODULES.get(module), name, None)
        codes = {(row["level"],): LEVELS, (row["severity"],): SEVERITIES, row["objects_to"]: (*USES, SHARE, ROWS)}
        if row["run"] is None or any(set(given) - set(known) for given, known in codes.items()):
            raise ReformError(
                f"{path.name}, {row['id']}: {row['level']}, {row['severity']}, {function}, {row['objects_to']}",
                expected="; ".join(f"of {', '.join(known)}" for known in (*codes.values(), _MODULES)),
            )
    return tuple(Check(**row) for row in rows)


CHECKS = read_table(Path(__file__).with_name("checks.csv"))


@cached_by_owner
def findings(report: Report) -> tuple[Finding, ...]:
    """Every check on a report: those that run on any, and the entries of `checks.yml` in its folder.

    A check that runs on every series gives one finding for all those it has nothing to object to. Inconsistent
    findings come first, then those that the figures do not decide, then consistent ones; within each, errors before
    warnings before information. The words are made by :func:`reformlib.present.findings.checks`.

    Raises ReformError naming file and entry where checks.yml is malformed or names what the report does not have.
    """
    entries, abouts = read_checks(checks_file(report))
    _check_subjects(report, abouts)
    every, told = [], grouped(abouts, lambda about: about.about.check)
    for check in CHECKS:
        groups, own = _groups(check, check.run(report)), told.get(check.id, [])
        every += [_finding(report, check, group, own, alone=len(groups) == 1) for group in groups]
    every += [entry_finding(entry, report) for entry in entries]
    return tuple(sorted(every, key=lambda one: (OUTCOMES.index(one.outcome), SEVERITIES.index(one.severity))))


def reliability(report: Report) -> list[Reliability]:
    """How far each series of the annex can be relied on, from the findings and nothing else, in the form's order.

    `missing` where no year has a figure; `not_usable` where an inconsistent finding of severity error bears on the
    series; `with_care` where any other error, or a warning, is not consistent; else `reliable`.
    Findings of severity information change nothing, nor do those on what a figure is a share of: the figure stands.
    The reasons are the titles of the findings that decided; of a reliable series those of the smaller remarks on it.
    """
    decisive = [
        one
        for one in findings(report)
        if one.outcome != CONSISTENT and one.severity != "information" and one.objects_to != (SHARE,)
    ]
    rows = []
    for one in each_series(report):
        objections = [finding for finding in decisive if one.key in finding.series]
        fatal = [finding for finding in objections if (finding.outcome, finding.severity) == (INCONSISTENT, "error")]
        code = "not_usable" if fatal else "with_care"
        reasons = tuple(finding.title for finding in fatal or objections)
        if not one.filled:
            code, reasons = "missing", (text("no figure in any {year}", year=rhythm(report)),)
        elif not objections:
            code, reasons = "reliable", _smaller_remarks(report, one.key)
        rows.append(Reliability(*one.key, code, reasons))
    return rows


def _smaller_remarks(report: Report, series: tuple[str, str]) -> tuple[Text, ...]:
    """What is said of a series without an error or a warning: what shares taken of it are to explain, and the rest."""
    others = [f for f in findings(report) if series in f.series and f.outcome != CONSISTENT]
    shares, smaller = ([f.title for f in others if (f.objects_to == (SHARE,)) == of] for of in (True, False))
    told = [text("no error and no warning on the figures themselves" if shares else "no error and no warning")]
    if shares:
        told.append(text("to be explained where a share is taken of them: {remarks}", remarks=listed(shares)))
    if smaller:
        told.append(text("smaller remarks: {remarks}", remarks=listed(smaller)))
    return (*told,)


def _groups(check: Check, results: Iterable[Result]) -> list[list[Result]]:
    """What is reported together: all that passed; else results of one indicator, outcome and severity."""
    groups: dict[tuple, list[Result]] = {}
    for one in results:
        key: tuple = ()
        if not one.passes:
            indicators = tuple(dict.fromkeys(indicator for indicator, _ in one.series))
            key = indicators, one.outcome, one.severity or check.severity
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _finding(report: Report, check: Check, group: list[Result], abouts: list[About], *, alone: bool) -> Finding:
    """What `group`, results of one check, means; `abouts` are about it; `alone`: it has no other results."""
    first = group[0]
    keys = tuple(dict.fromkeys(key for one in group for key in one.series))
    where = _where(report, group) if keys else annex_name(report)
    if first.where:
        where = listed(first.where, once=True)
    severity = check.severity
    if first.passes:
        passed = text(check.passed, year=rhythm(report))
        texts: dict[str, Any] = {
            "title": passed if alone else text("The others: {text}", text=passed),
            "consequence": text("Nothing to object to on this point."),
            "explanation": Text(),
        }
    else:
        severity = first.severity or severity
        fields = {"name": _names(report, keys), "year": rhythm(report)}
        texts = {name: text(getattr(check, name), **fields) for name in OWN_TEXTS}
        when = period_names(code for one in group for code in one.periods)
        clause = Terms(((texts["title"], listed(when, ", ")),), pattern="{}, {}") if when else texts["title"]
        texts |= {"clause": clause, "objects_to": check.objects_to}
        own = _own_texts(severity, keys, abouts)
        printed = not report.supposes(indicator for indicator, _ in keys)  # its words are of the printed figures
        texts |= {name: words for name, words in own.items() if printed and not of_supposed(report, words, keys)}
        texts["objects_to"] = own.get("objects_to", texts["objects_to"])
        texts["points"] = tuple((key, code) for one in group for key in one.series for code in one.periods)
    return Finding(check.id, check.level, severity, first.outcome, keys, where, _computation(report, group), **texts)


def _where(report: Report, group: list[Result]) -> Terms:
    """The places of results: series objected to in the same periods together."""
    periods: dict[tuple[str, ...], list[SeriesKey]] = {}
    for one in group:
        periods.setdefault(one.periods, []).extend(one.series)
    return cell_places(report, [(dict.fromkeys(keys), codes) for codes, keys in periods.items()])


def _own_texts(severity: str, keys: tuple[SeriesKey, ...], abouts: list[About]) -> dict[str, Any]:
    """What checks.yml says that a finding means in this report, in place of the general words."""
    own: dict[str, Any] = {}
    for about in abouts:
        if about.about.severity not in ("", severity) or about.about.indicator not in ("", *(key[0] for key in keys)):
            continue
        own |= {name: Field(about, name) for name in OWN_TEXTS if about.gives(name)}
        if about.clause or about.gives("title"):
            own["clause"] = about.clause or own["title"]
        if about.objects_to is not None:
            own["objects_to"] = tuple(about.objects_to)
    return own


def _computation(report: Report, group: list[Result]) -> object:
    if len(group) == 1:
        return listed(group[0].verdicts, once=True)
    agree = group[0].passes
    if agree and len(group) > FEW:
        return text("{series} series, nothing to object to", series=str(len(group)))
    by_level = not agree and len({one.series for one in group}) > 1
    parts = []
    for one in group:
        label = [series_name(report, series) for series in one.series] if agree else period_names(one.periods)
        label += [level_name(report.catalogue, series) for series in one.series if series[1] and by_level]
        verdicts = listed(one.verdicts, once=True)
        parts.append(Terms(((listed(label, ", "), verdicts),), pattern="{}: {}") if label else verdicts)
    return listed(parts, once=True)


def _names(report: Report, keys: tuple[SeriesKey, ...]) -> Terms:
    """Names of the series; levels of one indicator together."""
    if len({indicator for indicator, _ in keys}) == 1 and len(keys) > 1:
        keys = ((keys[0][0], ""),)
    return listed([series_name(report, key) for key in keys])


def _check_subjects(report: Report, abouts: list[About]) -> None:
    checks, indicators = {check.id for check in CHECKS}, set(report.catalogue.indicators["indicator"])
    for subject in (about.about for about in abouts):
        if subject.check not in checks or subject.indicator not in {"", *indicators}:
            raise ReformError(
                f"checks.yml, about {subject.check} {subject.indicator}: no such check or indicator".replace(" :", ":"),
                where=str(checks_file(report)),
                expected=f"a check: {', '.join(sorted(checks))}; an indicator of indicators.csv, or none",
            )
