"""Progress towards a target: published methods as pure functions with named rule sets.

linear          share of the way over share of the time; the primary measure, the same for done and not done
growth          compound growth against required growth, statcan-2025 and eurostat-2026 (rule_sets)
destatis        weather symbols
un_chart        UN Progress Chart
aarr            average annual rates of reduction and of change
paths           paths from the latest value to a later year
normalise       goalposts, distance to target, transforms around a best point
means           weighted means over what is available
current_status  ESCAP Current Status Index
"""

from reformlib.measure.progress.destatis import weather
from reformlib.measure.progress.growth import aggregate, binary, progress, progress_series
from reformlib.measure.progress.linear import linear_progress, missed_by, pace, required_pace, share_of_way
from reformlib.measure.progress.result import REASONS, Progress, Rate, reached
from reformlib.measure.progress.rule_sets import RULE_SETS, rule_set
from reformlib.measure.progress.un_chart import chart_series, chart_with_target, chart_without_target

__all__ = [
    "REASONS", "RULE_SETS", "Progress", "Rate", "aggregate", "binary", "chart_series", "chart_with_target",
    "chart_without_target", "linear_progress", "missed_by", "pace", "progress", "progress_series", "reached",
    "required_pace", "rule_set", "share_of_way", "weather",
]  # fmt: skip
