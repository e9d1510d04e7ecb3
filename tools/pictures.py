"""Take the pictures of docs/gallery.md: of each document the top in Vietnamese and the first charts in English.

    python tools/pictures.py            render the reference report and write docs/pictures/*.webp
    python tools/pictures.py FOLDER     of the pages that lie in an output folder already

Needs a Chromium: on PATH, or named by REFORMLIB_CHROMIUM. The same pages, fonts and Chromium give the same pictures.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from reformlib.render.forms import pdf

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "pictures"
REPORT = "tra-vinh-2020"
VIEW = {"width": 1280, "height": 960}  # a desk, the contents beside the text
WIDTH = 720
QUALITY = 60  # of 100; of text and flat colours nothing is lost that the eye sees
# how far down the page the heading of the first charts stands; 0 where it has none
CHARTS = """() => {
  const first = document.querySelector("main figure");
  if (!first) return 0;
  const headings = [...document.querySelectorAll("main h2")];
  const above = headings.filter(h => h.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  return (above || first).getBoundingClientRect().top - 20;
}"""


def picture(browser: Browser, page: Path) -> bytes:
    """The top of a page, or where its charts begin, as a small WebP."""
    view = browser.new_page(viewport=VIEW, color_scheme="light", reduced_motion="reduce")
    view.goto(page.as_uri(), wait_until="load")
    if page.parent.name == "en":
        view.evaluate("down => window.scrollTo(0, down)", view.evaluate(CHARTS))
    taken = Image.open(io.BytesIO(view.screenshot())).convert("RGB")
    view.close()
    small = taken.resize((WIDTH, round(taken.height * WIDTH / taken.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def take(pages: Path) -> None:
    """Write a picture of every document of the reference report that lies in an output folder."""
    if error := pdf.missing():
        sys.exit(str(error))
    found = sorted((pages / REPORT).glob("*/*.html"))
    if not found:
        sys.exit(f"no page of {REPORT} in {pages}")
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=pdf.chromium(), args=["--no-sandbox"])
        for page in found:
            target = TARGET / f"{page.stem[:2]}-{page.parent.name}.webp"
            target.write_bytes(picture(browser, page.resolve()))
            print(f"{target.relative_to(ROOT)}  {target.stat().st_size / 1000:.0f} kB")
        browser.close()


def main() -> None:
    if len(sys.argv) > 1:
        return take(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "reformlib", "render", "--report", REPORT, "--output", folder]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return take(Path(folder))


if __name__ == "__main__":
    main()
