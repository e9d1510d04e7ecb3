#!/usr/bin/env bash
# docx2python: the hyphen that keeps "2011-2020" on one line is gone, and the years are one number
#
# guess    docx2python keeps a hyphen for w:noBreakHyphen (75 %), mammoth and pandoc too (90 %).
# version  docx2python 3.7.1; python-docx 1.2.0, mammoth 1.13.0 and pypandoc-binary 1.17 for comparison
# seen     docx2python reads 20112020; python-docx "-", mammoth and pandoc U+2011.
# means    Ctrl+Shift+Hyphen is how an office keeps periods and document numbers whole: "giai đoạn 2011-2020" turns
#          into a number, "-5" into 5.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check python-docx==1.2.0 pypandoc-binary==1.17 mammoth==1.13.0 docx2python==3.7.1 lxml==6.1.3
venv/bin/python -W ignore - <<'PY'
import mammoth
import pypandoc
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
table = document.add_table(3, 3)
for cell, (before, after) in zip(table.rows[0].cells, (("2011", "2020"), ("", "5"), ("1383/QĐ", "TTg")), strict=True):
    run = cell.paragraphs[0].add_run(before)
    run._r.append(element("w:noBreakHyphen"))
    run._r.append(element("w:t"))
    run._r[-1].text = after
document.save("a.docx")
with docx2python("a.docx") as read:
    texts = [cell[0] for cell in read.body[0][0]]
assert texts == ["20112020", "5", "1383/QĐTTg"], texts
assert Document("a.docx").tables[0].cell(0, 1).text == "-5"
assert "2011\u20112020" in mammoth.convert_to_html("a.docx").value
assert "2011\u20112020" in pypandoc.convert_file("a.docx", "html", extra_args=["--wrap=none"])
print("w:noBreakHyphen: docx2python reads", texts)
PY
