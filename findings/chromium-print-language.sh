#!/usr/bin/env bash
# Chromium drops the language of words when it prints: English in a Vietnamese page is read as Vietnamese
#
# guess    <span lang="en"> becomes a Span with /Lang (65 %).
# version  Chromium 156 (Debian 12), print to PDF with tags
# seen     a paragraph, a cell and an <em> with lang="en" have /Lang in the tags; a span and a <q> have none, in the
#          tags or in marked content; a span with role="mark" has it, as NonStruct.
# means    a page that passes the check for language of parts (WCAG 3.1.2) fails it as PDF: give such words a role in
#          the copy that is printed.
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


reader = printed(
    '<p>Chữ <span lang="en">interoperability</span> và <q lang="en">cloud</q>, <em lang="en">big data</em>, '
    '<span role="mark" lang="en">open data</span></p>'
    '<p lang="en">A whole paragraph.</p>'
    '<table><tr><td lang="en">digital government</td><td>chính phủ số</td></tr></table>'
)
root = reader.trailer["/Root"]
languages = [(tag["/S"], tag["/Lang"]) for tag in tags(root["/StructTreeRoot"]["/K"]) if "/Lang" in tag]
assert root["/Lang"] == "vi"
kept = [("/Em", "en"), ("/NonStruct", "en"), ("/P", "en"), ("/NonStruct", "en")]
assert languages == [("/Document", "vi"), *kept], languages
assert b"/Lang" not in reader.pages[0].get_contents().get_data()
print("Chromium: lang=en on a span, a q, an em, a span with a role, a paragraph and a cell; in the tags:", languages)
PY
