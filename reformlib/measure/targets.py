"""Official targets and the form rows that they bear on."""

from __future__ import annotations

import math
import re
from datetime import date
from types import SimpleNamespace

from reformlib.errors import ReformError
from reformlib.load.report import Report
from reformlib.load.rows import records

TARGET_SETS = ("all", "national_resolution", "sector_programme", "provincial_plan", "direction")

DRIVING = ("use", "use-with-caveat")


def without_indicator(report: Report) -> list[SimpleNamespace]:
    """Targets that may drive a figure and bear on no row of the form, rows of the catalogue: `no_indicator` in
    :func:`gaps`, told without judging the others."""
    return [row for row in official_targets(report, "all") if row.recommended_use in DRIVING and row.indicator is None]


def official_targets(report: Report, target_set: str) -> list[SimpleNamespace]:
    """The targets of a set with the form row that each bears on; one that bears on several stands once for each."""
    if target_set not in TARGET_SETS:
        raise ReformError(f"no such set of targets: {target_set}", expected=f"one of: {', '.join(TARGET_SETS)}")
    instruments = report.catalogue.rows_by("instruments", "instrument")
    indicators = report.catalogue.rows_by("indicators", "form_row")
    links: dict[str, list[dict]] = {}
    for link in records(report.catalogue.target_mapping):
        about = indicators[link["form_row"]]
        named = {"indicator": about["indicator"], "direction": about["direction"], "indicator_unit": about["unit"]}
        links.setdefault(link["target"], []).append(link | named)
    rows = []
    for target in records(report.catalogue.targets):
        own_set = instruments[target["instrument"]]["target_set"]
        if target_set in ("all", own_set):
            mapped = links.get(target["id"], [{"indicator": None}])
            rows += [SimpleNamespace(**target, target_set=own_set, **link) for link in mapped]
    return rows


def deadline_of(row) -> date | None:
    found = re.search(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", row.deadline)
    if found:
        return date.fromisoformat(found[0])
    return None if math.isnan(row.target_year) else date(int(row.target_year), 12, 31)
