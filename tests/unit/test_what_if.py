"""The workbench: why a figure is what it is, and what would come out if it were another."""

import pytest

import reformlib as rl
from reformlib.project.what_if import COLUMNS


@pytest.fixture(scope="module")
def report():
    return rl.load_report("tra-vinh-2020")


def cells(found, table, of):
    rows = found[(found["table"] == table) & (found["of"] == of)]
    return {row.column: (row.before, row.after) for row in rows.itertuples()}


def test_another_figure_changes_what_rests_on_it_and_nothing_else(report):
    other = report.what_if({("one_stop_share", 2020): 100})
    found = report.difference(other)
    assert list(found.columns) == COLUMNS
    gap = cells(found, "gaps", "T023, one_stop_share")
    assert gap["verdict"] == ("open", "achieved") and gap["gap"] == (pytest.approx(-6.4), 0)
    assert cells(found, "observations", "one_stop_share, 2020")["note"][1] == "what if: 93.6 were 100"
    about = found[found["table"] != "checks"]["of"]
    assert about.str.contains("one_stop_share").all()
    assert report.observations.query("indicator == 'one_stop_share' and year == 2020")["value"].item() == 93.6
    assert isinstance(other, rl.Report) and report.difference(report).empty


def test_a_figure_left_out_a_target_and_a_total(report):
    without = report.what_if({("one_stop_share", "2020"): None})
    assert cells(report.difference(without), "gaps", "T023, one_stop_share")["value"] == (93.6, 97.7)
    lower = report.what_if(targets={"T023": 90}, totals={"online_services": 1144})
    found = report.difference(lower)
    assert cells(found, "gaps", "T023, one_stop_share")["verdict"] == ("open", "achieved")
    # 539 of 1,144 are 47.12 %, on either base that the target may mean
    assert cells(found, "gaps", "T022, online_services, 4")["verdict"] == ("not_assessable", "achieved")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"figures": {("signatur", 2019): 1}}, "did you mean signatures"),
        ({"figures": {("signatures", 1999): 1}}, "a period of: 2015, 2016"),
        ({"figures": {("online_services", 2019): 1}}, "a level of: 3, 4"),
        ({"targets": {"T999": 1}}, "no such target: T999"),
        ({"totals": {"signatures": 1}}, "no such indicator with a stated total: signatures"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(report, asked, told):
    with pytest.raises(rl.ReformError, match=told):
        report.what_if(**asked)


def test_a_figure_is_followed_from_its_cell_to_what_rests_on_it(report):
    rows = report.explain("one_stop_share", 2019)
    texts = rows.groupby("step")["text"].apply(list)
    assert texts["printed"] == ["97,7 %"] and texts["read"][0].startswith("97.7%, 31 December 2019")
    assert texts["target"] == ["100% by 31 December 2020: open"] and texts["chance"] == ["fewer than 1 in 20"]
    assert texts["change"] == ["+2.1 percentage points from 31 December 2018 to 31 December 2019"]
    assert any("portal" in text for text in texts["check"])
    assert "targets.csv, T023; Annex 7, row 13" in set(rows["place"])
    assert "mục tiêu" in report.explain("one_stop_share", 2019, language="vi")["text"].str.cat()
    assert "change" not in set(report.explain("one_stop_share", 2017)["step"])
    place = report.observations.query("indicator == 'one_stop_share' and year == 2019")["place_vi"].item()
    assert report.explain(place).equals(rows) and rows["text"].iloc[-1] in rows._repr_html_()


def test_a_report_shows_itself_in_one_line(report):
    assert repr(report).startswith("<Report tra-vinh-2020: Department of Information") and len(repr(report)) < 200
