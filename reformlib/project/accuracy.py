"""How well the method did on series like the one at hand: its cell of `scores.csv`, how fast they went on."""

import numpy as np

from reformlib.project import window
from reformlib.project.law import load_prior, load_scores
from reformlib.project.series import LAWFUL, Projected

# A family of so many windows in a cell is told by itself.
OWN = 30


def cell_of(series: Projected) -> str:
    """The cell of like windows: of level and pace for a series with a trend, of shape and level for another; "" where
    there is none (:func:`reformlib.project.window.pace_cells`, :func:`reformlib.project.window.shape_cells`)."""
    if series.basis not in LAWFUL:
        return ""
    points, low, high = series.used, series.floor, series.ceiling
    values = (series.as_learned(points) - (series.floor or 0.0))[None, -window.MAX_POINTS :]
    room = np.array([np.nan if low is None or high is None else high - low], float)
    if series.basis != "fitted":
        return str(window.shape_cells(values, room)[0])
    return str(window.pace_cells(points["time"].to_numpy()[None, -window.MAX_POINTS :], values, room)[0])


def accuracy(series: Projected) -> dict[str, str] | None:
    """The row of `scores.csv` of the cell of a series, measured on kinds of indicators left out of the learning; of a
    category projected as a part of its sum, what such parts held, put together of shares (`tools.learn.composed`).

    `tasks` windows, of which 80 % intervals held `cover80` of 100 (`cover80_1y` after a year, `cover80_5y` after five).
    """
    if series.together:
        basis = "trend" if all(one.basis == "fitted" for one in series.together) else "base rate"
        return next(row for row in load_scores() if (row["method"], row["group"]) == ("composition", basis))
    cell = cell_of(series)
    rows = {row["group"]: row for row in load_scores() if row["tested"] == "kinds held out"}
    if series.basis == "fitted":
        return rows.get(cell)
    own = rows.get(f"{cell}, {series.family}")
    return own if own and int(own["tasks"]) >= OWN else rows.get(f"{cell}, all")


def paces_of(series: Projected, years: int) -> dict[str, float]:
    """How fast series of the same family, else of all with a ceiling, went on over five or ten years from a like level
    and pace: `median`, `fast` (one in ten was faster), `fastest` (one in a hundred), in points of the range a year, and
    `n` windows. A figure over a part of a year sets no pace. Empty where there are fewer than a hundred, or no ceiling.
    """
    points = series.points[series.points["status"] != "P"]
    if series.ceiling is None or len(points) < 2:
        return {}
    learned = load_prior()["pace"]
    values = series.as_learned(points) - (series.floor or 0.0)
    room = np.array([series.ceiling - (series.floor or 0.0)])
    cell = str(window.pace_cells(points["time"].to_numpy()[None], values[None], room)[0])
    found = (learned.get(family, {}).get(str(years), {}).get(cell) for family in (series.family, "all"))
    return next((one for one in found if one), {})
