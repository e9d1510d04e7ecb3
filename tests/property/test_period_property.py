"""Periods: what a heading names is what its code names, and the order of columns changes nothing."""

from __future__ import annotations

import random
from itertools import pairwise

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from reformlib.errors import ReformError
from reformlib.load.period import months_after, parse_period, periods_of
from tests.unit.test_period import observed

YEARS = st.integers(2010, 2030)
NAMED = st.one_of(
    st.builds("Năm {}".format, YEARS),
    st.builds(lambda q, year: f"Quý {['I', 'II', 'III', 'IV'][q]}/{year}", st.integers(0, 3), YEARS),
    st.builds("6 tháng {} năm {}".format, st.sampled_from(["đầu", "cuối"]), YEARS),
    st.builds("{} tháng năm {}".format, st.integers(1, 12), YEARS),
    st.builds("Tháng {}/{}".format, st.integers(1, 12), YEARS),
)


@given(NAMED)
def test_a_code_names_the_days_that_its_heading_names(heading):
    read, again = parse_period(heading), parse_period(parse_period(heading).code)
    assert (again.start, again.end, again.code, again.kind) == (read.start, read.end, read.code, read.kind)
    assert read.start.year == read.end.year == read.year and read.end >= read.start


@given(YEARS, st.sampled_from([("Quý {}/{}", ["I", "II", "III", "IV"]), ("Tháng {}/{}", range(1, 13))]))
def test_the_parts_of_a_year_are_the_year(year, parts):
    pattern, numbers = parts
    read = list(periods_of(pattern.format(number, year) for number in numbers).values())
    assert (read[0].start, read[-1].end) == (parse_period(str(year)).start, parse_period(str(year)).end)
    assert all(after.start == months_after(before.start, 12 // len(read)) for before, after in pairwise(read))
    assert sum(one.days for one in read) == parse_period(str(year)).days


@settings(max_examples=10)
@given(st.sets(NAMED, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing(headings, chance: random.Random):
    try:
        columns = list(periods_of(headings))
    except ReformError:  # two of the same days
        return
    figures = {heading: str(10 + place) for place, heading in enumerate(columns)}
    shuffled = chance.sample(columns, len(columns))
    one, other = (
        observed(order, dossiers=[figures[h] for h in order], procedures=[figures[h] for h in order])
        for order in (columns, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)
