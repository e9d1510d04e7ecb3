"""The projection model: what it refuses, what it says, and the identities its parts must keep."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from reformlib.errors import ReformError
from reformlib.project import FAMILIES, forecast
from reformlib.project.curves import START, growth, spread, still_zone
from reformlib.project.law import fitted, load_prior, no_range

YEARS = np.arange(2014.0, 2020.0)
SHARE = [20.0, 24.0, 31.0, 33.0, 38.0, 44.0]


def share(years=YEARS, values=SHARE, at=(2020.0, 2022.0, 2025.0, 2029.0), **more):
    more = {"family": "share-reported", "ceiling": 100.0} | more
    return forecast(years, values, at=at, **more)


def test_prior_is_small_and_names_its_sources():
    from reformlib.project.law import PRIOR

    assert PRIOR.stat().st_size < 50_000
    prior = load_prior()
    assert {"version", "learned", "sources", "score", "memory", "models"} <= set(prior)
    assert all(s["licence"] and s["name"] for s in prior["sources"])
    assert set(prior["models"]) == set(prior["base"]) == {"bounded", "unbounded"}
    assert set(prior["usual_step"]) == set(FAMILIES)


@pytest.mark.parametrize(
    ("years", "values", "more", "says"),
    [
        (YEARS, [np.nan] * 6, {}, "no usable value"),
        ([], [], {}, "no usable value"),
        (YEARS, [1, 2, 3, 4, 5, np.inf], {}, "infinite"),
        (YEARS, [1, 2, 3, 4, 5, 1e40], {}, "absurdly large"),
        (YEARS, [1, 2, 3, 4, 5, 101], {}, "above its ceiling"),
        (YEARS, [1, 2, 3, 4, 5, -1], {}, "below its floor"),
        ([2014, 2015, 2016, 2017, 2018, 2018], SHARE, {}, "same date"),
        ([2014, 2015, 2016, 2017, 2018, np.nan], SHARE, {}, "date of the series is missing"),
        (YEARS[:5], SHARE, {}, "one date for each value"),
        (YEARS, SHARE, {"at": [2019.0]}, "does not lie after the data"),
        (YEARS, SHARE, {"at": [2010.0]}, "does not lie after the data"),
        (YEARS, SHARE, {"at": [2040.0]}, "more than 15 years"),
        (YEARS, SHARE, {"at": []}, "at least one"),
        (YEARS, SHARE, {"family": "shares"}, "unknown family"),
        (YEARS, SHARE, {"ceiling": None}, "needs its ceiling"),
        (YEARS, SHARE, {"ceiling": 0.0}, "above the floor"),
        (YEARS, SHARE, {"family": "unbounded"}, "has no ceiling"),
        (YEARS, [0] * 6, {"family": "unbounded", "ceiling": None}, "no number can be given"),
        (YEARS, [0, 0, 0, 0, 0, 7], {"family": "unbounded", "ceiling": None}, "no series of its shape"),
    ],
)
def test_bad_input_is_named(years, values, more, says):
    with pytest.raises(ReformError, match=says):
        share(years, values, **more)


def test_a_bad_question_is_named():
    f = share()
    for p in (0.0, 1.0, [0.5, 1.2], np.nan):
        with pytest.raises(ReformError, match="between 0 and 1"):
            f.quantile(p)
    for target in (np.nan, np.inf):
        with pytest.raises(ReformError, match="finite"):
            f.probability_at_least(target)
        with pytest.raises(ReformError, match="finite"):
            f.reached_by(target)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([44.0], "only 1 usable point;"),
        ([np.nan, np.nan, 31.0, 33.0, 38.0, 44.0], "only 4 usable points"),
        ([64.0] * 6, "only 1 distinct value;"),
        ([60.0, 64.0, 64.0, 60.0, 64.0, 64.0], "only 2 distinct values"),
    ],
)
def test_few_points_get_the_base_rate_in_words(values, says):
    f = share(YEARS[-len(values) :], values)
    assert f.basis == "family base rate"
    assert says in f.reason
    assert "no trend is fitted" in f.reason
    q = f.quantile([0.1, 0.5, 0.9])
    assert np.isfinite(q).all()
    assert (np.diff(q[:, 2] - q[:, 0]) > 0).all()
    # The path before the last value says nothing once no trend is fitted.
    other = share([2018.0, 2019.0], [3.0, 44.0])
    assert np.allclose(other.quantile(0.9), share([2019.0], [44.0]).quantile(0.9))


def test_enough_points_fit_a_trend_and_say_nothing():
    f = share()
    assert (f.basis, f.reason, f.points) == ("fitted trend", "", 6)
    assert f.used[-1] == (2019.0, 44.0)


def test_a_rising_share_keeps_part_of_its_pace():
    """Rising shares realised well under their past pace (4.8 points a year here) and the median says so."""
    median = share().quantile(0.5)
    pace = (median - 44.0) / np.array([1.0, 3.0, 6.0, 10.0])
    assert (pace > 0.5).all()
    assert (pace < 4.8).all()
    assert pace[-1] < pace[0]


def test_a_partial_last_point_is_dated():
    """3 points gained in a quarter are a faster pace than 3 gained in a year; the forecast year is farther, too."""
    values = [20.0, 24.0, 31.0, 33.0, 38.0, 41.0]
    dated = share([2015, 2016, 2017, 2018, 2019, 2019.25], values, at=[2030.0])
    stamped = share([2015, 2016, 2017, 2018, 2019, 2020.0], values, at=[2030.0])
    assert dated.horizon[0] == 10.75
    assert dated.quantile(0.5)[0] > stamped.quantile(0.5)[0]


def test_order_gaps_and_missing_values_do_not_matter():
    mixed = share(YEARS[::-1], SHARE[::-1])
    assert np.array_equal(mixed.quantile(0.3), share().quantile(0.3))
    holed = share(np.r_[YEARS, 2013.5], [*SHARE, np.nan])
    assert np.array_equal(holed.quantile(0.3), share().quantile(0.3))
    uneven = share([2009.0, 2013.0, 2014.5, 2016.0, 2018.25, 2019.0], SHARE)
    assert np.isfinite(uneven.quantile([0.025, 0.975])).all()


def test_only_the_last_eight_points_count():
    years, values = np.arange(2000.0, 2020.0), np.linspace(10, 60, 20) + np.tile([0, 1.5], 10)
    assert np.array_equal(share(years, values).quantile(0.9), share(years[-8:], values[-8:]).quantile(0.9))


def test_probability_inverts_the_quantile():
    f = share()
    for i in range(len(f.at)):
        for p in (0.05, 0.3, 0.5, 0.8, 0.97):
            x = float(f.quantile(p)[i])
            if 0 < x < 100 and abs(x - 44) > 1e-9:
                assert f.probability_at_least(x)[i] == pytest.approx(1 - p, abs=1e-9)
    assert (f.probability_at_least(0.0) == 1).all()
    assert (f.probability_at_least(100.1) == 0).all()
    assert (f.probability_at_least(100.0) > 0).any()  # the ceiling itself can be reached


def test_reached_by_is_a_path_question():
    f = share(at=np.arange(2020.0, 2031.0))
    at, by = f.probability_at_least(60.0), f.reached_by(60.0, n=20_000)
    assert (by >= at - 0.015).all()
    assert by[-1] > at[-1] + 0.02
    assert (np.diff(by) >= 0).all()
    assert (f.reached_by(44.0) == 1).all()  # already there
    assert np.array_equal(f.reached_by(60.0, seed=3), f.reached_by(60.0, seed=3))


def test_reached_by_counts_the_paths_that_get_there():
    """It compares normal scores; here the paths are turned into values and looked at."""
    f = share(at=[2025.0, 2020.0, 2029.0])
    order = np.argsort(f.horizon)
    highest = np.maximum.accumulate(f.paths(4000, np.random.default_rng(0))[:, order], axis=1)
    for target in (44.5, 50, 60, 99.9, 100, 100.1):  # the last value is 44, the ceiling 100
        assert np.array_equal(f.reached_by(target)[order], (highest >= target).mean(0)), target


def test_paths_have_the_marginals():
    f = share(at=[2025.0, 2020.0, 2029.0])  # any order of dates
    paths = f.paths(40_000, np.random.default_rng(1))
    assert paths.shape == (40_000, 3)
    for p in (0.1, 0.5, 0.9):
        # Where the quantile is "unchanged", a value of its own weight, p lies between strictly below and at most.
        assert ((paths < f.quantile(p)).mean(0) <= p + 0.01).all()
        assert ((paths <= f.quantile(p)).mean(0) >= p - 0.01).all()


def test_falling_series_end_above_the_floor():
    f = forecast(YEARS, [60, 45, 30, 20, 9, 2.0], family="share-reported", ceiling=100, at=[2020, 2029])
    q = f.quantile([0.025, 0.5, 0.975])
    assert (q >= 0).all()
    free = forecast(YEARS, [60, 45, 30, 20, 9, -4.0], family="unbounded", floor=None, at=[2020, 2029])
    assert free.quantile(0.1)[1] < -4


@pytest.mark.parametrize(
    ("low", "high", "last", "floor", "ceiling", "none"),
    [
        (569, 8858, 1610, 0, np.inf, False),  # 15.6 times
        (77, 16865, 1610, 0, np.inf, True),
        (0, 420, 300, 0, np.inf, False),  # falls to nothing, and hardly rises
        (0, 633, 300, 0, np.inf, True),
        (-9, -2, -4, -np.inf, np.inf, False),
        (-9, 1, -4, -np.inf, np.inf, True),
        (404, 1949, 539, 0, 1949, False),  # 79 % of what is possible
        (361, 1949, 539, 0, 1949, True),
        (0, 0, 0, 0, np.inf, False),
    ],
)
def test_what_is_no_range_to_go_by(low, high, last, floor, ceiling, none):
    f = SimpleNamespace(quantile=lambda _p: np.array([[low, high]]), last=last, floor=floor, ceiling=ceiling)
    assert no_range(f).tolist() == [none]


def test_growth_and_the_still_zone_are_monotone():
    h = np.linspace(0.1, 15, 200)[None]
    assert (np.diff(growth(h)) > 0).all()
    assert growth(np.array([1.0]))[0] == pytest.approx(0)
    for bend in ((0.0, 0.0), (0.2, -0.1), (-0.5, -0.4), (-2.0, 0.0), (-2.0, -0.1)):
        assert (np.diff(spread(START[None], np.array([1.0]), h, "up", bend)["scale"]) >= 0).all()
    assert (np.diff(still_zone(START[None], np.array([1.0]), h)) <= 0).all()


def test_a_series_takes_under_a_tenth_of_a_millisecond():
    """Measured 0.012 ms in a batch (1 ms alone, mostly calls of numpy); the batch is what can be timed anywhere."""
    rng = np.random.default_rng(0)
    y = 30 + np.cumsum(rng.normal(1, 1, (2000, 6)), 1)
    t = np.tile(YEARS, (2000, 1))
    begin = time.process_time()
    f = fitted(t, y, np.repeat("index", 2000), np.full(2000, 100.0))(np.arange(1.0, 11.0))
    q = f.quantile([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
    assert (time.process_time() - begin) / 2000 < 1e-4
    assert np.isfinite(q).all()
    one = forecast(YEARS, y[7], family="index", ceiling=100, at=np.arange(2020.0, 2030.0))
    assert np.allclose(one.quantile(0.9), f.quantile(0.9)[7])
