"""`import reformlib as rl`: few names, complete on Tab, loaded when asked for; a report with its analyses."""

from __future__ import annotations

import doctest
import inspect
import json
import subprocess
import sys

import pandas as pd
import pytest

import reformlib as rl
from reformlib.errors import ReformError


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


def test_the_example_of_the_package_holds():
    assert doctest.testmod(rl).failed == 0


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
        pd.testing.assert_frame_equal(given, wanted)


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
