#!/usr/bin/env bash
# vietnamadminunits reads the name of a province that was merged as one ward of the new province
#
# guess    "tỉnh Trà Vinh" gives the province Vĩnh Long, and no ward (70 %), or nothing (20 %).
# version  vietnamadminunits 1.0.4
# seen     parse_address in its default mode finds "Phường Trà Vinh", the ward made of the old provincial town, with its
#          code and position, and calls "Tỉnh" (province) or "Huyện Càng Long" (another district) the street.
#          convert_address gives the province alone, as does the mode for addresses of before July 2025 the old one.
# means    reports of units of former provinces, matched so with the new list, all lie in one ward: use convert_address.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check vietnamadminunits==1.0.4
venv/bin/python -W ignore - <<'PY'
from vietnamadminunits import ParseMode, convert_address, parse_address

for name, street in (("tỉnh Trà Vinh", "Tỉnh"), ("huyện Càng Long, tỉnh Trà Vinh", "Huyện Càng Long")):
    unit = parse_address(name)
    seen = unit.province, unit.ward, unit.street
    assert seen == ("Tỉnh Vĩnh Long", "Phường Trà Vinh", street), seen
    new = convert_address(name)
    assert new.province == "Tỉnh Vĩnh Long" and not new.ward, (new.province, new.ward)
old = parse_address("tỉnh Trà Vinh", mode=ParseMode.LEGACY)
assert old.province == "Tỉnh Trà Vinh" and not old.ward, (old.province, old.ward)
unit = parse_address("tỉnh Trà Vinh")
print("parse_address, tỉnh Trà Vinh:", unit.street, "|", unit.ward, "|", unit.province)
PY
