"""The run that has nothing to do, told from times and sizes of files alone.

Thousands of reports that are up to date should cost a blink. A run that ends with everything built notes the command
and one digest over the stamps of all that it read and wrote; the same command, while that digest is the same, has
nothing to do. Imports nothing: where anything differs, the ordinary way finds out what.
"""

from __future__ import annotations

import os
import sys

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL
except ImportError:  # pragma: no cover
    from hashlib import blake2b

NOTE = ".uptodate"
RACY = 2_000_000_000  # nanoseconds: a file changed so shortly before it was read may change again unseen


def nothing_to_do(arguments: list[str]) -> str:
    """What to tell when the command `reformlib ARGUMENTS` has nothing to do, else the empty text."""
    try:
        with open(os.path.join(_output(arguments), NOTE), encoding="utf-8") as file:  # noqa: PTH118, PTH123
            digest, command, said, trees, places = file.read().split("\n\n")
    except (OSError, ValueError):
        return ""
    if command != _command(arguments) or digest != _digest(trees.split("\n"), places.split("\n"))[0]:
        return ""
    return said


def note(arguments: list[str], said: str, trees: list[str], places: list[str], began: int) -> str | None:
    """What :func:`nothing_to_do` reads: `trees` count with all files in them, of `places` only their own stamps.

    None when a file changed so late that a further change might not show, or when a path cannot be noted.
    """
    trees = [*trees, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))]  # noqa: PTH100, PTH120
    places = [*places, *filter(None, sys.path)]
    if any("\n" in path for path in (*trees, *places, *arguments)):
        return None
    digest, newest = _digest(trees, places)
    if newest > began - RACY:
        return None
    return "\n\n".join([digest, _command(arguments), said, "\n".join(trees), "\n".join(places)])


def _command(arguments: list[str]) -> str:
    where = (os.getcwd(), os.environ.get("REFORMLIB_PROJECT", ""), sys.version, sys.prefix)  # noqa: PTH109
    return repr((arguments, where))


def _output(arguments: list[str]) -> str:
    for at, argument in enumerate(arguments):
        if argument in ("-o", "--output"):
            return arguments[at + 1] if at + 1 < len(arguments) else ""
        if argument.startswith("--output="):
            return argument.removeprefix("--output=")
        if argument.startswith("-o"):
            return argument[2:]
    return "outputs"


def _digest(trees: list[str], places: list[str]) -> tuple[str, int]:
    """One digest over the stamps of files, and the newest time among those in the trees."""
    found, newest = blake2b(), 0
    waiting = list(reversed(trees))
    while waiting:
        tree = waiting.pop()
        rows, folders = [], []
        try:
            with os.scandir(tree) as entries:
                for entry in entries:
                    name = entry.name
                    if name[0] == "." or name == "__pycache__":
                        continue
                    if entry.is_dir():
                        folders.append(entry.path)
                        continue
                    status = entry.stat()
                    changed = status.st_mtime_ns
                    if changed > newest:
                        newest = changed
                    rows.append((name, status.st_size, changed, status.st_ino))
        except NotADirectoryError:
            status = os.stat(tree)  # noqa: PTH116
            newest = max(newest, status.st_mtime_ns)
            rows.append((tree, status.st_size, status.st_mtime_ns, status.st_ino))
        except OSError:
            rows.append((tree, "gone"))
        rows.sort()
        found.update(repr((tree, rows)).encode())
        waiting += sorted(folders, reverse=True)
    stamps = []
    for place in places:
        try:
            status = os.stat(place)  # noqa: PTH116
            stamps.append((status.st_mtime_ns, status.st_ino))
        except OSError:
            stamps.append(None)
    found.update(repr(stamps).encode())
    return found.hexdigest(), newest
