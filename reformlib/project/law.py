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

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from reformlib.errors import ReformError
from reformlib.paths import packaged
from reformlib.project import window

PRIOR = Path(__file__).with_name("prior.json")

# Row of each parameter in the coefficient matrix.
PARAMETERS = (
    "recent", "mean", "last", "typical", "damping", "level_error", "up", "down", "growth_up", "growth_down",
    "tail_up", "tail_down", "pull_up", "pull_down", "still", "still_decay",
)  # fmt: skip
ROW = {name: i for i, name in enumerate(PARAMETERS)}
START = np.array([0.5, 0, 0, 0, -2, 0, -0.7, -0.7, 0, 0, -0.5, -0.5, 0, 0, -3, -1.0])
TAIL_LIMIT = 2.5
Z_FLOOR = 1e-300


def softplus(x: np.ndarray) -> np.ndarray:
    """ln(1 + exp(x)): above zero, and nearly x where x is large."""
    return np.logaddexp(0.0, x)


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
    """Heaviness k of a tail in sinh(k z) / k, from 0.02 (nearly normal) to `TAIL_LIMIT`."""
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

    def score_of(self, target: ArrayLike) -> np.ndarray:
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

    def mirrored(self, total: float = 0.0) -> "Forecast":
        """The distribution of `total` less the value: that of the share not done where this is the share done.

        P(value <= x) is P(-value >= -x), so what is asked of a value that should fall is asked of its mirror image.

        >>> f = forecast([2015, 2016, 2017, 2018, 2019], [20, 24, 31, 33, 38], family="share-reported", ceiling=100,
        ...              at=[2025])
        >>> bool(np.isclose(f.mirrored(100).quantile(0.2), 100 - f.quantile(0.8))[0])
        True
        """
        turned = {name: total - getattr(self, name) for name in ("last", "median_raw")}
        turned |= {"floor": total - self.ceiling, "ceiling": total - self.floor}
        turned |= {"scale_up": self.scale_down, "scale_down": self.scale_up}
        turned |= {"tail_up": self.tail_down, "tail_down": self.tail_up}
        return replace(self, **turned, used=tuple((when, total - value) for when, value in self.used))

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
    return packaged("project/scores.csv")


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


def _fitted(t, y, family, room, floor, trend, prior=None) -> Callable[[np.ndarray], Forecast]:
    """What windows say at any horizon: :func:`predict` but for `h`."""
    prior = load_prior() if prior is None else prior
    floor = np.zeros(len(y)) if floor is None else floor
    zero = np.where(np.isfinite(floor), floor, 0.0)
    y = y - zero[:, None]
    bounded = bool(np.isfinite(room).all())
    model = prior["models"][("bounded" if bounded else "unbounded") + ("" if trend else "-base")]
    usual = np.array([prior["usual_step"][f] for f in family])
    s = window.summarise(t, y, room) if trend else window.summarise_last(y, room, usual)
    if not np.isfinite(floor).all():  # no floor: nothing to saturate towards on the way down
        s["below"] = np.where(np.isfinite(floor), s["last"], np.inf)[:, None]
    x = np.clip(window.design(s, family, trend=trend), model["low"], model["high"])
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
    if family not in window.FAMILIES:
        raise ReformError(f"unknown family of indicators: {family}", expected="one of: " + ", ".join(window.FAMILIES))
    used, reason, law_after = _window(t, y, family, ceiling, floor)
    end = used[-1][0]
    window.check_dates(at, end)
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
    window.check_series(years, values)
    window.check_limits(values, family, ceiling, floor)
    finite = sorted((when, value) for when, value in zip(t, y, strict=True) if np.isfinite(value))
    used = tuple(finite[-window.MAX_POINTS :])
    years, values = np.array(used).T
    distinct, reason = len(set(values.tolist())), ""
    if len(used) < window.MIN_POINTS:
        reason = f"only {len(used)} usable point{'s' if len(used) > 1 else ''}; a trend needs {window.MIN_POINTS}"
    elif distinct < window.MIN_DISTINCT:
        reason = f"only {distinct} distinct value{'s' if distinct > 1 else ''}; a trend needs {window.MIN_DISTINCT}"
    if reason:
        if ceiling is None and not np.any(values - (floor or 0.0)):
            raise ReformError(
                "the series is zero throughout and has no ceiling: nothing says how large a step could be",
                fix="give a ceiling, or wait for a value that is not zero",
            )
        reason += ": no trend is fitted, the base rate of its family is given"
    room = np.array([np.nan if ceiling is None or floor is None else ceiling - floor], float)
    lowest = np.array([-np.inf if floor is None else floor], float)
    return used, reason, _fitted(years[None], values[None], np.array([family]), room, lowest, not reason)
