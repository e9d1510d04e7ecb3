"""How far a report is projected: the years from its data to the last deadline that it can be held against."""

import numpy as np

from reformlib.errors import ReformError
from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import gaps
from reformlib.measure.targets import DRIVING
from reformlib.project.window import MAX_HORIZON

# So many years are projected where no target says how far.
YEARS_AHEAD = 5


def horizon_of(report: Report, horizon: int = 0) -> int:
    """The last year to project: the `horizon` itself; where it is 0 the last year in which an official target falls due
    that the report's form can be held against; without one `YEARS_AHEAD` years after the data.

    Figures to 31/3/2020 and targets for 2025 and 2030: 2030. Figures to 31/12/2025 and no target after it: 2030.
    """
    return horizon or _last_deadline(report)


@cached_by_owner
def _last_deadline(report: Report) -> int:
    year, last = report.meta.data_date.year, _limits(report)[1]
    rows = gaps(report)
    due = rows.loc[(rows["indicator"] != "") & rows["recommended_use"].isin(DRIVING), "deadline"].dt.year
    ahead = due[due.between(year + 1, last)]
    return year + YEARS_AHEAD if ahead.empty else int(ahead.max())


def _limits(report: Report) -> tuple[int, int]:
    """The first year that ends after the data, and the last that can be projected."""
    ends = decimal_year(report.meta.data_date)
    return report.meta.data_date.year + (ends == report.meta.data_date.year + 1), int(ends + MAX_HORIZON) - 1


def check_horizon(report: Report, horizon: int = 0) -> list[int]:
    """The years to project, from the first that ends after the data to :func:`horizon_of`.

    Raises ReformError for a horizon that is not a whole year, lies before the data, or ends more than fifteen years
    after the data (for figures to 31/3/2020 the last year is 2034).
    """
    horizon, (first, last) = horizon_of(report, horizon), _limits(report)
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or not first <= horizon <= last:
        raise ReformError(
            f"the horizon {horizon} cannot be projected",
            where=f"figures to {report.meta.data_date}",
            expected=f"a year from {first} to {last}; the method was measured ten years ahead",
        )
    return list(range(first, int(horizon) + 1))
