#!/usr/bin/env bash
# A figure crossed out twice in Word counts as text beside the one that replaced it
#
# guess    pandoc shows w:dstrike as it shows w:strike, crossed out (60 %).
# version  pypandoc-binary 1.17 (pandoc 3.9)
# seen     w:strike becomes <del>; w:dstrike ("Double strikethrough" in the font dialogue) is dropped without a
#          warning: 134, crossed out, and 135 read as 134135.
# means    a corrected figure is fused with the one it corrects; whoever strips <del> to honour corrections still
#          gets the old figure.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check python-docx==1.2.0 pypandoc-binary==1.17 lxml==6.1.3
venv/bin/python -W ignore - <<'PY'
import pypandoc
from docx import Document

document = Document()
table = document.add_table(1, 2)
for cell, kind in zip(table.rows[0].cells, ("strike", "double_strike"), strict=True):
    setattr(cell.paragraphs[0].add_run("134").font, kind, True)
    cell.paragraphs[0].add_run("135")
document.save("a.docx")
html = pypandoc.convert_file("a.docx", "html", extra_args=["--wrap=none"])
assert "<del>134</del>135" in html and html.count("<del>") == 1 and "134135" in html, html
print("w:dstrike: 134 crossed out twice, then 135, is 134135; with one line it is <del>134</del>135")
PY
