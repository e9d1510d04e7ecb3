"""The `parameters` cell of a notebook is its declared model: read here, never executed.

With `ast`, as papermill's own list (2.7.0, its issue 906) knows no parameter annotated with Literal and cuts a default
at "#": findings/papermill-literal.sh. So the notebooks of the project annotate with a plain type and name the values
that there are in the comment, `one of: vi, en`, which papermill and its readers see as well.
"""

import ast
import difflib
import io
import re
import tokenize
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from reformlib.errors import ReformError

TYPES = {"str": str, "int": int, "float": float, "bool": bool}
_CHOICES = re.compile(r"\bone of: (\w+(?:, \w+)+)$")
WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: name, annotation (a type or a Literal), default, comment."""

    name: str
    annotation: Any
    default: Any
    comment: str

    @property
    def type_name(self) -> str:
        """The annotation as written: `int`, `Literal['vi', 'en']`."""
        return self.annotation.__name__ if self.annotation in WORDS else str(self.annotation).removeprefix("typing.")

    def typed(self, value: Any, *, strict: bool = False) -> Any:
        """The value as one of the annotation, unless `strict` also from a text. Raises ValueError where it is none."""
        from pydantic import ConfigDict, TypeAdapter  # here: most commands read no parameter

        if isinstance(value, str) and not strict:
            # pydantic's lax mode reads numbers and booleans from text, but not the members of a Literal of numbers
            value = next((choice for choice in self.choices if str(choice) == value), value)
        adapter = TypeAdapter(self.annotation, config=ConfigDict(allow_inf_nan=False))
        return adapter.validate_python(value, strict=strict)

    @property
    def choices(self) -> tuple:
        """The values that there are, where the annotation is a Literal."""
        return get_args(self.annotation) if get_origin(self.annotation) is Literal else ()

    @property
    def expected(self) -> str:
        """What a value must be, in words: "a whole number", "one of: vi, en"."""
        return f"one of: {', '.join(map(str, self.choices))}" if self.choices else WORDS[self.annotation]


def declared_parameters(nb: dict, name: str = "the notebook") -> list[Parameter]:
    """The lines `name: type = default  # comment` of the cell tagged `parameters`, in order.

    Types are str, int, float, bool and Literal[...]. The comment stands at the end of the line or on the line
    above; a text whose comment ends in `one of: vi, en` is one of these. Imports are allowed; anything else raises
    ReformError with its line.
    """
    parameters = _read(nb, name)
    for p in parameters:
        try:
            p.typed(p.default, strict=True)
        except ValueError:
            what = f"the parameters cell of {name}: the default of {p.name} is {p.default!r}"
            fix = "set it back; other values are tried with -p, or in a copy: `reformlib explore REPORT`"
            raise ReformError(what, where=name, expected=p.expected, fix=fix) from None
    return parameters


def _read(nb: dict, name: str) -> list[Parameter]:
    """The parameters as they are written; whether the defaults are of their types is not asked."""
    cells = _tagged(nb, "parameters")
    if len(cells) != 1:
        what, expected = f"{name} has {len(cells)} cells tagged `parameters`", "exactly one code cell with that tag"
        fix = "in JupyterLab: the gear icon, Cell Tags, add `parameters` to the cell of the settings"
        raise ReformError(what, expected=expected, fix=fix)
    source = cells[0]
    comments = _comments(source)
    parameters = []
    try:
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
                raise ValueError(f"line {node.lineno}: {ast.get_source_segment(source, node)}")
            annotation = _annotation(node.annotation)
            lines = range(node.end_lineno or node.lineno, node.lineno - 1, -1)
            comment = next(filter(None, map(comments.get, (*lines, -(node.lineno - 1)))), "")
            if annotation is str and (named := _CHOICES.search(comment)):
                annotation = Literal[tuple(named[1].split(", "))]
            parameters.append(Parameter(node.target.id, annotation, ast.literal_eval(node.value), comment))
    except (SyntaxError, ValueError) as error:
        raise ReformError(
            f"the parameters cell of {name} cannot be read: {error}",
            where=name,
            expected="lines such as: year: int = 2020  # last year shown; types str, int, float, bool, Literal[...]",
        ) from None
    return parameters


def parse_values(parameters: list[Parameter], texts: dict[str, str], name: str = "the notebook") -> dict[str, Any]:
    """Turn `name=value` texts into typed values; an unknown name or a wrong type raises ReformError.

    >>> parse_values([Parameter("year", int, 2020, "")], {"year": "2019"})
    {'year': 2019}
    """
    declared = {p.name: p for p in parameters}
    refuse_unknown(texts, declared, name)
    values, wrong = {}, []
    for key, text in texts.items():
        try:
            values[key] = declared[key].typed(text)
        except ValueError:
            wrong.append(declared[key])
    if wrong:
        raise ReformError(
            "; ".join(f"{name}: the parameter {p.name} cannot be {texts[p.name]!r}" for p in wrong),
            expected="; ".join(f"{p.name}: {p.expected}" for p in wrong),
        )
    return values


def notebook_parameters(nb: dict) -> dict[str, Any]:
    """The values an executed notebook ran with: defaults of the `parameters` cell, overridden by an injected one.

    Reads the cells, not the metadata, so it holds with and without papermill. Raises ReformError for a parameters cell
    that cannot be read, and for a value of a parameter that is not there, of which papermill only warns.
    """
    declared = {p.name: p for p in _read(nb, "the notebook")}
    values = {p.name: p.default for p in declared.values()}
    for source in _tagged(nb, "injected-parameters"):
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                try:
                    values[node.targets[0].id] = ast.literal_eval(node.value)
                except ValueError:  # papermill writes float('nan')
                    values[node.targets[0].id] = ast.unparse(node.value)
    refuse_unknown(values, declared, "the notebook")
    return values


def _tagged(nb: dict, tag: str) -> list[str]:
    return [
        "".join(cell["source"])
        for cell in nb["cells"]
        if cell["cell_type"] == "code" and tag in cell["metadata"].get("tags", [])
    ]


def _comments(source: str) -> dict[int, str]:
    """Comment by line number; a comment that has its line to itself is under the negative number."""
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                line = token.start[0]
                found[line if token.line[: token.start[1]].strip() else -line] = token.string.lstrip("# ").rstrip()
    except (tokenize.TokenError, SyntaxError):
        pass  # ast says what is wrong, better
    return found


def _annotation(node: ast.expr) -> Any:
    if isinstance(node, ast.Name) and node.id in TYPES:
        return TYPES[node.id]
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).rpartition(".")[2] == "Literal":
        choices = ast.literal_eval(node.slice)
        return Literal[choices if isinstance(choices, tuple) else (choices,)]
    raise ValueError(f"line {node.lineno}: unknown type {ast.unparse(node)}")


def refuse_unknown(texts: dict[str, str], declared: dict[str, Parameter], name: str) -> None:
    """Raise ReformError, with the nearest name, for one of `texts` that the notebook(s) `name` did not declare."""
    if unknown := [key for key in texts if key not in declared]:
        near = [match for key in unknown for match in difflib.get_close_matches(key, declared, n=1)]
        fix = f"did you mean {', '.join(near)}?" if near else "run `reformlib list` for names, types and defaults"
        what, expected = f"{name}: no parameter {', '.join(unknown)}", f"one of: {', '.join(declared)}"
        raise ReformError(what, expected=expected, fix=fix)
