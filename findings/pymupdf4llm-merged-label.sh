#!/usr/bin/env bash
# pymupdf4llm: the label of merged rows is dealt out over them letter by letter
#
# guess    the second of two merged rows has an empty label (60 %).
# version  pymupdf4llm 2.0 (PyMuPDF 2.0)
# seen     a label merged over two rows appears in pieces in both ("Hồ t tế" and "sơ rực uyn"); no row has "Hồ sơ
#          trực tuyến". The text of the page has it whole.
# means    no row of the Markdown can be found by its label any more, and a language model is given words that were
#          never printed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pymupdf==2.0 pymupdf-layout==2.0 pymupdf4llm==2.0 reportlab==5.1.0 matplotlib==3.11.2
venv/bin/python -W ignore - <<'PY'
import os

import matplotlib
import pymupdf
import pymupdf4llm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import SimpleDocTemplate, Table

font = os.path.join(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
pdfmetrics.registerFont(TTFont("D", font))
rows = [
    ["Chỉ tiêu", "Kết quả", "", ""],
    ["", "2018", "2019", "2020"],
    ["Hồ sơ trực tuyến", "1.234.567", "95,5%", "−5"],
    ["", "1 234", "0,5", "12"],
]
style = [
    ("FONT", (0, 0), (-1, -1), "D", 10),
    ("GRID", (0, 0), (-1, -1), 0.5, "black"),
    ("SPAN", (0, 0), (0, 1)),
    ("SPAN", (1, 0), (3, 0)),
    ("SPAN", (0, 2), (0, 3)),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]
SimpleDocTemplate("a.pdf").build([Table(rows, colWidths=[150, 90, 90, 90], style=style)])
assert "Hồ sơ trực tuyến" in pymupdf.open("a.pdf")[0].get_text()
lines = [line for line in pymupdf4llm.to_markdown("a.pdf").splitlines() if line.startswith("|")]
labels = [line.split("|")[1] for line in lines]
assert not any("Hồ sơ trực tuyến" in label for label in labels), labels
assert sum(bool(set(label) & set("Hồsơtrựctuyến")) for label in labels[-2:]) == 2, labels
print("pymupdf4llm 2.0, labels of the rows:", labels)
PY
