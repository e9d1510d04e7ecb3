"""What forecasts of the tasks score: the rows of `reformlib/project/scores.csv`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from reformlib.project import law, window
from tools.learn import measures
from tools.learn.measures import LEVELS, Windows

COLUMNS = (
    "method", "tested", "by", "group", "tasks", "skill", "cover50", "cover80", "cover95", "brier", "calibration_error",
    "mae_1y", "mae_5y", "mae_10y", "kinds", "countries", "cover80_1y", "cover80_3y", "cover80_5y", "cover80_10y",
    "stated", "happened", "mid50",
)  # fmt: skip
SCORED = Path(law.__file__).with_name("scores.csv")
TIMES = (3, 5, 8)  # years ahead of the targets that the Brier score uses


def targets(w: Windows) -> np.ndarray:
    """The benchmark's targets, (N, 3); NaN where one does not apply."""
    last, step = w.y[:, -1], np.diff(w.y, axis=1).mean(1)
    bounded = np.isfinite(w.room)
    gap = np.where(bounded, w.room - last, np.nan)
    pace = np.where((step > 0) & ~(bounded & (last + 5 * step > w.room)), last + 5 * step, np.nan)
    grow = np.where(last > 0, last, np.nan)
    quarter = np.where(bounded, last + 0.25 * gap, 1.25 * grow)
    half = np.where(bounded, last + 0.5 * gap, 1.5 * grow)
    return np.stack([pace, quarter, half], 1)


def empty(w: Windows) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles (N, 10, levels) and probabilities of the targets (N, 10, 3), all NaN."""
    return np.full((len(w.y), 10, len(LEVELS)), np.nan), np.full((len(w.y), 10, 3), np.nan)


def read_off(f: law.Forecast, w: Windows) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles and probabilities of the targets that a forecast gives."""
    goal = targets(w)
    p = [np.where(np.isfinite(g), f.probability_at_least(np.nan_to_num(g)), np.nan) for g in goal.T[:, :, None]]
    return f.quantile(LEVELS), np.stack(p, 2)


def rows(w: Windows, q: np.ndarray, p: np.ndarray, tested: str) -> list[dict]:
    """Rows of the model: all tasks, then by family, by horizon and by cell of like windows."""
    everything = np.ones(len(w.y), bool)
    cells = window.pace_cells(w.t, w.y, w.room)
    out = [_row(w, q, p, tested, "all", "all", everything)]
    out += [_row(w, q, p, tested, "family", f, w.family == f) for f in window.FAMILIES if (w.family == f).any()]
    for h in range(10):
        one = np.full(w.future.shape, np.nan)
        one[:, h] = w.future[:, h]
        only = Windows(**{**w.__dict__, "future": one})
        row = _row(only, q, np.full_like(p, np.nan), tested, "horizon", str(h + 1), np.isfinite(one[:, h]))
        out.append({name: row[name] for name in row if not name.startswith(("mae", "brier", "calib"))})
    out += [_cell(w, q, tested, str(name), cells == name) for name in np.unique(cells)]
    return out


def _row(w: Windows, q: np.ndarray, p: np.ndarray, tested: str, by: str, group: str, mine: np.ndarray) -> dict:
    v, q, p = w.take(mine), q[mine], p[mine]
    row = {"method": "model", "tested": tested, "by": by, "group": group, "tasks": int(mine.sum())}
    row["skill"] = round(measures.skill(v, q), 3)
    for share, low in ((50, 0.25), (80, 0.1), (95, 0.025)):
        row[f"cover{share}"] = round(100 * float(np.nanmean(measures.coverage(v, q, low, 1 - low))), 1)
    row["mid50"] = round(100 * float(np.nanmean(measures.coverage(v, q, 0.25, 0.75, mid_rank=True))), 1)
    chance, hit, name = _events(v, p)
    if len(chance):
        each = [((chance - hit)[name == n] ** 2).mean() for n in np.unique(name)]
        row |= {"brier": round(float(np.mean(each)), 3), "calibration_error": round(calibration_error(chance, hit), 3)}
    bounded = np.isfinite(v.room)
    for years in (1, 5, 10):
        error = np.abs(v.future[:, years - 1] - q[:, years - 1, list(LEVELS).index(0.5)]) / v.unit
        known = bounded & np.isfinite(error)
        each = [error[known & (v.indicator == n)] for n in np.unique(v.indicator[known])]
        if each := [one.mean() for one in each if len(one) >= 8]:
            row[f"mae_{years}y"] = round(float(np.mean(each)), 2)
    return row


def _events(w: Windows, p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities of the targets, whether they were met, and the indicator."""
    goal, found = targets(w), []
    for years in TIMES:
        y = w.future[:, [years - 1]]
        known = np.isfinite(y) & np.isfinite(goal) & np.isfinite(p[:, years - 1])
        names = np.broadcast_to(w.indicator[:, None], known.shape)
        found.append((p[:, years - 1][known], (y >= goal)[known].astype(float), names[known]))
    chance, hit, name = (np.concatenate(part) for part in zip(*found, strict=True))
    return chance, hit, name


def calibration_error(chance: np.ndarray, hit: np.ndarray) -> float:
    """Mean distance of ten bins of probability to what happened in them, by their size.

    >>> calibration_error(np.array([0.25, 0.25, 0.95]), np.array([0.0, 1.0, 1.0])).__round__(3)
    0.183
    """
    place = np.minimum((chance * 10).astype(int), 9)
    size = np.bincount(place, minlength=10)
    apart = np.abs(np.bincount(place, chance, 10) - np.bincount(place, hit, 10))
    return float(apart[size > 0].sum() / size.sum())


def _cell(w: Windows, q: np.ndarray, tested: str, name: str, mine: np.ndarray) -> dict:
    """Coverage of like windows, each counting once."""
    v, low, high = w.take(mine), q[mine][:, :, list(LEVELS).index(0.1)], q[mine][:, :, list(LEVELS).index(0.9)]
    slack, known = 1e-6 * np.abs(v.future), np.isfinite(v.future)
    hit = np.where(known, (v.future >= low - slack) & (v.future <= high + slack), np.nan)
    about = {"method": "model", "tested": tested, "by": "cell", "group": name, "tasks": int(mine.sum())}
    ahead = {
        f"cover80_{h}y": round(100 * float(np.nanmean(hit[:, h - 1])), 1)
        for h in (1, 3, 5, 10)
        if known[:, h - 1].any()
    }
    sizes = {"kinds": len(set(v.indicator)), "countries": len(set(v.cluster))}
    return about | {"cover80": round(100 * float(np.nanmean(hit)), 1)} | sizes | ahead


def row_of_shape(row: dict) -> dict:
    """A row of :func:`tools.learn.base.measured`, forecast by other kinds, as the file has it."""
    about = {"method": "model", "tested": "kinds held out", "by": "shape", "group": f"{row['cell']}, {row['family']}"}
    sizes = {"tasks": row["windows"], "kinds": row["kinds"], "countries": row["countries"]}
    told = {name: round(row[name], 1) for name in ("cover80_1y", "cover80_5y")}
    return about | sizes | told | {name: round(row[name], 2) for name in ("stated", "happened")}


def write(rows: list[dict], path: Path = SCORED) -> None:
    """The rows of the model, then those of its peers as they are in the file."""
    peers = pd.read_csv(path, dtype=str) if path.exists() else pd.DataFrame(columns=list(COLUMNS))
    peers = peers[peers["method"] != "model"]
    mine = pd.DataFrame(rows).reindex(columns=list(COLUMNS)).astype(dict.fromkeys(("kinds", "countries"), "Int64"))
    pd.concat([mine.astype(object), peers.reindex(columns=list(COLUMNS))]).to_csv(
        path, index=False, lineterminator="\n"
    )
