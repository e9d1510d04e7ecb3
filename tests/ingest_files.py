"""Files as offices send them, made from a layout of the form: Word, Excel, OpenDocument, CSV and text."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pandas as pd
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reformlib.errors import ReformError
from reformlib.ingest import guard, sandbox
from reformlib.ingest.answers import accepted, read_mapping
from reformlib.ingest.choice import chosen
from reformlib.ingest.draft import Draft, draft, joined
from reformlib.ingest.readers import read
from reformlib.load.catalogue import Catalogue, load_catalogue
from reformlib.load.cells import clean
from reformlib.load.period import parse_period
from tests.pdf_files import write_pdf
from tests.synthetic import Layout

FORMATS = ("docx", "xlsx", "pdf", "csv", "txt")


def write(layout: Layout, path: Path) -> Path:
    """The layout as a file of the kind that the name asks for."""
    WRITERS[path.suffix.removeprefix(".")](layout, path)
    return path


def write_docx(layout: Layout, path: Path) -> None:
    document = docx.Document()
    for text in layout.before:
        document.add_paragraph(text)
    for rows in layout.decoys[:1]:
        _docx_table(document, rows)
    table = _docx_table(document, layout.rows)
    for top, left, bottom, right in layout.merges:
        table.cell(top, left).merge(table.cell(bottom, right))
        # merging keeps the empty paragraphs of the cells it covers
        cell = table.cell(top, left)
        for paragraph in cell.paragraphs[1:]:
            if not paragraph.text:
                paragraph._p.getparent().remove(paragraph._p)
    for row in table.rows[: layout.head]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for rows in layout.decoys[1:]:
        _docx_table(document, rows)
    for text in layout.after:
        document.add_paragraph(text)
    document.save(path)


def _docx_table(document, rows):
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        cells = table.rows[r].cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    return table


def raised(paragraph, text: str) -> None:
    """A raised run, as footnote markers are."""
    paragraph.add_run(text).font.superscript = True


def in_font(run, name: str) -> None:
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for part in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{part}"), name)


def write_xlsx(layout: Layout, path: Path, *, numbers: bool = True) -> None:
    """Figures as Excel keeps them when they are typed: counts as numbers, shares with a percent format."""
    with xlsxwriter.Workbook(str(path)) as book:
        plain, formats = book.add_format(), {}
        for name, rows in [("Ghi chú", d) for d in layout.decoys[:1]]:
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, text in enumerate(row):
                    sheet.write_string(r, c, text)
        sheet = book.add_worksheet("PL7")
        for r, row in enumerate(layout.rows):
            for c, text in enumerate(row):
                printed = clean(text)
                share = re.fullmatch(r"(\d+)(?:,(\d+))?( ?%)", printed)
                if not text:
                    continue
                if numbers and share:
                    places = len(share[2] or "")
                    code = "0" + ("." + "0" * places if places else "") + share[3]
                    form = formats.setdefault(code, book.add_format({"num_format": code}))
                    sheet.write_number(r, c, float(f"{share[1]}.{share[2] or 0}") / 100, form)
                elif numbers and re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", printed):
                    form = formats.setdefault("#,##0", book.add_format({"num_format": "#,##0"}))
                    sheet.write_number(r, c, int(printed.replace(".", "")), form)
                elif numbers and re.fullmatch(r"0|[1-9]\d{0,9}", printed):
                    sheet.write_number(r, c, int(printed))
                else:
                    sheet.write_string(r, c, text)
        for top, left, bottom, right in layout.merges:
            sheet.merge_range(top, left, bottom, right, layout.rows[top][left], plain)


def write_csv(layout: Layout, path: Path) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(layout.rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def write_txt(layout: Layout, path: Path) -> None:
    """Text copied out of a document: a row a line, tabs between cells; a line break in a cell becomes a space."""
    blocks = [*layout.before, *("\n".join("\t".join(row) for row in rows) for rows in layout.decoys[:1])]
    table = "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in layout.rows)
    path.write_text("\n\n".join([*blocks, table, *layout.after]), encoding="utf-8")


WRITERS = {
    "docx": write_docx,
    "xlsx": write_xlsx,
    "pdf": write_pdf,
    "csv": write_csv,
    "txt": write_txt,
}


@cache
def catalogue() -> Catalogue:
    """The form that the files hold."""
    return load_catalogue("phu-luc-7")


def drafted(
    path: Path, *, accept: bool = False, mapping: Path | None = None, columns: str = "", locale: str = "vi"
) -> Draft:
    """What an ingestion makes of a file, without the process of its own and without writing anything."""
    answers = read_mapping(mapping)
    # what reads .xls ends the whole process on some broken files, what reads PDF reports them in many ways
    kind, _ = guard.load_bytes(path)
    source = sandbox.read(path, locale) if kind in ("xls", "pdf") else read(path, locale)
    _, tables = chosen([source], [catalogue()], answers["heading"], columns, path)
    drafts = [draft(form, catalogue(), answers, {}, locale=locale) for form, _ in tables]
    made = joined(drafts, catalogue(), answers, locale=locale)
    return replace(made, doubts=accepted(made.doubts)) if accept else made


def cells(annex: pd.DataFrame) -> dict[tuple[str, object], str]:
    """Texts by form row and period, blanks and grouping dots left out."""
    return {
        (row["form_row"], parse_period(head)): re.sub(r"(?<=\d)\.(?=\d{3})|\s", "", clean(row[head]).lower())
        for row in annex.to_dict("records")
        for head in annex.columns[2:]
    }


def outcome(path: Path, annex: pd.DataFrame) -> str:
    """What became of a file: "same", "asked" (a question or a refusal), "told" (a row left out), or what differs."""
    try:
        made = drafted(path)
    except ReformError as error:
        return f"asked: {error.what}"
    if made.open:
        return f"asked: {made.open[0]}"
    here, there = cells(made.annex), cells(annex)
    rows = {row for row, _ in here}
    lost = {row for row, _ in there} - rows
    kept = {key: text for key, text in there.items() if key[0] in rows}
    if here != kept or len(lost) > len(made.aside):
        wrong = [key for key in here.keys() | kept.keys() if here.get(key) != kept.get(key)]
        return f"DIFFERENT: {[(key, kept.get(key), here.get(key)) for key in wrong[:3]]}, lost {lost}"
    return "told" if lost else "same"
