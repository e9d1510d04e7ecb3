"""`import reformlib as rl`: few names, complete on Tab, loaded when asked for; a report with its analyses."""

from __future__ import annotations

import doctest
import inspect
import json
import subprocess
import sys

import pandas as pd
import pytest
from lxml.etree import fromstring

import reformlib as rl
from reformlib.check.annex import each_series
from reformlib.check.findings import findings
from reformlib.errors import ReformError
from reformlib.render.page.fragments import clean


@pytest.fixture(scope="module")
def report() -> rl.Report:
    return rl.load_report("tra-vinh-2020")


def test_tab_offers_at_most_twenty_names_and_every_one_is_there():
    assert len(rl.__all__) <= 20
    assert dir(rl) == sorted([*rl.__all__, "__version__"])
    for name in rl.__all__:
        assert inspect.getdoc(getattr(rl, name)), name
    with pytest.raises(AttributeError, match="no attribute 'load_raport'"):
        rl.load_raport  # noqa: B018


def test_the_import_alone_loads_nothing(repo):
    code = "import sys, json, reformlib; print(json.dumps(sorted(m for m in sys.modules if 'reformlib' in m)))"
    code += "; print(json.dumps('pandas' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [["reformlib"], False]


def test_the_rooms_stay_importable_beside_the_face(repo):
    code = "import reformlib as rl; rl.load_report; rl.compare_reports; import reformlib.load.report as r;"
    code += "import reformlib.compare.side_by_side as s; print(rl.load.report is r, rl.compare.side_by_side is s)"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_every_name_has_an_example_that_runs():
    assert doctest.testmod(rl, optionflags=doctest.ELLIPSIS).failed == 0
    assert {name for name in rl.__all__ if f"rl.{name}" in rl.__doc__ or name in ("Report", "ReformError")} == {
        *rl.__all__
    }
    own = [name for name in vars(rl.Report) if not name.startswith("_") and name != "of"]
    assert not [name for name in own if f".{name}" not in rl.Report.__doc__]  # run by test_examples


def test_methods_give_what_the_functions_behind_them_give(report):
    from reformlib.load.report import load_report
    from reformlib.measure.gaps import gaps
    from reformlib.present.findings import checks, reliability
    from reformlib.project.series import projections

    plain = load_report("tra-vinh-2020")
    pairs = [
        (report.checks(), checks(plain)),
        (report.reliability("vi"), reliability(plain, "vi")),
        (report.gaps(target_set="national_resolution"), gaps(plain, "national_resolution")),
        (report.projections(horizon=2025), projections(plain, horizon=2025)),
        (report.indicators, plain.catalogue.indicators),
    ]
    for given, wanted in pairs:
        pd.testing.assert_frame_equal(given[wanted.columns], wanted)


def test_tables_name_series_and_targets_in_the_language_asked_for(report):
    row = report.gaps(language="vi").query("target_id == 'T022' and level == '4'").iloc[0]
    assert row["name"] == "Dịch vụ công trực tuyến, mức độ 4" and row["wording"].startswith("Tối thiểu 30")
    assert report.table("observations", language="vi")["name"].iloc[0] == "Tỷ lệ văn bản điện tử"
    mine = pd.DataFrame({"indicator": ["lan", "mine"], "share": [1.0, 2.0]}, index=[7, 9])
    named = report.named(mine)
    assert (
        named["name"].tolist() == ["Bodies with a local network (LAN)", ""]
        and named.columns[1] == "name"
        and list(mine) == ["indicator", "share"]
    )
    with pytest.raises(ReformError, match="unknown language: fr"):
        report.gaps(language="fr")


def test_an_indicator_is_drawn_with_its_words_and_its_data(report):
    drawn = str(report.plot("signatures", language="vi"))
    assert "<svg" in drawn and 'role="img"' in drawn and "Chữ ký số" in drawn and "1.610" in drawn
    assert (
        str(report.plot("online_services")).count("<svg") == 2
        and str(report.plot("online_services", "3")).count("<svg") == 1
    )
    assert "the report gives no figure" in str(report.plot("iso_declarations"))


def test_a_chart_is_saved_with_its_words(report, tmp_path):
    assert report.plot("signatures").save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    drawn = report.plot("online_services", language="vi").save(tmp_path / "a.svg").read_text("utf-8")
    texts = [one.text for one in fromstring(drawn).iter("{*}text")]
    assert texts.count("dịch vụ công trực tuyến, 2015–2020") == 2 and "Nguồn: Báo cáo" in " ".join(texts)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda report: report.plot("lan").save("lan.pdf"), "not a kind of picture: lan.pdf"),
        (lambda report: report.plot("iso_declarations").save("a.svg"), "no chart to save: the report gives no figure"),
        (lambda report: rl.load_report(None), "by its name or its folder, not by NoneType"),
        (lambda report: rl.load_report(2020), "no such report: 2020"),
        (lambda report: rl.compare_reports([report]), "not by Report"),
        (lambda report: report.plot("signaturs"), "did you mean signatures"),
        (lambda report: report.plot("online_services", "9"), "one of: 3, 4"),
        (lambda report: report.difference("x"), "not a report: 'x'"),
        (lambda report: report.what_if({"signatures": 3}), "signatures: several figures"),
        (lambda report: report.what_if({"signaturs": 3}), "not a place of a figure: 'signaturs'"),
        (lambda report: report.what_if({2019: 3}), "not a place of a figure: 2019"),
        (lambda report: report.what_if({("signatures", 2019): "many"}), "not a figure: 'many'"),
        (lambda report: report.what_if(["signatures"]), "not what would be otherwise"),
        (lambda report: report.what_if(targets={"T023": None}), "not a figure: None"),
        (lambda report: report.what_if(totals={"online_services": float("inf")}), "not a figure: inf"),
        (lambda report: report.explain(2019), "not a place of a figure: 2019"),
        (lambda report: report.diff("x"), "not a report: 'x'"),
        (lambda report: report.conflicts(3), "not rows of gaps: int"),
        (lambda report: report.paces(rows=report.observations), "not rows of gaps: DataFrame"),
        (lambda report: report.named([1]), "not a table"),
        (lambda report: rl.pages.Page("tra-vinh-2020", "vi"), "not a report: 'tra-vinh-2020'"),
    ],
)
def test_a_wrong_argument_is_told_in_words(report, ask, told):
    with pytest.raises(ReformError, match=told):
        ask(report)


def test_series_and_findings_show_themselves_in_a_line(report):
    assert repr(each_series(report)[0]) == "<Series e_documents: 6 of 6 periods have a figure>"
    assert max(len(repr(one)) for one in findings(report)) < 500
    assert repr(findings(report)[0]).startswith("<Finding share-of-count: inconsistent (error), online_services_used:3")


def test_what_a_report_lacks_is_told_with_what_is_near(report):
    with pytest.raises(AttributeError, match="did you mean observations"):
        report.observation  # noqa: B018
    assert len(report._repr_html_()) < 2000 and "observations (96)" in report._repr_html_()


def test_a_page_hides_prose_of_the_other_language_where_cells_tell_theirs_and_carries_no_style(report):
    heading = str(rl.pages.brief.heading(rl.pages.Page(report, "vi")))
    assert ".celltag_lang-en" in heading.partition("{display:none}")[0] and ".celltag_lang-vi," not in heading
    assert "celltag" not in clean(heading) and clean(heading).startswith("<h1>")


def test_an_error_is_shown_in_words_without_frames():
    assert ReformError("no figure", fix="look")._render_traceback_() == ["no figure", "  fix: look"]


def test_reports_are_compared_by_a_list_of_names():
    assert repr(rl.compare_reports(["tra-vinh-2020"])) == "<Comparison of 1 report by phu-luc-7: 18 series>"


def test_a_report_without_some_series_keeps_its_methods(report):
    held = report.withhold()
    assert isinstance(held, rl.Report) and held.withheld and not report.withheld
    assert len(held.projections()) < len(report.projections())


def test_every_method_says_what_it_gives_and_none_hides_a_table(report):
    own = {name for name in vars(rl.Report) if not name.startswith("_")}
    assert not own & set(report.__dataclass_fields__)
    assert all(inspect.getdoc(getattr(rl.Report, name)) for name in own)


def test_a_table_by_its_name(report):
    assert len(report.table("gaps", language="vi")) == len(report.gaps())
    with pytest.raises(ReformError, match="no such table"):
        report.table("gapz")


@pytest.mark.parametrize("page", ["brief", "assessment", "gaps", "projections", "comparison"])
def test_pages_have_their_parts(page):
    parts = getattr(rl.pages, page)
    assert {"heading", "decisions" if page == "brief" else "overview"} <= vars(parts).keys()
    assert all(callable(part) for part in vars(parts).values())
