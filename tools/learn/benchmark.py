"""Forecast the benchmark: ``python -m tools.learn.benchmark DATA TASKS OUT.csv [--method NAME]``.

OUT.csv has one row a (series_id, origin, horizon): quantiles q0.025 ... q0.975 and p1..p3, the probabilities that the
value is at or above the benchmark's three targets (five more years at the window's mean step, a quarter and a half of
the way to the ceiling; unbounded: a quarter and a half more than now). `--cross-validated` forecasts every country with
numbers learned without it: the only fair reading of the files the numbers were learned from.

Peers, each with normal errors, limits respected: `naive`, `drift`, `damped-holt` (smoothing and damping chosen
per series on a small grid) and, where statsforecast is installed, `auto-theta` and `auto-arima`. What they and the
model score is in ``scores.csv``.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from reformlib.errors import ReformError
from reformlib.project import law, window
from tools.learn import learn
from tools.learn.measures import HORIZONS, LEVELS, Windows, coverage, naive, normal_quantiles, skill
from tools.learn.scores import empty, read_off, targets
from tools.learn.windows import read, windows


def by_model(w: Windows, prior: dict | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (N, 10, levels) and target probabilities (N, 10, 3) of the model."""
    q, p = empty(w)
    prior = law.load_prior() if prior is None else prior
    fitted_trend = np.array([len(set(y)) >= window.MIN_DISTINCT for y in w.y]) & (w.y.shape[1] >= window.MIN_POINTS)
    known = np.isin(w.indicator, prior["kinds"])
    for bounded, trend, learned in itertools.product((True, False), repeat=3):
        i = np.flatnonzero((np.isfinite(w.room) == bounded) & (fitted_trend == trend) & (known == learned))
        if len(i):
            v = w.take(i)
            kind = v.indicator if learned else None
            f = law.fitted(v.t, v.y, v.family, v.room, trend=trend, kind=kind, prior=prior)(HORIZONS)
            q[i], p[i] = read_off(f, v)
    return q, p


def cross_validated(d: pd.DataFrame, tasks: pd.DataFrame) -> tuple[Windows, np.ndarray, np.ndarray]:
    """The tasks, each forecast by numbers learned from other countries only (five folds; minutes)."""
    w = windows(d, tasks)
    t = w.take(w.task)
    q, p = empty(t)
    for kind, ridge in learn.RIDGE.items():
        v = w.take(np.isfinite(w.room) == (kind == "bounded"))
        if not v.task.any():
            continue
        fitted, _ = learn.cross_validated(v, ridge, learn.folds(v.cluster), learn.KNOWN)
        position = np.flatnonzero(np.isfinite(t.room) == (kind == "bounded"))
        for mine, f in fitted:
            i = position[mine]
            q[i], p[i] = read_off(f, t.take(i))
    return t, q, p


# ------------------------------------------------------------------------------------------ peers


def drift(w: Windows) -> tuple[np.ndarray, np.ndarray]:
    """Random walk with drift; the drift's own error included (Hyndman and Athanasopoulos, 2021, 5.5)."""
    steps = np.diff(w.y, axis=1)
    slope, sigma = steps.mean(1), steps.std(1, ddof=1)
    wide = np.sqrt(HORIZONS * (1 + HORIZONS / steps.shape[1]))
    return w.y[:, -1:] + slope[:, None] * HORIZONS, sigma[:, None] * wide


def damped_holt(w: Windows) -> tuple[np.ndarray, np.ndarray]:
    """Holt's linear trend, damped; parameters by least squares on a grid, the start from the first step."""
    best = np.full(len(w.y), np.inf)
    best_fit = np.zeros((len(w.y), 5))
    n = w.y.shape[1]
    for alpha, share, phi in itertools.product((0.2, 0.5, 0.8, 0.99), (0.05, 0.3, 0.7), (0.8, 0.9, 0.98)):
        beta, level, slope, sse = alpha * share, w.y[:, 0].copy(), np.diff(w.y[:, :3], axis=1).mean(1), 0.0
        for j in range(1, n):
            error = w.y[:, j] - level - phi * slope
            level, slope, sse = level + phi * slope + alpha * error, phi * slope + beta * error, sse + error**2
        better = sse < best
        best = np.where(better, sse, best)
        now = np.stack(
            [level, slope, np.full(len(level), phi), np.full(len(level), alpha), np.full(len(level), beta)], 1
        )
        best_fit = np.where(better[:, None], now, best_fit)
    level, slope, phi, alpha, beta = (c[:, None] for c in best_fit.T)
    damp = phi * (1 - phi**HORIZONS) / (1 - phi)
    # Class 1 variance of the damped trend (Hyndman et al., 2008, table 6.1), summed step by step.
    weight = alpha + beta * damp
    variance = 1 + np.concatenate([np.zeros_like(level), np.cumsum(weight**2, 1)[:, :-1]], 1)
    return level + slope * damp, np.sqrt(best[:, None] / max(n - 3, 1) * variance)


PEERS = {"naive": naive, "drift": drift, "damped-holt": damped_holt}


def by_peer(w: Windows, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles and target probabilities of a peer with normal errors."""
    mean, sd = PEERS[name](w) if name in PEERS else _statsforecast(w, name)
    q, sd = normal_quantiles(w, mean, sd)
    return q, ndtr((mean[:, :, None] - targets(w)[:, None, :]) / sd[:, :, None])


def _statsforecast(w: Windows, name: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        from statsforecast.models import AutoARIMA, AutoTheta  # a benchmark extra, never a dependency
    except ImportError as error:
        raise ReformError(
            f"the peer {name} needs statsforecast, which is not installed",
            expected="one of: model, " + ", ".join(PEERS),
            fix="install statsforecast beside the package, or choose another peer",
        ) from error
    mean, sd = np.zeros((len(w.y), 10)), np.zeros((len(w.y), 10))
    for i, y in enumerate(w.y):
        m = AutoTheta(season_length=1) if name == "auto-theta" else AutoARIMA(season_length=1)
        f = m.forecast(y=y, h=10, level=[80])
        mean[i], sd[i] = f["mean"], (f["hi-80"] - f["lo-80"]) / (2 * ndtri(0.9))
    return mean, sd


# ------------------------------------------------------------------------------------------ the file and a score


def table(w: Windows, q: np.ndarray, p: np.ndarray) -> pd.DataFrame:
    """The forecasts as the scorer reads them."""
    n = len(w.y)
    out = pd.DataFrame({
        "series_id": np.repeat(w.series, 10),
        "origin": np.repeat(w.t[:, -1].astype(int), 10),
        "horizon": np.tile(HORIZONS.astype(int), n),
    })  # fmt: skip
    out[[f"q{level:g}" for level in LEVELS]] = q.reshape(n * 10, -1)
    out[["p1", "p2", "p3"]] = p.reshape(n * 10, -1)
    return out


def run(
    data: Path, tasks: Path, *, method: str = "model", cross: bool = False, n: int | None = None
) -> list[tuple[Windows, np.ndarray, np.ndarray]]:
    """(windows, quantiles, probabilities) of every task by one method, one entry for each number of points."""
    d, t = read(data, tasks, n=n)
    results = []
    for _, same in t.groupby("n", sort=True):
        if cross:
            results.append(cross_validated(d, same))
        else:
            w = windows(d, same, cap=0)
            results.append((w, *(by_model(w) if method == "model" else by_peer(w, method))))
    return results


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.learn.benchmark", description=__doc__.split("\n\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--method", default="model", choices=["model", *PEERS, "auto-theta", "auto-arima"])
    parser.add_argument("--cross-validated", action="store_true", help="learn without each country first (minutes)")
    parser.add_argument("--points", type=int, help="use this many points a task instead of the file's n")
    a = parser.parse_args(arguments)
    try:
        results = run(a.data, a.tasks, method=a.method, cross=a.cross_validated, n=a.points)
    except ReformError as error:
        print(error, file=sys.stderr)
        return 2
    pd.concat([table(*r) for r in results]).to_csv(a.output, index=False, float_format="%.9g")
    for w, q, _ in results:
        print(f"{a.method}, {w.y.shape[1]} points: {len(w.y)} tasks, skill {skill(w, q):.4f}, "
              f"an 80 % interval covers {100 * coverage(w, q, 0.1, 0.9).mean():.1f} %")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
