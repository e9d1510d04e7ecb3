#!/usr/bin/env bash
# pdfplumber puts a raised footnote mark before the number it belongs to, on a line of its own
#
# guess    the mark is joined to the end of the number, "95,5%2" (75 %).
# version  pdfplumber 0.11.10
# seen     the cell "95,5%" with a raised 2 after it is "2\n95,5%"; with a mark raised less it is "95,5%2".
# means    joining the lines of a cell, as one does for wrapped labels, gives "295,5%": the mark of a note has
#          become the first digit. Treat a first line of smaller letters as a mark (char["size"]).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pdfplumber==0.11.10 reportlab==5.1.0 matplotlib==3.11.2
venv/bin/python -W ignore - <<'PY'
import os

import matplotlib
import pdfplumber
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import SimpleDocTemplate, Table

font = os.path.join(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
pdfmetrics.registerFont(TTFont("D", font))

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

text = ParagraphStyle("text", fontName="D", fontSize=10, leading=13)
rows = [
    ["Chỉ tiêu", "2020"],
    ["Tỷ lệ", Paragraph("95,5%<super>2</super>", text)],
    ["Tỷ lệ", Paragraph('95,5%<super rise="2" size="6">2</super>', text)],
]
grid = [("FONT", (0, 0), (-1, -1), "D", 10), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
SimpleDocTemplate("a.pdf").build([Table(rows, colWidths=[150, 90], style=grid)])
cells = [[c for c in row if c is not None][1] for row in pdfplumber.open("a.pdf").pages[0].extract_table()]
assert cells == ["2020", "2\n95,5%", "95,5%2"], cells
print("pdfplumber: 95,5% with a raised 2 is read as", repr(cells[1]))
PY
