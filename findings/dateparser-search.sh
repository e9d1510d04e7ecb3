#!/usr/bin/env bash
# dateparser reads an official date, and finds three other dates in a sentence that holds it
#
# guess    search_dates finds 8.11.2011 and nothing else (40 %), or beside it something in the number of the
#          document (the rest).
# version  dateparser 1.5.0
# seen     parse("08 tháng 11 năm 2011") is right; in a sentence search_dates finds "08 tháng" (eight months ago),
#          "11 năm" (eleven years ago) and "2011", and not the date; "95,5%" is a date of 1995.
# means    dates of decisions taken from running text lie in years that nobody wrote, and change with the day of the
#          run. Find "ngày … tháng … năm …" by a pattern and give only that to parse.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check dateparser==1.5.0
venv/bin/python -W ignore - <<'PY'
from datetime import datetime

import dateparser
from dateparser.search import search_dates

settings = {"RELATIVE_BASE": datetime(2026, 7, 15)}
assert dateparser.parse("08 tháng 11 năm 2011", languages=["vi"], settings=settings) == datetime(2011, 11, 8)
sentence = "Nghị quyết số 30c/NQ-CP ngày 08 tháng 11 năm 2011 của Chính phủ"
found = [(text, day.strftime("%Y-%m")) for text, day in search_dates(sentence, languages=["vi"], settings=settings)]
assert found == [("08 tháng", "2025-11"), ("11 năm", "2015-07"), ("2011", "2011-07")], found
rate = dict(search_dates("Tỷ lệ đạt 95,5% so với năm 2019.", languages=["vi"], settings=settings))
assert rate["95,5%"].year == 1995, rate
print("search_dates, 8.11.2011:", found, "and 95,5% is of", rate["95,5%"].year)
PY
