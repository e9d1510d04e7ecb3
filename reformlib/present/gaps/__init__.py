"""Parts of notebook 02: targets, pace, and shortfalls without a task."""

from reformlib.present.gaps.coverage import cover_causes, cover_matrix, cover_tasks, measure_next
from reformlib.present.gaps.figures import bullet_charts, gap_table, heading, key_table, overview
from reformlib.present.gaps.methods import disagreements, methods_table
from reformlib.present.gaps.pace import pace_chart
from reformlib.present.gaps.targets import conflicts, counted, target_sources, unassessed

__all__ = [
    "bullet_charts",
    "conflicts",
    "counted",
    "cover_causes",
    "cover_matrix",
    "cover_tasks",
    "disagreements",
    "gap_table",
    "heading",
    "key_table",
    "measure_next",
    "methods_table",
    "overview",
    "pace_chart",
    "target_sources",
    "unassessed",
]
