"""Rows of OpenDocument tables, and their texts as styles let them look."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from reformlib.ingest.source import PLAIN, Look, Run, Source
from reformlib.ingest.xml import attribute, child, children, local, number, parse

_DEEP = 20  # as styles rest on each other; a circle of them must end
_PARTS = ("automatic-styles", "styles")
_GROUPS = ("table-header-rows", "table-rows", "table-row-group")
_NO_TEXT = ("annotation", "annotation-end", "ruby-text", "title", "desc", "text-box")


def rows_of(table) -> Iterator:
    """The rows of a table, also those of its groups, and none of a table in one of its cells."""
    for element in table:
        if local(element) == "table-row":
            yield element
        elif local(element) in _GROUPS:
            yield from rows_of(element)


class Texts:
    """The texts of one file, by the styles of its parts."""

    def __init__(self, archive: zipfile.ZipFile, root, source: Source, path: Path) -> None:
        roots = [part for part in (root, parse(archive, "styles.xml", path)) if part is not None]
        faces = [face for part in roots for face in children(child(part, "font-face-decls"))]
        self.source = source
        self._fonts = {attribute(face, "name"): attribute(face, "font-family").strip("'\" ") for face in faces}
        # a style that content.xml and styles.xml both have is that of the content
        styles = [style for part in roots[::-1] for name in _PARTS[::-1] for style in children(child(part, name))]
        named = {(attribute(style, "family"), attribute(style, "name")): style for style in styles}
        self._looks = {key: self._whole(style, named) for key, style in named.items()}

    def look(self, family: str, name: str) -> Look:
        """What a style says, itself, by those that it is based on, or by the default of its family."""
        return self._looks.get((family, name)) or self._looks.get((family, ""), PLAIN)

    def _whole(self, style, named: dict) -> Look:
        look, family = PLAIN, attribute(style, "family")
        for _ in range(_DEEP):
            if style is None:
                break
            look = self._look(style).under(look)
            style = named.get((family, attribute(style, "parent-style-name")))
        return look

    def _look(self, style) -> Look:
        """What a style says itself."""
        text = child(style, "text-properties")
        name = attribute(text, "font-name")
        lifted, display = attribute(text, "text-position").split(" ")[0], attribute(text, "display")
        crossed = [attribute(text, f"text-line-through-{name}") for name in ("style", "type")]
        return Look(
            self._fonts.get(name) or name or attribute(text, "font-family").strip("'\" ") or None,
            lifted not in ("0%", "0") if lifted else None,
            any(how not in ("", "none") for how in crossed) if any(crossed) else None,
            display == "none" if display else None,
        )

    def of_paragraph(self, paragraph, under: Look = PLAIN) -> str:
        """The text of a paragraph; `under` is the look that its cell gives it."""
        look = self.look("paragraph", attribute(paragraph, "style-name"))
        return self.source.text(self._runs(paragraph, look.under(under)))

    def _runs(self, parent, look: Look) -> Iterator[Run]:
        yield look.run(parent.text or "")
        for element in parent:
            match local(element):
                case "s":
                    yield look.run(" " * number(attribute(element, "c"), 1, 100))
                case "line-break":
                    yield look.run("\n")
                case "tab":
                    yield look.run(" ")
                case "span":
                    name = attribute(element, "style-name")
                    yield from self._runs(element, look.under(self.look("text", name) if name else PLAIN))
                case name if name and name not in _NO_TEXT:
                    yield from self._runs(element, look)
            yield look.run(element.tail or "")
