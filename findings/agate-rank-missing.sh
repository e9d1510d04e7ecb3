#!/usr/bin/env bash
# agate ranks the unit without a figure first when the highest share is to rank first
#
# guess    missing figures rank last, whichever way the ranks go (60 %), as the documentation says.
# version  agate 1.14.2; mended in its repository since (pull request 811), in no release yet
# seen     of A 40, B missing, C 95.5 and D 90, Rank("share") gives B the last place, and Rank("share", reverse=True)
#          the first: B 1, C 2, D 3, A 4. order_by(reverse=True) puts B on top too.
# means    in a table of units by performance those that did not report lead, and everyone else is a place lower for
#          each of them. Rank the rows that have a figure: table.where(lambda row: row["share"] is not None).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check agate==1.14.2 "setuptools<81"
venv/bin/python -W ignore - <<'PY'
import agate

rows = [["A", 40], ["B", None], ["C", 95.5], ["D", 90]]
units = agate.Table(rows, ["unit", "share"], [agate.Text(), agate.Number()])


def ranks(table, **settings):
    ranked = table.compute([("rank", agate.Rank("share", **settings))])
    return {row["unit"]: int(row["rank"]) for row in ranked.rows}


assert ranks(units) == {"A": 1, "B": 4, "C": 3, "D": 2}, ranks(units)
highest_first = ranks(units, reverse=True)
assert highest_first == {"A": 4, "B": 1, "C": 2, "D": 3}, highest_first
order = list(units.order_by("share", reverse=True).columns["unit"].values())
assert order == ["B", "C", "D", "A"], order
reported = units.where(lambda row: row["share"] is not None)
assert ranks(reported, reverse=True) == {"A": 3, "C": 1, "D": 2}
print("agate: ranks of A 40, B missing, C 95.5, D 90, highest first, are", highest_first)
PY
