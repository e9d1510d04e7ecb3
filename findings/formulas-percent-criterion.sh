#!/usr/bin/env bash
# Python's calculators of Excel formulas count no unit at all for COUNTIF(…, ">=90%")
#
# guess    the criterion ">=90%" is read as .9, as Excel reads it (60 %), since all three know that =90% is .9.
# version  formulas 1.3.4, pycel 1.0b30, xlcalculator 0.5.0, with openpyxl 3.1.5
# seen     of the shares .955, .9, .5 and a blank, formatted as percentages, COUNTIF(…, ">=90%") is 0 and ">=0.9" is 2
#          by all three. COUNTIF(…, 0) takes the blank for a zero in xlcalculator, not in the others.
# means    a table of how many units reached a target, recalculated on a server without Excel, shows nobody, and no
#          formula has an error. Write ">=0.9" or ">="&B1 in forms that are to be recalculated.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check \
    formulas==1.3.4 pycel==1.0b30 xlcalculator==0.5.0 openpyxl==3.1.5 "setuptools<81"
venv/bin/python -W ignore - <<'PY'
from openpyxl import Workbook

book = Workbook()
sheet = book.active
sheet.title = "S"
for row, share in enumerate((0.955, 0.9, 0.5, None), 1):
    sheet.cell(row, 1, share).number_format = "0.0%"
for row, criterion in enumerate(('">=90%"', '">=0.9"', "0"), 1):
    sheet.cell(row, 2, f"=COUNTIF(A1:A4,{criterion})")
sheet["B4"] = "=90%"
book.save("a.xlsx")

import formulas
from pycel import ExcelCompiler
from xlcalculator import Evaluator, ModelCompiler

solution = formulas.ExcelModel().loads("a.xlsx").finish().calculate()
compiled = ExcelCompiler("a.xlsx")
evaluator = Evaluator(ModelCompiler().read_and_parse_archive("a.xlsx"))
cells = ("B1", "B2", "B3", "B4")
seen = {
    "formulas": [float(solution[f"'[a.xlsx]S'!{cell}"].value[0, 0]) for cell in cells],
    "pycel": [float(compiled.evaluate(f"S!{cell}")) for cell in cells],
    "xlcalculator": [float(evaluator.evaluate(f"S!{cell}")) for cell in cells],
}
expected = {"formulas": [0, 2, 0, 0.9], "pycel": [0, 2, 0, 0.9], "xlcalculator": [0, 2, 1, 0.9]}
assert seen == expected, seen
print('COUNTIF by ">=90%" and by ">=0.9":', {tool: [int(n) for n in counts[:2]] for tool, counts in seen.items()})
PY
