#!/usr/bin/env bash
# A table printed by Chromium has no tag for its empty cells: the figures after them move to the left
#
# guess    the tags mirror the HTML table, cell for cell, with scopes and spans (65 to 70 %).
# version  Chromium 156 (Debian 12), print to PDF with tags
# seen     where borders collapse, the rows of a table of four columns have 4, 3 and 2 cells: every empty <td> is
#          left out, and so is one with a blank; one with a dash, or with a non-breaking space, is there. With
#          separate borders all are there. Scope, RowSpan, ColSpan and Headers are right.
# means    a missing value is an empty cell: in a screen reader, and in every tool that exports tagged tables, 2020
#          is then heard or written as 2019. Print a sign ("…", "–") for what is missing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install -qq --disable-pip-version-check pypdf==7.1.1
venv/bin/python -W ignore - <<'PY'
import shutil
import subprocess
from pathlib import Path

import pypdf

browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
assert browser, "a Chromium is needed (Debian: apt-get install chromium)"


def printed(body):
    Path("a.html").write_text(
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Báo cáo</title>{body}</html>'
    )
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir=profile"]
    flags += ["--export-tagged-pdf", "--generate-pdf-document-outline", "--print-to-pdf=a.pdf"]
    subprocess.run([browser, *flags, "a.html"], check=True, capture_output=True, timeout=120)
    return pypdf.PdfReader("a.pdf")


def tags(node):
    """Every element of the structure tree with its depth-first order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    for child in node if isinstance(node, list) else [node]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, dict):
            if "/S" in child:
                yield child
            if "/K" in child:
                yield from tags(child["/K"])


rows = (("95", "96", "97"), ("95", "", "97"), (" ", "", "97"), ("–", "&nbsp;", "97"))
body = "".join("<tr><th scope=row>Tỷ lệ</th>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


def cells(css):
    reader = printed(f"<style>table{{{css}}}td,th{{border:1px solid}}</style><table>{body}</table>")
    rows = [tag for tag in tags(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]) if tag["/S"] == "/TR"]
    return [sum(cell["/S"] in ("/TH", "/TD") for cell in tags(row["/K"])) for row in rows]


assert cells("border-collapse:separate") == [4, 4, 4, 4]
seen = cells("border-collapse:collapse")
assert seen == [4, 3, 2, 4], seen
print("Chromium: rows of four cells with 0, 1 and 2 of them empty have", seen[:3], "cells in the tags")
PY
