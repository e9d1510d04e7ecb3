#!/usr/bin/env bash
# GitHub's Markdown crosses out what stands between two ranges: "5~6% năm 2019, 7~8% năm 2020"
#
# guess    a single ~ between digits is left as it is (60 %), by nbconvert too (75 %).
# version  cmarkgfm 2025.10.22 (GitHub's cmark); nbconvert 7.17.2 and pypandoc-binary 1.17 for comparison
# seen     GitHub's parser crosses out "6% năm 2019, 7"; nbconvert and pandoc's gfm and markdown print the sentence as
#          it is; pandoc's commonmark_x sets the same words as a subscript, and so does its markdown where no blank is
#          between ("5~6%,7~8%"). GitHub's specification allows one tilde or two, and says nothing of digits.
# means    a text whose page is right has withdrawn figures on GitHub: the upper end of one range, a year and the lower
#          end of the next are struck. Write ranges with an en dash.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check \
    cmarkgfm==2025.10.22 nbconvert==7.17.2 pypandoc-binary==1.17
venv/bin/python -W ignore - <<'PY'
import cmarkgfm
import pypandoc
from nbconvert.filters import markdown2html

told = "Tăng 5~6% năm 2019, 7~8% năm 2020."
struck = cmarkgfm.github_flavored_markdown_to_html(told).strip()
assert struck == "<p>Tăng 5<del>6% năm 2019, 7</del>8% năm 2020.</p>", struck
for page in (markdown2html(told), *(pypandoc.convert_text(told, "html", format=kind) for kind in ("gfm", "markdown"))):
    assert page.strip() == f"<p>{told}</p>", page
for source, kind in ((told, "commonmark_x"), ("5~6%,7~8%", "markdown")):
    assert "<sub>" in pypandoc.convert_text(source, "html", format=kind), kind
print("GitHub's Markdown:", struck)
PY
