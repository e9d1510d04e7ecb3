"""Weather symbols of the German sustainable-development indicators (Federal Statistical Office, Destatis).

The average yearly change of the last five years (six points) is carried on to the target year. Source: the decision
rules of the German national SDG platform, page "Indicator status". Where that page leaves a stagnating average
open, stagnation is not movement towards the target, as its table for directions says outright.
"""

from collections.abc import Iterable, Mapping

from reformlib.errors import ReformError
from reformlib.load.codes import codes
from reformlib.measure.progress import result
from reformlib.measure.progress.points import Point, points
from reformlib.measure.progress.result import REASONS, Progress, above, at_least, finite, reached, same, sign_of

RULE_SET = "destatis"

POINTS, FEWEST_POINTS = 6, 4
# Misses as a share of the gap still open: below the first a sun, up to the second a sun with cloud.
NEAR_MISS, FAR_MISS = 0.05, 0.20

SUN, SUN_CLOUD, CLOUD, THUNDERSTORM = "sun", "sun_cloud", "cloud", "thunderstorm"
SYMBOLS = (SUN, SUN_CLOUD, CLOUD, THUNDERSTORM)  # best to worst

LABELS = codes("destatis_status")

_TREND = {"towards": 1, "not_away": 1, "none": 0, "away": -1, "not_towards": -1}
_TREND_WORDS = {1: "towards", 0: "none", -1: "away"}
_TURN_WORDS = {1: "right", 0: "none", -1: "wrong"}
_TURN = {word: sign for sign, word in _TURN_WORDS.items()}


def recent_points(observed: list[Point]) -> list[Point]:
    """The last six observations, fewer if a year is missing between them; [] when fewer than four are left.

    Observations are consecutive while no more than a year lies between them.
    """
    recent = observed[-1:]
    for point in reversed(observed[:-1]):
        if len(recent) == POINTS or above(recent[0][0] - point[0], 1):
            break
        recent.insert(0, point)
    return recent if len(recent) >= FEWEST_POINTS else []


def average_change(years: Iterable, values: Iterable) -> float | None:
    """Average change a year over the last six consecutive points, at least four; None with fewer.

    >>> average_change(range(2015, 2021), [50, 52, 54, 56, 58, 60])
    2.0
    """
    recent = recent_points(points(years, values))
    return _slope(recent) if recent else None


def miss_share(current_value: float, current_year: float, change: float, *, target: float, target_year: float) -> float:
    """(target - projected) / (target - current), the part of the open gap that the trend leaves open.

    >>> miss_share(60, 2020, 2.0, target=85, target_year=2030)
    0.2
    """
    return (target - (current_value + change * (target_year - current_year))) / (target - current_value)


def constant_target(reached_last_year: bool, trend: str) -> str:
    """Symbol of a target to be held every year, or of one already met.

    `trend` of the average: "towards", "none" or "away" from the target; the source's "not_away" and "not_towards"
    are taken too.

    >>> constant_target(True, "away"), constant_target(False, "none")
    ('sun_cloud', 'thunderstorm')
    """
    sign = _number(trend, _TREND)
    if reached_last_year:
        return SUN_CLOUD if sign < 0 else SUN
    return CLOUD if sign > 0 else THUNDERSTORM


def directional(average: str, last: str) -> str:
    """Symbol where only a direction is wanted: five-year average and last year's change, each "right", "wrong", "none".

    >>> directional("right", "none"), directional("none", "right")
    ('sun_cloud', 'cloud')
    """
    average_right, last_right = _number(average, _TURN) > 0, _number(last, _TURN) > 0
    if average_right:
        return SUN if last_right else SUN_CLOUD
    return CLOUD if last_right else THUNDERSTORM


def weather(
    years: Iterable,
    values: Iterable,
    *,
    direction: int | str,
    target: float | tuple[float, float] | Mapping[float, float] | None = None,
    target_year: float | None = None,
) -> Progress:
    """Weather symbol of a series.

    `target`: a number to be reached in `target_year`, or held every year when that is None; a pair (low, high), of
    which the weaker bound counts; a mapping of milestones {year: value}, of which the next after the latest
    observation counts; None where only the direction is wanted. `value` is the share of the open gap that the trend
    will leave open (below 0: overshoots), None for the decision tables; there is no score. Misses below 5 % are a
    sun, 5-20 % sun and cloud, more a cloud, no movement towards the target a thunderstorm. A target already met is
    judged as one to be held. Fewer than four consecutive years give no symbol, yet a met target stays achieved.

    50, 52, ... 60 (2015-2020): target 85 in 2030 will be missed by 5 of 25, 0.2: sun and cloud.
    """
    sign = sign_of(direction)
    observed = points(years, values)
    if not observed:
        return _result(None, None, REASONS["no_data"])
    current_year, current = observed[-1]
    if isinstance(target, Mapping):
        ahead = [year for year in sorted(target) if year > current_year]
        if not ahead:
            return _result(None, None, REASONS["target_year_passed"])
        target_year, target = ahead[0], target[ahead[0]]
    elif isinstance(target, (tuple, list)):
        target = min(target) if sign > 0 else max(target)
    achieved = target is not None and reached(current, target, direction=sign)
    recent = recent_points(observed)
    if not recent:
        return _result(None, None, REASONS["few_years"], achieved)
    change = _slope(recent)
    turn = _sign(sign * change)
    if target is None:
        last_turn = _sign(sign * (recent[-1][1] - recent[-2][1]))
        return _result(None, directional(_TURN_WORDS[turn], _TURN_WORDS[last_turn]), "")
    if achieved or target_year is None:
        return _result(None, constant_target(achieved, _TREND_WORDS[turn]), "", achieved)
    if not target_year > current_year:
        return _result(None, None, REASONS["target_year_passed"])
    miss = finite(miss_share(current, current_year, change, target=target, target_year=target_year))
    if miss is None:
        return _result(None, None, REASONS["too_large"])
    return _result(miss + 0.0, _symbol(turn, miss), "")


def _symbol(turn: int, miss: float) -> str:
    if turn <= 0:
        return THUNDERSTORM
    if not at_least(miss, NEAR_MISS):
        return SUN
    return CLOUD if above(miss, FAR_MISS) else SUN_CLOUD


def worst(results: Iterable[Progress]) -> Progress:
    """The worst symbol of targets to be met at the same time; those without a symbol do not count."""
    judged = [one for one in results if one.status in SYMBOLS]
    if not judged:
        return _result(None, None, REASONS["no_data"])
    return max(judged, key=lambda one: SYMBOLS.index(one.status))


def _slope(recent: list[Point]) -> float:
    (first_year, first), (last_year, last) = recent[0], recent[-1]
    return (last - first) / (last_year - first_year)


def _sign(change: float) -> int:
    return 0 if same(change, 0) else 1 if change > 0 else -1


def _number(word: str, words: Mapping[str, int]) -> int:
    if word not in words:
        raise ReformError(f"unknown trend: {word!r}", expected=f"one of: {', '.join(words)}")
    return words[word]


def _result(value, symbol: str | None, reason: str, achieved: bool = False) -> Progress:
    status = symbol or result.NOT_AVAILABLE
    return Progress(value, None, status, LABELS[status], reason, RULE_SET, achieved)
