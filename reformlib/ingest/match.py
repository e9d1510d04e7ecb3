"""A label of a stranger's form to an indicator of the catalogue: by number and by words, with a score, never quietly.

A match is certain where the words are the same but for spelling, the score is at least `CERTAIN`, no other
indicator comes within `MARGIN`, and the printed number, where there is one, is the indicator's. Anything else is a
question with its score and its reason. The score is that of :mod:`reformlib.load.labels`.
"""

from dataclasses import dataclass, field
from itertools import chain

from reformlib.ingest.remarks import Remark, remark
from reformlib.load.catalogue import Catalogue
from reformlib.load.cells import marks
from reformlib.load.labels import category, differences, scores, spelled

CERTAIN, LIKELY, MARGIN = 90.0, 65.0, 1.0


@dataclass(frozen=True)
class Match:
    """The indicator a label is taken for: `certain`, or why not. `indicator` "" where no label is alike."""

    indicator: str
    score: float
    certain: bool
    why: Remark | None = None


@dataclass(frozen=True)
class Known:
    """What the rows of an official form are known by, by indicator: their numbers, labels, words of categories.

    `rows` are the words of categories that stand in rows of their own; the key of such a row in `numbers` is that of
    its indicator with the category, "services:province".
    """

    numbers: dict[str, str]
    labels: dict[str, tuple[str, ...]]
    levels: dict[str, dict[str, tuple[str, ...]]]
    rows: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Known":
        """What the rows of the form of a catalogue are known by."""
        keys = {":".join(filter(None, catalogue.series_of(number))): number for number in catalogue.rows}
        return cls(keys, catalogue.labels, catalogue.level_words, catalogue.row_words)

    def name(self, key: str) -> str:
        """The label of a row, by its key."""
        code, _, level = key.partition(":")
        return f"{self.labels[code][0]}, {self.rows[code][level][-1]}" if level else self.labels[code][0]

    def likeness(self, label: str) -> float:
        """How like a label is to that of the row which it is most like, 0 to 100."""
        return max(scores(label, chain(*self.labels.values())))

    def level(self, label: str) -> str:
        """The words of the category that has a row or a cell beside it, "" where it is none; rows of a form's own are
        none: see :func:`reformlib.load.labels.category`.

        >>> known = Known({"online": "10"}, {"online": ("Số dịch vụ công",)}, {"online": {"3": ("mức 3",)}})
        >>> known.level("- Dịch vụ công mức độ 3:")
        'mức 3'
        """
        found = (category(label, self.labels[code], levels)[1] for code, levels in self.levels.items())
        return next(filter(None, found), "")

    def category(self, label: str, number: str = "", head: str | None = None) -> str:
        """The key of a category's own row: by its number and label, or by its label below the row of `head`; where
        that is None, below any."""
        keys = [
            f"{code}:{category(label, self.labels[code], levels)[0]}"
            for code, levels in self.rows.items()
            if head in (code, None) or any(self.numbers[f"{code}:{level}"] == number for level in levels)
        ]
        fitting = [key for key in keys if not key.endswith(":")]
        return next((key for key in fitting if number in (self.numbers[key], "")), next(iter(fitting), ""))

    def has_level(self, text: str) -> bool:
        """Whether the words of a category stand before a figure in the text of a cell."""
        return any(marks(text, levels) for levels in self.levels.values())


def best(label: str, number: str, known: Known) -> Match:
    """The indicator that a label means; `number` is the row number printed, "" where there is none.

    >>> known = Known({"sent": "4", "got": "3"}, {"sent": ("Số văn bản gửi",), "got": ("Số văn bản nhận",)}, {})
    >>> best("SỐ VĂN BẢN NHẬN", "3", known).certain
    True
    >>> best("Số văn bản nhận", "4", known).why
    ('number_of', {'number': '4', 'name': 'Số văn bản gửi'})
    """
    of_number = next((other for other in known.labels if known.numbers[other] == number), "")
    if not spelled(label):
        return Match(of_number, 0.0, False, remark("number_only") if of_number else None)
    nearest = _nearest(label, known)
    (top, code), *others = sorted(((likeness, code) for code, (likeness, _) in nearest.items()), reverse=True)
    if top < LIKELY:
        likeness = nearest[of_number][0] if of_number else 0
        return Match(of_number, likeness, False, remark("number_only")) if likeness >= 50 else Match("", top, False)
    differing = differences(label, nearest[code][1])
    if differing:
        return Match(code, top, False, remark("words", words=differing))
    if top < CERTAIN:
        return Match(code, top, False, remark("low", least=f"{CERTAIN:.0f}"))
    rivals = [
        other
        for likeness, other in others
        if likeness > top - MARGIN or (likeness >= LIKELY and not differences(label, nearest[other][1]))
    ]
    if rivals:
        return Match(code, top, False, remark("rival", name=known.name(rivals[0])))
    if number and number != known.numbers[code]:
        if of_number:
            return Match(code, top, False, remark("number_of", number=number, name=known.name(of_number)))
        return Match(code, top, False, remark("number", number=number, expected=known.numbers[code]))
    return Match(code, top, True)


def _nearest(label: str, known: Known) -> dict[str, tuple[float, str]]:
    """Which of the labels of each row another one is most like, and how: the same words before the same letters."""
    likeness, nearest = iter(scores(label, chain(*known.labels.values()))), {}
    for code, texts in known.labels.items():
        alike = [(len(texts) > 1 and not differences(label, text), next(likeness), text) for text in texts]
        nearest[code] = max(alike, key=lambda one: one[:2])[1:]
    return nearest
