"""The code lists: each code once, each text translated."""

import csv

import pytest

from reformlib import locale
from reformlib.load.codes import codes


@pytest.fixture(scope="module")
def rows(repo):
    with (repo / "reformlib/load/codes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_code_stands_once_in_its_list(rows):
    pairs = [(row["list"], row["code"]) for row in rows]
    assert len(pairs) > 100 and len(pairs) == len(set(pairs))
    assert all(row["code"] and row["text"] for row in rows)


def test_every_text_is_translated(rows):
    assert sorted({row["text"] for row in rows} - set(locale.messages("vi"))) == []


def test_a_list_that_there_is_not():
    with pytest.raises(KeyError):
        codes("nothing")
