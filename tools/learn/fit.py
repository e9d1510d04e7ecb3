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
STEPS = 120
POWER = 0.2
ALIKE = 1e6  # a ridge that leaves nothing


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
    hold: float = 0.05  # how much the powers are held at their start

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
        """The loss of the parameters `theta` (coefficients, then two powers), and its slope in each of them."""
        coefficients, power = theta[:-2].reshape(self.x.shape[1], -1), theta[-2:]
        out = self.start + self.x @ coefficients
        h = HORIZONS[None, :]
        parts = {"median": curves.median_move(out, self.s, h), "still": curves.still_zone(out, self.s["base"], h)}
        parts |= {side: curves.spread(out, self.s["base"], h, power[i], side) for i, side in enumerate(("up", "down"))}
        crps, grad = self._crps(parts)
        total = np.bincount(self.cell[self.observed], crps[self.observed], minlength=len(self.count))
        on = self.weight > 0
        value = (self.weight[on] * np.log(np.maximum(total[on] / self.count[on], 1e-12))).sum()
        share = np.zeros_like(total)
        share[on] = self.weight[on] / np.maximum(total[on], 1e-12)
        each = np.where(self.observed, share[self.cell] / self.unit[:, None], 0.0)
        to, to_power = self._slopes(out, power, parts, {name: slope * each for name, slope in grad.items()})
        value += 0.5 * (self.penalty * coefficients**2).sum()
        value += self.hold * ((power - POWER) ** 2).sum()
        slope = (self.x.T @ to + self.penalty * coefficients).ravel()
        return float(value), np.concatenate([slope, to_power + 2 * self.hold * (power - POWER)])

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

    def _slopes(self, out: np.ndarray, power: np.ndarray, parts: dict, grad: dict) -> tuple[np.ndarray, np.ndarray]:
        """From the slope in the parts of the law to that in its parameters (N, P) and in the two powers."""
        s, h, m, still, row = self.s, HORIZONS[None, :], parts["median"], parts["still"], curves.ROW
        to, to_power = np.zeros_like(out), np.zeros(2)
        for i, name in enumerate(("up", "down")):
            side = parts[name]
            d = grad[f"scale_{name}"] * side["scale"]
            to[:, row[name]] = d.sum(1)
            growth = row[f"growth_{name}"]
            to[:, growth] = (d * side["rising"]).sum(1) * expit(out[:, growth])
            to_power[i] = (d * side["rate"] * _growth_slope(h, power[i])).sum()
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
        return to, to_power

    def solve(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients (F, P) and the two powers of the growth curve."""
        theta = np.concatenate([np.zeros(self.x.shape[1] * len(curves.PARAMETERS)), [POWER, POWER]])
        theta = minimize(
            self.loss, theta, jac=True, method="L-BFGS-B",
            options={"maxiter": steps, "maxfun": 2 * steps, "maxcor": 20},
        ).x  # fmt: skip
        return theta[:-2].reshape(self.x.shape[1], -1), theta[-2:]


def _growth_slope(h: np.ndarray, power: float) -> np.ndarray:
    """d growth / d power."""
    if abs(power) < 1e-4:
        return (np.log1p(h) ** 2 - np.log(2) ** 2) / 2
    return ((1 + h) ** power * np.log1p(h) - 2**power * np.log(2)) / power - curves.growth(h, power) / power


def summaries(w: Windows) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Summaries and features of windows."""
    s = window.summarise(w.t, w.y, w.room)
    return s, window.design(s, w.family)


def fit(w: Windows, ridge: float, *, steps: int = STEPS, own: tuple[str, ...] | None = None) -> dict:
    """One model: coefficients, powers, and the range of each feature, beyond which it is not believed. Bounded families
    have slopes of their own on the features `own` only, where they are named."""
    s, x = summaries(w)
    problem = Problem(x, s, w.future, w.unit, w.indicator, ridge)
    names = list(window.features(s))
    common = np.array([own is not None and name not in own for name in names])
    alike = np.concatenate([np.zeros(len(names), bool), np.tile(common, x.shape[1] // len(names) - 1)])
    problem.penalty[alike] = ALIKE
    coefficients, powers = problem.solve(steps)
    coefficients[alike] = 0.0
    return {
        "coefficients": coefficients, "power_up": float(powers[0]), "power_down": float(powers[1]),
        "low": x.min(0), "high": x.max(0),
    }  # fmt: skip


def parameters(m: dict, x: np.ndarray) -> np.ndarray:
    """Parameters (N, P) that a model says of features `x` (N, F)."""
    return np.clip(x, m["low"], m["high"]) @ m["coefficients"] + curves.START
