"""The comparison on one report, a few, and many: whole in both languages, nobody ranked, small enough to send."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup

from reformlib.load.report import load_report
from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults
from tests.followed import assert_entries_hold, assert_tables_follow
from tests.notebooks.test_other_reports import fragments
from tests.synthetic import MARK, revised, write_report

NEW = range(2015, 2021)


def page(reports: list, language: str, indicator: str = "") -> str:
    """The page's cells, cleaned as on the page, without a fault."""
    shown = fragments("04", reports=",".join(map(str, reports)), language=language, indicator=indicator)
    html = [clean(str(fragment)) for fragment in shown]
    assert [fault for piece in html for fault in faults(piece, language)] == []
    return "\n".join(html)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Three units, the first in two editions."""
    parent = tmp_path_factory.mktemp("few")
    rows = revised(1, NEW, {(5, 2017): "999"})
    made = [write_report(parent, seed, faults=["has-figures"] if seed == 2 else []) for seed in (3, 2, 1)]
    return [one.folder for one in made] + [write_report(parent, 1, edition="2020", years=NEW, rows=rows).folder]


def test_few_reports_one_by_one_in_the_order_of_names(few):
    pages = {language: page(few, language) for language in ("vi", "en")}
    assert all(MARK[language] in html.partition('class="verdict"')[0] for language, html in pages.items())
    names = re.findall(r"Test unit no\. (\d)", pages["en"][pages["en"].rindex("<caption>") :])
    assert names == ["1", "1", "2", "3"]
    assert "Test unit no. 2" in pages["en"] and "an ISO declaration" in pages["en"]
    assert ">999<" in pages["en"] and "Số liệu được sửa lại" in pages["vi"]


def source_of(folders) -> dict[str, set]:
    """Values by place, as the page names it: report, then cell, section or target."""
    places: dict[str, set] = {}
    for report in map(load_report, folders):
        for point in report.observations.itertuples(index=False):
            for place in (point.place, point.place_vi):
                places.setdefault(f"{report.meta.id}: {place}", set()).add(point.value)
        for name in ("place", "place_vi"):  # levels of one cell together
            for place, levels in report.observations.groupby(name)["value"]:
                places[f"{report.meta.id}: {place}"].add(levels.sum())
        for fact in report.facts.itertuples(index=False):
            places.setdefault(f"{report.meta.id}: {fact.section}", set()).add(fact.value)
        universes = {float(report.facts.set_index("fact")["value"][fact]) for fact in report.meta.universes.values()}
        places[f"{report.meta.id}: report.yml, universes"] = universes
        targets = report.catalogue.targets
        places |= {f"targets.csv, {t.id}": {t.value} for t in targets.itertuples(index=False)}
    return places


@pytest.mark.parametrize("indicator", ["", "online_services"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_number_of_the_tables_is_followed_to_its_report(few, language, indicator):
    shown = fragments("04", reports=",".join(map(str, few)), language=language, indicator=indicator)
    soup = BeautifulSoup("".join(clean(str(fragment)) for fragment in shown), "html.parser")
    told = json.loads(json.dumps([part for fragment in shown for part in fragment.evidence]))
    tables = [part for part in told if "table" in part]
    assert all({"place", "rule"} & set(sentence) for part in told for sentence in part.get("summary", []))
    assert_tables_follow(soup, tables)
    counted = assert_entries_hold(tables, source_of(few), language)
    assert counted["place"] > 50 and counted["formula"] >= 4


def test_one_report_is_told_in_words_that_it_is_one(few):
    assert "Cần ít nhất hai báo cáo để so sánh" in page(few[:1], "vi")
    assert "A comparison needs at least two reports" in page(["tra-vinh-2020"], "en")


def test_a_report_that_cannot_be_read_is_named_with_the_reason(few, tmp_path):
    broken = tmp_path / "broken-2019"
    broken.mkdir()
    (broken / "report.yml").write_text("id: x\n", encoding="utf-8")
    for reports in ([*few, broken], [few[0], broken]):
        html = page(reports, "vi")
        assert "Báo cáo không đọc được" in html and 'broken-2019: <span lang="en">' in html


def test_one_indicator_that_is_a_count_is_drawn_when_asked_for(few):
    html = page(few, "en", indicator="signatures")
    assert html.count("<svg") == 1 and "Mailboxes" not in html


def test_many_reports_are_shown_by_their_distribution_and_stay_small(tmp_path_factory):
    parent = tmp_path_factory.mktemp("many")
    many = [write_report(parent, seed, narrative=False).folder for seed in range(1, 26)]
    html = page(many, "vi")
    assert "Biểu đồ phân bố các báo cáo" in html and "Tỷ lệ báo cáo từ mức này trở xuống" in html
    assert len(html) < 700_000
