"""HTML, as many systems save it under the name of a workbook, to tables and paragraphs: what a browser would show."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import lxml.etree as etree

from reformlib.ingest import encodings
from reformlib.ingest.source import CELL, COLUMNS, PLAIN, ROWS, UNREAD, Cells, Look, Run, Source
from reformlib.ingest.xml import attribute, local, number

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "table"}
_NO_TEXT = {"style", "script", "head", "title", "table"}
_OF_TAGS = {"sup": Look(raised=True), "sub": Look(raised=True)} | dict.fromkeys(
    ("s", "strike", "del"), Look(struck=True)
)
_PICTURES = ("img", "svg", "input", "select", "object")
_RULE, _CLASS = re.compile(r"([^{}]+)\{([^{}]*)\}"), re.compile(r"\w*\.([\w-]+)\s*$")
_LEVEL = ("", "baseline", "top", "middle", "bottom", "inherit", "initial", "0", "0%", "0pt", "0px")


def read_html(content: bytes, path: Path, locale: str) -> Source:
    """Read HTML. Raises ReformError for text that cannot be decoded."""
    text, _ = encodings.read_bytes(content)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    root = etree.fromstring(text.encode(), parser)
    source = Source(path.name, locale=locale)
    styles = "".join("".join(style.itertext()) for style in root.iter("style"))
    looks = {
        name[1]: _look(declared)
        for selectors, declared in _RULE.findall(styles)
        for selector in selectors.split(",")
        if (name := _CLASS.search(selector))
    }
    reader = _Reader(source, looks)
    source.paragraphs += [line for line in reader.lines(root) if line != UNREAD]
    return source


def _look(declared: str) -> Look:
    """What the declarations of a style say."""
    pairs = (one.partition(":") for one in declared.lower().split(";"))
    said = {name.strip(): value.strip() for name, _, value in pairs}
    font, level = (
        re.search(r"font-family\s*:\s*[\"']?([^;\"',]+)", declared, re.IGNORECASE),
        said.get("vertical-align", ""),
    )
    lined = said.get("text-decoration", "") + said.get("text-decoration-line", "")
    hidden = said.get("display") == "none" or said.get("visibility") == "hidden" or said.get("mso-hide") == "all"
    return Look(
        font[1].strip() if font else None, level not in _LEVEL or None, "line-through" in lined or None, hidden or None
    )


class _Reader:
    """What must be known while walking one file: what was read, the looks of its classes."""

    def __init__(self, source: Source, looks: Mapping[str, Look]) -> None:
        self.source, self.looks = source, looks

    def lines(self, parent) -> list[str]:
        """The lines of text inside an element, of which each table leaves a sign and is read on its own."""
        text = self.source.text(self._runs(parent, self._of(parent, PLAIN)))
        lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
        return [line for line in lines if line]

    def _of(self, element, under: Look) -> Look:
        look = under.under(_OF_TAGS.get(local(element), PLAIN))
        if face := element.get("face"):
            look = look._replace(font=face)
        for name in (element.get("class") or "").split():
            look = look.under(self.looks.get(name, PLAIN))
        return look.under(_look(element.get("style") or ""))

    def _runs(self, parent, look: Look) -> Iterator[Run]:
        yield look.run(_flat(parent.text))
        for element in parent:
            name = local(element)
            block = name in _BLOCKS or name == "br"
            if block:
                yield look.run("\n")
            if name == "table":
                self._table(element)
                yield look.run(UNREAD)
            elif name and name not in _NO_TEXT:
                yield from self._runs(element, self._of(element, look))
            if block and name != "br":
                yield look.run("\n")
            yield look.run(_flat(element.tail))

    def _table(self, table) -> None:
        at = len(self.source.grids)
        self.source.add("", [])  # keeps its place before tables in its cells
        rows: list[Cells] = []
        covered: dict[int, int] = {}  # how many rows more a cell above covers, by column
        for row in (one for one in table.iter("tr") if next(one.iterancestors("table")) is table):
            cells: Cells = []
            below = iter([cell for cell in row if local(cell) in ("td", "th")])
            while len(cells) <= COLUMNS:
                if covered.get(len(cells)):
                    covered[len(cells)] -= 1
                    cells.append(None)
                    continue
                if (cell := next(below, None)) is None:
                    break
                across, down = (number(attribute(cell, name), 1, COLUMNS) or 1 for name in ("colspan", "rowspan"))
                covered |= dict.fromkeys(range(len(cells), len(cells) + across), down - 1)
                cells += [self._text(cell), *[None] * (across - 1)]
            rows.append(cells)
            if len(rows) > ROWS:
                break
        width = max(map(len, rows), default=0)
        inner = self.source.grids[at + 1 :]
        del self.source.grids[at:]
        self.source.add(f"{self.source.name}, table {at + 1}", [[*row, *[""] * (width - len(row))] for row in rows])
        self.source.grids += inner

    def _text(self, cell) -> str:
        text = "\n".join(self.lines(cell))[:CELL]
        return text if text or next(cell.iter(*_PICTURES), None) is None else UNREAD


def _flat(text: str | None) -> str:
    """Text whose line ends in the file are blanks."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")
