"""Predictive distributions for short, roughly annual series.

One distribution answers every question: the median, each interval and each target probability are read off the
same law, so they cannot contradict each other and quantiles cannot cross.

With *L* the last value and *h* years ahead of it, a value is ``clip(L + soft(m + s g(z), tau), floor, ceiling)``
with *z* standard normal:

- ``m`` the median move: a mix of the recency-weighted, whole and last mean step, shrunk by how steady, consistent
  and rough the series is and by its family, damped ``(1 - exp(-d h)) / d``, pulled towards the usual place in the
  room left and saturating towards the limit, ``room (1 - exp(-m / room))``;
- ``s`` the spread, one for each side, ``S exp(a) exp(c l(h))`` with ``c >= 0`` and ``l`` rising (Box-Cox of
  ``1 + h``), a little less in the first year: it never shrinks with the horizon;
- ``g(z) = sinh(k z) / k`` (Johnson's SU law, Biometrika 36, 1949, each side its own ``k``): heavier tails than normal;
- ``soft(x, tau)`` draws moves smaller than ``tau`` to exactly zero: short series often do not move at all.

The parameters are linear in a few properties of the window. Their coefficients were learned once from real series
(``prior.json`` names them, with licences); nothing is optimised when a forecast is made. What was measured: the module
``tools.learn.benchmark`` and ``scores.csv``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from reformlib.errors import ReformError

FAMILIES = ("share-reported", "share-modelled", "index", "count-ceiling", "unbounded")
BOUNDED = FAMILIES[:4]
MIN_POINTS, MIN_DISTINCT = 5, 3
MAX_POINTS = 8  # learned on six; what is older says little about the pace to come
MAX_HORIZON = 15.0  # learned on one to ten years ahead
MAX_MAGNITUDE = 1e15  # beyond it a float no longer holds every whole number
PRIOR = Path(__file__).with_name("prior.json")
MEASURED = Path(__file__).with_name("scores.csv")

# Row of each parameter in the coefficient matrix.
PARAMETERS = (
    "recent", "mean", "last", "typical", "damping", "level_error", "up", "down", "growth_up", "growth_down",
    "tail_up", "tail_down", "pull_up", "pull_down", "still", "still_decay",
)  # fmt: skip
ROW = {name: i for i, name in enumerate(PARAMETERS)}
START = np.array([0.5, 0, 0, 0, -2, 0, -0.7, -0.7, 0, 0, -0.5, -0.5, 0, 0, -3, -1.0])
# Family terms: each family has its own constant and its own slope on these features.
BY_FAMILY = ("log_step", "log_step_wide", "t", "still_share", "log_room")
TAIL_LIMIT = 2.5
Z_FLOOR = 1e-300


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


# ------------------------------------------------------------------------------------------ what a window shows


def summarise(t: np.ndarray, y: np.ndarray, room: np.ndarray) -> dict[str, np.ndarray]:
    """Scale-free summaries of windows.

    `t` dates in years and `y` values above the floor, both (N, n); `room` (N,) the ceiling above the floor, NaN where
    there is none. Unequal spacing counts: steps are rates per year, noise is per square root of a year.
    """
    bounded = np.isfinite(room)
    dt, dy = np.diff(t, axis=1), np.diff(y, axis=1)
    steps = dy.shape[1]
    last, level = y[:, -1], np.abs(y).mean(1)
    whole = np.where(bounded, room, 1.0)
    age = t[:, -1:] - t[:, 1:]
    weight = np.exp(-age / 2.0)
    recent = (weight * dy).sum(1) / (weight * dt).sum(1)
    mean = dy.sum(1) / dt.sum(1)
    noise = dy / np.sqrt(dt)
    rms = np.sqrt((noise**2).mean(1))
    unit = np.maximum(rms, np.where(bounded, 0.002 * whole, 0.005 * level))
    around = np.sqrt(((noise - mean[:, None] * np.sqrt(dt)) ** 2).sum(1) / (steps - 1))
    size = np.abs(dy)
    moved = size.sum(1)
    smallest = np.where(size > 0, size, np.inf).min(1)
    # A short last gap would make a rate out of noise: no rate is taken over less than nine months.
    rate = dy / np.maximum(dt, 0.75)
    ago = t - t[:, -1:]
    w = np.exp(ago / 4)
    total = w.sum(1)
    tm, ym = (w * ago).sum(1) / total, (w * y).sum(1) / total
    slope = (w * (ago - tm[:, None]) * (y - ym[:, None])).sum(1) / (w * (ago - tm[:, None]) ** 2).sum(1)
    return {
        "last": last, "level": level, "room": room, "whole": whole, "bounded": bounded, "unit": unit,
        "base": np.where(bounded, unit + 0.015 * whole, unit + 0.01 * level),
        "recent": recent, "mean": mean, "latest": rate[:, -1],
        "t": mean / np.hypot(around, 0.2 * unit) * np.sqrt(steps),
        "consistency": dy.sum(1) / np.maximum(moved, 1e-300),
        "still_share": (dy == 0).mean(1),
        "fine": np.where(np.isfinite(smallest), smallest, 0.0) / unit,
        "rough": np.sqrt((np.diff(rate, axis=1) ** 2).mean(1)) / unit,
        "jump": size.max(1) / np.maximum(size.mean(1), 1e-300),
        "level_error": ym - slope * tm - last,
    }  # fmt: skip


def summarise_last(y: np.ndarray, room: np.ndarray, step: np.ndarray) -> dict[str, np.ndarray]:
    """Summaries of series `y` (N, n) whose trend is not used: only the last value, and the family's usual `step`, a
    share of the room (bounded) or of the value (unbounded; of the mean size where the last value is zero)."""
    bounded, last = np.isfinite(room), y[:, -1]
    whole = np.where(bounded, room, 1.0)
    level = np.where(last != 0, np.abs(last), np.abs(y).mean(1))
    unit = step * np.where(bounded, whole, level)
    zero = np.zeros_like(last)
    return {
        "last": last, "level": level, "room": room, "whole": whole, "bounded": bounded, "unit": unit,
        "base": unit, "recent": zero, "mean": zero, "latest": zero, "level_error": zero,
    }  # fmt: skip


def design(s: dict[str, np.ndarray], family: np.ndarray, *, trend: bool = True) -> np.ndarray:
    """Feature matrix (N, F) of windows that are all bounded or all unbounded; `family` holds names."""
    bounded = bool(s["bounded"].all())
    x: dict[str, np.ndarray] = {"one": np.ones(len(s["last"]))}
    with np.errstate(invalid="ignore"):
        if bounded:
            level = s["last"] / s["whole"]
            x["log_room"] = np.log(1 - level + 0.02) + 1.5
            x["log_level"] = np.log(level + 0.02) + 1.0
            x["level"] = 2 * (level - 0.5)
        if trend:
            step = s["unit"] / (s["whole"] if bounded else s["level"])
            x["log_step"] = np.log(step) + (3.5 if bounded else 2.0)
            x["log_step_square"] = x["log_step"] ** 2 / 3
            if bounded:
                x["log_step_low"] = np.log(step + 0.02) + 3
                x["log_step_wide"] = np.log(step + 0.1) + 1.8
                x["room_in_steps"] = np.log((1 - level + 0.005) / step) - 2
            else:
                x["log_level"] = np.log(np.maximum(s["last"] / s["level"], 0) + 0.02)
            t = np.arcsinh(s["t"])
            x |= {
                "t": t / 2,
                "t_size": np.abs(t) / 2 - 0.6,
                "consistency": s["consistency"],
                "consistency_size": np.abs(s["consistency"]) - 0.6,
                "still_share": 2 * s["still_share"] - 0.3,
                "fine": np.log(s["fine"] + 0.02) + 2,
                "rough": np.log(s["rough"] + 0.03),
                "jump": np.log(s["jump"]) - 0.7,
                "latest": np.arcsinh(s["latest"] / s["unit"]),
                "latest_size": np.log(np.abs(s["latest"]) / s["unit"] + 0.1) + 0.5,
                "turn": np.arcsinh((s["recent"] - s["mean"]) / s["unit"]),
                "level_error": np.arcsinh(s["level_error"] / s["unit"]),
            }
    columns = list(x.values())
    if bounded:
        for name in BOUNDED:
            mine = (family == name).astype(float)
            columns += [mine] + [mine * x[f] for f in BY_FAMILY if f in x]
    return np.stack(columns, 1)


# ------------------------------------------------------------------------------------------ from numbers to a law


def median_move(out: np.ndarray, s: dict[str, np.ndarray], h: np.ndarray) -> dict[str, np.ndarray]:
    """Median move from the last value, (N, H), with the parts that learning needs; `out` (N, P), `h` (1|N, H) years."""
    col = {n: out[:, [i]] for n, i in ROW.items()}
    rate = (
        col["recent"] * s["recent"][:, None] + col["mean"] * s["mean"][:, None]
        + col["last"] * s["latest"][:, None] + col["typical"] * s["unit"][:, None]
    )  # fmt: skip
    damping = softplus(col["damping"]) + 0.01
    decay = np.exp(-damping * h)
    spent = (1 - decay) / damping
    settle, pull = 1 - np.exp(-2 * h), 0.3 * (1 - np.exp(-0.1 * h))
    below = np.maximum(s["last"], 1e-9 * s["whole"])[:, None] if s["bounded"].all() else s["last"][:, None]
    below = np.where(below > 0, below, 1e-9 * np.maximum(s["level"], Z_FLOOR)[:, None])
    above = np.maximum(s["room"] - s["last"], 1e-9 * s["whole"])[:, None]
    above = np.where(s["bounded"][:, None], above, np.inf)
    pulled = col["pull_down"] * below
    if s["bounded"].all():
        pulled = pulled + col["pull_up"] * above
    move = rate * spent + col["level_error"] * s["level_error"][:, None] * settle + pulled * pull
    limit = np.where(move > 0, above, s.get("below", below))
    x = np.minimum(np.abs(move) / limit, 50.0)
    bent = np.where(np.isfinite(limit), np.sign(move) * np.where(np.isfinite(limit), limit, 0) * -np.expm1(-x), move)
    return {
        "move": bent, "slope": np.exp(-x), "rate": rate, "damping": damping, "decay": decay, "spent": spent,
        "settle": settle, "pull": pull, "above": above, "below": below,
    }  # fmt: skip


def growth(h: np.ndarray, power: float) -> np.ndarray:
    """Box-Cox of 1 + h, zero at one year: the rising curve the log spread follows."""
    if abs(power) < 1e-4:
        return np.log((1 + h) / 2)
    return ((1 + h) ** power - 2.0**power) / power


def spread(
    out: np.ndarray, base: np.ndarray, h: np.ndarray, power: float, side: str, first: float = 0.0
) -> dict[str, np.ndarray]:
    """Scale (N, H) and tail (N, 1) of one side ("up" or "down"); `first` >= 0 narrows the first year or two."""
    rising, rate = growth(h, power), softplus(out[:, [ROW[f"growth_{side}"]]])
    scale = base[:, None] * np.exp(np.clip(out[:, [ROW[side]]] + rate * rising, -15, 8) - first * np.exp(1 - h))
    return {"scale": scale, "rising": rising, "rate": rate, "tail": tail(out[:, [ROW[f"tail_{side}"]]])}


def tail(raw: np.ndarray) -> np.ndarray:
    return np.minimum(softplus(raw), TAIL_LIMIT) + 0.02


def still_zone(out: np.ndarray, base: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Half width (N, H) of the moves that count as no move; it never grows with the horizon."""
    fading = softplus(out[:, [ROW["still_decay"]]]) * np.log((1 + h) / 2)
    return base[:, None] * np.exp(np.clip(out[:, [ROW["still"]]] - fading, -15, 3))


# ------------------------------------------------------------------------------------------ the forecast


@dataclass(frozen=True)
class Forecast:
    """A predictive distribution at each date of `at`; every figure is read from it.

    `at` dates in years; `last` the last value used; `median`, `scale_up`, `scale_down`, `tail_up`, `tail_down`, `still`
    the law's parameters at each date before the limits (module docstring); `basis` "fitted trend" or "family base rate"
    and `reason` why, in words, when no trend is fitted. Arrays may carry leading dimensions (many series at once).

    >>> f = forecast([2014, 2015, 2016, 2017, 2018, 2019], [20, 24, 31, 33, 38, 44], family="share-reported",
    ...              ceiling=100, at=[2020, 2025])
    >>> bool(f.quantile(0.1)[0] < f.quantile(0.5)[0] < f.quantile(0.9)[0] <= 100)
    True
    """

    at: np.ndarray
    horizon: np.ndarray
    last: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    median_raw: np.ndarray
    scale_up: np.ndarray
    scale_down: np.ndarray
    tail_up: np.ndarray
    tail_down: np.ndarray
    still: np.ndarray
    memory: float
    family: str = ""
    basis: str = "fitted trend"
    reason: str = ""
    points: int = 0
    used: tuple[tuple[float, float], ...] = field(default=(), repr=False)

    def quantile(self, p: ArrayLike) -> np.ndarray:
        """Values not exceeded with probability `p`: the shape of `at`, with a last axis for `p` if `p` is a list.

        Raises ReformError unless every p is strictly between 0 and 1.
        """
        p = np.asarray(p, float)
        if not np.all((p > 0) & (p < 1)):
            raise ReformError("a probability must lie strictly between 0 and 1", where=f"p = {p}")
        return self.at_score(np.where(p == 0.5, 0.0, ndtri(p)), outer=p.ndim > 0)

    def at_score(self, z: ArrayLike, *, outer: bool = True) -> np.ndarray:
        """Values at standard normal scores `z`: on a new last axis (`outer`), or one for each date."""
        z = np.asarray(z, float)
        wide = (lambda a: np.asarray(a)[..., None]) if outer else np.asarray
        up = z > 0
        k = np.where(up, wide(self.tail_up), wide(self.tail_down))
        move = np.where(up, wide(self.scale_up), wide(self.scale_down)) * np.sinh(k * z) / k
        move = move + wide(self.median_raw) - wide(self.last)
        still = wide(self.still)
        move = np.sign(move) * np.maximum(np.abs(move) - still, 0.0)
        return np.clip(wide(self.last) + move, wide(self.floor), wide(self.ceiling))

    def probability_at_least(self, target: float) -> np.ndarray:
        """P(value at each date >= `target`): "at or above in year T", not "reached by year T".

        The exact inverse of :meth:`quantile`. Raises ReformError if `target` is not a finite number.
        """
        return ndtr(-self.score_of(target))

    def score_of(self, target: float) -> np.ndarray:
        """The lowest standard normal score at which the value at each date is `target` or more: the inverse of
        :meth:`at_score`, -inf for what the floor grants, inf above the ceiling.

        Raises ReformError if `target` is not a finite number.
        """
        target = np.asarray(target, float)
        if not np.all(np.isfinite(target)):
            raise ReformError("a target must be a finite number", where=f"target = {target}")
        x = np.where(target > self.last, target + self.still, target - self.still) - self.median_raw
        up = x > 0
        k = np.where(up, self.tail_up, self.tail_down)
        z = np.arcsinh(k * x / np.where(up, self.scale_up, self.scale_down)) / k
        return np.where(target <= self.floor, -np.inf, np.where(target > self.ceiling, np.inf, z))

    def paths(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """`n` simulated paths (n, dates) whose value at each date has exactly this distribution.

        Successive dates hang together as in a random walk whose pace is also uncertain: the normal scores of two
        horizons a < b correlate as (a / b) ** `memory`, a power learned from the benchmark.
        """
        order = np.argsort(self.horizon)
        z = np.empty((n, len(order)))
        z[:, order] = walks(self.horizon[order], self.memory, n, rng)
        return self.at_score(z, outer=False)

    def reached_by(self, target: float, *, n: int = 4000, seed: int = 0) -> np.ndarray:
        """P(`target` reached at any of the dates up to and including each date), by simulated paths.

        Never below :meth:`probability_at_least` at the same date but for simulation error (about 0.008 at n = 4000).
        Only the given dates count: pass every year to `at`. One if the last value already meets the target.
        """
        enough = self.score_of(target := float(target))
        if np.all(self.last >= target):
            return np.ones(len(self.at))
        order = np.argsort(self.horizon)
        scores = _seeded_walks(tuple(self.horizon[order].tolist()), self.memory, n, int(seed))
        out = np.empty(len(order))
        # a value rises with its score: what the scores reach need not be turned into values
        out[order] = np.logical_or.accumulate(scores >= enough[..., order], axis=1).mean(0)
        return out


def walks(horizon: np.ndarray, memory: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Standard normal scores (n, dates) of `n` paths at rising horizons, which hang together as in :meth:`paths`."""
    clock = horizon ** (2 * memory)
    walk = np.cumsum(rng.standard_normal((n, len(clock))) * np.sqrt(np.diff(clock, prepend=0.0)), axis=1)
    return walk / np.sqrt(clock)


@lru_cache(maxsize=16)  # they rest on the dates alone, and the series of a report end at the same few
def _seeded_walks(horizon: tuple[float, ...], memory: float, n: int, seed: int) -> np.ndarray:
    scores = walks(np.array(horizon), memory, n, np.random.default_rng(seed))
    scores.flags.writeable = False
    return scores


@lru_cache(maxsize=4)
def load_prior(path: Path = PRIOR) -> dict:
    """The learned numbers; see `tools.learn.learn`."""
    prior = json.loads(path.read_text(encoding="utf-8"))
    for part in prior["models"].values():
        part["coefficients"] = np.array(part["coefficients"], float)
        part["low"], part["high"] = np.array(part["low"]), np.array(part["high"])
    return prior


@lru_cache(maxsize=1)
def load_scores() -> list[dict[str, str]]:
    """What was measured: the rows of `scores.csv`, as they are written. Not to be changed."""
    with MEASURED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def predict(
    t: np.ndarray,
    y: np.ndarray,
    h: np.ndarray,
    *,
    family: np.ndarray,
    room: np.ndarray,
    floor: np.ndarray | None = None,
    trend: bool = True,
    prior: dict | None = None,
) -> Forecast:
    """Many windows at once, without checks: `t`, `y` (N, n), `h` (H,) years after the last date, `family` (N,) names,
    `room` (N,) ceiling above floor or NaN, all bounded or all unbounded; `floor` (N,), -inf for none."""
    return _fitted(t, y, family, room, floor, trend, prior)(h)


def _fitted(
    t: np.ndarray,
    y: np.ndarray,
    family: np.ndarray,
    room: np.ndarray,
    floor: np.ndarray | None,
    trend: bool,
    prior: dict | None = None,
) -> Callable[[np.ndarray], Forecast]:
    """What windows say at any horizon: :func:`predict` but for `h`."""
    prior = load_prior() if prior is None else prior
    floor = np.zeros(len(y)) if floor is None else floor
    zero = np.where(np.isfinite(floor), floor, 0.0)
    y = y - zero[:, None]
    bounded = bool(np.isfinite(room).all())
    model = prior["models"][("bounded" if bounded else "unbounded") + ("" if trend else "-base")]
    usual = np.array([prior["usual_step"][f] for f in family])
    s = summarise(t, y, room) if trend else summarise_last(y, room, usual)
    if not np.isfinite(floor).all():  # no floor: nothing to saturate towards on the way down
        s["below"] = np.where(np.isfinite(floor), s["last"], np.inf)[:, None]
    x = np.clip(design(s, family, trend=trend), model["low"], model["high"])
    out = x @ model["coefficients"] + START
    return lambda h: law(out, s, t[:, -1], h, model, room=room, floor=floor, memory=prior["memory"])


def law(
    out: np.ndarray, s: dict[str, np.ndarray], end: np.ndarray, h: np.ndarray, model: dict,
    *, room: np.ndarray, floor: np.ndarray, memory: float,
) -> Forecast:  # fmt: skip
    """The distribution that parameters `out` (N, P) say, `h` (H,) years after the dates `end` (N,)."""
    h = np.asarray(h, float)[None, :]
    zero = np.where(np.isfinite(floor), floor, 0.0)
    up = spread(out, s["base"], h, model["power_up"], "up", model["first"])
    down = spread(out, s["base"], h, model["power_down"], "down", model["first"])
    last = (s["last"] + zero)[:, None]
    return Forecast(
        at=end[:, None] + h,
        horizon=h[0],
        last=last,
        floor=floor[:, None],
        ceiling=np.where(np.isfinite(room), zero + room, np.inf)[:, None],
        median_raw=last + median_move(out, s, h)["move"],
        scale_up=up["scale"],
        scale_down=down["scale"],
        tail_up=up["tail"],
        tail_down=down["tail"],
        still=still_zone(out, s["base"], h),
        memory=memory,
    )


def forecast(
    years: ArrayLike,
    values: ArrayLike,
    *,
    family: str,
    ceiling: float | None = None,
    floor: float | None = 0.0,
    at: ArrayLike,
) -> Forecast:
    """Predictive distribution of a series at the dates `at`.

    `years` are dates as years with fractions, each the moment its value stands for (a stock at 31 March 2020 is 2020.25
    where the end of 2019 is 2020.0; any one convention will do). NaN values are missing and left out. `family` is one
    of FAMILIES; the first four need a `ceiling`; `floor=None` means no lower limit (unbounded only). Order does not
    matter; the last eight points are used.

    With fewer than five points, or fewer than three distinct values among them, no trend is fitted: the base rate of
    the family is given, what its series did from such a last value, and `reason` says so in words.

    Raises ReformError for: no usable value; an infinite, missing or repeated date; a value infinite, absurdly large or
    beyond its limits; a date to forecast not after the data, or more than fifteen years after; an unknown family; an
    unbounded series of zeros only (nothing says how large its steps could be).
    """
    t, y = (tuple(np.asarray(numbers, float).ravel().tolist()) for numbers in (years, values))
    at = np.atleast_1d(np.asarray(at, float))
    if family not in FAMILIES:
        raise ReformError(f"unknown family of indicators: {family}", expected="one of: " + ", ".join(FAMILIES))
    used, reason, law_after = _window(t, y, family, ceiling, floor)
    end = used[-1][0]
    _check_dates(at, end)
    f = law_after(at - end)
    parts = ("last", "floor", "ceiling", "median_raw", "scale_up", "scale_down", "tail_up", "tail_down", "still")
    return Forecast(
        at=at, horizon=f.horizon, memory=f.memory, family=family,
        basis="family base rate" if reason else "fitted trend", reason=reason, points=len(used), used=used,
        **{name: np.broadcast_to(getattr(f, name)[0], at.shape) for name in parts},
    )  # fmt: skip


@lru_cache(maxsize=256)  # one series is asked for many dates
def _window(
    t: tuple[float, ...], y: tuple[float, ...], family: str, ceiling: float | None, floor: float | None
) -> tuple[tuple[tuple[float, float], ...], str, Callable[[np.ndarray], Forecast]]:
    """The points of a series that are used, why no trend is fitted to them ("" if one is), and their law."""
    years, values = np.array(t), np.array(y)
    _check(years, values, family, ceiling, floor)
    used = tuple(sorted((when, value) for when, value in zip(t, y, strict=True) if np.isfinite(value)))[-MAX_POINTS:]
    years, values = np.array(used).T
    distinct, reason = len(set(values.tolist())), ""
    if len(used) < MIN_POINTS:
        reason = f"only {len(used)} usable point{'s' if len(used) > 1 else ''}; a trend needs {MIN_POINTS}"
    elif distinct < MIN_DISTINCT:
        reason = f"only {distinct} distinct value{'s' if distinct > 1 else ''}; a trend needs {MIN_DISTINCT}"
    if reason:
        if ceiling is None and not np.any(values - (floor or 0.0)):
            raise ReformError(
                "the series is zero throughout and has no ceiling: nothing says how large a step could be",
                fix="give a ceiling, or wait for a value that is not zero",
            )
        reason += ": no trend is fitted, the base rate of its family is given"
    room = np.array([np.nan if ceiling is None else ceiling - floor], float)
    lowest = np.array([-np.inf if floor is None else floor], float)
    return used, reason, _fitted(years[None], values[None], np.array([family]), room, lowest, not reason)


def _check(t: np.ndarray, y: np.ndarray, family: str, ceiling: float | None, floor: float | None) -> None:
    if len(t) != len(y):
        raise ReformError("a series needs one date for each value", where=f"{len(t)} dates, {len(y)} values")
    if not np.isfinite(t).all():
        raise ReformError("a date of the series is missing or infinite", expected="years as numbers, e.g. 2019.25")
    if np.isinf(y).any():
        raise ReformError("a value of the series is infinite", fix="leave the cell empty if it is not known")
    if not np.isfinite(y).any():
        raise ReformError("the series has no usable value", expected="at least one number")
    if len(t) > 1 and np.diff(np.sort(t)).min() < 1e-3:
        twice = np.sort(t)[np.argmin(np.diff(np.sort(t)))]
        raise ReformError("two values carry the same date", where=f"{twice:g}", fix="keep one of them")
    if np.abs(t).max() > 1e5 or np.nanmax(np.abs(y)) > MAX_MAGNITUDE:
        raise ReformError("a date or a value is absurdly large", where=f"largest value {np.nanmax(np.abs(y)):g}")
    if family in BOUNDED and ceiling is None:
        raise ReformError(f"a series of the family {family} needs its ceiling", expected="e.g. ceiling=100")
    if family not in BOUNDED and ceiling is not None:
        raise ReformError("an unbounded series has no ceiling", fix="name a bounded family or leave the ceiling out")
    if ceiling is not None and (floor is None or not np.isfinite([floor, ceiling]).all() or ceiling <= floor):
        raise ReformError("the ceiling must be a number above the floor", where=f"floor {floor}, ceiling {ceiling}")
    if floor is not None and not np.isfinite(floor):
        raise ReformError("the floor must be a number, or None for no floor", where=f"floor {floor}")
    slack = 1e-9 * (ceiling - floor if ceiling is not None else 1.0)
    if ceiling is not None and np.nanmax(y) > ceiling + slack:
        raise ReformError("a value lies above its ceiling", where=f"{np.nanmax(y):g} > {ceiling:g}")
    if floor is not None and np.nanmin(y) < floor - slack:
        raise ReformError("a value lies below its floor", where=f"{np.nanmin(y):g} < {floor:g}")


def _check_dates(at: np.ndarray, end: float) -> None:
    if not len(at) or not np.isfinite(at).all():
        raise ReformError("the dates to forecast must be numbers, at least one")
    if at.min() <= end:
        raise ReformError("a date to forecast does not lie after the data", where=f"{at.min():g}, data end {end:g}")
    if at.max() > end + MAX_HORIZON:
        raise ReformError(
            f"a date to forecast lies more than {MAX_HORIZON:g} years after the data",
            where=f"{at.max():g}, data end {end:g}",
            expected="the method was measured one to ten years ahead",
        )
