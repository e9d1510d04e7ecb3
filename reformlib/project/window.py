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
# Family terms: each family has its own constant and its own slope on these features.
BY_FAMILY = ("log_step", "log_step_wide", "t", "still_share", "log_room")


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
