"""The made-up report on the second form: made of the Word file in docs/examples, by what docs/ingest.md says."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import replace

import pandas as pd
import pytest

import reformlib as rl
from reformlib import cli
from reformlib.load.catalogue import load_catalogue
from reformlib.load.meta import default_reports
from reformlib.paths import PROJECT, make_project
from tests.conftest import REPO

EXAMPLE = REPO / "data/reports/vi-du-binh-nguyen-2025"
GUIDE = (REPO / "docs/ingest.md").read_text("utf-8")


@pytest.fixture(scope="module")
def report():
    return rl.load_report(EXAMPLE)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """A new project in which the commands of docs/ingest.md were run on the file in docs/examples, but for render."""
    folder = make_project(tmp_path_factory.mktemp("example") / "project")
    shutil.copytree(REPO / "docs/examples", folder / "docs/examples")
    commands = re.search(r"```\n(reformlib ingest docs/examples.*?)```", GUIDE, re.S)[1].splitlines()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv(PROJECT, str(folder))
        for line in commands[:2]:
            with pytest.raises(SystemExit) as ended:
                cli.main(shlex.split(line)[1:])
            assert not ended.value.code, line
        assert commands[2].startswith("reformlib render --report ")
        return rl.load_report(folder / "data/reports" / commands[2].split()[-1])


def test_the_file_becomes_the_report_with_no_question_and_no_form_named(tried, report):
    assert tried.meta.form == "cchc-2021"
    assert tried.annex.equals(report.annex)
    assert (tried.meta.period_start, tried.meta.period_end, str(tried.meta.data_date)) == (2021, 2025, "2025-12-31")
    assert tried.meta.number == report.meta.number == "12/BC-SNV"


def test_it_is_marked_as_made_up_and_rests_on_the_form_as_it_is(report):
    assert report.meta.made_up
    assert (report.meta.form, report.meta.form_sha256) == ("cchc-2021", load_catalogue("cchc-2021").sha256)
    assert (report.observations["value"].notna().sum(), report.observations["status"].eq("O").sum()) == (138, 2)


def test_commands_take_it_only_where_it_is_named(capfd):
    assert default_reports() == ["tra-vinh-2020"]
    with pytest.raises(SystemExit):
        cli.main(["render", "01", "--dry-run", "--output", "outputs-of-no-run"])
    assert EXAMPLE.name not in capfd.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["render", "01", "--dry-run", "--output", "outputs-of-no-run", "--report", EXAMPLE.name])
    assert EXAMPLE.name in capfd.readouterr().out


def test_its_shares_agree_with_its_counts(report):
    value = report.observations.set_index(["indicator", "level", "year"])["value"]
    for year in range(2021, 2026):
        both = value["services_online", "full", year] + value["services_online", "partial", year]
        assert round(100 * both / value["procedures", "", year], 2) == value["online_share", "", year]
        full = 100 * value["services_online", "full", year] / value["procedures_eligible", "", year]
        assert round(full, 2) == value["full_online_share", "", year]


@pytest.mark.parametrize(
    ("target", "figure", "gap", "verdict"),
    [
        ("T052", 93.98, -6.02, "missed"),  # QĐ 942: 100% of eligible procedures by 2025
        ("T054", 66.3, -13.7, "missed"),  # QĐ 942: 80% of dossiers fully online by 2025
        ("T040", 97.4, 7.4, "achieved"),  # QĐ 749: 90% of work records by 2025
        ("T069", 86.5, 6.5, "achieved"),  # NQ 76: 80% of procedures with fees can be paid online by 2025
        ("T088", 24.1, -5.9, "missed"),  # QĐ 468: 30% of results digitised by 2021
        ("T106", 93.98, -6.02, "open"),  # QĐ 2629: 100% by 2027
        ("T110", 90.4, -4.6, "open"),  # QĐ 282: satisfaction of 95% by 2030
    ],
)
def test_targets_of_each_instrument_are_compared(report, target, figure, gap, verdict):
    row = report.gaps().set_index("target_id").loc[target]
    assert (row["value"], row["verdict"]) == (figure, verdict)
    assert row["gap"] == pytest.approx(gap)


def test_a_share_of_all_that_meets_a_target_on_a_part_of_them_meets_it_without_a_gap(report):
    row = report.gaps().set_index("target_id").loc["T066"]  # NQ 76: 80% of eligible procedures; 84.24 % of all are
    assert (row["verdict"], row["reason"]) == ("achieved", "narrower_base") and pd.isna(row["gap"])


def test_a_target_that_counts_something_else_is_not_compared_and_the_form_says_why(report):
    row = report.gaps().set_index("target_id").loc["T107"]  # QĐ 2629: users of online services
    assert (row["verdict"], row["reason"]) == ("not_assessable", "online_users_only")


def test_nothing_of_trà_vinh_binds_it(report):
    gaps = report.gaps()
    places = report.catalogue.targets.set_index("id")["place"]
    assert (places[gaps["target_id"]] == "").all()


def test_fewer_posts_need_no_explanation(report):
    """The form says that a fall is wanted of them; of what is to grow a fall would be asked about."""
    checks = report.checks()
    falls = checks[(checks["check"] == "never-falls") & (checks["outcome"] != "consistent")]
    assert falls["series"].tolist() == ["services_online:partial"]  # as services become fully online; not posts


def test_a_year_after_the_end_of_the_district_level_is_no_gap_and_one_before_it_is(report):
    def gaps_of(one) -> list[str]:
        checks = one.checks()
        return checks[(checks["check"] == "no-gaps") & (checks["outcome"] == "missing")]["series"].tolist()

    assert gaps_of(report) == []  # no figure for 2025, the year in which districts ended
    points = report.observations
    hole = (points["indicator"] == "work_district") & (points["year"] == 2023)
    holed = replace(report, observations=points.assign(value=points["value"].mask(hole)))
    assert gaps_of(holed) == ["work_district"]


def test_nothing_of_the_district_level_is_projected_beyond_its_end(report):
    projected = report.projections(horizon=2030)
    district = projected[projected["indicator"].isin(["work_district", "results_digitised_district"])]
    assert district["p50"].isna().all()
    assert projected.loc[projected["indicator"] == "work_commune", "p50"].notna().any()
