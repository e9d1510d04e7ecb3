"""Every number in the tables of the rendered pages is walked back to its cell or its calculation."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from reformlib.load.report import load_report
from reformlib.present import explain
from tests.followed import assert_entries_hold, assert_tables_follow, squeeze, unexplained

PAGES = [
    (language, notebook)
    for language in ("vi", "en")
    for notebook in ("01_assessment", "02_gap_analysis", "03_projections")
]


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: "-".join(page))
def page(request, rendered):
    language, notebook = request.param
    folder = rendered / "tra-vinh-2020" / language
    # a page keeps a number on one line with what it is of
    shown = (folder / f"{notebook}.html").read_text(encoding="utf-8").replace("\xa0", " ")
    soup = BeautifulSoup(shown, "html.parser")
    evidence = json.loads((folder / f"{notebook}.evidence.json").read_text(encoding="utf-8"))
    return soup, evidence, language


@pytest.fixture(scope="module")
def source(page):
    """Values that stand in the source, by place in the page's language: cells of the annex, sections, targets."""
    report = load_report("tra-vinh-2020")
    places = {}
    for point in report.observations.itertuples(index=False):
        places.setdefault(point.place if page[2] == "en" else point.place_vi, set()).add(point.value)
    for fact in report.facts.itertuples(index=False):
        places.setdefault(fact.section, set()).add(fact.value)
    for target in report.catalogue.targets.itertuples(index=False):
        places[f"targets.csv, {target.id}"] = {target.value}
    for row in report.catalogue.objectives.itertuples(index=False):
        places[f"objectives.csv, {row.objective}"] = {row.value}
    for row in report.context[report.context["value"] != ""].itertuples(index=False):
        places[f"context.csv, {row.context}"] = {float(row.value)}
    for row in report.later.itertuples(index=False):
        places[f"later.csv, {row.later}"] = {float(row.value)}
    return places


def test_every_number_on_the_page_has_an_entry(page):
    soup, evidence, _ = page
    assert_tables_follow(soup, evidence["tables"])


def test_every_sentence_of_the_summary_names_its_place(page):
    soup, evidence, _ = page
    listed = soup.find(class_="findings")
    shown = [told.get_text() for told in reversed(listed.find_previous_siblings(class_=["verdict", "note"]))]
    for item in listed.find_all("li"):
        said = item.find(class_="said").get_text()
        about, reference = said.rsplit(" (", 1)
        shown.append(f"{item.find(class_='figure').get_text()} {about}")
        assert reference.rstrip(")") == evidence["summary"][len(shown) - 1]["place"]
    for item in soup.find_all(class_="further"):
        about, reference = item.get_text().rsplit(" (", 1)
        shown.append(about)
        assert reference.rstrip(")") == evidence["summary"][len(shown) - 1]["place"]
    told = [sentence["text"] for sentence in evidence["summary"]]
    assert [squeeze(text).replace(".", "") for text in shown] == [squeeze(text).replace(".", "") for text in told]
    assert len(told) >= 3 and evidence["summary"][0]["rule"]


def test_every_entry_leads_to_the_source_or_can_be_run_again(page, source):
    _, evidence, language = page
    assert assert_entries_hold(evidence["tables"], source, language)["place"] > 0


def test_every_place_is_taken_by_explain(page, monkeypatch):
    """Of the annex the cells are only found here, not told."""
    _, evidence, language = page
    monkeypatch.setattr(explain, "_figure", lambda page, key: [("printed", *key[:2])])
    report = load_report("tra-vinh-2020")
    places = {
        one.strip()
        for place in re.findall(r'"place": "(.*?)"', json.dumps(evidence, ensure_ascii=False))
        for one in place.split("; ")
    }
    assert len(places) > 40
    for place in places:
        assert len(explain.explain(report, place, language=language)), place


def test_the_walk_sees_a_number_that_its_evidence_is_not():
    cell = {"text": "1,610 (31 March 2020)", "value": 1610.0, "place": "Phụ lục 7, row 5"}
    assert unexplained(cell, "en") == []
    assert unexplained(cell | {"value": 1601.0}, "en") == ["1,610"]
    assert unexplained({"text": "9 – 12", "value": 9.2, "high": 12.4, "rule": "lo – hi"}, "en") == []
    assert unexplained({"text": "9 – 12", "value": 9.2, "rule": "lo – hi"}, "en") == ["12"]
    assert unexplained({"text": "khoảng 6/10", "value": 0.64, "rule": "p"}, "vi") == []
    assert unexplained({"text": "khoảng 6/10", "value": 0.44, "rule": "p"}, "vi") == ["6"]
    wide = {"text": "1,400 – 31,000", "value": 1381.9, "high": 30901.9, "rule": "projections: lo80 – hi80, rounded"}
    assert unexplained(wide, "en") == []
    assert unexplained(wide | {"high": 31801.9}, "en") == ["31,000"]
    assert unexplained(wide | {"rule": "projections: lo80 – hi80"}, "en") == ["1,400", "31,000"]
