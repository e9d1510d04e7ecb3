"""How often intervals of categories held: ``python -m tools.learn.composed DATA TASKS [--output FILE]``.

No public series are the categories of one total, so they are put together: a share of the benchmark is the sum, and
another of the same country says how it is split in two. Each pair is forecast once, from six values where they have a
trend and from the last value alone as a base rate, as :mod:`reformlib.project.composition` does; by the numbers that
were learned from the same series. The rows of `scores.csv` with the method `composition` are replaced.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from reformlib.project import forecast
from reformlib.project.composition import split
from reformlib.project.law import comparable
from reformlib.project.window import MIN_DISTINCT
from tools.learn.scores import SCORED
from tools.learn.windows import family_of, read

AHEAD = np.array([1.0, 3.0, 5.0, 10.0])
KNOWN = {"trend": 6, "base rate": 1}  # values known of each basis


def pairs(data: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Country, kind of the share that is the sum, its family, and the years of `sum`, `one` and `other`.

    Of 60 % of which 25 % are of one category, 15 % are of it and 45 % of the other.
    """
    shares = data[(data["unit"] == "share") & (data["ceiling"] == 100)]
    named = shares["series_id"].str.split("|", n=1, expand=True)
    for country, here in shares.groupby(named[1], sort=True):
        each = {name: one.set_index("year") for name, one in here.groupby("series_id", sort=True)}
        for whole, part in itertools.permutations(each, 2):
            frame = pd.concat({"sum": each[whole]["value"], "part": each[part]["value"]}, axis=1, join="inner")
            frame["one"] = frame["sum"] * frame["part"] / 100
            frame["other"] = frame["sum"] - frame["one"]
            family = family_of("share", 100.0, str(each[whole]["source"].iloc[0]), frame["sum"].to_numpy())
            yield str(country), whole.split("|")[0], family, frame


def hits(pair: pd.DataFrame, family: str, origin: int, known: int) -> list[tuple[float, ...]]:
    """Whether the 50 and 80 % intervals of each category held, a row a year ahead that is known: years ahead, 50, 80.
    Empty where there is no trend, or no base rate, from so many values up to the `origin`."""
    names, window = ("sum", "one", "other"), pair.reindex(range(origin - known + 1, origin + 1))
    values = [window[name].to_numpy() for name in names]
    if not np.isfinite(values).all() or min(one[-1] for one in values) <= 0:
        return []
    if known > 1 and min(len(set(one)) for one in values) < MIN_DISTINCT:
        return []
    if known == 1 and not all(comparable(one, family, 100, 0) for one in values):
        return []
    laws = [forecast(window.index, one, family=family, at=origin + AHEAD, ceiling=100) for one in values]
    rows = []
    for name, drawn in zip(names[1:], split(laws[0], laws[1:], n=2000), strict=True):
        ends = drawn.quantile([0.1, 0.25, 0.75, 0.9])
        for years, (low, lower, upper, high) in zip(AHEAD, ends, strict=True):
            if origin + years in pair.index:
                value, slack = pair.loc[origin + years, name], 1e-6
                inside = lower - slack <= value <= upper + slack, low - slack <= value <= high + slack
                rows.append((float(years), *map(float, inside)))
    return rows


def measured(data: pd.DataFrame) -> list[dict]:
    """The rows of `scores.csv`, one a basis: of each pair one origin with a later value, drawn by a fixed seed."""
    rng, found = np.random.default_rng(0), {basis: [] for basis in KNOWN}
    for country, kind, family, pair in pairs(data):
        origins = [year for year in pair.index if year + 1 in pair.index]
        if not origins:
            continue
        origin = int(rng.choice(origins))
        for basis, known in KNOWN.items():
            found[basis] += [(country, kind, *row) for row in hits(pair, family, origin, known)]
    rows = []
    for basis, told in found.items():
        frame = pd.DataFrame(told, columns=["country", "kind", "ahead", "cover50", "cover80"])
        row = {"method": "composition", "tested": "shares split by others", "by": "basis", "group": basis}
        row |= {"tasks": int((frame["ahead"] == 1).sum()) // 2, "kinds": frame["kind"].nunique()}
        row |= {"countries": frame["country"].nunique()}
        row |= {name: round(100 * frame[name].mean(), 1) for name in ("cover50", "cover80")}
        each = 100 * frame.groupby("ahead")["cover80"].mean()
        rows.append(row | {f"cover80_{int(years)}y": round(each[years], 1) for years in AHEAD})
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("--output", type=Path, default=SCORED)
    given = parser.parse_args()
    others = pd.read_csv(given.output, dtype=str)
    rows = pd.DataFrame(measured(read(given.data, given.tasks)[0])).astype(str)
    both = pd.concat([others[others["method"] != "composition"], rows.reindex(columns=others.columns)])
    both.to_csv(given.output, index=False, lineterminator="\n")
