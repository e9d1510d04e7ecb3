"""A report with all that can be worked out of it as its own methods.

`load` reads a report and knows nothing of the stages after it; here those stages are named once, for the face. Every
method is a plain function of `check`, `measure`, `compare` or `project`, which the code of the package calls itself.
"""

from __future__ import annotations

import os
from dataclasses import fields

import pandas as pd

from reformlib.check import withheld
from reformlib.compare import editions, rollup, side_by_side
from reformlib.load import report as load
from reformlib.measure import change, coverage, dating, methods, programme
from reformlib.measure import gaps as targets
from reformlib.present import explain as explained
from reformlib.present import findings
from reformlib.project import chances, hindsight, plan, series
from reformlib.project import what_if as what_ifs

compare_reports = side_by_side.compare


class Report(load.Report):
    """One report: its tables as attributes, what can be worked out of them as methods that give tidy tables.

    It never changes; a what-if is another one, made with `dataclasses.replace`.

    >>> report = load_report("tra-vinh-2020")
    >>> len(report.gaps()), len(report.gaps(target_set="national_resolution"))
    (122, 49)
    """

    def __repr__(self) -> str:
        meta = self.meta
        figures = int(self.observations["value"].notna().sum())
        return f"<Report {meta.id}: {meta.unit_en}, figures to {meta.data_date}, {figures} in the annex>"

    @classmethod
    def of(cls, loaded: load.Report) -> Report:
        """The same report, with the methods."""
        if isinstance(loaded, cls):
            return loaded
        return cls(**{field.name: getattr(loaded, field.name) for field in fields(loaded) if field.init})

    @property
    def indicators(self) -> pd.DataFrame:
        """The form's indicators, a row each: code, row of the form, names, unit, kind, direction, limits."""
        return self.catalogue.indicators

    checks = findings.checks
    reliability = findings.reliability
    withhold = withheld.withhold

    def changes(self) -> pd.DataFrame:
        """Change of every series over its latest stretch that can be compared; see `reformlib.measure.change`."""
        return change.changes(self.observations)

    gaps = targets.gaps
    target_bases = targets.target_bases
    conflicts = targets.conflicts
    progress_table = methods.progress_table
    plan_coverage = coverage.coverage
    programme = programme.programme

    what_if = what_ifs.what_if
    difference = what_ifs.difference
    explain = explained.explain

    diff = editions.diff
    rollup = rollup.of_place

    horizon = series.horizon_of
    projections = series.projections
    target_probabilities = chances.target_probabilities
    kinds = chances.kinds
    paces = chances.paces
    scenarios = plan.scenarios
    milestones = plan.milestones
    proposed_targets = plan.proposed_targets
    backtest = series.backtest
    hindsight = hindsight.hindsight
    left_out = series.left_out

    def table(self, name: str, *, language: str = "en") -> pd.DataFrame:
        """One of the tables that `reformlib list` names, with codes in words of `language`; also `reformlib table`.

        Raises ReformError for a name that is no table.
        """
        from reformlib.present.datasets import dataset

        return dataset(name, self, language=language)


def load_report(name_or_path: str | os.PathLike[str]) -> Report:
    """Load one report by its name under `data/reports/` or by the path of its folder.

    Raises ReformError saying what is wrong, where, what was expected and how to correct it.

    >>> report = load_report("tra-vinh-2020")
    >>> report.observations.query("indicator == 'signatures' and year == 2020")["value"].item()
    1610.0
    """
    return Report.of(load.load_report(name_or_path))


def prepared(name_or_path: str | os.PathLike[str]) -> Report:
    """A report of which that is worked out, and kept with it, which its pages take longest for, in either language.

    Raises ReformError as :func:`load_report` does.
    """
    report = load_report(name_or_path)
    judged = withheld.withhold(report)
    horizon = series.horizon_of(judged)
    coverage.coverage(judged)
    methods.progress_table(judged, "all")
    dating.moved_changes(report)
    dating.moved_gaps(judged)
    for one in (report, judged):
        programme.by_domain(one)
    for one in (judged, *(dating.redated(judged, months) for months in dating.MONTHS)):
        series.projections(one, horizon=horizon)
        chances.target_probabilities(one)
    return report
