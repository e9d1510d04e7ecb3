#!/usr/bin/env bash
# petl counts a unit without a figure among those below 50 %
#
# guess    selectlt(table, "share", 50) leaves out the row whose share is None (50 %).
# version  petl 1.7.30
# seen     None is less than every number: selectlt and selectle keep the row, selectgt and selectge drop it; stats()
#          calls it an error and leaves it out.
# means    a list of units that fall short holds those that did not report, and "below" and "not below" add up to all
#          units, so that no sum shows it. Drop them first: selectnotnone(table, "share").
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check petl==1.7.30 "setuptools<81"
venv/bin/python -W ignore - <<'PY'
import petl

table = [["unit", "share"], ["A", 40], ["B", None], ["C", 95.5]]
below = list(petl.values(petl.selectlt(table, "share", 50), "unit"))
assert below == list(petl.values(petl.selectle(table, "share", 50), "unit")) == ["A", "B"], below
for rest in (petl.selectge, petl.selectgt):
    assert list(petl.values(rest(table, "share", 50), "unit")) == ["C"], rest
assert list(petl.values(petl.selectlt(petl.selectnotnone(table, "share"), "share", 50), "unit")) == ["A"]
summed = petl.stats(table, "share")
assert (summed.count, summed.errors) == (2, 1), summed
print("petl: of A 40, B missing and C 95.5 below 50 are", below)
PY
