"""The pages of the made-up report on the second form: whole, marked, and of no other form or place."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults
from tests.notebooks.test_other_reports import fragments


@pytest.mark.parametrize(("notebook", "language"), [("01", "vi"), ("02", "vi"), ("02", "en"), ("03", "en")])
def test_a_page_is_whole_marked_and_of_its_own_form(notebook, language):
    shown = [clean(str(part)) for part in fragments(notebook, report="vi-du-binh-nguyen-2025", language=language)]
    assert [fault for part in shown for fault in faults(part, language)] == []
    text = BeautifulSoup("".join(shown), "html.parser").get_text(" ")
    assert {"vi": "Biểu thống kê CCHC, dòng", "en": "Reform statistics, row"}[language] in text
    assert {"vi": "ví dụ giả định", "en": "made-up example"}[language] in text
    for foreign in ("Phụ lục 7", "Annex 7", "Trà Vinh", "2011"):
        assert foreign not in text
