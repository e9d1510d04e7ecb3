#!/usr/bin/env bash
# statsforecast: one unit with six annual figures or fewer leaves all units without an ETS forecast
#
# guess    AutoETS gives a finite forecast for five figures (80 %).
# version  statsforecast 2.1.1
# seen     AutoETS and Holt raise NotImplementedError ("tiny datasets") below seven figures unless they are all
#          equal; in a panel that error ends the run for every series; with fallback_model only the short one
#          changes its method.
# means    reports that began in 2015 have six figures in 2020: a new unit stops the forecasts of all others. Give
#          fallback_model, and say on the page which series it made.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check statsforecast==2.1.1 pandas==2.3.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, Naive


def unit(name, years):
    values = 60 + 3.1 * np.arange(years) + np.sin(np.arange(years))
    return pd.DataFrame({"unique_id": name, "ds": np.arange(2021 - years, 2021), "y": values})


def forecast(data, **settings):
    return StatsForecast([AutoETS()], freq=1, **settings).forecast(df=data, h=1)


assert len(forecast(unit("a", 7))) == 1
panel = pd.concat([unit("a", 12), unit("b", 10), unit("c", 6)])
try:
    forecast(panel)
    raise SystemExit("six figures are enough now")
except NotImplementedError as error:
    message = error
assert forecast(panel, fallback_model=Naive())["AutoETS"].notna().all()
print(f"AutoETS on 12, 10 and 6 years: NotImplementedError ({message}) for all three")
PY
