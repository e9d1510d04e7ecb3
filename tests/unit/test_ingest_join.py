"""Tables, sheets, files and report folders of one report as one: nothing lost, differences asked."""

import shutil

import pandas as pd
import pytest
import xlsxwriter

from reformlib import cli
from reformlib.check.declared import read_checks
from reformlib.check.entries import entry_finding
from reformlib.errors import ReformError
from reformlib.ingest import readers
from reformlib.ingest.join_reports import join_reports
from reformlib.ingest.run import Questions, ingest
from reformlib.load.report import load_report
from tests import ingest_files as made
from tests.synthetic import Layout, revised, write_report

ROWS = {
    "5": ["Số lượng chữ ký số", "212", "388", "1.318"],
    "6": ["Tỷ lệ công chức có hộp thư điện tử", "82%", "97,5%", "100%"],
    "10": ["Số dịch vụ công trực tuyến mức độ 3, mức độ 4", *[f"Mức 3: {n}, mức 4: {n // 2}" for n in (95, 180, 255)]],
}
YEARS = ["Năm 2018", "Năm 2019", "Năm 2020"]
OPTIONS = {"unit": "Sở Nội vụ tỉnh Bình Nguyên", "edition": "2020", "reader": readers.read, "form": "phu-luc-7"}


def grid(columns, numbers=ROWS, heads=YEARS):
    """The form with some of its columns, counted from 0, and rows."""
    return [["STT", "Chỉ tiêu", *(heads[c] for c in columns)]] + [
        [number, ROWS[number][0], *(ROWS[number][1 + c] for c in columns)] for number in numbers
    ]


def word(path, rows):
    return made.write(Layout("part", rows), path)


def workbook(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
    return path


def figures(annex):
    return {row[0]: list(row[1:]) for row in annex.to_numpy().tolist()}


@pytest.fixture
def whole(tmp_path):
    """The annex of the file that has it all."""
    return made.drafted(word(tmp_path / "whole.docx", grid([0, 1, 2]))).annex


def test_a_year_a_sheet_becomes_one_report(tmp_path, whole):
    path = workbook(tmp_path / "years.xlsx", {YEARS[c]: grid([c]) for c in (2, 0, 1)})
    draft = made.drafted(path)
    assert list(draft.annex.columns[2:]) == YEARS and draft.open == []
    assert figures(draft.annex) == figures(whole)
    assert (draft.found[0]["indicator"], draft.found[0]["filled"]) == ("signatures", 3)
    assert "sheet Năm 2018, row 2" in draft.found[0]["place"] and len(draft.missing) == 11


def test_a_year_a_file_and_rows_over_two_files_become_one_report(tmp_path, whole):
    folder = tmp_path / "parts"
    folder.mkdir()
    word(folder / "2018.docx", grid([0]))
    word(folder / "2019-2020-a.docx", grid([1, 2], ["5"]))
    word(folder / "2019-2020-b.docx", grid([1, 2], ["6", "10"]))
    for paths in (folder, sorted(folder.iterdir())):
        done = ingest(paths, None, **OPTIONS)
        assert figures(done.draft.annex) == figures(whole)
        assert (done.fields["period_start"], done.fields["data_date"]) == ("2018", "2020-12-31")


def test_quarters_a_table_each_are_joined_in_the_order_of_time(tmp_path):
    heads = ["Quý I/2020 (từ 15/12/2019 đến 14/3/2020)", "Quý II/2020", "6 tháng đầu năm 2020"]
    path = workbook(tmp_path / "quarters.xlsx", {f"Bảng {c}": grid([c], heads=heads) for c in (1, 2, 0)})
    folder = ingest(path, tmp_path / "out", **OPTIONS).folder
    points = load_report(folder).observations.query("indicator == 'signatures'")
    assert dict(zip(points["period"], points["value"], strict=True)) == {
        **{"2020-Q1": 212, "2020-S1": 1318, "2020-Q2": 388}
    }
    assert str(points["start"].iloc[0].date()) == "2019-12-15"


def test_a_sheet_of_which_only_the_name_is_a_period_is_a_question(tmp_path, whole):
    names = ["2018", "Năm 2019", "Quý I 2020"]
    path = workbook(tmp_path / "names.xlsx", {n: grid([c], heads=["Kết quả"] * 3) for c, n in enumerate(names)})
    with pytest.raises(Questions, match="«Kết quả» names no period") as asked:
        ingest(path, tmp_path / "out", **OPTIONS)
    answers = tmp_path / "answers.csv"
    answers.write_text(
        asked.value.answers.replace('sheet Quý I 2020",Quý I 2020', 'sheet Quý I 2020",Năm 2020'), "utf-8"
    )
    done = ingest(path, tmp_path / "out", mapping=answers, **OPTIONS)
    assert list(done.draft.annex.columns[2:]) == ["2018", "Năm 2019", "Năm 2020"]
    assert figures(done.draft.annex) == figures(whole)


def overlapping(tmp_path, *, changed):
    first = grid([0, 1])
    first[1][3] = changed
    return workbook(tmp_path / "overlap.xlsx", {"Báo cáo 2019": first, "Báo cáo 2020": grid([1, 2])})


def test_what_two_tables_say_alike_is_no_question(tmp_path, whole):
    draft = made.drafted(overlapping(tmp_path, changed="388"))
    assert draft.open == [] and figures(draft.annex) == figures(whole)


def test_a_figure_that_two_tables_say_differently_is_a_question(tmp_path):
    path = overlapping(tmp_path, changed="380")
    (doubt,) = made.drafted(path).open
    assert (doubt.kind, doubt.printed, doubt.answer, doubt.why[0]) == ("cell", "388", "388", "overlap")
    assert "«380» (overlap.xlsx, sheet Báo cáo 2019, row 2, Năm 2019)" in doubt.why[1]["others"]
    with pytest.raises(Questions) as asked:
        ingest(path, tmp_path / "out", **OPTIONS)
    answers = tmp_path / "answers.csv"
    for text, stands, value in (("388", "388", 388), ("380", "380", 380), ("384", "388", 384), ("", "388", None)):
        answers.write_text(asked.value.answers.replace(",388\n", f",{text}\n"), encoding="utf-8")
        done = ingest(path, tmp_path / "out", mapping=answers, replace=True, **OPTIONS)
        assert figures(done.draft.annex)["5"] == [ROWS["5"][0], "212", stands, "1.318"]
        report = load_report(done.folder)
        point = report.points["signatures"][1]
        assert (point.value == value) or (value is None and point.status == "O")
        assert "Lấy" in report.assumptions[0]["what_vi"] or value is None


def test_a_figure_takes_the_place_of_an_estimate_which_is_told(tmp_path):
    first = grid([0, 1], heads=["Năm 2018", "Ước năm 2019", ""])
    first[1][3], first[2][3] = "380", "97,5%"
    later = grid([1, 2])
    later[2][2] = ""
    draft = made.drafted(workbook(tmp_path / "estimates.xlsx", {"A": first, "B": later}))
    assert list(draft.annex.columns[2:]) == YEARS and draft.open == []
    assert draft.annex["Năm 2019"].tolist()[:2] == ["388", "97,5%"]
    told, kept = draft.assumptions
    assert told["what_en"] == "«388» is taken, not «380»." and told["cells"][0]["year"] == 2019
    assert (kept["status"], kept["cells"][0]["expects"]) == ("E", "97,5%")  # nobody reported the figure since


def test_tables_of_which_most_figures_differ_are_of_two_bodies(tmp_path):
    other = grid([0, 1])
    other[1:] = [[*row[:2], "7%" if "%" in row[2] else "7", *row[3:]] for row in other[1:]]
    path = workbook(tmp_path / "bodies.xlsx", {"Sở A": other, "Sở B": grid([0])})
    with pytest.raises(ReformError, match="more than one table holds the form"):
        made.drafted(path)


def test_a_table_under_other_words_is_no_part(tmp_path):
    head = ["", "", "Cấp huyện", "Cấp huyện"]
    path = workbook(tmp_path / "levels.xlsx", {"A": grid([0]), "B": [head, *grid([1, 2])]})
    with pytest.raises(ReformError, match="more than one table holds the form"):
        made.drafted(path)


# --- report folders --------------------------------------------------------------------------------------------------

OLD, NEW = range(2014, 2020), range(2015, 2021)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    parent = tmp_path_factory.mktemp("join")
    first = write_report(parent, 1, years=OLD, until="31/3", rows=revised(1, OLD, {}))
    changes = {(5, 2017): "999", (2, 2018): ""}
    second = write_report(parent, 1, edition="2020", years=NEW, rows=revised(1, NEW, changes))
    return first.folder, second.folder


def test_two_editions_of_a_unit_are_one_report_with_nothing_lost(reports, tmp_path):
    first, second = map(load_report, reports)
    with pytest.raises(Questions) as asked:
        join_reports(reports, tmp_path / "both")
    old = first.observations.query("indicator == 'signatures' and year == 2017")["raw"].item()
    assert asked.value.answers.count("\n") == 2 and f"«{old}»" in str(asked.value)
    whole = load_report(join_reports(reports, tmp_path / "both", accept=True))
    assert (whole.meta.edition, whole.meta.period_start) == ("2019-2020", first.meta.period_start)
    keys = ["indicator", "level", "start", "as_of"]
    points = whole.observations.set_index(keys)["value"].to_dict()
    said = first.observations.set_index(keys)["value"].to_dict() | {
        key: value for key, value in second.observations.set_index(keys)["value"].to_dict().items() if value == value
    }
    assert {key: value for key, value in points.items() if value == value} == {
        key: value for key, value in said.items() if value == value
    }
    # the year to 31 March and the whole of it are two columns
    assert {"2019", "2019-01-01/P3M"} <= set(whole.observations["period"])
    assert any("«999» is taken" in entry["what_en"] for entry in whole.assumptions)


def test_texts_stand_side_by_side(reports, tmp_path):
    first, second = map(load_report, reports)
    whole = load_report(join_reports(reports, tmp_path / "both", accept=True))
    assert len(whole.facts) == len(first.facts) + len(second.facts)
    assert set(whole.facts["fact"]) == {*second.facts["fact"], *(f"{fact}.2019" for fact in first.facts["fact"])}
    old = whole.facts[whole.facts["fact"].str.endswith(".2019")]
    assert set(old["date"]) == {first.meta.data_date.isoformat()} and old["section"].str.endswith(".2019").all()


@pytest.mark.parametrize(
    ("change", "told"),
    [({"unit_vi": "Sở Khác (số liệu giả lập)"}, "several units"), ({"made_up": "true"}, "real and made up")],
)
def test_reports_that_cannot_be_one_are_refused(reports, tmp_path, change, told):
    other = write_report(tmp_path, 1, edition="2021", years=NEW).folder
    text = (other / "report.yml").read_text(encoding="utf-8")
    for name, value in change.items():
        text = "\n".join(line for line in text.splitlines() if not line.startswith(f"{name}:"))
        text += f"\n{name}: {value}\n"
    (other / "report.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ReformError, match=told):
        join_reports([reports[0], other], tmp_path / "both")
    with pytest.raises(ReformError, match="nothing to be joined with"):
        join_reports([reports[0], reports[0]], tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_the_command_prints_the_answers_and_then_the_folder(reports, tmp_path, capsys):
    names = [str(folder) for folder in reports]
    arguments = ["join", *names, "--output", str(tmp_path / "both")]
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 1
    answers = tmp_path / "answers.csv"
    answers.write_text(capsys.readouterr().out, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main([*arguments, "--mapping", str(answers)])
    assert not ended.value.code and capsys.readouterr().out == f"{tmp_path / 'both'}\n"


def test_checks_and_texts_of_an_earlier_report_stay_its_own(repo, tmp_path):
    copy = shutil.copytree(repo / "data" / "reports" / "tra-vinh-2020", tmp_path / "copy")
    about = copy / "report.yml"
    about.write_text(about.read_text(encoding="utf-8").replace('edition: "2020"', 'edition: "2021"'), encoding="utf-8")
    before = load_report("tra-vinh-2020")
    whole = load_report(join_reports([before.folder, copy], tmp_path / "whole"))
    pd.testing.assert_frame_equal(whole.observations, before.observations)
    ids = [entry.id for entry in read_checks(before.folder / "checks.yml")[0]]
    entries, abouts = read_checks(whole.folder / "checks.yml")
    assert [entry.id for entry in entries] == [*ids, *(f"{name}-2020" for name in ids)]
    assert len(abouts) == len(read_checks(before.folder / "checks.yml")[1])
    note = next(entry for entry in entries if entry.id == "one-stop-note-2017-2020")
    assert note.quotes[0].section == "annex"
    assert entry_finding(note, whole).outcome == entry_finding(entries[ids.index("one-stop-note-2017")], whole).outcome
    assert whole.meta.universes == before.meta.universes
