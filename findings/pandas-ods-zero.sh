#!/usr/bin/env bash
# pandas writes a 0 into an OpenDocument sheet that prints nothing, as a missing figure does: tablib reads both as empty
#
# guess    a missing figure is an empty cell (80 %); that 0 could be written otherwise than 5 was not thought of.
# version  pandas 3.1.1 with odfpy 1.4.1; read by tablib 3.10.0 and, for comparison, by pyexcel-ods3 0.6.1
# seen     5 has office:value 5 and the text "5"; 0 has office:value 0 and an empty text, also in columns of fractions;
#          a missing figure is an empty text, not an empty cell. tablib, which reads what is printed, has an empty text
#          for both; pandas itself and pyexcel-ods3 read the 0. False keeps its print.
# means    units that reported none cannot be told from those that did not report, once a reader goes by the printed
#          text (tablib, odfpy's own str()): every 0 of the table is gone, and means rise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check \
    pandas==3.1.1 odfpy==1.4.1 "tablib[ods]==3.10.0" pyexcel-ods3==0.6.1
venv/bin/python -W ignore - <<'PY'
import pandas as pd
from odf.opendocument import load
from odf.table import TableCell
from pyexcel_ods3 import get_data
from tablib import Dataset

units = pd.DataFrame({"unit": ["A", "B", "C"], "n": [0, None, 5], "share": [0.0, None, 0.5]})
units.to_excel("a.ods", engine="odf", index=False)
printed = [str(cell) for cell in load("a.ods").getElementsByType(TableCell)][3:]
assert printed == ["A", "", "", "B", "", "", "C", "5.0", "0.5"], printed
with open("a.ods", "rb") as file:
    rows = [list(row) for row in Dataset().load(file, format="ods")]
assert rows == [["A", "", ""], ["B", "", ""], ["C", 5.0, 0.5]], rows
assert get_data("a.ods")["Sheet1"][1] == ["A", 0, 0], get_data("a.ods")
assert pd.read_excel("a.ods", engine="odf")["n"].tolist()[::2] == [0, 5]
print("pandas to tablib by .ods: 0, missing and 5 are", [row[1] for row in rows])
PY
