#!/usr/bin/env bash
# sdmx1 files the seventh month under January, and the second four-month period under February
#
# guess    SDMX periods become dates: quarters right (85 %) and the other reporting periods like them; half-years
#          are refused (60 %).
# version  sdmx1 2.28.0, pandas 3.1.1
# seen     datetime="TIME_PERIOD": 2020-Q3 is 2020-07-01, but 2020-M07 is 2020-01-01 00:00:07 (seven seconds) and as
#          a period 2020-01; 2020-T2 is 2020-02-01. 2020-S1, -W53 and -A1 raise an error.
# means    twelve months of a service that writes SDMX's own month notation all land in January, and a sum by month
#          or a chart shows one. Convert -Mnn and -Tn before asking for dates.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check sdmx1==2.28.0 pandas==3.1.1
venv/bin/python -W ignore - <<'PY'
import io
import logging

import sdmx

logging.disable(logging.CRITICAL)
SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
STRUCTURE = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=VN:REFORM(1.0)"
MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<m:StructureSpecificData xmlns:m="{s}message" xmlns:d="{s}data/structurespecific" xmlns:c="{s}common"
  xmlns:n="{u}:ObsLevelDim:TIME_PERIOD" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <m:Header><m:ID>x</m:ID><m:Test>false</m:Test><m:Prepared>2021-01-01T00:00:00</m:Prepared><m:Sender id="VN"/>
  <m:Structure structureID="S" namespace="{u}" dimensionAtObservation="TIME_PERIOD"><c:Structure>
   <Ref agencyID="VN" id="REFORM" version="1.0" class="DataStructure"/></c:Structure></m:Structure></m:Header>
 <m:DataSet d:structureRef="S" xsi:type="n:DataSetType" d:dataScope="DataStructure" action="Replace">
  <Series FREQ="{f}" REF_AREA="VN"><Obs TIME_PERIOD="{t}" OBS_VALUE="95.5"/></Series></m:DataSet>
</m:StructureSpecificData>"""


def dated(frequency, period, asked):
    text = MESSAGE.format(s=SCHEMAS, u=STRUCTURE, f=frequency, t=period)
    data = sdmx.read_sdmx(io.BytesIO(text.encode())).data[0]
    return str(sdmx.to_pandas(data, datetime=asked).index[0])


assert dated("Q", "2020-Q3", "TIME_PERIOD") == "2020-07-01 00:00:00"
month, trimester = dated("M", "2020-M07", "TIME_PERIOD"), dated("T", "2020-T2", "TIME_PERIOD")
period = dated("M", "2020-M07", {"dim": "TIME_PERIOD", "freq": "FREQ"})
assert (month, period, trimester) == ("2020-01-01 00:00:07", "2020-01", "2020-02-01 00:00:00"), (
    month,
    period,
    trimester,
)
try:
    dated("S", "2020-S1", "TIME_PERIOD")
    raise SystemExit("2020-S1 is read now")
except ValueError:
    print(f"sdmx1: 2020-M07 is {month}, as a period {period}; 2020-T2 is {trimester}; 2020-S1 is an error")
PY
