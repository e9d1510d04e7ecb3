"""Labels of an official form in one spelling, and how alike two of them are.

Labels of one form differ in single words (cấp xã for cấp huyện, gửi for nhận) and score above 95 for each other, so
a score alone settles nothing: every word must have its like.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

from reformlib.paths import packaged

# words that a form may have or lack without saying another thing
_FILLERS = {"các", "của", "và", "những", "được", "về", "tại", "trên", "cho", "thì", "là", "đã", "có", "toàn"}
_TONE = "[\u0300\u0301\u0303\u0309\u0323]"  # huyền, sắc, ngã, hỏi, nặng, apart from their letter
_LEAD_OF_CATEGORY = re.compile(r"^[-+•–\s]*(?:trong đó:?\s*)?", re.IGNORECASE)


@lru_cache(4096)
def unaccented(text: str) -> str:
    """Text without any accent, as some files are typed: `Sở` gives `So`."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def abbreviations() -> dict[str, str]:
    """Short forms of official writing, in lower case, and the words they stand for."""
    return {row["short"]: row["words"] for row in packaged("load/abbreviations.csv")}


@lru_cache(4096)
def spelled(label: str) -> str:
    """A label in one spelling: lower case, one place for the tone mark, short forms written out, no markers.

    >>> spelled("Tỷ lệ hồ sơ TTHC (*)"), spelled("thuỷ, hoà – Mức độ 2")
    ('tỉ lệ hồ sơ thủ tục hành chính', 'thủy hòa mức 2')
    """
    text = unicodedata.normalize("NFC", label).lower()
    text = re.sub(r"\((?:\d{1,2}|\*+|[a-z]|%|đvt[^)]*|đơn vị[^)]*)\)|\[\d{1,2}\]|\*+|[¹²³⁰⁴-⁹]+", " ", text)
    text = re.sub(r"q\s*l\s*v\s*b\s*(?:&|và)\s*đ\s*h", "qlvbđh", text)
    words: list[str] = re.findall(r"e-mail|\w+", text)
    text = " ".join(abbreviations().get(word) or word for word in words)
    text = " ".join(map(_one_spelling, text.split()))
    text = re.sub(r"\bmức độ (?=\d)", "mức ", text)
    return re.sub(r"\bmức (\d) (?:và )?(?=\d\b)", r"mức \1 mức ", text)


def scores(label: str, names: Iterable[str]) -> list[float]:
    """How alike a label is to each of some names, 0 to 100; accents count only where the label has any.

    >>> scores("Số văn bản đến", ["Số văn bản đi", "So van ban den"]), scores("so van ban den", ["Số văn bản đến"])
    ([88.9, 64.3], [100.0])
    """
    from rapidfuzz import fuzz, process  # here: most commands compare no labels

    one, others = spelled(label), map(spelled, names)
    others = map(unaccented, others) if one == unaccented(one) else others
    return [round(score, 1) for _, score, _ in process.extract_iter(one, others, scorer=fuzz.ratio)]


@lru_cache(4096)
def differences(label: str, name: str) -> str:
    """Words of one label that have no like in the other, fillers aside; "" where there is none.

    Two words are alike when they differ in accents only, or in one letter of at least five.
    """
    one, other = spelled(label).split(), spelled(name).split()
    here, there = list(one), list(other)
    for alike in (lambda a, b: a == b, _alike):
        for word in list(here):
            twin = next((w for w in there if alike(word, w)), None)
            if twin is not None:
                here.remove(word)
                there.remove(twin)
    fillers = _FILLERS | {unaccented(word) for word in _FILLERS} if one == [unaccented(w) for w in one] else _FILLERS
    here = [word for word in here if word not in fillers]
    there = [word for word in there if word not in fillers]
    if not here and not there:
        return ""
    return " / ".join(" ".join(words) or "–" for words in (here, there))


def fits(label: str, names: Iterable[str]) -> bool:
    """Whether a printed label is one of the names of its row, but for spelling, usual short forms and fillers.

    >>> fits("Tỉ lệ hồ sơ TTHC đã giải quyết", ["Tỷ lệ hồ sơ thủ tục hành chính giải quyết"])
    True
    >>> fits("Số lượng văn bản gửi", ["Số lượng văn bản nhận"])
    False
    """
    return any(label == name or not differences(label, name) for name in names)


def category(label: str, names: Iterable[str], levels: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The category that a label of a row or cell names, as code and word; both "" where it is none.

    Its words may stand after «trong đó», and after words of the `names` of the row that is broken down; `levels` are
    the words by code.

    >>> words = {"3": ("mức 3",), "4": ("mức 4",)}
    >>> category("- Dịch vụ công mức độ 3:", ["Số dịch vụ công mức 3, mức 4"], words)
    ('3', 'mức 3')
    >>> category("Số dịch vụ công mức độ 3, mức độ 4", ["Số dịch vụ công mức 3, mức 4"], words)
    ('', '')
    """
    text, spelt = spelled(_LEAD_OF_CATEGORY.sub("", label)), [spelled(name).split() for name in names]
    own = {spelled(word): (code, word) for code, words in levels.items() for word in words[::-1]}
    for word, found in sorted(own.items(), key=lambda pair: -len(pair[0])):
        before = text.removesuffix(word)
        whole = before != text and before[-1:] in ("", " ") and text.split() not in spelt
        # «mức 3, mức 4» is the rest of a label, no category
        if whole and set(before.split()) <= set(chain(*spelt)) and not any(one in before for one in own):
            return found
    return "", ""


def _alike(a: str, b: str) -> bool:
    if a.isdigit() or b.isdigit():
        return False
    if unaccented(a) == unaccented(b):
        return True
    from rapidfuzz.distance import Levenshtein

    return min(len(a), len(b)) >= 5 and Levenshtein.distance(unaccented(a), unaccented(b)) <= 1


def _one_spelling(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    # hoà and hòa, thuỷ and thủy; quỳ and quý stay
    apart = re.sub(rf"^(?!qu)(.*)(o(?=[ae])|u(?=y))(.)({_TONE})$", r"\1\2\4\3", apart)
    # ký and kí, tỷ and tỉ: y for i as the only vowel; uy stays
    apart = re.sub(rf"(?<=[bcdđghklmnrstvx])y({_TONE}?)$", r"i\1", apart)
    return unicodedata.normalize("NFC", apart)
