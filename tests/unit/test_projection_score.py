"""The shipped numbers against the benchmark files, by the benchmark's own scorer.

In-sample here (the numbers were learned from these files); `prior.json` holds the score by country folds.
"""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from reformlib.project import FAMILIES
from reformlib.project.law import load_prior, load_scores
from tools.learn import benchmark


@pytest.fixture(scope="module")
def scored(shared, tmp_path_factory):
    folder = shared / "projection"
    spec = importlib.util.spec_from_file_location("benchmark_scorer", folder / "score.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    data, tasks = folder / "public.csv", folder / "public_tasks.csv"
    ((w, q, p),) = benchmark.run(data, tasks)
    b = scorer.Bench(data, tasks)
    levels = np.array(scorer.LEVELS)
    nothing = np.full((len(b.t), 10, 3), np.nan)
    reference = scorer.row_scores(b, levels, b.ref.copy(), nothing)[0]["crps"]
    rows, events, missing, crossed = scorer.row_scores(b, benchmark.LEVELS, q.copy(), p)
    return scorer, b, w, q, rows, events, reference, missing, crossed


def test_the_families_are_those_of_the_scorer(scored):
    _, b, w, *_ = scored
    assert list(w.series) == list(b.sid)
    assert (w.family == b.fam).all()


def test_targets_are_those_of_the_scorer(scored):
    _, b, w, *_ = scored
    assert np.allclose(benchmark.targets(w), b.target, equal_nan=True)


def test_score(scored):
    scorer, b, w, q, rows, events, reference, missing, crossed = scored
    total = scorer.summarise(b, rows, events, reference)
    assert total["skill"] > 0.28
    assert benchmark.skill(w, q) == pytest.approx(total["skill"], abs=2e-3)
    assert (missing, crossed, total["oob%"]) == (0, 0, 0)
    assert total["Brier"] < 0.146
    assert total["ECE"] < 0.03
    for h in range(10):
        for name, low, high in (("c50", 46, 60), ("c80", 77, 86), ("c95", 93, 97.5)):
            assert low < 100 * scorer.macro(b, rows[name], None, [h]) < high, (h, name)
    for family in FAMILIES:
        mine = b.fam == family
        assert scorer.gm_skill(b, rows["crps"], reference, mine) > 0.05, family
        assert 76 < 100 * scorer.macro(b, rows["c80"], mine) < 86, family


@pytest.mark.parametrize("n", [5, 7, 8])
def test_other_numbers_of_points(scored, shared, n):
    """Not what was learned on, yet no failure, no crossing and honest enough a width."""
    folder = shared / "projection"
    d, t = benchmark.learn.read(folder / "public.csv", folder / "public_tasks.csv", n=n)
    have = set(zip(d.series_id, d.year, strict=True))
    t = t[[all((s, o - j) in have for j in range(n)) for s, o in zip(t.series_id, t.origin, strict=True)]]
    w = benchmark.learn.windows(d, t, cap=0)
    q, _ = benchmark.by_model(w)
    told = np.isfinite(q).all(axis=(1, 2))  # none where nothing like it was measured
    assert told.mean() > 0.9 and not np.isfinite(q[~told]).any()
    w, q = w.take(told), q[told]
    assert (np.diff(q, axis=2) >= 0).all()
    assert (q >= 0).all()
    assert not (q.max(axis=(1, 2)) > np.where(np.isfinite(w.room), w.room, np.inf)).any()
    assert 74 < 100 * benchmark.coverage(w, q, 0.1, 0.9).mean() < 87
    assert benchmark.skill(w, q) > 0.2


def test_the_shipped_numbers_are_of_one_run():
    """`python -m tools.learn.learn public.csv public_tasks.csv` writes both files; the score is by country folds."""
    prior = load_prior()
    told = {row["group"]: row for row in load_scores() if row["tested"] == "countries held out"}
    score = prior["score"]
    assert "other countries" in score["how"]
    assert (int(told["all"]["tasks"]), float(told["all"]["skill"])) == (
        prior["tasks"],
        round(score["skill_over_random_walk"], 3),
    )
    for share, held in score["coverage"].items():
        assert [float(told[str(h)][f"cover{share}"]) for h in range(1, 11)] == held


def test_the_shipped_score_reaches_what_was_promised():
    """A series that did not move lies in every interval around it, so 50 % intervals seem to hold a little more a year
    ahead; by its middle rank they do not."""
    score = load_prior()["score"]
    rows = [row for row in load_scores() if (row["tested"], row["by"]) == ("countries held out", "horizon")]
    assert len(rows) == 10 and all(47 <= float(row["mid50"]) <= 53 for row in rows)
    told = {row["group"]: row for row in load_scores() if row["tested"] == "countries held out"}
    assert all(76 <= float(told[family]["cover80"]) <= 84 for family in FAMILIES)
    assert float(told["all"]["calibration_error"]) <= 0.015
    assert score["skill_over_random_walk"] >= 0.30
    for share, low, high in (("50", 47, 54), ("80", 78, 82), ("95", 93.5, 96)):
        assert all(low <= held <= high for held in score["coverage"][share]), share
