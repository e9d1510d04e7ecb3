"""Rows as a form numbers them, «7.1» and «II.3.a», in the order in which they stand there."""

import pytest

from reformlib.analysis import load_report
from reformlib.check.finding import cell_place
from reformlib.ingest import readers
from reformlib.ingest.body import LEAD
from reformlib.ingest.run import Questions, ingest
from reformlib.load.blank import empty_form
from reformlib.load.catalogue import load_catalogue
from reformlib.present.findings import written
from tests import ingest_files as made
from tests.form_files import FIGURES, LETTER, SIX, YEARS, write_form
from tests.synthetic import Layout

NUMBERS = ["I.1", "I.2.a", "I.10", "II.2", "7", "7.1"]  # no order of numbers, nor of letters
OPTIONS = {"unit": "Sở Khoa học và Công nghệ tỉnh Bình Nguyên", "edition": "2025", "reader": readers.read}


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    rows = [row | {"form_row": number} for row, number in zip(SIX, NUMBERS, strict=True)]
    return write_form(tmp_path_factory.mktemp("forms") / "numbered", rows)


def filled_in(path, numbers, ends=""):
    rows = [[f"{n}{ends}", row["name_vi"], *cells] for n, row, cells in zip(numbers, SIX, FIGURES, strict=True)]
    return made.write(Layout("numbered", [["STT", "Chỉ tiêu", *YEARS], *rows], before=LETTER), path)


@pytest.mark.parametrize(("name", "ends"), [("report.docx", ""), ("report.xlsx", "."), ("report.csv", ")")])
def test_rows_keep_their_numbers_and_the_order_of_the_form(tmp_path, numbered, name, ends):
    done = ingest(filled_in(tmp_path / name, NUMBERS, ends), tmp_path / "out", form=numbered, **OPTIONS)
    report = load_report(done.folder)
    assert list(report.annex["form_row"]) == list(dict.fromkeys(report.observations["form_row"])) == NUMBERS
    assert report.observations["place"].iloc[-1] == "Biểu numbered, row 7.1, Năm 2025"
    assert list(empty_form(report.catalogue.indicators, ["Năm 2021"])["form_row"]) == NUMBERS
    series = [(row["indicator"], "") for row in SIX]
    assert written(cell_place(report, series[:3]), "en") == "Form numbered, rows I.1–I.10"
    assert written(cell_place(report, [series[4], series[0]]), "en") == "Form numbered, rows I.1, 7"


def test_a_number_that_is_another_rows_is_asked_about(tmp_path, numbered):
    path = filled_in(tmp_path / "report.docx", [*NUMBERS[:4], "7.1", "7"])
    with pytest.raises(Questions, match=r"the number 7\.1 belongs to") as asked:
        ingest(path, None, form=numbered, **OPTIONS)
    assert "full_online" in asked.value.answers


def test_tables_are_sorted_by_the_order_of_the_form(numbered):
    catalogue = load_catalogue(numbered)
    shuffled = catalogue.indicators.sort_values("name_en")
    assert list(shuffled["form_row"]) != NUMBERS
    assert list(shuffled.sort_values("form_row", key=catalogue.in_order)["form_row"]) == NUMBERS


@pytest.mark.parametrize(
    ("label", "number", "rest"),
    [
        *[("8. Số hồ sơ", "8", "Số hồ sơ"), ("Chỉ tiêu 8: Số", "8", "Số"), ("8.Số", "8", "Số")],
        *[("8.1. Số", "8.1", "Số"), ("II.3.a) Số", "II.3.a", "Số"), ("I.8 Số", "I.8", "Số")],
    ],
)
def test_the_number_in_front_of_a_label(label, number, rest):
    lead = LEAD.match(label)
    assert (lead["number"], label[lead.end() :]) == (number, rest)


@pytest.mark.parametrize("label", ["E-mail công vụ", "4 đơn vị", "Cấp tỉnh", "V Số"])
def test_words_and_counts_are_no_number_of_a_row(label):
    assert not LEAD.match(label)
