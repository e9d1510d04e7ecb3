"""Cells are held against the contract as an independent reader of Table Schema holds them."""

from __future__ import annotations

import json

import pytest
from frictionless import Field
from hypothesis import given, settings
from hypothesis import strategies as st

from reformlib.load import contracts
from reformlib.load.validate import broken_cells

FIELDS = [
    field
    for files in (contracts.SHARED, contracts.TARGETS, contracts.FORM, contracts.FORM_MAY, contracts.REPORT)
    for table in files.values()
    for field in table.values()
]
KINDS = {json.dumps([field["type"], field["constraints"]]): field for field in FIELDS}
WORDS = [
    "",
    " ",
    "a",
    "A",
    "a-b",
    "1",
    "7",
    "2020",
    "2020-05",
    "2020-05-31",
    "use",
    "observed",
    "3;4",
    "T001",
    "a\n",
    "đ.1",
    "-1.5",
    "101",
    "other",
    "other1",
]


@pytest.mark.parametrize("field", KINDS.values(), ids=range(len(KINDS)))
@settings(max_examples=15, deadline=None)
@given(cells=st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=3))
def test_the_contract_and_frictionless_agree(field, cells):
    independent = Field.from_descriptor({"name": "x", **field})
    notes = [independent.read_cell(cell)[1] for cell in cells]
    twice = bool(field["constraints"].get("unique")) and len(set(cells)) < len(cells)
    if not broken_cells(cells, field):
        assert not any(notes) and not twice
    # the contract is the stricter one of blanks in place of a text, of a line end after one, and of digits: " 7" and
    # "٧" are no numbers
    elif field["type"] == "string" and not any(cell and (not cell.strip() or cell[-1] == "\n") for cell in cells):
        assert any(notes) or twice
