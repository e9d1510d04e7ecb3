"""Compound annual growth against the growth a target needs: the rules of Statistics Canada and of Eurostat.

Rule sets carry the vintage in their name and are data: :mod:`reformlib.measure.progress.rule_sets`, with their sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import fmean

from reformlib.errors import ReformError
from reformlib.measure.progress import result
from reformlib.measure.progress.points import base_point, first_year, points
from reformlib.measure.progress.result import REASONS, Progress, above, at_least, finite, reached, same, sign_of
from reformlib.measure.progress.rule_sets import BEST, WORST, Band, Class, Line, RuleSet, rule_set

# What the published calculations put in the place of a zero, which has no rate of growth.
COMPAT_ZERO = 0.001
# Exponent of the reduction near a natural limit.
LIMIT_EXPONENT = 4.44
# Two observations closer than this are no pace.
MINIMUM_YEARS = 1


def cagr(first: float, last: float, years: float) -> float | None:
    """Compound annual growth rate (last / first)^(1 / years) - 1 as a fraction; equal ends give 0, also 0 and 0.

    None where no rate exists: a zero start, a change of sign, no time passed, a rate beyond any number.

    >>> cagr(2, 2, 9), cagr(0, 0, 9), cagr(0, 1, 9), round(cagr(100, 121, 2), 12)
    (0.0, 0.0, None, 0.1)
    """
    if not years > 0:
        return None
    if first == last:
        return 0.0
    if first == 0 or last / first < 0:
        return None
    try:
        # The plain power, not exp(log): it repeats the published figures digit by digit.
        return finite((last / first) ** (1 / years) - 1)
    except OverflowError:
        return None


def limit_factor(base_value: float, limit: float | None) -> float:
    """C, by which thresholds and scores shrink near a natural limit: 1 far from it, 0 at it.

    `C = 1 - (|y0|/|L|)^4.44` up to the limit, mirrored up to twice the limit, 1 beyond and without a limit.
    66.6 of 100: C = 1 - 0.666^4.44 = 0.835.

    >>> round(limit_factor(66.6, 100), 3), limit_factor(100, 100), limit_factor(5, 0), limit_factor(5, None)
    (0.835, 0.0, 1.0, 1.0)
    """
    if limit is None:
        return 1.0
    base, limit = abs(base_value), abs(limit)
    if base >= 2 * limit:
        return 1.0
    nearness = base / limit if base <= limit else (2 * limit - base) / limit
    return 1.0 - nearness**LIMIT_EXPONENT


def progress(
    base_value: float | None,
    base_year: float | None,
    current_value: float | None,
    current_year: float | None,
    *,
    direction: int | str,
    rules: str,
    target: float | None = None,
    target_year: float | None = None,
    limit: float | None = None,
    compat: bool = False,
) -> Progress:
    """Progress of one series under a named rule set ("statcan-2025" or "eurostat-2026").

    With a target, `value = sign * d * g_o / |g_r|`: observed over required compound growth, d the wanted direction,
    sign -1 for a negative base. Without one, `value` = sign * d * g_o, the yearly growth in the wanted direction,
    held against thresholds that shrink near `limit`, the natural limit in that direction (ignored with a target,
    or when the base lies beyond it).
    14.5 (2015) -> 10.4 (2023), target 7.25 in 2030, decrease wanted: 0.90109, score 2.1507, moderate progress.

    A met target scores 5 whatever the pace. Without a possible value the result says why (`REASONS`). Thresholds
    are met to nine significant digits. `compat=True` repeats the published calculations instead: a zero base or
    target becomes 0.001, a base already past the target gets its ratio, thresholds compare as binary floats, and
    under eurostat-2026 the limit shrinks the -1 % threshold too. Raises ReformError for an unknown rule set or
    direction, and for a target without its year.
    """
    rule, sign = rule_set(rules), sign_of(direction)
    base, current, aim, bound = finite(base_value), finite(current_value), finite(target), finite(limit)
    base_year, current_year, target_year = finite(base_year), finite(current_year), finite(target_year)
    if aim is not None and target_year is None:
        raise ReformError("a target without its year", expected="target_year, such as 2030")
    if current is None or current_year is None:
        return _result(rule, REASONS["no_data"])
    if compat and aim == 0:
        aim = COMPAT_ZERO
    if not compat and (base is None or bound is None or sign * (bound - base) < 0):
        bound = None  # a limit behind the base, seen in the wanted direction, is none
    achieved = _achieved(rule, current, aim, bound, sign, compat)
    # The published order: the factor of the limit is taken before a zero base is replaced.
    factor = limit_factor(base, bound) if aim is None and base is not None else 1.0
    if compat and base == 0:
        base = COMPAT_ZERO
    value, reason = _value(base, base_year, current, current_year, aim, target_year, sign, compat)
    # From a base past the target the ratio measures no progress towards it, but its sign still tells whether the
    # target was lost again, so it classes the series without being shown.
    shown = None if reason else value
    if achieved:
        return _result(rule, reason, rule.achieved, shown, BEST, achieved=True)
    if value is None:
        return _result(rule, reason)
    band, score = _classed(rule, value, factor, aim is not None, compat)
    return _result(rule, reason, band, shown, score)


def progress_series(
    years: Iterable,
    values: Iterable,
    *,
    direction: int | str,
    rules: str,
    base_year: float | str | None = None,
    target: float | None = None,
    target_year: float | None = None,
    limit: float | None = None,
    compat: bool = False,
) -> Progress:
    """`progress` of a series of years and values: the latest observation against the base year.

    Years are numbers or labels ("2015-16" is 2015); missing values are left out. `base_year` None is the first
    observation; a base year without observation is replaced as the rule set says: statcan-2025 the next later
    year, eurostat-2026 the nearest (a tie goes to the later). Raises ReformError as `progress` and `points` do.

    >>> progress_series([2015, 2023], [14.5, 10.4], direction=-1, rules="statcan-2025", target=7.25,
    ...                 target_year=2030, base_year=2015).status
    'moderate_progress'
    """
    rule, observed = rule_set(rules), points(years, values)
    base = base_point(observed, None if base_year is None else first_year(base_year), rule.missing_base)
    base_at, base_value = base or (None, None)
    current_year, current_value = observed[-1] if observed else (None, None)
    aim = {"target": target, "target_year": target_year, "limit": limit, "direction": direction}
    return progress(base_value, base_at, current_value, current_year, rules=rules, compat=compat, **aim)


def binary(value: float | bool | None, *, rules: str) -> Progress:
    """A yes/no indicator: met or not met, no pace. statcan-2025 gives it no score, eurostat-2026 +5 or -5.

    >>> binary(True, rules="eurostat-2026").score, binary(0, rules="statcan-2025").status
    (5.0, 'not_achieved')
    """
    rule, answer = rule_set(rules), finite(value)
    if answer is None:
        return _result(rule, REASONS["no_data"])
    yes, no = rule.binary_scores
    if answer == 1:
        return _result(rule, "", rule.achieved, score=yes, achieved=True)
    return _result(rule, "", rule.not_achieved, score=no)


def aggregate(series: Iterable | Mapping, *, rules: str, compat: bool = False) -> Progress:
    """The indicator made of several series: the mean of their scores, classed by the rule set.

    `series` holds `Progress` results; a list, tuple or mapping inside it is a group, averaged first. Series
    without a score do not count. The target is achieved only where it is for every series that counts. `value` is
    None: growth of different series has no mean. Scores -3.842343 and -3.712045 give -3.777194, deterioration.
    """
    rule = rule_set(rules)
    top = list(series.values()) if isinstance(series, Mapping) else list(series)
    if len(top) == 1 and isinstance(top[0], Progress) and rule.single_keeps_status:
        return replace(top[0], value=None)
    counted: list[Progress] = []
    score = _mean_score(top, counted)
    if score is None:
        return _result(rule, REASONS["no_data"])
    if all(one.achieved for one in counted):
        return _result(rule, "", rule.achieved, score=score, achieved=True)
    return _result(rule, "", _band(rule.of_scores, score, exact=compat), score=score)


def _mean_score(items: list, counted: list[Progress]) -> float | None:
    scores = []
    for item in items:
        if isinstance(item, Progress):
            score = item.score
            if score is not None:
                counted.append(item)
        else:
            score = _mean_score(list(item.values()) if isinstance(item, Mapping) else list(item), counted)
        if score is not None:
            scores.append(score)
    return fmean(scores) if scores else None


def observed_growth(
    base: float | None, base_year: float | None, current: float, current_year: float
) -> tuple[float | None, str]:
    """:func:`cagr` from the base to the current value and "", or None and the reason why there is none.

    >>> observed_growth(0, 2015, 10, 2020)
    (None, 'the base value is zero, so no rate of growth exists')
    """
    if base is None or base_year is None:
        return None, REASONS["no_base"]
    if current_year - base_year < MINIMUM_YEARS:
        return None, REASONS["one_point"]
    if base == 0:
        return None, REASONS["zero_base"]
    if base * current < 0:
        return None, REASONS["sign_change"]
    growth = cagr(base, current, current_year - base_year)
    return growth, "" if growth is not None else REASONS["too_large"]


def _achieved(rule: RuleSet, current: float, target: float | None, limit: float | None, sign: int, exact: bool) -> bool:
    if target is not None:
        return reached(current, target, direction=sign, exact=exact)
    return rule.limit_is_target and limit is not None and same(current, limit, exact=exact)


def _value(base, base_year, current, current_year, target, target_year, sign, compat) -> tuple[float | None, str]:
    """Growth in the wanted direction, over the growth that the target needs if there is one; None and the reason."""
    growth, reason = observed_growth(base, base_year, current, current_year)
    if growth is None:
        return None, reason
    value = growth * (sign if base > 0 else -sign)
    if target is not None:
        value, reason = _ratio(value, base, base_year, target, target_year, sign, compat)
    return None if value is None else value + 0.0, reason  # + 0.0: -0.0 would print as a fall


def _ratio(growth, base, base_year, target, target_year, sign, compat) -> tuple[float | None, str]:
    if not target_year > base_year:
        return None, REASONS["target_year"]
    if same(base, target, exact=compat):
        return None, REASONS["base_is_target"]
    if target == 0:
        return None, REASONS["zero_target"]
    if base * target < 0:
        return None, REASONS["target_sign"]
    required = cagr(base, target, target_year - base_year)
    if required == 0:  # base and target differ by less than the growth of a year can show
        return None, REASONS["base_is_target"]
    ratio = finite(growth / abs(required)) if required is not None else None
    if ratio is None:
        return None, REASONS["too_large"]
    past = reached(base, target, direction=sign, exact=compat) and not compat
    return ratio, REASONS["base_past_target"] if past else ""


def _classed(rule: RuleSet, value: float, factor: float, has_target: bool, compat: bool) -> tuple[Class, float]:
    """Class and score of a ratio to the growth needed (`has_target`), or of a growth near a limit of that `factor`."""
    if has_target:
        return _band(rule.with_target, value, exact=compat), _score(rule.score_with_target, value, 1.0, compat)
    if factor == 0 and at_least(value, 0, exact=compat):
        return rule.without_target[0].judged, BEST  # at the limit, holding it is all that can be done
    band = _band(rule.without_target, value, factor, exact=compat, shrink_all=compat)
    return band, _score(rule.score_without_target, value, factor, compat)


def _band(
    bands: tuple[Band, ...], value: float, factor: float = 1.0, *, exact: bool = False, shrink_all: bool = False
) -> Class:
    for band in bands:
        # Only the rewards shrink near a limit: a fall counts in full.
        shrinks = band.lower > 0 or (shrink_all and band is bands[-2])
        lower = band.lower * factor if shrinks else band.lower
        if (at_least if band.inclusive else above)(value, lower, exact=exact):
            return band.judged
    return bands[-1].judged


def _score(lines: tuple[Line, ...], value: float, factor: float, exact: bool) -> float:
    for line in lines:
        scaled = value / factor if line.lower >= 0 and factor else value
        if at_least(scaled, line.lower, exact=exact):
            return max(WORST, min(BEST, line.slope * scaled + line.intercept))
    raise AssertionError("the last line has no lower end")


def _result(
    rule: RuleSet, reason: str, judged: Class | None = None, value=None, score=None, achieved=False
) -> Progress:
    status, label = judged or (result.NOT_AVAILABLE, result.NOT_AVAILABLE_LABEL)
    return Progress(value, score, status, label, reason, rule.name, achieved)
