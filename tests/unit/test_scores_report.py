"""The second real report: scores of a survey, collected by others, with breaks that nothing is joined across."""

import pytest

from reformlib.analysis import load_report
from reformlib.load.catalogue import load_catalogue
from reformlib.load.meta import default_reports
from reformlib.measure.change import changes
from reformlib.project.plan import proposed_targets

DIMENSIONS = 8


@pytest.fixture(scope="module")
def scores():
    return load_report("tra-vinh-papi-2024")


def test_a_report_that_others_collected_is_taken_where_it_is_named(scores):
    assert scores.meta.secondary and not scores.meta.made_up
    assert scores.folder.name not in default_reports()


def test_the_total_is_that_of_the_dimensions_but_for_rounding(scores):
    figures = scores.observations.pivot(index="year", columns="indicator", values="value").loc[2018:]
    parts = figures.drop(columns="total")
    assert parts.shape == (7, DIMENSIONS) and parts.notna().all(axis=None)
    assert (figures["total"] - parts.sum(axis=1)).abs().max() < (DIMENSIONS + 1) * 0.0001 / 2
    assert figures.at[2023, "total"] == 40.1433  # as the portal of the province gives it


def test_the_dimensions_of_before_2018_are_joined_with_none_after(scores):
    first = changes(scores.observations).set_index("indicator")["first_as_of"].dt.year.to_dict()
    assert first == {
        **dict.fromkeys(["participation", "transparency", "accountability", "corruption", "services"], 2018),
        **{"environment": 2018, "e_governance": 2019, "procedures": 2021, "total": 2021},
    }
    before = scores.observations.query("year < 2018 and indicator in ('environment', 'e_governance', 'total')")
    assert len(before) == 21 and before["value"].isna().all()


def test_nothing_worse_than_the_present_level_is_proposed(scores):
    last = scores.observations.query("year == 2024").set_index("indicator")["value"]
    proposed = proposed_targets(scores).set_index("indicator")
    assert set(proposed["rule"]) == {"proposed", "hold"}
    assert (proposed["target"] >= last[proposed.index] - 1e-9).all()
    assert proposed.at["procedures", "rule"] == "hold" and proposed.at["procedures", "target"] == last["procedures"]


@pytest.mark.parametrize("form", ["papi", "par-index"])
def test_scores_are_given_out_of_their_points(form):
    indicators = load_catalogue(form).indicators
    assert set(indicators["measure"]) == {"score"} and set(indicators["unit"]) == {"points"}
    assert not indicators["whole"].any() and (indicators["decimals"] == 4).all()


def test_components_of_the_other_index_are_made_up_and_its_published_totals_stand_alone():
    published, example = load_report("tra-vinh-par-index-2023"), load_report("vi-du-par-index-2023")
    assert not published.meta.made_up and published.observations["value"].tolist() == [83.0, 85.79]
    assert example.meta.made_up and example.meta.place_vi != published.meta.place_vi
    figures = example.observations.pivot(index="year", columns="indicator", values="value")
    assert (figures["par_index"] - figures.drop(columns="par_index").sum(axis=1)).abs().max() < 1e-9
