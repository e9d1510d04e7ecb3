"""The answer of a rule: one of three outcomes, and the computation it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

CONSISTENT = "consistent"
INCONSISTENT = "inconsistent"
CANNOT_TELL = "cannot tell"
OUTCOMES = (CONSISTENT, INCONSISTENT, CANNOT_TELL)


@dataclass(frozen=True)
class Terms:
    """Several numbers that stand in one field: each item filled into `pattern`, joined by `separator`.

    >>> Verdict(CONSISTENT, "{sum}", {"sum": Terms([(1585,), (25,)], " + ")}).computation
    '1585 + 25'
    """

    items: Iterable[tuple[object, ...]]
    separator: str = "; "
    pattern: str = "{}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(tuple(item) for item in self.items))


@dataclass(frozen=True)
class Verdict:
    """Outcome of one rule on one set of figures.

    `template` is an English sentence with named fields, `numbers` what goes into them, kept apart so that a page
    can translate the sentence and write each number in its own language.

    >>> Verdict("inconsistent", "{a} + {b} is not {c}", {"a": 1, "b": 2, "c": 4}).computation
    '1 + 2 is not 4'
    """

    outcome: str
    template: str
    numbers: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"unknown outcome: {self.outcome}")

    def __bool__(self) -> bool:
        # `if verdict:` would treat "cannot tell" as one of the two others, whichever way it went.
        raise TypeError("a verdict has three values; compare verdict.outcome")

    @property
    def computation(self) -> str:
        """The computation in English, numbers with a decimal point."""
        return self.text()

    def text(self, *, translate: Callable[[str], str] = str, number: Callable[[object], str] = str) -> str:
        """The computation with the sentence put through `translate`, every number and date through `number`.

        Years and names are text already and are left to `translate`, so that 2016 never becomes 2.016.
        """

        def write(value: object) -> str:
            if isinstance(value, Terms):
                return value.separator.join(value.pattern.format(*map(write, item)) for item in value.items)
            if isinstance(value, str):
                return translate(value) if value else ""
            return number(value)

        return translate(self.template).format(**{name: write(value) for name, value in self.numbers.items()})


def judged(holds: bool, template: str, **numbers: object) -> Verdict:
    """Consistent where `holds`, else inconsistent."""
    return Verdict(CONSISTENT if holds else INCONSISTENT, template, numbers)


def unknown(template: str, **numbers: object) -> Verdict:
    """Cannot tell; the template says why not."""
    return Verdict(CANNOT_TELL, template, numbers)


def shown(value: Fraction | int, decimals: int = 4) -> int | Decimal:
    """A number as it is printed in a computation: whole, else at most `decimals` decimals, half rounded up.

    >>> shown(Fraction(1, 3)), shown(Fraction(5, 2)), shown(Fraction(4, 2))
    (Decimal('0.3333'), Decimal('2.5'), 2)
    """
    value = Fraction(value)
    if value.denominator == 1:
        return int(value)
    scaled = abs(value) * 10**decimals + Fraction(1, 2)
    rounded = Decimal(scaled.numerator // scaled.denominator).scaleb(-decimals)
    rounded = -rounded if value < 0 else rounded
    # normalize() alone would write 20 as 2E+1; a value that rounds to a whole number keeps one plain form.
    return rounded.normalize() if rounded % 1 else rounded.quantize(Decimal(1))
