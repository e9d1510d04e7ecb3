"""Official targets, each with the row of the form that it bears on and the day it falls due."""

from typing import Any

import numpy as np
import pandas as pd

from reformlib.errors import ReformError
from reformlib.load.binding import figures_from
from reformlib.load.cache import cached_by_owner
from reformlib.load.catalogue import Catalogue
from reformlib.load.fields import FIELDS
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure import progress

TARGET_SETS = ("all", *FIELDS["instruments.csv"]["target_set"]["constraints"]["enum"])

# What a target may be recommended for if it is to drive a figure.
DRIVING = ("use", "use-with-caveat")

# The direction that a comparator asks for; "=" asks for the direction of the indicator.
COMPARATORS = {">=": "increase", ">": "increase", "=": "", "<=": "decrease", "<": "decrease"}


@cached_by_owner
def official_targets(report: Report, target_set: str = "all") -> pd.DataFrame:
    """The targets of a set that the body is held to (:func:`reformlib.load.binding.applies`), one row a target and form
    row that it bears on, in the order of targets.csv.

    Columns of targets.csv, and: `target_set`; `due`, the deadline as a date (the end of the target year where the
    instrument gives no day, NaT without either); `early`, whether that lies before the first figure of the report, so
    that nothing is known of it; `level`, `measure`, `reason`, `caveat` of target_mapping.csv;
    `indicator`, `direction`, `indicator_unit` of the form; `wanted`, "increase" or "decrease", the direction that the
    comparator asks for. A target that bears on no row of the form has one row with empty texts there.

    Raises ReformError for an unknown target set.

    >>> from reformlib.load.report import load_report
    >>> rows = official_targets(load_report("tra-vinh-2020"))
    >>> rows.loc[rows["id"] == "T022", ["indicator", "level", "measure", "wanted"]].to_numpy().tolist()
    [['online_services', '4', 'share', 'increase']]
    """
    if target_set not in TARGET_SETS:
        raise ReformError(f"no such set of targets: {target_set}", expected=f"one of: {', '.join(TARGET_SETS)}")
    rows = on_the_form(report.catalogue)
    own = rows["id"].isin(report.targets["id"]) & ((rows["target_set"] == target_set) | (target_set == "all"))
    rows = rows[own].reset_index(drop=True)
    return rows.assign(early=rows["due"] < figures_from(report))


@cached_by_owner
def on_the_form(catalogue: Catalogue) -> pd.DataFrame:
    """All targets with the rows of the form that they bear on, and the columns of :func:`official_targets` that no
    report decides."""
    sets, rows = catalogue.rows_by("instruments", "instrument"), catalogue.targets
    rows = rows.assign(target_set=[sets[code]["target_set"] for code in rows["instrument"]])
    form = catalogue.by_indicator.rename(columns={"unit": "indicator_unit"})
    mapping = catalogue.target_mapping.rename(columns={"target": "id"})
    mapping = mapping.assign(**{name: mapping["indicator"].map(form[name]) for name in ("direction", "indicator_unit")})
    rows = rows.merge(mapping, on="id", how="left")
    rows = rows.fillna(dict.fromkeys(mapping.columns.drop("id"), ""))
    stated_day = rows["deadline"].str.extract("([12][0-9]{3}-[01][0-9]-[0-3][0-9])", expand=False)
    year_end = rows["target_year"].map("{:.0f}-12-31".format, na_action="ignore")
    wanted = rows["comparator"].map(COMPARATORS).fillna("")
    due = pd.to_datetime(stated_day.fillna(year_end)).astype("datetime64[ns]")
    return rows.assign(due=due, wanted=wanted.where(wanted != "", rows["direction"]))


def falls(catalogue: Catalogue, row: Any) -> bool:
    """Whether a target asks for a decrease: a row with its `comparator` and its `indicator` of the form.

    >>> from types import SimpleNamespace
    >>> from reformlib.load.catalogue import load_catalogue
    >>> falls(load_catalogue("cchc-2021"), SimpleNamespace(comparator="=", indicator="procedures"))
    True
    """
    direction = catalogue.rows_by("indicators", "indicator")[row.indicator]["direction"]
    return (COMPARATORS[row.comparator] or direction) == "decrease"


def signs(catalogue: Catalogue, rows: pd.DataFrame) -> np.ndarray:
    """1 for each row of a target that asks for an increase, -1 for a decrease (:func:`falls`)."""
    return np.array([-1 if falls(catalogue, row) else 1 for row in each_row(rows)], dtype=int)


def without_indicator(report: Report) -> pd.DataFrame:
    """The rows of :func:`official_targets` that may drive a figure and bear on no row of the form."""
    rows = official_targets(report)
    return rows[rows["recommended_use"].isin(DRIVING) & (rows["indicator"] == "") & ~rows["early"]]


def meets(value: float, comparator: str, target: float, direction: str = "increase") -> bool:
    """Whether a value meets a target; equal to nine digits counts as equal, so no float noise decides.

    "=" is how the instruments write a full coverage ("100%"): at least that much where an increase is wanted, at most
    where a decrease is.
    Raises ValueError for an unknown comparator.

    >>> meets(27.66, ">=", 30), meets(0.1 + 0.2, ">=", 0.3), meets(80.0, ">", 80)
    (False, True, False)
    """
    if comparator not in COMPARATORS:
        raise ValueError(f"unknown comparator {comparator!r}")
    wanted, strict = COMPARATORS[comparator] or direction, comparator in ("<", ">")
    return progress.reached(value, target, direction=wanted, strict=strict)


def distinct(judged: pd.DataFrame) -> pd.DataFrame:
    """Judged rows, nearest deadline first, one for all targets of a series that share value and deadline: `target_id`
    holds the codes of all."""
    same = ["indicator", "level", "target", "comparator", "deadline"]
    own = judged["target_id"].where(judged["target"].isna(), "")  # those without a value share none
    codes = judged.groupby([*same, own], sort=False, dropna=False)["target_id"].transform(", ".join)
    return judged.assign(target_id=codes).drop_duplicates([*same, "target_id"]).sort_values(["deadline", "target_id"])


def implied(catalogue: Catalogue, rows: pd.DataFrame) -> pd.Series:
    """Whether another of the judged rows asks for all that a row asks for: of the same series, in the same unit and
    direction, at least as much and no later. Of rows that ask for the same on the same day the first is not.

    100 % in 2025 implies 80 % in 2025 and 100 % in 2027 and 2030; it does not imply 30 % in 2020, nor does 90 % in 2030
    imply 80 % in 2025. A target without a value is of another base than the figure: it implies nothing, and nothing
    implies it.
    """
    asked = []
    for row in each_row(rows):
        down = falls(catalogue, row)
        strength = -row.target if down else row.target, row.comparator in ("<", ">")
        asked.append(((row.indicator, row.level, row.unit, down), strength, row.deadline, pd.notna(row.value)))

    def implies(place: int, at: int) -> bool:
        (other, strength, day, based), (mine, own, due, told) = asked[place], asked[at]
        as_much = based and told and mine == other and strength >= own and day <= due
        return as_much and ((strength, day) != (own, due) or place < at)

    nested = [any(implies(place, at) for place in range(len(asked))) for at in range(len(asked))]
    return pd.Series(nested, index=rows.index, dtype=bool)
