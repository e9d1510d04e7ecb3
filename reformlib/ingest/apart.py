"""Reading in a process of its own, with a bound on its memory and time: whatever a file does, it does it there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest.source import Source

MEMORY = 1 << 30  # bytes of address space
SECONDS = 120


def read(path: Path, locale: str = "vi") -> Source:
    """Read a file as :func:`reformlib.ingest.readers.read` does, within the bounds.

    Raises ReformError also where reading takes too much memory or time, or ends without an answer.
    """
    return Source.of(_asked("read", path, locale))


def values(path: Path) -> dict[str, list[list]]:
    """What the cells of a workbook hold, as :func:`reformlib.ingest.readers.values` does, within the bounds."""
    return _asked("values", path)


def _asked(what: str, path: Path, *arguments: str) -> dict:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reformlib.ingest.apart", what, str(path.absolute()), *arguments],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise _gave_up(path, f"takes more than {SECONDS} seconds to read") from None
    except (ValueError, UnicodeDecodeError):
        raise _gave_up(path, "could not be read: the reader ended without an answer") from None
    if "error" in answer:
        raise ReformError(**answer["error"])
    return answer


def _gave_up(path: Path, what: str) -> ReformError:
    return ReformError(
        f"{path.name} {what}", where=str(path), fix="copy the form's table alone into a new .xlsx or .docx file"
    )


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit of the parent remains
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Answer on stdout in JSON: what was read, or the error."""
    _bound()
    what, path, *arguments = sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]
    from reformlib.ingest import readers

    try:
        answer = readers.read(path, *arguments).plain() if what == "read" else readers.values(path)
    except ReformError as error:
        answer = {"error": {"what": error.what, "where": error.where, "expected": error.expected, "fix": error.fix}}
    except (MemoryError, RecursionError):
        error = _gave_up(path, "takes more memory to read than a report should")
        answer = {"error": {"what": error.what, "where": error.where, "fix": error.fix}}
    except Exception as error:  # a broken file must give a message, whatever a library says of it
        answer = {"error": {"what": f"{path.name} is damaged: {type(error).__name__}", "where": str(path)}}
        answer["error"]["fix"] = "ask for the file again, or save it anew in the program that made it"
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
