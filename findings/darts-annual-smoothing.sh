#!/usr/bin/env bash
# darts: exponential smoothing cannot be fitted to annual figures as it comes
#
# guess    ExponentialSmoothing() fits eight annual figures (60 %).
# version  darts 0.48.1
# seen     it looks for a season in data that have none: years as numbers raise "less than two full seasonal cycles"
#          (a season of 12), years as dates "seasonal_periods must be larger than 1"; with
#          seasonal=SeasonalityMode.NONE both work. Theta() of the same library is content.
# means    a comparison of methods on annual indicators loses one method, or its figures if the error is caught and
#          skipped.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check darts==0.48.1 pandas==2.3.3
venv/bin/python -W ignore - <<'PY'
import pandas as pd
from darts import TimeSeries
from darts.models import ExponentialSmoothing, Theta
from darts.utils.utils import SeasonalityMode

figures = [60, 64, 69, 71, 76, 80, 83, 85.0]
years = range(2013, 2021)
seen = []
for time in (list(years), pd.to_datetime([f"{year}-01-01" for year in years])):
    series = TimeSeries.from_dataframe(pd.DataFrame({"t": time, "y": figures}), "t", "y")
    Theta().fit(series)
    ExponentialSmoothing(seasonal=SeasonalityMode.NONE).fit(series)
    try:
        ExponentialSmoothing().fit(series)
        raise SystemExit("it can be fitted now")
    except ValueError as error:
        seen.append(str(error))
assert "seasonal cycles" in seen[0] and "larger than 1" in seen[1], seen
print("ExponentialSmoothing() on eight years:", *seen, sep=" | ")
PY
