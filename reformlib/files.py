"""Files and folders written whole or not at all, in the output folder by one run at a time."""

import ctypes
import errno
import json
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from reformlib.errors import ReformError

STAGING = ".staging-"
DRAFT = ".ingest-"  # of a report folder that is being written
LONGEST = 3600  # seconds that writing one can take
LOCK = ".lock"
FAILED = ".failed"  # executed notebooks of documents that failed, for study


class Unwritable(ReformError):
    """The output folder cannot be written to; no other document would fare better."""


def unwritable(output: Path, error: OSError, what: str = "") -> Unwritable:
    """The error for a folder or a file that cannot be written."""
    return Unwritable(
        f"{what or f'cannot write to {output}'}: {error.strerror or error}",
        where=str(error.filename or output),
        fix="free the folder and the disk, or name another folder with --output",
    )


@contextmanager
def staging(parent: Path, prefix: str = STAGING, age: float | None = None, what: str = "") -> Iterator[Path]:
    """A new folder in another, to write in before moving; removed at the end. Raises Unwritable, which says `what`.

    Before that those of this `prefix` go that killed runs left behind, where they are older than `age` in seconds, as
    another process may be writing in a younger one. None removes them all: the run that has the lock is the only one.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{prefix}*"):
            with suppress(OSError):  # another process may remove it too
                if age is None or time.time() - left.lstat().st_mtime > age:
                    shutil.rmtree(left, ignore_errors=True)
        stage = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    except OSError as error:
        raise unwritable(parent, error, what) from None
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def place_folder(
    target: Path, files: Mapping[str, str], complete: Callable[[Path], object], *, replace: bool = False
) -> None:
    """Write a folder of text files in one step: beside its place first, then moved there.

    `files` gives every text by its file name. `complete` gets the draft before it is moved: it adds what is made of the
    other files, and raises where they do not hold. A folder that lies there gives way only with `replace`. Raises
    Unwritable and what `complete` raises; then nothing has changed.
    """
    what = "cannot write the report"
    try:
        with staging(target.parent, DRAFT, LONGEST, what) as stage:
            draft = stage / target.name
            draft.mkdir()
            for name, text in files.items():
                (draft / name).parent.mkdir(exist_ok=True)
                (draft / name).write_text(text, encoding="utf-8", newline="\n")
            complete(draft)
            with suppress(OSError):
                target.rmdir()  # an empty one; not every system renames onto a folder
            if not (replace and target.exists()):
                draft.rename(target)
            elif not exchanged(draft, target):
                target.rename(stage / "replaced")
                try:
                    draft.rename(target)
                except OSError:
                    (stage / "replaced").rename(target)
                    raise
    except OSError as error:
        raise unwritable(target, error, what) from None


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places, so that no moment is without either (Linux; elsewhere False, and nothing done)."""
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fs.h
    return renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


def place(content: str | bytes, target: Path, stage: Path) -> None:
    """Write one file in one step: whole after a crash or a power cut too, or as it was. Raises OSError."""
    place_all({target: content}, stage)


def place_all(files: dict[Path, str | bytes], stage: Path, *, without: Iterable[Path] = ()) -> None:
    """Write the drafts of all files, then move them into place in their order, each in one step.

    Before that the files `without` go, which an earlier run left. Raises OSError; until all drafts are written, as
    on a full disk, nothing has changed.
    """
    drafts = {}
    try:
        for target, content in files.items():
            drafts[target] = draft = stage / secrets.token_hex(8)
            with draft.open("xb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())  # or the name could reach the disk before the content
            target.parent.mkdir(parents=True, exist_ok=True)
        for target in without:
            target.unlink(missing_ok=True)
        for target, draft in drafts.items():
            draft.replace(target)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def as_json(entry: Any, depth: int = 2) -> str:
    """JSON of which equal entries, with texts for keys, give equal bytes: an item a line, `depth` levels down.

    With `indent` json writes in Python, not in C: ten times as long, for evidence as long as drawing a figure.

    >>> print(as_json({"b": [1, 2], "a": {"x": {"y": 1}}}), end="")
    {
     "a": {
      "x": {"y": 1}
     },
     "b": [
      1,
      2
     ]
    }
    """
    return _lines(entry, depth, "\n") + "\n"


def _lines(entry: Any, depth: int, start: str) -> str:
    if not depth or not entry or not isinstance(entry, dict | list):
        return json.dumps(entry, ensure_ascii=False, sort_keys=True)
    inner = f"{start} "
    if isinstance(entry, list):
        return f"[{inner}{f',{inner}'.join(_lines(item, depth - 1, inner) for item in entry)}{start}]"
    items = (f"{json.dumps(key, ensure_ascii=False)}: {_lines(entry[key], depth - 1, inner)}" for key in sorted(entry))
    return f"{{{inner}{f',{inner}'.join(items)}{start}}}"


@contextmanager
def locked(output: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the output folder; a second run waits for the first and then does what is left.

    The lock is the operating system's, on the file `.lock`: it ends with its process, however that ends, so a file
    that is left behind blocks nobody. Raises Unwritable.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        file = (output / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise unwritable(output, error) from None
    with file:
        waits = False
        while not _take(file, tell):
            if not waits:
                file.seek(0)
                tell(f"Another run is writing to {output} ({file.read(200).strip() or 'starting'}); waiting for it.")
                waits = True
            time.sleep(0.2)
        try:
            file.seek(0)
            if (left := file.read(200).strip()) and not waits:
                tell(f"An earlier run did not end by itself ({left}); going on from what it left.")
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
            file.flush()
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
                raise unwritable(output, error) from None
            raise
        finally:
            file.truncate(0)


def _take(file: Any, tell: Callable[[str], None]) -> bool:
    """Lock an open file, or False when another process holds it. On POSIX not passed on to forked processes."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            file.seek(1_000_000)  # far behind the text, which others must be able to read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        tell(f"This file system has no locks ({error.strerror}); see that no other run writes here.")
    return True
