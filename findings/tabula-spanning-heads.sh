#!/usr/bin/env bash
# tabula's lattice mode, which follows the lines, moves heads that span two columns to the left; the mode without lines
# does not
#
# guess    a head over two columns stands over the first of them (80 %).
# version  tabula-py 2.10.0 (tabula-java 1.0.5), which needs a Java; that merged cells are not recognised is tabula-java
#          issue 283, closed
# seen     "Mức 3" (level 3) over two columns and "Mức 4" over the next two are heads of columns two and three: the
#          figures of level 3 in 2020 are under "Mức 4". stream=True has "Mức 4" over column four. Lattice is also what
#          is chosen for this page when no mode is named.
# means    a table of two levels and two years gets the wrong level for a quarter of its figures, and its last two
#          columns have no head. Read the heads with stream, or take them from a reader that knows merged cells.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check \
    tabula-py==2.10.0 pandas==2.3.3 reportlab==5.1.0 matplotlib==3.11.2
venv/bin/python -W ignore - 2>log <<'PY' || { tail -5 log; exit 1; }
import os

import matplotlib
import tabula
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import SimpleDocTemplate, Table

font = os.path.join(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
pdfmetrics.registerFont(TTFont("D", font))
rows = [
    ["Chỉ tiêu", "Mức 3", "", "Mức 4", ""],
    ["", "2019", "2020", "2019", "2020"],
    ["Dịch vụ", "110", "120", "10", "20"],
]
merged = [("SPAN", (1, 0), (2, 0)), ("SPAN", (3, 0), (4, 0)), ("SPAN", (0, 0), (0, 1))]
style = [("FONT", (0, 0), (-1, -1), "D", 10), ("GRID", (0, 0), (-1, -1), 0.5, "black"), *merged]
SimpleDocTemplate("a.pdf").build([Table(rows, colWidths=[90, 60, 60, 60, 60], style=style)])


def heads(**mode):
    (frame,) = tabula.read_pdf("a.pdf", pages="all", **mode)
    assert [float(cell) for cell in frame.iloc[-1, 1:]] == [110, 120, 10, 20], frame
    return ["" if str(head).startswith("Unnamed") else head for head in frame.columns]


assert heads(lattice=True) == heads() == ["Chỉ tiêu", "Mức 3", "Mức 4", "", ""], (heads(lattice=True), heads())
assert heads(stream=True)[1:] == ["Mức 3", "", "Mức 4", ""], heads(stream=True)
print("tabula, lattice: heads", heads(lattice=True))
PY
