"""Reports of one figure and of sixty, and words without a blank, as the command makes their pages."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import yaml

from reformlib.present.chart import width
from tests.notebooks.test_form_only_pages import said
from tests.render_helpers import REPO, run
from tests.synthetic import annex, datapackage, headings, write_report

WORD = "Liênthôngvănbản" * 10
DIGITS = 28  # points that the four digits of a year take


def write(parent: Path, periods: int, until: str = "") -> Path:
    """A report of the form whose figures grow evenly over so many years up to 2019."""
    years, shares = range(2020 - periods, 2020), [(n + 1) / periods for n in range(periods)]
    rows = {row: [str(int(1000 * row * share)) for share in shares] for row in range(1, 15)}
    rows |= {row: [f"{90 * share:.1f}%".replace(".", ",") for share in shares] for row in (1, 6, 13)}
    rows[10] = [f"Mức 3: {int(605 * share)}, mức 4: {int(539 * share)}" for share in shares]
    rows[11] = [f"Mức 3: {20 * share:.2f}%, mức 4: {29 * share:.2f}%".replace(".", ",") for share in shares]
    made = write_report(parent, periods, until=until, narrative=False).folder
    annex(rows, headings(years, until)).to_csv(made / "annex.csv", index=False, lineterminator="\n")
    (made / "assumptions.yml").write_text("[]\n", encoding="utf-8")
    return described(made, period_start=years[0])


def described(made: Path, **fields: object) -> Path:
    """A report whose report.yml has these fields, described anew."""
    about = yaml.safe_load((made / "report.yml").read_text(encoding="utf-8")) | fields
    text = yaml.safe_dump(about, allow_unicode=True, sort_keys=False, width=2000)
    (made / "report.yml").write_text(text, encoding="utf-8")
    datapackage.write(made)
    return made


def render(made: Path, *options: str) -> dict[str, Path]:
    """The pages of a report in English, by the start of their names; a page that fails fails the test."""
    output = made.parent / "pages"
    done = run(REPO, "render", *options, "--report", str(made), "--language", "en", "--output", str(output))
    assert done.code == 0, done.err
    return {page.name[:2]: page for page in output.rglob("0*.html")}


def year_labels(page: Path) -> list[list[float]]:
    """Where the labels under each chart of a page start, in points."""
    rows = []
    for svg in re.findall(r"<svg .*?</svg>", page.read_text(encoding="utf-8")):
        texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" [^>]*?text-anchor="(\w+)">([^<]+)', svg)
        lowest = max((float(y) for _, y, _, _ in texts), default=0)
        share = {"start": 0, "middle": 0.5, "end": 1}  # of a text that lies to the left of its point
        rows.append(sorted(float(x) - share[at] * width(text) for x, y, at, text in texts if float(y) > lowest - 1))
    return rows


@pytest.mark.parametrize("until", ["", "31/3"])
def test_one_figure_has_no_course(tmp_path, until):
    pages = render(write(tmp_path, 1, until), "01", "02")
    text = said(pages["02"])
    assert "2019–2019" not in said(pages["01"])
    assert re.findall(r"\b0\.0%|met at every date", text) == []
    assert ("one figure only" in text) == (until == "")


def test_sixty_years_are_told_tested_and_labelled_apart(tmp_path):
    pages = render(write(tmp_path, 60), "01", "03")
    assert "up to 10 years ahead" in said(pages["03"])
    assert "too wide for a single target figure" not in said(pages["03"])  # 4,100 to 6,400 is not
    rows = year_labels(pages["01"])
    assert len(rows) == 14  # three that hardly moved share one
    assert [row for row in rows if any(b - a < DIGITS for a, b in pairwise(row))] == []
    assert {len(row) for row in rows} <= {6, 7}
    # a fan of sixty years shows the years from the first on
    assert min(len(row) for row in year_labels(pages["03"])) >= 4


def test_a_long_word_breaks_on_a_page_and_in_word(tmp_path):
    made = write_report(tmp_path, 4).folder
    systems = pd.read_csv(made / "systems.csv", dtype=str, keep_default_na=False)
    systems.assign(name_en=WORD).to_csv(made / "systems.csv", index=False, lineterminator="\n")
    page = render(
        described(made, title_vi=f"{WORD} (giả lập)", unit_en=f"{'A long unit ' * 20}(synthetic)"), "01", "--to", "docx"
    )["01"]
    html = re.sub(r"<(style|script)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.S)
    assert WORD in re.sub(r"<wbr>", "", html)
    assert re.findall(r"[^\s<>&;\"'=]{60,}(?![^<]*>)", re.sub(r"\"[^\"]*\"", "", html)) == []
    docx = pytest.importorskip("docx")
    grids = [table._tbl.tblGrid.gridCol_lst for table in docx.Document(page.with_suffix(".docx")).tables]
    widths = [[column.w.mm for column in grid] for grid in grids]
    assert min(min(row) for row in widths) > 7  # a column holds its words, not one letter a line
