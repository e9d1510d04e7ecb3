"""Every comparable target judged by every published method of progress."""

from typing import Any

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.codes import codes
from reformlib.load.fields import frame
from reformlib.load.report import Report
from reformlib.load.rows import each_row
from reformlib.measure import progress
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import FORBIDDEN, judged
from reformlib.measure.pace import limits, pace_series, series_until
from reformlib.measure.progress import un_chart

# Which figures a method of progress is given; whether a share is told as reported or as the rest to 100 %; what a rule
# set is called; what a judgement says, whatever words its rule set uses.
FACTS = codes("facts")
TOLD = codes("told")
METHODS = codes("rule_set")
STORIES = codes("story")

# Methods whose published rule says with which figure they start.
SET_THEIR_START = ("destatis", un_chart.RULE_SET)


@cached_by_owner
def progress_table(report: Report, target_set: str = "all") -> pd.DataFrame:
    """Every comparable target judged by every rule set, on the figures that a pace rests on and on others.

    One row a target, choice of figures (`facts`, a code of `FACTS`), way of telling (`told`, a code of `TOLD`) and rule
    set: `base` and `current` with their dates, `target` as told, `value` of the method, `score`, `status`, English
    `label` and `reason` (keys of the translation catalogue), and `story`, a code of `STORIES` that makes the rule sets
    comparable. `done` is the share as reported, also one that should fall, and `not_done` 100 less it. `disagree` marks
    a judgement with another story than the linear path has on the same facts.

    A target whose pace a check forbids has no row. Facts `comparable` are those of
    :func:`reformlib.measure.pace.pace_series`; `from_zero` are there where the figures start with zero (of a share that
    should fall with 100 %); `told` is not_done for shares of a whole only.
    Destatis (the last six figures) and the UN Progress Chart (a fixed first year) have a rule for where they start, so
    where the figures start with zero they judge `from_zero` only.
    Raises ReformError for an unknown target set.

    One-stop dossiers, 95.6 % (2018), 97.7 % (2019), target 100 % in 2020: linear 0.955, too slow; ratio of compound
    growth 0.966, fast enough under statcan-2025.
    """
    rows = []
    for gap in each_row(judged(report, target_set)):
        if pd.isna(gap.value) or gap.reason == FORBIDDEN:
            continue
        figures = _figures(report, gap.indicator, gap.level, gap.measure, gap.as_of, gap.wanted)
        of_a_whole = gap.unit == "%" and limits(report, gap.indicator, gap.measure) == (0, 100)
        for facts, points in figures.items():
            other_start = facts != "from_zero" and "from_zero" in figures
            rule_sets = [name for name in METHODS if not (other_start and name in SET_THEIR_START)]
            for told in ("done", "not_done") if of_a_whole else ("done",):
                rows += _judgements(gap, facts, points, told, rule_sets)
    table = frame("progress", rows)
    same_facts = ["target_id", "indicator", "level", "facts"]
    by_line = (table["rule_set"] == "linear") & (table["told"] == "done")
    linear = table[by_line].set_index(same_facts)["story"]
    keys = pd.MultiIndex.from_frame(table[same_facts])
    table["disagree"] = (table["story"] != linear.reindex(keys).to_numpy()) & (table["story"] != "silent")
    return table


@cached_by_owner
def _figures(
    report: Report, indicator: str, level: str, measure: str, as_of: pd.Timestamp, wanted: str
) -> dict[str, list[list]]:
    """The figures that a pace rests on, and beside them those with the zeros that it leaves out.

    By code of `FACTS`: their dates, decimal years and values. A choice without figures is left out."""
    series = series_until(report, indicator, level, measure, as_of)
    nothing, _all = limits(report, indicator, measure, wanted)
    figures = {"comparable": pace_series(series, nothing)}
    whole = series[series["status"] != "P"]
    if len(figures["comparable"]) < len(whole):
        figures["from_zero"] = whole
    columns = ("as_of", "time", "value")
    return {facts: [part[name].tolist() for name in columns] for facts, part in figures.items() if len(part)}


def _judgements(gap: Any, facts: str, points: list[list], told: str, rule_sets: list[str]) -> list[dict[str, Any]]:
    """What each rule set says of the figures, taken as reported or as the rest to 100 %."""
    dates, years, values = points
    aim = {"target": gap.target, "target_year": decimal_year(gap.deadline), "direction": gap.wanted}
    if told == "not_done":
        values = [100 - value for value in values]
        aim |= {"target": 100 - gap.target, "direction": "decrease" if gap.wanted == "increase" else "increase"}
    ends = (values[0], years[0], values[-1], years[-1])
    row = gap._asdict() | {"target": aim["target"], "facts": facts, "told": told}
    row |= {"base_as_of": dates[0], "base": values[0], "as_of": dates[-1], "current": values[-1]}
    rows = []
    for name in rule_sets:
        if name == "linear":
            verdict = progress.linear_progress(*ends, **aim)
        elif name == "destatis":
            verdict = progress.weather(years, values, **aim)
        elif name == un_chart.RULE_SET:
            verdict = progress.chart_series(years, values, percent=gap.unit == "%", **aim)
        else:
            verdict = progress.progress(*ends, rules=name, **aim)
        rows.append(row | vars(verdict) | {"rule_set": name, "story": _story(verdict)})
    return rows


# What the statuses of all rule sets come to, by the codes of `STORIES`; any other is behind.
_STATUSES = {
    "missed": "missed",
    "on_track": "on_track substantial_progress significant_progress sun",
    "not_moving": "no_change moving_away deterioration significant_deterioration thunderstorm",
    "silent": "not_available",
}
_STORY = {status: story for story, statuses in _STATUSES.items() for status in statuses.split()}


def _story(verdict: progress.Progress) -> str:
    """One vocabulary for all rule sets; a ratio of zero is no movement, whatever its class is called."""
    if verdict.achieved:
        return "achieved"
    story = _STORY.get(verdict.status, "behind")
    # the value of Destatis is no ratio of progress but the share of the gap that stays open
    ratio = None if verdict.rule_set == "destatis" else verdict.value
    return "not_moving" if story == "behind" and ratio is not None and ratio <= 1e-9 else story
