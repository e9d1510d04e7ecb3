#!/usr/bin/env bash
# plotnine's stacked areas: where one unit has no figure the others fall to the floor, and its own area is drawn on
#
# guess    with one figure missing the areas of the other units stay as they are (60 %).
# version  plotnine 0.15.9 with pandas 3.1.1; ggplot2 had the same as issue 280 and aligns since 3.4.0
# seen     of A (10, 11, 12) on B (5, missing, 7) A stands on 5 and 7 in 2018 and 2020 and on 0 in 2019, its top falls
#          from 15 to 11, and B's area goes straight from 5 to 7, over it. A warning says that a row was removed.
# means    a total that grew from 15 to 19 has a dent in the year that is incomplete, and a figure that nobody reported
#          is drawn beside it. Draw lines, or leave that year out for all units.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check plotnine==0.15.9 pandas==3.1.1 matplotlib==3.11.2
MPLBACKEND=agg venv/bin/python -W ignore - <<'PY'
import pandas as pd
from plotnine import aes, geom_area, ggplot

units = pd.DataFrame({"unit": list("AAABBB"), "year": [2018, 2019, 2020] * 2, "n": [10, 11, 12, 5, None, 7]})
drawn = (ggplot(units, aes("year", "n", fill="unit")) + geom_area()).draw()
areas = [area.get_paths()[0].vertices for area in drawn.axes[0].collections]
heights = [
    {int(year): sorted({float(y) for x, y in area if x == year}) for year in sorted({x for x, _ in area})}
    for area in areas
]
assert heights == [{2018: [5, 15], 2019: [0, 11], 2020: [7, 19]}, {2018: [0, 5], 2020: [0, 7]}], heights
print("plotnine: the area of A goes from", heights[0][2018], "over", heights[0][2019], "to", heights[0][2020])
PY
