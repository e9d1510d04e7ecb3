#!/usr/bin/env bash
# underthesea's text_normalize does more than put marks in order: document numbers, periods and rates are taken apart
#
# guess    the marks are put in order (70 to 85 %), and "30/2020/NĐ-CP" stays one piece (60 %).
# version  underthesea 9.5.0
# seen     "hoà" becomes "hòa" and NFD becomes NFC, and blanks are put in: "30/2020 / NĐ-CP", "2011 - 2020", "95,5
#          %", "bảng 3.2 a".
# means    labels and numbers so "normalised" no longer match those of the catalogue or the list of legal documents.
#          For order of marks alone use unicodedata and a table of the few syllables.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check underthesea==9.5.0
venv/bin/python -W ignore - <<'PY'
from underthesea import text_normalize

seen = [
    text_normalize(text) for text in ("hoà", "Nghị định 30/2020/NĐ-CP", "giai đoạn 2011-2020", "đạt 95,5%", "bảng 3.2a")
]
assert seen == ["hòa", "Nghị định 30/2020 / NĐ-CP", "giai đoạn 2011 - 2020", "đạt 95,5 %", "bảng 3.2 a"], seen
print("text_normalize:", *seen[1:], sep=" | ")
PY
