"""The one kind of error a user of the package can cause."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


class ReformError(Exception):
    """A user's mistake: what is wrong, where, what was expected, how to fix it.

    >>> print(ReformError("no such report: x", expected="one of: tra-vinh-2020", fix="run `reformlib list`"))
    no such report: x
      expected: one of: tra-vinh-2020
      fix: run `reformlib list`
    """

    def __init__(
        self, what: str, *, where: str = "", expected: str = "", fix: str = "", notebook: dict | None = None
    ) -> None:
        self.what, self.where, self.expected, self.fix = what, where, expected, fix
        self.notebook = notebook  # of a document that failed: as far as it was executed, for study
        super().__init__(what)

    def __reduce__(self):
        # Errors cross process borders (kernels, pools); the default would lose the keyword parts.
        return _rebuild, (type(self), self.what, self.where, self.expected, self.fix, self.notebook)

    def __str__(self) -> str:
        parts = [("where", self.where), ("expected", self.expected), ("fix", self.fix)]
        return "\n".join([self.what] + [f"  {label}: {text}" for label, text in parts if text])

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it under a cell: what is wrong in words, and no frames of the library."""
        return str(self).splitlines()


def counted(number: int, thing: str) -> str:
    """How many of a thing, in a message.

    >>> counted(1, "report"), counted(2, "report")
    ('1 report', '2 reports')
    """
    return f"{number} {thing}" + "s" * (number != 1)


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """The fix of a name that is none of `names`: the nearest of them, or what to do `otherwise`.

    >>> did_you_mean("tra-vin", ["tra-vinh", "ben-tre"]), did_you_mean("x", ["tra-vinh"], "run `reformlib list`")
    ('did you mean tra-vinh?', 'run `reformlib list`')
    """
    from difflib import get_close_matches  # here: most names are known

    nearest = get_close_matches(name, list(names), n=1)
    return f"did you mean {nearest[0]}?" if nearest else otherwise


def one_of(name: str, names: Iterable[str], what: str, otherwise: str = "") -> str:
    """The name, where it is one of `names`. Raises ReformError naming them, and the nearest, where it is none.

    >>> one_of("lan", ["lan", "portals"], "indicator")
    'lan'
    """
    names = list(dict.fromkeys(names))
    if name not in names:
        expected = f"one of: {', '.join(names)}"
        raise ReformError(f"no such {what}: {name}", expected=expected, fix=did_you_mean(str(name), names, otherwise))
    return name


def none_such(what: str, name: str, file: str, names: Sequence[str], otherwise: str, where: str = "") -> ReformError:
    """The error of a text that names nothing and is no path of a `file` either: the names there are, and the nearest.

    >>> print(none_such("form", "phu-luc", "a folder with form.yml", ["phu-luc-7"], "correct the name"))
    no such form: phu-luc
      expected: the path of a folder with form.yml, or one of: phu-luc-7
      fix: did you mean phu-luc-7?
    """
    expected = f"the path of {file}, or one of: {', '.join(names) or '(none yet)'}"
    fix = did_you_mean(Path(name).name.removesuffix(".ipynb"), names, otherwise)
    return ReformError(f"no such {what}: {name or '(empty)'}", where=where, expected=expected, fix=fix)


def refuse(faults: Sequence[str], what: str = "", *, where: str, expected: str = "", fix: str = "") -> None:
    """Raise one ReformError for all faults, each on a line of its own, below `what` where that is given; nothing where
    there are none.

    >>> refuse(["row 2: no date", "row 3: no date"], "2 broken rows", where="facts.csv")
    Traceback (most recent call last):
    reformlib.errors.ReformError: 2 broken rows:
      row 2: no date
      row 3: no date
      where: facts.csv
    >>> refuse([], where="facts.csv")
    """
    if faults:
        text = "\n  ".join([f"{what}:", *faults]) if what else "\n".join(faults)
        raise ReformError(text, where=where, expected=expected, fix=fix)


def collect(*steps: Callable[[], object]) -> list:
    """Results of all steps. Where some raise ReformError, the others still run, and one ReformError names them all."""
    results, errors = [], []
    for step in steps:
        try:
            results.append(step())
        except ReformError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ReformError("\n".join(map(str, errors)))
    return results


def _rebuild(
    kind: type[ReformError], what: str, where: str, expected: str, fix: str, notebook: dict | None
) -> ReformError:
    return kind(what, where=where, expected=expected, fix=fix, notebook=notebook)
