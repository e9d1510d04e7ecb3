"""A second reading of the printed report that does not start from the typed data.

The text is read here by its own few lines, not by the package: the form from its tab-separated table, the narrative
by walking every numeral in it. What was typed must agree with what is found, and nothing found may be left over.
"""

import re
import unicodedata
from decimal import Decimal

import pytest

from reformlib.load.report import load_report
from reformlib.present.datasets import dataset


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


@pytest.fixture(scope="module")
def text(shared):
    return unicodedata.normalize("NFC", (shared / "source" / "report.txt").read_text(encoding="utf-8"))


def printed_form(text):
    """(row, year) -> printed cell, from the lines of the table: a line without a number continues the row above."""
    cells, row = {}, None
    for line in text[text.rindex("GIÁM ĐỐC") :].split("\n"):
        parts = line.split("\t")
        if len(parts) < 3 or parts[0] == "STT" or "Năm 2015" in parts:
            continue
        if re.match(r"^\d+\.$", parts[0]):
            row = parts[0][:-1]
        for year, cell in zip(range(2015, 2021), (parts[2:] + [""] * 6)[:6], strict=True):
            cells[row, year] = f"{cells.get((row, year), '')} {cell}".strip()
    return cells


def figures(cell):
    """Level -> figure of one printed cell; Vietnamese points and commas."""
    cell = re.sub(r"\([^)]*\)", "", cell)
    found = re.findall(r"[Mm]ức (\d): ([\d.,]+)", cell) or [("", n) for n in re.findall(r"[\d.,]+", cell)]
    return {level: Decimal(n.rstrip(",.").replace(".", "").replace(",", ".")) for level, n in found}


def test_the_form_agrees_cell_by_cell(report, text):
    cells = printed_form(text)
    assert len(cells) == 14 * 6
    observed = dataset("observations", report)
    assert set(zip(observed["form_row"], observed["year"], strict=True)) == set(cells)
    for row in observed.itertuples(index=False):
        printed = cells[row.form_row, row.year]
        assert re.sub(r"\s+", " ", row.raw) == printed
        wanted = figures(printed)
        wanted = wanted.get(row.level, wanted.get(""))
        if row.status == "M":
            assert wanted == 0  # a share of nothing: printed 0, no value
        elif wanted is None:
            assert row.status == "O" and row.value != row.value
        else:
            assert Decimal(str(row.value)) == wanted


def test_a_part_of_a_year_is_told_with_its_days(report):
    row = report.observations.query("indicator == 'axis_sent' and year == 2020").iloc[0]
    assert row["note"].endswith("covers 1 January to 31 March 2020 only")
    assert row["note_vi"].endswith("chỉ tính từ ngày 01 tháng 01 đến ngày 31 tháng 3 năm 2020")


# Numerals that measure nothing, each kind with the words that show it.
NOT_MEASURES = {
    "number of a document": r"[Ss]ố:? ?\d+[\w/.-]*"
    r"|\d+[a-z]?(?:/\d{4})?[/-](?:NQ|QĐ|NĐ|CT|TT|KH|ĐA|QĐi|CV|UBND|SNV)[\w/-]*"
    r"|Quyết định \d+/\d{4}/QĐ-TTg|Nghị quyết \d+\w?[/-]|Chương trình 30c",
    "date": r"\d{1,2}/\d{1,2}/\d{4}|tháng \d{1,2}(?:/| năm )\d{4}|ngày tháng \d+ năm \d+",
    "period": r"giai đoạn \d{4} ?[-–] ?\d{4}|\d{4} ?[-–] ?\d{4}|đến 2025|năm 2018 và đến năm 2021",
    "standard": r"(?:TCVN )?(?:ISO )?9001: ?(?:2008|2015)",
    "service level": r"mức độ \d(?:(?:,| và)(?: mức độ)? \d)*|mức [34]:?",
    "stage, step or version": r"\(giai đoạn \d\)|quy trình 5 bước|phiên bản 1\.0",
    "annex": r"phụ lục 7",
    "numbering": r"(?:^|\n)\s*(?:\d+\.\d+\.|\d+\.) ",
}


def test_every_numeral_of_the_narrative_is_a_figure_or_is_known_not_to_measure(report, text):
    narrative = text[: text.rindex("Phụ lục 7")].replace("*", "")
    accounted = bytearray(len(narrative))
    for pattern in NOT_MEASURES.values():
        for found in re.finditer(pattern, narrative):
            accounted[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    missing = []
    for fact in report.facts.itertuples(index=False):
        quote = r"\s+".join(map(re.escape, fact.quote.split()))
        places = list(re.finditer(quote, narrative))
        if not places:
            missing.append(fact.fact)
        for place in places:
            # the figure inside the quote, not a longer number that contains it
            inside = re.search(rf"(?<![\d.,]){re.escape(fact.raw.rstrip('% '))}(?![\d]|[.,]\d)", place.group())
            if not inside:
                missing.append(fact.fact)
                continue
            start = place.start() + inside.start()
            accounted[start : start + len(inside.group())] = b"\1" * len(inside.group())
    assert missing == []
    left = [
        narrative[max(0, n.start() - 40) : n.end() + 25].replace("\n", " ")
        for n in re.finditer(r"\d[\d.,]*\d|\d", narrative)
        if not all(accounted[n.start() : n.end()])
    ]
    assert left == []


def test_the_figures_of_the_narrative_agree(report):
    for fact in dataset("facts", report).itertuples(index=False):
        digits = fact.raw.rstrip("% ").replace(".", "").replace(",", ".")
        assert Decimal(str(fact.value)) == Decimal(digits)
        assert ("%" in fact.raw) == (fact.unit == "%")
