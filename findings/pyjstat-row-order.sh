#!/usr/bin/env bash
# pyjstat writes a frame sorted by year as JSON-stat in which figures belong to other years and units
#
# guess    rows find their cells by their labels, whatever their order (85 %); a missing row becomes a null (65 %).
# version  pyjstat 2.4.0 with pandas 2.3.3
# seen     the column of values is written as it stands, and dimensions in order of first appearance: of two units and
#          two years sorted by year, the first unit's 2018 and the second's 2017 change places. With a row lacking,
#          three values are written for four cells, which pyjstat itself cannot read again.
# means    sort by all dimensions and fill the cube (reindex) before Dataset.read(frame).write().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pyjstat==2.4.0 pandas==2.3.3
venv/bin/python -W ignore - <<'PY'
import json

import pandas as pd
from pyjstat import pyjstat


def written(rows):
    return pyjstat.Dataset.read(pd.DataFrame(rows, columns=["unit", "year", "value"])).write()


by_year = [["A", "2017", 1.0], ["B", "2017", 3.0], ["A", "2018", 2.0], ["B", "2018", 4.0]]
back = pyjstat.Dataset.read(written(by_year)).write("dataframe").values.tolist()
assert back == [["A", "2017", 1.0], ["A", "2018", 3.0], ["B", "2017", 2.0], ["B", "2018", 4.0]], back
lacking = json.loads(written([["A", "2017", 1.0], ["A", "2018", 2.0], ["B", "2018", 4.0]]))
assert lacking["size"] == [2, 2] and lacking["value"] == [1.0, 2.0, 4.0], lacking
print("pyjstat: A 2018 = 2, B 2017 = 3 come back as", back[1], back[2], "| 4 cells, values", lacking["value"])
PY
