"""Rows as a form numbers them, «7.1» and «II.3.a», in the order in which they stand there."""

import pytest

from reformlib.analysis import load_report
from reformlib.check.annex import each_series
from reformlib.check.finding import cell_place
from reformlib.errors import ReformError
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
    assert report.observations["place"].iloc[-1] == "Form numbered, row 7.1, 2025"
    assert list(empty_form(report.catalogue, ["Năm 2021"])["form_row"]) == NUMBERS
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


# A form with a total and three levels, each in a row of its own, and a second row broken down by the same words.
LEVELS = [("province", "Cấp tỉnh"), ("district", "Cấp huyện"), ("commune", "Cấp xã")]
SERVICES = SIX[4] | {"form_row": "7", "name_vi": "Số thủ tục cung cấp trực tuyến"}
RECEIVED = SIX[2] | {"form_row": "8", "name_vi": "Số hồ sơ tiếp nhận"}
PARTS = [
    {"indicator": row["indicator"], "category": code, "name_vi": name, "name_en": code, "words": ""}
    | {"form_row": f"{row['form_row']}.{at}"}
    for row in (SERVICES, RECEIVED)
    for at, (code, name) in enumerate(LEVELS, start=1)
]


@pytest.fixture(scope="module")
def by_level(tmp_path_factory):
    return write_form(tmp_path_factory.mktemp("forms") / "by_level", [SERVICES, RECEIVED], categories=PARTS)


def levels_filled_in(path, numbers, names=("Cấp tỉnh", "- Cấp huyện", "Cấp xã"), total=("741", "688")):
    rows = [["STT", "Chỉ tiêu", "Năm 2024", "Năm 2025"], [numbers[0], SERVICES["name_vi"], *total]]
    rows += [
        [number, name, f"{at + 1}10", f"{at + 1}20"]
        for at, (number, name) in enumerate(zip(numbers[1:4], names, strict=True))
    ]
    rows += [[numbers[4], RECEIVED["name_vi"], "", ""]]
    rows += [[number, name, "1.000", "2.000"] for number, name in zip(numbers[5:], names, strict=True)]
    return made.write(Layout("by_level", rows), path)


NUMBERED = ["7", "7.1", "7.2", "7.3", "8", "8.1", "8.2", "8.3"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("report.docx", NUMBERED),
        ("report.xlsx", ["7.", "", "", "", "8.", "", "", ""]),
        ("report.csv", ["7", "a)", "b)", "c)", "8", "a)", "b)", "c)"]),
    ],
)
def test_levels_in_rows_of_their_own_are_read_below_their_total(tmp_path, by_level, name, numbers):
    report = load_report(
        ingest(levels_filled_in(tmp_path / name, numbers), tmp_path / "out", form=by_level, **OPTIONS).folder
    )
    assert list(report.annex["form_row"]) == NUMBERED
    found = report.observations.query("year == 2025").set_index(["form_row", "level"])["value"].to_dict()
    # row 7 has a total, row 8 is only a heading
    assert found == {
        **{("7", ""): 688, ("7.1", "province"): 120, ("7.2", "district"): 220, ("7.3", "commune"): 320},
        **{("8.1", "province"): 2000, ("8.2", "district"): 2000, ("8.3", "commune"): 2000},
    }
    assert "row 7.2, 2025" in report.observations.query("level == 'district'")["place"].iloc[1]
    place = cell_place(report, [("full_online", "district"), ("full_online", "")])
    assert written(place, "en") == "Form by_level, rows 7, 7.2"
    assert len(each_series(report)) == 7


def test_a_level_with_the_number_of_another_is_asked_about(tmp_path, by_level):
    path = levels_filled_in(tmp_path / "report.docx", ["7", "7.2", "7.1", "7.3", *NUMBERED[4:]])
    with pytest.raises(Questions, match=r"the number 7\.2 belongs to «Số thủ tục cung cấp trực tuyến, Cấp huyện»"):
        ingest(path, None, form=by_level, **OPTIONS)


def test_a_level_keeps_its_corrections_and_labels(tmp_path, by_level):
    names = ("Cấp tỉnh", "Số cấp huyện", "Cấp xã")
    path = levels_filled_in(tmp_path / "report.docx", NUMBERED, names)
    answers = tmp_path / "answers.csv"
    answers.write_text('kind,printed,means\ncell,"report.docx, table 1, row 3, Năm 2025",7\n', encoding="utf-8")
    folder = ingest(path, tmp_path / "out", form=by_level, mapping=answers, **OPTIONS).folder
    report = load_report(folder)
    assert report.observations.query("form_row == '7.1'")["value"].tolist() == [110, 7]
    assert report.observations.query("form_row == '7'")["value"].tolist() == [741, 688]
    annex = folder / "annex.csv"
    annex.write_text(annex.read_text("utf-8").replace("7.1,Cấp tỉnh", "7.1,Cấp xã"), encoding="utf-8")
    with pytest.raises(ReformError, match="the label is «Cấp xã», the form by_level has «Cấp tỉnh»"):
        load_report(folder)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (PARTS[1] | {"form_row": ""}, "must be filled for all categories of full_online, or for none"),
        (PARTS[1] | {"form_row": "8"}, "must stand in the form once; found '8'"),
    ],
)
def test_rows_of_categories_are_all_there_and_apart(tmp_path, row, says):
    form = write_form(tmp_path / "wrong", [SERVICES, RECEIVED], categories=[PARTS[0], row, *PARTS[2:]])
    with pytest.raises(ReformError, match=f"categories.csv, row 3, column form_row: {says}"):
        load_catalogue(form)
