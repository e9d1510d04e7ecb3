"""Figures that came later, inside and outside each interval, of another definition, and of a later edition."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reformlib.errors import ReformError
from reformlib.load.fields import FIELDS
from reformlib.load.report import load_report
from reformlib.measure.change import decimal_year
from reformlib.present.page import Page
from reformlib.present.projections.hindsight import what_came_later
from reformlib.project.chances import target_probabilities
from reformlib.project.hindsight import hindsight, later_editions, outcomes
from reformlib.project.series import project
from tests.one_base import on_one_base

DAY = pd.Timestamp("2020-12-31")


@pytest.fixture(scope="module")
def report():
    return on_one_base()


def later(report, *rows: dict):
    """The report with other later figures."""
    about = dict.fromkeys(FIELDS["later.csv"], "a") | {"level": "", "as_of": f"{DAY:%Y-%m-%d}", "definition": "same"}
    made = pd.DataFrame([about | {"later": f"row{number}"} | row for number, row in enumerate(rows)])
    return replace(report, later=made)


@pytest.mark.parametrize(("p", "within"), [(0.4, "50"), (0.15, "80"), (0.95, "95"), (0.99, "outside")])
def test_the_narrowest_interval_that_holds_it(report, p, within):
    value = project(report, "signatures", "").law([decimal_year(DAY)]).quantile(p).item()
    figure = {"indicator": "signatures", "unit": "signatures", "value": str(value)}
    row = hindsight(later(report, figure)).iloc[0]
    assert (row["within"], row["unscored"]) == (within, "")
    assert row["p_below"] == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"definition": "other"}, "other_definition"),
        ({"as_of": "2020-03-31"}, "not_later"),
        ({"indicator": "iso_declarations"}, "no_projection"),
        ({"indicator": "lan", "as_of": "2026-12-31"}, "ended"),
        ({"as_of": "2022-04-26"}, "too_wide"),  # 0 to 20000
    ],
)
def test_what_cannot_be_scored_is_shown_with_the_reason(report, change, why):
    figure = {"indicator": "signatures", "unit": "signatures", "value": "2000"} | change
    row = hindsight(later(report, figure)).iloc[0]
    assert (row["unscored"], row["value"], row["within"]) == (why, 2000, "")
    assert np.isnan(row["p50"])


@pytest.mark.parametrize(("value", "met"), [("1949", True), ("900", False)])
def test_a_target_that_has_fallen_due_has_the_chance_given_to_what_happened(report, value, met):
    changed = later(
        report,
        {"indicator": "online_services", "level": "4", "unit": "services", "value": value, "as_of": "2025-12-31"},
    )
    rows = outcomes(changed, hindsight(changed)).set_index("target_id")
    # 30 % of 1949 procedures, 584.7 services, was asked for by 2020
    assert rows.loc["T022", "met"]
    given = target_probabilities(report).set_index("target_id")["p_at_least"]
    hundred = [code for code in rows.index if not met and not rows.loc[code, "met"]]
    assert bool(hundred) != met
    for code in rows.index:
        chance = given[code]
        assert rows.loc[code, "p_given"] == pytest.approx(chance if rows.loc[code, "met"] else 1 - chance)


def test_a_later_edition_of_the_same_body_is_held_against_the_earlier(report, tmp_path, monkeypatch):
    project_folder = tmp_path / "project"
    shutil.copytree(report.folder.parents[2] / "data", project_folder / "data")
    (project_folder / "notebooks").mkdir()
    newer = project_folder / "data/reports/tra-vinh-2021"
    shutil.copytree(project_folder / "data/reports/tra-vinh-2020", newer)
    about = (newer / "report.yml").read_text(encoding="utf-8")
    for old, new in (
        ("id: tra-vinh-2020", "id: tra-vinh-2021"),
        ('edition: "2020"', 'edition: "2021"'),
        ("data_date: 2020-03-31", "data_date: 2020-12-31"),
        ('issued: "2020-05"', 'issued: "2021-05"'),
    ):
        assert old in about
        about = about.replace(old, new)
    (newer / "report.yml").write_text(about, encoding="utf-8")
    form = (newer / "annex.csv").read_text(encoding="utf-8").replace("Năm 2020 (Tính đến 31/3)", "Năm 2020")
    (newer / "annex.csv").write_text(form, encoding="utf-8")
    monkeypatch.setenv("REFORMLIB_PROJECT", str(project_folder))
    earlier = load_report("tra-vinh-2020")
    (edition,) = later_editions(earlier)
    rows = hindsight(replace(earlier, later=earlier.later.iloc[:0]), [edition])
    assert set(rows["later"]) == {"tra-vinh-2021"} and set(rows["as_of"]) == {pd.Timestamp("2020-12-31")}
    assert later_editions(edition) == []
    signed = rows.set_index("indicator").loc["signatures"]
    assert (signed["value"], signed["unscored"]) == (1610, "")


def test_an_unknown_indicator_is_an_error_with_its_place(report, tmp_path):
    folder = shutil.copytree(report.folder, tmp_path / "tra-vinh-2020")
    text = (folder / "later.csv").read_text(encoding="utf-8").replace(",signatures,,", ",signature,,", 1)
    (folder / "later.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReformError, match=r"later\.csv, row 2, column indicator"):
        load_report(folder)


def test_the_page_says_nothing_without_later_figures(report):
    assert str(what_came_later(Page(replace(report, later=report.later.iloc[:0]), "en"))) == ""
    shown = str(what_came_later(Page(report, "en")))
    assert "no usable range is projected for its day" in shown and "72.52%" in shown
    figure = {"indicator": "signatures", "unit": "signatures", "value": "2000"}
    assert "within the 50% interval" in str(what_came_later(Page(later(report, figure), "en")))
