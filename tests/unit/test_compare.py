"""Reports side by side: what is set beside what, what keeps figures apart; figures worked by hand."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tracemalloc
from multiprocessing import get_context, get_start_method

import pandas as pd
import pytest

from reformlib.check import folders as check
from reformlib.check.folders import check_folders
from reformlib.compare import side_by_side as compare
from reformlib.errors import ReformError
from reformlib.load import many
from reformlib.load.catalogue import load_catalogue
from reformlib.load.report import load_report
from reformlib.present.comparison.charts import charts
from reformlib.present.comparison.series import figure, label, short_labels
from reformlib.present.comparison.tables import series_table
from reformlib.present.page import Page
from reformlib.render.engine.process import FORKS
from tests.one_base import same_base
from tests.synthetic import YEARS, headed, revised, write_report

CATALOGUE = load_catalogue("phu-luc-7")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Four units: as they are, figures to 31 March, a share above 100 % and an empty row, another total."""
    parent = tmp_path_factory.mktemp("reports")
    last = YEARS[-1]
    cells = [{(5, last): "100", (6, last): "40,0%"}, {}, {(6, last): "60,0%", (1, last): "130%"}, {(6, last): "50,0%"}]
    return [
        write_report(
            parent,
            seed,
            rows=revised(seed, YEARS, cells[seed - 1]),
            until="31/3" if seed == 2 else "",
            faults=["has-figures"] if seed == 3 else [],
            narrative=seed != 4,
        ).folder
        for seed in (1, 2, 3, 4)
    ]


@pytest.fixture(scope="module")
def stacked(folders):
    return compare.stack(compare.each_report(folders))


def row(frame: pd.DataFrame, indicator: str, level: str = "", measure: str = "value"):
    (found,) = frame[(frame[compare.KEY] == [indicator, level, measure]).all(axis=1)].itertuples(index=False)
    return found


def test_every_unit_has_a_row_for_every_series_also_without_a_figure(stacked):
    units, cells = stacked
    assert units["report"].tolist() == [f"synthetic-{seed:05d}-2019" for seed in (1, 2, 3, 4)]
    assert cells.groupby("report").size().tolist() == [18] * 4
    empty = cells[(cells["report"] == "synthetic-00003-2019") & (cells["indicator"] == "iso_declarations")].iloc[0]
    assert empty["apart"] == "no_figure" and pd.isna(empty["value"])


def test_only_figures_of_one_date_that_can_be_used_are_set_side_by_side(stacked):
    cells, series = compare.summarise(stacked[1], CATALOGUE, stacked[0])
    mail = row(series, "mailboxes")
    assert (mail.compared, mail.other_date, mail.low, mail.median, mail.high) == (3, 1, 40.0, 50.0, 60.0)
    assert str(mail.as_of.date()) == "2019-12-31"
    documents = row(series, "e_documents")
    assert (documents.compared, documents.not_usable, documents.other_date, documents.figures) == (2, 1, 1, 4)
    assert documents.high < 100
    apart = cells.set_index(["report", *compare.KEY])["apart"]
    assert apart["synthetic-00002-2019", "mailboxes", "", "value"] == "other_date"
    assert apart["synthetic-00003-2019", "e_documents", "", "value"] == "not_usable"


def named(stacked, *names: str) -> Page:
    """The reports under other names, with their latest figures."""
    cells, series = compare.summarise(stacked[1], CATALOGUE, stacked[0])
    units = stacked[0].assign(unit_en=names, unit_vi=names)
    return Page(compare.Comparison(CATALOGUE, units, cells, series, pd.DataFrame()), "en")


def test_names_lose_what_they_share_and_never_what_tells_them_apart(stacked):
    long = [
        f"Department of Information and Communications of {place} province" for place in ("An", "Bo", "Ca Mau", "Da")
    ]
    page = named(stacked, *long)
    assert [name.partition(" (")[0] for name in short_labels(page, 40).values()] == [
        "… An …",
        "… Bo …",
        "… Ca Mau …",
        "… Da …",
    ]
    assert list(short_labels(page, 200).values()) == [label(page, report) for report in page.report.units["report"]]
    apart = named(stacked, *(f"{first} office of a very long name that fits no chart at all" for first in "ABCD"))
    assert [name[0] for name in short_labels(apart, 40).values()] == list("ABCD")


def test_the_median_of_counts_has_no_decimals(stacked):
    page = named(stacked, *"ABCD")
    counted = row(page.report.series, "signatures")
    assert (
        figure(page, counted, 9961.5) == "9,962" and figure(page, row(page.report.series, "mailboxes"), 50.5) == "50.5%"
    )


def test_a_figure_kept_apart_has_a_mark_and_the_reason_as_a_letter(stacked):
    table = str(series_table(named(stacked, *"ABCD")))
    assert "◇ [" in table and "] another date" in table and "✘ [" in table
    assert 'href="../../index.html#en-synthetic-00001-2019"' in table


def test_a_quarter_is_never_set_beside_a_year(folders):
    """Two reports to the end of 2019, one of them by quarters: flows stand apart, stocks of one day do not."""
    reports = [load_report(folder) for folder in folders[:1]]
    quarters = ["Quý III/2018", "Quý IV/2018", "Quý I/2019", "Quý II/2019", "Quý III/2019", "Quý IV/2019"]
    other = load_report(folders[3])
    reports += [headed(other, quarters)]
    units, cells = compare.stack(reports)
    cells, series = compare.summarise(cells, CATALOGUE, units)
    flow, stock = row(series, "axis_received"), row(series, "signatures")
    assert (flow.figures, flow.compared, flow.other_period, flow.other_date) == (2, 1, 1, 0)
    assert flow.high == reports[0].points["axis_received"][-1].value  # of two lengths the longer
    assert (stock.compared, stock.other_period) == (2, 0)
    mine, frames = cells["indicator"] == "axis_received", pd.DataFrame()
    page = Page(
        compare.Comparison(CATALOGUE, units, cells[mine], series[series["indicator"] == "axis_received"], frames), "en"
    )
    assert "a period of another length" in str(series_table(page))
    assert "nothing is drawn" in str(charts(page))  # of two that do not compare
    starts = cells[mine]["start"]
    assert [str(day.date()) for day in starts] == ["2019-01-01", "2019-10-01"]


def test_of_two_columns_of_one_day_the_longer_stands(folders):
    heads = ["Năm 2016", "Năm 2017", "Năm 2018", "Quý I/2019", "6 tháng đầu năm 2019", "Quý II/2019"]
    report = headed(load_report(folders[0]), heads)
    flow = row(compare.stack([report])[1], "axis_received")
    assert (flow.place, str(flow.start.date())) == ("Annex 7, row 3, first half of 2019", "2019-01-01")


def test_a_unit_with_two_editions_is_one_unit(stacked):
    units, cells = stacked
    _cells, series = compare.summarise(cells, CATALOGUE, units)
    assert not row(series, "mailboxes").every_unit  # four units, three figures of one date
    # the report with the other date is a later edition of the first unit, so every unit is compared all the same
    other = _cells.loc[(_cells["indicator"] == "mailboxes") & (_cells["apart"] == "other_date"), "report"].iloc[0]
    keep, first = units["report"] != other, units.iloc[0]
    places = {"place_vi": units["place_vi"].where(keep, first["place_vi"])}
    same = {"unit_vi": units["unit_vi"].where(keep, "  " + first["unit_vi"].upper())}
    _cells, series = compare.summarise(cells, CATALOGUE, units.assign(**same))
    assert not row(series, "mailboxes").every_unit  # the name is the same, the place is not
    _cells, series = compare.summarise(cells, CATALOGUE, units.assign(**same, **places))
    assert row(series, "mailboxes").every_unit and row(series, "mailboxes").compared == 3


def test_shares_need_the_total_that_the_report_states(stacked):
    _cells, series = compare.summarise(stacked[1], CATALOGUE, stacked[0])
    share = row(series, "online_services", "3+4", "share")
    # the synthetic narrative states twice as many procedures as there are services at both levels
    assert (share.compared, share.no_universe, share.low, share.high) == (2, 1, 50.0, 50.0)


def test_the_target_due_first_after_the_date_and_who_reaches_it(stacked):
    _cells, series = compare.summarise(stacked[1], same_base(CATALOGUE), stacked[0])
    documents, services = row(series, "e_documents"), row(series, "online_services", "4", "share")
    assert (documents.target_id, documents.target, documents.target_year) == ("T020", 90.0, 2020)
    assert documents.meeting == 0
    values = stacked[1].query("indicator == 'online_services' and level == '4' and measure == 'share'")["value"]
    assert services.target == 30.0 and services.meeting == (values.iloc[[0, 2]] >= 30).sum()
    # 30 % does not say of what: as things are no unit is told to meet it
    _cells, series = compare.summarise(stacked[1], CATALOGUE, stacked[0])
    assert pd.isna(row(series, "online_services", "4", "share").target_id)
    assert pd.isna(row(series, "signatures").target)


def test_the_reference_report_keeps_its_own_figures_apart():
    cells = compare.stack([load_report("tra-vinh-2020")])[1]
    share = row(cells, "online_services", "4", "share")
    assert (round(share.value, 2), share.universe) == (27.66, 1949.0)
    assert row(cells, "online_services_used", "3").apart == "not_usable"
    assert row(cells, "axis_received").part and row(cells, "iso_declarations").apart == "no_figure"


def test_by_place_counts_what_can_be_compared(stacked):
    units, cells = stacked
    together = units.assign(place_vi=["A", "A", "B", "B"])
    cells, _series = compare.summarise(cells, CATALOGUE, units)
    places = compare.by_place(cells, together).set_index(["place", *compare.KEY])
    mail = places.xs(("mailboxes", "", "value"), level=compare.KEY)
    assert mail["compared"].tolist() == [1, 2] and mail["median"].tolist() == [40.0, 55.0]


def test_names_that_cannot_be_compared_are_refused(folders):
    assert compare.find_reports("")[0].name == "tra-vinh-2020"
    assert compare.find_reports(f"{folders[0]}, tra-vinh-2020")[0] == folders[0].resolve()
    assert compare.find_reports(str(folders[0].parent)) == [folder.resolve() for folder in folders]
    with pytest.raises(ReformError, match="no such report: nowhere"):
        compare.find_reports("nowhere")
    with pytest.raises(ReformError, match="named twice: tra-vinh-2020"):
        compare.find_reports("tra-vinh-2020,tra-vinh-2020")
    report = load_report(folders[0])
    with pytest.raises(ReformError, match="two reports have the id"):
        compare.stack([report, report])


@pytest.mark.parametrize(("file", "text"), [("annex.csv", "form_row,label\n"), ("checks.yml", "- id: no-rule\n")])
def test_a_broken_report_is_told_and_the_others_compared(folders, tmp_path, file, text):
    broken = tmp_path / "broken-2019"
    shutil.copytree(folders[0], broken)
    (broken / file).write_text(text, encoding="utf-8")
    with pytest.raises(ReformError):
        compare.stack(compare.each_report([broken]))
    with pytest.raises(ReformError):
        compare.compare(str(broken))
    found = compare.compare(f"{broken},{folders[1]},{folders[2]}")
    assert found.units["report"].tolist() == ["synthetic-00002-2019", "synthetic-00003-2019"]
    assert list(found.unread) == ["broken-2019"] and file in found.unread["broken-2019"]


def test_many_reports_read_by_several_processes_give_the_same(folders, tmp_path, monkeypatch):
    broken = tmp_path / "broken-2019"
    shutil.copytree(folders[0], broken)
    (broken / "annex.csv").write_text("form_row,label\n", encoding="utf-8")
    names = [str(folder) for folder in (*folders, broken)]
    here = compare.compare(names)
    monkeypatch.setattr(many, "SHARE", 2)
    found = compare.compare(names)
    for table in ("units", "cells", "series", "differences", "left_out"):
        pd.testing.assert_frame_equal(getattr(found, table), getattr(here, table))
    assert found.unread == here.unread and list(found.unread) == ["broken-2019"]
    assert found.catalogue.folder == here.catalogue.folder


@pytest.mark.skipif(not FORKS, reason="processes are forked on Linux only")
def test_many_reports_are_read_here_where_a_process_may_have_no_children(folders, monkeypatch):
    monkeypatch.setattr(many, "SHARE", 1)
    results = get_context("fork").SimpleQueue()
    reader = get_context("fork").Process(
        target=lambda: results.put(len(compare.compare(list(map(str, folders))).units)), daemon=True
    )
    reader.start()
    reader.join(60)
    assert reader.exitcode == 0 and results.get() == len(folders)


def test_a_process_that_is_ended_while_it_reads_is_told(folders, monkeypatch):
    if get_start_method() != "fork":
        pytest.skip("reports are read by several processes only where a new one is a copy")
    monkeypatch.setattr(many, "SHARE", 1)
    for module, name in ((compare, "load_report"), (check, "check_report")):
        monkeypatch.setattr(module, name, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(ReformError, match="was ended from outside"):
        compare.compare(list(map(str, folders)))
    with pytest.raises(ReformError, match="was ended from outside"):
        list(check_folders(folders))


def test_memory_does_not_grow_with_the_number_of_reports(folders):
    """Two folders looked at, then eight: what is held afterwards is the same."""

    def held(times: int) -> int:
        """Bytes still held when the last of the folders has been looked at."""
        for _checked in check_folders(iter(folders[:2] * times)):
            pass
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    held(1)  # what is loaded once: translations, compiled patterns
    tracemalloc.start()
    try:
        first = held(1)
        more = held(4)
    finally:
        tracemalloc.stop()
    assert more - first < 100_000  # a report and its findings take about a million
