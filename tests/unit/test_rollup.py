"""The units of a place together: who has reported, and sums over no gap; every number worked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import reformlib as rl
from reformlib.compare.rollup import roll_up
from reformlib.compare.side_by_side import compare
from reformlib.errors import ReformError
from reformlib.load.report import load_report
from reformlib.present.comparison.rollup import together
from reformlib.present.datasets import dataset
from reformlib.present.page import Page
from tests.followed import assert_entries_hold
from tests.synthetic import YEARS, headed, revised, stated, write_report

PLACE, LAST = "Bến Tre", YEARS[-1]
LISTED = [  # code, name, kind, first and last day
    ("bt", "Bến Tre", "province", "", ""),
    ("bt-a", "Sở A tỉnh Bến Tre", "province", "", ""),
    ("bt-b", "Sở B", "province", "", ""),
    ("bt-c", "Sở C", "province", "", ""),
    ("bt-d", "Sở D", "province", "", f"{LAST - 1}-06-30"),
    ("bt-e", "Sở E", "province", "", ""),
    ("bt-x", "Xã X", "commune", "", ""),
    ("dt-a", "Sở A", "province", "", ""),
]


def body(code: str, name: str, kind: str, first: str, last: str) -> dict[str, str]:
    place = "Đồng Tháp" if code.startswith("dt") else PLACE
    about = {"unit": code, "level": kind, "exists_from": first, "exists_until": last, "source": "test", "note": ""}
    names = {"name": name, "place": place, "successor": ""}
    return about | {f"{field}_{language}": text for field, text in names.items() for language in ("vi", "en")}


def department(parent: Path, seed: int, unit: str, signatures: str, **more: object):
    """A report of a unit of the place with a figure of signatures (row 5) for the last year, and data/units.csv."""
    options = {name: more.pop(name) for name in ("until", "edition") if name in more}
    rows = revised(seed, YEARS, {(5, LAST): signatures})
    made = write_report(parent, seed, rows=rows, narrative=False, **options).folder
    about = {"unit_vi": unit, "unit_en": unit, "place_vi": PLACE, "place_en": PLACE} | more
    report = load_report(stated(made, **about))
    units = pd.DataFrame([body(*row) for row in LISTED])[report.catalogue.units.columns]
    return replace(report, catalogue=replace(report.catalogue, units=units))


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Of five departments of the place two have a figure, one an empty cell, one is gone, one has not reported."""
    parent = tmp_path_factory.mktemp("place")
    return [
        department(parent, 1, "Sở A", "12"),
        department(parent, 2, "Sở B tỉnh Bến Tre", "20"),
        department(parent, 3, "Sở C", ""),
        department(parent, 4, "Sở A", "700", place_vi="Đồng Tháp"),
    ]


def signatures(found, year: int = LAST, kind: str = "province"):
    sums = found.sums
    (row,) = sums[
        (sums["indicator"] == "signatures") & (sums["as_of"].dt.year == year) & (sums["kind"] == kind)
    ].itertuples(index=False)
    return row


def test_a_sum_has_the_parts_that_are_there_and_names_the_others(reports):
    row = signatures(roll_up(reports, PLACE))
    assert (row.value, row.parts, row.expected, row.whole) == (32.0, 2, 4, False)
    assert (row.not_reported, row.no_figure, row.set_aside, row.not_listed) == ("bt-e", "bt-c", "", "")
    parts = roll_up(reports, PLACE).parts.query("indicator == 'signatures' and as_of.dt.year == @LAST")
    assert dict(zip(parts["body"], parts["value"], strict=True)) == {"bt-a": 12.0, "bt-b": 20.0}


def test_a_department_that_was_there_is_missed_as_long_as_it_was(reports):
    assert signatures(roll_up(reports, PLACE), LAST - 2).not_reported == "bt-d;bt-e"


def test_who_has_reported_and_who_has_not(reports):
    bodies = roll_up(reports, PLACE).bodies.set_index("body")
    assert bodies.index.tolist() == ["bt-a", "bt-b", "bt-c", "bt-d", "bt-e", "bt-x"]  # the place itself is no part
    assert bodies["reports"].tolist() == [*(f"synthetic-0000{seed}-2019" for seed in (1, 2, 3)), "", "", ""]
    assert bodies["listed"].all()


def test_a_sum_is_whole_where_every_part_is_there(reports, tmp_path):
    found = roll_up([*reports, department(tmp_path, 5, "Sở E", "8"), department(tmp_path, 6, "Sở D", "1")], PLACE)
    row = signatures(found, LAST - 2)
    values = [one.points["signatures"][YEARS.index(LAST - 2)].value for one in (*reports[:3], *found_reports(tmp_path))]
    assert (row.value, row.parts, row.expected, row.whole) == (sum(values), 5, 5, True)
    assert not signatures(found).whole  # Sở C has an empty cell


def found_reports(parent: Path):
    return map(load_report, sorted(parent.iterdir()))


def test_shares_and_kinds_of_bodies_are_not_added(reports, tmp_path):
    found = roll_up([*reports, department(tmp_path, 7, "UBND xã X", "1000", level="commune")], PLACE)
    assert not {"e_documents", "mailboxes", "one_stop_share"} & set(found.sums["indicator"])
    assert signatures(found).value == 32.0
    commune = signatures(found, kind="commune")
    assert (commune.value, commune.parts, commune.not_listed) == (1000.0, 1, "synthetic-00007-2019")
    assert commune.not_reported == "bt-x" and not commune.whole


def test_a_report_of_the_place_itself_is_no_part_of_it(reports, tmp_path):
    found = roll_up([*reports, department(tmp_path, 8, "UBND tỉnh Bến Tre", "5000")], PLACE)
    assert signatures(found).value == 32.0 and "synthetic-00008-2019" not in ";".join(found.bodies["reports"])


def test_what_cannot_be_used_or_is_of_another_date_is_set_aside_and_named(reports, tmp_path):
    other = department(tmp_path, 9, "Sở E", "9")
    defined = other.observations["status"].where(other.observations["indicator"] != "signatures", "D")
    row = signatures(roll_up([*reports, replace(other, observations=other.observations.assign(status=defined))], PLACE))
    assert (row.value, row.set_aside, row.not_reported) == (32.0, "bt-e", "")
    early = department(tmp_path, 10, "Sở E", "50", until="31/3")
    found = roll_up([*reports, early], PLACE)
    at = found.sums[(found.sums["indicator"] == "signatures") & (found.sums["as_of"].dt.year == LAST)]
    assert at["value"].tolist() == [50.0, 32.0] and at["not_reported"].tolist()[1] == "bt-e"


def test_a_flow_of_a_quarter_is_not_added_to_that_of_a_year(reports):
    quarters = ["Quý III/2018", "Quý IV/2018", "Quý I/2019", "Quý II/2019", "Quý III/2019", "Quý IV/2019"]
    sums = roll_up([reports[0], headed(reports[1], quarters)], PLACE).sums
    flows = sums[(sums["indicator"] == "axis_received") & (sums["as_of"] == f"{LAST}-12-31")]
    received = [one.points["axis_received"][-1].value for one in reports[:2]]
    assert dict(zip(flows["start"].dt.month, flows["value"], strict=True)) == {1: received[0], 10: received[1]}
    stocks = sums[(sums["indicator"] == "signatures") & (sums["as_of"] == f"{LAST}-12-31")]
    assert stocks["value"].tolist() == [32.0]  # counted at one day, whatever the column is of


def test_of_two_editions_the_later_counts_where_it_has_a_figure(reports, tmp_path):
    again = department(tmp_path, 1, "Sở A", "15", edition="2020", data_date=f"{LAST + 1}-03-31")
    assert signatures(roll_up([again, *reports], PLACE)).value == 35.0
    empty = department(tmp_path, 11, "Sở A", "", edition="2021", data_date=f"{LAST + 2}-03-31")
    assert signatures(roll_up([empty, *reports], PLACE)).value == 32.0


def test_reports_by_two_forms_are_not_added(reports):
    other = replace(reports[1], catalogue=replace(reports[1].catalogue))
    other.catalogue.__dict__["sha256"] = "another"
    with pytest.raises(ReformError, match="a sum over two forms"):
        roll_up([reports[0], other], PLACE)


def test_a_place_of_which_nobody_reports_has_no_sums(reports):
    found = roll_up(reports, "Cà Mau")
    assert found.bodies.empty and found.sums.empty


def test_the_table_of_the_reference_report_names_who_is_missing():
    report = rl.load_report("tra-vinh-2020")
    sums = dataset("rollup", report, language="vi").set_index(["indicator", "level", "as_of"])
    row = sums.loc[("signatures", "", pd.Timestamp(2020, 3, 31))]
    assert (row["value"], row["parts"], row["whole"]) == (1610.0, 1, False)
    assert row["kind"] == "cấp tỉnh" and "Sở Nội vụ tỉnh Trà Vinh" in row["not_reported"].split("; ")
    who = dataset("reporting", report).set_index("body")
    assert who["reported"].sum() == 1 and row["expected"] <= len(who)
    assert report.rollup().sums["value"].tolist() == sums["value"].tolist()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_says_who_is_missing(language):
    shown = together(Page(compare("tra-vinh-2020"), language))
    assert {"vi": "chưa báo cáo: Sở", "en": "not reported: Department"}[language] in str(shown)
    sums = json.loads(json.dumps(shown.evidence))[1:]
    points = load_report("tra-vinh-2020").observations
    places = points.groupby("place" if language == "en" else "place_vi")
    source = {f"tra-vinh-2020: {place}": set(rows["value"]) for place, rows in places}
    assert assert_entries_hold(sums, source, language)["formula"] == 10


def test_a_page_of_one_indicator_adds_up_that_one():
    shown = together(Page(compare("tra-vinh-2020", "signatures"), "en"))
    assert "Digital signatures" in str(shown) and "one-stop software" not in str(shown)


def test_the_page_says_where_nobody_is_listed(tmp_path):
    folder = write_report(tmp_path, 1, narrative=False).folder
    assert "data/units.csv lists no units of these places" in str(together(Page(compare(str(folder)), "en")))
