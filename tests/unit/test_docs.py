"""The glossary and the guides name what is there."""

from __future__ import annotations

import importlib
import re
from dataclasses import fields, is_dataclass

import pytest

from reformlib.load.fields import FIELDS
from tests.conftest import REPO

ROWS = [
    line.strip("|").split("|")
    for line in (REPO / "docs/glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and "in the code" not in line
]
NAMES = [name for row in ROWS for name in re.findall("`([^`]+)`", row[2])]


def is_there(name: str) -> bool:
    """Whether a name of the glossary is a module, an attribute or a field of the package, or a described column."""
    if ".csv:" in name:
        table, column = name.split(":")
        return column in FIELDS.get(table, ())
    *before, last = ["reformlib", *name.removeprefix("reformlib").strip(".").split(".")]
    thing, left = None, [part for part in (*before, last) if part]
    for length in range(len(left), 0, -1):
        try:
            thing, left = importlib.import_module(".".join(left[:length])), left[length:]
            break
        except ModuleNotFoundError:
            continue
    for part in left:
        known = {field.name for field in fields(thing)} if is_dataclass(thing) else set()
        if part in known | set(getattr(thing, "model_fields", ())):
            return part == left[-1]
        if not hasattr(thing, part):
            return False
        thing = getattr(thing, part)
    return True


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_glossary_is_in_the_code(name):
    assert is_there(name)


def test_every_term_has_its_three_names_and_stands_once():
    assert len(ROWS) > 50
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in ROWS)
    terms = [row[0].strip() for row in ROWS]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("name", ["load.nothing", "load.report.Report.nothing", "targets.csv:nothing"])
def test_a_name_that_is_not_there_is_noticed(name):
    assert not is_there(name)


def test_the_example_for_analysts_runs():
    readme = (REPO / "README.md").read_text("utf-8")
    (example,) = [code for code in re.findall("```python\n(.*?)```", readme, re.S) if "reformlib" in code]
    exec(example, {})


def test_the_folders_of_the_readme_are_those_of_the_package_in_the_order_of_the_stages():
    readme = (REPO / "README.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)` \|", readme.partition("| folder | what is in it |")[2], re.M)
    stages = re.search(r"^load → .*$", readme, re.M)[0].split(" → ")
    assert named[: len(stages)] == stages
    there = {path.name for path in (REPO / "reformlib").iterdir() if (path / "__init__.py").is_file()}
    assert set(named) == there
