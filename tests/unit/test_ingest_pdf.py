"""PDF to the form: pages, markers, what is crossed out, pictures of pages, and what cannot be had as it is seen."""

import pypdf
import pytest
from PIL import Image, ImageDraw

from reformlib.errors import ReformError
from reformlib.ingest import ocr, office, pdf, pdf_words
from reformlib.ingest.form import find_forms, tables_in
from reformlib.ingest.match import Known
from reformlib.ingest.pdf_white import holds_row, table_below, table_in_white
from reformlib.ingest.readers import read
from reformlib.ingest.run import Questions, ingest
from reformlib.ingest.source import Grid, Source
from tests import ingest_files as made
from tests.hostile_files import cases, good
from tests.pdf_files import write_pdf
from tests.synthetic import Layout

HEADS = ["STT", "Chỉ tiêu", "Năm 2018", "Năm 2019"]
ROWS = [
    HEADS,
    ["5", "Số lượng chữ ký số", "1.408^1", "500"],
    ["6", "Tỷ lệ công chức có hộp thư điện tử", "90%", "91%"],
    ["12", "Số đơn vị xây dựng, sử dụng phần mềm một cửa điện tử", "8", "7"],
]


def written(tmp_path, rows=ROWS, before=(), after=(), **looks):
    write_pdf(Layout("test", rows, before=list(before), after=list(after)), tmp_path / "form.pdf", **looks)
    return tmp_path / "form.pdf"


def test_a_form_over_two_pages_with_a_raised_marker_and_the_text_around_it(tmp_path):
    letter = ["Số: 12/BC-SNV", "BÁO CÁO", "Kết quả cải cách hành chính"]
    path = written(tmp_path, before=letter, after=["(1) Gồm cả SIM PKI."], each=2)
    source = read(path)
    assert source.paragraphs == [*letter, "(1) Gồm cả SIM PKI."]
    assert [len(grid.rows) for grid in source.grids] == [3, 2]
    draft = made.drafted(path)
    assert draft.open == []
    assert draft.annex.to_numpy().tolist() == [
        ["5", "Số lượng chữ ký số", "1.408 (1: Gồm cả SIM PKI.)", "500"],
        *[[row[0], row[1], *row[2:]] for row in ROWS[2:]],
    ]


def test_a_figure_that_is_crossed_out_is_a_question(tmp_path):
    (doubt,) = made.drafted(written(tmp_path, crossed="500")).open
    assert (doubt.printed, doubt.answer) == ("~500~", "")


def test_a_table_without_lines_is_read_by_the_white_between_its_columns(tmp_path):
    letter = ["BÁO CÁO", "Kết quả của các năm 2018 và 2019 như sau"]
    lined, white = (made.drafted(written(tmp_path, before=letter, lines=lines)) for lines in (True, False))
    assert white.open == []
    assert white.annex.to_numpy().tolist() == lined.annex.to_numpy().tolist()


def test_a_page_that_is_a_picture_is_refused_without_tesseract_with_what_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr.shutil, "which", lambda name: None)
    with pytest.raises(
        ReformError, match="a picture, as a scan is: reading one takes tesseract, which is not installed"
    ) as refused:
        read(written(tmp_path, image="alone"))
    assert "apt install tesseract-ocr tesseract-ocr-vie" in refused.value.fix


@pytest.mark.parametrize(
    ("script", "told"),
    [("echo 'Error opening data file vie.traineddata' >&2; exit 1", "Error opening data file"), ("sleep 9", "seconds")],
)
def test_a_tesseract_that_fails_or_hangs_is_a_refusal(tmp_path, monkeypatch, script, told):
    program(tmp_path, monkeypatch, script)
    monkeypatch.setattr(ocr, "SECONDS", 0.3)
    with pytest.raises(ReformError, match=told):
        ocr._read(Image.new("L", (9, 9)), tmp_path / "form.png", "6")


def program(tmp_path, monkeypatch, script):
    """A command that stands in for tesseract."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tesseract").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bin" / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")


def drawn(rows, lefts=(100, 220, 900, 1200, 1500), high=100, turned=0.0):
    """A picture of a table with a bar in every cell that has a text, as tesseract need not see letters here."""
    picture = Image.new("L", (1700, 1000), 255)
    pen = ImageDraw.Draw(picture)
    for r in range(len(rows) + 1):
        pen.line([(lefts[0], 100 + r * high), (lefts[-1], 100 + r * high)], fill=0, width=3)
    for left in lefts:
        pen.line([(left, 100), (left, 100 + len(rows) * high)], fill=0, width=3)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text:
                pen.rectangle([lefts[c] + 40, 130 + r * high, lefts[c] + 80, 160 + r * high], fill=0)
    return picture.rotate(turned, fillcolor=255, resample=3)


@pytest.mark.parametrize("turned", [0.0, 0.8])
def test_every_figure_of_a_scan_is_a_question_with_its_picture_that_nothing_accepts(tmp_path, monkeypatch, turned):
    rows = [HEADS, ["5", "Số lượng chữ ký số", "408", "0"], ["6", "Tỷ lệ công chức có hộp thư điện tử", "", "91%"]]
    head, step = 48, 198 + 48  # as cells of a column stand under each other in the picture that is read, at .6 of it
    for number, column in enumerate(zip(*rows, strict=True)):
        texts = [cell for cell in column if cell]
        lines = [
            f"4\t1\t1\t1\t1\t0\t20\t{(head + at * step + 60) * 0.6:.0f}\t900\t24\t-1\t\n" + "".join(
                f"5\t1\t1\t1\t1\t{n}\t{30 + 36 * n}\t0\t24\t24\t9{n % 10}\t{word}\n"
                for n, word in enumerate(text.split()))
            for at, text in enumerate(texts) if text != "0"  # of which tesseract sees nothing
        ]  # fmt: skip
        (tmp_path / f"{number}.tsv").write_text("head\n" + "".join(lines), encoding="utf-8")
    (tmp_path / "many").write_text("")
    read_next = (
        f"cat {tmp_path}/$(($(wc -c < {tmp_path}/many) % 4)).tsv; printf x >> {tmp_path}/many"  # column by column
    )
    program(tmp_path, monkeypatch, f'case "$*" in *"psm 6"*) {read_next};; *) echo head;; esac')
    path = tmp_path / "form.tif"
    drawn(rows, turned=turned).resize((3570, 2100)).save(path)
    source = read(path)
    draft = made.drafted(path, accept=True)
    assert [(doubt.kind, doubt.why[0], doubt.answer) for doubt in draft.open] == [
        ("heading", "scan", "Năm 2018"),
        ("heading", "scan", "Năm 2019"),
        ("cell", "scan", "408"),
        ("cell", "scan", "?"),
        ("cell", "scan", "91%"),
    ]
    assert all(source.pictures[doubt.why[1]["picture"]].startswith("data:image/png;base64,") for doubt in draft.open)
    assert [code for code, _ in source.remarks] == ["scanned"]
    with pytest.raises(Questions) as asked:
        ingest(path, None, unit="Sở A", edition="2019", form="phu-luc-7", reader=read)
    (page,) = asked.value.pages.values()
    assert page.count("<img") == 2 * len(draft.open)  # in two languages


def test_headings_repeated_on_a_page_whose_accents_are_misread_are_the_same():
    again = ["STT", "Chỉ tiêu", "Năm 2018", "Nam 2019"]
    grids = [Grid("a.pdf, page 1, table 1", ROWS[:2]), Grid("a.pdf, page 2, table 2", [again, *ROWS[2:]])]
    source = Source("a.pdf", grids)
    (form,) = find_forms(source, tables_in(source, {}), Known.of(made.catalogue()), {})
    assert [list(row.cells.values()) for row in form.rows] == [row[2:] for row in ROWS[1:]]


def test_a_page_of_a_drawing_without_end_is_refused_before_it_is_unpacked(tmp_path):
    content = next(content for name, _, content in cases() if name == "pdf that unpacks to a quarter of a gigabyte")
    file = tmp_path / "form.pdf"
    file.write_bytes(content())
    with pytest.raises(ReformError, match="unpacks to more than 16 MB"):
        read(file)


def test_every_figure_of_a_picture_with_a_text_layer_is_a_question_that_nothing_accepts(tmp_path):
    path = written(tmp_path, [row if row[0] != "5" else [*row[:2], "1.408", "500"] for row in ROWS], image="below")
    draft = made.drafted(path, accept=True)
    assert [(doubt.why[0], doubt.answer) for doubt in draft.open] == [
        ("ocr", figure) for figure in ("1.408", "500", "90%", "91%", "8", "7")
    ]
    assert "text_below_picture" in [code for code, _ in read(path).remarks]


def test_a_locked_and_a_damaged_pdf(tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(good("pdf"))
    book = pypdf.PdfWriter(clone_from=path)
    book.encrypt("x", algorithm="RC4-128")
    book.write(path)
    with pytest.raises(ReformError, match="protected by a password"):
        read(path)
    path.write_bytes(b"%PDF-1.7\n%...")
    with pytest.raises(ReformError, match="cut off or damaged"):
        read(path)


def letter(text="a", font="ABCDEF+Arial", upright=True):
    return {"text": text, "fontname": font, "upright": upright}


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ([letter(font="ABCDEF+.VnTime")], "the old font .VnTime"),
        ([letter("(cid:7)")], "does not say what they are"),
        ([letter(upright=False)], "turned on their side"),
    ],
)
def test_text_that_is_not_had_as_it_is_seen_is_refused(letters, told):
    with pytest.raises(ReformError, match=told):
        pdf._refuse_odd(letters, "form.pdf, page 1")


def word(text, left, top, size=10.0):
    return {"text": text, "x0": left, "x1": left + 5 * len(text), "top": top, "bottom": top + size, "size": size}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([word("408", 0, 0), word("1", 15, -1, 6.0)], "408 (1)"),  # raised
        ([word("408", 0, 0), word("1", 15, 6, 6.0)], "408 (1)"),  # lowered
        ([word("408", 0, 0), word("%", 15, 4, 6.0)], "408%"),  # smaller, on the line
        ([word("408", 0, 0), word("1", 15, -1, 8.3)], "408 (1)"),  # as a browser raises it
        ([word("408", 0, 0), word("1", 15, -3)], "408 (1)"),  # moved, of the same size
        ([word("1.4", 0, 0), word("08", 15, 0)], "1.408"),  # no room for a space
        ([word("1", 0, 0), word("408", 8, 0)], "1 408"),
        ([word("1.4", 0, 0), word("08", 0, 12)], "1.4\n08"),  # digits on two lines are never joined
        ([word("chuyê", 0, 0), word("n", 0, 12), word("môn", 8, 12)], "chuyên môn"),
        ([word("đơn", 0, 0), word("vị", 0, 12)], "đơn\nvị"),
        ([word("Số", 0, 0), word("lượn", 15, 0), word("g", 0, 12)], "Số lượng"),
        ([word("Năm", 0, 0), word("20", 20, 0), word("19", 0, 12)], "Năm 2019"),
        ([word("31/12/20", 0, 0), word("19", 0, 12)], "31/12/2019"),
        ([word("20", 0, 0), word("19", 0, 12)], "20\n19"),
    ],
)
def test_the_text_of_a_cell_is_put_together_of_its_words(words, text):
    assert pdf_words.cell_text(words, []) == text


LINES = [  # left and text of each part of a line, by its top
    (0, {0: "STT", 30: "Nội dung", 200: "Năm", 220: "2018", 300: "Năm", 320: "2019"}),
    (20, {0: "5", 30: "Số lượng", 200: "408", 300: "500"}),
    (32, {30: "chữ ký số"}),
    (52, {0: "6", 30: "Tỷ lệ", 200: "90%", 300: "91%"}),
    (72, {0: "7", 30: "Số cơ quan", 200: "1", 300: "2"}),
]
EDGE = {"orientation": "h", "x0": 0, "x1": 340}


def in_white(lines, rules=()):
    words = [word(text, left, top) for top, parts in lines for left, text in parts.items()]
    return table_in_white(words, [EDGE | {"top": rule} for rule in rules])


@pytest.mark.parametrize("rules", [[], [15], [15, 47, 67], [-2, 15, 47, 67, 84], [15, 16, 47, 48, 67]])
def test_rows_without_lines_beside_their_cells_are_told_by_lines_across_or_by_white(rules):
    table = in_white(LINES, rules)
    assert [round(row.cells[0][1]) for row in table.rows] == [-1, 15, 47, 67]
    assert [round(box[0]) for box in table.rows[0].cells] == [-1, 22, 140, 270]


def test_lines_of_text_that_stand_alike_are_a_row_each():
    alike = [(12 * at, parts) for at, (_, parts) in enumerate(LINES)]
    assert [round(row.cells[0][1]) for row in in_white(alike).rows] == [-1, 11, 23, 35, 47]


@pytest.mark.parametrize(
    "line",
    [
        {0: "Ghi chú: số liệu của năm 2018 và 2019 do các đơn vị tự tổng hợp và gửi"},  # words across the columns
        {200: "x" * 40},
    ],
)
def test_a_table_in_white_ends_where_a_line_stands_in_two_columns(line):
    assert len(in_white([*LINES, (90, line)]).rows) == 4


def test_a_line_of_text_with_two_years_is_no_table():
    assert in_white([(0, {0: "Trong", 40: "2018", 70: "và", 90: "2019", 130: "thì"})]) is None
    crossed = [*LINES[:1], (20, {0: "5", 30: "Số lượng chữ ký số của tất cả các đơn vị thuộc tỉnh", 290: "408"})]
    assert in_white(crossed) is None or len(in_white(crossed).rows) == 1


def test_a_table_goes_on_below_its_lines_and_on_the_next_page_in_its_columns():
    rows = [(120, {0: "7", 30: "Số cơ quan", 200: "1", 300: "2"}), (140, {30: "Nơi nhận", 280: "GIÁM ĐỐC SỞ NỘI VỤ"})]
    words = [word(text, left, top) for top, parts in rows for left, text in parts.items()]
    edges = [-1.0, 22.0, 135.0, 268.0, 336.0]
    for top in (0.0, 110.0):
        assert len(table_below(words, [], edges, top).rows) == 1
    assert table_below(words, [], edges, 60.0) is None  # too far below
    assert table_below(words[4:], [], edges) is None  # no figures
    assert holds_row(words[:4]) and not holds_row(words[4:])


def test_figures_that_no_table_holds_are_a_refusal(tmp_path):
    after = ["Số cơ quan chuyên môn cấp tỉnh" + " " * 12 + "408" + " " * 12 + "500"]
    with pytest.raises(ReformError, match="leave words outside its cells: «Số cơ quan chuyên môn cấp tỉnh 408 500»"):
        read(written(tmp_path, after=after))


def test_a_file_for_which_libreoffice_is_missing_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    (tmp_path / "form.rtf").write_bytes(b"{\\rtf1 x}")
    with pytest.raises(
        ReformError, match="an RTF text, which is read through LibreOffice; none is installed"
    ) as refused:
        read(tmp_path / "form.rtf")
    assert "apt install libreoffice-writer" in refused.value.fix
