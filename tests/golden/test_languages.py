"""Both languages tell the same figures, each in its own words only."""

import json
import re

import pytest
from bs4 import BeautifulSoup

NOTEBOOKS = ("00_brief", "01_assessment", "02_gap_analysis", "03_projections")
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
# what keeps its Vietnamese form in an English text
NAMES = re.compile(
    r"Trà Vinh|Vĩnh Long|Lạng Sơn|Yên Bái|Tết|Hồ Chí Minh|"
    r"Phụ lục 7|[\w./-]*\d[\w./-]*/?[\w.-]*|VNPT[\w –-]*|II\.2\.1\.đ"
)
ENGLISH = re.compile(r"\b(the|of|and|with|from|not|figure|target|share|row|year|report)\b")


def texts(page, language):
    """Pieces of text of a page that are in its own language."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    for part in soup(["style", "code"]) + soup.select("nav.siblings"):
        part.decompose()
    for part in soup.select("body [lang]"):
        if part["lang"] != language:
            part.decompose()
    yield from (piece.strip() for piece in soup.body.find_all(string=True) if piece.strip())
    yield from (image["alt"] for image in soup.find_all("img"))
    yield from (drawing["aria-label"] for drawing in soup.find_all(role="img"))


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_an_english_page_holds_no_vietnamese(rendered, notebook):
    page = rendered / "tra-vinh-2020" / "en" / f"{notebook}.html"
    assert [text for text in texts(page, "en") if VIETNAMESE.search(NAMES.sub("", text))] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_vietnamese_page_holds_no_english(rendered, notebook):
    page = rendered / "tra-vinh-2020" / "vi" / f"{notebook}.html"
    assert [text for text in texts(page, "vi") if ENGLISH.search(text)] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS[1:])
def test_the_two_languages_show_the_same_numbers(rendered, notebook):
    def values(language):
        path = rendered / "tra-vinh-2020" / language / f"{notebook}.evidence.json"
        tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
        # by heading in the file, and headings differ: the values of a row as a set
        rows = [row for table in tables for row in table["rows"]]
        return [sorted(cell["value"] for cell in row.values() if cell.get("value") is not None) for row in rows]

    def shown(language):
        page = rendered / "tra-vinh-2020" / language / f"{notebook}.html"
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        cells = [cell.get_text() for cell in soup.select("td.num")]
        figures = [cell for cell in cells if re.match(r"[\d+−≥≤<>=–]", cell)]  # the others are words
        return [re.sub(r"\D", "", re.sub(r"\(.*?\)", "", cell)) for cell in figures]

    assert values("vi") == values("en")
    assert shown("vi") == shown("en") and len(shown("vi")) > 20


def decimal_points(text):
    return re.findall(r"\b\d+\.\d{1,2}\b(?![./-])", text)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_vietnamese_page_has_no_decimal_points(rendered, notebook):
    page = rendered / "tra-vinh-2020" / "vi" / f"{notebook}.html"
    kept = re.compile(r"[IVP\d]+(?:\.\w+)+|phiên bản \d\.\d|reformlib \d\.\d\.\d|\d{4}\.\d")
    assert [text for text in texts(page, "vi") if decimal_points(kept.sub("", text))] == []
