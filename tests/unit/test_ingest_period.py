"""The years that a report covers: its headings say them, its text confirms them or makes a question."""

import pytest

from reformlib.errors import ReformError
from reformlib.ingest import readers
from reformlib.ingest.period import period_of
from reformlib.ingest.run import Questions, ingest
from reformlib.load.report import load_report
from tests import ingest_files as made
from tests.synthetic import Layout

HEADS = [f"Năm {year}" for year in range(2021, 2026)]
LETTER = ["SỞ NỘI VỤ", "Số: 12/BC-SNV", "Bình Nguyên, ngày 05 tháng 01 năm 2026", "BÁO CÁO"]
TITLE = "Kết quả công tác cải cách hành chính năm 2025"
PROGRAMME = "Căn cứ Nghị quyết số 76/NQ-CP về Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021 - 2030"
BEFORE = "Tiếp theo kết quả giai đoạn 2011 - 2020, trong giai đoạn 2021 - 2025 Sở đã triển khai:"


def report(tmp_path, *lines, **options):
    """A Word file with five years and a letter, ingested; the folder and what was made of it."""
    rows = [["STT", "Chỉ tiêu", *HEADS], ["5", "Số lượng chữ ký số", "212", "388", "641", "907", "1.318"]]
    rows.append(["6", "Tỷ lệ công chức có hộp thư điện tử", "82%", "88%", "94%", "97,5%", "100%"])
    path = made.write(Layout("test", rows, before=[*LETTER, *lines]), tmp_path / "form.docx")
    target = tmp_path / "out"
    options = {
        "unit": "Sở Nội vụ tỉnh Bình Nguyên",
        "edition": "2025",
        "reader": readers.read,
        "form": "phu-luc-7",
    } | options
    return target, ingest(path, target, **options)


def covered(folder):
    meta = load_report(folder).meta
    return meta.period_start, meta.period_end


def test_a_programme_named_in_the_preamble_is_no_period_of_the_report(tmp_path):
    with pytest.raises(Questions) as asked:
        report(tmp_path, TITLE, PROGRAMME)
    assert asked.value.answers == "kind,printed,means\nperiod,giai đoạn 2021 - 2030,2021-2025\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("answer", "years"), [("2021-2025", (2021, 2025)), ("2021 - 2030", (2021, 2030))])
def test_a_mapping_file_says_which_period_is_meant(tmp_path, answer, years):
    mapping = tmp_path / "answers.csv"
    mapping.write_text(f"kind,printed,means\nperiod,giai đoạn 2021 - 2030,{answer}\n", encoding="utf-8")
    folder, done = report(tmp_path, TITLE, PROGRAMME, mapping=mapping)
    assert covered(folder) == years
    assert "giai đoạn 2021 - 2030" in (folder / "ingestion.html").read_text(encoding="utf-8")
    assert [doubt.settled for doubt in done.draft.doubts] == ["mapping"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("the last years", "no period"),
        ("2025-2021", "no period"),
        ("2021-2024", "leaves out years"),
        ("2025", "leaves"),
    ],
)
def test_an_answer_that_cannot_be_the_period_is_refused(tmp_path, answer, told):
    mapping = tmp_path / "answers.csv"
    mapping.write_text(f"kind,printed,means\nperiod,giai đoạn 2021 - 2030,{answer}\n", encoding="utf-8")
    with pytest.raises(ReformError, match=told):
        report(tmp_path, TITLE, PROGRAMME, mapping=mapping)


def test_one_year_is_written_as_one():
    _, (doubt,) = period_of(["Năm 2024"], TITLE, [PROGRAMME], {}, "form.docx")
    assert doubt.answer == "2024"
    answers = {"giai đoạn 2021 - 2030": "2024"}
    assert period_of(["Năm 2024"], TITLE, [PROGRAMME], answers, "form.docx")[0] == (2024, 2024)


def test_accepted_the_period_is_that_of_the_headings(tmp_path):
    assert covered(report(tmp_path, TITLE, PROGRAMME, accept=True)[0]) == (2021, 2025)


def test_a_text_that_names_the_years_of_the_headings_confirms_them(tmp_path):
    folder, done = report(tmp_path, TITLE, BEFORE)
    assert covered(folder) == (2021, 2025) and done.draft.doubts == []


@pytest.mark.parametrize(
    ("headings", "title", "lines", "years", "asked"),
    [
        (HEADS, "", [], (2021, 2025), ""),
        (HEADS, "Tổng kết giai đoạn 2021 – 2025", [PROGRAMME], (2021, 2025), ""),
        (HEADS, "Tổng kết từ năm 2021 đến năm 2025", [PROGRAMME], (2021, 2025), ""),
        (HEADS, "Tổng kết giai đoạn 2021-2030", [BEFORE], (2021, 2025), ""),
        (HEADS, "Tổng kết giai đoạn 2021-2030", [], (2021, 2025), "giai đoạn 2021-2030"),
        # a title that begins earlier says what the report covers; the form shows a part of it
        (HEADS, "Tổng kết giai đoạn 2016 - 2025", [], (2016, 2025), "giai đoạn 2016 - 2025"),
        (HEADS, "", ["kết quả giai đoạn 2016 - 2025"], (2021, 2025), "giai đoạn 2016 - 2025"),
        (["Năm 2025 (Tính đến 30/6)"], TITLE, [PROGRAMME], (2025, 2025), ""),
        (["Năm 2024"], TITLE, [PROGRAMME], (2024, 2024), "giai đoạn 2021 - 2030"),
        (HEADS[::-1], "", ["giai đoạn 2025 - 2021"], (2021, 2025), ""),
    ],
)
def test_the_period_and_what_is_asked(headings, title, lines, years, asked):
    found, doubts = period_of(headings, title, lines, {}, "form.docx")
    assert (found, [doubt.printed for doubt in doubts]) == (years, [asked] if asked else [])


def test_a_title_over_the_table_of_a_sheet_is_a_text_too(tmp_path):
    rows = [["Kết quả cải cách hành chính giai đoạn 2016 - 2020", *[""] * 5], ["Chỉ tiêu", *HEADS]]
    rows += [["Số lượng chữ ký số", "212", "388", "641", "907", "1.318"]]
    rows += [["Tỷ lệ công chức có hộp thư điện tử", "82%", "88%", "94%", "97,5%", "100%"]]
    path = tmp_path / "form.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    with pytest.raises(Questions, match="giai đoạn 2016 - 2020"):
        ingest(path, tmp_path / "out", form="phu-luc-7", unit="Sở X", edition="2025", reader=readers.read)
    assert not (tmp_path / "out").exists()
