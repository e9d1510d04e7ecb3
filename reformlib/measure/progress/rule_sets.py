"""Rule sets of compound growth as data, `rule_sets.yml`: thresholds, scores and words, by vintage.

Sources: Open SDG `sdg/ProgressMeasure.py` (October 2025), the calculation Statistics Canada publishes with; Eustat
`scripts/build_data.py` (2026), which attributes its cuts to Eurostat's assessment approach of June 2026. Eurostat's own
paper has not been read.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from reformlib.errors import ReformError

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


def _bands(lowers: list[float], classes: list[list[str]], exclusive: int = 0) -> tuple[Band, ...]:
    """Bands from best to worst, the last without a lower end; the first `exclusive` do not include theirs."""
    ends = enumerate(zip((*lowers, float("-inf")), classes, strict=True))
    return tuple(Band(lower, place >= exclusive, (status, label)) for place, (lower, (status, label)) in ends)


def _read() -> dict[str, RuleSet]:
    rules = {}
    for name, stated in yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8")).items():
        bands = {part: _bands(**stated[part]) for part in ("with_target", "without_target", "of_scores")}
        lines = {part: tuple(Line(*line) for line in stated[part]) for part in stated if part.startswith("score_")}
        pairs = {part: tuple(stated[part]) for part in ("achieved", "not_achieved", "binary_scores")}
        rules[name] = RuleSet(name, **stated | bands | lines | pairs)
    return rules


RULE_SETS = _read()


def rule_set(name: str) -> RuleSet:
    """The rules of that name. Raises ReformError naming those there are."""
    try:
        return RULE_SETS[name]
    except (KeyError, TypeError):
        raise ReformError(f"unknown rule set: {name!r}", expected=f"one of: {', '.join(RULE_SETS)}") from None
