"""The workbench: why a figure is what it is, and what would come out if it were another."""

import re

import pytest

import reformlib as rl
from reformlib import cli
from reformlib.check.findings import findings
from reformlib.check.place import cells_at
from reformlib.check.sentence import Field
from reformlib.present import explain as explained
from reformlib.present.difference import COLUMNS
from reformlib.present.names import NAMES
from reformlib.present.page import Page


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
    assert cells(found, "observations", "one_stop_share, 2020") == {"value": (93.6, 100)}
    assert other.explain("one_stop_share", 2020)["text"].iloc[1].endswith("what if: 100 in place of 93.6")
    about = found[found["table"] != "checks"]["of"]
    assert about.str.contains("one_stop_share").all()
    assert report.observations.query("indicator == 'one_stop_share' and year == 2020")["value"].item() == 93.6
    assert isinstance(other, rl.Report) and report.difference(report).empty


def test_why_a_chance_is_no_more_stands_in_words(report):
    """500 % of dossiers lie above the ceiling of 100; no series of 90, 90, 90, 0, 90 was measured."""
    gone = report.difference(report.what_if({("one_stop_share", 2019): 500}))
    assert (
        cells(gone, "probabilities", "T023, one_stop_share")["basis"][1]
        == "no projection: a figure lies above the ceiling"
    )
    gone = report.difference(report.what_if({("e_documents", 2018): 0}), language="vi")
    assert cells(gone, "probabilities", "T056, e_documents")["basis"][1].startswith("không dự báo: ")


def test_a_figure_left_out_is_missing_and_one_given_is_not(report):
    without = report.what_if({("e_documents", year): None for year in (2018, 2019)})
    left = without.observations.query("indicator == 'e_documents' and year in (2018, 2019)")
    assert left["status"].tolist() == ["O", "O"] and len(without.gaps()) == len(report.gaps())
    given = report.what_if({"Annex 7, row 14, 2019": 20}).explain("iso_declarations", 2019)
    assert given["text"].iloc[1] == "20, 31 December 2019; what if: 20 in place of no figure"


def test_unusable_series_are_looked_for_again(report):
    held = report.withhold().what_if({("signatures", 2019): -1})
    assert ("signatures", "") in held.withheld and ("signatures", "") not in report.withhold().withheld


def test_a_figure_left_out_a_target_and_a_total(report):
    without = report.what_if({"Annex 7, row 13, 2020": None})
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
    assert texts["target"] == ["100% by 31 December 2020: open"] and "chance" not in texts
    assert texts["change"] == ["+2.1 percentage points from 31 December 2018 to 31 December 2019"]
    assert any("portal" in text for text in texts["check"])
    assert "targets.csv, T023; Annex 7, row 13" in set(rows["place"])
    assert "mục tiêu" in report.explain("one_stop_share", 2019, language="vi")["text"].str.cat()
    assert "change" not in set(report.explain("one_stop_share", 2017)["step"])
    assert rows["text"].iloc[-1] in rows._repr_html_()
    assert "step:  check\ntext:  A very high one-stop share, yet many" in repr(rows)  # whole, where nothing shows HTML


@pytest.mark.parametrize(
    ("place", "more", "figure"),
    [
        ("Annex 7, row 11, level 3, 2019", {}, ("online_services_used", 2019, "3")),
        ("Phụ lục 7, dòng 11, mức độ 3, năm 2019", {}, ("online_services_used", 2019, "3")),
        ("Phụ lục 7, dòng 11, Năm 2019", {"level": "4"}, ("online_services_used", 2019, "4")),
        ("Annex 7, row 5, 2019", {}, ("signatures", 2019)),
        ("signatures 2019", {}, ("signatures", 2019)),
        ("online_services_used 2019", {"level": "4"}, ("online_services_used", 2019, "4")),
        ("online_services_used 2019 4", {}, ("online_services_used", 2019, "4")),
        ("tra-vinh-2020: Phụ lục 7, dòng 5, Năm 2019", {}, ("signatures", 2019)),  # as on the page of several reports
    ],
)
def test_a_figure_is_found_by_the_place_that_a_page_or_its_evidence_prints(report, place, more, figure):
    assert report.explain(place, **more).equals(report.explain(*figure))


def test_a_projection_is_told_of_figures_that_go_into_it_only(report):
    """A trend goes on from all its figures, a base rate from the last; a category rests on all of its total."""
    assert report.explain("signatures", 2016).query("step == 'projection'")["text"].item().endswith("2020: 580 – 8,800")
    steps = [set(report.explain("one_stop_share", year)["step"]) for year in (2018, 2020)]
    assert [{"projection", "chance"} & told for told in steps] == [set(), {"projection", "chance"}]
    rows = report.explain("online_services:4", 2020).query("step == 'projection'")
    assert len(rows) == 3 and rows["text"].str.contains("170 – 1,140").sum() == 1  # as on the page


def test_the_command_explains_a_figure_in_lines_of_eighty_columns(capfd, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        cli.main(["explain", "Annex", "7,", "row", "5,", "2019", "--report", "tra-vinh-2020"])
    out = capfd.readouterr().out
    assert not ended.value.code and out.startswith("step:  printed\ntext:  1.445\nplace: Annex 7, row 5, 2019\n")
    assert max(map(len, out.splitlines())) <= 80


def test_a_place_is_all_in_one_language(report):
    assert not report.observations["place"].str.contains("[^ -~]").any()
    assert set(report.explain("one_stop_share", 2019, language="vi")["place"].str.partition(",")[0]) >= {"Phụ lục 7"}


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        ("Annex 7, row 5, 2018, 2019", ["479", "1.445"]),
        ("Phụ lục 7, dòng 1, 2020", ["90%"]),
        ("Annex 7, row 5, 2018–2020", ["479", "1.445", "1.610"]),
        ("Annex 7, row 5, 2018; row 8, 2019; II.2.1.d", ["479", "28"]),
        ("checks, signatures-tripled: Annex 7, row 5, 2018; Annex 7, row 5, 2019", ["479", "1.445"]),
        ("tính: projections.backtest từ Phụ lục 7, dòng 5", ["408", "500", "470", "479", "1.445", "1.610"]),
        ("Chữ ký số, năm 2019", ["1.445"]),
        ("online_services:3, 2020", ["Mức 3: 605 , mức 4: 539"]),
    ],
)
def test_of_a_place_of_several_figures_each_is_told(report, place, printed):
    rows = report.explain(place)
    assert rows[(rows["step"] == "printed") & rows["place"].str.startswith("Annex")]["text"].tolist() == printed


def test_levels_of_one_cell_are_told_apart(report):
    read = report.explain("Annex 7, row 11, 2019").query("step == 'read'")["text"]
    assert [text.partition(",")[0] for text in read] == ["level 3: 0.13%", "level 4: 17.23%"]


def test_a_row_of_a_table_a_check_and_a_section_are_told(report):
    assert "instrument: Nghị quyết 17/NQ-CP" in report.explain("targets.csv, T022")["text"].item()
    assert report.explain("checks, one-stop-units: II.6.1.b")["step"].iloc[0] == "check"
    assert report.explain("II.2.1.d", language="vi")["text"].iloc[-1].endswith(": 36")
    names = {
        Page(report, code).series_name(*key, short=s) for code in ("vi", "en") for key in NAMED for s in (True, False)
    }
    assert not [name for name in names if not cells_at(report, name)]


NAMED = [("signatures", ""), ("online_services", "3"), ("online_services", "3+4"), ("one_stop_share", "")]


def test_what_is_no_place_is_told(report):
    with pytest.raises(rl.ReformError, match="no such indicator: Annex 7, row 99"):
        report.explain("Annex 7, row 99")
    assert not cells_at(report, "Annex 7, row 5, 2019–2015") and not cells_at(report, "level 3–level 4")


def test_every_place_that_a_table_prints_is_taken(report, monkeypatch):
    """Of the annex the cells are only found here, not told."""
    monkeypatch.setattr(explained, "_figure", lambda page, key: [("printed", *key[:2])])
    columns = ["place", "place_vi", "where", "section", "searched", "first_place", "last_place", "series", "cited_in"]
    tables = [report.table(name, language=code) for name in NAMES for code in ("vi", "en") if name not in ABROAD]
    tables += [report.observations, report.changes()]
    places = {one for table in tables for column in columns if column in table for one in table[column] if one}
    for name in ("coverage", "context", "later", "targets", "projection", "objectives"):
        held = getattr(report.catalogue, name, None)
        codes = (getattr(report, name) if held is None else held).iloc[:, 0]
        places |= {f"{name}.csv, {code}" for code in codes}
    assert len(places) > 500
    for place in places:
        assert len(report.explain(place)), place


ABROAD = ("targets", "units", "objectives")  # their sections are of other documents, their places provinces


def test_a_report_shows_itself_in_one_line(report):
    assert repr(report).startswith("<Report tra-vinh-2020: Department of Information") and len(repr(report)) < 200


def found(report, check, language="en"):
    return report.checks(language).set_index("check").loc[check]


def test_words_of_a_declared_check_are_not_told_of_figures_that_it_was_not_written_for(report):
    """500 signatures of 2019 are 1.04 times the 479 of 2018: "three times as many" is no longer said of them."""
    other = report.what_if({("signatures", 2019): 500})
    rests = report.difference(other)
    assert rests.query("column == 'outcome'")["of"].tolist() == ["pace-in-part, signatures"]
    titles = rests.query("column == 'title'").set_index("of")
    assert titles.loc["signatures-tripled, signatures", "after"].endswith("not judged again on those supposed")
    assert {"signatures"} == set(rests.query("table == 'projections'")["of"])
    tripled = found(other, "signatures-tripled")
    assert tripled["title"] == (
        "Annex 7, row 5, 2018; Annex 7, row 5, 2019: judged on the printed figures, not judged again on those supposed"
    )
    assert tripled["outcome"] == "cannot tell" and "2019: 500; 500 / 479 = 104.38%" in tripled["computation"]
    assert "three times" not in other.explain("signatures", 2019)["text"].str.cat()
    assert "gấp ba" not in str(other.plot("signatures", language="vi"))
    fewer = (
        found(other, "never-falls").query("outcome != 'consistent'").squeeze()
    )  # of 2016 and 2017, but its own words are of the printed series
    assert fewer["title"] == "Digital signatures: a count that falls"
    header = found(other, "header-and-rows")  # its consequence names row 5
    assert header["title"].startswith("The header says") and "1,610" not in header["consequence"]


def test_a_declared_rule_computes_again_and_its_words_go(report):
    """18 + 9 + 106 are 133: the annex's 134 disagrees with the text, 140 too, 133 does not."""
    more, same = (report.what_if({("one_stop_units", 2020): value}) for value in (140, 133))
    units = found(more, "one-stop-units")
    assert units["title"].endswith(": with the figures supposed 18 + 9 + 106 = 133, not 140: 7 apart")
    assert units["outcome"] == "cannot tell" and "134" not in "".join(units[["title", "consequence", "explanation"]])
    assert found(same, "one-stop-units")["outcome"] == "consistent"
    total = found(report.what_if(totals={"online_services": 1144}), "level-3-share")
    assert total["outcome"] == "inconsistent" and "1,144" in total["title"]
    named = found(report.what_if({("signatures", 2020): 1700}), "header-and-rows")
    assert named["outcome"] == "inconsistent" and "1,610" not in named["consequence"]
    assert "target" not in found(report.what_if(targets={"T001": 95}), "moves")["title"]


def test_words_that_name_another_row_or_figure_go_with_it(report):
    """`departments-18` names the 19 of row 2, `services-from-zero` rows 11 to 13, `signatures-tripled` rows 2-4."""
    units = found(report.what_if({("axis_units", 2020): 20}), "departments-18")
    assert (units["title"], units["outcome"]) == ("18 provincial agencies: the same figure in two places", "consistent")
    assert units["consequence"] == "What was said of the printed figures need not hold for those supposed."
    zero = found(report.what_if({("one_stop_units", 2017): 0}), "services-from-zero")
    assert zero["title"].endswith("12 (level 4) in 2017") and not zero["explanation"]
    assert not found(report.what_if({("axis_sent", 2019): 0}), "signatures-tripled")["explanation"]
    used = report.what_if({("online_services", 2019, "3"): 600}).checks().query("check == 'share-of-count'")
    assert not used["title"].str.contains("498").any()


def test_no_word_of_data_names_the_row_of_a_figure_supposed(report):
    for indicator, row in report.catalogue.by_indicator["form_row"].items():
        last = report.observations.query("indicator == @indicator").iloc[-1]
        other = report.what_if({(indicator, last["period"], last["level"]): 7.0})
        words = [text for one in findings(other) for text in vars(one).values() if isinstance(text, Field)]
        assert len(words) > 100
        assert not [text.text("en") for text in words if re.search(rf"\brow {row}\b", text.text("en"))]


def test_the_page_of_a_what_if_says_that_it_is_one(report):
    other = report.what_if({"Annex 7, row 5, 2019": 500, ("online_services", 2020, "4"): None}, targets={"T023": 95})
    other = other.what_if(totals={"online_services": 1144})
    page, held = Page(other, "en"), Page(other.withhold(), "vi")
    heading = str(rl.pages.gaps.heading(page, other.gaps()))
    assert "<h1>What if: Distance" in heading
    for told in (
        "Annex 7, row 5, 2019: 500 in place of 1,445",
        "Annex 7, row 10, 2020, level 4: no figure in place of 539",
        "targets.csv, T023: 95% in place of 100%",
        "facts.csv, portal_procedures: 1,144 in place of 1,949",
    ):
        assert told in heading
    assert 'class="verdict">What if: ' in str(rl.pages.gaps.overview(page, other.gaps(), other.plan_coverage()))
    assert 'class="verdict">Giả sử: ' in str(rl.pages.brief.compared(held, held.report.gaps()))
    assert "nbconvert --execute --to reform" in str(rl.pages.provenance(page, "02"))
    assert "figures supposed, what if" in str(other.plot("signatures"))
    own = rl.pages.gaps.heading(Page(report, "en"), report.gaps())
    assert "What if" not in str(own) and own.parts == [] and "supposed" not in str(report.plot("signatures"))
