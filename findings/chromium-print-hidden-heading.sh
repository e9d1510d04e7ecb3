#!/usr/bin/env bash
# A heading that is only for screen readers is in neither the tags nor the bookmarks of a page that Chromium prints
#
# guess    a visually hidden <h2> is in the bookmarks (70 %).
# version  Chromium 156 (Debian 12), print to PDF with tags and outline
# seen     with the usual rule (one pixel, overflow hidden, clip-path) the heading has no tag and no bookmark; off
#          the page to the left, or with opacity 0, it has neither; one pixel high in a transparent colour it has
#          both.
# means    sections whose heading is hidden because a chart shows it have no name in the PDF: print it, or print it
#          one pixel high in a transparent colour.
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


styles = {
    "clipped": "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap",
    "left": "position:absolute;left:-9999px",
    "transparent": "opacity:0",
    "tiny": "font-size:1px;color:transparent",
    "plain": "",
}
reader = printed("<h1>Báo cáo</h1>" + "".join(f'<h2 style="{css}">{name}</h2><p>x</p>' for name, css in styles.items()))


def titles(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from titles(entry)
        else:
            yield entry.title


headings = sum(tag["/S"] == "/H2" for tag in tags(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))
bookmarks = list(titles(reader.outline))
assert bookmarks == ["Báo cáo", "tiny", "plain"] and headings == 2, (bookmarks, headings)
print("Chromium: of five h2 (clipped, off the page, opacity 0, tiny, plain) the bookmarks have", bookmarks[1:])
PY
