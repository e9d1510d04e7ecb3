"""HTML under the name of a workbook, documents inside documents, and archives of a report's files."""

import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reformlib.errors import ReformError
from reformlib.ingest import guard, readers
from reformlib.ingest.run import ingest
from tests import ingest_files as made
from tests.hostile_files import good

PAGE = """<html><head><meta charset=utf-8><style>.f5 {{vertical-align:super;}} .x1,
td.x2 {{text-decoration:line-through}}
.h {{display:none}} .t {{font-family:".VnTime"}} .m {{vertical-align:middle}}</style></head><body>
<p>Số: 12/BC-SNV<br>BÁO CÁO</p>
<table><tr><th rowspan=2>STT</th><th rowspan=2>Chỉ
 tiêu</th><th colspan=2>Kết quả</th></tr><tr><th>Năm 2018</th><th>Năm 2019</th></tr>
<tr><td>5</td><td class=m>Số lượng chữ ký số</td><td class=m>{}</td><td>500</td></tr>
<tr><td>6</td><td><p>Tỷ lệ công chức</p> <p>có hộp thư điện tử</p></td><td>90%</td><td>91%</td></tr>
</table></body></html>"""
TRUE = {"5": ["408", "500"], "6": ["90%", "91%"]}


def values(draft):
    return {row["form_row"]: list(row.values())[2:] for row in draft.annex.to_dict("records")}


@pytest.mark.parametrize(
    ("cell", "read", "asked"),
    [
        ("408", "408", []),
        ("408<sup>9</sup>", "408 (9)", []),
        ("408<span class=f5>9</span>", "408 (9)", []),
        ('408<font style="vertical-align: 30%">9</font>', "408 (9)", []),
        ("408<s>9</s>", "408~9~", ["unreadable"]),
        ("408<b class='b x1'>9</b>", "408~9~", ["unreadable"]),
        ("408<b class=x2>9</b>", "408~9~", ["unreadable"]),
        ("408<span class=h>9</span>", "408", []),
        ("408<!-- 9 --><script>9</script>", "408", []),
        ("<font x:num='408'><o:p>408</o:p></font>", "408", []),  # as Excel and Word write HTML
        ("<img src=x>", "\ufffd", ["unreadable"]),
        ("<table><tr><td>408</td></tr></table>", "\ufffd", ["unreadable"]),
    ],
)
@pytest.mark.parametrize("suffix", ["xls", "html"])
def test_html_is_read_as_a_browser_shows_it_also_under_the_name_of_a_workbook(tmp_path, suffix, cell, read, asked):
    path = tmp_path / f"form.{suffix}"
    path.write_text(PAGE.format(cell), encoding="utf-8")
    draft = made.drafted(path)
    assert values(draft) == TRUE | {"5": [read, "500"]}
    assert [doubt.why[0] for doubt in draft.open] == asked
    assert readers.read(path).paragraphs == ["Số: 12/BC-SNV", "BÁO CÁO"]


def test_the_font_of_html_tells_its_encoding(tmp_path):
    path = tmp_path / "form.html"
    path.write_text(PAGE.format("408").replace("BÁO CÁO", '<font face=".VnTime">h\u00ad v¨n</font>'), encoding="utf-8")
    assert readers.read(path).paragraphs[1] == "hư văn"


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("part.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", lambda: good("docx")),
        ("part.html", "text/html", lambda: PAGE.format("408").encode()),
    ],
)
def test_a_document_inside_a_document_is_read_with_it(tmp_path, name, kind, content):
    document = docx.Document()
    document.add_paragraph("Báo cáo")
    part = Part(PackURI(f"/word/{name}"), kind, content(), document.part.package)
    chunk = document.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK)
    document.element.body.insert(1, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{chunk}"/>'))
    document.save(tmp_path / "form.docx")
    assert values(made.drafted(tmp_path / "form.docx")) == TRUE


def test_a_part_that_is_not_read_is_refused_and_not_left_out(tmp_path):
    document = docx.Document()
    part = Part(PackURI("/word/part.rtf"), "application/rtf", b"{\\rtf1 x}", document.part.package)
    chunk = document.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK)
    document.element.body.insert(0, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{chunk}"/>'))
    document.save(tmp_path / "form.docx")
    with pytest.raises(ReformError, match="holds a part that is rtf"):
        readers.read(tmp_path / "form.docx")


SHEET = '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table/></Worksheet></Workbook>'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("form.xls", SHEET, "sheetxml"),
        ("form.xml", SHEET, "sheetxml"),
        ("form.xml", "<w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>", "wordxml"),
        ("form.doc", "{\\rtf1 x}", "rtf"),
        ("form.xls", f"<html xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>{SHEET}</html>", "html"),
    ],
)
def test_a_workbook_that_is_one_xml_file_and_files_under_the_name_of_another_kind(tmp_path, name, content, kind):
    head = "" if content[0] == "{" else '<?xml version="1.0"?>'
    (tmp_path / name).write_text(head + content, encoding="utf-8")
    assert guard.load_bytes(tmp_path / name)[0] == kind


def test_xml_that_declares_entities_never_reaches_libreoffice(tmp_path):
    (tmp_path / "form.xml").write_text(f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]>{SHEET}', encoding="utf-8")
    with pytest.raises(ReformError, match="declares a document type"):
        readers.read(tmp_path / "form.xml")


def zipped(tmp_path, **files):
    with zipfile.ZipFile(tmp_path / "report.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_docx", ".docx").replace("_txt", ".txt"), content)
    return tmp_path / "report.zip"


def test_the_files_of_an_archive_are_one_report(tmp_path):
    path = zipped(tmp_path, in__form_docx=good("docx"), in__text_txt="Số: 12/BC-SNV".encode(), picture=b"x")
    done = ingest(path, None, unit="Sở A", edition="2019", form="phu-luc-7", reader=readers.read)
    assert values(done.draft) == TRUE and done.fields["number"] == "12/BC-SNV"


def test_an_archive_of_nothing_to_read_or_of_two_files_of_one_name_is_refused(tmp_path):
    for files, told in (
        ({"picture": b"x"}, "is an archive"),
        ({"a__f_txt": b"x", "b__f_txt": b"y"}, "two files called"),
    ):
        with pytest.raises(ReformError, match=told):
            ingest(zipped(tmp_path, **files), None, unit="Sở A", edition="2019", reader=readers.read)
