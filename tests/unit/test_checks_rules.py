"""Each rule: a figure that makes it fire, one that keeps it quiet, one it cannot judge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from reformlib.check import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict, periods, rules
from reformlib.check.periods import Span
from reformlib.check.sentence import Terms, shown
from reformlib.errors import ReformError

YES, NO, OPEN = CONSISTENT, INCONSISTENT, CANNOT_TELL


def outcomes(*verdicts: Verdict) -> list[str]:
    return [verdict.outcome for verdict in verdicts]


def test_a_verdict_is_never_simply_true():
    with pytest.raises(TypeError):
        bool(rules.in_range(1))
    with pytest.raises(ValueError, match="unknown outcome"):
        Verdict("maybe", "")


def test_a_page_writes_sentence_and_numbers_its_own_way():
    verdict = rules.never_falls({"2016": 1500, "2017": 1470})
    assert verdict.text(number=lambda n: f"{n:,}".replace(",", ".")) == "2016 → 2017: 1.500 → 1.470"
    share = rules.share("31.00", 605, 1949)
    words = {"{numerator} / {base} = {computed}%, stated {stated}%": "{stated}% / {computed}%"}
    text = share.text(translate=lambda s: words.get(s, s), number=lambda n: str(n).replace(".", ","))
    assert text == "31,00% / 31,0416%"
    assert Verdict(YES, "{a}{b}", {"a": Terms([(1, 2), (3, 4)], ", ", "{}-{}"), "b": ""}).computation == "1-2, 3-4"


def test_numbers_shown():
    assert [str(shown(Fraction(*v))) for v in [(1, 3), (5, 2), (-1, 3), (20, 1), (199999, 10000), (1, 10**6)]] == [
        "0.3333",
        "2.5",
        "-0.3333",
        "20",
        "19.9999",
        "0",
    ]
    assert str(shown(Fraction(1999999, 100000))) == "20"
    assert shown(Fraction(1, 3), 2) == Decimal("0.33")


def test_in_range():
    assert outcomes(rules.in_range(0), rules.in_range(-1), rules.in_range(None)) == [YES, NO, OPEN]
    assert outcomes(*(rules.in_range(v, high=100) for v in (100, 100.01))) == [YES, NO]
    assert rules.in_range(101, high=100).computation == "101 is more than 100"
    # with a limit of its own the 0 no longer holds: a fall of 5 % is in range up to 100
    assert outcomes(rules.in_range(-5, high=100), rules.in_range(-5, low=-10), rules.in_range(-11, low=-10)) == [
        YES,
        YES,
        NO,
    ]
    assert outcomes(*(rules.in_range(v, low=1, high=20) for v in (1, 20, 0.999, 20.001))) == [YES, YES, NO, NO]


def test_relation():
    signs = {"<": [YES, NO, NO], "<=": [YES, YES, NO], "=": [NO, YES, NO], "!=": [YES, NO, YES]}
    signs |= {">=": [NO, YES, YES], ">": [NO, NO, YES]}
    for sign, expected in signs.items():
        assert outcomes(*(rules.relation(value, sign, 2) for value in (1, 2, 3))) == expected
    noisy = 0.1 + 0.2  # 0.30000000000000004, which is 0.3 as validate compares: 1e-8 apart at most
    assert outcomes(*(rules.relation(noisy, sign, "0.3") for sign in signs)) == [NO, YES, YES, NO, YES, NO]
    assert outcomes(*(rules.relation(v, "=", 1) for v in ("1.00000001", "1.00000002"))) == [YES, NO]
    assert rules.relation(-3, "<", -2).outcome == YES
    assert rules.relation("0.3", "=", Fraction(3, 10)).outcome == YES
    assert rules.relation(None, "=", 2).outcome == OPEN
    with pytest.raises(ReformError):
        rules.relation(1, "~", 2)


def test_total_of_parts():
    assert outcomes(rules.total_of_parts(1610, [1585, 25]), rules.total_of_parts(1611, [1585, 25])) == [YES, NO]
    assert rules.total_of_parts(1611, [1585, 25]).computation == "1585 + 25 = 1610, not 1611: 1 apart"
    assert rules.total_of_parts(10, [5, None]).outcome == rules.total_of_parts(10, []).outcome == OPEN
    # Strictly below the tolerance: 1 % of 200 is 2.
    assert outcomes(*(rules.total_of_parts(200, [v], relative="0.01") for v in (198.01, 198, 197))) == [YES, NO, NO]
    assert outcomes(*(rules.total_of_parts(10, [v], sign=">=") for v in (9, 10, 11))) == [YES, YES, NO]
    assert rules.total_of_parts(0, [0], relative="0.01").outcome == YES
    assert rules.total_of_parts(0, [1], relative="0.01").outcome == NO
    assert rules.total_of_parts(0.3, [0.1 + 0.2]).outcome == YES
    # a loss of 201 is judged like a gain of 201
    assert outcomes(*(rules.total_of_parts(t, [-100, -50, -50], relative=0.01) for t in (-201, -204))) == [YES, NO]
    for wrong in ({"sign": "<"}, {"relative": 1, "unit": 1}):
        with pytest.raises(ReformError):
            rules.total_of_parts(1, [1], **wrong)


def test_a_total_of_rounded_parts():
    # PAR INDEX 2020: 57.66 + 9.56 + 18.83 + 5 = 91.05, published 91.04; four parts of unit 0.01 allow 0.025.
    parts = ["57.66", "9.56", "18.83", "5"]
    assert rules.total_of_parts("91.04", parts, unit="0.01").outcome == YES
    assert rules.total_of_parts("91.025", parts, unit="0.01").outcome == YES
    assert rules.total_of_parts("91.02", parts, unit="0.01").outcome == NO
    assert rules.total_of_parts("91.04", parts).outcome == NO


def test_figures_of_one_period_each_or_a_running_total():
    """140,825 in 2019 and 32,398 to the end of March: 173,223 in all; 10 of 10, 20, 30 are the last, 60 the sum."""
    fallen = periods.may_be_added([0, 0, 140825, 32398])
    assert (fallen.outcome, fallen.numbers["sum"]) == (YES, 0 + 0 + 140825 + 32398)
    assert periods.may_be_added([10, 20, 30]).outcome == OPEN
    assert periods.may_be_added([], 30).outcome == OPEN
    rising = [10, 20, 30]
    assert [periods.may_be_added(rising, total).outcome for total in (60, 30, 50)] == [YES, NO, OPEN]
    assert [periods.may_be_added(rising, total, collect="E").outcome for total in (60, 30, 50)] == [NO, YES, OPEN]
    assert periods.may_be_added([0, 0, 30], 30).outcome == OPEN  # the sum and the last figure are one


def test_no_gaps():
    assert rules.no_gaps([2015, 2016, 2017]).outcome == YES
    assert rules.no_gaps([2015, 2016, 2017], first=2011).computation == "missing: 2011, 2012, 2013, 2014"
    assert rules.no_gaps(["2019Q4", "2020Q2"], frequency="Q").computation == "missing: 2020-Q1"
    # written periods say their frequency: quarters are not read as years
    assert rules.no_gaps(["2019-Q4", "2020-Q2"]).computation == "missing: 2020-Q1"
    assert rules.no_gaps(["2016M11", "2017M02"]).computation == "missing: 2016-M12, 2017-M01"
    assert rules.no_gaps(["2016-11", "2016-12", "2017-01"]).computation == "2016-M11 to 2017-M01 without a gap"
    assert rules.no_gaps(["2019-Q1", "2020-Q1", "2022-Q1"], step=4).computation == "missing: 2021-Q1"
    assert rules.no_gaps(["2019-01-01/P9M", "2021-01-01/P9M"]).computation == "missing: 2020-01-01/P9M"
    assert rules.no_gaps(["2016S1", "2017S1"]).computation == "missing: 2016-S2"
    assert rules.no_gaps(["2008", "2010"], first="2008", last="2010", frequency="A").computation == "missing: 2009"
    assert rules.no_gaps([2008.0, None, float("nan"), 2010.0]).computation == "missing: 2009"
    assert rules.no_gaps([2009, 2008, 2010, 2009]).outcome == YES  # order and repeats do not matter
    assert rules.no_gaps([], first=2008, last=2009).computation == "missing: 2008, 2009"
    for mixed in (
        {"periods": ["2019", "2019Q1"]},
        {"periods": [2019], "frequency": "Q"},
        {"periods": [2019], "last": "2020-01"},
    ):
        with pytest.raises(ReformError, match="cannot read the period"):
            rules.no_gaps(**mixed)
    with pytest.raises(ReformError, match="unknown frequency: D"):
        rules.no_gaps([], frequency="D")
    assert rules.no_gaps([]).outcome == OPEN
    with pytest.raises(ReformError, match="cannot read the period"):
        rules.no_gaps(["soon"])


def test_no_duplicates():
    assert rules.no_duplicates([(1, 2015), (1, 2016), (2, 2015)]).outcome == YES
    assert rules.no_duplicates([(1, 2015), (1, 2016), (1, 2015)]).computation == "more than once: 1 2015"
    assert rules.no_duplicates([(2,), (1,), (1,), (2,), (1,)]).computation == "more than once: 2; 1"


def test_share():
    assert rules.share("31.04", 605, 1949).computation == "605 / 1949 = 31.0416%, stated 31.04%"
    assert outcomes(rules.share("31.04", 605, 1949), rules.share("31.03", 605, 1949)) == [YES, NO]
    assert (
        rules.share("12.5", 1, 8).outcome == rules.share("13", 1, 8).outcome == rules.share("12", 1, 8).outcome == YES
    )
    cut = rules.share("27.65", 539, 1949)  # 27.6552: 27.66 rounded, 27.65 cut off
    assert cut.outcome == YES and "cut off" in cut.computation
    assert outcomes(rules.share("5", 1, 0), rules.share("5", None, 8), rules.share("5", 1, None)) == [OPEN] * 3


def test_same_everywhere():
    assert rules.same_everywhere({"annex": 1610, "text": 1610}).outcome == YES
    assert rules.same_everywhere({"annex": 1610, "text": 1601}).computation == "annex: 1610; text: 1601"
    assert rules.same_everywhere({"annex": "12.5", "text": 13}, unit="0.5").outcome == YES
    assert rules.same_everywhere({"annex": 1610, "text": None}).outcome == OPEN


def test_count_within():
    assert outcomes(*(rules.count_within(v, 28) for v in (27, 28, 29))) == [YES, YES, NO]
    assert outcomes(*(rules.count_within(v, 28, full=True) for v in (27, 28, None))) == [NO, YES, OPEN]


def test_never_falls():
    verdict = rules.never_falls({2015: 408, 2016: 500, 2017: 470, 2018: None, 2019: 469})
    assert verdict.computation == "2016 → 2017: 500 → 470; 2017 → 2019: 470 → 469"
    assert outcomes(rules.never_falls({1: 1, 2: 1}), rules.never_falls({1: 1})) == [YES, OPEN]


def test_moves():
    still = dict.fromkeys(range(2015, 2021), 90)
    assert rules.moves(still).computation == "90 in all 6 figures from 2015 to 2020: measured or assumed?"
    assert outcomes(rules.moves(still), rules.moves(still, limits=[90]), rules.moves(still | {2020: 91})) == [
        OPEN,
        YES,
        YES,
    ]
    assert rules.moves({1: 1, 2: 1}).outcome == OPEN


def test_same_decimals():
    assert rules.same_decimals({2018: "2.4", 2019: "0.13"}).computation == "decimals printed: 2018: 1, 2019: 2"
    assert outcomes(rules.same_decimals({1: "2.4", 2: "0.1", 3: "0"}), rules.same_decimals({1: "2.4", 2: ""})) == [
        YES,
        OPEN,
    ]


def test_rate_has_base():
    assert outcomes(rules.rate_has_base(0, 0), rules.rate_has_base(0, 5), rules.rate_has_base(0, None)) == [
        NO,
        YES,
        OPEN,
    ]


def test_change_within():
    assert outcomes(
        rules.change_within("2.4", "0.13", factor=5),
        rules.change_within("2.4", "1.3", factor=5),
        rules.change_within(100, "95.6", factor=5, base_before=5, base_after=134),
        rules.change_within(0, 19, factor=5),
    ) == [OPEN, YES, OPEN, OPEN]
    jump = rules.change_within("2.4", "0.13", factor=5)
    assert jump.computation == "2.4 → 0.13: a factor of 18.5; is it still the same definition?"


def test_spans():
    assert Span(date(2020, 1, 1), date(2020, 3, 31)).days == 91
    assert Span(date(2019, 1, 1), date(2020, 3, 31)).years == Fraction(5, 4)
    assert Span(date(2020, 1, 1), date(2020, 1, 1)).years == Fraction(100, 36525)
    with pytest.raises(ReformError):
        Span(date(2020, 1, 2), date(2020, 1, 1))


def test_what_may_be_compared():
    year, leap = Span(date(2019, 1, 1), date(2019, 12, 31)), Span(date(2020, 1, 1), date(2020, 12, 31))
    quarter = Span(date(2020, 1, 1), date(2020, 3, 31))
    assert periods.comparable("S", year, quarter).computation == "365 days against 91 days"
    assert outcomes(*(periods.comparable(code, year, quarter) for code in "EBMYSAHL")) == [YES] * 4 + [NO] * 4
    assert periods.comparable("S", year, leap).outcome == YES
    assert round(float(periods.per_day(140825, year)), 1) == 385.8
    with pytest.raises(ReformError, match="unknown time balance"):
        periods.comparable("Z", year, leap)


def test_time_balance():
    quarters = [10, 20, 30, 40]
    expected = {"S": 100, "A": 25, "E": 40, "B": 10, "H": 40, "L": 10, "Y": 25}
    assert {code: periods.over_the_year(code, quarters) for code in expected} == expected
    assert periods.over_the_year("M", [10, 20, 30]) == 20
    with pytest.raises(ReformError):
        periods.over_the_year("M", quarters)
    assert outcomes(
        periods.time_balance("S", 100, quarters),
        periods.time_balance("S", 102, quarters, unit=1),  # 5 figures, half a unit each: 2.5
        periods.time_balance("S", 103, quarters, unit=1),
        periods.time_balance("E", 100, quarters),
        periods.time_balance("S", None, quarters),
        periods.time_balance("M", 20, quarters),
    ) == [YES, YES, NO, NO, OPEN, OPEN]
    # monthly flows of 10 and one of 15; a mean of rounded months may be off by one unit
    months = [10] * 11 + [15]
    assert outcomes(*(periods.time_balance("S", v, months) for v in (125, 126))) == [YES, NO]
    assert outcomes(*(periods.time_balance("A", v, months, unit=1) for v in (10, 11, 12))) == [YES, YES, NO]
    with pytest.raises(ReformError, match="unknown time balance"):
        periods.time_balance("Z", None, months)


def test_dates_and_periods():
    assert outcomes(
        periods.in_order(date(2005, 10, 17), date(2013, 10, 7)),
        periods.in_order(date(2013, 10, 7), date(2005, 10, 17)),
        periods.in_order(None, date(2005, 10, 17)),
    ) == [YES, NO, OPEN]
    assert outcomes(
        periods.same_period((2021, 2030), (2020, 2030)), periods.same_period((2011, 2020), (2011, 2020))
    ) == [NO, YES]
    assert periods.covered((2011, 2020), range(2015, 2021)).computation == (
        "6 of 10 years have figures; none for 2011, 2012, 2013, 2014"
    )
    assert periods.covered((2011, 2020), range(2015, 2021)).outcome == "missing"
    assert periods.covered((2015, 2016), [2016, 2015]).outcome == YES
