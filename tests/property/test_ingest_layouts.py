"""One table laid out in twenty ways and seven formats comes back the same; one tampered with is never quietly so."""

import copy
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reformlib.errors import ReformError
from reformlib.load.period import parse_period
from tests import ingest_files
from tests.synthetic import Layout, annex, consistent, headings, layouts

NAMES = [layout.name for layout in layouts(annex(consistent(0), headings(range(2014, 2020))))]


def table(seed):
    """A form of its own for every seed: other figures, other years, every second one with a part of a year."""
    years = range(2014 + seed % 4, 2018 + seed % 4 + seed % 3)
    return annex(consistent(seed, years), headings(years, "31/3" if seed % 2 else ""))


@pytest.mark.parametrize("kind", ingest_files.FORMATS)
def test_twenty_layouts_come_back_the_same(tmp_path, kind):
    assert len(NAMES) == 20
    for at, name in enumerate(NAMES):
        form = table(100 * ingest_files.FORMATS.index(kind) + at)
        layout = next(layout for layout in layouts(form) if layout.name == name)
        if kind == "pdf" and at % 5 not in (0, 3):
            continue  # drawing one takes two seconds
        path = ingest_files.write(layout, tmp_path / f"{name}.{kind}")
        assert ingest_files.outcome(path, form) == "same", (name, kind)


WORDS = ["xã", "huyện", "không", "gửi", "nhận", "tỉnh", "2", "3", "4", "tỷ lệ", "số", "cấp", "các", "chưa", "mạng", ""]
TEXTS = ["", "Ước năm 2019", "Kế hoạch", "Tổng", "Quý I/2019", "Năm 2017", "x"]


@st.composite
def tampered(draw):
    """A form with one to three changes by a hand that does not tell, and the form as it was."""
    form = table(draw(st.integers(0, 30)))
    rows = [["STT", "Chỉ tiêu", *form.columns[2:]], *copy.deepcopy(form.to_numpy().tolist())]
    for _ in range(draw(st.integers(1, 3))):
        at, other = draw(st.integers(1, 14)), draw(st.integers(1, 14))
        column = draw(st.integers(2, len(rows[0]) - 1))
        match draw(st.sampled_from(["word", "number", "heading", "swap", "blank", "again", "merge", "shift"])):
            case "word":
                words = rows[at][1].split()
                if words:
                    words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
                rows[at][1] = " ".join(words)
            case "number":
                rows[at][0] = str(draw(st.integers(0, 20)))
            case "heading":
                rows[0][column] = draw(st.sampled_from(TEXTS))
            case "swap":  # labels change places, numbers and figures stay
                rows[at][1], rows[other][1] = rows[other][1], rows[at][1]
            case "blank":
                rows[at][draw(st.integers(0, 1))] = ""
            case "again":
                rows.append([*rows[at][:2], *rows[other][2:]])
            case "merge":  # the label of one row runs into the next
                rows[at][1] = f"{rows[at][1]} {rows[other][1]}"
            case "shift":
                rows.insert(at, ["", "", *rows[other][2:]])
    return headed(form, rows[0][2:]), rows


def headed(form, heads):
    """What the form says under other headings; itself where these tell that something is wrong with them.

    Years one after the other, of which the last may be a part, are as good as those that were there; so is a plan,
    whose column is no observation.
    """
    try:
        years = [(head, parse_period(head)) for head in heads if head != "Kế hoạch"]
    except ReformError:
        return form
    steps = [b.year - a.year if b.end > a.end else 0 for (_, a), (_, b) in pairwise(years)]
    if set(steps) != {1}:
        return form
    named = form.set_axis([*form.columns[:2], *heads], axis="columns")
    return named[[*form.columns[:2], *(head for head, _ in years)]]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tampered())
def test_a_table_that_was_tampered_with_is_never_quietly_different(tmp_path, case):
    form, rows = case
    path = ingest_files.write(Layout("tampered", rows), tmp_path / "form.csv")
    found = ingest_files.outcome(path, form)
    assert not found.startswith("DIFFERENT"), found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(2014, 2022), min_size=2, max_size=6, unique=True), st.booleans())
def test_years_out_of_order_or_with_one_missing_are_a_question(tmp_path, years, part):
    heads = [f"Năm {year}" for year in years]
    heads[-1] += " (Tính đến 31/3)" if part else ""
    form = annex(consistent(0, range(2014, 2014 + len(years))), heads)
    path = ingest_files.write(
        Layout("years", [["STT", "Chỉ tiêu", *heads], *form.to_numpy().tolist()]), tmp_path / "f.csv"
    )
    steps = {b - a for a, b in pairwise(years)}
    assert ingest_files.outcome(path, form).startswith("same" if steps in ({1}, {-1}) else "asked")
