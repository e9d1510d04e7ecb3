"""Rule sets of compound growth as data: thresholds, scores and words, by vintage.

Sources: Open SDG `sdg/ProgressMeasure.py` (October 2025), the calculation Statistics Canada publishes with; Eustat
`scripts/build_data.py` (2026), which attributes its cuts to Eurostat's assessment approach of June 2026. Eurostat's own
paper has not been read.
"""

from dataclasses import dataclass

from reformlib.errors import ReformError
from reformlib.measure.progress.points import NEAREST, NEXT_LATER

BEST, WORST = 5.0, -5.0
# A status and its English label.
Class = tuple[str, str]


@dataclass(frozen=True)
class Band:
    """A class from `lower` up; `inclusive` says whether `lower` itself belongs to it."""

    lower: float
    inclusive: bool
    judged: Class


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
    achieved: Class
    not_achieved: Class
    binary_scores: tuple[float | None, float | None]
    missing_base: str
    limit_is_target: bool
    single_keeps_status: bool

    @property
    def labels(self) -> list[str]:
        """Every English label that a result of these rules can carry, keys of the translation catalogue."""
        bands = (*self.with_target, *self.without_target, *self.of_scores)
        return [self.achieved[1], self.not_achieved[1], *(band.judged[1] for band in bands)]


_LOWEST = float("-inf")


def _bands(classes: tuple[Class, ...], *lowers: float, exclusive: int = 0) -> tuple[Band, ...]:
    """Bands from best to worst, the last without a lower end; the first `exclusive` do not include theirs."""
    ends = zip((*lowers, _LOWEST), classes, strict=True)
    return tuple(Band(lower, place >= exclusive, each) for place, (lower, each) in enumerate(ends))


_STATCAN_CLASSES = (
    ("substantial_progress", "On track"),
    ("moderate_progress", "Progress, but acceleration needed"),
    ("limited_progress", "Limited progress"),
    ("deterioration", "Deterioration"),
)

STATCAN_2025 = RuleSet(
    name="statcan-2025",
    source="Statistics Canada, Open SDG sdg/ProgressMeasure.py v2.4 (October 2025)",
    with_target=_bands(_STATCAN_CLASSES, 0.95, 0.6, 0.0),
    without_target=_bands(_STATCAN_CLASSES, 0.015, 0.005, 0.0),
    of_scores=_bands(_STATCAN_CLASSES, 2.5, 0.0, -2.5),
    # Constants as published, rounded to four decimals: the score at a ratio of 0.6 is 0.00004, not 0.
    score_with_target=(Line(0.6, 7.1429, -4.2857), Line(_LOWEST, 4.1667, -2.5)),
    score_without_target=(
        Line(0.015, 500, -5),
        Line(0.005, 250, -1.25),
        Line(0.0, 500, -2.5),
        Line(_LOWEST, 125, -2.5),
    ),
    achieved=("target_achieved", "Target achieved"),
    not_achieved=("not_achieved", "Target not achieved"),
    binary_scores=(None, None),
    missing_base=NEXT_LATER,
    limit_is_target=False,
    single_keeps_status=False,
)

_EUROSTAT_CLASSES = (
    ("significant_progress", "Significant progress"),
    ("moderate_progress", "Moderate progress"),
    ("no_progress", "No progress"),
    ("moderate_deterioration", "Moderate movement in the wrong direction"),
    ("significant_deterioration", "Significant movement in the wrong direction"),
)
_EUROSTAT_CLASSES_WITH_TARGET = (
    ("significant_progress", "Significant progress towards the target"),
    ("moderate_progress", "Moderate progress towards the target"),
    # The published code says deterioration for what the published text calls insufficient progress.
    ("moderate_deterioration", "Insufficient progress towards the target"),
    ("significant_deterioration", "Movement away from the target"),
)

EUROSTAT_2026 = RuleSet(
    name="eurostat-2026",
    source="Eurostat assessment approach (June 2026) as coded by Eustat, scripts/build_data.py (2026)",
    with_target=_bands(_EUROSTAT_CLASSES_WITH_TARGET, 0.95, 0.6, 0.0, exclusive=2),
    without_target=_bands(_EUROSTAT_CLASSES, 0.01, 0.001, -0.001, -0.01, exclusive=2),
    of_scores=_bands(_EUROSTAT_CLASSES, 2.5, 0.25, -0.25, -2.5, exclusive=2),
    # +5 from a ratio of 1.3, 0 at 0.6, -5 from -0.6
    score_with_target=(Line(0.6, 5 / 0.7, -0.6 * 5 / 0.7), Line(_LOWEST, 5 / 1.2, -2.5)),
    # +-5 from +-2 % a year
    score_without_target=(Line(0.0, 250, 0), Line(_LOWEST, 250, 0)),
    achieved=("significant_progress", "Target met"),
    not_achieved=("significant_deterioration", "Target not met"),
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
