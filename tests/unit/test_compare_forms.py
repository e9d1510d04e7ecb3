"""Reports of different forms, and made-up ones: never in one series, and named where they are left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from reformlib.compare import side_by_side as compare
from reformlib.compare.editions import diff
from reformlib.errors import ReformError
from reformlib.load import datapackage
from reformlib.load.catalogue import load_catalogue
from reformlib.load.report import load_report
from reformlib.present.comparison.figures import overview
from reformlib.present.page import Page
from reformlib.render.run.notebooks import Document
from reformlib.render.run.plan import jobs_of
from tests.synthetic import stated, write_report


def by_another_form(folder: Path, form: Path, **more: object) -> Path:
    """The report, by a form of its own in which signatures are issued, not counted."""
    shutil.copytree(form, folder / "form")
    for file, old, new in (
        ("form.yml", "id: phu-luc-7", "id: other-form"),
        ("form.yml", "name_vi: Phụ lục 7", "name_vi: Biểu khác"),
        ("indicators.csv", ",Digital signatures,", ",Digital signatures issued,"),
    ):
        path = folder / "form" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    datapackage.write(folder / "form")
    return stated(folder, form="other-form", form_sha256="", **more)


@pytest.fixture(scope="module")
def folders(repo, tmp_path_factory):
    """Two reports by one form, one by another, one made up."""
    parent = tmp_path_factory.mktemp("forms")
    made = [write_report(parent, seed, narrative=False).folder for seed in (1, 2, 3, 4)]
    by_another_form(made[2], repo / "data" / "forms" / "phu-luc-7")
    stated(made[3], made_up=True)
    return made


def names(*folders: Path) -> str:
    return ",".join(map(str, folders))


def left_out(found: compare.Comparison) -> dict[str, str]:
    return dict(zip(found.left_out["report"], found.left_out["why"], strict=True))


def test_reports_of_the_form_that_most_have_are_compared_and_the_others_named(folders):
    found = compare.compare(names(*folders))
    assert found.units["report"].tolist() == [f"synthetic-{seed:05d}-2019" for seed in (1, 2, 4)]
    assert left_out(found) == {"synthetic-00003-2019": "other_form"}
    assert set(found.cells["report"]) == set(found.units["report"])
    assert found.series["reports"].eq(3).all()
    page = str(overview(Page(found, "vi")))
    assert "so sánh các báo cáo theo Phụ lục 7" in page and "theo biểu mẫu khác: synthetic-00003-2019" in page


def test_the_form_that_is_named_is_compared(folders):
    found = compare.compare(names(*folders), form="other-form")
    assert found.catalogue.form.id == "other-form"
    assert found.units["report"].tolist() == ["synthetic-00003-2019"] and len(found.left_out) == 3
    assert "Báo cáo không đưa vào so sánh" in str(overview(Page(found, "vi")))
    with pytest.raises(ReformError, match="no report of the form bieu-9") as caught:
        compare.compare(names(*folders), form="bieu-9")
    assert "other-form, phu-luc-7" in caught.value.expected


def test_made_up_reports_take_part_only_where_they_are_named(folders):
    units, _cells = compare.stack(map(load_report, folders))
    taken, others = compare.of_one_form(units)
    assert taken["report"].tolist() == ["synthetic-00001-2019", "synthetic-00002-2019"]
    assert others.set_index("report")["why"].to_dict() == {
        "synthetic-00003-2019": "other_form",
        "synthetic-00004-2019": "made_up",
    }
    alone, _others = compare.of_one_form(units[units["made_up"]])
    assert len(alone) == 1


def test_a_page_over_all_reports_is_one_over_those_that_are_not_made_up(folders, tmp_path):
    document = Document(tmp_path / "04.ipynb", "vi", (), takes_report=False, takes_reports=True)
    (job,) = jobs_of(folders, [document], tmp_path)
    assert job.folders == tuple(folders[:3])
    (job,) = jobs_of(folders, [document], tmp_path, one_by_one=True)
    assert job.folders == tuple(folders)


def test_editions_by_two_forms_are_not_told_as_revised(folders):
    with pytest.raises(ReformError, match="by two forms: phu-luc-7, other-form"):
        diff(load_report(folders[0]), load_report(folders[2]))


def test_a_form_that_no_target_bears_on_has_no_targets_to_hold_figures_against():
    """An empty list of marks is no choice of rows: pandas would take it for a choice of columns."""
    rows = compare.targets(load_catalogue("phu-luc-7"), pd.DataFrame({"targets": [(), ()]}))
    assert rows.empty and list(rows) == compare.TARGETS
