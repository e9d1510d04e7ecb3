"""What a sentence about a series has to say with it: the findings that object to what it makes of the figures."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from reformlib.check.annex import each_series
from reformlib.check.finding import ROWS, SHARE, USES, Finding, SeriesKey
from reformlib.check.findings import findings
from reformlib.check.verdict import CONSISTENT
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report


def caveats(
    report: Report, series: Iterable[SeriesKey], use: str, since: date | None = None, until: date | None = None
) -> list[Finding]:
    """The findings that object to a `use`, of `USES` or `SHARE`, of the figures of some series from one day to another.

    A use is also all those before it: who sets two figures against each other tells both. What is objected to in the
    figure of a day bears on a sentence that tells that figure (all days where `until` is left out); what is objected to
    in the step between two days, on one whose figures lie on both sides of it or in it.

    408 signatures in 2015 and 1,610 in 2020 have two, fewer in 2017 than in 2016 and three times as many in 2019 as in
    2018, beside whom they are counted for; the step of 2015 and 2016 has neither.

    >>> from reformlib.load.report import load_report
    >>> tra_vinh, day = load_report("tra-vinh-2020"), date.fromisoformat
    >>> found = caveats(tra_vinh, [("signatures", "")], "step", day("2015-12-31"), day("2020-03-31"))
    >>> [one.check for one in found]
    ['header-and-rows', 'never-falls', 'signatures-tripled']
    >>> [one.check for one in caveats(tra_vinh, [("signatures", "")], "step", day("2015-12-31"), day("2016-12-31"))]
    ['header-and-rows']
    """
    uses = (USES[0], SHARE) if use == SHARE else USES[: USES.index(use) + 1]
    return _against(report, findings(report), series, uses, (since, until))


def objections(
    report: Report,
    series: Iterable[SeriesKey],
    use: str,
    since: date | None = None,
    until: date | None = None,
    among: Iterable[Finding] | None = None,
) -> list[Finding]:
    """The findings, all or those `among` them, that forbid a `use` other than telling a figure: checks that do not
    agree and object to it or to what it is made of, as a pace is of a first figure and a step. A check that agrees is
    a remark and no doubt.

    >>> from reformlib.load.report import load_report
    >>> tra_vinh = load_report("tra-vinh-2020")
    >>> [one.check for one in objections(tra_vinh, [("online_services", "3")], "base")]
    ['services-from-zero']
    >>> objections(tra_vinh, [("axis_units", "")], "base")  # the zeros are from before the axis opened
    []
    """
    among = findings(report) if among is None else among
    doubts = [one for one in among if one.outcome != CONSISTENT]
    return _against(report, doubts, series, USES[1 : USES.index(use) + 1], (since, until))


def _against(report: Report, among: Iterable[Finding], series: Iterable[SeriesKey], uses: tuple, days: tuple):
    """Those among some findings that object to one of the uses of some series from one day to another."""
    ends, keys = [pd.Timestamp(day).date() for day in days if pd.notna(day)], list(series)
    return [
        one
        for one in among
        if (against := set(one.objects_to).intersection(uses))
        and any(key in one.series and _bears(_days(report, one, key), against, ends) for key in keys)
    ]


def _days(report: Report, finding: Finding, series: SeriesKey) -> list[date]:
    """The days of the figures of a series that a finding objects to; none where it objects to all of it."""
    indicator, level = series
    of = {point.period: point.as_of.date() for point in report.points.get(indicator, ()) if point.level == level}
    return sorted(of[code] for key, code in finding.points if key == series and code in of)


def _bears(days: list[date], against: set[str], ends: list[date]) -> bool:
    """Whether an objection to some uses, in the figures of some days, bears on what is said from one day to another."""
    if not days or not ends:
        return True
    first, last = max(ends[0], days[0]), min(ends[-1], days[-1])
    within = first < last or (first == last and days[0] == days[-1])
    return bool((against & {"figure", SHARE} and set(days) & set(ends)) or (against - {"figure", SHARE} and within))


@cached_by_owner
def told_once(report: Report) -> dict[SeriesKey, SeriesKey]:
    """Every series and the first one of the form that tells the same, itself where none does: rows that a check finds
    to be one fact are counted and told once.

    >>> from reformlib.load.report import load_report
    >>> same = told_once(load_report("tra-vinh-2020"))
    >>> same["portals", ""], len(same), len(set(same.values()))
    (('document_software', ''), 16, 14)
    """
    first = {one.key: one.key for one in each_series(report)}
    for finding in findings(report):
        if ROWS in finding.objects_to:
            first |= dict.fromkeys(finding.series, min(finding.series, key=list(first).index))
    return first
