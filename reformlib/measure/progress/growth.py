"""Compound annual growth against the growth a target needs: the rules of Statistics Canada and of Eurostat.

Rule sets carry the vintage in their name and are data. Sources: Open SDG `sdg/ProgressMeasure.py` (October 2025),
the calculation Statistics Canada publishes with; Eustat `scripts/build_data.py` (2026), which attributes its cuts to
Eurostat's assessment approach of June 2026. Eurostat's own paper has not been read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from reformlib.errors import ReformError
from reformlib.measure.progress.points import NEAREST, NEXT_LATER, base_point, first_year, points
from reformlib.measure.progress.result import (
    BASE_IS_TARGET,
    BASE_PAST_TARGET,
    NO_BASE,
    NO_DATA,
    NOT_AVAILABLE,
    NOT_AVAILABLE_LABEL,
    ONE_POINT,
    SIGN_CHANGE,
    TARGET_SIGN,
    TARGET_YEAR,
    TOO_LARGE,
    ZERO_BASE,
    ZERO_TARGET,
    Progress,
    above,
    at_least,
    finite,
    reached,
    same,
    sign_of,
)

# What the published calculations put in the place of a zero, which has no rate of growth.
COMPAT_ZERO = 0.001
BEST, WORST = 5.0, -5.0
# Exponent of the reduction near a natural limit.
LIMIT_EXPONENT = 4.44
# Two observations closer than this are no pace.
MINIMUM_YEARS = 1


@dataclass(frozen=True)
class Band:
    """A class from `lower` up; `inclusive` says whether `lower` itself belongs to it."""

    lower: float
    inclusive: bool
    status: str
    label: str


@dataclass(frozen=True)
class Line:
    """Score = slope * value + intercept, from `lower` up."""

    lower: float
    slope: float
    intercept: float


@dataclass(frozen=True)
class RuleSet:
    """One published vintage of thresholds and scores; bands and lines run from best to worst.

    `with_target` classes the ratio of observed to required growth, `without_target` the yearly growth in the
    wanted direction, `of_scores` the mean score of several series. `limit_is_target`: a series without target that
    stands at its natural limit has arrived. `single_keeps_status`: one series alone lends its status to the
    indicator, instead of its score being classed again.
    """

    name: str
    source: str
    with_target: tuple[Band, ...]
    without_target: tuple[Band, ...]
    of_scores: tuple[Band, ...]
    score_with_target: tuple[Line, ...]
    score_without_target: tuple[Line, ...]
    achieved_status: str
    achieved_label: str
    not_achieved_status: str
    not_achieved_label: str
    binary_scores: tuple[float | None, float | None]
    missing_base: str
    limit_is_target: bool
    single_keeps_status: bool


_LOWEST = float("-inf")

STATCAN_2025 = RuleSet(
    name="statcan-2025",
    source="Statistics Canada, Open SDG sdg/ProgressMeasure.py v2.4 (October 2025)",
    with_target=(
        Band(0.95, True, "substantial_progress", "On track"),
        Band(0.6, True, "moderate_progress", "Progress, but acceleration needed"),
        Band(0.0, True, "limited_progress", "Limited progress"),
        Band(_LOWEST, True, "deterioration", "Deterioration"),
    ),
    without_target=(
        Band(0.015, True, "substantial_progress", "On track"),
        Band(0.005, True, "moderate_progress", "Progress, but acceleration needed"),
        Band(0.0, True, "limited_progress", "Limited progress"),
        Band(_LOWEST, True, "deterioration", "Deterioration"),
    ),
    of_scores=(
        Band(2.5, True, "substantial_progress", "On track"),
        Band(0.0, True, "moderate_progress", "Progress, but acceleration needed"),
        Band(-2.5, True, "limited_progress", "Limited progress"),
        Band(_LOWEST, True, "deterioration", "Deterioration"),
    ),
    # Constants as published, rounded to four decimals: the score at a ratio of 0.6 is 0.00004, not 0.
    score_with_target=(Line(0.6, 7.1429, -4.2857), Line(_LOWEST, 4.1667, -2.5)),
    score_without_target=(
        Line(0.015, 500, -5),
        Line(0.005, 250, -1.25),
        Line(0.0, 500, -2.5),
        Line(_LOWEST, 125, -2.5),
    ),
    achieved_status="target_achieved",
    achieved_label="Target achieved",
    not_achieved_status="not_achieved",
    not_achieved_label="Target not achieved",
    binary_scores=(None, None),
    missing_base=NEXT_LATER,
    limit_is_target=False,
    single_keeps_status=False,
)

EUROSTAT_2026 = RuleSet(
    name="eurostat-2026",
    source="Eurostat assessment approach (June 2026) as coded by Eustat, scripts/build_data.py (2026)",
    with_target=(
        Band(0.95, False, "significant_progress", "Significant progress towards the target"),
        Band(0.6, False, "moderate_progress", "Moderate progress towards the target"),
        # The published code says deterioration for what the published text calls insufficient progress.
        Band(0.0, True, "moderate_deterioration", "Insufficient progress towards the target"),
        Band(_LOWEST, True, "significant_deterioration", "Movement away from the target"),
    ),
    without_target=(
        Band(0.01, False, "significant_progress", "Significant progress"),
        Band(0.001, False, "moderate_progress", "Moderate progress"),
        Band(-0.001, True, "no_progress", "No progress"),
        Band(-0.01, True, "moderate_deterioration", "Moderate movement in the wrong direction"),
        Band(_LOWEST, True, "significant_deterioration", "Significant movement in the wrong direction"),
    ),
    of_scores=(
        Band(2.5, False, "significant_progress", "Significant progress"),
        Band(0.25, False, "moderate_progress", "Moderate progress"),
        Band(-0.25, True, "no_progress", "No progress"),
        Band(-2.5, True, "moderate_deterioration", "Moderate movement in the wrong direction"),
        Band(_LOWEST, True, "significant_deterioration", "Significant movement in the wrong direction"),
    ),
    # +5 from a ratio of 1.3, 0 at 0.6, -5 from -0.6
    score_with_target=(Line(0.6, 5 / 0.7, -0.6 * 5 / 0.7), Line(_LOWEST, 5 / 1.2, -2.5)),
    # +-5 from +-2 % a year
    score_without_target=(Line(0.0, 250, 0), Line(_LOWEST, 250, 0)),
    achieved_status="significant_progress",
    achieved_label="Target met",
    not_achieved_status="significant_deterioration",
    not_achieved_label="Target not met",
    binary_scores=(BEST, WORST),
    missing_base=NEAREST,
    limit_is_target=True,
    single_keeps_status=True,
)

RULE_SETS = {rule.name: rule for rule in (STATCAN_2025, EUROSTAT_2026)}


def rule_set(name: str) -> RuleSet:
    """The rules of that name. Raises ReformError naming those there are."""
    try:
        return RULE_SETS[name]
    except (KeyError, TypeError):
        raise ReformError(f"unknown rule set: {name!r}", expected=f"one of: {', '.join(RULE_SETS)}") from None


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

    C = 1 - (|y0|/|L|)^4.44 up to the limit, mirrored up to twice the limit, 1 beyond and without a limit.
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

    With a target, `value` = sign * d * g_o / |g_r|: observed over required compound growth, d the wanted direction,
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
    if compat and aim == 0:
        aim = COMPAT_ZERO
    if current is None or current_year is None:
        return _result(rule, None, None, NO_DATA)
    if bound is not None and (base is None or sign * (bound - base) < 0) and not compat:
        bound = None  # a limit behind the base, seen in the wanted direction, is none
    if aim is not None:
        achieved = reached(current, aim, direction=sign, exact=compat)
    else:
        achieved = rule.limit_is_target and bound is not None and same(current, bound, exact=compat)
    # The published order: the factor of the limit is taken before a zero base is replaced.
    factor = limit_factor(base, bound) if aim is None and base is not None else 1.0
    if compat and base == 0:
        base = COMPAT_ZERO
    value, reason = _growth(base, base_year, current, current_year)
    if value is not None:
        value *= sign if base > 0 else -sign
        if aim is not None:
            value, reason = _ratio(value, base, base_year, aim, target_year, sign, compat)
    if value is not None:
        value += 0.0  # -0.0 would print as a fall
    # From a base past the target the ratio measures no progress towards it, but its sign still tells whether the
    # target was lost again, so it classes the series without being shown.
    shown = None if reason else value
    if achieved:
        return Progress(shown, BEST, rule.achieved_status, rule.achieved_label, reason, rule.name, True)
    if value is None:
        return _result(rule, None, None, reason)
    if aim is not None:
        band = _band(rule.with_target, value, exact=compat)
        return _result(rule, shown, _score(rule.score_with_target, value, 1.0, compat), reason, band)
    if factor == 0 and at_least(value, 0, exact=compat):
        # At the limit, holding it is all that can be done.
        return _result(rule, value, BEST, "", rule.without_target[0])
    band = _band(rule.without_target, value, factor, exact=compat, shrink_all=compat)
    return _result(rule, value, _score(rule.score_without_target, value, factor, compat), "", band)


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
    return progress(
        base_value,
        base_at,
        current_value,
        current_year,
        direction=direction,
        rules=rules,
        target=target,
        target_year=target_year,
        limit=limit,
        compat=compat,
    )


def binary(value: float | bool | None, *, rules: str) -> Progress:
    """A yes/no indicator: met or not met, no pace. statcan-2025 gives it no score, eurostat-2026 +5 or -5.

    >>> binary(True, rules="eurostat-2026").score, binary(0, rules="statcan-2025").status
    (5.0, 'not_achieved')
    """
    rule, answer = rule_set(rules), finite(value)
    if answer is None:
        return _result(rule, None, None, NO_DATA)
    yes, no = rule.binary_scores
    if answer == 1:
        return Progress(None, yes, rule.achieved_status, rule.achieved_label, "", rule.name, True)
    return Progress(None, no, rule.not_achieved_status, rule.not_achieved_label, "", rule.name)


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
        return _result(rule, None, None, NO_DATA)
    if all(one.achieved for one in counted):
        return Progress(None, score, rule.achieved_status, rule.achieved_label, "", rule.name, True)
    return _result(rule, None, score, "", _band(rule.of_scores, score, exact=compat))


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


def _growth(
    base: float | None, base_year: float | None, current: float, current_year: float
) -> tuple[float | None, str]:
    if base is None or base_year is None:
        return None, NO_BASE
    if current_year - base_year < MINIMUM_YEARS:
        return None, ONE_POINT
    if base == 0:
        return None, ZERO_BASE
    if base * current < 0:
        return None, SIGN_CHANGE
    growth = cagr(base, current, current_year - base_year)
    return growth, "" if growth is not None else TOO_LARGE


def _ratio(growth, base, base_year, target, target_year, sign, compat) -> tuple[float | None, str]:
    if not target_year > base_year:
        return None, TARGET_YEAR
    if same(base, target, exact=compat):
        return None, BASE_IS_TARGET
    if target == 0:
        return None, ZERO_TARGET
    if base * target < 0:
        return None, TARGET_SIGN
    required = cagr(base, target, target_year - base_year)
    if required == 0:  # base and target differ by less than the growth of a year can show
        return None, BASE_IS_TARGET
    ratio = finite(growth / abs(required)) if required is not None else None
    if ratio is None:
        return None, TOO_LARGE
    past = reached(base, target, direction=sign, exact=compat) and not compat
    return ratio, BASE_PAST_TARGET if past else ""


def _band(bands, value: float, factor: float = 1.0, *, exact: bool = False, shrink_all: bool = False) -> Band:
    for band in bands:
        # Only the rewards shrink near a limit: a fall counts in full.
        shrinks = band.lower > 0 or (shrink_all and band is bands[-2])
        lower = band.lower * factor if shrinks else band.lower
        if (at_least if band.inclusive else above)(value, lower, exact=exact):
            return band
    return bands[-1]


def _score(lines, value: float, factor: float, exact: bool) -> float:
    for line in lines:
        scaled = value / factor if line.lower >= 0 and factor else value
        if at_least(scaled, line.lower, exact=exact):
            return max(WORST, min(BEST, line.slope * scaled + line.intercept))
    raise AssertionError("the last line has no lower end")


def _result(rule: RuleSet, value, score, reason: str, band: Band | None = None) -> Progress:
    status, label = (band.status, band.label) if band else (NOT_AVAILABLE, NOT_AVAILABLE_LABEL)
    return Progress(value, score, status, label, reason, rule.name)
