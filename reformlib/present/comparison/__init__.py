"""Parts of notebook 04: several reports, and edition against edition."""

from reformlib.present.comparison.figures import (
    charts,
    editions,
    heading,
    missing,
    overview,
    provenance,
    rests_on,
    series_table,
    side_by_side,
)

__all__ = [
    "charts",
    "editions",
    "heading",
    "missing",
    "overview",
    "provenance",
    "rests_on",
    "series_table",
    "side_by_side",
]
