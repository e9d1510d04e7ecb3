"""Targets against figures: how far, judged how, and in words where no judgement is possible."""

from __future__ import annotations

import math
import re
from datetime import date

import pandas as pd

from reformlib.load import Report
from reformlib.measure import changes, decimal_year, share_of_universe

# Why a target and an indicator cannot be compared; English messages, translated where they are shown.
REASONS = {
    "qualitative": "the instrument gives no number",
    "no_universe": "a count without the number of bodies it is taken from has no percentage",
    "dossiers_not_services": "the target counts dossiers, the indicator counts services",
    "mechanism_not_software": "the target is about the one-stop mechanism, the indicator about its software",
    "other_documents": "the target and the indicator count different documents",
    "no_volume_target": "no target exists for the number of documents",
    "share_not_units": "the target is a share of dossiers, the indicator a count of units",
    "officials_not_signatures": "the target counts officials, the indicator counts signatures",
    "officials_not_mailboxes": "a digital identity is not a mailbox",
    "sources_differ": "the sources of the target differ on what it counts",
    "no_indicator": "the form has no indicator for this target",
    "no_figure": "the report gives no usable figure",
    "no_report_universe": "the report does not state what the count is a share of",
    "unconfirmed": "the target itself is not confirmed by a source",
    "context": "the target is shown for context only",
}

# What a comparison rests on.
CAVEATS = {
    "portal_base": "the share is taken of all procedures on the provincial portal, as the report does",
    "eligible_base": "the target counts eligible procedures, the report states all: the share here is a lower bound",
    "ambiguous_wording": "sources word this target in two ways; it is read as the share of services at level 4",
    "levels_redefined": "levels 3 and 4 are redefined from 2022; level 4 is taken as fully online",
    "signature_not_counted": "the indicator counts electronic exchange, with or without a digital signature",
    "before_deadline": "the figure was taken before the deadline",
    "partial_year": "the figure covers a part of the year only",
}

VERDICTS = {
    "achieved": "achieved",
    "missed": "missed",
    "open": "open",
    "not_assessable": "not assessable",
    "unconfirmed": "unconfirmed target",
    "context": "context only",
}

TARGET_SETS = ("all", "national_resolution", "sector_programme", "provincial_plan", "direction")

COLUMNS = [
    "indicator",
    "level",
    "target_id",
    "instrument",
    "target_set",
    "target_year",
    "deadline",
    "comparator",
    "target",
    "value",
    "as_of",
    "gap",
    "gap_units",
    "verdict",
    "pace_seen",
    "pace_needed",
    "reason",
    "caveat",
    "recommended_use",
]


def gaps(report: Report, *, target_set: str = "all") -> pd.DataFrame:
    """Every official target held against the report, one row a target and form row.

    `value` and `target` are percentages; `gap` = value - target in percentage points, negative when short;
    `gap_units` how many services are lacking, where the share is one of a stated universe; `pace_seen` and
    `pace_needed` points a year. `verdict` is a code of `VERDICTS`: achieved or missed for a deadline that lies
    at or before the figure's date, open for a later one that is not yet reached. `reason` and `caveat` hold
    codes of `REASONS` and `CAVEATS`. Only targets marked `use` or `use-with-caveat` get figures.

    539 level 4 services of 1949 procedures are 27.66 %, 2.34 points short of 30 %, which is 46 services.
    """
    targets = report.catalogue.targets.merge(
        report.catalogue.instruments[["instrument", "target_set"]], on="instrument", how="left"
    )
    if target_set != "all":
        targets = targets[targets["target_set"] == target_set]
    mapped = targets.merge(report.catalogue.target_mapping, left_on="id", right_on="target", how="left")
    mapped = mapped.merge(report.catalogue.indicators[["form_row", "indicator"]], on="form_row", how="left")
    pace = changes(report.observations).set_index(["indicator", "level"])["annual_change"]
    rows = [_gap(report, row, pace) for row in mapped.itertuples(index=False)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    numeric = ["target", "value", "gap", "gap_units", "pace_seen", "pace_needed"]
    return frame.assign(
        **frame[numeric].astype(float),
        as_of=pd.to_datetime(frame["as_of"]),
        deadline=pd.to_datetime(frame["deadline"]),
        target_year=frame["target_year"].astype("Int64"),
    )


def _gap(report: Report, row, pace: pd.Series) -> dict:
    mapped = isinstance(row.indicator, str)
    out = dict.fromkeys(COLUMNS) | {
        "indicator": row.indicator if mapped else "",
        "level": row.level if mapped else "",
        "target_id": row.id,
        "instrument": row.instrument,
        "target_set": row.target_set,
        "target_year": None if math.isnan(row.target_year) else int(row.target_year),
        "deadline": _deadline(row),
        "comparator": row.comparator,
        "target": None if math.isnan(row.value) else row.value,
        "reason": "",
        "caveat": row.caveat if mapped else "",
        "recommended_use": row.recommended_use,
    }

    def verdict(code: str, reason: str = "") -> dict:
        return out | {"verdict": code, "reason": reason}

    if row.recommended_use == "hold-unless-confirmed":
        return verdict("unconfirmed", "unconfirmed")
    if row.recommended_use == "context-only":
        return verdict("context", "context")
    if not mapped or row.measure == "none":
        return verdict("not_assessable", row.reason if mapped else "no_indicator")
    point = _figure(report, row)
    if point is None:
        return verdict("not_assessable", "no_figure")
    value, universe = point["value"], None
    if row.measure == "share":
        universe = _universe(report, row.indicator)
        if universe is None:
            return verdict("not_assessable", "no_report_universe")
        value = share_of_universe(value, universe)
    elif row.level == "":
        out["pace_seen"] = pace.get((row.indicator, ""))
    caveats = [code for code in row.caveat.split(";") if code]
    if point["status"] == "P":
        caveats.append("partial_year")
    deadline = out["deadline"]
    if deadline and point["as_of"].date() < deadline:
        caveats.append("before_deadline")
    out |= {"value": value, "as_of": point["as_of"], "gap": value - row.value, "caveat": ";".join(caveats)}
    if universe is not None:
        # rounded first: 0.3 x 1950 is 585 services, not 585.0000000001 and so 586
        lacking = round(row.value * universe / 100 - point["value"], 9)
        out["gap_units"] = max(0, math.ceil(lacking))
    if meets(value, row.comparator, row.value):
        return verdict("achieved")
    if deadline is None:
        return verdict("not_assessable", "qualitative")
    if point["as_of"].date() >= deadline:
        return verdict("missed")
    out["pace_needed"] = (row.value - value) / (decimal_year(deadline) - decimal_year(point["as_of"].date()))
    return verdict("open")


def meets(value: float, comparator: str, target: float) -> bool:
    """Whether a value meets a target; equal to nine digits counts as equal, so no float noise decides.

    "=" is how the instruments write a full coverage ("100%"), and a share cannot pass it: at or above counts.

    >>> meets(27.66, ">=", 30), meets(0.1 + 0.2, ">=", 0.3), meets(80.0, ">", 80)
    (False, True, False)
    """
    equal = math.isclose(value, target, rel_tol=1e-9, abs_tol=1e-12)
    if comparator in (">=", "="):
        return equal or value > target
    if comparator == ">":
        return not equal and value > target
    if comparator == "<=":
        return equal or value < target
    if comparator == "<":
        return not equal and value < target
    raise ValueError(f"unknown comparator {comparator!r}")


def _figure(report: Report, row) -> dict | None:
    """The point to judge by: of the target's year where the report reaches beyond it, else the latest."""
    observed = report.observations[report.observations["indicator"] == row.indicator]
    levels = row.level.split("+")
    observed = observed[observed["level"].isin(levels)]
    year = min(row.target_year, observed["year"].max()) if not math.isnan(row.target_year) else observed["year"].max()
    points = observed[(observed["year"] == year) & observed["value"].notna() & ~observed["status"].isin(["U", "D"])]
    if len(points) != len(levels):
        return None
    status = "P" if (points["status"] == "P").any() else "A"
    return {"value": points["value"].sum(), "as_of": points["as_of"].iloc[0], "status": status}


def _universe(report: Report, indicator: str) -> float | None:
    fact = report.meta.universes.get(indicator)
    return None if fact is None else report.facts.set_index("fact").at[fact, "value"]


def _deadline(row) -> date | None:
    found = re.search(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", row.deadline)
    if found:
        return date.fromisoformat(found[0])
    return None if math.isnan(row.target_year) else date(int(row.target_year), 12, 31)
