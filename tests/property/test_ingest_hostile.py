"""Hundreds of broken and hostile files: each is refused with a way out, asked about, or read for what it is."""

import pytest

from reformlib.errors import ReformError
from tests import hostile_files, ingest_files

CASES = list(hostile_files.cases())
# the small form that the files were made from: what a file gives that is read in spite of all
TRUE = {"5": ["408", "500"], "6": ["90%", "91%"]}


def test_there_are_enough_of_them():
    names = [name for name, *_ in CASES]
    assert len(set(names)) == len(names) >= 200


@pytest.mark.parametrize("case", CASES, ids=[name for name, *_ in CASES])
def test_a_hostile_file_is_refused_asked_about_or_read_for_what_it_is(tmp_path, case):
    _, file, content = case
    path = tmp_path / file
    path.write_bytes(content())
    try:
        draft = ingest_files.drafted(path)
    except ReformError as error:
        assert error.what
        assert error.fix or error.expected
    else:
        found = {row["form_row"]: list(row.values())[2:] for row in draft.annex.to_dict("records")}
        if not draft.open:
            assert found.items() <= TRUE.items()
    assert [p.name for p in tmp_path.iterdir()] == [file]
