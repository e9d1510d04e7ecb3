"""Parts that every page is made of: small pictures, tables, findings, light charts. Numbers worked by hand."""

import base64
import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from reformlib.check.finding import cell_place
from reformlib.load.evidence import Evidence
from reformlib.load.report import load_report
from reformlib.present import spark
from reformlib.present.chart import ACCENT, INK, chart_axes, hint, svg_of
from reformlib.present.comparison.series import when
from reformlib.present.findings import written
from reformlib.present.html import Shown, tag
from reformlib.present.page import Finding, Page, summary
from reformlib.present.table import SHORT, Column, folded, table
from reformlib.render.page.links import siblings, with_links

PAGE = Page(None, "en")


def drawn(markup):
    return base64.b64decode(re.search(r'base64,([^"]+)"', str(markup))[1]).decode()


def rows(n, *, columns=2, **options):
    named = [
        Column(f"c{i}", lambda row: Shown(str(row), Evidence(row, "", place="here")), True) for i in range(columns)
    ]
    return table(PAGE, range(n), named, caption="Ten", **{"fold": False, **options})


def test_a_course_goes_from_the_left_edge_to_the_right_and_from_zero_up():
    # 96 x 26 with an edge of 4: times 2015 and 2020 at 4 and 92, values 0 and 10 at 22 and 4
    assert "<path d='M4,22.0L92,4.0'" in drawn(spark.course([[(2015, 0), (2020, 10)]], "x" * 30))


def test_points_that_cannot_be_joined_are_dots():
    picture = drawn(spark.course([[(2015, 10)], [(2020, 5)]], "x" * 30))
    assert re.findall(r"cx='(\d+)' cy='([\d.]+)'", picture) == [("4", "4.0"), ("92", "13.0")]


def test_a_band_is_drawn_from_its_low_edge_back_along_the_high_one():
    band = [(2020, 5, 5), (2030, 0, 10)]
    picture = drawn(spark.course([[(2010, 5), (2020, 5)]], "x" * 30, band=band))
    assert "<path d='M48,13.0L92,22.0L92,4.0L48,13.0z'" in picture


def test_a_bar_ends_at_the_figure_and_the_mark_stands_at_the_target():
    picture = drawn(spark.bar(50, 100, 100, "x" * 30))  # 94 wide: half of it is 47
    assert "width='47.0'" in picture and "x='93.0'" in picture


@pytest.mark.parametrize("value", [0, 10])
def test_a_series_that_does_not_move_has_a_picture(value):
    assert "nan" not in drawn(spark.course([[(2015, value), (2020, value)]], "x" * 30))


def test_only_a_stacked_table_carries_labels():
    assert 'data-label="c1"' in str(rows(2))
    flat = str(rows(2, stack=False))
    assert "data-label" not in flat
    assert flat.count('scope="col"') == 2 and flat.count('scope="row"') == 2


def test_a_short_table_is_not_folded():
    assert "details" not in str(rows(SHORT, fold=True))
    assert 'class="fold"' in str(rows(SHORT + 1, fold=True))


def test_a_folded_table_keeps_its_evidence_and_says_how_many_rows_it_has():
    fold = folded(PAGE, rows(17))
    assert "<summary>Ten (17 rows)</summary>" in str(fold)
    assert [len(entry["rows"]) for entry in fold.evidence] == [17]


def test_a_summary_is_a_verdict_and_findings_of_number_comparison_reference_and_request():
    found = Finding("7", "Sevens", tag("b", "One more than six."), "count on.", "row 7")
    shown = summary(PAGE, ["All < none."], [found], "counted by hand")
    assert '<p class="verdict">All &lt; none.</p>' in str(shown)
    said = '<strong>Sevens</strong>. <b>One more than six.</b> <span class="ref">(row 7)</span></p>'
    assert f'<div class="figure">7</div><p class="said">{said}' in str(shown)
    assert '<p class="ask"><strong>Request:</strong> count on.</p>' in str(shown)
    verdict = {"text": "All < none.", "rule": "counted by hand"}
    assert shown.evidence == [{"summary": [verdict, {"text": "7 Sevens One more than six.", "place": "row 7"}]}]


def test_a_chart_is_paths_and_texts_with_what_a_pointer_is_told():
    with chart_axes(40) as (drawing, axes):
        axes.set(xlim=(0, 10), ylim=(0, 1), xticks=[], yticks=[])
        hint(axes.plot(5, 0.5, "o", color=ACCENT), "2019 < 2020: 5")
        axes.annotate("5 & more", (5, 0.5), color=INK, fontweight="bold", ha="center")
        svg = str(svg_of(drawing))
    assert svg.startswith(
        '<svg width="331pt" height="82pt" viewBox="0 0 331 82" font-size="11.5"><path d="M8 60L323 60'
    )
    assert svg.count("<title>2019 &lt; 2020: 5</title>") == 1 and 'fill="#0b5394"' in svg
    text = '<text x="165.5" y="40" fill="#1b1b1b" font-weight="700" text-anchor="middle">5 &amp; more</text>'
    assert text in svg and re.findall(r" (?:id|style|clip-path|transform|href)=|<use|<defs|<g", svg) == []


def test_a_chart_refuses_a_letter_that_its_font_lacks_and_data_beside_its_axes():
    with pytest.raises(UserWarning, match="missing from font"), chart_axes() as (drawing, axes):
        axes.plot([0, 1], [0, 1])
        axes.annotate("\u4e00", (0, 0))
        svg_of(drawing)
    with pytest.raises(ValueError, match="beside the axes"), chart_axes() as (drawing, axes):
        axes.plot([0, 1], [0, 2])
        axes.set_ylim(0, 1)
        svg_of(drawing)


def test_links_name_the_document_without_the_unit():
    links = siblings("en", "b", {("en", name): {"title": f"{name.upper()} · Unit"} for name in ("a", "b")})
    assert '<a href="a.html">A</a>' in with_links("<!-- links --><!-- /links -->", "en", links)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("vi", "Dịch vụ công trực tuyến, toàn trình, một phần và UBND"),
        ("en", "Online public services, fully, in part and PC"),
    ],
)
def test_categories_are_called_as_the_form_calls_them(language, name):
    report = load_report("tra-vinh-2020")
    rows = [("3", "Toàn trình", "Fully"), ("4", "Một phần", "In part"), ("x", "UBND", "PC")]
    categories = pd.DataFrame(
        [("online_services", *row, "", "") for row in rows],
        columns=["indicator", "category", "name_vi", "name_en", "words", "form_row"],
    )
    report = replace(report, catalogue=replace(report.catalogue, categories=categories))
    page = Page(report, language)
    assert page.series_name("online_services", "3+4+x") == name
    assert page.series_name("online_services", "3") == name.rpartition(", ")[0]
    place = cell_place(report, [("online_services", "3"), ("online_services", "4"), ("lan", "")], ["2019"])
    said = "Annex 7, row 8; row 10, fully, in part, 2019"
    assert language == "vi" or written(place, "en") == said


@pytest.mark.parametrize(
    ("start", "as_of", "said"),
    [
        ("2025-03-31", "2025-03-31", "31 March 2025"),
        ("2025-01-01", "2025-12-31", "31 December 2025"),
        ("2025-01-01", "2025-03-31", "1 January 2025 – 31 March 2025"),
        (None, None, "–"),
    ],
)
def test_what_is_compared_over_a_quarter_has_its_first_and_last_day(start, as_of, said):
    assert when(PAGE, SimpleNamespace(start=pd.Timestamp(start), as_of=pd.Timestamp(as_of))) == said
