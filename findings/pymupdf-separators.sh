#!/usr/bin/env bash
# PyMuPDF 2: in the cells of a table, decimal commas, thousands points and minus signs leave their number
#
# guess    the cells of a bordered table come back as printed (80 %).
# version  PyMuPDF 2.0; pdfplumber 0.11.10 is right
# seen     find_tables(): "95,5%" is "95 5%\n,", "1.234.567" is "1 234 567\n. .", "−5" is "5\n−". get_text() of the
#          same page is right.
# means    whoever keeps the first line of a cell, or drops what is no digit, publishes 955 for 95,5 and 5 for −5.
#          Take the cell's rectangle and get_text() in it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pymupdf==2.0 reportlab==5.1.0 matplotlib==3.11.2 pdfplumber==0.11.10
venv/bin/python -W ignore - <<'PY'
import os

import matplotlib
import pdfplumber
import pymupdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import SimpleDocTemplate, Table

font = os.path.join(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
pdfmetrics.registerFont(TTFont("D", font))
rows = [["Chỉ tiêu", "2019", "2020"], ["Hồ sơ", "1.234.567", "95,5%"], ["Chi", "−5", "0,5"]]
grid = [("FONT", (0, 0), (-1, -1), "D", 10), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
SimpleDocTemplate("a.pdf").build([Table(rows, colWidths=[150, 90, 90], style=grid)])

document = pymupdf.open("a.pdf")
page = document[0]
[table] = page.find_tables().tables
cells = table.extract()
assert [[cell for cell in row if cell is not None] for row in pdfplumber.open("a.pdf").pages[0].extract_table()] == rows
assert "1.234.567" in page.get_text() and "95,5%" in page.get_text()
assert cells[1][1:] == ["1 234 567\n. .", "95 5%\n,"] and cells[2][1:] == ["5\n−", "0 5\n,"], cells
print("PyMuPDF 2.0 find_tables:", cells[1][1:], cells[2][1:])
PY
