"""The notebooks on a folder that an ingestion made: other years or another form, a cell that could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformlib.ingest import readers
from reformlib.ingest.run import ingest
from reformlib.load.report import load_report
from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults
from tests.form_files import six_filled_in, write_form
from tests.ingest_files import write
from tests.notebooks.test_other_reports import fragments
from tests.synthetic import Layout, annex, consistent, headings


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ingested")
    form = annex(consistent(5, range(2020, 2025)), headings(range(2020, 2025)))
    form.loc[form["form_row"] == "13", "Năm 2023"] = "khoảng 95%"
    rows = [["STT", "Chỉ tiêu", *form.columns[2:]], *form.to_numpy().tolist()]
    path = write(Layout("synthetic", rows, before=["(số liệu giả lập)"]), folder / "form.docx")
    unit = "Đơn vị giả lập (synthetic)"
    return ingest(
        path,
        folder / "out",
        unit=unit,
        edition="2024",
        accept=True,
        form="phu-luc-7",
        reader=readers.read,
    ).folder


def test_a_reading_that_was_accepted_stands_beside_what_is_printed(made):
    row = load_report(made).observations.query("indicator == 'one_stop_share' and year == 2023").iloc[0]
    assert (row["raw"], row["value"]) == ("khoảng 95%", 95)
    assert row["note"] == "The cell «khoảng 95%» is read as «95%»."


@pytest.mark.parametrize(("notebook", "language"), [("01", "en"), ("02", "vi"), ("03", "en")])
def test_its_pages_are_whole(made, notebook, language):
    shown = fragments(notebook, report=str(made), language=language)
    assert [fault for fragment in shown for fault in faults(clean(str(fragment)), language)] == []


@pytest.fixture(scope="module")
def of_its_own_form(tmp_path_factory) -> Path:
    """A department of a province that was not merged, reporting in January 2026 on a form that it brings."""
    folder = tmp_path_factory.mktemp("brought")
    path = six_filled_in(folder)
    given = {"unit_en": "Department of Science and Technology", "place_en": "Nghệ An", "place_vi": "Nghệ An"}
    return ingest(
        path,
        folder / "out",
        unit="Sở Khoa học và Công nghệ tỉnh Nghệ An",
        edition="2025",
        given=given | {"title_en": "Results of administrative reform"},
        form=write_form(folder / "six"),
        reader=readers.read,
    ).folder


@pytest.mark.parametrize(("notebook", "language"), [("01", "vi"), ("02", "vi"), ("03", "vi"), ("03", "en")])
def test_a_report_on_a_form_of_its_own_gets_its_pages(of_its_own_form, notebook, language):
    shown = [str(fragment) for fragment in fragments(notebook, report=str(of_its_own_form), language=language)]
    assert [fault for text in shown for fault in faults(clean(text), language)] == []
    told = " ".join(shown)
    assert "741" in told or notebook == "02"
    for other in ("Số lượng chữ ký số", "Phụ lục 7", "Trà Vinh", "Vĩnh Long", "2011", "hợp nhất", "merge"):
        assert other not in told, other
