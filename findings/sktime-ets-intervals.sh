#!/usr/bin/env bash
# sktime's AutoETS forecasts, but has no intervals for multiplicative errors with statsmodels 0.15
#
# guess    AutoETS(auto=True) gives forecasts and intervals for six figures (60 %).
# version  sktime 1.2.0 with statsmodels 0.15.0, which its own requirements admit
# seen     fit and predict work; predict_interval raises TypeError (simulate_kwargs) whenever the chosen model has
#          no closed form, which is so for multiplicative errors; with additive errors it works.
# means    a batch over many indicators stops at those for which the automatic choice is multiplicative: it depends
#          on the figures, not on the code. Ask for error="add", or take statsmodels below 0.15.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check sktime==1.2.0 statsmodels==0.15.0 pandas==2.3.3
venv/bin/python -W ignore - <<'PY'
import pandas as pd
from sktime.forecasting.ets import AutoETS

series = pd.Series([60, 64, 69, 71, 76, 80.0], index=pd.period_range("2015", "2020", freq="Y"))
assert AutoETS(error="add", trend="add").fit(series).predict_interval([1], coverage=0.8).shape == (1, 2)
model = AutoETS(auto=True).fit(series)
assert model.predict([1]).notna().all()
try:
    model.predict_interval([1], coverage=0.8)
    raise SystemExit("the intervals are there now")
except TypeError as error:
    assert "simulate_kwargs" in str(error), error
    print("AutoETS(auto=True): predict works, predict_interval raises", error)
PY
