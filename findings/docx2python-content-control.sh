#!/usr/bin/env bash
# docx2python: a content control around a row or a cell breaks the table into several
#
# guess    docx2python keeps the row and the cell in their table (80 %).
# version  docx2python 3.7.1
# seen     a table of four rows, the third in a content control (w:sdt), is three tables of 2, 1 and 1 rows; a
#          control around one cell tears its row into three tables of one row.
# means    forms that are filled in with content controls (repeating sections, drop-downs) lose the head of their
#          columns, and the figures after the control belong to no year.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check python-docx==1.2.0 docx2python==3.7.1 lxml==6.1.3
venv/bin/python -W ignore - <<'PY'
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx2python import docx2python


def element(name, **attributes):
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn("w:" + key), value)
    return made


document = Document()
table = document.add_table(4, 3)
for number, row in enumerate(table.rows):
    for cell, text in zip(row.cells, (f"hàng {number}", str(number), str(number * 10)), strict=True):
        cell.text = text


def controlled(inner):
    control, content = element("w:sdt"), element("w:sdtContent")
    inner.addprevious(control)
    control.append(element("w:sdtPr"))
    control.append(content)
    content.append(inner)


def shapes():
    document.save("a.docx")
    with docx2python("a.docx") as read:
        return [(len(part), len(part[0])) for part in read.body if part[0][0][0]]


assert shapes() == [(4, 3)], shapes()
row = table.rows[2]._tr
controlled(row)
assert shapes() == [(2, 3), (1, 3), (1, 3)], shapes()
controlled(row.tc_lst[1])
assert shapes() == [(2, 3), (1, 1), (1, 1), (1, 1), (1, 3)], shapes()
print("w:sdt around a row: one table of 4 rows becomes tables of 2, 1 and 1; around a cell, its row becomes three")
PY
