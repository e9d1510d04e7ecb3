"""A report that is made up says so in every form of every page, in the index and in the list of reports."""

import shutil

import docx
import pytest
from python_calamine import CalamineWorkbook

import reformlib as rl
from reformlib.load.datapackage import write
from tests.render_helpers import run

WORDS = {"vi": "ví dụ giả định", "en": "made-up example"}


@pytest.fixture(scope="module")
def made_up(repo, tmp_path_factory):
    """A project with the reference report and a copy of it that is made up, and pages of both."""
    project = tmp_path_factory.mktemp("made-up")
    shutil.copytree(repo / "notebooks", project / "notebooks")
    shutil.copytree(repo / "data", project / "data", ignore=shutil.ignore_patterns("vi-du-*"))
    reports = project / "data" / "reports"
    folder = shutil.copytree(reports / "tra-vinh-2020", reports / "example-2020")
    text = (folder / "report.yml").read_text(encoding="utf-8").replace("id: tra-vinh-2020", "id: example-2020")
    text = text.replace("unit_vi: Sở", "unit_vi: Phòng").replace("unit_en: Department", "unit_en: Division")
    (folder / "report.yml").write_text(text + "made_up: true\n", encoding="utf-8")
    write(folder)
    return project


def opening(file):
    """The first texts of a Word file."""
    return [paragraph.text.lower() for paragraph in docx.Document(str(file)).paragraphs[:4]]


def sheets(file):
    """The first texts of every sheet of a workbook but the last, which is the evidence."""
    book = CalamineWorkbook.from_path(str(file))
    return {name: str(book.get_sheet_by_name(name).to_python()[:4]).lower() for name in book.sheet_names[:-1]}


def test_every_form_of_a_page_and_the_index_say_that_a_report_is_made_up(made_up, tmp_path):
    named = [part for name in ("example-2020", "tra-vinh-2020") for part in ("--report", name)]
    forms = ("--language", "vi", "--to", "docx", "--to", "xlsx", "--output", str(tmp_path))
    done = run(made_up, "render", "01", "04", *named, *forms)
    assert done.code == 0, done.err
    page, words = tmp_path / "example-2020" / "vi" / "01_assessment.html", WORDS["vi"]
    text = page.read_text(encoding="utf-8")
    assert words in text.partition("</title>")[0]
    assert text.count(f"({words})") > 10  # title, source of each chart, provenance
    title, *below = opening(page.with_suffix(".docx"))
    assert words in title
    assert any(line.startswith(words) for line in below)
    assert [name for name, said in sheets(page.with_suffix(".xlsx")).items() if words not in said] == []
    assert words not in (tmp_path / "tra-vinh-2020" / "vi" / "01_assessment.html").read_text(encoding="utf-8").lower()
    assert f"Truyền thông tỉnh Trà Vinh ({words})" in (tmp_path / "comparison" / "vi" / "04_comparison.html").read_text(
        encoding="utf-8"
    )
    assert words in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", WORDS)
def test_every_page_opens_with_what_is_made_up(made_up, language):
    report = rl.load_report(made_up / "data" / "reports" / "example-2020")
    page = rl.pages.Page(report, language)
    for heading in (
        rl.pages.assessment.heading(page),
        rl.pages.gaps.heading(page, report.gaps()),
        rl.pages.projections.heading(page, 2030),
    ):
        name, warning = str(heading).lower().split("</h1>")
        assert f"({WORDS[language]})" in name
        assert f"<strong>{WORDS[language]}: " in warning
    assert f"({WORDS[language]})" in str(rl.pages.provenance(page, "01"))


def test_the_list_of_reports_says_which_are_made_up(made_up):
    done = run(made_up, "list")
    assert "example-2020 (made-up example), tra-vinh-2020" in done.out
