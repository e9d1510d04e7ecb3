#!/usr/bin/env bash
# Prophet goes beyond its own cap: 100.8 % of the units by logistic growth with cap 100
#
# guess    yhat stays below the cap of a logistic trend (90 %), if not its interval (70 %).
# version  prophet 1.5.0
# seen     annual rates from 60 to 99 with cap=100 are forecast as 100.8; the trend is below 100, but a yearly
#          season is fitted to one figure a year and added to it. With yearly_seasonality=False the forecast is
#          below 100.
# means    a page says that more than all will have done it. Switch the seasons off for annual data, or clip, and
#          check the upper bound too.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check prophet==1.5.0 pandas==2.3.3
venv/bin/python -W ignore - <<'PY'
import logging

import pandas as pd
from prophet import Prophet

logging.disable(logging.CRITICAL)
years = pd.to_datetime([f"{year}-01-01" for year in range(2013, 2021)])
data = pd.DataFrame({"ds": years, "y": [60, 70, 80, 88, 93, 96, 98, 99.0], "cap": 100})


def ahead(**settings):
    model = Prophet(growth="logistic", **settings).fit(data, seed=1)
    future = model.make_future_dataframe(2, freq="YS").assign(cap=100)
    return model.predict(future).tail(2), list(model.seasonalities)


forecast, seasons = ahead()
assert seasons == ["yearly"] and (forecast["trend"] < 100).all()
assert (forecast["yhat"] > 100).all(), forecast["yhat"]
assert (ahead(yearly_seasonality=False)[0]["yhat"] < 100).all()
print("Prophet, logistic, cap=100:", forecast["yhat"].round(1).tolist(), "trend", forecast["trend"].round(1).tolist())
PY
