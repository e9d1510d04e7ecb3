"""Learn the numbers of the projection model again: ``python -m tools.learn.learn DATA TASKS [--output FILE]``.

Two models (bounded, unbounded), each one table of coefficients, fitted by the score they are judged by: the mean over
(indicator, horizon) cells of the log of the mean CRPS (as a weighted sum of pinball losses at 13 levels, the outer
levels weighted up because coverage is promised there), with a ridge towards the plain start values. Cells of an
indicator with few horizons count a little more (weight ~ 1 / sqrt of their number), or it would hardly be heard.

Every family and every kind of indicator under a ceiling has a constant of its own in each parameter, drawn by ridges
towards that of all: how fast a kind rises or falls at which level, and how surely, is partly its own. A kind that was
not learned from has none. Training windows are the tasks plus other six-year windows of the same series, up to `CAP` an
indicator. A fit always believes itself a little too much, so widths, tails and growth are then set (`calibrate`) by
forecasts of unseen countries (five folds) for kinds of indicators that were learned from, and by those of kinds that
were left out with their relatives (:func:`tools.learn.windows.themes`) for all others, which is what reports have.
Ridges, cap and features were chosen by the same folds. Base rates of series without a trend: :mod:`tools.learn.base`.
What was measured is in ``scores.csv``.

One run of this command writes both files. Deterministic: the same files give the same numbers on the same machine.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reformlib.errors import ReformError
from reformlib.project import curves, law, window
from tools.learn import base, fit, measures, scores
from tools.learn.measures import HORIZONS, LEVELS, Windows
from tools.learn.windows import CAP, read, themes, windows, without_trend

RIDGE = {"bounded": 0.05, "unbounded": 0.15}
FOLDS = 5
# The coverages aimed at, of 50, 80 and 95 % intervals, and how far each may be missed: for kinds that were learned
# from, and for others, as what the kinds left out lacked does not tell all that the next one lacks.
KNOWN, UNKNOWN, TOLERANCE = (49.0, 81.0, 95.3), (57.0, 88.0, 97.5), (3.0, 1.5, 1.25)
WIDTHS = [curves.ROW[f"{part}{side}"] for part in ("", "growth_", "tail_") for side in ("up", "down")]
WIDTHS += [curves.ROW["still"], curves.ROW["still_decay"]]
FACTORS = np.arange(-0.4, 1.61, 0.04)  # logs of widths tried at each horizon
SEARCH = 60  # steps of a calibration
DRAWN = 165  # windows that drawing the width of a family to that of all is worth
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


def cross_fit(w: Windows, ridge: float, group: np.ndarray, steps: int) -> np.ndarray:
    """Parameters of the task windows, each learned without its group."""
    out, kinds = np.full((len(w.y), len(curves.PARAMETERS)), np.nan), fit.kinds_of(w)
    for j in np.unique(group):
        mine = (group == j) & w.task
        out[mine] = fit.parameters(fit.fit(w.take(group != j), ridge, kinds, steps=steps), w.take(mine))
    return out[w.task]


def calibrate(w: Windows, out: np.ndarray, aim: tuple[float, float, float]) -> dict:
    """What forecasts `out` of unseen tasks `w` must be changed by, as `prior.json` holds it.

    `offset` on the parameters of each family and `fast` on those of series that rise fast
    (:func:`reformlib.project.window.fast`) make the mean pinball loss least, each window in units of its own width.
    Then the width of the fast ones, that of a family whose intervals held too seldom, and the width and the `bend` of
    the growth of all (:func:`reformlib.project.curves.spread`), bring 50, 80 and 95 % intervals nearest to the
    coverages `aim`, at every horizon, of all with each indicator counting once. A family of few windows is widened by
    a part of what it lacked: one of `DRAWN` windows by half.
    """
    families, s = [f for f in window.FAMILIES if (w.family == f).any()], fit.summaries(w)
    up, down = (curves.spread(out, s["base"], np.array([[4.0]]), side)["scale"][:, 0] for side in ("up", "down"))
    size = w.unit * np.maximum((up + down) / w.unit, 0.3 * np.median((up + down) / w.unit))
    quick = window.fast(w.t, w.y, w.room)
    x = np.stack([np.ones(len(w.y)), *(w.family == f for f in families), quick], axis=1).astype(float)
    problem = fit.Problem(x, s, w.future, size, w.indicator, 0.0, out)
    problem.penalty[:] = 1e4  # the median stays as it is
    problem.penalty[:, WIDTHS] = np.array([0.0002, *[0.01] * len(families), 0.0005])[:, None]
    change = problem.solve(SEARCH)
    alike = replace(w, indicator=np.repeat("", len(w.y))).take(quick)
    change[-1, WIDTHS[:2]] += _mean(_nearest(alike, (out + x @ change)[quick], aim))
    change[-1, WIDTHS] = np.maximum(change[-1, WIDTHS], 0.0)  # what rises fast is never the surer for it
    for i, family in enumerate(families, start=1):
        own = w.family == family
        lacking = _mean(_nearest(w.take(own), (out + x @ change)[own], aim))
        change[i, WIDTHS[:2]] += max(lacking, 0.0) * own.sum() / (own.sum() + DRAWN)
    all_wide, *bend = _parabola(_nearest(w, out + x @ change, aim))
    change[0, WIDTHS[:2]] += all_wide
    offset = {f: change[0] + one for f, one in zip(families, change[1:-1], strict=True)}
    return {"offset": offset, "fast": change[-1], "bend": bend}


def _nearest(w: Windows, out: np.ndarray, aim: tuple[float, float, float]) -> np.ndarray:
    """Logs (10,) of the widths that bring the coverage of `out` nearest to `aim`, NaN where there are too few."""
    f, miss = law.law(out, fit.summaries(w), w.t[:, -1], HORIZONS), []
    for factor in np.exp(FACTORS):
        q = replace(f, scale_up=f.scale_up * factor, scale_down=f.scale_down * factor).quantile(LEVELS)
        held = [100 * measures.coverage(w, q, low, 1 - low) for low in (0.25, 0.1, 0.025)]
        miss.append(sum(((one - a) / t) ** 2 for one, a, t in zip(held, aim, TOLERANCE, strict=True)))
    return np.where(np.isfinite(miss[0]), FACTORS[np.argmin(miss, axis=0)], np.nan)


def _mean(wide: np.ndarray) -> float:
    return float(np.nanmean(wide)) if np.isfinite(wide).any() else 0.0


def _parabola(wide: np.ndarray) -> tuple[float, float, float]:
    """Constant, slope and curvature, never above zero, in the rising curve of log widths by horizon."""
    known = np.isfinite(wide)
    if known.sum() < 4:
        return 0.0, 0.0, 0.0
    rising, wide = curves.growth(HORIZONS[known]), wide[known]
    curvature, slope, first = np.polyfit(rising, wide, 2)
    if curvature > 0:  # the spread would fall before it rises
        curvature, (slope, first) = 0.0, np.polyfit(rising, wide, 1)
    return float(first), float(slope), float(curvature)


Fitted = list[tuple[np.ndarray, law.Forecast]]


def cross_validated(
    w: Windows, ridge: float, group: np.ndarray, aim: tuple[float, float, float], steps: int = fit.STEPS
) -> tuple[Fitted, dict]:
    """Forecasts of the tasks of `w`, [(positions, forecast)], each learned and calibrated by the other groups only,
    and the calibration by all groups."""
    unseen = cross_fit(w, ridge, group, steps)
    t, g = w.take(w.task), group[w.task]
    fitted: Fitted = []
    for j in np.unique(g):
        mine, others = np.flatnonzero(g == j), g != j
        c, v = calibrate(t.take(others), unseen[others], aim), t.take(mine)
        zero = np.zeros(len(curves.PARAMETERS))  # a family that is in no other group
        out = unseen[mine] + [c["offset"].get(f, zero) for f in v.family]
        out += window.fast(v.t, v.y, v.room)[:, None] * c["fast"]
        fitted.append((mine, law.law(out, fit.summaries(v), v.t[:, -1], HORIZONS, c["bend"])))
    return fitted, calibrate(t, unseen, aim)


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
        prior["models"].setdefault(kind, {}).update(model)
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
    """What `prior.json` holds of windows of kinds that are `known`, the coefficients and the calibration, or of those
    that are not, their calibration; and the forecasts of the tasks without their countries or their kinds."""
    if known:
        fitted, calibration = cross_validated(w, ridge, folds(w.cluster), KNOWN, steps)
        return fit.fit(w, ridge, fit.kinds_of(w), steps=steps) | {"known": calibration}, fitted
    fitted, calibration = cross_validated(w, ridge, kinds_apart(w), UNKNOWN, steps)
    return {"unknown": calibration}, fitted


def base_rates(d: pd.DataFrame, n: int, kind: str, usual: dict, cap: int) -> tuple[dict, list[dict]]:
    """The base rates of one kind of series, as `prior.json` holds them, and their rows of `scores.csv`: stated of kinds
    that had been left out. A cell that did not hold has no numbers."""
    w = without_trend(d, n, cap=cap)
    w = w.take(np.isfinite(w.room) == (kind == "bounded"))
    if not len(w.y):
        return {}, []
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
    return cells, [scores.row_of_shape(row) for row in measured]


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
