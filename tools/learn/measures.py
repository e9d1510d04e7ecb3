"""How good forecasts of windows are: CRPS and skill over a random walk, coverage of intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

HORIZONS = np.arange(1.0, 11.0)
LEVELS = np.array([0.025, *np.round(np.arange(0.05, 0.951, 0.05), 2), 0.975])
SCORES = np.where(LEVELS == 0.5, 0.0, ndtri(LEVELS))


@dataclass(frozen=True)
class Windows:
    """Windows and what followed: `t`, `y` (N, n); `future` (N, 10), NaN where unknown; `room` NaN if unbounded."""

    t: np.ndarray
    y: np.ndarray
    future: np.ndarray
    room: np.ndarray
    indicator: np.ndarray
    family: np.ndarray
    cluster: np.ndarray
    task: np.ndarray
    series: np.ndarray

    def take(self, mask: np.ndarray) -> Windows:
        return Windows(**{k: v[mask] for k, v in self.__dict__.items()})

    @property
    def unit(self) -> np.ndarray:
        """What an error is measured in: points of the room, or the window's mean absolute step (MASE)."""
        step = np.abs(np.diff(self.y, axis=1)).mean(1)
        return np.where(np.isfinite(self.room), self.room / 100, np.maximum(step, 0.01 * np.abs(self.y).mean(1)))


def naive(w: Windows) -> tuple[np.ndarray, np.ndarray]:
    """Last value; the spread of a random walk with the window's rms step."""
    rms = np.sqrt((np.diff(w.y, axis=1) ** 2).mean(1))
    return np.repeat(w.y[:, -1:], 10, 1), rms[:, None] * np.sqrt(HORIZONS)


def normal_quantiles(w: Windows, mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (N, 10, levels) of normal errors, cut at the limits; and the spread used, which is never zero."""
    sd = np.maximum(sd, 1e-9 * np.maximum(np.abs(w.y).mean(1), 1e-9)[:, None])
    top = np.where(np.isfinite(w.room), w.room, np.inf)[:, None, None]
    bottom = np.where(np.isfinite(w.room), 0.0, -np.inf)[:, None, None]
    return np.clip(mean[:, :, None] + sd[:, :, None] * SCORES, bottom, top), sd


def crps(w: Windows, q: np.ndarray) -> np.ndarray:
    """CRPS (N, 10) as twice the mean pinball loss over LEVELS, in points of the ceiling or mean absolute steps."""
    edge = np.concatenate([[0], (LEVELS[1:] + LEVELS[:-1]) / 2, [1]])
    y = w.future[:, :, None]
    pin = np.where(y >= q, LEVELS * (y - q), (1 - LEVELS) * (q - y))
    bounded = np.isfinite(w.room)
    loss = (pin * 2 * np.diff(edge)).sum(2) / w.unit[:, None]
    return np.where(bounded[:, None], loss, np.minimum(loss, 50))


def skill(w: Windows, q: np.ndarray, *, keep: np.ndarray | None = None) -> float:
    """1 - geometric mean of the CRPS ratio to a normal random walk, over (indicator, horizon) cells of eight or more;
    NaN if there is no such cell."""
    ours, theirs = crps(w, q), crps(w, normal_quantiles(w, *naive(w))[0])
    ratios = []
    for name in np.unique(w.indicator if keep is None else w.indicator[keep]):
        mine = (w.indicator == name) & (True if keep is None else keep)
        for h in range(10):
            ok = mine & np.isfinite(w.future[:, h])
            if ok.sum() >= 8:
                ratios.append(np.log(ours[ok, h].mean() / theirs[ok, h].mean()))
    return 1 - float(np.exp(np.mean(ratios))) if ratios else float("nan")


def coverage(w: Windows, q: np.ndarray, low: float, high: float, *, mid_rank: bool = False) -> np.ndarray:
    """Share (10,) of outcomes within two quantiles, inclusive, each indicator counting once, by horizon.

    By `mid_rank` a value that is forecast at many levels counts as the middle of them: one that did not move, forecast
    so from 0.1 to 0.6, is within 50 %, from 0.6 up it is not. Inclusive it lies in every interval around it, also in
    one without width, which tells nothing of widths.
    """
    y, slack = w.future[:, :, None], 1e-6 * np.abs(w.future)[:, :, None]
    a, b = (q[:, :, [int(np.argmin(np.abs(LEVELS - v)))]] for v in (low, high))
    inside = ((y >= a - slack) & (y <= b + slack))[:, :, 0]
    if mid_rank:
        levels = np.concatenate([[0.0], LEVELS, [1.0]])
        rank = (levels[(q < y - slack).sum(2)] + levels[np.minimum((q <= y + slack).sum(2) + 1, len(LEVELS) + 1)]) / 2
        inside = (rank >= low) & (rank <= high)
    hit = np.where(np.isfinite(w.future), inside, np.nan)
    out = []
    for h in range(10):
        cells = [hit[(w.indicator == n) & np.isfinite(w.future[:, h]), h] for n in np.unique(w.indicator)]
        cells = [c.mean() for c in cells if len(c) >= 8]
        out.append(np.mean(cells) if cells else np.nan)
    return np.array(out)
