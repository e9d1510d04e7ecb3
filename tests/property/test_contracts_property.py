"""The quick look at a table says what pandera says."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from reformlib.load import contracts

COLUMNS = {
    f"{file}, {name}": column
    for files in (contracts.CATALOGUE, contracts.REPORT)
    for file, columns in files.items()
    for name, column in columns.items()
}
KINDS = {str([(c.name, c.statistics) for c in one.checks]) + str(one.unique): one for one in COLUMNS.values()}
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
]


@pytest.mark.parametrize("column", KINDS.values(), ids=range(len(KINDS)))
@settings(max_examples=15, deadline=None)
@given(cells=st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=3))
def test_the_quick_look_and_pandera_agree(column, cells):
    try:
        pa.DataFrameSchema({"x": column}).validate(pd.DataFrame({"x": pd.Series(cells, dtype=object)}), lazy=True)
    except SchemaErrors:
        right = False
    else:
        right = True
    assert contracts._plainly_right(cells, column) == right
