"""Every number in the tables of the rendered pages is walked back to its cell or its calculation."""

import json
import math

import pytest
from bs4 import BeautifulSoup

from reformlib.evidence import recompute
from reformlib.load import load_report

PAGES = [
    (language, notebook)
    for language in ("vi", "en")
    for notebook in ("01_assessment_2011_2020", "02_gap_analysis", "03_targets_2021_2030")
]


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: "-".join(page))
def page(request, rendered):
    language, notebook = request.param
    folder = rendered / "tra-vinh-2020" / language
    soup = BeautifulSoup((folder / f"{notebook}.html").read_text(encoding="utf-8"), "html.parser")
    evidence = json.loads((folder / f"{notebook}.evidence.json").read_text(encoding="utf-8"))
    return soup, evidence["tables"]


@pytest.fixture(scope="module")
def source():
    """Values that stand in the source, by place: cells of the annex, figures by section, targets."""
    report = load_report("tra-vinh-2020")
    places = {}
    for point in report.observations.itertuples(index=False):
        places.setdefault(point.place, set()).add(point.value)
    for fact in report.facts.itertuples(index=False):
        places.setdefault(fact.section, set()).add(fact.value)
    for target in report.catalogue.targets.itertuples(index=False):
        places[f"targets.csv, {target.id}"] = {target.value}
    return places


def squeeze(text):
    return "".join(text.split())


def test_every_number_on_the_page_has_an_entry(page):
    soup, tables = page
    found = soup.find_all("table")
    assert [squeeze(t.caption.get_text()) for t in found] == [squeeze(t["table"]) for t in tables]
    for table, entry in zip(found, tables, strict=True):
        headings = [th.get_text() for th in table.thead.find_all("th")]
        rows = table.tbody.find_all("tr")
        assert len(rows) == len(entry["rows"])
        for row, cells in zip(rows, entry["rows"], strict=True):
            for heading, cell in zip(headings, row.find_all(["th", "td"]), strict=True):
                if any(c.isdigit() for c in cell.get_text()):
                    assert squeeze(cells[heading]["text"]) == squeeze(cell.get_text()), heading
                    assert {"place", "formula", "rule"} & set(cells[heading])


def walk(entry):
    yield entry
    for inner in entry.get("inputs", {}).values():
        yield from walk(inner)


def test_every_entry_leads_to_the_source_or_can_be_run_again(page, source):
    _soup, tables = page
    counted = {"place": 0, "formula": 0}
    for table in tables:
        for cells in table["rows"]:
            for cell in cells.values():
                for entry in walk(cell) if "value" in cell else ():
                    if "formula" in entry:
                        assert math.isclose(recompute(entry), entry["value"], rel_tol=1e-9, abs_tol=1e-12)
                        counted["formula"] += 1
                    elif "place" in entry and entry["value"] is not None:
                        assert entry["value"] in source[entry["place"]], entry
                        counted["place"] += 1
    assert counted["place"] > 0
