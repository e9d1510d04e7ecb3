"""What is worked out once a report."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from reformlib.memo import once_a_report


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


def test_arguments_that_cannot_be_kept_are_worked_out_each_time():
    calls = []

    @once_a_report
    def count(report, rows):
        calls.append(1)
        return len(rows)

    report, rows = SimpleNamespace(), pd.DataFrame({"a": [1, 2]})
    assert count(report, rows) == count(report, rows) == 2
    assert len(calls) == 2
