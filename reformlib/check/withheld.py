"""What the checks find not usable is neither compared with a target nor projected; what they forbid is not told."""

from dataclasses import replace

from reformlib.check.annex import each_series
from reformlib.check.caveats import objections
from reformlib.check.findings import findings, reliability
from reformlib.load.cache import cached_by_owner, keep
from reformlib.load.report import Report


@cached_by_owner  # so that what is worked out from the result is kept as well
def withhold(report: Report) -> Report:
    """The report with every series withheld that :func:`reformlib.check.findings.reliability` calls `not_usable`, and
    with the findings that it obeys: a pace that one of them forbids is not told either.

    Figures stay where they are, with the status they have; gaps and projections give the reason instead of a
    number. Trà Vinh 2020: the shares of online services used, levels 3 and 4; 0.13 % of 498 services is no service.
    Figures that a check forbids to start from are `doubted`: the 0 services of 2015 and 2016, perhaps not counted.

    >>> from reformlib.load.report import load_report
    >>> sorted(withhold(load_report("tra-vinh-2020")).withheld)
    [('online_services_used', '3'), ('online_services_used', '4')]
    """
    unusable = [(one.indicator, one.level) for one in reliability(report) if one.reliability == "not_usable"]
    doubted = [
        (*one.key, point.period)
        for one in each_series(report)
        for point in one.filled[:-1]
        if objections(report, [one.key], "base", point.as_of, one.filled[-1].as_of)
    ]
    judged = replace(report, withheld=frozenset(unusable), doubted=frozenset(doubted), obeys=findings(report))
    keep(judged, findings, findings(report))  # no check asks what is withheld
    return judged
