"""Parts of notebook 01: what was achieved, and which figures can be relied on."""

from reformlib.present.assessment.figures import (
    assumptions,
    documents,
    domains,
    facts,
    heading,
    indicator_charts,
    observations,
    overview,
    scoreboard,
    systems,
)
from reformlib.present.assessment.findings import (
    agreements,
    contradictions,
    not_covered,
    open_questions,
    reliabilities,
    remarks,
)

__all__ = [
    "agreements",
    "assumptions",
    "contradictions",
    "documents",
    "domains",
    "facts",
    "heading",
    "indicator_charts",
    "not_covered",
    "observations",
    "open_questions",
    "overview",
    "reliabilities",
    "remarks",
    "scoreboard",
    "systems",
]
