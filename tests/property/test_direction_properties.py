"""The same facts told as a share done, which should rise, and as the share not done, which should fall."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reformlib.load.report import load_report
from reformlib.measure.gaps import gaps
from reformlib.measure.methods import progress_table
from reformlib.project.chances import OTHER_KINDS, kinds, paces, target_probabilities
from reformlib.project.plan import milestones, proposed_targets, scenarios
from reformlib.project.series import QUANTILES, backtest, projections

TURNED = {">=": "<=", ">": "<", "=": "="}
SERIES, TARGET = "one_stop_share", "T023"
few = settings(max_examples=12, deadline=None)
percent = st.integers(0, 1000).map(lambda tenths: tenths / 10)


def told_both_ways(values, target, comparator, deadline):
    """The reference report with one series and one target: the share done, and the share not done."""
    whole = load_report("tra-vinh-2020")
    form = whole.catalogue
    mine = whole.observations["indicator"] == SERIES
    done = whole.observations[mine].assign(value=values, status=["A"] * 5 + ["P"])
    rows = form.targets[form.targets["id"] == TARGET]
    rows = rows.assign(value=target, comparator=comparator, target_year=float(deadline), deadline="")
    falling = form.indicators.assign(
        direction=form.indicators["direction"].mask(form.indicators["indicator"] == SERIES, "decrease")
    )
    turned = rows.assign(value=100 - rows["value"], comparator=TURNED[comparator])
    return (
        replace(whole, observations=done, catalogue=replace(form, targets=rows)),
        replace(
            whole,
            observations=done.assign(value=100 - done["value"]),
            catalogue=replace(form, targets=turned, indicators=falling),
        ),
    )


def same(done, left, numbers, sign=1.0, total=0.0):
    """The `numbers` of two tables agree: `left` = total + sign * `done`; and so does what is said in words."""
    assert len(done) == len(left)
    for name in numbers:
        assert left[name].to_numpy(float) == pytest.approx(total + sign * done[name].to_numpy(float), nan_ok=True), name


@few
@given(
    st.lists(percent, min_size=6, max_size=6),
    percent,
    st.sampled_from([*TURNED]),
    st.sampled_from([2019, 2020, 2022, 2025, 2030]),
)
@example([0.0, 0.0, 12.5, 30.0, 44.4, 60.0], 80.0, ">=", 2025)  # nothing was done at first
@example([20.0, 40.0, 70.0, 100.0, 100.0, 100.0], 100.0, "=", 2025)  # a stand at the limit
@example([50.0, 60.0, 70.0, 80.0, 90.0, 93.7], 93.7, ">", 2022)  # the target itself
def test_a_share_done_and_the_share_not_done_are_mirrored(values, target, comparator, deadline):
    done, left = told_both_ways(values, target, comparator, deadline)
    of_done, of_left = gaps(done), gaps(left)
    words = ["verdict", "held", "held_since", "caveat", "deadline", "base_as_of", "pace_as_of"]
    assert of_done[words].equals(of_left[words])
    same(of_done, of_left, ["way", "ratio_linear"])
    same(of_done, of_left, ["gap", "pace_seen", "pace_needed"], -1)
    same(of_done, of_left, ["value", "target", "base", "pace_value"], -1, 100)

    told = progress_table(done), progress_table(left)
    other = told[1]["told"].map({"done": "not_done", "not_done": "done"})
    key = ["facts", "told", "rule_set"]
    one, two = (table.sort_values(key, ignore_index=True) for table in (told[0], told[1].assign(told=other)))
    assert one[[*key, "status", "story", "reason"]].equals(two[[*key, "status", "story", "reason"]])
    same(one, two, ["base", "current", "target", "value", "score"])

    one, two = projections(done), projections(left)
    assert one["basis"].str.replace("at_ceiling", "at_floor").equals(two["basis"])
    turned = dict(zip(QUANTILES, reversed(QUANTILES), strict=True))
    same(one.rename(columns=turned), two, QUANTILES, -1, 100)
    same(target_probabilities(done), target_probabilities(left), ["p_at_least", "p_reached_by"])
    same(paces(done), paces(left), ["usual", "fast", "fastest", "pace_needed", "pace_seen"], -1)
    same(kinds(done), kinds(left), list(OTHER_KINDS))

    same(
        scenarios(done).rename(columns={"low": "high", "high": "low"}),
        scenarios(left),
        ["low", "middle", "high"],
        -1,
        100,
    )
    one, two = (marks[marks["path"] != "constant_rate"] for marks in (milestones(done), milestones(left)))
    same(one, two, ["value"], -1, 100)
    assert proposed_targets(done)["rule"].equals(proposed_targets(left)["rule"])
    same(proposed_targets(done), proposed_targets(left), ["target", "ambitious"], -1, 100)
    same(
        backtest(done).rename(columns={"lo80": "hi80", "hi80": "lo80"}),
        backtest(left),
        ["lo80", "p50", "hi80"],
        -1,
        100,
    )
