"""Make the corpus: python -m tools.corpus.make OUT [SUFFIX …]

Sixty layouts as .docx, .xlsx and .html with their figures (`truth/NAME.csv`), and what LibreOffice, Chromium and a
scanner would make of them where LibreOffice and Chromium are installed: a folder a kind.
"""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.ingest_files import write_xlsx
from tools.corpus.shapes import Shape, shapes
from tools.corpus.word import write_word

OFFICE = {"docx": ("doc", "odt", "rtf", "pdf"), "xlsx": ("xls", "ods")}  # what LibreOffice turns each into
SCANNED = ("20-over", "24-ab", "26-sections_merged", "37-raised_mark", "00-plain", "36-real_footnote")
_FONTS = ("Times New Roman", "DejaVu Sans", "Liberation Sans")
_LINES = {
    "all": [
        "td{border:1px solid #000;padding:4px}",
        "td{border:1px solid #999;padding:6px}thead{background:#dde}",
        "td{border:.5px solid #000;padding:3px}",
        "td{border:2px solid #333;padding:10px}",
    ],
    "h": ["td{border-bottom:1px solid #000;padding:5px}"],
    "v": ["td{padding:5px;border-left:1px solid #000;border-right:1px solid #000}"],
    "none": ["td{padding:6px}"],
    "three": [
        "td{padding:5px}thead td{border-top:1px solid #000;border-bottom:1px solid #000}"
        "tbody tr:last-child td{border-bottom:1px solid #000}"
    ],
    "zebra": ["td{padding:5px}tbody tr:nth-child(even){background:#eef}"],
}


def write_web(shape: Shape, path: Path, number: int) -> None:
    """Write a layout as a page of the web."""
    spans = {(top, left): (low - top + 1, far - left + 1) for top, left, low, far in shape.merges}
    covered = {
        (r, c)
        for top, left, low, far in shape.merges
        for r in range(top, low + 1)
        for c in range(left, far + 1)
        if (r, c) != (top, left)
    }

    def cell(r: int, c: int, text: str, *, own: bool) -> str:
        down, across = spans.get((r, c), (1, 1)) if own else (1, 1)
        mark = f"<sup>{shape.marks[r, c]}</sup>" if own and (r, c) in shape.marks else ""
        shown = html.escape(text).replace("\n", "<br>") + mark
        return f"<td rowspan={down} colspan={across}{' class=n' * (c > 1)}>{shown}</td>"

    def table(rows: list[list[str]], *, own: bool = False) -> str:
        lines = [
            "<tr>" + "".join(cell(r, c, x, own=own) for c, x in enumerate(row) if not own or (r, c) not in covered)
            for r, row in enumerate(rows)
        ]
        head = shape.head if own else 0
        return f"<table><thead>{''.join(lines[:head])}</thead><tbody>{''.join(lines[head:])}</tbody></table>"

    def texts(lines: Iterable[str]) -> str:
        return "".join(f"<p>{html.escape(line)}</p>" for line in lines)

    lines = _LINES[shape.borders]
    style = (
        f"@page{{size:A4 {'landscape' * shape.landscape}}}table{{border-collapse:collapse}}"
        f'body{{font-family:"{_FONTS[number % 3]}";font-size:{shape.size}pt}}'
        f"td{{vertical-align:{'middle' if shape.centred else 'top'}}}.n{{text-align:{shape.align or 'left'}}}"
        f"{lines[number % len(lines)]}{'td:nth-child(2){width:3cm}' * shape.narrow}"
    )
    tables = [*map(table, shape.decoys[:1]), table(shape.rows, own=True)]
    tables += [f"<p>&nbsp;</p>{table(rows)}" for rows in shape.more] + list(map(table, shape.decoys[1:]))
    body = texts(shape.before) + "".join(tables) + texts(shape.after)
    path.write_text(f"<meta charset=utf-8><style>{style}</style>{body}", encoding="utf-8")


def make(out: Path) -> None:
    """Write every layout and its figures."""
    for kind in ("truth", "docx", "xlsx", "html"):
        (out / kind).mkdir(parents=True, exist_ok=True)
    for number, shape in enumerate(shapes()):
        shape.form.to_csv(out / f"truth/{shape.name}.csv", index=False, lineterminator="\n")
        write_word(shape, out / f"docx/{shape.name}.docx", number)
        below = [row for rows in shape.more for row in [[""] * len(shape.rows[0]), *rows]]
        write_xlsx(replace(shape, rows=shape.rows + below), out / f"xlsx/{shape.name}.xlsx")
        write_web(shape, out / f"html/{shape.name}.html", number)


def convert(out: Path, wanted: Iterable[str]) -> None:
    """Have LibreOffice turn the Word files and workbooks into other kinds."""
    with tempfile.TemporaryDirectory() as profile:
        for source, kinds in OFFICE.items():
            for kind in set(kinds) & set(wanted):
                command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind]
                files = sorted((out / source).glob(f"*.{source}"))
                subprocess.run(
                    [*command, "--outdir", str(out / kind), *map(str, files)], check=True, capture_output=True
                )


def print_pages(out: Path) -> None:
    """Have Chromium print the pages of the web."""
    (out / "web").mkdir(exist_ok=True)
    for page in sorted((out / "html").glob("*.html")):
        target = out / "web" / f"{page.stem}.pdf"
        command = ["chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True)


def scan(out: Path) -> None:
    """Some PDF files as a scanner makes them, at 200 dpi: clean, and turned, blurred and noisy (`-bad`)."""
    import numpy as np
    import pdfplumber
    from PIL import Image, ImageFilter

    (out / "scan").mkdir(exist_ok=True)
    for name in SCANNED:
        with pdfplumber.open(out / f"pdf/{name}.pdf") as pdf:
            clean = [page.to_image(resolution=200).original.convert("L") for page in pdf.pages]
        bad = []
        for number, page in enumerate(clean):
            turned = page.rotate(0.8, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(
                ImageFilter.GaussianBlur(0.7)
            )
            noise = np.random.default_rng(number).normal(0, 18, (page.height, page.width))
            bad.append(Image.fromarray(np.clip(np.asarray(turned) + noise, 0, 255).astype("uint8")))
        for suffix, pages in (("", clean), ("-bad", bad)):
            pages[0].save(out / f"scan/{name}{suffix}.pdf", save_all=True, append_images=pages[1:], resolution=200)


def main(arguments: list[str]) -> None:
    """Make all kinds, or those named."""
    out, wanted = (
        Path(arguments[0]).absolute(),
        arguments[1:] or ["doc", "odt", "rtf", "pdf", "xls", "ods", "web", "scan"],
    )
    make(out)
    convert(out, wanted)
    if "web" in wanted:
        print_pages(out)
    if "scan" in wanted:
        scan(out)


if __name__ == "__main__":
    main(sys.argv[1:])
