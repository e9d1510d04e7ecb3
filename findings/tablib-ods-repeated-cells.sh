#!/usr/bin/env bash
# tablib reads equal figures that stand side by side in an OpenDocument sheet as one, and moves the rest to the left
#
# guess    number-columns-repeated is expanded, as by pandas and pyexcel (85 %).
# version  tablib 3.10.0 with odfpy 1.4.1; pyexcel-ods3 0.6.1 for comparison
# seen     90, 90, 91 under 2017, 2018, 2019, written as one cell that is repeated and another, is 90, 91 and nothing;
#          two empty cells before a 7 are none; pyexcel-ods3 reads 90, 90, 91.
# means    LibreOffice writes equal neighbours so. A series that stood still for two years gets the next year's figure
#          a year early, and its last year is missing; rows without equal neighbours are right.
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

# text or figure, and in how many columns it stands
cells = [[("Nội dung", 1), ("2017", 1), ("2018", 1), ("2019", 1)], [("Một cửa", 1), (90, 2), (91, 1)]]
cells += [[("Chữ ký số", 1), (None, 2), (7, 1)], [("Mạng LAN", 1), (20, 1), (21, 1), (22, 1)]]
document, table = OpenDocumentSpreadsheet(), Table(name="Biểu")
for told in cells:
    row = TableRow()
    for value, columns in told:
        about = {"numbercolumnsrepeated": columns} if columns > 1 else {}
        kind = {str: {"valuetype": "string"}, int: {"valuetype": "float", "value": value}}.get(type(value), {})
        cell = TableCell(**about, **kind)
        if value is not None:
            cell.addElement(P(text=str(value)))
        row.addElement(cell)
    table.addElement(row)
document.spreadsheet.addElement(table)
document.save("a.ods")

with open("a.ods", "rb") as file:
    rows = [list(row) for row in Dataset().load(file, format="ods")]
assert rows == [["Một cửa", 90, 91, ""], ["Chữ ký số", 7, "", ""], ["Mạng LAN", 20, 21, 22]], rows
assert get_data("a.ods")["Biểu"][1:3] == [["Một cửa", 90, 90, 91], ["Chữ ký số", "", "", 7]], get_data("a.ods")
print("tablib, .ods: 90, 90, 91 are read as", rows[0][1:])
PY
