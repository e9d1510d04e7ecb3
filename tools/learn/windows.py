"""The benchmark's series and tasks, and the windows of points that are learned from and forecast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from reformlib.errors import ReformError
from tools.learn.measures import Windows

CAP = 700  # windows an indicator

# Kinds of indicators that are near relatives, left out together: what is alike tells too much of each other.
RELATIVES = {
    "vaccines": ("dtp3", "hepb3", "mcv2", "pcv3", "rotac"),
    "networks": ("internet_users", "cell_subs", "broadband_subs", "net3g_cover", "pcs_total"),
    "government": ("judic_indep", "impartial_admin", "absence_corrup", "cpi", "demox_eiu"),
    "sanitation": ("san_safe", "san_basic"),
    "patents": ("patent_apps", "patents_force"),
    "tuberculosis": ("tb_coverage", "tb_dots"),
    "women": ("women_seats", "gender_eq"),
    "electricity": ("elec_access", "renew_elec"),
}
LEFT_OUT = 5  # groups of kinds


def family_of(unit: str, ceiling: float, source: str, values: np.ndarray) -> str:
    """Family of an indicator from how it is described, else from how it looks.

    No ceiling: unbounded. A unit "index" or a count with a ceiling is one. A share is modelled if its source says so.
    A unit that says nothing is judged by its values: whole numbers under a ceiling other than 1 or 100 are a count,
    and steps that hardly ever turn (rms of second differences under a quarter of the first) come out of a model.
    """
    if not np.isfinite(ceiling):
        return "unbounded"
    if unit == "index":
        return "index"
    if unit == "count":
        return "count-ceiling"
    if "modelled" in source:
        return "share-modelled"
    if unit != "share":
        if ceiling not in (1, 100) and np.all(values == np.round(values)):
            return "count-ceiling"
        step = np.diff(values)
        if len(step) > 3 and np.sqrt(np.mean(np.diff(step) ** 2)) < 0.25 * np.sqrt(np.mean(step**2)):
            return "share-modelled"
    return "share-reported"


def read(data: Path, tasks: Path, *, n: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """DATA (series_id, unit, ceiling, year, value, source) and TASKS (series_id, origin, n), checked.

    `n` replaces the number of points of every task. Raises ReformError for missing files, columns or values.
    """
    frames = []
    for path, need in ((data, ["series_id", "ceiling", "year", "value"]), (tasks, ["series_id", "origin", "n"])):
        try:
            frame = pd.read_csv(path)
        except (OSError, ValueError) as error:
            raise ReformError("the benchmark file cannot be read", where=str(path), expected="a CSV file") from error
        missing = [c for c in need if c not in frame.columns]
        if missing:
            raise ReformError(
                f"the benchmark file lacks {', '.join(missing)}", where=str(path), expected=", ".join(need)
            )
        frames.append(frame)
    d, t = frames
    d = d.dropna(subset=["value"])
    for column in ("unit", "source"):
        d[column] = d[column].fillna("") if column in d.columns else ""
    if n is not None:
        t = t.assign(n=n)
    unknown = set(t.series_id) - set(d.series_id)
    if unknown:
        raise ReformError("a task names an unknown series", where=sorted(unknown)[0])
    return d, t


def windows(d: pd.DataFrame, tasks: pd.DataFrame, *, cap: int = CAP) -> Windows:
    """The tasks as windows, and other windows of the same series up to `cap` an indicator (0: the tasks only).

    All tasks must have the same n. Other windows are drawn by a fixed seed among those with at least three distinct
    values and, under a ceiling, still below 98.5 % of it, as the tasks are.
    """
    n = int(tasks.n.iloc[0])
    wanted = dict.fromkeys(zip(tasks.series_id, tasks.origin.astype(int), strict=True))
    rows, more = {}, []
    for series, g in d.groupby("series_id", sort=True):
        for row in _windows_of(str(series), g, n):
            key = (series, int(row[-1]))
            if key in wanted:
                rows[key] = row
            elif cap and _worth_learning(*row[:3]):
                more.append(row)
    lost = [key for key in wanted if key not in rows]
    if lost:
        raise ReformError("a task lacks some of its points", where=f"{lost[0][0]}, origin {lost[0][1]}, n {n}")
    chosen = [rows[key] for key in wanted]
    rng = np.random.default_rng(0)
    have = pd.Series([row[3] for row in chosen]).value_counts()
    for name in sorted({row[3] for row in more}):
        pool = [row for row in more if row[3] == name]
        size = min(len(pool), max(0, cap - have.get(name, 0)))
        chosen += [pool[i] for i in np.sort(rng.choice(len(pool), size, replace=False))]
    task = np.arange(len(chosen)) < len(wanted)
    return _as_windows(chosen, task)


def themes(indicator: np.ndarray) -> np.ndarray:
    """Group of each window for leaving kinds of indicators out: relatives together, the largest groups apart.

    >>> themes(np.array(["dtp3", "hepb3", "cell_subs", "dtp3"])).tolist()
    [0, 0, 1, 0]
    """
    theme = {name: each for each, names in RELATIVES.items() for name in names}
    of = np.array([theme.get(name, name) for name in indicator])
    names, n = np.unique(of, return_counts=True)
    order = sorted(zip(-n, names, strict=True))
    place = {str(name): i % LEFT_OUT for i, (_, name) in enumerate(order)}
    return np.array([place[name] for name in of])


def without_trend(d: pd.DataFrame, n: int, *, cap: int = CAP) -> Windows:
    """Windows of `n` years that have no trend of their own, and up to `cap` an indicator of one to four years, the
    years before NaN: what :mod:`tools.learn.base` learns base rates from.

    No trend: fewer than three distinct values; of those that end with three values at the ceiling, these three.
    """
    rows, few = [], {}
    rng = np.random.default_rng(0)
    for series, g in d.groupby("series_id", sort=True):
        for y, future, room, *about in _windows_of(str(series), g, n):
            if not np.isfinite(future).any() or (not np.isfinite(room) and not any(y)):
                continue
            few.setdefault(about[0], []).append((y, future, room, *about))
            if len(set(y)) < 3:
                rows.append((y, future, room, *about))
            elif set(y[-3:]) == {room}:
                rows.append((_last(y, 3), future, room, *about))
    for name in sorted(few):
        pool = few[name]
        for i in np.sort(rng.choice(len(pool), min(cap, len(pool)), replace=False)):
            y, *rest = pool[i]
            rows.append((_last(y, int(rng.integers(1, 5))), *rest))
    return _as_windows(rows, np.ones(len(rows), bool))


def _last(y: list[float], n: int) -> list[float]:
    return [np.nan] * (len(y) - n) + list(y[-n:])


def _as_windows(rows: list[tuple], task: np.ndarray) -> Windows:
    y, future, room, name, family, cluster, series, origin = zip(*rows, strict=True)
    t = np.array(origin, float)[:, None] - np.arange(len(y[0]) - 1, -1, -1.0)
    return Windows(
        t, np.array(y, float), np.array(future, float), np.array(room, float), np.array(name), np.array(family),
        np.array(cluster), task, np.array(series),
    )  # fmt: skip


def _windows_of(series: str, g: pd.DataFrame, n: int) -> Iterator[tuple]:
    """Every window of `n` consecutive years of one series: values, what followed, room, indicator, family, country,
    series, origin."""
    value, room = dict(zip(g.year, g.value, strict=True)), float(g.ceiling.iloc[-1])
    name, _, rest = series.partition("|")
    family = family_of(g.unit.iloc[-1], room, g.source.iloc[-1], g.value.to_numpy())
    for origin in sorted(value):
        if all(origin - j in value for j in range(n)):
            y = [value[origin - j] for j in range(n - 1, -1, -1)]
            future = [value.get(origin + h, np.nan) for h in range(1, 11)]
            yield y, future, room, name, family, rest.split("-")[0], series, origin


def _worth_learning(y: list, future: list, room: float) -> bool:
    return len(set(y)) >= 3 and bool(np.isfinite(future).any()) and not y[-1] > 0.985 * room
