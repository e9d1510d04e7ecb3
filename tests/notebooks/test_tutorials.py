"""The notebooks to explore a report with: they run, stay thin, and are copied to where nothing rests on them."""

from __future__ import annotations

import json
import shutil
import tempfile

import matplotlib as mpl
import pytest

from reformlib.render.page.prose import unfolded
from tests.render_helpers import REPO, make_project, run

TUTORIALS = sorted((REPO / "notebooks/explore").glob("*.ipynb"))


def cells_of(path, kind: str) -> list[dict]:
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs(path, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    names: dict = {}
    with mpl.rc_context({"backend": "agg"}):
        for cell in cells_of(path, "code"):
            exec("".join(cell["source"]), names)
            names["report"] = "vi-du-binh-nguyen-2025" if "first" in path.stem else "tra-vinh-2020"


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_is_thin_stripped_and_ends_with_things_to_try(path):
    assert [cell for cell in cells_of(path, "code") if cell["outputs"] or cell["execution_count"]] == []
    assert max(len(cell["source"]) for cell in cells_of(path, "code")) <= 32
    last = ["".join(cell["source"]) for cell in cells_of(path, "markdown")[-2:]]
    assert last[0].startswith("## Thử thêm\n") and unfolded(last[1]).startswith("## Things to try\n")


@pytest.mark.parametrize("path", [*(REPO / "notebooks").glob("0*.ipynb"), *TUTORIALS], ids=lambda path: path.stem)
def test_prose_comes_in_pairs_of_which_jupyterlab_folds_the_english_one(path):
    prose = cells_of(path, "markdown")
    assert [cell["metadata"]["tags"][0] for cell in prose] == ["lang-vi", "lang-en"] * (len(prose) // 2)
    texts = ["".join(cell["source"]) for cell in prose]
    assert [unfolded(text) != text for text in texts] == [False, True] * (len(prose) // 2)
    assert "<" not in "".join(map(unfolded, texts)).replace("<1/20", "")
    ids = [cell["id"] for kind in ("markdown", "code") for cell in cells_of(path, kind)]
    assert len(ids) == len(set(ids))


def test_scratch_copies_are_the_reports_own_in_one_language_and_are_kept(tmp_path):
    project = make_project(tmp_path / "p", **{"02_second": ()})
    shutil.copytree(REPO / "notebooks/explore", project / "notebooks/explore")
    done = run(project, "explore", "demo", "--language", "en", "--no-open")
    assert done.code == 0, done.err
    made = [project / "explore/demo" / path.name for path in TUTORIALS]
    assert done.out.split() == [str(path) for path in made]
    prose = cells_of(made[0], "markdown")
    assert {tag for cell in prose for tag in cell["metadata"]["tags"]} == {"lang-en"}
    assert prose[0]["source"].startswith("# A first look")
    first = cells_of(made[0], "code")[0]["source"]
    assert 'report: str = "demo"' in first and 'language: str = "en"' in first
    made[0].write_text(made[0].read_text("utf-8").replace("gaps", "mine"), "utf-8")
    again = run(project, "explore", "demo", "1_first", "02", "--no-open")
    assert "kept as it is: 1_first_look.ipynb" in again.err and "mine" in made[0].read_text("utf-8")
    assert (project / "explore/demo/02_second.ipynb").is_file()
    assert run(project, "explore", "demo", "9", "--no-open").code == 2
    assert run(project, "list").out.count("Notebook ") == 1  # tutorials are no documents
