"""Every comparable target judged by every published method of progress."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reformlib.load.cache import cached_by_owner
from reformlib.load.report import Report
from reformlib.measure import progress
from reformlib.measure.change import decimal_year
from reformlib.measure.gaps import judged, typed
from reformlib.measure.pace import pace_series, series_until
from reformlib.measure.progress import un_chart

# Which figures a method of progress is given, and whether a share is told as done or as not done.
FACTS = {
    "comparable": "comparable figures",
    "from_zero": "from the first figure, which is 0",
    "with_part": "with the figure for a part of the year",
}

TOLD = {"done": "share done", "not_done": "share not done"}

# What a rule set is called.
METHODS = {
    "linear": "linear path",
    "statcan-2025": "compound growth as Statistics Canada judges it",
    "eurostat-2026": "compound growth as Eurostat judges it",
    "destatis": "trend as the German statistical office judges it",
    un_chart.RULE_SET: "UN Progress Chart",
}

# Methods whose published rule says with which figure they start.
SET_THEIR_START = ("destatis", un_chart.RULE_SET)

# What a judgement says, whatever words its rule set uses.
STORIES = {
    "achieved": "achieved",
    "missed": "missed",
    "on_track": "fast enough",
    "behind": "too slow",
    "not_moving": "standing still or moving away",
    "silent": "cannot say",
}

PROGRESS_COLUMNS = [
    "indicator",
    "level",
    "target_id",
    "instrument",
    "target_year",
    "comparator",
    "target",
    "facts",
    "told",
    "rule_set",
    "base_as_of",
    "base",
    "as_of",
    "current",
    "value",
    "score",
    "status",
    "label",
    "reason",
    "story",
    "disagree",
]


def progress_table(report: Report, target_set: str = "all") -> pd.DataFrame:
    """Every comparable target judged by every rule set, on the figures that a pace rests on and on others.

    One row a target, choice of figures (`facts`, a code of `FACTS`), telling (`told`, a code of `TOLD`) and rule set:
    `base` and `current` with their dates, `target` as told, `value` of the method, `score`, `status`, English `label`
    and `reason` (keys of the translation catalogue), and `story`, a code of `STORIES` that makes the rule sets
    comparable. `disagree` marks a judgement that tells another story than the linear path does on the same facts.
    Facts `comparable` are those of :func:`pace_series`; `from_zero` are there where the figures start with zero,
    `with_part` where the last one covers a part of a year, the telling not_done for shares. Destatis (the last six
    figures) and the UN Progress Chart (a fixed first year) say themselves where they start, so where the figures start
    with zero they judge `from_zero` only.

    One-stop dossiers, 95.6 % (2018), 97.7 % (2019), target 100 % in 2020: linear 0.955, too slow; ratio of compound
    growth 0.966, fast enough under statcan-2025.
    """
    rows = []
    for row, gap in judged(report, target_set):
        if gap["value"] is None or gap["deadline"] is None:
            continue
        share = row.measure == "share"
        all_facts = _facts(report, gap["indicator"], gap["level"], share, gap["as_of"], gap["direction"])
        for facts, points in all_facts.items():
            names = [
                name
                for name in METHODS
                if facts == "from_zero" or "from_zero" not in all_facts or name not in SET_THEIR_START
            ]
            rows += _judgements(gap, facts, points, gap["target"], "done", gap["direction"], names)
            if gap["unit"] == "%":
                turned = "decrease" if gap["direction"] == "increase" else "increase"
                left = [(as_of, time, 100 - value) for as_of, time, value in points]
                rows += _judgements(gap, facts, left, 100 - gap["target"], "not_done", turned, names)
    frame = pd.DataFrame(rows, columns=PROGRESS_COLUMNS, dtype=object)
    same_facts = ["target_id", "indicator", "level", "facts"]
    linear = frame[(frame["rule_set"] == "linear") & (frame["told"] == "done")].set_index(same_facts)["story"]
    keys = pd.MultiIndex.from_frame(frame[same_facts])
    frame["disagree"] = (frame["story"] != linear.reindex(keys).to_numpy()) & (frame["story"] != "silent")
    return typed(frame, ["target", "base", "current", "value", "score"], ["base_as_of", "as_of"])


@cached_by_owner
def _facts(
    report: Report, indicator: str, level: str, share: bool, as_of: pd.Timestamp, direction: str
) -> dict[str, list[tuple[pd.Timestamp, float, float]]]:
    """The figures that a pace rests on; beside them those with the zeros, or the part year, that it leaves out.

    Each with its date, as a day and as a decimal year."""
    series = series_until(report, indicator, level, share, as_of)
    chosen = {"comparable": pace_series(series, direction)}
    whole = series[series["status"] != "P"]
    if len(chosen["comparable"]) < len(whole):
        chosen["from_zero"] = whole
    if len(whole) < len(series):
        chosen["with_part"] = pace_series(series.assign(status="A"), direction)
    columns = ["as_of", "time", "value"]
    return {facts: list(zip(*(some[name].tolist() for name in columns), strict=True)) for facts, some in chosen.items()}


def _judgements(
    gap: dict, facts: str, points: list[tuple], target: float, told: str, direction: str, names: list[str]
) -> list[dict]:
    if not points:
        return []
    due = decimal_year(gap["deadline"])
    dates, years, values = map(list, zip(*points, strict=True))
    given = {"target": target, "target_year": due, "direction": direction}
    ends = (values[0], years[0], values[-1], years[-1])
    rule_sets: dict[str, Callable[[], progress.Progress]] = {
        "linear": lambda: progress.linear_progress(*ends, **given),
        "statcan-2025": lambda: progress.progress(*ends, rules="statcan-2025", **given),
        "eurostat-2026": lambda: progress.progress(*ends, rules="eurostat-2026", **given),
        "destatis": lambda: progress.weather(years, values, **given),
        un_chart.RULE_SET: lambda: progress.chart_series(years, values, percent=gap["unit"] == "%", **given),
    }
    fixed = {name: gap[name] for name in PROGRESS_COLUMNS[:6]} | {"target": target, "facts": facts, "told": told}
    fixed |= {"base_as_of": dates[0], "base": values[0], "as_of": dates[-1]}
    rows = []
    for name in names:
        found = rule_sets[name]()
        judged = {field: getattr(found, field) for field in ("value", "score", "status", "label", "reason")}
        rows.append(fixed | {"current": values[-1], "rule_set": name, "story": _story(name, found)} | judged)
    return rows


_STORY = {
    "missed": "missed",
    "on_track": "on_track",
    "behind": "behind",
    "no_change": "not_moving",
    "moving_away": "not_moving",
    "substantial_progress": "on_track",
    "significant_progress": "on_track",
    "deterioration": "not_moving",
    "significant_deterioration": "not_moving",
    "sun": "on_track",
    "thunderstorm": "not_moving",
    "not_available": "silent",
}


def _story(rule_set: str, found: progress.Progress) -> str:
    """One vocabulary for all rule sets; a ratio of zero is no movement, whatever its class is called."""
    if found.achieved:
        return "achieved"
    story = _STORY.get(found.status, "behind")
    if story == "behind" and rule_set != "destatis" and found.value is not None and found.value <= 1e-9:
        return "not_moving"
    return story
