"""The names of the tables that `reformlib table` prints; light to import, as the tables are not."""

from reformlib.errors import one_of

READ = ("facts", "documents", "systems", "domains", "results", "limitations", "tasks", "targets", "context")
JUDGED = ("checks", "reliability", "coverage", "programme", "gaps", "target_bases", "progress")
JUDGED += ("projections", "target_probabilities", "hindsight")
TOGETHER = ("rollup", "reporting")
NAMES = ("observations", "changes", *READ, *JUDGED, *TOGETHER)


def check_name(name: str) -> None:
    """Raise ReformError naming the tables there are, and the nearest, unless the name is one of `NAMES`."""
    one_of(name, NAMES, "table")
