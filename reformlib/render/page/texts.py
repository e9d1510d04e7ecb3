"""What the texts of a page must not hold: letters that fonts lack, the other language, another way of writing numbers.

What cannot be told for certain passes: a gate must not stop a sound page because of a name.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from lxml.etree import XPath

from reformlib.locale import messages
from reformlib.render.page.fragments import Node

_QUOTED = re.compile("«[^»]*»|“[^”]*”")
# lower-case words with a letter that no other language of Latin script has; é, à and ô are French as well
_VIETNAMESE = re.compile("[đơưăảạấầẩẫậắằẳẵặẻẽẹếềểễệỉịỏọốồổỗộớờởỡợủụứừửữựỳỷỹỵ]")
_ENGLISH = re.compile(r"\b(the|of|and|with|from|are|was|were|which|this|that|for|by|is)\b")
_ACCENTED = re.compile(r"[^\W\d_\x00-\x7f]")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")
_WHOLE = re.compile(r"(?<![\w.@/'-])[^\W\d_]{2,}(?!\w|[.@/-]\w)")  # words that are no part of a file name or of code
# a point between digits that groups no thousands; what has two points is a date, a version or a section
_POINT = re.compile(r"(?<![\w.,/-])\d+\.(?:\d{1,2}|\d{4,})(?![\w/-]|[.,]\d)")
_NUMBERED = re.compile(r"\b(mục|khoản|điểm|điều|phần|chương|bảng|hình|phiên bản|version|v)\s*$", re.IGNORECASE)
_FIGURES = {"caption", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "text", "title"}
_FIGURE_CLASSES = {"num", "verdict", "findings", "figure"}
# of the parents that name a language, the nearest names that of the page
_OWN = "[not(ancestor::*[@lang != ''][1][substring-before(concat(@lang, '-'), '-') != $language])]"
_TEXTS = XPath(
    "descendant::text()[not(ancestor::*[self::code or self::pre or self::kbd or self::math or self::style])]" + _OWN,
    smart_strings=False,
)
_LABELS = XPath(
    "(descendant::*/@alt | descendant::*/@aria-label | descendant::*/@title)" + _OWN,
    smart_strings=False,
)


def text_faults(text: str) -> list[str]:
    """Why a text cannot be shown: it is not NFC, or has a character that the fonts of a page lack."""
    faults = [] if unicodedata.is_normalized("NFC", text) else ["text that is not in Unicode form NFC; normalise it"]
    if _lacking().search(text):
        lacking = sorted({*text} - {"\n", "\r", "\t"} - letters())
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '(no character)')}" for c in lacking[:5])
        faults.append(f"a missing glyph, a character that fonts lack: {named}; write it in letters")
    return faults


@cache
def letters() -> frozenset[str]:
    """Characters of DejaVu Sans: charts are drawn with it, and the fonts of offices hold what it holds.

    Private-use code points and the replacement character are no letters in any font, though it has boxes for some.
    """
    from matplotlib import font_manager, ft2font

    held = map(chr, ft2font.FT2Font(font_manager.findfont("DejaVu Sans")).get_charmap())
    return frozenset(c for c in held if unicodedata.category(c) not in ("Co", "Cn", "Cs", "Cc") and c != "\ufffd")


@cache
def _lacking() -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(letters()))}\n\r\t]")


def own_texts(element: Node, language: str) -> list[str]:
    """Texts in the page's language, then its alternative texts and labels: no code, nothing marked as another's."""
    texts = [*_TEXTS(element, language=language), *_LABELS(element, language=language)]
    return list(filter(None, map(str.strip, texts)))


def leftovers(root: Node, language: str) -> Iterator[str]:
    """Texts in the other language that are not marked with its `lang`.

    In English: a lower-case word with a letter only Vietnamese has, or an accented one of the library's Vietnamese. In
    Vietnamese: more of the small English words (the, of, and …), two at least, than words with Vietnamese letters; or
    no such letter at all and two words of the library's English, half of the text. In both: a message of the library
    in the other language. So names pass, as they have capitals in English and stand alone in Vietnamese.
    """
    foreign = _foreign_messages(language)
    other, is_foreign = ("Vietnamese", _is_vietnamese) if language == "en" else ("English", _is_english)
    for text in own_texts(root, language):
        if text in foreign or is_foreign(text):
            yield f"{other} text in a page of the other language: {text[:60]!r}; translate it or mark it with lang"


def _is_vietnamese(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word == word.lower()]
    return any(_VIETNAMESE.search(word) or word in _vocabulary("vi") for word in words if not word.isascii())


def _is_english(text: str) -> bool:
    foreign = _ACCENTED.search(text)
    if not foreign and not _TWO_LETTERS.search(text):
        return False
    small = len(_ENGLISH.findall(text))
    if foreign and small < 2:
        return False  # as nearly all of a Vietnamese page
    words = re.findall(r"[^\W\d_]+", text)
    accented = sum(not word.isascii() for word in words)
    if small > 1 and small > accented:
        return True
    english = [word for word in _WHOLE.findall(text[:1].lower() + text[1:]) if word in _vocabulary("en")]
    return not accented and len(english) > 1 and 2 * len(english) >= len(words)


@cache
def _vocabulary(language: str) -> frozenset[str]:
    """Lower-case words of the library's messages in a language: in English those no Vietnamese message has, in
    Vietnamese the accented ones."""
    english, vietnamese = (
        {word for text in texts for word in _WHOLE.findall(re.sub(r"{.*?}", " ", text)) if word == word.lower()}
        for texts in zip(*messages("vi").items(), strict=True)
    )
    if language == "en":
        return frozenset(english - vietnamese)
    return frozenset(word for word in vietnamese if not word.isascii())


@cache
def _foreign_messages(language: str) -> frozenset[str]:
    """Messages of the library as they read in the other language, and do not in this one."""
    pairs = [(one, other) for one, other in messages("vi").items() if "{" not in one and len(one) > 3]
    mine = {pair[language == "vi"] for pair in pairs}
    return frozenset({pair[language != "vi"] for pair in pairs} - mine)


def decimal_points(root: Node) -> Iterator[str]:
    """Numbers with a decimal point where a Vietnamese page tells figures: number columns, headings, findings, charts.

    Elsewhere a figure may be quoted as it was printed.
    """
    elements = [e for e in root.iter("*") if e.tag in _FIGURES or _FIGURE_CLASSES & {*e.get("class", "").split()}]
    texts = [text for element in elements for text in own_texts(element, "vi")]
    for text in dict.fromkeys([*texts, *(image.get("alt", "") for image in root.iter("img"))]):
        for number in points(text):
            yield f"a decimal point in a Vietnamese page: {number} in {text[:60]!r}; write a comma"


def points(text: str) -> list[str]:
    """Numbers with a decimal point: not thousands, dates, versions, sections nor quotations.

    >>> points("96.4 %, 96,4 %, 1.234, mục 1.2, II.2.1.b, 30.6.2025, «99.5 %»")
    ['96.4']
    """
    text = _QUOTED.sub(" ", text)
    return [match[0] for match in _POINT.finditer(text) if not _NUMBERED.search(text[: match.start()])]
