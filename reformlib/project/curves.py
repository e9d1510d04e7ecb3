"""From the parameters of a law to its median, its spread and its still zone, year by year.

Formulas: :mod:`reformlib.project.law`.
"""

import numpy as np

# Row of each parameter in the coefficient matrix.
PARAMETERS = (
    "recent", "mean", "last", "typical", "damping", "level_error", "up", "down", "growth_up", "growth_down",
    "tail_up", "tail_down", "pull_up", "pull_down", "still", "still_decay",
)  # fmt: skip
ROW = {name: i for i, name in enumerate(PARAMETERS)}
START = np.array([0.5, 0, 0, 0, -2, 0, -0.7, -0.7, 0, 0, -0.5, -0.5, 0, 0, -3, -1.0])
TAIL_LIMIT = 2.5
POWER = 0.2  # of the curve that the spread grows by
STRAIGHT = (0.0, 0.0)  # no bend of that growth
Z_FLOOR = 1e-300


def softplus(x: np.ndarray) -> np.ndarray:
    """ln(1 + exp(x)): above zero, and nearly x where x is large."""
    with np.errstate(invalid="ignore"):  # NaN where nothing was measured
        return np.logaddexp(0.0, x)


def median_move(out: np.ndarray, s: dict[str, np.ndarray], h: np.ndarray) -> dict[str, np.ndarray]:
    """Median move from the last value, (N, H), with the parts that learning needs; `out` (N, P), `h` (1|N, H) years."""
    col = {n: out[:, [i]] for n, i in ROW.items()}
    rate = (
        col["recent"] * s["recent"][:, None] + col["mean"] * s["mean"][:, None]
        + col["last"] * s["latest"][:, None] + col["typical"] * s["unit"][:, None]
    )  # fmt: skip
    damping = softplus(col["damping"]) + 0.01
    decay = np.exp(-damping * h)
    spent = (1 - decay) / damping
    settle, pull = 1 - np.exp(-2 * h), 0.3 * (1 - np.exp(-0.1 * h))
    below = np.maximum(s["last"], 1e-9 * s["whole"])[:, None] if s["bounded"].all() else s["last"][:, None]
    below = np.where(below > 0, below, 1e-9 * np.maximum(s["level"], Z_FLOOR)[:, None])
    above = np.maximum(s["room"] - s["last"], 1e-9 * s["whole"])[:, None]
    above = np.where(s["bounded"][:, None], above, np.inf)
    pulled = col["pull_down"] * below
    if s["bounded"].all():
        pulled = pulled + col["pull_up"] * above
    move = rate * spent + col["level_error"] * s["level_error"][:, None] * settle + pulled * pull
    limit = np.where(move > 0, above, s.get("below", below))
    x = np.minimum(np.abs(move) / limit, 50.0)
    bent = np.where(np.isfinite(limit), np.sign(move) * np.where(np.isfinite(limit), limit, 0) * -np.expm1(-x), move)
    return {
        "move": bent, "slope": np.exp(-x), "rate": rate, "damping": damping, "decay": decay, "spent": spent,
        "settle": settle, "pull": pull, "above": above, "below": below,
    }  # fmt: skip


def growth(h: np.ndarray) -> np.ndarray:
    """Box-Cox of 1 + h, zero at one year: the rising curve the log spread follows."""
    return ((1 + h) ** POWER - 2.0**POWER) / POWER


def spread(
    out: np.ndarray, base: np.ndarray, h: np.ndarray, side: str, bend: tuple[float, float] = STRAIGHT
) -> dict[str, np.ndarray]:
    """Scale (N, H) and tail (N, 1) of one side ("up" or "down").

    `bend`, a slope and a curvature (none above zero) beside the growth of each series, is that of all: the log spread
    is a parabola of the rising curve up to its top, and level from there on. It never falls.
    """
    rising, rate = growth(h), softplus(out[:, [ROW[f"growth_{side}"]]])
    slope = np.maximum(rate + bend[0], 0.0)
    near = np.minimum(rising, slope / (-2 * bend[1])) if bend[1] < 0 else rising
    scale = base[:, None] * np.exp(np.clip(out[:, [ROW[side]]] + slope * near + bend[1] * near**2, -15, 8))
    return {"scale": scale, "rising": rising, "rate": rate, "tail": tail(out[:, [ROW[f"tail_{side}"]]])}


def tail(raw: np.ndarray) -> np.ndarray:
    """Heaviness k of a tail in sinh(k z) / k, from 0.02 (nearly normal) to `TAIL_LIMIT`."""
    return np.minimum(softplus(raw), TAIL_LIMIT) + 0.02


def still_zone(out: np.ndarray, base: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Half width (N, H) of the moves that count as no move; it never grows with the horizon."""
    fading = softplus(out[:, [ROW["still_decay"]]]) * np.log((1 + h) / 2)
    return base[:, None] * np.exp(np.clip(out[:, [ROW["still"]]] - fading, -15, 3))
