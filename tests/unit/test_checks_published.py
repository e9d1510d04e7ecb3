"""Cases that others have published for their own implementations, run on the public rules.

Sources: R package scrutiny (github lhdjung/scrutiny: tests/testthat/test-grim-map.R, test-grim-stats.R, test-round.R,
vignette grim.Rmd and README), Python package grim_test (github phoughton/grim_test: tests/grim_test_data.csv,
grim_tester_test.py, grim_tester_exceptions.py), R package GenericValidationRules (github SNStatComp: data of its
tinytest folder), R package validate (github data-cleaning/validate: test_genericrules.R), and the worked examples of
Brown & Heathers (2017).
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from reformlib.check import CONSISTENT, INCONSISTENT, rules
from reformlib.check.grim import grim
from reformlib.check.rounding import round_to
from reformlib.errors import ReformError

# --- GRIM by Python's rounding modes: mean, n, then one letter a mode ------------------------------------------------

MODES = ["CEILING", "DOWN", "FLOOR", "HALF_DOWN", "HALF_EVEN", "HALF_UP", "UP", "05UP"]
BY_MODE = """
11.67 3 TFFTTTTF
11.09 21 FTTFFFFT
11.09 22 FTTTTTFT
0.3333333333333 9 FTTTTTFT
133.98 28 FFFFFFFF
-11.67 3 FFTTTTTF
-11.66 3 TTFFFFFT
-11.6667 3 FFTTTTTF
-11.6666 3 TTFFFFFT
-11.09 21 TTFFFFFT
-11.10 200 TTTTTTTT
-11.09 111 TTTTTTTT
-133.98 28 FFFFFFFF
-11.09 22 TTFTTTFT
-11.09 23 FFTTTTTF
6.05 121 TTTTTTTF
6.10 121 TTTTTTTF
3.5 9 TTTFFFTF
1.600 2000 TTTTTTTT
56.567 8 FFFFFFFF
18 7 TTTTTTTT
1 345 TTTTTTTT
14 3 TTTTTTTT
14.0 3 TTTTTTTT
15.7 12 TTTTTTTT
15.70 12 FFFFFFFF
"""


@pytest.mark.parametrize("case", BY_MODE.strip().splitlines())
def test_grim_by_every_mode_of_decimal(case):
    mean, n, expected = case.split()
    assert "".join("FT"[grim(mean, n, rounding=f"ROUND_{mode}")] for mode in MODES) == expected


def test_grim_of_means_that_were_not_rounded():
    possible = {("10.00", 2), ("11.10", 20)}
    cases = [("11.10", 19), ("11.10", 21), ("234567.3333", 3), ("1133.98", 28), ("11.09", 21), ("11.09", 22)]
    for mean, n in [*possible, *cases, ("11.09", 23), ("11.67", 3)]:
        assert grim(mean, n, rounding=None) == ((mean, n) in possible)


@pytest.mark.parametrize("n", ["-1", "0", "-982743875438547", "1.01", "0.5", "0.000000003345"])
def test_grim_refuses_what_is_no_number_of_observations(n):
    with pytest.raises(ReformError, match="whole numbers above zero"):
        grim("10.00", n)


# --- GRIM by the conventions of scrutiny -----------------------------------------------------------------------------

FLYING = ["7.22", "4.74", "5.23", "2.57", "6.77", "2.68", "7.01", "7.38", "3.14", "6.89", "5.00", "0.24"]
SAMPLES = [32, 25, 29, 24, 27, 28, 29, 26, 27, 31, 25, 28]
# Under the other conventions that version let a tolerance of 1e-12 decide (4.75 cut off gave 4.74); later ones do not.
BY_CONVENTION = [
    (40, "up_or_down", "TFTTTTFTFFTF"),
    (40, "up", "FFTFFTFTFFTF"),
    (40, "down", "TFFTTFFFFFTF"),
    (80, "up_or_down", "TTTTTTTTTTTT"),
    (80, "up", "FTTFFTTTTTTT"),
    (80, "down", "TTFTTFTFTTTT"),
]


@pytest.mark.parametrize(("n", "rounding", "expected"), BY_CONVENTION)
def test_grim_by_every_convention_in_the_corner_cases(n, rounding, expected):
    assert "".join("FT"[grim(x, n, rounding=rounding)] for x in FLYING) == expected


@pytest.mark.parametrize(
    ("rounding", "threshold", "expected"),
    [
        ("up_from", 1, "TFFFFTFFFFTF"),
        ("up_from", 9, "FFFFTFFTTFTF"),
        ("down_from", 1, "FFFFTFFTTFTF"),
        ("down_from", 9, "TFFFFTFFFFTF"),
    ],
)
def test_grim_by_thresholds(rounding, threshold, expected):
    found = [grim(x, n, rounding=rounding, threshold=threshold) for x, n in zip(FLYING, SAMPLES, strict=True)]
    assert "".join("FT"[one] for one in found) == expected


def test_grim_of_shares_and_of_items():
    shares = [("32.5", 438, False), ("35.6", 455, True), ("21.7", 501, False), ("39.3", 516, True)]
    shares += [(x, 150, x == "54.0") for x in ("67.4", "54.2", "54.0", "69.8", "68.1", "55.4")]
    for x, n, possible in shares:
        assert grim(x, n, percent=True) == possible
    assert sum(grim(x, n, items=2) for x, n in zip(FLYING, SAMPLES, strict=True)) == 6
    several = [("19.20", 5, 2), ("19.25", 4, 3), ("0.80", 4, 2), ("0.80", 5, 2), ("20.95", 1, 12), ("0.25", 2, 1)]
    assert [grim(x, n, items=items) for x, n, items in several] == [True, True, False, True, False, False]


def test_grim_of_examples_in_print():
    """Brown & Heathers (2017): a mean of 3.48 or 5.19 of 28, 5.27 of 43."""
    impossible = [("3.48", 20), ("5.19", 28), ("5.27", 43), ("5.19", 25), ("2.34", 3)]
    possible = [("3.75", 40), ("2.50", 20), ("2.33", 30), ("2.33", 3), ("4.00", 10), ("1.11", 9), ("5.19", 32)]
    assert not any(grim(x, n) for x, n in impossible)
    assert all(grim(x, n) for x, n in possible)


# --- rounding ---------------------------------------------------------------------------------------------------------


def test_ties_and_thresholds():
    for i in range(10):
        tie = Fraction(10 * i + 5, 100)
        assert (round_to(tie, 1, "up"), round_to(tie, 1, "down")) == (Fraction(i + 1, 10), Fraction(i, 10))
        assert (round_to(-tie, 1, "up"), round_to(-tie, 1, "down")) == (-Fraction(i, 10), -Fraction(i + 1, 10))
        assert round_to(-tie, 1, "up", symmetric=True) == -Fraction(i + 1, 10)
        assert round_to(-tie, 1, "down", symmetric=True) == -Fraction(i, 10)
    for threshold in range(1, 10):
        for base in (Fraction("0.42"), Fraction("7.13"), Fraction(100)):
            for cut in range(10):
                value = base + Fraction(cut, 1000)
                above = base + Fraction(1, 100)
                up, down = (round_to(value, 2, f"{way}_from", threshold=threshold) for way in ("up", "down"))
                assert up == (above if cut >= threshold else base)
                assert down == (above if cut > 10 - threshold else base)
    assert round_to("0.1445", 3, "up_from", threshold="4.5") == Fraction("0.145")
    assert grim("0.00", 40, rounding="anti_trunc")


# --- validation types of the ESS -------------------------------------------------------------------------------------


def test_series_of_records():
    """RTS: Germany in is whole, Spain lacks 2009, Germany out has only a year after the last."""
    for seen, expected in (([2008, 2009, 2010], CONSISTENT), ([2008, 2010], INCONSISTENT), ([2011], INCONSISTENT)):
        assert rules.no_gaps(seen, first="2008", last="2010").outcome == expected
    whole = [["2012", "2013", "2014"], ["2012M01", "2012M02", "2012M03"], ["2012Q1", "2012Q2", "2012Q3"], [2012]]
    whole += [["2012-A1", "2013-A1"], ["2012-S1", "2012-S2"], ["2018-Q2"]]
    assert [rules.no_gaps(periods).outcome for periods in whole] == [CONSISTENT] * len(whole)
    assert rules.no_gaps(["2012Q1", "2012Q2", "2012Q3"], first="2012Q1").outcome == CONSISTENT
    assert rules.no_gaps(["2012Q1", "2012Q2", "2012Q3"], last="2012Q4").outcome == INCONSISTENT
    assert rules.no_gaps([2012, 2013, 2015]).outcome == INCONSISTENT


def test_parts_and_wholes():
    assert rules.total_of_parts(10, [1, 2, 3, 4]).outcome == CONSISTENT
    assert rules.total_of_parts(10, [2, 2, 3, 4]).outcome == INCONSISTENT
    # NACE 01 with 01.1 and 01.2, and 01.1 with 01.11 and 01.12
    assert rules.total_of_parts(100, [70, 25]).outcome == INCONSISTENT
    assert rules.total_of_parts(70, [30, 40]).outcome == CONSISTENT


def test_ranges_relations_and_keys():
    in_range = [rules.in_range(value, low=1).outcome == CONSISTENT for value in (0, -15, 21, 16)]
    assert in_range == [False, False, True, True]
    assert rules.in_range(1, low=0, high=1).outcome == CONSISTENT
    assert rules.relation(1, "<", 1).outcome == INCONSISTENT  # a strict range leaves its ends out
    assert [rules.relation(Fraction(part, total), "<", "0.5").outcome for part, total in ((120, 200), (45, 100))] == [
        INCONSISTENT,
        CONSISTENT,
    ]
    assert rules.no_duplicates([("2016", "IT"), ("2016", "IT")]).outcome == INCONSISTENT
