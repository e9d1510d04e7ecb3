"""Printed cells: numbers as the report prints them, and texts that must not be guessed at."""

import unicodedata
from datetime import date

import pytest

from reformlib.errors import ReformError
from reformlib.load.cells import level_texts, parse_cell, parse_number, unit_words
from reformlib.load.period import parse_period

LEVELS = {"3": ("mức 3", "mức độ 3"), "4": ("mức 4", "mức độ 4")}


@pytest.mark.parametrize(
    ("text", "locale", "value", "decimals"),
    [
        ("0", "vi", 0, 0),
        ("140825", "vi", 140825, 0),
        ("1.445", "vi", 1445, 0),
        ("1.445", "en", 1.445, 3),
        ("1,445", "en", 1445, 0),
        ("1.234.567,8", "vi", 1234567.8, 1),
        ("31,04", "vi", 31.04, 2),
        ("07", "vi", 7, 0),
        ("1.949", "vi", 1949, 0),
        ("\u00a01.610\u202f", "vi", 1610, 0),
        ("-3,5", "vi", -3.5, 1),
        ("−3,5", "vi", -3.5, 1),
        ("–1.200", "vi", -1200, 0),
    ],
)
def test_numbers(text, locale, value, decimals):
    number = parse_number(text, locale=locale)
    assert (number.value, number.decimals) == (value, decimals)


@pytest.mark.parametrize("text", ["97.7", "1.44.5", "1.4455", "0.445", "12a", "", "1,2,3", "١٢", "1 445", "≈5", "1e3"])
def test_what_is_no_vietnamese_number_is_refused(text):
    with pytest.raises(ReformError):
        parse_number(text, locale="vi")


@pytest.mark.parametrize(
    ("text", "ambiguous"), [("1.445", True), ("1445", False), ("1.234.567", False), ("1,5", False)]
)
def test_the_number_that_another_locale_reads_otherwise_is_marked(text, ambiguous):
    assert parse_number(text).ambiguous is ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "Mức 3: 498 , mức 4: 390",
        "Mức 3: 498\nMức 4: 390",
        "mức độ 3:498; Mức độ 4 : 390",
        "Mức\u00a03: 498 , mức 4:\u00a0390.",
        unicodedata.normalize("NFD", "Mức 3: 498 , mức 4: 390"),
        "Mức 4: 390, mức 3: 498",
    ],
)
def test_levels_however_they_are_written(text):
    values = parse_cell(text, unit="services", levels=LEVELS)
    assert {v.level: v.value for v in values} == {"3": 498, "4": 390}


def test_percentages_by_level_and_their_decimals():
    values = parse_cell("Mức 3: 0,13%\nMức 4: 17,23 %", unit="%", levels=LEVELS)
    assert [(v.level, v.value, v.decimals) for v in values] == [("3", 0.13, 2), ("4", 17.23, 2)]


@pytest.mark.parametrize(
    "text", ["Cấp tỉnh: 5; cấp xã: 90", "tỉnh: 5\nxã, phường: 90", "CẤP  XÃ : 90, Cấp tỉnh: 5", "xã,phường:90 tỉnh:5"]
)
def test_a_cell_is_broken_down_by_the_words_of_its_form(text):
    bodies = {"province": ("cấp tỉnh", "tỉnh"), "commune": ("cấp xã", "xã", "xã, phường")}
    assert {v.level: v.value for v in parse_cell(text, unit="units", levels=bodies)} == {"province": 5, "commune": 90}
    assert level_texts(bodies, "7") == {"province": "Cấp tỉnh: 7", "commune": "Cấp xã: 7"}


@pytest.mark.parametrize(("decimals", "unit"), [(1, "points"), (2, "points"), (1, "%")])
def test_as_many_decimals_as_the_form_allows_and_no_more(decimals, unit):
    sign = "%" if unit == "%" else ""
    (value,) = parse_cell(f"87,5{sign}", unit=unit, decimals=decimals)
    assert value.value == 87.5
    with pytest.raises(ReformError, match="decimals") as error:
        parse_cell(f"87,525{sign}", unit=unit, decimals=decimals)
    assert error.value.expected == f"at most {decimals} decimals"


def test_a_lone_zero_is_zero_at_every_level_and_no_other_number_is():
    assert [(v.level, v.value) for v in parse_cell("0", unit="services", levels=LEVELS)] == [("3", 0), ("4", 0)]
    with pytest.raises(ReformError, match="which of its parts"):
        parse_cell("605", unit="services", levels=LEVELS)


def test_the_words_in_brackets_are_kept_as_a_note():
    (value,) = parse_cell("100% (tỷ lệ giải quyết hồ sơ tại 5 đơn vị)", unit="%")
    assert (value.value, value.note) == (100, "tỷ lệ giải quyết hồ sơ tại 5 đơn vị")
    (value,) = parse_cell("19 (sở ban, ngành, tỉnh)", unit="units")
    assert (value.value, value.note) == (19, "sở ban, ngành, tỉnh")


@pytest.mark.parametrize("text", ["", "  ", "\n", "\u00a0"])
def test_an_empty_cell_has_no_value_and_is_not_zero(text):
    assert parse_cell(text, unit="%") == []


@pytest.mark.parametrize(
    ("text", "unit", "levels", "says"),
    [
        ("95,6", "%", {}, "percent sign"),
        ("95,6%", "units", {}, "percent sign"),
        ("-", "units", {}, "cannot read"),
        ("khoảng 30", "units", {}, "cannot read"),
        ("Mức 3: 226, mức 3: 12", "services", LEVELS, "stands twice"),
        ("Mức 2: 226", "services", LEVELS, "no category of this row"),
        ("Mức 3: 226", "services", {}, "cannot read"),
        ("tổng 9 Mức 3: 226", "services", LEVELS, "cannot read"),
        ("Mức 3: 226, mức 5: 12", "services", LEVELS, "no category of this row"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_why(text, unit, levels, says):
    with pytest.raises(ReformError, match=says):
        parse_cell(text, unit=unit, levels=levels)


@pytest.mark.parametrize(
    ("text", "value"), [("84,19", 84.19), ("27,5", 27.5), ("-0,25", -0.25), ("1.234,567", 1234.567)]
)
def test_a_figure_may_have_decimals(text, value):
    (cell,) = parse_cell(text, unit="points")
    assert (cell.value, cell.printed) == (value, text)


def test_of_what_comes_whole_three_decimals_may_be_thousands():
    with pytest.raises(ReformError, match="may stand for thousands"):
        parse_cell("1,445", unit="units", whole=True)
    assert parse_cell("1,445", unit="points")[0].ambiguous
    assert parse_cell("27,5", unit="units", whole=True)[0].value == 27.5


WORDS = unit_words(["tỷ đồng", "billion dong"], 1e9)


@pytest.mark.parametrize(
    ("text", "value", "decimals", "scaled"),
    [
        ("5,65 tỷ đồng", 5.65, 2, False),
        ("5,65 TỶ", 5.65, 2, False),
        ("850 triệu đồng", 0.85, 3, True),
        ("1,2 nghìn tỷ", 1200, 0, True),
        ("5.650.000.000 đồng", 5.65, 9, True),
        ("-1,5 tỷ đồng (giảm chi)", -1.5, 1, False),
    ],
)
def test_money_is_read_in_the_unit_of_its_row(text, value, decimals, scaled):
    (cell,) = parse_cell(text, unit="vnd_billion", words=WORDS)
    assert (cell.value, cell.decimals, cell.scaled) == (value, decimals, scaled)


@pytest.mark.parametrize("text", ["5,65 tỷ USD", "120 hồ sơ", "5,65 tỷ đồng đồng", "tỷ đồng", "4,5/7 tỷ USD"])
def test_a_figure_of_another_unit_is_refused(text):
    with pytest.raises(ReformError, match="cannot read"):
        parse_cell(text, unit="vnd_billion", words=WORDS)


@pytest.mark.parametrize(
    ("text", "bound", "value"),
    [
        ("> 90 %", ">", 90),
        (">90%", ">", 90),
        ("≥ 97,5%", ">=", 97.5),
        (">=90%", ">=", 90),
        ("trên 90%", ">", 90),
        ("Ít nhất 90%", ">=", 90),
        ("từ 90% trở lên", ">=", 90),
        ("<1%", "<", 1),
        ("Dưới 5 %", "<", 5),
        ("≤5%", "<=", 5),
        ("không quá 5% (mẫu nhỏ)", "<=", 5),
    ],
)
def test_a_bound_is_kept_as_one(text, bound, value):
    (cell,) = parse_cell(text, unit="%")
    assert (cell.bound, cell.value) == (bound, value)


@pytest.mark.parametrize("text", ["khoảng 90%", "gần 90%", "≈90%", "> > 90%", "trênh 90%", "90% >", "> 90% < 95%"])
def test_what_is_no_bound_is_refused(text):
    with pytest.raises(ReformError):
        parse_cell(text, unit="%")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("4.561/5.650 (80,7 %)", ""),
        ("4.561 / 5.650 = 80,7%", ""),
        ("4.561/5.650, đạt tỷ lệ 80,73%", ""),
        ("4.561/5.650 hồ sơ (đạt 80,7%)", "hồ sơ"),
        ("80,7% (4.561/5.650)", ""),
        ("80,72 % (4.561/5.650 hồ sơ)", "hồ sơ"),  # cut off
    ],
)
def test_a_share_with_its_count_and_base(text, note):
    (cell,) = parse_cell(text, unit="%")
    assert (cell.count, cell.base, cell.note) == (4561, 5650, note)
    assert cell.value == pytest.approx(80.7, abs=0.031)
    (cell,) = parse_cell(text, unit="documents")
    assert (cell.value, cell.count, cell.base) == (4561, 4561, 5650)


def test_a_count_with_its_base():
    (cell,) = parse_cell("19/20 = 95% (sở, ban, ngành)", unit="units")
    assert (cell.value, cell.base, cell.note) == (19, 20, "sở, ban, ngành")
    (cell,) = parse_cell("4,5/7 tỷ đồng (64,3%)", unit="vnd_million", words=unit_words(["triệu đồng"], 1e6))
    assert (cell.value, cell.count, cell.base) == (4500, 4500, 7000)
    assert parse_cell("0/0 (0%)", unit="%")[0].base == 0
    assert parse_cell("100% (tỷ lệ tại 5/7 đơn vị)", unit="%")[0].note == "tỷ lệ tại 5/7 đơn vị"


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("4.561/5.650 (80,8 %)", "%", "not what 4.561 of 5.650 give"),  # 80.73
        ("4.561/5.650 (80,6 %)", "documents", "not what"),
        ("4.561/5.650 (8,07 %)", "%", "not what"),
        ("5/0 (5%)", "%", "not what"),
        ("4.561/5.650", "%", "no share"),
        ("19/21", "units", "no share"),
        ("1/3/2020", "units", "cannot read"),
    ],
)
def test_a_share_that_its_count_and_base_do_not_give_is_refused(text, unit, says):
    with pytest.raises(ReformError, match=says):
        parse_cell(text, unit=unit)


@pytest.mark.parametrize(
    ("heading", "as_of", "partial"),
    [
        ("Năm 2019", date(2019, 12, 31), False),
        ("2019", date(2019, 12, 31), False),
        ("Năm 2020 (Tính đến 31/3)", date(2020, 3, 31), True),
        ("Năm 2020\n(tính đến ngày 30/6/2020)", date(2020, 6, 30), True),
        ("Năm 2020 (Tính đến 31/12)", date(2020, 12, 31), False),
    ],
)
def test_periods(heading, as_of, partial):
    period = parse_period(heading)
    assert (period.end, period.cut, period.year) == (as_of, partial, as_of.year)


@pytest.mark.parametrize("heading", ["Kế hoạch", "Năm 20", "Năm 2020 (Tính đến 31/2)", "Năm 2020 (Tính đến 31/3/2019)"])
def test_a_heading_without_a_period_is_refused(heading):
    with pytest.raises(ReformError, match="period"):
        parse_period(heading)
