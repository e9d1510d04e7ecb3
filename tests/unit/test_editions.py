"""Two editions of one unit: planted revisions, methods and gaps are told, and told apart from real change."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from reformlib import cli
from reformlib.compare import editions
from reformlib.compare.side_by_side import same_unit, stack
from reformlib.load.report import load_report
from tests.synthetic import headed, revised, write_report

OLD, NEW = range(2014, 2020), range(2015, 2021)
PLANTED = {(5, 2017): "999", (2, 2018): "", (13, 2016): "50% (tại 5 đơn vị)", (3, 2019): "1"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    parent = tmp_path_factory.mktemp("editions")
    first = write_report(parent, 1, years=OLD, until="31/3", rows=revised(1, OLD, {(12, 2016): ""}))
    second = write_report(parent, 1, edition="2020", years=NEW, rows=revised(1, NEW, PLANTED), narrative=False)
    return first.folder, second.folder


@pytest.fixture(scope="module")
def reports(folders):
    return [load_report(folder) for folder in folders]


def told(frame, group):
    chosen = frame[frame["group"] == group]
    return {(r.kind, r.subject, r.as_of.year if r.as_of == r.as_of else None) for r in chosen.itertuples()}


def test_planted_differences_are_found_and_nothing_else(reports):
    frame = editions.diff(*reports)
    assert told(frame, "revision") == {("value", "signatures", 2017), ("value", "one_stop_share", 2016)}
    assert told(frame, "method") == {("note", "one_stop_share", 2016), ("universe", "online_services", None)}
    assert told(frame, "coverage") == {
        ("vanished", "axis_units", 2018),
        ("appeared", "one_stop_units", 2016),
        ("period_vanished", "Năm 2014", None),
        ("fact_vanished", "portal_procedures", None),
    }
    change = frame[frame["group"] == "change"]
    assert set(change["kind"]) == {"later_date", "new_period"}
    # every series, for 2019 counted to a later date and for 2020
    assert change.groupby("kind").size().to_dict() == {"later_date": 16, "new_period": 16}


def test_both_values_and_both_places_are_given(reports):
    frame = editions.diff(*reports)
    (row,) = frame[(frame["kind"] == "value") & (frame["subject"] == "signatures")].itertuples()
    before = reports[0].observations.query("indicator == 'signatures' and year == 2017")["value"].item()
    assert (row.before, row.after, row.said_after) == (before, 999.0, "999")
    assert row.place_before == row.place_after == "Annex 7, row 5, 2017"
    later = frame[(frame["kind"] == "later_date") & (frame["subject"] == "axis_received")].iloc[0]
    assert later["after"] == 1.0


def test_quarters_are_known_by_their_period(reports):
    """Flows of 1 to 6 in the quarters of a year and after; the later edition has the second quarter otherwise."""
    quarters = [f"Quý {number}/{year}" for year in (2018, 2019) for number in ("I", "II", "III", "IV")]
    cells = [str(1000 + number) for number in range(6)]

    def edition(last: int, cells: list[str]):
        annex = reports[0].annex.assign(**dict(zip(reports[0].annex.columns[2:], cells, strict=True)))
        return headed(replace(reports[0], annex=annex[annex["form_row"] == "3"]), quarters[last - 6 : last])

    frame = editions.diff(edition(6, cells), edition(7, [*cells[1:3], "7", *cells[4:], "1006"]))
    assert told(frame, "revision") == {("value", "axis_received", 2018)}
    (row,) = frame[frame["group"] == "revision"].itertuples()
    assert (row.before, row.after, row.place_after) == (1003.0, 7.0, "Annex 7, row 3, Q4 2018")
    (row,) = frame[frame["kind"] == "new_period"].itertuples()
    # the third quarter of 2019 stands beside that of 2018, not beside the second of 2019
    assert (row.before, row.after, row.said_before) == (1002.0, 1006.0, "1002")


def test_a_year_named_again_is_still_the_same_days(reports):
    """31 March 2019 stays what it was where a later edition has the whole of 2019 beside it."""
    early = headed(reports[0], [*(f"Năm {year}" for year in range(2014, 2019)), "Năm 2019 (Tính đến 31/3)"])
    both = [*(f"Năm {year}" for year in range(2015, 2019)), "Năm 2019 (Tính đến 31/3)", "Năm 2019"]
    annex = early.annex.assign(more="")
    annex.columns = ["form_row", "label", "gone", *both]
    late = headed(replace(early, annex=annex.drop(columns="gone")), both)
    frame = editions.diff(early, late)
    assert told(frame, "revision") == told(frame, "change") == set()
    assert told(frame, "coverage") == {("period_vanished", "Năm 2014", None)}


def test_an_edition_does_not_differ_from_itself(reports):
    for report in reports:
        assert editions.diff(report, report).empty


def test_labels_statuses_rows_and_the_log_are_methods_or_coverage(reports):
    before = reports[0]
    annex = before.annex.assign(label=before.annex["label"].where(before.annex["form_row"] != "6", "Tên khác"))
    observed = before.observations[before.observations["indicator"] != "lan"].copy()
    at = (observed["indicator"] == "mailboxes") & (observed["year"] == 2016)
    observed.loc[at, "status"] = "E"
    after = replace(before, annex=annex[annex["form_row"] != "8"], observations=observed, assumptions=[])
    frame = editions.diff(before, after)
    assert told(frame, "revision") == {("status", "mailboxes", 2016)}
    assert told(frame, "method") == {("label", "mailboxes", None), ("log", "synthetic", None)}
    assert told(frame, "coverage") == {("row_vanished", "lan", None)}


def test_editions_of_one_unit_are_known_by_its_name(reports):
    units, _cells = stack(reports)
    assert same_unit(units) == [("synthetic-00001-2019", "synthetic-00001-2020")]


def test_the_command_tells_differences_and_fails_only_when_asked_to(folders, capfdbinary):
    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main(["diff", *map(str, arguments)])
        out, err = (stream.decode() for stream in capfdbinary.readouterr())
        return caught.value.code or 0, out, err

    code, out, err = run(*folders, "--format", "json")
    rows = json.loads(out)
    assert code == 0 and {"revision", "change"} <= {row["group"] for row in rows}
    assert "revised: 2" in err
    code, out, _ = run(*folders, "--exit-code", "--language", "vi", "--format", "csv")
    assert code == 1 and "số liệu được sửa lại" in out
    assert run(folders[0], folders[0])[0] == 2
    assert "A has later figures than B" in run(*reversed(folders))[2]


def test_a_table_of_differences_runs_nothing_in_a_spreadsheet(folders, tmp_path, capfdbinary):
    after = tmp_path / "after-2020"
    shutil.copytree(folders[1], after)
    log = after / "assumptions.yml"
    log.write_text(log.read_text(encoding="utf-8").replace("what_vi: ", "what_vi: =cmd "), encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.main(["diff", str(folders[0]), str(after), "--format", "csv"])
    out = capfdbinary.readouterr()[0].decode()
    assert ",'=cmd " in out and ",=cmd " not in out
