"""Published results, read from the reference material; the other progress tests repeat some of them literally."""

from __future__ import annotations

import json

import pytest

from reformlib.errors import ReformError
from reformlib.measure.progress import aarr, current_status, destatis, linear, means, normalise, paths, un_chart
from reformlib.measure.progress import growth as cagr


@pytest.fixture(scope="module")
def vectors(shared) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for vector in json.loads((shared / "method" / "vectors.json").read_text(encoding="utf-8")):
        found.setdefault(vector["method"], []).append(vector)
    return found


def each(vectors, method, count):
    """Inputs and expectation of every vector of a method, which must be as many as counted by hand."""
    assert len(vectors[method]) == count
    for vector in vectors[method]:
        expected = vector["expected"]
        yield vector["id"], vector["inputs"], expected


def near(expected, tolerance=1e-12):
    return pytest.approx(expected, rel=0, abs=tolerance)


def assert_matches(result, expected, where):
    for ours, theirs in (("value", "progress_value"), ("score", "score")):
        if theirs in expected:
            wanted = expected[theirs]
            got = getattr(result, ours)
            assert (got is None) == (wanted is None), where
            assert wanted is None or got == near(wanted), where
    assert result.status == expected["status"], where
    if "label" in expected:
        assert result.label == expected["label"], where


def test_every_published_series_of_statistics_canada(shared):
    series = json.loads((shared / "method" / "statcan_cif.json").read_text(encoding="utf-8"))["series"]
    assert len(series) == 132
    for one in series:
        result = cagr.progress(**one["inputs"], rules="statcan-2025", compat=True)
        assert_matches(result, one["expected"], (one["indicator"], one["series"]))


def test_published_series_without_compatibility_differ_only_where_the_base_had_met_the_target(shared):
    series = json.loads((shared / "method" / "statcan_cif.json").read_text(encoding="utf-8"))["series"]
    differing = set()
    for one in series:
        result = cagr.progress(**one["inputs"], rules="statcan-2025")
        expected = one["expected"]
        assert (result.score, result.status) == (
            None if expected["score"] is None else near(expected["score"]),
            expected["status"],
        )
        if result.value is None and expected["progress_value"] is not None:
            differing.add((one["indicator"], result.reason))
    reason = "the base value was already past the target, so no progress was required"
    assert differing == {(one, reason) for one in ("3-13-1", "9-7-1", "14-2-1", "15-5-1")}


def test_statcan_vectors(vectors):
    for where, inputs, expected in each(vectors, "statcan_progress_series", 18):
        assert_matches(cagr.progress(**inputs, rules="statcan-2025", compat=True), expected, where)


def test_un_chart_vectors(vectors):
    for where, inputs, expected in each(vectors, "un_progress_chart_with_target", 4):
        result = un_chart.chart_with_target(**inputs)
        assert (result.value, result.score) == (near(expected["ratio"]), expected["score"]), where
        years = inputs["current_year"] - inputs["base_year"]
        rate = cagr.cagr(inputs["base_value"], inputs["current_value"], years)
        assert rate == near(expected["cagr"]), where
        ahead = un_chart.expected_value(inputs["current_value"], inputs["current_year"], rate, inputs["target_year"])
        assert ahead == near(expected["expected_2030"]), where
        direction = 1 if inputs["target"] > inputs["base_value"] else -1
        contrast = cagr.progress(**inputs, direction=direction, rules="statcan-2025").value
        assert contrast == near(expected["cagr_ratio_for_contrast"]), where
    for where, inputs, expected in each(vectors, "un_progress_chart_no_target", 7):
        result = un_chart.chart_without_target(inputs["cagr"], direction=inputs["direction"])
        assert result.score == expected["score"], where


def test_destatis_vectors(vectors):
    for where, inputs, expected in each(vectors, "destatis_weather_with_target", 5):
        years, values = range(2015, 2021), inputs["last_6_values_2015_2020"]
        change = destatis.average_change(years, values)
        assert change == near(expected["avg_change"]), where
        assert values[-1] + change * 10 == near(expected["hypothetical_2030"]), where
        result = destatis.weather(
            years, values, direction=1, target=inputs["target"], target_year=inputs["target_year"]
        )
        assert (result.value, result.status) == (near(expected["miss_share_of_gap"]), expected["symbol"]), where
    for where, inputs, expected in each(vectors, "destatis_weather_directional", 6):
        assert destatis.directional(inputs["average_5y"], inputs["last_year"]) == expected["symbol"], where
    for where, inputs, expected in each(vectors, "destatis_weather_constant_target", 4):
        symbol = destatis.constant_target(inputs["target_reached_last_year"], inputs["average_trend"])
        assert symbol == expected["symbol"], where


def years_and_values(inputs):
    values = inputs.get("value")
    if values is None:
        start, change = {"100*(1-0.024)^(year-2000)": (100, -0.024), "50*1.01^(year-2010)": (50, 0.01)}[
            inputs["value_formula"]
        ]
        values = [start * (1 + change) ** (year - inputs["year"][0]) for year in inputs["year"]]
    return inputs["year"], values


def test_reduction_vectors(vectors):
    for where, inputs, expected in each(vectors, "aarr_regression", 3):
        assert aarr.aarr_regression(*years_and_values(inputs)).value == near(expected["aarr"], 1e-10), where
    for where, inputs, expected in each(vectors, "aarr_endpoint", 1):
        assert aarr.aarr_endpoint(*years_and_values(inputs)).value == near(expected["aarr"]), where
    for where, inputs, expected in each(vectors, "aarr_endpoint_duplicated_years", 1):
        rate = aarr.aarr_endpoint(*years_and_values(inputs))
        assert (rate.value, rate.note) == (near(expected["aarr"]), aarr.DUPLICATED_YEARS), where
    for where, inputs, expected in each(vectors, "aarr_undefined", 1):
        for method in (aarr.aarr_regression, aarr.aarr_endpoint):
            rate = method(*years_and_values(inputs))
            assert rate.value is expected["aarr"] and expected["warning"] in rate.reason, where
    for where, inputs, expected in each(vectors, "aarr_from_slope", 1):
        assert round(100 * aarr.aarr_from_slope(inputs["ols_slope_ln"]), 1) == expected["aarr_pct_1dp"], where


def test_path_vectors(vectors):
    for where, inputs, expected in each(vectors, "aroc_latest_projection", 2):
        rate = aarr.aroc(inputs["value_2017"], 2017, inputs["value_2018"], 2018).value
        path = paths.constant_rate_path(
            inputs["value_2018"], 2018, rate=rate, to_year=inputs["project_to"], highest=inputs.get("upper_limit")
        )
        assert path[2025] == near(expected["value_2025"], 1e-8), where
    for where, inputs, expected in each(vectors, "aroc_latest_capped_rate", 2):
        rate = aarr.aroc(inputs["value_2017"], 2017, inputs["value_2018"], 2018, highest=inputs["max_rate"]).value
        path = paths.constant_rate_path(
            inputs["value_2018"], 2018, rate=rate, to_year=inputs["project_to"], highest=inputs["upper_limit"]
        )
        assert path[2025] == near(expected["value_2025"], 1e-8), where
    for where, inputs, expected in each(vectors, "aroc_target_path", 1):
        path = paths.target_rate_path(inputs["value_2018"], 2018, target=inputs["target"], target_year=2025)
        assert path[2025] == near(expected["value_2025"], 1e-8), where
    for where, inputs, expected in each(vectors, "aroc_percent_change", 1):
        path = paths.percent_change_path(
            inputs["value_2018"], 2018, percent=inputs["percent_change"], target_year=inputs["target_year"]
        )
        assert path[2025] == near(expected["value_2025"], 1e-8), where
    for where, inputs, expected in each(vectors, "linear_target_path", 1):
        path = paths.linear_path(inputs["value_2018"], 2018, target=inputs["target"], target_year=2025)
        assert path.tolist() == near(expected["path_2018_2025"], 1e-8), where
    for where, inputs, expected in each(vectors, "linear_target_path_keep_better", 1):
        reported = {int(year): value for year, value in inputs["reported"].items()}
        path = paths.linear_path(reported[2018], 2018, target=inputs["target"], target_year=2025)
        kept = paths.keep_better(path, reported, direction=1)
        assert {year: kept[int(year)] for year in expected} == expected, where
    for where, inputs, expected in each(vectors, "return_to_previous_trajectory", 1):
        shock, before = ({int(y): v for y, v in inputs[k].items()} for k in ("shock", "pre_shock_projection"))
        path = paths.previous_trajectory(shock, before, recovery_year=inputs["recovery_year"])
        assert path.loc[2022:2025].tolist() == expected["values_2022_2025"], where


def test_mean_vectors(vectors):
    for method, function, count in (("gmean", means.geometric_mean, 2), ("hmean", means.harmonic_mean, 1)):
        for where, inputs, expected in each(vectors, method, count):
            assert function(inputs["x"], inputs.get("w")) == near(expected), where
    for _, inputs, _ in each(vectors, "gmean_error", 1):
        with pytest.raises(ReformError, match="zero or negative"):
            means.geometric_mean(inputs["x"])
    for where, inputs, expected in each(vectors, "amean_compensability", 1):
        assert {name: means.arithmetic_mean(values) for name, values in inputs.items()} == expected, where
    for where, inputs, expected in each(vectors, "amean_data_threshold", 1):
        mean = means.arithmetic_mean(inputs["row"], inputs["w"], availability=inputs["dat_thresh"])
        assert mean is expected, where


def test_scale_vectors(vectors):
    for where, inputs, expected in each(vectors, "normalise_goalposts", 6):
        low, high, scale = inputs["goalposts"]
        result = normalise.goalposts(inputs["x"], low=low, high=high, direction=inputs["direction"], scale=scale)
        assert result == near(expected), where
    for where, inputs, expected in each(vectors, "normalise_distance_to_target", 4):
        result = normalise.distance_to_target(
            inputs["x"], target=inputs["target"], direction=inputs["direction"], cap=inputs["cap_max"]
        )
        assert result.tolist() == near(expected), where
    for _, inputs, expected in each(vectors, "goldilocks_parity", 1):
        assert normalise.goldilocks_parity(inputs["y"]) == near(expected)
    for _, inputs, expected in each(vectors, "goldilocks_around_50", 1):
        assert normalise.goldilocks_around(inputs["y"], 50) == expected
    for _, inputs, expected in each(vectors, "goldilocks_budget_100", 1):
        assert normalise.goldilocks_budget(inputs["y"]) == expected


def test_rate_status_and_complement_vectors(vectors):
    for _, inputs, expected in each(vectors, "cagr", 1):
        assert cagr.cagr(**inputs) == expected
    for where, inputs, expected in each(vectors, "escap_current_status", 4):
        direction = {"increasing": 1, "decreasing": -1}[inputs["direction"]]
        result = current_status.current_status(
            inputs["current"],
            base=inputs["base"],
            target=inputs["target"],
            direction=direction,
            parity=inputs["parity"],
        )
        assert result == near(expected, 1e-9), where
    for _, inputs, expected in each(vectors, "trap_complement_asymmetry", 1):
        for told, direction, wanted in (
            ("share_done", 1, "R_share_done"),
            ("share_not_done", -1, "R_share_not_done"),
        ):
            base, current, target = inputs[told].values()
            span = {"target": target, "target_year": 2020, "direction": direction}
            ratio = cagr.progress(base, 2011, current, 2016, rules="statcan-2025", **span)
            assert ratio.value == near(expected[wanted], 1e-9)
            span["target"] = round(target)  # the linear path needs no 0.001
            straight = linear.linear_progress(base, 2011, current, 2016, **span)
            assert straight.value == near(expected["linear_ratio_both"], 1e-9)
