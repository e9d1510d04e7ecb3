"""How likely each official target is if things go on as they do."""

from typing import Any

import numpy as np
import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.fields import frame
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure.base import NOT_THE_SAME
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import COUNTS_MORE, gaps
from reformlib.measure.targets import DRIVING, distinct, implied, signs
from reformlib.project.accuracy import paces_of
from reformlib.project.composition import Drawn
from reformlib.project.law import Forecast
from reformlib.project.series import project, unit_of

# A probability in words, by the codes of `natural_frequency`.
FREQUENCIES = {"<1/20": "fewer than 1 in 20", ">19/20": "more than 19 in 20"} | {
    f"{n}/10": f"about {n} in 10" for n in range(1, 10)
}

# The families of the law that a count or a share with a ceiling could be taken for.
OTHER_KINDS = codes("kind")


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


@cached_by_owner
def open_targets(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of :func:`reformlib.measure.gaps.gaps` that can be projected to: confirmed, with a figure, due after the
    data, by deadline.

    Three columns more: `own`, the target in the indicator's own unit (30 % of 1949 procedures is 584.7 services),
    `due`, the deadline as a decimal year, and `sign`, 1 where an increase is wanted, -1 where a decrease. `rows` is
    what `gaps` gave, for all targets when left out.
    """
    rows = _after_data(report, rows)
    held = rows["recommended_use"].isin(DRIVING) & rows["value"].notna() & rows["target"].notna()
    rows = rows[held].reset_index(drop=True)
    own = [
        row.target if row.unit == unit_of(report, row.indicator) else row.target * report.universe(row.indicator) / 100
        for row in each_row(rows)
    ]
    due = [decimal_year(day) for day in rows["deadline"]]
    sign = signs(report.catalogue, rows)
    return rows.assign(own=np.array(own, dtype=float), due=np.array(due, dtype=float), sign=sign)


@cached_by_owner
def without_base(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of :func:`reformlib.measure.gaps.gaps` due after the data that no probability can be given for, since
    the target is a share of something else than the figure or does not say of what. `rows` is what `gaps` gave.

    >>> from reformlib.load.report import load_report
    >>> without_base(load_report("tra-vinh-2020"))["target_id"].tolist()[:2]
    ['T022', 'T037']
    """
    rows = _after_data(report, rows)
    return rows[rows["reason"].isin(NOT_THE_SAME)].reset_index(drop=True)


def _after_data(report: Report, rows: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of `gaps`, all where they are left out, that fall due after the data, by deadline."""
    rows = gaps(report) if rows is None else rows
    return rows[rows["deadline"] > pd.Timestamp(report.meta.data_date)].sort_values(["deadline", "target_id"])


def _as_raised(law: Forecast | Drawn, target: Any) -> tuple[Forecast | Drawn, float]:
    """A law and what it must be at or above for a target to be met: mirrored where the value is to be at or below."""
    law, aim = (law, target.own) if target.sign > 0 else (law.mirrored(), -target.own)
    return law, np.nextafter(aim, np.inf) if target.comparator in ("<", ">") else aim


@cached_by_owner
def target_probabilities(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """How likely each official target is if things go on as they do, one row a row of :func:`open_targets`.

    `target` is in the unit of the instrument. `p_at_least`: the target is met at the deadline, at or above it or, where
    a decrease is wanted, at or below; `p_reached_by`: met at the end of some year up to the deadline, from 4000
    simulated paths with a fixed seed.
    `natural_frequency` rounds `p_at_least` (:func:`natural_frequency`). `caveat` holds codes of `gaps.CAVEATS`,
    `basis` codes of `series.BASES`; a series that stops before the deadline has no row. `rows` is what `gaps` gave.
    """
    out = []
    for target in each_row(open_targets(report, rows)):
        year = target.deadline.year
        series = project(report, target.indicator, target.level, year)
        if year > series.last_year(year):
            continue
        ends = np.arange(report.meta.data_date.year + 1, target.due + 1e-9)
        start = series.points["time"].iloc[-1] if len(series.points) else 0.0
        law = series.law(np.unique(np.append(ends[ends > start], target.due)))
        if law is None:
            continue
        law, aim = _as_raised(law, target)
        at_least = float(law.probability_at_least(aim)[-1])
        row = target._asdict() | {"target_year": year}
        # reached by the deadline includes standing there at the deadline; simulation error must not hide it
        row |= {"p_at_least": at_least, "p_reached_by": max(at_least, float(law.reached_by(aim)[-1]))}
        row |= {"natural_frequency": natural_frequency(at_least), "scenario": "as_is", "basis": series.basis_in(year)}
        caveats = (code for code in target.caveat.split(";") if code != "before_deadline")
        out.append(row | {"caveat": ";".join(caveats)})
    return frame("target_probabilities", out)


def outlook(report: Report, rows: pd.DataFrame, probabilities: pd.DataFrame) -> pd.DataFrame:
    """What lies ahead of each target, one row for all that ask the same of a series on the same day
    (:func:`reformlib.measure.targets.distinct`): what the pages of paces and of chances both count from.

    Rows of `gaps` that are open, or that have one of the `probabilities`; `implied` as
    :func:`reformlib.measure.targets.implied` has it, to be counted with the one that implies it; `pace` "enough" or
    "slow" where an open one has a pace so far, else ""; `p` the probability, and `chance` "likely" above 0.5, else
    "unlikely", "" where none can be given: of a figure that counts more than the target asks for 0.7 is the most that
    it can be, which says nothing. Of every column the rows of each value add up to all rows.

    539 of 1949 services in 2020, 12.02 points a year so far, where 9.10 lead to 80 % in 2025: `enough`, with a
    probability of 0.11: `unlikely`.
    """
    names = ["indicator", "level", "target_id"]
    given = rows[names].merge(probabilities[[*names, "p_at_least"]], how="left", on=names)
    p = given["p_at_least"].set_axis(rows.index)
    ahead = distinct(rows.assign(p=p)[(rows["verdict"] == "open") | p.notna()])
    sign = signs(report.catalogue, ahead)
    enough = sign * ahead["pace_seen"] >= sign * ahead["pace_needed"]
    paced = (ahead["verdict"] == "open") & ahead["pace_seen"].notna()
    likely, at_most = ahead["p"] > 0.5, ahead["caveat"].str.contains(COUNTS_MORE)
    return ahead.assign(
        implied=implied(report.catalogue, ahead),
        pace=np.where(paced, np.where(enough, "enough", "slow"), ""),
        chance=np.where(ahead["p"].isna() | (likely & at_most), "", np.where(likely, "likely", "unlikely")),
    )


def kinds(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much the choice of the kind of indicator matters: the probability of each open target of a fitted series
    under every kind that a count or share with a ceiling could be.

    `indicator, level, target_id`, then one column a kind (`OTHER_KINDS`): P(met at the deadline), and `basis`, what it
    rests on, codes of the lists basis and change. `rows` is what `gaps` gave.
    """
    out = []
    for target in each_row(open_targets(report, rows)):
        series, year = project(report, target.indicator, target.level, target.deadline.year), target.deadline.year
        if series.basis == "fitted" and series.ceiling is not None and year <= series.last_year(year):
            laws = {kind: series.as_kind(kind).law([target.due]) for kind in OTHER_KINDS}
            raised = {kind: _as_raised(law, target) for kind, law in laws.items() if law}
            chances = {kind: float(law.probability_at_least(aim)[0]) for kind, (law, aim) in raised.items()}
            out.append(target._asdict() | chances | {"basis": series.basis_in(year)})
    return pd.DataFrame(out, columns=["indicator", "level", "target_id", *OTHER_KINDS, "basis"])


def paces(report: Report, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The pace each open target needs, the pace so far, and how fast series went on from such a level and pace.

    Rows of :func:`open_targets` with a need, and `family`, `usual`, `fast`, `fastest`: the median, the pace that one
    window in ten and one in a hundred exceeded over five (or, more than seven and a half years away, ten) years; in
    points of the range a year, so they compare with shares only; below zero where a decrease is wanted. `n` is the
    number of windows (:func:`reformlib.project.accuracy.paces_of`).
    """
    chosen = open_targets(report, rows)
    chosen = chosen[(chosen["unit"] == "%") & (chosen["sign"] * chosen["pace_needed"] > 0)]
    columns = ["family", "window", "usual", "fast", "fastest", "n"]
    out = []
    for target in each_row(chosen):
        series = project(report, target.indicator, target.level, target.deadline.year)
        years = 5 if target.due - decimal_year(target.as_of) <= 7.5 else 10
        pace = paces_of(series, years)
        went = [target.sign * pace[name] if pace else None for name in ("median", "fast", "fastest")]
        out.append([series.family, years, *went, pace.get("n")])
    return chosen.assign(**{name: [row[place] for row in out] for place, name in enumerate(columns)})
