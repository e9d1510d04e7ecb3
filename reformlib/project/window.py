"""What a window of a series shows: summaries without scale, the features of the law, and whether it can be used.

A window is a few dated values. The features are what :mod:`reformlib.project.law` turns into a distribution.
"""

import numpy as np

from reformlib.errors import ReformError

FAMILIES = ("share-reported", "share-modelled", "index", "count-ceiling", "unbounded")
BOUNDED = FAMILIES[:4]
MIN_POINTS, MIN_DISTINCT = 5, 3
MAX_POINTS = 8  # learned on six; what is older says little about the pace to come
MAX_HORIZON = 15.0  # learned on one to ten years ahead
MAX_MAGNITUDE = 1e15  # beyond it a float no longer holds every whole number
# Cells of like windows: by level (share of the ceiling, up to and including), and by pace (points of it a year) or
# growth (times in two years), from and including.
LEVELS, PACES, GROWTHS = (0.2, 0.5, 0.8, 0.98), (1.0, 4.0), (1.25, 2.0)
SHAPES = ("zero", "first", "equal", "two", "few")


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
    """Summaries of series `y` (N, n), NaN where a point is missing, whose trend is not used: only the last value, and
    the family's usual `step`, a share of the room (bounded) or of the value (unbounded)."""
    bounded, last = np.isfinite(room), y[:, -1]
    whole = np.where(bounded, room, 1.0)
    level = np.maximum(np.where(last != 0, np.abs(last), np.nanmean(np.abs(y), axis=1)), np.finfo(float).tiny)
    unit = step * np.where(bounded, whole, level)
    zero = np.zeros_like(last)
    return {
        "last": last, "level": level, "room": room, "whole": whole, "bounded": bounded, "unit": unit,
        "base": unit, "recent": zero, "mean": zero, "latest": zero, "level_error": zero,
    }  # fmt: skip


def _banded(value: np.ndarray, edges: tuple[float, ...], right: bool) -> np.ndarray:
    """The band of each value, 0 for the lowest; an edge belongs to the band below it where `right`."""
    return np.digitize(np.round(value, 9), edges, right=right)


def shape_cells(y: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The cell of a series without a trend of its own: its shape and the band of its last value; `y` (N, n) above the
    floor, NaN where there are fewer points.

    A shape is the first that holds of `SHAPES`: the last value is nothing; the first value after two zeros or more;
    three or more points all equal; five or more points of two values; fewer points.

    >>> shape_cells(np.array([[90.0, 90, 90, 90, 90, 90], [0, 0, 0, 0, 0, 12]]), np.array([100.0, 100.0])).tolist()
    ['equal 3', 'first 0']
    >>> shape_cells(np.array([[7.8, 8.1]]), np.array([np.nan])).tolist()
    ['few']
    """
    last, count = y[:, -1], np.isfinite(y).sum(1)
    same = ((y == last[:, None]) | np.isnan(y)).all(1)
    first = (np.nan_to_num(y[:, :-1]) == 0).all(1) & (count >= 3)
    holds = [last == 0, first, same & (count >= 3), count >= MIN_POINTS]
    shape = np.select(holds, SHAPES[:4], SHAPES[4])
    bounded = np.isfinite(room)
    band = _banded(np.where(bounded, last / np.where(bounded, room, 1.0), 0.0), LEVELS, right=True)
    return np.where(bounded, np.char.add(np.char.add(shape, " "), band.astype(str)), shape)


def base_parameters(cells: dict, family: np.ndarray, cell: np.ndarray, size: int) -> np.ndarray:
    """Parameters (N, size) of series without a trend: those of the cell and family, else of the cell of all families;
    NaN where nothing comparable was measured, or nothing that held."""
    found = (cells.get(c, {}) for c in cell)
    each = [one.get(f, one.get("all", [np.nan] * size)) for f, one in zip(family, found, strict=True)]
    return np.array(each, dtype=float)


def pace_cells(t: np.ndarray, y: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The cell of a series with a trend: the bands of its level and of its pace so far, or without a ceiling of its
    growth in the last two steps; `t`, `y` (N, n) and `room` as for :func:`summarise`.

    >>> years, values = np.arange(2014.0, 2020)[None], np.array([[20.0, 24, 31, 33, 38, 44]])
    >>> pace_cells(years, values, np.array([100.0])).tolist(), pace_cells(years, values, np.array([np.nan])).tolist()
    (['band 1, pace 2'], ['growth 1'])
    """
    bounded = np.isfinite(room)
    level = _banded(y[:, -1] / np.where(bounded, room, 1.0), LEVELS[:3], right=True).astype(str)
    band = _pace_band(t, y, room).astype(str)
    names = np.char.add(np.char.add(np.char.add("band ", level), ", pace "), band)
    return np.where(bounded, names, np.char.add("growth ", band))


def fast(t: np.ndarray, y: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Which series are in the highest band of pace: 4 points of the ceiling a year or more, or doubled in two years."""
    return _pace_band(t, y, room) == len(PACES)


def _pace_band(t: np.ndarray, y: np.ndarray, room: np.ndarray) -> np.ndarray:
    ago = min(3, y.shape[1])  # points: two steps, where there are two
    bounded, last, then = np.isfinite(room), y[:, -1], y[:, -ago]
    pace = 100 * (last - y[:, 0]) / (t[:, -1] - t[:, 0]) / np.where(bounded, room, 1.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        times = np.where(then > 0, last / then, np.where(last > 0, np.inf, 1.0))
        grown = np.maximum(times, 1e-9) ** (2 / (t[:, -1] - t[:, -ago]))
    return np.where(bounded, _banded(pace, PACES, right=False), _banded(grown, GROWTHS, right=False))


def features(s: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Features (N,) by name of windows that are all bounded or all unbounded."""
    bounded = bool(s["bounded"].all())
    x: dict[str, np.ndarray] = {"one": np.ones(len(s["last"]))}
    step = s["unit"] / (s["whole"] if bounded else s["level"])
    with np.errstate(invalid="ignore"):
        if bounded:
            level = s["last"] / s["whole"]
            x["log_room"] = np.log(1 - level + 0.02) + 1.5
            x["log_level"] = np.log(level + 0.02) + 1.0
            x["level"] = 2 * (level - 0.5)
            x["log_step_low"] = np.log(step + 0.02) + 3
            x["log_step_wide"] = np.log(step + 0.1) + 1.8
            x["room_in_steps"] = np.log((1 - level + 0.005) / step) - 2
        else:
            x["log_level"] = np.log(np.maximum(s["last"] / s["level"], 0) + 0.02)
        x["log_step"] = np.log(step) + (3.5 if bounded else 2.0)
        x["log_step_square"] = x["log_step"] ** 2 / 3
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
    return x


def design(s: dict[str, np.ndarray], family: np.ndarray, kind: np.ndarray, kinds: list[str]) -> np.ndarray:
    """Feature matrix (N, F) of windows that are all bounded or all unbounded: the features of all, and of bounded ones
    a constant of each family and of each of the `kinds` of indicators; `family` and `kind` (N,) hold names."""
    x = list(features(s).values())
    if s["bounded"].all():
        x += [family == name for name in BOUNDED] + [kind == name for name in kinds]
    return np.stack(x, axis=1).astype(float)


def check_series(t: np.ndarray, y: np.ndarray) -> None:
    """Raise ReformError unless dates `t` (decimal years) and values `y` (NaN where missing) make a series."""
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


def check_limits(y: np.ndarray, family: str, ceiling: float | None, floor: float | None) -> None:
    """Raise ReformError unless the limits suit the family and the values `y`, of which at least one is a number."""
    if family in BOUNDED and ceiling is None:
        raise ReformError(f"a series of the family {family} needs its ceiling", expected="e.g. ceiling=100")
    if family not in BOUNDED and ceiling is not None:
        raise ReformError("an unbounded series has no ceiling", fix="name a bounded family or leave the ceiling out")
    if ceiling is not None and (floor is None or not np.isfinite([floor, ceiling]).all() or ceiling <= floor):
        raise ReformError("the ceiling must be a number above the floor", where=f"floor {floor}, ceiling {ceiling}")
    if floor is not None and not np.isfinite(floor):
        raise ReformError("the floor must be a number, or None for no floor", where=f"floor {floor}")
    slack = 1e-9 * (1.0 if ceiling is None or floor is None else ceiling - floor)
    if ceiling is not None and np.nanmax(y) > ceiling + slack:
        raise ReformError("a value lies above its ceiling", where=f"{np.nanmax(y):g} > {ceiling:g}")
    if floor is not None and np.nanmin(y) < floor - slack:
        raise ReformError("a value lies below its floor", where=f"{np.nanmin(y):g} < {floor:g}")


def check_dates(at: np.ndarray, end: float) -> None:
    """Raise ReformError unless the dates `at` to forecast lie after the `end` of the data, and not too far."""
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
