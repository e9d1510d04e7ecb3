"""Examples of the documentation run, and what it names is there; that its links lead somewhere `make docs` checks."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from dataclasses import fields, is_dataclass

import matplotlib.pyplot as plt
import pytest
from typer.main import get_command

import reformlib as rl
from reformlib import analysis, cli
from reformlib.load.fields import FIELDS
from tests.conftest import REPO

TOP = [REPO / name for name in ("README.md", "CONTRIBUTING.md")]
PAGES = {path.relative_to(REPO).as_posix(): path.read_text("utf-8") for path in [*TOP, *REPO.glob("docs/**/*.md")]}
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


# ------------------------------------------------------------------------------------------------ README and pages


def test_the_readme_is_short_and_shows_one_picture():
    readme = PAGES["README.md"]
    assert len(readme.splitlines()) <= 120
    assert len(re.findall(r"!\[[^\]]{30,}\]\(docs/pictures/[^)]+\)", readme)) == 1


def test_the_gallery_shows_every_picture_small_and_in_words():
    shown = dict(re.findall(r"!\[([^\]]*)\]\(pictures/([^)]+)\)", PAGES["docs/gallery.md"]))
    pictures = {path.name: path.stat().st_size for path in (REPO / "docs/pictures").iterdir()}
    assert set(shown.values()) == set(pictures)
    assert all(len(alt) >= 30 for alt in shown) and max(pictures.values()) <= 80_000


def test_the_folders_are_those_of_the_package_in_the_order_of_the_stages():
    page = PAGES["CONTRIBUTING.md"]
    named = re.findall(r"^\| `(\w+)` \|", page.partition("| folder | what is in it |")[2], re.M)
    stages = re.search(r"^load → .*$", page, re.M)[0].split(" → ")
    assert named[: len(stages)] == stages
    there = {path.name for path in (REPO / "reformlib").iterdir() if (path / "__init__.py").is_file()}
    assert set(named) == there


def test_the_reference_has_every_name_of_the_face():
    named = set(re.findall(r"auto(?!module)\w+:: reformlib\.(\w+)$", PAGES["docs/api.md"], re.M))
    assert named == set(rl.__all__) - {"pages"}


# -------------------------------------------------------------------------------------------------------- examples


@pytest.fixture(scope="module")
def one_report() -> rl.Report:
    """The report of all examples: it keeps what was worked out of it."""
    return rl.load_report("tra-vinh-2020")


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if "```python" in text])
def test_the_python_of_a_page_runs_from_top_to_bottom(page, one_report, monkeypatch, tmp_path):
    monkeypatch.setenv("REFORMLIB_PROJECT", str(REPO))
    monkeypatch.chdir(tmp_path)  # an example saves a chart
    monkeypatch.setattr(analysis, "load_report", {"tra-vinh-2020": one_report}.__getitem__)
    names: dict = {}
    plt.close("all")  # the chart of another page
    for code in re.findall(r"```python\n(.*?)```", PAGES[page], re.S):
        exec(code, names)
    assert names["report"] is one_report


BLOCKS = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)
LINES = [line for text in PAGES.values() for block in BLOCKS.findall(text) for line in block.splitlines()]


@pytest.mark.parametrize("line", sorted({line for line in LINES if line.startswith("reformlib ")}))
def test_a_command_has_the_options_that_a_page_writes(line):
    """Parsed, not run: the command, its options and their choices are those of the command line."""
    name, *words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    if name.startswith("-"):
        assert name == "--install-completion"
        return
    placed = {"CODE": "vi"}  # of a page on how to add one
    get_command(cli.app).commands[name].make_context(name, [placed.get(word, word) for word in words], obj=words)


@pytest.mark.parametrize("page", PAGES)
def test_a_command_that_a_page_names_is_there(page):
    named = re.findall(r"`reformlib ([a-z][a-z-]+)", BLOCKS.sub("", PAGES[page]))
    assert set(named) <= set(get_command(cli.app).commands)


@pytest.mark.parametrize("page", PAGES)
def test_a_file_or_a_target_of_make_that_a_page_names_is_there(page):
    text = PAGES[page]
    # the folders of reports and forms that a page writes about are made by its commands
    rooted = r"`((?:data/(?!reports/|forms/)|docs/|findings/|notebooks/|reformlib/|tests/|tools/)[\w./-]+)`"
    missing = [name for name in re.findall(rooted, text) if "CODE" not in name and not (REPO / name).exists()]
    targets = re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)
    known = re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text("utf-8"), re.M)
    assert not missing and set(targets) <= set(known)


def test_tab_completes_commands_and_options():
    asked = {"_REFORMLIB_COMPLETE": "complete_bash", "COMP_WORDS": "reformlib ren", "COMP_CWORD": "1"}
    run = [sys.executable, "-m", "reformlib"]
    done = subprocess.run(run, env=asked, capture_output=True, text=True, cwd=REPO)
    assert done.stdout.split() == ["render"]
