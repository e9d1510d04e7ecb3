"""What is worked out once for a report."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from reformlib.check.findings import findings, reliability
from reformlib.check.withheld import withhold
from reformlib.load.cache import CacheOwner, cached_by_owner
from reformlib.load.report import load_report
from reformlib.measure import gaps


@dataclass(frozen=True, eq=False)
class Owner(CacheOwner):
    id: int = 1
    table: pd.DataFrame | None = None


def test_worked_out_once_an_owner_and_arguments_and_safe_from_its_callers():
    calls = []

    @cached_by_owner
    def table(owner, name, *, rows=1):
        calls.append((owner.id, name, rows))
        return pd.DataFrame({"name": [name] * rows})

    first, second = Owner(1), Owner(2)
    given = table(first, "x", rows=2)
    given.loc[0, "name"] = "changed"
    assert table(first, "x", rows=2)["name"].tolist() == ["x", "x"]
    assert calls == [(1, "x", 2)]
    table(first, "x"), table(second, "x"), table(second, "x")
    assert calls == [(1, "x", 2), (1, "x", 1), (2, "x", 1)]


def test_a_what_if_is_a_new_report_that_begins_with_an_empty_cache():
    report = load_report("tra-vinh-2020")
    before = gaps.gaps(withhold(report))
    assert withhold(report) is withhold(report)
    points = report.observations.copy()
    last = points.index[(points["indicator"] == "one_stop_share") & (points["year"] == 2020)][0]
    points.loc[last, "value"] = 91.5
    what_if = replace(report, observations=points)
    assert not what_if.cache and what_if.points is not report.points
    after = gaps.gaps(withhold(what_if))
    changed = after[after["value"] == 91.5]
    assert len(changed) and before.loc[changed.index, "value"].unique().tolist() != [91.5]
    nothing = replace(report, observations=points.assign(value=float("nan")))
    assert gaps.gaps(withhold(nothing))["value"].isna().all()
    assert gaps.gaps(withhold(report)).equals(before)


def test_a_new_table_of_the_catalogue_is_looked_up_anew():
    catalogue = load_report("tra-vinh-2020").catalogue
    assert catalogue.rows_by("indicators", "form_row")["8"]["indicator"] == "lan"
    assert catalogue.rows_by("indicators", "form_row") is catalogue.rows_by("indicators", "form_row")
    fewer = replace(catalogue, indicators=catalogue.indicators[catalogue.indicators["indicator"] != "lan"])
    assert "8" not in fewer.rows_by("indicators", "form_row") and "8" in catalogue.rows_by("indicators", "form_row")


def test_arguments_that_cannot_be_hashed_are_worked_out_each_time():
    calls = []

    @cached_by_owner
    def count(owner, rows):
        calls.append(1)
        return len(rows)

    owner, rows = Owner(), pd.DataFrame({"a": [1, 2]})
    assert count(owner, rows) == count(owner, rows) == 2
    assert len(calls) == 2


def test_the_checks_of_what_is_withheld_are_those_of_the_report_and_not_made_again():
    report = load_report("tra-vinh-2020")
    judged = withhold(report)
    assert findings(judged) is findings(report)
    assert repr(reliability(judged)) == repr(reliability(replace(report, withheld=judged.withheld)))
