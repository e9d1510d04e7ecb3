"""Whose report it is: unit, place and edition; two folders of one are refused wherever several reports meet."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reformlib import cli
from reformlib.check.folders import check_folders
from reformlib.compare import side_by_side as compare
from reformlib.compare.editions import diff
from reformlib.errors import ReformError
from reformlib.load.identity import alphabetical, twins, whose
from reformlib.load.report import load_report
from reformlib.present.comparison import series
from reformlib.present.page import Page
from reformlib.render.run.index import index_pages
from reformlib.render.run.ledger import Ledger
from reformlib.render.run.plan import jobs_of, read_plan
from tests.synthetic import stated, write_report

DEPARTMENT = {"unit_vi": "Sở Nội vụ", "unit_en": "Department of Home Affairs"}


def department(parent: Path, seed: int, place: str, **fields: object) -> Path:
    about = DEPARTMENT | {"place_vi": place, "place_en": place} | fields
    return stated(write_report(parent, seed, narrative=False).folder, **about)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Departments of one name in two provinces, reporting for the same years."""
    parent = tmp_path_factory.mktemp("two")
    return [department(parent, seed, place) for seed, place in ((1, "Đồng Tháp"), (2, "Bến Tre"))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Sở Nội vụ tỉnh Đồng Tháp", "Đồng Tháp"), ("SỞ  NỘI VỤ", "tỉnh Đồng Tháp")),
        (("Sở Nội vụ", "Khánh Hoà"), ("Sở Nội vụ", "Khánh Hòa")),
        (("Sở Y tế", "Bà Rịa - Vũng Tàu"), ("Sở Y tế tỉnh Bà Rịa – Vũng Tàu", "Bà Rịa–Vũng Tàu")),
        (("UBND tỉnh Nghệ An", "Nghệ An"), ("Nghệ An", "Nghệ An")),
        (("Sở Nội vụ Thành phố Hồ Chí Minh", "Hồ Chí Minh"), ("Sở Nội vụ", "TP.HCM")),
        (("Ủy ban nhân dân TP. Thủ Đức", "TP Hồ Chí Minh"), ("UBND Thành phố Thủ Đức", "Thành phố Hồ Chí Minh")),
    ],
)
def test_a_unit_is_one_however_its_name_is_written(one, other):
    assert whose(*one) == whose(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Sở Nội vụ", "Đồng Tháp"), ("Sở Nội vụ", "Vĩnh Long")),
        (("UBND tỉnh Trà Vinh", "Trà Vinh"), ("UBND thành phố Trà Vinh", "Trà Vinh")),
        (("UBND tỉnh Trà Vinh", "Trà Vinh"), ("UBND thành phố Trà Vinh", "Thành phố Trà Vinh")),
        (("Công an tỉnh Trà Vinh", "Trà Vinh"), ("Công an thành phố Trà Vinh", "Trà Vinh")),
        (("Phường Vĩnh Long", "Vĩnh Long"), ("Xã Vĩnh Long", "Vĩnh Long")),
        (("Phường 1", "Vĩnh Long"), ("Phường 11", "Vĩnh Long")),
        (("UBND xã Tân An", "Cà Mau"), ("UBND xã Tấn An", "Cà Mau")),
    ],
)
def test_units_whose_names_are_alike_stay_two(one, other):
    assert whose(*one) != whose(*other)


def test_two_departments_of_one_name_are_two_units_with_their_place(two):
    found = compare.compare(",".join(map(str, two)))
    assert found.units["place_vi"].tolist() == ["Bến Tre", "Đồng Tháp"]
    assert found.units["editions"].tolist() == [1, 1] and found.differences.empty
    page = Page(found, "en")
    names = [series.label(page, report) for report in found.units["report"]]
    assert names == ["Department of Home Affairs, Bến Tre", "Department of Home Affairs, Đồng Tháp"]


def test_editions_of_one_unit_are_found_however_its_name_is_written(two, tmp_path):
    later = department(tmp_path, 1, "tỉnh Đồng Tháp", unit_vi="SỞ NỘI VỤ tỉnh Đồng Tháp", edition="2020", id="later")
    stated(later, data_date="2020-12-31")
    units, _cells = compare.stack(map(load_report, (later, *two)))
    assert compare.same_unit(units) == [("synthetic-00001-2019", "later")]
    assert units.set_index("report")["editions"].to_dict() == {
        "synthetic-00002-2019": 1,
        "synthetic-00001-2019": 2,
        "later": 2,
    }


@pytest.fixture(scope="module")
def twice(two, tmp_path_factory):
    """A report, and a copy of its folder under another name that says it is another report."""
    again = tmp_path_factory.mktemp("copied") / "copied-2019"
    shutil.copytree(two[0], again)
    return two[0], stated(again, id="copied-2019", unit_vi="Sở Nội vụ tỉnh Đồng Tháp", edition="năm 2019")


def refused(function, *arguments) -> str:
    with pytest.raises(ReformError, match="two folders hold a report of one unit, place and edition") as caught:
        function(*arguments)
    return str(caught.value)


def test_two_folders_of_one_unit_and_edition_are_refused_with_both_names(twice, tmp_path):
    reports = ",".join(map(str, twice))
    plan = tmp_path / "plan.yml"
    plan.write_text(
        "units:\n" + "".join(f"  - {{unit: u{n}, editions: ['1'], folder: {one}}}\n" for n, one in enumerate(twice)),
        encoding="utf-8",
    )
    for message in (
        refused(compare.compare, reports),
        refused(diff, *map(load_report, twice)),
        refused(jobs_of, list(twice), [], tmp_path),
        refused(read_plan, plan, tmp_path),
    ):
        assert all(str(folder) in message for folder in twice)
        assert "correct unit_vi, place_vi or edition" in message


def test_the_check_names_the_other_folder(twice):
    first, second = check_folders(twice)
    assert first.problems == []
    assert second.problems == [f"report.yml: Sở Nội vụ tỉnh Đồng Tháp, edition năm 2019 is in {twice[0]} too"]


def test_the_command_refuses_twins(twice, capfd):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["render", "04", "--report", str(twice[0]), "--report", str(twice[1]), "--dry-run"])
    assert stopped.value.code == 2
    assert "two folders hold a report of one unit, place and edition" in capfd.readouterr().err


def test_the_list_of_documents_names_the_place_and_the_twin(tmp_path):
    def made(place: str) -> dict:
        about = {"unit": {"vi": "Sở Nội vụ", "en": "Home Affairs"}, "place": {"vi": place, "en": place}}
        row = {"title": "Tài liệu", "status": "built"}
        return about | {"edition": "2024", "data_date": "2024-12-31", "documents": {"vi/01_first": row}}

    reports = {"c": made("Khánh Hòa"), "b": made("Khánh Hoà"), "a": made("Bến Tre")}
    page = index_pages(Ledger(tmp_path, reports), [])["index.html"]
    captions = re.findall(r"<caption>(Sở.*?)</caption>", page, re.DOTALL)
    assert [caption.partition(" · ")[0] for caption in captions] == [
        "Sở Nội vụ, Bến Tre",
        "Sở Nội vụ, Khánh Hoà",
        "Sở Nội vụ, Khánh Hòa",
    ]
    assert ["cùng đơn vị" in caption for caption in captions] == [False, False, True]
    assert "kỳ báo cáo với b" in captions[2]


def test_what_is_still_to_be_filled_in_is_like_nothing():
    here, there = Path("a"), Path("b")
    assert (
        twins([(here, "Sở Nội vụ", "[cần điền: tỉnh]", "2024"), (there, "Sở Nội vụ", "[cần điền: tỉnh]", "2024")]) == []
    )
    assert twins([(here, "Sở Nội vụ", "", "2024"), (there, "Sở Nội vụ", "", "2024")]) == []
    assert twins([(here, "Sở Nội vụ", "Huế", "2024"), (here, "Sở Nội vụ", "Huế", "2024")]) == []


@pytest.mark.parametrize(
    "names",
    [
        ["An Giang", "Anh Sơn", "Ăn", "Ân Thi", "Bến Tre"],  # Ă and Â are letters of their own
        ["Dĩ An", "Dương Minh Châu", "Đà Nẵng", "Đắk Lắk", "Điện Biên", "Đồng Nai", "Em"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],  # the tones, as dictionaries have them
        ["Oanh", "Ông", "Ơn", "Phú Thọ", "Ung Hòa", "Ưng"],
        ["Hà Nội", "Hải Phòng", "Hậu Giang", "Huế", "Hưng Yên"],
        ["Phường 2", "Phường 10", "Phường An", "Xã Duy", "Xã Đông"],  # numbers as numbers
    ],
)
def test_names_stand_in_the_order_of_the_vietnamese_alphabet(names):
    assert sorted(set(names), key=alphabetical) == names
