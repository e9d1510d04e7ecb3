"""Laws of the gap analysis, for any figure and any target."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reformlib.load.report import load_report
from reformlib.measure import gaps
from reformlib.measure.methods import progress_table
from tests.one_base import same_base

ORDER = ["not_moving", "behind", "on_track", "achieved"]
VERDICTS = ["missed", "open", "achieved"]
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
percent = st.integers(0, 1000).map(lambda tenths: tenths / 10)


@pytest.fixture(scope="module")
def report():
    """The reference report with the targets on one-stop dossiers and level 4 services only."""
    whole = load_report("tra-vinh-2020")
    targets = whole.catalogue.targets[whole.catalogue.targets["id"].isin(["T022", "T023"])]
    return replace(whole, catalogue=replace(same_base(whole.catalogue), targets=targets))


def given_report(report, value=None, target=None, scale=1.0, since=2020):
    observations, targets, facts = report.observations, report.catalogue.targets, report.facts
    services = observations["indicator"] == "online_services"
    if value is not None:
        last = (observations["indicator"] == "one_stop_share") & (observations["year"] >= since)
        observations = observations.assign(value=observations["value"].mask(last, value))
    if target is not None:
        targets = targets.assign(value=targets["value"].mask(targets["id"] == "T023", target))
    observations = observations.assign(value=observations["value"].where(~services, observations["value"] * scale))
    facts = facts.assign(value=facts["value"].where(facts["fact"] != "portal_procedures", facts["value"] * scale))
    catalogue = replace(report.catalogue, targets=targets)
    return replace(report, observations=observations, facts=facts, catalogue=catalogue)


def judged(report, target="T023"):
    rows = gaps.gaps(report)
    (found,) = rows[(rows["target_id"] == target) & rows["value"].notna()].itertuples(index=False)
    return found


@few
@given(value=percent, target=percent)
def test_an_achieved_target_never_reads_as_behind(report, value, target):
    changed = given_report(report, value, target, since=2019)  # the last whole year as well
    gap = judged(changed)
    assert (gap.verdict == "achieved") is (value >= target) is (gap.gap >= 0)
    told = progress_table(changed)
    told = told[told["target_id"] == "T023"]
    assert set(told.loc[told["told"] == "done", "story"]) - {"silent"} != set()
    if gap.verdict == "achieved":
        assert gap.pace_needed == 0 and set(told["story"]) <= {"achieved", "silent"}
    else:
        # the UN chart alone counts a percentage within one point of 100 or 0 as there
        strict = told[told["rule_set"] != "un-progress-chart-2023"]
        assert "achieved" not in set(strict["story"])
        assert gap.pace_needed > 0


@few
@given(value=percent, target=percent)
def test_a_part_of_a_year_moves_no_pace(report, value, target):
    plain, changed = (judged(given_report(report, each, target)) for each in (93.6, value))
    for name in ("base", "pace_value", "pace_seen", "way", "ratio_linear", "ratio_cagr"):
        assert getattr(changed, name) == pytest.approx(getattr(plain, name), nan_ok=True)


@few
@given(values=st.tuples(percent, percent).map(sorted), target=percent)
def test_more_is_never_worse(report, values, target):
    low, high = (judged(given_report(report, value, target, since=2019)) for value in values)
    assert VERDICTS.index(low.verdict) <= VERDICTS.index(high.verdict)
    assert low.gap <= high.gap and low.pace_needed >= high.pace_needed
    stories = []
    for value in values:
        table = progress_table(given_report(report, value, target, since=2019))
        chosen = (table["target_id"] == "T023") & (table["told"] == "done")
        stories.append(table[chosen].set_index("rule_set")["story"])
    for rule_set in ("linear", "statcan-2025", "eurostat-2026"):
        worse, better = (story[rule_set] for story in stories)
        if "silent" not in (worse, better):
            assert ORDER.index(worse) <= ORDER.index(better), rule_set


@few
@given(value=percent, target=percent)
def test_the_linear_path_is_blind_to_how_a_share_is_told(report, value, target):
    table = progress_table(given_report(report, value, target))
    linear = table[(table["rule_set"] == "linear") & (table["target_id"] == "T023")]
    for _facts, rows in linear.groupby("facts"):
        done, left = (rows[rows["told"] == told].iloc[0] for told in ("done", "not_done"))
        assert done["story"] == left["story"]
        assert done["value"] == pytest.approx(left["value"], rel=1e-9, abs=1e-9, nan_ok=True)


@few
@given(scale=st.sampled_from([0.001, 0.5, 2.0, 10.0, 1000.0]))
def test_counting_in_other_units_changes_no_share_and_no_verdict(report, scale):
    plain, scaled = judged(report, "T022"), judged(given_report(report, scale=scale), "T022")
    for name in ("value", "gap", "way", "pace_seen", "pace_needed", "ratio_linear"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name), rel=1e-9)
    assert (scaled.verdict, scaled.caveat, scaled.reason) == (plain.verdict, plain.caveat, plain.reason)
