"""The answer of a rule: one of five outcomes, and the computation it rests on.

Two statements agree (consistent) or do not (inconsistent), or the figures do not decide (cannot tell). What is certain
and contradicts nothing is none of these: the report lacks something (missing), or it says so itself (stated).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reformlib.check.sentence import Sentence

CONSISTENT = "consistent"
INCONSISTENT = "inconsistent"
CANNOT_TELL = "cannot tell"
MISSING = "missing"
STATED = "stated"
OUTCOMES = (INCONSISTENT, CANNOT_TELL, MISSING, STATED, CONSISTENT)  # the gravest first


@dataclass(frozen=True)
class Verdict(Sentence):
    """Outcome of one rule on one set of figures, and the exact `numbers` that it was computed from.

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
        # `if verdict:` would treat "cannot tell" as agreement or as a contradiction, whichever way it went.
        raise TypeError("a verdict has five values; compare verdict.outcome")

    @property
    def computation(self) -> str:
        """The computation in English, numbers with a decimal point."""
        return self.text()


def judged(holds: bool, template: str, otherwise: str = INCONSISTENT, /, **numbers: object) -> Verdict:
    """Consistent where `holds`, else `otherwise`."""
    return Verdict(CONSISTENT if holds else otherwise, template, numbers)


def consistent(template: str, **numbers: object) -> Verdict:
    """Nothing to object to."""
    return Verdict(CONSISTENT, template, numbers)


def inconsistent(template: str, **numbers: object) -> Verdict:
    """The figures contradict each other or the rule."""
    return Verdict(INCONSISTENT, template, numbers)


def cannot_tell(template: str, **numbers: object) -> Verdict:
    """The figures do not decide; the template says why not."""
    return Verdict(CANNOT_TELL, template, numbers)


def missing(template: str, **numbers: object) -> Verdict:
    """The report does not have something: certain, and no contradiction."""
    return Verdict(MISSING, template, numbers)


def stated(template: str, **numbers: object) -> Verdict:
    """What the report says itself, or its figures show beyond doubt, and its reader must know."""
    return Verdict(STATED, template, numbers)
