#!/usr/bin/env bash
# pyaxis gives the two marks of a missing cell of a PC-Axis file two values, of which pandas takes one for missing
#
# guess    "." and ".." both become NaN, numbers become numbers (75 %).
# version  pyaxis 0.4.3 with pandas 2.3.3
# seen     by default ".." is NaN and "." an empty text, which isna() does not find; "-" keeps its quotation marks; figures
#          stay texts.
# means    counting what is missing counts half of it; pd.to_numeric(frame["DATA"], errors="coerce") makes one of all.
#          Viet Nam's General Statistics Office publishes its tables in this format.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pyaxis==0.4.3 pandas==2.3.3
cat >shares.px <<'PX'
CHARSET="ANSI";
AXIS-VERSION="2010";
CODEPAGE="utf-8";
DECIMALS=1;
MATRIX="S1";
SUBJECT-AREA="Reform";
TITLE="Share by unit and year";
CONTENTS="Share";
UNITS="%";
STUB="unit";
HEADING="year";
VALUES("unit")="A","B";
VALUES("year")="2017","2018";
DATA=
91.5 ".."
"." "-";
PX
venv/bin/python -W ignore - <<'PY'
from pyaxis import pyaxis

seen = pyaxis.parse(uri="shares.px", encoding="utf-8")["DATA"]["DATA"]
assert seen.isna().tolist() == [False, True, False, False], seen
assert [seen[0], seen[2], seen[3]] == ["91.5", "", '"-"'], seen
print("pyaxis: 91.5, .., ., - are", seen.tolist())
PY
