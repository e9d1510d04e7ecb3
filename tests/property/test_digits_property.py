"""A number that is printed never contradicts the comparison it stands in: what differs is never printed alike."""

import math
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reformlib import locale
from reformlib.load.report import load_report
from reformlib.measure import gaps
from reformlib.present.gaps import judged
from reformlib.present.page import Page

figures = st.decimals(-1000, 1000, places=6).map(float)
near = st.tuples(figures, st.decimals(-1, 1, places=9).map(float)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def unequal(one: float, other: float) -> bool:
    return not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def read(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


@given(pair=near, decimals=st.sampled_from([None, -2, 0, 1, 2]), more=figures)
@example(pair=(0.00495, 0.00505), decimals=None, more=0.005)  # at three decimals both are 0.005
@example(pair=(99.996, 100.0), decimals=0, more=99.99)
@example(pair=(0.0, 0.004), decimals=1, more=100.0)
def test_unequal_numbers_that_stand_together_are_printed_unlike(pair, decimals, more):
    one, other = pair
    first, second = (
        read(locale.number(one, "en", decimals, (other, more))),
        read(locale.number(other, "en", decimals, (one,))),
    )
    assert first != second or not unequal(one, other)
    assert (first == 0) == (not unequal(one, 0.0))


@given(value=figures)
def test_a_figure_is_printed_with_the_decimals_it_came_with(value):
    assert read(locale.number(value, "en", locale.decimals_of(value))) == Decimal(repr(value))


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


@settings(max_examples=50, deadline=None)
@given(value=st.floats(0, 100), short=st.floats(1e-7, 100), pace=st.floats(-50, 50))
@example(value=99.996, short=0.004, pace=2.1)
def test_a_target_that_is_not_met_never_reads_as_met(report, value, short, pace):
    rows, target = gaps.gaps(report), value + short
    page, row = Page(report, "en"), next(rows[rows["target_id"] == "T023"].itertuples(index=False))
    told = row._replace(value=value, target=target, gap=-short, pace_seen=pace, pace_needed=pace + short)
    said = judged.words(page, told)
    assert (said["value"] != said["target"]) == unequal(value, target)
    assert (said["seen"] != said["needed"]) == unequal(pace, pace + short)
    assert said["lacking"].split()[0] != "0"
