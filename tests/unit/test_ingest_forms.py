"""Another official form than that of the reference report: found by its labels, kept to by everything that follows."""

from __future__ import annotations

import csv

import pytest

from reformlib import cli
from reformlib.analysis import load_report
from reformlib.check.findings import findings
from reformlib.check.verdict import INCONSISTENT
from reformlib.errors import ReformError
from reformlib.ingest import readers, workbook
from reformlib.ingest.choice import chosen
from reformlib.ingest.draft import draft
from reformlib.ingest.run import Questions, ingest
from reformlib.load.blank import empty_form, headings
from reformlib.load.catalogue import load_catalogue
from reformlib.measure.gaps import gaps
from reformlib.present.page import Page
from tests import ingest_files as made
from tests.form_files import FIGURES, LETTER, SIX, six_filled_in, write_form
from tests.synthetic import Layout

UNIT = "Sở Khoa học và Công nghệ tỉnh Bình Nguyên"
OPTIONS = {"unit": UNIT, "edition": "2025", "reader": readers.read}


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    remark = {"list": "caveat", "code": "own", "text_vi": "lưu ý riêng", "text_en": "a caveat of its own"}
    return write_form(tmp_path_factory.mktemp("forms") / "six", remarks=[remark])


def run(arguments):
    """The exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return ended.value.code or 0


def test_the_report_names_its_form_and_carries_it(tmp_path, six):
    done = ingest(six_filled_in(tmp_path), tmp_path / "out", form=six, **OPTIONS)
    report = load_report(done.folder)
    assert (report.meta.form, report.meta.form_sha256) == ("six", load_catalogue(six).sha256)
    carried = {path.name: path.read_bytes() for path in (done.folder / "form").iterdir()}
    assert carried == {path.name: path.read_bytes() for path in six.iterdir()} and "remarks.csv" in carried
    assert report.catalogue.folder == done.folder / "form"
    last = report.observations.query("year == 2025").set_index("indicator")
    assert last["value"].to_dict() == {
        **{"on_time": 97.9, "reuse_units": 24, "received": 70450},
        **{"received_online": 58600, "full_online": 741, "digitised": 83.2},
    }
    assert last.at["full_online", "place"] == "Form six, row 5, 2025"
    assert last.at["full_online", "place_vi"] == "Biểu six, dòng 5, Năm 2025"


def test_a_form_changed_after_the_report_was_made_is_told_by_its_rows(tmp_path, six):
    folder = ingest(six_filled_in(tmp_path), tmp_path / "out", form=six, **OPTIONS).folder
    path = folder / "form" / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("full_online,5,", "full_online,7,"), encoding="utf-8")
    with pytest.raises(ReformError, match="has changed since the report was made: row 5"):
        load_report(folder)


def test_every_command_uses_the_form_of_the_report(tmp_path, six, capfd):
    path, out = six_filled_in(tmp_path), tmp_path / "so-khcn-2025"
    options = ["--unit", UNIT, "--edition", "2025", "--form", str(six), "-o", str(out)]
    english = ["--unit-en", "Department", "--place-en", "Bình Nguyên", "--title-en", "Report"]
    assert run(["ingest", str(path), *options, *english]) == 0
    assert run(["check", "--report", str(out)]) == 0
    capfd.readouterr()
    assert run(["table", "observations", "--report", str(out)]) == 0
    rows = list(csv.DictReader(capfd.readouterr().out.splitlines()))
    assert {row["indicator"] for row in rows} == {row["indicator"] for row in SIX}
    assert run(["diff", str(out), str(out)]) == 2
    assert run(["template", str(tmp_path / "copy.xlsx"), "--report", str(out)]) == 0
    again = ["new-report", "again", "--from", str(tmp_path / "copy.xlsx"), "--form", str(six), "-o", str(tmp_path)]
    assert run(["new-report", "other", *again[2:5], "phu-luc-7", *again[6:]]) == 1
    assert "copy.xlsx holds the form six" in capfd.readouterr().err
    assert run(again) == 0
    first, second = load_report(out), load_report(tmp_path / "again")
    assert second.observations["value"].equals(first.observations["value"])
    assert second.meta.form == "six" and second.catalogue.folder == tmp_path / "again" / "form"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--catalogue", "data/catalogue"], "--form NAME"),
        (["--form", "no-such-form"], "no such form: no-such-form"),
    ],
)
def test_a_form_that_is_not_named_as_it_should_be_is_wrong_use(tmp_path, options, told, capfd):
    path = six_filled_in(tmp_path)
    assert run(["ingest", str(path), "--unit", UNIT, "--edition", "2025", "-o", str(tmp_path / "out"), *options]) == 2
    assert told in " ".join(capfd.readouterr().err.split())


def test_the_form_is_found_by_its_labels(tmp_path, six):
    forms = [load_catalogue("phu-luc-7"), load_catalogue(six)]
    source = readers.read(six_filled_in(tmp_path), "vi")
    assert chosen([source], forms, {}, "", tmp_path)[0].form.id == "six"
    rows = [["STT", "Chỉ tiêu", "Năm 2019"], ["5", "Số lượng chữ ký số", "7"]]
    rows.append(["6", "Tỷ lệ công chức có hộp thư điện tử", "9%"])
    source = readers.read(made.write(Layout("test", rows), tmp_path / "seven.docx"), "vi")
    assert chosen([source], forms, {}, "", tmp_path)[0].form.id == "phu-luc-7"


def test_two_forms_that_fit_are_a_question_that_a_heading_can_answer(tmp_path, six):
    twin = write_form(tmp_path / "twin")
    forms = [load_catalogue(six), load_catalogue(twin)]
    with pytest.raises(ReformError, match="which form is it") as asked:
        chosen([readers.read(six_filled_in(tmp_path), "vi")], forms, {}, "", tmp_path)
    assert asked.value.expected == "six, which knows 100% of the labels; twin, which knows 100% of the labels"
    with (twin / "form.yml").open("a", encoding="utf-8") as file:
        file.write("heading_words: [biểu số 2]\n")
    headed = readers.read(six_filled_in(tmp_path, letter=[*LETTER, "BIỂU SỐ 2"]), "vi")
    forms = [load_catalogue(six), load_catalogue(twin)]
    assert chosen([headed], forms, {}, "", tmp_path)[0].form.id == "twin"


def test_a_form_that_knows_few_of_the_labels_is_not_taken(tmp_path, six):
    few = [SIX[2]["name_vi"], "Số đơn vị khai thác dữ liệu số hóa mới", "Tỷ lệ hồ sơ TTHC giải quyết quá hạn"]
    source = readers.read(six_filled_in(tmp_path, labels=few, figures=FIGURES[:3]), "vi")
    with pytest.raises(ReformError, match="no form fits the labels") as asked:
        chosen([source], [load_catalogue("phu-luc-7"), load_catalogue(six)], {}, "", tmp_path)
    assert "33% of the labels" in asked.value.expected


def test_a_file_of_no_form_names_what_was_looked_for(tmp_path):
    path = six_filled_in(tmp_path, labels=["Bánh mì", "Cà phê", "Phở bò", "Bún chả", "Nem rán", "Chè đậu"])
    with pytest.raises(ReformError, match="the form was not found"):
        ingest(path, None, **OPTIONS)


# --- labels held against the form ------------------------------------------------------------------------------------


def changed(folder, old, new):
    path = folder / "annex.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_label_of_another_form_is_an_error_with_both_texts(tmp_path, six):
    folder = ingest(six_filled_in(tmp_path), tmp_path / "out", form=six, **OPTIONS).folder
    report = (folder / "report.yml").read_text(encoding="utf-8").replace('form: "six"', 'form: "phu-luc-7"')
    report = report.replace(load_catalogue(six).sha256, load_catalogue("phu-luc-7").sha256)
    (folder / "report.yml").write_text(report, encoding="utf-8")
    for path in (folder / "form").iterdir():
        path.unlink()
    with pytest.raises(ReformError, match="6 labels of the form") as refused:
        load_report(folder)
    assert (
        "annex.csv, row 6 (form row 5): the label is «Số TTHC cung cấp dịch vụ công trực tuyến toàn trình», "
        "the form phu-luc-7 has «Số lượng chữ ký số»"
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("label", "loads"),
    [
        ("Tổng số hồ sơ thủ tục hành chính đã tiếp nhận trong kỳ (*)", True),
        ("TONG SO HO SO TTHC TIEP NHAN TRONG KY", True),
        ("", True),
        ("Tổng số hồ sơ TTHC giải quyết trong kỳ", False),
        ("Tổng số hồ sơ TTHC tiếp nhận trực tuyến trong kỳ", False),
    ],
)
def test_a_label_may_be_spelled_otherwise_and_not_say_another_thing(tmp_path, six, label, loads):
    folder = ingest(six_filled_in(tmp_path), tmp_path / "out", form=six, **OPTIONS).folder
    changed(folder, "Tổng số hồ sơ TTHC tiếp nhận trong kỳ", label)
    if loads:
        assert len(load_report(folder).observations) == 30
    else:
        with pytest.raises(ReformError, match="1 label of the form"):
            load_report(folder)


def test_a_label_that_was_accepted_is_logged_and_loads(tmp_path, six):
    labels = [row["name_vi"] for row in SIX]
    labels[4] = "Số TTHC cung cấp trực tuyến toàn trình cấp tỉnh"
    path = six_filled_in(tmp_path, labels)
    with pytest.raises(Questions):
        ingest(path, tmp_path / "out", form=six, **OPTIONS)
    folder = ingest(path, tmp_path / "out", form=six, accept=True, **OPTIONS).folder
    report = load_report(folder)
    (entry,) = report.assumptions
    assert (entry["id"], entry["label"]) == ("ingest-full_online-label", labels[4])
    point = report.observations.query("indicator == 'full_online' and year == 2025").iloc[0]
    assert (point["value"], point["note"]) == (741, entry["what_en"])
    changed(folder, labels[4], "Số TTHC cung cấp trực tuyến một phần")
    with pytest.raises(ReformError, match="1 label of the form"):
        load_report(folder)


def test_other_labels_and_categories_of_the_form_are_known(tmp_path):
    rows = [dict(SIX[4], form_row="1", words="DVC trực tuyến toàn trình;Thủ tục trực tuyến trọn vẹn"), dict(SIX[5])]
    parts = [("province", "Cấp tỉnh", "cấp tỉnh;tỉnh"), ("commune", "Cấp xã", "cấp xã;xã, phường")]
    categories = [
        {"indicator": "full_online", "category": code, "name_vi": name, "name_en": code, "words": words}
        for code, name, words in parts
    ]
    form = write_form(tmp_path / "by-body", rows, categories=categories)
    table = [["STT", "Chỉ tiêu", "Năm 2024", "Năm 2025"]]
    table += [["1", "Thủ tục trực tuyến trọn vẹn", "Cấp tỉnh: 300; xã, phường: 90", ""]]
    table += [["", "- Cấp tỉnh", "", "310"], ["", "Trong đó: cấp xã", "", "95"], ["6", SIX[5]["name_vi"], "8%", "9%"]]
    path = made.write(Layout("test", table), tmp_path / "form.docx")
    report = load_report(ingest(path, tmp_path / "out", form=form, **OPTIONS).folder)
    assert list(report.annex.iloc[0, 1:]) == [
        *("Thủ tục trực tuyến trọn vẹn", "Cấp tỉnh: 300; xã, phường: 90", "Cấp tỉnh: 310\nCấp xã: 95")
    ]
    values = report.observations.query("indicator == 'full_online'").set_index(["level", "year"])["value"]
    assert values.to_dict() == {
        **{("province", 2024): 300, ("commune", 2024): 90},
        **{("province", 2025): 310, ("commune", 2025): 95},
    }


def test_points_are_no_counts(tmp_path):
    index = SIX[0] | {"name_vi": "Chỉ số cải cách hành chính", "unit": "points", "measure": "score", "decimals": "2"}
    points = {"unit": "points", "name_vi": "điểm", "name_en": "points", "name_en_singular": "point"}
    form = write_form(tmp_path / "score", [index, SIX[1]], units_of_measure=[points])
    rows = [["STT", "Chỉ tiêu", "Năm 2024", "Năm 2025"], ["1", index["name_vi"], "84,5", "87,52"]]
    path = made.write(Layout("score", [*rows, ["2", SIX[1]["name_vi"], "22", "24"]]), tmp_path / "form.docx")
    report = load_report(ingest(path, tmp_path / "out", form=form, **OPTIONS).folder)
    assert report.observations["value"].tolist() == [84.5, 87.52, 22, 24]
    assert [one.check for one in findings(report) if one.outcome == INCONSISTENT and one.severity == "error"] == []


MONEY = {"unit": "vnd_billion", "measure": "flow", "limit_low": "", "limit_high": ""}
POINTS = {"unit": "points", "measure": "score", "limit_low": "-100", "limit_high": "100"}
VALUES = [SIX[0], SIX[1] | POINTS, SIX[2] | MONEY, SIX[3], SIX[5]]
HEAD = ["STT", "Chỉ tiêu", "Đơn vị tính", "Năm 2023", "Năm 2024", "Năm 2025"]


def values_form(tmp_path):
    points = {"unit": "points", "name_vi": "điểm", "name_en": "points", "name_en_singular": "point"}
    target = {"target": "T107", "indicator": "on_time", "measure": "value", "mapping_quality": "direct"}
    return write_form(tmp_path / "values", VALUES, units_of_measure=[points], target_mapping=[target])


def values_file(tmp_path, rows, above=()):
    labelled = [[row["form_row"], row["name_vi"], *cells] for row, cells in zip(VALUES, rows, strict=False)]
    table = [*([text, *[""] * 5] for text in above), HEAD, *labelled]
    return made.write(Layout("values", table), tmp_path / "values.csv")


def test_values_are_read_as_agencies_print_them(tmp_path):
    rows = [
        ["%", "4.561/5.650 (80,7 %)", "97,55%", "> 90 %"],
        ["điểm", "84,19", "-0,25", "85,123 điểm"],
        ["tỷ đồng", "5,65", "850 triệu đồng", "1.200 tỷ"],
        ["", "19/20 (95%)", "24 (21 sở)", "1.445"],
        ["%", "0/0 (0%)", "2,5%", "6%"],
    ]
    done = ingest(values_file(tmp_path, rows), tmp_path / "out", form=values_form(tmp_path), **OPTIONS)
    report = load_report(done.folder)
    points = report.observations.set_index(["indicator", "year"])
    assert [points.at[("on_time", 2023), name] for name in ("value", "count", "base")] == [80.7, 4561, 5650]
    assert points.loc[("on_time", 2025), ["value", "bound", "status", "raw"]].tolist() == [90, ">", "U", "> 90 %"]
    assert points.loc["reuse_units", "value"].tolist() == [84.19, -0.25, 85.123]
    assert points.loc["received", "value"].tolist() == [5.65, 0.85, 1200]
    assert points.at[("received", 2024), "note"] == "«850 triệu đồng» read as 0.85"
    assert points.loc[("digitised", 2023), ["status", "raw"]].tolist() == ["M", "0/0 (0%)"]  # a share of nothing
    assert points.at[("digitised", 2024), "value"] == 2.5
    assert points.loc["received_online", "base"].tolist()[0] == 20
    assert [entry[1]["read"] for entry in done.draft.remarks if entry[0] == "rescaled"] == ["0,85 tỷ đồng"]
    assert [one.check for one in findings(report) if one.outcome == INCONSISTENT and one.severity == "error"] == []
    (gap,) = gaps(report)[gaps(report)["indicator"] == "on_time"].to_dict("records")  # 95 % by 2027
    assert (gap["verdict"], gap["reason"]) == ("not_assessable", "bound")
    shown = [Page(report, "vi").figure(point) for point in report.points["on_time"]]
    assert shown == ["80,7%", "97,55%", ">\u00a090%"]


@pytest.mark.parametrize(
    ("unit", "above", "asked"),
    [
        ("triệu đồng", [], ["unit"]),
        ("đồng", [], ["unit"]),
        ("Tỷ đồng", ["Đơn vị tính: triệu đồng"], []),
        ("", ["Đơn vị tính: triệu đồng"], ["unit"]),
        ("", ["ĐVT: tỷ đồng"], []),
        ("", [], []),
    ],
)
def test_money_in_another_unit_than_the_form_counts_in_is_a_question(tmp_path, unit, above, asked):
    path = values_file(tmp_path, [["%", "", "", "90%"], ["", "", "", "84"], [unit, "", "", "5.650"]], above)
    form = load_catalogue(values_form(tmp_path))
    _, ((found, _),) = chosen([readers.read(path)], [form], {}, "", path)
    answers: dict[str, dict] = {"label": {}, "heading": {}, "cell": {}}
    assert [doubt.why[0] for doubt in draft(found, form, answers, {}, locale="vi").open] == asked


def test_a_share_that_its_count_and_base_do_not_give_is_told_with_its_cell(tmp_path):
    path = values_file(tmp_path, [["%", "", "90%", "4.561/5.650 (88,7 %)"], ["", "84", "85", "86"]])
    form = values_form(tmp_path)
    with pytest.raises(Questions, match=r"88,7 % is not what 4.561 of 5.650 give.*expected 80.73 %, rounded"):
        ingest(path, tmp_path / "out", form=form, **OPTIONS)
    answers = tmp_path / "answers.csv"
    answers.write_text('kind,printed,means\ncell,"4.561/5.650 (88,7 %)",\n', encoding="utf-8")
    made_ = ingest(path, tmp_path / "out", form=form, mapping=answers, **OPTIONS)
    (made_.folder / "assumptions.yml").unlink()
    with pytest.raises(ReformError, match=r"annex.csv, row 2 \(form row 1\), column Năm 2025: 88,7 % is not what"):
        load_report(made_.folder)


# --- the workbook ----------------------------------------------------------------------------------------------------


def test_the_workbook_is_headed_by_its_form(tmp_path, six):
    catalogue = load_catalogue(six)
    file = tmp_path / "form.xlsx"
    workbook.write_workbook(file, catalogue, empty_form(catalogue, headings("2021-2025")))
    sheets = readers.values(file)
    assert sheets[workbook.FORM][0][0] == "Biểu six: Biểu thử / Form six: Form for tests"
    assert workbook.read_workbook(file, readers.values).fields["form"] == "six"


def test_two_departments_of_one_name_in_two_folders_are_two_reports(tmp_path, six):
    path = six_filled_in(tmp_path, letter=[])
    for name, place in (("noi-vu-lai-chau", "Lai Châu"), ("noi-vu-son-la", "Sơn La")):
        given = {"place_vi": place}
        made = ingest(path, tmp_path / name, form=six, unit="Sở Nội vụ", edition="2025", given=given)
        assert load_report(made.folder).meta.id == name
    with pytest.raises(ReformError) as caught:
        ingest(path, made.folder, form=six, unit="Sở Nội vụ", edition="2025")
    assert caught.value.where == f"{made.folder}: Sở Nội vụ, Sơn La, 2025"
