"""The loss of a table of coefficients, its gradient, and the table that makes it least."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, ndtri

from reformlib.project import curves, window
from tools.learn.measures import HORIZONS, Windows

LEVELS = np.array([0.025, 0.05, 0.1, 0.175, 0.25, 0.375, 0.5, 0.625, 0.75, 0.825, 0.9, 0.95, 0.975])
SCORES = np.where(LEVELS == 0.5, 0.0, ndtri(LEVELS))
OUTER = np.where(LEVELS > 0.5, 1 - LEVELS, LEVELS)
WEIGHTS = (
    2 * np.diff(np.concatenate([[0], (LEVELS[1:] + LEVELS[:-1]) / 2, [1]]))
    * np.select([OUTER < 0.03, OUTER < 0.06], [2.5, 1.5], 1.0)
)  # fmt: skip
STEPS = 100
# Ridges of the constants of families and of kinds of indicators: what a family has in common is hardly told by the one
# to eight kinds of it; chosen by leaving countries, and kinds, out.
OF_FAMILY, OF_KIND = 0.5, 0.02


@dataclass
class Problem:
    """The loss of a coefficient table, with its gradient by hand (checked against differences in the tests)."""

    x: np.ndarray
    s: dict[str, np.ndarray]
    future: np.ndarray
    unit: np.ndarray
    indicator: np.ndarray
    ridge: float
    start: np.ndarray = field(default_factory=curves.START.copy)

    def __post_init__(self) -> None:
        _, i = np.unique(self.indicator, return_inverse=True)
        self.cell = i[:, None] * 10 + np.arange(10)
        self.observed = np.isfinite(self.future)
        count = np.bincount(self.cell[self.observed], minlength=self.cell.max() + 1).astype(float)
        self.count = count
        used = (count >= 8).reshape(-1, 10)
        weight = used / np.sqrt(np.maximum(used.sum(1, keepdims=True), 1))
        self.weight = (weight / weight.sum()).ravel()
        self.penalty = np.full((self.x.shape[1], len(curves.PARAMETERS)), self.ridge)
        self.penalty[0] *= 0.02

    def loss(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """The loss of the coefficients `theta`, and its slope in each of them."""
        coefficients = theta.reshape(self.x.shape[1], -1)
        out = self.start + self.x @ coefficients
        h = HORIZONS[None, :]
        parts = {"median": curves.median_move(out, self.s, h), "still": curves.still_zone(out, self.s["base"], h)}
        parts |= {side: curves.spread(out, self.s["base"], h, side) for side in ("up", "down")}
        crps, grad = self._crps(parts)
        total = np.bincount(self.cell[self.observed], crps[self.observed], minlength=len(self.count))
        on = self.weight > 0
        value = (self.weight[on] * np.log(np.maximum(total[on] / self.count[on], 1e-12))).sum()
        share = np.zeros_like(total)
        share[on] = self.weight[on] / np.maximum(total[on], 1e-12)
        each = np.where(self.observed, share[self.cell] / self.unit[:, None], 0.0)
        to = self._slopes(out, parts, {name: slope * each for name, slope in grad.items()})
        value += 0.5 * (self.penalty * coefficients**2).sum()
        return float(value), (self.x.T @ to + self.penalty * coefficients).ravel()

    def _crps(self, parts: dict) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """CRPS (N, H) in units of each window, and what it says to every part of the law: at each level the quantile,
        the pinball loss and its slope."""
        last = self.s["last"][:, None]
        ceiling = np.where(self.s["bounded"], self.s["room"], np.inf)[:, None]
        y = np.where(self.observed, self.future - last, 0.0)
        crps = np.zeros_like(y)
        grad = {k: np.zeros_like(y) for k in ("median", "still", "scale_up", "scale_down", "tail_up", "tail_down")}
        for level, z, weight in zip(LEVELS, SCORES, WEIGHTS, strict=True):
            name = "up" if z > 0 else "down"
            scale, k = parts[name]["scale"], parts[name]["tail"]
            g = np.sinh(k * z) / k
            move = parts["median"]["move"] + scale * g
            moved = np.abs(move) > parts["still"]
            q = np.where(moved, move - np.sign(move) * parts["still"], 0.0)
            inside = (q > -last) & (q < ceiling - last)
            q = np.clip(q, -last, ceiling - last)
            over = y >= q
            crps += weight * np.where(over, level * (y - q), (1 - level) * (q - y))
            d = np.where(inside & moved, weight * np.where(over, -level, 1 - level), 0.0)
            grad["median"] += d
            grad["still"] -= d * np.sign(move)
            if z != 0:
                grad[f"scale_{name}"] += d * g
                grad[f"tail_{name}"] += d * scale * (z * np.cosh(k * z) - g) / k
        return np.where(self.observed, crps / self.unit[:, None], 0.0), grad

    def _slopes(self, out: np.ndarray, parts: dict, grad: dict) -> np.ndarray:
        """From the slope in the parts of the law to that in its parameters (N, P)."""
        s, h, m, still, row = self.s, HORIZONS[None, :], parts["median"], parts["still"], curves.ROW
        to = np.zeros_like(out)
        for name in ("up", "down"):
            side = parts[name]
            d = grad[f"scale_{name}"] * side["scale"]
            to[:, row[name]] = d.sum(1)
            growth = row[f"growth_{name}"]
            to[:, growth] = (d * side["rising"]).sum(1) * expit(out[:, growth])
            raw = out[:, row[f"tail_{name}"]]
            to[:, row[f"tail_{name}"]] = grad[f"tail_{name}"].sum(1) * np.where(
                curves.softplus(raw) < curves.TAIL_LIMIT, expit(raw), 0
            )
        d = grad["still"] * still
        to[:, row["still"]] = d.sum(1)
        to[:, row["still_decay"]] = -(d * np.log((1 + h) / 2)).sum(1) * expit(out[:, row["still_decay"]])
        d = grad["median"] * m["slope"]
        pace = (d * m["spent"]).sum(1)
        for name, source in (("recent", "recent"), ("mean", "mean"), ("last", "latest"), ("typical", "unit")):
            to[:, row[name]] = pace * s[source]
        bend = (m["decay"] * h * m["damping"] - (1 - m["decay"])) / m["damping"] ** 2
        to[:, row["damping"]] = (d * m["rate"] * bend).sum(1) * expit(out[:, row["damping"]])
        to[:, row["level_error"]] = (d * m["settle"]).sum(1) * s["level_error"]
        to[:, row["pull_down"]] = (d * m["pull"] * m["below"]).sum(1)
        if s["bounded"].all():
            to[:, row["pull_up"]] = (d * m["pull"] * m["above"]).sum(1)
        return to

    def solve(self, steps: int) -> np.ndarray:
        """Coefficients (F, P)."""
        theta = minimize(
            self.loss, np.zeros(self.penalty.size), jac=True, method="L-BFGS-B",
            options={"maxiter": steps, "maxfun": 2 * steps, "maxcor": 20},
        ).x  # fmt: skip
        return theta.reshape(self.penalty.shape)


def summaries(w: Windows) -> dict[str, np.ndarray]:
    """Summaries of windows."""
    return window.summarise(w.t, w.y, w.room)


def kinds_of(w: Windows) -> list[str]:
    """The kinds of indicators that have a constant of their own: those with a ceiling. Of the others each is too unlike
    itself (patents of a small country and of a large one) to gain by it."""
    return sorted(set(w.indicator[np.isfinite(w.room)]))


def fit(w: Windows, ridge: float, kinds: list[str], *, steps: int = STEPS) -> dict:
    """One model: coefficients, the kinds that they know, and the range of each feature, beyond which it is not
    believed."""
    s = summaries(w)
    x = window.design(s, w.family, w.indicator, kinds)
    problem, common = Problem(x, s, w.future, w.unit, w.indicator, ridge), len(window.features(s))
    problem.penalty[common:], problem.penalty[common + len(window.BOUNDED) :] = OF_FAMILY, OF_KIND
    return {"coefficients": problem.solve(steps), "low": x.min(0), "high": x.max(0), "kinds": kinds}


def parameters(m: dict, w: Windows) -> np.ndarray:
    """Parameters (N, P) that a model says of windows."""
    x = window.design(summaries(w), w.family, w.indicator, m["kinds"])
    return np.clip(x, m["low"], m["high"]) @ m["coefficients"] + curves.START
