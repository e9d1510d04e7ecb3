#!/usr/bin/env bash
# sktime's Theta method gives each forecast a year too early
#
# guess    a Theta forecast of six annual figures and its interval are in order (75 %).
# version  sktime 1.2.0; statsmodels 0.15.0 agrees with the published formula; open as sktime issue 421
# seen     ThetaForecaster counts the drift from h where Hyndman and Billah (2003) count from h - 1: on a series
#          that SES follows closely, its forecast for 2021 is statsmodels' for 2022, to three decimals, and so on.
# means    half a year's growth is added to every forecast, so that a target is reached a year too soon; use
#          StatsModels' ThetaModel.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check sktime==1.2.0 statsmodels==0.15.0 pandas==2.3.3
venv/bin/python -W ignore - <<'PY'
import pandas as pd
from sktime.forecasting.theta import ThetaForecaster
from statsmodels.tsa.forecasting.theta import ThetaModel

series = pd.Series([60, 64, 69, 71, 76, 80.0], index=pd.period_range("2015", "2020", freq="Y"))
by_sktime = ThetaForecaster(deseasonalize=False).fit(series).predict([1, 2, 3]).round(2).tolist()
by_statsmodels = ThetaModel(series, period=1, deseasonalize=False).fit().forecast(4).round(2).tolist()
assert by_statsmodels[:2] == [81.97, 83.94], by_statsmodels
assert by_sktime == by_statsmodels[1:], (by_sktime, by_statsmodels)
print("2021 to 2023 by sktime", by_sktime, "2021 to 2024 by statsmodels", by_statsmodels)
PY
