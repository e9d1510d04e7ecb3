"""Learn the numbers of the projection model again: ``python -m tools.learn.learn DATA TASKS [--output FILE]``.

Two models (bounded, unbounded), each one table of coefficients, fitted by the score they are judged by: the mean over
(indicator, horizon) cells of the log of the mean CRPS (as a weighted sum of pinball losses at 13 levels, the outer
levels weighted up because coverage is promised there), with a ridge towards the plain start values. Cells of an
indicator with few horizons count a little more (weight ~ 1 / sqrt of their number), or it would hardly be heard.

Every family has its own slope on every feature, drawn by the ridge towards that of all. Training windows are the tasks
plus other six-year windows of the same series, up to `CAP` an indicator. A fit always believes itself a little too
much, so widths, tails and growth are then set (`calibrate`) by the coverage of forecasts of unseen countries (five
folds) for kinds of indicators that were learned from, and by that of kinds that were left out with their relatives
(:func:`tools.learn.windows.themes`) for all others, which is what reports have. Ridge, cap and features were chosen by
the same folds. Base rates of series without a trend: :mod:`tools.learn.base`. What was measured is in ``scores.csv``.

Deterministic: the same files give the same numbers on the same machine.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtri

from reformlib.errors import ReformError
from reformlib.project import curves, law, window
from tools.learn import base, fit, measures, scores
from tools.learn.measures import HORIZONS, Windows
from tools.learn.windows import CAP, read, themes, windows, without_trend

RIDGE = {"bounded": 0.05, "unbounded": 0.15}
FOLDS = 5
SEARCH = 4  # rounds of a calibration
# How known kinds are calibrated, and others: what a log of the mean pinball loss counts beside a squared miss of one
# tolerance, and the coverages aimed at (of 50, 80 and 95 % intervals, below and above 80 %).
AIM = (50, 80.5, 95.3, 9.8, 9.8)  # unseen series are held a little less often
KNOWN, UNKNOWN = (25.0, AIM), (0.0, AIM)
OWN = ("one", "log_room", "log_step_wide", "log_step", "t", "still_share")  # what families of unknown kinds differ in
ENDS = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
FEW = 250  # windows an indicator of one to four years
COUNTRIES, KINDS = "countries held out", "kinds held out"
SOURCES = [  # as the benchmark file cites them
    {"name": "Gapminder (Systema Globalis, Fast Track)", "licence": "CC-BY 4.0", "url": "https://www.gapminder.org"},
    {
        "name": "United Nations SDG Global Database",
        "licence": "UN terms of use, with attribution",
        "url": "https://unstats.un.org/sdgs",
    },
    {"name": "Our World in Data", "licence": "CC-BY 4.0", "url": "https://ourworldindata.org"},
    {
        "name": "M3 competition (Makridakis and Hibon, 2000), yearly series",
        "licence": "published for research",
        "url": "https://forecasters.org",
    },
]


def folds(cluster: np.ndarray, k: int = FOLDS) -> np.ndarray:
    """Fold of each window; a country (or a competition series) is in one fold with all its indicators."""
    names, i = np.unique(cluster, return_inverse=True)
    return (np.random.default_rng(0).permutation(len(names)) % k)[i]


def kinds_apart(w: Windows) -> np.ndarray:
    """Group of each window for leaving kinds out; a lone kind cannot be left out, so its countries are."""
    group = themes(w.indicator)
    return group if len(set(group)) > 1 else folds(w.cluster)


def cross_fit(w: Windows, ridge: float, group: np.ndarray, **how: Any) -> tuple[np.ndarray, dict]:
    """Parameters of the task windows, each learned without its group, and the mean powers of growth."""
    out = np.full((len(w.y), len(curves.PARAMETERS)), np.nan)
    _, x = fit.summaries(w)
    models = []
    for j in np.unique(group):
        models.append(fit.fit(w.take(group != j), ridge, **how))
        mine = (group == j) & w.task
        out[mine] = fit.parameters(models[-1], x[mine])
    shape = {k: float(np.mean([m[k] for m in models])) for k in ("power_up", "power_down")}
    return out[w.task], shape


@dataclass(frozen=True)
class Calibration:
    """What forecasts of unseen series must be changed by: `offset` (families, P) on the parameters, and `fast` (P,) on
    those of series that rise fast (:func:`reformlib.project.window.fast`); the first year's narrowing `first` and the
    shift `power` of the growth curve, for all."""

    families: tuple[str, ...]
    offset: np.ndarray
    fast: np.ndarray
    first: float
    power: float

    def shape(self, shape: dict) -> dict:
        """What `prior.json` holds of it: the powers of a model, shifted, `first`, and `offset` by family."""
        powers = {name: shape[name] + self.power for name in ("power_up", "power_down")}
        return powers | {
            "first": self.first,
            "fast": self.fast,
            "offset": dict(zip(self.families, self.offset, strict=True)),
        }

    def out(self, w: Windows, out: np.ndarray) -> np.ndarray:
        fast = window.fast(w.t, w.y, w.room)[:, None] * self.fast
        return out + self.offset[[self.families.index(f) for f in w.family]] + fast


def calibration(theta: np.ndarray, families: tuple[str, ...]) -> Calibration:
    """Log widths up and down, tail, growth, first year and power of growth of all; what series that rise fast have
    beside them, widths and growth; and the widths that each family has."""
    offset, fast = np.zeros((len(families), len(curves.PARAMETERS))), np.zeros(len(curves.PARAMETERS))
    for i, side in enumerate(("up", "down")):
        width, growth, tail = (curves.ROW[f"{part}{side}"] for part in ("", "growth_", "tail_"))
        offset[:, width] = theta[i] + theta[9 + i :: 2]
        offset[:, tail], offset[:, growth] = theta[2], theta[3]
        fast[width], fast[growth] = theta[6 + i], theta[8]
    return Calibration(families, offset, fast, float(np.exp(min(theta[4], 3)) * 0.02), float(theta[5]))


def calibrate(w: Windows, out: np.ndarray, shape: dict, families: tuple[str, ...], aim: tuple = UNKNOWN) -> Calibration:
    """Calibration that brings coverage to its nominal values, at every horizon, in every family, each indicator
    counting once, and of series that rise fast, near and far ahead; `out` and `shape` are the forecasts of the tasks
    `w`; `aim` is `KNOWN` or `UNKNOWN`."""
    names, i = np.unique(w.indicator, return_inverse=True)
    observed = np.isfinite(w.future)
    cell = i[:, None] * 10 + np.arange(10)
    count = np.bincount(cell[observed], minlength=10 * len(names))
    each = [np.array([w.family[w.indicator == n][0] == f for n in names]) for f in families]
    each = [mine for mine in each if (count.reshape(-1, 10)[mine] >= 8).any()]
    quick = window.fast(w.t, w.y, w.room)[:, None] & observed
    spans = [part for part in (quick & (np.arange(10) < 4), quick & (np.arange(10) >= 4)) if part.sum() >= 100]
    slack = 1e-6 * np.abs(w.future)
    sharp, nominal = aim[0], np.array(aim[1])[:, None]
    tolerance = np.array([2, 1.5, 1.25, 3, 3])[:, None]
    before = forecasts_of(w, out, shape | {"first": 0.0})
    size = fit.summaries(w)[0]["base"]

    def distance(theta: np.ndarray) -> float:
        c = calibration(theta, families)
        # the median and the still zone stay as they are
        f = replace(before, **sides(c.out(w, out), size, HORIZONS[None, :], c.shape(shape)))
        q = np.moveaxis(f.quantile(ENDS), 2, 0)
        hits = [(w.future >= q[a] - slack) & (w.future <= q[5 - a] + slack) for a in (2, 1, 0)]
        hits += [w.future < q[1] - slack, w.future > q[4] + slack]
        pinball = sum(np.maximum(p * (w.future - at), (p - 1) * (w.future - at)) for p, at in zip(ENDS, q, strict=True))
        loss = np.bincount(cell[observed], (pinball / w.unit[:, None])[observed], minlength=len(count))
        worth = np.log(loss[count >= 8] / count[count >= 8]).mean()
        total = np.array([np.bincount(cell[observed], h[observed].astype(float), minlength=len(count)) for h in hits])
        rate = np.where(count >= 8, 100 * total / np.maximum(count, 1), np.nan).reshape(5, len(names), 10)
        miss = (((np.nanmean(rate, 1) - nominal) / tolerance) ** 2)[:, (count.reshape(-1, 10) >= 8).any(0)].mean()
        parts = [np.array([np.nanmean(one[mine]) for one in rate]) for mine in each]
        parts += [np.array([100 * h[span].mean() for h in hits]) for span in spans]
        miss += (((np.stack(parts, 1) - nominal) / tolerance / 2) ** 2).mean()
        return float(miss + sharp * worth + 0.5 * (theta[6:] ** 2).mean() + 0.03 * (theta[:6] ** 2).sum())

    start = np.zeros(9 + 2 * len(families))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a horizon that no indicator has is left out above
        theta = minimize(distance, start, method="Powell", options={"maxiter": SEARCH, "xtol": 0.02, "ftol": 1e-3}).x
    return calibration(theta, families)


def sides(out: np.ndarray, size: np.ndarray, h: np.ndarray, shape: dict) -> dict[str, np.ndarray]:
    """Scale and tail of both sides of the laws that parameters `out` say."""
    found = {}
    for side in ("up", "down"):
        part = curves.spread(out, size, h, shape[f"power_{side}"], side, shape["first"])
        found |= {f"scale_{side}": part["scale"], f"tail_{side}": part["tail"]}
    return found


Fitted = list[tuple[np.ndarray, law.Forecast]]


def cross_validated(
    w: Windows, ridge: float, group: np.ndarray, aim: tuple = UNKNOWN, **how: Any
) -> tuple[Fitted, dict]:
    """Forecasts of the tasks of `w`, [(positions, forecast)], each learned and calibrated by the other groups only,
    and the shape (:meth:`Calibration.shape`) by all groups."""
    unseen, shape = cross_fit(w, ridge, group, **how)
    t, g = w.take(w.task), group[w.task]
    families = tuple(f for f in window.FAMILIES if f in set(w.family))
    fitted: Fitted = []
    for j in np.unique(g):
        mine, others = np.flatnonzero(g == j), g != j
        c, v = calibrate(t.take(others), unseen[others], shape, families, aim), t.take(mine)
        fitted.append((mine, forecasts_of(v, c.out(v, unseen[mine]), c.shape(shape))))
    return fitted, calibrate(t, unseen, shape, families, aim).shape(shape)


def memory_of(forecasts: list[law.Forecast], futures: list[np.ndarray]) -> float:
    """Power r of corr(z_a, z_b) = (a / b) ** r between the normal scores of what happened a < b years ahead.

    Middle of the probability jump where a value is likelier than nothing (unchanged, at a limit).
    """
    scores = []
    for f, y in zip(forecasts, futures, strict=True):
        above = np.stack([_chance(f, y, side) for side in (-1, 1)]).mean(0)
        scores.append(ndtri(np.clip(1 - above, 1e-3, 1 - 1e-3)))
    z = np.concatenate(scores)
    ratio, logs = [], []
    for a in range(10):
        for b in range(a + 1, 10):
            ok = np.isfinite(z[:, a]) & np.isfinite(z[:, b])
            if ok.sum() >= 100:
                ratio.append(np.log(HORIZONS[a] / HORIZONS[b]))
                logs.append(np.log(np.clip(np.corrcoef(z[ok, a], z[ok, b])[0, 1], 0.01, 1)))
    if not ratio:
        return 0.5  # a plain random walk
    ratio, logs = np.array(ratio), np.array(logs)
    return float((ratio * logs).sum() / (ratio**2).sum())


def _chance(f: law.Forecast, y: np.ndarray, side: int) -> np.ndarray:
    nudge = 1e-7 * np.maximum(np.abs(y), 1e-6)
    observed = np.isfinite(y)
    return np.where(observed, f.probability_at_least(np.where(observed, y + side * nudge, 0.0)), np.nan)


def learn(
    data: Path, tasks: Path, *, steps: int = fit.STEPS, cap: int = CAP, today: str = "", side_by_side: Callable = map
) -> tuple[dict, list[dict]]:
    """All learned numbers, as `prior.json` holds them, and what was measured, rows of `scores.csv`; `score` in the
    first is by country folds. Minutes on one core; `side_by_side` may be the `map` of a pool."""
    d, t = read(data, tasks)
    everything = windows(d, t, cap=cap)
    judged = everything.take(everything.task)
    usual = base.usual_steps(everything)
    prior: dict = {"version": 2, "learned": today, "sources": SOURCES, "usual_step": usual}
    prior |= {"kinds": sorted(set(everything.indicator)), "models": {}, "base": {}}
    kinds = {kind: np.isfinite(everything.room) == (kind == "bounded") for kind in RIDGE}
    ways = [(kind, tested) for kind in RIDGE for tested in (COUNTRIES, KINDS)]
    mine = [everything.take(kinds[kind]) for kind, _ in ways]
    ridges, known = [RIDGE[kind] for kind, _ in ways], [tested == COUNTRIES for _, tested in ways]
    models = side_by_side(one_model, mine, ridges, [steps] * len(ways), known)
    rates = side_by_side(base_rates, [d] * 2, [len(judged.y[0])] * 2, RIDGE, [usual] * 2, [min(cap, FEW)] * 2)
    answers = {tested: scores.empty(judged) for tested in (COUNTRIES, KINDS)}
    forecasts, futures, rows = [], [], []
    for (kind, tested), (model, parts) in zip(ways, models, strict=True):
        name = "known" if tested == COUNTRIES else "unknown"
        prior["models"].setdefault(kind, {})[name] = model
        position, (q, p) = np.flatnonzero(kinds[kind][everything.task]), answers[tested]
        for places, f in parts:
            here = position[places]
            q[here], p[here] = scores.read_off(f, judged.take(here))
            if tested == COUNTRIES:
                forecasts.append(f)
                futures.append(judged.future[here])
    for kind, (rate, cells) in zip(RIDGE, rates, strict=True):
        prior["base"][kind] = rate
        rows += cells
    prior["memory"] = memory_of(forecasts, futures)
    prior["pace"] = paces(everything)
    q = answers[COUNTRIES][0]
    prior["score"] = {
        "how": f"windows of {judged.y.shape[1]} values, ten years ahead; every country forecast by numbers "
        "learned from other countries",
        "skill_over_random_walk": round(measures.skill(judged, q), 4),
        "coverage": {
            str(n): [round(100 * v, 1) for v in measures.coverage(judged, q, a, 1 - a)]
            for n, a in ((50, 0.25), (80, 0.1), (95, 0.025))
        },
    }
    prior["windows"], prior["tasks"] = len(everything.y), len(judged.y)
    return prior, [row for tested, answer in answers.items() for row in scores.rows(judged, *answer, tested)] + rows


def one_model(w: Windows, ridge: float, steps: int, known: bool) -> tuple[dict, Fitted]:
    """The model of windows of kinds that are `known`, or of those that are not, with its calibration, and the forecasts
    of the tasks without their countries or their kinds."""
    how = {"steps": steps} if known else {"steps": steps, "own": OWN}
    group = folds(w.cluster) if known else kinds_apart(w)
    fitted, shape = cross_validated(w, ridge, group, KNOWN if known else UNKNOWN, **how)
    return fit.fit(w, ridge, **how) | shape, fitted


def base_rates(d: pd.DataFrame, n: int, kind: str, usual: dict, cap: int) -> tuple[dict, list[dict]]:
    """The base rates of one kind of series, as `prior.json` holds them, and their rows of `scores.csv`: stated of kinds
    that had been left out. A cell that did not hold has no numbers."""
    w = without_trend(d, n, cap=cap)
    w = w.take(np.isfinite(w.room) == (kind == "bounded"))
    if not len(w.y):
        return base.SHAPE | {"cells": {}}, []
    group = kinds_apart(w)
    out = base.held_out(w, group, usual)
    measured = base.measured(w, base.widened(w, out, group, usual), usual)
    good = {row["cell"] for row in measured if row["family"] == "all" and base.holds(row)}
    wide = base.widths(w, out, usual)
    cells = {
        name: {family: out + wide.get(name.split(" ")[0], base.NOTHING) for family, out in found.items()}
        for name, found in base.cells(w, usual).items()
        if name in good
    }
    return base.SHAPE | {"cells": cells}, [scores.row_of_shape(row) for row in measured]


def paces(w: Windows) -> dict[str, dict]:
    """How fast series went on that had come to a like level at a like pace: average yearly change over the 5 and 10
    years after each window, by family, years and cell (:func:`reformlib.project.window.pace_cells`); "all" has those of
    every bounded family. Cells of fewer than a hundred windows, of which no hundredth can be told, are left out.

    Of the room under the ceiling, in points; unbounded, as a constant yearly rate in per cent. `median`, `fast` (one in
    ten was faster), `fastest` (one in a hundred) and `n`, the number of windows with a value that many years on.
    """
    names = (*window.FAMILIES, "all")
    table: dict[str, dict] = {family: {"5": {}, "10": {}} for family in names}
    cells = window.pace_cells(w.t, w.y, w.room)
    for family in names:
        mine = (w.y[:, -1] > 0) & ((w.family == family) | (np.isfinite(w.room) & (family == "all")))
        for years, cell in itertools.product((5, 10), np.unique(cells[mine])):
            v = w.take(mine & (cells == cell))
            last, then = v.y[:, -1], v.future[:, years - 1]
            if np.isfinite(v.room).all():
                pace = 100 * (then - last) / v.room / years
            else:
                pace = 100 * ((np.maximum(then, 0) / last) ** (1 / years) - 1)
            pace = pace[np.isfinite(pace)]
            if len(pace) >= 100:
                median, fast, fastest = (round(float(x), 3) for x in np.quantile(pace, [0.5, 0.9, 0.99]))
                row = {"median": median, "fast": fast, "fastest": fastest, "n": len(pace)}
                table[family][str(years)][str(cell)] = row
    return table


def forecasts_of(w: Windows, out: np.ndarray, shape: dict) -> law.Forecast:
    """The law that parameters `out` say, ten years ahead; `shape` holds power_up, power_down and first."""
    return law.law(out, fit.summaries(w)[0], w.t[:, -1], HORIZONS, shape)


def write(prior: dict, path: Path) -> None:
    """Five significant digits: more would be false, and the file stays small."""

    def plain(v):
        if isinstance(v, dict):
            return {k: plain(x) for k, x in v.items()}
        if isinstance(v, np.ndarray | list):
            return [plain(x) for x in v]
        return float(f"{v:.5g}") if isinstance(v, float | np.floating) else v

    path.write_text(json.dumps(plain(prior), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.learn.learn", description=__doc__.split("\n\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("--output", type=Path, default=law.PRIOR)
    parser.add_argument("--scores", type=Path, default=scores.SCORED)
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="written into the file")
    a = parser.parse_args(arguments)
    try:
        with ProcessPoolExecutor(2) as pool:
            prior, rows = learn(a.data, a.tasks, today=a.date, side_by_side=pool.map)
        write(prior, a.output)
        scores.write(rows, a.scores)
    except ReformError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
