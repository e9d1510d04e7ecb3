"""Linear path, weather symbols, UN chart, rates, paths, scales and means, on numbers worked by hand."""

from __future__ import annotations

import pytest

from reformlib.errors import ReformError
from reformlib.measure.progress import (
    REASONS,
    aarr,
    aggregate,
    current_status,
    destatis,
    linear,
    means,
    normalise,
    paths,
    result,
    un_chart,
)
from reformlib.measure.progress import (
    points as series,
)
from reformlib.measure.progress.linear import linear_progress
from tests.progress_texts import MESSAGES

SIX = range(2015, 2021)
RISING = [50, 52, 54, 56, 58, 60]


def line(base, base_year, current, current_year, target, target_year, direction=1):
    return linear_progress(
        base, base_year, current, current_year, target=target, target_year=target_year, direction=direction
    )


def test_a_share_told_either_way_is_as_far_along():
    # half the way in five of nine years: 0.5 / (5/9) = 0.9
    done = line(60, 2011, 80, 2016, 100, 2020)
    not_done = line(40, 2011, 20, 2016, 0, 2020, -1)
    assert done.value == not_done.value == pytest.approx(0.9, abs=1e-12)
    assert done.status == not_done.status == "behind"


@pytest.mark.parametrize(
    ("case", "status", "value", "reason"),
    [
        ((60, 2011, 85, 2016, 100, 2020), "on_track", 1.125, ""),
        ((0, 2011, 50, 2016, 90, 2020), "on_track", 1.0, ""),
        ((60, 2011, 60, 2016, 100, 2020), "no_change", 0.0, ""),
        ((60, 2011, 50, 2016, 100, 2020), "moving_away", -0.45, ""),
        ((60, 2011, 95, 2020, 100, 2020), "missed", 0.875, ""),
        ((60, 2011, 95, 2022, 100, 2020), "missed", 0.875, ""),
        ((60, 2011, 100, 2016, 100, 2020), "achieved", 1.8, ""),
        ((60, 2011, 90, 2016, 60, 2020), "achieved", None, REASONS["base_is_target"]),
        ((70, 2011, 65, 2016, 60, 2020), "achieved", None, REASONS["base_past_target"]),
        ((70, 2011, 50, 2016, 60, 2020), "moving_away", None, REASONS["base_past_target"]),
        ((70, 2011, 50, 2020, 60, 2020), "missed", None, REASONS["base_past_target"]),
        ((70, 2015, 70, 2015, 80, 2020), "not_available", None, REASONS["one_point"]),
        ((None, 2015, 70, 2016, 80, 2020), "not_available", None, REASONS["no_base"]),
        ((None, 2015, 81, 2016, 80, 2020), "achieved", None, REASONS["no_base"]),
        ((70, 2015, None, 2016, 80, 2020), "not_available", None, REASONS["no_data"]),
        ((70, 2015, 75, 2018, 80, 2014), "missed", None, REASONS["target_year"]),
    ],
)
def test_linear_path(case, status, value, reason):
    found = line(*case)
    assert (found.status, found.reason) == (status, reason)
    assert found.value == (None if value is None else pytest.approx(value, abs=1e-12))
    assert found.achieved == (status == "achieved")


def test_fractions_of_years_count():
    # 408 -> 1610 from the end of 2015 to 31/3/2020, target 2000 at the end of 2020: (1202/1592) / (4.25/5)
    assert line(408, 2016.0, 1610, 2020.25, 2000, 2021.0).value == pytest.approx(1202 / 1592 / 0.85)


def test_pace_and_what_is_missing():
    assert linear.pace(60, 2011, 80, 2016) == 4.0
    assert linear.pace(60, 2011, 80, 2011) is None
    needed = {"target": 100, "direction": 1}
    assert linear.required_pace(80, 2016, target_year=2020, **needed) == 5.0
    assert linear.required_pace(80, 2020, target_year=2020, **needed) is None
    assert linear.required_pace(100, 2020, target_year=2020, **needed) == 0.0
    assert linear.missed_by(12, 10, direction="decrease") == 2
    assert linear.missed_by(9, 10, direction="decrease") == 0
    assert linear.share_of_way(10, 12, 10) is None


def test_reached_with_the_words_of_a_target():
    assert result.reached(80, 80, direction=1) and not result.reached(80, 80, direction=1, strict=True)
    assert result.reached(79.9, 80, direction=-1, strict=True)
    # equal to nine digits, at any size
    assert result.reached(3e5 + 1e-5, 3e5, direction=-1) and not result.reached(3e5 + 1, 3e5, direction=-1)


# Federal Statistical Office of Germany, weather symbols: 2 a year carried on from 60 in 2020 makes 80 in 2030
@pytest.mark.parametrize(
    ("target", "symbol", "miss"),
    [(80, "sun", 0.0), (81, "sun", 1 / 21), (85, "sun_cloud", 0.2), (86, "cloud", 6 / 26), (70, "sun", -1.0)],
)
def test_weather_with_a_target(target, symbol, miss):
    found = destatis.weather(SIX, RISING, direction=1, target=target, target_year=2030)
    assert (found.status, found.value) == (symbol, pytest.approx(miss, abs=1e-12))


def test_a_miss_of_exactly_five_percent_is_no_sun():
    # 0 -> 5 by 1 a year, target 105 in 2115: projected 100, missed by 5 of 100
    found = destatis.weather(SIX, range(6), direction=1, target=105, target_year=2115)
    assert (found.value, found.status) == (pytest.approx(0.05), "sun_cloud")


def test_weather_without_movement_towards_the_target():
    for values in (RISING[::-1], [55] * 6):
        assert destatis.weather(SIX, values, direction=1, target=80, target_year=2030).status == "thunderstorm"


def test_weather_of_a_target_already_met_or_held_every_year():
    def symbol(values, **more):
        return destatis.weather(SIX, values, direction=1, target=58, **more).status

    for more in ({}, {"target_year": 2030}):
        assert symbol(RISING, **more) == "sun"
        assert symbol([70, 68, 66, 64, 62, 60], **more) == "sun_cloud"
    assert symbol([40, 42, 44, 46, 48, 50]) == "cloud"
    assert symbol([50, 48, 46, 44, 42, 40]) == symbol([50] * 6) == "thunderstorm"


def test_weather_by_direction_only():
    def symbol(values, direction=1):
        return destatis.weather(SIX, values, direction=direction).status

    assert symbol(RISING) == "sun"
    assert symbol([50, 52, 54, 56, 60, 58]) == symbol([50, 52, 54, 56, 60, 60]) == "sun_cloud"
    assert symbol([60, 58, 56, 54, 50, 52]) == symbol([52, 58, 56, 54, 50, 52]) == "cloud"
    assert symbol(RISING, -1) == "thunderstorm"


def test_weather_of_intervals_milestones_and_several_targets():
    def symbol(target, target_year=2030):
        return destatis.weather(SIX, RISING, direction=1, target=target, target_year=target_year).status

    assert symbol((80, 90)) == symbol(80) == "sun"  # the weaker bound
    assert symbol({2025: 72, 2030: 75}, None) == symbol(72, 2025) == "sun_cloud"  # 70 against 72: 2 of 12
    assert symbol({2018: 99, 2030: 80}, None) == "sun"
    passed = destatis.weather(SIX, RISING, direction=1, target={2018: 99})
    assert (passed.status, passed.reason) == ("not_available", REASONS["target_year_passed"])
    judged = [destatis.weather(SIX, RISING, direction=1, target=t, target_year=2030) for t in (80, 86, 85)]
    assert destatis.worst([*judged, passed]).status == "cloud"
    assert destatis.worst([passed]).status == "not_available"


def test_weather_needs_four_consecutive_years():
    def found(years, values=None, **more):
        values = values or [10 + 2 * i for i in range(len(years))]
        return destatis.weather(years, values, direction=1, target=100, target_year=2030, **more)

    assert found([2018, 2019, 2020]).reason == REASONS["few_years"]
    assert found([2010, 2011, 2012, 2018, 2019, 2020]).reason == REASONS["few_years"]
    assert found([2017, 2018, 2019, 2020]).reason == ""
    assert found([]).reason == REASONS["no_data"]
    # six points count, 50 to 60; older ones do not
    assert destatis.average_change(range(2013, 2021), [90, 80, 50, 51, 51, 51, 51, 60]) == 2
    met = found([2020], [100])
    assert (met.status, met.achieved) == ("not_available", True)
    late = destatis.weather(SIX, RISING, direction=1, target=100, target_year=2020)
    assert late.reason == REASONS["target_year_passed"]


def test_unknown_trend_words():
    with pytest.raises(ReformError, match="unknown trend"):
        destatis.constant_target(True, "up")
    with pytest.raises(ReformError, match="unknown trend"):
        destatis.directional("towards", "right")


# UN Progress Chart, formula of the 2023 technical note: 60 * 1.2^2 = 86.4; (86.4 - 50) / (90 - 50) = 0.91
def test_un_chart():
    found = un_chart.chart_with_target(50, 2015, 60, 2020, target=90, target_year=2030)
    assert (found.value, found.score, found.status) == (pytest.approx(0.91), 2, "acceleration_needed")
    assert un_chart.chart_with_target(50, 2015, 60, 2020, target=88, target_year=2030).score == 3
    assert un_chart.chart_with_target(50, 2015, 50.5, 2020, target=90, target_year=2030).score == 1
    assert un_chart.chart_without_target(0.02, direction=1).score == 3
    assert un_chart.chart_without_target(-0.0049, direction=-1).score == 1


def test_un_chart_exceptions():
    def score(current, target, **more):
        return un_chart.chart_with_target(99.5, 2015, current, 2020, target=target, target_year=2030, **more)

    assert score(99.2, 100, percent=True).achieved and not score(99.2, 100).achieved
    assert score(99.0, 100, percent=True).score == 3
    fallen = score(99.2, 99, direction=1)
    assert (fallen.score, fallen.achieved, fallen.reason) == (3, True, REASONS["base_past_target"])
    lost = score(98, 99, direction=1)
    assert (lost.score, lost.status, lost.reason) == (None, "not_available", REASONS["base_past_target"])
    with pytest.raises(ReformError, match="show no direction"):
        score(99, 99.5)
    late = un_chart.chart_with_target(1, 2015, 2, 2025, target=5, target_year=2020)
    assert late.reason == REASONS["target_year_passed"]
    assert un_chart.chart_with_target(0, 2015, 2, 2018, target=5, target_year=2020).reason == REASONS["zero_base"]
    assert un_chart.chart_with_target(-1, 2015, 2, 2018, target=5, target_year=2020).reason == REASONS["sign_change"]
    assert un_chart.chart_binary(1).score == 3 and un_chart.chart_binary(0).score == 1


def test_un_chart_of_a_series():
    years, values = [2013, 2017, 2020, 2024], [40, 50, 60, 99]
    # stops at the target year; 2015 is not observed, so 2017 is the base: 60 (2020) against 70
    found = un_chart.chart_series(years, values, direction=1, base_year=2015, target=70, target_year=2020)
    assert (found.value, found.score) == (pytest.approx(0.5), 2)
    # only one year after 2015: the last before it
    early = un_chart.chart_series(years[:2], values[:2], direction=1, base_year=2015)
    assert early.value == pytest.approx((50 / 40) ** 0.25 - 1)
    assert un_chart.chart_series([2020], [1], direction=1).reason == REASONS["one_point"]
    assert un_chart.chart_series([], [], direction=1).reason == REASONS["no_data"]
    assert un_chart.chart_series([2015, 2020], [-50, -40], direction=1).score == 3


def test_reduction_rates():
    # DSIR test suite: 100 -> 80 in ten years
    assert aarr.aarr_endpoint([2010, 2000, 2005], [80, 100, 95]).value == pytest.approx(0.022067231457071457)
    noisy = aarr.aarr_regression([2000, 2005, 2010, 2015], [120, 100, 70, 55])
    assert noisy.value == pytest.approx(0.052513900013159254, abs=1e-10)
    assert aarr.required_aarr(100, 2020, target=50, target_year=2021).value == pytest.approx(0.5)
    assert aarr.aarr_endpoint([2000, 2001], [5, 5]).value == 0
    twice = aarr.aarr_endpoint([2000, 2000, 2010], [90, 110, 50])
    assert (twice.value, twice.note) == (pytest.approx(1 - 0.5**0.1), aarr.DUPLICATED_YEARS)
    for years, values, reason in (
        ([2000, 2001, 2002], [10, 0, 5], REASONS["not_positive"]),
        ([2000, 2000], [10, 9], REASONS["one_year"]),
        ([2000], [10], REASONS["one_year"]),
        ([], [], REASONS["one_year"]),
    ):
        for method in (aarr.aarr_regression, aarr.aarr_endpoint):
            assert (method(years, values).value, method(years, values).reason) == (None, reason)
    assert aarr.required_aarr(10, 2020, target=0, target_year=2030).reason == REASONS["not_positive"]
    assert aarr.required_aarr(10, 2020, target=5, target_year=2020).reason == REASONS["target_year"]


def test_rates_of_change():
    assert aarr.aroc(100, 2010, 121, 2012).value == pytest.approx(0.1)
    assert aarr.aroc(10, 2017, 29, 2018, highest=1.5).value == 1.5
    assert aarr.aroc(10, 2017, 5, 2018, lowest=-0.2).value == -0.2
    assert aarr.aroc(0, 2017, 5, 2018).reason == REASONS["zero_base"]
    assert aarr.aroc(1, 2017, -5, 2018).reason == REASONS["sign_change"]
    assert aarr.aroc(1, 2018, 5, 2018).reason == REASONS["one_year"]


# billionaiRe test suite
def test_paths():
    straight = paths.linear_path(68, 2018, target=99, target_year=2025)
    assert straight.index.tolist() == list(range(2018, 2026))
    assert straight[2019] == pytest.approx(72.42857142857143) and straight[2025] == 99
    kept = paths.keep_better(straight, {2019: 79, 2020: 80, 2021: 81}, direction=1)
    assert (kept[2019], kept[2020], kept[2021]) == (79, 80, pytest.approx(81.28571428571429))
    assert paths.keep_better(straight, {2019: 79}, direction=-1)[2019] == straight[2019]
    rate = aarr.aroc(87, 2017, 88, 2018).value
    growing = paths.constant_rate_path(88, 2018, rate=rate, to_year=2025, highest=100)
    assert growing[2025] == pytest.approx(95.3293449648516)
    assert paths.constant_rate_path(29, 2018, rate=1.5, to_year=2025)[2025] == pytest.approx(17700.1953125)
    assert paths.constant_rate_path(29, 2018, rate=1.5, to_year=2025, highest=100)[2025] == 100
    assert paths.percent_change_path(68, 2018, percent=-3, target_year=2025)[2025] == pytest.approx(65.96)
    assert paths.target_rate_path(100, 2018, target=121, target_year=2020)[2019] == pytest.approx(110)
    back = paths.previous_trajectory(
        {2020: 54, 2021: 55}, {2021: 63, 2022: 64, 2023: 65, 2024: 66, 2025: 67}, recovery_year=2023
    )
    assert back.to_dict() == {2022: 55, 2023: 65, 2024: 66, 2025: 67}


def test_impossible_paths():
    with pytest.raises(ReformError, match="a path from 2025 to 2018"):
        paths.linear_path(1, 2025, target=2, target_year=2018)
    with pytest.raises(ReformError, match="no constant rate"):
        paths.target_rate_path(0, 2018, target=2, target_year=2025)
    with pytest.raises(ReformError, match="more than everything"):
        paths.constant_rate_path(1, 2018, rate=-1.5, to_year=2025)
    with pytest.raises(ReformError):
        paths.previous_trajectory({}, {2022: 1}, recovery_year=2023)


# COINr test suite
def test_scales():
    assert normalise.goalposts([1, 11, -1], low=0, high=10, direction=1).tolist() == [0.1, 1, 0]
    assert normalise.goalposts([1, 11, -1], low=0, high=10, direction=-1).tolist() == [0.9, 0, 1]
    assert normalise.goalposts(5, low=0, high=10, direction=1, scale=100) == 50
    assert normalise.distance_to_target([-1, 1, 10], target=0, direction=-1).tolist() == [1.1, 0.9, 0]
    assert normalise.distance_to_target([0, 5, 11], target=10, direction=1, cap=True).tolist() == [0, 0.5, 1]
    with pytest.raises(ReformError, match="goalposts 10 and 0"):
        normalise.goalposts(1, low=10, high=0, direction=1)
    with pytest.raises(ReformError, match="already meet"):
        normalise.distance_to_target([5, 6], target=5, direction=1)
    with pytest.raises(ReformError, match="no value"):
        normalise.distance_to_target([float("nan")], target=5, direction=1)


def test_best_points_in_the_middle():
    assert normalise.goldilocks_parity(0.8) == normalise.goldilocks_parity(1.25) == 1.25
    assert (normalise.goldilocks_around(30, 50), normalise.goldilocks_around(70, 50)) == (70, 70)
    assert (normalise.goldilocks_budget(93), normalise.goldilocks_budget(107)) == (107, 107)
    assert (normalise.goldilocks_budget(25), normalise.goldilocks_budget(24.9)) == (175, None)
    with pytest.raises(ReformError, match="no inverse"):
        normalise.goldilocks_parity(0)


def test_means():
    assert means.arithmetic_mean([0, 10]) == means.arithmetic_mean([5, 5]) == 5
    assert means.arithmetic_mean([1, None, 4], [1, 9, 2]) == 3
    assert means.geometric_mean([1, 2, 3]) == pytest.approx(1.8171205928321397, abs=1e-12)
    assert means.geometric_mean([1, 2, 3], [1, 1, 2]) == pytest.approx(2.0597671439071177, abs=1e-12)
    assert means.harmonic_mean([1, 2, 3], [2, 1, 1]) == pytest.approx(1.4117647058823528, abs=1e-12)
    assert means.arithmetic_mean([None, None, 3], availability=0.5) is None
    assert means.arithmetic_mean([None, 2, 3], availability=0.5) == 2.5
    assert means.arithmetic_mean([None, 3], availability=0.5) == 3
    assert means.arithmetic_mean([]) is None and means.harmonic_mean([None]) is None
    for mean in (means.geometric_mean, means.harmonic_mean):
        with pytest.raises(ReformError, match="zero or negative"):
            mean([1, 0])
    with pytest.raises(ReformError, match="2 values but 1 weights"):
        means.arithmetic_mean([1, 2], [1])
    with pytest.raises(ReformError, match="negative weight"):
        means.arithmetic_mean([1, 2], [1, -1])


# ESCAP index as coded by UNICEF: 10 * 5 / 15 and 10 - 10 * 0.1 / 0.2
def test_current_status():
    status = current_status.current_status
    assert status(15, base=20, target=5, direction=-1) == pytest.approx(10 / 3)
    assert status(45, base=50, target=90, direction=1) == -1.25
    assert status(0.9, base=0.8, target=1, direction=1, parity=True) == pytest.approx(5)
    assert status(1, base=1, target=1, direction=1) is None


def test_every_message_is_listed_for_translation():
    found = [
        line(60, 2011, 80, 2016, 100, 2020),
        destatis.weather(SIX, RISING, direction=1),
        un_chart.chart_with_target(0, 2015, 2, 2018, target=5, target_year=2020),
        aggregate([], rules="eurostat-2026"),
    ]
    assert {text for one in found for text in (one.label, one.reason) if text} <= MESSAGES


def test_year_labels():
    assert [series.first_year(label) for label in ("2015-16", "2015/2016", " 2015–16", 2015, "2020.25")] == [
        2015,
        2015,
        2015,
        2015,
        2020.25,
    ]
    for label in ("20156", "the year", None, float("nan")):
        with pytest.raises(ReformError, match="not a year"):
            series.first_year(label)
    seen = [(2013.0, 1.0), (2014.0, 2.0)]
    assert series.base_point(seen, 2015, series.LATER_ELSE_EARLIER) == (2014.0, 2.0)
    assert series.base_point(seen, 2015, series.NEXT_LATER) is None
