"""UN Sustainable Development Goals Progress Chart: the value expected in the target year against the target.

Source: Progress Chart technical note (2023), formulas and exceptions as restated by Eustat.
"""

from collections.abc import Iterable

from reformlib.errors import ReformError
from reformlib.load.codes import codes
from reformlib.measure.progress import result
from reformlib.measure.progress.growth import observed_growth
from reformlib.measure.progress.points import LATER_ELSE_EARLIER, base_point, points
from reformlib.measure.progress.result import REASONS, Progress, at_least, finite, no_way_to_go, reached, same, sign_of

RULE_SET = "un-progress-chart-2023"

# Lower bound, score, status; best first.
WITH_TARGET = ((0.95, 3, "on_track"), (0.10, 2, "acceleration_needed"))
WITHOUT_TARGET = ((0.02, 3, "on_track"), (0.005, 2, "acceleration_needed"))
LOWEST = (1, "stagnation")
# A percentage this close to a target of 0 or 100 counts as there.
AT_LIMIT = 1.0

LABELS = codes("un_chart_status")


def expected_value(current_value: float, current_year: float, rate: float, year: float) -> float:
    """Value in `year` if the yearly rate holds: v (1 + rate)^(year - t).

    >>> round(expected_value(60, 2020, 0.03713728933664817, 2030), 6)
    86.4
    """
    return current_value * (1 + rate) ** (year - current_year)


def chart_with_target(
    base_value: float | None,
    base_year: float,
    current_value: float | None,
    current_year: float,
    *,
    target: float,
    target_year: float,
    direction: int | str | None = None,
    percent: bool = False,
) -> Progress:
    """Score 3, 2 or 1 by the ratio (expected - base) / (target - base): from 0.95, from 0.10, below.

    The expected value carries the compound growth seen so far to the target year. `direction` None takes the side
    of the base the target lies on. `percent` says the values are percentages: within one point of a target of 0 or
    100 is then met. A met target scores 3 whatever the trend. An observation after the target year is refused;
    `chart_series` stops at that year. 50 (2015) -> 60 (2020), target 90 in 2030: 86.4 expected, ratio 0.91, score 2.
    """
    base, current = finite(base_value), finite(current_value)
    if current is None:
        return _result(None, None, REASONS["no_data"])
    if direction is None:
        if base is None or same(base, target):
            raise ReformError("base and target show no direction", expected="direction: 1 or -1")
        direction = 1 if target > base else -1
    sign = sign_of(direction)
    at_the_limit = percent and target in (0, 100) and at_least(AT_LIMIT, abs(current - target))
    achieved = at_the_limit or reached(current, target, direction=sign)
    value, reason = _ratio(base, base_year, current, current_year, target, target_year, sign)
    if achieved:
        return _result(value, (3, "on_track"), reason, achieved=True)
    if value is None:
        return _result(None, None, reason)
    return _result(value, _class(WITH_TARGET, value), "")


def chart_without_target(growth: float | None, *, direction: int | str) -> Progress:
    """Score 3, 2 or 1 by yearly compound growth in the wanted direction: from 2 %, from 0.5 %, below.

    >>> chart_without_target(0.0199, direction=1).score, chart_without_target(-0.005, direction=-1).score
    (2, 2)
    """
    rate = finite(growth)
    if rate is None:
        return _result(None, None, REASONS["no_data"])
    value = sign_of(direction) * rate + 0.0
    return _result(value, _class(WITHOUT_TARGET, value), "")


def chart_series(
    years: Iterable,
    values: Iterable,
    *,
    direction: int | str,
    base_year: float | None = None,
    target: float | None = None,
    target_year: float | None = 2030,
    percent: bool = False,
) -> Progress:
    """The chart of a series. Observations after the target year are left out; a base year without observation
    becomes the first year after it, else the last before; without a stated target year 2030 is meant.

    >>> chart_series([2015, 2020], [50, 60], direction=1, target=90).score
    2
    """
    observed = points(years, values)
    if target is not None and target_year is not None:
        observed = [point for point in observed if point[0] <= target_year]
    base = base_point(observed, base_year, LATER_ELSE_EARLIER)
    if base is not None and base == observed[-1] and len(observed) > 1:
        base = observed[-2]  # at least two values: else the last year before
    if base is None:
        return _result(None, None, REASONS["no_data"])
    current_year, current = observed[-1]
    if target is not None:
        aim = {"target": target, "target_year": target_year, "direction": direction}
        return chart_with_target(base[1], base[0], current, current_year, percent=percent, **aim)
    growth, reason = observed_growth(base[1], base[0], current, current_year)
    if growth is None:
        return _result(None, None, reason)
    # A negative value that grows in size is falling.
    return chart_without_target(growth if base[1] > 0 else -growth, direction=direction)


def chart_binary(value: float | bool | None) -> Progress:
    """A yes/no indicator: yes scores 3, no scores 1."""
    answer = finite(value)
    if answer is None:
        return _result(None, None, REASONS["no_data"])
    return _result(None, (3, "on_track"), "", achieved=True) if answer == 1 else _result(None, LOWEST, "")


def _ratio(base, base_year, current, current_year, target, target_year, sign) -> tuple[float | None, str]:
    """(expected - base) / (target - base), or None and the reason why there is no such ratio."""
    if base is None:
        return None, REASONS["no_base"]
    if not target_year > base_year:
        return None, REASONS["target_year"]
    if current_year > target_year:
        return None, REASONS["target_year_passed"]
    if reason := no_way_to_go(base, target, sign):
        return None, reason
    growth, reason = observed_growth(base, base_year, current, current_year)
    if growth is None:
        return None, reason
    try:
        expected = expected_value(current, current_year, growth, target_year)
    except OverflowError:
        return None, REASONS["too_large"]
    ratio = finite((expected - base) / (target - base))
    return (ratio + 0.0, "") if ratio is not None else (None, REASONS["too_large"])


def _class(bounds, value: float) -> tuple[int, str]:
    return next(((score, status) for lower, score, status in bounds if at_least(value, lower)), LOWEST)


def _result(value, judged: tuple[int, str] | None, reason: str, *, achieved: bool = False) -> Progress:
    score, status = judged or (None, result.NOT_AVAILABLE)
    return Progress(value, score, status, LABELS[status], reason, RULE_SET, achieved)
