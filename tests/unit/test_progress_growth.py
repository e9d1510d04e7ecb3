"""CAGR rules, on numbers published or worked by hand."""

from __future__ import annotations

import pytest

from reformlib.errors import ReformError
from reformlib.measure.progress import growth as cagr
from reformlib.measure.progress import result
from reformlib.measure.progress.growth import aggregate, binary, progress, progress_series
from reformlib.measure.progress.result import REASONS


def near(value):
    return pytest.approx(value, rel=0, abs=1e-12)


def ask(base, base_year, current, current_year, direction, rules="statcan-2025", **more):
    if "target" in more:
        more.setdefault("target_year", 2030)
    return progress(base, base_year, current, current_year, direction=direction, rules=rules, **more)


# Statistics Canada, Canadian Indicator Framework, indicator_calculation_components.yml
@pytest.mark.parametrize(
    ("series", "more", "value", "score", "status"),
    [
        ((14.5, 2015, 10.4, 2023, -1), {"target": 7.25}, 0.9010899546976208, 2.1506954374096354, "moderate_progress"),
        ((0.37, 2015, 9.53, 2025, 1), {"target": 60}, 0.9504069883014249, 2.502962076738248, "substantial_progress"),
        ((699, 2014, 666.6, 2024, -1), {"target": 490}, 0.21562879968968102, -1.601539480333006, "limited_progress"),
        ((66.6, 2016, 71.4, 2023, 1), {"limit": 100}, 0.009991483690946268, 1.739752850099936, "moderate_progress"),
        ((97.4, 2015, 99.7, 2022, 1), {"limit": 100}, 0.003339774133456208, 5.0, "substantial_progress"),
        ((75.3, 2023, 74.6, 2024, 1), {"limit": 100}, -0.009296148738379806, -3.6620185922974757, "deterioration"),
        ((1.43, 2015, 1.43, 2022, -1), {}, 0.0, -2.5, "limited_progress"),
    ],
)
def test_published_by_statistics_canada(series, more, value, score, status):
    found = ask(*series, **more)
    assert (found.value, found.score, found.status, found.reason) == (near(value), near(score), status, "")


# Eustat (Basque statistical office), indicator_calculation_components.yml, Eurostat rules
@pytest.mark.parametrize(
    ("series", "more", "value", "score", "status"),
    [
        ((99.6, 2015, 99.8, 2023, 1), {"target": 99.9}, 1.2506577815013848, 4.64755558215275, "significant_progress"),
        ((20.6, 2016, 20.6, 2024, -1), {"target": 20.5}, 0.0, -2.5, "moderate_deterioration"),
        ((16.4, 2016, 16.5, 2022, -1), {"target": 8.2}, -0.02098521874625286, -2.58743841144272, None),
        ((-6.21, 2015, -21.98, 2023, -1), {"target": -45}, 1.2126558572582298, 4.376113266130213, None),
        ((82.7, 2015, 82.4, 2025, 1), {}, -0.0003633504836403345, -0.09083762091008363, "no_progress"),
        ((34.13, 2015, 35.32, 2024, 1), {}, 0.003815327994563189, 0.9538319986407973, "moderate_progress"),
        ((98.77, 2016, 99.03, 2023, 1), {"limit": 100}, 0.0003756304762048135, 1.7563286572956605, "moderate_progress"),
        ((81.8, 2015, 81.8, 2024, 1), {"limit": 100}, 0.0, 0.0, "no_progress"),
        ((100, 2015, 100, 2024, 1), {"limit": 100}, 0.0, 5.0, "significant_progress"),
        ((76.4, 2014, 69.1, 2024, 1), {}, -0.009992536051383283, -2.4981340128458207, "moderate_deterioration"),
    ],
)
def test_published_under_eurostat_rules(series, more, value, score, status):
    found = ask(*series, rules="eurostat-2026", **more)
    assert (found.value, found.score) == (near(value), near(score))
    assert found.status == (status or found.status)


def test_a_label_names_the_pace_not_the_code():
    short = ask(10, 2015, 11, 2020, 1, rules="eurostat-2026", target=20)
    assert (short.status, short.label) == ("moderate_deterioration", "Insufficient progress towards the target")


# 12 % of the required growth, by hand: 10 -> 11 in 5 of 15 years with target 20: 1.1^(1/5)-1 over 2^(1/15)-1
def test_ratio_by_hand():
    assert ask(10, 2015, 11, 2020, 1, target=20).value == near((1.1**0.2 - 1) / (2 ** (1 / 15) - 1))


@pytest.mark.parametrize(
    ("series", "more", "reason"),
    [
        ((0, 2015, 5, 2020, 1), {}, REASONS["zero_base"]),
        ((0, 2015, 5, 2020, 1), {"target": 10}, REASONS["zero_base"]),
        ((1, 2015, -1, 2020, -1), {}, REASONS["sign_change"]),
        ((10, 2015, 5, 2020, -1), {"target": 0}, REASONS["zero_target"]),
        ((10, 2015, 5, 2020, -1), {"target": -5}, REASONS["target_sign"]),
        ((10, 2015, 9, 2020, 1), {"target": 10}, REASONS["base_is_target"]),
        ((10, 2015, 9, 2015, 1), {"target": 10}, REASONS["one_point"]),
        ((10, 2015, 9, 2014, 1), {}, REASONS["one_point"]),
        ((10, 2015, 9, 2020, 1), {"target": 12, "target_year": 2015}, REASONS["target_year"]),
        ((None, 2015, 9, 2020, 1), {}, REASONS["no_base"]),
        ((float("nan"), 2015, 9, 2020, 1), {"target": 12}, REASONS["no_base"]),
        ((9, 2015, None, None, 1), {"target": 12}, REASONS["no_data"]),
        ((1e-300, 2015, 1e300, 2016, 1), {}, REASONS["too_large"]),
    ],
)
@pytest.mark.parametrize("rules", ["statcan-2025", "eurostat-2026"])
def test_where_the_method_cannot_speak_it_says_why(series, more, reason, rules):
    found = ask(*series, rules=rules, **more)
    assert (found.value, found.score, found.status, found.reason) == (None, None, "not_available", reason)
    assert found.reason in result.REASONS.values()


def test_a_base_past_the_target_has_no_ratio_but_a_class():
    # Canadian series 9-7-1 still holds its target, 3-13-1 has lost it; their published ratios are 0.2195 and -3.004.
    held = ask(58.2, 2015, 59.5, 2025, 1, target=50)
    assert (held.value, held.score, held.status) == (None, 5.0, "target_achieved")
    lost = ask(7.8, 2016, 13.5, 2025, -1, target=10, target_year=2028)
    assert (lost.value, lost.score, lost.status) == (None, -5.0, "deterioration")
    assert held.reason == lost.reason == REASONS["base_past_target"]
    assert ask(58.2, 2015, 59.5, 2025, 1, target=50, compat=True).value == near(0.21954929987292612)
    assert ask(7.8, 2016, 13.5, 2025, -1, target=10, target_year=2028, compat=True).value == near(-3.0040533889075847)


def test_the_published_0_001_only_on_request():
    # Open SDG developer suite 5-1-1 (target 0) and 5-2-1 (base 0)
    target = ask(2, 2015, 1, 2016, -1, target=0, target_year=2016, compat=True)
    assert (target.value, target.score) == (near(0.5002501250625312), near(-0.4156078039019513))
    base = ask(0, 2015, 1, 2016, 1, compat=True)
    assert (base.value, base.score, base.status) == (near(999), 5.0, "substantial_progress")
    assert ask(0, 2015, 1, 2016, 1).value is None


def test_an_achieved_target_reads_so_whatever_the_pace():
    fallen = ask(99.88, 2015, 99.86, 2025, 1, rules="eurostat-2026", target=99.85)
    assert (fallen.score, fallen.label, fallen.achieved) == (5.0, "Target met", True)
    lone = ask(100, 2020, 100, 2020, 1, target=100)
    assert (lone.status, lone.score, lone.value, lone.reason) == (
        "target_achieved",
        5.0,
        None,
        REASONS["one_point"],
    )
    assert ask(None, 2015, 100, 2020, 1, target=100).status == "target_achieved"
    # 0.1 + 0.2 is not 0.3 in binary, yet it reaches 0.3
    assert ask(0.4, 2015, 0.1 + 0.2, 2020, -1, target=0.3).achieved


def test_thresholds_are_exact_to_rounding():
    # 1 -> 1.005 in a year is 0.5 %; in binary 0.004999999999999893, which the published suite (6-1-2) calls limited.
    assert ask(1, 2015, 1.005, 2016, 1).status == "moderate_progress"
    published = ask(1, 2015, 1.005, 2016, 1, compat=True)
    assert (published.status, published.score) == ("limited_progress", near(-5.3290705182007514e-14))
    assert ask(1, 2015, 1.0049, 2016, 1).status == "limited_progress"
    # "more than" 1 %: exactly 1 % is not enough
    assert ask(1, 2015, 1.01, 2016, 1, rules="eurostat-2026").status == "moderate_progress"
    assert ask(1, 2015, 1.0101, 2016, 1, rules="eurostat-2026").status == "significant_progress"
    assert ask(1, 2015, 0.99, 2016, 1, rules="eurostat-2026").status == "moderate_deterioration"
    assert ask(1, 2015, 1.0, 2016, 1, rules="eurostat-2026").status == "no_progress"
    assert ask(1, 2015, 0.985, 2016, 1, rules="eurostat-2026").status == "significant_deterioration"
    # 1 -> 1.95 -> 2 asks for 100 % a year and sees 95 %
    exactly = {"target": 2, "target_year": 2016}
    assert ask(1, 2015, 1.95, 2016, 1, **exactly).status == "substantial_progress"
    assert ask(1, 2015, 1.95, 2016, 1, rules="eurostat-2026", **exactly).status == "moderate_progress"


def test_the_limit_shrinks_rewards_and_leaves_falls():
    # Open SDG developer suite 6-2-2: C = 1 - 0.97^4.44 = 0.1265; 0.5 % C = 0.0632 %
    found = ask(97, 2015, 97.062, 2016, 1, limit=100)
    assert (found.value, found.score, found.status) == (
        near(0.0006391752577319387),
        near(0.013264332676945934),
        "moderate_progress",
    )
    fall = {"limit": 100, "rules": "eurostat-2026"}
    assert ask(97, 2015, 96.5, 2016, 1, **fall).status == "moderate_deterioration"
    assert ask(97, 2015, 96.5, 2016, 1, compat=True, **fall).status == "significant_deterioration"
    assert ask(101, 2015, 100.9, 2016, -1, limit=100).score == 5.0  # developer suite 3-1-2
    assert ask(2, 2015, 1, 2016, -1, limit=0).score == 5.0


def test_at_the_limit_and_beyond():
    held = ask(100, 2015, 100, 2016, 1, limit=100)  # developer suite 3-1-4
    assert (held.status, held.score) == ("substantial_progress", 5.0)
    arrived = ask(99, 2015, 100, 2016, 1, limit=100, rules="eurostat-2026")
    assert (arrived.label, arrived.achieved) == ("Target met", True)
    lost = ask(100, 2015, 99, 2016, 1, limit=100, rules="eurostat-2026")
    assert (lost.status, lost.score) == ("moderate_deterioration", near(-2.5))
    # 101 -> 101.3 is 0.3 % a year; a base beyond its limit has none, save as published: C = 1 - 0.99^4.44 = 0.0436
    assert ask(101, 2015, 101.3, 2016, 1, limit=100).status == "limited_progress"
    assert ask(101, 2015, 101.3, 2016, 1, limit=100, compat=True).status == "substantial_progress"


def test_negative_values_keep_their_direction():
    rise = ask(-3, 2015, -1, 2016, 1)  # developer suite 4-4-1
    assert (rise.value, rise.status) == (near(2 / 3), "substantial_progress")
    assert ask(-1, 2015, -2, 2016, -1, target=-3).value == near(13.159691255409735)  # 4-5-2


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(ReformError) as refused:
        ask(1, 2015, 2, 2016, 1, rules="eurostat")
    assert "statcan-2025" in str(refused.value) and "eurostat-2026" in str(refused.value)
    with pytest.raises(ReformError, match="direction"):
        ask(1, 2015, 2, 2016, 0)
    with pytest.raises(ReformError, match="without its year"):
        progress(1, 2015, 2, 2016, direction=1, rules="statcan-2025", target=3)


def test_direction_in_words():
    assert ask(1, 2015, 2, 2016, "increase") == ask(1, 2015, 2, 2016, 1)
    assert ask(1, 2015, 2, 2016, "decrease") == ask(1, 2015, 2, 2016, -1)


def test_series_base_year_and_labels():
    years, values = ["2013-14", "2017-18", "2019-20", "2021-22"], [8.0, None, 10.0, 11.0]
    asked = {"direction": 1, "base_year": 2015}
    later = progress_series(years, values, rules="statcan-2025", **asked)
    assert later.value == near(1.1**0.5 - 1)  # 10 (2019) -> 11 (2021)
    nearest = progress_series(years, values, rules="eurostat-2026", **asked)
    assert nearest.value == near((11 / 8) ** (1 / 8) - 1)  # 8 (2013) -> 11 (2021)
    tie = progress_series([2014, 2016, 2020], [1, 2, 4], rules="eurostat-2026", **asked)
    assert tie.value == near(2**0.25 - 1)  # one later before one earlier
    first = progress_series(years, values, rules="statcan-2025", direction=1)
    assert first.value == nearest.value


def test_series_without_enough_data():
    def asked(years, values, **more):
        found = progress_series(years, values, rules="statcan-2025", direction=1, base_year=2015, **more)
        return found.status, found.reason

    assert asked([], []) == ("not_available", REASONS["no_data"])
    assert asked([2015, 2016], [None, float("nan")]) == ("not_available", REASONS["no_data"])
    assert asked([2012, 2013], [1, 2]) == ("not_available", REASONS["no_base"])
    assert asked([2020], [1]) == ("not_available", REASONS["one_point"])
    assert asked([2012], [5], target=5, target_year=2030) == ("target_achieved", REASONS["no_base"])
    with pytest.raises(ReformError, match="two values for the year 2015"):
        asked(["2015-16", "2015"], [1, 2])
    with pytest.raises(ReformError, match="not a year"):
        asked(["latest"], [1])
    with pytest.raises(ReformError, match="2 years but 1 values"):
        asked([2015, 2016], [1])


def test_indicator_is_the_mean_of_its_series():
    # Canadian indicator 11-7-1: published -3.777194091390002
    teens = ask(83.8, 2015, 77.7, 2022, 1, limit=100)
    adults = ask(66.7, 2015, 61.1, 2024, 1, limit=100)
    found = aggregate([teens, adults], rules="statcan-2025")
    assert (found.score, found.status, found.value) == (near(-3.777194091390002), "deterioration", None)


def scored(score, achieved=False):
    return result.Progress(None, score, "x", "x", "", "x", achieved)


def test_groups_are_averaged_first():
    flat = aggregate([scored(5), scored(5), scored(5), scored(-5)], rules="statcan-2025")
    grouped = aggregate([[scored(5), scored(5), scored(5)], scored(-5)], rules="statcan-2025")
    nested = aggregate(
        {"a": {"b": [scored(5), scored(1)], "c": [scored(-1)]}, "d": [scored(None)]}, rules="statcan-2025"
    )
    assert (flat.score, grouped.score, nested.score) == (2.5, 0.0, 1.0)
    assert (flat.status, grouped.status) == ("substantial_progress", "moderate_progress")


def test_achieved_only_when_every_series_that_counts_is():
    both = aggregate([scored(5, True), scored(5, True), scored(None)], rules="statcan-2025")
    assert (both.status, both.achieved) == ("target_achieved", True)
    one = aggregate([scored(5, True), scored(5)], rules="statcan-2025")
    assert (one.status, one.achieved) == ("substantial_progress", False)
    none = aggregate([scored(None)], rules="statcan-2025")
    assert (none.status, none.score, none.reason) == ("not_available", None, REASONS["no_data"])


def test_score_cuts_of_the_two_offices():
    cuts = {
        "statcan-2025": {2.5: "substantial_progress", 0: "moderate_progress", -2.5: "limited_progress"},
        "eurostat-2026": {2.5: "moderate_progress", 0.25: "no_progress", -2.5: "moderate_deterioration"},
    }
    for rules, expected in cuts.items():
        for score, status in expected.items():
            assert aggregate([scored(score), scored(score)], rules=rules).status == status, (rules, score)


def test_a_single_series_keeps_its_status_under_eurostat_rules():
    # Eustat 7-3-1: score 0.1396 would be no progress, published is the status of the ratio 0.6196
    series = ask(2.13, 2015, 1.7, 2023, -1, rules="eurostat-2026", target=1.07)
    assert (series.value, series.score) == (near(0.6195509730674731), near(0.13964980762480794))
    assert aggregate([series], rules="eurostat-2026").status == series.status == "moderate_progress"
    assert aggregate([[series]], rules="eurostat-2026").status == "no_progress"


def test_yes_or_no():
    assert (binary(1, rules="eurostat-2026").score, binary(0, rules="eurostat-2026").score) == (5.0, -5.0)
    assert binary(0, rules="eurostat-2026").status == "significant_deterioration"
    assert binary(True, rules="statcan-2025").status == "target_achieved"
    assert binary(None, rules="statcan-2025").status == "not_available"


def test_growth_rate():
    assert cagr.cagr(100, 121, 2) == near(0.1)
    assert cagr.cagr(-100, -121, 2) == near(0.1)
    assert cagr.cagr(4, 0, 2) == -1.0
    assert (cagr.cagr(0, 1, 2), cagr.cagr(1, -1, 2), cagr.cagr(1, 2, 0)) == (None, None, None)
