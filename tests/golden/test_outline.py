"""The outline of every page against a golden file: headings, findings, captions, column headings, titles of charts.

`pytest tests/golden/test_outline.py --snapshot-update` writes it anew; read the difference before committing it.
"""

import pytest
from bs4 import BeautifulSoup

NOTEBOOKS = ("00_brief", "01_assessment", "02_gap_analysis", "03_projections")


def outline(soup):
    """Lines that a reader sees first, in the order of the page."""
    for link in soup("a"):
        link.unwrap()
    soup.smooth()
    for element in soup.select("h1, h2, h3, p.verdict, ul.findings li, table, .chart-title, .finding p"):
        text = " ".join(element.get_text(" ").split())
        if element.name == "table":
            headings = " | ".join(th.get_text() for th in element.thead.find_all("th"))
            text = f"{element.caption.get_text()} [{headings}] x {len(element.tbody.find_all('tr'))}".replace(
                "\xa0", " "
            )
        yield f"{element.name}: {text}"


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_outline(rendered, snapshot, language, notebook):
    page = rendered / "tra-vinh-2020" / language / f"{notebook}.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert list(outline(soup)) == snapshot
