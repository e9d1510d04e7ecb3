#!/usr/bin/env bash
# frictionless describe takes a column with decimal commas for places on the map
#
# guess    a column of "95,5" and "10,2" is described as string (55 %).
# version  frictionless 5.21.0
# seen     the type is geopoint, and the file is valid by the schema it writes: 95,5 is read as longitude 95,
#          latitude 5; "1.095,5" is another place; "95,5%" is a string.
# means    a data package described by command says of a rate that it is a place, and its rows hold pairs of
#          numbers. Write the schema by hand, with number and decimalChar.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check frictionless==5.21.0
venv/bin/python -W ignore - <<'PY'
from pathlib import Path

from frictionless import Resource, describe


def kind(*values):
    Path("a.csv").write_text("ten,ty_le\n" + "".join(f'a,"{value}"\n' for value in values))
    return describe("a.csv").schema.get_field("ty_le").type


assert kind("95,5", "10,2") == "geopoint", kind("95,5", "10,2")
assert kind("1.095,5", "2.010,2") == "geopoint" and kind("95,5%", "10,2%") == "string"
kind("95,5", "10,2")
resource = describe("a.csv")
assert isinstance(resource, Resource) and resource.validate().valid
cell = resource.read_rows()[0]["ty_le"]
assert len(cell) == 2, cell
print("frictionless: 95,5 and 10,2 are of type geopoint; the first is", cell)
PY
