"""Targets counted: those that another implies, each once; every total is the sum of what it is made of."""

from typing import ClassVar

import pandas as pd
import pytest

from reformlib import analysis, pages
from reformlib.check.caveats import told_once
from reformlib.load.report import load_report
from reformlib.measure.gaps import gaps
from reformlib.measure.targets import distinct, implied
from reformlib.paths import report_names
from reformlib.present.gaps import figures
from reformlib.present.gaps.judged import by_target
from reformlib.present.outlook import why_both
from reformlib.present.page import Page
from reformlib.present.projections.projected import aims as aims_of


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


def aims(*asked):
    """Judged rows of level 4: (target, year), perhaps with a comparator, a level and an indicator."""
    rows = [(*one, *(">=", "4", "online_services")[len(one) - 2 :]) for one in asked]
    frame = pd.DataFrame(rows, columns=["target", "year", "comparator", "level", "indicator"])
    return frame.assign(unit="%", value=27.66, deadline=pd.to_datetime(frame["year"].astype(str) + "-12-31"))


@pytest.mark.parametrize(
    ("asked", "stay"),
    [
        # the same in 2025, 2027 and 2030: who has 100 % in 2025 has 80 % then, and 100 % later
        ([(30, 2020), (80, 2025), (100, 2025), (100, 2027), (100, 2030)], [0, 2]),
        # more is asked later: neither implies the other
        ([(80, 2025), (90, 2030)], [0, 1]),
        # another level is another series
        ([(100, 2025), (80, 2025, ">=", "3+4")], [0, 1]),
        # of two that ask the same the first stays, more than 80 % asks more than 80 %
        ([(80, 2025), (80, 2025)], [0]),
        ([(80, 2025), (80, 2025, ">")], [1]),
        # to fall to 2 % by 2025 is to be at 5 % by 2026
        ([(5, 2026, "<="), (2, 2025, "<=")], [1]),
        # at most 2 % and at least 80 % are no steps of one way
        ([(80, 2025), (2, 2025, "<=")], [0, 1]),
    ],
)
def test_what_a_stricter_or_earlier_target_implies(report, asked, stay):
    rows = aims(*asked)
    assert rows.index[~implied(report.catalogue, rows)].tolist() == stay


def test_a_target_of_an_unknown_base_implies_nothing(report):
    rows = aims((80, 2025), (100, 2025), (100, 2027)).assign(value=[27.66, None, 27.66])
    assert not implied(report.catalogue, rows).any()


def test_a_target_of_several_rows_counts_as_what_is_furthest_from_done(report):
    rows = pd.DataFrame(
        [("T1", "achieved"), ("T2", "not_assessable"), ("T1", "missed"), ("T2", "open"), ("T3", "context")],
        columns=["target_id", "verdict"],
    )
    assert by_target(rows.assign(reason="")).set_index("target_id")["verdict"].to_dict() == {
        "T1": "missed",
        "T2": "open",
        "T3": "context",
    }
    assert len(by_target(gaps(report))) == len(report.targets)


class Recorder(Page):
    """A page that keeps what it fills its sentences with."""

    said: ClassVar[list] = []

    def _(self, message, **fields):
        self.said.append((message, fields))
        return super()._(message, **fields)


def recorded(report, show):
    """The fields of every sentence that something shown is made of, by how the English message begins."""
    Recorder.said.clear()
    show(Recorder(report, "en"))
    return {message: {k: 0 if v == "none" else v for k, v in fields.items()} for message, fields in Recorder.said}


def field(said, start):
    """The fields of the one sentence that begins so; none where it is not said."""
    return next((fields for message, fields in said.items() if message.startswith(start)), {})


def adds_up(fields, total, *parts):
    """Whether a total is the sum of its parts, those not told being none; where nothing is said nothing is wrong."""
    return not fields or fields[total] == sum(fields.get(part, 0) for part in parts)


@pytest.fixture(scope="module", params=report_names())
def each(request):
    return analysis.load_report(request.param).withhold()


def test_the_totals_of_the_page_of_gaps_are_sums(each):
    rows, cover = each.gaps(), each.plan_coverage()
    said = recorded(each, lambda page: pages.gaps.overview(page, rows, cover))
    verdict = field(said, "Of the {n} official") or field(said, "None of the {n} official")
    assert verdict["n"] == len(each.targets)
    assert adds_up(verdict, "judged", "achieved", "missed", "open")
    assert adds_up(verdict, "n", "judged", "other", "rest", "unconfirmed", "context")
    table = pages.gaps.counted(Page(each, "en"), rows).evidence[0]["rows"]
    assert sum(row["Targets"]["value"] for row in table) == verdict["n"]
    slow = field(said, "Targets compared and not yet met")
    parts = [fields["n"] for message, fields in said.items() if message.startswith(("{n} counted", "{n} with"))]
    assert not slow or (slow["n"], slow.get("targets", slow["n"])) == (sum(parts), verdict["open"])
    assert not slow or slow["n"] == len(distinct(rows[(rows["verdict"] == "open") & rows["value"].notna()]))
    chart = field(
        recorded(each, lambda page: pages.gaps.pace_chart(page, rows[rows["value"].notna()])), "{slow} of {n} different"
    )
    paced = field(said, "{n} with a pace that is enough").get("n", 0), field(said, "{n} with too slow a pace").get("n")
    assert not slow or (chart["slow"], chart["n"]) == (paced[1], sum(paced))


def test_the_totals_of_the_page_of_chances_are_sums(each):
    rows, given, judged = each.projections(), each.target_probabilities(), each.gaps()
    said = recorded(each, lambda page: pages.projections.overview(page, rows, given, each.paces(), each.kinds()))
    verdict, more = field(said, "If things go on"), field(said, "{n} more count")
    assert adds_up(verdict, "n", "early", "late") and adds_up(verdict, "likely", "soon", "later")
    assert verdict.get("n", 0) + more.get("n", 0) == len(aims_of(Page(each, "en"), given))
    both = field(said, "Of the {n} targets for which the pace")
    gaps_page = recorded(each, lambda page: pages.gaps.overview(page, judged, each.plan_coverage()))
    assert both == field(gaps_page, "Of the {n} targets for which the pace")
    assert both.get("few", 0) <= verdict.get("n", 0) - verdict.get("likely", 0)
    own = field(said, "Counted are the {form}")
    fitted, same = rows[rows["basis"].str.startswith("fitted")], told_once(each)
    alone = len({same.get(key, key) for key in zip(fitted["indicator"], fitted["level"], strict=True)})
    assert not own or own["form"] + own["sums"] == alone + own["rate"] + own["none"]
    none = rows[rows["year"].isna() & ~rows["basis"].str.startswith("fitted")]
    keys = {same.get(key, key) for key in zip(none["indicator"], none["level"], strict=True)}
    assert own.get("none", 0) == len(keys)


def test_a_target_that_is_judged_in_one_row_and_not_in_another_is_counted_once(report):
    """Planted: each judged target has a second row that cannot be judged, as where it bears on two rows of the form."""
    rows = gaps(report)
    both = rows.loc[rows.index.repeat(1 + rows["value"].notna())]
    second = both.index.duplicated(keep="last")
    both = both.assign(value=both["value"].mask(second), verdict=both["verdict"].mask(second, "not_assessable"))
    once_, twice = (recorded(report, lambda page, one=one: figures._verdict(page, one)) for one in (rows, both))
    assert once_ == twice and field(once_, "Of the {n}")["n"] == len(report.targets)
    assert not adds_up({"n": 9, "a": 4, "b": 6}, "n", "a", "b")


def lying_ahead(*rows):
    """Rows of `outlook` of level 4, whose figures were 0 in 2015 and 2016: (pace, chance, implied), first counted."""
    frame = pd.DataFrame(rows, columns=["pace", "chance", "implied", "from"])
    days = {"base_as_of": pd.to_datetime(frame["from"] + "-12-31"), "pace_as_of": pd.Timestamp("2020-03-31")}
    return frame.assign(indicator="online_services", level="4", **days)


def test_why_a_pace_is_enough_and_a_chance_is_low(report):
    """Of three counted that go fast enough two are unlikely: the implied one and the slow one are not among them."""
    page = Page(report, "en")
    rows = [("enough", "unlikely", False, "2017")] * 2 + [("enough", "likely", False, "2017")]
    rows += [("enough", "unlikely", True, "2017"), ("slow", "unlikely", False, "2017")]
    (why,) = why_both(page, lying_ahead(*rows))
    assert why.startswith("Of the 3 targets for which the pace so far is enough, 2 are not more likely than not")
    assert "includes the first roll-out" in why
    # a pace from the first column on has no years of nothing before it
    (why,) = why_both(page, lying_ahead(("enough", "unlikely", False, "2015")))
    assert "an average over years" in why and "roll-out" not in why
    (why,) = why_both(page, lying_ahead(("slow", "likely", False, "2017"), ("enough", "likely", False, "2017")))
    assert why.startswith("Of the 1 targets that need a faster pace than so far, 1 are more likely")
    # where both say the same, and where one of them says nothing, nothing is to be explained
    agree = [("enough", "likely", False, "2017"), ("slow", "unlikely", False, "2017"), ("", "likely", False, "2017")]
    assert why_both(page, lying_ahead(*agree, ("enough", "", False, "2017"))) == []


def test_targets_without_a_value_share_none():
    known = {"indicator": "", "level": "", "comparator": ">=", "deadline": pd.Timestamp("2015-12-31")}
    rows = pd.DataFrame(
        [known | {"target_id": code, "target": value} for code, value in zip("ABCD", (None, 80, None, 80), strict=True)]
    )
    assert distinct(rows)["target_id"].tolist() == ["A", "B, D", "C"]
    assert distinct(rows.iloc[:0]).empty
    assert distinct(rows.assign(target=float("nan")))["target_id"].tolist() == ["A", "B", "C", "D"]
