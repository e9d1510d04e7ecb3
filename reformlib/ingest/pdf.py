"""PDF to tables and paragraphs, through pdfplumber: by the lines around cells, else by the white between columns.

A page that is a picture is read by OCR. Its figures are all questions, and so are those of a picture below which a text
layer lies, as what put it there may have read them wrong.
"""

import io
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError
from reformlib.ingest import encodings, guard, ocr
from reformlib.ingest.pdf_white import holds_row, table_below, table_in_white
from reformlib.ingest.pdf_words import GAP, Box, Word, cell_text, holds, lines_of, loose, open_ends, outside, paragraphs
from reformlib.ingest.source import CELL, Cells, Source

PAGES = 300  # that are read; more is told
LINES = 20_000  # of a page
DRAWING = 16 << 20  # bytes of the drawing of a page, unpacked; a dense table has a hundredth of it
_PICTURE = 0.5  # of a page that a picture covers where the page is one
_LETTERS = 30  # that a page has at least which is text
_WORDS = 12  # letters of a cell without a digit that is no misread figure


def read_pdf(content: bytes, path: Path, locale: str) -> Source:
    """Read a PDF. Raises ReformError for one that is locked or damaged, for a picture without tesseract, for text that
    cannot be had as it is seen, and for a table whose lines leave some of its words outside."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    source = Source(path.name, locale=locale)
    try:
        with pdfplumber.open(io.BytesIO(content), unicode_norm="NFC") as book:
            if len(book.pages) > PAGES:
                source.tell("pages_limit", most=PAGES)
            columns: list[float] = []
            for page in book.pages[:PAGES]:
                _refuse_long(page, source.name)
                columns = _page(page, source, path, columns)
                page.close()
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise guard.locked(path) from None
        raise guard.damaged(path, "cut off or damaged") from None
    return source


def read_image(content: bytes, path: Path, locale: str) -> Source:
    """Read the pictures of pages in a file. Raises ReformError for one that is damaged or too large."""
    from PIL import Image, ImageSequence

    source = Source(path.name, locale=locale)
    try:
        with Image.open(io.BytesIO(content)) as book:
            for number, frame in enumerate(ImageSequence.Iterator(book), start=1):
                longest = max(frame.size)
                if longest > 4 * ocr.LONGEST or number > PAGES:
                    raise guard.damaged(path, f"a picture of {frame.width} times {frame.height} dots, page {number}")
                # a page of A4, as far as the picture does not say
                scale = min(1.0 if longest >= ocr.LONGEST // 2 else ocr.LONGEST / 1.4 / longest, ocr.LONGEST / longest)
                page = frame.convert("L").resize(
                    (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
                )
                place = f"{source.name}, page {number}"
                source.tell("scanned", place=place)
                read_picture(page, place, source, path)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise guard.damaged(path, "cut off or damaged") from None
    return source


def _page(page: Any, source: Source, path: Path, before: list[float]) -> list[float]:
    """Read a page; `before` are the edges of the columns of a table without lines that the page before ends with. Its
    own are returned."""
    place = f"{source.name}, page {page.page_number}"
    below_picture = _covered(page) >= _PICTURE
    letters = [{**one, "size": round(one["size"], 1)} for one in page.chars if one["text"].strip()]
    if len(letters) < _LETTERS and _is_drawn(page, below_picture):
        source.tell("scanned", place=place)
        dpi = min(ocr.DPI, ocr.LONGEST * 72 / max(page.width, page.height))
        read_picture(page.to_image(resolution=dpi).original, place, source, path)
        return []
    _refuse_odd(letters, place)
    source.tell("text_below_picture" if below_picture else "born_digital", place=place)
    words = _words(page)
    tables = _all_tables(page, words, before)
    left = outside(tables, words)
    lost = [*filter(None, (loose(table, words) for table in tables))]
    if tables or before:
        lost += filter(holds_row, lines_of(left))
    if lost:
        raise _left(lost[0], place)
    _keep(tables, words, _strokes(page), source, place, lambda text, _: "ocr" * (below_picture and _has_digit(text)))
    if not tables or any(word["top"] > tables[-1].bbox[3] and not word["text"].isdigit() for word in left):
        return []
    return _edges(tables[-1])


def _all_tables(page: Any, words: list[Word], before: list[float]) -> list[Any]:
    """The tables of a page from above: those with lines around their cells, and those told by white."""
    lined = _of_several_cells(_tables(page))
    sound = [table for table in lined if not loose(table, words)]
    if table := table_in_white(outside(sound, words), page.edges):
        sound.append(table)
    if before and (table := table_below(outside(sound, words), page.edges, before)):
        sound.append(table)
    for above in list(sound):
        if table := table_below(outside(sound, words), page.edges, _edges(above), above.bbox[3]):
            sound.append(table)
    white = [one for one in sound if one not in lined]
    kept = [one for one in lined if one in sound or not any(_meet(one.bbox, other.bbox) for other in white)]
    return sorted([*kept, *white], key=lambda one: one.bbox[1])


def _of_several_cells(tables: list[Any]) -> list[Any]:
    """Those that have more than one row and column: not the frames of a page."""
    return [table for table in tables if len(table.rows) > 1 and len(table.rows[0].cells) > 1]


def _edges(table: Any) -> list[float]:
    """The edges of the columns of a table."""
    return sorted({*(box[0] for box in table.cells), table.bbox[2]})


def _meet(one: Box, other: Box) -> bool:
    return one[1] < other[3] and other[1] < one[3]


def _refuse_long(page: Any, name: str) -> None:
    """Raise ReformError for a page whose drawing unpacks to more than can be read, before it is unpacked whole."""
    from pdfminer.pdftypes import LITERALS_FLATE_DECODE, resolve1

    for stream in map(resolve1, page.page_obj.contents):
        packed = stream.get_rawdata() if hasattr(stream, "get_rawdata") else None
        if packed and any(kind in LITERALS_FLATE_DECODE for kind, _ in stream.get_filters()):
            try:
                size = len(zlib.decompressobj().decompress(packed, DRAWING + 1))
            except zlib.error:
                continue  # damaged, or locked: told by who reads it
            if size > DRAWING:
                raise ReformError(
                    f"a page whose drawing unpacks to more than {DRAWING >> 20} MB",
                    where=f"{name}, page {page.page_number}",
                    expected="a page of a form, of a few thousand letters and lines",
                    fix="ask the office for the Word or Excel file",
                )


def _is_drawn(page: Any, below_picture: bool) -> bool:
    """Whether a page without letters holds some as a picture or as shapes."""
    return below_picture or len(page.curves) > _LETTERS * 10


def _covered(page: Any) -> float:
    """How much of a page its largest picture covers."""
    whole = float(page.width * page.height)
    sizes = (max(0, one["x1"] - one["x0"]) * max(0, one["bottom"] - one["top"]) for one in page.images)
    return max(sizes, default=0) / whole if whole else 0.0


def _refuse_odd(letters: Sequence[dict], place: str) -> None:
    """Raise ReformError for text that is not had as it is seen: old fonts, letters without a code, turned lines."""
    fonts = {one["fontname"].rpartition("+")[2] for one in letters}
    old = next((font for font in fonts if encodings.of_font(font)[0]), "")
    what = f"text in the old font {old}, of which a PDF loses letters" if old else ""
    if any(one["text"].startswith("(cid:") for one in letters):
        what = "letters of which the PDF does not say what they are"
    elif sum(not one["upright"] for one in letters) * 2 > len(letters):
        what = "lines that are turned on their side"
    if what:
        raise ReformError(f"the page has {what}", where=place, fix="ask the office for the Word or Excel file")


def _words(page: Any) -> list[Word]:
    from pdfplumber.utils.text import extract_words

    letters = [{**one, "size": round(one["size"], 1)} for one in page.chars]
    return extract_words(letters, x_tolerance_ratio=GAP, extra_attrs=["size"])


def _tables(page: Any) -> list:
    """The tables of a page; a row that a page breaks may have no line at that end, and goes as far as its sides."""
    if len(page.edges) > LINES:
        where = f"page {page.page_number}"
        raise ReformError(
            f"a page of {len(page.edges)} lines", where=where, expected=f"at most {LINES}, as a table has"
        )
    found = page.find_tables()
    ends = open_ends([table.bbox for table in found], page.edges, 1)
    return page.find_tables({"explicit_horizontal_lines": ends}) if ends else found


def read_picture(picture: Any, place: str, source: Source, path: Path) -> None:
    """Read the picture of a page: every figure is a question, and so is a cell with ink that nothing was read from."""
    scan = ocr.scanned(picture, path)

    def why(text: str, box: Box) -> str:
        if (len(text) > _WORDS and not _has_digit(text)) or not scan.has_ink(box):
            return ""
        sure = min((word["conf"] for word in scan.words if holds(box, word)), default=0)
        name = f"{source.name}, {len(source.pictures) + 1}"
        source.pictures[name] = scan.cut_out(box)
        return f"scan {sure:.0f} {name}"

    tables = _of_several_cells(scan.tables)
    if white := table_in_white(outside(tables, scan.words), scan.edges):
        tables.append(white)
    _keep(sorted(tables, key=lambda table: table.bbox[1]), scan.words, (), source, place, why)


def _keep(
    tables: Sequence[Any],
    words: list[Word],
    strokes: Sequence[Box],
    source: Source,
    page: str,
    why: Callable[[str, Box], str],
) -> None:
    """Add the tables of a page and the paragraphs around them; a cell that a merged one covers is None, as pdfplumber
    gives it. `why` says what is doubtful about the text of a cell."""
    for table in tables:
        boxes = {(r, c): box for r, row in enumerate(table.rows) for c, box in enumerate(row.cells) if box}
        texts = {at: cell_text((one for one in words if holds(box, one)), strokes) for at, box in boxes.items()}
        doubts = {at: doubt for at, box in boxes.items() if (doubt := why(texts[at], box))}
        rows: list[Cells] = [
            [texts[r, c][:CELL] if (r, c) in texts else None for c in range(len(row.cells))]
            for r, row in enumerate(table.rows)
        ]
        source.add(f"{page}, table {len(source.grids) + 1}", rows, doubts)
    source.paragraphs += paragraphs(outside(tables, words))


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _left(words: list[Word], place: str) -> ReformError:
    return ReformError(
        f"the lines of the table leave words outside its cells: «{' '.join(word['text'] for word in words)[:90]}»",
        where=place,
        expected="lines around every cell",
        fix="ask the office for the Word or Excel file, or copy the form's table into a .xlsx file",
    )


def _strokes(page: Any) -> list[Box]:
    """Thin level lines of a page, some of which may cross out text."""
    drawn = (*page.lines, *page.rects)
    return [(one["x0"], one["top"], one["x1"], one["bottom"]) for one in drawn if one["bottom"] - one["top"] < 2]
