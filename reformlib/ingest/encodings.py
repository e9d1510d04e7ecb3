"""Text of old Vietnamese files: TCVN3 (fonts .VnTime…) and VNI (fonts VNI-Times…) to Unicode.

Before Unicode a Vietnamese font drew its letters over those of Western Europe, so "Sở" was typed as "Së". Which
encoding a text is in is known from its font, or by trying each and counting syllables that exist in Vietnamese.

`legacy.csv` has every letter with its code units, checked letter by letter against the tables of two keyboard
programs (xvnkb, UniKey). In TCVN3 an accented capital has no code of its own: a font ending in H draws capitals.
"""

import re
import unicodedata
from contextlib import suppress
from functools import cache

from reformlib.errors import ReformError
from reformlib.paths import packaged

NAMES = {"tcvn3": "TCVN3", "vni": "VNI"}
_ENOUGH, _GOOD, _MARGIN = 3, 0.85, 0.15  # words to judge by; share of syllables that exist; lead over the next

_START = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]"
_VOWELS = (
    "uyê|uya|uyu|iêu|yêu|oai|oay|oao|oeo|uôi|ươi|ươu|uây|iê|yê|uô|ươ|ia|ua|ưa|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|"
    "ưi|ưu|oa|oă|oe|uâ|uê|uơ|uy|a|ă|â|e|ê|i|y|o|ô|ơ|u|ư"
)
_SYLLABLE = re.compile(rf"(?:{_START})?(?:{_VOWELS})(?:ch|ng|nh|[cmnpt])?")
_UNICODE = re.compile("[\u0102-\u01b0\u1ea0-\u1ef9]")  # letters that no old encoding has a code for
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


@cache
def table(encoding: str) -> dict[str, str]:
    """Code units to letters of an encoding: "tcvn3" or "vni"."""
    return {
        "".join(chr(int(code, 16)) for code in row[encoding].split()): row["letter"]
        for row in packaged("ingest/legacy.csv")
        if row[encoding]
    }


def decode(text: str, encoding: str) -> str:
    """Text typed in an old font, as Unicode.

    >>> decode("Tû lÖ v¨n b¶n", "tcvn3"), decode("Tyû leä vaên baûn", "vni")
    ('Tỷ lệ văn bản', 'Tỷ lệ văn bản')
    """
    letters = table(encoding)
    longest_first = sorted(letters, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda match: letters[match[0]], text)


def of_font(font: str) -> tuple[str, bool]:
    """The encoding a font stands for ("" for Unicode), and whether it draws capitals only.

    >>> of_font(".VnTimeH"), of_font("VNI-Times"), of_font("Times New Roman")
    (('tcvn3', True), ('vni', False), ('', False))
    """
    if font.startswith((".Vn", ".vn", ".VN")):
        return "tcvn3", font.rstrip().endswith("H")
    return ("vni", False) if font.upper().startswith("VNI-") else ("", False)


def is_unicode(text: str) -> bool:
    """Whether a text has letters of Vietnamese that no old encoding can hold, whatever font it is in.

    >>> is_unicode("Số"), is_unicode("Së")
    (True, False)
    """
    return bool(_UNICODE.search(text))


def is_syllable(word: str) -> bool:
    """Whether a word is one that Vietnamese can have.

    >>> is_syllable("chuyên"), is_syllable("chuyê"), is_syllable("n")
    (True, True, False)
    """
    return bool(_SYLLABLE.fullmatch(_toneless(word)))


def plausible(text: str) -> tuple[float, int]:
    """Share of the words with letters outside ASCII that are Vietnamese syllables, and the number of words."""
    words = [w for w in re.split(r"[\s!-/:-@\[-`{-~–—“”‘’…«»]+", unicodedata.normalize("NFC", text)) if not w.isascii()]
    good = sum(map(is_syllable, words))
    return (good / len(words) if words else 1.0), len(words)


def recognise(text: str) -> str:
    """The encoding a text is in, by its words: "" for Unicode (or too little to tell), "tcvn3" or "vni".

    Raises ReformError for a text that is in none of them.
    """
    share, words = plausible(text)
    if words < _ENOUGH or share >= _GOOD:
        return ""
    ranked = sorted(((plausible(decode(text, name))[0], name) for name in NAMES), reverse=True)
    (best, name), (next_best, _) = ranked
    if best >= _GOOD and best - max(share, next_best) >= _MARGIN:
        return name
    if share >= 0.6 or words < 20:  # foreign words, slips of the pen: nothing that looks like another encoding
        return ""
    raise ReformError(
        "the text is in an encoding that is not recognised",
        expected="Unicode, TCVN3 (fonts .Vn…) or VNI (fonts VNI-…)",
        fix="convert the file to Unicode (UniKey: Ctrl+Shift+F6) and ingest it again",
    )


def read_bytes(content: bytes) -> tuple[str, str]:
    """Text of a file and the name of its encoding: UTF-8, UTF-16, Windows-1258, TCVN3 or VNI.

    Raises ReformError where none of them gives Vietnamese.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, name), name
    zeros = content[:4000].count(0)
    if zeros > len(content[:4000]) // 4:  # UTF-16 without its mark: every second byte of ASCII is 0
        name = "utf-16-le" if content[1:4000:2].count(0) > content[0:4000:2].count(0) else "utf-16-be"
        return _strict(content, name), name
    if zeros:
        raise _unreadable("it holds zero bytes, as programs and pictures do")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    single = content.decode("latin-1")
    texts = [(decode(single, name), NAMES[name]) for name in NAMES]
    with suppress(UnicodeDecodeError):
        texts.append((unicodedata.normalize("NFC", content.decode("cp1258")), "Windows-1258"))
    ranked = sorted(((*plausible(text), text, name) for text, name in texts), key=lambda item: item[0], reverse=True)
    (best, words, text, name), (next_best, *_) = ranked[:2]
    if best < _GOOD or words < _ENOUGH or best - next_best < _MARGIN / 3:
        raise _unreadable("none of UTF-8, UTF-16, Windows-1258, TCVN3 and VNI gives Vietnamese words")
    return text, name


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise _unreadable(f"not {name}: {error.reason} at byte {error.start}") from None


def _unreadable(why: str) -> ReformError:
    return ReformError(
        f"the text cannot be decoded: {why}",
        expected="text in UTF-8 (also UTF-16, Windows-1258, TCVN3, VNI)",
        fix="open it in Excel or Notepad and save it as UTF-8",
    )


def _toneless(word: str) -> str:
    """Lower case without the tone mark: `Ở` gives `ơ`."""
    bare = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    return unicodedata.normalize("NFC", bare)
