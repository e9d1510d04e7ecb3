"""The published cases of the consistency rules, as the reference file states them."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from reformlib.check import CONSISTENT, OUTCOMES, rules, sdmx
from reformlib.check.grim import grim

METHODS = {
    "grim_scrutiny_up_or_down": 6,
    "VAD_aggregate_vs_details": 2,
    "VIR_values_in_range": 1,
    "VCO_part_less_than_half": 2,
    "RTS_no_gap_in_series": 1,
    "sdmx_cl_obs_status_2_2": 1,
}


@pytest.fixture(scope="module")
def vectors(shared) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {method: [] for method in METHODS}
    for vector in json.loads((shared / "method" / "vectors.json").read_text(encoding="utf-8")):
        if vector["method"] in found:
            found[vector["method"]].append(vector)
    return found


def passes(verdict) -> bool:
    assert verdict.outcome in OUTCOMES
    return verdict.outcome == CONSISTENT


def run(method: str, given: dict):
    """What the rule says, in the shape of the vector's expectation."""
    if method == "grim_scrutiny_up_or_down":
        sizes = given["n"] if isinstance(given["n"], list) else [given["n"]] * len(given["x"])
        options = {"items": given.get("items", 1), "percent": given.get("percent", False)}
        return [grim(x, n, **options) for x, n in zip(given["x"], sizes, strict=True)]
    if method == "VAD_aggregate_vs_details":
        verdict = rules.total_of_parts(given["total"], given["details"], relative=given["tolerance_rel"])
        return {"pass": passes(verdict)}
    if method == "VIR_values_in_range":
        return {"pass": [passes(rules.in_range(value, low=given["min"])) for value in given["values"]]}
    if method == "VCO_part_less_than_half":
        return {"pass": passes(rules.relation(given["part"], "<", Fraction(given["total"], 2)))}
    if method == "RTS_no_gap_in_series":
        ends = {"first": given["first"], "last": given["last"]}
        return {name: passes(rules.no_gaps(given[name], **ends)) for name in ("A", "B")}
    if method == "sdmx_cl_obs_status_2_2":
        assert set(given["codes"]) == set(sdmx.OBS_STATUS)
        return {"count": len(sdmx.OBS_STATUS), **sdmx.OBS_STATUS}
    raise AssertionError(method)


@pytest.mark.parametrize("method", METHODS)
def test_published_cases(vectors, method):
    assert len(vectors[method]) == METHODS[method]
    for vector in vectors[method]:
        assert run(method, vector["inputs"]) == vector["expected"], vector["id"]
