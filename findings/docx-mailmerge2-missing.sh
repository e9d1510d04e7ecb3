#!/usr/bin/env bash
# docx-mailmerge2 prints 0.0 for a figure that is missing, wherever the field of the letter has a number format
#
# guess    nothing is printed for None, and 0 for 0 (75 %).
# version  docx-mailmerge2 1.0.3 with python-docx 1.2.0
# seen     in a field without a format None prints nothing; with \# "0.0" it prints "0.0", as 0 does, in rows of a table
#          and in the text. A percent format has no decimals: 0.955 by \# "0.0%" is "96%".
# means    letters to units, filled from a table, tell those that reported nothing that they reached 0.0 %. Leave the
#          format out and hand over finished text, "…" for what is missing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check docx-mailmerge2==1.0.3 python-docx==1.2.0
venv/bin/python -W ignore - <<'PY'
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from mailmerge import MailMerge


def field(paragraph, code):
    simple, run, text = OxmlElement("w:fldSimple"), OxmlElement("w:r"), OxmlElement("w:t")
    simple.set(qn("w:instr"), f" MERGEFIELD {code} ")
    text.text = "«…»"
    run.append(text)
    simple.append(run)
    paragraph._p.append(simple)


def printed(element):
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


document = Document()
for code in ("plain", 'formatted \\# "0.0"', 'percent \\# "0.0%"'):
    field(document.add_paragraph(), code)
row = document.add_table(1, 2).rows[0]
field(row.cells[0].paragraphs[0], "unit")
field(row.cells[1].paragraphs[0], 'share \\# "0.0"')
document.save("form.docx")

with MailMerge("form.docx") as letter:
    letter.merge(plain=None, formatted=None, percent=0.955)
    units = {"A": 95.5, "B": None, "C": 0}
    letter.merge_rows("unit", [{"unit": unit, "share": share} for unit, share in units.items()])
    letter.write("letter.docx")

letter = Document("letter.docx")
text = [printed(paragraph._p) for paragraph in letter.paragraphs]
assert text == ["", "0.0", "96%"], text
rows = [[printed(cell._tc) for cell in row.cells] for row in letter.tables[0].rows]
assert rows == [["A", "95.5"], ["B", "0.0"], ["C", "0.0"]], rows
print("docx-mailmerge2: 95.5, missing and 0 are", [share for _, share in rows], "and 0.955 is", text[2])
PY
