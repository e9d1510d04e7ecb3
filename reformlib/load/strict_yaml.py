"""YAML files read in one strict way: every value is a text until the model of the file says what it is.

By YAML's own rules `00016` is 14, `no` is false and `2020-06-31` ends the reading without a field's name. Here they are
the texts that were typed; a model (pydantic) makes numbers and dates of them, and what it refuses is named with its
field and line. A key given twice is an error. Text is NFC, as that of CSV files is.
"""

import unicodedata
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from reformlib.errors import ReformError

# The same safe loader in C where PyYAML was built with it: six times as fast on the folder of a report.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
M = TypeVar("M", bound=BaseModel)
_NULL, _TEXT, _LIST, _FIELDS = (f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "seq", "map"))


class _Loader(_SAFE):
    def resolve(self, kind: type, value: str, implicit: tuple[bool, bool]) -> str:
        """What a part without a tag is: plain values are texts, but for `null` and an empty one."""
        if kind is not yaml.ScalarNode:
            return _LIST if kind is yaml.SequenceNode else _FIELDS
        return _NULL if implicit[0] and value in ("", "~", "null", "Null", "NULL") else _TEXT


class YamlFile:
    """A YAML file: its `content` (dict, list, str or None), and the line of each part of it, for errors.

    Raises ReformError, with the line where there is one, for a file that cannot be read, is not UTF-8, no YAML,
    or gives a key twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
            self._root = yaml.compose(text, _Loader)
            self.content: Any = self._plain(self._root, {}) if self._root else None
        except FileNotFoundError:
            raise ReformError(f"{path.name} is missing", where=str(path), fix="restore the file") from None
        except UnicodeDecodeError:
            raise ReformError(f"{path.name} is not UTF-8 text", where=str(path), fix="save it in UTF-8") from None
        except OSError as error:
            raise ReformError(f"{path.name} cannot be read: {error.strerror}", where=str(path)) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            problem, mark = getattr(error, "problem", error), getattr(error, "problem_mark", None)
            raise ReformError(f"{path.name} is not valid YAML: {problem}", where=f"{path}{_line(mark)}") from None

    def _plain(self, node: Any, done: dict[int, Any]) -> Any:
        """What a part of the file holds, each anchor once for all its aliases; refuses a key given twice."""
        if node.tag not in (_NULL, _TEXT, _LIST, _FIELDS):
            raise yaml.MarkedYAMLError(problem=f"a value of the kind {node.tag}", problem_mark=node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else node.value
        if id(node) not in done:
            done[id(node)] = self._items(node, done)
        return done[id(node)]

    def _items(self, node: Any, done: dict[int, Any]) -> list | dict:
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, done) for item in node.value]
        content = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key that is no text", problem_mark=key.start_mark)
            if key.value in content:
                what, where = f"{self.path.name}: {key.value} is given twice", _line(key.start_mark)
                raise ReformError(what, where=f"{self.path}{where}", expected="each field once")
            content[key.value] = self._plain(value, done)
        return content

    def mark(self, at: tuple) -> yaml.Mark | None:
        """Where a part of the content stands: keys and positions from the outside; those there are not are skipped.

        The mark of a field is that of its name. None for an empty file.
        """
        node, mark = self._root, self._root and self._root.start_mark
        for part in at:
            if isinstance(node, yaml.MappingNode):
                pairs = [(key.start_mark, value) for key, value in node.value if key.value == part]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                pairs = [(value.start_mark, value) for value in node.value[part : part + 1]]
            else:
                continue
            if pairs:
                mark, node = pairs[-1]
        return mark

    def error(self, what: str, at: tuple = (), expected: str = "", fix: str = "") -> ReformError:
        """A ReformError that names the file, and line and column of the part `at`."""
        where = f"{self.path}{_line(self.mark(at))}"
        return ReformError(f"{self.path.name}: {what}", where=where, expected=expected, fix=fix)

    def faults(self, error: ValidationError, at: tuple = (), empty: str = "") -> list[str]:
        """What pydantic finds wrong with the part `at`, each as `line 3, data_date: …`; `empty` is said of a field
        without a value."""
        lines = []
        for item in error.errors():
            mark = self.mark((*at, *item["loc"])) if at or item["type"] != "missing" else None
            reason = empty if empty and item["input"] in ("", None) else item["msg"].removeprefix("Value error, ")
            place = [f"line {mark.line + 1}" if mark else "", ".".join(map(str, item["loc"]))]
            lines.append(": ".join(filter(None, [", ".join(filter(None, place)), reason])))
        return lines

    def model(self, kind: type[M], content: Any, at: tuple = ()) -> M:
        """The part `at` of the file, which holds `content`, as a model. Raises ReformError with all that is wrong."""
        try:
            return kind.model_validate(content)
        except ValidationError as error:
            raise self.invalid(error, at) from None

    def invalid(self, error: ValidationError, at: tuple = (), empty: str = "") -> ReformError:
        """A ReformError with all that pydantic finds wrong with the part `at`, as :meth:`faults` has it."""
        return ReformError(f"{self.path.name}: {'; '.join(self.faults(error, at, empty))}", where=str(self.path))


def _line(mark: yaml.Mark | None) -> str:
    return f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
