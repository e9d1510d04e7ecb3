"""Checks of the annex on many forms: no false alarm on a consistent one, and nearly every planted fault found."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest

from reformlib.check import CANNOT_TELL, CONSISTENT, INCONSISTENT
from reformlib.check.findings import CHECKS
from reformlib.load import observations
from reformlib.load.report import load_report
from tests.synthetic import PLANTS, YEARS, annex, consistent
from tests.synthetic import headings as printed_headings

TRIALS = 40
RUN = {check.id: check.run for check in CHECKS}
# Those that look at the annex; the others look at tables of text.
OF_THE_ANNEX = [check.id for check in CHECKS if check.run.__module__.endswith("series")]


@pytest.fixture(scope="module")
def reference():
    return load_report("tra-vinh-2020")


def report(reference, rows, headings=None):
    form = annex(rows, headings or printed_headings(YEARS))
    observed = observations.observe(form, reference.catalogue, reference.meta, [], reference.folder / "annex.csv")
    return replace(reference, annex=form, observations=observed)


def test_no_false_alarm_on_consistent_forms(reference):
    for seed in range(TRIALS):
        built = report(reference, consistent(seed))
        for check in OF_THE_ANNEX:
            bad = [found for found in RUN[check](built) if found.outcome != CONSISTENT]
            assert not bad, (seed, check, bad[0].series, [verdict.computation for verdict in bad[0].verdicts])


@pytest.mark.parametrize("check", PLANTS)
def test_at_least_95_percent_of_planted_faults_are_found(reference, check):
    found = 0
    for seed in range(TRIALS):
        rows = consistent(seed)
        PLANTS[check](random.Random(seed), rows)
        found += any(one.outcome != CONSISTENT for one in RUN[check](report(reference, rows)))
    assert found >= 0.95 * TRIALS


def test_a_fall_contradicts_only_a_count_of_everything_so_far(reference):
    cumulative = replace(reference, meta=reference.meta.model_copy(update={"cumulative": ["signatures"]}))
    outcomes = {INCONSISTENT: 0, CANNOT_TELL: 0}
    for seed in range(TRIALS):
        rows = consistent(seed)
        PLANTS["never-falls"](random.Random(seed), rows)
        for outcome, base in ((INCONSISTENT, cumulative), (CANNOT_TELL, reference)):
            outcomes[outcome] += any(one.outcome == outcome for one in RUN["never-falls"](report(base, rows)))
    assert min(outcomes.values()) >= 0.95 * TRIALS


@pytest.mark.parametrize("check", ["whole-periods", "pace-in-part"])
def test_a_part_of_a_year_is_found(reference, check):
    """The last column becomes a quarter, as its heading says; a stock grows as much in it as in the year before."""
    headings = printed_headings(YEARS, "31/3")
    found = 0
    for seed in range(TRIALS):
        rows = consistent(seed)
        step = int(rows[5][-2]) - int(rows[5][-3])
        rows[5][-1] = str(int(rows[5][-2]) + step)
        found += any(one.outcome != CONSISTENT for one in RUN[check](report(reference, rows, headings)))
    assert found >= 0.95 * TRIALS


@pytest.mark.parametrize("check", ["no-duplicates", "whole-counts"])
def test_what_the_loader_would_refuse_is_found(reference, check):
    found = 0
    for seed in range(TRIALS):
        chance, built = random.Random(seed), report(reference, consistent(seed))
        frame = built.observations
        counts = frame.index[frame["unit"] != "%"]
        at = chance.choice(list(counts))
        if check == "no-duplicates":
            frame = pd.concat([frame, frame.loc[[at]]])
        else:
            frame.loc[at, "value"] += chance.choice([0.1, 0.25, 0.5])
        found += any(one.outcome != CONSISTENT for one in RUN[check](replace(built, observations=frame)))
    assert found >= 0.95 * TRIALS


def test_every_check_of_the_annex_has_planted_faults():
    assert {*PLANTS, "whole-periods", "pace-in-part", "no-duplicates", "whole-counts"} == set(OF_THE_ANNEX)
