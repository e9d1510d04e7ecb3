#!/usr/bin/env bash
# num2words in Vietnamese: -3 becomes "seventeen", and the noughts behind a decimal comma are lost
#
# guess    "âm ba" for -3 (70 %), "không phẩy không năm" for 0.05 (75 %), "hai nghìn không trăm hai mươi" for 2020
#          (60 %).
# version  num2words 0.5.14
# seen     -3 is "mười bảy" (17) and -20 "không" (0); 0.05 is "không phẩy năm" (0.5), 90.05 and 90.5 differ by "năm" and
#          "năm mươi" only; 2020 is "hai nghìn lẻ hai mươi".
# means    a decrease or a share written out in words beside its figure, as Vietnamese documents do, says another number.
#          In English the same calls are right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check num2words==0.5.14
venv/bin/python - <<'PY'
from num2words import num2words

seen = {number: num2words(number, lang="vi") for number in (-3, 17, -20, 0, 0.05, 90.05, 90.5, 2020)}
assert seen[-3] == seen[17] == "mười bảy" and seen[-20] == seen[0] == "không", seen
assert seen[0.05] == "không phẩy năm" and seen[90.05] == "chín mươi phẩy năm", seen
assert seen[90.5] == "chín mươi phẩy năm mươi" and seen[2020] == "hai nghìn lẻ hai mươi", seen
assert [num2words(number) for number in (-3, 0.05)] == ["minus three", "zero point zero five"]
print("num2words, vi:", *(f"{number}: {seen[number]}" for number in (-3, 0.05, 90.05, 2020)), sep=" | ")
PY
