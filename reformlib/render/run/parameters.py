"""The `parameters` cell of a notebook is its declared model: read here, never executed."""

from __future__ import annotations

import ast
import difflib
import io
import json
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from reformlib.errors import ReformError
from reformlib.paths import notebooks_folder

TYPES = {"str": str, "int": int, "float": float, "bool": bool}
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

    @property
    def expected(self) -> str:
        """What a value must be, in words: "a whole number", "one of: vi, en"."""
        choices = get_args(self.annotation) if get_origin(self.annotation) is Literal else ()
        return f"one of: {', '.join(map(str, choices))}" if choices else WORDS[self.annotation]


@dataclass(frozen=True)
class Document:
    """One page to make: a notebook, run in one language with these (checked) parameters."""

    notebook: Path
    language: str
    parameters: dict[str, Any]
    takes_report: bool = True
    takes_reports: bool = False  # a set of reports, compared on one page

    @property
    def name(self) -> str:
        """Name of the notebook and of its page."""
        return self.notebook.stem


def notebook_names() -> list[str]:
    """Names of the notebooks of the project, sorted, without .ipynb."""
    return sorted(p.stem for p in notebooks_folder().glob("*.ipynb") if not p.name.startswith("."))


def find_notebook(name_or_path: str) -> Path:
    """File of a notebook: its name (with or without .ipynb), the start of its name ("01"), or the path of a file.

    Raises ReformError with the names there are when none or more than one fits.
    """
    names = notebook_names()
    stem = name_or_path.removesuffix(".ipynb")
    fitting = [name for name in names if name == stem] or [name for name in names if stem and name.startswith(stem)]
    if len(fitting) == 1:
        return notebooks_folder() / f"{fitting[0]}.ipynb"
    path = Path(name_or_path)
    if path.suffix == ".ipynb" and path.is_file():
        return path.resolve()
    near = difflib.get_close_matches(stem, names, n=1)
    raise ReformError(
        f"more than one notebook starts with {stem}" if fitting else f"no such notebook: {name_or_path or '(empty)'}",
        expected=f"the path of an .ipynb file, or one of: {', '.join(fitting or names) or '(none yet)'}",
        fix=f"did you mean {near[0]}?" if near else "run `reformlib list`",
    )


def read_notebook(path: Path) -> dict:
    """The notebook's JSON. Plain json, as nbformat takes a second to import. Raises ReformError if it is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content["cells"], list):
            return content
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error) or type(error).__name__
    else:
        reason = "it has no list of cells"
    raise ReformError(
        f"{path.name} cannot be read as a notebook: {reason}", where=str(path), fix="open it in JupyterLab and save it"
    )


def declared_parameters(nb: dict, name: str = "the notebook") -> list[Parameter]:
    """The lines `name: type = default  # comment` of the cell tagged `parameters`, in order.

    Types are str, int, float, bool and Literal[...]. The comment stands at the end of the line or on the line
    above. Imports are allowed; anything else raises ReformError with its line.
    """
    parameters = _read(nb, name)
    _model(parameters, name)
    return parameters


def _read(nb: dict, name: str) -> list[Parameter]:
    """The parameters as they are written; whether the defaults are of their types is not asked."""
    cells = _tagged(nb, "parameters")
    if len(cells) != 1:
        raise ReformError(
            f"{name} has {len(cells)} cells tagged `parameters`",
            expected="exactly one code cell with that tag",
            fix="in JupyterLab: the gear icon, Cell Tags, add `parameters` to the cell of the settings",
        )
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
            comment = comments.get(node.end_lineno) or comments.get(-(node.lineno - 1), "")
            parameters.append(Parameter(node.target.id, annotation, ast.literal_eval(node.value), comment))
    except (SyntaxError, ValueError) as error:
        raise ReformError(
            f"the parameters cell of {name} cannot be read: {error}",
            expected="lines such as: year: int = 2020  # last year shown; types str, int, float, bool, Literal[...]",
        ) from None
    return parameters


def parse_values(parameters: list[Parameter], texts: dict[str, str], name: str = "the notebook") -> dict[str, Any]:
    """Turn `name=value` texts into typed values; an unknown name or a wrong type raises ReformError.

    >>> parse_values([Parameter("year", int, 2020, "")], {"year": "2019"})
    {'year': 2019}
    """
    from pydantic import ValidationError

    known = {p.name: p for p in parameters}
    _refuse_unknown(texts, known, name)
    # pydantic's lax mode reads numbers and booleans from text, but not the members of a Literal of numbers
    values = {key: _choice(known[key], text) for key, text in texts.items()}
    try:
        checked = _model(parameters, name).model_validate(values)
    except ValidationError as error:
        wrong = dict.fromkeys(item["loc"][0] for item in error.errors())
        raise ReformError(
            "; ".join(f"{name}: the parameter {key} cannot be {texts[key]!r}" for key in wrong),
            expected="; ".join(f"{key}: {known[key].expected}" for key in wrong),
        ) from None
    return {key: getattr(checked, key) for key in texts}


def plan(paths: list[Path], languages: list[str], texts: dict[str, str]) -> list[Document]:
    """The documents of a run, languages outermost. Each notebook gets the parameters that it declares.

    `texts` are the `name=value` of the command line. Raises ReformError, before anything runs, for a notebook that
    cannot be read, a parameter that none of the notebooks has, and a value of the wrong type.
    """
    for key, option in (("language", "language"), ("report", "report"), ("reports", "report")):
        if key in texts:
            raise ReformError(f"{key} is not set by -p", fix=f"use --{option} {texts[key]}")
    declared = {path: declared_parameters(read_notebook(path), path.stem) for path in paths}
    names = {p.name: p for parameters in declared.values() for p in parameters}
    _refuse_unknown(texts, names, ", ".join(path.stem for path in paths))
    documents = []
    for language in languages:
        for path, parameters in declared.items():
            own = {p.name for p in parameters}
            mine = {key: text for key, text in texts.items() if key in own} | {"language": language}
            values = parse_values(parameters, mine, path.stem)
            documents.append(Document(path, language, values, "report" in own, "reports" in own))
    return documents


def notebook_parameters(nb: dict) -> dict[str, Any]:
    """The values an executed notebook ran with: defaults of the `parameters` cell, overridden by an injected one.

    Reads the cells, not the metadata, so it holds with and without papermill. Raises ReformError for a parameters cell
    that cannot be read.
    """
    values = {p.name: p.default for p in _read(nb, "the notebook")}
    for source in _tagged(nb, "injected-parameters"):
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                try:
                    values[node.targets[0].id] = ast.literal_eval(node.value)
                except ValueError:  # papermill writes float('nan')
                    values[node.targets[0].id] = ast.unparse(node.value)
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


def _model(parameters: list[Parameter], name: str):
    from pydantic import ConfigDict, Field, ValidationError, create_model

    config = ConfigDict(extra="forbid", allow_inf_nan=False)
    fields = {p.name: (p.annotation, Field(p.default, description=p.comment)) for p in parameters}
    model = create_model("Parameters", __config__=config, **fields)
    try:
        model.model_validate({p.name: p.default for p in parameters}, strict=True)
    except ValidationError as error:
        bad = next(p for p in parameters if p.name == error.errors()[0]["loc"][0])
        raise ReformError(
            f"the parameters cell of {name}: the default of {bad.name} is {bad.default!r}", expected=bad.expected
        ) from None
    return model


def _choice(parameter: Parameter, text: str) -> Any:
    if get_origin(parameter.annotation) is Literal:
        return next((c for c in get_args(parameter.annotation) if str(c) == text), text)
    return text


def _refuse_unknown(texts: dict[str, str], known: dict[str, Parameter], name: str) -> None:
    unknown = [key for key in texts if key not in known]
    near = [match for key in unknown for match in difflib.get_close_matches(key, known, n=1)]
    if unknown:
        raise ReformError(
            f"{name}: no parameter {', '.join(unknown)}",
            expected=f"one of: {', '.join(known)}",
            fix=f"did you mean {', '.join(near)}?" if near else "run `reformlib list` for names, types and defaults",
        )


def parse_assignments(pairs: list[str]) -> dict[str, str]:
    """Split `name=value` texts of the command line. Raises ReformError for one without a name or an equals sign."""
    texts = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not re.fullmatch(r"[^\W\d]\w*", key):
            raise ReformError(f"not a parameter: {pair!r}", expected="name=value, such as -p year=2019")
        if key in texts:
            raise ReformError(f"the parameter {key} is given twice", expected="each name once")
        texts[key] = value
    return texts
