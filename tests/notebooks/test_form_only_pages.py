"""The pages of a report that is only its form, as the command makes them: no count of nothing, no request to nobody."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.render_helpers import REPO, run
from tests.synthetic import write_report


def said(page: Path) -> str:
    """What a reader sees of a page, in one line."""
    text = re.sub(r"<(style|script|svg)\b.*?</\1>|<head\b.*?</head>", "", page.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[tuple[str, str], str]:
    """The text of 02 and 03 in both languages, by start of the name and language."""
    folder = tmp_path_factory.mktemp("form-only")
    made = write_report(folder / "reports", 3, narrative=False).folder
    done = run(REPO, "render", "02", "03", "--report", str(made), "--output", str(folder / "pages"))
    assert done.code == 0, done.err
    return {(page.name[:2], page.parent.name): said(page) for page in (folder / "pages").rglob("0*.html")}


def test_nothing_is_counted_of_nothing(pages):
    counted = [re.findall(r"\b0/0\b|[Oo]f (?:the )?0 |[Tt]rong 0 ", text) for text in pages.values()]
    assert counted == [[]] * 4


def test_nobody_is_asked_for_tasks_that_no_plan_has(pages):
    assert "set a figure and a year for each task" not in pages["02", "en"]
    assert "đặt chỉ tiêu và thời hạn cho từng nhiệm vụ" not in pages["02", "vi"]


def test_one_line_tells_that_the_narrative_is_absent(pages):
    assert pages["02", "en"].count("The report states no limitations, no causes and no tasks.") == 1
    assert pages["02", "vi"].count("Báo cáo không nêu hạn chế, nguyên nhân và nhiệm vụ.") == 1
    assert "The report gives no cause." not in pages["02", "en"]
    assert "Task in the plan" not in pages["02", "en"]
    assert pages["03", "en"].count("The report states no tasks.") == 1
    assert pages["03", "vi"].count("Báo cáo không nêu nhiệm vụ.") == 1


def test_series_without_a_total_are_told_as_such(pages):
    assert "Of 3 of them the report does not state the total." in pages["03", "en"]
    assert "Báo cáo không nêu tổng số của 3 dòng trong số đó." in pages["03", "vi"]


def test_figures_held_out_are_not_three_months_ahead_where_a_year_is(pages):
    assert "three months ahead" not in pages["03", "en"]
    assert "ba tháng" not in pages["03", "vi"]
