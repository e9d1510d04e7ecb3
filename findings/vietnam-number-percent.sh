#!/usr/bin/env bash
# vietnam_number reads "fifty-five percent" as 500, and writes 95,5 as nine hundred and fifty-five
#
# guess    an error, or 55, for "năm mươi lăm phần trăm" (80 %); an error for the text "95,5" (75 %).
# version  vietnam_number 1.0.6
# seen     "trăm" of "phần trăm" (per cent) makes hundreds of the last digit: 55 % and 95 % are 500, 78 % is 800, 90 %
#          is 0; "95,5" and "95.5" lose their mark. No error, no warning.
# means    shares that a report writes out in words cannot be read with it: look for "phần trăm" and for marks first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check vietnam_number==1.0.6
venv/bin/python - <<'PY'
from vietnam_number import n2w, w2n

assert w2n("năm mươi lăm") == 55
assert w2n("năm mươi lăm phần trăm") == 500, w2n("năm mươi lăm phần trăm")
assert w2n("bảy mươi tám phần trăm") == 800 and w2n("chín mươi phần trăm") == 0
assert n2w("95,5") == n2w("95.5") == n2w("955") == "chín trăm năm mươi lăm", n2w("95,5")
print("w2n: năm mươi lăm phần trăm =", w2n("năm mươi lăm phần trăm"), "| n2w: 95,5 =", n2w("95,5"))
PY
