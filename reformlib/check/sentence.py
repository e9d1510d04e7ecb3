"""Sentences that are not yet in a language: an English message and what is filled into its fields.

A check gives its results in these; `present.findings` writes them in the reader's language, sentence, numbers and
dates each in its own way.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Sentence:
    """Base of what has a `template`, an English message with named fields, and `numbers`, what goes into them."""

    template: str
    numbers: Mapping[str, object]

    def text(self, *, translate: Callable[[str], str] = str, number: Callable[[object], str] = str) -> str:
        """The sentence put through `translate`, everything in it that is no text through `number`.

        Names are text and are left to `translate`; a year is a :class:`PeriodName`, so that it never becomes 2.016.
        """
        values = {name: write(value, translate, number) for name, value in self.numbers.items()}
        return translate(self.template).format(**values)


@dataclass(frozen=True)
class Text(Sentence):
    """A message with its fields; the empty one says nothing."""

    template: str = ""
    numbers: Mapping[str, object] = field(default_factory=dict, hash=False)


class Terms(NamedTuple):
    """Several values that stand in one field: each item filled into `pattern`, joined by `separator`.

    With `once`, items that read the same are written once.

    >>> Text("{sum}", {"sum": Terms(((1585,), (25,)), " + ")}).text()
    '1585 + 25'
    """

    items: tuple[tuple[object, ...], ...]  # no list, so that a finding can be hashed
    separator: str = "; "
    pattern: str = "{}"
    once: bool = False


@dataclass(frozen=True)
class Verbatim:
    """Words as the report prints them: a quotation, the number of a document, the code of a section."""

    words: str


@dataclass(frozen=True)
class PeriodName:
    """A period by its code in the standard, which every language calls otherwise: `2020-Q1`."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, eq=False)
class Field:
    """A text that a row of data (a mapping or an object) gives in every language: `name` and a language's ending."""

    row: object
    name: str

    def text(self, language: str) -> str:
        """The text in one language: `name_vi` of the row for `vi`."""
        name = f"{self.name}_{language}"
        return self.row[name] if isinstance(self.row, Mapping) else getattr(self.row, name)


def text(template: str, **numbers: object) -> Text:
    """A message with its fields given by name."""
    return Text(template, numbers)


def listed(values: Iterable[object], separator: str = "; ", *, once: bool = False) -> Terms:
    """Values one after another."""
    return Terms(tuple((value,) for value in values), separator, once=once)


def write(value: object, translate: Callable[[str], str] = str, number: Callable[[object], str] = str) -> str:
    """A sentence or a part of one as text; see :meth:`Sentence.text`."""
    if isinstance(value, Sentence):
        return value.text(translate=translate, number=number)
    if isinstance(value, Terms):
        items = [value.pattern.format(*(write(part, translate, number) for part in item)) for item in value.items]
        return value.separator.join(dict.fromkeys(items) if value.once else items)
    if isinstance(value, str):
        return translate(value) if value else ""
    return number(shown(value) if type(value) is Fraction else value)


def shown(value: Fraction | int, decimals: int = 4) -> int | Decimal:
    """A number as it is printed in a computation: whole, else at most `decimals` decimals, half rounded up.

    >>> shown(Fraction(1, 3)), shown(Fraction(5, 2)), shown(Fraction(4, 2))
    (Decimal('0.3333'), Decimal('2.5'), 2)
    """
    top, bottom = value.numerator, value.denominator
    if bottom == 1:
        return top
    rounded = Decimal((2 * abs(top) * 10**decimals + bottom) // (2 * bottom)).scaleb(-decimals)
    rounded = -rounded if top < 0 else rounded
    # normalize() alone would write 20 as 2E+1; a value that rounds to a whole number keeps one plain form.
    return rounded.normalize() if rounded % 1 else rounded.quantize(Decimal(1))
