#!/usr/bin/env bash
# csvkit takes a decimal comma for a separator of thousands: "95,5" becomes 955, "0,13" becomes 13
#
# guess    a number with one digit after its comma is no English number and stays text (80 %).
# version  csvkit 2.2.0 with agate 1.14.2
# seen     in2csv writes 955 for "95,5" and 13 for "0,13", and leaves "1.445" beside them; csvstat calculates with them.
#          With `--locale vi_VN` they are 95.5, 0.13 and 1445.
# means    shares of a Vietnamese file come out ten and a hundred times too large, without a word, where the locale is
#          not named; nothing looks wrong, as the columns are numeric.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check csvkit==2.2.0 agate==1.14.2
printf 'Nội dung,2018,2019\nChữ ký số,479,"1.445"\nDịch vụ,"95,5","0,13"\n' >a.csv
read_as=$(venv/bin/in2csv a.csv | tail -n 1)
[ "$read_as" = "Dịch vụ,955,13" ] || { echo "in2csv: $read_as"; exit 1; }
[ "$(venv/bin/csvstat a.csv --columns 2 --max)" = "955" ] || { echo "csvstat: no 955"; exit 1; }
named=$(venv/bin/in2csv --locale vi_VN a.csv | tail -n 1)
[ "$named" = "Dịch vụ,95.5,0.13" ] || { echo "in2csv, vi_VN: $named"; exit 1; }
echo "csvkit: \"95,5\" and \"0,13\" are read as ${read_as#*,}"
