"""Properties of the projections of a report, whatever its figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reformlib.load.report import load_report
from reformlib.project import series as P
from reformlib.project.chances import natural_frequency
from reformlib.project.plan import path_to

SERIES = [("signatures", ""), ("e_documents", ""), ("online_services", "4")]


REPORT = load_report("tra-vinh-2020")


def with_values(indicator, level, values):
    frame = REPORT.observations.copy()
    mine = (frame["indicator"] == indicator) & (frame["level"] == level)
    frame.loc[mine, "value"] = values
    frame.loc[mine, "status"] = "A"
    keep = (frame["indicator"] == indicator) & (frame["level"].isin([level]))
    return replace(REPORT, observations=frame[keep])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SERIES), st.lists(st.integers(0, 100), min_size=6, max_size=6))
def test_limits_order_and_width(series, values):
    report = with_values(*series, [float(value) for value in values])
    rows = P.projections(report, 2034)
    assert set(rows["status"]) == {"F"}
    wide = rows["basis"].str.contains("too_wide")
    assert rows.loc[wide, list(P.QUANTILES)].isna().all(axis=None)
    rows = rows[rows["p50"].notna()]
    if rows.empty and not wide.any():
        assert len(set(values)) < P.MIN_DISTINCT  # no trend, and nothing like it was measured
    if rows.empty:
        return
    numbers = rows[list(P.QUANTILES)].to_numpy()
    assert np.isfinite(numbers).all()
    assert (np.diff(numbers, axis=1) >= -1e-9).all()  # QUANTILES are listed from low to high
    ceiling = P.project(report, *series, 2034).ceiling
    assert numbers.min() >= 0
    if ceiling is not None:
        assert numbers.max() <= ceiling
    free = (numbers[:, 0] > 1e-9) & (numbers[:, -1] < (ceiling or np.inf) - 1e-9)
    width = (rows["hi80"] - rows["lo80"]).to_numpy()
    inner = np.diff(width)[free[1:] & free[:-1]]
    assert (inner >= -1e-6 * (1 + width.max())).all()


@settings(max_examples=200)
@given(st.floats(0, 1))
def test_a_frequency_is_never_far_off(p):
    code = natural_frequency(p)
    if code == "<1/20":
        assert p < 0.05
    elif code == ">19/20":
        assert p > 0.95
    else:
        assert abs(int(code[0]) / 10 - p) <= 0.05 + 1e-9


@settings(max_examples=100)
@given(st.floats(1, 1000), st.floats(1, 1000), st.sampled_from(["linear", "constant_rate"]))
def test_a_path_ends_at_its_target_and_never_turns(value, target, kind):
    path = path_to(value, 2020.25, [(2026.0, target)], np.arange(2021.0, 2032.0), kind=kind)
    assert path[-1] == pytest.approx(target)
    assert path[5] == pytest.approx(target)
    assert (np.diff(path) * np.sign(target - value) >= -1e-9).all()
