"""How text of a Word file looks, by what it says itself, by its styles and by what these are based on.

The effective look counts: a marker raised by a style would else become a digit of the number before it.
"""

from reformlib.ingest.source import PLAIN, Look
from reformlib.ingest.xml import attribute, child, children, is_set, local

_DEEP = 20  # as styles rest on each other; a circle of them must end


def _look(properties) -> Look:
    """What the properties of a run say themselves."""
    fonts = child(properties, "rFonts")
    # letters of old encodings are none of ASCII; a font by theme is a Unicode one
    font = next(filter(None, (attribute(fonts, name) for name in ("hAnsiTheme", "hAnsi", "asciiTheme", "ascii"))), None)
    align, moved = (child(properties, name) for name in ("vertAlign", "position"))
    raised = attribute(align, "val") in ("superscript", "subscript") or attribute(moved, "val") not in ("", "0")
    crossed = [is_set(properties, name) for name in ("strike", "dstrike") if child(properties, name) is not None]
    return Look(
        font,
        None if align is None and moved is None else raised,
        any(crossed) if crossed else None,
        None if child(properties, "vanish") is None else is_set(properties, "vanish"),
    )


class Styles:
    """The looks of a file's styles by their id, and those of text that names none."""

    def __init__(self, root) -> None:
        styles = {attribute(style, "styleId"): style for style in children(root) if local(style) == "style"}
        self._styles, self._looks = styles, {}  # of hundreds that Word knows a file uses a few
        self._default = _look(child(root, "docDefaults", "rPrDefault", "rPr"))
        of_paragraphs = (name for name, style in styles.items() if _is_default(style))
        self._paragraph = next(of_paragraphs, "")

    def named(self, name: str) -> Look:
        """What a style says; nothing where there is none of that name."""
        if name not in self._looks:
            self._looks[name] = _whole(self._styles.get(name), self._styles)
        return self._looks[name]

    def of_paragraph(self, style: str, table: Look) -> Look:
        """The look of a paragraph of that style in a table of some look."""
        return self._default.under(table).under(self.named(style or self._paragraph))

    def of_run(self, properties, paragraph: Look) -> Look:
        """The look of a run: its own properties before its style before its paragraph.

        A style that crosses out or hides what the paragraph's style does already turns it off, as in Word.
        """
        style = self.named(attribute(child(properties, "rStyle"), "val"))
        look = paragraph.under(style)
        if style.struck and paragraph.struck:
            look = look._replace(struck=False)
        if style.hidden and paragraph.hidden:
            look = look._replace(hidden=False)
        return look.under(_look(properties))


def _whole(style, styles: dict) -> Look:
    """What a style says itself or through what it is based on."""
    look = PLAIN
    for _ in range(_DEEP):
        if style is None:
            break
        look = _look(child(style, "rPr")).under(look)
        style = styles.get(attribute(child(style, "basedOn"), "val"))
    return look


def _is_default(style) -> bool:
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on")
