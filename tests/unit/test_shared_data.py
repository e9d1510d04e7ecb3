"""What bodies, targets and forms say of each other: places that are there, bases where there is something to count."""

from __future__ import annotations

from datetime import date

import pytest

from reformlib.load.catalogue import load_catalogue
from reformlib.load.form import completed
from reformlib.load.report import load_report
from reformlib.paths import form_names


@pytest.fixture(scope="module")
def shared():
    return load_catalogue("phu-luc-7")


def test_sixty_three_provinces_of_which_fifty_two_became_twenty_three(shared):
    """Resolution 202/2025/QH15: 34 provinces and cities from 1 July 2025, eleven of them as they were."""
    units = shared.units
    provinces = units[units["name_vi"] == units["place_vi"]]
    ended = provinces[provinces["exists_until"] != ""]
    assert (len(provinces), len(ended)) == (63, 52)
    assert set(ended["exists_until"]) == {"2025-06-30"}
    named = ended["successor_vi"].str.replace("^(?:tỉnh|thành phố) | mới$", "", regex=True)
    renewed = ended[ended["name_vi"] == named]
    assert len(renewed) == 23 and set(named) == set(renewed["name_vi"])
    assert renewed["successor_vi"].str.endswith(" mới").all()


@pytest.mark.parametrize(
    ("place", "edition", "until", "successor"),
    [
        ("Đồng Tháp", 2024, "2025-06-30", "tỉnh Đồng Tháp mới"),
        ("Đồng Tháp", 2025, "None", ""),  # of the new province, which goes on
        ("Trà Vinh", 2025, "2025-06-30", "tỉnh Vĩnh Long"),
        ("Nghệ An", 2024, "None", ""),
    ],
)
def test_a_department_learns_of_the_end_of_its_province(shared, place, edition, until, successor):
    meta = load_report("tra-vinh-2020").meta.model_copy(
        update={"unit_vi": f"Sở A tỉnh {place}", "place_vi": place, "data_date": date(edition, 12, 31)}
        | {"exists_until": None, "successor_vi": "", "successor_en": ""}
    )
    made = completed(meta, shared)
    assert (str(made.exists_until), made.successor_vi) == (until, successor)


def test_every_body_has_a_source_and_a_place_that_is_there(shared):
    units = shared.units
    assert (units["source"] != "").all()
    assert set(units["place_vi"]) <= set(units.loc[units["name_vi"] == units["place_vi"], "name_vi"])


def test_a_target_of_one_place_names_one_that_is_there(shared):
    placed = shared.targets[shared.targets["place"] != ""]
    assert placed["id"].tolist() == [f"T{number}" for number in range(113, 119)]
    assert set(placed["place"]) <= set(shared.units["place_vi"])


def test_a_share_says_what_it_is_a_share_of(shared):
    shares = shared.targets[shared.targets["unit"].str.startswith("%")]
    assert len(shares) > 90 and (shares["base"] != "").all()


@pytest.mark.parametrize("form", [name for name in form_names() if len(load_catalogue(name).target_mapping)])
def test_a_value_is_compared_only_with_targets_of_one_base_a_row(form):
    """Figures of one row count one thing: targets that they are held against by their value count the same, or a
    narrower or wider base that a caveat names."""
    catalogue = load_catalogue(form)
    base = catalogue.targets.set_index("id")["base"]
    rows = catalogue.target_mapping.query("measure == 'value' and caveat == ''")
    assert len(rows)
    assert rows.assign(base=rows["target"].map(base)).groupby("indicator")["base"].nunique().max() == 1
