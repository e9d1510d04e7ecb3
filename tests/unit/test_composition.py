"""Categories that add up, the scenario of an enforced mandate, and the accuracy of the cell that applies."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from reformlib.check.withheld import withhold
from reformlib.load.report import load_report
from reformlib.present.page import Page
from reformlib.present.projections import projected
from reformlib.project.accuracy import accuracy, cell_of, paces_of
from reformlib.project.composition import Drawn
from reformlib.project.mandate import enforced, roll_outs
from reformlib.project.series import project
from tests.one_base import on_one_base

YEARS = np.arange(2022.0, 2032.0)


@pytest.fixture(scope="module")
def report():
    return on_one_base()


def test_levels_and_their_sum_tell_one_story(report):
    """1949 services: those at level 3, at level 4 and at neither add up in every draw; the sum keeps its own law."""
    three, four, both = (project(report, "online_services", level) for level in ("3", "4", "3+4"))
    together = three.law(YEARS).draws + four.law(YEARS).draws
    assert np.allclose(together, both.law(YEARS).paths(len(together), np.random.default_rng(0)))
    assert ((together >= 0) & (together <= 1949 + 1e-9)).all()
    apart = both.law(YEARS).quantile(0.5) - four.law(YEARS).quantile(0.5) - three.law(YEARS).quantile(0.5)
    assert np.allclose(apart, 0)
    assert both.together == ()


def test_base_rates_of_levels_add_up_too_and_tell_what_such_parts_held():
    """The report as it is, zeros doubted: no level has a trend, and none of their medians contradicts the sum."""
    report = withhold(load_report("tra-vinh-2020"))
    three, four, both = (project(report, "online_services", level) for level in ("3", "4", "3+4"))
    assert {one.basis for one in (three, four, both)} == {"few_points"}
    drawn = both.law(YEARS).paths(10_000, np.random.default_rng(0))
    assert np.allclose(three.law(YEARS).draws + four.law(YEARS).draws, drawn)
    assert np.allclose(three.law(YEARS).quantile(0.5) + four.law(YEARS).quantile(0.5), both.law(YEARS).quantile(0.5))
    assert (accuracy(four)["method"], accuracy(four)["group"]) == ("composition", "base rate")
    assert accuracy(both)["tested"] == "kinds held out"


def test_another_kind_is_another_kind_for_all_categories(report):
    four = project(report, "online_services", "4").as_kind("share-modelled")
    assert {one.family for one in four.together} == {"share-modelled"}
    assert len(four.law(YEARS).draws) == len(project(report, "online_services", "4").law(YEARS).draws)


def test_drawn_by_hand():
    law = Drawn(
        np.array([2021.0, 2022.0]), np.array([[1.0, 5], [3, 2], [3, 2], [1, 1]]), np.array([2.0, 3]), 0.5, 0, 10
    )
    assert law.probability_at_least(3).tolist() == [0.5, 0.25]
    assert law.reached_by(3).tolist() == [0.5, 0.75]
    assert law.reached_by(0.5).tolist() == [1, 1]
    assert law.quantile(0.5).tolist() == [2, 3]
    assert law.quantile([0.0, 0.5, 1.0]).tolist() == [[1, 2, 3], [1, 3, 5]]
    assert law.mirrored(10).quantile([0.5, 1.0]).tolist() == [[8, 9], [7, 9]]


def test_roll_outs_of_the_report(report):
    rows = roll_outs(report).set_index("indicator")
    assert rows.loc["one_stop_units", ["before", "after", "ceiling"]].tolist() == [5, 134, 134]
    assert len(rows) == 1  # 0 to 19 units on the axis, which opened in between, is none


def test_an_enforced_mandate_is_a_scenario_of_its_own(report):
    rows = enforced(report).set_index("target_id")
    assert set(rows["scenario"]) == {"enforced"}
    assert rows.loc["T066", "target"] == pytest.approx(1559.2)  # 80 % of 1949
    assert rows.loc["T066", "median"] < 1559.2
    assert (rows["target"] > [project(report, *key).points["value"].iloc[-1] for key in _keys(rows)]).all()


def _keys(rows):
    return zip(rows["indicator"], rows["level"], strict=True)


@pytest.mark.parametrize(
    ("indicator", "level", "cell"),
    [
        ("e_documents", "", "equal 3"),  # 90 at all six dates
        ("mailboxes", "", "equal 4"),  # 100
        ("signatures", "", "growth 2"),  # 479, then 1610 in a year and a quarter
        ("online_services", "4", "band 1, pace 2"),  # 0 to 539 of 1949: 5 points a year
        ("axis_received", "", ""),
    ],
)
def test_the_cell_that_applies(report, indicator, level, cell):
    series = project(report, indicator, level)
    assert cell_of(series) == cell
    measured = accuracy(series)
    assert (measured is None) == (cell == "")
    if measured:
        assert measured["tested"] == ("shares split by others" if series.together else "kinds held out")
        assert int(measured["tasks"]) >= 30


def test_paces_are_those_of_a_like_level_and_pace(report):
    five = paces_of(project(report, "online_services", "4"), 5)
    assert five["n"] >= 100
    assert five["median"] < five["fast"] < five["fastest"]
    assert paces_of(project(report, "signatures", ""), 5) == {}


@pytest.mark.parametrize(
    ("indicator", "year", "said"),
    [  # cells of scores.csv, kinds held out: growth 2; equal 3 and equal 4, all
        ("signatures", 2030, "80% held: {cover80_10y} of 100 ten years later"),
        ("signatures", 2022, "80% held: {cover80_3y} of 100 three years later"),
        (
            "e_documents",
            2030,
            "80% held: {cover80_1y} of 100 a year later, {cover80_5y} of 100 five years later, not measured ten years "
            "later",
        ),
        ("one_stop_units", 2024, "80% held: {cover80_1y} of 100 a year later, {cover80_5y} of 100 five years later"),
        ("axis_received", 2030, ""),
    ],
)
def test_how_often_intervals_held_is_told_for_the_years_ahead_of_the_number_beside_it(report, indicator, year, said):
    series = project(report, indicator, "")
    row = SimpleNamespace(indicator=indicator, level="", year=year, basis=series.basis)
    cell = accuracy(series) or {}
    shares = {name: f"{float(cell[name]):.0f}" for name in cell if "cover80_" in name and cell[name]}
    assert projected.held(Page(report, "en"), row) == said.format(**shares)


def test_how_often_intervals_held_around_a_day_is_told_of_the_years_measured_before_and_after_it(report):
    page, row, cell = (
        Page(report, "en"),
        SimpleNamespace(indicator="signatures", level=""),
        accuracy(project(report, "signatures", "")),
    )
    year, three = (
        f"{float(cell[f'cover80_{n}y']):.0f} of 100 {later}" for n, later in projected.LATER.items() if n < 5
    )
    last = project(report, "signatures", "").points["time"].max()
    assert projected.held_around(page, row, last + 2.1) == f"{year}, {three}"
    assert projected.held_around(page, row, last + 0.5) == year
