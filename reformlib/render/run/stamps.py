"""Stamps: size, time and inode of files. By them a run tells, without reading files, what has not changed.

Thousands of reports that are up to date should cost a moment. A run that ends with everything built notes its command
and the stamps of all that it read and wrote; the same command has nothing to do while they are the same. Nothing else
is imported, as a run with nothing to do needs nothing else.
"""

import os
import sys

from reformlib.render.engine.tree import files

NOTE = ".uptodate"
RACY = 2_000_000_000  # nanoseconds: a file changed so shortly before it was read may change again unseen


def stamps(*trees: str) -> tuple[str, int]:
    """Path, size, time and inode of all files under folders (or of files) as one text, and the newest time.

    The files are those of :func:`reformlib.render.engine.tree.files`. The time is in nanoseconds, 0 when there is none.
    """
    rows = [(path, *stamp(path)) for path in files(*trees)]
    return "\n".join(map(repr, rows)), max((row[2] for row in rows), default=0)


def stamp(path: str) -> tuple[int, int, int]:
    """Size, time and inode of a file or folder; zeros where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return 0, 0, 0
    return status.st_size, status.st_mtime_ns, status.st_ino


def nothing_to_do(arguments: list[str]) -> str:
    """The message of the command `reformlib ARGUMENTS` when it has nothing to do, else the empty text."""
    try:
        with open(os.path.join(_output(arguments), NOTE), encoding="utf-8") as file:  # noqa: PTH118, PTH123
            command, message, trees, places, noted = file.read().split("\n\n", 4)
    except (OSError, ValueError):
        return ""
    if command != _command(arguments) or noted != _state(trees.split("\n"), places.split("\n"))[0]:
        return ""
    return message


def note(arguments: list[str], message: str, trees: list[str], places: list[str], began: int) -> str | None:
    """The note that :func:`nothing_to_do` reads: `trees` count with all files in them, of `places` their own time.

    None when a file changed so late (after `began`, in nanoseconds, less RACY) that a further change might not show,
    or when a path cannot be noted.
    """
    trees = [*trees, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))]  # noqa: PTH100, PTH120
    places = [*places, *filter(None, sys.path)]
    state, newest = _state(trees, places)
    if newest > began - RACY or any("\n" in path for path in (*trees, *places, *arguments)):
        return None
    return "\n\n".join([_command(arguments), message, "\n".join(trees), "\n".join(places), state])


def _state(trees: list[str], places: list[str]) -> tuple[str, int]:
    text, newest = stamps(*trees)
    return f"{text}\n{[stamp(place)[1:] for place in places]}", newest


def _command(arguments: list[str]) -> str:
    where = (os.getcwd(), os.environ.get("REFORMLIB_PROJECT", ""), sys.version, sys.prefix)  # noqa: PTH109
    return repr((arguments, where))


def _output(arguments: list[str]) -> str:
    """The folder that the option --output or -o of a command names."""
    for at, argument in enumerate(arguments):
        if argument in ("-o", "--output"):
            return arguments[at + 1] if at + 1 < len(arguments) else ""
        if argument.startswith("--output="):
            return argument.removeprefix("--output=")
        if argument.startswith("-o"):
            return argument[2:]
    return "outputs"
