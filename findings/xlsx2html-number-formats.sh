#!/usr/bin/env bash
# xlsx2html shows 2020 in a cell of format Text as 2000, 95.5 as 9550.0%, and millions without the scale
#
# guess    percentages and words in a format come out as Excel shows them (60 to 80 %), .125 as 13% (60 %).
# version  xlsx2html 0.6.4 with openpyxl 3.1.5; the first is open as xlsx2html issue 22
# seen     numbers in the format @ (Text) keep one digit: 2020 is 2000, 539 is 500, 95.5 is 100. A percent sign that the
#          format quotes multiplies by 100: 95.5 by `0.0"%"` is 9550.0"%". The commas of `#,##0.0,,` (millions) are
#          passed over. Ties go to the even digit: .125 by `0%` is 12%, 2.5 by `0` is 2. A condition is printed:
#          1445 by `[=0]"–";#,##0` is [=1445]"–". 0.955 by `0.0%` and 1445 by `#,##0` are right.
# means    a workbook put on the web so shows other figures than its authors saw: years that somebody entered in cells
#          formatted as text, shares that are kept as 95.5, budgets a million times too large beside "triệu" (million).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check xlsx2html==0.6.4 openpyxl==3.1.5
venv/bin/python -W ignore - <<'PY'
import re

from openpyxl import Workbook
from xlsx2html import xlsx2html

shown_by_form = [
    (2020, "@", "2000"),
    (539, "@", "500"),
    (95.5, "@", "100"),
    (95.5, '0.0"%"', '9550.0"%"'),
    (12_500_000, '#,##0.0,," triệu"', '12,500,000.0" triệu"'),
    (0.125, "0%", "12%"),
    (2.5, "0", "2"),
    (1445, '[=0]"–";#,##0', '[=1445]"–"'),
    (0.955, "0.0%", "95.5%"),
    (1445, "#,##0", "1,445"),
]
book = Workbook()
for row, (value, form, _) in enumerate(shown_by_form, 1):
    book.active.cell(row, 1, value).number_format = form
book.save("a.xlsx")
page = xlsx2html("a.xlsx", locale="en")
page.seek(0)
seen = re.findall(r"<td[^>]*>(.*?)</td>", page.read(), re.S)
assert seen == [shown for _, _, shown in shown_by_form], seen
print("xlsx2html: 2020 as text is", seen[0], "and 95.5 percent", seen[3])
PY
