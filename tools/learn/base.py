"""Base rates: what series without a trend of their own did, by shape and level, and how well that held.

A cell (:func:`reformlib.project.window.shape_cells`) has its own few numbers of the law, fitted by the same score as
the models; a family of `ENOUGH` windows in the cell has its own, drawn towards those of all. A cell gets no numbers
unless `ENOUGH` windows of at least `KINDS` kinds and `COUNTRIES` countries have its shape and level, and, forecast by
the other kinds only (:func:`tools.learn.windows.themes`) and widened by what those lacked, at least `HELD` % of what
came a year later, and of what came five years later, lay within the 80 % interval.
"""

from __future__ import annotations

import itertools

import numpy as np

from reformlib.project import curves, law, window
from tools.learn import fit
from tools.learn.measures import HORIZONS, Windows

ENOUGH, KINDS, COUNTRIES, HELD = 30, 2, 5, 70.0
STEPS = 60
WIDER, GROWING = np.arange(-0.2, 1.21, 0.1), (0.0, 0.25, 0.5, 1.0)
RIDGE, DRAWN = 0.02, 10.0  # how much a cell is drawn to the start, and windows that drawing to all families is worth
MOVING = tuple(  # what a law without a trend has
    curves.ROW[name] for name in curves.PARAMETERS if name not in ("recent", "mean", "last", "damping", "level_error")
)


NOTHING = np.zeros(len(curves.PARAMETERS))


def usual_steps(w: Windows) -> dict[str, float]:
    """The median step of each family, a share of the ceiling or of the mean value."""
    s = window.summarise(w.t, w.y, w.room)
    size = s["unit"] / np.where(s["bounded"], s["whole"], s["level"])
    return {
        family: float(np.median(size[w.family == family])) for family in window.FAMILIES if (w.family == family).any()
    }


def cells(w: Windows, usual: dict[str, float]) -> dict[str, dict[str, np.ndarray]]:
    """Parameters by cell, and in it of "all" and of each family with windows enough."""
    names, found = window.shape_cells(w.y, w.room), {}
    for name in np.unique(names):
        mine = names == name
        if mine.sum() < ENOUGH // 2:
            continue
        start = curves.START.copy()
        start[curves.ROW["still"]] = -3 if name.startswith("few") else 0.3
        found[name] = {"all": _fitted(w.take(mine), usual, start, RIDGE)}
        for family in np.unique(w.family[mine]):
            own = mine & (w.family == family)
            if ENOUGH <= own.sum() < mine.sum():
                found[name][family] = _fitted(w.take(own), usual, found[name]["all"], DRAWN / own.sum())
    return found


def _fitted(w: Windows, usual: dict[str, float], start: np.ndarray, ridge: float) -> np.ndarray:
    s, one = summaries(w, usual), np.ones((len(w.y), 1))
    problem = fit.Problem(one, s, w.future, _unit(s), np.repeat("all", len(w.y)), ridge, start)
    problem.penalty[:] = 1e3
    problem.penalty[:, MOVING] = ridge
    return start + problem.solve(STEPS)[0]


def summaries(w: Windows, usual: dict[str, float]) -> dict[str, np.ndarray]:
    """Summaries of windows by their last value only."""
    return window.summarise_last(w.y, w.room, np.array([usual[family] for family in w.family]))


def _unit(s: dict[str, np.ndarray]) -> np.ndarray:
    return np.where(s["bounded"], s["whole"] / 100, s["level"] / 10)


def parameters(w: Windows, found: dict) -> np.ndarray:
    """Parameters (N, P) of windows by those of their cells; NaN where their cell has none."""
    return window.base_parameters(found, w.family, window.shape_cells(w.y, w.room), len(curves.PARAMETERS))


def forecast(w: Windows, out: np.ndarray, usual: dict[str, float]) -> law.Forecast:
    """Ten years of windows by parameters of their last value."""
    return law.law(out, summaries(w, usual), w.t[:, -1], HORIZONS)


def held_out(w: Windows, group: np.ndarray, usual: dict[str, float]) -> np.ndarray:
    """Parameters (N, P) of windows, learned without their group."""
    out = np.full((len(w.y), len(curves.PARAMETERS)), np.nan)
    for one in np.unique(group):
        mine = group == one
        out[mine] = parameters(w.take(mine), cells(w.take(~mine), usual))
    return out


def widened(w: Windows, out: np.ndarray, group: np.ndarray, usual: dict[str, float]) -> np.ndarray:
    """Parameters `out` of :func:`held_out`, widened by :func:`widths` of the other groups."""
    wide = out.copy()
    for one in np.unique(group):
        mine = group == one
        offsets = widths(w.take(~mine), out[~mine], usual)
        wide[mine] += [offsets.get(shape, NOTHING) for shape in shapes(w.take(mine))]
    return wide


def shapes(w: Windows) -> np.ndarray:
    """The shape of each window without its level."""
    return np.array([cell.split(" ")[0] for cell in window.shape_cells(w.y, w.room)])


def widths(w: Windows, out: np.ndarray, usual: dict[str, float]) -> dict[str, np.ndarray]:
    """What forecasts `out` of kinds left out must be changed by, a row of parameters a shape: the widths and their
    growth with which 80 % intervals come nearest to holding 80 %, of one to three years and of later ones."""
    found, known = {}, np.isfinite(w.future) & np.isfinite(out[:, :1])
    near, slack = HORIZONS < 4, 1e-6 * np.abs(w.future)
    for shape in np.unique(shapes(w)):
        mine = shapes(w) == shape
        v, seen, best = w.take(mine), known[mine], np.inf
        for wide, growth in itertools.product(WIDER, GROWING):
            offset = NOTHING.copy()
            for side in ("up", "down"):
                offset[[curves.ROW[side], curves.ROW[f"growth_{side}"]]] = wide, growth
            q = forecast(v, out[mine] + offset, usual).quantile([0.1, 0.9])
            inside = (v.future >= q[:, :, 0] - slack[mine]) & (v.future <= q[:, :, 1] + slack[mine])
            rates = [100 * inside[part].mean() for part in (seen & near, seen & ~near) if part.sum() >= ENOUGH]
            if rates and (miss := sum((rate - 80) ** 2 for rate in rates) + wide + growth) < best:
                best, found[str(shape)] = miss, offset
    return found


def measured(w: Windows, out: np.ndarray, usual: dict[str, float]) -> list[dict]:
    """What forecasts `out` of windows stated and what happened, a row a cell and one of each family in it.

    `group` (cell, family), `windows`, `kinds`, `countries` with a value a year later; `cover80` of one and five years;
    `stated` and `happened`: at or above the last value a year later.
    """
    f, slack = forecast(w, out, usual), 1e-6 * np.abs(w.future)
    q = f.quantile([0.1, 0.9])
    inside = (w.future >= q[:, :, 0] - slack) & (w.future <= q[:, :, 1] + slack)
    hit = np.where(np.isfinite(w.future + q[:, :, 0]), 100.0 * inside, np.nan)
    stated = f.probability_at_least(w.y[:, -1:])[:, 0]
    happened = (w.future[:, 0] >= w.y[:, -1]).astype(float)
    names, rows = window.shape_cells(w.y, w.room), []
    for name in np.unique(names):
        for family in ("all", *np.unique(w.family[names == name])):
            mine = (names == name) & ((w.family == family) | (family == "all")) & np.isfinite(hit[:, 0])
            if mine.any():
                five = hit[mine, 4][np.isfinite(hit[mine, 4])]
                rows.append({
                    "cell": str(name), "family": str(family), "windows": int(mine.sum()),
                    "kinds": len(set(w.indicator[mine])), "countries": len(set(w.cluster[mine])),
                    "cover80_1y": float(hit[mine, 0].mean()), "cover80_5y": float(five.mean()) if len(five) else np.nan,
                    "stated": float(stated[mine].mean()), "happened": float(happened[mine].mean()),
                })  # fmt: skip
    return rows


def holds(row: dict) -> bool:
    """Whether a cell was measured often enough, and held."""
    many = row["windows"] >= ENOUGH and row["kinds"] >= KINDS and row["countries"] >= COUNTRIES
    return bool(many and row["cover80_1y"] >= HELD and not row["cover80_5y"] < HELD)
