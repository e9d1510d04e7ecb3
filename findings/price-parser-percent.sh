#!/usr/bin/env bash
# price-parser cuts "95,5%" to 95, though it reads "95,5 %" whole, and takes "0,955" for 955
#
# guess    95.5 with and without a blank before the sign (80 %); 0.955, as no group begins with 0 (65 %).
# version  price-parser 0.5.1
# seen     "95,5%" is 95 and "95,5 %" is 95.5; "0,955" is 955; "đạt 95,5 %" has the currency đ (đồng), of the word "đạt".
# means    of a column of Vietnamese shares, written without the blank, the decimals fall away one by one and none is
#          missing: strip the sign, and give decimal_separator=",".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check price-parser==0.5.1
venv/bin/python - <<'PY'
from decimal import Decimal

from price_parser import Price

seen = {text: Price.fromstring(text) for text in ("95,5%", "95,5 %", "0,955", "đạt 95,5 %")}
amounts = [price.amount for price in seen.values()]
assert amounts == [Decimal("95"), Decimal("95.5"), Decimal("955"), Decimal("95.5")], amounts
assert seen["đạt 95,5 %"].currency == "đ", seen
assert Price.fromstring("0,955", decimal_separator=",").amount == Decimal("0.955")
print("price-parser:", *(f"{text} = {price.amount}" for text, price in seen.items()), sep=" | ")
PY
