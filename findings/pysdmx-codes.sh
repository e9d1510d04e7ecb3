#!/usr/bin/env bash
# pysdmx takes the leading zeros from the codes of an SDMX-CSV file, not from those of SDMX-ML
#
# guess    the area "01" stays the text 01 (80 %).
# version  pysdmx 1.21.0
# seen     read from CSV, REF_AREA 01 and 08 are the texts "1" and "8", indicator codes 1.10 and 12E3 are "1.1" and
#          "12000.0"; with one code of letters in the column nothing is lost. From SDMX-ML all come as they are.
# means    Viet Nam's provinces are numbered 01 to 96: joined with a code list, the first nine fall out, and only as
#          long as no code like VN is in the file.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check "pysdmx[data]==1.21.0"
venv/bin/python -W ignore - <<'PY'
from pathlib import Path

from pysdmx.io import read_sdmx

HEAD = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,IND,TIME_PERIOD,OBS_VALUE\n"


def codes(*values):
    rows = [f"dataflow,VN:REFORM(1.0),I,{code},I1,{2018 + n},95.50\n" for n, code in enumerate(values)]
    Path("a.csv").write_text(HEAD + "".join(rows))
    return read_sdmx("a.csv").data[0].data["REF_AREA"].tolist()


assert codes("01", "08", "96") == ["1", "8", "96"], codes("01", "08", "96")
assert codes("01", "08", "VN") == ["01", "08", "VN"], codes("01", "08", "VN")
assert codes("1.10", "1.2") == ["1.1", "1.2"] and codes("12E3", "13E3") == ["12000.0", "13000.0"]
print("pysdmx, SDMX-CSV: 01, 08, 96 are", codes("01", "08", "96"), "and with VN", codes("01", "08", "VN"))
PY
