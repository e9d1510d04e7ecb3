#!/usr/bin/env bash
# nbconvert --execute leaves the outputs that it was told to remove in the page
#
# guess    cells are executed, then what is tagged is removed (50 %).
# version  nbconvert 7.17.2
# seen     removing comes first: a cell tagged for remove_cell_tags is never executed (x stays 5), and an output
#          tagged for remove_all_outputs_tags is not there yet when it is removed, so it is printed. A second
#          conversion, without --execute, does what was asked.
# means    figures that were not to be published are published, and a figure differs from the one in JupyterLab;
#          execute and convert in two commands.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check nbconvert==7.17.2 ipykernel==7.4.0
venv/bin/python -W ignore - <<'PY'
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook


def notebook(name, *cells):
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    made = [new_code_cell(source, metadata={"tags": tags}) for source, *tags in cells]
    nbformat.write(new_notebook(cells=made, metadata={"kernelspec": kernel}), name)


def texts(name):
    return [
        output.text for cell in nbformat.read(name, 4).cells for output in cell.get("outputs", []) if "text" in output
    ]


notebook("a.ipynb", ("x = 5",), ("x = 6", "unseen"), ("print(x)",), ("print('chưa công bố')", "private"))
command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--TagRemovePreprocessor.enabled=True"]
command += [
    "--TagRemovePreprocessor.remove_cell_tags=unseen",
    "--TagRemovePreprocessor.remove_all_outputs_tags=private",
]
subprocess.run([*command, "--execute", "a.ipynb", "--output", "b"], check=True, capture_output=True)
assert texts("b.ipynb") == ["5\n", "chưa công bố\n"], texts("b.ipynb")
subprocess.run([*command, "b.ipynb", "--output", "c"], check=True, capture_output=True)
assert texts("c.ipynb") == ["5\n"], texts("c.ipynb")
print("nbconvert --execute with tags to remove shows", texts("b.ipynb"), "instead of ['6']")
PY
