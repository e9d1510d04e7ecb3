"""The findings of the reference report: which, how grave, with what outcome; the main ones worked again by hand."""

from __future__ import annotations

import ast
import re
import unicodedata
from datetime import date
from fractions import Fraction

import pytest
import yaml

from reformlib.check.findings import CHECKS
from reformlib.load.report import load_report
from reformlib.locale import messages
from tests.findings_tables import checks, reliability

USED = "online_services_used"
OPEN = [
    ("share-of-count", USED, "error", "inconsistent"),
    ("share-of-count", USED, "warning", "inconsistent"),
    (
        "header-and-rows",
        "e_documents;axis_received;axis_sent;signatures;mailboxes;one_stop_share",
        "warning",
        "inconsistent",
    ),
    ("recruited-label", "", "warning", "inconsistent"),
    ("next-period", "", "warning", "inconsistent"),
    ("same-decimals", USED, "information", "inconsistent"),
    ("issuers-fit-numbers", "", "information", "inconsistent"),
    ("number-style", "", "information", "inconsistent"),
    ("slips", "", "information", "inconsistent"),
    ("moves", "e_documents", "warning", "cannot tell"),
    ("never-falls", "signatures", "warning", "cannot tell"),
    ("steep-change", USED, "warning", "cannot tell"),
    ("one-stop-units", "one_stop_units", "warning", "cannot tell"),
    ("one-stop-rollout", "one_stop_share", "warning", "cannot tell"),
    ("one-stop-share-and-shortcomings", "one_stop_share", "warning", "cannot tell"),
    ("documents-share-and-axis", "e_documents", "warning", "cannot tell"),
    ("documents-and-shortcomings", "e_documents;document_software", "warning", "cannot tell"),
    ("staff-counts", "mailboxes", "warning", "cannot tell"),
    ("signatures-tripled", "signatures", "warning", "cannot tell"),
    ("axis-full-2019", "axis_received;axis_sent", "warning", "cannot tell"),
    ("bodies-27-28", "document_software;lan;portals", "warning", "cannot tell"),
    ("network-and-computers", "", "warning", "cannot tell"),
    ("procedures-949-1949", "", "warning", "cannot tell"),
    ("level-3-4-and-shortcomings", "", "warning", "cannot tell"),
    ("in-person-online", "", "warning", "cannot tell"),
    ("procedures-or-services", "online_services", "warning", "cannot tell"),
    ("target-already-reported", "", "warning", "cannot tell"),
    ("rate-has-base", USED, "information", "cannot tell"),
    ("rate-has-base", "one_stop_share", "information", "cannot tell"),
    ("steep-change", "online_services", "information", "cannot tell"),
    ("steep-change", "one_stop_units", "information", "cannot tell"),
    ("pace-in-part", "online_services", "information", "cannot tell"),
    ("one-stop-note-measure", "", "information", "cannot tell"),
    ("documents-over-90", "e_documents", "information", "cannot tell"),
    ("axis-and-districts", "", "information", "cannot tell"),
    ("lan-most", "", "information", "cannot tell"),
    ("services-from-zero", "online_services", "information", "cannot tell"),
    ("training-attendances", "", "information", "cannot tell"),
    ("scheme-05-issuer", "", "information", "cannot tell"),
    ("iso-version", "", "information", "cannot tell"),
    ("provincial-bodies-18-19", "", "information", "cannot tell"),
    ("shortcomings-corrected", "", "information", "cannot tell"),
    ("initiatives-none", "", "information", "cannot tell"),
    ("proposals-none", "", "information", "cannot tell"),
    ("timely-and-slow", "", "information", "cannot tell"),
    ("heads-commitment", "", "information", "cannot tell"),
    ("certificates-organisations", "", "information", "cannot tell"),
    ("links-done-and-in-progress", "", "information", "cannot tell"),
    ("few-online-dossiers", "", "information", "cannot tell"),
    ("portal-or-one-stop", "", "information", "cannot tell"),
    ("where-dossiers-are-received", "", "information", "cannot tell"),
    ("procedures-published-by", "", "information", "cannot tell"),
    ("iso-software-and-row-14", "", "information", "cannot tell"),
    ("has-figures", "iso_declarations", "warning", "missing"),
    ("years-covered", "", "warning", "missing"),
    ("figures-are-dated", "", "warning", "missing"),
    ("domains-have-figures", "", "warning", "missing"),
    ("tasks-can-be-measured", "", "warning", "missing"),
    ("on-time-without-figure", "", "warning", "missing"),
    ("documents-are-dated", "", "information", "missing"),
    ("is-dated", "", "information", "missing"),
    ("news-about", "", "information", "missing"),
    ("staff-cut-target", "", "information", "missing"),
    ("exam-registered", "", "information", "missing"),
    ("objectives-announced", "", "information", "missing"),
    ("assessment-results", "", "information", "missing"),
    ("level-requirement", "", "information", "missing"),
    ("same-base", "one_stop_share", "warning", "stated"),
    ("whole-periods", "e_documents", "warning", "stated"),
    ("whole-periods", "axis_received", "warning", "stated"),
    ("whole-periods", "axis_sent", "warning", "stated"),
    ("whole-periods", USED, "warning", "stated"),
    ("whole-periods", "one_stop_share", "warning", "stated"),
    ("shortcomings-are-told", "", "warning", "stated"),
    ("tasks-are-new", "", "warning", "stated"),
    ("scope-department-province", "", "warning", "stated"),
    ("no-recommendation", "", "warning", "stated"),
    ("not-identical", "document_software;lan;portals", "information", "stated"),
    ("period-is-over", "", "information", "stated"),
    ("repeated-result", "", "information", "stated"),
    ("inspection-by-report", "", "information", "stated"),
    ("no-petitions-2020", "", "information", "stated"),
    ("repeated-one-stop", "", "information", "stated"),
    ("spending-rules-repeated", "", "information", "stated"),
    ("tasks-rest-on-2019-2020", "", "information", "stated"),
    ("directive-14-twice", "", "information", "stated"),
]
AGREE = [
    "in-range whole-counts no-duplicates share-of-count never-falls moves steep-change no-gaps has-figures",
    "may-be-added pace-in-part same-decimals not-identical document-numbers-rise document-years-agree",
    "instruments-agree",
    "recruited-total appointments-total staff-cut certificates-total certificates-token certificates-annex",
    "level-3-share level-4-share level-3-annex level-4-annex levels-within-procedures network-total conference-sites",
    "department-procedures one-stop-note-2017 users-within-mailboxes axis-opened-before-use bodies-28 bodies-134",
    "network-134 portals-within-sites documents-in-order signatures-not-added districts-9 communes-106",
    "departments-18 national-portal-within users-within-computers",
]
RELIABLE = {
    "reliable": {"axis_units", "online_services:3", "online_services:4"},
    "not_usable": {"online_services_used:3", "online_services_used:4"},
    "missing": {"iso_declarations"},
}


@pytest.fixture(scope="module")
def report():
    return load_report("tra-vinh-2020")


@pytest.fixture(scope="module")
def found(report):
    return checks(report)


@pytest.fixture(scope="module")
def entries(report):
    return yaml.safe_load((report.folder / "checks.yml").read_text(encoding="utf-8"))


def told(found, check, severity=None, column="computation"):
    rows = found[found["check"] == check]
    return rows[rows["severity"] == severity].iloc[0][column] if severity else rows.iloc[0][column]


def test_the_findings(found):
    rows = found[found["outcome"] != "consistent"]
    assert list(zip(rows["check"], rows["indicators"], rows["severity"], rows["outcome"], strict=True)) == OPEN
    agree = found.loc[found["outcome"] == "consistent", "check"]
    assert sorted(agree) == sorted(" ".join(AGREE).split())


def test_reliability(report):
    table = reliability(report)
    key = table["indicator"] + table["level"].map(lambda level: f":{level}" if level else "")
    for code, series in RELIABLE.items():
        assert set(key[table["reliability"] == code]) == series
    assert set(table["reliability"]) == {*RELIABLE, "with_care"}
    assert (table["reason"] != "").all() and (table["reason_vi"] != "").all()


# --- by hand ---------------------------------------------------------------------------------------------------------


def shares_of(count: int) -> set[str]:
    """Every share of whole things out of `count`, with two decimals, rounded, cut off or raised: by plain counting."""
    found = set()
    for k in range(count + 1):
        hundredths, rest = divmod(10000 * k, count)
        nearest = {hundredths, hundredths + 1} if 2 * rest == count else {hundredths + (2 * rest > count)}
        found |= {f"{h / 100:.2f}" for h in nearest | {hundredths, hundredths + (rest > 0)}}
    return found


def test_what_both_levels_together_would_explain():
    """The explanations of row 11: 11 of 238 and 110 of 643 and 153 of 888 of one column; no whole number of 1144."""
    both = {2017: 226 + 12, 2018: 440 + 203, 2019: 498 + 390, 2020: 605 + 539}
    cells = [("1.3", 2017, 3), ("4.6", 2017, 11), ("17.1", 2018, 110), ("17.23", 2019, 153)]
    for share, year, k in cells:
        assert round(100 * k / both[year], len(share.partition(".")[2])) == float(share)
    assert not {"0.74", "29.16"} & shares_of(both[2020])
    assert "0.13" not in shares_of(both[2019]) and "0.13" in shares_of(795)  # 1 of 795 = 0.1258
    # at another date between two columns nothing is ruled out
    within = [("2.4", 2017, 2018), ("0.13", 2018, 2019), ("0.74", 2019, 2020), ("29.16", 2019, 2020)]
    for share, before, after in within:
        decimals = len(share.partition(".")[2])
        assert any(
            round(100 * k / base, decimals) == float(share)
            for base in range(both[before], both[after] + 1)
            for k in {int(float(share) * base / 100), int(float(share) * base / 100) + 1}
        )


def test_the_impossible_shares_by_counting_every_service(found):
    """Row 11 against row 10: 0.13 % of 498 and of every count back to 440; 17.23, 0.74 and 29.16 of their column."""
    assert all("0.13" not in shares_of(count) for count in range(440, 499))
    assert "0.13" not in shares_of(605)  # the most there ever were
    assert {"17.23"} & shares_of(390) == {"0.74"} & shares_of(605) == {"29.16"} & shares_of(539) == set()
    assert "17.23" in shares_of(383)  # 66 of 383, so the date of counting could explain it: a warning
    # one decimal: 1 of 12 is 8.33, so no share of up to 12 services lies between 0 and 8.3
    assert Fraction(100, 12) > Fraction(465, 100)
    neighbours = [round(100 * k / base, 4) for k, base in ((10, 440), (11, 440), (34, 203), (35, 203))]
    assert neighbours == [2.2727, 2.5, 16.7488, 17.2414]  # 2.4 and 17.1 lie between
    error, warning = told(found, "share-of-count", "error"), told(found, "share-of-count", "warning")
    assert "no whole number out of 498 prints as 0.13% under any rounding: 0 gives 0%, 1 gives 0.2008%" in error
    assert "no whole number out of 12 prints as 4.6% under any rounding: 0 gives 0%, 1 gives 8.3333%" in error
    for share, base in (("2.4", 440), ("17.1", 203), ("17.23", 390), ("0.74", 605), ("29.16", 539)):
        assert f"no whole number out of {base} prints as {share}%" in warning
    assert round(100 * 3 / 226, 1) == 1.3
    one = found[(found["check"] == "share-of-count") & (found["outcome"] == "consistent")].iloc[0]
    assert one["computation"].startswith("3 out of 226 prints as 1.3%")


@pytest.mark.parametrize(
    ("check", "english", "vietnamese"),
    [
        ("one-stop-units", f"18 + 9 + 106 = {18 + 9 + 106}, not 134: 1 apart", "= 133, không bằng 134: chênh 1"),
        ("bodies-27-28", f"18 + 9 = {18 + 9}, not 28: 1 apart", "18 + 9 = 27, không bằng 28: chênh 1"),
        ("bodies-134", f"19 + 9 + 106 = {19 + 9 + 106}", "19 + 9 + 106 = 134"),
        ("never-falls", "470; impossible if all so far are counted", "không thể xảy ra nếu tính lũy kế, có thể"),
        ("years-covered", "6 of 10 years have figures; none for 2011, 2012, 2013, 2014", "6/10 năm có số liệu"),
        ("moves", "90% in all 6 figures from 2015 to 2020, as is the target", "bằng đúng mục tiêu của Nghị quyết 17"),
        ("header-and-rows", "row 2, 2020: 19; Annex 7, row 12, 2020: 134", "dòng 2, năm 2020: 19; Phụ lục 7"),
        ("next-period", "2021-2030 and 2020-2030", "2021-2030 và 2020-2030"),
        ("certificates-total", "1,585 + 25 = 1,610", "1.585 + 25 = 1.610"),
        ("level-3-share", "605 / 1,949 = 31.0416%, stated 31.04%", "605 / 1.949 = 31,0416%"),
        ("level-4-share", "539 / 1,949 = 27.6552%, stated 27.66%", "539 / 1.949 = 27,6552%"),
        ("levels-within-procedures", "605 + 539 = 1,144, not more than 1,949", "= 1.144, không vượt quá 1.949"),
        ("staff-cut", f"8 / {28 + 28 + 8} = 12.5%, stated 12.5%", "8 / 64 = 12,5%"),
        ("staff-counts", "6,834 / 90% = 7,552 to 7,635", "6.834 / 90% = 7.552 đến 7.635"),
        ("training-attendances", "100 > 56", "100 > 56"),
        ("tasks-can-be-measured", "1 of 44 tasks have a measurable target", "1/44 nhiệm vụ"),
        ("period-is-over", f"{(date(2020, 12, 31) - date(2020, 3, 31)).days} days are still to come", "còn 275 ngày"),
        ("documents-are-dated", "without a date: 1233/QĐ-UBND, 18-NQ/TW, 19-NQ/TW", "không ghi ngày: 1233/QĐ-UBND"),
        ("axis-full-2019", f"{140825 / 295:.1f} a day", "477,4 mỗi ngày"),
        ("axis-full-2019", f"{50572 / 295:.1f} a day", "171,4 mỗi ngày"),
        ("figures-are-dated", "61 of 61 results told in figures have no date", "61/61 số liệu"),
        ("signatures-tripled", f"1,445 / 479 = {100 * 1445 / 479:.2f}%", "1.445 / 479 = 301,67%"),
        ("may-be-added", f"each figure is of its own period; {140825 + 32398:,} in all", "cộng được 173.223"),
        ("signatures-not-added", f"the last figure, not their sum {408 + 500 + 470 + 479 + 1445 + 1610:,}", "4.912"),
        ("scheme-05-issuer", "“Tỉnh ủy Trà Vinh” ≠ “Ban Thường vụ Tỉnh ủy”; “Đề án số 05-ĐA/TU", "≠ “Ban Thường vụ"),
        ("procedures-published-by", "“Chủ tịch UBND tỉnh” ≠ “UBND tỉnh”", "“Chủ tịch UBND tỉnh” ≠"),
        ("share-of-count", "out of 12 prints as 4.6%", "trên tổng số 12 cho tỷ lệ 4,6%"),
    ],
)  # fmt: skip
def test_computations_in_both_languages(found, check, english, vietnamese):
    assert english in told(found, check)
    assert vietnamese in told(found, check, column="computation_vi")


def test_more_by_hand(found):
    assert (date(2019, 12, 31) - date(2019, 3, 12)).days + 1 == 295
    assert "+58 in 365 days, then +107 in 91 days: 7.4 times" in told(found, "pace-in-part")
    assert round((605 - 498) / 91 / ((498 - 440) / 365), 1) == 7.4
    assert "2.4 → 0.13: a factor of 18.5" in told(found, "steep-change", "warning")
    assert round(2.4 / 0.13, 1) == 18.5
    assert "949 / 1,949 = 48.69%" in told(found, "procedures-949-1949")
    assert round(100 * 949 / 1949, 2) == 48.69
    assert "1,144 / 1,949 = 58.7%" in told(found, "level-3-4-and-shortcomings")
    assert round(100 * 1144 / 1949, 2) == 58.7


# --- words -----------------------------------------------------------------------------------------------------------


def normalised(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).replace("*", "")).strip()


def test_every_quote_is_in_the_report(entries, shared):
    text = normalised((shared / "source" / "report.txt").read_text(encoding="utf-8"))
    quotes = [quote["text"] for entry in entries for quote in entry.get("quotes", []) if "text" in quote]
    assert len(quotes) > 20
    assert [quote for quote in quotes if normalised(quote) not in text] == []


def test_no_english_is_left_in_the_vietnamese(found):
    english = re.compile(r"\b(?:the|of|and|is|are|not|than|with|from|year|row|level|figures?|none|other)\b")
    for name in ("where", "computation", "consequence", "title", "explanation"):
        texts = found[f"{name}_vi"].str.replace(r"“[^”]*”", "", regex=True)
        assert texts[texts.str.contains(english)].to_list() == [], name
        assert (found[f"{name}_vi"] == "").equals(found[name] == "")
        assert all(text == unicodedata.normalize("NFC", text) for text in found[f"{name}_vi"])
    # numbers have a decimal comma; section codes and quotes are left out
    without = found["computation_vi"].str.replace(r"“[^”]*”|\([^()]*\)", "", regex=True)
    assert without[without.str.contains(r"\d\.\d(?!\d\d)")].to_list() == []


def templates(repo):
    """Every sentence that a rule or a check can say: texts given to these callables, and any other text with fields."""
    says = {"Verdict", "judged", "consistent", "inconsistent", "cannot_tell", "missing", "stated", "text", "_apart"}
    for path in sorted((repo / "reformlib" / "check").glob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        given = [arg for call in nodes if getattr(getattr(call, "func", None), "id", "") in says for arg in call.args]
        given = {id(node) for arg in given for node in ast.walk(arg)}
        texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for node in texts:
            text, used = node.value, id(node) in given or bare(node.value) != node.value
            if used and id(node) not in docstrings and " " in text and re.search("[a-z]", bare(text)):
                yield text


def bare(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)


def test_no_message_is_without_vietnamese(repo):
    """Also what no check says of this report."""
    known = messages("vi")
    texts = {text for check in CHECKS for text in (check.title, check.passed, check.consequence, check.explanation)}
    texts |= {text for text in templates(repo) if not text.startswith(" (")}  # a tail, translated with its sentence
    assert len(texts) > 150
    assert sorted(text for text in texts if text and text not in known) == []
    fields = {text: sorted(re.findall(r"\{\w+\}", text)) for text in texts if text}
    assert [text for text in fields if fields[text] != sorted(re.findall(r"\{\w+\}", known[text]))] == []


def test_numbers_of_a_title_stand_in_its_computation(found, entries):
    """A title is written by hand: its figures must be those that the rule has computed or quoted."""
    declared = {entry["id"] for entry in entries if "id" in entry}
    names = re.compile(r"(?:levels?|rows?|domains?) \d+(?:(?: and |-)\d+)?|items of \S+|05-ĐA", re.IGNORECASE)
    checked = 0
    for row in found[found["check"].isin(declared)].itertuples(index=False):
        shown = re.findall(r"\d[\d.,]*\d|\d", row.computation.replace("–", " ") + " " + row.where)
        for number in re.findall(r"\d[\d.,]*\d|\d", names.sub("", row.title)):
            checked += 1
            assert number in shown, (row.check, number)
    assert checked > 20


def test_words_were_written_for_the_outcome_that_the_rule_gives(found):
    """A declared entry is told in its own words, none of which was written for another outcome."""
    told = found[found["title"].str.contains("No longer so")]
    assert told["check"].to_list() == []


def test_no_finding_says_who_is_wrong(found):
    blame = re.compile(
        r"\b(?:invented|falsi|lied|fake|fabricat|cheat|dishonest)|bịa|khai khống|gian dối", re.IGNORECASE
    )
    for name in ("title", "consequence", "explanation"):
        for said in (found[name], found[f"{name}_vi"]):
            assert said[said.str.contains(blame)].to_list() == []


def test_only_what_can_fail_counts_as_agreeing(found):
    assert told(found, "document-numbers-rise").startswith("4 pairs")  # 638 and 639 are of one day
    assert told(found, "instruments-agree").startswith("3 instruments")  # 817/QĐ-UBND is known from the report alone
