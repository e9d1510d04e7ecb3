"""Many files at once: a list or a folder, what fails harms no other, a run is taken up again, one account over all."""

import pytest

from reformlib import cli
from reformlib.errors import ReformError
from reformlib.ingest import batch, readers
from reformlib.load.report import load_report
from tests import ingest_files as made
from tests.synthetic import Layout

HEADS = ["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"]
SIGNED = ["5", "Số lượng chữ ký số", "408", "500"]
RATE = ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", "khoảng 91%"]
OPTIONS = {"form": "phu-luc-7", "reader": readers.read, "done": lambda outcome: None}


@pytest.fixture
def folder(tmp_path):
    """A folder of a file that is whole, one that has a question, and one that is broken."""
    (tmp_path / "in").mkdir()
    made.write(Layout("whole", [HEADS, SIGNED]), tmp_path / "in" / "Sở A.csv")
    made.write(Layout("asked", [HEADS, SIGNED, RATE]), tmp_path / "in" / "Sở B.csv")
    (tmp_path / "in" / "Sở C.docx").write_bytes(b"x")
    (tmp_path / "in" / "~$ Sở A.docx").write_bytes(b"x")
    return tmp_path / "in"


def states(outcomes):
    return {one.job.unit: one.state for one in outcomes}


def test_what_fails_harms_no_other_and_what_is_there_is_left_alone(tmp_path, folder):
    jobs = batch.jobs_of(folder, "2019")
    outcomes = batch.ingest_all(jobs, tmp_path / "out", **OPTIONS)
    assert states(outcomes) == {"Sở A": "written", "Sở B": "asked", "Sở C": "refused"}
    assert load_report(tmp_path / "out" / "so-a-2019", draft=True).meta.unit_vi == "Sở A"
    assert outcomes[1].answers == "kind,printed,means\ncell,khoảng 91%,91%\n"
    before = (tmp_path / "out" / "so-a-2019" / "annex.csv").stat().st_mtime_ns
    again = batch.ingest_all(jobs, tmp_path / "out", **OPTIONS)
    assert states(again) == {"Sở A": "there", "Sở B": "asked", "Sở C": "refused"}
    assert (tmp_path / "out" / "so-a-2019" / "annex.csv").stat().st_mtime_ns == before


def test_one_account_over_all_with_the_answers_proposed_beside_it(tmp_path, folder):
    outcomes = batch.ingest_all(batch.jobs_of(folder, "2019"), tmp_path / "out", **OPTIONS)
    page = batch.write_account(outcomes, tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    assert all(word in text for word in ("đã đọc đủ", "còn câu hỏi", "bị từ chối", "read whole", "refused"))
    assert "khoảng 91%" in text and "Sở C.docx is not what its name says" in text
    assert (tmp_path / "out" / "answers" / "so-b-2019.csv").read_text(encoding="utf-8") == outcomes[1].answers


def test_a_list_names_unit_edition_and_answers_of_each_file(tmp_path, folder):
    (folder / "answers.csv").write_text("kind,printed,means\ncell,khoảng 91%,91%\n", encoding="utf-8")
    listed = folder / "list.csv"
    listed.write_text(
        "file,unit,edition,place_vi,mapping\nSở A.csv,Sở Một,2019,Bình Nguyên,\nSở B.csv,Sở Hai,2019,,answers.csv\n",
        encoding="utf-8",
    )
    outcomes = batch.ingest_all(batch.jobs_of(listed), tmp_path / "out", **OPTIONS)
    assert states(outcomes) == {"Sở Một": "written", "Sở Hai": "written"}
    assert load_report(outcomes[0].folder, draft=True).meta.place_vi == "Bình Nguyên"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("file,unit\na.csv,Sở A\n", "a row that is not understood"),
        ("file,unit,edition\na.csv,,2019\n", "a row that is not understood"),
        ("file,unit,edition,other\na.csv,Sở A,2019,x\n", "a row that is not understood"),
        ("file,unit,edition\na.csv,Sở A,2019\nb.csv,Sở A,2019\n", "a.csv and b.csv are one report"),
        ("file,unit,edition\n", "there is no file to read"),
    ],
)
def test_a_list_that_is_not_understood_is_refused(tmp_path, content, told):
    (tmp_path / "list.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ReformError, match=told):
        batch.jobs_of(tmp_path / "list.csv")


def test_a_folder_without_an_edition_is_refused(folder):
    with pytest.raises(ReformError, match="says no edition"):
        batch.jobs_of(folder)


def test_the_command_fails_where_a_file_is_not_written(tmp_path, folder, capfd):
    arguments = ["ingest-all", str(folder), "--edition", "2019", "--form", "phu-luc-7", "-o", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 1
    told = capfd.readouterr()
    assert told.out.splitlines() == [str(tmp_path / "out" / "so-a-2019")]
    assert "not written: 2 of 3: Sở B.csv, Sở C.docx" in told.err
