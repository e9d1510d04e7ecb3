#!/usr/bin/env bash
# Bookmarks of a page printed by Chromium: lines of a long heading grow together, and one pushed to the next page says
# its first line twice
#
# guess    a heading of two lines that the end of the page pushes on has one bookmark, with its text once (80 %).
# version  Chromium 156 (Debian 12), print to PDF with outline
# seen     "Đầu biểu ghi các sở / ban ngành" is "Đầu biểu ghi các sởban ngành"; where the heading did not fit on its
#          page the bookmark begins "Đầu biểu ghi các sởĐầu biểu ghi các sởban ngành", although the heading itself
#          is printed once.
# means    contents of a long PDF that nobody reads at the screen of the author are garbled for those who move by
#          bookmarks. "white-space: pre-wrap" keeps the blanks, and a padding of 1px above (or "overflow: hidden") the
#          heading together: with both the bookmark is the heading.
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


heading = "Đầu biểu ghi các sở ban ngành tỉnh nhưng có dòng tính cả cấp huyện"


def bookmark(space, css=""):
    style = f"@page{{size:A4;margin:2cm}}h2{{font-size:20pt;width:8cm;margin:0;{css}}}"
    reader = printed(f'<style>{style}</style><div style="height:{space}mm">x</div><h2>{heading}</h2><p>y</p>')
    text = "".join(page.extract_text() for page in reader.pages)
    assert text.count("Đầu biểu") == 1
    return reader.outline[0].title


near, far = bookmark(20), bookmark(245)
assert near.startswith("Đầu biểu ghi các sởban ngành"), near
assert far.startswith("Đầu biểu ghi các sởĐầu biểu ghi các sởban"), far
assert bookmark(245, "white-space:pre-wrap;padding-top:1px") == heading
print("Chromium, bookmarks:", near, "and, pushed to the next page:", far)
PY
