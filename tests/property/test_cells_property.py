"""Whatever is printed by the rules of a locale is read back; whatever is read is a finite number."""

import math
import unicodedata
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformlib.errors import ReformError
from reformlib.load.cells import parse_cell, parse_number, unit_words

LEVELS = {"3": ("mức 3", "mức độ 3"), "4": ("mức 4", "mức độ 4")}
WORDS = unit_words(["triệu đồng", "million dong"], 1e6)
BLANKS = st.sampled_from(["", " ", "\u00a0", "\u202f", "  "])


def printed(value: int, decimals: int, part: int, group: str, decimal: str) -> str:
    whole = f"{value:,}".replace(",", group)
    return whole + (f"{decimal}{part:0{decimals}d}" if decimals else "")


@given(st.integers(0, 10**9), st.integers(0, 4), st.data(), st.sampled_from(["vi", "en"]))
def test_a_printed_number_reads_back(value, decimals, data, locale):
    part = data.draw(st.integers(0, 10**decimals - 1)) if decimals else 0
    text = printed(value, decimals, part, *{"vi": (".", ","), "en": (",", ".")}[locale])
    number = parse_number(text, locale=locale)
    assert number.decimals == decimals
    assert math.isclose(number.value, value + part / 10**decimals, rel_tol=1e-12)


PIECES = st.sampled_from(
    [*"0123456789.,/()%-−<>≥", " ", "trên ", "từ ", " trở lên", " nghìn", " tỷ đồng", "đạt ", "mức 3: "]
)


@given(
    st.text(max_size=30) | st.lists(PIECES, max_size=12).map("".join),
    st.sampled_from(["%", "units"]),
    st.sampled_from([{}, LEVELS]),
)
def test_any_text_gives_finite_values_or_a_clear_error(text, unit, levels):
    try:
        values = parse_cell(text, unit=unit, levels=levels, words=WORDS)
    except ReformError as error:
        assert error.what
    else:
        assert all(math.isfinite(value.value) for value in values)
        assert {value.level for value in values} <= set(levels or ("",))
        for value in values:
            assert (value.count is None) == (value.base is None) and not (value.bound and value.base)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 3), st.booleans())
def test_a_share_is_read_where_its_count_and_base_give_it_and_nowhere_else(count, base, decimals, cut):
    digits = Decimal(1).scaleb(-decimals)
    exact = Decimal(count) * 100 / base
    share = exact.quantize(digits, ROUND_DOWN if cut else ROUND_HALF_UP)

    def cell(share):
        of = "/".join(printed(one, 0, 0, ".", ",") for one in (count, base))
        return f"{of} ({str(share).replace('.', ',')} %)"

    (value,) = parse_cell(cell(share), unit="%")
    assert (value.value, value.count, value.base) == (float(share), count, base)
    for wrong in (share + 2 * digits, share - 2 * digits):
        if wrong >= 0:
            with pytest.raises(ReformError, match="not what"):
                parse_cell(cell(wrong), unit="%")


@given(st.integers(-(10**8), 10**8), st.integers(0, 2), st.sampled_from(["", "triệu ", "nghìn ", "tỷ "]))
def test_the_unit_printed_in_a_cell_says_how_many_of_the_row_it_is(units, decimals, scale):
    value = Decimal(units).scaleb(-decimals)
    sign, part = "-" if value < 0 else "", abs(units) % 10**decimals
    text = f"{sign}{printed(abs(units) // 10**decimals, decimals, part, '.', ',')} {scale}đồng"
    (cell,) = parse_cell(text, unit="vnd_million", words=WORDS)
    times = {"": 1, "nghìn ": 10**3, "triệu ": 10**6, "tỷ ": 10**9}[scale]
    assert cell.value == float(value * times / 10**6)
    assert Decimal(str(cell.value)) == Decimal(str(round(cell.value, cell.decimals)))  # all its digits are told


@given(st.integers(0, 10**6), st.integers(0, 10**6), BLANKS, BLANKS, st.sampled_from(["NFC", "NFD"]))
def test_blanks_and_normal_forms_change_nothing(three, four, before, after, form):
    text = f"Mức{before or ' '}3:{before}{three}{after},{before}mức 4:{after}{four}{after}"
    values = parse_cell(unicodedata.normalize(form, text), unit="services", levels=LEVELS)
    assert [value.value for value in values] == [three, four]
