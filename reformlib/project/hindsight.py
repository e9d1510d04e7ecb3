"""Hindsight: figures that came later, held against what the projections said of their day.

The projections themselves never use them.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.fields import frame
from reformlib.load.identity import whose
from reformlib.load.meta import stated
from reformlib.load.report import Report, load_report
from reformlib.load.rows import each_row
from reformlib.measure.change import UNJOINABLE, decimal_year
from reformlib.measure.targets import meets
from reformlib.paths import find_report, report_names
from reformlib.project.chances import open_targets, target_probabilities
from reformlib.project.law import no_range
from reformlib.project.series import QUANTILES, project

# Which interval a later figure lies in, the narrowest first; and why one is held against none.
WITHIN = codes("within")
UNSCORED = codes("unscored")


def later_editions(report: Report) -> list[Report]:
    """The reports of the project by the same body on the same form, of later data."""
    me, found = whose(report.meta.unit_vi, report.meta.place_vi), []
    for name in report_names():
        about = stated(find_report(name))
        same = whose(str(about.get("unit_vi", "")), str(about.get("place_vi", ""))) == me
        if same and about.get("form") == report.meta.form and str(about.get("data_date")) > str(report.meta.data_date):
            found.append(load_report(name))
    return found


@cached_by_owner
def hindsight(report: Report, editions: Iterable[Report] = ()) -> pd.DataFrame:
    """Figures of later.csv, and of later `editions` of the report, with what was projected for their day.

    One row a figure, by date: the median and the intervals of the distribution that the report's own figures give;
    `within` the narrowest interval that holds the figure, a code of `WITHIN`; `p_below` the probability that was given
    to figures below it. A figure that counts something else, or for whose day nothing is projected, has none of these;
    `unscored` says why, a code of `UNSCORED`.

    2361 certificates on 26/4/2022 where 1610 on 31/3/2020 were the last known: 0 to 20000 is no range to go by.

    >>> rows = hindsight(load_report("tra-vinh-2020")).set_index("later")
    >>> float(rows.loc["certificates_2022", "value"]), rows.loc["certificates_2022", "unscored"]
    (2361.0, 'too_wide')
    """
    rows = [*each_row(report.later), *(row for edition in editions for row in _of_edition(report, edition))]
    scored = frame("hindsight", [_scored(report, row) for row in rows])
    return scored.sort_values(["as_of", "indicator", "level"], kind="stable", ignore_index=True)


def with_editions(report: Report) -> pd.DataFrame:
    """:func:`hindsight` with the :func:`later_editions` that the project has."""
    return hindsight(report, later_editions(report))


def outcomes(report: Report, later: pd.DataFrame) -> pd.DataFrame:
    """Official targets that have fallen due since, with what happened and the probability that had been given to it.

    `later` is what :func:`hindsight` gave; the first scored figure on or after the deadline decides. One row a target:
    `target_id, indicator, level, as_of, value, met, p_given` (of met, or of not met, whichever it was).
    """
    given = target_probabilities(report).set_index("target_id")["p_at_least"]
    out = []
    for target in each_row(open_targets(report)):
        own = (later["indicator"] == target.indicator) & (later["level"] == target.level)
        since = later[own & later["unscored"].isin(["", "too_wide"]) & (later["as_of"] >= target.deadline)]
        if since.empty or target.target_id not in given:
            continue
        first, chance = since.iloc[0], float(given[target.target_id])
        direction = report.catalogue.rows_by("indicators", "indicator")[target.indicator]["direction"]
        met = meets(first["value"], target.comparator, target.own, direction)
        came = {"as_of": first["as_of"], "value": first["value"], "met": met, "p_given": chance if met else 1 - chance}
        out.append(target._asdict() | came)
    return frame("outcomes", out)


def _of_edition(report: Report, edition: Report) -> Iterable[Any]:
    """The figures of a later edition for days after the report's data, as rows of later.csv."""
    points = edition.observations
    after = points["value"].notna() & (points["as_of"] > pd.Timestamp(report.meta.data_date))
    rows = points[after & points["indicator"].isin(report.points)]
    same = ~rows["status"].isin([*UNJOINABLE, "B"])
    if (began := edition.meta.exists_from) and began > report.meta.data_date:
        same &= rows["as_of"] < pd.Timestamp(began)  # another body by then
    texts = {f"{name}_{language}": "" for name in ("counts", "why") for language in ("vi", "en")}
    more = {"definition": same.map({True: "same", False: "other"}), "grade": "", "source": edition.meta.source_vi}
    return each_row(rows.assign(later=edition.meta.id, as_of=rows["as_of"].dt.strftime("%Y-%m-%d"), **texts, **more))


def _scored(report: Report, row: Any) -> dict[str, Any]:
    """The row of :func:`hindsight` for a row of later.csv."""
    told = row._asdict() | {"as_of": pd.Timestamp(row.as_of), "value": float(row.value), "within": "", "unscored": ""}
    if row.definition == "other":
        return told | {"unscored": "other_definition"}
    if told["as_of"].date() <= report.meta.data_date:
        return told | {"unscored": "not_later"}
    series = project(report, row.indicator, row.level, told["as_of"].year)
    if told["as_of"].year > series.last_year(told["as_of"].year):
        return told | {"unscored": "ended"}
    law = series.law([decimal_year(told["as_of"])])
    if law is None:
        return told | {"unscored": "no_projection"}
    if no_range(law)[0]:
        return told | {"unscored": "too_wide"}
    bands = dict(zip(QUANTILES, law.quantile(list(QUANTILES.values()))[0], strict=True))
    inside = (code for code in ("50", "80", "95") if bands[f"lo{code}"] <= told["value"] <= bands[f"hi{code}"])
    below = 1 - float(law.probability_at_least(told["value"])[0])
    return told | bands | {"within": next(inside, "outside"), "p_below": below}
