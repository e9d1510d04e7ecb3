"""Word files to tables and paragraphs.

Read from the XML itself and not through python-docx, which drops what the form needs: raised markers would become
digits of the number before them, fonts tell old encodings, deleted text must stay deleted, and files with macros
would be refused.
"""

from pathlib import Path
from zipfile import ZipFile

from lxml.etree import strip_tags

from reformlib.errors import ReformError
from reformlib.ingest.guard import kind_of, member, open_archive
from reformlib.ingest.source import CELL, COLUMNS, PLAIN, ROWS, UNREAD, Cells, Look, Source
from reformlib.ingest.word_styles import Styles
from reformlib.ingest.wording import marker
from reformlib.ingest.xml import attribute, child, children, local, number, parse

# what holds other elements without adding anything of its own; deleted and moved-away text is not among them
_THROUGH = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo")
_THROUGH += ("oMath", "oMathPara", "AlternateContent", "Choice", "Fallback")
_PICTURES = ("{*}drawing", "{*}pict", "{*}object")
# elements that are signs; sym is a picture from a symbol font
_SIGNS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-", "softHyphen": "\u00ad", "sym": UNREAD}


def read_word(content: bytes, path: Path, locale: str) -> Source:
    """Read a Word file. Raises ReformError where it has no text."""
    archive = open_archive(content, path)
    body = child(_opened(archive, "word/document.xml", path), "body")
    if body is None:
        raise ReformError(f"{path.name} holds no text", where=str(path), fix="ask for the file again")
    source = Source(path.name, locale=locale)
    reader = _Reader(archive, path, source, Styles(parse(archive, "word/styles.xml", path)))
    for kind in ("footnote", "endnote"):
        for note in children(_opened(archive, f"word/{kind}s.xml", path)):
            if not attribute(note, "type"):
                source.notes[reader.mark(kind, attribute(note, "id"))] = reader.text(note).strip()
    reader.blocks(body)
    if any("vbaProject" in name for name in archive.namelist()):
        source.tell("macros")
    return source


class _Reader:
    """What must be known while walking one file: what was read, its styles, how many tables were seen."""

    def __init__(self, archive: ZipFile, path: Path, source: Source, styles: Styles) -> None:
        self.archive, self.path = archive, path
        self.source, self.styles, self.tables = source, styles, 0
        self.marks: dict[tuple[str, str], str] = {}

    def mark(self, kind: str, note: str) -> str:
        """A footnote's marker: numbered in the order of the notes, letters for endnotes as Word shows them."""
        of_kind = sum(key[0] == kind for key in self.marks)
        label = str(of_kind + 1) if kind == "footnote" else chr(ord("a") + of_kind % 26)
        return self.marks.setdefault((kind, note), label)

    def blocks(self, parent) -> None:
        for element in parent:
            name = local(element)
            if name == "p":
                text = self.paragraph(element).strip()
                if text:
                    self.source.paragraphs.append(text)
                for box in _boxes(element):
                    self.blocks(box)
            elif name == "tbl":
                self.table(element)
            elif name == "altChunk":
                self.chunk(attribute(element, "id"))
            elif name in ("del", "moveFrom"):
                self.source.tell("deleted")

    def chunk(self, wanted: str) -> None:
        """Another document that is stored inside this one, until Word saves it anew: one of Word, or HTML."""
        relations = children(parse(self.archive, "word/_rels/document.xml.rels", self.path))
        target = next((attribute(one, "Target") for one in relations if attribute(one, "Id") == wanted), "")
        name = target.lstrip("/") if target.startswith("/") else f"word/{target}"
        content = member(self.archive, name, self.path) or b""
        kind = kind_of(content, self.path)
        if kind not in ("docx", "html"):
            fix = "open it in Word or LibreOffice and save it"
            raise ReformError(
                f"{self.path.name} holds a part that is {kind}", where=f"{self.path}, part {name}", fix=fix
            )
        from reformlib.ingest.html import read_html

        inner = (read_word if kind == "docx" else read_html)(content, self.path, self.source.locale)
        for grid in inner.grids:
            self.tables += 1
            self.source.add(f"{self.source.name}, table {self.tables}", grid.rows, grid.doubts)
        self.source.paragraphs += inner.paragraphs
        self.source.notes |= inner.notes

    def table(self, table) -> None:
        self.tables += 1
        place = f"{self.source.name}, table {self.tables}"
        styled = self.styles.named(attribute(child(table, "tblPr", "tblStyle"), "val"))
        rows: list[Cells] = []
        doubts: dict[tuple[int, int], str] = {}
        for row in table.iterchildren("{*}tr"):
            if len(rows) > ROWS:
                break
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                self.source.tell("deleted")
                continue
            cells: Cells = [""] * number(attribute(child(properties, "gridBefore"), "val"), 0, COLUMNS)
            for cell in row.iterchildren("{*}tc"):
                settings = child(cell, "tcPr")
                span = number(attribute(child(settings, "gridSpan"), "val"), 1, COLUMNS)
                # hMerge is how Word did it before 2000
                merges = [child(settings, name) for name in ("vMerge", "hMerge")]
                covered = any(merge is not None and attribute(merge, "val") != "restart" for merge in merges)
                deleted = child(settings, "cellDel") is not None
                if deleted:
                    self.source.tell("deleted")
                    doubts[len(rows), len(cells)] = "cell_deleted"
                cells += [None if covered else "" if deleted else self.text(cell, styled)] + [None] * (span - 1)
                if len(cells) > COLUMNS:
                    break
            rows.append(cells)
        self.source.add(place, rows, doubts)

    def text(self, parent, under: Look = PLAIN) -> str:
        """Text of a cell or a note, paragraphs on lines of their own; `under` is the look that its table gives it.

        A table inside a cell is one more table. Such a table, and a picture in a cell without text, leave a sign that
        is no figure: nothing is missing there.
        """
        lines = []
        for element in parent:
            name = local(element)
            if name == "p":
                lines.append(self.paragraph(element, under))
                lines += [self.text(box) for box in _boxes(element)]
            elif name == "tbl":
                self.table(element)
                lines.append(UNREAD)
        if not any(lines) and next(parent.iter(*_PICTURES), None) is not None:
            return UNREAD
        return "\n".join(lines)[:CELL].strip("\n")

    def paragraph(self, paragraph, under: Look = PLAIN) -> str:
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        return "".join(self.runs(paragraph, self.styles.of_paragraph(style, under))).strip(" ")

    def runs(self, parent, style: Look):
        for element in parent:
            name = local(element)
            if name == "r":
                yield self.run(element, style)
            elif name in ("del", "moveFrom"):
                self.source.tell("deleted")

    def run(self, run, style: Look) -> str:
        look = self.styles.of_run(child(run, "rPr"), style)
        if look.hidden:
            return ""
        parts = []
        for element in run:
            name = local(element)
            if name == "t":
                parts.append(element.text or "")
            elif name in ("footnoteReference", "endnoteReference"):
                parts.append(marker(self.mark(name.removesuffix("Reference"), attribute(element, "id"))))
            elif name == "fldChar":
                parts.append(_chosen_in_field(child(element, "ffData")))
            else:
                parts.append(_SIGNS.get(name, ""))
        return self.source.text([look.run("".join(parts))])


def _chosen_in_field(field) -> str:
    """What a field of a form shows that has no text of its own: the choice of a list, a box that is ticked or not."""
    choices = child(field, "ddList")
    entries = [attribute(entry, "val") for entry in children(choices) if local(entry) == "listEntry"]
    chosen = number(attribute(child(choices, "result"), "val") or attribute(child(choices, "default"), "val"), 0)
    if chosen < len(entries):
        return entries[chosen]
    return "" if child(field, "checkBox") is None else UNREAD


def _opened(archive: ZipFile, name: str, path: Path):
    """The root of a part without the elements that only hold others: what these hold stands in their place.

    Of the ways in which a part is stored for newer and older programs the first is kept: they say the same.
    """
    root = parse(archive, name, path)
    if root is not None:
        for alternatives in [*root.iter("{*}AlternateContent")]:
            for other in [*alternatives.iterchildren("{*}Choice", "{*}Fallback")][1:]:
                alternatives.remove(other)
        strip_tags(root, *(f"{{*}}{name}" for name in _THROUGH))
    return root


def _boxes(paragraph):
    """Contents of the text boxes that a paragraph anchors, each once; a box inside a box belongs to that one."""
    for box in paragraph.iter("{*}txbxContent"):
        around = next(box.iterancestors("{*}p", "{*}del", "{*}moveFrom"))
        if around is paragraph:
            yield box
