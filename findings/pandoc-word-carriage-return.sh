#!/usr/bin/env bash
# A line ended by w:cr in a Word cell: the words and figures on its two sides grow together
#
# guess    mammoth keeps the break (60 %), docx2python too (75 %), pandoc too (80 %).
# version  pypandoc-binary 1.17 (pandoc 3.9), mammoth 1.13.0, docx2python 3.7.1, python-docx 1.2.0
# seen     w:br is kept by all; at w:cr the first three read "134" and "12" as "13412" (only mammoth names the
#          element in its messages); python-docx reads a line break.
# means    w:cr is the standard's second way to end a line (ECMA-376 part 1, 17.3.3.4) and any program may write it:
#          two figures in one cell become one that nobody reported.
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


def two_lines(cell, mark):
    run = cell.paragraphs[0].add_run("134")
    run._r.append(element(mark))
    run._r.append(element("w:t"))
    run._r[-1].text = "12"


two_lines(table.cell(0, 0), "w:br")
two_lines(table.cell(0, 1), "w:cr")
document.save("a.docx")

by_pandoc = pypandoc.convert_file("a.docx", "html", extra_args=["--wrap=none"])
by_mammoth = mammoth.convert_to_html("a.docx").value
with docx2python("a.docx") as read:
    by_docx2python = [cell[0] for cell in read.body[0][0]]
by_python_docx = [cell.text for cell in Document("a.docx").tables[0].rows[0].cells]
assert "134<br />12" in by_pandoc.replace("\n", "") and "13412" in by_pandoc, by_pandoc
assert "134<br />12" in by_mammoth and "13412" in by_mammoth, by_mammoth
assert by_docx2python[:2] == ["134\n12", "13412"], by_docx2python
assert by_python_docx[:2] == ["134\n12", "134\n12"], by_python_docx
print("w:cr: 134 and 12 are read as 13412 by pandoc, mammoth and docx2python; as two lines by python-docx")
PY
