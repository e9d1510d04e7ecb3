#!/usr/bin/env bash
# frictionless and tableschema take the sign of a decrease for one of the letters that bareNumber lets them strip
#
# guess    with bareNumber false "-5,2%" is -5.2 (80 %), and "−5,2%", with the minus sign of typesetters (U+2212), an
#          error (60 %).
# version  frictionless 5.21.0, tableschema 1.21.0; the hyphen was lost in frictionless too until issue 1520
# seen     frictionless reads "-5,2%" as -5.2, but "−5,2%" and "giảm 5,2%" (decreased by) as 5.2; tableschema reads all
#          three as 5.2, and the integer "-5 %" as 5. All are valid.
# means    bareNumber is the schema's way to say that a column has percent signs: with it a fall becomes a rise of the
#          same size, and no report says so. Where falls can occur, keep the column as string and read it by a pattern.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check frictionless==5.21.0 tableschema==1.21.0 "setuptools<81"
cat >changes.csv <<'CSV'
unit,change
A,"-5,2%"
B,"−5,2%"
C,"giảm 5,2%"
D,"5,2%"
CSV
venv/bin/python -W ignore - <<'PY'
import frictionless
import tableschema

number = {"name": "change", "type": "number", "bareNumber": False, "decimalChar": ","}
schema = frictionless.Schema.from_descriptor({"fields": [{"name": "unit", "type": "string"}, number]})
resource = frictionless.Resource(path="changes.csv", schema=schema)
assert resource.validate().valid
by_frictionless = [float(row["change"]) for row in resource.read_rows()]
assert by_frictionless == [-5.2, 5.2, 5.2, 5.2], by_frictionless

field = tableschema.Field(number)
by_tableschema = [float(field.cast_value(cell)) for cell in ("-5,2%", "−5,2%", "giảm 5,2%", "5,2%")]
assert by_tableschema == [5.2] * 4, by_tableschema
whole = tableschema.Field({"name": "change", "type": "integer", "bareNumber": False}).cast_value("-5 %")
assert whole == 5, whole
print("-5,2%, −5,2%, giảm 5,2%, 5,2% by frictionless", by_frictionless, "by tableschema", by_tableschema)
PY
