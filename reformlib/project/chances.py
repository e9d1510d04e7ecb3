"""How likely each official target is if things go on as they do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import are_all_gaps, gaps
from reformlib.measure.targets import DRIVING
from reformlib.project.law import load_prior
from reformlib.project.series import LAST_HORIZON, project, unit_of

FREQUENCIES = {"<1/20": "fewer than 1 in 20", ">19/20": "more than 19 in 20"} | {
    f"{n}/10": f"about {n} in 10" for n in range(1, 10)
}

OTHER_KINDS = {
    "share-reported": "share reported by offices",
    "share-modelled": "share estimated by models",
    "count-ceiling": "count with a ceiling (learned from seats in parliaments)",
}

PROBABILITY_COLUMNS = [
    "indicator",
    "level",
    "target_id",
    "instrument",
    "target_year",
    "target",
    "p_at_least",
    "p_reached_by",
    "natural_frequency",
    "scenario",
    "basis",
    "caveat",
]


def natural_frequency(p: float) -> str:
    """A probability as a rounded natural frequency, a code of `FREQUENCIES`.

    Below 0.05 "fewer than 1 in 20", above 0.95 "more than 19 in 20", otherwise the nearest tenth, halves up.

    >>> natural_frequency(0.03), natural_frequency(0.05), natural_frequency(0.25), natural_frequency(0.97)
    ('<1/20', '1/10', '3/10', '>19/20')
    """
    if not 0 <= p <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    if p < 0.05:
        return "<1/20"
    if p > 0.95:
        return ">19/20"
    return f"{min(9, max(1, int(np.floor(10 * p + 0.5 + 1e-9))))}/10"


def own_target(report: Report, row) -> float:
    """The target of a row of `gaps.gaps` in the indicator's own unit: 30 % of 1949 procedures is 584.7 services."""
    if row.unit == unit_of(report, row.indicator):
        return float(row.target)
    fact = report.meta.universes[row.indicator]
    return float(row.target * report.rows_by("facts", "fact")[fact]["value"] / 100)


def open_targets(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of `gaps.gaps` that can be projected to: usable, with a figure, due after the data; `own` is the target
    in the indicator's unit, `due` the deadline as a decimal year."""
    return _open_targets(report, _other(report, rows))


def _other(report: Report, rows: pd.DataFrame | None) -> pd.DataFrame | None:
    """`rows`, None where :func:`reformlib.measure.gaps.gaps` gave them: what rests on those is worked out once."""
    return None if rows is None or are_all_gaps(report, rows) else rows


@cached_by_owner
def _open_targets(report: Report, rows: pd.DataFrame | None) -> pd.DataFrame:
    rows = gaps(report) if rows is None else rows
    chosen = rows[
        rows["recommended_use"].isin(DRIVING)
        & rows["value"].notna()
        & rows["target"].notna()
        & (rows["deadline"] > pd.Timestamp(report.meta.data_date))
    ]
    chosen = chosen.assign(
        own=[own_target(report, row) for row in each_row(chosen)],
        due=[decimal_year(when.date()) for when in chosen["deadline"]],
    )
    return chosen.sort_values(["deadline", "target_id"], ignore_index=True)


def target_probabilities(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """How likely each usable official target is if things go on as they do.

    `target` is in the unit of the instrument. `p_at_least`: at or above the target at the deadline; `p_reached_by`: at
    or above it at the end of some year up to the deadline, from 4000 simulated paths with a fixed seed.
    `natural_frequency` rounds `p_at_least` (:func:`natural_frequency`). `caveat` holds codes of `gaps.CAVEATS`,
    `basis` codes of `BASES`; a series that stops before the deadline has no row. `rows` is what `gaps.gaps` gave.
    """
    found = []
    for row in each_row(open_targets(report, rows)):
        year = row.deadline.year
        series = project(report, row.indicator, row.level, year)
        if year > series.last_year(year) or row.comparator in ("<", "<=") or year > LAST_HORIZON:
            continue
        ends = np.arange(report.meta.data_date.year + 1, row.due + 1e-9)
        start = series.points["time"].iloc[-1] if len(series.points) else 0.0
        law = series.law(np.unique(np.append(ends[ends > start], row.due)))
        if law is None:
            continue
        target = np.nextafter(row.own, np.inf) if row.comparator == ">" else row.own
        at_least = float(law.probability_at_least(target)[-1])
        found.append(
            {name: getattr(row, name) for name in PROBABILITY_COLUMNS[:6]}
            | {
                "target_year": year,
                "p_at_least": at_least,
                # reached by the deadline includes standing there at the deadline; simulation error must not hide it
                "p_reached_by": max(at_least, float(law.reached_by(target)[-1])),
                "natural_frequency": natural_frequency(at_least),
                "scenario": "as_is",
                "basis": series.basis_in(year),
                "caveat": ";".join(code for code in row.caveat.split(";") if code != "before_deadline"),
            }
        )
    frame = pd.DataFrame(found, columns=PROBABILITY_COLUMNS)
    return frame.assign(
        **frame[["target", "p_at_least", "p_reached_by"]].astype(float),
        target_year=frame["target_year"].astype("Int64"),
    )


def kinds(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much the choice of the kind of indicator matters: the probability of each open target of a fitted series
    under every kind that a count or share with a ceiling could be. `indicator, level, target_id`, then one column a
    kind (`OTHER_KINDS`): P(at or above at the deadline)."""
    found = []
    for row in each_row(open_targets(report, rows)):
        series = project(report, row.indicator, row.level, row.deadline.year)
        if series.basis != "fitted" or series.ceiling is None or row.deadline.year > series.last_year(LAST_HORIZON):
            continue
        laws = {kind: series.as_kind(kind).law([row.due]) for kind in OTHER_KINDS}
        chances = {kind: float(law.probability_at_least(row.own)[0]) for kind, law in laws.items()}
        found.append({"indicator": row.indicator, "level": row.level, "target_id": row.target_id} | chances)
    return pd.DataFrame(found, columns=["indicator", "level", "target_id", *OTHER_KINDS])


def paces(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The pace each open target needs, the pace so far, and how fast such indicators went in the benchmark.

    Rows of :func:`open_targets` whose need is above zero, with `family` and `usual`, `fast`, `fastest`: the median, the
    pace that one window in ten and one in a hundred exceeded over five (or, more than seven and a half years away, ten)
    years; in points of the range a year, so they compare with shares only.
    """
    chosen = open_targets(report, rows)
    chosen = chosen[(chosen["unit"] == "%") & (chosen["pace_needed"] > 0)].copy()
    learned, found = load_prior()["pace"], []
    for row in each_row(chosen):
        series = project(report, row.indicator, row.level, row.deadline.year)
        window = "5" if row.due - decimal_year(row.as_of.date()) <= 7.5 else "10"
        pace = learned.get(series.family, {}).get(window, {})
        found.append(
            {"family": series.family, "window": int(window), "usual": pace.get("median")}
            | {name: pace.get(name) for name in ("fast", "fastest", "n")}
        )
    columns = ["family", "window", "usual", "fast", "fastest", "n"]
    return chosen.assign(**{name: [row[name] for row in found] for name in columns})
