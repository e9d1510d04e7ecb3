"""The answer of a rule: one of three outcomes, and the computation it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reformlib.check.sentence import Sentence

CONSISTENT = "consistent"
INCONSISTENT = "inconsistent"
CANNOT_TELL = "cannot tell"
OUTCOMES = (CONSISTENT, INCONSISTENT, CANNOT_TELL)


@dataclass(frozen=True)
class Verdict(Sentence):
    """Outcome of one rule on one set of figures. Exact fractions among `numbers` are kept as they are printed.

    >>> Verdict("inconsistent", "{a} + {b} is not {c}", {"a": 1, "b": 2, "c": 4}).computation
    '1 + 2 is not 4'
    """

    outcome: str
    template: str
    numbers: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"unknown outcome: {self.outcome}")
        super().__post_init__()

    def __bool__(self) -> bool:
        # `if verdict:` would treat "cannot tell" as one of the two others, whichever way it went.
        raise TypeError("a verdict has three values; compare verdict.outcome")

    @property
    def computation(self) -> str:
        """The computation in English, numbers with a decimal point."""
        return self.text()


def judged(holds: bool, template: str, **numbers: object) -> Verdict:
    """Consistent where `holds`, else inconsistent."""
    return Verdict(CONSISTENT if holds else INCONSISTENT, template, numbers)


def plausible(holds: bool, template: str, **numbers: object) -> Verdict:
    """Consistent where `holds`, else cannot tell: what asks for an explanation contradicts nothing."""
    return Verdict(CONSISTENT if holds else CANNOT_TELL, template, numbers)


def consistent(template: str, **numbers: object) -> Verdict:
    """Nothing to object to."""
    return Verdict(CONSISTENT, template, numbers)


def inconsistent(template: str, **numbers: object) -> Verdict:
    """The figures contradict each other or the rule."""
    return Verdict(INCONSISTENT, template, numbers)


def cannot_tell(template: str, **numbers: object) -> Verdict:
    """The figures do not decide; the template says why not."""
    return Verdict(CANNOT_TELL, template, numbers)
