"""Files that are broken or mean harm, by a name that says what each is; `python -m tests.hostile_files` lists them."""

from __future__ import annotations

import io
import random
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import xlsxwriter
from PIL import Image

from reformlib.ingest.guard import MEMBERS
from tests import ingest_files
from tests.synthetic import Layout

Case = tuple[str, str, Callable[[], bytes]]  # name, file name, content
ROWS = [
    ["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"],
    ["5", "Số lượng chữ ký số", "408", "500"],
    ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", "91%"],
]
OFFICE = ("docx", "xlsx")
WORD, BOOK = "word/document.xml", "xl/workbook.xml"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = {"docx": WORD, "xlsx": SHEET}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_made: dict[str, bytes] = {}


def good(kind: str, rows: list[list[str]] | None = None) -> bytes:
    """A file that holds a small form."""
    key = f"{kind}{rows}"
    if key not in _made:
        with tempfile.TemporaryDirectory() as folder:
            path = ingest_files.write(Layout("good", rows or ROWS), Path(folder) / f"form.{kind}")
            _made[key] = path.read_bytes()
    return _made[key]


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    """An archive with every part passed through `change` (None drops it), and `more` parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def with_main(kind: str, change: Callable[[bytes], bytes | None]) -> bytes:
    return repacked(good(kind), lambda name, part: change(part) if name == MAIN[kind] else part)


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _mislabelled()
    yield from _damaged()
    yield from _bombs()
    yield from _locked()
    yield from _active()
    yield from _sizes()
    yield from _characters()
    yield from _structures()
    yield from _pictures()
    yield from _markup()


def _mislabelled() -> Iterator[Case]:
    """Content that is not what the name says."""
    contents = {
        "png": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        "jpeg": lambda: b"\xff\xd8\xff\xe0" + b"x" * 50,
        "pdf": lambda: b"%PDF-1.7\n%...",
        "rtf": lambda: b"{\\rtf1 x}",
        "html": lambda: b"<html><table><tr><td>STT</td></tr></table></html>",
        "xml": lambda: b"<?xml version='1.0'?><Workbook/>",
        "gzip": lambda: b"\x1f\x8b\x08" + b"\0" * 20,
        "rar": lambda: b"Rar!\x1a\x07\x00" + b"\0" * 20,
        "exe": lambda: b"MZ\x90\x00" + bytes(range(256)) * 4,
        "zip": lambda: repacked(good("xlsx"), lambda name, part: None, {"a.txt": b"x"}),
        "docx": lambda: good("docx"),
        "xlsx": lambda: good("xlsx"),
        "text": lambda: "STT\tChỉ tiêu\tNăm 2018".encode(),
        "ole": lambda: OLE + b"\0" * 600,
    }
    for kind, content in contents.items():
        for suffix in ("docx", "xlsx", "xls", "csv", "txt"):
            if suffix != kind and not (kind == "text" and suffix in ("csv", "txt")):
                yield f"{kind} named .{suffix}", f"form.{suffix}", content
    yield "no extension", "form", lambda: good("docx")
    yield "two extensions", "form.docx.exe", lambda: good("docx")


def _damaged() -> Iterator[Case]:
    """Cut off, overwritten, emptied."""
    for kind in OFFICE:
        for share in (0.1, 0.4, 0.7, 0.95):
            yield f"{kind} cut off at {share:.0%}", f"form.{kind}", partial(_cut, kind, share)
        for seed in range(12):
            yield (
                f"{kind} with bytes overwritten, {seed}",
                f"form.{kind}",
                lambda kind=kind, seed=seed: _scratched(good(kind), seed),
            )
        for seed in range(6):
            scratched = partial(with_main, kind, partial(_scratched, seed=seed))
            yield f"{kind} with its XML overwritten, {seed}", f"form.{kind}", scratched
        yield f"{kind} without its main part", f"form.{kind}", lambda kind=kind: with_main(kind, lambda part: None)
        yield f"{kind} with an empty main part", f"form.{kind}", lambda kind=kind: with_main(kind, lambda part: b"")
        yield f"{kind} with text for XML", f"form.{kind}", lambda kind=kind: with_main(kind, lambda part: b"hello")
        yield (
            f"{kind} with half its XML",
            f"form.{kind}",
            lambda kind=kind: with_main(kind, lambda part: part[: len(part) // 2]),
        )
    for share in (0.1, 0.4, 0.7, 0.95):
        yield f"pdf cut off at {share:.0%}", "form.pdf", partial(_cut, "pdf", share)
    for seed in range(12):
        yield f"pdf with bytes overwritten, {seed}", "form.pdf", lambda seed=seed: _scratched(good("pdf"), seed)
    for name, objects in PDFS.items():
        yield f"pdf {name}", "form.pdf", lambda objects=objects: _pdf(objects)
    for suffix in ("docx", "xlsx", "xls", "pdf", "csv", "txt", "tsv"):
        yield f"empty .{suffix}", f"form.{suffix}", lambda: b""
        yield f"blank .{suffix}", f"form.{suffix}", lambda: b"\r\n \t\0\0"
    for seed in range(3):
        yield (
            f"random bytes as xls, {seed}",
            "form.xls",
            lambda seed=seed: OLE + _noise(seed) + "Workbook".encode("utf-16-le"),
        )
        yield f"random bytes as csv, {seed}", "form.csv", lambda seed=seed: _noise(seed)
    yield "xls whose sectors point in a circle", "form.xls", _circle


_CATALOG, _ONE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>"
_DRAWN = _PAGE.replace(b"Resources<<>>", b"Resources<</XObject<</I 5 0 R>>>>")
PDFS = {  # what a PDF holds, object by object
    "without pages": [_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"],
    "whose pages are their own parents": [_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"],
    "of a billion pages": [_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>", _PAGE, b"<<>>"],
    "with an endless page": [_CATALOG, _ONE, _PAGE.replace(b"600", b"9" * 400), b"<<>>"],
    "with brackets in brackets": [_CATALOG, _ONE, _PAGE, b"[" * 100_000],
    "that unpacks to a quarter of a gigabyte": [_CATALOG, _ONE, _PAGE, zlib.compress(bytes(1 << 28), 9)],
    "of many lines": [_CATALOG, _ONE, _PAGE, zlib.compress(b"0 5 m 600 5 l S " * 25_000)],
    "of a page of many miles": [_CATALOG, _ONE, _PAGE.replace(b"600 800", b"90000000 90000000"), b"<<>>"],
    "whose picture promises 60,000 times 60,000 dots": [
        _CATALOG,
        _ONE,
        _DRAWN,
        zlib.compress(b"600 0 0 800 0 0 cm /I Do"),
        b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"\nstream\n0\nendstream",
    ],
    "that draws itself": [
        _CATALOG,
        _ONE,
        _DRAWN,
        zlib.compress(b"/I Do"),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 5 0 R>>>>/Length 5>>"
        b"\nstream\n/I Do\nendstream",
    ],
    "that runs a script": [_CATALOG.replace(b">>", b"/OpenAction<</S/JavaScript/JS(x)>>>>"), _ONE, _PAGE, b"<<>>"],
    "that starts a program": [_CATALOG.replace(b">>", b"/OpenAction<</S/Launch/F(x)>>>>"), _ONE, _PAGE, b"<<>>"],
}


def _pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects; the fourth is the packed drawing of a page."""
    content, starts = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        starts.append(len(content))
        if number == 4 and one.startswith(b"x"):
            head = f"<</Length {len(one)}/Filter/FlateDecode>>\nstream\n".encode()
            one = head + one + b"\nendstream"
        content += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = b"".join(f"{start:010} 00000 n \n".encode() for start in starts)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF".encode()
    return content + head + table + tail


def _bombs() -> Iterator[Case]:
    """Archives and XML that unpack to far more than they are."""
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
        + b"".join(
            f'<!ENTITY a{n} "{f"&a{n - 1 if n else chr(0)};".replace(chr(0), "") * 10}">'.encode() for n in range(1, 10)
        )
        + b"]>"
    )
    outside = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    fetched = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "http://192.0.2.1/x.dtd">'
    for kind in OFFICE:
        for name, head in (("billion laughs", laughs), ("an outside file", outside), ("a fetched DTD", fetched)):
            yield f"{kind} with {name}", f"form.{kind}", partial(with_main, kind, partial(_headed, head=head))
        yield f"{kind} in UTF-16, where a DTD could hide", f"form.{kind}", partial(with_main, kind, _utf16)
        yield f"{kind} nested 50,000 deep", f"form.{kind}", partial(with_main, kind, _nested)
        zeros = {"media/zeros.bin": bytes(20 << 20)}
        yield f"{kind} with 20 MB of zeros", f"form.{kind}", partial(_with_parts, kind, zeros)
        yield (
            f"{kind} of more parts than any form has",
            f"form.{kind}",
            lambda kind=kind: repacked(good(kind), lambda name, part: part, {f"x/{n}": b"" for n in range(MEMBERS)}),
        )
        yield f"{kind} that lies about its sizes", f"form.{kind}", lambda kind=kind: _lying(good(kind))
        yield f"{kind} with two parts of one name", f"form.{kind}", lambda kind=kind: _twice(kind)
        yield (
            f"{kind} inside itself",
            f"form.{kind}",
            lambda kind=kind: repacked(good(kind), lambda name, part: part, {"embeddings/again.zip": good(kind)}),
        )
    for kind, part in (("xlsx", STRINGS), ("xlsx", "xl/styles.xml"), ("docx", "word/styles.xml")):
        yield f"{kind} with an outside file in {part}", f"form.{kind}", partial(_headed_part, kind, part, outside)
    yield "an archive in an archive in an archive", "form.docx", _archives
    yield "40 parts that are one and the same", "form.xlsx", _overlapping
    yield (
        "docx with text boxes inside text boxes",
        "form.docx",
        lambda: with_main(
            "docx",
            lambda part: part.replace(
                b"<w:body>",
                b"<w:body>" + b"<w:p><w:r><w:pict><w:txbxContent>" * 60 + b"</w:txbxContent></w:pict></w:r></w:p>" * 60,
            ),
        ),
    )
    yield (
        "shared strings that name each other",
        "form.xlsx",
        lambda: repacked(good("xlsx"), lambda name, part: part.replace(b"<v>", b"<v>9") if name == SHEET else part),
    )


def _locked() -> Iterator[Case]:
    for suffix in ("docx", "xlsx", "xls"):
        for stream in ("EncryptedPackage", "EncryptionInfo"):
            yield (
                f".{suffix} with a password ({stream})",
                f"form.{suffix}",
                lambda stream=stream: OLE + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 900,
            )
    yield "zip with a password", "form.docx", lambda: _flagged(good("docx"))
    yield "a Word file of 1997 named .docx", "form.docx", lambda: OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le")


def _active() -> Iterator[Case]:
    """Formulas, links, macros: nothing may run, nothing may be fetched."""
    for formula in (
        "=1+1",
        '=HYPERLINK("http://192.0.2.1")',
        '=WEBSERVICE("http://192.0.2.1")',
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "+1+cmd",
        "-1+cmd",
    ):
        rows = [ROWS[0], ["5", "Số lượng chữ ký số", formula, "500"], ROWS[2]]
        labels = [ROWS[0], ["5", formula, "408", "500"], ROWS[1], ROWS[2]]
        for suffix in ("docx", "csv", "txt"):
            yield f"{formula} in a cell of .{suffix}", f"form.{suffix}", lambda s=suffix, r=rows: good(s, r)
        yield f"{formula} for a label", "form.csv", lambda r=labels: good("csv", r)
        yield f"{formula} computed in .xlsx", "form.xlsx", lambda f=formula: _formula(f, "")
    macros = {"word/vbaProject.bin": b"\xcc\x61" * 100}
    yield "docx with macros", "form.docm", lambda: repacked(good("docx"), lambda name, part: part, macros)
    yield (
        "xlsx with macros",
        "form.xlsm",
        lambda: repacked(good("xlsx"), lambda n, p: p, {"xl/vbaProject.bin": b"\xcc\x61"}),
    )
    yield (
        "xlsx with links to other files",
        "form.xlsx",
        lambda: repacked(good("xlsx"), lambda n, p: p, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
    )
    yield (
        "docx that embeds a file by a relation",
        "form.docx",
        lambda: with_main(
            "docx", lambda part: part.replace(b"<w:body>", b'<w:body><w:altChunk xmlns:r="r" r:id="http://192.0.2.1"/>')
        ),
    )
    yield (
        "docx with a field that fetches",
        "form.docx",
        lambda: with_main(
            "docx",
            lambda part: part.replace(
                b"<w:body>", b'<w:body><w:p><w:fldSimple w:instr="INCLUDETEXT http://192.0.2.1"/></w:p>'
            ),
        ),
    )
    for target in ("../../../etc/passwd", "/etc/passwd", "http://192.0.2.1/sheet.xml", "worksheets/none.xml"):
        yield (
            f"xlsx whose sheet lies at {target}",
            "form.xlsx",
            lambda target=target: repacked(
                good("xlsx"),
                lambda name, part: (
                    part.replace(b"worksheets/sheet1.xml", target.encode())
                    if name.endswith("workbook.xml.rels")
                    else part
                ),
            ),
        )
    yield (
        "a part whose name climbs",
        "form.docx",
        lambda: repacked(good("docx"), lambda n, p: p, {"../../evil.txt": b"x"}),
    )


def _sizes() -> Iterator[Case]:
    yield "csv of 100 MB", "form.csv", lambda: b"STT;x;1\n" * (100 << 17)
    yield "csv of 300,000 rows", "form.csv", lambda: good("csv") + b"9;x;1;2\r\n" * 300_000
    yield "csv of 20,000 columns", "form.csv", lambda: good("csv").replace(b"\r\n", b";x" * 20_000 + b"\r\n")
    yield "csv with one cell of 5 MB", "form.csv", lambda: good("csv") + b"9;" + b"x" * (5 << 20) + b";1;2"
    yield "csv with a quote that never closes", "form.csv", lambda: good("csv") + b'9;"' + b"x;1\n" * 10_000
    yield "txt of 60,000 lines", "form.txt", lambda: good("txt") + "\n\nĐoạn văn".encode() * 60_000
    yield (
        "xlsx of 60,000 rows",
        "form.xlsx",
        lambda: with_main(
            "xlsx",
            lambda part: part.replace(b"</sheetData>", b"<row><c><v>1</v></c></row>" * 60_000 + b"</sheetData>"),
        ),
    )
    yield (
        "xlsx of 200,000 empty rows",
        "form.xlsx",
        lambda: with_main("xlsx", lambda part: part.replace(b"</sheetData>", b"<row/>" * 200_000 + b"</sheetData>")),
    )
    yield (
        "xlsx with cells at the far corner",
        "form.xlsx",
        lambda: with_main(
            "xlsx",
            lambda part: part.replace(
                b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            ),
        ),
    )
    yield (
        "xlsx with a merge of the whole sheet",
        "form.xlsx",
        lambda: with_main(
            "xlsx",
            lambda part: part.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            ),
        ),
    )
    yield (
        "docx with a cell over 99,999,999 columns",
        "form.docx",
        lambda: with_main("docx", lambda part: part.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="99999999"/>', 1)),
    )
    yield "docx of 500 tables", "form.docx", lambda: with_main("docx", _many_tables)
    yield (
        "docx with tables inside tables",
        "form.docx",
        lambda: with_main(
            "docx",
            lambda part: part.replace(
                b"<w:body>", b"<w:body>" + b"<w:tbl><w:tr><w:tc>" * 60 + b"</w:tc></w:tr></w:tbl>" * 60
            ),
        ),
    )


def _characters() -> Iterator[Case]:
    """What shows otherwise than it is."""
    marks = {"RLO": "\u202e", "RLI": "\u2067", "LRM": "\u200e", "ALM": "\u061c", "ZWJ": "\u200d", "BOM": "\ufeff"}
    marks |= {"NUL": "\0", "BEL": "\a", "ESC": "\x1b[31m", "C1": "\x85", "NBSP": "\u00a0", "line": "\u2028"}
    for name, mark in marks.items():
        rows = [ROWS[0], ["5", f"Số lượng {mark}chữ ký số", f"4{mark}08", "500"], ROWS[2]]
        suffixes = ("csv", "txt") if name in ("NUL", "BEL", "ESC", "C1") else ("docx", "csv", "txt")
        for suffix in suffixes:
            yield f"{name} in a label and a figure of .{suffix}", f"form.{suffix}", lambda s=suffix, r=rows: good(s, r)
    for name, digits in (("Arabic", "٤٠٨"), ("full-width", "４０８"), ("Roman", "ⅩⅡ"), ("Khmer", "៤០៨")):
        rows = [ROWS[0], ["5", "Số lượng chữ ký số", digits, "500"], ROWS[2]]
        yield f"{name} digits", "form.docx", lambda r=rows: good("docx", r)
    rows = [ROWS[0], ["5", "Sо́ lượng сhữ ký số", "408", "500"], ROWS[2]]
    yield "Cyrillic letters in a label", "form.docx", lambda r=rows: good("docx", r)
    yield "half of a surrogate", "form.csv", lambda: good("csv") + b"9;\xed\xa0\x80;1;2"
    yield "overlong UTF-8", "form.csv", lambda: good("csv") + b"9;\xc0\xaf;1;2"


def _structures() -> Iterator[Case]:
    """Tables that ask for care."""
    tables = {
        "only headings": [ROWS[0]],
        "one cell": [["Năm 2018"]],
        "no labels": [["Năm 2018", "Năm 2019"], ["1", "2"]],
        "years in every cell": [["2015"] * 6] * 6,
        "a year twice": [
            ["Chỉ tiêu", "Năm 2018", "Năm 2018"],
            ["Số lượng chữ ký số", "1", "2"],
            ["Tỷ lệ công chức có hộp thư điện tử", "1%", "2%"],
        ],
        "the same row a hundred times": [ROWS[0], *[ROWS[1]] * 100],
        "labels of 10,000 letters": [ROWS[0], ["5", "Số lượng chữ ký số " * 600, "1", "2"], ROWS[2]],
        "numbers of 400 digits": [ROWS[0], ["5", "Số lượng chữ ký số", "9" * 400, "500"], ROWS[2]],
        "levels without end": [
            ROWS[0],
            ["10", "Số dịch vụ công trực tuyến mức độ 3, mức độ 4", "Mức 3: " * 500, ""],
            ROWS[1],
        ],
        "brackets without end": [ROWS[0], ["5", "Số lượng chữ ký số", "1" + "(" * 3000, "500"], ROWS[2]],
        "years far away": [["STT", "Chỉ tiêu", "Năm 9999", "Năm 0001"], *ROWS[1:]],
        "a day that does not exist": [["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019 (Tính đến 31/2)"], *ROWS[1:]],
    }
    for name, rows in tables.items():
        for suffix in ("docx", "csv"):
            yield f"{name} in .{suffix}", f"form.{suffix}", lambda s=suffix, r=rows: good(s, r)


def _pictures() -> Iterator[Case]:
    """Pictures of pages that are none, or promise to be far larger than a page."""
    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(out, "PNG")
    whole, huge = out.getvalue(), struct.pack(">II", 60_000, 60_000)
    for share in (0.1, 0.4, 0.7, 0.95):
        yield f"png cut off at {share:.0%}", "form.png", lambda share=share: whole[: int(len(whole) * share)]
    for seed in range(1, 12, 2):
        yield f"png with bytes overwritten, {seed}", "form.png", lambda seed=seed: _scratched(whole, seed)
    yield "png that promises 60,000 times 60,000 dots", "form.png", lambda: whole[:16] + huge + whole[24:]
    yield "png that is named .tif", "form.tif", lambda: whole[:60]
    for suffix, start in (("jpg", b"\xff\xd8\xff\xe0"), ("tif", b"II*\0"), ("tiff", b"MM\0*")):
        yield f"{suffix} of zeros", f"form.{suffix}", lambda start=start: start + bytes(900)
    circle = b"II*\0" + struct.pack("<IHI", 8, 0, 8)
    yield "tif whose pages follow each other in a circle", "form.tif", lambda: circle
    yield "gif", "form.gif", lambda: b"GIF89a" + bytes(50)


def _markup() -> Iterator[Case]:
    """HTML, and workbooks of 2003 in XML, under their names and under those of workbooks."""
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    table = f"<html><meta charset=utf-8><table>{cells}</table></html>"
    pages = {
        "nested 50,000 deep": table.replace("<table>", "<div>" * 50_000 + "<table>"),
        "with tables 3,000 deep in tables": "<html>" + "<table><tr><td>" * 3_000 + table,
        "with a cell over 99,999,999 columns": table.replace("<td>408", "<td colspan=99999999>408"),
        "with a cell over 99,999,999 rows": table.replace("<td>408", "<td rowspan=99999999>408"),
        "with 400 tables": table + table * 400,
        "with a script": table.replace("<td>408", "<script>document.write(9)</script><td>408"),
        "with a frame": table.replace("<table>", "<iframe src=http://192.0.2.1></iframe><table>"),
        "with entities": '<!DOCTYPE html [<!ENTITY a "9">]>' + table.replace("408", "408&a;"),
        "of rules without end": table.replace("<table>", f"<style>{'.a{' * 200_000}</style><table>"),
        "without an end": table[: len(table) // 2],
        "of one cell of 5 MB": table.replace("408", "4" * (5 << 20)),
    }
    for name, page in pages.items():
        for suffix in ("html", "xls"):
            yield f"html {name} as .{suffix}", f"form.{suffix}", lambda page=page: page.encode()
    book = '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    heads = {"entities": '<!DOCTYPE l [<!ENTITY a "ha">]>', "an outside file": '<!DOCTYPE l SYSTEM "/etc/passwd">'}
    for name, head in heads.items():
        for suffix in ("xml", "xls"):
            content = f'<?xml version="1.0"?>{head}{book}'.encode()
            yield f"workbook in XML with {name} as .{suffix}", f"form.{suffix}", lambda content=content: content


def _cut(kind: str, share: float) -> bytes:
    return good(kind)[: int(len(good(kind)) * share)]


def _headed(part: bytes, head: bytes) -> bytes:
    return head + part.partition(b"?>")[2]


def _headed_part(kind: str, part: str, head: bytes) -> bytes:
    return repacked(good(kind), lambda name, content: _headed(content, head) if name == part else content)


def _archives() -> bytes:
    content = bytes(5 << 20)
    for name in ("c", "b.zip", "a.zip"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content = out.getvalue()
    return content


def _overlapping() -> bytes:
    """A directory of forty names for one packed part of 9 MB: 360 MB in 10 kB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(BOOK, bytes(9 << 20))
    packed = out.getvalue()
    start = packed.index(b"PK\x01\x02")
    names = [BOOK, *(f"xl/work{n:04d}.xml" for n in range(39))]  # all of one length
    entries = b"".join(packed[start : start + 46] + name.encode() for name in names)
    assert len(set(map(len, names))) == 1
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(names), len(names), len(entries), start, 0)
    return packed[:start] + entries + tail


def _utf16(part: bytes) -> bytes:
    return part.decode().encode("utf-16")


def _nested(part: bytes) -> bytes:
    return part.replace(b">", b">" + b"<x>" * 50_000, 1)


def _with_parts(kind: str, more: dict[str, bytes]) -> bytes:
    return repacked(good(kind), lambda name, part: part, more)


def _scratched(content: bytes, seed: int) -> bytes:
    chance, out = random.Random(seed), bytearray(content)
    for _ in range(max(3, len(out) // 200)):
        out[chance.randrange(4 if seed % 2 else 0, len(out))] = chance.randrange(256)
    return bytes(out)


def _noise(seed: int) -> bytes:
    return random.Random(seed).randbytes(3000)


def _circle() -> bytes:
    """A compound file whose directory and table of sectors name themselves."""
    head = OLE + b"\0" * 16 + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0, 0, 0, 0)
    head += struct.pack("<109I", *[0] * 109)
    sector = struct.pack("<128I", *[0] * 128)
    return head[:512].ljust(512, b"\0") + sector + "Workbook".encode("utf-16-le").ljust(512, b"\0")


def _lying(content: bytes) -> bytes:
    """Sizes of 1 in the directory, the content as it was."""
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = struct.pack("<I", 1)
        at += 4
    return bytes(out)


def _flagged(content: bytes) -> bytes:
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 8] |= 1
        at += 4
    return bytes(out)


def _twice(kind: str) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return repacked(good(kind), lambda name, part: part, {MAIN[kind]: b"<other/>"})


def _formula(formula: str, result: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
        sheet.write_formula(1, 2, formula if formula.startswith("=") else f"={formula}", None, result)
    return out.getvalue()


def _many_tables(part: bytes) -> bytes:
    start, end = part.index(b"<w:tbl>"), part.index(b"</w:tbl>") + 8
    return part[:start] + part[start:end] * 500 + part[end:]


if __name__ == "__main__":
    for number, (name, *_) in enumerate(cases(), start=1):
        print(f"{number:4} {name}")
