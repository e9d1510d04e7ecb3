"""Learning and benchmarking: the gradient, the families, the tasks, the commands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reformlib.errors import ReformError
from reformlib.project import curves, law, window
from tools.learn import base, benchmark, composed, fit, learn, measures, plateau
from tools.learn.windows import family_of, windows


def toy(seed: int = 0, countries: int = 24) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invented series of a share and a count, and a task for each."""
    rng = np.random.default_rng(seed)
    rows, tasks = [], []
    for name, unit, ceiling in (("seen", "share", 100.0), ("kept", "index", 100.0), ("sold", "count", np.nan)):
        for c in range(countries):
            y = rng.uniform(10, 40) + np.cumsum(rng.normal(1.0, 1.5, 18))
            y = np.clip(y, 0, 97) if np.isfinite(ceiling) else 50 * np.abs(y)
            series = f"{name}|c{c}"
            rows += [(series, unit, ceiling, 2000 + i, v, "invented") for i, v in enumerate(y)]
            tasks.append((series, 2006, 6))
    data = pd.DataFrame(rows, columns=["series_id", "unit", "ceiling", "year", "value", "source"])
    return data, pd.DataFrame(tasks, columns=["series_id", "origin", "n"])


@pytest.mark.parametrize("bounded", [True, False])
def test_the_gradient_is_the_slope_of_the_loss(bounded):
    w = windows(*toy(), cap=0)
    w = w.take(np.isfinite(w.room) == bounded)
    s = fit.summaries(w)
    x = window.design(s, w.family, w.indicator, fit.kinds_of(w))
    problem = fit.Problem(x, s, w.future, w.unit, w.indicator, 0.01)
    rng = np.random.default_rng(1)
    theta = rng.normal(0, 0.05, x.shape[1] * len(curves.PARAMETERS))
    _, slope = problem.loss(theta)
    for i in rng.integers(0, len(theta), 40):
        step = np.zeros_like(theta)
        step[i] = 1e-6
        numeric = (problem.loss(theta + step)[0] - problem.loss(theta - step)[0]) / 2e-6
        assert slope[i] == pytest.approx(numeric, rel=5e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("unit", "ceiling", "source", "values", "family"),
    [
        ("count", np.nan, "x", [1, 2, 3], "unbounded"),
        ("index", 100, "x", [1, 2, 3], "index"),
        ("count", 500, "x", [10, 12, 14], "count-ceiling"),
        ("share", 100, "who;modelled", [10.1, 11.2], "share-modelled"),
        ("share", 100, "who", [10, 14, 13], "share-reported"),
        ("", 63, "", [10, 14, 13, 20], "count-ceiling"),
        ("", 100, "", [10.0, 11.01, 12.0, 12.99, 14.0, 15.0], "share-modelled"),
        ("", 100, "", [10.0, 14.0, 13.0, 20.0, 19.0, 23.0], "share-reported"),
    ],
)
def test_family_of(unit, ceiling, source, values, family):
    assert family_of(unit, ceiling, source, np.array(values, float)) == family


def test_windows_hold_the_tasks_in_order_and_never_the_future():
    data, tasks = toy()
    w = windows(data, tasks, cap=60)
    assert list(w.series[w.task]) == list(tasks.series_id)
    assert (w.t[w.task][:, -1] == 2006).all()
    assert pd.Series(w.indicator).value_counts().max() == 60
    first = data[data.series_id == "seen|c0"].set_index("year").value
    assert np.array_equal(w.y[0], first.loc[2001:2006].to_numpy())
    assert w.future[0, 0] == first[2007]


def test_a_country_is_in_one_fold():
    fold = learn.folds(np.array(["a", "b", "c", "a", "d", "e", "b"]))
    assert fold[0] == fold[3]
    assert fold[1] == fold[6]
    assert set(fold) == {0, 1, 2, 3, 4}


def test_a_value_forecast_at_many_levels_counts_as_the_middle_of_them():
    w = windows(*toy(countries=8), cap=0).take(np.arange(8))
    levels, y = measures.LEVELS, w.future[:, :, None]
    for low, high, ranked in ((0.1, 0.6, 1), (0.6, 1, 0)):  # the middles are 0.35 and 0.8
        q = np.where((levels >= low) & (levels <= high), y, np.where(levels < low, -1e9, 1e9))
        assert (measures.coverage(w, q, 0.25, 0.75) == 1).all()
        assert (measures.coverage(w, q, 0.25, 0.75, mid_rank=True) == ranked).all()


def test_a_family_whose_intervals_held_too_seldom_is_widened(monkeypatch):
    """Half of what it lacks, where it has `DRAWN` windows; the other family is as it was, but for what all are."""
    monkeypatch.setattr(learn, "SEARCH", 1)
    w = windows(*toy(countries=60), cap=0)
    w = w.take(np.isfinite(w.room))
    far = (w.family == "index")[:, None] * np.abs(w.future - w.y[:, -1:])
    w = replace(w, future=np.clip(w.future + 3 * far, 0, 100))
    offset = learn.calibrate(w, np.tile(curves.START, (len(w.y), 1)), learn.KNOWN)["offset"]
    up = curves.ROW["up"]
    assert offset["index"][up] > offset["share-reported"][up] + 0.1


def test_learning_twice_gives_the_same_numbers_and_they_work(tmp_path, monkeypatch):
    monkeypatch.setattr(learn, "SEARCH", 4)
    data, tasks = toy()
    data.to_csv(tmp_path / "d.csv", index=False)
    tasks.to_csv(tmp_path / "t.csv", index=False)
    monkeypatch.setattr(base, "STEPS", 2)
    priors = [learn.learn(tmp_path / "d.csv", tmp_path / "t.csv", steps=8, cap=40)[0] for _ in range(2)]
    for i, prior in enumerate(priors):
        learn.write(prior, tmp_path / f"{i}.json")
    assert (tmp_path / "0.json").read_bytes() == (tmp_path / "1.json").read_bytes()
    prior = law.load_prior(tmp_path / "0.json")
    q, p = benchmark.by_model(windows(data, tasks, cap=0), prior)
    assert np.isfinite(q).all()
    assert (np.diff(q, axis=2) >= 0).all()
    assert (np.isfinite(p) | np.isnan(benchmark.targets(windows(data, tasks, cap=0)))[:, None]).all()
    # Numbers learned from these series beat a random walk on them.
    assert benchmark.skill(windows(data, tasks, cap=0), q) > 0.05


@pytest.mark.parametrize("method", ["model", "naive", "drift", "damped-holt"])
@pytest.mark.parametrize("points", [5, 6])
def test_the_command_writes_what_the_scorer_reads(tmp_path, method, points):
    data, tasks = toy(countries=3)
    data.to_csv(tmp_path / "d.csv", index=False)
    tasks.to_csv(tmp_path / "t.csv", index=False)
    arguments = [str(tmp_path / n) for n in ("d.csv", "t.csv", "o.csv")]
    assert benchmark.main([*arguments, "--method", method, "--points", str(points)]) == 0
    out = pd.read_csv(tmp_path / "o.csv")
    levels = [c for c in out if c.startswith("q")]
    assert list(out.columns) == ["series_id", "origin", "horizon", *levels, "p1", "p2", "p3"]
    assert {"q0.025", "q0.1", "q0.25", "q0.5", "q0.75", "q0.9", "q0.975"} <= set(levels)
    assert len(out) == 10 * len(tasks)
    assert out[levels].notna().all(axis=None)
    assert (out[levels].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_tasks_of_different_length_go_in_one_file(tmp_path):
    data, tasks = toy(countries=2)
    tasks["n"] = [5, 6, 7, 5, 6, 7]
    data.to_csv(tmp_path / "d.csv", index=False)
    tasks.to_csv(tmp_path / "t.csv", index=False)
    assert benchmark.main([str(tmp_path / n) for n in ("d.csv", "t.csv", "o.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "o.csv")) == 60


def test_paces():
    """Series that gain exactly 2 points a year, or grow by 10 % a year, went on at that pace."""
    data, tasks = toy(countries=100)
    data["value"] = np.where(data.ceiling.notna(), 10 + 2.0 * (data.year - 2000), 100 * 1.1 ** (data.year - 2000))
    pace = learn.paces(windows(data, tasks, cap=0))
    for years in ("5", "10"):
        (like,) = pace["share-reported"][years].values()
        assert like == {"median": 2, "fast": 2, "fastest": 2, "n": 100}
        assert pace["unbounded"][years]["growth 0"]["median"] == pytest.approx(10)
        assert pace["count-ceiling"][years] == {}


def test_a_flat_window_is_forecast_by_its_base_rate():
    data, tasks = toy(countries=2)
    data.loc[data.series_id == "seen|c0", "value"] = 55.0
    w = windows(data, tasks, cap=0)
    q, _ = benchmark.by_model(w)
    assert np.isfinite(q).all()
    assert q[0, 0, 0] < 55 < q[0, 9, -1]


def test_errors_are_told_plainly(tmp_path, capsys):
    data, tasks = toy(countries=1)
    data.to_csv(tmp_path / "d.csv", index=False)
    tasks.assign(origin=2003).to_csv(tmp_path / "t.csv", index=False)
    tasks.drop(columns="origin").to_csv(tmp_path / "u.csv", index=False)
    tasks.assign(series_id="who|x").to_csv(tmp_path / "v.csv", index=False)
    for name, says in (
        ("t", "lacks some of its points"),
        ("u", "lacks origin"),
        ("v", "unknown series"),
        ("w", "read"),
    ):
        code = benchmark.main([str(tmp_path / n) for n in ("d.csv", f"{name}.csv", "o.csv")])
        assert code == 2
        assert says in capsys.readouterr().err
    assert learn.main([str(tmp_path / "none.csv"), str(tmp_path / "t.csv")]) == 2


def test_peers_that_are_not_installed_are_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "statsforecast.models", None)
    with pytest.raises(ReformError, match="needs statsforecast"):
        benchmark.by_peer(windows(*toy(countries=1), cap=0), "auto-theta")


def test_damped_holt_follows_a_line():
    """On a straight line every smoothing fits; the forecast goes on, damped: between the last value and the line."""
    data, tasks = toy(countries=1)
    data = data[data.series_id == "sold|c0"].assign(value=lambda d: 3.0 * (d.year - 1999))
    w = windows(data, tasks[tasks.series_id == "sold|c0"], cap=0)
    mean, sd = benchmark.damped_holt(w)
    assert 21 < mean[0, 0] <= 24
    assert mean[0, 0] < mean[0, 9] < 51
    assert (sd >= 0).all()


def test_how_much_of_their_pace_rising_shares_kept():
    """2 points a year before; the year after brings 1, 1 and 4 less: a median of half the pace, one of three below.
    A falling share and one that a model estimates do not count."""
    rising, before = [30.0, 32, 34, 36, 38, 40], range(2000, 2006)
    rows = [("up|a", [*rising, 41]), ("up|b", [*rising, 41]), ("up|c", [*rising, 36]), ("down|d", [*rising[::-1], 99])]
    rows += [("made|e", [*rising, 99])]
    data = pd.DataFrame(
        [
            (name, "share", 100.0, year, value)
            for name, values in rows
            for year, value in zip([*before, 2006], values, strict=True)
        ],
        columns=["series_id", "unit", "ceiling", "year", "value"],
    ).assign(source=lambda frame: frame["series_id"].map({"made|e": "x;modelled"}).fillna("x"))
    tasks = pd.DataFrame([(name, 2005, 6) for name, _values in rows], columns=["series_id", "origin", "n"])
    first = plateau.plateau(windows(data, tasks, cap=0)).iloc[0]
    assert first.to_dict() == {"ahead": 1, "n": 3, "kept": 0.5, "below": 0.33}


def test_categories_are_one_share_split_by_another_of_the_same_country():
    """60 % split by 25 %: 15 and 45; 25 % split by 60 %: 15 and 10. What cannot be forecast is not counted."""
    values = [("a|x", 60.0), ("b|x", 25.0), ("b|y", 10.0)]
    rows = [(name, "share", 100.0, 2000 + i, value, "made") for name, value in values for i in range(12)]
    data = pd.DataFrame(rows, columns=["series_id", "unit", "ceiling", "year", "value", "source"])
    found = {whole: pair for _, whole, _, pair in composed.pairs(data)}
    assert {whole: pair[["one", "other"]].iloc[0].tolist() for whole, pair in found.items()} == {
        "a": [15.0, 45.0],
        "b": [15.0, 10.0],
    }
    assert composed.hits(found["a"], "share-reported", 2005, 6) == []  # six equal values have no trend
    assert composed.hits(found["a"], "share-reported", 2001, 1) == 2 * [(h, 1.0, 1.0) for h in (1.0, 3.0, 5.0, 10.0)]
