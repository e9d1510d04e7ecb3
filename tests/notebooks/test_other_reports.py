"""The notebooks on reports that are not the reference one: a narrative of one row a table, or none at all."""

from __future__ import annotations

import pytest

from reformlib.present.html import Fragment
from reformlib.render.page.fragments import clean
from reformlib.render.page.gates import faults
from reformlib.render.run.notebooks import find_notebook, read_notebook
from tests.synthetic import MARK, write_report


def fragments(notebook: str, **parameters) -> list[Fragment]:
    """What the code cells of a notebook show, run one after another in this process."""
    cells = ["".join(c["source"]) for c in read_notebook(find_notebook(notebook))["cells"] if c["cell_type"] == "code"]
    names: dict = {}
    exec(cells[0], names)
    names |= parameters
    exec(cells[1], names)
    return [eval(cell, names) for cell in cells[2:]]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("narrative", [True, False])
@pytest.mark.parametrize("notebook", ["00", "01", "02", "03"])
def test_pages_of_other_reports_are_whole_and_say_that_they_are_synthetic(tmp_path, notebook, narrative, language):
    made = write_report(tmp_path, 7, narrative=narrative, faults=["never-falls"], until="31/3")
    shown = fragments(notebook, report=str(made.folder), language=language)
    assert [fault for fragment in shown for fault in faults(clean(str(fragment)), language)] == []
    assert MARK[language] in str(shown[0])
