#!/usr/bin/env bash
# pandera reads a Table Schema's "Không" as True
#
# guess    trueValues and falseValues of a Frictionless schema are honoured or refused (65 %).
# version  pandera 0.35.0, pandas 3.1.1, frictionless 5.21.0
# seen     from_frictionless_schema() knows the type only; validate() coerces with bool(), so "Không", "0" and
#          "false" are True; frictionless reads the same cells as False.
# means    every unit has done what the form asks ("Có"), and the validation passed. Read with frictionless, or
#          convert the words before pandera sees them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check "pandera[io]==0.35.0" pandas==3.1.1 frictionless==5.21.0
venv/bin/python -W ignore - <<'PY'
import pandas as pd
from frictionless import Resource
from pandera.io.pandas_io import from_frictionless_schema

field = {"name": "a", "type": "boolean", "trueValues": ["Có", "1", "true"], "falseValues": ["Không", "0", "false"]}
words = ["Có", "Không", "0", "false"]
resource = Resource.from_descriptor(
    {"name": "a", "data": [["a"], *[[word] for word in words]], "schema": {"fields": [field]}}
)
by_frictionless = [row["a"] for row in resource.read_rows()]
by_pandera = from_frictionless_schema({"fields": [field]}).validate(pd.DataFrame({"a": words}))["a"].tolist()
assert by_frictionless == [True, False, False, False], by_frictionless
assert by_pandera == [True, True, True, True], by_pandera
print("Có, Không, 0, false: frictionless", by_frictionless, "pandera", by_pandera)
PY
