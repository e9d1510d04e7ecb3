#!/usr/bin/env bash
# pandas reads two figures that a tab parts in an OpenDocument cell as one number
#
# guess    pandas keeps blanks and tabs of a text cell (85 %).
# version  pandas 3.1.1 with odfpy 1.4.1; pyexcel-ods 0.6.0 for comparison
# seen     the text "1<tab>250" of a cell becomes the number 1250; three blanks (text:s) are kept; pyexcel-ods reads
#          "1\t250".
# means    figures lined up by tabs inside one cell ("nam<tab>nữ") become a plausible figure of another size, and
#          the column is numeric, so nothing looks wrong.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pandas==3.1.1 odfpy==1.4.1 pyexcel-ods==0.6.0
venv/bin/python -W ignore - <<'PY'
import pandas as pd
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.teletype import addTextToElement
from odf.text import P
from pyexcel_ods import get_data

document = OpenDocumentSpreadsheet()
table = Table(name="Biểu")
for text in ("cán bộ", "1\t250", "2\t310"):
    row, cell, paragraph = TableRow(), TableCell(valuetype="string"), P()
    addTextToElement(paragraph, text)
    cell.addElement(paragraph)
    row.addElement(cell)
    table.addElement(row)
document.spreadsheet.addElement(table)
document.save("a.ods")

column = pd.read_excel("a.ods", engine="odf")["cán bộ"]
assert column.tolist() == [1250, 2310] and column.dtype == "int64", column
assert get_data("a.ods")["Biểu"][1] == ["1\t250"]
print("pandas, .ods: '1<tab>250' and '2<tab>310' are the integers", column.tolist())
PY
