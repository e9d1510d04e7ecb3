"""Learn the numbers of the projection model again: ``python -m tools.learn.learn DATA TASKS [--output FILE]``.

Two models (bounded, unbounded), each one table of coefficients, fitted by the score they are judged by: the mean over
(indicator, horizon) cells of the log of the mean CRPS (as a weighted sum of pinball losses at 13 levels, the outer
levels weighted up because coverage is promised there), with a ridge towards the plain start values. Cells of an
indicator with few horizons count a little more (weight ~ 1 / sqrt of their number), or it would hardly be heard.

Training windows are the tasks plus other six-year windows of the same series, up to `CAP` an indicator. A fit always
believes itself a little too much, so the widths, tails and growth are then set (`calibrate`) by the coverage of
forecasts of unseen countries (five folds) and, with weight `UNLIKE`, of unseen indicators (ten groups left out). The
features, ridge and cap were chosen by the same country folds and the left-out indicators.

What was measured by country folds is in ``scores.csv``. For an indicator unlike all those learned from, expect less:
with whole indicators left out the skill falls from .29 to .20 and an 80 % interval covers about 75 % (`tested`
"indicators held out").

Deterministic: the same files give the same numbers on the same machine.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtri

from reformlib.errors import ReformError
from reformlib.project import law, window
from tools.learn import fit, measures
from tools.learn.measures import HORIZONS, Windows
from tools.learn.windows import CAP, read, windows

RIDGE = {"bounded": 0.06, "unbounded": 0.15}
SEARCH = 8
FOLDS = 5
UNLIKE = 0.2  # share of the calibration given to indicators the model never saw, as most of its use will be
LEFT_OUT = 10
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


def unlike(w: Windows) -> np.ndarray:
    """Group of each window for leaving indicators out: neighbours of one family fall into different groups."""
    names = [n for f in window.FAMILIES for n in sorted(set(w.indicator[w.family == f]))]
    return np.array([names.index(n) % LEFT_OUT for n in w.indicator])


def cross_fit(w: Windows, ridge: float, group: np.ndarray, *, steps: int = fit.STEPS) -> tuple[np.ndarray, dict]:
    """Parameters of the task windows, each learned without its group, and the mean powers of growth."""
    out = np.full((len(w.y), len(law.PARAMETERS)), np.nan)
    _, x = fit.summaries(w, None)
    models = []
    for j in np.unique(group):
        models.append(fit.fit(w.take(group != j), ridge, steps=steps))
        mine = (group == j) & w.task
        out[mine] = fit.parameters(models[-1], x[mine])
    shape = {k: float(np.mean([m[k] for m in models])) for k in ("power_up", "power_down", "first")}
    return out[w.task], shape


@dataclass(frozen=True)
class Calibration:
    """What forecasts of unseen series must be changed by: `offset` (families, P) on the parameters; the first
    year's narrowing `first` and the shift `power` of the growth curve, for all."""

    families: tuple[str, ...]
    offset: np.ndarray
    first: float
    power: float

    def shape(self, shape: dict) -> dict:
        return {
            "power_up": shape["power_up"] + self.power,
            "power_down": shape["power_down"] + self.power,
            "first": self.first,
        }

    def out(self, w: Windows, out: np.ndarray) -> np.ndarray:
        return out + self.offset[[self.families.index(f) for f in w.family]]


def calibration(theta: np.ndarray, families: tuple[str, ...]) -> Calibration:
    """Log widths up and down of each family, then tail, growth, first year and power of growth of all."""
    k = len(families)
    offset = np.zeros((k, len(law.PARAMETERS)))
    offset[:, law.ROW["up"]], offset[:, law.ROW["down"]] = theta[:k], theta[k : 2 * k]
    for side in ("up", "down"):
        offset[:, law.ROW[f"tail_{side}"]], offset[:, law.ROW[f"growth_{side}"]] = theta[2 * k], theta[2 * k + 1]
    return Calibration(families, offset, float(np.exp(min(theta[2 * k + 2], 3)) * 0.02), float(theta[2 * k + 3]))


def calibrate(w: Windows, forecasts: list[tuple[float, np.ndarray, dict]]) -> Calibration:
    """Calibration that brings coverage to its nominal values, at every horizon and in every family, each indicator
    counting once; `forecasts` are (weight, parameters, shape) of the tasks `w` from unseen countries and indicators."""
    families = tuple(f for f in window.FAMILIES if f in set(w.family))
    names, i = np.unique(w.indicator, return_inverse=True)
    family = np.array([w.family[w.indicator == n][0] for n in names])
    observed = np.isfinite(w.future)
    cell = i[:, None] * 10 + np.arange(10)
    count = np.bincount(cell[observed], minlength=10 * len(names))
    slack = 1e-6 * np.abs(w.future)
    nominal = np.array([50, 80, 95, 10, 10.0])[:, None]
    tolerance = np.array([2, 1.5, 1.25, 3, 3])[:, None]

    def distance(theta: np.ndarray) -> float:
        c, rate = calibration(theta, families), 0.0
        for weight, out, shape in forecasts:
            f = forecasts_of(w, c.out(w, out), c.shape(shape))
            q = np.moveaxis(f.quantile([0.025, 0.1, 0.25, 0.75, 0.9, 0.975]), 2, 0)
            hits = [(w.future >= q[a] - slack) & (w.future <= q[5 - a] + slack) for a in (2, 1, 0)]
            hits += [w.future < q[1] - slack, w.future > q[4] + slack]
            rate = rate + weight * np.array(
                [np.bincount(cell[observed], h[observed].astype(float), minlength=len(count)) for h in hits]
            )
        rate = np.where(count >= 8, 100 * rate / np.maximum(count, 1), np.nan).reshape(5, len(names), 10)
        horizon = np.nanmean(rate, 1)
        each = np.stack([np.nanmean(np.nanmean(rate[:, family == f], 1), 1) for f in families], 1)
        miss = (((horizon - nominal) / tolerance) ** 2).mean() + (((each - nominal) / tolerance / 2) ** 2).mean()
        widths, rest = theta[: 2 * len(families)], theta[2 * len(families) :]
        return float(miss + 0.5 * (widths**2).mean() + 0.03 * (rest**2).sum())

    start = np.zeros(2 * len(families) + 4)
    theta = minimize(distance, start, method="Powell", options={"maxiter": SEARCH, "xtol": 0.01, "ftol": 1e-3}).x
    return calibration(theta, families)


Fitted = list[tuple[np.ndarray, law.Forecast]]


def cross_validated(
    w: Windows, ridge: float, group: np.ndarray, *, steps: int = fit.STEPS
) -> tuple[Fitted, Calibration]:
    """Forecasts of the tasks of `w`, [(positions, forecast)], each learned and calibrated by the other groups only,
    and the calibration by all groups."""
    unseen, shape = cross_fit(w, ridge, group, steps=steps)
    other = unlike(w)
    share = UNLIKE if len(set(other)) > 1 else 0.0  # a lone indicator cannot be left out
    strange, strange_shape = cross_fit(w, ridge, other, steps=steps) if share else (unseen, shape)
    t, g = w.take(w.task), group[w.task]

    def calibrated(mask: np.ndarray) -> Calibration:
        parts = [(1 - share, unseen[mask], shape), (share, strange[mask], strange_shape)]
        return calibrate(t.take(mask), parts)

    fitted: Fitted = []
    for j in np.unique(g):
        mine, c = np.flatnonzero(g == j), calibrated(g != j)
        v = t.take(mine)
        fitted.append((mine, forecasts_of(v, c.out(v, unseen[mine]), c.shape(shape))))
    return fitted, calibrated(np.ones(len(g), bool))


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


def learn(data: Path, tasks: Path, *, steps: int = fit.STEPS, cap: int = CAP, today: str = "") -> dict:
    """All learned numbers, as `prior.json` holds them; `score` in it is by country folds. Minutes on one core."""
    d, t = read(data, tasks)
    everything = windows(d, t, cap=cap)
    judged = everything.take(everything.task)
    q = np.full((len(judged.y), 10, len(measures.LEVELS)), np.nan)
    prior: dict = {"version": 1, "learned": today, "sources": SOURCES, "usual_step": {}, "models": {}}
    forecasts, futures = [], []
    for family in window.FAMILIES:
        w = everything.take(everything.family == family)
        if len(w.y):
            s = window.summarise(w.t, w.y, w.room)
            prior["usual_step"][family] = float(np.median(s["unit"] / np.where(s["bounded"], s["whole"], s["level"])))
    for kind, ridge in RIDGE.items():
        w = everything.take(np.isfinite(everything.room) == (kind == "bounded"))
        fitted, c = cross_validated(w, ridge, folds(w.cluster), steps=steps)
        position = np.flatnonzero(np.isfinite(judged.room) == (kind == "bounded"))
        for mine, f in fitted:
            forecasts.append(f)
            futures.append(judged.future[position[mine]])
            q[position[mine]] = f.quantile(measures.LEVELS)
        m = fit.fit(w, ridge, steps=steps)
        m |= c.shape(m)
        for family, offset in zip(c.families, c.offset, strict=True):
            m["coefficients"][family_row(m["coefficients"], family)] += offset
        prior["models"][kind] = m
        prior["models"][f"{kind}-base"] = fit.fit(w, ridge, steps=steps, usual=prior["usual_step"])
    prior["memory"] = memory_of(forecasts, futures)
    prior["pace"] = paces(judged)
    prior["score"] = {
        "how": f"windows of {judged.y.shape[1]} values, ten years ahead; every country forecast by numbers "
        "learned from other countries",
        "skill_over_random_walk": round(measures.skill(judged, q), 4),
        "coverage": {
            str(n): [round(100 * v, 1) for v in measures.coverage(judged, q, a, 1 - a)]
            for n, a in ((50, 0.25), (80, 0.1), (95, 0.025))
        },
    }
    prior["windows"], prior["tasks"] = len(everything.y), int(everything.task.sum())
    return prior


def paces(w: Windows) -> dict[str, dict[str, dict[str, float]]]:
    """How fast series went on, by family: average yearly change over the 5 and 10 years after each window.

    Of the room under the ceiling, in points; unbounded, as a constant yearly rate in per cent. `median`, `fast` (one in
    ten was faster), `fastest` (one in a hundred) and `n`, the number of windows with a value that many years on.
    """
    table: dict[str, dict[str, dict[str, float]]] = {}
    for family in window.FAMILIES:
        v = w.take((w.family == family) & (w.y[:, -1] > 0))
        table[family] = {}
        for years in (5, 10):
            last, then = v.y[:, -1], v.future[:, years - 1]
            if family in window.BOUNDED:
                pace = 100 * (then - last) / v.room / years
            else:
                pace = 100 * ((np.maximum(then, 0) / last) ** (1 / years) - 1)
            pace = pace[np.isfinite(pace)]
            if len(pace) >= 8:
                median, fast, fastest = (round(float(x), 3) for x in np.quantile(pace, [0.5, 0.9, 0.99]))
                table[family][str(years)] = {"median": median, "fast": fast, "fastest": fastest, "n": len(pace)}
    return table


def family_row(coefficients: np.ndarray, family: str) -> int:
    """Row of the family's own constant: the first, if there is one family only."""
    if family not in window.BOUNDED:
        return 0
    each = 1 + len(window.BY_FAMILY)
    return len(coefficients) - each * (len(window.BOUNDED) - window.BOUNDED.index(family))


def forecasts_of(w: Windows, out: np.ndarray, shape: dict) -> law.Forecast:
    """The law that parameters `out` say, ten years ahead; `shape` holds power_up, power_down and first."""
    s, _ = fit.summaries(w, None)
    return law.law(
        out, s, w.t[:, -1], HORIZONS, shape, room=w.room, floor=np.zeros(len(w.y)), memory=0.5
    )  # fmt: skip


def write(prior: dict, path: Path) -> None:
    """Six significant digits: more would be false, and the file stays small."""

    def plain(v):
        if isinstance(v, dict):
            return {k: plain(x) for k, x in v.items()}
        if isinstance(v, np.ndarray | list):
            return [plain(x) for x in v]
        return float(f"{v:.6g}") if isinstance(v, float | np.floating) else v

    path.write_text(json.dumps(plain(prior), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.learn.learn", description=__doc__.split("\n\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("--output", type=Path, default=law.PRIOR)
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="written into the file")
    a = parser.parse_args(arguments)
    try:
        write(learn(a.data, a.tasks, today=a.date), a.output)
    except ReformError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
