"""What the checks find not usable is neither compared with a target nor projected."""

from dataclasses import replace

from reformlib.check.findings import findings, reliability
from reformlib.load.cache import cached_by_owner, keep
from reformlib.load.report import Report


@cached_by_owner  # so that what is worked out from the result is kept as well
def withhold(report: Report) -> Report:
    """The report with every series withheld that :func:`reformlib.check.findings.reliability` calls `not_usable`.

    Its figures stay where they are, with the status they have; gaps and projections give the reason instead of a
    number. Trà Vinh 2020: the shares of online services used, levels 3 and 4; 0.13 % of 498 services is no service.

    >>> from reformlib.load.report import load_report
    >>> sorted(withhold(load_report("tra-vinh-2020")).withheld)
    [('online_services_used', '3'), ('online_services_used', '4')]
    """
    unusable = [(one.indicator, one.level) for one in reliability(report) if one.reliability == "not_usable"]
    judged = replace(report, withheld=frozenset(unusable))
    keep(judged, findings, findings(report))  # no check asks what is withheld
    return judged
