"""How much of their pace rising shares kept: ``python -m tools.learn.plateau DATA TASKS [--output FILE]``.

Of the tasks of the benchmark, those of shares reported by offices (not modelled) whose six values rose: for each year
ahead their number, the median of pace afterwards over pace before, and the part that stood lower than at the start.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from tools.learn.measures import HORIZONS, Windows
from tools.learn.windows import read, windows


def plateau(w: Windows) -> pd.DataFrame:
    """One row a year ahead: `ahead`, `n`, `kept` (0.42: a median of 42 % of the pace before) and `below` (0.18).

    A share that went from 40 to 50 in five years, 2 points a year, and stands at 54 four years later kept half.
    """
    before = np.diff(w.y, axis=1).mean(axis=1)
    rising = (w.family == "share-reported") & (before > 0)
    gained = (w.future - w.y[:, -1:])[rising]
    rows = []
    for ahead, gain in zip(HORIZONS.astype(int), gained.T, strict=True):
        known = np.isfinite(gain)
        if known.any():
            kept, below = np.median(gain[known] / ahead / before[rising][known]), np.mean(gain[known] < 0)
            rows.append([ahead, int(known.sum()), round(float(kept), 2), round(float(below), 2)])
    return pd.DataFrame(rows, columns=["ahead", "n", "kept", "below"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("--output", type=Path, default=Path("reformlib/project/plateau.csv"))
    given = parser.parse_args()
    plateau(windows(*read(given.data, given.tasks), cap=0)).to_csv(given.output, index=False, lineterminator="\n")
