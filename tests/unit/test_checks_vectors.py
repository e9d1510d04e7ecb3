"""The published cases of the consistency rules, all of them, as the reference file states them."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from reformlib.check import CONSISTENT, OUTCOMES, rules, sdmx
from reformlib.check.grim import grim, grim_probability, grim_total

METHODS = {
    "grim_scrutiny_up_or_down": 6,
    "grim_total": 1,
    "grim_total_percent": 1,
    "grim_probability": 1,
    "VAD_aggregate_vs_details": 2,
    "VIR_values_in_range": 1,
    "VCO_part_less_than_half": 2,
    "VNO_not_outlier_median_2MAD": 4,
    "VSA_sa_vs_nsa_annual_sum": 2,
    "RRL_records_revised_pct": 1,
    "VRT_revision_within_tolerance": 4,
    "VMP_mirror_values": 2,
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
    if method in ("grim_total", "grim_total_percent"):
        return [grim_total(given["x"], n, percent=method.endswith("percent")) for n in given["n"]]
    if method == "grim_probability":
        return [grim_probability(given["x"], n) for n in given["n"]]
    if method == "VAD_aggregate_vs_details":
        verdict = rules.total_of_parts(given["total"], given["details"], relative=given["tolerance_rel"])
        return {"pass": passes(verdict)}
    if method == "VIR_values_in_range":
        return {"pass": [passes(rules.in_range(value, low=given["min"])) for value in given["values"]]}
    if method == "VCO_part_less_than_half":
        return {"pass": passes(rules.relation(given["part"], "<", Fraction(given["total"], 2)))}
    if method == "VNO_not_outlier_median_2MAD":
        verdict = rules.not_outlier(given["value"], given["previous_5"], k=given["k"])
        names = {"median": "median", "mad": "mad", "limit": "tolerance"}
        return {names[k]: v for k, v in verdict.numbers.items() if k in names} | {"pass": passes(verdict)}
    if method == "VSA_sa_vs_nsa_annual_sum":
        verdict = rules.annual_sums(given["sa"], given["nsa"], relative=given["tolerance_rel"])
        numbers = verdict.numbers
        return {
            "sum_sa": numbers["sum_sa"],
            "sum_nsa": numbers["sum_nsa"],
            "diff_pct_1dp": round(float(numbers["percent"]), 1),
            "pass": passes(verdict),
        }
    if method == "RRL_records_revised_pct":
        counts = {name: given[name] for name in ("updated", "added", "deleted")}
        verdict = rules.records_revised(given["records"], maximum=given["max_pct"], **counts)
        return {"revised_pct": verdict.numbers["percent"], "pass": passes(verdict)}
    if method == "VRT_revision_within_tolerance":
        verdict = rules.revision(given["previous"], given["revised"], tolerance=given["tolerance_pct"])
        return {"diff_pct_2dp": float(verdict.numbers["percent"]), "pass": passes(verdict)}
    if method == "VMP_mirror_values":
        verdict = rules.mirror(given["own"], given["mirror"], tolerance=given["tolerance_pct"])
        return {"diff_pct_1dp": round(float(verdict.numbers["percent"]), 1), "pass": passes(verdict)}
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
