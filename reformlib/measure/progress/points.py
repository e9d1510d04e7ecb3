"""A series of years and values made ready for a progress method, and the choice of its base year."""

import re
from collections.abc import Iterable
from itertools import pairwise

from reformlib.errors import ReformError
from reformlib.measure.progress.result import finite

Point = tuple[float, float]

NEXT_LATER = "next-later"  # Statistics Canada: the first observed year after the one asked for
NEAREST = "nearest"  # Eustat: one year later, one earlier, two later, two earlier, ...
LATER_ELSE_EARLIER = "later-else-earlier"  # UN progress chart: first year after, else the last before


def first_year(label: int | float | str) -> float:
    """The year of a period label; a period of several years counts as its first year.

    >>> first_year("2015-16"), first_year(2020), first_year("2018/2019")
    (2015.0, 2020.0, 2018.0)
    """
    if isinstance(label, str) and (matched := re.match(r"\s*(\d{4})(?!\d)(.*)", label)):
        # "2020.25" is a point in time, "2015-16" a period
        return float(label) if re.fullmatch(r"\.\d+\s*", matched[2]) else float(matched[1])
    year = None if isinstance(label, str) else finite(label)
    if year is None:
        raise ReformError(f"not a year: {label!r}", expected="a year such as 2015, or a period such as '2015-16'")
    return year


def observations(years: Iterable, values: Iterable) -> list[Point]:
    """Year and value of every observation that has a value, oldest first; a year may occur more than once.

    Raises ReformError when the two lengths differ or a label is no year.
    """
    years, values = list(years), list(values)
    if len(years) != len(values):
        raise ReformError(f"{len(years)} years but {len(values)} values", expected="one value a year")
    pairs = ((first_year(year), finite(value)) for year, value in zip(years, values, strict=True))
    return sorted((year, value) for year, value in pairs if value is not None)


def points(years: Iterable, values: Iterable) -> list[Point]:
    """`observations` of a series with one value a year; ReformError when a year has two.

    >>> points(["2016-17", "2015-16", "2017-18"], [3, 1, None])
    [(2015.0, 1.0), (2016.0, 3.0)]
    """
    observed = observations(years, values)
    for (year, _), (following, _) in pairwise(observed):
        if year == following:
            raise ReformError(f"two values for the year {year:g}", expected="one value a year")
    return observed


def base_point(observed: list[Point], base_year: float | None, how: str = NEXT_LATER) -> Point | None:
    """The observation that serves as base; None when there is none.

    `base_year` None takes the first observation. A year that is not observed is replaced by the rule `how`:
    "next-later", "nearest" (a tie goes to the later year) or "later-else-earlier".

    >>> seen = [(2013.0, 5.0), (2016.0, 6.0), (2018.0, 7.0)]
    >>> base_point(seen, 2014, "next-later"), base_point(seen, 2014, "nearest")
    ((2016.0, 6.0), (2013.0, 5.0))
    """
    if not observed:
        return None
    if base_year is None:
        return observed[0]
    if how == NEAREST:
        return min(observed, key=lambda point: (abs(point[0] - base_year), point[0] < base_year))
    later = [point for point in observed if point[0] >= base_year]
    if later:
        return later[0]
    return observed[-1] if how == LATER_ELSE_EARLIER else None
