#!/usr/bin/env bash
# pyjanitor's clean_names gives different Vietnamese columns one name, without a word, and keeps the letter đ
#
# guess    columns that become equal get a number or an error (70 %); "Đơn vị" becomes don_vi (60 %).
# version  pyjanitor 0.32.60 with pandas 3.1.1
# seen     "Số" (number) and "Sở" (department) are both "so", "Mục" (item) and "Mức" (level) both "muc": df["so"] is
#          then a frame of two columns. "Đơn vị" is "đon_vi": accents fall, the bar of đ stays.
# means    heads of Vietnamese tables differ by their marks alone: keep the marks (strip_accents=False), and test that
#          names are unique.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pyjanitor==0.32.60 pandas==3.1.1
venv/bin/python -W ignore - <<'PY'
import janitor  # noqa: F401
import pandas as pd

frame = pd.DataFrame([[1, 2, 3, 4, 5]], columns=["Số", "Sở", "Mục", "Mức", "Đơn vị"])
seen = list(frame.clean_names().columns)
assert seen == ["so", "so", "muc", "muc", "đon_vi"], seen
assert frame.clean_names()["so"].shape == (1, 2)
assert frame.clean_names(strip_accents=False).columns.is_unique
print("clean_names:", seen)
PY
