"""Gaps of the reference report, worked by hand from the printed figures."""

import pandas as pd
import pytest

from reformlib import gaps
from reformlib.load import load_report


@pytest.fixture(scope="module")
def rows():
    return gaps.gaps(load_report("tra-vinh-2020"))


def row(rows, target, indicator):
    (found,) = rows[(rows["target_id"] == target) & (rows["indicator"] == indicator)].itertuples(index=False)
    return found


def test_services_at_level_4_against_30_percent(rows):
    gap = row(rows, "T022", "online_services")
    assert gap.value == pytest.approx(100 * 539 / 1949)
    assert gap.gap == pytest.approx(-2.344792, abs=1e-6)
    assert gap.gap_units == 46  # 30 % of 1949 is 584.7, so 585 services; 539 are there
    assert (gap.verdict, gap.level, str(gap.as_of.date())) == ("open", "4", "2020-03-31")
    assert gap.pace_needed == pytest.approx(2.344792 / (275 / 366), abs=1e-4)


def test_the_one_stop_share_against_100_percent(rows):
    gap = row(rows, "T023", "one_stop_share")
    assert gap.gap == pytest.approx(-6.4) and gap.verdict == "open"
    assert pd.isna(gap.gap_units)  # the number of dossiers is not stated


def test_electronic_documents_reach_90_percent(rows):
    gap = row(rows, "T020", "e_documents")
    assert (gap.value, gap.gap, gap.verdict) == (90, 0, "achieved")
    assert set(gap.caveat.split(";")) == {"partial_year", "before_deadline"}


def test_levels_3_and_4_together_against_eligible_procedures(rows):
    gap = row(rows, "T066", "online_services")
    assert gap.value == pytest.approx(100 * (605 + 539) / 1949)
    assert "eligible_base" in gap.caveat


def test_a_share_of_services_is_not_a_share_of_dossiers(rows):
    gap = row(rows, "T021", "online_services_used")
    assert (gap.verdict, gap.reason) == ("not_assessable", "dossiers_not_services") and pd.isna(gap.gap)


def test_only_confirmed_targets_drive_a_figure(rows):
    driven = rows[rows["value"].notna()]
    assert set(driven["recommended_use"]) <= {"use", "use-with-caveat"} and len(driven) > 5
    held = rows[rows["recommended_use"] == "hold-unless-confirmed"]
    assert set(held["verdict"]) == {"unconfirmed"} and held["gap"].isna().all()


def test_every_target_is_there_and_every_silence_has_a_reason(rows):
    assert rows["target_id"].nunique() == 118
    silent = rows[rows["value"].isna()]
    assert set(silent["reason"]) <= set(gaps.REASONS) and "" not in set(silent["reason"])


def test_a_target_set_narrows_the_list():
    rows = gaps.gaps(load_report("tra-vinh-2020"), target_set="provincial_plan")
    assert set(rows["target_set"]) == {"provincial_plan"}


@pytest.mark.parametrize(
    ("value", "comparator", "target", "met"),
    [(30, ">=", 30, True), (0.1 + 0.2, ">=", 0.3, True), (80, ">", 80, False), (80.1, ">", 80, True),
     (100, "=", 100, True), (99.9, "=", 100, False), (15, "<=", 15, True), (15, "<", 15, False)],
)  # fmt: skip
def test_meeting_a_target_is_exact_to_rounding(value, comparator, target, met):
    assert gaps.meets(value, comparator, target) is met
