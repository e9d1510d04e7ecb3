#!/usr/bin/env bash
# pygal writes 0 for a missing figure in stacked, radar and pie charts, and leaves it out of the others
#
# guess    None is a missing figure in stacked bars (60 %) and stacked lines (50 %), as it is in lines and bars.
# version  pygal 3.1.3
# seen     Line, Bar, HorizontalBar and Dot show nothing for None; StackedLine, StackedBar, HorizontalStackedBar, Radar,
#          Funnel and Pie have a mark there whose value is "0" (StackedLine: "11 (+0)"), the same as for a real 0.
# means    with the same table one chart says that a unit did not report and the next that it reported nothing, and a
#          total of a year falls that is only incomplete. Leave that year out of stacked charts, or say what is missing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pygal==3.1.3 "setuptools<81"
venv/bin/python -W ignore - <<'PY'
import re

import pygal


def told(kind, figure):
    """The values that a reader sees on pointing at the marks of unit B, which has 5, the figure and 7."""
    chart = kind()
    chart.x_labels = ["2018", "2019", "2020"]
    chart.add("A", [10, 11, 12])
    chart.add("B", [5, figure, 7])
    return re.findall(r'class="value">([^<]*)<', chart.render().decode())


for kind in (pygal.Line, pygal.Bar, pygal.HorizontalBar, pygal.Dot):
    assert len(told(kind, None)) == len(told(kind, 0)) - 1, (kind, told(kind, None))
zeros = (pygal.StackedLine, pygal.StackedBar, pygal.HorizontalStackedBar, pygal.Radar, pygal.Funnel, pygal.Pie)
for kind in zeros:
    assert told(kind, None) == told(kind, 0), (kind, told(kind, None))
assert told(pygal.StackedBar, None)[3:] == ["5", "0", "7"], told(pygal.StackedBar, None)
assert told(pygal.StackedLine, None)[4] == "11 (+0)", told(pygal.StackedLine, None)
print("pygal: 5, missing, 7 are", told(pygal.Line, None)[3:], "in lines,", told(pygal.StackedBar, None)[3:], "stacked")
PY
