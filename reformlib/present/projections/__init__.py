"""Parts of notebook 03: where each indicator goes, and how likely each target is."""

from reformlib.present.projections.basis import assumptions, backtest_table, points_left_out, score, unprojected
from reformlib.present.projections.chances import kind_table, pace_table, probability_table
from reformlib.present.projections.figures import fan_charts, heading, key_table, overview, plateau, separate_levels
from reformlib.present.projections.plans import milestone_table, proposal_table, scenario_table, tasks

__all__ = [
    "assumptions",
    "backtest_table",
    "fan_charts",
    "heading",
    "key_table",
    "kind_table",
    "milestone_table",
    "overview",
    "pace_table",
    "plateau",
    "points_left_out",
    "probability_table",
    "proposal_table",
    "scenario_table",
    "score",
    "separate_levels",
    "tasks",
    "unprojected",
]
