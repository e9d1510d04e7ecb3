"""Agencies as rows and indicators as columns: a report of each."""

import pytest

from reformlib import cli
from reformlib.errors import ReformError
from reformlib.ingest import readers
from reformlib.ingest.agencies import agencies_of, ingest_agencies
from reformlib.ingest.match import Known
from reformlib.ingest.run import Questions
from reformlib.ingest.source import Grid, Source
from reformlib.load.catalogue import load_catalogue
from reformlib.load.report import load_report
from tests import ingest_files as made
from tests.synthetic import Layout

HEAD = ["TT", "Tỉnh, thành phố", "Cải cách thể chế", "Cải cách tài chính công", "Chỉ số cải cách hành chính"]
ROWS = [["1", "Hà Nội", "8,51", "9,2", "91,43"], ["2", "Tỉnh Bình Nguyên", "7,9", "", "85,02"]]
ABOVE = ["Kết quả chấm điểm cải cách hành chính năm 2023"]
OPTIONS = {"edition": "2023", "reader": readers.read}


@pytest.fixture(scope="module")
def known():
    return Known.of(load_catalogue("par-index"))


@pytest.mark.parametrize("name", ["scores.docx", "scores.xlsx", "scores.csv"])
def test_every_agency_gets_a_report(tmp_path, name):
    mean = ["", "Trung bình 63 tỉnh, thành phố", "8,2", "8,8", "88,22"]
    path = made.write(Layout("scores", [HEAD, *ROWS, mean], before=ABOVE), tmp_path / name)
    reports, left_out = ingest_agencies(path, tmp_path / "out", period="Năm 2023", **OPTIONS)
    assert [one.folder.name for one in reports] == ["ha-noi-2023", "tinh-binh-nguyen-2023"]
    assert len(left_out) == 1 and "Trung bình" in left_out[0]
    one, other = (load_report(one.folder, draft=True) for one in reports)
    assert one.meta.form == "par-index" and one.meta.unit_vi == one.meta.place_vi == one.meta.unit_en == "Hà Nội"
    figures = one.observations.set_index("indicator")["value"].to_dict()
    assert figures == {"institutions": 8.51, "finance": 9.2, "par_index": 91.43}
    assert one.meta.source_vi == name  # and no report of the agency
    # what an agency has no figure of stays missing
    assert other.observations.set_index("indicator")["status"].to_dict()["finance"] == "O"
    assert set(other.observations["period"]) == {"2023"}


def test_the_year_is_read_above_the_table_or_asked_for(known):
    grid = Grid("a.csv", [ABOVE, HEAD, *ROWS])
    assert agencies_of(Source("a.csv", [grid]), known).forms["Hà Nội"].rows == [
        ["STT", "Chỉ tiêu", "Năm 2023"],
        *[["", label, figure] for label, figure in zip(HEAD[2:], ROWS[0][2:], strict=True)],
    ]
    for above in (["Điểm năm 2023 so với năm 2022"], ["Điểm quý I năm 2023"], [""]):
        with pytest.raises(ReformError, match="which period are the figures of"):
            agencies_of(Source("a.csv", [Grid("a.csv", [above, HEAD, *ROWS])]), known)


def test_several_periods_stand_below_a_label(known):
    rows = [
        ["TT", "Tỉnh", "Cải cách thể chế", None, "Cải cách tài chính công", None],
        ["", "", "Năm 2022", "Năm 2023", "Năm 2022", "Năm 2023"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "Hà Nội", "8,1", "8,5", "9,0", "9,2"],
    ]
    source = Source("a.xlsx", [Grid("a.xlsx", rows, {(3, 3): "struck"})])
    (turned,) = agencies_of(source, known).forms.values()
    assert turned.rows[0] == ["STT", "Chỉ tiêu", "Năm 2022", "Năm 2023"]
    assert turned.rows[1:] == [["", "Cải cách thể chế", "8,1", "8,5"], ["", "Cải cách tài chính công", "9,0", "9,2"]]
    assert turned.doubts == {(1, 3): "struck"} and turned.place == "a.xlsx, row 4"


def test_a_rank_beside_a_score_is_not_taken_for_it(known):
    rows = [
        ["TT", "Tỉnh", "Cải cách thể chế", None, "Cải cách tài chính công", None],
        ["", "", "Điểm", "Xếp hạng", "Điểm", "Thứ hạng"],
        ["1", "Hà Nội", "8,51", "3", "9,2", "1"],
    ]
    read = agencies_of(Source("a.xlsx", [Grid("a.xlsx", rows)]), known, "Năm 2023")
    assert [row[2] for row in read.forms["Hà Nội"].rows] == ["Năm 2023", "8,51", "9,2"]
    assert [line.rpartition(",")[2] for line in read.left_out] == [
        " column 4: ranks in «Cải cách thể chế»",
        " column 6: ranks in «Cải cách tài chính công»",
    ]
    rows[1] = ["", "", "Tự chấm", "Thẩm định", "", None]
    with pytest.raises(ReformError, match="«Cải cách thể chế», Năm 2023 heads two columns: 3 and 4"):
        agencies_of(Source("a.xlsx", [Grid("a.xlsx", rows)]), known, "Năm 2023")


def test_a_row_that_numbers_columns_with_a_gap_is_no_agency(known):
    rows = [
        ["TT", "Tỉnh", "Cải cách thể chế", "Cải cách tài chính công"],
        ["(1)", "(2)", "(4)", "(6)"],
        ["1", "Hà Nội", "8,51", "9,2"],
    ]
    read = agencies_of(Source("a.xlsx", [Grid("a.xlsx", rows)]), known, "Năm 2023")
    assert (list(read.forms), read.left_out) == (["Hà Nội"], ["a.xlsx, row 2: «(2)», no agency"])


def test_nothing_is_written_where_one_of_the_folders_lies_there(tmp_path):
    path = made.write(Layout("scores", [HEAD, *ROWS], before=ABOVE), tmp_path / "scores.csv")
    (there := tmp_path / "out" / "tinh-binh-nguyen-2023").mkdir(parents=True)
    (there / "other.txt").write_text("kept")
    with pytest.raises(ReformError, match="holds something else"):
        ingest_agencies(path, tmp_path / "out", period="Năm 2023", **OPTIONS)
    assert [one.name for one in (tmp_path / "out").iterdir()] == [there.name]


def test_an_agency_in_two_rows_is_told(known):
    grid = Grid("a.csv", [ABOVE, HEAD, ROWS[0], ROWS[1], ROWS[0]])
    with pytest.raises(ReformError, match="«Hà Nội» stands in two rows"):
        agencies_of(Source("a.csv", [grid]), known)


def test_doubts_of_all_agencies_are_asked_together_and_nothing_is_written(tmp_path, capfd):
    rows = [[*row[:2], f"khoảng {row[2]}", *row[3:]] for row in ROWS]
    path = made.write(Layout("scores", [HEAD, *rows], before=ABOVE), tmp_path / "scores.docx")
    with pytest.raises(Questions) as asked:
        ingest_agencies(path, tmp_path / "out", **OPTIONS)
    assert asked.value.answers.count("khoảng") == 2 and asked.value.answers.count("kind,printed,means") == 1
    assert not (tmp_path / "out").exists()
    answers = tmp_path / "answers.csv"
    answers.write_text(asked.value.answers, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        arguments = ["ingest-agencies", str(path), "--edition", "2023", "-o", str(tmp_path / "out")]
        cli.main([*arguments, "--mapping", str(answers)])
    assert not ended.value.code and len(list((tmp_path / "out").iterdir())) == 2
    assert "tinh-binh-nguyen-2023" in capfd.readouterr().out
