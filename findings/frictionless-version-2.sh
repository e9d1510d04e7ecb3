#!/usr/bin/env bash
# frictionless asks a whole package for its version of Data Package: a table schema that says v2 is refused, and what
# it then admits it does not check
#
# guess    a table schema whose $schema is that of v2 may use what v2 brought (75 %); categories and uniqueKeys are
#          then checked (60 %).
# version  frictionless 5.21.0
# seen     missingValues with labels and exclusiveMaximum raise "requires datapackage v2" in a resource whose schema
#          names v2; in a package that names v2 they work. There, categories and uniqueKeys are accepted and never
#          checked: a value outside the categories and the same key twice are valid.
# means    a valid report says nothing about two v2 rules; put the categories also in constraints.enum and the key
#          in primaryKey.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check frictionless==5.21.0
venv/bin/python -W ignore - <<'PY'
from pathlib import Path

from frictionless import FrictionlessException, Package, Resource

V2 = "https://datapackage.org/profiles/2.0/"
A, B = {"name": "a", "type": "integer"}, {"name": "b", "type": "string"}
LABELLED = {"fields": [A, B], "missingValues": [{"value": "…", "label": "không có"}]}
KEYS = {"fields": [A, B]}


def in_package(schema, text):
    Path("a.csv").write_text(text)
    resource = {"name": "a", "path": "a.csv", "schema": schema}
    package = Package.from_descriptor({"$schema": V2 + "datapackage.json", "name": "p", "resources": [resource]})
    return package.validate().valid


Path("a.csv").write_text("a,b\n1,Sở\n…,Sở\n")
try:
    Resource.from_descriptor({"name": "a", "path": "a.csv", "schema": {"$schema": V2 + "tableschema.json", **LABELLED}})
    raise SystemExit("a schema of version 2 stands alone now")
except FrictionlessException as error:
    assert "requires datapackage v2" in str(error) or "require datapackage v2" in str(error), error
assert in_package(LABELLED, "a,b\n1,Sở\n…,Sở\n")
bounded = {"fields": [{**A, "constraints": {"exclusiveMaximum": 2}}, B]}
assert not in_package(bounded, "a,b\n2,Sở\n")
assert not in_package({**KEYS, "primaryKey": ["a"]}, "a,b\n1,Sở\n1,Sở\n")
assert in_package({**KEYS, "uniqueKeys": [["a"]]}, "a,b\n1,Sở\n1,Sở\n")
assert in_package({"fields": [A, {**B, "categories": ["Sở"]}]}, "a,b\n1,Sở\n2,Huyện\n")
print("frictionless: v2 only by package; there exclusiveMaximum is checked, uniqueKeys and categories are not")
PY
