"""Reading in a process of its own, with limits on its memory and time: a hostile file harms nothing else.

The process is a command of the standard library's `subprocess`, so that it starts small, whatever its parent holds.
"""

import gc
import json
import sys
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError
from reformlib.ingest.source import Source

MEMORY = 1 << 30  # bytes of address space
SECONDS = 120


def read(path: Path, locale: str = "vi") -> Source:
    """Read a file as :func:`reformlib.ingest.readers.read` does, within the limits.

    Raises ReformError also where reading takes too much memory or time, or ends without an answer.
    """
    return Source.of(_answer("read", path, locale))


def values(path: Path) -> dict[str, list[list]]:
    """What the cells of a workbook hold, as :func:`reformlib.ingest.readers.values` does, within the limits."""
    return _answer("values", path)


def _answer(what: str, path: Path, *arguments: str) -> Any:
    import subprocess  # here: the process that reads the file runs no other

    command = [sys.executable, "-m", "reformlib.ingest.sandbox", what, str(path.absolute()), *arguments]
    try:
        answer = json.loads(subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).stdout)
    except subprocess.TimeoutExpired:
        raise _gave_up(path, f"takes more than {SECONDS} seconds to read") from None
    except ValueError:
        raise _gave_up(path, "could not be read: the reader ended without an answer") from None
    if "error" in answer:
        raise ReformError(**answer["error"])
    return answer["read"]


def _gave_up(path: Path, what: str) -> ReformError:
    fix = "copy the form's table alone into a new .xlsx or .docx file"
    return ReformError(f"{path.name} {what}", where=str(path), fix=fix)


def limit(memory: int) -> None:
    """Let this process take so many bytes of address space, and two minutes of a core."""
    try:
        import resource
    except ImportError:  # Windows: the time limit of the parent remains
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Answer on stdout in JSON: what was read, or the error."""
    what, path, *arguments = sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]
    limit(MEMORY)
    gc.set_threshold(10_000)  # as in the commands
    from reformlib.ingest import readers

    try:
        answer = {"read": readers.read(path, *arguments).plain() if what == "read" else readers.values(path)}
    except Exception as error:  # a broken file must give a message, whatever a library reports of it
        if isinstance(error, MemoryError | RecursionError):
            error = _gave_up(path, "takes more memory to read than a report should")
        elif not isinstance(error, ReformError):
            fix = "ask for the file again, or save it anew in the program that made it"
            error = ReformError(f"{path.name} is damaged: {type(error).__name__}", where=str(path), fix=fix)
        answer = {"error": {name: getattr(error, name) for name in ("what", "where", "expected", "fix")}}
    sys.stdout.buffer.write(json.dumps(answer, default=lambda value: [str(value)]).encode())
    gc.freeze()  # all goes with the process: no last look for garbage


if __name__ == "__main__":
    main()
