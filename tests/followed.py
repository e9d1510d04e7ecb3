"""Every number of a page walked back to its evidence: what the tests of pages share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pandas as pd
from bs4 import BeautifulSoup

# What has digits and measures nothing: dates, years, rule sets and codes of targets by their names.
_NAMED = {
    "vi": r"\d{1,2}/\d{1,2}/\d{4}|tháng \d+ năm \d+|\(\d{4}(?: tính cho [^()]*)?\)|mức độ \d, \d|[a-z]+-\d{4}|T\d{3}",
    "en": r"(?:\d{1,2} )?[A-Z][a-z]+ \d{4}|\(\d{4}(?: for the [^)]*)?\)|levels \d and \d|[a-z]+-\d{4}|T\d{3}",
}
# about 6 in 10, fewer than 1 in 20; in Vietnamese khoảng 6/10, dưới 1/20
_CHANCE = {"vi": r"(?:khoảng|dưới|trên) (\d+)/([12]0)(?!\d)", "en": r"(\d+) in ([12]0)(?!\d)"}


def squeeze(text: str) -> str:
    return "".join(text.split())


def walk(entry: dict) -> Iterator[dict]:
    """An entry and all that it rests on."""
    yield entry
    for inner in entry.get("inputs", {}).values():
        yield from walk(inner)


def recompute(entry: dict) -> float:
    """The value of an entry whose formula can be run: `last - first` over its inputs."""
    names = {name: inner["value"] for name, inner in entry["inputs"].items()}
    return float(pd.eval(entry["formula"], local_dict=names, engine="python"))


def assert_tables_follow(soup: BeautifulSoup, tables: list[dict]) -> None:
    """Every cell with a digit has an entry with the same text and a place, a formula or a rule."""
    found = soup.find_all("table")
    assert [squeeze(t.caption.get_text()) for t in found] == [squeeze(t["table"]) for t in tables]
    for table, entry in zip(found, tables, strict=True):
        headings = [th.get_text() for th in table.thead.find_all("th")]
        rows = table.tbody.find_all("tr")
        assert len(rows) == len(entry["rows"])
        for row, cells in zip(rows, entry["rows"], strict=True):
            for heading, cell in zip(headings, row.find_all(["th", "td"]), strict=True):
                if any(c.isdigit() for c in cell.get_text()):
                    assert squeeze(cells[heading]["text"]) == squeeze(cell.get_text()), heading
                    assert {"place", "formula", "rule"} & set(cells[heading])


def unexplained(cell: dict, language: str) -> list[str]:
    """Numbers of a cell with a value that neither its value, the end of its interval nor its inputs are, rounded."""
    text = re.sub(_NAMED[language], " ", cell["text"].replace("\u00a0", " ")).replace("−", "-")
    known = [v for part in walk(cell) for v in (part["value"], part.get("high")) if v is not None]
    chances = [(a, int(a) / int(b)) for a, b in re.findall(_CHANCE[language], text)]
    left = [a for a, chance in chances if not any(abs(chance - value) <= 0.05 + 1e-9 for value in known)]
    rounded = cell.get("rule", "").endswith(", rounded")
    for match in re.findall(r"(?<!\w)-?\d[\d.,]*", re.sub(_CHANCE[language], " ", text)):
        shown = match.rstrip(".,")
        shown = shown.replace(".", "").replace(",", ".") if language == "vi" else shown.replace(",", "")
        half = 0.5 * 10 ** -len(shown.partition(".")[2]) + 1e-9
        if rounded and "." not in shown:  # to the last digit that is not zero; a 0 stands for less than ten
            half = 0.5 * 10 ** max(1 if shown == "0" else 0, len(shown) - len(shown.rstrip("0"))) + 0.5
        if not any(abs(float(shown) - value) <= half for value in known):
            left.append(match)
    return left


def assert_entries_hold(tables: list[dict], source: dict[str, set], language: str) -> dict[str, int]:
    """Values stand at their place in `source`, formulas give their value again, and cells print what they are."""
    counted = {"place": 0, "formula": 0, "rule": 0}
    for table in tables:
        for cells in table["rows"]:
            for cell in cells.values():
                if "value" not in cell:
                    continue
                assert not unexplained(cell, language), (table["table"], cell["text"], unexplained(cell, language))
                for entry in walk(cell):
                    kind = next(name for name in counted if name in entry)
                    counted[kind] += 1
                    if kind == "formula":
                        assert math.isclose(recompute(entry), entry["value"], rel_tol=1e-9, abs_tol=1e-12)
                    elif kind == "place" and entry["value"] is not None:
                        assert entry["value"] in source[entry["place"]], entry
    return counted
