"""A label of a stranger's form to an indicator of the catalogue: by number and by words, with a score, never quietly.

A match is certain where the words are the same but for spelling, the score is at least `CERTAIN`, no other
indicator comes within `MARGIN`, and the printed number, where there is one, is the indicator's. Anything else is a
question with its score and its reason. The score is rapidfuzz's ratio (normalised insertions and deletions) of the
labels in one spelling: 100 is the same.

Labels of one form differ in single words (cấp xã for cấp huyện, gửi for nhận) and score above 95 for each other, so
a score alone settles nothing: every word must have its like.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from reformlib.ingest.remarks import Remark, remark
from reformlib.ingest.wording import unaccented

CERTAIN, LIKELY, MARGIN = 90.0, 65.0, 1.0
# words that a form may have or lack without saying another thing
_FILLERS = {"các", "của", "và", "những", "được", "về", "tại", "trên", "cho", "thì", "là", "đã", "có", "toàn"}
_TONE_PLACE = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
_I_FOR_Y = str.maketrans("ýỳỷỹỵy", "íìỉĩịi")


@dataclass(frozen=True)
class Match:
    """The indicator a label is taken for: `certain`, or why not. `indicator` "" where no label is alike."""

    indicator: str
    score: float
    certain: bool
    why: Remark | None = None


@cache
def abbreviations() -> dict[str, str]:
    """Short forms of official writing, in lower case, and the words they stand for."""
    with Path(__file__).with_name("abbreviations.csv").open(encoding="utf-8", newline="") as file:
        return {row["short"]: row["words"] for row in csv.DictReader(file)}


@lru_cache(4096)
def spelled(label: str) -> str:
    """A label in one spelling: lower case, one place for the tone mark, short forms written out, no markers.

    >>> spelled("Tỷ lệ hồ sơ TTHC (*)"), spelled("thuỷ, hoà – Mức độ 3")
    ('tỉ lệ hồ sơ thủ tục hành chính', 'thủy hòa mức 3')
    """
    text = unicodedata.normalize("NFC", label).lower()
    text = re.sub(r"\((?:\d{1,2}|\*+|[a-z]|%|đvt[^)]*|đơn vị[^)]*)\)|\[\d{1,2}\]|\*+|[¹²³⁰⁴-⁹]+", " ", text)
    text = re.sub(r"q\s*l\s*v\s*b\s*(?:&|và)\s*đ\s*h", "qlvbđh", text)
    words = re.findall(r"e-mail|\w+", text)
    words = " ".join(abbreviations().get(word, word) for word in words).split()
    text = " ".join(_one_spelling(word) for word in words)
    text = re.sub(r"\bmức độ (?=\d)", "mức ", text)
    return re.sub(r"\bmức (\d) (?:và )?(?=\d\b)", r"mức \1 mức ", text)


def best(label: str, number: str, names: dict[str, tuple[str, str]]) -> Match:
    """The indicator that a label means.

    `names` gives every indicator's form row and label; `number` is the row number printed, "" where there is none.

    >>> names = {"sent": ("4", "Số văn bản gửi"), "received": ("3", "Số văn bản nhận")}
    >>> best("SỐ VĂN BẢN NHẬN", "3", names).certain
    True
    >>> best("Số văn bản nhận", "4", names).why
    ('number_of', {'number': '4', 'name': 'Số văn bản gửi'})
    """
    of_number = next((other for other, (row, _) in names.items() if row == number), "")
    if not spelled(label):
        return Match(of_number, 0.0, False, remark("number_only") if of_number else None)
    ranked = sorted(((score(label, name), code) for code, (_, name) in names.items()), reverse=True)
    top, code = ranked[0]
    own_row, name = names[code]
    if top < LIKELY:
        likeness = score(label, names[of_number][1]) if of_number else 0
        return Match(of_number, likeness, False, remark("number_only")) if likeness >= 50 else Match("", top, False)
    differing = differences(label, name)
    if differing:
        return Match(code, top, False, remark("words", words=differing))
    if top < CERTAIN:
        return Match(code, top, False, remark("low", least=f"{CERTAIN:.0f}"))
    rivals = [
        other
        for likeness, other in ranked[1:]
        if likeness > top - MARGIN or (likeness >= LIKELY and not differences(label, names[other][1]))
    ]
    if rivals:
        return Match(code, top, False, remark("rival", name=names[rivals[0]][1]))
    if number and number != own_row:
        if of_number:
            return Match(code, top, False, remark("number_of", number=number, name=names[of_number][1]))
        return Match(code, top, False, remark("number", number=number, expected=own_row))
    return Match(code, top, True)


def score(label: str, name: str) -> float:
    """How alike two labels are, 0 to 100; accents count only where the label has any."""
    one, other = spelled(label), spelled(name)
    if one == unaccented(one):
        other = unaccented(other)
    return round(fuzz.ratio(one, other), 1)


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


def _alike(a: str, b: str) -> bool:
    if a.isdigit() or b.isdigit():
        return False
    if unaccented(a) == unaccented(b):
        return True
    return min(len(a), len(b)) >= 5 and Levenshtein.distance(unaccented(a), unaccented(b)) <= 1


def _one_spelling(word: str) -> str:
    for late, early in _TONE_PLACE.items():
        if word.endswith(late) and not word.startswith("qu"):
            word = word[: -len(late)] + early
    # ký and kí, tỷ and tỉ: y for i as the only vowel; uy stays
    return re.sub(r"(?<=[bcdđghklmnrstvx])[ýỳỷỹỵy]$", lambda match: match[0].translate(_I_FOR_Y), word)
