"""What is worked out once a report."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import SimpleNamespace

import pandas as pd

from reformlib.check.withheld import usable
from reformlib.load import memo
from reformlib.load.memo import looks_once, once_a_report
from reformlib.load.report import load_report
from reformlib.measure import gaps


@dataclass
class Tables:
    table: pd.DataFrame


def test_worked_out_once_a_report_and_arguments_and_safe_from_its_callers():
    calls = []

    @once_a_report
    def table(report, name, *, rows=1):
        calls.append((report.id, name, rows))
        return pd.DataFrame({"name": [name] * rows})

    first, second = SimpleNamespace(id=1), SimpleNamespace(id=2)
    given = table(first, "x", rows=2)
    given.loc[0, "name"] = "changed"
    assert table(first, "x", rows=2)["name"].tolist() == ["x", "x"]
    assert calls == [(1, "x", 2)]
    table(first, "x"), table(second, "x"), table(second, "x")
    assert calls == [(1, "x", 2), (1, "x", 1), (2, "x", 1)]


def test_what_is_kept_goes_when_a_cell_is_changed_in_place():
    report = load_report("tra-vinh-2020")
    before = gaps.gaps(usable(report))
    assert usable(report) is usable(report)
    points = report.observations
    last = points.index[(points["indicator"] == "one_stop_share") & (points["year"] == 2020)][0]
    points.loc[last, "value"] = 91.5
    after = gaps.gaps(usable(report))
    changed = after[after["value"] == 91.5]
    assert len(changed) and before.loc[changed.index, "value"].unique().tolist() != [91.5]
    report.observations["value"] = float("nan")
    assert gaps.gaps(usable(report))["value"].isna().all()


def test_arguments_that_cannot_be_kept_are_worked_out_each_time():
    calls = []

    @once_a_report
    def count(report, rows):
        calls.append(1)
        return len(rows)

    report, rows = SimpleNamespace(), pd.DataFrame({"a": [1, 2]})
    assert count(report, rows) == count(report, rows) == 2
    assert len(calls) == 2


def test_a_report_under_way_in_one_thread_keeps_no_other_from_seeing_a_change():
    busy, changed = threading.Event(), threading.Event()

    @once_a_report
    def first(report):
        return report.table["a"].iloc[0]

    @looks_once
    def waits(report):
        busy.set()
        return changed.wait(20)

    one, other = Tables(pd.DataFrame({"a": [1]})), Tables(pd.DataFrame({"a": [1]}))
    assert first(one) == first(other) == 1
    thread = threading.Thread(target=waits, args=(one,))
    thread.start()
    assert busy.wait(20)
    for report in (one, other):
        report.table.loc[0, "a"] = 2
        assert first(report) == 2
    changed.set()
    thread.join()


def test_a_calculation_looks_for_changes_when_it_begins_and_not_again(monkeypatch):
    looks = []

    @once_a_report
    def total(report, name):
        looks.append(name)
        return int(report.table["a"].sum())

    @looks_once
    def both(report):
        return [total(report, name) for name in ("x", "y")]

    report = Tables(pd.DataFrame({"a": [1, 2]}))
    assert both(report) == both(report) == [3, 3] and looks == ["x", "y"]
    seen = []
    monkeypatch.setattr(memo, "_places", lambda tables, look=memo._places: seen.append(1) or look(tables))
    assert both(report) == [3, 3] and len(seen) == 1
    report.table["a"] += 1
    assert both(report) == [5, 5] and looks == ["x", "y", "x", "y"]


def test_what_is_kept_itself_is_for_those_who_only_look():
    @once_a_report
    def table(report):
        return pd.DataFrame({"a": [1]})

    report = SimpleNamespace()
    assert table.itself(report) is table.itself(report) is not table(report)
