"""What must hold of progress whatever the numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reformlib.measure.progress import destatis, result, un_chart
from reformlib.measure.progress import growth as cagr
from reformlib.measure.progress.linear import linear_progress
from reformlib.measure.progress.rule_sets import RULE_SETS

RULES = st.sampled_from(["statcan-2025", "eurostat-2026"])
DIRECTIONS = st.sampled_from([1, -1])
# Two decimals, as offices print them
SHARES = st.integers(0, 10_000).map(lambda n: n / 100)
POSITIVE = st.integers(1, 100_000).map(lambda n: n / 100)
ANY = st.one_of(st.integers(-100_000, 100_000).map(lambda n: n / 100), st.none(), st.just(math.nan), st.just(math.inf))
YEARS = st.integers(2000, 2030)
WILD = st.floats(allow_nan=True, allow_infinity=True)

BEHIND = {
    "missed",
    "behind",
    "moving_away",
    "no_change",
    "deterioration",
    "limited_progress",
    "moderate_progress",
    "moderate_deterioration",
    "significant_deterioration",
    "no_progress",
    "not_achieved",
    "stagnation",
    "acceleration_needed",
    "cloud",
    "thunderstorm",
}


def all_methods(base, base_year, current, current_year, target, target_year, direction):
    span = {"target": target, "target_year": target_year, "direction": direction}
    point = (base, base_year, current, current_year)
    yield linear_progress(*point, **span)
    yield un_chart.chart_with_target(*point, **span)
    for rules in RULE_SETS:
        for compat in (False, True):
            yield cagr.progress(*point, rules=rules, compat=compat, **span)
            yield cagr.progress(*point, rules=rules, compat=compat, direction=direction, limit=target)


@given(SHARES, SHARES, SHARES, DIRECTIONS, st.integers(1, 9), st.integers(1, 9))
def test_complement_symmetry_of_the_linear_ratio(base, current, target, direction, first, second):
    def at(transform, sign):
        return linear_progress(
            transform(base),
            2011,
            transform(current),
            2011 + first,
            target=transform(target),
            target_year=2011 + second,
            direction=sign,
        )

    told, retold = at(lambda share: share, direction), at(lambda share: round(100 - share, 2), -direction)
    assert (told.status, told.reason) == (retold.status, retold.reason)
    assert told.value == (None if retold.value is None else pytest.approx(retold.value, rel=1e-9, abs=1e-9))


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE, DIRECTIONS, st.integers(1, 15), RULES)
def test_a_better_value_never_reads_worse(base, one, other, target, direction, years, rules):
    worse, better = sorted((one, other), key=lambda value: direction * value)
    span = {"target": target, "target_year": 2030, "direction": direction}
    limit = 1000 if direction > 0 else 0
    results = [
        (
            linear_progress(base, 2015, current, 2015 + years, **span),
            un_chart.chart_with_target(base, 2015, current, 2015 + years, **span),
            cagr.progress(base, 2015, current, 2015 + years, rules=rules, **span),
            cagr.progress(base, 2015, current, 2015 + years, rules=rules, direction=direction, limit=limit),
        )
        for current in (worse, better)
    ]
    for low, high in zip(*results, strict=True):
        if low.value is not None and high.value is not None:
            assert low.value <= high.value + 1e-12
        if low.score is not None and high.score is not None:
            # published constants of statcan-2025, rounded to four decimals, step by less than 0.0001
            assert low.score <= high.score + 1e-9
        assert high.achieved or not low.achieved


@given(POSITIVE, POSITIVE, POSITIVE, DIRECTIONS, st.integers(1, 15), st.sampled_from([0.01, 3.7, 1e4]), RULES)
def test_another_unit_changes_nothing(base, current, target, direction, years, unit, rules):
    def judged(scale):
        values = (base * scale, 2015, current * scale, 2015 + years)
        span = {"target": target * scale, "target_year": 2030, "direction": direction}
        yield linear_progress(*values, **span)
        yield un_chart.chart_with_target(*values, **span)
        yield cagr.progress(*values, rules=rules, **span)
        yield cagr.progress(*values, rules=rules, direction=direction, limit=2000 * scale)
        series = [base * scale + step * (current - base) * scale for step in range(6)]
        yield destatis.weather(range(2015, 2021), series, **span)

    for plain, scaled in zip(judged(1), judged(unit), strict=True):
        assert (plain.status, plain.reason, plain.achieved) == (scaled.status, scaled.reason, scaled.achieved)
        assert plain.value == (None if scaled.value is None else pytest.approx(scaled.value, rel=1e-6, abs=1e-9))


@given(ANY, YEARS, SHARES, YEARS, SHARES, YEARS, DIRECTIONS)
def test_an_achieved_target_never_reads_as_behind(base, base_year, current, current_year, target, target_year, way):
    assume(way * current >= way * target)
    span = {"target": target, "target_year": target_year, "direction": way}
    point = (base, base_year, current, current_year)
    for found in (
        linear_progress(*point, **span),
        *(cagr.progress(*point, rules=rules, **span) for rules in RULE_SETS),
        un_chart.chart_with_target(*point, **span),
    ):
        assert found.achieved and found.status not in BEHIND and found.status != result.NOT_AVAILABLE
    years = [current_year - 5 + step for step in range(6)]
    values = [base if base is not None and math.isfinite(base) else current] * 5 + [current]
    symbol = destatis.weather(years, values, **span)
    assert symbol.achieved and symbol.status in ("sun", "sun_cloud")


@given(WILD, YEARS, WILD, YEARS, st.floats(allow_nan=False, allow_infinity=False), YEARS, DIRECTIONS)
def test_no_number_leaks_that_is_none(base, base_year, current, current_year, target, target_year, direction):
    for found in all_methods(base, base_year, current, current_year, target, target_year, direction):
        for number in (found.value, found.score):
            assert number is None or math.isfinite(number)
        assert found.reason in ("", *result.REASONS.values())
        # no value without a reason
        assert found.value is not None or found.reason
        assert found.score is None or -5 <= found.score <= 5


@given(st.lists(st.tuples(YEARS, ANY), max_size=12, unique_by=lambda pair: pair[0]), YEARS, DIRECTIONS, RULES)
def test_a_series_is_judged_by_its_two_points(pairs, base_year, direction, rules):
    years, values = [year for year, _ in pairs], [value for _, value in pairs]
    found = cagr.progress_series(years, values, direction=direction, rules=rules, base_year=base_year)
    known = {year: value for year, value in pairs if value is not None and math.isfinite(value)}
    last = max(known, default=None)
    if base_year in known:
        expected = cagr.progress(known[base_year], base_year, known[last], last, direction=direction, rules=rules)
        assert found == expected
    weather = destatis.weather(years, values, direction=direction)
    assert weather.status in (*destatis.SYMBOLS, result.NOT_AVAILABLE)


@given(st.lists(st.one_of(st.none(), st.floats(-5, 5)), max_size=8), RULES)
def test_an_indicator_lies_between_its_series(scores, rules):
    series = [result.Progress(None, score, "x", "x", "", rules) for score in scores]
    counted = [score for score in scores if score is not None]
    found = cagr.aggregate([series], rules=rules)
    if counted:
        assert min(counted) - 1e-9 <= found.score <= max(counted) + 1e-9
    else:
        assert found.status == result.NOT_AVAILABLE
