"""The parameters cell as the declared model of a notebook."""

from __future__ import annotations

import json
from pathlib import Path

import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from reformlib.errors import ReformError
from reformlib.render.page.parameters import declared_parameters, notebook_parameters, parse_values
from reformlib.render.run.notebooks import find_notebook, parse_assignments, plan, read_notebook
from tests.render_helpers import PARAMETERS, executed, make_project, write_notebook

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def declared(source: str):
    return declared_parameters(new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})]))


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = make_project(tmp_path / "p", **{"01_first": (), "02_second": (), "02_sequel": ()})
    monkeypatch.chdir(root)
    return root


def test_every_line_is_a_parameter_with_type_default_and_comment():
    found = {p.name: p for p in declared(PARAMETERS)}
    assert list(found) == ["report", "language", "year", "share", "strict", "level"]
    assert (found["year"].annotation, found["year"].default, found["year"].comment) == (int, 2020, "last year")
    assert found["language"].expected == "one of: vi, en"
    assert found["language"].type_name == "Literal['vi', 'en']"


def test_a_comment_may_stand_above_or_after_the_last_line():
    found = declared('# the unit\nunit: str = "x"\nkind: Literal[\n    "a", "b"\n] = "a"  # the kind')
    assert [p.comment for p in found] == ["the unit", "the kind"]


@pytest.mark.parametrize(
    "source",
    [
        "year = 2020",  # no type
        "year: int",  # no default
        "year: list[int] = [1]",  # a type that the command line cannot give
        "year: int = 2019 + 1",  # computed
        "print(1)",
        "year: int = ",
        'year: int = "2020"',  # the default is of another type
        'kind: Literal["a", "b"] = "c"',
    ],
)
def test_what_is_not_a_typed_constant_is_refused(source):
    with pytest.raises(ReformError, match="parameters cell"):
        declared(source)


def test_exactly_one_parameters_cell():
    with pytest.raises(ReformError, match="0 cells tagged"):
        declared_parameters(new_notebook(cells=[new_code_cell("x: int = 1")]))


def test_values_are_read_by_type():
    texts = {"language": "en", "year": "2019", "share": "0.25", "strict": "true", "level": "3", "report": "7"}
    assert parse_values(declared(PARAMETERS), texts) == {
        "language": "en",
        "year": 2019,
        "share": 0.25,
        "strict": True,
        "level": 3,
        "report": "7",
    }


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("year", "soon", "a whole number"),
        ("year", "2019.5", "a whole number"),
        ("year", "", "a whole number"),
        ("share", "nan", "a number"),
        ("share", "1,5", "a number"),
        ("strict", "perhaps", "true or false"),
        ("language", "fr", "one of: vi, en"),
        ("level", "5", "one of: 3, 4"),
    ],
)
def test_a_wrong_type_names_what_was_expected(name, text, expected):
    with pytest.raises(ReformError) as caught:
        parse_values(declared(PARAMETERS), {name: text})
    assert name in caught.value.what
    assert caught.value.expected == f"{name}: {expected}"


def test_an_unknown_name_is_met_with_the_nearest():
    with pytest.raises(ReformError) as caught:
        parse_values(declared(PARAMETERS), {"yaer": "2019"})
    assert caught.value.fix == "did you mean year?"
    assert "report, language, year" in caught.value.expected


def test_an_executed_notebook_tells_its_language_without_metadata():
    assert notebook_parameters(executed(language="en"))["language"] == "en"
    assert notebook_parameters(executed(language="en"))["year"] == 2020


def test_notebooks_by_name_file_name_number_and_path(project, tmp_path):
    first = project / "notebooks" / "01_first.ipynb"
    assert {find_notebook(n) for n in ("01_first", "01_first.ipynb", "01", str(first))} == {first}
    other = write_notebook(tmp_path / "other.ipynb")
    assert find_notebook(str(other)) == other


@pytest.mark.parametrize(
    ("name", "word"), [("03", "no such"), ("01_frist", "no such"), ("02", "more than one"), ("", "(empty)")]
)
def test_unknown_and_ambiguous_notebooks(project, name, word):
    with pytest.raises(ReformError, match=word.replace("(", r"\(").replace(")", r"\)")):
        find_notebook(name)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("01_frist", "did you mean 01_first?"),
        ("notebooks/01_frist.ipynb", "did you mean 01_first?"),
        ("02", "write more of its name"),
    ],
)
def test_a_misspelt_notebook_is_met_with_the_nearest(project, name, fix):
    with pytest.raises(ReformError) as caught:
        find_notebook(name)
    assert caught.value.fix == fix


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b'{"cells": 1}', b"\xff\xfe"])
def test_a_file_that_is_no_notebook(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    with pytest.raises(ReformError, match="cannot be read as a notebook"):
        read_notebook(path)


def test_a_parameter_goes_to_the_notebooks_that_have_it(tmp_path):
    short = 'language: Literal["vi", "en"] = "vi"  # x'
    paths = [write_notebook(tmp_path / "a.ipynb"), write_notebook(tmp_path / "b.ipynb", parameters=short)]
    documents = plan(paths, ["vi", "en"], {"year": "2019"})
    assert [(d.name, d.language, d.parameters.get("year"), d.takes_report) for d in documents] == [
        ("a", "vi", 2019, True),
        ("b", "vi", None, False),
        ("a", "en", 2019, True),
        ("b", "en", None, False),
    ]


def test_a_copy_of_a_document_has_a_page_of_its_own_name(project, tmp_path):
    own, copy = find_notebook("01"), tmp_path / find_notebook("01").name
    copy.write_bytes(own.read_bytes())
    documents = plan([own, copy], ["vi"], {}, own_name=True)
    assert [one.name for one in documents] == [own.stem, f"{own.stem}-scratch-copy"]
    assert [one.name for one in plan([copy], ["vi"], {})] == [own.stem]  # asked for with --in-place


@pytest.mark.parametrize("texts", [{"nothing": "1"}, {"language": "en"}, {"report": "x"}, {"year": "x"}])
def test_a_plan_refuses_before_anything_runs(tmp_path, texts):
    with pytest.raises(ReformError):
        plan([write_notebook(tmp_path / "a.ipynb")], ["vi"], texts)


def test_assignments():
    assert parse_assignments(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}
    for wrong in (["a"], ["=1"], ["1a=2"], ["a=1", "a=2"]):
        with pytest.raises(ReformError):
            parse_assignments(wrong)


def test_values_that_there_are_may_stand_in_the_comment():
    (found,) = declared('kind: str = "b"  # of the page, one of: a, b')
    assert (found.expected, found.default) == ("one of: a, b", "b")
    with pytest.raises(ReformError, match="default of kind"):
        declared('kind: str = "c"  # one of: a, b')


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("0*.ipynb")), ids=lambda path: path.stem)
def test_papermill_sees_every_parameter_of_the_notebooks(notebook):
    ours = {p.name: p.comment for p in declared_parameters(json.loads(notebook.read_text(encoding="utf-8")))}
    seen = papermill.inspect_notebook(str(notebook))
    assert {name: one["help"] for name, one in seen.items()} == ours


def test_a_value_of_a_parameter_that_is_not_there_makes_no_page():
    given = new_code_cell('# Parameters\nlangauge = "en"', metadata={"tags": ["injected-parameters"]})
    first = new_code_cell('language: str = "vi"', metadata={"tags": ["parameters"]})
    with pytest.raises(ReformError, match="no parameter langauge") as refused:
        notebook_parameters(new_notebook(cells=[first, given]))
    assert "did you mean language" in str(refused.value)
