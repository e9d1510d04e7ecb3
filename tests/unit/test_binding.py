"""Whom an official target binds: kind of body, place, instrument in force, and a deadline before the figures."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from reformlib.compare import side_by_side
from reformlib.load.binding import figures_from
from reformlib.load.report import Report, load_report
from reformlib.measure import gaps
from reformlib.measure.coverage import coverage
from reformlib.measure.targets import official_targets, without_indicator
from reformlib.present.datasets import dataset
from tests.one_base import same_base

PLACE = {"place_vi": "Nghệ An", "place_en": "Nghệ An"}


@pytest.fixture(scope="module")
def report() -> Report:
    return load_report("tra-vinh-2020")


def as_body(report: Report, **fields) -> Report:
    """The report as one of another body: other fields of report.yml."""
    return replace(report, meta=report.meta.model_copy(update={"exists_until": None} | fields))


def later(report: Report, years: int) -> Report:
    """The report with all its figures some years later."""
    points = report.observations
    moved = {name: points[name] + pd.DateOffset(years=years) for name in ("start", "as_of")}
    points = points.assign(year=points["year"] + years, **moved)
    return replace(report, observations=points)


def with_target(report: Report, **fields) -> Report:
    """The report with T022 (level 4 services, 2020) changed, and no other target."""
    target = report.catalogue.targets.query("id == 'T022'").assign(**fields)
    return replace(report, catalogue=replace(report.catalogue, targets=target))


def bound(report: Report) -> set[str]:
    return set(report.targets["id"])


@pytest.mark.parametrize(
    ("applies_to", "levels"),
    [
        ("all", {"ministry", "province", "district", "commune"}),
        ("country", set()),
        ("ministry", {"ministry"}),
        ("province", {"province"}),
        ("district", {"province", "district"}),
        ("commune", {"province", "district", "commune"}),
        ("ministry;district", {"ministry", "province", "district"}),
    ],
)
def test_a_body_is_held_to_what_binds_its_kind_and_what_lies_below_it(report, applies_to, levels):
    changed = with_target(report, applies_to=applies_to)
    kinds = ("ministry", "province", "district", "commune")
    assert {level for level in kinds if bound(as_body(changed, level=level))} == levels


@pytest.mark.parametrize(
    ("place", "applies"), [("Trà Vinh", True), ("tỉnh Trà Vinh", True), ("  TRÀ VINH", True), ("Nghệ An", False)]
)
def test_a_target_of_one_place_binds_the_bodies_of_that_place(report, place, applies):
    changed = with_target(report, place="Trà Vinh")
    assert bound(as_body(changed, place_vi=place)) == ({"T022"} if applies else set())


def test_an_instrument_that_has_ended_before_the_figures_begin_binds_no_more(report):
    """Resolution 17 is for 2019 and 2020; the figures begin in 2015, moved on in 2020, then in 2021."""
    assert figures_from(report).year == 2015
    assert {"T022", "T020"} <= bound(report) and {"T022", "T020"} <= bound(later(report, 5))
    moved = later(report, 6)
    assert figures_from(moved).year == 2021 and not {"T022", "T020"} & bound(moved)
    assert "T039" in bound(moved)  # Decision 749 has no last year


def test_a_report_without_a_figure_begins_with_its_period(report):
    empty = replace(report, observations=report.observations.assign(value=float("nan")))
    assert figures_from(empty) == pd.Timestamp(2011, 1, 1)


def test_a_deadline_before_the_first_figure_is_context_and_never_missed(report):
    """The figures begin in 2021, level 4 was to be 30 % at the end of 2020, by an instrument that is still in force."""
    instruments = report.catalogue.instruments.assign(period_end=float("nan"))
    moved = later(replace(report, catalogue=replace(report.catalogue, instruments=instruments)), 6)
    rows = gaps.gaps(moved).set_index("target_id")
    told = rows.loc["T022", ["verdict", "reason"]].tolist()
    assert told == ["context", "before_figures"] and pd.isna(rows.at["T022", "value"])
    # of an unconfirmed target that comes first, and what falls due in the first year is judged
    assert rows.at["T014", "reason"] == "unconfirmed"
    assert rows.at["T038", "reason"] == "context"
    early = official_targets(moved).query("early")
    assert set(early["due"].dt.year) <= set(range(2011, 2021)) and len(early) > 10
    assert not set(without_indicator(moved)["id"]) & set(early["id"])
    assert {"T010", "T016"} <= set(without_indicator(report)["id"])


def test_what_does_not_bind_is_in_no_table(report):
    other = as_body(report, **PLACE)
    ours = {"T113", "T114", "T115", "T116", "T117", "T118"}
    assert ours <= bound(report) and not ours & bound(other)
    assert set(dataset("targets", other)["id"]) == bound(other) == set(gaps.gaps(other)["target_id"])
    listed = coverage(other).query("kind == 'target'")["code"]
    assert "T113" not in set(listed) and "T113" in set(coverage(report).query("kind == 'target'")["code"])


def test_units_side_by_side_are_held_against_targets_that_bind_them_all(report):
    units = pd.DataFrame([side_by_side.unit(as_body(report, level=level)) for level in ("province", "ministry")])
    official = side_by_side.targets(report.catalogue, units)
    assert "T020" in set(official["target_id"])  # all state agencies
    changed = with_target(report, applies_to="province")
    changed = replace(changed, catalogue=same_base(changed.catalogue))  # of another base a target holds no unit
    units = pd.DataFrame([side_by_side.unit(as_body(changed, level=level)) for level in ("province", "ministry")])
    assert side_by_side.targets(changed.catalogue, units[:1])["target_id"].tolist() == ["T022"]
    assert side_by_side.targets(changed.catalogue, units).empty
