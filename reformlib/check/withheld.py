"""What the checks find not usable is neither compared with a target nor projected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reformlib.check.findings import checks, declarations, reliability
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report


def withhold(report: Report) -> Report:
    """The report with every series withheld that :func:`reformlib.check.findings.reliability` calls `not_usable`.

    Its figures stay where they are, with the status they have; gaps and projections give the reason instead of a
    number. Trà Vinh 2020: the shares of online services used, levels 3 and 4; 0.13 % of 498 services is no service.

    >>> from reformlib.load.report import load_report
    >>> sorted(withhold(load_report("tra-vinh-2020")).withheld)
    [('online_services_used', '3'), ('online_services_used', '4')]
    """
    return _usable(report, *declarations(report))


@cached_by_owner  # so that what is worked out of it is kept as well
def _usable(report: Report, path: Path, declared: bytes) -> Report:
    trust = reliability(report, checks(report))
    bad = trust[trust["reliability"] == "not_usable"]
    return replace(report, withheld=frozenset(bad[["indicator", "level"]].itertuples(index=False, name=None)))
