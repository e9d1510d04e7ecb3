"""A department of a province that goes on, reporting in January 2026 on a form that it brings itself: all its pages."""

from __future__ import annotations

import pytest

from reformlib.analysis import load_report
from reformlib.ingest import readers
from reformlib.ingest.run import ingest
from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults
from tests.form_files import six_filled_in, write_form
from tests.notebooks.test_other_reports import fragments

UNIT = "Sở Nội vụ tỉnh Nghệ An"
# T088: 30 % of results at the end of 2021; T016: due in 2020; T106: a share of a total that is not stated; T113: a rank
# that one province set itself
MAPPING = [
    {"target": "T088", "indicator": "digitised", "measure": "value", "mapping_quality": "proxy"},
    {"target": "T016", "indicator": "on_time", "measure": "value", "mapping_quality": "proxy"},
    {"target": "T106", "indicator": "full_online", "measure": "share", "mapping_quality": "direct"},
    {"target": "T113", "indicator": "reuse_units", "measure": "value", "mapping_quality": "proxy"},
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    form = write_form(folder / "six", target_mapping=MAPPING)
    letter = ["UBND TỈNH NGHỆ AN", "SỞ NỘI VỤ", "Nghệ An, ngày 08 tháng 01 năm 2026", "BÁO CÁO"]
    letter += ["Kết quả công tác cải cách hành chính giai đoạn 2021 - 2025"]
    path = six_filled_in(folder, letter=letter)
    made = ingest(path, folder / "so-noi-vu", form=form, unit=UNIT, edition="2025", reader=readers.read)
    told = made.folder / "report.yml"
    lines = [
        line.partition(": ")[0] + ": Department of Home Affairs" if "[to be filled in" in line else line
        for line in told.read_text("utf-8").splitlines()
    ]
    told.write_text("\n".join(lines), "utf-8")
    return load_report(made.folder)


def test_only_what_binds_the_department_is_held_against_it(report):
    assert (report.meta.level, report.meta.place_vi, report.meta.form) == ("province", "Nghệ An", "six")
    assert report.meta.exists_until is None
    rows = report.gaps().set_index("target_id")
    assert rows.loc["T088", ["value", "target", "verdict"]].tolist() == [22.0, 30.0, "missed"]
    assert rows.loc["T016", ["verdict", "reason"]].tolist() == ["context", "before_figures"]
    assert rows.loc["T106", ["verdict", "reason"]].tolist() == ["not_assessable", "no_report_universe"]
    assert "T113" not in rows.index
    assert not {"T020", "T021", "T022"} & set(rows.index)  # Resolution 17 ended with 2020
    assert set(report.projections()["basis"]) == {"fitted"}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("notebook", "says"), [("01", "2021–2025"), ("02", {"vi": "không đạt", "en": "missed"}), ("03", "2026–2027")]
)
def test_its_pages_are_whole_and_say_nothing_of_another_place(report, notebook, says, language):
    shown = fragments(notebook, report=str(report.folder), language=language)
    assert [fault for fragment in shown for fault in faults(clean(str(fragment)), language)] == []
    text = " ".join(map(str, shown))
    assert (says if isinstance(says, str) else says[language]) in text and "Phụ lục 7" not in text
    assert not [word for word in ("Trà Vinh", "Vĩnh Long", "2011", "T113") if word in text]
