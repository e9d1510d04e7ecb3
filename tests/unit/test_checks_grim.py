"""GRIM and exact rounding, on numbers worked by hand or published."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reformlib.check import CANNOT_TELL, CONSISTENT, INCONSISTENT
from reformlib.check.grim import (
    _impossible_share,
    grim,
    numerators,
    possible_bases,
    share_of_count,
)
from reformlib.check.rounding import CUT_OR_RAISED, ROUNDINGS, TO_NEAREST, exact, printed, round_to, single_roundings
from reformlib.errors import ReformError


def test_zeros_at_the_end_count():
    # 1/3 prints as 0.3 and as 0.33, never as 0.30.
    assert grim("0.3", 3) and not grim("0.30", 3)
    assert printed("17.10") == (Fraction(171, 10), 2)


@pytest.mark.parametrize("number", [5.27, 5, None])
def test_a_number_is_refused(number):
    with pytest.raises(ReformError, match="must be text"):
        grim(number, 43)


@pytest.mark.parametrize("text", ["", "5,27", "five", "1e3", "nan", "5.2.7"])
def test_text_that_is_no_printed_number(text):
    with pytest.raises(ReformError, match="not a printed number"):
        grim(text, 43)


@pytest.mark.parametrize("n", [0, -3, 2.5, "x", None])
def test_n_is_a_whole_number_above_zero(n):
    with pytest.raises(ReformError):
        grim("5.27", n)


def test_an_unknown_rounding_is_refused():
    with pytest.raises(ReformError, match="unknown rounding"):
        grim("5.27", 43, rounding="sideways")


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [  # 4/8 = 0.5, 1/8 = 0.125, 3/8 = 0.375: which of 0.12, 0.13 and 0.37, 0.38 can be printed
        ("up", [False, True, False, True]),
        ("down", [True, False, True, False]),
        ("even", [True, False, False, True]),
        ("ceiling", [False, True, False, True]),
        ("floor", [True, False, True, False]),
        ("trunc", [True, False, True, False]),
        ("anti_trunc", [False, True, False, True]),
        ("up_or_down", [True, True, True, True]),
        ("ceiling_or_floor", [True, True, True, True]),
        ("ROUND_HALF_EVEN", [True, False, False, True]),
        ("ROUND_05UP", [True, False, True, False]),
        (None, [False, False, False, False]),
    ],
)
def test_each_convention_on_eighths(rounding, expected):
    assert [grim(x, 8, rounding=rounding) for x in ("0.12", "0.13", "0.37", "0.38")] == expected


def test_thresholds_move_the_turning_point():
    assert round_to("4.28", 1, "up_from", threshold=9) == Fraction("4.2")
    assert round_to("4.28", 1, "up_from", threshold=8) == Fraction("4.3")
    # down_from mirrors it: with 8, a part cut off of at most 2 tenths goes down.
    assert round_to("4.22", 1, "down_from", threshold=8) == Fraction("4.2")
    assert round_to("4.23", 1, "down_from", threshold=8) == Fraction("4.3")
    assert grim("0.12", 8, rounding="up_from", threshold=6) and not grim("0.13", 8, rounding="up_from", threshold=6)
    for wrong in (0, 10):
        with pytest.raises(ReformError, match="threshold"):
            round_to("4.28", 1, "up_from", threshold=wrong)


def test_negative_numbers_and_symmetry():
    assert [round_to("-2.5", 0, way) for way in ("up", "down", "even")] == [-2, -3, -2]
    assert [round_to("-2.5", 0, way, symmetric=True) for way in ("up", "down")] == [-3, -2]
    assert [round_to("-2.5", 0, way) for way in ("ROUND_HALF_UP", "ROUND_HALF_DOWN")] == [-3, -2]
    assert [round_to("-2.1", 0, way) for way in ("ceiling", "floor", "trunc", "anti_trunc")] == [-2, -3, -2, -3]
    assert grim("-11.67", 3, rounding="ROUND_HALF_UP") and not grim("-11.66", 3, rounding="ROUND_HALF_UP")


def test_the_convention_that_always_moves_away_from_zero():
    """As R package scrutiny defines it: trunc(x) + 1 above zero, trunc(x) - 1 below; 0 stays."""
    assert [round_to(x, 0, "anti_trunc") for x in ("2", "2.1", "-2", "-2.1", "0")] == [3, 3, -3, -3, 0]
    # 147 of 28 is 5.25 and prints as 5.26; nothing prints as 5.25
    assert grim("5.26", 28, rounding="anti_trunc") and not grim("5.25", 28, rounding="anti_trunc")
    assert grim("5.25", 200, rounding="anti_trunc")  # 1049 of 200 is 5.245


def test_grim_agrees_with_trying_every_whole_number():
    for way in ROUNDINGS:
        options = {"threshold": 3} if way.endswith("_from") or way == "up_from_or_down_from" else {}
        for n in (3, 12, 20, 40):
            for symmetric in (False, True):
                reached = {
                    round_to(Fraction(k, n), 1, one, symmetric=symmetric, **options)
                    for one in single_roundings(way)
                    for k in range(-3 * n, 3 * n + 1)
                }
                for tenths in range(-25, 26):
                    x = f"{tenths / 10:.1f}"
                    assert grim(x, n, rounding=way, symmetric=symmetric, **options) == (
                        Fraction(tenths, 10) in reached
                    ), (way, n, symmetric, x)


def test_rounding_to_tens_and_hundreds():
    assert [round_to(1250, -2, way) for way in ("up", "down", "even")] == [1300, 1200, 1200]
    assert round_to(-1250, -2, "up", symmetric=True) == -1300


def test_the_conventions_of_decimal_agree_with_decimal():
    import decimal

    for way in (name for name in ROUNDINGS if name.startswith("ROUND_")):
        for thousandths in range(-120, 121):
            value = decimal.Decimal(thousandths).scaleb(-3)
            expected = value.quantize(decimal.Decimal("0.01"), rounding=getattr(decimal, way))
            assert round_to(value, 2, way) == Fraction(expected), (way, value)


def test_numerators():
    assert numerators("1.3", 226) == [3]  # 3/226 = 1.327
    assert numerators("0.13", 498) == []  # 0/498 = 0, 1/498 = 0.2008
    assert numerators("33", 9) == [3]
    assert numerators("12.5", 8) == [1]
    assert numerators("13", 8) == [1]  # half up
    assert numerators("12", 8) == [1]  # half down
    assert numerators("13", 8, rounding="down") == []
    assert numerators("100", 5) == [5] and numerators("0", 5) == [0]
    assert numerators("150", 5) == []
    assert numerators("93.6", 10**6) == list(range(935500, 936501))


def test_share_of_whole_things():
    impossible = share_of_count("4.6", 12)
    assert impossible.outcome == INCONSISTENT
    # 1001 tenths of a percent from 0 to 100: 0, 25, 50, 75 and 100 are reached, the other 8 twelfths reach 2 each
    assert round(100 * (1 - (5 + 8 * 2) / 1001), 1) == 97.9
    assert impossible.computation == (
        "no whole number out of 12 prints as 4.6% under any rounding: 0 gives 0%, 1 gives 8.3333%; "
        "97.9% of such shares would be impossible"
    )
    possible = share_of_count("1.3", 226)
    assert possible.outcome == CONSISTENT and "3 out of 226 prints as 1.3%" in possible.computation
    assert share_of_count("1.3", 1000).outcome == CANNOT_TELL  # 10^(1+2): every tenth of a percent is possible
    assert share_of_count("1.3", 300).outcome == CONSISTENT
    assert share_of_count("1.3", 0).outcome == share_of_count("1.3", None).outcome == CANNOT_TELL
    assert share_of_count("130", 10).outcome == INCONSISTENT
    assert share_of_count("17.10", 203).computation.startswith("no whole number out of 203 prints as 17.10%")
    cut = share_of_count("16.6", 6)  # 1/6 = 16.67: 16.6 only when cut off
    assert cut.outcome == CONSISTENT and "cut off" in cut.computation


def test_bases_that_would_explain_a_share():
    # 4.6 % needs 22 things even if raised (1/22 = 4.55), 65 if rounded to the nearest (3/65 = 4.615).
    assert possible_bases("4.6", 0, 12) == []
    assert possible_bases("4.6", 0, 30) == [22]
    assert possible_bases("4.6", 60, 65, roundings=("up", "down")) == [65]


def test_the_power_stated_is_the_share_of_printable_percents_out_of_reach():
    # Whole percents of halves: 0, 50, 100 of the 101 printable ones; 98/101 = 97.0 %.
    assert share_of_count("50", 2).numbers["power"] == 97


def test_exact_numbers():
    import numpy as np

    assert exact(0.1) == exact("0.1") == exact(np.float64(0.1)) == Fraction(1, 10)
    assert exact(np.int64(7)) == 7
    assert exact(float("nan")) is exact(None) is exact("") is None
    for wrong in ("x", True, [1], float("inf")):
        with pytest.raises(ReformError, match="not a number"):
            exact(wrong)


def test_pairs_are_two_conventions():
    assert single_roundings("ceiling_or_floor") == ("ceiling", "floor")
    with pytest.raises(ReformError, match="not a single rounding"):
        round_to(1, 0, "up_or_down")


@pytest.mark.parametrize("decimals", [1, 18])
def test_the_power_of_the_test_is_what_counting_gives(decimals):
    ways = (*TO_NEAREST, *CUT_OR_RAISED)
    reached = {round_to(Fraction(k, 7), decimals + 2, way) for k in range(8) for way in ways}
    assert _impossible_share(7, decimals) == 1 - Fraction(len(reached), 10 ** (decimals + 2) + 1)
