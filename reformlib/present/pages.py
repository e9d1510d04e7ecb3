"""What the notebooks show, by page: `rl.pages.assessment`, `.gaps`, `.projections`, `.comparison`."""

from reformlib.present import assessment, comparison, gaps, projections

__all__ = ["assessment", "comparison", "gaps", "projections"]
