"""Change and pace, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from reformlib.measure.change import changes, decimal_year, joined


def observations(points, *, unit="units", indicator="x", level="", collect="E"):
    rows = [
        {"indicator": indicator, "level": level, "as_of": pd.Timestamp(d), "value": v, "status": s, "unit": unit}
        for d, v, s in points
    ]
    frame = pd.DataFrame(rows).assign(place=[f"cell of {d}" for d, _, _ in points], collect=collect)
    return frame.assign(start=frame["as_of"].dt.to_period("Y").dt.start_time)


def test_dates_on_the_scale_of_years():
    assert decimal_year(date(2019, 12, 31)) == 2020
    assert decimal_year(date(2020, 3, 31)) == pytest.approx(2020 + 91 / 366)


def test_a_stock_is_dated_with_fractions_of_a_year():
    frame = observations([("2015-12-31", 408, "A"), ("2019-12-31", 1445, "A"), ("2020-03-31", 1610, "A")])
    (row,) = changes(frame).itertuples(index=False)
    assert (row.first, row.last, row.change) == (408, 1610, 1202)
    assert (row.first_place, row.last_place) == ("cell of 2015-12-31", "cell of 2020-03-31")
    assert row.years == pytest.approx(4.248634, abs=1e-6)  # 4 years and 91 of 366 days
    assert row.annual_change == pytest.approx(1202 / (4 + 91 / 366))


def test_a_flow_over_part_of_a_year_is_not_compared():
    frame = observations([("2018-12-31", 0, "A"), ("2019-12-31", 140825, "A"), ("2020-03-31", 32398, "P")], collect="S")
    (row,) = changes(frame).itertuples(index=False)
    assert (row.last, row.change, row.points) == (140825, 140825, 2)


def test_a_share_over_part_of_a_year_is_joined_but_not_compared_with_a_full_year():
    frame = observations(
        [("2018-12-31", 95.6, "A"), ("2019-12-31", 97.7, "A"), ("2020-03-31", 93.6, "P")], unit="%", collect="S"
    )
    assert joined(frame, "x")["value"].tolist() == [95.6, 97.7, 93.6]
    assert changes(frame)["change"].item() == pytest.approx(2.1)


def test_nothing_is_joined_across_a_break_or_another_definition():
    broken = observations([("2017-12-31", 1.3, "A"), ("2018-12-31", 2.4, "A"), ("2019-12-31", 0.13, "B")], unit="%")
    assert joined(broken, "x")["value"].tolist() == [0.13]
    assert changes(broken)["reason"].item() == "only one point can be compared"
    defined = observations([("2017-12-31", 100, "D"), ("2018-12-31", 95.6, "A"), ("2019-12-31", 97.7, "A")], unit="%")
    assert changes(defined)["change"].item() == pytest.approx(2.1)


def test_points_that_cannot_be_compared_are_told_so():
    frame = observations([("2018-12-31", 2.4, "D"), ("2019-12-31", 0.13, "U")], unit="%")
    row = changes(frame).iloc[0]
    assert row["reason"] == "no point can be compared with another" and row["points"] == 0


def test_missing_is_not_zero():
    frame = observations([("2018-12-31", float("nan"), "O"), ("2019-12-31", float("nan"), "O")])
    row = changes(frame).iloc[0]
    assert row["reason"] == "the report gives no figure" and pd.isna(row["change"]) and row["points"] == 0


def test_no_yearly_pace_is_told_from_a_zero():
    """0, 0 and then 226 in 2017: 605 in 4.25 years would be a pace over years in which nothing was there."""
    points = [("2015-12-31", 0, "A"), ("2016-12-31", 0, "A"), ("2017-12-31", 226, "A"), ("2020-03-31", 605, "A")]
    row = changes(observations(points)).iloc[0]
    assert row["change"] == 605 and pd.isna(row["annual_change"]) and row["reason"] == "starts at 0"
    row = changes(observations([("2015-12-31", 0, "A"), ("2016-12-31", 0, "A")])).iloc[0]
    assert (row["change"], row["annual_change"], row["reason"]) == (0, 0, "")


def test_no_yearly_pace_is_told_over_a_quarter():
    frame = observations([("2019-12-31", 13, "A"), ("2020-03-31", 74, "A")])
    row = changes(frame).iloc[0]
    assert row["change"] == 61 and pd.isna(row["annual_change"])
    assert row["reason"] == "the points are less than a year apart"
