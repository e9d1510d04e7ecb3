#!/usr/bin/env bash
# papermill fails a notebook for an error that the notebook says it expects, after running all of it
#
# guess    a cell tagged raises-exception may fail: papermill goes on and succeeds, as nbclient does (55 %).
# version  papermill 2.7.0, nbclient 0.11.0
# seen     the cells after the tagged one are executed and in the output; then PapermillExecutionError is raised all
#          the same, and a cell in red is put on top of the notebook. nbclient succeeds.
# means    a notebook that shows how a broken report is refused passes with nbclient and what is built on it, and
#          its document is counted as failed in a papermill batch.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check papermill==2.7.0 nbclient==0.11.0 ipykernel==7.4.0
venv/bin/python -W ignore - <<'PY'
import nbformat
import papermill
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


def notebook(name, *cells):
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    made = [new_code_cell(source, metadata={"tags": tags}) for source, *tags in cells]
    nbformat.write(new_notebook(cells=made, metadata={"kernelspec": kernel}), name)


def texts(name):
    return [
        output.text for cell in nbformat.read(name, 4).cells for output in cell.get("outputs", []) if "text" in output
    ]


notebook("a.ipynb", ("1 / 0", "raises-exception"), ("print('sau')",))
NotebookClient(nbformat.read("a.ipynb", 4)).execute()
try:
    papermill.execute_notebook("a.ipynb", "b.ipynb", progress_bar=False)
    raise SystemExit("papermill knows the tag now")
except papermill.PapermillExecutionError as error:
    assert error.ename == "ZeroDivisionError"
assert texts("b.ipynb") == ["sau\n"], texts("b.ipynb")
print("raises-exception: nbclient succeeds, papermill raises after executing every cell")
PY
