"""Every check of a report: a fault that makes it fire, and a report built consistent that keeps it quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import yaml

from reformlib.check import CANNOT_TELL, CONSISTENT, INCONSISTENT, MISSING, OUTCOMES
from reformlib.check import STATED as CERTAIN
from reformlib.check.declared import About
from reformlib.check.finding import cell_place, ranges
from reformlib.check.findings import CHECKS, RELIABILITY, read_table
from reformlib.check.findings import findings as all_findings
from reformlib.check.grim import implied_total
from reformlib.errors import ReformError
from reformlib.load import observations
from reformlib.load.report import Report, load_report
from reformlib.locale import messages
from reformlib.present.findings import RELIABILITY_WORDS, TEXTS, written
from tests.findings_tables import checks, reliability

YEARS = (2015, 2016, 2017, 2018, 2019)
# A form filled in without a fault; 10 of 20, 15 of 40 ... are whole services.
ANNEX = {
    1: ("70%", "75%", "80%", "85%", "88%"),
    2: ("0", "5", "10", "15", "19"),
    3: ("1000", "1500", "1800", "1700", "2200"),
    4: ("500", "700", "900", "850", "1200"),
    5: ("408", "500", "570", "679", "845"),
    6: ("100%", "100%", "100%", "100%", "100%"),
    7: ("26", "27", "28", "28", "28"),
    8: ("25", "27", "28", "28", "28"),
    9: ("24", "27", "28", "28", "28"),
    10: tuple(f"Mức 3: {a}, mức 4: {b}" for a, b in ((20, 10), (40, 20), (60, 30), (80, 40), (90, 45))),
    11: tuple(
        f"Mức 3: {a}%\nMức 4: {b}%"
        for a, b in (("50,0", "10,0"), ("37,5", "15,0"), ("41,7", "20,0"), ("50,0", "22,5"), ("51,1", "26,7"))
    ),
    12: ("50", "80", "100", "120", "134"),
    13: ("80,5%", "85,5%", "90,1%", "95,6%", "97,7%"),
    14: ("5", "6", "7", "8", "9"),
}


@pytest.fixture(scope="module")
def reference() -> Report:
    return load_report("tra-vinh-2020")


@pytest.fixture(scope="module")
def sound(reference, tmp_path_factory) -> Report:
    """A report without a fault, made of the reference report's tables."""
    meta = reference.meta.model_copy(
        update={
            "period_start": 2015,
            "period_end": 2019,
            "data_date": date(2019, 12, 31),
            "number": "12/BC-STTTT",
            "issued": "2020-05-04",
        }
    )
    documents = reference.documents[(reference.documents["date"] != "") & (reference.documents["number"] != "")]
    documents = documents[documents["document"] != "nd_43_2011"]
    limitations = reference.limitations.assign(kind="limitation")
    facts = reference.facts.assign(domain=[str(i % 6 + 1) for i in range(len(reference.facts))], date="2019-12-31")
    tasks = reference.tasks.assign(target_raw="100%", repeats="")
    text = {"documents": documents, "limitations": limitations, "facts": facts, "tasks": tasks}
    return with_annex(replace(reference, meta=meta, folder=tmp_path_factory.mktemp("sound"), **text), ANNEX)


def with_annex(report: Report, rows: dict[int, tuple[str, ...]], headings=None) -> Report:
    headings = headings or [f"Năm {year}" for year in YEARS]
    annex = pd.DataFrame([[str(row), "label", *cells] for row, cells in rows.items()])
    annex.columns = ["form_row", "label", *headings]
    observed = observations.observe(annex, report.catalogue, report.meta, [], report.folder / "annex.csv")
    return replace(report, annex=annex, observations=observed)


def row(number: int, *cells: str, headings=None):
    """The sound form with one row changed."""
    return lambda report: with_annex(report, ANNEX | {number: cells}, headings)


def cell(number: int, year: int, text: str):
    cells = list(ANNEX[number])
    cells[YEARS.index(year)] = text
    return row(number, *cells)


def column(values: dict[str, object]):
    """The sound report with fields of an observation overwritten: what the loader itself would refuse."""

    def plant(report: Report) -> Report:
        frame = report.observations.copy()
        hit = (frame["indicator"] == "signatures") & (frame["year"] == 2017)
        for name, value in values.items():
            frame.loc[hit, name] = value
        return replace(report, observations=frame)

    return plant


def twice(report: Report) -> Report:
    return replace(report, observations=pd.concat([report.observations, report.observations.tail(1)]))


def table(name: str, **columns):
    """The sound report with columns of a table overwritten; a function gets the table."""

    def plant(report: Report) -> Report:
        frame = getattr(report, name)
        return replace(
            report, **{name: frame.assign(**{k: v(frame) if callable(v) else v for k, v in columns.items()})}
        )

    return plant


def meta(**values):
    return lambda report: replace(report, meta=report.meta.model_copy(update=values))


def first(value):
    return lambda frame: [value, *frame.iloc[1:, 0]]


def one(column: str, document: str, value: str):
    return lambda frame: frame[column].where(frame["document"] != document, value)


QUARTER = [*(f"Năm {year}" for year in YEARS[:-1]), "Năm 2019 (Tính đến 31/3)"]
OVERLAP = ["Quý I/2019", "Quý II/2019", "6 tháng đầu năm 2019", "9 tháng năm 2019", "Năm 2019"]

# check, fault, outcome, severity
DOCUMENTS = {
    "issuer": table("documents", issuer=one("issuer", "nq_17_2019", "UBND tỉnh")),
    "order": table("documents", date=one("date", "qd_835_2016", "2016-01-04")),
    "year": table("documents", date=one("date", "nd_16_2015", "2016-02-14")),
    "undated": table("documents", date=one("date", "cv_608_2014", "")),
    "target": table("documents", date=one("date", "nq_17_2019", "2019-03-08")),
}

FAULTS = [
    ("share-of-count", cell(11, 2016, "Mức 3: 37,5%\nMức 4: 18,8%"), INCONSISTENT, "warning"),  # 3 of 16
    ("share-of-count", cell(11, 2016, "Mức 3: 37,5%\nMức 4: 0,1%"), INCONSISTENT, "error"),  # nothing below 1 of 20
    ("in-range", cell(1, 2018, "185%"), INCONSISTENT, "error"),
    ("in-range", column({"value": -1.0}), INCONSISTENT, "error"),
    ("whole-counts", column({"value": 500.5}), INCONSISTENT, "error"),
    ("no-duplicates", twice, INCONSISTENT, "error"),
    ("rate-has-base", lambda r: with_annex(r, ANNEX | zero_year(0)), CANNOT_TELL, "information"),
    ("rate-has-base", lambda r: with_annex(r, ANNEX | zero_year(5)), INCONSISTENT, "error"),
    ("rate-has-base", lambda r: with_annex(r, ANNEX | one_stop_zero()), CANNOT_TELL, "information"),
    ("never-falls", cell(5, 2017, "470"), CANNOT_TELL, "warning"),
    ("never-falls", lambda r: cell(5, 2017, "470")(meta(cumulative=["signatures"])(r)), INCONSISTENT, "warning"),
    ("moves", row(1, *["85%"] * 5), CANNOT_TELL, "warning"),
    ("moves", row(12, *["50"] * 5), CANNOT_TELL, "information"),
    ("steep-change", row(13, "1,3%", "2,4%", "0,1%", "2,0%", "3,0%"), CANNOT_TELL, "warning"),
    ("steep-change", row(12, "5", "134", "134", "135", "136"), CANNOT_TELL, "information"),
    ("same-base", row(12, "5", "134", "134", "135", "136"), CERTAIN, "warning"),
    ("same-base", row(12, "0,5", "134", "134", "135", "136"), CERTAIN, "warning"),
    ("whole-periods", lambda r: with_annex(r, ANNEX, QUARTER), CERTAIN, "warning"),
    ("pace-in-part", lambda r: with_annex(r, ANNEX, QUARTER), CANNOT_TELL, "information"),
    ("sums-grow", row(3, "1000", "1500", "2500", "2499", "2600", headings=OVERLAP), INCONSISTENT, "error"),
    ("one-day", row(5, "408", "500", "501", "570", "600", headings=OVERLAP), INCONSISTENT, "error"),
    ("parts-and-whole", row(3, "1000", "1500", "2501", "2600", "2700", headings=OVERLAP), INCONSISTENT, "warning"),
    ("may-be-added", row(3, "1000", "1500", "1800", "2000", "2200"), CANNOT_TELL, "information"),
    ("no-gaps", cell(5, 2017, ""), MISSING, "warning"),
    ("no-gaps", cell(5, 2019, ""), MISSING, "warning"),
    ("has-figures", row(14, *[""] * 5), MISSING, "warning"),
    ("same-decimals", cell(13, 2018, "95,61%"), INCONSISTENT, "information"),
    ("not-identical", row(8, *ANNEX[7]), CERTAIN, "information"),
    ("years-covered", meta(period_start=2011), MISSING, "warning"),
    ("figures-are-dated", table("facts", date=first("")), MISSING, "warning"),
    ("period-is-over", meta(period_end=2020), CERTAIN, "information"),
    ("unit-is-there", meta(exists_until=date(2019, 6, 30)), INCONSISTENT, "warning"),
    ("domains-have-figures", table("facts", domain="6"), MISSING, "warning"),
    ("shortcomings-are-told", table("limitations", kind="none_stated"), CERTAIN, "warning"),
    ("tasks-can-be-measured", table("tasks", target_raw=""), MISSING, "warning"),
    ("tasks-are-new", table("tasks", repeats=lambda f: ["II.1.1"] + [""] * (len(f) - 1)), CERTAIN, "warning"),
    ("issuers-fit-numbers", DOCUMENTS["issuer"], INCONSISTENT, "information"),
    ("document-numbers-rise", DOCUMENTS["order"], INCONSISTENT, "information"),
    ("document-years-agree", DOCUMENTS["year"], INCONSISTENT, "information"),
    ("documents-are-dated", DOCUMENTS["undated"], MISSING, "information"),
    ("instruments-agree", DOCUMENTS["target"], INCONSISTENT, "information"),
    ("is-dated", meta(number="/BC-STTTT"), MISSING, "information"),
    ("is-dated", meta(issued="2020-05"), MISSING, "information"),
]  # fmt: skip


def zero_year(share: int) -> dict:
    """No services in 2015, and a printed share of them."""
    return {10: ("0", *ANNEX[10][1:]), 11: (f"Mức 3: {share}%\nMức 4: {share}%", *ANNEX[11][1:])}


def one_stop_zero() -> dict:
    return {12: ("0", *ANNEX[12][1:]), 13: ("0", *ANNEX[13][1:])}


def test_a_sound_report_has_nothing_but_consistent_findings(sound):
    found = checks(sound)
    assert found[found["outcome"] != CONSISTENT][["check", "series", "computation"]].to_dict("records") == []
    # pace-in-part has nothing to look at where no year is cut short, unit-is-there where no unit ended, the others
    # where no columns overlap
    idle = {"pace-in-part", "unit-is-there", "sums-grow", "one-day", "parts-and-whole"}
    assert set(found["check"]) == {check.id for check in CHECKS} - idle
    assert set(reliability(sound)["reliability"]) == {"reliable"}
    assert set(reliability(sound)["reason"]) == {"no error and no warning"}


@pytest.mark.parametrize(
    ("check", "plant", "outcome", "severity"), FAULTS, ids=lambda value: getattr(value, "id", None)
)
def test_a_planted_fault_is_found(sound, monkeypatch, check, plant, outcome, severity):
    monkeypatch.setattr("reformlib.check.findings.CHECKS", [one for one in CHECKS if one.id == check])
    found = checks(plant(sound))
    hits = found[(found["check"] == check) & (found["outcome"] != CONSISTENT)]
    assert list(zip(hits["outcome"], hits["severity"], strict=True)) != []
    assert (outcome, severity) in set(zip(hits["outcome"], hits["severity"], strict=True))


def test_every_check_has_a_fault_that_makes_it_fire():
    assert {fault[0] for fault in FAULTS} == {check.id for check in CHECKS}
    assert len({check.id for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(
    "row",
    [
        "mine,page,error,,series.moves", "mine,cell,fatal,,series.moves", "mine,cell,error,,series.x",
        "mine,cell,error,,", "mine,cell,error,speed,series.moves",
    ],
)  # fmt: skip
def test_a_row_of_the_table_that_names_what_there_is_not_is_an_error(tmp_path, row):
    table = tmp_path / "checks.csv"
    head = "check,level,severity,objects_to,function,title,passed,consequence,explanation"
    table.write_text(f"{head}\n{row},a,b,c,\n")
    with pytest.raises(ReformError, match=r"checks\.csv, mine: "):
        read_table(table)
    table.write_text(table.read_text().replace(row, "mine,cell,error,step;pace,series.moves"))
    assert [check.id for check in read_table(table)] == ["mine"]


def test_pace_in_part_is_quiet_where_the_pace_is_kept(sound):
    found = checks(with_annex(sound, ANNEX | {5: ("408", "500", "570", "679", "700")}, QUARTER))
    mine = found[(found["check"] == "pace-in-part") & found["series"].str.contains("signatures")]
    assert list(mine["outcome"]) == [CONSISTENT]  # 109 in 365 days, then 21 in 90: 0.8 times the pace


QUARTERS = ["Quý I/2018", "Quý II/2018", "Quý III/2018", "Quý IV/2018", "Quý I/2019"]


def told(report: Report, check: str, indicator: str) -> pd.Series:
    found = checks(report)
    (row,) = [one for one in found.itertuples() if one.check == check and indicator in one.series.split(";")]
    return row


def test_a_quarter_is_set_beside_the_same_quarter(sound):
    """10 → 100 from quarter to quarter is a season; 10 → 60 a year later is a step."""
    report = with_annex(sound, ANNEX | {3: ("10", "100", "10", "100", "60")}, QUARTERS)
    step = told(report, "steep-change", "axis_received")
    assert step.computation == "10 → 60: a factor of 6; is it still the same definition?"
    assert step.where == "Annex 7, row 3, Q1 2018, Q1 2019"
    assert step.title == "Documents received over the exchange platform: a steep change from one period to the next"
    assert step.where_vi == "Phụ lục 7, dòng 3, quý I/2018, quý I/2019"
    assert told(report, "whole-periods", "axis_received").outcome == CONSISTENT


def test_gaps_follow_the_rhythm_of_the_columns(sound):
    def gaps(headings, *cells):
        return told(with_annex(sound, ANNEX | {5: cells}, headings), "no-gaps", "signatures").computation

    assert gaps(QUARTERS, "1", "2", "", "4", "5") == "missing: Q3 2018"
    holes = ["Quý I/2017", "Quý II/2017", "Quý III/2017", "Quý I/2018", "Quý II/2018"]
    assert gaps(holes, "1", "2", "3", "4", "5") == "missing: Q4 2017"
    same = [f"Quý I/{year}" for year in YEARS]
    assert gaps(same, "1", "2", "", "4", "5") == "missing: Q1 2017"
    mixed = ["Năm 2016", "Năm 2017", "Năm 2018", "Quý IV/2018", "Quý I/2019"]
    assert gaps(mixed, "1", "2", "3", "", "") == "missing: Q1 2019"  # later than any figure; Q4 2018 is the end of 2018
    nine = [f"9 tháng năm {year}" for year in YEARS]
    assert gaps(nine, "1", "2", "", "4", "5") == "missing: first 9 months of 2017"


def test_a_part_of_a_year_is_told_from_the_year_before_it(sound):
    """9 months after a year are a part; a quarter among quarters is none, nor is a year after its half."""

    def outcomes(*headings):
        found = checks(with_annex(sound, ANNEX, headings))
        mine = found[(found["check"] == "whole-periods") & found["series"].str.contains("axis_received")]
        return [(one.outcome, one.computation) for one in mine.itertuples()]

    parts = ["Năm 2017", "Năm 2018", "Quý I/2019", "6 tháng đầu năm 2019", "9 tháng năm 2019"]
    ((outcome, said),) = outcomes(*parts)
    assert (outcome, said) == (CERTAIN, "1,500 / 365 days = 4.1 a day; 2,200 / 273 days = 8.1 a day")
    ((outcome, _),) = outcomes("Quý III/2018", "Quý IV/2018", "Năm 2018", "Quý I/2019", "Quý II/2019")
    assert outcome == CONSISTENT
    assert outcomes("Năm 2016", "Năm 2017", "6 tháng đầu năm 2018", "9 tháng năm 2018", "Năm 2018")[0][0] == CONSISTENT
    # the last quarter of a year ends with it, and the year is there
    same_end = ["Năm 2016", "Năm 2017", "6 tháng cuối năm 2018", "Năm 2018", "Quý IV/2018"]
    assert outcomes(*same_end)[0][0] == CONSISTENT


def test_a_little_a_day_is_not_nothing(sound):
    few = {3: ("9", "9", "8", "5", "2")}
    found = checks(with_annex(sound, ANNEX | few, QUARTER))
    said = found.loc[(found["check"] == "whole-periods") & found["where"].str.contains("row 3,"), "computation"]
    assert said.tolist() == ["5 / 365 days = 0.0137 a day; 2 / 90 days = 0.0222 a day"]


def test_the_last_quarter_is_held_against_the_year_before(sound):
    """+40 in the year to the end of March 2019, then +60 in a quarter."""
    heads = ["Quý I/2018", "Quý II/2018", "Quý III/2018", "Quý I/2019", "Quý II/2019"]
    pace = told(
        with_annex(sound, ANNEX | {5: ("100", "110", "120", "140", "200")}, heads), "pace-in-part", "signatures"
    )
    assert pace.computation == "+40 in 365 days, then +60 in 91 days: 6 times the pace"


def test_columns_that_overlap_are_told_with_every_place(sound):
    def told_of(check, number, *cells):
        found = checks(row(number, *cells, headings=OVERLAP)(sound))
        found = found[(found["check"] == check) & (found["outcome"] == INCONSISTENT)]
        return next(one for one in found.itertuples() if one.where.startswith(f"Annex 7, row {number}, "))

    falling = ("1000", "1500", "2500", "2499", "2600")
    fallen = told_of("sums-grow", 3, *falling)
    assert fallen.where == "Annex 7, row 3, first half of 2019, first 9 months of 2019"
    assert fallen.computation == "first half of 2019 → first 9 months of 2019: 2,500 → 2,499"
    assert level_of(row(3, *falling, headings=OVERLAP)(sound), "axis_received") == "not_usable"
    parts = told_of("parts-and-whole", 3, "1000", "1500", "2501", "2600", "2700")
    assert parts.computation == "2,500 from the parts 1,000; 1,500; printed 2,501"
    assert parts.where == "Annex 7, row 3, Q1 2019, Q2 2019, first half of 2019"
    day = told_of("one-day", 5, "408", "500", "501", "570", "600")
    assert day.computation_vi == "6 tháng đầu năm 2019: 501; quý II/2019: 500"


def test_what_may_be_negative_may_become_less_within_a_year(sound):
    report = row(3, "1000", "1500", "2500", "2499", "2600", headings=OVERLAP)(sound)
    form = replace(report.catalogue, indicators=report.catalogue.indicators.assign(limit_low=float("nan")))
    found = checks(replace(report, catalogue=form))
    assert found.loc[found["check"] == "sums-grow", "outcome"].tolist().count(INCONSISTENT) == 0


def test_a_cell_of_a_quarter_is_named_by_its_code(sound, tmp_path):
    report = with_annex(sound, ANNEX, QUARTERS)
    same = {"rule": "same_everywhere", "values": [at("signatures", "2018-Q2"), {"number": 500}]}
    found = mine(declare(report, tmp_path, **same))
    assert (found["outcome"], found["where"]) == (CONSISTENT, "Annex 7, row 5, Q2 2018")
    assert (
        mine(declare(report, tmp_path, **same | {"values": [at("signatures", 2019), {"number": 845}]})).outcome
        == "consistent"
    )
    with pytest.raises(ReformError, match=r"no such cell: \[signatures, '', 2018\]: 4 columns are of 2018"):
        checks(declare(report, tmp_path, **same | {"values": [at("signatures", 2018), {"number": 500}]}))


def test_grim_is_not_run_where_the_base_counts_something_else(sound):
    """95.6 % of dossiers is no share of 134 units: 128 of 134 would be 95.52 %, and nothing is wrong with that."""
    found = checks(sound)
    assert not found[found["check"] == "share-of-count"]["series"].str.contains("one_stop").any()


def test_a_figure_that_stands_still_at_a_target_is_told_once(sound):
    """90 % of documents is the target of Resolution 17/NQ-CP for 2020; 85 % is nobody's."""
    moves = next(one for one in checks(row(1, *["90%"] * 5)(sound)).itertuples() if one.check == "moves")
    assert moves.outcome == CANNOT_TELL
    assert ", as is the target of Resolution 17/NQ-CP for 2020: measured or assumed?" in moves.computation
    moves = next(one for one in checks(row(1, *["85%"] * 5)(sound)).itertuples() if one.check == "moves")
    assert moves.computation == "85 in all 5 figures from 2015 to 2019: measured or assumed?"


def test_a_base_that_the_share_rules_out_is_not_compared(sound):
    """12 services, then 90: the base is told to have changed only if the first share can be one of 12."""

    def bases(share):
        count, part = ["Mức 3: 12, mức 4: 10", *ANNEX[10][1:]], [f"Mức 3: {share}%\nMức 4: 10,0%", *ANNEX[11][1:]]
        count[1], part[1] = "Mức 3: 90, mức 4: 20", "Mức 3: 50,0%\nMức 4: 15,0%"
        found = checks(with_annex(sound, ANNEX | {10: tuple(count), 11: tuple(part)}))
        return set(found.loc[(found["check"] == "same-base") & (found["outcome"] == CERTAIN), "series"])

    assert bases("8,3") == {"online_services_used:3"}  # 1 of 12
    assert bases("4,6") == set()  # of no count up to 12


def test_the_rest_is_called_the_others_where_one_is_objected_to(sound):
    found = checks(cell(5, 2017, "470")(sound))
    titles = list(found.loc[found["check"] == "never-falls", "title"])
    assert titles == ["Digital signatures: a count that falls", "The others: No count held at a date falls"]


def test_order_columns_and_empty_file(sound):
    found = checks(cell(1, 2018, "185%")(cell(5, 2017, "470")(sound)))
    columns = ["check", "level", "severity", "outcome", *TEXTS, "indicators", "series", *(f"{t}_vi" for t in TEXTS)]
    assert list(found.columns) == columns
    found = checks(
        replace(sound, observations=with_annex(sound, ANNEX | {1: ("185%",) * 5, 14: ("",) * 5}).observations)
    )
    ranks = [(OUTCOMES.index(o), s) for o, s in zip(found["outcome"], found["severity"], strict=True)]
    order = {"error": 0, "warning": 1, "information": 2}
    assert [(o, order[s]) for o, s in ranks] == sorted((o, order[s]) for o, s in ranks)


# --- reliability -----------------------------------------------------------------------------------------------------


def level_of(report: Report, indicator: str) -> str:
    table = reliability(report)
    assert list(table.columns) == ["indicator", "level", "reliability", "reason", "reason_vi"]
    return "/".join(dict.fromkeys(table.loc[table["indicator"] == indicator, "reliability"]))


def test_reliability_follows_from_the_findings_alone(sound):
    assert level_of(row(14, *[""] * 5)(sound), "iso_declarations") == "missing"
    assert level_of(cell(1, 2018, "185%")(sound), "e_documents") == "not_usable"
    assert level_of(cell(5, 2017, "470")(sound), "signatures") == "with_care"
    assert level_of(row(8, *ANNEX[7])(sound), "lan") == "reliable"  # information changes nothing
    told = reliability(row(8, *ANNEX[7])(sound)).set_index("indicator")["reason"]
    assert (
        told["lan"].startswith("no error and no warning; smaller remarks: ")
        and told["signatures"] == "no error and no warning"
    )
    assert set(RELIABILITY) == set(RELIABILITY_WORDS) <= {*RELIABILITY_WORDS}
    assert all(word in messages("vi") for word in RELIABILITY_WORDS.values())


# --- declared checks -------------------------------------------------------------------------------------------------

TEXT = {f"{name}_{language}": f"{name} {language}" for name in ("title", "consequence") for language in ("vi", "en")}
FACT = {"facts": ("certificates", "certificates_token", "certificates_sim")}


def declare(report: Report, folder, **entry) -> Report:
    content = [{"id": "mine", "level": "report", "severity": "error", **TEXT, **entry}]
    return declare_all(report, folder, content)


def declare_all(report: Report, folder, content) -> Report:
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    (folder / "checks.yml").write_text(text, encoding="utf-8")
    return replace(report, folder=folder)


def mine(report: Report) -> pd.Series:
    found = checks(report)
    return found[found["check"] == "mine"].iloc[0]


def ref(name: str) -> dict:
    return {"fact": name}


def at(indicator: str, year: int | str, level: str = "") -> dict:
    return {"cell": [indicator, level, year]}


SLOGAN = {"section": "III", "text": "giai đoạn 2021 - 2030"}
RULES = [
    (
        "total_of_parts",
        {"total": ref("certificates"), "parts": [ref("certificates_token"), ref("certificates_sim")]},
        {"total": ref("certificates"), "parts": [ref("certificates_token"), ref("certificates_token")]},
    ),
    (
        "total_of_parts",
        {"total": ref("portal_procedures"), "parts": [ref("level_3_services"), {"number": 5}], "sign": ">="},
        {"total": ref("level_3_services"), "parts": [ref("portal_procedures")], "sign": ">="},
    ),
    (
        "same_everywhere",
        {"values": [ref("certificates"), at("signatures", 2020)]},
        {"values": [ref("certificates"), at("signatures", 2019)]},
    ),
    (
        "share",
        {"share": ref("level_3_share"), "part": [ref("level_3_services")], "whole": [ref("portal_procedures")]},
        {"share": ref("level_4_share"), "part": [ref("level_3_services")], "whole": [ref("portal_procedures")]},
    ),
    (
        "share",  # the printed share of a cell: 3 of 226 is 1.3 %
        {"share": at("online_services_used", 2017, "3"), "part": [{"number": 3}], "whole": [{"number": 226}]},
        {"share": at("online_services_used", 2017, "3"), "part": [{"number": 4}], "whole": [{"number": 226}]},
    ),
    (
        "relation",
        {"left": ref("document_system_users"), "sign": "<=", "right": ref("mailboxes")},
        {"left": ref("mailboxes"), "sign": "<", "right": ref("document_system_users")},
    ),
    (
        "count_within",
        {"count": [at("portals", 2020)], "bodies": [ref("main_portals"), ref("component_sites")]},
        {"count": [at("one_stop_units", 2020)], "bodies": [at("axis_units", 2020)]},
    ),
    (
        "count_within",
        {"count": [at("lan", 2020)], "bodies": [{"number": 28}], "full": True},
        {"count": [at("lan", 2015)], "bodies": [{"number": 28}], "full": True},
    ),
    (
        "same_period",
        {"quotes": [SLOGAN, SLOGAN]},
        {"quotes": [SLOGAN, {"section": "P2", "text": "GIAI ĐOẠN 2020 – 2030"}]},
    ),
    (
        "in_order",
        {"pairs": [[{"document": "nq_17_2019"}, {"document": "kh_39_2019"}]]},
        {"pairs": [[{"document": "kh_39_2019"}, {"document": "nq_17_2019"}]]},
    ),
    (
        "in_order",
        {"pairs": [[{"day": date(2019, 3, 12)}, at("axis_units", 2019)]]},
        {"pairs": [[{"day": date(2019, 3, 12)}, at("axis_units", 2018)]]},
    ),
    (
        "full_period",
        {"cells": [["axis_sent", "", 2019]], "since": date(2018, 5, 1)},
        {"cells": [["axis_sent", "", 2019]], "since": date(2019, 3, 12)},
    ),
    (
        "may_be_added",  # 1,610 is the last of a stock; 32,398 is the last of a flow, whose sum is 173,223
        {"total": ref("certificates"), "series": ["signatures", ""]},
        {"total": {"number": 32398}, "series": ["axis_received", ""]},
    ),
    (
        "one_body",
        {"quotes": [SLOGAN, SLOGAN], "bodies": ["giai đoạn", "giai đoạn"]},
        {"quotes": [SLOGAN, SLOGAN], "bodies": ["giai đoạn", "2021"]},
    ),
]


@pytest.mark.parametrize(("rule", "quiet", "fires"), RULES, ids=[f"{r[0]}-{i}" for i, r in enumerate(RULES)])
def test_every_rule_is_quiet_and_fires(reference, tmp_path, rule, quiet, fires):
    assert mine(declare(reference, tmp_path, rule=rule, **quiet))["outcome"] == CONSISTENT
    assert mine(declare(reference, tmp_path, rule=rule, **fires))["outcome"] == INCONSISTENT
    assert mine(declare(reference, tmp_path, rule=rule, failing="cannot tell", **fires))["outcome"] == CANNOT_TELL
    assert mine(declare(reference, tmp_path, rule=rule, failing="cannot tell", **quiet))["outcome"] == CONSISTENT


def test_findings_can_be_hashed(reference):
    found = all_findings(reference)
    assert len(set(found)) == len(found) > 0


def test_words_written_for_another_outcome_are_not_told(reference, tmp_path):
    """The title of an agreement would be wrong above figures that differ, and the other way round."""
    same = {"rule": "same_everywhere", "values": [ref("certificates"), at("signatures", 2020)]}
    other = same | {"values": [ref("certificates"), at("signatures", 2019)]}
    told = [mine(declare(reference, tmp_path, **entry)) for entry in (same | {"agrees": True}, other, same)]
    assert [row["title"] for row in told[:2]] == ["title en", "title en"]
    assert told[2]["title"] == "No longer so, the figures agree: title en"
    assert told[2]["consequence"] == "Nothing to object to on this point."
    fell_apart = mine(declare(reference, tmp_path, agrees=True, **other))
    assert fell_apart["title"] == "No longer so, or it cannot be told: title en"
    assert fell_apart["title_vi"] == "Không còn như vậy, hoặc không đủ căn cứ để kết luận: title vi"
    assert fell_apart["consequence"].startswith("The computation decides") and fell_apart["explanation"] == ""


def test_implied_total():
    """6834 / 0.905 = 7551.4 and 6834 / 0.895 = 7635.8: 7552 to 7635 people."""
    assert implied_total(6834, "90", 7600).outcome == CONSISTENT
    assert [implied_total(6834, "90", other).outcome for other in (7551, 7636)] == [CANNOT_TELL, CANNOT_TELL]
    assert implied_total(None, "90", 1).outcome == implied_total(1, "0", 1).outcome == CANNOT_TELL


def test_a_body_is_named_in_the_words_that_are_quoted(reference, tmp_path):
    entry = {"rule": "one_body", "quotes": [SLOGAN, SLOGAN], "bodies": ["giai đoạn", "2021"]}
    assert mine(declare(reference, tmp_path, **entry))["computation"].startswith(
        "“giai đoạn” ≠ “2021”; “giai đoạn 2021"
    )
    with pytest.raises(ReformError, match="no such body in the quote: UBND"):
        checks(declare(reference, tmp_path, **entry | {"bodies": ["giai đoạn", "UBND"]}))
    with pytest.raises(ReformError, match="one of `bodies` for every quote"):
        checks(declare(reference, tmp_path, **entry | {"bodies": ["giai đoạn"]}))


def test_a_statement_shows_quotes_values_and_shares(reference, tmp_path):
    entry = {
        "rule": "statement",
        "outcome": "cannot tell",
        "quotes": [{"limitation": "portal_not_used"}],
        "values": [at("one_stop_share", 2020), ref("portal_procedures")],
        "ratios": [{"part": [ref("level_3_services"), ref("level_4_services")], "whole": ref("portal_procedures")}],
    }
    row = mine(declare(reference, tmp_path, **entry))
    assert row["computation"].startswith("“chưa tổ chức tiếp nhận")
    assert row["computation"].endswith(
        "Annex 7, row 13, 2020: 93.6%; Procedures on the provincial service portal (II.6.1.b2): 1,949; "
        "605 + 539 = 1,144; 1,144 / 1,949 = 58.7%"
    )
    assert row["computation_vi"].endswith("605 + 539 = 1.144; 1.144 / 1.949 = 58,7%")
    assert row["where"] == "II.6.2; Annex 7, row 13, 2020; II.6.1.b2"
    assert row["series"] == "one_stop_share"


STATED = {"rule": "statement", "outcome": "consistent"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"rule": "same_everywhere", "values": [ref("certificate"), ref("mailboxes")]}, "no such fact: certificate"),
        ({"rule": "same_everywhere", "values": [at("signatures", 2014), ref("mailboxes")]}, "no such cell: "),
        ({"rule": "same_everywhere", "values": [ref("mailboxes")]}, "values: List should have at least 2"),
        ({"rule": "same_everywhere", "values": [{}, ref("mailboxes")]}, "a figure is one of: fact, cell, number"),
        ({"rule": "sums"}, "does not match any of the expected tags"),
        ({"rule": "relation", "left": ref("mailboxes"), "sign": "~", "right": ref("mailboxes")}, "sign"),
        ({"rule": "statement", "outcome": "cannot tell"}, "a statement needs quotes or values"),
        ({"rule": "statement", "outcome": "maybe", "values": [ref("mailboxes")]}, "outcome"),
        ({"rule": "statement", "outcome": "consistent", "quotes": [{"limitation": "x"}]}, "no such limitation: x"),
        (STATED | {"quotes": [{"section": "IX", "text": "abc"}]}, "no such section"),
        ({"rule": "statement", "outcome": "consistent", "quotes": [{"section": "III"}]}, "a quote is"),
        (STATED | {"values": [ref("mailboxes")], "bears_on": [["x", ""]]}, "no such series"),
        ({"rule": "same_period", "quotes": [SLOGAN, {"section": "III", "text": "không có"}]}, "no period in the quote"),
        ({"rule": "in_order", "pairs": [[{"document": "x"}, {"day": date(2020, 1, 1)}]]}, "no such document: x"),
        ({"rule": "statement", "outcome": "consistent", "values": [ref("mailboxes")], "title_vi": ""}, "title_vi"),
        ({"rule": "statement", "outcome": "consistent", "values": [ref("mailboxes")], "extra": 1}, "extra"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_its_file(reference, tmp_path, entry, said):
    with pytest.raises(ReformError, match=said) as error:
        checks(declare(reference, tmp_path, **entry))
    assert "checks.yml" in error.value.what and "mine" in error.value.what
    assert error.value.where.endswith("checks.yml")


def test_a_wrong_file_is_told(reference, tmp_path):
    entry = {"id": "a", "rule": "statement", "outcome": "consistent", "values": [ref("mailboxes")]}
    entry |= {"level": "cell", "severity": "error", **TEXT}
    for content, said in [
        ("a: b", "not a list"),
        ("- [", "not valid YAML"),
        ([entry, entry], "the id stands twice"),
        ([{"about": {"check": "never-fall"}, "title_vi": "a", "title_en": "b"}], "no such check or indicator"),
        ([{"about": {"check": "never-falls", "indicator": "x"}}], "no such check or indicator"),
        ([{"about": {"check": "never-falls"}, "title_vi": "a"}], "title is needed in both languages"),
    ]:
        with pytest.raises(ReformError, match=said):
            checks(declare_all(reference, tmp_path, content))
    assert len(checks(declare_all(reference, tmp_path, ""))) > len(CHECKS) - 5


def test_about_gives_a_finding_its_meaning_here(reference, tmp_path):
    about = {
        "about": {"check": "never-falls", "indicator": "signatures"},
        "consequence_vi": "ở đây",
        "consequence_en": "here",
    }
    found = checks(declare_all(reference, tmp_path, [about]))
    fell = found[found["check"] == "never-falls"]
    assert list(fell["consequence"]) == ["here", "Nothing to object to on this point."]
    assert fell.iloc[0]["consequence_vi"] == "ở đây"
    assert fell.iloc[0]["title"] == "Digital signatures: a count that falls"  # not given, so the general words stay
    assert About.model_validate(about).about.severity == ""


def test_rows_of_other_levels_are_told_apart(reference):
    place = cell_place(reference, (("signatures", ""), ("online_services", "4"), ("portals", "")), ("2019",))
    assert written(place, "en") == "Annex 7, rows 5, 9; row 10, level 4, 2019"


def test_a_check_that_passes_tells_the_years_it_looked_at(reference):
    passed = checks(reference).query("check == 'share-of-count' and outcome == 'consistent'")
    assert list(passed["where"]) == ["Annex 7, row 11, level 3, 2017"]


def test_series_that_are_objected_to_in_other_periods_are_named_with_their_own(reference):
    """Level 3 in 2019, level 4 in 2017; both from 2018 to 2020."""
    places = [written(one.where, "en") for one in all_findings(reference) if one.check == "share-of-count"]
    assert "Annex 7, row 11, level 3, 2019; row 11, level 4, 2017" in places


def test_a_share_up_to_a_day_is_not_said_to_be_of_so_many_days(reference):
    """A count is summed over the days of the year; a share up to 31 March may be counted from any other day."""
    found = [one for one in all_findings(reference) if one.check == "whole-periods" and one.outcome != "consistent"]
    told = {series[0]: written(one.computation, "en") for one in found for series in one.series}
    assert told["e_documents"] == "90% over 365 days, 90% up to 31 March 2020 (from which day is not told)"
    assert told["axis_received"].endswith("32,398 / 91 days = 356 a day")


def test_periods_of_a_place_are_named_in_the_order_of_time(reference):
    codes = ["2020-Q1", "2019", "2019-Q3", "2019-Q4", "2018", "2017", "2020-01-01/P9M", "2015"]
    place = cell_place(reference, [("signatures", "")], codes)
    assert written(place, "en") == "Annex 7, row 5, 2015, 2017–2019, Q3 2019–Q1 2020, first 9 months of 2020"
    assert written(place, "vi").endswith(", năm 2015, 2017–2019, quý III/2019–quý I/2020, 9 tháng đầu năm 2020")


def test_ranges():
    assert ranges([]) == ""
    assert ranges([2015, 2016, 2017, 2019, 2020]) == "2015–2017, 2019, 2020"
