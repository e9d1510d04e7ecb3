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


def test_results_are_named_with_both_figures_and_what_checks_say_of_them(frames):
    data, _, _ = frames
    page = soup(rl.pages.brief.achieved(rl.pages.Page(data, "en"), data.changes(), data.reliability()))
    told = [item.get_text() for item in page.select(".named li")]
    # the reliable by the part that they changed, 527/539 and 379/605; what starts from a 0 after them
    assert [one.partition(" ")[2].partition(" (")[0].partition(": ")[0] for one in told] == [
        "12 → 539 Online public services, level 4",
        "226 → 605 Online public services, level 3",
        "0 → 19 Units connected to the document exchange platform",
    ]
    assert "(note: the platform opened on 12 March 2019) (Annex 7, row 2)" in told[2]
    # +58 in 365 days, then +107 in 91; +187, then +149 (check pace-in-part)
    assert all("counted; grew far faster in the first three months of 2020 than in 2019)" in one for one in told[:2])
    assert page.h2.get_text() == "Results as reported: 9 of 11 comparable items rose, each with a caveat"
    said = page.select_one(".said:not(li *)").get_text()
    assert said.startswith(
        "From the first to the latest comparable figure; 6 more items: see 1 Assessment. Of 6 reform domains"
    )


def test_without_a_comparable_figure_no_result_is_named(frames):
    data, _, _ = frames
    none = data.changes().iloc[:0]
    page = soup(rl.pages.brief.achieved(rl.pages.Page(data, "en"), none, data.reliability()))
    assert page.h2.get_text() == "No item counted in the report has two figures that can be compared."
    assert not page.select(".named")


def test_doubts_are_named_and_every_fact_is_a_square(frames):
    data, _, rows = frames
    page = soup(rl.pages.brief.doubtful(rl.pages.Page(data, "en"), data.changes(), data.reliability(), rows))
    drawn = [len(item.find_all("i")) for item in page.select(".squares li")]
    assert drawn == [int(item.strong.get_text()) for item in page.select(".squares li")] == [3, 8, 2, 1]
    assert page.h2.get_text() == f"In doubt: 2/{sum(drawn)} not usable, 8/{sum(drawn)} use with care"
    told = [item.get_text() for item in page.select(".named li")]
    assert told[0].startswith("✘ not usable Share of online services used, level 3 and level 4 (province-wide")
    # then what an official target rests on, with the gravest that a check has against it
    assert told[1].startswith("▲ 95.6% → 97.7% Dossiers through electronic one-stop: ")
    said = "▲ 90%, unchanged Share of electronic documents: use with care; 31 December 2015\u00a0– 31"
    assert told[2].startswith(said)  # what the sign means stands by it, which a screen reader passes over
    assert all(sign["aria-hidden"] == "true" for sign in page.select(".named i"))
    assert "; exactly the target for 2020" in told[2]


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
    assert told[0].endswith(": about 9 in 10 that it holds at the deadline") and told[1].endswith(
        ": fewer than 1 in 20"
    )
    assert numbers(page.h2)[:2] == [1, 3] == [sum(at[6:]), sum(at)]


def test_requests_say_of_whom_and_when_the_target_is_due(frames):
    data, _, rows = frames
    fragment = rl.pages.brief.decisions(rl.pages.Page(data, "en"), data.changes(), data.reliability(), rows)
    cells = [[cell.get_text() for cell in row.select("th, td")] for row in soup(fragment).select("tbody tr")]
    assert len(cells) == 4 == len({row[0] for row in cells})
    unit = "The successor of the reporting unit"  # which ended on 28 February 2025
    answer = f"{unit}; to be answered by: Government (T022), Prime Minister (T037, T039, T043)"  # the unit acts
    assert {row[2] for row in cells} == {unit, answer}
    assert [row[2:] for row in cells if row[0].startswith("Ask the competent")] == [
        [answer, "2020 (T022, T037); 2025 (T039), 2030 (T043) for the former Trà Vinh"]
    ]
    due = {row[0]: row[3] for row in cells}
    assert due["Explain the figures in doubt before they are used."] == ""
    assert due["Share of electronic documents: measure it, and state the method."] == "31 December 2020"  # T020
    assert any(request.endswith("T043 (Online public services, level 4) are shares of.") for request in due)
    # 01 asks five things, 02 and 03 as many as have a number; each has some that the sheet has no room for
    caption = soup(fragment).caption.get_text()
    assert caption == "Requests (others: see 1 Assessment, 2 Gaps, 3 Projections)"
    assert due["Give for each objective an outcome with its total and its date."] == ""  # no date in the data
    assert "targets.csv" not in str(fragment) and "Resolution 17/NQ-CP: T020" in str(fragment)
    assert any("targets.csv, T020" in str(row) for row in fragment.parts[0]["rows"])  # where it can be followed to


def test_a_request_on_a_chance_has_the_deadline_of_its_target():
    data = rl.load_report("vi-du-binh-nguyen-2025")
    page, rows = rl.pages.Page(data, "en"), data.withhold().gaps()
    fragment = rl.pages.brief.decisions(page, data.changes(), data.reliability(), rows)
    due = {row.th.get_text(): row.select("td")[-1].get_text() for row in soup(fragment).select("tbody tr")}
    (request,) = (name for name in due if name.startswith("Work records online, province: keep up the pace"))
    assert due[request] == "31 December 2030"  # T044
