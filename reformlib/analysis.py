"""A report with all that can be worked out of it as its own methods.

`load` reads a report and knows nothing of the stages after it; here those stages are named once, for the face. Every
method is a plain function of `check`, `measure`, `compare` or `project`, which the code of the package calls itself.
"""

import inspect
import os
from collections.abc import Callable
from dataclasses import fields
from functools import wraps

import pandas as pd

from reformlib.check import withheld
from reformlib.compare import editions, rollup, side_by_side
from reformlib.errors import ReformError, did_you_mean
from reformlib.load import report as load
from reformlib.measure import change, coverage, dating, methods, programme
from reformlib.measure import gaps as targets
from reformlib.present import difference as differing
from reformlib.present import explain as explained
from reformlib.present import findings
from reformlib.present.datasets import dataset, named
from reformlib.present.html import Fragment, bullets, join, tag
from reformlib.present.told import Told
from reformlib.project import chances, hindsight, plan, series
from reformlib.project import what_if as what_ifs
from reformlib.project.horizon import horizon_of

compare_reports = side_by_side.compare


def _named(function: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """A function of the stages as a method, whose table has names beside its codes, in `language`. Raises ReformError
    where the `rows` that it takes, those of gaps, are something else."""
    written = inspect.signature(function)

    @wraps(function)
    def method(report: load.Report, *given, language: str = "en", **more) -> pd.DataFrame:
        rows = (dict(zip(written.parameters, (report, *given), strict=False)) | more).get("rows")
        if not (rows is None or (isinstance(rows, pd.DataFrame) and "verdict" in rows)):
            raise ReformError(f"not rows of gaps: {type(rows).__name__}", expected="rows of report.gaps(), or nothing")
        return named(report, function(report, *given, **more), language)

    told = inspect.Parameter("language", inspect.Parameter.KEYWORD_ONLY, default="en")
    vars(method)["__signature__"] = written.replace(parameters=[*written.parameters.values(), told])
    return method


def _whole(function: Callable[..., pd.DataFrame]) -> Callable[..., Told]:
    """A function as a method, whose table shows its texts whole."""

    @wraps(function)
    def method(report: load.Report, *given, **more) -> Told:
        return Told(function(report, *given, **more))

    return method


class Report(load.Report):
    """One report: its tables as attributes, what can be worked out of them as methods that give tidy tables.

    Tables of series and targets name them beside their codes, in `language`. It never changes; a what-if is another
    one, made with :meth:`what_if`.

    Figures and what is said of them:

    >>> report = load_report("tra-vinh-2020")
    >>> report.changes(language="vi").query("indicator == 'signatures'")["name"].item()
    'Chữ ký số'
    >>> int((report.checks()["outcome"] == "inconsistent").sum()), int(report.indicators["unit"].nunique())
    (9, 5)
    >>> report.reliability()["reliability"].value_counts().to_dict()
    {'with_care': 10, 'reliable': 3, 'not_usable': 2, 'missing': 1}
    >>> report.explain("lan", 2019)["text"].tolist()[:2]
    ['28', '28, 31 December 2019']
    >>> "Chữ ký số: " in str(report.plot("signatures", language="vi"))  # a chart, its words and its data
    True
    >>> len(report.table("documents")), report.named(report.observations)["name"].iloc[-1]
    (44, 'Bodies with an ISO declaration')

    Official targets, and the report's own plan:

    >>> held = report.withhold()  # without series whose figures the checks find not usable
    >>> len(report.gaps()), len(report.gaps(target_set="national_resolution"))
    (122, 49)
    >>> report.target_bases().query("target_id == 'T022'")["share_low"].round(2).tolist()
    [27.66, 47.12]
    >>> len(report.conflicts()), "linear" in set(report.progress_table()["rule_set"])
    (14, True)
    >>> report.plan_coverage()["kind"].value_counts()["task"].item()
    44
    >>> report.programme()["judgement"].value_counts()["not_reached"].item()
    1

    Where things go by themselves:

    >>> held.horizon(), held.projections()["status"].unique().tolist(), "P" in set(held.left_out()["status"])
    (2030, ['F'], True)
    >>> held.target_probabilities().set_index("target_id")["natural_frequency"]["T023"]
    '<1/20'
    >>> held.paces()["pace_needed"].round(1).tolist(), list(held.kinds().columns[-4:-1])
    ([2.3, 1.7], ['share-reported', 'share-modelled', 'count-ceiling'])
    >>> set(held.scenarios(horizon=2025)["year"]) <= set(range(2020, 2026))
    True
    >>> set(held.milestones()["path"]) & set(held.proposed_targets()["rule"])  # one is a path, the other a target
    set()
    >>> held.backtest()["inside"].dtype, held.hindsight()["indicator"].iloc[0]
    (dtype('bool'), 'signatures')

    With another figure, another edition, other units of the place:

    >>> other = report.what_if({("signatures", 2019): 500})
    >>> set(report.difference(other).query("table == 'projections'")["of"].str.partition(",")[0])
    {'signatures'}
    >>> len(report.diff(report)), len(report.rollup().bodies)
    (0, 12)
    """

    def __repr__(self) -> str:
        meta = self.meta
        figures = int(self.observations["value"].notna().sum())
        return f"<Report {meta.id}: {meta.unit_en}, figures to {meta.data_date}, {figures} in the annex>"

    def _repr_html_(self) -> str:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        tables = [f"{name} ({len(rows)})" for name, rows in given.items() if isinstance(rows, pd.DataFrame)]
        lines = [
            f"tables, such as report.observations: {', '.join(tables)}",
            f"methods, such as report.gaps(): {', '.join(_methods())}",
        ]
        return str(join(tag("p", tag("strong", repr(self)[1:-1])), bullets(lines)))

    def __getattr__(self, name: str):
        """Only asked for what is not there. Raises AttributeError naming what is near it."""
        near = did_you_mean(name, [*dir(type(self)), *self.__dataclass_fields__])
        told = f"a report has no `{name}`. {near}\nIts figures are the table report.observations; Tab lists all it has."
        raise AttributeError(told, name=name, obj=self)

    @classmethod
    def of(cls, loaded: load.Report) -> "Report":
        """The same report, with the methods."""
        if isinstance(loaded, cls):
            return loaded
        return cls(**{field.name: getattr(loaded, field.name) for field in fields(loaded) if field.init})

    @property
    def indicators(self) -> pd.DataFrame:
        """The form's indicators, a row each: code, row of the form, names, unit, kind, direction, limits."""
        return self.catalogue.indicators

    checks = findings.checks
    reliability = _whole(findings.reliability)
    withhold = withheld.withhold

    def changes(self, *, language: str = "en") -> pd.DataFrame:
        """Change of every series over its latest stretch that can be compared; see `reformlib.measure.change`."""
        return named(self, change.changes(self.observations), language)

    gaps = _named(targets.gaps)
    target_bases = _named(targets.target_bases)
    conflicts = _named(targets.conflicts)
    progress_table = _named(methods.progress_table)
    plan_coverage = coverage.coverage
    programme = programme.programme

    what_if = what_ifs.what_if
    difference = _whole(differing.difference)
    explain = explained.explain

    diff = editions.diff
    rollup = rollup.of_place

    horizon = horizon_of
    projections = _named(series.projections)
    target_probabilities = _named(chances.target_probabilities)
    kinds = _named(chances.kinds)
    paces = _named(chances.paces)
    scenarios = _named(plan.scenarios)
    milestones = _named(plan.milestones)
    proposed_targets = _named(plan.proposed_targets)
    backtest = _named(series.backtest)
    hindsight = _named(hindsight.hindsight)
    left_out = _named(series.left_out)

    def named(self, frame: pd.DataFrame, *, language: str = "en") -> pd.DataFrame:
        """The table with names beside the codes of indicators and targets, such as `report.observations`."""
        return named(self, frame, language)

    def plot(self, indicator: str, level: str | None = None, *, language: str = "en") -> Fragment:
        """Charts of an indicator, as page 01 has them: see :func:`reformlib.present.assessment.charts.plot`."""
        from reformlib.present.assessment.charts import plot

        return plot(self, indicator, level, language)

    def table(self, name: str, *, language: str = "en") -> pd.DataFrame:
        """One of the tables that `reformlib list` names, with codes in words of `language`; also `reformlib table`.

        Raises ReformError for a name that is no table.
        """
        return dataset(name, self, language=language)


def _methods() -> list[str]:
    return [name for name in vars(Report) if not name.startswith("_") and name not in ("of", "indicators")]


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
    horizon = horizon_of(judged)
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
