"""Whatever is printed by the rules of a locale is read back; whatever is read is a finite number."""

import math
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from reformlib.errors import ReformError
from reformlib.load.cells import parse_cell, parse_number

LEVELS = {"3": ("mức 3", "mức độ 3"), "4": ("mức 4", "mức độ 4")}
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


@given(st.text(max_size=30), st.sampled_from(["%", "units"]), st.sampled_from([{}, LEVELS]))
def test_any_text_gives_finite_values_or_a_clear_error(text, unit, levels):
    try:
        values = parse_cell(text, unit=unit, levels=levels)
    except ReformError as error:
        assert error.what
    else:
        assert all(math.isfinite(value.value) for value in values)
        assert {value.level for value in values} <= set(levels or ("",))


@given(st.integers(0, 10**6), st.integers(0, 10**6), BLANKS, BLANKS, st.sampled_from(["NFC", "NFD"]))
def test_blanks_and_normal_forms_change_nothing(three, four, before, after, form):
    text = f"Mức{before or ' '}3:{before}{three}{after},{before}mức 4:{after}{four}{after}"
    values = parse_cell(unicodedata.normalize(form, text), unit="services", levels=LEVELS)
    assert [value.value for value in values] == [three, four]
