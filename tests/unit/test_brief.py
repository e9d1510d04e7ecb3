"""The brief: parts that add up to what its sentences count, requests with whom they are addressed to and by when."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

import reformlib as rl
from reformlib.load.report import Report


@pytest.fixture(scope="module")
def frames():
    data = rl.load_report("tra-vinh-2020")
    held: Report = data.withhold()
    return data, held, held.gaps()


def soup(fragment) -> BeautifulSoup:
    return BeautifulSoup(str(fragment), "html.parser")


def numbers(element) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", element.get_text())]


def test_one_square_for_each_fact_and_the_counts_beside_them(frames):
    data, _, _ = frames
    page = soup(rl.pages.brief.achieved(rl.pages.Page(data, "en"), data.changes(), data.reliability()))
    drawn = [len(item.find_all("i")) for item in page.select(".squares li")]
    assert drawn == [int(item.strong.get_text()) for item in page.select(".squares li")] == [3, 8, 2, 1]
    assert numbers(page.h2)[:3] == [sum(drawn), 7, 9]  # of Annex 7
    # a 0 of the years before the platform is one thing, a 0 that no check speaks of another
    said = page.select_one(".said").get_text()
    assert said.startswith("Of the higher ones: 3 from a 0 that a check explains: ")
    assert "; 1 from a 0 without a remark of its own." in said  # units using one-stop software
    named = {item.strong.get_text(): item.get_text().partition(": ")[2] for item in page.select(".squares li")}
    assert named["2"].count("; ") == 1 and not named["8"]  # what no leader may quote is named
    assert page.h2.get_text().endswith(", each of them qualified by a check.")


def test_the_bar_holds_every_target_once(frames):
    _, held, rows = frames
    page = soup(rl.pages.brief.compared(rl.pages.Page(held, "en"), rows))
    cells, legend = page.select(".bar i"), [int(part.get_text()) for part in page.select(".legend strong")]
    total, comparable, *judged = numbers(page.h2)[:4]
    assert len(cells) == len({cell["title"] for cell in cells}) == sum(legend) == total == rows["target_id"].nunique()
    assert legend[:2] == judged and sum(judged) == comparable  # met and open; none is missed


def test_a_mark_stands_where_the_words_say(frames):
    _, held, rows = frames
    page = soup(rl.pages.brief.likely(rl.pages.Page(held, "en"), rows))
    at = [len(slot.find_all("i")) for slot in page.select(".chances > span")]
    # fewer than 1 in 20 twice, about 9 in 10
    assert at == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    told = [item.get_text() for item in page.select(".legend li")]
    assert told[0].endswith(": about 9 in 10 that it holds to the deadline") and told[1].endswith(
        ": fewer than 1 in 20"
    )
    assert numbers(page.h2)[:2] == [1, 3] == [sum(at[6:]), sum(at)]


def test_requests_say_of_whom_and_when_the_target_is_due(frames):
    data, _, rows = frames
    fragment = rl.pages.brief.decisions(rl.pages.Page(data, "en"), data.changes(), data.reliability(), rows)
    cells = [[cell.get_text() for cell in row.select("th, td")] for row in soup(fragment).select("tbody tr")]
    assert len(cells) == 4 == len({row[0] for row in cells})
    unit = "Department of Information and Communications of Trà Vinh province"
    answer = f"{unit}; to be answered by: Government (T022), Prime Minister (T037, T039, T043)"  # the unit acts
    assert {row[2] for row in cells} == {unit, answer}
    assert [row[2:] for row in cells if row[1].startswith("Ask the competent")] == [
        [answer, "from 31 December 2020 to 31 December 2030 for the former Trà Vinh"]  # T022, T037; T043
    ]
    due = {row[1]: row[3] for row in cells}
    assert due["Measure it, and state the method."] == "31 December 2020"  # T020
    assert due["Give for each objective an outcome with its total and its date."] == ""  # no date in the data
    assert "targets.csv" not in str(fragment) and "Resolution 17/NQ-CP: T020" in str(fragment)
    assert any("targets.csv, T020" in str(row) for row in fragment.parts[0]["rows"])  # where it can be followed to
