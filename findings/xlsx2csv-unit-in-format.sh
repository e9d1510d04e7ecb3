#!/usr/bin/env bash
# xlsx2csv takes the letters of a unit in a number format for a date: 539 with the format 0 "dịch vụ" is lost
#
# guess    text between quotation marks is no code of a date, so 539 is written (75 %).
# version  xlsx2csv 0.8.6 with openpyxl 3.1.5
# seen     539 with the format `0 "dịch vụ"` (services) is written as the text `0 "22ịc12 vụ"`, with `0;-0;"không"` (none)
#          as `0;-0;"k12ông"`; with `#,##0 "đơn vị"` (units), whose words have none of the letters d, m, y, h, s, as 539.
# means    the day and the month of serial number 539 stand in the words and the figure is gone; the file has no error.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check xlsx2csv==0.8.6 openpyxl==3.1.5
venv/bin/python - <<'PY'
from openpyxl import Workbook

book = Workbook()
for form in ('0 "dịch vụ"', '0;-0;"không"', '#,##0 "đơn vị"'):
    book.active.append([539])
    book.active.cell(book.active.max_row, 1).number_format = form
book.save("a.xlsx")
PY
read_as=$(venv/bin/xlsx2csv -d tab a.xlsx | tr -d '"' | paste -sd '|')
[ "$read_as" = '0 22ịc12 vụ|0;-0;k12ông|539' ] || { echo "xlsx2csv: $read_as"; exit 1; }
echo "xlsx2csv: 539 as services, or none, and as units is $read_as"
