"""A label of a stranger's form to an indicator of the catalogue: by number and by words, with a score, never quietly.

A match is certain where the words are the same but for spelling, the score is at least `CERTAIN`, no other
indicator comes within `MARGIN`, and the printed number, where there is one, is the indicator's. Anything else is a
question with its score and its reason. The score is that of :mod:`reformlib.load.labels`.
"""

from __future__ import annotations

from dataclasses import dataclass

from reformlib.ingest.remarks import Remark, remark
from reformlib.load.labels import differences, score, spelled

CERTAIN, LIKELY, MARGIN = 90.0, 65.0, 1.0


@dataclass(frozen=True)
class Match:
    """The indicator a label is taken for: `certain`, or why not. `indicator` "" where no label is alike."""

    indicator: str
    score: float
    certain: bool
    why: Remark | None = None


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
