"""What must hold for the forecast of any series."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reformlib.project import forecast
from reformlib.project.composition import split
from reformlib.project.law import comparable
from reformlib.project.series import QUANTILES
from reformlib.project.window import BOUNDED

P = np.array([0.001, 0.025, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.975, 0.999])
AT = np.array([0.25, 1, 2, 3, 5, 8, 10, 12.5])

gaps = st.lists(st.floats(0.25, 3), min_size=4, max_size=9)
percent = st.one_of(st.floats(0, 100), st.integers(0, 100).map(float), st.sampled_from([0.0, 100.0, 50.0]))
count = st.one_of(st.floats(0, 1e6), st.integers(0, 40).map(float))


@st.composite
def series(draw, value):
    years = 2010 + np.cumsum([0, *draw(gaps)])
    return years, np.array(draw(st.lists(value, min_size=len(years), max_size=len(years))))


def can_be_told(values, family, ceiling, floor=0.0):
    """A series without a trend of which nothing comparable was measured gets no number."""
    used = np.asarray(values)[-8:]
    return len(set(used.tolist())) >= 3 or comparable(used, family, ceiling, floor)


@settings(max_examples=150, deadline=None)
@given(series(percent), st.sampled_from(BOUNDED))
def test_bounded(s, family):
    years, values = s
    assume(can_be_told(values, family, 100))
    f = forecast(years, values, family=family, ceiling=100, at=years[-1] + AT)
    q = f.quantile(P)
    assert np.isfinite(q).all()
    assert (q >= 0).all()
    assert (q <= 100).all()
    assert (np.diff(q, axis=1) >= 0).all()
    chances = np.stack([f.probability_at_least(x) for x in np.linspace(-10, 110, 49)])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances, axis=0) <= 1e-12).all()
    # Wider with the horizon: each side's spread before the limits, and the band never shrinks where no limit is near.
    assert (np.diff(f.scale_up) >= 0).all()
    assert (np.diff(f.scale_down) >= 0).all()
    free = (q[:, 2] > 0) & (q[:, 8] < 100)
    band = (q[:, 8] - q[:, 2])[free]
    astride = ((q[:, 2] < values[-1]) & (q[:, 8] > values[-1]))[free]
    assert (np.diff(band)[astride[1:] & astride[:-1]] >= -1e-9).all()


@settings(max_examples=100, deadline=None)
@given(series(count))
def test_unbounded(s):
    years, values = s
    assume(can_be_told(values, "unbounded", None))
    f = forecast(years, values, family="unbounded", at=years[-1] + AT)
    q = f.quantile(P)
    assert np.isfinite(q).all()
    assert (q >= 0).all()
    assert (np.diff(q, axis=1) >= 0).all()
    assert (np.diff(f.scale_up) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(series(st.integers(0, 40).map(float)), st.sampled_from([2.0**-1021, 2.0**-12, 0.125, 64.0, 2.0**40]))
def test_the_unit_does_not_matter(s, unit):
    years, values = s
    assume(can_be_told(values, "unbounded", None))
    a = forecast(years, values, family="unbounded", at=years[-1] + AT).quantile(P)
    b = forecast(years, values * unit, family="unbounded", at=years[-1] + AT).quantile(P)
    assert np.allclose(b / unit, a, rtol=1e-9, atol=1e-9 * values.max())


@settings(max_examples=60, deadline=None)
@given(
    series(percent), st.sampled_from([0.0625, 0.5, 16.0]), st.sampled_from([0.0, 8.0, -512.0]), st.sampled_from(BOUNDED)
)
def test_scale_and_shift_with_the_limits_do_not_matter(s, unit, shift, family):
    years, values = s
    values = np.round(values * 64) / 64  # so that scaling and shifting are exact
    assume(can_be_told(values, family, 100))
    a = forecast(years, values, family=family, ceiling=100, at=years[-1] + AT)
    b = forecast(
        years, values * unit + shift, family=family, ceiling=100 * unit + shift, floor=shift, at=years[-1] + AT
    )
    assert np.allclose(b.quantile(P), a.quantile(P) * unit + shift, rtol=1e-6, atol=1e-6 * unit + 1e-9)
    assert np.allclose(b.probability_at_least(61.3 * unit + shift), a.probability_at_least(61.3), atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(20, 40), st.floats(0.5, 4),
    st.lists(st.floats(-1, 1), min_size=6, max_size=6), st.sampled_from(["share-reported", "share-modelled", "index"]),
)  # fmt: skip
def test_steadier_data_make_a_more_confident_forecast(start, step, noise, family):
    noise = np.array(noise)
    assume(np.abs(np.diff(noise)).mean() > 0.4)
    years, line = np.arange(2014.0, 2020.0), start + step * np.arange(6)
    noise = noise - noise[-1]
    calm, rough = (
        forecast(years, line + k * noise, family=family, ceiling=100, at=[2022.0]).quantile([0.1, 0.9])[0]
        for k in (0.2, 6.0)
    )
    assert calm[1] - calm[0] < rough[1] - rough[0]


@settings(max_examples=40, deadline=None)
@given(series(percent), st.floats(0, 100))
def test_reaching_by_is_never_rarer_than_being_there(s, target):
    years, values = s
    assume(can_be_told(values, "share-reported", 100))
    f = forecast(years, values, family="share-reported", ceiling=100, at=years[-1] + np.arange(1.0, 11.0))
    by = f.reached_by(target, n=2000)
    assert (by >= f.probability_at_least(target) - 0.06).all()
    assert (np.diff(by) >= 0).all()


parts = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=6, max_size=6)


@settings(max_examples=40, deadline=None)
@given(parts, st.integers(0, 20))
def test_categories_of_a_total_add_up_in_every_draw(pairs, rest):
    """Services at level 3, at level 4 and at neither are all there are, whatever the draw."""
    values = np.array(pairs, float).T
    total = float(values.sum(0).max() + rest)
    assume(all(len(set(one)) >= 3 for one in (*values.tolist(), values.sum(0).tolist())))
    years, at = np.arange(2014.0, 2020.0), 2019 + AT
    whole, *each = (
        forecast(years, one, family="share-reported", ceiling=total, at=at) for one in (values.sum(0), *values)
    )
    drawn = split(whole, each, n=500)
    together = sum(part.draws for part in drawn)
    left = total - together
    assert np.allclose(together, whole.paths(500, np.random.default_rng(0)), atol=1e-9 * total)
    assert (left >= -1e-9 * total).all()
    assert np.allclose(sum(part.quantile(0.5) for part in drawn), whole.quantile(0.5), atol=1e-9 * total)
    for part in drawn:
        q = part.quantile(list(QUANTILES.values()))
        assert (q >= 0).all() and (q <= total).all()
        assert (np.diff(q, axis=1) >= -1e-9 * total).all()
        turned = part.mirrored(total)
        assert np.allclose(turned.quantile(0.5), total - part.quantile(0.5))
        assert (np.diff(part.reached_by(total / 2)) >= 0).all()
        assert (part.reached_by(total / 2) >= part.probability_at_least(total / 2)).all()


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 100), st.integers(1, 8), st.sampled_from(BOUNDED))
def test_a_base_rate_is_wider_with_the_horizon_and_knows_its_limits(value, n, family):
    values = np.full(n, value)
    assume(comparable(values, family, 100, 0.0))
    assume(value == 0 or value > 1e-300)  # a hundredth of less is no number of a machine
    f = forecast(np.arange(2020.0 - n, 2020.0), values, family=family, ceiling=100, at=2019 + AT)
    q = f.quantile(P)
    assert (q >= 0).all() and (q <= 100).all()
    assert (np.diff(q, axis=1) >= 0).all()
    assert (np.diff(f.scale_up) >= 0).all() and (np.diff(f.scale_down) >= 0).all()
