"""No false alarm on figures built consistent; an alarm on one planted fault, and how many of them are found."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reformlib.check import CANNOT_TELL, CONSISTENT, INCONSISTENT, periods, rules
from reformlib.check.grim import grim, numerators, possible_bases, share_of_count
from reformlib.check.rounding import CUT_OR_RAISED, ROUNDINGS, TO_NEAREST, round_to, single_roundings

COUNTS = st.integers(0, 10**6)
SINGLE = [name for name in ROUNDINGS if single_roundings(name) == (name,) and name != "exact"]


def as_printed(value: Fraction, decimals: int) -> str:
    """A number that is a whole number of units of its last decimal, written with all its zeros."""
    units = value * 10**decimals
    assert units.denominator == 1
    sign, digits = "-" if units < 0 else "", str(abs(int(units))).rjust(decimals + 1, "0")
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


# --- built consistent: never an alarm ------------------------------------------------------------------------------


@given(
    total=st.integers(-5000, 5000),
    n=st.integers(1, 300),
    items=st.integers(1, 4),
    d=st.integers(0, 3),
    way=st.sampled_from(SINGLE),
)
def test_a_true_mean_passes_grim(total, n, items, d, way):
    mean = as_printed(round_to(Fraction(total, n * items), d, way), d)
    assert grim(mean, n, items=items, rounding=way)


@given(
    data=st.data(),
    base=st.integers(1, 3000),
    d=st.integers(0, 2),
    way=st.sampled_from(["up", "down", "even", "ceiling", "floor"]),
)
def test_a_true_share_passes(data, base, d, way):
    part = data.draw(st.integers(0, base))
    stated = as_printed(round_to(Fraction(100 * part, base), d, way), d)
    assert rules.share(stated, part, base).outcome == CONSISTENT
    assert share_of_count(stated, base).outcome != INCONSISTENT
    assert part in numerators(stated, base, rounding=way)


@given(parts=st.lists(st.fractions(0, 1000), min_size=1, max_size=8), d=st.integers(0, 2))
def test_rounded_parts_of_a_true_total_pass(parts, d):
    unit = Fraction(1, 10**d)
    rounded = [round_to(part, d) for part in parts]
    assert rules.total_of_parts(round_to(sum(parts), d), rounded, unit=unit).outcome == CONSISTENT
    assert rules.total_of_parts(sum(parts), parts).outcome == CONSISTENT


@given(st.lists(COUNTS, min_size=2, max_size=10))
def test_a_cumulative_count_never_falls(steps):
    total, series = 0, {}
    for year, step in enumerate(steps, start=2011):
        total += step
        series[year] = total
    assert rules.never_falls(series).outcome == CONSISTENT
    assert rules.no_gaps(list(series)).outcome == CONSISTENT
    assert rules.no_duplicates([(year,) for year in series]).outcome == CONSISTENT


@given(flows=st.lists(COUNTS, min_size=4, max_size=4), code=st.sampled_from("AEBSHLY"))
def test_a_year_made_of_its_quarters_is_in_balance(flows, code):
    whole = periods.over_the_year(code, flows)
    assert periods.time_balance(code, whole, flows).outcome == CONSISTENT
    assert periods.time_balance(code, round_to(whole, 0), flows, unit=1).outcome == CONSISTENT


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_spans_of_the_same_length_are_comparable(start, length):
    first = periods.Span(start, start + timedelta(days=length))
    second = periods.Span(start + timedelta(days=400), start + timedelta(days=400 + length))
    assert periods.comparable("S", first, second).outcome == CONSISTENT


@given(count=COUNTS, spare=COUNTS, value=st.floats(0, 100))
def test_ranges_and_counts(count, spare, value):
    assert rules.count_within(count, count + spare).outcome == CONSISTENT
    assert rules.in_range(value, high=100).outcome == CONSISTENT
    assert rules.same_everywhere({"a": count, "b": count}).outcome == CONSISTENT


@given(COUNTS, st.lists(COUNTS, max_size=4))
def test_a_missing_figure_is_never_zero(value, others):
    for gap in (None, float("nan")):
        assert rules.total_of_parts(value, [*others, gap]).outcome == CANNOT_TELL
        assert rules.relation(gap, "<=", value).outcome == CANNOT_TELL
        assert rules.in_range(gap).outcome == CANNOT_TELL


# --- one planted fault: always found where arithmetic can tell -----------------------------------------------------


@given(
    parts=st.lists(COUNTS, min_size=1, max_size=6),
    fault=st.integers(-1000, 1000).filter(bool),
    unit=st.sampled_from([0, 1]),
)
def test_a_wrong_total_is_found(parts, fault, unit):
    assume(unit == 0 or abs(fault) > Fraction(len(parts) + 1, 2))
    assert rules.total_of_parts(sum(parts) + fault, parts, unit=unit or None).outcome == INCONSISTENT


@given(
    data=st.data(),
    base=st.integers(1, 3000),
    d=st.integers(0, 2),
    fault=st.integers(1, 50),
    side=st.sampled_from([-1, 1]),
)
def test_a_wrong_share_is_found(data, base, d, fault, side):
    """One unit of the last decimal can be cut off or raised; from two units on nothing explains it."""
    part = data.draw(st.integers(0, base))
    stated = round_to(Fraction(100 * part, base), d) + Fraction(side * (fault + 1), 10**d)
    assert rules.share(as_printed(stated, d), part, base).outcome == INCONSISTENT


@given(
    data=st.data(), n=st.integers(1, 99), way=st.sampled_from(["up", "down", "even", "up_or_down", "ceiling_or_floor"])
)
def test_grim_is_right_about_every_hundredth(data, n, way):
    """Against the plain definition: try every sum."""
    hundredths = data.draw(st.integers(0, 300))
    reached = {round_to(Fraction(k, n), 2, one) for k in range(4 * n) for one in single_roundings(way)}
    value = Fraction(hundredths, 100)
    assert grim(as_printed(value, 2), n, rounding=way) == (value in reached)


@given(data=st.data(), base=st.integers(1, 120), d=st.integers(0, 1))
def test_numerators_are_all_there_are(data, base, d):
    stated = Fraction(data.draw(st.integers(0, 100 * 10**d)), 10**d)
    plain = [k for k in range(base + 1) if stated in {round_to(Fraction(100 * k, base), d, w) for w in ("up", "down")}]
    assert numerators(as_printed(stated, d), base) == plain


@given(stated=st.integers(0, 10**4), d=st.integers(0, 2), low=st.integers(1, 150), ways=st.sampled_from([1, 3, 5]))
def test_possible_bases_are_those_that_pass_grim(stated, d, low, ways):
    roundings = (*TO_NEAREST, *CUT_OR_RAISED)[:ways]
    share = as_printed(Fraction(stated % (100 * 10**d + 1), 10**d), d)
    plain = [n for n in range(low, low + 11) if any(grim(share, n, percent=True, rounding=way) for way in roundings)]
    assert possible_bases(share, low, low + 10, roundings=roundings) == plain


@given(series=st.lists(COUNTS, min_size=3, max_size=10), data=st.data())
def test_a_fall_a_gap_and_a_duplicate_are_found(series, data):
    series = sorted(series)
    at = data.draw(st.integers(1, len(series) - 1))
    years = list(range(2011, 2011 + len(series)))
    fallen = dict(zip(years, series, strict=True)) | {years[at]: series[at - 1] - 1}
    assert rules.never_falls(fallen).outcome == INCONSISTENT
    missing = [year for year in years if year != years[at]]
    assert rules.no_gaps(missing, first=years[0], last=years[-1]).outcome == INCONSISTENT
    assert rules.no_duplicates([(year,) for year in [*years, years[at]]]).outcome == INCONSISTENT


@given(first=st.integers(1, 1000), second=st.integers(1, 1000), code=st.sampled_from("SAHL"))
def test_flows_of_unequal_length_are_not_compared(first, second, code):
    assume(abs(first - second) > 1)
    day = date(2019, 1, 2)
    spans = [periods.Span(day, day + timedelta(days=length - 1)) for length in (first, second)]
    assume(spans[0].years != spans[1].years)
    assert periods.comparable(code, *spans).outcome == INCONSISTENT


@given(value=COUNTS, fault=st.integers(1, 1000))
def test_other_planted_faults_are_found(value, fault):
    assert rules.same_everywhere({"annex": value, "text": value + fault}).outcome == INCONSISTENT
    assert rules.count_within(value + fault, value).outcome == INCONSISTENT
    assert rules.count_within(value, value + fault, full=True).outcome == INCONSISTENT
    assert rules.in_range(100 + fault, high=100).outcome == INCONSISTENT
    assert rules.in_range(-fault).outcome == INCONSISTENT
    assert rules.rate_has_base(fault, 0).outcome == INCONSISTENT
    assert rules.moves(dict.fromkeys(range(6), value)).outcome != CONSISTENT
    assert rules.change_within(value + 1, (value + 1) * (4 + fault), factor=5).outcome != CONSISTENT
    assert periods.in_order(date(2020, 1, 1) + timedelta(days=fault), date(2020, 1, 1)).outcome == INCONSISTENT


@pytest.mark.parametrize("base", [12, 226, 498, 1144])
def test_planted_shares_are_found_as_often_as_the_power_says(base):
    """A share drawn from all hundredths of a percent: those that GRIM refuses are the stated power, within 2 points."""
    chance = random.Random(base)
    drawn = [as_printed(Fraction(chance.randrange(0, 10001), 100), 2) for _ in range(1500)]
    verdicts = [share_of_count(stated, base) for stated in drawn]
    refused = 100 * sum(v.outcome == INCONSISTENT for v in verdicts) / len(verdicts)
    power = next(float(v.numbers["power"]) for v in verdicts if "power" in v.numbers)
    assert refused == pytest.approx(power, abs=2.5)
