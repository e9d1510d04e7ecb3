"""Predictive distributions for short, roughly annual series.

One distribution answers every question: the median, each interval and each target probability are read off the
same law, so they cannot contradict each other and quantiles cannot cross.

With *L* the last value and *h* years ahead of it, a value is ``clip(L + soft(m + s g(z), tau), floor, ceiling)``
with *z* standard normal:

- ``m`` the median move: a mix of the recency-weighted, whole and last mean step, shrunk by how steady, consistent
  and rough the series is and by its family, damped ``(1 - exp(-d h)) / d``, pulled towards the usual place in the
  room left and saturating towards the limit, ``room (1 - exp(-m / room))``;
- ``s`` the spread, one for each side, ``S exp(a + c l(h))`` with ``c >= 0`` and ``l`` rising (Box-Cox of ``1 + h``),
  bent alike for all as the coverage of unseen series asks for: it never shrinks with the horizon;
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
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from reformlib.errors import ReformError
from reformlib.paths import packaged
from reformlib.project import window
from reformlib.project.curves import PARAMETERS, START, STRAIGHT, median_move, spread, still_zone

# An 80 % interval is no range to go by where its far end from zero is more than `FAR` times the near one and `MORE`
# times the last figure: of kinds left out of the learning such intervals held 72 of 100 figures, others 85. Under a
# ceiling where it spans `ALL` of what is possible, as that of a value of which nothing is known but its limits.
FAR, MORE, ALL = 20.0, 2.0, 0.8
PRIOR = Path(__file__).with_name("prior.json")


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


def apart(low: ArrayLike, high: ArrayLike, times: float) -> np.ndarray:
    """Whether the ends of intervals have opposite signs, or one is more than `times` the other.

    >>> apart([1622, -5, -1, 0], [13154, -2, 2, 0], 3).tolist()
    [True, False, True, False]
    """
    near, far = np.sort(np.abs(np.array([low, high])), axis=0)
    return (np.sign(low) * np.sign(high) < 0) | (far > times * near)


def no_range(f: Any) -> np.ndarray:
    """At which dates of a distribution the 80 % interval is no range to go by (`FAR`, `MORE`, `ALL`): (dates,).

    0 to 73359 signatures after 1610: none; 570 to 8858 is one, and so is 0 to 420 after 300: they hardly rise. 361 to
    1949 of 1949 services: none, 81 % of what is possible.
    """
    low, high = f.quantile([0.1, 0.9]).T
    bounded, far = np.isfinite(f.ceiling), np.maximum(np.abs(low), np.abs(high))
    wide = apart(low, high, FAR) & (far > MORE * np.abs(f.last))
    return np.where(bounded, high - low >= ALL * np.where(bounded, f.ceiling - f.floor, 1.0), wide)


def walks(horizon: np.ndarray, memory: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Standard normal scores (n, dates) of `n` paths at rising horizons, joined as in :meth:`Forecast.paths`."""
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
    for model in prior["models"].values():
        model |= {name: np.array(model[name], float) for name in ("coefficients", "low", "high")}
    return prior


@lru_cache(maxsize=1)
def load_scores() -> list[dict[str, str]]:
    """What was measured: the rows of `scores.csv`, as they are written. Not to be changed."""
    return packaged("project/scores.csv")


def fitted(
    t: np.ndarray,
    y: np.ndarray,
    family: np.ndarray,
    room: np.ndarray,
    floor: np.ndarray | None = None,
    trend: bool = True,
    prior: dict | None = None,
    kind: np.ndarray | None = None,
) -> Callable[[np.ndarray], Forecast]:
    """What many windows at once say, without checks, of any years (H,) after the last date: `t`, `y` (N, n), `family`
    (N,) names, `room` (N,) ceiling above floor or NaN, all bounded or all unbounded; `floor` (N,), -inf for none.

    `kind` (N,) names indicators that are among those learned from (`kinds` of the prior), which have a pace and a width
    of their own; all others are as uncertain as kinds were that had been left out of the learning. Without a `trend`
    NaN where nothing comparable was measured.

    All is worked out in a unit of the size of the values, a power of two, so that no unit loses digits.
    """
    prior = load_prior() if prior is None else prior
    floor = np.zeros(len(y)) if floor is None else floor
    zero = np.where(np.isfinite(floor), floor, 0.0)
    y, bounded = y - zero[:, None], bool(np.isfinite(room).all())
    unit = np.ldexp(1.0, np.maximum(np.frexp(room if bounded else np.nanmax(np.abs(y), axis=1))[1], -1000))
    y, whole, limits, bend = y / unit[:, None], room / unit, "bounded" if bounded else "unbounded", STRAIGHT
    if trend:
        model, s = prior["models"][limits], window.summarise(t, y, whole)
        names, told = (np.repeat("", len(y)), "unknown") if kind is None else (kind, "known")
        x, shape = window.design(s, family, names, model["kinds"]), model[told]
        out = np.clip(x, model["low"], model["high"]) @ model["coefficients"] + START
        out += [shape["offset"][f] for f in family]
        out += window.fast(t, y, whole)[:, None] * np.array(shape["fast"])
        bend = shape["bend"]
    else:
        s = window.summarise_last(y, whole, np.array([prior["usual_step"][f] for f in family]))
        out = window.base_parameters(prior["base"][limits], family, window.shape_cells(y, whole), len(PARAMETERS))
    if not np.isfinite(floor).all():  # no floor: nothing to saturate towards on the way down
        s["below"] = np.where(np.isfinite(floor), s["last"], np.inf)[:, None]

    def after(h: np.ndarray) -> Forecast:
        f = law(out, s, t[:, -1], h, bend, prior["memory"])
        sizes = ("last", "median_raw", "scale_up", "scale_down", "still")
        told = {name: getattr(f, name) * unit[:, None] for name in sizes}
        told |= {name: told[name] + zero[:, None] for name in ("last", "median_raw")}
        return replace(f, **told, floor=floor[:, None], ceiling=np.where(bounded, zero + room, np.inf)[:, None])

    return after


def law(
    out: np.ndarray,
    s: dict[str, np.ndarray],
    end: np.ndarray,
    h: np.ndarray,
    bend: tuple[float, float] = STRAIGHT,
    memory: float = 0.5,
) -> Forecast:
    """The distribution that parameters `out` (N, P) say of windows with summaries `s`, `h` (H,) years after the dates
    `end` (N,), above a floor of zero; `bend` as in :func:`reformlib.project.curves.spread`."""
    h = np.asarray(h, float)[None, :]
    up, down = (spread(out, s["base"], h, side, bend) for side in ("up", "down"))
    last = s["last"][:, None]
    return Forecast(
        at=end[:, None] + h,
        horizon=h[0],
        last=last,
        floor=np.zeros_like(last),
        ceiling=np.where(s["bounded"], s["room"], np.inf)[:, None],
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

    With fewer than five points, or fewer than three distinct values among them, no trend is fitted: the base rate is
    given, what series of that shape and level did next, and `reason` says so in words.

    Raises ReformError for: a series without a trend where nothing comparable was measured (:func:`comparable`); no
    usable value; an infinite, missing or repeated date; a value infinite, absurdly large or beyond its limits; a date
    to forecast not after the data, or more than fifteen years after; an unknown family.
    """
    t, y = (tuple(np.asarray(numbers, float).ravel().tolist()) for numbers in (years, values))
    at = np.atleast_1d(np.asarray(at, float))
    if family not in window.FAMILIES:
        raise ReformError(f"unknown family of indicators: {family}", expected="one of: " + ", ".join(window.FAMILIES))
    used, reason, law_after = _window(t, y, family, ceiling, floor)
    if reason and not comparable(np.array([value for _, value in used]), family, ceiling, floor):
        raise ReformError(
            "no number can be given for the series: it has no trend, and no series of its shape and level was measured",
            where=reason,
            fix="wait for more values that differ",
        )
    end = used[-1][0]
    window.check_dates(at, end)
    f = law_after(at - end)
    parts = ("last", "floor", "ceiling", "median_raw", "scale_up", "scale_down", "tail_up", "tail_down", "still")
    alone = {name: np.broadcast_to(getattr(f, name)[0], at.shape) for name in parts}
    about = {"family": family, "reason": reason, "points": len(used), "used": used}
    return replace(f, at=at, basis="family base rate" if reason else "fitted trend", **about, **alone)


def comparable(values: np.ndarray, family: str, ceiling: float | None, floor: float | None) -> bool:
    """Whether series of the shape and level of one without a trend were measured, and their base rate held.

    >>> comparable(np.full(6, 90.0), "share-reported", 100, 0)
    True
    >>> comparable(np.array([0, 0, 0, 0, 7.0]), "unbounded", None, 0)
    False
    """
    room = np.array([np.nan if ceiling is None or floor is None else ceiling - floor], float)
    cell = window.shape_cells(values[None] - (floor or 0.0), room)
    base = load_prior()["base"]["unbounded" if ceiling is None else "bounded"]
    return bool(np.isfinite(window.base_parameters(base, np.array([family]), cell, 1)).all())


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
        reason += ": no trend is fitted, the base rate of its shape and level is given"
    room = np.array([np.nan if ceiling is None or floor is None else ceiling - floor], float)
    lowest = np.array([-np.inf if floor is None else floor], float)
    return used, reason, fitted(years[None], values[None], np.array([family]), room, lowest, not reason)
