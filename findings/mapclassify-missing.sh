#!/usr/bin/env bash
# mapclassify puts a unit without a figure into the lowest class, and with one such unit the classes of the others fall
#
# guess    a missing value is refused, or has a class of its own (70 %).
# version  mapclassify 2.10.0 with numpy 2.4.6
# seen     of 1, 2, 3, missing, 5, 6, 7, 8 in three classes EqualInterval counts the missing one among the lowest (4 of
#          8); Quantiles has the bounds 3.7, 6.7 and nan, puts 7 and 8 into the lowest class and nothing into the
#          highest; FisherJenks puts all eight into the lowest. NaturalBreaks alone refuses. Without the missing value
#          7 and 8 are in the highest class by all of them.
# means    on a map of provinces or districts by class the one that did not report is coloured as the worst, and, but
#          for equal intervals, so are the best; the counts in the legend add up to all units.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check mapclassify==2.10.0 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import mapclassify as classes
import numpy as np

units = np.array([1, 2, 3, np.nan, 5, 6, 7, 8])
found = {of.__name__: of(units, k=3) for of in (classes.EqualInterval, classes.Quantiles, classes.FisherJenks)}
told = {name: one.yb.tolist() for name, one in found.items()}
assert told == {
    "EqualInterval": [0, 0, 0, 0, 1, 2, 2, 2],
    "Quantiles": [0, 0, 0, 0, 1, 1, 0, 0],
    "FisherJenks": [0] * 8,
}, told
for of in (classes.EqualInterval, classes.Quantiles, classes.FisherJenks):
    assert of(units[~np.isnan(units)], k=3).yb.tolist()[-2:] == [2, 2]
print("mapclassify, quantiles of 1, 2, 3, missing, 5, 6, 7, 8 are of the classes", told["Quantiles"])
PY
