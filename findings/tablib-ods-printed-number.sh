#!/usr/bin/env bash
# tablib takes the number of an OpenDocument cell from how it is printed: 1445, printed "1.445", is read as 1.445
#
# guess    the value that the cell stores is read, as by pandas and pyexcel (90 %).
# version  tablib 3.10.0 with odfpy 1.4.1; pyexcel-ods3 0.6.1 for comparison
# seen     a cell with office:value 1445, printed as Vietnamese prints it ("1.445"), is 1.445; the share .955, printed
#          "95,5%", is that text; pyexcel-ods3 reads 1445 and 0.955.
# means    every count over a thousand of a Vietnamese .ods comes out a thousand times too small, beside smaller counts
#          that are right, and no error is raised.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check "tablib[ods]==3.10.0" odfpy==1.4.1 pyexcel-ods3==0.6.1
venv/bin/python -W ignore - <<'PY'
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from pyexcel_ods3 import get_data
from tablib import Dataset

cells = [
    [("string", None, "Năm"), ("string", None, "Chữ ký số"), ("string", None, "Tỷ lệ")],
    [("string", None, "2018"), ("float", 479, "479"), ("percentage", 0.9, "90%")],
    [("string", None, "2019"), ("float", 1445, "1.445"), ("percentage", 0.955, "95,5%")],
]
document, table = OpenDocumentSpreadsheet(), Table(name="Biểu")
for told in cells:
    row = TableRow()
    for kind, value, printed in told:
        cell = TableCell(valuetype=kind, **({} if value is None else {"value": value}))
        cell.addElement(P(text=printed))
        row.addElement(cell)
    table.addElement(row)
document.spreadsheet.addElement(table)
document.save("a.ods")

with open("a.ods", "rb") as file:
    rows = [list(row) for row in Dataset().load(file, format="ods")]
assert rows == [["2018", 479.0, "90%"], ["2019", 1.445, "95,5%"]], rows
assert get_data("a.ods")["Biểu"][2] == ["2019", 1445, 0.955], get_data("a.ods")
print("tablib, .ods: 1445 printed as '1.445' is read as", rows[1][1])
PY
