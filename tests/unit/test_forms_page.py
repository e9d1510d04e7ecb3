"""What docs/forms.md says, done word for word in an empty project: a form, a file of it, a page."""

from __future__ import annotations

import csv
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import reformlib as rl
from reformlib import cli
from reformlib.errors import ReformError
from reformlib.load.catalogue import load_catalogue
from reformlib.paths import PROJECT, make_project
from tests.conftest import REPO

PAGE = (REPO / "docs/forms.md").read_text("utf-8")
REPORT = "data/reports/so-vi-du-tinh-binh-nguyen-2025"


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    assert not ended.value.code, arguments


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A new project in which everything has been done that the page says, to the last command."""
    folder = make_project(tmp_path_factory.mktemp("forms") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv(PROJECT, str(folder))
        for name, content in re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)```", PAGE, re.M | re.S):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, "utf-8")
        for line in re.findall(r"^reformlib .*$", PAGE, re.M):
            run(*shlex.split(line)[1:])
        yield folder


def test_the_form_is_known_and_the_report_names_it(project):
    form, report = load_catalogue("mot-cua"), rl.load_report(project / REPORT)
    assert form.form.name_vi == "Biểu một cửa"
    assert (report.meta.form, report.meta.form_sha256) == ("mot-cua", form.sha256)


def test_the_figures_are_those_of_the_file(project):
    rows = rl.load_report(project / REPORT).observations
    figures = rows.set_index(["indicator", "level", "year"])["value"]
    assert figures["received", "", 2025] == 1502  # printed under another label, one of the row's words
    assert figures["online", "full", 2025] == 120 and figures["online", "partial", 2022] == 110
    assert figures["submitted_online", "", 2023] == 46.2


def test_the_page_holds_them_against_the_targets_in_the_words_of_the_form(project):
    gaps = rl.load_report(project / REPORT).gaps().set_index("target_id")
    assert (gaps.loc["T099", "value"], gaps.loc["T099", "gap"]) == (46.2, pytest.approx(46.2 - 50))  # due 2023
    name = Path(REPORT).name
    page = (project / f"outputs/{name}/vi/02_gap_analysis.html").read_text("utf-8")
    text = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
    assert "Biểu một cửa, dòng 3" in text
    assert "mục tiêu tính hồ sơ giải quyết trực tuyến, chỉ tiêu tính hồ sơ nộp trực tuyến" in text
    assert "Phụ lục 7" not in text and "Trà Vinh" not in text


def test_a_row_that_is_changed_afterwards_is_named(project):
    path = project / "data/forms/mot-cua/indicators.csv"
    before = path.read_text("utf-8")
    path.write_text(before.replace("Tỷ lệ hồ sơ nộp trực tuyến", "Tỷ lệ hồ sơ nộp trực tiếp"), "utf-8")
    try:
        with pytest.raises(ReformError, match="row 3"):
            rl.load_report(project / REPORT)
    finally:
        path.write_text(before, "utf-8")


def test_the_form_travels_with_the_report(project):
    shared, own = project / "data/forms/mot-cua", project / REPORT / "form"
    before = rl.load_report(project / REPORT).observations
    shared.rename(own)
    try:
        assert rl.load_report(project / REPORT).observations.equals(before)
        run("table", "gaps", "--report", Path(REPORT).name)
    finally:
        own.rename(shared)


def test_the_example_has_a_row_of_each_table_that_a_form_may_have():
    blocks = re.findall(r"^`data/forms/mot-cua/(\S+)\.csv`:\n\n```csv\n(.*?)```", PAGE, re.M | re.S)
    assert {name for name, _ in blocks} == {
        *("indicators", "categories", "target_mapping", "remarks"),
        *("missing_indicators", "projection", "reclassifications"),
    }
    assert all(len(list(csv.reader(StringIO(content)))) > 1 for _, content in blocks)
