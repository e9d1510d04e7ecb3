"""The years that a report covers: its headings say them, its text confirms them or makes a question."""

import pytest

from reformlib.errors import ReformError
from reformlib.ingest import readers
from reformlib.ingest.period import known_period, period_of
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


# --- periods that headings name, and those that they do not --------------------------------------------------------

SIGNED, RATE = ["5", "Số lượng chữ ký số"], ["6", "Tỷ lệ công chức có hộp thư điện tử"]


def drafted(tmp_path, heads, *rows, merges=()):
    """What is made of a table with these headings; of one row of headings every figure is the number of its column."""
    if not rows:
        body = [[*SIGNED, *map(str, range(len(heads)))], [*RATE, *(f"{at}%" for at in range(len(heads)))]]
        rows = [["STT", "Chỉ tiêu", *heads], *body]
    return made.drafted(made.write(Layout("test", list(rows), merges=list(merges)), tmp_path / "form.docx"))


def test_a_half_year_signed_before_the_year_is_over_is_a_question(tmp_path):
    lines = ["Công tác cải cách hành chính 6 tháng đầu năm 2025", PROGRAMME.replace("2021 - 2030", "2021 - 2025")]
    letter = [*LETTER[:2], "Bình Nguyên, ngày 10 tháng 7 năm 2025", "BÁO CÁO", *lines]
    rows = [["STT", "Chỉ tiêu", *HEADS], [*SIGNED, *"12345"], [*RATE, *(f"9{at}%" for at in range(5))]]
    path = made.write(Layout("test", rows, before=letter), tmp_path / "form.docx")
    options = {"unit": "Sở Nội vụ tỉnh Bình Nguyên", "edition": "2025", "reader": readers.read, "form": "phu-luc-7"}
    with pytest.raises(Questions, match="the report was signed by 10/7/2025") as asked:
        ingest(path, tmp_path / "out", **options)
    assert asked.value.answers == "kind,printed,means\nheading,Năm 2025,6 tháng đầu năm 2025\n"
    folder = ingest(path, tmp_path / "out", accept=True, **options).folder
    last = load_report(folder).points["signatures"][-1]
    assert (last.period, str(last.as_of.date()), last.value) == ("2025-S1", "2025-06-30", 5)


@pytest.mark.parametrize(
    ("heading", "title", "issued", "proposed"),
    [
        ("Năm 2025", "", "2025-12-05", "Năm 2025 (Tính đến 5/12)"),
        ("Năm 2025", "", "2025-05", "Năm 2025 (Tính đến 31/5)"),
        ("Năm 2025", "", "2026-01-05", "Năm 2025"),
        ("Ước năm 2025", "", "2025-12-05", "Ước năm 2025"),
        ("Năm 2025", "", "2024-12-05", "-"),
        ("Năm 2025", "Kết quả quý I năm 2025", "", "Quý I năm 2025"),
        ("Năm 2024", "Kết quả năm 2024, nhiệm vụ 6 tháng đầu năm 2025", "2025-01-10", "Năm 2024"),
        ("Năm 2025", "6 tháng đầu năm 2025", "2025-06-10", "6 tháng đầu năm 2025 (từ 1/1/2025 đến 10/6/2025)"),
        ("Quý II/2025", "", "2025-06-10", "Quý II/2025 (từ 1/4/2025 đến 10/6/2025)"),
    ],
)
def test_what_a_report_can_know_of_a_period(heading, title, issued, proposed):
    meaning, why = known_period(heading, {"title_vi": title, "issued": issued})
    assert meaning == proposed and bool(why) == (meaning != heading)


def test_quarters_and_parts_of_a_year_stand_side_by_side(tmp_path):
    heads = ["Quý I/2020 (từ 15/12/2019 đến 14/3/2020)", "Quý II/2020", "6 tháng đầu năm 2020", "9 tháng năm 2020"]
    heads += ["Năm 2020", "Tháng 1/2021"]
    draft = drafted(tmp_path, heads)
    assert list(draft.annex.columns[2:]) == heads and draft.open == []
    assert draft.annex.iloc[0, 2:].tolist() == list("012345")


def test_quarters_under_their_year(tmp_path):
    rows = [["STT", "Chỉ tiêu", "Năm 2019", "", "Năm 2020", "", ""], ["", "", "Quý III", "Quý IV", "Quý I", "6 tháng"]]
    rows[1].append("Cả năm")
    rows += [[*SIGNED, *"12345"], [*RATE, *(f"{at}%" for at in range(5))]]
    draft = drafted(tmp_path, [], *rows, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 6)])
    heads = ["Quý III năm 2019", "Quý IV năm 2019", "Quý I năm 2020", "6 tháng năm 2020", "Năm 2020"]
    assert list(draft.annex.columns[2:]) == heads and draft.annex.iloc[0, 2:].tolist() == list("12345")


def test_an_estimate_is_read_and_a_plan_is_kept_apart(tmp_path):
    draft = drafted(tmp_path, ["Thực hiện năm 2019", "Ước thực hiện năm 2020", "Kế hoạch 2021"])
    assert list(draft.annex.columns[2:]) == ["Năm 2019", "Ước năm 2020"] and draft.open == []
    assert [fields["heading"] for code, fields in draft.remarks if code == "plan_column"] == ["Kế hoạch 2021"]


def test_a_day_alone_is_a_question(tmp_path):
    draft = drafted(tmp_path, ["31/12/2019", "30/6/2020", "Đến 30/9/2020"])
    assert [(doubt.printed, doubt.answer) for doubt in draft.open] == [
        ("31/12/2019", "Năm 2019"),
        ("30/6/2020", "Năm 2020 (Tính đến 30/6)"),
        ("Đến 30/9/2020", "Năm 2020 (Tính đến 30/9)"),
    ]
    assert list(draft.annex.columns[2:]) == [doubt.answer for doubt in draft.open]


@pytest.mark.parametrize(
    ("heads", "told"),
    [
        (["Quý I/2020 (từ 15/12/2019 đến 14/3/2020)", "Quý II/2020 (từ 1/3/2020 đến 30/6/2020)"], "share days"),
        (["Quý I/2020", "Quý 1 năm 2020"], "a period heads more than one column: 2020-Q1"),
    ],
)
def test_periods_that_overlap_are_refused(tmp_path, heads, told):
    with pytest.raises(ReformError, match=told) as refused:
        drafted(tmp_path, heads)
    assert refused.value.where == "form.docx, table 1" and refused.value.fix


def test_a_period_that_ends_before_it_starts_is_a_question_that_says_so(tmp_path):
    (doubt,) = drafted(tmp_path, ["Quý I/2020 (từ 14/3/2020 đến 15/12/2019)", "Quý II/2020"]).open
    assert doubt.detail == "it ends on 2019-12-15, before it starts, 2020-03-14"


# --- plan and result in lines of their own ------------------------------------------------------------------------

RESULT, PLAN = [["11", "21"], ["80%", "81%"]], [["10", "20"], ["90%", "91%"]]


def lines(first, second, *, side, more=()):
    """Two lines an indicator, told apart in a column of its own (`side`), or by labels below that of the row."""
    rows = [["STT", "Chỉ tiêu", *(["Nội dung"] if side else []), "Năm 2018", "Năm 2019"]]
    for at, row in enumerate((SIGNED, RATE)):
        if side:
            rows += [[*row, first[0], *first[1][at]], ["", "", second[0], *second[1][at]]]
            rows += [["", "", *words] for words in more]
        else:
            rows += [[*row, "", ""], ["", first[0], *first[1][at]], ["", second[0], *second[1][at]]]
    return rows


@pytest.mark.parametrize("side", [True, False])
@pytest.mark.parametrize("plan_first", [True, False])
def test_lines_of_plans_are_no_results(tmp_path, side, plan_first):
    pair = [("Kế hoạch", PLAN), ("Thực hiện", RESULT)]
    draft = drafted(tmp_path, [], *lines(*(pair if plan_first else pair[::-1]), side=side))
    assert draft.annex.iloc[:, 2:].to_numpy().tolist() == RESULT and draft.open == []
    assert [code for code, _ in draft.remarks].count("plan_row") == 2


def test_a_year_without_a_result_stays_empty_beside_its_plan(tmp_path):
    result = [["11", ""], ["80%", ""]]
    draft = drafted(tmp_path, [], *lines(("Thực hiện", result), ("Kế hoạch", [["", "25"], ["", "95%"]]), side=True))
    assert draft.annex.iloc[:, 2:].to_numpy().tolist() == result


def test_a_line_that_is_neither_is_a_question(tmp_path):
    result = [["11", ""], ["80%", ""]]
    more = [["Tỷ lệ đạt", "", "96%"]]
    draft = drafted(tmp_path, [], *lines(("Thực hiện", result), ("Kế hoạch", PLAN), side=True, more=more))
    assert [(doubt.printed, doubt.why[0]) for doubt in draft.open] == [("96%", "line")] * 2


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_letterhead_over_the_form_in_a_sheet_says_when_the_report_was_signed(tmp_path, suffix):
    rows = [["STT", "Chỉ tiêu", "Năm 2021", "Năm 2022"], ["5", "Số lượng chữ ký số", "212", "388"]]
    rows.append(["6", "Tỷ lệ công chức có hộp thư điện tử", "82%", "88%"])
    given = {"unit": "Sở Nội vụ", "edition": "2022", "reader": readers.read, "form": "phu-luc-7"}
    over = [[line, "", "", ""] for line in [*LETTER, TITLE]]
    path = made.write(Layout("sheet", [*over, *rows]), tmp_path / f"form.{suffix}")
    fields = ingest(path, None, **given).fields
    assert (fields["issued"], fields["number"], fields["title_vi"]) == ("2026-01-05", "12/BC-SNV", TITLE)
    over[2][0] = "Bình Nguyên, ngày 10 tháng 6 năm 2022"
    path = made.write(Layout("sheet", [*over, *rows]), tmp_path / f"early.{suffix}")
    with pytest.raises(Questions) as asked:
        ingest(path, None, **given)
    assert "heading,Năm 2022," in asked.value.answers
