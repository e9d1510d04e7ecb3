"""A quarterly report in a Word file, on a form with money and figures that should fall, to the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reformlib.check.withheld import withhold
from reformlib.ingest import readers
from reformlib.ingest.run import ingest
from reformlib.load.report import load_report
from reformlib.measure.change import changes
from reformlib.measure.gaps import gaps
from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults
from tests.notebooks.test_other_reports import fragments

EXAMPLE = Path(__file__).parents[2] / "docs/examples/bao-cao-quy-vi-du.docx"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("quarterly") / "out"
    given = {
        "unit_en": "Department of Home Affairs",
        "place_en": "Bình Nguyên",
        "title_en": "Reform, quarter I of 2026",
    }
    unit = "Sở Nội vụ tỉnh Bình Nguyên"
    return ingest(EXAMPLE, out, unit=unit, edition="Quý I/2026", given=given, reader=readers.read).folder


def test_five_quarters_some_falling_and_one_in_money(made):
    report = load_report(made)
    seen = report.observations
    assert list(dict.fromkeys(seen["period"])) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]
    assert (str(seen["start"].min())[:10], str(seen["as_of"].max())[:10]) == ("2025-01-01", "2026-03-31")
    fees = seen[seen["indicator"] == "fees_online"]
    # 2,41 tỷ đồng is 2410 million
    assert fees["value"].tolist() == [1848.5, 1973.2, 2140, 2306.7, 2410] and set(fees["unit"]) == {"vnd_million"}
    told = changes(seen).set_index(["indicator", "level"])
    # flows and shares of flows: quarter I against quarter I, 2104 - 2918 late dossiers
    late = told.loc[("dossiers_late", "")]
    assert (late["points"], late["change"], late["annual_change"]) == (2, -814, -814)
    assert told.loc[("procedures", ""), ["points", "change"]].tolist() == [5, -28]


def test_no_quarter_is_held_against_what_was_due_in_the_year(made):
    rows = gaps(withhold(load_report(made)))
    due = rows[(rows["indicator"] == "dossiers_full_online") & (rows["target_id"] == "T054")].iloc[0]
    assert (due["verdict"], due["reason"]) == ("not_assessable", "part_of_year")


@pytest.mark.parametrize(("notebook", "language"), [("01", "vi"), ("01", "en"), ("02", "en"), ("03", "vi")])
def test_its_pages_are_whole(made, notebook, language):
    shown = [clean(str(fragment)) for fragment in fragments(notebook, report=str(made), language=language)]
    assert [fault for fragment in shown for fault in faults(fragment, language)] == []
    text = re.sub(r"<[^>]+>", " ", " ".join(shown))
    assert ("quý I/2026" if language == "vi" else "Q1 2026") in text or notebook in ("02", "03")
